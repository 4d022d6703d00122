//! Numbers that are no figures: dates, ages, house numbers, articles of law, scores, phone
//! numbers. Each rule is about the words around a number, never about its value alone.

use selon_model::{TimeKind, TimeMention};

use super::Draft;
use super::noun::{is_human, is_of_people};
use super::pack::{FigurePack, Slot};
use super::quantity::Shape;
use crate::lex::{Lexed, TokenKind};
use crate::number::NumberPack;

/// Whether the words around the number make it something else than a figure. Asked before
/// events are looked for.
pub(super) fn is_other_number(
    lexed: &Lexed,
    draft: &Draft,
    first: usize,
    end: usize,
    words: &NumberPack,
    pack: &FigurePack,
) -> bool {
    let measured = &draft.measured;
    if is_part_of_code(lexed, draft, first, end) {
        return true;
    }
    if says_otherwise(lexed, draft, first, end, pack) {
        return true;
    }
    if is_price_label(lexed, draft, first, end, pack) || is_number_of_name(lexed, draft, first, end, pack) {
        return true;
    }
    let class = draft.class.as_deref();
    if measured.like_year {
        let counted = class.is_some_and(is_human) && !is_after_determiner(lexed, draft, first, words, pack);
        if !counted {
            return true;
        }
    }
    class == Some("duration") && is_age(lexed, draft, first, end, words, pack)
}

/// The rules of the pack: words right before or after the number.
fn says_otherwise(lexed: &Lexed, draft: &Draft, first: usize, end: usize, pack: &FigurePack) -> bool {
    let measured = &draft.measured;
    let before = [measured.tokens.start, measured.first.start]
        .into_iter()
        .find_map(|at| pack.not_before.before(lexed, at, first));
    let after = pack.not_after.at(lexed, measured.end(), end);
    let holds = |row: usize| {
        let rule = &pack.not_figures[row];
        let class = rule.class.is_none() || rule.class == draft.class;
        let both = rule.before.is_empty()
            || rule.after.is_empty()
            || before.is_some_and(|(before, _)| before == row)
                && after.is_some_and(|(after, _)| after == row);
        let happened = rule.unless_happened
            && (draft.noun.event.is_some()
                || pack.event_forms.at(lexed, draft.tokens.end, end).is_some_and(|(event, _)| {
                    pack.events[event].slot == Slot::Object && is_of_people(&pack.events[event].event)
                }));
        !rule.off && class && both && !happened
    };
    [before, after].into_iter().flatten().any(|(row, _)| holds(row))
}

/// Whether a rule of the pack says by the word before the number that it is no figure.
pub(super) fn is_named_before(lexed: &Lexed, draft: &Draft, first: usize, pack: &FigurePack) -> bool {
    let before = pack.not_before.before(lexed, draft.measured.tokens.start, first);
    before.is_some_and(|(row, _)| !pack.not_figures[row].off && pack.not_figures[row].after.is_empty())
}

/// "ages 17, | 19 and 20": a number that counts nothing itself, in a list that goes on from one that
/// ends at `from` and is no figure.
pub(super) fn goes_on(lexed: &Lexed, draft: &Draft, from: usize, pack: &FigurePack) -> bool {
    let to = draft.measured.tokens.start;
    let joins =
        |at: usize| lexed.tokens()[at].kind == TokenKind::Comma || pack.conjunctions.has(lexed, at, to);
    let bare = draft.noun.row.is_none() && draft.class.as_deref().is_none_or(|class| class == "other");
    let plain = draft.measured.currency.is_none() && !draft.measured.is_percent();
    bare && plain && (from..to).len() <= 2 && from < to && (from..to).all(joins)
}

/// Most tokens of a line that is a price.
const LABEL: usize = 12;
/// From here on an amount is no price of goods.
const PRICE: u32 = 10_000;

/// "$285 at Corvane's": a line that is nothing but a sum of money and where one pays it.
fn is_price_label(lexed: &Lexed, draft: &Draft, first: usize, end: usize, pack: &FigurePack) -> bool {
    let measured = &draft.measured;
    let small = measured.quantity.lower.is_some_and(|value| value < PRICE.into());
    let one_of_many = first > 0 || end < lexed.len();
    let opens = measured.tokens.start == first && end - first <= LABEL;
    if measured.currency.is_none() || !small || !opens || !one_of_many {
        return false;
    }
    let stop = end > first && lexed.tokens()[end - 1].kind == TokenKind::Stop;
    let verbs = [&pack.passive, &pack.active, &pack.event_forms, &pack.finite_forms];
    !stop && !(first..end).any(|at| verbs.iter().any(|phrases| phrases.has(lexed, at, end)))
}

