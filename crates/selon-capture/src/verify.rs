//! Holding one file, anybody's, against its own digests.
//!
//! What kind of file it is decides which check it is given to. Every record gets a verdict and every byte an owner. A verdict names the record, the rule and
//! the reason in a sentence; the exit status sums them up as every command of Selon does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use selon_model::Digest;
use serde::Serialize;

use crate::check::{Checked, RecordCheck, Verdict, Wants};
use crate::code::{Code, Weight};
use crate::digest::{Algorithm, Labelled};
use crate::error::{Error, Kind, Result, io_error};
use crate::form::{FileKind, kind_of};
use crate::limits::Limits;
use crate::note_file;
use crate::record::{RecordHeader, RecordType, escape_controls};
use crate::timestamp::{StampCheck, verify_stamp};
use crate::wacz;
use crate::warc::{Head, Lost, Step, Tail, WarcReader, add};

/// What a check comes to, as an exit status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// Everything verifies (0).
    #[default]
    Verified,
    /// Nothing fails, but something cannot be verified (3).
    Unverifiable,
    /// Something fails, is cut, or belongs to no record (4).
    Failed,
}

impl Exit {
    /// The exit status of `selon verify`.
    pub fn code(self) -> u8 {
        match self {
            Exit::Verified => 0,
            Exit::Unverifiable => 3,
            Exit::Failed => 4,
        }
    }
}

/// Something found: where, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: Code,
    /// How much it weighs.
    pub weight: Weight,
    /// File, inside the archive or as given.
    pub file: String,
    /// Offset in the file, where there is one.
    pub offset: Option<u64>,
    /// What it is about: a record, a leaf, a tile.
    pub item: String,
    /// What was found, in words.
    pub sentence: String,
}

/// How one record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordVerdict {
    /// The file that it lies in: as given, or the entry of a container.
    pub file: String,
    /// Offset of its first stored byte.
    pub offset: u64,
    /// Stored bytes, where they are its own.
    pub length: Option<u64>,
    /// WARC-Record-ID.
    pub id: Option<String>,
    /// WARC-Type.
    pub record_type: String,
    /// Its address, with controls escaped.
    pub target: String,
    /// How it stands.
    pub verdict: Verdict,
    /// Why.
    pub codes: Vec<Code>,
    /// What this means, in words.
    pub sentence: String,
}

/// How a file stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// What it is.
    pub kind: FileKind,
    /// Its length.
    pub bytes: u64,
    /// Records read to their end.
    pub records: u64,
    /// Records of each verdict: verified, payload only, unverifiable, failed, truncated.
    pub verdicts: [u64; 5],
    /// What is said about the file itself: lost ranges, padding …
    pub findings: Vec<Finding>,
    /// What it comes to.
    pub exit: Exit,
}

/// Findings listed of one file; more are counted in the last one.
pub(crate) const MOST_FINDINGS: usize = 10_000;

impl FileReport {
    /// Says what holds for the whole file.
    pub(crate) fn say(&mut self, code: Code) {
        self.find(code, 0, "file".to_owned(), code.sentence().to_owned());
    }

    pub(crate) fn find(&mut self, code: Code, offset: u64, item: String, sentence: String) {
        self.weigh(code.weight());
        if self.findings.len() < MOST_FINDINGS {
            let file = self.file.clone();
            self.findings.push(Finding {
                code,
                weight: code.weight(),
                file,
                offset: Some(offset),
                item,
                sentence,
            });
        }
    }

    /// Takes up what was found in a part.
    pub(crate) fn take(&mut self, part: FileReport) {
        self.records += part.records;
        for (own, more) in self.verdicts.iter_mut().zip(part.verdicts) {
            *own += more;
        }
        let room = MOST_FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(part.findings.into_iter().take(room));
        self.exit = self.exit.max(part.exit);
    }

    fn weigh(&mut self, weight: Weight) {
        let exit = match weight {
            Weight::Note => Exit::Verified,
            Weight::Unverifiable => Exit::Unverifiable,
            Weight::Failure => Exit::Failed,
        };
        self.exit = self.exit.max(exit);
    }
}

