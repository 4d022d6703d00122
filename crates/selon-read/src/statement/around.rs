//! Content around a cue phrase that stands in commas: what is before it, after it, or both.

use std::ops::Range;

use crate::lex::TokenKind;

use super::complement::{clause_end, ends_here, quotation_end};
use super::draft::one_piece;
use super::lexicon::class;
use super::noun_phrase::{has_main_verb, names_figure_or_claim};
use super::rules::Rules;
use super::view::View;

/// What stands as a parenthesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// "selon X".
    Preposition,
    /// "a dit X".
    Inverted,
    /// "he said".
    Plain,
}

/// Content around a cue phrase (cue, source and adjuncts) that stands in the sentence as a
/// parenthesis: before it, after it, or both.
pub(crate) fn around(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    phrase: &Range<usize>,
    lower: usize,
    place: Place,
) -> Vec<Range<usize>> {
    let preposition = place == Place::Preposition;
    let lower = clause_start(view, lower, phrase.start, preposition);
    let before = before_phrase(view, lower, phrase.start);
    let after_start = skip_marks(view, phrase.end, unit.end);
    let opens_clause = before.is_none();
    let next_quotation = view
        .quotation(after_start)
        .filter(|quotation| quotation.tokens.start == after_start && after_start < unit.end);
    if opens_clause {
        if after_start >= unit.end {
            return Vec::new();
        }
        if let Some(quotation) = next_quotation {
            let end = if quotation.inner.len() > 6
                && quotation.tokens.end < unit.end
                && view.is_comma(quotation.tokens.end)
            {
                unit.end
            } else {
                quotation_end(view, unit, after_start)
            };
            let end = if view.has_finite(end..unit.end) && quotation.inner.len() <= 12 {
                clause_end(view, rules, unit, after_start)
            } else {
                end
            };
            return one_piece(after_start..end);
        }
        return one_piece(after_start..clause_end(view, rules, unit, after_start));
    }
    let Some(before) = before else { return Vec::new() };
    let quoted = view.quotation(before.end - 1).is_some();
    if next_quotation.is_some() {
        let adjoins = phrase.end == after_start
            || view.kind(after_start - 1) == TokenKind::Comma
            || view.kind(after_start - 1) == TokenKind::Stop;
        if quoted && adjoins {
            return vec![before, after_start..quotation_end(view, unit, after_start)];
        }
    }
    if quoted || after_start >= unit.end {
        return vec![before];
    }
    // In commas, in the middle of a clause: what goes on belongs to it.
    let closed = view.kind(phrase.end) == TokenKind::Comma && view.is_comma(phrase.end);
    let opened = phrase.start > lower && view.kind(phrase.start - 1) == TokenKind::Comma;
    let goes_on = after_start < unit.end
        && !view.has(after_start, class::BREAK | class::AND | class::BUT | class::RELATIVE)
        && !(view.has(after_start, class::PRESENT_PARTICIPLE))
        && (closed || preposition);
    let complete = view.has_finite(before.clone());
    // "…, selon les secours, un bilan impossible à vérifier": the narrator's words about it.
    let told = complete
        && !has_main_verb(view, after_start..unit.end)
        && names_figure_or_claim(view, rules, after_start..unit.end);
    if told {
        return vec![before];
    }
    // "les facteurs qui expliquent selon lui les craintes": the verb's object is still to come.
    let parted = preposition
        && !opened
        && after_start == phrase.end
        && view.is_plainly_finite(phrase.start - 1)
        && view.has(after_start, class::DETERMINER);
    if parted {
        return vec![before, after_start..clause_end(view, rules, unit, after_start)];
    }
    // "…, according to Corvane the head of the union": more words for the speaker.
    let apposed = preposition
        && complete
        && !closed
        && after_start == phrase.end
        && view.has(after_start, class::DETERMINER)
        && !has_main_verb(view, after_start..unit.end);
    if apposed {
        return vec![before];
    }
    // After an inverted subject, words without a verb are adjuncts of the speaker.
    let adjunct = place == Place::Inverted && !has_main_verb(view, after_start..unit.end);
    if goes_on
        && !adjunct
        && (!complete || (closed && opened) || !view.has_finite(after_start..unit.end))
        && !(complete && !closed && !preposition)
    {
        return vec![before, after_start..clause_end(view, rules, unit, after_start)];
    }
    vec![before]
}

