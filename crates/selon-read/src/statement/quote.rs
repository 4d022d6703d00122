//! Quotations: which words stand between marks.
//!
//! A stack over guillemets, curly, low and straight marks. Single marks count only with space
//! or punctuation outside and a partner near by, so that apostrophes are none. A quotation left
//! open ends with its paragraph.

use std::ops::Range;

use crate::lex::{Lexed, Token, TokenKind};

/// How far apart the single marks of one quotation may stand, in tokens.
const SINGLE_REACH: usize = 60;
/// How far ahead a closing mark of the same kind is looked for, in tokens.
const REST: usize = 200;

/// A quotation, by its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// With its marks.
    pub(crate) tokens: Range<usize>,
    /// Without them.
    pub(crate) inner: Range<usize>,
    /// Its closing mark is there.
    pub(crate) closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Guillemet,
    Curly,
    Straight,
    Single,
}

/// The outermost quotations of a paragraph (a range of tokens), in text order.
pub(crate) fn find_quotations(text: &str, lexed: &Lexed, paragraph: Range<usize>) -> Vec<Quotation> {
    let tokens = lexed.tokens();
    let mut found = Vec::new();
    let mut open: Vec<(Mark, usize)> = Vec::new();
    let turned = is_turned(text, tokens, paragraph.clone());
    for at in paragraph.clone() {
        let Some((mark, mut opens, mut closes)) = reading(text, tokens, at, &paragraph) else { continue };
        if turned && mark == Mark::Guillemet {
            opens = tokens[at].span.of(text) == "»";
            closes = !opens;
        }
        let partner = open
            .iter()
            .rposition(|(other, from)| *other == mark && (mark != Mark::Single || at - from <= SINGLE_REACH))
            .or_else(|| unlike_partner(text, lexed, &open, (mark, opens), at..paragraph.end));
        match partner {
            // A mark that may do both closes what is open, unless it can only open.
            Some(index) if closes => {
                let (_, from) = open[index];
                open.truncate(index);
                if open.is_empty() {
                    found.push(Quotation { tokens: from..at + 1, inner: from + 1..at, closed: true });
                }
            }
            _ if opens && open.len() < 8 => {
                open.push((mark, at));
            }
            _ => {}
        }
    }
    // What is still open: single marks were apostrophes after all; a straight mark in the middle
    // of a sentence was a stray one.
    let unclosed = open.iter().find(|(mark, from)| match mark {
        Mark::Single => false,
        Mark::Straight => {
            *from == paragraph.start
                || tokens[*from - 1].kind == TokenKind::Comma
                || tokens[*from - 1].kind == TokenKind::Stop
        }
        _ => true,
    });
    if let Some((_, from)) = unclosed {
        found.retain(|quotation| quotation.tokens.end <= *from);
        if from + 1 < paragraph.end {
            found.push(Quotation {
                tokens: *from..paragraph.end,
                inner: from + 1..paragraph.end,
                closed: false,
            });
        }
    } else if let Some((_, from)) = open.first() {
        // Quotations inside the false one were kept back: read them again without it.
        let from = *from;
        found.retain(|quotation| quotation.tokens.end <= from);
        if from + 1 < paragraph.end && open.len() < 8 {
            found.extend(rest_of(text, lexed, from + 1..paragraph.end));
        }
    }
    found
}

/// Whether the guillemets of a paragraph stand the wrong way round, as some programs set them: " » Why
/// now? «, asked the judge". Each "»" is before a word, each "«" before a mark or the end, in turn.
fn is_turned(text: &str, tokens: &[Token], paragraph: Range<usize>) -> bool {
    let mut inside = false;
    let mut found = false;
    for at in paragraph.clone() {
        let next = (at + 1 < paragraph.end).then(|| tokens[at + 1].kind);
        match tokens[at].span.of(text) {
            "»" if !inside && next == Some(TokenKind::Word) && tokens[at + 1].spaced => inside = true,
            "«" if inside && next != Some(TokenKind::Word) && tokens[at].spaced => {
                (inside, found) = (false, true)
            }
            "«" | "»" => return false,
            _ => {}
        }
    }
    found && !inside
}

/// A straight mark that a curly one closes ("…”), and a curly one that a straight mark closes where
/// no curly one does (“…"): hands and programs mix them.
fn unlike_partner(
    text: &str,
    lexed: &Lexed,
    open: &[(Mark, usize)],
    (mark, opens): (Mark, bool),
    rest: Range<usize>,
) -> Option<usize> {
    let other = match mark {
        Mark::Curly if !opens => Mark::Straight,
        Mark::Straight if !opens => Mark::Curly,
        _ => return None,
    };
    let words = |at: usize| lexed.tokens()[at].span.of(text);
    let later = rest.clone().skip(1).take(REST).find(|at| matches!(words(*at), "“" | "”" | "„"));
    if mark == Mark::Straight && later.is_some_and(|at| words(at) == "”") {
        return None;
    }
    open.iter().rposition(|(kind, _)| *kind == other)
}

