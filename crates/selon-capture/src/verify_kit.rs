//! A kit that was handed out: everything that its own VERIFY.md has a reader do, in one call, and
//! every record held against its own digests.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use selon_model::{Digest, LeafIndex};

use crate::code::Code;
use crate::durable::files_below;
use crate::error::{Result, io_error};
use crate::export::digest_of_range;
use crate::form::FileKind;
use crate::handed_out::{Signed, records_of};
use crate::limits::Limits;
use crate::manifest::Body;
use crate::record::escape_controls;
use crate::verify::{FileReport, RecordVerdict, check_records};

const SUMS: &str = "SHA256SUMS";
const ROWS: &str = "records.tsv";

/// Whether a folder is a kit.
pub fn is_kit(folder: &Path) -> bool {
    folder.join(SUMS).is_file() && folder.join(ROWS).is_file() && folder.join("manifests").is_dir()
}

/// Checks a kit; `each` is given every record's verdict. Whose key signed it, it cannot say: the
/// key is in a finding, to be held against one from elsewhere.
///
/// # Errors
/// `Unavailable` where files cannot be read.
pub fn verify_kit(folder: &Path, limits: &Limits, each: &mut dyn FnMut(RecordVerdict)) -> Result<FileReport> {
    let name = folder.to_string_lossy().into_owned();
    let report = FileReport { file: name, kind: FileKind::Kit, ..FileReport::default() };
    let mut kit = Kit { folder, limits, report };
    kit.sums()?;
    kit.sealed()?;
    let named = kit.manifests()?;
    kit.records(named, each)?;
    Ok(kit.report)
}

/// Leaf and digest of a stored record.
type Named = (LeafIndex, Digest);

struct Kit<'k> {
    folder: &'k Path,
    limits: &'k Limits,
    report: FileReport,
}

/// One row of `records.tsv`.
struct Row {
    leaf: Option<LeafIndex>,
    offset: u64,
    length: u64,
}

