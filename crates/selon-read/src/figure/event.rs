//! What happened to what is counted: the governing verb or noun.
//!
//! A shallow search: the noun itself, a participle beside it, the verb right before the
//! quantity, the first event verb after it in its clause, a noun before "of". A verb that the
//! counted are the agents of ("12 soldats ont tué") says nothing about them.

use std::ops::Range;

use super::Draft;
use super::noun::{is_compounded, is_human, is_of_people};
use super::pack::{FigurePack, Slot};
use crate::lex::{Lexed, TokenKind};
use crate::number::NumberPack;

/// Tokens after a noun phrase in which its verb is looked for.
const REACH: usize = 28;
/// Tokens of an aside between commas that is stepped over.
const ASIDE: usize = 16;

/// An event verb or noun that governs a figure.
#[derive(Clone, Debug)]
pub(super) struct Governing {
    pub(super) row: usize,
    pub(super) tokens: Range<usize>,
}

/// What is counted, as far as events ask.
#[derive(Clone, Copy)]
struct Counted<'a> {
    human: bool,
    /// Id of its row of the unit table.
    unit: Option<&'a str>,
}

pub(super) struct Clause<'a> {
    pub(super) lexed: &'a Lexed,
    pub(super) pack: &'a FigurePack,
    pub(super) words: &'a NumberPack,
    pub(super) sentence: Range<usize>,
}

