//! What of the words beside a cue is its source: trimmed of times and stray marks, and refused
//! where they name nobody who speaks.

use std::ops::Range;

use crate::lex::TokenKind;

use super::lexicon::{Meaning, class};
use super::noun_phrase::role_at;
use super::rules::Rules;
use super::speaker::read_speaker;
use super::view::View;

/// The words of a source without what hangs on its ends only by accident.
pub(super) fn trimmed(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let mut source = without_stray_marks(view, source);
    // "Wednesday state media": a day that begins the phrase tells when. A capital after it makes
    // it a name ("April Smith").
    while source.len() > 1
        && view.has(source.start, class::TIME)
        && view.is_word(source.start + 1)
        && !view.capital(source.start + 1)
    {
        source.start += 1;
    }
    source = without_later(view, source);
    source = without_listener(view, source);
    source = without_date_before(view, source);
    source = without_heading(view, source);
    source = without_opening_time(view, source);
    source = without_place_before(view, source);
    without_closing_time(view, without_opening_date(view, without_dateline(view, source)))
}

/// "В городе Тармен | местные жители": a name that belongs to the noun before it, which a
/// preposition governs, is none of the speaker's.
fn without_place_before(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let first = source.start;
    let governed = first >= 2
        && view.is_word(first - 1)
        && !view.capital(first - 1)
        && !view
            .has(first - 1, class::PREPOSITION | class::TIME | class::ADVERB | class::AND | class::PRONOUN)
        && view.has(first - 2, class::PREPOSITION);
    if !governed || role_at(view, first).is_some() {
        return source;
    }
    let of_name = |at: &usize| {
        view.is_word(*at) && view.capital(*at) || view.kind(*at) == TokenKind::Dash && !view.spaced(*at)
    };
    let end = first + source.clone().take_while(of_name).count();
    let speaks = (end..source.end).any(|at| role_at(view, at).is_some());
    let plain = end > first && end < source.end && view.is_word(end);
    if plain && speaks { end..source.end } else { source }
}

/// "Wednesday 27 Jul 2016 Corvane state TV": a written date that opens the phrase, where no mark
/// parts the line of the date from the text.
fn without_dateline(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let dated = |at: &usize| view.has(*at, class::TIME) || view.kind(*at) == TokenKind::Digits;
    let end = source.start + source.clone().take_while(dated).count();
    let digits = (source.start..end).filter(|at| view.kind(*at) == TokenKind::Digits).count();
    // "On 6 | April 2017 | Russia"
    let year = digits == 1
        && end - source.start == 2
        && view.words(end - 1).len() == 4
        && view.capital(end)
        && view.kind(source.start) == TokenKind::Word;
    let full = digits >= 2 && end - source.start >= 3 || year;
    if full && end < source.end { end..source.end } else { source }
}

/// "le 13 mai dernier Le Phare" is Le Phare: a date with its article, then a capital.
fn without_opening_date(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let first = source.start;
    let dated = view.has(first, class::DETERMINER)
        && view.kind(first + 1) == TokenKind::Digits
        && view.has(first + 2, class::TIME)
        && first + 3 < source.end;
    if !dated {
        return source;
    }
    let rest = (first + 3..source.end.min(first + 6)).find(|at| view.capital(*at) && view.is_word(*at));
    rest.map_or(source.clone(), |start| start..source.end)
}

/// "FORCED DISPLACEMENT A local activist": a heading in capitals that ran into its text.
fn without_heading(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let capitals = source.clone().take_while(|at| view.is_acronym(*at)).count();
    let long = (source.start..source.start + capitals).any(|at| view.words(at).chars().count() > 4);
    let start = source.start + capitals;
    let follows = start < source.end && view.capital(start) && view.has(start, class::DETERMINER);
    if capitals > 1 && long && follows { start..source.end } else { source }
}

