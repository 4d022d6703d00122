//! One walk over the tree: blocks of inline text with what is needed to judge them, and the
//! containers they lie in. No other pass touches all nodes for the sake of the body.

use std::cell::RefCell;

use selon_model::Span;

use super::arena::{Arena, NodeId};
use super::marks::{Classes, Marks};
use super::trace::Trace;
use crate::describe::PagePack;

/// The walk's result. Blocks are in document order, so a container's blocks are a range.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The text of all blocks, one after the other.
    pub(crate) text: String,
    /// Where it stands in the tree; only where asked for.
    pub(crate) trace: Option<Trace>,
    pub(crate) blocks: Vec<RawBlock>,
    pub(crate) containers: Vec<Container>,
    pub(crate) links: Vec<RawLink>,
    /// Elements that may hold a date, in document order, with the number of blocks before them.
    pub(crate) times: Vec<(NodeId, u32)>,
    /// Elements that call themselves a byline, with the number of blocks before them.
    pub(crate) bylines: Vec<(NodeId, u32)>,
    /// The containers that are figures.
    pub(crate) figures: std::collections::BTreeSet<u32>,
    /// Words inside blocks that are struck out.
    pub(crate) struck: Vec<Struck>,
    /// The text limit was reached.
    pub(crate) cut: bool,
}

/// Words that a page strikes out: they are none of the block's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck {
    /// The block that they stand in, or before.
    pub(crate) block: u32,
    /// Byte range of the page.
    pub(crate) source: (u32, u32),
    pub(crate) characters: u32,
}

/// What a block is in the markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `p`, or text on its own in a container.
    Paragraph,
    /// `h1` to `h6`.
    Heading(u8),
    /// Item of the list that is this container.
    Item(u32),
    /// Row of the data table that is this container.
    Row(u32),
    /// `pre`: lines are kept.
    Lines,
    /// Somebody else's words, claimed under this number; the block has no text of its own.
    Post(u32),
}

/// A maximal run of inline text inside one block-level container.
#[derive(Clone, Debug)]
pub(crate) struct RawBlock {
    /// Its bytes in [`Walked::text`].
    pub(crate) span: Span,
    pub(crate) shape: Shape,
    /// The innermost container.
    pub(crate) container: u32,
    /// Byte range of the page.
    pub(crate) source: (u32, u32),
    /// Marks of its own container and all above.
    pub(crate) marks: Marks,
    /// Inside a `blockquote`.
    pub(crate) quote: bool,
    /// Not shown to readers.
    pub(crate) hidden: bool,
    /// It stands in `p` itself.
    pub(crate) in_p: bool,
    pub(crate) characters: u32,
    pub(crate) words: u32,
    pub(crate) link_characters: u32,
    pub(crate) sentence_ends: u32,
    pub(crate) commas: u32,
    /// Ideographs and kana, which carry more than a letter.
    pub(crate) ideographs: u32,
}

impl RawBlock {
    /// Its words.
    pub(crate) fn text<'a>(&self, walked: &'a Walked) -> &'a str {
        self.span.of(&walked.text)
    }

    /// Share of characters inside links, 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        if self.characters == 0 { 0.0 } else { self.link_characters as f32 / self.characters as f32 }
    }

    /// Length in letters of alphabetic scripts: an ideograph counts for three.
    pub(crate) fn weight(&self) -> u32 {
        self.characters + 2 * self.ideographs
    }
}

/// A block-level element.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) parent: u32,
    /// What its own name and classes say.
    pub(crate) own: Marks,
    /// What its name and role alone say.
    pub(crate) named: Marks,
    /// The same, with all above.
    pub(crate) marks: Marks,
    /// Name and classes in short: like siblings have the same.
    pub(crate) signature: u64,
    /// It has a class.
    pub(crate) classed: bool,
    /// Its blocks.
    pub(crate) first: u32,
    pub(crate) end: u32,
}

/// A link in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawLink {
    pub(crate) node: NodeId,
    /// Its bytes in [`Walked::text`].
    pub(crate) span: Span,
}

