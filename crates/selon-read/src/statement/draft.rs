//! From cues and quotations to drafts of statements: which words are cue, source and content.
//!
//! Drafts are token ranges of one unit; who the source is, and how the words came, is worked out
//! later over the whole text. `cue_reader` makes a draft of a cue, `floating` of a quotation that
//! no cue took.

use std::ops::Range;

use selon_model::{Mode, SourceKind};

use crate::lex::TokenKind;

use super::closing::read_closing;
use super::content::trimmed;
use super::cue::{Hit, Rejected, Shape, find_cues, narrates};
use super::cue_reader::CueReader;
use super::floating::read_floating;
use super::rules::{CueKind, Rules};
use super::speaker::read_speaker;
use super::view::View;

/// A sentence with more cues than this is no prose: reading all of them would take quadratic time.
const MOST_CUES: usize = 64;
/// How many of the last cues may close a sentence ("said in a statement").
const LAST: usize = 3;
/// How many drafts before it a cue may stand inside.
const NESTED: usize = 8;

/// A statement in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Index of the cue's rule; `None` for the mechanism's own rules.
    pub(crate) cue_rule: Option<u16>,
    /// The mechanism's rule, where no cue made it.
    pub(crate) core: &'static str,
    pub(crate) cue: Option<Range<usize>>,
    pub(crate) source: Option<Range<usize>>,
    pub(crate) content: Vec<Range<usize>>,
    pub(crate) mode: Mode,
    /// The content is a clause under a cue in the past.
    pub(crate) under_past: bool,
    /// Index of the unit.
    pub(crate) unit: usize,
    /// Where adjuncts of the speech may stand (channels, ones spoken to).
    pub(crate) adjuncts: Vec<Range<usize>>,
    /// The object of "told X", "presse X de".
    pub(crate) object: Option<Range<usize>>,
    /// Through whom the words came, and the cue that says so ("…, a dit X, selon l'agence Y").
    pub(crate) through: Option<(Range<usize>, u16)>,
    /// The source is the one of an earlier draft (index in the text's drafts).
    pub(crate) continues: Option<usize>,
    /// A word before the cue says that the source goes on ("toujours selon").
    pub(crate) goes_on: bool,
}

/// The drafts of all units, in text order of their units, and the verbs that report nothing.
pub(crate) fn find_drafts(
    view: &View<'_>,
    rules: &Rules,
    rejected: &mut Vec<(Rejected, Range<usize>)>,
) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for index in 0..view.units.len() {
        read_unit(view, rules, index, &mut drafts, rejected);
    }
    drafts
}

fn read_unit(
    view: &View<'_>,
    rules: &Rules,
    index: usize,
    drafts: &mut Vec<Draft>,
    rejected: &mut Vec<(Rejected, Range<usize>)>,
) {
    let unit = view.units[index].tokens.clone();
    let mut hits = find_cues(view, rules, unit.clone(), rejected);
    hits.truncate(MOST_CUES);
    let first = drafts.len();
    let mut lower = unit.start;
    let closing = hits.iter().enumerate().rev().take(LAST).find_map(|(at, hit)| {
        let draft = read_closing(view, rules, &unit, index, hit)?;
        Some((at, draft))
    });
    if let Some((at, _)) = &closing {
        hits.truncate(*at);
    }
    let closing = closing.map(|(_, draft)| draft);
    let unit = match closing.as_ref().and_then(|closing| closing.content.last()) {
        Some(content) => content.clone(),
        None => unit,
    };
    drafts.extend(closing);
    for hit in &hits {
        if drafts[first..].iter().any(|draft| claims(draft, hit)) {
            continue;
        }
        let floor = drafts[first..]
            .iter()
            .rev()
            .take(NESTED)
            .flat_map(|draft| &draft.content)
            .filter(|piece| piece.contains(&hit.head))
            .map(|piece| piece.start)
            .max()
            .unwrap_or(unit.start);
        let reader = CueReader { view, rules, unit: unit.clone(), index, lower, hit, floor };
        if let Some(relay) = reader.passed_on()
            && let Some(before) = drafts[first..].last_mut()
        {
            lower = lower.max(relay.end);
            before.through.get_or_insert((relay, hit.rule));
            continue;
        }
        let draft = reader.read(&drafts[first..], rejected);
        // "said in a statement that …": the noun repeats what the verb has told.
        let again = draft.as_ref().is_some_and(|(draft, _)| {
            draft.source.is_none() && drafts[first..].iter().any(|other| other.content == draft.content)
        });
        if let Some((mut draft, ends_at)) = draft.filter(|_| !again) {
            draft.continues = draft.continues.map(|earlier| earlier + first);
            lower = lower.max(ends_at);
            if draft.source.is_none()
                && (hit.shape == Shape::Active || narrates(view, &unit, hit.tokens.start))
                && let Some(before) = same_speaker(view, drafts, index)
            {
                draft.source = drafts[before].source.clone();
                draft.continues = Some(before);
            }
            drafts.push(draft);
        }
    }
    read_floating(view, rules, index, first, drafts);
    let mut own = drafts.split_off(first);
    pass_on(view, rules, &mut own);
    // Text order of what is said, and the indexes that point into it. A quotation that holds marks
    // alone ("“, dit-il") says nothing.
    let order: Vec<usize> = {
        let mut order: Vec<usize> = (0..own.len()).filter(|at| says_something(view, &own[*at])).collect();
        order.sort_by_key(|at| (own[*at].content.first().map_or(0, |content| content.start), *at));
        order
    };
    let place_of = |old: usize| order.iter().position(|at| *at == old);
    for draft in &mut own {
        if let Some(earlier) = draft.continues.filter(|earlier| *earlier >= first) {
            draft.continues = place_of(earlier - first).map(|place| first + place);
        }
    }
    drafts.extend(order.iter().map(|at| own[*at].clone()));
}

