//! Pages with what people found on them: the folders of page gold, brought into one shape.
//!
//! What a folder is is told from its files: one `*.json` of gold beside `html/`, folders with
//! `meta.info` (one gold file a publisher), folders with `expected.html`, or pages each beside a
//! `*.json` with what is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use selon_model::Report;
use selon_read::{Document, Hints, Packs};
use serde_json::Value;

use crate::progress::Progress;
use crate::rows::{name_of, text};

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
    /// Language of the gold or part of the set, where figures are wanted for each.
    pub(crate) group: Option<String>,
    /// Bytes as stored, compressed or not.
    pub(crate) bytes: Vec<u8>,
    pub(crate) url: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) measure: Measure,
    pub(crate) compose: Compose,
    pub(crate) title: Option<String>,
    pub(crate) authors: Option<Vec<String>>,
    /// Date of publication, as the gold has it.
    pub(crate) date: Option<String>,
    /// The gold says that there is no date.
    pub(crate) undated: bool,
    pub(crate) with: Vec<String>,
    pub(crate) without: Vec<String>,
}

impl GoldPage {
    pub(crate) fn new(id: &str, bytes: Vec<u8>, url: Option<&str>) -> Self {
        GoldPage {
            id: id.to_owned(),
            group: None,
            bytes,
            url: url.filter(|url| url.contains("://")).map(str::to_owned),
            body: None,
            measure: Measure::Shingles,
            compose: Compose::default(),
            title: None,
            authors: None,
            date: None,
            undated: false,
            with: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Reads the page, or takes what another tool read.
    pub(crate) fn read(&self, packs: &Packs) -> Option<Report> {
        if let Some(reading) = crate::peers::reading_of(self, packs) {
            return reading;
        }
        let hints = Hints { url: self.url.clone(), ..Hints::default() };
        let document =
            Document { payload: &self.bytes, media: selon_read::Media::Html, hints, ..Document::default() };
        selon_read::read_layout(&document, packs).into_iter().next()
    }
}

/// The pages of a folder, in the order of their ids.
pub(crate) fn load(folder: &Path) -> Result<Vec<GoldPage>> {
    let mut pages = match gold_file(folder)? {
        Some(gold) => of_one_file(folder, &gold)?,
        None => of_publishers(folder)?,
    };
    if pages.is_empty() {
        pages = of_expected(folder)?;
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    if pages.is_empty() {
        bail!(
            "{} holds no page with gold: neither html/ with a *.json of gold, nor folders with \
             meta.info or expected.html, nor pages beside a *.json with \"expected\"",
            folder.display()
        );
    }
    Ok(pages)
}

/// The pages of a folder with what is read from each.
pub(crate) fn read_all(task: &str, folder: &Path, packs: &Packs) -> Result<Vec<(GoldPage, Option<Report>)>> {
    let pages = load(folder)?;
    let progress = Progress::new(format!("{task} {}", name_of(folder)), pages.len());
    let read = pages.into_par_iter().map(|page| {
        let report = page.read(packs);
        progress.step();
        (page, report)
    });
    Ok(read.collect())
}

/// The gold of all pages in one file: that with a known name, else the only one beside `html/`.
fn gold_file(folder: &Path) -> Result<Option<BTreeMap<String, Value>>> {
    if !folder.join("html").is_dir() {
        return Ok(None);
    }
    let files = crate::rows::files(folder, &["json"])?;
    let known = ["ground-truth.json", "gold.json", "gold.json.gz"];
    let known = known.iter().map(|name| folder.join(name)).find(|path| path.exists());
    let path = match (known, &files[..]) {
        (Some(path), _) => path,
        (None, [only]) => only.clone(),
        (None, []) => return Ok(None),
        (None, _) => bail!(
            "{} holds several *.json beside html/: name the gold gold.json or ground-truth.json",
            folder.display()
        ),
    };
    let gold = serde_json::from_str(&text(&path)?)
        .with_context(|| format!("{}: not an object of page id and gold", path.display()))?;
    Ok(Some(gold))
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
            // Only the corpus with languages keeps tags of its own; elsewhere "<" is the page's.
            let language = string(entry, "language");
            let tagged = language.is_some();
            page.body =
                string(entry, "articleBody").map(|body| if tagged { without_tags(&body) } else { body });
            page.group = language.as_deref().map(tag_of);
            // The corpus of bodies alone leaves decks out: of 24, 19 are no words of its gold.
            let bodies_alone = !titled && entry.get("authors").is_none();
            page.compose = Compose { title: titled, deck: !bodies_alone, posts: bodies_alone };
            page.title = string(entry, "title");
            page.date = string(entry, "date");
            page.authors = entry.get("authors").map(|authors| match authors {
                Value::String(names) => {
                    names.split(", ").map(str::to_owned).filter(|name| !name.is_empty()).collect()
                }
                _ => strings(entry, "authors"),
            });
            if language.is_some_and(|language| matches!(language.as_str(), "Chinese" | "Japanese")) {
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
            page.group = Some(name.trim_start_matches("htmldate_").trim_end_matches("_2020").to_owned());
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
    let authors = string(entry, "author").map(|names| names.split("; ").map(str::to_owned).collect());
    page.authors = page.authors.take().or(authors);
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
            // One page a version, the older page belongs to the older one. Where pages are
            // missing, a page belongs to the version whose article is nearest to its crawl.
            let paired = versions.len() == files.len();
            for (index, file) in files.into_iter().enumerate() {
                let crawled = info.get(file).and_then(|info| string(info, "crawl_date"));
                let nearest = || {
                    versions.values().min_by_key(|entry| {
                        let published = string(entry, "publishing_date");
                        days_between(published.as_deref(), crawled.as_deref())
                    })
                };
                let entry = if paired { versions.values().nth(index) } else { nearest() };
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
                page.compose = Compose { title: false, deck: true, posts: false };
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
    let body = entry.get("body")?;
    let mut lines = strings(body, "summary");
    for section in body.get("sections")?.as_array()? {
        lines.extend(strings(section, "headline"));
        lines.extend(strings(section, "paragraphs"));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Pages with what is expected of each: `NAME/source.html` with `expected.html` and
/// `expected-metadata.json`, or `NAME.html` beside `NAME.json` with `expected`.
fn of_expected(folder: &Path) -> Result<Vec<GoldPage>> {
    let mut pages = Vec::new();
    for inside in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        if let Some(expected) = either(&inside, "expected.html") {
            let Some(source) = either(&inside, "source.html") else { continue };
            let mut page = GoldPage::new(&name_of(&inside), std::fs::read(source)?, None);
            page.body = Some(entities(&without_tags(&text(&expected)?)));
            page.compose = Compose { title: false, deck: true, posts: true };
            let metadata = inside.join("expected-metadata.json");
            if metadata.exists() {
                let metadata: Value = serde_json::from_str(&text(&metadata)?)?;
                page.title = string(&metadata, "title");
                page.date = string(&metadata, "publishedTime");
            }
            pages.push(page);
            continue;
        }
        for path in crate::rows::files(&inside, &["json"])? {
            let Some(source) = either(&inside, &format!("{}.html", crate::rows::stem(&path))) else {
                continue;
            };
            let entry: Value = serde_json::from_str(&text(&path)?)?;
            let Some(expected) = entry.get("expected") else { continue };
            let id = format!("{}/{}", name_of(&inside), crate::rows::stem(&path));
            let mut page = GoldPage::new(&id, std::fs::read(source)?, string(&entry, "url").as_deref());
            page.body = string(expected, "cleaned_text");
            page.compose = Compose { title: false, deck: true, posts: true };
            page.title = string(expected, "title");
            page.date = string(expected, "publish_date");
            if page.body.is_some() || page.title.is_some() || page.date.is_some() {
                pages.push(page);
            }
        }
    }
    Ok(pages)
}

/// A file of a folder, compressed or not.
fn either(folder: &Path, name: &str) -> Option<PathBuf> {
    [folder.join(name), folder.join(format!("{name}.gz"))].into_iter().find(|path| path.exists())
}

/// The tag of a language by its English name.
fn tag_of(name: &str) -> String {
    let known = [("Russian", "ru"), ("Greek", "el"), ("Polish", "pl"), ("Chinese", "zh"), ("Japanese", "ja")];
    known
        .iter()
        .find(|(known, _)| *known == name)
        .map_or_else(|| name.to_lowercase(), |(_, tag)| (*tag).to_owned())
}

/// The references that a serialised document has.
fn entities(text: &str) -> String {
    let plain = text.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&quot;", "\"").replace("&amp;", "&")
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_stripped() {
        assert_eq!(without_tags("<p>A b</p><p>c"), " A b  c");
        assert_eq!(entities("a&nbsp;b &amp;lt; c"), "a\u{a0}b &lt; c");
    }

    #[test]
    fn days() {
        assert_eq!(days_between(Some("2024-01-31 22:00:00+00:00"), Some("2024-02-02")), 2);
        assert_eq!(days_between(None, Some("2024-02-02")), i32::MAX);
    }
}
