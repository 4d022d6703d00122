//! What cannot all be so: the claims of a story that stand against one another, one entry for each
//! thing counted.
//!
//! Pairs of figures are many where several outlets repeat one number; here equal numbers by
//! one source are one claim, with every place where it is said. No claim is preferred.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::{Decimal, FigureRef, Quantity, Relation, Report, ReportId, Suspect};

use crate::archive::StoryView;

/// A number that one source gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The number with its bounds.
    pub quantity: Quantity,
    /// Who says so, as the first report names them; `None` where it is attributed to nobody.
    pub source: Option<String>,
    /// Class of what is counted.
    pub unit: String,
    /// Every figure that says it, earliest first as the story has them.
    pub figures: Vec<FigureRef>,
    /// Numbers that it cannot be so together with.
    pub against: Vec<Quantity>,
    /// What the nearness of two numbers suggests, if anything.
    pub suspect: Option<Suspect>,
}

/// Claims about one thing that cannot all be so.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// What happened to those counted.
    pub event: String,
    /// From the least number to the greatest.
    pub claims: Vec<Claim>,
}

/// The disagreements of a story, those with most claims first. `reports` holds its members;
/// figures of reports that are missing are left out.
pub fn disagreements(view: &StoryView, reports: &BTreeMap<ReportId, Report>) -> Vec<Disagreement> {
    let mut by_event: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
    for pair in view.pairs.iter().filter(|pair| pair.relation == Relation::Conflict) {
        for (this, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            let (Some(claim), Some(against)) = (claim(reports, this), claim(reports, other)) else {
                continue;
            };
            let event = reports[&this.report].figures[this.figure as usize].event.as_ref();
            let claims =
                by_event.entry(event.map_or(String::new(), |event| event.class.clone())).or_default();
            let index = match claims.iter().position(|known| same(known, &claim)) {
                Some(index) => index,
                None => {
                    claims.push(claim);
                    claims.len() - 1
                }
            };
            let known = &mut claims[index];
            if !known.figures.contains(&this) {
                known.figures.push(this);
            }
            if !known.against.contains(&against.quantity) {
                known.against.push(against.quantity);
            }
            known.suspect = known.suspect.or(pair.suspect);
        }
    }
    let mut all: Vec<Disagreement> =
        by_event.into_iter().map(|(event, claims)| Disagreement { event, claims }).collect();
    for one in &mut all {
        for claim in &mut one.claims {
            claim.figures.extend(repeated(view, reports, claim));
            claim.against.sort_by_key(order);
        }
        one.claims.sort_by(|a, b| {
            (order(&a.quantity), &a.unit, &a.source).cmp(&(order(&b.quantity), &b.unit, &b.source))
        });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.claims.len()));
    all
}

/// Where else the story's series have the same number by the same source: places that no pair
/// names, since pairs hold each source's latest figure once.
fn repeated(view: &StoryView, reports: &BTreeMap<ReportId, Report>, known: &Claim) -> Vec<FigureRef> {
    let named: BTreeSet<FigureRef> = known.figures.iter().copied().collect();
    let mut more = Vec::new();
    for series in
        view.series.iter().filter(|series| series.steps.iter().any(|step| named.contains(&step.figure)))
    {
        for step in series.steps.iter().filter(|step| step.quantity == known.quantity) {
            if !named.contains(&step.figure) && reports.contains_key(&step.figure.report) {
                more.push(step.figure);
            }
        }
    }
    more
}

fn claim(reports: &BTreeMap<ReportId, Report>, at: FigureRef) -> Option<Claim> {
    let report = reports.get(&at.report)?;
    let figure = report.figures.get(at.figure as usize)?;
    Some(Claim {
        quantity: figure.quantity,
        source: figure.said_in.and_then(|_| report.speaker_of(figure)).map(str::to_owned),
        unit: figure.unit.as_ref().map_or(String::new(), |unit| unit.class.clone()),
        figures: Vec::new(),
        against: Vec::new(),
        suspect: None,
    })
}

fn same(a: &Claim, b: &Claim) -> bool {
    let name = |claim: &Claim| claim.source.as_deref().map(selon_connect::fold);
    a.quantity == b.quantity && a.unit == b.unit && name(a) == name(b)
}

/// By the least that a number may be, then by the most.
fn order(quantity: &Quantity) -> (Decimal, Decimal) {
    let most = quantity.upper.or(quantity.lower).unwrap_or(Decimal::MAX);
    (quantity.lower.unwrap_or(Decimal::ZERO), most)
}
