//! Stories among texts of two alike events a topic, without dates: B-cubed and pairs, over stories
//! and over topics (where joining too much shows).
//!
//! Stories are found over all reports at hand, so that a later one may still part or join those
//! before it. `online_b3_f1` is what stands if it may not: the texts arrive eight at a time, in the
//! order of their ids' digests, each stays in the story it then got, and joins the one that most
//! of its fellows of that moment are in.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use selon_model::Story;
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
    let online: Vec<(usize, &str)> =
        as_they_arrive(&read, packs).into_iter().zip(rows.iter().map(|row| row.story.as_str())).collect();
    clusters::write(&mut out, "online", &online);
    for (story, members) in clusters::purity(&by_story) {
        out.case(format!("story {story}"), members.0, members.1);
    }
    Ok(vec![out.sorted()])
}

/// How many texts arrive at a time.
const BATCH: usize = 8;

/// The story of each text, where none is ever changed.
fn as_they_arrive(read: &Read, packs: &Packs) -> Vec<usize> {
    let mut order: Vec<usize> = (0..read.reports.len()).collect();
    order.sort_by_key(|at| read.reports[*at].id);
    let mut place = vec![0; order.len()];
    for (index, at) in order.iter().enumerate() {
        place[*at] = index;
    }
    let ends: Vec<usize> = (1..=order.len().div_ceil(BATCH)).map(|batch| batch * BATCH).collect();
    let moments: Vec<Vec<Vec<usize>>> = ends
        .par_iter()
        .map(|end| {
            let part = read.connect_some(|at| place[at] < *end, packs);
            let members =
                |story: &Story| story.members.iter().filter_map(|one| read.at(one.report)).collect();
            part.stories.iter().map(members).collect()
        })
        .collect();
    let mut story_of: Vec<Option<usize>> = vec![None; order.len()];
    let mut next = 0;
    for members in moments.into_iter().flatten() {
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for story in members.iter().filter_map(|at| story_of[*at]) {
            *known.entry(story).or_default() += 1;
        }
        let most = known.into_iter().max_by_key(|(story, count)| (*count, std::cmp::Reverse(*story)));
        let story = most.map_or(next, |(story, _)| story);
        next = next.max(story + 1);
        for at in members {
            story_of[at].get_or_insert(story);
        }
    }
    story_of
        .into_iter()
        .map(|story| {
            story.unwrap_or_else(|| {
                next += 1;
                next
            })
        })
        .collect()
}
