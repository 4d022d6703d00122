//! Texts one after the other: which earlier ones share words with each, and where.
//!
//! Kept of a text are its grams in a flat table and two bytes a word, so that candidates are
//! compared without fetching a text: about 2.9 KB for 400 words, and nothing that grows otherwise. A
//! text costs the same however many came before it, but for one probe a gram more every 2^18 texts.
//! A gram that forty texts hold already adds no further one: who takes it over is compared with the
//! first forty, where enough such grams are shared. Batches are looked at on all cores, and their
//! size plays no part.

use rayon::prelude::*;
use selon_model::Report;

use crate::gram_table::{GramTable, MOST_TEXTS};
use crate::sketch::{GRAM, Sketch};

/// Shared grams that make a pair worth a look: rare ones, or of all together.
const LEAST_RARE: usize = 3;
const LEAST_HITS: usize = 8;
/// Grams between two matches that still belong to one run.
const MOST_GAP: usize = 8;
/// Grams of a run that counts for coverage.
const LEAST_RUN: u32 = 4;
/// Grams of the longest run that make a link (measured on newswire reprints: P .96, R .997).
const GATE: u32 = 16;
/// Tokens below which a text is short: there six grams and four fifths of it do.
const SHORT: usize = 40;
/// Places of one gram in a text that are looked at.
const MOST_PLACES: usize = MOST_TEXTS;
/// Words that are kept in one piece of memory.
const CHUNK: usize = 1 << 20;
/// Texts that are looked at together.
pub(crate) const BATCH: usize = 1 << 10;

/// An earlier text that shares words with one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Its number, from 0, in the order in which texts were added.
    pub earlier: u32,
    /// Grams chained in the longest run.
    pub run: u32,
    /// Share of the earlier text that stands in the later one, 0 to 1.
    pub earlier_in_later: f32,
    /// Share of the later text that stands in the earlier one, 0 to 1.
    pub later_in_earlier: f32,
}

/// Text reuse in a stream of reports, in memory that is flat: about 2.9 KB a text of 400 words.
#[derive(Debug, Default)]
pub struct TextReuse(Reuse);

impl TextReuse {
    /// Takes reports in, in this order, and gives for each the earlier ones that share words with
    /// it, in their order: nearly all, a passage of about eighteen words, or most of a short text.
    pub fn add(&mut self, reports: &[&Report]) -> Vec<Vec<Match>> {
        let mut found = Vec::with_capacity(reports.len());
        for batch in reports.chunks(BATCH) {
            let sketches: Vec<Sketch> = batch.par_iter().map(|report| Sketch::of(report)).collect();
            for shared in self.0.add(&sketches.iter().collect::<Vec<_>>()) {
                let of_text = shared.into_iter().map(|(earlier, shared)| Match {
                    earlier,
                    run: shared.longest,
                    earlier_in_later: shared.from_in_to,
                    later_in_earlier: shared.to_in_from,
                });
                found.push(of_text.collect());
            }
        }
        found
    }

    /// Number of texts.
    pub fn texts(&self) -> usize {
        self.0.words.places.len()
    }

    /// Bytes of memory that the index holds.
    pub fn bytes(&self) -> usize {
        self.0.table.bytes() + self.0.words.bytes()
    }
}

/// What two texts share.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shared {
    /// Passages, in the order in which they were found.
    pub(crate) runs: Vec<Run>,
    /// Grams of the longest run.
    pub(crate) longest: u32,
    /// All grams chained.
    pub(crate) grams: u32,
    /// Share of the earlier text that stands in a run.
    pub(crate) from_in_to: f32,
    /// Share of the later text that stands in a run.
    pub(crate) to_in_from: f32,
}

/// A passage: its first and last gram in the earlier and in the later text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) from: (usize, usize),
    pub(crate) to: (usize, usize),
    pub(crate) grams: u32,
}

/// Grams and words of all texts so far.
#[derive(Debug, Default)]
pub(crate) struct Reuse {
    table: GramTable,
    words: Words,
}

impl Reuse {
    /// Takes texts in and gives for each the earlier ones that share words with it, by their
    /// number, with what is shared.
    pub(crate) fn add(&mut self, batch: &[&Sketch]) -> Vec<Vec<(u32, Shared)>> {
        let first = self.words.places.len() as u32;
        let winnowed: Vec<Vec<u64>> = batch
            .par_iter()
            .map(|sketch| {
                let mut grams: Vec<u64> = sketch.winnowed().into_iter().map(|at| sketch.grams[at]).collect();
                grams.sort_unstable();
                grams.dedup();
                grams
            })
            .collect();
        for (text, (grams, sketch)) in (first..).zip(winnowed.iter().zip(batch)) {
            self.table.insert(grams, text);
            self.words.push(&sketch.tokens);
        }
        let (table, words) = (&self.table, &self.words);
        winnowed
            .par_iter()
            .enumerate()
            .map_init(Scratch::default, |scratch, (at, grams)| {
                scratch.matches(table, words, grams, first + at as u32)
            })
            .collect()
    }
}

