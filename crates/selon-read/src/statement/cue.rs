//! Cues: the words of a unit that say that something is said.
//!
//! A verb is taken with its whole group (auxiliaries, negation, an inverted pronoun), since that
//! decides whether it reports at all: "n'a pas annoncé" and "devrait annoncer" report nothing.

use std::ops::Range;

use crate::lex::TokenKind;

use super::lexicon::{Meaning, Mood, Tense, class};
use super::noun_phrase::role_at;
use super::rules::{CueKind, CueRule, Rules};
use super::view::View;

/// How a verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Finite, active.
    Active,
    /// Passive; the agent, if any, speaks.
    Passive,
    /// A participle with its agent after a noun ("un compromis balayé par").
    Reduced,
    /// A present participle ("affirmant"): the matrix subject speaks.
    Gerund,
    /// An infinitive after another verb ("a tenu à souligner").
    Infinitive,
    /// Not a verb.
    None,
}

/// A cue found in a text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Index of the rule.
    pub(crate) rule: u16,
    /// All its words: the verb group, or the phrase.
    pub(crate) tokens: Range<usize>,
    /// The reporting word itself.
    pub(crate) head: usize,
    /// How a verb stands.
    pub(crate) shape: Shape,
    /// An inverted subject pronoun ("dit-il").
    pub(crate) inverted: Option<usize>,
    /// The speech is in the past.
    pub(crate) past: bool,
    /// The auxiliary that opens the frame which this participle closes ("hat … mitgeteilt").
    pub(crate) opening: Option<usize>,
    /// Who spoke, between the verb and its tail ("quoted | the mayor | as saying").
    pub(crate) quoted: Option<Range<usize>>,
}

/// Why a verb of saying reports nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// "n'a pas annoncé".
    Negated,
    /// "je pense que": the narrator.
    FirstPerson,
}

/// The cues of a unit outside quotations, in text order, and the verbs that report nothing.
pub(crate) fn find_cues(
    view: &View<'_>,
    rules: &Rules,
    unit: Range<usize>,
    rejected: &mut Vec<(Rejected, Range<usize>)>,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = unit.start;
    while at < unit.end {
        if view.ids[at] == 0 || view.quotation(at).is_some() {
            at += 1;
            continue;
        }
        if let Some(hit) = phrase(view, rules, &unit, at) {
            at = hit.tokens.end;
            hits.push(hit);
            continue;
        }
        if let Some(hit) = verb(view, rules, &unit, at, rejected) {
            at = hit.tokens.end.max(at + 1);
            hits.push(hit);
            continue;
        }
        at += 1;
    }
    hits
}

fn phrase(view: &View<'_>, rules: &Rules, unit: &Range<usize>, at: usize) -> Option<Hit> {
    let (index, length) =
        view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
            Meaning::Cue(index) if at + length <= unit.end => Some((index, length)),
            _ => None,
        })?;
    let rule = &rules.cues[usize::from(index)];
    let rejected_before = at > unit.start && rule.reject_before.contains(&view.ids[at - 1]);
    let rejected_after = rule.reject_after.iter().any(|words| view.ids[at + length..].starts_with(words));
    let marked = at > unit.start
        && !view.is_word(at - 1)
        && (view.has(at + length, class::DETERMINER | class::TITLE) || view.capital(at + length));
    if rejected_before || rejected_after || rule.frames.after_mark && !marked {
        return None;
    }
    // A noun stands after a word: "Warning that …, he left" is a participle.
    let noun_place = at > unit.start
        && view.is_word(at - 1)
        && (!view.has(at, class::FINITE) || view.is_nominal(at))
        && (!view.has(at - 1, class::AND | class::PRONOUN) || view.has(at - 1, class::DETERMINER));
    if rule.kind == CueKind::Noun && !noun_place {
        return None;
    }
    Some(Hit {
        rule: index,
        tokens: at..at + length,
        head: at,
        shape: Shape::None,
        inverted: None,
        past: false,
        opening: None,
        quoted: None,
    })
}

