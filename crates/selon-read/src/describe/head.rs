//! What a page says about itself in its head and its data: meta elements, links, JSON-LD.

use serde_json::Value;

use super::json_ld;
use crate::extract::arena::{Arena, NodeId};

/// Head and data of a page, in document order.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `lang` of the page.
    pub(crate) lang: Option<String>,
    /// `title` element.
    pub(crate) title: Option<String>,
    /// Names (lower case) and contents of meta elements.
    pub(crate) metas: Vec<(String, String)>,
    /// `link rel=canonical`.
    pub(crate) canonical: Option<String>,
    /// `base href`.
    pub(crate) base: Option<String>,
    /// Objects of the JSON-LD, `@graph` and lists taken apart.
    pub(crate) data: Vec<Value>,
    /// `h1` elements.
    pub(crate) headings: Vec<NodeId>,
}

/// Values longer than this are no names or dates.
const META_LIMIT: usize = 4_000;
/// JSON-LD longer than this is not read.
const DATA_LIMIT: usize = 1 << 20;
/// JSON-LD of one page that is read.
const DATA_OF_PAGE: usize = 4 << 20;

impl Head {
    /// Reads the head and data of a page.
    pub(crate) fn of(arena: &Arena<'_>) -> Head {
        let mut head = Head::default();
        let mut data = 0;
        for node in arena.descendants(arena.root()) {
            match arena.name(node) {
                "html" => {
                    head.lang = arena
                        .attribute(node, "lang")
                        .or_else(|| arena.attribute(node, "xml:lang"))
                        .map(str::to_owned)
                }
                "title" if head.title.is_none() => {
                    let title = arena.text_content(node);
                    let in_head = arena.parent(node).is_some_and(|parent| arena.name(parent) != "svg");
                    head.title = (!title.is_empty() && in_head).then_some(title);
                }
                "meta" => head.meta(arena, node),
                "link" => {
                    let rel = arena.attribute(node, "rel").unwrap_or("");
                    if head.canonical.is_none() && rel.eq_ignore_ascii_case("canonical") {
                        head.canonical = arena.attribute(node, "href").map(|href| href.trim().to_owned());
                    }
                }
                "base" if head.base.is_none() => head.base = arena.attribute(node, "href").map(str::to_owned),
                "script" => {
                    let kind = arena.attribute(node, "type").unwrap_or("");
                    if kind.trim().to_ascii_lowercase().starts_with("application/ld+json") {
                        let body = arena.raw_text(node);
                        data += body.len();
                        if body.len() <= DATA_LIMIT && data <= DATA_OF_PAGE {
                            json_ld::collect(body, &mut head.data);
                        }
                    }
                }
                "h1" => head.headings.push(node),
                _ => {}
            }
        }
        head
    }

    fn meta(&mut self, arena: &Arena<'_>, node: NodeId) {
        let Some(content) = arena.attribute(node, "content").map(str::trim) else { return };
        if content.is_empty() || content.len() > META_LIMIT || self.metas.len() > 500 {
            return;
        }
        for name in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = arena.attribute(node, name) {
                self.metas.push((name.trim().to_ascii_lowercase(), content.to_owned()));
            }
        }
    }

    /// Content of the first meta element with one of these names, in the order of the names.
    pub(crate) fn meta_content(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(found, _)| found == name))
            .map(|(_, content)| content.as_str())
    }

    /// The data object that describes the article of the page.
    pub(crate) fn article(&self) -> Option<&Value> {
        let told = |object: &Value| {
            ["headline", "datePublished", "author", "articleBody"]
                .iter()
                .filter(|key| object.get(**key).is_some())
                .count()
        };
        let mut best: Option<&Value> = None;
        for object in self.data.iter().filter(|object| json_ld::is_article(object)) {
            if best.is_none_or(|best| told(object) > told(best)) {
                best = Some(object);
            }
        }
        best
    }
}
