//! Bytes from the world into WARC records, and proof that they have not changed.
//!
//! Reading ([`warc`], [`payload`]) takes any WARC file in whatever state. Keeping ([`archive`])
//! writes what was received into WARC 1.1, logs it in a transparency log ([`ledger`]) and signs
//! the log's root. Checking ([`verify`]) holds a file against its own digests, and an archive
//! against its log. What is kept can be checked without Selon, with WARC and tlog-tiles tools.

mod arc;
pub mod archive;
mod ask;
mod cdxj;
mod certificate;
mod check;
mod code;
mod decode;
mod der;
mod digest;
mod durable;
mod erase;
mod error;
pub mod evidence;
mod export;
mod export_kit;
mod export_wacz;
#[cfg(feature = "fetch")]
pub mod fetch;
mod form;
mod gzip;
mod handed_out;
mod http;
mod import;
mod input;
pub mod ledger;
mod limits;
mod log_folder;
pub mod manifest;
pub mod merkle;
pub mod note;
mod note_file;
mod older;
pub mod payload;
pub mod proof;
mod public_address;
mod record;
mod recover;
mod restricted;
mod seal;
mod stamps;
pub mod tile;
pub mod timestamp;
mod traces;
mod trust;
mod verify;
mod verify_archive;
mod verify_kit;
mod wacz;
mod wacz_signature;
pub mod warc;
mod write;
mod zip;

pub use archive::{Content, EvidenceArchive, NewCapture, NewExchange, NewTls, Options, Stored, Validators};
pub use ask::{Ask, PlainHttp, body_of as answer_body};
pub use certificate::Certificate;
pub use check::{Checked, RecordCheck, Verdict, Wants};
pub use code::{Code, Weight};
pub use digest::{Algorithm, Labelled};
pub use erase::{Affected, Order};
pub use error::{Error, Kind, Result};
pub use evidence::{Evidence, Fetched, InOrder};
pub use export::{Exported, Withheld};
pub use form::{FileKind, is_container};
pub use http::{HttpHead, charset, media_type};
pub use import::Imported;
pub use limits::Limits;
pub use log_folder::{is_log, verify_log};
pub use payload::Payload;
pub use record::{RecordHeader, RecordType, escape_controls};
pub use seal::{HowToSeal, Sealing, StampedBy, Waiting, request_of};
pub use stamps::{Interval, Stamp, Stamped, interval};
pub use trust::{Authority, Trust};
pub use verify::{Exit, FileReport, Finding, RecordVerdict, verify_file, verify_wacz, verify_warc};
pub use verify_archive::{
    Against, ArchiveReport, Seal, verify_archive, verify_archive_against, verify_archive_since,
};
pub use verify_kit::{is_kit, verify_kit};
pub use warc::{Head, Lost, Step, Tail, WarcReader};
