//! Stories among texts of two alike events a topic, without dates: B-cubed and pairs, over stories
//! and over topics (where joining too much shows).

use std::path::Path;

use anyhow::Result;
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
    for (story, members) in clusters::purity(&by_story) {
        out.case(format!("story {story}"), members.0, members.1);
    }
    Ok(vec![out.sorted()])
}
