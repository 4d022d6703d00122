//! Gathering captures to hand over: records copied byte for byte, each verified on the way.
//!
//! A record goes out as it lies in the archive, or not at all: nothing is packed again, so that
//! digests of stored bytes, offsets inside members and proofs of the log hold on the other side.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;
use selon_model::{Capture, CaptureId, Digest, LeafIndex};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::cdxj::{CdxjLine, surt};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{Evidence, LoggedManifest};
use crate::manifest::{Body, CaptureManifest, Measured, Purpose, StoredRecord};
use crate::record::RecordType;

/// A capture that stays behind, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Its leaf.
    pub leaf: LeafIndex,
    /// Why, in words.
    pub why: String,
}

/// What was handed out.
#[derive(Clone, Debug)]
pub struct Exported {
    /// SHA-256 of the file that lists the digests of all others: `datapackage.json` of a package,
    /// `SHA256SUMS` of a kit.
    pub digest: Digest,
    /// Captures in it.
    pub leaves: Vec<LeafIndex>,
    /// Captures that stay behind.
    pub withheld: Vec<Withheld>,
    /// Length of the file, or of all files.
    pub bytes: u64,
}

/// Where a record lies in a file that is written.
pub(crate) struct Placed {
    /// The leaf of the manifest that lists it; none for a warcinfo that is listed with a capture
    /// which is not handed out.
    pub(crate) leaf: Option<LeafIndex>,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A file of records to be written.
pub(crate) struct RecordFile {
    /// Name without folders.
    pub(crate) name: String,
    source: PathBuf,
    /// Offset and length in the source, in order.
    ranges: Vec<(u64, u64)>,
    pub(crate) placed: Vec<Placed>,
    pub(crate) length: u64,
    pub(crate) crc: u32,
    pub(crate) digest: Digest,
}

/// A page that someone would open.
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) time: String,
    pub(crate) title: Option<String>,
    pub(crate) leaf: LeafIndex,
}

/// What is handed over.
pub(crate) struct Gathered {
    pub(crate) files: Vec<RecordFile>,
    /// Index lines, sorted.
    pub(crate) lines: Vec<String>,
    pub(crate) pages: Vec<Page>,
    pub(crate) captures: Vec<LoggedManifest>,
    pub(crate) withheld: Vec<Withheld>,
    /// Records that stay behind while their capture goes out: leaf and digest of the stored bytes.
    pub(crate) held_back: Vec<(LeafIndex, Digest)>,
}

/// One record on its way into a file.
struct Member {
    leaf: Option<LeafIndex>,
    record: StoredRecord,
    length: u64,
    digest: Digest,
    /// Index lines that lead to it; their offset is known once the file is laid out.
    line: Option<CdxjLine>,
}

/// Gathers what is to be written to `out`: the captures of these leaves, or all. What a revisit
/// refers to comes with it, so do the redirects that led to it and its pictures and style sheets.
/// Requests stay behind: they say who asked.
///
/// # Errors
/// `Invalid` where `out` exists or there is nothing to export; `Corrupt` where a record does not
/// verify; `NotFound` where a leaf is no capture.
pub(crate) fn gather_for(
    evidence: &Evidence,
    wanted: Option<&BTreeSet<LeafIndex>>,
    out: &Path,
) -> Result<Gathered> {
    if out.exists() {
        return Err(Error::new(Kind::Invalid, format!("{} exists already", out.display())));
    }
    let gathered = gather(evidence, wanted)?;
    if gathered.captures.is_empty() {
        let why = gathered.withheld.first().map_or("", |withheld| withheld.why.as_str());
        return Err(Error::new(Kind::Invalid, format!("there is nothing to export. {why}").trim_end()));
    }
    Ok(gathered)
}

