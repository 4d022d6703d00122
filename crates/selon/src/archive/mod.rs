//! The archive: evidence, what is derived from it, and what people say about it.
//!
//! Evidence (WARC records, log) is append only and can be checked without Selon. Everything under
//! `derived/` is a function of evidence, engine and packs, and may be deleted. Judgments are
//! people's words. This facade is what the command line and the desk call.

mod add;
mod derive;
mod export;
#[cfg(feature = "fetch")]
mod fetch;
mod query;
mod seal;
mod search;
mod verify;

use std::path::{Path, PathBuf};

use selon_capture::Evidence;
use selon_model::{Error, Kind, Result};
use selon_store::{Catalog, Index, Judgments};

pub(crate) use derive::connect;

pub use add::{Added, FetchTally, MissingPart, Progress, TakenContainer, Writer, key_path};
pub use export::{ExportForm, HandedOut};
#[cfg(feature = "fetch")]
pub use fetch::{Address, Listed};
pub use query::{AnyId, Receipt, ReportHead, StoryView};
pub use seal::{Act, Erasure, OpenErasure};
pub use search::Found;
pub use verify::{Compared, Difference};

/// An archive, opened.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    evidence: Evidence,
    catalog: Catalog,
    index: Index,
    judgments: Judgments,
}

impl Archive {
    /// Opens an archive to look things up in it.
    ///
    /// # Errors
    /// `NotFound` where there is none; `Corrupt` where the log does not agree with itself.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.join("ledger").is_dir() {
            return Err(Error::new(
                Kind::NotFound,
                format!("there is no archive at {}; the first `selon add` makes one", root.display()),
            ));
        }
        Archive::with(root, Evidence::open(root)?)
    }

    fn with(root: &Path, evidence: Evidence) -> Result<Self> {
        let derived = root.join("derived");
        let failed = |error| {
            Error::because(Kind::Unavailable, format!("cannot make folder {}", derived.display()), error)
        };
        std::fs::create_dir_all(&derived).map_err(failed)?;
        Ok(Archive {
            catalog: Catalog::open(&derived.join("catalogue.sqlite"))?,
            index: Index::open(&derived.join("index"))?,
            judgments: Judgments::at(&root.join("judgments.jsonl")),
            root: root.to_owned(),
            evidence,
        })
    }

    /// Leaves of the log that are not read yet: not 0 after an interrupted `add`.
    pub fn not_yet_derived(&self) -> Result<u64> {
        let read = self.catalog.watermark("read")?.min(self.index.next_leaf()?);
        Ok(self.evidence.ledger()?.size().saturating_sub(read.0))
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What people say.
    pub fn judgments(&self) -> &Judgments {
        &self.judgments
    }
}
