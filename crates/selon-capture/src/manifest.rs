//! Manifests: what one leaf of the log stands for, as one line of JSON.
//!
//! The log holds only SHA-256(salt || manifest), so it reveals nothing; the manifest says what was
//! received, when, as what, and which stored bytes hold it. The hash is over the line as stored:
//! a manifest is never written again from its parsed form.

use std::net::IpAddr;

use jiff::Timestamp;
use selon_model::{Capture, CaptureId, Digest, LeafIndex, Locator, Origin, Stated};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};
use crate::export::Withheld;
use crate::proof::entry_of;

/// `format` of every manifest.
pub const FORMAT: &str = "selon-manifest/1";

/// A manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// What the leaf stands for.
    #[serde(flatten)]
    pub body: Body,
}

/// What a leaf stands for. Kinds to come: renewal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// The log began: always leaf 0.
    Genesis(Genesis),
    /// A thing was received and kept as a record.
    Capture(Box<CaptureManifest>),
    /// A container was received and kept whole.
    Import(ImportManifest),
    /// Captures were handed out.
    Export(ExportManifest),
    /// Who must vouch for checkpoints from here on.
    Policy(PolicyManifest),
    /// Something was done with captures.
    Custody(CustodyManifest),
    /// The content of leaves was erased on order.
    Tombstone(Box<TombstoneManifest>),
    /// This leaf's own manifest was erased; the order is that leaf. Never logged: it is what is
    /// read where a manifest was.
    #[serde(skip)]
    Erased(LeafIndex),
    /// A kind that this version does not know.
    #[serde(other)]
    Other,
}

/// The beginning of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Genesis {
    /// The log's name.
    pub origin: String,
    /// Its public key.
    pub vkey: String,
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// Timestamp authorities and witnesses that seal it: none yet.
    pub policy: Policy,
}

/// How many outside parties must vouch for a checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Timestamp authorities needed.
    pub authorities: u32,
    /// Witnesses needed.
    pub witnesses: u32,
}

/// Who must vouch for a checkpoint: logged when it is first said and whenever it changes, so that
/// asking for less is seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyManifest {
    /// From when on, by the archive's own clock.
    pub at: Timestamp,
    /// So many of the authorities must have stamped it.
    pub authorities_needed: u32,
    /// The authorities.
    pub authorities: Vec<AuthorityNamed>,
    /// So many witnesses must have signed it: none yet.
    pub witnesses_needed: u32,
}

impl PolicyManifest {
    /// Whether it asks for the same as another.
    pub fn says_the_same(&self, other: &PolicyManifest) -> bool {
        PolicyManifest { at: other.at, ..self.clone() } == *other
    }
}

/// A timestamp authority of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthorityNamed {
    /// Its name: that of its files among the stamps.
    pub name: String,
    /// Where it is asked.
    pub url: Option<String>,
    /// SHA-256 of each root certificate, DER.
    pub roots: Vec<Digest>,
    /// Policies that are allowed; none: any.
    pub policies: Vec<String>,
}

/// Something that was done with captures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustodyManifest {
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// In a word: collected, viewed, moved, handed over; `erased` closes the order of a tombstone.
    pub what: String,
    /// Which leaves it is about.
    pub leaves: Vec<LeafIndex>,
    /// More, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Digest of what is known of whoever did it, which is kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted: Option<Digest>,
}

/// An order to erase, and what was written in the place of what is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TombstoneManifest {
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// Who ordered it.
    pub by: String,
    /// Why.
    pub why: String,
    /// On which legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Leaves whose content is gone.
    pub leaves: Vec<LeafIndex>,
    /// Their entries: salted, so that they tell nothing.
    pub entries: Vec<Digest>,
    /// Records that stand where theirs stood.
    pub stubs: Vec<StoredRecord>,
    /// Records that their manifests named and that stay.
    pub kept: Vec<StoredRecord>,
}

/// The newest sealed checkpoint that was known when a capture began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// Entries that it covers.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// SHA-256 of each authority's answer over it.
    pub tokens: Vec<Digest>,
}

/// A digest with a length in octets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// SHA-256.
    pub digest: Digest,
    /// Octets.
    pub length: u64,
}

/// A record as it lies in a file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRecord {
    /// WARC-Record-ID without brackets.
    pub id: String,
    /// WARC-Type.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The block.
    pub block: Measured,
    /// File, with `/`; for a record that shares its gzip member, `#` and its offset inside follow.
    pub file: String,
    /// First stored byte.
    pub offset: u64,
    /// The stored bytes, compressed as they lie there; absent where a member is shared.
    pub stored: Option<Measured>,
}