impl Clause<'_> {
    /// A verb right before a quantity that says what happened to people: "executed | 21".
    pub(super) fn verb_before(&self, drafts: &[Draft], index: usize) -> Option<Governing> {
        let floor = index.checked_sub(1).map_or(self.sentence.start, |before| drafts[before].tokens.end);
        let counted = Counted { human: true, ..self.counted(&drafts[index]) };
        let found = self.right_before(drafts[index].tokens.start, floor, counted)?;
        let row = &self.pack.events[found.row];
        (row.slot == Slot::Object && is_of_people(&row.event)).then_some(found)
    }

    fn counted(&self, draft: &Draft) -> Counted<'_> {
        Counted {
            human: draft.class.as_deref().is_some_and(is_human),
            unit: draft.noun.row.map(|row| self.pack.units[row].id.as_str()),
        }
    }

    /// Whether a row of the event table is said of what is counted.
    fn is_said_of(&self, row: usize, counted: Counted<'_>) -> bool {
        let only = self.pack.events[row].unit.as_deref();
        only.is_none() || only == counted.unit
    }

    /// The event of the draft at `index`, from its surroundings.
    pub(super) fn governing(&self, drafts: &[Draft], index: usize) -> Option<Governing> {
        let counted = self.counted(&drafts[index]);
        let floor = index.checked_sub(1).map_or(self.sentence.start, |before| drafts[before].tokens.end);
        let start = drafts[index].tokens.start;
        if let Some(found) = self.right_before(start, floor, counted) {
            // "includes 126 people killed": the participle says more than that they are there.
            let end = drafts[index].tokens.end;
            let said = self.pack.event_forms.at(self.lexed, end, self.sentence.end);
            let said = said.filter(|(row, _)| {
                let event = &self.pack.events[*row];
                event.slot == Slot::Object && is_of_people(&event.event)
            });
            let weak = !is_of_people(&self.pack.events[found.row].event);
            return match said {
                Some((row, after)) if weak => Some(Governing { row, tokens: end..after }),
                // "reported dozens | had fled": what the clause says, not who counted.
                _ if self.pack.events[found.row].event == "recorded" => match self.after(drafts, index) {
                    After::Event(event) if is_of_people(&self.pack.events[event.row].event) => Some(event),
                    _ => Some(found),
                },
                _ => Some(found),
            };
        }
        match self.after(drafts, index) {
            After::Event(found) => return Some(found),
            After::Agent => return None,
            After::Nothing => {}
        }
        self.farther_before(start, floor, counted)
    }

    /// "a tué | 12", "la mort de | 12", "killing | 12".
    fn right_before(&self, start: usize, floor: usize, counted: Counted<'_>) -> Option<Governing> {
        let mut at = start;
        let mut of = false;
        for _ in 0..4 {
            if let Some(found) = self.event_before(at, floor, of, counted) {
                return Some(found);
            }
            if at <= floor {
                return None;
            }
            // "reported that | 200 people": another clause.
            if self.pack.clause_stops.before(self.lexed, at, floor).is_some() {
                return None;
            }
            // "la mort de « | dizaines de personnes »"
            if matches!(self.lexed.tokens()[at - 1].kind, TokenKind::QuoteOpen | TokenKind::QuoteAmbiguous) {
                at -= 1;
                continue;
            }
            // "killed a total of | 346 people"
            if let Some((_, from)) = self.pack.count_of.before(self.lexed, at, floor) {
                at = from;
                continue;
            }
            let is_of = self.words.is_of(self.lexed.folded(at - 1));
            let is_article = self.pack.determiners.before(self.lexed, at, floor).is_some();
            if !is_of && !is_article {
                return None;
            }
            // "a blessé des dizaines": "des" is an article there.
            if is_of
                && is_article
                && let Some(found) = self.event_before(at - 1, floor, false, counted)
                && self.pack.events[found.row].slot == Slot::Object
            {
                return Some(found);
            }
            of |= is_of;
            at -= 1;
        }
        None
    }

    /// "killed and injured | five", "scores | were killed and injured": both verbs, of which neither
    /// is said of all. Verbs that follow one another ("abducted and killed") are no such pair.
    pub(super) fn casualties(&self, drafts: &[Draft], index: usize) -> Option<Range<usize>> {
        let floor = index.checked_sub(1).map_or(self.sentence.start, |before| drafts[before].tokens.end);
        let counted = Counted { human: true, ..self.counted(&drafts[index]) };
        let split = |first: usize, last: usize| {
            let event = |row: usize| self.pack.events[row].event.as_str();
            matches!((event(first), event(last)), ("killed", "injured") | ("injured", "killed"))
        };
        let Some(last) = self.right_before(drafts[index].tokens.start, floor, counted) else {
            let After::Event(first) = self.after(drafts, index) else { return None };
            let end = self.sentence.end;
            // "Dozens Killed Injured": a headline that lost its comma.
            let and = self.pack.conjunctions.at(self.lexed, first.tokens.end, end);
            let next = and.map_or(first.tokens.end, |(_, next)| next);
            let (row, to) = self.pack.event_forms.at(self.lexed, next, end)?;
            // "were killed and wounded three others" has an object of its own.
            let alone = drafts.get(index + 1).is_none_or(|draft| draft.tokens.start != to);
            return (alone && split(first.row, row)).then_some(first.tokens.start..to);
        };
        let (_, and) = self.pack.conjunctions.before(self.lexed, last.tokens.start, floor)?;
        let first = self.event_before(and, floor, false, counted)?;
        split(first.row, last.row).then_some(first.tokens.start..last.tokens.end)
    }

    fn event_before(&self, at: usize, floor: usize, of: bool, counted: Counted<'_>) -> Option<Governing> {
        if of && let Some((row, from)) = self.pack.of_forms.before(self.lexed, at, floor) {
            return Some(Governing { row, tokens: from..at });
        }
        let found = self
            .pack
            .event_forms
            .before(self.lexed, at, floor)
            .or_else(|| self.pack.finite_forms.before(self.lexed, at, floor))?;
        let (row, from) = found;
        let governs = match self.pack.events[row].slot {
            Slot::Object => !of,
            // A counted subject before its verb is a matter of languages with the head first.
            Slot::Subject => counted.human && !of && !self.pack.head_last,
            Slot::Of | Slot::Toll => false,
        };
        (governs && self.is_said_of(row, counted)).then_some(Governing { row, tokens: from..at })
    }

    /// "a tué hier soir | 12 personnes".
    fn farther_before(&self, start: usize, floor: usize, counted: Counted<'_>) -> Option<Governing> {
        let mut at = start;
        for _ in 0..3 {
            if at <= floor || self.lexed.tokens()[at - 1].kind != TokenKind::Word {
                return None;
            }
            let stop = [&self.pack.stops, &self.pack.clause_stops, &self.pack.passive, &self.pack.active];
            if stop.iter().any(|phrases| phrases.before(self.lexed, at, floor).is_some()) {
                return None;
            }
            at -= 1;
            if let Some(found) = self.event_before(at, floor, false, counted)
                && self.pack.events[found.row].slot == Slot::Object
            {
                return Some(found);
            }
        }
        None
    }

    /// The first event verb after the noun phrase, in the same clause.
    fn after(&self, drafts: &[Draft], index: usize) -> After {
        let (lexed, pack) = (self.lexed, self.pack);
        let counted = self.counted(&drafts[index]);
        let begin = drafts[index].tokens.end;
        let mut at = begin;
        let mut next = index + 1;
        let mut joined = true;
        let mut listed = false;
        let end = self.sentence.end.min(begin + REACH);
        let mut negated = false;
        // Inside "who …", which says less than the verb behind it.
        let mut is_aside = false;
        while at < end {
            while drafts.get(next).is_some_and(|draft| draft.tokens.start < at) {
                next += 1;
            }
            if let Some(draft) = drafts.get(next).filter(|draft| draft.tokens.start == at) {
                // Two numbers side by side are no list.
                if !joined || at == begin || draft.tokens.end <= at {
                    return After::Nothing;
                }
                at = draft.tokens.end;
                next += 1;
                listed = false;
                continue;
            }
            let kind = lexed.tokens()[at].kind;
            match kind {
                TokenKind::Stop => return After::Nothing,
                TokenKind::Comma => {
                    if !matches!(lexed.folded(at), "," | "،") {
                        return After::Nothing;
                    }
                    let follows = drafts.get(next).is_some_and(|draft| draft.tokens.start == at + 1);
                    // "the daughter, 9-year-old Mara Odel, | died": the comma that closes it.
                    let start = drafts[index].tokens.start;
                    let inserted = start > self.sentence.start
                        && lexed.tokens()[start - 1].kind == TokenKind::Comma
                        && self.goes_on(at + 1, end);
                    if inserted && !follows {
                        at += 1;
                        continue;
                    }
                    match self.after_aside(at, end) {
                        Some(after) => at = after,
                        None if follows && joined => at += 1,
                        None => return After::Nothing,
                    }
                    continue;
                }
                TokenKind::Other if lexed.folded(at) == "(" => {
                    let close = (at..end).find(|index| lexed.folded(*index) == ")");
                    match close {
                        Some(close) => at = close + 1,
                        None => return After::Nothing,
                    }
                    continue;
                }
                TokenKind::Word | TokenKind::Digits => {}
                _ => {
                    at += 1;
                    continue;
                }
            }
            let joins = pack.conjunctions.at(lexed, at, end).or_else(|| pack.parts.at(lexed, at, end));
            if let Some((_, next_word)) = joins {
                at = next_word;
                listed = joined;
                continue;
            }
            // "soldiers and allied fighters and several dozen rebels | were killed": a noun
            // without a number in the list.
            if listed
                && !joined
                && let Some((row, after)) = pack.unit_forms.at(lexed, at, end)
                && is_human(&pack.units[row].class)
                && pack.units[row].event.is_none()
            {
                joined = true;
                at = after;
                continue;
            }
            if let Some((_, after)) = pack.idioms.at(lexed, at, end) {
                joined = false;
                at = after;
                continue;
            }
            // "une femme et ses | deux enfants sont morts".
            if joined
                && at > begin
                && drafts.get(next).is_some_and(|draft| draft.tokens.start == at + 1)
                && pack.determiners.has(lexed, at, end)
            {
                at += 1;
                continue;
            }
            if pack.active.has(lexed, at, end) && pack.event_forms.at(lexed, at, end).is_none() {
                joined = false;
                listed = false;
                at += 1;
                continue;
            }
            // "a rebel-held district", "so-called": no event of its own, no end of the clause.
            if is_compounded(lexed, at) || is_compounded(lexed, at + 2) && at + 2 < end {
                joined = false;
                at += 1;
                continue;
            }
            let said = pack.event_forms.at(lexed, at, self.sentence.end);
            if let Some((row, after)) = said.filter(|(row, _)| self.is_said_of(*row, counted)) {
                // "restent bloqués": the second word says more.
                let second = pack.event_forms.at(lexed, after, self.sentence.end);
                let (row, after) = match second {
                    Some(second) if matches!(pack.events[row].event.as_str(), "present" | "recorded") => {
                        second
                    }
                    _ => (row, after),
                };
                // "shot in the head and killed": what is told last says how it ended.
                let (at, row, after) = match pack.events[row].open {
                    true => {
                        self.outcome(after, end).map_or((at, row, after), |(row, after)| (at, row, after))
                    }
                    false => (at, row, after),
                };
                // "who was injured in the raid has died"
                let (at, row, after) = match pack.events[row].event.as_str() {
                    "injured" | "shot" if is_aside || !self.is_passive(at, begin) => self
                        .fate(after)
                        .map_or((at, row, after), |fate| (fate.tokens.start, fate.row, fate.tokens.end)),
                    _ => (at, row, after),
                };
                let event = &pack.events[row];
                let reflexive = !event.reflexive || self.any(&pack.reflexive, begin, at);
                match event.slot {
                    Slot::Subject if reflexive => {
                        return if negated {
                            After::Nothing
                        } else {
                            After::Event(Governing { row, tokens: at..after })
                        };
                    }
                    Slot::Object if reflexive => {
                        if negated {
                            return After::Nothing;
                        }
                        let passive = self.is_passive(at, begin);
                        let finite = pack.finite_forms.at(lexed, at, self.sentence.end).is_some();
                        let active = !passive
                            && (self.any(&pack.active, at.saturating_sub(5).max(begin), at)
                                || finite && self.object_follows(drafts, next, after));
                        return if active {
                            After::Agent
                        } else {
                            After::Event(Governing { row, tokens: at..after })
                        };
                    }
                    _ => {}
                }
            } else if pack.finite_forms.has(lexed, at, self.sentence.end) {
                return After::Agent;
            }
            if pack.clause_stops.has(lexed, at, end) {
                is_aside = at == begin;
                if !is_aside {
                    return After::Nothing;
                }
            }
            negated |= pack.negations.has(lexed, at, end);
            joined = false;
            at += 1;
        }
        After::Nothing
    }

    /// "shot in the head | and killed": a second verb after "and", with its end.
    fn outcome(&self, from: usize, end: usize) -> Option<(usize, usize)> {
        let (lexed, pack) = (self.lexed, self.pack);
        let limit = end.min(from + 8);
        // "shot in the head, killed": a headline's "and".
        let stop = |at: &usize| matches!(lexed.tokens()[*at].kind, TokenKind::Stop | TokenKind::Comma);
        let comma = (from..limit).find(stop).filter(|at| lexed.tokens()[*at].kind == TokenKind::Comma);
        if let Some(comma) = comma
            && let Some(found) = pack.event_forms.at(lexed, comma + 1, self.sentence.end)
            && pack.events[found.0].event == "killed"
            && (found.1 >= self.sentence.end || lexed.tokens()[found.1].kind != TokenKind::Word)
        {
            return Some(found);
        }
        let clause = (from..limit).take_while(|at| !stop(at));
        clause.filter(|at| pack.conjunctions.has(lexed, *at, limit)).find_map(|at| {
            let found = pack.event_forms.at(lexed, at + 1, self.sentence.end)?;
            (pack.events[found.0].event == "killed").then_some(found)
        })
    }

    /// "who was injured in the raid | has died", "a boy hurt in the blast | died": what the clause says
    /// at last of whoever was injured.
    pub(super) fn fate(&self, from: usize) -> Option<Governing> {
        let (lexed, pack) = (self.lexed, self.pack);
        let end = self.sentence.end.min(from + REACH);
        for at in from..end {
            let ends = !matches!(lexed.tokens()[at].kind, TokenKind::Word | TokenKind::Digits);
            if ends || pack.conjunctions.has(lexed, at, end) || pack.clause_stops.has(lexed, at, end) {
                return None;
            }
            if let Some((row, after)) = pack.event_forms.at(lexed, at, self.sentence.end) {
                let event = &pack.events[row];
                return (event.event == "killed" && event.slot == Slot::Subject)
                    .then_some(Governing { row, tokens: at..after });
            }
        }
        None
    }

    /// After ", … ," where a verb goes on: the token of that verb.
    fn after_aside(&self, comma: usize, end: usize) -> Option<usize> {
        let limit = end.min(comma + ASIDE);
        // A comma inside a number has no space after it.
        let is_close = |index: &usize| {
            matches!(self.lexed.folded(*index), "," | "،")
                && self.lexed.tokens().get(index + 1).is_some_and(|next| next.spaced)
        };
        // "three men, ages 17, 19 and 20, | were": commas of the aside's own.
        (comma + 1..limit).filter(is_close).map(|close| close + 1).find(|verb| self.goes_on(*verb, end))
    }

    /// Whether a verb stands at `at`.
    fn goes_on(&self, at: usize, end: usize) -> bool {
        [&self.pack.passive, &self.pack.active, &self.pack.event_forms, &self.pack.reflexive]
            .iter()
            .any(|phrases| phrases.has(self.lexed, at, end))
    }

    fn is_passive(&self, verb: usize, floor: usize) -> bool {
        self.any(&self.pack.passive, verb.saturating_sub(4).max(floor), verb)
    }

    fn any(&self, phrases: &super::phrases::Phrases, from: usize, to: usize) -> bool {
        (from..to).any(|index| phrases.has(self.lexed, index, to))
    }

    fn object_follows(&self, drafts: &[Draft], next: usize, at: usize) -> bool {
        // "14 farmers killed 60 injured": two counts of a headline, no verb with its object.
        let counts = |draft: &Draft| {
            let row = draft.noun.row;
            row.is_some_and(|row| self.pack.units[row].event.is_some())
        };
        drafts.get(next).is_some_and(|draft| draft.tokens.start == at && !counts(draft))
            || self.pack.determiners.has(self.lexed, at, self.sentence.end)
    }

    /// "le bilan est de 17", "le nombre de blessés est passé de 9 à 16": what a quantity
    /// without a noun of its own counts, by the nearest toll noun or "number of" before it.
    pub(super) fn subject(&self, start: usize) -> Option<Subject> {
        let floor = start.saturating_sub(14).max(self.sentence.start);
        let (lexed, pack) = (self.lexed, self.pack);
        (floor..start).rev().find_map(|at| {
            if let Some((row, next)) = pack.event_forms.at(lexed, at, start)
                && pack.events[row].slot == Slot::Toll
            {
                return Some(Subject::Toll(Governing { row, tokens: at..next }));
            }
            let (_, mut noun) = pack.count_of.at(lexed, at, start)?;
            if pack.determiners.has(lexed, noun, start) {
                noun += 1;
            }
            let (unit, next) = pack.unit_forms.at(lexed, noun, start)?;
            let happened = pack.event_forms.at(lexed, next, start);
            let happened = happened.filter(|(row, _)| pack.events[*row].slot == Slot::Object);
            Some(Subject::Unit {
                row: unit,
                tokens: noun..next,
                happened: happened.map(|(row, end)| Governing { row, tokens: next..end }),
            })
        })
    }
}

/// What stands for the noun of a quantity that has none.
pub(super) enum Subject {
    /// A word for a toll.
    Toll(Governing),
    /// The noun after "number of".
    Unit { row: usize, tokens: Range<usize>, happened: Option<Governing> },
}

enum After {
    Event(Governing),
    Agent,
    Nothing,
}
