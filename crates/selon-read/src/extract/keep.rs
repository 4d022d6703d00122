//! Keep or drop, block by block, inside the chosen region and at its edges. Whatever is dropped
//! has a reason.

use selon_model::{BlockKind, Dropped, RuleId, Span};

use super::choose::{Region, is_prose};
use super::marks::Marks;
use super::vouch::Vouched;
use super::walk::{RawBlock, Shape, Walked};
use crate::describe::PagePack;
use crate::describe::author::{looks_like_names, strip_opening};
use crate::describe::date::{DateOrder, find_date};

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

/// What the page says about itself that helps to tell its own words from others.
pub(crate) struct Known<'a> {
    /// The block that holds the title.
    pub(crate) title_block: Option<usize>,
    /// The title, folded.
    pub(crate) title: &'a str,
    /// The description, folded.
    pub(crate) description: &'a str,
    /// What the page's data vouches for.
    pub(crate) vouched: &'a Vouched,
}

impl Known<'_> {
    /// Whether the description and a block, folded, hold each other.
    fn describes(&self, folded: &str) -> bool {
        let cut = |text: &str| text.trim_end_matches(['.', '…']).len();
        folded.len() > 30
            && (self.description.contains(&folded[..cut(folded)])
                || (self.description.len() > 40
                    && folded.contains(&self.description[..cut(self.description)])))
    }
}

/// Marks of the containers inside the region.
struct Inside {
    /// For each container, relative to the region's root.
    marks: Vec<Marks>,
    /// Most of the prose stands with pictures: it is no caption.
    pictured: bool,
}

/// Decides on each block of the region.
pub(crate) fn keep(walked: &Walked, region: &Region, known: &Known<'_>, pack: &PagePack) -> Kepts {
    let inside = relative_marks(walked, region);
    let verdicts: Vec<Verdict> = judge(walked, region, known, pack, &inside);
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

/// The blocks of a front page or section, which has a title and links but no text.
pub(crate) fn leave_listing(walked: &Walked, kepts: &mut Kepts) {
    for kept in kepts.kept.extract_if(.., |kept| kept.kind != BlockKind::Title) {
        kepts.dropped.extend(outside(&walked.blocks[kept.block], "core.page.listing"));
    }
    kepts.dropped.sort_by_key(|dropped| dropped.source);
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
enum Verdict {
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
    drop_link_lists(walked, &range, &mut verdicts);
    related_boxes(walked, region, pack, &mut verdicts);
    after_end(walked, &range, known, &mut verdicts);
    marked_tail(walked, &range, inside, &mut verdicts);
    edges(walked, region, known, &mut verdicts);
    lonely_headings(&range, &mut verdicts);
    duplicates(walked, &range, &mut verdicts);
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
            || (number > headlines && is_plain_lead(walked, block, &folded, pack));
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

/// Letters and digits in lower case, one space between words: what two copies of a text share.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            match c {
                c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
                '’' | '‘' | 'ʼ' => out.push('\''),
                '“' | '”' | '„' => out.push('"'),
                '–' | '—' => out.push('-'),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
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
fn edges(walked: &Walked, region: &Region, known: &Known<'_>, verdicts: &mut [Verdict]) {
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
    for (block, verdict) in walked.blocks.iter().zip(verdicts.iter_mut()).take(first).skip(range.start) {
        let Verdict::Keep(kind) = *verdict else { continue };
        if matches!(kind, BlockKind::Title | BlockKind::Caption | BlockKind::Post) {
            continue;
        }
        let below = known.title_block.is_none_or(|title| block.span.start > walked.blocks[title].span.start);
        let text = block.text(walked);
        let words = block.words + block.ideographs / 2;
        let is_deck = known.describes(&fold(text))
            || (below && kind == BlockKind::Heading && words >= 6 && block.sentence_ends > 0)
            || (below && block.marks.has(Marks::DECK) && words >= 6);
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
fn is_worded(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() * 8 < text.len()
}

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '”', '»', '’', '\'', ')', '~', ' ', '\u{a0}']);
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।'])
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
