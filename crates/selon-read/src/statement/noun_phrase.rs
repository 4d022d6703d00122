//! Noun phrases and subjects, without a parser: runs of words between the marks that end one.

use std::ops::Range;

use crate::lex::TokenKind;

use super::lexicon::{Gender, Meaning, Number, class};
use super::rules::{CueKind, RoleKind, Rules};
use super::view::View;

/// Longest noun phrase, in tokens.
const REACH: usize = 30;
/// Longest apposition.
const APPOSITION: usize = 14;

/// How far a noun phrase goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// Through linking prepositions only: a source.
    Source,
    /// Through all prepositions: what is announced.
    Wide,
}

/// The noun phrase that begins at `from`, within `to`; `None` where none does.
pub(crate) fn noun_phrase(
    view: &View<'_>,
    rules: &Rules,
    from: usize,
    to: usize,
    width: Width,
) -> Option<Range<usize>> {
    if from >= to {
        return None;
    }
    if let Some(length) = pronoun_phrase(view, from) {
        return Some(from..from + length);
    }
    // "according to her,": a word that mostly stands before a noun.
    let pronoun = role_at(view, from).filter(|(index, length)| {
        rules.roles[usize::from(*index)].kind == RoleKind::Pronoun && !view.is_word(from + length)
    });
    if let Some((_, length)) = pronoun {
        return Some(from..from + length);
    }
    let mut at = from;
    let mut noun = false;
    while at < to && at - from < REACH {
        match view.kind(at) {
            TokenKind::Word => {}
            TokenKind::Digits if !noun || width == Width::Wide || view.capital(at - 1) => {
                at += 1;
                continue;
            }
            // "at 1:38 a.m."
            TokenKind::Comma
                if noun
                    && view.words(at) == ":"
                    && !view.spaced(at + 1)
                    && view.kind(at - 1) == TokenKind::Digits
                    && view.kind(at + 1) == TokenKind::Digits =>
            {
                at += 2;
                continue;
            }
            // "porte-parole", "Saint-Denis", "el-Assad"
            TokenKind::Dash if noun && !view.is_dash(at) && !view.spaced(at) => {
                at += 2;
                continue;
            }
            TokenKind::Stop if width == Width::Wide && view.parts_digits(at) => {
                at += 2;
                continue;
            }
            // "M. Dupont", "J. Smith", "U.N."
            TokenKind::Stop if at > from && abbreviates(view, at) && at + 1 < to => {
                at += 1;
                continue;
            }
            // "Brisbane's", "O'Neil"
            TokenKind::QuoteAmbiguous if noun && !view.spaced(at) && view.quotation(at).is_none() => {
                at += 1;
                continue;
            }
            _ if width == Width::Wide && view.quotation(at).is_some() => {
                at = view.quotation(at).map_or(at + 1, |quotation| quotation.tokens.end);
                noun = true;
                continue;
            }
            // "l'ONG « Rives »": a name in marks.
            _ if noun
                && view
                    .quotation(at)
                    .is_some_and(|quotation| quotation.inner.len() <= 4 && quotation.tokens.start == at) =>
            {
                at = view.quotation(at).map_or(at + 1, |quotation| quotation.tokens.end);
                continue;
            }
            _ => break,
        }
        let before = (at > from).then(|| at - 1);
        let after_link = before.is_some_and(|before| {
            view.has(before, class::PREPOSITION | class::DETERMINER | class::AND | class::TITLE)
        });
        if view.has(
            at,
            class::BREAK
                | class::SUBORDINATOR
                | class::BUT
                | class::RELATIVE
                | class::COMPLEMENTISER
                | class::NEGATION,
        ) {
            break;
        }
        if noun && !after_link && view.is_plainly_finite(at) {
            break;
        }
        if noun && !after_link && width == Width::Source && view.lexicon.is_announced(view.ids[at]) {
            break;
        }
        let pronoun = view.has(at, class::PRONOUN | class::CLITIC);
        if noun && pronoun && !view.has(at, class::DETERMINER | class::PREPOSITION) {
            break;
        }
        if width == Width::Source
            && noun
            && !after_link
            && view.has(at, class::PRESENT_PARTICIPLE)
            && !view.capital(at)
        {
            break;
        }
        if noun && begins_channel(view, at) && width == Width::Source {
            break;
        }
        // "confirmed the toll | saying that …", "15 deaths | citing a statement"
        let goes_on = view.has(at, class::PRESENT_PARTICIPLE)
            && !view.capital(at)
            && (begins_channel(view, at)
                || tells(view, rules, at) && view.has(at + 1, class::COMPLEMENTISER));
        if noun && !after_link && goes_on {
            break;
        }
        // "condemned the attack | describing it as …", "confirmed the toll | to the agency"
        let tells_next = view.has(at, class::PRESENT_PARTICIPLE)
            && view.has(at + 1, class::PRONOUN | class::DETERMINER)
            && tells(view, rules, at);
        let told = view.has(at, class::TOWARDS) && speaks_to(view, rules, at + 1);
        if noun && !after_link && width == Width::Wide && !view.capital(at) && (tells_next || told) {
            break;
        }
        if noun && !after_link && view.has(at, class::TIME) {
            break;
        }
        // "According to the reporter | more than 35 people …"
        if noun && !after_link && width == Width::Source && !view.capital(at) && view.opens_quantity(at, to) {
            break;
        }
        if view.has(at, class::AND) {
            // "dément toute négligence et demande que": a verb goes on, not the phrase.
            let verb_next = view.is_finite(at + 1)
                && !view.has(at + 1, class::DETERMINER)
                && view.has(at + 2, class::COMPLEMENTISER | class::INFINITIVE_MARK | class::DETERMINER);
            if noun && width == Width::Wide && at + 2 < to && verb_next {
                break;
            }
            let next_opens = at + 1 < to
                && (view.has(at + 1, class::DETERMINER | class::TITLE)
                    || view.capital(at + 1)
                    || role_at(view, at + 1).is_some());
            let relative_follows = (at + 1..to.min(at + 8)).any(|next| view.has(next, class::RELATIVE));
            let verb_near =
                (at + 1..to.min(at + 8)).any(|next| view.is_plainly_finite(next) || says(view, rules, next));
            if !noun || verb_near && !relative_follows || width == Width::Source && !next_opens {
                break;
            }
            at += 1;
            continue;
        }
        let compound = view.kind(at + 1) == TokenKind::Dash && !view.spaced(at + 1) && !view.spaced(at + 2);
        if view.has(at, class::PREPOSITION) && !view.has(at, class::DETERMINER) && !compound {
            let runs = view.has(at, class::LINK)
                || width == Width::Wide
                || (!view.has(at, class::AGENT)
                    && at + 1 < to
                    && name_follows(view, at + 1, to)
                    && !(view.has(at, class::TOWARDS) && speaks_to(view, rules, at + 1)));
            if !noun || !runs {
                break;
            }
            at += 1;
            continue;
        }
        if view.has(at, class::DETERMINER) {
            // "du", "des" link as well as they determine.
            // "Channel Nine": a number inside a name.
            let named = view.capital(at) && at > from && view.capital(at - 1);
            if noun && !after_link && !named && !view.has(at, class::LINK) {
                break;
            }
            at += 1;
            continue;
        }
        if noun && !after_link && width == Width::Source && view.has(at, class::ADVERB) && !view.capital(at) {
            break;
        }
        // "le décompte établi vendredi par X"
        let mut agent = at + 1;
        while agent < to && agent < at + 4 && view.has(agent, class::TIME) {
            agent += 1;
        }
        if noun
            && width == Width::Source
            && view.has(at, class::PAST_PARTICIPLE)
            && agent < to
            && view.has(agent, class::AGENT)
        {
            // "les chiffres transmis par la mairie": the agent belongs to the source.
            at = agent + 1;
            continue;
        }
        noun = true;
        at += 1;
    }
    let mut end = at.min(to);
    while end > from && loose(view, end - 1) {
        end -= 1;
    }
    (noun && end > from).then_some(from..end)
}

