//! From cues and quotations to drafts of statements: which words are cue, source and content.
//!
//! Drafts are token ranges of one unit; who the source is, and how the words came, is worked out
//! later over the whole text.

use std::ops::Range;

use selon_model::Mode;

use crate::lex::TokenKind;

use super::content::{
    Complement, Follows, Place, around, bare_clause, complement, noun_content, phrase_end, quotation_end,
};
use super::cue::{Hit, Rejected, Shape, find_cues, is_verb};
use super::lexicon::{Number, class};
use super::noun_phrase::{Width, noun_phrase, subject_before, with_apposition};
use super::quote::is_fragment;
use super::rules::{CueKind, CueRule, Rules};
use super::speaker::read_speaker;
use super::view::View;

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
    let hits = find_cues(view, rules, unit.clone(), rejected);
    let first = drafts.len();
    let mut lower = unit.start;
    for (order, hit) in hits.iter().enumerate() {
        if drafts[first..].iter().any(|draft| claims(draft, hit)) {
            continue;
        }
        let reader =
            HitReader { view, rules, unit: unit.clone(), index, lower, hit, next: hits.get(order + 1) };
        let draft = reader.read(&drafts[first..], rejected);
        if let Some((mut draft, ends_at)) = draft {
            if draft.continues.is_some() {
                draft.continues = draft.continues.map(|earlier| earlier + first);
            }
            lower = lower.max(ends_at);
            drafts.push(draft);
        }
    }
    read_bare_quotations(view, rules, index, first, drafts);
    let mut own = drafts.split_off(first);
    // Text order of what is said, and the indexes that point into it.
    let order: Vec<usize> = {
        let mut order: Vec<usize> = (0..own.len()).collect();
        order.sort_by_key(|at| (own[*at].content.first().map_or(0, |content| content.start), *at));
        order
    };
    let place_of = |old: usize| order.iter().position(|at| *at == old).unwrap_or(old);
    for draft in &mut own {
        if let Some(earlier) = draft.continues.filter(|earlier| *earlier >= first) {
            draft.continues = Some(first + place_of(earlier - first));
        }
    }
    drafts.extend(order.iter().map(|at| own[*at].clone()));
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

struct HitReader<'a, 'b> {
    view: &'a View<'b>,
    rules: &'a Rules,
    unit: Range<usize>,
    index: usize,
    lower: usize,
    hit: &'a Hit,
    next: Option<&'a Hit>,
}

impl HitReader<'_, '_> {
    fn rule(&self) -> &CueRule {
        &self.rules.cues[usize::from(self.hit.rule)]
    }

    /// The draft, and the token after which content of later cues may begin.
    fn read(
        &self,
        earlier: &[Draft],
        rejected: &mut Vec<(Rejected, Range<usize>)>,
    ) -> Option<(Draft, usize)> {
        let read = match self.rule().kind {
            CueKind::Preposition => self.preposition(),
            CueKind::Noun => self.noun(),
            CueKind::Adjective => self.adjective(),
            CueKind::Verb => match self.hit.shape {
                Shape::Active => self.active(),
                Shape::Passive if self.rule().frames.passive_subject => self.active(),
                Shape::Passive => self.passive(),
                Shape::Reduced => self.reduced(),
                Shape::Gerund => self.gerund(earlier),
                Shape::Infinitive => self.infinitive(),
                Shape::None => None,
            },
        }?;
        let (draft, _) = &read;
        let narrator = draft
            .source
            .as_ref()
            .is_some_and(|source| source.len() == 1 && self.view.has(source.start, class::FIRST_PERSON));
        if narrator {
            rejected.push((Rejected::FirstPerson, self.hit.tokens.clone()));
            return None;
        }
        let frames = self.rule().frames;
        let is_verb = self.rule().kind == CueKind::Verb;
        if is_verb
            && draft.source.is_none()
            && self.hit.shape == Shape::Active
            && !self.view.lexicon.settings.verb_first
        {
            return None;
        }
        if frames.needs_quote && !self.has_words_said(draft) {
            return None;
        }
        if frames.speaker
            && draft.mode == Mode::Indirect
            && !draft.source.as_ref().is_some_and(|source| self.can_speak(source))
        {
            return None;
        }
        // "X said he believes that …": the same speaker within his own words.
        let own = draft
            .source
            .as_ref()
            .is_some_and(|source| source.len() == 1 && self.view.has(source.start, class::PRONOUN));
        if own
            && self.hit.shape != Shape::Gerund
            && earlier.iter().any(|outer| outer.content.iter().any(|piece| piece.contains(&self.hit.head)))
        {
            return None;
        }
        Some(read)
    }

