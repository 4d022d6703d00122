//! Erasing: content goes, its place in the log stays (docs/formats/manifest.md, "Erasure").
//!
//! First the order is logged: who, when, why, which leaves. Then the stored records are overwritten
//! by records of the same length that name the order, containers are removed, and the manifest
//! lines, with their salts, are replaced. A crash in between is no half erasure: opening the archive
//! goes on with every order that no custody leaf closes. An order is closed only where a search of
//! every file finds nothing more. Nothing of the log is rewritten, so every old proof, checkpoint and
//! timestamp still verifies; with salt and manifest gone, an entry says nothing any more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use selon_model::{CaptureId, Digest, LeafIndex};

use crate::archive::EvidenceArchive;
use crate::durable::{create_folder, files_below, sync_folder, write_files};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::LoggedManifest;
use crate::manifest::{
    Body, CaptureManifest, CustodyManifest, Manifest, Measured, StoredRecord, TombstoneManifest,
};
use crate::recover;
use crate::restricted;
use crate::tile::{WIDTH, numbered};
use crate::traces::{self, Traces};
use crate::write::{header, record_id, warc_date};
use flate2::Crc;

/// Who orders an erasure, and why.
#[derive(Clone, Debug)]
pub struct Order {
    /// Who, as it is to be read in the log for good.
    pub by: String,
    /// Why.
    pub why: String,
    /// On which legal basis.
    pub basis: Option<String>,
}

/// What erasing some captures takes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Every leaf whose content goes: those asked for, those of the same payload (an empty one is
    /// nobody's), revisits with what they refer to, and all of a container that holds one of them or
    /// one of the payloads, in whatever record.
    pub leaves: BTreeSet<LeafIndex>,
    /// Containers that go as a whole, by file.
    pub containers: Vec<String>,
    /// Exports that held any of them: where copies were handed out.
    pub exports: Vec<LeafIndex>,
    /// Captures that stay, such as pictures of a page: they name one of those that go by its id, and
    /// its address stands in their metadata records.
    pub linked: Vec<CaptureId>,
}

impl EvidenceArchive {
    /// What erasing these captures takes with it.
    ///
    /// # Errors
    /// `NotFound` where one is no capture; `Corrupt` where the log does not verify.
    pub fn affected(&self, wanted: &BTreeSet<LeafIndex>) -> Result<Affected> {
        let logged: Vec<LoggedManifest> = self.evidence().manifests()?.collect::<Result<_>>()?;
        let mut leaves = wanted.clone();
        let is_content = |leaf: &LeafIndex| {
            matches!(logged.get(leaf.0 as usize).map(|one| &one.manifest.body), Some(Body::Capture(_)))
        };
        if let Some(leaf) = wanted.iter().find(|leaf| !is_content(leaf)) {
            return Err(Error::new(
                Kind::NotFound,
                format!("leaf {} is no capture that is still there", leaf.0),
            ));
        }
        loop {
            let before = leaves.len();
            let (mut payloads, mut containers) = (BTreeSet::new(), BTreeSet::new());
            let mut referred = BTreeSet::new();
            for one in logged.iter().filter(|one| leaves.contains(&one.leaf)) {
                match &one.manifest.body {
                    Body::Capture(capture) => {
                        payloads.extend(content_of(capture));
                        containers.extend(capture.container);
                        referred.extend(capture.wire.as_ref().and_then(|wire| wire.revisit_of));
                    }
                    Body::Import(_) => drop(containers.insert(one.leaf)),
                    _ => {}
                }
            }
            for one in &logged {
                let goes = match &one.manifest.body {
                    Body::Capture(capture) => {
                        content_of(capture).is_some_and(|payload| payloads.contains(&payload))
                            || capture.container.is_some_and(|container| containers.contains(&container))
                            || referred.contains(&one.leaf)
                            || capture
                                .wire
                                .as_ref()
                                .and_then(|wire| wire.revisit_of)
                                .is_some_and(|original| leaves.contains(&original))
                    }
                    Body::Import(_) => containers.contains(&one.leaf),
                    _ => false,
                };
                if goes {
                    leaves.insert(one.leaf);
                }
            }
            if leaves.len() > before {
                continue;
            }
            // A container may hold the same in a record that nothing cites, since it does not verify.
            for one in &logged {
                if let Body::Import(import) = &one.manifest.body
                    && !leaves.contains(&one.leaf)
                    && traces::holds_payload(&self.evidence().path_of(&import.file)?, &payloads)?
                {
                    leaves.insert(one.leaf);
                }
            }
            if leaves.len() == before {
                break;
            }
        }
        let mut affected = Affected { leaves, ..Affected::default() };
        let gone: BTreeSet<CaptureId> = logged
            .iter()
            .filter(|one| affected.leaves.contains(&one.leaf))
            .filter_map(|one| match &one.manifest.body {
                Body::Capture(capture) => Some(capture.capture),
                _ => None,
            })
            .collect();
        for one in &logged {
            match &one.manifest.body {
                Body::Import(import) if affected.leaves.contains(&one.leaf) => {
                    affected.containers.push(import.file.clone());
                }
                Body::Export(export) if export.leaves.iter().any(|leaf| affected.leaves.contains(leaf)) => {
                    affected.exports.push(one.leaf);
                }
                Body::Capture(capture) if !affected.leaves.contains(&one.leaf) => {
                    let names = |wire: &crate::manifest::Wire| {
                        [wire.via, wire.redirect_of].into_iter().flatten().any(|id| gone.contains(&id))
                    };
                    if capture.wire.as_ref().is_some_and(|wire| names(wire)) {
                        affected.linked.push(capture.capture);
                    }
                }
                _ => {}
            }
        }
        Ok(affected)
    }

