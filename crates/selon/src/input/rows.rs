//! Rows: JSON Lines, CSV and TSV, plain or gzipped, through one field map. A line of JSON that is
//! of an export gives its posts.

use std::io::{BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use selon_model::{Origin, ReportInput};
use selon_read::{Packs, Row};
use serde_json::Value;

use super::columns::Columns;
use super::posts::Posts;
use super::{DOCUMENT_LIMIT, Item, OwnedDocument, Provenance, Stated, unreadable};
use crate::record::{Failure, Input};

/// One JSON object a line.
pub(super) fn json_lines(
    path: &str,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let mut lines = BufReader::new(inflated(head, source));
    let mut line = Vec::new();
    let mut posts = Posts::new(path, stated, packs);
    let mut next = 0u64;
    for number in 0u64.. {
        let at = next;
        line.clear();
        let read = lines.by_ref().take(DOCUMENT_LIMIT as u64 + 1).read_until(b'\n', &mut line);
        let count = read.map_err(|error| unreadable(path, &error))?;
        if count == 0 {
            break;
        }
        next += count as u64;
        if line.len() > DOCUMENT_LIMIT {
            next += skip_line(&mut lines).map_err(|error| unreadable(path, &error))?;
            let what = format!("(bytes {at} to {next}) is longer than 16 MiB and was left out");
            if !emit(bad_row(path, number, &what, "split the row")) {
                break;
            }
            continue;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        let record = record_as_row(text);
        let value: Result<Value, _> = serde_json::from_str(record.as_deref().unwrap_or(text));
        let goes_on = match value {
            Ok(value) => posts.or_row(number, &value, emit),
            Err(error) => {
                let what = format!("(bytes {at} to {next}) cannot be read: not JSON: {error}");
                emit(bad_row(path, number, &what, "look at that line of the file"))
            }
        };
        if !goes_on {
            return Ok(());
        }
    }
    if let Some(lacking) = posts.columns.lacking(path) {
        emit(lacking);
    }
    Ok(())
}

/// Rows of cells under a header.
pub(super) fn cells(
    path: &str,
    separator: u8,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(inflated(head, source));
    let mut header: Vec<String> = Vec::new();
    let mut record = csv::ByteRecord::new();
    for number in 0u64.. {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let what = format!("cannot be read: {error}");
                emit(bad_row(path, number, &what, "look at that row of the file"));
                break;
            }
        }
        let cells: Vec<String> =
            record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        if number == 0 {
            header = cells.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
            let mut columns = Columns::of(&stated.map);
            columns.see_header(&header);
            if let Some(lacking) = columns.lacking(path) {
                emit(lacking);
                break;
            }
            continue;
        }
        if !emit(row_item(path, number, Row::from_cells(&header, &cells, &stated.map), stated)) {
            break;
        }
    }
    Ok(())
}

/// A record that `selon read` wrote, as a row: its text, and what is known of it. It is read again
/// from there.
fn record_as_row(line: &str) -> Option<String> {
    let mut record: serde_json::Value =
        line.contains("\"selon.report/1\"").then(|| serde_json::from_str(line).ok())??;
    if record.get("schema")? != "selon.report/1" {
        return None;
    }
    let at = |pointer: &str| record.pointer(pointer).cloned().unwrap_or_default();
    let (outlet, domain) = (at("/outlet/name"), at("/outlet/domain"));
    let (published, from) = (at("/published/edtf"), at("/published/from"));
    let row = serde_json::json!({
        "id": at("/id"),
        "title": at("/title"),
        "url": if at("/canonicalUrl").is_null() { at("/url") } else { at("/canonicalUrl") },
        "outlet": if outlet.is_null() { domain } else { outlet },
        "published": if published.is_null() { from } else { published },
        "language": at("/language/tag"),
        "text": record["text"].take(),
    });
    Some(row.to_string())
}

pub(super) fn inflated<'a>(head: Vec<u8>, source: impl Read + 'a) -> Box<dyn Read + 'a> {
    let zipped = head.starts_with(&[0x1f, 0x8b]);
    let given = std::io::Cursor::new(head).chain(source);
    if zipped { Box::new(MultiGzDecoder::new(given)) } else { Box::new(given) }
}

/// Passes over the rest of a line; gives its length.
fn skip_line(lines: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = lines.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        lines.consume(used);
        skipped += used as u64;
        if end.is_some() {
            return Ok(skipped);
        }
    }
}

/// A row as a document, or why it is none.
pub(super) fn row_item<E: std::fmt::Display>(
    path: &str,
    number: u64,
    row: Result<Row, E>,
    stated: &Stated,
) -> Item {
    match row {
        Ok(row) if row.payload.len() > DOCUMENT_LIMIT => {
            bad_row(path, number, "is longer than 16 MiB and was left out", "split the row")
        }
        Ok(row) => document(path, number, row, stated),
        Err(what) => bad_row(path, number, &format!("cannot be read: {what}"), "name the columns with --map"),
    }
}

pub(super) fn bad_row(path: &str, number: u64, what: &str, try_this: &str) -> Item {
    let input = Input { path: Some(path.to_owned()), record: Some(number), id: None };
    let what = format!("row {} {what}", number + 1);
    Item::Failure(Box::new(Failure::new(input, "invalid", what, Some(number + 1), try_this)))
}

pub(super) fn document(path: &str, number: u64, row: Row, stated: &Stated) -> Item {
    let input = ReportInput { path: Some(path.to_owned()), record: Some(number), id: row.id.clone() };
    let mut hints = row.hints.clone();
    let all = &stated.hints;
    hints.url = hints.url.or_else(|| all.url.clone());
    hints.published = hints.published.or_else(|| all.published.clone());
    hints.language = hints.language.or_else(|| all.language.clone());
    hints.outlet = hints.outlet.or_else(|| all.outlet.clone());
    Item::Document(Box::new(OwnedDocument {
        payload: row.payload,
        media: row.media,
        charset: Some("utf-8".to_owned()),
        hints,
        input,
        provenance: Provenance { origin: Origin::Imported, uri: None, warc: None, payload: None, cut: None },
        zipped: false,
        post: None,
    }))
}
