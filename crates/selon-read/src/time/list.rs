//! Lists: a month, year or unit that is said once for several numbers.

use std::ops::Range;

use super::atom::{Amount, Atom, Clock, DateWords, Expression};
use super::compose::is_between;
use super::lexeme::{Lexeme, Lexemes};
use super::word::{Class, Glue, Value};
use crate::lex::{Lexed, TokenKind};

/// "les 3, 4 et 5 mai", "8 à 24 mois": the month, year or unit flows back to bare numbers.
pub(super) fn share_back(atoms: Vec<Atom>, lexemes: &Lexemes) -> Vec<Atom> {
    let mut all: Vec<Atom> = Vec::with_capacity(atoms.len());
    for mut atom in atoms {
        let start = atom.tokens.start;
        let floor = all.last().map_or(0, |before| before.tokens.end);
        match atom.expression {
            Expression::Date(date) if date.day.is_some() && date.month.is_some() && !date.numeric => {
                days_before(&mut all, &atom, &date, lexemes);
                year_before(&mut all, start, &date, lexemes);
            }
            Expression::Length { amount: Amount::Exactly(most), factor, unit } => {
                if let Some((tokens, Value::Number(least))) =
                    number_before(lexemes, start, floor, Class::Number, false)
                    && least < most
                {
                    let rule = atom.rules[0];
                    let length = Expression::Length { amount: Amount::Exactly(least), factor, unit };
                    let hull = tokens.start..atom.tokens.end;
                    let from = Box::new(Atom::new(length, tokens, rule));
                    atom = Atom::new(Expression::Range(from, Box::new(atom)), hull, rule);
                }
            }
            Expression::Date(date) if date.year.is_some_and(|year| year <= 0) && date.month.is_none() => {
                years_before(&mut all, &atom, &date, lexemes);
            }
            // "De 10 à 12 h": the hour before is one too.
            Expression::Clock if atom.clock.is_some_and(|clock| clock.zone.is_none()) => {
                let found = number_before(lexemes, start, floor, Class::Hour, false);
                if let Some((tokens, hour)) = found
                    && let Some(hour) = hour.whole().and_then(|hour| u8::try_from(hour).ok())
                    && let Some(clock) = atom.clock
                    && hour < clock.hour
                    && !lexemes.ending_at(tokens.start).any(|lexeme| lexeme.class == Class::Determiner)
                {
                    let rule = atom.rules[0];
                    let mut from = Atom::new(Expression::Clock, tokens.clone(), rule);
                    from.clock = Some(Clock { hour, minute: None, zone: None });
                    let hull = tokens.start..atom.tokens.end;
                    atom = Atom::new(Expression::Range(Box::new(from), Box::new(atom)), hull, rule);
                }
            }
            Expression::Season { year: Some(year), .. } => {
                if is_between(lexemes, floor, start, &[Glue::List, Glue::Comma, Glue::Range, Glue::Or], 2)
                    && let Some(Atom {
                        expression: Expression::Season { year: before, direction, .. }, ..
                    }) = all.last_mut()
                    && before.is_none()
                    && direction.is_none()
                {
                    *before = Some(year);
                }
            }
            Expression::Date(date) if date.year.is_some() || date.direction.is_some() => {
                let connects = [Glue::List, Glue::Comma, Glue::Range, Glue::Or];
                if is_between(lexemes, floor, start, &connects, 2)
                    && let Some(Atom { expression: Expression::Date(words), .. }) = all.last_mut()
                {
                    let alike = words.month.is_some() == date.month.is_some()
                        && words.weekday.is_some() == date.weekday.is_some();
                    if alike && words.year.is_none() && words.direction.is_none() {
                        (words.year, words.direction) = (date.year, date.direction);
                        // "From November to March 1920" begins in the year before.
                        let spans = is_between(lexemes, floor, start, &[Glue::Range], 1);
                        if spans && words.month > date.month {
                            words.year = words.year.map(|year| year - 1);
                        }
                    }
                }
            }
            _ => {}
        }
        all.push(atom);
    }
    all
}

/// "214–213 до н. э.": the era flows back to the year before.
fn years_before(all: &mut Vec<Atom>, atom: &Atom, date: &DateWords, lexemes: &Lexemes) {
    let floor = all.last().map_or(0, |before| before.tokens.end);
    let found = number_before(lexemes, atom.tokens.start, floor, Class::OldYear, false);
    let Some((tokens, year)) = found else { return };
    let Some(year) = year.whole().and_then(|year| i32::try_from(year).ok()) else { return };
    // Years before the era count down.
    if date.year.is_some_and(|later| 1 - year < later) {
        let words = DateWords { year: Some(1 - year), ..*date };
        all.push(Atom::new(Expression::Date(words), tokens, atom.rules[0]));
    }
}

/// "24 February to 30 March 2022": the year flows back to the first.
fn year_before(all: &mut [Atom], start: usize, date: &DateWords, lexemes: &Lexemes) {
    let Some(Atom { expression: Expression::Date(words), tokens, .. }) = all.last_mut() else { return };
    let alike = words.day.is_some() && words.month.is_some();
    let open = words.year.is_none() && words.direction.is_none() && date.year.is_some();
    let spans = is_between(lexemes, tokens.end, start, &[Glue::Range], 1);
    if alike && open && (spans || is_between(lexemes, tokens.end, start, &[Glue::List, Glue::Comma], 1)) {
        let before = spans && words.month > date.month;
        words.year = date.year.map(|year| year - i32::from(before));
    }
}