/// The words of all texts, two bytes each. A gram of three is six bytes of hash: one in 2^48 pairs
/// of grams is taken for the same by chance.
#[derive(Debug, Default)]
struct Words {
    chunks: Vec<Vec<u16>>,
    /// Chunk, first word and word after the last of each text.
    places: Vec<(u32, u32, u32)>,
}

impl Words {
    fn push(&mut self, tokens: &[u64]) {
        let has_room = self.chunks.last().is_some_and(|chunk| chunk.len() + tokens.len() <= chunk.capacity());
        if !has_room {
            self.chunks.push(Vec::with_capacity(CHUNK.max(tokens.len())));
        }
        let number = self.chunks.len() as u32 - 1;
        if let Some(chunk) = self.chunks.last_mut() {
            let from = chunk.len() as u32;
            chunk.extend(tokens.iter().map(|token| (token.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as u16));
            self.places.push((number, from, chunk.len() as u32));
        }
    }

    fn of(&self, text: u32) -> &[u16] {
        let (chunk, from, to) = self.places[text as usize];
        &self.chunks[chunk as usize][from as usize..to as usize]
    }

    fn bytes(&self) -> usize {
        let words: usize = self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<u16>()).sum();
        words + self.places.capacity() * size_of::<(u32, u32, u32)>()
    }
}

/// Memory that is used again from text to text.
#[derive(Default)]
struct Scratch {
    rare: Vec<u32>,
    common: Vec<u32>,
    later: Places,
    earlier: Places,
}

impl Scratch {
    fn matches(&mut self, table: &GramTable, words: &Words, grams: &[u64], text: u32) -> Vec<(u32, Shared)> {
        self.rare.clear();
        self.common.clear();
        table.holders(grams, text, &mut self.rare, &mut self.common);
        let candidates = self.candidates();
        if candidates.is_empty() {
            return Vec::new();
        }
        let later = words.of(text);
        self.later.fill(later);
        let mut found = Vec::new();
        for earlier in candidates {
            let before = words.of(earlier);
            let shared = if before.len() <= later.len() {
                align(before, &self.later, false)
            } else {
                self.earlier.fill(before);
                align(later, &self.earlier, true)
            };
            let shared = shared.measured(before.len(), later.len());
            if shared.passes(before.len().min(later.len())) {
                found.push((earlier, shared));
            }
        }
        found
    }

    /// Earlier texts that share grams enough, in their order.
    fn candidates(&mut self) -> Vec<u32> {
        self.rare.sort_unstable();
        let mut found: Vec<u32> = Vec::new();
        found.extend(
            self.rare.chunk_by(|a, b| a == b).filter(|same| same.len() >= LEAST_RARE).map(|same| same[0]),
        );
        if !self.common.is_empty() {
            self.common.append(&mut self.rare);
            self.common.sort_unstable();
            let often = self.common.chunk_by(|a, b| a == b).filter(|same| same.len() >= LEAST_HITS);
            found.extend(often.map(|same| same[0]));
            found.sort_unstable();
            found.dedup();
        }
        found
    }
}

/// Where each gram of a text stands in it.
#[derive(Default)]
struct Places {
    grams: Vec<u64>,
    /// First place + 1 of the grams of a bucket; the next + 1 after each place.
    heads: Vec<u32>,
    next: Vec<u32>,
}

impl Places {
    fn fill(&mut self, words: &[u16]) {
        self.grams.clear();
        self.grams.extend(grams(words));
        let buckets = (self.grams.len() * 2).next_power_of_two().max(2);
        self.heads.clear();
        self.heads.resize(buckets, 0);
        self.next.clear();
        self.next.resize(self.grams.len(), 0);
        for at in (0..self.grams.len()).rev() {
            let bucket = self.bucket(self.grams[at]);
            self.next[at] = std::mem::replace(&mut self.heads[bucket], at as u32 + 1);
        }
    }

    fn bucket(&self, gram: u64) -> usize {
        (gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - self.heads.len().trailing_zeros())) as usize
    }

    /// The first places of a gram, in their order.
    fn of(&self, gram: u64) -> impl Iterator<Item = usize> {
        let mut open = self.heads[self.bucket(gram)];
        let places = std::iter::from_fn(move || {
            let at = open.checked_sub(1)? as usize;
            open = self.next[at];
            Some(at)
        });
        places.filter(move |at| self.grams[*at] == gram).take(MOST_PLACES)
    }
}