pub(super) fn verb(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    head: usize,
    rejected: &mut Vec<(Rejected, Range<usize>)>,
) -> Option<Hit> {
    let word = view.lexicon.word(view.ids[head]);
    let reflexive = group_before(view, unit, head).reflexive;
    let (index, lemma) = word.forms.iter().find_map(|form| {
        if form.particle != 0 && !ends_in_particle(view, unit, head, form.particle) {
            return None;
        }
        let cues = rules.verbs.get(&*form.lemma)?;
        let follows = |index: &&u16| {
            let CueRule { tail, frames, .. } = &rules.cues[usize::from(**index)];
            if frames.quoted {
                return parted_tail(view, unit, head, tail).is_some();
            }
            tail.is_empty() || tail_at(view, unit, head, tail).is_some()
        };
        let own = |index: &&u16| rules.cues[usize::from(**index)].frames.reflexive == reflexive;
        let fits = cues.iter().filter(follows).find(own).or_else(|| cues.iter().find(follows))?;
        Some((*fits, &form.lemma))
    })?;
    // "des annonces de …": a form of the second person without its pronoun is a noun.
    let spoken_to = view.is_second_person(head)
        && !(head > unit.start && view.has(head - 1, class::PRONOUN))
        && !view.has(head + 1, class::PRONOUN);
    if spoken_to {
        return None;
    }
    let rule = &rules.cues[usize::from(index)];
    let parted = if rule.frames.quoted { parted_tail(view, unit, head, &rule.tail) } else { None };
    let quoted = parted.map(|tail| head + 1..tail);
    let tail_end = match parted {
        Some(tail) => tail + rule.tail.len(),
        None => tail_at(view, unit, head, &rule.tail).unwrap_or(head + 1),
    };
    // "claimed 21 lives", "claimed at least 21 lives"
    let bound = (tail_end..tail_end + 2).find(|at| view.opens_quantity(*at, unit.end)).map_or(0, |_| 3);
    let number = (tail_end..unit.end.min(tail_end + 1 + bound)).rfind(|at| view.is_number(*at));
    let counted = number.map_or(tail_end, |number| number + 1);
    let follows =
        |words: &[u32]| view.ids[tail_end..].starts_with(words) || view.ids[counted..].starts_with(words);
    if rule.reject_after.iter().any(|words| follows(words))
        || (head > unit.start && rule.reject_before.contains(&view.ids[head - 1]))
    {
        return None;
    }
    // A noun that looks like a form of the verb; another verb right behind it shows it ("His reports
    // are the basis").
    let noun = view.lexicon.settings.bare_verbs
        && view.is_word(head + 1)
        && view.has(head + 1, class::BE | class::HAVE)
        && view.has(head + 1, class::FINITE)
        && !view.has(head, class::PAST_PARTICIPLE);
    // "the United States": a capital inside a name.
    let named = view.lexicon.settings.bare_verbs
        && head > unit.start
        && view.capital(head)
        && view.is_word(head - 1)
        && view.capital(head - 1)
        && !word
            .forms
            .iter()
            .any(|form| view.lexicon.settings.never_nouns.iter().any(|lemma| **lemma == *form.lemma));
    if view.is_capital_noun(head) || noun || named {
        return None;
    }
    if describes_noun(view, unit, head)
        || is_head_of_compound(view, unit, head)
        || is_plural_noun(view, unit, head)
    {
        return None;
    }
    // "soi-disant", "so-called": a part of a compound is no verb of its own.
    let compounds = head > unit.start
        && view.kind(head - 1) == TokenKind::Dash
        && !view.spaced(head)
        && !view.spaced(head - 1)
        && view.is_word(head - 2)
        && !view.has(head - 2, class::PRONOUN);
    if compounds && head >= unit.start + 2 {
        return None;
    }
    let forms = || word.forms.iter().filter(|form| form.lemma == *lemma);
    let mut group = group_before(view, unit, head);
    let (inverted_after, mut end) = inverted_after(view, unit, head, tail_end);
    let inverted = inverted_after.or(group.inverted);
    let participle = forms().any(|form| form.mood == Mood::Participle && form.tense == Tense::Past);
    let finite =
        forms().any(|form| matches!(form.mood, Mood::Indicative | Mood::Conditional | Mood::Subjunctive));
    let gerund = forms().any(|form| form.mood == Mood::Participle && form.tense == Tense::Present);
    let infinitive = forms().any(|form| form.mood == Mood::Infinitive);
    let mut opening = None;
    if participle && view.lexicon.settings.verb_second && !(group.have || group.be || group.modal) {
        if view.has(head + 1, class::HAVE | class::BE) && head + 1 < unit.end {
            group.have |= view.has(head + 1, class::HAVE);
            group.be |= view.has(head + 1, class::BE);
            end = end.max(head + 2);
        } else if let Some(at) = frame_opening(view, unit, group.start) {
            group.have |= view.has(at, class::HAVE);
            group.be |= view.has(at, class::BE);
            group.negated |= (at..head).any(|at| view.has(at, class::NEGATION));
            opening = Some(at);
        }
    }
    // "sagte nicht": the negation follows the verb that stands second.
    group.negated |= view.lexicon.settings.verb_second
        && (end..unit.end.min(end + FRAME))
            .take_while(|at| view.is_word(*at) && !view.has(*at, class::COMPLEMENTISER))
            .any(|at| view.has(at, class::NEGATION));
    let auxiliary = group.have || group.be || group.modal;
    // "s'est alarmé": its own voice.
    let own_voice = group.reflexive && rule.frames.reflexive;
    let shape = if participle && group.be && !own_voice {
        Shape::Passive
    } else if participle && (group.have || group.be) {
        Shape::Active
    } else if finite && !auxiliary && !view.is_bare(head) && !view.is_nominal(head) {
        let agent = !group.have
            && participle
            && !subject_near(view, unit, group.start)
            && agent_follows(view, unit, end);
        if agent { Shape::Reduced } else { Shape::Active }
    } else if infinitive && group.support {
        Shape::Active
    } else if gerund
        && (!group.be || !rule.tail.is_empty())
        && (!view.is_nominal(head) || after_preposition(view, unit, head))
        || infinitive && !group.modal && before_next(view, unit, group.start)
    {
        Shape::Gerund
    } else if participle && !group.modal && agent_follows(view, unit, end) && !view.is_nominal(head) {
        Shape::Reduced
    } else if infinitive
        && !group.modal
        && (supported_infinitive(view, unit, group.start) || narrates(view, unit, group.start))
    {
        Shape::Infinitive
    } else {
        return None;
    };
    if shape == Shape::Passive && group.modal {
        return None;
    }
    if group.reflexive != rule.frames.reflexive
        && (group.reflexive || rule.frames.reflexive && !rule.frames.quote)
    {
        return None;
    }
    let tokens = group.start..end.max(tail_end);
    // Where the verb alone holds its subject: "hemos pedido", "creo que".
    let own = tokens.clone().any(|at| view.is_first_person(at));
    if own && view.lexicon.settings.verb_first {
        rejected.push((Rejected::FirstPerson, tokens));
        return None;
    }
    if group.negated {
        rejected.push((Rejected::Negated, tokens));
        return None;
    }
    let past = group.have
        || group.past
        || forms().any(|form| {
            form.mood == Mood::Indicative && matches!(form.tense, Tense::Past | Tense::Imperfect)
        });
    Some(Hit { rule: index, tokens, head, shape, inverted, past, opening, quoted })
}