/// Where the clause before a phrase begins: after the last semicolon, colon or lone dash.
fn clause_start(view: &View<'_>, lower: usize, phrase: usize, preposition: bool) -> usize {
    let mut at = phrase;
    while at > lower {
        let before = at - 1;
        if let Some(quotation) = view.quotation(before) {
            at = quotation.tokens.start.max(lower).min(before);
            continue;
        }
        let part = matches!(view.words(before), ";")
            || (view.words(before) == ":" && preposition && view.has_finite(before + 1..phrase));
        // "…, — said X": after a comma the dash parts nobody's words from the cue.
        let after_mark = before > lower
            && (matches!(view.kind(before - 1), TokenKind::Comma | TokenKind::Stop)
                || view.quotation(before - 1).is_some());
        let dash = view.is_dash(before)
            && (view.has_finite(before + 1..phrase) || before + 1 == phrase && !after_mark);
        let sentence = view.kind(before) == TokenKind::Stop
            && view.spaced(at)
            && view.capital(at)
            && before > lower
            && ends_here(view, before);
        if part || dash || sentence {
            return at;
        }
        at = before;
    }
    lower
}

/// What is said before the phrase; `None` where only links stand there.
fn before_phrase(view: &View<'_>, lower: usize, phrase: usize) -> Option<Range<usize>> {
    let mut end = phrase;
    while end > lower
        && view.quotation(end - 1).is_none()
        && !view.is_word(end - 1)
        && view.kind(end - 1) != TokenKind::Digits
        && !matches!(view.words(end - 1), ")" | "%" | "]")
    {
        end -= 1;
    }
    if end <= lower {
        return None;
    }
    let mut start = lower;
    if let Some(quotation) = view.quotation(end - 1) {
        let from = quotation.tokens.start.max(lower);
        // A colon or a full sentence before the quotation is not part of it.
        let apart = from > lower && (view.words(from - 1) == ":" || view.kind(from - 1) == TokenKind::Stop);
        if apart || from == lower {
            return Some(from..end);
        }
    }
    start = skip_connective(view, start, end);
    let only_links = (start..end).all(|at| {
        !view.is_word(at)
            || view.has(
                at,
                class::AND
                    | class::BUT
                    | class::ADVERB
                    | class::CONNECTIVE
                    | class::COMPLEMENTISER
                    | class::SUBORDINATOR
                    | class::AS,
            )
    });
    // "Il affirme que, selon X, …": the phrase opens the clause after the complementiser.
    let opens = view.has(
        end - 1,
        class::COMPLEMENTISER | class::SUBORDINATOR | class::AND | class::BUT | class::RELATIVE,
    ) && view.quotation(end - 1).is_none();
    (!only_links && !opens).then_some(start..end)
}

/// "En outre, …": a link to the text before is not part of what is said.
pub(crate) fn skip_connective(view: &View<'_>, start: usize, end: usize) -> usize {
    if !view.has(start, class::CONNECTIVE) {
        return start;
    }
    let comma = (start..end.min(start + 5)).find(|at| view.is_comma(*at));
    comma.map_or(start, |comma| comma + 1)
}

/// Past commas, colons and dashes.
fn skip_marks(view: &View<'_>, mut at: usize, to: usize) -> usize {
    while at < to
        && view.quotation(at).is_none()
        && (matches!(view.kind(at), TokenKind::Comma | TokenKind::Stop) || view.is_dash(at))
    {
        at += 1;
    }
    at
}

/// Where the adjuncts after a source end: the next comma, stop, dash, colon or quotation; a
/// clause that goes on without a comma begins at its determiner or pronoun.
pub(crate) fn phrase_end(view: &View<'_>, unit: &Range<usize>, from: usize) -> usize {
    let mut at = from;
    while at < unit.end {
        if view.quotation(at).is_some() {
            return at;
        }
        let stops = match view.kind(at) {
            TokenKind::Comma => true,
            TokenKind::Stop => !view.has(at - 1, class::TITLE),
            TokenKind::Dash => view.is_dash(at),
            TokenKind::Other => view.words(at) == ")",
            _ => false,
        };
        if stops {
            return at;
        }
        at += 1;
    }
    unit.end
}
