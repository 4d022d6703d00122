//! The timestamps of an archive's checkpoints, and what they prove of a leaf's time.
//!
//! ```text
//! ledger/stamps/<size>/checkpoint.txt     what is stamped: the three lines of a checkpoint
//!                      checkpoint         the same, signed by the log
//!                      <authority>.tsq    the request
//!                      <authority>.tsr    the answer, once one has verified
//!                      <authority>.tries  how often it was asked in vain, and why
//! ```
//! Whoever has the folder checks with `openssl ts -verify -data checkpoint.txt -in X.tsr`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_model::{Digest, LeafIndex};
use serde::Serialize;

use crate::code::{Code, Weight};
use crate::durable::read_start;
use crate::error::{Result, io_error};
use crate::manifest::After;
use crate::note::{Checkpoint, Note, VerifyingKey};
use crate::timestamp::{
    LONGEST_RESPONSE, StampCheck, StampVerdict, StampedData, check_stamp, nonce_of_request,
};
use crate::trust::Trust;

/// A stamped checkpoint as it lies in an archive.
#[derive(Clone, Debug, Serialize)]
pub struct Stamped {
    /// Entries that it covers.
    pub size: u64,
    /// Its root; `None` where the checkpoint beside the stamps does not verify.
    pub root: Option<Digest>,
    /// Stamps that verify, each of another authority.
    pub stamps: Vec<Stamp>,
    /// Digest of every answer that is there.
    #[serde(skip)]
    pub(crate) answers: BTreeSet<Digest>,
    /// Stamps that do not.
    #[serde(skip)]
    pub(crate) faults: Vec<(String, Code, String)>,
}

/// A timestamp that verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// The authority, by its name in the list of those that are trusted.
    pub authority: String,
    /// When it saw the checkpoint at the earliest, by its clock.
    pub earliest: Timestamp,
    /// And at the latest.
    pub latest: Timestamp,
    /// SHA-256 of its answer.
    pub answer: Digest,
}

/// Between which times a thing was received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// After this time, and who says so.
    pub not_before: Option<(Timestamp, Vec<String>)>,
    /// Before this time, and who says so.
    pub not_after: Option<(Timestamp, Vec<String>)>,
    /// So many authorities must agree.
    pub needed: usize,
    /// Of so many.
    pub of: usize,
}

/// Folder of the stamps of a checkpoint.
pub(crate) fn folder_of(archive: &Path, size: u64) -> PathBuf {
    archive.join(format!("ledger/stamps/{size}"))
}

/// Sizes of the stamped checkpoints, the smallest first.
pub(crate) fn sizes(archive: &Path) -> Result<Vec<u64>> {
    let folder = archive.join("ledger/stamps");
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| io_error("list", &folder, error))?,
    };
    let mut sizes = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| io_error("list", &folder, error))?.file_name();
        let name = name.to_string_lossy();
        sizes.extend(name.parse::<u64>().ok().filter(|size| size.to_string() == name));
    }
    sizes.sort_unstable();
    Ok(sizes)
}

/// A small file; `None` where it is not there. What is longer than any real one is cut, and then
/// does not verify.
pub(crate) fn read_small(path: &Path) -> Result<Option<Vec<u8>>> {
    match read_start(path, LONGEST_RESPONSE as u64 + 1) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some).map_err(|error| io_error("read", path, error)),
    }
}