/// Words that cannot end a noun phrase.
fn loose(view: &View<'_>, at: usize) -> bool {
    // "a mother of three"
    if at > 0 && view.is_number(at) && view.has(at - 1, class::LINK) {
        return false;
    }
    (view.has(at, class::PREPOSITION | class::AND) || (view.has(at, class::DETERMINER) && view.is_word(at)))
        && !view.capital(at)
        || (view.kind(at) == TokenKind::Dash)
}

/// A pronoun at `at`, in tokens ("celui-ci" is three): personal or, from the roles, any other.
fn pronoun_phrase(view: &View<'_>, at: usize) -> Option<usize> {
    let phrase = view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
        Meaning::Function(classes) if classes & class::PRONOUN != 0 => Some(length),
        _ => None,
    });
    if phrase.is_some() {
        return phrase;
    }
    // "US media": a country, no pronoun.
    let pronoun = view.has(at, class::PRONOUN) && !view.is_acronym(at);
    (pronoun && !view.has(at, class::DETERMINER | class::RELATIVE)).then_some(1)
}

/// A full stop that belongs to an abbreviation or initial.
fn abbreviates(view: &View<'_>, at: usize) -> bool {
    let before = at - 1;
    !view.spaced(at)
        && (view.has(before, class::TITLE)
            || (view.capital(before) && view.words(before).chars().count() <= 2))
}

/// A channel's words ("citée par", "dans un communiqué") begin here.
pub(crate) fn begins_channel(view: &View<'_>, at: usize) -> bool {
    view.lexicon.phrases(&view.ids, at).any(|(meaning, _)| match meaning {
        // "à", "to" alone lead to one spoken to, which the caller tests itself.
        Meaning::Channel(_) => !view.has(at, class::TOWARDS),
        _ => false,
    })
}

