//! An older copy of a log beside the log as it is now: what was taken out, changed, moved, or goes
//! another way. A checkpoint alone shows that something was; the copy shows what.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use selon_model::Digest;

use crate::code::Code;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::tile::WIDTH;

/// Entries named at most, of each kind.
const MOST: usize = 1_000;

/// The entries of an older copy.
pub(crate) struct OlderLog(Vec<Digest>);

impl OlderLog {
    /// Reads a copy; its own checkpoint and tiles have to agree.
    pub(crate) fn read(folder: &Path) -> Result<OlderLog> {
        let ledger = Ledger::open(folder)?;
        let mut entries = Vec::new();
        for number in 0..ledger.size().div_ceil(WIDTH) {
            let width = (ledger.size() - number * WIDTH).min(WIDTH);
            for entry in ledger.read_entries(number, width)? {
                // Ours are 32 bytes; another log's are told apart by their hash.
                let whole: Option<[u8; 32]> = entry.as_slice().try_into().ok();
                entries.push(whole.map_or_else(|| Digest::of(&entry), Digest::from_bytes));
            }
        }
        Ok(OlderLog(entries))
    }

    /// What differs from the log as it is now, with the leaves of the copy.
    pub(crate) fn compare(&self, now: &[Option<Digest>]) -> Vec<(Code, String)> {
        let OlderLog(then) = self;
        let common = then.iter().zip(now).take_while(|(then, now)| Some(**then) == **now).count();
        if common == then.len() {
            return Vec::new();
        }
        let leaf = |index: usize| format!("leaf {index}");
        let places: HashMap<Digest, usize> =
            now.iter().enumerate().filter_map(|(at, entry)| Some(((*entry)?, at))).collect();
        let known: HashSet<Digest> = then.iter().copied().collect();
        let rest = &then[common..];
        let surviving: Vec<(usize, usize)> =
            (common..).zip(rest).filter_map(|(index, entry)| Some((index, *places.get(entry)?))).collect();
        if surviving.is_empty() && rest.len() > 1 && now.len() > common {
            let item = format!("the first {common} entries are the same; from leaf {common} on none is");
            return vec![(Code::Forked, item)];
        }
        let in_order: HashSet<usize> = longest_rising(&surviving);
        let mut found = Vec::new();
        for (index, entry) in (common..).zip(rest) {
            if found.len() >= MOST {
                break;
            }
            match places.get(entry) {
                Some(_) if in_order.contains(&index) => {}
                Some(at) => found.push((Code::EntryMoved, format!("{}, now leaf {at}", leaf(index)))),
                None => {
                    // What follows the nearest earlier entry that is still there: a stranger?
                    let before = then[..index].iter().rev().find_map(|entry| places.get(entry));
                    let next = before.map_or(0, |at| at + 1);
                    let stranger =
                        now.get(next).copied().flatten().is_some_and(|entry| !known.contains(&entry));
                    let last = then[index..].iter().all(|entry| !places.contains_key(entry));
                    let code = match (stranger, last && next >= now.len()) {
                        (_, true) | (false, _) => Code::EntryTakenOut,
                        (true, false) => Code::EntryReplaced,
                    };
                    found.push((code, leaf(index)));
                }
            }
        }
        found
    }
}

/// The leaves of a longest run whose places rise: those that kept their order among each other.
fn longest_rising(pairs: &[(usize, usize)]) -> HashSet<usize> {
    // Patience sorting: the last of each pile, and what stood on the pile before it.
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (number, (_, place)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].1 < *place);
        before.push(pile.checked_sub(1).map(|pile| piles[pile]));
        if pile == piles.len() { piles.push(number) } else { piles[pile] = number }
    }
    let mut run = HashSet::new();
    let mut at = piles.last().copied();
    while let Some(number) = at {
        run.insert(pairs[number].0);
        at = before[number];
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(then: &str, now: &str, expected: &str) {
        let digests = |text: &str| text.bytes().map(|byte| Digest::of(&[byte])).collect::<Vec<_>>();
        let now: Vec<Option<Digest>> = digests(now).into_iter().map(Some).collect();
        let found = OlderLog(digests(then)).compare(&now);
        let found: Vec<String> = found.iter().map(|(code, item)| format!("{code} {item}")).collect();
        assert_eq!(found.join("; "), expected, "{then} {now:?}");
    }

    #[test]
    fn each_way_of_changing_a_log_has_its_name() {
        check("abcde", "abcde", "");
        check("abcde", "abcdefg", "");
        check("abcde", "abde", "entry-taken-out leaf 2");
        check("abcde", "abdef", "entry-taken-out leaf 2");
        check("abcde", "abXdef", "entry-replaced leaf 2");
        check("abcde", "acbdef", "entry-moved leaf 1, now leaf 2");
        check("abcde", "abc", "entry-taken-out leaf 3; entry-taken-out leaf 4");
        check("abcde", "abXYZ", "forked the first 2 entries are the same; from leaf 2 on none is");
        check("abcde", "bcde", "entry-taken-out leaf 0");
        check(
            "abcde",
            "",
            "entry-taken-out leaf 0; entry-taken-out leaf 1; entry-taken-out leaf 2; entry-taken-out leaf 3; entry-taken-out leaf 4",
        );
    }
}
