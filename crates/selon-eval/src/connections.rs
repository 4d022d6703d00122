//! What stands between real reports of one event, judged by a reader of the texts: whom a figure was
//! taken from, what contradicts what, and how many sources there are at least
//! (cases/gold/README-connections.md).
//!
//! A judgment holds no words of a report: ids, numbers and a verdict. The reports of each event are
//! connected by themselves, judged to be of one event. What is shown today and was judged keeps its
//! verdict; what is new has none and is listed until somebody has judged it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use selon_connect::{Connected, fold};
use selon_model::{Decimal, FigureRef, Parent, Relation};
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::share;

const JUDGMENTS: &str = include_str!("../../../cases/gold/connections.jsonl");
/// The classes of event that are judged.
const EVENTS: [&str; 2] = ["killed", "injured"];

#[derive(Deserialize)]
struct Row {
    unit_id: String,
    article_title: String,
    article_content: String,
    source: String,
}

/// The reports of one event, and what was judged of them.
#[derive(Deserialize)]
struct Group {
    /// A name of ours.
    group: String,
    /// Ids of its reports.
    units: Vec<String>,
    edges: Vec<(String, Verdict)>,
    conflicts: Vec<(String, Verdict)>,
    /// By class of event, how many sources a reader counts behind its numbers.
    sources: BTreeMap<String, u32>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// Shown, and so.
    Right,
    /// Shown, and not so.
    Wrong,
    /// So: to be found.
    Missed,
}

#[derive(Default)]
struct Tally {
    shown: usize,
    judged: usize,
    right: usize,
    there: usize,
}

impl Tally {
    /// Sets what is shown against what was judged.
    fn add(
        &mut self,
        group: &str,
        kind: &str,
        shown: &BTreeSet<String>,
        judged: &[(String, Verdict)],
        out: &mut Scores,
    ) {
        let verdict: BTreeMap<&str, Verdict> =
            judged.iter().map(|(key, verdict)| (key.as_str(), *verdict)).collect();
        self.there += verdict.values().filter(|verdict| **verdict != Verdict::Wrong).count();
        for key in shown {
            self.shown += 1;
            match verdict.get(key.as_str()) {
                None => out.case(group, 0.0, format!("{kind} to be judged: {key}")),
                Some(Verdict::Wrong) => {
                    self.judged += 1;
                    out.case(group, 0.5, format!("{kind} not so: {key}"));
                }
                Some(_) => {
                    self.judged += 1;
                    self.right += 1;
                }
            }
        }
        for (key, _) in judged.iter().filter(|(key, one)| *one != Verdict::Wrong && !shown.contains(key)) {
            out.case(group, 0.6, format!("{kind} not found: {key}"));
        }
    }

    fn write(&self, out: &mut Scores, kind: &str) {
        out.set(&format!("{kind}s"), self.shown as f64);
        out.set(&format!("{kind}s_judged"), share(self.judged, self.shown));
        out.set(&format!("{kind}s_wrong"), (self.judged - self.right) as f64);
        out.set(&format!("{kind}s_found"), share(self.right, self.there));
    }
}

