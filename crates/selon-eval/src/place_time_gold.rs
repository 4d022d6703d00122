//! Places and days of forty articles, as marked by hand (cases/gold/README-places-times.md).
//!
//! The gold holds no words: a document is named, its text is read where it lies, and the
//! offsets (code points) count only while the text's digest is the one that was marked. What was left open is
//! neither rewarded nor punished.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use rayon::prelude::*;
use selon_model::{Lang, Place, PlaceRole, Reading, RuleId, TimeMention, When};
use selon_read::{Packs, read_text};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Scores;
use crate::rows;
use crate::scores::{f1, share};

const GOLD: &str = include_str!("../../../cases/gold/places-times.jsonl");
const SET: &str = "conflict-articles";

/// First and last day; "since May" has no last one, "until May" no first one.
type Days = (Option<Date>, Option<Date>);

/// An article and what was marked in it.
#[derive(Debug, Deserialize)]
struct Article {
    document: String,
    sha256: String,
    lang: String,
    published: Date,
    places: Vec<MarkedPlace>,
    times: Vec<MarkedTime>,
}

/// A name of a place; without ids where the gazetteer lacks it under that name.
#[derive(Debug, Deserialize)]
struct MarkedPlace {
    start: usize,
    end: usize,
    country: Option<String>,
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    open: bool,
}

/// An expression, and the first and last day it may denote; `null` for an open end.
#[derive(Debug, Deserialize)]
struct MarkedTime {
    start: usize,
    end: usize,
    #[serde(default)]
    days: Vec<Days>,
    #[serde(default)]
    open: bool,
}

/// An article with its text and what was read of it.
struct Marked {
    article: Article,
    text: String,
    places: Vec<Place>,
    times: Vec<TimeMention>,
}

/// Scores the places of the folder of all data; `None` for any other folder.
pub(crate) fn places(data: &Path, packs: &Packs) -> Result<Option<Vec<Scores>>> {
    let Some(read) = read(data, packs)? else { return Ok(None) };
    let mut scores = Scores::new("places", SET);
    let mut tally = PlaceTally::default();
    for one in &read {
        tally.add(one, &mut scores);
    }
    scores.n = tally.gold;
    scores.set("relaxed_precision", share(tally.found, tally.read));
    scores.set("relaxed_recall", share(tally.found, tally.gold));
    scores.set("relaxed_f1", f1(tally.found, tally.read, tally.gold));
    scores.set("country_right", share(tally.country, tally.placed));
    scores.set("country_end_to_end", share(tally.country, tally.in_gazetteer));
    scores.set("id_right", share(tally.same_id, tally.placed));
    scores.set("absent", tally.absent as f64);
    scores.set("absent_without_point", share(tally.absent - tally.absent_placed, tally.absent));
    Ok(Some(vec![scores.sorted()]))
}

/// Scores the time expressions of the folder of all data; `None` for any other folder.
pub(crate) fn times(data: &Path, packs: &Packs) -> Result<Option<Vec<Scores>>> {
    let Some(read) = read(data, packs)? else { return Ok(None) };
    let mut scores = Scores::new("times", SET);
    let (mut gold, mut found, mut right, mut extra) = (0, 0, 0, 0);
    for one in &read {
        let spans = spans(&one.text, one.times.iter().map(|time| time.span));
        let mut free: Vec<bool> = vec![true; spans.len()];
        for marked in one.article.times.iter().filter(|marked| !marked.open) {
            gold += 1;
            let id = format!("{} {}–{}", one.article.document, marked.start, marked.end);
            let Some(at) = best(&spans, &free, marked.start, marked.end) else {
                scores.case(&id, 0.0, format!("missed {:?}", cut(&one.text, marked.start, marked.end)));
                continue;
            };
            // Two expressions may be read as one: it stays free for the other.
            found += 1;
            let days = days(&one.times[at]);
            let is_right = marked.days.contains(&days);
            right += usize::from(is_right);
            if !is_right {
                let what = format!("expected {:?}, read {days:?} {}", marked.days, one.times[at].value);
                scores.case(&id, 0.5, what);
            }
        }
        for marked in &one.article.times {
            for (index, span) in spans.iter().enumerate() {
                if span.0 < marked.end && marked.start < span.1 {
                    free[index] = false;
                }
            }
        }
        for (index, span) in spans.iter().enumerate().filter(|(index, _)| free[*index]) {
            // A length or a reference denotes no days: nothing was marked there.
            if days(&one.times[index]) != (None, None) {
                extra += 1;
                let id = format!("{} {}–{}", one.article.document, span.0, span.1);
                scores.case(&id, 0.2, format!("not marked: {}", one.times[index].value));
            }
        }
    }
    scores.n = gold;
    scores.set("recall", share(found, gold));
    scores.set("precision", share(found, found + extra));
    scores.set("days_right", share(right, found));
    scores.set("days_end_to_end", share(right, gold));
    Ok(Some(vec![scores.sorted()]))
}

#[derive(Default)]
struct PlaceTally {
    gold: usize,
    read: usize,
    found: usize,
    /// Marked with an id and found.
    placed: usize,
    in_gazetteer: usize,
    country: usize,
    same_id: usize,
    absent: usize,
    absent_placed: usize,
}

