//! Task `figures`: own phrases with operators and events, number specifications, quantities.
//!
//! Own phrases: shares of the gold figures whose value is found (a bound is equal), whose bounds
//! and operator are right, whose unit class is right, whose event is right; and the number of
//! figures that the gold does not have.
//!
//! Sentences of our own (`cases/figure-sentences`): the same shares, and figures of people where
//! nobody is counted.
//!
//! Number specifications (recognizers-text), one set a file and one a language: a case passes
//! when the multiset of start, end (inclusive, in UTF-16 units) and value is equal. Cases that
//! the upstream implementation fails on every platform are counted apart (`_unsupported`,
//! `_supported`). Many French cases count their end as exclusive: `passed_by_words` places a
//! result by its words instead. `values` compares values alone, a range by its bounds. Scored on
//! the number lexer, without nouns; ordinals and units are left out.
//!
//! quantulum3: F1 of value, and of value with its words, which hold the unit; a number without
//! dimension is compared without the noun behind it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use selon_model::{Decimal, Figure, Lang, Operator, Quantity, Report};
use selon_read::{Packs, ReadQuantity, read_quantities, read_text};
use serde::Deserialize;

use crate::Scores;
use crate::rows::{files, name_of, stem, typed, with_keys};
use crate::scores::{f1, share};

/// Platforms of the upstream implementation.
const PLATFORMS: [&str; 4] = ["dotnet", "java", "javascript", "python"];

/// Languages of the specifications, by the names of their folders.
const LANGUAGES: [(&str, &str); 5] =
    [("French", "fr"), ("English", "en"), ("Spanish", "es"), ("German", "de"), ("Arabic", "ar")];

/// Scores a folder: own phrases (`*.jsonl`), specifications (`Number/LANGUAGE/*.json`), or
/// quantities (`*.json` of sentences with `req` and `res`).
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let name = name_of(folder);
    let mut all = Vec::new();
    let sets = with_keys(folder, &["id", "lang", "text", "figures"])?;
    let several = sets.len() > 1;
    for (path, rows) in sets {
        let data = if several { format!("{name}/{}", stem(&path)) } else { name.clone() };
        all.push(phrases(data, &typed(&path, rows)?, packs));
    }
    let numbers = folder.join("Number");
    if numbers.is_dir() {
        for (language, tag) in LANGUAGES {
            let folder = numbers.join(language);
            if let Some(lang) = Lang::new(tag).filter(|_| folder.is_dir()) {
                all.extend(specifications(&name, &folder, &lang, packs)?);
            }
        }
    }
    // Only the main file of a set of quantities: its namesakes test single words.
    for path in files(folder, &["json"])? {
        let Ok(sentences) = serde_json::from_str::<Vec<Sentence>>(&crate::rows::text(&path)?) else {
            continue;
        };
        let whole = path.file_name().is_some_and(|name| name.to_string_lossy().matches('.').count() == 1);
        if whole && !sentences.is_empty() {
            all.push(surfaces(&format!("{name}/{}", stem(&path)), &sentences, packs));
        }
    }
    for path in files(folder, &["md"])? {
        if let Some(lang) =
            Lang::new(&stem(&path)).filter(|lang| packs.languages().any(|known| known == lang))
        {
            let data = format!("{name}/{}", stem(&path));
            all.push(people(data, &crate::rows::text(&path)?, &lang, packs)?);
        }
    }
    if all.is_empty() {
        bail!(
            "{} holds no *.jsonl with text and figures, no Number/ with specifications and no *.json \
             of sentences with quantities",
            folder.display()
        );
    }
    Ok(all)
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

fn phrases(data: String, lines: &[Phrase], packs: &Packs) -> Scores {
    let mut out = Scores::new("figures", data);
    let (mut n, mut value, mut bounds, mut class, mut event, mut extra) = (0, 0, 0, 0, 0, 0);
    for line in lines {
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
            out.case(&line.id, -(wrong.len() as f64), format!("{} | {}", line.text, wrong.join("; ")));
        }
    }
    out.n = n;
    out.set("value", share(value, n));
    out.set("bounds", share(bounds, n));
    out.set("unit_class", share(class, n));
    out.set("event", share(event, n));
    out.set("extra", extra as f64);
    out.sorted()
}

