//! Task `times`: TIMEX3 gold by the TempEval-3 metrics, phrase tests by share right.
//!
//! TempEval-3 (UzZaman and others 2013): strict F1 counts equal spans, relaxed F1 one-to-one
//! overlaps, value F1 overlaps with equal `value`; all micro over the set. A range or a joined
//! date and clock is written as its parts there, as TIMEX3 wants it.
//!
//! Specifications: `value` is the share of expected expressions for which one of the stated
//! values is read: the day or instant, both ends of a range, the time of day, the length in
//! seconds, or an equal TIMEX3 value. `value_anchored` takes the lines that state a reference, for
//! without one "next Monday" has no value. Phrases: `right` has the start (and end) of the gold, which
//! looks ahead; `right_either` also counts the nearest reading before the reference, where the
//! reader says that it chose the past.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use jiff::civil::DateTime;
use rayon::prelude::*;
use selon_model::{Direction, Lang, Precision, RuleId, TimeMention, When};
use selon_read::{Packs, read_text};
use serde::Deserialize;

use crate::place_time_gold;
use crate::progress::Progress;
use crate::rows::{name_of, typed, with_keys};
use crate::scores::{f1, share};
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
#[derive(Debug, Clone, Deserialize)]
struct Read {
    start: usize,
    end: usize,
    value: String,
}

/// Scores the lines of a set by what was read of each.
type Metric = fn(&[Line], &[Vec<TimeMention>]) -> Scores;

