//! Posts in scripts, attributes and text fields: embed code as an escaped string. And in
//! `noscript`, which is markup that a page shows without scripts.
//!
//! `\"`, `\/`, `\u003C` and `&lt;` are undone, and the same reader reads what comes out. The
//! words stand nowhere in the reading text, so the post keeps them itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use selon_model::{DamageKind, FoundAt};

use super::claim::{Claim, damage};
use super::platforms::linked;
use super::{claims_of, element};
use crate::describe::json_ld::unescape as character_references;
use crate::extract::arena::Arena;
use crate::extract::parse::parse;
use crate::post::PostPack;

/// Longest embed code looked at, in bytes: escaped twice, with addresses and styles.
const LONGEST: usize = 24_576;
/// Longest tag of a frame or placeholder, and how far its beginning is from a word in it.
const LONGEST_TAG: usize = 2_048;
/// Longest script that does nothing but write one frame.
const LONGEST_CALL: usize = 400;
/// Most fragments read of one page.
const MOST: usize = 256;
/// Classes of embed codes worth looking for.
const CLASSES: &[&str] =
    &["twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed"];

static IFRAME: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("iframe"));
static EMBED: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("embed"));
static BLOCKQUOTE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("blockquote"));

/// Posts in the scripts, attributes and text fields of a page, in page order.
pub(super) fn find(arena: &Arena<'_>, pack: &PostPack) -> Vec<Claim> {
    let mut found = Vec::new();
    for node in arena.descendants(arena.root()) {
        if found.len() >= MOST {
            break;
        }
        match arena.name(node) {
            "script" => {
                let script = arena.raw_text(node);
                if script.len() <= LONGEST_CALL {
                    found.extend(written_frame(script));
                }
                read_string(script, FoundAt::Json, pack, &mut found);
                read_tags(script, FoundAt::Json, pack, &mut found);
            }
            "textarea" => read_string(arena.raw_text(node), FoundAt::Attribute, pack, &mut found),
            "noscript" => {
                let markup = arena.raw_text(node);
                if markup.contains("<iframe") || CLASSES.iter().any(|class| markup.contains(class)) {
                    read_fragment(markup, FoundAt::Dom, pack, &mut found);
                }
            }
            _ => {}
        }
        for (name, value) in arena.attributes(node) {
            if value.len() > 40 && name != "class" && name != "style" {
                let frame = IFRAME.find(value.as_bytes()).is_some();
                if frame && (value.contains("&lt;iframe") || value.contains("<iframe")) {
                    read_fragment(&character_references(value), FoundAt::Attribute, pack, &mut found);
                } else {
                    read_string(value, FoundAt::Attribute, pack, &mut found);
                }
            }
        }
    }
    found
}

/// A script in its place that is one call with the address of one video or post: what it writes
/// is the frame.
fn written_frame(script: &str) -> Option<Claim> {
    let script = script.trim().trim_end_matches(';').trim_end();
    let (name, rest) = script.split_once('(')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    let argument = rest.strip_suffix(')')?.trim();
    let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = argument.strip_prefix(quote)?.strip_suffix(quote)?;
    let fits = !name.is_empty() && name.trim().chars().all(plain) && !address.contains(quote);
    let mut claim = linked(&unescaped(address), "core.post.script").filter(|_| fits)?;
    claim.post.status_id.as_ref()?;
    claim.post.found_at = vec![FoundAt::Json];
    Some(claim)
}

