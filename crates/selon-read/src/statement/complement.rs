//! Content that follows its cue: a clause, a quotation, an infinitive or a noun phrase, and where
//! it ends.

use std::ops::Range;

use crate::lex::TokenKind;

use super::lexicon::{Meaning, class};
use super::noun_phrase::{Width, is_cue_verb, is_press, noun_phrase, relative_before, role_at, says};
use super::rules::{CueKind, Frames, Rules, Slot};
use super::view::View;

/// How content follows its cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    Clause,
    Quotation,
    Colon,
    Infinitive,
    Noun,
}

/// Content that follows a cue.
#[derive(Clone, Debug)]
pub(crate) struct Complement {
    pub(crate) follows: Follows,
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// What stands between cue and content: adjuncts, one spoken to.
    pub(crate) between: Range<usize>,
}

/// Parts of an object that are put together.
const MOST_PARTS: usize = 3;
/// Tokens between a cue and its content; adjuncts are seldom longer.
const GAP: usize = 28;

/// Content after a cue that ends at `from`: a clause with a complementiser, a quotation, a colon
/// or an infinitive.
pub(crate) fn complement(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    from: usize,
    frames: Frames,
) -> Option<Complement> {
    let found = |follows, start: usize, end: usize| {
        let tokens = start..end;
        (!tokens.is_empty()).then_some(Complement { follows, tokens, between: from..start })
    };
    // "said the panel requested | “all notes” in March", "said Odel told her | : “…”": a clause of its own
    // holds the words in marks.
    let holds_subject_and_verb = |at: usize| {
        let subject =
            noun_phrase(view, rules, from, at, Width::Source).filter(|_| frames.zero && !frames.object);
        subject.is_some_and(|subject| {
            let verb = (subject.end..at).find(|verb| view.is_finite(*verb));
            let sure = |verb: usize| {
                !view.has(verb, class::PAST_PARTICIPLE) && view.is_plainly_finite(verb)
                    || verb + 1 == at && !view.has(verb - 1, class::HAVE | class::BE)
                    || verb == subject.end && view.has(verb + 1, class::PRONOUN)
            };
            subject.start == from && verb.is_some_and(sure)
        })
    };
    let mut commas = 0;
    let mut at = from;
    while at < unit.end && at - from < GAP {
        if let Some(quotation) = view.quotation(at) {
            // "told the agency « Corvane » that": a name in marks.
            let named = quotation.tokens.start == at && quotation.inner.len() <= 4 && at > from && {
                use selon_model::SourceKind::{Agency, Outlet};
                let noun = role_at(view, at - 1).filter(|(_, length)| *length == 1);
                noun.is_some_and(|(index, _)| {
                    matches!(rules.roles[usize::from(index)].class, Some(Agency | Outlet))
                })
            };
            if named {
                at = quotation.tokens.end;
                continue;
            }
            // "publie un rapport intitulé « … »": the name of a thing.
            let titled = at > from
                && view.lexicon.settings.named_by.iter().any(|word| word == view.folded(at - 1))
                || at > from + 1
                    && view.kind(at - 1) == TokenKind::Comma
                    && view.lexicon.settings.named_by.iter().any(|word| word == view.folded(at - 2));
            if quotation.tokens.start == at && titled && !frames.object_inside {
                at = quotation.tokens.end;
                continue;
            }
            // "admitted he drank “a lot” before …": a clause of its own holds the fragment.
            let in_clause = frames.zero
                && at > from + 1
                && (quotation.inner.len() <= 5 || view.is_finite(from + 1))
                && view.has(from, class::PRONOUN)
                && !view.has(from, class::DETERMINER | class::CLITIC);
            let told = quotation.tokens.start == at && commas == 0 && holds_subject_and_verb(at);
            if quotation.tokens.start == at && (in_clause || told) {
                return None;
            }
            // "said the bridge “is against the law”": the words in marks are the verb of a clause.
            let predicate = frames.zero
                && !frames.object
                && commas == 0
                && at > from + 1
                && view.has(from, class::DETERMINER)
                && quotation.tokens.start == at
                && view.has(quotation.inner.start, class::FINITE)
                && (from..at)
                    .all(|token| view.is_word(token) && !view.has(token, class::PREPOSITION | class::TIME));
            if predicate {
                return found(Follows::Clause, from, quotation_end(view, unit, at));
            }
            if quotation.tokens.start == at && is_marked_word(view, frames, from..at) {
                at = quotation.tokens.end;
                continue;
            }
            // "a police officer called, he shrugged …": what is named stands by its verb.
            if quotation.tokens.start == at && frames.object_inside && commas > 0 {
                return None;
            }
            if quotation.tokens.start == at && frames.quote {
                let open = commas == 0 || view.kind(at - 1) == TokenKind::Comma || at - from < 14;
                if !open {
                    return None;
                }
                // "annonce sa démission pour des « raisons personnelles »": marks inside an object.
                if is_object_with_marks(view, frames, from..at) {
                    let phrase = noun_phrase(view, rules, from, unit.end, Width::Wide);
                    let end = phrase.map_or(at, |phrase| phrase.end).max(quotation_end(view, unit, at));
                    return found(Follows::Quotation, from, end);
                }
                // "described her as a “…” woman": all of what she is called.
                let called = (from..at).find(|token| frames.object_inside && view.has(*token, class::AS));
                return match called {
                    Some(called) => {
                        found(Follows::Quotation, called + 1, clause_end(view, rules, unit, called + 1))
                    }
                    None => found(Follows::Quotation, at, quotation_end(view, unit, at)),
                };
            }
            if quotation.tokens.start == at && quotation.inner.len() <= 4 {
                at = quotation.tokens.end;
                continue;
            }
            return None;
        }
        match view.kind(at) {
            // "reported at 1:30 p.m."
            TokenKind::Comma
                if view.words(at) == ":"
                    && !view.spaced(at + 1)
                    && view.kind(at + 1) == TokenKind::Digits
                    && view.kind(at - 1) == TokenKind::Digits => {}
            TokenKind::Comma if view.words(at) == ":" && commas == 0 && holds_subject_and_verb(at) => {
                return None;
            }
            TokenKind::Comma if view.words(at) == ":" => {
                if view.quotation(at + 1).is_some_and(|quotation| quotation.tokens.start == at + 1)
                    && at + 1 < unit.end
                {
                    return found(Follows::Quotation, at + 1, quotation_end(view, unit, at + 1));
                }
                return if frames.quote && commas == 0 {
                    found(Follows::Colon, at + 1, unit.end)
                } else {
                    None
                };
            }
            TokenKind::Comma if view.words(at) == ";" => return None,
            TokenKind::Comma => {
                commas += 1;
                if commas > 2 || view.has(at + 1, class::PRESENT_PARTICIPLE) {
                    return None;
                }
                at += 1;
                continue;
            }
            TokenKind::Stop if ends_here(view, at) => {
                return None;
            }
            TokenKind::Dash if view.is_dash(at) => return None,
            _ => {}
        }
        if view.has(at, class::COMPLEMENTISER) {
            // "said dykes that were built …": the noun opens a clause of its own.
            let noun_first = frames.zero
                && !frames.object
                && !view.lexicon.settings.verb_first
                && at > from
                && view.is_word(from)
                && !view.has(from, class::ADVERB | class::TIME | class::PREPOSITION | class::CLITIC);
            // "révèle le surnom que lui a donné X": the pronoun of a relative clause.
            // "a fait valoir au locataire de la ville que": the one spoken to, and no antecedent.
            let spoken_to = view.has(from, class::TOWARDS)
                && !(from + 1..at).any(|token| {
                    view.has(token, class::DETERMINER)
                        && !view.has(token - 1, class::PREPOSITION | class::LINK | class::TOWARDS)
                });
            let antecedent = !frames.object
                && !spoken_to
                && !frames.object_inside
                && !view.lexicon.settings.verb_first
                && at > from + 1
                && view.has(at, class::RELATIVE)
                && view.has(from, class::DETERMINER)
                && (!(from..at).any(|token| view.has(token, class::TIME))
                    || !view.has(from + 1, class::TIME)
                        && view.kind(from + 1) != TokenKind::Digits
                        && !begins_speaker(view, from))
                && (view.kind(at - 1) == TokenKind::Comma || !begins_speaker(view, from));
            // "agreed to build a system that would …": the clause of a noun under the infinitive.
            let carried = at > from + 2
                && !frames.object
                && !frames.infinitive
                && view.lexicon.settings.bare_verbs
                && view.has(from, class::INFINITIVE_MARK)
                && view.has(at, class::RELATIVE);
            if noun_first || antecedent || carried {
                return None;
            }
            return if frames.clause {
                found(Follows::Clause, at + 1, clause_end(view, rules, unit, at + 1))
            } else {
                None
            };
        }
        // VERB SUBJECT NOUN …: where the verb comes first, a noun of action opens what is said.
        if frames.noun && at > from && view.lexicon.is_announced(view.ids[at]) {
            let phrase = noun_phrase(view, rules, at, unit.end, Width::Wide)?;
            return found(Follows::Noun, at, phrase.end);
        }
        if view.has(at, class::WHETHER) && frames.whether {
            // "asked how it was": the word of the question is asked too.
            let asked = view.lexicon.settings.questions.iter().any(|word| word == view.folded(at));
            let start = if asked { at } else { at + 1 };
            return found(Follows::Clause, start, clause_end(view, rules, unit, at + 1));
        }
        // "a affirmé vendredi avoir fui": days aside, a bare infinitive follows its verb.
        let bare = (from..at).all(|token| view.has(token, class::TIME | class::ADVERB));
        // "announced the mobilization of the services to cope with it": the infinitive is the noun's.
        // "appelle à une réunion pour décider des suites à donner"
        let of_noun = at > from
            && view.has(from, class::DETERMINER | class::TOWARDS)
            && match view.has(from, class::TOWARDS) {
                true => {
                    !view.lexicon.settings.verb_first
                        && !begins_speaker(view, from + 1)
                        && view.words(from) == view.words(at)
                }
                false => {
                    let indefinite = &view.lexicon.settings.indefinite;
                    let somebody = begins_speaker(view, from)
                        && !indefinite.iter().any(|word| word == view.folded(from));
                    frames.noun && !frames.object && !frames.object_inside && !somebody
                }
            };
        if frames.infinitive
            && !of_noun
            && (commas == 0 || frames.object)
            && (bare || frames.object || frames.object_inside || view.has(at, class::INFINITIVE_MARK))
            && let Some(start) = infinitive_at(view, at, unit.end, bare)
        {
            // "asked for the gate to be opened": the infinitive's own subject.
            let subject = (from..at).find(|token| view.has(*token, class::INFINITIVE_SUBJECT));
            let start_of_content = match subject {
                Some(subject) => subject + 1,
                None if frames.object_inside => from,
                // "promised not to collect"
                None if at > from && view.has(at - 1, class::NEGATION) => at - 1,
                None => start,
            };
            return found(Follows::Infinitive, start_of_content, infinitive_end(view, rules, unit, start));
        }
        // "denied targeting civilians"
        if frames.gerund
            && at == from
            && view.has(at, class::PRESENT_PARTICIPLE)
            && view.is_word(at + 1)
            && !view.has(at + 1, class::COMPLEMENTISER)
        {
            return found(Follows::Infinitive, at, clause_end(view, rules, unit, at));
        }
        if frames.gerund && view.has(at, class::PREPOSITION | class::INFINITIVE_MARK) && at + 1 < unit.end {
            let next_quoted =
                view.quotation(at + 1).is_some_and(|quotation| quotation.tokens.start == at + 1);
            // "accused them of a “massacre”"
            let marked = at > from
                && view.has(at + 1, class::DETERMINER)
                && (at + 2..unit.end.min(at + 4)).any(|token| {
                    view.quotation(token).is_some_and(|quotation| quotation.tokens.start == token)
                });
            if view.has(at + 1, class::PRESENT_PARTICIPLE | class::HAVE)
                || ((next_quoted || marked) && frames.object_inside)
            {
                let start_of_content = if frames.object_inside { from } else { at + 1 };
                return found(Follows::Infinitive, start_of_content, clause_end(view, rules, unit, at + 1));
            }
        }
        let participle = at > from
            && is_gerund_cue(view, rules, at)
            && !view.capital(at)
            && !view.lexicon.settings.verb_first;
        if view.is_plainly_finite(at) || view.has(at, class::BREAK | class::BUT) || participle {
            return None;
        }
        if at > from && view.has(at, class::RELATIVE) && view.kind(at - 1) != TokenKind::Comma {
            return None;
        }
        at += 1;
    }
    None
}

