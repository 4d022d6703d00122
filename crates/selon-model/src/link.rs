//! What connects reports: copies, stories, claim chains, figures side by side.

use serde::{Deserialize, Serialize};

use crate::{Decimal, FigureRef, GazetteerId, Quantity, ReportId, Span, StoryId, When};

/// Why something was derived: rule, features with values, and the best alternative that lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Which rule decided.
    pub rule: String,
    /// Features with their values, in a fixed order. A feature that cannot be computed is not
    /// listed; it is never 0.
    pub features: Vec<(String, f64)>,
    /// The best alternative that lost, in words.
    pub instead_of: Option<String>,
}

/// How two texts share words (connect, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LinkKind {
    Duplicate,
    Abridged,
    Excerpt,
    Edited,
    SharedQuote,
    Revision,
    Translation,
}

/// Which of two came first; unknown order stays unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Order {
    FromFirst,
    ToFirst,
    Unknown,
}

/// A passage that stands in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// In the first text.
    pub from: Span,
    /// In the second.
    pub to: Span,
}

/// Text reuse between two reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// One report.
    pub from: ReportId,
    /// The other.
    pub to: ReportId,
    /// How they share words.
    pub kind: LinkKind,
    /// Which came first.
    pub order: Order,
    /// Grams chained in the longest run.
    pub run: u32,
    /// Share of the first text that stands in the second.
    pub from_in_to: f32,
    /// Share of the second text that stands in the first.
    pub to_in_from: f32,
    /// Jaccard likeness of the two.
    pub jaccard: f32,
    /// The passages.
    pub pieces: Vec<Piece>,
    /// Why.
    pub why: Why,
}

/// A report in a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The report.
    pub report: ReportId,
    /// Number of its family (one independent text), from 0.
    pub family: u32,
    /// Why it is here.
    pub why: Why,
}

/// The reports of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Digest of its first member's payload digest and part.
    pub id: StoryId,
    /// Ids it had before a merge or split.
    pub was: Vec<StoryId>,
    /// Its reports, in the order of their keys.
    pub members: Vec<Member>,
    /// Time of the event.
    pub when: Option<When>,
    /// Where.
    pub places: Vec<GazetteerId>,
}

/// What must agree for two figures to speak of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FigureKey {
    /// Unit class.
    pub unit: String,
    /// Event class.
    pub event: Option<String>,
    /// Where; `None` compares as unknown.
    pub place: Option<GazetteerId>,
    /// Proposition, for claims that are no figures.
    pub proposition: Option<String>,
}

/// One figure of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// As of when.
    pub as_of: Option<When>,
    /// Its bounds.
    pub quantity: Quantity,
    /// Where it stands.
    pub figure: FigureRef,
    /// first, same, update, revision, order_unknown.
    pub relation: String,
}

/// The figures of one source about one thing, over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The story.
    pub story: StoryId,
    /// About what.
    pub key: FigureKey,
    /// Who says so: the origin, not the outlet. `None`: not attributed.
    pub source: Option<String>,
    /// In order of as-of time.
    pub steps: Vec<Step>,
}

/// How two figures stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Relation {
    Compatible,
    Update,
    Revision,
    ScopeDifference,
    Conflict,
}

/// What a conflict may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspect {
    /// Ten times as much.
    #[serde(rename = "factor_10")]
    Factor10,
    /// A hundred times as much.
    #[serde(rename = "factor_100")]
    Factor100,
    /// The same value with another unit.
    OtherUnit,
}

/// Two figures side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The story.
    pub story: StoryId,
    /// One figure.
    pub a: FigureRef,
    /// The other.
    pub b: FigureRef,
    /// How they stand.
    pub relation: Relation,
    /// What it may come from.
    pub suspect: Option<Suspect>,
    /// Why.
    pub why: Why,
}

/// A rule by which coders of conflict data make one number out of many. Their versions are part of
/// the name of what they give: a change of a rule changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodingRule {
    /// The least number, as ACLED counts vague words.
    AcledConservative,
    /// Low, best and high, as UCDP GED has them.
    Ucdp,
}

impl CodingRule {
    /// All rules.
    pub const ALL: [CodingRule; 2] = [CodingRule::AcledConservative, CodingRule::Ucdp];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            CodingRule::AcledConservative => "acled-conservative",
            CodingRule::Ucdp => "ucdp",
        }
    }

    /// Its version.
    pub fn version(self) -> u32 {
        1
    }

    /// The rule of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// Numbers coded for one thing counted, beside the figures that they were made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coded {
    /// The story.
    pub story: StoryId,
    /// About what.
    pub key: FigureKey,
    /// By which rule.
    pub rule: CodingRule,
    /// What it gives: `value`, or `low`, `best` and `high`.
    pub numbers: Vec<CodedNumber>,
    /// Every other figure about the same.
    pub others: Vec<CodedOther>,
}

/// A coded number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedNumber {
    /// `value`, `low`, `best` or `high`.
    pub name: String,
    /// The number.
    pub value: Decimal,
    /// The figures that it rests on.
    pub from: Vec<FigureRef>,
}

/// A figure that a coded number does not rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodedOther {
    /// The figure.
    pub figure: FigureRef,
    /// Why not.
    pub why: NotCoded,
}

/// Why a coded number does not rest on a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCoded {
    /// It holds as well as the others: its number is another.
    Differs,
    /// Its source, or a later report, gave another number.
    Replaced,
    /// Its report counts more beside it.
    Part,
    /// It covers a longer time.
    OtherPeriod,
    /// It says only what the number is below.
    NoLowerBound,
}
