//! The words of `packs/page/`: class words, drop cues, byline words, title markers, date keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::date::Months;
use super::no_article::Notice;
use crate::extract::marks::Marks;
use crate::pack::{PackFiles, PacksError};
use foldhash::HashMap;

/// Class words, cues, date keys, byline words, title markers (`packs/page/`).
#[derive(Clone, Debug, Default)]
pub(crate) struct PagePack {
    words: HashMap<String, Marks>,
    beginnings: Beginnings,
    cues: Vec<DropCue>,
    inner_cues: Vec<DropCue>,
    /// Words that open a byline, in lower case, longest first.
    pub(crate) by: Vec<String>,
    /// Words that join names.
    pub(crate) and: Vec<String>,
    /// Words for people at an outlet, and for outlets that do not name one.
    pub(crate) roles: Vec<String>,
    /// What people are at an outlet, behind their names.
    pub(crate) titles: Vec<String>,
    /// What stands behind names after a comma and is no name.
    pub(crate) degrees: Vec<String>,
    /// Small words inside names of people, as they are written there.
    pub(crate) particles: Vec<String>,
    /// Words of the names of parts of a newspaper, which look like names of people.
    pub(crate) sections: Vec<String>,
    /// Parts of addresses under which authors have their pages.
    pub(crate) author_paths: Vec<String>,
    /// Words that label the day of publication.
    pub(crate) published: Vec<String>,
    /// Words that label the day of the last change.
    pub(crate) modified: Vec<String>,
    /// Title markers in lower case, longest first.
    pub(crate) markers: Vec<String>,
    /// What pages without an article begin with, in lower case.
    notices: Vec<(String, bool, Notice)>,
    date_keys: HashMap<String, DateKey>,
    /// Names of months.
    pub(crate) months: Arc<Months>,
}

/// A name of a meta element that holds a date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DateKey {
    /// It is the day of the last change.
    pub(crate) modified: bool,
    /// How often the day is right, 0 to 1.
    pub(crate) trust: f32,
}

/// The beginning of a short block that is not the report's own words.
#[derive(Clone, Debug)]
pub(crate) struct DropCue {
    words: String,
    whole: bool,
    /// Only where the block is mostly link.
    pub(crate) link: bool,
    /// Why it is left out.
    pub(crate) reason: &'static str,
}

