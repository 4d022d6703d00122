//! Languages of one script told apart by their letters: how likely each letter is after those
//! before it in the word (up to three), and frequent words (`packs/page/ngrams.tsv`).
//!
//! The longest run of letters that the table holds gives the cost of its last letter in every
//! language of the script; the costs are added up. No language is named here.

use std::collections::HashMap;
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

/// Most languages of one script.
const LANGUAGES: usize = 16;

/// The languages of one script.
#[derive(Debug, Default)]
struct Script {
    name: String,
    languages: Vec<String>,
    /// Letter → its number, from 1 on, by code point; 0 where the table does not have it.
    numbers: Vec<u8>,
    letters: u8,
    runs: Runs,
    words: HashMap<String, u32>,
    longest_word: usize,
    /// A row of costs each, one a language.
    costs: Vec<[u8; LANGUAGES]>,
}

/// What a table says of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'t> {
    /// The most likely language.
    pub(crate) language: &'t str,
    /// How likely it is beside the others of its script, 0 to 1.
    pub(crate) confidence: f32,
    /// Surprise at a letter in that language, in natural logarithms: how little the text looks
    /// like it.
    pub(crate) surprise: f32,
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
                let languages: Vec<String> = signs.split(' ').map(str::to_owned).collect();
                assert!(
                    languages.len() <= LANGUAGES,
                    "the table is part of this binary, and a test reads it"
                );
                table.scripts.push(Script { name: name.to_owned(), languages, ..Script::default() });
                continue;
            }
            let Some(script) = table.scripts.last_mut() else { continue };
            if signs.len() != script.languages.len() {
                continue;
            }
            let row = script.costs.len() as u32;
            let mut costs = [0; LANGUAGES];
            costs.iter_mut().zip(signs.bytes()).for_each(|(cost, sign)| *cost = sign.saturating_sub(b'!'));
            script.costs.push(costs);
            match key.strip_prefix('=') {
                Some(word) => {
                    script.longest_word = script.longest_word.max(word.len());
                    script.words.insert(word.to_owned(), row);
                }
                None => {
                    let run = key.chars().fold(0, |run, c| run << 8 | u32::from(script.learn(c)));
                    script.runs.insert(run, row);
                }
            }
        }
        table
    }

    /// The most likely language of `text`, of those of `script`.
    /// `favour` gives what is known beforehand of a language, in natural logarithms.
    pub(crate) fn tell(&self, text: &str, script: &str, favour: impl Fn(&str) -> f32) -> Option<Told<'_>> {
        let script = self.scripts.iter().find(|found| found.name == script)?;
        let Costs { all: costs, of_letters, letters } = script.costs_of(text);
        let total = |number: usize| costs[number] - STEPS * DEPENDENCE * favour(&script.languages[number]);
        let best = (0..script.languages.len()).min_by(|a, b| total(*a).total_cmp(&total(*b)))?;
        let others: f32 = (0..script.languages.len())
            .map(|number| (-(total(number) - total(best)) / (STEPS * DEPENDENCE)).exp())
            .sum();
        let enough = (letters as f32 / SURE_LETTERS).min(1.0);
        Some(Told {
            language: &script.languages[best],
            confidence: enough / others,
            surprise: of_letters[best] as f32 / STEPS / letters.max(1) as f32,
        })
    }

    /// Whether the table knows a language.
    pub(crate) fn knows(&self, tag: &str) -> bool {
        self.scripts.iter().any(|script| script.languages.iter().any(|known| known == tag))
    }
}

/// What a text costs in each language.
struct Costs {
    all: [f32; LANGUAGES],
    /// The part of the letters, words left out.
    of_letters: [u32; LANGUAGES],
    letters: usize,
}

impl Script {
    /// The number of a letter of the table; a new one where it has none yet.
    fn learn(&mut self, c: char) -> u8 {
        let at = c as usize;
        if self.numbers.len() <= at {
            self.numbers.resize(at + 1, 0);
        }
        if self.numbers[at] == 0 {
            self.letters = self.letters.checked_add(1).expect("a script has fewer than 256 letters");
            self.numbers[at] = self.letters;
        }
        self.numbers[at]
    }

    /// The cost of the text in each language, and the letters that were looked at.
    fn costs_of(&self, text: &str) -> Costs {
        let (mut all, mut of_letters) = ([0.0; LANGUAGES], [0; LANGUAGES]);
        // The last four letters as a number, the last one lowest. A letter that the table does not
        // have is 0, so no run of the table reaches over it.
        let mut run = 0u32;
        let mut word = String::new();
        let mut letters = 0;
        for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
            if !c.is_alphabetic() {
                if word.len() <= self.longest_word
                    && let Some(row) = self.words.get(&word)
                {
                    let row = &self.costs[*row as usize];
                    all.iter_mut().zip(row).for_each(|(sum, cost)| *sum += WORD_SHARE * f32::from(*cost));
                }
                word.clear();
                run = 0;
                if letters >= ENOUGH {
                    break;
                }
                continue;
            }
            letters += 1;
            if word.len() <= self.longest_word {
                word.push(c);
            }
            run = run << 8 | u32::from(self.numbers.get(c as usize).copied().unwrap_or(0));
            if let Some(row) = self.runs.longest(run) {
                let row = &self.costs[row as usize];
                all.iter_mut().zip(row).for_each(|(sum, cost)| *sum += f32::from(*cost));
                of_letters.iter_mut().zip(row).for_each(|(sum, cost)| *sum += u32::from(*cost));
            }
        }
        Costs { all, of_letters, letters }
    }
}

/// Runs of at most four letters with the row of each: a table of places, each run at the first
/// free one from where its number points to. At most half of them are taken.
#[derive(Debug, Default)]
struct Runs {
    /// A run and its row; the run 0 is a free place.
    places: Vec<(u32, u32)>,
    taken: usize,
}

impl Runs {
    fn insert(&mut self, run: u32, row: u32) {
        if self.places.len() < 2 * (self.taken + 1) {
            let places = vec![(0, 0); (4 * self.taken).next_power_of_two().max(64)];
            let old = std::mem::replace(&mut self.places, places);
            self.taken = 0;
            old.into_iter().filter(|(run, _)| *run != 0).for_each(|(run, row)| self.insert(run, row));
        }
        let mut at = self.first(run);
        while self.places[at].0 != 0 && self.places[at].0 != run {
            at = (at + 1) & (self.places.len() - 1);
        }
        self.taken += usize::from(self.places[at].0 == 0);
        self.places[at] = (run, row);
    }

    fn first(&self, run: u32) -> usize {
        let mixed = u64::from(run).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.places.len() - 1)
    }

    fn row(&self, run: u32) -> Option<u32> {
        let mut at = self.first(run);
        loop {
            match self.places[at] {
                (0, _) => return None,
                (known, row) if known == run => return Some(row),
                _ => at = (at + 1) & (self.places.len() - 1),
            }
        }
    }

    /// The row of the longest run that the table has of those that end with the last letter.
    fn longest(&self, run: u32) -> Option<u32> {
        if run & 0xff == 0 || self.places.is_empty() {
            return None;
        }
        let mut before = 0;
        for mask in [u32::MAX, u32::MAX >> 8, u32::MAX >> 16, u32::MAX >> 24] {
            let run = run & mask;
            if run != before
                && let Some(row) = self.row(run)
            {
                return Some(row);
            }
            before = run;
        }
        None
    }
}