    fn needs_sure_clause(&self) -> bool {
        !matches!(self.rule().class.as_str(), "say" | "believe" | "claim")
    }

    /// A quotation that is more than a name or a single term.
    fn has_words_said(&self, draft: &Draft) -> bool {
        let view = self.view;
        let least = if self.rule().frames.object_inside { 1 } else { 3 };
        draft.content.iter().any(|piece| {
            piece.clone().any(|at| {
                view.quotation(at).is_some_and(|quotation| {
                    let words = quotation.inner.clone().filter(|token| view.is_word(*token)).count();
                    let capitals = quotation.inner.clone().filter(|token| view.capital(*token)).count();
                    let inverted =
                        draft.source.as_ref().is_some_and(|source| source.start > quotation.tokens.start);
                    quotation.tokens.start == at && (inverted || words > least && capitals * 2 < words + 2)
                })
            })
        })
    }

    /// Whether the words name somebody who can speak: a role, a name, a personal pronoun.
    fn can_speak(&self, source: &Range<usize>) -> bool {
        let view = self.view;
        let speaker = read_speaker(view, self.rules, source.clone());
        if speaker.pronoun {
            return speaker.gender.is_some() || speaker.number == Some(Number::Plural);
        }
        speaker.head.is_some() || speaker.name.is_some() || speaker.outlet.is_some()
    }

    fn draft(&self, source: Option<Range<usize>>, content: Vec<Range<usize>>, clause: bool) -> Draft {
        let mode = mode(self.view, &content, clause);
        Draft {
            cue_rule: Some(self.hit.rule),
            core: "",
            cue: Some(self.hit.tokens.clone()),
            source,
            content,
            mode,
            under_past: clause && self.hit.past,
            unit: self.index,
            adjuncts: Vec::new(),
            object: None,
            continues: None,
            goes_on: false,
        }
    }

    /// "selon X": the rest of the clause it stands in.
    fn preposition(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        let source = noun_phrase(view, rules, cue.end, self.unit.end, Width::Source)?;
        let mut start = cue.start;
        let mut goes_on = false;
        let settings = &view.lexicon.settings;
        if start > self.lower && settings.continuing.iter().any(|word| word == view.folded(start - 1)) {
            start -= 1;
            goes_on = true;
        }
        let opens = (self.lower..start).all(|at| {
            !view.is_word(at) || view.has(at, class::AND | class::BUT | class::CONNECTIVE | class::ADVERB)
        });
        let source = with_apposition(view, source, self.unit.end, opens, rules);
        let end = if source.end < self.unit.end
            && (super::noun_phrase::begins_channel(view, source.end)
                || view.has(source.end, class::TIME)
                || view.has(source.end, class::PREPOSITION) && !opens)
        {
            phrase_end(view, &self.unit, source.end)
        } else if source.end + 1 < self.unit.end
            && view.words(source.end) == ","
            && super::noun_phrase::begins_channel(view, source.end + 1)
        {
            phrase_end(view, &self.unit, source.end + 1)
        } else {
            source.end
        };
        let phrase = start..end;
        let content = around(view, rules, &self.unit, &phrase, self.lower, Place::Preposition);
        let content = self.cut_relative(content, &phrase);
        if content.is_empty() {
            return None;
        }
        let mut draft = self.draft(Some(source.clone()), content, false);
        draft.goes_on = goes_on;
        draft.adjuncts.push(source.end..end);
        let bound =
            if draft.content.iter().all(|piece| piece.end <= phrase.start) { phrase.end } else { self.lower };
        Some((draft, bound))
    }

