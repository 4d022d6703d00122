//! What a cue makes of the words around it: source, content, adjuncts.
//!
//! One way of reading for each kind of cue and shape of verb. Cues that stand in the sentence as a
//! parenthesis ("…, a dit X") are in `parenthesis`.

use std::ops::Range;

use selon_model::Mode;

use crate::lex::TokenKind;

use super::chain::{bare_source, is_impersonal};
use super::complement::{Complement, Follows, bare_clause, clause_end, complement, noun_content};
use super::cue::{Hit, Rejected, Shape, narrates};
use super::draft::{Draft, mode, one_piece};
use super::lexicon::{Meaning, Number, class};
use super::noun_phrase::{
    Width, has_main_verb, noun_phrase, relative_before, role_at, says, subject_before, with_apposition,
};
use super::rules::{CueKind, CueRule, Rules, Slot};
use super::source::{after_dateline, is_measure, is_nobody, is_reader, trimmed, within_brackets};
use super::speaker::read_speaker;
use super::toll::counted_content;
use super::view::View;

/// Nouns before a bare plural that belong to it.
const COMPOUND: usize = 2;
/// How many drafts of a sentence are looked at for a shared subject.
const RECENT: usize = 8;
/// How far back the verb stands whose subject goes on, in tokens.
const REACH: usize = 60;
/// Adjuncts between a verb and the comma before what is said, in tokens.
const GAP: usize = 16;
/// Longest source before a postposition, in tokens.
pub(super) const LONGEST_BEFORE: usize = 8;

/// A verb that is nothing else than finite, outside relative clauses.
fn has_plain_verb(view: &View<'_>, range: Range<usize>) -> bool {
    range.clone().any(|at| view.is_plainly_finite(at) && relative_before(view, at, range.start).is_none())
}

pub(super) struct CueReader<'a, 'b> {
    pub(super) view: &'a View<'b>,
    pub(super) rules: &'a Rules,
    pub(super) unit: Range<usize>,
    pub(super) index: usize,
    pub(super) lower: usize,
    pub(super) hit: &'a Hit,
    /// Where a subject may begin: after the complementiser of the clause the cue stands in.
    pub(super) floor: usize,
}

impl CueReader<'_, '_> {
    pub(super) fn rule(&self) -> &CueRule {
        &self.rules.cues[usize::from(self.hit.rule)]
    }