/// What the name of an element means for the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Inline,
    Block,
    Paragraph,
    Heading(u8),
    List,
    Item,
    Table,
    Row,
    Cell,
    Quote,
    Pre,
    Break,
    Link,
    Bold,
    Quotation,
    Superscript,
    Struck,
    Time,
    Skip,
}

fn role(name: &str) -> (Role, Marks) {
    use Role::*;
    let none = Marks::default();
    match name {
        "p" => (Paragraph, none),
        "h1" => (Heading(1), none),
        "h2" => (Heading(2), none),
        "h3" => (Heading(3), none),
        "h4" => (Heading(4), none),
        "h5" => (Heading(5), none),
        "h6" => (Heading(6), none),
        "ul" | "ol" | "dl" => (List, none),
        "menu" => (List, Marks::NAVIGATION),
        "li" | "dt" | "dd" => (Item, none),
        "table" => (Table, none),
        "tr" => (Row, none),
        "td" | "th" => (Cell, none),
        "blockquote" => (Quote, none),
        "pre" | "listing" | "xmp" => (Pre, none),
        "br" => (Break, none),
        "a" => (Link, none),
        "b" | "strong" => (Bold, none),
        "q" => (Quotation, none),
        "sup" => (Superscript, none),
        "del" | "s" | "strike" => (Struck, none),
        "time" => (Time, none),
        "nav" => (Block, Marks::NAVIGATION),
        "footer" => (Block, Marks::FOOTER),
        "aside" => (Block, Marks::SIDEBAR),
        "form" => (Block, Marks::FORM),
        "fieldset" => (Block, Marks::FORM),
        "header" => (Block, Marks::HEADER),
        "article" => (Block, Marks::ARTICLE),
        "main" => (Block, Marks::MAIN),
        "figcaption" | "caption" => (Block, Marks::CAPTION),
        "address" => (Block, Marks::BYLINE),
        "div" | "section" | "body" | "html" | "figure" | "center" | "details" | "summary" | "hgroup"
        | "tbody" | "thead" | "tfoot" | "hr" | "legend" | "noframes" | "dir" | "dialog" => (Block, none),
        "template" => (Block, Marks::HIDDEN),
        "script" | "style" | "head" | "noscript" | "svg" | "math" | "select" | "textarea" | "iframe"
        | "object" | "embed" | "video" | "audio" | "canvas" | "map" | "datalist" | "rt" | "rp" | "button"
        | "input" | "option" | "title" | "meta" | "link" | "img" | "picture" | "source" | "frameset" => {
            (Skip, none)
        }
        _ => (Inline, none),
    }
}

/// Characters of all blocks together.
pub(crate) const TEXT_LIMIT: usize = 4 << 20;
/// Nodes looked at to tell a data table from a layout table.
const TABLE_NODES: usize = 1_000;
const NO_CONTAINER: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Frame {
    node: NodeId,
    role: Role,
    opened: bool,
    link: Option<usize>,
    state: State,
}

/// What children inherit.
#[derive(Clone, Copy)]
struct State {
    container: u32,
    marks: Marks,
    hidden: bool,
    /// Inside an inline element that nobody sees: its words are none of the block's.
    unseen: bool,
    /// Inside an element that strikes its words out.
    struck: bool,
    quote: bool,
    in_link: bool,
    lines: bool,
    shape: Shape,
    in_p: bool,
    /// Inside a data table: its rows are blocks, nothing else is.
    table: Option<u32>,
    cells: u32,
}

