//! The page of a story: how many reports and how many independent texts, when, what each source
//! says over time, which figures disagree, and which words are shared. No figure is chosen.

use std::collections::BTreeMap;

use maud::{Markup, html};
use selon_model::{FigureKey, FigureRef, Link, Member, Piece, Report, ReportId, Series, Span, Step};

use super::chart::{self, Scale};
use super::disagreement;
use super::layout::{Content, Frame, Page, bdi, name_of, page, shown};
use super::lists::{first_title, languages, report_link, title};
use super::mask::Mask;
use super::words::Words;
use crate::archive::{ReportHead, StoryView};
use crate::disagreement::disagreements;

/// The reports that a page may quote from.
pub type Reports = BTreeMap<ReportId, Report>;

/// Links drawn with their passages.
const LINKS: usize = 40;
/// Passages of one link shown before the fold.
const PIECES: usize = 2;
/// Characters of one passage.
const PASSAGE: usize = 600;

/// The page of one story. `reports` holds its members; a member that is missing is left out of
/// quotations.
pub fn story_page(frame: &Frame, view: &StoryView, reports: &Reports) -> Page {
    let words = frame.words;
    let body = html! {
        main id="main" {
            p.meta { (words.say("story")) }
            h1 { (first_title(words, view)) }
            p.big { b { (words.say_with("story-head", &[
                ("reports", &words.count("reports-count", view.story.members.len() as u64)),
                ("texts", &words.count("texts-count", view.texts() as u64)),
            ])) @if let Some(range) = view.sources() { ", " (super::chain::sources(words, range)) } } }
            p.meta {
                @match &view.story.when {
                    Some(when) => span { (words.when(when)) },
                    None => span { (words.say("story-none")) },
                }
                span { (languages(words, view).into_iter().collect::<Vec<_>>().join(", ")) }
            }
            (timeline(frame, view))
            (conflicts(frame, view, reports))
            (super::chain::chains(frame, view, reports))
            (figures(frame, view, reports))
            (super::coded::section(frame, view, reports))
            (families(frame, view))
            (shared(frame, view, reports))
        }
    };
    let title = view.heads.iter().find_map(|head| head.title.clone()).unwrap_or_else(|| words.say("story"));
    page(frame, Content { title, kind: "story", rules: String::new(), query: String::new(), body })
}

fn head_of<'a>(view: &'a StoryView, id: &ReportId) -> Option<&'a ReportHead> {
    view.heads.iter().find(|head| head.id == *id)
}

/// Who publishes a report, else its title.
pub(super) fn outlet(words: &Words, head: &ReportHead) -> Markup {
    match &head.outlet {
        Some(outlet) => bdi(outlet),
        None => title(words, head),
    }
}

fn published(head: &ReportHead) -> Option<(f64, f64)> {
    head.published.as_ref().and_then(chart::interval)
}

