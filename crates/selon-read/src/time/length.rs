//! Lengths: as they are, shifted from an anchor, or pinned to the stretch before or after it.

use jiff::civil::DateTime;
use selon_model::{Anchor, Decimal, TimeKind};

use super::atom::Amount;
use super::calendar::{self, Period, Unit, moved, moved_clock};
use super::reading::{Reading, masked};
use super::resolve::{Anchors, anchor_of, direction_of};
use super::word::Reference;

/// "il y a trois jours", "two days later".
pub(super) fn shift_reading(
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
    let narrative = narrative || anchors.tells;
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

pub(super) fn minute_text(at: DateTime) -> String {
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

/// TIMEX3 value of a length of several units: "P2Y3M1DT4H".
pub(super) fn sum_value(
    amount: Amount,
    factor: i64,
    unit: Unit,
    rest: &[(Decimal, i64, Unit)],
) -> Option<String> {
    let mut value = length_value(amount, factor, unit)?;
    for (n, factor, unit) in rest {
        let part = length_value(Amount::Exactly(*n), *factor, *unit)?;
        let part = part.strip_prefix('P')?;
        let part = if value.contains('T') { part.strip_prefix('T').unwrap_or(part) } else { part };
        value.push_str(part);
    }
    Some(value)
}

/// The anchors, moved by one part of a length.
pub(super) fn moved_anchors<'a>(
    anchors: &Anchors<'a>,
    n: Decimal,
    factor: i64,
    unit: Unit,
    sign: i64,
) -> Option<Anchors<'a>> {
    let (n, unit) = whole_units(n, factor, unit)?;
    let by_day = |at: (jiff::civil::Date, u32)| Some((moved(at.0, unit, sign * n)?, at.1));
    let by_clock = |at: DateTime| moved_clock(at, unit, sign * n);
    Some(Anchors {
        published: anchors.published.and_then(by_clock),
        narrative: anchors.narrative.and_then(by_day),
        told: anchors.told.and_then(by_day),
        ..*anchors
    })
}

/// "ces dernières 24 heures": back from, or on from, the anchor.
pub(super) fn window_reading(
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
pub(super) fn stretch(
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
