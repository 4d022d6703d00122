//! The words below an element as one string, with the links in them and where paragraphs end.

use selon_model::Span;

use crate::extract::arena::{Arena, NodeId};

/// A link inside a flow.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    /// Its words.
    pub(crate) span: Span,
    /// Its address, as written.
    pub(crate) href: String,
}

/// The words below an element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    /// ASCII white space collapsed; `br` and the ends of paragraphs are line breaks.
    pub(crate) text: String,
    /// Links in text order.
    pub(crate) anchors: Vec<Anchor>,
    /// Values of the first `lang` attribute and of the first `time[datetime]` below.
    pub(crate) lang: Option<String>,
    pub(crate) time: Option<String>,
    /// Words of the `p` elements.
    pub(crate) paragraphs: Vec<Span>,
}

/// Nodes looked at below one element: an embed has some dozens.
const NODES: usize = 4_000;
/// Bytes of words taken.
const BYTES: usize = 32_768;

impl Flow {
    /// Reads the words below `top`.
    pub(crate) fn of(arena: &Arena<'_>, top: NodeId) -> Flow {
        let mut flow = Flow::default();
        let mut open: Vec<(NodeId, usize)> = Vec::new();
        let mut next = arena.first_child(top);
        for _ in 0..NODES {
            let Some(node) = next else { break };
            if arena.is_text(node) {
                flow.push(arena.text(node));
            } else {
                flow.open(arena, node);
                open.push((node, flow.text.len()));
            }
            next = arena.first_child(node).filter(|_| !is_skipped(arena.name(node)));
            let mut at = node;
            while next.is_none() {
                if let Some((opened, start)) = open.pop_if(|(opened, _)| *opened == at) {
                    flow.close(arena, opened, start);
                }
                if let Some(sibling) = arena.next_sibling(at) {
                    next = Some(sibling);
                    break;
                }
                match arena.parent(at).filter(|parent| *parent != top) {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if next.is_none() || flow.text.len() > BYTES {
                break;
            }
        }
        while let Some((opened, start)) = open.pop() {
            flow.close(arena, opened, start);
        }
        flow.text.truncate(flow.text.trim_end().len());
        let length = flow.text.len() as u32;
        for span in flow.anchors.iter_mut().map(|anchor| &mut anchor.span).chain(&mut flow.paragraphs) {
            span.end = span.end.min(length);
            span.start = span.start.min(span.end);
        }
        flow
    }

    fn open(&mut self, arena: &Arena<'_>, node: NodeId) {
        if self.lang.is_none() {
            self.lang = arena.attribute(node, "lang").map(str::to_owned);
        }
        match arena.name(node) {
            "br" => self.break_line(),
            "time" if self.time.is_none() => {
                self.time = arena.attribute(node, "datetime").map(str::to_owned);
            }
            name if is_block(name) => self.break_line_once(),
            _ => {}
        }
    }

    fn close(&mut self, arena: &Arena<'_>, node: NodeId, start: usize) {
        let start = start.min(self.text.len());
        match arena.name(node) {
            "a" => {
                if let Some(href) = arena.attribute(node, "href") {
                    let words = Span::new(start, self.text.len()).trimmed(&self.text);
                    self.anchors.push(Anchor { span: words, href: href.trim().to_owned() });
                }
            }
            "p" => {
                self.paragraphs.push(Span::new(start, self.text.len()).trimmed(&self.text));
                self.break_line_once();
            }
            name if is_block(name) => self.break_line_once(),
            _ => {}
        }
    }

    fn push(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_ascii_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            } else {
                self.text.push(c);
            }
        }
    }

    fn break_line(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn break_line_once(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div" | "section" | "blockquote" | "li" | "ul" | "header" | "footer" | "h1" | "h2" | "h3"
    )
}

fn is_skipped(name: &str) -> bool {
    matches!(name, "script" | "style" | "svg" | "template" | "noscript")
}