fn gather(evidence: &Evidence, wanted: Option<&BTreeSet<LeafIndex>>) -> Result<Gathered> {
    let mut gathered = Gathered {
        files: Vec::new(),
        lines: Vec::new(),
        pages: Vec::new(),
        captures: Vec::new(),
        withheld: Vec::new(),
        held_back: Vec::new(),
    };
    let mut all = BTreeMap::new();
    let mut infos: BTreeMap<String, (LeafIndex, StoredRecord)> = BTreeMap::new();
    let mut kin = Kin::default();
    for logged in evidence.manifests()? {
        let logged = logged?;
        if let Body::Capture(capture) = &logged.manifest.body {
            for record in capture.records.iter().filter(|record| record.record_type == "warcinfo") {
                infos.entry(record.file.clone()).or_insert_with(|| (logged.leaf, record.clone()));
            }
            kin.add(logged.leaf, capture);
            all.insert(logged.leaf, logged);
        }
    }
    let mut leaves: BTreeSet<LeafIndex> = match wanted {
        None => all.keys().copied().collect(),
        Some(wanted) => wanted.clone(),
    };
    if let Some(leaf) = leaves.iter().find(|leaf| !all.contains_key(leaf)) {
        return Err(Error::new(Kind::NotFound, format!("leaf {} is not a capture", leaf.0)));
    }
    let mut members: BTreeMap<(String, String), Vec<Member>> = BTreeMap::new();
    let mut done = BTreeSet::new();
    while let Some(leaf) = leaves.pop_first() {
        let Some(logged) = all.get(&leaf) else { continue };
        let Some(capture) = logged.manifest.capture(leaf) else { continue };
        if !done.insert(leaf) {
            continue;
        }
        leaves.extend(kin.of(leaf, logged));
        match take(evidence, logged, &capture, &mut gathered.pages)? {
            Err(why) => gathered.withheld.push(Withheld { leaf, why }),
            Ok((name, member, refers_to)) => {
                for beside in records_beside(logged) {
                    if beside.record.record_type == "request" {
                        gathered.held_back.push((leaf, beside.digest));
                        continue;
                    }
                    let name = file_name(evidence, &beside.record)?;
                    members.entry((name, beside.record.file.clone())).or_default().push(beside);
                }
                members.entry((name, member.record.file.clone())).or_default().push(member);
                gathered.captures.push(logged.clone());
                let refers_to = refers_to.and_then(|target| kin.by_address.get(&target));
                leaves.extend(refers_to.filter(|target| **target != leaf));
            }
        }
    }
    gathered.captures.sort_by_key(|logged| logged.leaf);
    gathered.pages.sort_by_key(|page| page.leaf);
    let handed_out: BTreeSet<LeafIndex> = gathered.captures.iter().map(|logged| logged.leaf).collect();
    for ((name, source), mut members) in members {
        if let Some((leaf, info)) = infos.get(&source)
            && let Some(Measured { digest, length }) = info.stored.clone()
        {
            let leaf = handed_out.contains(leaf).then_some(*leaf);
            members.push(Member { leaf, record: info.clone(), length, digest, line: None });
        }
        members.sort_by_key(|member| member.record.offset);
        let file = lay_out(evidence, name, &source, &members, &mut gathered.lines)?;
        gathered.files.push(file);
    }
    gathered.lines.sort_unstable();
    Ok(gathered)
}

/// What belongs to a capture: the redirects that led to it, the pictures and style sheets that it
/// names, what a revisit of it may refer to.
#[derive(Default)]
struct Kin {
    by_id: BTreeMap<CaptureId, LeafIndex>,
    /// Requisites of a capture.
    requisites: BTreeMap<CaptureId, Vec<LeafIndex>>,
    /// The first capture of an address at a time.
    by_address: BTreeMap<(String, jiff::Timestamp), LeafIndex>,
}

impl Kin {
    fn add(&mut self, leaf: LeafIndex, capture: &CaptureManifest) {
        self.by_id.insert(capture.capture, leaf);
        let date = capture.claimed_date.unwrap_or(capture.began);
        self.by_address.entry((capture.target_uri.clone(), date)).or_insert(leaf);
        let wire = capture.wire.as_ref().filter(|wire| wire.purpose == Purpose::Requisite);
        if let Some(page) = wire.and_then(|wire| wire.via) {
            self.requisites.entry(page).or_default().push(leaf);
        }
    }

