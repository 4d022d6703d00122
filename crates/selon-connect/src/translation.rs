//! The same text in another language, without a dictionary: two reports that are each other's
//! nearest between their languages, and whose names, numbers and places follow each other in the
//! same order.
//!
//! Reports of one event share names too, but tell them in an order of their own; a translation keeps
//! that of its original, sentence by sentence.

use std::collections::BTreeMap;

use rayon::prelude::*;
use selon_model::{Link, LinkKind, Piece, Span, Text, Why};

use crate::Input;
use crate::duplicate::direction;
use crate::feature::sequence;
use crate::sketch::Sketch;

/// Names, numbers and places in the same order that make a translation, and their least share of
/// those of the text that has fewer, and of the other (set on news in seven languages).
const LEAST_ITEMS: usize = 8;
const LEAST_OF_SHORTER: f32 = 0.5;
const LEAST_OF_LONGER: f32 = 0.3;
/// Names, numbers and places of a text that are compared.
const MOST_ITEMS: usize = 400;

/// Links between `nearest`: a report, and its nearest in another language.
pub(crate) fn find_translations(
    inputs: &[Input<'_>],
    sketches: &[Sketch],
    nearest: &[(usize, usize)],
) -> Vec<Link> {
    let of: BTreeMap<(usize, Option<&str>), usize> =
        nearest.iter().map(|(at, other)| ((*at, lang(&inputs[*other])), *other)).collect();
    let mutual: Vec<(usize, usize)> = nearest
        .iter()
        .filter(|(at, other)| at < other && of.get(&(*other, lang(&inputs[*at]))) == Some(at))
        .copied()
        .collect();
    mutual
        .par_iter()
        .filter_map(|(at, other)| {
            let items = |at: usize| sequence(inputs[at].report, &sketches[at]);
            let chained = Chained::of(&items(*at), &items(*other))?;
            Some(chained.link(&inputs[*at], &inputs[*other]))
        })
        .collect()
}

fn lang<'a>(input: &Input<'a>) -> Option<&'a str> {
    input.report.language.tag.as_ref().map(|tag| tag.as_str())
}

/// What two texts have in the same order.
struct Chained {
    pairs: Vec<Piece>,
    items: (usize, usize),
}

impl Chained {
    /// The longest sequence that both have, where it is long enough.
    fn of(a: &[(u64, Span)], b: &[(u64, Span)]) -> Option<Self> {
        let (a, b) = (&a[..a.len().min(MOST_ITEMS)], &b[..b.len().min(MOST_ITEMS)]);
        let width = b.len() + 1;
        let mut longest = vec![0u16; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                longest[i * width + j] = match a[i].0 == b[j].0 {
                    true => longest[(i + 1) * width + j + 1] + 1,
                    false => longest[(i + 1) * width + j].max(longest[i * width + j + 1]),
                };
            }
        }
        let count = usize::from(longest[0]);
        let (shorter, longer) = (a.len().min(b.len()), a.len().max(b.len()));
        let is_enough = count >= LEAST_ITEMS
            && count as f32 >= LEAST_OF_SHORTER * shorter as f32
            && count as f32 >= LEAST_OF_LONGER * longer as f32;
        if !is_enough {
            return None;
        }
        let (mut i, mut j) = (0, 0);
        let mut pairs = Vec::with_capacity(count);
        while i < a.len() && j < b.len() {
            if a[i].0 == b[j].0 {
                pairs.push(Piece { from: a[i].1, to: b[j].1 });
                (i, j) = (i + 1, j + 1);
            } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
        Some(Chained { pairs, items: (a.len(), b.len()) })
    }

    fn link(self, a: &Input<'_>, b: &Input<'_>) -> Link {
        let share = |of: usize| (self.pairs.len() as f32 / of as f32 * 1000.0).round() / 1000.0;
        let (order, how) = direction(a, b);
        let count = self.pairs.len();
        Link {
            from: a.report.id,
            to: b.report.id,
            kind: LinkKind::Translation,
            order,
            run: count as u32,
            from_in_to: share(self.items.0),
            to_in_from: share(self.items.1),
            jaccard: share(self.items.0 + self.items.1 - count),
            why: Why {
                rule: format!("core.translation.{how}"),
                features: vec![("names, numbers and places in order".into(), count as f64)],
                instead_of: None,
            },
            pieces: paragraphs(&self.pairs, &a.report.text, &b.report.text),
        }
    }
}

/// The blocks that hold what two texts have in the same order, each pair of blocks once.
fn paragraphs(pairs: &[Piece], a: &Text, b: &Text) -> Vec<Piece> {
    let block = |text: &Text, span: Span| text.block_at(span.start).map_or(span, |block| block.span);
    let mut pieces: Vec<Piece> =
        pairs.iter().map(|pair| Piece { from: block(a, pair.from), to: block(b, pair.to) }).collect();
    pieces.dedup();
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(words: &str) -> Vec<(u64, Span)> {
        words.bytes().enumerate().map(|(at, byte)| (u64::from(byte), Span::new(at, at + 1))).collect()
    }

    fn count(a: &str, b: &str) -> Option<usize> {
        Chained::of(&items(a), &items(b)).map(|chained| chained.pairs.len())
    }

    #[test]
    fn the_same_order_is_asked_for() {
        assert_eq!(count("abcdefghijkl", "abcxdefghiykl"), Some(11));
        assert_eq!(count("abcdefghijkl", "lkjihgfedcba"), None, "the same names in another order");
        assert_eq!(count("abcdef", "abcdef"), None, "too few to tell");
        assert_eq!(count("abcdefgh", &"abcdefgh".repeat(4)), None, "a small part of a long text");
        let chained = Chained::of(&items("abcdefgh"), &items("xabcdefgh")).unwrap();
        assert!(chained.pairs.iter().all(|piece| piece.from.from() + 1 == piece.to.from()));
    }
}