/// Reads the escaped tags of frames in `string`, and those that say of themselves that they stand
/// for an embed.
fn read_tags(string: &str, at: FoundAt, pack: &PostPack, found: &mut Vec<Claim>) {
    for (word, finder) in [("iframe", &IFRAME), ("embed", &EMBED)] {
        let mut done = 0;
        let mut tags = Tags::default();
        for at_word in finder.find_iter(string.as_bytes()) {
            if at_word < done || found.len() >= MOST {
                continue;
            }
            let tag = match word {
                "iframe" => opening(string, at_word)
                    .and_then(|start| Some((start, start + tag_end(&string[start..])?))),
                _ if names_attribute(&string[at_word..]) => tags.around(string, at_word),
                _ => None,
            };
            let Some((start, end)) = tag else { continue };
            done = end;
            let tag = &string[start..end];
            if !tag.contains("//") && !tag.contains("\\/") && !tag.contains("002") && !tag.contains("x2") {
                continue;
            }
            let tag = unescaped(tag);
            let name =
                tag[1..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or("");
            if name == "iframe" || element::may_hold(name) {
                read_fragment(&format!("{tag}></{name}>"), at, pack, found);
            }
        }
    }
}

/// Whether `string` begins inside the name of an attribute.
fn names_attribute(string: &str) -> bool {
    let end = string.bytes().take(64).position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')));
    end.is_some_and(|end| string.as_bytes()[end] == b'=')
}

/// The last tag that began before a place that only moves forward.
#[derive(Default)]
struct Tags {
    /// Looked at up to here.
    done: usize,
    last: Option<(usize, Option<usize>)>,
}

impl Tags {
    /// The tag that the word at `at` stands in, if it stands in one: its `>` is not part of it.
    fn around(&mut self, string: &str, at: usize) -> Option<(usize, usize)> {
        let bytes = string.as_bytes();
        while let Some(found) = memchr::memchr3(b'<', b'\\', b'&', &bytes[self.done..at]) {
            let start = self.done + found;
            self.done = start + 1;
            let rest = &string[start..at];
            if let Some(form) = OPENINGS.iter().find(|form| rest.starts_with(**form)) {
                let letter = rest[form.len()..].starts_with(|c: char| c.is_ascii_alphabetic());
                let end = tag_end(&string[start..]).filter(|_| letter);
                self.last = Some((start, end.map(|end| start + end)));
            }
        }
        self.done = self.done.max(at);
        let (start, end) = self.last.filter(|(start, _)| at - start <= LONGEST_TAG)?;
        end.filter(|end| *end > at).map(|end| (start, end))
    }
}

/// Where the tag ends that begins with `string`: its `>` is not part of it.
fn tag_end(string: &str) -> Option<usize> {
    const ENDS: [&[u8]; 5] = [b">", b"\\u003e", b"\\u003E", b"\\x3e", b"\\x3E"];
    let bytes = &string.as_bytes()[..string.len().min(LONGEST_TAG)];
    let mut ends = memchr::memchr2_iter(b'>', b'\\', bytes);
    ends.find(|at| ENDS.iter().any(|end| bytes[*at..].starts_with(end)))
}

/// Reads every escaped block quotation of a known class in `string`.
fn read_string(string: &str, at: FoundAt, pack: &PostPack, found: &mut Vec<Claim>) {
    let name = "blockquote";
    let mut open = None;
    for at_name in BLOCKQUOTE.find_iter(string.as_bytes()) {
        if let Some(start) = opening(string, at_name) {
            open = Some(start);
            continue;
        }
        let Some(start) = open.take().filter(|start| at_name - start <= LONGEST) else { continue };
        let piece = &string[start..at_name + name.len()];
        if CLASSES.iter().any(|class| piece.contains(class)) && found.len() < MOST {
            read_fragment(&format!("{}>", unescaped(piece)), at, pack, found);
        }
    }
}

/// How a tag begins in a string.
const OPENINGS: &[&str] = &["<", "\\u003c", "\\u003C", "\\x3c", "\\x3C", "&lt;"];

/// Where the tag begins whose name stands at `name`: `<`, `\u003C`, `&lt;`.
fn opening(string: &str, name: usize) -> Option<usize> {
    OPENINGS.iter().find(|form| string[..name].ends_with(**form)).map(|form| name - form.len())
}

fn read_fragment(fragment: &str, at: FoundAt, pack: &PostPack, found: &mut Vec<Claim>) {
    if fragment.len() > LONGEST * 2 {
        return;
    }
    let arena = parse(fragment, true, &mut Vec::new());
    for (_, mut claim) in claims_of(&arena, pack) {
        if at != FoundAt::Dom {
            claim.post.found_at = vec![at];
            claim.post.damage.push(damage(DamageKind::Escaped));
            claim.post.confidence = 0.9;
        }
        found.push(claim);
    }
}

/// Undoes escapes of JSON and scripts (as often as they were applied, at most three times), then
/// character references where the markup itself was written with them.
fn unescaped(piece: &str) -> String {
    let mut text = Cow::Borrowed(piece);
    for _ in 0..3 {
        if !text.contains('\\') {
            break;
        }
        text = Cow::Owned(unescape_once(&text));
    }
    if text.starts_with("&lt;") || text.contains("=&quot;") {
        character_references(&text)
    } else {
        text.into_owned()
    }
}

fn unescape_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { break };
        match c {
            'n' | 'r' | 't' => out.push(' '),
            'u' | 'x' => {
                if let Some((c, length)) = code_point(rest) {
                    out.push(c);
                    rest = &rest[length..];
                    continue;
                }
                out.push(c);
            }
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
    out
}

/// `u003C`, `x3C`, or a pair of surrogates at the beginning: the character and the bytes it takes.
fn code_point(text: &str) -> Option<(char, usize)> {
    let digits = if text.starts_with('u') { 4 } else { 2 };
    let hex = |text: &str| u32::from_str_radix(text.get(1..1 + digits)?, 16).ok();
    let first = hex(text)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, 1 + digits));
    }
    let rest = text.get(5..)?.strip_prefix('\\').filter(|rest| rest.starts_with('u'))?;
    let second = hex(rest).filter(|second| (0xDC00..0xE000).contains(second))?;
    let c = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))?;
    Some((c, 11))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescaped(r#"<p lang=\"fr\">a<\/p>"#), r#"<p lang="fr">a</p>"#);
        assert_eq!(unescaped(r#"\u003Cp\u003E\ud83d\ude00\u002F"#), "<p>😀/");
        assert_eq!(unescaped(r#"<p lang=\\\"fr\\\">"#), r#"<p lang="fr">"#);
        assert_eq!(unescaped("&lt;p&gt;&amp;"), "<p>&");
        assert_eq!(unescaped(r"\"), "");
        assert_eq!(unescaped(r"\ud83dx"), "ud83dx");
    }
}