    /// What goes out with a capture.
    fn of(&self, leaf: LeafIndex, logged: &LoggedManifest) -> Vec<LeafIndex> {
        let Body::Capture(capture) = &logged.manifest.body else { return Vec::new() };
        let redirect = capture.wire.as_ref().and_then(|wire| wire.redirect_of);
        let redirect = redirect.and_then(|id| self.by_id.get(&id)).copied();
        let requisites = self.requisites.get(&capture.capture).into_iter().flatten().copied();
        requisites.chain(redirect).filter(|other| *other != leaf).collect()
    }
}

/// The other records of a capture: its request, how it was come by, its certificates. No index
/// leads to them; the manifest does.
fn records_beside(logged: &LoggedManifest) -> Vec<Member> {
    let Body::Capture(manifest) = &logged.manifest.body else { return Vec::new() };
    let records = manifest.records.iter().skip(1);
    records
        .filter(|record| record.record_type != "warcinfo")
        .filter_map(|record| {
            let Measured { digest, length } = record.stored.clone()?;
            Some(Member { leaf: Some(logged.leaf), record: record.clone(), length, digest, line: None })
        })
        .collect()
}

/// The file that a capture's record goes to, the record, and what it refers to if it is a revisit.
type Taken = (String, Member, Option<(String, jiff::Timestamp)>);

fn take(
    evidence: &Evidence,
    logged: &LoggedManifest,
    capture: &Capture,
    pages: &mut Vec<Page>,
) -> Result<std::result::Result<Taken, String>> {
    let Body::Capture(manifest) = &logged.manifest.body else {
        return Err(Error::new(Kind::Internal, "a leaf that is no capture was taken for one"));
    };
    let Some(record) = manifest.records.first() else { return Ok(Err("it has no record".to_owned())) };
    let Some(stored) = &record.stored else {
        return Ok(Err(
            "its record shares a compressed member with others; the container holds it".to_owned()
        ));
    };
    if record.file.ends_with(".arc") || record.file.ends_with(".arc.gz") {
        return Ok(Err("its record is ARC, which goes into no WARC file; the container holds it".to_owned()));
    }
    let fetched = evidence.fetch_capture(capture)?;
    let name = file_name(evidence, record)?;
    let header = &fetched.header;
    let date = header.date().unwrap_or(manifest.began);
    let url = header.target_uri().unwrap_or(&manifest.target_uri).to_owned();
    let is_revisit = header.record_type == RecordType::Revisit;
    let states_none = fetched.checked.http.as_ref().is_some_and(|http| http.get("Content-Type").is_none());
    let mime = match is_revisit {
        true => Some("warc/revisit".to_owned()),
        false => (!states_none).then(|| manifest.media_type.clone()),
    };
    let digest = match header.get("WARC-Payload-Digest") {
        Some(digest) => digest.to_owned(),
        None => fetched.payload.digest.to_string(),
    };
    let is_page = matches!(manifest.media_type.as_str(), "text/html" | "application/xhtml+xml");
    if is_page && matches!(manifest.status, None | Some(200)) && !is_revisit {
        pages.push(Page {
            url: url.clone(),
            time: date.to_string(),
            title: manifest.stated.name.clone(),
            leaf: logged.leaf,
        });
    }
    let line = CdxjLine {
        surt: surt(&url),
        time: date.strftime("%Y%m%d%H%M%S").to_string(),
        url,
        digest: Some(digest),
        mime,
        status: manifest.status,
        filename: name.clone(),
        offset: 0,
        length: Some(stored.length),
        has_method: false,
    };
    let refers_to = header.get("WARC-Refers-To-Target-URI").zip(header.get("WARC-Refers-To-Date"));
    let refers_to =
        refers_to.and_then(|(uri, date)| Some((uri.trim_matches(['<', '>']).to_owned(), date.parse().ok()?)));
    let (length, digest) = (stored.length, stored.digest);
    let member = Member { leaf: Some(logged.leaf), record: record.clone(), length, digest, line: Some(line) };
    Ok(Ok((name, member, refers_to.filter(|_| is_revisit))))
}

