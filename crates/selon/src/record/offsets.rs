//! From bytes to code points: the one place where offsets change their unit.

use schemars::JsonSchema;
use selon_model::Span;
use serde::Serialize;

use super::OptionalRange;

/// Bytes between two remembered counts.
const STRIDE: usize = 64;

/// Byte positions of a text as code points, in constant time.
pub struct Offsets<'a> {
    text: &'a str,
    /// Code points before byte `i * STRIDE`; empty for ASCII texts.
    counts: Vec<u32>,
    bytes_too: bool,
}

/// A range of the text: code points, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// First byte; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_start: Option<u32>,
    /// One past the last byte; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_end: Option<u32>,
}

impl<'a> Offsets<'a> {
    /// Counts the code points of `text` once. With `bytes_too`, ranges carry bytes beside them.
    pub fn new(text: &'a str, bytes_too: bool) -> Self {
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut seen = 0u32;
            for (index, byte) in text.bytes().enumerate() {
                if index % STRIDE == 0 {
                    counts.push(seen);
                }
                seen += u32::from(byte & 0xC0 != 0x80);
            }
            counts.push(seen);
        }
        Offsets { text, counts, bytes_too }
    }

    /// Code points before byte `at`; past the end, all of them.
    pub fn code_points(&self, at: u32) -> u32 {
        if self.counts.is_empty() {
            return at.min(self.text.len() as u32);
        }
        let at = (at as usize).min(self.text.len());
        let base = at / STRIDE;
        let rest = &self.text.as_bytes()[base * STRIDE..at];
        self.counts[base] + rest.iter().filter(|byte| *byte & 0xC0 != 0x80).count() as u32
    }

    /// A span as a range.
    pub fn range(&self, span: Span) -> Place {
        Place {
            start: self.code_points(span.start),
            end: self.code_points(span.end),
            byte_start: self.bytes_too.then_some(span.start),
            byte_end: self.bytes_too.then_some(span.end),
        }
    }

    /// A span that may be absent.
    pub fn optional(&self, span: Option<Span>) -> OptionalRange {
        match span.map(|span| self.range(span)) {
            Some(range) => OptionalRange {
                start: Some(range.start),
                end: Some(range.end),
                byte_start: range.byte_start,
                byte_end: range.byte_end,
            },
            None => OptionalRange::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points() {
        let text = "é".repeat(100) + "abc" + &"ع".repeat(50);
        let offsets = Offsets::new(&text, false);
        for (count, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.code_points(at as u32), count as u32);
        }
        assert_eq!(offsets.code_points(u32::MAX), 153);
        assert_eq!(Offsets::new("abc", false).code_points(9), 3);
    }
}
