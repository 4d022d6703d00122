//! Statements: who said what, through whom, how firmly.
//!
//! The terms are those of attribution corpora (Pareti, PARC 3.0): a relation of source, cue
//! and content, each made of spans of the stored text.

use serde::{Deserialize, Serialize};

use crate::{RuleId, Span, When};

/// Whether the report says that somebody said it, or an embedded post is it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StatementKind {
    Said,
    Post,
}

/// How the words are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A quotation fills the content.
    Direct,
    /// No quotation.
    Indirect,
    /// The content holds a quotation.
    Mixed,
}

/// Classes of speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A person or body by name.
    Named,
    /// An office: "the minister".
    Office,
    /// A news agency.
    Agency,
    /// Another outlet.
    Outlet,
    /// A document: a survey, a text message.
    Document,
    /// One speaker who is not named: "a military source".
    Unnamed,
    /// Several who are not named: "witnesses".
    CollectiveUnnamed,
    /// The author of a post.
    Author,
}

/// How firmly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Factuality {
    Asserted,
    ReportedUnverified,
    Expected,
    Hypothetical,
    Denied,
    Demand,
    Proposal,
    Opinion,
}

/// Kinds of hedge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HedgeKind {
    Reportative,
    Prospective,
    Hypothetical,
    Lexical,
    Denial,
}

/// Words that weaken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hedge {
    /// How.
    pub kind: HedgeKind,
    /// The words.
    pub span: Span,
    /// Which rule found it.
    pub rule: RuleId,
}

/// The words that say that something is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// The words.
    pub span: Span,
    /// Class of the cue (`say`, `announce`, `deny`, `preposition` …), as the packs name it.
    pub class: String,
}

/// The words that name who speaks, and what is known of him.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The words, as they stand at this statement ("selon elle": "elle").
    pub span: Span,
    /// Class of speaker.
    pub kind: SourceKind,
    /// The name after resolution, as the report writes it elsewhere; `None` where nothing resolves it.
    pub resolved: Option<String>,
    /// Where those resolving words stand.
    pub resolved_span: Option<Span>,
    /// Role class, the same in all languages (army, ministry, hospital …).
    pub role: Option<String>,
    /// What a ministry or minister is in charge of, the same in all languages (health, interior …).
    #[serde(default)]
    pub field: Option<String>,
    /// Whether it is a body (a ministry, a hospital) or a person; `None` where the words are a name
    /// alone.
    #[serde(default)]
    pub body: Option<bool>,
    /// Index of a place among the report's places.
    pub place: Option<u32>,
    /// ISO 3166 code of the government that a capital or country stands for.
    pub government: Option<String>,
    /// Index of the statement whose source this one takes up.
    pub antecedent: Option<u32>,
}

/// What a hop of a chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HopRole {
    Origin,
    Relay,
    Platform,
    Outlet,
}

/// One hop of the way from origin to outlet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// Its name; `None` for the outlet of a report that does not say what it is.
    pub name: Option<String>,
    /// What it is in the chain.
    pub role: HopRole,
    /// Class of speaker.
    pub kind: Option<SourceKind>,
    /// told, cited_by, interviewed_by, reported_by, via, on_platform, in_communique.
    pub how: Option<String>,
    /// Registry id.
    pub id: Option<String>,
    /// Its words.
    pub span: Option<Span>,
    /// Taken over from an earlier statement of the same source.
    pub inherited: bool,
    /// Which rule found it.
    pub rule: RuleId,
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Said in the report, or a post.
    pub kind: StatementKind,
    /// All of it: source, cue and content.
    pub span: Span,
    /// What is said, in text order; several pieces when interrupted.
    pub content: Vec<Span>,
    /// Quoted fragments inside indirect content, without their marks.
    pub partial_quotes: Vec<Span>,
    /// The same statement again (summary and body).
    pub also_at: Vec<Span>,
    /// The words that say that it is said.
    pub cue: Option<Cue>,
    /// Who speaks; `None` where nobody is named (never guessed).
    pub source: Option<Source>,
    /// Origin first, outlet last.
    pub chain: Vec<Hop>,
    /// To whom.
    pub addressee: Option<Span>,
    /// How the words are given.
    pub mode: Mode,
    /// Words that weaken.
    pub hedges: Vec<Hedge>,
    /// How firmly.
    pub factuality: Factuality,
    /// When it was said.
    pub said: Option<When>,
    /// Index of the post it is, or stands in.
    pub post: Option<u32>,
    /// Which rule made it.
    pub rule: RuleId,
    /// 0 to 1; below 0.6 goes to review.
    pub confidence: f32,
}
