//! Claim chains on the page of a story: each report under the one it took its figure from, drawn
//! as a tree beside a table in the same order. Solid: the report says so; dashed: it has the same
//! words, or only the same number. No figure is chosen.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use selon_model::{Chain, Edge, FigureRef, How, Parent};

use super::layout::{Frame, bdi};
use super::story::{Reports, figure_link, masked, what};
use super::words::Words;
use crate::archive::StoryView;

/// Pixels between two levels of the tree, and those of a row's drawing.
const STEP: usize = 18;
const HEIGHT: usize = 40;
/// Levels drawn; deeper ones stand at the last.
const DEEPEST: usize = 8;

/// The chains of a story that several reports take part in.
pub(super) fn chains(frame: &Frame, view: &StoryView, reports: &Reports) -> Markup {
    let several = |chain: &&Chain| {
        let told: BTreeSet<_> = chain.occurrences.iter().map(|one| one.report).collect();
        told.len() > 1
    };
    let shown: Vec<&Chain> = view.chains.iter().filter(several).collect();
    let words = frame.words;
    html! {
        @if !shown.is_empty() {
            section id="chains" {
                h2 { (words.say("chains")) }
                p.hint { (words.say("chains-hint")) }
                @for chain in shown { (self::chain(frame, chain, reports)) }
            }
        }
    }
}

fn chain(frame: &Frame, chain: &Chain, reports: &Reports) -> Markup {
    let words = frame.words;
    let what = what(words, &chain.key, reports);
    let caption = words.say_with("chains-caption", &[("what", &what)]);
    let rows = rows(chain);
    let deepest = rows.iter().map(|row| row.depth.min(DEEPEST)).max().unwrap_or(0);
    html! {
        figure.chain {
            h3 { (what) " · " (sources(words, chain.independence)) }
            div.scroll tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption { (caption) }
                    thead { tr {
                        th scope="col" { (words.say("chains-tree")) }
                        th scope="col" { (words.say("col-outlet")) }
                        th scope="col" { (words.say("col-value")) }
                        th scope="col" { (words.say("col-published")) }
                        th scope="col" { (words.say("chains-way")) }
                    } }
                    tbody {
                        @for row in &rows {
                            (self::row(frame, chain, row, deepest, reports))
                        }
                    }
                }
            }
        }
    }
}

/// "2 original sources", "1 to 4 original sources".
pub(super) fn sources(words: &Words, (least, most): (u32, u32)) -> String {
    if least >= most {
        words.count("sources-count", u64::from(most))
    } else {
        let (least, most) = (words.whole(least.into()), words.whole(most.into()));
        words.say_with("sources-range", &[("least", &least), ("most", &most)])
    }
}

/// One occurrence in the order of the tree.
struct Row {
    index: u32,
    depth: usize,
    /// At each level above whether the line goes on below this row.
    goes_on: Vec<bool>,
    /// Whether another child of the same parent follows.
    more: bool,
}

