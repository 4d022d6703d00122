//! Stories: the reports of one event, in all languages.
//!
//! Reports that took over one another's text belong together; beyond that the two clusters whose
//! reports are most like on average are joined, until none are like enough (average linkage). All
//! reports are looked at at once, so the order in which they came plays no part. Likeness of words,
//! names, numbers, places and days decides together (`likeness.rs`).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use jiff::civil::Date;
use rayon::prelude::*;
use selon_model::{
    DateEvidence, Digest, GazetteerId, Link, LinkKind, Member, ReportId, RuleId, Story, StoryId, When, Why,
};

use crate::duplicate::is_one_form;
use crate::feature::Features;
use crate::likeness::{FEATURE_NEUTRAL, FEATURE_WORDS, Likeness, Likenesses, MOST_MEASURED, against_nearest};
use crate::sketch::{Sketch, hash};
use crate::union::{Foes, unite, unite_but};
use crate::{Decisions, Input, StopWords};

/// Mean likeness above which two clusters are one story (set on texts without dates in one
/// language, where .55 to .60 do nearly as well, and on the same texts in seven languages).
const LIKE: f64 = 0.58;

/// The stories of `inputs`, in the order of their first members.
pub(crate) fn find_stories(
    inputs: &[Input<'_>],
    features: &[Features],
    mut measured: Likenesses,
    links: &[Link],
    decisions: &Decisions,
) -> Vec<Story> {
    let position: HashMap<ReportId, usize> =
        inputs.iter().enumerate().map(|(index, input)| (input.report.id, index)).collect();
    // Words taken over about other days, with other numbers, are another day's bulletin.
    let mut joined = pairs_of(links, &position, joins);
    joined.retain(|(a, b)| {
        let (a, b) = (&features[*a], &features[*b]);
        !(a.is_other_bulletin(b) || a.speaks_of_other_days(b) && a.counts_otherwise(b))
    });
    joined.extend(pairs_of(links, &position, |kind| kind == LinkKind::Revision));
    let forms: BTreeSet<(usize, usize)> = links
        .iter()
        .filter(|link| is_one_form(link))
        .filter_map(|link| Some((*position.get(&link.from)?, *position.get(&link.to)?)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    measured.retain(|(pair, _)| !forms.contains(pair));
    let families =
        pairs_of(links, &position, |kind| matches!(kind, LinkKind::Duplicate | LinkKind::Abridged));
    let families = unite(inputs.len(), families.into_iter());
    let places = |pairs: &[(ReportId, ReportId)]| -> Vec<(usize, usize)> {
        pairs.iter().filter_map(|(a, b)| Some((*position.get(a)?, *position.get(b)?))).collect()
    };
    let decided = Decided { together: places(&decisions.together), apart: places(&decisions.apart) };
    // Copies count once among the nearest, whatever people decide about their stories.
    // A translation is what is nearest in its language: it is measured by.
    let copies = pairs_of(links, &position, |kind| joins(kind) && kind != LinkKind::Translation);
    let copies = unite(inputs.len(), copies.into_iter());
    let likenesses = against_nearest(measured, features, &copies);
    let home = decided.homes(inputs.len(), &joined, &likenesses);
    let before = match decisions.is_empty() {
        true => home.clone(),
        false => Decided::default().homes(inputs.len(), &joined, &likenesses),
    };
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, home) in home.iter().enumerate() {
        members.entry(*home).or_default().push(index);
    }
    let reasons = Reasons::of(&home, &joined, &decided, &likenesses);
    let story = |members: Vec<usize>| {
        let mut story = story(inputs, features, &members, &families, &reasons);
        let were: BTreeSet<usize> =
            members.iter().map(|at| before[*at]).filter(|at| *at != members[0]).collect();
        story.was = were.into_iter().map(|at| id_of(&inputs[at])).collect();
        story
    };
    members.into_values().map(story).collect()
}

/// What people decided, by the places of reports.
#[derive(Default)]
struct Decided {
    together: Vec<(usize, usize)>,
    apart: Vec<(usize, usize)>,
}

impl Decided {
    /// The first member of each report's story.
    fn homes(&self, count: usize, reuse: &[(usize, usize)], likenesses: &Likenesses) -> Vec<usize> {
        let pairs = self.together.iter().chain(reuse).copied();
        let groups = unite_but(count, pairs, &self.apart);
        let foes = Foes::of(self.apart.iter().map(|(a, b)| (groups[*a], groups[*b])));
        let mut clusters = Clusters::new(&groups, foes, likenesses);
        clusters.join();
        clusters.homes(&groups)
    }
}

fn id_of(first: &Input<'_>) -> StoryId {
    StoryId(Digest::of_parts(&[first.report.payload.as_bytes(), &first.report.part.to_be_bytes()]))
}

/// What each report is about.
pub(crate) fn features(inputs: &[Input<'_>], sketches: &[Sketch], stop: &StopWords) -> Vec<Features> {
    let stop: BTreeMap<&str, BTreeSet<u64>> = stop
        .iter()
        .map(|(lang, words)| (lang.as_str(), words.iter().map(|word| hash(word.as_bytes())).collect()))
        .collect();
    inputs.par_iter().zip(sketches).map(|(input, sketch)| Features::of(input, sketch, &stop)).collect()
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

/// The reports that links of some kinds join, by their places.
fn pairs_of(
    links: &[Link],
    position: &HashMap<ReportId, usize>,
    wanted: impl Fn(LinkKind) -> bool,
) -> Vec<(usize, usize)> {
    links
        .iter()
        .filter(|link| wanted(link.kind))
        .filter_map(|link| Some((*position.get(&link.from)?, *position.get(&link.to)?)))
        .collect()
}

/// Two clusters that may be joined; the most alike first, then the earliest.
#[derive(PartialEq)]
struct Candidate {
    mean: f64,
    pair: (usize, usize),
    /// How often each of the two had been joined when this was written.
    versions: (u32, u32),
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.mean
            .total_cmp(&other.mean)
            .then_with(|| other.pair.cmp(&self.pair))
            .then_with(|| self.versions.cmp(&other.versions))
    }
}

/// How many pairs of reports of two clusters are measured at most: in large stories not every one is.
fn measured(one: usize, other: usize) -> f64 {
    let bound = MOST_MEASURED.saturating_mul(one + other) / 2;
    one.saturating_mul(other).min(bound) as f64
}

/// Clusters under the number of their first report, with the sums of likeness between them.
struct Clusters {
    size: Vec<usize>,
    version: Vec<u32>,
    into: Vec<usize>,
    near: Vec<BTreeMap<usize, f64>>,
    open: BinaryHeap<Candidate>,
    foes: Foes,
}

impl Clusters {
    fn new(reuse: &[usize], foes: Foes, likenesses: &Likenesses) -> Self {
        let count = reuse.len();
        let mut clusters = Clusters {
            size: vec![0; count],
            version: vec![0; count],
            into: (0..count).collect(),
            near: vec![BTreeMap::new(); count],
            open: BinaryHeap::new(),
            foes,
        };
        reuse.iter().for_each(|home| clusters.size[*home] += 1);
        for ((a, b), likeness) in likenesses {
            let (a, b) = (reuse[*a], reuse[*b]);
            if a != b {
                for (one, other) in [(a, b), (b, a)] {
                    *clusters.near[one].entry(other).or_default() += f64::from(likeness.scaled);
                }
            }
        }
        for at in 0..count {
            clusters.offer(at, |other| at < other);
        }
        clusters
    }

    /// Writes down which clusters `at` may be joined with.
    fn offer(&mut self, at: usize, wanted: impl Fn(usize) -> bool) {
        for (other, sum) in self.near[at].iter().filter(|(other, _)| wanted(**other)) {
            let mean = sum / measured(self.size[at], self.size[*other]);
            if mean >= LIKE {
                let pair = (at.min(*other), at.max(*other));
                let versions = (self.version[pair.0], self.version[pair.1]);
                self.open.push(Candidate { mean, pair, versions });
            }
        }
    }

    fn join(&mut self) {
        while let Some(Candidate { pair: (a, b), versions, .. }) = self.open.pop() {
            if versions != (self.version[a], self.version[b]) || self.foes.are(a, b) {
                continue;
            }
            self.foes.join(a, b);
            self.version[a] += 1;
            self.version[b] += 1;
            self.size[a] += self.size[b];
            self.into[b] = a;
            for (other, sum) in std::mem::take(&mut self.near[b]) {
                self.near[other].remove(&b);
                if other != a {
                    *self.near[a].entry(other).or_default() += sum;
                    *self.near[other].entry(a).or_default() += sum;
                }
            }
            self.offer(a, |_| true);
        }
    }

    fn homes(&self, reuse: &[usize]) -> Vec<usize> {
        let home = |mut at: usize| {
            while self.into[at] != at {
                at = self.into[at];
            }
            at
        };
        reuse.iter().map(|at| home(*at)).collect()
    }
}

/// What speaks for a report's story, and for the best other one.
#[derive(Default)]
struct Reasons {
    decided: BTreeSet<usize>,
    reused: BTreeSet<usize>,
    own: HashMap<usize, (Likeness, usize)>,
    other: HashMap<usize, (Likeness, usize)>,
}

impl Reasons {
    fn of(home: &[usize], reuse: &[(usize, usize)], decided: &Decided, likenesses: &Likenesses) -> Self {
        let mut reasons = Reasons::default();
        let inside = |(a, b): &&(usize, usize)| home[*a] == home[*b];
        reasons.reused.extend(reuse.iter().filter(inside).flat_map(|(a, b)| [*a, *b]));
        reasons.decided.extend(decided.together.iter().chain(&decided.apart).flat_map(|(a, b)| [*a, *b]));
        for ((a, b), likeness) in likenesses {
            let best = if home[*a] == home[*b] { &mut reasons.own } else { &mut reasons.other };
            for (at, with) in [(*a, *b), (*b, *a)] {
                let known = best.entry(at).or_insert((*likeness, with));
                if likeness.scaled > known.0.scaled {
                    *known = (*likeness, with);
                }
            }
        }
        reasons
    }

    fn why(&self, at: usize, inputs: &[Input<'_>]) -> Why {
        let own = self.own.get(&at);
        let rule = match own {
            _ if self.decided.contains(&at) => "core.story.judgment",
            _ if self.reused.contains(&at) => "core.story.reuse",
            Some(_) => "core.story.like",
            None => "core.story.alone",
        };
        let round = |value: f32| (f64::from(value) * 1000.0).round() / 1000.0;
        let mut features = Vec::new();
        if let Some((likeness, _)) = own {
            features.extend(likeness.words.map(|words| (FEATURE_WORDS.to_owned(), round(words))));
            features.push((FEATURE_NEUTRAL.to_owned(), round(likeness.neutral)));
            features.extend(likeness.days.map(|days| ("days apart".to_owned(), round(days))));
            features.push(("recent".to_owned(), round(likeness.recent)));
            features.push(("likeness".to_owned(), round(likeness.scaled)));
        }
        let instead_of = self
            .other
            .get(&at)
            .map(|(likeness, with)| format!("report {}: {:.2}", inputs[*with].report.id, likeness.scaled));
        Why { rule: rule.to_owned(), features, instead_of }
    }
}

fn story(
    inputs: &[Input<'_>],
    features: &[Features],
    members: &[usize],
    families: &[usize],
    reasons: &Reasons,
) -> Story {
    let id = id_of(&inputs[members[0]]);
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    for (place, count) in members.iter().flat_map(|at| &features[*at].places) {
        *places.entry(place).or_default() += count;
    }
    let mut places: Vec<(&str, u32)> = places.into_iter().collect();
    places.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let places = places.into_iter().take(3).map(|(id, _)| GazetteerId(id.to_owned())).collect();
    let mut numbers: BTreeMap<usize, u32> = BTreeMap::new();
    let when = event_day(inputs, features, members);
    let members = members
        .iter()
        .map(|at| {
            let next = numbers.len() as u32;
            let family = *numbers.entry(families[*at]).or_insert(next);
            Member { report: inputs[*at].report.id, family, why: reasons.why(*at, inputs) }
        })
        .collect();
    Story { id, was: Vec::new(), members, when, places }
}

/// The day most often spoken of that is not after the last report; else the day of the first
/// report.
fn event_day(inputs: &[Input<'_>], features: &[Features], members: &[usize]) -> Option<When> {
    let last = members.iter().filter_map(|at| features[*at].published).max();
    let mut days: BTreeMap<Date, u32> = BTreeMap::new();
    for (day, count) in members.iter().flat_map(|at| &features[*at].days) {
        *days.entry(*day).or_default() += count;
    }
    let spoken = days
        .iter()
        .filter(|(day, _)| last.is_none_or(|last| **day <= last))
        .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
        .map(|(day, _)| When { inferred: true, ..When::day(*day, RuleId::core("core.story.day_spoken_of")) });
    spoken.or_else(|| {
        let first = inputs[members[0]].report.published.as_ref()?.date()?;
        let when = When::day(first, RuleId::core("core.story.day_of_first_report"));
        Some(When { inferred: true, evidence: Some(DateEvidence::Text), ..when })
    })
}
