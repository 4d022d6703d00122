//! WACZ packages made here: one that is right, and one for each way of being wrong.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::io::Write as _;

use common::{Sandbox, member, named, now, record};
use selon_capture::{Content, Evidence, Limits, verify_file};
use selon_model::Digest;

/// Entries of a package, before it is sealed.
struct Package {
    entries: Vec<(String, Vec<u8>)>,
    description: Option<String>,
    seal: bool,
}

const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Alep, dit Jean.</p>";

fn warc() -> (Vec<u8>, usize) {
    let info = member(&record("resource", "urn:x:1", "text/plain", b"one"));
    let page = member(&record("response", "http://a.test/p", "application/http;msgtype=response", PAGE));
    (info.iter().chain(&page).copied().collect(), info.len())
}

impl Package {
    fn new() -> Package {
        let (warc, at) = warc();
        let length = warc.len() - at;
        let index = format!(
            "test,a)/p 20161212100000 {{\"url\":\"http://a.test/p\",\"mime\":\"text/html\",\"status\":\"200\",\"length\":\"{length}\",\"offset\":\"{at}\",\"filename\":\"a.warc.gz\"}}\nurn:x:1 20161212100000 {{\"url\":\"urn:x:1\",\"mime\":\"text/plain\",\"length\":\"{at}\",\"offset\":\"0\",\"filename\":\"a.warc.gz\"}}\n"
        );
        let pages = "{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n{\"url\":\"http://a.test/p\",\"ts\":\"2016-12-12T10:00:00Z\"}\n";
        Package {
            entries: vec![
                ("archive/a.warc.gz".into(), warc),
                ("indexes/index.cdxj".into(), index.into_bytes()),
                ("pages/pages.jsonl".into(), pages.into()),
            ],
            description: None,
            seal: true,
        }
    }

    fn content(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.entries.iter_mut().find(|(entry, _)| entry == name).unwrap().1
    }

    fn replace(mut self, name: &str, from: &str, to: &str) -> Package {
        let text = String::from_utf8(self.content(name).clone()).unwrap();
        assert!(text.contains(from), "{text}");
        *self.content(name) = text.replacen(from, to, 1).into_bytes();
        self
    }

    fn described(&self) -> String {
        let list: Vec<String> = self
            .entries
            .iter()
            .map(|(name, content)| {
                format!(
                    "{{\"name\":\"x\",\"path\":\"{name}\",\"hash\":\"{}\",\"bytes\":{}}}",
                    Digest::of(content),
                    content.len()
                )
            })
            .collect();
        format!(
            "{{\"profile\":\"data-package\",\"wacz_version\":\"1.1.1\",\"resources\":[{}]}}",
            list.join(",")
        )
    }

    fn bytes(&self) -> Vec<u8> {
        let description = self.description.clone().unwrap_or_else(|| self.described());
        let mut entries = self.entries.clone();
        let seal =
            format!("{{\"path\":\"datapackage.json\",\"hash\":\"{}\"}}", Digest::of(description.as_bytes()));
        entries.push(("datapackage.json".into(), description.into_bytes()));
        if self.seal {
            entries.push(("datapackage-digest.json".into(), seal.into_bytes()));
        }
        zip(&entries)
    }
}

/// A ZIP with entries as they are; its CRC-32 is right.
fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let at = out.len() as u32;
        let mut shared = Vec::new();
        shared.extend_from_slice(&[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
        for word in [crc.sum(), content.len() as u32, content.len() as u32] {
            shared.extend_from_slice(&word.to_le_bytes());
        }
        shared.extend_from_slice(&(name.len() as u16).to_le_bytes());
        shared.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&shared);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(content);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&shared);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (at, count) = (out.len() as u32, entries.len() as u16);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn verdict(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wacz");
    fs::write(&path, bytes).unwrap();
    let mut codes = Vec::new();
    let report = verify_file(&path, &Limits::default(), &mut |record| {
        codes.extend(record.codes.iter().map(|code| code.to_string()));
    })
    .unwrap();
    codes.extend(report.findings.iter().map(|finding| finding.code.to_string()));
    codes.dedup();
    format!("{} {} {}", report.records, report.exit.code(), codes.join(" ")).trim_end().to_owned()
}