/// A preposition of saying ("selon", "according to") stands at `at`.
fn cites(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    view.lexicon.phrases(&view.ids, at).any(|(meaning, _)| match meaning {
        Meaning::Cue(index) => rules.cues[usize::from(index)].kind == CueKind::Preposition,
        _ => false,
    })
}

/// The role noun at `at`: its index and length.
pub(crate) fn role_at(view: &View<'_>, at: usize) -> Option<(u16, usize)> {
    view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
        Meaning::Role(index) => Some((index, length)),
        _ => None,
    })
}

/// A capitalised word follows, after determiners.
fn name_follows(view: &View<'_>, at: usize, to: usize) -> bool {
    (at..to.min(at + 3))
        .find(|next| !view.has(*next, class::DETERMINER))
        .is_some_and(|next| view.capital(next) && view.is_word(next) && !view.has(next, class::TIME))
}

/// Somebody who is spoken to follows: an agency, an outlet, the press, in its role nouns or by a
/// name in the registry.
pub(crate) fn speaks_to(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    (at..at + 4)
        .take_while(|next| view.is_word(*next))
        .take_while(|next| *next == at || !view.has(next - 1, class::LINK))
        .any(|next| is_press(view, rules, next))
}

/// An agency, an outlet or the press stands at `at`.
pub(crate) fn is_press(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    use selon_model::SourceKind::{Agency, Outlet};
    view.outlet_at(at).is_some()
        || view.press_at(at).is_some()
        || role_at(view, at).is_some_and(|(index, _)| {
            let role = &rules.roles[usize::from(index)];
            matches!(role.class, Some(Agency | Outlet)) || role.role.as_deref() == Some("press")
        })
}

/// Extends a noun phrase by an apposition in commas (", le maire de X,"): one that holds no
/// verb and ends with a comma, a stop or the limit.
pub(crate) fn with_apposition(
    view: &View<'_>,
    phrase: Range<usize>,
    to: usize,
    closed: bool,
    rules: &Rules,
) -> Range<usize> {
    let comma = phrase.end;
    if comma + 1 >= to || !view.is_comma(comma) {
        return phrase;
    }
    let mut end = comma + 1;
    let mut reach = APPOSITION + 1;
    let mut relative = false;
    while end < to && end - comma <= reach {
        if let Some((_, length)) = role_at(view, end).filter(|_| end == comma + 1) {
            end += length;
            continue;
        }
        let stops = match view.kind(end) {
            TokenKind::Comma => true,
            TokenKind::Stop => !abbreviates(view, end),
            TokenKind::QuoteOpen | TokenKind::QuoteClose => true,
            TokenKind::Dash => view.is_dash(end),
            TokenKind::QuoteAmbiguous => view.quotation(end).is_some(),
            _ => false,
        };
        // "a Tarn, Corvane-based attorney": the comma stands inside an adjective of place.
        let place = view.kind(end) == TokenKind::Comma
            && end > comma + 1
            && view.capital(end - 1)
            && view.capital(end + 1)
            && view.is_hyphened(end + 3)
            && !view.capital(end + 3);
        if stops && !place {
            break;
        }
        // "a hydrologist who worked for the board": its verb belongs to the noun.
        if view.has(end, class::RELATIVE) && end > comma + 1 && !closed {
            relative = true;
            reach = 2 * APPOSITION;
        }
        let bars = view.is_plainly_finite(end)
            || view.has(
                end,
                class::PRONOUN
                    | class::COMPLEMENTISER
                    | class::RELATIVE
                    | class::SUBORDINATOR
                    | class::BUT
                    | class::PRESENT_PARTICIPLE
                    | class::CONNECTIVE,
            );
        if bars && !relative && !view.has(end, class::DETERMINER) {
            return phrase;
        }
        end += 1;
    }
    let first = comma + 1;
    if end == first || end - comma > reach {
        return phrase;
    }
    let is_closed = end >= to || view.kind(end) == TokenKind::Comma || view.kind(end) == TokenKind::Stop;
    // "According to reports, the officer recalled: …": another clause with its own speaker.
    let another = (first + 1..end).any(|at| says(view, rules, at));
    if closed && (another || !(end < to && view.kind(end) == TokenKind::Comma)) {
        return phrase;
    }
    let first_word =
        (first..end).find(|at| !view.has(*at, class::DETERMINER | class::ADVERB)).unwrap_or(first);
    // A phrase before its clause ends at the first comma, unless a role or a person's name follows.
    let named = view.capital(first_word)
        && !view.has(first_word, class::PREPOSITION)
        && !view.has(first, class::DETERMINER)
        && is_person(view, rules, phrase.clone());
    // "according to the ministry, reached the town": a verb with its object, no apposition.
    let verb = view.has(first, class::FINITE)
        && !view.capital(first)
        && role_at(view, first).is_none()
        && view.has(first + 1, class::DETERMINER | class::COMPLEMENTISER)
        && !view.has(first, class::DETERMINER | class::PREPOSITION);
    // "Ana Velm, du collectif Rives, …": the body that a person belongs to.
    let belongs = view.has(first, class::LINK)
        && view.capital(phrase.end - 1)
        && phrase.len() >= 2
        && end - first <= 10
        && (first..first + 3).any(|at| role_at(view, at).is_some() || view.is_acronym(at));
    let first_word = match belongs {
        true => (first..end).find(|at| role_at(view, *at).is_some()).unwrap_or(first_word),
        false => first_word,
    };
    let fits = !verb
        && !names_figure_or_claim(view, rules, first..end)
        && (belongs || !view.has(first, class::PREPOSITION | class::TIME | class::AND))
        && !view.has(first_word, class::TIME)
        && !begins_channel(view, first)
        && !cites(view, rules, first)
        && (!closed || named || role_at(view, first_word).is_some());
    if is_closed && fits { phrase.start..end } else { phrase }
}