/// Own files keep their name; a record of a container goes into a file named by its digest.
fn file_name(evidence: &Evidence, record: &StoredRecord) -> Result<String> {
    let last = record.file.rsplit('/').next().unwrap_or(&record.file);
    if record.file.starts_with("warc/") {
        return Ok(last.to_owned());
    }
    let path = evidence.path_of(&record.file)?;
    let mut file = File::open(&path).map_err(|error| io_error("open", &path, error))?;
    let mut magic = [0; 2];
    let read = file.seek(SeekFrom::Start(record.offset)).and_then(|_| file.read_exact(&mut magic));
    read.map_err(|error| io_error("read", &path, error))?;
    let stem = last.split('.').next().unwrap_or(last);
    let stem = stem.get(..16).unwrap_or(stem);
    Ok(format!("{stem}.{}", if magic == [0x1f, 0x8b] { "warc.gz" } else { "warc" }))
}

/// Puts records one behind another: measures the file and tells the index where each lies.
fn lay_out(
    evidence: &Evidence,
    name: String,
    source: &str,
    members: &[Member],
    lines: &mut Vec<String>,
) -> Result<RecordFile> {
    let path = evidence.path_of(source)?;
    let mut file = File::open(&path).map_err(|error| io_error("open", &path, error))?;
    let (mut crc, mut whole, mut at) = (Crc::new(), Sha256::new(), 0);
    let mut ranges = Vec::with_capacity(members.len());
    let mut placed = Vec::with_capacity(members.len());
    for member in members {
        let mut own = Sha256::new();
        let copied = copy_range(&mut file, member.record.offset, member.length, &mut |bytes| {
            crc.update(bytes);
            whole.update(bytes);
            own.update(bytes);
            Ok(())
        });
        copied.map_err(|error| io_error("read", &path, error))?;
        if Digest::from_bytes(own.finalize().into()) != member.digest {
            let what = format!("the record at {} of {source} differs from the log", member.record.offset);
            return Err(Error::new(Kind::Corrupt, what));
        }
        if let Some(line) = &member.line {
            lines.push(CdxjLine { offset: at, ..line.clone() }.text());
        }
        ranges.push((member.record.offset, member.length));
        placed.push(Placed { leaf: member.leaf, offset: at, length: member.length });
        at += member.length;
    }
    let digest = Digest::from_bytes(whole.finalize().into());
    Ok(RecordFile { name, source: path, ranges, placed, length: at, crc: crc.sum(), digest })
}

impl RecordFile {
    /// Writes the file.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut file = File::open(&self.source)?;
        for (offset, length) in &self.ranges {
            copy_range(&mut file, *offset, *length, &mut |bytes| out.write_all(bytes))?;
        }
        Ok(())
    }
}

/// SHA-256 of the `length` bytes from `offset`.
pub(crate) fn digest_of_range(file: &mut (impl Read + Seek), offset: u64, length: u64) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    copy_range(file, offset, length, &mut |piece| {
        hasher.update(piece);
        Ok(())
    })?;
    Ok(Digest::from_bytes(hasher.finalize().into()))
}

/// Hands over the `length` bytes from `offset` in pieces.
fn copy_range(
    file: &mut (impl Read + Seek),
    offset: u64,
    length: u64,
    sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    let mut left = length;
    let mut piece = vec![0; 64 * 1024];
    while left > 0 {
        let room = left.min(piece.len() as u64) as usize;
        let read = match file.read(&mut piece[..room]) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        sink(&piece[..read])?;
        left -= read as u64;
    }
    Ok(())
}
