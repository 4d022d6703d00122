//! The receipt of a capture: what is kept, what proves it, and how to check it without Selon.

use maud::{Markup, html};
use selon_model::{Judgment, Origin};

use super::layout::{Content, Frame, Page, page, row, shown};
use super::lists::heads_table;
use crate::archive::Receipt;

/// The receipt. `checked`: what checking the stored bytes just now said. `record`: where the
/// record's bytes can be had, if anywhere.
pub fn evidence_page(
    frame: &Frame,
    receipt: &Receipt,
    checked: Result<(), &str>,
    judgments: &[Judgment],
    record: Option<&str>,
) -> Page {
    let words = frame.words;
    let capture = &receipt.capture;
    let code = |text: &str| html! { code dir="ltr" { (shown(text)) } };
    let end = capture.record.offset + capture.record.length;
    let place = words.say_with(
        "warc-place",
        &[
            ("file", &capture.record.file),
            ("from", &words.whole(capture.record.offset)),
            ("until", &words.whole(end)),
        ],
    );
    let body = html! {
        main.receipt id="main" {
            h1 { (words.say("receipt-title")) }
            p.lead { (words.say("receipt-lead")) }
            p.big {
                b { (words.say("verdict")) ": " }
                @match checked {
                    Ok(()) => span { "✓ " (words.say("verdict-ok")) },
                    Err(what) => span.conflict { "✗ " (words.say("verdict-failed")) " " bdi lang="en" { (shown(what)) } },
                }
            }
            p { (words.say("what-it-does-not-say")) }
            dl {
                (row(&words.say("captured"), html! {
                    time dir="ltr" datetime=(capture.at) { (capture.at) } ", " (words.say("clock-hint"))
                }))
                (row(&words.say("origin"), html! { (words.class("origin", capture.origin.as_str())) }))
                (row(&words.say("target"), html! { bdi.url dir="ltr" { (shown(&capture.target)) } }))
                @if let Some(url) = &capture.stated.url {
                    (row(&words.say("stated-source"), html! { bdi.url dir="ltr" { (shown(url)) } }))
                }
                (row(&words.say("media-type"), code(&capture.media_type)))
                (row(&words.say("payload-digest"), code(&capture.payload.hex())))
                (row(&words.say("payload-length"), html! { (words.count("bytes-count", capture.payload_length)) }))
                (row(&words.say("warc-record"), html! { (place) }))
                (row(&words.say("log-position"), html! { (words.whole(capture.leaf.0)) }))
                (row(&words.say("capture-id"), code(&capture.id.to_string())))
            }
            @if let Some(record) = record {
                p { a.button href=(record) download { (words.say("download-record")) } }
            }
            section id="reports" {
                h2 { (words.say("reports-of")) }
                @if receipt.reports.is_empty() { p { (words.say("not-read")) } }
                @else { (heads_table(frame, receipt.reports.iter())) }
            }
            (notes(frame, judgments))
            (check(frame, receipt))
            (proofs(frame, receipt))
        }
    };
    let title = format!("{} {}", words.say("receipt-title"), &capture.id.to_string()[..12]);
    page(frame, Content { title, kind: "verify", rules: String::new(), query: String::new(), body })
}

fn notes(frame: &Frame, judgments: &[Judgment]) -> Markup {
    let words = frame.words;
    html! {
        @if !judgments.is_empty() {
            section id="judgments" {
                h2 { (words.say("judgments")) }
                ul.rows {
                    @for judgment in judgments {
                        li {
                            p dir="auto" { (shown(&judgment.note)) }
                            p.meta { (words.say_with("judgment-by", &[("by", &shown(&judgment.by)), ("when", &judgment.at.to_string())])) }
                        }
                    }
                }
            }
        }
    }
}

/// Commands to repeat, with programs of others.
fn check(frame: &Frame, receipt: &Receipt) -> Markup {
    let words = frame.words;
    let capture = &receipt.capture;
    let record = &capture.record;
    // A remnant's record is a resource: one head, then the payload as it is. Others hold a head
    // of HTTP too, and perhaps a framing; they are shown whole.
    let payload = match capture.origin {
        Origin::Remnant => {
            format!("LC_ALL=C sed '1,/^\\r$/d' | head -c {} | sha256sum", capture.payload_length)
        }
        _ => "less".to_owned(),
    };
    let cut = format!(
        "tail -c +{} {} | head -c {} | gzip -dc | {payload}",
        record.offset + 1,
        record.file,
        record.length
    );
    let steps = [
        ("check-warc", format!("warcio check {}", record.file)),
        ("check-payload", cut),
        ("check-selon", "selon verify".to_owned()),
    ];
    html! {
        section id="check" {
            h2 { (words.say("check-title")) }
            p { (words.say("check-lead")) }
            @for (key, command) in steps {
                h3 { (words.say(key)) }
                pre dir="ltr" { (shown(&command)) }
            }
        }
    }
}

fn proofs(frame: &Frame, receipt: &Receipt) -> Markup {
    let words = frame.words;
    let parts = [
        ("checkpoint", &receipt.checkpoint),
        ("log-key", &receipt.vkey),
        ("inclusion", &receipt.proof),
        ("manifest", &receipt.manifest),
    ];
    html! {
        section id="proofs" {
            @for (key, text) in parts {
                h2 { (words.say(key)) }
                pre dir="ltr" lang="en" tabindex="0" { (shown(text)) }
            }
        }
    }
}