impl Kit<'_> {
    fn say(&mut self, code: Code, item: &str, what: &str) {
        let item = escape_controls(item);
        let detail = if what.is_empty() { String::new() } else { format!(" ({})", escape_controls(what)) };
        self.report.find(code, 0, item.clone(), format!("{item}: {}{detail}", code.sentence()));
    }

    /// A file of the kit that is one: no link, no device.
    fn open(&self, name: &str) -> Result<Option<(File, u64)>> {
        let path = self.folder.join(name);
        let Ok(about) = fs::symlink_metadata(&path) else { return Ok(None) };
        if !about.is_file() {
            return Ok(None);
        }
        let file = File::open(&path).map_err(|error| io_error("open", &path, error))?;
        Ok(Some((file, about.len())))
    }

    /// A small file; empty where it is absent or too large, which is told.
    fn small(&mut self, name: &str) -> Result<Vec<u8>> {
        let Some((file, length)) = self.open(name)? else {
            self.say(Code::KitChanged, name, "it is not there");
            return Ok(Vec::new());
        };
        if length > self.limits.json {
            self.say(Code::KitChanged, name, &format!("{length} bytes"));
            return Ok(Vec::new());
        }
        let mut bytes = Vec::new();
        let read = file.take(self.limits.json).read_to_end(&mut bytes);
        read.map_err(|error| io_error("read", &self.folder.join(name), error))?;
        Ok(bytes)
    }

    /// Every file against the list of digests.
    fn sums(&mut self) -> Result<()> {
        let list = self.small(SUMS)?;
        let mut listed: BTreeMap<String, String> = BTreeMap::new();
        for line in String::from_utf8_lossy(&list).lines() {
            match line.split_once("  ") {
                Some((digest, name)) => listed.insert(name.to_owned(), digest.to_owned()),
                None => listed.insert(line.to_owned(), String::new()),
            };
        }
        let there: BTreeSet<String> = files_below(self.folder)?.into_iter().collect();
        for name in &there {
            let apart = name == SUMS || name.starts_with("sealed/");
            let Some(stated) = listed.remove(name) else {
                if !apart {
                    self.say(Code::KitChanged, name, "it is not in the list of digests");
                }
                continue;
            };
            let digest = match self.open(name)? {
                Some((mut file, length)) => {
                    self.report.bytes += length;
                    Some(self.digest_of(&mut file, name, 0, length)?)
                }
                None => None,
            };
            if digest.is_none_or(|digest| digest.hex() != stated) {
                self.say(Code::KitChanged, name, "it is not what the list of digests says");
            }
        }
        for name in listed.into_keys() {
            self.say(Code::KitChanged, &name, "it is not there");
        }
        Ok(())
    }

    fn digest_of(&self, file: &mut File, name: &str, from: u64, length: u64) -> Result<Digest> {
        digest_of_range(file, from, length).map_err(|error| io_error("read", &self.folder.join(name), error))
    }

    /// The checkpoint of a folder of the kit, signed by the log's key.
    fn signed(&mut self, folder: &str) -> Result<Option<Signed>> {
        let name = format!("{folder}checkpoint");
        let (vkey, checkpoint) = (self.small("vkey")?, self.small(&name)?);
        match Signed::open(&vkey, &checkpoint) {
            Ok(signed) => {
                for (ending, content) in [(".txt", signed.text()), (".sig", signed.signature())] {
                    let name = format!("{name}{ending}");
                    if self.small(&name)? != content {
                        self.say(Code::KitChanged, &name, "it is not that of the signed checkpoint");
                    }
                }
                Ok(Some(signed))
            }
            Err((code, what)) => {
                self.say(code, &name, &what);
                Ok(None)
            }
        }
    }

    /// The logged list of what was handed out: it holds the digest of the list of digests.
    fn sealed(&mut self) -> Result<()> {
        let Some(signed) = self.signed("sealed/")? else { return Ok(()) };
        let (manifest, proof) = (self.small("sealed/export.json")?, self.small("sealed/export.tlog-proof")?);
        let export = match signed.leaf(None, &manifest, &proof).map(|manifest| manifest.body) {
            Some(Body::Export(export)) => export,
            _ => {
                self.say(Code::ProofBad, "sealed/export.json", "");
                return Ok(());
            }
        };
        if export.sealed != Digest::of(&self.small(SUMS)?) {
            self.say(Code::KitChanged, SUMS, "another list was logged when the kit was made");
        }
        Ok(())
    }

    /// Every manifest against its proof. Gives the records that they name and that are to be here.
    fn manifests(&mut self) -> Result<HashMap<Named, bool>> {
        let mut named = HashMap::new();
        let Some(signed) = self.signed("")? else { return Ok(named) };
        self.say(Code::KeyBesideIt, "vkey", &signed.key());
        let withheld = self.withheld()?;
        for file in files_below(&self.folder.join("manifests"))? {
            let name = format!("manifests/{file}");
            let leaf = file.strip_suffix(".json").and_then(|leaf| leaf.parse().ok()).map(LeafIndex);
            let manifest = self.small(&name)?;
            let proof = match leaf {
                Some(leaf) => self.small(&format!("proofs/{}.tlog-proof", leaf.0))?,
                None => Vec::new(),
            };
            let Some(leaf) = leaf else {
                self.say(Code::ProofBad, &name, "it names no leaf");
                continue;
            };
            match signed.leaf(Some(leaf), &manifest, &proof) {
                None => self.say(Code::ProofBad, &name, ""),
                Some(manifest) => {
                    let records = records_of(&manifest).map(|(_, _, digest)| (leaf, digest));
                    named.extend(records.map(|record| (record, withheld.contains(&record))));
                }
            }
        }
        Ok(named)
    }

    /// Records that stay behind while their capture went out.
    fn withheld(&mut self) -> Result<HashSet<Named>> {
        let rows = self.small("withheld.tsv")?;
        let rows = String::from_utf8_lossy(&rows).into_owned();
        Ok(rows
            .lines()
            .filter_map(|row| {
                let mut cells = row.split('\t');
                let leaf = cells.next()?.parse().ok()?;
                Some((LeafIndex(leaf), cells.nth(1)?.parse().ok()?))
            })
            .collect())
    }

    /// Every byte of every file of records is of a record that a manifest names, and every such
    /// record is here.
    fn records(
        &mut self,
        mut named: HashMap<Named, bool>,
        each: &mut dyn FnMut(RecordVerdict),
    ) -> Result<()> {
        let mut files = self.rows()?;
        for file in files_below(&self.folder.join("records"))? {
            files.entry(file).or_default();
        }
        for (file, mut rows) in files {
            let name = format!("records/{file}");
            let Some((mut content, length)) = self.open(&name)? else {
                self.say(Code::KitChanged, &name, "it is not there");
                continue;
            };
            rows.sort_by_key(|row| row.offset);
            let mut at = 0;
            let mut unnamed = HashSet::new();
            for row in &rows {
                let fits = row.offset == at && row.length <= length - at;
                if !fits {
                    self.say(Code::KitChanged, ROWS, &format!("{file} at {}", row.offset));
                    break;
                }
                at += row.length;
                let Some(leaf) = row.leaf else {
                    unnamed.insert(row.offset);
                    continue;
                };
                let digest = self.digest_of(&mut content, &name, row.offset, row.length)?;
                match named.get_mut(&(leaf, digest)) {
                    Some(found) => *found = true,
                    None => self.say(Code::Unproved, &name, &format!("at {}", row.offset)),
                }
            }
            if at != length {
                self.say(Code::KitChanged, &name, &format!("bytes {at} to {length} belong to no record"));
            }
            let mut foreign = Vec::new();
            let mut look = |record: RecordVerdict| {
                if unnamed.contains(&record.offset) && record.record_type != "warcinfo" {
                    foreign.push(record.offset);
                }
                each(record);
            };
            let content = self.open(&name)?.map(|(content, _)| content);
            if let Some(content) = content {
                let checked = check_records(BufReader::new(content), &name, self.limits, &mut look)?;
                self.report.take(checked);
            }
            for offset in foreign {
                self.say(Code::Unproved, &name, &format!("at {offset}"));
            }
        }
        let absent: BTreeSet<LeafIndex> =
            named.iter().filter(|(_, found)| !**found).map(|((leaf, _), _)| *leaf).collect();
        for leaf in absent {
            self.say(Code::ProofOfOther, &format!("manifests/{}.json", leaf.0), "");
        }
        Ok(())
    }

    /// Where each record lies, by file.
    fn rows(&mut self) -> Result<BTreeMap<String, Vec<Row>>> {
        let text = self.small(ROWS)?;
        let mut files: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for (number, line) in (1u64..).zip(String::from_utf8_lossy(&text).lines()) {
            let cells: Vec<&str> = line.split('\t').collect();
            let row = match cells.as_slice() {
                [leaf, file, offset, length] if !file.contains(['/', '\\']) => {
                    let leaf =
                        if *leaf == "-" { Ok(None) } else { leaf.parse().map(|leaf| Some(LeafIndex(leaf))) };
                    leaf.ok().zip(offset.parse().ok()).zip(length.parse().ok()).map(|row| (*file, row))
                }
                _ => None,
            };
            match row {
                Some((file, ((leaf, offset), length))) => {
                    files.entry(file.to_owned()).or_default().push(Row { leaf, offset, length });
                }
                None => self.say(Code::KitChanged, ROWS, &format!("line {number} is no row")),
            }
        }
        Ok(files)
    }
}
