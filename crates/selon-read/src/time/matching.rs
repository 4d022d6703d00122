//! Matching: the pack's patterns over the lexemes, longest first, and what each rule makes.

use selon_model::Decimal;

use super::atom::{Amount, Atom, Clock, ClockZone, DateWords, Expression, Repeated};
use super::calendar::{self, Unit};
use super::lexeme::{Lexeme, Lexemes};
use super::pack::{Argument, Maker, Rule, TimePack};
use super::pattern::{Accept, Symbol};
use super::word::{Class, DayPart, Modifier, Value};
use crate::lex::{Lexed, TokenKind};

/// What a rule matched: rule, tokens, captured lexemes.
struct Match<'p> {
    accept: &'p Accept,
    from: usize,
    to: usize,
    taken: Vec<Option<Lexeme>>,
}

/// Finds the atoms of a text: from each token the longest match, then the first rule.
pub(crate) fn find_atoms(lexed: &Lexed, lexemes: &Lexemes, pack: &TimePack) -> Vec<Atom> {
    let mut atoms = Vec::new();
    let mut token = 0;
    let mut taken = Vec::new();
    while token < lexed.len() {
        let mut found = Vec::new();
        if !lexemes.is_tail(token) && (lexemes.literal(token) != 0 || !lexemes.at(token).is_empty()) {
            walk(pack, lexemes, lexed, token, token, 0, &mut taken, &mut found);
        }
        found.sort_by_key(|found| (std::cmp::Reverse(found.to), found.accept.rule));
        let atom = found.iter().find_map(|found| make(lexed, lexemes, pack, found));
        match atom {
            Some(atom) => {
                token = atom.tokens.end.max(token + 1);
                atoms.push(atom);
            }
            None => token += 1,
        }
    }
    atoms
}

/// Walks the automaton from a token; `taken` is the way so far. Depth is bounded by the longest
/// pattern, breadth by the readings of a token.
#[allow(clippy::too_many_arguments)]
fn walk<'p>(
    pack: &'p TimePack,
    lexemes: &Lexemes,
    lexed: &Lexed,
    start: usize,
    token: usize,
    branch: u32,
    taken: &mut Vec<Option<Lexeme>>,
    found: &mut Vec<Match<'p>>,
) {
    let branch = &pack.automaton.branches[branch as usize];
    for accept in &branch.accepts {
        let context = usize::from(accept.context);
        let from =
            start + taken[..context].iter().map(|lexeme| lexeme.map_or(1, |l| l.len as usize)).sum::<usize>();
        found.push(Match { accept, from, to: token, taken: taken.clone() });
    }
    if token >= lexed.len() || found.len() > 64 || (token > start && lexemes.is_break(token)) {
        return;
    }
    for (symbol, glued, next) in &branch.edges {
        if *glued && lexed.tokens()[token].spaced {
            continue;
        }
        match symbol {
            Symbol::Literal(literal) if lexemes.literal(token) == *literal => {
                taken.push(None);
                walk(pack, lexemes, lexed, start, token + 1, *next, taken, found);
                taken.pop();
            }
            Symbol::Literal(_) => {}
            Symbol::Class(class) => {
                for lexeme in lexemes.at(token).iter().filter(|lexeme| lexeme.class == *class) {
                    taken.push(Some(*lexeme));
                    walk(pack, lexemes, lexed, start, lexeme.end(), *next, taken, found);
                    taken.pop();
                }
            }
        }
    }
}

/// The arguments of a rule, filled.
struct Filled<'m, 'p> {
    rule: &'p Rule,
    found: &'m Match<'p>,
}

impl Filled<'_, '_> {
    fn lexeme(&self, index: usize) -> Option<Lexeme> {
        let Argument::Label(label) = self.rule.arguments.get(index)? else { return None };
        let (_, step) = self.found.accept.captures.iter().find(|(known, _)| known == label)?;
        *self.found.taken.get(usize::from(*step))?
    }