/// Checks a file of any kind; `each` is given every record's verdict.
///
/// # Errors
/// `NotFound` or `Refused` when it cannot be opened, `Unavailable` when it cannot be read.
pub fn verify_file(path: &Path, limits: &Limits, each: &mut dyn FnMut(RecordVerdict)) -> Result<FileReport> {
    let mut file = File::open(path).map_err(|error| io_error("open", path, error))?;
    let name = path.to_string_lossy().into_owned();
    let kind = kind_of(&mut file).map_err(|error| io_error("read", path, error))?;
    let bytes = file.metadata().map_err(|error| io_error("look at", path, error))?.len();
    let mut report = FileReport { file: name.clone(), kind, bytes, ..FileReport::default() };
    match kind {
        FileKind::Unsupported => report.say(Code::UnsupportedCompression),
        FileKind::Note => note_file::verify(path, &mut report)?,
        FileKind::Timestamp => report = verify_stamp(path, &StampCheck::default())?,
        FileKind::Wacz => report = verify_wacz(file, &name, limits, each)?,
        FileKind::Unknown if bytes == 0 => report.say(Code::NoRecords),
        FileKind::Warc | FileKind::Arc | FileKind::Log | FileKind::Kit | FileKind::Unknown => {
            let records = check_records(BufReader::new(file), &name, limits, each)?;
            let something_else =
                records.verdicts == [0; 5] && records.findings.iter().all(|finding| is_no_warc(finding.code));
            // What is named as records and holds none is damaged, as are compressed data that
            // cannot be unpacked; what is neither is something else.
            if something_else && kind == FileKind::Unknown && !is_named_as_records(&name) {
                report.say(Code::NotEvidence);
            } else {
                report = records;
            }
        }
    }
    Ok(report)
}

fn is_named_as_records(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".warc") || name.ends_with(".arc") || name.ends_with(".wet")
}

/// Checks a WACZ package read from anywhere; `name` stands in its findings.
///
/// # Errors
/// `Unavailable` when it cannot be read.
pub fn verify_wacz(
    mut input: impl Read + Seek,
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(RecordVerdict),
) -> Result<FileReport> {
    Ok(wacz::verify(&mut input, name, limits, each)?.0)
}

/// Checks a WARC or ARC read from anywhere; `name` stands in its findings.
///
/// # Errors
/// `Invalid` when it is no such file at all, `Unavailable` when it cannot be read.
pub fn verify_warc(
    input: impl Read + Seek,
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(RecordVerdict),
) -> Result<FileReport> {
    let report = check_records(input, name, limits, each)?;
    let nothing = report.records == 0 && report.verdicts == [0; 5];
    match report.findings.iter().find(|finding| is_no_warc(finding.code)) {
        Some(found) if nothing => {
            Err(Error::new(Kind::Invalid, format!("{name} is not a WARC file: {}", found.code.sentence())))
        }
        _ => Ok(report),
    }
}

pub(crate) fn check_records(
    input: impl Read + Seek,
    name: &str,
    limits: &Limits,
    each: &mut dyn FnMut(RecordVerdict),
) -> Result<FileReport> {
    let mut report = FileReport { file: name.to_owned(), ..FileReport::default() };
    let mut revisits = Revisits::default();
    let mut pass =
        Pass { limits, covered: false, index: false, revisits: &mut revisits, see: &mut |_, _, _| () };
    report.kind = pass.run(input, name, &mut report, each)?;
    revisits.settle(&mut report, each);
    if report.verdicts == [0; 5] && report.exit == Exit::Verified {
        report.say(Code::NoRecords);
    }
    Ok(report)
}

/// What a record of an archive file is, for an index: its head, its end, and how it was found, with
/// digests that an index may give for it.
pub(crate) type See<'s> = dyn FnMut(&Head, &Tail, &mut Checked) + 's;

/// One pass over the records of a file.
pub(crate) struct Pass<'p> {
    pub(crate) limits: &'p Limits,
    /// A digest of the whole file was found right: records need none of their own.
    pub(crate) covered: bool,
    /// Take the digests that an index gives.
    pub(crate) index: bool,
    pub(crate) revisits: &'p mut Revisits,
    pub(crate) see: &'p mut See<'p>,
}

