//! Files made to mislead, made here, and what must be said of each.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{member, record};
use selon_capture::ledger::Ledger;
use selon_capture::note::SigningKey;
use selon_capture::{Exit, FileReport, Limits, verify_file, verify_log};

/// Records, exit status and codes of a file with this name and content.
fn verdict(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let mut codes: Vec<String> = Vec::new();
    let report = verify_file(&path, &Limits::default(), &mut |record| {
        codes.extend(record.codes.iter().map(|code| code.to_string()));
    })
    .unwrap();
    codes.extend(report.findings.iter().map(|finding| finding.code.to_string()));
    format!("{} {} {}", report.records, report.exit.code(), codes.join(" ")).trim_end().to_owned()
}

#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    assert_eq!(verdict(name, bytes), expected, "{name}");
}

fn one() -> Vec<u8> {
    record("resource", "urn:x:1", "text/plain", b"one")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_holds_no_record_does_not_pass() {
    check("a.warc", b"", "0 3 no-records");
    check("a.warc", &[0; 4096], "0 3 padding no-records");
    check("a.warc.gz", &member(b""), "0 3 empty-member no-records");
    check("a.warc", b"<html>not a record</html>", "0 4 garbage");
    check("a.warc.gz", &member(b"<html>not a record</html>"), "0 4 not-a-record");
    let text = member(b"<html>not a record</html>");
    check("a.html.gz", &text, "0 3 not-evidence");
    check("a.html.gz", &text[..text.len() - 4], "0 4 truncated");
    check("a.html", b"<html>not a record</html>", "0 3 not-evidence");
    check("a.warc.zst", &[0x28, 0xb5, 0x2f, 0xfd, 0, 0], "0 3 unsupported-compression");
    check("a.warc.zst", &[0x5e, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], "0 3 unsupported-compression");
    check("a.warc.lz4", &[0x04, 0x22, 0x4d, 0x18, 0, 0], "0 3 unsupported-compression");
}

#[test]
fn lengths_that_lie() {
    let whole = text(one());
    check("a.warc", whole.as_bytes(), "1 0");
    let with = |length: &str| whole.replace("Content-Length: 3", &format!("Content-Length: {length}"));
    check("a.warc", with("18446744073709551615").as_bytes(), "0 4 truncated");
    check("a.warc", with("18446744073709551616").as_bytes(), "0 4 bad-length");
    check("a.warc", with("0x3").as_bytes(), "0 4 bad-length");
    check("a.warc", with("3\r\nContent-Length: 4").as_bytes(), "0 4 ambiguous-length");
    check("a.warc", with("3\r\ncontent-length: 3").as_bytes(), "1 0 repeated-field");
    check("a.warc", with("2").as_bytes(), "1 4 no-record-end block-digest");
}

#[test]
fn a_changed_bit_in_a_compressed_file_is_found() {
    let file = [member(&one()), member(&one())].concat();
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 4;
        let said = verdict("a.warc.gz", &changed);
        // The time, the flag of extra speed and the system in a member's header carry nothing.
        let idle = |at: usize| (4..=9).contains(&(at % member(&one()).len()));
        assert!(said.contains(" 4 ") || idle(at), "byte {at}: {said}");
    }
}

#[test]
fn arc_files_are_read_and_never_pass() {
    let filedesc = "filedesc://a.arc 192.0.2.1 20140216050221 text/plain 6\n1 0 x\n\n";
    let page = "http://a.test/ 192.0.2.1 20140216050221 text/html 20\nHTTP/1.0 200 OK\n\nhi\n\n";
    check("a.arc", format!("{filedesc}{page}").as_bytes(), "2 3 support-no-digest digest-none");
    check("a.arc", filedesc.as_bytes(), "1 0 support-no-digest");
    let lying = page.replace("html 20", "html 99999999999");
    check("a.arc", format!("{filedesc}{lying}").as_bytes(), "1 4 support-no-digest truncated");
    let huge = format!("{filedesc}http://a.test/{} 192.0.2.1", "a".repeat(70_000));
    check("a.arc", huge.as_bytes(), "1 4 support-no-digest header-limit");
}

/// A log of some entries with a key beside it.
fn log(folder: &Path, entries: usize) {
    let key = SigningKey::from_seed("log.test", &[7; 32]).unwrap();
    let entries: Vec<Vec<u8>> = (0..entries).map(|n| format!("entry {n}").into_bytes()).collect();
    let mut ledger = Ledger::create(folder, &key, &entries[..2]).unwrap();
    fs::copy(folder.join("checkpoint"), folder.join("checkpoint.2")).unwrap();
    ledger.append(&key, &entries[2..]).unwrap();
}

fn codes(report: &FileReport) -> Vec<String> {
    report.findings.iter().map(|finding| finding.code.to_string()).collect()
}

#[test]
fn a_log_that_was_changed_is_found() {
    let folder = tempfile::tempdir().unwrap();
    log(folder.path(), 300);
    let good = verify_log(folder.path()).unwrap();
    assert_eq!((good.records, good.exit, codes(&good)), (300, Exit::Verified, vec!["key-beside-it".into()]));

    let damage = |file: &str, expected: &[&str]| {
        let path = folder.path().join(file);
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[4] ^= 1;
        fs::write(&path, &changed).unwrap();
        let report = verify_log(folder.path()).unwrap();
        assert_eq!(report.exit, Exit::Failed, "{file}");
        for code in expected {
            assert!(codes(&report).iter().any(|seen| seen == code), "{file}: {:?}", report.findings);
        }
        fs::write(&path, whole).unwrap();
    };
    damage("tile/entries/000", &["checkpoint-inconsistent", "tile-differs"]);
    damage("tile/0/000", &["tile-differs"]);
    damage("tile/1/000.p/1", &["tile-differs"]);
    damage("checkpoint.2", &["checkpoint-bad"]);
    fs::remove_file(folder.path().join("tile/0/000")).unwrap();
    assert!(codes(&verify_log(folder.path()).unwrap()).contains(&"tile-missing".to_owned()));
}
