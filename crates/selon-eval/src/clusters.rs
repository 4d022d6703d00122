//! How well clusters fit gold clusters: B-cubed and pairs.
//!
//! B-cubed (Bagga and Baldwin 1998): for each item, the share of its cluster that is of its gold
//! cluster, and the share of its gold cluster that is in its cluster; means, and their F1. Pairs:
//! F1 of pairs that are together.

use std::collections::BTreeMap;
use std::hash::Hash;

use crate::Scores;
use crate::scores::{f1, harmonic, share};

/// How clusters fit gold clusters, 0 to 1.
pub(crate) struct Fit {
    precision: f64,
    recall: f64,
    pair_f1: f64,
}

impl Fit {
    /// B-cubed F1.
    pub(crate) fn b3_f1(&self) -> f64 {
        harmonic(self.precision, self.recall)
    }
}

/// Writes `NAME_b3_precision`, `_recall`, `_f1` and `NAME_pair_f1` of clusters against gold; each
/// item is (its cluster, its gold cluster).
pub(crate) fn write<A: Ord + Copy + Hash, B: Ord + Copy + Hash>(
    out: &mut Scores,
    name: &str,
    items: &[(A, B)],
) {
    let fit = fit(items);
    out.set(&format!("{name}_b3_precision"), fit.precision);
    out.set(&format!("{name}_b3_recall"), fit.recall);
    out.set(&format!("{name}_b3_f1"), fit.b3_f1());
    out.set(&format!("{name}_pair_f1"), fit.pair_f1);
}

/// How clusters fit gold clusters; each item is (its cluster, its gold cluster).
pub(crate) fn fit<A: Ord + Copy + Hash, B: Ord + Copy + Hash>(items: &[(A, B)]) -> Fit {
    let mut ours: BTreeMap<A, usize> = BTreeMap::new();
    let mut gold: BTreeMap<B, usize> = BTreeMap::new();
    let mut both: BTreeMap<(A, B), usize> = BTreeMap::new();
    for (a, b) in items {
        *ours.entry(*a).or_default() += 1;
        *gold.entry(*b).or_default() += 1;
        *both.entry((*a, *b)).or_default() += 1;
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((a, b), shared) in &both {
        precision += *shared as f64 * share(*shared, ours[a]);
        recall += *shared as f64 * share(*shared, gold[b]);
    }
    let n = items.len().max(1) as f64;
    let (precision, recall) = (precision / n, recall / n);
    let pairs =
        |counts: &mut dyn Iterator<Item = &usize>| counts.map(|n| n * n.saturating_sub(1) / 2).sum::<usize>();
    let right = pairs(&mut both.values());
    Fit { precision, recall, pair_f1: f1(right, pairs(&mut ours.values()), pairs(&mut gold.values())) }
}

/// Each gold cluster that is not met exactly: how well its items are kept together and apart, and
/// in how many clusters it stands.
pub(crate) fn purity<A: Ord + Copy, B: Ord + Copy>(items: &[(A, B)]) -> Vec<(B, (f64, String))> {
    let mut ours: BTreeMap<A, usize> = BTreeMap::new();
    let mut gold: BTreeMap<B, BTreeMap<A, usize>> = BTreeMap::new();
    for (a, b) in items {
        *ours.entry(*a).or_default() += 1;
        *gold.entry(*b).or_default().entry(*a).or_default() += 1;
    }
    let mut cases = Vec::new();
    for (b, parts) in gold {
        let size: usize = parts.values().sum();
        let Some((largest, inside)) = parts.iter().max_by_key(|(_, inside)| **inside) else { continue };
        let whole = ours[largest];
        if *inside < size || whole > size {
            let what = format!(
                "{size} texts in {} clusters; the largest part, {inside}, is in a cluster of {whole}",
                parts.len()
            );
            cases.push((b, (f1(*inside, whole, size), what)));
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_cubed_and_pairs() {
        // ours {a b c} {d}, gold {a b} {c d}
        let mut out = Scores::default();
        write(&mut out, "story", &[(1, 1), (1, 1), (1, 2), (2, 2)]);
        // precision (2/3 + 2/3 + 1/3 + 1) / 4 = 2/3; recall (1 + 1 + 1/2 + 1/2) / 4 = 3/4
        assert!((out.figures["story_b3_precision"] - 2.0 / 3.0).abs() < 1e-12);
        assert!((out.figures["story_b3_recall"] - 0.75).abs() < 1e-12);
        assert!((out.figures["story_b3_f1"] - 12.0 / 17.0).abs() < 1e-12);
        // pairs: ours ab ac bc, gold ab cd, right ab
        assert!((out.figures["story_pair_f1"] - 0.4).abs() < 1e-12);
    }
}
