//! Sealing, custody and erasing, as the command line and the desk call them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;
use selon_capture::manifest::{Body, CustodyManifest};
use selon_capture::{
    Affected, HowToSeal, Interval, Limits, Order, Sealing, Step, Trust, WarcReader, interval,
};
use selon_model::{Capture, Digest, Error, Kind, LeafIndex, Result};
use selon_read::Packs;

use super::Archive;
use super::add::Writer;

/// Something that was done with a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its leaf.
    pub leaf: LeafIndex,
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// What.
    pub what: String,
    /// More, in words.
    pub note: Option<String>,
}

/// What an erasure did.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// The tombstone's leaf.
    pub tombstone: LeafIndex,
    /// What went.
    pub affected: Affected,
    /// Files of the archive in which traces were found afterwards: none, unless something is wrong.
    pub traces: Vec<String>,
}

impl Archive {
    /// Between which times a capture was received, as far as timestamps show it; `None` where the
    /// archive trusts no authority.
    ///
    /// # Errors
    /// Where evidence does not verify.
    pub fn interval(&self, capture: &Capture) -> Result<Option<Interval>> {
        let Some(trust) = Trust::of_archive(&self.root)? else { return Ok(None) };
        let Body::Capture(manifest) = self.evidence.manifest(capture.leaf)?.manifest.body else {
            return Ok(None);
        };
        let stamped = self.evidence.stamped(&trust)?;
        Ok(Some(interval(capture.leaf, manifest.after.as_ref(), &stamped, &trust)))
    }

    /// What was done with a capture since it was received, in the order of the log.
    ///
    /// # Errors
    /// Where evidence does not verify.
    pub fn custody(&self, capture: &Capture) -> Result<Vec<Act>> {
        let logged = self.evidence.custody_of(capture.leaf)?;
        let acts = logged.into_iter().filter_map(|logged| {
            let (at, what, note) = match logged.manifest.body {
                Body::Custody(custody) => (custody.at, custody.what, custody.note),
                Body::Export(export) => (export.at, format!("exported as {}", export.form), None),
                _ => return None,
            };
            Some(Act { leaf: logged.leaf, at, what, note })
        });
        Ok(acts.collect())
    }

    /// What is kept apart of whoever collected a capture or had it in hand: leaf and JSON.
    ///
    /// # Errors
    /// `Corrupt` where it is not what was logged.
    pub fn restricted(&self, capture: &Capture) -> Result<Vec<(LeafIndex, String)>> {
        let mut leaves = vec![capture.leaf];
        leaves.extend(self.custody(capture)?.iter().map(|act| act.leaf));
        let mut found = Vec::new();
        for leaf in leaves {
            found.extend(self.evidence.restricted_of(leaf)?.map(|json| (leaf, json)));
        }
        Ok(found)
    }
}

impl Writer {
    /// Has the newest checkpoint stamped by outside authorities.
    ///
    /// # Errors
    /// Where the archive cannot be written.
    pub fn seal(&mut self, trust: &Trust, how: &HowToSeal<'_>, packs: &Packs) -> Result<Sealing> {
        let sealing = self.evidence_mut().seal(trust, how)?;
        self.catch_up(packs)?;
        Ok(sealing)
    }

    /// Says who collects what is added from here on: kept apart, in no export.
    ///
    /// # Errors
    /// As [`selon_capture::EvidenceArchive::set_collector`].
    pub fn set_collector(&mut self, collector: Option<&serde_json::Value>) -> Result<()> {
        self.evidence_mut().set_collector(collector)
    }

    /// Logs that something was done with captures; who did it is kept apart.
    ///
    /// # Errors
    /// Where the archive cannot be written.
    pub fn log_custody(
        &mut self,
        leaves: &BTreeSet<LeafIndex>,
        what: &str,
        note: Option<&str>,
        by: Option<&serde_json::Value>,
        packs: &Packs,
        now: Timestamp,
    ) -> Result<LeafIndex> {
        let custody = CustodyManifest {
            at: now,
            what: what.to_owned(),
            leaves: leaves.iter().copied().collect(),
            note: note.map(str::to_owned),
            restricted: None,
        };
        let leaf = self.evidence_mut().log_custody_by(custody, by)?;
        self.catch_up(packs)?;
        Ok(leaf)
    }