/// Sentences of our own and the figures of people in them (`LANG.md`): a sentence on a line, its
/// figures on indented lines below. A figure of people that is not there is `false`; figures of
/// other things (money, durations) are not looked at.
fn people(data: String, text: &str, lang: &Lang, packs: &Packs) -> Result<Scores> {
    let mut out = Scores::new("figures", data);
    let mut sentences: Vec<(&str, Vec<Stated>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.trim().strip_prefix("figure "), sentences.last_mut()) {
            (Some(figure), Some((_, figures))) if line.starts_with(' ') => {
                let stated = Stated::read(figure);
                figures.push(stated.with_context(|| format!("not a figure: {line}"))?);
            }
            _ => sentences.push((line, Vec::new())),
        }
    }
    let (mut value, mut bounds, mut class, mut event, mut wrong_ones) = (0, 0, 0, 0, 0);
    let mut clean = 0;
    for (index, (sentence, gold)) in sentences.iter().enumerate() {
        let report = read_text(sentence, lang, None, packs);
        let mut left: Vec<&Figure> = report.figures.iter().collect();
        let mut wrong = Vec::new();
        for stated in gold {
            out.n += 1;
            let hit = left.iter().position(|figure| stated.has_value_of(&figure.quantity));
            let Some(figure) = hit.map(|hit| left.remove(hit)) else {
                wrong.push(format!("missing {stated:?}"));
                continue;
            };
            let right = [
                stated.has_bounds_of(&figure.quantity),
                figure.unit.as_ref().map(|unit| &unit.class) == Some(&stated.class),
                figure.event.as_ref().map(|event| &event.class) == stated.event.as_ref(),
            ];
            value += 1;
            bounds += usize::from(right[0]);
            class += usize::from(right[1]);
            event += usize::from(right[2]);
            if right.contains(&false) {
                wrong.push(format!("wanted {stated:?}, got {}", show(figure)));
            }
        }
        clean += usize::from(!left.iter().any(|figure| counts_people(figure)));
        for figure in left.into_iter().filter(|figure| counts_people(figure)) {
            wrong_ones += 1;
            wrong.push(format!("false {}", show(figure)));
        }
        if !wrong.is_empty() {
            out.case(index.to_string(), -(wrong.len() as f64), format!("{sentence} | {}", wrong.join("; ")));
        }
    }
    let n = out.n;
    out.set("sentences", sentences.len() as f64);
    for (name, right) in [("value", value), ("bounds", bounds), ("unit_class", class), ("event", event)] {
        out.set(name, share(right, n));
    }
    out.set("false", wrong_ones as f64);
    out.set("without_false", share(clean, sentences.len()));
    Ok(out.sorted())
}

/// Classes of people, and what happens only to people.
fn counts_people(figure: &Figure) -> bool {
    let people = [
        "persons",
        "civilians",
        "children",
        "women",
        "fighters",
        "soldiers",
        "police",
        "refugees",
        "displaced",
        "families",
        "residents",
        "detainees",
        "hostages",
        "journalists",
        "protesters",
        "bodies",
    ];
    let events = ["killed", "injured", "missing", "displaced", "evacuated", "rescued", "arrested", "freed"];
    figure.unit.as_ref().is_some_and(|unit| people.contains(&unit.class.as_str()))
        || figure.event.as_ref().is_some_and(|event| events.contains(&event.class.as_str()))
}

/// A figure as a sentence of ours states it: ">=31 class=persons event=killed".
#[derive(Debug)]
struct Stated {
    op: &'static str,
    lower: Option<f64>,
    upper: Option<f64>,
    class: String,
    event: Option<String>,
}

impl Stated {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let quantity = words.next()?;
        let (mut class, mut event) = (None, None);
        for word in words {
            match word.split_once('=')? {
                ("class", name) => class = Some(name.to_owned()),
                ("event", name) => event = Some(name.to_owned()),
                _ => return None,
            }
        }
        let number = |text: &str| text.parse::<f64>().ok();
        let (op, lower, upper) = if let Some((low, high)) = quantity.split_once("..") {
            ("..", Some(number(low)?), Some(number(high)?))
        } else {
            let ops = ["ratio", "~<", "<=", ">=", "<", ">", "~"];
            let op = ops.into_iter().find(|op| quantity.starts_with(op)).unwrap_or("=");
            let value = Some(number(quantity.strip_prefix(op).unwrap_or(quantity))?);
            match op {
                ">" | ">=" => (op, value, None),
                "<" | "<=" | "~<" => (op, None, value),
                _ => (op, value, value),
            }
        };
        Some(Stated { op, lower, upper, class: class?, event })
    }

    fn has_value_of(&self, quantity: &Quantity) -> bool {
        self.lower.is_some() && equal(quantity.lower, self.lower)
            || self.upper.is_some() && equal(quantity.upper, self.upper)
    }

    fn has_bounds_of(&self, quantity: &Quantity) -> bool {
        let op = match quantity.op {
            Operator::Range | Operator::Indefinite => "..",
            other => other.as_str(),
        };
        op == self.op && equal(quantity.lower, self.lower) && equal(quantity.upper, self.upper)
    }
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

/// Cases of a specification that pass.
#[derive(Clone, Copy, Default)]
struct Passed {
    of: usize,
    strict: usize,
    by_words: usize,
    values: usize,
}

