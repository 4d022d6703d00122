//! What somebody could do who has the archive and its signing key, and writes what Selon never
//! writes: a log that verifies must still say what is there.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::fs;
use std::io::Write as _;

use common::{Sandbox, foreign_warc, member, named, now, record, text};
use selon_capture::ledger::Ledger;
use selon_capture::manifest::{Body, CaptureManifest, ImportManifest, Manifest, Measured, write_line};
use selon_capture::note::SigningKey;
use selon_capture::{Content, Exit};
use selon_model::{CaptureId, Digest, LeafIndex};

/// Logs a manifest as the archive's owner could.
fn log(sandbox: &Sandbox, body: Body) {
    log_line(sandbox, &write_line(&[7; 32], &Manifest::new(body)).unwrap().0);
}

fn log_line(sandbox: &Sandbox, line: &str) {
    let manifests = sandbox.folder().join("manifests/000");
    fs::OpenOptions::new().append(true).open(manifests).unwrap().write_all(line.as_bytes()).unwrap();
    let parsed = selon_capture::manifest::ManifestLine::parse(line.trim_end().as_bytes()).unwrap();
    let key = SigningKey::from_secret_text(fs::read_to_string(sandbox.key()).unwrap().trim_end()).unwrap();
    let mut ledger = Ledger::open(&sandbox.folder().join("ledger")).unwrap();
    ledger.append(&key, &[parsed.entry().as_bytes().to_vec()]).unwrap();
}

/// Exit status and codes, each once.
fn verdict(sandbox: &Sandbox) -> (Exit, String) {
    let report = sandbox.verify();
    let mut codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    (report.exit, codes.join(" "))
}

fn capture(sandbox: &Sandbox, leaf: u64) -> CaptureManifest {
    let evidence = selon_capture::Evidence::open(&sandbox.folder()).unwrap();
    match evidence.manifest(LeafIndex(leaf)).unwrap().manifest.body {
        Body::Capture(capture) => *capture,
        other => panic!("{other:?}"),
    }
}

/// An archive with two texts, leaves 1 and 2.
fn two() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.open().unwrap().append(&[text("Un."), text("Deux.")]).unwrap();
    assert_eq!(verdict(&sandbox), (Exit::Verified, String::new()));
    sandbox
}

#[test]
fn a_record_s_place_is_claimed_by_a_later_manifest() {
    let sandbox = two();
    let mut other = capture(&sandbox, 2);
    let place = other.records[0].clone();
    // Another record at the end of the file, in the place of that of leaf 2.
    // Longer than the first, also when it is packed.
    let block: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
    let uri = format!("urn:selon:{}", Digest::of(&block).hex());
    let bytes = record("resource", &uri, "text/plain", &block);
    let stored = member(&bytes);
    let path = sandbox.folder().join(&place.file);
    let mut file = fs::read(&path).unwrap();
    file.truncate(place.offset as usize);
    file.extend_from_slice(&stored);
    fs::write(&path, file).unwrap();
    let measured = |bytes: &[u8]| Measured { digest: Digest::of(bytes), length: bytes.len() as u64 };
    other.capture = CaptureId(Digest::of(&bytes[..bytes.len() - 4]));
    other.target_uri.clone_from(&uri);
    other.payload = measured(&block);
    other.records[0].id = format!("urn:uuid:{uri}");
    (other.records[0].block, other.records[0].stored) = (measured(&block), Some(measured(&stored)));
    log(&sandbox, Body::Capture(Box::new(other)));
    assert_eq!(verdict(&sandbox), (Exit::Failed, "record-differs".to_owned()));
}

#[test]
fn a_manifest_tells_of_another_address_or_content_than_its_record() {
    let check = |change: &dyn Fn(&mut CaptureManifest)| {
        let sandbox = two();
        let mut other = capture(&sandbox, 2);
        // The same record under another manifest is no lie by itself.
        log(&sandbox, Body::Capture(Box::new(other.clone())));
        assert_eq!(verdict(&sandbox), (Exit::Verified, String::new()));
        let sandbox = two();
        change(&mut other);
        log(&sandbox, Body::Capture(Box::new(other)));
        assert_eq!(verdict(&sandbox), (Exit::Failed, "record-differs".to_owned()));
    };
    check(&|capture| capture.target_uri = "https://news.test/".to_owned());
    check(&|capture| capture.payload.digest = Digest::of(b"Un."));
    check(&|capture| capture.capture = CaptureId(Digest::of(b"x")));
    check(&|capture| capture.records[0].record_type = "response".to_owned());
}

