//! The title: what most of the page's own words for it agree on, as it stands in the page.

use serde_json::Value;

use super::head::Head;
use super::json_ld::words;
use super::pack::PagePack;
use crate::extract::keep::fold;
use crate::extract::marks::Marks;
use crate::extract::walk::{Shape, Walked};

/// The title and how it was found.
#[derive(Debug, Default)]
pub(crate) struct Title {
    /// As the page has it, markers cut off.
    pub(crate) title: Option<String>,
    /// json_ld, meta, heading, stated.
    pub(crate) from: Option<String>,
    /// The block it stands in.
    pub(crate) block: Option<usize>,
    /// All differing titles.
    pub(crate) all: Vec<String>,
    /// "VIDEO", "EN DIRECT" …
    pub(crate) markers: Vec<String>,
    /// 0 to 1.
    pub(crate) confidence: f32,
}

/// A title longer than this swallowed something else.
const LONGEST: usize = 300;

/// Finds the title of a page.
pub(crate) fn find_title(head: &Head, walked: &Walked, outlet: Option<&str>, pack: &PagePack) -> Title {
    let ld = head
        .article()
        .and_then(|article| article.get("headline"))
        .and_then(words)
        .filter(|title| fits(title));
    let og = head.meta_content(&[
        "og:title",
        "dc.title",
        "dcterms.title",
        "title",
        "headline",
        "sailthru.title",
        "parsely-title",
    ]);
    let og = og.map(|title| without_outlet(title, outlet)).filter(|title| fits(title));
    let twitter = head
        .meta_content(&["twitter:title"])
        .map(|title| without_outlet(title, outlet))
        .filter(|title| fits(title));
    let element = head
        .title
        .as_deref()
        .map(|title| without_outlet(&title.replace('\n', " "), outlet))
        .filter(|title| fits(title));
    let named: Vec<(&str, &String)> =
        [("json_ld", &ld), ("meta", &og), ("meta", &twitter), ("text", &element)]
            .into_iter()
            .filter_map(|(from, title)| Some((from, title.as_ref()?)))
            .collect();
    let mut best: Option<(f32, usize)> = None;
    for (number, block) in walked.blocks.iter().enumerate() {
        let Shape::Heading(level) = block.shape else { continue };
        if block.hidden || level > 2 || block.marks.has(Marks::COMMENTS) {
            continue;
        }
        let text = block.text(walked);
        if !fits(text) {
            continue;
        }
        let agreement = named.iter().map(|(_, title)| likeness(text, title)).fold(0.0, f32::max);
        let agreeing = named.iter().filter(|(_, title)| likeness(text, title) >= 0.8).count() as f32;
        let quiet = block.marks.has(Marks::NAVIGATION | Marks::FOOTER | Marks::RELATED | Marks::SIDEBAR);
        let score = agreement + 0.25 * agreeing + if level == 1 { 0.3 } else { 0.0 }
            - if quiet { 0.3 } else { 0.0 }
            + if block.marks.has(Marks::TITLE) { 0.1 } else { 0.0 };
        let enough = agreement >= 0.6
            || (level == 1 && (named.is_empty() || (agreement >= 0.25 && block.words >= 3)))
            || (level == 1 && !quiet && block.words >= 6 && block.link_density() < 0.5);
        if enough && best.is_none_or(|(other, _)| score > other + 0.001) {
            best = Some((score, number));
        }
    }
    let mut title = Title::default();
    let heading = best.map(|(_, number)| (number, walked.blocks[number].text(walked).replace('\n', " ")));
    let chosen = match &heading {
        Some((number, text)) => {
            title.block = Some(*number);
            Some((text.clone(), "heading"))
        }
        None => named.first().map(|(from, text)| ((*text).clone(), *from)),
    };
    let Some((chosen, from)) = chosen else { return title };
    let (chosen, from) = agreed(chosen, from, &named);
    let mut all: Vec<String> = vec![chosen.clone()];
    for (_, other) in &named {
        if all.iter().all(|known| fold(known) != fold(other)) {
            all.push((*other).clone());
        }
    }
    let agreeing = named.iter().filter(|(_, other)| likeness(&chosen, other) >= 0.8).count();
    title.confidence = match (heading.is_some(), agreeing) {
        (true, 2..) => 0.95,
        (true, 1) => 0.9,
        (true, 0) => 0.6,
        (false, 2..) => 0.85,
        (false, _) => 0.65,
    };
    let (plain, markers) = cut_markers(&chosen, pack);
    title.title = Some(plain);
    title.markers = markers;
    title.from = Some(from.to_owned());
    title.all = all;
    title
}

