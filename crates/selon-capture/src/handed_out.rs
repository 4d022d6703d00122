//! What Selon puts beside captures that it hands out, held against them: manifests, their proofs,
//! the signed checkpoint and the log's key.
//!
//! The key lies beside what it is to prove, so it is told and never trusted: a reader holds it
//! against one from elsewhere.

use selon_model::{Digest, LeafIndex};

use crate::code::Code;
use crate::manifest::{Body, Manifest, StoredRecord};
use crate::note::{Checkpoint, Note, VerifyingKey};
use crate::proof::LogProof;

/// The key and the checkpoint that proofs are held against.
pub(crate) struct Signed {
    key: VerifyingKey,
    note: String,
    checkpoint: Checkpoint,
}

impl Signed {
    /// Opens a checkpoint with the key that lies beside it.
    ///
    /// # Errors
    /// The code and what is wrong: no key, or a checkpoint that this key did not sign.
    pub(crate) fn open(vkey: &[u8], checkpoint: &[u8]) -> Result<Signed, (Code, String)> {
        let key: Option<VerifyingKey> =
            std::str::from_utf8(vkey).ok().and_then(|key| key.trim_end().parse().ok());
        let Some(key) = key else {
            return Err((Code::KeyUnknown, "vkey is no key of a log".to_owned()));
        };
        let bad = |what: String| (Code::CheckpointBad, what);
        let opened = Checkpoint::open(checkpoint, &key).map_err(|fault| bad(fault.to_string()))?;
        let note = String::from_utf8(checkpoint.to_vec()).map_err(|fault| bad(fault.to_string()))?;
        Ok(Signed { key, note, checkpoint: opened })
    }

    /// The key, in words that a reader compares.
    pub(crate) fn key(&self) -> String {
        format!("{}, {} entries", self.key, self.checkpoint.size)
    }

    /// The text that is signed, as openssl takes it.
    pub(crate) fn text(&self) -> Vec<u8> {
        self.checkpoint.text().into_bytes()
    }

    /// The signature, as openssl takes it.
    pub(crate) fn signature(&self) -> Vec<u8> {
        let note = Note::parse(self.note.as_bytes()).ok();
        note.and_then(|note| note.signature_of(&self.key))
            .map(|signature| signature.to_vec())
            .unwrap_or_default()
    }

    /// Holds a manifest against its proof and this checkpoint; `None` where it is not that leaf.
    pub(crate) fn leaf(&self, leaf: Option<LeafIndex>, manifest: &[u8], proof: &[u8]) -> Option<Manifest> {
        let proof = LogProof::parse(std::str::from_utf8(proof).ok()?)?;
        let is_that = leaf.is_none_or(|leaf| leaf == proof.leaf) && proof.checkpoint == self.note;
        (is_that && proof.check(manifest, &self.key).is_ok())
            .then(|| serde_json::from_slice(manifest).ok())?
    }
}

/// The stored records that a capture's manifest names, of which a request may stay behind.
pub(crate) fn records_of(manifest: &Manifest) -> impl Iterator<Item = (&StoredRecord, u64, Digest)> {
    let records = match &manifest.body {
        Body::Capture(capture) => capture.records.as_slice(),
        _ => &[],
    };
    records
        .iter()
        .filter_map(|record| record.stored.as_ref().map(|stored| (record, stored.length, stored.digest)))
}