    /// Logs the order and removes the content of these leaves from every part of the evidence. Gives
    /// the tombstone's leaf. What is derived from them is the caller's to remove, before
    /// [`EvidenceArchive::close_erasure`].
    ///
    /// # Errors
    /// `Invalid` where leaves are missing that have to go with them ([`EvidenceArchive::affected`]);
    /// `Refused` where a record cannot be overwritten in its place.
    pub fn erase(
        &mut self,
        leaves: &BTreeSet<LeafIndex>,
        order: &Order,
        now: Timestamp,
    ) -> Result<LeafIndex> {
        self.refuse_if_broken()?;
        let mut going = Vec::with_capacity(leaves.len());
        for logged in self.evidence().manifests()? {
            let logged = logged?;
            if leaves.contains(&logged.leaf) {
                going.push(logged);
            }
        }
        let is_capture = |logged: &&LoggedManifest| matches!(logged.manifest.body, Body::Capture(_));
        let captures: BTreeSet<LeafIndex> =
            going.iter().filter(is_capture).map(|logged| logged.leaf).collect();
        if captures.is_empty() || self.affected(&captures)?.leaves != *leaves {
            return Err(Error::new(
                Kind::Invalid,
                "other leaves have to be erased with these: list them first",
            ));
        }
        let tombstone = self.next_leaf();
        let (mut stubs, mut kept, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for logged in going {
            entries.push(crate::proof::entry_of(&logged.salt, logged.json.as_bytes()));
            let Body::Capture(capture) = &logged.manifest.body else { continue };
            for record in capture.records.iter().filter(|record| record.file.starts_with("warc/")) {
                match &record.stored {
                    _ if record.record_type == "warcinfo" => kept.push(record.clone()),
                    // Stated anew by a later leaf: the record is one.
                    _ if stubs.iter().any(|stub: &StoredRecord| {
                        (&stub.file, stub.offset) == (&record.file, record.offset)
                    }) => {}
                    Some(stored) => {
                        let id = record_id(self.random()?);
                        stubs.push(stub(&id, record, stored.length, tombstone, now)?.0);
                    }
                    None => {}
                }
            }
        }
        let body = TombstoneManifest {
            at: now,
            by: order.by.clone(),
            why: order.why.clone(),
            basis: order.basis.clone(),
            leaves: leaves.iter().copied().collect(),
            entries,
            stubs,
            kept,
        };
        self.commit(&[Manifest::new(Body::Tombstone(Box::new(body.clone())))])?;
        self.carry_out(tombstone, &body)?;
        Ok(tombstone)
    }

    /// Searches every file of the archive for what an order erases. Where nothing is found, it logs
    /// that the erasure is complete; else the order stays open, and what stands in its way is given, a
    /// sentence each.
    ///
    /// # Errors
    /// `NotFound` where the leaf is no order that is open; else as [`EvidenceArchive::append`].
    pub fn close_erasure(&mut self, tombstone: LeafIndex, now: Timestamp) -> Result<Vec<String>> {
        let order = self.known.tombstones.get(&tombstone).cloned().ok_or_else(|| {
            Error::new(Kind::NotFound, format!("leaf {} is no order to erase that is open", tombstone.0))
        })?;
        let Some(traces) = Traces::kept(self.folder(), tombstone)? else {
            return Ok(vec![format!(
                "{}/{} is gone: by what the erased content would be found is not known any more",
                traces::FOLDER,
                tombstone.0
            )]);
        };
        let found = traces.find(self.folder(), tombstone, &order)?;
        if found.is_empty() {
            self.log_custody(CustodyManifest {
                at: now,
                what: "erased".to_owned(),
                leaves: vec![tombstone],
                note: None,
                restricted: None,
            })?;
            traces::clear(self.folder(), &self.open_erasures())?;
        }
        Ok(found)
    }

    /// Orders that were logged and that no custody leaf closes: a crash came between, or traces are
    /// left.
    pub fn open_erasures(&self) -> BTreeSet<LeafIndex> {
        self.known.tombstones.keys().copied().collect()
    }

    /// The open order that erases a capture whose id begins so.
    ///
    /// # Errors
    /// `Corrupt` where what is kept for the order cannot be read.
    pub fn erasure_of(&self, id: &str) -> Result<Option<LeafIndex>> {
        for tombstone in self.open_erasures() {
            if Traces::kept(self.folder(), tombstone)?.is_some_and(|traces| traces.holds(id)) {
                return Ok(Some(tombstone));
            }
        }
        Ok(None)
    }

    /// Goes on with every order that is open, as far as the evidence goes.
    pub(crate) fn carry_out_open(&mut self) -> Result<()> {
        traces::clear(self.folder(), &self.open_erasures())?;
        for (leaf, order) in self.known.tombstones.clone() {
            self.carry_out(leaf, &order)?;
        }
        Ok(())
    }

    /// Removes what an order names. Doing it again changes nothing.
    fn carry_out(&mut self, tombstone: LeafIndex, order: &TombstoneManifest) -> Result<()> {
        self.broken = true;
        // Containers: their names lie in manifests that are still there, or they are gone.
        let leaves: BTreeSet<LeafIndex> = order.leaves.iter().copied().collect();
        let (mut containers, mut found, mut is_begun) = (BTreeSet::new(), Traces::default(), false);
        for logged in self.evidence().manifests()? {
            let logged = logged?;
            if !leaves.contains(&logged.leaf) {
                continue;
            }
            match logged.manifest.body {
                Body::Import(import) => drop(containers.insert(import.file)),
                Body::Capture(capture) => found.add(&capture),
                Body::Erased(_) => is_begun = true,
                _ => {}
            }
        }
        // What a run kept that was broken off is whole; what is found now need not be.
        if !is_begun {
            found.keep(self.folder(), tombstone)?;
        }
        let mut files: BTreeMap<&str, Vec<&StoredRecord>> = BTreeMap::new();
        for stub in &order.stubs {
            files.entry(&stub.file).or_default().push(stub);
        }
        for (file, stubs) in files {
            self.overwrite(file, &stubs, tombstone, order.at)?;
        }
        for file in containers {
            let path = self.evidence().path_of(&file)?;
            remove(&path)?;
            path.parent().map_or(Ok(()), sync_folder)?;
        }
        // Torn tails may hold anything that was on its way when a write broke off.
        for file in files_below(&self.folder().join("damage"))? {
            remove(&self.folder().join("damage").join(file))?;
        }
        restricted::forget(self.folder(), &leaves)?;
        self.forget_manifests(&leaves, tombstone)?;
        // Nothing that is kept from here on may refer to what is gone.
        self.known = recover::scan(self.evidence())?.known;
        self.broken = false;
        Ok(())
    }

    /// Puts stubs over records of a WARC file: a new file under the same name.
    fn overwrite(
        &mut self,
        name: &str,
        stubs: &[&StoredRecord],
        tombstone: LeafIndex,
        at: Timestamp,
    ) -> Result<()> {
        let path = self.evidence().path_of(name)?;
        if traces::stands(&path, stubs)? {
            return Ok(());
        }
        let mut by_offset: HashMap<u64, Vec<u8>> = HashMap::new();
        for stub in stubs {
            let stored =
                stub.stored.as_ref().ok_or_else(|| Error::new(Kind::Corrupt, "a stub has no length"))?;
            let (again, bytes) = self::stub(&stub.id, stub, stored.length, tombstone, at)?;
            if again.stored != stub.stored {
                return Err(Error::new(
                    Kind::Corrupt,
                    "the tombstone does not agree with what it has to write",
                ));
            }
            by_offset.insert(stub.offset, bytes);
        }
        let folder = self.folder().join(traces::FOLDER);
        create_folder(&folder)?;
        let aside = folder.join("writing");
        let write = || -> io::Result<()> {
            let mut source = BufReader::new(File::open(&path)?);
            let mut out = BufWriter::new(File::create(&aside)?);
            let mut at = 0;
            let mut offsets: Vec<u64> = by_offset.keys().copied().collect();
            offsets.sort_unstable();
            for offset in offsets {
                let bytes = &by_offset[&offset];
                io::copy(&mut source.by_ref().take(offset - at), &mut out)?;
                io::copy(&mut source.by_ref().take(bytes.len() as u64), &mut io::sink())?;
                out.write_all(bytes)?;
                at = offset + bytes.len() as u64;
            }
            io::copy(&mut source, &mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
        };
        write().map_err(|error| io_error("write", &aside, error))?;
        fs::rename(&aside, &path).map_err(|error| io_error("put in place", &path, error))?;
        path.parent().map_or(Ok(()), sync_folder)?;
        self.reopen_current(name)
    }

    /// Replaces the manifest lines of erased leaves.
    fn forget_manifests(&self, leaves: &BTreeSet<LeafIndex>, tombstone: LeafIndex) -> Result<()> {
        let mut files: BTreeMap<u64, BTreeSet<usize>> = BTreeMap::new();
        for leaf in leaves {
            files.entry(leaf.0 / WIDTH).or_default().insert((leaf.0 % WIDTH) as usize);
        }
        for (file, gone) in files {
            let path = self.folder().join("manifests").join(numbered(file));
            let bytes = fs::read(&path).map_err(|error| io_error("read", &path, error))?;
            let mut lines = Vec::with_capacity(bytes.len());
            for (at, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
                if gone.contains(&at) {
                    lines.extend_from_slice(format!("erased {}\n", tombstone.0).as_bytes());
                } else {
                    lines.extend_from_slice(line);
                }
            }
            if lines != bytes {
                write_files(&self.folder().join("ledger"), &[(path, lines)])?;
            }
        }
        Ok(())
    }
}

/// The payload by which others hold the same. That of every redirect is empty: it is no content.
fn content_of(capture: &CaptureManifest) -> Option<Digest> {
    (capture.payload.length > 0).then_some(capture.payload.digest)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path, error)),
        _ => Ok(()),
    }
}

