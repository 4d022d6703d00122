//! What holds for every reader of evidence, whatever the bytes. The fuzz targets call these
//! functions; so do the tests that replay the seeds, which include this file.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use selon_capture::fetch::{Feed, Robots, Sitemap, of_css, of_html, wall};
use selon_capture::manifest::{Manifest, ManifestLine};
use selon_capture::note::{Checkpoint, Note, VerifyingKey};
use selon_capture::proof::LogProof;
use selon_capture::tile::{numbered, parse_bundle, parse_hashes, parse_numbered, write_bundle, write_hashes};
use selon_capture::timestamp::{StampCheck, check_stamp, nonce_of_request};
use selon_capture::{
    Certificate, Content, EvidenceArchive, Exit, HttpHead, Limits, NewCapture, Options, Step, WarcReader,
    answer_body, request_of, verify_archive, verify_wacz, verify_warc,
};
use selon_model::{Digest, LeafIndex, Origin, Stated};

/// WARC and ARC files: every verdict adds up.
pub fn warc(bytes: &[u8]) {
    let mut given = 0;
    if let Ok(report) = verify_warc(Cursor::new(bytes), "x", &Limits::default(), &mut |_| given += 1) {
        assert_eq!(report.verdicts.iter().sum::<u64>(), given);
        assert!(report.records <= given);
    }
}

/// gzip members. The first byte says whether the rest are stored bytes behind a member's first
/// three, or the contents of right members, which stand apart by `|--|`. Its second bit says that every
/// second of these stands between members as it is, before as many of the last bytes of the member
/// as its own first byte says.
pub fn gzip(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    if first & 1 == 0 {
        return members(&[&[0x1f, 0x8b, 0x08], rest].concat());
    }
    let mut file = Vec::new();
    let mut from = 0;
    let ends = rest.windows(4).enumerate().filter(|(_, four)| four == b"|--|").map(|(at, _)| at);
    for (number, end) in ends.chain([rest.len()]).take(16).enumerate() {
        let piece = &rest[from.min(end)..end];
        if first & 2 != 0 && number % 2 == 1 {
            let again = usize::from(piece.first().copied().unwrap_or(0) % 9).min(file.len());
            let last = file[file.len() - again..].to_vec();
            file.extend([piece, &last].concat());
        } else {
            file.extend(member(piece));
        }
        from = end + 4;
    }
    members(&file);
}

/// What is given as a record's own bytes is one member and nothing else, as another reader of gzip
/// sees it.
fn members(file: &[u8]) {
    warc(file);
    let mut reader = WarcReader::new(Cursor::new(file), Limits::default()).expect("memory can be read");
    while let Some(step) = reader.next().expect("memory can be read") {
        let Step::Record(head) = step else { continue };
        let tail = reader.block(&mut |_| ()).expect("memory can be read");
        let Some(length) = tail.stored_length.filter(|_| reader.is_compressed()) else { continue };
        let stored = &file[head.offset as usize..][..length as usize];
        let mut decoder = flate2::bufread::GzDecoder::new(stored);
        // What it is stricter about, such as a header's own checksum, shows nothing here.
        if std::io::copy(&mut decoder, &mut std::io::sink()).is_ok() {
            assert_eq!(decoder.into_inner(), b"", "bytes of no member belong to a record");
        }
    }
}

