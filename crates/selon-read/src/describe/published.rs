//! When the page was published and last changed: every place that says so is a witness; those
//! that agree on a day add up, and the most precise of them gives time and zone.

use std::sync::OnceLock;

use jiff::civil::Date;
use regex::Regex;
use selon_model::{DateEvidence, Note, When};
use serde_json::Value;

use super::date::{DateOrder, FoundDate, find_date, seconds_since_1970};
use super::head::Head;
use super::json_ld::{self, words};
use super::pack::PagePack;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::marks::Marks;
use crate::extract::walk::{RawBlock, Walked};

/// The dates of a page.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    pub(crate) published: Option<When>,
    pub(crate) modified: Option<When>,
    /// 0 to 1, of the day of publication.
    pub(crate) confidence: f32,
    pub(crate) notes: Vec<Note>,
}

/// One witness.
#[derive(Clone, Debug)]
struct Witness {
    when: When,
    modified: bool,
    trust: f32,
}

/// Where in the page the title and the first prose stand, by number of block.
pub(crate) struct Around {
    pub(crate) title: Option<usize>,
    pub(crate) first_prose: usize,
    pub(crate) last_prose: usize,
}

/// What bounds and orders the dates of a page.
pub(crate) struct Asked<'a> {
    /// Its addresses.
    pub(crate) urls: &'a [&'a str],
    /// Day or month first in numbers.
    pub(crate) order: DateOrder,
    /// The day it was captured, where that is known.
    pub(crate) latest: Option<Date>,
}

/// Finds the dates of a page.
pub(crate) fn find_dates(
    arena: &Arena<'_>,
    head: &Head,
    walked: &Walked,
    around: &Around,
    asked: &Asked<'_>,
    pack: &PagePack,
) -> Dates {
    let Asked { urls, order, latest } = *asked;
    let mut witnesses = Vec::new();
    from_data(head, pack, order, &mut witnesses);
    from_meta(head, pack, order, &mut witnesses);
    from_elements(arena, walked, around, pack, order, &mut witnesses);
    from_urls(urls, &mut witnesses);
    from_text(walked, around, pack, order, &mut witnesses);
    if witnesses.iter().all(|witness| witness.modified) {
        from_far_text(walked, pack, order, &mut witnesses);
        if witnesses.iter().all(|witness| witness.modified || witness.trust < 0.3) {
            from_scripts(arena, pack, order, &mut witnesses);
        }
    }
    local_days(&mut witnesses);
    witnesses.retain(|witness| {
        let day = witness.when.date();
        day.is_some_and(|day| {
            day.year() >= 1995
                && latest.is_none_or(|latest| latest.tomorrow().is_ok_and(|limit| day <= limit))
        })
    });
    combine(&witnesses)
}

fn combine(witnesses: &[Witness]) -> Dates {
    let mut dates = Dates::default();
    let published: Vec<&Witness> = witnesses.iter().filter(|witness| !witness.modified).collect();
    let modified: Vec<&Witness> = witnesses.iter().filter(|witness| witness.modified).collect();
    dates.modified = best(&modified).map(|(when, _, _)| when);
    match best(&published) {
        Some((when, trust, rival)) => {
            dates.confidence = trust;
            if let Some(rival) = rival {
                let what = format!("{} and {rival} are both given as day of publication", shown(&when));
                dates.notes.push(Note::new("date_conflict", what));
            }
            dates.published = Some(when);
        }
        None => {
            // Only a day of change is known: it is the best bound there is for publication.
            if let Some((when, trust, _)) = best(&modified) {
                dates.confidence = trust * 0.6;
                dates.published = Some(when);
            }
        }
    }
    if let (Some(published), Some(modified)) = (&dates.published, &dates.modified)
        && modified.date() < published.date()
    {
        let what = format!("changed {} before it was published {}", shown(modified), shown(published));
        dates.notes.push(Note::new("date_order", what));
    }
    dates
}

fn shown(when: &When) -> String {
    when.edtf.clone().unwrap_or_default()
}