/// "note quelques points « positifs »": one or two words in marks within an object say nothing
/// by themselves. `between` is what stands between cue and mark.
fn is_marked_word(view: &View<'_>, frames: Frames, between: Range<usize>) -> bool {
    let Some(quotation) = view.quotation(between.end) else { return false };
    let words = quotation.inner.clone().filter(|at| view.is_word(*at)).count();
    let last = between.end.wrapping_sub(1);
    let object = between.clone().any(|at| view.has(at, class::DETERMINER))
        && view.is_word(last)
        && (!view.has(last, class::PREPOSITION | class::INFINITIVE_MARK)
            || view.has(last, class::INFINITIVE_MARK) && frames.zero)
        && !between.clone().any(|at| role_at(view, at).is_some() || view.outlet_at(at).is_some());
    words <= 2 && object && frames.clause && !frames.object && !frames.object_inside
}

/// An object with an article, and a few words of it in marks: `between` is what stands between the
/// cue and the mark.
fn is_object_with_marks(view: &View<'_>, frames: Frames, between: Range<usize>) -> bool {
    let Some(quotation) = view.quotation(between.end) else { return false };
    let words = quotation.inner.clone().filter(|at| view.is_word(*at)).count();
    let first = between.start;
    let article = view.has(first, class::DETERMINER)
        && !view.has(first, class::TOWARDS | class::TIME | class::PRONOUN)
        && !view.has(first + 1, class::TIME);
    let speaks = |at: usize| role_at(view, at).is_some() || view.outlet_at(at).is_some() || view.capital(at);
    // "annonce l'intention de porter plainte pour « … »": a preposition ties the marks to the object.
    let last = between.end.wrapping_sub(1);
    let tied = frames.noun
        && view.has(last, class::PREPOSITION | class::LINK)
        && between.clone().all(|at| view.is_word(at) || view.kind(at) == TokenKind::Other)
        && !view.has_finite(between.clone());
    if article && between.len() >= 2 && tied && !frames.object && !frames.object_inside {
        return true;
    }
    article
        && between.len() >= 2
        && !frames.object
        && !frames.object_inside
        && words <= 6
        && !view.has_finite_word(quotation.inner.clone())
        && between
            .clone()
            .all(|at| view.is_word(at) && !speaks(at) && !view.has(at, class::RELATIVE | class::BUT))
        && between.end < view.lexed.len()
}

