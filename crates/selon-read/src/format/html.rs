//! HTML pages: tree, walk, body, description, in this order.

use selon_model::{BlockKind, ConfidenceOf, DateEvidence, LinkUse, Note, PageLink, PageType, Span, Text};

use crate::describe::author::{self, Byline};
use crate::describe::date::DateOrder;
use crate::describe::date_witness::Dated;
use crate::describe::head::Head;
use crate::describe::published::{Around, entry_times, find_dates};
use crate::describe::title::{Title, cut_markers, description, find_title};
use crate::describe::{PagePack, address, find_canonical, find_outlet, json_ld, language};
use crate::document::Document;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::choose::{Region, choose, is_prose};
use crate::extract::keep::{Kept, Kepts, Known, fold, keep, leave_all, leave_listing};
use crate::extract::live;
use crate::extract::marks::Marks;
use crate::extract::parse::parse;
use crate::extract::text::{Assembled, assemble};
use crate::extract::vouch::Vouched;
use crate::extract::walk::{RawBlock, Walked, walk};
use crate::pack::Packs;
use crate::page::Page;
use crate::post::html::{Claims, find_claims};

/// Links listed at most.
const LINK_LIMIT: usize = 2_000;
/// Fewer letters of prose than this are no article.
const LEAST: u32 = 60;

/// Reads a page: its article.
pub(crate) fn read_html(html: &str, document: &Document<'_>, packs: &Packs) -> Vec<Page> {
    let mut notes = Vec::new();
    let arena = parse(html, true, &mut notes);
    let mut page = read_tree(&arena, document, packs);
    if page.page_type == PageType::None && html.contains("<noscript") {
        // Next to nothing to read: what `noscript` holds may be the text.
        let arena = parse(html, false, &mut Vec::new());
        let other = read_tree(&arena, document, packs);
        if other.text.string.len() > page.text.string.len() {
            page = other;
        }
    }
    page.notes.splice(0..0, notes);
    vec![page]
}

