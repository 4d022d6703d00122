//! Resolution: whom a pronoun, a surname, "cette source" or "le ministre" stands for.
//!
//! Only earlier sources of the same text are candidates; nothing is guessed. What stays open
//! stays as written.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use selon_model::SourceKind;

use crate::lex::TokenKind;

use super::chain::is_impersonal;
use super::draft::Draft;
use super::lexicon::{Gender, Number, class};
use super::noun_phrase::{Width, noun_phrase, role_at, with_apposition};
use super::rules::Rules;
use super::speaker::{Speaker, read_speaker};
use super::view::View;

/// How many units back a pronoun reaches.
const PRONOUN_REACH: usize = 4;
/// How many units back whoever opens a sentence may be meant by a pronoun.
const TOPIC_REACH: usize = 3;
/// Longest phrases that open a sentence before its subject, in tokens.
const OPENING: usize = 32;
/// How many earlier sources are looked at for a noun or name.
const MEMORY: usize = 60;

/// A source that was read earlier.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    /// Index of the draft whose source it is; `None` for one that passed words on.
    pub(crate) draft: Option<usize>,
    pub(crate) unit: usize,
    /// It speaks in the words of another ("X said that his deputy had told him …").
    pub(crate) inner: bool,
    /// The words it resolves to.
    pub(crate) words: Range<usize>,
    /// Grammar and head of the resolved words.
    pub(crate) full: Speaker,
}

/// What a source resolves to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The words.
    pub(crate) words: Range<usize>,
    /// The draft whose source it takes up; `None` for a name that stood in the text only.
    pub(crate) antecedent: Option<usize>,
}

/// Full names of a text: last word → words of the first longer run of capitals that ends with it. What
/// stood alone in the prose before is no surname: "Strava announced … at Camp Strava".
pub(crate) fn full_names<'a>(view: &View<'a>) -> HashMap<&'a str, Range<usize>> {
    let mut names: HashMap<&'a str, Range<usize>> = HashMap::new();
    let mut alone: HashSet<&'a str> = HashSet::new();
    let mut units = view.units.iter().map(|unit| unit.tokens.clone()).peekable();
    let mut at = 0;
    let count = view.lexed.len();
    while at < count {
        if !is_name_word(view, at) {
            at += 1;
            continue;
        }
        let start = at;
        let mut end = at + 1;
        while end < count {
            let joins = is_name_word(view, end) && view.spaced(end) && !view.breaks_line(end)
                || (view.lexicon.settings.particles.iter().any(|particle| particle == view.folded(end))
                    && end + 1 < count
                    && is_name_word(view, end + 1));
            let dashed = view.kind(end) == crate::lex::TokenKind::Dash
                && !view.spaced(end)
                && end + 1 < count
                && is_name_word(view, end + 1)
                && !view.spaced(end + 1);
            if dashed {
                end += 2;
            } else if joins {
                end += 1;
            } else {
                break;
            }
        }
        while units.next_if(|unit| unit.end <= start).is_some() {}
        let in_prose = units.peek().is_some_and(|unit| unit.start <= start);
        let last = view.folded(end - 1);
        if end - start >= 2 && !alone.contains(last) {
            names.entry(last).or_insert(start..end);
        } else if end - start == 1 && in_prose && !names.contains_key(last) {
            alone.insert(last);
        }
        at = end;
    }
    names
}

fn is_name_word(view: &View<'_>, at: usize) -> bool {
    // A lone capital without its full stop is no initial ("A Belgrade").
    let lone = view.words(at).chars().count() == 1 && view.kind(at + 1) != TokenKind::Stop;
    view.is_word(at)
        && view.capital(at)
        && !lone
        && !view.has(
            at,
            class::DETERMINER
                | class::PREPOSITION
                | class::TIME
                | class::TITLE
                | class::PRONOUN
                | class::CONNECTIVE
                | class::AND
                | class::BUT
                | class::SUBORDINATOR
                | class::ADVERB,
        )
}

