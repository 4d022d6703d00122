//! Holding an archive against its log: every byte of evidence, and nothing left out.
//!
//! From the signature down: key, checkpoint, root, tiles, entries, manifests, stored records,
//! blocks. One changed byte in any of them is found and named with file, offset and item. Where
//! two of three copies of a hash agree (manifest, entry, tile), the third is the one named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use selon_model::Digest;
use serde::Serialize;

use crate::check::{RecordCheck, Verdict, Wants};
use crate::code::{Code, Weight};
use crate::durable::files_below;
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{hash_range, split_file};
use crate::ledger::{is_covered, parse_tile_path, read_key};
use crate::limits::Limits;
use crate::manifest::{Body, ManifestLine, Measured, StoredRecord, TombstoneManifest, erased_by};
use crate::note::{Checkpoint, Note, VerifyingKey};
use crate::older::OlderLog;
use crate::stamps::{Stamp, Stamped, read_stamped, sizes};
use crate::tile::{
    Frontier, Level, WIDTH, leaf_hash, levels_of, node_hash, numbered, parse_bundle, perfect_hash, tile_path,
};
use crate::trust::Trust;
use crate::verify::{Exit, Finding, MOST_FINDINGS};
use crate::warc::{Step, WarcReader};

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
}

struct Check {
    folder: PathBuf,
    limits: Limits,
    report: ArchiveReport,
    /// Records by file and offset.
    records: BTreeMap<String, Vec<Expected>>,
    containers: BTreeMap<String, (u64, Measured)>,
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
        let exit = if code.weight() == Weight::Failure { Exit::Failed } else { Exit::Verified };
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

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.folder.join(name);
        match fs::read(&path) {
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

    /// Stamped checkpoints: each held against its stamps here, and against the tree later.
    fn stamps(&mut self, key: Option<&VerifyingKey>) -> Result<Vec<Stamped>> {
        let sizes = sizes(&self.folder)?;
        let own = self.trust.is_none();
        let trust = match self.trust.take() {
            Some(trust) => trust,
            None if sizes.is_empty() => return Ok(Vec::new()),
            None => Trust::of_archive(&self.folder).ok().flatten().unwrap_or_default(),
        };
        let mut all = Vec::with_capacity(sizes.len());
        for size in sizes {
            let stamped = read_stamped(&self.folder, size, key, &trust)?;
            for (file, code, detail) in &stamped.faults {
                self.find(*code, file, None, format!("stamp of {size} entries"), detail);
            }
            let name = format!("ledger/stamps/{size}/checkpoint");
            match stamped.root {
                Some(_) if size > self.report.size => {
                    let item = format!("{size} entries then, {} now", self.report.size);
                    self.find(Code::RolledBack, &name, None, item, "");
                }
                Some(root) => self.claims.push((size, name, root)),
                None => {}
            }
            let sealed = trust.needed > 0 && stamped.is_sealed(&trust);
            self.report.seals.push(Seal { size, stamps: stamped.stamps.clone(), sealed });
            all.push(stamped);
        }
        if own && self.report.seals.iter().any(|seal| !seal.stamps.is_empty()) {
            self.find(Code::StampsOwnList, "trust/trust.toml", None, "authorities".to_owned(), "");
        }
        let newest = self.report.seals.iter().filter(|seal| seal.sealed).map(|seal| seal.size).max();
        if newest.is_none_or(|newest| newest < self.report.size) {
            let item = format!("entries from {} on", newest.unwrap_or(0));
            self.find(Code::NotSealed, "ledger/stamps", None, item, "");
        }
        Ok(all)
    }

    /// Answers that manifests name are still there.
    fn tokens(&mut self, stamped: &[Stamped]) {
        let there: BTreeMap<u64, BTreeSet<Digest>> =
            stamped.iter().map(|stamped| (stamped.size, stamped.answers.clone())).collect();
        for (leaf, size, digest) in std::mem::take(&mut self.named_tokens) {
            if !there.get(&size).is_some_and(|answers| answers.contains(&digest)) {
                let file = format!("ledger/stamps/{size}");
                self.find(Code::StampAbsent, &file, None, format!("stamp named by leaf {leaf}"), "");
            }
        }
    }

    /// Every erased manifest has its order, and every order is closed.
    fn erasures(&mut self) {
        let tombstones = std::mem::take(&mut self.tombstones);
        let mut told: BTreeMap<u64, u64> = BTreeMap::new();
        for (leaf, tombstone, entry, file, offset) in std::mem::take(&mut self.erased) {
            let named = tombstones.get(&tombstone).is_some_and(|order| {
                let at = order.leaves.iter().position(|named| named.0 == leaf);
                at.is_some_and(|at| order.entries.get(at).copied() == entry)
            });
            if named {
                *told.entry(tombstone).or_default() += 1;
            } else {
                let item = format!("manifest of leaf {leaf}");
                self.find(Code::ErasedWithoutOrder, &file, Some(offset), item, "");
            }
        }
        for (leaf, order) in tombstones {
            let gone = told.get(&leaf).copied().unwrap_or(0);
            self.report.erased += gone;
            let leaves: Vec<String> = order.leaves.iter().map(|leaf| leaf.0.to_string()).collect();
            let item = format!("leaves {}", leaves.join(", "));
            let detail =
                format!("tombstone leaf {leaf}, {}, by order of {}: {}", order.at, order.by, order.why);
            self.find(Code::Erased, "manifests", None, item.clone(), &detail);
            if !self.closed.contains(&leaf) {
                self.find(Code::ErasureUnfinished, "manifests", None, item, "");
            }
            for record in order.stubs.into_iter().chain(order.kept) {
                let name = split_file(&record.file).0.to_owned();
                self.records.entry(name).or_default().push(Expected { leaf, record });
            }
        }
    }

    /// What is kept apart is what manifests say it is.
    fn restricted(&mut self) -> Result<()> {
        let lines = crate::restricted::read_all(&self.folder)?;
        let lines: BTreeMap<u64, Digest> = lines.iter().map(|line| (line.leaf.0, line.digest())).collect();
        let mut absent = 0;
        for (leaf, digest) in std::mem::take(&mut self.apart) {
            match lines.get(&leaf) {
                Some(found) if *found == digest => {}
                Some(_) => {
                    self.find(Code::RestrictedDiffers, "restricted", None, format!("leaf {leaf}"), "");
                }
                None => absent += 1,
            }
        }
        if absent > 0 {
            self.find(Code::RestrictedAbsent, "restricted", None, format!("{absent} leaves"), "");
        }
        Ok(())
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

    /// Recomputes the whole tree from the manifests and entries, holding every tile file against
    /// it. Gives the root.
    fn tree(&mut self, key: Option<&VerifyingKey>) -> Result<Digest> {
        let size = self.report.size;
        // Widths that exist of each tile; older partial tiles are checked too.
        let mut present: BTreeMap<(Level, u64), BTreeSet<u64>> = BTreeMap::new();
        for file in files_below(&self.folder.join("ledger/tile"))? {
            let name = format!("ledger/tile/{file}");
            match parse_tile_path(&file) {
                Some((level, index, width)) if is_covered(level, index, width, size) => {
                    present.entry((level, index)).or_default().insert(width);
                }
                Some(_) => self.find(Code::UncommittedTail, &name, None, "tile".to_owned(), ""),
                None => self.find(Code::UnloggedFile, &name, None, "file".to_owned(), ""),
            }
        }
        for file in files_below(&self.folder.join("ledger"))? {
            if !file.starts_with("tile/")
                && !is_stamp_file(&file)
                && !matches!(file.as_str(), "vkey" | "checkpoint")
            {
                let code = if file == "writing" { Code::UncommittedTail } else { Code::UnloggedFile };
                self.find(code, &format!("ledger/{file}"), None, "file".to_owned(), "");
            }
        }

        // Hashes of one level, as their full tiles' hashes and the partial rest.
        let mut above = Vec::new();
        let mut rest = Vec::new();
        let mut frontier = Frontier::default();
        let mut claims = std::mem::take(&mut self.claims).into_iter().peekable();
        for number in 0..size.div_ceil(WIDTH) {
            let width = (size - number * WIDTH).min(WIDTH);
            let hashes = self.leaves(number, width, key, &present)?;
            for hash in &hashes {
                if claims.peek().is_none() {
                    break;
                }
                frontier.push(*hash);
                while let Some((_, name, root)) = claims.next_if(|(size, ..)| *size <= frontier.size()) {
                    if frontier.root() != root {
                        let item = format!("root over the first {} entries", frontier.size());
                        self.find(Code::CheckpointInconsistent, &name, None, item, "");
                    }
                }
            }
            if width == WIDTH { above.push(perfect_hash(&hashes)) } else { rest = hashes }
        }
        self.manifest_tails()?;
        let mut edges = vec![rest];
        for level in 1..levels_of(size) {
            let hashes = std::mem::take(&mut above);
            let chunks = hashes.chunks(WIDTH as usize);
            let mut rest = Vec::new();
            for (index, chunk) in (0u64..).zip(chunks) {
                self.compare_tile(level, index, chunk, &present)?;
                if chunk.len() as u64 == WIDTH {
                    above.push(perfect_hash(chunk))
                } else {
                    rest = chunk.to_vec()
                }
            }
            edges.push(rest);
        }
        let mut root: Option<Digest> = None;
        for edge in &edges {
            let mut end = edge.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = perfect_hash(&edge[end - width..end]);
                root = Some(root.map_or(left, |right| node_hash(&left, &right)));
                end -= width;
            }
        }
        Ok(root.unwrap_or_else(|| Digest::of(b"")))
    }

    /// One bundle: its manifests, entries and hashes held against each other. Gives the leaf
    /// hashes that most copies agree on.
    fn leaves(
        &mut self,
        number: u64,
        width: u64,
        key: Option<&VerifyingKey>,
        present: &BTreeMap<(Level, u64), BTreeSet<u64>>,
    ) -> Result<Vec<Digest>> {
        let manifests_name = format!("manifests/{}", numbered(number));
        let lines_bytes = self.read(&manifests_name)?.unwrap_or_default();
        let lines = split_lines(&lines_bytes);
        let (entries_name, entries_bytes) = self.widest(Level::Entries, number, width, present)?;
        let (tile_name, tile_bytes) = self.widest(Level::Hashes(0), number, width, present)?;
        let logged: Vec<Option<Digest>> = (0..width as usize)
            .map(|at| entries_bytes.as_deref().and_then(|bytes| entry_at(bytes, at)))
            .collect();
        let places = align(&lines, &logged);
        self.entries.extend(&logged);
        let mut hashes = Vec::with_capacity(width as usize);
        for at in 0..width as usize {
            let leaf = number * WIDTH + at as u64;
            let item = format!("leaf {leaf}");
            let line = places[at].and_then(|place| lines.get(place)).copied();
            let tombstone = line.and_then(|(_, line)| line.strip_suffix(b"\n")).and_then(erased_by);
            let parsed = line.and_then(|(_, line)| line.strip_suffix(b"\n")).and_then(ManifestLine::parse);
            let said = parsed.as_ref().map(ManifestLine::entry);
            let entry = logged[at];
            let hash_at = at * 32;
            let hash =
                tile_bytes.as_deref().and_then(|bytes| bytes.get(hash_at..hash_at + 32)).and_then(digest_of);
            let from_said = said.map(|entry| leaf_hash(entry.as_bytes()));
            let from_entry = entry.map(|entry| leaf_hash(entry.as_bytes()));

            let right = match (from_said, from_entry, hash) {
                (Some(a), Some(b), _) if a == b => a,
                (Some(a), _, Some(c)) if a == c => a,
                (_, Some(b), Some(c)) if b == c => b,
                (a, b, c) => c.or(b).or(a).unwrap_or_else(|| Digest::of(b"")),
            };
            if let (Some(tombstone), Some((offset, _))) = (tombstone, line) {
                self.erased.push((leaf, tombstone.0, entry, manifests_name.clone(), offset));
            } else if from_said != Some(right) {
                let offset = line.map(|(offset, _)| offset);
                let missing = line.is_none()
                    || parsed.is_none() && line.is_some_and(|(_, line)| !line.ends_with(b"\n"));
                let code = if missing { Code::ManifestMissing } else { Code::ManifestDiffers };
                self.find(code, &manifests_name, offset, format!("manifest of {item}"), "");
                self.unsure = true;
            }
            if from_entry != Some(right) && entries_bytes.is_some() {
                self.find(
                    Code::EntryDiffers,
                    &entries_name,
                    Some(at as u64 * 34),
                    format!("entry of {item}"),
                    "",
                );
            }
            if hash != Some(right) && tile_bytes.is_some() {
                self.find(Code::TileDiffers, &tile_name, Some(hash_at as u64), format!("hash of {item}"), "");
            }
            if let Some(parsed) = parsed.filter(|_| from_said == Some(right)) {
                self.manifest(leaf, &parsed, &manifests_name, line.map_or(0, |(offset, _)| offset), key);
            }
            hashes.push(right);
        }
        for (name, bytes) in [(&entries_name, &entries_bytes), (&tile_name, &tile_bytes)] {
            if bytes.is_none() {
                self.find(
                    Code::TileMissing,
                    name,
                    None,
                    format!("tile of leaves from {}", number * WIDTH),
                    "",
                );
            }
        }
        self.other_widths(Level::Hashes(0), number, width, &tile_bytes, 32, present)?;
        self.other_widths(Level::Entries, number, width, &entries_bytes, 34, present)?;
        if let Some(bytes) = &entries_bytes
            && parse_bundle(bytes).is_none_or(|entries| (entries.len() as u64) < width)
            && !self.report.findings.iter().any(|finding| finding.file == entries_name)
        {
            self.find(
                Code::EntryDiffers,
                &entries_name,
                None,
                "entry bundle".to_owned(),
                "its lengths are wrong",
            );
        }
        Ok(hashes)
    }

    /// The tile file of the committed width, or the full one that took its place, cut to it.
    fn widest(
        &self,
        level: Level,
        index: u64,
        width: u64,
        present: &BTreeMap<(Level, u64), BTreeSet<u64>>,
    ) -> Result<(String, Option<Vec<u8>>)> {
        let name = format!("ledger/{}", tile_path(level, index, width));
        if present.get(&(level, index)).is_some_and(|widths| widths.contains(&width)) {
            let bytes = self.read(&name)?;
            if bytes.is_some() {
                return Ok((name, bytes));
            }
        }
        let full = format!("ledger/{}", tile_path(level, index, WIDTH));
        match self.read(&full)? {
            Some(bytes) => Ok((full, Some(bytes))),
            None => Ok((name, None)),
        }
    }

    /// Tiles of smaller widths, and the exact length of the committed one.
    fn other_widths(
        &mut self,
        level: Level,
        index: u64,
        width: u64,
        committed: &Option<Vec<u8>>,
        each: u64,
        present: &BTreeMap<(Level, u64), BTreeSet<u64>>,
    ) -> Result<()> {
        let Some(committed) = committed else { return Ok(()) };
        for &other in present.get(&(level, index)).into_iter().flatten() {
            let name = format!("ledger/{}", tile_path(level, index, other));
            let bytes = self.read(&name)?.unwrap_or_default();
            let expected = (other * each) as usize;
            let known = expected.min(committed.len());
            if bytes.len() != expected {
                self.find(
                    Code::TileDiffers,
                    &name,
                    None,
                    "tile".to_owned(),
                    "it has not the length that its name says",
                );
            } else if other < width
                && let Some(at) = bytes.iter().zip(&committed[..known]).position(|(a, b)| a != b)
            {
                let leaf = index * WIDTH + at as u64 / each;
                // Where the committed tile itself is damaged there, that is the finding.
                let named = format!("ledger/{}", tile_path(level, index, width));
                let reported =
                    self.report.findings.iter().any(|finding| {
                        finding.file == named && finding.offset == Some(at as u64 / each * each)
                    });
                if !reported {
                    self.find(
                        Code::TileDiffers,
                        &name,
                        Some(at as u64),
                        format!("older tile, at {leaf}"),
                        "",
                    );
                }
            }
        }
        Ok(())
    }

    /// A tile above the leaves, in all its widths.
    fn compare_tile(
        &mut self,
        level: u8,
        index: u64,
        hashes: &[Digest],
        present: &BTreeMap<(Level, u64), BTreeSet<u64>>,
    ) -> Result<()> {
        let kind = Level::Hashes(level);
        let width = hashes.len() as u64;
        let widths: BTreeSet<u64> = present.get(&(kind, index)).cloned().unwrap_or_default();
        if !widths.contains(&width) && !widths.contains(&WIDTH) {
            let name = format!("ledger/{}", tile_path(kind, index, width));
            self.find(Code::TileMissing, &name, None, "tile".to_owned(), "");
        }
        for width in widths {
            let name = format!("ledger/{}", tile_path(kind, index, width));
            let bytes = self.read(&name)?.unwrap_or_default();
            if bytes.len() as u64 != width * 32 {
                self.find(
                    Code::TileDiffers,
                    &name,
                    None,
                    "tile".to_owned(),
                    "it has not the length that its name says",
                );
            }
            for (at, (stored, right)) in bytes.chunks(32).zip(hashes).enumerate() {
                if digest_of(stored) != Some(*right) {
                    self.find(
                        Code::TileDiffers,
                        &name,
                        Some(at as u64 * 32),
                        format!("hash {at} of the tile"),
                        "",
                    );
                }
            }
        }
        Ok(())
    }

    /// Lines past the log.
    fn manifest_tails(&mut self) -> Result<()> {
        let size = self.report.size;
        for file in files_below(&self.folder.join("manifests"))? {
            let name = format!("manifests/{file}");
            let Some(number) = crate::tile::parse_numbered(&file) else {
                self.find(Code::UnloggedFile, &name, None, "file".to_owned(), "");
                continue;
            };
            let lines = size.saturating_sub(number.saturating_mul(WIDTH)).min(WIDTH) as usize;
            if lines as u64 == WIDTH && number < size / WIDTH {
                let bytes = self.read(&name)?.unwrap_or_default();
                let end = line_end(&bytes, lines);
                if end < bytes.len() {
                    self.find(
                        Code::ManifestDiffers,
                        &name,
                        Some(end as u64),
                        "lines past a full file".to_owned(),
                        "",
                    );
                }
                continue;
            }
            let bytes = self.read(&name)?.unwrap_or_default();
            let end = line_end(&bytes, lines);
            if end < bytes.len() {
                self.find(
                    Code::UncommittedTail,
                    &name,
                    Some(end as u64),
                    format!("{} bytes", bytes.len() - end),
                    "",
                );
            }
        }
        Ok(())
    }

    /// Takes down what a manifest that agrees with the log names.
    fn manifest(
        &mut self,
        leaf: u64,
        line: &ManifestLine<'_>,
        file: &str,
        offset: u64,
        key: Option<&VerifyingKey>,
    ) {
        let manifest = match line.manifest() {
            Ok(manifest) => manifest,
            Err(error) => {
                self.unsure = true;
                let item = format!("manifest of leaf {leaf}");
                return self.find(Code::ManifestBad, file, Some(offset), item, &error.to_string());
            }
        };
        match manifest.body {
            Body::Genesis(genesis) => {
                if leaf != 0 || key.is_some_and(|key| key.to_string() != genesis.vkey) {
                    self.find(
                        Code::KeyBad,
                        "ledger/vkey",
                        None,
                        "public key".to_owned(),
                        "the log began with another",
                    );
                }
            }
            Body::Capture(capture) => {
                self.report.captures += 1;
                self.apart.extend(capture.restricted.map(|digest| (leaf, digest)));
                let after = capture.after.iter();
                self.named_tokens.extend(
                    after.flat_map(|after| after.tokens.iter().map(|token| (leaf, after.size, *token))),
                );
                for record in capture.records {
                    let (name, _) = split_file(&record.file);
                    self.records.entry(name.to_owned()).or_default().push(Expected { leaf, record });
                }
            }
            Body::Import(import) => {
                self.report.imports += 1;
                self.containers.insert(import.file, (leaf, import.content));
            }
            Body::Tombstone(order) => drop(self.tombstones.insert(leaf, *order)),
            Body::Custody(custody) => {
                self.apart.extend(custody.restricted.map(|digest| (leaf, digest)));
                if custody.what == "erased" {
                    self.closed.extend(custody.leaves.iter().map(|leaf| leaf.0));
                }
            }
            Body::Policy(_) | Body::Export(_) | Body::Erased(_) | Body::Other => {}
        }
    }

    /// WARC files written here: every byte belongs to a logged record and agrees with it.
    fn record_files(&mut self) -> Result<()> {
        let newest = self.records.keys().filter(|name| name.starts_with("warc/")).max().cloned();
        let mut present: BTreeSet<String> =
            files_below(&self.folder.join("warc"))?.into_iter().map(|file| format!("warc/{file}")).collect();
        present.extend(self.records.keys().filter(|name| name.starts_with("warc/")).cloned());
        for name in present {
            let mut expected = self.records.remove(&name).unwrap_or_default();
            expected.sort_by_key(|expected| expected.record.offset);
            self.settle(&name, &mut expected)?;
            let is_tail = self.committed && newest.as_ref().is_none_or(|newest| name >= *newest);
            if expected.is_empty() {
                let code = if is_tail { Code::UncommittedTail } else { Code::Unlogged };
                self.find(code, &name, Some(0), "whole file".to_owned(), "");
                continue;
            }
            self.report.files += 1;
            self.record_file(&name, &expected, is_tail)?;
        }
        Ok(())
    }

    /// Where an erasure is under way, a manifest and an order name the same place: what stands there
    /// is one or the other.
    fn settle(&self, name: &str, expected: &mut Vec<Expected>) -> Result<()> {
        if expected.windows(2).all(|pair| pair[0].record.offset != pair[1].record.offset) {
            return Ok(());
        }
        let path = self.folder.join(name);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(|error| io_error("open", &path, error))?,
        };
        let mut settled: Vec<Expected> = Vec::with_capacity(expected.len());
        for next in std::mem::take(expected) {
            let Some(last) = settled.last_mut().filter(|last| last.record.offset == next.record.offset)
            else {
                settled.push(next);
                continue;
            };
            if let Some(stored) = &next.record.stored
                && hash_range(&mut file, next.record.offset, stored.length)
                    .map_err(|error| io_error("read", &path, error))?
                    == Some(stored.digest)
            {
                *last = next;
            }
        }
        *expected = settled;
        Ok(())
    }

