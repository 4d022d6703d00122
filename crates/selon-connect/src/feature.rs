//! What a report is about: words of its own language, and features that mean the same in every
//! language: names as skeletons, numbers, places, figures, days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use selon_model::{Decimal, PlaceRole, Precision, Report, Span, TimeKind};

use crate::Input;
use crate::claim::first_sentence;
use crate::origin::VOWELS;
use crate::sketch::{Sketch, fold, hash};

/// Days before and after the publication that an event day may lie; others are history.
const NEAR_DAYS: i64 = 45;

/// Days between two reports from which other numbers in the same words are another bulletin's.
const BULLETIN_DAYS: i32 = 2;

/// Days of the longest stretch that tells when something was.
const YEAR_DAYS: i64 = 366;

/// A bag of features with their counts.
pub(crate) type Bag = BTreeMap<u64, f32>;

/// The features of one report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    /// Language tag.
    pub(crate) lang: Option<String>,
    /// Words of the report's language.
    pub(crate) words: Bag,
    /// Features that need no language.
    pub(crate) neutral: Bag,
    /// Those of them that are numbers and figures.
    pub(crate) counts: BTreeSet<u64>,
    /// Those of them that are names with their vowels, as their consonants are too few: spelled in
    /// more than one way between languages.
    pub(crate) short_names: BTreeSet<u64>,
    /// Chosen places: id → mentions, countries left out.
    pub(crate) places: BTreeMap<String, u32>,
    /// Days the report speaks of: day → mentions.
    pub(crate) days: BTreeMap<Date, u32>,
    /// Days, months and years long before the report that it names: first day and day after.
    pub(crate) past: Vec<(Date, Date)>,
    /// Classes of event among its figures.
    pub(crate) events: BTreeSet<String>,
    /// Day of publication.
    pub(crate) published: Option<Date>,
}

impl Features {
    /// The features of a report; words that its sketch leaves out are no features of it.
    pub(crate) fn of(input: &Input<'_>, sketch: &Sketch, stop: &BTreeMap<&str, BTreeSet<u64>>) -> Self {
        let report = input.report;
        let mut features = Features {
            lang: report.language.tag.as_ref().map(|tag| tag.to_string()),
            published: report.published.as_ref().and_then(|when| when.date()),
            ..Features::default()
        };
        features.words_of(report, sketch, stop);
        for name in &report.names {
            let at = sketch.spans.partition_point(|span| span.end <= name.span.start);
            if sketch.spans.get(at).is_some_and(|span| span.start < name.span.end) {
                let key = features.count("name", &name.skeleton);
                if name.skeleton.contains(VOWELS) {
                    features.short_names.insert(key);
                }
            }
        }
        features.places_of(report);
        features.figures_of(report);
        features.events_of(report);
        features.days_of(report);
        features
    }

    fn count(&mut self, kind: &str, feature: &str) -> u64 {
        let key = hash(format!("{kind}:{feature}").as_bytes());
        *self.neutral.entry(key).or_default() += 1.0;
        key
    }

    fn words_of(&mut self, report: &Report, sketch: &Sketch, stop: &BTreeMap<&str, BTreeSet<u64>>) {
        let stop = self.lang.as_deref().and_then(|lang| stop.get(lang));
        let string = &report.text.string;
        for (digits, _) in numbers(string, sketch) {
            let key = self.count("number", &digits);
            self.counts.insert(key);
        }
        for (token, span) in sketch.tokens.iter().zip(&sketch.spans) {
            let word = span.of(string);
            let counts = word.chars().count() >= 3 && !is_number(word);
            if counts && !stop.is_some_and(|stop| stop.contains(token)) {
                *self.words.entry(*token).or_default() += 1.0;
            }
        }
    }