    /// What erasing these captures takes with it.
    ///
    /// # Errors
    /// `NotFound` where one is no capture.
    pub fn affected(&mut self, leaves: &BTreeSet<LeafIndex>) -> Result<Affected> {
        self.evidence_mut().affected(leaves)
    }

    /// Erases these leaves everywhere, makes what is derived anew without them, and looks for traces.
    ///
    /// # Errors
    /// `Corrupt` where traces are left: then the order stays open, and the next run goes on.
    pub fn erase(
        mut self,
        affected: Affected,
        order: &Order,
        packs: &Packs,
        now: Timestamp,
    ) -> Result<Erasure> {
        let traces = Traces::of(&self, &affected.leaves)?;
        let tombstone = self.evidence_mut().erase(&affected.leaves, order, now)?;
        let mut writer = self.without_derived(packs)?;
        let left = traces.find(writer.archive().root())?;
        if left.is_empty() {
            writer.evidence_mut().close_erasure(tombstone, now)?;
            writer.catch_up(packs)?;
        }
        Ok(Erasure { tombstone, affected, traces: left })
    }

    /// Goes on with erasures that a crash broke off.
    ///
    /// # Errors
    /// Where the archive cannot be written.
    pub fn finish_erasures(mut self, packs: &Packs, now: Timestamp) -> Result<Writer> {
        let waiting = self.evidence_mut().unfinished_erasures();
        if waiting.is_empty() {
            return Ok(self);
        }
        let mut writer = self.without_derived(packs)?;
        for tombstone in waiting {
            writer.evidence_mut().close_erasure(tombstone, now)?;
        }
        writer.catch_up(packs)?;
        Ok(writer)
    }
}

/// By what erased content is known again: its ids, and the digests of its payloads.
struct Traces {
    payloads: BTreeSet<Digest>,
    words: Vec<String>,
}

impl Traces {
    fn of(writer: &Writer, leaves: &BTreeSet<LeafIndex>) -> Result<Traces> {
        let mut traces = Traces { payloads: BTreeSet::new(), words: Vec::new() };
        for leaf in leaves {
            if let Some(capture) = writer.evidence().manifest(*leaf)?.manifest.capture(*leaf) {
                traces.payloads.insert(capture.payload);
                traces.words.push(capture.id.0.hex());
            }
        }
        Ok(traces)
    }

    /// Files below the archive that still hold any of it.
    fn find(&self, root: &Path) -> Result<Vec<String>> {
        let mut found = BTreeMap::new();
        for part in ["warc", "imported", "damage", "manifests", "restricted", "derived"] {
            let mut folders = vec![root.join(part)];
            while let Some(folder) = folders.pop() {
                let Ok(entries) = std::fs::read_dir(&folder) else { continue };
                for path in entries.flatten().map(|entry| entry.path()) {
                    if path.is_dir() {
                        folders.push(path);
                    } else if self.is_in(&path)? {
                        found.insert(path.display().to_string(), ());
                    }
                }
            }
        }
        Ok(found.into_keys().collect())
    }

    fn is_in(&self, path: &Path) -> Result<bool> {
        let fail =
            |error| Error::because(Kind::Unavailable, format!("cannot read {}", path.display()), error);
        let mut file = File::open(path).map_err(fail)?;
        let name = path.to_string_lossy();
        if name.contains(".warc") || name.contains(".arc") {
            let limits = Limits::default();
            let Ok(mut reader) = WarcReader::new(file, limits.clone()) else { return Ok(false) };
            while let Some(step) = reader.next()? {
                if let Step::Record(head) = step
                    && self.payloads.contains(&reader.payload(&head, &limits)?.digest)
                {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        // Small windows that overlap, so that a word across two of them is seen.
        let longest = self.words.iter().map(String::len).max().unwrap_or(0);
        let mut window: Vec<u8> = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut piece).map_err(fail)?;
            if read == 0 {
                return Ok(false);
            }
            window.extend_from_slice(&piece[..read]);
            let holds = |word: &String| window.windows(word.len()).any(|part| part == word.as_bytes());
            if self.words.iter().any(holds) {
                return Ok(true);
            }
            let keep = window.len().saturating_sub(longest);
            window.drain(..keep);
        }
    }
}