#[track_caller]
fn check(package: Package, expected: &str) {
    assert_eq!(verdict(&package.bytes()), expected);
}

#[test]
fn a_package_that_keeps_its_promises() {
    check(Package::new(), "2 0");
    let newer = Package::new();
    let text = newer.described().replace("data-package", "wacz").replace("\"wacz_version\":\"1.1.1\",", "");
    check(Package { description: Some(text), ..newer }, "2 0");
}

#[test]
fn each_promise_that_is_broken() {
    let without = |name: &str| {
        let mut package = Package::new();
        package.entries.retain(|(entry, _)| entry != name);
        package
    };
    check(without("archive/a.warc.gz"), "0 4 wacz-incomplete wacz-index wacz-page-absent");
    check(without("indexes/index.cdxj"), "2 4 wacz-incomplete wacz-index-incomplete");
    check(without("pages/pages.jsonl"), "2 4 wacz-incomplete");
    check(Package { seal: false, ..Package::new() }, "2 4 wacz-incomplete");

    let full = Package::new().described();
    let described = |text: String| Package { description: Some(text), ..Package::new() };
    check(described(full.replace("1.1.1", "9.9.9")), "2 4 wacz-version");
    check(described(full.replace("data-package", "wacz")), "2 4 wacz-version");
    check(described("{".into()), "2 4 wacz-description");
    check(described(full.replace("\"bytes\":", "\"bytes\":1")), "2 4 wacz-hash");
    check(described(full.replace("sha256:", "sha256:0")), "2 4 wacz-hash");
    check(
        described(full.replace("pages/pages.jsonl", "pages/other.jsonl")),
        "2 4 wacz-incomplete wacz-unlisted",
    );
    let older = full.replace("1.1.1", "1.0.0");
    check(Package { description: Some(older), seal: false, ..Package::new() }, "2 3 wacz-unsealed");
}

#[test]
fn an_index_that_leads_elsewhere() {
    const INDEX: &str = "indexes/index.cdxj";
    check(
        Package::new().replace(INDEX, "\"offset\":\"0\"", "\"offset\":\"7\""),
        "2 4 wacz-index wacz-index-incomplete",
    );
    check(
        Package::new().replace(INDEX, "\"url\":\"http://a.test/p\"", "\"url\":\"http://a.test/q\""),
        "2 4 wacz-index",
    );
    check(Package::new().replace(INDEX, "test,a)/p", "test,b)/p"), "2 4 wacz-index");
    check(Package::new().replace(INDEX, "\"mime\"", "\"digest\":\"sha256:00\",\"mime\""), "2 0");
    let digest = format!("\"digest\":\"{}\",\"mime\"", Digest::of(b"other"));
    check(Package::new().replace(INDEX, "\"mime\"", &digest), "2 4 wacz-index");
    let mut unsorted = Package::new();
    let text = String::from_utf8(unsorted.content(INDEX).clone()).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    *unsorted.content(INDEX) = lines.join("\n").into_bytes();
    check(unsorted, "2 4 wacz-index");
    check(Package::new().replace("pages/pages.jsonl", "a.test/p", "a.test/absent"), "2 4 wacz-page-absent");
    check(Package::new().replace("pages/pages.jsonl", "\"ts\"", "\"when\""), "2 4 wacz-page");
}

#[test]
fn what_an_index_or_a_list_says_otherwise_is_told() {
    const INDEX: &str = "indexes/index.cdxj";
    let index = |from: &str, to: &str| Package::new().replace(INDEX, from, to);
    check(index("test,a)/p 20161212100000", "test,a)/p 20161212100001"), "2 0 wacz-index-detail");
    check(index("test,a)/p 20161212100000", "test,a)/p 2016"), "2 0");
    check(index("\"status\":\"200\"", "\"status\":\"404\""), "2 0 wacz-index-detail");
    check(index("text/html", "text/plain"), "2 0 wacz-index-detail");
    check(index("text/html", "unk"), "2 0");
    let page = Package::new().replace("pages/pages.jsonl", "T10:00:00Z", "T10:00:01Z");
    check(page, "2 0 wacz-page-time");
}

