//! Files of records and containers: every byte belongs to what was logged and agrees with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use selon_model::Capture;

use super::{Check, Expected};
use crate::check::{Checked, RecordCheck, Verdict, Wants};
use crate::code::{Code, Weight};
use crate::durable::{files_below, open_file};
use crate::error::{Kind, Result, io_error};
use crate::evidence::{Evidence, InOrder, hash_range, split_file};
use crate::manifest::StoredRecord;
use crate::record::{RecordHeader, RecordType};
use crate::warc::{Step, WarcReader};

impl Check {
    /// WARC files written here: every byte belongs to a logged record and agrees with it.
    pub(super) fn record_files(&mut self) -> Result<()> {
        let newest = self.records.keys().filter(|name| name.starts_with("warc/")).max().cloned();
        let mut present: BTreeSet<String> =
            files_below(&self.folder.join("warc"))?.into_iter().map(|file| format!("warc/{file}")).collect();
        present.extend(self.records.keys().filter(|name| name.starts_with("warc/")).cloned());
        for name in present {
            let mut expected = self.records.remove(&name).unwrap_or_default();
            expected.sort_by_key(|expected| expected.record.offset);
            self.settle(&name, &mut expected)?;
            let is_tail = self.committed && newest.as_ref().is_none_or(|newest| name >= *newest);
            if expected.is_empty() {
                let code = if is_tail { Code::UncommittedTail } else { Code::Unlogged };
                self.find(code, &name, Some(0), "whole file".to_owned(), "");
                continue;
            }
            self.report.files += 1;
            self.record_file(&name, &expected, is_tail)?;
        }
        Ok(())
    }

    /// Where an erasure is under way, a manifest and an order that names its leaf speak of the same
    /// place: what stands there is one or the other. Nothing else may take a record's place: then
    /// both are expected, and at least one is missed.
    pub(super) fn settle(&self, name: &str, expected: &mut Vec<Expected>) -> Result<()> {
        if expected.windows(2).all(|pair| pair[0].record.offset != pair[1].record.offset) {
            return Ok(());
        }
        let path = self.folder.join(name);
        let mut file = match open_file(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(|error| io_error("open", &path, error))?,
        };
        let mut settled: Vec<Expected> = Vec::with_capacity(expected.len());
        for next in std::mem::take(expected) {
            let place = next.record.offset;
            let last = settled.last().filter(|last| last.record.offset == place);
            let stub_is_last = last.is_some_and(|last| last.erases.contains(&next.leaf));
            if !stub_is_last && !last.is_some_and(|last| next.erases.contains(&last.leaf)) {
                settled.push(next);
                continue;
            }
            let stands = match &next.record.stored {
                None => false,
                Some(stored) => {
                    hash_range(&mut file, place, stored.length)
                        .map_err(|error| io_error("read", &path, error))?
                        == Some(stored.digest)
                }
            };
            if let Some(last) = settled.last_mut().filter(|_| stands) {
                *last = next;
            }
        }
        *expected = settled;
        Ok(())
    }