/// A capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureManifest {
    /// Digest of record header and block.
    pub capture: CaptureId,
    /// Provenance class.
    pub class: Origin,
    /// WARC-Target-URI.
    pub target_uri: String,
    /// What the supplier states: file name, address, date, language, outlet.
    #[serde(default)]
    pub stated: Stated,
    /// Records that belong to it, its own first; the warcinfo of a new file is listed last.
    pub records: Vec<StoredRecord>,
    /// Transfer-coding removed, content-coding kept.
    pub payload: Measured,
    /// HTTP status.
    pub status: Option<u16>,
    /// Media type as stated with the bytes, or as the caller found it.
    pub media_type: String,
    /// When taking it began, by the archive's own clock.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Imported: what the record itself says of its date. The supplier's claim.
    pub claimed_date: Option<Timestamp>,
    /// Imported: leaf of the container.
    pub container: Option<LeafIndex>,
    /// The newest sealed checkpoint known when it began: it was composed after that existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// Digest of what is known of whoever collected it, which is kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted: Option<Digest>,
    /// Class `wire`: what is known of the exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Box<Wire>>,
    /// It says of a record that an earlier leaf named how it is to be read from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restates: Option<Restates>,
}

/// What a leaf takes the place of in reading; the evidence is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restates {
    /// The leaf whose statements held before.
    pub leaf: LeafIndex,
    /// When they were made anew, by the archive's own clock.
    pub at: Timestamp,
}

/// What is known of an exchange with a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// Why it was fetched.
    pub purpose: Purpose,
    /// SHA-256 of the body as it crossed the connection, transfer-coding included.
    pub body_as_sent: Digest,
    /// The address that was connected to; absent behind a proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<IpAddr>,
    /// Every address that the host's name had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<IpAddr>,
    /// It went through a proxy of this kind, which chose the address: it could not be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_unchecked: Option<String>,
    /// The TLS connection, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<WireTls>,
    /// The server's own clock: its `Date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_date: Option<String>,
    /// `ETag`, for asking again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`, for asking again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The capture whose redirect led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_of: Option<CaptureId>,
    /// The capture that names this address: the page of a picture, the feed of a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<CaptureId>,
    /// What robots.txt said: `allowed`, `none`, `overridden: REASON`, `not-asked`.
    pub robots: String,
    /// Cookies and consent: always `no-cookies` here.
    pub consent_state: String,
    /// Why the answer ends too early: `length`, `time`, `disconnect`, `unspecified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
    /// The answer is not the page but what stands before it: `challenge`, `consent`, `login`; or it
    /// sends on to the page by itself: `refresh`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_page: Option<String>,
    /// The same was received before, as this leaf: the record holds only the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit_of: Option<LeafIndex>,
    /// How long it took, by a clock that is not set.
    pub took_ms: u64,
}

/// What [`Wire::blocked_page`] says of a page that sends on to another.
pub(crate) const REFRESH: &str = "refresh";

/// A TLS connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireTls {
    /// `TLSv1_3`.
    pub version: String,
    /// Cipher suite.
    pub cipher: String,
    /// SHA-256 of the certificates as received, as a PEM chain: a record of this or an earlier
    /// capture, which may have been erased.
    pub chain: Digest,
    /// The certificates do not verify, and the fetch was forced: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// Why something was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To be read.
    Page,
    /// A picture, style sheet or poster of a page.
    Requisite,
    /// A feed or a sitemap: it names pages.
    List,
    /// The site's robots.txt.
    Robots,
}

/// A container kept whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportManifest {
    /// File in the archive.
    pub file: String,
    /// The whole file.
    pub content: Measured,
    /// What the supplier states: file name, address, date, language, outlet.
    #[serde(default)]
    pub stated: Stated,
    /// When it was received, by the archive's own clock.
    pub began: Timestamp,
    /// Records in it.
    pub records: u64,
    /// How its own digests stood when it was received: exit status of `selon verify`.
    pub exit: u8,
    /// Captures that follow this leaf: one for each readable content record not kept before.
    pub captures: u64,
}

/// Captures that were handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportManifest {
    /// What was made: `wacz` or `kit`.
    pub form: String,
    /// SHA-256 of what seals it: `datapackage.json` of a package, `SHA256SUMS` of a kit.
    pub sealed: Digest,
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// Captures in it.
    pub leaves: Vec<LeafIndex>,
    /// Captures that were asked for and stay behind.
    pub withheld: Vec<Withheld>,
}

