//! Quotations that no cue took: after a colon, alone in their sentence, or long.

use std::ops::Range;

use selon_model::Mode;

use crate::lex::TokenKind;

use super::complement::quotation_end;
use super::cue::{Hit, Shape, verb};
use super::draft::{Draft, one_piece};
use super::lexicon::class;
use super::noun_phrase::{Width, is_cue_verb, noun_phrase, role_at, subject_before, with_apposition};
use super::quote::{Quotation, is_fragment};
use super::rules::Rules;
use super::source::{is_nobody, is_reader, trimmed};
use super::speaker::read_speaker;
use super::view::View;

/// Drafts of the sentence that may have taken a quotation: all that its cues can make.
const NEAR: usize = 80;
/// Tokens between a contrast and the words in marks after it.
const REACH: usize = 6;
/// Tokens of adjuncts around the one who speaks inside the marks.
const ASIDE: usize = 12;

/// Quotations that no cue took: after a colon, alone in their sentence, or long.
pub(super) fn read_floating(
    view: &View<'_>,
    rules: &Rules,
    index: usize,
    first: usize,
    drafts: &mut Vec<Draft>,
) {
    let unit = view.units[index].tokens.clone();
    // Nothing but quotations.
    let alone = unit.clone().all(|token| {
        view.quotation(token).is_some() || !view.is_word(token) && view.kind(token) != TokenKind::Digits
    });
    let mut at = unit.start;
    while at < unit.end {
        let Some(quotation) = view.quotation(at).cloned() else {
            at += 1;
            continue;
        };
        at = quotation.tokens.end.max(at + 1);
        let taken = drafts[first.min(drafts.len())..].iter().rev().take(NEAR).any(|draft| {
            draft
                .content
                .iter()
                .chain(draft.source.iter())
                .any(|piece| piece.start < quotation.tokens.end && quotation.tokens.start < piece.end)
        });
        if taken || !quotation.closed && quotation.inner.len() > 400 {
            continue;
        }
        let inner = quotation.inner.start.max(unit.start)..quotation.inner.end.min(unit.end);
        let has_verb = inner.clone().any(|token| view.has(token, class::FINITE));
        let words = inner.clone().filter(|token| view.is_word(*token)).count();
        let colon = quotation.tokens.start > unit.start && view.words(quotation.tokens.start - 1) == ":";
        let fragment = is_fragment(view.text, view.lexed, &quotation, has_verb);
        let content = one_piece(quotation.tokens.start.max(unit.start)..quotation.tokens.end.min(unit.end));
        if let Some(draft) = interrupted(view, rules, index, &quotation) {
            drafts.push(draft);
            continue;
        }
        let mut draft = Draft {
            cue_rule: None,
            core: "core.statement.floating",
            cue: None,
            source: None,
            mode: Mode::Direct,
            content,
            under_past: false,
            unit: index,
            adjuncts: Vec::new(),
            object: None,
            through: None,
            continues: None,
            goes_on: false,
        };
        if colon && !fragment {
            let colon_at = quotation.tokens.start - 1;
            let verb = (unit.start..colon_at)
                .find(|token| view.is_finite(*token) && view.quotation(*token).is_none());
            draft.core = "core.statement.colon";
            draft.cue = Some(colon_at..colon_at + 1);
            // "…, selon X : « … »": whoever was named last before the colon goes on.
            let named = drafts[first.min(drafts.len())..]
                .iter()
                .filter_map(|draft| draft.source.clone())
                .find(|source| source.end == colon_at);
            draft.source = match verb {
                _ if named.is_some() => named,
                Some(verb) => subject_before(view, verb, unit.start),
                None => noun_phrase(view, rules, unit.start, colon_at, Width::Source)
                    .filter(|phrase| phrase.end == colon_at || view.is_comma(phrase.end)),
            };
            let source = draft.source.map(|source| trimmed(view, source));
            draft.source = source.filter(|source| speaks(view, rules, source));
            // "La situation est grave : « … »", "La musique est pour lui une vie : « … »": what is
            // something does not speak; a person named by a pronoun may.
            let is = verb
                .is_some_and(|verb| view.has(verb, class::BE) && !view.has(verb + 1, class::PAST_PARTICIPLE));
            if is {
                draft.source =
                    draft.source.filter(|source| names_speaker(view, rules, source)).or_else(|| {
                        let pronoun =
                            (unit.start..colon_at).rev().find(|at| is_governed_pronoun(view, *at))?;
                        Some(pronoun..pronoun + 1)
                    });
            }
            if draft.source.is_none()
                && let Some(before) = last_speaker(view, drafts, first, index)
            {
                draft.source = drafts[before].source.clone();
                draft.continues = Some(before);
            }
            if verb.is_some() || draft.source.is_some() {
                drafts.push(draft);
                continue;
            }
            draft.core = "core.statement.floating";
            draft.cue = None;
        }
        if alone && !fragment {
            // Right after words in marks of the same paragraph, the same speaker goes on; quotations
            // that stand loose in his sentence are passed over.
            // A heading in marks quotes whom it likes.
            let before = last_speaker(view, drafts, first, index)
                .or_else(|| only_speaker(view, rules, drafts, first, index))
                .filter(|_| !view.units[index].heading);
            if let Some(before) = before {
                draft.core = "core.statement.continued";
                draft.source = drafts[before].source.clone();
                draft.continues = Some(before);
            }
            drafts.push(draft);
        } else if let Some((before, start)) = goes_on_after(view, rules, drafts, first, &quotation, words) {
            draft.core = "core.statement.continued";
            draft.source = drafts[before].source.clone();
            draft.continues = Some(before);
            draft.content = one_piece(start..quotation_end(view, &unit, quotation.tokens.start));
            draft.mode = if start < quotation.tokens.start { Mode::Mixed } else { Mode::Direct };
            drafts.push(draft);
        } else if !fragment && has_verb && words >= 6 && !is_charge(view, &unit, &quotation) {
            // A long quotation in a sentence of the narrator.
            let end = quotation_end(view, &unit, quotation.tokens.start);
            draft.content = one_piece(draft.content[0].start..end);
            drafts.push(draft);
        }
    }
}

