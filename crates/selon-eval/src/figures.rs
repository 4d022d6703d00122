//! Task `figures`: own phrases with operators and events, number specifications, quantities.
//!
//! Own phrases: shares of the gold figures whose value is found (a bound is equal), whose
//! bounds and operator are right, whose unit class is right, whose event is right; and the
//! number of figures that the gold does not have. Number specifications
//! (recognizers-text): a case passes when the multiset of start, end (inclusive, in UTF-16
//! units) and value is equal (the words of a result decide where its offsets disagree with them); cases that the upstream implementation fails on every platform
//! are counted apart. They are scored on the number lexer, without nouns; ordinals are left
//! out. `values` is the same by value alone, a range by its bounds. quantulum3: F1 of value and of surface with value.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use selon_model::{Decimal, Figure, Lang, Operator, Quantity, Report};
use selon_read::{ENGINE_VERSION, Packs, ReadQuantity, read_quantities, read_text};
use serde::Deserialize;

use crate::{Scores, Worst};

/// Platforms of the upstream implementation.
const PLATFORMS: [&str; 4] = ["dotnet", "java", "javascript", "python"];

/// Scores a folder: own phrases (`*.jsonl`), specifications (`Number/LANGUAGE/*.json`), or
/// `quantities.json`.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let data = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut all = Vec::new();
    for path in files(folder, "jsonl")? {
        all.push(phrases(&path, packs)?);
    }
    let quantities = folder.join("quantities.json");
    if quantities.exists() {
        all.push(surfaces(&quantities, packs)?);
    }
    let numbers = folder.join("Number");
    if numbers.is_dir() {
        for (name, lang) in
            [("French", "fr"), ("English", "en"), ("Spanish", "es"), ("German", "de"), ("Arabic", "ar")]
        {
            let folder = numbers.join(name);
            let read = Lang::new(lang).is_some_and(|lang| packs.languages().any(|known| *known == lang));
            if folder.is_dir() && read {
                all.extend(specifications(&folder, lang, packs)?);
            }
        }
    }
    if all.is_empty() {
        anyhow::bail!("no *.jsonl, quantities.json or Number/ in {}", folder.display());
    }
    for scores in &mut all {
        scores.task = "figures".to_owned();
        scores.selon = ENGINE_VERSION.to_owned();
        scores.data = format!("{data}/{}", scores.data);
    }
    Ok(all)
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    Ok(files)
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

#[derive(Deserialize)]
struct Phrase {
    id: String,
    lang: String,
    text: String,
    figures: Vec<Gold>,
}

/// A figure of the gold; offsets in code points.
#[derive(Deserialize)]
struct Gold {
    number: Vec<(usize, usize)>,
    op: String,
    lower: Option<f64>,
    upper: Option<f64>,
    unit_class: Option<String>,
    event: Option<String>,
}

fn phrases(path: &Path, packs: &Packs) -> Result<Scores> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines: Vec<Phrase> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line = serde_json::from_str(line)
            .with_context(|| format!("{}:{}: not a line of phrases", path.display(), number + 1))?;
        lines.push(line);
    }
    let (mut n, mut value, mut bounds, mut class, mut event, mut extra) = (0, 0, 0, 0, 0, 0);
    let mut worst = Vec::new();
    for line in &lines {
        let Some(lang) = Lang::new(&line.lang) else { continue };
        let report = read_text(&line.text, &lang, None, packs);
        let mut used = vec![false; report.figures.len()];
        let mut wrong = Vec::new();
        for gold in &line.figures {
            n += 1;
            let Some(index) = best(gold, &report, &used) else {
                wrong.push(format!("missing {} {:?} {:?}", gold.op, gold.lower, gold.upper));
                continue;
            };
            used[index] = true;
            let figure = &report.figures[index];
            value += 1;
            let right = [
                figure.quantity.op.as_str() == gold.op
                    && equal(figure.quantity.lower, gold.lower)
                    && equal(figure.quantity.upper, gold.upper),
                figure.unit.as_ref().map(|unit| &unit.class) == gold.unit_class.as_ref(),
                figure.event.as_ref().map(|event| &event.class) == gold.event.as_ref(),
            ];
            bounds += usize::from(right[0]);
            class += usize::from(right[1]);
            event += usize::from(right[2]);
            if right.contains(&false) {
                wrong.push(format!(
                    "wanted {} {:?} {:?}, got {}",
                    gold.op,
                    gold.unit_class,
                    gold.event,
                    show(figure)
                ));
            }
        }
        for (index, _) in used.iter().enumerate().filter(|(_, used)| !**used) {
            extra += 1;
            wrong.push(format!("extra {}", show(&report.figures[index])));
        }
        if !wrong.is_empty() {
            let score = -(wrong.len() as f64);
            worst.push(Worst {
                id: line.id.clone(),
                score,
                what: format!("{} | {}", line.text, wrong.join("; ")),
            });
        }
    }
    worst.sort_by(|a, b| a.score.total_cmp(&b.score));
    let share = |count: usize| if n == 0 { 0.0 } else { count as f64 / n as f64 };
    let figures = [
        ("value", share(value)),
        ("bounds", share(bounds)),
        ("unit_class", share(class)),
        ("event", share(event)),
        ("extra", extra as f64),
    ];
    Ok(Scores {
        data: stem(path),
        figures: figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        n,
        worst,
        ..Scores::default()
    })
}

