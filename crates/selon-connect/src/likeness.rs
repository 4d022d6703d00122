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

use crate::feature::{Bag, Features, overlap};

/// Reports added to every count, so that the first reports of a small archive are weighed as if
/// they stood among others.
const BACKGROUND: f32 = 50.0;
/// Heaviest features of each kind by which candidates are found.
const KEYS: usize = 32;
/// Share of all reports above which a feature finds none, with the bounds of that number.
const MOST_SHARE: usize = 10;
const MOST_KEYED: (usize, usize) = (50, 500);
/// Weight of words against names, numbers, places and figures, within one language.
const WORDS: f32 = 0.6;
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
const ABROAD: f32 = 0.8;
/// What is left of a likeness when years lie between two reports, and the days that halve the rest.
const LEAST_RECENT: f32 = 0.4;
const DAYS: f32 = 7.0;

/// Features with their weights, by feature.
type Vector = Vec<(u64, f32)>;

/// How like two reports are, with what it is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Likeness {
    /// Cosine of words; none between languages.
    pub(crate) words: Option<f32>,
    /// Cosine of what needs no language.
    pub(crate) neutral: f32,
    /// Days between their publications.
    pub(crate) days: Option<f32>,
    /// The whole, against the nearest others of each.
    pub(crate) scaled: f32,
}

/// The likeness of every pair of reports worth a look; the first of a pair is the smaller. `groups`
/// names the first of each report's copies: copies count once among the nearest.
pub(crate) fn find_likenesses(features: &[Features], groups: &[usize]) -> BTreeMap<(usize, usize), Likeness> {
    let mut pairs = measure(features);
    scale(&mut pairs, features, groups, LEAST_NEAR_ABROAD);
    pairs
}

fn measure(features: &[Features]) -> BTreeMap<(usize, usize), Likeness> {
    let vectors = Vectors::of(features);
    let mut pairs = BTreeMap::new();
    for (a, b) in vectors.candidates() {
        if vetoed(&features[a], &features[b]) {
            continue;
        }
        let days = days_apart(&features[a], &features[b]);
        let recent = days
            .map_or(1.0, |days| LEAST_RECENT + (1.0 - LEAST_RECENT) / (1.0 + (days / DAYS) * (days / DAYS)));
        let same = features[a].lang == features[b].lang;
        let words = same.then(|| dot(&vectors.words[a], &vectors.words[b]));
        let neutral = if same { &vectors.neutral } else { &vectors.abroad };
        let neutral = dot(&neutral[a], &neutral[b]);
        let whole = words.map_or(neutral, |words| WORDS * words + (1.0 - WORDS) * neutral) * recent;
        if whole > 0.0 {
            pairs.insert((a, b), Likeness { words, neutral, days, scaled: whole });
        }
    }
    pairs
}

/// For each report its nearest in every other language.
pub(crate) fn nearest_abroad(features: &[Features]) -> Vec<(usize, usize)> {
    let groups: Vec<usize> = (0..features.len()).collect();
    let mut best: BTreeMap<(usize, Option<&str>), (f32, usize)> = BTreeMap::new();
    let mut pairs = measure(features);
    scale(&mut pairs, features, &groups, LEAST_NEAR_RANKED);
    for ((a, b), likeness) in pairs {
        if likeness.words.is_some() {
            continue;
        }
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
fn scale(
    pairs: &mut BTreeMap<(usize, usize), Likeness>,
    features: &[Features],
    groups: &[usize],
    least_abroad: f32,
) {
    let lang = |at: usize| features[at].lang.as_deref().unwrap_or("");
    let mut nearest: HashMap<(usize, &str), BTreeMap<usize, f32>> = HashMap::new();
    for ((a, b), likeness) in pairs.iter().filter(|((a, b), _)| groups[*a] != groups[*b]) {
        for (at, other) in [(*a, *b), (*b, *a)] {
            let of_group = nearest.entry((at, lang(other))).or_default().entry(groups[other]).or_default();
            *of_group = of_group.max(likeness.scaled);
        }
    }
    // In a small archive the nearest may all be of one event, and their nearness tells nothing: it
    // counts in full from 2 · BACKGROUND reports on.
    let trust = (features.len() as f32 / (2.0 * BACKGROUND)).min(1.0);
    let near: HashMap<(usize, &str), f32> = nearest
        .into_iter()
        .map(|((at, other), by_group)| {
            let mut list: Vec<f32> = by_group.into_values().collect();
            let (count, least) = match lang(at) == other {
                true => (NEAREST, LEAST_NEAR),
                false => (NEAREST_ABROAD, least_abroad),
            };
            list.sort_by(|a, b| b.total_cmp(a));
            let mean = list.iter().take(count).sum::<f32>() / count as f32;
            ((at, other), least * (mean.max(least) / least).powf(trust))
        })
        .collect();
    for ((a, b), likeness) in pairs.iter_mut() {
        let near = |at: usize, other: usize| near.get(&(at, lang(other))).copied().unwrap_or(1.0);
        let weight = if likeness.words.is_some() { 1.0 } else { ABROAD };
        likeness.scaled *= weight / (near(*a, *b) * near(*b, *a)).sqrt();
    }
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
                vectors.words[at] = words.weigh(&features[at].words, |_| true);
                vectors.neutral[at] = neutral.weigh(&features[at].neutral, |_| true);
                vectors.abroad[at] = neutral.weigh(&features[at].neutral, |feature| spread[&feature] > 1);
            }
        }
        vectors
    }

    /// Pairs that share one of their heaviest features.
    fn candidates(&self) -> BTreeSet<(usize, usize)> {
        let most = (self.words.len() / MOST_SHARE).clamp(MOST_KEYED.0, MOST_KEYED.1);
        let mut pairs = BTreeSet::new();
        for vectors in [&self.words, &self.neutral, &self.abroad] {
            let mut count: HashMap<u64, usize> = HashMap::new();
            vectors.iter().flatten().for_each(|(feature, _)| *count.entry(*feature).or_default() += 1);
            let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for (at, vector) in vectors.iter().enumerate() {
                let mut keys: Vec<&(u64, f32)> =
                    vector.iter().filter(|(feature, _)| (2..=most).contains(&count[feature])).collect();
                keys.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                keys.into_iter().take(KEYS).for_each(|(key, _)| holders.entry(*key).or_default().push(at));
            }
            for holders in holders.values() {
                for (index, b) in holders.iter().enumerate() {
                    pairs.extend(holders[..index].iter().map(|a| (*a, *b)));
                }
            }
        }
        pairs
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

    fn weigh(&self, bag: &Bag, wanted: impl Fn(u64) -> bool) -> Vector {
        let mut vector: Vector = bag
            .iter()
            .filter(|(feature, _)| wanted(**feature))
            .map(|(feature, tf)| (*feature, (1.0 + tf.ln()) * (self.reports / self.holders[feature]).ln()))
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
