//! Further articles of one page: endless scroll, a blog's front, two reports in one file. Each has
//! a heading, a day and two paragraphs of its own, and stands beside the article with the title in
//! an element like its own. Entries of a live page stand below the title, sections have no day.

use std::ops::Range;

use super::choose::{Region, is_prose};
use super::marks::Marks;
use super::walk::{Container, Shape, Walked};
use crate::describe::PagePack;
use crate::describe::author::{looks_like_names, strip_opening};
use crate::describe::date::{DateOrder, find_date};

/// An article that is not the page's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Other {
    /// The container that holds it, alone or with others.
    pub(crate) container: usize,
    /// Its heading.
    pub(crate) heading: usize,
    pub(crate) blocks: Range<usize>,
    /// It has a day of its own, and is a report of its own.
    pub(crate) dated: bool,
}

/// The articles of a page.
#[derive(Clone, Debug)]
pub(crate) struct Articles {
    /// The blocks in which the article with the title stands: all between those of the others.
    pub(crate) own: Range<usize>,
    pub(crate) others: Vec<Other>,
}

impl Articles {
    /// One article on the page.
    pub(crate) fn alone(walked: &Walked) -> Articles {
        Articles { own: 0..walked.blocks.len() + 1, others: Vec::new() }
    }
}

/// Further articles of a page at most; what comes after them is left out with the last.
const MOST: usize = 50;
/// Blocks that are looked at for all reports of one page together: each report looks at all of them.
const MOST_BLOCKS: usize = 500_000;
/// Blocks at the beginning of an article among which its heading stands.
const OPENING: usize = 6;
/// Blocks behind the heading among which its day and its authors stand.
const BEHIND: usize = 5;
/// Letters of prose that two paragraphs of an article hold at least.
const LEAST: u32 = 150;

/// The further articles, in document order. Where the region holds some of them, it is cut down to
/// the article with the title; where it is one of them, it becomes that article.
pub(crate) fn find_articles(
    walked: &Walked,
    region: &mut Region,
    title: Option<usize>,
    pack: &PagePack,
) -> Articles {
    let alone = Articles::alone(walked);
    let Some(title) = title else { return alone };
    let Shape::Heading(level) = walked.blocks[title].shape else { return alone };
    let page = Page { walked, pack, level, title, prose: prose_before(walked) };
    let path = page.containers_of_title();
    let mut others = page.like_siblings(&path, region);
    if others.is_empty() {
        others = page.below_headings(region);
    }
    if others.is_empty() {
        return alone;
    }
    let most = MOST_BLOCKS / walked.blocks.len().max(1);
    others.iter_mut().skip(most.max(1)).for_each(|other| other.dated = false);
    let before = others.iter().filter(|other| other.blocks.end <= title).map(|other| other.blocks.end);
    let after = others.iter().filter(|other| other.blocks.start > title).map(|other| other.blocks.start);
    let own = before.max().unwrap_or(0)..after.min().unwrap_or(walked.blocks.len());
    let cut = region.blocks.start.max(own.start)..region.blocks.end.min(own.end);
    if cut.start < cut.end && page.prose(&cut) > 0 {
        region.blocks = cut;
    } else if let Some(container) = path.iter().rev().find(|container| {
        let held = page.range(**container);
        held.start >= own.start && held.end <= own.end && page.prose(&held) > 0
    }) {
        region.container = *container;
        region.blocks = page.range(*container);
    } else {
        return alone;
    }
    Articles { own, others }
}

struct Page<'w> {
    walked: &'w Walked,
    pack: &'w PagePack,
    /// Of the heading that is the title.
    level: u8,
    title: usize,
    /// Paragraphs, and letters of them, before each block and after the last.
    prose: Vec<(u32, u32)>,
}

fn prose_before(walked: &Walked) -> Vec<(u32, u32)> {
    let mut sums = vec![(0, 0)];
    let (mut count, mut weight) = (0, 0);
    for block in &walked.blocks {
        let own = is_prose(block)
            && !block.hidden
            && matches!(block.shape, Shape::Paragraph)
            && !block.marks.has(FOREIGN);
        if own {
            count += 1;
            weight += block.weight();
        }
        sums.push((count, weight));
    }
    sums
}