/// Walks the tree. `claim` is asked for each element, before it is entered, whether its words
/// are somebody else's (an embedded post): such an element is left alone, and a block with the
/// number that `claim` gave stands in its place. `traced`: keep where each character stands.
pub(crate) fn walk(
    arena: &Arena<'_>,
    pack: &PagePack,
    traced: bool,
    mut claim: impl FnMut(NodeId) -> Option<u32>,
) -> Walked {
    let roles: Vec<(Role, Marks)> = arena.names().map(role).collect();
    let mut walk = Walk {
        arena,
        pack,
        out: Walked { trace: traced.then(Trace::default), ..Walked::default() },
        current: Current { trace: traced.then(Trace::default), ..Current::default() },
        classes: RefCell::new(Classes::new(pack)),
    };
    let root = arena.root();
    let state = State {
        container: NO_CONTAINER,
        marks: Marks::default(),
        hidden: false,
        unseen: false,
        struck: false,
        quote: false,
        in_link: false,
        lines: false,
        shape: Shape::Paragraph,
        in_p: false,
        table: None,
        cells: 0,
    };
    let mut frames = vec![Frame { node: root, role: Role::Block, opened: false, link: None, state }];
    let mut next = arena.first_child(root);
    loop {
        let Some(node) = next else {
            // Everything below is done: leave.
            let Some(frame) = frames.pop() else { break };
            if frames.is_empty() {
                break;
            }
            walk.leave(&frame);
            next = arena.next_sibling(frame.node);
            continue;
        };
        let Some(parent) = frames.last() else { break };
        let mut state = parent.state;
        let Some(number) = arena.name_number(node) else {
            if arena.is_text(node) {
                walk.text(node, &state);
            }
            next = arena.next_sibling(node);
            continue;
        };
        if walk.out.text.len() + walk.current.text.len() > TEXT_LIMIT {
            walk.out.cut = true;
            break;
        }
        let (role, marks) = roles.get(number).copied().unwrap_or((Role::Inline, Marks::default()));
        if let Some(post) = claim(node) {
            walk.post(node, post, &state);
            next = arena.next_sibling(node);
            continue;
        }
        match role {
            Role::Skip => {
                next = arena.next_sibling(node);
                continue;
            }
            Role::Break => {
                walk.line_break(&state);
                next = arena.next_sibling(node);
                continue;
            }
            _ => {}
        }
        let (opened, link) = walk.enter(node, role, marks, &mut state);
        frames.push(Frame { node, role, opened, link, state });
        next = arena.first_child(node);
    }
    walk.flush();
    let blocks = walk.out.blocks.len() as u32;
    for container in &mut walk.out.containers {
        container.end = container.end.min(blocks);
    }
    walk.out
}

/// The block that is being written.
#[derive(Default)]
struct Current {
    text: String,
    state: Option<State>,
    source: Option<(u32, u32)>,
    link_characters: u32,
    links: Vec<(usize, RawLink)>,
    breaks: u32,
    space: bool,
    /// Where the white space stands that `space` tells of.
    space_at: Option<(usize, usize)>,
    trace: Option<Trace>,
}

impl Current {
    /// White space was met at `at` of the text of the tree.
    fn meet_space(&mut self, at: usize) {
        if self.space
            && let Some((_, to)) = &mut self.space_at
            && *to == at
        {
            *to += 1;
        } else if !self.space {
            self.space_at = Some((at, at + 1));
        }
        self.space = true;
    }

    /// The border of an element stands for white space.
    fn border(&mut self) {
        if !self.space {
            self.space_at = None;
        }
        self.space = true;
    }

    fn push_made(&mut self, c: char) {
        if let Some(trace) = &mut self.trace {
            trace.made(self.text.len());
        }
        self.text.push(c);
    }

    fn push_space(&mut self, arena: &Arena<'_>) {
        if let Some(trace) = &mut self.trace {
            trace.space(self.text.len(), self.space_at, arena);
        }
        self.text.push(' ');
    }
}

struct Walk<'a, 's> {
    arena: &'a Arena<'s>,
    pack: &'a PagePack,
    out: Walked,
    current: Current,
    classes: RefCell<Classes<'a>>,
}

impl Walk<'_, '_> {
    /// Whether a link leads to the page of an author of the site.
    fn leads_to_author(&self, node: NodeId) -> bool {
        let href = self.arena.attribute(node, "href").unwrap_or("");
        let path = href.split(['?', '#']).next().unwrap_or("");
        let folders = path.trim_end_matches('/').rsplit_once('/').map_or("", |(folders, _)| folders);
        path.len() <= 300
            && folders.split('/').any(|part| self.pack.author_paths.iter().any(|known| known == part))
    }

