//! Numbers that coders of conflict data keep, each derived from the figures of a story by a rule
//! that has a name and a version. No figure is hidden: those that the number does not rest on
//! stand beside it, with why.
//!
//! `acled-conservative` follows the public method of ACLED (FAQ on fatalities): people killed
//! only, the least number where reports differ, and of vague words the least that they can mean,
//! "tens" 10, "dozens" 12, "hundreds" 100. `ucdp` gives the three estimates of the UCDP GED
//! codebook, low, best and high; best is there the most reliable number, and since reliability is
//! not weighed here, the one that most original sources give, the least of several.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use selon_model::{
    Coded, CodedNumber, CodedOther, CodingRule, Decimal, Figure, FigureKey, FigureRef, NotCoded, Operator,
    Pair, Quantity, Relation, Series,
};

/// The class of event that is coded.
const KILLED: &str = "killed";
/// Hours from which the time that a figure covers is no single event; as for pairs.
const EVENT_HOURS: i64 = 72;
/// From here on an indefinite number is a plural ("dozens", at least 24), of which coders count one.
const SEVERAL: i64 = 20;
/// The rule of pairs by which a larger and later figure takes the place of a smaller one.
const LATER: &str = "core.figure.later_and_more";

/// A figure that the number may rest on.
struct Candidate<'a> {
    source: Option<&'a str>,
    figure: FigureRef,
    quantity: &'a Quantity,
}

/// The coded numbers of a story by one rule: one for each thing counted of which a source says how
/// many were killed. `figure_at` finds the figures; those that it does not find are left out.
pub fn coded<'a>(
    rule: CodingRule,
    series: &'a [Series],
    pairs: &[Pair],
    figure_at: impl Fn(FigureRef) -> Option<&'a Figure>,
) -> Vec<Coded> {
    let mut by_key: BTreeMap<&FigureKey, Vec<&'a Series>> = BTreeMap::new();
    for one in series.iter().filter(|one| one.key.event.as_deref() == Some(KILLED)) {
        by_key.entry(&one.key).or_default().push(one);
    }
    by_key
        .into_iter()
        .filter_map(|(key, list)| {
            let (mut candidates, mut others) = (Vec::new(), Vec::new());
            for one in list {
                sort_out(one, pairs, &figure_at, &mut candidates, &mut others);
            }
            let numbers = match rule {
                CodingRule::AcledConservative => acled(&mut candidates, &mut others),
                CodingRule::Ucdp => ucdp(&candidates),
            };
            if numbers.is_empty() {
                return None;
            }
            let rests = |figure: &FigureRef| numbers.iter().any(|number| number.from.contains(figure));
            for candidate in candidates.iter().filter(|candidate| !rests(&candidate.figure)) {
                others.push(CodedOther { figure: candidate.figure, why: NotCoded::Differs });
            }
            others.sort_by_key(|other| other.figure);
            Some(Coded { story: series[0].story, key: key.clone(), rule, numbers, others })
        })
        .collect()
}

/// What of a series counts: of each report the largest number, of a source that changed its number
/// the last one.
fn sort_out<'a>(
    series: &'a Series,
    pairs: &[Pair],
    figure_at: &impl Fn(FigureRef) -> Option<&'a Figure>,
    candidates: &mut Vec<Candidate<'a>>,
    others: &mut Vec<CodedOther>,
) {
    let changed = |relation: &str| matches!(relation, "update" | "revision");
    let last = series.steps.iter().rposition(|step| changed(&step.relation)).unwrap_or(0);
    let mut kept: Vec<Candidate<'a>> = Vec::new();
    for (index, step) in series.steps.iter().enumerate() {
        let Some(figure) = figure_at(step.figure) else { continue };
        let mut leave = |figure, why| others.push(CodedOther { figure, why });
        if is_long(figure) {
            leave(step.figure, NotCoded::OtherPeriod);
        } else if index < last || is_replaced(step.figure, pairs) {
            leave(step.figure, NotCoded::Replaced);
        } else {
            let candidate =
                Candidate { source: series.source.as_deref(), figure: step.figure, quantity: &step.quantity };
            // "44 killed, 12 of them in the second blast": the total is what the report counts.
            match kept.iter_mut().find(|known| known.figure.report == step.figure.report) {
                Some(known) if size(known.quantity) < size(&step.quantity) => {
                    leave(known.figure, NotCoded::Part);
                    *known = candidate;
                }
                Some(_) => leave(step.figure, NotCoded::Part),
                None => kept.push(candidate),
            }
        }
    }
    candidates.append(&mut kept);
}

