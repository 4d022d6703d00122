//! Every place of a page that says when it was published or changed, each with how far it is to
//! be trusted: data, meta elements, time elements, addresses, text near the title, scripts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use jiff::civil::Date;
use regex::Regex;
use selon_model::{DateEvidence, When};
use serde_json::Value;

use super::address::{clean, resolve};
use super::date::{DateOrder, FoundDate, Months, find_date, seconds_since_1970};
use super::head::Head;
use super::json_ld::{self, words};
use super::pack::PagePack;
use super::published::Around;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::marks::Marks;
use crate::extract::walk::{RawBlock, Walked};
use crate::post::time_of_address;

/// One place that names a day.
#[derive(Clone, Debug)]
pub(super) struct Witness {
    /// What it says.
    pub(super) when: When,
    /// It says when the page was changed.
    pub(super) modified: bool,
    /// How often such a place is right, 0 to 1.
    pub(super) trust: f32,
}

/// A page whose dates are looked for.
pub(crate) struct Dated<'a, 's> {
    pub(crate) arena: &'a Arena<'s>,
    pub(crate) head: &'a Head,
    pub(crate) walked: &'a Walked,
    pub(crate) around: &'a Around,
    pub(crate) pack: &'a PagePack,
    /// Day or month first in numbers.
    pub(crate) order: DateOrder,
    /// Addresses of the page.
    pub(crate) urls: &'a [&'a str],
}

/// Bytes of a script that are looked at.
const SCRIPT_LIMIT: usize = 400_000;
/// Siblings among which an element is looked for.
const MOST_SIBLINGS: usize = 200;
/// Elements that may hold a date and are looked at.
const MOST_ELEMENTS: usize = 400;
/// So many different days in elements that are alike are a list.
const A_LIST: usize = 3;
/// Blocks behind the title that are still near it.
const UNDER_THE_TITLE: usize = 12;
/// Elements of an entry that may hold its time.
const IN_AN_ENTRY: usize = 4;
/// Dates that one line of text may name: published, changed, and one more.
const IN_A_LINE: usize = 3;

fn witness(found: &FoundDate, evidence: DateEvidence, modified: bool, trust: f32) -> Witness {
    let rule = match evidence {
        DateEvidence::JsonLd => "core.date.json_ld",
        DateEvidence::Meta => "core.date.meta",
        DateEvidence::TimeElement => "core.date.time_element",
        DateEvidence::Url => "core.date.url",
        DateEvidence::Script => "core.date.script",
        _ => "core.date.text",
    };
    let when = When { evidence: Some(evidence), ..found.when(rule) };
    Witness { when, modified, trust }
}

impl Dated<'_, '_> {
    fn find(&self, text: &str) -> Option<FoundDate> {
        find_date(text, &self.pack.months, self.order)
    }

    /// The same for values that machines wrote.
    fn find_value(&self, text: &str) -> Option<FoundDate> {
        self.find(text).or_else(|| seconds_since_1970(text))
    }

    /// The time that an entry of a live page gives itself: that of its first element with one.
    pub(super) fn entry_time(&self, entry: &std::ops::Range<usize>) -> Option<When> {
        let inside = self.walked.times.iter().filter(|(_, at)| entry.contains(&(*at as usize)));
        inside.take(IN_AN_ENTRY).find_map(|(node, _)| {
            let stated = STATED.iter().filter_map(|name| self.arena.attribute(*node, name));
            let stated = stated.filter(|text| text.len() <= 60).find_map(|text| self.find_value(text));
            let found = stated.or_else(|| self.find(&short_text(self.arena, *node)?))?;
            Some(witness(&found, DateEvidence::TimeElement, false, 1.0).when)
        })
    }