/// "prosecuted for “praise of a terrorist act committed online”", "for suspicions of “…”": words in marks
/// after a preposition, without a sure verb, name a thing.
fn is_charge(view: &View<'_>, unit: &Range<usize>, quotation: &Quotation) -> bool {
    let before = |at: usize| at.checked_sub(1).filter(|before| *before >= unit.start);
    let mut governor = before(quotation.tokens.start);
    // "for “…” and “…”"
    if let Some(and) = governor.filter(|and| view.has(*and, class::AND))
        && let Some(first) = before(and).and_then(|last| view.quotation(last))
    {
        governor = before(first.tokens.start);
    }
    let governed = governor.is_some_and(|before| view.has(before, class::PREPOSITION | class::LINK));
    governed && !quotation.inner.clone().any(|at| view.is_plainly_finite(at))
}

/// "He said he had asked for it, but “did not get it”", "the facts, she concedes, are there, but it is “an
/// error on his part”": after a contrast and a few words that name nobody, words in marks are those of
/// the only one who spoke in the sentence. Gives his draft and where the words begin.
fn goes_on_after(
    view: &View<'_>,
    rules: &Rules,
    drafts: &[Draft],
    first: usize,
    quotation: &Quotation,
    words: usize,
) -> Option<(usize, usize)> {
    let start = quotation.tokens.start;
    let own = &drafts[first.min(drafts.len())..];
    let said = own.iter().flat_map(|draft| &draft.content).map(|piece| piece.end);
    let end = said.filter(|end| *end <= start).max()?;
    let contrast = (end..start).find(|at| view.has(*at, class::BUT))?;
    let near = start - contrast <= REACH && contrast - end <= 1 && words >= 3;
    let nobody = (contrast + 1..start).all(|at| {
        view.is_word(at) && !view.capital(at) && role_at(view, at).is_none() && view.quotation(at).is_none()
            || matches!(view.kind(at), TokenKind::Other)
    });
    let speaks = own.iter().position(|draft| draft.source.is_some())?;
    let one = own.iter().all(|draft| draft.source.is_none() || draft.source == own[speaks].source);
    let verb = is_cue_verb(view, rules, contrast + 1);
    (near && nobody && one)
        .then_some((first + speaks, contrast + 1 + usize::from(verb && contrast + 1 < start)))
}

