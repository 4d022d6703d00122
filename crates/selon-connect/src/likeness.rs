//! How like two reports are: by words where the language is the same, and by names, numbers,
//! places and figures in any language.
//!
//! Vectors are (1 + ln tf) · ln((N + background) / df) over the reports of one language, of unit
//! length. Between languages only features count that stand in texts of two languages at least: the
//! others are words of one language that merely look like names. A cosine says little by itself:
//! some reports are near to everything. So it is divided by how near each of the two is to its
//! nearest others in the other's language (local scaling: Zelnik-Manor and Perona 2004; between
//! languages the same cure of hubs as CSLS, Conneau et al. 2018).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use rayon::prelude::*;
use selon_model::Why;

use crate::feature::{Bag, Features, overlap};

/// Reports added to every count, so that the first reports of a small archive are weighed as if
/// they stood among others.
const BACKGROUND: f32 = 50.0;
/// Heaviest features of each kind by which candidates are found.
const KEYS: usize = 32;
/// Share of all reports above which a feature finds but some, those of its days, with the bounds of
/// that number.
const MOST_SHARE: usize = 10;
const MOST_KEYED: (usize, usize) = (50, 100);
/// Days on either side of a report in which a feature that is common over all may still be rare.
const WINDOW: i32 = 14;
/// Days that a report of which the month alone is known may be out of order.
const MONTH: i32 = 31;
/// Earlier reports that a report is measured against, those that share most.
pub(crate) const MOST_MEASURED: usize = 256;
/// Weight of words against names, numbers, places and figures, within one language.
const WORDS: f32 = 0.62;
/// What a name that keeps its vowels counts between languages: they are written in other ways there.
const SHORT_ABROAD: f32 = 0.6;
/// What is left of a likeness between reports of days apart that count otherwise.
const OTHER_BULLETIN: f32 = 0.5;
/// Nearest others that a likeness is measured by: within a language, and between two, where one
/// report of the same event is often all there is.
const NEAREST: usize = 5;
const NEAREST_ABROAD: usize = 2;
/// Least nearness to divide by: in a small archive even the nearest are strangers.
const LEAST_NEAR: f32 = 0.2;
const LEAST_NEAR_ABROAD: f32 = 0.25;
/// The same where only the order of the nearest is asked for.
const LEAST_NEAR_RANKED: f32 = 0.1;
/// What a likeness between two languages counts: names and numbers alone say less than words too.
const ABROAD: f32 = 0.9;
/// What is left of a likeness when years lie between two reports, and the days that halve the rest.
const LEAST_RECENT: f32 = 0.4;
const DAYS: f32 = 7.0;

/// Names of features in `Why`.
pub(crate) const FEATURE_WORDS: &str = "words";
pub(crate) const FEATURE_NEUTRAL: &str = "names and numbers";

/// Features with their weights, by feature.
type Vector = Vec<(u64, f32)>;

/// Pairs of reports with their likeness, in their order; the first of a pair is the smaller.
pub(crate) type Likenesses = Vec<((usize, usize), Likeness)>;

/// How like two reports are, with what it is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Likeness {
    /// Cosine of words; none between languages.
    pub(crate) words: Option<f32>,
    /// Cosine of what needs no language.
    pub(crate) neutral: f32,
    /// Days between their publications.
    pub(crate) days: Option<f32>,
    /// What is left of it for those days.
    pub(crate) recent: f32,
    /// The whole, against the nearest others of each.
    pub(crate) scaled: f32,
}

/// What [`measure`] found, against the nearest others of each. `groups` names the first of each
/// report's copies: copies count once among the nearest.
pub(crate) fn against_nearest(mut pairs: Likenesses, features: &[Features], groups: &[usize]) -> Likenesses {
    scale(&mut pairs, features, groups, LEAST_NEAR_ABROAD);
    pairs
}

