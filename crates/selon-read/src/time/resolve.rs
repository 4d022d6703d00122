//! Reckoning: what was said becomes an interval, from an anchor where it needs one.

use jiff::civil::{Date, DateTime};
use selon_model::{Anchor, Direction, Precision, TimeKind};

use super::atom::{Amount, Atom, DateWords, Expression, Repeated};
use super::calendar::{self, Period, Unit, moved, weekday};
use super::date::{date_reading, yearly};
use super::length::{length_value, moved_anchors, shift_reading, sum_value, window_reading};
use super::limit::{at_clock, limit};
use super::pack::{HolidayRule, TimePack};
use super::range::range_reading;
use super::reading::{Reading, masked};
use super::word::DayPart;

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
    /// The text tells of a time gone by: `told` comes before `published`.
    pub(crate) tells: bool,
    /// A day that the words before told with its year, far from publication.
    pub(crate) dated: Option<(Date, u32)>,
    /// Where the clause looks.
    pub(crate) tense: Option<Direction>,
}

/// Reckons one expression. `None` where it means no time after all.
pub(crate) fn resolve(atom: &Atom, anchors: &Anchors<'_>, pack: &TimePack) -> Option<Reading> {
    let mut reading = base(atom, anchors, pack)?;
    // "Cette nuit, trois civils ont été tués": the night gone by, and not the one to come.
    let bare = matches!(
        atom.expression,
        Expression::Part | Expression::Period { unit: Unit::Day, n: 0, narrative: false }
    );
    if bare
        && !atom.ahead
        && atom.part == Some(DayPart::Night)
        && atom.clock.is_none()
        && anchors.tense != Some(Direction::Future)
        && reading.anchor == Anchor::Published
        && let Some(before) = reading.day.and_then(|day| moved(day, Unit::Day, -1))
    {
        reading = Reading {
            direction: Some(Direction::Past),
            ..Reading::of(Period { unit: Unit::Day, start: before })
        }
        .reckoned_from(Anchor::Published, None);
        reading.confidence = if anchors.tense.is_some() { 0.9 } else { 0.7 };
    }
    if atom.clock.is_some() || atom.part.is_some() {
        reading = at_clock(atom, reading, pack);
    }
    if let (Expression::Date(DateWords { or_eve: true, .. }), Some(part)) = (&atom.expression, atom.part)
        && let Some(before) = reading.day.and_then(|day| moved(day, Unit::Day, -1))
    {
        reading.alternatives.push(format!("{before}T{}", part.timex()));
        reading.confidence = 0.6;
    }
    limit(atom, &mut reading, anchors);
    // "A lancé fin mars", told on the 10th: the end of the March before.
    if let Expression::Date(date @ DateWords { year: None, month: Some(_), day: None, direction: None, .. }) =
        &atom.expression
        && atom.modifier.is_some()
        && atom.bound.is_none()
        && anchors.tense == Some(Direction::Past)
        && reading.anchor == Anchor::Published
        && anchors.published.zip(reading.from).is_some_and(|(at, from)| from.date() > at.date())
    {
        let before = DateWords { direction: Some(-1), ..*date };
        return resolve(&Atom { expression: Expression::Date(before), ..atom.clone() }, anchors, pack);
    }
    Some(reading)
}