impl PagePack {
    pub(crate) fn load(page: &PackFiles<'_>, _all: &BTreeMap<&str, &str>) -> Result<Self, PacksError> {
        let mut pack = PagePack::default();
        for row in page.table("classes.tsv")?.rows() {
            let name = row.required("mark")?;
            let mark = Marks::named(name).ok_or_else(|| row.error(format!("unknown mark \"{name}\"")))?;
            let word = row.required("word")?;
            match word.strip_suffix('*') {
                Some(beginning) => pack.beginnings.insert(beginning, mark),
                None => drop(pack.words.insert(word.to_owned(), mark)),
            }
        }
        for row in page.table("drop_cues.tsv")?.rows() {
            let name = row.required("reason")?;
            let reason = reason(name).ok_or_else(|| row.error(format!("unknown reason \"{name}\"")))?;
            let words = row.required("cue")?.to_lowercase();
            let cue =
                DropCue { words, whole: row.get("where") == "whole", link: row.get("if") == "link", reason };
            match row.get("where") {
                "inside" => pack.inner_cues.push(cue),
                _ => pack.cues.push(cue),
            }
        }
        for row in page.table("byline.tsv")?.rows() {
            let word = row.required("word")?.to_lowercase();
            match row.required("use")? {
                "by" => pack.by.push(word),
                "and" => pack.and.push(word),
                "role" => pack.roles.push(word),
                "title" => pack.titles.push(word),
                "degree" => pack.degrees.push(word),
                "particle" => pack.particles.push(word),
                "section" => pack.sections.push(word),
                "path" => pack.author_paths.push(word),
                "published" => pack.published.push(word),
                "modified" => pack.modified.push(word),
                other => return Err(row.error(format!("unknown use \"{other}\""))),
            }
        }
        for row in page.table("markers.tsv")?.rows() {
            pack.markers.push(row.required("marker")?.to_lowercase());
        }
        for row in page.table("no_article.tsv")?.rows() {
            let name = row.required("kind")?;
            let notice = Notice::named(name).ok_or_else(|| row.error(format!("unknown kind \"{name}\"")))?;
            let whole = row.get("where") == "whole";
            pack.notices.push((crate::words::fold(row.required("cue")?), whole, notice));
        }
        for row in page.table("date_keys.tsv")?.rows() {
            let trust: f32 = row.required("trust")?.parse().map_err(|_| row.error("trust is no number"))?;
            let key = DateKey { modified: row.get("what") == "modified", trust: trust / 100.0 };
            pack.date_keys.insert(row.required("key")?.to_lowercase(), key);
        }
        let mut months = Months::default();
        for row in page.table("months.tsv")?.rows() {
            let month: i8 = row.required("month")?.parse().map_err(|_| row.error("month is no number"))?;
            for name in row.list("names") {
                months.0.entry(name).or_insert(month);
            }
        }
        pack.months = Arc::new(months);
        for words in [&mut pack.by, &mut pack.markers, &mut pack.published, &mut pack.modified] {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Ok(pack)
    }

    /// What a word of a class says, a whole word or its beginning.
    pub(crate) fn marks(&self, word: &str) -> Marks {
        self.words.get(word).copied().unwrap_or_else(|| self.beginnings.marks(word))
    }

    /// The cue that a block begins with. `folded`: its words in lower case.
    pub(crate) fn cue(&self, folded: &str) -> Option<&DropCue> {
        self.cues.iter().find(|cue| {
            folded.strip_prefix(cue.words.as_str()).is_some_and(|rest| {
                let rest = rest.trim_matches(|c: char| {
                    c.is_whitespace() || matches!(c, ':' | '.' | '…' | '!' | '»' | '>')
                });
                if cue.whole {
                    rest.is_empty()
                } else {
                    !rest.starts_with(char::is_alphanumeric) || !ends_word(folded, rest)
                }
            })
        })
    }

    /// The cue that a block holds anywhere; such cues count in short blocks with a link only.
    pub(crate) fn inner_cue(&self, folded: &str) -> Option<&DropCue> {
        self.inner_cues.iter().find(|cue| folded.contains(cue.words.as_str()))
    }

    /// What a page without an article says it is, where words of it, folded, begin so. A `title`
    /// may name the site before.
    pub(crate) fn notice(&self, folded: &str, title: bool) -> Option<Notice> {
        let begins = |words: &str, cue: &str, whole: bool| {
            words.strip_prefix(cue).is_some_and(|rest| match whole {
                true => rest.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '…' | '!' | '?' | ':')),
                false => !rest.starts_with(char::is_alphanumeric),
            })
        };
        self.notices
            .iter()
            .find(|(cue, whole, _)| {
                let part = |sign: &&str| folded.split(*sign).any(|part| begins(part, cue, *whole));
                begins(folded, cue, *whole) || title && [" | ", " - "].iter().any(part)
            })
            .map(|(_, _, notice)| *notice)
    }

    /// What a meta element's name says of its date. Sites put prefixes of their own before a name
    /// that says enough alone.
    pub(crate) fn date_key(&self, name: &str) -> Option<DateKey> {
        let whole = self.date_keys.get(name).copied();
        whole.or_else(|| {
            let (_, last) = name.rsplit_once([':', '.'])?;
            let key = self.date_keys.get(last).filter(|key| key.trust >= 0.76)?;
            Some(DateKey { trust: key.trust - 0.1, ..*key })
        })
    }
}

/// Beginnings of class words, by their first four bytes.
#[derive(Clone, Debug, Default)]
struct Beginnings {
    /// Sorted; those with the same first bytes with the longest first.
    sorted: Vec<(String, Marks)>,
}

impl Beginnings {
    fn insert(&mut self, beginning: &str, marks: Marks) {
        let key = |word: &str| (word.as_bytes().get(..4).map(<[u8]>::to_vec), std::cmp::Reverse(word.len()));
        self.sorted.retain(|(known, _)| known != beginning);
        self.sorted.push((beginning.to_owned(), marks));
        self.sorted.sort_by(|a, b| key(&a.0).cmp(&key(&b.0)).then_with(|| a.0.cmp(&b.0)));
    }

    /// The marks of the longest true beginning of `word`; else of the word itself.
    fn marks(&self, word: &str) -> Marks {
        let first = word.as_bytes().get(..4);
        let from = self.sorted.partition_point(|(known, _)| known.as_bytes().get(..4) < first);
        let group = self.sorted[from..].iter().take_while(|(known, _)| known.as_bytes().get(..4) == first);
        let mut whole = Marks::default();
        for (known, marks) in group {
            if known == word {
                whole = *marks;
            } else if known.len() < 16 && word.starts_with(known.as_str()) && first.is_some() {
                return *marks;
            }
        }
        whole
    }
}

/// Whether `rest` goes on in the middle of a word of `whole`.
fn ends_word(whole: &str, rest: &str) -> bool {
    let at = whole.len() - rest.len();
    whole.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric)
}

/// The reasons for leaving a block out (page-reading, "Keep or drop").
fn reason(name: &str) -> Option<&'static str> {
    const REASONS: &[&str] = &[
        "navigation",
        "related",
        "promotion",
        "newsletter",
        "share",
        "comments",
        "byline",
        "dateline",
        "author_box",
        "tags",
        "ad",
        "cookie",
        "paywall",
        "copyright",
        "hidden",
        "duplicate",
        "pull_quote",
        "other_article",
        "interface",
        "footnote",
        "limit",
        // Kept as what it is.
        "caption",
    ];
    REASONS.iter().find(|reason| **reason == name).copied()
}
