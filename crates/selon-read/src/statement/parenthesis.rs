//! Source and verb as a parenthesis in what is said: "…, a dit X, …", "…," he said.

use std::ops::Range;

use selon_model::SourceKind;

use crate::lex::TokenKind;

use super::around::{Place, around, phrase_end};
use super::complement::{Follows, bare_clause, complement};
use super::cue_reader::CueReader;
use super::draft::{Draft, one_piece};
use super::lexicon::{Meaning, class};
use super::noun_phrase::{Width, begins_channel, has_main_verb, noun_phrase, role_at};
use super::rules::Slot;
use super::speaker::read_speaker;
use super::toll::opens_count;

/// Tokens of adjuncts that may stand between a verb and its subject.
const ADJUNCTS: usize = 16;

/// Somebody who says on what another said: an outlet passes it on, and whoever it is, his words are no
/// part of it.
struct ToldOn {
    source: Range<usize>,
    rule: u16,
    end: usize,
    press: bool,
}

impl CueReader<'_, '_> {
    /// A cue phrase in the sentence as a parenthesis: `from` its first token, `end` the end of
    /// cue and source.
    pub(super) fn parenthesis(
        &self,
        source: Range<usize>,
        from: usize,
        end: usize,
    ) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        // "a-t-il dit que …" governs what follows.
        if self.hit.inverted.is_some()
            && let Some(found) = complement(view, rules, &self.unit, end, self.rule().frames)
            && found.follows == Follows::Clause
            && found.between.len() < 12
        {
            return self.governing(Some(source), found);
        }
        let stop = phrase_end(view, &self.unit, end);
        // ", interrogée par X": adjuncts after a comma belong to the phrase.
        let mut stop_far = stop;
        while stop_far + 1 < self.unit.end
            && view.is_comma(stop_far)
            && (begins_channel(view, stop_far + 1) || view.has(stop_far + 1, class::TIME))
        {
            stop_far = phrase_end(view, &self.unit, stop_far + 1);
        }
        let told_on = self.told_on(stop_far);
        let stop_far = told_on.as_ref().map_or(stop_far, |told_on| told_on.end);
        let phrase = from..stop_far;
        let place = if source.start >= self.hit.head { Place::Inverted } else { Place::Plain };
        let mut content = around(view, rules, &self.unit, &phrase, self.lower, place);
        if content.is_empty() {
            content = self.neighbour(from)?;
        }
        if !content.iter().any(|piece| piece.clone().any(|at| view.is_word(at))) {
            return None;
        }
        let mut draft = self.draft(Some(source), content, false);
        draft.adjuncts.push(end..stop_far);
        if place == Place::Inverted
            && draft.source.as_ref().is_some_and(|source| source.start > self.hit.tokens.end)
        {
            let subject = draft.source.as_ref().map_or(end, |source| source.start);
            draft.adjuncts.push(self.hit.tokens.end..subject);
        }
        if self.rule().frames.object {
            draft.object = noun_phrase(view, rules, end, stop_far, Width::Source);
        }
        draft.through = told_on.filter(|told_on| told_on.press).map(|told_on| (told_on.source, told_on.rule));
        Some((draft, stop_far))
    }

    /// "…, the minister said, Reuters reported.": after the comma at `comma` somebody and his verb of
    /// saying close the sentence, in either order.
    fn told_on(&self, comma: usize) -> Option<ToldOn> {
        let (view, rules) = (self.view, self.rules);
        let from = comma + 1;
        if from >= self.unit.end || !view.is_comma(comma) {
            return None;
        }
        let end = phrase_end(view, &self.unit, from);
        if (end..self.unit.end).any(|at| view.is_word(at)) {
            return None;
        }
        let verb = (from..end).find(|at| view.is_finite(*at) && !view.has(*at, class::HAVE | class::BE))?;
        let says = |rule: &&u16| {
            let rule = &rules.cues[usize::from(**rule)];
            rule.frames.quote && rule.class == "say" && rule.tail.is_empty()
        };
        let forms = &view.lexicon.word(view.ids[verb]).forms;
        let rule = *forms.iter().filter_map(|form| rules.verbs.get(&*form.lemma)).flatten().find(says)?;
        let source = match verb == from {
            true => noun_phrase(view, rules, verb + 1, end, Width::Source)?,
            false => {
                noun_phrase(view, rules, from, verb, Width::Source).filter(|phrase| phrase.end == verb)?
            }
        };
        let begins = if verb == from { verb + 1 } else { from };
        let adjunct = if verb == from { source.end } else { verb + 1 };
        let closes = adjunct == end || view.has(adjunct, class::PREPOSITION | class::TIME | class::ADVERB);
        let speaker = read_speaker(view, rules, source.clone());
        let speaks = speaker.name.is_some() || speaker.head.is_some() || speaker.outlet.is_some();
        let press = matches!(speaker.kind, SourceKind::Agency | SourceKind::Outlet);
        (source.start == begins && closes && speaks).then_some(ToldOn { source, rule, end, press })
    }

    /// A cue phrase that fills its sentence, right after a quotation: that is the content.
    pub(super) fn neighbour(&self, from: usize) -> Option<Vec<Range<usize>>> {
        let view = self.view;
        let quotation = self.quotation_before(from)?;
        let unit = view.units.get(self.index.checked_sub(1)?)?;
        (quotation.end == unit.tokens.end && unit.paragraph == view.units[self.index].paragraph)
            .then(|| one_piece(quotation.start.max(unit.tokens.start)..quotation.end))
    }

    /// The quotation that ends right before `at`, a comma aside.
    pub(super) fn quotation_before(&self, at: usize) -> Option<Range<usize>> {
        let view = self.view;
        let mut last = at.checked_sub(1)?;
        while view.quotation(last).is_none()
            && (matches!(view.kind(last), TokenKind::Comma) || view.is_dash(last))
        {
            last = last.checked_sub(1)?;
        }
        let quotation = view.quotation(last)?;
        (quotation.tokens.end == last + 1).then(|| quotation.tokens.clone())
    }

    /// Whether words that could be content end right before `at`: a quotation, or a clause or a
    /// count and a comma.
    pub(super) fn follows_content(&self, at: usize) -> bool {
        let view = self.view;
        if at <= self.lower {
            return self.quotation_before(at).is_some() && at == self.unit.start;
        }
        if self.quotation_before(at).is_some() {
            return true;
        }
        let marked = view.kind(at - 1) == TokenKind::Comma && view.is_comma(at - 1)
            || view.is_dash(at - 1)
            || matches!(view.words(at - 1), "!" | "?" | "…");
        // "X, who runs the clinic, told …": the verb of a relative clause makes no content.
        let opening = view.quotation(self.lower).map_or(self.lower, |quotation| quotation.tokens.end);
        marked
            && (has_main_verb(view, opening.min(at - 1)..at - 1)
                || self.counts(opening, at - 1)
                || self.lower > self.unit.start && opening == self.lower)
    }

    /// "30 morts à Alep, a indiqué l'armée", "Effondrement : quatre morts, annonce la mairie": a count
    /// tells without a verb.
    fn counts(&self, from: usize, until: usize) -> bool {
        let colon = (from..until).rev().find(|at| self.view.words(*at) == ":");
        let first = colon.map_or(from, |colon| colon + 1);
        from == self.lower && [from, first].into_iter().any(|at| opens_count(self.view, &self.unit, at))
    }

    /// "La trêve, a souligné le médiateur, tient": in commas between the subject and the verb of
    /// what is said.
    pub(super) fn parts_clause(&self, edge: usize, after: usize, to: usize) -> bool {
        let view = self.view;
        if !view.lexicon.settings.incise || edge <= self.lower + 1 || !view.is_comma(edge - 1) {
            return false;
        }
        let Some(subject) = self.subject_after(after, to) else { return false };
        let comma = phrase_end(view, &self.unit, subject.end);
        let words = (self.lower..edge - 1).any(|at| view.is_word(at));
        let verb = (comma + 1..self.unit.end.min(comma + 6))
            .find(|at| !view.has(*at, class::ADVERB | class::CLITIC | class::NEGATION));
        words
            && view.is_comma(comma)
            && !view.has_finite(self.lower..edge - 1)
            && !view.has_finite(subject.end..comma)
            && verb.is_some_and(|verb| view.is_finite(verb))
    }

    /// "The truce, the mediator stressed, has held": the same with the subject before its verb,
    /// which begins at `subject`; the verb ends at `end`.
    pub(super) fn parts_plain_clause(&self, subject: usize, end: usize) -> bool {
        let view = self.view;
        if subject <= self.lower + 1 || !view.is_comma(subject - 1) || !view.is_comma(end) {
            return false;
        }
        let verb = (end + 1..self.unit.end.min(end + 4))
            .find(|at| !view.has(*at, class::ADVERB | class::CLITIC | class::NEGATION));
        (self.lower..subject - 1).any(|at| view.is_word(at))
            && !view.has_finite(self.lower..subject - 1)
            && verb.is_some_and(|verb| view.is_finite(verb))
    }

    /// The subject after its verb, past adjuncts: "a expliqué mardi à l'agence la ministre".
    pub(super) fn subject_after(&self, verb_end: usize, end: usize) -> Option<Range<usize>> {
        let (view, rules) = (self.view, self.rules);
        let mut at = verb_end;
        while at < end && at - verb_end < ADJUNCTS {
            // "croit savoir un employé"
            let infinitive = view.has(at, class::INFINITIVE) && !view.capital(at);
            let time = view.has(at, class::TIME | class::ADVERB)
                || view.kind(at) == TokenKind::Digits
                || infinitive && !view.lexicon.settings.bare_verbs;
            if time && !view.has(at, class::DETERMINER | class::PRONOUN) {
                at += 1;
            } else if view.is_comma(at)
                && at == verb_end
                && let Some(closing) = (at + 2..end.min(at + 9)).find(|comma| view.is_comma(*comma))
                && !view.has_finite(at + 1..closing)
                && (at + 1..closing).all(|word| view.is_word(word))
            {
                // "raconte, ému, le vieil homme"
                at = closing + 1;
            } else if view.has(at, class::PREPOSITION)
                && (!view.has(at, class::LINK)
                    || view.lexicon.settings.indefinite.iter().any(|word| word == view.folded(at + 1)))
            {
                // "confie d'une voix basse un soldat"
                at = noun_phrase(view, rules, at + 1, end, Width::Source)?.end;
            } else if let Some(told) = self.told_at(at, end) {
                at = told;
            } else {
                break;
            }
        }
        let far = at > verb_end;
        let opens =
            view.has(at, class::DETERMINER | class::TITLE) || view.capital(at) || role_at(view, at).is_some();
        if far && !opens {
            return None;
        }
        noun_phrase(view, rules, at, end, Width::Source)
    }

    /// One spoken to whose own case says so ("журналистам"): where his words end, the name of an
    /// agency or outlet after its noun included.
    fn told_at(&self, at: usize, to: usize) -> Option<usize> {
        use selon_model::SourceKind::{Agency, Outlet};
        let (view, rules) = (self.view, self.rules);
        let length = view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
            Meaning::Channel(index) if rules.channels[usize::from(index)].slot == Slot::Addressee => {
                Some(length)
            }
            _ => None,
        })?;
        let (index, _) = role_at(view, at)?;
        let mut end = at + length;
        if matches!(rules.roles[usize::from(index)].class, Some(Agency | Outlet)) {
            if let Some(quotation) = view.quotation(end).filter(|quotation| quotation.inner.len() <= 4) {
                end = quotation.tokens.end;
            }
            while end < to && view.capital(end) && view.is_word(end) {
                end += 1;
            }
        }
        Some(end.min(to))
    }

    /// A phrase after the verb that is the subject of a clause of its own is no inverted subject.
    pub(super) fn opens_clause(&self, phrase: &Range<usize>) -> bool {
        let view = self.view;
        let at = phrase.end;
        // "says the guards treated | the prisoners like dolls": the verb ends the phrase.
        let last = at.saturating_sub(1);
        let inside = at > phrase.start + 1
            && view.has(last, class::FINITE)
            && view.has(last, class::PAST_PARTICIPLE)
            && view.has(at, class::DETERMINER | class::PRONOUN)
            && view.lexicon.settings.bare_verbs;
        at < self.unit.end
            && (view.is_plainly_finite(at) || inside)
            && self.quotation_before(self.hit.tokens.start).is_none()
    }

    /// Whether SUBJECT VERB stands as a parenthesis: content before it, and nothing governed
    /// after it.
    pub(super) fn is_parenthesis(&self, subject: usize, end: usize) -> bool {
        let view = self.view;
        if self.quotation_before(subject).is_some() {
            // A quotation of the sentence before is content only where nothing follows the verb.
            let own = subject > self.unit.start;
            let sure = self.needs_sure_clause();
            return own || bare_clause(view, self.rules, &self.unit, end, self.rule().frames, sure).is_none();
        }
        if subject <= self.lower {
            return false;
        }
        let comma = view.is_comma(subject - 1) || view.is_dash(subject - 1);
        if !comma {
            return false;
        }
        let quoted = (self.lower..subject).any(|at| view.quotation(at).is_some());
        let said = view.has_finite(self.lower..subject - 1) || quoted || self.counts(self.lower, subject - 1);
        let bare = self.rule().frames.zero
            && bare_clause(view, self.rules, &self.unit, end, self.rule().frames, self.needs_sure_clause())
                .is_some_and(|found| {
                    found.tokens.start == end || !quoted && !view.has_finite(self.lower..subject - 1)
                });
        let free = end >= self.unit.end
            || !view.is_word(end)
            || !view.has(end, class::LINK)
                && view.has(
                    end,
                    class::PREPOSITION | class::TIME | class::ADVERB | class::SUBORDINATOR | class::AND,
                )
            || self.rule().frames.object;
        said && !bare && free
    }
}
