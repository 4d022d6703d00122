//! Searching an archive: the words of a query, and what they stand for in other languages.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use selon_model::{Error, Kind, Report, ReportId, Result, Span, Story};
use selon_read::Packs;
use selon_store::Lookups;

use super::{AnyId, Archive, ReportHead};

/// A report that matches a query.
#[derive(Clone, Debug)]
pub struct Found {
    /// The report.
    pub head: ReportHead,
    /// How well the words match (BM25), nothing else.
    pub score: f32,
    /// The first statement that holds one of the words.
    pub statement: Option<u32>,
    /// Words around the match.
    pub snippet: Option<Span>,
    /// Those words.
    pub words: String,
}

/// What words of a query stand for: names as the packs make skeletons of them, places of the
/// gazetteer, stories of the archive.
struct Known<'a> {
    archive: &'a Archive,
    packs: &'static Packs,
    stories: OnceCell<Vec<Story>>,
}

impl Known<'_> {
    fn stories(&self) -> Result<&[Story]> {
        if self.stories.get().is_none() {
            let read = self.archive.catalog.connected()?.stories;
            return Ok(self.stories.get_or_init(|| read));
        }
        Ok(self.stories.get().map_or(&[], Vec::as_slice))
    }
}

impl Lookups for Known<'_> {
    fn skeleton(&self, word: &str) -> Option<String> {
        self.packs.name_skeleton(word)
    }

    fn places(&self, name: &str) -> Vec<String> {
        let gazetteer = self.packs.gazetteer();
        let Some(named) = gazetteer.lookup(&selon_gazetteer::fold(name)) else { return Vec::new() };
        gazetteer.places(named).map(|(place, _)| format!("geonames:{}", place.id)).collect()
    }

    fn story(&self, id: &str) -> Result<Vec<ReportId>> {
        let AnyId::Story(id) = self.archive.resolve(id)? else {
            return Err(Error::new(Kind::Invalid, format!("{id} is no story; story: takes the id of one")));
        };
        let story = self.stories()?.iter().find(|story| story.id == id);
        Ok(story.map_or_else(Vec::new, |story| story.members.iter().map(|member| member.report).collect()))
    }

    fn wire_copies(&self) -> Result<Vec<ReportId>> {
        let outlets: BTreeMap<ReportId, Option<String>> =
            self.archive.heads()?.into_iter().map(|head| (head.id, head.outlet)).collect();
        let mut found = Vec::new();
        for story in self.stories()? {
            let mut families: BTreeMap<u32, Vec<ReportId>> = BTreeMap::new();
            for member in &story.members {
                families.entry(member.family).or_default().push(member.report);
            }
            for family in families.into_values() {
                let printed: BTreeSet<&str> =
                    family.iter().filter_map(|id| outlets.get(id)?.as_deref()).collect();
                if printed.len() > 1 {
                    found.extend(family);
                }
            }
        }
        Ok(found)
    }
}

impl Archive {
    /// Reports that match a query, best first.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Found>> {
        let words = query_words(query);
        let known = Known { archive: self, packs: Packs::embedded(), stories: OnceCell::new() };
        let mut found = Vec::new();
        for hit in self.index.search(query, &known, limit)? {
            let Some((report, capture)) = self.report(&hit.report)? else { continue };
            let (statement, snippet) = matching(&report, &words);
            let words = snippet.map_or(String::new(), |span| report.text.words(span).to_owned());
            let head = ReportHead::of(capture.id, &report);
            found.push(Found { head, score: hit.score, statement, snippet, words });
        }
        Ok(found)
    }
}

/// The plain words of a query, folded: without operators and fields.
fn query_words(query: &str) -> Vec<String> {
    query
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')'))
        .map(|word| word.rsplit(':').next().unwrap_or(word))
        .filter(|word| !matches!(*word, "AND" | "OR" | "NOT" | "") && !word.starts_with('-'))
        .map(selon_model::fold)
        .filter(|word| word.chars().count() > 1)
        .collect()
}

/// The statement that holds most of the words, and the sentence around the first of them.
fn matching(report: &Report, words: &[String]) -> (Option<u32>, Option<Span>) {
    let stem = |word: &str| word.chars().take(6).collect::<String>();
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    let count = |span: Span| {
        let folded = selon_model::fold(report.text.words(span));
        stems.iter().filter(|stem| folded.contains(stem.as_str())).count()
    };
    let best = report
        .statements
        .iter()
        .enumerate()
        .map(|(index, statement)| (count(statement.span), index))
        .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
        .filter(|(count, _)| *count > 0);
    if let Some((_, index)) = best {
        return (Some(index as u32), Some(report.statements[index].span));
    }
    let block = report.text.blocks.iter().find(|block| count(block.span) > 0);
    (None, block.map(|block| clip(report, block.span)))
}

/// At most 240 bytes of a block, on a character boundary.
fn clip(report: &Report, span: Span) -> Span {
    let words = report.text.words(span);
    let end = words.char_indices().map(|(at, _)| at).take_while(|at| *at <= 240).last().unwrap_or(0);
    if words.len() <= 240 { span } else { Span::new(span.from(), span.from() + end) }
}
