//! Words, cut once for all readers.
//!
//! Tokens are runs of letters, runs of digits, or single other characters; white space is not a
//! token. Elided words (French l', qu', jusqu') are tokens of their own, apostrophe included.
//! A soft hyphen inside a word is no part of its folded form.
//! Hyphens part tokens ("porte-parole" is three), and pack forms are cut by the same function,
//! so a form of several words is matched as a sequence of folded tokens.

use selon_model::{Span, Text};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::pack::{PackFiles, PacksError};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters (and marks), with the apostrophe of an elision.
    Word,
    /// Digits of one script.
    Digits,
    /// Opening quotation mark.
    QuoteOpen,
    /// Closing quotation mark.
    QuoteClose,
    /// A mark that both opens and closes (`"`), or an apostrophe outside a word.
    QuoteAmbiguous,
    /// - – —
    Dash,
    /// . ! ? … and their kin.
    Stop,
    /// , ; : and their kin.
    Comma,
    /// Anything else.
    Other,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its bytes in the text.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: TokenKind,
    /// White space stands before it.
    pub(crate) spaced: bool,
    /// It begins with a capital.
    pub(crate) capital: bool,
    folded: (u32, u32),
}

/// The tokens of a text, with their folded forms and their sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexed {
    tokens: Vec<Token>,
    folded: String,
    sentences: Vec<(u32, u32)>,
}

/// What the lexer needs of a language (`pack.toml`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LexPack {
    /// Words that drop their vowel before an apostrophe: "l", "qu", "jusqu".
    pub(crate) elisions: Vec<String>,
    /// Abbreviations after which a full stop ends no sentence, without the stop: "M", "gén".
    pub(crate) abbreviations: Vec<String>,
    /// `ltr` or `rtl`.
    pub(crate) direction: String,
    /// Words before the day of publication that stands before a text: "published", "mis à jour le".
    pub(crate) preambles: Vec<String>,
    /// Words that open a sentence where they have a capital and a small word follows: "according", "the".
    pub(crate) openers: Vec<String>,
    /// Words in the brackets of a picture's credit: "photo".
    pub(crate) credits: Vec<String>,
    /// Marks after which a word adds another ending ("chercheur·euse·s"): it is read without.
    pub(crate) inclusive_marks: Vec<char>,
}

impl LexPack {
    pub(crate) fn load(files: &PackFiles<'_>) -> Result<Self, PacksError> {
        files.toml("pack.toml")
    }
}

impl Lexed {
    /// Cuts the prose and post blocks of `text`. Sentences never cross a block.
    pub(crate) fn of(text: &Text, pack: &LexPack) -> Self {
        let mut lexed = Lexed::default();
        if text.blocks.is_empty() {
            lexed.cut(&text.string, Span::new(0, text.string.len()), pack);
        }
        for block in &text.blocks {
            lexed.cut(&text.string, block.span, pack);
        }
        lexed
    }

    /// Cuts one stretch of `string`: a post in its own language.
    pub(crate) fn of_span(string: &str, span: Span, pack: &LexPack) -> Self {
        let mut lexed = Lexed::default();
        lexed.cut(string, span, pack);
        lexed
    }

    /// The folded tokens of a pack form ("porte-parole" → porte, -, parole).
    pub(crate) fn form(form: &str, pack: &LexPack) -> Vec<String> {
        let mut lexed = Lexed::default();
        lexed.cut(form, Span::new(0, form.len()), pack);
        (0..lexed.len()).map(|index| lexed.folded(index).to_owned()).collect()
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// All tokens.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The lower-case form of a token, with straight apostrophes.
    pub(crate) fn folded(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .map_or("", |token| &self.folded[token.folded.0 as usize..token.folded.1 as usize])
    }

    /// Sentences as ranges of token indexes, in text order.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.sentences.iter().map(|(from, to)| *from as usize..*to as usize)
    }

    /// Ends sentences before these tokens, too; `cuts` in ascending order.
    pub(crate) fn end_sentences_at(&mut self, cuts: &[usize]) {
        if cuts.is_empty() {
            return;
        }
        let mut cuts = cuts.iter().map(|at| *at as u32).peekable();
        let mut parted = Vec::with_capacity(self.sentences.len() + cuts.len());
        for &(from, to) in &self.sentences {
            let mut start = from;
            while let Some(cut) = cuts.next_if(|cut| *cut < to) {
                if cut > start {
                    parted.push((start, cut));
                    start = cut;
                }
            }
            parted.push((start, to));
        }
        self.sentences = parted;
    }