/// The draft of the sentence before whose words in marks go on: in the same paragraph, or, where those
/// words end it, in the one before.
fn last_speaker(view: &View<'_>, drafts: &[Draft], first: usize, index: usize) -> Option<usize> {
    let paragraph = view.units[index].paragraph;
    (0..first).rev().take_while(|last| drafts[*last].unit + 1 == index).find(|last| {
        let last = &drafts[*last];
        let before = view.units[last.unit].paragraph;
        (before == paragraph || before + 1 == paragraph && last.mode == Mode::Direct)
            && last.mode != Mode::Indirect
            && last.source.is_some()
    })
}

/// The draft of the sentence before, in the same paragraph, where one person or body alone tells
/// there ("The mayor said that the road was cut. “We have no choice.”").
fn only_speaker(
    view: &View<'_>,
    rules: &Rules,
    drafts: &[Draft],
    first: usize,
    index: usize,
) -> Option<usize> {
    use selon_model::SourceKind::{Agency, Document, Outlet};
    let unit = index.checked_sub(1)?;
    if view.units[unit].paragraph != view.units[index].paragraph {
        return None;
    }
    let near = first.saturating_sub(NEAR);
    let start = drafts[near..first].iter().position(|draft| draft.unit == unit)? + near;
    let outer = (start..first).find(|at| drafts[*at].source.is_some())?;
    let source = drafts[outer].source.as_ref()?;
    let within =
        |other: &Range<usize>| drafts[outer].content.iter().any(|piece| piece.contains(&other.start));
    let alone = drafts[start..first]
        .iter()
        .filter_map(|draft| draft.source.as_ref())
        .all(|other| other == source || within(other));
    let press = matches!(read_speaker(view, rules, source.clone()).kind, Agency | Document | Outlet);
    (alone && !press && names_speaker(view, rules, source)).then_some(outer)
}

/// Somebody who can speak: a role, a name, an outlet, a personal pronoun.
fn names_speaker(view: &View<'_>, rules: &Rules, source: &Range<usize>) -> bool {
    let speaker = read_speaker(view, rules, source.clone());
    speaker.pronoun || speaker.head.is_some() || speaker.name.is_some() || speaker.outlet.is_some()
}

/// A pronoun of a person right after a preposition ("pour lui", "for her").
fn is_governed_pronoun(view: &View<'_>, at: usize) -> bool {
    use super::lexicon::Gender::{Feminine, Masculine};
    at > 0
        && view.has(at, class::PRONOUN)
        && matches!(view.lexicon.word(view.ids[at]).gender, Some(Masculine | Feminine))
        && view.has(at - 1, class::PREPOSITION)
        && view.quotation(at).is_none()
}

/// Whether the subject of the clause before a colon may be who spoke: "this claim was never taken
/// seriously: “…”" and "you may write: “…”" name nobody.
fn speaks(view: &View<'_>, rules: &Rules, source: &Range<usize>) -> bool {
    if is_reader(view, source) || is_nobody(view, source) {
        return false;
    }
    let points = view.lexicon.settings.pointing.iter().any(|word| word == view.folded(source.start));
    let speaker = read_speaker(view, rules, source.clone());
    !points
        || source.len() == 1
        || speaker.head.is_some()
        || speaker.name.is_some()
        || speaker.outlet.is_some()
}

