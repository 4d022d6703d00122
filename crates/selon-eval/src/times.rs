//! Task `times`: TIMEX3 gold by the TempEval-3 metrics, phrase tests by share right.
//!
//! TempEval-3 (UzZaman and others 2013): strict F1 counts equal spans, relaxed F1 one-to-one
//! overlaps, value F1 overlaps with equal `value`; all micro over the set. A range or a joined
//! date and clock is written as its parts there, as TIMEX3 wants it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use selon_model::{Lang, Precision, RuleId, TimeMention, When};
use selon_read::{ENGINE_VERSION, Packs, read_text};
use serde::Deserialize;

use crate::{Scores, Worst};

/// One line of a set; each set fills its own part.
#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    lang: String,
    text: String,
    dct: Option<String>,
    reference: Option<String>,
    timexes: Option<Vec<Timex>>,
    results: Option<Vec<Expected>>,
    #[serde(default)]
    value: Option<Phrase>,
}

/// A TIMEX3; offsets in code points.
#[derive(Debug, Deserialize)]
struct Timex {
    start: usize,
    end: usize,
    text: String,
    value: String,
}

/// An expression of a specification.
#[derive(Debug, Deserialize)]
struct Expected {
    /// −1 where the set does not say.
    start: i64,
    end: i64,
    text: String,
    values: Option<Vec<BTreeMap<String, String>>>,
}

/// The value of a phrase test.
#[derive(Debug, Deserialize)]
struct Phrase {
    kind: String,
    start: Option<String>,
    end: Option<String>,
}

/// What was read, with offsets in code points.
struct Read {
    start: usize,
    end: usize,
    value: String,
}

/// Scores a folder with one `*.jsonl`.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let path = gold_file(folder)?;
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line)
            .with_context(|| format!("{}:{}: not a line of a time set", path.display(), number + 1))?;
        lines.push(line);
    }
    let data = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let scores = if lines.iter().any(|line| line.timexes.is_some()) {
        timex(&lines, packs)
    } else if lines.iter().any(|line| line.results.is_some()) {
        specification(&lines, packs)
    } else {
        phrases(&lines, packs)
    };
    Ok(vec![Scores { task: "times".into(), data, selon: ENGINE_VERSION.into(), ..scores }])
}

fn gold_file(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files.into_iter().next().with_context(|| format!("no *.jsonl in {}", folder.display()))
}

/// The day or instant a line is read on.
fn anchor(line: &Line) -> Option<When> {
    let stated = line.dct.as_ref().or(line.reference.as_ref())?;
    let rule = RuleId::core("eval.reference");
    if let Ok(date) = stated.parse::<jiff::civil::Date>()
        && !stated.contains('T')
    {
        return Some(When::day(date, rule));
    }
    let at: jiff::civil::DateTime = stated.parse().ok()?;
    Some(When { from: Some(at), until: Some(at), precision: Precision::Second, ..When::day(at.date(), rule) })
}

fn read(line: &Line, packs: &Packs) -> Vec<TimeMention> {
    let Some(lang) = Lang::new(&line.lang) else { return Vec::new() };
    read_text(&line.text, &lang, anchor(line).as_ref(), packs).times
}

/// Mentions as TIMEX3: a range as its ends, a joined date and clock as two.
fn expressions(line: &Line, packs: &Packs) -> Vec<Read> {
    let mut all = Vec::new();
    for mention in read(line, packs) {
        let mut push = |span: selon_model::Span, value: &str| {
            let start = line.text[..span.from()].chars().count();
            let end = start + span.of(&line.text).chars().count();
            all.push(Read { start, end, value: value.to_owned() });
        };
        if mention.parts.is_empty() {
            push(mention.span, &mention.value);
        }
        for part in &mention.parts {
            push(part.span, &part.value);
        }
    }
    all
}

#[derive(Default)]
struct Counts {
    gold: usize,
    read: usize,
    strict: usize,
    relaxed: usize,
    value: usize,
    worst: Vec<Worst>,
}