/// Somebody who can speak begins at `at`, after an article.
fn begins_speaker(view: &View<'_>, at: usize) -> bool {
    let first = at + usize::from(view.has(at, class::DETERMINER));
    role_at(view, first).is_some() || view.outlet_at(first).is_some() || view.capital(first)
}

/// End of an infinitive's phrase: like a clause, but a clause with a subject of its own after a
/// comma is the sentence going on ("presse X d'agir, Y a proposé …").
fn infinitive_end(view: &View<'_>, rules: &Rules, unit: &Range<usize>, start: usize) -> usize {
    let end = clause_end(view, rules, unit, start);
    let own_clause = |comma: usize| {
        let next = comma + 1;
        if !(view.has(next, class::DETERMINER | class::PRONOUN) || view.capital(next))
            || view.has(next, class::RELATIVE)
        {
            return false;
        }
        (next + 1..end.min(next + 14))
            .take_while(|at| {
                view.kind(*at) != TokenKind::Comma && !view.has(*at, class::RELATIVE | class::COMPLEMENTISER)
            })
            .any(|at| view.is_plainly_finite(at))
    };
    // "… and crucially they have": another clause after "and".
    let joined = |and: usize| {
        let next = (and + 1..end).find(|at| !view.has(*at, class::ADVERB)).unwrap_or(end);
        let personal = view.has(next, class::PRONOUN) && !view.has(next, class::DETERMINER | class::CLITIC);
        view.has(and, class::AND) && personal && view.is_finite(next + 1)
    };
    (start..end)
        .find(|at| {
            view.quotation(*at).is_none()
                && (view.is_comma(*at) && own_clause(*at) || *at > start && joined(*at))
        })
        .unwrap_or(end)
}