#[test]
fn a_container_is_exchanged_for_another_of_its_name() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let imported =
        archive.import_container(&Content::Bytes(foreign_warc()), &named("given.warc.gz"), now()).unwrap();
    drop(archive);
    assert_eq!(verdict(&sandbox), (Exit::Verified, String::new()));
    let evidence = selon_capture::Evidence::open(&sandbox.folder()).unwrap();
    let Body::Import(import) = evidence.manifest(imported.leaf).unwrap().manifest.body else { panic!() };
    let other = member(&record("conversion", "http://a.test/b", "text/plain", b"Homs"));
    let path = sandbox.folder().join(&import.file);
    fs::write(&path, &other).unwrap();
    let content = Measured { digest: Digest::of(&other), length: other.len() as u64 };
    log(&sandbox, Body::Import(ImportManifest { content, captures: 0, ..import }));
    assert_eq!(verdict(&sandbox), (Exit::Failed, "import-differs record-differs".to_owned()));
}

#[test]
fn a_manifest_tells_of_another_record_of_its_container() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let imported =
        archive.import_container(&Content::Bytes(foreign_warc()), &named("given.warc.gz"), now()).unwrap();
    drop(archive);
    let mut other = capture(&sandbox, imported.leaf.0 + 1);
    other.target_uri = "https://news.test/".to_owned();
    log(&sandbox, Body::Capture(Box::new(other)));
    assert_eq!(verdict(&sandbox), (Exit::Failed, "record-differs".to_owned()));
}

#[test]
fn a_capture_without_a_record_of_the_archive() {
    let check = |change: &dyn Fn(&mut CaptureManifest)| {
        let sandbox = two();
        let mut other = capture(&sandbox, 2);
        change(&mut other);
        log(&sandbox, Body::Capture(Box::new(other)));
        assert_eq!(verdict(&sandbox), (Exit::Failed, "record-missing".to_owned()));
    };
    check(&|capture| capture.records.clear());
    check(&|capture| capture.records[0].file = "imported/none.warc.gz".to_owned());
    check(&|capture| capture.records[0].file = "elsewhere/a.warc.gz".to_owned());
    check(&|capture| capture.records[0].file = "warc/2026/11/none.warc.gz".to_owned());
}

#[test]
fn a_log_that_does_not_begin_with_its_key() {
    let sandbox = two();
    let manifests = sandbox.folder().join("manifests/000");
    let lines = fs::read_to_string(&manifests).unwrap();
    let first_capture = lines.lines().nth(1).unwrap().to_owned() + "\n";
    let rest: String = lines.split_inclusive('\n').skip(2).collect();
    let key = SigningKey::from_secret_text(fs::read_to_string(sandbox.key()).unwrap().trim_end()).unwrap();
    fs::remove_dir_all(sandbox.folder().join("ledger")).unwrap();
    let entries: Vec<Vec<u8>> = [first_capture.as_str(), rest.trim_end()]
        .iter()
        .map(|line| selon_capture::manifest::ManifestLine::parse(line.trim_end().as_bytes()).unwrap())
        .map(|line| line.entry().as_bytes().to_vec())
        .collect();
    Ledger::create(&sandbox.folder().join("ledger"), &key, &entries).unwrap();
    fs::write(&manifests, first_capture + &rest).unwrap();
    assert_eq!(verdict(&sandbox), (Exit::Failed, "key-bad".to_owned()));
}

#[test]
fn a_manifest_of_a_kind_that_is_not_known_is_told() {
    let sandbox = two();
    let json = r#"{"format":"selon-manifest/1","kind":"renewal","of":"x"}"#;
    log_line(&sandbox, &format!("{} {json}\n", "0".repeat(64)));
    assert_eq!(verdict(&sandbox), (Exit::Verified, "manifest-kind".to_owned()));
}

#[test]
fn a_line_put_among_the_manifests_is_found() {
    let sandbox = two();
    let path = sandbox.folder().join("manifests/000");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let forged = format!("{} {{\"format\":\"selon-manifest/1\",\"kind\":\"custody\"}}\n", "0".repeat(64));
    for put_in in ["junk put in by hand\n", "erased 5\n", forged.as_str(), lines[1]] {
        for at in 0..lines.len() {
            let changed = [&lines[..at], &[put_in], &lines[at..]].concat().concat();
            fs::write(&path, changed).unwrap();
            let (exit, codes) = verdict(&sandbox);
            assert!(exit == Exit::Failed && codes.contains("manifest-differs"), "{put_in} at {at}: {codes}");
        }
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(verdict(&sandbox), (Exit::Verified, String::new()));
}