    /// "la libération, qui devrait être annoncée … selon X": where a relative clause before a
    /// final cue carries a hedge, only that clause is said.
    fn cut_relative(&self, mut content: Vec<Range<usize>>, phrase: &Range<usize>) -> Vec<Range<usize>> {
        let view = self.view;
        if let [piece] = &mut content[..]
            && piece.end <= phrase.start
        {
            let relative = (piece.start..piece.end).rev().find(|at| {
                view.has(*at, class::RELATIVE)
                    && view.quotation(*at).is_none()
                    && *at > piece.start
                    && view.words(*at - 1) == ","
            });
            if let Some(relative) = relative {
                let hedged =
                    (relative + 1..piece.end.min(relative + 6)).find(|at| view.has(*at, class::FINITE));
                if hedged.is_some_and(|at| view.has(at, class::CONDITIONAL)) {
                    piece.start = relative + 1;
                }
            }
        }
        content
    }

    /// "l'annonce de X selon laquelle …", "their claim that …".
    fn noun(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        let mut at = cue.end;
        let mut source = None;
        if view.has(at, class::LINK) {
            let phrase = noun_phrase(view, rules, at + 1, self.unit.end, Width::Source)?;
            at = phrase.end;
            source = Some(phrase);
        }
        let frames = self.rule().frames;
        let complement = complement(view, rules, &self.unit, at, frames)
            .filter(|found| found.follows == Follows::Clause && found.between.len() <= 2)?;
        let draft = self.draft(source, vec![complement.tokens], true);
        Some((draft, self.lower))
    }

    /// "X est convaincu que …".
    fn adjective(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        let mut start = cue.start;
        while start > self.unit.start && view.has(start - 1, class::ADVERB) {
            start -= 1;
        }
        if start == self.unit.start || !view.has(start - 1, class::BE) {
            return None;
        }
        start -= 1;
        while start > self.unit.start && view.has(start - 1, class::BE | class::HAVE | class::NEGATION) {
            if view.has(start - 1, class::NEGATION) {
                return None;
            }
            start -= 1;
        }
        let found = complement(view, rules, &self.unit, cue.end, self.rule().frames)
            .filter(|found| found.follows == Follows::Clause && found.between.len() <= 2)
            .or_else(|| {
                if self.rule().frames.zero {
                    bare_clause(view, rules, &self.unit, cue.end, self.rule().frames, true)
                } else {
                    None
                }
            })?;
        let source = subject_before(view, start, self.lower)?;
        let mut draft = self.draft(Some(source), vec![found.tokens], true);
        draft.cue = Some(start..cue.end);
        Some((draft, self.lower))
    }

