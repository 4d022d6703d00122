//! Keep or drop, block by block, inside the chosen region and above it; `sweep` then looks at what
//! the blocks are to each other. Whatever is dropped has a reason.

use selon_model::{BlockKind, Dropped, RuleId, Span};

use super::choose::{Region, is_prose};
use super::marks::Marks;
use super::several::Other;
use super::sweep::{is_worded, sweep};
use super::vouch::Vouched;
use super::walk::{RawBlock, Shape, Walked};
use crate::describe::PagePack;
use crate::describe::author::{looks_like_names, strip_opening};
use crate::describe::date::{DateOrder, find_date};
use crate::words::{ends_sentence, fold};

/// A block that is kept, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) block: usize,
    pub(crate) kind: BlockKind,
}

/// What keeps and what drops.
#[derive(Debug, Default)]
pub(crate) struct Kepts {
    pub(crate) kept: Vec<Kept>,
    pub(crate) dropped: Vec<Dropped>,
    /// Blocks left out as related, by their numbers.
    pub(crate) related: Vec<usize>,
}

impl Kepts {
    /// Whether words of the walk stand in a block that was left out as related.
    pub(crate) fn is_related(&self, walked: &Walked, words: Span) -> bool {
        let after = self.related.partition_point(|block| walked.blocks[*block].span.start <= words.start);
        let block = after.checked_sub(1).and_then(|at| self.related.get(at));
        block.is_some_and(|block| walked.blocks[*block].span.contains(words))
    }
}

impl Kepts {
    /// Tells the words inside kept blocks that the page strikes out, which are no part of them.
    /// Gives their characters.
    pub(crate) fn leave_struck(&mut self, walked: &Walked) -> u32 {
        let mut all = 0;
        for struck in &walked.struck {
            let kept = self.kept.binary_search_by_key(&(struck.block as usize), |kept| kept.block);
            if kept.is_ok() {
                all += struck.characters;
                self.dropped.push(Dropped {
                    reason: "struck".to_owned(),
                    source: Some((u64::from(struck.source.0), u64::from(struck.source.1))),
                    characters: struck.characters,
                    rule: RuleId::core("core.page.struck"),
                });
            }
        }
        if all > 0 {
            self.dropped.sort_by_key(|dropped| dropped.source);
        }
        all
    }

    /// Leaves out a block that was kept.
    pub(crate) fn leave(&mut self, walked: &Walked, block: usize, reason: &str, rule: &'static str) {
        let Ok(at) = self.kept.binary_search_by_key(&block, |kept| kept.block) else { return };
        self.kept.remove(at);
        let left = dropped(&walked.blocks[block], reason, rule);
        let place = self.dropped.partition_point(|other| other.source < left.source);
        self.dropped.insert(place, left);
    }

    /// Keeps what lies within `own` alone: the rest is told in the page's first report.
    pub(crate) fn leave_to_others(&mut self, walked: &Walked, own: &std::ops::Range<usize>) {
        let source = |number: usize| u64::from(walked.blocks[number].source.0);
        let (from, to) = (source(own.start), source(own.end - 1));
        self.kept.retain(|kept| own.contains(&kept.block));
        self.dropped.retain(|dropped| dropped.source.is_some_and(|(start, _)| (from..=to).contains(&start)));
        self.related.retain(|block| own.contains(block));
    }
}

/// What the page says about itself that helps to tell its own words from others.
pub(crate) struct Known<'a> {
    /// The block that holds the title.
    pub(crate) title_block: Option<usize>,
    /// The title, folded.
    pub(crate) title: &'a str,
    /// The description, folded.
    pub(crate) description: &'a str,
    /// Its authors as the data names them, folded.
    pub(crate) authors: &'a [String],
    /// What the page's data vouches for.
    pub(crate) vouched: &'a Vouched,
    /// Further articles of the page.
    pub(crate) others: &'a [Other],
}

impl Known<'_> {
    /// Whether the description and a block, folded, hold each other.
    pub(super) fn describes(&self, folded: &str) -> bool {
        let cut = |text: &str| text.trim_end_matches(['.', '…']).len();
        folded.len() > 30
            && (self.description.contains(&folded[..cut(folded)])
                || (self.description.len() > 40
                    && folded.contains(&self.description[..cut(self.description)])))
    }
}

/// Marks of the containers inside the region.
pub(super) struct Inside {
    /// For each container, relative to the region's root.
    pub(super) marks: Vec<Marks>,
    /// Most of the prose stands with pictures: it is no caption.
    pictured: bool,
}

