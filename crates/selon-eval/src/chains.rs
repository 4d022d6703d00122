//! Invented reports of several outlets with known sources: stories, who took what from whom, how
//! many sources there are, circles, what changed on the way, and conflicts.
//!
//! Everything is scored twice: as connected all at once, and with the reports of one gold story at a
//! time, judged to tell of one event (`…_given_stories`), so that wrongly joined and parted stories do
//! not hide what is read of claims.
//!
//! An edge is right where it leads to the gold parent; of a report that cites an outlet only, also
//! to that outlet's latest earlier report with bounds that can both hold. Edges of reports without
//! attribution cannot be known and count only where they are wrong. `edge_f1_fr_en` takes edges with
//! both ends in French or English. A circle is a report whose way leads back to its own outlet
//! through another, by the gold's parents. Changes are those visible between the gold's values of a
//! report and its parent: "more than" lost, ten times the number, another unit. A conflict is a pair
//! of original sources of one story whose latest bounds exclude each other; ours are the pairs of
//! figures with that relation, each report standing for the source that the gold gives it. Template
//! language is far easier than news.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use selon_connect::Connected;
use selon_model::{Change, Pair, Parent, Relation};
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::clusters;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::{f1, share};

#[derive(Deserialize)]
struct Row {
    id: String,
    story: String,
    outlet: String,
    lang: String,
    published: String,
    text: String,
}

#[derive(Deserialize)]
struct Claim {
    doc: String,
    source: String,
    how: String,
    parent: Option<String>,
    via: Option<String>,
    unit: String,
    value: f64,
    modifier: String,
    lower: Option<f64>,
    upper: Option<f64>,
    #[serde(default)]
    circular: bool,
}

#[derive(Deserialize)]
struct GoldStory {
    story: String,
    independent_sources: u32,
    conflicts_between_sources: Vec<Vec<String>>,
}

/// A conflict: story and two sources, in order.
type Conflict = (String, String, String);

/// Scores a folder with rows of texts, claims and stories.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows: Vec<Row> = one(folder, &["id", "story", "outlet", "published", "text"])?;
    let claims: Vec<Claim> = one(folder, &["doc", "source", "how"])?;
    let stories: Vec<GoldStory> = one(folder, &["story", "conflicts_between_sources"])?;
    let texts: Vec<Text> = rows
        .iter()
        .map(|row| Text {
            id: row.id.clone(),
            lang: Some(row.lang.clone()),
            text: row.text.clone(),
            published: Some(row.published.clone()),
            outlet: Some(row.outlet.clone()),
            ..Text::default()
        })
        .collect();
    let read = Read::of("chains", &texts, packs);
    let mut out = Scores::new("chains", name_of(folder));
    out.n = rows.len();
    let items: Vec<(usize, &str)> =
        read.stories().into_iter().zip(rows.iter().map(|row| row.story.as_str())).collect();
    clusters::write(&mut out, "story", &items);
    for (story, members) in clusters::purity(&items) {
        out.case(format!("story {story}"), members.0, members.1);
    }

    let source_of: BTreeMap<&str, &str> =
        claims.iter().map(|claim| (claim.doc.as_str(), claim.source.as_str())).collect();
    let story_of: BTreeMap<&str, &str> =
        rows.iter().map(|row| (row.id.as_str(), row.story.as_str())).collect();
    let source = |doc: &str| source_of.get(doc).copied().unwrap_or_default();
    let mut gold: BTreeSet<Conflict> = BTreeSet::new();
    for story in &stories {
        for docs in &story.conflicts_between_sources {
            if let [a, b] = &docs[..] {
                gold.insert(conflict(&story.story, source(a), source(b)));
            }
        }
    }
    let conflicts_of = |pairs: &[Pair]| -> BTreeSet<Conflict> {
        let mut found = BTreeSet::new();
        for pair in pairs.iter().filter(|pair| pair.relation == Relation::Conflict) {
            let doc = |report| read.at(report).map(|at| rows[at].id.as_str());
            let (Some(a), Some(b)) = (doc(pair.a.report), doc(pair.b.report)) else { continue };
            let (of_a, of_b) = (story_of[a], story_of[b]);
            // Across stories it is false whatever the sources are.
            let story = if of_a == of_b { of_a.to_owned() } else { format!("{of_a} and {of_b}") };
            found.insert(conflict(&story, source(a), source(b)));
        }
        found
    };
    let found = conflicts_of(&read.connected.pairs);
    let score = |found: &BTreeSet<Conflict>| f1(gold.intersection(found).count(), found.len(), gold.len());
    out.set("conflicts", gold.len() as f64);
    out.set("conflict_f1", score(&found));
    let apart: Vec<Connected> = stories
        .iter()
        .map(|story| read.connect_one_event(|at| rows[at].story == story.story, packs))
        .collect();
    let pairs: Vec<Pair> = apart.iter().flat_map(|part| part.pairs.clone()).collect();
    let found_apart = conflicts_of(&pairs);
    out.set("conflict_f1_given_stories", score(&found_apart));
    for (story, a, b) in gold.difference(&found_apart) {
        out.case(story, 0.0, format!("conflict of {a} and {b} not found"));
    }
    for (story, a, b) in found_apart.difference(&gold) {
        out.case(story, 0.1, format!("false conflict of {a} and {b}"));
    }
    let gold = Gold::of(&rows, &claims, &stories);
    gold.score(&mut out, "", &read, &[&read.connected]);
    gold.score(&mut out, "_given_stories", &read, &apart.iter().collect::<Vec<_>>());
    Ok(vec![out.sorted()])
}