/// "« A, dit-il. B. »", "« A, reconnaît le maire, mais B »": an inverted verb and its subject
/// inside the marks are no part of the words.
fn interrupted(view: &View<'_>, rules: &Rules, index: usize, quotation: &Quotation) -> Option<Draft> {
    let unit = view.units[index].tokens.clone();
    let inner = quotation.inner.start.max(unit.start)..quotation.inner.end.min(unit.end);
    let ends = |at: usize| at >= inner.end || matches!(view.kind(at), TokenKind::Comma | TokenKind::Stop);
    let (hit, speaker, end) = inner.clone().find_map(|head| {
        let hit = verb(view, rules, &inner, head, &mut Vec::new())?;
        let apart = hit.tokens.start > inner.start && ends(hit.tokens.start - 1);
        if hit.shape != Shape::Active || !apart {
            return None;
        }
        if let Some(pronoun) = hit.inverted {
            // "glisse-t-il lorsqu'on le croise,": when and where he said it.
            let from = hit.tokens.end;
            let adjunct = view.has(from, class::SUBORDINATOR | class::PREPOSITION | class::TIME);
            let reach = if adjunct { ASIDE } else { 1 };
            let end = (from..inner.end.min(from + reach)).find(|at| ends(*at));
            let end = end.or_else(|| ends(from).then_some(from))?;
            return Some((hit, pronoun..pronoun + 1, end));
        }
        let speaker = speaker_inside(view, rules, &hit, &inner)?;
        let end = (speaker.end..inner.end.min(speaker.end + ASIDE)).find(|at| ends(*at)).unwrap_or(inner.end);
        // ", toxicologue, ancien de l'institut. …": one more apposition, which ends the sentence.
        let next = (end + 1..inner.end.min(end + 2 * ASIDE)).find(|at| ends(*at)).unwrap_or(inner.end);
        let apposed = end < inner.end
            && view.is_comma(end)
            && next < inner.end
            && view.kind(next) == TokenKind::Stop
            && !view.has_finite(end..next)
            && !view.has(end + 1, class::PREPOSITION | class::AND | class::BUT);
        let end = if apposed { next } else { end };
        (ends(end) && !view.has_finite(speaker.end..end)).then_some((hit, speaker, end))
    })?;
    let mut content = one_piece(quotation.tokens.start.max(unit.start)..hit.tokens.start);
    let rest = end..quotation.tokens.end.min(unit.end);
    if rest.clone().any(|at| view.is_word(at)) {
        content.push(rest);
    }
    Some(Draft {
        cue_rule: Some(hit.rule),
        core: "",
        cue: Some(hit.tokens),
        source: Some(trimmed(view, speaker.clone())),
        content,
        mode: Mode::Direct,
        under_past: false,
        unit: index,
        adjuncts: one_piece(speaker.end..end.max(speaker.end)),
        object: None,
        through: None,
        continues: None,
        goes_on: false,
    })
}

/// The subject after a verb of saying that stands in commas inside the marks, where the language
/// writes it so.
fn speaker_inside(view: &View<'_>, rules: &Rules, hit: &Hit, inner: &Range<usize>) -> Option<Range<usize>> {
    let rule = &rules.cues[usize::from(hit.rule)];
    if !view.lexicon.settings.incise || !rule.frames.quote || !view.is_comma(hit.tokens.start - 1) {
        return None;
    }
    let start = (hit.tokens.end..inner.end.min(hit.tokens.end + ASIDE))
        .find(|at| !view.has(*at, class::TIME | class::ADVERB) && view.kind(*at) != TokenKind::Digits)?;
    let opens = view.has(start, class::DETERMINER | class::TITLE)
        || view.capital(start)
        || role_at(view, start).is_some();
    let speaker = noun_phrase(view, rules, start, inner.end, Width::Source).filter(|_| opens)?;
    let own = read_speaker(view, rules, speaker.clone());
    let speaks = own.head.is_some() || own.name.is_some() || own.outlet.is_some();
    speaks.then(|| with_apposition(view, speaker, inner.end, false, rules))
}