impl PlaceTally {
    fn add(&mut self, one: &Marked, scores: &mut Scores) {
        // Adjectives of place and names inside the names of bodies are not marked.
        let places: Vec<&Place> = one
            .places
            .iter()
            .filter(|place| place.role != PlaceRole::Demonym && place.reading != Reading::PartOfName)
            .collect();
        let spans = spans(&one.text, places.iter().map(|place| place.span));
        let mut free = vec![true; spans.len()];
        let id = |start: usize, end: usize| format!("{} {start}–{end}", one.article.document);
        for marked in one.article.places.iter().filter(|marked| !marked.open) {
            self.gold += 1;
            self.in_gazetteer += usize::from(!marked.ids.is_empty());
            self.absent += usize::from(marked.ids.is_empty());
            let Some(at) = best(&spans, &free, marked.start, marked.end) else {
                let what = format!("missed {:?}", cut(&one.text, marked.start, marked.end));
                scores.case(id(marked.start, marked.end), 0.1, what);
                continue;
            };
            free[at] = false;
            self.found += 1;
            let choice = places[at].choice();
            if marked.ids.is_empty() {
                if let Some(choice) = choice {
                    self.absent_placed += 1;
                    let what = format!("not in the gazetteer, read {} {}", choice.id, choice.name);
                    scores.case(id(marked.start, marked.end), 0.0, what);
                }
                continue;
            }
            self.placed += 1;
            let country = choice.is_some_and(|choice| choice.country == marked.country);
            let same_id = choice.is_some_and(|choice| marked.ids.contains(&choice.id.0));
            self.country += usize::from(country);
            self.same_id += usize::from(same_id);
            if !same_id {
                let read =
                    choice.map_or("no place".to_owned(), |choice| format!("{} {}", choice.id, choice.name));
                let what = format!("expected {:?} {:?}, read {read}", marked.country, marked.ids);
                scores.case(id(marked.start, marked.end), if country { 0.6 } else { 0.2 }, what);
            }
        }
        self.read += spans.len();
        for marked in one.article.places.iter().filter(|marked| marked.open) {
            for (index, span) in spans.iter().enumerate() {
                if span.0 < marked.end && marked.start < span.1 && free[index] {
                    free[index] = false;
                    self.read -= 1;
                }
            }
        }
        for (index, span) in spans.iter().enumerate().filter(|(index, _)| free[*index]) {
            let read = places[index].choice().map_or("no place", |choice| choice.name.as_str());
            scores.case(id(span.0, span.1), 0.3, format!("not marked: read as {read}"));
        }
    }
}

/// The reading that shares most with a stretch of the text, an equal one first.
fn best(spans: &[(usize, usize)], free: &[bool], start: usize, end: usize) -> Option<usize> {
    (0..spans.len())
        .filter(|&at| free[at])
        .map(|at| (spans[at].1.min(end).saturating_sub(spans[at].0.max(start)), at))
        .filter(|(shared, _)| *shared > 0)
        .max_by_key(|&(shared, at)| (shared, std::cmp::Reverse(at)))
        .map(|(_, at)| at)
}

/// First and last day of a reading.
fn days(time: &TimeMention) -> Days {
    let last = time.until.and_then(|until| match time.from {
        Some(from) if until <= from => Some(until),
        _ => until.checked_sub(jiff::Span::new().nanoseconds(1)).ok(),
    });
    (time.from.map(|from| from.date()), last.map(|last| last.date()))
}

/// Spans in code points.
fn spans(text: &str, spans: impl Iterator<Item = selon_model::Span>) -> Vec<(usize, usize)> {
    let count = |range: &str| range.chars().count();
    spans
        .map(|span| {
            let start = count(&text[..span.from()]);
            (start, start + count(span.of(text)))
        })
        .collect()
}

fn cut(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

/// Reads the articles, if the folder is the one that holds them.
fn read(data: &Path, packs: &Packs) -> Result<Option<Vec<Marked>>> {
    let articles: Vec<Article> = GOLD
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("cases/gold/places-times.jsonl")?;
    let there =
        |article: &Article| article.document.split('#').next().is_some_and(|path| data.join(path).is_file());
    if !articles.first().is_some_and(there) {
        return Ok(None);
    }
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut texts = Vec::new();
    for article in &articles {
        texts.push(text_of(data, &article.document, &mut files)?);
    }
    let read = articles.into_par_iter().zip(texts).map(|(article, text)| {
        let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        if digest != article.sha256 {
            bail!("{} is not the text that was marked: its SHA-256 is {digest}", article.document);
        }
        let lang = Lang::new(&article.lang).context("a language tag")?;
        let published = When::day(article.published, RuleId::core("eval.published"));
        let report = read_text(&text, &lang, Some(&published), packs);
        Ok(Marked { article, text, places: report.places, times: report.times })
    });
    read.collect::<Result<Vec<_>>>().map(Some)
}

/// The text of a document: a whole file, a row of a table, or the body of a page's gold.
fn text_of(data: &Path, document: &str, files: &mut BTreeMap<String, Vec<Value>>) -> Result<String> {
    let (path, id) = document.split_once('#').unwrap_or((document, ""));
    let file = data.join(path);
    if id.is_empty() {
        return rows::text(&file);
    }
    if path.ends_with(".json") {
        let gold: Value = serde_json::from_str(&rows::text(&file)?).with_context(|| path.to_owned())?;
        return Ok(body(&gold[id]["body"]));
    }
    if !files.contains_key(path) {
        files.insert(path.to_owned(), rows::rows(&file)?);
    }
    let is_it = |row: &&Value| ["unit_id", "doc_id", "id"].iter().any(|key| row[*key] == id);
    let row = files[path].iter().find(is_it).with_context(|| format!("no {id} in {path}"))?;
    let text = ["article_content", "content", "text"].iter().find_map(|key| row[*key].as_str());
    Ok(text.with_context(|| format!("{document} has no text"))?.to_owned())
}

/// Summary, headlines and paragraphs, a line each.
fn body(body: &Value) -> String {
    let lines = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    };
    let mut all = lines(&body["summary"]);
    for section in body["sections"].as_array().into_iter().flatten() {
        all.extend(lines(&section["headline"]));
        all.extend(lines(&section["paragraphs"]));
    }
    all.join("\n")
}
