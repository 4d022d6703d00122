//! Two ends: "du 20 au 24 février", "entre 10 h et 12 h".

use jiff::civil::{Date, DateTime};
use selon_model::{Direction, Precision, TimeKind};

use super::atom::{Amount, Atom, Expression};
use super::calendar::{Unit, moved, moved_clock};
use super::length::length_value;
use super::pack::TimePack;
use super::reading::Reading;
use super::resolve::{Anchors, resolve};

/// Two ends: the interval from the first to the end of the last.
pub(super) fn range_reading(
    from: &Atom,
    until: &Atom,
    anchors: &Anchors<'_>,
    pack: &TimePack,
) -> Option<Reading> {
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
    // "From May to September", of one year and the next where it must be.
    if let (Some(start), Some(end)) = (first.from, last.from)
        && end < start
        && !until.is_plain_year()
        && until.clock.is_none()
    {
        let mut after = anchors;
        (after.published, after.has_clock) = (Some(start), false);
        (after.tense, after.tells) = (Some(Direction::Future), false);
        return Some((first, resolve(until, &after, pack)?));
    }
    Some((first, last))
}

impl Atom {
    fn is_plain_year(&self) -> bool {
        matches!(self.expression, Expression::Date(date) if date.year.is_some())
    }
}
