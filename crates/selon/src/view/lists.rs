//! Lists in a terminal: what was found, the stories, one story.

use std::fmt::Write as _;

use selon_model::{LinkKind, Order, Why};

use super::columns::{WIDTH, cut, one_line, wrap};
use super::words;
use crate::archive::{Found, ReportHead, StoryView};
use crate::disagreement::Disagreement;

/// Beginning of an id that people copy.
pub fn short(id: &impl ToString) -> String {
    id.to_string().chars().take(12).collect()
}

/// Reports that match a query.
pub fn found(found: &[Found]) -> String {
    let mut out = String::new();
    for hit in found {
        let head = &hit.head;
        let _ = writeln!(out, "{}  {}", short(&head.id), cut(&title(head), WIDTH - 14));
        let _ = writeln!(out, "    {}", cut(&origin(head), WIDTH - 4));
        if !hit.words.is_empty() {
            let label = hit.statement.map_or(String::new(), |index| format!("s{} ", index + 1));
            let words = cut(&one_line(&hit.words), 2 * (WIDTH - 8));
            for line in wrap(&format!("{label}{words}"), WIDTH - 4) {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    out
}

/// Stories: title, size, and what differs in them.
pub fn stories(views: &[(StoryView, Vec<Disagreement>)]) -> String {
    if views.is_empty() {
        return "no story is told by more than one report\n".to_owned();
    }
    let mut out = String::new();
    for (view, differing) in views {
        let title = view.heads.first().map_or(String::new(), title);
        let _ = writeln!(out, "{}  {}", short(&view.story.id), cut(&title, WIDTH - 14));
        let when = view.story.when.as_ref().and_then(|when| when.date());
        let when = when.map_or("day unknown".to_owned(), |day| day.to_string());
        let mut languages: Vec<&str> =
            view.heads.iter().filter_map(|head| head.language.as_ref().map(|lang| lang.as_str())).collect();
        languages.sort_unstable();
        languages.dedup();
        let sources = view.sources().map_or(String::new(), |range| format!(", {}", words::sources(range)));
        let size = format!("{} reports, {} texts{sources}", view.story.members.len(), view.texts());
        let _ = writeln!(out, "    {when} · {size} · {}", languages.join(" "));
        if !differing.is_empty() {
            let parts: Vec<String> =
                differing.iter().map(|one| format!("{} ({} claims)", one.event, one.claims.len())).collect();
            for line in wrap(&format!("figures differ: {}", parts.join(", ")), WIDTH - 4) {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    out
}

/// One story: its reports, copies folded under the text they copy.
pub fn story(view: &StoryView, explain: bool) -> String {
    let mut out = String::new();
    let when = view.story.when.as_ref().map_or("unknown".to_owned(), words::day);
    let _ = writeln!(out, "Story      {}", short(&view.story.id));
    let _ = writeln!(out, "When       {when} (as the reports speak of it)");
    let _ = writeln!(out, "Reports    {}, {} independent texts", view.story.members.len(), view.texts());
    for family in 0..view.texts() as u32 {
        let mut members =
            view.story.members.iter().zip(&view.heads).filter(|(member, _)| member.family == family);
        let Some((member, head)) = members.next() else { continue };
        let _ = writeln!(out, "{}  {}", short(&head.id), cut(&title(head), WIDTH - 14));
        let _ = writeln!(out, "    {}", cut(&origin(head), WIDTH - 4));
        if explain {
            push_why(&mut out, &member.why);
        }
        for (member, copy) in members {
            let _ = writeln!(out, "    = {}  {}", short(&copy.id), cut(&origin(copy), WIDTH - 20));
            if explain {
                push_why(&mut out, &member.why);
            }
        }
    }
    if !view.links.is_empty() {
        let _ = writeln!(out, "Shared text");
    }
    for link in &view.links {
        let kind = match link.kind {
            LinkKind::Duplicate => "is the same text as",
            LinkKind::Abridged => "shares nearly all of one text with",
            LinkKind::Excerpt => "shares passages with",
            LinkKind::Edited => "is an edited form of, or edited from,",
            LinkKind::SharedQuote => "quotes the same words as",
            LinkKind::Revision => "is another version of",
            LinkKind::Translation => "is a translation of, or translated from,",
        };
        let order = match link.order {
            Order::FromFirst => "the first is older",
            Order::ToFirst => "the second is older",
            Order::Unknown => "order not known",
        };
        let line = format!("{} {kind} {}; {order}", short(&link.from), short(&link.to));
        for line in wrap(&line, WIDTH - 4) {
            let _ = writeln!(out, "    {line}");
        }
    }
    out
}

/// Why a report is in its story: rule, features with their weights, and the best that lost.
fn push_why(out: &mut String, why: &Why) {
    let feature = |(name, value): &(String, f64)| match selon_connect::weight(why, name) {
        Some(weight) => format!("{name} {value} × {weight}"),
        None => format!("{name} {value}"),
    };
    let features: Vec<String> = why.features.iter().map(feature).collect();
    let instead = why.instead_of.as_ref().map_or(String::new(), |other| format!("; instead of {other}"));
    for line in wrap(&format!("why: {} {}{instead}", why.rule, features.join(", ")), WIDTH - 4) {
        let _ = writeln!(out, "    {line}");
    }
}

fn title(head: &ReportHead) -> String {
    head.title.as_deref().map_or_else(|| "(no title)".to_owned(), one_line)
}

fn origin(head: &ReportHead) -> String {
    let outlet = head.outlet.as_deref().map_or("outlet unknown".to_owned(), one_line);
    let published = head.published.as_ref().map_or("no date".to_owned(), words::day);
    let language = head.language.as_ref().map_or("--", |lang| lang.as_str());
    format!("{outlet} · {published} · {language} · {} statements, {} figures", head.statements, head.figures)
}
