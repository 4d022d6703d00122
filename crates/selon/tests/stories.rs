//! Stories of an archive: the same whatever the order of arrival, joined and parted by people, and
//! told why.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{examples, run};
use serde_json::Value;

struct Archive(tempfile::TempDir);

impl Archive {
    fn new() -> Self {
        Archive(tempfile::tempdir().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> String {
        let folder = self.0.path().join("archive").display().to_string();
        let (code, out, err) = run(self.0.path(), &[arguments, &["--archive", folder.as_str()]].concat());
        assert_eq!(code, 0, "{arguments:?}: {err}");
        out
    }

    fn add(&self, files: &[String]) {
        let mut arguments = vec!["add"];
        arguments.extend(files.iter().map(String::as_str));
        self.run(&arguments);
    }

    fn stories(&self) -> Vec<Value> {
        let out = self.run(&["stories", "--all", "--jsonl"]);
        let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["schema"] == "selon.story/1").collect()
    }

    /// Stories and figures side by side, reports named by their files: an id is of a capture, and a
    /// capture of its time.
    fn connected(&self) -> BTreeSet<String> {
        let stories = self.stories();
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for head in stories.iter().flat_map(|story| story["reports"].as_array().unwrap()) {
            let path = head["path"].as_str().unwrap().rsplit('/').next().unwrap();
            files.insert(head["report"].as_str().unwrap().to_owned(), format!("{path}#{}", head["part"]));
        }
        let named = |report: &Value| files[report.as_str().unwrap()].clone();
        let mut found = BTreeSet::new();
        for story in &stories {
            let members: Vec<String> =
                story["members"].as_array().unwrap().iter().map(|one| named(&one["report"])).collect();
            found.insert(format!("{} {} {members:?}", story["id"], story["was"]));
        }
        for line in self.run(&["figures", "--jsonl"]).lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let figure = |at: &Value| format!("{} {}", named(&at["report"]), at["figure"]);
            let figures: BTreeSet<String> = match line["steps"].as_array() {
                Some(steps) => steps.iter().map(figure).collect(),
                None => [figure(&line["a"]), figure(&line["b"])].into(),
            };
            found.insert(format!("{} {} {} {figures:?}", line["schema"], line["key"], line["relation"]));
        }
        found
    }
}

