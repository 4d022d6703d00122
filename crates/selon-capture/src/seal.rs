//! Sealing: outside authorities stamp the log's newest checkpoint, and with it everything below.
//!
//! A request and its answer are kept as they went over the wire. An answer is kept only once it
//! verifies in all ten steps. An authority that cannot be reached, or answers wrongly, stays in the
//! queue: the next run asks it again, later each time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use selon_model::Digest;
use serde::{Deserialize, Serialize};

use crate::archive::EvidenceArchive;
use crate::ask::Ask;
use crate::durable::write_files;
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::Evidence;
use crate::manifest::{AuthorityNamed, Body, Manifest, PolicyManifest};
use crate::stamps::{Stamped, folder_of, judge, read_small, read_stamped, sizes};
use crate::timestamp::{LONGEST_RESPONSE, nonce_of_request};
use crate::trust::{Authority, Trust};

/// How often an authority is asked in one run.
const TRIES: u32 = 3;
/// Longest time between two runs' askings.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// How far an authority's clock may be from the archive's before it is told.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// How sealing went.
#[derive(Clone, Debug, Serialize)]
pub struct Sealing {
    /// Entries of the newest checkpoint.
    pub size: u64,
    /// So many authorities are needed.
    pub needed: usize,
    /// Those that have stamped it, with when.
    pub stamped: Vec<StampedBy>,
    /// Those that have not, and why.
    pub waiting: Vec<Waiting>,
    /// Enough have stamped it.
    pub sealed: bool,
}

/// An authority that has stamped the checkpoint.
#[derive(Clone, Debug, Serialize)]
pub struct StampedBy {
    /// Its name.
    pub authority: String,
    /// Its time, at the latest.
    pub at: Timestamp,
    /// It was asked in this run.
    pub new: bool,
    /// Its clock is more than a minute from the archive's own: seconds, ahead or behind.
    pub skew: Option<i64>,
}

/// An authority that is still to stamp it.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// Its name.
    pub authority: String,
    /// Why its last answer was none, or that it has no address.
    pub why: String,
    /// Not asked again before.
    pub next: Option<Timestamp>,
}

/// What is remembered of an authority that was asked in vain.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Tried {
    tries: u32,
    last: Timestamp,
    why: String,
}

impl Tried {
    /// A minute after the first run in vain, then twice as long each time, six hours at most.
    fn next(&self) -> Timestamp {
        let minutes = 1i64 << self.tries.min(10);
        let wait = SignedDuration::from_mins(minutes / 2).min(LONGEST_WAIT);
        self.last.checked_add(wait).unwrap_or(self.last)
    }
}

/// How to go about it.
pub struct HowToSeal<'a> {
    /// Sends requests.
    pub ask: &'a dyn Ask,
    /// The archive's own clock.
    pub now: Timestamp,
    /// Ask again those that are not due yet.
    pub again: bool,
    /// Waits between tries of one run.
    pub pause: &'a dyn Fn(Duration),
}

