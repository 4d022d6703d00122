//! A text as tokens and grams: what text reuse is found with.
//!
//! Fold: NFKC, lower case, Latin diacritics off, Arabic letters folded, digits to ASCII; tokens
//! are runs of letters or digits. Grams are three tokens in a row; of each three grams in a row
//! the smallest hash is kept for the index (winnowing: Schleimer, Wilkerson, Aiken 2003).

use selon_model::{Report, Span, is_of_word};

pub(crate) use selon_model::fold;

/// Tokens in a gram.
pub(crate) const GRAM: usize = 3;
/// Grams of which one is kept.
const WINDOW: usize = 3;
/// Tokens of a report that are looked at.
const MOST_TOKENS: usize = 200_000;

/// The tokens of a report's prose, with a hash for each gram.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    /// Where each token stands.
    pub(crate) spans: Vec<Span>,
    /// Hash of each token.
    pub(crate) tokens: Vec<u64>,
    /// Hash of the gram that begins at each token.
    pub(crate) grams: Vec<u64>,
    /// Whether a token stands inside quotation marks.
    pub(crate) quoted: Vec<bool>,
    /// Number of the line that each token stands in.
    pub(crate) lines: Vec<u32>,
}

impl Sketch {
    /// The sketch of a report.
    pub(crate) fn of(report: &Report) -> Self {
        let mut sketch = Sketch::default();
        let whole = [(Span::new(0, report.text.string.len()), report.text.blocks.is_empty())];
        let blocks = report.text.blocks.iter().map(|block| (block.span, block.kind.is_prose()));
        for (span, prose) in blocks.chain(whole) {
            if prose && sketch.spans.len() < MOST_TOKENS {
                sketch.cut(&report.text.string, span);
            }
        }
        sketch.count_grams();
        sketch
    }

    fn count_grams(&mut self) {
        self.grams = self.tokens.windows(GRAM).map(hash_all).collect();
    }

    /// Takes the tokens marked in `out` away.
    pub(crate) fn remove(&mut self, out: &[bool]) {
        let mut kept = out.iter().map(|out| !out);
        self.spans.retain(|_| kept.next().unwrap_or(true));
        let mut kept = out.iter().map(|out| !out);
        self.tokens.retain(|_| kept.next().unwrap_or(true));
        let mut kept = out.iter().map(|out| !out);
        self.quoted.retain(|_| kept.next().unwrap_or(true));
        let mut kept = out.iter().map(|out| !out);
        self.lines.retain(|_| kept.next().unwrap_or(true));
        self.count_grams();
    }

    fn cut(&mut self, string: &str, block: Span) {
        let words = block.of(string);
        // The marks that stand open, by what opened them.
        let mut open: Vec<char> = Vec::new();
        let mut straight = false;
        let mut start = None;
        let mut line = self.lines.last().map_or(0, |last| last + 1);
        for (at, c) in words.char_indices().chain([(words.len(), ' ')]) {
            if is_of_word(c) {
                start.get_or_insert(at);
                continue;
            }
            if let Some(from) = start.take()
                && let Some(token) = token(&words[from..at])
            {
                self.spans.push(Span::new(block.from() + from, block.from() + at));
                self.tokens.push(token);
                self.quoted.push(!open.is_empty() || straight);
                self.lines.push(line);
            }
            match c {
                // German closes with what opens elsewhere.
                '“' if open.last() == Some(&'„') => drop(open.pop()),
                '«' if open.last() == Some(&'»') => drop(open.pop()),
                '»' if open.last() != Some(&'«') => open.push(c),
                '«' | '“' | '„' => open.push(c),
                '»' | '”' => drop(open.pop()),
                '"' => straight = !straight,
                '\n' => {
                    line += 1;
                    open.clear();
                    straight = false;
                }
                _ => {}
            }
        }
    }

    /// Positions of the grams that go into the index.
    pub(crate) fn winnowed(&self) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        for from in 0..self.grams.len().saturating_sub(WINDOW - 1) {
            let smallest = (from..from + WINDOW).min_by_key(|at| (self.grams[*at], *at)).unwrap_or(from);
            if kept.last() != Some(&smallest) {
                kept.push(smallest);
            }
        }
        if kept.is_empty() {
            kept.extend(0..self.grams.len());
        }
        kept
    }
}

/// Hash of a folded word, where anything is left of it.
fn token(word: &str) -> Option<u64> {
    if word.is_ascii() {
        // Folding leaves case alone to take off.
        return Some(hash_of(word.bytes().map(|byte| byte.to_ascii_lowercase())));
    }
    let folded = fold(word);
    (!folded.is_empty()).then(|| hash(folded.as_bytes()))
}

/// FNV-1a, 64 bits: stable across machines and versions.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    hash_of(bytes.iter().copied())
}

fn hash_of(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn hash_all(tokens: &[u64]) -> u64 {
    let mixed = tokens.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, token| {
        (hash ^ token).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    });
    // the last step of SplitMix64, so that the smallest of three is a fair choice
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 27)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_folded_alike() {
        for word in ["Bridge", "É", "MP3", "يوم", "\u{640}"] {
            let folded = fold(word);
            assert_eq!(token(word), (!folded.is_empty()).then(|| hash(folded.as_bytes())), "{word}");
        }
    }
}