    /// Enters an element. Gives whether it is a container, and the number of its link.
    fn enter(&mut self, node: NodeId, role: Role, marks: Marks, state: &mut State) -> (bool, Option<usize>) {
        let block_level = !matches!(
            role,
            Role::Inline
                | Role::Link
                | Role::Bold
                | Role::Quotation
                | Role::Superscript
                | Role::Struck
                | Role::Time
        );
        let own = self.marks(node, marks);
        if role == Role::Time || own.has(Marks::DATELINE) || self.arena.attribute(node, "itemprop").is_some()
        {
            self.out.times.push((node, self.out.blocks.len() as u32));
        }
        if own.has(Marks::BYLINE)
            || self.arena.attribute(node, "rel") == Some("author")
            || (role == Role::Link && self.leads_to_author(node))
        {
            self.out.bylines.push((node, self.out.blocks.len() as u32));
        }
        if !block_level {
            if own.has(Marks::HIDDEN) || (role == Role::Superscript && self.is_note_mark(node)) {
                state.unseen = true;
            }
            if role == Role::Superscript {
                self.raise(node, state);
            }
            state.struck |= role == Role::Struck;
            if role == Role::Quotation && !state.unseen {
                self.push_made('“', state);
            }
            // A heading that links to its place on the page leads nowhere.
            let own_place = role == Role::Link
                && matches!(state.shape, Shape::Heading(_))
                && self.arena.attribute(node, "href").is_some_and(names_a_place);
            let link = (role == Role::Link && !state.in_link && !own_place).then(|| {
                state.in_link = true;
                let at = self.current.text.len();
                self.current.links.push((at, RawLink { node, span: Span::new(at, at) }));
                self.current.links.len() - 1
            });
            return (false, link);
        }
        if let Some(table) = state.table {
            // Cells and rows of a data table; anything block-level inside a cell is a space.
            match role {
                Role::Row => {
                    self.flush();
                    state.cells = 0;
                    state.shape = Shape::Row(table);
                }
                Role::Cell => self.cell(state),
                _ => self.current.border(),
            }
            return (false, None);
        }
        self.flush();
        let number = self.out.containers.len() as u32;
        state.marks |= own;
        // A block inside an unseen element is a hidden block, and told as one.
        state.hidden |= own.has(Marks::HIDDEN) || state.unseen;
        state.unseen = false;
        self.out.containers.push(Container {
            parent: state.container,
            own,
            named: marks,
            marks: state.marks,
            signature: signature(self.arena, node),
            classed: self.arena.attribute(node, "class").is_some_and(|class| !class.trim().is_empty()),
            first: self.out.blocks.len() as u32,
            end: u32::MAX,
        });
        if self.arena.name(node) == "figure" {
            self.out.figures.insert(number);
        }
        state.container = number;
        state.in_p = role == Role::Paragraph;
        match role {
            Role::Heading(level) => state.shape = Shape::Heading(level),
            Role::Item => {
                let list = self.out.containers[number as usize].parent;
                state.shape = Shape::Item(if list == NO_CONTAINER { number } else { list });
            }
            Role::Quote => state.quote = true,
            Role::Pre => {
                state.lines = true;
                state.shape = Shape::Lines;
            }
            Role::Table if self.is_data_table(node) => state.table = Some(number),
            Role::Cell | Role::Block if !matches!(state.shape, Shape::Item(_) | Shape::Lines) => {
                state.shape = Shape::Paragraph;
            }
            _ => {}
        }
        (true, None)
    }

    fn leave(&mut self, frame: &Frame) {
        match frame.role {
            Role::Quotation if !frame.state.unseen => self.push_made('”', &frame.state),
            Role::Row if frame.state.table.is_some() => self.flush(),
            _ => {}
        }
        if let Some(link) = frame.link {
            let end = self.current.text.len();
            if let Some((_, found)) = self.current.links.get_mut(link) {
                found.span = Span::new(found.span.from(), end);
            }
        }
        if frame.opened {
            self.flush();
            let blocks = self.out.blocks.len() as u32;
            self.out.containers[frame.state.container as usize].end = blocks;
        } else if frame.state.table.is_some() && !matches!(frame.role, Role::Inline | Role::Link | Role::Bold)
        {
            self.current.border();
        }
    }