/// The day with most trust; its most precise witness; the trust; and a day that says otherwise
/// with some weight.
fn best(witnesses: &[&Witness]) -> Option<(When, f32, Option<String>)> {
    let mut days: Vec<(Date, f32)> = Vec::new();
    for witness in witnesses {
        let Some(day) = witness.when.date() else { continue };
        if days.iter().any(|(known, _)| *known == day) {
            continue;
        }
        // Each kind of evidence counts once for a day, with its best witness.
        let of_kind = |kind: DateEvidence| {
            witnesses
                .iter()
                .filter(|other| other.when.evidence == Some(kind) && other.when.date() == Some(day))
                .max_by(|a, b| a.trust.total_cmp(&b.trust))
        };
        let trust_of = |kind: DateEvidence| of_kind(kind).map_or(0.0, |witness| witness.trust);
        let in_utc = |kind: DateEvidence| {
            of_kind(kind).is_some_and(|witness| witness.when.zone.as_deref() == Some("Z"))
        };
        let (data, meta) = (trust_of(DateEvidence::JsonLd), trust_of(DateEvidence::Meta));
        // One machine wrote both, in its own zone: they are one witness of the reader's day.
        let mut doubt = if in_utc(DateEvidence::JsonLd) && in_utc(DateEvidence::Meta) {
            1.0 - data.max(meta)
        } else {
            (1.0 - data) * (1.0 - meta)
        };
        for kind in [DateEvidence::TimeElement, DateEvidence::Url, DateEvidence::Text] {
            doubt *= 1.0 - trust_of(kind);
        }
        days.push((day, 1.0 - doubt));
    }
    let mut order: Vec<&(Date, f32)> = days.iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (day, trust) = *order.first()?;
    let precision =
        |witness: &Witness| (witness.when.zone.is_some(), std::cmp::Reverse(witness.when.precision));
    let chosen = witnesses
        .iter()
        .filter(|witness| witness.when.date() == Some(*day))
        .max_by(|a, b| precision(a).cmp(&precision(b)).then(a.trust.total_cmp(&b.trust)))?;
    let rival = order.get(1).filter(|(other, weight)| *weight > 0.6 && days_apart(*other, *day) > 1);
    let trust = if rival.is_some() { trust * 0.8 } else { *trust };
    Some((chosen.when.clone(), trust, rival.map(|(day, _)| day.to_string())))
}

fn days_apart(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days().abs())
}

fn witness(found: &FoundDate, evidence: DateEvidence, modified: bool, trust: f32) -> Witness {
    let rule = match evidence {
        DateEvidence::JsonLd => "core.date.json_ld",
        DateEvidence::Meta => "core.date.meta",
        DateEvidence::TimeElement => "core.date.time_element",
        DateEvidence::Url => "core.date.url",
        _ => "core.date.text",
    };
    let when = When { evidence: Some(evidence), ..found.when(rule) };
    Witness { when, modified, trust }
}

fn from_data(head: &Head, pack: &PagePack, order: DateOrder, out: &mut Vec<Witness>) {
    let article = head.article();
    let page = head.data.iter().find(|object| json_ld::has_type(object, |name| name.ends_with("Page")));
    let video = head.data.iter().find(|object| json_ld::has_type(object, |name| name == "VideoObject"));
    let sources: [(Option<&Value>, f32); 3] =
        [(article, 0.0), (page, 0.05), (video.filter(|_| article.is_none()), 0.2)];
    for (object, less) in sources {
        let Some(object) = object else { continue };
        for (key, modified, trust) in [
            ("datePublished", false, 0.93),
            ("dateCreated", false, 0.72),
            ("uploadDate", false, 0.75),
            ("dateModified", true, 0.9),
        ] {
            let Some(text) = object.get(key).and_then(words) else { continue };
            if let Some(found) = find_date(&text, &pack.months, order).or_else(|| seconds_since_1970(&text)) {
                out.push(witness(&found, DateEvidence::JsonLd, modified, trust - less));
            }
        }
    }
}

