//! Names as skeletons: the consonants of one script, so that the same name meets itself in
//! another language. Путин, Poutine and بوتين are all `btn`. A name of one or two consonants keeps
//! its vowels: Gaza and Газа are `gasa`.

use std::collections::BTreeMap;

use selon_model::{BlockKind, NameSkeleton, Text};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::lex::{Lexed, TokenKind};
use crate::pack::{PackFiles, PacksError};

/// Letters of a skeleton.
const LONGEST: usize = 6;
const SHORTEST: usize = 3;

/// Letters and groups of letters on the way to a skeleton (`packs/letters.tsv`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters {
    /// By first character; longer groups first.
    groups: BTreeMap<char, Vec<(String, String)>>,
}

impl Letters {
    pub(crate) fn load(shared: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut groups: BTreeMap<char, Vec<(String, String)>> = BTreeMap::new();
        for row in shared.table("letters.tsv")?.rows() {
            let from = row.required("from")?;
            let first = from.chars().next().unwrap_or_default();
            groups.entry(first).or_default().push((from.to_owned(), row.get("to").to_owned()));
        }
        groups.values_mut().for_each(|rows| rows.sort_by_key(|(from, _)| std::cmp::Reverse(from.len())));
        Ok(Letters { groups })
    }

    /// The skeleton of a folded word that may be a name: one with a capital, or in a script
    /// without capitals one of four letters or more without its article and clitics.
    fn name(&self, word: &str, capital: bool) -> Option<String> {
        let caseless = word.chars().next().is_some_and(|c| matches!(c, '\u{600}'..='\u{6FF}'));
        let word = match caseless {
            true => Some(without_clitics(word)).filter(|word| word.chars().count() >= 4),
            false => Some(word).filter(|_| capital),
        };
        self.skeleton(word?)
    }

    /// The skeleton of a folded word: its consonants, and where they are fewer than three its vowels
    /// too; `None` where fewer than three letters are left.
    pub(crate) fn skeleton(&self, word: &str) -> Option<String> {
        let latin = self.latin(&self.latin(word));
        let consonants = outline(&latin, false);
        let outline = if consonants.len() < SHORTEST { outline(&latin, true) } else { consonants };
        (outline.len() >= SHORTEST).then_some(outline)
    }

    /// One pass of the rows over a word, Latin diacritics off.
    fn latin(&self, word: &str) -> String {
        let mut out = String::new();
        let mut rest = word;
        while let Some(c) = rest.chars().next() {
            let row = self
                .groups
                .get(&c)
                .and_then(|rows| rows.iter().find(|(from, _)| rest.starts_with(from.as_str())));
            match row {
                Some((from, to)) => {
                    out.push_str(to);
                    rest = &rest[from.len()..];
                }
                None => {
                    out.push(bare(c));
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }
}

/// Consonants that sound alike as one, each once, with the vowels or without.
fn outline(latin: &str, vowels: bool) -> String {
    let mut out = String::new();
    for c in latin.chars() {
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' if vowels => c,
            'a' | 'e' | 'i' | 'o' | 'u' | 'h' => continue,
            'p' | 'v' | 'f' => 'b',
            'j' => 'g',
            'z' => 's',
            'd' => 't',
            c if c.is_ascii_alphabetic() => c,
            _ => continue,
        };
        if !out.ends_with(c) && out.len() < LONGEST {
            out.push(c);
        }
    }
    out
}

/// A Latin letter without its marks.
fn bare(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'ù'..='ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ş' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ğ' => 'g',
        'ł' => 'l',
        c => c,
    }
}

/// Names of the prose: words with a capital that do not open a sentence; in scripts without
/// capitals, words of four letters or more without their article and clitics.
pub(crate) fn find_names(text: &Text, lexed: &Lexed, letters: &Letters) -> Vec<NameSkeleton> {
    let mut names = Vec::new();
    for sentence in lexed.sentences() {
        let Some(first) = lexed.tokens().get(sentence.start) else { continue };
        let kind = text.block_at(first.span.start).map(|block| block.kind);
        if kind.is_some_and(|kind| !kind.is_prose()) {
            continue;
        }
        let all = matches!(kind, Some(BlockKind::Title));
        for index in sentence.clone() {
            let token = lexed.tokens()[index];
            if token.kind != TokenKind::Word {
                continue;
            }
            let opens = index == sentence.start && !all;
            let word = lexed.folded(index);
            if let Some(skeleton) = letters.name(word, token.capital && !opens) {
                names.push(NameSkeleton { span: token.span, skeleton });
            }
        }
    }
    names
}

/// The skeleton of a word as somebody writes it, where it may be a name: what a search for the word
/// looks for in other languages.
pub(crate) fn skeleton_of(word: &str, letters: &Letters) -> Option<String> {
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let letters_of = |c: &char| c.is_alphabetic() && !is_combining_mark(*c);
    let folded: String = word.nfc().flat_map(char::to_lowercase).filter(letters_of).collect();
    letters.name(&folded, capital)
}

/// An Arabic word without و ف ب ل and the article before it.
fn without_clitics(word: &str) -> &str {
    for prefix in ["وال", "فال", "بال", "كال", "لل", "ال"] {
        if let Some(rest) = word.strip_prefix(prefix)
            && rest.chars().count() >= 3
        {
            return rest;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use crate::pack::Packs;

    #[test]
    fn one_name_in_three_scripts() {
        let letters = &Packs::embedded().letters;
        let check = |words: &[&str], skeleton: &str| {
            for word in words {
                assert_eq!(letters.skeleton(word).as_deref(), Some(skeleton), "{word}");
            }
        };
        check(&["путин", "poutine", "putin", "بوتين"], "btn");
        check(&["зеленський", "zelensky", "زيلينسكي"], "slnsk");
        check(&["нетаньяху", "netanyahou", "نتنياهو"], "ntn");
        check(&["gaza", "газа"], "gasa");
        check(&["alep", "алеп"], "aleb");
        assert_eq!(letters.skeleton("ali").as_deref(), Some("ali"), "of few consonants, with its vowels");
        assert_eq!(letters.skeleton("al"), None, "two letters are too few");
        let packs = Packs::embedded();
        for word in ["Путин", "Poutine", "POUTINE", "بوتين", "وبوتين"] {
            assert_eq!(packs.name_skeleton(word).as_deref(), Some("btn"), "{word}");
        }
        assert_eq!(packs.name_skeleton("poutine"), None, "no capital");
    }
}