fn show(figure: &Figure) -> String {
    let bound =
        |value: Option<Decimal>| value.map_or_else(|| "_".to_owned(), |value| value.normalize().to_string());
    format!(
        "{} {} {} {} {}",
        figure.quantity.op.as_str(),
        bound(figure.quantity.lower),
        bound(figure.quantity.upper),
        figure.unit.as_ref().map_or("-", |unit| &unit.class),
        figure.event.as_ref().map_or("-", |event| &event.class),
    )
}

/// The unused figure with an equal bound; of several the one whose number begins nearest.
fn best(gold: &Gold, report: &Report, used: &[bool]) -> Option<usize> {
    let text = &report.text.string;
    let begins = |figure: &Figure| {
        figure.number.first().map_or(0, |span| text.get(..span.from()).map_or(0, |head| head.chars().count()))
    };
    let start = gold.number.first().map_or(0, |span| span.0);
    report
        .figures
        .iter()
        .enumerate()
        .filter(|(index, _)| !used[*index])
        .filter(|(_, figure)| {
            gold.lower.is_some() && equal(figure.quantity.lower, gold.lower)
                || gold.upper.is_some() && equal(figure.quantity.upper, gold.upper)
        })
        .min_by_key(|(_, figure)| begins(figure).abs_diff(start))
        .map(|(index, _)| index)
}

fn equal(ours: Option<Decimal>, gold: Option<f64>) -> bool {
    match (ours.map(to_float), gold) {
        (None, None) => true,
        (Some(ours), Some(gold)) => close(ours, gold),
        _ => false,
    }
}

fn to_float(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-12)
}

#[derive(Deserialize)]
struct Case {
    #[serde(rename = "Input")]
    input: String,
    #[serde(rename = "Results", default)]
    results: Vec<Expected>,
    #[serde(rename = "NotSupported", default)]
    not_supported: String,
}

#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "Start")]
    start: Option<i64>,
    #[serde(rename = "End")]
    end: Option<i64>,
    #[serde(rename = "Text", default)]
    text: String,
    #[serde(rename = "Resolution", default)]
    resolution: serde_json::Value,
}

/// Which specification a file is, by its name.
#[derive(Clone, Copy, PartialEq)]
enum Model {
    Number,
    Range,
    Percent,
}

/// Start, end and value of something found or expected.
type Item = (usize, usize, Value);

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(f64),
    Percent(f64),
    /// Lower and upper bound with whether they are included.
    Range(Option<f64>, bool, Option<f64>, bool),
    Other(String),
}

impl Value {
    /// The same value; of ranges, whether a bound is included is left aside.
    fn bounds_like(&self, other: &Value) -> bool {
        let closed = |value: &Value| match value {
            Value::Range(lower, _, upper, _) => Value::Range(*lower, true, *upper, true),
            other => other.clone(),
        };
        closed(self).same(&closed(other))
    }