    fn of_class(&self, value: &str) -> Marks {
        self.classes.borrow_mut().marks(value)
    }

    /// What the element's name, role, classes and attributes say.
    fn marks(&self, node: NodeId, named: Marks) -> Marks {
        let mut marks = named;
        for (name, value) in self.arena.attributes(node) {
            match name {
                "class" if value.contains(':') || value.contains("-md-") || value.contains("-lg-") => {
                    // Shown at some widths.
                    marks |= self.of_class(value).without(Marks::HIDDEN);
                }
                "class" | "id" | "data-testid" | "data-component" | "data-module" | "data-type" => {
                    marks |= self.of_class(value);
                }
                "hidden" => marks |= Marks::HIDDEN,
                "style" if hides(value) => marks |= Marks::HIDDEN,
                "role" => {
                    marks |= match value {
                        "navigation" | "menu" | "menubar" => Marks::NAVIGATION,
                        "complementary" => Marks::SIDEBAR,
                        "contentinfo" => Marks::FOOTER,
                        "search" | "dialog" | "alertdialog" | "toolbar" => Marks::INTERFACE,
                        "main" => Marks::MAIN,
                        "article" => Marks::ARTICLE,
                        _ => Marks::default(),
                    }
                }
                "itemprop" => {
                    marks |= match value {
                        "articleBody" => Marks::BODY,
                        "headline" | "name" => Marks::TITLE,
                        "description" => Marks::DECK,
                        "caption" => Marks::CAPTION,
                        "comment" => Marks::COMMENTS,
                        // Data that a style sheet hides.
                        "publisher" | "logo" | "width" | "height" | "url" | "mainEntityOfPage"
                        | "thumbnailUrl" | "keywords" | "inLanguage" => Marks::INTERFACE,
                        "author" => Marks::BYLINE,
                        "datePublished" | "dateModified" | "dateCreated" => Marks::DATELINE,
                        _ => Marks::default(),
                    }
                }
                _ => {}
            }
        }
        // The classes of an article speak of what it is about and of what is inside it.
        if named.has(Marks::ARTICLE | Marks::MAIN) {
            marks = marks.without(
                Marks::TAGS
                    | Marks::DATELINE
                    | Marks::BYLINE
                    | Marks::CAPTION
                    | Marks::GALLERY
                    | Marks::COPYRIGHT
                    | Marks::SHARE
                    | Marks::PAYWALL
                    | Marks::INTERFACE,
            );
        }
        // The classes of `html` and `body` speak of the whole page, not of its text.
        if matches!(self.arena.name(node), "html" | "body") { Marks::default() } else { marks }
    }

    /// Whether a superscript is the mark of a note: a link to a place of the same page.
    fn is_note_mark(&self, node: NodeId) -> bool {
        let above = self.arena.parent(node).into_iter();
        let links = self.arena.children(node).take(4).chain(above);
        links
            .filter(|link| self.arena.name(*link) == "a")
            .any(|link| self.arena.attribute(link, "href").is_some_and(|href| href.trim().starts_with('#')))
    }

    /// A raised digit behind a digit is no digit of the same number: `^` stands between.
    fn raise(&mut self, node: NodeId, state: &State) {
        let digit = |text: Option<char>| text.is_some_and(|c| c.is_numeric());
        let raised = self.arena.text_content(node);
        if !state.unseen
            && !self.current.space
            && digit(self.current.text.chars().next_back())
            && digit(raised.trim_start().chars().next())
        {
            self.current.push_made('^');
        }
    }