/// Children under their parents, earliest first; what hangs in a ring comes at the end.
fn rows(chain: &Chain) -> Vec<Row> {
    let count = chain.occurrences.len() as u32;
    let mut children: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
    for index in 0..count {
        children.entry(parent(chain, index)).or_default().push(index);
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut shown = BTreeSet::new();
    let roots = children.get(&None).cloned().unwrap_or_default();
    for root in roots.into_iter().chain(0..count) {
        let mut open = vec![Row { index: root, depth: 0, goes_on: Vec::new(), more: false }];
        while let Some(row) = open.pop() {
            if !shown.insert(row.index) {
                continue;
            }
            let below = children.get(&Some(row.index)).map_or(&[][..], Vec::as_slice);
            for (at, child) in below.iter().enumerate().rev() {
                let mut goes_on = row.goes_on.clone();
                if row.depth > 0 {
                    goes_on.push(row.more);
                }
                let more = at + 1 < below.len();
                open.push(Row { index: *child, depth: row.depth + 1, goes_on, more });
            }
            rows.push(row);
        }
    }
    rows
}

fn edge(chain: &Chain, index: u32) -> Option<&Edge> {
    chain.edges.iter().find(|edge| edge.child == index)
}

fn parent(chain: &Chain, index: u32) -> Option<u32> {
    match edge(chain, index)?.parent {
        Parent::Occurrence(parent) => Some(parent),
        Parent::Stub(_) => None,
    }
}

fn row(frame: &Frame, chain: &Chain, row: &Row, deepest: usize, reports: &Reports) -> Markup {
    let words = frame.words;
    let occurrence = &chain.occurrences[row.index as usize];
    let report = reports.get(&occurrence.report);
    let figure = occurrence.figure.and_then(|figure| Some((figure, report?.figures.get(figure as usize)?)));
    let circular = chain.circles.iter().any(|circle| circle.first() == Some(&row.index));
    let outlet = match &occurrence.outlet {
        Some(outlet) => bdi(outlet),
        None => html! { span.unsure { (words.say("not-stated")) } },
    };
    html! {
        tr {
            td.tree { (tree(chain, row, deepest, circular, words.is_rtl())) }
            th scope="row" { (outlet) }
            td {
                @match figure {
                    Some((index, figure)) => {
                        @let at = FigureRef { report: occurrence.report, figure: index };
                        (figure_link(frame, &at, &words.quantity(&figure.quantity)))
                    }
                    None => (words.number(occurrence.value)),
                }
            }
            td {
                @match report.and_then(|report| report.published.as_ref()) {
                    Some(when) => bdi { (words.when(when)) },
                    None => span.unsure { (words.say("not-stated")) },
                }
            }
            td {
                (way(words, chain, row.index, reports))
                @if let Some(edge) = edge(chain, row.index) {
                    @for mutation in &edge.mutations {
                        @let key = serde_json::to_value(mutation.kind).ok();
                        @if let Some(key) = key.as_ref().and_then(|key| key.as_str()) {
                            small.conflict { (words.class("mutation", key)) }
                        }
                    }
                }
                @if circular { small.conflict { (words.say("chains-circular")) } }
            }
        }
    }
}

/// How a report came by its figure.
fn way(words: &Words, chain: &Chain, index: u32, reports: &Reports) -> Markup {
    let occurrence = &chain.occurrences[index as usize];
    let parent = edge(chain, index).map(|edge| match &edge.parent {
        Parent::Stub(name) => words.say_with("chains-stub", &[("outlet", name)]),
        Parent::Occurrence(at) => {
            let outlet = chain.occurrences[*at as usize].outlet.clone();
            outlet.unwrap_or_else(|| words.say("chains-earlier"))
        }
    });
    let source = occurrence.source_name.as_ref().map(|name| masked(words, &occurrence.report, name, reports));
    let key = match occurrence.how {
        How::OwnContact => "how-own_contact",
        How::NamedSource => "how-named_source",
        How::ExplicitCitation | How::CitesOutletOnly => "how-cites",
        How::UncitedCopy => "how-uncited_copy",
        How::NoAttribution if parent.is_some() => "how-same_number",
        How::NoAttribution => "how-no_attribution",
    };
    let (source, parent) = (source.unwrap_or_default(), parent.unwrap_or_default());
    html! {
        bdi { (words.say_with(key, &[("source", &source), ("outlet", &parent)])) }
        @if occurrence.how == How::ExplicitCitation && !source.is_empty() { small { bdi { (source) } } }
    }
}

/// The tree's part in one row: lines that pass, the elbow to the parent, the row's own dot.
fn tree(chain: &Chain, row: &Row, deepest: usize, circular: bool, mirrored: bool) -> Markup {
    let width = (deepest + 1) * STEP;
    let at = |depth: usize| {
        let x = depth.min(DEEPEST) * STEP + STEP / 2;
        if mirrored { width - x } else { x }
    };
    let inferred = edge(chain, row.index).is_some_and(|edge| edge.why.rule != "core.chain.cited");
    let below = (0..chain.occurrences.len() as u32).any(|child| parent(chain, child) == Some(row.index));
    let (middle, own) = (HEIGHT / 2, at(row.depth));
    let passing = row.goes_on.iter().enumerate().filter(|(_, goes_on)| **goes_on);
    html! {
        svg width=(width) height=(HEIGHT) aria-hidden="true" focusable="false" {
            @for (depth, _) in passing {
                line.branch x1=(at(depth)) x2=(at(depth)) y1="0" y2="100%" {}
            }
            @if row.depth > 0 {
                @let from = at(row.depth - 1);
                @if row.more { line.branch x1=(from) x2=(from) y1="0" y2="100%" {} }
                polyline.branch.inferred[inferred] points={ (from) ",0 " (from) "," (middle) " " (own) "," (middle) } {}
            }
            @if below { line.branch x1=(own) x2=(own) y1=(middle) y2="100%" {} }
            circle.dot.circular[circular] cx=(own) cy=(middle) r="6" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Decimal, Digest, FigureKey, Occurrence, Order, ReportId, StoryId, Why};

    #[test]
    fn each_stands_once_under_its_parent() {
        let occurrence = |index: u8| Occurrence {
            report: ReportId(Digest::of(&[index])),
            figure: Some(0),
            value: Decimal::ONE,
            outlet: None,
            time: None,
            source: None,
            source_name: None,
            source_shown: None,
            how: How::CitesOutletOnly,
        };
        let edge = |child, parent| Edge {
            child,
            parent: Parent::Occurrence(parent),
            chosen: true,
            p: 0.9,
            strong: true,
            evidence: vec![],
            order: Order::Unknown,
            mutations: vec![],
            why: Why::default(),
        };
        let key = FigureKey { unit: "persons".into(), event: None, place: None, proposition: None };
        let chain = Chain {
            story: StoryId(Digest::of(b"s")),
            key,
            occurrences: (0..6).map(occurrence).collect(),
            // 4 and 5 hang in a ring
            edges: vec![edge(1, 0), edge(2, 1), edge(3, 0), edge(4, 5), edge(5, 4)],
            independence: (1, 1),
            sources: vec![],
            circles: vec![],
        };
        let found: Vec<(u32, usize, bool)> =
            rows(&chain).iter().map(|row| (row.index, row.depth, row.more)).collect();
        assert_eq!(
            found,
            [(0, 0, false), (1, 1, true), (2, 2, false), (3, 1, false), (4, 0, false), (5, 1, false)]
        );
    }
}
