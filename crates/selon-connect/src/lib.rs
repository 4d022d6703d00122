//! From many reports to what connects them: copies, stories, and figures side by side.
//!
//! Functions over values: no store, clock, network or environment. The same reports give the
//! same links, stories and series, in the same order, whatever order they are handed in.
//! Nothing is chosen as true: no figure, version or outlet is preferred, and there is no score
//! of truth or trust. Unknown order stays unknown.

mod duplicate;
mod feature;
mod figure_series;
mod interval;
mod key;
mod sketch;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use selon_model::{Link, Pair, Report, Series, Story};

pub use interval::Interval;
pub use key::{OrderKey, TimeRange};

/// A word without case, marks and letter variants: the form that stop words are given in.
pub fn fold(word: &str) -> String {
    sketch::fold(word)
}

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
    /// The figures of one source over time.
    pub series: Vec<Series>,
    /// Figures of different sources side by side.
    pub pairs: Vec<Pair>,
}

/// Words that tell nothing, folded, by language tag.
pub type StopWords = BTreeMap<String, BTreeSet<String>>;

/// Connects reports: links, then stories, then figures inside each story.
pub fn connect(inputs: &[Input<'_>], stop: &StopWords) -> Connected {
    let mut order: Vec<(OrderKey, &Input<'_>)> =
        inputs.iter().map(|input| (OrderKey::of(input), input)).collect();
    order.sort_by_key(|a| a.0);
    order.dedup_by(|a, b| a.1.report.id == b.1.report.id);
    let inputs: Vec<Input<'_>> = order.into_iter().map(|(_, input)| *input).collect();
    let links = duplicate::find_links(&inputs);
    let stories = story::find_stories(&inputs, &links, stop);
    let (series, pairs) = figure_series::compare_figures(&inputs, &stories);
    Connected { links, stories, series, pairs }
}
