//! Numbers in digits: grouped, with decimals, with a suffix, as a fraction.
//!
//! A group is exactly three digits. One separator and three digits is grouping where the pack
//! lists the separator as a group mark, and decimals where it does not.

use selon_model::Decimal;

use super::{Number, NumberKind, NumberPack, Read, words};
use crate::lex::{Lexed, TokenKind};

/// More digits than an exact decimal holds: no number.
const LONGEST: usize = 28;

/// A run of digits with its groups and decimals.
pub(super) struct Literal {
    pub(super) next: usize,
    pub(super) value: Decimal,
    pub(super) scale: Decimal,
}

/// Reads the number that begins with the digits at `at`.
pub(super) fn read(lexed: &Lexed, at: usize, end: usize, first: usize, pack: &NumberPack) -> Read {
    if is_part_of_name(lexed, at, first, pack) {
        return Read { next: at + 1, number: None };
    }
    let Some(literal) = read_literal(lexed, at, end, pack) else {
        return Read { next: at + 1, number: None };
    };
    if let Some(read) = read_fraction(lexed, at, end, &literal) {
        return read;
    }
    let Literal { mut next, mut value, mut scale } = literal;
    let mut kind = NumberKind::Cardinal;
    if let Some((after, power)) = read_exponent(lexed, next, end, value) {
        (value, next, scale) = (power, after, Decimal::ONE);
    } else if let Some(part) = vulgar_fraction(lexed, next, end).filter(|_| value.fract().is_zero()) {
        (value, next) = (value.checked_add(part).unwrap_or(value), next + 1);
    } else if next < end && lexed.tokens()[next].kind == TokenKind::Word {
        let word = lexed.folded(next);
        let spaced = lexed.tokens()[next].spaced;
        let ends = next + 1 >= end || lexed.tokens()[next + 1].spaced || !is_wordish(lexed, next + 1);
        let suffix = pack.suffix(word).filter(|_| ends && (!spaced || pack.is_spaced_suffix(word)));
        if let Some(times) = suffix {
            if let Some(product) = value.checked_mul(times) {
                (value, scale, next) = (product, times, next + 1);
            }
        } else if !spaced && ends && pack.is_ordinal_suffix(word) {
            kind = NumberKind::Ordinal;
            next += 1;
        } else if let Some(read) = words::read_on(lexed, at, next, end, value, pack) {
            return read;
        }
    }
    let number = Number {
        tokens: at..next,
        span: lexed.span(at..next),
        value,
        kind,
        digits: true,
        approximate: false,
        article: false,
        scale,
    };
    Read { next, number: Some(number) }
}

/// ".5": a decimal mark with digits right after it and none before.
pub(super) fn read_bare_decimal(
    lexed: &Lexed,
    at: usize,
    end: usize,
    first: usize,
    pack: &NumberPack,
) -> Option<Read> {
    let tokens = lexed.tokens();
    let alone = at == first || tokens[at].spaced;
    let decimals = at + 1 < end && tokens[at + 1].kind == TokenKind::Digits && !tokens[at + 1].spaced;
    let mark = pack.main_decimal_mark();
    if !alone || !decimals || lexed.folded(at) != mark {
        return None;
    }
    let text = lexed.folded(at + 1);
    let digits = text.chars().count();
    if digits > LONGEST - 1 || followed_by_same_mark(lexed, at + 2, end, mark) {
        return None;
    }
    let value = Decimal::try_from_i128_with_scale(parse(text)?, digits as u32).ok()?;
    let next = at + 2;
    let number = Number {
        tokens: at..next,
        span: lexed.span(at..next),
        value,
        kind: NumberKind::Cardinal,
        digits: true,
        approximate: false,
        article: false,
        scale: Decimal::ONE,
    };
    Some(Read { next, number: Some(number) })
}

/// "½" and its kin (Unicode, Number Forms and Latin-1): alone, or right after digits.
pub(super) fn vulgar_fraction(lexed: &Lexed, at: usize, end: usize) -> Option<Decimal> {
    let mut chars = (at < end).then(|| lexed.folded(at))?.chars();
    let (numerator, denominator) = match chars.next()? {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅙' => (1, 6),
        '⅚' => (5, 6),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    };
    Decimal::from(numerator).checked_div(Decimal::from(denominator))
}

