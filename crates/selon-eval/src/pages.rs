//! Pages with what people found on them: the folders of page gold, brought into one shape.
//!
//! What a folder is is told from its files: `ground-truth.json`, `gold.json`, `gold.json.gz`, or
//! folders with `meta.info` (one gold file a publisher).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use selon_model::Report;
use selon_read::{Document, Hints, Packs};
use serde_json::Value;

/// How a body is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Multisets of four words in a row.
    Shingles,
    /// The same over characters, for scripts without spaces.
    Characters,
    /// Multisets of lower-case words.
    Words,
}

/// What of the reading is compared with the gold body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compose {
    /// The title, in front.
    pub(crate) title: bool,
    /// The deck.
    pub(crate) deck: bool,
    /// Words of posts.
    pub(crate) posts: bool,
}

/// One page with its gold.
#[derive(Clone, Debug)]
pub(crate) struct GoldPage {
    pub(crate) id: String,
    /// Bytes as stored, compressed or not.
    pub(crate) bytes: Vec<u8>,
    pub(crate) url: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) measure: Measure,
    pub(crate) compose: Compose,
    pub(crate) title: Option<String>,
    pub(crate) authors: Option<Vec<String>>,
    /// A list of authors is one string, and how it is cut is not known.
    pub(crate) authors_glued: bool,
    /// Date of publication, as the gold has it.
    pub(crate) date: Option<String>,
    /// The gold says that there is no date.
    pub(crate) undated: bool,
    pub(crate) with: Vec<String>,
    pub(crate) without: Vec<String>,
}

