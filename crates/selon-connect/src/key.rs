//! One order for everything, and what may be said about which of two came first.

use jiff::civil::DateTime;
use selon_model::{Digest, Order};

use crate::Input;

/// Minutes that must lie between two reports before one is said to be first.
const APART_MINUTES: i64 = 15;

/// The order in which reports are handled: end of the time of publication (the capture time
/// where no date is known), payload digest, part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey {
    until: Option<DateTime>,
    payload: Digest,
    part: u32,
}

impl OrderKey {
    /// The key of a report.
    pub fn of(input: &Input<'_>) -> Self {
        OrderKey { until: TimeRange::of(input).until, payload: input.report.payload, part: input.report.part }
    }
}

/// When a report was published, in UTC where its zone is stated: the interval its date leaves
/// open, cut at the capture time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    /// First instant.
    pub from: Option<DateTime>,
    /// First instant after.
    pub until: Option<DateTime>,
}

impl TimeRange {
    /// The range of a report.
    pub fn of(input: &Input<'_>) -> Self {
        let captured = input.captured.map(|at| jiff::tz::Offset::UTC.to_datetime(at));
        let Some(published) = &input.report.published else {
            return TimeRange { from: None, until: captured };
        };
        let shift = published.zone.as_deref().and_then(offset_minutes).unwrap_or(0);
        let utc = |at: DateTime| at.checked_sub(jiff::Span::new().minutes(shift)).unwrap_or(at);
        let from = published.from.map(utc);
        let until = published.until.map(utc);
        let until = match (until, captured) {
            (Some(until), Some(captured)) if from.is_some_and(|from| captured > from) => {
                Some(until.min(captured))
            }
            (Some(until), _) => Some(until),
            (None, captured) => captured,
        };
        TimeRange { from, until }
    }

    /// Which of two came first: only where one ends at least fifteen minutes before the other
    /// begins.
    pub fn order(&self, other: &TimeRange) -> Order {
        let before = |a: &TimeRange, b: &TimeRange| match (a.until, b.from) {
            (Some(until), Some(from)) => {
                until.checked_add(jiff::Span::new().minutes(APART_MINUTES)).is_ok_and(|until| until <= from)
            }
            _ => false,
        };
        match (before(self, other), before(other, self)) {
            (true, _) => Order::FromFirst,
            (_, true) => Order::ToFirst,
            _ => Order::Unknown,
        }
    }
}

/// Minutes east of UTC of `Z`, `+01:00`, `+0100` or `+01`.
fn offset_minutes(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    Some(sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_needs_a_quarter_of_an_hour() {
        let range =
            |from: &str, until: &str| TimeRange { from: from.parse().ok(), until: until.parse().ok() };
        let morning = range("2026-03-11T08:00:00", "2026-03-11T08:01:00");
        let later = range("2026-03-11T08:20:00", "2026-03-11T08:21:00");
        let soon = range("2026-03-11T08:10:00", "2026-03-11T08:11:00");
        let day = range("2026-03-11T00:00:00", "2026-03-12T00:00:00");
        assert_eq!(morning.order(&later), Order::FromFirst);
        assert_eq!(later.order(&morning), Order::ToFirst);
        assert_eq!(morning.order(&soon), Order::Unknown);
        assert_eq!(morning.order(&day), Order::Unknown);
        assert_eq!(TimeRange::default().order(&morning), Order::Unknown);
    }

    #[test]
    fn zones() {
        assert_eq!(offset_minutes("+01:00"), Some(60));
        assert_eq!(offset_minutes("-0330"), Some(-210));
        assert_eq!(offset_minutes("Z"), Some(0));
        assert_eq!(offset_minutes("CET"), None);
    }
}
