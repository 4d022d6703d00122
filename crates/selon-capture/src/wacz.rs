//! WACZ packages, held against their own promises (WACZ 1.0.0, 1.1.1 and 1.2.0).
//!
//! A package is evidence only as far as every reader sees the same in it: one content for each
//! name, every file covered by the seal, every index line and page leading to a record that is
//! there. What `wacz validate` lets pass is refused here. All of it is read in place.

mod proofs;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read, Seek};

use flate2::read::MultiGzDecoder;
use selon_model::Digest;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::cdxj::{CdxjLine, surt};
use crate::check::Checked;
use crate::code::{Code, Weight};
use crate::digest::{Algorithm, Labelled};
use crate::error::{Result, stream_error};
use crate::form::FileKind;
use crate::http::{HttpHead, media_type};
use crate::limits::Limits;
use crate::record::{RecordHeader, RecordType, escape_controls};
use crate::verify::{FileReport, Pass, RecordVerdict, Revisits};
use crate::wacz_signature;
use crate::warc::{Head, Tail};
use crate::zip::{Section, Zip, ZipEntry, read_entry};
use proofs::{Placed, VKEY};

const PACKAGE: &str = "datapackage.json";
const SEAL: &str = "datapackage-digest.json";
const PAGES: &str = "pages/pages.jsonl";

/// Checks a package; gives its archive files too, which are none where readers could differ on them.
///
/// # Errors
/// `Unavailable` when it cannot be read.
pub(crate) fn verify(
    input: &mut (impl Read + Seek),
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(RecordVerdict),
) -> Result<(FileReport, Vec<ZipEntry>)> {
    let mut report = FileReport { file: name.to_owned(), kind: FileKind::Wacz, ..FileReport::default() };
    let zip = Zip::read(input, limits)?;
    for (code, what) in &zip.faults {
        say(&mut report, *code, "container", what);
    }
    if zip.faults.iter().any(|(code, _)| code.weight() == Weight::Failure) {
        // Two readers may see two packages: nothing that this one saw is worth a verdict.
        return Ok((report, Vec::new()));
    }
    let mut check = Check {
        zip,
        report,
        limits,
        covered: HashSet::new(),
        records: HashMap::new(),
        files: HashMap::new(),
        targets: HashSet::new(),
        proved: None,
        targets_then: HashSet::new(),
    };
    check.proved = check.zip.get(VKEY).map(|_| Vec::new());
    check.package(input)?;
    check.promised();
    check.archives(input, each)?;
    check.proofs(input)?;
    if check.zip.entries.iter().all(|entry| entry.is_stored || !is_archive(&entry.name)) {
        // Where records cannot be read, all that leads to them would be said to lead nowhere.
        check.indexes(input)?;
        check.pages(input)?;
    }
    let archives = check.archive_entries();
    Ok((check.report, archives))
}

/// Whether a ZIP container is a package at all, in whatever state.
///
/// # Errors
/// `Unavailable` when it cannot be read.
pub(crate) fn is_package(input: &mut (impl Read + Seek), limits: &Limits) -> Result<bool> {
    let zip = Zip::read(input, limits)?;
    Ok(zip.entries.iter().any(|entry| entry.name == PACKAGE || is_archive(&entry.name)))
}

fn say(report: &mut FileReport, code: Code, item: &str, what: &str) {
    let item = escape_controls(item);
    let detail = if what.is_empty() { String::new() } else { format!(" ({})", escape_controls(what)) };
    report.find(code, 0, item.clone(), format!("{item}: {}{detail}", code.sentence()));
}

/// What the package says of itself.
#[derive(Deserialize)]
struct Package {
    profile: Option<String>,
    wacz_version: Option<String>,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    hash: Option<String>,
    bytes: Option<u64>,
    /// 1.0.0 puts both here, and the algorithm beside it.
    stats: Option<Stats>,
    hashing: Option<String>,
}

