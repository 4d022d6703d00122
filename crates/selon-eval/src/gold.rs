//! The bodies of pages as marked block by block, kept as fingerprints (cases/gold/README.md).
//!
//! The gold holds no words of a page. A paragraph is cut in pieces of eight words, and a piece is
//! looked for anywhere in the words that were read, so that joining or splitting paragraphs costs
//! nothing. A piece that is not found is missed with all its words; words that no piece covers
//! are extra. What was left open is neither.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use regex::Regex;
use selon_read::Packs;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::Scores;
use crate::extraction::{Means, scored_text};
use crate::pages::{Compose, GoldPage};
use crate::progress::Progress;
use crate::rows::typed;
use crate::scores::{mean, share};

const BODIES: &str = include_str!("../../../cases/gold/bodies.jsonl");

/// Words of a piece; the last one of a paragraph takes the rest. As in tools/gold/blocks.py.
const PIECE: usize = 8;

/// Pieces below this many words occur by chance: they count only between their neighbours.
const TELLING: usize = 4;

const SETS: [(&str, &str); 3] = [("fr", "french-gold"), ("ar", "arabic-gold"), ("ru", "russian-gold")];

/// A page and what was decided about its paragraphs.
#[derive(Debug, Deserialize)]
struct Body {
    page: String,
    sha256: String,
    lang: String,
    r#in: Vec<Pieced>,
    optional: Vec<Pieced>,
    out: Vec<(String, usize)>,
}

/// A paragraph: fingerprint, number of words, fingerprints of its pieces.
type Pieced = (String, usize, String);

/// Words of a reading that the gold has, that it has not, and of the gold that were not read.
#[derive(Debug, Default, PartialEq)]
struct Overlap {
    both: usize,
    extra: usize,
    missed: usize,
    /// Of the extra words, those in paragraphs that were marked as out.
    left_out: usize,
}

/// Scores the folder of all data, if it holds the pages of the gold.
pub(crate) fn score(data: &Path, packs: &Packs) -> Result<Option<Vec<Scores>>> {
    let bodies = bodies()?;
    if !bodies.first().is_some_and(|body| data.join(&body.page).is_file()) {
        return Ok(None);
    }
    let progress = Progress::new("extraction of the marked bodies".to_owned(), bodies.len());
    let overlaps: Vec<Overlap> = bodies
        .par_iter()
        .map(|body| {
            let read = words(&read(data, body, packs)?);
            progress.step();
            Ok(overlap(body, &read))
        })
        .collect::<Result<_>>()?;
    let mut sets: BTreeMap<&str, (Scores, Means, usize)> = BTreeMap::new();
    for (body, found) in bodies.iter().zip(overlaps) {
        let Some((_, set)) = SETS.iter().find(|(lang, _)| *lang == body.lang) else {
            bail!("cases/gold: {} is in \"{}\", which no set has", body.page, body.lang);
        };
        let (scores, means, exact) =
            sets.entry(set).or_insert_with(|| (Scores::new("extraction", *set), Means::default(), 0));
        let Overlap { both, extra, missed, left_out } = found;
        let f1 = means.add((both, extra, missed));
        *exact += usize::from(extra + missed == 0);
        scores.n += 1;
        let what = format!(
            "precision {:.2} recall {:.2}; {missed} of {} words missed, {extra} extra, {left_out} of them marked as out",
            share(both, both + extra),
            share(both, both + missed),
            both + missed,
        );
        scores.case(&body.page, f1, what);
    }
    let finished = sets.into_values().map(|(mut scores, means, exact)| {
        scores.set("f1", means.f1(false));
        scores.set("precision", mean(&means.precisions));
        scores.set("recall", mean(&means.recalls));
        scores.set("page_f1", mean(&means.f1s));
        scores.set("exact", share(exact, scores.n));
        scores.sorted()
    });
    Ok(Some(finished.collect()))
}

fn bodies() -> Result<Vec<Body>> {
    let rows = BODIES.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    typed(Path::new("cases/gold/bodies.jsonl"), rows.context("cases/gold/bodies.jsonl: not JSON")?)
}

/// The pages of the gold, if the folder of all data holds them.
pub(crate) fn pages(data: &Path) -> Result<Option<Vec<GoldPage>>> {
    let bodies = bodies()?;
    if !bodies.first().is_some_and(|body| data.join(&body.page).is_file()) {
        return Ok(None);
    }
    Ok(Some(bodies.iter().map(|body| page(data, body)).collect::<Result<_>>()?))
}

/// A page of the gold, if its bytes are still those that were marked.
fn page(data: &Path, body: &Body) -> Result<GoldPage> {
    let path = data.join(&body.page);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != body.sha256 {
        bail!("{} is not the page of cases/gold: its SHA-256 is {digest}", path.display());
    }
    Ok(GoldPage::new(&body.page, bytes, None))
}

