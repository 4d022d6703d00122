//! By what erased content is known again, for as long as its order is open.
//!
//! An order is closed only after every file was searched for what it erases. The search needs the
//! digests and ids that the erasure itself takes away, so they are kept in `erasing/<leaf>`, written
//! before anything is removed and removed when the order is closed. They are in no export.
//!
//! That another manifest names the id of an erased capture (`via`, `redirect_of`) is no trace: the
//! id is a digest over a record with a random name in it, from which nothing can be guessed, and it
//! leads to a manifest that is gone.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use selon_model::{CaptureId, Digest, LeafIndex};
use serde::{Deserialize, Serialize};

use crate::check::{RecordCheck, Wants};
use crate::durable::{create_folder, files_below, sync_folder, write_files};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{Evidence, hash_range};
use crate::limits::Limits;
use crate::manifest::{Body, CaptureManifest, TombstoneManifest};
use crate::restricted;
use crate::wacz;
use crate::warc::{Step, WarcReader};
use crate::zip::Section;

/// Folder of the archive for what an open order needs.
pub(crate) const FOLDER: &str = "erasing";

/// By what erased content is known again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Traces {
    /// Payloads, but the empty one.
    payloads: BTreeSet<Digest>,
    captures: BTreeSet<CaptureId>,
}

impl Traces {
    pub(crate) fn add(&mut self, capture: &CaptureManifest) {
        if capture.payload.length > 0 {
            self.payloads.insert(capture.payload.digest);
        }
        self.captures.insert(capture.capture);
    }

    /// Whether it holds a capture whose id begins so.
    pub(crate) fn holds(&self, id: &str) -> bool {
        let id = id.trim_start_matches("sha256:");
        !id.is_empty() && self.captures.iter().any(|capture| capture.0.hex().starts_with(id))
    }

    /// What is kept for an order; `None` where nothing is.
    pub(crate) fn kept(archive: &Path, tombstone: LeafIndex) -> Result<Option<Traces>> {
        let path = path_of(archive, tombstone);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|error| io_error("read", &path, error))?,
        };
        let read = serde_json::from_slice(&bytes);
        read.map(Some)
            .map_err(|error| Error::because(Kind::Corrupt, format!("cannot use {}", path.display()), error))
    }

    /// Keeps it for an order, durably.
    pub(crate) fn keep(&self, archive: &Path, tombstone: LeafIndex) -> Result<()> {
        let bytes = serde_json::to_vec(self)
            .map_err(|error| Error::because(Kind::Internal, "cannot write what is erased", error))?;
        create_folder(&archive.join(FOLDER))?;
        write_files(&archive.join("ledger"), &[(path_of(archive, tombstone), bytes)])
    }

    /// Everything in the archive that still holds any of what an order erases, a sentence each.
    pub(crate) fn find(
        &self,
        archive: &Path,
        tombstone: LeafIndex,
        order: &TombstoneManifest,
    ) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let evidence = Evidence::at(archive);
        let leaves: BTreeSet<LeafIndex> = order.leaves.iter().copied().collect();
        for logged in evidence.manifests()? {
            let logged = logged?;
            if leaves.contains(&logged.leaf) && logged.manifest.body != Body::Erased(tombstone) {
                found.push(format!("the manifest of leaf {} is still there", logged.leaf.0));
            }
        }
        for line in restricted::read_all(archive)? {
            if leaves.contains(&line.leaf) {
                found.push(format!("restricted/ still holds a line of leaf {}", line.leaf.0));
            }
        }
        for stub in &order.stubs {
            let path = evidence.path_of(&stub.file)?;
            if !stands(&path, std::slice::from_ref(&stub))? {
                found.push(format!("{}, byte {}, was not overwritten", path.display(), stub.offset));
            }
        }
        for part in ["warc", "imported", "damage"] {
            for file in files_below(&archive.join(part))? {
                let path = archive.join(part).join(file);
                if holds_payload(&path, &self.payloads)? {
                    found.push(format!("{} still holds what was erased", path.display()));
                }
            }
        }
        for file in files_below(&archive.join("derived"))? {
            let path = archive.join("derived").join(file);
            if self.names_capture(&path)? {
                found.push(format!("{} still names what was erased", path.display()));
            }
        }
        Ok(found)
    }

    /// Whether the bytes of a file hold an id.
    fn names_capture(&self, path: &Path) -> Result<bool> {
        let words: BTreeSet<String> = self.captures.iter().map(|capture| capture.0.hex()).collect();
        let fail = |error| io_error("read", path, error);
        let mut file = File::open(path).map_err(fail)?;
        // Windows that overlap, so that a word across two of them is seen.
        let mut window: Vec<u8> = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut piece).map_err(fail)?;
            if read == 0 {
                return Ok(false);
            }
            window.extend_from_slice(&piece[..read]);
            let hex = |part: &[u8]| std::str::from_utf8(part).is_ok_and(|part| words.contains(part));
            if window.windows(64).any(|part| part[0].is_ascii_hexdigit() && hex(part)) {
                return Ok(true);
            }
            window.drain(..window.len().saturating_sub(63));
        }
    }
}