#[derive(Deserialize)]
struct Stats {
    hash: String,
    bytes: u64,
}

#[derive(Deserialize)]
struct Seal {
    path: String,
    hash: String,
    #[serde(rename = "signedData")]
    signed: Option<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Has no seal.
    V1_0,
    V1_1,
    V1_2,
}

/// What an index line is held against: short names, so that memory grows by some 200 bytes a record.
struct Known {
    length: Option<u64>,
    target: [u8; 16],
    /// WARC-Date in digits, as far as it goes: 14 at most.
    time: Option<u64>,
    status: Option<u16>,
    /// Media type; all of a revisit are one.
    mime: Option<[u8; 16]>,
    /// A response or resource: what an index is there for.
    is_content: bool,
    /// Its file is not compressed.
    is_plain: bool,
    /// An index leads to it.
    is_indexed: bool,
    /// As the record states or as computed: SHA-1 and SHA-256 of the payload, with and without
    /// transfer coding.
    digests: Box<[(Algorithm, [u8; 16])]>,
}

/// Records remembered of a package, for its index and pages.
const MOST_RECORDS: usize = 800_000;

/// File, by its number among the archive files, and offset.
type Place = (u32, u64);

struct Check<'l> {
    zip: Zip,
    report: FileReport,
    limits: &'l Limits,
    /// Files whose content agrees with the digest that the sealed description lists.
    covered: HashSet<String>,
    records: HashMap<Place, Known>,
    /// Archive files as indexes name them, and their numbers.
    files: HashMap<String, u32>,
    /// Short digests of the addresses that content records have.
    targets: HashSet<[u8; 16]>,
    /// And of these with the record's time.
    targets_then: HashSet<[u8; 16]>,
    /// In a package with proofs of a log: its records, to be held against them.
    proved: Option<Vec<Placed>>,
}