/// What the source of a draft stands for, given the sources before it.
pub(crate) fn resolve(
    view: &View<'_>,
    rules: &Rules,
    names: &HashMap<&str, Range<usize>>,
    speaker: &Speaker,
    draft: &Draft,
    earlier: &[Earlier],
) -> Option<Resolved> {
    let unit = draft.unit;
    let recent = earlier.iter().rev().take(MEMORY);
    if speaker.pronoun {
        // "someone", "chacun": whoever it is, nobody who has spoken.
        let anyone =
            speaker.head.is_none() && speaker.gender.is_none() && speaker.number == Some(Number::Singular);
        if anyone || is_impersonal(view, &speaker.tokens) {
            return None;
        }
        // Whoever speaks in the words of another is meant only where nobody else is.
        let near = || recent.clone().take_while(|candidate| unit - candidate.unit <= PRONOUN_REACH);
        let outer = near().filter(|candidate| !candidate.inner);
        let source = outer.chain(near().filter(|candidate| candidate.inner)).find(|candidate| {
            let office = candidate.full.head.is_some_and(|head| {
                let class = rules.roles[usize::from(head)].class;
                matches!(class, Some(SourceKind::Office | SourceKind::Unnamed))
            });
            let person = speaker.gender == Some(Gender::Neuter)
                && view.lexicon.settings.natural_gender
                && (candidate.full.titled || office);
            agrees(view, speaker, &candidate.full) && !candidate.full.pronoun && !person
        });
        // Whom the sentence before is about stands nearer than a source before that.
        let same_paragraph = |before: usize| view.units[before].paragraph == view.units[unit].paragraph;
        let before = unit.checked_sub(1).filter(|before| same_paragraph(*before));
        if source.is_none_or(|source| source.unit + 1 < unit)
            && let Some(topic) = before.and_then(|before| topic_of(view, rules, speaker, before))
            && (is_certain(&topic) || topic.head.is_some() || is_known_name(view, names, &topic))
        {
            return Some(Resolved { words: topic.tokens, antecedent: None });
        }
        // Somebody else who came up since may be meant: he is, where he is one who can speak, and else
        // nothing is guessed.
        let lowest = source.map_or(unit.saturating_sub(TOPIC_REACH), |source| source.unit + 1);
        let rival = (lowest..unit).rev().find(|between| has_rival(view, rules, speaker, *between));
        if let Some(between) = rival.filter(|between| unit - between <= TOPIC_REACH)
            && let Some(topic) = topic_of(view, rules, speaker, between).filter(is_certain)
        {
            return Some(Resolved { words: topic.tokens, antecedent: None });
        }
        let rival = rival.is_some();
        return source
            .filter(|_| !rival)
            .map(|candidate| Resolved { words: candidate.words.clone(), antecedent: candidate.draft });
    }
    // A surname, with or without title: the source, else the person named earlier in the text.
    if let Some(name) = &speaker.name {
        if !names_person(view, speaker, name) {
            return None;
        }
        let last = view.folded(name.end - 1);
        let source = recent.clone().find(|candidate| {
            candidate.full.name.as_ref().is_some_and(|full| {
                full.len() > name.len()
                    && view.folded(full.end - 1) == last
                    && is_part_of_name(view, name, full)
            })
        });
        // Without capitals the full name is not told from the words around it.
        let caseless = view.lexicon.settings.caseless && name.len() == 1;
        let source = source.or_else(|| {
            recent.clone().filter(|_| caseless).find(|candidate| {
                let words = candidate.words.clone();
                words.len() > 1 && words.into_iter().any(|at| view.folded(at) == last)
            })
        });
        if let Some(candidate) = source {
            // "Smith", where a John and a Mary Smith have spoken: either.
            let full = |of: &Earlier| of.full.name.clone().filter(|full| view.folded(full.end - 1) == last);
            let mine = full(candidate);
            let others = recent.clone().filter_map(full).any(|other| {
                other.len() > 1
                    && mine.as_ref().is_some_and(|mine| {
                        !is_part_of_name(view, &other, mine) && !is_part_of_name(view, mine, &other)
                    })
            });
            if others && name.len() == 1 {
                return None;
            }
            return Some(Resolved { words: candidate.words.clone(), antecedent: candidate.draft });
        }
        if name.len() == 1
            && let Some(full) = names.get(last).filter(|full| full.end <= name.start)
        {
            // "the spokesman of the Tarn Council Ana Velm": the run of capitals is longer than the name.
            let inside = |candidate: &&Earlier| {
                candidate.words.start <= full.start
                    && full.end == candidate.words.end
                    && candidate.full.head.is_some()
            };
            if let Some(candidate) = recent.clone().find(inside) {
                return Some(Resolved { words: candidate.words.clone(), antecedent: candidate.draft });
            }
            return Some(Resolved { words: full.clone(), antecedent: None });
        }
        return None;
    }
    // "un bilan de la même source": the one it is of.
    if let Some(last) = speaker.tokens.clone().skip(1).find(|at| is_any_source(view, *at)) {
        let start = (speaker.tokens.start + 1..last).rev().find(|at| view.has(*at, class::LINK));
        let inner = start.map(|link| read_speaker(view, rules, link + 1..last + 1));
        if let Some(inner) = inner.filter(|inner| inner.points) {
            return resolve(view, rules, names, &inner, draft, earlier);
        }
    }
    let several = &view.lexicon.settings.several;
    let some = several.iter().any(|word| word == view.folded(speaker.tokens.start));
    if speaker.indefinite || some || speaker.outlet.is_some() {
        return None;
    }
    // "activists", "state media and residents": where a language has articles, many without one
    // are others than those before.
    let bare = !view.lexicon.settings.indefinite.is_empty()
        && !view.has(speaker.tokens.start, class::DETERMINER)
        && (speaker.kind == SourceKind::CollectiveUnnamed || is_any_source(view, speaker.tokens.start));
    if bare && !speaker.points {
        return None;
    }
    // "cette source", "le ministre", "the same ministry": the last source with the same head.
    let lemma = |of: &Speaker| of.head.map(|head| rules.roles[usize::from(head)].lemma.as_str());
    let noun = |of: &Speaker| of.noun.map(|at| view.folded(at));
    let found = recent
        .filter(|candidate| {
            let same = match (lemma(speaker), lemma(&candidate.full)) {
                (Some(own), Some(other)) => own == other && is_one_noun(view, speaker, &candidate.full),
                (None, None) => noun(speaker).is_some() && noun(speaker) == noun(&candidate.full),
                // "the Observatory", of "the Corvane Observatory of Rights".
                (Some(_), None) => speaker.noun.is_some_and(|noun| {
                    let name = candidate.full.name.as_ref();
                    view.capital(noun)
                        && name.is_some_and(|name| {
                            names_person(view, &candidate.full, name)
                                && name.clone().any(|word| view.folded(word) == view.folded(noun))
                        })
                }),
                _ => false,
            };
            let definite = speaker.points || speaker.tokens.len() <= 4;
            // "la source médicale" is no "source militaire".
            let described = speaker.noun.filter(|noun| is_any_source(view, *noun) && !speaker.points);
            let fits = described.is_none_or(|noun| {
                (noun + 1..speaker.tokens.end)
                    .all(|at| candidate.words.clone().any(|word| view.folded(word) == view.folded(at)))
            });
            // "the Corvanian army" is not the army of another country.
            let named = speaker.tokens.clone().all(|at| {
                !view.capital(at)
                    || view.has(at, class::DETERMINER)
                    || candidate.words.clone().any(|word| view.folded(word) == view.folded(at))
            });
            same && definite
                && fits
                && named
                && agrees(view, speaker, &candidate.full)
                && (speaker.points || candidate.words.len() > speaker.tokens.len())
        })
        .find(|candidate| !(speaker.points && unit - candidate.unit > 2 * PRONOUN_REACH));
    // "the group", "l'organisation": the body that spoke last.
    let bodies = &view.lexicon.settings.generic_bodies;
    let generic = speaker.noun.is_some_and(|noun| bodies.iter().any(|word| word == view.folded(noun)))
        && view.has(speaker.tokens.start, class::DETERMINER)
        && speaker.tokens.len() <= 5
        && !speaker.tokens.clone().skip(1).any(|at| view.has(at, class::LINK));
    let found = found.or_else(|| {
        earlier
            .iter()
            .rev()
            .take(if generic { MEMORY } else { 0 })
            .take_while(|candidate| unit - candidate.unit <= 2 * PRONOUN_REACH)
            .find(|candidate| is_organisation(view, rules, &candidate.words))
    });
    // "cette source", "de même source" alone: whoever spoke last in the paragraph, and failing a
    // source of that name, in the text, where it may be called a source.
    let any = speaker.points && speaker.tokens.clone().any(|noun| is_any_source(view, noun));
    let bare = speaker.tokens.clone().all(|at| {
        is_any_source(view, at)
            || view.has(at, class::DETERMINER)
            || view.lexicon.settings.pointing.iter().any(|word| word == view.folded(at))
    });
    let paragraph = |unit: usize| view.units[unit].paragraph;
    let last = earlier
        .iter()
        .rev()
        .take(MEMORY)
        .filter(|_| any)
        .take_while(|candidate| unit - candidate.unit <= 2 * PRONOUN_REACH)
        .find(|candidate| {
            let person = candidate.full.kind == SourceKind::Named && candidate.full.name.is_some();
            !person && !candidate.full.pronoun && !is_impersonal(view, &candidate.words)
        });
    let near = last.filter(|candidate| bare && paragraph(candidate.unit) == paragraph(unit));
    let found = near.or(found).or(last);
    found.map(|candidate| Resolved { words: candidate.words.clone(), antecedent: candidate.draft })
}

