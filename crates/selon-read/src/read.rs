//! The order in which a document is read: the only place that knows it.

use selon_model::{
    Block, BlockKind, Derivation, Digest, Lang, LanguageOf, NameSkeleton, Note, Report, ReportId, Span, Text,
    When,
};

use crate::day::{head_day, keep_inferred, own_day};
use crate::document::{Document, Hints, Media};
use crate::figure::{FigureContext, find_figures};
use crate::lex::Lexed;
use crate::pack::{Pack, Packs};
use crate::page::Page;
use crate::place::{PlaceContext, find_places};
use crate::statement::{StatementContext, find_statements};
use crate::time::{Entry, TimeContext, add_post_times, fill_local_zones, find_times_by_entry};
use crate::{decode, format};

/// Version of the engine, part of every report's id.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A step of reading. Each needs those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Text, blocks, posts and what is said about the page.
    Layout,
    /// Words and times.
    Times,
    /// Places.
    Places,
    /// Statements, figures and names: everything.
    Claims,
}

/// Reads a document into its reports: one, or several where a page holds several articles.
/// Reading never fails: an empty or unreadable document gives a report with notes.
pub fn read(document: &Document<'_>, packs: &Packs) -> Vec<Report> {
    read_to(document, packs, Step::Claims)
}

/// [`read`] that ends after a step. For whoever measures the steps apart.
pub fn read_to(document: &Document<'_>, packs: &Packs, last: Step) -> Vec<Report> {
    let mut reports = read_layout(document, packs);
    if last > Step::Layout {
        reports.iter_mut().for_each(|report| read_prose_of(report, packs, last));
    }
    reports
}

/// The first half of [`read`]: text, blocks, posts and what is said about the page, without
/// times, places, statements and figures. For whoever measures or shows pages alone.
pub fn read_layout(document: &Document<'_>, packs: &Packs) -> Vec<Report> {
    let payload = document.digest.unwrap_or_else(|| Digest::of(document.payload));
    if let Some(post) = document.post {
        let page = format::exported::page_of(post);
        return vec![report_of(page, document.first_part, document, payload, packs)];
    }
    let is_pdf = match document.media {
        Media::Pdf => true,
        Media::Unknown => format::pdf::is_pdf(document.payload),
        Media::Html | Media::Plain => false,
    };
    if is_pdf {
        return read_pdf(document, payload, packs);
    }
    let saved = match document.media {
        Media::Plain | Media::Pdf => None,
        Media::Html | Media::Unknown => format::saved::page_of_message(document.payload),
    };
    if let Some(saved) = saved {
        let mut inner = document.clone();
        inner.payload = &saved.bytes;
        inner.media = Media::Html;
        inner.charset = saved.charset;
        inner.hints.url = inner.hints.url.or(saved.address);
        inner.digest = Some(payload);
        let mut reports = read_decoded(&inner, payload, packs);
        for report in &mut reports {
            report.notes.insert(0, saved.note.clone());
            if let Some(map) = &mut report.source_map {
                map.coding = Some("mhtml".to_owned());
            }
        }
        return reports;
    }
    read_decoded(document, payload, packs)
}

/// A PDF file: the text taken out of it goes the way of plain text.
fn read_pdf(document: &Document<'_>, payload: Digest, packs: &Packs) -> Vec<Report> {
    let taken = format::pdf::text_of(document.payload);
    let mut inner = document.clone();
    inner.payload = taken.text.as_bytes();
    inner.media = Media::Plain;
    inner.charset = Some("utf-8".to_owned());
    let set = inner.hints.title.is_none();
    inner.hints.title = inner.hints.title.or(taken.title);
    let mut reports = read_decoded(&inner, payload, packs);
    for report in &mut reports {
        report.media_type = "application/pdf".to_owned();
        if set && report.title_from.as_deref() == Some("stated") {
            report.title_from = Some("heading".to_owned());
        }
        report.notes.splice(0..0, taken.notes.iter().cloned());
        if let Some(map) = &mut report.source_map {
            map.coding = Some("pdf".to_owned());
        }
    }
    reports
}

/// The text of a document, content-coding undone: for whoever hands it on to another reader.
pub fn decoded_text(document: &Document<'_>) -> String {
    match document.media {
        Media::Pdf => format::pdf::text_of(document.payload).text,
        _ => decode::decode(document).text,
    }
}