/// ", un bilan impossible à vérifier", ", a claim that nobody could check": said of what was
/// told, not of who told it.
pub(super) fn names_figure_or_claim(view: &View<'_>, rules: &Rules, apposition: Range<usize>) -> bool {
    let tolls = &view.lexicon.settings.tolls;
    let claim = |at: usize| {
        view.lexicon.phrases(&view.ids, at).any(|(meaning, _)| match meaning {
            Meaning::Cue(index) => rules.cues[usize::from(index)].kind == CueKind::Noun,
            _ => false,
        })
    };
    // "chargée de communication": what hangs on a person's noun is no claim.
    apposition.take(3).take_while(|at| !view.has(*at, class::LINK) || view.has(*at, class::DETERMINER)).any(
        |at| {
            let toll = tolls.iter().any(|noun| noun == view.folded(at)) && !view.is_number(at + 1);
            view.is_word(at) && !view.capital(at) && (toll || claim(at) && role_at(view, at).is_none())
        },
    )
}

/// Whether a phrase begins with the noun of one person, so that a name may follow it in commas.
fn is_person(view: &View<'_>, rules: &Rules, phrase: Range<usize>) -> bool {
    use selon_model::SourceKind::{Office, Unnamed};
    phrase
        .into_iter()
        .find_map(|at| role_at(view, at))
        .is_some_and(|(index, _)| matches!(rules.roles[usize::from(index)].class, Some(Office | Unnamed)))
}

/// The subject before a verb group that begins at `start`; `from` bounds the search. For a
/// relative pronoun as subject, what it stands for.
pub(crate) fn subject_before(view: &View<'_>, start: usize, from: usize) -> Option<Range<usize>> {
    let mut end = start;
    while end > from {
        if let Some(first) = emphatic_before(view, end, from) {
            end = first;
            continue;
        }
        let before = end - 1;
        let skips = (view.has(before, class::ADVERB | class::NEGATION)
            && !view.has(before, class::PRONOUN | class::RELATIVE))
            || (view.has(before, class::CLITIC)
                && (!view.has(before, class::PRONOUN)
                    || (before > from
                        && view.has(before - 1, class::PRONOUN | class::RELATIVE | class::NEGATION))
                    || (before > from
                        && view.is_word(before - 1)
                        && !view.has(
                            before - 1,
                            class::SUBORDINATOR
                                | class::COMPLEMENTISER
                                | class::AND
                                | class::BUT
                                | class::AS
                                | class::CONNECTIVE,
                        ))));
        if !skips {
            break;
        }
        end = before;
    }
    if end <= from {
        return None;
    }
    let before = end - 1;
    if view.has(before, class::RELATIVE) {
        let comma = before > from && view.kind(before - 1) == TokenKind::Comma;
        let stop = if comma { before - 1 } else { before };
        return chunk_before(view, stop, from);
    }
    // "did not reveal the location and said": the subject stands before another verb.
    if view.has(before, class::AND) && !view.has(before, class::PRONOUN | class::ADVERB) {
        return None;
    }
    let pronoun =
        view.has(before, class::PRONOUN) && !view.has(before, class::DETERMINER) && !view.is_hyphened(before);
    if pronoun && !is_object(view, before, from) {
        return Some(before..end);
    }
    // "celui-ci", "quelqu'un": pronouns of several words.
    let of_several = (1..3).filter(|back| before >= from + back).map(|back| before - back).find(|first| {
        view.lexicon.phrases(&view.ids, *first).any(|(meaning, length)| {
            first + length == end
                && matches!(meaning, Meaning::Function(classes) if classes & class::PRONOUN != 0)
        })
    });
    if let Some(first) = of_several {
        return Some(first..end);
    }
    chunk_before(view, end, from)
}

