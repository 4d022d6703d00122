//! Plain text: remnants of pages and the text column of corpora.
//!
//! The text is kept as it is (byte order mark and CR LF aside), so that the map back is the
//! identity. Lines and blank lines make blocks; posts are found first; cues and the shape of a
//! line decide the rest. Nothing is removed: what is no report gets a kind that no reader of
//! statements reads.

use std::borrow::Cow;

use selon_model::{
    Author, Block, BlockKind, DateEvidence, EmbeddedPost, Lang, Note, Outlet, RuleId, RunKind, SourceRun,
    Span, Text, When,
};

use super::line::{Cue, holds_sentence};
use crate::describe::author::{kind_of, split_names};
use crate::describe::block_language::mark_blocks;
use crate::describe::byline_line::without_place;
use crate::describe::language;
use crate::document::Document;
use crate::pack::Packs;
use crate::page::Page;
use crate::post::remnant;
use crate::words::{ends_clause, fold};

/// Bytes of text read; the rest is left out with a note.
const TEXT_LIMIT: usize = 4 * 1024 * 1024;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 300;
/// Characters looked at to tell the language.
const LANGUAGE_SAMPLE: usize = 8_000;

/// Reads plain text. The text is kept as it is (byte order mark and CR LF aside).
pub(crate) fn read_plain(text: &str, document: &Document<'_>, packs: &Packs) -> Vec<Page> {
    let mut notes = Vec::new();
    let string = stored(text, &mut notes).into_owned();
    let runs = document.source_map.then(|| runs(text, &string));
    let hints = &document.hints;
    let rough = language::identify(&string, hints.language.as_deref());
    let month_language = rough.tag.clone();
    let month_language = month_language.as_ref().map(Lang::as_str);
    let posts = remnant::find_posts(&string, &packs.post, month_language, &mut notes);
    let mut lines = lines_between(&string, &posts);
    join_wrapped(&string, &mut lines);

    let mut page = Page::of("text/plain", Text::default());
    describe(&string, &mut lines, document, packs, month_language, &mut page);
    let prose = prose(&string, &lines);
    page.language = match prose.trim() == string.trim() {
        true => rough,
        false => language::identify(&prose, hints.language.as_deref()),
    };
    let mut blocks: Vec<Block> = lines
        .iter()
        .map(|line| block(line.kind, line.span))
        .chain(posts.iter().filter_map(post_block))
        .collect();
    blocks.sort_by_key(|block| block.span);
    for block in &mut blocks {
        block.lang = block.lang.take().filter(|lang| Some(lang) != page.language.tag.as_ref());
    }
    let others = blocks.iter_mut().filter(|block| block.kind != BlockKind::Post);
    mark_blocks(&string, others, page.language.tag.as_ref());
    page.text = Text { string, blocks };
    page.runs = runs;
    page.posts = posts;
    page.notes.extend(notes);
    vec![page]
}

/// The text as it is stored: without byte order mark, with LF for CR LF, at most
/// [`TEXT_LIMIT`] bytes.
fn stored<'t>(text: &'t str, notes: &mut Vec<Note>) -> Cow<'t, str> {
    let mut text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.len() > TEXT_LIMIT {
        let mut cut = TEXT_LIMIT;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        notes.push(Note::new("limit", format!("text of {} bytes read up to byte {cut}", text.len())));
        text = &text[..cut];
    }
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// Where the stored `string` stands in `text`.
fn runs(text: &str, string: &str) -> Vec<SourceRun> {
    let mut runs = Vec::new();
    let mut at = text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len();
    let mut out = 0;
    let mut push = |out: &mut usize, length: usize, from: usize, to: usize, kind| {
        if length > 0 {
            let source = (from as u64, to as u64);
            runs.push(SourceRun { text: Span::new(*out, *out + length), source, kind });
        }
        *out += length;
    };
    while out < string.len() {
        let left = string.len() - out;
        let plain = text[at..].find("\r\n").map_or(left, |length| length.min(left));
        push(&mut out, plain, at, at + plain, RunKind::Verbatim);
        at += plain;
        if out < string.len() {
            push(&mut out, 1, at, at + 2, RunKind::Newline);
            at += 2;
        }
    }
    runs
}

/// A line of the report's own text.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Without white space at either end; never empty.
    span: Span,
    /// A blank line stands before it.
    after_blank: bool,
    kind: BlockKind,
}

