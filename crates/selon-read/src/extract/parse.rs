//! From markup to the tree, with bounds on everything a page can ask for.
//!
//! What exceeds a bound is left out, and a note says from which byte on; the limits count steps,
//! never seconds, so that the same page always gives the same tree.

use std::cell::Cell;

use html5ever::interface::TreeSink;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use selon_model::Note;

use super::arena::{Arena, Handle, Sink};
use super::tokenize::{Receiver, tokenize};

/// Elements deeper than this are left out; their text is kept. Real pages reach 138.
const DEPTH_LIMIT: u16 = 256;
/// Nodes of the tree. Real pages reach about 30,000.
const NODE_LIMIT: usize = 300_000;
/// Tokens read.
const TOKEN_LIMIT: u64 = 1_000_000;
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
        limit: Cell::new(None),
    };
    tokenize(page, &guard);
    guard.end();
    if let Some((what, at)) = guard.limit.get() {
        notes.push(Note::new("limit", format!("{what}: left out from byte {at} on")));
    }
    guard.builder.sink.finish()
}

/// Stands between tokenizer and tree builder and keeps the bounds.
struct Guard<'s> {
    builder: TreeBuilder<Handle, Sink<'s>>,
    tokens: Cell<u64>,
    skipped: Cell<u32>,
    limit: Cell<Option<(&'static str, u32)>>,
}

impl Guard<'_> {
    fn over(&self, what: &'static str) {
        if self.limit.get().is_none() {
            self.limit.set(Some((what, self.builder.sink.piece.get().0)));
        }
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
        let locator = || self.builder.sink.locator();
        match &token {
            Token::CharacterTokens(text) => locator().give(text, self.builder.sink.piece.get()),
            Token::NullCharacterToken => locator().give("\u{fffd}", self.builder.sink.piece.get()),
            _ => locator().flush(),
        }
        let is_text = matches!(token, Token::CharacterTokens(_) | Token::NullCharacterToken);
        if !end && self.is_full() {
            return TokenSinkResult::Continue;
        }
        let token = match token {
            Token::TagToken(tag) if self.too_deep(&tag) => return TokenSinkResult::Continue,
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
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Receiver for Guard<'_> {
    fn locate(&self, from: usize, to: usize) {
        self.builder.sink.piece.set((from as u32, to as u32));
    }

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

    fn pass_raw(&self, from: usize, to: usize) {
        if self.builder.sink.current_name() != "style" {
            self.builder.sink.append_raw(from, to);
        }
    }

    fn too_many_attributes(&self) {
        self.over("more than 256 attributes in a tag");
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
