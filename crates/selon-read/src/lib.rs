//! From payload bytes to reports: text, title, date, posts, statements, figures, times, places.
//!
//! A pure function of its arguments: no clock, network, environment, file or global that
//! changes. Reading never fails; it returns what it found, and notes. Languages are data
//! (`packs/`); no language is named in this code.
//!
//! The way of a document: `decode` gives text; `format` chooses how its blocks are found
//! (HTML or plain text); `post` claims the blocks of embedded posts; `describe` finds title,
//! authors and dates; `lex` cuts words once; then `time`, `place`, `statement` and `figure`
//! read the same words, in this order, each using what the ones before found.

mod day;
mod decode;
mod describe;
mod document;
mod export;
mod extract;
mod figure;
mod format;
mod lex;
mod name;
mod number;
mod pack;
mod page;
mod place;
mod post;
mod preamble;
mod read;
mod statement;
mod time;
mod words;

pub use describe::date::{DateOrder, parse_when};
pub use document::{Document, Hints, Media};
pub use export::{Exported, ExportedPost, is_export_page, read_export, read_export_page, unwrap_script};
pub use figure::{ReadQuantity, read_quantities};
pub use format::row::{FieldMap, Row, has_column};
pub use pack::{Fault, Packs, PacksError, Proof, embedded_files};
pub use read::{ENGINE_VERSION, Step, decoded_text, read, read_layout, read_text, read_to};
