//! Times as intervals, with what was said of them.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::{RuleId, Span};

/// How finely a time was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Precision {
    Second,
    Minute,
    Hour,
    Part,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
    Unknown,
}

/// Where a date of a report comes from (record.md `evidence`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DateEvidence {
    JsonLd,
    Meta,
    TimeElement,
    Url,
    Text,
    /// What a script of the page keeps or prints.
    Script,
    Posts,
    Id,
    /// The caller, or the row or feed the report came in, says so.
    Stated,
}

/// A time: a half-open interval `[from, until)` in the stated zone, nothing finer than was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// EDTF (ISO 8601-2 level 1, and the level 2 that is needed); `None` where nothing anchors it.
    pub edtf: Option<String>,
    /// First instant; `None`: open or unknown.
    pub from: Option<DateTime>,
    /// First instant after; `None`: open or unknown.
    pub until: Option<DateTime>,
    /// Offset as stated (`+01:00`, `Z`); `None` where none is.
    pub zone: Option<String>,
    /// How finely it was said.
    pub precision: Precision,
    /// Part of it is not in the words but was inferred.
    pub inferred: bool,
    /// Where it comes from.
    pub evidence: Option<DateEvidence>,
    /// TIMEX3 length of a window ("PT24H"), also when nothing anchors it.
    pub value: Option<String>,
    /// Its words, where it has any in the text.
    pub span: Option<Span>,
    /// Which rule made it.
    pub rule: RuleId,
}

impl When {
    /// One whole day without zone.
    pub fn day(date: jiff::civil::Date, rule: RuleId) -> Self {
        let from = date.at(0, 0, 0, 0);
        When {
            edtf: Some(date.to_string()),
            from: Some(from),
            until: date.tomorrow().ok().map(|next| next.at(0, 0, 0, 0)),
            zone: None,
            precision: Precision::Day,
            inferred: false,
            evidence: None,
            value: None,
            span: None,
            rule,
        }
    }

    /// The day on which it begins.
    pub fn date(&self) -> Option<jiff::civil::Date> {
        self.from.map(|from| from.date())
    }
}

/// TIMEX3 types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}

/// What a time expression is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Anchor {
    Published,
    Narrative,
    None,
}

/// Where the words do not say it: before or after the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Direction {
    Past,
    Future,
}

/// What is to be known about a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFlag {
    /// Stated weekday and date disagree.
    WeekdayMismatch,
    /// There is no such day.
    ImpossibleDate,
    /// The year is not in the words.
    YearInferred,
    /// Made of two expressions.
    Merged,
    /// The words say local time: `zone` is that of the place in which the sentence says it was, where
    /// one is known.
    LocalTime,
}

/// One end of a range, or one member of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimePart {
    /// Its words.
    pub span: Span,
    /// Its TIMEX3 value.
    pub value: String,
}

/// A time expression of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeMention {
    /// Its words.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// TIMEX3 value ("2016-12-12", "PT24H", "XXXX-12-12", "PAST_REF").
    pub value: String,
    /// TIMEX3 mod (START, APPROX, MORE_THAN …).
    pub modifier: Option<String>,
    /// TIMEX3 quant of a set.
    pub quant: Option<String>,
    /// TIMEX3 freq of a set.
    pub freq: Option<String>,
    /// EDTF; `None` where nothing anchors it.
    pub edtf: Option<String>,
    /// First instant.
    pub from: Option<DateTime>,
    /// First instant after.
    pub until: Option<DateTime>,
    /// How finely it was said.
    pub grain: Precision,
    /// "about".
    pub approx: bool,
    /// Offset from UTC as stated; where the flag `local_time` stands, that of the place in which the
    /// sentence says it was, which `value` and `edtf` leave out.
    pub zone: Option<String>,
    /// What it is reckoned from.
    pub anchor: Anchor,
    /// Index, among the report's times, of the expression it hangs on.
    pub anchor_time: Option<u32>,
    /// Before or after the anchor.
    pub direction: Option<Direction>,
    /// Ends of a range, members of a list.
    pub parts: Vec<TimePart>,
    /// Other values it could have.
    pub alternatives: Vec<String>,
    /// What is to be known about it.
    pub flags: Vec<TimeFlag>,
    /// Which rule made it.
    pub rule: RuleId,
    /// 0 to 1; below 0.6 goes to review.
    pub confidence: f32,
}
