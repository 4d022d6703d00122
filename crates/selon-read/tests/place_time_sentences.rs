//! The sentences of `cases/place-time-sentences`: all places and times that they name, and no other.

use std::path::Path;

use selon_model::{Lang, PlaceRole, RuleId, When};
use selon_read::{Packs, read_text};

/// What is read of a sentence, as the cases write it.
fn read(lang: &Lang, sentence: &str, published: &When) -> Vec<String> {
    let report = read_text(sentence, lang, Some(published), Packs::embedded());
    let words = |span: selon_model::Span| span.of(sentence);
    let places = report.places.iter().filter(|place| place.role != PlaceRole::Demonym).map(|place| {
        let id = place.choice().map_or("none", |choice| choice.id.0.trim_start_matches("geonames:"));
        let role = if place.role == PlaceRole::Metonym { " role=metonym" } else { "" };
        format!("- place \"{}\" {id}{role}", words(place.span))
    });
    let times = report.times.iter().map(|time| format!("- time \"{}\" {}", words(time.span), time.value));
    places.chain(times).collect()
}

#[test]
fn all_sentences_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/place-time-sentences");
    let mut faults = Vec::new();
    for tag in ["ar", "ru", "uk"] {
        let lang = Lang::new(tag).expect("a tag");
        let text =
            std::fs::read_to_string(folder.join(format!("{tag}.md"))).expect("the sentences are there");
        let mut published = None;
        let mut count = 0;
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(day) = line.strip_prefix("published: ") {
                published = Some(When::day(day.parse().expect("a day"), RuleId::core("core.stated")));
            }
            let Some(sentence) = line.strip_prefix("> ") else { continue };
            count += 1;
            let mut expected = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with("- ")) {
                expected.push(line.to_owned());
            }
            let read = read(&lang, sentence, published.as_ref().expect("a day stands above"));
            if read != expected {
                faults.push(format!("{tag}: {sentence}\n  {}", read.join("\n  ")));
            }
        }
        assert_eq!(count, 20, "{tag}");
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