/// "en rappelant que", "by saying that": the preposition of the participle.
fn after_preposition(view: &View<'_>, unit: &Range<usize>, head: usize) -> bool {
    let governs = class::COMPLEMENTISER | class::PRONOUN;
    head > unit.start
        && view.has(head - 1, class::PREPOSITION)
        && !view.has(head - 1, class::DETERMINER | class::LINK | class::TOWARDS)
        && (view.has(head + 1, governs) || view.quotation(head + 1).is_some() || view.words(head + 1) == ":")
}

/// "…, avant d'ajouter : …": an infinitive that tells what the speaker did next.
fn before_next(view: &View<'_>, unit: &Range<usize>, start: usize) -> bool {
    start > unit.start + 3
        && view.has(start - 1, class::INFINITIVE_MARK)
        && view.has(start - 2, class::PREPOSITION | class::SUBORDINATOR)
        && !view.has(start - 2, class::LINK | class::TOWARDS | class::DETERMINER)
        && view.is_comma(start - 3)
}

/// "killed 48 alleged rebels": a participle between a number and its noun, where verbs are told by
/// little else than their place.
fn describes_noun(view: &View<'_>, unit: &Range<usize>, head: usize) -> bool {
    let next = class::FINITE
        | class::DETERMINER
        | class::PRONOUN
        | class::COMPLEMENTISER
        | class::PREPOSITION
        | class::PRESENT_PARTICIPLE
        | class::ADVERB
        | class::TIME;
    view.lexicon.settings.bare_verbs
        && head > unit.start
        && view.has(head, class::PAST_PARTICIPLE)
        && view.is_number(head - 1)
        && view.is_word(head + 1)
        && !view.capital(head + 1)
        && !view.has(head + 1, next)
}

