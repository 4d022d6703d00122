//! HTML pages.

use crate::document::Document;
use crate::pack::Packs;
use crate::page::Page;

/// Reads a page: its article, or several.
pub(crate) fn read_html(_html: &str, _document: &Document<'_>, _packs: &Packs) -> Vec<Page> {
    Vec::new()
}
