//! Claims that cannot all be so, as tables: how many, who says so, where, and which other numbers
//! it cannot be so together with.

use std::collections::BTreeSet;

use maud::{Markup, html};
use selon_model::FigureRef;

use super::layout::{Frame, bdi, name_of};
use super::story::{Reports, figure_link, masked, place_link};
use super::words::Words;
use crate::disagreement::{Claim, Disagreement};

/// A table for each thing counted.
pub(super) fn tables(frame: &Frame, all: &[Disagreement], reports: &Reports) -> Markup {
    let words = frame.words;
    html! {
        @if all.is_empty() { p.none { (words.say("differing-none")) } }
        @else { p.hint { (words.say("differing-lead")) } }
        @for one in all {
            @let what = words.class("event", &one.event);
            figure {
                h3 { (what) }
                div.scroll tabindex="0" role="region" aria-label=(what) {
                    table.claims {
                        thead { tr {
                            @for key in ["col-value", "col-says", "col-outlet", "col-against"] {
                                th scope="col" { (words.say(key)) }
                            }
                        } }
                        tbody { @for claim in &one.claims { (row(frame, claim, reports)) } }
                    }
                }
            }
        }
    }
}

fn row(frame: &Frame, claim: &Claim, reports: &Reports) -> Markup {
    let words = frame.words;
    let first = claim.figures.first();
    let mut told = BTreeSet::new();
    let places: Vec<&FigureRef> = claim.figures.iter().filter(|figure| told.insert(figure.report)).collect();
    html! {
        tr {
            th scope="row" {
                @if let Some(figure) = first { (figure_link(frame, figure, &words.quantity(&claim.quantity))) }
                small { (words.class("unit", &claim.unit)) }
            }
            td {
                @match (&claim.source, first) {
                    (Some(source), Some(figure)) => (bdi(&masked(words, &figure.report, source, reports))),
                    _ => span.unsure { (words.say("own-words")) },
                }
            }
            td {
                @for (index, figure) in places.iter().enumerate() {
                    @if index > 0 { ", " }
                    (place_link(frame, figure, &outlet(words, figure, reports)))
                }
            }
            td {
                @for (index, quantity) in claim.against.iter().enumerate() {
                    @if index > 0 { " · " }
                    bdi { (words.quantity(quantity)) }
                }
                @if let Some(suspect) = claim.suspect {
                    small.conflict { (words.class("suspect", &name_of(suspect))) }
                }
            }
        }
    }
}

/// Who publishes the report that a figure stands in.
pub(super) fn outlet(words: &Words, figure: &FigureRef, reports: &Reports) -> String {
    let outlet = reports.get(&figure.report).and_then(|report| report.outlet.as_ref());
    let name = outlet.and_then(|outlet| outlet.name.clone().or_else(|| outlet.domain.clone()));
    name.map_or_else(|| words.say("outlet-unknown"), |name| super::layout::shown(&name))
}

/// The numbers in one line: "killed: at least 9 · 11 · 14 to 16".
pub(super) fn line(words: &Words, one: &Disagreement) -> Markup {
    let mut seen = BTreeSet::new();
    let numbers = one.claims.iter().map(|claim| words.quantity(&claim.quantity));
    let numbers: Vec<String> = numbers.filter(|number| seen.insert(number.clone())).collect();
    html! {
        b.conflict { (words.class("event", &one.event)) } ": "
        @for (index, number) in numbers.iter().enumerate() {
            @if index > 0 { " · " }
            bdi { (number) }
        }
    }
}