/// A body that is no part of a state, with a name: its noun opens the words or stands in the name.
fn is_organisation(view: &View<'_>, rules: &Rules, words: &Range<usize>) -> bool {
    let noun = words.clone().take(5).find_map(|at| role_at(view, at).map(|(index, _)| (index, at)));
    noun.is_some_and(|(index, at)| {
        let rule = &rules.roles[usize::from(index)];
        let free =
            matches!(rule.role.as_deref(), Some("monitor" | "ngo" | "armed_group" | "union" | "company"));
        let linked = (words.start..at).any(|word| view.has(word, class::LINK | class::PREPOSITION));
        free && !linked && rule.class == Some(SourceKind::Named) && words.clone().any(|at| view.capital(at))
    })
}

/// Every word of a name stands in the fuller one, or is its initial ("J. Smith"): two of one family
/// are two.
fn is_part_of_name(view: &View<'_>, name: &Range<usize>, full: &Range<usize>) -> bool {
    name.clone().filter(|at| view.is_word(*at)).all(|at| {
        let word = view.folded(at);
        let initial = word.chars().count() == 1;
        full.clone().any(|other| {
            let other = view.folded(other);
            other == word || initial && other.starts_with(word)
        })
    })
}

/// Forms of one noun ("ministre", "ministres"; "spokesman", "spokeswoman"): a mayor and a governor
/// are of one role and two persons.
fn is_one_noun(view: &View<'_>, one: &Speaker, other: &Speaker) -> bool {
    let (Some(one), Some(other)) = (one.noun, other.noun) else { return true };
    let (one, other) = (view.folded(one), view.folded(other));
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let shorter = one.chars().count().min(other.chars().count());
    common >= shorter.min(3) && common + 3 >= shorter
}

