//! Posts of exports as documents; what is of no export goes on as a row.

use std::collections::HashSet;

use selon_model::{Digest, Origin, ReportInput};
use selon_read::{Exported, ExportedPost, Media, Packs, Row, read_export};
use serde_json::Value;

use super::columns::Columns;
use super::rows::{bad_row, document};
use super::{Item, OwnedDocument, Provenance, Stated};

/// Posts that are remembered, so that each comes once: 32 bytes each.
const MOST_REMEMBERED: usize = 2_000_000;

/// The posts of one input.
pub(super) struct Posts<'a> {
    path: &'a str,
    stated: &'a Stated,
    packs: &'a Packs,
    /// Digests of platform, id and words of those that were given already.
    given: HashSet<Digest>,
    /// Columns of what is a row.
    pub(super) columns: Columns,
}

impl<'a> Posts<'a> {
    pub(super) fn new(path: &'a str, stated: &'a Stated, packs: &'a Packs) -> Self {
        Posts { path, stated, packs, given: HashSet::new(), columns: Columns::of(&stated.map) }
    }

    /// Gives the posts of a value that is of an export, `number` being its line or place; else the
    /// row that it is. False once nobody wants more.
    pub(super) fn or_row(&mut self, number: u64, value: &Value, emit: &mut dyn FnMut(Item) -> bool) -> bool {
        if let Some(exported) = read_export(value, self.packs) {
            return exported.into_iter().all(|exported| self.give(number, exported, emit));
        }
        self.columns.see(value);
        emit(match Row::from_json(value, &self.stated.map) {
            Ok(row) => document(self.path, number, row, self.stated),
            Err(what) => {
                let what = format!("cannot be read: {what}");
                bad_row(self.path, number, &what, "look at that line of the file")
            }
        })
    }

    /// Gives a post, or what stands in its place. False once nobody wants more.
    pub(super) fn give(
        &mut self,
        number: u64,
        exported: Exported,
        emit: &mut dyn FnMut(Item) -> bool,
    ) -> bool {
        match exported {
            Exported::Bad(why) => emit(bad_row(self.path, number, &why, "look at that place of the file")),
            Exported::Fragment { html, url } => {
                let mut row = Row { payload: html.into_bytes(), media: Media::Html, ..Row::default() };
                row.hints.url = url;
                emit(document(self.path, number, row, self.stated))
            }
            Exported::Post(exported) if self.is_new(&exported) => emit(self.post(number, exported)),
            Exported::Post(_) => true,
        }
    }

    /// The same words under the same id are one post; other words under it are another version.
    fn is_new(&mut self, exported: &ExportedPost) -> bool {
        let Some(id) = &exported.post.status_id else { return true };
        if self.given.len() >= MOST_REMEMBERED {
            return true;
        }
        let parts = [exported.post.platform.as_bytes(), id.as_bytes(), exported.words.as_bytes()];
        self.given.insert(Digest::of_parts(&parts))
    }

    fn post(&self, number: u64, exported: Box<ExportedPost>) -> Item {
        let id = exported.post.status_id.clone();
        Item::Document(Box::new(OwnedDocument {
            payload: exported.words.clone().into_bytes(),
            media: Media::Plain,
            charset: Some("utf-8".to_owned()),
            hints: self.stated.hints.clone(),
            input: ReportInput { path: Some(self.path.to_owned()), record: Some(number), id },
            provenance: Provenance {
                origin: Origin::Imported,
                uri: exported.post.url.clone(),
                warc: None,
                payload: None,
                cut: None,
            },
            zipped: false,
            post: Some(exported),
        }))
    }
}
