//! Reading an archive's evidence: manifests, captures, records, proofs.
//!
//! Nothing is handed out that was not checked on this very read: a manifest against its entry, a
//! record against its digests. What disagrees is an error of kind `Corrupt`, never a warning.
//!
//! ```text
//! ARCHIVE/ warc/2026/11/selon-20261122-000001.warc.gz    records that were written here
//!          imported/<sha256>.{warc.gz,arc.gz,wacz}       containers, byte for byte as received
//!          ledger/{vkey,checkpoint}  ledger/tile/…       the log
//!          manifests/<N>                                 line i stands for leaf N*256+i
//!          damage/  lock                                 torn tails; the writer's lock
//!          erasing/                                      what open orders to erase need, else empty
//! ```

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use selon_model::{Capture, Digest, LeafIndex, Locator, Origin};

use crate::check::{Checked, RecordCheck, Verdict, Wants};
use crate::durable::{open_file, read_file};
use crate::error::{Error, Kind, Result, io_error};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::manifest::{Body, Manifest, ManifestLine, Purpose, erased_by};
use crate::payload::{Payload, PayloadTaker};
use crate::proof::LogProof;
use crate::record::{RecordHeader, RecordType};
use crate::tile::{WIDTH, numbered};
use crate::warc::{Step, WarcReader};

/// The evidence of an archive, for reading. Takes no lock: what is committed does not change.
#[derive(Clone, Debug)]
pub struct Evidence {
    folder: PathBuf,
    limits: Limits,
}

/// A record read from the archive and checked.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The record's header.
    pub header: RecordHeader,
    /// Its payload, ready to be read.
    pub payload: Payload,
    /// How it stood on this read.
    pub checked: Checked,
}

/// A manifest with the line it came from.
#[derive(Clone, Debug)]
pub struct LoggedManifest {
    /// Its leaf.
    pub leaf: LeafIndex,
    /// Its salt.
    pub salt: [u8; 32],
    /// The stored text.
    pub json: String,
    /// The parsed manifest.
    pub manifest: Manifest,
}

impl Evidence {
    /// The evidence in a folder.
    ///
    /// # Errors
    /// `NotFound` where there is no archive.
    pub fn open(folder: &Path) -> Result<Evidence> {
        if !folder.join("ledger/checkpoint").is_file() {
            return Err(Error::new(Kind::NotFound, format!("there is no archive in {}", folder.display())));
        }
        Ok(Evidence { folder: folder.to_owned(), limits: Limits::default() })
    }