impl Pass<'_> {
    /// Adds what is found to the report; revisits whose target has not come are held back.
    pub(crate) fn run(
        &mut self,
        input: impl Read + Seek,
        name: &str,
        report: &mut FileReport,
        each: &mut dyn FnMut(RecordVerdict),
    ) -> Result<FileKind> {
        let mut reader = WarcReader::new(input, self.limits.clone())?;
        report.bytes += reader.length();
        // Where the last record began.
        let mut last = None;
        while let Some(step) = reader.next()? {
            match step {
                Step::Note(code, offset) => {
                    report.find(code, offset, "file".to_owned(), code.sentence().to_owned())
                }
                Step::Lost(lost) => {
                    let Lost { from, to, code } = &lost;
                    let what = match last == Some(*from) {
                        true => {
                            format!("What the compressed bytes {from} to {to} hold behind their record was")
                        }
                        false => format!("Bytes {from} to {to} were"),
                    };
                    let sentence = format!("{what} not read. {}", code.sentence());
                    report.find(lost.code, lost.from, format!("bytes {}..{}", lost.from, lost.to), sentence);
                }
                Step::Record(head) => {
                    last = Some(head.offset);
                    let wants = Wants { index: self.index, ..Wants::default() };
                    let mut check = RecordCheck::new(&head, wants, self.limits);
                    let tail = reader.block(&mut |bytes| check.feed(bytes))?;
                    let mut checked = check.finish(&tail);
                    (self.see)(&head, &tail, &mut checked);
                    report.records += u64::from(checked.verdict != Verdict::Truncated);
                    let mut draft = Draft {
                        file: name.to_owned(),
                        offset: head.offset,
                        length: tail.stored_length,
                        verdict: checked.verdict,
                        codes: checked.codes,
                    };
                    if self.covered && draft.verdict == Verdict::Unverifiable {
                        add(&mut draft.codes, Code::ByFileHash);
                        draft.verdict = Verdict::Verified;
                    }
                    if let Some(draft) = self.revisits.see(&head.header, draft) {
                        give(&Shown::of(&head.header), draft, report, each);
                    }
                }
            }
        }
        Ok(if reader.is_arc() { FileKind::Arc } else { FileKind::Warc })
    }
}

/// Whether a file that is nothing but this was never a WARC file.
fn is_no_warc(code: Code) -> bool {
    matches!(code, Code::Garbage | Code::NotARecord)
}

struct Draft {
    file: String,
    offset: u64,
    length: Option<u64>,
    verdict: Verdict,
    codes: Vec<Code>,
}

/// What is shown of a record's header.
struct Shown {
    id: Option<String>,
    record_type: RecordType,
    target: String,
}

impl Shown {
    fn of(header: &RecordHeader) -> Self {
        let id = header.id().map(escape_controls);
        Shown { id, record_type: header.record_type.clone(), target: header.shown_target() }
    }

    fn size(&self) -> usize {
        self.target.len() + self.id.as_ref().map_or(0, String::len)
    }
}

fn give(shown: &Shown, draft: Draft, report: &mut FileReport, each: &mut dyn FnMut(RecordVerdict)) {
    report.verdicts[draft.verdict as usize] += 1;
    report.weigh(match draft.verdict {
        Verdict::Verified | Verdict::VerifiedPayloadOnly => Weight::Note,
        Verdict::Unverifiable if shown.record_type.is_content() => Weight::Unverifiable,
        Verdict::Unverifiable => Weight::Note,
        Verdict::Failed | Verdict::Truncated => Weight::Failure,
    });
    each(RecordVerdict {
        offset: draft.offset,
        length: draft.length,
        id: shown.id.clone(),
        record_type: escape_controls(shown.record_type.as_str()),
        target: shown.target.clone(),
        verdict: draft.verdict,
        sentence: sentence(shown, &draft),
        file: draft.file,
        codes: draft.codes,
    });
}

