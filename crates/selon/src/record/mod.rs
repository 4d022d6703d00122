//! The record: what one report looks like as JSON (`selon.report/1`).
//!
//! These structs are the contract with the outside, apart from the model, so that inner types
//! can change without breaking a reader of the JSON. Offsets count Unicode code points of
//! `text`; inside they are bytes. Changes within a schema version are additive.

mod between;
mod chain;
mod from;
mod number;
mod offsets;

use schemars::JsonSchema;
use serde::Serialize;

pub use between::{coded, found, head, link, pair, receipt, series, story};
pub use chain::chain;
pub use from::{CaptureOf, Options, record};
pub use number::Number;
pub use offsets::{Offsets, Place as Range};

/// One report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `selon.report/1`.
    pub schema: &'static str,
    /// Report id, 64 hexadecimal digits.
    pub id: String,
    /// 0: the report itself; 1…: further articles of one page.
    pub part: u32,
    /// The input as given.
    pub input: Input,
    /// Which engine and packs read it.
    pub engine: Engine,
    /// The bytes it was read from.
    pub capture: Capture,
    /// article, live, several, listing, none, gallery, video.
    pub r#type: String,
    /// Address.
    pub url: Option<String>,
    /// Canonical address.
    pub canonical_url: Option<String>,
    /// Who publishes.
    pub outlet: Option<Outlet>,
    /// Language of the report.
    pub language: Language,
    /// Title, without markers.
    pub title: Option<String>,
    /// json_ld, meta, heading, text, stated.
    pub title_from: Option<String>,
    /// All differing titles of the page.
    pub titles: Vec<String>,
    /// "VIDEOS" …
    pub title_markers: Vec<String>,
    /// Standfirst.
    pub deck: Option<String>,
    /// Who wrote it, as the page says.
    pub authors: Vec<Author>,
    /// When it was published.
    pub published: Option<When>,
    /// When it was last changed.
    pub modified: Option<When>,
    /// The reading text.
    pub text: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where each character of `text` stands in the document; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_map: Option<SourceMap>,
    /// What was left out and why; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Vec<Dropped>>,
    /// Posts inside.
    pub posts: Vec<Post>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// How many, says who.
    pub figures: Vec<Figure>,
    /// When.
    pub times: Vec<Time>,
    /// Where.
    pub places: Vec<Place>,
    /// Names of persons and bodies.
    pub mentions: Vec<Mention>,
    /// Names as skeletons.
    pub names: Vec<Name>,
    /// Links.
    pub links: Vec<Link>,
    /// How sure the page reader is.
    pub confidence: Confidence,
    /// What is to be known about the reading.
    pub notes: Vec<Note>,
}

/// The input as given.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Input {
    pub path: Option<String>,
    pub record: Option<u64>,
    /// The row's own id.
    pub id: Option<String>,
}

/// Engine, packs and gazetteer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Engine {
    pub version: String,
    pub packs: String,
    /// Digest of the gazetteer that places were looked up in.
    pub gazetteer: Option<String>,
}

/// The bytes a report was read from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// wire, browser, imported, remnant.
    pub origin: String,
    /// WARC-Target-URI.
    pub uri: Option<String>,
    /// When the capture began, by the archive's own clock; `null` without an archive.
    pub at: Option<String>,
    /// Media type as found.
    pub media_type: String,
    /// SHA-256 of the payload, 64 hexadecimal digits.
    pub payload_sha256: String,
    /// Where the WARC record lies.
    pub warc: Option<Warc>,
    /// Position in the log.
    pub leaf: Option<u64>,
}

/// Where a WARC record lies.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Warc {
    pub file: String,
    /// Number of the record inside the file, where it is known.
    pub entry: Option<u64>,
    pub offset: u64,
    pub length: u64,
}

/// Who publishes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Outlet {
    pub name: Option<String>,
    pub domain: Option<String>,
    pub from: String,
    pub rule: String,
}

/// Language of a report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Language {
    pub tag: Option<String>,
    pub confidence: f32,
    /// text or hint.
    pub from: String,
}

/// Who wrote it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Author {
    pub name: String,
    /// person, agency, outlet, role.
    pub kind: String,
    pub from: String,
    pub rule: String,
}

/// A time of the report as a whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct When {
    pub edtf: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub zone: Option<String>,
    pub precision: String,
    pub inferred: bool,
    pub evidence: Option<String>,
    /// TIMEX3 length of a window.
    pub value: Option<String>,
    #[serde(flatten)]
    pub at: OptionalRange,
    pub rule: String,
}

