//! The frame of every page: head, style, bar at the top, and where its links lead.
//!
//! One style sheet stands inside each page, so that a page is one file; a policy in its head
//! forbids scripts and every request outside, and names the sheet by its digest.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::words::{LANGUAGES, Words};

const SHEET: &str = include_str!("../../../../web/read.css");

/// How the pages reach one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linking {
    /// One file on its own: no links to other pages.
    Alone,
    /// Files of a folder: `report/ID.html`.
    Files,
    /// Pages of the local server: `report/ID?ui=fr`.
    Served,
}

/// Where a page stands and whom it speaks to.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The reader's language.
    pub words: &'static Words,
    /// How pages reach one another.
    pub linking: Linking,
    /// Folders between this page and the start page.
    pub depth: usize,
}

impl Frame {
    /// A page on its own.
    pub fn alone(words: &'static Words) -> Self {
        Frame { words, linking: Linking::Alone, depth: 0 }
    }

    /// Address of the page of a thing (`report`, `story`, `verify`); `None` for pages alone.
    pub fn to(&self, noun: &str, id: &str) -> Option<String> {
        let up = "../".repeat(self.depth);
        match self.linking {
            Linking::Alone => None,
            Linking::Files => Some(format!("{up}{noun}/{id}.html")),
            Linking::Served => Some(format!("{up}{noun}/{id}?ui={}", self.words.lang())),
        }
    }

    /// Address of the start page.
    pub fn home(&self) -> Option<String> {
        let up = "../".repeat(self.depth);
        match self.linking {
            Linking::Alone => None,
            Linking::Files => Some(format!("{up}index.html")),
            Linking::Served if up.is_empty() => Some(format!("./?ui={}", self.words.lang())),
            Linking::Served => Some(format!("{up}?ui={}", self.words.lang())),
        }
    }

    /// Address of the search, where somebody answers.
    pub fn search(&self) -> Option<String> {
        (self.linking == Linking::Served).then(|| format!("{}search", "../".repeat(self.depth)))
    }
}

/// A finished page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The document.
    pub html: String,
    /// `sha256-…` of its style sheet, for a policy.
    pub style: String,
}

/// What goes into the frame.
pub(super) struct Content {
    /// Title, as plain words.
    pub(super) title: String,
    /// Class of the body: which kind of page.
    pub(super) kind: &'static str,
    /// Rules for this page only.
    pub(super) rules: String,
    /// What the search box holds.
    pub(super) query: String,
    /// The page.
    pub(super) body: Markup,
}

/// The whole document.
pub(super) fn page(frame: &Frame, content: Content) -> Page {
    let words = frame.words;
    let sheet = if content.rules.is_empty() { SHEET.to_owned() } else { format!("{SHEET}{}", content.rules) };
    let style = format!("sha256-{}", STANDARD.encode(Sha256::digest(sheet.as_bytes())));
    let form = if frame.linking == Linking::Served { "'self'" } else { "'none'" };
    let policy = format!(
        "default-src 'none'; style-src '{style}'; img-src data:; script-src 'none'; base-uri 'none'; form-action {form}"
    );
    let markup = html! {
        (DOCTYPE)
        html lang=(words.lang()) dir=(words.dir()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("selon ", env!("CARGO_PKG_VERSION")));
                title { (words.say_with("page-of", &[("title", &shown(&content.title))])) }
                style { (PreEscaped(&sheet)) }
            }
            body class=(content.kind) {
                a.skip href="#main" { (words.say(if content.kind == "report" { "skip" } else { "skip-main" })) }
                (bar(frame, &content))
                (content.body)
            }
        }
    };
    Page { html: markup.into_string(), style }
}

fn bar(frame: &Frame, content: &Content) -> Markup {
    let words = frame.words;
    html! {
        header.bar {
            @match frame.home() {
                Some(home) => a.name href=(home) { "Selon" },
                None => span.name { "Selon" },
            }
            @if let Some(home) = frame.home() {
                nav aria-label=(words.say("home")) { a href=(home) { (words.say("home")) } }
            }
            @if let Some(search) = frame.search() {
                form.find role="search" action=(search) method="get" {
                    label.away for="q" { (words.say("search-label")) }
                    input id="q" name="q" type="search" dir="auto" value=(content.query)
                        placeholder=(words.say("search-label")) maxlength="400";
                    input type="hidden" name="ui" value=(words.lang());
                    button type="submit" { (words.say("search-button")) }
                }
            }
            @if frame.linking == Linking::Served {
                nav.tongues aria-label=(words.say("interface-language")) {
                    @for lang in LANGUAGES {
                        @if let Ok(other) = Words::of(lang) {
                            a href={ "?" (query_part(&content.query)) "ui=" (lang) } lang=(lang)
                                hreflang=(lang) aria-current=[(lang == words.lang()).then_some("true")] {
                                (other.say("tongue"))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn query_part(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("q={}&", percent(query)) }
}

/// Percent-encoding of everything but letters and digits (RFC 3986, section 2.3).
pub(super) fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Words on one line in which no stored character can steer the reading direction or hide:
/// bidi controls, zero-width characters that are no joiners, and control characters become
/// visible as their code.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' => {
                out.push_str(&format!("[U+{:04X}]", c as u32));
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A row of a description list: label and value.
pub(super) fn row(label: &str, value: Markup) -> Markup {
    html! { div { dt { (label) } dd { (value) } } }
}

/// Words of unknown direction inside a line.
pub(super) fn bdi(text: &str) -> Markup {
    html! { bdi { (shown(text)) } }
}

/// The name of an enumeration's value, as serde writes it.
pub(super) fn name_of(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
