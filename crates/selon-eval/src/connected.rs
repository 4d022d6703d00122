//! Texts read and connected, for the tasks between reports.

use std::collections::HashMap;

use rayon::prelude::*;
use selon_connect::{Connected, Decisions, Input, Known, StopWords};
use selon_model::{Lang, Report, ReportId, ReportInput};
use selon_read::{Document, Hints, Media, Packs};

use crate::progress::Progress;

/// A text with what its set says of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) lang: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) text: String,
    pub(crate) published: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) url: Option<String>,
}

/// The reports of `texts`, in their order, and what connects them.
pub(crate) struct Read {
    pub(crate) reports: Vec<Report>,
    pub(crate) connected: Connected,
    index: HashMap<ReportId, usize>,
}

impl Read {
    /// Reads and connects.
    pub(crate) fn of(task: &str, texts: &[Text], packs: &Packs) -> Self {
        let progress = Progress::new(format!("{task}: read"), texts.len());
        let reports: Vec<Report> = texts
            .par_iter()
            .filter_map(|text| {
                let report = read(text, packs);
                progress.step();
                report
            })
            .collect();
        drop(progress);
        let connected = connect(&reports.iter().collect::<Vec<_>>(), packs);
        let mut index = HashMap::new();
        for (at, report) in reports.iter().enumerate() {
            index.entry(report.id).or_insert(at);
        }
        Read { reports, connected, index }
    }

    /// Connects only the texts that `wanted` takes.
    pub(crate) fn connect_some(&self, wanted: impl Fn(usize) -> bool, packs: &Packs) -> Connected {
        let some: Vec<&Report> =
            self.reports.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, report)| report).collect();
        connect(&some, packs)
    }

    /// Connects only the texts that `wanted` takes, judged to tell of one event.
    pub(crate) fn connect_one_event(&self, wanted: impl Fn(usize) -> bool, packs: &Packs) -> Connected {
        let some: Vec<&Report> =
            self.reports.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, report)| report).collect();
        let inputs: Vec<Input<'_>> = some.iter().map(|report| Input { report, captured: None }).collect();
        let together = some.windows(2).map(|pair| (pair[0].id, pair[1].id)).collect();
        let decisions = Decisions { together, apart: Vec::new() };
        let stop = stop_words(packs);
        selon_connect::connect(&inputs, &Known { decisions: &decisions, ..known(&stop, packs) })
    }

    /// Texts with their nearest in each other language.
    pub(crate) fn nearest_abroad(&self, packs: &Packs) -> Vec<(usize, usize)> {
        let inputs: Vec<Input<'_>> =
            self.reports.iter().map(|report| Input { report, captured: None }).collect();
        let nearest = selon_connect::nearest_abroad(&inputs, &known(&stop_words(packs), packs));
        nearest.into_iter().filter_map(|(of, other)| Some((self.at(of)?, self.at(other)?))).collect()
    }

    /// Index of a report among the texts. The same text under the same hints is one report: the
    /// first of them.
    pub(crate) fn at(&self, id: ReportId) -> Option<usize> {
        self.index.get(&id).copied()
    }

    /// Number of the story of each text; a text in none is a story of its own.
    pub(crate) fn stories(&self) -> Vec<usize> {
        let mut story_of: HashMap<ReportId, usize> = HashMap::new();
        for (number, story) in self.connected.stories.iter().enumerate() {
            story_of.extend(story.members.iter().map(|member| (member.report, number)));
        }
        let own = self.connected.stories.len();
        let number = |(at, report): (usize, &Report)| story_of.get(&report.id).copied().unwrap_or(own + at);
        self.reports.iter().enumerate().map(number).collect()
    }
}

fn connect(reports: &[&Report], packs: &Packs) -> Connected {
    let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
    connect_inputs(&inputs, packs)
}

/// Connects with what the packs know, and no judgments.
pub(crate) fn connect_inputs(inputs: &[Input<'_>], packs: &Packs) -> Connected {
    selon_connect::connect(inputs, &known(&stop_words(packs), packs))
}

fn known<'a>(stop: &'a StopWords, packs: &'a Packs) -> Known<'a> {
    static NONE: Decisions = Decisions { together: Vec::new(), apart: Vec::new() };
    Known { stop, registry: packs.registry(), decisions: &NONE }
}

fn stop_words(packs: &Packs) -> StopWords {
    packs
        .stop_words()
        .map(|(lang, words)| (lang.to_string(), words.iter().map(|word| selon_connect::fold(word)).collect()))
        .collect()
}

fn read(text: &Text, packs: &Packs) -> Option<Report> {
    let hints = Hints {
        url: text.url.clone(),
        published: text.published.as_deref().and_then(selon_read::parse_when),
        language: text.lang.as_deref().and_then(Lang::new).map(|lang| lang.to_string()),
        outlet: text.outlet.clone(),
        title: text.title.clone(),
    };
    let input = ReportInput { id: Some(text.id.clone()), ..ReportInput::default() };
    let document =
        Document { payload: text.text.as_bytes(), media: Media::Plain, hints, input, ..Document::default() };
    selon_read::read(&document, packs).into_iter().next()
}
