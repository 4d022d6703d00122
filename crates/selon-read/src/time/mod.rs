//! When: time expressions as intervals.
//!
//! One pass, no parser: `lexeme` says what each word can be, `matching` applies the pack's patterns,
//! `compose` joins what stands together, `resolve` reckons it from an anchor. What contradicts
//! itself is flagged, never corrected; without an anchor a value stays unspecified.

mod atom;
mod calendar;
mod compose;
mod date;
mod length;
mod lexeme;
mod limit;
mod list;
mod matching;
mod mention;
mod pack;
mod pattern;
mod prove;
mod range;
mod reading;
mod resolve;
mod tense;
mod word;
mod zone;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use selon_model::{EmbeddedPost, Precision, Text, TimeKind, TimeMention, When};

use self::atom::{Atom, Expression};
use self::lexeme::Lexemes;
use self::matching::find_atoms;
use self::resolve::{Anchors, resolve};
use crate::lex::Lexed;
use crate::pack::{Pack, Packs};

pub(crate) use self::mention::as_when;
pub(crate) use self::pack::TimePack;
pub(crate) use self::prove::prove;
pub(crate) use self::zone::fill_local_zones;

/// What the time reader may look at.
pub(crate) struct TimeContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) published: Option<&'a When>,
    pub(crate) posts: &'a [EmbeddedPost],
}

/// Finds the time expressions of a text, in text order.
pub(crate) fn find_times(context: &TimeContext<'_>) -> Vec<TimeMention> {
    read_times(context).into_iter().map(|(mention, _)| mention).collect()
}

/// An entry of a live page: what it says is said when it was published.
pub(crate) struct Entry {
    pub(crate) span: selon_model::Span,
    pub(crate) published: When,
}

/// [`find_times`], each entry of a live page reckoned from its own time.
pub(crate) fn find_times_by_entry(context: &TimeContext<'_>, entries: &[Entry]) -> Vec<TimeMention> {
    if entries.is_empty() {
        return find_times(context);
    }
    let entry_of = |token: usize| {
        let token = context.lexed.tokens().get(token)?;
        entries.iter().position(|entry| entry.span.contains(token.span))
    };
    let of = |context: &TimeContext<'_>, wanted: Option<usize>| {
        read_times_of(context, &|token| is_readable(context, token) && entry_of(token) == wanted)
    };
    let mut all: Vec<TimeMention> = of(context, None).into_iter().map(|(time, _)| time).collect();
    for (number, entry) in entries.iter().enumerate() {
        let context = TimeContext { published: Some(&entry.published), ..*context };
        let first = all.len() as u32;
        all.extend(of(&context, Some(number)).into_iter().map(|(mut time, _)| {
            time.anchor_time = time.anchor_time.map(|index| index + first);
            time
        }));
    }
    in_text_order(all)
}

/// Adds the times of posts to those of the prose: each post in its own language, reckoned from the
/// day on which it was posted.
pub(crate) fn add_post_times(
    times: Vec<TimeMention>,
    text: &Text,
    posts: &[EmbeddedPost],
    packs: &Packs,
) -> Vec<TimeMention> {
    let mut all = times;
    for post in posts {
        let Some(body) = post.text else { continue };
        let Some(pack) = post.language.as_ref().and_then(|lang| packs.pack(lang)) else { continue };
        let lexed = Lexed::of_span(&text.string, body, &pack.lex);
        let published = post.posted.as_ref();
        let context = TimeContext { text, lexed: &lexed, pack, published, posts: &[] };
        let first = all.len() as u32;
        let own = read_times_of(&context, &|_| true).into_iter().map(|(mut time, _)| {
            time.anchor_time = time.anchor_time.map(|index| index + first);
            time
        });
        all.extend(own);
    }
    in_text_order(all)
}

/// Sorts times, and what points at them with them.
fn in_text_order(times: Vec<TimeMention>) -> Vec<TimeMention> {
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|index| (times[*index].span.start, times[*index].span.end));
    let mut rank = vec![0u32; times.len()];
    for (new, old) in order.iter().enumerate() {
        rank[*old] = new as u32;
    }
    let mut sorted: Vec<Option<TimeMention>> = times.into_iter().map(Some).collect();
    let in_order = order.into_iter().filter_map(|old| sorted[old].take());
    in_order
        .map(|mut time| {
            time.anchor_time = time.anchor_time.and_then(|index| rank.get(index as usize).copied());
            time
        })
        .collect()
}

