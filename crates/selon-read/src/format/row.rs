//! Rows of corpora (JSON Lines, CSV, TSV, Parquet) through one field map.
//!
//! Corpora name their columns differently; the map knows the usual names (record.md, "Inputs"),
//! nested or flat, and the caller may name others. What a row says about a document is a hint
//! with its own evidence, never part of the text.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::describe::date::{DateOrder, Months, parse_when_in};
use crate::document::{Document, Hints, Media};
use crate::pack::Packs;
use selon_model::{DateEvidence, ReportInput, When};

/// Fields of a document, each with the names that columns usually have.
const FIELDS: &[(&str, &[&str])] = &[
    ("html", &["html"]),
    ("text", &["text", "content", "raw_content", "article_content", "sentences"]),
    ("title", &["title", "article_title"]),
    ("url", &["url", "uri", "warc-target-uri"]),
    ("published", &["published", "date", "timestamp", "dct", "warc-date"]),
    ("outlet", &["outlet", "source"]),
    ("id", &["id", "doc_id", "unit_id", "warc-record-id"]),
    ("lang", &["lang", "language"]),
];

/// Levels of nesting in which a field is looked for.
const DEPTH: usize = 3;

/// Which column holds what, where the names differ from the usual ones.
#[derive(Clone, Debug, Default)]
pub struct FieldMap {
    names: BTreeMap<&'static str, String>,
    order: DateOrder,
    /// Names of months of other packs than those of this library.
    months: Option<Arc<Months>>,
}

impl FieldMap {
    /// Says that `field` stands in the column `name`; `a.b` names a nested one.
    ///
    /// # Errors
    /// In words, where there is no such field.
    pub fn set(&mut self, field: &str, name: &str) -> Result<(), String> {
        let Some((known, _)) = FIELDS.iter().find(|(known, _)| *known == field) else {
            let all: Vec<&str> = FIELDS.iter().map(|(known, _)| *known).collect();
            return Err(format!("there is no field \"{field}\"; there are: {}", all.join(", ")));
        };
        self.names.insert(known, name.to_lowercase());
        Ok(())
    }

    /// Says how numeric dates are written: `dmy`, `mdy` or `ymd`.
    ///
    /// # Errors
    /// In words, for any other order.
    pub fn set_date_order(&mut self, order: &str) -> Result<(), String> {
        self.order = DateOrder::named(order).ok_or("write dmy, mdy or ymd")?;
        Ok(())
    }

    /// Says which packs name the months of dates.
    pub fn use_packs(&mut self, packs: &Packs) {
        self.months = Some(Arc::clone(&packs.page.months));
    }

    /// The day of a cell.
    fn day(&self, cell: &str) -> Option<When> {
        match &self.months {
            Some(months) => parse_when_in(cell.trim(), self.order, months),
            None => parse_when_in(cell.trim(), self.order, &Packs::embedded().page.months),
        }
    }

    /// Columns that the caller names, each with its field.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.names.iter().map(|(field, name)| (*field, name.as_str()))
    }

    /// The value of a field: under the caller's name for it, else under the first usual one.
    fn find<'v>(&self, field: &str, cells: &'v BTreeMap<String, String>) -> Option<&'v str> {
        let found = |name: &str| cells.get(name).map(String::as_str).filter(|cell| !cell.trim().is_empty());
        if let Some(name) = self.names.get(field) {
            return found(name);
        }
        let (_, names) = FIELDS.iter().find(|(known, _)| *known == field)?;
        names.iter().find_map(|name| found(name).or_else(|| nested(name, cells)))
    }
}

/// A cell whose path ends in `name`, the shortest path first.
fn nested<'v>(name: &str, cells: &'v BTreeMap<String, String>) -> Option<&'v str> {
    cells
        .iter()
        .filter(|(path, cell)| {
            path.strip_suffix(name).is_some_and(|before| before.ends_with('.')) && !cell.trim().is_empty()
        })
        .min_by_key(|(path, _)| path.len())
        .map(|(_, cell)| cell.as_str())
}

/// One row: a document's bytes and what the row says about it.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The document.
    pub payload: Vec<u8>,
    /// Whether it is HTML or plain text.
    pub media: Media,
    /// What the row says about it.
    pub hints: Hints,
    /// The row's own id.
    pub id: Option<String>,
}