/// Decides on each block of the region.
pub(crate) fn keep(walked: &Walked, region: &Region, known: &Known<'_>, pack: &PagePack) -> Kepts {
    let inside = relative_marks(walked, region);
    let mut verdicts: Vec<Verdict> = judge(walked, region, known, pack, &inside);
    for other in known.others {
        for number in other.blocks.clone().filter(|number| walked.blocks[*number].characters > 0) {
            verdicts[number] = Verdict::Drop("other_article", "core.page.several");
        }
    }
    let mut out = Kepts::default();
    for (block, verdict) in verdicts.iter().enumerate() {
        match verdict {
            Verdict::Keep(kind) => out.kept.push(Kept { block, kind: *kind }),
            Verdict::Drop(reason, rule) => {
                out.dropped.push(dropped(&walked.blocks[block], reason, rule));
                if *reason == "related" {
                    out.related.push(block);
                }
            }
            Verdict::Outside => out.dropped.extend(outside(&walked.blocks[block], "core.page.outside")),
        }
    }
    out
}

/// All of a page that has no body.
pub(crate) fn leave_all(walked: &Walked) -> Kepts {
    let dropped = walked.blocks.iter().filter_map(|raw| outside(raw, "core.page.no_body")).collect();
    Kepts { dropped, ..Kepts::default() }
}

/// All that would be kept of a page that only says why it holds no article.
pub(crate) fn leave_notice(walked: &Walked, kepts: &mut Kepts, reason: &str) {
    let kept = std::mem::take(&mut kepts.kept);
    kepts
        .dropped
        .extend(kept.iter().map(|kept| dropped(&walked.blocks[kept.block], reason, "core.page.notice")));
    kepts.dropped.sort_by_key(|dropped| dropped.source);
}

/// The blocks of a front page or section, which has a title and links but no text.
pub(crate) fn leave_listing(walked: &Walked, kepts: &mut Kepts) {
    for kept in kepts.kept.extract_if(.., |kept| kept.kind != BlockKind::Title) {
        kepts.dropped.extend(outside(&walked.blocks[kept.block], "core.page.listing"));
    }
    let linked = walked.blocks.iter().enumerate().filter(|(_, block)| is_headline(block));
    kepts.related = linked.map(|(number, _)| number).collect();
    kepts.dropped.sort_by_key(|dropped| dropped.source);
}

/// A linked headline: it leads to a report.
pub(crate) fn is_headline(block: &RawBlock) -> bool {
    !block.hidden && block.words >= 4 && block.link_density() > 0.8
}

/// A block outside the body, unless it has no words.
fn outside(raw: &RawBlock, rule: &'static str) -> Option<Dropped> {
    let reason = raw.marks.reason().unwrap_or(if raw.hidden {
        "hidden"
    } else if raw.link_density() > 0.5 {
        "navigation"
    } else {
        "interface"
    });
    (raw.characters > 0).then(|| dropped(raw, reason, rule))
}