fn from_meta(head: &Head, pack: &PagePack, order: DateOrder, out: &mut Vec<Witness>) {
    for (name, content) in &head.metas {
        let Some(key) = pack.date_key(name) else { continue };
        if content.len() > 100 {
            continue;
        }
        if let Some(found) = find_date(content, &pack.months, order).or_else(|| seconds_since_1970(content)) {
            out.push(witness(&found, DateEvidence::Meta, key.modified, key.trust));
        }
    }
}

/// `time`, and elements whose class or itemprop says date. The nearer to the title the better.
fn from_elements(
    arena: &Arena<'_>,
    walked: &Walked,
    around: &Around,
    pack: &PagePack,
    order: DateOrder,
    out: &mut Vec<Witness>,
) {
    for (node, at) in walked.times.iter().take(400) {
        let stated = [
            "datetime",
            "content",
            "data-utime",
            "data-datetime",
            "data-time",
            "data-timestamp",
            "data-published",
            "title",
        ]
        .iter()
        .filter_map(|name| arena.attribute(*node, name))
        .find_map(|text| {
            (text.len() <= 60)
                .then(|| find_date(text, &pack.months, order).or_else(|| seconds_since_1970(text)))?
        });
        let shown = || {
            let text = short_text(arena, *node)?;
            find_date(&text, &pack.months, order)
        };
        let is_time = arena.name(*node) == "time";
        let Some(found) = stated.or_else(shown) else { continue };
        let itemprop = arena.attribute(*node, "itemprop").unwrap_or("");
        let class = arena.attribute(*node, "class").unwrap_or("").to_lowercase();
        let label = label_before(arena, *node);
        let says_modified = itemprop == "dateModified"
            || class.contains("updat")
            || class.contains("modif")
            || labelled(&label, &pack.modified);
        let says_published = matches!(itemprop, "datePublished" | "dateCreated")
            || class.contains("publish")
            || arena.attribute(*node, "pubdate").is_some()
            || labelled(&label, &pack.published);
        let mut trust: f32 = if is_time { 0.72 } else { 0.62 };
        if says_published {
            trust += 0.1;
        }
        trust -= distance(*at as usize, around);
        if foreign(walked, *at as usize) {
            trust -= 0.45;
        }
        if says_published {
            trust = trust.max(0.2);
        }
        if trust > 0.05 {
            out.push(witness(&found, DateEvidence::TimeElement, says_modified && !says_published, trust));
        }
    }
}

/// The text of an element, if it is short.
fn short_text(arena: &Arena<'_>, node: NodeId) -> Option<String> {
    let mut characters = 0;
    for below in arena.descendants(node).take(60) {
        characters += arena.text(below).len();
        if characters > 400 {
            return None;
        }
    }
    Some(arena.text_content(node))
}

/// The words right before an element, in the same parent.
fn label_before(arena: &Arena<'_>, node: NodeId) -> String {
    let Some(parent) = arena.parent(node) else { return String::new() };
    let mut label = String::new();
    for child in arena.children(parent).take(12) {
        if child == node {
            break;
        }
        label = if arena.is_text(child) {
            arena.text(child).to_owned()
        } else {
            short_text(arena, child).unwrap_or_default()
        };
    }
    let inside = short_text(arena, node).unwrap_or_default();
    format!("{} {}", label.trim(), inside.trim()).to_lowercase()
}

fn labelled(text: &str, words: &[String]) -> bool {
    let text = text.trim();
    words.iter().filter(|word| word.chars().count() > 2).any(|word| text.contains(word.as_str()))
}

/// What distance from the title costs.
fn distance(at: usize, around: &Around) -> f32 {
    let title = around.title.unwrap_or(around.first_prose);
    if at + 6 >= title && at <= around.first_prose.max(title) + 1 {
        return 0.0;
    }
    let between = at > around.first_prose && at <= around.last_prose + 6;
    if between || (at < title && at + 15 >= title) { 0.25 } else { 0.45 }
}

