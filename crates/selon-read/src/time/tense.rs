//! Whether a clause looks back or ahead: the nearest word that shows it.

use std::ops::Range;

use selon_model::Direction;

use super::pack::Tense;
use crate::lex::{Lexed, TokenKind};

/// How many tokens to either side are looked at.
const REACH: usize = 14;

/// Tense of the clause around `tokens`, inside `sentence`: the nearest marked word, the one before
/// winning a tie, and before a conjunction (`coordinated`) in any case: "ils ont fui mardi et
/// reviendront". `None` where no word shows it.
pub(crate) fn clause_tense(
    lexed: &Lexed,
    tense: &Tense,
    sentence: Range<usize>,
    tokens: &Range<usize>,
    coordinated: bool,
) -> Option<Direction> {
    let ends = |token: usize| matches!(lexed.folded(token), ";" | "؛");
    let find =
        |range: &mut dyn Iterator<Item = usize>| {
            range.take(REACH).take_while(|token| !ends(*token)).enumerate().find_map(|(far, token)| {
                Some((far, group_direction(lexed, tense, token, &sentence, tokens)?))
            })
        };
    let before = find(&mut (sentence.start.min(tokens.start)..tokens.start).rev());
    let after = find(&mut (tokens.end..sentence.end.max(tokens.end)));
    match (before, after) {
        (Some((far, direction)), Some((near, _))) if far <= near || coordinated => Some(direction),
        (_, Some((_, direction))) => Some(direction),
        (Some((_, direction)), None) => Some(direction),
        (None, None) => None,
    }
}

/// What a word shows, with its auxiliary ("will be held") or its plan ("has been scheduled"), which
/// stand beside it in its clause, on the same side of the time at `time`.
fn group_direction(
    lexed: &Lexed,
    tense: &Tense,
    token: usize,
    sentence: &Range<usize>,
    time: &Range<usize>,
) -> Option<Direction> {
    let own = direction(lexed, tense, token)?;
    let plans = |near: usize| {
        tense.future.iter().any(|known| known == lexed.folded(near))
            && is_written(lexed, near, sentence.start)
    };
    let parted = |near: &usize| {
        time.contains(near)
            || lexed.tokens().get(*near).is_none_or(|token| token.kind != TokenKind::Word)
            || tense.parts.iter().any(|word| word == lexed.folded(*near))
    };
    let before = (sentence.start..token).rev().take(3).take_while(|near| !parted(near)).any(plans);
    let after = (token + 1..sentence.end.min(token + 4)).take_while(|near| !parted(near)).any(plans);
    Some(if before || after { Direction::Future } else { own })
}

/// "May" is no "may": a capital within a sentence makes a name of a word that shows a tense.
fn is_written(lexed: &Lexed, at: usize, opens: usize) -> bool {
    at == opens || lexed.tokens().get(at).is_some_and(|token| !token.capital)
}

fn direction(lexed: &Lexed, tense: &Tense, token: usize) -> Option<Direction> {
    if lexed.tokens().get(token)?.kind != TokenKind::Word {
        return None;
    }
    let word = lexed.folded(token);
    let listed = |words: &[String]| words.iter().any(|known| known == word);
    let ends = |endings: &[String]| {
        endings.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
    };
    let begins = |beginnings: &[String]| {
        beginnings.iter().any(|start| word.starts_with(start.as_str())) && word.chars().count() >= 5
    };
    let pair = tense.future_pairs.iter().any(|pair| {
        pair.split_once(' ').is_some_and(|(first, second)| word == first && lexed.folded(token + 1) == second)
    });
    if pair {
        Some(Direction::Future)
    } else if listed(&tense.neither) {
        None
    } else if listed(&tense.future) {
        // A month that is written like the verb.
        (!lexed.tokens()[token].capital).then_some(Direction::Future)
    } else if listed(&tense.past) {
        Some(Direction::Past)
    } else if ends(&tense.future_endings) || begins(&tense.future_beginnings) {
        Some(Direction::Future)
    } else if ends(&tense.past_endings) {
        Some(Direction::Past)
    } else {
        None
    }
}
