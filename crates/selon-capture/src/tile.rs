//! Tiles: how the log's Merkle tree lies in files (C2SP tlog-tiles).
//!
//! The tree of RFC 6962 is cut into tiles of 256 hashes, eight levels high, each a file whose
//! name says where it belongs; entries lie in bundles of 256. A full tile never changes, so any
//! static file server can publish a log and any copy of it can be checked.

use selon_model::Digest;
use sha2::{Digest as _, Sha256};

/// Hashes in a full tile, entries in a full bundle, lines in a full manifest file.
pub const WIDTH: u64 = 256;

/// Hash of a leaf (RFC 6962, section 2.1).
pub fn leaf_hash(entry: &[u8]) -> Digest {
    let mut hasher = Sha256::new_with_prefix([0]);
    hasher.update(entry);
    Digest::from_bytes(hasher.finalize().into())
}

/// Hash of an inner node (RFC 6962, section 2.1).
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Sha256::new_with_prefix([1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    Digest::from_bytes(hasher.finalize().into())
}

/// Hash of a perfect subtree over `hashes`, whose count is a power of two.
pub fn perfect_hash(hashes: &[Digest]) -> Digest {
    debug_assert!(hashes.len().is_power_of_two());
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    level.pop().unwrap_or_else(|| Digest::of(b""))
}

/// The right edge of a growing tree: enough for its root, whatever its size (RFC 6962, section
/// 2.1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Frontier {
    size: u64,
    /// Perfect subtrees from left to right, each higher than the next.
    peaks: Vec<(u32, Digest)>,
}

impl Frontier {
    /// Adds a leaf's hash.
    pub(crate) fn push(&mut self, leaf: Digest) {
        let (mut height, mut hash) = (0, leaf);
        while let Some((_, left)) = self.peaks.pop_if(|(peak, _)| *peak == height) {
            hash = node_hash(&left, &hash);
            height += 1;
        }
        self.peaks.push((height, hash));
        self.size += 1;
    }

    /// Leaves so far.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Root over the leaves so far.
    pub(crate) fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev().map(|(_, hash)| *hash);
        let last = peaks.next();
        last.map_or_else(|| Digest::of(b""), |last| peaks.fold(last, |right, left| node_hash(&left, &right)))
    }
}

/// What a tile file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Entries themselves.
    Entries,
    /// Hashes of subtrees of 256^level leaves.
    Hashes(u8),
}

/// `tile/<L>/<N>[.p/<W>]`. `width` is 256 for a full tile.
pub fn tile_path(level: Level, index: u64, width: u64) -> String {
    let mut path = match level {
        Level::Entries => "tile/entries/".to_owned(),
        Level::Hashes(level) => format!("tile/{level}/"),
    };
    path.push_str(&numbered(index));
    if width < WIDTH {
        path.push_str(&format!(".p/{width}"));
    }
    path
}

/// A number in groups of three digits, all but the last prefixed by `x`: 1234067 is
/// `x001/x234/067`.
pub fn numbered(index: u64) -> String {
    let mut groups = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    groups.join("/")
}

/// Reads such a number back.
pub fn parse_numbered(text: &str) -> Option<u64> {
    let mut groups: Vec<&str> = text.split('/').collect();
    let last = groups.pop()?;
    let mut index: u64 = 0;
    for group in groups.iter().map(|group| group.strip_prefix('x')).chain([Some(last)]) {
        let group =
            group.filter(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))?;
        index = index.checked_mul(1000)?.checked_add(group.parse().ok()?)?;
    }
    (numbered(index) == text).then_some(index)
}

/// Full tiles at a level of a tree, and the width of the partial one behind them (0: none).
pub fn tiles_of(level: Level, size: u64) -> (u64, u64) {
    let shift = match level {
        Level::Entries | Level::Hashes(0) => 0,
        Level::Hashes(level) => u32::from(level) * 8,
    };
    let hashes = size.checked_shr(shift).unwrap_or(0);
    (hashes / WIDTH, hashes % WIDTH)
}

/// Levels of hashes that a tree of this size has.
pub fn levels_of(size: u64) -> u8 {
    let mut level = 0;
    let mut hashes = size;
    while hashes > 0 {
        level += 1;
        hashes /= WIDTH;
    }
    level
}

/// The hashes of a tile file; `None` unless it is whole hashes.
pub fn parse_hashes(bytes: &[u8]) -> Option<Vec<Digest>> {
    let whole = bytes.len().is_multiple_of(32) && bytes.len() as u64 <= WIDTH * 32;
    whole.then(|| {
        bytes
            .chunks_exact(32)
            .map(|hash| {
                let mut bytes = [0; 32];
                bytes.copy_from_slice(hash);
                Digest::from_bytes(bytes)
            })
            .collect()
    })
}

/// A tile file of hashes.
pub fn write_hashes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.as_bytes().iter().copied()).collect()
}

/// The entries of a bundle: each a 16-bit big-endian length and its bytes.
pub fn parse_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let [high, low, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if rest.len() < length || entries.len() as u64 == WIDTH {
            return None;
        }
        let (entry, rest) = rest.split_at(length);
        entries.push(entry);
        bytes = rest;
    }
    bytes.is_empty().then_some(entries)
}

/// A bundle of entries, each at most 65,535 bytes.
pub fn write_bundle(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&(entry.len() as u16).to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(level: Level, index: u64, width: u64, expected: &str) {
        assert_eq!(tile_path(level, index, width), expected);
    }

    #[test]
    fn names_tiles() {
        check(Level::Hashes(0), 0, 256, "tile/0/000");
        check(Level::Hashes(1), 1234067, 256, "tile/1/x001/x234/067");
        check(Level::Hashes(0), 273, 112, "tile/0/273.p/112");
        check(Level::Entries, 1000, 1, "tile/entries/x001/000.p/1");
        for index in [0, 7, 999, 1000, 1234067, u64::MAX] {
            assert_eq!(parse_numbered(&numbered(index)), Some(index));
        }
        for bad in ["", "1", "0001", "x001", "x000/001", "001/002", "x001/x002"] {
            assert_eq!(parse_numbered(bad), None, "{bad}");
        }
    }

    #[test]
    fn counts_tiles() {
        // The example of the specification: 70,000 leaves.
        assert_eq!(tiles_of(Level::Hashes(0), 70_000), (273, 112));
        assert_eq!(tiles_of(Level::Hashes(1), 70_000), (1, 17));
        assert_eq!(tiles_of(Level::Hashes(2), 70_000), (0, 1));
        assert_eq!(levels_of(70_000), 3);
        assert_eq!((levels_of(0), levels_of(1), levels_of(255), levels_of(256)), (0, 1, 1, 2));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600), text in ".{0,20}") {
            let _ = parse_bundle(&bytes);
            let _ = parse_hashes(&bytes);
            let _ = parse_numbered(&text);
        }
    }
}
