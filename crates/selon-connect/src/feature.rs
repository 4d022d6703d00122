//! What a report is about: words of its own language, and features that mean the same in every
//! language: names as skeletons, numbers, places, figures, days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use selon_model::{PlaceRole, Precision, Report, TimeKind};

use crate::sketch::{fold, hash};
use crate::{Input, StopWords};

/// Days before and after the publication that an event day may lie; others are history.
const NEAR_DAYS: i64 = 45;

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
    /// Chosen places: id → mentions, countries left out.
    pub(crate) places: BTreeMap<String, u32>,
    /// Days the report speaks of: day → mentions.
    pub(crate) days: BTreeMap<Date, u32>,
    /// Classes of event among its figures.
    pub(crate) events: BTreeSet<String>,
    /// Day of publication.
    pub(crate) published: Option<Date>,
}

impl Features {
    /// The features of a report.
    pub(crate) fn of(input: &Input<'_>, stop: &StopWords) -> Self {
        let report = input.report;
        let mut features = Features {
            lang: report.language.tag.as_ref().map(|tag| tag.to_string()),
            published: report.published.as_ref().and_then(|when| when.date()),
            ..Features::default()
        };
        features.words_of(report, stop);
        for name in &report.names {
            *features.neutral.entry(hash(format!("name:{}", name.skeleton).as_bytes())).or_default() += 1.0;
        }
        features.places_of(report);
        features.figures_of(report);
        features.days_of(report);
        features
    }

    fn words_of(&mut self, report: &Report, stop: &StopWords) {
        let none = BTreeSet::new();
        let stop = self.lang.as_ref().and_then(|lang| stop.get(lang)).unwrap_or(&none);
        for block in report.text.blocks.iter().filter(|block| block.kind.is_prose()) {
            for word in report.text.words(block.span).split(|c: char| !c.is_alphanumeric()) {
                let folded = fold(word);
                let letters = folded.chars().count();
                let digits = folded.chars().all(|c| c.is_ascii_digit());
                if digits && letters >= 2 {
                    *self.neutral.entry(hash(format!("number:{folded}").as_bytes())).or_default() += 1.0;
                } else if letters >= 3 && !digits && !stop.contains(&folded) {
                    *self.words.entry(hash(folded.as_bytes())).or_default() += 1.0;
                }
            }
        }
    }

    fn places_of(&mut self, report: &Report) {
        for place in report.places.iter().filter(|place| place.role == PlaceRole::Place) {
            let id = place.choice().map(|choice| (choice.id.to_string(), choice.feature.starts_with("PCL")));
            let within = place.within.as_ref().map(|id| (id.to_string(), false));
            if let Some((id, is_country)) = id.or(within) {
                *self.neutral.entry(hash(format!("place:{id}").as_bytes())).or_default() += 1.0;
                if !is_country {
                    *self.places.entry(id).or_default() += 1;
                }
            }
        }
    }

    fn figures_of(&mut self, report: &Report) {
        for figure in &report.figures {
            let (Some(unit), Some(event)) = (&figure.unit, &figure.event) else { continue };
            self.events.insert(event.class.clone());
            if let Some(value) = figure.quantity.lower.or(figure.quantity.upper) {
                let key = format!("figure:{}:{}:{}", unit.class, event.class, value.normalize());
                *self.neutral.entry(hash(key.as_bytes())).or_default() += 1.0;
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
    }
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
