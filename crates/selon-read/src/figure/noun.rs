//! What is counted: the head noun after a quantity, through adjectives and "of".
//!
//! There is no tagger: a noun phrase is the run of words up to a word of a closed class, a
//! verb of the event table or a mark. The head is the first noun of the unit table, or the last
//! where the language puts modifiers first.

use std::ops::Range;

use super::pack::{FigurePack, Slot};
use super::quantity::Measured;
use crate::lex::{Lexed, TokenKind};
use crate::number::NumberPack;

/// Words of a run looked at for a head.
const LONGEST_RUN: usize = 6;

/// A counted noun.
#[derive(Clone, Debug, Default)]
pub(super) struct Noun {
    /// Its head; `None`: the quantity stands alone.
    pub(super) head: Option<Range<usize>>,
    /// Row of the unit table; `None` where the noun is not in it.
    pub(super) row: Option<usize>,
    /// Token after the noun phrase.
    pub(super) end: usize,
    /// "wounded soldiers", "civils tués": row of the event table and the word.
    pub(super) event: Option<(EventBy, Range<usize>)>,
    /// "la moitié des 60 000 habitants": the noun is that of the next quantity.
    pub(super) of_next: bool,
    /// "30 others".
    pub(super) others: bool,
    /// "three of them": of the figure before.
    pub(super) of_before: bool,
}

/// Which table an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventBy {
    /// A row of the unit table ("blessés").
    Unit(usize),
    /// A row of the event table ("tués").
    Event(usize),
}

/// Finds the noun of a quantity. `limit` is where the next quantity or the sentence ends.
pub(super) fn find_noun(
    lexed: &Lexed,
    measured: &Measured,
    limit: usize,
    words: &NumberPack,
    pack: &FigurePack,
) -> Noun {
    let finder = Finder { lexed, pack, limit };
    if let Some((_, next)) = pack.parts_after.at(lexed, measured.end(), limit) {
        // "12 of them minors"
        let noun = finder.read(next, limit, words);
        let named = noun
            .filter(|noun| noun.row.is_some() && noun.head.as_ref().is_some_and(|head| head.start == next));
        return Noun { of_before: true, ..named.unwrap_or(Noun { end: next, ..Noun::default() }) };
    }
    if let Some(between) = &measured.noun_between
        && let Some(mut noun) = finder.read(between.start, between.end, words)
        && noun.head.is_some()
    {
        noun.end = measured.end().max(noun.end);
        if measured.second.is_some()
            || finder.read(measured.end(), limit, words).is_none_or(|noun| noun.row.is_none())
        {
            return noun;
        }
    }
    finder.read(measured.end(), limit, words).unwrap_or(Noun { end: measured.end(), ..Noun::default() })
}

struct Finder<'a> {
    lexed: &'a Lexed,
    pack: &'a FigurePack,
    limit: usize,
}