    pub(crate) fn at(folder: &Path) -> Evidence {
        Evidence { folder: folder.to_owned(), limits: Limits::default() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The log, its signature and root checked.
    ///
    /// # Errors
    /// `Corrupt` where it does not verify.
    pub fn ledger(&self) -> Result<Ledger> {
        Ledger::open(&self.folder.join("ledger"))
    }

    /// Every manifest that the newest checkpoint covers, in order, each held against its entry.
    ///
    /// # Errors
    /// `Corrupt` where the log does not verify.
    pub fn manifests(&self) -> Result<Manifests> {
        let ledger = self.ledger()?;
        Ok(Manifests { evidence: self.clone(), ledger, next: 0, lines: Vec::new() })
    }

    /// Every capture, in the order of the log. For rebuilding what is derived.
    ///
    /// # Errors
    /// `Corrupt` where the log does not verify.
    pub fn captures(&self) -> Result<impl Iterator<Item = Result<Capture>> + use<>> {
        let manifests = self.manifests()?;
        Ok(manifests.filter_map(|logged| match logged {
            Ok(logged) => logged.manifest.capture(logged.leaf).map(Ok),
            Err(error) => Some(Err(error)),
        }))
    }

    /// The manifest of a leaf.
    ///
    /// # Errors
    /// `NotFound` for a leaf beyond the log; `Corrupt` where it does not verify.
    pub fn manifest(&self, leaf: LeafIndex) -> Result<LoggedManifest> {
        let ledger = self.ledger()?;
        let mut lines = self.lines_of(&ledger, leaf.0 / WIDTH)?;
        let at = (leaf.0 % WIDTH) as usize;
        if leaf.0 >= ledger.size() || at >= lines.len() {
            return Err(Error::new(Kind::NotFound, format!("there is no leaf {} in this archive", leaf.0)));
        }
        parse(leaf, lines.swap_remove(at))
    }

    /// The capture of a leaf.
    ///
    /// # Errors
    /// `NotFound` where the leaf is no capture; `Corrupt` where it does not verify.
    pub fn capture(&self, leaf: LeafIndex) -> Result<Capture> {
        let logged = self.manifest(leaf)?;
        if let Body::Erased(tombstone) = logged.manifest.body {
            let what = format!("leaf {} was erased on order; tombstone leaf {}", leaf.0, tombstone.0);
            return Err(Error::new(Kind::NotFound, what));
        }
        logged
            .manifest
            .capture(leaf)
            .ok_or_else(|| Error::new(Kind::NotFound, format!("leaf {} is not a capture", leaf.0)))
    }

    /// Whether a capture was taken to be read: not what a page needs to be shown, nor a list, nor
    /// robots.txt, nor what stands before a page, nor the same again.
    ///
    /// # Errors
    /// As [`Evidence::manifest`].
    pub fn is_document(&self, capture: &Capture) -> Result<bool> {
        if capture.origin != Origin::Wire {
            return Ok(true);
        }
        let logged = self.manifest(capture.leaf)?;
        Ok(match &logged.manifest.body {
            Body::Capture(manifest) => manifest.wire.as_ref().is_none_or(|wire| {
                wire.purpose == Purpose::Page && wire.blocked_page.is_none() && wire.revisit_of.is_none()
            }),
            _ => true,
        })
    }

    /// Proof that a leaf is in the signed log, to be handed over with its manifest.
    ///
    /// # Errors
    /// `NotFound` for a leaf beyond the log; `Corrupt` where the log does not verify.
    pub fn prove(&self, leaf: LeafIndex) -> Result<LogProof> {
        proof_of(&self.ledger()?, &self.manifest(leaf)?)
    }

    /// What was done with a leaf since, in the order of the log: custody, exports.
    ///
    /// # Errors
    /// `Corrupt` where the log does not verify.
    pub fn custody_of(&self, leaf: LeafIndex) -> Result<Vec<LoggedManifest>> {
        let about = |logged: &LoggedManifest| match &logged.manifest.body {
            Body::Custody(custody) => custody.leaves.contains(&leaf),
            Body::Export(export) => export.leaves.contains(&leaf),
            _ => false,
        };
        self.manifests()?.filter(|logged| logged.as_ref().map_or(true, about)).collect()
    }

    /// What is known of whoever collected a leaf or had it in hand, where it is kept here: held
    /// against its manifest.
    ///
    /// # Errors
    /// `Corrupt` where it is not what was logged.
    pub fn restricted_of(&self, leaf: LeafIndex) -> Result<Option<String>> {
        let stated = match self.manifest(leaf)?.manifest.body {
            Body::Capture(capture) => capture.restricted,
            Body::Custody(custody) => custody.restricted,
            _ => None,
        };
        let lines = crate::restricted::read_all(&self.folder)?;
        let line = lines.into_iter().rev().find(|line| line.leaf == leaf);
        match (stated, line) {
            (Some(stated), Some(line)) if line.digest() == stated => Ok(Some(line.json)),
            (_, None) => Ok(None),
            _ => Err(Error::new(
                Kind::Corrupt,
                format!("what is kept apart of leaf {} is not what was logged", leaf.0),
            )),
        }
    }

    /// Reads a record and checks it against its own digests.
    ///
    /// # Errors
    /// `NotFound` where no such file or record is; `Corrupt` where the record does not verify.
    pub fn fetch(&self, at: &Locator) -> Result<Fetched> {
        self.read_record(at, Wants { content: true, record: false, index: false })
    }

    /// Reads the record of a capture and checks it against the capture's id and payload digest,
    /// which cover header and block.
    ///
    /// # Errors
    /// As [`Evidence::fetch`].
    pub fn fetch_capture(&self, capture: &Capture) -> Result<Fetched> {
        self.in_order().fetch_capture(capture)
    }

    /// For reading many captures, best in the order of their records: see [`InOrder`].
    pub fn in_order(&self) -> InOrder {
        InOrder { evidence: self.clone(), open: None }
    }

    fn read_record(&self, at: &Locator, wants: Wants) -> Result<Fetched> {
        self.in_order().read_record(at, wants)
    }

    /// A reader that stands before the record, or before the first of those that share its member.
    fn reader_at(&self, at: &Locator) -> Result<WarcReader<File>> {
        let (name, _) = split_file(&at.file);
        let path = self.path_of(name)?;
        let file = open_file(&path).map_err(|error| io_error("open", &path, error))?;
        let mut reader = if name.ends_with(".wacz") {
            WarcReader::inside(file, at.offset, self.limits.clone())?
        } else {
            WarcReader::new(file, self.limits.clone())?
        };
        if name.ends_with(".arc") || name.ends_with(".arc.gz") {
            reader = reader.of_arc();
        }
        if at.offset >= reader.length() {
            let what = format!("there is no {}: the file is shorter", describe(at));
            return Err(Error::new(Kind::Corrupt, what));
        }
        reader.seek(at.offset)?;
        Ok(reader)
    }

    /// A file of the archive. Locators come out of derived data, so they may not lead elsewhere.
    pub(crate) fn path_of(&self, name: &str) -> Result<PathBuf> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if inside && (name.starts_with("warc/") || name.starts_with("imported/")) {
            return Ok(self.folder.join(name));
        }
        Err(Error::new(Kind::Invalid, format!("{name:?} is not a file of records of this archive")))
    }

    /// The committed lines of a manifest file, each held against its entry.
    fn lines_of(&self, ledger: &Ledger, file: u64) -> Result<Vec<Vec<u8>>> {
        let width = (ledger.size().saturating_sub(file * WIDTH)).min(WIDTH);
        if width == 0 {
            return Ok(Vec::new());
        }
        let path = self.folder.join("manifests").join(numbered(file));
        let bytes =
            read_file(&path, self.limits.manifests).map_err(|error| io_error("read", &path, error))?;
        let entries = ledger.read_entries(file, width)?;
        let lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|&byte| byte == b'\n').take(width as usize).map(<[u8]>::to_vec).collect();
        for (at, entry) in entries.iter().enumerate() {
            let line = lines.get(at).and_then(|line| line.strip_suffix(b"\n"));
            // That the order is there, and names this leaf, is what `verify` looks at.
            let agrees = line.is_some_and(|line| erased_by(line).is_some())
                || line
                    .and_then(ManifestLine::parse)
                    .is_some_and(|line| line.entry().as_bytes().as_slice() == entry);
            if !agrees {
                let leaf = file * WIDTH + at as u64;
                return Err(Error::new(
                    Kind::Corrupt,
                    format!("the manifest of leaf {leaf} in {} does not agree with the log", path.display()),
                ));
            }
        }
        Ok(lines)
    }
}

