//! Pages that list: the start page with its stories, what a search found, and failures.

use maud::{Markup, html};
use selon_model::ReportId;

use super::disagreement;
use super::layout::{Content, Frame, Page, bdi, page, percent, shown};
use super::mask::Mask;
use super::story::Reports;
use super::words::Words;
use crate::archive::{Found, ReportHead, StoryView};
use crate::disagreement::disagreements;

/// The start page: search, stories, figures that differ, all reports.
pub fn stories_page(frame: &Frame, views: &[StoryView], reports: &Reports) -> Page {
    let words = frame.words;
    let (told, single): (Vec<&StoryView>, Vec<&StoryView>) =
        views.iter().partition(|view| view.story.members.len() > 1);
    let body = html! {
        main id="main" {
            h1 { (words.say("stories")) }
            p.lead { (words.say("stories-lead")) }
            @if told.is_empty() { p.none { (words.say("stories-none")) } }
            ul.rows { @for view in &told { (story_row(frame, view)) } }
            (differing(frame, &told, reports))
            @if !single.is_empty() || !told.is_empty() {
                section id="reports" {
                    h2 { (words.say("all-reports")) }
                    (heads_table(frame, views.iter().flat_map(|view| &view.heads)))
                }
            }
        }
    };
    page(
        frame,
        Content {
            title: words.say("stories"),
            kind: "stories",
            rules: String::new(),
            query: String::new(),
            body,
        },
    )
}

fn story_row(frame: &Frame, view: &StoryView) -> Markup {
    let words = frame.words;
    let languages: std::collections::BTreeSet<String> = languages(words, view);
    html! {
        li {
            @match frame.to("story", &view.story.id.to_string()) {
                Some(href) => a.head-line href=(href) { (first_title(words, view)) },
                None => (first_title(words, view)),
            }
            p { (words.say_with("story-head", &[
                ("reports", &words.count("reports-count", view.story.members.len() as u64)),
                ("texts", &words.count("texts-count", view.texts() as u64)),
            ])) }
            p.meta {
                @match &view.story.when {
                    Some(when) => span { (words.when(when)) },
                    None => span { (words.say("story-none")) },
                }
                span { (languages.into_iter().collect::<Vec<_>>().join(", ")) }
            }
        }
    }
}

/// Names of the languages of a story's reports.
pub(super) fn languages(words: &Words, view: &StoryView) -> std::collections::BTreeSet<String> {
    let tags = view.heads.iter().filter_map(|head| head.language.as_ref());
    tags.map(|tag| words.language(tag.as_str())).collect()
}

/// The title of a story: that of its earliest report, where one is known to be earliest.
pub(super) fn first_title(words: &Words, view: &StoryView) -> Markup {
    let first = view.heads.iter().filter(|head| head.title.is_some()).min_by_key(|head| {
        let when = head.published.as_ref().and_then(super::chart::interval);
        // by the end: a day without an hour is no earlier than an hour of that day
        (when.is_none(), when.map_or(0, |(_, until)| until as i64))
    });
    match first {
        Some(head) => title(words, head),
        None => html! { (words.say("no-title")) },
    }
}

/// The title of a report, in its own language.
pub(super) fn title(words: &Words, head: &ReportHead) -> Markup {
    let lang = head.language.as_ref().map(|lang| lang.as_str());
    html! {
        @match &head.title {
            Some(title) => bdi lang=[lang] { (shown(title)) },
            None => span.none { (words.say("no-title")) },
        }
    }
}

