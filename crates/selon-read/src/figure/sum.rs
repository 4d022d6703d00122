//! "Three officers and two civilians died": five of them.
//!
//! Counts of people that "and" and commas join, and of whom one word says what happened, add up to a
//! figure of its own, of which they are the parts. Where the sentence gives that number itself ("two
//! people, a man and a woman, were killed"), they are the parts of it instead.

use std::ops::Range;

use selon_model::{Decimal, Operator, Quantity, SUM};

use super::noun::{Noun, is_human, is_of_people};
use super::pack::FigurePack;
use super::{Draft, Happened};
use crate::lex::{Lexed, TokenKind};

/// Tokens between two counts of one list: ", and his".
const BETWEEN: usize = 3;

/// Adds the sums of `drafts` at their end, those that `kept` does not keep left out, and makes of the
/// counts their parts. Each new draft is kept.
pub(super) fn add_sums(drafts: &mut Vec<Draft>, kept: &mut Vec<bool>, lexed: &Lexed, pack: &FigurePack) {
    let count = drafts.len();
    let mut at = 0;
    while at < count {
        let mut end = at + 1;
        let mut is_closed = false;
        while end < count && kept[end - 1] && kept[end] && are_alike(&drafts[at], &drafts[end]) {
            match joint(&drafts[end - 1], &drafts[end], lexed, pack) {
                Some(joined) => is_closed |= joined,
                None => break,
            }
            end += 1;
        }
        if is_closed {
            add(drafts, kept, at..end, lexed);
        }
        at = end;
    }
}

fn add(drafts: &mut Vec<Draft>, kept: &mut Vec<bool>, list: Range<usize>, lexed: &Lexed) {
    let whole = |draft: &Draft| draft.measured.quantity.lower;
    let total = |list: Range<usize>| {
        drafts[list].iter().try_fold(Decimal::ZERO, |sum, draft| sum.checked_add(whole(draft)?))
    };
    // "two people, a man and a woman, were killed": the first is the whole of the others. "Two men, a
    // boy and a girl were killed" may be read both ways.
    let rest = list.start + 1..list.end;
    if rest.len() > 1 && total(rest.clone()) == whole(&drafts[list.start]) {
        let after = drafts[list.end - 1].tokens.end;
        if lexed.tokens().get(after).is_some_and(|next| next.kind == TokenKind::Comma) {
            rest.for_each(|part| drafts[part].part_of = Some(list.start));
        }
        return;
    }
    let Some(sum) = total(list.clone()) else { return };
    // "Two gunmen killed a woman and her son": others, as many.
    let happened = drafts[list.start].event.as_ref().map(|event| &event.class);
    let stated = (0..list.start).rev().find(|before| {
        kept[*before]
            && whole(&drafts[*before]) == Some(sum)
            && drafts[*before].class.as_deref().is_some_and(is_human)
            && drafts[*before].event.as_ref().map(|event| &event.class) == happened
    });
    let whole = stated.unwrap_or(drafts.len());
    if stated.is_none() {
        let made = sum_of(drafts, list.clone(), sum);
        drafts.push(made);
        kept.push(true);
    }
    drafts[list].iter_mut().for_each(|part| part.part_of = Some(whole));
}

fn sum_of(drafts: &[Draft], list: Range<usize>, sum: Decimal) -> Draft {
    let (first, last) = (&drafts[list.start], &drafts[list.end - 1]);
    let mut made = first.clone();
    made.tokens = first.tokens.start..last.tokens.end;
    made.noun = Noun { end: last.tokens.end, ..Noun::default() };
    made.unknown_noun = false;
    made.code = None;
    if drafts[list.clone()].iter().any(|draft| draft.class != first.class) {
        made.class = Some("persons".to_owned());
    }
    made.measured.quantity = Quantity::exactly(sum);
    made.measured.article = false;
    made.measured.rule = Some(SUM.to_owned());
    made.sum_of = list.collect();
    made
}

/// Whether two exact counts of people are told of by one word.
fn are_alike(one: &Draft, other: &Draft) -> bool {
    let event = |draft: &Draft| {
        let Happened { class, tokens, .. } = draft.event.as_ref()?;
        is_of_people(class).then_some(())?;
        tokens.clone()
    };
    let counts = |draft: &Draft| {
        draft.measured.quantity.op == Operator::Equal
            && draft.part_of.is_none()
            && draft.class.as_deref().is_some_and(|class| is_human(class) && class != "families")
    };
    counts(one) && counts(other) && event(one).is_some() && event(one) == event(other)
}

/// What stands between two counts of one list: whether a word that closes the list, or a comma alone;
/// `None`: they are no list.
fn joint(one: &Draft, other: &Draft, lexed: &Lexed, pack: &FigurePack) -> Option<bool> {
    let (from, to) = (one.tokens.end, other.tokens.start);
    if from >= to || to - from > BETWEEN {
        return None;
    }
    let mut closes = false;
    let mut at = from;
    while at < to {
        if let Some((_, next)) = pack.adds.at(lexed, at, to) {
            closes = true;
            at = next;
        } else if lexed.tokens()[at].kind == TokenKind::Comma && !closes
            || at > from && at + 1 == to && pack.determiners.has(lexed, at, to)
        {
            at += 1;
        } else {
            return None;
        }
    }
    Some(closes)
}