/// A record that takes the place of another, with exactly its stored length: what follows it keeps
/// its offset.
fn stub(
    id: &str,
    record: &StoredRecord,
    length: u64,
    tombstone: LeafIndex,
    at: Timestamp,
) -> Result<(StoredRecord, Vec<u8>)> {
    let too_short = || {
        Error::new(
            Kind::Refused,
            format!(
                "the record at {} of {} is too short to be overwritten in its place",
                record.offset, record.file
            ),
        )
    };
    let length = usize::try_from(length).map_err(|_| too_short())?;
    let whole = |padding: usize| -> RecordAndBlock {
        let mut block = format!("erased: tombstone leaf {}\r\n", tombstone.0).into_bytes();
        block.resize(block.len() + padding, b' ');
        let mut record = header(&[
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", &format!("<{id}>")),
            ("WARC-Date", &warc_date(at)),
            ("WARC-Block-Digest", &Digest::of(&block).to_string()),
            ("Content-Type", "application/warc-fields"),
            ("Content-Length", &block.len().to_string()),
        ]);
        record.extend_from_slice(&block);
        record.extend_from_slice(b"\r\n\r\n");
        (record, block)
    };
    // Stored without compression it is as long as it says; a short one has to be compressed.
    let mut padding = length;
    let (mut made, mut packed);
    loop {
        made = whole(padding);
        packed = stored(&made.0);
        let over = (gzip_length(packed.len()) + 6).saturating_sub(length);
        if over == 0 {
            break;
        }
        if padding == 0 {
            (made, packed) = shortest(&whole, length).ok_or_else(too_short)?;
            break;
        }
        padding = padding.saturating_sub(over);
    }
    let bytes = member(&made.0, &packed, length - gzip_length(packed.len()));
    if bytes.len() != length {
        return Err(too_short());
    }
    let stub = StoredRecord {
        id: id.to_owned(),
        record_type: "metadata".to_owned(),
        block: Measured { digest: Digest::of(&made.1), length: made.1.len() as u64 },
        file: record.file.clone(),
        offset: record.offset,
        stored: Some(Measured { digest: Digest::of(&bytes), length: bytes.len() as u64 }),
    };
    Ok((stub, bytes))
}

