//! Languages told against gold: whole texts or sentences, and their first 40 and 20 letters; and
//! blocks of 40 letters on pages in another language and in their own.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;
use selon_model::Lang;
use selon_read::{Document, Media, Packs};
use serde_json::Value;

use crate::Scores;
use crate::rows::{name_of, with_keys};
use crate::scores::share;

/// Scores a folder with a `*.jsonl` of documents (`lang` or `language`, and `sentences` or `text`).
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let mut sentences: Vec<(String, Lang)> = Vec::new();
    let mut wholes: Vec<(String, Lang)> = Vec::new();
    for (tag, words) in
        [("lang", "sentences"), ("lang", "text"), ("language", "sentences"), ("language", "text")]
    {
        if !sentences.is_empty() {
            break;
        }
        for (_, rows) in with_keys(folder, &[tag, words])? {
            for texts in rows.iter().map(|row| of_row(row, tag, words)) {
                if let [(_, lang), _, ..] = texts.as_slice() {
                    let whole: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
                    wholes.push((whole.join("\n"), lang.clone()));
                }
                sentences.extend(texts);
            }
        }
    }
    if sentences.is_empty() {
        bail!("no *.jsonl in {} has rows with lang and sentences or text", folder.display());
    }
    let mut out = Scores::new("language", name_of(folder));
    out.n = sentences.len();
    for (name, letters) in [("sentence", usize::MAX), ("characters_40", 40), ("characters_20", 20)] {
        let wrong: Vec<(String, &Lang, Option<Lang>)> = sentences
            .par_iter()
            .filter_map(|(text, gold)| {
                let text: String = text.chars().take(letters).collect();
                let found = tell(&text, packs);
                (found.as_ref() != Some(gold)).then_some((text, gold, found))
            })
            .collect();
        out.set(name, share(out.n - wrong.len(), out.n));
        if letters == 40 {
            for (text, gold, found) in &wrong {
                let found = found.as_ref().map_or("none", Lang::as_str);
                out.case(text.clone(), 0.0, format!("expected {gold}, read {found}"));
            }
        }
    }
    blocks(&sentences, packs, &mut out);
    if !wholes.is_empty() {
        let right = wholes.par_iter().filter(|(text, gold)| tell(text, packs).as_ref() == Some(gold)).count();
        out.set("whole", share(right, wholes.len()));
    }
    Ok(vec![out])
}

/// Scores sentences of 40 characters or more, cut to 40, as blocks of a page in the next language of the set, where
/// they should say their own language, and of a page in their own, where they should say nothing.
fn blocks(sentences: &[(String, Lang)], packs: &Packs, out: &mut Scores) {
    let mut hosts: BTreeMap<&Lang, Vec<&str>> = BTreeMap::new();
    for (text, lang) in sentences {
        let host = hosts.entry(lang).or_default();
        if host.len() < HOST && text.chars().count() >= 80 {
            host.push(text);
        }
    }
    if hosts.len() < 2 || hosts.values().any(|host| host.len() < HOST) {
        return;
    }
    let tags: Vec<&Lang> = hosts.keys().copied().collect();
    let next = |lang: &Lang| {
        let at = tags.iter().position(|tag| *tag == lang)?;
        Some(tags[(at + 1) % tags.len()])
    };
    let told: Vec<(String, &Lang, &Lang, Option<Lang>)> = sentences
        .par_iter()
        .flat_map_iter(|(text, own)| {
            let piece: String = text.chars().take(40).collect::<String>().trim().to_owned();
            let enough = text.chars().count() >= 40;
            let hosts: Vec<&Lang> = next(own).into_iter().chain([own]).filter(|_| enough).collect();
            hosts.into_iter().map(move |host| (piece.clone(), own, host))
        })
        .map(|(piece, own, host)| {
            let found = block_language(&piece, &hosts[host], packs);
            (piece, own, host, found)
        })
        .collect();
    let right = |(_, own, host, found): &&(String, &Lang, &Lang, Option<Lang>)| {
        if own == host { found.is_none() } else { found.as_ref() == Some(own) }
    };
    out.set("blocks_40", share(told.iter().filter(right).count(), told.len()));
    for (piece, own, host, found) in told.iter().filter(|one| !right(one)) {
        let found = found.as_ref().map_or("none", Lang::as_str);
        out.case(piece.clone(), 0.0, format!("a block in {own} on a page in {host}: read {found}"));
    }
}

/// Paragraphs of a page around a block.
const HOST: usize = 4;

fn block_language(piece: &str, host: &[&str], packs: &Packs) -> Option<Lang> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut page = String::from("<html><body><article><h1>1</h1>");
    for (number, text) in host.iter().enumerate() {
        page.push_str(&format!("<p>{}</p>", escaped(text)));
        if number == 1 {
            page.push_str(&format!("<blockquote><p>{}</p></blockquote>", escaped(piece)));
        }
    }
    page.push_str("</article></body></html>");
    let document = Document { payload: page.as_bytes(), media: Media::Html, ..Document::default() };
    let report = selon_read::read_layout(&document, packs).into_iter().next()?;
    let string = &report.text.string;
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = squeezed(piece);
    report.text.blocks.iter().find(|block| squeezed(block.span.of(string)) == wanted)?.lang.clone()
}

/// The texts of a row with their language.
fn of_row(row: &Value, tag: &str, words: &str) -> Vec<(String, Lang)> {
    let Some(lang) = row.get(tag).and_then(Value::as_str).and_then(Lang::new) else { return Vec::new() };
    let texts: Vec<&str> = match row.get(words) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    };
    texts.into_iter().map(|text| (text.to_owned(), lang.clone())).collect()
}

fn tell(text: &str, packs: &Packs) -> Option<Lang> {
    let document = Document { payload: text.as_bytes(), media: Media::Plain, ..Document::default() };
    selon_read::read(&document, packs).into_iter().next()?.language.tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_give_sentences_or_a_text() {
        let row: Value =
            serde_json::from_str(r#"{"lang": "fr", "text": "Un.", "sentences": ["Un.", "Deux."]}"#)
                .expect("JSON");
        assert_eq!(of_row(&row, "lang", "sentences").len(), 2);
        assert_eq!(of_row(&row, "lang", "text")[0].0, "Un.");
        assert!(of_row(&row, "language", "text").is_empty());
    }
}
