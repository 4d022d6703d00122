//! Which blocks the page's own data vouches for: JSON-LD often holds the body once more. It is
//! never the text, as it may be cut or hold markup; the blocks it repeats are the body's.

use super::walk::{RawBlock, Shape, Walked};

/// Fewer letters than this are found in any text.
const LEAST: usize = 12;
/// A body shorter than this says nothing.
const LEAST_BODY: usize = 200;
/// Bytes of the body looked at, and blocks compared with it.
const MOST: usize = 200_000;
const BLOCKS: usize = 3_000;

/// What the data says of the blocks of a page.
#[derive(Debug, Default)]
pub(crate) struct Vouched {
    /// For each block, whether the body holds it; empty where there is no body.
    blocks: Vec<bool>,
    /// Nearly all of the body was found in blocks, its end too: what is not vouched for after
    /// the last one is not the report's.
    pub(crate) whole: bool,
}

impl Vouched {
    /// Compares the blocks with the body that the data gives.
    pub(crate) fn of(walked: &Walked, body: Option<&str>) -> Vouched {
        let Some(body) = body else { return Vouched::default() };
        let body = squeeze(body, MOST);
        if body.len() < LEAST_BODY {
            return Vouched::default();
        }
        let mut out = Vouched { blocks: vec![false; walked.blocks.len()], whole: false };
        let (mut found, mut end) = (0, 0);
        let mut seen: Vec<std::ops::Range<usize>> = Vec::new();
        for (number, block) in walked.blocks.iter().enumerate().take(BLOCKS) {
            if matches!(block.shape, Shape::Post(_)) || block.words < 2 {
                continue;
            }
            let text = squeeze(block.text(walked), 2_000);
            if text.len() < LEAST {
                continue;
            }
            let Some(at) = memchr::memmem::find(body.as_bytes(), text.as_bytes()) else { continue };
            out.blocks[number] = true;
            let place = at..at + text.len();
            if !seen.iter().any(|other| other.start <= place.start && place.end <= other.end) {
                found += text.len();
                end = end.max(place.end);
                seen.push(place);
            }
        }
        if found * 5 < body.len() * 2 || found < LEAST_BODY {
            return Vouched::default();
        }
        out.whole = found * 20 >= body.len() * 17 && end * 100 >= body.len() * 97;
        out
    }

    /// Whether the data holds the words of this block.
    pub(crate) fn has(&self, number: usize) -> bool {
        self.blocks.get(number).copied().unwrap_or(false)
    }

    /// Whether it holds any.
    pub(crate) fn any(&self) -> bool {
        self.blocks.iter().any(|vouched| *vouched)
    }

    /// Letters of the vouched blocks before each block and after the last.
    pub(crate) fn sums(&self, blocks: &[RawBlock]) -> Vec<u32> {
        let mut total = 0;
        let mut sums = vec![0];
        for (number, block) in blocks.iter().enumerate() {
            total += if self.has(number) { block.weight() } else { 0 };
            sums.push(total);
        }
        sums
    }
}

/// Letters and digits alone, in lower case: what two copies of a text share.
fn squeeze(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most));
    let mut in_tag = false;
    for c in text.chars() {
        if out.len() >= most {
            break;
        }
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag && c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}
