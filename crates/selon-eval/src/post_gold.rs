//! Posts on whole pages against the gold of `cases/gold/posts.jsonl`, whose README says
//! what counts as a post and how each field was decided.
//!
//! The gold holds no words of anybody's: a text is kept as a fingerprint, the pages lie in the
//! data folder. A page that is no longer the one that was read is refused, one that is not there
//! is left out and not counted.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use regex::Regex;
use selon_model::{Digest, EmbeddedPost, Report};
use selon_read::{Media, Packs};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Scores;
use crate::posts::read_one;
use crate::scores::share;

const GOLD: &str = include_str!("../../../cases/gold/posts.jsonl");

/// A page and its posts; a page that only looks as if it had some has none.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GoldPage {
    /// Path in the data folder.
    pub(crate) page: String,
    /// Digest of the file as it lies there.
    sha256: String,
    pub(crate) posts: Vec<GoldPost>,
}

/// What the page says of a post.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GoldPost {
    pub(crate) platform: String,
    pub(crate) id: String,
    /// The form it has on the page.
    pub(crate) variant: String,
    pub(crate) state: String,
    pub(crate) handle: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) day: Option<String>,
    pub(crate) day_from: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) hashtags: Vec<String>,
    pub(crate) mentions: Vec<String>,
    /// How many addresses.
    pub(crate) links: usize,
    /// Fingerprint.
    pub(crate) text: Option<String>,
    pub(crate) damage: Vec<String>,
}

/// The gold pages that lie in `data`, each with its bytes, decompressed.
pub(crate) fn pages(data: &Path) -> Result<Vec<(GoldPage, Vec<u8>)>> {
    let mut pages = Vec::new();
    for (number, line) in GOLD.lines().enumerate() {
        let page: GoldPage = serde_json::from_str(line)
            .with_context(|| format!("cases/gold/posts.jsonl, row {}", number + 1))?;
        let path = data.join(&page.page);
        let Ok(stored) = std::fs::read(&path) else { continue };
        if Digest::of(&stored).hex() != page.sha256 {
            bail!("{} is not the page that the gold of posts was read from", path.display());
        }
        pages.push((page, crate::rows::bytes(&path)?));
    }
    Ok(pages)
}

/// The first 16 hexadecimal digits of SHA-256 over the letters and digits of `text` (categories L
/// and N), NFKC, lower case; `None` where there are none.
pub(crate) fn fingerprint(text: &str) -> Option<String> {
    static OTHER: OnceLock<Regex> = OnceLock::new();
    let other = OTHER.get_or_init(|| Regex::new(r"[^\p{L}\p{N}]+").expect("a constant pattern"));
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let folded = other.replace_all(&folded, "");
    (!folded.is_empty()).then(|| Digest::of(folded.as_bytes()).hex()[..16].to_owned())
}

/// What is asked of each post, in the order of the gold's keys.
const FIELDS: usize = 11;

/// What was counted of some posts.
#[derive(Clone, Debug, Default)]
struct Counts {
    gold: usize,
    read: usize,
    hits: usize,
    fields_right: usize,
    /// Posts with a handle or day in the gold, and those of them with both right.
    signed: usize,
    signed_right: usize,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.gold += other.gold;
        self.read += other.read;
        self.hits += other.hits;
        self.fields_right += other.fields_right;
        self.signed += other.signed;
        self.signed_right += other.signed_right;
    }
}

