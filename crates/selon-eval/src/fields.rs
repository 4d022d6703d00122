//! Title and authors against gold: titles equal after normalising, authors as sets.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use selon_read::{ENGINE_VERSION, Packs};

use crate::extraction::name_of;
use crate::pages::load;
use crate::{Scores, Worst};

/// Scores a folder of pages: `title` and `authors` (share of pages that are right), with the
/// numbers they are of.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let pages = load(folder)?;
    let mut out = Scores {
        task: "fields".into(),
        data: name_of(folder),
        selon: ENGINE_VERSION.into(),
        ..Scores::default()
    };
    let read: Vec<_> = pages.par_iter().map(|page| (page, page.read(packs))).collect();
    let (mut titles, mut titled, mut sets, mut authored) = (0usize, 0usize, 0usize, 0usize);
    for (page, report) in &read {
        let mut what = Vec::new();
        if let Some(gold) = &page.title {
            titled += 1;
            let found = report.as_ref().and_then(|report| report.title.clone()).unwrap_or_default();
            if normal(&found) == normal(gold) {
                titles += 1;
            } else {
                what.push(format!("title \"{gold}\", read \"{found}\""));
            }
        }
        if let Some(gold) = page.authors.as_ref().filter(|gold| !gold.is_empty()) {
            authored += 1;
            let found: Vec<String> =
                report.iter().flat_map(|report| &report.authors).map(|author| author.name.clone()).collect();
            if same_set(gold, &found, page.authors_glued) {
                sets += 1;
            } else {
                what.push(format!("authors {gold:?}, read {found:?}"));
            }
        }
        if !what.is_empty() {
            out.worst.push(Worst { id: page.id.clone(), score: 0.0, what: what.join("; ") });
        }
    }
    out.n = read.len();
    if titled > 0 {
        out.figures.insert("title".into(), titles as f64 / titled as f64);
        out.figures.insert("title_right".into(), titles as f64);
        out.figures.insert("title_of".into(), titled as f64);
    }
    if authored > 0 {
        out.figures.insert("authors".into(), sets as f64 / authored as f64);
        out.figures.insert("authors_right".into(), sets as f64);
        out.figures.insert("authors_of".into(), authored as f64);
    }
    out.worst.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(vec![out])
}

/// Lower case, plain quotation marks and dashes, one space.
fn normal(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '’' | '‘' | 'ʼ' | '`' => '\'',
            '“' | '”' | '„' | '«' | '»' => '"',
            '–' | '—' => '-',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Equal as sets of normalised names. Where the gold is one glued string, the joined words are
/// compared too.
fn same_set(gold: &[String], found: &[String], glued: bool) -> bool {
    let set = |names: &[String]| -> BTreeSet<String> { names.iter().map(|name| normal(name)).collect() };
    if set(gold) == set(found) {
        return true;
    }
    // "Le Figaro et AFP" is one string in the gold, two authors here.
    let words = |names: &[String]| -> BTreeSet<String> {
        names
            .iter()
            .flat_map(|name| {
                normal(name).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
            })
            .filter(|word| !matches!(word.as_str(), "" | "et" | "and" | "mit" | "und" | "y" | "e" | "with"))
            .collect()
    };
    let _ = glued;
    words(gold) == words(found)
}
