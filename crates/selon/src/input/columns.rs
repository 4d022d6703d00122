//! Columns that a map names and a file of rows has not: said once for the file, with those it has.

use selon_read::{FieldMap, has_column};
use serde_json::Value;

use super::{Item, failure};

/// Kind of the failure that says so.
pub const NO_COLUMN: &str = "no_column";

/// Names of a file's columns that are told.
const MOST_TOLD: usize = 40;

/// Columns that are looked for in the rows of a file.
pub(super) struct Columns {
    /// Fields with their columns that no row had so far.
    unseen: Vec<(&'static str, String)>,
    /// Columns of the first row.
    first: Vec<String>,
}

impl Columns {
    pub(super) fn of(map: &FieldMap) -> Self {
        let unseen = map.named().map(|(field, name)| (field, name.to_owned())).collect();
        Columns { unseen, first: Vec::new() }
    }

    /// Looks at a row.
    pub(super) fn see(&mut self, row: &Value) {
        if self.unseen.is_empty() {
            return;
        }
        if let Value::Object(fields) = row
            && self.first.is_empty()
        {
            self.first = fields.keys().cloned().collect();
        }
        self.unseen.retain(|(_, name)| !has_column(row, name));
    }

    /// Looks at the names above a table.
    pub(super) fn see_header(&mut self, header: &[String]) {
        self.first = header.to_vec();
        self.unseen.retain(|(_, name)| !header.iter().any(|column| column.to_lowercase() == *name));
    }

    /// The failure, where rows were seen and none had a column that is named.
    pub(super) fn lacking(&self, path: &str) -> Option<Item> {
        let (field, name) = self.unseen.first()?;
        if self.first.is_empty() {
            return None;
        }
        let told: Vec<&str> = self.first.iter().take(MOST_TOLD).map(String::as_str).collect();
        let more = if self.first.len() > MOST_TOLD { ", …" } else { "" };
        let what =
            format!("has no column \"{name}\" (--map {field}={name}); it has: {}{more}", told.join(", "));
        Some(Item::Failure(failure(path, NO_COLUMN, what, "name one of these with --map FIELD=COLUMN")))
    }
}
