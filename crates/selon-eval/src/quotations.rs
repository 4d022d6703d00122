//! Quotations of fiction with their speakers (LitBank): exact spans and who speaks.
//!
//! Texts are one tokenised sentence a line, gold is by sentence and token. The tokens are joined
//! as they are printed, so that the reader sees prose; a quotation is compared trimmed of marks
//! and outer punctuation. A speaker is right where a word of the gold name is among the words of
//! ours, or of the name that ours is resolved to. A stress test: dialogue without reporting verbs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use rayon::prelude::*;
use selon_model::{Lang, Mode, StatementKind};
use selon_read::{Packs, read_text};

use crate::progress::Progress;
use crate::rows::{files, name_of, stem, text};
use crate::scores::{Scores, Worst, f1, share};
use crate::statements::trimmed;

#[derive(Default)]
struct Counts {
    gold: usize,
    read: usize,
    equal: usize,
    speakers: usize,
    worst: Vec<Worst>,
}

/// Scores a folder of `NAME.txt` beside `NAME.ann`.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Scores> {
    let paths = files(folder, &["ann"])?;
    let progress = Progress::new(format!("statements {}", name_of(folder)), paths.len());
    let counts: Vec<Counts> = paths
        .par_iter()
        .map(|path| {
            let counts = score_work(path, packs);
            progress.step();
            counts
        })
        .collect::<Result<_>>()?;
    let mut out = Scores::new("statements", name_of(folder));
    let mut sum = Counts::default();
    for counts in counts {
        sum.gold += counts.gold;
        sum.read += counts.read;
        sum.equal += counts.equal;
        sum.speakers += counts.speakers;
        out.worst.extend(counts.worst);
    }
    out.n = sum.gold;
    out.set("exact", f1(sum.equal, sum.read, sum.gold));
    out.set("exact_precision", share(sum.equal, sum.read));
    out.set("exact_recall", share(sum.equal, sum.gold));
    out.set("speaker", share(sum.speakers, sum.equal));
    Ok(out.sorted())
}

fn score_work(annotations: &Path, packs: &Packs) -> Result<Counts> {
    let tokenised = annotations.with_extension("txt");
    let work = Work::of(&text(&tokenised)?);
    let gold = gold_of(&text(annotations)?, &work)
        .with_context(|| format!("{} does not fit {}", annotations.display(), tokenised.display()))?;
    let mut counts = Counts { gold: gold.len(), ..Counts::default() };
    let Some(lang) = Lang::new("en") else { return Ok(counts) };
    let report = read_text(&work.string, &lang, None, packs);
    let letters: Vec<char> = work.string.chars().collect();
    let point = |byte: usize| work.string[..byte].chars().count();
    let mut read: BTreeMap<[usize; 2], BTreeSet<String>> = BTreeMap::new();
    for statement in &report.statements {
        if statement.kind != StatementKind::Said || statement.mode == Mode::Indirect {
            continue;
        }
        let mut speaker = BTreeSet::new();
        if let Some(source) = &statement.source {
            speaker.extend(words(report.text.words(source.span)));
            speaker.extend(source.resolved.iter().flat_map(|name| words(name)));
        }
        for span in &statement.content {
            let piece = trimmed(&letters, [point(span.from()), point(span.to())]);
            read.entry(piece).or_default().extend(speaker.iter().cloned());
        }
    }
    counts.read = read.len();
    for (span, speaker) in &gold {
        let id = stem(annotations);
        let shown: String = letters[span[0]..span[1]].iter().take(80).collect();
        match read.get(span) {
            None => counts.worst.push(Worst { id, score: 0.0, what: format!("missed: {shown}") }),
            Some(found) => {
                counts.equal += 1;
                if words(speaker).iter().any(|word| found.contains(word)) {
                    counts.speakers += 1;
                } else {
                    let what = format!("speaker {speaker}, read {found:?}: {shown}");
                    counts.worst.push(Worst { id, score: 0.5, what });
                }
            }
        }
    }
    Ok(counts)
}

/// A work as prose, with the code points at which each token of each sentence begins and ends.
struct Work {
    string: String,
    sentences: Vec<Vec<(usize, usize)>>,
}

impl Work {
    fn of(tokenised: &str) -> Self {
        let mut work = Work { string: String::new(), sentences: Vec::new() };
        let (mut length, mut open, mut glue) = (0, false, true);
        for line in tokenised.lines() {
            let mut sentence = Vec::new();
            for token in line.split_whitespace() {
                let closes = matches!(token, "”" | "’" | ")" | "]" | "''") || (token == "\"" && open);
                let joins = closes
                    || matches!(token, "," | "." | ";" | ":" | "!" | "?" | "n't")
                    || (token.len() > 1 && token.starts_with(['\'', '’']));
                if !glue && !joins {
                    work.string.push(' ');
                    length += 1;
                }
                let start = length;
                work.string.push_str(token);
                length += token.chars().count();
                sentence.push((start, length));
                let opens = matches!(token, "“" | "‘" | "(" | "[" | "``") || (token == "\"" && !open);
                open ^= token == "\"";
                glue = opens;
            }
            work.sentences.push(sentence);
        }
        work
    }

    fn token(&self, sentence: &str, token: &str) -> Option<(usize, usize)> {
        let sentence: usize = sentence.parse().ok()?;
        let token: usize = token.parse().ok()?;
        self.sentences.get(sentence)?.get(token).copied()
    }
}

/// Trimmed span of each quotation with its speaker's id.
fn gold_of(annotations: &str, work: &Work) -> Result<Vec<([usize; 2], String)>> {
    let letters: Vec<char> = work.string.chars().collect();
    let rows: Vec<Vec<&str>> = annotations.lines().map(|line| line.split('\t').collect()).collect();
    let speakers: BTreeMap<&str, &str> = rows
        .iter()
        .filter(|row| row.first() == Some(&"ATTRIB") && row.len() > 2)
        .map(|row| (row[1], row[2]))
        .collect();
    let quotes = rows.iter().filter(|row| row.first() == Some(&"QUOTE") && row.len() > 5);
    quotes
        .map(|row| {
            let (from, to) = (work.token(row[2], row[3]), work.token(row[4], row[5]));
            let (from, to) = from.zip(to).with_context(|| format!("{}: no such token", row[1]))?;
            let speaker = speakers.get(row[1]).copied().unwrap_or_default();
            Ok((trimmed(&letters, [from.0, to.1]), speaker.to_owned()))
        })
        .collect()
}

/// Words of a name that tell it from others.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() > 2 && *word != "the").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_prose() {
        let work = Work::of("He said , \" Well , do n't . \"\n“ Yes , ” said she .");
        assert_eq!(work.string, "He said, \"Well, don't.\" “Yes,” said she.");
        let gold = "QUOTE\tQ1\t0\t3\t0\t9\t..\nQUOTE\tQ2\t1\t0\t1\t3\t..\nATTRIB\tQ1\tOld_Man-3\n";
        let gold = gold_of(gold, &work).expect("tokens are there");
        let letters: Vec<char> = work.string.chars().collect();
        let words: Vec<String> =
            gold.iter().map(|(span, _)| letters[span[0]..span[1]].iter().collect()).collect();
        assert_eq!(words, ["Well, don't", "Yes"]);
        assert_eq!(gold[0].1, "Old_Man-3");
    }

    #[test]
    fn names_are_words() {
        assert_eq!(words("The_Old_Man-3"), ["old", "man"]);
    }
}
