//! The stores that need no server: SQLite for derived rows, tantivy for words, a plain file for
//! judgments.
//!
//! Catalogue and index are derived: both may be deleted at any time and are made again from the
//! evidence. Judgments are people's words and are never deleted. Each can be opened in memory,
//! for tests.

mod catalog;
mod index;
mod judgments;
mod query;
mod words;

pub use catalog::{Catalog, Connected, Outcome, Row};
pub use index::{Entry, Hit, Index};
pub use judgments::Judgments;
pub use query::Lookups;
