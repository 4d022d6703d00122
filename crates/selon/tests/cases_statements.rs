//! The statement and figure lines of the acceptance cases S04, S05, S07 to S09, S11, S19 and S20
//! of the shared data, in the record as anybody gets it. The texts belong to their publishers and
//! are no part of this repository: without them a test says so and is skipped. Expected values are
//! the few words, numbers and names that the cases themselves name.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use serde_json::Value;

mod common;
#[path = "common/records.rs"]
mod records;

use records::{list, report, reports, shared};

fn source(statement: &Value) -> &str {
    let source = &statement["source"];
    source["resolved"].as_str().or(source["text"].as_str()).unwrap_or("")
}

/// The statement with these words in its content.
fn said<'v>(record: &'v Value, words: &str) -> &'v Value {
    list(record, "statements")
        .iter()
        .find(|statement| {
            list(statement, "content").iter().any(|piece| piece["text"].as_str().unwrap().contains(words))
        })
        .unwrap_or_else(|| panic!("no statement with {words:?}"))
}

/// The quoted fragments of a statement: offsets count code points of the text.
fn quoted(record: &Value, statement: &Value) -> Vec<String> {
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let at = |value: &Value| value.as_u64().unwrap() as usize;
    list(statement, "partialQuotes")
        .iter()
        .map(|quote| text[at(&quote["start"])..at(&quote["end"])].iter().collect())
        .collect()
}

/// The names of the hops of a chain, origin first.
fn chain(statement: &Value) -> Vec<&str> {
    list(statement, "chain").iter().map(|hop| hop["name"].as_str().unwrap_or("?")).collect()
}

fn figure<'v>(record: &'v Value, words: &str) -> &'v Value {
    list(record, "figures")
        .iter()
        .find(|figure| figure["text"].as_str().unwrap().contains(words))
        .unwrap_or_else(|| panic!("no figure with {words:?}"))
}

#[test]
fn s04_one_quotation_in_two_places_through_a_video() {
    let Some(record) = report("pages/fundus/fr/LeFigaro_2024_11_22.html.gz", &[]) else { return };
    let failed = said(&record, "pratiquement fait échouer toute leur campagne");
    assert_eq!(failed["mode"], "direct");
    assert!(source(failed).ends_with("Andreï Belooussov"), "{}", source(failed));
    assert_eq!(failed["source"]["role"], "ministry");
    assert_eq!(list(failed, "alsoAt").len(), 1, "said twice, one statement");
    assert_eq!(chain(failed)[1..], ["une vidéo diffusée par l’armée russe", "Le Figaro"]);
    let again = said(&record, "Cette déclaration a été faite");
    assert_eq!(source(again), "une vidéo diffusée par l’armée russe");
    let meeting = said(&record, "se déroulera au niveau des ambassadeurs");
    assert_eq!(meeting["source"]["text"], "même source");
    assert_eq!(source(meeting), "sources diplomatiques");
    let dead = figure(&record, "au moins deux morts");
    assert_eq!((&dead["quantity"]["op"], &dead["quantity"]["lower"]), (&">=".into(), &2.into()));
    assert_eq!(dead["event"]["class"], "killed");
    assert_eq!(dead["window"]["edtf"], "2024-11-22");
}

#[test]
fn s05_an_editors_bracket_inside_the_quotation() {
    let Some(record) = report("pages/fundus/fr/LeMonde_2023_09_01.html.gz", &[]) else { return };
    let agenda = said(&record, "ordre du jour");
    assert_eq!(quoted(&record, agenda), ["arrivée avec [s]on ordre du jour"]);
    let judged = list(&record, "statements")
        .iter()
        .find(|statement| statement["cue"]["text"] == "juge")
        .expect("a statement by what she judges");
    assert_eq!(judged["source"]["text"], "Mme\u{a0}Binet");
    assert_eq!(source(judged), "Sophie Binet");
}

#[test]
fn s07_russian_figures() {
    let Some(record) = report("pages/fundus/ua/Pravda_2026_01_08.html.gz", &[]) else { return };
    let money = figure(&record, "157 миллионов гривен");
    assert_eq!(money["quantity"]["lower"], 157_000_000);
    assert_eq!((&money["quantity"]["op"], &money["unit"]["code"]), (&"=".into(), &"UAH".into()));
    let judges = figure(&record, "40 других судей");
    assert_eq!((&judges["quantity"]["op"], &judges["quantity"]["lower"]), (&">".into(), &40.into()));
    assert_eq!(judges["unit"]["class"], "persons");
}

