//! Stories among texts of two alike events a topic, without dates: B-cubed and pairs, over stories
//! and over topics (where joining too much shows).
//!
//! The texts arrive eight at a time, in the order of their ids' digests (the set's ids, so that
//! nothing of Selon moves it). What Selon shows are stories that a later report may join or part, as
//! an archive does after each `add`: `story_*` is how they stand when all have come, `online_b3_f1` how
//! they stood over the texts there were, after each arrival, on average. `never_changed_b3_f1` is what
//! would stand if no story might be joined or parted any more: each text stays in the one it first got,
//! that in which most of its fellows of that moment are, unless most of that story now stands apart
//! from them; then a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use selon_model::{Digest, Story};
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::clusters;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};

#[derive(Deserialize)]
struct Row {
    id: String,
    topic: serde_json::Value,
    story: String,
    lang: String,
    title: String,
    text: String,
}

/// Scores a folder with rows of texts; the order of texts is that of their digests.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let rows: Vec<Row> = one(folder, &["id", "topic", "story", "title", "text"])?;
    let texts: Vec<Text> = rows
        .iter()
        .map(|row| Text {
            id: row.id.clone(),
            lang: Some(row.lang.clone()),
            text: format!("{}\n\n{}", row.title, row.text),
            ..Text::default()
        })
        .collect();
    let read = Read::of("ecbplus", &texts, packs);
    let stories = read.stories();
    let topics: Vec<String> = rows.iter().map(|row| row.topic.to_string()).collect();
    let mut out = Scores::new("ecbplus", name_of(folder));
    out.n = rows.len();
    let by_story: Vec<(usize, &str)> =
        stories.iter().copied().zip(rows.iter().map(|row| row.story.as_str())).collect();
    let by_topic: Vec<(usize, &str)> =
        stories.iter().copied().zip(topics.iter().map(String::as_str)).collect();
    clusters::write(&mut out, "story", &by_story);
    clusters::write(&mut out, "topic", &by_topic);
    let order = order_of_arrival(&texts);
    let moments = moments(&read, &order, packs);
    let gold = |at: usize| rows[at].story.as_str();
    let of_moment = |stories: &Vec<Vec<usize>>| {
        let items: Vec<(usize, &str)> = stories
            .iter()
            .enumerate()
            .flat_map(|(story, members)| members.iter().map(move |at| (story, gold(*at))))
            .collect();
        clusters::fit(&items).b3_f1()
    };
    let online = moments.iter().map(of_moment).sum::<f64>() / moments.len().max(1) as f64;
    out.set("online_b3_f1", online);
    let never: Vec<(usize, &str)> =
        as_told(&moments, rows.len()).into_iter().enumerate().map(|(at, story)| (story, gold(at))).collect();
    out.set("never_changed_b3_f1", clusters::fit(&never).b3_f1());
    for (story, members) in clusters::purity(&by_story) {
        out.case(format!("story {story}"), members.0, members.1);
    }
    Ok(vec![out.sorted()])
}

/// How many texts arrive at a time.
const BATCH: usize = 8;

/// The texts in the order of their ids' digests.
fn order_of_arrival(texts: &[Text]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|at| Digest::of(texts[*at].id.as_bytes()));
    order
}

/// The stories after each arrival, of the texts there were.
fn moments(read: &Read, order: &[usize], packs: &Packs) -> Vec<Vec<Vec<usize>>> {
    let mut place = vec![0; order.len()];
    for (index, at) in order.iter().enumerate() {
        place[*at] = index;
    }
    let ends: Vec<usize> = (1..=order.len().div_ceil(BATCH)).map(|batch| batch * BATCH).collect();
    ends.par_iter()
        .map(|end| {
            let part = read.connect_some(|at| place[at] < *end, packs);
            let members =
                |story: &Story| story.members.iter().filter_map(|one| read.at(one.report)).collect();
            part.stories.iter().map(members).collect()
        })
        .collect()
}

/// The story that each text got when it first stood in one, of the stories of each moment.
fn as_told(moments: &[Vec<Vec<usize>>], count: usize) -> Vec<usize> {
    let mut told: Vec<Option<usize>> = vec![None; count];
    let mut next = 0;
    for stories in moments {
        // Of the stories told before, each is gone on with by whom most of its texts stand in.
        let mut parts: Vec<(usize, usize, usize)> = Vec::new();
        for (at, members) in stories.iter().enumerate() {
            let mut known: BTreeMap<usize, usize> = BTreeMap::new();
            members.iter().filter_map(|at| told[*at]).for_each(|story| *known.entry(story).or_default() += 1);
            parts.extend(known.into_iter().map(|(story, texts)| (texts, story, at)));
        }
        parts.sort_by_key(|(texts, story, at)| (std::cmp::Reverse(*texts), *story, *at));
        let (mut gone_on, mut name): (BTreeSet<usize>, BTreeMap<usize, usize>) = Default::default();
        for (_, story, at) in parts {
            if gone_on.insert(story) {
                name.entry(at).or_insert(story);
            }
        }
        for (at, members) in stories.iter().enumerate() {
            let story = name.get(&at).copied().unwrap_or(next);
            next = next.max(story + 1);
            for at in members {
                told[*at].get_or_insert(story);
            }
        }
    }
    told.iter().enumerate().map(|(at, story)| story.unwrap_or(next + at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_goes_on_where_most_of_it_stands() {
        // 0 and 1 are taken for one story; then 1 is found to be another, with 3.
        let moments = [vec![vec![0, 1]], vec![vec![0, 2, 4], vec![1, 3]]];
        assert_eq!(as_told(&moments, 6), [0, 0, 0, 1, 0, 7]);
    }
}
