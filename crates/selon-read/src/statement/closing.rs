//! "Shelling left nine dead in the town a monitoring group said.": who speaks closes the sentence, and
//! no comma parts them from what is said, as where a text has lost its marks.
//!
//! A verb of saying with nothing after it governs what stands before its subject. Where the subject
//! begins is told by its last article, by the noun of one who speaks with the words that commonly
//! stand before it, or by a name that no preposition claims; where none of these tells, nothing is
//! read. The other cues of the sentence are then read within what is said.

use std::ops::Range;

use selon_model::{Mode, SourceKind};

use crate::lex::TokenKind;

use super::complement::ends_here;
use super::cue::{Hit, Shape};
use super::draft::{Draft, mode, one_piece};
use super::lexicon::{Number, class};
use super::noun_phrase::{Width, has_main_verb, noun_phrase, role_at};
use super::rules::{CueKind, Rules};
use super::speaker::read_speaker;
use super::view::View;

/// Tokens of a subject.
const LONGEST: usize = 14;
/// Tokens between two articles of one subject ("the head of the").
const HEAD: usize = 6;
/// Tokens of a counted subject ("two local residents").
const COUNTED: usize = 3;
/// Tokens of one spoken to ("told the AFP news agency").
const LISTENER: usize = 4;
/// Least words said.
const LEAST: usize = 3;

/// The statement that closes the unit, by the last of its cues.
pub(super) fn read_closing(
    view: &View<'_>,
    rules: &Rules,
    unit: &Range<usize>,
    index: usize,
    hit: &Hit,
) -> Option<Draft> {
    let rule = &rules.cues[usize::from(hit.rule)];
    let says = rule.kind == CueKind::Verb
        && rule.frames.quote
        && hit.shape == Shape::Active
        && hit.inverted.is_none()
        && hit.quoted.is_none()
        && !view.capital(hit.head)
        && view.quotation(hit.head).is_none();
    if !view.lexicon.settings.closing_speakers || !says {
        return None;
    }
    // "told reporters": the one spoken to.
    let object = match rule.frames.object {
        true => Some(
            noun_phrase(view, rules, hit.tokens.end, unit.end, Width::Source)
                .filter(|object| object.start == hit.tokens.end && object.len() <= LISTENER)?,
        ),
        false => None,
    };
    let after = object.as_ref().map_or(hit.tokens.end, |object| object.end);
    if !closes(view, unit, after) {
        return None;
    }
    let finder = Finder { view, rules, unit };
    let end = finder.before_adverbs(hit.tokens.start);
    let subject = finder.pronoun(end).or_else(|| finder.phrase(end))?;
    // "told Reuters | that its engineers had asked": no subject.
    if view.has(subject.start, class::COMPLEMENTISER) && view.has(subject.start + 1, class::DETERMINER) {
        return None;
    }
    // "…, prison | officials wrote": a comma parts them after all.
    let parts = |at: &usize| view.is_comma(*at) || view.quotation(*at).is_some();
    let comma = (unit.start..subject.start).rev().take(COUNTED).find(parts);
    if comma.is_some_and(|comma| (comma + 1..subject.start).all(|at| is_noun_like(view, at))) {
        return None;
    }
    let content = unit.start..subject.start;
    // "as he said", "what the army said", "…, he said": other ways of speaking.
    let before = content.end.checked_sub(1).filter(|before| *before >= unit.start)?;
    let joined = view.is_word(before)
        || view.kind(before) == TokenKind::Digits
        || matches!(view.words(before), ")" | ";");
    let other = class::RELATIVE
        | class::SUBORDINATOR
        | class::COMPLEMENTISER
        | class::AS
        | class::AND
        | class::BUT
        | class::WHETHER
        | class::PREPOSITION
        | class::DETERMINER;
    let free = joined && !view.has(before, other) && view.quotation(before).is_none();
    let told = content.len() >= LEAST && has_main_verb(view, content.clone());
    if !free || !told {
        return None;
    }
    let content = one_piece(content);
    let mode = mode(view, &content, false);
    (mode == Mode::Indirect || mode == Mode::Mixed).then(|| Draft {
        cue_rule: Some(hit.rule),
        core: "",
        cue: Some(hit.tokens.clone()),
        source: Some(subject),
        content,
        mode,
        under_past: hit.past,
        unit: index,
        adjuncts: one_piece(after..unit.end),
        object,
        through: None,
        continues: None,
        goes_on: false,
    })
}