fn dropped(raw: &RawBlock, reason: &str, rule: &'static str) -> Dropped {
    Dropped {
        reason: reason.to_owned(),
        source: Some((u64::from(raw.source.0), u64::from(raw.source.1))),
        characters: raw.characters,
        rule: RuleId::core(rule),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    Outside,
    Keep(BlockKind),
    Drop(&'static str, &'static str),
}

/// Marks of the containers between the region's root (left out) and each container.
fn relative_marks(walked: &Walked, region: &Region) -> Inside {
    let mut marks = vec![Marks::default(); walked.containers.len()];
    let prose = |first: u32, end: u32| -> u32 {
        walked.blocks[first as usize..end as usize]
            .iter()
            .filter(|block| is_prose(block))
            .map(RawBlock::weight)
            .sum()
    };
    let all = prose(region.blocks.start as u32, region.blocks.end as u32).max(1);
    let common = common_marks(walked, region, all);
    let parts = parts_of_items(walked, region);
    let boxes = fact_boxes(walked, region);
    for (number, container) in walked.containers.iter().enumerate().skip(region.container + 1) {
        if container.first as usize >= region.blocks.end {
            break;
        }
        let above = if container.parent as usize == region.container {
            Marks::default()
        } else {
            marks.get(container.parent as usize).copied().unwrap_or_default()
        };
        let mut own = region.own[number].without(common);
        if parts.contains(&container.signature) {
            own = own.without(Marks::SIDEBAR | Marks::PROMOTION);
        }
        if boxes.contains(&number) {
            own = own.without(Marks::SIDEBAR);
        }
        let telling = Marks::FOREIGN | Marks::CAPTION | Marks::GALLERY | Marks::PULL_QUOTE;
        let unlikely = own.has(telling) && prose(container.first, container.end) * 5 > all * 2;
        marks[number] = above | if unlikely { own.without(telling) } else { own };
    }
    Inside { marks, pictured: !common.is_empty() }
}

/// Boxes that stand many times in the region, each with a heading or a list and next to no link,
/// are a part of each item of it, whatever their class says: their signatures.
fn parts_of_items(walked: &Walked, region: &Region) -> std::collections::BTreeSet<u64> {
    #[derive(Default)]
    struct Family {
        count: usize,
        blocks: usize,
        structured: usize,
        characters: u32,
        links: u32,
    }
    let mut families: std::collections::BTreeMap<u64, Family> = std::collections::BTreeMap::new();
    let mut after = region.blocks.start;
    for (number, container) in walked.containers.iter().enumerate().skip(region.container + 1) {
        let (first, end) = (container.first as usize, container.end as usize);
        if first >= region.blocks.end {
            break;
        }
        let boxed = region.own[number].has(Marks::SIDEBAR | Marks::PROMOTION);
        if first < after || first == end || !boxed || region.own[number].has(Marks::RELATED) {
            continue;
        }
        after = end;
        let blocks = &walked.blocks[first..end];
        let family = families.entry(container.signature).or_default();
        family.count += 1;
        family.blocks += blocks.len();
        family.structured +=
            usize::from(blocks.iter().any(|block| matches!(block.shape, Shape::Heading(_) | Shape::Item(_))));
        family.characters += blocks.iter().map(|block| block.characters).sum::<u32>();
        family.links += blocks.iter().map(|block| block.link_characters).sum::<u32>();
    }
    let is_part = |family: &Family| {
        family.count >= 5
            && family.blocks >= 4 * family.count
            && family.structured * 2 >= family.count
            && family.links * 8 < family.characters
    };
    families.into_iter().filter(|(_, family)| is_part(family)).map(|(signature, _)| signature).collect()
}

/// Rows of a box of facts.
const MOST_FACTS: usize = 20;

/// Elements that set facts apart within the region: an `aside` between paragraphs of it, called
/// nothing else, with a heading and a list or table of dates and numbers below it, and no link.
fn fact_boxes(walked: &Walked, region: &Region) -> std::collections::BTreeSet<usize> {
    let blocks = &walked.blocks;
    let prose: Vec<usize> = region.blocks.clone().filter(|number| is_prose(&blocks[*number])).collect();
    let (Some(first), Some(last)) = (prose.first(), prose.last()) else { return Default::default() };
    let is_box = |container: &super::walk::Container, own: Marks| {
        let range = container.first as usize..container.end as usize;
        let inside = range.start > *first && range.end <= *last;
        let called = own.without(Marks::SIDEBAR).and(Marks::FOREIGN);
        if !container.named.has(Marks::SIDEBAR) || !inside || !called.is_empty() || range.len() < 3 {
            return false;
        }
        let blocks = &blocks[range];
        let rows = blocks.iter().filter(|block| matches!(block.shape, Shape::Item(_) | Shape::Row(_)));
        let rows: Vec<&RawBlock> = rows.take(MOST_FACTS + 1).collect();
        let counts = rows.iter().filter(|row| row.text(walked).contains(char::is_numeric)).count();
        matches!(blocks[0].shape, Shape::Heading(_))
            && (2..=MOST_FACTS).contains(&rows.len())
            && counts * 2 >= rows.len()
            && blocks.iter().all(|block| block.link_characters == 0)
    };
    let inner = walked.containers.iter().enumerate().skip(region.container + 1);
    let inner = inner.take_while(|(_, container)| (container.first as usize) < region.blocks.end);
    inner
        .filter(|(number, container)| is_box(container, region.own[*number]))
        .map(|(number, _)| number)
        .collect()
}

/// Marks of pictures under which most of the region's prose stands, in however many containers:
/// a page of pictures says what it says in their captions.
fn common_marks(walked: &Walked, region: &Region, all: u32) -> Marks {
    let pictures = Marks::CAPTION | Marks::GALLERY;
    let in_figures: u32 = walked.blocks[region.blocks.clone()]
        .iter()
        .filter(|block| is_prose(block) && in_figure(walked, block))
        .map(RawBlock::weight)
        .sum();
    if in_figures * 2 > all {
        return pictures;
    }
    let mut under = 0;
    let mut after = region.blocks.start;
    for (number, container) in walked.containers.iter().enumerate().skip(region.container + 1) {
        if container.first as usize >= region.blocks.end {
            break;
        }
        let (first, end) = (container.first as usize, container.end as usize);
        if first >= after && region.own[number].has(pictures) {
            let blocks = &walked.blocks[first..end];
            under += blocks.iter().filter(|block| is_prose(block)).map(RawBlock::weight).sum::<u32>();
            after = end;
        }
    }
    if under * 2 > all { pictures } else { Marks::default() }
}

fn judge(
    walked: &Walked,
    region: &Region,
    known: &Known<'_>,
    pack: &PagePack,
    inside: &Inside,
) -> Vec<Verdict> {
    let mut verdicts = vec![Verdict::Outside; walked.blocks.len()];
    let range = region.blocks.clone();
    let mostly_hidden = {
        let blocks = &walked.blocks[range.clone()];
        let hidden = blocks.iter().filter(|block| block.hidden && block.words > 6).count();
        hidden * 2 > blocks.iter().filter(|block| block.words > 6).count()
    };
    for number in range.clone() {
        let block = &walked.blocks[number];
        let marks = inside.marks.get(block.container as usize).copied().unwrap_or_default();
        verdicts[number] = if block.hidden && !mostly_hidden && !region.shown {
            Verdict::Drop("hidden", "core.page.hidden")
        } else {
            one(walked, block, number, marks, inside.pictured, known, pack)
        };
    }
    if let Some(title) = known.title_block {
        verdicts[title] = Verdict::Keep(BlockKind::Title);
    }
    lead_above(walked, region, known, pack, &mut verdicts);
    sweep(walked, region, (known, pack, inside), &mut verdicts);
    verdicts
}

/// Blocks between the title and the region: a lead that the description repeats, or that calls
/// itself one, or plain prose right above. It carries who, what and how many.
fn lead_above(
    walked: &Walked,
    region: &Region,
    known: &Known<'_>,
    pack: &PagePack,
    verdicts: &mut [Verdict],
) {
    let Some(title) = known.title_block.filter(|title| *title < region.blocks.start) else { return };
    let never = Marks::COMMENTS | Marks::COOKIE | Marks::CAPTION | Marks::GALLERY;
    let named = Marks::RELATED | Marks::NAVIGATION | Marks::NEWSLETTER | Marks::SHARE | Marks::AUTHOR_BOX;
    // Linked headlines part a lead from what it leads to.
    let linked = |number: &usize| {
        let block = &walked.blocks[*number];
        !block.hidden && block.words >= 4 && block.link_density() > 0.8
    };
    let headlines = (title + 1..region.blocks.start).rev().find(linked).unwrap_or(title);
    for number in (title + 1..region.blocks.start).take(LEAD_BLOCKS) {
        let block = &walked.blocks[number];
        if block.hidden
            || block.words < 6
            || block.link_density() > 0.4
            || block.marks.has(never)
            || in_figure(walked, block)
        {
            continue;
        }
        let folded = fold(block.text(walked));
        if folded == known.title {
            continue;
        }
        let lead = (known.describes(&folded) && block.words >= if block.marks.has(named) { 12 } else { 6 })
            || (!block.marks.has(named) && block.marks.has(Marks::DECK) && block.words >= 8)
            || (number > headlines && is_plain_lead(walked, block, &folded, pack))
            || is_standfirst(walked, title, number, pack);
        if lead {
            verdicts[number] = Verdict::Keep(BlockKind::Deck);
        } else if is_prose(block)
            && !block.marks.has(Marks::FOREIGN)
            && is_worded(&folded)
            && is_branch(walked, region, block)
        {
            verdicts[number] = Verdict::Keep(plain_kind(block));
        }
    }
}

/// Blocks between the title and the region that are looked at.
const LEAD_BLOCKS: usize = 200;

/// Whether a block above the region stands in a container like that of the region, beside it: a
/// body in several parts.
fn is_branch(walked: &Walked, region: &Region, block: &RawBlock) -> bool {
    let path = |from: u32| {
        let mut at = Some(from);
        std::iter::from_fn(move || {
            let here = at?;
            let container = walked.containers.get(here as usize)?;
            at = Some(container.parent).filter(|parent| *parent < here);
            Some((here, container))
        })
    };
    let mut below = None;
    for (number, container) in path(region.container as u32) {
        if container.first as usize <= region.blocks.start && block_in(walked, container, block) {
            let branch = path(block.container).take_while(|(other, _)| *other != number).last();
            let own: Option<&super::walk::Container> = below;
            return own.zip(branch).is_some_and(|(own, (_, other))| own.signature == other.signature);
        }
        below = Some(container);
    }
    false
}

fn block_in(walked: &Walked, container: &super::walk::Container, block: &RawBlock) -> bool {
    let blocks = &walked.blocks[container.first as usize..container.end as usize];
    blocks.first().zip(blocks.last()).is_some_and(|(first, last)| {
        first.span.start <= block.span.start && block.span.start <= last.span.start
    })
}

/// Sentences below the title that nothing speaks against: no mark, no date of publication.
fn is_plain_lead(walked: &Walked, block: &RawBlock, folded: &str, pack: &PagePack) -> bool {
    is_prose(block)
        && (block.words >= 12 || block.ideographs > 24)
        && ends_sentence(block.text(walked))
        && block.link_density() < 0.3
        && !block.marks.has(Marks::FOREIGN)
        && is_worded(folded)
        && !matches!(block.shape, Shape::Item(_) | Shape::Row(_))
        && pack.cue(folded).is_none()
        && pack.inner_cue(folded).is_none()
        && strip_opening(block.text(walked), pack).is_none()
}

/// The sentence right under the title, whatever it is called, or a heading there that is as long as
/// one: it carries who, what and how many. A line of fewer than six words may stand between.
pub(super) fn is_standfirst(walked: &Walked, title: usize, number: usize, pack: &PagePack) -> bool {
    let words = |block: &RawBlock| block.words + block.ideographs / 2;
    let near = number > title && number - title <= STANDFIRST_BLOCKS;
    if !near || walked.blocks[title + 1..number].iter().any(|block| !block.hidden && words(block) >= 6) {
        return false;
    }
    let block = &walked.blocks[number];
    let text = block.text(walked);
    let folded = fold(text);
    let is_heading = matches!(block.shape, Shape::Heading(_));
    !block.hidden
        && words(block) >= if is_heading { 7 } else { 6 }
        && (is_heading || ends_sentence(text))
        && block.link_density() < 0.2
        && !block.marks.has(Marks::FOREIGN | Marks::CAPTION | Marks::GALLERY | Marks::PULL_QUOTE)
        && is_worded(&folded)
        && !matches!(block.shape, Shape::Item(_) | Shape::Row(_) | Shape::Post(_))
        && pack.cue(&folded).is_none()
        && pack.inner_cue(&folded).is_none()
        && strip_opening(text, pack).is_none()
}

/// Blocks between the title and the sentence under it.
const STANDFIRST_BLOCKS: usize = 6;

/// One block by itself.
fn one(
    walked: &Walked,
    block: &RawBlock,
    number: usize,
    marks: Marks,
    pictured: bool,
    known: &Known<'_>,
    pack: &PagePack,
) -> Verdict {
    if let Shape::Post(_) = block.shape {
        let foreign =
            marks.and(Marks::COMMENTS | Marks::RELATED | Marks::SIDEBAR | Marks::FOOTER | Marks::NAVIGATION);
        return match foreign.reason() {
            Some(reason) => Verdict::Drop(reason, "core.page.marked"),
            None => Verdict::Keep(BlockKind::Post),
        };
    }
    let text = block.text(walked);
    let folded = fold(text);
    if known.title_block.is_none_or(|title| title != number)
        && !known.title.is_empty()
        && folded == known.title
    {
        return Verdict::Drop("duplicate", "core.page.title_again");
    }
    let prose = is_prose(block);
    if marks.has(Marks::CAPTION | Marks::GALLERY)
        || (!pictured && !matches!(block.shape, Shape::Row(_)) && in_figure(walked, block))
    {
        return Verdict::Keep(BlockKind::Caption);
    }
    // A line that is one link, or a cue with one, leads to another page, also where the data
    // holds it.
    let leads_away = block.link_density() > 0.8 && block.words < 40 && block.sentence_ends == 0
        || block.link_density() > 0.5 && pack.cue(&folded).is_some();
    if known.vouched.has(number) && block.weight() >= 40 && !leads_away {
        return Verdict::Keep(plain_kind(block));
    }
    // A lead inside the region, whatever it is called: the description repeats it.
    let misnamed = Marks::RELATED | Marks::SIDEBAR | Marks::NAVIGATION | Marks::AD | Marks::PROMOTION;
    if prose
        && block.words >= 12
        && block.link_density() < 0.2
        && marks.has(misnamed)
        && !marks.has(Marks::COMMENTS | Marks::FOOTER | Marks::COOKIE)
        && known.title_block.is_some_and(|title| number > title && number - title <= 12)
        && known.describes(&folded)
    {
        return Verdict::Keep(BlockKind::Deck);
    }
    let strong = Marks::COMMENTS
        | Marks::RELATED
        | Marks::NAVIGATION
        | Marks::NEWSLETTER
        | Marks::COOKIE
        | Marks::FOOTER
        | Marks::PROMOTION
        | Marks::AUTHOR_BOX
        | Marks::AD
        | Marks::SIDEBAR
        | Marks::FORM
        | Marks::SHARE;
    if let Some(reason) = marks.and(strong).reason() {
        return Verdict::Drop(reason, "core.page.marked");
    }
    if let Some(reason) = marks.and(Marks::FOREIGN).reason()
        && (!prose || block.weight() < if marks.has(Marks::PAYWALL) { 80 } else { 200 })
    {
        return Verdict::Drop(reason, "core.page.marked");
    }
    if marks.has(Marks::PULL_QUOTE) {
        return Verdict::Drop("pull_quote", "core.page.marked");
    }
    let links = block.link_density();
    if let Some(cue) = pack.cue(&folded) {
        let fits = if cue.link { links > 0.5 } else { block.words < 30 };
        if cue.reason == "caption" && block.words < 45 {
            return Verdict::Keep(BlockKind::Caption);
        }
        if fits && (!prose || links > 0.2 || block.words < 16) {
            return Verdict::Drop(cue.reason, "core.page.cue");
        }
    }
    if block.words < 60
        && let Some(cue) = pack.inner_cue(&folded)
    {
        match cue.reason {
            "caption" if block.words < 45 => return Verdict::Keep(BlockKind::Caption),
            "caption" => {}
            "copyright" => return Verdict::Drop("copyright", "core.page.cue"),
            "byline" if block.words < 45 => return Verdict::Drop("byline", "core.page.cue"),
            reason if links > 0.02 => return Verdict::Drop(reason, "core.page.cue"),
            _ => {}
        }
    }
    let lone =
        !text.contains(char::is_whitespace) && (text.contains("://") || text.chars().all(|c| c.is_numeric()));
    if lone && matches!(block.shape, Shape::Paragraph) && links == 0.0 {
        return Verdict::Drop("interface", "core.page.data");
    }
    let scrap = block.words <= 14
        && block.sentence_ends == 0
        && !matches!(block.shape, Shape::Heading(_) | Shape::Item(_) | Shape::Row(_));
    if scrap && block.characters < 120 {
        if strip_opening(text, pack).is_some_and(looks_like_names) {
            return Verdict::Drop("byline", "core.page.byline");
        }
        let dated = find_date(text, &pack.months, DateOrder::DayMonthYear);
        if dated.is_some_and(|found| found.range.len() * 3 >= text.len()) {
            return Verdict::Drop("dateline", "core.page.dateline");
        }
    }
    match block.shape {
        Shape::Heading(_) if links > 0.6 => Verdict::Drop("related", "core.page.linked"),
        Shape::Heading(_) | Shape::Item(_) | Shape::Row(_) => Verdict::Keep(plain_kind(block)),
        _ if links > 0.8 && block.words < 40 => Verdict::Drop("related", "core.page.linked"),
        _ if block.words == 0 => Verdict::Drop("interface", "core.page.no_words"),
        _ => Verdict::Keep(plain_kind(block)),
    }
}

/// What a kept block is by its markup.
fn plain_kind(block: &RawBlock) -> BlockKind {
    match block.shape {
        Shape::Heading(_) => BlockKind::Heading,
        Shape::Item(_) => BlockKind::List,
        Shape::Row(_) => BlockKind::Table,
        Shape::Post(_) => BlockKind::Post,
        _ if block.quote => BlockKind::Quote,
        _ => BlockKind::Paragraph,
    }
}

fn in_figure(walked: &Walked, block: &RawBlock) -> bool {
    let mut at = block.container as usize;
    for _ in 0..3 {
        let Some(container) = walked.containers.get(at) else { return false };
        if walked.figures.contains(&(at as u32)) {
            return true;
        }
        at = container.parent as usize;
    }
    false
}
