//! From many reports to what connects them: copies, stories, and figures side by side.
//!
//! Functions over values: no store, clock, network or environment. The same reports give the
//! same links, stories and series, in the same order, whatever order they are handed in.
//! Nothing is chosen as true: no figure, version or outlet is preferred, and there is no score
//! of truth or trust. Unknown order stays unknown.

mod chain;
mod claim;
mod coded;
mod directory;
mod duplicate;
mod feature;
mod figure_series;
mod furniture;
mod gram_table;
mod interval;
mod key;
mod likeness;
mod mutation;
mod opening;
mod origin;
mod reuse;
mod scope;
mod sketch;
mod story;
mod translation;
mod union;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where something is missing")]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use selon_model::{Chain, Link, Pair, Registry, Report, ReportId, Series, Story};

use chain::Ways;
use directory::Directory;
use sketch::Sketch;

pub use coded::coded;
pub use interval::Interval;
pub use key::{OrderKey, TimeRange};
pub use likeness::weight;
pub use reuse::{Match, TextReuse};
pub use selon_model::fold;

/// A report with the time it was captured, where that is known.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The report.
    pub report: &'a Report,
    /// When its capture began.
    pub captured: Option<jiff::Timestamp>,
}

/// Everything between reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connected {
    /// Text reuse.
    pub links: Vec<Link>,
    /// Reports of one event.
    pub stories: Vec<Story>,
    /// Who took which figure from whom.
    pub chains: Vec<Chain>,
    /// The figures of one source over time.
    pub series: Vec<Series>,
    /// Figures of different sources side by side.
    pub pairs: Vec<Pair>,
}

/// Words that tell nothing, folded, by language tag.
pub type StopWords = BTreeMap<String, BTreeSet<String>>;

/// What is known beside the reports: values that the packs hold.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Words that tell nothing.
    pub stop: &'a StopWords,
    /// Agencies and outlets.
    pub registry: &'a Registry,
    /// What people decided.
    pub decisions: &'a Decisions,
}

/// What people decided about reports: no likeness overrides it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Pairs that tell of one event.
    pub together: Vec<(ReportId, ReportId)>,
    /// Pairs that do not. Where both are said of reports, by way of others, these hold.
    pub apart: Vec<(ReportId, ReportId)>,
}

impl Decisions {
    /// Nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.together.is_empty() && self.apart.is_empty()
    }
}

/// Connects reports: links, then stories, then chains and figures inside each story.
pub fn connect(inputs: &[Input<'_>], known: &Known<'_>) -> Connected {
    let inputs = in_order(inputs);
    let whole = sketches(&inputs);
    let own = without_furniture(&inputs, whole.clone());
    let mut links = duplicate::find_links(&inputs, &own, &whole);
    let features = story::features(&inputs, &own, known.stop);
    let measured = likeness::measure(&features);
    let nearest = likeness::nearest_abroad(&measured, &features);
    links.extend(translation::find_translations(&inputs, &own, &nearest));
    let stories = story::find_stories(&inputs, &features, measured, &links, known.decisions);
    let directory = Directory::of(known.registry, &inputs);
    let position: HashMap<ReportId, usize> =
        inputs.iter().enumerate().map(|(index, input)| (input.report.id, index)).collect();
    let mut of_report: HashMap<ReportId, Vec<&Link>> = HashMap::new();
    for link in &links {
        of_report.entry(link.from).or_default().push(link);
    }
    let (mut chains, mut series, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for story in &stories {
        let of_story: Vec<&Link> = story
            .members
            .iter()
            .filter_map(|member| of_report.get(&member.report))
            .flatten()
            .copied()
            .collect();
        let ways = Ways::of(story, &inputs, &position, &whole, &of_story, &directory);
        chains.extend(ways.chains(story, &directory));
        let (of_sources, between) = figure_series::compare_figures(story, &ways);
        series.extend(of_sources);
        pairs.extend(between);
    }
    Connected { links, stories, chains, series, pairs }
}

/// For each report its nearest in every other language, by what needs no language.
pub fn nearest_abroad(inputs: &[Input<'_>], known: &Known<'_>) -> Vec<(ReportId, ReportId)> {
    let inputs = in_order(inputs);
    let features = story::features(&inputs, &without_furniture(&inputs, sketches(&inputs)), known.stop);
    let nearest = likeness::nearest_abroad(&likeness::measure(&features), &features);
    nearest.into_iter().map(|(at, other)| (inputs[at].report.id, inputs[other].report.id)).collect()
}

/// The reports in the one order of everything, each once.
fn in_order<'a>(inputs: &[Input<'a>]) -> Vec<Input<'a>> {
    let mut order: Vec<(OrderKey, &Input<'a>)> =
        inputs.iter().map(|input| (OrderKey::of(input), input)).collect();
    order.sort_by_key(|(key, input)| (*key, input.report.id));
    order.dedup_by(|a, b| a.1.report.id == b.1.report.id);
    order.into_iter().map(|(_, input)| *input).collect()
}

/// All words of each report.
fn sketches(inputs: &[Input<'_>]) -> Vec<Sketch> {
    inputs.par_iter().map(|input| Sketch::of(input.report)).collect()
}

fn without_furniture(inputs: &[Input<'_>], mut sketches: Vec<Sketch>) -> Vec<Sketch> {
    furniture::remove_furniture(inputs, &mut sketches);
    sketches
}