    fn same(&self, other: &Value) -> bool {
        let open = |a: &Option<f64>, b: &Option<f64>| match (a, b) {
            (Some(a), Some(b)) => near(*a, *b),
            (None, None) => true,
            _ => false,
        };
        // The specifications round to fifteen digits.
        fn near(a: f64, b: f64) -> bool {
            (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1e-12)
        }
        match (self, other) {
            (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => near(*a, *b),
            (Value::Range(a, ai, b, bi), Value::Range(c, ci, d, di)) => {
                open(a, c) && open(b, d) && (a.is_none() || ai == ci) && (b.is_none() || bi == di)
            }
            (Value::Other(a), Value::Other(b)) => a == b,
            _ => false,
        }
    }
}

fn specifications(folder: &Path, lang: &str, packs: &Packs) -> Result<Vec<Scores>> {
    let Some(lang) = Lang::new(lang) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    let (mut total, mut total_right, mut total_values) = (0, 0, 0);
    let (mut apart, mut apart_right) = (0, 0);
    for path in files(folder, "json")? {
        let name = stem(&path);
        let model = match name.as_str() {
            name if name.starts_with("NumberModel") => Model::Number,
            name if name.starts_with("NumberRangeModel") => Model::Range,
            name if name.starts_with("PercentModel") => Model::Percent,
            _ => continue,
        };
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let cases: Vec<Case> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .with_context(|| format!("{}: not a specification", path.display()))?;
        let results: Vec<(bool, bool, String)> = cases
            .par_iter()
            .map(|case| {
                let found = items(&case.input, model, &lang, packs);
                agrees(case, &found)
            })
            .collect();
        let unsupported =
            |case: &Case| PLATFORMS.iter().all(|name| case.not_supported.to_lowercase().contains(name));
        let right = results.iter().filter(|(right, _, _)| *right).count();
        let by_value = results.iter().filter(|(_, value, _)| *value).count();
        total_values += by_value;
        let hard: Vec<bool> = cases
            .iter()
            .zip(&results)
            .filter(|(case, _)| unsupported(case))
            .map(|(_, (right, _, _))| *right)
            .collect();
        let hard_right = hard.iter().filter(|right| **right).count();
        total += cases.len();
        total_right += right;
        apart += hard.len();
        apart_right += hard_right;
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let figures = [
            ("passed", share(right, cases.len())),
            ("values", share(by_value, cases.len())),
            ("passed_unsupported_upstream", share(hard_right, hard.len())),
            ("n_unsupported_upstream", hard.len() as f64),
        ];
        all.push(Scores {
            data: format!("{lang}/{name}"),
            figures: figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            n: cases.len(),
            worst: results
                .into_iter()
                .enumerate()
                .filter(|(_, (_, value, _))| !value)
                .map(|(index, (_, _, what))| Worst { id: index.to_string(), score: 0.0, what })
                .collect(),
            ..Scores::default()
        });
    }
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    all.push(Scores {
        data: format!("{lang}/all"),
        figures: [
            ("passed".to_owned(), share(total_right, total)),
            ("values".to_owned(), share(total_values, total)),
            ("passed_unsupported_upstream".to_owned(), share(apart_right, apart)),
            ("n_unsupported_upstream".to_owned(), apart as f64),
        ]
        .into_iter()
        .collect(),
        n: total,
        ..Scores::default()
    });
    Ok(all)
}

/// Whether items and values agree with a case, and what was wanted and got.
fn agrees(case: &Case, found: &[Item]) -> (bool, bool, String) {
    let expected: Vec<(Option<(usize, usize)>, Value)> = case
        .results
        .iter()
        .map(|result| {
            let place = place_of(&case.input, &result.text, result.start, result.end);
            (place, value_of(&result.resolution))
        })
        .collect();
    let mut left: Vec<&Item> = found.iter().collect();
    let mut right = expected.len() == found.len();
    for (place, value) in &expected {
        let hit = left.iter().position(|item| {
            place.is_none_or(|(start, end)| item.0 == start && item.1 == end) && item.2.same(value)
        });
        match hit {
            Some(hit) => {
                left.swap_remove(hit);
            }
            None => right = false,
        }
    }
    let mut left: Vec<&Value> = found.iter().map(|item| &item.2).collect();
    let values = expected.len() == found.len()
        && expected.iter().all(|(_, value)| {
            let hit = left.iter().position(|found| found.bounds_like(value));
            hit.map(|hit| left.swap_remove(hit)).is_some()
        });
    (right, values, format!("{} | wanted {expected:?} | got {found:?}", case.input))
}

/// Start and end (inclusive), in UTF-16 units. Many of the French cases count their end as
/// exclusive, or their start wrongly: the words of the result decide, where they stand in the
/// input.
fn place_of(input: &str, words: &str, start: Option<i64>, end: Option<i64>) -> Option<(usize, usize)> {
    let (input, words) = (input.to_lowercase(), words.to_lowercase());
    let stated = start.and_then(|start| usize::try_from(start).ok());
    let length = words.encode_utf16().count();
    let places = input.match_indices(&words).filter(|_| length > 0);
    let places = places.map(|(at, _)| input[..at].encode_utf16().count());
    let nearest = places.min_by_key(|at| at.abs_diff(stated.unwrap_or(0)));
    match (nearest, stated, end.and_then(|end| usize::try_from(end).ok())) {
        (Some(at), _, _) => Some((at, at + length - 1)),
        (None, Some(start), Some(end)) => Some((start, end)),
        _ => None,
    }
}

fn value_of(resolution: &serde_json::Value) -> Value {
    let text = match resolution.get("value") {
        Some(serde_json::Value::String(text)) => text.as_str(),
        _ => "null",
    };
    parse_value(text)
}

fn parse_value(text: &str) -> Value {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    if let Some(percent) = text.strip_suffix('%') {
        return number(percent).map_or_else(|| Value::Other(text.to_owned()), Value::Percent);
    }
    let open = text.starts_with(['[', '(']) && text.ends_with([']', ')']) && text.len() >= 3;
    if open && let Some((lower, upper)) = text[1..text.len() - 1].split_once(',') {
        return Value::Range(number(lower), text.starts_with('['), number(upper), text.ends_with(']'));
    }
    number(text).map_or_else(|| Value::Other(text.to_owned()), Value::Number)
}

/// What we read, as the specification of a model writes it.
fn items(input: &str, model: Model, lang: &Lang, packs: &Packs) -> Vec<Item> {
    let mut items = Vec::new();
    let mut push = |span: selon_model::Span, value: Value| {
        let start = input[..span.from()].encode_utf16().count();
        let length = span.of(input).encode_utf16().count();
        items.push((start, start + length.saturating_sub(1), value));
    };
    for read in read_quantities(input, lang, packs) {
        match model {
            Model::Number => numbers_of(&read, &mut push),
            Model::Range => {
                if let Some(range) = range_of(&read.quantity) {
                    push(read.span, range);
                }
            }
            Model::Percent => {
                let percent = read.quantity.lower.or(read.quantity.upper).map(to_float);
                if let (Operator::Percent, Some(value)) = (read.quantity.op, percent) {
                    push(read.span, Value::Percent(value));
                }
            }
        }
    }
    items
}

fn numbers_of(read: &ReadQuantity, push: &mut impl FnMut(selon_model::Span, Value)) {
    if read.none || read.quantity.op == Operator::Indefinite {
        return;
    }
    let ends = (read.numbers.first(), read.numbers.last());
    if let (Operator::Ratio, (Some(first), Some(last)), Some(value)) =
        (read.quantity.op, ends, read.quantity.lower)
    {
        push(first.0.hull(last.0), Value::Number(to_float(value)));
        return;
    }
    for (span, value) in &read.numbers {
        push(*span, Value::Number(to_float(*value)));
    }
}

fn range_of(quantity: &Quantity) -> Option<Value> {
    let (lower, upper) = (quantity.lower.map(to_float), quantity.upper.map(to_float));
    match quantity.op {
        Operator::More => Some(Value::Range(lower, false, None, false)),
        Operator::AtLeast => Some(Value::Range(lower, true, None, false)),
        Operator::Less => Some(Value::Range(None, false, upper, false)),
        Operator::AtMost => Some(Value::Range(None, false, upper, true)),
        Operator::Range => Some(Value::Range(lower, true, upper, false)),
        Operator::Ratio if upper.is_none() => Some(Value::Range(lower, false, None, false)),
        Operator::Ratio if lower.is_none() => Some(Value::Range(None, false, upper, false)),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Sentence {
    req: String,
    #[serde(default)]
    res: Vec<Surface>,
}

#[derive(Deserialize)]
struct Surface {
    value: f64,
    surface: String,
}

fn surfaces(path: &Path, packs: &Packs) -> Result<Scores> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let sentences: Vec<Sentence> =
        serde_json::from_str(&text).with_context(|| format!("{}: not quantities", path.display()))?;
    let Some(lang) = Lang::new("en") else { return Ok(Scores::default()) };
    let (mut gold, mut found, mut values, mut whole) = (0usize, 0usize, 0usize, 0usize);
    let mut worst = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let report = read_text(&sentence.req, &lang, None, packs);
        gold += sentence.res.len();
        found += report.figures.len();
        let mut used = vec![false; report.figures.len()];
        let mut missed = Vec::new();
        for surface in &sentence.res {
            let hit = report.figures.iter().enumerate().position(|(index, figure)| {
                let value = figure.quantity.lower.or(figure.quantity.upper).map(to_float);
                !used[index] && value.is_some_and(|value| close(value, surface.value))
            });
            let Some(hit) = hit else {
                missed.push(surface.surface.clone());
                continue;
            };
            used[hit] = true;
            values += 1;
            let figure = &report.figures[hit];
            let end =
                figure.unit.as_ref().and_then(|unit| unit.span).map_or(figure.span.to(), |span| span.to());
            let start = figure.number.first().map_or(figure.span.from(), |span| span.from());
            let words = report.text.string.get(start..end).unwrap_or_default();
            whole += usize::from(words.trim_matches('\'') == surface.surface.trim_matches('\''));
        }
        if !missed.is_empty() {
            let what = format!("{} | missed {missed:?}", sentence.req);
            worst.push(Worst { id: index.to_string(), score: -(missed.len() as f64), what });
        }
    }
    worst.sort_by(|a, b| a.score.total_cmp(&b.score));
    let f1 = |hits: usize| if gold + found == 0 { 0.0 } else { 2.0 * hits as f64 / (gold + found) as f64 };
    let figures = [("value_f1", f1(values)), ("surface_f1", f1(whole))];
    Ok(Scores {
        data: stem(path),
        figures: figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        n: gold,
        worst,
        ..Scores::default()
    })
}