/// The times with the ids of the rules that took part.
fn read_times(context: &TimeContext<'_>) -> Vec<(TimeMention, Vec<String>)> {
    read_times_of(context, &|token| is_readable(context, token))
}

/// The same of the tokens that are `readable`.
fn read_times_of(
    context: &TimeContext<'_>,
    readable: &dyn Fn(usize) -> bool,
) -> Vec<(TimeMention, Vec<String>)> {
    let (text, lexed, pack) = (context.text, context.lexed, &context.pack.time);
    if pack.rules.is_empty() {
        return Vec::new();
    }
    let lexemes = Lexemes::of(&text.string, lexed, pack, &context.pack.number, readable);
    let atoms = compose::compose(find_atoms(lexed, &lexemes, pack), lexed, &lexemes, pack);
    let published = context.published.filter(|when| when.precision <= Precision::Day);
    let posted: Vec<Date> = context.posts.iter().filter_map(|post| post.posted.as_ref()?.date()).collect();
    let anchors = Anchors {
        published: published.and_then(|when| when.from),
        has_clock: published.is_some_and(|when| when.precision < Precision::Part),
        posted: &posted,
        ..Anchors::default()
    };
    let anchors = Anchors { tells: tells_history(&atoms, &anchors), ..anchors };
    let readings = reckon(&atoms, anchors, lexed, &lexemes, pack);
    // Expressions that mean nothing after all leave a gap: the indexes of anchors follow.
    let mut index_of = Vec::with_capacity(readings.len());
    let mut kept = 0u32;
    for reading in &readings {
        index_of.push(reading.is_some().then_some(kept));
        kept += u32::from(reading.is_some());
    }
    let mut times = Vec::with_capacity(atoms.len());
    for (atom, reading) in atoms.iter().zip(readings) {
        let Some((mut reading, anchors)) = reading else { continue };
        reading.anchor_time =
            reading.anchor_time.and_then(|index| index_of.get(index as usize).copied().flatten());
        let mention = mention::mention(atom, reading, &anchors, lexed, pack);
        let rules = atom.rules.iter().filter_map(|rule| Some(pack.rules.get(usize::from(*rule))?.id.clone()));
        times.push((mention, rules.collect()));
    }
    times
}

/// Whether the text tells of a time gone by: it names years, hardly any near its publication,
/// and counts no days from it. Dates that lack their year then go with the year told of.
fn tells_history(atoms: &[Atom], anchors: &Anchors<'_>) -> bool {
    let published = anchors.published.map(|at| i32::from(at.year()));
    let (mut years, mut near, mut deictic) = (0, 0, 0);
    for atom in atoms {
        match &atom.expression {
            Expression::Date(date) => match date.year {
                Some(year) => {
                    years += 1;
                    near += i32::from(published.is_none_or(|published| (year - published).abs() <= 2));
                }
                None => deictic += i32::from(date.day.is_none() && date.weekday.is_some()),
            },
            Expression::Period { narrative: false, n, .. } => deictic += i32::from(*n != 0),
            _ => {}
        }
    }
    // News names years too, but counts days. Set on meantime-en, fr-timebank and wikiwars-ua.
    years >= 4 && near * 8 <= years && deictic * 16 <= years
}

/// Posts are read apart, each in its own language ([`add_post_times`]).
fn is_readable(context: &TimeContext<'_>, token: usize) -> bool {
    use selon_model::BlockKind::{Boilerplate, Post, Related};
    let Some(token) = context.lexed.tokens().get(token) else { return false };
    if context.text.blocks.is_empty() {
        return true;
    }
    let block = context.text.block_at(token.span.start);
    block.is_some_and(|block| !matches!(block.kind, Post | Related | Boilerplate))
}