/// The lines outside the posts.
fn lines_between(text: &str, posts: &[EmbeddedPost]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut from = 0;
    let gaps = posts.iter().filter_map(|post| post.span).map(|span| (span.from(), span.to()));
    for (start, end) in gaps.chain([(text.len(), text.len())]) {
        let mut at = from;
        let mut blank = false;
        for piece in text[from..start.max(from)].split('\n') {
            let span = Span::new(at, at + piece.len()).trimmed(text);
            at += piece.len() + 1;
            if span.is_empty() {
                blank = true;
                continue;
            }
            lines.push(Line { span, after_blank: blank, kind: BlockKind::Paragraph });
            blank = false;
        }
        from = end;
    }
    lines
}

/// Joins lines that were broken at a width (mails, telex copies): most lines inside the blocks
/// between blank lines are 40 to 100 characters long and end in the middle of a sentence.
fn join_wrapped(text: &str, lines: &mut Vec<Line>) {
    let touches = |a: &Line, b: &Line| !b.after_blank && text[a.span.to()..b.span.from()].trim().is_empty();
    let (mut inner, mut broken) = (0usize, 0usize);
    for pair in lines.windows(2) {
        if touches(&pair[0], &pair[1]) {
            inner += 1;
            let length = pair[0].span.of(text).chars().count();
            broken += usize::from((40..=100).contains(&length) && !ends_clause(pair[0].span.of(text)));
        }
    }
    let blanks = lines.iter().filter(|line| line.after_blank).count();
    if inner < 6 || broken * 10 < inner * 6 || blanks == 0 {
        return;
    }
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines.iter() {
        match joined.last_mut() {
            Some(last)
                if touches(last, line)
                    && text[last.span.to()..line.span.from()].matches('\n').count() == 1 =>
            {
                last.span = last.span.hull(line.span);
            }
            _ => joined.push(*line),
        }
    }
    *lines = joined;
}

fn block(kind: BlockKind, span: Span) -> Block {
    Block { kind, span, lang: None, entry: None, source: None }
}

fn post_block(post: &EmbeddedPost) -> Option<Block> {
    Some(Block { lang: post.language.clone(), ..block(BlockKind::Post, post.span?) })
}

/// Gives each line its kind, and the page its title, authors and dates.
fn describe(
    text: &str,
    lines: &mut [Line],
    document: &Document<'_>,
    packs: &Packs,
    month_language: Option<&str>,
    page: &mut Page,
) {
    mark_related(text, lines, packs);
    mark_boilerplate(text, lines);
    let title = find_title(text, lines, document, packs, page);
    let mut dates = Vec::new();
    for index in around(title, lines) {
        let line = &mut lines[index];
        if line.kind != BlockKind::Paragraph {
            continue;
        }
        let words = line.span.of(text);
        if let Some(authors) = authors_of(words, packs) {
            line.kind = BlockKind::Byline;
            page.authors.extend(authors);
        } else if let Some((cue, when)) = date_of(text, line.span, packs, month_language) {
            line.kind = BlockKind::Dateline;
            dates.push((cue, when));
        }
    }
    mark_headings_and_lists(text, lines);

    let hints = &document.hints;
    page.published = hints.published.clone().map(|mut when| {
        when.evidence = when.evidence.or(Some(DateEvidence::Stated));
        when
    });
    for (cue, when) in dates {
        let slot = if cue == Cue::Modified { &mut page.modified } else { &mut page.published };
        slot.get_or_insert(when);
    }
    page.url = hints.url.clone();
    page.outlet = outlet(document, packs);
    page.confidence.title = page.title.as_ref().map(|_| if title.is_some() { 0.8 } else { 0.9 });
    page.confidence.published = page.published.as_ref().map(|_| 0.9);
    page.confidence.authors = (!page.authors.is_empty()).then_some(0.8);
}

/// Lines near the title or at the end, where bylines and datelines stand.
fn around(title: Option<usize>, lines: &[Line]) -> impl Iterator<Item = usize> + use<> {
    let first = title.map_or(0, |index| index + 1);
    let head = first..(first + 5).min(lines.len());
    let tail = lines.len().saturating_sub(3).max(head.end)..lines.len();
    head.chain(tail)
}

