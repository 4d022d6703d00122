//! Languages of one script told apart by their letters: how likely each letter is after those
//! before it in the word (up to three), and frequent words (`packs/page/ngrams.tsv`).
//!
//! The longest run of letters that the table holds gives the cost of its last letter in every
//! language of the script; the costs are added up. No language is named here.

use std::sync::OnceLock;

use foldhash::HashMap;

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

/// Steps by which a word is clearly commoner in one language.
const CLEARLY: u8 = 8;

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

    /// Whether `text` holds two different frequent words that are commoner in a language than in any other
    /// of its script: enough to tell it, and far less work than [`Ngrams::tell`].
    pub(crate) fn is_plainly(&self, text: &str, script: &str, tag: &str) -> bool {
        let Some(script) = self.scripts.iter().find(|found| found.name == script) else { return false };
        let Some(own) = script.languages.iter().position(|known| known == tag) else { return false };
        let words = text.split(|c: char| !c.is_alphabetic());
        let words = words.filter(|word| (2..=script.longest_word).contains(&word.len()));
        let is_own = |word: &&str| {
            script.words.get(*word).is_some_and(|row| {
                let costs = &script.costs[*row as usize][..script.languages.len()];
                (0..costs.len()).all(|other| other == own || costs[other] > costs[own] + CLEARLY)
            })
        };
        let mut own = words.filter(is_own);
        own.next().is_some_and(|first| own.any(|word| word != first))
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
///
/// A run that ends a longer one is in the table too, with or without a row, and knows that it
/// does: most letters are looked up once or twice.
#[derive(Debug, Default)]
struct Runs {
    places: Vec<Place>,
    taken: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// 0 where the place is free.
    run: u32,
    /// Number of the row plus one; 0 where the run has none. Above it [`LONGER`].
    row: u32,
}

/// The run ends a longer one.
const LONGER: u32 = 1 << 31;

impl Runs {
    fn insert(&mut self, run: u32, row: u32) {
        self.place(run).row |= row + 1;
        let mut end = run;
        while end > 0xff {
            end &= u32::MAX >> (end.leading_zeros() / 8 * 8 + 8);
            if end != 0 {
                self.place(end).row |= LONGER;
            }
        }
    }

    /// The place of a run, a new one where it has none yet.
    fn place(&mut self, run: u32) -> &mut Place {
        if self.places.len() < 2 * (self.taken + 1) {
            let places = vec![Place::default(); (4 * self.taken).next_power_of_two().max(64)];
            let old = std::mem::replace(&mut self.places, places);
            for place in old.into_iter().filter(|place| place.run != 0) {
                let at = self.find(place.run);
                self.places[at] = place;
            }
        }
        let at = self.find(run);
        if self.places[at].run == 0 {
            self.places[at].run = run;
            self.taken += 1;
        }
        &mut self.places[at]
    }

    /// Where a run is, or would be.
    fn find(&self, run: u32) -> usize {
        let mixed = u64::from(run).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (mixed >> 32) as usize & (self.places.len() - 1);
        while self.places[at].run != run && self.places[at].run != 0 {
            at = (at + 1) & (self.places.len() - 1);
        }
        at
    }

    /// The row of the longest run that the table has of those that end with the last letter.
    fn longest(&self, run: u32) -> Option<u32> {
        if run & 0xff == 0 || self.places.is_empty() {
            return None;
        }
        let row = |place: Place| (place.row & !LONGER).checked_sub(1);
        let three = self.places[self.find(run & 0xff_ffff)];
        if run > 0xff_ffff
            && three.row & LONGER != 0
            && let Some(row) = row(self.places[self.find(run)])
        {
            return Some(row);
        }
        row(three).or_else(|| {
            let shorter = [run & 0xffff, run & 0xff];
            shorter.into_iter().find_map(|run| row(self.places[self.find(run)]))
        })
    }
}
