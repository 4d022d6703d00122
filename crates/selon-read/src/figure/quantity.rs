//! From numbers to quantities: operators, ranges, changes, ratios, percents (table B).
//!
//! ```text
//! quantity = [before] [currency] (number | range | change | ratio) [percent] [after]
//! ```

use std::ops::Range;

use selon_model::{Decimal, Operator, Quantity};

use super::pack::{FigurePack, Previous};
use crate::lex::{Lexed, TokenKind};
use crate::number::{Number, NumberKind, NumberPack};

/// What shape a quantity has, where its unit stands depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A number or range of things.
    Count,
    /// A part of something: percent, "la moitié", "trois sur dix".
    Part,
    /// Dozens, thousands, "une vingtaine": the noun follows "of".
    Noun,
    /// None of them.
    Zero,
}

/// A quantity with its words, before anybody knows what it counts.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    /// From the operator to the last number or percent sign.
    pub(super) tokens: Range<usize>,
    /// The numbers; two for a range or ratio.
    pub(super) first: Range<usize>,
    /// The second number of a range or ratio.
    pub(super) second: Option<Range<usize>>,
    pub(super) quantity: Quantity,
    pub(super) previous: Option<Quantity>,
    pub(super) shape: Shape,
    /// Rule of the operator, range, change or ratio.
    pub(super) rule: Option<String>,
    /// The noun between the numbers of "trois enfants sur dix".
    pub(super) noun_between: Option<Range<usize>>,
    /// ISO 4217 code of a currency sign beside the number.
    pub(super) currency: Option<String>,
    /// A lone "un" or "one".
    pub(super) article: bool,
    /// An article with the age of whom it counts ("a 12-year-old"), or "both": no noun is needed.
    pub(super) alone: bool,
    /// Ungrouped digits that could be a year.
    pub(super) like_year: bool,
    /// A range told as two bounds ("more than 10 and less than 40"): their operators.
    pub(super) closed_by: Option<(Operator, Operator)>,
}

impl Measured {
    /// Where the noun phrase begins.
    pub(super) fn end(&self) -> usize {
        self.tokens.end
    }
}

/// The quantities of a sentence, out of its numbers, in text order.
pub(super) fn find_quantities(
    lexed: &Lexed,
    sentence: Range<usize>,
    numbers: &[Number],
    words: &NumberPack,
    pack: &FigurePack,
) -> Vec<Measured> {
    let mut found: Vec<Measured> = Vec::new();
    let mut index = 0;
    while let Some(number) = numbers.get(index) {
        let first = found.last().map_or(sentence.start, |last| last.tokens.end);
        let reader = Reader { lexed, first, end: sentence.end, words, pack };
        let next = numbers.get(index + 1).filter(|next| is_count(next));
        index += 1;
        if number.kind == NumberKind::Ordinal {
            continue;
        }
        let pair = next.filter(|_| is_count(number)).and_then(|next| reader.pair(number, next));
        let measured = match pair {
            Some(measured) => {
                index += 1;
                Some(measured)
            }
            None => reader.single(number),
        };
        if let Some(measured) = measured {
            match found.last_mut() {
                Some(last) if closes(last, &measured, lexed, pack) => {
                    let (one, two) = (last.quantity, measured.quantity);
                    last.closed_by =
                        Some(if one.lower.is_some() { (one.op, two.op) } else { (two.op, one.op) });
                    let (lower, upper) = (one.lower.or(two.lower), one.upper.or(two.upper));
                    last.quantity = Quantity { op: Operator::Range, lower, upper };
                    last.tokens.end = measured.tokens.end;
                    last.second = Some(measured.first);
                }
                _ => found.push(measured),
            }
        }
    }
    found
}

/// "more than 10 and less than 40", "no more than 50 and no less than 20": two bounds of one
/// quantity.
fn closes(one: &Measured, two: &Measured, lexed: &Lexed, pack: &FigurePack) -> bool {
    let (from, to) = (one.tokens.end, two.tokens.start);
    let joined = from < to
        && to - from <= 2
        && (from..to).all(|at| lexed.folded(at) == "," || pack.conjunctions.has(lexed, at, to));
    let (lower, upper) = if one.quantity.upper.is_none() { (one, two) } else { (two, one) };
    joined
        && one.second.is_none()
        && two.second.is_none()
        && one.shape == two.shape
        && lower.quantity.upper.is_none()
        && upper.quantity.lower.is_none()
        && lower.quantity.lower < upper.quantity.upper
}

fn is_count(number: &Number) -> bool {
    matches!(number.kind, NumberKind::Cardinal)
}

struct Reader<'a> {
    lexed: &'a Lexed,
    /// First token that may belong to this quantity.
    first: usize,
    end: usize,
    words: &'a NumberPack,
    pack: &'a FigurePack,
}