    fn value(&self, index: usize) -> Option<Value> {
        match self.rule.arguments.get(index)? {
            Argument::Label(_) => self.lexeme(index).map(|lexeme| lexeme.value),
            Argument::Constant(value) => Some(*value),
            Argument::Missing => None,
        }
    }

    fn whole(&self, index: usize) -> Option<i64> {
        self.value(index)?.whole()
    }

    fn small(&self, index: usize) -> Option<u8> {
        u8::try_from(self.whole(index)?).ok()
    }

    fn direction(&self, index: usize) -> Option<i8> {
        i8::try_from(self.whole(index)?).ok()
    }

    fn amount(&self, index: usize) -> Option<Amount> {
        match self.value(index)? {
            Value::Number(number) => Some(Amount::Exactly(number)),
            Value::Vague => Some(Amount::Vague),
            _ => None,
        }
    }

    fn unit(&self, index: usize) -> Option<(i64, Unit)> {
        match self.value(index)? {
            Value::Unit(factor, unit) => Some((factor, unit)),
            _ => None,
        }
    }

    fn part(&self, index: usize) -> Option<DayPart> {
        match self.value(index)? {
            Value::Part(part) => Some(part),
            _ => None,
        }
    }

    fn year(&self, index: usize, pivot: i32) -> Option<i32> {
        let year = i32::try_from(self.whole(index)?).ok()?;
        let is_short = self.lexeme(index).is_some_and(|lexeme| lexeme.class == Class::ShortYear);
        Some(if !is_short {
            year
        } else if year <= pivot {
            2000 + year
        } else {
            1900 + year
        })
    }
}