fn foreign(walked: &Walked, at: usize) -> bool {
    let marks = Marks::COMMENTS | Marks::RELATED | Marks::SIDEBAR | Marks::FOOTER;
    walked.blocks.get(at).is_some_and(|block| block.marks.has(marks))
}

fn from_urls(urls: &[&str], out: &mut Vec<Witness>) {
    for url in urls {
        // An archive's address holds the page's own behind the time of its capture.
        let url = archived(url);
        let path = url.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
        let path = path.split(['?', '#']).next().unwrap_or("");
        if path.len() > 500 {
            continue;
        }
        if let Some(found) = day_first(path).or_else(|| section_between(path)) {
            out.push(witness(&found, DateEvidence::Url, false, 0.55));
        }
        let none = super::date::Months::default();
        let Some(found) = find_date(path, &none, DateOrder::YearMonthDay) else { continue };
        let year_first =
            path[found.range.clone()].starts_with(['1', '2']) && path[found.range.clone()].len() >= 8;
        if year_first {
            let day = FoundDate { time: None, zone: None, ..found };
            out.push(witness(&day, DateEvidence::Url, false, 0.8));
        }
    }
}

/// The address of the page itself in one of a web archive.
fn archived(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("/web/") else { return url };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match rest.get(digits..).and_then(|rest| rest.find("http").map(|at| &rest[at..])) {
        Some(inner) if digits >= 8 => inner,
        _ => url,
    }
}

/// "/2013/world/8/3/title": the year before the section, month and day behind it.
fn section_between(path: &str) -> Option<FoundDate> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(4).find_map(|four| {
        let [year, section, month, day] = four else { return None };
        let short =
            |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_year = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
        let fits = is_year && short(month) && short(day) && section.starts_with(char::is_alphabetic);
        let written = format!("{year}-{month:0>2}-{day:0>2}");
        fits.then(|| find_date(&written, &super::date::Months::default(), DateOrder::YearMonthDay)).flatten()
    })
}

