//! HTML pages: tree, walk, body, description, in this order.

use std::collections::BTreeSet;

use selon_model::{
    BlockKind, ConfidenceOf, DateEvidence, LinkUse, Note, Outlet, PageLink, PageType, Span, Text,
};

use crate::describe::author::{self, Byline};
use crate::describe::block_language::mark_blocks;
use crate::describe::byline::{find_bylines, find_lines};
use crate::describe::date::DateOrder;
use crate::describe::date_witness::Dated;
use crate::describe::head::Head;
use crate::describe::no_article::{Notice, find_notice};
use crate::describe::published::{Around, entry_times, find_dates};
use crate::describe::title::{Title, cut_markers, description, find_title, title_of_address};
use crate::describe::{address, find_canonical, find_outlet, json_ld, language};
use crate::document::Document;
use crate::extract::arena::Arena;
use crate::extract::choose::{Region, choose, is_prose, teasers};
use crate::extract::keep::{Kept, Kepts, Known, is_headline, keep, leave_all, leave_listing, leave_notice};
use crate::extract::live;
use crate::extract::parse::parse;
use crate::extract::script::find_body;
use crate::extract::several::{Articles, find_articles};
use crate::extract::text::{Assembled, assemble};
use crate::extract::vouch::Vouched;
use crate::extract::walk::{Shape, Walked, walk};
use crate::pack::Packs;
use crate::page::Page;
use crate::post::html::{Claims, find_claims};
use crate::words::fold;

/// Links listed at most.
const LINK_LIMIT: usize = 2_000;
/// Fewer letters of prose than this are no article.
const LEAST: u32 = 60;

/// Reads a page: its article, then further articles that stand on it.
pub(crate) fn read_html(html: &str, document: &Document<'_>, packs: &Packs) -> Vec<Page> {
    let mut notes = Vec::new();
    let arena = parse(html, true, &mut notes);
    let mut pages = read_tree(&arena, document, packs);
    if pages[0].page_type == PageType::None && html.contains("<noscript") {
        // Next to nothing to read: what `noscript` holds may be the text.
        let arena = parse(html, false, &mut Vec::new());
        let others = read_tree(&arena, document, packs);
        if others[0].text.string.len() > pages[0].text.string.len() {
            pages = others;
        }
    }
    pages[0].notes.splice(0..0, notes);
    pages
}

/// A page and what is said of it as a whole.
struct Site<'a> {
    arena: &'a Arena<'a>,
    walked: &'a Walked,
    claims: &'a Claims,
    document: &'a Document<'a>,
    packs: &'a Packs,
    canonical: Option<String>,
    address: Option<String>,
    outlet: Option<Outlet>,
}

/// One article of a page, before it is read.
struct Found<'a> {
    /// What is said of it: head and data of the page, or nothing.
    head: &'a Head,
    title: Title,
    region: Option<Region>,
    vouched: Vouched,
    /// The blocks in which it stands, and the further articles beside it.
    articles: Articles,
    /// The page's own article, not a further one.
    first: bool,
}

fn read_tree(arena: &Arena<'_>, document: &Document<'_>, packs: &Packs) -> Vec<Page> {
    let pack = &packs.page;
    let head = Head::of(arena);
    let claims = find_claims(arena, &packs.post);
    let walked = walk(arena, pack, document.source_map, |node| claims.number(node));
    let canonical = find_canonical(&head, document.hints.url.as_deref());
    let address = document.hints.url.clone().or_else(|| canonical.clone());
    let outlet = find_outlet(&head, &document.hints, address.as_deref());
    let title = find_title(&head, &walked, outlet.as_ref().and_then(|outlet| outlet.name.as_deref()), pack);
    let body = head.article().and_then(|article| article.get("articleBody")).and_then(json_ld::words);
    let vouched = Vouched::of(&walked, body.as_deref());
    let mut region = choose(&walked, title.block, &vouched);
    let said = head.data.iter().any(|object| json_ld::has_type(object, |name| name == "LiveBlogPosting"));
    let articles = match &mut region {
        Some(region) if !said => find_articles(&walked, region, title.block, pack),
        _ => Articles::alone(&walked),
    };
    let others = articles.others.clone();
    let site = Site { arena, walked: &walked, claims: &claims, document, packs, canonical, address, outlet };
    let own = region.as_ref().map_or_else(Vec::new, |region| region.own.clone());
    let mut first = read_article(&site, Found { head: &head, title, region, vouched, articles, first: true });
    if others.is_empty() {
        return vec![first];
    }
    first.page_type = PageType::Several;
    let dated = others.iter().filter(|other| other.dated).count();
    let what = format!(
        "further articles on this page: {}, of which reports of their own: {dated}; the rest have no day",
        others.len()
    );
    first.notes.push(Note::new("several_articles", what));
    let nothing = Head { lang: head.lang.clone(), base: head.base.clone(), ..Head::default() };
    let mut pages = vec![first];
    for other in others.into_iter().filter(|other| other.dated) {
        let region = Region {
            container: other.container,
            worth: 1.0,
            page_worth: 1.0,
            closed: false,
            shown: false,
            own: own.clone(),
            blocks: other.blocks.clone(),
        };
        let found = Found {
            head: &nothing,
            title: Title::of_heading(&walked, other.heading, pack),
            region: Some(region),
            vouched: Vouched::default(),
            articles: Articles { own: other.blocks, others: Vec::new() },
            first: false,
        };
        pages.push(read_article(&site, found));
    }
    pages
}

