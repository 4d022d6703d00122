//! The append-only log of an archive, as files (C2SP tlog-tiles).
//!
//! One writer appends entries in batches; a batch is in the log when the signed checkpoint that
//! covers it is durable. Opening recomputes the root from the tiles at the tree's edge and holds
//! it against the checkpoint; checking every tile is the business of `verify`.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use selon_model::{Digest, LeafIndex};

use crate::durable::{files_below, read_file, write_files};
use crate::error::{Error, Kind, Result, io_error};
use crate::limits::Limits;
use crate::merkle::{self, Nodes};
use crate::note::{Checkpoint, SigningKey, VerifyingKey};
use crate::tile::{
    Level, WIDTH, leaf_hash, levels_of, parse_bundle, parse_hashes, parse_numbered, perfect_hash, tile_path,
    tiles_of, write_bundle, write_hashes,
};

/// A log in a folder: `checkpoint`, `vkey`, `tile/…`.
pub struct Ledger {
    folder: PathBuf,
    key: VerifyingKey,
    checkpoint: Checkpoint,
    /// The signed checkpoint as stored.
    signed: String,
    /// Hashes of the partial tile at each level.
    edge: Vec<Vec<Digest>>,
    /// Entries of the partial bundle.
    bundle: Vec<Vec<u8>>,
}