/// Whether nothing stands in the unit from `at` on but its end, or an adjunct without a verb ("on
/// Wednesday without giving details").
fn closes(view: &View<'_>, unit: &Range<usize>, at: usize) -> bool {
    let rest = at.min(unit.end)..unit.end;
    if rest.clone().all(|at| view.kind(at) == TokenKind::Stop) {
        return rest.is_empty() || ends_here(view, at);
    }
    let plain = |at: usize| view.is_word(at) || matches!(view.kind(at), TokenKind::Digits | TokenKind::Stop);
    view.has(at, class::PREPOSITION | class::TIME)
        && !view.has(at, class::INFINITIVE_MARK | class::TOWARDS)
        && rest.len() <= LONGEST
        && rest.clone().all(|at| plain(at) && !view.has(at, class::COMPLEMENTISER | class::RELATIVE))
        && !rest.clone().skip(1).any(|at| {
            let led = class::PREPOSITION | class::PRESENT_PARTICIPLE | class::ADVERB | class::DETERMINER;
            !view.has(at - 1, led) && (view.is_plainly_finite(at) || view.has(at, class::DETERMINER))
        })
}

/// A word that can stand before a noun in a compound.
fn is_noun_like(view: &View<'_>, at: usize) -> bool {
    let other =
        class::PREPOSITION | class::DETERMINER | class::PRONOUN | class::AND | class::BUT | class::TIME;
    view.is_word(at) && !view.capital(at) && !view.has(at, other) && !view.is_plainly_finite(at)
}

/// "the Observatory said and | rescue workers": another verb of saying.
fn holds_cue(view: &View<'_>, rules: &Rules, mut range: Range<usize>) -> bool {
    range.any(|at| {
        let forms = &view.lexicon.word(view.ids[at]).forms;
        role_at(view, at).is_none() && forms.iter().any(|form| rules.verbs.contains_key(&*form.lemma))
    })
}

struct Finder<'a, 'b> {
    view: &'a View<'b>,
    rules: &'a Rules,
    unit: &'a Range<usize>,
}

impl Finder<'_, '_> {
    /// "the army | reportedly said"
    fn before_adverbs(&self, mut end: usize) -> usize {
        while end > self.unit.start && self.view.has(end - 1, class::ADVERB) {
            end -= 1;
        }
        end
    }

    fn pronoun(&self, end: usize) -> Option<Range<usize>> {
        let at = end.checked_sub(1).filter(|at| *at > self.unit.start)?;
        let speaker = read_speaker(self.view, self.rules, at..end);
        let stands =
            self.view.has(at, class::PRONOUN) && !self.view.has(at, class::DETERMINER | class::RELATIVE);
        // "that supports | it"
        let object = self.view.is_finite(at - 1) && !self.view.has(at - 1, class::PAST_PARTICIPLE);
        let who = !object && (speaker.gender.is_some() || speaker.number == Some(Number::Plural));
        (stands && speaker.pronoun && who).then_some(at..end)
    }

    /// A phrase that ends at `end`, of one who can speak, with those before "and".
    fn phrase(&self, end: usize) -> Option<Range<usize>> {
        let mut phrase = self
            .by_role(end)
            .or_else(|| self.by_article(end))
            .or_else(|| self.by_name(end))
            .or_else(|| self.placed(end))?;
        // "the monitoring group | the Varn Observatory"
        if self.view.has(phrase.start, class::DETERMINER)
            && let Some(noun) = self.by_article(phrase.start)
            && self.role_before(phrase.start).is_some()
            && noun.len() <= COUNTED + 1
            && noun.start > self.unit.start
            && !self.view.has(noun.start - 1, class::PREPOSITION)
        {
            phrase.start = noun.start;
        }
        while let Some(and) = phrase.start.checked_sub(1).filter(|at| *at > self.unit.start)
            && self.view.has(and, class::AND)
            && let Some(more) = self.by_role(and).or_else(|| self.by_article(and))
            && end - more.start <= LONGEST
            && !holds_cue(self.view, self.rules, more.clone())
        {
            phrase.start = more.start;
        }
        Some(phrase)
    }

    fn speaks(&self, phrase: &Range<usize>) -> bool {
        let speaker = read_speaker(self.view, self.rules, phrase.clone());
        !speaker.pronoun && (speaker.head.is_some() || speaker.name.is_some() || speaker.outlet.is_some())
    }

    /// Words that cannot stand inside a subject.
    fn parts(&self, at: usize) -> bool {
        let view = self.view;
        let inside = view.is_word(at)
            || matches!(view.kind(at), TokenKind::Digits | TokenKind::Dash)
            || matches!(view.words(at), "(" | ")" | "'" | "’");
        !inside
            || view.quotation(at).is_some()
            || view.is_finite(at) && !view.has(at, class::PAST_PARTICIPLE) && !view.capital(at)
            || view.has(
                at,
                class::RELATIVE
                    | class::SUBORDINATOR
                    | class::COMPLEMENTISER
                    | class::TIME
                    | class::AND
                    | class::BUT,
            )
    }