/// Reckons all atoms, each with the anchors it was reckoned from: first what names its own day,
/// then the clock times that hang on a day of their sentence.
fn reckon<'a>(
    atoms: &[Atom],
    base: Anchors<'a>,
    lexed: &Lexed,
    lexemes: &Lexemes,
    pack: &TimePack,
) -> Vec<Option<(reading::Reading, Anchors<'a>)>> {
    let sentences: Vec<std::ops::Range<usize>> = lexed.sentences().collect();
    let sentence_of = |token: usize| {
        let after = sentences.partition_point(|sentence| sentence.start <= token);
        after.checked_sub(1)
    };
    let mut readings: Vec<Option<(reading::Reading, Anchors<'a>)>> = Vec::with_capacity(atoms.len());
    let mut all_anchors = Vec::with_capacity(atoms.len());
    let (mut narrative, mut told, mut dated) = (None, None, None);
    if base.tells {
        // What comes before the first year goes with it.
        let year = |atom: &Atom| match &atom.expression {
            Expression::Date(date) => date.year,
            _ => None,
        };
        let first = atoms.iter().enumerate().find_map(|(index, atom)| Some((index, year(atom)?)));
        told = first.and_then(|(index, year)| Some((calendar::day(year, 1, 1)?, index as u32)));
    }
    for (index, atom) in atoms.iter().enumerate() {
        let sentence = sentence_of(atom.tokens.start).map_or(0..0, |sentence| sentences[sentence].clone());
        let is_list = |lexeme: &lexeme::Lexeme| matches!(lexeme.value, word::Value::Glue(word::Glue::List));
        let coordinated =
            !lexemes.is_break(atom.tokens.end) && lexemes.at(atom.tokens.end).iter().any(is_list);
        let tense = tense::clause_tense(lexed, &pack.settings.tense, sentence, &atom.tokens, coordinated);
        let anchors = Anchors { narrative, told, tense, dated, ..base };
        let reading = if needs_day(atom) { None } else { resolve(atom, &anchors, pack) };
        // In a text that tells of a time gone by, "today" is no day of it.
        let tells =
            |reading: &&reading::Reading| !base.tells || reading.anchor != selon_model::Anchor::Published;
        if let Some(day) = reading.as_ref().filter(tells).and_then(|reading| reading.day) {
            narrative = Some((day, index as u32));
        }
        if let Some(reading) = reading.as_ref().filter(tells)
            && (reading.kind == TimeKind::Date || (base.tells && reading.kind == TimeKind::Time))
            && reading.grain <= Precision::Year
            && let Some(from) = reading.from.or(reading.until)
        {
            told = Some((from.date(), index as u32));
        }
        dated = goes_on(atom, reading.as_ref(), base.published, index, dated);
        readings.push(reading.map(|reading| (reading, anchors)));
        all_anchors.push(anchors);
    }
    for (index, atom) in atoms.iter().enumerate().filter(|(_, atom)| needs_day(atom)) {
        let sentence = sentence_of(atom.tokens.start);
        let own =
            |other: &usize| sentence_of(atoms[*other].tokens.start) == sentence && !needs_day(&atoms[*other]);
        let day = |other: usize| {
            let day = readings.get(other)?.as_ref()?.0.day?;
            let clock = atom.clock.filter(|_| atoms[other].clock.is_none());
            let next = clock.is_some_and(|clock| limit::is_after_midnight(atoms[other].part, clock));
            Some((if next { calendar::moved(day, calendar::Unit::Day, 1)? } else { day }, other as u32))
        };
        // Eight neighbours on either side are enough, and keep a long list linear.
        let before = (index.saturating_sub(8)..index).rev().filter(own).find_map(day);
        let after = (index + 1..atoms.len().min(index + 9)).filter(own).find_map(day);
        let mut anchors: Anchors<'a> = all_anchors[index];
        anchors.sentence = before.or(after);
        if let Some((_, other)) = anchors.narrative {
            let from = atoms[other as usize].tokens.end;
            let leaves = atom.tokens.start - from > 400
                || (from..=atom.tokens.start).any(|token| lexemes.is_break(token));
            anchors.narrative = anchors.narrative.filter(|_| !leaves);
        }
        readings[index] = resolve(atom, &anchors, pack).map(|reading| (reading, anchors));
    }
    readings
}

/// The day whose year the next may go with: told with its year, a year or more before publication, and
/// no other date since.
fn goes_on(
    atom: &Atom,
    reading: Option<&reading::Reading>,
    published: Option<jiff::civil::DateTime>,
    index: usize,
    before: Option<(Date, u32)>,
) -> Option<(Date, u32)> {
    let Expression::Date(date) = &atom.expression else { return before };
    let day = reading.and_then(|reading| reading.day);
    match (date.year, day) {
        (Some(_), Some(day)) => {
            let gone =
                published.is_some_and(|at| at.date().until(day).is_ok_and(|gap| gap.get_days() < -300));
            gone.then_some((day, index as u32))
        }
        // One that went with it carries it on.
        (None, Some(day)) if before.is_some_and(|(last, _)| day.year() == last.year()) => {
            Some((day, index as u32))
        }
        _ => None,
    }
}

/// A clock time or part of the day that names no day itself.
fn needs_day(atom: &Atom) -> bool {
    match &atom.expression {
        Expression::Clock | Expression::Part => true,
        Expression::Range(from, until) => needs_day(from) && needs_day(until),
        _ => false,
    }
}
