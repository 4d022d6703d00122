//! A stream of invented texts with known copies, as long as wanted, the same every time.
//!
//! Words are ranks of a vocabulary of invented syllables, drawn as often as one over their rank
//! (Zipf), in sentences and paragraphs, with stock phrases that many texts share; about 400 words a
//! text. One text in seven copies an earlier one of the last 20,000: whole under another head, with
//! one word in twenty changed, its first half, or a passage of 60 words in a text of its own. A text
//! is a function of its number, so nothing needs to be kept.

/// Words of the vocabulary.
const WORDS: u64 = 60_000;
/// Stock phrases.
const PHRASES: u64 = 4_000;
/// Words of a text, at least; up to twice this many more than half of it.
const LEAST_WORDS: u64 = 250;
const MORE_WORDS: u64 = 300;
/// Texts back that a copy may be of.
const MOST_BACK: u64 = 20_000;

/// How a text came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Its own words.
    Own,
    /// All of an earlier one, under another head.
    Whole(u32),
    /// An earlier one with words changed all along.
    Edited(u32),
    /// The first half of an earlier one.
    Cut(u32),
    /// A passage of an earlier one in its own words.
    Lifted(u32),
}

impl Kind {
    /// The text it copies.
    pub(crate) fn copied(self) -> Option<u32> {
        match self {
            Kind::Own => None,
            Kind::Whole(of) | Kind::Edited(of) | Kind::Cut(of) | Kind::Lifted(of) => Some(of),
        }
    }
}

/// How text `number` comes to be.
pub(crate) fn kind_of(number: u32) -> Kind {
    let mut chance = Chance::of(u64::from(number), 1);
    if number == 0 || chance.below(7) > 0 {
        return Kind::Own;
    }
    let mut of = number - 1 - chance.below(u64::from(number).min(MOST_BACK)) as u32;
    // Copies are of originals: the nearest before.
    while of > 0 && Chance::of(u64::from(of), 1).below(7) == 0 {
        of -= 1;
    }
    match chance.below(4) {
        0 => Kind::Whole(of),
        1 => Kind::Edited(of),
        2 => Kind::Cut(of),
        _ => Kind::Lifted(of),
    }
}

/// Text `number`.
pub(crate) fn text_of(number: u32) -> String {
    let mut chance = Chance::of(u64::from(number), 2);
    let words = match kind_of(number) {
        Kind::Own => own_words(number),
        Kind::Whole(of) => [&own_words(number)[..12], &own_words(of)].concat(),
        Kind::Edited(of) => {
            let change = |word| if chance.below(20) == 0 { chance.word() } else { word };
            own_words(of).into_iter().map(change).collect()
        }
        Kind::Cut(of) => {
            let words = own_words(of);
            words[..words.len() / 2].to_vec()
        }
        Kind::Lifted(of) => {
            let (own, source) = (own_words(number), own_words(of));
            let from = chance.below(source.len() as u64 - 60) as usize;
            let at = own.len() / 2;
            [&own[..at], &source[from..from + 60], &own[at..]].concat()
        }
    };
    written(&words)
}

fn own_words(number: u32) -> Vec<u64> {
    let mut chance = Chance::of(u64::from(number), 3);
    let count = LEAST_WORDS + chance.below(MORE_WORDS);
    let mut words = Vec::with_capacity(count as usize + 8);
    while (words.len() as u64) < count {
        if chance.below(25) == 0 {
            let mut phrase = Chance::of(chance.zipf(PHRASES), 4);
            for _ in 0..3 + phrase.below(5) {
                words.push(phrase.word());
            }
        } else {
            words.push(chance.word());
        }
    }
    words
}

/// The event that text `number` of a stream of stories tells: about six texts tell each, among those
/// of its neighbours.
pub(crate) fn event_of(number: u32) -> u32 {
    (number + Chance::of(u64::from(number), 5).below(18) as u32) / 6
}

