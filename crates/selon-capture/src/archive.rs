//! The one writer of an archive's evidence.
//!
//! A batch is durable in this order: WARC members, manifest lines, entries and tiles, signed
//! checkpoint; only then is it acknowledged. Whatever a crash leaves behind lies past the newest
//! checkpoint, so opening again moves it aside and goes on.

mod content;
mod exchange;
mod key_file;
mod known;
mod open_warc;
mod restate;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_model::{Capture, CaptureId, Digest, LeafIndex, Origin, Stated};

pub use self::content::Content;
pub(crate) use self::content::{measure, name_of, open};
pub use self::exchange::{NewExchange, NewTls, StoredExchange, Validators};
use self::key_file::{create_key_file, read_key_file};
pub(crate) use self::known::Known;
use self::open_warc::OpenWarc;
pub(crate) use self::open_warc::day_and_number;

use crate::durable::{create_folder, sync_folder};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{Evidence, Fetched};
use crate::http::media_type;
use crate::ledger::Ledger;
use crate::manifest::{
    After, Body, CaptureManifest, CustodyManifest, ExportManifest, Genesis, Manifest, Measured, Policy,
    StoredRecord, write_line,
};
use crate::note::SigningKey;
use crate::recover;
use crate::restricted;
use crate::seal::newest_sealed;
use crate::tile::{WIDTH, numbered};
use crate::write::{header, record_id, warc_date, warcinfo_block};

/// A thing to keep.
#[derive(Clone, Debug)]
pub struct NewCapture {
    /// Its bytes as received.
    pub content: Content,
    /// Provenance class.
    pub origin: Origin,
    /// Media type as stated or found; what is no media type is kept as `application/octet-stream`.
    pub media_type: String,
    /// What the supplier states: file name, address, date, language, outlet.
    pub stated: Stated,
    /// When taking it began, by the caller's clock.
    pub began: Timestamp,
}

/// A thing that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Where and as what.
    pub capture: Capture,
    /// The same bytes were kept before: nothing was added.
    pub already_there: bool,
}

/// Fills a slice with random bytes.
pub type Random = Box<dyn FnMut(&mut [u8]) -> io::Result<()> + Send>;

/// What tests and special callers set; the default is right for use.
pub struct Options {
    /// The log's name; by default one made from the key.
    pub origin: Option<String>,
    /// Source of salts, record ids and a new key: the operating system's.
    pub random: Random,
    /// A WARC file is ended once it has this many bytes: 1 GiB.
    pub roll: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            origin: None,
            random: Box::new(|bytes| getrandom::fill(bytes).map_err(io::Error::other)),
            roll: 1 << 30,
        }
    }
}

/// An archive's evidence, open for writing. One process at a time.
pub struct EvidenceArchive {
    folder: PathBuf,
    /// Held for as long as the archive is open.
    _lock: File,
    evidence: Evidence,
    ledger: Ledger,
    key: SigningKey,
    options: Options,
    pub(crate) known: Known,
    /// The newest sealed checkpoint: what is composed now is composed after it.
    pub(crate) newest_sealed: Option<After>,
    /// What is known of whoever collects, one line of JSON: kept apart from manifests.
    collector: Option<String>,
    current: Option<OpenWarc>,
    /// A write failed half-way: the archive has to be opened again, which clears up.
    pub(crate) broken: bool,
}

impl EvidenceArchive {
    /// Opens the archive in `folder`, or makes one. The signing key is kept outside, at
    /// `key_path`; a new archive without one gets one, readable by its owner alone.
    ///
    /// # Errors
    /// `Unavailable` while another process writes; `Refused` where the key is missing, not this
    /// archive's, or open to others; `Corrupt` where the evidence does not verify.
    pub fn open_or_init(folder: &Path, key_path: &Path, now: Timestamp) -> Result<Self> {
        Self::open_with(folder, key_path, now, Options::default())
    }

