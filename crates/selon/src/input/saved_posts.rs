//! Pages that are exports: the posts of a chat or timeline, not an article.

use std::io::Read;

use selon_read::{Media, Packs, read_export_page};

use super::posts::Posts;
use super::rows::inflated;
use super::{DOCUMENT_LIMIT, Item, Stated, document, unreadable};
use crate::record::Failure;

/// The posts of a page; a page that holds none after all is read as any page is.
pub(super) fn read(
    path: &str,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let mut bytes = Vec::new();
    let read = inflated(head, source).take(DOCUMENT_LIMIT as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(path, &error))?;
    let page = String::from_utf8_lossy(&bytes);
    let found = read_export_page(page.trim_start_matches('\u{feff}'), packs);
    if found.is_empty() {
        let document = document::read(path, Media::Html, bytes, std::io::empty(), stated)?;
        emit(Item::Document(Box::new(document)));
        return Ok(());
    }
    let mut posts = Posts::new(path, stated, packs);
    (0u64..).zip(found).all(|(number, exported)| posts.give(number, exported, emit));
    Ok(())
}
