//! Holding an archive against its log: every byte of evidence, and nothing left out.
//!
//! From the signature down: key, checkpoint, root, tiles, entries, manifests, stored records,
//! blocks. One changed byte in any of them is found and named with file, offset and item. Where
//! two of three copies of a hash agree (manifest, entry, tile), the third is the one named.

mod files;
mod named;
mod seals;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use selon_model::{Capture, Digest};
use serde::Serialize;

use crate::code::{Code, Weight};
use crate::durable::read_start;
use crate::error::{Error, Kind, Result, io_error};
use crate::ledger::read_key;
use crate::limits::Limits;
use crate::manifest::{Body, ManifestLine, Measured, StoredRecord, TombstoneManifest};
use crate::note::{Checkpoint, Note, VerifyingKey};
use crate::older::OlderLog;
use crate::stamps::Stamp;
use crate::tile::{WIDTH, numbered};
use crate::trust::Trust;
use crate::verify::{Exit, Finding, MOST_FINDINGS};

/// How an archive stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ArchiveReport {
    /// The folder.
    pub folder: String,
    /// The log's name.
    pub origin: Option<String>,
    /// The public key that its checkpoint was held against.
    pub vkey: Option<String>,
    /// Entries that the signed checkpoint covers.
    pub size: u64,
    /// Root over them, as signed.
    pub root: Option<Digest>,
    /// Captures.
    pub captures: u64,
    /// Containers.
    pub imports: u64,
    /// Files of records.
    pub files: u64,
    /// Records held against the log.
    pub records: u64,
    /// Stored bytes of records and containers.
    pub bytes: u64,
    /// Leaves whose content was erased on order.
    pub erased: u64,
    /// Stamped checkpoints, the smallest first.
    pub seals: Vec<Seal>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What it comes to.
    pub exit: Exit,
}

/// A stamped checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// Entries that it covers.
    pub size: u64,
    /// Stamps that verify.
    pub stamps: Vec<Stamp>,
    /// Enough of them for those that are trusted.
    pub sealed: bool,
}

/// What an archive is held against, beside itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Against<'a> {
    /// An older signed checkpoint, as it was saved then.
    pub older: Option<&'a [u8]>,
    /// An older copy of the log: its entries say which ones were changed.
    pub older_log: Option<&'a Path>,
    /// Authorities that are trusted; without, the archive's own list, which is said.
    pub trust: Option<&'a Trust>,
}

/// Checks an archive. Needs no lock: it may run while another process adds.
///
/// # Errors
/// `NotFound` where there is no archive; `Unavailable` where files cannot be read.
pub fn verify_archive(folder: &Path, limits: &Limits) -> Result<ArchiveReport> {
    verify_archive_since(folder, limits, None)
}

/// Checks an archive, and that the log of an older signed checkpoint is the beginning of its log:
/// nothing that was logged then was changed or taken out since.
///
/// # Errors
/// As [`verify_archive`].
pub fn verify_archive_since(folder: &Path, limits: &Limits, older: Option<&[u8]>) -> Result<ArchiveReport> {
    verify_archive_against(folder, limits, Against { older, ..Against::default() })
}

/// Checks an archive against what the caller has from elsewhere.
///
/// # Errors
/// As [`verify_archive`].
pub fn verify_archive_against(folder: &Path, limits: &Limits, against: Against<'_>) -> Result<ArchiveReport> {
    if !folder.join("ledger").is_dir() {
        return Err(Error::new(Kind::NotFound, format!("there is no archive in {}", folder.display())));
    }
    let report = ArchiveReport { folder: folder.display().to_string(), ..ArchiveReport::default() };
    let mut check = Check {
        folder: folder.to_owned(),
        limits: limits.clone(),
        report,
        records: BTreeMap::new(),
        containers: BTreeMap::new(),
        older: against.older.map(<[u8]>::to_vec),
        entries: Vec::new(),
        trust: against.trust.cloned(),
        claims: Vec::new(),
        named_tokens: Vec::new(),
        erased: Vec::new(),
        tombstones: BTreeMap::new(),
        closed: BTreeSet::new(),
        apart: BTreeMap::new(),
        unsure: false,
        committed: true,
    };
    check.log()?;
    if let Some(older) = against.older_log {
        let copy = OlderLog::read(older)?;
        for (code, item) in copy.compare(&check.entries) {
            check.find(code, "older copy of the log", None, item, "");
        }
    }
    check.erasures();
    check.restricted()?;
    check.record_files()?;
    check.containers()?;
    check.report.findings.sort_by(|a, b| (&a.file, a.offset, &a.item).cmp(&(&b.file, b.offset, &b.item)));
    Ok(check.report)
}