    /// JSON-LD of the article, of the page, or of a video that is all there is.
    pub(super) fn ask_data(&self, out: &mut Vec<Witness>) {
        let data = &self.head.data;
        let article = self.head.article();
        let page = data.iter().find(|object| json_ld::has_type(object, |name| name.ends_with("Page")));
        let video = data.iter().find(|object| json_ld::has_type(object, |name| name == "VideoObject"));
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
                if let Some(found) = self.find_value(&text) {
                    out.push(witness(&found, DateEvidence::JsonLd, modified, trust - less));
                }
            }
        }
    }

    pub(super) fn ask_meta(&self, out: &mut Vec<Witness>) {
        for (name, content) in &self.head.metas {
            let Some(key) = self.pack.date_key(name).filter(|_| content.len() <= 100) else { continue };
            if let Some(found) = self.find_value(content) {
                out.push(witness(&found, DateEvidence::Meta, key.modified, key.trust));
            }
        }
    }

    /// `time`, and elements whose class or itemprop says date. The nearer to the title the better.
    pub(super) fn ask_elements(&self, out: &mut Vec<Witness>) {
        let arena = self.arena;
        let mut dated = Vec::new();
        let within = |(_, at): &&(NodeId, u32)| self.around.within.contains(&(*at as usize));
        for (node, at) in self.walked.times.iter().filter(within).take(MOST_ELEMENTS) {
            let stated = STATED
                .iter()
                .filter_map(|name| arena.attribute(*node, name))
                .find_map(|text| (text.len() <= 60).then(|| self.find_value(text))?);
            let inside = short_text(arena, *node).unwrap_or_default();
            let Some(found) = stated.clone().or_else(|| self.find(&inside)) else { continue };
            let end = if stated.is_some() { inside.len() } else { found.range.start };
            dated.push(Element {
                node: *node,
                at: *at as usize,
                found,
                classes: classes(arena, *node),
                inside,
                end,
            });
        }
        let listed = listed_days(arena, &dated);
        for element in &dated {
            let Element { node, at, found, classes: class, inside, end } = element;
            let before = before_in_parent(arena, *node);
            let label = self
                .label(&format!("{before} {}", inside.get(..*end).unwrap_or("")))
                .or_else(|| self.label(inside));
            let itemprop = arena.attribute(*node, "itemprop").unwrap_or("");
            let says_modified = itemprop == "dateModified"
                || class.contains("updat")
                || class.contains("modif")
                || label == Some(Label::Modified);
            let says_published = matches!(itemprop, "datePublished" | "dateCreated")
                || class.contains("publish")
                || class.contains("publication")
                || arena.attribute(*node, "pubdate").is_some()
                || label == Some(Label::Published);
            let mut trust: f32 = if arena.name(*node) == "time" { 0.72 } else { 0.62 };
            if says_published {
                trust += 0.1;
            }
            trust -= self.distance(*at);
            if self.foreign(*at) {
                trust -= 0.45;
            } else if self.beside(*at) {
                trust -= 0.1;
            }
            if listed.contains(&(arena.name(*node), class.as_str())) {
                trust -= 0.3;
            }
            trust += self.of_link(self.link_around(*node), found);
            if says_published {
                trust = trust.max(0.2);
            }
            if trust > 0.05 {
                let modified = says_modified && !says_published;
                out.push(witness(found, DateEvidence::TimeElement, modified, trust));
            }
        }
    }

    /// What distance from the title costs.
    fn distance(&self, at: usize) -> f32 {
        let Around { title, first_prose, last_prose, .. } = *self.around;
        let title = title.unwrap_or(first_prose);
        if at + 6 >= title && at <= first_prose.max(title) + 1 {
            return 0.0;
        }
        let between = at > first_prose && at <= last_prose + 6;
        if between || (at < title && at + 15 >= title) { 0.25 } else { 0.45 }
    }

    fn foreign(&self, at: usize) -> bool {
        let mut marks = Marks::COMMENTS | Marks::RELATED | Marks::FOOTER;
        if !self.under_the_title(at) {
            marks |= Marks::SIDEBAR;
        }
        self.walked.blocks.get(at).is_some_and(|block| block.marks.has(marks))
    }

    /// Set aside within the report, right under its title.
    fn beside(&self, at: usize) -> bool {
        self.under_the_title(at)
            && self.walked.blocks.get(at).is_some_and(|block| block.marks.has(Marks::SIDEBAR))
    }

    fn under_the_title(&self, at: usize) -> bool {
        let Around { title, last_prose, .. } = *self.around;
        title.is_some_and(|title| at > title && at < last_prose && at <= title + UNDER_THE_TITLE)
    }

    /// The link that an element stands in.
    fn link_around(&self, node: NodeId) -> Option<NodeId> {
        std::iter::successors(Some(node), |at| self.arena.parent(*at))
            .take(8)
            .find(|at| self.arena.name(*at) == "a")
    }

    /// The link that a byte of the text stands in.
    fn link_at(&self, byte: u32) -> Option<NodeId> {
        let links = &self.walked.links;
        let after = links.partition_point(|link| link.span.start <= byte);
        links[..after].iter().rev().take(4).find(|link| byte < link.span.end).map(|link| link.node)
    }

    /// What a link around a date adds to its trust: one that leads to this very page names its
    /// day, one that leads to another page the day of that one. A list of a day's reports has
    /// the year in its address.
    fn of_link(&self, link: Option<NodeId>, found: &FoundDate) -> f32 {
        let href = link.and_then(|link| self.arena.attribute(link, "href"));
        let base = self.urls.first().copied();
        // A place within the page: a comment, a section.
        if href.is_some_and(|href| href.contains('#')) {
            return -0.2;
        }
        let Some(target) = href.and_then(|href| resolve(base, href)) else { return 0.0 };
        let same = |url: &&str| bare(url) == bare(&target);
        if self.urls.iter().any(same) {
            0.15
        } else if base.is_none() || target.contains(&found.date.year().to_string()) {
            0.0
        } else {
            -0.45
        }
    }

    /// Dates in short blocks near the title or at the end; labels tell which date it is.
    pub(super) fn ask_text(&self, out: &mut Vec<Witness>) {
        let Around { title, first_prose, last_prose, ref within } = *self.around;
        let blocks = self.walked.blocks.len().min(within.end);
        let from = title.map_or(0, |title| title.min(first_prose)).saturating_sub(8).max(within.start);
        let near = from..(first_prose + 3).min(blocks);
        let after = last_prose..(last_prose + 8).min(blocks);
        for (number, near) in near.map(|number| (number, true)).chain(after.map(|number| (number, false))) {
            let Some(block) = self.walked.blocks.get(number) else { continue };
            let text = block.text(self.walked);
            if block.hidden || text.len() > 4_000 || self.foreign(number) {
                continue;
            }
            let line = block.words <= 30;
            let text = if line { text } else { beginning(text, 90) };
            let base: f32 = match (near, line) {
                (true, true) => 0.6,
                (false, true) => 0.3,
                (_, false) => 0.2,
            } - if block.link_density() > 0.6 { 0.2 } else { 0.0 };
            for (place, (found, label)) in self.dates_of_line(text).into_iter().enumerate() {
                let mut trust = base - if place > 0 { 0.1 } else { 0.0 };
                trust += self.of_link(self.link_at(block.span.start + found.range.start as u32), &found);
                match label {
                    Some(Label::Published) => trust += 0.15,
                    // A date that is a small part of what its line says is seldom the page's.
                    None if found.range.len() * 5 < text.len() => trust -= 0.1,
                    _ => {}
                }
                if found.time.is_some() && line {
                    trust += 0.08;
                }
                if trust > 0.05 {
                    let modified = label == Some(Label::Modified);
                    out.push(witness(&found, DateEvidence::Text, modified, trust));
                }
            }
        }
    }

    /// "Published … Updated …": the dates of a line, each with the label nearest before it.
    fn dates_of_line(&self, text: &str) -> Vec<(FoundDate, Option<Label>)> {
        let mut dates: Vec<(FoundDate, Option<Label>)> = Vec::new();
        let mut start = 0;
        while dates.len() < IN_A_LINE {
            let rest = text.get(start..).unwrap_or("");
            let Some(found) = self.find(rest) else { break };
            let label = self.label(&rest[..found.range.start]);
            start += found.range.end.max(1);
            dates.push((found, label));
        }
        // A label may also stand behind the only date.
        if let [(_, label @ None)] = &mut dates[..] {
            *label = self.label(text);
        }
        dates
    }

    /// Anywhere on the page: blocks that are next to nothing but a date, and paragraphs that
    /// begin with one. The last resort.
    pub(super) fn ask_far_text(&self, out: &mut Vec<Witness>) {
        let blocks = self.walked.blocks.iter().enumerate();
        let blocks = blocks.take(self.around.within.end).skip(self.around.within.start);
        let blocks = blocks
            .filter(|(_, block)| block.words > 0 && !block.hidden && block.link_density() <= 0.6)
            .filter_map(|(number, block)| {
                let found = self.far_dates(block);
                let less = if self.foreign(number) { 0.15 } else { 0.0 };
                (!found.is_empty()).then_some((found, less))
            });
        for (found, less) in blocks.take(30) {
            out.extend(found.into_iter().map(|found| Witness { trust: found.trust - less, ..found }));
        }
    }

    fn far_dates(&self, block: &RawBlock) -> Vec<Witness> {
        let text = block.text(self.walked);
        if block.words > 30 {
            let text = beginning(text, 40);
            let found = self.find(text).filter(|found| found.range.start == 0);
            let goes_on = |found: &FoundDate| {
                let rest = text.get(found.range.end..).unwrap_or("").trim_start();
                rest.starts_with(|c: char| c.is_lowercase() || c == ',')
            };
            let found = found.filter(|found| !goes_on(found));
            return found.iter().map(|found| witness(found, DateEvidence::Text, false, 0.22)).collect();
        }
        let mut out = Vec::new();
        for (found, label) in self.dates_of_line(text) {
            let alone = block.words <= 10 && found.range.len() * 2 >= text.len();
            match label {
                Some(Label::Published) => out.push(witness(&found, DateEvidence::Text, false, 0.32)),
                _ if !alone => {}
                label => {
                    let modified = label == Some(Label::Modified);
                    out.push(witness(&found, DateEvidence::Text, modified, 0.22));
                }
            }
        }
        out
    }

    /// The state that scripts keep, and dates that a script only has to print: the last resort.
    /// Several different days say nothing.
    pub(super) fn ask_scripts(&self, out: &mut Vec<Witness>) {
        static NAMED: OnceLock<Regex> = OnceLock::new();
        static PRINTED: OnceLock<Regex> = OnceLock::new();
        let named = NAMED.get_or_init(|| {
            constant(concat!(
                r#"(?i)\\?["']?(?:date_?published|published_?(?:at|date|time|on)|publish_?(?:date|time|ed_at)|"#,
                r#"publication_?date|article_?publication_?date|pub_?date|first_?published(?:_?at)?)"#,
                r#"\\?["']?\s{0,3}[:=,]\s{0,3}\\?["']([^"'\\]{8,40})"#
            ))
        });
        let printed =
            PRINTED.get_or_init(|| constant(r#"^\s*[\w.]{3,40}\(\s*["']([^"'\\]{8,40})["']\s*\)\s*;?\s*$"#));
        let mut days: [Vec<FoundDate>; 2] = Default::default();
        let nodes = self.arena.descendants(self.arena.root());
        for node in nodes.filter(|node| self.arena.name(*node) == "script").take(200) {
            let body = self.arena.raw_text(node);
            let mut end = body.len().min(SCRIPT_LIMIT);
            while !body.is_char_boundary(end) {
                end -= 1;
            }
            let body = &body[..end];
            for captures in named.captures_iter(body).take(20) {
                days[0].extend(self.find_value(&captures[1]));
            }
            if let Some(captures) = (body.len() <= 200).then(|| printed.captures(body)).flatten() {
                days[1].extend(self.find(&captures[1]));
            }
        }
        for days in days {
            if let Some(first) = days.first()
                && days.iter().all(|other| other.date == first.date)
            {
                out.push(witness(first, DateEvidence::Script, false, 0.45));
                break;
            }
        }
    }

    /// What the label nearest to the end of some words calls the date behind them.
    fn label(&self, words: &str) -> Option<Label> {
        let folded = words.to_lowercase();
        let last = |labels: &[String]| labels.iter().filter_map(|label| end_of_last(&folded, label)).max();
        match (last(&self.pack.published), last(&self.pack.modified)) {
            (None, None) => None,
            (published, modified) if modified > published => Some(Label::Modified),
            _ => Some(Label::Published),
        }
    }
}

/// What a date is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Published,
    Modified,
}

