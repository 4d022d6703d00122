//! What narrows or opens a reading: clock and part of the day, modifiers, bounds.

use jiff::civil::{Date, DateTime};
use selon_model::{Anchor, Precision, TimeFlag, TimeKind};

use super::atom::{Atom, Clock, ClockZone, Expression};
use super::calendar::{Period, Unit, moved, moved_clock};
use super::length::{minute_text, stretch};
use super::pack::TimePack;
use super::reading::Reading;
use super::resolve::Anchors;
use super::word::{Bound, DayPart, Modifier};
use super::zone;

/// Clock or part of the day on the day that was read.
pub(super) fn at_clock(atom: &Atom, reading: Reading, pack: &TimePack) -> Reading {
    // "In the night of Friday to Saturday, at about 3": hours after midnight are of the day after.
    let after_midnight = atom.clock.is_some_and(|clock| is_after_midnight(atom.part, clock));
    let day = match after_midnight {
        true => reading.day.and_then(|day| moved(day, Unit::Day, 1)),
        false => reading.day,
    };
    let shown = match (&atom.expression, day) {
        (_, Some(day)) => day.to_string(),
        _ if reading.value.contains('X') => reading.value.clone(),
        _ => String::from("XXXX-XX-XX"),
    };
    let mut timed = Reading { kind: TimeKind::Time, day, ..reading };
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
            let offset = match clock.zone {
                Some(ClockZone::Offset(minutes)) => Some(zone::offset_text(i32::from(minutes) * 60)),
                Some(ClockZone::Named(index)) => pack
                    .zones
                    .get(usize::from(index))
                    .zip(at)
                    .and_then(|(name, at)| zone::offset_at(name, at)),
                Some(ClockZone::Local) | None => None,
            };
            if clock.zone == Some(ClockZone::Local) {
                timed.flags.push(TimeFlag::LocalTime);
            }
            if let Some(text) = offset {
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

/// A clock time that comes after the midnight within its part of the day.
pub(super) fn is_after_midnight(part: Option<DayPart>, clock: Clock) -> bool {
    match part {
        Some(DayPart::Night) => clock.hour < 12,
        Some(DayPart::Evening) => clock.hour < 5,
        _ => false,
    }
}

fn instant(day: Date, clock: Clock) -> Option<DateTime> {
    let minute = i8::try_from(clock.minute.unwrap_or(0)).ok()?;
    match clock.hour {
        24 => moved(day, Unit::Day, 1).map(|next| next.at(0, minute, 0, 0)),
        hour => Some(day.at(i8::try_from(hour).ok().filter(|hour| *hour < 24)?, minute, 0, 0)),
    }
}

/// Modifiers and bounds narrow or open what was read.
pub(super) fn limit(atom: &Atom, reading: &mut Reading, anchors: &Anchors<'_>) {
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
    // A clock time is a moment: "after 10 am" begins with it, "until 10 am" ends with it.
    let (first, after) = match atom.clock {
        Some(_) => (reading.from, reading.from),
        None => (reading.from, reading.until),
    };
    let last_before = |at: Option<DateTime>| at.and_then(|at| moved_clock(at, Unit::Second, -1));
    match atom.bound {
        Some(Bound::Since | Bound::From) => {
            reading.edtf = reading.edtf.take().and_then(|edtf| Some(format!("{}/..", closed_ends(&edtf)?.0)));
            reading.until = None;
        }
        Some(Bound::After) => {
            let start = after.and_then(|at| beside(reading, at));
            reading.edtf = start.map(|start| format!("{start}/.."));
            (reading.from, reading.until) = (after, None);
        }
        Some(Bound::Until | Bound::By) => {
            let end = match atom.clock {
                Some(_) => last_before(after).and_then(|at| beside(reading, at)),
                None => reading.edtf.take().and_then(|edtf| Some(closed_ends(&edtf)?.1)),
            };
            reading.edtf = end.map(|end| format!("../{end}"));
            (reading.from, reading.until) = (None, after);
        }
        Some(Bound::Before) => {
            let end = last_before(first).and_then(|at| beside(reading, at));
            reading.edtf = end.map(|end| format!("../{end}"));
            (reading.from, reading.until) = (None, first);
        }
        None => {}
    }
}

/// First and last part of a closed EDTF; what holds a clock time is cut to its day.
fn closed_ends(edtf: &str) -> Option<(String, String)> {
    let (start, end) = edtf.split_once('/').unwrap_or((edtf, edtf));
    let day = |end: &str| {
        let (day, clock) = end.split_once('T').unwrap_or((end, ""));
        if clock.ends_with('~') { format!("{day}~") } else { day.to_owned() }
    };
    (start != ".." && end != "..").then(|| (day(start), day(end)))
}

/// The period of the reading's own unit that holds an instant: "before 2024" ends with 2023, "after
/// 5 March" begins with the 6th, since both ends of an EDTF interval belong to it (ISO 8601-2, 4.4).
/// A clock time stays within its day: EDTF intervals are of days (level 0).
fn beside(reading: &Reading, at: DateTime) -> Option<String> {
    let edtf = reading.edtf.as_deref()?;
    let mark = if edtf.ends_with('~') { "~" } else { "" };
    let unit = match reading.grain {
        Precision::Weekend | Precision::Week | Precision::Half | Precision::Quarter => Unit::Day,
        grain => Unit::of(grain).filter(|unit| *unit > Unit::Day).unwrap_or(Unit::Day),
    };
    // Decades and centuries before our era are intervals themselves.
    let period = Period::holding(unit, at.date()).map(Period::edtf).filter(|edtf| !edtf.contains('/'));
    Some(period.unwrap_or_else(|| at.date().to_string()) + mark)
}

/// A third of an interval: years 0–3, 4–6, 7–9 of a decade; four months of a year; days 1–10, 11–20,
/// 21–end of a month; hours of a day.
fn narrow(from: DateTime, until: DateTime, third: i64) -> Option<(DateTime, DateTime)> {
    let years = i64::from(until.year()) - i64::from(from.year());
    if years >= 1 && from.date().day_of_year() == 1 && until.date().day_of_year() == 1 {
        let (unit, parts) = if years == 1 { (Unit::Month, 12) } else { (Unit::Year, years) };
        let part = |third: i64| moved(from.date(), unit, (parts * third + 2) / 3);
        return Some((part(third)?.at(0, 0, 0, 0), part(third + 1)?.at(0, 0, 0, 0)));
    }
    let hours = from.duration_until(until).as_hours();
    let step = if hours > 48 { (hours / 24 / 3).max(1) * 24 } else { (hours / 3).max(1) };
    let start = moved_clock(from, Unit::Hour, step * third)?;
    let end = if third == 2 { until } else { moved_clock(start, Unit::Hour, step)? };
    (start < end).then_some((start, end))
}