/// A range that may be absent.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionalRange {
    /// First code point.
    pub start: Option<u32>,
    /// One past the last code point.
    pub end: Option<u32>,
    /// First byte; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_start: Option<u32>,
    /// One past the last byte; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_end: Option<u32>,
}

/// A block of the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Block {
    pub kind: String,
    #[serde(flatten)]
    pub at: Range,
    pub lang: Option<String>,
    /// Index of the live entry.
    pub entry: Option<u32>,
    /// Bytes of the document that hold it; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source64>,
}

/// Where each character of the text stands in the document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceMap {
    /// SHA-256 of the document, 64 hexadecimal digits.
    pub document_sha256: String,
    /// Bytes of the document.
    pub length: u64,
    /// What was undone to come from the payload to the document: gzip, deflate, mhtml, pdf.
    pub coding: Option<String>,
    /// Name of its encoding (WHATWG).
    pub encoding: String,
    /// The runs, in text order, without gap.
    pub runs: Vec<SourceRun>,
}

/// A run of the text and the bytes it came from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct SourceRun {
    #[serde(flatten)]
    pub at: Range,
    /// verbatim, reference, newline, escape, space, removed, made.
    pub kind: String,
    pub source: Source64,
}

/// A block left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Dropped {
    pub reason: String,
    /// Byte range of the document.
    pub source: Option<Source64>,
    pub characters: u32,
    pub rule: String,
}

/// A byte range of the document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Source64 {
    pub start: u64,
    pub end: u64,
}

/// A post.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Post {
    pub id: String,
    pub platform: String,
    pub status_id: Option<String>,
    pub url: Option<String>,
    pub author: PostAuthor,
    pub posted: Option<When>,
    /// field, shown, id.
    pub posted_from: Option<String>,
    pub language: Option<String>,
    pub text: Option<String>,
    #[serde(flatten)]
    pub at: OptionalRange,
    pub hashtags: Vec<String>,
    pub mentions: Vec<String>,
    pub links: Vec<String>,
    pub media: Vec<String>,
    pub relations: Vec<PostRelation>,
    /// full, link_only, rendered, remnant.
    pub state: String,
    pub damage: Vec<Damage>,
    pub found_at: Vec<String>,
    pub rule: String,
    pub confidence: f32,
}

/// Who posted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct PostAuthor {
    pub name: Option<String>,
    pub handle: Option<String>,
    /// signature, link, field.
    pub handle_from: Option<String>,
    pub id: Option<String>,
}

/// How a post stands to another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct PostRelation {
    pub kind: String,
    pub id: String,
}

/// What the way to us cost a post.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Damage {
    pub kind: String,
    #[serde(flatten)]
    pub at: OptionalRange,
    /// Code points where a boundary was put in.
    pub cuts: Vec<u32>,
    pub detail: Option<String>,
}

/// A statement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Statement {
    pub id: String,
    /// said or post.
    pub kind: String,
    #[serde(flatten)]
    pub at: Range,
    pub content: Vec<Words>,
    pub partial_quotes: Vec<Range>,
    pub also_at: Vec<Range>,
    pub cue: Option<Cue>,
    pub source: Option<Source>,
    /// Origin first, outlet last.
    pub chain: Vec<Hop>,
    pub addressee: Option<Words>,
    /// direct, indirect, mixed.
    pub mode: String,
    pub hedges: Vec<Hedge>,
    /// asserted, reported_unverified, expected, hypothetical, denied, demand, proposal, opinion.
    pub factuality: String,
    pub said_when: Option<When>,
    /// Id of the post it is or stands in.
    pub post: Option<String>,
    pub rule: String,
    pub confidence: f32,
}

/// Words with their place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Words {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
}

/// A cue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Cue {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    pub class: String,
}

/// Who speaks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Source {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    /// named, office, agency, outlet, document, unnamed, collective_unnamed, author.
    pub kind: String,
    /// The name after resolution.
    pub resolved: Option<String>,
    pub role: Option<String>,
    /// What a ministry or minister is in charge of: health, interior, defence, foreign …
    pub field: Option<String>,
    /// Index of a place of `places`.
    pub place: Option<u32>,
    pub government: Option<String>,
    /// Id of the statement whose source this one takes up.
    pub antecedent: Option<String>,
}

/// One hop of a chain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Hop {
    pub name: Option<String>,
    /// origin, relay, platform, outlet.
    pub role: String,
    pub class: Option<String>,
    pub how: Option<String>,
    /// Registry id.
    pub id: Option<String>,
    #[serde(flatten)]
    pub at: OptionalRange,
    pub inherited: bool,
    pub rule: String,
}

/// Words that weaken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Hedge {
    pub kind: String,
    #[serde(flatten)]
    pub at: Range,
}