fn read_tree(arena: &Arena<'_>, document: &Document<'_>, packs: &Packs) -> Page {
    let pack = &packs.page;
    let hints = &document.hints;
    let head = Head::of(arena);
    let claims = find_claims(arena, &packs.post);
    let walked = walk(arena, pack, document.source_map, |node| claims.number(node));
    let canonical = find_canonical(&head, hints.url.as_deref());
    let address = hints.url.clone().or_else(|| canonical.clone());
    let outlet = find_outlet(&head, hints, address.as_deref());
    let outlet_name = outlet.as_ref().and_then(|outlet| outlet.name.as_deref());
    let title = find_title(&head, &walked, outlet_name, pack);
    let described = description(&head);
    let body = head.article().and_then(|article| article.get("articleBody")).and_then(json_ld::words);
    let vouched = Vouched::of(&walked, body.as_deref());
    let region = choose(&walked, title.block, &vouched);
    let known = Known {
        title_block: title.block,
        title: &title.title.as_deref().map(fold).unwrap_or_default(),
        description: &described.as_deref().map(fold).unwrap_or_default(),
        authors: &author::stated_people(&head),
        vouched: &vouched,
    };
    let mut kepts = match &region {
        Some(region) => keep(&walked, region, &known, pack),
        None => leave_all(&walked),
    };
    let prose: u32 = kepts
        .kept
        .iter()
        .filter(|kept| !matches!(kept.kind, BlockKind::Title | BlockKind::Caption))
        .map(|kept| walked.blocks[kept.block].weight())
        .sum();
    let posts: usize = kepts.kept.iter().filter(|kept| kept.kind == BlockKind::Post).count();
    let page_type = if is_listing(&walked, &head, address.as_deref(), prose) {
        PageType::Listing
    } else if prose < LEAST && posts == 0 {
        PageType::None
    } else {
        PageType::Article
    };
    if page_type == PageType::Listing {
        leave_listing(&walked, &mut kepts);
    }
    let said = head.data.iter().any(|object| json_ld::has_type(object, |name| name == "LiveBlogPosting"));
    let entries = match &region {
        Some(region) if page_type == PageType::Article => {
            live::find_entries(&walked, region, &kepts, title.block, said)
        }
        _ => Vec::new(),
    };
    keep_times(&walked, &entries, &mut kepts);
    let page_type = if entries.is_empty() { page_type } else { PageType::Live };
    let below = |number| claims.text_below(number, arena);
    let mut assembled = assemble(&walked, &kepts.kept, &entries, |number| claims.words(number), arena, below);
    let mut page = Page::of("text/html", assembled.text.clone());
    page.runs = assembled.runs.take();
    page.page_type = page_type;
    put_posts(&mut page, &claims, &assembled);
    if page_type == PageType::None {
        page.notes.push(Note::new("no_content", "the page holds next to no text of its own"));
    }
    if walked.cut {
        page.notes.push(Note::new("limit", "more text than 4 MB: read up to there"));
    }
    let hint = hints.language.as_deref().or(head.lang.as_deref());
    page.language = language::identify(&own_words(&page.text), hint);
    let order = day_order(&page, head.lang.as_deref(), address.as_deref());
    let around = around(&walked, &kepts, &title, region.as_ref());
    let latest = document.capture.as_ref().map(|(_, at)| jiff::tz::Offset::UTC.to_datetime(*at).date());
    let urls: Vec<&str> = [hints.url.as_deref(), canonical.as_deref(), head.meta_content(&["og:url"])]
        .into_iter()
        .flatten()
        .collect();
    let dated = Dated { arena, head: &head, walked: &walked, around: &around, pack, order, urls: &urls };
    let dates = find_dates(&dated, latest);
    page.published = dates.published;
    page.modified = dates.modified;
    page.entries = entry_times(&dated, &entries);
    page.notes.extend(dates.notes);
    if let (None, Some(stated)) = (&page.published, &hints.published) {
        let mut stated = stated.clone();
        stated.evidence = Some(DateEvidence::Stated);
        page.published = Some(stated);
    }
    let bylines = bylines(arena, &walked, &around, pack);
    let signatures: Vec<&str> = kepts
        .kept
        .iter()
        .rev()
        .filter(|kept| kept.kind == BlockKind::Paragraph)
        .take(4)
        .map(|kept| walked.blocks[kept.block].text(&walked))
        .collect();
    page.authors = author::find_authors(&head, &bylines, &signatures, outlet_name, packs.registry(), pack);
    page.confidence = ConfidenceOf {
        page: region.as_ref().map(|region| confidence(region, prose)),
        title: title.title.as_ref().map(|_| title.confidence),
        authors: (!page.authors.is_empty()).then(|| if page.authors[0].from == "byline" { 0.6 } else { 0.8 }),
        published: page
            .published
            .as_ref()
            .map(|_| if dates.confidence > 0.0 { dates.confidence.min(0.98) } else { 0.7 }),
    };
    page.links = links(arena, &walked, &assembled, &kepts, &head, address.as_deref());
    page.deck = deck(&page);
    page.title_span =
        page.text.blocks.iter().find(|block| block.kind == BlockKind::Title).map(|block| block.span);
    put_title(&mut page, title, document, packs);
    page.url = hints.url.clone();
    page.canonical_url = canonical;
    page.outlet = outlet;
    page.dropped = kepts.dropped;
    page
}

/// The time of each entry of a live page is kept as its dateline.
fn keep_times(walked: &Walked, entries: &[std::ops::Range<usize>], kepts: &mut Kepts) {
    for block in entries.iter().filter_map(|entry| live::time_block(walked, entry)) {
        match kepts.kept.binary_search_by_key(&block, |kept| kept.block) {
            Ok(at) if kepts.kept[at].kind != BlockKind::Heading => kepts.kept[at].kind = BlockKind::Dateline,
            Ok(_) => {}
            Err(at) => {
                kepts.kept.insert(at, Kept { block, kind: BlockKind::Dateline });
                let source = walked.blocks[block].source;
                let source = Some((u64::from(source.0), u64::from(source.1)));
                kepts.dropped.retain(|dropped| dropped.source != source);
            }
        }
    }
}

/// The first words of the report itself: what tells its language. Posts have their own.
fn own_words(text: &Text) -> String {
    let mut words = String::new();
    for block in text.blocks.iter().filter(|block| block.kind != BlockKind::Post) {
        words.push_str(block.span.of(&text.string));
        words.push('\n');
        if words.len() > 8_000 {
            break;
        }
    }
    words
}

