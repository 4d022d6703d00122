//! Statements against hand-checked relations: content spans and speakers.
//!
//! One relation of a sentence counts as found where a predicted content covers enough of it. The
//! metric is that of the data folder: contents trimmed of marks, white space and a leading
//! complementiser; gold in text order takes the best unused prediction; F1 micro over relations.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use selon_model::{Lang, Mode, Report, StatementKind};
use selon_read::{ENGINE_VERSION, Packs, read_text};
use serde::Deserialize;

use crate::scores::{Scores, Worst};

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
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files.iter().map(|file| score_file(file, packs)).collect()
}

fn score_file(file: &Path, packs: &Packs) -> Result<Scores> {
    let lines = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut tally = Tally::default();
    let mut worst = Vec::new();
    for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let sentence: Sentence = serde_json::from_str(line).with_context(|| {
            format!("{}:{}: not a sentence with attributions", file.display(), number + 1)
        })?;
        score_sentence(&sentence, packs, &mut tally, &mut worst);
    }
    worst.sort_by(|a: &Worst, b: &Worst| a.score.total_cmp(&b.score).then_with(|| a.id.cmp(&b.id)));
    let name =
        |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = file.parent().map(name).unwrap_or_default();
    Ok(Scores {
        task: "statements".to_owned(),
        data: format!("{folder}/{}", name(file)),
        selon: ENGINE_VERSION.to_owned(),
        figures: tally.figures(),
        n: tally.all.gold,
        worst,
    })
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
        let f1 = |found: usize, counts: &Counts| match counts.gold + counts.predicted {
            0 => 0.0,
            both => 2.0 * found as f64 / both as f64,
        };
        let share = |part: usize, of: usize| if of == 0 { 0.0 } else { part as f64 / of as f64 };
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
    let mut used = vec![false; predicted.len()];
    for wanted in &gold {
        for counts in tally.of(wanted.quoted) {
            counts.gold += 1;
        }
        let best = predicted
            .iter()
            .enumerate()
            .filter(|(index, _)| !used[*index])
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
        used[index] = true;
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
        let kind = gold_kind(&gold, side, used[index]);
        for counts in tally.of(kind) {
            counts.predicted += 1;
        }
        if !used[index] {
            worst.push(Worst {
                id: sentence.id.clone(),
                score: 0.05,
                what: format!("not in the gold: {} | {}", side.shown, sentence.text),
            });
        }
    }
}

fn gold_kind(gold: &[Sides], side: &Sides, used: bool) -> bool {
    if !used {
        return side.quoted;
    }
    gold.iter()
        .max_by_key(|wanted| covered(&wanted.content, &side.content))
        .map_or(side.quoted, |wanted| wanted.quoted)
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

fn trimmed(letters: &[char], [mut from, mut to]: [usize; 2]) -> [usize; 2] {
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
