//! Copies and partial copies: is every pair that shares text found, and none that does not.
//!
//! Recall by kind of copying; a found pair is false only if the two texts share no source and no
//! topic, and neutral where they do but are no pair of the gold. `near` takes the kinds that copy
//! a whole text, `all` also lifted passages and merged texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::{harmonic, share};

/// Kinds that are a copy of a part only.
const PARTS: [&str; 2] = ["lift", "merge"];

#[derive(Clone, Deserialize)]
struct Row {
    id: String,
    lang: String,
    topic: serde_json::Value,
    text: String,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    kind: String,
}

/// Scores a folder with rows of texts and rows of pairs.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows: Vec<Row> = one(folder, &["id", "lang", "kind", "topic", "text"])?;
    let pairs: Vec<Pair> = one(folder, &["a", "b", "kind"])?;
    let texts: Vec<Text> = rows
        .iter()
        .map(|row| Text {
            id: row.id.clone(),
            lang: Some(row.lang.clone()),
            text: row.text.clone(),
            ..Text::default()
        })
        .collect();
    let read = Read::of("neardup", &texts, packs);
    let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
    for link in &read.connected.links {
        if let (Some(a), Some(b)) = (read.at(link.from), read.at(link.to)) {
            found.insert((a.min(b), a.max(b)));
        }
    }
    Ok(vec![count(name_of(folder), &rows, &pairs, &found)])
}

fn count(data: String, rows: &[Row], pairs: &[Pair], found: &BTreeSet<(usize, usize)>) -> Scores {
    let mut out = Scores::new("neardup", data);
    let at: BTreeMap<&str, usize> = rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let sources = sources(rows, pairs);
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut near, mut all) = ((0, 0), (0, 0));
    for pair in pairs {
        let (Some(a), Some(b)) = (at.get(pair.a.as_str()), at.get(pair.b.as_str())) else { continue };
        let hit = found.contains(&(*a.min(b), *a.max(b)));
        let is_part = PARTS.contains(&pair.kind.as_str());
        let kind = by_kind.entry(&pair.kind).or_default();
        for counts in [Some(kind), Some(&mut all), (!is_part).then_some(&mut near)].into_iter().flatten() {
            counts.0 += usize::from(hit);
            counts.1 += 1;
        }
        if !hit {
            out.case(&pair.b, 0.0, format!("{} of {} not found", pair.kind, pair.a));
        }
    }
    let mut wrong = 0;
    for (a, b) in found {
        let common = sources[*a].intersection(&sources[*b]).next().is_some();
        let topics = |at: usize| sources[at].iter().map(|source| &rows[*source].topic).collect::<Vec<_>>();
        let same_topic = topics(*a).iter().any(|topic| topics(*b).contains(topic));
        if !common && !same_topic {
            wrong += 1;
            out.case(&rows[*b].id, 0.1, format!("false pair with {}", rows[*a].id));
        }
    }
    out.n = all.1;
    for (name, (hits, of)) in [("near", near), ("all", all)] {
        let (precision, recall) = (share(hits, hits + wrong), share(hits, of));
        out.set(&format!("{name}_precision"), precision);
        out.set(&format!("{name}_recall"), recall);
        out.set(&format!("{name}_f1"), harmonic(precision, recall));
    }
    for (kind, (hits, of)) in by_kind {
        out.set(&format!("recall_{kind}"), share(hits, of));
    }
    out.sorted()
}

/// The originals each text is made of: itself, or those that the gold names.
fn sources(rows: &[Row], pairs: &[Pair]) -> Vec<BTreeSet<usize>> {
    let at: BTreeMap<&str, usize> = rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let mut sources = vec![BTreeSet::new(); rows.len()];
    for pair in pairs {
        if let (Some(a), Some(b)) = (at.get(pair.a.as_str()), at.get(pair.b.as_str())) {
            sources[*b].insert(*a);
        }
    }
    for (at, list) in sources.iter_mut().enumerate().filter(|(_, list)| list.is_empty()) {
        list.insert(at);
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_and_neutral_pairs() {
        let row = |id: &str, topic: u32| Row {
            id: id.into(),
            lang: "en".into(),
            topic: topic.into(),
            text: String::new(),
        };
        let rows = [row("a", 1), row("a~cut", 1), row("b", 1), row("c", 2), row("a~lift", 2)];
        let pair = |a: &str, b: &str, kind: &str| Pair { a: a.into(), b: b.into(), kind: kind.into() };
        let pairs =
            [pair("a", "a~cut", "truncate"), pair("a", "a~lift", "lift"), pair("c", "a~lift", "host")];
        // a–a~cut right; a~cut–a~lift share a: neutral; a–b share a topic: neutral; b–c false
        let found = [(0, 1), (1, 4), (0, 2), (2, 3)].into_iter().collect();
        let out = count("set".into(), &rows, &pairs, &found);
        assert_eq!(out.n, 3);
        assert_eq!((out.figures["recall_truncate"], out.figures["recall_lift"]), (1.0, 0.0));
        assert_eq!((out.figures["near_precision"], out.figures["near_recall"]), (0.5, 0.5));
        assert!((out.figures["all_recall"] - 1.0 / 3.0).abs() < 1e-12);
    }
}
