//! "A man was shot dead": an article that counts one victim.
//!
//! An article is no number for the lexer. Here it becomes one where a noun of people follows,
//! with adjectives or an age between at most, or an age alone ("a 12-year-old"). An age without an
//! article ("the 12-year-old", "12-year-old Mara Odel"), a name with its age ("Karim Odel, 34,") and
//! whoever is somebody's at the end of a list ("a woman and her son") count one as well, and "both"
//! counts two where it stands for them ("both died"). All are kept only where something happened to that person
//! (`reject::is_too_little`).

use std::ops::Range;

use selon_model::Decimal;

use super::noun::{is_compounded, is_human};
use super::pack::FigurePack;
use super::quantity::Measured;
use crate::lex::{Lexed, TokenKind};
use crate::number::{Number, NumberKind};

/// Years that a person may have lived.
const OLDEST: u32 = 110;
/// Words between an article and its noun ("a young local man").
const BETWEEN: usize = 4;

/// A word that counts one person, or two.
pub(super) struct Victim {
    /// The word.
    at: usize,
    /// It with the age; the noun is looked for behind.
    whole: Range<usize>,
    /// It stands without a noun: by an age, or as "both".
    alone: bool,
}

/// Adds articles to the numbers of a sentence, and takes out the ages between an article and
/// its noun; ages that count one person are taken for it.
pub(super) fn count_articles(
    lexed: &Lexed,
    sentence: Range<usize>,
    numbers: &mut Vec<Number>,
    pack: &FigurePack,
) -> Vec<Victim> {
    let mut victims = count_both(lexed, &sentence, numbers, pack);
    if pack.articles.is_empty() && pack.possessives.is_empty() {
        return victims;
    }
    for at in sentence.clone() {
        let word = lexed.folded(at);
        let listed = || pack.possessives.contains(word) && follows_person(lexed, at, sentence.start, pack);
        if lexed.tokens()[at].kind != TokenKind::Word || !(pack.articles.contains(word) || listed()) {
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
        numbers.insert(next, counted(lexed, at, Decimal::ONE));
        victims.push(Victim { at, whole: at..from, alone: age.is_some() });
    }
    for index in 0..numbers.len() {
        if numbers[index].article {
            continue;
        }
        let aged = age_of_one(lexed, numbers, index, &sentence, pack)
            .or_else(|| age_after_name(lexed, &numbers[index], &sentence, pack));
        if let Some(victim) = aged {
            numbers[index] = counted(lexed, victim.at, Decimal::ONE);
            victims.push(victim);
        }
    }
    victims
}

/// "both died", "said both were killed": not of a list, which counts by itself, nor of a noun ("both sides").
fn count_both(
    lexed: &Lexed,
    sentence: &Range<usize>,
    numbers: &mut Vec<Number>,
    pack: &FigurePack,
) -> Vec<Victim> {
    let mut found = Vec::new();
    for at in sentence.clone().filter(|at| pack.both.contains(lexed.folded(*at))) {
        let next = numbers.partition_point(|number| number.tokens.end <= at);
        let verbs = [&pack.passive, &pack.active, &pack.event_forms];
        let is_subject = verbs.iter().any(|phrases| phrases.has(lexed, at + 1, sentence.end));
        let opens = at == sentence.start || pack.clause_stops.before(lexed, at, sentence.start).is_some();
        if is_subject && opens {
            numbers.insert(next, counted(lexed, at, Decimal::TWO));
            found.push(Victim { at, whole: at..at + 1, alone: true });
        }
    }
    found
}

/// "the 12-year-old", "12-year-old Mara Odel": the last word of the age stands for one person.
fn age_of_one(
    lexed: &Lexed,
    numbers: &[Number],
    index: usize,
    sentence: &Range<usize>,
    pack: &FigurePack,
) -> Option<Victim> {
    let age = &numbers[index].tokens;
    let (row, from) = pack.not_after.at(lexed, age.end, sentence.end)?;
    let rule = &pack.not_figures[row];
    let singular = (age.end..from).all(|at| !pack.looks_plural(lexed.folded(at)));
    // "two 12-year-old boys"
    let counted = index > 0 && numbers[index - 1].tokens.end == age.start;
    let many = (from..sentence.end.min(from + BETWEEN))
        .take_while(|at| lexed.tokens()[*at].kind == TokenKind::Word)
        .find_map(|at| pack.unit_forms.at(lexed, at, sentence.end))
        .is_some_and(|(_, next)| pack.looks_plural(lexed.folded(next - 1)));
    (rule.counts_one && !rule.off && singular && !counted && !many).then(|| Victim {
        at: from - 1,
        whole: age.start..from,
        alone: true,
    })
}

/// "Karim Odel, 34, was killed": the name stands for one person. A place has no age: "In Tarvena, 34,
/// most of them children, were killed".
fn age_after_name(
    lexed: &Lexed,
    number: &Number,
    sentence: &Range<usize>,
    pack: &FigurePack,
) -> Option<Victim> {
    let tokens = lexed.tokens();
    let (start, end) = (number.tokens.start, number.tokens.end);
    let comma = |at: usize| tokens[at].kind == TokenKind::Comma && lexed.folded(at) == ",";
    let years = number.digits && end == start + 1 && number.is_whole() && number.value <= OLDEST.into();
    if !pack.age_in_commas || !years || start < sentence.start + 2 || end >= sentence.end {
        return None;
    }
    let is_name = |at: &usize| tokens[*at].kind == TokenKind::Word && tokens[*at].capital;
    let first = (sentence.start..start - 1).rev().take_while(is_name).last()?;
    // Not "said Karim Odel, 34,".
    let leads = |at: usize| {
        pack.stops.has(lexed, at, sentence.end) && !pack.clause_stops.has(lexed, at, sentence.end)
    };
    let placed = leads(first) || first > sentence.start && leads(first - 1);
    (comma(start - 1) && comma(end) && !placed).then(|| Victim {
        at: start - 2,
        whole: start - 2..end + 1,
        alone: true,
    })
}

/// "a woman and | her", "Sami Odel, 34, and | his": "and" after whoever is counted.
fn follows_person(lexed: &Lexed, at: usize, first: usize, pack: &FigurePack) -> bool {
    let Some((_, and)) = pack.adds.before(lexed, at, first) else { return false };
    let person = pack.unit_forms.before(lexed, and, first).is_some_and(|(row, from)| {
        is_human(&pack.units[row].class) && !pack.looks_plural(lexed.folded(and - 1)) && from > first
    });
    let in_commas = and > first && lexed.tokens()[and - 1].kind == TokenKind::Comma;
    person || in_commas
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

fn counted(lexed: &Lexed, at: usize, value: Decimal) -> Number {
    Number {
        tokens: at..at + 1,
        span: lexed.span(at..at + 1),
        value,
        kind: NumberKind::Cardinal,
        digits: false,
        approximate: false,
        article: true,
        scale: Decimal::ONE,
    }
}

/// "a | 27-year-old | man": the noun is looked for after the age.
pub(super) fn step_over_ages(measured: &mut [Measured], victims: &[Victim]) {
    for one in measured.iter_mut().filter(|one| one.article) {
        if let Some(victim) = victims.iter().find(|victim| one.first.start == victim.at) {
            one.alone = victim.alone;
            one.tokens.start = one.tokens.start.min(victim.whole.start);
            one.tokens.end = one.tokens.end.max(victim.whole.end);
        }
    }
}
