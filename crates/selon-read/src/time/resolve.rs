//! Reckoning: what was said becomes an interval, from an anchor where it needs one.
//!
//! Weekday agreement comes before everything: "samedi 5 juin" is in a year in which it is a
//! Saturday. Then the tense of the clause, then nearness, then the habit of news to look back.

use jiff::civil::{Date, DateTime};
use selon_model::{Anchor, Decimal, Direction, Precision, TimeFlag, TimeKind};

use super::atom::{Amount, Atom, Clock, DateWords, Expression, Repeated};
use super::calendar::{self, Period, Unit, moved, moved_clock, weekday};
use super::pack::TimePack;
use super::word::{Bound, DayPart, Modifier, Reference};

/// What an expression may be reckoned from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Anchors<'a> {
    /// When the report was published; only the day counts where the clock is not known.
    pub(crate) published: Option<DateTime>,
    /// The clock of `published` is known.
    pub(crate) has_clock: bool,
    /// Days on which the report's posts were posted.
    pub(crate) posted: &'a [Date],
    /// Last day the text told of.
    pub(crate) narrative: Option<(Date, u32)>,
    /// First day of the last date the text told of, of any grain up to a year.
    pub(crate) told: Option<(Date, u32)>,
    /// Day of the sentence, for clock times.
    pub(crate) sentence: Option<(Date, u32)>,
    /// Where the clause looks.
    pub(crate) tense: Option<Direction>,
}

/// What came out.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) kind: TimeKind,
    pub(crate) value: String,
    pub(crate) edtf: Option<String>,
    pub(crate) from: Option<DateTime>,
    pub(crate) until: Option<DateTime>,
    pub(crate) grain: Precision,
    pub(crate) anchor: Anchor,
    pub(crate) anchor_time: Option<u32>,
    pub(crate) direction: Option<Direction>,
    pub(crate) alternatives: Vec<String>,
    pub(crate) flags: Vec<TimeFlag>,
    pub(crate) quant: Option<String>,
    pub(crate) freq: Option<String>,
    pub(crate) zone: Option<String>,
    /// The day, where it is one.
    pub(crate) day: Option<Date>,
    pub(crate) confidence: f32,
}

impl Reading {
    fn unanchored(kind: TimeKind, value: String, grain: Precision) -> Reading {
        Reading {
            kind,
            value,
            edtf: None,
            from: None,
            until: None,
            grain,
            anchor: Anchor::None,
            anchor_time: None,
            direction: None,
            alternatives: Vec::new(),
            flags: Vec::new(),
            quant: None,
            freq: None,
            zone: None,
            day: None,
            confidence: 0.9,
        }
    }

    fn of(period: Period) -> Reading {
        Reading {
            edtf: Some(period.edtf()),
            from: Some(period.from()),
            until: period.until(),
            day: (period.unit == Unit::Day).then_some(period.start),
            ..Reading::unanchored(TimeKind::Date, period.timex(), period.unit.precision())
        }
    }

    fn reckoned_from(mut self, anchor: Anchor, at: Option<u32>) -> Reading {
        (self.anchor, self.anchor_time) = (anchor, at);
        self
    }
}

/// Reckons one expression. `None` where it means no time after all.
pub(crate) fn resolve(atom: &Atom, anchors: &Anchors<'_>, pack: &TimePack) -> Option<Reading> {
    let mut reading = base(atom, anchors, pack)?;
    if atom.clock.is_some() || atom.part.is_some() {
        reading = at_clock(atom, reading, pack);
    }
    limit(atom, &mut reading, anchors);
    Some(reading)
}