/// Reads records one after another. Those that share a compressed member are read in one pass over it,
/// as long as they are asked for in their order: by themselves each would take unpacking the member from
/// its beginning.
#[derive(Debug)]
pub struct InOrder {
    evidence: Evidence,
    /// Where the last record shared its member: the reader behind it.
    open: Option<Shared>,
}

/// A reader inside a member that several records share.
struct Shared {
    reader: WarcReader<File>,
    /// File and offset of the member, and the first record in it that can still be read.
    file: String,
    offset: u64,
    next: u64,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}, from {}", self.file, self.offset, self.next)
    }
}

fn describe(at: &Locator) -> String {
    format!("record at offset {} of {}", at.offset, at.file)
}

impl InOrder {
    /// The record of a capture, as [`Evidence::fetch_capture`] gives it.
    ///
    /// # Errors
    /// As [`Evidence::fetch`].
    pub fn fetch_capture(&mut self, capture: &Capture) -> Result<Fetched> {
        let fetched =
            self.read_record(&capture.record, Wants { content: true, record: true, index: false })?;
        // The payload of a revisit is that of the record it refers to.
        let payload = fetched.header.record_type == RecordType::Revisit
            || fetched.checked.payload == Some(capture.payload);
        let same = fetched.checked.record == Some(capture.id.0) && payload;
        if same {
            return Ok(fetched);
        }
        Err(Error::new(
            Kind::Corrupt,
            format!(
                "the record at offset {} of {} is not the one of capture {}",
                capture.record.offset, capture.record.file, capture.id
            ),
        ))
    }

