//! The body of a page against what people took for it.
//!
//! Shingles: words (`\w+`, case kept), multisets of four in a row; per page true and false
//! positives and misses as shares; precision and recall are means over pages, F1 their harmonic
//! mean. `f1_standard_error` is that of pages drawn again with replacement, 1,000 times. Words: F1
//! of lower-case word multisets, averaged. Segments: strings that must and must not be in the
//! output. The folder of all data is scored by the bodies of cases/gold (gold.rs).

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Result, bail};
use regex::Regex;
use selon_model::{BlockKind, Report};
use selon_read::Packs;

use crate::Scores;
use crate::gold;
use crate::pages::{Compose, GoldPage, Measure, read_all};
use crate::rows::name_of;
use crate::scores::{harmonic, mean, share};

/// A page with what was read from it.
type Read = (GoldPage, Option<Report>);

/// Scores a folder of pages: `f1`, `precision`, `recall`, `exact`, or `f1` of segments.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    if let Some(scores) = gold::score(folder, packs)? {
        return Ok(scores);
    }
    let read = read_all("extraction", folder, packs)?;
    let mut scores = Vec::new();
    if read.iter().any(|(page, _)| page.body.is_some()) {
        scores.push(bodies(folder, &read));
    }
    if read.iter().any(|(page, _)| !page.with.is_empty()) {
        scores.push(segments(folder, &read));
    }
    if scores.is_empty() {
        bail!("the gold of {} has neither bodies nor segments", folder.display());
    }
    Ok(scores)
}

/// Precision, recall and F1 of the pages of a set.
#[derive(Default)]
pub(crate) struct Means {
    pub(crate) precisions: Vec<f64>,
    pub(crate) recalls: Vec<f64>,
    pub(crate) f1s: Vec<f64>,
    /// What each page was counted by.
    counts: Vec<(usize, usize, usize)>,
}

impl Means {
    /// Adds a page by what is in both, in the reading alone, in the gold alone; gives its F1.
    pub(crate) fn add(&mut self, (both, extra, missed): (usize, usize, usize)) -> f64 {
        self.precisions.extend((both + extra > 0).then(|| share(both, both + extra)));
        self.recalls.extend((both + missed > 0).then(|| share(both, both + missed)));
        let f1 = harmonic(share(both, both + extra), share(both, both + missed));
        self.f1s.push(f1);
        self.counts.push((both, extra, missed));
        f1
    }

    /// Standard deviation of F1 over sets of as many pages, drawn again with replacement. The
    /// draws are those of a fixed generator (Knuth's MMIX), so that they are the same each time.
    fn standard_error(&self, words: bool) -> f64 {
        let mut state = 1u64;
        let draws: Vec<f64> = (0..1000)
            .map(|_| {
                let mut drawn = Means::default();
                for _ in 0..self.counts.len() {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    drawn.add(self.counts[(state >> 33) as usize % self.counts.len()]);
                }
                drawn.f1(words)
            })
            .collect();
        let middle = mean(&draws);
        mean(&draws.iter().map(|draw| (draw - middle).powi(2)).collect::<Vec<_>>()).sqrt()
    }

    /// Shingles: F1 of the means. Words: mean of the pages' F1.
    pub(crate) fn f1(&self, words: bool) -> f64 {
        if words { mean(&self.f1s) } else { harmonic(mean(&self.precisions), mean(&self.recalls)) }
    }
}