impl Manifest {
    /// A manifest of this version.
    pub fn new(body: Body) -> Self {
        Manifest { format: FORMAT.to_owned(), body }
    }

    /// The capture that this leaf stands for, if it is one.
    pub fn capture(&self, leaf: LeafIndex) -> Option<Capture> {
        let Body::Capture(manifest) = &self.body else { return None };
        let record = manifest.records.first()?;
        Some(Capture {
            id: manifest.capture,
            target: manifest.target_uri.clone(),
            stated: manifest.stated.clone(),
            at: manifest.began,
            origin: manifest.class,
            media_type: manifest.media_type.clone(),
            payload: manifest.payload.digest,
            payload_length: manifest.payload.length,
            record: Locator {
                file: record.file.clone(),
                offset: record.offset,
                length: record.stored.as_ref().map_or(0, |stored| stored.length),
            },
            leaf,
        })
    }
}

/// The tombstone's leaf that a line names which stands in an erased manifest's place:
/// `erased SP <leaf>`.
pub(crate) fn erased_by(line: &[u8]) -> Option<LeafIndex> {
    let digits = std::str::from_utf8(line).ok()?.strip_prefix("erased ")?;
    let leaf: u64 = digits.parse().ok()?;
    (leaf.to_string() == digits).then_some(LeafIndex(leaf))
}

/// A line of a manifest file: `<salt, 64 lower-case hex digits> SP <manifest> LF`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestLine<'a> {
    /// The salt.
    pub salt: [u8; 32],
    /// The manifest as stored.
    pub json: &'a str,
}

impl<'a> ManifestLine<'a> {
    /// Reads a line without its LF; `None` unless it is written exactly so.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (salt, json) = line.split_once(' ')?;
        let lower = salt.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let salt = crate::digest::from_hex(salt)?.try_into().ok().filter(|_| lower)?;
        Some(ManifestLine { salt, json })
    }

    /// The log entry that this line gives.
    pub fn entry(&self) -> Digest {
        entry_of(&self.salt, self.json.as_bytes())
    }

    /// The manifest.
    ///
    /// # Errors
    /// `Invalid` unless it is a manifest of a known format.
    pub fn manifest(&self) -> Result<Manifest> {
        let manifest: Manifest = serde_json::from_str(self.json)
            .map_err(|error| Error::because(Kind::Invalid, "cannot read a manifest", error))?;
        if manifest.format != FORMAT {
            return Err(Error::new(
                Kind::Invalid,
                format!("a manifest is of unknown format {:?}", manifest.format),
            ));
        }
        Ok(manifest)
    }
}

/// The line to store, with its LF, and the entry to log.
///
/// # Errors
/// `Internal` where it cannot be written as JSON.
pub fn write_line(salt: &[u8; 32], manifest: &Manifest) -> Result<(String, Digest)> {
    let json = serde_json::to_string(manifest)
        .map_err(|error| Error::because(Kind::Internal, "cannot write a manifest", error))?;
    let entry = entry_of(salt, json.as_bytes());
    Ok((format!("{} {json}\n", crate::digest::hex(salt)), entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_round_trip_and_every_changed_bit_gives_another_entry() {
        let manifest = Manifest::new(Body::Genesis(Genesis {
            origin: "selon.local/test".into(),
            vkey: "selon.local/test+00000000+AA==".into(),
            at: "2026-11-22T10:00:00Z".parse().unwrap(),
            policy: Policy::default(),
        }));
        let (line, entry) = write_line(&[0xab; 32], &manifest).unwrap();
        let bytes = line.trim_end().as_bytes();
        let read = ManifestLine::parse(bytes).unwrap();
        assert_eq!((read.entry(), read.manifest().unwrap()), (entry, manifest));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.to_vec();
                changed[at] ^= 1 << bit;
                assert!(
                    ManifestLine::parse(&changed).is_none_or(|line| line.entry() != entry),
                    "byte {at} bit {bit}"
                );
            }
        }
    }

    #[test]
    fn a_kind_of_later_versions_is_known_as_such() {
        let line =
            format!("{} {}", "0".repeat(64), r#"{"format":"selon-manifest/1","kind":"renewal","of":"x"}"#);
        let manifest = ManifestLine::parse(line.as_bytes()).unwrap().manifest().unwrap();
        assert_eq!(manifest.body, Body::Other);
    }
}