/// The likeness of every pair of reports worth a look, before their nearest others are looked at.
pub(crate) fn measure(features: &[Features]) -> Likenesses {
    let vectors = Vectors::of(features);
    let index = KeyIndex::of(&vectors, features);
    let of_report = |shared: &mut Vec<(u32, f32)>, b: usize| -> Likenesses {
        let candidates = index.candidates(b, shared).into_iter();
        candidates.filter_map(|a| Some(((a, b), vectors.likeness(features, a, b)?))).collect()
    };
    let mut pairs: Likenesses =
        (0..features.len()).into_par_iter().map_init(Vec::new, of_report).flatten_iter().collect();
    pairs.par_sort_unstable_by_key(|(pair, _)| *pair);
    pairs
}

/// What a feature that `why` a report is in a story names counts in its likeness: the likeness is the
/// sum of values times weights, times how recent the two are, against their nearest others.
pub fn weight(why: &Why, feature: &str) -> Option<f64> {
    let is_within = why.features.iter().any(|(name, _)| name == FEATURE_WORDS);
    let weight = match feature {
        FEATURE_WORDS => WORDS,
        FEATURE_NEUTRAL if is_within => 1.0 - WORDS,
        FEATURE_NEUTRAL => ABROAD,
        _ => return None,
    };
    Some((f64::from(weight) * 1000.0).round() / 1000.0)
}

/// For each report its nearest in every other language.
pub(crate) fn nearest_abroad(measured: &Likenesses, features: &[Features]) -> Vec<(usize, usize)> {
    let groups: Vec<usize> = (0..features.len()).collect();
    let mut best: BTreeMap<(usize, Option<&str>), (f32, usize)> = BTreeMap::new();
    let mut pairs: Likenesses =
        measured.iter().filter(|(_, likeness)| likeness.words.is_none()).copied().collect();
    scale(&mut pairs, features, &groups, LEAST_NEAR_RANKED);
    for ((a, b), likeness) in pairs {
        for (at, other) in [(a, b), (b, a)] {
            let best = best.entry((at, features[other].lang.as_deref())).or_insert((likeness.scaled, other));
            if likeness.scaled > best.0 {
                *best = (likeness.scaled, other);
            }
        }
    }
    best.into_iter().map(|((at, _), (_, other))| (at, other)).collect()
}

/// Divides each likeness by the nearness of its two reports' nearest others.
fn scale(pairs: &mut Likenesses, features: &[Features], groups: &[usize], least_abroad: f32) {
    let tags: BTreeSet<&str> = features.iter().map(|one| one.lang.as_deref().unwrap_or("")).collect();
    let tags: BTreeMap<&str, u32> = tags.into_iter().zip(0..).collect();
    let lang: Vec<u32> = features.iter().map(|one| tags[one.lang.as_deref().unwrap_or("")]).collect();
    // Of each report: the other's language, its group, and how near it is.
    let mut others: Vec<Vec<(u32, usize, f32)>> = vec![Vec::new(); features.len()];
    for ((a, b), likeness) in pairs.iter().filter(|((a, b), _)| groups[*a] != groups[*b]) {
        for (at, other) in [(*a, *b), (*b, *a)] {
            others[at].push((lang[other], groups[other], likeness.scaled));
        }
    }
    // In a small archive the nearest may all be of one event, and their nearness tells nothing: it
    // counts in full from 2 · BACKGROUND reports on.
    let trust = (features.len() as f32 / (2.0 * BACKGROUND)).min(1.0);
    let near: Vec<Vec<(u32, f32)>> = others
        .into_par_iter()
        .enumerate()
        .map(|(at, mut others)| {
            others.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)).then(b.2.total_cmp(&a.2)));
            others.dedup_by_key(|other| (other.0, other.1));
            let of_lang = others.chunk_by_mut(|a, b| a.0 == b.0).map(|of_lang| {
                let (count, least) = match lang[at] == of_lang[0].0 {
                    true => (NEAREST, LEAST_NEAR),
                    false => (NEAREST_ABROAD, least_abroad),
                };
                of_lang.sort_unstable_by(|a, b| b.2.total_cmp(&a.2));
                let mean = of_lang.iter().take(count).map(|other| other.2).sum::<f32>() / count as f32;
                (of_lang[0].0, least * (mean.max(least) / least).powf(trust))
            });
            of_lang.collect()
        })
        .collect();
    let near = |at: usize, lang: u32| -> f32 {
        near[at].iter().find(|(of, _)| *of == lang).map_or(1.0, |(_, near)| *near)
    };
    pairs.par_iter_mut().for_each(|((a, b), likeness)| {
        let weight = if likeness.words.is_some() { 1.0 } else { ABROAD };
        likeness.scaled *= weight / (near(*a, lang[*b]) * near(*b, lang[*a])).sqrt();
    });
}

