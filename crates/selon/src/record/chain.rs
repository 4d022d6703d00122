//! Claim chains as JSON (record.md, `selon.chain/1`): the names of the contract outside, the richer
//! lists of the model inside.

use std::collections::BTreeMap;

use selon_model::{
    Chain, Change, Edge, Figure, How, Mutation, Occurrence, Order, Parent, Quantity, Report, ReportId, Span,
};
use serde_json::{Map, Value, json};

use super::between::{key, named, quantity, when, why};
use super::{Number, Offsets};
use crate::archive::StoryView;

/// `selon.chain/1`; the texts of its reports give its offsets in code points.
pub fn chain(view: &StoryView, chain: &Chain, reports: &BTreeMap<ReportId, Report>) -> Value {
    let texts = Texts { chain, reports, offsets: offsets(chain, reports) };
    let stubs = stubs(chain);
    let occurrences: Vec<Value> = chain
        .occurrences
        .iter()
        .enumerate()
        .map(|(id, one)| {
            json!({
                "id": id,
                "report": one.report.to_string(),
                "input": view.input(&one.report),
                "figure": one.figure.map(super::from::figure_id),
                "value": Number(one.value),
                "outlet": one.outlet,
                "time": one.time.as_ref().map(when),
                "source": one.source_shown,
                "sourceName": one.source_name,
                "sourceKey": one.source,
                "how": how(one.how),
                "contact": contact(one.how),
            })
        })
        .collect();
    let sources: Vec<Value> = chain
        .sources
        .iter()
        .map(|source| json!({ "name": source.name, "key": source.key, "occurrences": source.occurrences }))
        .collect();
    json!({
        "schema": "selon.chain/1",
        "story": chain.story.to_string(),
        "key": key(&chain.key, view.story.when.as_ref()),
        "occurrences": occurrences,
        "stubs": stubs.iter().map(|(outlet, id)| json!({ "id": id, "outlet": outlet })).collect::<Vec<_>>(),
        "edges": chain.edges.iter().map(|edge| texts.edge(edge, &stubs)).collect::<Vec<_>>(),
        "independence": { "min": chain.independence.0, "max": chain.independence.1, "sources": sources },
        "circles": chain.circles,
    })
}

/// Outlets that are not here, with the ids that edges name them by, in the order of edges.
fn stubs(chain: &Chain) -> Vec<(&str, String)> {
    let mut stubs: Vec<(&str, String)> = Vec::new();
    for edge in &chain.edges {
        if let Parent::Stub(outlet) = &edge.parent
            && !stubs.iter().any(|(known, _)| known == outlet)
        {
            stubs.push((outlet, format!("stub{}", stubs.len() + 1)));
        }
    }
    stubs
}

/// "own_contact" is whoever names a source and nobody in between.
fn how(how: How) -> Value {
    match how {
        How::NamedSource => named(How::OwnContact),
        how => named(how),
    }
}

/// Whether a report with a source of its own says that the source told it.
fn contact(how: How) -> Option<&'static str> {
    match how {
        How::OwnContact => Some("stated"),
        How::NamedSource => Some("not_stated"),
        _ => None,
    }
}

fn offsets<'a>(chain: &Chain, reports: &'a BTreeMap<ReportId, Report>) -> BTreeMap<ReportId, Offsets<'a>> {
    let changed = chain.edges.iter().filter(|edge| !edge.mutations.is_empty());
    changed
        .flat_map(|edge| [Some(edge.child), parent(edge)])
        .flatten()
        .filter_map(|at| chain.occurrences.get(at as usize))
        .filter_map(|one| Some((one.report, Offsets::new(&reports.get(&one.report)?.text.string, false))))
        .collect()
}

fn parent(edge: &Edge) -> Option<u32> {
    match edge.parent {
        Parent::Occurrence(at) => Some(at),
        Parent::Stub(_) => None,
    }
}

struct Texts<'a> {
    chain: &'a Chain,
    reports: &'a BTreeMap<ReportId, Report>,
    offsets: BTreeMap<ReportId, Offsets<'a>>,
}

impl Texts<'_> {
    fn edge(&self, edge: &Edge, stubs: &[(&str, String)]) -> Value {
        let parent = match &edge.parent {
            Parent::Occurrence(at) => json!(at),
            Parent::Stub(outlet) => json!(stubs.iter().find(|(known, _)| known == outlet).map(|(_, id)| id)),
        };
        json!({
            "child": edge.child,
            "parent": parent,
            "chosen": edge.chosen,
            "p": (f64::from(edge.p) * 1000.0).round() / 1000.0,
            "strong": edge.strong,
            "evidence": edge.evidence.iter().map(named).collect::<Vec<_>>(),
            "order": if edge.order == Order::FromFirst { "known" } else { "unknown" },
            "mutations": edge.mutations.iter().flat_map(|one| self.mutations(edge, one)).collect::<Vec<_>>(),
            "why": why(&edge.why),
        })
    }

    /// "about" that became "more than" is one lost and one added; a tenth is another number.
    fn mutations(&self, edge: &Edge, mutation: &Mutation) -> Vec<Value> {
        let kinds: &[&str] = match mutation.kind {
            Change::OperatorDropped => &["operator_dropped"],
            Change::OperatorAdded => &["operator_added"],
            Change::OperatorChanged => &["operator_dropped", "operator_added"],
            Change::Times10 => &["value_x10"],
            Change::DividedBy10 | Change::ValueChanged => &["value_changed"],
            Change::UnitSwapped => &["unit_swapped"],
            Change::SourceLost => &["source_lost"],
            Change::SourceChanged => &["source_changed"],
            Change::HedgeLost => &["hedge_lost"],
            Change::WindowLost => &["window_lost"],
        };
        let child = self.side(Some(edge.child), mutation.child, mutation.kind);
        let parent = self.side(parent(edge), mutation.parent, mutation.kind);
        kinds.iter().map(|kind| json!({ "kind": kind, "child": child, "parent": parent })).collect()
    }

    /// One side of a change: what was said there, and the words. Empty where it is lost.
    fn side(&self, at: Option<u32>, span: Option<Span>, kind: Change) -> Value {
        let occurrence = at.and_then(|at| self.chain.occurrences.get(at as usize));
        let Some(occurrence) = occurrence else { return json!({}) };
        let mut side = Map::new();
        match kind {
            Change::OperatorDropped
            | Change::OperatorAdded
            | Change::OperatorChanged
            | Change::Times10
            | Change::DividedBy10
            | Change::ValueChanged => {
                let told = self.figure(occurrence).map(|figure| quantity(&figure.quantity));
                side.insert(
                    "quantity".into(),
                    told.unwrap_or_else(|| quantity(&Quantity::exactly(occurrence.value))),
                );
            }
            Change::UnitSwapped => {
                let event = self.figure(occurrence).and_then(|figure| figure.event.as_ref());
                side.insert("event".into(), json!(event.map(|event| &event.class)));
            }
            Change::SourceLost | Change::SourceChanged if span.is_some() => {
                side.insert("source".into(), json!(occurrence.source_shown));
            }
            _ => {}
        }
        if let (Some(span), Some(offsets)) = (span, self.offsets.get(&occurrence.report)) {
            let range = offsets.range(span);
            side.insert("start".into(), json!(range.start));
            side.insert("end".into(), json!(range.end));
            side.insert("text".into(), json!(self.reports[&occurrence.report].text.words(span)));
        }
        Value::Object(side)
    }

    fn figure(&self, occurrence: &Occurrence) -> Option<&Figure> {
        self.reports.get(&occurrence.report)?.figures.get(occurrence.figure? as usize)
    }
}