fn differing(frame: &Frame, told: &[&StoryView], reports: &Reports) -> Markup {
    let words = frame.words;
    let all: Vec<_> = told
        .iter()
        .map(|view| (*view, disagreements(view, reports)))
        .filter(|(_, list)| !list.is_empty())
        .collect();
    html! {
        section id="differing" {
            h2 { (words.say("differing")) }
            @if all.is_empty() {
                p.none { (words.say("differing-none")) }
            } @else {
                p.hint { (words.say("differing-lead")) }
                ul.rows {
                    @for (view, list) in &all {
                        li {
                            @match frame.to("story", &view.story.id.to_string()) {
                                Some(href) => a href={ (href) "#conflicts" } { (first_title(words, view)) },
                                None => (first_title(words, view)),
                            }
                            @for one in list { p { (disagreement::line(words, one)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Reports as a table.
pub(super) fn heads_table<'a>(frame: &Frame, heads: impl Iterator<Item = &'a ReportHead>) -> Markup {
    let words = frame.words;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.say("all-reports")) {
            table {
                thead { tr {
                    @for key in ["col-report", "col-outlet", "col-published", "col-language", "col-statements", "col-figures"] {
                        th scope="col" { (words.say(key)) }
                    }
                } }
                tbody {
                    @for head in heads {
                        tr {
                            th scope="row" { (report_link(frame, head)) }
                            td { @if let Some(outlet) = &head.outlet { (bdi(outlet)) } @else { "–" } }
                            td { @if let Some(when) = &head.published { bdi { (words.when(when)) } } @else { "–" } }
                            td { @if let Some(tag) = &head.language { (words.language(tag.as_str())) } @else { "–" } }
                            td { (words.whole(head.statements as u64)) }
                            td { (words.whole(head.figures as u64)) }
                        }
                    }
                }
            }
        }
    }
}

/// The title of a report as a link to its page.
pub(super) fn report_link(frame: &Frame, head: &ReportHead) -> Markup {
    html! {
        @match frame.to("report", &head.id.to_string()) {
            Some(href) => a href=(href) { (title(frame.words, head)) },
            None => (title(frame.words, head)),
        }
    }
}

/// Queries to begin with.
const EXAMPLES: [&str; 3] =
    ["flood", "\"at least nine\" AND NOT lang:fr", "source:ministry figure.unit:persons"];

/// What a search found. `reports` holds those found, for masking their words; `problem` says why
/// the query cannot be read.
pub fn search_page(
    frame: &Frame,
    query: &str,
    found: &[Found],
    reports: &Reports,
    problem: Option<&str>,
) -> Page {
    let words = frame.words;
    let asked = !query.trim().is_empty();
    let body = html! {
        main id="main" {
            h1 { (words.say("search")) @if asked { ": " (bdi(query)) } }
            @if let Some(problem) = problem {
                p.big { (words.say("search-bad")) }
                p.meta lang="en" dir="ltr" { (shown(problem)) }
            } @else if !found.is_empty() {
                p.lead { (words.count("results-count", found.len() as u64)) }
            } @else if asked {
                p.big { (words.say("search-none")) " " q { (bdi(query)) } }
                p.hint { (words.say("search-hint")) }
            }
            @if let (true, Some(search)) = (found.is_empty(), frame.search()) {
                h2 { (words.say("search-try")) }
                ul.rows {
                    @for example in EXAMPLES {
                        li { a href=(search_address(&search, words, example)) { code dir="ltr" { (example) } } }
                    }
                }
            }
            ol.rows { @for hit in found { (hit_row(frame, hit, reports)) } }
        }
    };
    let title = if asked { format!("{}: {query}", words.say("search")) } else { words.say("search") };
    page(frame, Content { title, kind: "search", rules: String::new(), query: query.to_owned(), body })
}

fn search_address(search: &str, words: &Words, query: &str) -> String {
    format!("{search}?q={}&ui={}", percent(query), words.lang())
}

fn hit_row(frame: &Frame, hit: &Found, reports: &Reports) -> Markup {
    let words = frame.words;
    let lang = hit.head.language.as_ref().map(|lang| lang.as_str());
    html! {
        li {
            h2 { (report_link(frame, &hit.head)) }
            p.meta {
                @if let Some(outlet) = &hit.head.outlet { span { (bdi(outlet)) } }
                @if let Some(when) = &hit.head.published { span { (words.when(when)) } }
                @if let Some(tag) = &hit.head.language { span { (words.language(tag.as_str())) } }
                span { (words.count("statements-count", hit.head.statements as u64)) }
            }
            @if let Some(span) = hit.snippet {
                @let text = words_of(words, &hit.head.id, span, reports);
                blockquote.said dir="auto" lang=[lang] { (text) }
            }
            @if let Some(statement) = hit.statement {
                @if let Some(href) = frame.to("report", &hit.head.id.to_string()) {
                    @let id = format!("s{}", statement + 1);
                    p.small { a href={ (href) "#" (id) } { (words.say_with("in-statement", &[("id", &id)])) } }
                }
            }
        }
    }
}

/// Words of a report as shown, masked.
pub(super) fn words_of(words: &Words, id: &ReportId, span: selon_model::Span, reports: &Reports) -> String {
    reports.get(id).map_or(String::new(), |report| {
        let mask = Mask::of(report, selon_read::Packs::embedded().registry());
        shown(&mask.text(&report.text.string, span, words))
    })
}

/// A page that says what went wrong.
pub fn error_page(frame: &Frame, key: &str) -> Page {
    let words = frame.words;
    let title = if key == "error-not-found" { "error-title" } else { "error-failed" };
    let body = html! {
        main id="main" {
            h1 { (words.say(title)) }
            p { (words.say(key)) }
        }
    };
    page(
        frame,
        Content { title: words.say(title), kind: "error", rules: String::new(), query: String::new(), body },
    )
}