impl Ledger {
    /// Starts a log with its first entries. The folder holds no checkpoint.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn create(folder: &Path, key: &SigningKey, entries: &[Vec<u8>]) -> Result<Ledger> {
        let public = key.public().clone();
        write_files(folder, &[(folder.join("vkey"), format!("{public}\n").into_bytes())])?;
        let checkpoint = Checkpoint { origin: public.name().to_owned(), size: 0, root: Digest::of(b"") };
        let mut ledger = Ledger {
            folder: folder.to_owned(),
            key: public,
            checkpoint,
            signed: String::new(),
            edge: Vec::new(),
            bundle: Vec::new(),
        };
        ledger.append(key, entries)?;
        Ok(ledger)
    }

    /// Opens a log and checks its checkpoint's signature and root.
    ///
    /// # Errors
    /// `NotFound` without a checkpoint; `Corrupt` where key, checkpoint and tiles do not agree.
    pub fn open(folder: &Path) -> Result<Ledger> {
        let key = read_key(folder)?;
        let path = folder.join("checkpoint");
        let signed =
            read_file(&path, Limits::default().note).map_err(|error| io_error("read", &path, error))?;
        let checkpoint = Checkpoint::open(&signed, &key).map_err(|fault| {
            Error::because(Kind::Corrupt, format!("cannot trust {}", path.display()), fault)
        })?;
        let signed = String::from_utf8_lossy(&signed).into_owned();
        let mut ledger = Ledger {
            folder: folder.to_owned(),
            key,
            checkpoint,
            signed,
            edge: Vec::new(),
            bundle: Vec::new(),
        };
        for level in 0..levels_of(ledger.size()) {
            let (full, width) = tiles_of(Level::Hashes(level), ledger.size());
            let hashes = if width == 0 { Vec::new() } else { ledger.read_hashes(level, full, width)? };
            ledger.edge.push(hashes);
        }
        let (full, width) = tiles_of(Level::Entries, ledger.size());
        ledger.bundle = if width == 0 { Vec::new() } else { ledger.read_entries(full, width)? };
        let root = ledger.edge_root();
        if root != ledger.checkpoint.root {
            return Err(Error::new(
                Kind::Corrupt,
                format!("the tiles of {} do not give the root that its checkpoint states", folder.display()),
            ));
        }
        Ok(ledger)
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The newest checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The newest checkpoint with its signature, as stored.
    pub fn signed_checkpoint(&self) -> &str {
        &self.signed
    }

    /// The log's public key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Appends entries, each at most 65,535 bytes, and signs a checkpoint over them. Durable when it returns.
    ///
    /// # Errors
    /// When files cannot be written; then the log has to be opened again.
    pub fn append(&mut self, key: &SigningKey, entries: &[Vec<u8>]) -> Result<Range<LeafIndex>> {
        if entries.iter().any(|entry| entry.len() > usize::from(u16::MAX)) {
            return Err(Error::new(Kind::Invalid, "an entry of the log is longer than 65,535 bytes"));
        }
        let from = self.size();
        let to = from + entries.len() as u64;
        let mut files = Vec::new();
        let mut full_tiles = Vec::new();

        let (mut index, _) = tiles_of(Level::Entries, from);
        let mut bundle = std::mem::take(&mut self.bundle);
        bundle.extend_from_slice(entries);
        let mut rest = bundle.as_slice();
        while let Some((full, behind)) = rest.split_at_checked(WIDTH as usize) {
            full_tiles.push((Level::Entries, index));
            files.push((tile_path(Level::Entries, index, WIDTH), write_bundle(full)));
            (rest, index) = (behind, index + 1);
        }
        if !rest.is_empty() && !entries.is_empty() {
            files.push((tile_path(Level::Entries, index, rest.len() as u64), write_bundle(rest)));
        }
        self.bundle = rest.to_vec();

        let mut new: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut level = 0;
        while !new.is_empty() {
            if self.edge.len() == usize::from(level) {
                self.edge.push(Vec::new());
            }
            let kind = Level::Hashes(level);
            let (mut index, _) = tiles_of(kind, from);
            let mut hashes = std::mem::take(&mut self.edge[usize::from(level)]);
            hashes.append(&mut new);
            let mut rest = hashes.as_slice();
            while let Some((full, behind)) = rest.split_at_checked(WIDTH as usize) {
                full_tiles.push((kind, index));
                files.push((tile_path(kind, index, WIDTH), write_hashes(full)));
                new.push(perfect_hash(full));
                (rest, index) = (behind, index + 1);
            }
            if !rest.is_empty() {
                files.push((tile_path(kind, index, rest.len() as u64), write_hashes(rest)));
            }
            self.edge[usize::from(level)] = rest.to_vec();
            level += 1;
        }

        let files: Vec<(PathBuf, Vec<u8>)> =
            files.into_iter().map(|(path, bytes)| (self.folder.join(path), bytes)).collect();
        write_files(&self.folder, &files)?;
        let checkpoint = Checkpoint { origin: self.key.name().to_owned(), size: to, root: self.edge_root() };
        let signed = key.sign(&checkpoint.text());
        write_files(&self.folder, &[(self.folder.join("checkpoint"), signed.clone().into_bytes())])?;
        (self.checkpoint, self.signed) = (checkpoint, signed);
        // A partial tile may go once the full one is committed.
        for (level, index) in full_tiles {
            let partial = self.folder.join(tile_path(level, index, WIDTH) + ".p");
            match fs::remove_dir_all(&partial) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io_error("remove", &partial, error));
                }
                _ => {}
            }
        }
        Ok(LeafIndex(from)..LeafIndex(to))
    }

    /// The root from the hashes at the right edge: perfect subtrees, the smallest first.
    fn edge_root(&self) -> Digest {
        let mut root: Option<Digest> = None;
        for hashes in &self.edge {
            let mut end = hashes.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = perfect_hash(&hashes[end - width..end]);
                root = Some(match root {
                    Some(right) => crate::tile::node_hash(&left, &right),
                    None => left,
                });
                end -= width;
            }
        }
        root.unwrap_or_else(|| Digest::of(b""))
    }

    fn read_tile(&self, level: Level, index: u64, width: u64) -> Result<Vec<u8>> {
        read_tile(&self.folder, level, index, width)
    }

    fn read_hashes(&self, level: u8, index: u64, width: u64) -> Result<Vec<Digest>> {
        let bytes = self.read_tile(Level::Hashes(level), index, width)?;
        let mut hashes =
            parse_hashes(&bytes).filter(|hashes| hashes.len() as u64 >= width).ok_or_else(|| {
                corrupt(
                    &self.folder,
                    &tile_path(Level::Hashes(level), index, width),
                    "it is not a tile of this width",
                )
            })?;
        hashes.truncate(width as usize);
        Ok(hashes)
    }

    /// Entries of a bundle: `width` of the `index`-th.
    ///
    /// # Errors
    /// `NotFound` or `Corrupt`.
    pub fn read_entries(&self, index: u64, width: u64) -> Result<Vec<Vec<u8>>> {
        let path = tile_path(Level::Entries, index, width);
        let bytes = self.read_tile(Level::Entries, index, width)?;
        let entries = parse_bundle(&bytes)
            .filter(|entries| entries.len() as u64 >= width)
            .ok_or_else(|| corrupt(&self.folder, &path, "it is not an entry bundle"))?;
        Ok(entries.into_iter().take(width as usize).map(<[u8]>::to_vec).collect())
    }

    /// Proof that a leaf is in the log as it stands.
    ///
    /// # Errors
    /// `NotFound` for a leaf beyond the log; `Corrupt` where tiles are damaged.
    pub fn prove_inclusion(&self, leaf: LeafIndex) -> Result<Vec<Digest>> {
        if leaf.0 >= self.size() {
            return Err(Error::new(
                Kind::NotFound,
                format!("there is no leaf {} in a log of {}", leaf.0, self.size()),
            ));
        }
        merkle::prove_inclusion(self, leaf.0, self.size())
    }

    /// Proof that the log of `old` entries is the beginning of the log as it stands.
    ///
    /// # Errors
    /// `Invalid` unless `old` is a size that the log has had; `Corrupt` where tiles are damaged.
    pub fn prove_consistency(&self, old: u64) -> Result<Vec<Digest>> {
        if old == 0 || old > self.size() {
            return Err(Error::new(Kind::Invalid, format!("a log of {} was never {old} long", self.size())));
        }
        merkle::prove_consistency(self, old, self.size())
    }

    /// The root that the log had when it was `size` entries long.
    ///
    /// # Errors
    /// `Invalid` for a size that it has not had; `Corrupt` where tiles are damaged.
    pub fn root_at(&self, size: u64) -> Result<Digest> {
        if size > self.size() {
            return Err(Error::new(Kind::Invalid, format!("a log of {} was never {size} long", self.size())));
        }
        merkle::root(self, size)
    }

    /// Removes tiles that no checkpoint covers, left by a write that was interrupted.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn remove_uncommitted(&self) -> Result<()> {
        for file in files_below(&self.folder.join("tile"))? {
            let Some((level, index, width)) = parse_tile_path(&file) else { continue };
            if !is_covered(level, index, width, self.size()) {
                let path = self.folder.join("tile").join(&file);
                fs::remove_file(&path).map_err(|error| io_error("remove", &path, error))?;
            }
        }
        Ok(())
    }
}

