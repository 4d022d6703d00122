//! Union-find: what is joined by pairs, as the first member of each one's group.

use std::collections::{BTreeMap, BTreeSet};

/// The smallest member of the group of each of `count` items that `pairs` join.
pub(crate) fn unite(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    unite_but(count, pairs, &[])
}

/// The same, but that no group holds both of a pair that is `apart`: a pair that would do so joins
/// nothing.
pub(crate) fn unite_but(
    count: usize,
    pairs: impl Iterator<Item = (usize, usize)>,
    apart: &[(usize, usize)],
) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..count).collect();
    let mut foes = Foes::of(apart.iter().copied());
    for (a, b) in pairs {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        let (first, second) = (a.min(b), a.max(b));
        if first != second && !foes.are(first, second) {
            parent[second] = first;
            foes.join(first, second);
        }
    }
    (0..count).map(|at| root(&mut parent, at)).collect()
}

/// Which groups must not be joined, by their first members.
#[derive(Debug, Default)]
pub(crate) struct Foes(BTreeMap<usize, BTreeSet<usize>>);

impl Foes {
    /// Those of pairs.
    pub(crate) fn of(pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut foes = Foes::default();
        for (a, b) in pairs.filter(|(a, b)| a != b) {
            foes.0.entry(a).or_default().insert(b);
            foes.0.entry(b).or_default().insert(a);
        }
        foes
    }

    /// Whether two groups must stay apart.
    pub(crate) fn are(&self, a: usize, b: usize) -> bool {
        self.0.get(&a).is_some_and(|foes| foes.contains(&b))
    }

    /// Group `b` is part of group `a` now.
    pub(crate) fn join(&mut self, a: usize, b: usize) {
        for foe in self.0.remove(&b).unwrap_or_default() {
            if let Some(back) = self.0.get_mut(&foe) {
                back.remove(&b);
                back.insert(a);
            }
            self.0.entry(a).or_default().insert(foe);
        }
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

#[cfg(test)]
mod tests {
    #[test]
    fn groups_by_their_first() {
        let pairs = [(3, 1), (4, 3), (0, 2)];
        assert_eq!(super::unite(6, pairs.into_iter()), [0, 1, 0, 1, 1, 5]);
    }

    #[test]
    fn what_is_apart_stays_apart_through_others() {
        let pairs = [(0, 1), (2, 3), (1, 2), (3, 4)];
        assert_eq!(super::unite_but(5, pairs.into_iter(), &[(0, 3)]), [0, 0, 2, 2, 2]);
        assert_eq!(super::unite_but(5, pairs.into_iter(), &[(0, 4)]), [0, 0, 0, 0, 4]);
    }
}