/// The stamps of a checkpoint, held against its text, its requests and those that are trusted.
///
/// # Errors
/// When files cannot be read.
pub(crate) fn read_stamped(
    archive: &Path,
    size: u64,
    key: Option<&VerifyingKey>,
    trust: &Trust,
) -> Result<Stamped> {
    let folder = folder_of(archive, size);
    let mut stamped =
        Stamped { size, root: None, stamps: Vec::new(), answers: BTreeSet::new(), faults: Vec::new() };
    let text = read_small(&folder.join("checkpoint.txt"))?.unwrap_or_default();
    let signed = read_small(&folder.join("checkpoint"))?.unwrap_or_default();
    let opened = match key {
        Some(key) => Checkpoint::open(&signed, key),
        None => Note::parse(&signed).and_then(|note| Checkpoint::parse(&note.text)),
    };
    match opened {
        Ok(checkpoint) if checkpoint.size == size && checkpoint.text().as_bytes() == text => {
            stamped.root = Some(checkpoint.root);
        }
        Ok(_) => stamped.fault("checkpoint", Code::CheckpointBad, "it is not the one that was stamped"),
        Err(fault) => stamped.fault("checkpoint", Code::CheckpointBad, &fault.to_string()),
    }
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| io_error("list", &folder, error))? {
        let name = entry.map_err(|error| io_error("list", &folder, error))?.file_name();
        names.extend(name.to_string_lossy().strip_suffix(".tsr").map(str::to_owned));
    }
    names.sort();
    for name in names {
        let Some(answer) = read_small(&folder.join(format!("{name}.tsr")))? else { continue };
        stamped.answers.insert(Digest::of(&answer));
        let request = read_small(&folder.join(format!("{name}.tsq")))?;
        let nonce = request.as_deref().and_then(nonce_of_request);
        match judge(&name, &answer, &text, nonce, trust) {
            Ok(stamp) if stamped.stamps.iter().all(|other| other.authority != stamp.authority) => {
                stamped.stamps.push(stamp);
            }
            Ok(_) => {}
            Err((code, detail)) => stamped.fault(&format!("{name}.tsr"), code, &detail),
        }
    }
    Ok(stamped)
}

impl Stamped {
    fn fault(&mut self, file: &str, code: Code, detail: &str) {
        self.faults.push((format!("ledger/stamps/{}/{file}", self.size), code, detail.to_owned()));
    }

    /// Whether enough authorities have stamped it.
    pub fn is_sealed(&self, trust: &Trust) -> bool {
        self.root.is_some() && self.stamps.len() >= trust.needed
    }
}

/// An answer that verifies for an authority that is trusted, its namesake first; or why not.
pub(crate) fn judge(
    name: &str,
    answer: &[u8],
    text: &[u8],
    nonce: Option<Vec<u8>>,
    trust: &Trust,
) -> std::result::Result<Stamp, (Code, String)> {
    let mut authorities: Vec<_> = trust.authorities.iter().collect();
    authorities.sort_by_key(|authority| authority.name != name);
    let mut first: Option<StampVerdict> = None;
    for authority in authorities {
        let check = StampCheck {
            data: StampedData::Bytes(text.to_vec()),
            nonce: nonce.clone(),
            roots: authority.roots.clone(),
            others: authority.others.clone(),
            policies: authority.policies.clone(),
        };
        let verdict = check_stamp(answer, &check);
        match &verdict.stamp {
            Some(stamp) if verdict.is_right() => {
                let apart = stamp
                    .time
                    .checked_sub(stamp.accuracy)
                    .ok()
                    .zip(stamp.time.checked_add(stamp.accuracy).ok());
                let (earliest, latest) =
                    apart.ok_or((Code::StampForm, "its time is out of range".to_owned()))?;
                return Ok(Stamp {
                    authority: authority.name.clone(),
                    earliest,
                    latest,
                    answer: Digest::of(answer),
                });
            }
            _ => first = first.or(Some(verdict)),
        }
    }
    let worst = first.map(|verdict| verdict.codes).unwrap_or_default();
    let worst = worst.into_iter().find(|(code, _)| code.weight() != Weight::Note);
    Err(match worst {
        // Somebody else's authority: nothing is wrong with the stamp, it only counts for nothing here.
        Some((Code::StampChain, detail)) => (Code::StampStranger, detail),
        Some(worst) => worst,
        None => (Code::StampStranger, "no authority is trusted here".to_owned()),
    })
}

