//! The body of a page whose markup holds none: the article's body in its JSON-LD, else the prose
//! among the strings of a script's state. Markup inside the strings is undone; every character
//! leads back to the bytes of its string. Where the markup holds a text, this is never asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use selon_model::{Block, BlockKind, RunKind, SourceRun, Span, Text};

use super::arena::Arena;
use super::trace;
use crate::describe::json_ld::character;

/// Letters that a body has at least.
const LEAST: usize = 200;
/// Letters of a string that is a paragraph of its own.
const LEAST_OF_STRING: usize = 40;
/// Words of such a string; ideographs count for half a word.
const LEAST_WORDS: usize = 7;
/// Bytes of scripts that are looked through.
const LIMIT: usize = 4 << 20;
/// Paragraphs that are kept.
const MOST: usize = 5_000;
/// Keys whose strings speak of the page, of other reports, of pictures or of readers.
const OTHER_KEYS: &[&str] = &[
    "alt",
    "answer",
    "bio",
    "caption",
    "comment",
    "copyright",
    "description",
    "disclaimer",
    "excerpt",
    "label",
    "message",
    "subtitle",
    "summary",
    "teaser",
    "tooltip",
];

/// A body and where it was found.
pub(crate) struct ScriptBody {
    paragraphs: Vec<Vec<Letter>>,
    /// The rule that found it.
    pub(crate) rule: &'static str,
}

/// A character with the bytes of the page that it was read from.
#[derive(Clone, Copy)]
struct Letter {
    c: char,
    from: u32,
    to: u32,
    kind: RunKind,
}

/// Finds the body in the scripts of a page.
pub(crate) fn find_body(arena: &Arena<'_>) -> Option<ScriptBody> {
    let mut stated: Option<Vec<Vec<Letter>>> = None;
    let mut groups: BTreeMap<&str, Vec<Vec<Letter>>> = BTreeMap::new();
    let mut read = 0;
    for node in arena.descendants(arena.root()).filter(|node| arena.name(*node) == "script") {
        let kind = arena.attribute(node, "type").unwrap_or("").trim().to_ascii_lowercase();
        let body = arena.raw_text(node);
        let is_data = kind.starts_with("application/ld+json");
        let Some(from) = beginning(body, &kind) else { continue };
        read += body.len();
        if read > LIMIT {
            break;
        }
        let start = arena.raw_start(node) + from;
        for (key, string) in strings(&body[from..]) {
            if is_data && key != "articleBody" || !is_data && OTHER_KEYS.contains(&key) {
                continue;
            }
            if string.len() < LEAST_OF_STRING {
                continue;
            }
            let letters = decode(&body[from..][string.clone()], start + string.start);
            let paragraphs = paragraphs(&letters);
            if is_data {
                if size(&paragraphs) > stated.as_ref().map_or(0, |stated| size(stated)) {
                    stated = Some(paragraphs);
                }
            } else {
                let prose = paragraphs.into_iter().filter(|paragraph| is_prose(paragraph));
                groups.entry(key).or_default().extend(prose);
            }
        }
    }
    if let Some(paragraphs) = stated.filter(|stated| size(stated) >= LEAST) {
        return Some(ScriptBody { paragraphs, rule: "core.page.json_ld_body" });
    }
    let mut best = groups.into_values().max_by_key(|group| size(group))?;
    let mut seen = BTreeSet::new();
    best.retain(|paragraph| seen.insert(paragraph.iter().map(|letter| letter.c).collect::<String>()));
    best.truncate(MOST);
    (best.len() >= 2 && size(&best) >= LEAST)
        .then_some(ScriptBody { paragraphs: best, rule: "core.page.script_body" })
}

impl ScriptBody {
    /// Adds the paragraphs to the text, and their bytes to the runs where those are kept.
    pub(crate) fn write(&self, text: &mut Text, mut runs: Option<&mut Vec<SourceRun>>) {
        for paragraph in &self.paragraphs {
            let (Some(first), Some(last)) = (paragraph.first(), paragraph.last()) else { continue };
            let before = text.string.len();
            if before > 0 {
                text.string.push_str("\n\n");
            }
            let start = text.string.len();
            if let Some(runs) = runs.as_deref_mut().filter(|_| start > before) {
                trace::push_made(runs, before, start);
            }
            for letter in paragraph {
                let at = text.string.len();
                text.string.push(letter.c);
                if let Some(runs) = runs.as_deref_mut() {
                    let source = (u64::from(letter.from), u64::from(letter.to));
                    let text = Span::new(at, at + letter.c.len_utf8());
                    trace::push(runs, SourceRun { text, source, kind: letter.kind });
                }
            }
            text.blocks.push(Block {
                kind: BlockKind::Paragraph,
                span: Span::new(start, text.string.len()),
                lang: None,
                entry: None,
                source: Some((u64::from(first.from), u64::from(last.to))),
            });
        }
    }
}

/// Where the data of a script begins: JSON as a whole, or what a script assigns first.
fn beginning(body: &str, kind: &str) -> Option<usize> {
    if kind.contains("json") {
        return Some(0);
    }
    if !matches!(kind, "" | "text/javascript" | "application/javascript" | "module") {
        return None;
    }
    let head = &body.as_bytes()[..body.len().min(300)];
    let open = head.iter().position(|byte| matches!(byte, b'{' | b'['))?;
    let before = body[..open].trim_end();
    (before.is_empty() || before.ends_with('=')).then_some(open)
}

