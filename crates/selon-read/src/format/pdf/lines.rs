//! Glyphs become lines, lines paragraphs. The order is the one in which a page draws them, which
//! is nearly always the order in which it is read, columns included.

use unicode_normalization::UnicodeNormalization;

use super::glyphs::Glyph;
use crate::words::ends_clause;

/// A line of a page.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    left: f64,
    right: f64,
    y: f64,
    size: f64,
}

/// What glyphs were laid out as.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Laid {
    /// A line for each paragraph, an empty line between them.
    pub(super) text: String,
    /// The paragraph of the first page in the largest letters, where these are larger than those
    /// of the body.
    pub(super) title: Option<String>,
    /// Lines left out: what stands at the same height of three pages or more, its digits aside,
    /// is their furniture.
    pub(super) left_out: usize,
}

/// Lays out the pages of a file.
pub(super) fn lay_out(pages: &[Vec<Glyph>]) -> Laid {
    let mut pages: Vec<Vec<Line>> = pages.iter().map(|glyphs| lines(glyphs)).collect();
    let left_out = leave_furniture(&mut pages);
    let body = body_size(&pages);
    let mut paragraphs: Vec<(f64, String)> = Vec::new();
    let mut on_first = 0;
    let mut open: Option<Line> = None;
    for (number, page) in pages.iter().enumerate() {
        let step = usual_step(page);
        let right = page.iter().map(|line| line.right).fold(0.0, f64::max);
        for (index, line) in page.iter().enumerate() {
            let goes_on = open.as_ref().is_some_and(|before| match index {
                // Over the edge of a page a sentence goes on that has not ended.
                0 => !ends_clause(&before.text) && begins_small(&line.text) && alike(before, line),
                _ => goes_on(before, line, step * (line.size / body).max(1.0), right),
            });
            match paragraphs.last_mut().filter(|_| goes_on) {
                Some((_, paragraph)) => join(paragraph, &line.text),
                None => paragraphs.push((line.size, line.text.clone())),
            }
            open = Some(line.clone());
        }
        if number == 0 {
            on_first = paragraphs.len();
        }
    }
    let title = title(&paragraphs[..on_first], body);
    let mut text =
        paragraphs.iter().map(|(_, paragraph)| paragraph.as_str()).collect::<Vec<_>>().join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    Laid { text, title, left_out }
}

/// The size of letters in which most of a file is set.
fn body_size(pages: &[Vec<Line>]) -> f64 {
    let mut sizes: Vec<(f64, usize)> =
        pages.iter().flatten().map(|line| (line.size, line.text.len())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: usize = sizes.iter().map(|(_, length)| length).sum();
    let mut seen = 0;
    let middle = sizes.iter().find(|(_, length)| {
        seen += length;
        seen * 2 >= all
    });
    middle.map_or(1.0, |(size, _)| size.max(1.0))
}

fn title(paragraphs: &[(f64, String)], body: f64) -> Option<String> {
    let fits = |text: &str| text.split_whitespace().count() >= 3 && text.chars().count() <= 300;
    let fitting = paragraphs.iter().filter(|(size, text)| *size >= 1.2 * body && fits(text));
    // Of paragraphs of one size the first.
    let largest = fitting.rev().max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(largest.1.clone())
}

fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut from = 0;
    for at in 1..=glyphs.len() {
        let breaks = match (glyphs.get(at - 1), glyphs.get(at)) {
            (Some(before), Some(next)) => {
                let size = before.size.max(next.size).max(1.0);
                let far = next.x - before.end > 8.0 * size || before.x - next.end > 8.0 * size;
                (next.y - before.y).abs() > 0.6 * size || far
            }
            _ => true,
        };
        if breaks && from < at {
            lines.extend(line(&glyphs[from..at]));
            from = at;
        }
    }
    lines
}

fn line(glyphs: &[Glyph]) -> Option<Line> {
    let rtl = glyphs.iter().filter(|glyph| glyph.text.chars().any(is_right_to_left)).count();
    let letters = glyphs.iter().filter(|glyph| glyph.text.chars().any(char::is_alphabetic)).count();
    let drawn_leftwards = glyphs.windows(2).filter(|two| two[1].x < two[0].x).count() * 2 > glyphs.len();
    let visual = rtl * 2 > letters && !drawn_leftwards;
    let mut pieces: Vec<&str> = Vec::new();
    for (at, glyph) in glyphs.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).and_then(|at| glyphs.get(at)) {
            let size = before.size.max(glyph.size).max(1.0);
            let gap = if glyph.x >= before.x { glyph.x - before.end } else { before.x - glyph.end };
            let blank = |text: &str| text.ends_with(char::is_whitespace);
            if gap > 0.2 * size && !blank(&before.text) && !blank(&glyph.text) {
                pieces.push(" ");
            }
        }
        pieces.push(&glyph.text);
    }
    let text = if visual { in_reading_order(&pieces) } else { pieces.concat() };
    let text = unshaped(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = glyphs.first()?;
    (!text.is_empty()).then(|| Line {
        text,
        left: glyphs.iter().map(|glyph| glyph.x).fold(f64::MAX, f64::min),
        right: glyphs.iter().map(|glyph| glyph.end).fold(f64::MIN, f64::max),
        y: first.y,
        size: glyphs.iter().map(|glyph| glyph.size).fold(0.0, f64::max),
    })
}

