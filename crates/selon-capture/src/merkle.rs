//! Roots and proofs of the log's tree (RFC 6962, section 2.1; checking as in RFC 9162).
//!
//! Everything is computed from hashes of perfect subtrees, which is what tiles hold, so a proof
//! needs a handful of small files however long the log is.

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
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
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
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (first, rest)
    };
    if rest.is_empty() {
        return false;
    }
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
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
