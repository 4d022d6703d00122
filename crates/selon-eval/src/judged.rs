//! What a user sees on whole articles, judged one by one: is that who said it, is that what was
//! said, is that a figure (cases/gold/README-judgments.md).
//!
//! A judgment holds no words of an article: a document, a span, a verdict, a class of error, and
//! a fingerprint of what was shown. What is shown today and was judged keeps its verdict; what is
//! new has none and is listed until somebody has judged it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use selon_model::{Figure, Report, Source, Span, Statement, StatementKind};
use selon_read::{Media, Packs};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Scores;
use crate::post_remnant::remnant;
use crate::posts::read_one;
use crate::progress::Progress;
use crate::rows::{bytes, rows, text, typed};
use crate::scores::share;

const JUDGMENTS: &str = include_str!("../../../cases/gold/judgments.jsonl");

/// Letters shown on either side of a case that is still to be judged.
const AROUND: usize = 90;

/// An article and the judgments of what is shown of it.
#[derive(Debug, Deserialize)]
struct Document {
    /// Path below the folder of data; `#` parts off the id of a row.
    document: String,
    /// `page`, `remnant` (the page made text) or `row`.
    form: Form,
    /// Columns of a row that make its text, joined by an empty line.
    #[serde(default)]
    columns: Vec<String>,
    /// Column of its id.
    #[serde(default)]
    id: String,
    lang: String,
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Form {
    Page,
    Remnant,
    Row,
}

/// Kind, first letter and letter after the last, fingerprint, verdict, class of error.
#[derive(Debug, Deserialize)]
#[allow(dead_code)] // where it stood and the class of error are for whoever reads the file
struct Item(Kind, usize, usize, String, Verdict, Option<String>);

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Statement,
    Figure,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Right,
    /// Somebody else is named than who speaks.
    Person,
    /// Other words than those of who speaks are its source.
    Source,
    /// Other words than what is said are its content.
    Content,
    /// Nothing is said there.
    None,
    /// No figure: an age, a date, a price of the page.
    False,
    /// Another value, unit or event.
    Value,
}

/// Something that is shown.
struct Shown {
    kind: Kind,
    /// First letter and letter after the last.
    letters: (usize, usize),
    print: String,
    /// Has a source, or counts killed or injured.
    weighty: bool,
    what: String,
}

#[derive(Default)]
struct Tally {
    articles: usize,
    attributions: usize,
    right: usize,
    persons: usize,
    false_figures: usize,
    figures: usize,
    figures_right: usize,
    tolls: usize,
    tolls_right: usize,
    shown: usize,
    judged: usize,
}

/// Scores the folder of all data, if it holds the judged articles.
pub(crate) fn score(data: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows = JUDGMENTS.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    let rows = rows.context("cases/gold/judgments.jsonl: not JSON")?;
    let documents: Vec<Document> = typed(Path::new("cases/gold/judgments.jsonl"), rows)?;
    let progress = Progress::new("judged articles".to_owned(), documents.len());
    let shown: Vec<Vec<Shown>> = documents
        .par_iter()
        .map(|document| {
            let report = read(data, document, packs)?;
            progress.step();
            Ok(shown(&report))
        })
        .collect::<Result<_>>()?;
    let mut sets: BTreeMap<&str, (Tally, Scores)> = BTreeMap::new();
    for (document, shown) in documents.iter().zip(&shown) {
        let (tally, scores) = sets.entry(document.lang.as_str()).or_insert_with(|| {
            (Tally::default(), Scores::new("judged", format!("judgments/{}", document.lang)))
        });
        scores.n += 1;
        tally.add(document, shown, scores);
    }
    Ok(sets.into_values().map(|(tally, scores)| tally.finish(scores)).collect())
}

impl Tally {
    fn add(&mut self, document: &Document, shown: &[Shown], scores: &mut Scores) {
        self.articles += 1;
        for one in shown {
            self.shown += 1;
            let judged = document.items.iter().find(|item| item.0 == one.kind && item.3 == one.print);
            let Some(Item(_, _, _, _, verdict, _)) = judged else {
                scores.case(
                    &document.document,
                    0.0,
                    format!("to be judged {} {} {}: {}", one.letters.0, one.letters.1, one.print, one.what),
                );
                continue;
            };
            self.judged += 1;
            let right = *verdict == Verdict::Right;
            if one.kind == Kind::Statement && one.weighty {
                self.attributions += 1;
                self.right += usize::from(right);
                self.persons += usize::from(*verdict == Verdict::Person);
            }
            if one.kind == Kind::Figure {
                self.figures += 1;
                self.figures_right += usize::from(right);
                self.false_figures += usize::from(*verdict == Verdict::False);
                self.tolls += usize::from(one.weighty);
                self.tolls_right += usize::from(one.weighty && right);
            }
            if !right {
                scores.case(&document.document, 0.5, format!("{verdict:?} {}: {}", one.print, one.what));
            }
        }
    }

