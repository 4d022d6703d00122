//! Cues that are no verbs and stand beside their source: "selon X", "X zufolge".

use std::ops::Range;

use selon_model::SourceKind;

use crate::lex::TokenKind;

use super::around::{Place, around, phrase_end};
use super::cue_reader::{CueReader, LONGEST_BEFORE};
use super::draft::Draft;
use super::lexicon::{Number, class};
use super::noun_phrase::{
    Width, begins_channel, has_main_verb, noun_phrase, role_at, subject_before, with_apposition,
};
use super::rules::CueKind;
use super::source::{is_measure, is_nobody, trimmed};
use super::speaker::read_speaker;
use super::view::View;

/// Longest bracket after a name, in tokens.
const BRACKET: usize = 12;

/// End of the bracket that begins at `at` ("WCF (Wild Chimpanzee Foundation)"), if a short one does.
fn bracket_end(view: &View<'_>, at: usize, to: usize) -> usize {
    if view.words(at) != "(" {
        return at;
    }
    (at + 1..to.min(at + BRACKET)).find(|close| view.words(*close) == ")").map_or(at, |close| close + 1)
}

/// A sentence of its own begins between two places.
fn opens_sentence(view: &View<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| matches!(view.kind(at), TokenKind::Stop) || view.words(at) == ";")
}

/// "selon X", read.
struct According {
    /// First token of the phrase.
    start: usize,
    source: Range<usize>,
    /// Nothing of the clause stands before it.
    opens: bool,
    /// "toujours selon X".
    goes_on: bool,
}

