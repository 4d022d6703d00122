//! Quantities: bounds with their operator, never a lone float.

use serde::{Deserialize, Serialize};

/// Exact decimal numbers.
pub use rust_decimal::Decimal;

/// How a number bounds what it counts (statements-and-figures, table B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// A bare number.
    #[serde(rename = "=")]
    Equal,
    /// "more than".
    #[serde(rename = ">")]
    More,
    /// "at least".
    #[serde(rename = ">=")]
    AtLeast,
    /// "less than".
    #[serde(rename = "<")]
    Less,
    /// "up to".
    #[serde(rename = "<=")]
    AtMost,
    /// "about".
    #[serde(rename = "~")]
    About,
    /// "nearly".
    #[serde(rename = "~<")]
    Nearly,
    /// "dozens", "hundreds": an indefinite plural.
    #[serde(rename = ">=~")]
    Indefinite,
    /// "between 30 and 40".
    #[serde(rename = "range")]
    Range,
    /// "70 %".
    #[serde(rename = "percent")]
    Percent,
    /// "three out of ten".
    #[serde(rename = "ratio")]
    Ratio,
}

impl Operator {
    /// Its sign in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::More => ">",
            Operator::AtLeast => ">=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::About => "~",
            Operator::Nearly => "~<",
            Operator::Indefinite => ">=~",
            Operator::Range => "range",
            Operator::Percent => "percent",
            Operator::Ratio => "ratio",
        }
    }
}

/// A quantity: operator and bounds. An absent bound is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// How the bounds are meant.
    pub op: Operator,
    /// Lower bound as said ("more than 13 000" has 13000 here, and `More` says it is excluded).
    pub lower: Option<Decimal>,
    /// Upper bound as said.
    pub upper: Option<Decimal>,
}

impl Quantity {
    /// A bare number.
    pub fn exactly(value: Decimal) -> Self {
        Quantity { op: Operator::Equal, lower: Some(value), upper: Some(value) }
    }

    /// `value` under `op`, with the bounds that the operator leaves open.
    pub fn with(op: Operator, value: Decimal) -> Self {
        let (lower, upper) = match op {
            Operator::More | Operator::AtLeast => (Some(value), None),
            Operator::Less | Operator::AtMost | Operator::Nearly => (None, Some(value)),
            _ => (Some(value), Some(value)),
        };
        Quantity { op, lower, upper }
    }
}
