//! Where words stand.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A byte range of a report's stored text: `start <= end`, both on character boundaries.
///
/// Code points and UTF-16 exist only at the edge (`selon::record`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span; an `end` before `start` gives an empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        Span { start, end: u32::try_from(end).unwrap_or(u32::MAX).max(start) }
    }

    /// As a range of indexes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// First byte, as an index.
    pub fn from(self) -> usize {
        self.start as usize
    }

    /// One past the last byte, as an index.
    pub fn to(self) -> usize {
        self.end as usize
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// No bytes at all.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether all of `other` lies inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The words themselves; empty where the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// The span without white space at either end.
    pub fn trimmed(self, text: &str) -> Span {
        let words = self.of(text);
        let start = self.from() + (words.len() - words.trim_start().len());
        Span::new(start, start + words.trim().len())
    }
}