/// An element that holds a date.
struct Element {
    node: NodeId,
    /// Blocks before it.
    at: usize,
    found: FoundDate,
    /// Of itself and the two around it.
    classes: String,
    /// Its text, where short.
    inside: String,
    /// Where the words before the date end in that text.
    end: usize,
}

/// Names and classes of elements that hold many different days: lists of other reports, comments.
fn listed_days<'a>(arena: &'a Arena<'_>, dated: &'a [Element]) -> HashSet<(&'a str, &'a str)> {
    let mut days: HashMap<(&str, &str), BTreeSet<Date>> = HashMap::new();
    for element in dated {
        let like = (arena.name(element.node), element.classes.as_str());
        days.entry(like).or_default().insert(element.found.date);
    }
    days.retain(|_, days| days.len() >= A_LIST);
    days.into_keys().collect()
}

/// Attributes of elements that hold a date for machines.
const STATED: &[&str] = &[
    "datetime",
    "content",
    "data-utime",
    "data-datetime",
    "data-time",
    "data-timestamp",
    "data-published",
    "title",
];

/// Where the last whole `label` of `text` ends. Both in lower case. A label of letters that have
/// case is a whole word; others take endings.
fn end_of_last(text: &str, label: &str) -> Option<usize> {
    label.chars().nth(2)?;
    let whole = label.chars().next_back().is_some_and(char::is_lowercase);
    text.rmatch_indices(label).find_map(|(at, _)| {
        let end = at + label.len();
        let begins = !text[..at].ends_with(char::is_alphabetic);
        let ends = !whole || !text[end..].starts_with(char::is_alphabetic);
        (begins && ends).then_some(end)
    })
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

/// Classes of an element and of the two around it, in lower case.
fn classes(arena: &Arena<'_>, node: NodeId) -> String {
    let mut classes = String::new();
    for at in std::iter::successors(Some(node), |at| arena.parent(*at)).take(3) {
        classes.push_str(arena.attribute(at, "class").unwrap_or(""));
        classes.push(' ');
    }
    classes.to_lowercase()
}

/// The words right before an element, in the same parent.
fn before_in_parent(arena: &Arena<'_>, node: NodeId) -> String {
    let Some(parent) = arena.parent(node) else { return String::new() };
    let mut before = None;
    for child in arena.children(parent).take(MOST_SIBLINGS) {
        if child == node {
            break;
        }
        before = Some(child);
    }
    match before.filter(|child| arena.next_sibling(*child) == Some(node)) {
        Some(child) if arena.is_text(child) => arena.text(child).trim().to_owned(),
        Some(child) => short_text(arena, child).unwrap_or_default().trim().to_owned(),
        None => String::new(),
    }
}

/// Days that the addresses of a page hold.
pub(super) fn ask_urls(urls: &[&str], out: &mut Vec<Witness>) {
    for url in urls {
        // An archive's address holds the page's own behind the time of its capture.
        let url = archived(url);
        if let Some(when) = time_of_address(url) {
            out.push(Witness { when, modified: false, trust: 0.9 });
        }
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, path)| path);
        let path = path.split(['?', '#']).next().unwrap_or("");
        if path.len() > 500 {
            continue;
        }
        if let Some(found) = day_first(path).or_else(|| section_between(path)) {
            out.push(witness(&found, DateEvidence::Url, false, 0.55));
        }
        let Some(found) = find_date(path, &Months::default(), DateOrder::YearMonthDay) else { continue };
        let year_first =
            path[found.range.clone()].starts_with(['1', '2']) && path[found.range.clone()].len() >= 8;
        if year_first {
            let day = FoundDate { time: None, zone: None, ..found };
            out.push(witness(&day, DateEvidence::Url, false, 0.8));
        }
    }
}