/// What most sources agree on, letter for letter: the heading counts for one and a half, the
/// `title` element and copies for less. A heading may have swallowed the line above it.
fn agreed<'a>(chosen: String, from: &'a str, named: &[(&'a str, &String)]) -> (String, &'a str) {
    let votes_of = |title: &str| -> f32 {
        let folded = fold(title);
        let same = named.iter().enumerate().filter(|(_, (_, other))| fold(other) == folded);
        same.map(|(number, (from, _))| match *from {
            "text" => 0.6,
            _ if number > 0 && named[number - 1].0 == *from => 0.4,
            _ => 1.0,
        })
        .sum()
    };
    let mut best = (votes_of(&chosen) + if from == "heading" { 1.5 } else { 0.1 }, chosen, from);
    let heading = (from == "heading").then(|| fold(&best.1));
    for (other_from, other) in named {
        // The heading with a line set before or a name set behind it says no more than it.
        if heading.as_deref().is_some_and(|heading| is_dressed(heading, &fold(other))) {
            continue;
        }
        let votes = votes_of(other);
        // The line above, a colon, and what the others give alone.
        let kicker = *other_from == "meta"
            && best.2 == "heading"
            && fold(&best.1).strip_suffix(fold(other).as_str()).is_some_and(|line| {
                let line = line.trim_end();
                line.ends_with(':') && line.split_whitespace().count() <= 4
            });
        if votes > best.0 || kicker {
            best = (votes.max(best.0), (*other).clone(), other_from);
        }
    }
    (best.1, best.2)
}

/// Whether `other` is `heading` with something set off from it by a dash, a bar or a colon.
fn is_dressed(heading: &str, other: &str) -> bool {
    let separates = |c: char| matches!(c, ':' | '|' | '-' | '–' | '—' | '›' | '»' | '·' | '•' | '/');
    let behind = other.strip_prefix(heading).map(str::trim_start);
    let before = other.strip_suffix(heading).map(str::trim_end);
    behind.is_some_and(|rest| rest.starts_with(separates))
        || before.is_some_and(|rest| rest.ends_with(separates))
}

fn fits(title: &str) -> bool {
    let title = title.trim();
    !title.is_empty()
        && title.len() <= 4 * LONGEST
        && title.chars().count() <= LONGEST
        && title.chars().any(char::is_alphanumeric)
}

/// Share of words that two titles have in common, of the longer one (Jaccard over a multiset
/// would punish a suffix less than it should).
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (fold(a), fold(b));
    if a == b {
        return 1.0;
    }
    let cut = |text: &str| -> Vec<String> {
        let mut list: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(60)
            .flat_map(|word| {
                let ideographs = word.chars().any(|c| matches!(c, '\u{3040}'..='\u{9fff}'));
                if ideographs { word.chars().map(String::from).collect() } else { vec![word.to_owned()] }
            })
            .collect();
        list.sort();
        list
    };
    let (a, b) = (cut(&a), cut(&b));
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 0.0;
    }
    let mut rest = b.clone();
    let common = a
        .iter()
        .filter(|word| {
            let at = rest.iter().position(|other| other == *word);
            at.map(|at| rest.remove(at)).is_some()
        })
        .count();
    common as f32 / longest as f32
}

/// A title of the head without the outlet's name: cut off at a bar, or at a dash where the
/// rest is the outlet's name or short.
pub(crate) fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded_outlet = outlet.map(fold).unwrap_or_default();
    let mut best: &str = &title;
    loop {
        let mut shorter: Option<&str> = None;
        for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " · ", " • ", " / ", "| ", " |"]
        {
            if let Some(at) = best.rfind(separator) {
                let (front, back) = (best[..at].trim_end(), best[at + separator.len()..].trim());
                let back_folded = fold(back);
                let is_outlet = !folded_outlet.is_empty()
                    && (back_folded.contains(&folded_outlet) || folded_outlet.contains(&back_folded));
                let bar = separator.contains(['|', ':', '»', '·', '•']);
                let short = back.split_whitespace().count() <= 4 && front.split_whitespace().count() >= 3;
                let capital = back.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
                let domain = back.contains('.') && !back.contains(' ');
                if !front.is_empty()
                    && (is_outlet
                        || domain
                        || (bar && short)
                        || (short && capital && back.split_whitespace().count() <= 3))
                    && shorter.is_none_or(|other| front.len() > other.len())
                {
                    shorter = Some(front);
                }
            }
        }
        match shorter {
            Some(front) => best = front,
            None => break,
        }
    }
    // The outlet in front: "Outlet: title", "Outlet | title".
    if !folded_outlet.is_empty() {
        for separator in [" | ", ": ", " - ", " – ", " » "] {
            if let Some((front, back)) = best.split_once(separator)
                && fold(front) == folded_outlet
                && !back.trim().is_empty()
            {
                best = back.trim();
            }
        }
    }
    best.trim().to_owned()
}