/// An infinitive at `at`: bare where the verb allows it, or after its mark ("de", "to"), with
/// negation and pronouns between. Gives the first token of the infinitive's phrase.
fn infinitive_at(view: &View<'_>, at: usize, to: usize, bare: bool) -> Option<usize> {
    let marked = view.has(at, class::INFINITIVE_MARK);
    if !marked && !bare {
        return None;
    }
    let start = if marked { at + 1 } else { at };
    let mut next = start;
    while next < to
        && next - start < 3
        && view.has(next, class::NEGATION | class::CLITIC)
        && !view.has(next, class::INFINITIVE)
    {
        next += 1;
    }
    let is = next < to
        && !view.capital(next)
        && (view.has(next, class::INFINITIVE)
            || (view.is_word(next)
                && view.lexicon.is_infinitive_like(view.folded(next))
                && (marked
                    || !view.lexicon.settings.bare_verbs
                        && view.ids[next] == 0
                        && view.has(next + 1, class::DETERMINER | class::PREPOSITION))));
    is.then_some(start)
}

/// A clause without complementiser after a cue that ends at `from` ("said they have left"),
/// after the one spoken to where the verb takes one.
pub(crate) fn bare_clause(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    from: usize,
    frames: Frames,
    sure: bool,
) -> Option<Complement> {
    let mut start = from;
    if frames.object {
        if view.has(from, class::PRONOUN | class::CLITIC) && !view.is_acronym(from) {
            start += 1;
        } else {
            start = object_end(view, rules, from, unit.end)?;
        }
    }
    // "said earlier", "said on Tuesday", "said in a statement": the clause begins after them.
    while start < unit.end && start - from < 12 && !view.opens_quantity(start, unit.end) {
        if let Some(manner) = manner_at(view, rules, start) {
            start += manner;
        } else if view.has(start, class::TIME)
            || (view.has(start, class::ADVERB) && !view.has(start, class::PRONOUN | class::DETERMINER))
        {
            start += 1;
        } else if view.has(start, class::PREPOSITION)
            && (view.has(start + 1, class::TIME) || view.kind(start + 1) == TokenKind::Digits)
        {
            start += 2;
            while start < unit.end && (view.kind(start) == TokenKind::Digits || view.has(start, class::TIME))
            {
                start += 1;
            }
        } else {
            break;
        }
    }
    if let Some(clause) = after_adjunct(view, rules, unit, start) {
        start = clause;
    }
    if start >= unit.end
        || !matches!(
            view.kind(start),
            TokenKind::Word | TokenKind::Digits | TokenKind::QuoteOpen | TokenKind::QuoteAmbiguous
        )
    {
        return None;
    }
    let compound = view.kind(start + 1) == TokenKind::Dash && !view.spaced(start + 1);
    if !compound
        && view.has(start, class::PREPOSITION | class::AND | class::BUT | class::RELATIVE | class::AS)
        && !view.has(start, class::DETERMINER | class::PRONOUN | class::CONDITION)
        && !introduces(view, unit, start)
        && !view.opens_quantity(start, unit.end)
    {
        return None;
    }
    let end = clause_end(view, rules, unit, start);
    // A verb that does little but report takes any clause; others need one told for certain.
    let near = (start..end.min(start + 24)).take_while(|at| view.words(*at) != ")");
    let verb = near.clone().find(|at| {
        if sure && view.quotation(*at).is_none() {
            view.is_plainly_finite(*at)
        } else {
            // "said observatory head Rami Velm": a noun before its name.
            let office = role_at(view, *at).is_some() && view.is_word(*at + 1) && view.capital(*at + 1);
            view.has(*at, class::FINITE)
                && !office
                && !view.is_hyphened(*at)
                && !view.lexicon.settings.named_by.iter().any(|word| word == view.folded(*at))
                && (view.quotation(*at).is_some()
                    || !view.is_nominal(*at)
                    // "said four were children"
                    || view.is_number(*at - 1) && view.has(*at, class::BE | class::HAVE))
        }
    });
    // "wrote stories of students who understood": a noun with its clause, and nothing more.
    let relative =
        |verb: usize| view.quotation(verb).is_none() && relative_before(view, verb, start).is_some();
    let main = |at: usize| {
        view.is_finite(at) && !relative(at) && !view.has(at.wrapping_sub(1), class::PRONOUN | class::MODAL)
    };
    if verb.is_some_and(relative) && !near.clone().any(main) {
        return None;
    }
    // "denied the attack and the ministry said …": a noun, then somebody else who speaks.
    let and = (start..end.min(start + 24)).find(|at| view.has(*at, class::AND));
    if sure && and.is_some_and(|and| (and..verb.unwrap_or(and)).any(|at| says(view, rules, at))) {
        return None;
    }
    let pronoun = view.has(start, class::PRONOUN) && !view.has(start, class::RELATIVE | class::DETERMINER);
    let subject = verb.is_some_and(|verb| verb > start);
    (subject || pronoun).then_some(Complement {
        follows: Follows::Clause,
        tokens: start..end,
        between: from..start,
    })
}

