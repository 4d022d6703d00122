//! Composition: atoms that stand together become one expression. Shared by all languages; the
//! packs only say which words connect, limit or shift.
//!
//! Order matters: lists give back what they share; modifiers, then shifts, take the words right
//! beside an atom; "of" hangs a part on its whole; date, part of day and clock join; two
//! neighbours make a range; a bound says which side is meant.

use super::atom::{Amount, Atom, DateWords, Expression};
use super::calendar::Unit;
use super::lexeme::{Lexeme, Lexemes};
use super::list::{share_back, share_forward};
use super::pack::TimePack;
use super::word::{Bound, Class, DayPart, Glue, Modifier, Value};
use crate::lex::{Lexed, TokenKind};

/// Joins the atoms of a text, in text order.
pub(crate) fn compose(atoms: Vec<Atom>, lexed: &Lexed, lexemes: &Lexemes, pack: &TimePack) -> Vec<Atom> {
    let mut atoms = share_forward(share_back(atoms, lexemes), lexed, lexemes);
    for index in 0..atoms.len() {
        let floor = index.checked_sub(1).map_or(0, |before| atoms[before].tokens.end);
        take_modifiers(&mut atoms[index], lexemes, floor);
        take_shift(&mut atoms[index], lexemes, floor);
    }
    // "Deux jours auparavant": the word that shifts is no reference of its own.
    atoms.dedup_by(|next, before| {
        before.tokens.start <= next.tokens.start && next.tokens.end <= before.tokens.end
    });
    join(&mut atoms, lexemes, join_length);
    join(&mut atoms, lexemes, hang);
    for atom in &mut atoms {
        // "The last Sunday", of nothing: the one before now.
        if let Expression::Nth { n: -1, weekday: Some(weekday), of: None, .. } = atom.expression {
            let date = DateWords { weekday: Some(weekday), direction: Some(-1), ..DateWords::default() };
            atom.expression = Expression::Date(date);
        }
        // "Le dernier trimestre", of nothing.
        if let Expression::Nth { n: -1, unit, weekday: None, of: None } = atom.expression
            && unit >= Unit::Week
        {
            atom.expression = Expression::Period { unit, n: -1, narrative: false };
        }
    }
    join(&mut atoms, lexemes, join_year);
    join(&mut atoms, lexemes, join_half_day);
    join(&mut atoms, lexemes, join_day);
    join(&mut atoms, lexemes, join_day);
    join(&mut atoms, lexemes, join_range);
    for atom in &mut atoms {
        leave_open(atom, lexemes);
        take_bound(atom, lexed, lexemes);
    }
    atoms.retain(|atom| stands_alone(atom, lexemes) && !is_age(atom, lexed, lexemes, pack));
    atoms
}

/// Whether the tokens between can all be read as the given small words.
pub(super) fn is_between(lexemes: &Lexemes, from: usize, to: usize, kinds: &[Glue], at_most: usize) -> bool {
    if from > to || to - from > 5 || (from..=to).any(|token| lexemes.is_break(token)) {
        return false;
    }
    let (mut at, mut steps) = (from, 0);
    while at < to {
        let next = lexemes
            .at(at)
            .iter()
            .filter(|lexeme| {
                matches!(lexeme.value, Value::Glue(kind) if kinds.contains(&kind)) && lexeme.end() <= to
            })
            .map(Lexeme::end)
            .max();
        match next {
            Some(next) if steps < at_most => (at, steps) = (next, steps + 1),
            _ => return false,
        }
    }
    true
}

/// "plus de", "début", "about": the words right before or after.
fn take_modifiers(atom: &mut Atom, lexemes: &Lexemes, floor: usize) {
    for _ in 0..2 {
        let (start, end) = (atom.tokens.start, atom.tokens.end);
        let fits = |lexeme: &&Lexeme, post: bool| {
            lexeme.class == Class::Modifier
                && lexeme.features.post == post
                && matches!(lexeme.value, Value::Modifier(modifier) if applies(modifier, atom))
        };
        let before = (!lexemes.is_break(start))
            .then(|| {
                let before = lexemes.ending_at(start).filter(|lexeme| lexeme.start as usize >= floor);
                before.filter(|lexeme| fits(lexeme, false)).max_by_key(|lexeme| lexeme.len)
            })
            .flatten();
        let after = (!lexemes.is_break(end))
            .then(|| {
                lexemes.at(end).iter().filter(|lexeme| fits(lexeme, true)).max_by_key(|lexeme| lexeme.len)
            })
            .flatten();
        let Some(lexeme) = before.or(after).copied() else { return };
        let Value::Modifier(modifier) = lexeme.value else { return };
        atom.modifier = Some(atom.modifier.unwrap_or(modifier));
        if !lexeme.features.out {
            atom.tokens = start.min(lexeme.start as usize)..end.max(lexeme.end());
            if let Expression::Range(from, _) = &mut atom.expression
                && lexeme.end() == start
            {
                from.tokens.start = lexeme.start as usize;
            }
        }
        if let Expression::Bare(unit) = atom.expression {
            atom.expression = Expression::Period { unit, n: 0, narrative: false };
        }
        if lexeme.features.out {
            return;
        }
    }
}

