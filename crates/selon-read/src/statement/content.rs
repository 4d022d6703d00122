//! What of a draft's words is said: its pieces without the marks around them.

use std::ops::Range;

use selon_model::Span;

use crate::lex::TokenKind;

use super::view::View;

/// A piece without outer marks: commas and stops at its ends, and quotation marks that are not
/// closed (or opened) inside.
pub(super) fn trimmed(view: &View<'_>, piece: Range<usize>) -> Span {
    let (mut start, mut end) = (piece.start, piece.end.min(view.lexed.len()));
    let is_mark = |at: usize| {
        !view.is_word(at)
            && view.kind(at) != TokenKind::Digits
            && !matches!(
                view.words(at),
                ")" | "(" | "]" | "[" | "%" | "$" | "€" | "£" | "#" | "@" | "°" | "…" | "+" | "!" | "?"
            )
    };
    while start < end && (is_mark(start) || view.words(start) == "…") {
        if let Some(quotation) = view.quotation(start) {
            let fills = quotation.tokens.end >= end || quotation.tokens.start < start;
            let opens_here = quotation.tokens.start == start;
            if opens_here && !fills && only_marks_after(view, quotation.tokens.end, end) {
                start += 1;
                continue;
            }
            if opens_here && !fills {
                break;
            }
            if !opens_here
                && view.words(start) != "…"
                && quotation.inner.contains(&start)
                && !matches!(view.words(start), "." | ",")
            {
                break;
            }
        }
        start += 1;
    }
    while start < end && is_mark(end - 1) {
        if let Some(quotation) = view.quotation(end - 1) {
            let closes_here = quotation.tokens.end == end;
            // A quotation that begins inside the piece keeps its mark unless it fills it.
            if closes_here && quotation.tokens.start >= start {
                break;
            }
        }
        end -= 1;
    }
    view.span(start..end)
}

fn only_marks_after(view: &View<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| !view.is_word(at))
}