    /// The same, with options.
    ///
    /// # Errors
    /// As [`EvidenceArchive::open_or_init`].
    pub fn open_with(folder: &Path, key_path: &Path, now: Timestamp, mut options: Options) -> Result<Self> {
        for part in ["warc", "imported", "ledger", "manifests", "restricted"] {
            create_folder(&folder.join(part))?;
        }
        let lock = take_lock(folder)?;
        let ledger_folder = folder.join("ledger");
        let fresh = !ledger_folder.join("checkpoint").exists();
        if fresh {
            recover::clear_unfinished_start(folder)?;
        }
        let key = match read_key_file(key_path)? {
            Some(key) => key,
            None if fresh => create_key_file(key_path, &mut options)?,
            None => {
                return Err(Error::new(
                    Kind::Refused,
                    format!(
                        "the archive's signing key is not at {}: nothing can be added without it. Its name \
                         comes from the archive's folder: if that was moved, rename the key",
                        key_path.display()
                    ),
                ));
            }
        };
        let ledger =
            if fresh { start(folder, &key, now, &mut options)? } else { Ledger::open(&ledger_folder)? };
        if ledger.key() != key.public() {
            return Err(Error::new(
                Kind::Refused,
                format!(
                    "the key at {} is not the key of the archive in {}",
                    key_path.display(),
                    folder.display()
                ),
            ));
        }
        let evidence = Evidence::at(folder);
        let scan = recover::scan(&evidence)?;
        recover::clear_tails(folder, &ledger, &scan, now)?;
        restricted::clear_tail(folder, ledger.size())?;
        ledger.remove_uncommitted()?;
        let current = match scan.newest {
            None => None,
            Some(newest) => Some(OpenWarc::reopen(folder, newest.name, newest.end, newest.info)?),
        };
        let needed = scan.known.policy.as_ref().map_or(0, |policy| policy.authorities_needed);
        let mut archive = EvidenceArchive {
            folder: folder.to_owned(),
            _lock: lock,
            evidence,
            ledger,
            key,
            options,
            known: scan.known,
            newest_sealed: newest_sealed(folder, needed as usize)?,
            collector: None,
            current,
            broken: false,
        };
        archive.carry_out_open()?;
        Ok(archive)
    }

    /// Says who collects from here on: one line of JSON, which is kept apart and goes into no export.
    ///
    /// # Errors
    /// `Invalid` where it is no JSON.
    pub fn set_collector(&mut self, collector: Option<&serde_json::Value>) -> Result<()> {
        self.collector = collector.map(serde_json::to_string).transpose().map_err(|error| {
            Error::because(Kind::Invalid, "cannot write what is known of the collector", error)
        })?;
        Ok(())
    }

    /// Logs that something was done with captures. `by` is kept apart, as collectors are.
    ///
    /// # Errors
    /// As [`EvidenceArchive::append`].
    pub fn log_custody_by(
        &mut self,
        mut custody: CustodyManifest,
        by: Option<&serde_json::Value>,
    ) -> Result<LeafIndex> {
        let before = self.collector.take();
        self.set_collector(by)?;
        custody.restricted = None;
        let logged = self.log_custody(custody);
        self.collector = before;
        logged
    }

    pub(crate) fn log_custody(&mut self, custody: CustodyManifest) -> Result<LeafIndex> {
        self.refuse_if_broken()?;
        self.commit(&[Manifest::new(Body::Custody(custody))])
    }

    /// Opens the WARC file anew if it is the one that is written to: it was put in place again.
    pub(crate) fn reopen_current(&mut self, name: &str) -> Result<()> {
        if let Some(open) = self.current.take_if(|open| open.name == name) {
            self.current = Some(OpenWarc::reopen(&self.folder, open.name, open.length, open.info)?);
        }
        Ok(())
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        self.ledger.key().name()
    }