/// "02-01-2022-title": a whole day at the beginning of a part of a path.
fn day_first(path: &str) -> Option<FoundDate> {
    path.split('/').find_map(|part| {
        let part = part.trim_start_matches('~');
        let day = part.get(..10)?;
        let dashed = day.bytes().enumerate().all(|(at, byte)| match at {
            2 | 5 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let ends = part.len() == 10 || part[10..].starts_with(['-', '_']);
        (dashed && ends)
            .then(|| find_date(day, &super::date::Months::default(), DateOrder::DayMonthYear))
            .flatten()
    })
}

/// Dates in short blocks near the title or at the end; labels tell which date it is.
fn from_text(walked: &Walked, around: &Around, pack: &PagePack, order: DateOrder, out: &mut Vec<Witness>) {
    let from = around.title.map_or(0, |title| title.min(around.first_prose)).saturating_sub(8);
    let near = from..(around.first_prose + 3).min(walked.blocks.len());
    let after = around.last_prose..(around.last_prose + 8).min(walked.blocks.len());
    for (number, near) in near.map(|number| (number, true)).chain(after.map(|number| (number, false))) {
        let Some(block) = walked.blocks.get(number) else { continue };
        let text = block.text(walked);
        let label = block.words <= 30;
        if block.hidden || text.len() > 4_000 || foreign(walked, number) {
            continue;
        }
        let text = if label { text } else { beginning(text, 90) };
        let Some(found) = find_date(text, &pack.months, order) else { continue };
        let folded = text.to_lowercase();
        let modified = labelled(&folded, &pack.modified);
        let published = labelled(&folded, &pack.published);
        let mut trust: f32 = match (near, label) {
            (true, true) => 0.6,
            (false, true) => 0.3,
            (_, false) => 0.2,
        };
        if published {
            trust += 0.15;
        }
        if found.time.is_some() && label {
            trust += 0.08;
        }
        if block.link_density() > 0.6 {
            trust -= 0.2;
        }
        if trust > 0.05 {
            out.push(witness(&found, DateEvidence::Text, modified && !published, trust));
            // "Published … Updated …" in one line: the second date is the other one.
            let rest = text.get(found.range.end..).unwrap_or("");
            if let Some(second) = find_date(rest, &pack.months, order) {
                let second_modified = labelled(&rest.to_lowercase(), &pack.modified);
                out.push(witness(&second, DateEvidence::Text, second_modified, trust - 0.1));
            }
        }
    }
}

/// Anywhere on the page: blocks that are next to nothing but a date. The last resort.
fn from_far_text(walked: &Walked, pack: &PagePack, order: DateOrder, out: &mut Vec<Witness>) {
    let weigh = |(number, block): (usize, &RawBlock)| {
        let text = block.text(walked);
        if block.words == 0 || block.words > 30 || block.hidden || block.link_density() > 0.6 {
            return None;
        }
        let found = find_date(text, &pack.months, order)?;
        let folded = text.to_lowercase();
        let published = labelled(&folded, &pack.published);
        if block.words > 10 && !published {
            return None;
        }
        if !published && found.range.len() * 2 < text.len() {
            return None;
        }
        let trust = if published { 0.32 } else { 0.22 } - if foreign(walked, number) { 0.15 } else { 0.0 };
        Some(witness(&found, DateEvidence::Text, labelled(&folded, &pack.modified) && !published, trust))
    };
    out.extend(walked.blocks.iter().enumerate().filter_map(weigh).take(30));
}

/// The state that scripts keep: the last resort. Several different days say nothing.
fn from_scripts(arena: &Arena<'_>, pack: &PagePack, order: DateOrder, out: &mut Vec<Witness>) {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(concat!(
            r#"(?i)\\?["']?(?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time|ed_at)|"#,
            r#"publication_?date|article_?publication_?date|pub_?date|first_?published(?:_?at)?)"#,
            r#"\\?["']?\s{0,3}[:=,]\s{0,3}\\?["']([^"'\\]{8,40})"#
        ))
        .expect("the pattern is a constant, and a test compiles it")
    });
    let mut found: Vec<FoundDate> = Vec::new();
    for node in arena.descendants(arena.root()).filter(|node| arena.name(*node) == "script").take(200) {
        let body = arena.raw_text(node);
        let body = body.get(..SCRIPT_LIMIT).unwrap_or(body);
        for captures in pattern.captures_iter(body).take(20) {
            let text = &captures[1];
            found.extend(find_date(text, &pack.months, order).or_else(|| seconds_since_1970(text)));
        }
    }
    if let Some(first) = found.first()
        && found.iter().all(|other| other.date == first.date)
    {
        out.push(witness(first, DateEvidence::JsonLd, false, 0.45));
    }
}

/// Where a machine's clock in UTC says one day and the page shows the next to it, the reader's
/// day is the one that is shown.
fn local_days(witnesses: &mut [Witness]) {
    let shown: Vec<(Date, f32)> = witnesses
        .iter()
        .filter(|witness| {
            matches!(witness.when.evidence, Some(DateEvidence::Text | DateEvidence::TimeElement))
                && witness.when.zone.as_deref() != Some("Z")
                && !witness.modified
                && witness.trust >= 0.55
        })
        .filter_map(|witness| Some((witness.when.date()?, witness.trust)))
        .collect();
    for witness in witnesses.iter_mut().filter(|witness| witness.when.zone.as_deref() == Some("Z")) {
        let (Some(from), Some(day)) = (witness.when.from, witness.when.date()) else { continue };
        let other = match from.hour() {
            14.. => day.tomorrow(),
            ..=11 => day.yesterday(),
            _ => continue,
        };
        let Ok(other) = other else { continue };
        if shown.iter().any(|(shown, _)| *shown == other) && !shown.iter().any(|(shown, _)| *shown == day) {
            witness.trust *= 0.5;
        }
    }
}

/// Bytes of a script that are looked at.
const SCRIPT_LIMIT: usize = 400_000;

fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}