fn read_decoded(document: &Document<'_>, payload: Digest, packs: &Packs) -> Vec<Report> {
    let decoded = decode::decode(document);
    let from = match document.hints.url {
        None if document.media != Media::Plain => format::saved::saved_from(&decoded.text),
        _ => None,
    };
    let stated;
    let is_saved = from.is_some();
    let document = match from {
        Some(address) => {
            stated = Document {
                hints: Hints { url: Some(address), ..document.hints.clone() },
                ..document.clone()
            };
            &stated
        }
        None => document,
    };
    let saved = document.hints.url.clone().filter(|_| is_saved);
    let pages = match document.media {
        Media::Html => format::html::read_html(&decoded.text, document, packs),
        Media::Plain | Media::Pdf => format::plain::read_plain(&decoded.text, document, packs),
        Media::Unknown if looks_like_html(&decoded.text) => {
            format::html::read_html(&decoded.text, document, packs)
        }
        Media::Unknown => format::plain::read_plain(&decoded.text, document, packs),
    };
    let mut reports = Vec::with_capacity(pages.len());
    for (part, mut page) in pages.into_iter().enumerate() {
        page.notes.splice(0..0, decoded.notes.iter().cloned());
        if let Some(saved) = saved.as_deref().filter(|_| part == 0) {
            note_saved(saved, &mut page);
        }
        decoded.to_document_bytes(&mut page);
        let source_map = decoded.source_map(&mut page);
        let mut report = report_of(page, document.first_part + part as u32, document, payload, packs);
        report.source_map = source_map;
        reports.push(report);
    }
    reports
}

/// Tells the address that a saved page names as its own; where the page calls itself another host's,
/// both are told, and neither is taken for the other.
fn note_saved(saved: &str, page: &mut Page) {
    let what = format!("the file says that it was saved from {saved}: this is taken for its address");
    page.notes.push(Note::new("saved_from", what));
    let domain = crate::describe::address::domain;
    if let Some(canonical) = &page.canonical_url
        && domain(canonical) != domain(saved)
    {
        let what = format!("saved from {saved}, but the page calls itself {canonical}");
        page.notes.push(Note::new("address_conflict", what));
    }
}

/// Reads prose that has been taken out of its page already: each line is a paragraph, and
/// offsets are those of `string`. For gold sets, and for rows of text whose language is known.
pub fn read_text(string: &str, lang: &Lang, published: Option<&When>, packs: &Packs) -> Report {
    let mut text = Text { string: string.to_owned(), blocks: Vec::new() };
    let mut start = 0;
    for line in string.split_inclusive('\n') {
        let span = Span::new(start, start + line.len()).trimmed(string);
        if !span.is_empty() {
            text.blocks.push(Block {
                kind: BlockKind::Paragraph,
                span,
                lang: None,
                entry: None,
                source: None,
            });
        }
        start += line.len();
    }
    let mut page = Page::of("text/plain", text);
    page.published = published.cloned();
    page.language = LanguageOf { tag: Some(lang.clone()), confidence: 1.0, from: "hint".to_owned() };
    let document = Document { payload: string.as_bytes(), media: Media::Plain, ..Document::default() };
    let mut report = report_of(page, 0, &document, Digest::of(document.payload), packs);
    read_prose_of(&mut report, packs, Step::Claims);
    report
}

/// Whether the text is markup: a doctype, or a tag that only pages have near its beginning.
fn looks_like_html(text: &str) -> bool {
    let head: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let head = head.trim_start();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with('<')
            && ["<html", "<head", "<body", "<meta", "<title", "<p", "<div", "<article", "<blockquote"]
                .iter()
                .any(|tag| head.contains(tag)))
}

fn report_of(page: Page, part: u32, document: &Document<'_>, payload: Digest, packs: &Packs) -> Report {
    let made_by = Derivation {
        version: ENGINE_VERSION.to_owned(),
        packs: packs.digest(),
        gazetteer: Some(Digest::from_bytes(packs.gazetteer().digest())),
    };
    let id = report_id(document, payload, &made_by, part);
    Report {
        id,
        part,
        input: document.input.clone(),
        payload,
        media_type: page.media_type,
        made_by,
        page_type: page.page_type,
        url: page.url,
        canonical_url: page.canonical_url,
        outlet: page.outlet,
        language: page.language,
        title: page.title,
        title_span: page.title_span,
        title_from: page.title_from,
        titles: page.titles,
        title_markers: page.title_markers,
        deck: page.deck,
        authors: page.authors,
        published: page.published,
        modified: page.modified,
        text: page.text,
        entries: page.entries,
        source_map: None,
        dropped: page.dropped,
        posts: page.posts,
        statements: Vec::new(),
        figures: Vec::new(),
        times: Vec::new(),
        places: Vec::new(),
        mentions: Vec::new(),
        names: Vec::<NameSkeleton>::new(),
        links: page.links,
        confidence: page.confidence,
        notes: page.notes,
    }
}