fn base(atom: &Atom, anchors: &Anchors<'_>, pack: &TimePack) -> Option<Reading> {
    let published = anchors.published.map(DateTime::date);
    Some(match &atom.expression {
        Expression::Date(date) => date_reading(date, atom.bound, anchors),
        Expression::Period { unit, n, narrative } => {
            let anchor = anchor_of(*narrative, *unit, anchors);
            let mut n = *n;
            // "Ce week-end" told on a Monday is the one before.
            if *unit == Unit::Weekend
                && n == 0
                && anchors.tense == Some(Direction::Past)
                && anchor.is_some_and(|(at, _, _)| weekday(at) <= 4)
            {
                n = -1;
            }
            let period = anchor.and_then(|(at, _, _)| Period::holding(*unit, at)?.later(n));
            match (period, anchor) {
                (Some(period), Some((_, anchor, index))) => {
                    Reading { direction: direction_of(n), ..Reading::of(period).reckoned_from(anchor, index) }
                }
                _ => Reading {
                    confidence: 0.7,
                    ..Reading::unanchored(TimeKind::Date, masked(*unit), unit.precision())
                },
            }
        }
        Expression::Shift { amount, factor, unit, sign, narrative } => {
            shift_reading(*amount, *factor, *unit, *sign, *narrative, anchors)
        }
        Expression::Length { amount, factor, unit } => {
            Reading::unanchored(TimeKind::Duration, length_value(*amount, *factor, *unit)?, unit.precision())
        }
        Expression::Window { amount, factor, unit, sign } => {
            window_reading(*amount, *factor, *unit, *sign, anchors)?
        }
        Expression::Nth { n, unit, weekday, of } => {
            nth_reading(*n, *unit, *weekday, of.as_deref(), anchors, pack)?
        }
        Expression::Decade(year) => Reading::of(Period::holding(Unit::Decade, calendar::day(*year, 1, 1)?)?),
        Expression::Century(year) => {
            Reading::of(Period::holding(Unit::Century, calendar::day(*year, 1, 1)?)?)
        }
        Expression::Season { season, year, direction } => {
            let candidates = |year| Period::season(year, *season);
            yearly(*year, *direction, atom.bound, anchors, candidates, || {
                format!("XXXX-{}", ["SP", "SU", "FA", "WI"][usize::from(season.clamp(&1, &4) - 1)])
            })?
        }
        Expression::Holiday { index, year, direction } => {
            let holiday = pack.holidays.get(usize::from(*index))?;
            let candidates = |year| Some(Period { unit: Unit::Day, start: holiday.day(year)? });
            yearly(*year, *direction, atom.bound, anchors, candidates, || match holiday.rule {
                super::pack::HolidayRule::Fixed(month, day) => format!("XXXX-{month:02}-{day:02}"),
                _ => String::from("XXXX-XX-XX"),
            })?
        }
        Expression::Clock | Expression::Part => {
            let day = anchors.sentence.map(|(day, index)| (day, Anchor::Narrative, Some(index)));
            let day = day.or(anchors.narrative.map(|(day, index)| (day, Anchor::Narrative, Some(index))));
            match day.or(published.map(|day| (day, Anchor::Published, None))) {
                Some((day, anchor, index)) => Reading {
                    day: Some(day),
                    ..Reading::of(Period { unit: Unit::Day, start: day }).reckoned_from(anchor, index)
                },
                None => Reading::unanchored(TimeKind::Time, String::from("XXXX-XX-XX"), Precision::Day),
            }
        }
        Expression::Set(what) => set_reading(what),
        Expression::Reference(reference) => Reading {
            direction: reference.direction(),
            confidence: 0.6,
            ..Reading::unanchored(TimeKind::Date, reference.timex().to_owned(), Precision::Unknown)
        },
        Expression::Bare(_) | Expression::Nothing => return None,
        Expression::Range(from, until) => range_reading(from, until, anchors, pack)?,
    })
}

fn direction_of(n: i64) -> Option<Direction> {
    match n.signum() {
        -1 => Some(Direction::Past),
        1 => Some(Direction::Future),
        _ => None,
    }
}

/// The day to reckon from, what it is, and the expression it comes from.
fn anchor_of(narrative: bool, unit: Unit, anchors: &Anchors<'_>) -> Option<(Date, Anchor, Option<u32>)> {
    let told = if unit > Unit::Day { anchors.told } else { anchors.narrative };
    let told = told.map(|(day, index)| (day, Anchor::Narrative, Some(index)));
    let published = anchors.published.map(|at| (at.date(), Anchor::Published, None));
    if narrative { told.or(published) } else { published }
}

/// What a unit is written as where nothing anchors it.
fn masked(unit: Unit) -> String {
    String::from(match unit {
        Unit::Week => "XXXX-WXX",
        Unit::Weekend => "XXXX-WXX-WE",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Half => "XXXX-HX",
        Unit::Season | Unit::Year => "XXXX",
        Unit::Decade => "XXXX",
        Unit::Century => "XXXX",
        _ => "XXXX-XX-XX",
    })
}

/// A date as far as it was said; the rest from the anchor, where weekday and tense allow it.
fn date_reading(date: &DateWords, bound: Option<Bound>, anchors: &Anchors<'_>) -> Reading {
    if let (Some(years), Some(month), Some(published)) = (date.years, date.month, anchors.published) {
        let year = i64::from(published.year()).saturating_add(years);
        let year = i32::try_from(year).unwrap_or(i32::MAX);
        return full_date(year, month, date).reckoned_from(Anchor::Published, None);
    }
    if let (Some(year), Some(month)) = (date.year, date.month) {
        return full_date(year, month, date);
    }
    if let Some(year) = date.year {
        return match calendar::day(year, 1, 1) {
            Some(start) => Reading::of(Period { unit: Unit::Year, start }),
            None => Reading::unanchored(TimeKind::Date, format!("{year:04}"), Precision::Year),
        };
    }
    let Some(month) = date.month else {
        return match (date.weekday, date.day) {
            (Some(weekday), None) => weekday_reading(weekday, date.direction, bound, anchors),
            (weekday, Some(day)) => day_of_month(day, weekday, anchors),
            _ => Reading::unanchored(TimeKind::Date, String::from("XXXX-XX-XX"), Precision::Day),
        };
    };
    let unit = if date.day.is_some() { Unit::Day } else { Unit::Month };
    let mask = || match date.day {
        Some(day) => format!("XXXX-{month:02}-{day:02}"),
        None => format!("XXXX-{month:02}"),
    };
    let fits = |period: &Period| date.weekday.is_none_or(|said| weekday(period.start) == said);
    let candidate =
        |year: i32| Some(Period { unit, start: calendar::day(year, month, date.day.unwrap_or(1))? });
    let possible = (1996..=2004).any(|year| candidate(year).is_some());
    if !possible {
        let flags = vec![TimeFlag::ImpossibleDate];
        return Reading {
            flags,
            confidence: 0.3,
            ..Reading::unanchored(TimeKind::Date, mask(), unit.precision())
        };
    }
    let agreeing = |year: i32| candidate(year).filter(fits);
    if anchors.published.is_none() {
        return from_posts(date, anchors, &agreeing, mask());
    }
    yearly(None, date.direction, bound, anchors, agreeing, mask)
        .unwrap_or_else(|| Reading::unanchored(TimeKind::Date, String::from("XXXX-XX-XX"), Precision::Day))
}

