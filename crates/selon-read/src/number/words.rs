//! Spelled numbers: words that add and multiply, collectives, fractions, indefinite plurals.
//!
//! A number is a sum of groups, each multiplied by a falling magnitude: (2) million (345)
//! thousand (12). Inside a group every word leaves room for what may follow: after "soixante"
//! anything below twenty, after "forty" anything below ten, after "seven" nothing.

use selon_model::Decimal;

use super::pack::{Meaning, Plural};
use super::{Number, NumberKind, NumberPack, Read};
use crate::lex::{Lexed, TokenKind};

/// What has been read of a number.
#[derive(Clone, Copy)]
struct Sum {
    total: Decimal,
    group: Decimal,
    /// The group has a word of its own.
    open: bool,
    started: bool,
    /// A word below this may be added to the group.
    room: u32,
    /// The last word was a unit, and a ten may follow it ("خمسة وعشرون").
    takes_ten: bool,
    /// The smallest magnitude so far.
    last: u64,
    scale: Decimal,
}

impl Sum {
    fn new() -> Self {
        Sum {
            total: Decimal::ZERO,
            group: Decimal::ZERO,
            open: false,
            started: false,
            room: 1000,
            takes_ten: false,
            last: u64::MAX,
            scale: Decimal::ONE,
        }
    }

    fn of(value: Decimal) -> Self {
        Sum { group: value, open: true, started: true, room: 0, ..Sum::new() }
    }

    fn value(&self) -> Option<Decimal> {
        self.total.checked_add(self.group)
    }

    /// The group alone, as the factor of a noun ("deux douzaines").
    fn factor(&self) -> Option<Decimal> {
        (self.open && self.total.is_zero()).then_some(self.group)
    }

    fn add(&mut self, value: u32, room: u32, and: bool, pack: &NumberPack) -> Option<()> {
        let ten_after_unit = and && self.takes_ten && (20..100).contains(&value) && value.is_multiple_of(10);
        let fits = ten_after_unit
            || !self.started
            || (value > 0 && value < self.room && (!and || pack.and_joins(value, self.room)));
        if !fits {
            return None;
        }
        self.group = self.group.checked_add(Decimal::from(value))?;
        self.takes_ten = pack.tens_after_units() && value < 10;
        self.room = if ten_after_unit { 0 } else { room.min(if self.open { self.room } else { 1000 }) };
        self.open = true;
        self.started = true;
        self.scale = Decimal::ONE;
        Some(())
    }

    fn multiply(&mut self, magnitude: u64, bare: bool) -> Option<()> {
        let times = Decimal::from(magnitude);
        if magnitude < 1000 {
            if self.open && (self.group >= times || self.group.is_zero()) || !self.open && !bare {
                return None;
            }
            let group = if self.open { self.group } else { Decimal::ONE };
            self.group = group.checked_mul(times)?;
            self.room = u32::try_from(magnitude).ok()?;
            self.open = true;
        } else {
            let group = match (self.open, bare || self.started) {
                (true, _) => self.group,
                (false, true) if magnitude < self.last && bare => Decimal::ONE,
                (false, true) if magnitude > self.last => Decimal::ZERO,
                _ => return None,
            };
            if magnitude == self.last {
                return None;
            }
            self.total = if magnitude < self.last {
                self.total.checked_add(group.checked_mul(times)?)?
            } else {
                self.total.checked_add(group)?.checked_mul(times)?
            };
            self.group = Decimal::ZERO;
            self.room = 1000;
            self.open = false;
            self.last = magnitude;
        }
        self.started = true;
        self.takes_ten = false;
        self.scale = times;
        Some(())
    }
}

