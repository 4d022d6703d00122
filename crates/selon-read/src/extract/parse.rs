//! From markup to the tree, with bounds on everything a page can ask for.
//!
//! The tokenizer is fed in pieces, a tag or a text at a time, so that the range of each text in
//! the page is known. Bodies of scripts never reach it. What exceeds a bound is left out, and a
//! note says from which byte on; the limits count steps, never seconds, so that the same page
//! always gives the same tree.

use std::cell::Cell;

use html5ever::interface::TreeSink;
use html5ever::tendril::{StrTendril, Tendril};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Tokenizer, TokenizerOpts};
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use selon_model::Note;

use super::arena::{Arena, Handle, Sink};

/// Elements deeper than this are left out; their text is kept. Real pages reach 138.
const DEPTH_LIMIT: u16 = 256;
/// Nodes of the tree. Real pages reach about 30,000.
const NODE_LIMIT: usize = 300_000;
/// Tokens read.
const TOKEN_LIMIT: u64 = 1_000_000;
/// Attributes of one tag.
pub(super) const ATTRIBUTE_LIMIT: usize = 256;
/// Steps spent on moving nodes for mismatched tags.
const MOVE_LIMIT: u64 = 3_000_000;

/// Parses `page`. `scripting` decides what `noscript` holds: raw text, or elements.
pub(crate) fn parse<'s>(page: &'s str, scripting: bool, notes: &mut Vec<Note>) -> Arena<'s> {
    let options =
        TreeBuilderOpts { scripting_enabled: scripting, drop_doctype: true, ..TreeBuilderOpts::default() };
    let guard = Guard {
        builder: TreeBuilder::new(Sink::new(page), options),
        tokens: Cell::new(0),
        skipped: Cell::new(0),
        raw: Cell::new(false),
        limit: Cell::new(None),
    };
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(guard, options);
    feed(page, &tokenizer);
    tokenizer.end();
    if let Some((what, at)) = tokenizer.sink.limit.get() {
        notes.push(Note::new("limit", format!("{what}: left out from byte {at} on")));
    }
    tokenizer.sink.builder.sink.finish()
}

/// Stands between tokenizer and tree builder and keeps the bounds.
struct Guard<'s> {
    builder: TreeBuilder<Handle, Sink<'s>>,
    tokens: Cell<u64>,
    skipped: Cell<u32>,
    raw: Cell<bool>,
    limit: Cell<Option<(&'static str, u32)>>,
}

impl Guard<'_> {
    fn over(&self, what: &'static str) {
        if self.limit.get().is_none() {
            self.limit.set(Some((what, self.builder.sink.piece.get().0)));
        }
    }

    /// Whether nothing more is to be read.
    fn is_full(&self) -> bool {
        if self.tokens.get() >= TOKEN_LIMIT {
            self.over("more than 1,000,000 tokens");
        } else if self.builder.sink.len() >= NODE_LIMIT {
            self.over("more than 300,000 nodes");
        } else if self.builder.sink.moves.get() >= MOVE_LIMIT {
            self.over("mismatched tags");
        } else {
            return false;
        }
        true
    }

    /// Whether a tag is left out because it lies too deep. The end tags of such are left out
    /// with them, or they would close elements further up.
    fn too_deep(&self, tag: &Tag) -> bool {
        match tag.kind {
            TagKind::StartTag if self.builder.sink.depth() >= DEPTH_LIMIT => {
                let opens = !tag.self_closing && !is_void(&tag.name);
                self.skipped.set(self.skipped.get() + u32::from(opens));
                self.over("elements deeper than 256");
                true
            }
            TagKind::EndTag if self.skipped.get() > 0 => {
                self.skipped.set(self.skipped.get() - 1);
                true
            }
            _ => false,
        }
    }
}