    /// Span from the first to the last token of a range; empty where the range is.
    pub(crate) fn span(&self, range: std::ops::Range<usize>) -> Span {
        match self.tokens.get(range).and_then(|tokens| Some((tokens.first()?, tokens.last()?))) {
            Some((first, last)) => first.span.hull(last.span),
            None => Span::default(),
        }
    }

    fn cut(&mut self, string: &str, span: Span, pack: &LexPack) {
        let first = self.tokens.len();
        let words = span.of(string);
        let mut chars = words.char_indices().peekable();
        let mut spaced = true;
        while let Some((at, c)) = chars.next() {
            if c.is_whitespace() {
                spaced = true;
                continue;
            }
            let kind = kind_of(c);
            let mut end = at + c.len_utf8();
            if matches!(kind, TokenKind::Word | TokenKind::Digits) {
                while let Some(&(next, d)) = chars.peek() {
                    let joins = kind_of(d) == kind
                        || (kind == TokenKind::Word && (is_mark(d) || joins_letters(&words[next..])));
                    if !joins {
                        break;
                    }
                    end = next + d.len_utf8();
                    chars.next();
                }
            }
            if kind == TokenKind::Word
                && let Some(&(next, '\'' | '\u{2019}' | '\u{02BC}')) = chars.peek()
            {
                let word = words[at..end].to_lowercase();
                if pack.elisions.contains(&word) {
                    chars.next();
                    end = next + words[next..].chars().next().map_or(0, char::len_utf8);
                }
            }
            self.push(&words[at..end], span.from() + at, kind, spaced, c.is_uppercase(), pack);
            spaced = false;
        }
        self.part_sentences(first, string, pack);
    }

    fn push(&mut self, words: &str, at: usize, kind: TokenKind, spaced: bool, capital: bool, pack: &LexPack) {
        let from = self.folded.len() as u32;
        let fold = |folded: &mut String, c: char| match c {
            '\u{2019}' | '\u{02BC}' => folded.push('\''),
            '\u{0640}' | '\u{AD}' => {}
            c => folded.extend(c.to_lowercase()),
        };
        // "chercheur·euse·s" is "chercheurs".
        let (stem, plural) = match words.find(&pack.inclusive_marks[..]) {
            Some(mark) => (&words[..mark], words.ends_with('s') && !words[..mark].ends_with('s')),
            None => (words, false),
        };
        // "e" and an acute of its own are "é".
        if words.chars().any(|c| matches!(c, '\u{300}'..='\u{36F}')) {
            stem.nfc().for_each(|c| fold(&mut self.folded, c));
        } else {
            stem.chars().for_each(|c| fold(&mut self.folded, c));
        }
        if plural {
            self.folded.push('s');
        }
        let span = Span::new(at, at + words.len());
        self.tokens.push(Token { span, kind, spaced, capital, folded: (from, self.folded.len() as u32) });
    }

    /// Ends a sentence at a stop that is followed by a space and no small letter, unless it
    /// belongs to an abbreviation, an initial or a number; closing marks stay with it. Inside
    /// an open guillemet or curly quotation a stop ends nothing.
    fn part_sentences(&mut self, first: usize, string: &str, pack: &LexPack) {
        let mut from = first;
        let mut depth = 0i32;
        // „ is closed by the mark that opens elsewhere: “.
        let mut low = false;
        let mut index = first;
        while index < self.tokens.len() {
            let token = self.tokens[index];
            let mark = token.span.of(string);
            let closes_low = low && matches!(mark, "“" | "‘");
            let kind = if closes_low { TokenKind::QuoteClose } else { token.kind };
            low = matches!(mark, "„" | "‚") || low && !closes_low;
            match kind {
                TokenKind::QuoteOpen => depth += 1,
                TokenKind::QuoteClose => depth = (depth - 1).max(0),
                _ => {}
            }
            let line_break =
                index > first && string[self.tokens[index - 1].span.to()..token.span.from()].contains('\n');
            if line_break && index > from {
                self.sentences.push((from as u32, index as u32));
                from = index;
                depth = i32::from(kind == TokenKind::QuoteOpen);
                low = matches!(mark, "„" | "‚");
            }
            if token.kind == TokenKind::Stop
                && (depth == 0 || index + 1 - from > 400)
                && self.ends_sentence(index, first, pack)
            {
                let mut end = index + 1;
                while let Some(next) = self.tokens.get(end) {
                    let closes = matches!(next.kind, TokenKind::QuoteClose | TokenKind::Stop)
                        || (matches!(next.kind, TokenKind::QuoteAmbiguous) && !next.spaced);
                    if !closes {
                        break;
                    }
                    end += 1;
                }
                self.sentences.push((from as u32, end as u32));
                from = end;
                index = end;
                continue;
            }
            index += 1;
            if kind == TokenKind::QuoteClose && depth == 0 && self.ends_after_quote(index) {
                self.sentences.push((from as u32, index as u32));
                from = index;
            }
        }
        if from < self.tokens.len() {
            self.sentences.push((from as u32, self.tokens.len() as u32));
        }
    }