/// "said during the board meeting | the grant breaks the law": where a clause begins right after a
/// preposition and its noun phrase.
fn after_adjunct(view: &View<'_>, rules: &Rules, unit: &Range<usize>, at: usize) -> Option<usize> {
    let settings = &view.lexicon.settings;
    let other = class::LINK | class::TOWARDS | class::AGENT | class::SUBORDINATOR | class::INFINITIVE_MARK;
    let opens = settings.bare_verbs
        && view.has(at, class::PREPOSITION)
        && !view.has(at, other | class::INFINITIVE_SUBJECT)
        && view.has(at + 1, class::DETERMINER);
    if !opens {
        return None;
    }
    let phrase = noun_phrase(view, rules, at + 1, unit.end, Width::Source)?;
    let clause = phrase.end;
    let begins = clause < unit.end
        && (view.has(clause, class::DETERMINER | class::PRONOUN) && !view.has(clause, class::RELATIVE))
        && !view.has(clause, class::TIME);
    let verb = (clause + 1..unit.end.min(clause + 14))
        .take_while(|at| view.is_word(*at))
        .find(|at| view.is_finite(*at));
    (begins && verb.is_some_and(|verb| relative_before(view, verb, clause).is_none())).then_some(clause)
}

/// Words of a channel that name no one ("in a statement", "on Twitter"): their length.
fn manner_at(view: &View<'_>, rules: &Rules, at: usize) -> Option<usize> {
    view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
        Meaning::Channel(index) => match rules.channels[usize::from(index)].slot {
            Slot::Manner | Slot::Platform => Some(length),
            _ => None,
        },
        _ => None,
    })
}

