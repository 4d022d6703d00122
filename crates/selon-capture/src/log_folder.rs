//! Anybody's log in tiles (C2SP tlog-tiles), as a folder: `checkpoint`, `tile/…`, and the key in
//! `vkey` where it is there.
//!
//! Root and tiles are computed again from the entries and held against every signed checkpoint
//! and every tile file. A log shows what was entered and that nothing was taken out; what an
//! entry means is the business of whoever made it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use selon_model::Digest;

use crate::code::Code;
use crate::durable::{files_below, read_start};
use crate::error::{Result, io_error};
use crate::form::FileKind;
use crate::ledger::{is_covered, parse_tile_path, read_tile};
use crate::limits::Limits;
use crate::note::{Checkpoint, Note, NoteFault};
use crate::note_file::key_in;
use crate::tile::{
    Frontier, Level, WIDTH, leaf_hash, parse_bundle, parse_hashes, perfect_hash, tile_path, tiles_of,
};
use crate::verify::FileReport;

/// Checkpoint files looked at.
const MOST_CHECKPOINTS: usize = 10_000;
/// Missing tiles named.
const MOST_MISSING: u32 = 100;

/// Whether a folder is a log by itself.
pub fn is_log(folder: &Path) -> bool {
    folder.join("checkpoint").is_file() && folder.join("tile").is_dir()
}

/// Checks a log. Its entries are counted as records.
///
/// # Errors
/// `Unavailable` where files cannot be read.
pub fn verify_log(folder: &Path) -> Result<FileReport> {
    let name = folder.to_string_lossy().into_owned();
    let mut report = FileReport { file: name, kind: FileKind::Log, ..FileReport::default() };
    let checkpoints = checkpoints(folder, &mut report)?;
    let size = checkpoints.iter().map(|(_, checkpoint)| checkpoint.size).max().unwrap_or(0);
    let tiles = compute(folder, size, &checkpoints, &mut report)?;
    compare(folder, size, &tiles, &mut report)?;
    Ok(report)
}

/// Every checkpoint of the folder whose text is one, signature checked where the key is known.
fn checkpoints(folder: &Path, report: &mut FileReport) -> Result<Vec<(String, Checkpoint)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| io_error("list", folder, error))? {
        let name = entry.map_err(|error| io_error("list", folder, error))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name == "checkpoint" || name.starts_with("checkpoint.") {
            names.push(name);
        }
    }
    names.sort();
    names.truncate(MOST_CHECKPOINTS);
    let key = key_in(folder);
    let code = if key.is_some() { Code::KeyBesideIt } else { Code::KeyUnknown };
    report.find(code, 0, "public key".to_owned(), code.sentence().to_owned());
    let mut found = Vec::new();
    for name in names {
        let path = folder.join(&name);
        let most = Limits::default().note + 1;
        let bytes = read_start(&path, most).map_err(|error| io_error("read", &path, error))?;
        let opened = match &key {
            Some(key) => Checkpoint::open(&bytes, key),
            None => Note::parse(&bytes).and_then(|note| Checkpoint::parse(&note.text)),
        };
        match opened {
            Ok(checkpoint) => found.push((name, checkpoint)),
            Err(fault) => bad_checkpoint(report, &name, fault),
        }
    }
    Ok(found)
}

fn bad_checkpoint(report: &mut FileReport, name: &str, fault: NoteFault) {
    let code = Code::CheckpointBad;
    report.find(code, 0, name.to_owned(), format!("{name}: {} ({fault})", code.sentence()));
}

/// Hashes of every tile of a tree, by level.
type Tiles = Vec<Vec<Digest>>;

/// Reads all entries; holds each checkpoint's root against what they give.
fn compute(
    folder: &Path,
    size: u64,
    checkpoints: &[(String, Checkpoint)],
    report: &mut FileReport,
) -> Result<Tiles> {
    let mut stated: BTreeMap<u64, Vec<(&str, &Digest)>> = BTreeMap::new();
    for (name, checkpoint) in checkpoints {
        stated.entry(checkpoint.size).or_default().push((name, &checkpoint.root));
    }
    let mut frontier = Frontier::default();
    let mut leaves: Vec<Digest> = Vec::new();
    let mut above: Vec<Digest> = Vec::new();
    let mut tiles: Tiles = Vec::new();
    let judge = |frontier: &Frontier, report: &mut FileReport| {
        for (name, root) in stated.get(&frontier.size()).into_iter().flatten() {
            if frontier.root() != **root {
                let code = Code::CheckpointInconsistent;
                report.find(code, 0, (*name).to_owned(), format!("{name}: {}", code.sentence()));
            }
        }
    };
    judge(&frontier, report);
    'bundles: for index in 0..size.div_ceil(WIDTH) {
        let width = (size - index * WIDTH).min(WIDTH);
        let path = tile_path(Level::Entries, index, width);
        let bytes = read_tile(folder, Level::Entries, index, width).ok();
        let entries = bytes.as_deref().map(parse_bundle);
        let Some(entries) = entries.flatten().filter(|entries| entries.len() as u64 >= width) else {
            let code = if bytes.is_some() { Code::EntryDiffers } else { Code::TileMissing };
            report.find(code, 0, path.clone(), format!("{path}: {}", code.sentence()));
            break 'bundles;
        };
        for entry in entries.into_iter().take(width as usize) {
            let leaf = leaf_hash(entry);
            leaves.push(leaf);
            frontier.push(leaf);
            report.bytes += entry.len() as u64;
            judge(&frontier, report);
        }
    }
    report.records = frontier.size();
    while !leaves.is_empty() {
        above.clear();
        above.extend(leaves.chunks_exact(WIDTH as usize).map(perfect_hash));
        tiles.push(std::mem::replace(&mut leaves, above.clone()));
    }
    Ok(tiles)
}

/// Every tile file against the hashes that the entries give.
fn compare(folder: &Path, size: u64, tiles: &Tiles, report: &mut FileReport) -> Result<()> {
    let mut missing = 0;
    // A checkpoint may state any size: what is missing is looked for as long as it is named.
    'levels: for level in 0..tiles.len() as u8 {
        let (full, partial) = tiles_of(Level::Hashes(level), size);
        for index in 0..full + u64::from(partial > 0) {
            let width = if index < full { WIDTH } else { partial };
            if read_tile(folder, Level::Hashes(level), index, width).is_err() {
                let path = tile_path(Level::Hashes(level), index, width);
                let sentence = format!("{path}: {}", Code::TileMissing.sentence());
                report.find(Code::TileMissing, 0, path, sentence);
                missing += 1;
            }
            if missing == MOST_MISSING {
                break 'levels;
            }
        }
    }
    for file in files_below(&folder.join("tile"))? {
        let Some((Level::Hashes(level), index, width)) = parse_tile_path(&file) else { continue };
        if !is_covered(Level::Hashes(level), index, width, size) {
            continue;
        }
        let path = folder.join("tile").join(&file);
        let bytes = read_start(&path, WIDTH * 32 + 1).map_err(|error| io_error("read", &path, error))?;
        let right = tiles.get(usize::from(level)).and_then(|hashes| {
            let from = usize::try_from(index.checked_mul(WIDTH)?).ok()?;
            hashes.get(from..from.checked_add(width as usize)?)
        });
        if right.is_some() && parse_hashes(&bytes).as_deref() != right {
            let what = format!("tile/{file}");
            report.find(
                Code::TileDiffers,
                0,
                what.clone(),
                format!("{what}: {}", Code::TileDiffers.sentence()),
            );
        }
    }
    Ok(())
}