    fn text(&mut self, node: NodeId, state: &State) {
        let text = self.arena.text(node);
        // A colon that only a screen reader says parts what stands in two lines.
        if state.unseen && text.contains(char::is_alphanumeric) {
            return;
        }
        if state.struck && !state.hidden {
            let characters = text.chars().filter(|c| !c.is_whitespace()).count() as u32;
            if characters > 0 {
                let (block, source) = (self.out.blocks.len() as u32, self.arena.source(node));
                self.out.struck.push(Struck { block, source, characters });
                self.current.border();
            }
            return;
        }
        let current = &mut self.current;
        let before = current.text.len();
        let start = self.arena.text_start(node);
        for (at, c) in text.char_indices() {
            match c {
                '\n' if state.lines => {
                    if let Some(trace) = &mut current.trace {
                        trace.text(current.text.len(), start + at, 1);
                    }
                    current.text.push('\n');
                    current.space = false;
                }
                c if c.is_ascii_whitespace() => current.meet_space(start + at),
                '\u{ad}' | '\u{200b}' | '\u{feff}' => {
                    if let Some(trace) = &mut current.trace {
                        trace.removed(current.text.len(), start + at, c.len_utf8());
                    }
                }
                c => {
                    if current.breaks > 0 {
                        if !current.text.is_empty() {
                            current.push_made('\n');
                        }
                        current.breaks = 0;
                    } else if current.space
                        && !current.text.is_empty()
                        && !current.text.ends_with(['\n', '\t'])
                    {
                        current.push_space(self.arena);
                    }
                    current.space = false;
                    if let Some(trace) = &mut current.trace {
                        trace.text(current.text.len(), start + at, c.len_utf8());
                    }
                    current.text.push(c);
                }
            }
        }
        if current.text.len() == before {
            return;
        }
        let added = current.text[before..].chars().count() as u32;
        if state.in_link {
            current.link_characters += added;
        }
        let (from, to) = self.arena.source(node);
        let source = current.source.get_or_insert((from, to));
        source.0 = source.0.min(from);
        source.1 = source.1.max(to);
        let first = current.state.is_none();
        if first || (!state.hidden && current.state.is_some_and(|old| old.hidden)) {
            current.state = Some(*state);
        }
    }

    /// A character that is not in the page: the marks that `q` stands for.
    fn push_made(&mut self, c: char, state: &State) {
        if self.current.space && !self.current.text.is_empty() && c == '“' {
            self.current.push_space(self.arena);
            self.current.space = false;
        }
        self.current.push_made(c);
        self.current.state.get_or_insert(*state);
    }

    /// One `br` is a line break, two are a new paragraph.
    fn line_break(&mut self, state: &State) {
        self.current.space = false;
        self.current.breaks += 1;
        if state.table.is_some() {
            self.current.breaks = 0;
            self.current.border();
        } else if self.current.breaks >= 2 {
            self.flush();
        }
    }

    fn cell(&mut self, state: &mut State) {
        if state.cells > 0 || !self.current.text.is_empty() {
            self.current.push_made('\t');
        }
        self.current.space = false;
        state.cells += 1;
    }

    /// A block in the place of a claimed element.
    fn post(&mut self, node: NodeId, post: u32, state: &State) {
        self.flush();
        let at = self.out.text.len();
        self.out.blocks.push(RawBlock {
            span: Span::new(at, at),
            shape: Shape::Post(post),
            container: state.container,
            source: self.arena.source(node),
            marks: state.marks,
            quote: state.quote,
            hidden: state.hidden,
            in_p: false,
            characters: 0,
            words: 0,
            link_characters: 0,
            sentence_ends: 0,
            commas: 0,
            ideographs: 0,
        });
    }