    fn record_file(&mut self, name: &str, expected: &[Expected], is_tail: bool) -> Result<()> {
        let path = self.folder.join(name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                for Expected { leaf, record } in expected {
                    self.find(
                        Code::RecordMissing,
                        name,
                        Some(record.offset),
                        describe(*leaf, record),
                        "the file is gone",
                    );
                }
                return Ok(());
            }
            Err(error) => return Err(io_error("open", &path, error)),
        };
        let length = file.metadata().map_err(|error| io_error("look at", &path, error))?.len();
        let before = self.report.findings.len();
        let mut end = 0;
        for Expected { leaf, record } in expected {
            let Some(stored) = &record.stored else { continue };
            if record.offset > end && !self.unsure {
                let item = format!("bytes {end} to {}", record.offset);
                self.find(Code::Unlogged, name, Some(end), item, "");
            }
            end = end.max(record.offset + stored.length);
            let digest = hash_range(&mut file, record.offset, stored.length)
                .map_err(|error| io_error("read", &path, error))?;
            match digest {
                None => {
                    self.find(
                        Code::RecordMissing,
                        name,
                        Some(record.offset),
                        describe(*leaf, record),
                        "the file is shorter",
                    );
                }
                Some(digest) if digest != stored.digest => {
                    self.find(Code::RecordDiffers, name, Some(record.offset), describe(*leaf, record), "");
                }
                Some(_) => self.report.bytes += stored.length,
            }
        }
        if length > end {
            let code = if is_tail {
                Code::UncommittedTail
            } else if self.unsure {
                Code::UnloggedFile
            } else {
                Code::Unlogged
            };
            self.find(code, name, Some(end), format!("bytes {end} to {length}"), "");
        }
        if self.report.findings[before..].iter().all(|finding| finding.weight != Weight::Failure) {
            self.blocks(name, &path, expected)?;
        }
        Ok(())
    }

    /// Stored bytes are as logged: now every block against its own digest and the manifest's.
    fn blocks(&mut self, name: &str, path: &Path, expected: &[Expected]) -> Result<()> {
        let file = File::open(path).map_err(|error| io_error("open", path, error))?;
        let mut reader = WarcReader::new(file, self.limits.clone())?;
        let by_offset: BTreeMap<u64, &Expected> =
            expected.iter().map(|expected| (expected.record.offset, expected)).collect();
        let mut seen = 0;
        while let Some(step) = reader.next()? {
            let Step::Record(head) = step else { continue };
            let Some(Expected { leaf, record }) = by_offset.get(&head.offset) else { continue };
            let mut check =
                RecordCheck::new(&head, Wants { content: true, record: false, index: false }, &self.limits);
            let tail = reader.block(&mut |bytes| check.feed(bytes))?;
            let checked = check.finish(&tail);
            let same = checked.verdict == Verdict::Verified
                && checked.block == Some(record.block.digest)
                && checked.block_length == record.block.length
                && head.header.id() == Some(record.id.as_str());
            if !same {
                let why = checked
                    .codes
                    .last()
                    .map_or("manifest and record say different things", |code| code.sentence());
                self.find(Code::RecordDiffers, name, Some(head.offset), describe(*leaf, record), why);
            }
            seen += 1;
        }
        self.report.records += seen;
        if seen != by_offset.len() as u64 {
            let item = format!("{} of {} records", by_offset.len() as u64 - seen, by_offset.len());
            self.find(
                Code::RecordMissing,
                name,
                None,
                item,
                "they cannot be read where the log says they are",
            );
        }
        Ok(())
    }

    /// Imported files, whole.
    fn containers(&mut self) -> Result<()> {
        for file in files_below(&self.folder.join("imported"))? {
            let name = format!("imported/{file}");
            if !self.containers.contains_key(&name) {
                self.find(Code::UnloggedFile, &name, None, "file".to_owned(), "");
            }
        }
        for (name, (leaf, content)) in std::mem::take(&mut self.containers) {
            self.report.files += 1;
            let path = self.folder.join(&name);
            let mut file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    self.find(
                        Code::RecordMissing,
                        &name,
                        None,
                        format!("container of leaf {leaf}"),
                        "the file is gone",
                    );
                    continue;
                }
                Err(error) => return Err(io_error("open", &path, error)),
            };
            let fail = |error| io_error("read", &path, error);
            let length = file.metadata().map_err(fail)?.len();
            let digest = hash_range(&mut file, 0, length).map_err(fail)?;
            let expected = self.records.remove(&name).unwrap_or_default();
            if digest == Some(content.digest) && length == content.length {
                self.report.bytes += length;
                self.report.records += expected.len() as u64;
                continue;
            }
            // Say which records the change is in, where that can be told.
            let mut named = false;
            for Expected { leaf, record } in &expected {
                let Some(stored) = &record.stored else { continue };
                if hash_range(&mut file, record.offset, stored.length).map_err(fail)? != Some(stored.digest) {
                    named = true;
                    self.find(Code::RecordDiffers, &name, Some(record.offset), describe(*leaf, record), "");
                }
            }
            let detail = if named { "" } else { "in no record that was logged apart" };
            self.find(Code::ImportDiffers, &name, None, format!("container of leaf {leaf}"), detail);
        }
        Ok(())
    }
}

