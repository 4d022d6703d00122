//! The stretch of time a figure covers: "au cours des dernières 24 heures", "in two days", or
//! the day its sentence names.

use std::ops::Range;

use jiff::{Span as Length, civil::DateTime};
use selon_model::{Precision, RuleId, Span, TimeKind, TimeMention, When};

use super::Draft;
use super::pack::FigurePack;
use crate::lex::Lexed;

/// A length of time that bounds other figures of its sentence.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// From its opening words to its noun.
    pub(super) tokens: Range<usize>,
    rule: usize,
    /// It ends at the anchor.
    ends_now: bool,
    count: u32,
    /// Designator of ISO 8601: "H", "D", "W", "M", "Y", or "MIN".
    unit: String,
}

/// Reads a draft of class duration as a window, where words before it say so.
pub(super) fn as_window(lexed: &Lexed, draft: &Draft, first: usize, pack: &FigurePack) -> Option<Window> {
    if draft.class.as_deref() != Some("duration") {
        return None;
    }
    let unit = draft.code.clone()?;
    let mut start = draft.measured.tokens.start;
    // "les 24 dernières heures": the adjective stands before the number or after it.
    let after = draft.measured.end()..draft.tokens.end;
    let mut past = after.clone().any(|at| pack.window_adjectives.has(lexed, at, after.end));
    let mut ahead = after.clone().any(|at| pack.window_ahead.has(lexed, at, after.end));
    let (rule, start) = loop {
        if let Some(found) = pack.window_before.before(lexed, start, first) {
            break found;
        }
        if let Some((_, at)) = pack.window_ahead.before(lexed, start, first) {
            ahead = true;
            start = at;
            continue;
        }
        start = pack.window_adjectives.before(lexed, start, first)?.1;
        past = true;
    };
    let row = &pack.windows[rule];
    let ends_now = row.ends_now && !ahead && (past || !row.adjective);
    let count = draft.measured.quantity.lower.or(draft.measured.quantity.upper)?;
    let count = u32::try_from(count).ok().filter(|count| (1..=10_000).contains(count))?;
    Some(Window { tokens: start..draft.tokens.end, rule, ends_now, count, unit })
}

impl Window {
    /// TIMEX3 length.
    pub(super) fn value(&self) -> String {
        match self.unit.as_str() {
            "H" => format!("PT{}H", self.count),
            "MIN" => format!("PT{}M", self.count),
            "S" => format!("PT{}S", self.count),
            unit => format!("P{}{unit}", self.count),
        }
    }

    fn length(&self) -> Option<Length> {
        let count = i64::from(self.count);
        let length = Length::new();
        match self.unit.as_str() {
            "S" => length.try_seconds(count),
            "MIN" => length.try_minutes(count),
            "H" => length.try_hours(count),
            "D" => length.try_days(count),
            "W" => length.try_weeks(count),
            "M" => length.try_months(count),
            "Y" => length.try_years(count),
            _ => return None,
        }
        .ok()
    }

    /// Counted in hours or less.
    fn is_clocked(&self) -> bool {
        matches!(self.unit.as_str(), "S" | "MIN" | "H")
    }

    /// Back from the anchor: from the moment itself, or from the day that it is. Hours run back
    /// from some moment of that day, so they may begin as early as from its beginning.
    fn interval(&self, anchor: &When) -> Option<(DateTime, DateTime)> {
        let (near, start) = match is_moment(anchor) {
            true if self.is_clocked() => (anchor.from?, anchor.from?),
            true => {
                let end = anchor.from?.date().tomorrow().ok()?.at(0, 0, 0, 0);
                (end, end)
            }
            false if self.is_clocked() => (anchor.until.or(anchor.from)?, anchor.from?),
            false => (anchor.until.or(anchor.from)?, anchor.until.or(anchor.from)?),
        };
        Some((start.checked_sub(self.length()?).ok()?, near))
    }

    /// The window as an interval that ends with the anchor, or as a bare length where the words
    /// do not say when it ends or nothing anchors it.
    pub(super) fn when(&self, lexed: &Lexed, anchor: Option<&When>, pack: &FigurePack) -> When {
        let rule = &pack.windows[self.rule];
        let interval = anchor.filter(|_| self.ends_now).and_then(|anchor| self.interval(anchor));
        When {
            edtf: interval.map(|(from, until)| {
                // The last instant, or the last day, that belongs to it.
                let last = until.checked_sub(Length::new().seconds(1)).unwrap_or(until);
                match anchor.is_some_and(is_moment) && self.is_clocked() {
                    true => format!("{}/{}", instant(from), instant(until)),
                    // Hours before some moment of a day.
                    false if self.is_clocked() => format!("{}~/{}", from.date(), last.date()),
                    false => format!("{}/{}", from.date(), last.date()),
                }
            }),
            from: interval.map(|(from, _)| from),
            until: interval.map(|(_, until)| until),
            zone: interval.and_then(|_| anchor.and_then(|anchor| anchor.zone.clone())),
            precision: match self.unit.as_str() {
                "S" => Precision::Second,
                "MIN" => Precision::Minute,
                "H" => Precision::Hour,
                "D" => Precision::Day,
                "W" => Precision::Week,
                "M" => Precision::Month,
                "Y" => Precision::Year,
                _ => Precision::Unknown,
            },
            inferred: interval.is_some(),
            evidence: None,
            value: Some(self.value()),
            span: Some(lexed.span(self.tokens.clone())),
            rule: RuleId::pack(rule.id.as_str()),
        }
    }
}

/// The anchor is a moment, and no whole day or longer.
fn is_moment(anchor: &When) -> bool {
    matches!(anchor.precision, Precision::Second | Precision::Minute | Precision::Hour)
}

fn instant(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The day or time that a sentence names, as the window of its figures: the nearest one.
pub(super) fn named_time(times: &[TimeMention], sentence: Span, figure: Span) -> Option<When> {
    let from = times.partition_point(|time| time.span.end <= sentence.start);
    let nearest = times[from..]
        .iter()
        .take_while(|time| time.span.start < sentence.end)
        .filter(|time| !time.span.overlaps(figure))
        .filter(|time| match time.kind {
            TimeKind::Date | TimeKind::Time => time.edtf.is_some(),
            TimeKind::Duration => time.from.is_some() && time.until.is_some(),
            TimeKind::Set => false,
        })
        .min_by_key(|time| distance(time.span, figure))?;
    Some(When {
        edtf: nearest.edtf.clone(),
        from: nearest.from,
        until: nearest.until,
        zone: nearest.zone.clone(),
        precision: nearest.grain,
        inferred: !nearest.flags.is_empty() || nearest.anchor != selon_model::Anchor::None,
        evidence: None,
        value: (nearest.kind == TimeKind::Duration).then(|| nearest.value.clone()),
        span: Some(nearest.span),
        rule: nearest.rule.clone(),
    })
}

/// Bytes between two spans.
pub(super) fn distance(a: Span, b: Span) -> u32 {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}
