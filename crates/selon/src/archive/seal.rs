//! Sealing, custody and erasing, as the command line and the desk call them.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_capture::manifest::{Body, CustodyManifest};
use selon_capture::{Affected, HowToSeal, Interval, Order, Sealing, Trust, interval};
use selon_model::{Capture, Error, Kind, LeafIndex, Result};
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
    /// What was found of it afterwards, a sentence each: nothing, unless something is wrong.
    pub traces: Vec<String>,
}

/// An order to erase that stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenErasure {
    /// The tombstone's leaf.
    pub tombstone: LeafIndex,
    /// What is still found of what it erases, a sentence each.
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

    /// Erases these leaves everywhere, makes what is derived anew without them, and looks for traces:
    /// where there are any, the order stays open, and the next run goes on.
    ///
    /// # Errors
    /// Where the archive cannot be written, or other leaves have to go with these.
    pub fn erase(
        mut self,
        affected: Affected,
        order: &Order,
        packs: &Packs,
        now: Timestamp,
    ) -> Result<Erasure> {
        let tombstone = self.evidence_mut().erase(&affected.leaves, order, now)?;
        let (_, open) = self.finish_erasures(packs, now)?;
        let left = open.into_iter().find(|open| open.tombstone == tombstone);
        Ok(Erasure { tombstone, affected, traces: left.map_or_else(Vec::new, |open| open.traces) })
    }

    /// Goes on with erasures that are open: makes what is derived anew without what they erase, once
    /// for each order, and searches for traces again. Gives those that stay open.
    ///
    /// # Errors
    /// Where the archive cannot be written.
    pub fn finish_erasures(self, packs: &Packs, now: Timestamp) -> Result<(Writer, Vec<OpenErasure>)> {
        let waiting = self.evidence.open_erasures();
        if waiting.is_empty() {
            return Ok((self, Vec::new()));
        }
        let marks: Vec<PathBuf> = waiting.iter().map(|leaf| mark(self.archive().root(), *leaf)).collect();
        let mut writer = if marks.iter().all(|mark| mark.is_file()) {
            self
        } else {
            let writer = self.without_derived(packs)?;
            for path in &marks {
                File::create(path).map_err(|error| {
                    Error::because(Kind::Unavailable, format!("cannot write {}", path.display()), error)
                })?;
            }
            writer
        };
        let mut open = Vec::new();
        for tombstone in waiting {
            let traces = writer.evidence_mut().close_erasure(tombstone, now)?;
            if traces.is_empty() {
                // What is left of a mark says nothing wrong: leaves are never used twice.
                let _ = std::fs::remove_file(mark(writer.archive().root(), tombstone));
            } else {
                open.push(OpenErasure { tombstone, traces });
            }
        }
        writer.catch_up(packs)?;
        Ok((writer, open))
    }

    /// The open order that erases a capture whose id begins so.
    ///
    /// # Errors
    /// `Corrupt` where what is kept for the order cannot be read.
    pub fn erasure_of(&self, id: &str) -> Result<Option<LeafIndex>> {
        self.evidence.erasure_of(id)
    }
}

/// A file in `derived/` that says: all of this was made after that order.
fn mark(root: &Path, tombstone: LeafIndex) -> PathBuf {
    root.join("derived").join(format!("without-{}", tombstone.0))
}
