//! Adding: bytes become evidence first; only then are they read and connected.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_capture::{
    Content, Evidence, EvidenceArchive, Exit as Verdict, Limits, NewCapture, is_container, verify_archive,
};
use selon_model::{Capture, Error, Kind, Origin, Result, Stated};
use selon_read::Packs;

use super::Archive;
use super::derive::stated as as_stated;
use crate::input::{Form, NOT_READ, detect, lacking_column, packed, unreadable};
use crate::record::{Failure, Input};

/// Files kept in one batch: one durable commit of the log each.
const BATCH: usize = 64;

/// What became of an `add`.
#[derive(Debug, Default)]
pub struct Added {
    /// Captures that are new.
    pub captures: u64,
    /// Inputs whose bytes were there already.
    pub already_there: u64,
    /// Captures that are kept but cannot be read.
    pub not_read: u64,
    /// Reports read.
    pub reports: u64,
    /// Rows and posts that an earlier file held already.
    pub known_rows: u64,
    /// Stories in the archive now.
    pub stories: u64,
    /// Files kept before that are read from here on with another map of columns.
    pub restated: u64,
    /// WARC, ARC and WACZ files, each with how it stands.
    pub containers: Vec<TakenContainer>,
    /// What was fetched, where addresses were given.
    pub fetched: Option<FetchTally>,
    /// Inputs that could not be kept, and lines and rows that are kept and could not be read.
    pub failures: Vec<Failure>,
}

/// A file of records that was taken in whole.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenContainer {
    /// The file as given.
    pub path: String,
    /// How its own digests stood when it was received: exit status of `selon verify`.
    pub exit: u8,
    /// The first thing in it that does not verify, in a sentence; of a file kept before, none.
    pub reason: Option<String>,
    /// Content records of it that are captures here.
    pub cited: u64,
    /// Content records that are not, since they are damaged or cut; of a file kept before, unknown.
    pub not_cited: Option<u64>,
    /// It was kept before.
    pub already_there: bool,
}

/// What was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchTally {
    /// Addresses that gave their page, feed or sitemap.
    pub addresses: u64,
    /// Of these, the ones that gave the same as before.
    pub unchanged: u64,
    /// Feeds and sitemaps among them.
    pub lists: u64,
    /// Addresses of lists that are kept from an earlier run, and were not asked again.
    pub kept_before: u64,
    /// Addresses of feeds and sitemaps beyond what was asked for.
    pub left: u64,
    /// Pictures and style sheets kept with pages.
    pub requisites: u64,
    /// Pictures and style sheets that could not be kept, each with its page and why.
    pub missing: Vec<MissingPart>,
}

/// A part of a page that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MissingPart {
    /// The page.
    pub page: String,
    /// The part.
    pub url: String,
    /// Why.
    pub what: String,
}

/// Told how far long work has come.
pub trait Progress {
    /// `done` of `of` steps of `stage` are done.
    fn step(&mut self, stage: &'static str, done: u64, of: u64);
}

/// Nobody is told.
impl Progress for () {
    fn step(&mut self, _: &'static str, _: u64, _: u64) {}
}

/// An archive that is open for adding. One process at a time has it.
pub struct Writer {
    archive: Archive,
    pub(super) evidence: EvidenceArchive,
}

impl Writer {
    /// Opens the archive in `root`, or makes one; its signing key is the file `key`.
    ///
    /// # Errors
    /// `Unavailable` where another process is adding; `Refused` where the key is not at `key`;
    /// `Corrupt` where the log does not agree with itself.
    pub fn open(root: &Path, key: &Path, now: Timestamp) -> Result<Self> {
        let evidence = EvidenceArchive::open_or_init(root, key, now)?;
        Ok(Writer { archive: Archive::open(root)?, evidence })
    }

    /// Opens the archive in `root` to make again what is derived; where that cannot be opened, it is
    /// removed.
    ///
    /// # Errors
    /// As [`Writer::open`]; `Corrupt` where the evidence does not verify: then nothing is removed.
    pub fn open_to_rebuild(root: &Path, key: &Path, now: Timestamp) -> Result<Self> {
        let evidence = EvidenceArchive::open_or_init(root, key, now)?;
        let archive = match Archive::open(root) {
            Ok(archive) => archive,
            Err(_) => {
                refuse_unless_verified(root)?;
                remove_derived(root)?;
                Archive::open(root)?
            }
        };
        Ok(Writer { archive, evidence })
    }

    /// The archive.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    pub(super) fn evidence(&self) -> &Evidence {
        self.evidence.evidence()
    }

    pub(super) fn evidence_mut(&mut self) -> &mut EvidenceArchive {
        &mut self.evidence
    }

    /// Reads what is logged and not read yet.
    pub(super) fn catch_up(&mut self, packs: &Packs) -> Result<()> {
        self.archive.catch_up(packs, &mut ()).map(|_| ())
    }