    /// "activists", "local residents", "state news agency VENA", "activist Hassan Odel": a noun of
    /// those who speak without article, the words that commonly stand before it, and a name behind.
    fn by_role(&self, end: usize) -> Option<Range<usize>> {
        let view = self.view;
        let first = self.unit.start;
        // "state TV" is a noun, not a name.
        let names = match self.role_before(end) {
            Some(_) => end,
            None => self.name_before(end).unwrap_or(end),
        };
        let noun = self.role_before(names)?;
        let outlet = (self.unit.start..noun)
            .rev()
            .take(HEAD)
            .find(|at| view.outlet_at(*at).is_some_and(|(_, length)| at + length == names));
        if let Some(outlet) = outlet {
            return Some(outlet..end);
        }
        // "nine people | Odel": many have no name.
        if names < end && self.is_many(names) {
            return None;
        }
        let mut start = noun;
        // No noun stands before an adjective: "a rebel group | Corvanian state television".
        let mut led = false;
        while start > first {
            let before = start - 1;
            let adjective = self.is_adjective(before);
            // "by IS activists": the name belongs to the preposition.
            let named = self
                .name_before(start)
                .filter(|name| *name > first && !view.has(name - 1, class::PREPOSITION));
            // "32 people | Corvanian state television": many stand before no other noun.
            let role = self.role_before(start).filter(|_| !led && !self.is_many(start));
            match (role, self.compound_before(start)) {
                (Some(role), _) => start = role,
                (None, Some(compound)) => start = compound,
                (None, None) if adjective => start = before,
                (None, None) => match named {
                    Some(name) => start = name,
                    None => break,
                },
            }
            led |= role.is_none() && !adjective;
            if end - start > LONGEST {
                return None;
            }
        }
        // "a monitoring group", "the Assad government's official channel": an article stands before.
        let by_article = self.by_article(end).filter(|phrase| phrase.start < start);
        let fits = |phrase: &Range<usize>| {
            !self.is_press(noun) || phrase.start + 1 == start || self.is_named(phrase)
        };
        if let Some(phrase) = by_article.filter(fits) {
            return Some(phrase);
        }
        let phrase = start..end;
        self.speaks(&phrase).then_some(phrase)
    }

    /// A word that commonly stands before a noun of those who speak.
    fn is_adjective(&self, at: usize) -> bool {
        let settings = &self.view.lexicon.settings;
        settings.source_adjectives.iter().any(|word| word == self.view.folded(at))
    }

    /// "state television", "news agency": nouns that need no article.
    fn is_press(&self, at: usize) -> bool {
        role_at(self.view, at).is_some_and(|(role, _)| {
            let class = self.rules.roles[usize::from(role)].class;
            matches!(class, Some(SourceKind::Agency | SourceKind::Outlet))
        })
    }

    /// "activists", "police".
    fn is_many(&self, end: usize) -> bool {
        let word = self.view.folded(end - 1);
        let plurals = &self.view.lexicon.settings.plurals;
        self.view.has_plural_ending(end - 1) || plurals.iter().any(|known| known == word)
    }

    /// First token of a noun of those who speak that ends at `end`.
    fn role_before(&self, end: usize) -> Option<usize> {
        let from = end.saturating_sub(3).max(self.unit.start);
        (from..end).find(|at| role_at(self.view, *at).is_some_and(|(_, length)| at + length == end))
    }

    /// First token of the compound that ends at `end` ("state-run").
    fn compound_before(&self, end: usize) -> Option<usize> {
        let view = self.view;
        let start = end.checked_sub(3).filter(|start| *start > self.unit.start)?;
        let joined = view.kind(start + 1) == TokenKind::Dash
            && !view.spaced(start + 1)
            && !view.spaced(start + 2)
            && view.is_word(start)
            && view.is_word(start + 2);
        joined.then_some(start)
    }

    /// First token of the name that ends at `end`.
    fn name_before(&self, end: usize) -> Option<usize> {
        let view = self.view;
        let mut start = end;
        while start > self.unit.start {
            let at = start - 1;
            let word = view.is_word(at)
                && view.capital(at)
                && !view.has(at, class::DETERMINER | class::TIME | class::PREPOSITION | class::PRONOUN);
            let joint =
                start < end && view.kind(at) == TokenKind::Dash && !view.spaced(start) && !view.spaced(at);
            // "al-Halabi", "Observatory for Human Rights"
            let small = view.lexicon.settings.particles.iter().any(|word| word == view.folded(at));
            let particle = start < end
                && at > self.unit.start
                && view.is_word(at)
                && (view.kind(start) == TokenKind::Dash && !view.spaced(start)
                    || small && view.capital(at - 1) && view.is_word(at - 1));
            if !(word || joint || particle) {
                break;
            }
            start = at;
        }
        (start < end).then_some(start)
    }

