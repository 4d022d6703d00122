//! Other tools on the same pages: the pages handed out, and what was read from them scored.
//!
//! A tool is handed decoded text, so that none is measured by how it tells encodings, and writes
//! down a row a page. Where such rows are given, every task that scores pages takes them for what
//! was read: one scorer for all.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use selon_model::{Lang, Report};
use selon_read::{Document, Media, Packs};
use serde::{Deserialize, Serialize};

use crate::gold;
use crate::pages::{GoldPage, load};
use crate::rows::text;

/// A page as it is handed out.
#[derive(Debug, Serialize)]
struct Page<'a> {
    id: &'a str,
    url: Option<&'a str>,
    html: String,
}

/// What a tool read from a page.
#[derive(Debug, Deserialize)]
struct Reading {
    id: String,
    text: String,
    title: Option<String>,
    date: Option<String>,
}

static READINGS: OnceLock<HashMap<String, Reading>> = OnceLock::new();

/// Writes the pages of a folder, a JSON row each. The folder of all data holds those of cases/gold.
pub fn write_pages(folder: &Path, out: &mut dyn Write) -> Result<()> {
    let pages = match gold::pages(folder)? {
        Some(pages) => pages,
        None => load(folder)?,
    };
    for page in &pages {
        let document = Document { payload: &page.bytes, media: Media::Html, ..Document::default() };
        let html = selon_read::decoded_text(&document);
        serde_json::to_writer(&mut *out, &Page { id: &page.id, url: page.url.as_deref(), html })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// From now on pages are scored by the rows of a file: {id, text, title, date}, the last two or
/// `null`.
pub fn take_readings(path: &Path) -> Result<()> {
    let mut readings = HashMap::new();
    for line in text(path)?.lines() {
        let reading: Reading =
            serde_json::from_str(line).with_context(|| format!("{}: not a reading", path.display()))?;
        readings.insert(reading.id.clone(), reading);
    }
    READINGS.get_or_init(|| readings);
    Ok(())
}

/// What another tool read from a page, where its rows are given; each line is a paragraph.
pub(crate) fn reading_of(page: &GoldPage, packs: &Packs) -> Option<Option<Report>> {
    let reading = READINGS.get()?.get(&page.id);
    Some(reading.map(|reading| {
        // No language: the words are not read further.
        let none = Lang::new("zxx").expect("it is a language tag (ISO 639-2)");
        let mut report = selon_read::read_text(&reading.text, &none, None, packs);
        report.title.clone_from(&reading.title);
        report.published = reading.date.as_deref().and_then(selon_read::parse_when);
        report
    }))
}