fn applies(modifier: Modifier, atom: &Atom) -> bool {
    let expression = match &atom.expression {
        Expression::Range(_, until) => &until.expression,
        expression => expression,
    };
    let is_length = matches!(expression, Expression::Length { .. });
    let is_window = matches!(expression, Expression::Window { .. } | Expression::Set(_));
    match modifier {
        Modifier::Start | Modifier::Mid | Modifier::End => {
            !is_length && !is_window && !matches!(expression, Expression::Reference(_) | Expression::Clock)
        }
        Modifier::Approx => !matches!(expression, Expression::Bare(_)),
        _ => is_length,
    }
}

/// "il y a", "ago", "plus tard": a length becomes a point.
fn take_shift(atom: &mut Atom, lexemes: &Lexemes, floor: usize) {
    let Expression::Length { amount, factor, unit } = atom.expression else { return };
    let (start, end) = (atom.tokens.start, atom.tokens.end);
    let before = lexemes
        .ending_at(start)
        .filter(|lexeme| !lexemes.is_break(start) && lexeme.start as usize >= floor)
        .find(|lexeme| lexeme.class == Class::Shift && !lexeme.features.post);
    let after = (!lexemes.is_break(end))
        .then(|| lexemes.at(end).iter().filter(|lexeme| lexeme.class == Class::Shift && lexeme.features.post))
        .and_then(|after| after.max_by_key(|lexeme| lexeme.len));
    let Some(lexeme) = before.or(after) else { return };
    let Some(sign) = lexeme.value.whole() else { return };
    if lexeme.features.ahead {
        atom.ahead = true;
        return;
    }
    if !lexeme.features.out {
        atom.tokens = start.min(lexeme.start as usize)..end.max(lexeme.end());
    }
    let narrative = lexeme.features.narrative;
    atom.either = lexeme.features.either;
    atom.expression = Expression::Shift { amount, factor, unit, sign: sign.signum(), narrative };
}

/// Merges neighbours as long as `merge` takes them, left to right.
fn join(atoms: &mut Vec<Atom>, lexemes: &Lexemes, merge: fn(&Atom, &Atom, &Lexemes) -> Option<Atom>) {
    let mut joined: Vec<Atom> = Vec::with_capacity(atoms.len());
    for atom in std::mem::take(atoms) {
        match joined.last().and_then(|before| merge(before, &atom, lexemes)) {
            Some(merged) => {
                joined.pop();
                joined.push(merged);
            }
            None => joined.push(atom),
        }
    }
    *atoms = joined;
}

fn merged(a: &Atom, b: &Atom, expression: Expression) -> Atom {
    let mut atom = Atom::new(expression, a.tokens.start..b.tokens.end, a.rules[0]);
    atom.rules = a.rules.iter().chain(&b.rules).copied().collect();
    atom.part = a.part.or(b.part);
    atom.clock = a.clock.or(b.clock);
    atom.modifier = a.modifier.or(b.modifier);
    atom
}

/// "Two years, three months and a day", "an hour and ten minutes ago": one length.
fn join_length(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let part = |expression: &Expression| match *expression {
        Expression::Length { amount: Amount::Exactly(n), factor, unit }
        | Expression::Shift { amount: Amount::Exactly(n), factor, unit, .. } => Some((n, factor, unit)),
        _ => None,
    };
    let ((first, factor, unit), last) = (part(&a.expression)?, part(&b.expression)?);
    let smallest = a.rest.last().map_or(unit, |(_, _, unit)| *unit);
    let near = is_between(lexemes, a.tokens.end, b.tokens.start, &[Glue::List, Glue::Comma], 2);
    let plain = b.modifier.is_none() && b.rest.is_empty();
    if last.2 >= smallest || !near || !plain {
        return None;
    }
    let expression = match (&a.expression, &b.expression) {
        (Expression::Length { .. } | Expression::Shift { .. }, Expression::Length { .. }) => {
            a.expression.clone()
        }
        (Expression::Length { .. }, Expression::Shift { sign, narrative, .. }) => Expression::Shift {
            amount: Amount::Exactly(first),
            factor,
            unit,
            sign: *sign,
            narrative: *narrative,
        },
        _ => return None,
    };
    let mut atom = merged(a, b, expression);
    atom.modifier = a.modifier;
    atom.ahead = a.ahead;
    atom.rest = a.rest.clone();
    atom.rest.push(last);
    Some(atom)
}