/// Between which times the leaf was logged, by stamps of checkpoints that are the log's own.
///
/// *Not after*: the k-th smallest of the earliest valid stamp of each authority over a checkpoint
/// that covers the leaf: with at most k-1 of them lying, an honest one saw it by then. *Not
/// before*: the k-th largest of the stamps that the manifest names: it was composed after they
/// existed.
pub fn interval(leaf: LeafIndex, after: Option<&After>, stamped: &[Stamped], trust: &Trust) -> Interval {
    let mut seen: BTreeMap<&str, Timestamp> = BTreeMap::new();
    let covering = stamped.iter().filter(|stamped| stamped.size > leaf.0 && stamped.root.is_some());
    for stamp in covering.flat_map(|stamped| &stamped.stamps) {
        let latest = seen.entry(&stamp.authority).or_insert(stamp.latest);
        *latest = stamp.latest.min(*latest);
    }
    let mut by: Vec<(Timestamp, &str)> = seen.into_iter().map(|(name, at)| (at, name)).collect();
    by.sort_unstable();
    let not_after = kth(&by, trust.needed);
    let mut known: BTreeMap<&str, Timestamp> = BTreeMap::new();
    if let Some(after) = after {
        let named =
            stamped.iter().filter(|stamped| stamped.size == after.size && stamped.root == Some(after.root));
        for stamp in
            named.flat_map(|stamped| &stamped.stamps).filter(|stamp| after.tokens.contains(&stamp.answer))
        {
            let earliest = known.entry(&stamp.authority).or_insert(stamp.earliest);
            *earliest = stamp.earliest.max(*earliest);
        }
    }
    let mut by: Vec<(Timestamp, &str)> = known.into_iter().map(|(name, at)| (at, name)).collect();
    by.sort_unstable_by(|a, b| b.cmp(a));
    let not_before = kth(&by, trust.needed);
    Interval { not_before, not_after, needed: trust.needed, of: trust.authorities.len() }
}

fn kth(by: &[(Timestamp, &str)], k: usize) -> Option<(Timestamp, Vec<String>)> {
    let (at, _) = by.get(k.checked_sub(1)?)?;
    let mut names: Vec<String> = by[..k].iter().map(|(_, name)| (*name).to_owned()).collect();
    names.sort();
    Some((*at, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn stamped(size: u64, stamps: &[(&str, i64)]) -> Stamped {
        let stamp = |(name, second): &(&str, i64)| Stamp {
            authority: (*name).to_owned(),
            earliest: at(second - 1),
            latest: at(second + 1),
            answer: Digest::of(format!("{size} {name}").as_bytes()),
        };
        let root = Some(Digest::of(&size.to_be_bytes()));
        Stamped {
            size,
            root,
            stamps: stamps.iter().map(stamp).collect(),
            answers: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    fn trust(needed: usize) -> Trust {
        Trust { needed, authorities: Vec::new() }
    }

    #[test]
    fn one_that_lies_moves_nothing() {
        // c says a time far in the past, or far in the future: with two of three needed it does
        // not count.
        let log = [stamped(5, &[("a", 10), ("b", 20), ("c", -9_000)]), stamped(9, &[("a", 40)])];
        let found = interval(LeafIndex(4), None, &log, &trust(2));
        assert_eq!(found.not_after, Some((at(11), vec!["a".into(), "c".into()])));
        assert_eq!(found.not_before, None);
        let found = interval(LeafIndex(7), None, &log, &trust(2));
        assert_eq!(found.not_after, None, "one stamp covers it, and two are needed");
        assert_eq!(interval(LeafIndex(7), None, &log, &trust(1)).not_after.unwrap().0, at(41));
        let after = After {
            size: 5,
            root: log[0].root.unwrap(),
            tokens: log[0].stamps.iter().map(|stamp| stamp.answer).collect(),
        };
        let found = interval(LeafIndex(7), Some(&after), &log, &trust(2));
        assert_eq!(found.not_before, Some((at(9), vec!["a".into(), "b".into()])));
        let other = After { root: Digest::of(b"another log"), ..after };
        assert_eq!(interval(LeafIndex(7), Some(&other), &log, &trust(2)).not_before, None);
    }
}
