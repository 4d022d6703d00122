//! Addresses in the text of a post, by the rules of twitter-text: with a scheme, or without one
//! where the last label is a known ending (`packs/page/endings.tsv`).

use std::collections::BTreeSet;

use selon_model::Span;

use super::token::is_accented_latin;
use crate::pack::{PackFiles, PacksError};

/// Last labels of host names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings {
    labels: BTreeSet<String>,
    longest: usize,
}

impl Endings {
    pub(crate) fn load(files: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut endings = Endings::default();
        for row in files.table("endings.tsv")?.rows() {
            let label = row.required("ending")?.to_lowercase();
            endings.longest = endings.longest.max(label.chars().count());
            endings.labels.insert(label);
        }
        Ok(endings)
    }

    /// Whether `label` is an ending.
    pub(crate) fn contains(&self, label: &str) -> bool {
        self.labels.contains(&label.to_lowercase())
    }

    /// Bytes of the longest ending at the beginning of `label` that is followed by nothing a
    /// label could go on with.
    fn at(&self, label: &str, after: &str) -> Option<usize> {
        let mut best = None;
        let ends = label.char_indices().skip(1).map(|(at, _)| at).chain([label.len()]);
        for end in ends.take(self.longest.max(24)) {
            let next = label[end..].chars().chain(after.chars()).next();
            let stops = next.is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '@' | '+' | '-'));
            if stops && (self.contains(&label[..end]) || is_punycode(&label[..end])) {
                best = Some(end);
            }
        }
        best
    }
}

/// Longest host name looked at, in bytes.
const LONGEST_HOST: usize = 512;
/// Characters of a label.
const LONGEST_LABEL: usize = 63;
/// Most labels of a host name.
const MOST_LABELS: usize = 64;
/// Longest path or query looked at, in bytes.
const LONGEST_PATH: usize = 4096;
/// Longest key of a t.co address.
const LONGEST_KEY: usize = 40;

/// All addresses of `text`, in text order.
pub(crate) fn find_addresses(text: &str, endings: &Endings) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let step = rest.chars().next().map_or(1, char::len_utf8);
        let before = text[..at].chars().next_back();
        if let Some(scheme) = scheme_length(rest) {
            let open = before.is_none_or(|c| !blocks_address(c));
            match open.then(|| address_at(rest, scheme, endings)).flatten() {
                Some(length) => {
                    found.push(Span::new(at, at + length));
                    at += length;
                }
                None => at += scheme,
            }
            continue;
        }
        let starts = is_plain_host(rest.chars().next()) && !is_plain_host(before);
        if !starts {
            at += step;
            continue;
        }
        let run = rest.find(|c: char| !is_plain_host(Some(c))).unwrap_or(rest.len());
        // "text.http://…": the scheme is no part of the host before it.
        let scheme = find_scheme(&rest[..floor(rest, run + 3)]);
        let mut host = &rest[..scheme.unwrap_or(run)];
        let plain = host.len();
        if host.ends_with('.') {
            // The last label may be in another script.
            let label = rest[plain..].char_indices().take(LONGEST_LABEL).find(|(_, c)| !is_label(*c));
            let end = label.map_or_else(|| after(rest, plain, LONGEST_LABEL), |(at, _)| plain + at);
            host = &rest[..end];
        }
        let open = before.is_none_or(|c| !blocks_address(c) && !matches!(c, '-' | '_' | '.' | '/'));
        if open && let Some(length) = bare_host(host, &rest[host.len()..], endings) {
            let length = length + tail_length(&rest[length..]);
            found.push(Span::new(at, at + length));
            at += length;
            continue;
        }
        at += plain.max(step);
    }
    found
}

/// Bytes of the address at the beginning of `text`, whose scheme takes `scheme` bytes.
pub(crate) fn address_at(text: &str, scheme: usize, endings: &Endings) -> Option<usize> {
    let host = host_length(&text[scheme..], endings)?;
    let end = scheme + host;
    if text[scheme..end].eq_ignore_ascii_case("t.co") {
        return short_address(text, end);
    }
    Some(end + tail_length(&text[end..]))
}

/// `https://t.co/KEY`, with a query, without anything else.
fn short_address(text: &str, host_end: usize) -> Option<usize> {
    let Some(path) = text[host_end..].strip_prefix('/') else { return Some(host_end) };
    let key = path.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if key > LONGEST_KEY {
        return None;
    }
    let end = host_end + 1 + key;
    Some(end + query_length(&text[end..]))
}

/// `http://` or `https://` at the beginning.
pub(crate) fn scheme_length(text: &str) -> Option<usize> {
    ["http://", "https://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
        .map(str::len)
}

fn find_scheme(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(at, _)| {
        [5, 4].into_iter().find_map(|length| {
            let start = at.checked_sub(length)?;
            (text.is_char_boundary(start) && scheme_length(&text[start..]).is_some()).then_some(start)
        })
    })
}