fn members(story: &Value) -> BTreeSet<String> {
    let reports = story["members"].as_array().unwrap().iter();
    reports.map(|member| member["report"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn any_order_of_arrival_gives_the_same_stories() {
    // Reports without a day are put where they were captured, so those that are dated alone are
    // promised to be the same.
    let mut dated = examples();
    dated.retain(|file| !file.ends_with(".txt"));
    let whole = Archive::new();
    whole.add(&dated);
    let one_by_one = Archive::new();
    for part in dated.chunks(4).rev() {
        let backwards: Vec<String> = part.iter().rev().cloned().collect();
        one_by_one.add(&backwards);
    }
    let connected = whole.connected();
    assert!(connected.len() > 50, "{connected:?}");
    assert_eq!(connected, one_by_one.connected(), "incremental and at once");
    one_by_one.run(&["rebuild"]);
    assert_eq!(connected, one_by_one.connected(), "after selon rebuild");
}

#[test]
fn people_join_and_part_stories() {
    let archive = Archive::new();
    archive.add(&examples());
    let other = archive.0.path().join("other.txt");
    std::fs::write(
        &other,
        "Prices of bread\n\nThe price of a loaf rose by a fifth in Harrowmere this week, the bakers' guild said.",
    )
    .unwrap();
    archive.add(&[other.display().to_string()]);
    let before = archive.stories();
    let large = before.iter().max_by_key(|story| members(story).len()).unwrap();
    let id = |story: &Value| story["id"].as_str().unwrap().to_owned();
    let alone = before.iter().find(|story| members(story).len() == 1).unwrap();
    let (large_id, alone_id) = (id(large), id(alone));

    archive.run(&["note", &alone_id, "both are about the town", "--with", &large_id, "--by", "nadia"]);
    let joined = archive.stories();
    let all: BTreeSet<String> = members(large).union(&members(alone)).cloned().collect();
    let story = joined.iter().find(|story| members(story) == all).unwrap();
    assert_eq!(story["was"].as_array().unwrap().len(), 1, "the id it no longer has");
    let shown = archive.run(&["show", &alone_id, "--explain"]);
    assert!(shown.contains("core.story.judgment") && shown.contains("by nadia"), "{shown}");
    archive.run(&["rebuild"]);
    assert_eq!(archive.stories(), joined, "judgments outlive what is derived");
    archive.run(&["verify"]);

    // The note is replaced by one that parts them again, and by one that says nothing of stories.
    let report = members(alone).into_iter().next().unwrap();
    let other: [&str; 7] =
        ["note", &large_id, "the town, not the flood", "--not-with", &report, "--by", "omar"];
    let noted = archive.run(&other);
    let parted: Vec<BTreeSet<String>> = archive.stories().iter().map(members).collect();
    assert!(parted.contains(&members(large)) && parted.contains(&members(alone)), "the newer note holds");
    let copy = members(large).into_iter().next().unwrap();
    archive.run(&["note", &copy, "another flood", "--not-with", &large_id, "--by", "omar"]);
    let parted: Vec<BTreeSet<String>> = archive.stories().iter().map(members).collect();
    assert!(parted.contains(&BTreeSet::from([copy])), "a report is parted from its story, copies and all");
    let noted = noted.split_whitespace().last().unwrap().to_owned();
    archive.run(&["note", &large_id, "withdrawn", "--replaces", &noted, "--by", "omar"]);
    assert!(
        archive
            .stories()
            .iter()
            .any(|story| members(story).is_superset(&members(alone)) && members(story).len() > 1),
        "the older note holds again"
    );
}

#[test]
fn a_story_tells_why() {
    let archive = Archive::new();
    archive.add(&examples());
    let stories = archive.stories();
    let large = stories.iter().max_by_key(|story| members(story).len()).unwrap();
    let shown = archive.run(&["show", large["id"].as_str().unwrap(), "--explain"]);
    for words in ["core.story.like", "core.story.reuse", "names and numbers", "× 0.38", "likeness"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let whys: Vec<&Value> = large["members"].as_array().unwrap().iter().map(|one| &one["why"]).collect();
    assert!(whys.iter().all(|why| why["rule"].as_str().unwrap().starts_with("core.story.")));
    assert!(whys.iter().any(|why| !why["features"].as_array().unwrap().is_empty()));
    assert!(shown.contains("is a translation of"), "04 is 01 in French: {shown}");
}

#[test]
fn words_are_found_across_scripts() {
    let archive = Archive::new();
    archive.add(&examples());
    let found = |query: &str| -> usize {
        let out = archive.run(&["search", query, "--json", "--limit", "50"]);
        let found: Value = serde_json::from_str(&out).unwrap();
        found["hits"].as_array().unwrap().len()
    };
    assert!(found("Telmarouz lang:ar") >= 1, "a name written in Latin letters");
    assert!(found("published:2026-03-12") >= 5);
    assert_eq!(found("published:2026-03"), found("published:[2026-03-01 TO 2026-03-31]"));
    assert!(found("figure.value:>1000 figure.event:evacuated") >= 1);
    assert_eq!(found("figure.value:>100000000"), 0);
    let story = archive.stories().into_iter().max_by_key(|story| members(story).len()).unwrap();
    let id = &story["id"].as_str().unwrap()[..12];
    assert_eq!(found(&format!("story:{id}")), members(&story).len());
    assert!(found(&format!("story:{id} is:wire-copy")) >= 2, "01 and its reprint");
    assert!(found("source.kind:unnamed") >= 1 && found("hedge:reportative") >= 1);
}