/// The same class of event on other days in other places is another event, however like the words.
fn vetoed(a: &Features, b: &Features) -> bool {
    a.events.iter().any(|event| b.events.contains(event))
        && overlap(&a.places, &b.places) == Some(0.0)
        && overlap(&a.days, &b.days) == Some(0.0)
}

fn days_apart(a: &Features, b: &Features) -> Option<f32> {
    let span = a.published?.since(b.published?).ok()?;
    Some((span.get_days() as f32).abs())
}

struct Vectors {
    words: Vec<Vector>,
    neutral: Vec<Vector>,
    /// Of `neutral` what stands in two languages at least.
    abroad: Vec<Vector>,
}

impl Vectors {
    fn of(features: &[Features]) -> Self {
        let langs: BTreeSet<Option<&str>> = features.iter().map(|one| one.lang.as_deref()).collect();
        let mut spread: HashMap<u64, u8> = HashMap::new();
        for lang in &langs {
            let of_lang = features.iter().filter(|one| one.lang.as_deref() == *lang);
            let known: BTreeSet<u64> = of_lang.flat_map(|one| one.neutral.keys().copied()).collect();
            for feature in known {
                *spread.entry(feature).or_default() += 1;
            }
        }
        let empty = vec![Vector::new(); features.len()];
        let mut vectors = Vectors { words: empty.clone(), neutral: empty.clone(), abroad: empty };
        for lang in langs {
            let members: Vec<usize> =
                (0..features.len()).filter(|at| features[*at].lang.as_deref() == lang).collect();
            let words = Weights::of(members.iter().map(|at| &features[*at].words));
            let neutral = Weights::of(members.iter().map(|at| &features[*at].neutral));
            for at in members {
                let one = &features[at];
                let abroad = |feature: u64| match spread[&feature] {
                    ..=1 => 0.0,
                    _ if one.short_names.contains(&feature) => SHORT_ABROAD,
                    _ => 1.0,
                };
                vectors.words[at] = words.weigh(&one.words, |_| 1.0);
                vectors.neutral[at] = neutral.weigh(&one.neutral, |_| 1.0);
                vectors.abroad[at] = neutral.weigh(&one.neutral, abroad);
            }
        }
        vectors
    }

    /// How like two reports are before their nearest others are looked at; `None`: not at all.
    fn likeness(&self, features: &[Features], a: usize, b: usize) -> Option<Likeness> {
        if vetoed(&features[a], &features[b]) {
            return None;
        }
        let days = days_apart(&features[a], &features[b]);
        // "the 2013 shooting", told at the trial: years make no difference.
        let (one, other) = (&features[a], &features[b]);
        let recalled = one.looks_back_to(other) || other.looks_back_to(one);
        let recent = days
            .filter(|_| !recalled)
            .map_or(1.0, |days| LEAST_RECENT + (1.0 - LEAST_RECENT) / (1.0 + (days / DAYS) * (days / DAYS)));
        let same = features[a].lang == features[b].lang;
        let words = same.then(|| dot(&self.words[a], &self.words[b]));
        let neutral = if same { &self.neutral } else { &self.abroad };
        let neutral = dot(&neutral[a], &neutral[b]);
        let whole = words.map_or(neutral, |words| WORDS * words + (1.0 - WORDS) * neutral) * recent;
        let whole = if !recalled && one.is_other_bulletin(other) { whole * OTHER_BULLETIN } else { whole };
        (whole > 0.0).then_some(Likeness { words, neutral, days, recent, scaled: whole })
    }
}

