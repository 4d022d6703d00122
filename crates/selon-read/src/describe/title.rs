//! The title: what most of the page's own words for it agree on, as it stands in the page.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::head::Head;
use super::json_ld::words;
use super::pack::PagePack;
use crate::extract::marks::Marks;
use crate::extract::walk::{RawBlock, Shape, Walked};
use crate::words::fold;

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

impl Title {
    /// The heading of a further article, of which head and data say nothing.
    pub(crate) fn of_heading(walked: &Walked, number: usize, pack: &PagePack) -> Title {
        let words = words_of(walked, number);
        let (plain, markers) = cut_markers(&words, pack);
        Title {
            title: Some(plain),
            from: Some("heading".to_owned()),
            block: Some(number),
            all: vec![words],
            markers,
            confidence: 0.9,
        }
    }
}

/// The words of an address that are none of the titles: often the headline of an earlier hour.
/// `None` where they are those of a title, too few, or in another script than the titles.
pub(crate) fn title_of_address(url: &str, titles: &[String]) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let last = last.rsplit_once('.').map_or(last, |(name, _)| name);
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let words: Vec<String> =
        last.split(['-', '_']).filter(is_word).map(|part| part.to_ascii_lowercase()).collect();
    let long = |word: &&String| word.len() >= 4;
    if words.len() < SLUG_WORDS || words.iter().filter(long).count() < SLUG_WORDS / 2 {
        return None;
    }
    let is_other = |title: &String| {
        let plain: String = title.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
        let plain = plain.to_lowercase();
        let own: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).collect();
        let letters = plain.chars().filter(|c| c.is_alphabetic());
        let (latin, other): (Vec<char>, Vec<char>) = letters.partition(char::is_ascii_alphabetic);
        let shared = words.iter().filter(long).filter(|word| own.contains(&word.as_str())).count();
        latin.len() > 4 * other.len() && shared * 2 < words.iter().filter(long).count()
    };
    (!titles.is_empty() && titles.iter().all(is_other)).then(|| words.join(" "))
}

/// Words of an address that are a headline.
const SLUG_WORDS: usize = 6;

/// A title longer than this swallowed something else.
const LONGEST: usize = 300;