/// "le premier dimanche de mai", "la soirée de mardi": a part and its whole.
fn hang(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let (from, to) = (a.tokens.end, b.tokens.start);
    if !is_between(lexemes, from, to, &[Glue::Of, Glue::At, Glue::From], 1) {
        return None;
    }
    match &a.expression {
        // "La veille de Noël", "le lendemain du 5 mai".
        Expression::Period { unit: Unit::Day, n, narrative: true }
            if *n != 0
                && a.is_plain()
                && b.is_plain()
                && b.is_day()
                && from < to
                && matches!(b.expression, Expression::Date(_) | Expression::Holiday { .. })
                && is_between(lexemes, from, to, &[Glue::Of], 1) =>
        {
            Some(merged(a, b, Expression::Moved { days: *n, of: Box::new(b.expression.clone()) }))
        }
        // "The last week of March": the last in it, not the one before now.
        Expression::Period {
            unit: unit @ (Unit::Day | Unit::Week | Unit::Weekend | Unit::Month),
            n: -1,
            ..
        } if from < to
            && !matches!(b.expression, Expression::Bare(_))
            && is_between(lexemes, from, to, &[Glue::Of], 1) =>
        {
            let last = Expression::Nth { n: -1, unit: *unit, weekday: None, of: None };
            hang(&Atom { expression: last, ..a.clone() }, b, lexemes)
        }
        Expression::Nth { n, unit, weekday, of: None } => {
            let of = match &b.expression {
                Expression::Bare(unit) => Expression::Period { unit: *unit, n: 0, narrative: true },
                Expression::Date(date) if date.day.is_none() && date.weekday.is_none() => {
                    b.expression.clone()
                }
                Expression::Period { unit, .. } if *unit > Unit::Week => b.expression.clone(),
                Expression::Season { .. } => b.expression.clone(),
                _ => return None,
            };
            let nth = Expression::Nth { n: *n, unit: *unit, weekday: *weekday, of: Some(Box::new(of)) };
            let mut atom = merged(a, b, nth);
            atom.modifier = a.modifier;
            Some(atom)
        }
        // "The week of 2 March": the week that holds it.
        Expression::Bare(unit @ (Unit::Week | Unit::Weekend))
            if b.is_plain()
                && b.is_day()
                && from < to
                && matches!(b.expression, Expression::Date(_))
                && is_between(lexemes, from, to, &[Glue::Of], 1) =>
        {
            let of = Some(Box::new(b.expression.clone()));
            Some(merged(a, b, Expression::Nth { n: 0, unit: *unit, weekday: None, of }))
        }
        Expression::Part if b.is_day() && b.is_plain() => {
            let hangs = from < to && is_between(lexemes, from, to, &[Glue::Of, Glue::At], 1);
            hangs.then(|| merged(a, b, b.expression.clone()))
        }
        _ => None,
    }
}

/// "June last year", "le 5 mai de l'an dernier", "у травні того ж року".
fn join_year(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let (Expression::Date(date), Expression::Period { unit: Unit::Year, n, narrative }) =
        (&a.expression, &b.expression)
    else {
        return None;
    };
    let open = date.month.is_some() && date.year.is_none() && date.direction.is_none();
    if !open || !is_between(lexemes, a.tokens.end, b.tokens.start, &[Glue::Of], 1) {
        return None;
    }
    Some(merged(a, b, Expression::Date(DateWords { years: Some(*n), told_years: *narrative, ..*date })))
}

