//! The language of a post. Posts are short: where letters alone do not tell, small words do, and
//! where neither does, the language stays unknown. What the markup claims is never taken.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::Lang;

use crate::describe::language;
use crate::pack::{PackFiles, PacksError};

/// Small words of each language (`packs/page/small_words.tsv`).
#[derive(Clone, Debug, Default)]
pub(crate) struct SmallWords {
    languages: BTreeMap<Lang, BTreeSet<String>>,
}

/// From here on only three small words more speak against the letters' own answer.
const CERTAIN: f32 = 0.8;
/// Below this the letters' own answer is not trusted.
const SURE: f32 = 0.5;
/// Without a small word, the letters' answer counts from here on.
const LIKELY: f32 = 0.3;

impl SmallWords {
    pub(crate) fn load(files: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut small = SmallWords::default();
        for row in files.table("small_words.tsv")?.rows() {
            let lang =
                Lang::new(row.required("lang")?).ok_or_else(|| row.error("lang is no language tag"))?;
            small.languages.entry(lang).or_default().extend(row.list("words"));
        }
        Ok(small)
    }

    /// The language of `words`, which hold no tags, mentions or addresses; `None` where they are
    /// too few to tell.
    pub(crate) fn identify(&self, words: &str) -> Option<Lang> {
        let found = language::identify(words, None);
        let counts = self.counts(words);
        let most = match counts.as_slice() {
            [(most, lang), (next, _), ..] if most > next => Some((*most, *lang)),
            _ => None,
        };
        let Some(tag) = found.tag.filter(|_| found.confidence >= LIKELY) else {
            return most.map(|(_, lang)| lang.clone());
        };
        // Few letters look like many languages; two small words more are a better witness, and one
        // is where the letters are in doubt.
        let own = counts.iter().find(|(_, lang)| **lang == tag).map(|(count, _)| *count);
        let outweighs = |most: usize| match own {
            _ if found.confidence < SURE => true,
            own if found.confidence >= CERTAIN => own.is_some_and(|own| most >= own + 3),
            Some(own) => most >= own + 2 || own == 0,
            None => most >= 2,
        };
        match most {
            Some((most, lang)) if outweighs(most) => Some(lang.clone()),
            _ => Some(tag),
        }
    }

    /// How many small words of each language are among `words`, most first.
    fn counts(&self, words: &str) -> Vec<(usize, &Lang)> {
        let text: String =
            words.chars().take(2_000).collect::<String>().to_lowercase().replace('\u{2019}', "'");
        let words: Vec<&str> = text.split(|c: char| !(c.is_alphabetic() || c == '\'')).collect();
        let count = |known: &BTreeSet<String>| words.iter().filter(|word| known.contains(**word)).count();
        let mut counts: Vec<(usize, &Lang)> =
            self.languages.iter().map(|(lang, known)| (count(known), lang)).collect();
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        counts
    }
}

#[cfg(test)]
mod tests {
    use crate::pack::Packs;

    fn check(words: &str, expected: Option<&str>) {
        let found = Packs::embedded().post.small_words.identify(words);
        assert_eq!(found.as_ref().map(|lang| lang.as_str()), expected, "{words}");
    }

    #[test]
    fn small_words_tell_short_posts() {
        check("We are here", Some("en"));
        check("the boats now", Some("en"));
        check("Nos images depuis le pont", Some("fr"));
        check("Nu är vi här på kajen", Some("sv"));
        check("Nie ma ich na placu, ale już są na moście", Some("pl"));
        check("For the superstar's next show: quarterback", Some("en"));
        check("Мы уже на площади", Some("ru"));
        check("Ми вже на площі", Some("uk"));
        check("", None);
        check("Vernak", None);
    }
}
