//! A proof that travels: one text file that shows a leaf in a signed log (C2SP tlog-proof).
//!
//! With the manifest line and the log's public key it can be checked without the archive: the
//! salt and the manifest give the entry, the entry and the hashes give the root, the root stands
//! in the signed checkpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use selon_model::{Digest, LeafIndex};

use crate::merkle::is_included;
use crate::note::{Checkpoint, NoteFault, VerifyingKey};
use crate::tile::leaf_hash;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Proof that a leaf is in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    /// The salt, which with the manifest gives the entry. Not authenticated by itself.
    pub salt: [u8; 32],
    /// The leaf.
    pub leaf: LeafIndex,
    /// The path from leaf to root, sibling first.
    pub hashes: Vec<Digest>,
    /// The signed checkpoint, as stored.
    pub checkpoint: String,
}

impl LogProof {
    /// The proof as a text file.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nextra {}\nindex {}\n", STANDARD.encode(self.salt), self.leaf.0);
        for hash in &self.hashes {
            text.push_str(&STANDARD.encode(hash.as_bytes()));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a proof; `None` unless it is one.
    pub fn parse(text: &str) -> Option<LogProof> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let salt = STANDARD.decode(lines.next()?.strip_prefix("extra ")?).ok()?.try_into().ok()?;
        let digits = lines.next()?.strip_prefix("index ")?;
        let leaf: u64 = digits.parse().ok()?;
        if leaf.to_string() != digits {
            return None;
        }
        let hashes: Option<Vec<Digest>> = lines
            .take(65)
            .map(|line| Some(Digest::from_bytes(STANDARD.decode(line).ok()?.try_into().ok()?)))
            .collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= 64)?;
        Some(LogProof { salt, leaf: LeafIndex(leaf), hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `manifest` is the leaf and that the signed log holds it; gives the checkpoint.
    ///
    /// # Errors
    /// What is wrong with the checkpoint, or [`NoteFault::Unsigned`] where the leaf is not under
    /// the signed root.
    pub fn check(&self, manifest: &[u8], key: &VerifyingKey) -> Result<Checkpoint, NoteFault> {
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), key)?;
        let entry = entry_of(&self.salt, manifest);
        let leaf = leaf_hash(entry.as_bytes());
        if is_included(self.leaf.0, checkpoint.size, &leaf, &self.hashes, &checkpoint.root) {
            Ok(checkpoint)
        } else {
            Err(NoteFault::Unsigned)
        }
    }
}

/// A log entry: SHA-256 of salt and manifest, so that the log reveals nothing.
pub fn entry_of(salt: &[u8; 32], manifest: &[u8]) -> Digest {
    use sha2::{Digest as _, Sha256};
    let mut hasher = Sha256::new_with_prefix(salt);
    hasher.update(manifest);
    Digest::from_bytes(hasher.finalize().into())
}