/// Text `number` of a stream of stories: one word in three is of the vocabulary of its event, and one
/// in twenty one of its eight names, which are given too, as the words they are. A name is no word of
/// another text.
pub(crate) fn story_text_of(number: u32) -> (String, Vec<(usize, String)>) {
    let event = u64::from(event_of(number));
    let mut chance = Chance::of(u64::from(number), 6);
    let (mut text, mut names) = (String::new(), Vec::new());
    for at in 0..LEAST_WORDS + chance.below(MORE_WORDS) {
        if at > 0 {
            text.push_str(if at % 18 == 0 { ". " } else { " " });
        }
        match chance.below(60) {
            0..3 => {
                let from = text.len();
                push_word(&mut text, WORDS + event * 8 + chance.below(8), true);
                names.push((from, text[from..].to_owned()));
            }
            3..23 => {
                let of_event = Chance::of(event * 64 + chance.below(64), 7).word();
                push_word(&mut text, of_event, false);
            }
            _ => push_word(&mut text, chance.word(), false),
        }
    }
    text.push('.');
    (text, names)
}

/// Words as sentences of eighteen and paragraphs of four sentences.
fn written(words: &[u64]) -> String {
    let mut out = String::with_capacity(words.len() * 7);
    for (number, sentence) in words.chunks(18).enumerate() {
        if number > 0 {
            out.push_str(if number % 4 == 0 { "\n\n" } else { " " });
        }
        for (at, word) in sentence.iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            push_word(&mut out, *word, at == 0);
        }
        out.push('.');
    }
    out
}

/// A word of the vocabulary: syllables of a consonant and a vowel, one more for each power of 60.
fn push_word(out: &mut String, rank: u64, capital: bool) {
    const CONSONANTS: &[u8; 12] = b"bdfgklmnprst";
    const VOWELS: &[u8; 5] = b"aeiou";
    let mut rest = rank + 1;
    let mut first = capital;
    while rest > 0 {
        let consonant = CONSONANTS[(rest % 12) as usize];
        out.push(char::from(if first { consonant.to_ascii_uppercase() } else { consonant }));
        out.push(char::from(VOWELS[(rest / 12 % 5) as usize]));
        rest /= 60;
        first = false;
    }
}

/// Numbers that follow no pattern, the same every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn of(number: u64, of_what: u64) -> Self {
        Chance(number.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ of_what.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A rank below `most`, as often as one over it.
    fn zipf(&mut self, most: u64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((most as f64).powf(share) as u64 - 1).min(most - 1)
    }

    fn word(&mut self) -> u64 {
        self.zipf(WORDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_hold_words_of_what_they_copy() {
        let mut kinds = [0; 5];
        for number in 0..2_000 {
            let text = text_of(number);
            let Some(of) = kind_of(number).copied() else {
                kinds[0] += 1;
                continue;
            };
            assert!(of < number && kind_of(of) == Kind::Own);
            let source = text_of(of).replace('.', "").to_lowercase();
            let copy = text.replace('.', "").to_lowercase();
            let words: Vec<&str> = copy.split_whitespace().collect();
            let source: Vec<&str> = source.split_whitespace().collect();
            let shared =
                words.windows(5).filter(|five| source.windows(5).any(|other| other == *five)).count();
            assert!(shared >= 40, "{number} of {of}: {shared}");
            let kind = match kind_of(number) {
                Kind::Own => 0,
                Kind::Whole(_) => 1,
                Kind::Edited(_) => 2,
                Kind::Cut(_) => 3,
                Kind::Lifted(_) => 4,
            };
            kinds[kind] += 1;
        }
        assert!(kinds.iter().all(|count| *count >= 40), "{kinds:?}");
    }

    #[test]
    fn words_are_told_apart() {
        let word = |rank| {
            let mut out = String::new();
            push_word(&mut out, rank, false);
            out
        };
        let all: std::collections::BTreeSet<String> = (0..WORDS).map(word).collect();
        assert_eq!(all.len() as u64, WORDS);
    }
}
