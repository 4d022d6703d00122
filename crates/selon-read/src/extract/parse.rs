//! From markup to the tree, with bounds on everything a page can ask for.
//!
//! The tokenizer is fed in pieces, a tag or a text at a time, so that it is known where in the
//! page a token stands. Bodies of scripts never reach it. What exceeds a bound is left out, and a
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
        raw: Cell::new(None),
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
    /// How the text of the element that was just opened is read.
    raw: Cell<Option<RawKind>>,
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
        let locator = || self.builder.sink.locator();
        match &token {
            Token::CharacterTokens(text) => locator().give(text),
            Token::NullCharacterToken => locator().give("\u{fffd}"),
            _ => locator().flush(),
        }
        let is_text = matches!(token, Token::CharacterTokens(_) | Token::NullCharacterToken);
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
        if !is_text {
            locator().clear();
        }
        if let Some(name) = closed {
            self.builder.sink.close(&name);
        }
        match result {
            TokenSinkResult::Script(_) => TokenSinkResult::Continue,
            TokenSinkResult::RawData(kind) => {
                self.raw.set(Some(kind));
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
    // A piece that ends inside a reference or a line break is not read to its end before the next.
    let unfinished = Cell::new(false);
    let give = |from: usize, to: usize| {
        if from < to {
            if !unfinished.get() {
                tokenizer.sink.builder.sink.locator().move_to(from);
            }
            unfinished.set(is_unfinished(&bytes[from..to]));
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
        let end_of = |from: usize| {
            memchr::memchr(b'>', &bytes[from..]).map_or(bytes.len(), |length| from + length + 1)
        };
        match bytes.get(at + 1) {
            Some(byte) if byte.is_ascii_alphabetic() => {
                let (to, enough) = tag_end(bytes, at + 1);
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
                match tokenizer.sink.raw.take() {
                    Some(RawKind::Rcdata) => {
                        let to = raw_end(bytes, at, tokenizer.sink.builder.sink.current_name());
                        give(at, to);
                        at = to;
                    }
                    Some(_) => at = skip_raw(bytes, at, tokenizer),
                    None => {}
                }
            }
            Some(b'/') => {
                let letter = bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic);
                let to = if letter { tag_end(bytes, at + 2).0 } else { end_of(at) };
                give(at, to);
                at = to;
            }
            Some(b'!') if bytes[at..].starts_with(b"<!--") => {
                let Some(to) = comment_end(bytes, at) else { return };
                if unfinished.get() {
                    give(at, to);
                }
                at = to;
            }
            Some(b'!')
                if bytes[at..].starts_with(b"<![CDATA[")
                    && tokenizer.sink.adjusted_current_node_present_but_not_in_html_namespace() =>
            {
                let to =
                    memchr::memmem::find(&bytes[at..], b"]]>").map_or(bytes.len(), |length| at + length + 3);
                give(at, to);
                at = to;
            }
            Some(b'!' | b'?') => {
                let to = end_of(at);
                give(at, to);
                at = to;
            }
            // No tag: the sign is text.
            _ => {
                let from = at + 1;
                let to = memchr::memchr(b'<', &bytes[from..]).map_or(bytes.len(), |length| from + length);
                give(at, to);
                at = to;
            }
        }
    }
}

/// Whether a piece ends in what may be a reference, which the tokenizer reads to its end only when
/// it sees what follows, or in the beginning of CR LF or of a tag.
fn is_unfinished(piece: &[u8]) -> bool {
    if piece.ends_with(b"<") {
        return true;
    }
    let piece = piece.strip_suffix(b";").unwrap_or(piece);
    match piece.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) {
        Some(at) => match piece[at] {
            b'&' => true,
            b'#' => at > 0 && piece[at - 1] == b'&',
            b'\r' => at + 1 == piece.len(),
            _ => false,
        },
        None => false,
    }
}

/// Where the tag ends whose name begins at `at`, one past its `>`; and, where it has more than
/// [`ATTRIBUTE_LIMIT`] attributes, where those end (HTML, sections 13.2.5.8 and 13.2.5.32 to 40).
fn tag_end(bytes: &[u8], at: usize) -> (usize, Option<usize>) {
    enum In {
        TagName,
        Gap,
        Name,
        AfterName,
        BeforeValue,
        Value,
    }
    let mut enough = None;
    let mut attributes = 0;
    let mut index = at;
    let mut state = In::TagName;
    while let Some(byte) = bytes.get(index) {
        if *byte == b'>' {
            return (index + 1, enough);
        }
        let space = byte.is_ascii_whitespace();
        state = match state {
            In::TagName if space || *byte == b'/' => In::Gap,
            In::TagName => In::TagName,
            In::Gap | In::AfterName if *byte == b'/' => In::Gap,
            In::Gap if space => In::Gap,
            In::AfterName if space => In::AfterName,
            In::AfterName if *byte == b'=' => In::BeforeValue,
            In::Gap | In::AfterName => {
                attributes += 1;
                if attributes == ATTRIBUTE_LIMIT && enough.is_none() {
                    enough = Some(index);
                }
                In::Name
            }
            In::Name if space => In::AfterName,
            In::Name if *byte == b'/' => In::Gap,
            In::Name if *byte == b'=' => In::BeforeValue,
            In::Name => In::Name,
            In::BeforeValue if space => In::BeforeValue,
            In::BeforeValue if matches!(byte, b'"' | b'\'') => {
                let Some(length) = memchr::memchr(*byte, &bytes[index + 1..]) else {
                    return (bytes.len(), enough);
                };
                index += length + 1;
                In::Gap
            }
            In::Value if space => In::Gap,
            In::BeforeValue | In::Value => In::Value,
        };
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

/// Where the end tag of the element `name` begins, whose text is not markup.
fn raw_end(bytes: &[u8], at: usize, name: &str) -> usize {
    let mut from = at;
    while let Some(found) = memchr::memmem::find(&bytes[from..], b"</") {
        let start = from + found + 2;
        let end = start + name.len();
        let matches = bytes.get(start..end).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()));
        let ends =
            bytes.get(end).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        if matches && ends && !name.is_empty() {
            return start - 2;
        }
        from = start;
    }
    bytes.len()
}

/// Passes over the body of a script, style sheet or `noscript` that was just opened. It ends at
/// the first end tag of that name; its range is kept as raw text.
fn skip_raw(bytes: &[u8], at: usize, tokenizer: &Tokenizer<Guard<'_>>) -> usize {
    let sink = &tokenizer.sink.builder.sink;
    let end = raw_end(bytes, at, sink.current_name());
    if end < bytes.len() && sink.current_name() != "style" {
        sink.append_raw(at, end);
    }
    end
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