impl Reader<'_> {
    fn single(&self, number: &Number) -> Option<Measured> {
        let value = number.value;
        let (mut quantity, shape) = match number.kind {
            NumberKind::Cardinal if number.approximate => {
                (Quantity::with(Operator::About, value), Shape::Noun)
            }
            NumberKind::Cardinal => (Quantity::exactly(value), Shape::Count),
            NumberKind::Fraction => (Quantity::with(Operator::Ratio, value), Shape::Part),
            NumberKind::Indefinite { lower, upper } => {
                (Quantity { op: Operator::Indefinite, lower: Some(lower), upper: Some(upper) }, Shape::Noun)
            }
            NumberKind::None => (Quantity::exactly(Decimal::ZERO), Shape::Zero),
            NumberKind::Ordinal => return None,
        };
        let like_year = number.digits && number.tokens.len() == 1 && is_year(value);
        let mut measured = self.around(number.tokens.clone(), None, quantity, shape);
        let operator = measured.rule.as_ref().map(|_| measured.quantity);
        match (number.kind, operator) {
            (NumberKind::Cardinal, Some(stated)) => quantity = Quantity::with(stated.op, value),
            // "more than half": the bound is kept, and so is that it is a part.
            (NumberKind::Fraction, Some(stated)) => quantity = part(Operator::Ratio, stated.op, value),
            _ => {}
        }
        if measured.shape == Shape::Part && number.kind == NumberKind::Cardinal {
            quantity = part(Operator::Percent, quantity.op, value);
        }
        measured.quantity = quantity;
        measured.article = number.article;
        measured.like_year = like_year && measured.rule.is_none();
        Some(measured)
    }

    /// A range, change or ratio of two numbers.
    fn pair(&self, one: &Number, two: &Number) -> Option<Measured> {
        let (from, to) = (one.tokens.end, two.tokens.start);
        if to < from || to - from > 8 {
            return None;
        }
        self.change(one, two).or_else(|| self.range(one, two)).or_else(|| self.ratio(one, two))
    }

    /// "est passé de 12 à 17", "17, contre 12 la veille".
    fn change(&self, one: &Number, two: &Number) -> Option<Measured> {
        let (rule, start) = self.pack.changes.iter().find_map(|pair| {
            let (_, start) = pair.between.before(self.lexed, two.tokens.start, one.tokens.end)?;
            let opened = pair.rule.before.is_empty()
                || pair.before.before(self.lexed, one.tokens.start, self.first).is_some();
            opened.then_some((&pair.rule, start))
        })?;
        // Only the noun of the first number may stand between.
        if start - one.tokens.end > 4 || self.crosses_clause(one.tokens.end, start) {
            return None;
        }
        let (value, previous) = match rule.previous {
            Previous::First => (two, one),
            Previous::Second => (one, two),
        };
        let plain = Quantity::exactly(value.value);
        let mut measured = self.around(value.tokens.clone(), None, plain, Shape::Count);
        measured.quantity = match (measured.shape, measured.rule.is_some()) {
            (Shape::Part, _) => Quantity::with(Operator::Percent, value.value),
            // The words between the numbers are no operator ("с 12 до 17").
            (_, true) if rule.previous == Previous::Second || measured.tokens.start > start => {
                Quantity::with(measured.quantity.op, value.value)
            }
            _ => plain,
        };
        measured.previous = Some(Quantity::exactly(previous.value));
        measured.rule = Some(rule.id.clone());
        measured.tokens.start = measured.tokens.start.min(one.tokens.start);
        measured.tokens.end = measured.tokens.end.max(two.tokens.end);
        if rule.previous == Previous::Second || start > one.tokens.end {
            measured.noun_between = Some(one.tokens.end..start);
        }
        Some(measured)
    }

    fn crosses_clause(&self, from: usize, to: usize) -> bool {
        (from..to).any(|index| {
            self.lexed.tokens()[index].kind == TokenKind::Stop
                || self.pack.clause_stops.has(self.lexed, index, to)
        })
    }

    /// "entre 30 et 40", "8 à 10 000", "30-40".
    fn range(&self, one: &Number, two: &Number) -> Option<Measured> {
        let lexed = self.lexed;
        // "between $20,000 and $150,000": the signs stand before the numbers.
        let sign = |at: usize| at > self.first && self.currency(at - 1).is_some();
        let signs = sign(one.tokens.start) && sign(two.tokens.start);
        let lead = usize::from(signs);
        // "27% to 35%": the sign stands behind each.
        let percent = |at: usize| self.pack.percent.at(lexed, at, self.end).map(|(_, next)| next);
        let (from, to) = match (percent(one.tokens.end), percent(two.tokens.end)) {
            (Some(after), Some(_)) => (after, two.tokens.start - lead),
            _ => (one.tokens.end, two.tokens.start - lead),
        };
        if to < from {
            return None;
        }
        let (rule, opening) = self.pack.ranges.iter().find_map(|pair| {
            let (_, start) = pair.between.before(lexed, to, from)?;
            if start != from {
                return None;
            }
            if pair.rule.before.is_empty() {
                return Some((&pair.rule, None));
            }
            let (_, opening) = pair.before.before(lexed, one.tokens.start - lead, self.first)?;
            Some((&pair.rule, Some(opening)))
        })?;
        let dash = to == from + 1 && lexed.tokens()[from].kind == TokenKind::Dash;
        if dash && (lexed.tokens()[from].spaced != lexed.tokens()[to].spaced || self.is_in_chain(one, two)) {
            return None;
        }
        let (mut lower, upper) = (one.value, two.value);
        if two.scale > Decimal::ONE
            && one.scale == Decimal::ONE
            && lower < two.value.checked_div(two.scale)?
        {
            lower = lower.checked_mul(two.scale)?;
        }
        if lower >= upper {
            return None;
        }
        let quantity = Quantity { op: Operator::Range, lower: Some(lower), upper: Some(upper) };
        let mut measured = self.around(one.tokens.clone(), Some(two.tokens.clone()), quantity, Shape::Count);
        if measured.shape == Shape::Part {
            measured.quantity = Quantity { op: Operator::Percent, ..quantity };
        } else {
            measured.quantity = quantity;
        }
        if let Some(start) = opening {
            measured.tokens.start = measured.tokens.start.min(start);
        }
        measured.rule = Some(rule.id.clone());
        measured.like_year = one.digits && two.digits && is_year(lower) && is_year(upper);
        Some(measured)
    }

    /// "+1-222-2222": digits joined to more than each other.
    fn is_in_chain(&self, one: &Number, two: &Number) -> bool {
        let tokens = self.lexed.tokens();
        let joint = |at: usize| {
            matches!(tokens[at].kind, TokenKind::Dash) || matches!(self.lexed.folded(at), "/" | "+" | ".")
        };
        let (start, end) = (one.tokens.start, two.tokens.end);
        let before = start > self.first && !tokens[start].spaced && joint(start - 1);
        let after = end + 1 < self.end
            && joint(end)
            && !tokens[end].spaced
            && !tokens[end + 1].spaced
            && tokens[end + 1].kind == TokenKind::Digits;
        before || after
    }

    /// "3 sur 10", "trois enfants sur dix", "three in ten".
    fn ratio(&self, one: &Number, two: &Number) -> Option<Measured> {
        let (rule, start) = self.pack.ratios.iter().find_map(|pair| {
            let (_, start) = pair.between.before(self.lexed, two.tokens.start, one.tokens.end)?;
            Some((&pair.rule, start))
        })?;
        let noun = one.tokens.end..start;
        let noun_fits = noun.is_empty()
            || rule.noun_between && noun.len() <= 3 && !self.crosses_clause(noun.start, noun.end);
        let part_of = one.value.abs();
        let whole = one.is_whole() && two.is_whole() && part_of > Decimal::ZERO && part_of < two.value;
        let round = !rule.round
            || two.value <= Decimal::TEN
            || one.value == Decimal::ONE && !is_year(two.value)
            || rule.one
            || [20, 25, 50, 100, 1000].iter().any(|value| two.value == Decimal::from(*value));
        // "three in ten days" is a window.
        let (noun_after, _) = self.pack.unit_forms.at(self.lexed, two.tokens.end, self.end).unzip();
        // "12 morts sur 40 passagers": two counts, each with its noun.
        let between = noun.clone().find_map(|at| Some(self.pack.unit_forms.at(self.lexed, at, noun.end)?.0));
        if noun_after.zip(between).is_some_and(|(after, between)| after != between) {
            return None;
        }
        let timed = noun_after.is_some_and(|row| self.pack.units[row].class == "duration");
        let out_of_place = rule.one && (part_of != Decimal::ONE || noun_after.is_some());
        if !noun_fits || !whole || !round || timed || out_of_place {
            return None;
        }
        let value = one.value.checked_div(two.value)?;
        let quantity = Quantity::with(Operator::Ratio, value);
        let mut measured = self.around(one.tokens.clone(), Some(two.tokens.clone()), quantity, Shape::Part);
        if measured.rule.is_some() {
            measured.quantity = part(Operator::Ratio, measured.quantity.op, value);
        } else {
            measured.quantity = quantity;
        }
        measured.shape = Shape::Part;
        measured.rule = Some(rule.id.clone());
        measured.noun_between = (!noun.is_empty()).then_some(noun);
        Some(measured)
    }

    /// Operator, currency and percent sign around the numbers. Where an operator is found, the
    /// rule is set and `quantity.op` is it.
    fn around(
        &self,
        one: Range<usize>,
        two: Option<Range<usize>>,
        quantity: Quantity,
        shape: Shape,
    ) -> Measured {
        let lexed = self.lexed;
        let mut start = one.start;
        let mut end = two.as_ref().map_or(one.end, |two| two.end);
        let mut shape = shape;
        let mut currency = None;
        let mut quantity = quantity;
        let mut rule = None;
        if start > self.first
            && let Some(code) = self.currency(start - 1)
        {
            currency = Some(code);
            start -= 1;
            // "US$": letters before the sign belong to it.
            let letters = start > self.first && !lexed.tokens()[start].spaced;
            if letters
                && lexed.tokens()[start - 1].kind == TokenKind::Word
                && lexed.tokens()[start - 1].span.len() <= 3
            {
                start -= 1;
            }
        }
        if let Some((_, next)) = self.pack.percent.at(lexed, end, self.end) {
            shape = Shape::Part;
            end = next;
        } else if currency.is_none()
            && end < self.end
            && let Some(code) = self.currency(end)
        {
            currency = Some(code);
            end += 1;
        }
        let mut from = start;
        if from > self.first {
            let article =
                self.words.is_one(lexed.folded(from - 1)) && lexed.tokens()[from - 1].kind == TokenKind::Word;
            let noun = matches!(shape, Shape::Noun | Shape::Part);
            if article || noun && self.pack.determiners.before(lexed, from, self.first).is_some() {
                from -= 1;
            }
        }
        let before = self.pack.before.before(lexed, from, self.first);
        let before = before.or_else(|| self.pack.before.before(lexed, start, self.first));
        // "handed over 15 prisoners": the particle of a verb.
        let phrasal =
            |at: usize| self.pack.phrasal.before(lexed, from, self.first).is_some_and(|(_, verb)| verb < at);
        // "RIVERTON>> One man": a mark that is doubled is an ornament.
        let doubled = |at: usize| {
            let tokens = lexed.tokens();
            at > 0 && tokens[at].kind == TokenKind::Other && lexed.folded(at - 1) == lexed.folded(at)
        };
        let before = before.filter(|(_, at)| !phrasal(*at) && !doubled(*at));
        let after = self.pack.after.at(lexed, end, self.end).filter(|(_, next)| !self.opens_next(end, *next));
        let op = |row: usize| self.pack.approximators[row].op;
        // "about 500 or more": the bound says more than the approximation.
        let stated = match (before, after) {
            (Some((before, _)), Some((after, _)))
                if matches!(op(before), Operator::About | Operator::Equal) =>
            {
                Some(after)
            }
            (Some((before, _)), _) => Some(before),
            (None, after) => after.map(|(after, _)| after),
        };
        if let Some(row) = stated {
            quantity.op = op(row);
            rule = Some(self.pack.approximators[row].id.clone());
            if let Some((_, at)) = before {
                start = at;
            }
            match after {
                Some((after, next)) if after == row || before.is_none() => end = next,
                _ => {}
            }
        }
        Measured {
            tokens: start..end,
            first: one,
            second: two,
            quantity,
            previous: None,
            shape,
            rule,
            noun_between: None,
            currency,
            article: false,
            alone: false,
            like_year: false,
            closed_by: None,
        }
    }

    /// "5000 or | more than 4500": the words after "or" are the operator of the next number.
    fn opens_next(&self, from: usize, to: usize) -> bool {
        let (lexed, end) = (self.lexed, self.end.min(to + 4));
        // "… 67 | At least 45 people": nothing stands between the words and the next number.
        let is_number =
            |at: usize| lexed.tokens()[at].kind == TokenKind::Digits || self.words.is_word(lexed, at, end);
        if to < end && is_number(to) && self.pack.before.before(lexed, to, from).is_some() {
            return true;
        }
        (to + 1..end).any(|at| {
            let opened = self.pack.before.before(lexed, at, from + 1);
            opened.is_some_and(|(_, start)| start < to) && is_number(at)
        })
    }

    fn currency(&self, at: usize) -> Option<String> {
        let token = self.lexed.tokens()[at];
        (token.kind == TokenKind::Other)
            .then(|| self.pack.currencies.get(self.lexed.folded(at)).cloned())
            .flatten()
    }
}

/// A part that is bounded: "more than half", "at least 30 %".
fn part(kind: Operator, stated: Operator, value: Decimal) -> Quantity {
    let bounds = Quantity::with(stated, value);
    match stated {
        Operator::Equal | Operator::About | Operator::Ratio | Operator::Percent => {
            Quantity::with(kind, value)
        }
        _ => Quantity { op: kind, ..bounds },
    }
}

/// Four digits that could be a year of recent history.
fn is_year(value: Decimal) -> bool {
    value >= Decimal::from(1900) && value <= Decimal::from(2100) && value.fract().is_zero()
}