/// Scores a folder with one `*.jsonl`.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    if let Some(scores) = place_time_gold::times(folder, packs)? {
        return Ok(scores);
    }
    let kinds: [(&str, Metric); 3] = [("timexes", timex), ("results", specification), ("value", phrases)];
    for (key, task) in kinds {
        let Some((path, rows)) = with_keys(folder, &["id", "lang", "text", key])?.into_iter().next() else {
            continue;
        };
        let lines: Vec<Line> = typed(&path, rows)?;
        let progress = Progress::new(format!("times {}", name_of(folder)), lines.len());
        let readings: Vec<Vec<TimeMention>> = lines
            .par_iter()
            .map(|line| {
                let mentions = read(line, packs);
                progress.step();
                mentions
            })
            .collect();
        let scores = task(&lines, &readings);
        return Ok(vec![
            Scores {
                figures: scores.figures,
                n: scores.n,
                worst: scores.worst,
                ..Scores::new("times", name_of(folder))
            }
            .sorted(),
        ]);
    }
    bail!("no *.jsonl in {} has rows with text and timexes, results or value", folder.display())
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
fn expressions(line: &Line, mentions: &[TimeMention]) -> Vec<Read> {
    let mut all = Vec::new();
    for mention in mentions {
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

/// Scores what another tool read: a JSON object a line with `id` and `times` (start, end, value).
pub(crate) fn score_readings(folder: &Path, readings: &Path) -> Result<Vec<Scores>> {
    #[derive(Deserialize)]
    struct Reading {
        id: String,
        times: Vec<Read>,
    }
    let Some((path, rows)) = with_keys(folder, &["id", "lang", "text", "timexes"])?.into_iter().next() else {
        bail!("no *.jsonl in {} has rows with timexes", folder.display());
    };
    let lines: Vec<Line> = typed(&path, rows)?;
    let readings: Vec<Reading> = typed(readings, crate::rows::rows(readings)?)?;
    let of: BTreeMap<&str, &[Read]> =
        readings.iter().map(|reading| (reading.id.as_str(), reading.times.as_slice())).collect();
    let counts = lines.iter().map(|line| compare(line, of.get(line.id.as_str()).copied().unwrap_or(&[])));
    let scores = sum_of(counts);
    let named = Scores::new("times", name_of(folder));
    Ok(vec![Scores { figures: scores.figures, n: scores.n, worst: scores.worst, ..named }.sorted()])
}

fn timex(lines: &[Line], readings: &[Vec<TimeMention>]) -> Scores {
    sum_of(lines.iter().zip(readings).map(|(line, mentions)| compare(line, &expressions(line, mentions))))
}

fn sum_of(all: impl Iterator<Item = Counts>) -> Scores {
    let mut sum = Counts::default();
    for counts in all {
        sum.gold += counts.gold;
        sum.read += counts.read;
        sum.strict += counts.strict;
        sum.relaxed += counts.relaxed;
        sum.value += counts.value;
        sum.worst.extend(counts.worst);
    }
    let f1 = |right: usize| f1(right, sum.read, sum.gold);
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
fn compare(line: &Line, read: &[Read]) -> Counts {
    let mut gold: Vec<&Timex> = line.timexes.iter().flatten().collect();
    gold.sort_by_key(|timex| (timex.start, timex.end));
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
fn specification(lines: &[Line], readings: &[Vec<TimeMention>]) -> Scores {
    /// Expected, read, equal spans, right values.
    type Four = [usize; 4];
    let mut by_lang: BTreeMap<&str, Four> = BTreeMap::new();
    let mut anchored = (0, 0);
    let mut worst = Vec::new();
    for (line, mentions) in lines.iter().zip(readings) {
        let counts = by_lang.entry(&line.lang).or_default();
        let spans: Vec<(usize, usize)> = mentions
            .iter()
            .map(|mention| {
                let start = line.text[..mention.span.from()].chars().count();
                (start, start + mention.span.of(&line.text).chars().count())
            })
            .collect();
        let mut free = spans.clone();
        counts[1] += mentions.len();
        for expected in line.results.iter().flatten() {
            counts[0] += 1;
            // Where the set gives no offsets, any mention may be meant, and none has its span.
            let span = usize::try_from(expected.start).ok().zip(usize::try_from(expected.end).ok());
            if let Some(at) = free.iter().position(|found| Some(*found) == span) {
                free.swap_remove(at);
                counts[2] += 1;
            }
            let near = |at: &(usize, usize)| span.is_none_or(|span| at.0 < span.1 && span.0 < at.1);
            let found: Vec<&TimeMention> =
                mentions.iter().zip(&spans).filter(|(_, at)| near(at)).map(|(mention, _)| mention).collect();
            let stated = || expected.values.iter().flatten();
            let right = found.iter().any(|mention| stated().any(|value| is_value(mention, value)));
            counts[3] += usize::from(right);
            if line.reference.is_some() {
                anchored.0 += usize::from(right);
                anchored.1 += 1;
            }
            if !right {
                let read = found.first().map_or("nothing", |mention| mention.value.as_str());
                let wanted = stated().next().and_then(|value| value.get("timex")).map_or("", String::as_str);
                let what = format!("{:?} ({wanted}) in {:?} read {read}", expected.text, line.text);
                worst.push(Worst { id: line.id.clone(), score: 0.0, what });
            }
        }
    }
    let mut figures = BTreeMap::new();
    let mut total: Four = [0; 4];
    figures.insert("value_anchored".into(), share(anchored.0, anchored.1));
    for (lang, counts) in &by_lang {
        figures.insert(format!("value_{lang}"), share(counts[3], counts[0]));
        figures.insert(format!("strict_{lang}"), f1(counts[2], counts[1], counts[0]));
        (0..4).for_each(|index| total[index] += counts[index]);
    }
    figures.insert("value".into(), share(total[3], total[0]));
    figures.insert("strict".into(), f1(total[2], total[1], total[0]));
    Scores { figures, n: total[0], worst, ..Scores::default() }
}

/// Whether a mention has one value of a specification.
fn is_value(mention: &TimeMention, value: &BTreeMap<String, String>) -> bool {
    if value.get("timex").is_some_and(|timex| *timex == mention.value) {
        return true;
    }
    let stated = |name: &str| value.get(name).map(String::as_str).unwrap_or_default();
    let (start, end) = (stated("start"), stated("end"));
    if !start.is_empty() || !end.is_empty() {
        return begins(mention.from, start) && ends(mention, end);
    }
    match value.get("type").map(String::as_str) {
        Some("duration") => seconds(&mention.value)
            .zip(stated("value").parse::<f64>().ok())
            .is_some_and(|(ours, gold)| (ours - gold).abs() < 0.5),
        // A clock time that nothing anchors has its hour in the value alone.
        Some("time") if mention.from.is_none() => {
            clock(&mention.value).is_some_and(|ours| clock(&format!("T{}", stated("value"))) == Some(ours))
        }
        _ => begins(mention.from, stated("value")),
    }
}

/// The time of day that a TIMEX3 value ends with.
fn clock(value: &str) -> Option<jiff::civil::Time> {
    let (_, time) = value.split_once('T')?;
    let time = if time.len() == 2 { format!("{time}:00") } else { time.to_owned() };
    time.parse().ok()
}

/// Whether `at` is the day or instant, or has the time of day, that a specification writes.
fn begins(at: Option<DateTime>, written: &str) -> bool {
    let Some(at) = at else { return false };
    match written.parse::<jiff::civil::Time>() {
        Ok(time) if !written.contains('-') => at.time() == time,
        _ => civil(written) == Some(at),
    }
}

/// The end of a range. Between two stated days a specification gives the last day itself, where
/// our end is the instant after it.
fn ends(mention: &TimeMention, written: &str) -> bool {
    let last_day = mention.until.and_then(|until| until.checked_sub(jiff::Span::new().days(1)).ok());
    begins(mention.until, written) || (!mention.parts.is_empty() && begins(last_day, written))
}

/// Seconds of a TIMEX3 length, a month of 30 and a year of 365 days.
fn seconds(length: &str) -> Option<f64> {
    let mut clock = false;
    let mut digits = String::new();
    let mut sum = 0.0;
    for c in length.strip_prefix('P')?.chars() {
        let unit = match c {
            'T' => {
                clock = true;
                continue;
            }
            '0'..='9' | '.' => {
                digits.push(c);
                continue;
            }
            'Y' => 365.0 * 86_400.0,
            'M' if !clock => 30.0 * 86_400.0,
            'W' => 7.0 * 86_400.0,
            'D' => 86_400.0,
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => return None,
        };
        sum += std::mem::take(&mut digits).parse::<f64>().ok()? * unit;
    }
    digits.is_empty().then_some(sum)
}

/// A day or instant; a bare clock time has none.
fn civil(text: &str) -> Option<DateTime> {
    let text = text.replace(' ', "T");
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if !text.contains('T') => Some(date.at(0, 0, 0, 0)),
        _ => text.parse().ok(),
    }
}

/// Share of phrases whose interval is right, negatives that give nothing counted in.
fn phrases(lines: &[Line], readings: &[Vec<TimeMention>]) -> Scores {
    /// Right, right in either direction, all.
    type Three = [usize; 3];
    let mut by_lang: BTreeMap<&str, Three> = BTreeMap::new();
    let mut worst = Vec::new();
    for (line, mentions) in lines.iter().zip(readings) {
        let counts = by_lang.entry(&line.lang).or_default();
        counts[2] += 1;
        let right = match &line.value {
            None => mentions.is_empty(),
            Some(phrase) => mentions.iter().any(|mention| is_phrase(mention, phrase)),
        };
        let reference = line.reference.as_deref().and_then(civil);
        let either = right
            || line.value.as_ref().zip(reference).is_some_and(|(phrase, reference)| {
                mentions.iter().any(|mention| is_past(mention, phrase, reference))
            });
        counts[0] += usize::from(right);
        counts[1] += usize::from(either);
        if !right {
            let read = mentions.first().map_or("nothing", |mention| mention.value.as_str());
            let wanted = line.value.as_ref().and_then(|phrase| phrase.start.as_deref()).unwrap_or("none");
            let score = if either { 0.5 } else { 0.0 };
            let what = format!("{:?} expected {wanted}, read {read}", line.text);
            worst.push(Worst { id: line.id.clone(), score, what });
        }
    }
    let mut figures = BTreeMap::new();
    let mut total: Three = [0; 3];
    for (lang, counts) in &by_lang {
        figures.insert(format!("right_{lang}"), share(counts[0], counts[2]));
        figures.insert(format!("right_either_{lang}"), share(counts[1], counts[2]));
        (0..3).for_each(|index| total[index] += counts[index]);
    }
    figures.insert("right".into(), share(total[0], total[2]));
    figures.insert("right_either".into(), share(total[1], total[2]));
    Scores { figures, n: total[2], worst, ..Scores::default() }
}

fn is_phrase(mention: &TimeMention, phrase: &Phrase) -> bool {
    has(mention, &phrase.kind, phrase.start.as_deref().and_then(civil), phrase.end.as_deref().and_then(civil))
}

fn has(mention: &TimeMention, kind: &str, start: Option<DateTime>, end: Option<DateTime>) -> bool {
    match kind {
        "interval" => mention.from == start && mention.until == end,
        "open" => start.is_some() && (mention.from == start || mention.until == start),
        _ => start.is_some() && mention.from == start,
    }
}

/// Whether a mention that chose the past is the nearest reading before the reference: the gold a
/// day, week, month or year earlier.
fn is_past(mention: &TimeMention, phrase: &Phrase, reference: DateTime) -> bool {
    if mention.direction != Some(Direction::Past) {
        return false;
    }
    let zero = jiff::Span::new();
    [zero.days(1), zero.weeks(1), zero.months(1), zero.years(1)].into_iter().any(|period| {
        let back = |text: &Option<String>| {
            text.as_deref().and_then(civil).and_then(|at| at.checked_sub(period).ok())
        };
        let (start, end) = (back(&phrase.start), back(&phrase.end));
        start.is_some_and(|start| start <= reference) && has(mention, &phrase.kind, start, end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(timexes: &[(usize, usize, &str)]) -> Line {
        let timexes = timexes
            .iter()
            .map(|(start, end, value)| Timex {
                start: *start,
                end: *end,
                text: String::new(),
                value: (*value).to_owned(),
            })
            .collect();
        Line {
            id: "a".into(),
            lang: "fr".into(),
            text: "0123456789".into(),
            dct: None,
            reference: None,
            timexes: Some(timexes),
            results: None,
            value: None,
        }
    }

    fn found(start: usize, end: usize, value: &str) -> Read {
        Read { start, end, value: value.to_owned() }
    }

    #[test]
    fn an_overlap_never_takes_the_partner_of_an_equal_span() {
        let gold = line(&[(0, 4, "2016"), (4, 8, "2017")]);
        let counts = compare(&gold, &[found(2, 8, "2016"), found(4, 8, "2017"), found(9, 10, "x")]);
        assert_eq!((counts.gold, counts.read), (2, 3));
        assert_eq!((counts.strict, counts.relaxed, counts.value), (1, 2, 2));
    }

    #[test]
    fn lengths() {
        assert_eq!(seconds("PT1H30M"), Some(5400.0));
        assert_eq!(seconds("P3.5Y"), Some(110_376_000.0));
        assert_eq!(seconds("P2W"), Some(1_209_600.0));
        assert_eq!(seconds("2016-12"), None);
        assert_eq!(seconds("PXD"), None);
    }

    #[test]
    fn clocks_and_days() {
        let at = civil("2016-11-07 07:30:00");
        assert!(begins(at, "07:30:00") && begins(at, "2016-11-07 07:30:00"));
        assert_eq!(clock("XXXX-XX-XXT20"), clock("T20:00:00"));
        assert_eq!((clock("2016-11-07"), clock("2016-11-07TNI")), (None, None));
        assert!(!begins(at, "2016-11-07") && !begins(at, "19:30:00") && !begins(None, "07:30:00"));
    }
}