/// A record, and its block alone.
type RecordAndBlock = (Vec<u8>, Vec<u8>);

/// A compressed stub that leaves either nothing or room for an extra field.
fn shortest(whole: &dyn Fn(usize) -> RecordAndBlock, length: usize) -> Option<(RecordAndBlock, Vec<u8>)> {
    (0..32).find_map(|padding| {
        let made = whole(padding);
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&made.0).ok()?;
        let packed = encoder.finish().ok()?;
        let room = length.checked_sub(gzip_length(packed.len()))?;
        (room == 0 || room >= 6).then_some((made, packed))
    })
}

/// Octets of a gzip member without extra field (RFC 1952).
fn gzip_length(packed: usize) -> usize {
    10 + packed + 8
}

/// Deflate data of stored blocks (RFC 1951, 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() + 16);
    let mut pieces = bytes.chunks(0xffff).peekable();
    while let Some(piece) = pieces.next() {
        let length = piece.len() as u16;
        packed.push(u8::from(pieces.peek().is_none()));
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(piece);
    }
    packed
}

/// A gzip member, made longer by an extra field (RFC 1952, 2.3.1.1) of `room` octets in all.
fn member(plain: &[u8], packed: &[u8], room: usize) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, if room > 0 { 4 } else { 0 }, 0, 0, 0, 0, 0, 255];
    if room > 0 {
        bytes.extend_from_slice(&((room - 2) as u16).to_le_bytes());
        bytes.extend_from_slice(b"se");
        bytes.extend_from_slice(&((room - 6) as u16).to_le_bytes());
        bytes.resize(bytes.len() + room - 6, 0);
    }
    bytes.extend_from_slice(packed);
    let mut crc = Crc::new();
    crc.update(plain);
    bytes.extend_from_slice(&crc.sum().to_le_bytes());
    bytes.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn stubs_have_the_length_of_what_they_replace() {
        let record = StoredRecord {
            id: "urn:uuid:a".into(),
            record_type: "resource".into(),
            block: Measured { digest: Digest::of(b""), length: 0 },
            file: "warc/2026/11/selon-20261122-000001.warc.gz".into(),
            offset: 7,
            stored: None,
        };
        let id = "urn:uuid:0123abcd-4567-489a-bcde-f0123456789a";
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        let lengths = (300..700).chain([1_000, 65_000, 65_535, 65_536, 66_000, 66_100, 131_100, 1 << 20]);
        let mut refused = 0;
        for length in lengths {
            let Ok((stub, bytes)) = stub(id, &record, length, LeafIndex(12), at) else {
                refused += 1;
                assert!(length < 330, "{length}");
                continue;
            };
            assert_eq!((bytes.len() as u64, stub.offset), (length, 7));
            let mut plain = Vec::new();
            let mut decoder = flate2::bufread::GzDecoder::new(bytes.as_slice());
            decoder.read_to_end(&mut plain).unwrap();
            assert!(decoder.into_inner().is_empty(), "{length}");
            assert!(plain.starts_with(b"WARC/1.1\r\n") && plain.ends_with(b"\r\n\r\n"));
            assert!(String::from_utf8(plain).unwrap().contains("erased: tombstone leaf 12\r\n"));
        }
        assert!(refused < 60, "{refused}");
    }
}
