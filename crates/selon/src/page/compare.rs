//! Two reports side by side, aligned by statement: what both say, then what only one of them says.
//!
//! Two statements stand in one row where they tell the same figure of a chain, or share most of their
//! words or names. Nothing says which of two is right.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use selon_model::{Figure, Report, ReportId, Statement, fold, is_of_word};

use super::layout::{Content, Frame, Page, bdi, page, shown};
use super::lists::{report_link, words_of};
use super::mask::Mask;
use super::story::{Reports, outlet};
use crate::archive::{ReportHead, StoryView};

/// Statements of a report that are compared.
const MOST: usize = 200;
/// Likeness of two statements that stand in one row.
const LEAST: f64 = 0.3;

/// The page of two reports; `view` is their story, where they have one. `reports` holds both.
pub fn compare_page(
    frame: &Frame,
    heads: [&ReportHead; 2],
    view: Option<&StoryView>,
    reports: &Reports,
) -> Page {
    let words = frame.words;
    let (rows, alone) = match [reports.get(&heads[0].id), reports.get(&heads[1].id)] {
        [Some(a), Some(b)] => align(a, b, view),
        _ => Default::default(),
    };
    let body = html! {
        main id="main" {
            p.meta {
                @match view.and_then(|view| frame.to("story", &view.story.id.to_string())) {
                    Some(href) => a href=(href) { (words.say("story")) },
                    None => (words.say("story")),
                }
            }
            h1 { (words.say("compare")) }
            div.pair {
                @for head in heads {
                    div {
                        h2 { (report_link(frame, head)) }
                        p.meta {
                            span { (outlet(words, head)) }
                            @match &head.published {
                                Some(when) => span { (words.when(when)) },
                                None => span { (words.say("not-stated")) },
                            }
                        }
                    }
                }
            }
            section id="both" {
                h2 { (words.say("compare-both")) }
                @if rows.is_empty() { p.none { (words.say("compare-none")) } }
                @else { p.hint { (words.say("compare-caption")) } }
                @for (a, b) in &rows {
                    div.pair { (said(frame, heads[0], *a, reports)) (said(frame, heads[1], *b, reports)) }
                }
            }
            @for (head, only) in heads.into_iter().zip(&alone) {
                section {
                    h2 { (words.say("compare-only")) " " (outlet(words, head)) }
                    @if only.is_empty() { p.none { (words.say("compare-nothing")) } }
                    @for at in only { (said(frame, head, *at, reports)) }
                }
            }
        }
    };
    let title = words.say("compare");
    page(frame, Content { title, kind: "story", rules: String::new(), query: String::new(), body })
}

/// A statement with who speaks, as a link to it.
fn said(frame: &Frame, head: &ReportHead, at: usize, reports: &Reports) -> Markup {
    let Some(report) = reports.get(&head.id) else { return html! {} };
    let Some(statement) = report.statements.get(at) else { return html! {} };
    let speaker = report.speaker(statement).map(|name| {
        shown(&Mask::of(report, selon_read::Packs::embedded().registry()).name(name, frame.words))
    });
    let lang = report.language.tag.as_ref().map(|lang| lang.as_str());
    html! {
        blockquote dir="auto" lang=[lang] {
            (words_of(frame.words, &head.id, statement.span, reports))
            p.small {
                @if let Some(speaker) = speaker { (bdi(&speaker)) " · " }
                @match frame.to("report", &head.id.to_string()) {
                    Some(href) => a href={ (href) "#s" (at + 1) } { "s" (at + 1) },
                    None => span { "s" (at + 1) },
                }
            }
        }
    }
}

/// Pairs of statements, and those that only one report has.
type Aligned = (Vec<(usize, usize)>, [Vec<usize>; 2]);