/// Whether a figure covers a longer time than an event.
fn is_long(figure: &Figure) -> bool {
    let hours = |from: DateTime, until: DateTime| until.duration_since(from).as_hours();
    figure.window.as_ref().is_some_and(|window| match (window.from, window.until) {
        (Some(from), Some(until)) => hours(from, until) > EVENT_HOURS,
        _ => false,
    })
}

/// Whether another source's later and larger figure takes the place of this one.
fn is_replaced(figure: FigureRef, pairs: &[Pair]) -> bool {
    let updates = pairs.iter().filter(|pair| pair.relation == Relation::Update && pair.why.rule == LATER);
    updates.into_iter().any(|pair| {
        let value =
            |name: &str| pair.why.features.iter().find(|(feature, _)| feature == name).map(|one| one.1);
        let smaller = if value("a") < value("b") { pair.a } else { pair.b };
        smaller == figure
    })
}

fn size(quantity: &Quantity) -> Option<Decimal> {
    quantity.lower.or(quantity.upper)
}

fn acled(candidates: &mut Vec<Candidate<'_>>, others: &mut Vec<CodedOther>) -> Vec<CodedNumber> {
    candidates.retain(|candidate| {
        let told = least(candidate.quantity).is_some();
        if !told {
            others.push(CodedOther { figure: candidate.figure, why: NotCoded::NoLowerBound });
        }
        told
    });
    number("value", candidates, least, |numbers| numbers.min()).into_iter().collect()
}

/// The least that a quantity can mean, as ACLED counts it.
fn least(quantity: &Quantity) -> Option<Decimal> {
    let lower = quantity.lower?;
    let several = quantity.op == Operator::Indefinite && lower >= Decimal::from(SEVERAL);
    Some(if several { (lower / Decimal::TWO).trunc() } else { lower })
}

fn ucdp(candidates: &[Candidate<'_>]) -> Vec<CodedNumber> {
    let said = |quantity: &Quantity| size(quantity);
    // Of a vague word only the least is told.
    let vague = |quantity: &Quantity| quantity.op == Operator::Indefinite;
    let most = |quantity: &Quantity| quantity.upper.filter(|_| !vague(quantity)).or(quantity.lower);
    let mut sources: BTreeMap<Decimal, Vec<Option<&str>>> = BTreeMap::new();
    for candidate in candidates {
        let Some(value) = said(candidate.quantity) else { continue };
        let known = sources.entry(value).or_default();
        if !known.contains(&candidate.source) {
            known.push(candidate.source);
        }
    }
    let most_sources = sources.values().map(Vec::len).max();
    let best = sources.iter().find(|(_, list)| Some(list.len()) == most_sources).map(|(value, _)| *value);
    [
        number("low", candidates, said, |numbers| numbers.min()),
        number("best", candidates, said, |_| best),
        number("high", candidates, most, |numbers| numbers.max()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A number of a name, with all figures that say it.
fn number(
    name: &str,
    candidates: &[Candidate<'_>],
    of: impl Fn(&Quantity) -> Option<Decimal>,
    choose: impl Fn(&mut dyn Iterator<Item = Decimal>) -> Option<Decimal>,
) -> Option<CodedNumber> {
    let value = choose(&mut candidates.iter().filter_map(|candidate| of(candidate.quantity)))?;
    let from = candidates.iter().filter(|candidate| of(candidate.quantity) == Some(value));
    Some(CodedNumber { name: name.to_owned(), value, from: from.map(|candidate| candidate.figure).collect() })
}