/// What the set says, by index of its texts.
struct Gold<'a> {
    rows: &'a [Row],
    claims: Vec<&'a Claim>,
    parent: Vec<Option<usize>>,
    stories: &'a [GoldStory],
}

impl<'a> Gold<'a> {
    fn of(rows: &'a [Row], claims: &'a [Claim], stories: &'a [GoldStory]) -> Self {
        let at: BTreeMap<&str, usize> =
            rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
        let mut of_row: Vec<Option<&Claim>> = vec![None; rows.len()];
        for claim in claims {
            if let Some(at) = at.get(claim.doc.as_str()) {
                of_row[*at] = Some(claim);
            }
        }
        let claims: Vec<&Claim> = of_row.into_iter().flatten().collect();
        let parent = claims
            .iter()
            .map(|claim| claim.parent.as_ref().and_then(|parent| at.get(parent.as_str())).copied())
            .collect();
        Gold { rows, claims, parent, stories }
    }

    fn is_knowable(&self, at: usize) -> bool {
        self.parent[at].is_some() && self.claims[at].how != "no_attribution"
    }

    fn is_fr_or_en(&self, at: usize) -> bool {
        matches!(self.rows[at].lang.as_str(), "fr" | "en")
    }

    fn is_right(&self, child: usize, parent: usize) -> bool {
        if self.parent[child] == Some(parent) {
            return true;
        }
        let claim = self.claims[child];
        claim.how == "cites_outlet_only"
            && Some(parent)
                == (0..self.rows.len())
                    .filter(|at| {
                        let (row, other) = (&self.rows[*at], self.claims[*at]);
                        row.story == self.rows[child].story
                            && Some(&row.outlet) == claim.via.as_ref()
                            && row.published < self.rows[child].published
                            && other.unit == claim.unit
                            && other.lower.unwrap_or(f64::MIN) <= claim.upper.unwrap_or(f64::MAX)
                            && claim.lower.unwrap_or(f64::MIN) <= other.upper.unwrap_or(f64::MAX)
                    })
                    .max_by_key(|at| &self.rows[*at].published)
    }

    /// Whether the gold's way from a report leads back to its own outlet through another.
    fn is_circular(&self, at: usize) -> bool {
        let own = &self.rows[at].outlet;
        let (mut away, mut next) = (false, self.parent[at]);
        while let Some(parent) = next {
            match &self.rows[parent].outlet == own {
                true if away => return true,
                is_own => away |= !is_own,
            }
            next = self.parent[parent];
        }
        false
    }

    /// The changes visible between a report and its gold parent.
    fn changes(&self, at: usize) -> Vec<Change> {
        let Some(parent) = self.parent[at] else { return Vec::new() };
        let (child, parent) = (self.claims[at], self.claims[parent]);
        let mut found = Vec::new();
        if parent.modifier != "exact" && child.modifier == "exact" {
            found.push(Change::OperatorDropped);
        }
        if child.value == parent.value * 10.0 {
            found.push(Change::Times10);
        }
        if child.unit != parent.unit {
            found.push(Change::UnitSwapped);
        }
        found
    }

