//! The page of one report: its text at the start side, what it says and who says so at the end
//! side. Everything found links to its words, and the words link back.

use maud::{Markup, html};
use selon_model::{
    BlockKind, CaptureId, Place, Report, Span, StatementKind, TimeFlag, TimeKind, TimeMention, When,
};

use super::layout::{Content, Frame, Page, bdi, name_of, page, row, shown};
use super::mask::Mask;
use super::text::Article;
use super::{figure, map, post, statement};
use crate::record::{CaptureOf, Offsets};

/// Items for which rules light up words and card together; beyond it `:target` alone does.
const LIT: usize = 120;

/// What the parts of a report page are drawn from.
pub(super) struct Sheet<'a> {
    pub(super) frame: &'a Frame,
    pub(super) report: &'a Report,
    pub(super) mask: &'a Mask,
    pub(super) offsets: &'a Offsets<'a>,
}

impl Sheet<'_> {
    /// The words of a span as shown.
    pub(super) fn words(&self, span: Span) -> String {
        shown(&self.mask.text(&self.report.text.string, span, self.frame.words))
    }

    /// A name as shown.
    pub(super) fn name(&self, name: &str) -> String {
        shown(&self.mask.name(name, self.frame.words))
    }

    /// Language of the words at `span`: of their post, their block, else of the report.
    pub(super) fn lang(&self, span: Span) -> Option<&str> {
        let post = self
            .report
            .posts
            .iter()
            .find(|post| post.language.is_some() && post.span.is_some_and(|block| block.contains(span)));
        let block = self.report.text.block_at(span.start).and_then(|block| block.lang.as_ref());
        let of_post = post.and_then(|post| post.language.as_ref());
        of_post.or(block).or(self.report.language.tag.as_ref()).map(|lang| lang.as_str())
    }

    /// "characters 995–1084" as a link to the words.
    pub(super) fn at(&self, span: Span, anchor: &str) -> Markup {
        let range = self.offsets.range(span);
        let words = self.frame.words;
        let from = words.whole(range.start.into());
        let until = words.whole(range.end.into());
        html! {
            a.at href={ "#" (anchor) } {
                (words.say_with("characters", &[("from", &from), ("until", &until)]))
            }
        }
    }
}

/// The page of a report; `capture_id` where an archive keeps its bytes.
pub fn report_page(
    frame: &Frame,
    report: &Report,
    capture: &CaptureOf,
    capture_id: Option<&CaptureId>,
) -> Page {
    let mask = Mask::of(report, selon_read::Packs::embedded().registry());
    let offsets = Offsets::new(&report.text.string, false);
    let sheet = Sheet { frame, report, mask: &mask, offsets: &offsets };
    let title = report.title.as_deref().map(|title| sheet.name(title));
    let body = html! {
        main id="main" {
            (text(&sheet, title.as_deref()))
            (panel(&sheet, capture, capture_id))
        }
    };
    let title = title.unwrap_or_else(|| frame.words.say("no-title"));
    page(frame, Content { title, kind: "report", rules: rules(report), query: String::new(), body })
}

/// Pointing at a card lights its words, and the other way round. One rule an item, because
/// nothing else can join two places of a page without a script.
fn rules(report: &Report) -> String {
    let mut out = String::new();
    let sets = [("s", report.statements.len()), ("f", report.figures.len()), ("p", report.posts.len())];
    for (letter, count) in sets {
        for number in 1..=count.min(LIT) {
            let id = format!("{letter}{number}");
            out.push_str(&format!(
                "main:has(#{id}:is(:hover,:target,:focus-within)) .w{id},main:has(.w{id}:is(:hover,:target)) #{id}{{background:var(--lit)}}\n"
            ));
        }
    }
    out
}