fn make(lexed: &Lexed, lexemes: &Lexemes, pack: &TimePack, found: &Match<'_>) -> Option<Atom> {
    let rule = &pack.rules[usize::from(found.accept.rule)];
    if stands(lexemes, &rule.unless_before, found.from, true)
        || stands(lexemes, &rule.unless_after, found.to, false)
    {
        return None;
    }
    let filled = Filled { rule, found };
    let pivot = pack.settings.two_digit_pivot;
    let tokens = found.from..found.to;
    let mut part = None;
    let mut clock = None;
    let mut needs_cue = false;
    let expression = match rule.maker {
        Maker::Date => {
            let mut weekday = filled.small(3);
            if let Some(Value::WeekdayPart(day, of_day)) = filled.value(3) {
                (weekday, part) = (Some(day), Some(of_day));
            }
            let date = DateWords {
                year: filled.year(0, pivot),
                month: filled.small(1),
                day: filled.small(2),
                weekday,
                direction: filled.direction(4),
                years: None,
                told_years: false,
                eve: false,
                or_eve: false,
                narrative: rule.narrative,
                numeric: filled.lexeme(1).is_some_and(|lexeme| lexeme.class == Class::MonthNumber),
            };
            if date.year.is_some() && date.month.is_none() && tokens.len() == 1 {
                likely_year(lexed, lexemes, pack, tokens.start)?;
            }
            let alone = date.year.is_none() && date.day.is_none() && date.direction.is_none();
            needs_cue = alone
                && [1, 3].iter().any(|index| filled.lexeme(*index).is_some_and(|lexeme| lexeme.features.cue));
            Expression::Date(date)
        }
        Maker::Clock => {
            let (mut hour, mut minute) = match filled.value(0)? {
                Value::Clock(hour, minute) => (hour, Some(minute)),
                value => (u8::try_from(value.whole()?).ok()?, filled.small(1)),
            };
            minute = filled.small(1).or(minute);
            if let Some(meridiem) = filled.whole(2) {
                hour = match (meridiem, hour) {
                    (_, 13..) => return None,
                    (1, 12) => 12,
                    (1, hour) => hour + 12,
                    (_, 12) => 0,
                    (_, hour) => hour,
                };
            }
            if hour > 24 || (hour == 24 && minute.unwrap_or(0) > 0) {
                return None;
            }
            let zone = filled.value(3).and_then(|zone| match zone {
                Value::Zone(index) => Some(ClockZone::Named(index)),
                Value::None => Some(ClockZone::Local),
                zone => zone.whole().and_then(|zone| i16::try_from(zone).ok()).map(ClockZone::Offset),
            });
            clock = Some(Clock { hour, minute, zone });
            Expression::Clock
        }
        Maker::Part => {
            part = Some(filled.part(0)?);
            // Only beside a clock time: "(3 h) du matin".
            needs_cue = filled.whole(1) == Some(1);
            Expression::Part
        }
        Maker::Period => {
            let (factor, unit) = match filled.unit(0)? {
                // A longer unit that the calendar knows by itself.
                (3, Unit::Month) => (1, Unit::Quarter),
                (6, Unit::Month) => (1, Unit::Half),
                unit => unit,
            };
            part = filled.part(2);
            Expression::Period { unit, n: filled.whole(1)?.checked_mul(factor)?, narrative: rule.narrative }
        }
        Maker::Shift => {
            let (factor, unit) = filled.unit(1)?;
            Expression::Shift {
                amount: filled.amount(0)?,
                factor,
                unit,
                sign: filled.whole(2)?,
                narrative: rule.narrative,
            }
        }
        Maker::Duration => {
            let (factor, unit) = filled.unit(1)?;
            let mut amount = filled.amount(0)?;
            if let (Amount::Exactly(number), Some(half)) = (amount, filled.amount(2)) {
                let Amount::Exactly(half) = half else { return None };
                amount = Amount::Exactly(number.checked_add(half)?);
            }
            Expression::Length { amount, factor, unit }
        }
        Maker::Window => {
            let (factor, unit) = filled.unit(1)?;
            Expression::Window { amount: filled.amount(0)?, factor, unit, sign: filled.whole(2)?.signum() }
        }
        Maker::Ordinal => {
            let n = filled.whole(0)?;
            let of = filled.year(2, pivot).map(|year| {
                Box::new(Expression::Date(DateWords { year: Some(year), ..DateWords::default() }))
            });
            let (unit, weekday) = match filled.value(1)? {
                Value::Unit(1, unit) => (unit, None),
                // A longer unit that the calendar knows by itself: "trimestre", "semestre".
                Value::Unit(3, Unit::Month) => (Unit::Quarter, None),
                Value::Unit(6, Unit::Month) => (Unit::Half, None),
                value => (Unit::Day, Some(u8::try_from(value.whole()?).ok()?)),
            };
            Expression::Nth { n, unit, weekday, of }
        }
        Maker::Decade => {
            let decade = i32::try_from(filled.whole(0)?).ok()?;
            let decade = if decade < 100 { 1900 + decade } else { decade };
            Expression::Decade(decade / 10 * 10)
        }
        Maker::Century => {
            let n = i32::try_from(filled.whole(0)?).ok().filter(|n| (1..=30).contains(n))?;
            Expression::Century((n - 1) * 100)
        }
        Maker::Season => {
            let year = filled.year(1, pivot);
            let direction = filled.direction(2);
            needs_cue = year.is_none()
                && direction.is_none()
                && filled.lexeme(0).is_some_and(|lexeme| lexeme.features.cue);
            Expression::Season { season: filled.small(0)?, year, direction }
        }
        Maker::Holiday => {
            let Value::Holiday(index) = filled.value(0)? else { return None };
            Expression::Holiday { index, year: filled.year(1, pivot), direction: filled.direction(2) }
        }
        Maker::Set => Expression::Set(match filled.value(0)? {
            Value::Unit(factor, unit) => {
                let each = match filled.amount(1) {
                    Some(Amount::Exactly(each)) => each,
                    Some(Amount::Vague) => return None,
                    None => Decimal::ONE,
                };
                Repeated::Each(each, factor, unit)
            }
            Value::Part(part) => Repeated::Part(part),
            value => Repeated::Weekday(u8::try_from(value.whole()?).ok()?),
        }),
        Maker::Reference => match filled.value(0)? {
            Value::Reference(reference) => Expression::Reference(reference),
            _ => return None,
        },
        Maker::Deictic | Maker::Anaphor => {
            let Value::Offset(n, unit, at) = filled.value(0)? else { return None };
            part = at;
            Expression::Period { unit, n, narrative: rule.maker == Maker::Anaphor }
        }
        Maker::Night | Maker::Eve => {
            part = Some(DayPart::Night);
            Expression::Date(DateWords {
                weekday: filled.small(0),
                day: filled.small(1),
                month: filled.small(2),
                year: filled.year(3, pivot),
                eve: rule.maker == Maker::Eve,
                or_eve: filled.whole(4) == Some(1),
                ..DateWords::default()
            })
        }
        Maker::Bare => Expression::Bare(filled.unit(0)?.1),
        Maker::BeforeEra => {
            // Astronomers' year 0 is 1 BC.
            let year = i32::try_from(filled.whole(0)?).ok().filter(|year| (1..=9999).contains(year))?;
            let (month, day) = (filled.small(1), filled.small(2));
            Expression::Date(DateWords { year: Some(1 - year), month, day, ..DateWords::default() })
        }
        Maker::Hijri => {
            let (month, day) = (filled.small(1)?, filled.small(2));
            match (filled.whole(0)?, day) {
                (year @ 1300..=1500, Some(day)) => Expression::About(calendar::hijri(year, month, day)?),
                // A month of theirs in a year of ours: "1 Ramadan 2024".
                (year @ 1900..=2200, Some(day)) => {
                    Expression::About(calendar::hijri_in(i32::try_from(year).ok()?, month, day)?)
                }
                (1300..=1500, None) => Expression::Nothing,
                _ => return None,
            }
        }
        Maker::Nothing => Expression::Nothing,
    };
    if let Expression::Date(date) = &expression
        && (date.month.is_some_and(|month| !(1..=12).contains(&month))
            || date.weekday.is_some_and(|weekday| !(1..=7).contains(&weekday)))
    {
        return None;
    }
    let mut atom = Atom::new(expression, tokens, found.accept.rule);
    // "Tonight" is the night to come, however it is told.
    atom.ahead = rule.maker == Maker::Deictic && !found.taken.iter().flatten().any(|l| l.features.either);
    atom.part = part;
    atom.clock = clock;
    atom.needs_cue = needs_cue;
    if found.taken.iter().flatten().any(|lexeme| lexeme.features.approx) {
        atom.modifier = Some(Modifier::Approx);
    }
    Some(atom)
}