impl Page<'_> {
    fn range(&self, container: usize) -> Range<usize> {
        let container = &self.walked.containers[container];
        container.first as usize..container.end as usize
    }

    /// The containers around the title, the innermost first.
    fn containers_of_title(&self) -> Vec<usize> {
        let mut at = self.walked.blocks[self.title].container;
        let mut path = Vec::new();
        while let Some(container) = self.walked.containers.get(at as usize) {
            path.push(at as usize);
            at = container.parent;
        }
        path
    }

    /// Letters of prose of a range that are nobody else's, where there are two paragraphs or more.
    fn prose(&self, range: &Range<usize>) -> u32 {
        let (before, after) = (self.prose[range.start], self.prose[range.end]);
        let (count, weight) = (after.0 - before.0, after.1 - before.1);
        if count >= 2 && weight >= LEAST { weight } else { 0 }
    }

    /// The heading with which a range begins, and its level. One that is a link leads to where the
    /// article is.
    fn heading(&self, range: &Range<usize>, linked: bool) -> Option<(usize, u8)> {
        for number in range.clone().take(OPENING) {
            let block = &self.walked.blocks[number];
            match block.shape {
                _ if block.hidden => {}
                Shape::Heading(level) => {
                    let fits = level <= 3 && block.words >= 2 && (linked || block.link_density() <= 0.6);
                    return fits.then_some((number, level));
                }
                _ if is_prose(block) => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether a day stands beside the heading, in an element or in a short line.
    fn is_dated(&self, range: &Range<usize>, heading: usize) -> bool {
        let near = range.start..range.end.min(heading + 1 + BEHIND);
        let from = self.walked.times.partition_point(|(_, at)| (*at as usize) < near.start);
        let timed = self.walked.times.get(from).is_some_and(|(_, at)| near.contains(&(*at as usize)));
        timed || near.clone().any(|number| self.is_dateline(number))
    }

    fn is_dateline(&self, number: usize) -> bool {
        let block = &self.walked.blocks[number];
        let text = block.text(self.walked);
        block.words <= 14
            && !matches!(block.shape, Shape::Heading(_))
            && find_date(text, &self.pack.months, DateOrder::DayMonthYear)
                .is_some_and(|found| found.range.len() * 3 >= text.len())
    }

    fn is_byline(&self, number: usize) -> bool {
        let block = &self.walked.blocks[number];
        block.words <= 14 && strip_opening(block.text(self.walked), self.pack).is_some_and(looks_like_names)
    }

    /// Articles in elements like that of the article with the title, beside it; and elements that
    /// call themselves one, where that with the title does.
    fn like_siblings(&self, path: &[usize], region: &Region) -> Vec<Other> {
        let containers = &self.walked.containers;
        let own: Vec<&Container> = path
            .iter()
            .filter(|container| self.prose(&self.range(**container)) > 0)
            .map(|container| &containers[*container])
            .collect();
        let is_kin = |other: &Container, level: u8, dated: bool| {
            own.iter().any(|own| {
                let sibling = own.parent == other.parent && own.signature == other.signature;
                let article = own.named.has(Marks::ARTICLE) && other.named.has(Marks::ARTICLE);
                let apart = other.first >= own.end || other.end <= own.first;
                apart && (article || (sibling && (level == self.level || (own.classed && dated))))
            })
        };
        let own_day = own.iter().any(|own| {
            let range = own.first as usize..own.end as usize;
            range.len() < self.walked.blocks.len() / 2 && self.is_dated(&range, self.title)
        });
        let mut others: Vec<Other> = Vec::new();
        for (number, container) in containers.iter().enumerate() {
            let range = self.range(number);
            let inside = others.last().is_some_and(|other| range.start < other.blocks.end);
            if inside || range.contains(&self.title) || container.marks.has(FOREIGN) {
                continue;
            }
            if others.len() >= MOST {
                break;
            }
            let Some((heading, level)) = self.heading(&range, true) else { continue };
            if self.prose(&(heading..range.end)) == 0 || !is_kin(container, level, own_day) {
                continue;
            }
            // Without a day it may be a section of the article, where that holds it.
            let dated = self.is_dated(&range, heading);
            let outside = range.start >= region.blocks.end || range.end <= region.blocks.start;
            if dated || (outside && container.named.has(Marks::ARTICLE)) {
                others.push(Other { container: number, heading, blocks: range, dated });
            }
        }
        others
    }

    /// Articles one below the other without an element of their own: a heading of the title's level
    /// with a day behind it, and an author where that level is not the first.
    fn below_headings(&self, region: &Region) -> Vec<Other> {
        let blocks = &self.walked.blocks;
        let begins = |number: &usize| {
            let block = &blocks[*number];
            let behind = number + 1..region.blocks.end.min(number + 1 + 3);
            block.shape == Shape::Heading(self.level)
                && *number != self.title
                && !block.hidden
                && !block.marks.has(FOREIGN)
                && block.words >= 2
                && block.link_density() <= 0.6
                && self.parent(*number) == self.parent(self.title)
                && behind.clone().any(|number| self.is_dateline(number))
                && (self.level == 1 || behind.clone().any(|number| self.is_byline(number)))
        };
        let mut starts: Vec<usize> = region.blocks.clone().filter(begins).take(MOST).collect();
        starts.push(self.title);
        starts.sort_unstable();
        let ends = starts.iter().skip(1).copied().chain(std::iter::once(region.blocks.end));
        let articles = starts.iter().zip(ends).filter(|(start, end)| start < &end);
        let articles: Vec<(usize, Range<usize>)> = articles
            .map(|(start, end)| (*start, *start..end))
            .filter(|(_, range)| self.prose(range) > 0)
            .collect();
        if !articles.iter().any(|(heading, _)| *heading == self.title) {
            return Vec::new();
        }
        let others = articles.into_iter().filter(|(heading, _)| *heading != self.title);
        let other = |(heading, blocks)| Other { container: region.container, heading, blocks, dated: true };
        others.map(other).collect()
    }

    /// The container around the heading's own.
    fn parent(&self, number: usize) -> Option<u32> {
        let own = self.walked.blocks[number].container;
        self.walked.containers.get(own as usize).map(|own| own.parent)
    }
}

/// Marks of what is no article.
const FOREIGN: Marks = Marks::FOREIGN.without(Marks::PAYWALL).without(Marks::INTERFACE);