/// A front page or section: many linked headlines, and the root of a site or no prose at all.
fn is_listing(walked: &Walked, head: &Head, address: Option<&str>, prose: u32) -> bool {
    let headlines = walked
        .blocks
        .iter()
        .filter(|block| !block.hidden && block.words >= 4 && block.link_density() > 0.8)
        .count();
    let says_article =
        head.article().is_some() || head.meta_content(&["og:type"]).is_some_and(|kind| kind == "article");
    let root = address.is_some_and(address::is_root);
    !says_article && headlines >= 12 && ((root && prose < 4_000) || prose < LEAST)
}

/// The posts, with the language of each in its block.
fn put_posts(page: &mut Page, claims: &Claims, assembled: &Assembled) {
    let start = |index: usize| assembled.text.blocks.get(index).map(|block| block.span.from());
    let places: Vec<(u32, usize)> =
        assembled.posts.iter().filter_map(|(number, index)| Some((*number, start(*index)?))).collect();
    page.posts = claims.finish(&places);
    for post in &page.posts {
        let Some(span) = post.span else { continue };
        let at = page.text.blocks.partition_point(|block| block.span.start < span.start);
        if let Some(block) = page.text.blocks.get_mut(at) {
            block.lang = post.language.clone();
        }
    }
}

/// The title of the page, else the one that the caller states. The span of the title leaves the
/// markers out.
fn put_title(page: &mut Page, title: Title, document: &Document<'_>, packs: &Packs) {
    page.titles = title.all;
    match (title.title, &document.hints.title) {
        (Some(found), _) => {
            if let Some(span) = page.title_span {
                let words = span.of(&page.text.string);
                if let Some(at) = words.find(found.as_str()) {
                    page.title_span = Some(Span::new(span.from() + at, span.from() + at + found.len()));
                }
            }
            page.title = Some(found);
            page.title_from = title.from;
            page.title_markers = title.markers;
        }
        (None, Some(stated)) => {
            let (plain, markers) = cut_markers(stated, &packs.page);
            page.title = Some(plain);
            page.title_from = Some("stated".to_owned());
            page.title_markers = markers;
            page.titles = vec![stated.clone()];
            page.confidence.title = Some(0.7);
        }
        (None, None) => {}
    }
}

fn deck(page: &Page) -> Option<String> {
    let block = page.text.blocks.iter().find(|block| block.kind == BlockKind::Deck)?;
    Some(block.span.of(&page.text.string).to_owned())
}

/// How sure the choice of the body is: its share of the page's prose, and enough of it.
fn confidence(region: &Region, prose: u32) -> f32 {
    let share =
        if region.page_worth > 0.0 { (region.worth / region.page_worth).clamp(0.0, 1.0) } else { 0.0 };
    let enough = (prose as f32 / 800.0).min(1.0);
    (0.35 + 0.45 * share + 0.18 * enough).min(0.98)
}

fn around(walked: &Walked, kepts: &Kepts, title: &Title, region: Option<&Region>) -> Around {
    let prose = |kept: &&Kept| is_prose(&walked.blocks[kept.block]);
    let first = kepts.kept.iter().find(prose).map(|kept| kept.block);
    let last = kepts.kept.iter().rev().find(prose).map(|kept| kept.block);
    let start = region.map_or(0, |region| region.blocks.start);
    Around { title: title.block, first_prose: first.unwrap_or(start), last_prose: last.unwrap_or(start) }
}