    fn score(&self, out: &mut Scores, suffix: &str, read: &Read, parts: &[&Connected]) {
        let (mut edges, mut circles, mut changes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut ranges: BTreeMap<&str, (usize, (u32, u32))> = BTreeMap::new();
        for chain in parts.iter().flat_map(|part| &part.chains) {
            let at = |index: u32| read.at(chain.occurrences[index as usize].report);
            for edge in chain.edges.iter().filter(|edge| edge.chosen) {
                let Parent::Occurrence(parent) = edge.parent else { continue };
                let (Some(child), Some(parent)) = (at(edge.child), at(parent)) else { continue };
                edges.insert((child, parent));
                changes.extend(edge.mutations.iter().map(|change| (child, change.kind)));
            }
            circles.extend(chain.circles.iter().filter_map(|circle| at(*circle.first()?)));
            let mut stories: BTreeMap<&str, usize> = BTreeMap::new();
            for occurrence in &chain.occurrences {
                if let Some(at) = read.at(occurrence.report) {
                    *stories.entry(self.rows[at].story.as_str()).or_default() += 1;
                }
            }
            for (story, count) in stories {
                let known = ranges.entry(story).or_default();
                if count > known.0 {
                    *known = (count, chain.independence);
                }
            }
        }
        let mut set = |name: &str, value: f64| out.set(&format!("{name}{suffix}"), value);
        let every = 0..self.rows.len();
        for (name, wanted) in [("edge", None), ("edge_fr_en", Some(true)), ("edge_other", Some(false))] {
            let both = |child: usize, parent: usize| {
                wanted.is_none_or(|wanted| (self.is_fr_or_en(child) && self.is_fr_or_en(parent)) == wanted)
            };
            let gold = every
                .clone()
                .filter(|at| self.is_knowable(*at) && self.parent[*at].is_some_and(|of| both(*at, of)))
                .count();
            let (mut right, mut found) = (0, 0);
            for (child, parent) in edges.iter().filter(|(child, parent)| both(*child, *parent)) {
                let is_right = self.is_right(*child, *parent);
                if self.is_knowable(*child) || !is_right {
                    right += usize::from(is_right);
                    found += 1;
                }
            }
            set(&format!("{name}s"), gold as f64);
            set(&format!("{name}_precision"), share(right, found));
            set(&format!("{name}_recall"), share(right, gold));
            set(&format!("{name}_f1"), f1(right, found, gold));
        }
        let (mut exact, mut inside, mut width) = (0, 0, 0);
        for story in self.stories {
            let (_, (least, most)) = ranges.get(story.story.as_str()).copied().unwrap_or_default();
            exact += usize::from(least == story.independent_sources);
            inside += usize::from((least..=most).contains(&story.independent_sources));
            width += most - least;
        }
        set("independence_exact", share(exact, self.stories.len()));
        set("independence_in_range", share(inside, self.stories.len()));
        set("independence_width", f64::from(width) / self.stories.len().max(1) as f64);
        let gold: BTreeSet<usize> =
            every.clone().filter(|at| self.is_knowable(*at) && self.is_circular(*at)).collect();
        set("circular_f1", f1(gold.intersection(&circles).count(), circles.len(), gold.len()));
        let planted: BTreeSet<usize> = every.clone().filter(|at| self.claims[*at].circular).collect();
        set("circular_planted_recall", share(planted.intersection(&circles).count(), planted.len()));
        let gold: BTreeSet<(usize, Change)> = every
            .clone()
            .filter(|at| self.is_knowable(*at))
            .flat_map(|at| self.changes(at).into_iter().map(move |change| (at, change)))
            .collect();
        let of_gold_kinds: BTreeSet<(usize, Change)> = changes
            .into_iter()
            .filter(|(_, kind)| {
                matches!(kind, Change::OperatorDropped | Change::Times10 | Change::UnitSwapped)
            })
            .collect();
        set("mutations", gold.len() as f64);
        set("mutation_f1", f1(gold.intersection(&of_gold_kinds).count(), of_gold_kinds.len(), gold.len()));
        if suffix.is_empty() {
            return;
        }
        for child in every.filter(|at| self.is_knowable(*at)) {
            let ours: Vec<&str> = edges
                .iter()
                .filter(|(at, _)| *at == child)
                .map(|(_, parent)| self.rows[*parent].id.as_str())
                .collect();
            if !edges.iter().any(|(at, parent)| *at == child && self.is_right(child, *parent)) {
                let (row, claim) = (&self.rows[child], self.claims[child]);
                let told = |at: usize| -> String {
                    let of_report = parts
                        .iter()
                        .flat_map(|part| &part.chains)
                        .flat_map(|chain| &chain.occurrences)
                        .filter(|occurrence| read.at(occurrence.report) == Some(at));
                    of_report
                        .map(|one| {
                            format!("{} {:?} {}", one.value, one.how, one.source.as_deref().unwrap_or("-"))
                        })
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let parent = self.parent[child].unwrap_or(child);
                let what = format!(
                    "{} {} [{}] parent {} [{}] ours {}: {} <- {}",
                    row.lang,
                    claim.how,
                    told(child),
                    claim.parent.as_deref().unwrap_or("-"),
                    told(parent),
                    ours.join(" "),
                    row.text.lines().next().unwrap_or_default(),
                    self.rows[parent].text.lines().next().unwrap_or_default()
                );
                out.case(&row.id, if self.is_fr_or_en(child) { 0.0 } else { 0.2 }, what);
            }
        }
        for story in self.stories {
            let (_, range) = ranges.get(story.story.as_str()).copied().unwrap_or_default();
            if range.0 != story.independent_sources {
                let what = format!("{} sources, ours {} to {}", story.independent_sources, range.0, range.1);
                out.case(&story.story, 0.05, what);
            }
        }
    }
}

fn conflict(story: &str, a: &str, b: &str) -> Conflict {
    (story.to_owned(), a.min(b).to_owned(), a.max(b).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_has_no_direction() {
        assert_eq!(conflict("s", "army", "hospital"), conflict("s", "hospital", "army"));
    }
}