/// "after anti-road protests": a plural noun with the form of a verb, right after an adjective of two
/// parts.
fn is_head_of_compound(view: &View<'_>, unit: &Range<usize>, head: usize) -> bool {
    let settings = &view.lexicon.settings;
    let governs = class::COMPLEMENTISER | class::DETERMINER | class::PRONOUN | class::WHETHER;
    settings.bare_verbs
        && head > unit.start + 3
        && view.has_plural_ending(head)
        && view.is_hyphened(head - 1)
        && !view.capital(head - 3)
        && view.has(head - 4, class::PREPOSITION | class::AND)
        && view.quotation(head + 1).is_none()
        && !view.has(head + 1, governs)
}

/// "a series of peaceful protests against it", "expressed fears the dam could break": a plural noun
/// with the form of a verb, after another verb or a preposition, or between a word that names nobody
/// and a preposition.
fn is_plural_noun(view: &View<'_>, unit: &Range<usize>, head: usize) -> bool {
    let settings = &view.lexicon.settings;
    let verbs = &settings.never_nouns;
    let forms = &view.lexicon.word(view.ids[head]).forms;
    let doubtful = settings.bare_verbs
        && head > unit.start
        && view.has_plural_ending(head)
        && !forms.iter().any(|form| verbs.iter().any(|lemma| **lemma == *form.lemma))
        && forms.iter().any(|form| form.person == 3 && form.tense == Tense::Present);
    let before = head.saturating_sub(1);
    let other = class::DETERMINER
        | class::PRONOUN
        | class::RELATIVE
        | class::ADVERB
        | class::NEGATION
        | class::AND
        | class::BUT
        | class::TIME
        | class::COMPLEMENTISER;
    // "40 protests", "gag orders accompany them"
    if doubtful && view.is_number(before) {
        return true;
    }
    let verb_next = view.has(head + 1, class::FINITE)
        && !view.capital(head + 1)
        && !view.has(head + 1, class::DETERMINER | class::PRONOUN | class::COMPLEMENTISER | class::ADVERB);
    if !doubtful
        || !view.is_word(before)
        || view.capital(before)
        || view.has(before, other)
        || view.quotation(before).is_some()
        || role_at(view, before).is_some() && !view.is_hyphened(before)
    {
        return false;
    }
    let verb = view.has(before, class::PAST_PARTICIPLE)
        && !view.has(before, class::HAVE | class::BE | class::MODAL)
        && !view.is_nominal(before);
    verb || verb_next
        || view.has(before, class::PREPOSITION)
        || view.has(head + 1, class::PREPOSITION)
            && !view.has(head + 1, class::COMPLEMENTISER)
            && view.quotation(head + 1).is_none()
}

/// Longest phrase of the one who is quoted, in tokens.
const QUOTED: usize = 20;

/// Where the words begin that end the cue, a noun phrase after the verb ("quoted a spokesman, Tomas
/// Ruke, | as saying").
fn parted_tail(view: &View<'_>, unit: &Range<usize>, head: usize, tail: &[u32]) -> Option<usize> {
    let open = |at: &usize| {
        view.quotation(*at).is_none()
            && (view.is_word(*at)
                || view.is_comma(*at)
                || view.kind(*at) == TokenKind::Dash
                || view.has(*at - 1, class::TITLE))
            && !view.has(*at, class::COMPLEMENTISER)
    };
    (head + 1..unit.end.min(head + QUOTED))
        .take_while(open)
        .find(|at| *at > head + 1 && at + tail.len() <= unit.end && view.ids[*at..at + tail.len()] == *tail)
}

/// Longest clause that a verb frames, in tokens.
const FRAME: usize = 24;

/// Whether the clause of a verb ends in its particle ("teilte die Polizei mit").
fn ends_in_particle(view: &View<'_>, unit: &Range<usize>, head: usize, particle: u32) -> bool {
    let clause = head + 1..unit.end.min(head + FRAME);
    clause
        .take_while(|at| {
            matches!(view.kind(*at), TokenKind::Word | TokenKind::Digits)
                || view.quotation(*at).is_some()
                || view.has(at - 1, class::TITLE)
        })
        .any(|at| {
            view.ids[at] == particle
                && view.quotation(at).is_none()
                && (at + 1 >= unit.end || !view.is_word(at + 1) || view.has(at + 1, class::AND | class::BUT))
        })
}