/// "said in 2015 the company …": an opening adverbial with a comma before the clause's subject.
fn introduces(view: &View<'_>, unit: &Range<usize>, start: usize) -> bool {
    let comma = (start..unit.end.min(start + 12)).find(|at| view.is_comma(*at));
    comma.is_some_and(|comma| {
        view.has(comma + 1, class::PRONOUN | class::DETERMINER) && !view.has_finite(start..comma)
    })
}

/// End of the object of "told X": a name, a role, a short phrase.
fn object_end(view: &View<'_>, rules: &Rules, from: usize, to: usize) -> Option<usize> {
    if let Some((_, length)) = view.outlet_at(from).or_else(|| {
        view.has(from, class::DETERMINER)
            .then(|| view.outlet_at(from + 1))
            .flatten()
            .map(|(index, length)| (index, length + 1))
    }) {
        return Some(from + length);
    }
    let phrase = noun_phrase(view, rules, from, to, Width::Source)?;
    // "told reporters the bridge": a role of one word ends at the next determiner by itself;
    // a name in capitals ends where the capitals do.
    Some(phrase.end)
}

/// The noun phrase that is announced, proposed, rejected after a cue that ends at `from`; one
/// without an article only where it is somebody ("blamed rebels for the attack").
pub(crate) fn noun_content(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    from: usize,
    frames: Frames,
) -> Option<Complement> {
    let somebody = frames.object_inside && (view.capital(from) || role_at(view, from).is_some());
    if !view.has(from, class::DETERMINER) && view.kind(from) != TokenKind::Digits && !somebody {
        return None;
    }
    let mut tokens = noun_phrase(view, rules, from, unit.end, Width::Wide)?;
    for _ in 0..MOST_PARTS {
        let end = tokens.end;
        // "le droit de choisir | leur travail", "le recours à la force comme | un recul"
        let open = view.has(end - 1, class::INFINITIVE) && !view.has(end - 1, class::DETERMINER)
            || view.has(end - 1, class::AS);
        let first = if view.has(end, class::AS) { end + 1 } else { end };
        let goes_on = (open || first > end) && view.has(first, class::DETERMINER) && first < unit.end;
        let stop = (first..unit.end).find(|at| !view.is_word(*at)).unwrap_or(unit.end);
        // "condemned the raid as | the rebels left": a clause of its own.
        let clause = first > end && view.has_finite(first..stop)
            || open && view.has(end - 1, class::AS) && view.has_finite(end..stop);
        match noun_phrase(view, rules, first, unit.end, Width::Wide).filter(|_| goes_on && !clause) {
            Some(more) if more.start == first => tokens.end = more.end,
            _ => break,
        }
    }
    if view.has(tokens.end - 1, class::AS) {
        tokens.end -= 1;
    }
    // "a rejeté toute faute | et a fait savoir que …": another verb of the same subject.
    let another = |at: usize| {
        view.has(at, class::AND)
            && view.has(at + 1, class::HAVE | class::BE)
            && view.is_finite(at + 1)
            && !view.has(at + 1, class::PREPOSITION)
    };
    if let Some(and) = (tokens.start + 1..tokens.end.saturating_sub(1)).find(|at| another(*at)) {
        tokens.end = and;
    }
    // "blamed the delay on the fact | that …"
    if view.has(tokens.end, class::COMPLEMENTISER)
        && !view.has(tokens.end, class::WHETHER)
        && tokens.end < unit.end
    {
        tokens.end = clause_end(view, rules, unit, tokens.end + 1);
    }
    (tokens.len() >= 2).then_some(Complement { follows: Follows::Noun, tokens, between: from..from })
}

/// End of a quotation's content: the quotation, and one that follows it after a link only.
pub(crate) fn quotation_end(view: &View<'_>, unit: &Range<usize>, at: usize) -> usize {
    let Some(quotation) = view.quotation(at) else { return at };
    let mut end = quotation.tokens.end.min(unit.end);
    // « a » et « b », « c »
    for _ in 0..4 {
        let mut next = end;
        while next < unit.end
            && next - end < 3
            && (view.kind(next) == TokenKind::Comma || view.has(next, class::AND))
        {
            next += 1;
        }
        match view.quotation(next) {
            Some(more)
                if next > end && next < unit.end && more.tokens.start == next && more.inner.len() < 12 =>
            {
                end = more.tokens.end.min(unit.end)
            }
            _ => break,
        }
    }
    // A fragment inside a longer clause: "said “nobody” had come".
    let inner = quotation.inner.len();
    if inner <= 6
        && end < unit.end
        && view.is_word(end)
        && !view.has(end, class::AND | class::BUT | class::RELATIVE | class::AGENT)
    {
        let clause = (end..unit.end)
            .find(|next| {
                view.kind(*next) == TokenKind::Comma
                    || view.kind(*next) == TokenKind::Stop
                    || view.is_dash(*next)
            })
            .unwrap_or(unit.end);
        if view.has_finite(end..clause) {
            return clause;
        }
    }
    end
}

