//! After a crash: what lies past the newest checkpoint is moved aside, then writing goes on.
//!
//! Nothing moved was ever acknowledged, since acknowledging comes after the checkpoint. Torn
//! tails are copied to `damage/` before they are cut, so that even they are not lost.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use jiff::Timestamp;

use crate::archive::Known;
use crate::durable::{create_folder, files_below, sync_folder, write_files};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::Evidence;
use crate::ledger::Ledger;
use crate::manifest::{Body, StoredRecord};
use crate::tile::{WIDTH, numbered, parse_numbered};

/// The newest WARC file and its committed end.
pub(crate) struct Newest {
    pub(crate) name: String,
    pub(crate) end: u64,
    /// WARC-Record-ID of its warcinfo.
    pub(crate) info: String,
}

/// What the manifests say is there.
#[derive(Default)]
pub(crate) struct Scan {
    pub(crate) known: Known,
    pub(crate) newest: Option<Newest>,
    /// Containers, by file.
    pub(crate) imported: HashSet<String>,
}

/// Reads every manifest, each held against its entry.
pub(crate) fn scan(evidence: &Evidence) -> Result<Scan> {
    let mut scan = Scan::default();
    for logged in evidence.manifests()? {
        let logged = logged?;
        scan.known.add(logged.leaf, &logged.manifest);
        match &logged.manifest.body {
            Body::Capture(capture) => capture.records.iter().for_each(|record| scan.take(record)),
            Body::Tombstone(tombstone) => {
                tombstone.stubs.iter().chain(&tombstone.kept).for_each(|record| scan.take(record));
            }
            Body::Import(import) => {
                scan.imported.insert(import.file.clone());
            }
            Body::Genesis(_)
            | Body::Policy(_)
            | Body::Custody(_)
            | Body::Export(_)
            | Body::Erased(_)
            | Body::Other => {}
        }
    }
    Ok(scan)
}

impl Scan {
    /// Looks whether a record is the newest.
    fn take(&mut self, record: &StoredRecord) {
        if !record.file.starts_with("warc/") {
            return;
        }
        let end = record.offset + record.stored.as_ref().map_or(0, |stored| stored.length);
        let info = (record.record_type == "warcinfo").then(|| record.id.clone());
        match &mut self.newest {
            Some(newest) if newest.name > record.file => {}
            Some(newest) if newest.name == record.file => {
                newest.end = newest.end.max(end);
                newest.info = info.unwrap_or(std::mem::take(&mut newest.info));
            }
            newest => {
                *newest = Some(Newest { name: record.file.clone(), end, info: info.unwrap_or_default() });
            }
        }
    }
}

/// A folder without a checkpoint may hold what a first start left that was interrupted: at most
/// one manifest line and one entry. Anything more is an archive whose checkpoint is gone.
pub(crate) fn clear_unfinished_start(folder: &Path) -> Result<()> {
    let gone = || {
        Error::new(
            Kind::Corrupt,
            format!(
                "{} holds evidence but no checkpoint: it was removed",
                folder.join("ledger/checkpoint").display()
            ),
        )
    };
    let started = |file: &String| {
        matches!(file.as_str(), "vkey" | "writing" | "tile/0/000.p/1" | "tile/entries/000.p/1")
    };
    let ledger = files_below(&folder.join("ledger"))?;
    let manifests = files_below(&folder.join("manifests"))?;
    let empty =
        files_below(&folder.join("warc"))?.is_empty() && files_below(&folder.join("imported"))?.is_empty();
    if !empty || !ledger.iter().all(started) || manifests.iter().any(|file| file != "000") {
        return Err(gone());
    }
    let first = folder.join("manifests/000");
    if first.exists() {
        let lines = fs::read(&first).map_err(|error| io_error("read", &first, error))?;
        if lines.iter().filter(|&&byte| byte == b'\n').count() > 1 {
            return Err(gone());
        }
        fs::remove_file(&first).map_err(|error| io_error("remove", &first, error))?;
    }
    for file in ledger {
        let path = folder.join("ledger").join(file);
        fs::remove_file(&path).map_err(|error| io_error("remove", &path, error))?;
    }
    Ok(())
}

