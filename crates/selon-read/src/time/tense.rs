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
    let find = |range: &mut dyn Iterator<Item = usize>| {
        range
            .take(REACH)
            .take_while(|token| !ends(*token))
            .enumerate()
            .find_map(|(far, token)| Some((far, group_direction(lexed, tense, token, sentence.start)?)))
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

/// What a word shows, with its auxiliary ("will be held") or its plan ("has been scheduled").
fn group_direction(lexed: &Lexed, tense: &Tense, token: usize, floor: usize) -> Option<Direction> {
    let own = direction(lexed, tense, token)?;
    let plans = |near: usize| tense.future.iter().any(|known| known == lexed.folded(near));
    let ahead = (floor..token).rev().take(3).any(plans) || (token + 1..token + 4).any(plans);
    Some(if ahead { Direction::Future } else { own })
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
    if listed(&tense.neither) {
        None
    } else if listed(&tense.future) {
        Some(Direction::Future)
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
