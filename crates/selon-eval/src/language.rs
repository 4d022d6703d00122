//! Languages told against gold: whole texts or sentences, and their first 40 and 20 letters.

use std::path::Path;

use anyhow::{Context, Result};
use rayon::prelude::*;
use selon_model::Lang;
use selon_read::{Document, ENGINE_VERSION, Media, Packs};
use serde_json::Value;

use crate::extraction::name_of;
use crate::pages::text;
use crate::{Scores, Worst};

/// Scores a folder with one `*.jsonl` of documents (`lang`, and `sentences` or `text`).
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().contains(".jsonl"))
        .collect();
    files.sort();
    let file = files.first().with_context(|| format!("{} holds no *.jsonl", folder.display()))?;
    let mut sentences: Vec<(String, Lang)> = Vec::new();
    for line in text(file)?.lines().filter(|line| !line.trim().is_empty()) {
        let row: Value = serde_json::from_str(line)?;
        let Some(lang) =
            row.get("lang").or_else(|| row.get("language")).and_then(Value::as_str).and_then(Lang::new)
        else {
            continue;
        };
        match row.get("sentences").and_then(Value::as_array) {
            Some(list) => sentences
                .extend(list.iter().filter_map(Value::as_str).map(|text| (text.to_owned(), lang.clone()))),
            None => sentences
                .extend(row.get("text").and_then(Value::as_str).map(|text| (text.to_owned(), lang.clone()))),
        }
    }
    let mut out = Scores {
        task: "language".into(),
        data: name_of(folder),
        selon: ENGINE_VERSION.into(),
        ..Scores::default()
    };
    out.n = sentences.len();
    for (name, letters) in [("sentence", usize::MAX), ("characters_40", 40), ("characters_20", 20)] {
        let cut = |text: &str| text.chars().take(letters).collect::<String>();
        let wrong: Vec<(String, &Lang, Option<Lang>)> = sentences
            .par_iter()
            .filter_map(|(text, gold)| {
                let text = cut(text);
                let found = tell(&text, packs);
                (found.as_ref() != Some(gold)).then_some((text, gold, found))
            })
            .collect();
        out.figures.insert(name.into(), 1.0 - wrong.len() as f64 / out.n.max(1) as f64);
        if letters == 40 {
            for (text, gold, found) in &wrong {
                let found = found.as_ref().map_or("none", Lang::as_str);
                out.worst.push(Worst {
                    id: text.clone(),
                    score: 0.0,
                    what: format!("expected {gold}, read {found}"),
                });
            }
        }
    }
    Ok(vec![out])
}

fn tell(text: &str, packs: &Packs) -> Option<Lang> {
    let document = Document { payload: text.as_bytes(), media: Media::Plain, ..Document::default() };
    selon_read::read(&document, packs).into_iter().next()?.language.tag
}