/// "the minister | himself said", "le maire | lui-même l'a dit": where a word that only stresses the
/// noun before it begins.
fn emphatic_before(view: &View<'_>, end: usize, from: usize) -> Option<usize> {
    let stresses = |first: usize| {
        let words: String = (first..end).map(|at| view.folded(at)).collect();
        view.lexicon.settings.emphatic.contains(&words)
    };
    let first = [1, 3]
        .into_iter()
        .filter_map(|back| end.checked_sub(back))
        .find(|first| *first > from && view.is_word(*first) && stresses(*first))?;
    let other = class::AND | class::BUT | class::COMPLEMENTISER | class::SUBORDINATOR | class::PREPOSITION;
    (view.is_word(first - 1) && !view.has(first - 1, other | class::ADVERB)).then_some(first)
}

/// The noun phrase that ends at `end`, with what is in commas after its head.
fn chunk_before(view: &View<'_>, end: usize, from: usize) -> Option<Range<usize>> {
    if end <= from {
        return None;
    }
    let trailing = view.kind(end - 1) == TokenKind::Comma && view.words(end - 1) != ":";
    let limit = if trailing { end - 1 } else { end };
    let mut start = limit;
    let mut commas: Vec<usize> = Vec::new();
    while start > from && limit - start < 3 * REACH {
        let at = start - 1;
        if let Some(quotation) = view.quotation(at) {
            // A name in marks is passed over; words said are not.
            let said = quotation.inner.len() > 4
                || quotation.inner.clone().any(|word| view.has(word, class::FINITE))
                || view.kind(quotation.inner.end.saturating_sub(1)) == TokenKind::Comma;
            if said || quotation.tokens.start < from || quotation.tokens.start == start {
                break;
            }
            start = quotation.tokens.start;
            continue;
        }
        match view.kind(at) {
            TokenKind::Comma if matches!(view.words(at), "," | "\u{60C}") => commas.push(at),
            TokenKind::Comma => break,
            TokenKind::Stop if !(at > from && abbreviates(view, at)) => break,
            TokenKind::Dash if view.is_dash(at) => break,
            TokenKind::Other if !matches!(view.words(at), "(" | ")" | "%" | "&" | "/" | "[" | "]" | "+") => {
                break;
            }
            _ => {}
        }
        if begins_anew(view, at, from, start) {
            let opens = view.has(at, class::DETERMINER) || opens_agency(view, at, from);
            start = if opens { with_hyphened(view, at, from) } else { start };
            break;
        }
        // "the group known as the Rivermen"
        let known_as = view.has(at, class::AS) && at > from && view.has(at - 1, class::PAST_PARTICIPLE);
        if !known_as
            && view.has(
                at,
                class::COMPLEMENTISER | class::SUBORDINATOR | class::AS | class::CONDITION | class::WHETHER,
            )
        {
            // "that", "que" as relative pronouns stay inside; "until 2019" holds no clause.
            let comma = (start..limit).find(|next| view.kind(*next) == TokenKind::Comma);
            let preposition =
                view.has(at, class::PREPOSITION) && !view.has_finite(start..comma.unwrap_or(limit));
            // "a day after the ministry said": what follows can speak, so it is the subject.
            if preposition && !(view.has(at, class::SUBORDINATOR) && opens_speaker(view, start..limit)) {
                start = at;
                continue;
            }
            if preposition
                || !view.has(at, class::RELATIVE)
                || at == from
                || view.kind(at - 1) == TokenKind::Comma
            {
                break;
            }
        }
        // "un scandale que les partisans ont qualifié", "le mois au cours duquel la ministre a
        // dit": the relative clause has its own subject, and that one speaks.
        if view.has(at, class::RELATIVE) && !view.has_finite(start..limit) && opens_phrase(view, start) {
            break;
        }
        // "40 others | state news agency": a noun of one who speaks.
        let role = role_at(view, at).is_some_and(|(_, length)| length > 1);
        if !role && view.is_plainly_finite(at)
            || (view.is_finite(at) && relative_before(view, at, from).is_some())
        {
            let Some(relative) = relative_before(view, at, from) else { break };
            start = relative;
            continue;
        }
        // "countries that are no parties to it and Western nations | believe": another clause.
        let near = from.max(at.saturating_sub(12));
        let told = || {
            let verb = (near..at).rev().find(|verb| view.is_finite(*verb));
            verb.is_some_and(|verb| relative_before(view, verb, from).is_some())
                && (view.capital(at + 1) || view.has(at + 1, class::DETERMINER | class::TITLE))
                && !view.lexicon.settings.verb_first
        };
        if view.has(at, class::AND | class::BUT)
            && view.has_finite(near..at)
            && (!commas.is_empty() || told())
        {
            break;
        }
        if view.has(at, class::BUT) {
            break;
        }
        let pronoun = view.has(at, class::PRONOUN)
            && !view.has(at, class::DETERMINER | class::RELATIVE | class::CLITIC)
            && !view.is_acronym(at)
            && !view.is_hyphened(at);
        if pronoun && !is_object(view, at, from) {
            break;
        }
        start = at;
    }
    // Chunks between commas, in text order.
    commas.retain(|comma| *comma > start);
    commas.reverse();
    let mut chunks: Vec<Range<usize>> = Vec::new();
    let mut chunk = start;
    for comma in commas {
        chunks.push(chunk..comma);
        chunk = comma + 1;
    }
    chunks.push(chunk..limit);
    chunks.retain(|chunk| !chunk.is_empty());
    let opens = |chunk: &Range<usize>| {
        let first = stripped(view, chunk.clone());
        !first.is_empty()
            && !view.has(
                first.start,
                class::TIME
                    | class::RELATIVE
                    | class::SUBORDINATOR
                    | class::PRESENT_PARTICIPLE
                    | class::PAST_PARTICIPLE,
            )
            && (!view.has(first.start, class::PREPOSITION) || view.has(first.start, class::DETERMINER))
    };
    let last = chunks.last()?.clone();
    let chosen = if trailing {
        // Apposition or insertion before the verb: the phrase it hangs on comes first.
        let first = chunks.iter().position(opens)?;
        // An opening adverbial may itself look like a phrase ("Mardi soir, …"): prefer what
        // stands before the last comma pair.
        // After a quotation there is no adverbial: who speaks comes first. An age is no phrase.
        let after_quotation = start > from && view.quotation(start - 1).is_some();
        // "Chad Velm, vice president of PMG, a grading company, told": a full name opens no adverbial.
        let name = chunks[first].len() > 1
            && chunks[first]
                .clone()
                .all(|at| view.is_word(at) && view.capital(at) && !view.has(at, class::TIME));
        let adverbial = chunks.len() - first > 2 && !after_quotation && !name;
        let first = if adverbial { chunks.len() - 2 } else { first };
        // "19", "19 ans"
        let age =
            first > 0 && chunks[first].len() <= 2 && view.kind(chunks[first].start) == TokenKind::Digits;
        let first = if age { first - 1 } else { first };
        let first = if opens(&chunks[first]) { first } else { chunks.iter().position(opens)? };
        chunks[first].start..limit
    } else if chunks.len() > 1 && last.len() <= 2 && view.kind(last.start) == TokenKind::Digits {
        // "Ana Velm, 19 ans, qui dit …"
        chunks[chunks.len() - 2].start..limit
    } else {
        last
    };
    let chosen = without_predicate(view, stripped(view, chosen));
    if chosen.is_empty() {
        return None;
    }
    // A prepositional phrase before the subject ("Dans ce message le ministre"): the subject
    // begins at the next determiner or name that hangs on nothing.
    if view.has(chosen.start, class::PREPOSITION) && !view.has(chosen.start, class::DETERMINER) {
        let inner = (chosen.start + 2..chosen.end).find(|at| {
            !view.has(at - 1, class::PREPOSITION | class::DETERMINER | class::AND)
                && view.quotation(*at).is_none()
                && (view.has(*at, class::DETERMINER | class::TITLE) && !view.has(*at, class::PREPOSITION)
                    || view.lexicon.settings.verb_first && role_at(view, *at).is_some()
                    || (view.capital(*at) && (!view.capital(at - 1) || view.has(at - 1, class::TIME))))
        });
        return inner.map(|inner| inner..chosen.end);
    }
    Some(chosen)
}