/// File that keeps what an order needs.
fn path_of(archive: &Path, tombstone: LeafIndex) -> PathBuf {
    archive.join(FOLDER).join(tombstone.0.to_string())
}

/// Removes what orders needed that are closed, and files that a crash left half written.
pub(crate) fn clear(archive: &Path, open: &BTreeSet<LeafIndex>) -> Result<()> {
    let folder = archive.join(FOLDER);
    for file in files_below(&folder)? {
        let needed = file.parse().is_ok_and(|leaf| open.contains(&LeafIndex(leaf)));
        if !needed {
            let path = folder.join(file);
            fs::remove_file(&path).map_err(|error| io_error("remove", &path, error))?;
        }
    }
    if folder.is_dir() { sync_folder(&folder) } else { Ok(()) }
}

/// Whether records stand in a file where and as they are said to.
pub(crate) fn stands(path: &Path, records: &[&crate::manifest::StoredRecord]) -> Result<bool> {
    let fail = |error| io_error("read", path, error);
    let mut file = File::open(path).map_err(fail)?;
    for record in records {
        let Some(stored) = &record.stored else { return Ok(false) };
        if hash_range(&mut file, record.offset, stored.length).map_err(fail)? != Some(stored.digest) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a file of records, or a package of such, holds one of these payloads, in whatever state
/// the record is.
pub(crate) fn holds_payload(path: &Path, payloads: &BTreeSet<Digest>) -> Result<bool> {
    let limits = Limits::default();
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        other => other.map_err(|error| io_error("open", path, error))?,
    };
    if payloads.is_empty() {
        return Ok(false);
    }
    if path.extension().is_none_or(|ending| ending != "wacz") {
        return is_in_records(file, payloads, &limits);
    }
    let (_, entries) = wacz::verify(&mut file, "", &limits, &mut |_| ())?;
    for entry in &entries {
        let again = File::open(path).map_err(|error| io_error("open", path, error))?;
        let section = Section::new(again, entry).map_err(|error| io_error("read", path, error))?;
        if is_in_records(section, payloads, &limits)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_in_records(input: impl Read + Seek, payloads: &BTreeSet<Digest>, limits: &Limits) -> Result<bool> {
    let mut reader = WarcReader::new(BufReader::new(input), limits.clone())?;
    while let Some(step) = reader.next()? {
        let Step::Record(head) = step else { continue };
        let mut check = RecordCheck::new(&head, Wants { content: true, record: false, index: false }, limits);
        let tail = reader.block(&mut |bytes| check.feed(bytes))?;
        if check.finish(&tail).payload.is_some_and(|payload| payloads.contains(&payload)) {
            return Ok(true);
        }
    }
    Ok(false)
}
