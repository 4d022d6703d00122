//! The nouns of Selon: what is captured, what is read out of it, what connects it.
//!
//! Every crate speaks in these types. They are plain values: no references, no graph, so a
//! report can be stored, compared and sent as it is. Nothing here knows a database, a
//! protocol or a file format; the JSON of the outside is a set of its own in `selon::record`.

mod capture;
mod chain;
mod digest;
mod error;
mod figure;
mod fold;
mod id;
mod judgment;
mod language;
mod link;
mod outlet;
mod place;
mod post;
mod quantity;
mod report;
mod rule;
mod source;
mod span;
mod statement;
mod text;
mod time;

pub use capture::{Capture, LeafIndex, Locator, Origin, Stated};
pub use chain::{Chain, ChainSource, Change, Edge, Evidence, How, Mutation, Occurrence, Parent};
pub use digest::{Digest, Hasher, NotADigest};
pub use error::{Error, Kind, Result};
pub use figure::{Event, Figure, FigureRef, SUM, Unit};
pub use fold::{fold, is_of_word};
pub use id::{CaptureId, JudgmentId, ReportId, StoryId};
pub use judgment::{Judgment, PartOf, Subject};
pub use language::Lang;
pub use link::{
    Coded, CodedNumber, CodedOther, CodingRule, FigureKey, Link, LinkKind, Member, NotCoded, Order, Pair,
    Piece, Relation, Series, Step, Story, Suspect, Why,
};
pub use outlet::{Agency, Registry};
pub use place::{Candidate, GazetteerId, Place, PlacePrecision, PlaceRole, Reading};
pub use post::{
    Damage, DamageKind, EmbeddedPost, FoundAt, HandleFrom, PostAuthor, PostRelation, PostState, PostedFrom,
};
pub use quantity::{Decimal, Operator, Quantity};
pub use report::{
    Author, AuthorKind, ConfidenceOf, Derivation, Dropped, LanguageOf, LinkUse, Mention, MentionKind,
    NameSkeleton, Note, Outlet, PageLink, PageType, Report, ReportInput,
};
pub use rule::RuleId;
pub use source::{RunKind, SourceMap, SourceRun};
pub use span::Span;
pub use statement::{
    Cue, Factuality, Hedge, HedgeKind, Hop, HopRole, Mode, Source, SourceKind, Statement, StatementKind,
};
pub use text::{Block, BlockKind, Text};
pub use time::{Anchor, DateEvidence, Direction, Precision, TimeFlag, TimeKind, TimeMention, TimePart, When};
