//! Claim chains in a terminal: who took a number from whom, each under the one it took it from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use selon_model::{Chain, Change, How, Parent, Report, ReportId};

use super::columns::{WIDTH, cut, one_line, pad};
use super::words;
use crate::archive::StoryView;

/// Outlets' names have this much room behind their indentation.
const NAME: usize = 34;

/// The chains of a story that more than one report takes part in.
pub fn story(view: &StoryView, reports: &BTreeMap<ReportId, Report>) -> String {
    view.chains.iter().filter(|chain| of_several(chain)).map(|chain| self::chain(chain, reports)).collect()
}

fn of_several(chain: &Chain) -> bool {
    chain.occurrences.iter().map(|occurrence| occurrence.report).collect::<BTreeSet<_>>().len() > 1
}

fn chain(chain: &Chain, reports: &BTreeMap<ReportId, Report>) -> String {
    let mut out = String::new();
    let event = chain.key.event.as_deref().unwrap_or("counted");
    let told = chain.occurrences.len();
    let _ = writeln!(out, "{event} · told {told} times · {}", words::sources(chain.independence));
    let mut children: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
    for index in 0..told as u32 {
        let parent = chain.edges.iter().find(|edge| edge.child == index && edge.chosen);
        let parent = parent.and_then(|edge| match edge.parent {
            Parent::Occurrence(parent) => Some(parent),
            Parent::Stub(_) => None,
        });
        children.entry(parent).or_default().push(index);
    }
    // Unknown order may close a ring, which hangs from nothing: what is left is shown at the end.
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut shown = BTreeSet::new();
    let roots = children.get(&None).cloned().unwrap_or_default();
    for first in roots.into_iter().chain(0..told as u32) {
        open.push((first, 0));
        while let Some((index, depth)) = open.pop() {
            if shown.insert(index) {
                line(&mut out, chain, index, depth, reports);
                let below = children.get(&Some(index)).into_iter().flatten();
                open.extend(below.rev().map(|child| (*child, depth + 1)));
            }
        }
    }
    out
}

fn line(out: &mut String, chain: &Chain, index: u32, depth: usize, reports: &BTreeMap<ReportId, Report>) {
    let occurrence = &chain.occurrences[index as usize];
    let Some(report) = reports.get(&occurrence.report) else { return };
    let figure = occurrence.figure.and_then(|figure| report.figures.get(figure as usize));
    let quantity = match figure {
        Some(figure) => words::quantity(&figure.quantity),
        None => words::number(occurrence.value),
    };
    let when = report.published.as_ref().map_or("no date".to_owned(), words::minute);
    let outlet = occurrence.outlet.as_deref().map_or("outlet unknown".to_owned(), one_line);
    let name = pad(&cut(&format!("{}{outlet}", "  ".repeat(depth.min(8))), NAME), NAME);
    let head = format!("  {} {name} {} ", pad(&when, 16), pad(&quantity, 12));
    let _ = writeln!(
        out,
        "{head}{}",
        cut(&way(chain, index), WIDTH.saturating_sub(super::columns::width(&head)))
    );
    for edge in chain.edges.iter().filter(|edge| edge.child == index) {
        for mutation in &edge.mutations {
            let _ = writeln!(
                out,
                "{}changed: {}",
                " ".repeat(21 + 2 * depth.min(8)),
                change_words(mutation.kind)
            );
        }
    }
    if chain.circles.iter().any(|circle| circle.first() == Some(&index)) {
        let _ =
            writeln!(out, "{}circular: rests on its own earlier report", " ".repeat(21 + 2 * depth.min(8)));
    }
}

/// How a report came by its figure.
fn way(chain: &Chain, index: u32) -> String {
    let occurrence = &chain.occurrences[index as usize];
    let edge = chain.edges.iter().find(|edge| edge.child == index);
    let parent = edge.map(|edge| match &edge.parent {
        Parent::Stub(name) => format!("{name} (not here)"),
        Parent::Occurrence(at) => {
            let outlet = chain.occurrences[*at as usize].outlet.as_deref();
            outlet.map_or("an earlier report".to_owned(), one_line)
        }
    });
    let source = occurrence.source_name.as_deref().map_or("nobody named".to_owned(), one_line);
    match (occurrence.how, parent) {
        (How::OwnContact, _) => format!("told by {source}"),
        (How::NamedSource, None) => source,
        (How::UncitedCopy, Some(parent)) => format!("has the words of {parent}"),
        (How::NoAttribution, Some(parent)) => format!("nobody named; {parent} had the number"),
        (_, Some(parent)) => format!("cites {parent}"),
        (_, None) => source,
    }
}

/// A change, in words.
pub fn change_words(change: Change) -> &'static str {
    match change {
        Change::OperatorDropped => "\"more than\", \"about\" or the like is lost",
        Change::OperatorAdded => "\"more than\", \"about\" or the like is added",
        Change::OperatorChanged => "\"more than\", \"about\" or the like is another",
        Change::Times10 => "ten times the number",
        Change::DividedBy10 => "a tenth of the number",
        Change::ValueChanged => "another number",
        Change::UnitSwapped => "something else is counted",
        Change::SourceLost => "the source is no longer named",
        Change::SourceChanged => "another source is named",
        Change::HedgeLost => "a reservation is lost",
        Change::WindowLost => "the stretch of time is lost",
    }
}
