//! `selon connect` as people call it: rows in, rows out, whatever the order; and what it finds
//! between reports of our own writing.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::path::Path;

use common::{examples, run};
use serde_json::{Value, json};

fn rows(folder: &Path, name: &str, rows: &[Value]) -> String {
    let path = folder.join(name);
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    path.display().to_string()
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(lines: &'a [Value], schema: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["schema"] == schema).collect()
}

fn row(id: &str, outlet: &str, time: &str, text: &str) -> Value {
    json!({ "id": id, "outlet": outlet, "published": format!("2026-03-12T{time}:00Z"), "text": text, "language": "en" })
}

/// A wire report, one that cites it and loses a word, one that rests on that, and the first
/// outlet again, citing the last.
fn told() -> Vec<Value> {
    vec![
        row(
            "first",
            "Corvane Wire",
            "08:00",
            "Flood in Telmarouz\n\nMore than 44 people were killed when the river Ousk broke its bank at Telmarouz, \
             the health ministry told Corvane Wire.",
        ),
        row(
            "second",
            "Querrick Report",
            "10:00",
            "Telmarouz under water\n\nThe flood of the Ousk at Telmarouz killed 44 people, the health ministry said, \
             quoted by Corvane Wire.",
        ),
        row(
            "third",
            "Harrowmere Courier",
            "12:00",
            "River in Telmarouz\n\nThe Ousk killed 44 people at Telmarouz, according to Querrick Report.",
        ),
        row(
            "again",
            "Corvane Wire",
            "15:00",
            "Telmarouz: toll confirmed\n\nThe flood at Telmarouz on the Ousk killed 44 people, according to \
             Harrowmere Courier.",
        ),
    ]
}

#[test]
fn a_chain_with_a_lost_word_and_a_circle() {
    let home = tempfile::tempdir().unwrap();
    let path = rows(home.path(), "told.jsonl", &told());
    let (code, out, err) = run(home.path(), &["connect", &path, "--jsonl"]);
    assert_eq!(code, 0, "{err}");
    let lines = lines(&out);
    assert_eq!(of(&lines, "selon.story/1").len(), 1, "{out}");
    let chains = of(&lines, "selon.chain/1");
    assert_eq!(chains.len(), 1, "{out}");
    let chain = chains[0];
    let input = |index: &Value| chain["occurrences"][index.as_u64().unwrap() as usize]["input"].clone();
    let edges: Vec<(Value, Value)> = chain["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (input(&edge["child"]), input(&edge["parent"])))
        .collect();
    let expected = [("second", "first"), ("third", "second"), ("again", "third")];
    assert_eq!(edges, expected.map(|(child, parent)| (json!(child), json!(parent))), "{chain:#}");
    assert_eq!(chain["edges"][0]["mutations"], json!(["operator_dropped"]), "{chain:#}");
    assert_eq!(chain["independence"], json!({ "min": 1, "max": 1 }));
    assert_eq!(chain["circles"].as_array().unwrap().len(), 1);
    assert_eq!(input(&chain["circles"][0][0]), json!("again"));
}

#[test]
fn an_outlet_that_is_not_here_is_a_stub() {
    let home = tempfile::tempdir().unwrap();
    let path = rows(home.path(), "told.jsonl", &told()[1..2]);
    let (_, out, _) = run(home.path(), &["connect", &path, "--jsonl"]);
    let lines = lines(&out);
    let edge = &of(&lines, "selon.chain/1")[0]["edges"][0];
    assert_eq!((&edge["parent"], &edge["strong"]), (&Value::Null, &json!(true)), "{edge:#}");
    assert!(edge["stub"].as_str().unwrap().to_lowercase().contains("corvane wire"), "{edge:#}");
}

#[test]
fn any_order_gives_the_same_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut paths = examples();
    let call = |paths: &[String]| {
        let mut args = vec!["connect", "--jsonl"];
        args.extend(paths.iter().map(String::as_str));
        run(home.path(), &args).1
    };
    let forwards = call(&paths);
    paths.reverse();
    assert!(!forwards.is_empty());
    assert!(forwards == call(&paths), "the order of inputs shows");
}

#[test]
fn records_are_inputs() {
    let home = tempfile::tempdir().unwrap();
    let path = rows(home.path(), "told.jsonl", &told());
    let (_, records, _) = run(home.path(), &["read", "--jsonl", &path]);
    let records: Vec<Value> = lines(&records);
    let path = rows(home.path(), "records.jsonl", &records);
    let (code, out, err) = run(home.path(), &["connect", &path, "--jsonl"]);
    assert_eq!(code, 0, "{err}");
    let lines = lines(&out);
    let chain = of(&lines, "selon.chain/1")[0];
    assert_eq!(chain["edges"].as_array().unwrap().len(), 3, "{chain:#}");
    assert_eq!(chain["occurrences"][0]["input"], records[0]["id"]);
}

#[test]
fn fits_eighty_columns() {
    let home = tempfile::tempdir().unwrap();
    let paths = examples();
    let mut args = vec!["connect"];
    args.extend(paths.iter().map(String::as_str));
    let (code, out, err) = run(home.path(), &args);
    assert_eq!(code, 0, "{err}");
    for line in out.lines() {
        assert!(selon::view::columns::width(line) <= 80, "{line}");
    }
}