    fn places_of(&mut self, report: &Report) {
        for place in report.places.iter().filter(|place| place.role == PlaceRole::Place) {
            let id = place.choice().map(|choice| (choice.id.to_string(), choice.feature.starts_with("PCL")));
            let within = place.within.as_ref().map(|id| (id.to_string(), false));
            if let Some((id, is_country)) = id.or(within) {
                self.count("place", &id);
                if !is_country {
                    *self.places.entry(id).or_default() += 1;
                }
            }
        }
    }

    fn figures_of(&mut self, report: &Report) {
        for figure in &report.figures {
            let (Some(unit), Some(event)) = (&figure.unit, &figure.event) else { continue };
            let value = figure.quantity.lower.or(figure.quantity.upper);
            // One person may be anybody of any event.
            if value != Some(Decimal::ONE) {
                self.events.insert(event.class.clone());
            }
            if let Some(value) = value {
                let figure = format!("{}:{}:{}", unit.class, event.class, value.normalize());
                let key = self.count("figure", &figure);
                self.counts.insert(key);
            }
        }
    }

    /// What happened where it opens: each class of event with each name of the first sentence.
    fn events_of(&mut self, report: &Report) {
        let first = first_sentence(&report.text.string);
        let names: BTreeSet<&str> = report
            .names
            .iter()
            .filter(|name| first.overlaps(name.span))
            .map(|name| name.skeleton.as_str())
            .collect();
        for event in self.events.clone() {
            for name in &names {
                self.count("event", &format!("{event}@{name}"));
            }
        }
    }

    fn days_of(&mut self, report: &Report) {
        let near = |day: Date| match self.published {
            Some(published) => {
                day.since(published).is_ok_and(|span| i64::from(span.get_days()).abs() <= NEAR_DAYS)
            }
            None => true,
        };
        let mut days: BTreeMap<Date, u32> = BTreeMap::new();
        for time in &report.times {
            let is_day =
                matches!(time.grain, Precision::Day | Precision::Part | Precision::Hour | Precision::Minute);
            if !is_day || !matches!(time.kind, TimeKind::Date | TimeKind::Time) || time.edtf.is_none() {
                continue;
            }
            if let Some(day) = time.from.map(|from| from.date()).filter(|day| near(*day)) {
                *days.entry(day).or_default() += 1;
            }
        }
        self.days = days;
        self.past = self.past_of(report);
    }

    /// The stretches of a year at most that the report names and that lie well before it.
    fn past_of(&self, report: &Report) -> Vec<(Date, Date)> {
        let Some(published) = self.published else { return Vec::new() };
        let days = |from: Date, until: Date| until.since(from).map_or(0, |span| i64::from(span.get_days()));
        let dates = report.times.iter().filter(|time| time.kind == TimeKind::Date && time.edtf.is_some());
        let mut past: Vec<(Date, Date)> = dates
            .filter_map(|time| Some((time.from?.date(), time.until?.date())))
            .filter(|(from, until)| {
                (1..=YEAR_DAYS).contains(&days(*from, *until)) && days(*until, published) > NEAR_DAYS
            })
            .collect();
        past.sort_unstable();
        past.dedup();
        past
    }

    /// Whether both count what events did, days apart, speak of no day together and have no number in
    /// common: the bulletins of a body are worded alike every day.
    pub(crate) fn is_other_bulletin(&self, other: &Features) -> bool {
        let days = |a: Date, b: Date| a.since(b).map_or(0, |span| span.get_days().abs());
        let apart = self.published.zip(other.published).is_some_and(|(a, b)| days(a, b) >= BULLETIN_DAYS);
        apart && !self.shares_days(other) && self.counts_otherwise(other)
    }

    /// Whether both count what events did, and have no number in common.
    pub(crate) fn counts_otherwise(&self, other: &Features) -> bool {
        let counts = |one: &Features| !one.events.is_empty() && !one.counts.is_empty();
        counts(self) && counts(other) && self.counts.is_disjoint(&other.counts)
    }

    /// Whether the two speak of a day together.
    fn shares_days(&self, other: &Features) -> bool {
        overlap(&self.days, &other.days).is_some_and(|share| share > 0.0)
    }

