//! What the page readers hand on: blocks and what is said about them, before anybody has read
//! a sentence.

use selon_model::{
    Author, ConfidenceOf, Dropped, EmbeddedPost, LanguageOf, Note, Outlet, PageLink, PageType, SourceRun,
    Span, Text, When,
};

/// One page or remnant, cut into blocks and described. Posts are claimed already: their blocks
/// have kind `Post`.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) media_type: String,
    pub(crate) page_type: PageType,
    pub(crate) url: Option<String>,
    pub(crate) canonical_url: Option<String>,
    pub(crate) outlet: Option<Outlet>,
    pub(crate) language: LanguageOf,
    pub(crate) title: Option<String>,
    pub(crate) title_span: Option<Span>,
    pub(crate) title_from: Option<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) title_markers: Vec<String>,
    pub(crate) deck: Option<String>,
    pub(crate) authors: Vec<Author>,
    pub(crate) published: Option<When>,
    pub(crate) modified: Option<When>,
    pub(crate) text: Text,
    /// When each entry of a live page was published.
    pub(crate) entries: Vec<Option<When>>,
    /// Where its characters stand in the document; only where asked for.
    pub(crate) runs: Option<Vec<SourceRun>>,
    pub(crate) dropped: Vec<Dropped>,
    pub(crate) posts: Vec<EmbeddedPost>,
    pub(crate) links: Vec<PageLink>,
    pub(crate) confidence: ConfidenceOf,
    pub(crate) notes: Vec<Note>,
}

impl Page {
    /// A page with nothing known about it but its text.
    pub(crate) fn of(media_type: &str, text: Text) -> Self {
        Page {
            media_type: media_type.to_owned(),
            page_type: PageType::Article,
            url: None,
            canonical_url: None,
            outlet: None,
            language: LanguageOf { tag: None, confidence: 0.0, from: "text".to_owned() },
            title: None,
            title_span: None,
            title_from: None,
            titles: Vec::new(),
            title_markers: Vec::new(),
            deck: None,
            authors: Vec::new(),
            published: None,
            modified: None,
            text,
            entries: Vec::new(),
            runs: None,
            dropped: Vec::new(),
            posts: Vec::new(),
            links: Vec::new(),
            confidence: ConfidenceOf::default(),
            notes: Vec::new(),
        }
    }
}