    fn active(&self) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let frames = self.rule().frames;
        let (start, end) = (self.hit.tokens.start, self.hit.tokens.end);
        // Elided pronouns belong before the group: "comme l'a dit X".
        let mut edge = start;
        while edge > unit.start && view.has(edge - 1, class::CLITIC) && !view.has(edge - 1, class::PRONOUN) {
            edge -= 1;
        }
        let as_phrase = edge > unit.start && view.has(edge - 1, class::AS);
        if let Some(pronoun) = self.hit.inverted {
            return self.parenthesis(pronoun..pronoun + 1, start, end);
        }
        if frames.quote && (as_phrase || self.follows_content(edge)) {
            let subject = noun_phrase(view, rules, end, unit.end, Width::Source);
            if let Some(subject) = subject.filter(|subject| !self.opens_clause(subject)) {
                let subject = with_apposition(view, subject, unit.end, false, rules);
                let from = if as_phrase { edge - 1 } else { start };
                return self.parenthesis(subject.clone(), from, subject.end);
            }
        }
        let subject = subject_before(view, start, unit.start);
        let found = complement(view, rules, unit, end, frames);
        let subject_first = subject.as_ref().map_or(start, |subject| subject.start);
        if let Some(found) = found {
            // VERB SUBJECT que …: where the verb commonly comes first.
            let between_source = if view.lexicon.settings.verb_first {
                noun_phrase(view, rules, end, found.between.end, Width::Source)
            } else {
                None
            };
            // "ce qu'on appelle « la défense active »": a term, not a demand.
            let term = found.follows == Follows::Quotation
                && self.rule().class == "demand"
                && !view.has_finite_word(found.tokens.clone());
            if term {
                return None;
            }
            let quoted_before =
                found.follows == Follows::Quotation && self.quotation_before(subject_first).is_some();
            if !quoted_before {
                return self.governing(between_source.or(subject), found);
            }
        }
        if frames.quote {
            let as_before = subject_first > unit.start && view.has(subject_first - 1, class::AS);
            if subject.is_some() && (as_before || self.is_parenthesis(subject_first, end)) {
                let from = if as_before { subject_first - 1 } else { subject_first };
                let subject = subject?;
                return self.parenthesis(subject, from, end);
            }
        }
        if view.lexicon.settings.verb_first && subject.is_none() {
            return None;
        }
        if frames.zero
            && let Some(found) = bare_clause(view, rules, unit, end, frames, self.needs_sure_clause())
        {
            return self.governing(subject, found);
        }
        if frames.noun
            && subject.is_some()
            && let Some(found) = noun_content(view, rules, unit, end)
        {
            return self.governing(subject, found);
        }
        None
    }

    /// Content that follows its cue.
    fn governing(&self, source: Option<Range<usize>>, found: Complement) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let frames = self.rule().frames;
        let mut tokens = found.tokens.clone();
        let mut clause = true;
        match found.follows {
            Follows::Quotation => clause = false,
            Follows::Colon => {
                // "indique : …" without marks: the rest of the sentence.
                clause = false;
            }
            Follows::Clause => {
                // "que « … »" ends with the quotation when nothing but a stop follows.
                if let Some(next) = self.next.filter(|next| {
                    is_verb(rules, next) && next.inverted.is_some() && next.tokens.start > tokens.start
                }) {
                    let _ = next;
                }
            }
            Follows::Infinitive | Follows::Noun => {}
        }
        if tokens.end > self.unit.end {
            tokens.end = self.unit.end;
        }
        // A clause without its own words is none.
        if !tokens.clone().any(|at| view.is_word(at)) {
            return None;
        }
        let lead = source.as_ref().map_or(self.hit.tokens.start, |source| source.start);
        let mut draft = self.draft(source, vec![tokens.clone()], clause);
        draft.adjuncts.push(self.unit.start..lead);
        draft.adjuncts.push(found.between.clone());
        if found.follows == Follows::Quotation {
            draft.adjuncts.push(tokens.end..self.unit.end);
        }
        if let Some(source) = &draft.source
            && source.end <= self.hit.tokens.start
        {
            draft.adjuncts.push(source.end..self.hit.tokens.start);
        }
        if (frames.object || frames.object_inside) && !found.between.is_empty() {
            draft.object = noun_phrase(view, rules, found.between.start, found.between.end, Width::Source);
        }
        Some((draft, self.lower))
    }

    /// A cue phrase in the sentence as a parenthesis: `from` its first token, `end` the end of
    /// cue and source.
    fn parenthesis(&self, source: Range<usize>, from: usize, end: usize) -> Option<(Draft, usize)> {
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
            && view.words(stop_far) == ","
            && (super::noun_phrase::begins_channel(view, stop_far + 1) || view.has(stop_far + 1, class::TIME))
        {
            stop_far = phrase_end(view, &self.unit, stop_far + 1);
        }
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
        if self.rule().frames.object {
            draft.object = noun_phrase(view, rules, end, stop_far, Width::Source);
        }
        Some((draft, stop_far))
    }

    /// A cue phrase that fills its sentence, right after a quotation: that is the content.
    fn neighbour(&self, from: usize) -> Option<Vec<Range<usize>>> {
        let view = self.view;
        let quotation = self.quotation_before(from)?;
        let unit = view.units.get(self.index.checked_sub(1)?)?;
        (quotation.end == unit.tokens.end && unit.paragraph == view.units[self.index].paragraph)
            .then(|| vec![quotation.start.max(unit.tokens.start)..quotation.end])
    }

    /// The quotation that ends right before `at`, a comma aside.
    fn quotation_before(&self, at: usize) -> Option<Range<usize>> {
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

    /// Whether words that could be content end right before `at`: a quotation, or a clause and a
    /// comma.
    fn follows_content(&self, at: usize) -> bool {
        let view = self.view;
        if at <= self.lower {
            return self.quotation_before(at).is_some() && at == self.unit.start;
        }
        if self.quotation_before(at).is_some() {
            return true;
        }
        let marked = view.kind(at - 1) == TokenKind::Comma && view.words(at - 1) == ","
            || view.is_dash(at - 1)
            || matches!(view.words(at - 1), "!" | "?" | "…");
        marked && (view.has_finite(self.lower..at - 1) || self.lower > self.unit.start)
    }

    /// A phrase after the verb that is the subject of a clause of its own is no inverted subject.
    fn opens_clause(&self, phrase: &Range<usize>) -> bool {
        let view = self.view;
        let at = phrase.end;
        at < self.unit.end
            && view.is_plainly_finite(at)
            && self.quotation_before(self.hit.tokens.start).is_none()
    }

    /// Whether SUBJECT VERB stands as a parenthesis: content before it, and nothing governed
    /// after it.
    fn is_parenthesis(&self, subject: usize, end: usize) -> bool {
        let view = self.view;
        if self.quotation_before(subject).is_some() {
            return true;
        }
        if subject <= self.lower {
            return false;
        }
        let comma = view.words(subject - 1) == "," || view.is_dash(subject - 1);
        if !comma {
            return false;
        }
        let quoted = (self.lower..subject).any(|at| view.quotation(at).is_some());
        let said = view.has_finite(self.lower..subject - 1) || quoted;
        let bare = self.rule().frames.zero
            && bare_clause(view, self.rules, &self.unit, end, self.rule().frames, self.needs_sure_clause())
                .is_some_and(|found| {
                    found.tokens.start == end || !quoted && !view.has_finite(self.lower..subject - 1)
                });
        let free = end >= self.unit.end
            || !view.is_word(end)
            || view.has(
                end,
                class::PREPOSITION | class::TIME | class::ADVERB | class::SUBORDINATOR | class::AND,
            )
            || self.rule().frames.object;
        said && !bare && free
    }

    /// "Il a été révélé que …", "was told that …": content without source, unless an agent is
    /// named.
    fn passive(&self) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let frames = self.rule().frames;
        let (start, end) = (self.hit.tokens.start, self.hit.tokens.end);
        let agent = (end..unit.end.min(end + 4))
            .take_while(|at| view.is_word(*at))
            .find(|at| view.has(*at, class::AGENT))
            .and_then(|at| noun_phrase(view, rules, at + 1, unit.end, Width::Source));
        let from = agent.as_ref().map_or(end, |agent| agent.end);
        let mut passive_frames = frames;
        passive_frames.object = false;
        let found = complement(view, rules, unit, from, passive_frames)
            .filter(|found| {
                matches!(found.follows, Follows::Clause | Follows::Quotation) && found.between.len() < 12
            })
            .or_else(|| {
                if frames.zero && frames.object {
                    bare_clause(view, rules, unit, from, passive_frames, false)
                } else {
                    None
                }
            });
        if let Some(found) = found {
            return self.governing(agent, found);
        }
        if let Some(agent) = agent
            && frames.noun
        {
            let subject = subject_before(view, start, self.lower)?;
            let bound = agent.end;
            let mut draft = self.draft(Some(agent), vec![subject], true);
            draft.adjuncts.push(bound..unit.end);
            return Some((draft, self.lower));
        }
        None
    }

    /// "un compromis balayé par X": what stands before the participle.
    fn reduced(&self) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        if !self.rule().frames.noun || self.rule().class == "announce" {
            return None;
        }
        let end = self.hit.tokens.end;
        let at = (end..unit.end.min(end + 4)).find(|at| view.has(*at, class::AGENT))?;
        let agent = noun_phrase(view, rules, at + 1, unit.end, Width::Source)?;
        let content = subject_before(view, self.hit.tokens.start, self.lower)?;
        let draft = self.draft(Some(agent), vec![content], true);
        Some((draft, self.lower))
    }

    /// "affirmant que …": the matrix subject speaks.
    fn gerund(&self, earlier: &[Draft]) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let frames = self.rule().frames;
        let end = self.hit.tokens.end;
        let found = complement(view, rules, unit, end, frames)
            .filter(|found| found.follows != Follows::Infinitive || found.between.len() < 8)
            .or_else(|| {
                if frames.zero {
                    bare_clause(view, rules, unit, end, frames, self.needs_sure_clause())
                } else {
                    None
                }
            })?;
        let start = self.hit.tokens.start;
        let parted = start == unit.start
            || !view.is_word(start - 1)
            || view.has(start - 1, class::PREPOSITION | class::AND);
        if !parted && !found.between.is_empty() {
            return None;
        }
        let opens = (unit.start..start)
            .all(|at| !view.is_word(at) || view.has(at, class::PREPOSITION | class::AND | class::ADVERB));
        if opens {
            // "Warning that …, he urged": the subject of the clause after it speaks.
            let mut found = found;
            let comma = (found.tokens.start..unit.end)
                .find(|at| {
                    view.words(*at) == ","
                        && view.quotation(*at).is_none()
                        && (view.has(*at + 1, class::PRONOUN | class::DETERMINER) || view.capital(*at + 1))
                })
                .or_else(|| {
                    // The comma may stand inside the closing mark: "…," he said.
                    (found.tokens.start..unit.end).find(|at| {
                        view.quotation(*at).is_some_and(|quotation| quotation.tokens.end == *at + 1)
                            && view.has(*at + 1, class::PRONOUN)
                    })
                })?;
            let verb = (comma + 1..unit.end.min(comma + 20)).find(|at| view.is_finite(*at))?;
            let source = subject_before(view, verb, comma + 1)?;
            found.tokens.end = found.tokens.end.min(if view.words(comma) == "," { comma } else { comma + 1 });
            return self.governing(Some(source), found);
        }
        let near = earlier.iter().rposition(|draft| {
            draft.cue.as_ref().is_some_and(|cue| cue.end <= start) && draft.source.is_some()
        });
        if let Some(index) = near {
            let source = earlier[index].source.clone();
            let between = earlier[index].content.last().map_or(start, |piece| piece.end);
            let other_subject = (between.min(start)..start).any(|at| view.is_plainly_finite(at));
            if !other_subject || earlier[index].content.iter().any(|piece| piece.contains(&start)) {
                let (mut draft, bound) = self.governing(source, found)?;
                draft.continues = Some(index);
                return Some((draft, bound));
            }
        }
        // The nearest finite verb before it, or failing that the first of the sentence.
        let verb =
            (unit.start..start).rev().find(|at| view.is_finite(*at) && view.quotation(*at).is_none())?;
        let mut group = verb;
        while group > unit.start
            && view.has(group - 1, class::HAVE | class::BE | class::ADVERB | class::NEGATION)
        {
            group -= 1;
        }
        let source = subject_before(view, group, unit.start)?;
        self.governing(Some(source), found)
    }

    /// "a tenu à souligner que …": the subject of the verb that carries the infinitive.
    fn infinitive(&self) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let found =
            complement(view, rules, unit, self.hit.tokens.end, self.rule().frames).filter(|found| {
                matches!(found.follows, Follows::Clause | Follows::Quotation) && found.between.len() < 12
            })?;
        let mut start = self.hit.tokens.start;
        for _ in 0..8 {
            if start == unit.start || view.kind(start - 1) == TokenKind::Comma {
                break;
            }
            let before = start - 1;
            let carries = view.is_finite(before)
                || view.has(
                    before,
                    class::PAST_PARTICIPLE
                        | class::INFINITIVE_MARK
                        | class::ADVERB
                        | class::CLITIC
                        | class::HAVE
                        | class::BE,
                );
            if !carries || (view.has(before, class::PRONOUN) && !view.has(before, class::CLITIC)) {
                break;
            }
            start = before;
        }
        let source = subject_before(view, start, unit.start)?;
        let mut draft = self.governing(Some(source), found)?;
        draft.0.cue = Some(start..self.hit.tokens.end);
        Some(draft)
    }
}