/// "killed 25 of the Front | the Tarn-based Corvane Observatory said": the article and the adjective of
/// two parts belong to the name that begins at `at`.
fn with_hyphened(view: &View<'_>, at: usize, from: usize) -> usize {
    let adjective = at >= from + 4 && view.is_hyphened(at - 1) && view.has(at - 4, class::DETERMINER);
    if adjective { at - 4 } else { at }
}

/// "The shells caused damage | Reuters said", "discussed the suspected attack | Corvanian presidential
/// sources said": after a clause and a noun that names nobody who speaks, the name of an agency or
/// outlet, or a capital before the noun of many who do.
fn opens_agency(view: &View<'_>, at: usize, from: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|before| *before > from) else { return false };
    let other = class::PREPOSITION
        | class::DETERMINER
        | class::LINK
        | class::AND
        | class::BUT
        | class::TITLE
        | class::PRONOUN
        | class::RELATIVE
        | class::AS
        | class::ADVERB;
    let speakers = || {
        let role = (at + 1..view.lexed.len().min(at + 4))
            .take_while(|word| view.is_word(*word) && !view.capital(*word) && !view.is_plainly_finite(*word))
            .find(|word| role_at(view, *word).is_some());
        let many = role.is_some_and(|role| view.has_plural_ending(role));
        let article = (from..before).rev().take(4).find(|word| view.has(*word, class::DETERMINER));
        // "the prominent Corvanian activists" are one phrase.
        many && article
            .is_none_or(|article| before - article > 1 && !(article..at).any(|word| view.is_number(word)))
    };
    view.capital(at)
        && (view.outlet_at(at).is_some() || speakers())
        && view.is_word(before)
        && !view.capital(before)
        && !view.has(before, other)
        && role_at(view, before).is_none()
        && view.has_finite(from..before)
}