impl CueReader<'_, '_> {
    /// "selon X": the cue with what belongs to it, and X.
    fn according(&self) -> Option<According> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        // "De source militaire, …"
        let own = self.rule().frames.own_noun;
        let from = if own { cue.end - 1 } else { cue.end };
        let possessives = &view.lexicon.settings.possessives;
        let possessive = || cue.clone().find(|at| possessives.iter().any(|word| word == view.folded(*at)));
        if self.rule().frames.own_speaker {
            let speaker = possessive()?;
            let links = class::AND | class::BUT | class::CONNECTIVE | class::ADVERB;
            let opens = (self.lower..cue.start).all(|at| !view.is_word(at) || view.has(at, links));
            let parted = view.is_comma(if opens { cue.end } else { cue.start - 1 });
            let source = speaker..speaker + 1;
            return parted.then_some(According { start: cue.start, source, opens, goes_on: false });
        }
        let source = noun_phrase(view, rules, from, self.unit.end, Width::Source)?;
        let parted = cue.start == self.unit.start || view.is_comma(cue.start - 1);
        if own && (!parted || source.len() < 2) {
            return None;
        }
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
        let apposed = with_apposition(view, source.clone(), self.unit.end, opens, rules);
        let apposed = match opens && apposed.end > source.end {
            true => with_apposition(view, apposed, self.unit.end, opens, rules),
            false => apposed,
        };
        // "The convoy, according to the Red Cross, arrived at noon": the clause needs its verb.
        let parts = !opens
            && apposed.end > source.end
            && !view.has_finite(self.lower..start)
            && !view.has_finite(apposed.end..self.unit.end)
            && view.has_finite_word(source.end..apposed.end);
        let source = if parts { source } else { apposed };
        let source = source.start..bracket_end(view, source.end, self.unit.end);
        Some(According { start, source, opens, goes_on })
    }

    /// What stands after the words of another speaker says how those came ("…, a dit X, selon
    /// une vidéo, lors d'une visite").
    fn trails(&self, phrase: &According) -> bool {
        let view = self.view;
        self.lower > self.unit.start
            && (self.lower..phrase.start).all(|at| !view.is_word(at))
            && !opens_sentence(view, self.lower, phrase.start)
            && !has_main_verb(view, phrase.source.end..self.unit.end)
    }

    /// Through whom the words before came, where this cue says that.
    pub(super) fn passed_on(&self) -> Option<Range<usize>> {
        if self.rule().kind != CueKind::Preposition || self.rule().frames.opinion {
            return None;
        }
        let phrase = self.according().filter(|phrase| self.trails(phrase))?;
        let source = trimmed(self.view, phrase.source);
        let speaks = !is_nobody(self.view, &source) && !is_measure(self.view, self.rules, &source);
        speaks.then_some(source)
    }

    /// "selon X": the rest of the clause it stands in.
    pub(super) fn preposition(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let settings = &view.lexicon.settings;
        let phrase = self.according().filter(|phrase| !self.trails(phrase))?;
        if self.rule().frames.opinion && !(phrase.opens && self.is_opinion_of(&phrase.source)) {
            return None;
        }
        let According { start, source, opens, goes_on } = phrase;
        // "Selon le journal, citant un officier, …"
        let passes_on = source.end + 1 < self.unit.end
            && view.is_comma(source.end)
            && begins_channel(view, source.end + 1);
        let modified = if opens && !settings.verb_first && !settings.verb_second {
            self.modified_until(&source)
        } else {
            None
        };
        let mut source = source;
        let end = if self.rule().frames.own_speaker {
            self.hit.tokens.end
        } else if let Some(comma) = self.relative_until(&source) {
            comma
        } else if passes_on {
            phrase_end(view, &self.unit, source.end + 1)
        } else if let Some(comma) = modified {
            // "un sondage | en ligne réalisé par X |, …": who made it belongs to the source.
            if !view.is_comma(source.end) {
                source.end = comma;
            }
            comma
        } else if source.end < self.unit.end
            && (begins_channel(view, source.end)
                || opens
                    && view.is_comma(phrase_end(view, &self.unit, source.end))
                    && (source.end..source.end + 2)
                        .any(|at| view.has(at, class::PRESENT_PARTICIPLE) && !view.capital(at))
                || view.has(source.end, class::TIME)
                || view.has(source.end, class::PREPOSITION) && !opens
                || view.has(source.end, class::RELATIVE)
                    && !view.has(source.end, class::COMPLEMENTISER)
                    && opens
                    && view.is_comma(phrase_end(view, &self.unit, source.end)))
        {
            phrase_end(view, &self.unit, source.end)
        } else {
            source.end
        };
        let phrase = start..end;
        let content = around(view, rules, &self.unit, &phrase, self.lower, Place::Preposition);
        let mut content = self.cut_relative(content, &phrase);
        if content.is_empty() || self.rule().frames.opinion && self.tells_of_deed(&content[0]) {
            return None;
        }
        // "according to the bulletin Radnor gunmen shot …": no comma parts the source from the
        // subject of what is said.
        if opens
            && !settings.verb_first
            && !settings.verb_second
            && end == source.end
            && let [piece] = &mut content[..]
            && piece.start == end
            && let Some(subject) = self.unparted_subject(&source, piece)
        {
            source.end = subject;
            piece.start = subject;
        }
        let mut draft = self.draft(Some(source.clone()), content, false);
        draft.goes_on = goes_on;
        draft.adjuncts.push(source.end..end.max(source.end));
        let bound =
            if draft.content.iter().all(|piece| piece.end <= phrase.start) { phrase.end } else { self.lower };
        Some((draft, bound))
    }

    /// "Pour le ministre, un avion a été affrété": what was done, and for whom, is no opinion, unless
    /// in his words.
    fn tells_of_deed(&self, content: &Range<usize>) -> bool {
        let view = self.view;
        let verb = content.clone().find(|at| view.is_finite(*at));
        let perfect = verb.is_some_and(|verb| {
            view.has(verb, class::HAVE)
                && (verb + 1..content.end.min(verb + 4)).any(|at| view.has(at, class::PAST_PARTICIPLE))
        });
        perfect && !content.clone().any(|at| view.quotation(at).is_some())
    }

    /// A person by full name, one who holds an office, or a known body, with a comma behind.
    fn is_opinion_of(&self, source: &Range<usize>) -> bool {
        use SourceKind::{Agency, Office, Outlet};
        let (view, rules) = (self.view, self.rules);
        let speaker = read_speaker(view, rules, source.clone());
        // "Pour sa collègue Ana Velm, …"
        let owned = view.lexicon.settings.possessives.iter().any(|word| word == view.folded(source.start));
        let full = speaker.name.as_ref().is_some_and(|name| name.len() > 1)
            && (!view.has(source.start, class::DETERMINER) || owned);
        let office =
            speaker.kind == Office && speaker.head.is_some() && speaker.number != Some(Number::Plural);
        let titled = speaker.titled && speaker.name.is_some();
        let known = matches!(speaker.kind, Agency | Outlet);
        // "Pour lui, « c'est une erreur »", "Pour la toxicologue, « … »": words in marks are somebody's.
        let one =
            speaker.number != Some(Number::Plural) && (speaker.pronoun || !view.capital(source.end - 1));
        // "Pour lui, c'était « une erreur de calcul »": further on, where a person is meant.
        let personal = speaker.pronoun && speaker.gender.is_some();
        let reach = source.end + 1..self.unit.end.min(source.end + if personal { BRACKET } else { 2 });
        let quoted = reach.clone().any(|at| {
            view.quotation(at)
                .is_some_and(|quotation| quotation.tokens.start == at && quotation.inner.len() > 3)
        });
        // "Pour eux, la réforme est injuste", "Pour ses opposants, …": who speaks by profession, and whom a
        // pronoun means.
        let speaks = speaker.head.is_some() && speaker.role.is_some() && !speaker.indefinite || personal;
        view.is_comma(source.end) && (full || office || titled || known || speaks || one && quoted)
    }

    /// The comma after words that describe the source before the clause begins: a participle in
    /// commas ("le ministère, contrôlé par X, …"), or a run without a verb ("un sondage en ligne
    /// réalisé par X, …").
    fn modified_until(&self, source: &Range<usize>) -> Option<usize> {
        let view = self.view;
        let parted = view.is_comma(source.end);
        let first = source.end + usize::from(parted);
        let comma = phrase_end(view, &self.unit, first);
        let opens = match parted {
            true => view.has(first, class::PAST_PARTICIPLE) && !view.capital(first),
            false => {
                view.is_word(first)
                    && !view.capital(first)
                    && (view.has(first, class::PREPOSITION)
                        || !view
                            .has(first, class::DETERMINER | class::PRONOUN | class::RELATIVE | class::CLITIC))
            }
        };
        let describes = opens
            && comma > first
            && comma < self.unit.end
            && view.is_comma(comma)
            && !(first..comma)
                .any(|at| view.is_plainly_finite(at) || view.quotation(at).is_some() || view.is_number(at))
            && !(first..comma).any(|at| view.opens_quantity(at, comma))
            && has_main_verb(view, comma + 1..self.unit.end);
        describes.then_some(comma)
    }

    /// The comma that ends a relative clause after the source, before the clause that is said ("Selon
    /// Ana Velm, qui dirige le port, | la route est coupée").
    fn relative_until(&self, source: &Range<usize>) -> Option<usize> {
        let view = self.view;
        let first = source.end + 1;
        let settings = &view.lexicon.settings;
        let joins =
            class::RELATIVE | class::AND | class::BUT | class::SUBORDINATOR | class::PRESENT_PARTICIPLE;
        if settings.verb_first
            || settings.verb_second
            || !view.is_comma(source.end)
            || !view.has(first, class::RELATIVE)
            || view.has(first, class::DETERMINER)
        {
            return None;
        }
        (first + 2..self.unit.end.min(first + 2 * BRACKET)).find(|comma| {
            view.is_comma(*comma)
                && view.quotation(*comma).is_none()
                && view.has_finite(first..*comma)
                && !view.has(*comma + 1, joins)
                && has_main_verb(view, *comma + 1..self.unit.end)
        })
    }

    /// Where the subject begins that no comma parts from the source before it: a name right after
    /// the noun of the source, whose verb ends it or follows.
    fn unparted_subject(&self, source: &Range<usize>, piece: &Range<usize>) -> Option<usize> {
        let view = self.view;
        let verb = view.is_finite(piece.start) || view.has(piece.start, class::MODAL);
        let last = source.end - 1;
        let inside = view.has(last, class::FINITE)
            && !view.capital(last)
            && role_at(view, last).is_none()
            && (view.kind(piece.start) == TokenKind::Digits || view.has(piece.start, class::DETERMINER))
            && !has_main_verb(view, piece.clone());
        if !verb && !inside {
            return None;
        }
        let apart = class::PREPOSITION | class::DETERMINER | class::AND | class::TITLE;
        (source.start + 1..source.end).rev().find(|at| {
            let before = *at - 1;
            let ends = !view.capital(before) || view.is_acronym(before) && !view.is_acronym(*at);
            view.capital(*at) && view.is_word(before) && ends && !view.has(before, apart)
        })
    }

    /// "X zufolge": the rest of the clause it stands in.
    pub(super) fn postposition(&self) -> Option<(Draft, usize)> {
        let (view, rules) = (self.view, self.rules);
        let cue = self.hit.tokens.clone();
        let source =
            subject_before(view, cue.start, self.lower).filter(|source| source.len() <= LONGEST_BEFORE)?;
        let phrase = source.start..cue.end;
        let content = around(view, rules, &self.unit, &phrase, self.lower, Place::Preposition);
        if content.is_empty() {
            return None;
        }
        let draft = self.draft(Some(source), content, false);
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
                    && view.is_comma(*at - 1)
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
}