/// "1.3e6", "12e+14", "1.3x10^6", "1.1^23": scientific notation and powers.
fn read_exponent(lexed: &Lexed, at: usize, end: usize, value: Decimal) -> Option<(usize, Decimal)> {
    let tokens = lexed.tokens();
    let is = |index: usize, word: &str| index < end && !tokens[index].spaced && lexed.folded(index) == word;
    let is_digits = |index: usize| {
        index < end
            && tokens[index].kind == TokenKind::Digits
            && !tokens[index].spaced
            && lexed.folded(index).len() <= 3
    };
    let (base, mut next, factor) = if is(at, "e") {
        (Decimal::TEN, at + 1, value)
    } else if is(at, "^") {
        (value, at + 1, Decimal::ONE)
    } else if (is(at, "x") || is(at, "×") || is(at, "*")) && is(at + 1, "10") && is(at + 2, "^") {
        (Decimal::TEN, at + 3, value)
    } else {
        return None;
    };
    let mut negative = false;
    if is(next, "-") || is(next, "−") || is(next, "+") {
        negative = !is(next, "+");
        next += 1;
    }
    if !is_digits(next) {
        return None;
    }
    let exponent = parse(lexed.folded(next))?;
    if exponent > 64 {
        return None;
    }
    let mut power = Decimal::ONE;
    for _ in 0..exponent {
        power = power.checked_mul(base)?;
    }
    let value = if negative { factor.checked_div(power)? } else { factor.checked_mul(power)? };
    Some((next + 1, value))
}

/// Digits that belong to a name or an address: "A380", "T-72", "#22", "/2016/".
fn is_part_of_name(lexed: &Lexed, at: usize, first: usize, pack: &NumberPack) -> bool {
    let tokens = lexed.tokens();
    if at == first || tokens[at].spaced {
        return false;
    }
    let before = lexed.folded(at - 1);
    match tokens[at - 1].kind {
        TokenKind::Word => !before.ends_with('\'') && !pack.is_prefix(before),
        TokenKind::Dash => {
            let joined = at - 1 > first && !tokens[at - 1].spaced;
            joined && tokens[at - 2].kind == TokenKind::Word && !pack.is_prefix(lexed.folded(at - 2))
        }
        TokenKind::Other => matches!(before, "#" | "@" | "/" | "_" | "=" | "\\" | "&"),
        _ => false,
    }
}

fn is_wordish(lexed: &Lexed, at: usize) -> bool {
    matches!(lexed.tokens()[at].kind, TokenKind::Word | TokenKind::Digits)
}

/// Reads digits, groups and decimals.
pub(super) fn read_literal(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> Option<Literal> {
    let tokens = lexed.tokens();
    let head = lexed.folded(at);
    let mut digits = head.chars().count();
    if digits > LONGEST {
        return None;
    }
    let mut value = parse(head)?;
    let mut next = at + 1;
    let mut scale = 1i128;
    let mut separator: Option<&str> = None;
    let leading_zero = value == 0 || (digits > 1 && value < 10i128.pow(digits as u32 - 1));
    while digits <= LONGEST - 3 && !leading_zero && (separator.is_some() || digits <= 3) {
        let Some((mark, group)) = next_group(lexed, next, end, pack) else {
            // "12,34,567": groups of two before the last of three (lakh and crore).
            if separator.is_none()
                && let Some((pairs, after)) = read_lakhs(lexed, value, next, end, pack)
            {
                (value, next, separator) = (pairs, after, Some(","));
            }
            break;
        };
        if separator.is_some_and(|separator| separator != mark) {
            break;
        }
        separator = Some(mark);
        let three = parse(lexed.folded(group))?;
        value = value * 1000 + three;
        scale = if three == 0 { scale * 1000 } else { 1 };
        digits += 3;
        next = group + 1;
    }
    let mut decimals = 0u32;
    if next + 1 < end
        && pack.is_decimal_mark(lexed.folded(next))
        && separator != Some(lexed.folded(next))
        && !tokens[next].spaced
        && tokens[next + 1].kind == TokenKind::Digits
        && !tokens[next + 1].spaced
        && !followed_by_same_mark(lexed, next + 2, end, lexed.folded(next))
    {
        let text = lexed.folded(next + 1);
        let length = text.chars().count();
        // Groups of two digits are not counted above: the product itself is checked.
        let shifted = 10i128.checked_pow(length as u32).and_then(|power| value.checked_mul(power));
        if digits + length <= LONGEST
            && let Some(shifted) = shifted.and_then(|shifted| shifted.checked_add(parse(text)?))
        {
            value = shifted;
            decimals = length as u32;
            scale = 1;
            next += 2;
        }
    }
    let value = Decimal::try_from_i128_with_scale(value, decimals).ok()?;
    Some(Literal { next, value, scale: Decimal::try_from_i128_with_scale(scale, 0).ok()? })
}

/// Groups of two digits, then one of three.
fn read_lakhs(lexed: &Lexed, head: i128, at: usize, end: usize, pack: &NumberPack) -> Option<(i128, usize)> {
    let tokens = lexed.tokens();
    let mut value = head;
    let mut at = at;
    for _ in 0..6 {
        let joined = at + 1 < end
            && lexed.folded(at) == ","
            && pack.is_group_mark(",")
            && !tokens[at].spaced
            && tokens[at + 1].kind == TokenKind::Digits
            && !tokens[at + 1].spaced;
        if head >= 100 || !joined {
            return None;
        }
        let group = parse(lexed.folded(at + 1)).filter(|_| lexed.folded(at + 1).len() <= 3)?;
        match lexed.folded(at + 1).len() {
            2 => value = value * 100 + group,
            3 if value >= 100 => return Some((value * 1000 + group, at + 2)),
            _ => return None,
        }
        at += 2;
    }
    None
}

/// The separator at `at` and the token of the three digits after it.
fn next_group<'a>(lexed: &'a Lexed, at: usize, end: usize, pack: &NumberPack) -> Option<(&'a str, usize)> {
    let tokens = lexed.tokens();
    let is_group = |index: usize| {
        index < end && tokens[index].kind == TokenKind::Digits && lexed.folded(index).chars().count() == 3
    };
    if at >= end {
        return None;
    }
    if pack.groups_by_space() && is_group(at) && tokens[at].spaced {
        // One space: U+0020 is one byte, U+00A0 two, U+202F and U+2009 three.
        let gap = tokens[at].span.from() - tokens[at - 1].span.to();
        return (gap <= 3).then_some((" ", at));
    }
    let mark = lexed.folded(at);
    let joined = !tokens[at].spaced && is_group(at + 1) && !tokens[at + 1].spaced;
    (joined && pack.is_group_mark(mark)).then_some((mark, at + 1))
}