fn text(sheet: &Sheet<'_>, title: Option<&str>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    let lang = report.language.tag.as_ref().map(|lang| lang.as_str());
    let mut article = Article::new(report, sheet.mask, words);
    let mut blocks = article.blocks();
    let headed =
        blocks.first().is_some_and(|(block, _)| block.is_some_and(|block| block.kind == BlockKind::Title));
    let heading = if headed { Some(blocks.remove(0)) } else { None };
    html! {
        div.text tabindex="0" role="region" aria-label=(words.say("article")) id="text" {
            article lang=[lang] dir="auto" {
                @match heading {
                    Some((block, span)) => (article.block(block, span, true)),
                    None => @match title {
                        Some(title) => h1 dir="auto" { (title) },
                        None => h1.none lang=(words.lang()) dir=(words.dir()) { (words.say("no-title")) },
                    }
                }
                (head(sheet))
                (legend(sheet))
                @if blocks.is_empty() && heading.is_none() {
                    p.none lang=(words.lang()) dir=(words.dir()) { (words.say("empty-text")) }
                }
                h2.away lang=(words.lang()) dir=(words.dir()) { (words.say("article")) }
                @for (block, span) in blocks { (article.block(block, span, false)) }
                (article.rest())
                p.small lang=(words.lang()) dir=(words.dir()) { a href="#source" { (words.say("foot-title")) } }
            }
        }
    }
}

/// What is known of the report as a whole. Labels are the reader's, values the report's.
fn head(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    let outlet =
        report.outlet.as_ref().and_then(|outlet| outlet.name.as_deref().or(outlet.domain.as_deref()));
    let none = || html! { span.none { (words.say("not-stated")) } };
    let language = report.language.tag.as_ref().map(|tag| words.language(tag.as_str()));
    let kind = name_of(report.page_type);
    html! {
        dl.head lang=(words.lang()) dir=(words.dir()) {
            (row(&words.say("outlet"), outlet.map_or_else(none, bdi)))
            (row(&words.say("published"), report.published.as_ref().map_or_else(none, |when| dated(sheet, when))))
            @if let Some(modified) = &report.modified {
                (row(&words.say("modified"), dated(sheet, modified)))
            }
            @if report.published.is_none() && let Some(day) = day_of_text(report) {
                (row(&words.say("day-of-text"), told_day(sheet, day)))
            }
            @if !report.authors.is_empty() {
                (row(&words.say("byline"), html! {
                    @for (index, author) in report.authors.iter().enumerate() {
                        @if index > 0 { ", " }
                        (bdi(&sheet.name(&author.name)))
                    }
                }))
            }
            (row(&words.say("language"), language.map_or_else(none, |language| html! { (language) })))
            @if kind != "article" || report.part > 0 {
                (row(&words.say("page-type"), html! {
                    (words.class("type", &kind))
                    @if report.part > 0 { ", " (words.say_with("part-of-page", &[("n", &report.part.to_string())])) }
                }))
            }
            @if !report.title_markers.is_empty() {
                (row(&words.say("report"), html! {
                    @for marker in &report.title_markers {
                        span.tag { (words.say_with("marker", &[("marker", &shown(marker))])) } " "
                    }
                }))
            }
            @if let Some(url) = &report.url {
                (row(&words.say("address"), html! { bdi.url dir="ltr" { (sheet.name(url)) } }))
            }
        }
    }
}

/// What the marks in the text mean; each has a form of its own beside its colour.
fn legend(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    html! {
        @if !report.statements.is_empty() || !report.figures.is_empty() {
            p.legend lang=(words.lang()) dir=(words.dir()) {
                // the spaces keep Arabic letters of neighbours from joining
                span { (words.say("legend")) ":" } " "
                span.s { (words.say("statements")) } " "
                span.so { (words.say("mark-source")) } " "
                span.cu { (words.say("mark-cue")) } " "
                span.he { (words.say("mark-hedge")) } " "
                span.f { (words.say("figures")) } " "
                span.l { (words.say("places")) } " "
                span { span.t { (words.say("times")) } }
            }
        }
    }
}

/// A time of the report, with "inferred" where part of it is.
fn dated(sheet: &Sheet<'_>, when: &When) -> Markup {
    let words = sheet.frame.words;
    html! {
        bdi { (words.when(when)) }
        @if when.inferred { " " span.unsure { "(" (words.say("inferred")) ")" } }
    }
}

fn day_of_text(report: &Report) -> Option<&TimeMention> {
    report.times.iter().find(|time| {
        time.kind == TimeKind::Date && time.flags.contains(&TimeFlag::YearInferred) && time.from.is_some()
    })
}

