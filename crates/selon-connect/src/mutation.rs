//! What changed between a figure and the one it was taken from, with the words on both sides.

use selon_model::{Change, Decimal, HedgeKind, Mutation, Operator, Span, Statement};

use crate::claim::Claim;

/// The changes from `parent` to `child`, in a fixed order.
pub(crate) fn find_mutations(parent: &Claim<'_>, child: &Claim<'_>) -> Vec<Mutation> {
    let mut found = Vec::new();
    let mut change = |kind: Change, parent: Option<Span>, child: Option<Span>| {
        found.push(Mutation { kind, child, parent });
    };
    let (before, after) = (parent.value, child.value);
    let kind = if after == before {
        match (strength(parent), strength(child)) {
            (None, _) | (_, None) => None,
            (from, to) if from == to => None,
            (_, Some(Operator::Equal)) => Some(Change::OperatorDropped),
            (Some(Operator::Equal), _) => Some(Change::OperatorAdded),
            _ => Some(Change::OperatorChanged),
        }
    } else if is_tenfold(before, after) {
        Some(Change::Times10)
    } else if is_tenfold(after, before) {
        Some(Change::DividedBy10)
    } else {
        (!same_indefinite(parent, child)).then_some(Change::ValueChanged)
    };
    if let Some(kind) = kind {
        change(kind, Some(parent.span), Some(child.span));
    }
    if parent.event != child.event {
        change(Change::UnitSwapped, Some(event(parent)), Some(event(child)));
    }
    if child.figure.is_none() {
        // Only its number is read.
        return found;
    }
    match (&parent.origin, &child.origin) {
        (Some(_), None) => change(Change::SourceLost, source(parent), None),
        (Some(a), Some(b)) if a.key != b.key => change(Change::SourceChanged, source(parent), source(child)),
        _ => {}
    }
    if let (Some(hedge), None) = (hedge(parent.statement), hedge(child.statement)) {
        change(Change::HedgeLost, Some(hedge), None);
    }
    if let (Some(window), None) = (parent.window(), child.window()) {
        change(Change::WindowLost, window.span, None);
    }
    found
}

/// The words that tell what happened to those counted, else the figure.
fn event(claim: &Claim<'_>) -> Span {
    let event = claim.figure.and_then(|(_, figure)| figure.event.as_ref()?.span);
    event.unwrap_or(claim.span)
}

fn source(claim: &Claim<'_>) -> Option<Span> {
    Some(claim.statement?.source.as_ref()?.span)
}

/// "dozens" and "des dizaines" are the same word of two languages, though one begins at 24 and the
/// other at 20.
fn same_indefinite(parent: &Claim<'_>, child: &Claim<'_>) -> bool {
    let (Some(a), Some(b)) = (parent.quantity(), child.quantity()) else { return false };
    a.op == Operator::Indefinite && b.op == Operator::Indefinite && a.upper.is_some() && a.upper == b.upper
}

/// "more than" and "at least" are said of one another.
fn strength(claim: &Claim<'_>) -> Option<Operator> {
    Some(match claim.quantity()?.op {
        Operator::AtLeast => Operator::More,
        Operator::AtMost => Operator::Less,
        op => op,
    })
}

/// Whether one number is ten times another.
pub(crate) fn is_tenfold(small: Decimal, large: Decimal) -> bool {
    !small.is_zero() && small.checked_mul(Decimal::TEN) == Some(large)
}

/// The words that weaken a statement.
fn hedge(statement: Option<&Statement>) -> Option<Span> {
    let weakens = |kind: HedgeKind| matches!(kind, HedgeKind::Lexical | HedgeKind::Reportative);
    statement?.hedges.iter().find(|hedge| weakens(hedge.kind)).map(|hedge| hedge.span)
}
