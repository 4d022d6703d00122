//! Files made to mislead, made here, and what must be said of each.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{member, record};
use selon_capture::ledger::Ledger;
use selon_capture::note::SigningKey;
use selon_capture::{Exit, FileReport, Limits, verify_file, verify_log};
use selon_model::Digest;

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

/// A revisit that names its target by id, or by address and time.
fn revisit(refers: &str, payload: &str) -> Vec<u8> {
    format!(
        "WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:x:again>\r\nWARC-Date: 2017-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.test/\r\nWARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n{refers}\r\nWARC-Payload-Digest: {payload}\r\nWARC-Block-Digest: {}\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        Digest::of(b"")
    )
    .into_bytes()
}

fn original(id: &str, block: &[u8]) -> Vec<u8> {
    let record = text(record("resource", "http://a.test/", "text/plain", block));
    let digest = format!("WARC-Payload-Digest: {}\r\nContent-Length", Digest::of(block));
    record.replace("<urn:uuid:http://a.test/>", id).replacen("Content-Length", &digest, 1).into_bytes()
}

#[test]
fn a_revisit_is_the_same_as_the_record_that_it_names() {
    let (one, two) = (Digest::of(b"one").to_string(), Digest::of(b"two").to_string());
    let (first, second) = (original("<urn:x:1>", b"one"), original("<urn:x:2>", b"two"));
    let by_id = |id: &str| format!("WARC-Refers-To: <urn:x:{id}>");
    let both = |revisit: Vec<u8>| [&first[..], &second, &revisit].concat();
    check("a.warc", &both(revisit(&by_id("1"), &one)), "3 0");
    check("a.warc", &both(revisit(&by_id("1"), &two)), "3 4 revisit-digest");
    // The other record has that payload; it is not the one that is named.
    check("a.warc", &[&first[..], &revisit(&by_id("2"), &one), &second].concat(), "3 4 revisit-digest");
    check("a.warc", &both(revisit(&by_id("3"), &one)), "3 0");
    check("a.warc", &[first.clone(), revisit(&by_id("3"), &two)].concat(), "2 3 revisit-target-absent");
    let by_place = "WARC-Refers-To-Target-URI: http://a.test/\r\nWARC-Refers-To-Date: 2016-12-12T10:00:00Z";
    check("a.warc", &[first.clone(), revisit(by_place, &one)].concat(), "2 0");
    check("a.warc", &[first.clone(), revisit(by_place, &two)].concat(), "2 4 revisit-digest");
    // Two records have this address and time: either may be meant.
    check("a.warc", &both(revisit(by_place, &two)), "3 0");
    check("a.warc", &[first.clone(), first.clone()].concat(), "2 0 id-repeated");
}

#[test]
fn fields_that_contradict_each_other() {
    let whole = text(one());
    let with = |field: &str| whole.replacen("Content-Length", &format!("{field}\r\nContent-Length"), 1);
    let other = format!("WARC-Block-Digest: {}", Digest::of(b"other"));
    check("a.warc", with(&other).as_bytes(), "1 4 ambiguous-field");
    check("a.warc", with("WARC-Target-URI: http://b.test/").as_bytes(), "1 4 ambiguous-field");
    check("a.warc", with("WARC-Type: response").as_bytes(), "1 4 ambiguous-field");
    check("a.warc", with("warc-date: 2016-12-12T10:00:01Z").as_bytes(), "1 4 ambiguous-field");
    check("a.warc", with("WARC-Date: 2016-12-12T10:00:00Z").as_bytes(), "1 0 repeated-field");
    check("a.warc", whole.replace("WARC-Record-ID", "X-ID").as_bytes(), "1 0 id-missing");
    check("a.warc", whole.replace("WARC-Target-URI", "X-URI").as_bytes(), "1 0 target-missing");
}

#[test]
fn what_stands_behind_a_record_in_its_member_is_told_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.warc.gz");
    fs::write(&path, member(&[one(), b"more".to_vec()].concat())).unwrap();
    let report = verify_file(&path, &Limits::default(), &mut |_| ()).unwrap();
    assert_eq!((report.records, report.exit), (1, Exit::Failed));
    let said = &report.findings.last().unwrap().sentence;
    assert!(said.contains("hold behind their record"), "{said}");
}

#[test]
fn revisits_that_wait_are_not_kept_whole() {
    // Each names a target that never comes, and has an address of 60,000 octets.
    let address = format!("http://a.test/{}", "x".repeat(60_000));
    let template =
        text(revisit("WARC-Refers-To: <urn:x:absent>", "sha1:A")).replace("http://a.test/", &address);
    let mut file = Vec::new();
    for n in 0..2500 {
        file.extend(member(template.replacen("again", &n.to_string(), 1).as_bytes()));
    }
    let (before, mut absent) = (resident(), 0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.warc.gz");
    fs::write(&path, &file).unwrap();
    drop(file);
    let report = verify_file(&path, &Limits::default(), &mut |record| {
        absent += usize::from(record.codes.iter().any(|code| code.as_str() == "revisit-target-absent"));
    })
    .unwrap();
    assert_eq!((report.exit.code(), absent), (3, 2500));
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(after < before + 90_000, "{before} KiB, then {after} KiB");
    }
}

/// The most memory that this process has held, in KiB, where the system says so.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
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