/// "192.168.1.2", "12.12.2016": not a decimal.
fn followed_by_same_mark(lexed: &Lexed, at: usize, end: usize, mark: &str) -> bool {
    let tokens = lexed.tokens();
    at + 1 < end
        && lexed.folded(at) == mark
        && !tokens[at].spaced
        && tokens[at + 1].kind == TokenKind::Digits
        && !tokens[at + 1].spaced
}

/// "3/4" and "2 1/4".
fn read_fraction(lexed: &Lexed, at: usize, end: usize, literal: &Literal) -> Option<Read> {
    let tokens = lexed.tokens();
    let slash = |index: usize| {
        index + 1 < end
            && lexed.folded(index) == "/"
            && !tokens[index].spaced
            && tokens[index + 1].kind == TokenKind::Digits
            && !tokens[index + 1].spaced
            && !followed_by_same_mark(lexed, index + 2, end, "/")
    };
    let short = |index: usize| lexed.folded(index).len() <= 6;
    let quotient = |upper: usize| {
        let (numerator, denominator) = (parse(lexed.folded(upper))?, parse(lexed.folded(upper + 2))?);
        let numerator = Decimal::try_from_i128_with_scale(numerator, 0).ok()?;
        numerator.checked_div(Decimal::try_from_i128_with_scale(denominator, 0).ok()?)
    };
    let (next, value) = if literal.next == at + 1 && slash(at + 1) && short(at) && short(at + 2) {
        (at + 3, quotient(at)?)
    } else if literal.next + 2 < end
        && tokens[literal.next].kind == TokenKind::Digits
        && tokens[literal.next].spaced
        && literal.value.fract().is_zero()
        && slash(literal.next + 1)
        && short(literal.next)
        && short(literal.next + 2)
    {
        let part = quotient(literal.next)?;
        if part >= Decimal::ONE {
            return None;
        }
        (literal.next + 3, literal.value.checked_add(part)?)
    } else {
        return None;
    };
    let number = Number {
        tokens: at..next,
        span: lexed.span(at..next),
        value,
        kind: if value < Decimal::ONE { NumberKind::Fraction } else { NumberKind::Cardinal },
        digits: true,
        approximate: false,
        article: false,
        scale: Decimal::ONE,
    };
    Some(Read { next, number: Some(number) })
}

/// Digits of any script the lexer cuts; at most 28 of them.
fn parse(text: &str) -> Option<i128> {
    let mut value = 0i128;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '\u{0660}'..='\u{0669}' => c as u32 - 0x0660,
            '\u{06F0}'..='\u{06F9}' => c as u32 - 0x06F0,
            _ => return None,
        };
        value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
    }
    Some(value)
}
