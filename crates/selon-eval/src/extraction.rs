//! The body of a page against what people took for it.
//!
//! Shingles: words (`\w+`, case kept), multisets of four in a row; per page true and false
//! positives and misses as shares; precision and recall are means over pages, F1 their harmonic
//! mean. Words: F1 of lower-case word multisets, averaged. Segments: strings that must and must
//! not be in the output.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use selon_model::{BlockKind, Report};
use selon_read::{ENGINE_VERSION, Packs};

use crate::pages::{Compose, GoldPage, Measure, load};
use crate::{Scores, Worst};

/// Scores a folder of pages: `f1`, `precision`, `recall`, `exact`, or `f1` of segments.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let pages = load(folder)?;
    let read: Vec<(&GoldPage, Option<Report>)> =
        pages.par_iter().map(|page| (page, page.read(packs))).collect();
    let mut scores = Vec::new();
    if read.iter().any(|(page, _)| page.body.is_some()) {
        scores.push(bodies(folder, &read));
    }
    if read.iter().any(|(page, _)| !page.with.is_empty()) {
        scores.push(segments(folder, &read));
    }
    Ok(scores)
}

/// Name of a data set: its folder.
pub(crate) fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

fn bodies(folder: &Path, read: &[(&GoldPage, Option<Report>)]) -> Scores {
    let mut out = Scores {
        task: "extraction".into(),
        data: name_of(folder),
        selon: ENGINE_VERSION.into(),
        ..Scores::default()
    };
    let (mut precisions, mut recalls, mut f1s) = (Vec::new(), Vec::new(), Vec::new());
    let mut exact = 0usize;
    let mut words = false;
    for (page, report) in read {
        let Some(gold) = &page.body else { continue };
        let found = report.as_ref().map(|report| scored_text(report, page.compose)).unwrap_or_default();
        let (gold_tokens, found_tokens) = (tokens(gold, page.measure), tokens(&found, page.measure));
        exact += usize::from(gold_tokens == found_tokens);
        let counts = match page.measure {
            Measure::Words => {
                words = true;
                overlap(&gold_tokens, &found_tokens)
            }
            _ => overlap(&shingles(&gold_tokens), &shingles(&found_tokens)),
        };
        let (both, extra, missed) = counts;
        let precision = (both + extra > 0).then(|| both as f64 / (both + extra) as f64);
        let recall = (both + missed > 0).then(|| both as f64 / (both + missed) as f64);
        precisions.extend(precision);
        recalls.extend(recall);
        let f1 = harmonic(precision.unwrap_or(0.0), recall.unwrap_or(0.0));
        f1s.push(f1);
        out.n += 1;
        let what = format!("precision {:.2} recall {:.2}", precision.unwrap_or(0.0), recall.unwrap_or(0.0));
        out.worst.push(Worst { id: page.id.clone(), score: f1, what });
    }
    let (precision, recall) = (mean(&precisions), mean(&recalls));
    let f1 = if words { mean(&f1s) } else { harmonic(precision, recall) };
    out.figures.insert("f1".into(), f1);
    out.figures.insert("precision".into(), precision);
    out.figures.insert("recall".into(), recall);
    out.figures.insert("exact".into(), exact as f64 / out.n.max(1) as f64);
    out.figures.insert("page_f1".into(), mean(&f1s));
    out.worst.sort_by(|a, b| a.score.total_cmp(&b.score).then_with(|| a.id.cmp(&b.id)));
    out
}

fn segments(folder: &Path, read: &[(&GoldPage, Option<Report>)]) -> Scores {
    let data = format!("{}/segments", name_of(folder));
    let mut out =
        Scores { task: "extraction".into(), data, selon: ENGINE_VERSION.into(), ..Scores::default() };
    let (mut tp, mut fp, mut missed, mut tn) = (0usize, 0usize, 0usize, 0usize);
    for (page, report) in read.iter().filter(|(page, _)| !page.with.is_empty()) {
        let compose = Compose { title: false, deck: true, posts: true };
        let found = report.as_ref().map(|report| scored_text(report, compose)).unwrap_or_default();
        let found = one_space(&found);
        let in_text = |segment: &&String| found.contains(&one_space(segment));
        let hits = page.with.iter().filter(in_text).count();
        let wrong = page.without.iter().filter(in_text).count();
        tp += hits;
        missed += page.with.len() - hits;
        fp += wrong;
        tn += page.without.len() - wrong;
        out.n += 1;
        let all = page.with.len() + page.without.len();
        let right = hits + page.without.len() - wrong;
        let what = format!("{hits} of {} in, {wrong} of {} wrongly in", page.with.len(), page.without.len());
        out.worst.push(Worst { id: page.id.clone(), score: right as f64 / all.max(1) as f64, what });
    }
    let precision = tp as f64 / (tp + fp).max(1) as f64;
    let recall = tp as f64 / (tp + missed).max(1) as f64;
    out.figures.insert("f1".into(), harmonic(precision, recall));
    out.figures.insert("precision".into(), precision);
    out.figures.insert("recall".into(), recall);
    out.figures.insert("accuracy".into(), (tp + tn) as f64 / (tp + tn + fp + missed).max(1) as f64);
    out.worst.sort_by(|a, b| a.score.total_cmp(&b.score).then_with(|| a.id.cmp(&b.id)));
    out
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a report that a gold body holds too.
pub(crate) fn scored_text(report: &Report, compose: Compose) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut titled = false;
    for block in &report.text.blocks {
        let kept = match block.kind {
            BlockKind::Title => compose.title,
            BlockKind::Deck => compose.deck,
            BlockKind::Post => compose.posts,
            BlockKind::Paragraph
            | BlockKind::Heading
            | BlockKind::Quote
            | BlockKind::List
            | BlockKind::Table => true,
            _ => false,
        };
        titled |= block.kind == BlockKind::Title;
        if kept {
            lines.push(block.span.of(&report.text.string));
        }
    }
    if compose.title
        && !titled
        && let Some(title) = &report.title
    {
        lines.insert(0, title);
    }
    lines.join("\n")
}

fn tokens(text: &str, measure: Measure) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match measure {
        Measure::Characters => text.chars().filter(|c| is_word(*c)).map(String::from).collect(),
        Measure::Words => text
            .to_lowercase()
            .split(|c: char| !is_word(c))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        Measure::Shingles => {
            text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
    }
}

fn shingles(tokens: &[String]) -> Vec<Vec<String>> {
    match tokens.len() {
        0 => Vec::new(),
        1..4 => vec![tokens.to_vec()],
        _ => tokens.windows(4).map(<[String]>::to_vec).collect(),
    }
}

/// Members of both multisets, of the found alone, of the gold alone.
fn overlap<T: Eq + Hash>(gold: &[T], found: &[T]) -> (usize, usize, usize) {
    let mut counts: HashMap<&T, usize> = HashMap::new();
    for item in gold {
        *counts.entry(item).or_default() += 1;
    }
    let mut both = 0;
    for item in found {
        if let Some(count) = counts.get_mut(item).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    (both, found.len() - both, gold.len() - both)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

pub(crate) fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_are_multisets() {
        let cut = |text: &str| shingles(&tokens(text, Measure::Shingles));
        assert_eq!(overlap(&cut("a b c d e"), &cut("a b c d x")), (1, 1, 1));
        assert_eq!(overlap(&cut("a b"), &cut("a b")), (1, 0, 0));
        assert_eq!(overlap(&cut("a a a a a"), &cut("a a a a")), (1, 0, 1));
    }
}
