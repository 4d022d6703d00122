//! Captures: bytes received, and where they are kept.

use std::collections::BTreeMap;

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

/// What a supplier states about bytes that do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Name of the file it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Its language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its outlet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Rows: which column holds which field, where the names are not the usual ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Rows: order of day, month and year in numeric dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
}

/// A capture: one thing received, kept as a WARC record and a leaf of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Digest of its WARC record header and block.
    pub id: CaptureId,
    /// WARC-Target-URI.
    pub target: String,
    /// What the supplier states, not shown by the bytes. Part of the manifest, so that reading
    /// the capture again gives the same report.
    pub stated: Stated,
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