/// A phrase after a comma that says through whom words came.
struct Relay {
    /// Its cue and source.
    phrase: Range<usize>,
    source: Range<usize>,
    rule: u16,
    adjuncts: Vec<Range<usize>>,
}

/// "X a dit que …, selon l'agence Y": Y passes X's words on, and is no part of them.
fn pass_on(view: &View<'_>, rules: &Rules, drafts: &mut [Draft]) {
    let passes_on = |source: &Range<usize>| {
        let speaker = read_speaker(view, rules, source.clone());
        matches!(speaker.kind, SourceKind::Agency | SourceKind::Outlet | SourceKind::Document)
    };
    let relays: Vec<Relay> = drafts
        .iter()
        .filter_map(|draft| {
            let (rule, cue, source) = (draft.cue_rule?, draft.cue.clone()?, draft.source.clone()?);
            let phrase = cue.start..source.end;
            let parted = cue.start > 0 && view.is_comma(cue.start - 1);
            let cue_rule = &rules.cues[usize::from(rule)];
            let cites = cue_rule.kind == CueKind::Preposition && !cue_rule.frames.opinion;
            (cites && parted && phrase.end > cue.end && passes_on(&source)).then(|| Relay {
                phrase,
                source,
                rule,
                adjuncts: draft.adjuncts.clone(),
            })
        })
        .collect();
    for Relay { phrase, source, rule, adjuncts } in relays {
        for draft in &mut *drafts {
            let governs = draft.cue.as_ref().is_some_and(|cue| cue.end <= phrase.start);
            let Some(last) = draft.content.last_mut().filter(|_| governs) else { continue };
            let after = adjuncts.iter().map(|adjunct| adjunct.end).fold(phrase.end, usize::max);
            let comma = phrase.start - 1;
            let tail = last.start < phrase.start && phrase.end <= last.end;
            if last.end == comma || tail && (after..last.end).all(|at| !view.is_word(at)) {
                last.end = comma;
                draft.through.get_or_insert((source.clone(), rule));
                draft.adjuncts.extend(adjuncts.iter().cloned());
            }
        }
    }
}

fn says_something(view: &View<'_>, draft: &Draft) -> bool {
    draft.content.iter().any(|piece| !trimmed(view, piece.clone()).is_empty())
}

/// Where the verb alone may hold its subject ("said: …"), the speaker named last in the paragraph
/// goes on, two sentences at most.
fn same_speaker(view: &View<'_>, drafts: &[Draft], unit: usize) -> Option<usize> {
    let last = drafts.len().checked_sub(1)?;
    let before = &drafts[last];
    let settings = &view.lexicon.settings;
    let near = (settings.verb_first && !settings.verb_second || settings.narrative_infinitive)
        && unit - before.unit <= 2
        && view.units[before.unit].paragraph == view.units[unit].paragraph;
    (near && before.source.is_some()).then_some(last)
}

/// A cue inside the cue phrase of a draft is used up ("was quoted as saying", "a annoncé" in the
/// source of another).
fn claims(draft: &Draft, hit: &Hit) -> bool {
    draft.cue.as_ref().is_some_and(|cue| cue.start <= hit.head && hit.head < cue.end)
        || draft
            .source
            .as_ref()
            .is_some_and(|source| source.start <= hit.head && hit.head < source.end && source.len() < 12)
}

/// Content of one piece.
pub(super) fn one_piece(tokens: Range<usize>) -> Vec<Range<usize>> {
    std::iter::once(tokens).collect()
}

fn has_quotation(view: &View<'_>, piece: &Range<usize>) -> bool {
    piece.clone().any(|at| view.quotation(at).is_some())
}

/// Direct where quotations fill all pieces, mixed where one stands in them, else indirect. A
/// clause under a complementiser is never direct, even when a quotation fills it.
pub(super) fn mode(view: &View<'_>, content: &[Range<usize>], clause: bool) -> Mode {
    if !content.iter().any(|piece| has_quotation(view, piece)) {
        return Mode::Indirect;
    }
    let filled = content.iter().all(|piece| {
        piece
            .clone()
            .all(|at| view.quotation(at).is_some() || !view.is_word(at) && view.kind(at) != TokenKind::Digits)
    });
    if filled && !clause { Mode::Direct } else { Mode::Mixed }
}