    /// The draft, and the token after which content of later cues may begin.
    pub(super) fn read(
        &self,
        earlier: &[Draft],
        rejected: &mut Vec<(Rejected, Range<usize>)>,
    ) -> Option<(Draft, usize)> {
        let mut read = match self.rule().kind {
            CueKind::Preposition => self.preposition(),
            CueKind::Postposition => self.postposition(),
            CueKind::Noun => self.noun(),
            CueKind::Adjective => self.adjective(),
            CueKind::Verb if self.hit.quoted.is_some() => self.quoted(earlier),
            CueKind::Verb => match self.hit.shape {
                Shape::Active => self.active(earlier),
                Shape::Passive if self.rule().frames.passive_subject => self.active(earlier),
                Shape::Passive => self.passive(),
                Shape::Reduced => self.reduced(),
                Shape::Gerund => self.gerund(earlier),
                Shape::Infinitive => self.infinitive(),
                Shape::None => None,
            },
        }?;
        if let Some(source) = &mut read.0.source {
            // "citing two clerks who deny it …": the participle is the narrator's.
            let view = self.view;
            if source.len() > 1 && view.has(source.start, class::COMPLEMENTISER) {
                source.start += 1;
            }
            if view.has(source.start, class::PRESENT_PARTICIPLE)
                && !view.capital(source.start)
                && view.has(source.start + 1, class::DETERMINER)
                && source.len() > 2
            {
                source.start += 1;
            }
            let first = source.start;
            *source = self.without_verb(trimmed(view, source.clone()))?;
            // "Bombs hit the town AFP A bomb killed two | the mayor said": all before him is said.
            let moved = source.start > first + 4;
            for piece in read.0.content.iter_mut().filter(|piece| moved && piece.end <= source.start) {
                let joins =
                    (piece.end..source.start).all(|at| !view.is_comma(at) && view.quotation(at).is_none());
                if piece.end >= first.saturating_sub(1) && piece.start < first && joins {
                    piece.end = source.start;
                }
            }
            if is_nobody(view, source) {
                rejected.push((Rejected::Negated, self.hit.tokens.clone()));
                return None;
            }
            // "how much time you need, say": a question is nobody.
            let asks = view.has(source.start, class::WHETHER) && !view.capital(source.start);
            // "comme l'explique au journal un ancien agent": an article alone is nobody.
            // "As noted above": neither is a preposition.
            let article = source.len() == 1
                && !view.capital(source.start)
                && view.has(source.start, class::DETERMINER | class::CLITIC | class::PREPOSITION)
                && !view.has(source.start, class::PRONOUN)
                && role_at(view, source.start).is_none()
                && !self.rule().frames.own_speaker;
            // "you’re going to need and say": the rest of a contraction.
            let first = source.start;
            let contracted = first > 0
                && matches!(view.words(first - 1), "'" | "\u{2019}")
                && !view.spaced(first)
                && !view.spaced(first - 1)
                && view.quotation(first - 1).is_none();
            if asks || article || contracted {
                return None;
            }
            let measure = self.rule().kind == CueKind::Preposition && is_measure(view, self.rules, source);
            if self.opens_with_verb(source) || is_reader(view, source) || measure {
                return None;
            }
        }
        // "called on him not to “give in”": without the negation it says the contrary.
        if let Some(first) = read.0.content.first_mut()
            && self.view.quotation(first.start).is_some()
        {
            let led = |at: usize| self.view.has(at, class::NEGATION | class::INFINITIVE_MARK);
            let from = (self.hit.tokens.end..first.start).rev().take_while(|at| led(*at)).last();
            let denied =
                from.filter(|from| (*from..first.start).any(|at| self.view.has(at, class::NEGATION)));
            if let Some(from) = denied {
                first.start = from;
                if read.0.mode == Mode::Direct {
                    read.0.mode = Mode::Mixed;
                }
            }
        }
        // "(yes, he wrote it too) are …": what is said ends with the bracket it stands in.
        for piece in &mut read.0.content {
            *piece =
                after_dateline(self.view, within_brackets(self.view, piece.clone()), self.hit.tokens.start);
        }
        let (draft, _) = &read;
        if !draft.content.iter().any(|piece| piece.clone().any(|at| self.view.is_word(at))) {
            return None;
        }
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
            && (!self.view.lexicon.settings.verb_first || self.view.lexicon.settings.verb_second)
        {
            return None;
        }
        let counted = frames.toll
            && draft.mode == Mode::Indirect
            && draft.content.iter().any(|piece| {
                let first = piece.start;
                first > 0
                    && self.view.words(first - 1) != ":"
                    && piece.clone().any(|at| self.view.is_number(at))
            });
        if frames.needs_quote && !counted && !self.has_words_said(draft) {
            return None;
        }
        let impersonal = draft.source.as_ref().is_some_and(|source| is_impersonal(self.view, source));
        if frames.hearsay && !(impersonal && self.names_origin(draft)) {
            return None;
        }
        if frames.personal && impersonal && self.hit.inverted.is_none() {
            return None;
        }
        if is_verb && self.only_names(draft) {
            return None;
        }
        if frames.speaker
            && draft.mode == Mode::Indirect
            && !draft.source.as_ref().is_some_and(|source| {
                // "le service de police"
                self.can_speak(source) || read_speaker(self.view, self.rules, source.clone()).role.is_some()
            })
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

    /// "The group said the clerks | accused": whoever stands after the verb that the phrase holds, if
    /// that one can speak. `None` where nobody does: what holds a verb of its own is no phrase.
    fn without_verb(&self, source: Range<usize>) -> Option<Range<usize>> {
        let view = self.view;
        let plain = |at: &usize| {
            let denies = view.has(*at, class::NEGATION) && view.has(*at + 1, class::BE | class::INFINITIVE);
            // "killed two": a participle or a verb in the past, with an object.
            let acts = view.lexicon.settings.bare_verbs
                && view.is_finite(*at)
                && !view.has(at.wrapping_sub(1), class::HAVE | class::BE)
                && (view.is_number(*at + 1)
                    || view.opens_quantity(*at + 1, source.end)
                    || view.has(*at + 1, class::DETERMINER));
            (view.is_plainly_finite(*at) || denies || acts || says(view, self.rules, *at))
                && !view.capital(*at)
                && view.quotation(*at).is_none()
                && relative_before(view, *at, source.start).is_none()
        };
        if self.rule().kind != CueKind::Verb || source.start >= self.hit.tokens.start {
            return Some(source);
        }
        let Some(verb) = source.clone().rev().find(plain) else { return Some(source) };
        let whole = |start: usize| {
            noun_phrase(view, self.rules, start, source.end, Width::Source)
                .filter(|rest| *rest == (start..source.end) && self.can_speak(rest))
        };
        // "killed two on Sunday | a monitoring group", "struck Homs Wednesday | state news agency SANA"
        let hangs = class::PREPOSITION | class::AND | class::DETERMINER | class::PAST_PARTICIPLE;
        let opens = |at: &usize| {
            view.has(*at - 1, class::TIME) && !view.has(*at, class::TIME)
                || view.has(*at, class::DETERMINER)
                    && view.is_word(*at - 1)
                    && !view.has(*at - 1, hangs)
                    && !view.is_finite(*at - 1)
        };
        let later = || (verb + 2..source.end).filter(opens).find_map(whole);
        whole(verb + 1).or_else(|| if view.lexicon.settings.bare_verbs { later() } else { None })
    }

    /// "shot down near the border", "be the most serious reported": no noun phrase begins with a verb
    /// form, unless a role noun looks like one.
    fn opens_with_verb(&self, source: &Range<usize>) -> bool {
        let (view, first) = (self.view, source.start);
        let verb =
            class::FINITE | class::PAST_PARTICIPLE | class::PRESENT_PARTICIPLE | class::NEGATION | class::BE;
        let noun = class::DETERMINER | class::PRONOUN | class::PREPOSITION | class::TITLE;
        !view.capital(first)
            && !view.lexicon.settings.caseless
            && view.has(first, verb)
            && !view.has(first, noun)
            && role_at(view, first).is_none()
    }

    pub(super) fn needs_sure_clause(&self) -> bool {
        !matches!(self.rule().class.as_str(), "say" | "believe" | "claim")
    }

    /// A quotation that is more than a name or a single term.
    fn has_words_said(&self, draft: &Draft) -> bool {
        let view = self.view;
        // "called the ruling “outrageous”": one word is enough of somebody.
        let somebody = draft.source.as_ref().is_some_and(|source| self.can_speak(source));
        let least = match self.rule().frames.object_inside {
            true => usize::from(!somebody),
            false => 3,
        };
        draft.content.iter().any(|piece| {
            piece.clone().any(|at| {
                view.quotation(at).is_some_and(|quotation| {
                    let words = quotation.inner.clone().filter(|token| view.is_word(*token)).count();
                    let capitals = quotation.inner.clone().filter(|token| view.capital(*token)).count();
                    let inverted =
                        draft.source.as_ref().is_some_and(|source| source.start > quotation.tokens.start);
                    quotation.tokens.start == at
                        && (inverted || words > least && capitals * 2 < words + usize::from(words > 1) * 2)
                })
            })
        })
    }

    /// "le domaine dit « généraliste »", "writes “My Winter”": a word or title in marks after its
    /// verb is a name, unless somebody who can speak says it.
    fn only_names(&self, draft: &Draft) -> bool {
        let view = self.view;
        let frames = self.rule().frames;
        let [piece] = &draft.content[..] else { return false };
        let Some(quotation) = view.quotation(piece.start) else { return false };
        if draft.mode == Mode::Indirect
            || frames.object_inside
            || self.rule().class != "say"
            || quotation.tokens.start != piece.start
            || piece.start < self.hit.head
            || view.is_comma(piece.start - 1)
            || view.words(piece.start - 1) == ":"
        {
            return false;
        }
        let words: Vec<usize> = quotation.inner.clone().filter(|at| view.is_word(*at)).collect();
        let closed = matches!(view.words(quotation.inner.end.wrapping_sub(1)), "!" | "?");
        if closed || words.len() > 4 || view.has_finite_word(quotation.inner.clone()) {
            return false;
        }
        let fills = draft.mode == Mode::Direct;
        let title = fills && words.len() >= 2 && words.iter().all(|at| view.capital(*at));
        let speaks = draft.source.as_ref().is_some_and(|source| self.can_speak(source));
        title || !speaks && words.len() <= 3
    }

    /// Whether the adjuncts say from whom it is known ("de source militaire", "auprès du ministère").
    fn names_origin(&self, draft: &Draft) -> bool {
        let view = self.view;
        let leads = |at: usize| {
            view.lexicon.phrases(&view.ids, at).any(|(meaning, length)| match meaning {
                Meaning::Channel(index) => match self.rules.channels[usize::from(index)].slot {
                    Slot::Origin => true,
                    Slot::Addressee => (at + length..self.unit.end.min(at + length + 3))
                        .any(|noun| role_at(view, noun).is_some()),
                    _ => false,
                },
                _ => false,
            })
        };
        draft.adjuncts.iter().any(|adjunct| adjunct.clone().any(leads))
    }

    /// Whether the words name somebody who can speak: a role, a name, a personal pronoun.
    /// "Die Armee meldete 12 Verletzte", "meldete die Polizei 12 Verletzte", "أعلن الجيش عن 40": a
    /// number right after its verb, or after the subject that follows the verb.
    fn counted_after_subject(
        &self,
        subject: Option<Range<usize>>,
        after: Range<usize>,
    ) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let settings = &view.lexicon.settings;
        if !settings.verb_second && !settings.verb_first {
            return None;
        }
        let follows = noun_phrase(view, rules, after.start, after.end, Width::Source)
            .or_else(|| self.subject_after(after.start, after.end));
        // "meldete die Polizei | 12 Verletzte": where every noun has its capital, the number looks
        // like a part of the name before it.
        let cut = follows.as_ref().and_then(|speaker| {
            let counts = |at: &usize| view.is_number(*at) || view.opens_quantity(*at, self.unit.end);
            let number = (speaker.start + 1..speaker.end).find(counts)?;
            Some((number, speaker.start..number))
        });
        let follows = follows.map(|speaker| (speaker.end, speaker));
        [subject.map(|speaker| (after.start, speaker)), follows, cut].into_iter().flatten().find_map(
            |(from, speaker)| {
                let found = counted_content(view, rules, &self.unit, from, self.rule().frames)?;
                self.can_speak(&speaker).then(|| self.governing(Some(speaker), found)).flatten()
            },
        )
    }