fn timeline(frame: &Frame, view: &StoryView) -> Markup {
    let words = frame.words;
    let mut dated: Vec<(&ReportHead, (f64, f64))> =
        view.heads.iter().filter_map(|head| Some((head, published(head)?))).collect();
    dated.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.id.cmp(&b.0.id)));
    let undated: Vec<&ReportHead> = view.heads.iter().filter(|head| published(head).is_none()).collect();
    let ends = dated.iter().flat_map(|(_, (from, until))| [*from, *until]);
    let scale = Scale::around(ends, words.is_rtl());
    html! {
        section id="timeline" {
            h2 { (words.say("timeline")) }
            figure {
                @if let Some(scale) = scale {
                    div.scroll tabindex="0" role="region" aria-label=(words.say("timeline")) {
                        table.times {
                            thead { tr {
                                th scope="col" { (words.say("col-published")) }
                                th scope="col" { (words.say("col-outlet")) }
                                th scope="col" { (words.say("timeline")) }
                            } }
                            tbody {
                                @for (head, _) in &dated {
                                    @if let Some(when) = &head.published {
                                        tr {
                                            th scope="row" { bdi { (words.when(when)) } @if when.inferred { " " span.unsure { "(" (words.say("inferred")) ")" } } }
                                            td { a href={ "#r-" (short(&head.id)) } { (outlet(words, head)) } }
                                            td.chart { (chart::time_row(&scale, when)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                @if !undated.is_empty() {
                    p {
                        (words.say("timeline-undated")) " "
                        @for (index, head) in undated.iter().enumerate() {
                            @if index > 0 { " · " }
                            a href={ "#r-" (short(&head.id)) } { (outlet(words, head)) }
                        }
                    }
                }
                figcaption { (words.say("timeline-caption")) " " (words.say("timeline-zone")) }
            }
        }
    }
}

fn short(id: &ReportId) -> String {
    id.to_string().chars().take(12).collect()
}

fn figures(frame: &Frame, view: &StoryView, reports: &Reports) -> Markup {
    let words = frame.words;
    let mut by_key: BTreeMap<&FigureKey, Vec<&Series>> = BTreeMap::new();
    for series in &view.series {
        by_key.entry(&series.key).or_default().push(series);
    }
    by_key.retain(|_, series| series.iter().map(|series| series.steps.len()).sum::<usize>() > 1);
    html! {
        section id="figures" {
            h2 { (words.say("figures-time")) }
            @if by_key.is_empty() { p.none { (words.say("figures-time-none")) } }
            @else { p.hint { (words.say("chart-legend")) } }
            @for (key, series) in &by_key { (over_time(frame, key, series, reports)) }
        }
    }
}

/// "people · killed · Telmarouz".
pub(super) fn what(words: &Words, key: &FigureKey, reports: &Reports) -> String {
    let mut parts = vec![words.class("unit", &key.unit)];
    parts.extend(key.event.as_ref().map(|event| words.class("event", event)));
    if let Some(id) = &key.place {
        let name = reports.values().flat_map(|report| &report.places).filter_map(|place| place.choice());
        parts.extend(name.filter(|choice| choice.id == *id).map(|choice| choice.name.clone()).next());
    }
    parts.extend(key.proposition.clone());
    parts.join(" · ")
}

/// One thing counted: a row for each number said, grouped by who says it.
fn over_time(frame: &Frame, key: &FigureKey, series: &[&Series], reports: &Reports) -> Markup {
    let words = frame.words;
    let numbers =
        series.iter().flat_map(|series| &series.steps).flat_map(|step| chart::reach(&step.quantity));
    let most = numbers.fold(0.0, f64::max);
    let scale = Scale::around([0.0, if most > 0.0 { most * 1.15 } else { 1.0 }].into_iter(), words.is_rtl());
    let what = what(words, key, reports);
    let caption = words.say_with("figures-time-caption", &[("what", &what)]);
    html! {
        figure.dots {
            h3 { (what) }
            div.scroll tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption { (caption) }
                    thead { tr {
                        th scope="col" { (words.say("col-source")) }
                        th scope="col" { (words.say("col-value")) }
                        th scope="col" { (words.say("col-as-of")) }
                        th scope="col" {
                            (words.say_with("scale-from-to", &[("lower", "0"), ("upper", &words.whole((most * 1.15).round() as u64))]))
                        }
                    } }
                    tbody {
                        @for series in series {
                            @for (index, steps) in folded_steps(series).iter().enumerate() {
                                tr {
                                    th scope="row" {
                                        @match &series.source {
                                            Some(source) => (bdi(&masked(words, &steps[0].figure.report, source, reports))),
                                            None => span.unsure { (words.say("own-words")) },
                                        }
                                    }
                                    (step_cells(frame, steps, reports))
                                    td.chart {
                                        @if let Some(scale) = &scale { (chart::dot_row(scale, &steps[0].quantity)) }
                                        @if index > 0 && series.source.is_some() {
                                            small { (words.class("step", &steps[0].relation)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn step_cells(frame: &Frame, steps: &[&Step], reports: &Reports) -> Markup {
    let words = frame.words;
    let first = steps[0];
    html! {
        td {
            (figure_link(frame, &first.figure, &words.quantity(&first.quantity)))
            small {
                @for (index, step) in steps.iter().enumerate() {
                    @if index > 0 { ", " }
                    (place_link(frame, &step.figure, &disagreement::outlet(words, &step.figure, reports)))
                }
            }
        }
        td {
            @match &first.as_of {
                Some(when) => bdi { (words.when(when)) },
                None => span.unsure { (words.say("not-stated")) },
            }
        }
    }
}

/// Steps with one number together, one report each: those of a source that follow one another, and all
/// of what is attributed to nobody, whose order says nothing.
fn folded_steps(series: &Series) -> Vec<Vec<&Step>> {
    let mut rows: Vec<Vec<&Step>> = Vec::new();
    for step in &series.steps {
        let from = if series.source.is_some() { rows.len().saturating_sub(1) } else { 0 };
        match rows[from..].iter_mut().find(|row| row[0].quantity == step.quantity) {
            Some(row) if row.iter().any(|known| known.figure.report == step.figure.report) => {}
            Some(row) => row.push(step),
            None => rows.push(vec![step]),
        }
    }
    rows
}

/// A figure as a link to its words: its number, as written for this reader.
pub(super) fn figure_link(frame: &Frame, figure: &FigureRef, said: &str) -> Markup {
    html! { b { (place_link(frame, figure, said)) } }
}

/// A link to the words of a figure.
pub(super) fn place_link(frame: &Frame, figure: &FigureRef, said: &str) -> Markup {
    html! {
        @match frame.to("report", &figure.report.to_string()) {
            Some(href) => a.to href={ (href) "#w-f" (figure.figure + 1) } { bdi { (said) } },
            None => bdi { (said) },
        }
    }
}

pub(super) fn masked(words: &Words, id: &ReportId, name: &str, reports: &Reports) -> String {
    match reports.get(id) {
        Some(report) => shown(&Mask::of(report, selon_read::Packs::embedded().registry()).name(name, words)),
        None => shown(name),
    }
}

fn conflicts(frame: &Frame, view: &StoryView, reports: &Reports) -> Markup {
    html! {
        section id="conflicts" {
            h2 { (frame.words.say("differing")) }
            (disagreement::tables(frame, &disagreements(view, reports), reports))
        }
    }
}

/// Reports by family; copies folded under the earliest known.
fn families(frame: &Frame, view: &StoryView) -> Markup {
    let words = frame.words;
    let mut by_family: BTreeMap<u32, Vec<&Member>> = BTreeMap::new();
    for member in &view.story.members {
        by_family.entry(member.family).or_default().push(member);
    }
    html! {
        section id="reports" {
            h2 { (words.say("reports-folded")) }
            ol.rows {
                @for members in by_family.values() {
                    @let (first, copies, known) = folded(view, members);
                    li {
                        @if let Some(head) = first {
                            (head_line(frame, head))
                            @if !copies.is_empty() {
                                details.copies open {
                                    summary {
                                        (words.count("family-copies", copies.len() as u64)) " ("
                                        (words.say(if known { "first-known" } else { "order-open" })) ")"
                                    }
                                    ul { @for head in copies { li { (head_line(frame, head)) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The earliest known report of a family, the others, and whether the order is known at all.
fn folded<'a>(
    view: &'a StoryView,
    members: &[&Member],
) -> (Option<&'a ReportHead>, Vec<&'a ReportHead>, bool) {
    let mut heads: Vec<&ReportHead> =
        members.iter().filter_map(|member| head_of(view, &member.report)).collect();
    heads.sort_by(|a, b| {
        let key = |head: &ReportHead| published(head).map_or(f64::INFINITY, |(from, _)| from);
        key(a).total_cmp(&key(b))
    });
    let known = match heads.as_slice() {
        [first, second, ..] => match (published(first), published(second)) {
            (Some(first), Some(second)) => first.1 <= second.0 || first.0 < second.0,
            (Some(_), None) => false,
            _ => false,
        },
        _ => true,
    };
    let first = heads.first().copied();
    (first, heads.into_iter().skip(1).collect(), known)
}

fn head_line(frame: &Frame, head: &ReportHead) -> Markup {
    let words = frame.words;
    html! {
        span id={ "r-" (short(&head.id)) } { (report_link(frame, head)) }
        p.meta {
            @if let Some(outlet) = &head.outlet { span { (bdi(outlet)) } }
            @match &head.published {
                Some(when) => span { (words.when(when)) },
                None => span { (words.say("not-stated")) },
            }
            @if let Some(tag) = &head.language { span { (words.language(tag.as_str())) } }
            span { (words.count("statements-count", head.statements as u64)) }
            span { (words.count("figures-count", head.figures as u64)) }
            @if let Some(receipt) = frame.to("verify", &head.capture.to_string()) {
                span { a href=(receipt) { (words.say("receipt-title")) } }
            }
        }
    }
}

/// Words that stand in two reports, side by side.
fn shared(frame: &Frame, view: &StoryView, reports: &Reports) -> Markup {
    let words = frame.words;
    let links = shown_links(view);
    html! {
        section id="shared" {
            h2 { (words.say("shared-words")) }
            @if links.is_empty() { p.none { (words.say("shared-none")) } }
            @else { p.hint { (words.say("shared-caption")) } }
            @for link in links { (one_link(frame, view, link, reports)) }
        }
    }
}

/// The links that a story's page draws: those with the longest passages first.
pub(super) fn shown_links(view: &StoryView) -> Vec<&Link> {
    let mut links: Vec<&Link> = view.links.iter().collect();
    links.sort_by(|a, b| b.run.cmp(&a.run).then(a.from.cmp(&b.from)).then(a.to.cmp(&b.to)));
    links.truncate(LINKS);
    links
}

fn one_link(frame: &Frame, view: &StoryView, link: &Link, reports: &Reports) -> Markup {
    let words = frame.words;
    let (Some(from), Some(to)) = (head_of(view, &link.from), head_of(view, &link.to)) else {
        return html! {};
    };
    let percent = |share: f32| words.whole((f64::from(share.clamp(0.0, 1.0)) * 100.0).round() as u64);
    let (first, rest) = link.pieces.split_at(link.pieces.len().min(PIECES));
    html! {
        div.link {
            h3 { (outlet(words, from)) " – " (outlet(words, to)) ": " (words.class("link", &name_of(link.kind))) }
            p.meta {
                span { (words.say_with("share-in", &[
                    ("percent", &percent(link.from_in_to)), ("percentBack", &percent(link.to_in_from)),
                ])) }
                span { (words.class("order", &name_of(link.order))) }
                @if let Some(href) = frame.to("compare", &format!("{}-{}", link.from, link.to)) {
                    span { a href=(href) { (words.say("compare")) } }
                }
            }
            @for piece in first { (passages(frame, view, link, piece, reports)) }
            @if !rest.is_empty() {
                details {
                    summary { (words.count("more-passages", rest.len() as u64)) }
                    @for piece in rest { (passages(frame, view, link, piece, reports)) }
                }
            }
        }
    }
}

fn passages(frame: &Frame, view: &StoryView, link: &Link, piece: &Piece, reports: &Reports) -> Markup {
    let side = |id: &ReportId, span: Span| {
        let head = head_of(view, id);
        let lang = head.and_then(|head| head.language.as_ref()).map(|lang| lang.as_str());
        let text = super::lists::words_of(frame.words, id, span, reports);
        let cut = text.char_indices().nth(PASSAGE).map(|(at, _)| at);
        html! {
            blockquote dir="auto" lang=[lang] {
                (&text[..cut.unwrap_or(text.len())]) @if cut.is_some() { "…" }
                @if let Some(head) = head { p.small { cite { (outlet(frame.words, head)) } } }
            }
        }
    };
    html! { div.pair { (side(&link.from, piece.from)) (side(&link.to, piece.to)) } }
}