fn read_prose_of(report: &mut Report, packs: &Packs, last: Step) {
    let Some(pack) = report.language.tag.as_ref().and_then(|tag| packs.pack(tag)) else {
        report.notes.push(Note::new(
            "language_not_read",
            "no pack for the language of this text: blocks and posts only",
        ));
        return;
    };
    let lang = pack.lang.clone();
    read_prose(report, &lang, pack, packs, last);
    if !pack.lacks.is_empty() {
        report.notes.push(Note::new(
            "language_read_in_part",
            format!("the pack for the language of this text has no rules for {} yet", pack.lacks.join(", ")),
        ));
    }
}

/// The entries of a live page that have a time of their own, and where each stands.
fn entries_of(report: &Report) -> Vec<Entry> {
    let blocks = &report.text.blocks;
    let entries = report.entries.iter().enumerate();
    entries
        .filter_map(|(number, when)| {
            let mut own = blocks.iter().filter(|block| block.entry == Some(number as u32));
            let first = own.next()?.span;
            let last = own.next_back().map_or(first, |block| block.span);
            Some(Entry { span: Span { start: first.start, end: last.end }, published: when.clone()? })
        })
        .collect()
}

/// Times, places, statements and figures of the report's own prose.
fn read_prose(report: &mut Report, lang: &Lang, pack: &Pack, packs: &Packs, last: Step) {
    let text: &Text = &report.text;
    let mut lexed = Lexed::of(text, &pack.lex);
    let outlet = report.outlet.as_ref();
    let entries = entries_of(report);
    let times_from = |published: Option<&When>| {
        let context = TimeContext { text, lexed: &lexed, pack, published, posts: &report.posts };
        find_times_by_entry(&context, &entries)
    };
    let mut times = times_from(report.published.as_ref());
    if report.published.is_none() && report.media_type != "text/html" {
        let opens = || head_day(&text.string, &times, &packs.page.published, &pack.stop);
        report.published = own_day(&times, &report.posts).or_else(opens);
        if report.published.is_some() {
            let mut again = times_from(report.published.as_ref());
            keep_inferred(&mut again, &times);
            times = again;
        }
    }
    times = add_post_times(times, text, &report.posts, packs);
    if last == Step::Times {
        report.times = times;
        return;
    }
    let published = report.published.as_ref();
    let places = find_places(&PlaceContext { text, pack, packs, outlet }, &mut report.notes);
    fill_local_zones(&mut times, &lexed, &pack.time, &places, packs.gazetteer());
    crate::preamble::part(&mut lexed, text, &times, &places, &pack.lex);
    if last == Step::Places {
        (report.times, report.places) = (times, places);
        return;
    }
    // A pack with times only has no words to read the rest by: its prose is left alone, and posts
    // are read by the packs of their own languages.
    let only_times = pack.lacks.contains(&"statements") && pack.lacks.contains(&"figures");
    let prose = if only_times { &Lexed::default() } else { &lexed };
    let statements = find_statements(
        &StatementContext {
            text,
            lexed: prose,
            pack,
            packs,
            lang,
            posts: &report.posts,
            places: &places,
            times: &times,
            outlet,
        },
        &mut report.notes,
    );
    let figures = find_figures(
        &FigureContext {
            text,
            lexed: prose,
            pack,
            packs,
            posts: &report.posts,
            times: &times,
            places: &places,
            statements: &statements,
            published,
        },
        &mut report.notes,
    );
    let mut places = places;
    crate::place::mark_speakers(&mut places, &statements);
    report.names = crate::name::find_names(text, &lexed, &packs.letters);
    report.times = times;
    report.places = places;
    report.statements = statements;
    report.figures = figures;
}

/// With a capture: digest of capture id, engine, packs and part. Without: of payload, stated
/// options, engine, packs and part (record.md).
fn report_id(document: &Document<'_>, payload: Digest, made_by: &Derivation, part: u32) -> ReportId {
    let packs = made_by.packs;
    let part = part.to_be_bytes();
    let digest = match &document.capture {
        Some((capture, _)) => {
            Digest::of_parts(&[capture.0.as_bytes(), made_by.version.as_bytes(), packs.as_bytes(), &part])
        }
        None => {
            let hints = &document.hints;
            let published = hints.published.as_ref().and_then(|when| when.edtf.clone()).unwrap_or_default();
            let stated = [&hints.url, &hints.language, &hints.outlet, &hints.title]
                .map(|hint| hint.clone().unwrap_or_default())
                .join("\u{0}");
            let post = document.post.and_then(|exported| exported.post.status_id.clone()).unwrap_or_default();
            let stated = if post.is_empty() { stated } else { format!("{stated}\u{0}{post}") };
            Digest::of_parts(&[
                payload.as_bytes(),
                stated.as_bytes(),
                published.as_bytes(),
                made_by.version.as_bytes(),
                packs.as_bytes(),
                &part,
            ])
        }
    };
    ReportId(digest)
}