    fn can_speak(&self, source: &Range<usize>) -> bool {
        let view = self.view;
        let speaker = read_speaker(view, self.rules, source.clone());
        if speaker.pronoun {
            return speaker.gender.is_some() || speaker.number == Some(Number::Plural);
        }
        speaker.head.is_some() || speaker.name.is_some() || speaker.outlet.is_some()
    }

    pub(super) fn draft(
        &self,
        source: Option<Range<usize>>,
        content: Vec<Range<usize>>,
        clause: bool,
    ) -> Draft {
        let mode = mode(self.view, &content, clause);
        let (source, aside) = match source.map(|source| bare_source(self.view, self.rules, source)) {
            Some((source, aside)) => (Some(source), aside),
            None => (None, None),
        };
        Draft {
            cue_rule: Some(self.hit.rule),
            core: "",
            cue: Some(self.hit.tokens.clone()),
            source,
            content,
            mode,
            under_past: clause && self.hit.past,
            unit: self.index,
            adjuncts: aside.into_iter().collect(),
            object: None,
            through: None,
            continues: None,
            goes_on: false,
        }
    }

    /// "l'annonce de X selon laquelle …", "their claim that …".
    fn noun(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        // "l'annonce que": the cue may hold the complementiser.
        let mut at = cue.clone().find(|at| view.has(*at, class::COMPLEMENTISER)).unwrap_or(cue.end);
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

    /// "The daily quoted X as saying that …", "…, state TV quoted her as saying": X speaks, and
    /// the subject passes it on.
    fn quoted(&self, earlier: &[Draft]) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let (start, end) = (self.hit.tokens.start, self.hit.tokens.end);
        let object = self.hit.quoted.clone()?;
        let source = noun_phrase(view, rules, object.start, object.end, Width::Source)?;
        let source = source.start..object.end;
        let relay = match self.hit.shape {
            Shape::Active => self
                .shared_subject(start, earlier)
                .map(|(subject, _)| subject)
                .or_else(|| subject_before(view, start, self.floor)),
            // ", quoting X as saying": whoever told the rest of the sentence.
            Shape::Gerund => earlier.last().and_then(|draft| draft.source.clone()),
            _ => return None,
        };
        let frames = self.rule().frames;
        let opens = relay.as_ref().map_or(start, |relay| relay.start);
        let read = if self.quotation_before(opens).is_some() && self.is_parenthesis(opens, end) {
            self.parenthesis(source, opens, end)
        } else if let Some(before) = self.clause_before(opens, end) {
            let mut draft = self.draft(Some(source), one_piece(before), true);
            draft.adjuncts.push(opens..unit.end);
            Some((draft, unit.end))
        } else {
            let found = complement(view, rules, unit, end, frames)
                .or_else(|| bare_clause(view, rules, unit, end, frames, false))?;
            self.governing(Some(source), found)
        };
        let (mut draft, bound) = read?;
        draft.through = relay.map(|relay| (relay, self.hit.rule));
        draft.object = None;
        Some((draft, bound))
    }

    /// "The shells hit a school | state TV quoted a medic as saying.": the whole clause before whoever
    /// passes it on, where nothing follows.
    fn clause_before(&self, opens: usize, end: usize) -> Option<Range<usize>> {
        let (view, unit) = (self.view, &self.unit);
        let begins = self.lower.max(unit.start);
        let closes = end >= unit.end || view.kind(end) == TokenKind::Stop;
        let free = opens > begins + 2 && view.is_word(opens - 1) && view.quotation(opens - 1).is_none();
        let joins = class::RELATIVE | class::SUBORDINATOR | class::AND | class::BUT | class::COMPLEMENTISER;
        (closes && free && !view.has(opens - 1, joins) && has_main_verb(view, begins..opens))
            .then_some(begins..opens)
    }