/// Scores the gold pages in `data`: all, then platform by platform, each with its variants.
pub(crate) fn score(data: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let pages = pages(data)?;
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let read: Vec<(GoldPage, Report)> = pages
        .into_par_iter()
        .map(|(page, bytes)| Ok((page, read_one(&bytes, Media::Html, packs)?)))
        .collect::<Result<_>>()?;
    let mut all = Scores::new("posts", "gold");
    let mut total = Counts::default();
    let mut sets: BTreeMap<String, (Scores, Counts, BTreeMap<String, Counts>)> = BTreeMap::new();
    let (mut empty, mut empty_right) = (0, 0);
    for (page, report) in &read {
        let pairs = pair(&page.posts, &report.posts);
        if page.posts.is_empty() {
            empty += 1;
            empty_right += usize::from(report.posts.is_empty());
        }
        let false_posts = (0..report.posts.len()).filter(|at| !pairs.contains(&Some(*at)));
        for post in false_posts.map(|at| &report.posts[at]) {
            let id = format!("{} {} {}", page.page, post.platform, post.status_id.as_deref().unwrap_or("-"));
            all.case(id, -1.0, format!("read, but no post: rule {}", post.rule));
            total.read += 1;
            if let Some((_, counts, _)) = sets.get_mut(&post.platform) {
                counts.read += 1;
            }
        }
        for (gold, found) in page.posts.iter().zip(&pairs) {
            let found = found.map(|at| &report.posts[at]);
            let wrong = wrong_fields(gold, found, report);
            let signed = gold.handle.is_some() || gold.day.is_some();
            let off = |name: &&str| wrong.iter().any(|(field, _)| field == name);
            let counts = Counts {
                gold: 1,
                read: usize::from(found.is_some()),
                hits: usize::from(found.is_some()),
                fields_right: FIELDS - wrong.len(),
                signed: usize::from(signed),
                signed_right: usize::from(signed && !["handle", "day"].iter().any(off)),
            };
            let (out, of_set, variants) = sets.entry(gold.platform.clone()).or_insert_with(|| {
                let name = format!("gold/{}", gold.platform);
                (Scores::new("posts", name), Counts::default(), BTreeMap::new())
            });
            total.add(&counts);
            of_set.add(&counts);
            variants.entry(gold.variant.clone()).or_default().add(&counts);
            if !wrong.is_empty() {
                let id = format!("{} {} {} {}", page.page, gold.platform, gold.variant, gold.id);
                let what = match found {
                    None => "not found".to_owned(),
                    Some(_) => wrong
                        .iter()
                        .map(|(name, what)| format!("{name}: {what}"))
                        .collect::<Vec<_>>()
                        .join("; "),
                };
                let right = share(FIELDS - wrong.len(), FIELDS);
                out.case(id.clone(), right, what.clone());
                all.case(id, right, what);
            }
        }
    }
    all.set("pages", read.len() as f64);
    all.set("none_where_none_is", share(empty_right, empty));
    set_figures(&mut all, &total);
    let mut out = vec![all.sorted()];
    for (mut scores, counts, variants) in sets.into_values() {
        set_figures(&mut scores, &counts);
        for (variant, counts) in variants {
            scores.set(&format!("{variant}/n"), counts.gold as f64);
            scores.set(&format!("{variant}/recall"), share(counts.hits, counts.gold));
            scores.set(&format!("{variant}/fields"), share(counts.fields_right, FIELDS * counts.gold));
        }
        out.push(scores.sorted());
    }
    Ok(out)
}

fn set_figures(scores: &mut Scores, counts: &Counts) {
    scores.n = counts.gold;
    scores.set("recall", share(counts.hits, counts.gold));
    scores.set("precision", share(counts.hits, counts.read));
    scores.set("fields", share(counts.fields_right, FIELDS * counts.gold));
    if counts.signed > 0 {
        scores.set("handle_and_day", share(counts.signed_right, counts.signed));
    }
}

/// The post read for each of the gold's, by platform and id, no post twice.
fn pair(gold: &[GoldPost], read: &[EmbeddedPost]) -> Vec<Option<usize>> {
    let mut taken = vec![false; read.len()];
    gold.iter()
        .map(|gold| {
            let same = |post: &EmbeddedPost| {
                post.platform == gold.platform && post.status_id.as_deref() == Some(gold.id.as_str())
            };
            let at = (0..read.len()).find(|&at| !taken[at] && same(&read[at]))?;
            taken[at] = true;
            Some(at)
        })
        .collect()
}

