//! The way back from the reading text to the bytes of the document.

use serde::{Deserialize, Serialize};

use crate::{Digest, Span};

/// How a run of the text came out of the bytes it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// The bytes, decoded, are the text.
    Verbatim,
    /// A character reference (`&eacute;`), or NUL, which a page shows as U+FFFD.
    Reference,
    /// CR LF or CR, which is one line break.
    Newline,
    /// An escape of a string (`\u00e9`).
    Escape,
    /// White space that was collapsed, or a word broken at the end of a line.
    Space,
    /// Left out: a soft hyphen, a mark without width. No text; it stands at the run's beginning.
    Removed,
    /// Put in by the reader: breaks between blocks, marks that `q` stands for, tabs between
    /// cells. No bytes.
    Made,
}

/// A stretch of the text and the bytes it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRun {
    /// Bytes of the text.
    pub text: Span,
    /// Bytes of the document: first, and one past the last.
    pub source: (u64, u64),
    /// How the one came out of the other.
    pub kind: RunKind,
}

/// Where each character of a text stands in its document. Runs follow each other without gap in
/// the text; in the document they mostly do (text in the wrong place of a table comes earlier).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMap {
    /// SHA-256 of the document: the payload, or what it holds where it is compressed, a message
    /// or a row.
    pub document: Digest,
    /// Bytes of the document.
    pub length: u64,
    /// What was undone to come from the payload to the document: gzip, deflate, mhtml, pdf.
    pub coding: Option<String>,
    /// Name of its encoding (WHATWG).
    pub encoding: String,
    /// The runs, in text order.
    pub runs: Vec<SourceRun>,
}

impl SourceMap {
    /// The runs that `span` touches.
    pub fn runs_of(&self, span: Span) -> &[SourceRun] {
        let from = self.runs.partition_point(|run| run.text.end <= span.start);
        let rest = &self.runs[from..];
        let to = rest.partition_point(|run| run.text.start < span.end);
        &rest[..to]
    }

    /// The bytes that `span` came from, neighbouring ranges joined. Of a run that is only partly
    /// in it, a part is given where a byte of text is a byte of the document, else the whole.
    pub fn ranges_of(&self, span: Span) -> Vec<(u64, u64)> {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for run in self.runs_of(span) {
            let (mut from, mut to) = run.source;
            if run.kind == RunKind::Verbatim && to - from == run.text.len() as u64 {
                from += u64::from(span.start.saturating_sub(run.text.start));
                to -= u64::from(run.text.end.saturating_sub(span.end));
            }
            if from >= to {
                continue;
            }
            match ranges.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => ranges.push((from, to)),
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_to_ranges() {
        let run =
            |text: (usize, usize), source, kind| SourceRun { text: Span::new(text.0, text.1), source, kind };
        let map = SourceMap {
            document: Digest::of(b""),
            length: 40,
            coding: None,
            encoding: "UTF-8".to_owned(),
            runs: vec![
                run((0, 5), (10, 15), RunKind::Verbatim),
                run((5, 6), (15, 20), RunKind::Reference),
                run((6, 8), (0, 0), RunKind::Made),
                run((8, 12), (30, 34), RunKind::Verbatim),
            ],
        };
        assert_eq!(map.ranges_of(Span::new(2, 6)), [(12, 20)]);
        assert_eq!(map.ranges_of(Span::new(4, 9)), [(14, 20), (30, 31)]);
        assert_eq!(map.ranges_of(Span::new(6, 7)), []);
    }
}
