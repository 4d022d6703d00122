//! A number told without a clause: "fait état de douze morts", "put the toll at 20".

use std::ops::Range;

use super::complement::{Complement, Follows, clause_end};
use super::lexicon::class;
use super::noun_phrase::begins_channel;
use super::rules::{Frames, Rules};
use super::view::View;

/// Tokens between a verb and the noun of a toll, and between that noun and its number.
const NEAR: usize = 6;

/// What a verb of counting tells, right after the verb: a quantity ("counted 45 dead"; frame
/// `count`), or the noun of a toll and its quantity ("évoque un bilan de 20 morts"; both frames).
pub(super) fn counted_content(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    from: usize,
    frames: Frames,
) -> Option<Complement> {
    if !frames.count && !frames.toll {
        return None;
    }
    // "fait état de | 12 morts"; where the verb comes first, any preposition ("أعلن عن").
    let opening =
        if view.lexicon.settings.verb_first { class::LINK | class::PREPOSITION } else { class::LINK };
    let first = if view.has(from, opening) && !view.is_number(from) { from + 1 } else { from };
    let start = if frames.count && (view.is_number(first) || view.opens_quantity(first, unit.end)) {
        opens_count(view, unit, first).then_some(first)?
    } else {
        toll_before_number(view, unit, from)?
    };
    let end = clause_end(view, rules, unit, start);
    // "reported 15 deaths | citing a statement"
    let cites = |at: usize| at > start && view.has(at, class::PRESENT_PARTICIPLE) && begins_channel(view, at);
    let stops = |at: &usize| view.is_comma(*at) && !view.parts_digits(*at) || cites(*at);
    let end = (start..end).find(stops).unwrap_or(end);
    (start < end).then_some(Complement { follows: Follows::Noun, tokens: start..end, between: from..start })
}

/// Whether a quantity opens at `at`: bounded words, or a number and its noun. A number without one
/// may be a year, a day, a score.
pub(super) fn opens_count(view: &View<'_>, unit: &Range<usize>, at: usize) -> bool {
    if view.opens_quantity(at, unit.end) {
        return true;
    }
    let mut end = at;
    while end < unit.end && (view.is_number(end) || end > at && view.parts_digits(end)) {
        end += 1;
    }
    let noun = end < unit.end && view.is_word(end) && !view.has(end, class::TIME | class::PREPOSITION);
    end > at && noun
}

/// "un bilan de 20 morts", "the toll at more than 30": where the noun phrase begins, if a number
/// ends it and no clause stands between.
fn toll_before_number(view: &View<'_>, unit: &Range<usize>, from: usize) -> Option<usize> {
    let tolls = &view.lexicon.settings.tolls;
    let open =
        |at: &usize| view.is_word(*at) && view.quotation(*at).is_none() && !view.is_plainly_finite(*at);
    let toll = (from..unit.end.min(from + NEAR))
        .take_while(open)
        .find(|at| tolls.iter().any(|noun| noun == view.folded(*at)))?;
    let number = (toll + 1..unit.end.min(toll + 1 + NEAR))
        .take_while(|at| view.is_number(*at) || open(at))
        .find(|at| view.is_number(*at))?;
    let dated = view.has(number + 1, class::TIME) || view.has(number - 1, class::TIME);
    (!dated).then_some(from)
}