/// Moves everything past the checkpoint to `damage/`.
pub(crate) fn clear_tails(folder: &Path, ledger: &Ledger, scan: &Scan, now: Timestamp) -> Result<()> {
    let aside = Aside { folder, stamp: now.strftime("%Y%m%dT%H%M%SZ").to_string() };
    let (full, width) = (ledger.size() / WIDTH, ledger.size() % WIDTH);
    for file in files_below(&folder.join("manifests"))? {
        let name = format!("manifests/{file}");
        match parse_numbered(&file) {
            Some(number) if number < full => {}
            Some(number) if number == full && width > 0 => {
                aside.cut(&name, lines_end(folder, full, width)?)?
            }
            _ => aside.take(&name)?,
        }
    }
    for file in files_below(&folder.join("warc"))? {
        let name = format!("warc/{file}");
        match &scan.newest {
            Some(newest) if name < newest.name => {}
            Some(newest) if name == newest.name => aside.cut(&name, newest.end)?,
            _ => aside.take(&name)?,
        }
    }
    for file in files_below(&folder.join("imported"))? {
        let name = format!("imported/{file}");
        if !scan.imported.contains(&name) {
            aside.take(&name)?;
        }
    }
    let half_written = folder.join("ledger/writing");
    match fs::remove_file(&half_written) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io_error("remove", &half_written, error))
        }
        _ => Ok(()),
    }
}

/// Offset behind the first `lines` lines of a manifest file.
fn lines_end(folder: &Path, file: u64, lines: u64) -> Result<u64> {
    let path = folder.join("manifests").join(numbered(file));
    let bytes = fs::read(&path).map_err(|error| io_error("read", &path, error))?;
    Ok(bytes.split_inclusive(|&byte| byte == b'\n').take(lines as usize).map(|line| line.len() as u64).sum())
}

struct Aside<'f> {
    folder: &'f Path,
    stamp: String,
}

impl Aside<'_> {
    /// A name in `damage/` that is not taken.
    fn name_for(&self, name: &str) -> Result<std::path::PathBuf> {
        let damage = self.folder.join("damage");
        create_folder(&damage)?;
        let flat = name.replace('/', "_");
        for number in 0..10_000 {
            let path = damage.join(format!("{}-{number:04}-{flat}", self.stamp));
            if !path.exists() {
                return Ok(path);
            }
        }
        Err(Error::new(Kind::Unavailable, format!("{} is full", damage.display())))
    }

    /// Moves a whole file.
    fn take(&self, name: &str) -> Result<()> {
        let (from, to) = (self.folder.join(name), self.name_for(name)?);
        fs::rename(&from, &to).map_err(|error| io_error("move aside", &from, error))?;
        sync_folder(&self.folder.join("damage"))?;
        from.parent().map_or(Ok(()), sync_folder)
    }

    /// Copies what lies behind `end`, then cuts it.
    fn cut(&self, name: &str, end: u64) -> Result<()> {
        let path = self.folder.join(name);
        let fail = |error| io_error("cut", &path, error);
        let mut file = File::open(&path).map_err(fail)?;
        let length = file.metadata().map_err(fail)?.len();
        if length < end {
            return Err(Error::new(
                Kind::Corrupt,
                format!("{} is {length} bytes long, but the log names bytes up to {end}", path.display()),
            ));
        }
        if length == end {
            return Ok(());
        }
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(end)).map_err(fail)?;
        // Of a longer tail only the beginning is copied: it was never acknowledged.
        const MOST: u64 = 256 << 20;
        file.take(MOST).read_to_end(&mut tail).map_err(fail)?;
        create_folder(&self.folder.join("damage"))?;
        write_files(&self.folder.join("damage"), &[(self.name_for(name)?, tail)])?;
        let cut = OpenOptions::new().write(true).open(&path).and_then(|file| {
            file.set_len(end)?;
            file.sync_all()
        });
        cut.map_err(fail)
    }
}
