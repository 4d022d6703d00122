//! Title and authors against gold: titles equal after normalising, authors as sets.
//!
//! `authors` counts equal sets of names. `authors_words` also counts a set whose words are the
//! same when joining words are left out: a gold may write "Le Figaro et AFP" as one name.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use selon_read::Packs;

use crate::Scores;
use crate::pages::read_all;
use crate::rows::name_of;
use crate::scores::share;

/// Scores a folder of pages: `title` and `authors` (share of pages that are right), with the
/// numbers they are of.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let mut out = Scores::new("fields", name_of(folder));
    let (mut titles, mut titled, mut sets, mut by_words, mut authored) = (0, 0, 0, 0, 0);
    for (page, report) in read_all("fields", folder, packs)? {
        let mut what = Vec::new();
        let gold_authors = page.authors.as_ref().filter(|gold| !gold.is_empty());
        if let Some(gold) = &page.title {
            titled += 1;
            let found = report.as_ref().and_then(|report| report.title.clone()).unwrap_or_default();
            if normal(&found) == normal(gold) {
                titles += 1;
            } else {
                what.push(format!("title \"{gold}\", read \"{found}\""));
            }
        }
        if let Some(gold) = gold_authors {
            authored += 1;
            let found: Vec<String> =
                report.iter().flat_map(|report| &report.authors).map(|author| author.name.clone()).collect();
            let right = names(gold) == names(&found);
            sets += usize::from(right);
            by_words += usize::from(right || words(gold) == words(&found));
            if !right {
                what.push(format!("authors {gold:?}, read {found:?}"));
            }
        }
        out.n += usize::from(page.title.is_some() || gold_authors.is_some());
        if !what.is_empty() {
            out.case(&page.id, -(what.len() as f64), what.join("; "));
        }
    }
    if out.n == 0 {
        bail!("the gold of {} has neither titles nor authors", folder.display());
    }
    if titled > 0 {
        out.set("title", share(titles, titled));
        out.set("title_right", titles as f64);
        out.set("title_of", titled as f64);
    }
    if authored > 0 {
        out.set("authors", share(sets, authored));
        out.set("authors_words", share(by_words, authored));
        out.set("authors_right", sets as f64);
        out.set("authors_of", authored as f64);
    }
    Ok(vec![out.sorted()])
}

/// Lower case, plain quotation marks and dashes, one space; nothing that nobody sees (soft hyphens,
/// marks of width zero).
fn normal(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'))
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

fn names(names: &[String]) -> BTreeSet<String> {
    names.iter().map(|name| normal(name)).collect()
}

/// The words of all names, without those that join names.
fn words(names: &[String]) -> BTreeSet<String> {
    let lower = names.iter().map(|name| normal(name)).collect::<Vec<_>>().join(" ");
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !matches!(*word, "" | "et" | "and" | "mit" | "und" | "y" | "e" | "with"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_authors() {
        assert_eq!(normal(" L’ÉTÉ –  «fin» "), "l'été - \"fin\"");
        assert_eq!(normal("Über\u{ad}schrift\u{200b}"), "überschrift");
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&list(&["B c", "A"])), names(&list(&["a", "b C"])));
        assert_ne!(names(&list(&["Le Figaro et AFP"])), names(&list(&["Le Figaro", "AFP"])));
        assert_eq!(words(&list(&["Le Figaro et AFP"])), words(&list(&["Le Figaro", "AFP"])));
    }
}
