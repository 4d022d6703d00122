//! A report: everything that was read out of one page, remnant or row.

use serde::{Deserialize, Serialize};

use crate::{
    Digest, EmbeddedPost, Figure, Lang, Place, ReportId, RuleId, SourceMap, Span, Statement, Text,
    TimeMention, When,
};

/// The input as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInput {
    /// Path or `-`.
    pub path: Option<String>,
    /// Number of the record inside it.
    pub record: Option<u64>,
    /// The row's own id.
    pub id: Option<String>,
}

/// Which engine and packs made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// Version of the engine.
    pub version: String,
    /// Digest of the packs.
    pub packs: Digest,
    /// Digest of the gazetteer.
    #[serde(default)]
    pub gazetteer: Option<Digest>,
}

/// Page types (record.md `type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageType {
    Article,
    Live,
    Several,
    Listing,
    None,
    Gallery,
    Video,
}

/// Who publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// Its name.
    pub name: Option<String>,
    /// Registrable domain.
    pub domain: Option<String>,
    /// json_ld, meta, title, url, stated.
    pub from: String,
    /// Which rule found it.
    pub rule: RuleId,
}

/// Language of the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageOf {
    /// The tag; `None` where the text is too short to tell.
    pub tag: Option<Lang>,
    /// 0 to 1.
    pub confidence: f32,
    /// text or hint.
    pub from: String,
}

/// Kinds of author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AuthorKind {
    Person,
    Agency,
    Outlet,
    Role,
}

/// Who wrote it, as the page says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The name.
    pub name: String,
    /// What it names.
    pub kind: AuthorKind,
    /// json_ld, meta, byline.
    pub from: String,
    /// Which rule found it.
    pub rule: RuleId,
}

/// A block left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// related, promotion, comments … (page-reading, section 6).
    pub reason: String,
    /// Byte range of the document, where known.
    pub source: Option<(u64, u64)>,
    /// Characters left out.
    pub characters: u32,
    /// Which rule said so.
    pub rule: RuleId,
}

/// Kinds of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MentionKind {
    Person,
    Organisation,
    Group,
}

/// A name of a person or body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Its words.
    pub span: Span,
    /// What it names.
    pub kind: MentionKind,
    /// Index of the fuller mention of the same.
    pub same_as: Option<u32>,
}

/// A name reduced to consonants of one script, to meet the same name in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameSkeleton {
    /// Where it stands.
    pub span: Span,
    /// The skeleton.
    pub skeleton: String,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LinkUse {
    Related,
    Source,
    Media,
    Other,
}

/// A link of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLink {
    /// Its words, where they stand in the text.
    pub span: Option<Span>,
    /// Address as resolved.
    pub href: String,
    /// What it is for.
    pub kind: LinkUse,
}

/// Something to know about the reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code.
    pub code: String,
    /// In words.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}

impl Note {
    /// A note about the report as a whole.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Note { code: code.to_owned(), message: message.into(), span: None }
    }

    /// A note about some words.
    pub fn at(code: &str, span: Span, message: impl Into<String>) -> Self {
        Note { code: code.to_owned(), message: message.into(), span: Some(span) }
    }
}

/// How sure the page reader is of its fields, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ConfidenceOf {
    pub page: Option<f32>,
    pub title: Option<f32>,
    pub authors: Option<f32>,
    pub published: Option<f32>,
}

/// What was read out of one page, remnant or row. Everything that is words is a [`Span`] of
/// `text`; what stands only in meta tags or JSON is a copy with its origin beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// 0: the report itself; 1…: further articles of one page.
    pub part: u32,
    /// The input as given.
    pub input: ReportInput,
    /// SHA-256 of the payload it was read from.
    pub payload: Digest,
    /// Media type as found.
    pub media_type: String,
    /// Which engine and packs made it.
    pub made_by: Derivation,
    /// Page type.
    pub page_type: PageType,
    /// Address, as stated or found.
    pub url: Option<String>,
    /// Canonical address.
    pub canonical_url: Option<String>,
    /// Who publishes.
    pub outlet: Option<Outlet>,
    /// Its language.
    pub language: LanguageOf,
    /// Title, without markers.
    pub title: Option<String>,
    /// Where the title stands in the text.
    pub title_span: Option<Span>,
    /// json_ld, meta, heading, text, stated.
    pub title_from: Option<String>,
    /// All differing titles of the page.
    pub titles: Vec<String>,
    /// "VIDEOS", "EN DIRECT" …
    pub title_markers: Vec<String>,
    /// Standfirst.
    pub deck: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// When it was published.
    pub published: Option<When>,
    /// When it was last changed.
    pub modified: Option<When>,
    /// What there is to read.
    pub text: Text,
    /// When each entry of a live page was published, by its index, where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Option<When>>,
    /// Where each character of it stands in the document; only where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_map: Option<SourceMap>,
    /// What was left out.
    pub dropped: Vec<Dropped>,
    /// Posts inside.
    pub posts: Vec<EmbeddedPost>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// How many.
    pub figures: Vec<Figure>,
    /// When.
    pub times: Vec<TimeMention>,
    /// Where.
    pub places: Vec<Place>,
    /// Names of persons and bodies.
    pub mentions: Vec<Mention>,
    /// Names as skeletons.
    pub names: Vec<NameSkeleton>,
    /// Links.
    pub links: Vec<PageLink>,
    /// How sure.
    pub confidence: ConfidenceOf,
    /// What is to be known about the reading.
    pub notes: Vec<Note>,
}

impl Report {
    /// A report of which nothing is known but its text.
    pub fn of_text(id: ReportId, text: Text) -> Self {
        Report {
            id,
            part: 0,
            input: ReportInput::default(),
            payload: Digest::of(text.string.as_bytes()),
            media_type: "text/plain".to_owned(),
            made_by: Derivation { version: String::new(), packs: Digest::of(b""), gazetteer: None },
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
            source_map: None,
            dropped: Vec::new(),
            posts: Vec::new(),
            statements: Vec::new(),
            figures: Vec::new(),
            times: Vec::new(),
            places: Vec::new(),
            mentions: Vec::new(),
            names: Vec::new(),
            links: Vec::new(),
            confidence: ConfidenceOf::default(),
            notes: Vec::new(),
        }
    }

    /// Who says a figure: the source of the statement it stands in (resolved, else as written),
    /// else the outlet.
    pub fn speaker_of(&self, figure: &Figure) -> Option<&str> {
        match figure.said_in.and_then(|index| self.statements.get(index as usize)) {
            Some(statement) => self.speaker(statement),
            None => self.outlet.as_ref().and_then(|outlet| outlet.name.as_deref()),
        }
    }

    /// Who makes a statement: the source's resolved name, else its words.
    pub fn speaker<'a>(&'a self, statement: &'a Statement) -> Option<&'a str> {
        let source = statement.source.as_ref()?;
        Some(source.resolved.as_deref().unwrap_or_else(|| self.text.words(source.span)))
    }
}