#[test]
fn digests_that_the_format_does_not_know_are_not_called_wrong() {
    let full = Package::new().described();
    let digest = Digest::of(Package::new().content("pages/pages.jsonl")).to_string();
    for other in ["md5:d41d8cd98f00b204e9800998ecf8427e", "blake3:00", "d41d8cd98f00b204e9800998ecf8427e"] {
        let text = full.replace(&digest, other);
        assert_ne!(text, full);
        check(Package { description: Some(text), ..Package::new() }, "2 3 wacz-hash-kind");
    }
}

#[test]
fn a_place_in_a_container_that_no_file_has() {
    // The directory's 64-bit place of the first entry (4.5.3) lies beyond what a file can be.
    let good = Package::new().bytes();
    let at = good.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let end = good.len() - 22;
    let mut directory = good[at..end].to_vec();
    let name = "archive/a.warc.gz".len();
    let extra = [&[1, 0, 8, 0][..], &(1u64 << 63).to_le_bytes()].concat();
    directory[30..32].copy_from_slice(&12u16.to_le_bytes());
    directory[42..46].copy_from_slice(&[0xff; 4]);
    directory.splice(46 + name..46 + name, extra);
    let mut tail = good[end..].to_vec();
    tail[12..16].copy_from_slice(&(directory.len() as u32).to_le_bytes());
    assert_eq!(verdict(&[&good[..at], &directory, &tail].concat()), "0 4 zip-bad");
}

#[test]
fn containers_that_two_readers_read_differently() {
    let mut twice = Package::new();
    twice.entries.push(("archive/a.warc.gz".into(), b"other".to_vec()));
    check(twice, "0 4 zip-duplicate");
    let mut out = Package::new();
    out.entries.push(("../../out".into(), b"x".to_vec()));
    check(out, "0 4 zip-name");
    let good = Package::new().bytes();
    assert_eq!(verdict(&[good.as_slice(), b"tail"].concat()), "0 4 zip-stray-bytes");
    let behind = verdict(&[b"before", good.as_slice()].concat());
    assert!(behind.starts_with("0 4 zip-"), "{behind}");
    for name in ["./archive/a.warc.gz", "archive//a.warc.gz", "archive/./b.warc.gz"] {
        let mut other = Package::new();
        other.entries.push((name.into(), b"other".to_vec()));
        check(other, "0 4 zip-name");
    }
    // Every bit that is changed is found, but for the date and the maker of an entry.
    for at in (0..good.len()).step_by(7) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        let said = verdict(&changed);
        let idle = said == "2 0" && good != changed;
        assert!(!idle || is_idle(&good, at), "byte {at}: {said}");
    }
}

#[test]
fn a_package_that_is_cut_never_passes() {
    let good = Package::new().bytes();
    for length in (0..good.len()).step_by(5) {
        let said = verdict(&good[..length]);
        assert!(said.starts_with("0 4 ") || said.starts_with("0 3 "), "{length}: {said}");
    }
}

/// Bytes of a ZIP that carry nothing for a reader: versions, times, disks, attributes.
fn is_idle(bytes: &[u8], at: usize) -> bool {
    let within = |mark: &[u8], idle: &[std::ops::Range<usize>]| {
        (0..=at).rev().take(60).any(|from| {
            bytes[from..].starts_with(mark) && idle.iter().any(|range| range.contains(&(at - from)))
        })
    };
    within(b"PK\x03\x04", &[4..8, 10..14])
        || within(b"PK\x01\x02", &[4..10, 12..16, 34..42])
        || within(b"PK\x05\x06", &[4..6, 6..10])
}

