//! The tree of a page: nodes in one vector, linked by numbers.
//!
//! Text keeps the byte range of the page it was read from. Comments, doctypes and the bodies of
//! style sheets are not kept; the bodies of scripts are ranges of the page, not copies.

use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::collections::HashMap;
use std::fmt;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::locate::{Locator, Piece};

/// Number of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

const NONE: u32 = u32::MAX;
/// Different element names kept apart; all further ones share the last number.
const NAMES: usize = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Document,
    /// Number of the name; index of the attributes.
    Element(u16, u32),
    /// Range of the text buffer.
    Text(u32, u32),
    /// Range of the page: body of a script or of `noscript`.
    Raw(u32, u32),
    /// Comments and the like: nothing to read.
    Nothing,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    content: Content,
    parent: u32,
    first: u32,
    last: u32,
    prev: u32,
    next: u32,
    depth: u16,
    source: (u32, u32),
}

/// The tree of one page.
pub(crate) struct Arena<'s> {
    page: &'s str,
    nodes: Vec<Node>,
    attributes: Vec<Vec<Attribute>>,
    text: String,
    pieces: Vec<Piece>,
    names: Vec<QualName>,
}

impl<'s> Arena<'s> {
    /// The document itself.
    pub(crate) fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Number of nodes.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Name of an element, in lower case; empty for text.
    pub(crate) fn name(&self, node: NodeId) -> &str {
        match self.nodes[node.index()].content {
            Content::Element(name, _) => &self.names[name as usize].local,
            _ => "",
        }
    }

    /// Whether it is an element.
    #[cfg(test)]
    pub(crate) fn is_element(&self, node: NodeId) -> bool {
        matches!(self.nodes[node.index()].content, Content::Element(..))
    }

    /// Whether it is text that readers see.
    pub(crate) fn is_text(&self, node: NodeId) -> bool {
        matches!(self.nodes[node.index()].content, Content::Text(..))
    }

    /// Number of the element's name, for tables; `None` for text.
    pub(crate) fn name_number(&self, node: NodeId) -> Option<usize> {
        match self.nodes[node.index()].content {
            Content::Element(name, _) => Some(name as usize),
            _ => None,
        }
    }