/// A figure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Figure {
    pub id: String,
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    pub number: Vec<Range>,
    pub quantity: Quantity,
    pub previous: Option<Quantity>,
    /// Id of the figure this is a part of.
    pub share_of: Option<String>,
    pub unit: Option<Unit>,
    pub event: Option<Event>,
    pub window: Option<When>,
    /// Index of a place of `places`.
    pub place: Option<u32>,
    /// Id of the statement it is said in.
    pub statement: Option<String>,
    /// Who says so: the source of that statement, else the outlet.
    pub source: Option<String>,
    pub rule: String,
    pub confidence: f32,
}

/// Bounds and operator.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Quantity {
    pub op: String,
    pub lower: Option<Number>,
    pub upper: Option<Number>,
}

/// What is counted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Unit {
    #[serde(flatten)]
    pub at: OptionalRange,
    pub text: Option<String>,
    pub class: String,
    pub code: Option<String>,
}

/// What happened to it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Event {
    pub class: String,
    #[serde(flatten)]
    pub at: OptionalRange,
}

/// A time expression.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Time {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    /// DATE, TIME, DURATION, SET.
    pub r#type: String,
    pub value: String,
    pub r#mod: Option<String>,
    pub quant: Option<String>,
    pub freq: Option<String>,
    pub edtf: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub grain: String,
    pub approx: bool,
    pub zone: Option<String>,
    /// published, narrative, none.
    pub anchor: String,
    /// Index of a time of `times`.
    pub anchor_time: Option<u32>,
    pub direction: Option<String>,
    pub parts: Vec<TimePart>,
    pub alternatives: Vec<String>,
    pub flags: Vec<String>,
    pub rule: String,
    pub confidence: f32,
}

/// One end of a range.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct TimePart {
    #[serde(flatten)]
    pub at: Range,
    pub value: String,
}

/// A place name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Place {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    /// place, metonym, demonym.
    pub role: String,
    pub reading: String,
    pub government: Option<String>,
    pub candidates: Vec<Candidate>,
    /// Index of the candidate taken; `null` = none is good enough.
    pub chosen: Option<u16>,
    pub margin: Option<f32>,
    pub within: Option<String>,
    pub precision: Option<String>,
    pub radius_km: Option<f32>,
    pub evidence: Vec<String>,
    pub rule: String,
    pub confidence: f32,
}

/// A gazetteer entry that a name may mean.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    pub country: Option<String>,
    pub lat: f64,
    pub lon: f64,
    pub feature: String,
    pub score: f32,
}

/// A name of a person or body.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Mention {
    #[serde(flatten)]
    pub at: Range,
    pub text: String,
    /// person, organisation, group.
    pub kind: String,
    pub same_as: Option<u32>,
}

/// A name as a skeleton.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Name {
    #[serde(flatten)]
    pub at: Range,
    pub skeleton: String,
}

/// A link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Link {
    #[serde(flatten)]
    pub at: OptionalRange,
    pub href: String,
    /// related, source, media, other.
    pub kind: String,
}

/// How sure the page reader is, 0 to 1.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Confidence {
    pub page: Option<f32>,
    pub title: Option<f32>,
    pub authors: Option<f32>,
    pub published: Option<f32>,
}

/// Something to know.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Note {
    pub code: String,
    pub message: String,
    #[serde(flatten)]
    pub at: OptionalRange,
}

/// Instead of a report, for an input that cannot be read (`selon.error/1`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Failure {
    /// `selon.error/1`.
    pub schema: &'static str,
    /// The input as given.
    pub input: Input,
    /// invalid, unavailable, corrupt, refused, internal, not_read, no_column, not_found.
    pub kind: String,
    /// What went wrong.
    pub what: String,
    /// Byte or line where the input is at fault.
    pub at: Option<u64>,
    /// What to try.
    pub r#try: String,
}

impl Failure {
    /// A failure of `input`.
    pub fn new(
        input: Input,
        kind: &str,
        what: impl Into<String>,
        at: Option<u64>,
        try_this: impl Into<String>,
    ) -> Self {
        Failure {
            schema: "selon.error/1",
            input,
            kind: kind.to_owned(),
            what: what.into(),
            at,
            r#try: try_this.into(),
        }
    }
}

/// JSON Schema (draft 2020-12) of a record, by its short name: `report` or `error`.
pub fn schema(name: &str) -> Option<serde_json::Value> {
    let schema = match name {
        "report" => schemars::schema_for!(Report),
        "error" => schemars::schema_for!(Failure),
        _ => return None,
    };
    Some(schema.to_value())
}