#[test]
fn s08_an_arabic_speaker() {
    let Some(record) = report("pages/goose3/content/test_cnn_arabic.html.gz", &[]) else { return };
    let first = &list(&record, "statements")[0];
    assert_eq!(first["source"]["text"], "جهات سورية معارضة");
    assert_eq!(first["cue"]["text"], "أكدت");
}

#[test]
fn s09_spanish_quotations() {
    let Some(record) = report("pages/fundus/es/ElDiario_2025_05_29.html.gz", &[]) else { return };
    let silence = said(&record, "silencio");
    assert!(source(silence).ends_with("Albares"), "{}", source(silence));
    assert_eq!(quoted(&record, silence)[0], "silencio");
}

#[test]
fn s11_a_post_that_names_its_outlets() {
    let Some(record) = report("pages/trafilatura/html/fr.de.nordkorea.html.gz", &[]) else { return };
    let own: Vec<Vec<&str>> = list(&record, "statements")
        .iter()
        .filter(|statement| !statement["post"].is_null())
        .map(chain)
        .filter(|chain| chain.contains(&"Robby Starbuck"))
        .collect();
    for outlet in ["CNN", "NBC", "Reuters"] {
        let through = own.iter().find(|chain| chain[0] == outlet).unwrap_or_else(|| panic!("{own:?}"));
        assert_eq!(through[1..], ["Robby Starbuck", "x", "Frankfurter Rundschau"]);
    }
}

/// The figures of one event of a report: operator, number, who says so.
fn toll(record: &Value, event: &str) -> Vec<(String, f64, String)> {
    list(record, "figures")
        .iter()
        .filter(|figure| figure["event"]["class"] == event)
        .map(|figure| {
            let quantity = &figure["quantity"];
            let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
            (text(&quantity["op"]), quantity["lower"].as_f64().unwrap(), text(&figure["source"]))
        })
        .collect()
}

#[test]
fn s19_figures_that_differ_each_with_its_speaker() {
    let Some(file) = shared("events/fa-kes/FA-KES-shared.csv") else { return };
    let records = reports(&file, &[]);
    let unit = |id: &str| records.iter().find(|record| record["input"]["id"] == id).expect("the unit");
    let says = |id: &str, event: &str, op: &str, number: f64, who: &str| {
        let toll = toll(unit(id), event);
        assert!(
            toll.iter().any(|(o, n, s)| o == op && *n == number && s.contains(who)),
            "{id}: no {op} {number} {event} of {who}: {toll:?}"
        );
    };
    says("1923848165", "killed", "=", 22.0, "state TV");
    says("1923848165", "injured", ">=~", 24.0, "state TV");
    says("1923848164", "killed", "=", 31.0, "");
    says("1923848164", "injured", ">=", 170.0, "");
    says("1924058172", "killed", "=", 44.0, "");
    says("1965511170", "killed", ">=", 44.0, "");
    says("1965511170", "injured", "=", 140.0, "Medical sources");
    says("1919191742", "killed", "=", 48.0, "");
    says("1919191742", "injured", ">=", 140.0, "SANA");
    let told = said(unit("1965511170"), "the bodies of 44 victims");
    assert!(chain(told)[1].starts_with("SANA"), "{:?}", chain(told));
}

#[test]
fn s20_a_total_and_its_parts() {
    let Some(file) = shared("events/gvc/articles.jsonl") else { return };
    let rows = std::fs::read_to_string(file).unwrap();
    let event: Vec<&str> = rows.lines().filter(|row| row.contains("\"492366\"")).collect();
    assert_eq!(event.len(), 4, "the articles of the event");
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("articles.jsonl");
    std::fs::write(&own, event.join("\n")).unwrap();
    let records = reports(&own, &[]);
    let unit = |id: &str| {
        let of = |record: &&Value| record["input"]["id"].as_str().is_some_and(|own| own.starts_with(id));
        records.iter().find(of).expect("the article")
    };
    let has = |id: &str, event: &str, op: &str, number: f64| {
        let toll = toll(unit(id), event);
        assert!(toll.iter().any(|(o, n, _)| o == op && *n == number), "{id} {event}: {toll:?}");
    };
    has("391dfcd2", "killed", "=", 1.0);
    has("adb68f93", "killed", "=", 1.0);
    has("adb68f93", "injured", "=", 5.0);
    has("dc05dfec", "injured", "=", 5.0);
    has("5a81efa0", "injured", "=", 5.0);
    let total = figure(unit("dc05dfec"), "six gunshot victims");
    assert_eq!(total["event"], Value::Null, "the six are the dead and the injured");
}