/// "… WASHINGTON (Corvane) The coalition has …": what was said begins after the dateline that stands
/// in it, where headlines ran into the text.
pub(super) fn after_dateline(view: &View<'_>, piece: Range<usize>, cue: usize) -> Range<usize> {
    if piece.end > cue {
        return piece;
    }
    let bracket = |at: usize| (at + 2..piece.end.min(at + 6)).find(|close| view.words(*close) == ")");
    let start = (piece.start..piece.end).rev().find_map(|at| {
        let city = view.is_acronym(at) && view.words(at).chars().count() > 3 && view.quotation(at).is_none();
        let close =
            (at + 1 < piece.end && city && view.words(at + 1) == "(").then(|| bracket(at + 1)).flatten()?;
        let first = close + 1 + usize::from(view.is_dash(close + 1));
        let parted = at == piece.start || !view.has(at - 1, class::PREPOSITION | class::LINK);
        let told = first < piece.end && view.capital(first) && view.has_finite(first..piece.end);
        (told && parted).then_some(first)
    });
    start.unwrap_or(piece.start)..piece.end
}

/// "Speaking to the Velmar Daily | Ana Velm": the one spoken to before the speaker, without a comma.
fn without_listener(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let first = source.start;
    if !view.has(first, class::PRESENT_PARTICIPLE) || !view.has(first + 1, class::TOWARDS) {
        return source;
    }
    let press = (first + 2..source.end.min(first + 5)).find_map(|at| {
        let own = view.press_at(at).map(|(_, length)| length);
        view.outlet_at(at).map(|(_, length)| length).or(own).map(|length| at + length)
    });
    let end = press.filter(|end| *end < source.end).map(|end| {
        let noun = view.lexicon.settings.press_nouns.iter().any(|noun| noun == view.folded(end));
        end + usize::from(noun)
    });
    match end {
        Some(end) if end < source.end && view.is_word(end) => end..source.end,
        _ => source,
    }
}

/// "Rami Velm September 5 2016 | State media": a written date that parts two texts.
fn without_date_before(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let year = (source.start + 2..source.end.saturating_sub(1)).rev().find(|at| {
        let day = view.kind(*at - 1) == TokenKind::Digits && view.has(*at - 2, class::TIME)
            || view.has(*at - 1, class::TIME) && view.kind(*at - 2) == TokenKind::Digits;
        view.kind(*at) == TokenKind::Digits && view.words(*at).len() == 4 && day
    });
    year.map_or(source.clone(), |year| year + 1..source.end)
}

/// "A day later Ana Velm" is Ana Velm: a span of time that ends in its own word, then a name or article.
fn without_later(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let first = source.start;
    let counts = view.is_number(first)
        || view.lexicon.settings.indefinite.iter().any(|word| word == view.folded(first));
    let later = (first + 2..source.end.min(first + 4))
        .find(|at| view.has(*at, class::TIME) && view.has(*at, class::ADVERB) && !view.capital(*at));
    let opens = |at: usize| view.capital(at) || view.has(at, class::DETERMINER);
    match later.filter(|_| counts) {
        Some(later) if later + 1 < source.end && opens(later + 1) => later + 1..source.end,
        _ => source,
    }
}

/// "Last week Corvane" is Corvane: a phrase of time that ends before a name or article.
fn without_opening_time(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let first = source.start.saturating_sub(1);
    let after = (first..=source.start).find_map(|at| {
        view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
            Meaning::Function(classes) if classes & class::TIME != 0 && length > 1 => Some(at + length),
            _ => None,
        })
    });
    let opens = |at: usize| view.capital(at) || view.has(at, class::DETERMINER);
    match after {
        Some(after) if after > source.start && after < source.end && opens(after) => after..source.end,
        _ => source,
    }
}

/// Whether the words stand for nobody who speaks: "you", "no group", "aucun responsable".
pub(super) fn is_nobody(view: &View<'_>, source: &Range<usize>) -> bool {
    let first = source.start;
    view.lexicon.settings.nobody.iter().any(|word| word == view.folded(first))
}

