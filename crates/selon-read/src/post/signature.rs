//! The line under a post in text that lost its markup: dash, name, handle, date.
//!
//! ```text
//! signature = dash SP name SP "(@" handle ")" SP date
//! ```
//! It is found by its handle in brackets; everything else is looked for in a bounded window
//! around it, so that a text of many brackets stays linear.

use std::sync::OnceLock;

use jiff::civil::Date;
use regex::Regex;
use selon_model::Span;

use super::PostPack;

/// A signature as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// From the dash to the end of the date.
    pub(crate) span: Span,
    /// The display name; `None` where there is none.
    pub(crate) name: Option<Span>,
    /// The handle without `@`.
    pub(crate) handle: Span,
    /// The day, and its words.
    pub(crate) date: Option<(Date, Span)>,
    /// It begins its line; otherwise it stands right behind its body.
    pub(crate) own_line: bool,
}

/// Longest name, in bytes: 50 characters of any script.
const LONGEST_NAME: usize = 220;
/// First year a post can have.
const FIRST_YEAR: i16 = 2006;

/// The signatures of `text`, in text order, without overlap.
pub(crate) fn find_signatures(text: &str, pack: &PostPack, hint: Option<&str>) -> Vec<Signature> {
    static HANDLE: OnceLock<Regex> = OnceLock::new();
    let handle = HANDLE
        .get_or_init(|| Regex::new(&format!(r"\([@＠]({OF_X}|{OF_BLUESKY})\)")).expect("a constant pattern"));
    let mut signatures: Vec<Signature> = Vec::new();
    let mut from = 0;
    for captures in handle.captures_iter(text) {
        let (Some(whole), Some(handle)) = (captures.get(0), captures.get(1)) else { continue };
        let Some((start, name, own_line)) = dash_before(text, from, whole.start()) else { continue };
        let Some((date, mut end)) = date_behind(text, whole.end(), own_line, pack, hint) else { continue };
        if let Some((_, ending)) = handle.as_str().rsplit_once('.') {
            if !pack.endings.contains(ending) {
                continue;
            }
            end += clock_behind(&text[end..]);
        }
        signatures.push(Signature {
            span: Span::new(start, end),
            name,
            handle: Span::new(handle.start(), handle.end()),
            date,
            own_line,
        });
        from = end;
    }
    signatures
}

/// Account names of X, and of Bluesky, where they are host names.
const OF_X: &str = "[A-Za-z0-9_]{1,15}";
const OF_BLUESKY: &str = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}";

/// Bytes of " at 7:49 AM" behind a day: Bluesky shows the time, in no stated zone.
fn clock_behind(text: &str) -> usize {
    let line = text.split('\n').next().unwrap_or("");
    let is_clock = line.chars().count() <= 24 && line.contains(':') && line.contains(char::is_numeric);
    if is_clock && line.starts_with([' ', ',']) { line.trim_end().len() } else { 0 }
}

/// Where the signature begins, its name, and whether it begins its line.
pub(super) fn dash_before(text: &str, from: usize, bracket: usize) -> Option<(usize, Option<Span>, bool)> {
    // The signature before may have taken this bracket in: "— (@ab) (@ab) 4 mars 2021".
    if bracket < from {
        return None;
    }
    let mut low = bracket.saturating_sub(LONGEST_NAME).max(from);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let window = &text[low..bracket];
    if !window.ends_with(char::is_whitespace) {
        return None;
    }
    let line = window.rfind('\n').map(|at| at + 1).or((low == 0).then_some(0));
    if let Some(line) = line {
        let head = &window[line..];
        let indent = head.len() - head.trim_start().len();
        if let Some(dash) = dash_length(&head[indent..]) {
            let name = Span::new(low + line + indent + dash, bracket).trimmed(text);
            return Some((low + line + indent, (!name.is_empty()).then_some(name), true));
        }
    }
    let head = &window[line.unwrap_or(0)..];
    let base = low + line.unwrap_or(0);
    let at = inline_dash(head)?;
    let dash = dash_length(&head[at..])?;
    let name = Span::new(base + at + dash, bracket).trimmed(text);
    (!name.is_empty() && base + at > from).then_some((base + at, Some(name), false))
}

/// The dash of a signature that stands behind its body: the nearest em dash, else en dash, else
/// a hyphen between spaces.
fn inline_dash(head: &str) -> Option<usize> {
    ["—", "&mdash;", "–", " - "].into_iter().find_map(|dash| {
        let at = head.rfind(dash)?;
        Some(at + usize::from(dash == " - "))
    })
}

