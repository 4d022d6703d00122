//! Statements of whole texts: the remnants in `cases/`, and texts of any kind.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use selon_model::{HopRole, Lang, Report, Span, Statement};
use selon_read::{Document, Media, Packs, read, read_text};
use serde_json::Value;

/// One folding on both sides, as cases/README.md says: typographic spaces and apostrophes, and
/// the case of the first letter.
fn folded(words: &str) -> String {
    let plain: String = words
        .chars()
        .map(|letter| match letter {
            '\u{A0}' | '\u{202F}' | '\u{2009}' => ' ',
            '\u{2019}' => '\'',
            letter => letter,
        })
        .collect();
    let mut letters = plain.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

fn holds(whole: &str, part: &str) -> bool {
    let (whole, part) = (folded(whole), folded(part));
    whole.contains(&part) || plain_case(&whole).contains(&plain_case(&part))
}

/// The first letter of a part may be a capital in the middle of the whole.
fn plain_case(words: &str) -> String {
    words.to_lowercase()
}

fn fits(report: &Report, statement: &Statement, wanted: &Value) -> bool {
    let text = |key: &str| wanted[key].as_str().unwrap_or_default();
    let content: Vec<&str> = statement.content.iter().map(|span| report.text.words(*span)).collect();
    let source = statement.source.as_ref().map_or(String::new(), |source| {
        source.resolved.clone().unwrap_or_else(|| report.text.words(source.span).to_owned())
    });
    let hops: Vec<&str> = statement
        .chain
        .iter()
        .filter(|hop| !matches!(hop.role, HopRole::Outlet | HopRole::Platform))
        .map(|hop| hop.name.as_deref().unwrap_or_default())
        .collect();
    let chain: Vec<&str> =
        wanted["chain"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let name = |value: Value| value.as_str().unwrap_or_default().to_owned();
    holds(&content.join(" "), text("content"))
        && holds(&source, text("source"))
        && hops.len() == chain.len()
        && hops.iter().zip(&chain).all(|(hop, wanted)| holds(hop, wanted))
        && name(serde_json::to_value(statement.mode).unwrap_or_default()) == text("mode")
        && name(serde_json::to_value(statement.factuality).unwrap_or_default()) == text("factuality")
}

#[test]
fn remnants_say_who_said_what() {
    let cases = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases"));
    let mut missing = Vec::new();
    for entry in fs::read_dir(cases).expect("the folder of cases is part of the repository") {
        let folder = entry.expect("an entry can be read").path();
        let Ok(expected) = fs::read_to_string(folder.join("expected.json")) else { continue };
        let expected: Value = serde_json::from_str(&expected).expect("expected.json is JSON");
        let payload = fs::read(folder.join("input.txt")).expect("a case has an input");
        let document = Document { payload: &payload, media: Media::Plain, ..Document::default() };
        let report = read(&document, Packs::embedded()).remove(0);
        for wanted in expected["statements"].as_array().into_iter().flatten() {
            if !report.statements.iter().any(|statement| fits(&report, statement, wanted)) {
                missing.push(format!("{}: {wanted}", folder.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no statement fits:\n{}", missing.join("\n"));
}

/// Every span of a report's statements lies on character boundaries of its text.
fn spans_fit(report: &Report) {
    let text = &report.text.string;
    let fits = |span: Span| {
        assert!(
            text.is_char_boundary(span.from()) && text.is_char_boundary(span.to()) && span.start <= span.end,
            "{span:?} in {text:?}"
        );
    };
    for statement in &report.statements {
        fits(statement.span);
        statement
            .content
            .iter()
            .chain(&statement.partial_quotes)
            .chain(&statement.also_at)
            .copied()
            .for_each(fits);
        statement.cue.iter().for_each(|cue| fits(cue.span));
        statement.addressee.into_iter().for_each(fits);
        statement.hedges.iter().for_each(|hedge| fits(hedge.span));
        statement.chain.iter().filter_map(|hop| hop.span).for_each(fits);
        if let Some(source) = &statement.source {
            fits(source.span);
            source.resolved_span.into_iter().for_each(fits);
            let earlier = source.antecedent.is_none_or(|index| (index as usize) < report.statements.len());
            assert!(earlier, "an antecedent is a statement of the report");
        }
        assert!(!statement.content.is_empty(), "a statement says something");
    }
}

fn read_as(words: &str, lang: &str) -> Report {
    read_text(words, &Lang::new(lang).expect("a tag"), None, Packs::embedded())
}

/// Words, cues and marks that meet in texts, in every order.
const PIECES: &[&str] = &[
    "« ",
    " »",
    "“",
    "”",
    "\"",
    "'",
    "’",
    "‘",
    "„",
    "(",
    ")",
    ", ",
    ". ",
    " : ",
    ";",
    " – ",
    " -- ",
    "-",
    "\n",
    "\n\n",
    " ",
    "…",
    "selon ",
    "d'après ",
    "a dit ",
    "dit-il",
    " a-t-elle ",
    "que ",
    "qu'",
    "affirmant que ",
    "cité par ",
    "citant ",
    "l'AFP ",
    "le ministre ",
    "Washington ",
    "M. Durand ",
    "elle ",
    "il ",
    "se ",
    "devrait ",
    "serait ",
    "n'a pas annoncé ",
    "said ",
    "told ",
    "that ",
    "according to ",
    "he ",
    "the ",
    "police ",
    "was quoted as saying ",
    "whether ",
    "قال ",
    "إن ",
    "وفقا ل",
    "الوزير ",
    "، ",
    "«",
    "»",
    "٣ ",
    "13 000 ",
    "é",
    "\u{301}",
    "🙂",
    "\u{200F}",
    "@",
    "#",
];

proptest! {
    #[test]
    fn no_text_stops_the_reader(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), lang in prop::sample::select(&["fr", "en", "ar"][..])) {
        spans_fit(&read_as(&pieces.concat(), lang));
    }

    #[test]
    fn nor_does_any_string(words in ".{0,80}", lang in prop::sample::select(&["fr", "en", "ar"][..])) {
        spans_fit(&read_as(&words, lang));
    }
}

#[test]
fn a_mark_alone_says_nothing() {
    assert_eq!(read_as("“, dit-il", "fr").statements.len(), 0);
}

#[test]
fn marks_without_end_take_linear_time() {
    let started = std::time::Instant::now();
    for piece in ["«", "\"", "“ ", "' ", "a dit ", "selon ", ", ", "« a dit que », ", "Le Le "] {
        spans_fit(&read_as(&piece.repeat(20_000), "fr"));
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// Bytes of the large texts: ten megabytes where the code is optimised, else as few as a debug
/// build reads in less than a second.
const LARGE: usize = if cfg!(debug_assertions) { 60_000 } else { 10_000_000 };

/// Letters, marks and signs of all planes, by a generator with a fixed seed (xorshift64*).
fn random_letters(bytes: usize, mut pick: impl FnMut(u64) -> Option<char>) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut text = String::with_capacity(bytes + 4);
    while text.len() < bytes {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        text.extend(pick(state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32));
    }
    text
}

/// Eight times the text takes about eight times the time, where quadratic reading takes 64 times:
/// both are read whole, the smaller first.
fn takes_linear_time(what: &str, make: impl Fn(usize) -> String) {
    let time = |bytes: usize| {
        let text = make(bytes);
        let started = std::time::Instant::now();
        spans_fit(&read_as(&text, "fr"));
        started.elapsed().as_secs_f64()
    };
    let (part, whole) = (time(LARGE / 8), time(LARGE));
    // A busy machine may stall either: a second is granted, and three times the share.
    assert!(whole < 24.0 * part + 1.0, "{what}: {part} s for an eighth, {whole} s for the whole");
}

#[test]
fn random_unicode_takes_linear_time() {
    takes_linear_time("any letters", |bytes| {
        random_letters(bytes, |number| char::from_u32(number as u32 % 0x11_0000))
    });
    let common: Vec<char> = "abcdefgh ée’' «»“”\"„,.;:!?()—-\n0123456789".chars().collect();
    takes_linear_time("letters of texts", |bytes| {
        random_letters(bytes, |number| common.get(number as usize % common.len()).copied())
    });
}

#[test]
fn quotations_without_end_take_linear_time() {
    takes_linear_time("open guillemets", |bytes| "« il a dit que ".repeat(bytes / 16));
    takes_linear_time("closing marks", |bytes| "le maire ” a dit » ".repeat(bytes / 22));
    takes_linear_time("marks of both kinds", |bytes| "\" selon lui “ ".repeat(bytes / 16));
}

/// A hundred thousand marks: fewer in a debug build, but in one paragraph all the same.
#[test]
fn a_hundred_thousand_marks_stop_nothing() {
    let marks = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    for lang in ["fr", "en"] {
        spans_fit(&read_as(&"“a” ".repeat(marks / 2), lang));
        spans_fit(&read_as(&"«".repeat(marks), lang));
    }
}

/// A capital or country that speaks is a government: the place says so, and so does the source.
#[test]
fn a_capital_that_speaks_is_a_metonym() {
    for (lang, text, name, government) in [
        ("en", "Washington said it would not send troops.", "Washington", "US"),
        ("en", "The bridge will reopen on Friday, Ankara said.", "Ankara", "TR"),
        ("fr", "Moscou a affirmé que le pont serait rouvert vendredi.", "Moscou", "RU"),
        ("fr", "Selon Damas, le pont sera rouvert vendredi.", "Damas", "SY"),
    ] {
        let lang = selon_model::Lang::new(lang).expect("a tag");
        let report = selon_read::read_text(text, &lang, None, selon_read::Packs::embedded());
        let source = report.statements.first().and_then(|said| said.source.as_ref()).expect(text);
        assert_eq!(
            (source.role.as_deref(), source.government.as_deref()),
            (Some("metonym"), Some(government)),
            "{text}"
        );
        let place = &report.places[source.place.expect(text) as usize];
        assert_eq!((place.span.of(text), place.role), (name, selon_model::PlaceRole::Metonym), "{text}");
    }
    // An official in the capital is none.
    let lang = selon_model::Lang::new("en").expect("a tag");
    let text = "A doctor in Damascus said the bridge would reopen.";
    let report = selon_read::read_text(text, &lang, None, selon_read::Packs::embedded());
    assert!(report.places.iter().all(|place| place.role == selon_model::PlaceRole::Place), "{text}");
}