    /// The names that [`Arena::name_number`] numbers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &*name.local)
    }

    /// Value of an attribute.
    pub(crate) fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        self.attributes(node).find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// All attributes of an element, as names and values.
    pub(crate) fn attributes(&self, node: NodeId) -> impl Iterator<Item = (&str, &str)> {
        let list: &[Attribute] = match self.nodes[node.index()].content {
            Content::Element(_, list) if list != NONE => &self.attributes[list as usize],
            _ => &[],
        };
        list.iter().map(|attribute| (&*attribute.name.local, &*attribute.value))
    }

    /// Whether `class` is one of the element's classes (ASCII case aside).
    pub(crate) fn has_class(&self, node: NodeId, class: &str) -> bool {
        self.attribute(node, "class")
            .is_some_and(|list| list.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(class)))
    }

    /// The node above.
    pub(crate) fn parent(&self, node: NodeId) -> Option<NodeId> {
        some(self.nodes[node.index()].parent)
    }

    /// The first node below.
    pub(crate) fn first_child(&self, node: NodeId) -> Option<NodeId> {
        some(self.nodes[node.index()].first)
    }

    /// The next node beside.
    pub(crate) fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        some(self.nodes[node.index()].next)
    }

    /// The nodes right below, in order.
    pub(crate) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(node), |child| self.next_sibling(*child))
    }

    /// All nodes below, in document order.
    pub(crate) fn descendants(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(node), move |at| self.following(*at, node))
    }

    /// The node after `at` in document order, inside `top`.
    fn following(&self, at: NodeId, top: NodeId) -> Option<NodeId> {
        self.first_child(at).or_else(|| self.after(at, top))
    }

    /// The node after `at` and all that is below it, inside `top`.
    pub(crate) fn after(&self, at: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = at;
        loop {
            if at == top {
                return None;
            }
            if let Some(next) = self.next_sibling(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
    }

    /// The text of a text node, or the body of a script; empty for elements.
    pub(crate) fn text(&self, node: NodeId) -> &str {
        match self.nodes[node.index()].content {
            Content::Text(from, to) => self.text.get(from as usize..to as usize).unwrap_or(""),
            Content::Raw(from, to) => self.page.get(from as usize..to as usize).unwrap_or(""),
            _ => "",
        }
    }

    /// The body of a script or `noscript`: its text as it stands in the page.
    pub(crate) fn raw_text(&self, node: NodeId) -> &str {
        self.first_child(node).map_or("", |child| self.text(child))
    }

    /// Where that text begins in the page.
    pub(crate) fn raw_start(&self, node: NodeId) -> usize {
        let content = self.first_child(node).map(|child| &self.nodes[child.index()].content);
        if let Some(Content::Raw(from, _)) = content { *from as usize } else { 0 }
    }

    /// The words below a node as a reader sees them: `br` is a line break, block-level elements
    /// break lines, white space is collapsed, scripts are left out.
    pub(crate) fn text_content(&self, node: NodeId) -> String {
        let mut out = String::new();
        if self.is_text(node) {
            push_collapsed(&mut out, self.text(node));
        }
        for at in self.descendants(node) {
            match self.nodes[at.index()].content {
                Content::Text(..) => push_collapsed(&mut out, self.text(at)),
                Content::Element(..) => {
                    let name = self.name(at);
                    let breaks = matches!(
                        name,
                        "br" | "p" | "div" | "li" | "tr" | "section" | "blockquote" | "h1" | "h2" | "h3"
                    );
                    if breaks && !out.is_empty() {
                        while out.ends_with(' ') {
                            out.pop();
                        }
                        if name == "br" || !out.ends_with('\n') {
                            out.push('\n');
                        }
                    }
                }
                _ => {}
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Byte range of the page a text node was read from.
    pub(crate) fn source(&self, node: NodeId) -> (u32, u32) {
        self.nodes[node.index()].source
    }

    /// Where the text of a text node begins in the text of the tree.
    pub(crate) fn text_start(&self, node: NodeId) -> usize {
        match self.nodes[node.index()].content {
            Content::Text(from, _) => from as usize,
            _ => 0,
        }
    }

    /// A range of the text of the tree.
    pub(crate) fn buffer(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or("")
    }

    /// The pieces that make up a range of the text of the tree, each with what of the range it is.
    pub(crate) fn pieces(&self, from: usize, to: usize) -> impl Iterator<Item = (Piece, usize, usize)> + '_ {
        let first = self.pieces.partition_point(|piece| piece.out as usize <= from).saturating_sub(1);
        let rest = self.pieces.get(first..).unwrap_or(&[]);
        rest.iter().enumerate().take_while(move |(_, piece)| (piece.out as usize) < to).map(
            move |(index, piece)| {
                let next = rest.get(index + 1).map_or(self.text.len(), |next| next.out as usize);
                (*piece, from.max(piece.out as usize), next.min(to))
            },
        )
    }

    /// The bytes of the page that a range of the text of the tree came from, up to the first that
    /// do not stand side by side.
    pub(crate) fn range_of(&self, from: usize, to: usize) -> (u64, u64) {
        let mut range: Option<(u64, u64)> = None;
        for (piece, start, end) in self.pieces(from, to) {
            let mut source = (u64::from(piece.source.0), u64::from(piece.source.1));
            if piece.kind == selon_model::RunKind::Verbatim {
                source.0 += (start - piece.out as usize) as u64;
                source.1 = source.0 + (end - start) as u64;
            }
            match &mut range {
                None => range = Some(source),
                Some(range) if range.1 == source.0 => range.1 = source.1,
                Some(_) => break,
            }
        }
        range.unwrap_or_default()
    }
}

/// Appends `text` with its white space collapsed; none at the beginning of a line.
fn push_collapsed(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_ascii_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
}

fn some(number: u32) -> Option<NodeId> {
    (number != NONE).then_some(NodeId(number))
}

/// What the tree builder knows a node by. The name travels with the number, so that asking for
/// it borrows nothing that a later call changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle {
    node: u32,
    name: u16,
}

/// A name as the tree builder asks for it.
#[derive(Debug)]
pub(super) struct NameRef<'a>(&'a QualName);

impl ElemName for NameRef<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// Builds an [`Arena`] from what the tree builder says.
pub(super) struct Sink<'s> {
    page: &'s str,
    names: Vec<OnceCell<QualName>>,
    inner: RefCell<Inner<'s>>,
    /// The range of the page that is being parsed.
    pub(super) piece: Cell<(u32, u32)>,
    /// Steps spent on moving nodes: bounds what mismatched tags can cost.
    pub(super) moves: Cell<u64>,
    current: Cell<u32>,
}