    pub(super) fn record_file(&mut self, name: &str, expected: &[Expected], is_tail: bool) -> Result<()> {
        let path = self.folder.join(name);
        let mut file = match open_file(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                for Expected { leaf, record, .. } in expected {
                    self.find(
                        Code::RecordMissing,
                        name,
                        Some(record.offset),
                        describe(*leaf, record),
                        "the file is gone",
                    );
                }
                return Ok(());
            }
            Err(error) => return Err(io_error("open", &path, error)),
        };
        let length = file.metadata().map_err(|error| io_error("look at", &path, error))?.len();
        let before = self.report.findings.len();
        let mut end = 0;
        let mut before_it: Option<&StoredRecord> = None;
        for Expected { leaf, record, .. } in expected {
            let Some(stored) = &record.stored else { continue };
            if record.offset > end && !self.unsure {
                let item = format!("bytes {end} to {}", record.offset);
                self.find(Code::Unlogged, name, Some(end), item, "");
            }
            end = end.max(record.offset + stored.length);
            // One record may be named by several manifests, all saying the same of it.
            if before_it.replace(record).is_some_and(|before_it| before_it == record) {
                continue;
            }
            let digest = hash_range(&mut file, record.offset, stored.length)
                .map_err(|error| io_error("read", &path, error))?;
            match digest {
                None => {
                    self.find(
                        Code::RecordMissing,
                        name,
                        Some(record.offset),
                        describe(*leaf, record),
                        "the file is shorter",
                    );
                }
                Some(digest) if digest != stored.digest => {
                    self.find(Code::RecordDiffers, name, Some(record.offset), describe(*leaf, record), "");
                }
                Some(_) => self.report.bytes += stored.length,
            }
        }
        if length > end {
            let code = if is_tail {
                Code::UncommittedTail
            } else if self.unsure {
                Code::UnloggedFile
            } else {
                Code::Unlogged
            };
            self.find(code, name, Some(end), format!("bytes {end} to {length}"), "");
        }
        if self.report.findings[before..].iter().all(|finding| finding.weight != Weight::Failure) {
            self.blocks(name, &path, expected)?;
        }
        Ok(())
    }

    /// Stored bytes are as logged: now every block against its own digest and the manifest's.
    pub(super) fn blocks(&mut self, name: &str, path: &Path, expected: &[Expected]) -> Result<()> {
        let file = open_file(path).map_err(|error| io_error("open", path, error))?;
        let mut reader = WarcReader::new(file, self.limits.clone())?;
        let mut by_offset: BTreeMap<u64, Vec<&Expected>> = BTreeMap::new();
        for expected in expected {
            by_offset.entry(expected.record.offset).or_default().push(expected);
        }
        let mut seen = 0;
        while let Some(step) = reader.next()? {
            let Step::Record(head) = step else { continue };
            let Some(here) = by_offset.get(&head.offset) else { continue };
            let wants =
                Wants { content: true, record: here.iter().any(|it| it.capture.is_some()), index: false };
            let mut check = RecordCheck::new(&head, wants, &self.limits);
            let tail = reader.block(&mut |bytes| check.feed(bytes))?;
            let checked = check.finish(&tail);
            for Expected { leaf, record, capture, erases } in here {
                let same = checked.verdict == Verdict::Verified
                    && checked.block == Some(record.block.digest)
                    && checked.block_length == record.block.length
                    && head.header.id() == Some(record.id.as_str())
                    && head.header.record_type.as_str() == record.record_type
                    && (erases.is_empty() || head.header.record_type == RecordType::Metadata)
                    && capture.as_ref().is_none_or(|capture| is_of(&head.header, &checked, capture));
                if !same {
                    let why = match checked.verdict {
                        Verdict::Verified => "manifest and record say different things",
                        _ => checked.codes.last().map_or("it does not verify", |code| code.sentence()),
                    };
                    self.find(Code::RecordDiffers, name, Some(head.offset), describe(*leaf, record), why);
                }
            }
            seen += 1;
        }
        self.report.records += seen;
        if seen != by_offset.len() as u64 {
            let item = format!("{} of {} records", by_offset.len() as u64 - seen, by_offset.len());
            self.find(
                Code::RecordMissing,
                name,
                None,
                item,
                "they cannot be read where the log says they are",
            );
        }
        Ok(())
    }

    /// Imported files, whole.
    pub(super) fn containers(&mut self) -> Result<()> {
        for file in files_below(&self.folder.join("imported"))? {
            let name = format!("imported/{file}");
            if !self.containers.contains_key(&name) {
                self.find(Code::UnloggedFile, &name, None, "file".to_owned(), "");
            }
        }
        for (name, imports) in std::mem::take(&mut self.containers) {
            self.report.files += 1;
            let path = self.folder.join(&name);
            let mut file = match open_file(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    for (leaf, _) in imports {
                        let item = format!("container of leaf {leaf}");
                        self.find(Code::RecordMissing, &name, None, item, "the file is gone");
                    }
                    self.records.remove(&name);
                    continue;
                }
                Err(error) => return Err(io_error("open", &path, error)),
            };
            let fail = |error| io_error("read", &path, error);
            let length = file.metadata().map_err(fail)?.len();
            let digest = hash_range(&mut file, 0, length).map_err(fail)?;
            let mut expected = self.records.remove(&name).unwrap_or_default();
            // In the order of their bytes, so that a member that many share is unpacked once.
            expected.sort_by_key(|it| (it.record.offset, split_file(&it.record.file).1));
            let mut reading = Evidence::at(&self.folder).in_order();
            let changed: Vec<u64> = imports
                .iter()
                .filter(|(_, content)| digest != Some(content.digest) || length != content.length)
                .map(|(leaf, _)| *leaf)
                .collect();
            if changed.is_empty() {
                self.report.bytes += length;
            }
            // Say which records the change is in, where that can be told.
            let mut named = false;
            for Expected { leaf, record, capture, .. } in &expected {
                let why = match (&record.stored, capture) {
                    (Some(stored), _)
                        if hash_range(&mut file, record.offset, stored.length).map_err(fail)?
                            != Some(stored.digest) =>
                    {
                        Some(String::new())
                    }
                    (_, Some(capture)) if changed.is_empty() => unlike(&mut reading, capture)?,
                    _ => None,
                };
                match why {
                    Some(why) => {
                        named = true;
                        self.find(
                            Code::RecordDiffers,
                            &name,
                            Some(record.offset),
                            describe(*leaf, record),
                            &why,
                        );
                    }
                    None => self.report.records += u64::from(changed.is_empty()),
                }
            }
            let detail = if named { "" } else { "in no record that was logged apart" };
            for leaf in changed {
                self.find(Code::ImportDiffers, &name, None, format!("container of leaf {leaf}"), detail);
            }
        }
        for (name, expected) in std::mem::take(&mut self.records) {
            for Expected { leaf, record, .. } in &expected {
                let detail = "no file of that name was written or imported";
                self.find(Code::RecordMissing, &name, Some(record.offset), describe(*leaf, record), detail);
            }
        }
        Ok(())
    }
}

/// Why a record of a container is not the capture that its manifest says; `None` where it is.
fn unlike(reading: &mut InOrder, capture: &Capture) -> Result<Option<String>> {
    match reading.fetch_capture(capture) {
        Ok(fetched) if is_of(&fetched.header, &fetched.checked, capture) => Ok(None),
        Ok(_) => Ok(Some("manifest and record say different things".to_owned())),
        Err(error) if matches!(error.kind(), Kind::Corrupt | Kind::Invalid) => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Whether a record is the one that a capture's manifest tells of: by its bytes, its payload and its
/// address. The payload of a revisit is that of the record that it refers to.
fn is_of(header: &RecordHeader, checked: &Checked, capture: &Capture) -> bool {
    let target = header.target_uri().or(header.id()).unwrap_or("");
    checked.record == Some(capture.id.0)
        && target == capture.target
        && (header.record_type == RecordType::Revisit || checked.payload == Some(capture.payload))
}

fn describe(leaf: u64, record: &StoredRecord) -> String {
    format!("{} record {} of leaf {leaf}", record.record_type, record.id)
}
