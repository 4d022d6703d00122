//! Stories: the reports of one event, in one pass over the stream of reports.
//!
//! A report joins the story it is most like, by words where the language is the same, and by
//! names, numbers, places, figures and days in any language; or begins a new one. Text reuse
//! forces a join; likeness of topic alone never does (section 5 of the design: words, places
//! and days together decide).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use selon_model::{
    DateEvidence, Digest, GazetteerId, Link, LinkKind, Member, ReportId, RuleId, Story, StoryId, When, Why,
};

use crate::feature::{Bag, Features, overlap};
use crate::{Input, StopWords};

/// Days after its last report in which a story takes new ones.
const OPEN_DAYS: f32 = 14.0;
/// Heaviest features by which candidates are found.
const KEYS: usize = 24;
/// Documents added to every count, so that the first reports of a small archive are weighed as
/// if they stood among others.
const BACKGROUND: f32 = 200.0;

// Weights of the linear score, set by hand on cases and examples; a join needs a sum above 0.
const BIAS: f32 = -2.2;
const WORDS: f32 = 4.0;
const NEUTRAL: f32 = 4.0;
const PLACES: f32 = 1.0;
const DAYS: f32 = 0.8;
const RECENT: f32 = 0.6;

struct Cluster {
    members: Vec<(usize, Why)>,
    words: BTreeMap<String, Bag>,
    neutral: Bag,
    places: BTreeMap<String, u32>,
    days: BTreeMap<Date, u32>,
    events: BTreeSet<String>,
    last: Option<Date>,
}