/// The days that stand in a list before a date, pushed in text order.
fn days_before(all: &mut Vec<Atom>, atom: &Atom, date: &DateWords, lexemes: &Lexemes) {
    let mut siblings = Vec::new();
    let mut start = atom.tokens.start;
    while siblings.len() < 8 {
        let floor = all.last().map_or(0, |before| before.tokens.end);
        let found = number_before(lexemes, start, floor, Class::Day, !siblings.is_empty());
        let Some((mut tokens, day)) = found else { break };
        let Some(day) = day.whole().and_then(|day| u8::try_from(day).ok()) else { break };
        let mut words = DateWords { day: Some(day), weekday: None, ..*date };
        // "samedi 6 et dimanche 7 mai": the weekday was read as an atom of its own.
        if let Some(before) = all.last()
            && before.tokens.end == tokens.start
            && let Expression::Date(DateWords { weekday: Some(weekday), day: None, month: None, .. }) =
                before.expression
        {
            words.weekday = Some(weekday);
            tokens.start = before.tokens.start;
            all.pop();
        }
        start = tokens.start;
        siblings.push(Atom::new(Expression::Date(words), tokens, atom.rules[0]));
    }
    all.extend(siblings.into_iter().rev());
}

/// "May 5 to 8", "March 3-5, 2016": a bare number after a day takes its month.
pub(super) fn share_forward(atoms: Vec<Atom>, lexed: &Lexed, lexemes: &Lexemes) -> Vec<Atom> {
    let mut all: Vec<Atom> = Vec::with_capacity(atoms.len());
    let mut taken = 0;
    let ceilings: Vec<usize> = atoms.iter().skip(1).map(|atom| atom.tokens.start).collect();
    for (index, mut atom) in atoms.into_iter().enumerate() {
        if atom.tokens.start < taken {
            continue;
        }
        let end = atom.tokens.end;
        let ceiling = ceilings.get(index).copied().unwrap_or(usize::MAX);
        let mut next = None;
        if let Expression::Date(date) = &mut atom.expression {
            let bare = date.day.is_some() && date.month.is_some() && date.year.is_none() && !date.numeric;
            // The day must be the last word: only then can a number continue it.
            let ends_with_day = lexemes.ending_at(end).any(|lexeme| lexeme.class == Class::Day);
            let found = (bare && ends_with_day).then(|| day_after(lexed, lexemes, end, ceiling)).flatten();
            if let Some((tokens, day, year)) = found {
                date.year = year;
                let words = DateWords { day: Some(day), weekday: None, ..*date };
                taken = tokens.end;
                next = Some(Atom::new(Expression::Date(words), tokens, atom.rules[0]));
            }
        }
        all.push(atom);
        all.extend(next);
    }
    all
}

fn day_after(
    lexed: &Lexed,
    lexemes: &Lexemes,
    end: usize,
    ceiling: usize,
) -> Option<(Range<usize>, u8, Option<i32>)> {
    let connects = |lexeme: &&Lexeme| matches!(lexeme.value, Value::Glue(Glue::Range | Glue::List));
    let glue = lexemes.at(end).iter().filter(connects).max_by_key(|lexeme| lexeme.len)?;
    if lexemes.is_break(end) || lexemes.is_break(glue.end()) {
        return None;
    }
    let day =
        lexemes.at(glue.end()).iter().filter(|lexeme| lexeme.class == Class::Day).max_by_key(|d| d.len)?;
    let mut to = day.end();
    let comma = usize::from(lexed.folded(to) == "," && !lexemes.is_break(to));
    let year = lexemes.at(to + comma).iter().find(|lexeme| lexeme.class == Class::Year);
    let year = year.filter(|_| !lexemes.is_break(to) && !lexemes.is_break(to + comma));
    if let Some(year) = year {
        to = year.end();
    } else {
        let follows =
            !lexemes.is_break(to) && lexed.tokens().get(to).is_some_and(|next| next.kind == TokenKind::Word);
        if to > ceiling || (follows && !matches!(glue.value, Value::Glue(Glue::Range))) {
            return None;
        }
        let counts = |lexeme: &Lexeme| matches!(lexeme.class, Class::Unit | Class::Month | Class::Meridiem);
        if follows && lexemes.at(to).iter().any(counts) {
            return None;
        }
    }
    let year = year.and_then(|year| i32::try_from(year.value.whole()?).ok());
    Some((day.start as usize..to, u8::try_from(day.value.whole()?).ok()?, year))
}

/// A number and a connecting word right before a token, after `floor`.
fn number_before(
    lexemes: &Lexemes,
    token: usize,
    floor: usize,
    class: Class,
    commas: bool,
) -> Option<(Range<usize>, Value)> {
    let connects = |lexeme: &&Lexeme| match lexeme.value {
        Value::Glue(Glue::Range | Glue::Or) => true,
        Value::Glue(Glue::List) => class == Class::Day,
        Value::Glue(Glue::Comma) => commas,
        _ => false,
    };
    let between_before =
        |at: usize| lexemes.ending_at(at).any(|lexeme| matches!(lexeme.value, Value::Glue(Glue::Between)));
    let listed = |lexeme: &&Lexeme| matches!(lexeme.value, Value::Glue(Glue::List));
    for glue in lexemes.ending_at(token).filter(|lexeme| connects(lexeme) || listed(lexeme)) {
        let at = glue.start as usize;
        let found = lexemes
            .ending_at(at)
            .filter(|lexeme| lexeme.class == class && lexeme.start as usize >= floor)
            .max_by_key(|lexeme| lexeme.len);
        let Some(number) = found else { continue };
        let start = number.start as usize;
        if lexemes.is_tail(start) || (!connects(&glue) && !between_before(start)) {
            continue;
        }
        let determiner = lexemes.ending_at(start).find(|lexeme| {
            lexeme.class == Class::Determiner && class == Class::Day && lexeme.start as usize >= floor
        });
        let start = determiner.map_or(start, |determiner| determiner.start as usize);
        return Some((start..at, number.value));
    }
    None
}