/// The heaviest features of each report, and which reports have each among theirs. A feature of more
/// than `most` reports finds only some of the same days: so a report costs the same however many
/// came before it.
struct KeyIndex {
    /// Of each kind of feature.
    kinds: Vec<Keys>,
    days: Vec<Option<i32>>,
    /// Reports of which a feature finds all.
    most: usize,
}

struct Keys {
    /// The keys of each report with their weights, and whether each is rare over all reports.
    of_report: Vec<Vec<(u64, f32, bool)>>,
    holders: HashMap<u64, Vec<(u32, f32)>>,
}

impl KeyIndex {
    fn of(vectors: &Vectors, features: &[Features]) -> Self {
        let most = (features.len() / MOST_SHARE).clamp(MOST_KEYED.0, MOST_KEYED.1);
        let epoch = Date::constant(1970, 1, 1);
        let day = |features: &Features| Some(features.published?.since(epoch).ok()?.get_days());
        let days: Vec<Option<i32>> = features.iter().map(day).collect();
        let kinds = [&vectors.words, &vectors.neutral, &vectors.abroad];
        KeyIndex {
            kinds: kinds.into_par_iter().map(|kind| Keys::of(kind, &days, most)).collect(),
            days,
            most,
        }
    }

    /// The earlier reports that share keys with report `b`, those that share most of them.
    fn candidates(&self, b: usize, shared: &mut Vec<(u32, f32)>) -> Vec<usize> {
        shared.clear();
        for kind in &self.kinds {
            for (key, weight, is_rare) in &kind.of_report[b] {
                let holders = &kind.holders[key];
                let before = holders.partition_point(|(holder, _)| (*holder as usize) < b);
                if *is_rare {
                    shared.extend(holders[..before].iter().map(|(holder, other)| (*holder, weight * other)));
                    continue;
                }
                // Of those of its days, as many as a rare feature has at most, spread evenly.
                let Some(day) = self.days[b] else { continue };
                let from = holders[..before].partition_point(|(holder, _)| {
                    self.days[*holder as usize].is_none_or(|of| of < day - WINDOW - MONTH)
                });
                let near = &holders[from..before];
                let step = near.len().div_ceil(self.most).max(1);
                for (holder, other) in near.iter().rev().step_by(step) {
                    if self.days[*holder as usize].is_some_and(|of| (day - of).abs() <= WINDOW) {
                        shared.push((*holder, weight * other));
                    }
                }
            }
        }
        shared.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let of_holder = shared.chunk_by(|a, b| a.0 == b.0);
        let mut sums: Vec<(u32, f32)> =
            of_holder.map(|same| (same[0].0, same.iter().map(|(_, product)| product).sum())).collect();
        if sums.len() > MOST_MEASURED {
            sums.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            sums.truncate(MOST_MEASURED);
        }
        sums.into_iter().map(|(holder, _)| holder as usize).collect()
    }
}