/// The address of the page itself in one of a web archive; it may have lost its scheme.
fn archived(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("/web/") else { return url };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match rest.get(digits..).and_then(|rest| rest.split_once('/')) {
        Some((_, inner)) if digits == 14 || (digits >= 8 && inner.contains("://")) => inner,
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
        fits.then(|| find_date(&written, &Months::default(), DateOrder::YearMonthDay)).flatten()
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
        (dashed && ends).then(|| find_date(day, &Months::default(), DateOrder::DayMonthYear)).flatten()
    })
}

/// An address without scheme, tracking and closing stroke, to compare it with.
fn bare(url: &str) -> String {
    let url = clean(url);
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    rest.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant, and a test compiles it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_days() {
        let check = |url: &str, expected: &str| {
            let mut found = Vec::new();
            ask_urls(&[url], &mut found);
            let days: Vec<String> = found.iter().filter_map(|found| found.when.edtf.clone()).collect();
            assert_eq!(days.join(" "), expected, "{url}");
        };
        check("https://a.example/2016/12/13/river", "2016-12-13");
        check("https://a.example/2016/world/12/3/river", "2016-12-03");
        check("https://web.archive.org/web/20200101000000/https://a.example/2016/12/13/river", "2016-12-13");
        check("https://web.archive.org/web/20200101000000/a.example/2016/12/13/river", "2016-12-13");
        check("https://web.archive.org/web/20200101000000/a.example/river", "");
        check("https://x.com/ana_ruo/status/809514418656710658", "2016-12-15T21:44:12Z");
        check("https://a.example/2016/12", "");
    }

    #[test]
    fn labels_are_whole_words() {
        for (text, label, end) in [
            ("published on ", "published", Some(9)),
            ("a majority of ", "maj", None),
            ("maj: ", "maj", Some(3)),
            ("تم نشره ", "نشر", Some(11)),
            ("le ", "le", None),
        ] {
            assert_eq!(end_of_last(text, label), end, "{text}");
        }
    }
}