/// "Canal 6 annonce que", "the Forte 20 is": digits after a capitalised word, before a verb or
/// nothing, belong to the name.
fn is_number_of_name(lexed: &Lexed, draft: &Draft, first: usize, end: usize, pack: &FigurePack) -> bool {
    let measured = &draft.measured;
    let tokens = lexed.tokens();
    let start = measured.tokens.start;
    let plain = measured.rule.is_none()
        && measured.currency.is_none()
        && measured.second.is_none()
        && !measured.is_percent()
        && tokens[start].kind == TokenKind::Digits;
    if !plain || start < first + 1 || draft.noun.row.is_some() || draft.noun.others {
        return false;
    }
    let before = tokens[start - 1];
    let name = before.kind == TokenKind::Word && before.capital && tokens[start].spaced;
    let after = draft.noun.head.as_ref().map_or(measured.end(), |head| head.end);
    let verb = draft.noun.head.is_some()
        && (pack.determiners.has(lexed, after, end) || pack.clause_stops.has(lexed, after, end));
    name && verb
}

/// A number next to digits that do not belong to it: "12:30", "3-2", "192.168.1.2", "9/11".
fn is_part_of_code(lexed: &Lexed, draft: &Draft, first: usize, end: usize) -> bool {
    let tokens = lexed.tokens();
    let start = draft.measured.first.start;
    let stop = draft.measured.second.as_ref().map_or(draft.measured.first.end, |second| second.end);
    let is_digits = |index: usize| index >= first && index < end && tokens[index].kind == TokenKind::Digits;
    let is_joint = |index: usize| {
        matches!(tokens[index].kind, TokenKind::Stop | TokenKind::Comma | TokenKind::Dash)
            || matches!(lexed.folded(index), "/" | "×" | "+" | "=" | "°")
    };
    let before = start >= first + 2
        && !tokens[start].spaced
        && is_joint(start - 1)
        && !tokens[start - 1].spaced
        && is_digits(start - 2);
    let after = stop + 1 < end
        && !tokens[stop].spaced
        && is_joint(stop)
        && !tokens[stop + 1].spaced
        && is_digits(stop + 1);
    // "2X points", "a 777x": letters joined to the digits that are no unit of theirs.
    let letters = stop < end
        && tokens[stop - 1].kind == TokenKind::Digits
        && tokens[stop].kind == TokenKind::Word
        && !tokens[stop].spaced
        && matches!(lexed.folded(stop), "x" | "х");
    let plus = start > first && lexed.folded(start - 1) == "+" && !tokens[start].spaced;
    before || after || letters || plus || is_half_of_word(lexed, draft, end)
}

/// "half-naked": a fraction that opens a compound, unless the compound is measured.
fn is_half_of_word(lexed: &Lexed, draft: &Draft, end: usize) -> bool {
    let measured = &draft.measured;
    let tokens = lexed.tokens();
    let stop = measured.first.end;
    measured.shape == Shape::Part
        && measured.second.is_none()
        && stop + 1 < end
        && tokens[stop].kind == TokenKind::Dash
        && !tokens[stop].spaced
        && !tokens[stop + 1].spaced
        && tokens[stop + 1].kind == TokenKind::Word
        && (draft.noun.head.as_ref().is_none_or(|head| head.start != stop + 1)
            || draft.class.as_deref() == Some("duration"))
}

fn is_after_determiner(
    lexed: &Lexed,
    draft: &Draft,
    first: usize,
    words: &NumberPack,
    pack: &FigurePack,
) -> bool {
    let start = draft.tokens.start;
    start > first
        && (pack.determiners.before(lexed, start, first).is_some()
            || pack.stops.before(lexed, start, first).is_some()
            || words.is_of(lexed.folded(start - 1)))
}

