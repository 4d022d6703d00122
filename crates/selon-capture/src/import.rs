//! Taking in a WARC, ARC or WACZ file that someone hands over: kept whole, byte for byte.
//!
//! The container gets one leaf, with how its own digests stood on the day; each readable response,
//! resource, revisit and conversion in it gets a capture leaf of class `imported`, so that it can
//! be read and cited like any other. Its inner dates stay what they are: the supplier's claims.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

use jiff::Timestamp;
use selon_model::{CaptureId, Digest, LeafIndex, Origin, Stated};
use sha2::{Digest as _, Sha256};

use crate::archive::{Content, EvidenceArchive, Stored, name_of, open};
use crate::check::{RecordCheck, Verdict, Wants};
use crate::code::Weight;
use crate::durable::sync_folder;
use crate::error::{Error, Kind, Result, io_error};
use crate::form::{FileKind, kind_of};
use crate::http::media_type;
use crate::limits::Limits;
use crate::manifest::{Body, CaptureManifest, ImportManifest, Manifest, Measured, StoredRecord};
use crate::record::RecordType;
use crate::verify::{Exit, FileReport, RecordVerdict, verify_warc};
use crate::wacz;
use crate::warc::{Step, WarcReader};
use crate::zip::{Section, ZipEntry};

/// A container that is kept.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its leaf.
    pub leaf: LeafIndex,
    /// The captures in it, but those that were kept before from another container.
    pub captures: Vec<Stored>,
    /// How its own digests stand; `None` where it was kept before.
    pub report: Option<FileReport>,
    /// What that comes to: as an exit status of `selon verify`, on the day it was received.
    pub exit: u8,
    /// The first thing in it that does not verify, in a sentence; `None` where all does, or where it
    /// was kept before.
    pub reason: Option<String>,
    /// Content records that are cited, by captures from here or from another container.
    pub cited: u64,
    /// Content records that are not, since they are damaged or cut.
    pub not_cited: u64,
    /// The same file was kept before: nothing was added.
    pub already_there: bool,
}

impl EvidenceArchive {
    /// Keeps a WARC (also WET), ARC or WACZ file whole and logs what is in it. Durable when it
    /// returns. A package that readers could read differently is kept, and nothing in it cited.
    ///
    /// # Errors
    /// `Invalid` where it is no such file; else as [`EvidenceArchive::append`].
    pub fn import_container(
        &mut self,
        content: &Content,
        stated: &Stated,
        began: Timestamp,
    ) -> Result<Imported> {
        self.refuse_if_broken()?;
        let incoming = self.folder().join("imported/incoming");
        let taken = self.take_in(content, &incoming, stated, began);
        if taken.is_err() && incoming.exists() {
            // The error that is returned matters more than one in tidying up.
            let _ = fs::remove_file(&incoming);
        }
        taken
    }