fn bodies(folder: &Path, read: &[Read]) -> Scores {
    let mut out = Scores::new("extraction", name_of(folder));
    let mut all = Means::default();
    let mut groups: BTreeMap<&str, Means> = BTreeMap::new();
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
        let f1 = all.add(counts);
        if let Some(group) = page.group.as_deref() {
            groups.entry(group).or_default().add(counts);
        }
        out.n += 1;
        let (both, extra, missed) = counts;
        let what = format!(
            "precision {:.2} recall {:.2}; {} words expected, {} read, which begin \"{}\"",
            share(both, both + extra),
            share(both, both + missed),
            gold_tokens.len(),
            found_tokens.len(),
            found.chars().take(60).collect::<String>().replace('\n', " "),
        );
        out.case(&page.id, f1, what);
    }
    out.set("f1", all.f1(words));
    out.set("f1_standard_error", all.standard_error(words));
    out.set("precision", mean(&all.precisions));
    out.set("recall", mean(&all.recalls));
    out.set("exact", share(exact, out.n));
    out.set("page_f1", mean(&all.f1s));
    for (group, means) in groups.iter().filter(|_| groups.len() > 1) {
        out.set(&format!("f1_{group}"), means.f1(words));
    }
    out.sorted()
}

fn segments(folder: &Path, read: &[Read]) -> Scores {
    let mut out = Scores::new("extraction", format!("{}/segments", name_of(folder)));
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
        let first = page.with.iter().find(|segment| !in_text(segment));
        let first = first.or_else(|| page.without.iter().find(in_text)).map_or("", String::as_str);
        let what = format!(
            "{hits} of {} in, {wrong} of {} wrongly in; first wrong: \"{}\"",
            page.with.len(),
            page.without.len(),
            first.chars().take(60).collect::<String>(),
        );
        out.case(&page.id, share(right, all), what);
    }
    let (precision, recall) = (share(tp, tp + fp), share(tp, tp + missed));
    out.set("f1", harmonic(precision, recall));
    out.set("precision", precision);
    out.set("recall", recall);
    out.set("accuracy", share(tp + tn, tp + tn + fp + missed));
    out.sorted()
}

/// White space told apart by nothing, and no soft hyphens: they are no letters of the text.
fn one_space(text: &str) -> String {
    text.replace(['\u{ad}', '\u{200b}', '\u{feff}'], "").split_whitespace().collect::<Vec<_>>().join(" ")
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

/// Words as `\w+` of Python cuts them: letters, numbers and the low line; marks part words.
fn tokens(text: &str, measure: Measure) -> Vec<String> {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is fixed"));
    let words = |text: &str| WORD.find_iter(text).map(|word| word.as_str().to_owned()).collect();
    match measure {
        Measure::Characters => {
            WORD.find_iter(text).flat_map(|word| word.as_str().chars().map(String::from)).collect()
        }
        Measure::Words => words(&text.to_lowercase()),
        Measure::Shingles => words(text),
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

    #[test]
    fn words_of_python() {
        assert_eq!(tokens("L'été_2 e\u{301}t %", Measure::Shingles), ["L", "été_2", "e", "t"]);
        assert_eq!(tokens("Ab 北京", Measure::Characters), ["A", "b", "北", "京"]);
        assert_eq!(tokens("Ab AB", Measure::Words), ["ab", "ab"]);
    }

    #[test]
    fn means_over_pages() {
        let mut means = Means::default();
        // precision 1/2 and 1, recall 1 and 1/3; a page with nothing read has no precision
        assert!((means.add((1, 1, 0)) - 2.0 / 3.0).abs() < 1e-12);
        assert!((means.add((1, 0, 2)) - 0.5).abs() < 1e-12);
        assert_eq!(means.add((0, 0, 3)), 0.0);
        assert_eq!((means.precisions.len(), means.recalls.len()), (2, 3));
        // precision 3/4, recall (1 + 1/3 + 0) / 3 = 4/9
        assert!((means.f1(false) - harmonic(0.75, 4.0 / 9.0)).abs() < 1e-12);
        assert!((means.f1(true) - (2.0 / 3.0 + 0.5) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn pages_drawn_again() {
        let mut means = Means::default();
        (0..50).for_each(|_| {
            means.add((1, 0, 0));
        });
        assert_eq!(means.standard_error(true), 0.0);
        (0..50).for_each(|_| {
            means.add((0, 1, 1));
        });
        // a share of one half over 100 pages: √(½ · ½ / 100) = 0.05
        assert!((means.standard_error(true) - 0.05).abs() < 0.005, "{}", means.standard_error(true));
    }
}