#[test]
fn a_package_is_taken_in_once_and_its_records_are_read_in_place() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let bytes = Package::new().bytes();
    let path = sandbox.path("a.wacz");
    fs::File::create(&path).unwrap().write_all(&bytes).unwrap();
    let imported = archive.import_container(&Content::File(path.clone()), &named("a.wacz"), now()).unwrap();
    assert_eq!(imported.report.as_ref().unwrap().exit.code(), 0);
    assert_eq!(imported.captures.len(), 2);
    let page = imported.captures.iter().find(|stored| stored.capture.target == "http://a.test/p").unwrap();
    let fetched = archive.fetch(&page.capture).unwrap();
    assert_eq!(fetched.payload.bytes, b"<p>Alep, dit Jean.</p>");
    assert_eq!(sandbox.verify().exit.code(), 0);

    let again = archive.import_container(&Content::File(path), &named("a.wacz"), now()).unwrap();
    assert!(again.already_there);
    // The WARC inside, by itself: kept as a file of its own, its records are there already.
    let inside = archive.import_container(&Content::Bytes(warc().0), &named("a.warc.gz"), now()).unwrap();
    assert!(inside.captures.is_empty());
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn what_is_exported_verifies_and_comes_back() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[common::new(b"<!doctype html><p>x</p>", "text/html")]).unwrap();
    let given =
        archive.import_container(&Content::Bytes(Package::new().bytes()), &named("a.wacz"), now()).unwrap();
    let evidence = archive.evidence().clone();
    let export = |name: &str, leaves: Option<&std::collections::BTreeSet<_>>| {
        let path = sandbox.path(name);
        (evidence.export_wacz(leaves, &path, "Two", now()).unwrap(), path)
    };
    let (all, path) = export("all.wacz", None);
    assert_eq!((all.leaves.len(), all.withheld.len()), (3, 0));
    assert_eq!(verdict(&fs::read(&path).unwrap()), "4 0 key-beside-it", "a warcinfo and three captures");
    let (again, other) = export("again.wacz", None);
    assert_eq!(again.digest, all.digest);
    assert_eq!(fs::read(&path).unwrap(), fs::read(other).unwrap(), "same captures, same bytes");
    assert!(evidence.export_wacz(None, &path, "Two", now()).is_err(), "nothing is overwritten");

    let page = given.captures.iter().find(|stored| stored.capture.target == "http://a.test/p").unwrap();
    let (one, path) = export("one.wacz", Some(&[page.capture.leaf].into()));
    assert_eq!(one.leaves, [page.capture.leaf]);
    assert_eq!(verdict(&fs::read(&path).unwrap()), "1 0 key-beside-it");
    let theirs = Sandbox::new();
    let mut received = theirs.open().unwrap();
    let imported = received.import_container(&Content::File(path), &named("one.wacz"), now()).unwrap();
    assert_eq!(imported.captures[0].capture.id, page.capture.id, "the record is the same, byte for byte");

    let missing =
        evidence.export_wacz(Some(&[selon_model::LeafIndex(99)].into()), &sandbox.path("x.wacz"), "", now());
    assert!(missing.is_err() && !sandbox.path("x.wacz").exists());
}

#[test]
fn requests_that_others_recorded_with_their_cookies_stay_behind() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let asked =
        b"GET /p HTTP/1.1\r\nHost: a.test\r\nCookie: session=secret\r\nAuthorization: Basic c2VjcmV0\r\n\r\n";
    let request = member(&record("request", "http://a.test/p", "application/http;msgtype=request", asked));
    let bytes = [warc().0, request].concat();
    let imported = archive.import_container(&Content::Bytes(bytes), &named("a.warc.gz"), now()).unwrap();
    assert_eq!((imported.captures.len(), imported.report.unwrap().records), (2, 3));
    let (package, kit) = (sandbox.path("all.wacz"), sandbox.path("kit"));
    archive.evidence().export_wacz(None, &package, "Two", now()).unwrap();
    archive.evidence().export_kit(None, &kit, now()).unwrap();
    let mut exported = vec![package];
    let all = common::files(&kit);
    exported
        .extend(all.iter().filter(|(name, _)| name.ends_with(".warc.gz")).map(|(name, _)| kit.join(name)));
    assert_eq!(exported.len(), 2);
    for path in exported {
        let mut types = Vec::new();
        verify_file(&path, &Limits::default(), &mut |record| types.push(record.record_type)).unwrap();
        assert_eq!(types, ["resource", "response"], "{}", path.display());
    }
}