/// Byte position `characters` behind `at`.
fn after(text: &str, at: usize, characters: usize) -> usize {
    text[at..].char_indices().nth(characters).map_or(text.len(), |(end, _)| at + end)
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Before these an address does not begin.
fn blocks_address(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '@' | '＠' | '$' | '#' | '＃' | '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

/// Letters of a host written without a scheme.
fn is_plain_host(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.') || is_accented_latin(c))
}

/// Letters of a label: everything but punctuation, spaces and direction marks.
fn is_label(c: char) -> bool {
    !(c.is_ascii_punctuation()
        || c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{180E}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}'))
}

/// Bytes of the host name at the beginning of `text`: the longest run of labels whose last one
/// begins with a known ending.
fn host_length(text: &str, endings: &Endings) -> Option<usize> {
    let end = text
        .char_indices()
        .find(|(at, c)| *at > LONGEST_HOST || !(is_label(*c) || matches!(c, '-' | '_' | '.')))
        .map_or(text.len(), |(at, _)| at);
    let run = &text[..end];
    let mut starts = vec![0];
    starts.extend(run.match_indices('.').map(|(at, _)| at + 1).take(MOST_LABELS));
    for index in (1..starts.len()).rev() {
        let label_end = starts.get(index + 1).map_or(run.len(), |next| next - 1);
        let label = &run[starts[index]..label_end];
        let Some(length) = endings.at(label, &text[label_end..]) else { continue };
        let labels = run[..starts[index] - 1].split('.').collect::<Vec<_>>();
        let fits = labels.iter().enumerate().all(|(at, label)| is_good_label(label, at + 1 == labels.len()));
        if fits {
            return Some(starts[index] + length);
        }
    }
    None
}

/// A label begins and ends with a letter or digit; only labels further left have `_`.
fn is_good_label(label: &str, is_domain: bool) -> bool {
    let edges = [label.chars().next(), label.chars().next_back()];
    let good_edges = edges.iter().all(|edge| edge.is_some_and(|c| !matches!(c, '-' | '_')));
    let punycode = label.get(..4).is_none_or(|head| !head.eq_ignore_ascii_case("xn--")) || is_punycode(label);
    good_edges && punycode && label.chars().count() <= LONGEST_LABEL && !(is_domain && label.contains('_'))
}

fn is_punycode(label: &str) -> bool {
    label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"))
        && label.len() > 4
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Bytes of a host without scheme at the beginning of `run`; `after` is what follows the run.
fn bare_host(run: &str, after: &str, endings: &Endings) -> Option<usize> {
    let mut starts = vec![0];
    starts.extend(run.match_indices('.').map(|(at, _)| at + 1));
    if starts.len() > MOST_LABELS {
        return None;
    }
    for index in (1..starts.len()).rev() {
        let label_end = starts.get(index + 1).map_or(run.len(), |next| next - 1);
        let label = &run[starts[index]..label_end];
        let following = if label_end == run.len() { after } else { &run[label_end..] };
        let Some(length) = endings.at(label, following) else { continue };
        if run[..starts[index] - 1].split('.').all(|label| is_good_label(label, true)) {
            return Some(starts[index] + length);
        }
    }
    None
}

/// Port, path and query at the beginning of `text`.
fn tail_length(text: &str) -> usize {
    let mut at = 0;
    if let Some(port) = text.strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            at = 1 + digits;
        }
    }
    at += path_length(&text[at..]);
    at + query_length(&text[at..])
}

fn path_length(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let text = &text[..floor(text, LONGEST_PATH)];
    let mut best = 1;
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        if c == '(' {
            let Some(length) = balanced(&text[at..], 0) else { break };
            at += length;
            best = at;
            continue;
        }
        if !is_path(c) {
            break;
        }
        at += c.len_utf8();
        if is_path_end(c) {
            best = at;
        }
    }
    best
}

/// Bytes of "(…)", one level deep inside.
fn balanced(text: &str, depth: usize) -> Option<usize> {
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        match c {
            ')' => return (at > 1).then_some(at + 1),
            '(' if depth == 0 => at += balanced(&text[at..], 1)?,
            c if is_path(c) => at += c.len_utf8(),
            _ => return None,
        }
    }
    None
}

fn is_path(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || is_cyrillic(c)
        || is_accented_latin(c)
        || matches!(
            c,
            '!' | '*'
                | '\''
                | ';'
                | ':'
                | '='
                | '+'
                | ','
                | '.'
                | '$'
                | '/'
                | '%'
                | '#'
                | '['
                | ']'
                | '-'
                | '\u{2013}'
                | '_'
                | '~'
                | '@'
                | '|'
                | '&'
        )
}

fn is_path_end(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || is_cyrillic(c)
        || is_accented_latin(c)
        || matches!(c, '+' | '-' | '=' | '_' | '#' | '/')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4FF}')
}

fn query_length(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let text = &text[..floor(text, LONGEST_PATH)];
    let mut best = 0;
    for (at, c) in text.char_indices().skip(1) {
        let ends = c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '&' | '=' | '#' | '/');
        if !ends && !"!?*'@();:+$%[].,~|".contains(c) {
            break;
        }
        if ends {
            best = at + 1;
        }
    }
    best
}