/// A record that a manifest names.
struct Expected {
    leaf: u64,
    record: StoredRecord,
    /// The capture that it is the first record of.
    capture: Option<Capture>,
    /// It is what an order put in the place of records of these leaves.
    erases: Vec<u64>,
}

impl Expected {
    fn of(leaf: u64, record: StoredRecord) -> Self {
        Expected { leaf, record, capture: None, erases: Vec::new() }
    }
}

struct Check {
    folder: PathBuf,
    limits: Limits,
    report: ArchiveReport,
    /// Records by file and offset.
    records: BTreeMap<String, Vec<Expected>>,
    /// What was imported as each container; more than once where it was imported again.
    containers: BTreeMap<String, Vec<(u64, Measured)>>,
    /// An older checkpoint to hold the log against.
    older: Option<Vec<u8>>,
    trust: Option<Trust>,
    /// Every entry of the log; `None` where it is damaged.
    entries: Vec<Option<Digest>>,
    /// Roots that the log is said to have had, by whom, and how long it was.
    claims: Vec<(u64, String, Digest)>,
    /// Answers of authorities that manifests name: leaf, size of the checkpoint, digest.
    named_tokens: Vec<(u64, u64, Digest)>,
    /// Leaves whose manifest is erased: leaf, tombstone, entry, file and offset of the line.
    erased: Vec<(u64, u64, Option<Digest>, String, u64)>,
    tombstones: BTreeMap<u64, TombstoneManifest>,
    /// Tombstones that a custody leaf closes.
    closed: BTreeSet<u64>,
    /// Digests of what is kept apart, by leaf.
    apart: BTreeMap<u64, Digest>,
    /// A manifest could not be trusted: what is in no manifest may have been in it.
    unsure: bool,
    /// The checkpoint is good, so what lies past it was never acknowledged.
    committed: bool,
}

impl Check {
    fn find(&mut self, code: Code, file: &str, offset: Option<u64>, item: String, detail: &str) {
        let exit = match code.weight() {
            Weight::Note => Exit::Verified,
            Weight::Unverifiable => Exit::Unverifiable,
            Weight::Failure => Exit::Failed,
        };
        self.report.exit = self.report.exit.max(exit);
        if self.report.findings.len() < MOST_FINDINGS {
            let place = offset.map_or(String::new(), |offset| format!(", byte {offset}"));
            let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            let sentence = format!("{file}{place}, {item}: {}{detail}", code.sentence());
            self.report.findings.push(Finding {
                code,
                weight: code.weight(),
                file: file.to_owned(),
                offset,
                item,
                sentence,
            });
        }
    }

