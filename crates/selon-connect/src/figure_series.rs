//! Figures of one story: what each original source says over time, and how two sources stand to
//! each other. No figure is chosen.
//!
//! A report that took a figure from another gives the other's source a step, not a voice of its
//! own; a number that nobody is named for and that another report had before is no voice either.

use std::collections::BTreeMap;

use selon_model::{Decimal, FigureKey, Order, Pair, Relation, Series, Step, Story, Suspect, Why};

use crate::chain::Ways;
use crate::claim::Claim;
use crate::mutation::is_tenfold;

/// Hours after which a larger figure of another source is later news, not a contradiction.
const CURRENT_HOURS: i64 = 48;

/// Classes contained in "persons".
const PERSONS: &[&str] = &[
    "civilians",
    "children",
    "women",
    "fighters",
    "soldiers",
    "police",
    "refugees",
    "displaced",
    "residents",
    "detainees",
    "hostages",
    "journalists",
    "protesters",
    "bodies",
];

/// Series and pairs of a story.
pub(crate) fn compare_figures(story: &Story, ways: &Ways<'_>) -> (Vec<Series>, Vec<Pair>) {
    let (mut all_series, mut all_pairs) = (Vec::new(), Vec::new());
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, claim) in ways.claims.iter().enumerate().filter(|(_, claim)| claim.figure.is_some()) {
        groups.entry(&claim.event).or_default().push(at);
    }
    for group in groups.values() {
        let mut by_source: BTreeMap<(String, Option<String>), Vec<usize>> = BTreeMap::new();
        for at in group {
            let source = ways.origin(*at).map(|origin| origin.key.clone());
            by_source.entry((ways.claims[*at].unit.clone(), source)).or_default().push(*at);
        }
        let mut voices: Vec<&Claim<'_>> = Vec::new();
        for ((class, source), mut list) in by_source {
            list.sort_by(|a, b| {
                let (a, b) = (&ways.claims[*a], &ways.claims[*b]);
                (a.time.until, a.interval.size()).cmp(&(b.time.until, b.interval.size()))
            });
            let steps: Vec<&Claim<'_>> = list.iter().map(|at| &ways.claims[*at]).collect();
            let own: Vec<&Claim<'_>> = list
                .iter()
                .filter(|at| ways.root(**at) == **at && !ways.repeats(**at))
                .map(|at| &ways.claims[*at])
                .collect();
            all_series.push(Series {
                story: story.id,
                key: key(class, steps[0]),
                source: ways.origin(list[0]).map(|origin| origin.name.clone()),
                steps: describe(&steps, source.is_some()),
            });
            match source {
                Some(_) => {
                    all_pairs.extend(changes(story, &own));
                    voices.extend(current(&own));
                }
                None => voices.extend(own),
            }
        }
        all_pairs.extend(pairs(story, &voices));
    }
    (all_series, all_pairs)
}

fn key(unit: String, claim: &Claim<'_>) -> FigureKey {
    FigureKey { unit, event: Some(claim.event.clone()), place: None, proposition: None }
}

/// A source's claims that no later one of it replaces.
fn current<'a, 'b>(own: &[&'a Claim<'b>]) -> Vec<&'a Claim<'b>> {
    let replaced =
        |claim: &Claim<'_>| own.iter().any(|later| claim.time.order(&later.time) == Order::FromFirst);
    own.iter().filter(|claim| !replaced(claim)).copied().collect()
}

fn describe(list: &[&Claim<'_>], named: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, claim) in list.iter().enumerate() {
        let (Some(quantity), Some(figure)) = (claim.quantity(), claim.at()) else { continue };
        let relation = match index.checked_sub(1).map(|before| list[before]) {
            None => "first",
            Some(_) if !named => "order_unknown",
            Some(before) if before.quantity() == Some(quantity) => "same",
            Some(before) if before.time.order(&claim.time) != Order::FromFirst => "order_unknown",
            Some(before) if before.interval.size() <= claim.interval.size() => "update",
            Some(_) => "revision",
        };
        steps.push(Step { as_of: claim.as_of.clone(), quantity, figure, relation: relation.to_owned() });
    }
    steps
}

