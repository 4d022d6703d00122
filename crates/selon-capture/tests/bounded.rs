//! What costs more than its size: each ends in the time and the memory that a real file of its size takes.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{Sandbox, member, named, now, record, text};
use selon_capture::note::{Checkpoint, SigningKey};
use selon_capture::{ArchiveReport, Content, Exit, verify_log};
use selon_model::Digest;

/// Longer than any of these takes, and shorter than what goes over its input once for each of its parts.
const PATIENCE: Duration = Duration::from_secs(30);

fn codes(report: &ArchiveReport) -> Vec<(&str, &str)> {
    report.findings.iter().map(|finding| (finding.code.as_str(), finding.file.as_str())).collect()
}

#[test]
fn a_member_that_many_records_share_is_unpacked_once() {
    let sandbox = Sandbox::new();
    let records: Vec<u8> = (0..4000)
        .flat_map(|n| {
            record("resource", &format!("urn:x:{n}"), "text/plain", format!("{n}").repeat(200).as_bytes())
        })
        .collect();
    let mut archive = sandbox.open().unwrap();
    archive.import_container(&Content::Bytes(member(&records)), &named("a.warc.gz"), now()).unwrap();
    drop(archive);
    let started = Instant::now();
    let report = sandbox.verify();
    assert_eq!((report.exit, report.records), (Exit::Verified, 4000), "{:?}", report.findings);
    let evidence = selon_capture::Evidence::open(&sandbox.folder()).unwrap();
    let mut in_order = evidence.in_order();
    let mut read = 0;
    for capture in evidence.captures().unwrap() {
        in_order.fetch_capture(&capture.unwrap()).unwrap();
        read += 1;
    }
    assert_eq!(read, 4000);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    // Backwards too, if not as fast.
    let captures: Vec<_> = evidence.captures().unwrap().take(3).map(Result::unwrap).collect();
    for capture in captures.iter().rev() {
        let fetched = in_order.fetch_capture(capture).unwrap();
        assert_eq!(fetched.payload.target.as_deref(), Some(capture.target.as_str()));
    }
}

#[test]
fn a_log_may_state_any_size() {
    let sandbox = Sandbox::new();
    sandbox.open().unwrap().append(&[text("Un."), text("Deux.")]).unwrap();
    let ledger = sandbox.folder().join("ledger");
    let key = SigningKey::from_secret_text(fs::read_to_string(sandbox.key()).unwrap().trim_end()).unwrap();
    let origin = key.public().name().to_owned();
    for size in [1 << 60, u64::MAX] {
        let stated = Checkpoint { origin: origin.clone(), size, root: Digest::of(b"x") };
        fs::write(ledger.join("checkpoint"), key.sign(&stated.text())).unwrap();
        let started = Instant::now();
        let log = verify_log(&ledger).unwrap();
        assert_eq!(log.exit, Exit::Failed);
        assert!(log.findings.len() < 500, "{} findings", log.findings.len());
        let report = sandbox.verify();
        assert_eq!(report.exit, Exit::Failed);
        assert!(codes(&report).contains(&("manifest-missing", "manifests")), "{:?}", codes(&report));
        assert!(codes(&report).contains(&("root-differs", "ledger/checkpoint")));
        assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    }
}

#[test]
fn no_file_of_an_archive_is_read_without_an_end() {
    let sandbox = Sandbox::new();
    sandbox.open().unwrap().append(&[text("Un."), text("Deux.")]).unwrap();
    let tile = "ledger/tile/0/000.p/3";
    for file in [tile, "ledger/tile/entries/000.p/3", "manifests/000", "ledger/vkey", "ledger/checkpoint"] {
        let path = sandbox.folder().join(file);
        let whole = fs::read(&path).unwrap();
        // A file with a hole: it takes no room.
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(6 << 30).unwrap();
        let started = Instant::now();
        let report = sandbox.verify();
        // What stands behind the last manifest is an interrupted write; all else fails.
        assert!(report.exit == Exit::Failed || file == "manifests/000", "{file}");
        assert!(codes(&report).iter().any(|(_, named)| *named == file), "{file}: {:?}", codes(&report));
        assert!(started.elapsed() < PATIENCE, "{file}: {:?}", started.elapsed());
        fs::remove_file(&path).unwrap();
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(sandbox.verify().exit, Exit::Verified);
    // A pipe into which nobody writes.
    let path = sandbox.folder().join(tile);
    fs::remove_file(&path).unwrap();
    if Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()) {
        let report = sandbox.verify();
        assert!(codes(&report).contains(&("tile-missing", tile)), "{:?}", codes(&report));
    }
}