/// The verdict for someone who does not know WARC.
fn sentence(shown: &Shown, draft: &Draft) -> String {
    let what = match shown.record_type {
        RecordType::Response => "The answer stored for",
        RecordType::Request => "The request stored for",
        RecordType::Warcinfo => "The record about the file itself",
        _ => "The record stored for",
    };
    let of = match shown.record_type {
        RecordType::Warcinfo => String::new(),
        _ => format!(" {}", shown.target),
    };
    let by_file = draft.codes.contains(&Code::ByFileHash);
    let how = match draft.verdict {
        Verdict::Verified if by_file => "is as it was when its file was packed.",
        Verdict::Verified => "agrees with the digest recorded with it.",
        Verdict::VerifiedPayloadOnly => "holds a page or file that agrees with the digest recorded with it.",
        Verdict::Unverifiable => "can be read but not verified.",
        Verdict::Failed => "does not verify.",
        Verdict::Truncated => "is incomplete.",
    };
    let mut text = format!("{what}{of} {how}");
    // Where the file's digest stands in for that of the record, it says that there is none.
    let told = |code: &&Code| !by_file || !matches!(code, Code::DigestNone | Code::SupportNoDigest);
    for code in draft.codes.iter().filter(told) {
        text.push(' ');
        text.push_str(code.sentence());
    }
    text
}

/// Short name of a set member, so that memory grows by 16 bytes a record whatever its fields say.
fn key(parts: &[&str]) -> [u8; 16] {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    let digest = Digest::of_parts(&parts);
    let mut key = [0; 16];
    key.copy_from_slice(&digest.as_bytes()[..16]);
    key
}

/// Revisits held back until their target comes, and octets of what is shown of them; one beyond is judged
/// by what came before it.
const MOST_OPEN: usize = 100_000;
const MOST_SHOWN: usize = 16 << 20;

/// Records remembered of a file; revisits to later ones have no target here.
const MOST_KNOWN: usize = 1_000_000;

/// What a name in a revisit, an id or an address with its time, can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// A record without content of its own.
    NoContent,
    /// A content record, with the payload digest that it states.
    Content(Option<(Algorithm, [u8; 16])>),
    /// More than one.
    Several,
}

/// Where a revisit's target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Absent,
    /// It is there under another digest.
    Differs,
    /// The same payload is there.
    There,
}

/// What a revisit says of its target, in short names.
struct Reference {
    id: Option<[u8; 16]>,
    address: Option<[u8; 16]>,
    payload: Option<(Algorithm, [u8; 16])>,
    /// The payload digest as written, where its kind is not known here.
    written: Option<[u8; 16]>,
}

/// Finds out whether what a revisit refers to is in the same file, and whether it is the same.
#[derive(Default)]
pub(crate) struct Revisits {
    ids: HashMap<[u8; 16], Named>,
    addresses: HashMap<[u8; 16], Named>,
    payloads: HashSet<[u8; 16]>,
    /// Revisits whose target has not come yet.
    open: Vec<(Reference, Shown, Draft)>,
    /// Octets of what is shown of them.
    shown: usize,
}

fn bare(text: &str) -> &str {
    text.trim_start_matches('<').trim_end_matches('>')
}

/// Short name of a text, so that memory grows by 16 bytes each.
type Short = [u8; 16];

/// A payload digest, and its short name as written.
fn payload_of(header: &RecordHeader) -> (Option<(Algorithm, Short)>, Option<Short>) {
    let Some(text) = header.get("WARC-Payload-Digest") else { return (None, None) };
    let short = |digest: Labelled| (digest.algorithm, key(&[&crate::digest::hex(&digest.value)]));
    (Labelled::parse(text).map(short), Some(key(&[&text.to_ascii_lowercase()])))
}

impl Reference {
    fn of(header: &RecordHeader) -> Self {
        let (payload, written) = payload_of(header);
        let place = header.get("WARC-Refers-To-Target-URI").zip(header.get("WARC-Refers-To-Date"));
        Reference {
            id: header.get("WARC-Refers-To").map(|id| key(&[bare(id)])),
            address: place.map(|(uri, date)| key(&[bare(uri), date])),
            payload,
            written,
        }
    }
}