impl Check<'_> {
    fn say(&mut self, code: Code, item: &str, what: &str) {
        say(&mut self.report, code, item, what);
    }

    /// Says what is odd about lines of a file, where anything is.
    fn note(&mut self, code: Code, item: &str, odd: Odd) {
        if let Some(first) = odd.first {
            let more = if odd.count > 1 { format!("; {} lines in all", odd.count) } else { String::new() };
            self.say(code, item, &format!("{first}{more}"));
        }
    }

    /// Content of a small entry; `None` where it is not there or is too large.
    fn small(&mut self, input: &mut (impl Read + Seek), name: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = self.zip.get(name).cloned() else { return Ok(None) };
        if entry.length > self.limits.json {
            self.say(Code::WaczLimit, name, &format!("{} bytes", entry.length));
            return Ok(None);
        }
        let mut content = Vec::new();
        let whole = read_entry(input, &entry, &mut |piece| {
            content.extend_from_slice(piece);
            true
        })?;
        if !whole {
            self.say(Code::WaczHash, name, "its content does not have the stated size and checksum");
            return Ok(None);
        }
        Ok(Some(content))
    }

    /// The description of the package, its seal, and every resource that it lists.
    fn package(&mut self, input: &mut (impl Read + Seek)) -> Result<()> {
        let Some(bytes) = self.small(input, PACKAGE)? else {
            if self.zip.get(PACKAGE).is_none() {
                self.say(Code::WaczIncomplete, PACKAGE, "it is not there");
            }
            return Ok(());
        };
        let package: Package = match serde_json::from_slice(&bytes) {
            Ok(package) => package,
            Err(error) => {
                self.say(Code::WaczDescription, PACKAGE, &error.to_string());
                return Ok(());
            }
        };
        let version = match (package.profile.as_deref(), package.wacz_version.as_deref()) {
            (Some("wacz"), None) => Version::V1_2,
            (Some("data-package") | None, Some("1.0.0")) => Version::V1_0,
            (Some("data-package") | None, Some("1.1.0" | "1.1.1")) => Version::V1_1,
            (profile, version) => {
                let said = |name: &str, value: Option<&str>| match value {
                    Some(value) => format!("{name} {value:?}"),
                    None => format!("no {name}"),
                };
                let what = format!("{}, {}", said("profile", profile), said("wacz_version", version));
                self.say(Code::WaczVersion, PACKAGE, &what);
                Version::V1_1
            }
        };
        self.seal(input, version, &Digest::of(&bytes))?;
        self.resources(input, &package.resources, version)
    }

    fn seal(&mut self, input: &mut (impl Read + Seek), version: Version, digest: &Digest) -> Result<()> {
        let Some(bytes) = self.small(input, SEAL)? else {
            if self.zip.get(SEAL).is_none() {
                let code = if version == Version::V1_0 { Code::WaczUnsealed } else { Code::WaczIncomplete };
                self.say(code, SEAL, "it is not there");
            }
            return Ok(());
        };
        match serde_json::from_slice::<Seal>(&bytes) {
            Err(error) => self.say(Code::WaczDescription, SEAL, &error.to_string()),
            Ok(seal) if seal.path != PACKAGE || !is_digest(&seal.hash, digest) => {
                self.say(Code::WaczHash, PACKAGE, "the seal in datapackage-digest.json is of other content");
            }
            Ok(Seal { signed: Some(signed), .. }) => {
                let hash = signed.get("hash").and_then(Value::as_str).unwrap_or("");
                if is_digest(hash, digest) {
                    for (code, detail) in wacz_signature::judge(&signed) {
                        self.say(code, SEAL, &detail);
                    }
                } else {
                    self.say(Code::WaczHash, SEAL, "what was signed is of other content");
                }
            }
            Ok(_) => {}
        }
        Ok(())
    }

    fn resources(
        &mut self,
        input: &mut (impl Read + Seek),
        resources: &[Resource],
        version: Version,
    ) -> Result<()> {
        let mut listed: BTreeSet<&str> = BTreeSet::new();
        for resource in resources {
            let path = resource.path.as_str();
            if !listed.insert(path) {
                self.say(Code::WaczDescription, path, "it is listed twice");
                continue;
            }
            let Some(entry) = self.zip.get(path).cloned() else {
                self.say(Code::WaczIncomplete, path, "it is listed and not there");
                continue;
            };
            let (hash, bytes) = match &resource.stats {
                Some(stats) if version == Version::V1_0 => (
                    Some(format!("{}:{}", resource.hashing.as_deref().unwrap_or("sha256"), stats.hash)),
                    Some(stats.bytes),
                ),
                _ => (resource.hash.clone(), resource.bytes),
            };
            if bytes.is_some_and(|bytes| bytes != entry.length) {
                self.say(Code::WaczHash, path, "its size is not the listed one");
                continue;
            }
            let Some(digest) = self.hash(input, &entry)? else {
                self.say(Code::WaczHash, path, "its content does not have the stated size and checksum");
                continue;
            };
            match hash {
                None => {
                    let code =
                        if version == Version::V1_0 { Code::WaczUnsealed } else { Code::WaczDescription };
                    self.say(code, path, "no digest is listed for it");
                }
                Some(hash) if !is_labelled_sha256(&hash) => {
                    let code = if version == Version::V1_0 { Code::WaczUnsealed } else { Code::WaczHashKind };
                    self.say(code, path, hash.split_once(':').map_or("no label", |(label, _)| label));
                }
                Some(hash) if !is_digest(&hash, &digest) => self.say(Code::WaczHash, path, ""),
                Some(_) if version == Version::V1_0 => {}
                Some(_) => {
                    self.covered.insert(path.to_owned());
                }
            }
        }
        let mut unlisted: Vec<String> = self
            .zip
            .entries
            .iter()
            .map(|entry| entry.name.clone())
            .filter(|name| !name.ends_with('/') && name != PACKAGE && name != SEAL)
            .filter(|name| !listed.contains(name.as_str()))
            .collect();
        unlisted.sort();
        for name in unlisted {
            let inside = ["archive/", "indexes/", "pages/"].iter().any(|folder| name.starts_with(folder));
            self.say(if inside { Code::WaczUnlisted } else { Code::WaczExtra }, &name, "");
        }
        Ok(())
    }

    fn hash(&self, input: &mut (impl Read + Seek), entry: &ZipEntry) -> Result<Option<Digest>> {
        let mut hasher = Sha256::new();
        let whole = read_entry(input, entry, &mut |piece| {
            hasher.update(piece);
            true
        })?;
        Ok(whole.then(|| Digest::from_bytes(hasher.finalize().into())))
    }

    /// Records, an index and a list of pages; nothing compressed twice.
    fn promised(&mut self) {
        let names: Vec<(String, bool)> =
            self.zip.entries.iter().map(|entry| (entry.name.clone(), entry.is_stored)).collect();
        if !names.iter().any(|(name, _)| is_archive(name)) {
            self.say(Code::WaczIncomplete, "archive/", "it holds no WARC file");
        }
        if !names.iter().any(|(name, _)| is_index(name)) {
            self.say(Code::WaczIncomplete, "indexes/", "it holds no index");
        }
        if !names.iter().any(|(name, _)| name == PAGES) {
            self.say(Code::WaczIncomplete, PAGES, "it is not there");
        }
        for (name, _) in names
            .iter()
            .filter(|(name, is_stored)| !is_stored && (name.starts_with("archive/") || name.ends_with(".gz")))
        {
            self.say(Code::WaczDeflated, name, "");
        }
    }

    /// The files of records, where these can be addressed.
    fn archive_entries(&self) -> Vec<ZipEntry> {
        let readable = |entry: &&ZipEntry| entry.is_stored && is_archive(&entry.name);
        self.zip.entries.iter().filter(readable).cloned().collect()
    }

    /// Every record of every archive file, and what the index is held against.
    fn archives(
        &mut self,
        input: &mut (impl Read + Seek),
        each: &mut dyn FnMut(RecordVerdict),
    ) -> Result<()> {
        let entries = self.archive_entries();
        let mut revisits = Revisits::default();
        for (number, entry) in entries.into_iter().enumerate() {
            let section = Section::new(&mut *input, &entry).map_err(stream_error)?;
            let file = entry.name.trim_start_matches("archive/");
            let index = self.files.len() as u32;
            self.files.insert(file.to_owned(), index);
            let (records, targets, then) = (&mut self.records, &mut self.targets, &mut self.targets_then);
            let proved = &mut self.proved;
            let mut full = false;
            let mut see = |head: &Head, tail: &Tail, checked: &mut Checked| {
                let header = &head.header;
                let uri = header.target_uri().unwrap_or("");
                let time = header.get("WARC-Date").and_then(digits);
                full |= records.len() >= MOST_RECORDS;
                if header.record_type.is_content() && !full {
                    targets.insert(short(uri));
                    then.extend(time.map(|time| short(&format!("{time} {uri}"))));
                }
                if let Some(proved) = proved.as_mut().filter(|_| !full) {
                    let id = header.get("WARC-Record-ID").map(|id| short(id.trim_matches(['<', '>'])));
                    let is_info = header.record_type == RecordType::Warcinfo;
                    let (offset, length) = (head.offset, tail.stored_length);
                    proved.push(Placed { id, is_info, entry: number, offset, length });
                }
                if !full {
                    let stated = header.payload_digest().and_then(std::result::Result::ok);
                    let mut digests: Vec<_> = checked.index.drain(..).chain(stated).map(brief).collect();
                    digests.sort_unstable();
                    digests.dedup();
                    let known = Known {
                        length: tail.stored_length,
                        target: short(uri),
                        time,
                        status: checked.http.as_ref().and_then(|http| http.status),
                        mime: mime_of(header, checked.http.as_ref()).map(|mime| short(&mime)),
                        is_content: matches!(header.record_type, RecordType::Response | RecordType::Resource),
                        is_plain: file.ends_with(".warc"),
                        is_indexed: false,
                        digests: digests.into(),
                    };
                    records.insert((index, head.offset), known);
                }
            };
            let mut pass = Pass {
                limits: self.limits,
                covered: self.covered.contains(&entry.name),
                index: true,
                revisits: &mut revisits,
                see: &mut see,
            };
            pass.run(BufReader::new(section), &entry.name, &mut self.report, each)?;
            if full {
                self.say(Code::WaczLimit, &entry.name, "more records than are held against an index");
            }
        }
        revisits.settle(&mut self.report, each);
        Ok(())
    }

    /// Every index line against the record that it leads to.
    fn indexes(&mut self, input: &mut (impl Read + Seek)) -> Result<()> {
        let entries: Vec<ZipEntry> =
            self.zip.entries.iter().filter(|entry| is_index(&entry.name)).cloned().collect();
        for entry in entries.iter().filter(|entry| entry.is_stored || !entry.name.ends_with(".gz")) {
            let mut index = Index {
                records: &mut self.records,
                files: &self.files,
                number: 0,
                last: Vec::new(),
                wrong: Vec::new(),
                odd: Odd::default(),
            };
            let whole = if entry.name.ends_with(".gz") {
                let section = Section::new(&mut *input, entry).map_err(stream_error)?;
                read_lines(MultiGzDecoder::new(BufReader::new(section)), self.limits, &mut index)
            } else if entry.length > self.limits.zip_directory {
                Err("it is larger than any real one".to_owned())
            } else {
                let mut bytes = Vec::new();
                let whole = read_entry(input, entry, &mut |piece| {
                    bytes.extend_from_slice(piece);
                    true
                })?;
                let read = read_lines(bytes.as_slice(), self.limits, &mut index);
                if whole { read } else { Err("it cannot be read".to_owned()) }
            };
            let (mut wrong, odd) = (index.wrong, index.odd);
            wrong.extend(whole.err());
            self.note(Code::WaczIndexDetail, &entry.name, odd);
            for what in wrong {
                self.say(Code::WaczIndex, &entry.name, &what);
            }
        }
        let missing = self.records.values().filter(|known| known.is_content && !known.is_indexed).count();
        if missing > 0 {
            let records = if missing == 1 { "record" } else { "records" };
            self.say(Code::WaczIndexIncomplete, "indexes/", &format!("{missing} {records}"));
        }
        Ok(())
    }

    /// Every page has a record of its address.
    fn pages(&mut self, input: &mut (impl Read + Seek)) -> Result<()> {
        let names: Vec<String> = self
            .zip
            .entries
            .iter()
            .map(|entry| entry.name.clone())
            .filter(|name| name.starts_with("pages/") && name.ends_with(".jsonl"))
            .collect();
        for name in names {
            let Some(bytes) = self.small(input, &name)? else { continue };
            let mut wrong: BTreeMap<u64, (Code, String)> = BTreeMap::new();
            let mut odd = Odd::default();
            for (number, line) in (1u64..).zip(bytes.split(|&byte| byte == b'\n')) {
                let line = line.trim_ascii();
                if line.is_empty() || wrong.len() > 1000 {
                    continue;
                }
                let Ok(page) = serde_json::from_slice::<Value>(line) else {
                    wrong.insert(number, (Code::WaczPage, "it is no JSON".to_owned()));
                    continue;
                };
                if number == 1 && page.get("format").is_some() {
                    continue;
                }
                let (url, time) = (page.get("url").and_then(Value::as_str), page.get("ts"));
                match (url, time) {
                    (Some(url), Some(time)) => {
                        let bare = url.split('#').next().unwrap_or(url);
                        let names = [url, bare, &format!("{bare}/")].map(str::to_owned);
                        if !names.iter().any(|url| self.targets.contains(&short(url))) {
                            wrong.insert(number, (Code::WaczPageAbsent, url.to_owned()));
                        } else if let Some(stated) = time.as_str().and_then(digits)
                            && !names
                                .iter()
                                .any(|url| self.targets_then.contains(&short(&format!("{stated} {url}"))))
                        {
                            odd.add(number, &format!("{} for {url}", time.as_str().unwrap_or("")));
                        }
                    }
                    _ => {
                        wrong.insert(number, (Code::WaczPage, "url or ts is missing".to_owned()));
                    }
                }
            }
            for (number, (code, what)) in wrong {
                self.say(code, &name, &format!("line {number}: {what}"));
            }
            self.note(Code::WaczPageTime, &name, odd);
        }
        Ok(())
    }
}