/// "un homme de 45 ans", "Ali Hassan, 45 ans,".
fn is_age(
    lexed: &Lexed,
    draft: &Draft,
    first: usize,
    end: usize,
    words: &NumberPack,
    pack: &FigurePack,
) -> bool {
    let years = draft.code.as_deref() == Some("Y");
    let start = draft.tokens.start;
    if !years || start < first + 2 {
        return false;
    }
    let before = lexed.folded(start - 1);
    // "il est mort à 40 ans", not "condamné à 40 ans de prison".
    if pack.age_cues.before(lexed, start, first).is_some()
        && !words.is_of(lexed.folded(draft.noun.end))
        && draft.noun.end == draft.noun.head.as_ref().map_or(0, |head| head.end)
    {
        return true;
    }
    if words.is_of(before) {
        let noun = (start - 1).saturating_sub(3).max(first)..start - 1;
        return noun
            .filter_map(|at| pack.unit_forms.at(lexed, at, start))
            .any(|(row, _)| is_human(&pack.units[row].class));
    }
    let closes = draft.tokens.end >= end
        || matches!(lexed.tokens()[draft.tokens.end].kind, TokenKind::Comma | TokenKind::Stop)
        || lexed.folded(draft.tokens.end) == ")";
    // "Ali Hassan, 45 ans qui a fui": the name tells it.
    let named = matches!(before, ",") && lexed.tokens()[start - 2].capital;
    let bare = draft.noun.head.as_ref().is_some_and(|head| head.end == draft.tokens.end);
    let goes_on = draft.tokens.end < end && words.is_of(lexed.folded(draft.tokens.end));
    (closes || named && bare && !goes_on) && matches!(before, "," | "(" | "،")
}

/// Whether the number stands inside a date, a time of day or a set; those have their own list.
pub(super) fn is_in_time(draft: &Draft, lexed: &Lexed, times: &[TimeMention]) -> bool {
    let span = lexed.span(draft.measured.first.clone());
    let from = times.partition_point(|time| time.span.end <= span.start);
    times[from..]
        .iter()
        .take_while(|time| time.span.start < span.end)
        // "entre le 11 et le 28 mars": days with an end of their own.
        .any(|time| time.span.overlaps(span) && (time.kind != TimeKind::Duration || !time.parts.is_empty()))
}

/// "killed one and wounded three": the object of a verb of what happens to people, with nothing
/// after it that it could belong to.
fn is_lone_victim(draft: &Draft, pack: &FigurePack, lexed: &Lexed) -> bool {
    let (start, end) = (draft.measured.tokens.start, draft.measured.end());
    let verb = draft.event.as_ref().and_then(|event| event.tokens.as_ref());
    let ends = end >= lexed.len()
        || matches!(lexed.tokens()[end].kind, TokenKind::Comma | TokenKind::Stop)
        || pack.conjunctions.has(lexed, end, lexed.len());
    draft.noun.head.is_none() && verb.is_some_and(|verb| verb.end == start) && ends
}

/// Whether a draft says too little to be kept, once its event is known.
pub(super) fn is_too_little(draft: &Draft, pack: &FigurePack, lexed: &Lexed) -> bool {
    let measured = &draft.measured;
    let event = draft.event.as_ref().map(|event| event.class.as_str());
    let class = draft.class.as_deref();
    let human = class.is_some_and(is_human);
    // "a man of 40 lives here": only what takes lives counts them.
    let bound = draft
        .noun
        .row
        .is_some_and(|row| pack.events.iter().any(|event| event.unit.as_ref() == Some(&pack.units[row].id)));
    if bound && !event.is_some_and(is_of_people) {
        return true;
    }
    if measured.article {
        // "un", "one" are articles and pronouns first: kept where they count a victim.
        let people = human && event.is_some_and(is_of_people);
        return !(people
            && (draft.noun.row.is_some() || measured.alone || is_lone_victim(draft, pack, lexed)));
    }
    if measured.shape == Shape::Zero {
        // "no figure for the number of killed": without a noun of people, a verb must follow.
        let end = measured.end();
        let verbs = [&pack.passive, &pack.active, &pack.event_forms, &pack.finite_forms, &pack.negations];
        // "Nul n'a été tué": a particle may stand before the verb.
        let near = end..(end + 3).min(lexed.len());
        let verb = near
            .into_iter()
            .any(|at| verbs.iter().any(|phrases| phrases.at(lexed, at, lexed.len()).is_some()));
        let alone = event.is_some_and(is_of_people) && draft.noun.head.is_none() && verb;
        return !(human && (draft.noun.row.is_some() || alone));
    }
    if measured.currency.is_some() {
        return false;
    }
    match (&draft.noun.head, draft.noun.row) {
        (Some(_), Some(_)) => false,
        (Some(head), None) => {
            if draft.noun.others {
                return class.is_none();
            }
            let plural = pack.looks_plural(lexed.folded(head.start));
            !measured.is_percent() && !plural || measured.shape == Shape::Zero
        }
        (None, _) if draft.noun.of_next => false,
        // "it has 20 in its name": that something is there counts nothing by itself.
        (None, _) if event == Some("present") && class.is_none() && draft.stands_for.is_none() => true,
        (None, _) => event.is_none() && !measured.is_percent() && draft.stands_for.is_none(),
    }
}