impl Finder<'_> {
    fn read(&self, from: usize, limit: usize, words: &NumberPack) -> Option<Noun> {
        let (lexed, pack) = (self.lexed, self.pack);
        let mut at = from;
        if at < limit && lexed.tokens()[at].kind == TokenKind::Dash && !lexed.tokens()[at].spaced {
            at += 1;
            // "a five-minute car ride": the length describes what follows.
            let length = pack
                .unit_forms
                .at(lexed, at, limit)
                .filter(|(row, _)| pack.head_last && pack.units[*row].class == "duration");
            if let Some((row, next)) = length {
                return Some(Noun { head: Some(at..next), row: Some(row), end: next, ..Noun::default() });
            }
        }
        if at < limit && words.is_of(lexed.folded(at)) {
            at += 1;
            while at < limit && pack.determiners.has(lexed, at, limit) {
                at += 1;
            }
            if at == limit && limit == self.limit && limit < lexed.len() {
                return Some(Noun { end: from, of_next: true, ..Noun::default() });
            }
        }
        if let Some((_, next)) = pack.others.at(lexed, at, limit) {
            // "douze autres soldats": the noun of the others stands after them.
            let rest = if pack.head_last {
                self.read_last(next, limit)
            } else {
                self.read_first(next, limit, words)
            };
            if let Some(noun) = rest.filter(|noun| noun.row.is_some()) {
                return Some(noun);
            }
            return Some(Noun { head: Some(at..next), end: next, others: true, ..Noun::default() });
        }
        if pack.head_last { self.read_last(at, limit) } else { self.read_first(at, limit, words) }
    }

    /// Head first: "principales villes syriennes", "combattants rebelles blessés".
    fn read_first(&self, mut at: usize, limit: usize, words: &NumberPack) -> Option<Noun> {
        let (lexed, pack) = (self.lexed, self.pack);
        let mut skipped = 0;
        let mut happened = None;
        let (head, row) = loop {
            if let Some((row, next)) = pack.unit_forms.at(lexed, at, limit) {
                // "30 verletzte Zivilisten": what happened to those who are counted stands first.
                if pack.units[row].event.is_some()
                    && is_human(&pack.units[row].class)
                    && happened.is_none()
                    && self.counts_people(next, limit)
                {
                    happened = Some((EventBy::Unit(row), at..next));
                    at = next;
                    continue;
                }
                break (at..next, Some(row));
            }
            // "5.500 evakuierte Zivilisten"
            if let Some((row, next)) = pack.event_forms.at(lexed, at, limit)
                && pack.events[row].slot == Slot::Object
                && happened.is_none()
                && self.counts_people(next, limit)
            {
                happened = Some((EventBy::Event(row), at..next));
                at = next;
                continue;
            }
            if !self.is_word(at, limit) {
                return None;
            }
            if let Some((_, next)) = pack.adjectives_before.at(lexed, at, limit)
                && skipped < 3
            {
                at = next;
                skipped += 1;
                continue;
            }
            if self.is_stop(at, limit) {
                return None;
            }
            // One unknown word before a known noun is taken for its adjective.
            if let Some((row, next)) = pack.unit_forms.at(lexed, at + 1, limit)
                && !lexed.tokens()[at].capital
                && pack.units[row].event.is_none()
                && pack.units[row].class != "duration"
            {
                break (at + 1..next, Some(row));
            }
            break (at..at + 1, None);
        };
        let mut noun = Noun { end: head.end, head: Some(head), row, event: happened, ..Noun::default() };
        while noun.end < limit {
            // An "and" written as one with its word opens another conjunct.
            let word = lexed.folded(noun.end);
            if words.opens_with_and(word) && !pack.unit_forms.begins(word) {
                break;
            }
            if let Some((unit, next)) = pack.unit_forms.at(lexed, noun.end, limit)
                && is_human(&pack.units[unit].class)
            {
                // "45 civils évacués": a noun of people elsewhere, here what happened to them.
                let said = pack
                    .event_forms
                    .at(lexed, noun.end, limit)
                    .filter(|(row, after)| *after == next && pack.events[*row].slot == Slot::Object);
                if pack.units[unit].event.is_some() {
                    noun.event = noun.event.or(Some((EventBy::Unit(unit), noun.end..next)));
                } else if let Some((row, _)) = said {
                    noun.event = noun.event.or(Some((EventBy::Event(row), noun.end..next)));
                }
                noun.end = next;
            } else if let Some((_, next)) = pack.adjectives_after.at(lexed, noun.end, limit) {
                noun.end = next;
            } else if let Some((row, next)) = pack.event_forms.at(lexed, noun.end, limit)
                && pack.events[row].slot == Slot::Object
                && pack.finite_forms.at(lexed, noun.end, limit).is_none()
            {
                noun.event = noun.event.or(Some((EventBy::Event(row), noun.end..next)));
                noun.end = next;
            } else {
                break;
            }
        }
        let duration = row.is_some_and(|row| pack.units[row].class == "duration");
        if duration
            && words.is_of(lexed.folded(noun.end))
            && noun.end + 1 < limit
            && self.is_word(noun.end + 1, limit)
            && !self.is_stop(noun.end + 1, limit)
            && !pack.determiners.has(lexed, noun.end + 1, limit)
        {
            noun.end += 2;
        }
        Some(noun)
    }

    /// Whether a noun of people that says nothing of what happened to them stands at `at`.
    fn counts_people(&self, at: usize, limit: usize) -> bool {
        let unit = self.pack.unit_forms.at(self.lexed, at, limit).map(|(row, _)| &self.pack.units[row]);
        unit.is_some_and(|unit| unit.event.is_none() && is_human(&unit.class))
    }

    /// Head last: "Syrian army soldiers", "displaced people", "people killed".
    fn read_last(&self, at: usize, limit: usize) -> Option<Noun> {
        let (lexed, pack) = (self.lexed, self.pack);
        let mut noun = Noun { end: at, ..Noun::default() };
        let mut unknown: Option<Range<usize>> = None;
        let mut index = at;
        let end = limit.min(at + LONGEST_RUN);
        while index < end {
            // "two rebel-held districts": an adjective, whatever its parts are.
            if let Some(next) = self.compound(index, limit) {
                if noun.head.is_some() {
                    break;
                }
                index = next;
                continue;
            }
            if let Some((row, next)) = pack.unit_forms.at(lexed, index, limit) {
                // "two gunmen wounded 12 villagers": a verb with its object.
                let object = next == limit && limit < lexed.len() || pack.determiners.has(lexed, next, limit);
                if noun.head.is_some() && object && pack.finite_forms.has(lexed, index, limit) {
                    break;
                }
                // "nine terrorist strongpoints": one of a kind before a noun of several.
                if let Some(plural) = self.modified(index, next) {
                    return Some(Noun { head: Some(plural.clone()), end: plural.end, ..Noun::default() });
                }
                let earlier = noun.row.replace(row);
                let human = |row: usize| is_human(&pack.units[row].class);
                if let (Some(unit), Some(head)) = (earlier, &noun.head) {
                    if human(unit) && human(row) && pack.units[unit].event.is_some() {
                        noun.event = noun.event.or(Some((EventBy::Unit(unit), head.clone())));
                    } else if human(unit) && pack.units[row].event.is_some() {
                        // "people dead": the noun stays the head.
                        noun.event = noun.event.or(Some((EventBy::Unit(row), index..next)));
                        noun.row = earlier;
                        noun.end = next;
                        index = next;
                        continue;
                    }
                }
                noun.head = Some(index..next);
                noun.end = next;
                index = next;
                continue;
            }
            let joined = lexed.tokens()[index].kind == TokenKind::Dash && !lexed.tokens()[index].spaced;
            if joined && index > at {
                index += 1;
                continue;
            }
            if !self.is_word(index, limit) || self.is_function_word(index, limit) {
                break;
            }
            if let Some((row, next)) = pack.event_forms.at(lexed, index, limit) {
                // "two besieged regime-held towns"
                let noun_at = self.compound(next, limit).unwrap_or(next);
                let modifies = noun.head.is_none() && pack.unit_forms.has(lexed, noun_at, limit);
                if modifies && pack.events[row].slot == Slot::Object {
                    noun.event = Some((EventBy::Event(row), index..next));
                    index = next;
                    continue;
                }
                break;
            }
            if pack.finite_forms.has(lexed, index, limit) {
                break;
            }
            if noun.head.is_some() {
                // A known noun may only modify another known noun right after this word.
                if !pack.unit_forms.has(lexed, index + 1, limit) || lexed.folded(index).ends_with("ly") {
                    break;
                }
            } else if unknown.is_none() && pack.looks_plural(lexed.folded(index)) {
                unknown = Some(index..index + 1);
            }
            index += 1;
        }
        if noun.head.is_none() {
            noun.end = unknown.as_ref()?.end;
            noun.head = unknown;
        }
        Some(noun)
    }

    /// The end of a compound whose last part tells what is done to the first ("rebel-held",
    /// "war-torn"): a participle behind an unspaced dash.
    fn compound(&self, at: usize, limit: usize) -> Option<usize> {
        let last = at + 2;
        let dashed = last < limit && self.is_word(at, limit) && is_compounded(self.lexed, last);
        (dashed && self.pack.event_forms.has(self.lexed, last, limit)).then_some(last + 1)
    }

    /// The unknown noun of several that a known singular stands before.
    fn modified(&self, at: usize, next: usize) -> Option<Range<usize>> {
        let (lexed, pack) = (self.lexed, self.pack);
        let word = lexed.folded(at);
        let singular = next == at + 1
            && pack.plural_endings.iter().any(|ending| pack.unit_forms.has_form(&format!("{word}{ending}")));
        let plural = singular
            && self.is_word(next, self.limit)
            && pack.looks_plural(lexed.folded(next))
            && !pack.unit_forms.has(lexed, next, self.limit)
            && !self.is_stop(next, self.limit);
        plural.then(|| next..next + 1)
    }

    fn is_word(&self, at: usize, limit: usize) -> bool {
        at < limit && self.lexed.tokens()[at].kind == TokenKind::Word
    }

    fn is_function_word(&self, at: usize, limit: usize) -> bool {
        let pack = self.pack;
        [&pack.stops, &pack.clause_stops, &pack.passive, &pack.active, &pack.determiners, &pack.reflexive]
            .iter()
            .any(|phrases| phrases.has(self.lexed, at, limit))
            || pack.conjunctions.has(self.lexed, at, limit)
    }

    fn is_stop(&self, at: usize, limit: usize) -> bool {
        self.is_function_word(at, limit)
            || self.pack.event_forms.has(self.lexed, at, limit)
            || self.pack.finite_forms.has(self.lexed, at, limit)
    }
}

/// Whether a word is joined by a dash to the word before it, so that it is no word of its own.
pub(super) fn is_compounded(lexed: &Lexed, at: usize) -> bool {
    let tokens = lexed.tokens();
    at >= 2
        && tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word && !token.spaced)
        && tokens[at - 1].kind == TokenKind::Dash
        && !tokens[at - 1].spaced
        && tokens[at - 2].kind == TokenKind::Word
}

/// Whether a unit class is one of people.
pub(super) fn is_human(class: &str) -> bool {
    matches!(
        class,
        "persons"
            | "civilians"
            | "children"
            | "women"
            | "fighters"
            | "soldiers"
            | "police"
            | "refugees"
            | "displaced"
            | "families"
            | "residents"
            | "detainees"
            | "hostages"
            | "journalists"
            | "protesters"
    )
}

/// Whether an event only happens to people.
pub(super) fn is_of_people(event: &str) -> bool {
    matches!(
        event,
        "killed"
            | "injured"
            | "shot"
            | "missing"
            | "displaced"
            | "evacuated"
            | "rescued"
            | "arrested"
            | "freed"
            | "surrendered"
            | "fled"
            | "marched"
    )
}