/// Reads the number that begins with the word at `at`; `None` where no number word stands there.
pub(super) fn read(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> Option<Read> {
    let Some((meaning, next, _)) = pack.look_up(lexed, at, end) else {
        let sum = Sum::of(compound(lexed.folded(at), pack)?);
        return run(lexed, at, at + 1, end, sum, pack);
    };
    if meaning.skip {
        return Some(Read { next, number: None });
    }
    if meaning.few {
        return Some(read_few(lexed, at, next, end, pack));
    }
    if meaning.none {
        let number = number(lexed, at, next, Decimal::ZERO, NumberKind::None, Decimal::ONE);
        return Some(Read { next, number: Some(number) });
    }
    if meaning.article && meaning.add.is_none() {
        let (after, _, _) = pack.look_up(lexed, next, end)?;
        if after.magnitude.is_some() || after.fraction.is_some() {
            let mut sum = Sum::of(Decimal::ONE);
            sum.room = 0;
            return run(lexed, at, next, end, sum, pack).filter(|read| read.next > next);
        }
        return (after.collective.is_some()).then(|| run(lexed, next, next, end, Sum::new(), pack)).flatten();
    }
    let mut read = run(lexed, at, at, end, Sum::new(), pack)?;
    if let Some(number) = &mut read.number {
        number.article = number.tokens == (at..at + 1) && pack.is_one(lexed.folded(at));
    }
    Some(read)
}

/// The value of a number that is written as one word ("zweihundertfünfzig").
fn compound(word: &str, pack: &NumberPack) -> Option<Decimal> {
    let mut sum = Sum::new();
    for (meaning, and) in pack.compound(word)? {
        match (meaning.add, meaning.magnitude) {
            (Some((value, room)), magnitude) => {
                let added = sum.add(value, room, and && sum.room < 100, pack);
                if added.is_none() {
                    sum.multiply(magnitude?.0, true)?;
                }
            }
            (None, Some((magnitude, bare))) => sum.multiply(magnitude, bare)?,
            (None, None) => return None,
        }
    }
    sum.value()
}

/// Goes on after digits: "12 mille", "3,5 millions", "2 dozen".
pub(super) fn read_on(
    lexed: &Lexed,
    start: usize,
    at: usize,
    end: usize,
    value: Decimal,
    pack: &NumberPack,
) -> Option<Read> {
    let (meaning, _, _) = pack.look_up(lexed, at, end)?;
    let year = value >= Decimal::from(1900) && value <= Decimal::from(2100) && at == start + 1;
    let goes_on = match meaning.magnitude {
        Some((magnitude, bare)) => !(magnitude < 1000 && value >= Decimal::TEN || year && bare),
        None => meaning.collective.is_some() || meaning.plural.is_some() || meaning.fraction.is_some(),
    };
    if !goes_on {
        return None;
    }
    let mut read = run(lexed, start, at, end, Sum::of(value), pack)?;
    if let Some(number) = &mut read.number {
        number.digits = true;
    }
    (read.next > at).then_some(read)
}

/// Adds word after word to `sum`; `start` is the number's first token, `at` the next to read.
fn run(
    lexed: &Lexed,
    mut start: usize,
    mut at: usize,
    end: usize,
    mut sum: Sum,
    pack: &NumberPack,
) -> Option<Read> {
    let mut before_and: Option<(Sum, usize)> = None;
    loop {
        let (word, mut and) = if sum.started { skip_joiner(lexed, at, end, pack) } else { (at, false) };
        if and && let Some((next, part)) = read_mixed(lexed, word, end, pack) {
            // "one billion and a quarter million": the fraction has a magnitude of its own.
            if !sum.open
                && let Some((after, times)) = read_times(lexed, next, end, pack)
            {
                let part = part.checked_mul(times)?;
                sum = Sum { group: part, open: true, room: 0, takes_ten: false, ..sum };
                at = after;
                break;
            }
            let times = if sum.open { Decimal::ONE } else { Decimal::from(sum.last) };
            if let Some(value) = part.checked_mul(times).and_then(|part| sum.group.checked_add(part)) {
                sum = Sum { group: value, open: true, room: 0, takes_ten: false, ..sum };
                at = next;
                if times != Decimal::ONE {
                    break;
                }
                continue;
            }
        }
        if sum.started && !and && word == at && pack.is_decimal_word(lexed.folded(at)) {
            let Some((next, value)) = read_decimals(lexed, at + 1, end, &sum, pack) else { break };
            (at, sum) = (next, Sum { group: value, room: 0, takes_ten: false, ..sum });
            continue;
        }
        if sum.started
            && let Some((next, digits)) = read_digit_group(lexed, start, word, end, and, &sum, pack)
        {
            (at, sum) = (next, digits);
            continue;
        }
        let Some((meaning, next, attached)) = pack.look_up(lexed, word, end) else {
            // "zwei Millionen zweihundertfünfzig"
            let low = |value: &Decimal| sum.last != u64::MAX && !sum.open && *value < Decimal::from(sum.last);
            let Some(value) = (word < end).then(|| compound(lexed.folded(word), pack)).flatten().filter(low)
            else {
                break;
            };
            sum = Sum { group: value, open: true, room: 0, takes_ten: false, scale: Decimal::ONE, ..sum };
            at = word + 1;
            continue;
        };
        if meaning.skip {
            break;
        }
        and |= attached && sum.started;
        let before = (sum, at);
        if let Some((value, room)) = meaning.add
            && sum.add(value, room, and, pack).is_some()
        {
            if and {
                before_and = Some(before);
            }
            at = next;
            continue;
        }
        if let Some((magnitude, bare)) = meaning.magnitude {
            // "two hundred and three hundred" is two numbers, and so is "one thousand and two
            // million": the part after "and" begins the second.
            let rises = sum.last != u64::MAX && magnitude >= sum.last;
            if !(and && !attached || rises && before_and.is_some()) {
                let copy = sum;
                if sum.multiply(magnitude, bare).is_some() {
                    at = next;
                    continue;
                }
                sum = copy;
            }
            if let Some((saved, end_of_first)) = before_and {
                (sum, at) = (saved, end_of_first);
                break;
            }
        }
        if and && word > at {
            let joins = meaning.ordinal.is_some_and(|ordinal| {
                u32::try_from(ordinal).is_ok_and(|ordinal| pack.and_joins(ordinal, sum.room))
            });
            if joins && let Some(read) = read_ordinal(lexed, start, next, &sum, meaning) {
                return Some(read);
            }
            break;
        }
        if let Some(read) = close(lexed, &mut start, word, next, end, &sum, meaning, pack) {
            return Some(read);
        }
        if let Some((next, denominator)) = read_denominator(lexed, word, end, &sum, pack) {
            let value = sum.value()?.checked_div(denominator)?;
            let number = number(lexed, start, next, value, NumberKind::Fraction, Decimal::ONE);
            return Some(Read { next, number: Some(number) });
        }
        break;
    }
    if !sum.started || at <= start {
        return None;
    }
    let number = number(lexed, start, at, sum.value()?, NumberKind::Cardinal, sum.scale);
    Some(Read { next: at, number: Some(number) })
}

/// A word that ends a number: a collective, a plural, a fraction, an ordinal.
#[allow(clippy::too_many_arguments)]
fn close(
    lexed: &Lexed,
    start: &mut usize,
    word: usize,
    next: usize,
    end: usize,
    sum: &Sum,
    meaning: &Meaning,
    pack: &NumberPack,
) -> Option<Read> {
    let factor = if sum.started { Some(sum.factor()) } else { None };
    if let Some(collective) = meaning.collective {
        let count = match factor {
            None => Decimal::ONE,
            Some(factor) => factor?,
        };
        if count == Decimal::ONE && *start + 1 == word && lexed.tokens()[*start].kind == TokenKind::Word {
            *start = word;
        }
        let mut value = count.checked_mul(Decimal::from(collective.value))?;
        let mut scale = Decimal::from(collective.value);
        let mut next = next;
        if let Some((after, times)) = read_times(lexed, next, end, pack) {
            (value, scale, next) = (value.checked_mul(times)?, times, after);
        }
        let mut number = number(lexed, *start, next, value, NumberKind::Cardinal, scale);
        number.approximate = collective.always_approximate || collective.approximate && count == Decimal::ONE;
        return Some(Read { next, number: Some(number) });
    }
    if let Some(plural) = meaning.plural {
        let Some(factor) = factor else {
            return Some(read_plural(lexed, *start, next, end, plural, pack));
        };
        let value = factor?.checked_mul(Decimal::from(plural.base))?;
        let scale = Decimal::from(plural.base);
        let number = number(lexed, *start, next, value, NumberKind::Cardinal, scale);
        return Some(Read { next, number: Some(number) });
    }
    if let Some((numerator, denominator, bare)) = meaning.fraction {
        let multiplied = meaning.ordinal.is_none() && read_times(lexed, next, end, pack).is_some();
        let count = match factor {
            None if bare || multiplied => Decimal::ONE,
            None => return read_ordinal(lexed, *start, next, sum, meaning),
            Some(_) => sum.value()?,
        };
        // "twenty-fifth" is one word of two: which one, and no twenty parts.
        let compound = meaning.ordinal.is_some_and(|ordinal| sum.open && ordinal < u64::from(sum.room));
        let singular = meaning.ordinal.is_some() && !of_follows(lexed, next, end, pack);
        if !singular && !compound {
            let part = Decimal::from(numerator).checked_div(Decimal::from(denominator))?;
            let value = count.checked_mul(part)?;
            if let Some((after, times)) = read_times(lexed, next, end, pack) {
                let value = value.checked_mul(times)?;
                let number = number(lexed, *start, after, value, NumberKind::Cardinal, times);
                return Some(Read { next: after, number: Some(number) });
            }
            let number = number(lexed, *start, next, value, NumberKind::Fraction, Decimal::ONE);
            return Some(Read { next, number: Some(number) });
        }
    }
    read_ordinal(lexed, *start, next, sum, meaning)
}

fn read_ordinal(lexed: &Lexed, start: usize, next: usize, sum: &Sum, meaning: &Meaning) -> Option<Read> {
    let ordinal = meaning.ordinal?;
    let value = if !sum.started || ordinal < u64::from(sum.room) {
        sum.value()?.checked_add(Decimal::from(ordinal))?
    } else if ordinal >= 100 && sum.open {
        sum.total.checked_add(sum.group.checked_mul(Decimal::from(ordinal))?)?
    } else {
        return None;
    };
    let number = number(lexed, start, next, value, NumberKind::Ordinal, Decimal::ONE);
    Some(Read { next, number: Some(number) })
}

/// "plusieurs centaines", "several hundred", "a few dozen".
fn read_few(lexed: &Lexed, start: usize, at: usize, end: usize, pack: &NumberPack) -> Read {
    let at_noun = if at < end && pack.is_of(lexed.folded(at)) { at + 1 } else { at };
    let nothing = Read { next: at, number: None };
    let Some((meaning, next, _)) = pack.look_up(lexed, at_noun, end) else { return nothing };
    let plural = match (meaning.plural, meaning.magnitude, meaning.collective) {
        (Some(plural), _, _) => plural,
        (None, Some((magnitude, _)), _) => Plural {
            base: magnitude,
            lower: magnitude.saturating_mul(2),
            upper: magnitude.saturating_mul(10).saturating_sub(1),
        },
        (None, None, Some(collective)) => match collective.several {
            Some((lower, upper)) => Plural { base: collective.value, lower, upper },
            None => return nothing,
        },
        _ => return nothing,
    };
    read_plural(lexed, start, next, end, plural, pack)
}

/// "des centaines", "tens of thousands".
fn read_plural(
    lexed: &Lexed,
    start: usize,
    at: usize,
    end: usize,
    plural: Plural,
    pack: &NumberPack,
) -> Read {
    let (mut lower, mut upper) = (Decimal::from(plural.lower), Decimal::from(plural.upper));
    let mut next = at;
    let mut scale = Decimal::from(plural.base);
    if let Some((after, times)) = read_times(lexed, at, end, pack)
        && let (Some(least), Some(most)) =
            (lower.checked_mul(times), (upper + Decimal::ONE).checked_mul(times))
    {
        (lower, upper, next, scale) = (least, most - Decimal::ONE, after, times);
    }
    let number = number(lexed, start, next, lower, NumberKind::Indefinite { lower, upper }, scale);
    Read { next, number: Some(number) }
}

/// "de milliers", "of a million", "million": what a collective or a fraction is multiplied by.
fn read_times(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> Option<(usize, Decimal)> {
    let mut word = at;
    if word < end && lexed.tokens()[word].kind == TokenKind::Dash && !lexed.tokens()[word].spaced {
        word += 1;
    }
    if word < end && pack.is_of(lexed.folded(word)) {
        word += 1;
    }
    let (mut meaning, mut next, _) = pack.look_up(lexed, word, end)?;
    if meaning.article {
        (meaning, next, _) = pack.look_up(lexed, next, end)?;
    }
    let times = match (meaning.magnitude, meaning.plural, meaning.collective) {
        (Some((magnitude, _)), _, _) => magnitude,
        (None, Some(plural), _) => plural.base,
        (None, None, Some(collective)) => collective.value,
        _ => return None,
    };
    Some((next, Decimal::from(times)))
}

/// The fraction of a mixed number, after "and": "a half", "deux tiers", "demi".
fn read_mixed(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> Option<(usize, Decimal)> {
    let (meaning, next, _) = pack.look_up(lexed, at, end)?;
    if let Some((numerator, denominator, true)) = meaning.fraction {
        return Some((next, Decimal::from(numerator).checked_div(Decimal::from(denominator))?));
    }
    let (count, next) = match meaning.add {
        Some((value @ 1..=9, _)) => (value, next),
        Some((tens @ 20..=99, room @ 1..)) => {
            let (word, and) = skip_joiner(lexed, next, end, pack);
            let (unit, after, _) = pack.look_up(lexed, word, end).filter(|_| !and)?;
            let (unit, _) = unit.add.filter(|(unit, _)| (1..room).contains(unit))?;
            (tens + unit, after)
        }
        None if meaning.article => (1, next),
        _ => return None,
    };
    let (meaning, next, _) = pack.look_up(lexed, next, end)?;
    let (numerator, denominator, _) = meaning.fraction?;
    let value = Decimal::from(u64::from(count) * numerator).checked_div(Decimal::from(denominator))?;
    (value < Decimal::ONE).then_some((next, value))
}

/// The digits after "point" or "virgule".
fn read_decimals(
    lexed: &Lexed,
    mut at: usize,
    end: usize,
    sum: &Sum,
    pack: &NumberPack,
) -> Option<(usize, Decimal)> {
    let mut mantissa = 0i128;
    let mut digits = 0u32;
    let mut room = 0;
    while digits < 12 {
        let joined = digits > 0 && at < end && lexed.tokens()[at].kind == TokenKind::Dash;
        let word = if joined { at + 1 } else { at };
        let Some((meaning, next, _)) = pack.look_up(lexed, word, end) else { break };
        let Some((value @ 0..=99, leaves)) = meaning.add else { break };
        if value < room {
            mantissa += i128::from(value);
            room = 0;
        } else {
            let width = if value < 10 { 1 } else { 2 };
            mantissa = mantissa * 10i128.pow(width) + i128::from(value);
            digits += width;
            room = leaves;
        }
        at = next;
    }
    if digits == 0 {
        return None;
    }
    let part = Decimal::try_from_i128_with_scale(mantissa, digits).ok()?;
    Some((at, sum.group.checked_add(part)?))
}

/// "3 hundred and | 21", "4 thousand | 3 hundred": digits in a number that began with digits.
fn read_digit_group(
    lexed: &Lexed,
    start: usize,
    at: usize,
    end: usize,
    and: bool,
    sum: &Sum,
    pack: &NumberPack,
) -> Option<(usize, Sum)> {
    let is_digits = |index: usize| index < end && lexed.tokens()[index].kind == TokenKind::Digits;
    if at == start || !is_digits(at) || !is_digits(start) || lexed.folded(at).len() > 3 {
        return None;
    }
    // "2.12", "1,000": more digits follow.
    if is_digits(at + 2) && !lexed.tokens()[at + 1].spaced && !lexed.tokens()[at + 2].spaced {
        return None;
    }
    let value: u32 = lexed.folded(at).parse().ok().filter(|value| *value > 0)?;
    let hundreds = pack.look_up(lexed, at + 1, end).and_then(|(meaning, _, _)| meaning.magnitude);
    let fits = match hundreds {
        Some((100, _)) => !sum.open && sum.last != u64::MAX && value < 10,
        Some(_) => false,
        None => and && sum.scale > Decimal::ONE && value < sum.room,
    };
    let group = sum.group.checked_add(Decimal::from(value)).filter(|_| fits)?;
    let room = if hundreds.is_some() { 100 } else { 0 };
    Some((at + 1, Sum { group, open: true, room, takes_ten: false, scale: Decimal::ONE, ..*sum }))
}

/// "three | twenty-firsts", "one | twenty-fifth": tens and an ordinal, in the plural or after one.
fn read_denominator(
    lexed: &Lexed,
    at: usize,
    end: usize,
    sum: &Sum,
    pack: &NumberPack,
) -> Option<(usize, Decimal)> {
    let (tens, next, _) = pack.look_up(lexed, at, end)?;
    let (value, room) = tens.add.filter(|(value, room)| *value >= 20 && *room > 0)?;
    let (word, _) = skip_joiner(lexed, next, end, pack);
    let (unit, next, _) = pack.look_up(lexed, word, end)?;
    let one = sum.value() == Some(Decimal::ONE);
    let unit = match (unit.ordinal, unit.fraction) {
        (Some(ordinal), _) if one => u32::try_from(ordinal).ok()?,
        (None, Some((1, denominator, _))) => u32::try_from(denominator).ok()?,
        _ => return None,
    };
    (unit > 0 && unit < room && of_follows(lexed, next, end, pack))
        .then(|| (next, Decimal::from(value + unit)))
}

/// Steps over a hyphen or an "and" between two words of one number.
fn skip_joiner(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> (usize, bool) {
    let tokens = lexed.tokens();
    let is_joining_dash = |index: usize| {
        index + 1 < end
            && tokens[index].kind == TokenKind::Dash
            && !tokens[index].spaced
            && !tokens[index + 1].spaced
    };
    let mut word = at;
    if is_joining_dash(word) {
        word += 1;
    }
    if word + 1 < end && pack.is_and(lexed.folded(word)) {
        word += 1;
        if is_joining_dash(word) {
            word += 1;
        }
        return (word, true);
    }
    (word, false)
}

fn of_follows(lexed: &Lexed, at: usize, end: usize, pack: &NumberPack) -> bool {
    at >= end || lexed.tokens()[at].kind != TokenKind::Word || pack.is_of(lexed.folded(at))
}

fn number(
    lexed: &Lexed,
    start: usize,
    next: usize,
    value: Decimal,
    kind: NumberKind,
    scale: Decimal,
) -> Number {
    Number {
        tokens: start..next,
        span: lexed.span(start..next),
        value,
        kind,
        digits: false,
        approximate: false,
        article: false,
        scale,
    }
}