fn read_article(site: &Site<'_>, found: Found<'_>) -> Page {
    let Site { arena, walked, claims, document, packs, .. } = *site;
    let Found { head, title, region, vouched, articles, first } = found;
    let (pack, hints, address) = (&packs.page, &document.hints, site.address.as_deref());
    let outlet_name = site.outlet.as_ref().and_then(|outlet| outlet.name.as_deref());
    let described = description(head);
    let known = Known {
        title_block: title.block,
        title: &title.title.as_deref().map(fold).unwrap_or_default(),
        description: &described.as_deref().map(fold).unwrap_or_default(),
        authors: &author::stated_people(head),
        vouched: &vouched,
        others: &articles.others,
    };
    let mut kepts = match &region {
        Some(region) => keep(walked, region, &known, pack),
        None => leave_all(walked),
    };
    if !first {
        kepts.leave_to_others(walked, &articles.own);
    }
    let prose: u32 = kepts
        .kept
        .iter()
        .filter(|kept| !matches!(kept.kind, BlockKind::Title | BlockKind::Caption))
        .map(|kept| walked.blocks[kept.block].weight())
        .sum();
    let posts = PostsOf::article(walked, &articles, first);
    let post_blocks = kepts.kept.iter().filter(|kept| kept.kind == BlockKind::Post).count();
    let page_type = if first && is_listing(walked, head, address, &kepts, title.block) {
        PageType::Listing
    } else if prose < LEAST && post_blocks == 0 {
        PageType::None
    } else {
        PageType::Article
    };
    let notice =
        if first && page_type != PageType::Listing { find_notice(head, walked, prose, pack) } else { None };
    let page_type = if notice.is_some() { PageType::None } else { page_type };
    if page_type == PageType::Listing {
        leave_listing(walked, &mut kepts);
    }
    if let Some(notice) = notice {
        leave_notice(walked, &mut kepts, notice.told().2);
    }
    let said = head.data.iter().any(|object| json_ld::has_type(object, |name| name == "LiveBlogPosting"));
    let entries = match &region {
        Some(region) if page_type == PageType::Article && articles.others.is_empty() => {
            live::find_entries(walked, region, &kepts, title.block, said)
        }
        _ => Vec::new(),
    };
    keep_times(walked, &entries, &mut kepts);
    let page_type = if entries.is_empty() { page_type } else { PageType::Live };
    let around = around(walked, &kepts, &title, region.as_ref(), articles.own);
    let lines = find_lines(walked, packs, outlet_name, &around, title.title.as_deref().unwrap_or(""));
    lines.iter().for_each(|(block, _)| kepts.leave(walked, *block, "byline", "core.page.byline_line"));
    for number in lines.iter().flat_map(|(block, _)| [block - 1, block + 1]) {
        let timed = walked.times.iter().any(|(_, at)| *at as usize == number);
        let short = walked.blocks.get(number).is_some_and(|block| block.words <= 6);
        if timed && short && title.block != Some(number) {
            kepts.leave(walked, number, "dateline", "core.page.byline_line");
        }
    }
    let below = |number| claims.text_below(number, arena);
    let mut assembled = assemble(walked, &kepts.kept, &entries, |number| claims.words(number), arena, below);
    let script = if first && page_type == PageType::None && notice != Some(Notice::Error) {
        find_body(arena)
    } else {
        None
    };
    if let Some(body) = &script {
        body.write(&mut assembled.text, assembled.runs.as_mut());
    }
    // The body is there after all, behind what the page shows.
    let notice = notice.filter(|_| script.is_none());
    let page_type = if script.is_some() { PageType::Article } else { page_type };
    let mut page = Page::of("text/html", assembled.text.clone());
    page.runs = assembled.runs.take();
    page.page_type = page_type;
    put_posts(&mut page, claims, &assembled, &posts);
    match page_type {
        PageType::None if notice.is_some() => {
            let told = notice.map(Notice::told);
            page.notes.extend(told.map(|(code, what, _)| Note::new(code, what)));
        }
        PageType::None => {
            page.notes.push(Note::new("no_content", "the page holds next to no text of its own"));
        }
        PageType::Listing => {
            page.notes.push(Note::new("listing", "a list of reports: its title and links, no text"));
        }
        _ => {}
    }
    if let Some(body) = &script {
        let what = format!("the markup holds no text: the body was read out of a script ({})", body.rule);
        page.notes.push(Note::new("from_script", what));
    }
    let struck = kepts.leave_struck(walked);
    if struck > 0 {
        let what = format!("{struck} characters are struck out on the page: they are left out of the text");
        page.notes.push(Note::new("struck_out", what));
    }
    if let Some(more) = data_holds_more(head, &page.text) {
        let what = format!("the page's data hold {more} letters more of the body than its markup shows");
        page.notes.push(Note::new("cut", what));
    }
    if walked.cut && first {
        page.notes.push(Note::new("limit", "more text than 4 MB: read up to there"));
    }
    let hint = hints.language.as_deref().or(head.lang.as_deref());
    page.language = language::identify(&own_words(&page.text), hint);
    let others = page.text.blocks.iter_mut().filter(|block| block.kind != BlockKind::Post);
    mark_blocks(&page.text.string, others, page.language.tag.as_ref());
    let order = day_order(&page, head.lang.as_deref(), address);
    let latest = document.capture.as_ref().map(|(_, at)| jiff::tz::Offset::UTC.to_datetime(*at).date());
    let urls = [hints.url.as_deref(), site.canonical.as_deref(), head.meta_content(&["og:url"])];
    let urls: Vec<&str> = urls.into_iter().flatten().filter(|_| first).collect();
    let dated = Dated { arena, head, walked, around: &around, pack, order, urls: &urls };
    let dates = find_dates(&dated, latest);
    page.published = dates.published;
    page.modified = dates.modified;
    page.entries = entry_times(&dated, &entries);
    page.notes.extend(dates.notes);
    if let (None, Some(stated)) = (&page.published, hints.published.as_ref().filter(|_| first)) {
        let mut stated = stated.clone();
        stated.evidence = Some(DateEvidence::Stated);
        page.published = Some(stated);
    }
    let mut bylines = find_bylines(arena, walked, &around, pack);
    bylines.extend(lines.into_iter().map(|(_, names)| Byline { text: names.join(", "), name: false }));
    let signatures: Vec<&str> = kepts
        .kept
        .iter()
        .rev()
        .filter(|kept| kept.kind == BlockKind::Paragraph)
        .take(4)
        .map(|kept| walked.blocks[kept.block].text(walked))
        .collect();
    page.authors = author::find_authors(head, &bylines, &signatures, outlet_name, packs.registry(), pack);
    page.confidence = ConfidenceOf {
        page: match &region {
            _ if script.is_some() => Some(0.5),
            region => region.as_ref().map(|region| confidence(region, prose)),
        },
        title: title.title.as_ref().map(|_| title.confidence),
        authors: (!page.authors.is_empty()).then(|| if page.authors[0].from == "byline" { 0.6 } else { 0.8 }),
        published: page
            .published
            .as_ref()
            .map(|_| if dates.confidence > 0.0 { dates.confidence.min(0.98) } else { 0.7 }),
    };
    page.links = links(arena, walked, &assembled, &kepts, head, address);
    page.deck = deck(&page);
    page.title_span =
        page.text.blocks.iter().find(|block| block.kind == BlockKind::Title).map(|block| block.span);
    page.url = hints.url.clone();
    page.canonical_url = if first { site.canonical.clone() } else { address_of(site, head, &title) };
    put_title(&mut page, title, document, packs);
    let address = page.canonical_url.as_deref().or(page.url.as_deref());
    if let Some(other) = address.and_then(|address| title_of_address(address, &page.titles)) {
        let what = format!("the address holds other words than the title, perhaps an earlier one: {other}");
        page.notes.push(Note::new("address_title", what));
        page.titles.push(other);
    }
    page.outlet = site.outlet.clone();
    page.dropped = kepts.dropped;
    page
}