/// "source": whoever spoke last.
fn is_any_source(view: &View<'_>, at: usize) -> bool {
    view.lexicon.settings.any_source.iter().any(|word| word == view.folded(at))
}

/// Whoever or whatever opens a sentence, where the pronoun fits it; its words are in `tokens`.
fn opening(view: &View<'_>, rules: &Rules, pronoun: &Speaker, unit: usize) -> Option<Speaker> {
    let tokens = view.units.get(unit)?.tokens.clone();
    let read = |from: usize| {
        let phrase = before_verb(view, noun_phrase(view, rules, from, tokens.end, Width::Source)?);
        let phrase = with_apposition(view, phrase, tokens.end, true, rules);
        let speaker = read_speaker(view, rules, phrase);
        let fits = !speaker.pronoun && agrees(view, pronoun, &speaker) && !is_thing(pronoun, &speaker);
        fits.then_some(speaker)
    };
    let adverb = view.has(tokens.start, class::ADVERB) && !view.has(tokens.start, class::DETERMINER);
    let first = if adverb { None } else { read(tokens.start) };
    if first.as_ref().is_some_and(|speaker| speaker.head.is_some() || speaker.name.is_some()) {
        return first;
    }
    // "In May, far from condemning it, the judge …", "Though he left, the judge …": the subject comes
    // after the phrases or the clause that open.
    let subordinate = view.has(tokens.start, class::SUBORDINATOR | class::BREAK | class::CONDITION)
        && !view.lexicon.settings.verb_first;
    let reach = tokens.start..tokens.end.min(tokens.start + OPENING);
    let second = reach
        .filter(|at| view.is_comma(*at) && view.quotation(*at).is_none())
        .take_while(|comma| subordinate || !view.has_finite(tokens.start..*comma))
        .filter_map(|comma| read(comma + 1))
        .find(|speaker| speaker.head.is_some() || speaker.name.is_some());
    second.or(first)
}