/// The quotations after a mark that was none; bounded, since each call begins further on and
/// strays are few: at most eight are looked through.
fn rest_of(text: &str, lexed: &Lexed, range: Range<usize>) -> Vec<Quotation> {
    let mut from = range.start;
    for _ in 0..8 {
        let tokens = lexed.tokens();
        let mut open: Option<(Mark, usize)> = None;
        let mut found = Vec::new();
        for at in from..range.end {
            let Some((mark, opens, closes)) = reading(text, tokens, at, &range) else { continue };
            match open {
                Some((other, start)) if other == mark && closes => {
                    found.push(Quotation { tokens: start..at + 1, inner: start + 1..at, closed: true });
                    open = None;
                }
                None if opens => open = Some((mark, at)),
                _ => {}
            }
        }
        match open {
            Some((_, start)) if found.is_empty() => from = start + 1,
            _ => return found,
        }
    }
    Vec::new()
}

/// Which mark a token is, whether it may open and whether it may close.
fn reading(text: &str, tokens: &[Token], at: usize, within: &Range<usize>) -> Option<(Mark, bool, bool)> {
    let token = tokens[at];
    if !matches!(token.kind, TokenKind::QuoteOpen | TokenKind::QuoteClose | TokenKind::QuoteAmbiguous) {
        return None;
    }
    let before = (at > within.start).then(|| tokens[at - 1]);
    let after = (at + 1 < within.end).then(|| tokens[at + 1]);
    let free_before = token.spaced
        || before.is_none_or(|before| before.kind != TokenKind::Word && before.kind != TokenKind::Digits);
    let tight_after = after.is_some_and(|after| !after.spaced);
    let free_after =
        after.is_none_or(|after| after.spaced || !matches!(after.kind, TokenKind::Word | TokenKind::Digits));
    match token.span.of(text) {
        // »…« as well as «…».
        "«" | "‹" => Some((Mark::Guillemet, true, !token.spaced && free_after && at > within.start)),
        "»" | "›" => Some((Mark::Guillemet, free_before && !free_after && tight_after, true)),
        "„" => Some((Mark::Curly, true, false)),
        // Closes „…“, opens “…”.
        "“" => Some((Mark::Curly, free_before, !token.spaced && free_after)),
        "”" => Some((Mark::Curly, false, true)),
        "\"" => {
            let closes = !(token.spaced && tight_after) || after.is_none();
            Some((Mark::Straight, free_before, closes || !tight_after))
        }
        "‘" | "‚" => Some((Mark::Single, free_before && tight_after, false)),
        "'" | "\u{2019}" => {
            let opens = free_before && tight_after && token.span.of(text) == "'";
            let closes = !token.spaced && free_after;
            (opens || closes).then_some((Mark::Single, opens, closes))
        }
        _ => None,
    }
}

/// Whether a quotation is a fragment or a title, not something said in full: under four words
/// (a sentence of its own has a verb), all of them capitalised, or followed by a year in brackets.
pub(crate) fn is_fragment(text: &str, lexed: &Lexed, quotation: &Quotation, has_verb: bool) -> bool {
    let tokens = lexed.tokens();
    let words: Vec<&Token> =
        tokens[quotation.inner.clone()].iter().filter(|token| token.kind == TokenKind::Word).collect();
    let long: Vec<&&Token> = words.iter().filter(|token| token.span.of(text).chars().count() > 3).collect();
    if words.len() < 4 && !has_verb {
        return true;
    }
    if long.len() >= 2 && long.iter().all(|token| token.capital) {
        return true;
    }
    let next: Vec<&str> =
        tokens.iter().skip(quotation.tokens.end).take(3).map(|token| token.span.of(text)).collect();
    matches!(next[..], ["(", year, ")"] if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lex::LexPack;
    use selon_model::Text;

    fn check(text: &str, expected: &[&str]) {
        let lex = LexPack {
            elisions: ["l", "d", "qu"].map(String::from).to_vec(),
            direction: "ltr".into(),
            ..LexPack::default()
        };
        let lexed = Lexed::of(&Text { string: text.to_owned(), blocks: Vec::new() }, &lex);
        let found: Vec<&str> = find_quotations(text, &lexed, 0..lexed.len())
            .iter()
            .map(|quotation| lexed.span(quotation.inner.clone()).of(text))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn finds_marks_of_all_kinds() {
        check("Il a dit : « Oui, c’est vrai. » Puis rien.", &["Oui, c’est vrai."]);
        check("»So ist es«, sagte er. »Gut.«", &["So ist es", "Gut."]);
        check(
            "» Pourquoi si tard ? «, a dit le juge. » Je ne sais pas «.",
            &["Pourquoi si tard ?", "Je ne sais pas"],
        );
        check("et rien d'autre », a dit le juge. « Je ne sais pas »", &["Je ne sais pas"]);
        check("Le mot « a », le mot «b» et l'«armée».", &["a", "b", "armée"]);
        check("It is \"hard to say” now, “very hard\" too.", &["hard to say", "very hard"]);
        check("He said “it is ‘over’ now,” then left.", &["it is ‘over’ now,"]);
        check("\"One,\" he said. \"Two.\"", &["One,", "Two."]);
        check("Er sagte: „So ist es“, und ging.", &["So ist es"]);
        check("« arrivée avec [s]on ordre du jour »", &["arrivée avec [s]on ordre du jour"]);
        check("« A dit \"b\" et c »", &["A dit \"b\" et c"]);
        check("He called it 'the end' of it.", &["the end"]);
        check("The boys' house isn't theirs.", &[]);
        check("L'armée n'a pas d'avis.", &[]);
        check("Il ajoute : « Rien n'est fini.", &["Rien n'est fini."]);
        check("A 5\" pipe and “real words” here.", &["real words"]);
    }
}