/// The fields that differ, with what was expected and what was read; of no post, all.
fn wrong_fields(
    gold: &GoldPost,
    post: Option<&EmbeddedPost>,
    report: &Report,
) -> Vec<(&'static str, String)> {
    let or_none = |value: Option<&str>| value.unwrap_or("-").to_owned();
    let day = post.and_then(|post| post.posted.as_ref()?.date()).map(|day| day.to_string());
    let body = post.and_then(|post| {
        let placed = post.text.map(|body| report.text.words(body));
        placed.or(post.text_elsewhere.as_deref())
    });
    let name = post.and_then(|post| post.author.name.as_deref());
    let mut damage: Vec<String> =
        post.map_or_else(Vec::new, |post| post.damage.iter().map(|damage| word(&damage.kind)).collect());
    damage.sort();
    damage.dedup();
    let list = |of: fn(&EmbeddedPost) -> &Vec<String>| {
        let words = post.map_or(&[][..], |post| of(post).as_slice());
        words.iter().map(|word| or_none(fingerprint(word).as_deref())).collect::<Vec<_>>().join(" ")
    };
    let pairs: [(&'static str, String, String); FIELDS] = [
        ("state", gold.state.clone(), post.map_or_else(String::new, |post| word(&post.state))),
        (
            "handle",
            or_none(gold.handle.as_deref()),
            or_none(post.and_then(|post| fingerprint(post.author.handle.as_deref()?)).as_deref()),
        ),
        ("name", or_none(gold.name.as_deref()), or_none(name.and_then(fingerprint).as_deref())),
        ("day", or_none(gold.day.as_deref()), or_none(day.as_deref())),
        (
            "day_from",
            or_none(gold.day_from.as_deref()),
            post.and_then(|post| post.posted_from).map_or_else(|| "-".to_owned(), |from| word(&from)),
        ),
        (
            "language",
            or_none(gold.language.as_deref()),
            or_none(post.and_then(|post| Some(post.language.as_ref()?.as_str()))),
        ),
        ("hashtags", gold.hashtags.join(" "), list(|post| &post.hashtags)),
        ("mentions", gold.mentions.join(" "), list(|post| &post.mentions)),
        ("links", gold.links.to_string(), post.map_or(0, |post| post.links.len()).to_string()),
        ("text", or_none(gold.text.as_deref()), or_none(body.and_then(fingerprint).as_deref())),
        ("damage", gold.damage.join(" "), damage.join(" ")),
    ];
    pairs
        .into_iter()
        .filter(|(_, expected, read)| post.is_none() || expected != read)
        .map(|(name, expected, read)| (name, format!("expected {expected}, read {read}")))
        .collect()
}

/// The word that stands for a value in JSON.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_of_letters_and_digits() {
        assert_eq!(fingerprint("Élan, n 5!"), fingerprint("e\u{301}lan n５"));
        assert_ne!(fingerprint("a"), fingerprint("b"));
        assert_eq!(fingerprint(" – 🚲"), None);
        // printf 'abc1' | sha256sum
        assert_eq!(fingerprint("A b-c 1").as_deref(), Some("dbfcfd0d87220f62"));
    }

    #[test]
    fn the_gold_is_whole() {
        let mut known = std::collections::BTreeSet::new();
        for line in GOLD.lines() {
            let page: GoldPage = serde_json::from_str(line).expect("a row of gold");
            assert!(known.insert(page.page.clone()), "{} stands twice", page.page);
            assert_eq!(page.sha256.len(), 64, "{}", page.page);
            for post in &page.posts {
                assert_eq!(post.day.is_some(), post.day_from.is_some(), "{} {}", page.page, post.id);
                assert!(post.damage.is_sorted(), "{} {}", page.page, post.id);
            }
        }
    }
}