/// "Tomas Ruke | visited", "Tomas Ruke | joue": a form that may be a participle is the verb after a
/// name, and so is a word not listed after a full name, where no noun follows one.
fn before_verb(view: &View<'_>, phrase: Range<usize>) -> Range<usize> {
    let verb = (phrase.start + 1..phrase.end).find(|at| {
        let participle = view.has(*at, class::FINITE) && view.has(*at, class::PAST_PARTICIPLE);
        view.capital(*at - 1)
            && !view.capital(*at)
            && (participle || is_verb_by_place(view, phrase.start, *at))
            && role_at(view, *at).is_none()
    });
    phrase.start..verb.unwrap_or(phrase.end)
}

/// A word not listed, right after a name of several words that opens the phrase.
fn is_verb_by_place(view: &View<'_>, start: usize, at: usize) -> bool {
    let settings = &view.lexicon.settings;
    let one_order = !settings.head_last && !settings.verb_first && !settings.verb_second;
    let name = at >= start + 2 && (start..at).all(|word| view.is_word(word) && view.capital(word));
    one_order && name && view.is_word(at) && !view.capital(at) && view.ids[at] == 0
}

/// A noun of one who can speak, a title, or a name of several words.
fn is_certain(speaker: &Speaker) -> bool {
    let role = speaker.head.is_some() && speaker.kind != SourceKind::Document && !speaker.indefinite;
    role || speaker.titled || speaker.name.as_ref().is_some_and(|name| name.len() > 1)
}

/// A capital alone at the head of a sentence makes no name ("Casualties are reported."): it is one
/// where somebody of that name was told in full before.
fn is_known_name(view: &View<'_>, names: &HashMap<&str, Range<usize>>, speaker: &Speaker) -> bool {
    speaker.name.as_ref().is_some_and(|name| names.contains_key(view.folded(name.start)))
}

