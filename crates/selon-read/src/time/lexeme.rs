//! Lexemes: what each token, or run of tokens, can be in a pattern.
//!
//! A token can be several things at once ("12" is a number, a day, an hour, a minute and a
//! month); the patterns choose.

use super::pack::TimePack;
use super::word::{Class, Features, Value};
use crate::lex::{Lexed, TokenKind};
use crate::number::{Number, NumberKind, NumberPack, find_numbers};

/// One thing that some tokens can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lexeme {
    pub(crate) class: Class,
    /// First token.
    pub(crate) start: u32,
    /// Number of tokens.
    pub(crate) len: u32,
    pub(crate) value: Value,
    pub(crate) features: Features,
}

impl Lexeme {
    /// One past its last token.
    pub(crate) fn end(&self) -> usize {
        (self.start + self.len) as usize
    }
}

/// The lexemes of a text, by the token they start at.
#[derive(Debug, Default)]
pub(crate) struct Lexemes {
    all: Vec<Lexeme>,
    first: Vec<u32>,
    literals: Vec<u16>,
    /// A line or an unread stretch begins here: nothing reaches over it.
    breaks: Vec<bool>,
    /// Part of a longer number or word: no expression begins here.
    tails: Vec<bool>,
}

/// Longest run of tokens a lexeme may take.
const LONGEST: usize = 8;

impl Lexemes {
    /// Finds them. `readable` tells which tokens belong to the report's own prose.
    pub(crate) fn of(
        string: &str,
        lexed: &Lexed,
        pack: &TimePack,
        number_pack: &NumberPack,
        readable: &dyn Fn(usize) -> bool,
    ) -> Self {
        let count = lexed.len();
        let mut lexemes = Lexemes {
            all: Vec::new(),
            first: Vec::with_capacity(count + 1),
            literals: vec![0; count],
            breaks: vec![false; count + 1],
            tails: vec![false; count],
        };
        let mut was_readable = true;
        for index in 0..count {
            let is_readable = readable(index);
            lexemes.breaks[index] =
                index == 0 || is_readable != was_readable || breaks_before(string, lexed, index);
            was_readable = is_readable;
        }
        lexemes.breaks[count] = true;
        let sentences = lexed.sentences();
        let mut numbers =
            sentences.flat_map(|sentence| find_numbers(lexed, sentence, number_pack)).peekable();
        let mut number_end = 0;
        for index in 0..count {
            lexemes.first.push(lexemes.all.len() as u32);
            let (mut starts, mut grouped) = (false, false);
            while let Some(number) = numbers.next_if(|number| first_word(number) <= index) {
                if first_word(&number) == index && readable(index) {
                    starts = true;
                    lexemes.add_number(lexed, &number);
                    let is_whole = number.digits && number.kind != NumberKind::Fraction;
                    if is_whole && !is_dotted_date(lexed, index) {
                        number_end = number_end.max(number.tokens.end);
                        grouped = index + 1 < number.tokens.end && is_grouped(lexed, index);
                    }
                }
            }
            if !readable(index) {
                continue;
            }
            lexemes.add_words(lexed, pack, index);
            let inside = index < number_end && !starts;
            lexemes.tails[index] = inside || (!lexemes.breaks[index] && is_tail(lexed, index));
            match lexed.tokens()[index].kind {
                // "By the end of March 9,000 had fled": no 9 March.
                TokenKind::Digits if !grouped => lexemes.add_digits(lexed, pack, index),
                TokenKind::Word => lexemes.add_roman(lexed, pack, index),
                _ => {}
            }
        }
        lexemes.first.push(lexemes.all.len() as u32);
        lexemes
    }