fn has_quotation(view: &View<'_>, piece: &Range<usize>) -> bool {
    piece.clone().any(|at| view.quotation(at).is_some())
}

/// Direct where quotations fill all pieces, mixed where one stands in them, else indirect. A
/// clause under a complementiser is never direct, even when a quotation fills it.
fn mode(view: &View<'_>, content: &[Range<usize>], clause: bool) -> Mode {
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

/// Quotations that no cue took: after a colon, alone in their sentence, or long.
fn read_bare_quotations(view: &View<'_>, rules: &Rules, index: usize, first: usize, drafts: &mut Vec<Draft>) {
    let unit = view.units[index].tokens.clone();
    let mut at = unit.start;
    while at < unit.end {
        let Some(quotation) = view.quotation(at).cloned() else {
            at += 1;
            continue;
        };
        at = quotation.tokens.end.max(at + 1);
        let taken = drafts.iter().rev().take(8).any(|draft| {
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
        let alone = (unit.clone()).all(|token| {
            view.quotation(token).is_some() || !view.is_word(token) && view.kind(token) != TokenKind::Digits
        });
        let words = inner.clone().filter(|token| view.is_word(*token)).count();
        let colon = quotation.tokens.start > unit.start && view.words(quotation.tokens.start - 1) == ":";
        let fragment = is_fragment(view.text, view.lexed, &quotation, has_verb);
        let content = vec![quotation.tokens.start.max(unit.start)..quotation.tokens.end.min(unit.end)];
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
            continues: None,
            goes_on: false,
        };
        if colon && !fragment {
            let colon_at = quotation.tokens.start - 1;
            let verb = (unit.start..colon_at)
                .find(|token| view.is_finite(*token) && view.quotation(*token).is_none());
            draft.core = "core.statement.colon";
            draft.cue = Some(colon_at..colon_at + 1);
            draft.source = match verb {
                Some(verb) => subject_before(view, verb, unit.start),
                None => noun_phrase(view, rules, unit.start, colon_at, Width::Source)
                    .filter(|phrase| phrase.end == colon_at || view.words(phrase.end) == ","),
            };
            if verb.is_some() || draft.source.is_some() {
                drafts.push(draft);
                continue;
            }
            draft.core = "core.statement.floating";
            draft.cue = None;
        }
        if alone && !fragment {
            // Right after a direct statement of the same paragraph, the same speaker goes on.
            let before = first.checked_sub(1).filter(|last| {
                let last = &drafts[*last];
                last.unit + 1 == index
                    && view.units[last.unit].paragraph == view.units[index].paragraph
                    && last.mode == Mode::Direct
                    && last.source.is_some()
            });
            if let Some(before) = before {
                draft.core = "core.statement.continued";
                draft.source = drafts[before].source.clone();
                draft.continues = Some(before);
            }
            drafts.push(draft);
        } else if !fragment && has_verb && words >= 6 {
            // A long quotation in a sentence of the narrator.
            draft.content = vec![draft.content[0].start..quotation_end(view, &unit, quotation.tokens.start)];
            drafts.push(draft);
        }
    }
}