    fn active(&self, earlier: &[Draft]) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let frames = self.rule().frames;
        let (start, end) = (self.hit.opening.unwrap_or(self.hit.tokens.start), self.hit.tokens.end);
        // Where a subject after the verb stands: within the frame, where there is one.
        let (after, after_to) = match self.hit.opening {
            Some(opening) => (opening + 1, self.hit.head),
            None => (end, unit.end),
        };
        // Elided pronouns belong before the group: "comme l'a dit X".
        let mut edge = start;
        while edge > unit.start && view.has(edge - 1, class::CLITIC) && !view.has(edge - 1, class::PRONOUN) {
            edge -= 1;
        }
        let opened_as = self.as_before(edge);
        let as_phrase = opened_as.is_some();
        if let Some(pronoun) = self.hit.inverted {
            // "Ces gens répondaient-ils à …?": a question, not a parenthesis.
            let subject_before = edge > unit.start
                && view.is_word(edge - 1)
                && view.quotation(edge - 1).is_none()
                && !view.has(edge - 1, class::ADVERB | class::CONNECTIVE | class::AS | class::AND);
            let governs = || {
                complement(view, rules, unit, end, frames)
                    .is_some_and(|found| found.follows == Follows::Clause)
            };
            if subject_before && !governs() {
                return None;
            }
            return self.parenthesis(pronoun..pronoun + 1, edge, end);
        }
        // "les contenus que propose notre site": the subject follows, and nothing is governed.
        let objects = &view.lexicon.settings.object_relatives;
        if edge > unit.start
            && objects.iter().any(|word| word == view.folded(edge - 1))
            && view.has(edge - 1, class::RELATIVE)
        {
            return None;
        }
        if let Some((subject, content)) = self.postposed(start, end) {
            let mut draft = self.draft(Some(subject.clone()), one_piece(content), false);
            draft.adjuncts.push(subject.end.max(end)..unit.end);
            return Some((draft, unit.end));
        }
        let verb_first = view.lexicon.settings.verb_first;
        let governs = verb_first && complement(view, rules, unit, end, frames).is_some();
        if frames.quote
            && !frames.uninverted
            && !governs
            && (as_phrase || self.follows_content(edge) || self.parts_clause(edge, after, after_to))
            && let Some(subject) =
                self.subject_after(after, after_to).filter(|subject| !self.opens_clause(subject))
        {
            let subject = with_apposition(view, subject, after_to, false, rules);
            let from = opened_as.unwrap_or(start);
            return self.parenthesis(subject.clone(), from, subject.end.max(end));
        }
        if let Some((subject, continues)) = self.shared_subject(edge, earlier) {
            let found = complement(view, rules, unit, end, frames).or_else(|| {
                let zero = frames
                    .zero
                    .then(|| bare_clause(view, rules, unit, end, frames, self.needs_sure_clause()));
                zero.flatten()
                    .or_else(|| counted_content(view, rules, unit, end, frames))
                    .or_else(|| frames.noun.then(|| noun_content(view, rules, unit, end, frames)).flatten())
            })?;
            let (mut draft, bound) = self.governing(Some(subject), found)?;
            draft.continues = continues;
            return Some((draft, bound));
        }
        // Where the verb comes first, a verb that opens its clause has no subject before it.
        let opens = verb_first && (start == self.floor || view.is_joined(start) || !view.is_word(start - 1));
        // What an earlier cue of the sentence governs ends before the subject begins.
        let said = earlier.iter().rev().take(RECENT).flat_map(|draft| &draft.content);
        let free = said.map(|piece| piece.end).filter(|end| *end <= edge).max().unwrap_or(self.floor);
        let free = if free < edge && view.has(free, class::AND | class::BUT) { free + 1 } else { self.floor };
        // "X, who …, said that": a comma before the verb, and nobody between it and what is said.
        let parted = opens && start > self.floor && view.is_comma(start - 1);
        let parted = parted && view.lexicon.settings.proclitics.is_empty();
        let named_after = || {
            complement(view, rules, unit, end, frames)
                .is_some_and(|found| self.subject_after(after, after_to.min(found.between.end)).is_some())
        };
        let subject = match opens && (!parted || named_after()) {
            true => None,
            false => {
                let end = self.subject_end(start, earlier);
                let floor = if end == start { self.floor.max(free) } else { self.floor };
                subject_before(view, end, floor).map(|subject| self.with_compound(subject, floor))
            }
        };
        let found = complement(view, rules, unit, end, frames);
        let subject_first = subject.as_ref().map_or(start, |subject| subject.start);
        if let Some(found) = found {
            // VERB SUBJECT que …: where the verb commonly comes first.
            let between_source = if verb_first && subject.is_none() {
                let to = after_to.min(found.between.end);
                noun_phrase(view, rules, after, to, Width::Source)
                    .or_else(|| self.subject_after(after, to))
                    .map(|phrase| {
                        let apart = with_apposition(view, phrase.clone(), to + 1, true, rules);
                        if apart.end <= to { apart } else { phrase }
                    })
            } else {
                None
            };
            if let Some((source, object)) =
                between_source.clone().filter(|_| frames.object).and_then(|phrase| self.spoken_to(&phrase))
            {
                let (mut draft, bound) = self.governing(Some(source), found)?;
                draft.object = Some(object);
                return Some((draft, bound));
            }
            // "ce qu'on appelle « la digue haute »": a term, not a demand.
            let term = found.follows == Follows::Quotation
                && self.rule().class == "demand"
                && !view.has_finite_word(found.tokens.clone());
            // "a group called “…”": a name, unless of what somebody calls so ("what they called “…”").
            let named = found.follows == Follows::Quotation
                && found.between.is_empty()
                && view.lexicon.settings.named_by.iter().any(|word| word == view.folded(self.hit.head))
                && !view.has(
                    subject_first.saturating_sub(1),
                    class::RELATIVE | class::WHETHER | class::COMPLEMENTISER,
                )
                && start == self.hit.head;
            if term || named {
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
            let unparted = subject_first > unit.start
                && view.quotation(subject_first - 1).is_some_and(|quotation| quotation.inner.len() <= 4);
            let object = unparted && frames.noun && noun_content(view, rules, unit, end, frames).is_some();
            let parts = || self.parts_plain_clause(subject_first, end);
            // "ceux qui refusent, ceux qui soutiennent et ceux qui partent": no more than one of them.
            let relative = edge > unit.start
                && view.has(edge - 1, class::RELATIVE)
                && !view.is_comma(edge.saturating_sub(2));
            if subject.is_some()
                && !relative
                && !object
                && (as_before || self.is_parenthesis(subject_first, end) || parts())
            {
                let from = if as_before { subject_first - 1 } else { subject_first };
                let subject = subject?;
                return self.parenthesis(subject, from, end);
            }
        }
        if frames.count
            && let Some(found) = self.counted_after_subject(subject.clone(), after..after_to)
        {
            return Some(found);
        }
        if view.lexicon.settings.verb_second && (frames.clause || frames.zero) {
            return self.clause_after_comma(subject, after..after_to);
        }
        if verb_first && subject.is_none() {
            return self.after_quotation(start..end);
        }
        if frames.zero
            && let Some(found) = bare_clause(view, rules, unit, end, frames, self.needs_sure_clause())
        {
            return self.governing(subject, found);
        }
        if frames.attribute
            && subject.is_some()
            && view.is_word(end)
            && !view.capital(end)
            && !view.has(end, class::PREPOSITION | class::CLITIC | class::DETERMINER | class::NEGATION)
        {
            let stop = clause_end(view, rules, unit, end);
            let stop = (end..stop).find(|at| view.is_comma(*at)).unwrap_or(stop);
            let found = Complement { follows: Follows::Noun, tokens: end..stop, between: end..end };
            return self.governing(subject, found);
        }
        if let Some(speaker) = &subject
            && self.can_speak(speaker)
            && let Some(found) = counted_content(view, rules, unit, end, frames)
        {
            return self.governing(subject, found);
        }
        if frames.noun
            && subject.as_ref().is_some_and(|subject| !frames.personal || self.can_speak(subject))
            && let Some(found) = noun_content(view, rules, unit, end, frames)
        {
            return self.governing(subject, found);
        }
        None
    }