/// Pointers to other reports: a line of its own, and what follows a bare one.
fn mark_related(text: &str, lines: &mut [Line], packs: &Packs) {
    let mut follows = false;
    for line in lines.iter_mut() {
        let words = line.span.of(text);
        let pointer = packs.line.related(words).filter(|_| words.chars().count() <= LONGEST_TITLE);
        if pointer.is_some() || (follows && !ends_clause(words) && words.chars().count() <= LONGEST_TITLE) {
            line.kind = BlockKind::Related;
        }
        follows = pointer.is_some_and(|related| related.alone);
    }
}

/// Menus at the beginning and the end: at least six short lines in a row that hold no sentence.
/// The last one before the text stays, as it may be the title or the byline.
fn mark_boilerplate(text: &str, lines: &mut [Line]) {
    const FEWEST: usize = 6;
    let short = |line: &Line| {
        let words = line.span.of(text);
        !holds_sentence(words) && words.chars().count() <= 40 && !words.contains(['«', '“', '"'])
    };
    let head = lines.iter().take_while(|line| short(line)).count();
    if head == lines.len() {
        return;
    }
    let kept = 3.min(head);
    if head >= FEWEST + kept {
        for line in &mut lines[..head - kept] {
            line.kind = BlockKind::Boilerplate;
        }
    }
    let tail = lines.iter().rev().take_while(|line| short(line)).count();
    if tail >= FEWEST {
        let from = lines.len() - tail;
        for line in &mut lines[from..] {
            line.kind = BlockKind::Boilerplate;
        }
    }
}

/// The title: the line that the caller names, else the first line where it looks like one.
/// Gives the line's index.
fn find_title(
    text: &str,
    lines: &mut [Line],
    document: &Document<'_>,
    packs: &Packs,
    page: &mut Page,
) -> Option<usize> {
    let stated = document.hints.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let index = match stated {
        Some(stated) => {
            let wanted = fold(stated);
            page.titles.push(stated.to_owned());
            let same =
                |line: &Line| line.span.len() <= stated.len() * 3 + 64 && fold(line.span.of(text)) == wanted;
            let index = lines.iter().take(200).position(same);
            if index.is_none() {
                page.title = Some(stated.to_owned());
                page.title_from = Some("stated".to_owned());
            }
            index?
        }
        None => lines.iter().position(|line| line.kind == BlockKind::Paragraph)?,
    };
    let line = lines[index];
    let words = line.span.of(text);
    if stated.is_none() {
        let more = lines[index + 1..].iter().any(|line| line.kind == BlockKind::Paragraph);
        let opens = line.span.from() == 0 || text[..line.span.from()].trim().is_empty() || index > 0;
        if !more || !opens || !looks_like_title(words) {
            return None;
        }
    }
    let (title, markers) = packs.line.part_title(text, line.span);
    lines[index].kind = BlockKind::Title;
    page.title = Some(title.of(text).to_owned());
    page.title_span = Some(title);
    page.title_from = Some("text".to_owned());
    page.title_markers = markers;
    let own = title.of(text).to_owned();
    if !page.titles.contains(&own) {
        page.titles.insert(0, own);
    }
    Some(index)
}

/// A title is short, and no sentence with a full stop; it opens no quotation that goes on.
fn looks_like_title(words: &str) -> bool {
    let characters = words.chars().count();
    let stop = words.trim_end_matches(['"', '”', '»', '’', ')']).ends_with(['.', ',', ';', ':', '。']);
    let ellipsis = words.ends_with("...") || words.ends_with('…');
    (2..=LONGEST_TITLE).contains(&characters)
        && (!stop || ellipsis)
        && words.chars().any(char::is_alphabetic)
        && !words.starts_with(['-', '—', '–', '•', '*'])
}

/// Authors named by a line that begins with "By" and is nothing but names.
fn authors_of(line: &str, packs: &Packs) -> Option<Vec<Author>> {
    let (cue, at) = packs.line.cue(line)?;
    let names = line[at..].trim();
    if cue != Cue::By || names.is_empty() || names.chars().count() > 100 || holds_words(names) {
        return None;
    }
    let rule = RuleId::core("core.plain.byline");
    let authors: Vec<Author> = split_names(names, &packs.page)
        .into_iter()
        .map(|name| {
            let name = without_place(&name, packs.registry()).map_or_else(|| name.clone(), str::to_owned);
            let kind = kind_of(&name, None, packs.registry(), &packs.page);
            Author { name, kind, from: "byline".to_owned(), rule: rule.clone() }
        })
        .collect();
    (!authors.is_empty()).then_some(authors)
}