/// Where commas are left out, a new phrase begins at an article right after a noun ("their mouths
/// the observatory said"), after a link to the text before ("In the town meanwhile activists
/// said"), and after a day that closes a clause ("resumed Wednesday state media said").
fn begins_anew(view: &View<'_>, at: usize, from: usize, start: usize) -> bool {
    let settings = &view.lexicon.settings;
    if settings.verb_first || settings.verb_second || at <= from || start <= at + 1 && !view.is_word(start) {
        return false;
    }
    let before = at - 1;
    // "Ana Velm a commander of …", at the beginning: said of the name before it.
    let indefinite = view.lexicon.settings.indefinite.iter().any(|word| word == view.folded(at));
    let run = (from..at).rev().take_while(|&word| {
        let inside = view.has(word, class::PREPOSITION | class::DETERMINER | class::PRONOUN);
        let joins = view.kind(word) == TokenKind::Dash && !view.spaced(word)
            || view.lexicon.settings.particles.iter().any(|particle| particle == view.folded(word));
        view.quotation(word).is_none() && (joins || view.is_word(word) && view.capital(word) && !inside)
    });
    let run = run.count();
    let opens = at - run == from || view.quotation(at - run - 1).is_some();
    let name = run > 1 && opens && view.capital(at - 1) && view.capital(at - run);
    if indefinite && name {
        return false;
    }
    let bracket = matches!(view.words(before), ")" | "]");
    if !view.is_word(before) && !bracket || !view.is_word(at + 1) {
        return false;
    }
    if opens_agency(view, at, from) {
        return true;
    }
    if view.has(at, class::DETERMINER) && view.is_word(at) {
        let other = class::CLITIC | class::LINK | class::PRONOUN | class::RELATIVE | class::TIME;
        let plain = !view.has(at, other | class::PREPOSITION)
            && view.lexicon.word(view.ids[at]).number != Some(Number::Plural)
            && !settings.possessives.iter().any(|word| word == view.folded(at));
        // "the group the Observatory": a noun of one who speaks, and its name.
        // "to flee the area": the object of an infinitive.
        let infinitive = before > from
            && view.has(before - 1, class::INFINITIVE_MARK)
            && view.has(before, class::INFINITIVE);
        let nominal = view.is_nominal(before) && !view.has(before, class::DETERMINER) && !infinitive;
        // "killed rebel fighters | a monitoring group said": many, and then one.
        let many = (indefinite || view.capital(at + 1))
            && view.has_plural_ending(before)
            && role_at(view, before).is_some_and(|(_, length)| length == 1)
            && !view.has(before, class::FINITE);
        let noun = bracket
            || many
            || view.ids[before] == 0 && !view.has(before, class::FINITE)
            || nominal
            || view.has(before, class::TIME);
        let open = class::PREPOSITION
            | class::DETERMINER
            | class::AND
            | class::BUT
            | class::ADVERB
            | class::FINITE
            | class::PAST_PARTICIPLE
            | class::PRESENT_PARTICIPLE
            | class::INFINITIVE;
        // "which tracks the violence"
        let relative = (from.max(at.saturating_sub(6))..at).any(|near| view.has(near, class::RELATIVE));
        let closed = if nominal { !view.has(before, class::PREPOSITION) } else { !view.has(before, open) };
        return plain && noun && !relative && closed && before > from;
    }
    if view.has(at, class::CONNECTIVE) && start == at + 1 {
        return !view.has(before, class::PREPOSITION | class::DETERMINER | class::AND | class::RELATIVE)
            && !view.has(at + 1, class::CONNECTIVE)
            && !view.has(at, class::DETERMINER);
    }
    // A day after the verb that it belongs to.
    view.has(at, class::TIME)
        && start == at + 1
        && !view.capital(start)
        && view.has(before, class::FINITE)
        && relative_before(view, before, from).is_none()
}

