//! Hedges: words and moods that weaken what is said, and the factuality that follows.
//!
//! The conditional is read in a fixed order (hypothesis, duty or ability, future seen from the
//! past, hearsay), since one form serves all four.

use std::ops::Range;

use selon_model::{Factuality, Mode};

use crate::lex::TokenKind;

use super::complement::ends_here;
use super::draft::Draft;
use super::lexicon::{Meaning, class};
use super::rules::{HedgeRuleKind, Rules};
use super::view::View;

/// Hedges of a draft: index of the rule and words.
pub(crate) fn find_hedges(view: &View<'_>, rules: &Rules, draft: &Draft) -> Vec<(usize, Range<usize>)> {
    let mut hedges = Vec::new();
    for piece in &draft.content {
        let mut at = piece.start;
        while at < piece.end {
            let words = view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
                Meaning::Hedge(index) if at + length <= piece.end => Some((usize::from(index), length)),
                _ => None,
            });
            // "May 2019" is no "may".
            let month = view.capital(at) && view.kind(at + 1) == TokenKind::Digits;
            if let Some((index, length)) = words.filter(|_| !month) {
                hedges.push((index, at..at + length));
                at += length;
                continue;
            }
            if view.has(at, class::CONDITIONAL)
                && !view.is_nominal(at)
                && let Some(index) = conditional(view, rules, draft, piece, at)
            {
                hedges.push((index, at..group_end(view, at, piece.end)));
            }
            at += 1;
        }
    }
    if let Some(cue) = &draft.cue {
        // "has reportedly said": the doubt is about the saying.
        let from = draft.source.as_ref().map(|source| source.end).filter(|end| *end <= cue.start);
        for at in from.unwrap_or(cue.start)..cue.end {
            let doubt = view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
                Meaning::Hedge(index) if at + length <= cue.end => Some((usize::from(index), length)),
                _ => None,
            });
            let told = |index: usize| rules.hedges[index].factuality == Factuality::ReportedUnverified;
            if let Some((index, length)) = doubt.filter(|(index, _)| told(*index)) {
                hedges.push((index, at..at + length));
            }
        }
    }
    hedges
}

/// The hedges that weigh on all of what is said: of words of several sentences, none where one
/// sentence is told without any ("It would take time. The road is closed.").
pub(crate) fn decisive<'h>(
    view: &View<'_>,
    draft: &Draft,
    hedges: &'h [(usize, Range<usize>)],
) -> &'h [(usize, Range<usize>)] {
    let plain = draft.content.iter().any(|piece| {
        let mut sentences = Vec::new();
        let mut start = piece.start;
        for at in piece.clone() {
            if view.kind(at) == TokenKind::Stop
                && at + 1 < piece.end
                && view.spaced(at + 1)
                && ends_here(view, at)
            {
                sentences.push(start..at);
                start = at + 1;
            }
        }
        sentences.push(start..piece.end);
        sentences.len() > 1
            && sentences.iter().any(|sentence| {
                sentence.clone().any(|at| view.has(at, class::FINITE))
                    && !hedges.iter().any(|(_, words)| sentence.contains(&words.start))
            })
    });
    if plain { &[] } else { hedges }
}

/// Which rule reads the conditional at `at`.
fn conditional(
    view: &View<'_>,
    rules: &Rules,
    draft: &Draft,
    piece: &Range<usize>,
    at: usize,
) -> Option<usize> {
    let word = view.lexicon.word(view.ids[at]);
    let lemma =
        |names: &[String]| word.forms.iter().any(|form| names.iter().any(|name| **name == *form.lemma));
    let rule = |kind: HedgeRuleKind| {
        rules.hedges.iter().position(|rule| {
            rule.found == kind
                && (kind == HedgeRuleKind::Hypothesis || rule.lemmas.is_empty() || lemma(&rule.lemmas))
        })
    };
    let mood = rule(HedgeRuleKind::Mood)?;
    if lemma(&rules.hedges[mood].unless) {
        return None;
    }
    let compound = view.has(at, class::HAVE);
    if is_hypothesis(view, rules, piece, at) {
        return rule(HedgeRuleKind::Hypothesis).or(Some(mood));
    }
    if view.has(at, class::MODAL)
        && let Some(modal) = rule(HedgeRuleKind::Modal)
    {
        return Some(modal);
    }
    if draft.under_past
        && !compound
        && let Some(future) = rule(HedgeRuleKind::FuturePast)
    {
        return Some(future);
    }
    let spoken =
        draft.mode == Mode::Direct || view.quotation(at).is_some_and(|quotation| quotation.inner.len() > 4);
    if spoken {
        return rule(HedgeRuleKind::Hypothesis).or(Some(mood));
    }
    Some(mood)
}