/// Whether a would-be list of names holds more than names: a sentence's end, a digit, a link, or
/// many words that begin small.
fn holds_words(names: &str) -> bool {
    let words = names.split_whitespace().count();
    let small =
        names.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_lowercase)).count();
    let sentence = names.len() > 3 && names.ends_with(['.', '!', '?', '…']);
    sentence
        || names.contains(|c: char| c.is_ascii_digit() || "@/:«»“”\"".contains(c))
        || words > 12
        || small > 3
}

/// A line that is nothing but a day, with or without a word that announces it.
fn date_of(text: &str, line: Span, packs: &Packs, language: Option<&str>) -> Option<(Cue, When)> {
    let words = line.of(text);
    if words.chars().count() > 100 {
        return None;
    }
    let (cue, mut at) =
        packs.line.cue(words).filter(|(cue, _)| *cue != Cue::By).unwrap_or((Cue::Published, 0));
    // "lundi 12 décembre 2016": a weekday, or a small word, may stand before the day.
    let mut shown = packs.post.months.read(&words[at..], language);
    for _ in 0..2 {
        if shown.is_some() {
            break;
        }
        let word = words[at..].find(char::is_whitespace)?;
        at += word + words[at + word..].chars().next().map_or(1, char::len_utf8);
        shown = packs.post.months.read(&words[at..], language);
    }
    let shown = shown?;
    // Behind the day only a time of day, or the day of a change, may stand.
    let rest = &words[at + shown.length..];
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    if letters > 30 || (letters > 8 && !rest.contains(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let mut when = When::day(shown.date, RuleId::core("core.plain.dateline"));
    when.evidence = Some(DateEvidence::Text);
    when.span = Some(Span::new(line.from() + at, line.from() + at + shown.length));
    Some((cue, when))
}

/// Short lines without an end between long ones are headings; lines that begin with a bullet are
/// items of a list.
fn mark_headings_and_lists(text: &str, lines: &mut [Line]) {
    for index in 0..lines.len() {
        if lines[index].kind != BlockKind::Paragraph {
            continue;
        }
        let words = lines[index].span.of(text);
        if words.starts_with(['•', '▪', '◦']) || words.starts_with("* ") {
            lines[index].kind = BlockKind::List;
            continue;
        }
        let long =
            |line: &Line| line.kind == BlockKind::Paragraph && line.span.of(text).chars().count() > 120;
        let between = index > 0 && lines.get(index + 1).is_some_and(long);
        let quotation = words.starts_with(['«', '“', '"', '„', '—', '–', '-']);
        if between && words.chars().count() <= 80 && !ends_clause(words) && !quotation {
            lines[index].kind = BlockKind::Heading;
        }
    }
}

/// Text of the blocks that are the report's own, for telling its language.
fn prose(text: &str, lines: &[Line]) -> String {
    let mut sample = String::new();
    for line in lines.iter().filter(|line| line.kind.is_prose()) {
        let room = LANGUAGE_SAMPLE.saturating_sub(sample.len());
        if room == 0 {
            break;
        }
        sample.extend(line.span.of(text).chars().take(room));
        sample.push('\n');
    }
    if sample.trim().is_empty() { text.chars().take(LANGUAGE_SAMPLE).collect() } else { sample }
}

/// The outlet as stated, with the domain of a stated address; its name from the registry where
/// only the address is known.
fn outlet(document: &Document<'_>, packs: &Packs) -> Option<Outlet> {
    let stated = document.hints.outlet.clone();
    let domain = document.hints.url.as_deref().and_then(host_of);
    let known = domain.as_deref().and_then(|domain| {
        packs.registry().agencies.iter().find(|agency| agency.domains.iter().any(|own| own == domain))
    });
    let (from, rule) = match &stated {
        Some(_) => ("stated", "core.outlet.stated"),
        None => ("url", "core.outlet.url"),
    };
    let name = stated.or_else(|| known.and_then(|agency| agency.names.first().cloned()));
    (name.is_some() || domain.is_some()).then(|| Outlet {
        name,
        domain,
        from: from.to_owned(),
        rule: RuleId::core(rule),
    })
}

/// Host of an address, in lower case, without "www.".
fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.split(':').next()?;
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.is_empty()).then(|| host.to_owned())
}