/// The stories of `inputs`, in the order of their first members.
pub(crate) fn find_stories(inputs: &[Input<'_>], links: &[Link], stop: &StopWords) -> Vec<Story> {
    let features: Vec<Features> = inputs.iter().map(|input| Features::of(input, stop)).collect();
    let position: HashMap<ReportId, usize> =
        inputs.iter().enumerate().map(|(index, input)| (input.report.id, index)).collect();
    let mut forced: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for link in links.iter().filter(|link| joins(link.kind)) {
        if let (Some(a), Some(b)) = (position.get(&link.from), position.get(&link.to)) {
            forced.entry(*a.max(b)).or_default().push(*a.min(b));
        }
    }
    let mut pass = Pass::default();
    for (index, features) in features.iter().enumerate() {
        let reuse = forced.get(&index).and_then(|others| others.iter().map(|other| pass.home[*other]).min());
        pass.take(index, features, reuse);
    }
    let families = families(inputs.len(), links, &position);
    pass.clusters.into_iter().map(|cluster| story(inputs, cluster, &families)).collect()
}

/// Kinds of reuse that make two reports reports of one event.
fn joins(kind: LinkKind) -> bool {
    matches!(
        kind,
        LinkKind::Duplicate
            | LinkKind::Abridged
            | LinkKind::Edited
            | LinkKind::Revision
            | LinkKind::Translation
    )
}

#[derive(Default)]
struct Pass {
    clusters: Vec<Cluster>,
    home: Vec<usize>,
    by_feature: HashMap<u64, Vec<usize>>,
    frequency: HashMap<String, HashMap<u64, f32>>,
    count: HashMap<String, f32>,
}

impl Pass {
    fn take(&mut self, index: usize, features: &Features, reuse: Option<usize>) {
        let lang = features.lang.clone().unwrap_or_default();
        self.count_documents(&lang, &features.words);
        self.count_documents("", &features.neutral);
        let words = self.weigh(&lang, &features.words);
        let neutral = self.weigh("", &features.neutral);
        let keys = heaviest(&words, &neutral);
        let mut candidates: BTreeSet<usize> =
            keys.iter().filter_map(|key| self.by_feature.get(key)).flatten().copied().collect();
        candidates.extend(reuse);
        let mut scored: Vec<(f32, usize, Why)> = candidates
            .into_iter()
            .filter_map(|cluster| {
                let (score, why) = self.score(cluster, &lang, &words, &neutral, features)?;
                Some((score, cluster, why))
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let runner_up = |cluster: usize| {
            scored.iter().find(|(_, other, _)| *other != cluster).map(|(score, other, _)| {
                format!("story of report {}: {score:.2}", self.clusters[*other].members[0].0)
            })
        };
        let (home, why) = match (reuse, scored.first()) {
            (Some(home), _) => {
                let why =
                    Why { rule: "core.story.reuse".into(), features: vec![], instead_of: runner_up(home) };
                (home, why)
            }
            (None, Some((score, home, why))) if *score >= 0.0 => {
                (*home, Why { instead_of: runner_up(*home), ..why.clone() })
            }
            (None, best) => {
                let instead_of = best.map(|(score, other, _)| {
                    format!("story of report {}: {score:.2}", self.clusters[*other].members[0].0)
                });
                self.clusters.push(Cluster {
                    members: Vec::new(),
                    words: BTreeMap::new(),
                    neutral: Bag::new(),
                    places: BTreeMap::new(),
                    days: BTreeMap::new(),
                    events: BTreeSet::new(),
                    last: None,
                });
                (
                    self.clusters.len() - 1,
                    Why { rule: "core.story.first".into(), features: vec![], instead_of },
                )
            }
        };
        for key in keys {
            let list = self.by_feature.entry(key).or_default();
            if !list.contains(&home) {
                list.push(home);
            }
        }
        self.home.push(home);
        self.clusters[home].add(index, why, &lang, &words, &neutral, features);
    }

    fn count_documents(&mut self, lang: &str, bag: &Bag) {
        *self.count.entry(lang.to_owned()).or_default() += 1.0;
        let frequency = self.frequency.entry(lang.to_owned()).or_default();
        for feature in bag.keys() {
            *frequency.entry(*feature).or_default() += 1.0;
        }
    }

    /// (1 + ln tf) · ln((N + background) / (df + 1)), unit length.
    fn weigh(&self, lang: &str, bag: &Bag) -> Bag {
        let documents = self.count.get(lang).copied().unwrap_or(0.0) + BACKGROUND;
        let frequency = self.frequency.get(lang);
        let mut weighed: Bag = bag
            .iter()
            .map(|(feature, tf)| {
                let df = frequency.and_then(|frequency| frequency.get(feature)).copied().unwrap_or(0.0);
                (*feature, (1.0 + tf.ln()) * (documents / (df + 1.0)).ln().max(0.0))
            })
            .collect();
        let length = weighed.values().map(|weight| weight * weight).sum::<f32>().sqrt();
        if length > 0.0 {
            weighed.values_mut().for_each(|weight| *weight /= length);
        }
        weighed
    }

    /// The score of a report against a story; `None` where a veto speaks.
    fn score(
        &self,
        cluster: usize,
        lang: &str,
        words: &Bag,
        neutral: &Bag,
        features: &Features,
    ) -> Option<(f32, Why)> {
        let cluster = &self.clusters[cluster];
        let days_apart = match (features.published, cluster.last) {
            (Some(a), Some(b)) => Some(a.since(b).map_or(f32::MAX, |span| (span.get_days() as f32).abs())),
            _ => None,
        };
        let places = overlap(&features.places, &cluster.places);
        let days = overlap(&features.days, &cluster.days);
        if days_apart.is_some_and(|days| days > OPEN_DAYS)
            && !(days.unwrap_or(0.0) > 0.0 && places.unwrap_or(0.0) > 0.0)
        {
            return None;
        }
        let same_class = features.events.iter().any(|event| cluster.events.contains(event));
        if same_class && places == Some(0.0) && days == Some(0.0) {
            return None;
        }
        let mut named: Vec<(String, f64)> = Vec::new();
        let mut score = BIAS;
        let mut count = |name: &str, value: Option<f32>, weight: f32| {
            if let Some(value) = value {
                score += weight * value;
                named.push((name.to_owned(), (f64::from(value) * 1000.0).round() / 1000.0));
            }
        };
        count("words", cluster.words.get(lang).map(|centroid| cosine(words, centroid)), WORDS);
        count("neutral", (!neutral.is_empty()).then(|| cosine(neutral, &cluster.neutral)), NEUTRAL);
        count("places", places, PLACES);
        count("days", days, DAYS);
        count("recent", days_apart.map(|days| 1.0 / (1.0 + (days / 7.0) * (days / 7.0))), RECENT);
        Some((score, Why { rule: "core.story.like".into(), features: named, instead_of: None }))
    }
}

impl Cluster {
    fn add(&mut self, index: usize, why: Why, lang: &str, words: &Bag, neutral: &Bag, features: &Features) {
        self.members.push((index, why));
        let centroid = self.words.entry(lang.to_owned()).or_default();
        words.iter().for_each(|(feature, weight)| *centroid.entry(*feature).or_default() += weight);
        neutral.iter().for_each(|(feature, weight)| *self.neutral.entry(*feature).or_default() += weight);
        features
            .places
            .iter()
            .for_each(|(place, count)| *self.places.entry(place.clone()).or_default() += count);
        features.days.iter().for_each(|(day, count)| *self.days.entry(*day).or_default() += count);
        self.events.extend(features.events.iter().cloned());
        self.last = self.last.max(features.published);
    }
}

fn heaviest(words: &Bag, neutral: &Bag) -> Vec<u64> {
    let mut all: Vec<(f32, u64)> =
        words.iter().chain(neutral).map(|(feature, weight)| (*weight, *feature)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut keys: Vec<u64> = all.into_iter().take(KEYS).map(|(_, feature)| feature).collect();
    // what needs no language is always a key: it is few, and the only bridge between languages
    keys.extend(neutral.keys());
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Cosine of a unit vector and a centroid of any length.
fn cosine(unit: &Bag, centroid: &Bag) -> f32 {
    let length = centroid.values().map(|weight| weight * weight).sum::<f32>().sqrt();
    if length == 0.0 {
        return 0.0;
    }
    unit.iter().filter_map(|(feature, weight)| Some(weight * centroid.get(feature)?)).sum::<f32>() / length
}

/// Union-find over duplicate and abridged links: one independent text each.
fn families(count: usize, links: &[Link], position: &HashMap<ReportId, usize>) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for link in links.iter().filter(|link| matches!(link.kind, LinkKind::Duplicate | LinkKind::Abridged)) {
        if let (Some(a), Some(b)) = (position.get(&link.from), position.get(&link.to)) {
            let (a, b) = (root(&mut parent, *a), root(&mut parent, *b));
            parent[a.max(b)] = a.min(b);
        }
    }
    (0..count).map(|at| root(&mut parent, at)).collect()
}

fn story(inputs: &[Input<'_>], cluster: Cluster, families: &[usize]) -> Story {
    let first = inputs[cluster.members[0].0].report;
    let id = StoryId(Digest::of_parts(&[first.payload.as_bytes(), &first.part.to_be_bytes()]));
    let mut numbers: BTreeMap<usize, u32> = BTreeMap::new();
    let when = event_day(&cluster, inputs);
    let mut places: Vec<(&String, &u32)> = cluster.places.iter().collect();
    places.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let places = places.into_iter().take(3).map(|(id, _)| GazetteerId(id.clone())).collect();
    let members = cluster
        .members
        .into_iter()
        .map(|(index, why)| {
            let next = numbers.len() as u32;
            let family = *numbers.entry(families[index]).or_insert(next);
            Member { report: inputs[index].report.id, family, why }
        })
        .collect();
    Story { id, was: Vec::new(), members, when, places }
}

/// The day most often spoken of that is not after the last report; else the day of the first
/// report.
fn event_day(cluster: &Cluster, inputs: &[Input<'_>]) -> Option<When> {
    let spoken = cluster
        .days
        .iter()
        .filter(|(day, _)| cluster.last.is_none_or(|last| **day <= last))
        .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
        .map(|(day, _)| When { inferred: true, ..When::day(*day, RuleId::core("core.story.day_spoken_of")) });
    spoken.or_else(|| {
        let first = inputs[cluster.members[0].0].report.published.as_ref()?.date()?;
        let when = When::day(first, RuleId::core("core.story.day_of_first_report"));
        Some(When { inferred: true, evidence: Some(DateEvidence::Text), ..when })
    })
}
