//! The edge: readings become the record's `TimeMention` and `When`.

use selon_model::{RuleId, TimeFlag, TimeMention, TimePart, When};

use super::atom::{Atom, Expression};
use super::pack::TimePack;
use super::range::range_ends;
use super::reading::Reading;
use super::resolve::{Anchors, resolve};
use super::word::Modifier;
use crate::lex::Lexed;

/// Writes a reading down with its words.
pub(crate) fn mention(
    atom: &Atom,
    reading: Reading,
    anchors: &Anchors<'_>,
    lexed: &Lexed,
    pack: &TimePack,
) -> TimeMention {
    let parts = parts(atom, &reading, anchors, lexed, pack);
    let mut flags = reading.flags;
    if !atom.pieces.is_empty() {
        flags.push(TimeFlag::Merged);
    }
    TimeMention {
        span: lexed.span(atom.tokens.clone()),
        kind: reading.kind,
        value: reading.value,
        modifier: atom.modifier.map(|modifier| modifier.timex().to_owned()),
        quant: reading.quant,
        // No rule reads how often within a period ("twice a week" is a set of weeks).
        freq: None,
        edtf: reading.edtf,
        from: reading.from,
        until: reading.until,
        grain: reading.grain,
        approx: atom.modifier == Some(Modifier::Approx),
        zone: reading.zone,
        anchor: reading.anchor,
        anchor_time: reading.anchor_time,
        direction: reading.direction,
        parts,
        alternatives: reading.alternatives,
        flags,
        rule: rule(atom, pack),
        confidence: reading.confidence,
    }
}

fn rule(atom: &Atom, pack: &TimePack) -> RuleId {
    match atom.rules.first().and_then(|rule| pack.rules.get(usize::from(*rule))) {
        Some(rule) => RuleId::pack(rule.id.clone()),
        None => RuleId::core("core.time"),
    }
}

/// Ends of a range; date and clock where they stand apart.
fn parts(
    atom: &Atom,
    reading: &Reading,
    anchors: &Anchors<'_>,
    lexed: &Lexed,
    pack: &TimePack,
) -> Vec<TimePart> {
    if let Expression::Range(from, until) = &atom.expression {
        let Some((first, last)) = range_ends(from, until, anchors, pack) else { return Vec::new() };
        let mut all = Vec::new();
        for (end, reading) in [(from, first), (until, last)] {
            let inner = parts(end, &reading, anchors, lexed, pack);
            if inner.is_empty() {
                all.push(TimePart { span: lexed.span(end.tokens.clone()), value: reading.value });
            } else {
                all.extend(inner);
            }
        }
        return all;
    }
    if atom.pieces.is_empty() {
        return Vec::new();
    }
    // The pieces differ in their clock: one is the day, the others the clock on it.
    let mut day = atom.clone();
    day.clock = None;
    if matches!(day.expression, Expression::Clock) {
        day.expression = Expression::Part;
    } else if atom.part.is_some() && atom.clock.is_none() {
        day.part = None;
    }
    let of_day = resolve(&day, anchors, pack).map(|reading| reading.value);
    let piece = |(tokens, is_clock): &(std::ops::Range<usize>, bool)| {
        let value = of_day.as_ref().filter(|_| !is_clock).unwrap_or(&reading.value).clone();
        TimePart { span: lexed.span(tokens.clone()), value }
    };
    atom.pieces.iter().map(piece).collect()
}

/// A mention as the record's `When`.
pub(crate) fn as_when(mention: &TimeMention) -> When {
    When {
        edtf: mention.edtf.clone(),
        from: mention.from,
        until: mention.until,
        zone: mention.zone.clone(),
        precision: mention.grain,
        inferred: mention.flags.contains(&TimeFlag::YearInferred)
            || mention.anchor != selon_model::Anchor::None,
        evidence: Some(selon_model::DateEvidence::Text),
        value: Some(mention.value.clone()),
        span: Some(mention.span),
        rule: mention.rule.clone(),
    }
}