fn told_day(sheet: &Sheet<'_>, time: &TimeMention) -> Markup {
    let words = sheet.frame.words;
    html! {
        @if let Some(from) = time.from { bdi { (words.day(from.date())) } }
        " " q dir="auto" lang=[sheet.lang(time.span)] { (sheet.words(time.span)) }
        " " span.unsure { "(" (words.say("year-inferred")) ")" }
    }
}

fn panel(sheet: &Sheet<'_>, capture: &CaptureOf, capture_id: Option<&CaptureId>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    let said = report.statements.iter().filter(|statement| statement.kind == StatementKind::Said).count();
    let jumps = [
        ("statements", said, "statements"),
        ("figures", report.figures.len(), "figures"),
        ("posts", report.posts.len(), "posts"),
        ("places", report.places.len(), "places"),
        ("times", report.times.len(), "times"),
        ("notes", report.notes.len(), "notes"),
    ];
    html! {
        div.panel tabindex="0" role="region" aria-label=(words.say("reading")) {
            nav.jump aria-label=(words.say("jump")) {
                ul {
                    li.to-text { a href="#text" { (words.say("to-text")) } }
                    @for (id, count, key) in jumps {
                        @if count > 0 {
                            li { a href={ "#" (id) } { (words.say(key)) " " b { (words.whole(count as u64)) } } }
                        }
                    }
                }
            }
            (statement::weak(sheet))
            (statement::section(sheet))
            (figure::section(sheet))
            (post::section(sheet))
            (places(sheet))
            (times(sheet))
            (notes(sheet))
            (foot(sheet, capture, capture_id))
        }
    }
}