/// Date, part of the day and clock, in any order.
fn join_day(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let (from, to) = (a.tokens.end, b.tokens.start);
    let beside = is_between(lexemes, from, to, &[], 0);
    let near = is_between(lexemes, from, to, &[Glue::At, Glue::Comma, Glue::Of, Glue::From], 2);
    if !near {
        return None;
    }
    let a_clock = a.expression == Expression::Clock;
    let b_clock = b.expression == Expression::Clock;
    let a_part = a.expression == Expression::Part;
    let b_part = b.expression == Expression::Part;
    if a.is_day() && a.is_plain() && !b.is_plain() && b.is_day() {
        return None;
    }
    // "aujourd'hui vendredi": the second says the same more exactly.
    if let (Expression::Period { unit: Unit::Day, n, .. }, Expression::Date(date)) =
        (&a.expression, &b.expression)
        && (date.weekday.is_some() || date.day.is_some())
        && is_between(lexemes, from, to, &[Glue::Comma, Glue::Of], 1)
        && a.pieces.is_empty()
    {
        let mut date = *date;
        if date.day.is_none() {
            date.direction = Some(if *n < 0 { -1 } else { *n as i8 & 1 });
        }
        return Some(merged(a, b, Expression::Date(date)));
    }
    let (day, other) = match () {
        () if a.is_day() && a.clock.is_none() && (b_clock || (b_part && a.part.is_none())) => (a, b),
        () if b.is_day() && b.is_plain() && (a_clock || a_part) => (b, a),
        () if a_part && b_clock && !beside => {
            let mut atom = merged(a, b, Expression::Clock);
            atom.pieces = vec![(a.tokens.clone(), false), (b.tokens.clone(), true)];
            return Some(atom);
        }
        () => return None,
    };
    if a_part && !beside {
        return None;
    }
    let mut atom = merged(a, b, day.expression.clone());
    atom.clock = other.clock.or(day.clock);
    atom.part = day.part.or(other.part);
    if !beside {
        let first = (a.tokens.clone(), !std::ptr::eq(day, a));
        atom.pieces = if a.pieces.is_empty() { vec![first] } else { a.pieces.clone() };
        atom.pieces.push((b.tokens.clone(), std::ptr::eq(day, a)));
    } else if !a.pieces.is_empty() {
        atom.pieces = a.pieces.clone();
        if let Some(last) = atom.pieces.last_mut() {
            last.0.end = b.tokens.end;
        }
    }
    Some(atom)
}

/// "3 h de l'après-midi": the part of the day makes the hour one of 24.
fn join_half_day(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let halves = a.expression == Expression::Clock && b.expression == Expression::Part && b.clock.is_none();
    if !halves || !is_between(lexemes, a.tokens.end, b.tokens.start, &[Glue::At, Glue::Of], 1) {
        return None;
    }
    let mut atom = merged(a, b, Expression::Clock);
    if let (Some(clock), Some(part)) = (&mut atom.clock, b.part)
        && clock.hour < 12
        && (matches!(part, DayPart::Afternoon | DayPart::Evening)
            || (part == DayPart::Night && clock.hour > 6))
    {
        clock.hour += 12;
    }
    atom.part = None;
    Some(atom)
}

/// "du 20 au 24 février", "entre 10 h et 12 h".
fn join_range(a: &Atom, b: &Atom, lexemes: &Lexemes) -> Option<Atom> {
    let (from, to) = (a.tokens.end, b.tokens.start);
    if from == to || !comparable(a, b) {
        return None;
    }
    let opened = !lexemes.is_break(a.tokens.start)
        && lexemes.ending_at(a.tokens.start).any(|lexeme| matches!(lexeme.value, Value::Glue(Glue::Between)));
    let spans = is_between(lexemes, from, to, &[Glue::Range], 1)
        || (opened && is_between(lexemes, from, to, &[Glue::List], 1));
    if !spans {
        return None;
    }
    let mut atom = Atom::new(
        Expression::Range(Box::new(a.clone()), Box::new(b.clone())),
        a.tokens.start..b.tokens.end,
        a.rules[0],
    );
    atom.rules = a.rules.iter().chain(&b.rules).copied().collect();
    Some(atom)
}

fn comparable(a: &Atom, b: &Atom) -> bool {
    let has_clock = |atom: &Atom| atom.clock.is_some();
    let is_date = |atom: &Atom| {
        matches!(
            atom.expression,
            Expression::Date(_)
                | Expression::Period { .. }
                | Expression::Season { .. }
                | Expression::Holiday { .. }
                | Expression::Decade(_)
                | Expression::Century(_)
                | Expression::Nth { .. }
        )
    };
    (has_clock(a) && has_clock(b))
        || (is_date(a) && is_date(b) && !has_clock(a) && !has_clock(b))
        || (is_date(a) && matches!(b.expression, Expression::Reference(_)))
}

/// "Au lendemain d'un discours": the day after something, not after the day last told of. What
/// day that was is not known, and is not guessed.
fn leave_open(atom: &mut Atom, lexemes: &Lexemes) {
    let Expression::Period { unit, n, narrative: true } = atom.expression else { return };
    let end = atom.tokens.end;
    let of = |lexeme: &Lexeme| matches!(lexeme.value, Value::Glue(Glue::Of));
    if n != 0 && atom.pieces.is_empty() && !lexemes.is_break(end) && lexemes.at(end).iter().any(of) {
        atom.expression = Expression::Open(unit);
    }
}

