//! Stating anew how a kept thing is to be read. The bytes stay as they are, and are kept once: a new
//! leaf names the same record, what it states holds from there on, and the old leaf stays in the log.

use jiff::Timestamp;
use selon_model::{Capture, LeafIndex, Stated};

use crate::archive::EvidenceArchive;
use crate::error::{Error, Kind, Result};
use crate::manifest::{Body, Manifest, Restates};

impl EvidenceArchive {
    /// Logs what is stated from here on of the capture of `leaf`; gives the capture as the new leaf has
    /// it. Durable when it returns.
    ///
    /// # Errors
    /// `NotFound` where the leaf is no capture; else as [`EvidenceArchive::append`].
    pub fn restate(&mut self, leaf: LeafIndex, stated: &Stated, now: Timestamp) -> Result<Capture> {
        self.refuse_if_broken()?;
        let Body::Capture(mut capture) = self.evidence().manifest(leaf)?.manifest.body else {
            return Err(Error::new(Kind::NotFound, format!("leaf {} is not a capture", leaf.0)));
        };
        // The warcinfo of a new file belongs to the leaf that began it.
        capture.records.truncate(1);
        capture.stated = stated.clone();
        capture.restricted = None;
        capture.restates = Some(Restates { leaf, at: now });
        let manifest = Manifest::new(Body::Capture(capture));
        let leaf = self.commit(std::slice::from_ref(&manifest))?;
        manifest
            .capture(leaf)
            .ok_or_else(|| Error::new(Kind::Internal, "a capture without a record was logged"))
    }
}