impl Revisits {
    /// Notes a record; gives the draft back unless it must wait for its target.
    fn see(&mut self, header: &RecordHeader, mut draft: Draft) -> Option<Draft> {
        if self.remember(header) {
            add(&mut draft.codes, Code::IdRepeated);
        }
        if header.record_type != RecordType::Revisit {
            return Some(draft);
        }
        match header.get("WARC-Profile") {
            Some(profile)
                if profile.ends_with("/revisit/identical-payload-digest")
                    || profile.ends_with("/revisit/uri-agnostic-identical-payload-digest") =>
            {
                if !matches!(draft.verdict, Verdict::Verified | Verdict::Unverifiable) {
                    return Some(draft);
                }
                let reference = Reference::of(header);
                let target = self.target(&reference);
                if target == Target::There && !self.may_still_come(&reference) {
                    return Some(draft);
                }
                let shown = Shown::of(header);
                let size = shown.size() + draft.file.len();
                if self.open.len() < MOST_OPEN && self.shown + size <= MOST_SHOWN {
                    self.shown += size;
                    self.open.push((reference, shown, draft));
                    return None;
                }
                settle(target, &mut draft);
                Some(draft)
            }
            Some(profile) if profile.ends_with("/revisit/server-not-modified") => Some(draft),
            _ => {
                add(&mut draft.codes, Code::RevisitProfile);
                if draft.verdict == Verdict::Verified {
                    draft.verdict = Verdict::Unverifiable;
                }
                Some(draft)
            }
        }
    }

    /// Notes what a record can be referred to by; whether its id was another's.
    fn remember(&mut self, header: &RecordHeader) -> bool {
        if self.ids.len() >= MOST_KNOWN {
            return false;
        }
        let is_content = header.record_type.is_content() && header.record_type != RecordType::Revisit;
        let (payload, written) = payload_of(header);
        let named = if is_content { Named::Content(payload) } else { Named::NoContent };
        if is_content {
            if let (Some(uri), Some(date)) = (header.target_uri(), header.get("WARC-Date")) {
                let known = self.addresses.entry(key(&[uri, date])).or_insert(named);
                *known = if *known == named { named } else { Named::Several };
            }
            self.payloads.extend(written);
        }
        let Some(id) = header.id() else { return false };
        match self.ids.entry(key(&[id])) {
            Entry::Occupied(mut known) => {
                known.insert(Named::Several);
                true
            }
            Entry::Vacant(free) => {
                free.insert(named);
                false
            }
        }
    }

    /// WARC 1.1, section 6.7.2: the id comes first, then address and time; either has to lead to a
    /// record of the same payload. Without them any record of that payload shows it.
    fn target(&self, reference: &Reference) -> Target {
        let of = |names: &HashMap<[u8; 16], Named>, name: Option<[u8; 16]>| {
            name.and_then(|name| names.get(&name)).copied().filter(|named| *named != Named::NoContent)
        };
        match of(&self.ids, reference.id).or_else(|| of(&self.addresses, reference.address)) {
            Some(Named::Content(Some((algorithm, value)))) => match reference.payload {
                Some((ours, said)) if ours == algorithm && said != value => Target::Differs,
                _ => Target::There,
            },
            Some(_) => Target::There,
            None if reference.written.is_some_and(|written| self.payloads.contains(&written)) => {
                Target::There
            }
            None => Target::Absent,
        }
    }

    /// Whether the record that is named has not been met yet, though another of the same payload has.
    fn may_still_come(&self, reference: &Reference) -> bool {
        match (reference.id, reference.address) {
            (Some(id), _) => !self.ids.contains_key(&id),
            (None, Some(address)) => !self.addresses.contains_key(&address),
            (None, None) => false,
        }
    }

    /// Judges the revisits that waited.
    pub(crate) fn settle(mut self, report: &mut FileReport, each: &mut dyn FnMut(RecordVerdict)) {
        for (reference, shown, mut draft) in std::mem::take(&mut self.open) {
            settle(self.target(&reference), &mut draft);
            give(&shown, draft, report, each);
        }
    }
}

fn settle(target: Target, draft: &mut Draft) {
    match target {
        Target::There => {}
        Target::Absent => {
            add(&mut draft.codes, Code::RevisitTargetAbsent);
            draft.verdict = Verdict::Unverifiable;
        }
        Target::Differs => {
            add(&mut draft.codes, Code::RevisitDigest);
            draft.verdict = Verdict::Failed;
        }
    }
}