impl GoldPage {
    fn new(id: &str, bytes: Vec<u8>, url: Option<&str>) -> Self {
        GoldPage {
            id: id.to_owned(),
            bytes,
            url: url.filter(|url| url.contains("://")).map(str::to_owned),
            body: None,
            measure: Measure::Shingles,
            compose: Compose::default(),
            title: None,
            authors: None,
            authors_glued: false,
            date: None,
            undated: false,
            with: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Reads the page.
    pub(crate) fn read(&self, packs: &Packs) -> Option<Report> {
        let hints = Hints { url: self.url.clone(), ..Hints::default() };
        let document =
            Document { payload: &self.bytes, media: selon_read::Media::Html, hints, ..Document::default() };
        selon_read::read(&document, packs).into_iter().next()
    }
}

/// The pages of a folder, in the order of their ids.
pub(crate) fn load(folder: &Path) -> Result<Vec<GoldPage>> {
    let mut pages = match gold_file(folder)? {
        Some(gold) => of_one_file(folder, &gold)?,
        None => of_publishers(folder)?,
    };
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    if pages.is_empty() {
        bail!("{} holds no page with gold", folder.display());
    }
    Ok(pages)
}

/// Text of a file, decompressed where it is.
pub(crate) fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    Ok(text)
}

fn gold_file(folder: &Path) -> Result<Option<BTreeMap<String, Value>>> {
    for name in ["ground-truth.json", "gold.json", "gold.json.gz"] {
        let path = folder.join(name);
        if path.exists() {
            return Ok(Some(serde_json::from_str(&text(&path)?)?));
        }
    }
    Ok(None)
}

fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn of_one_file(folder: &Path, gold: &BTreeMap<String, Value>) -> Result<Vec<GoldPage>> {
    let titled = gold.values().filter_map(|entry| entry.get("articleBody")).count() > 0
        && gold.values().any(|entry| entry.get("language").is_some());
    let mut pages = Vec::new();
    for (id, entry) in gold {
        let name = string(entry, "file").unwrap_or_else(|| format!("{id}.html.gz"));
        let path = [name.clone(), name.trim_end_matches(".gz").to_owned(), format!("{id}.html")]
            .iter()
            .map(|name| folder.join("html").join(name))
            .find(|path| path.exists());
        let Some(path) = path else { continue };
        let url = string(entry, "url").or_else(|| strings(entry, "urls").into_iter().next());
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut page = GoldPage::new(id, bytes, url.as_deref().or(Some(id)));
        if let Some(truth) = entry.get("ground_truth") {
            page.body = string(truth, "main_content");
            page.measure = Measure::Words;
            page.compose = Compose { title: false, deck: true, posts: true };
            page.title = string(truth, "title");
            page.date = string(truth, "publish_date");
        } else if let Some(sources) = entry.get("gold") {
            annotated(&mut page, sources);
        } else if entry.get("with").is_some() {
            segments(&mut page, entry);
        } else {
            page.body = string(entry, "articleBody").map(|body| without_tags(&body));
            page.compose =
                Compose { title: titled, deck: true, posts: !titled && entry.get("authors").is_none() };
            page.title = string(entry, "title");
            page.date = string(entry, "date");
            page.authors = entry.get("authors").map(|authors| match authors {
                Value::String(names) => {
                    names.split(", ").map(str::to_owned).filter(|name| !name.is_empty()).collect()
                }
                _ => strings(entry, "authors"),
            });
            page.authors_glued = true;
            if string(entry, "language")
                .is_some_and(|language| matches!(language.as_str(), "Chinese" | "Japanese"))
            {
                page.measure = Measure::Characters;
            }
        }
        pages.push(page);
    }
    Ok(pages)
}

/// Dates from one annotation, segments from another, of the same page.
fn annotated(page: &mut GoldPage, sources: &Value) {
    for name in ["htmldate_default", "htmldate_mediacloud_2020", "trafilatura_eval"] {
        let Some(entry) = sources.get(name) else { continue };
        if name == "trafilatura_eval" {
            segments(page, entry);
        } else if page.date.is_none() {
            page.date = string(entry, "date");
            page.undated = page.date.is_none() && entry.get("date").is_some();
            page.url = page.url.take().or_else(|| string(entry, "url"));
        }
    }
    if sources.get("htmldate_default").is_none() && sources.get("htmldate_mediacloud_2020").is_none() {
        page.date = None;
        page.undated = false;
    }
}

fn segments(page: &mut GoldPage, entry: &Value) {
    page.with = strings(entry, "with");
    page.without = strings(entry, "without");
    page.title = page.title.take().or_else(|| string(entry, "title"));
    if page.date.is_none() {
        page.date = string(entry, "date").map(|date| date.chars().take(10).collect());
    }
}

/// Folders by country: `NAME_DATE.html.gz` beside `NAME.json`.
fn of_publishers(folder: &Path) -> Result<Vec<GoldPage>> {
    let mut pages = Vec::new();
    for country in sorted(folder)? {
        let info = country.join("meta.info");
        if !info.exists() {
            continue;
        }
        let info: BTreeMap<String, Value> = serde_json::from_str(&text(&info)?)?;
        let mut by_publisher: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for file in info.keys() {
            let publisher = file.split('_').next().unwrap_or("").to_owned();
            by_publisher.entry(publisher).or_default().push(file);
        }
        for (publisher, files) in by_publisher {
            let path = country.join(format!("{publisher}.json"));
            let Ok(gold) = text(&path) else { continue };
            let versions: BTreeMap<String, Value> = serde_json::from_str(&gold)?;
            // A page belongs to the version whose article is nearest to the day it was crawled.
            for file in files {
                let crawled = info.get(file).and_then(|info| string(info, "crawl_date"));
                let entry = versions.values().min_by_key(|entry| {
                    let published = string(entry, "publishing_date");
                    days_between(published.as_deref(), crawled.as_deref())
                });
                let path = country.join(file.as_str());
                let (Some(entry), true) = (entry, path.exists()) else { continue };
                let url = info.get(file).and_then(|info| string(info, "url"));
                let name = format!("{}/{file}", country.file_name().unwrap_or_default().to_string_lossy());
                let mut page = GoldPage::new(&name, std::fs::read(&path)?, url.as_deref());
                page.title = string(entry, "title");
                page.date = string(entry, "publishing_date");
                let authors = strings(entry, "authors");
                page.authors = (!authors.is_empty()).then_some(authors);
                page.body = body_of_sections(entry);
                pages.push(page);
            }
        }
    }
    Ok(pages)
}

/// Days between two dates; many where one of them is none.
fn days_between(a: Option<&str>, b: Option<&str>) -> i32 {
    let day = |text: Option<&str>| text.and_then(selon_read::parse_when).and_then(|when| when.date());
    match (day(a), day(b)) {
        (Some(a), Some(b)) => a.until(b).map_or(i32::MAX, |span| span.get_days().abs()),
        _ => i32::MAX,
    }
}

fn body_of_sections(entry: &Value) -> Option<String> {
    let mut lines = Vec::new();
    for section in entry.get("body")?.get("sections")?.as_array()? {
        lines.extend(strings(section, "headline"));
        lines.extend(strings(section, "paragraphs"));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn sorted(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => {
                inside = true;
                out.push(' ');
            }
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