    fn take_in(
        &mut self,
        content: &Content,
        incoming: &Path,
        stated: &Stated,
        began: Timestamp,
    ) -> Result<Imported> {
        let measured = copy(content, incoming)?;
        if let Some(&(leaf, captures)) = self.known.containers.get(&measured.digest) {
            fs::remove_file(incoming).map_err(|error| io_error("remove", incoming, error))?;
            let exit = match self.evidence().manifest(leaf)?.manifest.body {
                Body::Import(import) => import.exit,
                _ => return Err(Error::new(Kind::Internal, "a container is known by another leaf")),
            };
            let captures: Vec<Stored> = (leaf.0 + 1..=leaf.0 + captures)
                .map(|leaf| {
                    Ok(Stored { capture: self.evidence().capture(LeafIndex(leaf))?, already_there: true })
                })
                .collect::<Result<_>>()?;
            let cited = captures.len() as u64;
            return Ok(Imported {
                leaf,
                captures,
                report: None,
                exit,
                reason: None,
                cited,
                not_cited: 0,
                already_there: true,
            });
        }
        let limits = Limits::default();
        let fail = |error| io_error("read", incoming, error);
        let mut received = File::open(incoming).map_err(|error| io_error("open", incoming, error))?;
        let kind = kind_of(&mut received).map_err(fail)?;
        let called = stated.name.clone().unwrap_or_else(|| name_of(content));
        let mut worst = Worst::default();
        let mut each = |record: RecordVerdict| worst.see(record);
        let (mut report, parts) = match kind {
            FileKind::Wacz => wacz_parts(&mut received, &called, &limits, &mut each)?,
            _ => (verify_warc(received, &called, &limits, &mut each)?, vec![Part::Whole]),
        };
        let reason = worst.reason(&report);
        report.findings.iter_mut().for_each(|finding| finding.file.clone_from(&called));
        let ending = match (kind, is_compressed(incoming)?) {
            (FileKind::Wacz, _) => "wacz",
            (_, true) if report.kind == FileKind::Arc => "arc.gz",
            (_, false) if report.kind == FileKind::Arc => "arc",
            (_, true) => "warc.gz",
            (_, false) => "warc",
        };
        let name = format!("imported/{}.{ending}", measured.digest.hex());
        let leaf = self.next_leaf();
        let mut seen = HashSet::new();
        let mut tally = Tally::default();
        let mut captures = Vec::new();
        for part in &parts {
            let file = File::open(incoming).map_err(|error| io_error("open", incoming, error))?;
            let of = Container { name: &name, leaf, began, stated };
            let found = match part {
                Part::Whole => self.captures_in(file, 0, &of, &mut seen, &mut tally)?,
                Part::Entry(entry) => {
                    let section = Section::new(file, entry).map_err(fail)?;
                    self.captures_in(section, entry.data_at, &of, &mut seen, &mut tally)?
                }
            };
            captures.extend(found);
        }

        let place = self.folder().join(&name);
        fs::rename(incoming, &place).map_err(|error| io_error("put in place", &place, error))?;
        sync_folder(&self.folder().join("imported"))?;
        let container = Manifest::new(Body::Import(ImportManifest {
            file: name,
            content: measured,
            stated: stated.clone(),
            began,
            records: report.records,
            exit: report.exit.code(),
            captures: captures.len() as u64,
        }));
        let exit = report.exit.code();
        let manifests: Vec<Manifest> = std::iter::once(container).chain(captures).collect();
        self.commit(&manifests)?;
        let captures = (leaf.0..)
            .zip(&manifests)
            .filter_map(|(leaf, manifest)| manifest.capture(LeafIndex(leaf)))
            .map(|capture| Stored { capture, already_there: false })
            .collect();
        Ok(Imported {
            leaf,
            captures,
            report: Some(report),
            exit,
            reason,
            cited: tally.cited,
            not_cited: tally.not_cited,
            already_there: false,
        })
    }

    /// Manifests of the readable content records of a container, or of a part of it that lies at
    /// `base`.
    fn captures_in(
        &self,
        input: impl Read + Seek,
        base: u64,
        of: &Container<'_>,
        seen: &mut HashSet<Digest>,
        tally: &mut Tally,
    ) -> Result<Vec<Manifest>> {
        let limits = Limits::default();
        let mut reader = WarcReader::new(BufReader::new(input), limits.clone())?.with_stored_digests();
        let mut manifests = Vec::new();
        while let Some(step) = reader.next()? {
            let Step::Record(head) = step else { continue };
            let content = matches!(
                head.header.record_type,
                RecordType::Response | RecordType::Resource | RecordType::Revisit | RecordType::Conversion
            );
            if !content {
                continue;
            }
            let mut check =
                RecordCheck::new(&head, Wants { content: true, record: true, index: false }, &limits);
            let tail = reader.block(&mut |bytes| check.feed(bytes))?;
            let checked = check.finish(&tail);
            if matches!(checked.verdict, Verdict::Failed | Verdict::Truncated) {
                tally.not_cited += 1;
                continue;
            }
            tally.cited += 1;
            let (Some(record), Some(payload), Some(block)) = (checked.record, checked.payload, checked.block)
            else {
                return Err(Error::new(Kind::Internal, "a digest that was asked for was not taken"));
            };
            if self.known.captures.contains(&CaptureId(record)) || !seen.insert(record) {
                continue;
            }
            let header = &head.header;
            let content_type = match &checked.http {
                Some(http) => http.get("Content-Type"),
                None => header.content_type(),
            };
            let id = header.id().unwrap_or("").to_owned();
            let stored = tail
                .stored_digest
                .zip(tail.stored_length)
                .map(|(digest, length)| Measured { digest, length });
            let name = of.name;
            let file = if stored.is_some() { name.to_owned() } else { format!("{name}#{}", head.inner) };
            manifests.push(Manifest::new(Body::Capture(Box::new(CaptureManifest {
                capture: CaptureId(record),
                class: Origin::Imported,
                target_uri: header.target_uri().unwrap_or(&id).to_owned(),
                stated: of.stated.clone(),
                records: vec![StoredRecord {
                    id,
                    record_type: header.record_type.as_str().to_owned(),
                    block: Measured { digest: block, length: checked.block_length },
                    file,
                    offset: base + head.offset,
                    stored,
                }],
                payload: Measured { digest: payload, length: checked.payload_length },
                status: checked.http.as_ref().and_then(|http| http.status),
                media_type: content_type
                    .and_then(media_type)
                    .unwrap_or_else(|| "application/octet-stream".to_owned()),
                began: of.began,
                ended: of.began,
                claimed_date: header.date(),
                container: Some(of.leaf),
                after: self.newest_sealed.clone(),
                restricted: None,
                wire: None,
                restates: None,
            }))));
        }
        Ok(manifests)
    }
}

