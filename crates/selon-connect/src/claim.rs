//! Claims of number: each figure of a report that counts what an event did, with who is behind it
//! and whom the report has it from.

use std::collections::BTreeMap;

use selon_model::{
    AuthorKind, Decimal, Factuality, Figure, FigureRef, HopRole, How, Operator, Quantity, Report, SourceKind,
    Span, Statement, When,
};

use crate::Input;
use crate::directory::{Directory, OutletKey};
use crate::feature::numbers;
use crate::interval::Interval;
use crate::key::TimeRange;
use crate::origin::Origin;
use crate::sketch::Sketch;

/// Unit classes that are no counts of what an event did.
const NO_COUNT: &[&str] = &["duration", "money", "percent", "area", "mass", "other"];

/// A figure with who says it, when, and through whom.
#[derive(Clone, Debug)]
pub(crate) struct Claim<'a> {
    /// Index of the report among the inputs.
    pub(crate) input: usize,
    pub(crate) report: &'a Report,
    /// The figure, with its index; `None` where figures of the language are not read.
    pub(crate) figure: Option<(u32, &'a Figure)>,
    pub(crate) value: Decimal,
    /// Class of event, and of what is counted.
    pub(crate) event: String,
    pub(crate) unit: String,
    /// Where the number stands.
    pub(crate) span: Span,
    pub(crate) statement: Option<&'a Statement>,
    /// The sentence that it stands in, with the words that say who says so.
    pub(crate) sentence: Span,
    /// The report's own outlet.
    pub(crate) outlet: Option<OutletKey>,
    pub(crate) origin: Option<Origin>,
    /// The outlet that the report has it from, as it says, and its name.
    pub(crate) cited: Option<(OutletKey, String)>,
    pub(crate) how: How,
    pub(crate) time: TimeRange,
    pub(crate) as_of: Option<When>,
    pub(crate) interval: Interval,
}

impl<'a> Claim<'a> {
    /// Bounds as said, where the figure is read.
    pub(crate) fn quantity(&self) -> Option<Quantity> {
        self.figure.map(|(_, figure)| figure.quantity)
    }

    /// Where the figure is, where it is read.
    pub(crate) fn at(&self) -> Option<FigureRef> {
        let (figure, _) = self.figure?;
        Some(FigureRef { report: self.report.id, figure })
    }

    /// The stretch of time that the figure covers.
    pub(crate) fn window(&self) -> Option<&'a When> {
        self.figure.and_then(|(_, figure)| figure.window.as_ref())
    }
}

/// The claims of one report, in the order of its figures. A number that the report says twice is
/// one claim: the one that names who is behind it. `monitors` are the bodies that reports of the story
/// name in full.
pub(crate) fn claims<'a>(
    index: usize,
    input: &Input<'a>,
    sketch: &Sketch,
    directory: &Directory,
    monitors: &[&str],
) -> Vec<Claim<'a>> {
    let report = input.report;
    let time = TimeRange::of(input);
    let outlet = report.outlet.as_ref().and_then(|outlet| directory.key(outlet));
    let mut found: Vec<Claim<'a>> = Vec::new();
    for (number, figure) in report.figures.iter().enumerate() {
        let value = figure.quantity.lower.or(figure.quantity.upper);
        let (Some(unit), Some(event), Some(value)) = (&figure.unit, &figure.event, value) else { continue };
        if !is_claim(figure, &report.figures) {
            continue;
        }
        let statement = figure.said_in.and_then(|said| report.statements.get(said as usize));
        // "denied that 12 people were killed": nobody claims them.
        if statement.is_some_and(|statement| statement.factuality == Factuality::Denied) {
            continue;
        }
        let way = way(report, sketch, directory, monitors, figure.span, statement, outlet.as_ref());
        let as_of = figure
            .window
            .clone()
            .filter(|window| window.until.is_some())
            .or_else(|| statement.and_then(|statement| statement.said.clone()))
            .or_else(|| report.published.clone());
        let claim = Claim {
            input: index,
            report,
            figure: Some((number as u32, figure)),
            value,
            event: event.class.clone(),
            unit: unit.class.clone(),
            span: figure.span,
            statement,
            sentence: way.sentence,
            outlet: outlet.clone(),
            origin: way.origin,
            cited: way.cited,
            how: way.how,
            time,
            as_of,
            interval: interval_of(report, figure),
        };
        let again = found.iter_mut().find(|known| {
            known.event == claim.event
                && known.value == claim.value
                && (known.origin == claim.origin || known.origin.is_none() || claim.origin.is_none())
        });
        match again {
            Some(known) if known.how == How::NoAttribution => *known = claim,
            Some(_) => {}
            None => found.push(claim),
        }
    }
    found.sort_by_key(|claim| claim.span);
    found
}