    /// Takes files in: keeps their bytes, reads them, connects them. What is named in the answer
    /// is durable. Folders are walked, in the order of names.
    ///
    /// # Errors
    /// Where the archive cannot be written. A file that cannot be read is a failure in the
    /// answer, and the rest goes on.
    pub fn add(
        &mut self,
        paths: &[PathBuf],
        stated: &Stated,
        packs: &Packs,
        now: Timestamp,
        progress: &mut dyn Progress,
    ) -> Result<Added> {
        let mut added = Added::default();
        let files = walk(paths, &mut added.failures);
        let mut batch: Vec<NewCapture> = Vec::new();
        let total = files.len() as u64;
        for (index, path) in files.iter().enumerate() {
            let file = |media_type: &str, origin| NewCapture {
                content: Content::File(path.clone()),
                origin,
                media_type: media_type.to_owned(),
                stated: Stated { name: Some(path.display().to_string()), ..stated.clone() },
                began: now,
            };
            match look(path) {
                Err(failure) => added.failures.push(*failure),
                Ok(Found::Container) => {
                    self.keep(&mut batch, packs, now, &mut added)?;
                    if !self.import(path, stated, now, &mut added)? {
                        batch.push(file("application/octet-stream", Origin::Remnant));
                    }
                }
                Ok(Found::Packed(how)) => {
                    let what = format!("is {how}, which is not read: it is kept as it is");
                    let failed = failure(path, NOT_READ, what, "unpack it, then add what comes out");
                    added.failures.push(failed);
                    batch.push(file("application/octet-stream", Origin::Remnant));
                }
                Ok(Found::File(media_type, origin)) => batch.push(file(&media_type, origin)),
            }
            if batch.len() >= BATCH {
                self.keep(&mut batch, packs, now, &mut added)?;
            }
            progress.step("keeping", index as u64 + 1, total);
        }
        self.keep(&mut batch, packs, now, &mut added)?;
        let tally = self.archive.catch_up(packs, progress)?;
        added.not_read = tally.not_read;
        added.reports = tally.reports;
        added.known_rows = tally.known_rows;
        added.stories = tally.stories;
        added.failures.extend(tally.failures);
        Ok(added)
    }

    /// Removes every file of what is derived, so that nothing of what is no longer evidence stays in
    /// one, and makes it anew.
    pub(super) fn without_derived(self, packs: &Packs) -> Result<Writer> {
        let Writer { archive, evidence } = self;
        let root = archive.root().to_owned();
        drop(archive);
        remove_derived(&root)?;
        let mut writer = Writer { archive: Archive::open(&root)?, evidence };
        writer.catch_up(packs)?;
        Ok(writer)
    }

    /// Throws away what is derived and makes it again from evidence.
    ///
    /// # Errors
    /// Where the archive cannot be written, or its evidence does not verify: then nothing is
    /// thrown away.
    pub fn rebuild(mut self, packs: &Packs, progress: &mut dyn Progress) -> Result<Added> {
        refuse_unless_verified(self.archive.root())?;
        self.archive.forget_derived()?;
        let tally = self.archive.catch_up(packs, progress)?;
        Ok(Added {
            not_read: tally.not_read,
            reports: tally.reports,
            stories: tally.stories,
            ..Added::default()
        })
    }

    fn keep(
        &mut self,
        batch: &mut Vec<NewCapture>,
        packs: &Packs,
        now: Timestamp,
        added: &mut Added,
    ) -> Result<()> {
        let kept = self.evidence.append(batch)?;
        for (new, stored) in batch.drain(..).zip(kept) {
            if !stored.already_there {
                added.captures += 1;
            } else if new.origin == Origin::Imported && asks_otherwise(&new.stated, &stored.capture.stated) {
                self.restate(&new, &stored.capture, packs, now, added)?;
            } else {
                added.already_there += 1;
            }
        }
        Ok(())
    }

    /// Has a file of rows that was kept before read with another map; not with one that names what
    /// the file lacks.
    fn restate(
        &mut self,
        new: &NewCapture,
        kept: &Capture,
        packs: &Packs,
        now: Timestamp,
        added: &mut Added,
    ) -> Result<()> {
        let path = new.stated.name.clone().unwrap_or_default();
        if let Some(mut lacking) = lacking_column(&path, &as_stated(&new.stated), packs) {
            lacking.what.push_str("; it is kept, and read as before");
            added.failures.push(*lacking);
            added.already_there += 1;
            return Ok(());
        }
        // The batch may hold the file twice: the newest leaf is stated anew.
        let leaf = self.evidence.find(&kept.payload).unwrap_or(kept.leaf);
        self.evidence.restate(leaf, &new.stated, now)?;
        added.restated += 1;
        Ok(())
    }

