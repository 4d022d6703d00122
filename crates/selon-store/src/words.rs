//! Words of a text on their way into the index: runs of letters, digits and the marks on them.

use selon_model::{fold, is_of_word};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

/// Endings of Ukrainian nouns, adjectives and verbs, longest first. A light stemmer: it may leave two
/// forms of a word apart, and rarely takes two words for one.
const UKRAINIAN_ENDINGS: &[&str] = &[
    "ування",
    "ювання",
    "ського",
    "ському",
    "ською",
    "ської",
    "ських",
    "ським",
    "ання",
    "ення",
    "іння",
    "ський",
    "ська",
    "ське",
    "ські",
    "ську",
    "ість",
    "ості",
    "ами",
    "ями",
    "ові",
    "еві",
    "єві",
    "ого",
    "ому",
    "ими",
    "іми",
    "ала",
    "али",
    "ало",
    "ила",
    "или",
    "ило",
    "ати",
    "ити",
    "іти",
    "ють",
    "уть",
    "ять",
    "ать",
    "ити",
    "ої",
    "ою",
    "ею",
    "єю",
    "их",
    "іх",
    "ах",
    "ях",
    "ом",
    "ем",
    "єм",
    "ів",
    "їв",
    "ий",
    "ій",
    "їй",
    "ам",
    "ям",
    "им",
    "ім",
    "ав",
    "ив",
    "ла",
    "ло",
    "ли",
    "ти",
    "ть",
    "а",
    "я",
    "о",
    "е",
    "є",
    "и",
    "і",
    "ї",
    "у",
    "ю",
    "й",
    "ь",
];
/// Letters that are left at least.
const SHORTEST_STEM: usize = 3;

/// What becomes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `selon_model::fold`.
    Folded,
    /// Lower case, marks put together with their letters (NFC): what stemmers know.
    Composed,
    /// Composed, without a Ukrainian ending.
    UkrainianStem,
}

/// Cuts a text into words of one form.
#[derive(Clone, Debug)]
pub(crate) struct WordTokenizer {
    form: Form,
    token: Token,
}

impl WordTokenizer {
    pub(crate) fn new(form: Form) -> Self {
        WordTokenizer { form, token: Token::default() }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, form: self.form, token: &mut self.token }
    }
}

/// The words of a text, one after the other.
pub(crate) struct WordStream<'a> {
    text: &'a str,
    at: usize,
    form: Form,
    token: &'a mut Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let Some(begins) = rest.find(is_of_word) else { return false };
            let rest = &rest[begins..];
            let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            let from = self.at + begins;
            self.at = from + length;
            let word = in_form(&rest[..length], self.form);
            if !word.is_empty() {
                self.token.offset_from = from;
                self.token.offset_to = self.at;
                self.token.position = self.token.position.wrapping_add(1);
                self.token.text = word;
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

fn in_form(word: &str, form: Form) -> String {
    match form {
        Form::Folded => fold(word),
        Form::Composed => composed(word),
        Form::UkrainianStem => {
            let word = composed(word);
            let word = word.strip_suffix("ся").or_else(|| word.strip_suffix("сь")).unwrap_or(&word);
            let stem = UKRAINIAN_ENDINGS
                .iter()
                .filter_map(|ending| word.strip_suffix(ending))
                .find(|stem| stem.chars().count() >= SHORTEST_STEM);
            stem.unwrap_or(word).to_owned()
        }
    }
}

fn composed(word: &str) -> String {
    word.nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, form: Form) -> Vec<String> {
        let mut tokenizer = WordTokenizer::new(form);
        let mut stream = tokenizer.token_stream(text);
        let mut words = Vec::new();
        while stream.advance() {
            let token = stream.token();
            assert_eq!(token.position, words.len());
            assert!(text.get(token.offset_from..token.offset_to).is_some_and(|word| !word.is_empty()));
            words.push(token.text.clone());
        }
        words
    }

    #[test]
    fn marks_stay_in_their_words() {
        assert_eq!(words("مُحَمَّد قال", Form::Folded), ["محمد", "قال"]);
        assert_eq!(words("l'E\u{301}TAT, 13 000", Form::Folded), ["l", "etat", "13", "000"]);
        assert_eq!(words("E\u{301}TAT", Form::Composed), ["état"]);
        assert_eq!(words(" – \u{640} ", Form::Folded), [""; 0], "tatweel alone is no word");
    }

    #[test]
    fn ukrainian_endings() {
        let check = |forms: &str| {
            let stems = words(forms, Form::UkrainianStem);
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
        };
        check("місто міста місту містом міст");
        check("лікарня лікарні лікарню лікарнею лікарнях");
        check("український української українському українських");
        check("повідомив повідомила повідомили повідомити");
        assert_ne!(words("вода", Form::UkrainianStem), words("війна", Form::UkrainianStem));
    }
}