fn base(atom: &Atom, anchors: &Anchors<'_>, pack: &TimePack) -> Option<Reading> {
    let published = anchors.published.map(DateTime::date);
    Some(match &atom.expression {
        Expression::Date(date) if date.eve => eve_reading(date_reading(date, atom.bound, anchors)),
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
                    let reading = Reading {
                        direction: direction_of(n),
                        ..Reading::of(period).reckoned_from(anchor, index)
                    };
                    if *narrative { not_yet(reading, *unit, anchors) } else { reading }
                }
                _ => Reading {
                    confidence: 0.7,
                    ..Reading::unanchored(TimeKind::Date, masked(*unit), unit.precision())
                },
            }
        }
        Expression::Shift { amount, factor, unit, sign, narrative } => {
            let mut anchors = *anchors;
            // The smaller units first: "two years and three months ago".
            for (n, factor, unit) in &atom.rest {
                anchors = moved_anchors(&anchors, *n, *factor, *unit, *sign)?;
            }
            let (factor, unit) = (*factor, *unit);
            // "Через три дня его убили": told as past, so it is reckoned from the day told of.
            let narrative = *narrative || (atom.either && anchors.tense == Some(Direction::Past));
            let reading = shift_reading(*amount, factor, unit, *sign, narrative, &anchors);
            let reading = if narrative { not_yet(reading, unit, &anchors) } else { reading };
            match atom.rest.last() {
                Some(_) => Reading { confidence: 0.7, ..reading },
                None => reading,
            }
        }
        Expression::Length { amount, factor, unit }
            if atom.ahead
                && anchors.tense != Some(Direction::Past)
                && atom.rest.is_empty()
                && matches!(amount, Amount::Exactly(_)) =>
        {
            shift_reading(*amount, *factor, *unit, 1, false, anchors)
        }
        Expression::Length { amount, factor, unit } if atom.rest.is_empty() => {
            Reading::unanchored(TimeKind::Duration, length_value(*amount, *factor, *unit)?, unit.precision())
        }
        Expression::Length { amount, factor, unit } => {
            let value = sum_value(*amount, *factor, *unit, &atom.rest)?;
            let grain = atom.rest.last().map_or(unit.precision(), |(_, _, unit)| unit.precision());
            Reading::unanchored(TimeKind::Duration, value, grain)
        }
        Expression::Window { amount, factor, unit, sign } => {
            window_reading(*amount, *factor, *unit, *sign, anchors)?
        }
        Expression::Nth { n, unit, weekday, of } => {
            nth_reading(*n, *unit, *weekday, of.as_deref(), anchors, pack)?
        }
        Expression::Moved { days, of } => {
            let of = resolve(&Atom::new((**of).clone(), 0..0, 0), anchors, pack)?;
            let start = of.day.and_then(|day| moved(day, Unit::Day, *days))?;
            Reading { direction: of.direction, ..Reading::of(Period { unit: Unit::Day, start }) }
                .reckoned_from(of.anchor, of.anchor_time)
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
            let reading =
                yearly(*year, *direction, atom.bound, anchors, candidates, || match holiday.rule {
                    HolidayRule::Fixed(month, day) => format!("XXXX-{month:02}-{day:02}"),
                    _ => String::from("XXXX-XX-XX"),
                })?;
            match (holiday.rule, reading.day) {
                (HolidayRule::Hijri(..), Some(day)) => by_the_moon(day, reading),
                _ => reading,
            }
        }
        Expression::About(day) => by_the_moon(*day, Reading::of(Period { unit: Unit::Day, start: *day })),
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
        Expression::Open(unit) => Reading {
            confidence: 0.6,
            ..Reading::unanchored(TimeKind::Date, masked(*unit), unit.precision())
        },
        Expression::Bare(_) | Expression::Nothing => return None,
        Expression::Range(from, until) => range_reading(from, until, anchors, pack)?,
    })
}

/// What is told as past was not after publication: the day it is reckoned from is another one than
/// the last told of, and is not guessed.
fn not_yet(reading: Reading, unit: Unit, anchors: &Anchors<'_>) -> Reading {
    let after = anchors.published.zip(reading.from).is_some_and(|(published, from)| {
        moved(published.date(), Unit::Day, 1).is_some_and(|next| from.date() >= next)
    });
    if after && anchors.tense == Some(Direction::Past) {
        return Reading {
            confidence: 0.6,
            ..Reading::unanchored(TimeKind::Date, masked(unit), unit.precision())
        };
    }
    reading
}

/// The new moon may be seen a day sooner or later.
fn by_the_moon(day: Date, reading: Reading) -> Reading {
    let beside = [-1, 1].into_iter().filter_map(|step| moved(day, Unit::Day, step));
    Reading { alternatives: beside.map(|day| day.to_string()).collect(), confidence: 0.6, ..reading }
}

/// The day before the one read: its night leads to it.
fn eve_reading(reading: Reading) -> Reading {
    match reading.day.and_then(|day| moved(day, Unit::Day, -1)) {
        Some(start) => {
            let before = Reading::of(Period { unit: Unit::Day, start });
            Reading {
                direction: reading.direction,
                ..before.reckoned_from(reading.anchor, reading.anchor_time)
            }
        }
        None => reading,
    }
}

pub(super) fn direction_of(n: i64) -> Option<Direction> {
    match n.signum() {
        -1 => Some(Direction::Past),
        1 => Some(Direction::Future),
        _ => None,
    }
}

/// The day to reckon from, what it is, and the expression it comes from.
pub(super) fn anchor_of(
    narrative: bool,
    unit: Unit,
    anchors: &Anchors<'_>,
) -> Option<(Date, Anchor, Option<u32>)> {
    let told = if unit > Unit::Day { anchors.told } else { anchors.narrative };
    let told = told.map(|(day, index)| (day, Anchor::Narrative, Some(index)));
    let published = anchors.published.map(|at| (at.date(), Anchor::Published, None));
    let tells = anchors.tells && unit > Unit::Day;
    if narrative || tells { told.or(published) } else { published }
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
    if n == 0 {
        return Some(inherit(Reading::of(Period::holding(unit, from)?)));
    }
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
        let last = Period::holding(unit, moved(until, Unit::Day, -1)?)?;
        // A week that ends after it counts where most of it lies inside.
        let last = if unit == Unit::Week && moved(last.start, Unit::Day, 3)? >= until {
            last.later(-1)?
        } else {
            last
        };
        last.later(n.checked_add(1)?)?
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
