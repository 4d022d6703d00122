//! Numbers that coders of conflict data would keep, on the page of a story: each rule with what it
//! gives, the figures that rests on, and those that it does not.

use std::collections::BTreeSet;

use maud::{Markup, html};
use selon_model::{Coded, CodedNumber, CodingRule, FigureRef};

use super::layout::Frame;
use super::story::{Reports, figure_link, place_link, what};
use super::{disagreement, words::Words};
use crate::archive::StoryView;

/// The section; nothing where no figure counts people killed.
pub(super) fn section(frame: &Frame, view: &StoryView, reports: &Reports) -> Markup {
    let words = frame.words;
    let all: Vec<Coded> = CodingRule::ALL.into_iter().flat_map(|rule| view.coded(rule, reports)).collect();
    html! {
        @if !all.is_empty() {
            section id="coded" {
                h2 { (words.say("coded")) }
                p.hint { (words.say("coded-hint")) }
                div.scroll tabindex="0" role="region" aria-label=(words.say("coded")) {
                    table {
                        thead { tr {
                            @for key in ["coded-rule", "col-what", "col-value", "coded-from", "coded-others"] {
                                th scope="col" { (words.say(key)) }
                            }
                        } }
                        tbody { @for coded in &all { (rows(frame, coded, reports)) } }
                    }
                }
            }
        }
    }
}

fn rows(frame: &Frame, coded: &Coded, reports: &Reports) -> Markup {
    let words = frame.words;
    html! {
        @for number in &coded.numbers {
            tr {
                th scope="row" {
                    bdi { (coded.rule.name()) "/" (coded.rule.version()) }
                    small { (words.class("coded", &number.name)) }
                }
                td { (what(words, &coded.key, reports)) }
                td { b { bdi { (words.number(number.value)) } } }
                td { (from(frame, number, reports)) }
                td { (others(words, coded, number)) }
            }
        }
    }
}

/// The figures that a number rests on, with their outlets; of one report the first.
fn from(frame: &Frame, number: &CodedNumber, reports: &Reports) -> Markup {
    let words = frame.words;
    let mut told = BTreeSet::new();
    let first: Vec<&FigureRef> = number.from.iter().filter(|figure| told.insert(figure.report)).collect();
    html! {
        @for (index, figure) in first.iter().enumerate() {
            @if index > 0 { ", " }
            @let said = reports.get(&figure.report).and_then(|report| report.figures.get(figure.figure as usize));
            @if let Some(said) = said { (figure_link(frame, figure, &words.quantity(&said.quantity))) " " }
            (place_link(frame, figure, &disagreement::outlet(words, figure, reports)))
        }
    }
}

/// How many figures of the story say another number, and how many the rule leaves out.
fn others(words: &Words, coded: &Coded, number: &CodedNumber) -> Markup {
    let all =
        coded.others.len() + coded.numbers.iter().flat_map(|one| &one.from).collect::<BTreeSet<_>>().len();
    html! { (words.whole((all - number.from.len()) as u64)) }
}