/// Year, month and perhaps day are in the words.
fn full_date(year: i32, month: u8, date: &DateWords) -> Reading {
    let Some(first) = calendar::day(year, month, date.day.unwrap_or(1)) else {
        let value = format!("{year:04}-{month:02}-{:02}", date.day.unwrap_or(1));
        let flags = vec![TimeFlag::ImpossibleDate];
        return Reading {
            flags,
            confidence: 0.3,
            ..Reading::unanchored(TimeKind::Date, value, Precision::Day)
        };
    };
    let unit = if date.day.is_some() { Unit::Day } else { Unit::Month };
    let mut reading = Reading::of(Period { unit, start: first });
    if date.weekday.is_some_and(|said| unit == Unit::Day && weekday(first) != said) {
        reading.flags.push(TimeFlag::WeekdayMismatch);
        reading.confidence = 0.6;
    }
    if date.numeric
        && let Some(day) = date.day.filter(|day| *day <= 12 && *day != month)
        && let Some(other) = calendar::day(year, day, month)
    {
        reading.alternatives.push(other.to_string());
        reading.confidence = 0.8;
    }
    reading
}

/// Without publication date: the years in which the weekday fits, settled by the posts' year.
fn from_posts(
    date: &DateWords,
    anchors: &Anchors<'_>,
    agreeing: &dyn Fn(i32) -> Option<Period>,
    mask: String,
) -> Reading {
    let mut years: Vec<i32> = anchors.posted.iter().map(|day| i32::from(day.year())).collect();
    years.sort_unstable();
    years.dedup();
    let fitting: Vec<Period> = years.iter().filter_map(|year| agreeing(*year)).collect();
    // Years in which the weekday fits come round every 5 to 11 years; 15 on either side show some.
    let around = years.last().copied().unwrap_or(2016);
    let others = |but: Option<Date>| -> Vec<String> {
        let near = (around - 15..=around + 15).filter_map(agreeing);
        near.filter(|period| Some(period.start) != but).map(Period::timex).collect()
    };
    match fitting.as_slice() {
        [period] if date.weekday.is_some() || years.len() == 1 => Reading {
            flags: vec![TimeFlag::YearInferred],
            alternatives: if date.weekday.is_some() { others(Some(period.start)) } else { Vec::new() },
            confidence: if date.weekday.is_some() { 0.8 } else { 0.6 },
            ..Reading::of(*period)
        },
        _ => Reading {
            alternatives: if date.weekday.is_some() && !years.is_empty() { others(None) } else { Vec::new() },
            confidence: 0.7,
            ..Reading::unanchored(
                TimeKind::Date,
                mask,
                if date.day.is_some() { Precision::Day } else { Precision::Month },
            )
        },
    }
}

/// Something that comes once a year, where the year may not be said.
fn yearly(
    year: Option<i32>,
    direction: Option<i8>,
    bound: Option<Bound>,
    anchors: &Anchors<'_>,
    candidate: impl Fn(i32) -> Option<Period>,
    mask: impl Fn() -> String,
) -> Option<Reading> {
    if let Some(year) = year {
        return candidate(year).map(Reading::of);
    }
    let Some(published) = anchors.published.map(DateTime::date) else {
        return Some(Reading {
            confidence: 0.7,
            ..Reading::unanchored(TimeKind::Date, mask(), Precision::Day)
        });
    };
    let of = i32::from(published.year());
    // Weekdays and 29 February come round within 11 years (40 over 1900 or 2100).
    let past = (of - 40..=of).rev().filter_map(&candidate).find(|period| period.start <= published);
    let future = (of - 1..=of + 40).filter_map(&candidate).find(|period| period.start > published);
    let holds = past.filter(|period| period.end().is_some_and(|end| published < end));
    let (past, future) = match (past, future) {
        (None, None) => {
            let flags = vec![TimeFlag::ImpossibleDate];
            return Some(Reading { flags, ..Reading::unanchored(TimeKind::Date, mask(), Precision::Day) });
        }
        (Some(only), None) | (None, Some(only)) => {
            return Some(Reading::of(only).reckoned_from(Anchor::Published, None));
        }
        (Some(past), Some(future)) => (past, future),
    };
    let said = direction.filter(|direction| *direction != 0).map(i64::from).and_then(direction_of);
    if let (None, Some(this)) = (said, holds)
        && (direction == Some(0) || anchors.tense != Some(Direction::Future) || this.unit != Unit::Day)
    {
        return Some(Reading::of(this).reckoned_from(Anchor::Published, None));
    }
    // "This September": the one of this year.
    if let (Some(0), Some(this)) = (direction, candidate(of)) {
        return Some(Reading::of(this).reckoned_from(Anchor::Published, None));
    }
    let past = match (said, holds) {
        // "juin dernier" said in June is the one before.
        (Some(Direction::Past), Some(_)) => past_before(past, &candidate).unwrap_or(past),
        _ => past,
    };
    let (chosen, close) = match said {
        Some(Direction::Past) => (Direction::Past, false),
        Some(Direction::Future) => (Direction::Future, false),
        None => {
            let days = |date: Date| f64::from(published.until(date).map_or(400, |gap| gap.get_days().abs()));
            nearer(days(past.start), days(future.start), bound, anchors.tense)
        }
    };
    let (period, other) = if chosen == Direction::Past { (past, future) } else { (future, past) };
    let mut reading = Reading::of(period).reckoned_from(Anchor::Published, None);
    reading.direction = Some(chosen);
    if close {
        reading.alternatives.push(other.timex());
        reading.confidence = 0.6;
    }
    Some(reading)
}

