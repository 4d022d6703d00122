//! Captures: bytes received, and where they are kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CaptureId, Digest};

/// Provenance class, set at intake and never upgraded (evidence, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Request and response bytes as they crossed our connection.
    Wire,
    /// Exchanges seen by a recording proxy in front of a browser.
    Browser,
    /// A container (WARC, export, feed file) handed over by someone.
    Imported,
    /// HTML or text without transport: copied, glued, printed, saved.
    Remnant,
}

impl Origin {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Wire => "wire",
            Origin::Browser => "browser",
            Origin::Imported => "imported",
            Origin::Remnant => "remnant",
        }
    }
}

/// Position of a leaf in the log, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeafIndex(pub u64);

/// Where a WARC record lies: a stored range of a file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Locator {
    /// Path of the file inside the archive, with `/`.
    pub file: String,
    /// First byte of the record (of its gzip member, where it is compressed).
    pub offset: u64,
    /// Stored bytes.
    pub length: u64,
}

/// A capture: one thing received, kept as a WARC record and a leaf of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Digest of its WARC record header and block.
    pub id: CaptureId,
    /// WARC-Target-URI.
    pub target: String,
    /// Address or path that the supplier states, not shown by the bytes.
    pub stated_source: Option<String>,
    /// When the capture began, by the archive's own clock.
    pub at: Timestamp,
    /// Provenance class.
    pub origin: Origin,
    /// Media type of the payload.
    pub media_type: String,
    /// SHA-256 of the payload: transfer-coding removed, content-coding kept.
    pub payload: Digest,
    /// Bytes of the payload.
    pub payload_length: u64,
    /// Where the record lies.
    pub record: Locator,
    /// Its place in the log.
    pub leaf: LeafIndex,
}
