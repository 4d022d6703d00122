//! How a report was read: where each field comes from, and what was left out of the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use selon_model::{Dropped, Report, When};
use serde::Serialize;

use super::columns::{WIDTH, cut, one_line, pad};
use super::words;

/// Fields with their evidence, then what was left out, by reason. `payload`: the bytes it was read
/// from, for the first words of each block; they are shown where offsets count its bytes.
pub fn explain(report: &Report, payload: &[u8]) -> String {
    let mut out = String::new();
    fields(report, &mut out);
    left_out(report, payload, &mut out);
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn name<T: Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn fields(report: &Report, out: &mut String) {
    line(out, &format!("\n{}from, rule, confidence", pad("FIELDS", 34)));
    let sure = |confidence: Option<f32>| confidence.map_or(String::new(), |sure| format!("  {sure:.2}"));
    let mut field = |label: &str, value: &str, how: &str| {
        let value = cut(&one_line(value), 22);
        line(out, &format!("  {}{} {how}", pad(label, 11), pad(&value, 22)));
    };
    field("Page", &name(report.page_type), &format!("{}{}", report.media_type, sure(report.confidence.page)));
    let language = report.language.tag.as_ref().map_or("unknown".to_owned(), ToString::to_string);
    field(
        "Language",
        &language,
        &format!("{}{}", report.language.from, sure(Some(report.language.confidence))),
    );
    if let Some(title) = &report.title {
        let from = report.title_from.as_deref().unwrap_or("");
        field("Title", title, &format!("{from}{}", sure(report.confidence.title)));
    }
    for other in report.titles.iter().filter(|title| Some(*title) != report.title.as_ref()) {
        field("", other, "another title of the page");
    }
    for author in &report.authors {
        let how = format!(
            "{} ({})  {}{}",
            author.from,
            name(author.kind),
            author.rule,
            sure(report.confidence.authors)
        );
        field("Author", &author.name, &how);
    }
    if let Some(outlet) = &report.outlet {
        let value = outlet.name.as_deref().or(outlet.domain.as_deref()).unwrap_or("");
        field("Outlet", value, &format!("{}  {}", outlet.from, outlet.rule));
    }
    let mut date = |label: &str, when: &Option<When>, confidence: Option<f32>| {
        if let Some(when) = when {
            let evidence = when.evidence.map(name).unwrap_or_default();
            field(label, &words::day(when), &format!("{evidence}  {}{}", when.rule, sure(confidence)));
        }
    };
    date("Published", &report.published, report.confidence.published);
    date("Modified", &report.modified, None);
}

fn left_out(report: &Report, payload: &[u8], out: &mut String) {
    let mut reasons: BTreeMap<&str, Vec<&Dropped>> = BTreeMap::new();
    for dropped in &report.dropped {
        reasons.entry(&dropped.reason).or_default().push(dropped);
    }
    let characters =
        |list: &[&Dropped]| list.iter().map(|dropped| u64::from(dropped.characters)).sum::<u64>();
    let all: Vec<&Dropped> = report.dropped.iter().collect();
    let total = format!("{} blocks, {} characters", all.len(), characters(&all));
    line(out, &format!("\n{}{total}", pad("LEFT OUT", 34)));
    let readable =
        report.notes.iter().all(|note| note.code != "saved_page") && !payload.starts_with(&[0x1f, 0x8b]);
    let mut reasons: Vec<(&str, Vec<&Dropped>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, list)| std::cmp::Reverse(characters(list)));
    for (reason, list) in reasons {
        let count = format!("{} blocks, {} characters", list.len(), characters(&list));
        line(out, &format!("  {}{count}", pad(reason, 32)));
        for dropped in list {
            let mut text = format!("    {:>6}", dropped.characters);
            if let Some((start, end)) = dropped.source {
                let _ = write!(text, "  {}", pad(&format!("bytes {start}..{end}"), 22));
                text.push_str(&pad(&dropped.rule.to_string(), 22));
                if readable {
                    let room = WIDTH.saturating_sub(super::columns::width(&text) + 1);
                    text.push_str(&cut(&first_words(payload, start, end), room.max(8)));
                }
            } else {
                let _ = write!(text, "  {}", dropped.rule);
            }
            line(out, &text);
        }
    }
}

/// The first words of a range of a page, tags left out.
fn first_words(payload: &[u8], start: u64, end: u64) -> String {
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let bytes = range.and_then(|(start, end)| payload.get(start..end)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]);
    let mut words = String::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => {
                depth -= 1;
                words.push(' ');
            }
            c if depth == 0 => words.push(c),
            _ => {}
        }
    }
    one_line(words.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}