fn past_before(past: Period, candidate: &impl Fn(i32) -> Option<Period>) -> Option<Period> {
    let of = i32::from(past.start.year());
    (of - 40..of).rev().find_map(candidate)
}

/// Past or future: tense or bound 3, nearness up to 0.5, the prior of news 0.7 to 0.3. `true`
/// where it was close.
// First values of the design; nearness counts fully within a week and fades over half a year.
fn nearer(past: f64, future: f64, bound: Option<Bound>, tense: Option<Direction>) -> (Direction, bool) {
    let near = |days: f64| 0.5 * (1.0 - (days / 183.0).min(1.0));
    let looks_ahead = matches!(bound, Some(Bound::Until | Bound::By));
    let mut ahead = 0.3 + near(future);
    let mut back = 0.7 + near(past);
    match tense {
        _ if looks_ahead => ahead += 3.0,
        _ if bound == Some(Bound::Since) => back += 3.0,
        None | Some(Direction::Past) if bound == Some(Bound::From) => ahead += 1.0,
        Some(Direction::Future) => ahead += 3.0,
        Some(Direction::Past) => back += 3.0,
        None => {}
    }
    (if ahead > back { Direction::Future } else { Direction::Past }, (ahead - back).abs() < 0.3)
}

/// A weekday: the anchor's own day, else the one before or after.
fn weekday_reading(said: u8, direction: Option<i8>, bound: Option<Bound>, anchors: &Anchors<'_>) -> Reading {
    let Some(published) = anchors.published.map(DateTime::date) else {
        let value = format!("XXXX-WXX-{said}");
        return Reading { confidence: 0.7, ..Reading::unanchored(TimeKind::Date, value, Precision::Day) };
    };
    let back = (i64::from(weekday(published)) - i64::from(said)).rem_euclid(7);
    let day = |days: i64| moved(published, Unit::Day, days).map(|start| Period { unit: Unit::Day, start });
    let (days, chosen, close) = match direction {
        Some(-1) => (if back == 0 { -7 } else { -back }, Some(Direction::Past), false),
        Some(1) => (7 - back, Some(Direction::Future), false),
        _ if back == 0 => (0, None, false),
        Some(0) => {
            // "ce lundi": the nearest.
            if back <= 3 {
                (-back, Some(Direction::Past), false)
            } else {
                (7 - back, Some(Direction::Future), false)
            }
        }
        _ => {
            // Within a week both are near: only tense and prior count.
            let (chosen, close) = nearer(183.0, 183.0, bound, anchors.tense);
            (if chosen == Direction::Past { -back } else { 7 - back }, Some(chosen), close)
        }
    };
    let Some(period) = day(days) else {
        return Reading::unanchored(TimeKind::Date, format!("XXXX-WXX-{said}"), Precision::Day);
    };
    let mut reading = Reading::of(period).reckoned_from(Anchor::Published, None);
    reading.direction = chosen;
    if close && let Some(other) = day(if days < 0 { days + 7 } else { days - 7 }) {
        reading.alternatives.push(other.timex());
    }
    reading
}

/// A day of the month without month: the nearest that the weekday allows, back first.
fn day_of_month(said: u8, on: Option<u8>, anchors: &Anchors<'_>) -> Reading {
    let mask = || Reading::unanchored(TimeKind::Date, format!("XXXX-XX-{said:02}"), Precision::Day);
    let anchor = anchors.narrative.map(|(day, index)| (day, Anchor::Narrative, Some(index)));
    let anchor = anchor.or(anchors.published.map(|at| (at.date(), Anchor::Published, None)));
    let Some((at, anchor, index)) = anchor else { return mask() };
    let of_month = |months: i64| {
        let month = Period::holding(Unit::Month, at)?.later(months)?.start;
        calendar::day(i32::from(month.year()), month.month().unsigned_abs(), said)
    };
    let mut months = [0, -1, 1, -2, 2];
    if anchors.tense == Some(Direction::Future) {
        months = [0, 1, 2, -1, -2];
    }
    let fits = |date: &Date| on.is_none_or(|on| weekday(*date) == on);
    match months.into_iter().filter_map(of_month).find(fits) {
        Some(start) => Reading::of(Period { unit: Unit::Day, start }).reckoned_from(anchor, index),
        None => mask(),
    }
}

