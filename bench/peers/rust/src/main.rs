//! Reads pages with another library and writes down what it found, for `selon-eval --peer`.
//!
//! Usage: peers trafilatura|trafilatura_fast|dom_smoothie PAGES.jsonl [speed]
//! PAGES.jsonl holds {id, html} rows; out come {id, text, title, date} rows, or, with `speed`, one
//! {pages, seconds} row: the shortest of the rounds of three seconds, by the CPU time of the thread.

use std::time::Instant;

use dom_smoothie::{Config, Readability, TextMode};
use serde_json::{Value, json};

/// Text, title, day.
type Read = (String, Option<String>, Option<String>);

/// With its fallback on other readers, as the Python library has it by default.
fn trafilatura(html: &str) -> Option<Read> {
    with_trafilatura(html, true)
}

/// As the crate has it by default.
fn trafilatura_fast(html: &str) -> Option<Read> {
    with_trafilatura(html, false)
}

fn with_trafilatura(html: &str, fallback: bool) -> Option<Read> {
    let options = trafilatura::Options::default().with_exclude_comments(true).with_fallback(fallback);
    let found = trafilatura::extract(html, &options).ok()?;
    let date = found.metadata.date.map(|date| date.to_string());
    Some((found.content_text, Some(found.metadata.title).filter(|title| !title.is_empty()), date))
}

/// The formatted text has block-level elements on lines of their own.
fn dom_smoothie(html: &str) -> Option<Read> {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let mut reader = Readability::new(html, None, Some(config)).ok()?;
    let found = reader.parse().ok()?;
    Some((found.text_content.to_string(), Some(found.title), found.published_time))
}

/// CPU seconds of this thread; Linux only.
fn worked() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the system tells CPU times");
    let nanoseconds = told.split_whitespace().next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.expect("its first number is the time") / 1e9
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, path, speed) = match &arguments[..] {
        [name, path] => (name, path, false),
        [name, path, word] if word == "speed" => (name, path, true),
        _ => panic!("usage: peers trafilatura|trafilatura_fast|dom_smoothie PAGES.jsonl [speed]"),
    };
    let read = match name.as_str() {
        "trafilatura" => trafilatura,
        "trafilatura_fast" => trafilatura_fast,
        "dom_smoothie" => dom_smoothie,
        other => panic!("no reader is called {other}"),
    };
    let lines = std::fs::read_to_string(path).expect("the pages can be read");
    let pages: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is a page")).collect();
    let html = |page: &Value| page["html"].as_str().expect("a page has html").to_owned();
    if speed {
        let pages: Vec<String> = pages.iter().map(html).collect();
        let begun = Instant::now();
        let mut shortest = f64::INFINITY;
        while shortest.is_infinite() || begun.elapsed().as_secs_f64() < 3.0 {
            let from = worked();
            let found = pages.iter().filter(|page| read(page).is_some()).count();
            assert!(found > 0, "something is read");
            shortest = shortest.min(worked() - from);
        }
        println!("{}", json!({"pages": pages.len(), "seconds": shortest}));
        return;
    }
    for page in &pages {
        let html = html(page);
        // A reader that fails on a page has read nothing of it.
        let found = std::panic::catch_unwind(|| read(&html)).ok().flatten();
        let (text, title, date) = found.unwrap_or_default();
        println!("{}", json!({"id": page["id"], "text": text, "title": title, "date": date}));
    }
}