/// Pieces of a line of right-to-left script that was drawn from left to right: the line turned
/// round, with numbers and words of other scripts as they were.
fn in_reading_order(pieces: &[&str]) -> String {
    let is_left = |piece: &&str| {
        piece.chars().any(|c| c.is_alphanumeric() && !is_right_to_left(c))
            && !piece.chars().any(is_right_to_left)
    };
    let mut out = String::new();
    let mut end = pieces.len();
    while end > 0 {
        let mut start = end - 1;
        if is_left(&pieces[start]) {
            // A number goes back to its first digit, over marks and blanks inside it.
            let mut at = start;
            while at > 0 {
                let inside = |at: usize| matches!(pieces[at], "." | "," | ":" | "/" | "-" | " " | "%");
                if is_left(&pieces[at - 1]) {
                    at -= 1;
                    start = at;
                } else if inside(at - 1) && at > 1 && is_left(&pieces[at - 2]) {
                    at -= 2;
                    start = at;
                } else {
                    break;
                }
            }
        }
        pieces[start..end].iter().for_each(|piece| out.push_str(piece));
        end = start;
    }
    out
}

/// Hebrew, Arabic and the scripts between them (Unicode, blocks 0590–08FF and shaped forms).
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{065F}' | '\u{066E}'..='\u{06EF}' | '\u{06FA}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Ligatures and shaped letters as the letters that they stand for (NFKC of these alone, UAX 15);
/// nothing else is changed.
fn unshaped(text: String) -> String {
    let shaped = |c: char| matches!(c, '\u{FB00}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}');
    if !text.contains(shaped) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if shaped(c) { out.extend(std::iter::once(c).nfkc()) } else { out.push(c) }
    }
    out
}

/// The step from line to line that is most common on a page.
fn usual_step(lines: &[Line]) -> f64 {
    let mut steps: Vec<f64> =
        lines.windows(2).map(|two| two[1].y - two[0].y).filter(|step| *step > 1.0).collect();
    steps.sort_by(f64::total_cmp);
    // The smallest steps are those inside paragraphs.
    steps.get(steps.len() / 4).copied().unwrap_or(0.0)
}

/// Whether a line goes on with the paragraph of the one before it.
fn goes_on(before: &Line, line: &Line, step: f64, right: f64) -> bool {
    let down = line.y - before.y;
    if !alike(before, line) || (down > 0.0 && down > 1.35 * step.max(before.size)) {
        return false;
    }
    if down <= 0.0 {
        // A new column, or a cell of the same line.
        return down < -3.0 * step && !ends_clause(&before.text) && begins_small(&line.text);
    }
    let full = before.right > right - 12.0 * before.size || before.text.len() > 40;
    let indented = line.left > before.left + 0.8 * line.size && !is_centred(before, line);
    full && !(indented && ends_clause(&before.text))
        && !(ends_clause(&before.text) && before.right < right - 12.0 * before.size)
}

fn is_centred(before: &Line, line: &Line) -> bool {
    ((before.left + before.right) - (line.left + line.right)).abs() < before.size
}

/// Of the same size of letters.
fn alike(before: &Line, line: &Line) -> bool {
    (before.size - line.size).abs() <= 0.12 * before.size.max(line.size)
}

fn begins_small(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| c.is_lowercase() || !c.is_uppercase())
}

/// Adds a line to an open paragraph. A word broken at its end is whole again.
fn join(out: &mut String, line: &str) {
    let mut before = out.chars().rev();
    let broken = matches!(before.next(), Some('-' | '\u{ad}' | '‐'))
        && before.next().is_some_and(char::is_lowercase)
        && line.starts_with(char::is_lowercase);
    if broken {
        out.pop();
    } else {
        out.push(' ');
    }
    out.push_str(line);
}

/// Leaves out lines at the same height with the same words, digits aside, on three pages or more and on at
/// least a third of them, page numbers too. Gives how many.
fn leave_furniture(pages: &mut [Vec<Line>]) -> usize {
    let key = |line: &Line| -> (i64, String) {
        let mut words = String::with_capacity(line.text.len());
        for c in line.text.chars() {
            match c.is_numeric() {
                true if words.ends_with('0') => {}
                true => words.push('0'),
                false => words.push(c),
            }
        }
        ((line.y / 4.0).round() as i64, words)
    };
    let mut counts: std::collections::BTreeMap<(i64, String), usize> = Default::default();
    for page in pages.iter() {
        let mut seen: Vec<(i64, String)> = page.iter().map(key).collect();
        seen.sort();
        seen.dedup();
        for line in seen {
            *counts.entry(line).or_default() += 1;
        }
    }
    let enough = pages.len().div_ceil(3).max(3);
    let mut left_out = 0;
    for page in pages.iter_mut() {
        let all = page.len();
        page.retain(|line| counts.get(&key(line)).is_none_or(|count| *count < enough));
        left_out += all - page.len();
    }
    left_out
}