/// Finds the title of a page.
pub(crate) fn find_title(head: &Head, walked: &Walked, outlet: Option<&str>, pack: &PagePack) -> Title {
    let named = named(head, outlet);
    let mut title = Title::default();
    let heading = heading(walked, &named).map(|number| (number, words_of(walked, number)));
    let chosen = match &heading {
        Some((number, text)) => {
            title.block = Some(*number);
            Some((text.clone(), "heading"))
        }
        None => named.first().map(|(from, text)| (text.clone(), *from)),
    };
    let Some((chosen, from)) = chosen else { return title };
    let shown = heading.as_ref().and_then(|(number, text)| shown_below(walked, *number, text, &named));
    let (chosen, from) = match shown {
        Some((number, text)) => {
            title.block = Some(number);
            (text, "heading")
        }
        None => agreed(chosen, from, &named),
    };
    let mut all: Vec<String> = vec![chosen.clone()];
    for other in heading.iter().map(|(_, text)| text).chain(named.iter().map(|(_, other)| other)) {
        if all.iter().all(|known| fold(known) != fold(other)) {
            all.push(other.clone());
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

/// Where head or data name the page, and how.
type Named = (&'static str, String);

/// What head and data call the page: the headline of the data first, then meta elements, then the
/// `title` element.
fn named(head: &Head, outlet: Option<&str>) -> Vec<Named> {
    let data = head.article().and_then(|article| article.get("headline")).and_then(words);
    let mut named: Vec<Named> = data.map(|title| ("json_ld", visible(&title))).into_iter().collect();
    for name in META_TITLES {
        for (_, content) in head.metas.iter().filter(|(found, _)| found == name) {
            named.push(("meta", without_outlet(&visible(content), outlet)));
        }
    }
    named.truncate(MOST_NAMED);
    let element = head.title.as_deref().map(|title| without_outlet(&visible(title), outlet));
    named.extend(element.map(|title| ("text", title)));
    named.retain(|(_, title)| fits(title));
    named
}

/// Titles of head and data that are compared, beside that of the `title` element.
const MOST_NAMED: usize = 20;

/// Meta elements that hold a title, the most usual first.
const META_TITLES: &[&str] = &[
    "og:title",
    "dc.title",
    "dcterms.title",
    "title",
    "headline",
    "sailthru.title",
    "parsely-title",
    "twitter:title",
];

/// In one line, without what nobody sees (soft hyphens, marks of width zero).
fn visible(title: &str) -> String {
    let shown = title.replace(['\u{ad}', '\u{200b}', '\u{feff}'], "");
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words_of(walked: &Walked, number: usize) -> String {
    walked.blocks[number].text(walked).replace('\n', " ")
}

/// The heading that is most like what head and data say.
fn heading(walked: &Walked, named: &[Named]) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    let cut: Vec<Words> = named.iter().map(|(_, title)| Words::of(title)).collect();
    for (number, block) in walked.blocks.iter().enumerate() {
        let Shape::Heading(level) = block.shape else { continue };
        if block.hidden || level > 2 || block.marks.has(Marks::COMMENTS) {
            continue;
        }
        let text = block.text(walked);
        if !fits(text) {
            continue;
        }
        let words = Words::of(text);
        let likenesses: Vec<f32> = cut.iter().map(|title| words.likeness(title)).collect();
        let agreement = likenesses.iter().copied().fold(0.0, f32::max);
        let agreeing = voices(named, |title| {
            named.iter().zip(&likenesses).any(|((_, other), likeness)| *other == title && *likeness >= 0.8)
        });
        let quiet = is_quiet(block);
        let score = agreement + 0.4 * agreeing + if level == 1 { 0.3 } else { 0.0 }
            - if quiet { 0.3 } else { 0.0 }
            + if block.marks.has(Marks::TITLE) { 0.1 } else { 0.0 };
        let enough = agreement >= 0.6
            || (level == 1 && (named.is_empty() || (agreement >= 0.3 && block.words >= 3)))
            || (level == 1 && !quiet && block.words >= 6 && block.link_density() < 0.5);

        if enough && best.is_none_or(|(other, _)| score > other + 0.001) {
            best = Some((score, number));
        }
    }
    best.map(|(_, number)| number)
}

/// Outside the article.
fn is_quiet(block: &RawBlock) -> bool {
    block.marks.has(Marks::NAVIGATION | Marks::FOOTER | Marks::RELATED | Marks::SIDEBAR)
}

/// How much head and data say for a title: the headline of the data is one voice; meta and
/// `title` elements, which are mostly copies of one field made for search engines, together
/// another.
fn voices(named: &[Named], is: impl Fn(&str) -> bool) -> f32 {
    let of = |from: &str| named.iter().any(|(other, title)| *other == from && is(title));
    let data = if of("json_ld") { 1.0 } else { 0.0 };
    let head = match (of("meta"), of("text")) {
        (true, true) => 1.1,
        (true, false) => 1.0,
        (false, true) => 0.6,
        (false, false) => 0.0,
    };
    data + head
}

/// How much head and data say for a title, letter for letter.
fn same_votes(named: &[Named], title: &str) -> f32 {
    let own = letters(title);
    voices(named, |other| letters(other) == own)
}

/// What most sources agree on, letter for letter: the heading, which is what readers see, counts
/// for one and a half. A heading may have swallowed the line above it.
fn agreed(chosen: String, from: &'static str, named: &[Named]) -> (String, &'static str) {
    let is_heading = from == "heading";
    let own = letters(&chosen);
    let heading = is_heading.then(|| fold(&chosen));
    if is_heading {
        let without = named.iter().find(|(from, title)| {
            (*from == "meta" && ends_behind_kicker(&chosen, title))
                || (same_votes(named, title) > 1.0 && ends_behind_line(&chosen, title))
        });
        if let Some((from, title)) = without {
            return (title.clone(), from);
        }
        // The same letters with more between them: the heading ran two lines together.
        let parts = |title: &str| {
            let title = title.trim_matches(|c: char| separates(c) || c.is_whitespace());
            title.split_whitespace().count() + title.chars().filter(|c| separates(*c)).count()
        };
        let same = || named.iter().filter(|(_, title)| letters(title) == own);
        let mut parted = same().filter(|(from, title)| *from != "text" && parts(title) > parts(&chosen));
        let first = parted.clone().find(|(from, _)| *from == "meta").or_else(|| parted.next());
        // Or it has a mark too many, which nobody else has.
        let spelled = |title: &str| voices(named, |other| fold(other) == fold(title));
        let other = || same().find(|(_, title)| spelled(&chosen) == 0.0 && spelled(title) > 1.0);
        if let Some((from, title)) = first.or_else(other) {
            return (title.clone(), from);
        }
    }
    let first = if is_heading { 1.5 } else { 0.1 };
    let mut best = (same_votes(named, &chosen) + first, chosen, from);
    for (other_from, other) in named {
        let votes = same_votes(named, other);
        // The heading with a line set before or a name set behind it says no more than it, unless
        // data and head all have the line.
        let line = votes > 2.0 && heading.as_deref().is_some_and(|heading| has_line(heading, &fold(other)));
        if !line && heading.as_deref().is_some_and(|heading| is_dressed(heading, &fold(other))) {
            continue;
        }
        if votes > best.0 {
            best = (votes, other.clone(), other_from);
        }
    }
    (best.1, best.2)
}

/// Whether `other` is `heading` behind a line of two words or more and a colon.
fn has_line(heading: &str, other: &str) -> bool {
    other.strip_suffix(heading).is_some_and(|line| {
        let line = line.trim_end();
        line.ends_with(':') && line.split_whitespace().count() >= 2
    })
}

/// "The line above: " and what a meta element gives alone.
fn ends_behind_kicker(heading: &str, title: &str) -> bool {
    fold(heading).strip_suffix(fold(title).as_str()).is_some_and(|line| {
        let line = line.trim_end();
        line.ends_with([':', '-'])
            && line.split_whitespace().count() <= 4
            && title.split_whitespace().count() >= 2
    })
}

/// A short line, nothing between, and what head and data agree on.
fn ends_behind_line(heading: &str, title: &str) -> bool {
    let front = fold(heading).strip_suffix(fold(title).as_str()).map(|line| line.trim_end().to_owned());
    front.is_some_and(|line| {
        !line.is_empty()
            && line.split_whitespace().count() <= 6
            && line.ends_with(char::is_alphanumeric)
            && title.split_whitespace().count() >= 3
            && !title.starts_with(char::is_lowercase)
    })
}

/// A heading that only repeats the `title` element is often a line for search engines; what
/// readers see is then the heading of the second level near it that ends as the data or a meta
/// element says, behind a short line above it at most.
fn shown_below(walked: &Walked, number: usize, heading: &str, named: &[Named]) -> Option<(usize, String)> {
    let folded = fold(heading);
    if !named.iter().any(|(from, title)| *from == "text" && fold(title) == folded) {
        return None;
    }
    let own = letters(heading);
    // In a line of links the heading is far above the article.
    let ahead = if is_quiet(&walked.blocks[number]) { 200 } else { 9 };
    let near = number.saturating_sub(4)..(number + ahead).min(walked.blocks.len());
    let data = named.iter().find(|(from, _)| *from == "json_ld");
    let meta = named.iter().find(|(from, _)| *from == "meta");
    let others = data.into_iter().chain(meta).filter(|(_, title)| letters(title) != own);
    others.into_iter().find_map(|(_, title)| {
        let wanted = letters(title);
        let shown = near.clone().find(|at| {
            let block = &walked.blocks[*at];
            block.shape == Shape::Heading(2)
                && !block.hidden
                && !block.marks.has(Marks::NAVIGATION | Marks::FOOTER | Marks::RELATED)
                && letters(block.text(walked))
                    .strip_suffix(wanted.as_str())
                    .is_some_and(|line| line.len() <= LINE)
        });
        shown.map(|at| (at, title.clone()))
    })
}

/// Letters of a line above a title at most, in bytes.
const LINE: usize = 60;

/// Letters and digits alone.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `other` is `heading` with something set off from it by a dash, a bar or a colon.
fn is_dressed(heading: &str, other: &str) -> bool {
    let behind = other.strip_prefix(heading).map(str::trim_start);
    let before = other.strip_suffix(heading).map(str::trim_end);
    behind.is_some_and(|rest| rest.starts_with(separates))
        || before.is_some_and(|rest| rest.ends_with(separates))
}

/// What sets off one part of a title from the next.
fn separates(c: char) -> bool {
    matches!(c, ':' | '|' | '-' | '–' | '—' | '›' | '»' | '·' | '•' | '/')
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
    Words::of(a).likeness(&Words::of(b))
}

/// The words of a title, for comparing it with several others.
struct Words {
    folded: String,
    /// In alphabetical order; ideographs each for itself.
    sorted: Vec<String>,
}

impl Words {
    fn of(title: &str) -> Words {
        let folded = fold(title);
        let mut sorted: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(60)
            .flat_map(|word| {
                let ideographs = word.chars().any(|c| matches!(c, '\u{3040}'..='\u{9fff}'));
                if ideographs { word.chars().map(String::from).collect() } else { vec![word.to_owned()] }
            })
            .collect();
        sorted.sort();
        Words { folded, sorted }
    }

    fn likeness(&self, other: &Words) -> f32 {
        if self.folded == other.folded {
            return 1.0;
        }
        let longest = self.sorted.len().max(other.sorted.len());
        if longest == 0 {
            return 0.0;
        }
        let (mut common, mut a, mut b) = (0, 0, 0);
        while let (Some(own), Some(theirs)) = (self.sorted.get(a), other.sorted.get(b)) {
            match own.cmp(theirs) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => (common, a, b) = (common + 1, a + 1, b + 1),
            }
        }
        common as f32 / longest as f32
    }
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
    fn an_address_may_hold_an_earlier_headline() {
        let check = |url: &str, title: &str, expected: Option<&str>| {
            assert_eq!(title_of_address(url, &[title.to_owned()]).as_deref(), expected, "{url}");
        };
        let early = "https://valley.example/a/two-dead-after-bridge-falls-into-river-20240304.html";
        check(early, "Mayor resigns over the crossing", Some("two dead after bridge falls into river"));
        check(early, "Two dead after bridge falls into river", None);
        check(early, "Bridge falls into river, two are dead", None);
        check(early, "Мэр ушёл в отставку", None);
        check("https://valley.example/news/12345", "Mayor resigns", None);
        check("https://valley.example/pont-ferme", "Le maire démissionne", None);
        let accents = "https://valley.example/le-maire-demissionne-apres-la-chute-du-pont";
        check(accents, "Le maire démissionne après la chute du pont", None);
    }

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
    fn the_heading_counts_most_and_its_lines_are_parted() {
        let check = |heading: &str, named: &[(&'static str, &str)], expected: &str| {
            let named: Vec<Named> = named.iter().map(|(from, title)| (*from, (*title).to_owned())).collect();
            assert_eq!(agreed(heading.to_owned(), "heading", &named).0, expected, "{heading}");
        };
        let other = "The river rises again";
        check(
            "River rises again today",
            &[("meta", other), ("meta", other), ("text", other)],
            "River rises again today",
        );
        check("River rises again today", &[("json_ld", other), ("meta", other)], other);
        check(
            "FloodRiver rises again",
            &[("json_ld", "Flood / River rises again")],
            "Flood / River rises again",
        );
        check(
            "North Valley River rises again",
            &[("meta", "River rises again"), ("text", "River rises again")],
            "River rises again",
        );
        check("Flood: River rises again", &[("meta", "River rises again")], "River rises again");
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