/// Under "si"/"if", or with a subject that is one possible action ("un arrêt des combats").
fn is_hypothesis(view: &View<'_>, rules: &Rules, piece: &Range<usize>, at: usize) -> bool {
    let sentence = |range: Range<usize>| {
        range
            .into_iter()
            .take_while(|token| view.kind(*token) != TokenKind::Stop)
            .any(|token| view.has(token, class::CONDITION))
    };
    let back = (piece.start..at)
        .rev()
        .take_while(|token| view.kind(*token) != TokenKind::Stop)
        .take(30)
        .any(|token| view.has(token, class::CONDITION));
    if back || sentence(at..piece.end.min(at + 20)) {
        return true;
    }
    let mut start = at;
    while start > piece.start && at - start < 14 {
        let before = start - 1;
        if matches!(view.kind(before), TokenKind::Comma | TokenKind::Stop | TokenKind::QuoteOpen)
            || view.has(before, class::COMPLEMENTISER | class::SUBORDINATOR)
        {
            break;
        }
        start = before;
    }
    while start < at && !view.is_word(start) {
        start += 1;
    }
    let settings = &view.lexicon.settings;
    if !settings.indefinite.iter().any(|word| word == view.folded(start)) {
        return false;
    }
    (start + 1..at.min(start + 4)).any(|token| {
        let folded = view.folded(token);
        settings
            .action_endings
            .iter()
            .any(|ending| folded.len() > ending.len() + 2 && folded.ends_with(ending.as_str()))
            || rules.hedges.iter().any(|rule| {
                rule.found == HedgeRuleKind::Hypothesis && rule.lemmas.iter().any(|noun| noun == folded)
            })
    })
}

/// The conditional with its participle or infinitive: "devrait être achevée".
fn group_end(view: &View<'_>, at: usize, to: usize) -> usize {
    let mut end = at + 1;
    let mut next = at + 1;
    while next < to && next - at < 6 {
        if view.has(next, class::PAST_PARTICIPLE | class::INFINITIVE | class::BE | class::HAVE) {
            end = next + 1;
            if view.has(next, class::PAST_PARTICIPLE)
                && !view.has(next, class::BE | class::HAVE | class::MODAL)
            {
                break;
            }
        } else if !view.has(next, class::ADVERB | class::NEGATION) {
            break;
        }
        next += 1;
    }
    end
}

/// The strongest that applies: what the cue's class says, then the hedges.
pub(crate) fn factuality(rules: &Rules, class: &str, hedges: &[(usize, Range<usize>)]) -> Factuality {
    match class {
        "deny" | "reject" => return Factuality::Denied,
        "demand" => return Factuality::Demand,
        "propose" => return Factuality::Proposal,
        _ => {}
    }
    let strength = |factuality: Factuality| match factuality {
        Factuality::Denied => 4,
        Factuality::Hypothetical => 3,
        Factuality::Expected => 2,
        Factuality::ReportedUnverified => 1,
        _ => 0,
    };
    let strongest = hedges
        .iter()
        .map(|(index, _)| rules.hedges[*index].factuality)
        .max_by_key(|factuality| strength(*factuality));
    match (strongest, class) {
        (Some(factuality), _) => factuality,
        (None, "promise") => Factuality::Expected,
        (None, "believe" | "fear" | "estimate") => Factuality::Opinion,
        _ => Factuality::Asserted,
    }
}