/// Content records of a container.
#[derive(Default)]
struct Tally {
    cited: u64,
    not_cited: u64,
}

/// The first record that fails, and the first that cannot be verified, in words.
#[derive(Default)]
struct Worst {
    fails: Option<String>,
    unverifiable: Option<String>,
}

impl Worst {
    fn see(&mut self, record: RecordVerdict) {
        match record.verdict {
            Verdict::Failed | Verdict::Truncated => drop(self.fails.get_or_insert(record.sentence)),
            Verdict::Unverifiable => drop(self.unverifiable.get_or_insert(record.sentence)),
            Verdict::Verified | Verdict::VerifiedPayloadOnly => {}
        }
    }

    /// Why a file stands as it does: what is found of it as a whole comes first.
    fn reason(self, report: &FileReport) -> Option<String> {
        let (weight, record) = match report.exit {
            Exit::Verified => return None,
            Exit::Unverifiable => (Weight::Unverifiable, self.unverifiable),
            Exit::Failed => (Weight::Failure, self.fails),
        };
        let found = report.findings.iter().find(|finding| finding.weight == weight);
        found.map(|finding| finding.sentence.clone()).or(record)
    }
}

/// The container that a capture lies in.
struct Container<'c> {
    /// File in the archive.
    name: &'c str,
    leaf: LeafIndex,
    began: Timestamp,
    stated: &'c Stated,
}

/// Where records lie in a container.
enum Part {
    /// It is a file of records itself.
    Whole,
    /// In an entry.
    Entry(ZipEntry),
}

/// How a package stands, and the parts whose records can be cited.
fn wacz_parts(
    input: &mut File,
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(RecordVerdict),
) -> Result<(FileReport, Vec<Part>)> {
    if !wacz::is_package(input, limits)? {
        return Err(Error::new(Kind::Invalid, format!("{name} is a ZIP container and no WACZ package")));
    }
    let (report, entries) = wacz::verify(input, name, limits, each)?;
    Ok((report, entries.into_iter().map(Part::Entry).collect()))
}

fn is_compressed(path: &Path) -> Result<bool> {
    let mut magic = Vec::new();
    let read = File::open(path).and_then(|file| file.take(2).read_to_end(&mut magic));
    read.map_err(|error| io_error("read", path, error))?;
    Ok(magic == [0x1f, 0x8b])
}

/// Copies a content aside, durably; gives its measure.
fn copy(content: &Content, to: &Path) -> Result<Measured> {
    let fail = |error| io_error("write", to, error);
    let mut source = open(content)?;
    let mut file = File::create(to).map_err(fail)?;
    let mut hasher = Sha256::new();
    let mut length = 0;
    let mut piece = vec![0; 128 * 1024];
    loop {
        let read = match source.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(io_error("read", Path::new(&name_of(content)), error)),
        };
        hasher.update(&piece[..read]);
        file.write_all(&piece[..read]).map_err(fail)?;
        length += read as u64;
    }
    file.sync_all().map_err(fail)?;
    let digest = Digest::from_bytes(hasher.finalize().into());
    Ok(Measured { digest, length })
}