/// Lines that say what differs in what no reader is led by.
#[derive(Default)]
struct Odd {
    count: u64,
    first: Option<String>,
}

impl Odd {
    fn add(&mut self, line: u64, what: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| format!("line {line}: {what}"));
    }
}

/// One index, line by line.
struct Index<'i> {
    records: &'i mut HashMap<Place, Known>,
    files: &'i HashMap<String, u32>,
    number: u64,
    last: Vec<u8>,
    wrong: Vec<String>,
    odd: Odd,
}

/// Wrong lines told of one file; the rest is as wrong.
const MOST_WRONG: usize = 1000;

impl Index<'_> {
    fn line(&mut self, line: &[u8]) {
        self.number += 1;
        let line = line.trim_ascii_end();
        // `!meta` heads a compressed index, ` CDX` the older format's list of columns.
        if line.is_empty() || line.starts_with(b"!") || line.starts_with(b" CDX") {
            return;
        }
        if line < self.last.as_slice() {
            self.wrong("it is not in order");
        }
        line.clone_into(&mut self.last);
        let Some(line) = CdxjLine::parse(line) else { return self.wrong("it is no index line") };
        let number = self.files.get(line.filename.trim_start_matches("archive/")).copied();
        let known = number.and_then(|number| self.records.get_mut(&(number, line.offset)));
        let Some(known) = known else {
            return self.wrong(&format!("no record begins at {} of {}", line.offset, line.filename));
        };
        known.is_indexed = true;
        match (differs(&line, known), is_odd(&line, known)) {
            (Some(what), _) => self.wrong(what),
            (None, Some(what)) => self.odd.add(self.number, &what),
            (None, None) => {}
        }
    }

    fn wrong(&mut self, what: &str) {
        if self.wrong.len() < MOST_WRONG {
            self.wrong.push(format!("line {}: {what}", self.number));
        }
    }
}