impl Passed {
    fn add(&mut self, agreement: &Agreement) {
        self.of += 1;
        self.strict += usize::from(agreement.strict);
        self.by_words += usize::from(agreement.by_words);
        self.values += usize::from(agreement.values);
    }

    fn plus(self, other: Passed) -> Passed {
        Passed {
            of: self.of + other.of,
            strict: self.strict + other.strict,
            by_words: self.by_words + other.by_words,
            values: self.values + other.values,
        }
    }
}

/// Figures of a file, or of all files of a language.
fn write_passed(out: &mut Scores, supported: Passed, unsupported: Passed) {
    let all = supported.plus(unsupported);
    out.n = all.of;
    out.set("passed", share(all.strict, all.of));
    out.set("passed_by_words", share(all.by_words, all.of));
    out.set("values", share(all.values, all.of));
    for (name, part) in [("supported", supported), ("unsupported", unsupported)] {
        out.set(&format!("n_{name}"), part.of as f64);
        if part.of > 0 {
            out.set(&format!("passed_{name}"), share(part.strict, part.of));
            out.set(&format!("passed_by_words_{name}"), share(part.by_words, part.of));
        }
    }
}

fn specifications(name: &str, folder: &Path, lang: &Lang, packs: &Packs) -> Result<Vec<Scores>> {
    let mut all = Vec::new();
    let (mut supported, mut unsupported) = (Passed::default(), Passed::default());
    for path in files(folder, &["json"])? {
        let file = stem(&path);
        let model = match file.as_str() {
            name if name.starts_with("NumberModel") => Model::Number,
            name if name.starts_with("NumberRangeModel") => Model::Range,
            name if name.starts_with("PercentModel") => Model::Percent,
            _ => continue,
        };
        let text = crate::rows::text(&path)?;
        let cases: Vec<Case> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .with_context(|| format!("{}: not a specification", path.display()))?;
        let results: Vec<Agreement> =
            cases.par_iter().map(|case| agrees(case, &items(&case.input, model, lang, packs))).collect();
        let mut out = Scores::new("figures", format!("{name}/{lang}/{file}"));
        let (mut here, mut apart) = (Passed::default(), Passed::default());
        for (index, (case, agreement)) in cases.iter().zip(results).enumerate() {
            let failing = case.not_supported.to_lowercase();
            let hard = PLATFORMS.iter().all(|platform| failing.contains(platform));
            if hard { &mut apart } else { &mut here }.add(&agreement);
            if !agreement.by_words {
                let score = if agreement.values { 0.5 } else { 0.0 };
                out.case(format!("{index:03}"), score, agreement.what);
            }
        }
        write_passed(&mut out, here, apart);
        (supported, unsupported) = (supported.plus(here), unsupported.plus(apart));
        all.push(out.sorted());
    }
    let mut total = Scores::new("figures", format!("{name}/{lang}/all"));
    write_passed(&mut total, supported, unsupported);
    all.push(total);
    Ok(all)
}

/// In what a reading agrees with a case, and what was wanted and got.
struct Agreement {
    /// Offsets as stated, and values.
    strict: bool,
    /// Places by the words of the results, and values.
    by_words: bool,
    /// Values alone.
    values: bool,
    what: String,
}

fn agrees(case: &Case, found: &[Item]) -> Agreement {
    let stated = |result: &Expected| {
        let at = |offset: Option<i64>| offset.and_then(|offset| usize::try_from(offset).ok());
        at(result.start).zip(at(result.end))
    };
    let by_words = |result: &Expected| place_of(&case.input, &result.text, result.start, result.end);
    let placed = |place: &dyn Fn(&Expected) -> Option<(usize, usize)>| {
        multiset(&case.results, found, |result, item| {
            place(result).is_none_or(|(start, end)| item.0 == start && item.1 == end)
                && item.2.same(&value_of(&result.resolution))
        })
    };
    let values =
        multiset(&case.results, found, |result, item| item.2.bounds_like(&value_of(&result.resolution)));
    let expected: Vec<_> =
        case.results.iter().map(|result| (by_words(result), value_of(&result.resolution))).collect();
    Agreement {
        strict: placed(&stated),
        by_words: placed(&by_words),
        values,
        what: format!("{} | wanted {expected:?} | got {found:?}", case.input),
    }
}