/// A named source's own changes, as pairs.
fn changes(story: &Story, list: &[&Claim<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for window in list.windows(2) {
        let [a, b] = window else { continue };
        if a.quantity() == b.quantity() || a.time.order(&b.time) != Order::FromFirst {
            continue;
        }
        let grows = a.interval.size() <= b.interval.size();
        let relation = if grows { Relation::Update } else { Relation::Revision };
        pairs.extend(pair(story, a, b, relation, "core.figure.same_source"));
    }
    pairs
}

/// Every source's current figures against every other's.
fn pairs(story: &Story, voices: &[&Claim<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut distinct: Vec<&Claim<'_>> = Vec::new();
    for claim in voices {
        let same = |other: &&Claim<'_>| {
            other.origin.as_ref().map(|origin| &origin.key) == claim.origin.as_ref().map(|origin| &origin.key)
                && other.quantity() == claim.quantity()
                && other.unit == claim.unit
        };
        if !distinct.iter().any(same) {
            distinct.push(claim);
        }
    }
    for (index, a) in distinct.iter().enumerate() {
        for b in &distinct[index + 1..] {
            if let Some((relation, rule)) = relation(a, b, &distinct) {
                pairs.extend(pair(story, a, b, relation, rule));
            }
        }
    }
    pairs
}

/// How two claims stand, by the first rule that applies; `None` where they are not about the same.
fn relation(a: &Claim<'_>, b: &Claim<'_>, all: &[&Claim<'_>]) -> Option<(Relation, &'static str)> {
    let (first, second) = (a.unit.as_str(), b.unit.as_str());
    if first != second && !contains(first, second) && !contains(second, first) {
        return None;
    }
    if a.interval.meets(&b.interval) {
        return Some((Relation::Compatible, "core.figure.bounds_meet"));
    }
    let origin = |claim: &Claim<'_>| claim.origin.as_ref().map(|origin| origin.key.clone());
    if first != second {
        Some((Relation::ScopeDifference, "core.figure.part_of_persons"))
    } else if a.input == b.input && origin(a) == origin(b) {
        Some((Relation::ScopeDifference, "core.figure.one_speaker"))
    } else if origin(a).is_some() && origin(a) == origin(b) {
        None
    } else if has_counterpart(a, b, all) || has_counterpart(b, a, all) {
        Some((Relation::ScopeDifference, "core.figure.other_counterpart"))
    } else if matches!((place(a), place(b)), (Some(one), Some(other)) if one != other) {
        Some((Relation::ScopeDifference, "core.figure.other_place"))
    } else if is_later_news(a, b) || is_later_news(b, a) {
        Some((Relation::Update, "core.figure.later_and_more"))
    } else {
        Some((Relation::Conflict, "core.figure.bounds_apart"))
    }
}

/// Whether the report of `b` has another figure of the kind that can hold together with `a`: then
/// that one is about the same as `a`, and `b` about something else.
fn has_counterpart(a: &Claim<'_>, b: &Claim<'_>, all: &[&Claim<'_>]) -> bool {
    a.input != b.input
        && all.iter().any(|other| {
            other.input == b.input
                && other.span != b.span
                && other.unit == a.unit
                && other.interval.meets(&a.interval)
        })
}

/// The place a figure is about.
fn place<'a>(claim: &Claim<'a>) -> Option<&'a str> {
    let place = claim.report.places.get(claim.figure?.1.place? as usize)?;
    place.choice().map(|choice| choice.id.0.as_str())
}

/// Whether `b` is larger and at least two days later than `a`: tolls rise.
fn is_later_news(a: &Claim<'_>, b: &Claim<'_>) -> bool {
    let (Some(until), Some(from)) = (a.time.until, b.time.from) else { return false };
    a.interval.size() < b.interval.size()
        && until.checked_add(jiff::Span::new().hours(CURRENT_HOURS)).is_ok_and(|after| after <= from)
}

fn contains(whole: &str, part: &str) -> bool {
    whole == "persons" && PERSONS.contains(&part)
        || whole == "civilians" && matches!(part, "children" | "women")
}

fn pair(story: &Story, a: &Claim<'_>, b: &Claim<'_>, relation: Relation, rule: &str) -> Option<Pair> {
    let suspect = (relation == Relation::Conflict).then(|| suspect(a, b)).flatten();
    let bound = |claim: &Claim<'_>| claim.interval.size().and_then(|size| f64::try_from(size).ok());
    let mut features = Vec::new();
    features.extend(bound(a).map(|value| ("a".to_owned(), value)));
    features.extend(bound(b).map(|value| ("b".to_owned(), value)));
    let why = Why { rule: rule.to_owned(), features, instead_of: None };
    Some(Pair { story: story.id, a: a.at()?, b: b.at()?, relation, suspect, why })
}

fn suspect(a: &Claim<'_>, b: &Claim<'_>) -> Option<Suspect> {
    let (a, b) = (a.value, b.value);
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    if is_tenfold(small, large) {
        Some(Suspect::Factor10)
    } else if small.checked_mul(Decimal::TEN).is_some_and(|ten| is_tenfold(ten, large)) {
        Some(Suspect::Factor100)
    } else {
        None
    }
}