/// The words that are read from a page.
fn read(data: &Path, body: &Body, packs: &Packs) -> Result<String> {
    let report = page(data, body)?.read(packs);
    let compose = Compose { title: false, deck: true, posts: false };
    Ok(report.map(|report| scored_text(&report, compose)).unwrap_or_default())
}

/// Words as `words_of` of tools/gold/blocks.py cuts them.
fn words(text: &str) -> Vec<String> {
    static NOTE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[[0-9]{1,3}\]").expect("the pattern is fixed"));
    static GONE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{M}\p{Cf}]+").expect("the pattern is fixed"));
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{L}\p{N}]+").expect("the pattern is fixed"));
    let text: String = text.nfkc().collect();
    let text = NOTE.replace_all(&text, " ").to_lowercase();
    let text = GONE.replace_all(&text, "");
    WORD.find_iter(&text).map(|word| word.as_str().to_owned()).collect()
}

/// The first 16 hexadecimal digits of the SHA-256 of words without anything between them.
fn fingerprint(words: &[String]) -> String {
    Sha256::digest(words.concat()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The words that were read, their windows by length, and which of them are taken.
struct Reading<'a> {
    words: &'a [String],
    windows: BTreeMap<usize, Vec<String>>,
    taken: Vec<bool>,
}

impl<'a> Reading<'a> {
    fn new(words: &'a [String]) -> Self {
        Reading { words, windows: BTreeMap::new(), taken: vec![false; words.len()] }
    }

    /// Takes the first free window between `from` and `to` whose fingerprint begins with `print`.
    fn take(&mut self, print: &str, length: usize, from: usize, to: usize) -> Option<usize> {
        let all = self.words;
        let windows =
            self.windows.entry(length).or_insert_with(|| all.windows(length).map(fingerprint).collect());
        let last = to.min(all.len()).checked_sub(length)?;
        let free =
            |at: &usize| windows[*at].starts_with(print) && !self.taken[*at..at + length].contains(&true);
        let at = (from..=last).find(free)?;
        self.taken[at..at + length].fill(true);
        Some(at)
    }

    /// The same after `next`, or else anywhere.
    fn take_near(&mut self, print: &str, length: usize, next: usize) -> Option<usize> {
        let all = self.words.len();
        self.take(print, length, next, all).or_else(|| self.take(print, length, 0, all))
    }
}

/// The pieces of a paragraph in order, each with its number of words.
fn pieces((_, words, prints): &Pieced) -> impl Iterator<Item = (&str, usize)> {
    let last = prints.split(' ').count() - 1;
    let length = move |at| if at == last { words - PIECE * last } else { PIECE };
    prints.split(' ').enumerate().map(move |(at, print)| (print, length(at)))
}

fn overlap(body: &Body, read: &[String]) -> Overlap {
    let mut reading = Reading::new(read);
    let inside: Vec<(&str, usize)> = body.r#in.iter().flat_map(pieces).collect();
    let mut places: Vec<Option<usize>> = Vec::new();
    // Whole paragraphs first, so that pieces of a missing one take no words of another.
    let mut next = 0;
    for paragraph in &body.r#in {
        let (print, words, _) = paragraph;
        let whole = if *words < TELLING { None } else { reading.take_near(print, *words, next) };
        next = whole.map_or(next, |at| at + words);
        places.extend(pieces(paragraph).scan(whole, |at, (_, length)| {
            let here = *at;
            *at = at.map(|at| at + length);
            Some(here)
        }));
    }
    next = 0;
    for ((print, length), place) in inside.iter().zip(&mut places) {
        if place.is_none() && *length >= TELLING {
            *place = reading.take_near(print, *length, next);
        }
        next = place.map_or(next, |at| at + length);
    }
    for (index, (print, length)) in inside.iter().enumerate().filter(|(_, piece)| piece.1 < TELLING) {
        let before = (0..index).rev().find_map(|at| Some(places[at]? + inside[at].1));
        let after = places[index + 1..].iter().find_map(|place| *place);
        places[index] = reading.take(print, *length, before.unwrap_or(0), after.unwrap_or(read.len()));
    }
    let mut found = Overlap::default();
    for ((_, length), place) in inside.iter().zip(&places) {
        let count = if place.is_some() { &mut found.both } else { &mut found.missed };
        *count += length;
    }
    let mut open: Vec<(&str, usize)> = body.optional.iter().flat_map(pieces).collect();
    open.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    for (print, length) in open {
        reading.take(print, length, 0, read.len());
    }
    found.extra = reading.taken.iter().filter(|taken| !**taken).count();
    let out = body.out.iter().filter(|(_, words)| *words >= TELLING);
    found.left_out = out
        .filter(|(print, words)| reading.take(print, *words, 0, read.len()).is_some())
        .map(|out| out.1)
        .sum();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieced(text: &str) -> Pieced {
        let words = words(text);
        let count = (words.len() / PIECE).max(1);
        let prints: Vec<String> = (0..count)
            .map(|at| {
                let end = if at + 1 == count { words.len() } else { PIECE * (at + 1) };
                fingerprint(&words[PIECE * at..end])[..8].to_owned()
            })
            .collect();
        (fingerprint(&words), words.len(), prints.join(" "))
    }

    fn check(gold: [&str; 3], read: &str, expected: [usize; 4]) {
        let [inside, optional, out] = gold;
        let paragraphs = |text: &str| text.lines().map(pieced).collect();
        let body = Body {
            page: String::new(),
            sha256: String::new(),
            lang: String::new(),
            r#in: paragraphs(inside),
            optional: paragraphs(optional),
            out: out.lines().map(pieced).map(|(print, words, _)| (print, words)).collect(),
        };
        let [both, extra, missed, left_out] = expected;
        assert_eq!(overlap(&body, &words(read)), Overlap { both, extra, missed, left_out }, "{read}");
    }

    const TWO: &str = "a b c d e f g h i j k l m n o p q r\ns t u v w";

    #[test]
    fn joined_and_split_paragraphs_are_the_same() {
        check([TWO, "", ""], TWO, [23, 0, 0, 0]);
        check([TWO, "", ""], &TWO.replace('\n', " "), [23, 0, 0, 0]);
        check([TWO, "", ""], &TWO.replace(' ', "\n"), [23, 0, 0, 0]);
        check([TWO, "", ""], "A, b; C d. «E» f g h [1] i j k l m n o p q r — s t u v w", [23, 0, 0, 0]);
    }

    #[test]
    fn missing_and_extra_words_cost_their_number() {
        check([TWO, "", ""], "s t u v w", [5, 0, 18, 0]);
        check([TWO, "", ""], "x y a b c d e f g h i j k l m n o p q r z s t u v w", [23, 3, 0, 0]);
        // A word inside costs the piece it stands in.
        check([TWO, "", ""], "a b c x d e f g h i j k l m n o p q r s t u v w", [15, 9, 8, 0]);
        check([TWO, "", ""], "", [0, 0, 23, 0]);
        // A second copy is extra.
        check([TWO, "", ""], "s t u v w a b c d e f g h i j k l m n o p q r s t u v w", [23, 5, 0, 0]);
    }

    #[test]
    fn a_missing_paragraph_takes_no_words_of_another() {
        let twice = "z b c d e f g h i j k l m\na b c d e f g h i j k l m";
        check([twice, "", ""], "a b c d e f g h i j k l m", [13, 0, 13, 0]);
    }

    #[test]
    fn what_is_left_open_counts_neither_way() {
        check([TWO, "photo x", "read this too please"], &format!("photo x {TWO}"), [23, 0, 0, 0]);
        let all = format!("{TWO} photo x read this too please");
        check([TWO, "photo x", "read this too please"], &all, [23, 4, 0, 4]);
    }

    #[test]
    fn short_pieces_stand_between_their_neighbours() {
        check(["a b c d\nx\ne f g h", "", ""], "x a b c d e f g h", [8, 1, 1, 0]);
        check(["a b c d\nx\ne f g h", "", ""], "x a b c d x e f g h", [9, 1, 0, 0]);
    }

    #[test]
    fn words_as_the_script_cuts_them() {
        assert_eq!(words("L'É\u{AD}té 2\u{B2} ﬁn\u{200B}e [12]"), ["l", "été", "22", "fine"]);
        assert_eq!(words("كِتاب\u{200C}ها، ٣"), ["كتابها", "٣"]);
        // sha256("lété")
        assert_eq!(fingerprint(&words("L'été")), "f251316bd19c15d3");
    }

    #[test]
    fn the_gold_is_sound() {
        for body in bodies().expect("JSON") {
            let paragraphs = body.r#in.iter().chain(&body.optional);
            for (print, words, prints) in paragraphs {
                assert_eq!(print.len(), 16, "{}", body.page);
                assert_eq!(prints.split(' ').count(), (words / PIECE).max(1), "{} {print}", body.page);
            }
            assert!(!body.r#in.is_empty() && !body.out.is_empty(), "{}", body.page);
            assert!(SETS.iter().any(|(lang, _)| *lang == body.lang), "{}", body.page);
        }
    }
}