    /// The log as it stands.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The same evidence, for reading.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Every capture in the order of the log.
    ///
    /// # Errors
    /// As [`Evidence::captures`].
    pub fn captures(&self) -> Result<impl Iterator<Item = Result<Capture>> + use<>> {
        self.evidence.captures()
    }

    /// Reads the record of a capture, checked.
    ///
    /// # Errors
    /// As [`Evidence::fetch_capture`].
    pub fn fetch(&self, capture: &Capture) -> Result<Fetched> {
        self.evidence.fetch_capture(capture)
    }

    /// The leaf of a payload that is kept here already.
    pub fn find(&self, payload: &Digest) -> Option<LeafIndex> {
        self.known.payloads.get(payload).copied()
    }

    /// Keeps a batch. When this returns, all of it is durable and in the signed log; on an error
    /// nothing of it is.
    ///
    /// # Errors
    /// `NotFound`, `Refused` or `Unavailable` where a file cannot be read or written. After an
    /// error in writing (not in reading an input) the archive has to be opened again.
    pub fn append(&mut self, batch: &[NewCapture]) -> Result<Vec<Stored>> {
        self.refuse_if_broken()?;
        // Everything is read once before anything is written: an input that cannot be read costs
        // nothing.
        let measured = batch.iter().map(|new| measure(&new.content)).collect::<Result<Vec<_>>>()?;
        let drafts = match self.write_batch(batch, measured) {
            Ok(drafts) => drafts,
            Err(error) => {
                self.broken = true;
                return Err(error);
            }
        };
        let manifests: Vec<Manifest> = drafts
            .iter()
            .filter_map(|draft| match draft {
                Draft::New(manifest) => Some((**manifest).clone()),
                _ => None,
            })
            .collect();
        let first = self.commit(&manifests)?;
        let mut stored: Vec<Stored> = Vec::with_capacity(drafts.len());
        let mut leaf = first.0;
        for draft in drafts {
            stored.push(match draft {
                Draft::New(manifest) => {
                    let capture = manifest
                        .capture(LeafIndex(leaf))
                        .ok_or_else(|| Error::new(Kind::Internal, "a capture without a record was logged"))?;
                    leaf += 1;
                    Stored { capture, already_there: false }
                }
                Draft::Logged(leaf) => Stored { capture: self.evidence.capture(leaf)?, already_there: true },
                Draft::Same(index) => Stored { capture: stored[index].capture.clone(), already_there: true },
            });
        }
        Ok(stored)
    }

    /// Logs that captures were handed out. Durable when it returns.
    ///
    /// # Errors
    /// As [`EvidenceArchive::append`].
    pub fn log_export(&mut self, export: ExportManifest) -> Result<LeafIndex> {
        self.refuse_if_broken()?;
        self.commit(&[Manifest::new(Body::Export(export))])
    }