/// What a figure bounds. "A man was killed" does not say that nobody else was: a one that is not
/// written as a digit, and in many languages is an article, is the least.
fn interval_of(report: &Report, figure: &Figure) -> Interval {
    let in_words = |number: &Span| !report.text.words(*number).chars().all(char::is_numeric);
    // So does the sum of a list: "a mother and her son were killed".
    let one = figure.quantity == Quantity::exactly(Decimal::ONE);
    if (one || figure.is_sum()) && figure.number.iter().all(in_words) {
        return Interval { lower: figure.quantity.lower, upper: None };
    }
    Interval::of(&figure.quantity)
}

/// Whether figures of the report's language are not read.
pub(crate) fn is_unread(report: &Report) -> bool {
    report
        .notes
        .iter()
        .any(|note| matches!(note.code.as_str(), "language_not_read" | "language_read_in_part"))
}

/// Numbers of a report of which no claim was read, where they are `known`: numbers that other reports
/// of the story give, with event and unit. Ten times or a tenth of one counts where the sentence
/// names another outlet.
pub(crate) fn bare_claims<'a>(
    index: usize,
    input: &Input<'a>,
    sketch: &Sketch,
    directory: &Directory,
    monitors: &[&str],
    known: &BTreeMap<Decimal, (String, String)>,
) -> Vec<Claim<'a>> {
    let report = input.report;
    if known.is_empty() {
        return Vec::new();
    }
    let outlet = report.outlet.as_ref().and_then(|outlet| directory.key(outlet));
    let mut found: Vec<Claim<'a>> = Vec::new();
    for (digits, span) in numbers(&report.text.string, sketch) {
        let Ok(value) = digits.parse::<Decimal>() else { continue };
        let same = known.get(&value);
        let near = [value.checked_mul(Decimal::TEN), value.checked_div(Decimal::TEN)];
        let near = near.into_iter().flatten().find_map(|value| known.get(&value));
        if same.or(near).is_none() || found.iter().any(|claim| claim.value == value) {
            continue;
        }
        let figure = report.figures.iter().zip(0..).find(|(figure, _)| figure.number.contains(&span));
        let statement =
            report.statements.iter().find(|one| one.content.iter().any(|part| holds(*part, span)));
        if statement.is_some_and(|statement| statement.factuality == Factuality::Denied) {
            continue;
        }
        let way = way(report, sketch, directory, monitors, span, statement, outlet.as_ref());
        let slipped = near.filter(|_| way.cited.is_some());
        let Some((event, unit)) = same.or(slipped) else { continue };
        found.push(Claim {
            input: index,
            report,
            figure: figure.map(|(figure, number)| (number, figure)),
            value,
            event: event.clone(),
            unit: unit.clone(),
            span,
            statement,
            sentence: way.sentence,
            outlet: outlet.clone(),
            origin: way.origin,
            how: if way.told_own && way.cited.is_none() { How::OwnContact } else { way.how },
            cited: way.cited,
            time: TimeRange::of(input),
            as_of: report.published.clone(),
            interval: Interval::of(&figure.map_or(Quantity::exactly(value), |(figure, _)| figure.quantity)),
        });
    }
    found
}

/// Whether a figure counts what an event did, and is no part of another that does: of forty wounded,
/// the two who died are all of the dead.
fn is_claim(figure: &Figure, all: &[Figure]) -> bool {
    let class = figure.unit.as_ref().map(|unit| unit.class.as_str());
    let event = |figure: &Figure| figure.event.as_ref().map(|event| event.class.clone());
    let whole = figure.share_of.and_then(|whole| all.get(whole as usize));
    let is_part = whole.is_some_and(|whole| event(whole).is_none() || event(whole) == event(figure));
    figure.event.is_some()
        && class.is_some_and(|class| !NO_COUNT.contains(&class))
        && !is_part
        && !matches!(figure.quantity.op, Operator::Percent | Operator::Ratio)
}

fn holds(whole: Span, part: Span) -> bool {
    whole.start <= part.start && part.end <= whole.end
}

struct Way {
    origin: Option<Origin>,
    cited: Option<(OutletKey, String)>,
    how: How,
    told_own: bool,
    sentence: Span,
}

