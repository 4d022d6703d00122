//! Plain text: remnants and the text column of corpora.

use crate::document::Document;
use crate::pack::Packs;
use crate::page::Page;

/// Reads plain text. The text is kept as it is (byte order mark and CR LF aside).
pub(crate) fn read_plain(_text: &str, _document: &Document<'_>, _packs: &Packs) -> Vec<Page> {
    Vec::new()
}