impl Keys {
    fn of(vectors: &[Vector], days: &[Option<i32>], most: usize) -> Self {
        let mut held: HashMap<u64, Vec<Option<i32>>> = HashMap::new();
        for (vector, day) in vectors.iter().zip(days) {
            vector.iter().for_each(|(feature, _)| held.entry(*feature).or_default().push(*day));
        }
        held.par_iter_mut().for_each(|(_, days)| days.sort_unstable());
        // Whether a feature is a key of a report of some day, and then whether it is rare over all.
        let key = |feature: u64, day: Option<i32>| -> Option<bool> {
            let held = &held[&feature];
            if held.len() <= most {
                return (held.len() >= 2).then_some(true);
            }
            let day = day?;
            let from = held.partition_point(|held| *held < Some(day - WINDOW));
            let until = held.partition_point(|held| *held <= Some(day + WINDOW));
            (until - from >= 2).then_some(false)
        };
        let of_report: Vec<Vec<(u64, f32, bool)>> = vectors
            .par_iter()
            .zip(days)
            .map(|(vector, day)| {
                let mut keys: Vec<(u64, f32, bool)> = vector
                    .iter()
                    .filter_map(|(feature, weight)| Some((*feature, *weight, key(*feature, *day)?)))
                    .collect();
                keys.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                keys.truncate(KEYS);
                keys
            })
            .collect();
        let mut holders: HashMap<u64, Vec<(u32, f32)>> = HashMap::new();
        for (at, keys) in (0..).zip(&of_report) {
            keys.iter().for_each(|(key, weight, _)| holders.entry(*key).or_default().push((at, *weight)));
        }
        Keys { of_report, holders }
    }
}

/// How many reports of one language hold each feature.
struct Weights {
    reports: f32,
    holders: HashMap<u64, f32>,
}

impl Weights {
    fn of<'a>(bags: impl Iterator<Item = &'a Bag>) -> Self {
        let mut weights = Weights { reports: BACKGROUND, holders: HashMap::new() };
        for bag in bags {
            weights.reports += 1.0;
            bag.keys().for_each(|feature| *weights.holders.entry(*feature).or_default() += 1.0);
        }
        weights
    }

    /// The vector of a bag, each feature by what `worth` it is; those of no worth are left out.
    fn weigh(&self, bag: &Bag, worth: impl Fn(u64) -> f32) -> Vector {
        let rare = |feature: &u64| (self.reports / self.holders[feature]).ln();
        let mut vector: Vector = bag
            .iter()
            .map(|(feature, tf)| (*feature, worth(*feature) * (1.0 + tf.ln()) * rare(feature)))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        vector
    }
}

fn dot(a: &[(u64, f32)], b: &[(u64, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((x, v)), Some((y, w))) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += v * w;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(event: &str, place: &str, day: i8) -> Features {
        Features {
            words: (0..40).map(|word| (word, 1.0)).collect(),
            neutral: (100..110).map(|name| (name, 1.0)).collect(),
            places: [(place.to_owned(), 1)].into(),
            days: [(Date::constant(2016, 7, day), 1)].into(),
            events: [event.to_owned()].into(),
            published: Some(Date::constant(2016, 7, day)),
            ..Features::default()
        }
    }

    #[test]
    fn one_kind_of_event_elsewhere_on_other_days_is_another_event() {
        let pairs = |a: Features, b: Features| measure(&[a, b]).len();
        assert_eq!(pairs(about("killed", "Aleppo", 2), about("killed", "Mosul", 9)), 0);
        assert_eq!(pairs(about("killed", "Aleppo", 2), about("killed", "Mosul", 2)), 1, "the same day");
        assert_eq!(pairs(about("killed", "Aleppo", 2), about("killed", "Aleppo", 9)), 1, "the same place");
        assert_eq!(pairs(about("killed", "Aleppo", 2), about("evacuated", "Mosul", 9)), 1);
    }

    #[test]
    fn a_common_feature_is_a_key_among_reports_of_its_days() {
        // One report a day over 600 days, all of the same words: rare only within the window.
        let features: Vec<Features> = (0..600)
            .map(|day| {
                let mut one = about("killed", "Aleppo", 1);
                one.published = Date::constant(2016, 1, 1).checked_add(jiff::Span::new().days(day)).ok();
                one
            })
            .collect();
        let pairs = measure(&features);
        let apart = |(a, b): (usize, usize)| b - a;
        assert!(pairs.iter().all(|(pair, _)| apart(*pair) <= WINDOW as usize));
        assert_eq!(pairs.len(), (1..600).map(|at| at.min(WINDOW as usize)).sum::<usize>());
    }
}