struct Inner<'s> {
    nodes: Vec<Node>,
    attributes: Vec<Vec<Attribute>>,
    text: String,
    locator: Locator<'s>,
    numbers: HashMap<QualName, u16>,
}

impl<'s> Sink<'s> {
    pub(super) fn new(page: &'s str) -> Self {
        let mut names = Vec::new();
        names.resize_with(NAMES, OnceCell::new);
        let root = node(Content::Document, (0, 0));
        let inner = Inner {
            nodes: vec![root],
            attributes: Vec::new(),
            text: String::with_capacity(page.len() / 4),
            locator: Locator::new(page),
            numbers: HashMap::default(),
        };
        Sink {
            page,
            names,
            inner: RefCell::new(inner),
            piece: Cell::new((0, 0)),
            moves: Cell::new(0),
            current: Cell::new(0),
        }
    }

    /// Number of nodes so far.
    pub(super) fn len(&self) -> usize {
        self.inner.borrow().nodes.len()
    }

    /// What follows the text through the page.
    pub(super) fn locator(&self) -> RefMut<'_, Locator<'s>> {
        RefMut::map(self.inner.borrow_mut(), |inner| &mut inner.locator)
    }

    /// Depth of the element that is open.
    pub(super) fn depth(&self) -> u16 {
        self.inner.borrow().nodes[self.current.get() as usize].depth
    }

    /// An end tag was read: the element it closes is no longer open. The tree builder does not
    /// tell of every element it closes, so this follows the parents.
    pub(super) fn close(&self, name: &LocalName) {
        let inner = self.inner.borrow();
        let mut at = self.current.get();
        while at != NONE {
            let node = &inner.nodes[at as usize];
            if let Content::Element(number, _) = node.content
                && self.names[number as usize].get().is_some_and(|found| found.local == *name)
            {
                self.current.set(if node.parent == NONE { 0 } else { node.parent });
                return;
            }
            at = node.parent;
        }
    }

    /// Name of the element that is open.
    pub(super) fn current_name(&self) -> &str {
        match self.inner.borrow().nodes[self.current.get() as usize].content {
            Content::Element(name, _) => self.names[name as usize].get().map_or("", |name| &*name.local),
            _ => "",
        }
    }

    /// Gives the open element a range of the page as its text, unparsed.
    pub(super) fn append_raw(&self, from: usize, to: usize) {
        let mut inner = self.inner.borrow_mut();
        let range = (from as u32, to as u32);
        let child = inner.push(node(Content::Raw(range.0, range.1), range));
        inner.link_last(self.current.get(), child);
    }
}

fn node(content: Content, source: (u32, u32)) -> Node {
    Node { content, parent: NONE, first: NONE, last: NONE, prev: NONE, next: NONE, depth: 0, source }
}

impl Inner<'_> {
    fn push(&mut self, node: Node) -> u32 {
        let number = self.nodes.len() as u32;
        self.nodes.push(node);
        number
    }

    fn link_last(&mut self, parent: u32, child: u32) {
        let last = self.nodes[parent as usize].last;
        let depth = self.nodes[parent as usize].depth.saturating_add(1);
        let node = &mut self.nodes[child as usize];
        node.parent = parent;
        node.prev = last;
        node.next = NONE;
        node.depth = depth;
        match last {
            NONE => self.nodes[parent as usize].first = child,
            last => self.nodes[last as usize].next = child,
        }
        self.nodes[parent as usize].last = child;
    }

    fn link_before(&mut self, sibling: u32, child: u32) {
        let Node { parent, prev, depth, .. } = self.nodes[sibling as usize];
        let node = &mut self.nodes[child as usize];
        node.parent = parent;
        node.prev = prev;
        node.next = sibling;
        node.depth = depth;
        self.nodes[sibling as usize].prev = child;
        match prev {
            NONE if parent != NONE => self.nodes[parent as usize].first = child,
            NONE => {}
            prev => self.nodes[prev as usize].next = child,
        }
    }

    fn unlink(&mut self, child: u32) {
        let Node { parent, prev, next, .. } = self.nodes[child as usize];
        match prev {
            NONE if parent != NONE => self.nodes[parent as usize].first = next,
            NONE => {}
            prev => self.nodes[prev as usize].next = next,
        }
        match next {
            NONE if parent != NONE => self.nodes[parent as usize].last = prev,
            NONE => {}
            next => self.nodes[next as usize].prev = prev,
        }
        let node = &mut self.nodes[child as usize];
        (node.parent, node.prev, node.next) = (NONE, NONE, NONE);
    }

    /// Adds text after the node `before` where that is the text written last; else as a new node.
    fn text_node(&mut self, before: u32, text: &str) -> Option<u32> {
        let from = self.text.len() as u32;
        let source = self.locator.place(text, from);
        self.text.push_str(text);
        let to = self.text.len() as u32;
        if let Some(node) = self.nodes.get_mut(before as usize)
            && let Content::Text(start, end) = node.content
            && end == from
        {
            node.content = Content::Text(start, to);
            node.source.1 = node.source.1.max(source.1);
            return None;
        }
        Some(self.push(node(Content::Text(from, to), source)))
    }
}

