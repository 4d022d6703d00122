//! Forms of a pack, found by their first or their last token in constant time.

use crate::lex::{LexPack, Lexed, TokenKind};
use foldhash::HashMap;

/// A set of forms, each with the number of the row it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrases {
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
    by_last: HashMap<String, Vec<(Vec<String>, usize)>>,
    prefixes: Vec<String>,
}

impl Phrases {
    pub(super) fn new(prefixes: &[String]) -> Self {
        Phrases { prefixes: prefixes.to_vec(), ..Phrases::default() }
    }

    /// Adds a form. The first row to claim a form keeps it.
    pub(super) fn add(&mut self, form: &str, row: usize, lex: &LexPack) {
        let words = Lexed::form(form, lex);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let after = &words[1..];
        let before = &words[..words.len() - 1];
        for (map, key, rest) in [(&mut self.by_first, first, after), (&mut self.by_last, last, before)] {
            let forms = map.entry(key.clone()).or_default();
            if !forms.iter().any(|(known, _)| known == rest) {
                let at = forms.iter().position(|(known, _)| known.len() < rest.len()).unwrap_or(forms.len());
                forms.insert(at, (rest.to_vec(), row));
            }
        }
    }

    /// Whether a word by itself is a form.
    pub(super) fn has_form(&self, word: &str) -> bool {
        self.by_first.get(word).is_some_and(|forms| forms.iter().any(|(rest, _)| rest.is_empty()))
    }

    /// The longest form that begins at `at`: its row, and the token after it.
    pub(super) fn at(&self, lexed: &Lexed, at: usize, end: usize) -> Option<(usize, usize)> {
        if at >= end {
            return None;
        }
        let word = lexed.folded(at);
        if let Some(found) = self.at_word(word, lexed, at, end) {
            return Some(found);
        }
        if self.prefixes.is_empty() || lexed.tokens()[at].kind != TokenKind::Word {
            return None;
        }
        self.prefixes
            .iter()
            .filter_map(|prefix| word.strip_prefix(prefix.as_str()))
            .find_map(|rest| self.at_word(rest, lexed, at, end))
    }

    fn at_word(&self, word: &str, lexed: &Lexed, at: usize, end: usize) -> Option<(usize, usize)> {
        let forms = self.by_first.get(word)?;
        forms.iter().find_map(|(rest, row)| {
            let next = at + 1 + rest.len();
            let matches =
                next <= end && rest.iter().zip(at + 1..next).all(|(word, index)| lexed.folded(index) == word);
            matches.then_some((*row, next))
        })
    }

    /// The longest form that ends right before `at`: its row, and its first token.
    pub(super) fn before(&self, lexed: &Lexed, at: usize, first: usize) -> Option<(usize, usize)> {
        if at <= first {
            return None;
        }
        let forms = self.by_last.get(lexed.folded(at - 1))?;
        forms.iter().find_map(|(rest, row)| {
            let start = (at - 1).checked_sub(rest.len()).filter(|start| *start >= first)?;
            let matches = rest.iter().zip(start..).all(|(word, index)| lexed.folded(index) == word);
            matches.then_some((*row, start))
        })
    }

    /// Whether a form begins with `word` as it is, nothing taken off.
    pub(super) fn begins(&self, word: &str) -> bool {
        self.by_first.contains_key(word)
    }

    /// Whether the token at `at` begins a form.
    pub(super) fn has(&self, lexed: &Lexed, at: usize, end: usize) -> bool {
        self.at(lexed, at, end).is_some()
    }
}
