//! Where names of places are looked up: an embedded table of places and the
//! reader of gazetteer files.
//!
//! A crate apart, so that its twenty-odd megabytes and its build script stay out
//! of every edit elsewhere. It knows nothing of texts, languages or reports: a
//! folded name goes in, places come out, best known by their GeoNames id. Which
//! of them is meant is decided in `selon-read`.
//!
//! The embedded file is made by `build.rs` from `data/core.tsv.zst`, which holds
//! facts from GeoNames (CC BY 4.0) and Natural Earth (public domain); see
//! [`ATTRIBUTION`]. The file format is described in `docs/formats/gazetteer.md`.

mod dump;
mod error;
mod extend;
mod format;
mod names;
mod place;
mod read;
mod walk;
mod words;
mod write;

pub use dump::{Alternate, Dump};
pub use error::{Error, Kind};
pub use format::ATTRIBUTION;
pub use place::{Country, PlaceId, PlaceKind, PlaceRef};
pub use read::{Gazetteer, Named};
pub use walk::Walk;
pub use words::{Joint, Shape, Word, Words, fold};
pub use write::{Builder, Row};