/// How a report came by a figure: the relays of the statement's chain, else another outlet named
/// in the same sentence, else the agency that the byline credits.
fn way(
    report: &Report,
    sketch: &Sketch,
    directory: &Directory,
    monitors: &[&str],
    number: Span,
    statement: Option<&Statement>,
    own: Option<&OutletKey>,
) -> Way {
    let around = statement.map_or(number, |statement| statement.span.hull(number));
    let sentence = sentence_around(&report.text.string, around);
    let statement = statement.map(|statement| behind_document(report, statement, sentence));
    let mut origin = statement.and_then(|statement| {
        let source = statement.source.as_ref()?;
        let name = source.resolved.as_deref().unwrap_or(report.text.words(source.span));
        let in_full = directory.monitor(name).or_else(|| directory.monitor(report.text.words(source.span)));
        let by_part = || {
            let nameless = source.role.as_deref() == Some("monitor");
            let only = || directory.only_monitor(&directory.monitors_named(sketch));
            directory.monitor_by_part(name, monitors).or_else(|| nameless.then(only).flatten())
        };
        if let Some(id) = in_full.or_else(by_part) {
            return Some(Origin::registered(id, name));
        }
        let is_outlet =
            matches!(source.kind, SourceKind::Agency | SourceKind::Outlet) || directory.knows(name);
        // Words that hold an outlet's name tell the way: "a statement given to Corvane Wire", "the
        // state news agency SANA".
        let tells_way = is_outlet
            || matches!(source.role.as_deref(), None | Some("press" | "government"))
                && !directory.named_in(report, sketch, source.span).is_empty();
        (!tells_way).then(|| Origin::of(report, source, statement))
    });
    let is_own = |key: &OutletKey| own.is_some_and(|own| directory.are_one(own, key));
    let hops = statement.map_or(&[][..], |statement| statement.chain.as_slice());
    let relay =
        hops.iter().rev().filter(|hop| matches!(hop.role, HopRole::Relay | HopRole::Origin)).find_map(
            |hop| {
                let name = hop.name.as_deref()?;
                let key = hop.id.clone().unwrap_or_else(|| directory.key_of_name(name));
                // A statement or video that words came by is no other report.
                let press = matches!(hop.kind, None | Some(SourceKind::Agency | SourceKind::Outlet));
                let is_outlet = hop.role == HopRole::Relay && press
                    || hop.id.is_some()
                    || directory.knows(name)
                    || matches!(hop.kind, Some(SourceKind::Agency | SourceKind::Outlet));
                let cited = is_outlet && directory.monitor(name).is_none() && !is_own(&key);
                cited.then(|| (key, name.to_owned()))
            },
        );
    // In words of several sentences, an outlet named in another one tells nothing of the number.
    let mut near = vec![sentence_around(&report.text.string, number)];
    let speaker = statement.and_then(|statement| Some(statement.source.as_ref()?.span));
    near.extend(speaker.map(|speaker| sentence_around(&report.text.string, speaker)));
    near.dedup();
    let mentions: Vec<(&OutletKey, Span)> =
        near.iter().flat_map(|near| directory.named_in(report, sketch, *near)).collect();
    let named = ways_named(report, mentions, number);
    let told_own = named.iter().any(|key| is_own(key));
    let byline = || {
        let agencies = report.authors.iter().filter(|author| author.kind == AuthorKind::Agency);
        agencies
            .map(|author| (directory.key_of_name(&author.name), author.name.clone()))
            .find(|(key, _)| !is_own(key))
    };
    // A relay whose name is only half read is the known outlet of the sentence.
    let (known, unknown) = match relay {
        Some(relay) if directory.known_as(&relay.0).is_some() => (Some(relay), None),
        relay => (None, relay),
    };
    let cited = known
        .or_else(|| {
            let other = named.iter().find(|key| !is_own(key))?;
            Some(((*other).clone(), directory.shown(other).to_owned()))
        })
        .or(unknown)
        .or_else(|| if origin.is_none() { byline() } else { None });
    let is_cited =
        |origin: &Origin| cited.as_ref().is_some_and(|(key, _)| *key == directory.key_of_name(&origin.name));
    if origin.as_ref().is_some_and(is_cited) {
        origin = None;
    }
    let how = match (&origin, &cited) {
        (Some(_), Some(_)) => How::ExplicitCitation,
        (None, Some(_)) => How::CitesOutletOnly,
        (Some(_), None) if told_own => How::OwnContact,
        (Some(_), None) => How::NamedSource,
        (None, None) => How::NoAttribution,
    };
    Way { origin, cited, how, told_own, sentence }
}