    /// A quotation that ends with a stop ends the sentence, where a capital follows.
    fn ends_after_quote(&self, next: usize) -> bool {
        let stopped = next >= 2 && self.tokens[next - 2].kind == TokenKind::Stop;
        stopped && self.tokens.get(next).is_some_and(|token| token.spaced && token.capital)
    }

    fn ends_sentence(&self, index: usize, first: usize, pack: &LexPack) -> bool {
        let stop = self.tokens[index];
        let Some(next) = self.tokens.get(index + 1) else { return true };
        if next.kind == TokenKind::Stop {
            return false;
        }
        if !next.spaced && !matches!(next.kind, TokenKind::QuoteClose | TokenKind::QuoteAmbiguous) {
            return false;
        }
        let is_full_stop = self.folded(index) == ".";
        if is_full_stop
            && next.kind == TokenKind::Word
            && !next.capital
            && next.spaced
            && self.folded(index + 1).is_ascii()
        {
            return false;
        }
        if is_full_stop && index > first && !stop.spaced {
            let before = self.folded(index - 1);
            let initial = self.tokens[index - 1].capital && before.chars().count() == 1;
            if initial || pack.abbreviations.iter().any(|word| word == before) {
                return false;
            }
        }
        true
    }
}

/// A soft hyphen, or the middle dot of inclusive writing ("député·es"), with a letter after it.
fn joins_letters(words: &str) -> bool {
    let mut chars = words.chars();
    matches!(chars.next(), Some('\u{AD}' | '\u{B7}' | '\u{2027}'))
        && chars.next().is_some_and(char::is_alphabetic)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0640}' | '\u{200C}' | '\u{200D}')
}

fn kind_of(c: char) -> TokenKind {
    match c {
        '«' | '“' | '„' | '‹' | '‘' | '‚' => TokenKind::QuoteOpen,
        '»' | '”' | '›' => TokenKind::QuoteClose,
        '"' | '\'' | '\u{2019}' | '\u{02BC}' => TokenKind::QuoteAmbiguous,
        '-' | '\u{2010}'..='\u{2015}' => TokenKind::Dash,
        '.' | '!' | '?' | '…' | '؟' | '۔' | '。' => TokenKind::Stop,
        ',' | ';' | ':' | '،' | '؛' => TokenKind::Comma,
        c if c.is_numeric() && c.is_ascii_digit()
            || matches!(c, '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}') =>
        {
            TokenKind::Digits
        }
        c if c.is_alphabetic() || is_mark(c) => TokenKind::Word,
        _ => TokenKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexed(text: &str) -> (Lexed, LexPack) {
        let pack = LexPack {
            elisions: ["l", "d", "qu", "jusqu"].map(String::from).to_vec(),
            abbreviations: ["m", "gén"].map(String::from).to_vec(),
            direction: "ltr".into(),
            ..LexPack::default()
        };
        let text = Text { string: text.to_owned(), blocks: Vec::new() };
        (Lexed::of(&text, &pack), pack)
    }

    #[test]
    fn cuts_words() {
        let (lexed, _) = lexed("L’armée dit qu'«il» a 13 000 hommes, porte-parole.");
        let words: Vec<&str> = (0..lexed.len()).map(|index| lexed.folded(index)).collect();
        assert_eq!(
            words,
            [
                "l'", "armée", "dit", "qu'", "«", "il", "»", "a", "13", "000", "hommes", ",", "porte", "-",
                "parole", "."
            ]
        );
    }

    #[test]
    fn parts_sentences() {
        let (lexed, _) = lexed("M. Durand parle. Il dit : «Oui. Non.» Le 3.5 reste… Fin.\nAutre ligne");
        let ends: Vec<usize> = lexed.sentences().map(|range| range.end).collect();
        assert_eq!(lexed.sentences().count(), 5, "{ends:?}");
    }
}