fn places(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    html! {
        @if !report.places.is_empty() {
            section id="places" {
                h2 { (words.say("places")) }
                (map::figure(sheet))
                div.scroll tabindex="0" role="region" aria-label=(words.say("places-caption")) {
                    table {
                        caption { (words.say("places-caption")) }
                        thead { tr {
                            th scope="col" { (words.say("col-name")) }
                            th scope="col" { (words.say("col-place")) }
                            th scope="col" { (words.say("col-precision")) }
                        } }
                        tbody {
                            @for (index, place) in report.places.iter().enumerate() {
                                tr id={ "l" (index + 1) } {
                                    th scope="row" {
                                        a href={ "#w-l" (index + 1) } lang=[sheet.lang(place.span)] {
                                            bdi { (sheet.words(place.span)) }
                                        }
                                    }
                                    td {
                                        @match place.choice() {
                                            Some(choice) => {
                                                bdi lang="en" { (choice.name) }
                                                @if let Some(country) = &choice.country { " · " (country) }
                                            }
                                            None if place.candidates.is_empty() => {
                                                span.unsure { (words.say("unknown")) }
                                                @if let Some(name) = name_within(report, place) {
                                                    br; (words.say_with("place-within", &[("place", name)]))
                                                }
                                            }
                                            None => span.unsure { (words.say("place-undecided")) },
                                        }
                                        @if place.reading != selon_model::Reading::Literal {
                                            br; small { (words.class("reading", &name_of(place.reading))) }
                                        }
                                    }
                                    td {
                                        @match place.precision.filter(|_| place.chosen.is_some()) {
                                            Some(precision) => (words.class("precision", &name_of(precision))),
                                            None => "–",
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

/// The name of what a place of no gazetteer lies in, where the report names that too.
fn name_within<'r>(report: &'r Report, place: &Place) -> Option<&'r str> {
    let within = place.within.as_ref()?;
    let mut choices = report.places.iter().filter_map(Place::choice);
    choices.find(|choice| choice.id == *within).map(|choice| choice.name.as_str())
}

fn times(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    html! {
        @if !report.times.is_empty() {
            section id="times" {
                h2 { (words.say("times")) }
                div.scroll tabindex="0" role="region" aria-label=(words.say("times-caption")) {
                    table {
                        caption { (words.say("times-caption")) }
                        thead { tr {
                            th scope="col" { (words.say("col-words")) }
                            th scope="col" { (words.say("col-meaning")) }
                            th scope="col" { (words.say("col-reckoned")) }
                        } }
                        tbody {
                            @for (index, time) in report.times.iter().enumerate() {
                                tr id={ "t" (index + 1) } {
                                    th scope="row" {
                                        a href={ "#w-t" (index + 1) } lang=[sheet.lang(time.span)] {
                                            bdi { (sheet.words(time.span)) }
                                        }
                                    }
                                    td { (meaning(sheet, time)) }
                                    td { (words.class("anchor", &name_of(time.anchor))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn meaning(sheet: &Sheet<'_>, time: &TimeMention) -> Markup {
    let words = sheet.frame.words;
    let when = When {
        edtf: time.edtf.clone(),
        from: time.from,
        until: time.until,
        zone: time.zone.clone(),
        precision: time.grain,
        inferred: false,
        evidence: None,
        value: (time.kind == TimeKind::Duration).then(|| time.value.clone()),
        span: None,
        rule: time.rule.clone(),
    };
    html! {
        @match (&time.edtf, time.from, &when.value) {
            (None, None, None) => {
                span.unsure { (words.say("left-open")) } " " code dir="ltr" { (time.value) }
            }
            _ => bdi { (words.when(&when)) },
        }
        @for flag in &time.flags {
            br; small.unsure { (words.class("flag", &name_of(flag))) }
        }
    }
}

fn notes(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    html! {
        @if !report.notes.is_empty() {
            section id="notes" {
                h2 { (words.say("notes")) }
                p.hint { (words.say("notes-hint")) }
                ul {
                    @for note in &report.notes {
                        li {
                            span lang="en" dir="ltr" { (sheet.name(&note.message)) }
                            " " code dir="ltr" { (note.code) }
                        }
                    }
                }
            }
        }
    }
}

/// Where this comes from: engine, packs, bytes, origin; what is masked.
fn foot(sheet: &Sheet<'_>, capture: &CaptureOf, capture_id: Option<&CaptureId>) -> Markup {
    let Sheet { frame, report, mask, offsets } = sheet;
    let words = frame.words;
    let masked = mask.spans();
    html! {
        footer.foot id="source" {
            h2 { (words.say("foot-title")) }
            dl {
                @if let Some(path) = &report.input.path {
                    (row(&words.say("input"), html! {
                        bdi { (shown(path.rsplit(['/', '\\']).next().unwrap_or(path))) }
                        @if let Some(record) = report.input.record {
                            ", " (words.say_with("record-number", &[("n", &words.whole(record))]))
                        }
                    }))
                }
                (row(&words.say("payload-digest"), html! { code dir="ltr" { (report.payload.hex()) } }))
                (row(&words.say("media-type"), html! { code dir="ltr" { (shown(&report.media_type)) } }))
                (row(&words.say("origin"), html! { (words.class("origin", capture.origin.as_str())) }))
                @match capture.at {
                    Some(at) => (row(&words.say("captured-at"), html! {
                        bdi dir="ltr" { (at) } ", " (words.say("clock-hint"))
                    })),
                    None => (row(&words.say("captured-at"), html! { (words.say("no-archive")) })),
                }
                @if let Some(leaf) = capture.leaf {
                    (row(&words.say("log-position"), html! { (words.whole(leaf)) }))
                }
                (row(&words.say("engine"), html! { bdi dir="ltr" { "selon " (report.made_by.version) } }))
                (row(&words.say("packs-digest"), html! { code dir="ltr" { (report.made_by.packs.hex()) } }))
            }
            @if let Some(receipt) = capture_id.and_then(|id| frame.to("verify", &id.to_string())) {
                p { a.button href=(receipt) { (words.say("receipt")) } }
            }
            @if !report.posts.is_empty() || !masked.is_empty() {
                p { (words.say("pseudonyms")) }
            }
            @if !masked.is_empty() {
                p {
                    (words.count("masked-list", masked.len() as u64)) " "
                    bdi dir="ltr" {
                        @for (index, (span, _)) in masked.iter().enumerate() {
                            @if index > 0 { ", " }
                            @let range = offsets.range(*span);
                            (range.start) "–" (range.end)
                        }
                    }
                }
            }
            p { (words.say("what-selon-says")) " " (words.say("ui-note")) }
        }
    }
}