    /// ", | prison officials wrote": a bare plural with the nouns before it, up to the comma.
    fn with_compound(&self, subject: Range<usize>, floor: usize) -> Range<usize> {
        let view = self.view;
        let bare = view.lexicon.settings.bare_verbs
            && !view.has(subject.start, class::DETERMINER | class::PRONOUN)
            && !view.capital(subject.start)
            && role_at(view, subject.start).is_some();
        let plain = |at: usize| {
            let other = class::PREPOSITION
                | class::DETERMINER
                | class::PRONOUN
                | class::AND
                | class::BUT
                | class::AS
                | class::ADVERB
                | class::TIME
                | class::RELATIVE
                | class::SUBORDINATOR
                | class::COMPLEMENTISER;
            view.is_word(at) && !view.capital(at) && !view.has(at, other) && !view.is_plainly_finite(at)
        };
        let mut first = subject.start;
        while bare && first > floor && subject.start - first < COMPOUND && plain(first - 1) {
            first -= 1;
        }
        let parted = first > floor && (view.is_comma(first - 1) || view.quotation(first - 1).is_some());
        if parted { first..subject.end } else { subject }
    }

    /// Where "as", "comme", "وفق ما" begins that ends at `edge`.
    fn as_before(&self, edge: usize) -> Option<usize> {
        let view = self.view;
        let one = edge.checked_sub(1).filter(|at| *at >= self.unit.start && view.has(*at, class::AS));
        let phrase = |length: &usize| {
            let first = edge.checked_sub(*length).filter(|first| *first >= self.unit.start)?;
            let is_as = view.lexicon.phrases(&view.ids, first).any(|(meaning, tokens)| {
                tokens == *length && matches!(meaning, Meaning::Function(classes) if classes & class::AS != 0)
            });
            is_as.then_some(first)
        };
        one.or_else(|| (2..4).find_map(|length| phrase(&length)))
    }