/// The auxiliary in the second place of the clause that a participle ends.
fn frame_opening(view: &View<'_>, unit: &Range<usize>, from: usize) -> Option<usize> {
    let ends = class::COMPLEMENTISER | class::RELATIVE | class::SUBORDINATOR | class::PAST_PARTICIPLE;
    (unit.start..from)
        .rev()
        .take(FRAME)
        .take_while(|at| {
            view.quotation(*at).is_none()
                && matches!(view.kind(*at), TokenKind::Word | TokenKind::Digits)
                && (!view.has(*at, ends) || view.has(*at, class::HAVE | class::BE))
        })
        .find(|at| view.is_finite(*at) || view.has(*at, class::MODAL))
        .filter(|at| view.has(*at, class::HAVE | class::BE) && !view.has(*at, class::MODAL))
}

/// End of the words that must follow a verb; an adverb may stand between.
fn tail_at(view: &View<'_>, unit: &Range<usize>, head: usize, tail: &[u32]) -> Option<usize> {
    if tail.is_empty() {
        return Some(head + 1);
    }
    for at in head + 1..head + 3 {
        if at + tail.len() <= unit.end && view.ids[at..at + tail.len()] == *tail {
            return Some(at + tail.len());
        }
        if !view.has(at, class::ADVERB | class::CLITIC) {
            return None;
        }
    }
    None
}

struct Group {
    start: usize,
    have: bool,
    be: bool,
    modal: bool,
    support: bool,
    negated: bool,
    past: bool,
    reflexive: bool,
    inverted: Option<usize>,
}

/// The auxiliaries, adverbs, negations and pronouns that stand before a verb and belong to it.
fn group_before(view: &View<'_>, unit: &Range<usize>, head: usize) -> Group {
    let mut group = Group {
        start: head,
        have: false,
        be: false,
        modal: false,
        support: false,
        negated: false,
        past: false,
        reflexive: false,
        inverted: None,
    };
    let mut at = head;
    // Ten words hold the longest group met ("n'aurait d'ailleurs pas encore été officiellement").
    for _ in 0..10 {
        let Some(before) = at.checked_sub(1).filter(|before| *before >= unit.start) else { break };
        let hyphened = view.kind(before) == TokenKind::Dash && !view.spaced(before) && !view.spaced(at);
        if view.has(before, class::NEGATION) {
            group.negated = true;
        } else if view.has(before, class::HAVE | class::BE | class::MODAL)
            && !view.has(before, class::PREPOSITION)
        {
            let forms = &view.lexicon.word(view.ids[before]).forms;
            group.have |= view.has(before, class::HAVE);
            group.be |= view.has(before, class::BE);
            group.modal |= view.has(before, class::MODAL);
            group.past |= forms.iter().any(|form| {
                matches!(form.tense, Tense::Past | Tense::Imperfect) && form.mood == Mood::Indicative
            });
            group.start = before;
        } else if is_support(view, before) {
            group.support = true;
            group.past |=
                view.lexicon.word(view.ids[before]).forms.iter().any(|form| form.tense == Tense::Past);
            group.start = before;
        } else if view.has(before, class::PRONOUN) && hyphen_before(view, before) {
            group.inverted = Some(before);
        } else if (hyphened || view.words(before) == "-") && !view.spaced(before) {
            // "a-t-il"
        } else if view.words(before) == "t" && hyphen_before(view, before) {
            // the same
        } else if matches!(view.words(before), "'" | "\u{2019}") && !view.spaced(before) {
            // "didn't"
        } else if view.has(before, class::CLITIC) && !view.has(before, class::PRONOUN) {
            // "l'a dit", "lui a dit"
            if view.lexicon.settings.reflexive.iter().any(|word| word == view.folded(before)) {
                group.reflexive = true;
                group.start = before;
            }
        } else if view.has(before, class::ADVERB) && !view.has(before, class::PREPOSITION) {
            // "a également dit"
        } else if let Some(auxiliary) = before_aside(view, unit, at) {
            at = auxiliary + 1;
            continue;
        } else {
            break;
        }
        at = before;
    }
    group
}

/// Tokens of words set between an auxiliary and its verb, with their commas.
const ASIDE: usize = 8;