/// End of the clause that begins at `start`: before a contrast, a coordinated verb of the
/// matrix subject, a second cue, a dash without partner, or the end of the sentence.
pub(crate) fn clause_end(view: &View<'_>, rules: &Rules, unit: &Range<usize>, start: usize) -> usize {
    let mut at = start;
    while at < unit.end {
        if let Some(quotation) = view.quotation(at) {
            at = quotation.tokens.end.max(at + 1);
            continue;
        }
        let folded = view.words(at);
        if at > start && is_credit(view, rules, at, unit.end) {
            return at;
        }
        match view.kind(at) {
            TokenKind::Comma if folded == ";" => return at,
            TokenKind::Comma if at > start && breaks_after_comma(view, rules, unit, at) => return at,
            TokenKind::Stop
                if at + 1 < unit.end
                    && view.spaced(at + 1)
                    && view.capital(at + 1)
                    && ends_here(view, at) =>
            {
                return at;
            }
            TokenKind::Dash if at > start && view.is_dash(at) => {
                let doubled = usize::from(view.kind(at + 1) == TokenKind::Dash);
                let partner = (at + 1 + doubled..unit.end)
                    .find(|next| view.is_dash(*next) && view.quotation(*next).is_none());
                match partner {
                    Some(partner) => {
                        at = partner + 1 + usize::from(view.kind(partner + 1) == TokenKind::Dash);
                        continue;
                    }
                    None if at > start + 2
                        && !view.has(at + 1 + doubled, class::SUBORDINATOR | class::PREPOSITION) =>
                    {
                        return at;
                    }
                    None => {}
                }
            }
            _ => {}
        }
        let parts = view.is_comma(at) && another_speaks(view, rules, unit, at + 1);
        // "it had taken the hill but residents said …"
        let joins = view.has(at, class::AND | class::BUT | class::BREAK)
            && view.has_finite(start..at)
            && another_speaks(view, rules, unit, at);
        if at > start + 2 && (parts || joins) {
            return at;
        }
        // "had not yet confirmed" holds no contrast.
        let inside = class::NEGATION | class::HAVE | class::BE | class::MODAL;
        let parts = view.has(at, class::AND) || view.has(at, class::BUT) && !view.has(at.max(1) - 1, inside);
        if at > start && parts && second_verb(view, rules, unit, at + 1, true) {
            return at;
        }
        if at > start + 2
            && view.has(at, class::BREAK)
            && view.has_finite(at + 1..unit.end.min(at + 14))
            && !view.has(at, class::CONDITION)
            && view.kind(at - 1) == TokenKind::Comma
            && !view.has(at + 1, class::COMPLEMENTISER)
        {
            return at;
        }
        if at > start + 1 && is_gerund_cue(view, rules, at) && after_comma(view, at) {
            return at;
        }
        at += 1;
    }
    unit.end
}

/// "(Reuters) Two people": the credit of a picture, and another text after it.
fn is_credit(view: &View<'_>, rules: &Rules, at: usize, to: usize) -> bool {
    if view.words(at) != "(" {
        return false;
    }
    let close = (at + 1..to.min(at + 6)).find(|close| view.words(*close) == ")");
    close.is_some_and(|close| {
        close + 1 < to && view.capital(close + 1) && is_press(view, rules, at + 1) && view.is_word(close + 1)
    })
}

/// "…, and Damascus said it was closing": after the comma somebody else, who is named, speaks.
fn another_speaks(view: &View<'_>, rules: &Rules, unit: &Range<usize>, at: usize) -> bool {
    if !view.has(at, class::AND | class::BUT | class::BREAK) {
        return false;
    }
    let first = at + 1;
    let reports = |verb: &usize| {
        let forms = &view.lexicon.word(view.ids[*verb]).forms;
        let participle = view.has(*verb, class::PAST_PARTICIPLE) && view.has(*verb - 1, class::HAVE);
        says(view, rules, *verb) && !view.has(*verb - 1, class::BE)
            || participle && forms.iter().any(|form| rules.verbs.contains_key(&*form.lemma))
    };
    let Some(verb) = (first + 1..unit.end.min(first + 9)).find(reports) else { return false };
    let inside = class::COMPLEMENTISER | class::RELATIVE | class::SUBORDINATOR | class::PRONOUN;
    let opens = view.capital(first) || view.has(first, class::DETERMINER) || role_at(view, first).is_some();
    opens
        && !view.has(first, class::COMPLEMENTISER)
        && (first..verb).all(|word| {
            view.is_word(word)
                && (!view.has(word, inside) || view.has(word, class::DETERMINER))
                && (!view.is_plainly_finite(word) || view.has(word, class::HAVE))
        })
}