/// A file among the stamps of checkpoints.
fn is_stamp_file(name: &str) -> bool {
    let Some((size, file)) = name.strip_prefix("stamps/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let known = matches!(file, "checkpoint" | "checkpoint.txt")
        || [".tsq", ".tsr", ".tries"].iter().any(|ending| file.ends_with(ending));
    size.bytes().all(|byte| byte.is_ascii_digit()) && !file.contains('/') && known
}

fn describe(leaf: u64, record: &StoredRecord) -> String {
    format!("{} record {} of leaf {leaf}", record.record_type, record.id)
}

fn digest_of(bytes: &[u8]) -> Option<Digest> {
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// The entry at a place of a bundle. Ours are 32 bytes each, so that a place does not hang on the
/// lengths before it.
fn entry_at(bytes: &[u8], at: usize) -> Option<Digest> {
    match bytes.get(at * 34..at * 34 + 34)? {
        [0, 32, entry @ ..] => digest_of(entry),
        _ => None,
    }
}

/// Which line stands for each leaf, so that a line end lost or made does not shift all after it.
fn align(lines: &[(u64, &[u8])], entries: &[Option<Digest>]) -> Vec<Option<usize>> {
    let said: Vec<Option<Digest>> = lines
        .iter()
        .map(|(_, line)| line.strip_suffix(b"\n").and_then(ManifestLine::parse).map(|line| line.entry()))
        .collect();
    let agrees = |line: usize, leaf: usize| {
        let (said, entry) = (said.get(line).copied().flatten(), entries.get(leaf).copied().flatten());
        said.is_some() && said == entry
    };
    let mut line = 0;
    (0..entries.len())
        .map(|leaf| {
            if !agrees(line, leaf) && agrees(line, leaf + 1) {
                return None;
            }
            if !agrees(line, leaf) && agrees(line + 1, leaf) {
                line += 1;
            }
            line += 1;
            (line <= lines.len()).then_some(line - 1)
        })
        .collect()
}

/// Lines with their offsets, each with its LF.
fn split_lines(bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut offset = 0;
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .take(2 * WIDTH as usize)
        .map(|line| {
            let start = offset;
            offset += line.len() as u64;
            (start, line)
        })
        .collect()
}

/// Offset behind so many lines.
fn line_end(bytes: &[u8], lines: usize) -> usize {
    bytes.split_inclusive(|&byte| byte == b'\n').take(lines).map(<[u8]>::len).sum()
}
