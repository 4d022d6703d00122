//! Two forms of chart, drawn as SVG with positions in per cent, so that nothing has to know how
//! wide the page is: a strip of times, and numbers as dots with the interval their bounds allow.
//! The words stand beside each drawing as text; the drawings are for the eye alone.

use jiff::civil::DateTime;
use maud::{Markup, html};
use selon_model::{Decimal, Operator, Precision, Quantity, When};

/// A stretch of time, or of numbers, along which things are placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    until: f64,
    /// Runs from right to left.
    mirrored: bool,
}

impl Scale {
    /// From the least to the greatest of `values`; `None` where there are none.
    pub(super) fn around(values: impl Iterator<Item = f64>, mirrored: bool) -> Option<Scale> {
        let (mut from, mut until) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            from = from.min(value);
            until = until.max(value);
        }
        (from <= until).then_some(Scale {
            from,
            until: if until > from { until } else { from + 1.0 },
            mirrored,
        })
    }

    /// Where `value` stands, in per cent.
    fn at(&self, value: f64) -> f64 {
        let share = ((value - self.from) / (self.until - self.from)).clamp(0.0, 1.0) * 100.0;
        let share = if self.mirrored { 100.0 - share } else { share };
        (share * 100.0).round() / 100.0
    }

    /// Start and width of a stretch, in per cent.
    fn stretch(&self, from: f64, until: f64) -> (f64, f64) {
        let (a, b) = (self.at(from), self.at(until));
        (a.min(b), ((a - b).abs() * 100.0).round() / 100.0)
    }
}

/// Seconds on one clock: shifted by the stated zone, as written where none is.
pub(super) fn seconds(at: DateTime, zone: Option<&str>) -> f64 {
    let zero = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    let written = at.duration_since(zero).as_secs() as f64;
    written - zone.and_then(offset).unwrap_or(0.0)
}

/// An offset like `+01:00` in seconds.
fn offset(zone: &str) -> Option<f64> {
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1.0, zone.get(1..)?),
        b'-' => (-1.0, zone.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    Some(sign * (hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0))
}

/// Beginning and end of a time, in seconds.
pub(super) fn interval(when: &When) -> Option<(f64, f64)> {
    let from = seconds(when.from?, when.zone.as_deref());
    let until = when.until.map_or(from, |until| seconds(until, when.zone.as_deref()));
    Some((from, until.max(from)))
}

/// One row of a strip: a bar for what is no finer than a day, a tick for an hour.
pub(super) fn time_row(scale: &Scale, when: &When) -> Markup {
    let Some((from, until)) = interval(when) else { return html! {} };
    let fine = matches!(when.precision, Precision::Second | Precision::Minute | Precision::Hour);
    let (start, width) = scale.stretch(from, until);
    html! {
        svg aria-hidden="true" focusable="false" {
            line.axis x1="0" x2="100%" y1="50%" y2="50%" {}
            @if fine {
                line.tick x1={ (start) "%" } x2={ (start) "%" } y1="4" y2="22" {}
            } @else {
                rect.bar-day x={ (start) "%" } width={ (width) "%" } y="7" height="12" {}
            }
        }
    }
}

/// The numbers that a chart of quantities has to reach.
pub(super) fn reach(quantity: &Quantity) -> impl Iterator<Item = f64> {
    [quantity.lower, quantity.upper].into_iter().flatten().filter_map(|value| f64::try_from(value).ok())
}

/// One quantity: a dot where a number was said, a line for what its bounds allow, an arrowhead
/// where they are open.
pub(super) fn dot_row(scale: &Scale, quantity: &Quantity) -> Markup {
    let value = |value: Option<Decimal>| value.and_then(|value| f64::try_from(value).ok());
    let (lower, upper) = (value(quantity.lower), value(quantity.upper));
    let ends = match (lower, upper) {
        (Some(lower), Some(upper)) => (lower, upper),
        (Some(lower), None) => (lower, scale.until),
        (None, Some(upper)) => (scale.from, upper),
        (None, None) => return html! {},
    };
    let open_up = upper.is_none();
    let open_down = lower.is_none();
    let said = if quantity.op == Operator::Range { None } else { lower.or(upper) };
    let (from, to) = (scale.at(ends.0), scale.at(ends.1));
    html! {
        svg aria-hidden="true" focusable="false" {
            line.axis x1="0" x2="100%" y1="50%" y2="50%" {}
            line.span x1={ (from) "%" } x2={ (to) "%" } y1="17" y2="17" {}
            @if open_up { (head(to, scale.mirrored)) }
            @if open_down { (head(from, !scale.mirrored)) }
            @match said {
                Some(said) => circle.dot cx={ (scale.at(said)) "%" } cy="17" r="6" {},
                None => {
                    @for end in [from, to] { line.tick x1={ (end) "%" } x2={ (end) "%" } y1="9" y2="25" {} }
                }
            }
        }
    }
}

/// An arrowhead at `at` per cent. A nested drawing, because paths know no per cent.
fn head(at: f64, backwards: bool) -> Markup {
    html! {
        svg x={ (at) "%" } overflow="visible" {
            path.open d=(if backwards { "M7 10L0 17L7 24" } else { "M-7 10L0 17L-7 24" }) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_meet_on_one_clock() {
        let noon = jiff::civil::date(2026, 3, 12).at(12, 0, 0, 0);
        let at = |zone| seconds(noon, zone);
        assert_eq!(at(Some("+01:00")), at(Some("Z")) - 3600.0);
        assert_eq!(at(Some("-03:30")), at(None) + 12600.0);
        assert_eq!(at(Some("+x")), at(None));
    }

    #[test]
    fn scales() {
        let scale = Scale::around([10.0, 20.0].into_iter(), false).unwrap();
        assert_eq!(scale.at(15.0), 50.0);
        assert_eq!(Scale { mirrored: true, ..scale }.stretch(10.0, 12.5), (75.0, 25.0));
        assert!(Scale::around(std::iter::empty(), false).is_none());
        assert_eq!(Scale::around([3.0].into_iter(), false).unwrap().at(3.0), 0.0);
    }
}