/// "are unpopular with the opposition who say", "is awful Corvane said": after a verb of being, an
/// adjective is the predicate; the phrase begins after it.
fn without_predicate(view: &View<'_>, phrase: Range<usize>) -> Range<usize> {
    let first = phrase.start;
    let settings = &view.lexicon.settings;
    let predicate = phrase.len() > 1
        && first > 0
        && view.has(first - 1, class::BE)
        && view.is_word(first)
        && !settings.verb_first
        && !settings.verb_second
        && !view.capital(first)
        && !view.has(first, class::DETERMINER | class::PRONOUN | class::TITLE | class::PREPOSITION)
        && role_at(view, first).is_none();
    if !predicate {
        return phrase;
    }
    let opens = |at: &usize| {
        view.has(*at, class::DETERMINER | class::TITLE) && !view.has(*at, class::PREPOSITION)
            || view.capital(*at) && view.is_word(*at)
            || role_at(view, *at).is_some()
    };
    (first + 1..phrase.end).find(opens).map_or(phrase.clone(), |start| start..phrase.end)
}

/// A determiner, title or name begins a phrase.
fn opens_phrase(view: &View<'_>, at: usize) -> bool {
    view.has(at, class::DETERMINER | class::TITLE) && !view.is_finite(at + 1)
        || view.capital(at) && view.is_word(at)
        || role_at(view, at).is_some()
}

/// Whether a phrase begins with somebody who can speak: a role, an outlet, or a name with capitals.
fn opens_speaker(view: &View<'_>, phrase: Range<usize>) -> bool {
    let first = phrase.start + usize::from(view.has(phrase.start, class::DETERMINER));
    (first..phrase.end.min(first + 3)).any(|at| role_at(view, at).is_some() || view.outlet_at(at).is_some())
        || (view.capital(first) && !view.has(first, class::TIME) && phrase.end - first <= 4)
}

/// Without conjunctions, adverbs, connectives and marks at its beginning.
fn stripped(view: &View<'_>, mut range: Range<usize>) -> Range<usize> {
    while range.start < range.end {
        let at = range.start;
        let loose = !view.is_word(at) && view.kind(at) != TokenKind::Digits
            || (view.has(at, class::AND | class::BUT | class::CONNECTIVE | class::ADVERB | class::AS)
                && !view.has(at, class::DETERMINER));
        if !loose {
            break;
        }
        range.start += 1;
    }
    range
}

/// A relative pronoun shortly before a verb, so that the verb belongs to a noun's clause.
pub(super) fn relative_before(view: &View<'_>, verb: usize, from: usize) -> Option<usize> {
    let lowest = from.max(verb.saturating_sub(7));
    (lowest..verb)
        .rev()
        .take_while(|at| {
            !matches!(view.kind(*at), TokenKind::Comma | TokenKind::Stop) && !view.is_plainly_finite(*at)
        })
        .find(|at| view.has(*at, class::RELATIVE) && *at > from)
}

/// "that runs it": a pronoun right after the verb of a relative clause is its object; whatever
/// stands alone between the relative and the pronoun is that verb.
fn is_object(view: &View<'_>, pronoun: usize, from: usize) -> bool {
    let Some(verb) = pronoun.checked_sub(1).filter(|verb| *verb > from) else { return false };
    let neuter = view.lexicon.word(view.ids[pronoun]).gender == Some(Gender::Neuter);
    if !neuter && !view.has(pronoun, class::CLITIC) {
        return false;
    }
    let after_relative = view.has(verb - 1, class::RELATIVE) && view.is_word(verb);
    let listed = view.is_finite(verb) && relative_before(view, verb, from).is_some();
    let no_verb = class::HAVE | class::BE | class::MODAL | class::ADVERB | class::TIME | class::PRONOUN;
    (listed || after_relative && verb - 1 > from)
        && !view.has(verb, no_verb | class::DETERMINER | class::PREPOSITION | class::NEGATION)
}

/// A finite verb that belongs to no relative clause, in the last tokens of a range.
pub(super) fn has_main_verb(view: &View<'_>, range: Range<usize>) -> bool {
    let range = range.start.max(range.end.saturating_sub(4 * REACH))..range.end;
    range.clone().any(|at| view.is_finite(at) && relative_before(view, at, range.start).is_none())
}

/// A form of a verb of saying.
fn tells(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    view.lexicon.word(view.ids[at]).forms.iter().any(|form| rules.verbs.contains_key(&*form.lemma))
}

/// A verb of saying that has no agent after it ("claimed by" is a participle).
pub(super) fn says(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    view.is_finite(at) && !view.has(at + 1, class::AGENT | class::PREPOSITION) && is_cue_verb(view, rules, at)
}

/// A form of a verb of saying, with the words that make it one ("tient | à préciser").
pub(super) fn is_cue_verb(view: &View<'_>, rules: &Rules, at: usize) -> bool {
    let whole = |rule: &u16| {
        let tail = &rules.cues[usize::from(*rule)].tail;
        tail.iter().enumerate().all(|(place, word)| {
            let next = at + 1 + place;
            view.ids.get(next) == Some(word)
        })
    };
    let forms = view.ids.get(at).map(|id| &view.lexicon.word(*id).forms);
    forms.is_some_and(|forms| {
        forms.iter().filter_map(|form| rules.verbs.get(&*form.lemma)).flatten().any(whole)
    })
}