/// How an index line differs from the record that it leads to.
fn differs(line: &CdxjLine, known: &Known) -> Option<&'static str> {
    // The address of a request that was no GET carries its body in some indexes.
    if short(&line.url) != known.target && !line.has_method {
        return Some("the record there is of another address");
    }
    if line.url.starts_with("http") && site(&line.surt) != site(&surt(&line.url)) {
        return Some("it is found under another site than its address");
    }
    // Some leave out the line ends that close a record of an uncompressed file.
    let slack = if known.is_plain { 4 } else { 0 };
    if line.length.zip(known.length).is_some_and(|(stated, found)| stated > found || stated + slack < found) {
        return Some("the record there has another length");
    }
    let stated = line.digest.as_deref().filter(|digest| *digest != "-")?;
    // Older indexes give a digest without its label; its length tells which it is.
    let stated = Labelled::parse(stated)
        .or_else(|| Labelled::parse(&format!("sha1:{stated}")))
        .or_else(|| Labelled::parse(&format!("sha256:{stated}")))?;
    let stated = brief(stated);
    let comparable = known.digests.iter().any(|digest| digest.0 == stated.0);
    (comparable && !known.digests.contains(&stated)).then_some("the record there has another digest")
}

/// What else an index line says otherwise than the record that it leads to.
fn is_odd(line: &CdxjLine, known: &Known) -> Option<String> {
    let time = known.time.map(|time| time.to_string());
    // Either may be given to the year only.
    let same_time = time
        .as_ref()
        .is_none_or(|time| time.bytes().zip(line.time.bytes()).all(|(ours, theirs)| ours == theirs));
    if !same_time {
        return Some(format!("time {}, the record has {}", line.time, time.unwrap_or_default()));
    }
    if let Some((stated, found)) = line.status.zip(known.status).filter(|(stated, found)| stated != found) {
        return Some(format!("status {stated}, the record has {found}"));
    }
    let stated = line.mime.as_deref().filter(|mime| !matches!(*mime, "-" | "unk" | "" | REVISIT))?;
    let differs = known.mime.is_some_and(|mime| mime != short(&stated.to_ascii_lowercase()));
    differs.then(|| format!("media type {stated}, the record has another"))
}

