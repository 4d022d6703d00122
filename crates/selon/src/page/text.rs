//! The report's text with its words marked: statements, figures, times, places, posts.
//!
//! Marks are spans of the stored text and may cross. They are turned into a tree of elements:
//! where one crosses the end of another it is cut in two, and only its first piece bears the
//! anchor. The words themselves are never changed, only masked (see `mask`).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use maud::{Markup, html};
use selon_model::{Block, BlockKind, DamageKind, Report, Span};

use super::layout::shown;
use super::mask::Mask;
use super::words::{Words, text_direction};

/// Elements inside one another at most; deeper marks are left out.
const DEEPEST: usize = 12;

/// What a mark is, with its index in the report's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Post(usize),
    Statement(usize),
    Source,
    Cue,
    Hedge,
    Figure(usize),
    Place(usize),
    Time(usize),
}

impl Mark {
    /// Anchor of its words, for those that have one.
    fn anchor(self) -> Option<String> {
        match self {
            Mark::Post(index) => Some(format!("w-p{}", index + 1)),
            Mark::Statement(index) => Some(format!("w-s{}", index + 1)),
            Mark::Figure(index) => Some(format!("w-f{}", index + 1)),
            Mark::Place(index) => Some(format!("w-l{}", index + 1)),
            Mark::Time(index) => Some(format!("w-t{}", index + 1)),
            Mark::Source | Mark::Cue | Mark::Hedge => None,
        }
    }
}

/// A mark on a stretch of the text; `last` on the piece that ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    span: Span,
    mark: Mark,
    last: bool,
}

impl Piece {
    fn key(&self) -> (u32, Reverse<u32>, Mark) {
        (self.span.start, Reverse(self.span.end), self.mark)
    }
}

impl PartialOrd for Piece {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Piece {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// A node of the tree: words, or a marked stretch with what is inside.
enum Node {
    Words(Span),
    Marked { piece: Piece, first: bool, inside: Vec<Node> },
}

/// Draws the text of one report.
pub(super) struct Article<'a> {
    report: &'a Report,
    mask: &'a Mask,
    words: &'a Words,
    marks: Vec<Piece>,
    /// What is left of marks that go beyond the block drawn last.
    carried: Vec<Piece>,
    /// Places where a boundary was put into run-together words.
    cuts: BTreeSet<u32>,
    anchored: BTreeSet<Mark>,
}

impl<'a> Article<'a> {
    pub(super) fn new(report: &'a Report, mask: &'a Mask, words: &'a Words) -> Self {
        let mut marks = Vec::new();
        let mut add = |span: Span, mark: Mark| {
            let words = span.of(&report.text.string);
            if !words.is_empty() {
                marks.push(Piece { span, mark, last: true });
            }
        };
        for (index, post) in report.posts.iter().enumerate() {
            if let Some(span) = post.span.or(post.text) {
                add(span, Mark::Post(index));
            }
        }
        for (index, statement) in report.statements.iter().enumerate() {
            add(statement.span, Mark::Statement(index));
            if let Some(source) = &statement.source {
                add(source.span, Mark::Source);
            }
            if let Some(cue) = &statement.cue {
                add(cue.span, Mark::Cue);
            }
            statement.hedges.iter().for_each(|hedge| add(hedge.span, Mark::Hedge));
        }
        for (index, figure) in report.figures.iter().enumerate() {
            add(figure.span, Mark::Figure(index));
        }
        for (index, place) in report.places.iter().enumerate() {
            add(place.span, Mark::Place(index));
        }
        for (index, time) in report.times.iter().enumerate() {
            add(time.span, Mark::Time(index));
        }
        marks.sort();
        marks.dedup();
        let cuts = report
            .posts
            .iter()
            .flat_map(|post| &post.damage)
            .filter(|damage| damage.kind == DamageKind::Glued)
            .flat_map(|damage| damage.cuts.iter().copied())
            .collect();
        Article { report, mask, words, marks, carried: Vec::new(), cuts, anchored: BTreeSet::new() }
    }

    /// Blocks in order, words outside all blocks included.
    pub(super) fn blocks(&mut self) -> Vec<(Option<&'a Block>, Span)> {
        let report = self.report;
        let mut all = Vec::new();
        let mut at = 0;
        let between = |from: u32, to: u32| {
            let gap = Span { start: from, end: to.max(from) }.trimmed(&report.text.string);
            (!gap.is_empty()).then_some((None, gap))
        };
        for block in &report.text.blocks {
            all.extend(between(at, block.span.start));
            all.push((Some(block), block.span));
            at = at.max(block.span.end);
        }
        all.extend(between(at, report.text.string.len() as u32));
        all
    }