/// Texts of short elements that call themselves bylines, those from the title on first; then lines
/// below the title that begin like one.
fn bylines(arena: &Arena<'_>, walked: &Walked, around: &Around, pack: &PagePack) -> Vec<Byline> {
    let near = around.title.unwrap_or(around.first_prose).saturating_sub(4)..around.last_prose + 8;
    let foreign = |block: &RawBlock| {
        block.marks.has(Marks::COMMENTS | Marks::RELATED | Marks::SIDEBAR | Marks::FOOTER | Marks::CAPTION)
    };
    let mut found = Vec::new();
    let title = around.title.unwrap_or(0);
    let from = walked.bylines.partition_point(|(_, at)| (*at as usize) < title);
    let (above, below) = walked.bylines.split_at(from);
    for (node, at) in below.iter().take(60).chain(&above[above.len().saturating_sub(20)..]) {
        let at = *at as usize;
        // Right below the title it is the report's, whatever the page calls the place.
        let below = around.title.is_some_and(|title| (title..=title + 3).contains(&at));
        let outside = !below && walked.blocks.get(at).is_some_and(foreign);
        if !near.contains(&at) || outside || found.len() >= 12 {
            continue;
        }
        if let Some(text) = short(arena, *node) {
            let is = |name: &str| arena.attribute(*node, name) == Some("author");
            found.push(Byline { text, name: is("rel") || is("itemprop") || is("class") });
        }
    }
    if let Some(title) = around.title {
        let below = walked.blocks.iter().skip(title + 1).take(8);
        let lines = below.filter(|block| block.words <= 16 && !block.hidden && !foreign(block));
        let lines = lines
            .map(|block| block.text(walked))
            .filter(|line| author::strip_opening(line, pack).is_some_and(author::looks_like_names));
        found.extend(lines.map(|line| Byline { text: line.to_owned(), name: false }));
    }
    found
}

/// The words of a short element, in lines. Elements are set apart where their letters touch:
/// "By" before a link is parted from it by a margin.
fn short(arena: &Arena<'_>, node: NodeId) -> Option<String> {
    let characters: usize = arena.descendants(node).take(80).map(|below| arena.text(below).len()).sum();
    if !(3..400).contains(&characters) {
        return None;
    }
    let mut words = String::new();
    for below in arena.descendants(node).take(80) {
        if arena.is_text(below) {
            let text = arena.text(below);
            if words.ends_with(char::is_lowercase) && text.starts_with(char::is_uppercase) {
                words.push(' ');
            }
            words.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        } else if matches!(arena.name(below), "br" | "p" | "div" | "li" | "tr") {
            words.push('\n');
        }
    }
    Some(words)
}

/// Links whose words stand in the text, and those of blocks left out as related.
fn links(
    arena: &Arena<'_>,
    walked: &Walked,
    assembled: &Assembled,
    kepts: &Kepts,
    head: &Head,
    address: Option<&str>,
) -> Vec<PageLink> {
    let base = head
        .base
        .as_deref()
        .and_then(|base| address::resolve(address, base))
        .or_else(|| address.map(str::to_owned));
    let mut links = Vec::new();
    for link in &walked.links {
        if links.len() >= LINK_LIMIT {
            break;
        }
        let span = assembled.span_of(link);
        let related = span.is_none() && kepts.is_related(walked, link.span);
        if span.is_none() && !related {
            continue;
        }
        let Some(href) =
            arena.attribute(link.node, "href").and_then(|href| address::resolve(base.as_deref(), href))
        else {
            continue;
        };
        let path = href.split(['?', '#']).next().unwrap_or("").to_ascii_lowercase();
        let media = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4", ".mp3", ".pdf"]
            .iter()
            .any(|end| path.ends_with(end));
        let kind = match media {
            _ if related => LinkUse::Related,
            true => LinkUse::Media,
            false => LinkUse::Source,
        };
        links.push(PageLink { span, href, kind });
    }
    links
}

/// Day or month first in dates in numbers: American pages put the month first.
fn day_order(page: &Page, lang: Option<&str>, address: Option<&str>) -> DateOrder {
    let lang = lang.unwrap_or("").to_ascii_lowercase();
    let english = page.language.tag.as_ref().is_some_and(|tag| tag.as_str() == "en");
    let host = address.and_then(address::host).unwrap_or_default();
    let elsewhere = [".uk", ".au", ".nz", ".ie", ".in", ".za", ".ng", ".ke", ".pk", ".eu"]
        .iter()
        .any(|end| host.ends_with(end));
    if english
        && !elsewhere
        && !matches!(lang.as_str(), "en-gb" | "en-au" | "en-in" | "en-nz" | "en-za" | "en-ie")
    {
        DateOrder::MonthDayYear
    } else {
        DateOrder::DayMonthYear
    }
}
