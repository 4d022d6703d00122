//! What changed between a figure and the one it was taken from.

use selon_model::{Decimal, HedgeKind, Mutation, Operator, Statement};

use crate::claim::Claim;

/// The changes from `parent` to `child`, in a fixed order.
pub(crate) fn find_mutations(parent: &Claim<'_>, child: &Claim<'_>) -> Vec<Mutation> {
    let mut found = Vec::new();
    let (before, after) = (parent.value, child.value);
    if after == before {
        match (strength(parent), strength(child)) {
            (None, _) | (_, None) => {}
            (from, to) if from == to => {}
            (_, Some(Operator::Equal)) => found.push(Mutation::OperatorDropped),
            (Some(Operator::Equal), _) => found.push(Mutation::OperatorAdded),
            _ => found.push(Mutation::OperatorChanged),
        }
    } else if is_tenfold(before, after) {
        found.push(Mutation::Times10);
    } else if is_tenfold(after, before) {
        found.push(Mutation::DividedBy10);
    } else if !same_indefinite(parent, child) {
        found.push(Mutation::ValueChanged);
    }
    if parent.event != child.event {
        found.push(Mutation::UnitSwapped);
    }
    if child.figure.is_none() {
        // Only its number is read.
        return found;
    }
    match (&parent.origin, &child.origin) {
        (Some(_), None) => found.push(Mutation::SourceLost),
        (Some(a), Some(b)) if a.key != b.key => found.push(Mutation::SourceChanged),
        _ => {}
    }
    if is_hedged(parent.statement) && !is_hedged(child.statement) {
        found.push(Mutation::HedgeLost);
    }
    if parent.window().is_some() && child.window().is_none() {
        found.push(Mutation::WindowLost);
    }
    found
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

fn is_hedged(statement: Option<&Statement>) -> bool {
    statement.is_some_and(|statement| {
        statement.hedges.iter().any(|hedge| matches!(hedge.kind, HedgeKind::Lexical | HedgeKind::Reportative))
    })
}