    /// Whether the two speak of days, and of none together.
    pub(crate) fn speaks_of_other_days(&self, other: &Features) -> bool {
        overlap(&self.days, &other.days) == Some(0.0)
    }

    /// Whether the report looks back to the time of an earlier one about the same place.
    pub(crate) fn looks_back_to(&self, earlier: &Features) -> bool {
        let Some(day) = earlier.published else { return false };
        self.past.iter().any(|(from, until)| *from <= day && day < *until)
            && overlap(&self.places, &earlier.places).is_some_and(|share| share > 0.0)
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

/// Numbers of two digits and more in digits, their thousands put together ("13 000", "1.250.000"),
/// with their words. Those of one digit tell nothing.
pub(crate) fn numbers(string: &str, sketch: &Sketch) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    let mut grouped = false;
    for span in sketch.spans.iter().filter(|span| is_number(span.of(string))) {
        let digits = fold(span.of(string));
        if let Some((number, known)) = found.last_mut() {
            let open = grouped || number.len() <= 3;
            if open && digits.len() == 3 && parts_thousands(string.get(known.to()..span.from())) {
                number.push_str(&digits);
                *known = known.hull(*span);
                grouped = true;
                continue;
            }
        }
        grouped = false;
        found.push((digits, *span));
    }
    found.retain(|(digits, _)| digits.len() >= 2);
    found
}

/// Whether what stands between two runs of digits parts thousands: "13 000", "1.250.000".
fn parts_thousands(between: Option<&str>) -> bool {
    matches!(between, Some("," | "." | " " | "\u{a0}" | "\u{202f}" | "'" | "\u{66c}"))
}

/// Names, numbers and chosen places of a report in the order in which they stand, what its sketch
/// leaves out left out. A word that names a chosen place counts as that place, not as a name.
pub(crate) fn sequence(report: &Report, sketch: &Sketch) -> Vec<(u64, Span)> {
    let key = |kind: &str, feature: &str| hash(format!("{kind}:{feature}").as_bytes());
    let places = report.places.iter().filter(|place| place.role == PlaceRole::Place);
    let places: Vec<(u64, Span)> = places
        .filter_map(|place| Some((key("place", &place.choice()?.id.to_string()), place.span)))
        .collect();
    let numbers = numbers(&report.text.string, sketch).into_iter();
    let mut items: Vec<(u64, Span)> = numbers.map(|(digits, span)| (key("number", &digits), span)).collect();
    for name in &report.names {
        let after = places.partition_point(|(_, place)| place.end <= name.span.start);
        if !places.get(after).is_some_and(|(_, place)| place.overlaps(name.span)) {
            items.push((key("name", &name.skeleton), name.span));
        }
    }
    items.extend(places);
    items.retain(|(_, span)| {
        let at = sketch.spans.partition_point(|word| word.end <= span.start);
        sketch.spans.get(at).is_some_and(|word| word.start < span.end)
    });
    items.sort_unstable_by_key(|(key, span)| (*span, *key));
    items
}

/// Share of the smaller set that is in both; `None` where one is empty.
pub(crate) fn overlap<K: Ord>(a: &BTreeMap<K, u32>, b: &BTreeMap<K, u32>) -> Option<f32> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = small.keys().filter(|key| large.contains_key(key)).count();
    Some(common as f32 / small.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Digest, ReportId, Text};

    #[test]
    fn thousands_are_put_together() {
        let text = "In 2016 300 men, 13\u{a0}000 women, 1.250.000 litres, 4,500 and 7.";
        let text = Text { string: text.to_owned(), blocks: vec![] };
        let report = Report::of_text(ReportId(Digest::of(b"1")), text);
        let found: Vec<String> = numbers(&report.text.string, &Sketch::of(&report))
            .into_iter()
            .map(|(digits, _)| digits)
            .collect();
        assert_eq!(found, ["2016", "300", "13000", "1250000", "4500"]);
    }
}
