//! Statements against hand-checked relations: content spans and speakers.
//!
//! One relation of a sentence counts as found where a predicted content covers enough of it. The
//! metric is that of the data folder: contents trimmed of marks, white space and a leading
//! complementiser; gold in text order takes the best unused prediction; F1 micro over relations.
//! A folder of `*.txt` beside `*.ann` (quotations in fiction) is scored by `quotations.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use selon_model::{Lang, Mode, Report, StatementKind};
use selon_read::{Packs, read_text};
use serde::Deserialize;

use crate::rows::{files, name_of, stem, typed, with_keys};
use crate::scores::{Scores, Worst, f1, share};

/// Words that open a content clause and are no part of it, as the data folder lists them.
const COMPLEMENTISERS: &[&str] =
    &["que ", "qu'", "qu’", "that ", "whether ", "if ", "si ", "dass ", "ob ", "что ", "أن "];

#[derive(Deserialize)]
struct Sentence {
    id: String,
    lang: String,
    text: String,
    attributions: Vec<Relation>,
}

#[derive(Deserialize)]
struct Relation {
    source: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
}

/// A relation reduced to what is compared: code points of content and of source.
struct Sides {
    content: Vec<usize>,
    source: Vec<usize>,
    quoted: bool,
    shown: String,
}

/// Scores every `*.jsonl` file of a folder, each a set of its own.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let sets = with_keys(folder, &["id", "lang", "text", "attributions"])?;
    if sets.is_empty() && !files(folder, &["ann"])?.is_empty() {
        return Ok(vec![crate::quotations::score(folder, packs)?]);
    }
    if sets.is_empty() {
        bail!(
            "no *.jsonl in {} has rows with text and attributions, and no *.ann is there",
            folder.display()
        );
    }
    let several = sets.len() > 1;
    let mut all = Vec::new();
    for (path, rows) in sets {
        let mut tally = Tally::default();
        let mut worst = Vec::new();
        for sentence in typed::<Sentence>(&path, rows)? {
            score_sentence(&sentence, packs, &mut tally, &mut worst);
        }
        let name = name_of(folder);
        let data = if several { format!("{name}/{}", stem(&path)) } else { name };
        let mut scores = Scores::new("statements", data);
        scores.figures = tally.figures();
        scores.n = tally.all.gold;
        scores.worst = worst;
        all.push(scores.sorted());
    }
    Ok(all)
}

#[derive(Default)]
struct Counts {
    gold: usize,
    predicted: usize,
    exact: usize,
    c80: usize,
    iou50: usize,
    c30: usize,
    speaker: usize,
}

#[derive(Default)]
struct Tally {
    all: Counts,
    quoted: Counts,
    indirect: Counts,
}

impl Tally {
    fn of(&mut self, quoted: bool) -> [&mut Counts; 2] {
        let kind = if quoted { &mut self.quoted } else { &mut self.indirect };
        [&mut self.all, kind]
    }

