//! Roots and proofs of the log's tree (RFC 6962, section 2.1; checking as in RFC 9162).
//!
//! Everything is computed from hashes of perfect subtrees, which is what tiles hold, so a proof
//! needs a handful of small files however long the log is.

use std::ops::Range;

use selon_model::Digest;

use crate::error::Result;
use crate::tile::node_hash;

/// Gives hashes of perfect subtrees: of the `index`-th run of 2^`height` leaves.
pub trait Nodes {
    /// # Errors
    /// When the hash cannot be had.
    fn node(&self, height: u32, index: u64) -> Result<Digest>;
}

/// The root over leaves `from..to`, `from` a multiple of the largest power of two not above the
/// length.
fn range_hash(nodes: &dyn Nodes, from: u64, to: u64) -> Result<Digest> {
    let length = to - from;
    if length == 0 {
        return Ok(Digest::of(b""));
    }
    if length.is_power_of_two() {
        return nodes.node(length.trailing_zeros(), from / length);
    }
    let split = from + split_point(length);
    Ok(node_hash(&range_hash(nodes, from, split)?, &range_hash(nodes, split, to)?))
}

/// The largest power of two smaller than `length`, which is at least 2.
fn split_point(length: u64) -> u64 {
    1 << (63 - (length - 1).leading_zeros())
}

/// The root of a tree.
///
/// # Errors
/// When a hash cannot be had.
pub fn root(nodes: &dyn Nodes, size: u64) -> Result<Digest> {
    range_hash(nodes, 0, size)
}

