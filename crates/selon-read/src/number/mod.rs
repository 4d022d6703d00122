//! The number lexer: digits and spelled numbers of a language, as exact decimals with spans.
//!
//! Linear: every token is looked up once, and a number that turns out to be two is cut at its
//! last connector. Nothing is decided here about what a number counts: dates, ages and house
//! numbers are numbers too, and their readers say so.

mod digits;
mod pack;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use selon_model::{Decimal, Span};

use crate::lex::{Lexed, TokenKind};

pub(crate) use pack::NumberPack;

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberKind {
    /// How many: "13 000", "soixante et onze", "une vingtaine".
    Cardinal,
    /// Which one: "3rd", "vingtième".
    Ordinal,
    /// A part: "la moitié", "two thirds", "3/4". The value is the quotient.
    Fraction,
    /// An indefinite plural: "dozens", "plusieurs centaines". The value is the lower bound.
    Indefinite {
        /// The least it can mean.
        lower: Decimal,
        /// The most it can mean.
        upper: Decimal,
    },
    /// "aucun", "no": zero of what follows.
    None,
}

/// A number in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its words.
    pub(crate) span: Span,
    /// Its value; the lower bound of an indefinite plural.
    pub(crate) value: Decimal,
    /// What kind of number it is.
    pub(crate) kind: NumberKind,
    /// It begins with digits.
    pub(crate) digits: bool,
    /// The word itself is approximate: "vingtaine", "couple".
    pub(crate) approximate: bool,
    /// A lone word for one that is an article or a pronoun just as well: "un", "one".
    pub(crate) article: bool,
    /// What its last part was multiplied by: 1 for "153", 1000 for "10 000" and "dix mille".
    /// A range shares it: "8 à 10 000" is 8000 to 10000.
    pub(crate) scale: Decimal,
}

impl Number {
    /// Whether it is a whole number.
    pub(crate) fn is_whole(&self) -> bool {
        self.value.fract().is_zero()
    }
}

/// The numbers among the tokens of `range`, in text order, without overlap. `range` should not
/// go beyond a sentence: a number never does.
pub(crate) fn find_numbers(lexed: &Lexed, range: Range<usize>, pack: &NumberPack) -> Vec<Number> {
    let mut numbers = Vec::new();
    let end = range.end.min(lexed.len());
    let mut at = range.start;
    while at < end {
        let token = lexed.tokens()[at];
        let read = match token.kind {
            TokenKind::Digits => Some(digits::read(lexed, at, end, range.start, pack)),
            TokenKind::Word if opens_address(lexed, at, end) => {
                Some(Read { next: after_run(lexed, at, end), number: None })
            }
            TokenKind::Word => words::read(lexed, at, end, pack),
            TokenKind::Stop | TokenKind::Comma => {
                digits::read_bare_decimal(lexed, at, end, range.start, pack)
            }
            TokenKind::Other => digits::vulgar_fraction(lexed, at, end).map(|value| Read {
                next: at + 1,
                number: Some(Number {
                    tokens: at..at + 1,
                    span: lexed.span(at..at + 1),
                    value,
                    kind: NumberKind::Fraction,
                    digits: true,
                    approximate: false,
                    article: false,
                    scale: Decimal::ONE,
                }),
            }),
            _ => None,
        };
        match read {
            Some(Read { next, number }) => {
                debug_assert!(next > at, "reading goes on");
                if let Some(mut number) = number {
                    take_sign(lexed, range.start, pack, &mut number);
                    numbers.push(number);
                }
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    numbers
}

/// What a reader found at a token: where to go on, and a number if there is one.
struct Read {
    next: usize,
    number: Option<Number>,
}

/// "https://…", "www.…": the digits of an address count nothing.
fn opens_address(lexed: &Lexed, at: usize, end: usize) -> bool {
    let word = lexed.folded(at);
    let mark = match word {
        "http" | "https" => ":",
        "www" => ".",
        _ => return false,
    };
    at + 2 < end
        && lexed.folded(at + 1) == mark
        && !lexed.tokens()[at + 1].spaced
        && !lexed.tokens()[at + 2].spaced
}

/// The first token after `at` with a space before it.
fn after_run(lexed: &Lexed, at: usize, end: usize) -> usize {
    (at + 1..end).find(|index| lexed.tokens()[*index].spaced).unwrap_or(end)
}

/// "-12", "moins 5", "minus five": a sign that stands right before the number and belongs to
/// nothing else.
fn take_sign(lexed: &Lexed, first: usize, pack: &NumberPack, number: &mut Number) {
    let start = number.tokens.start;
    if start == first || !matches!(number.kind, NumberKind::Cardinal | NumberKind::Fraction) {
        return;
    }
    let before = lexed.tokens()[start - 1];
    let negative = match before.kind {
        TokenKind::Dash => {
            let opens = before.spaced
                || start - 1 == first
                || matches!(lexed.tokens()[start - 2].kind, TokenKind::Other | TokenKind::QuoteOpen);
            number.digits && opens && !lexed.tokens()[start].spaced && lexed.folded(start - 1).len() <= 3
        }
        TokenKind::Word => pack.is_minus(lexed.folded(start - 1)),
        TokenKind::Other => lexed.folded(start - 1) == "−" && !lexed.tokens()[start].spaced,
        _ => false,
    };
    if negative {
        number.tokens.start = start - 1;
        number.span = lexed.span(number.tokens.clone());
        number.value = -number.value;
    }
}
