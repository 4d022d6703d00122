//! Exporting: captures handed out in a form that others check without Selon.
//!
//! That they were handed out is logged before the command ends: the log names the export by the
//! digest that seals it, and the proof of that lies beside the file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_capture::Exported;
use selon_capture::manifest::ExportManifest;
use selon_model::{Error, Kind, LeafIndex, Result};
use selon_read::Packs;

use super::add::Writer;
use super::{AnyId, Archive};

/// Forms of an export.
#[derive(Clone, Debug)]
pub enum ExportForm {
    /// A WACZ package.
    Wacz {
        /// Its title.
        title: String,
    },
    /// A folder that is checked without Selon.
    Kit,
}

impl ExportForm {
    fn as_str(&self) -> &'static str {
        match self {
            ExportForm::Wacz { .. } => "wacz",
            ExportForm::Kit => "kit",
        }
    }
}

/// What was handed out, and the leaf that says so.
#[derive(Debug)]
pub struct HandedOut {
    /// What is in it.
    pub exported: Exported,
    /// The leaf of its manifest.
    pub leaf: LeafIndex,
}

impl Archive {
    /// Leaves of the captures that ids name: of a capture, a report, or all reports of a story.
    ///
    /// # Errors
    /// `NotFound` or `Invalid` where an id names nothing, or several things.
    pub fn leaves_of(&self, ids: &[String]) -> Result<BTreeSet<LeafIndex>> {
        let absent = |id: &str| Error::new(Kind::NotFound, format!("there is no capture of {id}"));
        let mut leaves = BTreeSet::new();
        for id in ids {
            match self.resolve(id)? {
                AnyId::Capture(capture) => {
                    leaves.insert(self.capture(&capture)?.ok_or_else(|| absent(id))?.0.leaf);
                }
                AnyId::Report(report) => {
                    leaves.insert(self.report(&report)?.ok_or_else(|| absent(id))?.1.leaf);
                }
                AnyId::Story(story) => {
                    let story = self.story(&story)?.ok_or_else(|| absent(id))?;
                    for member in &story.story.members {
                        leaves.insert(self.report(&member.report)?.ok_or_else(|| absent(id))?.1.leaf);
                    }
                }
            }
        }
        Ok(leaves)
    }
}

impl Writer {
    /// Writes captures (of these leaves, or all) in a form and logs that they were handed out.
    /// Beside the export lie the manifest that says so and its proof.
    ///
    /// # Errors
    /// As [`selon_capture::Evidence::export_wacz`], and where the log cannot be written.
    pub fn export(
        &mut self,
        form: &ExportForm,
        wanted: Option<&BTreeSet<LeafIndex>>,
        out: &Path,
        packs: &Packs,
        now: Timestamp,
    ) -> Result<HandedOut> {
        let exported = match form {
            ExportForm::Wacz { title } => self.evidence().export_wacz(wanted, out, title, now)?,
            ExportForm::Kit => self.evidence().export_kit(wanted, out, now)?,
        };
        let leaf = self.evidence_mut().log_export(ExportManifest {
            form: form.as_str().to_owned(),
            sealed: exported.digest,
            at: now,
            leaves: exported.leaves.clone(),
            withheld: exported.withheld.clone(),
        })?;
        match form {
            ExportForm::Wacz { .. } => self.write_beside(out, leaf)?,
            ExportForm::Kit => self.evidence().seal_kit(out, leaf)?,
        }
        self.catch_up(packs)?;
        Ok(HandedOut { exported, leaf })
    }

    fn write_beside(&self, out: &Path, leaf: LeafIndex) -> Result<()> {
        let manifest = self.evidence().manifest(leaf)?.json;
        let proof = self.evidence().prove(leaf)?.text();
        for (ending, text) in [("manifest.json", manifest), ("tlog-proof", proof)] {
            let mut name = out.as_os_str().to_owned();
            name.push(".");
            name.push(ending);
            let path = PathBuf::from(name);
            std::fs::write(&path, text).map_err(|error| {
                Error::because(Kind::Unavailable, format!("cannot write {}", path.display()), error)
            })?;
        }
        Ok(())
    }
}
