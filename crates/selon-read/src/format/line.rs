//! What a line of plain text is, by its words and its shape alone: title, byline, dateline,
//! pointer to another report. There is no markup to ask.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::Span;

use crate::pack::{PackFiles, PacksError};
use crate::words::{ends_clause, fold};

/// Markers, pointers and byline words of all languages (`packs/page/`).
#[derive(Clone, Debug, Default)]
pub(crate) struct LinePack {
    markers: BTreeSet<String>,
    related: BTreeSet<String>,
    longest_related: usize,
    cues: BTreeMap<String, Cue>,
    /// Words that join.
    and: BTreeSet<String>,
}

/// What a word at the beginning of a line announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// Names of authors.
    By,
    /// The day of publication.
    Published,
    /// The day of the last change.
    Modified,
}

impl LinePack {
    pub(crate) fn load(page: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut pack = LinePack::default();
        for row in page.table("markers.tsv")?.rows() {
            pack.markers.insert(fold(row.required("marker")?));
        }
        for row in page.table("related.tsv")?.rows() {
            let form = fold(row.required("form")?);
            pack.longest_related = pack.longest_related.max(form.len());
            pack.related.insert(form);
        }
        for row in page.table("byline.tsv")?.rows() {
            let cue = match row.required("use")? {
                "and" => {
                    pack.and.insert(fold(row.required("word")?));
                    continue;
                }
                "by" => Cue::By,
                "published" => Cue::Published,
                "modified" => Cue::Modified,
                _ => continue,
            };
            pack.cues.insert(fold(row.required("word")?.trim_end_matches(':')), cue);
        }
        Ok(pack)
    }

    /// Whether `line` points to another report. `alone`: it is nothing but the pointer, and the
    /// next line is what it points to.
    pub(crate) fn related(&self, line: &str) -> Option<Related> {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "►>»•→–—-*[(".contains(c));
        let head: String = line.chars().take(64).collect();
        let stop = head.find([':', '>', '»', '|', '–', '—', ']', ')', '\n']);
        let form = fold(&head[..stop.unwrap_or(head.len())]);
        if !self.related.contains(&form) {
            return None;
        }
        let Some(stop) = stop else { return (head.len() == line.len()).then_some(Related { alone: true }) };
        let rest = line[stop..].trim_matches(|c: char| c.is_whitespace() || ":>»|–—])".contains(c));
        Some(Related { alone: rest.is_empty() })
    }

    /// The cue at the beginning of `line`, and where what it announces begins.
    pub(crate) fn cue(&self, line: &str) -> Option<(Cue, usize)> {
        let ends = line.char_indices().filter(|(_, c)| c.is_whitespace() || *c == ':').map(|(at, _)| at);
        let mut found = None;
        for end in ends.take(6) {
            let Some(cue) = self.cues.get(&fold(&line[..end])) else { continue };
            let rest = &line[end..];
            let gap = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':').len();
            found = Some((*cue, end + gap));
        }
        found
    }

    /// Cuts markers such as "(VIDEOS)" off the ends of a title: what remains, as a span of
    /// `text`, and the markers in text order.
    pub(crate) fn part_title(&self, text: &str, line: Span) -> (Span, Vec<String>) {
        let mut title = line.trimmed(text);
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let words = title.of(text);
            if let Some((end, found)) = self.marker_at_start(words) {
                title = Span::new(title.from() + end, title.to()).trimmed(text);
                first.extend(found);
            } else if let Some((start, found)) = self.marker_at_end(words) {
                title = Span::new(title.from(), title.from() + start).trimmed(text);
                last.splice(0..0, found);
            } else {
                break;
            }
        }
        if title.is_empty() {
            return (line.trimmed(text), Vec::new());
        }
        first.extend(last);
        (title, first)
    }

    fn marker_at_end(&self, words: &str) -> Option<(usize, Vec<String>)> {
        let (open, close) = brackets(words.chars().next_back()?)?;
        let start = words.rfind(open)?;
        let found = self.markers_in(&words[start + open.len_utf8()..words.len() - close.len_utf8()])?;
        Some((start, found))
    }

    /// "[VIDÉO] …", or in capitals before a colon, bar, dash or stop: "EN DIRECT. …".
    fn marker_at_start(&self, words: &str) -> Option<(usize, Vec<String>)> {
        let first = words.chars().next()?;
        if let Some(close) =
            [('(', ')'), ('[', ']'), ('【', '】')].iter().find(|pair| pair.0 == first).map(|pair| pair.1)
        {
            let end = words.find(close)?;
            let found = self.markers_in(&words[first.len_utf8()..end])?;
            return Some((end + close.len_utf8(), found));
        }
        let end = words.find([':', '|', '-', '–', '—', '.'])?;
        let marker = words[..end].trim();
        let capitals = marker.chars().all(|c| !c.is_lowercase());
        if !capitals || !self.markers.contains(&fold(marker)) {
            return None;
        }
        let sign = words[end..].chars().next().map_or(0, char::len_utf8);
        words[end + sign..].starts_with(char::is_whitespace).then(|| (end + sign, vec![marker.to_owned()]))
    }

    /// The markers inside brackets; `None` where anything else stands there too.
    fn markers_in(&self, inside: &str) -> Option<Vec<String>> {
        if inside.len() > LONGEST_MARKERS {
            return None;
        }
        let mut parts: Vec<String> = Vec::new();
        for part in inside.split([',', '/', '+', '&', ';', '،']) {
            let mut current: Vec<&str> = Vec::new();
            for word in part.split_whitespace() {
                if self.and.contains(&fold(word)) {
                    parts.push(current.join(" "));
                    current.clear();
                } else {
                    current.push(word);
                }
            }
            parts.push(current.join(" "));
        }
        let known = parts.len() <= 4 && parts.iter().all(|part| self.markers.contains(&fold(part)));
        known.then_some(parts)
    }
}

