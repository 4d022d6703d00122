//! Which earlier texts hold a gram: one flat table a generation, nothing beside it.
//!
//! Open addressing with linear probing. A slot is eight bytes: the upper 46 bits of the gram's
//! hash, spread anew (winnowing keeps small hashes, which would crowd at one end), and the number of
//! the text inside its generation. The texts of a gram lie along its probe
//! run, so there is no list to allocate, and a table grows by copying its slots in order: the
//! highest bits of a slot say where it belongs. A generation holds 2^18 texts; about 205 grams a
//! text of 400 words fill at most 512 MiB of it. A gram asked for costs one probe a generation, and
//! a probe is a wait for memory: so all grams of a text are asked for at once, first for the slots
//! where they would stand, which do not wait for one another, and then each along its run.

/// Bits of a slot that number the text.
const TEXT_BITS: u32 = 18;
/// Texts of a generation.
const GENERATION: u32 = 1 << TEXT_BITS;
/// The bits of a slot that number the text, set.
const TEXT: u64 = (1 << TEXT_BITS) - 1;
/// Texts kept under one gram in a generation, the first of it: a gram in as many tells little.
pub(crate) const MOST_TEXTS: usize = 40;
/// Slots that a generation begins with, as a power of two.
const FIRST_BITS: u32 = 10;

/// The texts that hold each gram.
#[derive(Debug, Default)]
pub(crate) struct GramTable {
    generations: Vec<Generation>,
}

#[derive(Debug)]
struct Generation {
    /// 0: empty.
    slots: Vec<u64>,
    bits: u32,
    held: usize,
}

/// What stands of a gram's hash in a slot; never 0.
fn key_of(gram: u64) -> u64 {
    (gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) & !TEXT).max(GENERATION.into())
}

impl GramTable {
    /// Notes that `text` holds `grams`. Texts come in the order of their numbers.
    pub(crate) fn insert(&mut self, grams: &[u64], text: u32) {
        let generation = (text / GENERATION) as usize;
        while self.generations.len() <= generation {
            self.generations.push(Generation::new(FIRST_BITS));
        }
        let generation = &mut self.generations[generation];
        std::hint::black_box(
            grams.iter().map(|gram| generation.first(key_of(*gram))).fold(0, u64::wrapping_add),
        );
        grams.iter().for_each(|gram| generation.insert(key_of(*gram), u64::from(text % GENERATION)));
    }

    /// Puts the texts before `before` that hold each of `grams` into `rare`, or into `common` those
    /// of a generation in which the gram is kept for as many texts as can be.
    pub(crate) fn holders(&self, grams: &[u64], before: u32, rare: &mut Vec<u32>, common: &mut Vec<u32>) {
        let mut firsts: Vec<u64> = Vec::with_capacity(grams.len());
        for (number, generation) in (0..).zip(&self.generations) {
            let of_generation = number * GENERATION;
            firsts.clear();
            firsts.extend(grams.iter().map(|gram| generation.first(key_of(*gram))));
            for (gram, _) in grams.iter().zip(&firsts).filter(|(_, first)| **first != 0) {
                let from = rare.len();
                let texts = generation.texts(key_of(*gram)).map(|text| of_generation + text);
                rare.extend(texts.filter(|text| *text < before));
                if rare.len() - from == MOST_TEXTS {
                    common.extend(rare.drain(from..));
                }
            }
        }
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.generations.iter().map(|generation| generation.slots.len() * size_of::<u64>()).sum()
    }
}

impl Generation {
    fn new(bits: u32) -> Self {
        Generation { slots: vec![0; 1 << bits], bits, held: 0 }
    }

    fn home(&self, slot: u64) -> usize {
        (slot >> (u64::BITS - self.bits)) as usize
    }

    /// The slot that a key's run begins with.
    fn first(&self, key: u64) -> u64 {
        self.slots[self.home(key)]
    }

    fn insert(&mut self, key: u64, text: u64) {
        let mask = self.slots.len() - 1;
        let (mut at, mut texts) = (self.home(key), 0);
        while self.slots[at] != 0 {
            if self.slots[at] & !TEXT == key {
                texts += 1;
                if self.slots[at] & TEXT == text || texts == MOST_TEXTS {
                    return;
                }
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = key | text;
        self.held += 1;
        if self.held * 5 > self.slots.len() * 4 {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mut larger = Generation::new(self.bits + 1);
        let mask = larger.slots.len() - 1;
        for slot in self.slots.iter().filter(|slot| **slot != 0) {
            let mut at = larger.home(*slot);
            while larger.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            larger.slots[at] = *slot;
        }
        larger.held = self.held;
        *self = larger;
    }

    fn texts(&self, key: u64) -> impl Iterator<Item = u32> {
        let mask = self.slots.len() - 1;
        let home = self.home(key);
        let run = (0..=mask).map(move |step| self.slots[(home + step) & mask]).take_while(|slot| *slot != 0);
        run.filter(move |slot| slot & !TEXT == key).map(|slot| (slot & TEXT) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holders(table: &GramTable, gram: u64, before: u32) -> (Vec<u32>, Vec<u32>) {
        let (mut rare, mut common) = (Vec::new(), Vec::new());
        table.holders(&[gram], before, &mut rare, &mut common);
        rare.sort_unstable();
        common.sort_unstable();
        (rare, common)
    }

    #[test]
    fn holds_what_was_put_in_however_it_grew() {
        let mut table = GramTable::default();
        let gram = |n: u64| n.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        for text in 0..5_000u32 {
            for n in 0..4 {
                table.insert(&[gram(u64::from(text) * 3 + n)], text);
            }
        }
        for text in 1..5_000u32 {
            let first = u64::from(text) * 3;
            assert_eq!(holders(&table, gram(first), u32::MAX), (vec![text - 1, text], vec![]));
            assert_eq!(holders(&table, gram(first), text), (vec![text - 1], vec![]));
            assert_eq!(holders(&table, gram(first + 1), u32::MAX).0, [text]);
        }
        assert_eq!(holders(&table, gram(99_999_999), u32::MAX).0, []);
    }

    #[test]
    fn small_hashes_do_not_crowd() {
        let mut table = GramTable::default();
        let small = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 8;
        table.insert(&(0..50_000).map(small).collect::<Vec<_>>(), 0);
        let generation = &table.generations[0];
        let longest = generation.slots.chunk_by(|a, b| (*a == 0) == (*b == 0)).map(<[u64]>::len).max();
        assert!(longest < Some(1_000), "{longest:?} slots in a row of {}", generation.slots.len());
    }

    #[test]
    fn a_gram_in_many_texts_is_common_and_each_generation_keeps_its_own() {
        let mut table = GramTable::default();
        for text in (0..60).chain(GENERATION..GENERATION + 2) {
            table.insert(&[0, 0], text);
        }
        let (rare, common) = holders(&table, 0, u32::MAX);
        assert_eq!(rare, [GENERATION, GENERATION + 1]);
        assert_eq!(common, (0..40).collect::<Vec<u32>>());
        assert_eq!(holders(&table, 0, 39).0.len(), 39, "thirty-nine texts are not many");
    }
}