    pub(crate) fn refuse_if_broken(&self) -> Result<()> {
        if self.broken {
            return Err(Error::new(
                Kind::Unavailable,
                "an earlier write failed: the archive has to be opened again",
            ));
        }
        Ok(())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn next_leaf(&self) -> LeafIndex {
        LeafIndex(self.ledger.size())
    }

    pub(crate) fn random<const N: usize>(&mut self) -> Result<[u8; N]> {
        random(&mut self.options)
    }

    fn write_batch(&mut self, batch: &[NewCapture], measured: Vec<Measured>) -> Result<Vec<Draft>> {
        let mut drafts = Vec::with_capacity(batch.len());
        let mut here: HashMap<Digest, usize> = HashMap::new();
        for (index, (new, payload)) in batch.iter().zip(measured).enumerate() {
            drafts.push(if let Some(leaf) = self.find(&payload.digest) {
                Draft::Logged(leaf)
            } else if let Some(&earlier) = here.get(&payload.digest) {
                Draft::Same(earlier)
            } else {
                here.insert(payload.digest, index);
                Draft::New(Box::new(self.write_capture(new, payload)?))
            });
        }
        Ok(drafts)
    }

    /// Writes one capture's record; its manifest is not logged yet.
    fn write_capture(&mut self, new: &NewCapture, payload: Measured) -> Result<Manifest> {
        let info = self.make_room(new.began)?;
        let id = record_id(self.random()?);
        let target = format!("urn:selon:{}", payload.digest.hex());
        let media = media_type(&new.media_type).unwrap_or_else(|| "application/octet-stream".to_owned());
        let content_type = if media_type(&new.media_type).is_some() { new.media_type.trim() } else { &media };
        let Some(warc) = &mut self.current else {
            return Err(Error::new(Kind::Internal, "no WARC file is open"));
        };
        let digest = payload.digest.to_string();
        let head = header(&[
            ("WARC-Type", "resource"),
            ("WARC-Record-ID", &format!("<{id}>")),
            ("WARC-Date", &warc_date(new.began)),
            ("WARC-Target-URI", &target),
            ("WARC-Warcinfo-ID", &format!("<{}>", warc.info)),
            ("WARC-Block-Digest", &digest),
            ("WARC-Payload-Digest", &digest),
            ("Content-Type", content_type),
            ("Content-Length", &payload.length.to_string()),
        ]);
        let (record, written) =
            warc.write(&self.folder, &id, "resource", &head, &mut *open(&new.content)?)?;
        if written.block != payload.digest || written.block_length != payload.length {
            return Err(Error::new(
                Kind::Unavailable,
                format!("{} changed while it was read", name_of(&new.content)),
            ));
        }
        Ok(Manifest::new(Body::Capture(Box::new(CaptureManifest {
            capture: CaptureId(written.record),
            class: new.origin,
            target_uri: target,
            stated: new.stated.clone(),
            records: std::iter::once(record).chain(info).collect(),
            payload,
            status: None,
            media_type: media,
            began: new.began,
            ended: new.began,
            claimed_date: None,
            container: None,
            after: self.newest_sealed.clone(),
            restricted: None,
            wire: None,
            restates: None,
        }))))
    }

    /// Sees to it that a WARC file with room is open; gives the warcinfo of a new one.
    fn make_room(&mut self, now: Timestamp) -> Result<Option<StoredRecord>> {
        let today = now.strftime("%Y%m%d").to_string();
        let mut number = 1;
        let mut day = today;
        if let Some(warc) = &self.current {
            let (open_day, open_number) = day_and_number(&warc.name).unwrap_or((day.clone(), 0));
            if warc.length < self.options.roll && open_day >= day {
                return Ok(None);
            }
            // A clock that goes back must not put a new file before an older one.
            if open_day >= day {
                (day, number) = (open_day, open_number + 1);
            }
        }
        let id = record_id(self.random()?);
        let file_name = format!("selon-{day}-{number:06}.warc.gz");
        let name = format!("warc/{}/{}/{file_name}", &day[..4], &day[4..6]);
        let mut warc = OpenWarc::create(&self.folder, name, id.clone())?;
        let block = warcinfo_block(concat!("Selon/", env!("CARGO_PKG_VERSION")));
        let head = header(&[
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", &format!("<{id}>")),
            ("WARC-Date", &warc_date(now)),
            ("WARC-Filename", &file_name),
            ("WARC-Block-Digest", &Digest::of(&block).to_string()),
            ("Content-Type", "application/warc-fields"),
            ("Content-Length", &block.len().to_string()),
        ]);
        let written = warc.write(&self.folder, &id, "warcinfo", &head, &mut block.as_slice());
        if let Some(before) = self.current.take().filter(|before| before.touched) {
            before.sync(&self.folder)?;
        }
        self.current = Some(warc);
        Ok(Some(written?.0))
    }

    /// Makes everything written durable and logs the manifests. Gives the first leaf.
    pub(crate) fn commit(&mut self, manifests: &[Manifest]) -> Result<LeafIndex> {
        let first = LeafIndex(self.ledger.size());
        if manifests.is_empty() {
            return Ok(first);
        }
        self.broken = true;
        if let Some(warc) = self.current.as_mut().filter(|warc| warc.touched) {
            warc.sync(&self.folder)?;
            warc.touched = false;
        }
        let mut lines = Vec::with_capacity(manifests.len());
        let mut entries = Vec::with_capacity(manifests.len());
        let mut apart = Vec::new();
        for (leaf, manifest) in (first.0..).zip(manifests) {
            let named = self.with_collector(LeafIndex(leaf), manifest, &mut apart)?;
            let (line, entry) = write_line(&self.random()?, named.as_ref().unwrap_or(manifest))?;
            lines.push(line);
            entries.push(entry.as_bytes().to_vec());
        }
        restricted::append(&self.folder, &apart)?;
        append_lines(&self.folder, first.0, &lines)?;
        self.ledger.append(&self.key, &entries)?;
        for (leaf, manifest) in (first.0..).zip(manifests) {
            self.known.add(LeafIndex(leaf), manifest);
        }
        self.broken = false;
        Ok(first)
    }

    /// The manifest with the digest of what is known of whoever collects, where there is any; what is
    /// known goes apart.
    fn with_collector(
        &mut self,
        leaf: LeafIndex,
        manifest: &Manifest,
        apart: &mut Vec<restricted::Line>,
    ) -> Result<Option<Manifest>> {
        let Some(json) = self.collector.clone() else { return Ok(None) };
        let mut manifest = manifest.clone();
        let place = match &mut manifest.body {
            Body::Capture(capture) => &mut capture.restricted,
            Body::Custody(custody) => &mut custody.restricted,
            _ => return Ok(None),
        };
        let line = restricted::Line { leaf, salt: self.random()?, json };
        *place = Some(line.digest());
        apart.push(line);
        Ok(Some(manifest))
    }
}

/// What becomes of one thing of a batch.
enum Draft {
    New(Box<Manifest>),
    /// Kept before, at this leaf.
    Logged(LeafIndex),
    /// The same as an earlier one of the batch.
    Same(usize),
}

/// Appends manifest lines from leaf `first` on, durably.
fn append_lines(folder: &Path, first: u64, lines: &[String]) -> Result<()> {
    let mut leaf = first;
    let mut rest = lines;
    while !rest.is_empty() {
        let room = (WIDTH - leaf % WIDTH) as usize;
        let (here, behind) = rest.split_at(room.min(rest.len()));
        let path = folder.join("manifests").join(numbered(leaf / WIDTH));
        let parent = path.parent().unwrap_or(folder);
        create_folder(parent)?;
        let written = OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| {
            file.write_all(here.concat().as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| io_error("write", &path, error))?;
        if leaf.is_multiple_of(WIDTH) {
            sync_folder(parent)?;
        }
        leaf += here.len() as u64;
        rest = behind;
    }
    Ok(())
}

/// Logs the genesis manifest.
fn start(folder: &Path, key: &SigningKey, now: Timestamp, options: &mut Options) -> Result<Ledger> {
    let genesis = Manifest::new(Body::Genesis(Genesis {
        origin: key.public().name().to_owned(),
        vkey: key.public().to_string(),
        at: now,
        policy: Policy::default(),
    }));
    let (line, entry) = write_line(&random(options)?, &genesis)?;
    append_lines(folder, 0, &[line])?;
    Ledger::create(&folder.join("ledger"), key, &[entry.as_bytes().to_vec()])
}

fn take_lock(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| io_error("open", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::new(
            Kind::Unavailable,
            format!("another process is writing to the archive in {}", folder.display()),
        )),
        Err(fs::TryLockError::Error(error)) => Err(io_error("lock", &path, error)),
    }
}

fn random<const N: usize>(options: &mut Options) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    (options.random)(&mut bytes)
        .map_err(|error| Error::because(Kind::Internal, "cannot get random bytes", error))?;
    Ok(bytes)
}