impl TokenSink for Guard<'_> {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        self.tokens.set(self.tokens.get() + 1);
        let end = matches!(token, Token::EOFToken);
        if let Token::CommentToken(_) | Token::ParseError(_) = token {
            return TokenSinkResult::Continue;
        }
        if !end && self.is_full() {
            return TokenSinkResult::Continue;
        }
        let token = match token {
            Token::TagToken(tag) if self.too_deep(&tag) => return TokenSinkResult::Continue,
            Token::TagToken(mut tag) => {
                tag.attrs.truncate(ATTRIBUTE_LIMIT);
                Token::TagToken(tag)
            }
            token => token,
        };
        let closed = match &token {
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => Some(tag.name.clone()),
            Token::TagToken(tag) if is_void(&tag.name) => Some(tag.name.clone()),
            _ => None,
        };
        let result = self.builder.process_token(token, line);
        if let Some(name) = closed {
            self.builder.sink.close(&name);
        }
        match result {
            TokenSinkResult::Script(_) => TokenSinkResult::Continue,
            TokenSinkResult::RawData(kind) => {
                self.raw.set(matches!(kind, RawKind::Rawtext | RawKind::ScriptData));
                TokenSinkResult::RawData(kind)
            }
            result => result,
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Feeds the page piece by piece.
fn feed(page: &str, tokenizer: &Tokenizer<Guard<'_>>) {
    let whole: StrTendril = Tendril::from_slice(page);
    let queue = BufferQueue::default();
    let bytes = page.as_bytes();
    let give = |from: usize, to: usize| {
        if from < to {
            tokenizer.sink.builder.sink.piece.set((from as u32, to as u32));
            queue.push_back(whole.subtendril(from as u32, (to - from) as u32));
            let _ = tokenizer.feed(&queue);
        }
    };
    let mut at = 0;
    while at < bytes.len() && !tokenizer.sink.is_full() {
        if bytes[at] != b'<' {
            let to = memchr::memchr(b'<', &bytes[at..]).map_or(bytes.len(), |length| at + length);
            give(at, to);
            at = to;
            continue;
        }
        match bytes.get(at + 1) {
            Some(byte) if byte.is_ascii_alphabetic() => {
                let (to, enough) = tag_end(bytes, at);
                match enough {
                    // Too many attributes: the tag ends here for the tokenizer, whose search for
                    // repeated names is quadratic.
                    Some(enough) => {
                        give(at, enough);
                        give(to - 1, to);
                        tokenizer.sink.over("more than 256 attributes in a tag");
                    }
                    None => give(at, to),
                }
                at = to;
                if tokenizer.sink.raw.take() {
                    at = skip_raw(bytes, at, tokenizer);
                }
            }
            Some(b'/') => {
                let to = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
                give(at, to);
                at = to;
            }
            Some(b'!') if bytes[at..].starts_with(b"<!--") => match comment_end(bytes, at) {
                Some(to) => at = to,
                None => return,
            },
            _ => {
                let from = at + 1;
                let to = memchr::memchr2(b'<', b'>', &bytes[from..])
                    .map_or(bytes.len(), |length| from + length + usize::from(bytes[from + length] == b'>'));
                give(at, to);
                at = to;
            }
        }
    }
}

/// Where the tag that begins at `at` ends, one past its `>`; and, where it has more than
/// [`ATTRIBUTE_LIMIT`] attributes, where those end. Quotation marks count only after `=`.
fn tag_end(bytes: &[u8], at: usize) -> (usize, Option<usize>) {
    let mut enough = None;
    let mut attributes = 0;
    let mut index = at + 1;
    let mut after_equals = false;
    let mut in_name = true;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'>' => return (index + 1, enough),
            b'"' | b'\'' if after_equals => {
                let Some(length) = memchr::memchr(*byte, &bytes[index + 1..]) else {
                    return (bytes.len(), enough);
                };
                index += length + 1;
                after_equals = false;
                in_name = false;
            }
            b'=' => {
                after_equals = true;
                in_name = true;
            }
            byte if byte.is_ascii_whitespace() || *byte == b'/' => in_name = after_equals,
            _ => {
                if !in_name {
                    attributes += 1;
                    if attributes == ATTRIBUTE_LIMIT && enough.is_none() {
                        enough = Some(index);
                    }
                }
                in_name = true;
                after_equals = false;
            }
        }
        index += 1;
    }
    (bytes.len(), enough)
}

/// One past the end of a comment (HTML, section 13.2.5.43 and after); `None` where it has none.
fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let body = &bytes[at + 4..];
    if body.starts_with(b">") {
        return Some(at + 5);
    }
    if body.starts_with(b"->") {
        return Some(at + 6);
    }
    let mut from = 0;
    loop {
        let found = from + memchr::memmem::find(&body[from..], b"--")?;
        match (body.get(found + 2), body.get(found + 3)) {
            (Some(b'>'), _) => return Some(at + 4 + found + 3),
            (Some(b'!'), Some(b'>')) => return Some(at + 4 + found + 4),
            (None, _) => return None,
            _ => from = found + 1,
        }
    }
}