/// Of the outlets named beside a number those by whom the words came: whom the statement that gives it
/// names as its source, as told or as passing them on; else those who stand apart as a credit or outside
/// of all that is said. Whom another statement names is cited for something else ("…, rejecting a report
/// of X that …"), and so is one of whom somebody speaks ("rebels attacked the office of X, the mayor
/// said").
fn ways_named<'d>(report: &Report, mentions: Vec<(&'d OutletKey, Span)>, number: Span) -> Vec<&'d OutletKey> {
    let gives = |statement: &Statement| statement.content.iter().any(|piece| holds(*piece, number));
    let names = |statement: &Statement, at: Span| {
        let source = statement.source.as_ref().map(|source| source.span);
        let hops = statement.chain.iter().filter_map(|hop| hop.span);
        hops.chain(source).chain(statement.addressee).any(|frame| frame.overlaps(at))
    };
    let any_names = |at: Span| report.statements.iter().any(|statement| names(statement, at));
    let in_frame =
        |at: Span| report.statements.iter().any(|statement| gives(statement) && names(statement, at));
    let is_said = |at: Span| {
        let mut pieces = report.statements.iter().flat_map(|statement| &statement.content);
        pieces.any(|piece| holds(*piece, at) && holds(*piece, number))
    };
    let given = report.statements.iter().any(gives);
    let framed = mentions.iter().any(|(_, at)| in_frame(*at));
    let wanted = |at: Span| match framed {
        true => in_frame(at),
        false => is_credit(report, at) || !(is_said(at) || given && any_names(at)),
    };
    mentions.into_iter().filter(|(_, at)| wanted(*at)).map(|(key, _)| key).collect()
}

/// Whether words stand apart from those around them: right after a bracket or dash, between words that
/// do not begin with a small letter, before a whole date ("AFP Monday 3 October 2016").
fn is_credit(report: &Report, at: Span) -> bool {
    let string = &report.text.string;
    let goes_on = |word: Option<&str>| {
        let first = word.and_then(|word| word.chars().next());
        first.is_some_and(|first| first.is_alphabetic() && !first.is_uppercase())
    };
    let before = string[..at.from()].split_whitespace().next_back();
    let after = string[at.to()..].split_whitespace().next();
    let opens = string[..at.from()].ends_with(['(', '[', '-', '–', '—', '/']);
    let first = report.times.partition_point(|time| time.span.start < at.end);
    let dated = report.times.get(first).is_some_and(|time| {
        let digits = report.text.words(time.span).chars().filter(char::is_ascii_digit).count();
        time.span.start <= at.end + 1 && digits > DIGITS_OF_YEAR
    });
    opens || dated || !goes_on(before) && !goes_on(after)
}

/// Digits of a year; a whole date has more.
const DIGITS_OF_YEAR: usize = 4;

/// Who speaks through a document: where a report says "according to a statement", the other source
/// of the same sentence.
fn behind_document<'a>(report: &'a Report, statement: &'a Statement, sentence: Span) -> &'a Statement {
    let kind = |one: &Statement| one.source.as_ref().map(|source| source.kind);
    if kind(statement) != Some(SourceKind::Document) {
        return statement;
    }
    let others = report.statements.iter().filter(|other| holds(sentence, other.span));
    let mut named = others.filter(|other| !matches!(kind(other), None | Some(SourceKind::Document)));
    named.next().unwrap_or(statement)
}

/// Bytes of a sentence on either side of a span: what is longer is no prose.
const LONGEST: usize = 4_000;

/// The sentence that opens a text.
pub(crate) fn first_sentence(string: &str) -> Span {
    let start = string.len() - string.trim_start().len();
    sentence_around(string, Span::new(start, start))
}

/// The sentence, or sentences, that hold a span.
fn sentence_around(string: &str, span: Span) -> Span {
    let ends = |c: char| matches!(c, '\n' | '.' | '!' | '?' | '…' | '؟' | '。');
    let edge = |at: usize| (0..=at).rev().find(|at| string.is_char_boundary(*at)).unwrap_or(0);
    let (least, most) =
        (edge(span.from().saturating_sub(LONGEST)), edge((span.to() + LONGEST).min(string.len())));
    let before = &string[..span.from()];
    let mut start = span.from();
    for (at, c) in before[least..].char_indices().rev().map(|(at, c)| (at + least, c)) {
        let opens = before[at + c.len_utf8()..].chars().next().is_none_or(char::is_whitespace);
        if ends(c) && (c == '\n' || opens) && at + c.len_utf8() < span.from() {
            break;
        }
        start = at;
    }
    let after = &string[span.to()..most];
    let mut end = most;
    let mut chars = after.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let closes = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends(c) && (c == '\n' || closes) {
            end = span.to() + at + c.len_utf8();
            break;
        }
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let text = "One. At 9.30 two men died, he said. Three.\nFour";
        let check = |words: &str, sentence: &str| {
            let at = text.find(words).unwrap_or_default();
            let span = sentence_around(text, Span::new(at, at + words.len()));
            assert_eq!(span.of(text).trim(), sentence);
        };
        check("two men", "At 9.30 two men died, he said.");
        check("One", "One.");
        check("Four", "Four");
        check("Three", "Three.");
    }
}
