//! The entries of a live page: like siblings, each with its own time and its own prose.

use std::collections::BTreeMap;
use std::ops::Range;

use super::choose::{Region, is_prose};
use super::keep::Kepts;
use super::marks::Marks;
use super::walk::{Container, RawBlock, Shape, Walked};

/// Fewer entries make no live page, unless the page's data says that it is one.
const LEAST: usize = 4;
const LEAST_SAID: usize = 2;

/// The blocks of each entry, in document order; none where the page is no live page.
pub(crate) fn find_entries(
    walked: &Walked,
    region: &Region,
    kepts: &Kepts,
    title: Option<usize>,
    said: bool,
) -> Vec<Range<usize>> {
    let kept: Vec<usize> = kepts.kept.iter().map(|kept| kept.block).collect();
    let prose_in = |range: &Range<usize>| -> u32 {
        let from = kept.partition_point(|block| *block < range.start);
        let to = kept.partition_point(|block| *block < range.end);
        let blocks = kept[from..to].iter().map(|block| &walked.blocks[*block]);
        blocks.filter(|block| is_prose(block)).map(RawBlock::weight).sum()
    };
    let all = prose_in(&region.blocks);
    let mut families: BTreeMap<(u32, u64), Vec<Range<usize>>> = BTreeMap::new();
    for container in walked.containers.iter().skip(region.container + 1) {
        let range = container.first as usize..container.end as usize;
        if range.start >= region.blocks.end {
            break;
        }
        if is_entry(walked, container, &range, title) && prose_in(&range) >= 40 {
            families.entry((container.parent, container.signature)).or_default().push(range);
        }
    }
    let least = if said { LEAST_SAID } else { LEAST };
    let prose_of = |family: &Vec<Range<usize>>| family.iter().map(&prose_in).sum::<u32>();
    families
        .into_values()
        .filter(|family| family.len() >= least && prose_of(family) * 2 > all)
        .max_by_key(|family| (prose_of(family), family.len()))
        .unwrap_or_default()
}

/// Whether a container has a time of its own, near its beginning or its end, and no link to a
/// page of its own above it.
fn is_entry(walked: &Walked, container: &Container, range: &Range<usize>, title: Option<usize>) -> bool {
    if range.is_empty() || title.is_some_and(|title| range.contains(&title)) {
        return false;
    }
    if container.marks.has(Marks::COMMENTS | Marks::RELATED | Marks::SIDEBAR | Marks::FOOTER) {
        return false;
    }
    let timed = walked.times.iter().any(|(_, at)| range.contains(&(*at as usize)));
    let headline = walked.blocks[range.clone()]
        .iter()
        .take(4)
        .any(|block| matches!(block.shape, Shape::Heading(_)) && block.link_density() > 0.6);
    timed && !headline
}

/// The block with an entry's own time: the first that a time stands in or before.
pub(crate) fn time_block(walked: &Walked, entry: &Range<usize>) -> Option<usize> {
    let at = walked.times.iter().map(|(_, at)| *at as usize).find(|at| entry.contains(at))?;
    let block = &walked.blocks[at];
    (block.words <= 14 && block.words > 0).then_some(at)
}
