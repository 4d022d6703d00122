//! The log: tiles, entries and manifests held against each other, and the root over them.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::Digest;

use super::Check;
use crate::code::Code;
use crate::durable::files_below;
use crate::error::Result;
use crate::ledger::{is_covered, parse_tile_path};
use crate::manifest::{ManifestLine, erased_by};
use crate::note::VerifyingKey;
use crate::tile::{
    Frontier, Level, WIDTH, leaf_hash, levels_of, node_hash, numbered, parse_bundle, parse_numbered,
    perfect_hash, tile_path,
};

/// Bundles of which nothing is there, each named; after that many the rest is taken as missing too.
const MOST_ABSENT: u32 = 16;

impl Check {
    /// Recomputes the whole tree from the manifests and entries, holding every tile file against
    /// it. Gives the root.
    pub(super) fn tree(&mut self, key: Option<&VerifyingKey>) -> Result<Digest> {
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
        let mut absent = 0;
        for number in 0..size.div_ceil(WIDTH) {
            let width = (size - number * WIDTH).min(WIDTH);
            absent += u32::from(!self.has_any_of(number, &present));
            if absent > MOST_ABSENT {
                // A checkpoint may state any size: no root can be given of what is not there.
                let item = format!("leaves from {} on", number * WIDTH);
                self.find(Code::ManifestMissing, "manifests", None, item, "the rest was not looked for");
                self.unsure = true;
                self.manifest_tails()?;
                return Ok(Digest::of(b""));
            }
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

    /// Whether anything is there of a bundle: manifests, entries or hashes.
    fn has_any_of(&self, number: u64, present: &BTreeMap<(Level, u64), BTreeSet<u64>>) -> bool {
        [Level::Entries, Level::Hashes(0)].iter().any(|level| present.contains_key(&(*level, number)))
            || self.folder.join("manifests").join(numbered(number)).is_file()
    }

    /// One bundle: its manifests, entries and hashes held against each other. Gives the leaf
    /// hashes that most copies agree on.
    pub(super) fn leaves(
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
        for offset in lines_between(&lines, &places) {
            let item = "a line that stands for no leaf".to_owned();
            self.find(Code::ManifestDiffers, &manifests_name, Some(offset), item, "");
            self.unsure = true;
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
    pub(super) fn widest(
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
    pub(super) fn other_widths(
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
    pub(super) fn compare_tile(
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
    pub(super) fn manifest_tails(&mut self) -> Result<()> {
        let size = self.report.size;
        for file in files_below(&self.folder.join("manifests"))? {
            let name = format!("manifests/{file}");
            let Some(number) = parse_numbered(&file) else {
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

/// Offsets of whole lines among those of leaves that are none of theirs. What follows a line that
/// cannot be read is its other half, and told with it.
fn lines_between(lines: &[(u64, &[u8])], places: &[Option<usize>]) -> Vec<u64> {
    let placed: BTreeSet<usize> = places.iter().flatten().copied().collect();
    let last = placed.last().copied().unwrap_or_default();
    let whole = |number: usize| {
        let line = lines.get(number).and_then(|(_, line)| line.strip_suffix(b"\n"));
        line.is_some_and(|line| erased_by(line).is_some() || ManifestLine::parse(line).is_some())
    };
    (0..last)
        .filter(|number| !placed.contains(number))
        .filter(|number| number.checked_sub(1).is_none_or(whole))
        .map(|number| lines[number].0)
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