    fn figures(&self) -> BTreeMap<String, f64> {
        let f1 = |found: usize, counts: &Counts| f1(found, counts.predicted, counts.gold);
        let all = &self.all;
        [
            ("exact", f1(all.exact, all)),
            ("c80", f1(all.c80, all)),
            ("iou50", f1(all.iou50, all)),
            ("c30", f1(all.c30, all)),
            ("c30_precision", share(all.c30, all.predicted)),
            ("c30_recall", share(all.c30, all.gold)),
            ("speaker", share(all.speaker, all.c30)),
            ("c80_quoted", f1(self.quoted.c80, &self.quoted)),
            ("c80_indirect", f1(self.indirect.c80, &self.indirect)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

fn score_sentence(sentence: &Sentence, packs: &Packs, tally: &mut Tally, worst: &mut Vec<Worst>) {
    let letters: Vec<char> = sentence.text.chars().collect();
    let Some(lang) = Lang::new(&sentence.lang) else { return };
    let report = read_text(&sentence.text, &lang, None, packs);
    let predicted = predictions(&report, &sentence.text);
    let gold: Vec<Sides> = sentence.attributions.iter().map(|relation| sides(&letters, relation)).collect();
    // The kind of the relation that took a prediction.
    let mut used: Vec<Option<bool>> = vec![None; predicted.len()];
    for wanted in &gold {
        for counts in tally.of(wanted.quoted) {
            counts.gold += 1;
        }
        let best = predicted
            .iter()
            .enumerate()
            .filter(|(index, _)| used[*index].is_none())
            .map(|(index, side)| (covered(&wanted.content, &side.content), index))
            .max_by_key(|(shared, index)| (*shared, usize::MAX - index))
            .filter(|(shared, _)| *shared > 0);
        let Some((shared, index)) = best else {
            worst.push(Worst {
                id: sentence.id.clone(),
                score: 0.0,
                what: format!("missed: {} | {}", wanted.shown, sentence.text),
            });
            continue;
        };
        used[index] = Some(wanted.quoted);
        let found = &predicted[index];
        let share = shared as f64 / wanted.content.len().max(1) as f64;
        let union = wanted.content.len() + found.content.len() - shared;
        let exact =
            wanted.content.first() == found.content.first() && wanted.content.last() == found.content.last();
        let both_empty = wanted.source.is_empty() && found.source.is_empty();
        let speaker = both_empty || covered(&wanted.source, &found.source) > 0;
        for counts in tally.of(wanted.quoted) {
            counts.exact += usize::from(exact);
            counts.c80 += usize::from(share > 0.8);
            counts.iou50 += usize::from(shared as f64 / union.max(1) as f64 >= 0.5);
            counts.c30 += usize::from(share > 0.3);
            counts.speaker += usize::from(share > 0.3 && speaker);
        }
        if !exact || !speaker {
            let score = if share > 0.8 { 0.6 + f64::from(u8::from(speaker)) * 0.3 } else { share / 2.0 };
            worst.push(Worst {
                id: sentence.id.clone(),
                score,
                what: format!("wanted: {} | read: {}", wanted.shown, found.shown),
            });
        }
    }
    for (index, side) in predicted.iter().enumerate() {
        // A prediction belongs to the kind of the gold it was matched with, else to its own.
        for counts in tally.of(used[index].unwrap_or(side.quoted)) {
            counts.predicted += 1;
        }
        if used[index].is_none() {
            worst.push(Worst {
                id: sentence.id.clone(),
                score: 0.05,
                what: format!("not in the gold: {} | {}", side.shown, sentence.text),
            });
        }
    }
}

/// Number of code points of `wanted` (sorted) that are in `found` (sorted).
fn covered(wanted: &[usize], found: &[usize]) -> usize {
    wanted.iter().filter(|at| found.binary_search(at).is_ok()).count()
}

fn sides(letters: &[char], relation: &Relation) -> Sides {
    let points = |pieces: &[[usize; 2]]| -> Vec<usize> {
        let mut points: Vec<usize> =
            pieces.iter().flat_map(|[from, to]| *from..(*to).min(letters.len())).collect();
        points.sort_unstable();
        points.dedup();
        points
    };
    let pieces: Vec<[usize; 2]> = relation.content.iter().map(|piece| trimmed(letters, *piece)).collect();
    let content = points(&pieces);
    let quoted = relation.content.iter().any(|[from, to]| near_mark(letters, *from, *to));
    let words = |points: &[usize]| points.iter().filter_map(|at| letters.get(*at)).collect::<String>();
    let source = points(&relation.source);
    let shown = format!("[{}] {}", words(&source), words(&content));
    Sides { content, source, quoted, shown }
}

/// A quotation mark in the content, or right around it: a comma or space may stand between.
fn near_mark(letters: &[char], from: usize, to: usize) -> bool {
    let mark = |at: usize| letters.get(at).is_some_and(|c| "\"«»“”„".contains(*c));
    let start = from.saturating_sub(2);
    (start..from).any(mark) || (to..to + 3).any(mark) || (from..to).any(mark)
}

/// A content without marks, outer punctuation, white space and a leading complementiser.
pub(crate) fn trimmed(letters: &[char], [mut from, mut to]: [usize; 2]) -> [usize; 2] {
    to = to.min(letters.len());
    let outer = |c: char| c.is_whitespace() || "\"«»“”„‘’'‹›.,;:!?…-–—()".contains(c);
    loop {
        let before = (from, to);
        while from < to && outer(letters[from]) {
            from += 1;
        }
        while from < to && outer(letters[to - 1]) {
            to -= 1;
        }
        let rest: String = letters[from..to].iter().take(12).collect::<String>().to_lowercase();
        if let Some(word) = COMPLEMENTISERS.iter().find(|word| rest.starts_with(**word)) {
            from += word.chars().count();
        }
        if before == (from, to) {
            return [from, to];
        }
    }
}

/// The statements of a report, in code points of the sentence.
fn predictions(report: &Report, sentence: &str) -> Vec<Sides> {
    let letters: Vec<char> = sentence.chars().collect();
    let point =
        |byte: u32| sentence.get(..byte as usize).map_or(letters.len(), |before| before.chars().count());
    report
        .statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::Said)
        .map(|statement| {
            let spans = |spans: &[selon_model::Span]| -> Vec<[usize; 2]> {
                spans.iter().map(|span| [point(span.start), point(span.end)]).collect()
            };
            let relation = Relation {
                source: statement
                    .source
                    .iter()
                    .map(|source| [point(source.span.start), point(source.span.end)])
                    .collect(),
                content: spans(&statement.content),
            };
            let mut sides = sides(&letters, &relation);
            sides.quoted = statement.mode != Mode::Indirect;
            sides.shown = format!("{} <{}>", sides.shown, statement.rule);
            sides
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_trimmed() {
        let cut = |text: &str| {
            let letters: Vec<char> = text.chars().collect();
            let [from, to] = trimmed(&letters, [0, letters.len()]);
            letters[from..to].iter().collect::<String>()
        };
        assert_eq!(cut("« que l’armée avance, »"), "l’armée avance");
        assert_eq!(cut("that “he left.”"), "he left");
        assert_eq!(cut("thatched roofs"), "thatched roofs");
        assert_eq!(cut("«»"), "");
    }

    #[test]
    fn shares_of_a_content() {
        assert_eq!(covered(&[1, 2, 3, 4], &[3, 4, 5]), 2);
        // one relation of two found, of two predicted: P 1/2, R 1/2
        let all = Counts { gold: 2, predicted: 2, exact: 0, c80: 1, iou50: 1, c30: 1, speaker: 1 };
        let tally = Tally { all, ..Tally::default() };
        let figures = tally.figures();
        assert_eq!((figures["c80"], figures["exact"], figures["speaker"]), (0.5, 0.0, 1.0));
        assert_eq!((figures["c30_precision"], figures["c30_recall"]), (0.5, 0.5));
    }
}
