//! Invented reports of several outlets with known sources: stories, conflicts, and how far the
//! claim chains are read.
//!
//! A conflict is a pair of original sources of one story whose latest bounds exclude each other;
//! ours are the pairs of figures with that relation, each report standing for the source that the
//! gold gives it. `conflict_f1_given_stories` connects the reports of one gold story at a time, so
//! that wrongly joined stories do not hide what is read of figures. Parent edges, independent sources, circles and mutations are not made yet: their
//! figures are 0, so that the table says so. Template language is far easier than news.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use selon_model::{Pair, Relation};
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::clusters;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::f1;

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
}

#[derive(Deserialize)]
struct GoldStory {
    story: String,
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
    let apart: Vec<Pair> = stories
        .iter()
        .flat_map(|story| read.connect_some(|at| rows[at].story == story.story, packs).pairs)
        .collect();
    out.set("conflict_f1_given_stories", score(&conflicts_of(&apart)));
    for (story, a, b) in gold.difference(&found) {
        out.case(story, 0.0, format!("conflict of {a} and {b} not found"));
    }
    for (story, a, b) in found.difference(&gold) {
        out.case(story, 0.1, format!("false conflict of {a} and {b}"));
    }
    let knowable = claims.iter().filter(|claim| claim.parent.is_some() && claim.how != "no_attribution");
    out.set("edges", knowable.count() as f64);
    for name in ["edge_f1", "independence_exact", "independence_in_range", "circular_f1", "mutation_f1"] {
        out.set(name, 0.0);
    }
    Ok(vec![out.sorted()])
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