    fn finish(self, mut scores: Scores) -> Scores {
        // What nobody has judged has no share.
        let mut set = |name: &str, part: usize, whole: usize| {
            if whole > 0 {
                scores.set(name, share(part, whole));
            }
        };
        set("attributions_right", self.right, self.attributions);
        set("wrong_person", self.persons, self.attributions);
        set("figures_right", self.figures_right, self.figures);
        set("killed_and_injured_right", self.tolls_right, self.tolls);
        if self.figures > 0 {
            scores.set("false_figures_an_article", share(self.false_figures, self.articles));
        }
        scores.set("judged", share(self.judged, self.shown));
        scores.sorted()
    }
}

fn read(data: &Path, document: &Document, packs: &Packs) -> Result<Report> {
    let (path, row) = document.document.split_once('#').unwrap_or((&document.document, ""));
    let path = data.join(path);
    match document.form {
        Form::Page => read_one(&bytes(&path)?, Media::Html, packs),
        Form::Remnant => read_one(remnant(&text(&path)?).as_bytes(), Media::Plain, packs),
        Form::Row => read_one(row_text(&path, document, row)?.as_bytes(), Media::Plain, packs),
    }
}

/// The text of one row of a table or of JSON Lines.
fn row_text(path: &Path, document: &Document, id: &str) -> Result<String> {
    let cell = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let row =
        rows(path)?.into_iter().find(|row| cell(row, &document.id).is_some_and(|cell| cell.trim() == id));
    let Some(row) = row else { bail!("{} has no row {id}", path.display()) };
    Ok(document.columns.iter().filter_map(|name| cell(&row, name)).collect::<Vec<_>>().join("\n\n"))
}

fn shown(report: &Report) -> Vec<Shown> {
    let text = &report.text.string;
    let said = report.statements.iter().filter(|statement| statement.kind == StatementKind::Said);
    let mut all: Vec<Shown> = said.map(|statement| of_statement(text, statement)).collect();
    all.extend(report.figures.iter().map(|figure| of_figure(text, figure)));
    all
}

fn of_statement(text: &str, statement: &Statement) -> Shown {
    let content: Vec<&str> = statement.content.iter().map(|span| span.of(text)).collect();
    let source = statement.source.as_ref();
    let words = source.map(|source: &Source| source.span.of(text)).unwrap_or("");
    let resolved = source.and_then(|source| source.resolved.as_deref()).unwrap_or("");
    let cue = statement.cue.as_ref().map(|cue| cue.span.of(text)).unwrap_or("");
    let content = content.join(" … ");
    Shown {
        kind: Kind::Statement,
        letters: letters(text, statement.span),
        print: print(&[&content, words, resolved]),
        weighty: source.is_some(),
        what: format!("[{words}→{resolved}] ({cue}) «{content}» in {}", around(text, statement.span)),
    }
}

fn of_figure(text: &str, figure: &Figure) -> Shown {
    let event = figure.event.as_ref().map(|event| event.class.as_str()).unwrap_or("");
    let unit = figure.unit.as_ref().map(|unit| unit.class.as_str()).unwrap_or("");
    let quantity = format!("{:?}", figure.quantity);
    let place = figure.span.of(text);
    // The words around tell two "two"s apart.
    let near = around(text, figure.span);
    Shown {
        kind: Kind::Figure,
        letters: letters(text, figure.span),
        print: print(&[place, &quantity, unit, event, &near]),
        weighty: matches!(event, "killed" | "injured"),
        what: format!("{place} | {quantity} | {unit} | {event} in {near}"),
    }
}

/// The first eight hexadecimal digits of the SHA-256 of strings with a line feed after each.
fn print(strings: &[&str]) -> String {
    let mut digest = Sha256::new();
    for string in strings {
        digest.update(string.as_bytes());
        digest.update(b"\n");
    }
    digest.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn letters(text: &str, span: Span) -> (usize, usize) {
    let from = text[..span.from()].chars().count();
    (from, from + span.of(text).chars().count())
}

fn around(text: &str, span: Span) -> String {
    let before = text[..span.from()].chars().rev().take(AROUND).collect::<Vec<_>>();
    let after: String = text[span.to()..].chars().take(AROUND).collect();
    let before: String = before.into_iter().rev().collect();
    format!("{before}⟦{}⟧{after}", span.of(text)).replace('\n', " ")
}