    /// The lexemes that start at a token.
    pub(crate) fn at(&self, token: usize) -> &[Lexeme] {
        match (self.first.get(token), self.first.get(token + 1)) {
            (Some(from), Some(to)) => &self.all[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// The lexemes that end before `token`, on the same line, longest first.
    pub(crate) fn ending_at(&self, token: usize) -> impl Iterator<Item = &Lexeme> + '_ {
        let mut from = token;
        while from > 0 && token - from < LONGEST && !self.breaks[from] {
            from -= 1;
        }
        (from..token).flat_map(|start| self.at(start)).filter(move |lexeme| lexeme.end() == token)
    }

    /// The number a rule knows a word by; 0 for none.
    pub(crate) fn literal(&self, token: usize) -> u16 {
        self.literals.get(token).copied().unwrap_or(0)
    }

    /// Whether nothing reaches from the token before to this one.
    pub(crate) fn is_break(&self, token: usize) -> bool {
        self.breaks.get(token).copied().unwrap_or(true)
    }

    /// Whether an expression may begin here.
    pub(crate) fn is_tail(&self, token: usize) -> bool {
        self.tails.get(token).copied().unwrap_or(true)
    }

    fn push(&mut self, class: Class, start: usize, len: usize, value: Value, features: Features) {
        self.all.push(Lexeme { class, start: start as u32, len: len as u32, value, features });
    }

    fn push_number(&mut self, class: Class, start: usize, len: usize, n: i64) {
        self.push(class, start, len, Value::Number(n.into()), Features::default());
    }

    fn add_words(&mut self, lexed: &Lexed, pack: &TimePack, index: usize) {
        let Some(entry) = pack.entries.get(lexed.folded(index)) else { return };
        self.literals[index] = entry.literal.unwrap_or(0);
        let capital = lexed.tokens()[index].capital;
        for (rest, row) in &entry.forms {
            let fits = rest.iter().enumerate().all(|(step, token)| {
                !self.is_break(index + step + 1) && lexed.folded(index + step + 1) == token
            });
            let row = &pack.words[usize::from(*row)];
            let written = (capital || !row.features.capital) && !(capital && row.features.small);
            let ends = !row.features.last || self.ends_clause(lexed, index + rest.len() + 1);
            if fits && written && ends {
                self.push(row.class, index, rest.len() + 1, row.value, row.features);
            }
        }
    }

    /// The token is not a word that goes on.
    fn ends_clause(&self, lexed: &Lexed, token: usize) -> bool {
        self.is_break(token) || lexed.tokens().get(token).is_none_or(|token| token.kind != TokenKind::Word)
    }

    /// What the number lexer found: how many, which one, or a day and hour in words.
    fn add_number(&mut self, lexed: &Lexed, number: &Number) {
        let start = first_word(number);
        let len = number.tokens.end.saturating_sub(start);
        let features = Features { approx: number.approximate, ..Features::default() };
        let value = Value::Number(number.value.abs());
        match number.kind {
            NumberKind::Cardinal => {
                self.push(Class::Number, start, len, value, features);
                if number.digits || number.article {
                    return;
                }
                if let Some(n @ 0..=31) = value.whole() {
                    if n > 0 {
                        self.push_number(Class::Day, start, len, n);
                    }
                    if n <= 24 {
                        self.push_number(Class::Hour, start, len, n);
                    }
                }
            }
            NumberKind::Ordinal => {
                self.push(Class::Ordinal, start, len, value, features);
                if let Some(n @ 1..=31) = value.whole()
                    && !number.digits
                    && lexed.tokens()[start].kind == TokenKind::Word
                {
                    self.push_number(Class::Day, start, len, n);
                }
            }
            NumberKind::Indefinite { .. } => self.push(Class::Number, start, len, Value::Vague, features),
            // "Two and a half"; a part of one counts no units.
            NumberKind::Fraction if number.value > selon_model::Decimal::ONE => {
                self.push(Class::Number, start, len, value, features);
            }
            NumberKind::Fraction | NumberKind::None => {}
        }
    }

    /// Digits as what they can be in a date or a clock time.
    fn add_digits(&mut self, lexed: &Lexed, pack: &TimePack, index: usize) {
        let Some((n, width)) = digits(lexed.folded(index)) else { return };
        let small = |class, lexemes: &mut Self, range: std::ops::RangeInclusive<i64>| {
            if width <= 2 && range.contains(&n) {
                lexemes.push_number(class, index, 1, n);
            }
        };
        small(Class::Day, self, 1..=31);
        small(Class::Hour, self, 0..=24);
        small(Class::MonthNumber, self, 1..=12);
        if width == 2 {
            small(Class::Minute, self, 0..=59);
            small(Class::ShortYear, self, 32..=99);
        }
        let clock = u8::try_from(n / 100).ok().zip(u8::try_from(n % 100).ok());
        if let Some((hour @ 0..=23, minute @ 0..=59)) = clock
            && width == 4
        {
            self.push(Class::HourMinute, index, 1, Value::Clock(hour, minute), Features::default());
        }
        if width == 3 && n >= 100 {
            self.push_number(Class::OldYear, index, 1, n);
        }
        if width == 4 && (1000..=2199).contains(&n) {
            self.push_number(Class::Year, index, 1, n);
        }
        let Some(len) = self.ordinal_ending(lexed, pack, index).filter(|_| n > 0) else { return };
        if width <= 2 && n <= 31 {
            self.push_number(Class::Day, index, len, n);
        }
        // Endings that are words are ordinals to the number lexer already.
        if len == 3 || lexed.tokens()[index + 1].kind == TokenKind::Stop {
            self.push_number(Class::Ordinal, index, len, n);
            if len == 3 && width == 4 && (1000..=2199).contains(&n) {
                self.push_number(Class::Year, index, len, n);
            }
        }
    }

    /// "4th", "19-й": the digits with the ending of an ordinal, as a number of tokens.
    fn ordinal_ending(&self, lexed: &Lexed, pack: &TimePack, index: usize) -> Option<usize> {
        let glued = |next: usize| !spaced(lexed, next) && !self.is_break(next);
        let dashed = glued(index + 1) && lexed.folded(index + 1) == "-" && glued(index + 2);
        let next = if dashed { index + 2 } else { index + 1 };
        let ends =
            glued(next) && pack.settings.ordinal_endings.iter().any(|ending| ending == lexed.folded(next));
        ends.then_some(next + 1 - index)
    }

    /// "XIXe": a Roman numeral with the ending of an ordinal.
    fn add_roman(&mut self, lexed: &Lexed, pack: &TimePack, index: usize) {
        let word = lexed.folded(index);
        if word.len() > 12 || !lexed.tokens()[index].capital {
            return;
        }
        let endings = pack.settings.ordinal_endings.iter();
        let numeral = endings.filter_map(|ending| word.strip_suffix(ending.as_str())).find_map(roman);
        if let Some(n) = numeral {
            self.push_number(Class::Ordinal, index, 1, n);
        }
    }
}

/// First token of a number's words; a sign in front is no part of a time.
fn first_word(number: &Number) -> usize {
    let signed = number.value.is_sign_negative() && number.tokens.len() > 1;
    number.tokens.start + usize::from(signed)
}

/// A line ends between the token before and this one.
fn breaks_before(string: &str, lexed: &Lexed, index: usize) -> bool {
    let (before, token) = (lexed.tokens()[index - 1].span, lexed.tokens()[index].span);
    string.get(before.to()..token.from()).is_none_or(|gap| gap.contains('\n'))
}

fn spaced(lexed: &Lexed, index: usize) -> bool {
    lexed.tokens().get(index).is_none_or(|token| token.spaced)
}

/// Glued to digits or a word before it: "A320", "3.5", "1:30".
fn is_tail(lexed: &Lexed, index: usize) -> bool {
    let tokens = lexed.tokens();
    let Some(before) = index.checked_sub(1) else { return false };
    if tokens[index].spaced {
        return false;
    }
    match tokens[before].kind {
        TokenKind::Digits => true,
        // An elided article belongs to what follows; other letters make a name of it.
        TokenKind::Word => tokens[index].kind == TokenKind::Digits,
        _ => {
            let joins = match lexed.folded(before) {
                "." | "," | ":" => true,
                // "2002/2003" is two years, "24/24" no two numbers.
                "/" => tokens[index].span.len() < 4,
                // "19-42-1991" is no date, and 1991 no year of it.
                "-" => tokens[index].span.len() == 4 && before > 0 && tokens[before - 1].span.len() <= 2,
                _ => false,
            };
            joins
                && !tokens[before].spaced
                && before > 0
                && tokens[before - 1].kind == TokenKind::Digits
                && tokens[index].kind == TokenKind::Digits
        }
    }
}

/// "12.12.2016": not a number with decimals.
fn is_dotted_date(lexed: &Lexed, index: usize) -> bool {
    lexed.folded(index + 1) == "." && lexed.folded(index + 3) == "." && !spaced(lexed, index + 3)
}

/// "9,000", "18 000": three digits follow, with a mark between or a space.
fn is_grouped(lexed: &Lexed, index: usize) -> bool {
    let tokens = lexed.tokens();
    let three = |at: usize| {
        tokens.get(at).is_some_and(|token| token.kind == TokenKind::Digits)
            && lexed.folded(at).chars().count() == 3
    };
    let is_mark = tokens.get(index + 1).is_some_and(|token| token.kind != TokenKind::Digits);
    if is_mark {
        !spaced(lexed, index + 1) && !spaced(lexed, index + 2) && three(index + 2)
    } else {
        three(index + 1)
    }
}

/// A run of digits of any script: value and number of digits. `None` beyond what a time can need.
fn digits(word: &str) -> Option<(i64, usize)> {
    let mut value = 0i64;
    let mut width = 0;
    for c in word.chars() {
        let digit = match c {
            '\u{0660}'..='\u{0669}' => u32::from(c) - 0x0660,
            '\u{06F0}'..='\u{06F9}' => u32::from(c) - 0x06F0,
            c => c.to_digit(10)?,
        };
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
        width += 1;
        if width > 15 {
            return None;
        }
    }
    (width > 0).then_some((value, width))
}

/// A Roman numeral up to the tens; subtractive pairs only.
fn roman(word: &str) -> Option<i64> {
    let value = |c| match c {
        // Cyrillic letters of the same shape are typed for them.
        'i' | 'і' => Some(1),
        'v' => Some(5),
        'x' | 'х' => Some(10),
        'l' => Some(50),
        _ => None,
    };
    let mut sum = 0;
    let mut chars = word.chars().peekable();
    word.chars().next()?;
    while let Some(c) = chars.next() {
        let this = value(c)?;
        let next = chars.peek().map_or(Some(0), |next| value(*next))?;
        sum += if this < next { -this } else { this };
    }
    (sum > 0).then_some(sum)
}
