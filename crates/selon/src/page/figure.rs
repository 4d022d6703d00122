//! Figures as a table: how many, of what, says who, over which time. Counts that are no tolls
//! stand apart.

use maud::{Markup, html};
use selon_model::Figure;

use super::layout::bdi;
use super::report::Sheet;
use super::statement::{is_unsure, unsure};
use super::words::{Words, text_direction};
use crate::view::report::counts_people;

/// The section of all figures.
pub(super) fn section(sheet: &Sheet<'_>) -> Markup {
    let words = sheet.frame.words;
    let (people, others): (Vec<_>, Vec<_>) =
        sheet.report.figures.iter().enumerate().partition(|(_, figure)| counts_people(figure));
    html! {
        section id="figures" {
            h2 { (words.say("figures")) }
            @if sheet.report.figures.is_empty() { p.none { (words.say("figures-none")) } }
            @if !people.is_empty() { (table(sheet, "figures-caption", &people)) }
            @if !others.is_empty() { (table(sheet, "others-caption", &others)) }
        }
    }
}

fn table(sheet: &Sheet<'_>, caption: &str, figures: &[(usize, &Figure)]) -> Markup {
    let words = sheet.frame.words;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say(caption)) {
            table.figures {
                caption { (words.say(caption)) }
                thead { tr {
                    th scope="col" { (words.say("col-value")) }
                    th scope="col" { (words.say("col-what")) }
                    th scope="col" { (words.say("col-says")) }
                    th scope="col" { (words.say("col-window")) }
                } }
                tbody { @for (index, figure) in figures { (row(sheet, *index, figure)) } }
            }
        }
    }
}

fn row(sheet: &Sheet<'_>, index: usize, figure: &Figure) -> Markup {
    let words = sheet.frame.words;
    let number = index + 1;
    html! {
        tr id={ "f" (number) } {
            th scope="row" {
                a.value href={ "#w-f" (number) } { bdi { (words.quantity(&figure.quantity)) } }
                small.quoted dir=(text_direction(sheet.lang(figure.span))) lang=[sheet.lang(figure.span)] { (sheet.words(figure.span)) }
                @if let Some(previous) = &figure.previous {
                    small { (words.say_with("before-that", &[("value", &words.quantity(previous))])) }
                }
                @if let Some(whole) = figure.share_of.filter(|whole| (*whole as usize) < sheet.report.figures.len()) {
                    @let id = format!("f{}", whole + 1);
                    small { a href={ "#" (id) } { (words.say_with("part-of", &[("id", &id)])) } }
                }
                @if is_unsure(figure.confidence) { (unsure(sheet, &[words.say("unsure-confidence")])) }
            }
            td { (what(words, figure)) }
            td {
                @match figure.said_in.filter(|index| (*index as usize) < sheet.report.statements.len()) {
                    Some(statement) => {
                        @match sheet.report.speaker_of(figure) {
                            Some(speaker) => (bdi(&sheet.name(speaker))),
                            None => span.unsure { (words.say("nobody-named")) },
                        }
                        " " a.to href={ "#s" (statement + 1) } { "s" (statement + 1) }
                    }
                    None => span.unsure { (words.say("own-words")) },
                }
            }
            td {
                @match &figure.window {
                    Some(window) => bdi { (words.window(window)) },
                    None => span.unsure { (words.say("window-none")) },
                }
            }
        }
    }
}

/// "civilians · rescued": unit and event side by side, so that no language has to inflect one
/// for the other.
fn what(words: &Words, figure: &Figure) -> Markup {
    let unit = figure.unit.as_ref().map(|unit| words.class("unit", &unit.class));
    let event = figure.event.as_ref().map(|event| words.class("event", &event.class));
    let code = figure.unit.as_ref().and_then(|unit| unit.code.as_deref());
    html! {
        @match (unit, event) {
            (Some(unit), Some(event)) => { (unit) " · " (event) }
            (Some(one), None) | (None, Some(one)) => (one),
            (None, None) => span.unsure { (words.say("unknown")) },
        }
        @if let Some(code) = code { " " bdi { (code) } }
    }
}