fn align(a: &Report, b: &Report, view: Option<&StoryView>) -> Aligned {
    let traits = |report: &Report| -> Vec<Traits> {
        report.statements.iter().take(MOST).map(|statement| Traits::of(report, statement, view)).collect()
    };
    let (of_a, of_b) = (traits(a), traits(b));
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (i, one) in of_a.iter().enumerate() {
        for (j, other) in of_b.iter().enumerate() {
            let likeness = one.likeness(other);
            if likeness >= LEAST {
                scored.push((likeness, i, j));
            }
        }
    }
    scored.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut taken_a, mut taken_b) = (BTreeMap::new(), BTreeSet::new());
    for (_, i, j) in scored {
        if !taken_a.contains_key(&i) && taken_b.insert(j) {
            taken_a.insert(i, j);
        }
    }
    let alone = [
        (0..of_a.len()).filter(|at| !taken_a.contains_key(at)).collect(),
        (0..of_b.len()).filter(|at| !taken_b.contains(at)).collect(),
    ];
    (taken_a.into_iter().collect(), alone)
}

/// What two statements are aligned by.
struct Traits {
    words: BTreeSet<String>,
    names: BTreeSet<String>,
    /// Unit and event of the story's figures in it.
    figures: BTreeSet<(String, Option<String>)>,
    /// Unit and number of all figures in it.
    counts: BTreeSet<(Option<String>, String)>,
}

impl Traits {
    fn of(report: &Report, statement: &Statement, view: Option<&StoryView>) -> Self {
        let words = report.text.words(statement.span).split(|c| !is_of_word(c)).map(fold);
        let names = report.names.iter().filter(|name| statement.span.contains(name.span));
        Traits {
            words: words.filter(|word| word.chars().count() > 2).collect(),
            names: names.map(|name| name.skeleton.clone()).collect(),
            figures: figures(report.id, report, statement, view),
            counts: counts(report, statement),
        }
    }

    fn likeness(&self, other: &Traits) -> f64 {
        let figures = if self.figures.is_disjoint(&other.figures) { 0.0 } else { 1.0 };
        figures
            + jaccard(&self.words, &other.words)
            + (jaccard(&self.names, &other.names) + jaccard(&self.counts, &other.counts)) / 2.0
    }
}

fn figures(
    id: ReportId,
    report: &Report,
    statement: &Statement,
    view: Option<&StoryView>,
) -> BTreeSet<(String, Option<String>)> {
    let chains = view.map_or(&[][..], |view| view.chains.as_slice());
    let stands = |figure: u32| {
        report.figures.get(figure as usize).is_some_and(|figure| statement.span.contains(figure.span))
    };
    let in_it = chains.iter().filter(|chain| {
        chain.occurrences.iter().any(|one| one.report == id && one.figure.is_some_and(stands))
    });
    in_it.map(|chain| (chain.key.unit.clone(), chain.key.event.clone())).collect()
}

fn counts(report: &Report, statement: &Statement) -> BTreeSet<(Option<String>, String)> {
    let figures = report.figures.iter().filter(|figure| statement.span.contains(figure.span));
    let number =
        |figure: &Figure| Some(figure.quantity.lower.or(figure.quantity.upper)?.normalize().to_string());
    let count =
        |figure: &Figure| Some((figure.unit.as_ref().map(|unit| unit.class.clone()), number(figure)?));
    figures.filter_map(count).collect()
}

fn jaccard<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    let common = a.intersection(b).count() as f64;
    common / ((a.len() + b.len()) as f64 - common).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::sample;

    #[test]
    fn a_statement_stands_beside_itself() {
        let report = sample::report();
        let (rows, alone) = align(&report, &report, None);
        let whole: Vec<(usize, usize)> = (0..report.statements.len()).map(|at| (at, at)).collect();
        assert_eq!(rows, whole);
        assert!(alone.iter().all(Vec::is_empty));
    }

    #[test]
    fn what_shares_nothing_stands_alone() {
        let report = sample::report();
        let mut other = report.clone();
        other.statements.truncate(1);
        other.statements[0].span = other.title_span.unwrap_or_default();
        let (rows, alone) = align(&report, &other, None);
        assert_eq!(rows.len() + alone[1].len(), 1);
        assert_eq!(rows.len() + alone[0].len(), report.statements.len());
    }
}
