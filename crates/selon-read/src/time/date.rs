//! Dates that lack something: the year, the month, or all but the weekday.
//!
//! Weekday agreement comes before everything: "samedi 5 juin" is in a year in which it is a
//! Saturday. Then the tense of the clause, then nearness, then the habit of news to look back.

use jiff::civil::{Date, DateTime};
use selon_model::{Anchor, Direction, Precision, TimeFlag, TimeKind};

use super::atom::DateWords;
use super::calendar::{self, Period, Unit, moved, weekday};
use super::reading::Reading;
use super::resolve::{Anchors, anchor_of, direction_of};
use super::word::Bound;

/// Days after a day told with its year within which the year of the next goes on.
const GOES_ON: i32 = 45;

/// A date as far as it was said; the rest from the anchor, where weekday and tense allow it.
pub(super) fn date_reading(date: &DateWords, bound: Option<Bound>, anchors: &Anchors<'_>) -> Reading {
    if date.narrative && anchors.told.is_some() {
        let date = DateWords { narrative: false, ..*date };
        return date_reading(&date, bound, &Anchors { tells: true, ..*anchors });
    }
    if let (Some(years), Some(month)) = (date.years, date.month)
        && let Some((at, anchor, index)) = anchor_of(date.told_years, Unit::Year, anchors)
    {
        let year = i64::from(at.year()).saturating_add(years);
        let year = i32::try_from(year).unwrap_or(i32::MAX);
        return full_date(year, month, date).reckoned_from(anchor, index);
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
    if anchors.published.is_none() && !(anchors.tells && anchors.told.is_some()) {
        return from_posts(date, anchors, &agreeing, mask());
    }
    // "On 3 March 2018 … On 5 March": the year goes on where the days follow each other.
    if let (Some((dated, index)), None, Unit::Day) = (anchors.dated, date.direction, unit)
        && let Some(period) =
            agreeing(i32::from(dated.year())).or_else(|| agreeing(i32::from(dated.year()) + 1))
        && anchors.tense != Some(Direction::Future)
        && dated.until(period.start).is_ok_and(|gap| (0..=GOES_ON).contains(&gap.get_days()))
    {
        let other = yearly(None, date.direction, bound, anchors, agreeing, mask).map(|other| other.value);
        return Reading {
            alternatives: other.into_iter().collect(),
            confidence: 0.7,
            ..Reading::of(period).reckoned_from(Anchor::Narrative, Some(index))
        };
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
pub(super) fn yearly(
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
    if let (true, Some((told, index))) = (anchors.tells, anchors.told) {
        let reading = told_reading(told, direction, &candidate)?;
        return Some(reading.reckoned_from(Anchor::Narrative, Some(index)));
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

/// In a text that tells of a time gone by: the year told of, or the next where that goes back by
/// more than half a year ("in October …; in January …").
fn told_reading(
    told: Date,
    direction: Option<i8>,
    candidate: &impl Fn(i32) -> Option<Period>,
) -> Option<Reading> {
    let year = i32::from(told.year());
    let back = |period: &Period| i32::from(told.month()) - i32::from(period.start.month()) > 6;
    let this = candidate(year);
    let period = match (direction, this) {
        (Some(1), Some(this)) if this.start <= told => candidate(year + 1),
        (Some(-1), Some(this)) if this.start >= told => candidate(year - 1),
        (None, Some(this)) if back(&this) => candidate(year + 1).or(Some(this)),
        (_, this) => this,
    };
    // Without agreement of the weekday, the nearest year that has it.
    let near = (1..=10).flat_map(|step| [year + step, year - step]).find_map(candidate);
    period.or(near).map(Reading::of)
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
    // "A day in August", told in September, is not the one in eleven months, whatever the clause looks to.
    if tense == Some(Direction::Future) && past <= 31.0 && future >= 300.0 && bound.is_none() {
        back += 3.0;
    }
    match tense {
        // "By the end of February they had fled", and "he was told to leave by 30 June": the nearer.
        // Of two weekdays neither is.
        Some(Direction::Past) if looks_ahead => {
            ahead += if (past - future).abs() > f64::EPSILON { 0.6 } else { 0.0 }
        }
        _ if looks_ahead => ahead += 3.0,
        _ if bound == Some(Bound::Since) => back += 3.0,
        None if bound == Some(Bound::From) => ahead += 1.0,
        // "Le pont est fermé à partir du 30 juin", and "dès mardi, ils ont fui".
        Some(Direction::Past) if bound == Some(Bound::From) => ahead += 0.3,
        Some(Direction::Future) => ahead += 3.0,
        Some(Direction::Past) => back += 3.0,
        None => {}
    }
    (if ahead > back { Direction::Future } else { Direction::Past }, (ahead - back).abs() < 0.3)
}

/// A weekday: the anchor's own day, else the one before or after.
fn weekday_reading(said: u8, direction: Option<i8>, bound: Option<Bound>, anchors: &Anchors<'_>) -> Reading {
    if let (true, Some((told, index))) = (anchors.tells, anchors.told) {
        // On from the day told of, within the week; "the following" is never that day.
        let days = (i64::from(said) - i64::from(weekday(told))).rem_euclid(7);
        let days = if days == 0 && direction == Some(1) { 7 } else { days };
        if let Some(start) = moved(told, Unit::Day, days) {
            return Reading::of(Period { unit: Unit::Day, start })
                .reckoned_from(Anchor::Narrative, Some(index));
        }
    }
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