/// Passes over the body of a script, style sheet or `noscript` that was just opened. It ends at
/// the first end tag of that name; its range is kept as raw text.
fn skip_raw(bytes: &[u8], at: usize, tokenizer: &Tokenizer<Guard<'_>>) -> usize {
    let opened = tokenizer.sink.builder.sink.current_name();
    let mut from = at;
    while let Some(found) = memchr::memmem::find(&bytes[from..], b"</") {
        let name = from + found + 2;
        let matches = bytes
            .get(name..name + opened.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(opened.as_bytes()));
        let ends = bytes.get(name + opened.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if matches && ends && !opened.is_empty() {
            if opened != "style" {
                tokenizer.sink.builder.sink.append_raw(at, name - 2);
            }
            return name - 2;
        }
        from = name;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as brackets.
    fn shape(page: &str) -> String {
        let mut notes = Vec::new();
        let arena = parse(page, true, &mut notes);
        let mut out = String::new();
        let mut depth = 0;
        for node in arena.descendants(arena.root()) {
            let level = std::iter::successors(arena.parent(node), |at| arena.parent(*at)).count();
            while depth >= level && depth > 0 {
                out.push(')');
                depth -= 1;
            }
            if arena.is_element(node) {
                out.push_str(&format!("({}", arena.name(node)));
                depth = level;
            } else {
                out.push_str(&format!("[{}]", arena.text(node)));
            }
        }
        out
    }

    #[test]
    fn builds_trees() {
        let found =
            shape("<!doctype html><title>A &amp; b</title><p class=x>One<br>two<!-- no > --> three<p>Four");
        assert_eq!(
            found,
            "(html(head(title[A & b]))(body(p[One](br)[two][ three])(p[Four]"
                .replace("[two][ three]", "[two three]")
        );
    }

    #[test]
    fn scripts_are_ranges() {
        let page = "<script type=x>if (a < b) '<p>' </script><p>After<style>p{}</style>";
        let mut notes = Vec::new();
        let arena = parse(page, true, &mut notes);
        let script = arena.descendants(arena.root()).find(|node| arena.name(*node) == "script").unwrap();
        assert_eq!(arena.raw_text(script), "if (a < b) '<p>' ");
        assert_eq!(arena.text_content(arena.root()), "After");
    }

    #[test]
    fn texts_know_where_they_stand() {
        let page = "<div title='a > b'><p>Déjà &amp; vu</p><b>x</b></div>";
        let arena = parse(page, true, &mut Vec::new());
        let texts: Vec<(&str, &str)> = arena
            .descendants(arena.root())
            .filter(|node| arena.is_text(*node))
            .map(|node| {
                (arena.text(node), &page[arena.source(node).0 as usize..arena.source(node).1 as usize])
            })
            .collect();
        assert_eq!(texts, [("Déjà & vu", "Déjà &amp; vu"), ("x", "x")]);
    }

    #[test]
    fn traps_are_bounded() {
        let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
        let bolds: String = (0..2_000).map(|n| format!("<b id={n}>")).collect();
        let traps = [
            "<div>".repeat(100_000) + "deep",
            "<ul><li>".repeat(50_000) + "deep",
            format!("<p>{bolds}{}", "<p>a".repeat(2_000)),
            format!("<p {attributes}>text"),
            "<!--".repeat(100_000),
            "&".repeat(100_000),
            "<table><tr><td>".repeat(30_000),
            "<a><b><p>".repeat(30_000) + &"</a></b>".repeat(30_000),
            "<p><b><i><u></p>".repeat(20_000),
            "</".repeat(100_000),
            "<script>".to_owned() + &"</".repeat(100_000),
            "<a x='".repeat(50_000),
        ];
        for trap in traps {
            let mut notes = Vec::new();
            let arena = parse(&trap, true, &mut notes);
            assert!(arena.len() <= NODE_LIMIT + 3_000, "{} nodes of {}", arena.len(), &trap[..20]);
        }
    }

    #[test]
    fn text_of_what_is_too_deep_is_kept() {
        let mut notes = Vec::new();
        let page = "<div>".repeat(1_000) + "deep" + &"</div>".repeat(1_000) + "<p>after";
        let arena = parse(&page, true, &mut notes);
        assert_eq!(arena.text_content(arena.root()), "deep\nafter");
        assert_eq!(notes[0].code, "limit");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(page in "(<(p|b|a|div|table|tr|td|li|script|template|select|svg|math|title|/p|/b|/a|/div|/table|/script|/svg)( x='?)?>?|[a-z&;<>!\\-'\" é\u{0}]{0,6}){0,60}") {
            let arena = parse(&page, true, &mut Vec::new());
            for node in arena.descendants(arena.root()) {
                let (from, to) = arena.source(node);
                proptest::prop_assert!(from <= to && to as usize <= page.len());
            }
        }
    }
}
