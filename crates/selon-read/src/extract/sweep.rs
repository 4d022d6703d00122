//! What blocks are to each other: lists of links, boxes, tails, edges, copies. Each pass changes the
//! verdicts that `keep` gave block by block.

use selon_model::BlockKind;

use super::choose::{Region, is_prose};
use super::keep::{Inside, Known, Verdict, is_standfirst};
use super::marks::Marks;
use super::walk::{RawBlock, Shape, Walked};
use crate::describe::PagePack;
use crate::words::{ends_sentence, fold};

/// All passes, in their order.
pub(super) fn sweep(
    walked: &Walked,
    region: &Region,
    (known, pack, inside): (&Known<'_>, &PagePack, &Inside),
    verdicts: &mut [Verdict],
) {
    let range = &region.blocks;
    drop_link_lists(walked, range, verdicts);
    related_boxes(walked, region, pack, verdicts);
    about_the_author(walked, range, known, verdicts);
    after_end(walked, range, known, verdicts);
    marked_tail(walked, range, inside, verdicts);
    edges(walked, region, known, pack, verdicts);
    lonely_headings(range, verdicts);
    duplicates(walked, range, verdicts);
}

/// Lists whose items are mostly links are somebody's menu.
fn drop_link_lists(walked: &Walked, range: &std::ops::Range<usize>, verdicts: &mut [Verdict]) {
    let mut at = range.start;
    while at < range.end {
        let Shape::Item(list) = walked.blocks[at].shape else {
            at += 1;
            continue;
        };
        let end = (at..range.end)
            .find(|other| walked.blocks[*other].shape != Shape::Item(list))
            .unwrap_or(range.end);
        let blocks = &walked.blocks[at..end];
        let characters: u32 = blocks.iter().map(|block| block.characters).sum();
        let links: u32 = blocks.iter().map(|block| block.link_characters).sum();
        if links * 10 > characters * 6 {
            for verdict in &mut verdicts[at..end] {
                if matches!(verdict, Verdict::Keep(BlockKind::List)) {
                    *verdict = Verdict::Drop("related", "core.page.link_list");
                }
            }
        }
        at = end;
    }
}

/// A container that begins with a label such as "Related stories" is a box of other reports, where
/// it does not hold a good part of the prose.
fn related_boxes(walked: &Walked, region: &Region, pack: &PagePack, verdicts: &mut [Verdict]) {
    let range = region.blocks.clone();
    let prose = |range: std::ops::Range<usize>, verdicts: &[Verdict]| -> u32 {
        let kept = range.filter(|number| matches!(verdicts[*number], Verdict::Keep(_)));
        kept.map(|number| &walked.blocks[number]).filter(|block| is_prose(block)).map(RawBlock::weight).sum()
    };
    let all = prose(range.clone(), verdicts);
    for number in range.clone() {
        let block = &walked.blocks[number];
        if block.words > 8 || block.link_density() > 0.3 || matches!(block.shape, Shape::Post(_)) {
            continue;
        }
        let cue = pack.cue(&fold(block.text(walked)));
        if !cue.is_some_and(|cue| cue.reason == "related" && !cue.link) {
            continue;
        }
        let mut at = block.container as usize;
        let mut end = number + 1;
        while at > region.container {
            let Some(container) = walked.containers.get(at) else { break };
            let inside = container.first as usize..(container.end as usize).min(range.end);
            if inside.start != number || prose(inside.clone(), verdicts) * 10 > all * 3 {
                break;
            }
            end = end.max(inside.end);
            at = container.parent as usize;
        }
        if end == number + 1 {
            continue;
        }
        for verdict in &mut verdicts[number..end] {
            if matches!(verdict, Verdict::Keep(kind) if *kind != BlockKind::Title) {
                *verdict = Verdict::Drop("related", "core.page.related_box");
            }
        }
    }
}

/// Prose under a mark that was not believed for its length is the report's only where more of the
/// report follows it: what closes a page so marked is about its author, its source, its site.
fn marked_tail(walked: &Walked, range: &std::ops::Range<usize>, inside: &Inside, verdicts: &mut [Verdict]) {
    let marks = |number: usize| {
        let container = walked.blocks[number].container as usize;
        inside.marks.get(container).copied().unwrap_or_default().and(Marks::FOREIGN)
    };
    let prose = |number: &usize, verdicts: &[Verdict]| {
        matches!(verdicts[*number], Verdict::Keep(kind) if kind != BlockKind::Caption && kind != BlockKind::Title)
            && is_prose(&walked.blocks[*number])
    };
    let (mut plain, mut marked, mut last) = (0, 0, None);
    for number in range.clone().filter(|number| prose(number, verdicts)) {
        let weight = walked.blocks[number].weight();
        if marks(number).is_empty() {
            plain += weight;
            last = Some(number);
        } else {
            marked += weight;
        }
    }
    let Some(last) = last.filter(|_| marked * 4 < plain * 3) else { return };
    for (number, verdict) in verdicts.iter_mut().enumerate().take(range.end).skip(last + 1) {
        if let (Verdict::Keep(kind), Some(reason)) = (*verdict, marks(number).reason())
            && !matches!(kind, BlockKind::Title | BlockKind::Caption | BlockKind::Post)
        {
            *verdict = Verdict::Drop(reason, "core.page.marked_tail");
        }
    }
}

/// Where a report ends with a block that is an author's name, or a paragraph that opens with it
/// and tells of one whom nothing before names, what follows is about the author.
fn about_the_author(
    walked: &Walked,
    range: &std::ops::Range<usize>,
    known: &Known<'_>,
    verdicts: &mut [Verdict],
) {
    if known.authors.is_empty() {
        return;
    }
    let prose = |number: &usize| matches!(verdicts[*number], Verdict::Keep(kind) if kind != BlockKind::Caption && kind != BlockKind::Title);
    let all: u32 = range.clone().filter(prose).map(|number| walked.blocks[number].weight()).sum();
    let mut below = 0;
    let mut first = None;
    for number in range.clone().rev().filter(prose) {
        let block = &walked.blocks[number];
        below += block.weight();
        if below * 4 > all || known.vouched.has(number) {
            break;
        }
        let folded = fold(block.text(walked));
        let tells = |rest: &str| {
            let rest = rest.trim_start_matches([',', ':']);
            rest.starts_with(' ') && block.words >= 6
        };
        let opens = known.authors.iter().any(|author| {
            folded.strip_prefix(author.as_str()).is_some_and(|rest| rest.is_empty() || tells(rest))
        });
        if opens {
            first = Some((number, folded));
        }
    }
    let Some((first, opening)) = first else { return };
    let named_above = range.clone().take_while(|number| *number < first).filter(prose).any(|number| {
        let folded = fold(walked.blocks[number].text(walked));
        known
            .authors
            .iter()
            .any(|author| opening.starts_with(author.as_str()) && folded.contains(author.as_str()))
    });
    if named_above {
        return;
    }
    for verdict in &mut verdicts[first..range.end] {
        if matches!(verdict, Verdict::Keep(kind) if *kind != BlockKind::Title) {
            *verdict = Verdict::Drop("author_box", "core.page.about_author");
        }
    }
}

/// What stands below the tags, the author's box or the comments, where most of the prose stands
/// above them, is another report, or none.
fn after_end(walked: &Walked, range: &std::ops::Range<usize>, known: &Known<'_>, verdicts: &mut [Verdict]) {
    let prose = |number: usize| match verdicts[number] {
        Verdict::Keep(BlockKind::Caption | BlockKind::Title) => 0,
        Verdict::Keep(_) if is_prose(&walked.blocks[number]) => walked.blocks[number].weight(),
        _ => 0,
    };
    let all: u32 = range.clone().map(prose).sum();
    let mut above = 0;
    let end = range.clone().find(|number| {
        above += prose(*number);
        let ends = match verdicts[*number] {
            Verdict::Drop("comments" | "author_box", _) => true,
            // Tags are links; a line of facts may bear the same name.
            Verdict::Drop("tags", _) => walked.blocks[*number].link_density() > 0.4,
            _ => false,
        };
        ends && above * 10 >= all * 6 && above >= 400
    });
    let Some(end) = end else { return };
    if (end..range.end).any(|number| known.vouched.has(number)) {
        return;
    }
    for verdict in &mut verdicts[end..range.end] {
        if let Verdict::Keep(kind) = verdict
            && *kind != BlockKind::Title
        {
            *verdict = Verdict::Drop("other_article", "core.page.below_end");
        }
    }
}

/// Before the first and after the last prose of the region, scraps are not the report's.
fn edges(walked: &Walked, region: &Region, known: &Known<'_>, pack: &PagePack, verdicts: &mut [Verdict]) {
    let range = &region.blocks;
    // Where the data holds the whole body, nothing follows it.
    let end = range.clone().rev().find(|number| region.closed && known.vouched.has(*number));
    let closed = |number: usize| end.is_some_and(|end| number > end);
    let body = |number: &usize, verdicts: &[Verdict]| {
        let block = &walked.blocks[*number];
        let sentence =
            block.words >= 15 && block.sentence_ends > 0 && !matches!(block.shape, Shape::Heading(_));
        matches!(verdicts[*number], Verdict::Keep(kind) if kind != BlockKind::Title && kind != BlockKind::Caption)
            && (known.vouched.has(*number)
                || (!closed(*number)
                    && (is_prose(block) || sentence || matches!(block.shape, Shape::Post(_)))))
    };
    let Some(first) = range.clone().find(|number| body(number, verdicts)) else { return };
    let mut last = range.clone().rev().find(|number| body(number, verdicts)).unwrap_or(first);
    // Short sentences that stand beside the last prose.
    while !closed(last + 1)
        && last + 1 < range.end
        && matches!(verdicts[last + 1], Verdict::Keep(BlockKind::Paragraph))
        && is_short_sentence(walked, last + 1, last)
    {
        last += 1;
    }
    let tail = last + 1 + list_after(walked, last + 1..range.end, verdicts);
    let before = walked.blocks.iter().zip(verdicts.iter_mut()).enumerate().take(first).skip(range.start);
    for (number, (block, verdict)) in before {
        let Verdict::Keep(kind) = *verdict else { continue };
        if matches!(kind, BlockKind::Title | BlockKind::Caption | BlockKind::Post) {
            continue;
        }
        let below = known.title_block.is_none_or(|title| block.span.start > walked.blocks[title].span.start);
        let text = block.text(walked);
        let words = block.words + block.ideographs / 2;
        let is_deck = known.describes(&fold(text))
            || (below && kind == BlockKind::Heading && words >= 6 && block.sentence_ends > 0)
            || (below && block.marks.has(Marks::DECK) && words >= 6)
            || known.title_block.is_some_and(|title| is_standfirst(walked, title, number, pack));
        let plain = block.in_p
            && kind == BlockKind::Paragraph
            && below
            && beside(walked, block, first)
            && block.link_density() < 0.3
            && (ends_sentence(text) || (block.words >= 6 && block.ideographs == 0 && is_worded(text)));
        *verdict = if is_deck {
            Verdict::Keep(BlockKind::Deck)
        } else if plain {
            Verdict::Keep(kind)
        } else {
            let reason = if matches!(block.shape, Shape::Heading(_)) { "interface" } else { "byline" };
            Verdict::Drop(reason, "core.page.before_first")
        };
    }
    for (number, verdict) in verdicts.iter_mut().enumerate().take(range.end).skip(last + 1) {
        let Verdict::Keep(kind) = *verdict else { continue };
        let keeps = match kind {
            BlockKind::Title | BlockKind::Caption | BlockKind::Post => true,
            _ => number < tail,
        };
        if !keeps {
            *verdict = Verdict::Drop("interface", "core.page.after_last");
        }
    }
}

/// Whether a block stands in a container like that of another, in the same one around.
fn beside(walked: &Walked, block: &RawBlock, other: usize) -> bool {
    let around = |block: &RawBlock| walked.containers.get(block.container as usize).map(|own| own.parent);
    let other = &walked.blocks[other];
    other.in_p && around(other) == around(block)
}

fn is_short_sentence(walked: &Walked, number: usize, last: usize) -> bool {
    let block = &walked.blocks[number];
    block.in_p
        && (block.words >= 3 || block.ideographs > 6)
        && block.link_density() < 0.1
        && beside(walked, block, last)
        && is_worded(block.text(walked))
        && ends_sentence(block.text(walked))
}

/// Words, not data: a line of prices, a date of publication.
pub(super) fn is_worded(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() * 8 < text.len()
}

/// Length of the list or table, with its heading if it has one, that follows the last prose:
/// results, ingredients, a schedule. Not of one that is mostly links.
fn list_after(walked: &Walked, range: std::ops::Range<usize>, verdicts: &[Verdict]) -> usize {
    // On a page of items the last ones stand beside the others, however short they are.
    let before = range.start.checked_sub(1).map(|last| &walked.blocks[last]);
    let around = |block: &RawBlock| walked.containers.get(block.container as usize).map(|own| own.parent);
    let item = |number: usize| {
        let block = &walked.blocks[number];
        matches!(verdicts[number], Verdict::Keep(BlockKind::Paragraph))
            && block.in_p
            && block.words >= 3
            && block.link_density() < 0.7
            && before.is_some_and(|before| before.in_p && around(before) == around(block))
    };
    let items = range.clone().take_while(|number| item(*number)).count();
    if items >= 4 {
        return items;
    }
    let listed = |number: usize| {
        matches!(verdicts[number], Verdict::Keep(BlockKind::List | BlockKind::Table))
            && walked.blocks[number].link_density() < 0.3
    };
    let heading = range.start < range.end
        && matches!(verdicts[range.start], Verdict::Keep(BlockKind::Heading))
        && walked.blocks[range.start].link_density() < 0.3;
    let start = range.start + usize::from(heading);
    let length = (start..range.end).take_while(|number| listed(*number)).count();
    if length > usize::from(heading) { usize::from(heading) + length } else { 0 }
}

/// A heading without kept text below it heads something that was dropped.
fn lonely_headings(range: &std::ops::Range<usize>, verdicts: &mut [Verdict]) {
    let mut text_below = false;
    for number in range.clone().rev() {
        match verdicts[number] {
            Verdict::Keep(BlockKind::Heading) if !text_below => {
                verdicts[number] = Verdict::Drop("related", "core.page.lonely_heading");
            }
            Verdict::Keep(BlockKind::Heading) => text_below = true,
            Verdict::Keep(BlockKind::Caption | BlockKind::Title) => {}
            Verdict::Keep(_) => text_below = true,
            Verdict::Drop(..) | Verdict::Outside => {}
        }
    }
}

/// The same words twice are one block: mobile and desktop copies.
fn duplicates(walked: &Walked, range: &std::ops::Range<usize>, verdicts: &mut [Verdict]) {
    let mut seen = std::collections::HashSet::new();
    for number in range.clone() {
        let block = &walked.blocks[number];
        if !matches!(verdicts[number], Verdict::Keep(BlockKind::Paragraph | BlockKind::Quote))
            || block.weight() < 60
        {
            continue;
        }
        if !seen.insert(block.text(walked)) {
            verdicts[number] = Verdict::Drop("duplicate", "core.page.duplicate");
        }
    }
    // A label that stands three times and more is a caption or a button, not a sentence.
    let label = |number: usize, verdicts: &[Verdict]| {
        let block = &walked.blocks[number];
        matches!(verdicts[number], Verdict::Keep(BlockKind::Paragraph))
            && (4..=10).contains(&block.words)
            && block.sentence_ends == 0
    };
    let mut often: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for number in range.clone().filter(|number| label(*number, verdicts)) {
        *often.entry(walked.blocks[number].text(walked)).or_default() += 1;
    }
    for number in range.clone() {
        let text = walked.blocks[number].text(walked);
        if label(number, verdicts) && often.get(text).is_some_and(|times| *times >= 3) {
            verdicts[number] = Verdict::Drop("duplicate", "core.page.label");
        }
    }
    // One block that holds the beginnings of several others is a copy of the whole.
    let kept = |number: &usize, verdicts: &[Verdict]| {
        matches!(verdicts[*number], Verdict::Keep(BlockKind::Paragraph | BlockKind::List))
    };
    let beginnings: Vec<(usize, &str)> = range
        .clone()
        .filter(|number| kept(number, verdicts) && is_prose(&walked.blocks[*number]))
        .take(60)
        .map(|number| {
            let text = walked.blocks[number].text(walked);
            (number, text.char_indices().nth(50).map_or(text, |(end, _)| &text[..end]))
        })
        .collect();
    for number in range.clone() {
        let block = &walked.blocks[number];
        if block.characters < 400 || !kept(&number, verdicts) {
            continue;
        }
        let text = block.text(walked);
        let held = beginnings.iter().filter(|(other, words)| *other != number && text.contains(words));
        if held.take(3).count() >= 3 {
            verdicts[number] = Verdict::Drop("duplicate", "core.page.copy");
        }
    }
}
