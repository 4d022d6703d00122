//! Figures: how many, of what, says who.

use serde::{Deserialize, Serialize};

use crate::{Quantity, ReportId, RuleId, Span, When};

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Head noun as written; `None` where only the event names it.
    pub span: Option<Span>,
    /// Unit class (`civilians`, `persons`, `duration`, `money`, `other` …), as the packs name it.
    pub class: String,
    /// ISO 4217 code or unit of measure.
    pub code: Option<String>,
}

/// What happened to what is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Event class (`killed`, `evacuated` …), as the packs name it.
    pub class: String,
    /// The words that say so; `None` where the unit itself does ("wounded").
    pub span: Option<Span>,
}

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// All its words, operator and noun included.
    pub span: Span,
    /// The number's words; two for a range or ratio, those of all parts for a sum.
    pub number: Vec<Span>,
    /// Bounds and operator.
    pub quantity: Quantity,
    /// "rose from 12 to 17": 12.
    pub previous: Option<Quantity>,
    /// Index of the figure this is a part of.
    pub share_of: Option<u32>,
    /// What is counted.
    pub unit: Option<Unit>,
    /// What happened to it.
    pub event: Option<Event>,
    /// The stretch of time it covers.
    pub window: Option<When>,
    /// Index of its place among the report's places.
    pub place: Option<u32>,
    /// Index of the innermost statement whose content covers it.
    pub said_in: Option<u32>,
    /// Which rule made it.
    pub rule: RuleId,
    /// 0 to 1; below 0.6 goes to review.
    pub confidence: f32,
}

/// Rule of a figure that adds up the counts of a list ("three officers and two civilians").
pub const SUM: &str = "core.figure.sum";

impl Figure {
    /// Whether no number of the text says it: it adds up the counts of a list, which are its parts.
    pub fn is_sum(&self) -> bool {
        self.rule.as_str().split('+').any(|rule| rule == SUM)
    }
}

/// A figure of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FigureRef {
    /// The report.
    pub report: ReportId,
    /// Index among its figures.
    pub figure: u32,
}