/// Scores a folder with rows of articles and their outlets.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows: Vec<Row> = one(folder, &["unit_id", "article_title", "article_content", "source"])?;
    let groups: Vec<Group> = JUDGMENTS
        .lines()
        .map(|line| serde_json::from_str(line).context("cases/gold/connections.jsonl"))
        .collect::<Result<_>>()?;
    let wanted: BTreeSet<&str> = groups.iter().flat_map(|group| &group.units).map(String::as_str).collect();
    let texts: Vec<Text> = rows
        .iter()
        .filter(|row| wanted.contains(row.unit_id.as_str()))
        .map(|row| Text {
            id: row.unit_id.clone(),
            title: Some(row.article_title.clone()),
            text: row.article_content.clone(),
            outlet: Some(row.source.clone()),
            ..Text::default()
        })
        .collect();
    let read = Read::of("connections", &texts, packs);
    let mut out = Scores::new("connections", name_of(folder));
    out.n = groups.len();
    let (mut edges, mut conflicts) = (Tally::default(), Tally::default());
    let (mut ranges, mut not_above, mut inside, mut width) = (0, 0, 0, 0);
    for group in &groups {
        let part = read.connect_one_event(|at| group.units.contains(&texts[at].id), packs);
        edges.add(&group.group, "edge", &edges_of(&part, &read, &texts), &group.edges, &mut out);
        let found = conflicts_of(&part, &read, &texts);
        conflicts.add(&group.group, "conflict", &found, &group.conflicts, &mut out);
        for (event, sources) in &group.sources {
            let chains = part.chains.iter().filter(|chain| chain.key.event.as_ref() == Some(event));
            let Some(chain) = chains.max_by_key(|chain| chain.occurrences.len()) else { continue };
            let (least, most) = chain.independence;
            ranges += 1;
            not_above += usize::from(least <= *sources);
            inside += usize::from((least..=most).contains(sources));
            width += most - least;
            if !(least..=most).contains(sources) {
                let what = format!("{event}: a reader counts {sources} sources, shown {least} to {most}");
                out.case(&group.group, 0.4, what);
            }
        }
    }
    edges.write(&mut out, "edge");
    conflicts.write(&mut out, "conflict");
    out.set("ranges", ranges as f64);
    out.set("minimum_not_above", share(not_above, ranges));
    out.set("range_right", share(inside, ranges));
    out.set("range_width", f64::from(width) / ranges.max(1) as f64);
    Ok(vec![out.sorted()])
}

/// Edges that are taken: "REPORT killed 44 < REPORT", or "< outlet" where that has no report here.
fn edges_of(part: &Connected, read: &Read, texts: &[Text]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for chain in &part.chains {
        let Some(event) = chain.key.event.as_deref().filter(|event| EVENTS.contains(event)) else { continue };
        let unit = |at: u32| read.at(chain.occurrences[at as usize].report).map(|at| texts[at].id.as_str());
        for edge in chain.edges.iter().filter(|edge| edge.chosen) {
            let parent = match &edge.parent {
                Parent::Occurrence(at) => unit(*at).map(str::to_owned),
                Parent::Stub(name) => Some(fold(name)),
            };
            let (Some(child), Some(parent)) = (unit(edge.child), parent) else { continue };
            let value = chain.occurrences[edge.child as usize].value.normalize();
            found.insert(format!("{child} {event} {value} < {parent}"));
        }
    }
    found
}

/// Conflicts: "killed: REPORT 22 x REPORT 44", the smaller number first.
fn conflicts_of(part: &Connected, read: &Read, texts: &[Text]) -> BTreeSet<String> {
    let side = |at: FigureRef| -> Option<(Decimal, String, String)> {
        let index = read.at(at.report)?;
        let figure = read.reports[index].figures.get(at.figure as usize)?;
        let value = figure.quantity.lower.or(figure.quantity.upper)?.normalize();
        Some((value, texts[index].id.clone(), figure.event.as_ref()?.class.clone()))
    };
    let conflicts = part.pairs.iter().filter(|pair| pair.relation == Relation::Conflict);
    let told = conflicts.filter_map(|pair| {
        let (mut a, mut b) = (side(pair.a)?, side(pair.b)?);
        if b < a {
            std::mem::swap(&mut a, &mut b);
        }
        EVENTS.contains(&a.2.as_str()).then(|| format!("{}: {} {} x {} {}", a.2, a.1, a.0, b.1, b.0))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgments_are_read_and_name_what_is_there() {
        for line in JUDGMENTS.lines() {
            let group: Group = serde_json::from_str(line).expect("a judgment");
            let names_its_own = |key: &str| group.units.iter().any(|unit| key.contains(unit.as_str()));
            for (key, _) in group.edges.iter().chain(&group.conflicts) {
                assert!(names_its_own(key), "{}: {key}", group.group);
            }
        }
    }

    #[test]
    fn what_nobody_judged_is_no_share() {
        let shown = BTreeSet::from(["a".to_owned(), "b".to_owned(), "c".to_owned()]);
        let judged = [("a", Verdict::Right), ("b", Verdict::Wrong), ("d", Verdict::Missed)];
        let judged = judged.map(|(key, verdict)| (key.to_owned(), verdict));
        let mut tally = Tally::default();
        let mut out = Scores::new("connections", "own");
        tally.add("group", "edge", &shown, &judged, &mut out);
        assert_eq!((tally.shown, tally.judged, tally.right, tally.there), (3, 2, 1, 2));
    }
}