    /// One block as an element of its kind; `top` for the block that is the page's heading.
    pub(super) fn block(&mut self, block: Option<&Block>, span: Span, top: bool) -> Markup {
        let nodes = self.tree(span);
        let inside = html! { @for node in &nodes { (self.node(node, false)) } };
        let lang = block.and_then(|block| block.lang.as_ref()).map(|lang| lang.as_str());
        let page = self.report.language.tag.as_ref().map(|tag| tag.as_str());
        let dir = text_direction(lang.or(page));
        let Some(kind) = block.map(|block| block.kind) else {
            return html! { p.outside dir=(dir) lang=[lang] { (inside) } };
        };
        match kind {
            BlockKind::Title if top => html! { h1 dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Title => html! { p.title dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Deck => html! { p.deck dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Heading => html! { h3 dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Quote => html! { blockquote dir=(dir) lang=[lang] { (inside) } },
            BlockKind::List => html! { p.list dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Table => html! { p.table dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Caption => html! { p.caption dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Post => html! { blockquote.post dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Byline | BlockKind::Dateline => html! { p.byline dir=(dir) lang=[lang] { (inside) } },
            BlockKind::Related | BlockKind::Boilerplate => {
                html! { p.aside dir=(dir) lang=[lang] { (inside) } }
            }
            BlockKind::Paragraph => html! { p dir=(dir) lang=[lang] { (inside) } },
        }
    }

    /// Anchors of marks that no block could show (no words, or too deep inside others), so that
    /// every link has somewhere to go. To be drawn behind the blocks.
    pub(super) fn rest(&self) -> Markup {
        let report = self.report;
        let posts = report.posts.iter().enumerate();
        let all = (0..report.statements.len())
            .map(Mark::Statement)
            .chain((0..report.figures.len()).map(Mark::Figure))
            .chain((0..report.places.len()).map(Mark::Place))
            .chain((0..report.times.len()).map(Mark::Time))
            .chain(
                posts
                    .filter(|(_, post)| post.span.or(post.text).is_some())
                    .map(|(index, _)| Mark::Post(index)),
            );
        html! {
            @for mark in all.filter(|mark| !self.anchored.contains(mark)) {
                span id=[mark.anchor()] {}
            }
        }
    }

    /// The marks of `span` as a tree.
    fn tree(&mut self, span: Span) -> Vec<Node> {
        let first = self.marks.partition_point(|piece| piece.span.start < span.start);
        let mut queue: BinaryHeap<Reverse<Piece>> = BinaryHeap::new();
        // Marks that began in an earlier block go on in this one.
        for mut piece in std::mem::take(&mut self.carried) {
            if piece.span.end > span.start {
                piece.span.start = piece.span.start.max(span.start);
                queue.push(Reverse(piece));
            }
        }
        for piece in &self.marks[first..] {
            if piece.span.start >= span.end {
                break;
            }
            queue.push(Reverse(*piece));
        }
        let nodes = self.level(&mut queue, span, 0);
        self.carried = queue.into_iter().map(|Reverse(piece)| piece).collect();
        nodes
    }

    /// Nodes of `outer`: what the queue holds inside it, and the words between.
    fn level(&mut self, queue: &mut BinaryHeap<Reverse<Piece>>, outer: Span, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = outer.start;
        let mut beyond = Vec::new();
        while let Some(Reverse(piece)) = queue.peek().copied() {
            if piece.span.start >= outer.end {
                break;
            }
            queue.pop();
            let mut piece = piece;
            if piece.span.start < at {
                // It crosses what was just closed: go on behind it.
                if piece.span.end <= at {
                    continue;
                }
                piece.span.start = at;
                queue.push(Reverse(piece));
                continue;
            }
            if piece.span.end > outer.end {
                let rest = Piece { span: Span { start: outer.end, end: piece.span.end }, ..piece };
                piece.span.end = outer.end;
                piece.last = false;
                beyond.push(rest);
            }
            if depth >= DEEPEST {
                continue;
            }
            if at < piece.span.start {
                nodes.push(Node::Words(Span { start: at, end: piece.span.start }));
            }
            let first = piece.mark.anchor().is_some() && self.anchored.insert(piece.mark);
            let inside = self.level(queue, piece.span, depth + 1);
            nodes.push(Node::Marked { piece, first, inside });
            at = piece.span.end;
        }
        if at < outer.end {
            nodes.push(Node::Words(Span { start: at, end: outer.end }));
        }
        queue.extend(beyond.into_iter().map(Reverse));
        nodes
    }

    fn node(&self, node: &Node, in_link: bool) -> Markup {
        let (piece, first, inside) = match node {
            Node::Words(span) => return self.plain(*span),
            Node::Marked { piece, first, inside } => (piece, *first, inside),
        };
        let id = first.then(|| piece.mark.anchor()).flatten();
        let link = matches!(piece.mark, Mark::Figure(_) | Mark::Place(_)) && !in_link;
        let body = html! { @for node in inside { (self.node(node, in_link || link)) } };
        // words that a mask hides leave nothing to click on
        let link = link && !body.0.is_empty();
        match piece.mark {
            Mark::Statement(index) => {
                let number = index + 1;
                html! {
                    span.s.(format!("ws{number}")) id=[id] { (body) }
                    @if piece.last && !in_link { (self.reference("s", number, "statement-at")) }
                }
            }
            Mark::Post(index) => {
                let number = index + 1;
                let lang = self.report.posts[index].language.as_ref().map(|lang| lang.as_str());
                html! {
                    span.pm.(format!("wp{number}")) id=[id] lang=[lang] { (body) }
                    @if piece.last && !in_link { (self.reference("p", number, "post-at")) }
                }
            }
            Mark::Figure(index) if link => {
                html! { a.f.(format!("wf{}", index + 1)) id=[id] href={ "#f" (index + 1) } { (body) } }
            }
            Mark::Figure(index) => html! { span.f.(format!("wf{}", index + 1)) id=[id] { (body) } },
            Mark::Place(index) if link => {
                html! { a.l id=[id] href={ "#l" (index + 1) } { (body) } }
            }
            Mark::Place(_) => html! { span.l id=[id] { (body) } },
            Mark::Time(_) => html! { span.t id=[id] { (body) } },
            Mark::Source => html! { span.so { (body) } },
            Mark::Cue => html! { span.cu { (body) } },
            Mark::Hedge => html! { span.he { (body) } },
        }
    }

    /// The small sign behind a statement or post that leads to its card.
    fn reference(&self, letter: &str, number: usize, key: &str) -> Markup {
        let id = format!("{letter}{number}");
        html! {
            sup { a.ref href={ "#" (id) } aria-label=(self.words.say_with(key, &[("id", &id)])) { (id) } }
        }
    }

    /// Words as stored: masked passages by their pseudonym, cuts marked.
    fn plain(&self, span: Span) -> Markup {
        let text = &self.report.text.string;
        let masked = self.mask.spans();
        let mut at = span.start;
        let mut index = masked.partition_point(|(masked, _)| masked.end <= span.start);
        html! {
            @while at < span.end {
                @match masked.get(index).filter(|(masked, _)| masked.start < span.end) {
                    Some((hidden, pseudonym)) => {
                        (self.with_cuts(Span { start: at, end: hidden.start.max(at) }, text))
                        // A passage that began in front of this stretch is already shown.
                        @if hidden.start >= span.start { bdi.mask lang=(self.words.lang()) { (pseudonym.say(self.words)) } }
                        ({ at = hidden.end.max(at); index += 1; "" })
                    }
                    None => {
                        (self.with_cuts(Span { start: at, end: span.end }, text))
                        ({ at = span.end; "" })
                    }
                }
            }
        }
    }

    fn with_cuts(&self, span: Span, text: &str) -> Markup {
        let mut at = span.start;
        html! {
            @for cut in self.cuts.range(span.start..span.end) {
                @if text.is_char_boundary(*cut as usize) {
                    (shown(Span { start: at, end: *cut }.of(text)))
                    span.cut aria-hidden="true" {}
                    ({ at = *cut; "" })
                }
            }
            (shown(Span { start: at, end: span.end }.of(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use selon_model::{Digest, Figure, Operator, Quantity, ReportId, RuleId, Text};

    use super::*;

    fn figure(start: usize, end: usize) -> Figure {
        Figure {
            span: Span::new(start, end),
            number: Vec::new(),
            quantity: Quantity { op: Operator::Equal, lower: None, upper: None },
            previous: None,
            share_of: None,
            unit: None,
            event: None,
            window: None,
            place: None,
            said_in: None,
            rule: RuleId::core("test"),
            confidence: 1.0,
        }
    }

    fn check(text: &str, figures: &[(usize, usize)], expected: &str) {
        let text = Text { string: text.to_owned(), blocks: Vec::new() };
        let mut report = Report::of_text(ReportId(Digest::of(b"")), text);
        report.figures = figures.iter().map(|(start, end)| figure(*start, *end)).collect();
        let mask = Mask::default();
        let words = Words::of("en").unwrap();
        let mut article = Article::new(&report, &mask, words);
        let blocks = article.blocks();
        let drawn: String =
            blocks.into_iter().map(|(block, span)| article.block(block, span, false).into_string()).collect();
        assert_eq!(drawn, expected);
    }

    #[test]
    fn crossing_marks_are_cut_in_two() {
        check(
            "abcdef",
            &[(0, 4), (2, 6)],
            "<p class=\"outside\" dir=\"auto\"><a class=\"f wf1\" id=\"w-f1\" href=\"#f1\">ab\
             <span class=\"f wf2\" id=\"w-f2\">cd</span></a><a class=\"f wf2\" href=\"#f2\">ef</a></p>",
        );
    }

    #[test]
    fn words_are_escaped_and_controls_shown() {
        check("a<b>\u{202e}c", &[], "<p class=\"outside\" dir=\"auto\">a&lt;b&gt;[U+202E]c</p>");
    }

    #[test]
    fn many_equal_marks_do_not_nest_without_end() {
        let figures = vec![(0, 3); 1000];
        let text = Text { string: "abc".to_owned(), blocks: Vec::new() };
        let mut report = Report::of_text(ReportId(Digest::of(b"")), text);
        report.figures = figures.iter().map(|(start, end)| figure(*start, *end)).collect();
        let mask = Mask::default();
        let mut article = Article::new(&report, &mask, Words::of("en").unwrap());
        let (block, span) = article.blocks()[0];
        assert!(article.block(block, span, false).into_string().matches("<a").count() == 1);
    }
}