impl EvidenceArchive {
    /// Has the newest checkpoint stamped by the authorities that have not stamped it yet. Which
    /// authorities count, and how many are needed, is logged first where it changed.
    ///
    /// # Errors
    /// Where the archive cannot be written. An authority that does not answer is no error: it waits.
    pub fn seal(&mut self, trust: &Trust, how: &HowToSeal<'_>) -> Result<Sealing> {
        self.refuse_if_broken()?;
        let policy = policy_of(trust, how.now);
        if self.known.policy.as_ref().is_none_or(|known| !known.says_the_same(&policy)) {
            self.commit(&[Manifest::new(Body::Policy(policy))])?;
            trust.keep(self.folder())?;
        }
        let (size, text) = (self.ledger().size(), self.ledger().checkpoint().text());
        let folder = folder_of(self.folder(), size);
        if !folder.join("checkpoint").exists() {
            let signed = self.ledger().signed_checkpoint().as_bytes().to_vec();
            let files = [
                (folder.join("checkpoint.txt"), text.clone().into_bytes()),
                (folder.join("checkpoint"), signed),
            ];
            write_files(&self.folder().join("ledger"), &files)?;
        }
        let stamped = read_stamped(self.folder(), size, Some(self.ledger().key()), trust)?;
        let by = |stamp: &crate::stamps::Stamp, new: bool| StampedBy {
            authority: stamp.authority.clone(),
            at: stamp.latest,
            new,
            skew: skew(stamp.latest, how.now).filter(|_| new),
        };
        let mut sealing = Sealing {
            size,
            needed: trust.needed,
            stamped: stamped.stamps.iter().map(|stamp| by(stamp, false)).collect(),
            waiting: Vec::new(),
            sealed: false,
        };
        for authority in &trust.authorities {
            if stamped.stamps.iter().any(|stamp| stamp.authority == authority.name) {
                continue;
            }
            match self.stamp(authority, text.as_bytes(), size, how)? {
                Ok(stamp) => sealing.stamped.push(by(&stamp, true)),
                Err(waiting) => sealing.waiting.push(waiting),
            }
        }
        sealing.sealed = sealing.stamped.len() >= trust.needed;
        if sealing.sealed {
            self.newest_sealed = newest_sealed(self.folder(), trust.needed)?;
        }
        Ok(sealing)
    }

    /// Asks one authority, a few times.
    fn stamp(
        &mut self,
        authority: &Authority,
        text: &[u8],
        size: u64,
        how: &HowToSeal<'_>,
    ) -> Result<std::result::Result<crate::stamps::Stamp, Waiting>> {
        let name = &authority.name;
        let folder = folder_of(self.folder(), size);
        let waiting = |why: String, next| Ok(Err(Waiting { authority: name.clone(), why, next }));
        let Some(url) = &authority.url else {
            return waiting(
                "it has no address: its answers are believed, and it is not asked".to_owned(),
                None,
            );
        };
        let tries = folder.join(format!("{name}.tries"));
        let mut tried: Option<Tried> =
            read_small(&tries)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(tried) = tried.as_ref().filter(|tried| !how.again && tried.next() > how.now) {
            return waiting(tried.why.clone(), Some(tried.next()));
        }
        // The request is kept before it is sent, so that an answer can never be without it.
        let query = folder.join(format!("{name}.tsq"));
        let request = match read_small(&query)?.filter(|bytes| nonce_of_request(bytes).is_some()) {
            Some(request) => request,
            None => {
                let request = request_of(text, self.random()?);
                write_files(&self.folder().join("ledger"), &[(query, request.clone())])?;
                request
            }
        };
        let mut why = String::new();
        for round in 0..TRIES {
            if round > 0 {
                (how.pause)(Duration::from_secs(1 << (round - 1)));
            }
            let answer = match how.ask.ask(url, authority.local, &request, LONGEST_RESPONSE) {
                Ok(answer) => answer,
                Err(error) => {
                    why = error.to_string();
                    if error.kind() != Kind::Unavailable {
                        break;
                    }
                    continue;
                }
            };
            let only = Trust { needed: 1, authorities: vec![authority.clone()] };
            match judge(name, &answer, text, nonce_of_request(&request), &only) {
                Ok(stamp) => {
                    write_files(
                        &self.folder().join("ledger"),
                        &[(folder.join(format!("{name}.tsr")), answer)],
                    )?;
                    match std::fs::remove_file(&tries) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(io_error("remove", &tries, error));
                        }
                        _ => return Ok(Ok(stamp)),
                    }
                }
                Err((code, detail)) => {
                    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
                    why = format!(
                        "{url} gave a timestamp that does not verify: {}{detail} [{code}]",
                        code.sentence()
                    );
                }
            }
        }
        let before = tried.take().map_or(0, |tried| tried.tries);
        let tried = Tried { tries: before.saturating_add(1), last: how.now, why: why.clone() };
        let line = serde_json::to_vec(&tried)
            .map_err(|error| Error::because(Kind::Internal, "cannot write what was tried", error))?;
        write_files(&self.folder().join("ledger"), &[(tries, line)])?;
        waiting(why, Some(tried.next()))
    }
}