/// Three words in a row, as one number.
fn grams(words: &[u16]) -> impl Iterator<Item = u64> {
    words.windows(GRAM).map(|gram| gram.iter().fold(0, |whole, word| whole << 16 | u64::from(*word)))
}

/// Chains the grams of the shorter text to their partners in the longer one; `swapped`: the
/// shorter is the later one.
fn align(short: &[u16], long: &Places, swapped: bool) -> Shared {
    let mut shared = Shared::default();
    let mut run: Option<Run> = None;
    for (at, gram) in grams(short).enumerate() {
        let mut partners = long.of(gram);
        let expected = run.map(|run| run.to.1 + (at - run.from.1));
        let partner = match expected {
            Some(expected) => partners.min_by_key(|partner| (partner.abs_diff(expected), *partner)),
            None => partners.next(),
        };
        let Some(partner) = partner else { continue };
        match &mut run {
            Some(open)
                if at - open.from.1 <= MOST_GAP + 1
                    && partner > open.to.1
                    && partner - open.to.1 <= MOST_GAP + 1 =>
            {
                open.from.1 = at;
                open.to.1 = partner;
                open.grams += 1;
            }
            open => {
                if let Some(done) = open.take() {
                    shared.close(done, swapped);
                }
                *open = Some(Run { from: (at, at), to: (partner, partner), grams: 1 });
            }
        }
    }
    if let Some(done) = run {
        shared.close(done, swapped);
    }
    shared
}

impl Shared {
    fn close(&mut self, run: Run, swapped: bool) {
        if run.grams < LEAST_RUN {
            return;
        }
        let run = if swapped { Run { from: run.to, to: run.from, grams: run.grams } } else { run };
        self.longest = self.longest.max(run.grams);
        self.grams += run.grams;
        self.runs.push(run);
    }

    fn measured(mut self, from: usize, to: usize) -> Self {
        self.from_in_to = self.coverage(from, |run| run.from);
        self.to_in_from = self.coverage(to, |run| run.to);
        self
    }

    /// Share of `tokens` that stand in a run.
    fn coverage(&self, tokens: usize, side: impl Fn(&Run) -> (usize, usize)) -> f32 {
        let mut covered = vec![false; tokens];
        for run in &self.runs {
            let (first, last) = side(run);
            let end = (last + GRAM).min(tokens);
            covered[first.min(end)..end].fill(true);
        }
        covered.iter().filter(|token| **token).count() as f32 / tokens.max(1) as f32
    }

    fn passes(&self, shorter: usize) -> bool {
        let most = self.from_in_to.max(self.to_in_from);
        self.longest >= GATE || (shorter < SHORT && self.grams >= 6 && most >= 0.8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Digest, ReportId, Text};

    fn report(text: &str) -> Report {
        let id = ReportId(Digest::of(text.as_bytes()));
        Report::of_text(id, Text { string: text.to_owned(), blocks: vec![] })
    }

    /// Sentences of words that stand in no other text.
    fn words(from: usize, count: usize) -> String {
        (from..from + count).map(|n| format!("w{n} ")).collect()
    }

    #[test]
    fn the_size_of_batches_plays_no_part() {
        let mut texts: Vec<String> = Vec::new();
        for n in 0..60 {
            let lifted = words(100 * (n * 7 % 60), 30);
            texts.push(format!("{} {lifted} and a line that all of them print below", words(100 * n, 90)));
        }
        let reports: Vec<Report> = texts.iter().map(|text| report(text)).collect();
        let reports: Vec<&Report> = reports.iter().collect();
        let whole = TextReuse::default().add(&reports);
        let mut index = TextReuse::default();
        let one_by_one: Vec<Vec<Match>> = reports.iter().flat_map(|one| index.add(&[one])).collect();
        assert_eq!(whole, one_by_one);
        assert_eq!(index.texts(), 60);
        assert!(whole.iter().flatten().count() >= 40, "lifted passages are found");
        assert!(whole.iter().flatten().all(|found| found.run >= GATE));
    }

    #[test]
    fn the_fiftieth_copy_is_still_a_copy() {
        let reports: Vec<Report> = (0..50).map(|_| report(&words(0, 80))).collect();
        let found = TextReuse::default().add(&reports.iter().collect::<Vec<_>>());
        assert_eq!(found[49].len(), 40, "it is compared with the first forty");
        assert!(found[49].iter().all(|copy| copy.earlier_in_later == 1.0 && copy.later_in_earlier == 1.0));
    }
}
