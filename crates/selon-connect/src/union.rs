//! Union-find: what is joined by pairs, as the first member of each one's group.

/// The smallest member of the group of each of `count` items that `pairs` join.
pub(crate) fn unite(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..count).collect();
    for (a, b) in pairs {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    (0..count).map(|at| root(&mut parent, at)).collect()
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
}
