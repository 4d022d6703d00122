//! Where bylines stand on a page: in elements that call themselves one, in lines that begin like
//! one, in lines under the title that are one by what they say.

use super::author::{Byline, looks_like_names, strip_opening};
use super::byline_line::{Beside, Known};
use super::date::{DateOrder, find_date};
use super::pack::PagePack;
use super::published::Around;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::choose::is_prose;
use crate::extract::marks::Marks;
use crate::extract::walk::{RawBlock, Shape, Walked};
use crate::pack::Packs;

/// Texts of short elements that call themselves bylines, those from the title on first; then lines
/// below the title that begin like one.
pub(crate) fn find_bylines(
    arena: &Arena<'_>,
    walked: &Walked,
    around: &Around,
    pack: &PagePack,
) -> Vec<Byline> {
    let within = &around.within;
    let near = around.title.unwrap_or(around.first_prose).saturating_sub(4).max(within.start)
        ..(around.last_prose + 8).min(within.end);
    let foreign = |block: &RawBlock| {
        block.marks.has(Marks::COMMENTS | Marks::RELATED | Marks::SIDEBAR | Marks::FOOTER | Marks::CAPTION)
    };
    let mut found = Vec::new();
    let title = around.title.unwrap_or(0);
    let from = walked.bylines.partition_point(|(_, at)| (*at as usize) < title);
    let (above, below) = walked.bylines.split_at(from);
    for (node, at) in below.iter().take(60).chain(&above[above.len().saturating_sub(20)..]) {
        let at = *at as usize;
        // Right below the title it is the report's, whatever the page calls the place.
        let below = around.title.is_some_and(|title| (title..=title + 3).contains(&at));
        let outside = !below && walked.blocks.get(at).is_some_and(foreign);
        if !near.contains(&at) || outside || found.len() >= 12 {
            continue;
        }
        if let Some(text) = short(arena, *node) {
            let is = |name: &str| arena.attribute(*node, name) == Some("author");
            found.push(Byline { text, name: is("rel") || is("itemprop") || is("class") });
        }
    }
    if let Some(title) = around.title {
        let below = walked.blocks.iter().skip(title + 1).take(8);
        let lines = below.filter(|block| block.words <= 16 && !block.hidden && !foreign(block));
        let lines = lines
            .map(|block| block.text(walked))
            .filter(|line| strip_opening(line, pack).is_some_and(looks_like_names));
        found.extend(lines.map(|line| Byline { text: line.to_owned(), name: false }));
    }
    found
}

/// Lines below the title that are bylines by what they say, each with its names.
pub(crate) fn find_lines(
    walked: &Walked,
    packs: &Packs,
    outlet: Option<&str>,
    around: &Around,
    title: &str,
) -> Vec<(usize, Vec<String>)> {
    let Some(at) = around.title else { return Vec::new() };
    let known =
        Known { outlet, registry: packs.registry(), pack: &packs.page, gazetteer: packs.gazetteer(), title };
    let foreign = Marks::COMMENTS
        | Marks::RELATED
        | Marks::SIDEBAR
        | Marks::FOOTER
        | Marks::NAVIGATION
        | Marks::CAPTION
        | Marks::GALLERY;
    let dated = |number: usize| {
        let Some(block) = walked.blocks.get(number).filter(|block| block.words <= 20) else { return false };
        let from = walked.times.partition_point(|(_, at)| (*at as usize) < number);
        walked.times.get(from).is_some_and(|(_, at)| *at as usize == number)
            || find_date(block.text(walked), &packs.page.months, DateOrder::DayMonthYear).is_some()
    };
    let mut prose = 0;
    let mut found = Vec::new();
    for number in (at + 1..around.within.end.min(walked.blocks.len())).take(LINES_BELOW) {
        let block = &walked.blocks[number];
        prose += usize::from(is_prose(block) && !block.hidden);
        if prose > 1 {
            break;
        }
        let line = !block.hidden && block.words > 0 && !block.marks.has(foreign);
        if !line || is_prose(block) || !matches!(block.shape, Shape::Paragraph | Shape::Item(_)) {
            continue;
        }
        let to_author = walked.bylines.iter().any(|(_, at)| *at as usize == number);
        let beside = Beside {
            dated: dated(number) || dated(number - 1) || dated(number + 1),
            linked: block.link_density() > 0.6,
            to_author,
            role: walked.blocks.get(number + 1).is_some_and(|next| known.is_role(next.text(walked))),
        };
        if let Some(names) = known.read_line(block.text(walked), beside) {
            found.push((number, names));
        }
    }
    found
}

/// Blocks below the title that may be bylines.
const LINES_BELOW: usize = 12;

/// The words of a short element, in lines. Elements are set apart where their letters touch:
/// "By" before a link is parted from it by a margin.
fn short(arena: &Arena<'_>, node: NodeId) -> Option<String> {
    let characters: usize = arena.descendants(node).take(80).map(|below| arena.text(below).len()).sum();
    if !(3..400).contains(&characters) {
        return None;
    }
    let mut words = String::new();
    for below in arena.descendants(node).take(80) {
        if arena.is_text(below) {
            let text = arena.text(below);
            if words.ends_with(char::is_lowercase) && text.starts_with(char::is_uppercase) {
                words.push(' ');
            }
            words.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        } else if matches!(arena.name(below), "br" | "p" | "div" | "li" | "tr") {
            words.push('\n');
        }
    }
    Some(words)
}