fn timex(lines: &[Line], packs: &Packs) -> Scores {
    let all: Vec<Counts> = lines.par_iter().map(|line| compare(line, packs)).collect();
    let mut sum = Counts::default();
    for counts in all {
        sum.gold += counts.gold;
        sum.read += counts.read;
        sum.strict += counts.strict;
        sum.relaxed += counts.relaxed;
        sum.value += counts.value;
        sum.worst.extend(counts.worst);
    }
    sum.worst.sort_by(|a, b| a.score.total_cmp(&b.score));
    let f1 = |right: usize| match sum.gold + sum.read {
        0 => 0.0,
        both => 2.0 * right as f64 / both as f64,
    };
    let share = |right: usize, of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
    let figures = [
        ("strict", f1(sum.strict)),
        ("relaxed", f1(sum.relaxed)),
        ("value", f1(sum.value)),
        ("precision", share(sum.relaxed, sum.read)),
        ("recall", share(sum.relaxed, sum.gold)),
    ];
    let figures = figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Scores { figures, n: sum.gold, worst: sum.worst, ..Scores::default() }
}

/// One document: pairs in text order, the best overlap first.
fn compare(line: &Line, packs: &Packs) -> Counts {
    let mut gold: Vec<&Timex> = line.timexes.iter().flatten().collect();
    gold.sort_by_key(|timex| (timex.start, timex.end));
    let read = expressions(line, packs);
    let mut counts = Counts { gold: gold.len(), read: read.len(), ..Counts::default() };
    let mut pairs = Vec::new();
    for (g, timex) in gold.iter().enumerate() {
        for (r, other) in read.iter().enumerate() {
            let shared = timex.end.min(other.end).saturating_sub(timex.start.max(other.start));
            if shared > 0 {
                let exact = (timex.start, timex.end) == (other.start, other.end);
                pairs.push((!exact, usize::MAX - shared, g, r));
            }
        }
    }
    pairs.sort_unstable();
    let mut of_gold = vec![None; gold.len()];
    let mut of_read = vec![None; read.len()];
    for (_, _, g, r) in pairs {
        if of_gold[g].is_none() && of_read[r].is_none() {
            (of_gold[g], of_read[r]) = (Some(r), Some(g));
        }
    }
    let worst = |score: f64, what: String| Worst { id: line.id.clone(), score, what };
    for (timex, pair) in gold.iter().zip(&of_gold) {
        let Some(other) = pair.and_then(|r| read.get(r)) else {
            let around = excerpt(&line.text, timex.start, timex.end);
            counts.worst.push(worst(0.0, format!("missed {:?} {} in {around}", timex.text, timex.value)));
            continue;
        };
        counts.relaxed += 1;
        let exact = (timex.start, timex.end) == (other.start, other.end);
        counts.strict += usize::from(exact);
        let right = timex.value == other.value;
        counts.value += usize::from(right);
        let words: String = line.text.chars().skip(other.start).take(other.end - other.start).collect();
        if !right {
            let around = excerpt(&line.text, timex.start, timex.end);
            let what = format!(
                "value {} read {} for {words:?} in {around} on {}",
                timex.value,
                other.value,
                line.dct.as_deref().unwrap_or("")
            );
            counts.worst.push(worst(0.3, what));
        }
        if !exact {
            counts.worst.push(worst(0.6, format!("span {:?} read {words:?}", timex.text)));
        }
    }
    for (other, pair) in read.iter().zip(&of_read) {
        if pair.is_none() {
            let around = excerpt(&line.text, other.start, other.end);
            counts.worst.push(worst(0.1, format!("spurious {} in {around}", other.value)));
        }
    }
    counts
}

/// The words with some context, on one line.
fn excerpt(text: &str, start: usize, end: usize) -> String {
    let from = start.saturating_sub(40);
    let take = |from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
    format!("{}[{}]{}", take(from, start), take(start, end), take(end, end + 25)).replace('\n', " ")
}