/// Whether both lists are as long, and each expected result has an item of its own.
fn multiset(expected: &[Expected], found: &[Item], equal: impl Fn(&Expected, &Item) -> bool) -> bool {
    let mut left: Vec<&Item> = found.iter().collect();
    expected.len() == found.len()
        && expected.iter().all(|result| {
            let hit = left.iter().position(|item| equal(result, item));
            hit.map(|hit| left.swap_remove(hit)).is_some()
        })
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
            Model::Number => numbers_of(&read, input, &mut push),
            Model::Range => {
                if let Some(range) = range_of(&read) {
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

/// Numbers glued to a unit ("29km") are dimensions there, and no numbers.
fn numbers_of(read: &ReadQuantity, input: &str, push: &mut impl FnMut(selon_model::Span, Value)) {
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
    let glued = |span: &selon_model::Span| {
        let after = input.get(span.to()..).and_then(|rest| rest.chars().next());
        let digit = input.get(..span.to()).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()));
        digit && after.is_some_and(char::is_alphabetic)
    };
    for (span, value) in read.numbers.iter().filter(|(span, _)| !glued(span)) {
        push(*span, Value::Number(to_float(*value)));
    }
}

fn range_of(read: &ReadQuantity) -> Option<Value> {
    let quantity: &Quantity = &read.quantity;
    let (lower, upper) = (quantity.lower.map(to_float), quantity.upper.map(to_float));
    match quantity.op {
        Operator::More => Some(Value::Range(lower, false, None, false)),
        Operator::AtLeast => Some(Value::Range(lower, true, None, false)),
        Operator::Less => Some(Value::Range(None, false, upper, false)),
        Operator::AtMost => Some(Value::Range(None, false, upper, true)),
        Operator::Equal if read.stated => Some(Value::Range(lower, true, upper, true)),
        Operator::Range if read.closed_by.is_some() => {
            let (low, high) = read.closed_by?;
            Some(Value::Range(lower, low == Operator::AtLeast, upper, high == Operator::AtMost))
        }
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
    #[serde(default)]
    unit: String,
}

fn surfaces(data: &str, sentences: &[Sentence], packs: &Packs) -> Scores {
    let mut out = Scores::new("figures", data);
    let Some(lang) = Lang::new("en") else { return out };
    let (mut gold, mut found, mut values, mut whole) = (0usize, 0usize, 0usize, 0usize);
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
            let unit = figure.unit.as_ref().and_then(|unit| unit.span);
            let unit = unit.filter(|_| !matches!(surface.unit.as_str(), "" | "dimensionless"));
            let last = figure.number.last().map_or(figure.span.to(), |span| span.to());
            let first = figure.number.first().map_or(figure.span.from(), |span| span.from());
            // A unit may stand before its number: "$5".
            let start = unit.map_or(first, |unit| unit.from().min(first));
            let end = unit.map_or(last, |unit| unit.to().max(last));
            let words = report.text.string.get(start..end).unwrap_or_default();
            let right = words.trim_matches('\'') == surface.surface.trim_matches('\'');
            whole += usize::from(right);
            if !right {
                missed.push(format!("{} read as {words}", surface.surface));
            }
        }
        if !missed.is_empty() {
            let what = format!("{} | missed {missed:?}", sentence.req);
            out.case(index.to_string(), -(missed.len() as f64), what);
        }
    }
    out.n = gold;
    out.set("value_f1", f1(values, found, gold));
    out.set("surface_f1", f1(whole, found, gold));
    out.sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(json: &str) -> Case {
        serde_json::from_str(json).expect("a case")
    }

    #[test]
    fn a_case_passes_by_offsets_by_words_and_by_values() {
        let exclusive = case(
            r#"{"Input": "à 20 ou 30", "Results": [
                {"Text": "20", "Start": 2, "End": 4, "Resolution": {"value": "20"}},
                {"Text": "30", "Start": 8, "End": 10, "Resolution": {"value": "30"}}]}"#,
        );
        let found = [(2, 3, Value::Number(20.0)), (8, 9, Value::Number(30.0))];
        let agreement = agrees(&exclusive, &found);
        assert_eq!((agreement.strict, agreement.by_words, agreement.values), (false, true, true));
        let moved = [(2, 3, Value::Number(20.0)), (7, 9, Value::Number(30.0))];
        let agreement = agrees(&exclusive, &moved);
        assert_eq!((agreement.by_words, agreement.values), (false, true));
        assert!(!agrees(&exclusive, &found[..1]).values);
        let twice = [(2, 3, Value::Number(20.0)), (2, 3, Value::Number(20.0))];
        assert!(!agrees(&exclusive, &twice).values);
    }

    #[test]
    fn values_of_specifications() {
        assert_eq!(parse_value("1,5"), Value::Number(1.5));
        assert_eq!(parse_value("12%"), Value::Percent(12.0));
        assert_eq!(parse_value("(3,]"), Value::Range(Some(3.0), false, None, true));
        assert!(parse_value("[1,2)").bounds_like(&parse_value("(1,2]")));
        assert!(!parse_value("[1,2)").same(&parse_value("(1,2]")));
    }
}