/// "il y a trois jours", "two days later".
fn shift_reading(
    amount: Amount,
    factor: i64,
    unit: Unit,
    sign: i64,
    narrative: bool,
    anchors: &Anchors<'_>,
) -> Reading {
    let reference = || {
        let reference = if sign < 0 { Reference::Past } else { Reference::Future };
        let value = if anchors.published.is_some() || amount == Amount::Vague {
            reference.timex().to_owned()
        } else {
            masked(unit)
        };
        Reading {
            direction: direction_of(sign),
            ..Reading::unanchored(TimeKind::Date, value, unit.precision())
        }
    };
    let Amount::Exactly(n) = amount else { return reference() };
    let Some(n) = whole_units(n, factor, unit) else { return reference() };
    let Some((at, anchor, index)) = anchor_of(narrative, unit, anchors) else { return reference() };
    let (n, unit) = n;
    let direction = direction_of(sign);
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour) {
        let exact = anchors.published.filter(|_| anchors.has_clock && anchor == Anchor::Published);
        let Some(at) = exact.and_then(|at| moved_clock(at, unit, sign * n)) else { return reference() };
        return Reading {
            edtf: Some(at.date().to_string()),
            from: Some(at),
            until: moved_clock(at, unit, 1),
            direction,
            day: Some(at.date()),
            ..Reading::unanchored(TimeKind::Time, minute_text(at), unit.precision())
        }
        .reckoned_from(anchor, index);
    }
    let grain = if unit == Unit::Week { Unit::Day } else { unit };
    let period = moved(at, unit, sign * n).and_then(|day| Period::holding(grain, day));
    let Some(period) = period else { return reference() };
    Reading { direction, ..Reading::of(period).reckoned_from(anchor, index) }
}