    /// The first bytes of a file, as many as such a file can have and one more, which tells of a longer one.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.folder.join(name);
        let most = match name.split('/').collect::<Vec<_>>()[..] {
            ["ledger", "tile", "entries", ..] => self.limits.tile,
            ["ledger", "tile", ..] => WIDTH * 32,
            ["ledger", ..] => self.limits.note,
            _ => self.limits.manifests,
        };
        match read_start(&path, most + 1) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("read", &path, error)),
        }
    }

    /// Key, checkpoint, tiles, entries, manifests.
    fn log(&mut self) -> Result<()> {
        let key = match read_key(&self.folder.join("ledger")) {
            Ok(key) => Some(key),
            Err(error) => {
                self.find(Code::KeyBad, "ledger/vkey", None, "public key".to_owned(), &error.to_string());
                // The genesis manifest carries the key too: the rest can still be held against it.
                self.genesis_key()?
            }
        };
        self.report.vkey = key.as_ref().map(VerifyingKey::to_string);
        let signed = self.checkpoint(key.as_ref())?;
        self.report.size = match &signed {
            Some(checkpoint) => checkpoint.size,
            None => {
                self.committed = false;
                self.count_lines()?
            }
        };
        self.report.origin = signed.as_ref().map(|checkpoint| checkpoint.origin.clone());
        self.report.root = signed.as_ref().map(|checkpoint| checkpoint.root);
        if let Some(bytes) = self.older.take()
            && let Some(older) = self.open_older(&bytes, key.as_ref())
        {
            self.claims.push((older.size, "older checkpoint".to_owned(), older.root));
        }
        let stamped = self.stamps(key.as_ref())?;
        self.claims.retain(|(size, ..)| *size > 0);
        self.claims.sort();
        let root = self.tree(key.as_ref())?;
        self.tokens(&stamped);
        if let Some(checkpoint) = signed
            && root != checkpoint.root
        {
            self.find(
                Code::RootDiffers,
                "ledger/checkpoint",
                None,
                format!("root over {} entries", checkpoint.size),
                "",
            );
        }
        Ok(())
    }

    /// The older checkpoint, where it is one of this log and covers no more than the log has.
    fn open_older(&mut self, bytes: &[u8], key: Option<&VerifyingKey>) -> Option<Checkpoint> {
        const NAME: &str = "older checkpoint";
        let opened = match key {
            Some(key) => Checkpoint::open(bytes, key),
            None => Note::parse(bytes).and_then(|note| Checkpoint::parse(&note.text)),
        };
        match opened {
            Err(fault) => {
                self.find(Code::CheckpointBad, NAME, None, "signature".to_owned(), &fault.to_string());
                None
            }
            Ok(older) if older.size > self.report.size => {
                let item = format!("{} entries then, {} now", older.size, self.report.size);
                self.find(Code::RolledBack, NAME, None, item, "");
                None
            }
            Ok(older) => Some(older),
        }
    }

    fn genesis_key(&self) -> Result<Option<VerifyingKey>> {
        let lines = self.read("manifests/000")?.unwrap_or_default();
        let first = lines.split(|&byte| byte == b'\n').next().unwrap_or(&[]);
        let manifest = ManifestLine::parse(first).and_then(|line| line.manifest().ok());
        Ok(match manifest.map(|manifest| manifest.body) {
            Some(Body::Genesis(genesis)) => genesis.vkey.parse().ok(),
            _ => None,
        })
    }

    /// The signed checkpoint; `None` where it cannot be trusted.
    fn checkpoint(&mut self, key: Option<&VerifyingKey>) -> Result<Option<Checkpoint>> {
        const NAME: &str = "ledger/checkpoint";
        let Some(bytes) = self.read(NAME)? else {
            self.find(Code::CheckpointMissing, NAME, None, "checkpoint".to_owned(), "");
            return Ok(None);
        };
        let opened = match key {
            Some(key) => Checkpoint::open(&bytes, key),
            None => Note::parse(&bytes).and_then(|note| Checkpoint::parse(&note.text)),
        };
        match opened {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(fault) => {
                self.find(
                    Code::CheckpointBad,
                    NAME,
                    None,
                    "signed checkpoint".to_owned(),
                    &fault.to_string(),
                );
                Ok(None)
            }
        }
    }

    /// Without a checkpoint: as many entries as there are manifest lines.
    fn count_lines(&self) -> Result<u64> {
        let mut lines = 0;
        for number in 0.. {
            let Some(bytes) = self.read(&format!("manifests/{}", numbered(number)))? else { break };
            lines += bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
        }
        Ok(lines)
    }
}