/// Proof that leaf `index` is in the tree of `size` leaves, the leaf's sibling first
/// (RFC 6962, section 2.1.1). `index` is below `size`.
///
/// # Errors
/// When a hash cannot be had.
pub fn prove_inclusion(nodes: &dyn Nodes, index: u64, size: u64) -> Result<Vec<Digest>> {
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let split = from + split_point(to - from);
        if index < split {
            proof.push(range_hash(nodes, split, to)?);
            to = split;
        } else {
            proof.push(range_hash(nodes, from, split)?);
            from = split;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proof that the tree of `old` leaves is the beginning of the tree of `new` leaves
/// (RFC 6962, section 2.1.2). `0 < old <= new`.
///
/// # Errors
/// When a hash cannot be had.
pub fn prove_consistency(nodes: &dyn Nodes, old: u64, new: u64) -> Result<Vec<Digest>> {
    let (mut from, mut to) = (0, new);
    let mut proof = Vec::new();
    while old != to {
        let split = from + split_point(to - from);
        if old <= split {
            proof.push(range_hash(nodes, split, to)?);
            to = split;
        } else {
            proof.push(range_hash(nodes, from, split)?);
            from = split;
        }
    }
    if from > 0 {
        proof.push(range_hash(nodes, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether the proof shows that a leaf is in the tree (RFC 9162, section 2.1.3.2).
pub fn is_included(index: u64, size: u64, leaf: &Digest, proof: &[Digest], root: &Digest) -> bool {
    is_in_subtree(index, 0..size, leaf, proof, root)
}

/// Whether a range of leaves is a subtree whose hash can stand by itself: its beginning is a
/// multiple of the smallest power of two that its length fits in (draft-ietf-plants-merkle-tree-certs,
/// section 4.1).
pub fn is_subtree(range: &Range<u64>) -> bool {
    let Some(length) = range.end.checked_sub(range.start).filter(|length| *length > 0) else { return false };
    length.checked_next_power_of_two().map_or(range.start == 0, |power| range.start.is_multiple_of(power))
}

/// Whether the proof shows that a leaf is in a subtree (the same draft, section 4.3.2).
pub fn is_in_subtree(index: u64, range: Range<u64>, leaf: &Digest, proof: &[Digest], root: &Digest) -> bool {
    if !is_subtree(&range) || !range.contains(&index) {
        return false;
    }
    let (mut at, mut last, mut hash) = (index - range.start, range.end - range.start - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the proof shows that one tree is the beginning of another (RFC 9162, section 2.1.4.2).
/// A tree without leaves is the beginning of any, but proves nothing: it is refused.
pub fn is_consistent(old: u64, new: u64, old_root: &Digest, new_root: &Digest, proof: &[Digest]) -> bool {
    old > 0 && is_subtree_of(0..old, new, old_root, new_root, proof)
}

/// Whether the proof shows that a subtree is part of a tree (the same draft, section 4.4.3).
pub fn is_subtree_of(
    range: Range<u64>,
    size: u64,
    subtree_root: &Digest,
    root: &Digest,
    proof: &[Digest],
) -> bool {
    // Nothing is part of anything, and has the hash of nothing.
    if range.start == range.end && range.end <= size {
        return proof.is_empty() && *subtree_root == Digest::of(b"");
    }
    if !is_subtree(&range) || range.end > size {
        return false;
    }
    // First and last leaf of the subtree, last of the tree; at the height that is reached.
    let (mut first, mut last, mut end) = (range.start, range.end - 1, size - 1);
    let is_edge = last == end;
    while first != last && (is_edge || last & 1 == 1) {
        (first, last, end) = (first >> 1, last >> 1, end >> 1);
    }
    let (start, rest) = if first == last {
        (subtree_root, proof)
    } else {
        let Some((start, rest)) = proof.split_first() else { return false };
        (start, rest)
    };
    let (mut within, mut whole) = (*start, *start);
    for sibling in rest {
        if end == 0 {
            return false;
        }
        if last & 1 == 1 || last == end {
            if first < last {
                within = node_hash(sibling, &within);
            }
            whole = node_hash(sibling, &whole);
            while last & 1 == 0 && last != 0 {
                (first, last, end) = (first >> 1, last >> 1, end >> 1);
            }
        } else {
            whole = node_hash(&whole, sibling);
        }
        (first, last, end) = (first >> 1, last >> 1, end >> 1);
    }
    end == 0 && within == *subtree_root && whole == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::{leaf_hash, perfect_hash};

    /// A tree held in memory.
    struct Leaves(Vec<Digest>);

    impl Nodes for Leaves {
        fn node(&self, height: u32, index: u64) -> Result<Digest> {
            let from = (index << height) as usize;
            Ok(perfect_hash(&self.0[from..from + (1 << height)]))
        }
    }

    fn leaves(count: u64) -> Leaves {
        Leaves((0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect())
    }

    #[test]
    fn proofs_hold_and_changed_ones_do_not() {
        let tree = leaves(70);
        for size in 1..=70 {
            let top = root(&tree, size).unwrap();
            for index in 0..size {
                let mut proof = prove_inclusion(&tree, index, size).unwrap();
                let leaf = tree.0[index as usize];
                assert!(is_included(index, size, &leaf, &proof, &top), "{index} of {size}");
                assert!(!is_included(index + 1, size, &leaf, &proof, &top));
                assert!(!is_included(index, size, &Digest::of(b"x"), &proof, &top));
                proof.push(top);
                assert!(!is_included(index, size, &leaf, &proof, &top));
            }
            for old in 1..=size {
                let mut proof = prove_consistency(&tree, old, size).unwrap();
                let before = root(&tree, old).unwrap();
                assert!(is_consistent(old, size, &before, &top, &proof), "{old} to {size}");
                if old < size {
                    assert!(!is_consistent(old, size, &top, &top, &proof));
                    proof[0] = Digest::of(b"x");
                    assert!(!is_consistent(old, size, &before, &top, &proof));
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(old: u64, new: u64, count in 0usize..70) {
            let proof = vec![Digest::of(b"x"); count];
            let root = Digest::of(b"r");
            is_included(old, new, &root, &proof, &root);
            is_consistent(old, new, &root, &root, &proof);
        }
    }
}