fn minute_text(at: DateTime) -> String {
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A number of units as a whole number of a smaller unit: 2.5 years are 30 months.
fn whole_units(n: Decimal, factor: i64, unit: Unit) -> Option<(i64, Unit)> {
    let total = n.checked_mul(factor.into())?;
    let (total, unit) = if total.fract().is_zero() {
        (total, unit)
    } else {
        let (times, smaller) = match unit {
            Unit::Year => (12, Unit::Month),
            Unit::Week => (7, Unit::Day),
            Unit::Day => (24, Unit::Hour),
            Unit::Hour => (60, Unit::Minute),
            Unit::Minute => (60, Unit::Second),
            Unit::Decade => (10, Unit::Year),
            Unit::Century => (100, Unit::Year),
            Unit::Quarter => (3, Unit::Month),
            _ => return None,
        };
        (total.checked_mul(times.into())?, smaller)
    };
    let total = i64::try_from(total.trunc()).ok()?;
    (total.abs() < 1_000_000_000).then_some((total, unit))
}

/// TIMEX3 value of a length; units stay as said.
pub(crate) fn length_value(amount: Amount, factor: i64, unit: Unit) -> Option<String> {
    let (times, letter, clock) = unit.timex();
    let time = if clock { "T" } else { "" };
    Some(match amount {
        Amount::Exactly(n) => {
            let n = n.checked_mul(factor.checked_mul(times)?.into())?.normalize();
            format!("P{time}{n}{letter}")
        }
        Amount::Vague => {
            let letter = match unit {
                Unit::Decade => "DE",
                Unit::Century => "CE",
                _ => letter,
            };
            format!("P{time}X{letter}")
        }
    })
}

/// "ces dernières 24 heures": back from, or on from, the anchor.
fn window_reading(
    amount: Amount,
    factor: i64,
    unit: Unit,
    sign: i64,
    anchors: &Anchors<'_>,
) -> Option<Reading> {
    let mut reading =
        Reading::unanchored(TimeKind::Duration, length_value(amount, factor, unit)?, unit.precision());
    reading.direction = direction_of(sign);
    let Some(published) = anchors.published else { return Some(reading) };
    reading.anchor = Anchor::Published;
    stretch(&mut reading, amount, factor, unit, sign, published, anchors.has_clock);
    Some(reading)
}

/// Pins a length to `at`: the stretch before it (sign −1) or after it.
fn stretch(
    reading: &mut Reading,
    amount: Amount,
    factor: i64,
    unit: Unit,
    sign: i64,
    at: DateTime,
    has_clock: bool,
) {
    // "Ces dernières semaines": two to four of them, as the design has it.
    let n = match amount {
        Amount::Exactly(n) => n,
        Amount::Vague => Decimal::from(3),
    };
    let Some((n, unit)) = whole_units(n, factor, unit) else { return };
    // Without a clock the day of publication counts as a whole: hours run back from some point
    // of it, so they may begin as early as from its beginning.
    let by_clock = unit < Unit::Day;
    let exact = has_clock && by_clock;
    let morning = at.date().at(0, 0, 0, 0);
    let midnight = calendar::moved(at.date(), Unit::Day, 1).map_or(at, |next| next.at(0, 0, 0, 0));
    let (near, start) = match (exact, sign < 0) {
        (true, _) => (at, at),
        (false, true) => (midnight, if by_clock { morning } else { midnight }),
        (false, false) => (morning, if by_clock { midnight } else { morning }),
    };
    let Some(far) = moved_clock(start, unit, sign.signum() * n) else { return };
    let (from, until) = if sign < 0 { (far, near) } else { (near, far) };
    (reading.from, reading.until) = (Some(from), Some(until));
    let approx = if (by_clock && !has_clock) || amount == Amount::Vague { "~" } else { "" };
    // The last day that belongs to it.
    let last = moved_clock(until, Unit::Second, -1).map_or(until.date(), DateTime::date);
    reading.edtf = Some(format!("{}{approx}/{last}", from.date()));
}

/// "le premier dimanche de mai", "the first quarter of 2009".
fn nth_reading(
    n: i64,
    unit: Unit,
    on: Option<u8>,
    of: Option<&Expression>,
    anchors: &Anchors<'_>,
    pack: &TimePack,
) -> Option<Reading> {
    let whole = match of {
        Some(of) => resolve(&Atom::new(of.clone(), 0..0, 0), anchors, pack)?,
        None => {
            let Some(published) = anchors.published.map(DateTime::date) else {
                let value = format!("XXXX-{}{n}", if unit == Unit::Half { "H" } else { "Q" });
                return Some(Reading::unanchored(TimeKind::Date, value, unit.precision()));
            };
            // The one that was last, or comes next where the clause looks ahead.
            let this = Period::holding(unit, published)?;
            let mut back = (0..=8).filter_map(|step| this.later(-step));
            let mut on = (0..=8).filter_map(|step| this.later(step));
            let is = |period: &Period| number_in_year(*period) == n;
            let period = if anchors.tense == Some(Direction::Future) { on.find(is) } else { back.find(is) }?;
            return Some(Reading::of(period).reckoned_from(Anchor::Published, None));
        }
    };
    let (from, until) = (whole.from?.date(), whole.until?.date());
    let inherit = |reading: Reading| reading.reckoned_from(whole.anchor, whole.anchor_time);
    if let Some(on) = on {
        let first = (i64::from(on) - i64::from(weekday(from))).rem_euclid(7);
        let last = moved(until, Unit::Day, -1)?;
        let day = if n < 0 {
            moved(last, Unit::Day, -(i64::from(weekday(last)) - i64::from(on)).rem_euclid(7))?
        } else {
            moved(from, Unit::Day, first.checked_add(n.checked_sub(1)?.checked_mul(7)?)?)?
        };
        return (from..until)
            .contains(&day)
            .then(|| inherit(Reading::of(Period { unit: Unit::Day, start: day })));
    }
    let period = if n < 0 {
        Period::holding(unit, moved(until, Unit::Day, -1)?)?.later(n.checked_add(1)?)?
    } else {
        let first = Period::holding(unit, from)?;
        // A week that began before counts where most of it lies inside.
        let first = if unit == Unit::Week && moved(first.start, Unit::Day, 3)? < from {
            first.later(1)?
        } else {
            first
        };
        first.later(n.checked_sub(1)?)?
    };
    (period.start < until).then(|| inherit(Reading::of(period)))
}

fn number_in_year(period: Period) -> i64 {
    let month = i64::from(period.start.month());
    match period.unit {
        Unit::Half => (month - 1) / 6 + 1,
        _ => (month - 1) / 3 + 1,
    }
}

fn set_reading(what: &Repeated) -> Reading {
    let (value, grain) = match what {
        Repeated::Each(n, factor, unit) => {
            (length_value(Amount::Exactly(*n), *factor, *unit).unwrap_or_default(), unit.precision())
        }
        Repeated::Weekday(weekday) => (format!("XXXX-WXX-{weekday}"), Precision::Day),
        Repeated::Part(part) => (format!("XXXX-XX-XXT{}", part.timex()), Precision::Part),
    };
    Reading { quant: Some(String::from("EVERY")), ..Reading::unanchored(TimeKind::Set, value, grain) }
}

/// Two ends: the interval from the first to the end of the last.
fn range_reading(from: &Atom, until: &Atom, anchors: &Anchors<'_>, pack: &TimePack) -> Option<Reading> {
    let (first, last) = range_ends(from, until, anchors, pack)?;
    if first.kind == TimeKind::Duration {
        let value = match &until.expression {
            Expression::Length { factor, unit, .. } => length_value(Amount::Vague, *factor, *unit)?,
            _ => return None,
        };
        return Some(Reading::unanchored(TimeKind::Duration, value, first.grain));
    }
    let start = first.from;
    let mut end = last.until;
    if let (Some(clock), Some(at)) = (until.clock, last.from) {
        // A clock time that ends a range ends it at its first instant; midnight is the next day's.
        end = Some(at);
        if start.is_some_and(|start| at < start) && clock.hour < 12 {
            end = moved(at.date(), Unit::Day, 1).map(|next| next.to_datetime(at.time()));
        }
    }
    let value = match (start, end) {
        (Some(start), Some(end)) if start < end => interval_length(start, end, first.grain.max(last.grain)),
        _ => None,
    };
    let edtf = match (start, end) {
        (Some(start), Some(end)) if start < end => Some(interval_edtf(&first, &last, start, end)),
        _ => None,
    };
    let mut reading = Reading::unanchored(
        TimeKind::Duration,
        value.unwrap_or_else(|| format!("{}/{}", first.value, last.value)),
        first.grain.min(last.grain),
    );
    let ordered = edtf.is_some();
    reading.edtf = edtf;
    (reading.from, reading.until) = (start.filter(|_| ordered), end.filter(|_| ordered));
    (reading.anchor, reading.anchor_time) = (first.anchor, first.anchor_time);
    reading.flags = first.flags.iter().chain(&last.flags).copied().collect();
    reading.flags.dedup();
    if first.day == last.day {
        reading.day = first.day;
    }
    Some(reading)
}

fn interval_edtf(first: &Reading, last: &Reading, start: DateTime, end: DateTime) -> String {
    let simple =
        |reading: &Reading| reading.edtf.clone().filter(|edtf| !edtf.contains('/') && !edtf.contains('T'));
    match (simple(first), simple(last)) {
        (Some(a), Some(b)) if a == b => a,
        (Some(a), Some(b)) => format!("{a}/{b}"),
        _ => {
            let last = moved_clock(end, Unit::Second, -1).map_or(end.date(), DateTime::date);
            if start.date() == last { last.to_string() } else { format!("{}/{last}", start.date()) }
        }
    }
}

/// Length of an interval in the unit of its coarser end.
fn interval_length(start: DateTime, end: DateTime, grain: Precision) -> Option<String> {
    let (from, until) = (start.date(), end.date());
    let months = |from: Date, until: Date| {
        (i64::from(until.year()) - i64::from(from.year())) * 12 + i64::from(until.month())
            - i64::from(from.month())
    };
    Some(match grain {
        Precision::Second | Precision::Minute | Precision::Hour => {
            let minutes = start.duration_until(end).as_mins();
            if minutes % 60 == 0 { format!("PT{}H", minutes / 60) } else { format!("PT{minutes}M") }
        }
        Precision::Month | Precision::Quarter | Precision::Season | Precision::Half => {
            format!("P{}M", months(from, until))
        }
        // "From 2009 to 2011" is counted from year to year.
        Precision::Year | Precision::Decade | Precision::Century => {
            format!("P{}Y", (i64::from(until.year()) - i64::from(from.year()) - 1).max(1))
        }
        _ => format!("P{}D", from.until(until).ok()?.get_days()),
    })
}

/// Both ends of a range; a clock time without day takes the other's.
pub(crate) fn range_ends(
    from: &Atom,
    until: &Atom,
    anchors: &Anchors<'_>,
    pack: &TimePack,
) -> Option<(Reading, Reading)> {
    let mut anchors = *anchors;
    if until.is_day() && until.clock.is_some() && !from.is_day() {
        let last = resolve(until, &anchors, pack)?;
        anchors.sentence = last.day.map(|day| (day, anchors.sentence.map_or(0, |(_, index)| index)));
        return Some((resolve(from, &anchors, pack)?, last));
    }
    let first = resolve(from, &anchors, pack)?;
    if let Some(day) = first.day {
        let index = first.anchor_time.unwrap_or(0);
        anchors.sentence = Some((day, index));
        // "Du 28 décembre au 3 janvier", "de lundi à mercredi": the end comes after the start.
        let last = resolve(until, &anchors, pack)?;
        if last.day.is_some_and(|last| last < day) && !until.is_plain_year() {
            let mut after = anchors;
            (after.published, after.has_clock) = (Some(day.at(0, 0, 0, 0)), false);
            after.tense = Some(Direction::Future);
            let later = resolve(until, &after, pack)?;
            return Some((first, later));
        }
        return Some((first, last));
    }
    let last = resolve(until, &anchors, pack)?;
    Some((first, last))
}

impl Atom {
    fn is_plain_year(&self) -> bool {
        matches!(self.expression, Expression::Date(date) if date.year.is_some())
    }
}

/// Clock or part of the day on the day that was read.
fn at_clock(atom: &Atom, reading: Reading, pack: &TimePack) -> Reading {
    let day = reading.day;
    let shown = match (&atom.expression, day) {
        (_, Some(day)) => day.to_string(),
        _ if reading.value.contains('X') => reading.value.clone(),
        _ => String::from("XXXX-XX-XX"),
    };
    let mut timed = Reading { kind: TimeKind::Time, ..reading };
    match (atom.clock, atom.part) {
        (Some(clock), _) => {
            let minute = clock.minute.unwrap_or(0);
            timed.value = format!("{shown}T{:02}:{minute:02}", clock.hour);
            timed.grain = if clock.minute.is_some() { Precision::Minute } else { Precision::Hour };
            let at = day.and_then(|day| instant(day, clock));
            timed.edtf = at.map(minute_text);
            timed.from = at;
            let unit = if clock.minute.is_some() { Unit::Minute } else { Unit::Hour };
            timed.until = at.and_then(|at| moved_clock(at, unit, 1));
            if let Some(zone) = clock.zone {
                let text = zone_text(zone);
                timed.value.push_str(&text);
                timed.edtf = timed.edtf.map(|edtf| edtf + &text);
                timed.zone = Some(text);
            }
        }
        (None, Some(part)) => {
            timed.value = format!("{shown}T{}", part.timex());
            timed.grain = Precision::Part;
            if let (Some(day), Some((from, until))) = (day, pack.part_hours(part)) {
                let end = if until <= from { moved(day, Unit::Day, 1) } else { Some(day) };
                let end = end.and_then(|end| if until == 24 { moved(end, Unit::Day, 1) } else { Some(end) });
                timed.from = Some(day.at(from.clamp(0, 23), 0, 0, 0));
                timed.until = end.map(|end| end.at(until.rem_euclid(24), 0, 0, 0));
                if part == DayPart::Night
                    && let Some(next) = timed.until.map(DateTime::date).filter(|next| *next != day)
                {
                    timed.edtf = Some(format!("{day}/{next}"));
                }
            }
        }
        (None, None) => {}
    }
    timed
}

fn instant(day: Date, clock: Clock) -> Option<DateTime> {
    let minute = i8::try_from(clock.minute.unwrap_or(0)).ok()?;
    match clock.hour {
        24 => moved(day, Unit::Day, 1).map(|next| next.at(0, minute, 0, 0)),
        hour => Some(day.at(i8::try_from(hour).ok().filter(|hour| *hour < 24)?, minute, 0, 0)),
    }
}

fn zone_text(minutes: i16) -> String {
    if minutes == 0 {
        return String::from("Z");
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// Modifiers and bounds narrow or open what was read.
fn limit(atom: &Atom, reading: &mut Reading, anchors: &Anchors<'_>) {
    if let (Some(modifier @ (Modifier::Start | Modifier::Mid | Modifier::End)), Some(from), Some(until)) =
        (atom.modifier, reading.from, reading.until)
    {
        let third = match modifier {
            Modifier::Start => 0,
            Modifier::Mid => 1,
            _ => 2,
        };
        if let Some((from, until)) = narrow(from, until, third) {
            (reading.from, reading.until) = (Some(from), Some(until));
        }
        if !matches!(reading.grain, Precision::Day) && !matches!(atom.expression, Expression::Date(_)) {
            reading.day = None;
        }
    }
    if atom.modifier == Some(Modifier::Approx)
        && let Some(edtf) = &mut reading.edtf
        && !edtf.contains(['~', '/', 'X'])
    {
        edtf.push('~');
    }
    if let (Some(Bound::Since), Expression::Length { amount, factor, unit }, Some(published)) =
        (atom.bound, &atom.expression, anchors.published)
    {
        stretch(reading, *amount, *factor, *unit, -1, published, anchors.has_clock);
        reading.anchor = Anchor::Published;
        if atom.modifier == Some(Modifier::MoreThan) {
            // "Depuis plus de trois ans": it began before.
            reading.from = None;
            reading.edtf =
                reading.edtf.take().and_then(|edtf| Some(format!("../{}", edtf.split_once('/')?.1)));
        }
        return;
    }
    if reading.kind == TimeKind::Duration {
        return;
    }
    let single = |edtf: &String| !edtf.contains('/');
    match atom.bound {
        Some(Bound::Since | Bound::From | Bound::After) => {
            if let Some(edtf) = reading.edtf.take().filter(single) {
                reading.edtf = Some(format!("{edtf}/.."));
            }
            if atom.bound == Some(Bound::After) {
                reading.from = reading.until;
            }
            reading.until = None;
        }
        Some(Bound::Until | Bound::By | Bound::Before) => {
            if let Some(edtf) = reading.edtf.take().filter(single) {
                reading.edtf = Some(format!("../{edtf}"));
            }
            if atom.bound == Some(Bound::Before) {
                reading.until = reading.from;
            }
            reading.from = None;
        }
        None => {}
    }
}

/// A third of an interval: days 1–10, 11–20, 21–end of a month; hours of a day.
fn narrow(from: DateTime, until: DateTime, third: i64) -> Option<(DateTime, DateTime)> {
    let hours = from.duration_until(until).as_hours();
    let step = if hours > 48 { (hours / 24 / 3).max(1) * 24 } else { (hours / 3).max(1) };
    let start = moved_clock(from, Unit::Hour, step * third)?;
    let end = if third == 2 { until } else { moved_clock(start, Unit::Hour, step)? };
    (start < end).then_some((start, end))
}