/// The subject that opens a sentence, where it is a person or body that fits the pronoun.
fn topic_of(view: &View<'_>, rules: &Rules, pronoun: &Speaker, before: usize) -> Option<Speaker> {
    let speaker = opening(view, rules, pronoun, before)?;
    let phrase = speaker.tokens.clone();
    let comma = view.kind(phrase.end) == TokenKind::Comma;
    // "Ana Velm, who runs the port, is not convinced."
    let relative = (comma && view.has(phrase.end + 1, class::RELATIVE)).then(|| {
        (phrase.end + 1..view.units[before].tokens.end.min(phrase.end + OPENING))
            .find(|at| view.is_comma(*at))
    });
    let verb = match relative.flatten() {
        Some(closing) => closing + 1,
        None => phrase.end + usize::from(comma && phrase.len() > 2),
    };
    let verb = (verb..view.units[before].tokens.end.min(verb + 4))
        .find(|at| !view.has(*at, class::CLITIC | class::NEGATION | class::ADVERB))?;
    // "Government forces …": a bare noun opens a compound.
    let determined = view.has(phrase.start, class::DETERMINER) || view.lexicon.settings.caseless;
    let body = speaker.head.is_some() && determined || speaker.name.is_some();
    let tells = view.is_finite(verb) || is_verb_by_place(view, phrase.start, verb);
    (body && tells).then_some(speaker)
}

/// Whether a name may be a surname: not with an article of its own ("la Russie"), and not before
/// the noun that it describes ("Syrian television").
fn names_person(view: &View<'_>, speaker: &Speaker, name: &Range<usize>) -> bool {
    let article = name.start > speaker.tokens.start
        && view.has(name.start - 1, class::DETERMINER)
        && !view.lexicon.settings.caseless;
    // "Velm's lawyers"
    let marks = &view.lexicon.settings.possessive_marks;
    let possesses = name.end + 1 < speaker.tokens.end
        && !view.spaced(name.end + 1)
        && marks.iter().any(|mark| mark == view.folded(name.end + 1));
    if possesses {
        return false;
    }
    let describes = name.end < speaker.tokens.end
        && view.is_word(name.end)
        && !view.capital(name.end)
        && !view.has(name.end, class::PREPOSITION | class::RELATIVE | class::AND | class::ADVERB);
    !article && !describes
}

/// A person, as far as the words tell: a title, a noun of one person, or a name that is not what
/// stands before a noun ("Syrian television").
fn is_human(speaker: &Speaker) -> bool {
    let person = matches!(speaker.kind, SourceKind::Office | SourceKind::Unnamed | SourceKind::Named);
    speaker.titled
        || speaker.pronoun
        || speaker.head.is_some() && person
        || speaker.head.is_none()
            && speaker.outlet.is_none()
            && speaker.name.as_ref().is_some_and(|name| name.start == speaker.tokens.start)
}

/// "it" stands for no person.
fn is_thing(pronoun: &Speaker, speaker: &Speaker) -> bool {
    let person = matches!(speaker.kind, SourceKind::Office | SourceKind::Unnamed);
    pronoun.gender == Some(Gender::Neuter) && (person || speaker.titled || speaker.head.is_none())
}

/// The sentence opens with somebody, or one thing not spoken of before, whom the pronoun fits.
fn has_rival(view: &View<'_>, rules: &Rules, pronoun: &Speaker, unit: usize) -> bool {
    let thing = pronoun.gender == Some(Gender::Neuter);
    opening(view, rules, pronoun, unit)
        .filter(|speaker| thing || speaker.kind != SourceKind::Document)
        .is_some_and(|speaker| speaker.head.is_some() || speaker.name.is_some() || speaker.indefinite)
}

/// Gender and number fit; and where only persons have a gender, "she" is a person.
fn agrees(view: &View<'_>, own: &Speaker, other: &Speaker) -> bool {
    let personal = own.pronoun && matches!(own.gender, Some(Gender::Masculine | Gender::Feminine));
    if (personal && view.lexicon.settings.natural_gender || own.person) && !is_human(other) {
        return false;
    }
    // "they" are several: a name alone is one.
    let one = other.number.is_none() && (other.name.is_some() || other.outlet.is_some());
    if own.pronoun && own.number == Some(Number::Plural) && one {
        return false;
    }
    let gender = own.gender.is_none() || other.gender.is_none() || own.gender == other.gender;
    let number = own.number.is_none() || other.number.is_none() || own.number == other.number;
    gender && number
}