/// The strings of JSON that are values, with the key before each.
fn strings(json: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let bytes = json.as_bytes();
    let mut at = 0;
    let mut key = "";
    std::iter::from_fn(move || {
        loop {
            let open = at + memchr::memchr(b'"', bytes.get(at..)?)?;
            let mut end = open + 1;
            loop {
                end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
                if bytes[end] == b'"' {
                    break;
                }
                end += 2;
            }
            at = end + 1;
            let after = bytes.get(at..)?.iter().find(|byte| !byte.is_ascii_whitespace());
            if after == Some(&b':') {
                key = json.get(open + 1..end).unwrap_or("");
            } else {
                return Some((key, open + 1..end));
            }
        }
    })
}

/// The characters of a string, escapes and character references undone. `start`: where it stands
/// in the page.
fn decode(string: &str, start: usize) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(string.len());
    let mut chars = string.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let from = (start + at) as u32;
        if c != '\\' {
            letters.push(Letter { c, from, to: from + c.len_utf8() as u32, kind: RunKind::Verbatim });
            continue;
        }
        let Some((_, escaped)) = chars.next() else { break };
        let unit = |at: usize| u32::from_str_radix(string.get(at..at + 4)?, 16).ok();
        let (c, length) = match escaped {
            'n' | 'r' => ('\n', 2),
            't' | 'b' | 'f' => (' ', 2),
            'u' => match (unit(at + 2), string.get(at + 6..at + 8), unit(at + 8)) {
                (Some(high @ 0xd800..0xdc00), Some("\\u"), Some(low @ 0xdc00..0xe000)) => {
                    let c = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                    (c.unwrap_or('\u{fffd}'), 12)
                }
                (Some(unit), ..) => (char::from_u32(unit).unwrap_or('\u{fffd}'), 6),
                (None, ..) => ('\u{fffd}', 2),
            },
            other => (other, 1 + other.len_utf8()),
        };
        while chars.peek().is_some_and(|(next, _)| *next < at + length) {
            chars.next();
        }
        letters.push(Letter { c, from, to: from + length as u32, kind: RunKind::Escape });
    }
    references(&letters)
}

/// Character references undone.
fn references(letters: &[Letter]) -> Vec<Letter> {
    let mut out = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let end = (letter.c == '&').then(|| {
            letters[at..].iter().take(11).position(|letter| letter.c == ';').map(|length| at + length)
        });
        let reference = end.flatten().and_then(|end| {
            let name: String = letters[at + 1..end].iter().map(|letter| letter.c).collect();
            Some((character(&name)?, end))
        });
        match reference {
            Some((c, end)) => {
                out.push(Letter { c, to: letters[end].to, kind: RunKind::Reference, ..letter });
                at = end + 1;
            }
            None => {
                out.push(letter);
                at += 1;
            }
        }
    }
    out
}

/// Paragraphs: parted by line breaks and by elements that are no inline ones; tags left out, white
/// space collapsed.
fn paragraphs(letters: &[Letter]) -> Vec<Vec<Letter>> {
    let mut out: Vec<Vec<Letter>> = Vec::new();
    let mut current: Vec<Letter> = Vec::new();
    let mut space: Option<Letter> = None;
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if let Some((end, breaks)) = tag(&letters[at..]) {
            if breaks && !current.is_empty() {
                out.push(std::mem::take(&mut current));
            }
            at += end;
            continue;
        }
        at += 1;
        match letter.c {
            '\n' => {
                if !current.is_empty() {
                    out.push(std::mem::take(&mut current));
                }
                space = None;
            }
            c if c.is_ascii_whitespace() => {
                space.get_or_insert(*letter);
            }
            _ => {
                if let Some(space) = space.take().filter(|_| !current.is_empty()) {
                    let kind = if space.c == ' ' { space.kind } else { RunKind::Space };
                    current.push(Letter { c: ' ', kind, ..space });
                }
                current.push(*letter);
            }
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
    out
}

/// The length of the tag that letters begin with, and whether it parts paragraphs.
fn tag(letters: &[Letter]) -> Option<(usize, bool)> {
    const INLINE: &[&str] = &[
        "a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub",
        "sup", "time", "u",
    ];
    if letters.first()?.c != '<' {
        return None;
    }
    let name = letters[1..].iter().take(12).map(|letter| letter.c).skip_while(|c| *c == '/');
    let name: String = name.take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let end = letters.iter().take(2_000).position(|letter| letter.c == '>')?;
    (!name.is_empty()).then(|| (end + 1, !INLINE.contains(&name.as_str())))
}

/// Letters of all paragraphs.
fn size(paragraphs: &[Vec<Letter>]) -> usize {
    paragraphs.iter().flatten().filter(|letter| letter.c.is_alphabetic()).count()
}

/// Sentences, not code or addresses.
fn is_prose(paragraph: &[Letter]) -> bool {
    let letters = paragraph.iter().filter(|letter| letter.c.is_alphabetic()).count();
    let spaces = paragraph.iter().filter(|letter| letter.c == ' ').count();
    let ideographs = paragraph
        .iter()
        .filter(|letter| matches!(letter.c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
    let ideographs = ideographs.count();
    let last = paragraph.iter().rev().map(|letter| letter.c);
    let last = last.take(3).any(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔'));
    letters + 2 * ideographs >= LEAST_OF_STRING
        && letters * 10 >= (paragraph.len() - spaces) * 8
        && spaces + ideographs / 2 + 1 >= LEAST_WORDS
        && last
        && !paragraph.iter().any(|letter| matches!(letter.c, '{' | '}'))
}