impl Evidence {
    /// The stamped checkpoints, each held against its text and those that are trusted. Whether their
    /// roots are the log's own is not asked here: `verify` does.
    ///
    /// # Errors
    /// When files cannot be read, or the log does not verify.
    pub fn stamped(&self, trust: &Trust) -> Result<Vec<Stamped>> {
        let ledger = self.ledger()?;
        let mut all = Vec::new();
        for size in sizes(self.folder())? {
            let mut stamped = read_stamped(self.folder(), size, Some(ledger.key()), trust)?;
            // A checkpoint of another log or of another history counts for nothing.
            let own =
                size <= ledger.size() && stamped.root.is_some() && ledger.root_at(size).ok() == stamped.root;
            if !own {
                stamped.root = None;
            }
            all.push(stamped);
        }
        Ok(all)
    }
}

/// The newest checkpoint that enough answers were kept for; they verified before they were kept.
pub(crate) fn newest_sealed(
    archive: &std::path::Path,
    needed: usize,
) -> Result<Option<crate::manifest::After>> {
    for size in sizes(archive)?.into_iter().rev() {
        let folder = folder_of(archive, size);
        let mut tokens: Vec<Digest> = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(|error| io_error("list", &folder, error))? {
            let path = entry.map_err(|error| io_error("list", &folder, error))?.path();
            if path.extension().is_some_and(|ending| ending == "tsr") {
                tokens.extend(read_small(&path)?.map(|bytes| Digest::of(&bytes)));
            }
        }
        let text = read_small(&folder.join("checkpoint.txt"))?.unwrap_or_default();
        let checkpoint =
            std::str::from_utf8(&text).ok().and_then(|text| crate::note::Checkpoint::parse(text).ok());
        if let Some(checkpoint) = checkpoint.filter(|_| needed > 0 && tokens.len() >= needed) {
            tokens.sort_unstable();
            return Ok(Some(crate::manifest::After { size, root: checkpoint.root, tokens }));
        }
    }
    Ok(None)
}

fn policy_of(trust: &Trust, at: Timestamp) -> PolicyManifest {
    let named = |authority: &Authority| AuthorityNamed {
        name: authority.name.clone(),
        url: authority.url.clone(),
        roots: authority.roots.iter().map(|root| Digest::of(root.der())).collect(),
        policies: authority.policies.clone(),
    };
    PolicyManifest {
        at,
        authorities_needed: trust.needed as u32,
        authorities: trust.authorities.iter().map(named).collect(),
        witnesses_needed: 0,
    }
}

fn skew(theirs: Timestamp, ours: Timestamp) -> Option<i64> {
    let apart = theirs.duration_since(ours);
    (apart.abs() > SKEW).then(|| apart.as_secs())
}

/// A request (RFC 3161, 2.4.1): version 1, SHA-256 of the text, a random number, and the wish for
/// the certificate.
pub fn request_of(text: &[u8], random: [u8; 8]) -> Vec<u8> {
    const HEAD: &[u8] = &[
        0x30, 0x43, 0x02, 0x01, 0x01, // SEQUENCE, version 1
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
        0x00, // SHA-256
        0x04, 0x20,
    ];
    let mut request = HEAD.to_vec();
    request.extend_from_slice(Digest::of(text).as_bytes());
    request.extend_from_slice(&[0x02, 0x08]);
    // Positive, and eight bytes long whatever the dice say.
    let mut nonce = random;
    nonce[0] = nonce[0] & 0x3f | 0x40;
    request.extend_from_slice(&nonce);
    request.extend_from_slice(&[0x01, 0x01, 0xff]);
    request
}