    fn read_record(&mut self, at: &Locator, wants: Wants) -> Result<Fetched> {
        let (name, inner) = split_file(&at.file);
        let open = self.open.take();
        let stands = open.filter(|it| it.file == name && it.offset == at.offset && it.next <= inner);
        let mut reader = match stands {
            Some(open) => open.reader,
            None => self.evidence.reader_at(at)?,
        };
        let limits = &self.evidence.limits;
        let what = describe(at);
        loop {
            match reader.next()? {
                Some(Step::Note(..)) => {}
                Some(Step::Record(head)) if head.offset == at.offset && head.inner < inner => {}
                Some(Step::Record(head)) if head.offset == at.offset && head.inner == inner => {
                    let mut check = RecordCheck::new(&head, wants, limits);
                    let mut taker = PayloadTaker::new(&head, limits);
                    let tail = reader.block(&mut |bytes| {
                        check.feed(bytes);
                        taker.feed(bytes);
                    })?;
                    let checked = check.finish(&tail);
                    let ours = name.starts_with("warc/");
                    let stands = match checked.verdict {
                        Verdict::Verified | Verdict::VerifiedPayloadOnly => true,
                        Verdict::Unverifiable => !ours,
                        Verdict::Failed | Verdict::Truncated => false,
                    };
                    if !stands {
                        let why = checked.codes.last().map_or("", |code| code.sentence());
                        return Err(Error::new(Kind::Corrupt, format!("the {what} does not verify: {why}")));
                    }
                    let payload = taker.finish(&tail);
                    if at.file.contains('#') {
                        let (file, offset, next) = (name.to_owned(), at.offset, inner + 1);
                        self.open = Some(Shared { reader, file, offset, next });
                    }
                    return Ok(Fetched { header: head.header, payload, checked });
                }
                _ => return Err(Error::new(Kind::Corrupt, format!("there is no {what}"))),
            }
        }
    }
}

/// Proof that a manifest is in the log as it is open.
pub(crate) fn proof_of(ledger: &Ledger, logged: &LoggedManifest) -> Result<LogProof> {
    let hashes = ledger.prove_inclusion(logged.leaf)?;
    let checkpoint = ledger.signed_checkpoint().to_owned();
    Ok(LogProof { salt: logged.salt, leaf: logged.leaf, hashes, checkpoint })
}

fn parse(leaf: LeafIndex, line: Vec<u8>) -> Result<LoggedManifest> {
    let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
    if let Some(tombstone) = erased_by(bytes) {
        let manifest = Manifest::new(Body::Erased(tombstone));
        return Ok(LoggedManifest { leaf, salt: [0; 32], json: String::new(), manifest });
    }
    let line = ManifestLine::parse(bytes)
        .ok_or_else(|| Error::new(Kind::Corrupt, format!("cannot read the manifest of leaf {}", leaf.0)))?;
    Ok(LoggedManifest { leaf, salt: line.salt, json: line.json.to_owned(), manifest: line.manifest()? })
}

/// Name of the file and offset inside the member, of a locator's `file`.
pub(crate) fn split_file(file: &str) -> (&str, u64) {
    match file.split_once('#') {
        Some((name, inner)) => (name, inner.parse().unwrap_or(u64::MAX)),
        None => (file, 0),
    }
}

/// Manifests in the order of the log.
pub struct Manifests {
    evidence: Evidence,
    ledger: Ledger,
    next: u64,
    /// Lines of the file at hand, last first.
    lines: Vec<Vec<u8>>,
}

impl Iterator for Manifests {
    type Item = Result<LoggedManifest>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.ledger.size() {
            return None;
        }
        if self.lines.is_empty() {
            match self.evidence.lines_of(&self.ledger, self.next / WIDTH) {
                Ok(lines) => self.lines = lines.into_iter().rev().collect(),
                Err(error) => {
                    self.next = u64::MAX;
                    return Some(Err(error));
                }
            }
        }
        let line = self.lines.pop()?;
        let leaf = LeafIndex(self.next);
        self.next += 1;
        Some(parse(leaf, line))
    }
}

/// SHA-256 and length of a stored range of a file; `None` where the file is shorter.
pub(crate) fn hash_range(file: &mut File, offset: u64, length: u64) -> std::io::Result<Option<Digest>> {
    use sha2::{Digest as _, Sha256};
    use std::io::{Read as _, Seek as _, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    let mut hasher = Sha256::new();
    let copied = std::io::copy(&mut file.by_ref().take(length), &mut HashWriter(&mut hasher))?;
    Ok((copied == length).then(|| Digest::from_bytes(hasher.finalize().into())))
}

/// Lets `io::copy` feed a hash.
pub(crate) struct HashWriter<'h>(pub(crate) &'h mut sha2::Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        use sha2::Digest as _;
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