fn member(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// WACZ packages: the ZIP container and all in it.
pub fn wacz(bytes: &[u8]) {
    let mut given = 0;
    let report = verify_wacz(Cursor::new(bytes), "x", &Limits::default(), &mut |_| given += 1);
    assert_eq!(report.map(|report| report.verdicts.iter().sum::<u64>()).ok(), Some(given));
}

/// An index in a package that is right but for it, and a list of pages behind a NUL.
pub fn cdxj(bytes: &[u8]) {
    const PAGES: &[u8] = b"{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n{\"url\":\"http://a.test/\",\"ts\":\"2016-12-12T10:00:00Z\"}\n";
    let (index, pages) = match bytes.iter().position(|&byte| byte == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, PAGES),
    };
    let archive = member(ONE_RECORD);
    let parts =
        [("archive/a.warc.gz", &archive[..]), ("indexes/index.cdx", index), ("pages/pages.jsonl", pages)];
    let resources: Vec<String> = parts
        .iter()
        .map(|(path, content)| {
            format!(
                r#"{{"name":"{0}","path":"{path}","hash":"{1}","bytes":{2}}}"#,
                path.rsplit('/').next().unwrap_or(path),
                Digest::of(content),
                content.len()
            )
        })
        .collect();
    let package = format!(
        r#"{{"profile":"data-package","wacz_version":"1.1.1","resources":[{}]}}"#,
        resources.join(",")
    );
    let seal = format!(r#"{{"path":"datapackage.json","hash":"{}"}}"#, Digest::of(package.as_bytes()));
    let all = parts
        .into_iter()
        .chain([("datapackage.json", package.as_bytes()), ("datapackage-digest.json", seal.as_bytes())]);
    let file = zip(&all.collect::<Vec<_>>());
    let mut given = 0;
    let report = verify_wacz(Cursor::new(&file[..]), "x", &Limits::default(), &mut |_| given += 1);
    let report = report.expect("memory can be read");
    assert_eq!(given, 1, "the one record was not judged");
    let about_zip = report.findings.iter().find(|finding| finding.item.contains("zip"));
    assert!(about_zip.is_none(), "{about_zip:?}");
}

const ONE_RECORD: &[u8] = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:8ab1a7d8-b4dc-4c4e-9f0e-3f2a3bd4a001>\r\nWARC-Date: 2016-12-12T10:00:00Z\r\nWARC-Target-URI: http://a.test/\r\nContent-Type: text/plain\r\nWARC-Block-Digest: sha1:7YC3ZXG4JEUACJ4BUXY2FJ34XNJZRYIG\r\nContent-Length: 3\r\n\r\none\r\n\r\n";

/// A ZIP whose entries are stored as they are (APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16).
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        shared.extend(crc.sum().to_le_bytes());
        shared.extend((content.len() as u32).to_le_bytes());
        shared.extend((content.len() as u32).to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        directory.extend([0x50, 0x4b, 1, 2, 20, 0]);
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend([0x50, 0x4b, 3, 4]);
        file.extend(&shared);
        file.extend(name.as_bytes());
        file.extend(*content);
    }
    let (at, length, count) = (file.len() as u32, directory.len() as u32, entries.len() as u16);
    file.extend(directory);
    file.extend([0x50, 0x4b, 5, 6, 0, 0, 0, 0]);
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(length.to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// Notes, checkpoints, keys and proofs of a log: what is read is written the same.
pub fn log_text(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes)
        && let Ok(checkpoint) = Checkpoint::parse(&note.text)
    {
        assert!(note.text.starts_with(&checkpoint.text()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(proof) = LogProof::parse(text) {
        assert_eq!(LogProof::parse(&proof.text()), Some(proof));
    }
    if let Ok(key) = text.parse::<VerifyingKey>() {
        assert_eq!(key.to_string(), text);
        assert!(Checkpoint::open(bytes, &key).is_err());
    }
}

/// Tiles, bundles of entries and their paths: what is read is written the same.
pub fn tile(bytes: &[u8]) {
    if let Some(hashes) = parse_hashes(bytes) {
        assert_eq!(write_hashes(&hashes), bytes);
    }
    if let Some(entries) = parse_bundle(bytes) {
        let entries: Vec<Vec<u8>> = entries.into_iter().map(<[u8]>::to_vec).collect();
        assert_eq!(write_bundle(&entries), bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(number) = parse_numbered(text)
    {
        assert_eq!(numbered(number), text);
    }
}

/// A line of a manifest file, or what stands behind its salt.
pub fn manifest(bytes: &[u8]) {
    let salted = [&[b'0'; 64], &b" "[..], bytes].concat();
    for line in [bytes, &salted] {
        let Some(line) = ManifestLine::parse(line) else { continue };
        if let Ok(manifest) = line.manifest() {
            manifest.capture(LeafIndex(0));
            let again = serde_json::to_string(&manifest).expect("what was read can be written");
            let read: Manifest = serde_json::from_str(&again).expect("and read");
            assert_eq!(read, manifest);
        }
    }
}

/// Timestamps, requests and certificates. What is held against no root never passes.
pub fn stamp(bytes: &[u8]) {
    let roots = Certificate::parse_all(bytes).unwrap_or_default();
    let _ = check_stamp(bytes, &StampCheck { others: roots, ..StampCheck::default() });
    assert!(!check_stamp(bytes, &StampCheck::default()).is_right());
    let _ = nonce_of_request(bytes);
}

/// An authority's answer over HTTP, and the token in it.
pub fn answer(bytes: &[u8]) {
    if let Ok(body) = answer_body(bytes, 1 << 16) {
        assert!(body.len() <= bytes.len());
        assert!(!check_stamp(&body, &StampCheck::default()).is_right());
    }
    let mut random = [0; 8];
    random.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    let request = request_of(bytes, random);
    assert_eq!(request.len(), 69);
    assert!(nonce_of_request(&request).is_some());
}

/// HTTP heads, and what stands before a page.
pub fn http_head(bytes: &[u8]) {
    let Some(head) = HttpHead::parse(bytes) else { return };
    assert!(head.fields.iter().all(|(name, value)| !name.contains('\n') && !value.contains('\n')));
    let url = address();
    wall(&url, &url, &head, &String::from_utf8_lossy(bytes));
}

fn address() -> url::Url {
    url::Url::parse("http://a.test/").expect("an address")
}

/// Feeds of all kinds in all encodings, and the addresses in pages and style sheets.
pub fn feed(bytes: &[u8]) {
    for charset in [None, Some("utf-16le"), Some("gb2312")] {
        if let Some(feed) = Feed::parse(bytes, charset) {
            assert!(feed.entries.len() <= bytes.len());
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let base = address();
    for url in of_html(&text, &base).into_iter().chain(of_css(&text, &base)) {
        assert!(matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    }
}

/// Sitemaps as XML and as text.
pub fn sitemap(bytes: &[u8]) {
    for is_text in [false, true] {
        if let Some(sitemap) = Sitemap::parse(bytes, None, is_text) {
            assert!(sitemap.places.iter().all(|place| !place.address.is_empty()));
        }
    }
}

/// robots.txt against the path behind its last NUL.
pub fn robots(bytes: &[u8]) {
    let robots = Robots::parse(bytes);
    assert!(robots.allows("/robots.txt"));
    let path = bytes.split(|&byte| byte == 0).next_back().unwrap_or(&[]);
    robots.allows(&format!("/{}", String::from_utf8_lossy(path)));
}

/// Names and contents of files.
type NamedFiles = Vec<(String, Vec<u8>)>;

/// A folder with an archive of which one file is changed: the first byte says which, the second
/// how, the rest is what. What is changed never verifies, but for lines and bytes behind the end.
pub fn archive(bytes: &[u8]) {
    static BASE: OnceLock<(PathBuf, NamedFiles)> = OnceLock::new();
    let [which, how, rest @ ..] = bytes else { return };
    let (folder, files) = BASE.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("selon-fuzz-{}", std::process::id()));
        let files = small_archive(&folder);
        (folder.join("archive"), files)
    });
    let (name, content) = &files[usize::from(*which) % files.len()];
    let changed = match how % 4 {
        0 => rest.to_vec(),
        1 => [content, rest].concat(),
        2 => content[..content.len() * rest.len().min(250) / 251].to_vec(),
        _ => {
            let mut changed = content.clone();
            for four in rest.chunks_exact(4) {
                let at = usize::from(u16::from_le_bytes([four[0], four[1]])) % (changed.len() + 1);
                let end = (at + usize::from(four[2] >> 4)).min(changed.len());
                changed.splice(at..end, [four[3]]);
            }
            changed
        }
    };
    let path = folder.join(name);
    std::fs::write(&path, &changed).expect("the folder can be written");
    let report = verify_archive(folder, &Limits::default()).expect("the folder can be read");
    std::fs::write(&path, content).expect("the folder can be written");
    let evidence =
        ["manifests/", "warc/", "imported/", "ledger/tile/"].iter().any(|part| name.starts_with(part));
    if evidence && !changed.starts_with(content) {
        assert_eq!(report.exit, Exit::Failed, "{name} was changed: {report:?}");
    }
}

/// Makes an archive in `folder` and gives its files.
fn small_archive(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let now = "2026-11-22T10:15:00Z".parse().expect("a time");
    let mut at = 0u8;
    let random = Box::new(move |bytes: &mut [u8]| {
        bytes.fill_with(|| {
            at = at.wrapping_mul(5).wrapping_add(3);
            at
        });
        Ok(())
    });
    let _ = std::fs::remove_dir_all(folder);
    let place = folder.join("archive");
    let options = Options { random, ..Options::default() };
    let mut archive =
        EvidenceArchive::open_with(&place, &folder.join("key"), now, options).expect("a new archive");
    let new = |text: &str| NewCapture {
        content: Content::Bytes(text.as_bytes().to_vec()),
        origin: Origin::Remnant,
        media_type: "text/plain".to_owned(),
        stated: Stated::default(),
        began: now,
    };
    archive.append(&[new("one"), new("two")]).expect("two things");
    let container = Content::Bytes(member(ONE_RECORD));
    archive.import_container(&container, &Stated::default(), now).expect("a container");
    drop(archive);
    let mut files = Vec::new();
    let mut folders = vec![place.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(&place)
                && name != Path::new("lock")
            {
                let content = std::fs::read(&path).expect("the file can be read");
                files.push((name.to_string_lossy().into_owned(), content));
            }
        }
    }
    files.sort();
    files
}
