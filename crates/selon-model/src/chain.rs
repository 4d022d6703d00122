//! Claim chains: which report took a figure from which, and how many sources are behind it.

use serde::{Deserialize, Serialize};

use crate::{Decimal, FigureKey, Order, ReportId, Span, StoryId, When, Why};

/// How a report came by a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It names a source, and that the source told its own outlet.
    OwnContact,
    /// It names a source, and nobody in between.
    NamedSource,
    /// It names a source and the outlet that passed its words on.
    ExplicitCitation,
    /// It names another outlet and nobody behind it.
    CitesOutletOnly,
    /// It has the words of an earlier report and does not say so.
    UncitedCopy,
    /// It names nobody.
    NoAttribution,
}

/// One place where a report gives a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The report.
    pub report: ReportId,
    /// Index among its figures; `None` where figures of its language are not read and only the number
    /// is known.
    pub figure: Option<u32>,
    /// The number.
    pub value: Decimal,
    /// Who publishes the report.
    pub outlet: Option<String>,
    /// When the report was published.
    pub time: Option<When>,
    /// The source that the report names: a key, the same for one source in all reports of the story,
    /// whatever their language.
    pub source: Option<String>,
    /// The same as the report writes it.
    pub source_name: Option<String>,
    /// The same as the first report of the story writes it.
    pub source_shown: Option<String>,
    /// How the report came by it.
    pub how: How,
}

/// What an occurrence was taken from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parent {
    /// Another occurrence of the chain, by its index.
    Occurrence(u32),
    /// An outlet that is named and has no report here that could be meant.
    Stub(String),
}

/// What speaks for an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The report names the outlet.
    Explicit,
    /// It has the words.
    Reuse,
    /// It has the number.
    Fingerprint,
}

/// Kinds of change between a report and the one it took a figure from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// "more than", "about" lost.
    OperatorDropped,
    /// "more than", "about" added.
    OperatorAdded,
    /// Another of them.
    OperatorChanged,
    /// Ten times as much.
    #[serde(rename = "times_10")]
    Times10,
    /// A tenth.
    #[serde(rename = "divided_by_10")]
    DividedBy10,
    /// Another number.
    ValueChanged,
    /// Killed became injured, or the like.
    UnitSwapped,
    /// The original source is no longer named.
    SourceLost,
    /// Another original source is named.
    SourceChanged,
    /// "reportedly" and the like lost.
    HedgeLost,
    /// The stretch of time that the figure covers lost.
    WindowLost,
}

/// What changed between a report and the one it took a figure from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutation {
    /// What kind of change.
    pub kind: Change,
    /// The words concerned in the later report; `None` where they are lost.
    pub child: Option<Span>,
    /// In the earlier one.
    pub parent: Option<Span>,
}

/// That an occurrence was taken from another, or may have been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The later one, by its index.
    pub child: u32,
    /// What it was taken from.
    pub parent: Parent,
    /// Whether it is the one taken: of edges that are not, nothing else is derived.
    pub chosen: bool,
    /// How much speaks for it, 0 to 1: an order of evidence, not a frequency.
    pub p: f32,
    /// Whether the report says so, or has the same words; else only the number is the same.
    pub strong: bool,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// Which came first, the parent first.
    pub order: Order,
    /// What changed on the way; of strong edges only.
    pub mutations: Vec<Mutation>,
    /// Why.
    pub why: Why,
}

/// An original source behind a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainSource {
    /// The key of its occurrences; `None` where nobody is named.
    pub key: Option<String>,
    /// As the first report writes it; of an outlet that is not here, its name.
    pub name: Option<String>,
    /// The occurrences that rest on it.
    pub occurrences: Vec<u32>,
}

/// One claim of a story with everything that is known of its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The story.
    pub story: StoryId,
    /// What is claimed.
    pub key: FigureKey,
    /// Where, in the order of reports.
    pub occurrences: Vec<Occurrence>,
    /// Who took it from whom.
    pub edges: Vec<Edge>,
    /// Original sources: at least, at most.
    pub independence: (u32, u32),
    /// The sources that the greatest number counts, in the order of their first occurrence.
    pub sources: Vec<ChainSource>,
    /// Occurrences that rest, through another outlet, on an earlier one of their own outlet: the way
    /// back from the later to the earlier.
    pub circles: Vec<Vec<u32>>,
}