/// Share of expected expressions found with their span, and with one of their values.
fn specification(lines: &[Line], packs: &Packs) -> Scores {
    let mut by_lang: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut worst = Vec::new();
    let readings: Vec<Vec<TimeMention>> = lines.par_iter().map(|line| read(line, packs)).collect();
    for (line, mentions) in lines.iter().zip(&readings) {
        let counts = by_lang.entry(&line.lang).or_default();
        let spans: Vec<(usize, usize)> = mentions
            .iter()
            .map(|mention| {
                let start = line.text[..mention.span.from()].chars().count();
                (start, start + mention.span.of(&line.text).chars().count())
            })
            .collect();
        counts[1] += mentions.len();
        for expected in line.results.iter().flatten() {
            counts[0] += 1;
            let at = |offset: i64| usize::try_from(offset).unwrap_or(0);
            let span = (at(expected.start), at(expected.end));
            counts[2] += usize::from(spans.contains(&span));
            let near = |at: &(usize, usize)| at.0 < span.1 && span.0 < at.1;
            let found: Vec<&TimeMention> =
                mentions.iter().zip(&spans).filter(|(_, at)| near(at)).map(|(mention, _)| mention).collect();
            let right = found
                .iter()
                .any(|mention| expected.values.iter().flatten().any(|value| is_value(mention, value)));
            counts[3] += usize::from(right);
            if !right {
                let read = found.first().map_or("nothing", |mention| mention.value.as_str());
                let what = format!("{:?} in {:?} read {read}", expected.text, line.text);
                worst.push(Worst { id: line.id.clone(), score: 0.0, what });
            }
        }
    }
    let mut figures = BTreeMap::new();
    let mut total = [0; 4];
    for (lang, counts) in &by_lang {
        figures.insert(format!("value_{lang}"), share(counts[3], counts[0]));
        (0..4).for_each(|index| total[index] += counts[index]);
    }
    figures.insert("value".into(), share(total[3], total[0]));
    figures.insert("strict".into(), share(2 * total[2], total[0] + total[1]));
    Scores { figures, n: total[0], worst, ..Scores::default() }
}

fn share(right: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { right as f64 / of as f64 }
}

/// Whether a mention has one value of a specification: the day or instant, both ends of a range,
/// or the length in seconds.
fn is_value(mention: &TimeMention, value: &BTreeMap<String, String>) -> bool {
    let stated = |name: &str| value.get(name).and_then(|text| civil(text));
    if value.get("timex").is_some_and(|timex| *timex == mention.value) {
        return true;
    }
    if let (Some(start), Some(end)) = (stated("start"), stated("end")) {
        return mention.from == Some(start) && mention.until == Some(end);
    }
    match value.get("value") {
        Some(text) => civil(text).is_some_and(|at| mention.from == Some(at)),
        None => false,
    }
}

/// A day or instant; a bare clock time has none.
fn civil(text: &str) -> Option<jiff::civil::DateTime> {
    let text = text.replace(' ', "T");
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if !text.contains('T') => Some(date.at(0, 0, 0, 0)),
        _ => text.parse().ok(),
    }
}

/// Share of phrases whose interval is right, of negatives that give nothing counted in.
fn phrases(lines: &[Line], packs: &Packs) -> Scores {
    let mut by_lang: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut worst = Vec::new();
    let readings: Vec<Vec<TimeMention>> = lines.par_iter().map(|line| read(line, packs)).collect();
    for (line, mentions) in lines.iter().zip(&readings) {
        let counts = by_lang.entry(&line.lang).or_default();
        counts.1 += 1;
        let right = match &line.value {
            None => mentions.is_empty(),
            Some(phrase) => mentions.iter().any(|mention| is_phrase(mention, phrase)),
        };
        counts.0 += usize::from(right);
        if !right {
            let read = mentions.first().map_or("nothing", |mention| mention.value.as_str());
            worst.push(Worst {
                id: line.id.clone(),
                score: 0.0,
                what: format!("{:?} read {read}", line.text),
            });
        }
    }
    let mut figures = BTreeMap::new();
    let (mut right, mut all) = (0, 0);
    for (lang, counts) in &by_lang {
        figures.insert(format!("right_{lang}"), share(counts.0, counts.1));
        right += counts.0;
        all += counts.1;
    }
    figures.insert("right".into(), share(right, all));
    Scores { figures, n: all, worst, ..Scores::default() }
}

fn is_phrase(mention: &TimeMention, phrase: &Phrase) -> bool {
    let start = phrase.start.as_deref().and_then(civil);
    let end = phrase.end.as_deref().and_then(civil);
    match phrase.kind.as_str() {
        "interval" => mention.from == start && mention.until == end,
        "open" => start.is_some() && (mention.from == start || mention.until == start),
        _ => start.is_some() && mention.from == start,
    }
}
