//! Languages of one script told apart by their letters: how likely each letter is after those
//! before it in the word (up to three), and frequent words (`packs/page/ngrams.tsv`).
//!
//! The longest run of letters that the table holds gives the cost of its last letter in every
//! language of the script; the costs are added up. No language is named here.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

/// Letters looked at; more of them change nothing.
const ENOUGH: usize = 500;
/// Steps of a sign in a natural logarithm (the table's head says it).
const STEPS: f32 = 7.5;
/// Words are made of the letters that were counted already: they count a third.
const WORD_SHARE: f32 = 0.35;
/// Letters of one word depend on each other: the sum of their logarithms says too much.
const DEPENDENCE: f32 = 2.0;
/// Letters from which on a text is long enough to be sure.
const SURE_LETTERS: f32 = 30.0;

/// The languages of one script.
#[derive(Debug, Default)]
struct Script {
    name: String,
    languages: Vec<String>,
    /// Run of letters → index of its costs.
    runs: HashMap<u64, u32, BuildHasherDefault<Mix>>,
    words: HashMap<String, u32>,
    /// A row of costs each, one a language.
    costs: Vec<u8>,
}

/// All scripts of the table.
#[derive(Debug, Default)]
pub(crate) struct Ngrams {
    scripts: Vec<Script>,
}

impl Ngrams {
    /// The table that is part of this binary.
    pub(crate) fn embedded() -> &'static Ngrams {
        static TABLE: OnceLock<Ngrams> = OnceLock::new();
        TABLE.get_or_init(|| Ngrams::parse(crate::pack::embedded_text("page/ngrams.tsv")))
    }

    fn parse(text: &str) -> Ngrams {
        let mut table = Ngrams::default();
        for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let Some((key, signs)) = line.split_once('\t') else { continue };
            if let Some(name) = key.strip_prefix("@ ") {
                let languages = signs.split(' ').map(str::to_owned).collect();
                table.scripts.push(Script { name: name.to_owned(), languages, ..Script::default() });
                continue;
            }
            let Some(script) = table.scripts.last_mut() else { continue };
            let row = (script.costs.len() / script.languages.len().max(1)) as u32;
            if signs.len() != script.languages.len() {
                continue;
            }
            script.costs.extend(signs.bytes().map(|sign| sign.saturating_sub(b'!')));
            match key.strip_prefix('=') {
                Some(word) => {
                    script.words.insert(word.to_owned(), row);
                }
                None => {
                    script.runs.insert(key.chars().fold(0, push), row);
                }
            }
        }
        table
    }

    /// The most likely language of `text`, of those of `script`, and how likely it is: 0 to 1.
    /// `favour` gives what is known beforehand of a language, in natural logarithms.
    pub(crate) fn tell(&self, text: &str, script: &str, favour: impl Fn(&str) -> f32) -> Option<(&str, f32)> {
        let script = self.scripts.iter().find(|found| found.name == script)?;
        let (costs, letters) = script.costs_of(text);
        let total = |number: usize| costs[number] - STEPS * DEPENDENCE * favour(&script.languages[number]);
        let best = (0..costs.len()).min_by(|a, b| total(*a).total_cmp(&total(*b)))?;
        let others: f32 = (0..costs.len())
            .map(|number| (-(total(number) - total(best)) / (STEPS * DEPENDENCE)).exp())
            .sum();
        let enough = (letters as f32 / SURE_LETTERS).min(1.0);
        Some((&script.languages[best], enough / others))
    }

    /// Whether the table knows a language.
    pub(crate) fn knows(&self, tag: &str) -> bool {
        self.scripts.iter().any(|script| script.languages.iter().any(|known| known == tag))
    }
}

impl Script {
    /// The cost of the text in each language, and the letters that were looked at.
    fn costs_of(&self, text: &str) -> (Vec<f32>, usize) {
        let many = self.languages.len();
        let mut costs = vec![0.0; many];
        let mut add = |row: u32, share: f32| {
            let row = &self.costs[row as usize * many..][..many];
            costs.iter_mut().zip(row).for_each(|(sum, cost)| *sum += share * f32::from(*cost));
        };
        let mut run = 0u64;
        let mut word = String::new();
        let mut letters = 0;
        for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
            if !c.is_alphabetic() {
                if let Some(row) = self.words.get(&word) {
                    add(*row, WORD_SHARE);
                }
                word.clear();
                run = 0;
                if letters >= ENOUGH {
                    break;
                }
                continue;
            }
            letters += 1;
            word.push(c);
            run = push(run, c);
            let found = [u64::MAX, u64::MAX >> 16, u64::MAX >> 32, u64::MAX >> 48]
                .into_iter()
                .find_map(|mask| self.runs.get(&(run & mask)));
            if let Some(row) = found {
                add(*row, 1.0);
            }
        }
        (costs, letters)
    }
}

/// A run of at most four letters as one number, the last letter lowest.
fn push(run: u64, c: char) -> u64 {
    run << 16 | (c as u64 & 0xffff)
}

/// A multiplication mixes a number well enough for a table that nobody attacks: its keys are
/// ours.
#[derive(Debug, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}