/// Cuts markers off the ends of a title: in brackets, or in capitals before a separator.
pub(crate) fn cut_markers(title: &str, pack: &PagePack) -> (String, Vec<String>) {
    let mut rest = title.trim();
    let mut markers = Vec::new();
    for _ in 0..4 {
        let Some((marker, left)) = bracketed(rest, pack).or_else(|| leading(rest, pack)) else { break };
        markers.push(marker.to_owned());
        rest = left.trim();
    }
    if rest.is_empty() { (title.trim().to_owned(), Vec::new()) } else { (rest.to_owned(), markers) }
}

/// "(VIDEOS)" or "[Video]" at either end.
fn bracketed<'t>(title: &'t str, pack: &PagePack) -> Option<(&'t str, &'t str)> {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(before) = title.strip_suffix(close)
            && let Some(at) = before.rfind(open)
        {
            let inner = before[at + 1..].trim();
            if is_marker(inner, pack) {
                return Some((inner, &title[..at]));
            }
        }
        if let Some(after) = title.strip_prefix(open)
            && let Some(at) = after.find(close)
        {
            let inner = after[..at].trim();
            if is_marker(inner, pack) {
                return Some((inner, &after[at + close.len_utf8()..]));
            }
        }
    }
    None
}

/// "VIDEO: …", "EN DIRECT. …", "بالفيديو | …"
fn leading<'t>(title: &'t str, pack: &PagePack) -> Option<(&'t str, &'t str)> {
    let at = title.find([':', '.', '|', '-', '–', '—', '/'])?;
    let inner = title[..at].trim();
    let separator = title[at..].chars().next()?;
    let capitals = inner.chars().filter(|c| c.is_alphabetic()).all(|c| !c.is_lowercase());
    let left = title[at + separator.len_utf8()..].trim();
    (capitals && is_marker(inner, pack) && left.split_whitespace().count() >= 2).then_some((inner, left))
}

fn is_marker(words: &str, pack: &PagePack) -> bool {
    let folded = words.to_lowercase();
    pack.markers.contains(&folded)
        || folded
            .split([',', '+', '&', '/'])
            .all(|part| pack.markers.iter().any(|marker| marker == part.trim()))
}

/// The description of the page.
pub(crate) fn description(head: &Head) -> Option<String> {
    head.meta_content(&["og:description", "description", "twitter:description", "dc.description"])
        .map(super::json_ld::unescape)
        .or_else(|| head.article().and_then(|article: &Value| article.get("description")).and_then(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn markers_are_cut_off() {
        let pack = &Packs::embedded().page;
        let check = |title: &str, plain: &str, markers: &[&str]| {
            let (found, list) = cut_markers(title, pack);
            assert_eq!(
                (found.as_str(), &list[..]),
                (plain, &markers.iter().map(|m| m.to_string()).collect::<Vec<_>>()[..])
            );
        };
        check("La ville est inondée (VIDEOS)", "La ville est inondée", &["VIDEOS"]);
        check("EN DIRECT. La crue monte encore", "La crue monte encore", &["EN DIRECT"]);
        check("Video of a flood", "Video of a flood", &[]);
        check("بالفيديو | الجيش يدخل المدينة", "الجيش يدخل المدينة", &["بالفيديو"]);
    }

    #[test]
    fn a_dressed_heading_says_no_more() {
        for (other, dressed) in [
            ("flood: the river rises", true),
            ("the river rises - hausinfo", true),
            ("the river rises", false),
            ("the river rises again", false),
            ("why the river rises", false),
        ] {
            assert_eq!(is_dressed("the river rises", other), dressed, "{other}");
        }
    }

    #[test]
    fn the_outlet_is_cut_off() {
        let check =
            |title: &str, outlet: Option<&str>, plain: &str| assert_eq!(without_outlet(title, outlet), plain);
        check("River rises again in the north | The Valley Post", None, "River rises again in the north");
        check(
            "River rises - again and again, in the north of the land",
            None,
            "River rises - again and again, in the north of the land",
        );
        check("River rises - valley", Some("Valley"), "River rises");
        check("Post: River rises", Some("Post"), "River rises");
    }
}