impl<'s> TreeSink for Sink<'s> {
    type Handle = Handle;
    type Output = Arena<'s>;
    type ElemName<'a>
        = NameRef<'a>
    where
        Self: 'a;

    fn finish(self) -> Arena<'s> {
        let inner = self.inner.into_inner();
        let names = self.names.into_iter().map_while(OnceCell::into_inner).collect();
        Arena {
            page: self.page,
            nodes: inner.nodes,
            attributes: inner.attributes,
            text: inner.text,
            pieces: inner.locator.finish(),
            names,
        }
    }

    fn parse_error(&self, _message: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { node: 0, name: 0 }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> NameRef<'a> {
        let name = self.names[target.name as usize].get();
        NameRef(name.expect("every handle is made with a name that is in the table"))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let mut inner = self.inner.borrow_mut();
        let number = match inner.numbers.get(&name) {
            Some(number) => *number,
            None => {
                let number = inner.numbers.len().min(NAMES - 1) as u16;
                let _ = self.names[number as usize].set(name.clone());
                if inner.numbers.len() < NAMES - 1 {
                    inner.numbers.insert(name, number);
                }
                number
            }
        };
        let list = if attributes.is_empty() {
            NONE
        } else {
            inner.attributes.push(attributes);
            inner.attributes.len() as u32 - 1
        };
        let node = inner.push(node(Content::Element(number, list), self.piece.get()));
        Handle { node, name: number }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        let node = self.inner.borrow_mut().push(node(Content::Nothing, self.piece.get()));
        Handle { node, name: 0 }
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        let node = self.inner.borrow_mut().push(node(Content::Nothing, self.piece.get()));
        Handle { node, name: 0 }
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let mut inner = self.inner.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => {
                if inner.nodes[child.node as usize].parent != NONE {
                    inner.unlink(child.node);
                }
                inner.link_last(parent.node, child.node);
                if matches!(inner.nodes[child.node as usize].content, Content::Element(..)) {
                    self.current.set(child.node);
                }
            }
            NodeOrText::AppendText(text) => {
                let last = inner.nodes[parent.node as usize].last;
                if let Some(child) = inner.text_node(last, &text) {
                    inner.link_last(parent.node, child);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.inner.borrow().nodes[element.node as usize].parent != NONE;
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        *target
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.node == y.node
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let mut inner = self.inner.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => {
                if inner.nodes[child.node as usize].parent != NONE {
                    inner.unlink(child.node);
                }
                inner.link_before(sibling.node, child.node);
                if matches!(inner.nodes[child.node as usize].content, Content::Element(..)) {
                    self.current.set(child.node);
                }
            }
            NodeOrText::AppendText(text) => {
                let before = inner.nodes[sibling.node as usize].prev;
                if let Some(child) = inner.text_node(before, &text) {
                    inner.link_before(sibling.node, child);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let mut inner = self.inner.borrow_mut();
        let Content::Element(name, list) = inner.nodes[target.node as usize].content else { return };
        if list == NONE {
            inner.attributes.push(attributes);
            let list = inner.attributes.len() as u32 - 1;
            inner.nodes[target.node as usize].content = Content::Element(name, list);
            return;
        }
        let known = &mut inner.attributes[list as usize];
        for attribute in attributes {
            if known.len() < super::tokenize::ATTRIBUTE_LIMIT
                && known.iter().all(|old| old.name != attribute.name)
            {
                known.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.inner.borrow_mut().unlink(target.node);
    }

    fn reparent_children(&self, from: &Handle, to: &Handle) {
        let mut inner = self.inner.borrow_mut();
        let mut moved = 0;
        while let Some(child) = some(inner.nodes[from.node as usize].first) {
            inner.unlink(child.0);
            inner.link_last(to.node, child.0);
            moved += 1;
        }
        self.moves.set(self.moves.get() + moved);
    }
}