#[test]
fn arc_files_are_taken_in() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let page = String::from_utf8(PAGE.to_vec()).unwrap();
    let first = "filedesc://a.arc 192.0.2.1 20140216050221 text/plain 6\n1 0 x\n";
    let line = format!("http://a.test/p 192.0.2.1 20140216050221 text/html {}\n{page}", page.len());
    for bytes in [
        format!("{first}\n{line}\n").into_bytes(),
        [member(first.as_bytes()), member(format!("{line}\n").as_bytes())].concat(),
    ] {
        let imported = archive.import_container(&Content::Bytes(bytes), &named("a.arc"), now()).unwrap();
        assert_eq!(imported.report.unwrap().exit.code(), 3);
        for stored in &imported.captures {
            let fetched = archive.fetch(&stored.capture).unwrap();
            assert_eq!(fetched.payload.bytes, b"<p>Alep, dit Jean.</p>");
        }
    }
    assert_eq!(sandbox.verify().exit.code(), 0);
    let found: Vec<_> = archive.captures().unwrap().collect();
    assert_eq!(found.len(), 1, "the same record in another container adds no capture");
}

#[test]
fn a_package_that_is_ambiguous_is_kept_and_nothing_in_it_cited() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let mut twice = Package::new();
    twice.entries.push(("archive/a.warc.gz".into(), b"other".to_vec()));
    let imported = archive.import_container(&Content::Bytes(twice.bytes()), &named("a.wacz"), now()).unwrap();
    assert_eq!((imported.captures.len(), imported.report.unwrap().exit.code()), (0, 4));
    assert_eq!(sandbox.verify().exit.code(), 0);
    let no_package = zip(&[("word/document.xml".into(), b"<x/>".to_vec())]);
    assert!(archive.import_container(&Content::Bytes(no_package), &named("a.docx"), now()).is_err());
}

/// The entries of a package that was handed out, but for those that seal it.
fn handed_out() -> Package {
    let sandbox = Sandbox::new();
    sandbox.open().unwrap().append(&[common::text("Un."), common::text("Deux.")]).unwrap();
    let path = sandbox.path("all.wacz");
    Evidence::open(&sandbox.folder()).unwrap().export_wacz(None, &path, "T", now()).unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!(verdict(&bytes), "3 0 key-beside-it");
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let end = bytes.len() - 22;
    let mut at = word(end + 16);
    let mut entries = Vec::new();
    for _ in 0..half(end + 10) {
        let (length, name) = (word(at + 24), half(at + 28));
        let local = word(at + 42);
        let data = local + 30 + half(local + 26) + half(local + 28);
        let named = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap();
        entries.push((named, bytes[data..data + length].to_vec()));
        at += 46 + name + half(at + 30) + half(at + 32);
    }
    entries.retain(|(name, _)| !name.starts_with("datapackage"));
    Package { entries, description: None, seal: true }
}

#[test]
fn the_proofs_in_a_package_are_held_against_its_records() {
    check(handed_out(), "3 0 key-beside-it");
    check(
        handed_out().replace("selon/1.manifest.json", "remnant", "browser"),
        "3 4 key-beside-it proof-bad unproved",
    );
    check(
        handed_out().replace("selon/1.tlog-proof", "index 1", "index 2"),
        "3 4 key-beside-it proof-bad unproved",
    );
    check(handed_out().replace("selon/checkpoint", "— ", "— x"), "3 4 checkpoint-bad");
    let mut smuggled = handed_out();
    let record = member(&record("resource", "urn:x:1", "text/plain", b"forged"));
    let archive = smuggled.entries.iter().find(|(name, _)| name.starts_with("archive/")).unwrap().0.clone();
    smuggled.content(&archive).extend(record);
    check(smuggled, "4 3 key-beside-it unproved wacz-index-incomplete");
    let mut two = handed_out();
    two.entries.retain(|(name, _)| !name.starts_with("selon/1."));
    check(two, "3 3 key-beside-it unproved");
}