impl Nodes for Ledger {
    fn node(&self, height: u32, index: u64) -> Result<Digest> {
        let (level, within) = ((height / 8) as u8, height % 8);
        let first = index << within;
        let (full, partial) = tiles_of(Level::Hashes(level), self.size());
        let tile = first / WIDTH;
        let width = if tile < full { WIDTH } else { partial };
        let hashes = self.read_hashes(level, tile, width)?;
        let at = (first % WIDTH) as usize;
        hashes
            .get(at..at + (1 << within))
            .map(perfect_hash)
            .ok_or_else(|| Error::new(Kind::Internal, format!("node {height}/{index} is beyond the log")))
    }
}

/// Reads the log's public key.
///
/// # Errors
/// `NotFound`, or `Corrupt` where the file is not exactly one key and a line end.
pub fn read_key(folder: &Path) -> Result<VerifyingKey> {
    let path = folder.join("vkey");
    let text = read_file(&path, Limits::default().note).map_err(|error| io_error("read", &path, error))?;
    std::str::from_utf8(&text)
        .ok()
        .and_then(|text| text.strip_suffix('\n'))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Error::new(Kind::Corrupt, format!("{} is not a key", path.display())))
}

/// A tile's bytes: of this width, or of the full tile that took its place.
pub(crate) fn read_tile(folder: &Path, level: Level, index: u64, width: u64) -> Result<Vec<u8>> {
    let path = folder.join(tile_path(level, index, width));
    let most = Limits::default().tile;
    match read_file(&path, most) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && width < WIDTH => {
            let full = folder.join(tile_path(level, index, WIDTH));
            read_file(&full, most).map_err(|_| io_error("read", &path, error))
        }
        other => other.map_err(|error| io_error("read", &path, error)),
    }
}

/// Level, index and width of a path below `tile/`.
pub(crate) fn parse_tile_path(path: &str) -> Option<(Level, u64, u64)> {
    let (level, rest) = path.split_once('/')?;
    let level = match level {
        "entries" => Level::Entries,
        digits => {
            let number: u8 = digits.parse().ok().filter(|&level| level < 8)?;
            (number.to_string() == digits).then_some(Level::Hashes(number))?
        }
    };
    match rest.split_once(".p/") {
        Some((index, width)) => {
            let number: u64 = width.parse().ok().filter(|width| (1..WIDTH).contains(width))?;
            (number.to_string() == width).then_some((level, parse_numbered(index)?, number))
        }
        None => Some((level, parse_numbered(rest)?, WIDTH)),
    }
}

/// Whether a log of this size has this tile.
pub(crate) fn is_covered(level: Level, index: u64, width: u64, size: u64) -> bool {
    let (full, partial) = tiles_of(level, size);
    index < full || (index == full && width <= partial)
}

fn corrupt(folder: &Path, path: &str, why: &str) -> Error {
    Error::new(Kind::Corrupt, format!("cannot read {}: {why}", folder.join(path).display()))
}
