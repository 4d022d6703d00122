//! "A man was shot dead": an article that counts one victim.
//!
//! An article is no number for the lexer. Here it becomes one where a noun of people follows,
//! with adjectives or an age between at most, or an age alone ("a 12-year-old"); it is kept only where something happened to that
//! person (`reject::is_too_little`).

use std::ops::Range;

use selon_model::Decimal;

use super::noun::{is_compounded, is_human};
use super::pack::FigurePack;
use super::quantity::Measured;
use crate::lex::{Lexed, TokenKind};
use crate::number::{Number, NumberKind};

/// Words between an article and its noun ("a young local man").
const BETWEEN: usize = 4;

/// Adds articles to the numbers of a sentence, and takes out the ages between an article and
/// its noun. Gives each such article with the token its noun is looked for from.
pub(super) fn count_articles(
    lexed: &Lexed,
    sentence: Range<usize>,
    numbers: &mut Vec<Number>,
    pack: &FigurePack,
) -> Vec<(usize, usize)> {
    let mut victims = Vec::new();
    if pack.articles.is_empty() {
        return victims;
    }
    for at in sentence.clone() {
        if lexed.tokens()[at].kind != TokenKind::Word || !pack.articles.contains(lexed.folded(at)) {
            continue;
        }
        let next = numbers.partition_point(|number| number.tokens.end <= at);
        if numbers.get(next).is_some_and(|number| number.tokens.start <= at) {
            continue;
        }
        let mut from = at + 1;
        let age = numbers.get(next).filter(|number| number.tokens.start == from).map(|number| {
            let end = number.tokens.end;
            pack.not_after.at(lexed, end, sentence.end).map(|(_, after)| after)
        });
        match age {
            Some(Some(after)) => from = after,
            Some(None) => continue,
            None => {}
        }
        let limit = sentence.end.min(from + BETWEEN + 1);
        let limit = numbers
            .get(next + usize::from(age.is_some()))
            .map_or(limit, |number| limit.min(number.tokens.start));
        if age.is_none() && !is_victim(lexed, from, limit, pack) {
            continue;
        }
        if age.is_some() {
            numbers.remove(next);
        }
        numbers.insert(next, one(lexed, at));
        victims.push((at, from));
    }
    victims
}

/// Whether a noun of people ends the words that begin at `from`.
fn is_victim(lexed: &Lexed, from: usize, limit: usize, pack: &FigurePack) -> bool {
    for at in from..limit {
        if let Some((row, next)) = pack.unit_forms.at(lexed, at, limit) {
            // "a rebel-held town" counts nobody.
            let compound = is_compounded(lexed, next + 1);
            let unit = &pack.units[row];
            let plural = pack.looks_plural(lexed.folded(next - 1));
            return is_human(&unit.class) && unit.event.is_none() && !plural && !compound;
        }
        let word = matches!(lexed.tokens()[at].kind, TokenKind::Word | TokenKind::Dash);
        let stop = [&pack.stops, &pack.clause_stops, &pack.passive, &pack.active, &pack.determiners];
        if !word || stop.iter().any(|phrases| phrases.has(lexed, at, limit)) {
            return false;
        }
    }
    false
}

fn one(lexed: &Lexed, at: usize) -> Number {
    Number {
        tokens: at..at + 1,
        span: lexed.span(at..at + 1),
        value: Decimal::ONE,
        kind: NumberKind::Cardinal,
        digits: false,
        approximate: false,
        article: true,
        scale: Decimal::ONE,
    }
}

/// "a | 27-year-old | man": the noun is looked for after the age.
pub(super) fn step_over_ages(measured: &mut [Measured], victims: &[(usize, usize)]) {
    for one in measured.iter_mut().filter(|one| one.article) {
        let victim = victims.iter().find(|(at, _)| one.first.start == *at);
        if let Some((_, from)) = victim {
            one.aged = *from > one.first.end;
            one.tokens.end = one.tokens.end.max(*from);
        }
    }
}