    /// "Shelling killed nine said the mayor.", "The roads closed Monday the mayor said in a
    /// statement.": after a whole clause the speaker follows without a comma. Gives the speaker
    /// and what is said.
    fn postposed(&self, start: usize, end: usize) -> Option<(Range<usize>, Range<usize>)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let frames = self.rule().frames;
        if !frames.zero || self.rule().class != "say" || self.floor > unit.start {
            return None;
        }
        // "told reporters": the one spoken to stands between the verb and what follows.
        let end = match frames.object {
            true => noun_phrase(view, rules, end, unit.end, Width::Source)
                .filter(|object| object.len() <= 3)
                .map(|object| object.end)?,
            false => end,
        };
        let begins = self.lower.max(unit.start);
        let apart = |range: Range<usize>| {
            !range.clone().any(|at| {
                view.is_comma(at)
                    || view.words(at) == ";"
                    || view.has(at, class::COMPLEMENTISER | class::WHETHER)
            })
        };
        // VERB SUBJECT: nothing with a verb of its own comes after, and nobody who speaks stands
        // before.
        let told = begins + 2 < start
            && view.is_word(start - 1)
            && view.quotation(start - 1).is_none()
            && !view.has(start - 1, class::PRONOUN | class::RELATIVE | class::AND | class::BUT)
            && has_main_verb(view, begins..start - 1)
            && apart(begins..start)
            && !subject_before(view, start, self.floor).is_some_and(|subject| self.is_one_speaker(&subject));
        if told
            && let Some(subject) = noun_phrase(view, rules, end, unit.end, Width::Source)
            && subject.start == end
            && self.can_speak(&subject)
            && self.is_whole_speaker(&subject)
            && !frames.object
            && (view.has(subject.end, class::PRESENT_PARTICIPLE)
                || self.is_name_with_apposition(&subject)
                || !has_plain_verb(view, subject.end..unit.end))
        {
            return Some((subject, begins..start));
        }
        // SUBJECT VERB: what follows is an adjunct, no clause.
        // "said days after the raid"
        let measured = view.is_word(end)
            && !view.capital(end)
            && !view.has(end, class::DETERMINER | class::PRONOUN | class::FINITE | class::ADVERB)
            && view.has(end + 1, class::SUBORDINATOR)
            && view.has(end + 1, class::PREPOSITION);
        let adjunct = end >= unit.end
            || measured
            || view.has(end, class::PREPOSITION | class::TIME)
            || view.has(end, class::PRESENT_PARTICIPLE)
            // "said while acknowledging it"
            || view.has(end, class::BREAK | class::SUBORDINATOR)
                && view.has(end + 1, class::PRESENT_PARTICIPLE)
            || view.kind(end) == TokenKind::Stop;
        if !adjunct || view.is_comma(end) {
            return None;
        }
        let subject = subject_before(view, start, self.floor)?;
        let free = subject.start > begins + 2
            && view.is_word(subject.start - 1)
            && view.quotation(subject.start - 1).is_none()
            && !view.has(
                subject.start - 1,
                class::RELATIVE
                    | class::SUBORDINATOR
                    | class::AND
                    | class::BUT
                    | class::AS
                    | class::COMPLEMENTISER,
            );
        let before = begins..subject.start;
        let subordinate = before.clone().find(|at| view.has(*at, class::SUBORDINATOR));
        let main = before.start..subordinate.unwrap_or(before.end);
        let clause = free && apart(before.clone()) && has_main_verb(view, main);
        let said = clause && subject.end <= start && self.can_speak(&subject);
        (said && (measured || !self.governs_clause(end))).then_some((subject, before))
    }

    /// "rebel infighting has killed": a bare noun of one opens a compound; an article, a name or many
    /// are somebody.
    fn is_whole_speaker(&self, subject: &Range<usize>) -> bool {
        let view = self.view;
        let speaker = read_speaker(view, self.rules, subject.clone());
        let plurals = &view.lexicon.settings.plurals;
        let many =
            |at: usize| view.has_plural_ending(at) || plurals.iter().any(|word| word == view.folded(at));
        speaker.pronoun
            || speaker.name.is_some()
            || speaker.outlet.is_some()
            || view.has(subject.start, class::DETERMINER | class::TITLE)
            || view.capital(subject.start)
            || many(subject.end - 1)
    }

    /// "Ana Velm | a doctor who …": a full name, and an article right behind it.
    fn is_name_with_apposition(&self, subject: &Range<usize>) -> bool {
        let view = self.view;
        subject.len() > 1
            && subject.clone().all(|at| view.is_word(at) && view.capital(at))
            && view.has(subject.end, class::DETERMINER)
            && !view.capital(subject.end)
    }

    /// "a monitoring group", "the minister": an article and the noun of one who speaks.
    fn is_one_speaker(&self, subject: &Range<usize>) -> bool {
        let view = self.view;
        subject.len() <= 6
            && view.has(subject.start, class::DETERMINER)
            && read_speaker(view, self.rules, subject.clone()).head.is_some()
    }

    /// A clause that the verb governs follows after adjuncts ("said on Monday the road was open").
    fn governs_clause(&self, end: usize) -> bool {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        if view.has(end, class::PRESENT_PARTICIPLE) {
            return false;
        }
        complement(view, rules, unit, end, self.rule().frames)
            .is_some_and(|found| found.between.len() < 6 && found.follows == Follows::Clause)
            || bare_clause(view, rules, unit, end, self.rule().frames, true).is_some()
    }

    /// "«…», añadió.": the verb alone, right after a quotation.
    fn after_quotation(&self, verb: Range<usize>) -> Option<(Draft, usize)> {
        let (view, unit) = (self.view, &self.unit);
        let ends = verb.end >= unit.end
            || !view.is_word(verb.end)
            || view.has(verb.end, class::TIME | class::PREPOSITION);
        let quotation = self.quotation_before(verb.start).filter(|_| ends && self.rule().frames.quote)?;
        let content = match quotation.start >= unit.start {
            true => one_piece(quotation.start.max(self.lower)..quotation.end),
            false => self.neighbour(verb.start)?,
        };
        let draft = self.draft(None, content, false);
        Some((draft, verb.end))
    }

    /// "sagte, die Straße sei gesperrt": a main clause after a comma, where the language lets one
    /// be said so.
    fn clause_after_comma(
        &self,
        subject: Option<Range<usize>>,
        after: Range<usize>,
    ) -> Option<(Draft, usize)> {
        let (view, rules, unit, end) = (self.view, self.rules, &self.unit, self.hit.tokens.end);
        let source = match subject {
            Some(subject) => subject,
            None => self.subject_after(after.start, after.end)?,
        };
        let from = source.end.max(end);
        let comma = (from..unit.end.min(from + GAP)).find(|at| view.is_comma(*at))?;
        let apart = with_apposition(view, source.clone(), unit.end, true, rules);
        let (source, comma) = if apart.end > comma && view.is_comma(apart.end) && source.end == comma {
            (apart.clone(), apart.end)
        } else {
            (source, comma)
        };
        let opens_otherwise = class::RELATIVE
            | class::SUBORDINATOR
            | class::COMPLEMENTISER
            | class::AND
            | class::BUT
            | class::BREAK
            | class::AS
            | class::INFINITIVE_MARK;
        if view.has_finite(from..comma)
            || view.has(comma + 1, opens_otherwise)
            || !self.is_main_clause(comma + 1)
        {
            return None;
        }
        let found = bare_clause(view, rules, unit, comma + 1, self.rule().frames, true)
            .filter(|found| found.tokens.start == comma + 1)?;
        self.governing(Some(source), Complement { between: end..comma + 1, ..found })
    }

    /// Whether a clause has its verb in the second place, not at its end.
    fn is_main_clause(&self, start: usize) -> bool {
        let view = self.view;
        let end = (start..self.unit.end)
            .find(|at| matches!(view.kind(*at), TokenKind::Comma | TokenKind::Stop))
            .unwrap_or(self.unit.end);
        (start..end)
            .find(|at| view.is_finite(*at) && view.quotation(*at).is_none())
            .is_some_and(|verb| verb > start && (verb + 1 < end || verb - start <= 2))
    }

    /// "asked three times": a bare plural that names nobody is not spoken to.
    fn can_listen(&self, object: &Range<usize>) -> bool {
        let view = self.view;
        let named = object.clone().any(|at| role_at(view, at).is_some() || view.capital(at));
        let counted = view.lexicon.word(view.ids[object.start]).number == Some(Number::Plural)
            && view.has(object.start, class::DETERMINER);
        named || !counted
    }

    /// VERB SUBJECT OBJECT …: a role noun that ends the phrase and hangs on nothing is spoken to.
    fn spoken_to(&self, phrase: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let last = phrase.end - 1;
        let free = phrase.len() > 2
            && role_at(self.view, last).is_some()
            && !self.view.has(last - 1, class::LINK | class::PREPOSITION);
        free.then_some((phrase.start..last, last..phrase.end))
    }

    /// Content that follows its cue.
    pub(super) fn governing(
        &self,
        source: Option<Range<usize>>,
        found: Complement,
    ) -> Option<(Draft, usize)> {
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
            Follows::Clause | Follows::Infinitive | Follows::Noun => {}
        }
        if tokens.end > self.unit.end {
            tokens.end = self.unit.end;
        }
        // "L'usine, qui dit que …, a fermé": what is said ends where the clause around the
        // relative goes on.
        if self.relative_around().is_some()
            && let Some(comma) = tokens.clone().find(|at| self.goes_on_after(*at))
        {
            tokens.end = if view.is_comma(comma) { comma } else { comma + 1 };
        }
        // "The monitor which gave a toll of 20 said …": a number, and not what the monitor said then.
        if found.follows == Follows::Noun
            && self.relative_around().is_none()
            && relative_before(view, self.hit.head, self.unit.start).is_some()
        {
            let plain = |at: &usize| {
                (view.is_plainly_finite(*at) || says(view, rules, *at))
                    && relative_before(view, *at, tokens.start).is_none()
            };
            tokens.end = tokens.clone().find(plain).unwrap_or(tokens.end);
        }
        // "…, in remarks broadcast by X": the way the words took, and none of them.
        let tail = self.channel_tail(&tokens);
        if let Some(comma) = tail {
            tokens.end = comma;
        }
        // A clause without its own words is none.
        if !tokens.clone().any(|at| view.is_word(at)) {
            return None;
        }
        let lead = source.as_ref().map_or(self.hit.tokens.start, |source| source.start);
        let mut draft = self.draft(source, vec![tokens.clone()], clause);
        draft.adjuncts.push(self.unit.start..lead);
        draft.adjuncts.push(found.between.clone());
        draft.adjuncts.extend(tail.map(|comma| comma + 1..found.tokens.end.min(self.unit.end)));
        if found.follows == Follows::Quotation {
            draft.adjuncts.push(tokens.end..self.unit.end);
        }
        if let Some(source) = &draft.source
            && source.end <= self.hit.tokens.start
        {
            draft.adjuncts.push(source.end..self.hit.tokens.start);
        }
        let verb_first = view.lexicon.settings.verb_first;
        if frames.object && !found.between.is_empty() && !verb_first {
            draft.object = noun_phrase(view, rules, found.between.start, found.between.end, Width::Source)
                .filter(|object| self.can_listen(object));
        }
        Some((draft, self.lower))
    }

    /// The comma in `tokens` after which nothing follows but a phrase that tells the way of the words:
    /// of two words at least, for "to" and "by" alone stand in what is said.
    fn channel_tail(&self, tokens: &Range<usize>) -> Option<usize> {
        let view = self.view;
        let comma = tokens.clone().rev().find(|at| view.is_comma(*at) && view.quotation(*at).is_none())?;
        let passes_on = |(meaning, length): (Meaning, usize)| match meaning {
            Meaning::Channel(index) => {
                let slot = self.rules.channels[usize::from(index)].slot;
                (length > 1 && matches!(slot, Slot::Relay | Slot::Manner | Slot::Addressee))
                    .then_some(comma + 1 + length)
            }
            _ => None,
        };
        let after = view.lexicon.phrases(&view.ids, comma + 1).find_map(passes_on)?;
        (comma > tokens.start && !view.has_finite(after.min(tokens.end)..tokens.end)).then_some(comma)
    }

    /// The comma before the relative clause in which the cue stands, where it stands in one.
    fn relative_around(&self) -> Option<usize> {
        let relative = relative_before(self.view, self.hit.head, self.unit.start)?;
        relative.checked_sub(1).filter(|comma| *comma > self.unit.start && self.view.is_comma(*comma))
    }

    /// A comma after which a verb without a subject of its own follows.
    fn goes_on_after(&self, comma: usize) -> bool {
        let view = self.view;
        let verb = (comma + 1..self.unit.end.min(comma + 5))
            .find(|at| !view.has(*at, class::ADVERB | class::CLITIC | class::NEGATION));
        // "who said he is “free,” has left"
        let inside = view.quotation(comma).is_some_and(|quotation| {
            quotation.tokens.end == comma + 1
                && quotation.inner.end > quotation.inner.start
                && view.is_comma(quotation.inner.end - 1)
        });
        (inside || view.is_comma(comma) && view.quotation(comma).is_none())
            && verb.is_some_and(|verb| view.is_finite(verb) && !view.has(verb, class::DETERMINER))
    }

    /// Where the subject of a verb ends: before a relative clause with words of its own that an
    /// earlier cue has told ("L'usine, qui dit que …, | a démenti").
    fn subject_end(&self, start: usize, earlier: &[Draft]) -> usize {
        let view = self.view;
        let told = earlier.iter().rev().take(RECENT).find(|draft| {
            draft.content.iter().any(|piece| piece.end + 1 == start && view.is_comma(piece.end))
        });
        let cue = told.and_then(|draft| draft.cue.as_ref());
        let relative = cue.and_then(|cue| relative_before(view, cue.end - 1, self.unit.start));
        let comma = relative.and_then(|relative| relative.checked_sub(1));
        comma.filter(|comma| *comma > self.floor && view.is_comma(*comma)).unwrap_or(start)
    }

    /// "X denied that …, and said that …": after a conjunction, the subject of the verb before it
    /// goes on. With it, the draft that has it as its source.
    fn shared_subject(&self, edge: usize, earlier: &[Draft]) -> Option<(Range<usize>, Option<usize>)> {
        let view = self.view;
        let joins = |at: usize| view.has(at, class::AND | class::BUT) && !view.has(at, class::SUBORDINATOR);
        let mut and = edge.checked_sub(1)?;
        while and > self.floor
            && view.has(and, class::ADVERB | class::NEGATION)
            && !view.has(and, class::PRONOUN | class::RELATIVE)
        {
            and -= 1;
        }
        if and <= self.floor || !joins(and) || view.quotation(and).is_some() {
            return None;
        }
        let first = earlier.len().saturating_sub(RECENT);
        let near = earlier[first..].iter().rposition(|draft| {
            draft.source.is_some()
                && draft.cue.as_ref().is_some_and(|cue| cue.end <= and && cue.start >= self.floor)
                && draft.content.iter().all(|piece| piece.end <= and)
        });
        if let Some(index) = near.map(|index| first + index) {
            let said = earlier[index].content.iter().map(|piece| piece.end).max().unwrap_or(and);
            let cue = earlier[index].cue.as_ref().map_or(and, |cue| cue.end);
            if !(said.max(cue)..and).any(|at| view.is_finite(at)) {
                return Some((earlier[index].source.clone()?, Some(index)));
            }
        }
        let verb = (self.floor..and).rev().take(REACH).find(|at| {
            view.is_finite(*at)
                && view.quotation(*at).is_none()
                && relative_before(view, *at, self.floor).is_none()
        })?;
        let mut group = verb;
        while group > self.floor
            && view.has(group - 1, class::HAVE | class::BE | class::ADVERB | class::NEGATION)
        {
            group -= 1;
        }
        Some((subject_before(view, group, self.floor)?, None))
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
                // "poursuivi pour « … »": a charge, and nobody's words.
                let before = found.tokens.start - 1;
                let charge = found.follows == Follows::Quotation
                    && view.has(before, class::PREPOSITION)
                    && !view.has(before, class::LINK | class::AGENT | class::TOWARDS | class::AS);
                matches!(found.follows, Follows::Clause | Follows::Quotation)
                    && found.between.len() < 12
                    && !charge
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
        // "s'opposent au « plan » prôné par …": no noun phrase begins there.
        let verb = view.is_finite(content.start)
            || content.start > unit.start
                && view.has(content.start - 1, class::CLITIC)
                && !view.has(content.start - 1, class::DETERMINER);
        if verb && !view.capital(content.start) {
            return None;
        }
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
        // "un discours du président Corvane jugeant que …": the name right before it.
        let name = if parted { None } else { self.linked_name(start) };
        if let Some(name) = name {
            return self.governing(Some(name), found);
        }
        // "…, la Corvanie condamnant « … »": its own subject, from the comma on.
        if !parted && let Some(own) = self.own_subject(start) {
            return self.governing(Some(own), found);
        }
        // "with the observatory reporting that …": its own subject.
        if !parted && let Some(own) = self.accompanying(start) {
            return self.governing(Some(own), found);
        }
        if !parted && !found.between.is_empty() {
            return None;
        }
        let opens = (unit.start..start)
            .all(|at| !view.is_word(at) || view.has(at, class::PREPOSITION | class::AND | class::ADVERB));
        // "Maintaining Corvane is a big task, and it …": the participle is a subject.
        let subject = found.between.is_empty() && found.tokens.start == end && view.capital(end);
        if opens && subject {
            return None;
        }
        if opens {
            // "Warning that …, he urged": the subject of the clause after it speaks.
            let mut found = found;
            let comma = (found.tokens.start..unit.end)
                .find(|at| {
                    view.is_comma(*at)
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
            found.tokens.end = found.tokens.end.min(if view.is_comma(comma) { comma } else { comma + 1 });
            return self.governing(Some(source), found);
        }
        let near = earlier.iter().rposition(|draft| {
            draft.cue.as_ref().is_some_and(|cue| cue.end <= start) && draft.source.is_some()
        });
        if let Some(index) = near {
            let source = earlier[index].source.clone();
            let said = earlier[index].content.last().map_or(start, |piece| piece.end);
            let cue = earlier[index].cue.as_ref().map_or(said, |cue| cue.end);
            let between = said.max(cue);
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
        let source = subject_before(view, group, self.floor)?;
        self.governing(Some(source), found)
    }

    /// The noun phrase after "with" that ends at `end`, where it can speak.
    fn accompanying(&self, end: usize) -> Option<Range<usize>> {
        let (view, rules) = (self.view, self.rules);
        let words = &view.lexicon.settings.accompanied_by;
        let with = (self.floor..end)
            .rev()
            .take(LONGEST_BEFORE)
            .find(|at| words.iter().any(|word| word == view.folded(*at)))?;
        let phrase = noun_phrase(view, rules, with + 1, end, Width::Source)?;
        (phrase.end == end && self.can_speak(&phrase)).then_some(phrase)
    }

    /// The noun phrase that fills the words between a comma and a participle at `end`, where it is
    /// somebody.
    fn own_subject(&self, end: usize) -> Option<Range<usize>> {
        let (view, rules) = (self.view, self.rules);
        let comma = (self.floor..end).rev().take(LONGEST_BEFORE).find(|at| view.is_comma(*at))?;
        let phrase = noun_phrase(view, rules, comma + 1, end, Width::Source)?;
        let somebody = self.can_speak(&phrase) || phrase.clone().any(|at| view.capital(at));
        (phrase == (comma + 1..end) && somebody && !view.has(comma + 1, class::TIME)).then_some(phrase)
    }

    /// A name, its role noun before it, that hangs on a noun by a link and ends at `end`.
    fn linked_name(&self, end: usize) -> Option<Range<usize>> {
        let view = self.view;
        let mut start = end;
        while start > self.floor && (view.capital(start - 1) || role_at(view, start - 1).is_some()) {
            start -= 1;
        }
        let linked = start > self.floor + 1
            && view.has(start - 1, class::LINK)
            && role_at(view, start - 2).is_none()
            && view.is_word(start - 2)
            && !view.capital(start - 2);
        // "the town of Idlib describing it": one word may be a place.
        let person = end - start > 1;
        (linked && person && view.capital(end - 1)).then_some(start..end)
    }

    /// "a tenu à souligner que …": the subject of the verb that carries the infinitive.
    fn infinitive(&self) -> Option<(Draft, usize)> {
        let (view, rules, unit) = (self.view, self.rules, &self.unit);
        let found =
            complement(view, rules, unit, self.hit.tokens.end, self.rule().frames).filter(|found| {
                let colon = found.follows == Follows::Colon && narrates(view, unit, self.hit.tokens.start);
                let words = matches!(found.follows, Follows::Clause | Follows::Quotation);
                (words || colon) && found.between.len() < 12
            })?;
        let mut start = self.hit.tokens.start;
        if narrates(view, unit, start) {
            let named = unit.start + 1..start - 1;
            let source = noun_phrase(view, rules, named.start, named.end, Width::Source);
            if source.as_ref() != Some(&named) && !named.is_empty() {
                return None;
            }
            return self.governing(source, found);
        }
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
        let source = subject_before(view, start, self.floor)?;
        let mut draft = self.governing(Some(source), found)?;
        draft.0.cue = Some(start..self.hit.tokens.end);
        Some(draft)
    }
}