/// What indexes give as the media type of a revisit.
const REVISIT: &str = "warc/revisit";

/// The media type that an index gives for a record.
fn mime_of(header: &RecordHeader, http: Option<&HttpHead>) -> Option<String> {
    let field = match http {
        Some(http) => http.get("Content-Type"),
        None => header.content_type(),
    };
    let media = field.and_then(media_type).filter(|_| header.record_type != RecordType::Revisit);
    media.map(|media| media.to_ascii_lowercase())
}

/// The digits of a time, to the second.
fn digits(text: &str) -> Option<u64> {
    let is_utc = text.len() <= 10 || text.ends_with('Z');
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    digits.parse().ok().filter(|_| is_utc)
}

/// Algorithm and short name of a digest.
fn brief(digest: Labelled) -> (Algorithm, [u8; 16]) {
    (digest.algorithm, short(&crate::digest::hex(&digest.value)))
}

/// Hands over lines, none longer than the limit, until the input or the limit ends.
fn read_lines(input: impl Read, limits: &Limits, index: &mut Index<'_>) -> std::result::Result<(), String> {
    let mut input = BufReader::new(input.take(limits.index));
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = limits.line as u64;
        let read = input.by_ref().take(most).read_until(b'\n', &mut line);
        match read {
            Err(_) => return Err("it is damaged".to_owned()),
            Ok(0) => return Ok(()),
            Ok(read) if read as u64 == most && line.last() != Some(&b'\n') => {
                return Err("a line is longer than any real one".to_owned());
            }
            Ok(_) => index.line(&line),
        }
    }
}

/// The host in a sort key, which programs look addresses up by.
fn site(surt: &str) -> &str {
    surt.split(')').next().unwrap_or(surt)
}

fn is_archive(name: &str) -> bool {
    name.starts_with("archive/") && (name.ends_with(".warc") || name.ends_with(".warc.gz"))
}

/// An index of lines; the `.idx` beside a compressed one only finds blocks in it.
fn is_index(name: &str) -> bool {
    name.starts_with("indexes/")
        && [".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a listed digest is of the kind that the format demands, right or not.
fn is_labelled_sha256(text: &str) -> bool {
    let label = text.split_once(':').map(|(label, _)| label.trim().to_ascii_lowercase());
    label.is_some_and(|label| matches!(label.as_str(), "sha256" | "sha-256"))
}

fn is_digest(text: &str, digest: &Digest) -> bool {
    Labelled::parse(text).is_some_and(|said| said.value == digest.as_bytes())
}

/// Short name of an address, so that memory grows by 16 bytes an address.
fn short(text: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&Digest::of(text.as_bytes()).as_bytes()[..16]);
    key
}
