//! Figures as intervals, to tell whether two can both hold.

use selon_model::{Decimal, Operator, Quantity};

/// A closed interval; an absent end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Least value.
    pub lower: Option<Decimal>,
    /// Greatest value.
    pub upper: Option<Decimal>,
}

impl Interval {
    /// What a quantity bounds (connect, section 7): "more than n" begins at n + 1, "about" is
    /// ± 10 % (of ten to nineteen, two), "nearly" is 90 to 100 %, an exact value is widened by half its last significant
    /// digit, and so is the end of "as many as n". "Dozens" says how many at least, to a fifth, and nothing
    /// of how many at most.
    pub fn of(quantity: &Quantity) -> Self {
        let tenth = |value: Decimal| value / Decimal::TEN;
        // "une dizaine", "about a dozen": two people more or less.
        let about = |n: Decimal| {
            let few = n >= Decimal::TEN && n < Decimal::TEN + Decimal::TEN;
            if few { Decimal::TWO } else { tenth(n) }
        };
        let (lower, upper) = (quantity.lower, quantity.upper);
        match quantity.op {
            Operator::Equal => match lower.or(upper) {
                Some(value) => {
                    let half = half_last_digit(value);
                    Interval { lower: Some(less(value, half)), upper: Some(more(value, half)) }
                }
                None => Interval { lower, upper },
            },
            Operator::More => Interval { lower: lower.map(|n| more(n, Decimal::ONE)), upper: None },
            Operator::Less => {
                Interval { lower: Some(Decimal::ZERO), upper: upper.map(|n| less(n, Decimal::ONE)) }
            }
            Operator::AtMost => {
                Interval { lower: Some(Decimal::ZERO), upper: upper.map(|n| more(n, half_last_digit(n))) }
            }
            Operator::About => Interval {
                lower: lower.map(|n| less(n, about(n))),
                upper: upper.or(lower).map(|n| more(n, about(n))),
            },
            Operator::Nearly => {
                Interval { lower: upper.or(lower).map(|n| less(n, tenth(n))), upper: upper.or(lower) }
            }
            Operator::Indefinite => {
                Interval { lower: lower.map(|n| less(less(n, tenth(n)), tenth(n))), upper: None }
            }
            Operator::AtLeast | Operator::Range | Operator::Percent | Operator::Ratio => {
                Interval { lower, upper }
            }
        }
    }

    /// Whether some value lies in both.
    pub fn meets(&self, other: &Interval) -> bool {
        let below = |upper: Option<Decimal>, lower: Option<Decimal>| matches!((upper, lower), (Some(u), Some(l)) if u < l);
        !below(self.upper, other.lower) && !below(other.upper, self.lower)
    }

    /// A value to compare sizes by: the lower bound, else the upper.
    pub fn size(&self) -> Option<Decimal> {
        self.lower.or(self.upper)
    }
}

fn more(value: Decimal, by: Decimal) -> Decimal {
    value.saturating_add(by)
}

fn less(value: Decimal, by: Decimal) -> Decimal {
    value.saturating_sub(by)
}

/// Half a unit of the last digit that is not a trailing zero: 13 000 → 500. Numbers below 100,
/// and those whose last digit is no zero, are taken as counted: nothing is added.
fn half_last_digit(value: Decimal) -> Decimal {
    let mut unit = Decimal::ONE;
    if value >= Decimal::ONE_HUNDRED && value.fract().is_zero() {
        let mut rest = value;
        while !rest.is_zero() && (rest % Decimal::TEN).is_zero() {
            rest /= Decimal::TEN;
            unit *= Decimal::TEN;
        }
    }
    if unit == Decimal::ONE { Decimal::ZERO } else { unit / Decimal::TWO }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(a: (Operator, i64), b: (Operator, i64)) -> bool {
        let interval = |(op, value): (Operator, i64)| Interval::of(&Quantity::with(op, Decimal::from(value)));
        interval(a).meets(&interval(b)) && interval(b).meets(&interval(a))
    }

    #[test]
    fn the_largest_numbers_have_bounds_too() {
        for op in [Operator::Equal, Operator::About, Operator::More, Operator::AtMost, Operator::Nearly] {
            let bounds = Interval::of(&Quantity::with(op, Decimal::MAX));
            assert!(bounds.meets(&Interval::of(&Quantity::exactly(Decimal::MAX))), "{op:?}: {bounds:?}");
        }
    }

    #[test]
    fn what_can_both_hold() {
        use Operator::*;
        assert!(!meets((Equal, 22), (AtLeast, 44)));
        assert!(meets((More, 13000), (Equal, 15000)));
        assert!(meets((Equal, 13000), (Equal, 13400)), "13 000 is rounded");
        assert!(!meets((Equal, 13000), (Equal, 13700)));
        assert!(!meets((Equal, 20), (Equal, 21)), "small numbers are counted");
        assert!(meets((About, 100), (Equal, 108)));
        assert!(meets((Nearly, 1200), (Equal, 1150)));
        assert!(!meets((More, 44), (Equal, 44)));
        assert!(meets((AtMost, 200), (Equal, 213)), "as many as 200 is rounded");
        assert!(!meets((AtMost, 44), (Equal, 48)));
        assert!(meets((Indefinite, 24), (Equal, 21)), "two dozen, near enough");
        assert!(!meets((Indefinite, 24), (Equal, 15)));
    }
}