/// Whether one of the symbols stands right before or after.
fn stands(lexemes: &Lexemes, symbols: &[Symbol], token: usize, before: bool) -> bool {
    if symbols.is_empty() || lexemes.is_break(token) {
        return false;
    }
    symbols.iter().any(|symbol| match (symbol, before) {
        (Symbol::Literal(literal), true) => token > 0 && lexemes.literal(token - 1) == *literal,
        (Symbol::Literal(literal), false) => lexemes.literal(token) == *literal,
        (Symbol::Class(class), true) => lexemes.ending_at(token).any(|lexeme| lexeme.class == *class),
        (Symbol::Class(class), false) => lexemes.at(token).iter().any(|lexeme| lexeme.class == *class),
    })
}

/// Four digits alone are a year unless they measure or count: after a currency sign or "about",
/// before a percent sign or a decimal, or a round number before a noun.
fn likely_year(lexed: &Lexed, lexemes: &Lexemes, pack: &TimePack, token: usize) -> Option<()> {
    let word = lexed.folded(token);
    let tokens = lexed.tokens();
    let before = token.checked_sub(1).filter(|_| !lexemes.is_break(token));
    let after = Some(token + 1).filter(|after| !lexemes.is_break(*after));
    if let Some(before) = before {
        let mark = lexed.folded(before);
        if matches!(mark, "$" | "€" | "£" | "#" | "¥" | "№" | "n°" | "°" | "@") {
            return None;
        }
        // The year of a date that the calendar does not have: "13/13/2024".
        let glued = |at: usize| tokens.get(at).is_some_and(|token| !token.spaced);
        let short = |at: Option<usize>| {
            at.is_some_and(|at| tokens[at].kind == TokenKind::Digits && lexed.folded(at).chars().count() <= 2)
        };
        let numeric = matches!(mark, "/" | "-" | ".")
            && glued(token)
            && glued(before)
            && short(before.checked_sub(1))
            && before >= 2
            && lexed.folded(before - 2) == mark
            && short(before.checked_sub(3));
        if numeric {
            return None;
        }
        let measures = |lexeme: &Lexeme| {
            matches!(lexeme.value, Value::Modifier(modifier) if !matches!(modifier, Modifier::Start | Modifier::Mid | Modifier::End))
                && !lexeme.features.post
        };
        if lexemes.ending_at(token).any(measures) {
            return None;
        }
    }
    // "The Russell 2000 Index": part of a name.
    let is_name = |at: usize| tokens.get(at).is_some_and(|t| t.capital && t.kind == TokenKind::Word);
    let in_name = before.is_some_and(is_name) && after.is_some_and(is_name);
    let has_cue = lexemes.ending_at(token).any(|lexeme| matches!(lexeme.class, Class::Cue | Class::Bound));
    if let Some(after) = after {
        let mark = lexed.folded(after);
        let is_measure = |at: usize| pack.settings.measures.iter().any(|measure| measure == lexed.folded(at));
        // "A 1999-page report".
        let glued = |at: usize| tokens.get(at).is_some_and(|token| !token.spaced);
        if mark == "-" && glued(after) && glued(after + 1) && is_measure(after + 1) {
            return None;
        }
        if matches!(mark, "%" | "€" | "$" | "£" | "°" | "‰")
            || is_measure(after)
            || lexemes.at(after).iter().any(|l| l.class == Class::Unit)
            || (!has_cue && counts(lexed, lexemes, after))
        {
            return None;
        }
        let glued = !tokens[after].spaced;
        if glued
            && matches!(mark, "." | ",")
            && tokens.get(token + 2).is_some_and(|next| !next.spaced && next.kind == TokenKind::Digits)
        {
            return None;
        }
        let counted = tokens[after].kind == TokenKind::Word && !tokens[after].capital && tokens[after].spaced;
        if counted && word.ends_with("00") && !has_cue {
            return None;
        }
    }
    if in_name && !has_cue {
        return None;
    }
    let digit = |c: char| match c {
        '\u{0660}'..='\u{0669}' => Some(u32::from(c) - 0x0660),
        '\u{06F0}'..='\u{06F9}' => Some(u32::from(c) - 0x06F0),
        c => c.to_digit(10),
    };
    let year = word.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?)).unwrap_or(2000);
    // Beyond our time, four digits alone are more often a count.
    (has_cue || (1700..=2050).contains(&year)).then_some(())
}

/// A noun for people who are counted begins here ("1998 people", and not "the 2017 women's march").
/// In languages that write all nouns with a capital, a year may stand before one.
fn counts(lexed: &Lexed, lexemes: &Lexemes, token: usize) -> bool {
    let ends = |end: usize| {
        lexemes.is_break(end)
            || lexed.tokens().get(end).is_none_or(|next| next.spaced || next.kind == TokenKind::Stop)
    };
    let is_noun = |lexeme: &Lexeme| lexeme.class == Class::Counted && ends(lexeme.end());
    !lexed.tokens()[token].capital && lexemes.at(token).iter().any(is_noun)
}