/// Longest list of markers, in bytes.
const LONGEST_MARKERS: usize = 120;

/// A pointer to another report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Related {
    /// The line is nothing but the pointer.
    pub(crate) alone: bool,
}

fn brackets(close: char) -> Option<(char, char)> {
    [('(', ')'), ('[', ']'), ('【', '】')].into_iter().find(|pair| pair.1 == close)
}

/// Whether `line` holds a sentence: it ends like one, or is too long for a menu entry.
pub(crate) fn holds_sentence(line: &str) -> bool {
    ends_clause(line) || line.chars().count() > 60 || line.split_whitespace().count() > 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    fn pack() -> &'static LinePack {
        &Packs::embedded().line
    }

    fn check_title(line: &str, title: &str, markers: &[&str]) {
        let (span, found) = pack().part_title(line, Span::new(0, line.len()));
        assert_eq!(
            (span.of(line), found.iter().map(String::as_str).collect::<Vec<_>>()),
            (title, markers.to_vec())
        );
    }

    #[test]
    fn titles_lose_their_markers() {
        check_title(
            "La route rouvre «au compte-gouttes» (PHOTOS)",
            "La route rouvre «au compte-gouttes»",
            &["PHOTOS"],
        );
        check_title("[VIDÉO] La route rouvre", "La route rouvre", &["VIDÉO"]);
        check_title(
            "EN DIRECT. La route rouvre (VIDÉO, PHOTOS)",
            "La route rouvre",
            &["EN DIRECT", "VIDÉO", "PHOTOS"],
        );
        check_title("La route (du sud) rouvre (hier)", "La route (du sud) rouvre (hier)", &[]);
        check_title("(VIDEO)", "(VIDEO)", &[]);
        check_title("Video : la route rouvre", "Video : la route rouvre", &[]);
    }

    fn check_related(line: &str, expected: Option<bool>) {
        assert_eq!(pack().related(line).map(|related| related.alone), expected, "{line}");
    }

    #[test]
    fn pointers_are_told_by_their_cue() {
        check_related("Lire aussi : La route rouvre", Some(false));
        check_related("À lire aussi : Vernak", Some(false));
        check_related("Read also: Why", Some(false));
        check_related("► Lire aussi\u{a0}:", Some(true));
        check_related("اقرأ أيضا: الطريق", Some(false));
        check_related("Lire aussi les livres du fonds.", None);
        check_related("Il faut lire aussi : ceci", None);
    }

    #[test]
    fn lines_announce_authors_and_days() {
        let found = |line: &'static str| pack().cue(line).map(|(cue, at)| (cue, &line[at..]));
        assert_eq!(found("Par Ana Ruo"), Some((Cue::By, "Ana Ruo")));
        assert_eq!(found("Publié le 4 mars 2021"), Some((Cue::Published, "4 mars 2021")));
        assert_eq!(found("Partout la route rouvre"), None);
    }
}