impl Row {
    /// A line of a JSON Lines file.
    ///
    /// # Errors
    /// In words, where the line is no JSON object or holds no document.
    pub fn parse_json_line(line: &str, map: &FieldMap) -> Result<Row, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
        Row::from_json(&value, map)
    }

    /// A JSON object.
    ///
    /// # Errors
    /// In words, where it is none or holds no document.
    pub fn from_json(value: &Value, map: &FieldMap) -> Result<Row, String> {
        let Value::Object(_) = value else { return Err("not a JSON object".to_owned()) };
        let mut cells = BTreeMap::new();
        flatten("", value, DEPTH, &mut cells);
        Row::of(&cells, map)
    }

    /// A row of cells under a header.
    ///
    /// # Errors
    /// In words, where no column holds a document.
    pub fn from_cells(header: &[String], cells: &[String], map: &FieldMap) -> Result<Row, String> {
        let cells = header.iter().map(|name| name.trim().to_lowercase()).zip(cells.iter().cloned()).collect();
        Row::of(&cells, map)
    }

    fn of(cells: &BTreeMap<String, String>, map: &FieldMap) -> Result<Row, String> {
        let (media, payload) = match (map.find("html", cells), map.find("text", cells)) {
            (Some(html), _) => (Media::Html, html),
            (None, Some(text)) => (Media::Plain, text),
            (None, None) => {
                let names: Vec<&str> = cells.keys().map(String::as_str).take(12).collect();
                return Err(format!(
                    "no column holds a text (columns: {}); name one with --map text=COLUMN",
                    names.join(", ")
                ));
            }
        };
        let owned = |field: &str| map.find(field, cells).map(|cell| cell.trim().to_owned());
        let published = map.find("published", cells).and_then(|cell| map.day(cell));
        Ok(Row {
            payload: payload.as_bytes().to_vec(),
            media,
            hints: Hints {
                url: owned("url").filter(|url| url.contains("://")),
                published: published.map(|mut when| {
                    when.evidence = Some(DateEvidence::Stated);
                    when
                }),
                language: owned("lang"),
                outlet: owned("outlet"),
                title: owned("title"),
            },
            id: owned("id"),
        })
    }

    /// The row as a document.
    pub fn document(&self, input: ReportInput) -> Document<'_> {
        Document {
            payload: &self.payload,
            media: self.media,
            charset: Some("utf-8".to_owned()),
            hints: self.hints.clone(),
            input,
            ..Document::default()
        }
    }
}

/// Whether a JSON object has a column of this name, in lower case and also where it is empty; `a.b`
/// names a nested one.
pub fn has_column(value: &Value, name: &str) -> bool {
    let Value::Object(fields) = value else { return false };
    fields.iter().any(|(key, value)| {
        let rest = name.strip_prefix(key.to_lowercase().as_str());
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.strip_prefix('.').is_some_and(|inner| has_column(value, inner))
        })
    })
}

/// The scalars of a value by their path, names in lower case; lists of strings joined by spaces.
fn flatten(path: &str, value: &Value, depth: usize, cells: &mut BTreeMap<String, String>) {
    let text = match value {
        Value::Object(fields) if depth > 0 => {
            for (name, value) in fields {
                let name = name.to_lowercase();
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                flatten(&path, value, depth - 1, cells);
            }
            return;
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        _ => return,
    };
    cells.insert(path.to_owned(), text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, map: &[(&str, &str)], expected: &str) {
        let mut fields = FieldMap::default();
        for (field, name) in map {
            fields.set(field, name).unwrap();
        }
        let shown = match Row::parse_json_line(line, &fields) {
            Ok(row) => format!(
                "{} id={:?} url={:?} published={:?} lang={:?}",
                String::from_utf8_lossy(&row.payload),
                row.id.as_deref().unwrap_or(""),
                row.hints.url.as_deref().unwrap_or(""),
                row.hints.published.and_then(|when| when.edtf).unwrap_or_default(),
                row.hints.language.as_deref().unwrap_or(""),
            ),
            Err(what) => what,
        };
        assert_eq!(shown, expected, "{line}");
    }

    #[test]
    fn finds_fields() {
        check(
            r#"{"id":7,"text":"Oui.","URL":"https://a.example/1","date":"2026-03-11","lang":"fr"}"#,
            &[],
            r#"Oui. id="7" url="https://a.example/1" published="2026-03-11" lang="fr""#,
        );
        check(
            r#"{"meta":{"warc-target-uri":"https://a.example/2"},"sentences":["Un.","Deux."]}"#,
            &[],
            r#"Un. Deux. id="" url="https://a.example/2" published="" lang="""#,
        );
        check(r#"{"body":"Non."}"#, &[("text", "body")], r#"Non. id="" url="" published="" lang="""#);
        check(r#"{"a":1}"#, &[], "no column holds a text (columns: a); name one with --map text=COLUMN");
        check("[1]", &[], "not a JSON object");
    }

    #[test]
    fn columns_by_name() {
        let check = |name: &str, has: bool| {
            let value = serde_json::from_str(r#"{"Message":null,"meta":{"a.b":1},"meta.c":2}"#).unwrap();
            assert_eq!(has_column(&value, name), has, "{name}");
        };
        check("message", true);
        check("mess", false);
        check("meta", true);
        check("meta.a.b", true);
        check("meta.c", true);
        check("meta.d", false);
    }

    #[test]
    fn numeric_dates_need_an_order() {
        let header = ["text", "date"].map(String::from);
        let cells = ["Oui.", "03/04/2026"].map(String::from);
        let mut map = FieldMap::default();
        let day = |map: &FieldMap| {
            Row::from_cells(&header, &cells, map).unwrap().hints.published.and_then(|when| when.edtf)
        };
        assert_eq!(day(&map).as_deref(), Some("2026-04-03"));
        map.set_date_order("mdy").unwrap();
        assert_eq!(day(&map).as_deref(), Some("2026-03-04"));
        assert!(map.set_date_order("xyz").is_err());
    }
}