/// "depuis", "jusqu'au", "by": which side is meant.
fn take_bound(atom: &mut Atom, lexed: &Lexed, lexemes: &Lexemes) {
    let start = atom.tokens.start;
    if lexemes.is_break(start) {
        return;
    }
    let bound = lexemes.ending_at(start).find(|lexeme| lexeme.class == Class::Bound);
    if let Some(Value::Bound(bound)) = bound.map(|lexeme| lexeme.value) {
        // "the toll from Monday's strike": the strike is what it comes from, not the day.
        let owned = bound == Bound::From && is_possessive(lexed, atom.tokens.end);
        // "Vor zwei Tagen": the word that makes it a point bounds nothing.
        let shifts = matches!(atom.expression, Expression::Shift { .. })
            && lexemes.ending_at(start).any(|lexeme| lexeme.class == Class::Shift && !lexeme.features.post);
        atom.bound = (!owned && !shifts).then_some(bound);
    }
}

/// An apostrophe stands right after the word before it, with letters behind it.
fn is_possessive(lexed: &Lexed, at: usize) -> bool {
    let tokens = lexed.tokens();
    tokens.get(at).is_some_and(|mark| !mark.spaced && matches!(lexed.folded(at), "'" | "’"))
        && tokens.get(at + 1).is_some_and(|word| !word.spaced && word.kind == TokenKind::Word)
}

/// Whether what is left means a time: a lone unit or ordinal does not, an ambiguous month only
/// after a preposition.
fn stands_alone(atom: &Atom, lexemes: &Lexemes) -> bool {
    match &atom.expression {
        Expression::Bare(_) | Expression::Nothing => return false,
        Expression::Nth { unit, of: None, .. } => return matches!(unit, Unit::Quarter | Unit::Half),
        _ => {}
    }
    let start = atom.tokens.start;
    !atom.needs_cue
        || atom.modifier.is_some()
        || atom.bound.is_some()
        || (atom.part.is_some() && atom.expression != Expression::Part)
        || atom.clock.is_some()
        || (!lexemes.is_break(start)
            && lexemes.ending_at(start).any(|lexeme| {
                lexeme.class == Class::Cue
                    || matches!(lexeme.value, Value::Glue(Glue::At | Glue::Of | Glue::From | Glue::Between))
            }))
}

/// "âgé de 38 ans", "Anna Roy, 97 ans,", "a 12-year-old": the length of a life so far.
fn is_age(atom: &Atom, lexed: &Lexed, lexemes: &Lexemes, pack: &TimePack) -> bool {
    let expression = match &atom.expression {
        Expression::Range(_, until) => &until.expression,
        expression => expression,
    };
    let Expression::Length { unit, .. } = expression else { return false };
    let (start, end) = (atom.tokens.start, atom.tokens.end);
    let cue_before = !lexemes.is_break(start)
        && lexemes.ending_at(start).any(|lexeme| lexeme.class == Class::AgeCue && !lexeme.features.post);
    let cue_after = !lexemes.is_break(end)
        && lexemes.at(end).iter().any(|lexeme| lexeme.class == Class::AgeCue && lexeme.features.post);
    if cue_before || cue_after {
        return true;
    }
    if *unit != Unit::Year || start < 2 || lexemes.is_break(start) {
        return false;
    }
    let names_person = |at: usize| {
        let word = lexed.folded(at);
        let ends = pack.settings.person_endings.iter().any(|ending| word.ends_with(ending.as_str()));
        (ends && !pack.settings.no_persons.iter().any(|other| other == word))
            || lexemes.ending_at(at + 1).any(|lexeme| lexeme.class == Class::Person)
    };
    // The noun, or the noun before two adjectives: "une jeune journaliste palestinienne".
    let person = || {
        let words = (start.saturating_sub(4)..start - 1).rev();
        let mut words =
            words.take_while(|&at| lexed.tokens()[at].kind == TokenKind::Word && !lexemes.is_break(at + 1));
        words.any(names_person)
    };
    let before = lexed.folded(start - 1);
    // "Un chauffeur de 38 ans".
    if pack.settings.age_links.iter().any(|link| link == before) {
        return !lexemes.is_break(start - 1) && person();
    }
    let opens = matches!(before, "," | "(" | "،");
    let closes = lexemes.is_break(end) || matches!(lexed.folded(end), "," | ")" | "." | "،");
    opens && closes && !lexemes.is_break(start - 1) && (lexed.tokens()[start - 2].capital || person())
}