/// How many letters the body in the page's data is longer than the text, where that is a good part
/// of it: a paywall cut the markup, or a script shows the rest.
fn data_holds_more(head: &Head, text: &Text) -> Option<usize> {
    let body = head.article()?.get("articleBody").and_then(json_ld::words)?;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let (stated, read) = (letters(&body), letters(&text.string));
    (stated > read + read / 2 + 400).then(|| stated - read)
}

/// Where a further article has its own page: where its heading leads.
fn address_of(site: &Site<'_>, head: &Head, title: &Title) -> Option<String> {
    let heading = site.walked.blocks.get(title.block?)?;
    let from = site.walked.links.partition_point(|link| link.span.start < heading.span.start);
    let link = site.walked.links.get(from).filter(|link| heading.span.contains(link.span))?;
    let base = head.base.as_deref().and_then(|base| address::resolve(site.address.as_deref(), base));
    let base = base.or_else(|| site.address.clone());
    let href = address::resolve(base.as_deref(), site.arena.attribute(link.node, "href")?)?;
    let href = address::clean(&href);
    (!address::is_root(&href)).then_some(href)
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

/// A front page, section or list of results: many linked headlines, and the root of a site or no
/// prose at all; or teasers, and next to no prose beside them.
fn is_listing(
    walked: &Walked,
    head: &Head,
    address: Option<&str>,
    kepts: &Kepts,
    title: Option<usize>,
) -> bool {
    let says_article =
        head.article().is_some() || head.meta_content(&["og:type"]).is_some_and(|kind| kind == "article");
    if says_article {
        return false;
    }
    let prose = |own: &dyn Fn(usize) -> bool| -> u32 {
        let kept =
            kepts.kept.iter().filter(|kept| !matches!(kept.kind, BlockKind::Title | BlockKind::Caption));
        kept.filter(|kept| own(kept.block)).map(|kept| walked.blocks[kept.block].weight()).sum()
    };
    let all = prose(&|_| true);
    let headlines = walked.blocks.iter().filter(|block| is_headline(block)).count();
    let root = address.is_some_and(address::is_root);
    if headlines >= 12 && ((root && all < 4_000) || all < LEAST) {
        return true;
    }
    let teasers = teasers(walked, title);
    let in_teaser = |block: usize| {
        let after =
            teasers.partition_point(|container| walked.containers[*container].first as usize <= block);
        let last = after.checked_sub(1).map(|at| &walked.containers[teasers[at]]);
        last.is_some_and(|container| block < container.end as usize)
    };
    teasers.len() >= LEAST_TEASERS && prose(&|block| !in_teaser(block)) < LEAST
}

/// Fewer teasers stand below any report.
const LEAST_TEASERS: usize = 4;

/// Which of the page's posts are an article's, by number.
enum PostsOf {
    /// All, those of scripts too, but not those of further articles.
    AllBut(BTreeSet<u32>),
    Only(BTreeSet<u32>),
}

impl PostsOf {
    fn article(walked: &Walked, articles: &Articles, first: bool) -> PostsOf {
        let posts_in = |range: &std::ops::Range<usize>| {
            let shapes = walked.blocks.iter().take(range.end).skip(range.start).map(|block| block.shape);
            shapes.filter_map(|shape| if let Shape::Post(number) = shape { Some(number) } else { None })
        };
        if first {
            PostsOf::AllBut(articles.others.iter().flat_map(|other| posts_in(&other.blocks)).collect())
        } else {
            PostsOf::Only(posts_in(&articles.own).collect())
        }
    }
}

/// The posts of an article, with the language of each in its block.
fn put_posts(page: &mut Page, claims: &Claims, assembled: &Assembled, own: &PostsOf) {
    let start = |index: usize| assembled.text.blocks.get(index).map(|block| block.span.from());
    let places: Vec<(u32, usize)> =
        assembled.posts.iter().filter_map(|(number, index)| Some((*number, start(*index)?))).collect();
    let mut notes = Vec::new();
    page.posts = match own {
        PostsOf::AllBut(others) => {
            claims.finish(&places, |number| !others.contains(&number), true, &mut notes)
        }
        PostsOf::Only(own) => claims.finish(&places, |number| own.contains(&number), false, &mut notes),
    };
    page.notes.extend(notes);
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

fn around(
    walked: &Walked,
    kepts: &Kepts,
    title: &Title,
    region: Option<&Region>,
    within: std::ops::Range<usize>,
) -> Around {
    let prose = |kept: &&Kept| is_prose(&walked.blocks[kept.block]);
    let first = kepts.kept.iter().find(prose).map(|kept| kept.block);
    let last = kepts.kept.iter().rev().find(prose).map(|kept| kept.block);
    let start = region.map_or(0, |region| region.blocks.start);
    let (first_prose, last_prose) = (first.unwrap_or(start), last.unwrap_or(start));
    Around { title: title.block, first_prose, last_prose, within }
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