/// Bytes of the dash at the beginning. A hyphen must be followed by a space; named and numbered
/// character references that nobody decoded count too.
fn dash_length(text: &str) -> Option<usize> {
    if text.starts_with("- ") {
        return Some(1);
    }
    ["—", "–", "―", "--", "&mdash;", "&ndash;", "&#8212;", "&#x2014;"]
        .into_iter()
        .find(|dash| text.starts_with(dash))
        .map(str::len)
}

/// A day and its words, or none where the date could not be read.
type DateWords = Option<(Date, Span)>;

/// The date behind the bracket that ends at `at`, and where the signature ends. A line of its
/// own may end in a date that cannot be read, if it is short and holds a year.
fn date_behind(
    text: &str,
    at: usize,
    own_line: bool,
    pack: &PostPack,
    hint: Option<&str>,
) -> Option<(DateWords, usize)> {
    let rest = &text[at..];
    let gap = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len();
    let (gap, broken) = match rest[gap..].strip_prefix('\n') {
        Some(next) if own_line => {
            let indent = next.len() - next.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len();
            (gap + 1 + indent, true)
        }
        _ => (gap, false),
    };
    let words = &rest[gap..];
    let glued = || pack.months.read_glued(words, hint).filter(|_| !own_line);
    if let Some(shown) = pack.months.read(words, hint).or_else(glued) {
        let line_ends = words[shown.length..].trim_start_matches([' ', '\t']).starts_with('\n')
            || words[shown.length..].trim().is_empty();
        let fits = shown.date.year() >= FIRST_YEAR && (!broken || line_ends);
        let span = Span::new(at + gap, at + gap + shown.length);
        return fits.then_some((Some((shown.date, span)), span.to()));
    }
    if !own_line || broken || gap == 0 {
        return None;
    }
    let tail: String = words.chars().take(49).take_while(|c| *c != '\n').collect();
    let year = tail.split(|c: char| !c.is_numeric()).any(|digits| digits.chars().count() == 4);
    (year && tail.chars().count() <= 40).then(|| (None, at + gap + tail.trim_end().len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    fn check(text: &str, expected: &[(&str, &str, Option<&str>, bool)]) {
        let found = find_signatures(text, &Packs::embedded().post, Some("fr"));
        let seen: Vec<_> = found
            .iter()
            .map(|signature| {
                (
                    signature.name.map_or("", |name| name.of(text)),
                    signature.handle.of(text),
                    signature.date.map(|(date, _)| date.to_string()),
                    signature.own_line,
                )
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(n, h, d, own)| (*n, *h, d.map(str::to_owned), *own)).collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn finds_signatures() {
        check("x\n— Ana Ruo (@ana_ruo) 4 mars 2021", &[("Ana Ruo", "ana_ruo", Some("2021-03-04"), true)]);
        check("x\n- Le 12 (@le12) March 4, 2021\n", &[("Le 12", "le12", Some("2021-03-04"), true)]);
        check("x#a— Ana – R (@ana) 4 mars 2021Suite", &[("Ana – R", "ana", Some("2021-03-04"), false)]);
        check("x#a— Ana (@ana)4 mars 20213. Suite", &[("Ana", "ana", Some("2021-03-04"), false)]);
        check("&mdash; Ana (@ana) 4 mars 2021", &[("Ana", "ana", Some("2021-03-04"), true)]);
        check("— Ana (@ana)\n4 mars 2021\nSuite", &[("Ana", "ana", Some("2021-03-04"), true)]);
        check("— Ana (@ana) २५ अप्रिल २०२३", &[("Ana", "ana", None, true)]);
        check(
            "x\n— Ana Ruo (@ana.bsky.social) March 4, 2021 at 7:49 AM\nSuite",
            &[("Ana Ruo", "ana.bsky.social", Some("2021-03-04"), true)],
        );
        check("— Ana (@ana.vernakxyz) 4 mars 2021", &[]);
        check("— سلمى (@salma) ٤ مارس ٢٠٢١", &[("سلمى", "salma", Some("2021-03-04"), true)]);
    }

    #[test]
    fn finds_none_where_none_is() {
        check("Jean (@jean) 4 mars 2021", &[]);
        check("— Ana (@ana) a écrit hier", &[]);
        check("— Ana (@ana_ruo_has_sixteen) 4 mars 2021", &[]);
        check("Porte-parole (@ana) 4 mars 2021", &[]);
        check("— Ana (@ana) 4 mars 1999", &[]);
        check("— Ana(@ana) 4 mars 2021", &[]);
    }
}