/// A comma stands before a token, or inside the closing mark before it ("an injustice,” writing").
fn after_comma(view: &View<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let inside = view.quotation(before).is_some_and(|quotation| {
        quotation.tokens.end == at && quotation.inner.end > quotation.inner.start && {
            view.is_comma(quotation.inner.end - 1)
        }
    });
    view.kind(before) == TokenKind::Comma || inside
}

/// A stop that ends a sentence: not one of an abbreviation or initial.
pub(crate) fn ends_here(view: &View<'_>, at: usize) -> bool {
    let initial = view.capital(at - 1) && view.words(at - 1).chars().count() < 3;
    !initial && !view.has(at - 1, class::TITLE)
}

fn breaks_after_comma(view: &View<'_>, rules: &Rules, unit: &Range<usize>, comma: usize) -> bool {
    let next = comma + 1;
    if next >= unit.end {
        return false;
    }
    if view.has(next, class::AND | class::BUT) && view.has(next + 1, class::COMPLEMENTISER) {
        return false;
    }
    // "…, to which he responded": an answer to what is said.
    let answers = view.has(next, class::PREPOSITION)
        && view.has(next + 1, class::RELATIVE)
        && (next + 2..unit.end.min(next + 6)).any(|at| says(view, rules, at));
    if answers {
        return true;
    }
    if view.has(next, class::BREAK) {
        return view.has_finite(next + 1..unit.end.min(next + 16));
    }
    if is_gerund_cue(view, rules, next)
        || is_joined_cue(view, rules, next)
        || is_inverted_cue(view, rules, unit, next)
    {
        return true;
    }
    if view.has(next, class::AND | class::BUT) {
        return second_verb(view, rules, unit, next + 1, false);
    }
    false
}

/// After "et": a verb without a subject of its own, so that the matrix subject goes on; with
/// `cue_only`, only a verb of saying counts.
fn second_verb(view: &View<'_>, rules: &Rules, unit: &Range<usize>, from: usize, cue_only: bool) -> bool {
    let mut at = from;
    while at < unit.end
        && at - from < 4
        && view.has(at, class::ADVERB | class::CLITIC | class::NEGATION)
        && !view.is_finite(at)
        && !view.has(at, class::PRONOUN & !class::CLITIC)
    {
        at += 1;
    }
    if at >= unit.end
        || !view.is_word(at)
        || view.has(at, class::PRONOUN | class::DETERMINER | class::COMPLEMENTISER) && !view.is_finite(at)
    {
        return false;
    }
    if !view.is_finite(at) {
        return false;
    }
    if !cue_only {
        return true;
    }
    (at..unit.end.min(at + 4))
        .any(|word| is_cue_verb(view, rules, word) && (word == at || view.has(at, class::HAVE)))
}

/// ", a déclaré son porte-parole": a verb of saying with its subject after it.
fn is_inverted_cue(view: &View<'_>, rules: &Rules, unit: &Range<usize>, at: usize) -> bool {
    let mut verb = at;
    while verb < unit.end && verb - at < 4 && view.has(verb, class::HAVE | class::ADVERB | class::CLITIC) {
        verb += 1;
    }
    let says = view.has(verb, class::FINITE | class::PAST_PARTICIPLE)
        && (verb > at || view.is_finite(verb))
        && view.lexicon.word(view.ids[verb.min(view.ids.len() - 1)]).forms.iter().any(|form| {
            rules.verbs.get(&*form.lemma).is_some_and(|cues| {
                cues.iter().any(|cue| {
                    let rule = &rules.cues[usize::from(*cue)];
                    rule.frames.quote && rule.tail.is_empty() && rule.class == "say"
                })
            })
        });
    let next = verb + 1;
    says && next < unit.end
        && view.quotation(at).is_none()
        && (view.has(next, class::DETERMINER | class::TITLE) || view.capital(next))
        && noun_phrase(view, rules, next, unit.end, Width::Source).is_some_and(|phrase| {
            phrase.end >= unit.end
                || !view.is_word(phrase.end)
                || view.has(phrase.end, class::PREPOSITION | class::TIME)
        })
}

/// "and-said" written as one word: the speaker of the clause before goes on.
fn is_joined_cue(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    view.is_finite(at)
        && view.is_joined(at)
        && view.lexicon.word(view.ids[at]).forms.iter().any(|form| rules.verbs.contains_key(&*form.lemma))
}

/// A present participle of a verb of saying.
fn is_gerund_cue(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    view.has(at, class::PRESENT_PARTICIPLE)
        && view.lexicon.word(view.ids[at]).forms.iter().any(|form| {
            rules.verbs.get(&*form.lemma).is_some_and(|cues| {
                cues.iter().any(|cue| rules.cues[usize::from(*cue)].kind == CueKind::Verb)
            })
        })
}