/// The auxiliary before words that part it from its verb at `at`: "a, quant à lui, | annoncé", "a elle
/// aussi | jugé".
fn before_aside(view: &View<'_>, unit: &Range<usize>, at: usize) -> Option<usize> {
    let first = at.saturating_sub(ASIDE).max(unit.start);
    let auxiliary = |at: &usize| {
        view.has(*at, class::HAVE | class::BE) && view.is_finite(*at) && !view.has(*at, class::PREPOSITION)
    };
    let before = at.checked_sub(1)?;
    if view.is_comma(before) {
        let open = (first..before).rev().find(|open| view.is_comma(*open))?;
        let plain = (open + 1..before).all(|at| view.is_word(at) && !view.is_finite(at));
        return open.checked_sub(1).filter(|at| plain && *at >= unit.start && auxiliary(at));
    }
    let emphatic = view.has(before, class::PRONOUN) && view.has(at, class::ADVERB);
    before.checked_sub(1).filter(|at| emphatic && *at >= unit.start && auxiliary(at))
}

/// "do", "will", "did": verbs that only carry another.
fn is_support(view: &View<'_>, at: usize) -> bool {
    view.lexicon
        .word(view.ids[at])
        .forms
        .iter()
        .any(|form| view.lexicon.settings.support.iter().any(|lemma| **lemma == *form.lemma))
}

fn hyphen_before(view: &View<'_>, at: usize) -> bool {
    at > 0 && view.kind(at - 1) == TokenKind::Dash && !view.spaced(at) && !view.spaced(at - 1)
}

/// "dit-il", "affirme-t-on": the pronoun and where the group ends.
fn inverted_after(view: &View<'_>, unit: &Range<usize>, head: usize, end: usize) -> (Option<usize>, usize) {
    let mut at = head + 1;
    if at < unit.end && view.kind(at) == TokenKind::Dash && !view.spaced(at) {
        at += 1;
        if view.words(at) == "t" && view.kind(at + 1) == TokenKind::Dash {
            at += 2;
        }
        if at < unit.end && view.has(at, class::PRONOUN) && !view.spaced(at) {
            return (Some(at), at + 1);
        }
    }
    (None, end)
}

/// "par X" right after a participle, adverbs and days aside; after an object ("told X by
/// telephone") it is no agent.
fn agent_follows(view: &View<'_>, unit: &Range<usize>, end: usize) -> bool {
    (end..unit.end.min(end + 3))
        .find(|at| !view.has(*at, class::ADVERB | class::TIME))
        .is_some_and(|at| view.has(at, class::AGENT))
}

/// A subject pronoun right before the verb group, so that "he accused by …" is no participle.
fn subject_near(view: &View<'_>, unit: &Range<usize>, start: usize) -> bool {
    start > unit.start && view.has(start - 1, class::PRONOUN) && !view.has(start - 1, class::RELATIVE)
}

/// "Et d'ajouter : …", "Et le maire d'ajouter : …", at the beginning of a sentence: the infinitive
/// tells what the speaker did next, in languages whose clauses may be told so.
pub(super) fn narrates(view: &View<'_>, unit: &Range<usize>, start: usize) -> bool {
    view.lexicon.settings.narrative_infinitive
        && start > unit.start + 1
        && start - unit.start <= 8
        && view.has(unit.start, class::AND)
        && view.has(start - 1, class::LINK)
        && !view.has_finite(unit.start + 1..start - 1)
}

/// An infinitive that a finite verb carries within four words ("a tenu à", "went on to").
fn supported_infinitive(view: &View<'_>, unit: &Range<usize>, start: usize) -> bool {
    let mut at = start;
    for _ in 0..5 {
        let Some(before) = at.checked_sub(1).filter(|before| *before >= unit.start) else { return false };
        if view.has(before, class::NEGATION) {
            return false;
        }
        if view.is_finite(before) || view.has(before, class::PAST_PARTICIPLE) {
            // "il faut noter": nobody's words.
            let nobody = &view.lexicon.settings.impersonal_verbs;
            let forms = &view.lexicon.word(view.ids[before]).forms;
            if forms.iter().any(|form| nobody.iter().any(|lemma| **lemma == *form.lemma)) {
                return false;
            }
            return !view.has(before, class::MODAL | class::CONDITIONAL | class::BE);
        }
        let passes = view
            .has(before, class::INFINITIVE_MARK | class::ADVERB | class::CLITIC | class::HAVE | class::BE);
        if !passes {
            return false;
        }
        at = before;
    }
    false
}