    /// Takes a file of records in; false where it holds none at all, so that it is a file like others.
    fn import(&mut self, path: &Path, stated: &Stated, now: Timestamp, added: &mut Added) -> Result<bool> {
        let stated = Stated { name: Some(path.display().to_string()), ..stated.clone() };
        let imported = match self.evidence.import_container(&Content::File(path.to_owned()), &stated, now) {
            Ok(imported) => imported,
            Err(error) if error.kind() == Kind::Invalid => {
                let what = format!("holds no record, and is kept as a file: {error}");
                added.failures.push(failure(
                    path,
                    error.kind().as_str(),
                    what,
                    "selon verify FILE says more",
                ));
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        if imported.already_there {
            added.already_there += 1;
        } else {
            added.captures += imported.captures.len() as u64;
        }
        let container = TakenContainer {
            path: path.display().to_string(),
            exit: imported.exit,
            reason: imported.reason,
            cited: imported.cited,
            not_cited: (!imported.already_there).then_some(imported.not_cited),
            already_there: imported.already_there,
        };
        if container.exit == Verdict::Failed.code() {
            let what = format!("does not verify by its own digests: {}", container.in_words());
            added.failures.push(failure(path, Kind::Corrupt.as_str(), what, "selon verify FILE says more"));
        }
        added.containers.push(container);
        Ok(true)
    }
}

impl TakenContainer {
    /// Why it stands as it does, and what of it is cited.
    pub fn in_words(&self) -> String {
        let reason = self.reason.as_ref().map_or(String::new(), |reason| format!("{reason} "));
        let kept = if self.already_there { "It was kept before" } else { "It is kept whole and logged" };
        let records = if self.cited == 1 { "record" } else { "records" };
        let others = match self.not_cited {
            None | Some(0) => String::new(),
            Some(others) => format!(", {others} damaged and not cited"),
        };
        format!("{reason}{kept}; {} {records} cited{others}", self.cited)
    }
}

/// Whether a map of columns was given, and is another than the one that a file was kept with.
fn asks_otherwise(new: &Stated, kept: &Stated) -> bool {
    let given = !new.columns.is_empty() || new.date_order.is_some();
    given && (&new.columns, &new.date_order) != (&kept.columns, &kept.date_order)
}

fn refuse_unless_verified(root: &Path) -> Result<()> {
    if verify_archive(root, &Limits::default())?.exit == Verdict::Failed {
        let what = "the evidence does not verify, so what was read from it is left as it is; \
                    selon verify says what and where";
        return Err(Error::new(Kind::Corrupt, what));
    }
    Ok(())
}

fn remove_derived(root: &Path) -> Result<()> {
    let derived = root.join("derived");
    std::fs::remove_dir_all(&derived).map_err(|error| {
        Error::because(Kind::Unavailable, format!("cannot remove {}", derived.display()), error)
    })
}

enum Found {
    /// Records that someone else made, one by one.
    Container,
    /// Compressed in a way that is not read here.
    Packed(&'static str),
    /// Its media type; a table or export is handed over by someone, a page or text is a remnant.
    File(String, Origin),
}

/// What a file is, from its first bytes.
fn look(path: &Path) -> std::result::Result<Found, Box<Failure>> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(64 << 10).read_to_end(&mut head))
        .map_err(|error| unreadable(&path.to_string_lossy(), &error))?;
    if head.is_empty() {
        let try_this = "check where it was saved from";
        return Err(Box::new(failure(path, Kind::Invalid.as_str(), "is empty", try_this)));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(how) = packed(&head) {
        return Ok(Found::Packed(how));
    }
    Ok(match detect(&head, &name) {
        Form::Warc => Found::Container,
        Form::Unreadable(_) if head.starts_with(b"PK") && is_container(path).unwrap_or(false) => {
            Found::Container
        }
        form => {
            let origin = match form {
                Form::Json | Form::JsonLines | Form::SavedPosts | Form::Parquet | Form::Cells(_) => {
                    Origin::Imported
                }
                _ => Origin::Remnant,
            };
            Found::File(form.media_type(&head).to_owned(), origin)
        }
    })
}

/// The files that `paths` name; folders are walked.
fn walk(paths: &[PathBuf], failures: &mut Vec<Failure>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        match std::fs::read_dir(&path) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> =
                    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
                inside.retain(|path| {
                    !path.is_symlink()
                        && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'))
                });
                inside.sort();
                waiting.extend(inside.into_iter().rev());
            }
            Err(error) => {
                let what = format!("cannot be listed: {error}");
                failures.push(failure(
                    &path,
                    Kind::Unavailable.as_str(),
                    what,
                    "check who may read the folder",
                ));
            }
        }
    }
    files
}

fn failure(path: &Path, kind: &str, what: impl Into<String>, try_this: &str) -> Failure {
    let input = Input { path: Some(path.display().to_string()), record: None, id: None };
    Failure::new(input, kind, what, None, try_this)
}

/// Where signing keys are kept: outside every archive.
pub fn key_path(root: &Path, keys: &Path) -> Result<PathBuf> {
    let root = std::path::absolute(root)
        .map_err(|error| Error::because(Kind::Invalid, format!("cannot name {}", root.display()), error))?;
    let name = selon_model::Digest::of(root.as_os_str().as_encoded_bytes()).hex();
    Ok(keys.join(format!("{}.key", &name[..16])))
}
