//! The same text in seven languages: are they one story, and does a story lead from a text to its
//! translation.
//!
//! Some of its documents tell of one event (`cases/gold/ntrex7-events.tsv`, by our reading): `story_…`
//! counts each document as a story, as the set does, `event_…` those of one event as one.
//!
//! P@1 for every ordered pair of languages: the text of the other language that is nearest to the
//! query is its translation; no text of that language is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::clusters;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::share;

/// Stories of one event.
const EVENTS: &str = include_str!("../../../cases/gold/ntrex7-events.tsv");

#[derive(Deserialize)]
struct Row {
    id: String,
    story: String,
    lang: String,
    title: String,
    sentences: Vec<String>,
}

/// Scores a folder with rows of texts.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows: Vec<Row> = one(folder, &["id", "story", "lang", "title", "sentences"])?;
    let texts: Vec<Text> = rows
        .iter()
        .map(|row| Text {
            id: row.id.clone(),
            lang: Some(row.lang.clone()),
            text: format!("{}\n\n{}", row.title, row.sentences.join("\n\n")),
            ..Text::default()
        })
        .collect();
    let read = Read::of("ntrex7", &texts, packs);
    let stories = read.stories();
    let mut out = Scores::new("ntrex7", name_of(folder));
    out.n = rows.len();
    let items: Vec<(usize, &str)> =
        stories.iter().copied().zip(rows.iter().map(|row| row.story.as_str())).collect();
    clusters::write(&mut out, "story", &items);
    let by_event: Vec<(usize, &str)> = items.iter().map(|(ours, story)| (*ours, event_of(story))).collect();
    clusters::write(&mut out, "event", &by_event);
    for (event, parts) in clusters::purity(&by_event) {
        out.case(format!("event of {event}"), parts.0, parts.1);
    }
    for (story, members) in clusters::purity(&items) {
        out.case(format!("story {story}"), members.0, members.1);
    }
    let gold: Vec<(&str, &str)> = rows.iter().map(|row| (row.story.as_str(), row.lang.as_str())).collect();
    let by_pair = nearest_of_each(&gold, &read.nearest_abroad(packs));
    let all = by_pair.values().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    out.set("p_at_1", share(all.0, all.1));
    let least = by_pair.iter().map(|(pair, counts)| (share(counts.0, counts.1), pair));
    if let Some((least, (from, to))) = least.min_by(|a, b| a.0.total_cmp(&b.0)) {
        out.set("p_at_1_least", least);
        out.case(format!("{from} to {to}"), least, "the pair of languages with the least P@1");
    }
    out.set("language_pairs", by_pair.len() as f64);
    Ok(vec![out.sorted()])
}

/// The first of the stories that tell of the same event.
fn event_of(story: &str) -> &str {
    let events = EVENTS.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut stories = events.filter_map(|line| line.split_once('\t')).map(|(_, stories)| stories.split(' '));
    stories
        .find(|stories| stories.clone().any(|one| one == story))
        .and_then(|mut of| of.next())
        .unwrap_or(story)
}

/// Right and all queries of each ordered pair of languages; `gold` is story and language, `nearest`
/// a text and its nearest of another language.
fn nearest_of_each<'a>(
    gold: &[(&'a str, &'a str)],
    nearest: &[(usize, usize)],
) -> BTreeMap<(&'a str, &'a str), (usize, usize)> {
    let languages: BTreeSet<&str> = gold.iter().map(|(_, lang)| *lang).collect();
    let found: BTreeMap<(usize, &str), &str> =
        nearest.iter().map(|(at, other)| ((*at, gold[*other].1), gold[*other].0)).collect();
    let mut by_pair: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (at, (story, from)) in gold.iter().enumerate() {
        for to in languages.iter().filter(|to| *to != from) {
            if !gold.contains(&(story, to)) {
                continue;
            }
            let counts = by_pair.entry((from, to)).or_default();
            counts.0 += usize::from(found.get(&(at, *to)) == Some(story));
            counts.1 += 1;
        }
    }
    by_pair
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_one_event() {
        assert_eq!(event_of("cnbc.com.6790"), "cnn.304489");
        assert_eq!(event_of("cnbc.com.6769"), "cnbc.com.6769");
    }

    #[test]
    fn the_nearest_of_the_other_language() {
        let gold = [("a", "en"), ("a", "fr"), ("b", "en"), ("b", "fr")];
        // en a → fr a right, en b → fr a wrong, fr a → en a right, fr b → nothing wrong
        let counts = nearest_of_each(&gold, &[(0, 1), (2, 1), (1, 0)]);
        assert_eq!(counts[&("en", "fr")], (1, 2));
        assert_eq!(counts[&("fr", "en")], (1, 2));
    }
}
