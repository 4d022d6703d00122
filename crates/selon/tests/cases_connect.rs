//! The cases S19 and S20 of the shared data between reports: one story, figures that differ, one
//! source for two reports, a report of years later, a total that is no conflict. The texts belong to
//! their publishers and are no part of this repository: without them a test says so and is skipped.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;
#[allow(dead_code, reason = "used for where files are")]
#[path = "common/records.rs"]
mod records;

use std::path::Path;

use common::run;
use records::shared;
use serde_json::Value;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(lines: &'a [Value], schema: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["schema"] == schema).collect()
}

/// The lines that `selon connect` prints for a file.
fn connected(file: &Path) -> Vec<Value> {
    let home = tempfile::tempdir().unwrap();
    let (code, out, err) = run(home.path(), &["connect", file.to_str().unwrap(), "--jsonl"]);
    assert!(code == 0 || code == 3, "{err}");
    lines(&out)
}

/// The story that holds a row, with its lines of one schema.
fn story_of<'a>(lines: &'a [Value], row: &str, schema: &str) -> (&'a Value, Vec<&'a Value>) {
    let holds = |story: &&Value| {
        story["members"].as_array().unwrap().iter().any(|one| one["input"].as_str().unwrap().starts_with(row))
    };
    let story = of(lines, "selon.story/1").into_iter().find(holds).expect("a story of the row");
    let own = of(lines, schema).into_iter().filter(|line| line["story"] == story["id"]).collect();
    (story, own)
}

fn members(story: &Value) -> Vec<&str> {
    story["members"].as_array().unwrap().iter().map(|one| one["input"].as_str().unwrap()).collect()
}

/// What of a chain a row says, with its source in `independence.sources`.
fn said_by<'a>(chain: &'a Value, row: &str, value: f64) -> Option<&'a Value> {
    let all = chain["occurrences"].as_array().unwrap();
    let one = all.iter().find(|one| one["input"] == row && one["value"].as_f64() == Some(value))?;
    let sources = chain["independence"]["sources"].as_array().unwrap();
    sources.iter().find(|source| source["occurrences"].as_array().unwrap().contains(&one["id"]))
}

#[test]
fn s19_five_reports_are_one_story_of_figures_that_differ() {
    let Some(file) = shared("events/fa-kes/FA-KES-shared.csv") else { return };
    let lines = connected(&file);
    let five = ["1923848165", "1923848164", "1924058172", "1965511170", "1919191742"];
    let (story, chains) = story_of(&lines, five[0], "selon.chain/1");
    let of_story = members(story);
    assert!(five.iter().all(|row| of_story.contains(row)), "{of_story:?}");
    let chain = |event: &str| *chains.iter().find(|chain| chain["key"]["event"] == event).unwrap();
    let (killed, injured) = (chain("killed"), chain("injured"));
    for (row, value) in [(five[0], 22.0), (five[1], 31.0), (five[2], 44.0), (five[3], 44.0), (five[4], 48.0)]
    {
        assert!(said_by(killed, row, value).is_some(), "{row} {value}: {killed:#}");
    }
    // What SANA says reached both reports that have it through one agency.
    let through = |row: &str| {
        let one = injured["occurrences"].as_array().unwrap().iter();
        let one = one.filter(|one| one["input"] == row).find(|one| one["value"].as_f64() == Some(140.0));
        let edges = injured["edges"].as_array().unwrap().iter();
        let child = &one.unwrap()["id"];
        edges
            .filter(|edge| edge["child"] == *child && edge["chosen"] == true)
            .map(|edge| &edge["parent"])
            .next()
    };
    assert!(through(five[3]).is_some_and(|parent| Some(parent) == through(five[4])), "{injured:#}");
    let (_, pairs) = story_of(&lines, five[0], "selon.pair/1");
    let figure = |side: &Value| {
        let all = killed["occurrences"].as_array().unwrap();
        let one = all.iter().find(|one| one["input"] == side["input"] && one["figure"] == side["figure"])?;
        Some((one["input"].as_str().unwrap(), one["value"].as_f64().unwrap()))
    };
    let apart = |a: (&str, f64), b: (&str, f64)| {
        pairs.iter().any(|pair| {
            let (one, other) = (figure(&pair["a"]), figure(&pair["b"]));
            pair["relation"] == "conflict" && [(Some(a), Some(b)), (Some(b), Some(a))].contains(&(one, other))
        })
    };
    assert!(apart((five[0], 22.0), (five[2], 44.0)), "{pairs:#?}");
}

#[test]
fn s20_a_report_years_later_is_of_the_story_and_a_total_no_conflict() {
    let Some(file) = shared("events/gvc/articles.jsonl") else { return };
    let rows = std::fs::read_to_string(file).unwrap();
    let event: Vec<&str> = rows.lines().filter(|row| row.contains("\"492366\"")).collect();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("articles.jsonl");
    std::fs::write(&own, event.join("\n")).unwrap();
    let lines = connected(&own);
    let (story, chains) = story_of(&lines, "391dfcd2", "selon.chain/1");
    assert_eq!(members(story).len(), 4, "{:?}", members(story));
    let injured = chains.iter().find(|chain| chain["key"]["event"] == "injured").unwrap();
    let values: Vec<f64> =
        injured["occurrences"].as_array().unwrap().iter().map(|one| one["value"].as_f64().unwrap()).collect();
    assert!(
        values.contains(&5.0) && !values.contains(&6.0),
        "the six are the dead and the injured: {values:?}"
    );
}