    /// Ends the current block and keeps it where it has words.
    fn flush(&mut self) {
        self.current.breaks = 0;
        self.current.space = false;
        let current = &mut self.current;
        let end = current.text.trim_end_matches([' ', '\n', '\t']).len();
        let start = current.text.len() - current.text.trim_start_matches(['\n', '\t']).len();
        if start >= end {
            current.text.clear();
            if let Some(trace) = &mut current.trace {
                trace.clear();
            }
            current.links.clear();
            current.source = None;
            current.state = None;
            current.link_characters = 0;
            return;
        }
        let words = &current.text[start..end];
        let from = self.out.text.len();
        self.out.text.push_str(words);
        let span = Span::new(from, from + words.len());
        if let (Some(trace), Some(whole)) = (&mut current.trace, &mut self.out.trace) {
            whole.extend(trace, Span::new(start, end), from);
            trace.clear();
        }
        for (_, mut link) in current.links.drain(..) {
            let link_start = link.span.from().clamp(start, end) - start + from;
            let link_end = link.span.to().clamp(start, end) - start + from;
            link.span = Span::new(link_start, link_end.max(link_start)).trimmed(&self.out.text);
            self.out.links.push(link);
        }
        if let Some(state) = current.state {
            let counts = count(words);
            self.out.blocks.push(RawBlock {
                span,
                shape: state.shape,
                container: state.container,
                source: current.source.unwrap_or((0, 0)),
                marks: state.marks,
                quote: state.quote,
                hidden: state.hidden,
                in_p: state.in_p,
                characters: counts.characters,
                words: counts.words,
                link_characters: current.link_characters.min(counts.characters),
                sentence_ends: counts.sentence_ends,
                commas: counts.commas,
                ideographs: counts.ideographs,
            });
        }
        current.text.clear();
        current.source = None;
        current.state = None;
        current.link_characters = 0;
    }

    /// A table of data: no table inside, several rows and columns, short cells without
    /// paragraphs.
    fn is_data_table(&self, table: NodeId) -> bool {
        if self.arena.attribute(table, "role") == Some("presentation") {
            return false;
        }
        let (mut rows, mut cells, mut paragraphs, mut characters) = (0usize, 0usize, 0usize, 0usize);
        for (seen, node) in self.arena.descendants(table).enumerate() {
            if seen > TABLE_NODES {
                break;
            }
            match self.arena.name(node) {
                "" => characters += self.arena.text(node).trim().len(),
                "tr" => rows += 1,
                "td" | "th" => cells += 1,
                "table" | "h1" | "h2" | "form" | "iframe" | "article" | "section" => return false,
                "p" | "div" | "ul" | "h3" | "blockquote" => paragraphs += 1,
                _ => {}
            }
        }
        rows >= 2 && cells >= 2 * rows && paragraphs * 2 <= cells && characters < cells * 120
    }
}

/// A digest (FNV-1a) of the name and the first class.
fn signature(arena: &Arena<'_>, node: NodeId) -> u64 {
    let class =
        arena.attribute(node, "class").and_then(|list| list.split_ascii_whitespace().next()).unwrap_or("");
    let bytes = arena.name(node).bytes().chain(std::iter::once(0)).chain(class.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether an address names a place on a page: "#post-2", "/live/bridge?post=2#post-2".
fn names_a_place(href: &str) -> bool {
    href.split_once('#').is_some_and(|(_, place)| !place.is_empty())
}

/// Whether an inline style hides its element.
fn hides(style: &str) -> bool {
    let squeezed: String = style
        .chars()
        .take(400)
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    squeezed.contains("display:none") || squeezed.contains("visibility:hidden")
}

#[derive(Default)]
struct Counts {
    characters: u32,
    words: u32,
    sentence_ends: u32,
    commas: u32,
    ideographs: u32,
}

fn count(words: &str) -> Counts {
    let mut counts = Counts::default();
    let mut in_word = false;
    let mut stop = false;
    for c in words.chars() {
        counts.characters += 1;
        let letter = c.is_alphanumeric();
        if letter && !in_word {
            counts.words += 1;
        }
        in_word = letter;
        if stop && (c.is_whitespace() || matches!(c, '"' | '»' | '”' | '’' | ')' | '\'' | ']')) {
            counts.sentence_ends += 1;
        }
        stop = false;
        match c {
            '.' | '!' | '?' | '…' | '؟' | '۔' | ';' => stop = true,
            // Ideographic, Devanagari and Bengali, Ethiopic, Armenian, Khmer.
            '。' | '！' | '？' | '।' | '॥' | '።' | '։' | '។' => counts.sentence_ends += 1,
            ',' | '،' | '、' | '，' | '؛' | '；' => counts.commas += 1,
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => {
                counts.ideographs += 1
            }
            _ => {}
        }
    }
    counts.sentence_ends += u32::from(stop);
    counts
}
