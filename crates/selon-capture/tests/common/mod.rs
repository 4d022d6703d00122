//! What the archive tests share: a folder that cleans up, fixed time and randomness.
#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod authority;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_capture::{
    ArchiveReport, Content, EvidenceArchive, Limits, NewCapture, Options, Result, verify_archive,
};
use selon_model::{Digest, Origin};

/// A folder for an archive and its key.
pub(crate) struct Sandbox(tempfile::TempDir);

impl Sandbox {
    pub(crate) fn new() -> Self {
        Sandbox(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.path("archive")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.path("key")
    }

    pub(crate) fn open(&self) -> Result<EvidenceArchive> {
        self.open_rolling(1 << 30)
    }

    pub(crate) fn open_rolling(&self, roll: u64) -> Result<EvidenceArchive> {
        // Fixed bytes, so that a failing case can be run again; another row for each opening.
        let mut state = Digest::of(&fs::read(self.folder().join("ledger/checkpoint")).unwrap_or_default());
        let random = Box::new(move |bytes: &mut [u8]| {
            for byte in bytes {
                state = Digest::of(state.as_bytes());
                *byte = state.as_bytes()[0];
            }
            Ok(())
        });
        EvidenceArchive::open_with(&self.folder(), &self.key(), now(), Options { origin: None, random, roll })
    }

    pub(crate) fn verify(&self) -> ArchiveReport {
        verify_archive(&self.folder(), &Limits::default()).unwrap()
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:15:00.25Z".parse().unwrap()
}

pub(crate) fn new(bytes: &[u8], media_type: &str) -> NewCapture {
    NewCapture {
        content: Content::Bytes(bytes.to_vec()),
        origin: Origin::Remnant,
        media_type: media_type.to_owned(),
        stated: selon_model::Stated { name: Some("remnant.txt".to_owned()), ..Default::default() },
        began: now(),
    }
}

pub(crate) fn text(text: &str) -> NewCapture {
    new(text.as_bytes(), "text/plain")
}

/// Names and contents of all files below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push((name, fs::read(entry.path()).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found);
    found.sort();
    found
}

pub(crate) fn restore(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A record as someone else may write it, with a SHA-256 block digest.
pub(crate) fn record(record_type: &str, uri: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {record_type}\r\nWARC-Record-ID: <urn:uuid:{uri}>\r\nWARC-Date: 2016-12-12T10:00:00Z\r\nWARC-Target-URI: {uri}\r\nContent-Type: {content_type}\r\nWARC-Block-Digest: {}\r\nContent-Length: {}\r\n\r\n",
        Digest::of(block),
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

pub(crate) fn member(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const HTTP: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Alep</p>";

pub(crate) fn foreign_warc() -> Vec<u8> {
    [
        member(&record("response", "http://a.test/", "application/http;msgtype=response", HTTP)),
        member(&record(
            "request",
            "http://a.test/",
            "application/http;msgtype=request",
            b"GET / HTTP/1.1\r\n\r\n",
        )),
        member(&record("conversion", "http://a.test/b", "text/plain", "Alep, Syrie".as_bytes())),
    ]
    .concat()
}

pub(crate) fn shared_member() -> Vec<u8> {
    let one = record("resource", "urn:x:1", "text/plain", b"one");
    let two = record("resource", "urn:x:2", "text/plain", b"two");
    member(&[one, two].concat())
}

/// What a supplier says: the name of a file.
pub(crate) fn named(name: &str) -> selon_model::Stated {
    selon_model::Stated { name: Some(name.to_owned()), ..Default::default() }
}