/// "according to their size": what is somebody's and has no role in the pack is a measure, not a
/// speaker; "according to type", "selon l'âge": a noun by which things are sorted.
pub(super) fn is_measure(view: &View<'_>, rules: &Rules, source: &Range<usize>) -> bool {
    let listed = |at: usize| {
        !view.capital(at) && view.lexicon.settings.measures.iter().any(|word| word == view.folded(at))
    };
    let noun = source.clone().find(|at| !view.has(*at, class::DETERMINER));
    if noun.is_some_and(listed) {
        return true;
    }
    let owned = view.lexicon.settings.possessives.iter().any(|word| word == view.folded(source.start));
    let speaker = read_speaker(view, rules, source.clone());
    owned
        && source.len() > 1
        && speaker.head.is_none()
        && speaker.role.is_none()
        && speaker.name.is_none()
        && speaker.outlet.is_none()
}

/// The reader is spoken to, and reports nothing.
pub(super) fn is_reader(view: &View<'_>, source: &Range<usize>) -> bool {
    let first = source.start;
    source.len() == 1 && view.has(first, class::PRONOUN) && view.lexicon.word(view.ids[first]).person == 2
}

/// A piece of content up to a closing bracket that nothing in it has opened.
pub(super) fn within_brackets(view: &View<'_>, piece: Range<usize>) -> Range<usize> {
    let mut open = 0usize;
    for at in piece.clone() {
        match view.words(at) {
            "(" => open += 1,
            ")" if open == 0 => return piece.start..at,
            ")" => open -= 1,
            _ => {}
        }
    }
    piece
}

/// A closing mark without its opening one ends what stood before the source; an opening one
/// begins what follows it.
fn without_stray_marks(view: &View<'_>, mut source: Range<usize>) -> Range<usize> {
    let stray = |at: usize, source: &Range<usize>| {
        view.quotation(at).is_none_or(|quotation| {
            quotation.tokens.start < source.start || quotation.tokens.end > source.end
        })
    };
    let close =
        source.clone().rev().find(|at| view.kind(*at) == TokenKind::QuoteClose && stray(*at, &source));
    if let Some(close) = close.filter(|close| close + 1 < source.end) {
        source.start = close + 1;
    }
    let open = source.clone().find(|at| view.kind(*at) == TokenKind::QuoteOpen && stray(*at, &source));
    if let Some(open) = open.filter(|open| *open > source.start) {
        source.end = open;
    }
    source
}

/// "the ministry on Saturday" is the ministry.
fn without_closing_time(view: &View<'_>, source: Range<usize>) -> Range<usize> {
    let mut end = source.end;
    while end > source.start
        && (view.has(end - 1, class::TIME)
            || view.kind(end - 1) == TokenKind::Digits && view.has(end.saturating_sub(2), class::TIME))
    {
        end -= 1;
    }
    // "l'OMS | début mars", "the ministry | early in May".
    let openers = &view.lexicon.settings.time_openers;
    let opens = |at: usize| openers.iter().any(|word| word == view.folded(at));
    if end > source.start + 1
        && opens(end - 1)
        && (view.has(end, class::TIME) || view.kind(end) == TokenKind::Digits)
    {
        end -= 1;
    }
    // "le quotidien du soir": a day that a noun hangs on is its name.
    let of_noun = end > source.start + 1
        && view.has(end - 1, class::LINK)
        && !view.lexicon.settings.bare_verbs
        && view.kind(end) != TokenKind::Digits;
    if end == source.end || end == source.start || of_noun {
        return source;
    }
    let hangs = view.has(end - 1, class::PREPOSITION) && !view.has(end - 1, class::LINK);
    if hangs && end - 1 > source.start {
        return source.start..end - 1;
    }
    // Without a preposition the day may end a name ("Black Friday").
    if view.capital(end - 1) && view.capital(end) { source } else { source.start..end }
}