    /// "a monitoring group", "the head of the monitoring group": from the last article on.
    fn by_article(&self, end: usize) -> Option<Range<usize>> {
        let view = self.view;
        let floor = end.saturating_sub(LONGEST).max(self.unit.start);
        let article = |from: usize, to: usize| {
            let opens = |at: &usize| {
                let counts = view.is_word(*at) && view.is_number(*at) && to - *at <= COUNTED;
                view.has(*at, class::DETERMINER) && !view.has(*at, class::PRONOUN) || counts
            };
            (from..to).rev().take_while(|at| !self.parts(*at)).find(opens)
        };
        let mut start = article(floor, end)?;
        // "two | residents", "the two | residents"
        if start > floor && view.has(start - 1, class::DETERMINER) {
            start -= 1;
        }
        while let Some(link) = start.checked_sub(1).filter(|at| *at > floor)
            && view.has(link, class::PREPOSITION)
            && let Some(head) = article(floor.max(link.saturating_sub(HEAD)), link)
            && self.role_before(link).is_some_and(|role| role > head)
        {
            start = head;
        }
        let phrase = start..end;
        (phrase.len() > 1 && self.is_one(&phrase) && self.speaks(&phrase)).then_some(phrase)
    }

    /// Whether the words after an article are one phrase up to a noun of those who speak, or to a name:
    /// not "the battlefield | Odel", "the threat | sources".
    fn is_one(&self, phrase: &Range<usize>) -> bool {
        let view = self.view;
        let mut unknown = 0;
        let mut at = phrase.start + 1;
        while at < phrase.end && !view.has(at, class::PREPOSITION) {
            if view.is_hyphened(at + 2) && at + 2 < phrase.end {
                at += 3;
                continue;
            }
            if let Some((_, length)) = role_at(view, at) {
                // "nine people | Odel": what is counted ends with its noun.
                if view.is_number(phrase.start) && at + length < phrase.end {
                    return false;
                }
                let end = (at + length).min(phrase.end);
                let one = !self.is_many(end) && (!self.is_press(at) || self.is_named(phrase));
                return unknown <= usize::from(one) && !self.holds_another(end..phrase.end);
            }
            let adjective = self.is_adjective(at);
            let compound = view.is_hyphened(at) || view.kind(at) == TokenKind::Dash;
            let known = adjective || compound || view.capital(at) || view.is_number(at);
            unknown += usize::from(!known && !view.has(at, class::DETERMINER));
            at += 1;
        }
        unknown == 0
    }

    /// "the Odel government's official channel": a name opens the phrase.
    fn is_named(&self, phrase: &Range<usize>) -> bool {
        let first = phrase.start + 1;
        first < phrase.end && self.view.is_word(first) && self.view.capital(first)
    }

    /// "a rebel group | Corvanian state television": another noun of those who speak, behind a word that
    /// cannot follow the first.
    fn holds_another(&self, rest: Range<usize>) -> bool {
        let view = self.view;
        let mut named = false;
        rest.take_while(|at| !view.has(*at, class::PREPOSITION)).any(|at| {
            let role = role_at(view, at).is_some();
            let another = role && named && !view.capital(at);
            named |= view.is_word(at) && view.capital(at) && !role;
            another
        })
    }

    /// "activists in the town": many, with where they are.
    fn placed(&self, end: usize) -> Option<Range<usize>> {
        let view = self.view;
        let from = end.saturating_sub(HEAD).max(self.unit.start + 1);
        let link = (from..end)
            .rev()
            .take_while(|at| !self.parts(*at))
            .find(|at| view.has(*at, class::PREPOSITION))?;
        let place = link + 1..end;
        let is_place = !place.is_empty()
            && (view.has(place.start, class::DETERMINER) || place.clone().all(|at| view.capital(at)));
        let who = self.by_role(link).filter(|_| is_place && self.is_many(link))?;
        Some(who.start..end)
    }

    /// A name that no preposition claims, or that of a known outlet at the end of one.
    fn by_name(&self, end: usize) -> Option<Range<usize>> {
        let view = self.view;
        let start = self.name_before(end)?;
        if let Some(outlet) =
            (start..end).find(|at| view.outlet_at(*at).is_some_and(|(_, length)| at + length == end))
        {
            return Some(outlet..end);
        }
        // "by the state | TV", "in | Tarvena"
        let claimed = start > self.unit.start
            && (view.has(start - 1, class::PREPOSITION | class::AND | class::DETERMINER)
                || self.is_adjective(start - 1));
        let phrase = start..end;
        (!claimed && self.speaks(&phrase)).then_some(phrase)
    }
}
