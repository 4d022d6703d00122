//! What may be known of whoever collected a thing, kept apart from its manifest.
//!
//! A manifest holds SHA-256(salt || text) of it, so that it can be shown to be what was logged; the
//! text itself stays in `restricted/<N>`, one line for each leaf that has one, and goes into no
//! export: `<leaf> SP <salt, 64 hex> SP <one-line JSON> LF`.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use selon_model::{Digest, LeafIndex};

use crate::durable::{create_folder, files_below, read_file, sync_folder, write_files};
use crate::error::{Result, io_error};
use crate::limits::Limits;
use crate::proof::entry_of;
use crate::tile::{WIDTH, numbered};

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) leaf: LeafIndex,
    pub(crate) salt: [u8; 32],
    pub(crate) json: String,
}

impl Line {
    /// What the manifest holds of it.
    pub(crate) fn digest(&self) -> Digest {
        entry_of(&self.salt, self.json.as_bytes())
    }

    fn text(&self) -> String {
        format!("{} {} {}\n", self.leaf.0, crate::digest::hex(&self.salt), self.json)
    }

    fn parse(line: &str) -> Option<Line> {
        let (leaf, rest) = line.split_once(' ')?;
        let (salt, json) = rest.split_once(' ')?;
        let salt = crate::digest::from_hex(salt)?.try_into().ok()?;
        Some(Line { leaf: LeafIndex(leaf.parse().ok()?), salt, json: json.to_owned() })
    }
}

/// Adds lines, durably. They come in the order of leaves.
pub(crate) fn append(archive: &Path, lines: &[Line]) -> Result<()> {
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let file = first.leaf.0 / WIDTH;
        let here = rest.iter().take_while(|line| line.leaf.0 / WIDTH == file).count();
        let text: String = rest[..here].iter().map(Line::text).collect();
        let path = archive.join("restricted").join(numbered(file));
        let parent = path.parent().unwrap_or(archive);
        create_folder(parent)?;
        let written = OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| io_error("write", &path, error))?;
        sync_folder(parent)?;
        rest = &rest[here..];
    }
    Ok(())
}

/// Every line that can be read, in the order of files; of a leaf that stands twice, the last.
pub(crate) fn read_all(archive: &Path) -> Result<Vec<Line>> {
    let folder = archive.join("restricted");
    let mut lines = Vec::new();
    for file in files_below(&folder)? {
        let path = folder.join(file);
        let bytes =
            read_file(&path, Limits::default().manifests).map_err(|error| io_error("read", &path, error))?;
        lines.extend(String::from_utf8_lossy(&bytes).lines().filter_map(Line::parse));
    }
    Ok(lines)
}

/// Removes the lines of some leaves, and nothing else.
pub(crate) fn forget(archive: &Path, leaves: &BTreeSet<LeafIndex>) -> Result<()> {
    keep(archive, &|leaf| !leaves.contains(&leaf))
}

/// Removes lines past the log, which a write left that was interrupted.
pub(crate) fn clear_tail(archive: &Path, size: u64) -> Result<()> {
    keep(archive, &|leaf| leaf.0 < size)
}

fn keep(archive: &Path, wanted: &dyn Fn(LeafIndex) -> bool) -> Result<()> {
    let folder = archive.join("restricted");
    for file in files_below(&folder)? {
        let path = folder.join(file);
        let bytes =
            read_file(&path, Limits::default().manifests).map_err(|error| io_error("read", &path, error))?;
        let text = String::from_utf8_lossy(&bytes);
        let whole = |line: &&str| {
            line.ends_with('\n')
                && Line::parse(line.trim_end_matches('\n')).is_some_and(|line| wanted(line.leaf))
        };
        let kept: String = text.split_inclusive('\n').filter(whole).collect();
        if kept.as_bytes() != bytes {
            write_files(&archive.join("ledger"), &[(path, kept.into_bytes())])?;
        }
    }
    Ok(())
}
