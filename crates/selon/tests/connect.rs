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
    let lost = &chain["edges"][0]["mutations"][0];
    assert_eq!(lost["kind"], "operator_dropped", "{chain:#}");
    assert_eq!(lost["parent"]["text"], "More than 44 people", "{chain:#}");
    assert_eq!(
        (&lost["parent"]["quantity"]["op"], &lost["child"]["quantity"]["op"]),
        (&json!(">"), &json!("="))
    );
    let behind = &chain["independence"];
    assert_eq!((&behind["min"], &behind["max"]), (&json!(1), &json!(1)));
    assert_eq!(behind["sources"].as_array().unwrap().len(), 1, "{chain:#}");
    assert_eq!(behind["sources"][0]["occurrences"], json!([0, 1, 2, 3]));
    assert_eq!(chain["circles"].as_array().unwrap().len(), 1);
    assert_eq!(input(&chain["circles"][0][0]), json!("again"));
}

/// What stands between two reports of other outlets, an hour apart.
fn between(first: &str, second: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let both =
        [row("first", "Corvane Wire", "08:00", first), row("second", "Querrick Report", "09:00", second)];
    let path = rows(folder.path(), "rows.jsonl", &both);
    let (_, out, _) = run(folder.path(), &["connect", &path, "--jsonl"]);
    lines(&out)
}

/// How many edges lead from one of two reports to the other, or to a third.
fn edges_between(first: &str, second: &str) -> usize {
    let found = between(first, second);
    let chains = of(&found, "selon.chain/1").into_iter();
    chains.flat_map(|chain| chain["edges"].as_array().unwrap()).filter(|edge| edge["strong"] == true).count()
}

#[test]
fn an_outlet_that_is_spoken_of_is_not_cited() {
    let wire = "At Telmarouz 12 people were killed by a mine on the bridge, the mayor of Telmarouz told Corvane Wire.";
    let cited = [
        "A mine on the bridge killed 12 people at Telmarouz, the mayor of Telmarouz told Corvane Wire.",
        "A mine on the bridge killed 12 people at Telmarouz, the mayor said, Corvane Wire reported.",
        "(Corvane Wire) A mine on the bridge killed 12 people at Telmarouz, the mayor said.",
    ];
    for words in cited {
        assert_eq!(edges_between(wire, words), 1, "{words}");
    }
    let spoken_of = [
        "A mine killed 12 people at Telmarouz beside the office of Corvane Wire, the mayor said.",
        "A mine killed 12 people at Telmarouz, the mayor told Querrick Report, contradicting Corvane Wire.",
    ];
    for words in spoken_of {
        assert_eq!(edges_between(wire, words), 0, "{words}");
    }
}

/// The least number of sources behind the figures of two reports, and how their figures stand to
/// one another.
fn told_by(first: &str, second: &str) -> (i64, Vec<String>) {
    let found = between(first, second);
    let least = of(&found, "selon.chain/1")[0]["independence"]["min"].as_i64().unwrap();
    let relation = |pair: &&Value| pair["relation"].as_str().unwrap().to_owned();
    (least, of(&found, "selon.pair/1").iter().map(relation).collect())
}

#[test]
fn who_may_be_one_source_is_not_two() {
    let army = "Shelling killed 12 people in Aleppo on Thursday, the Syrian army said.";
    let officials =
        "Syrian officials said on Thursday that 12 people had died in Aleppo when shells fell on the market.";
    let police = "Police in Aleppo said on Thursday that 12 people had died when shells fell on the market.";
    assert_eq!(told_by(army, officials).0, 1);
    assert_eq!(told_by(army, police).0, 2);
}

#[test]
fn about_ten_and_twelve_may_both_hold() {
    let twelve = "Shelling killed 12 people in Aleppo on Thursday, the Syrian army said.";
    let about = "Shelling killed about ten people in Aleppo on Thursday, the rebels said.";
    assert_eq!(told_by(twelve, about).1, ["compatible"]);
    let twenty = "Shelling killed 20 people in Aleppo on Thursday, the rebels said.";
    assert_eq!(told_by(twelve, twenty).1, ["conflict"]);
}

/// How many stories a day's bulletins of two towns, or of one, make.
fn stories_of(bulletins: &[(&str, &str, &str)]) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let told: Vec<Value> = bulletins
        .iter()
        .enumerate()
        .map(|(number, (town, day, killed))| {
            let text = format!(
                "In {town}, the rescue service counted {killed} people killed by shelling during the night. Crews were \
                 at work in all districts until the morning, and the bakery by the station gave out bread and tea. The \
                 line to the south is shut. Schools stay closed until further notice, the service wrote."
            );
            let published = format!("2026-03-{day}T08:00:00Z");
            json!({ "id": number.to_string(), "outlet": "Corvane Wire", "published": published, "text": text,
                    "language": "en" })
        })
        .collect();
    let path = rows(folder.path(), "rows.jsonl", &told);
    let (_, out, _) = run(folder.path(), &["connect", &path, "--jsonl"]);
    of(&lines(&out), "selon.story/1").len()
}

#[test]
fn bulletins_of_one_form_are_stories_of_their_own() {
    assert_eq!(stories_of(&[("Telmarouz", "12", "14"), ("Telmarouz", "12", "14")]), 1);
    assert_eq!(stories_of(&[("Telmarouz", "12", "14"), ("Varno", "12", "31")]), 2);
}

#[test]
fn an_outlet_that_is_not_here_is_a_stub() {
    let home = tempfile::tempdir().unwrap();
    let path = rows(home.path(), "told.jsonl", &told()[1..2]);
    let (_, out, _) = run(home.path(), &["connect", &path, "--jsonl"]);
    let lines = lines(&out);
    let chain = of(&lines, "selon.chain/1")[0];
    let edge = &chain["edges"][0];
    assert_eq!((&edge["parent"], &edge["strong"]), (&json!("stub1"), &json!(true)), "{edge:#}");
    assert_eq!(chain["stubs"][0]["id"], "stub1");
    assert!(
        chain["stubs"][0]["outlet"].as_str().unwrap().to_lowercase().contains("corvane wire"),
        "{chain:#}"
    );
}

/// Asserts that `value` has the fields of `shape` and no others; a string of alternatives parted
/// by `|` stands for one of them, an empty one for anything, a list for a list of its first.
fn check_shape(value: &Value, shape: &Value, path: &str) {
    match shape {
        Value::Object(fields) => {
            let object = value.as_object().unwrap_or_else(|| panic!("{path} is no object: {value}"));
            let names: Vec<&String> = object.keys().collect();
            for (name, shape) in fields {
                let value = object.get(name).unwrap_or_else(|| panic!("{path} has no {name}: {names:?}"));
                check_shape(value, shape, &format!("{path}.{name}"));
            }
            for name in names {
                assert!(fields.contains_key(name), "{path}.{name} is in no table of docs/formats/connect.md");
            }
        }
        Value::Array(of) => {
            let list = value.as_array().unwrap_or_else(|| panic!("{path} is no list: {value}"));
            list.iter().for_each(|one| check_shape(one, &of[0], path));
        }
        Value::String(names) if names.is_empty() => {}
        Value::String(names) => {
            let word = value.as_str().unwrap_or("null");
            assert!(names.split('|').any(|name| name == word), "{path} is {value}, not one of {names}");
        }
        other => assert!(value.is_number() && other.is_number(), "{path} is no number: {value}"),
    }
}

/// The lines that are printed have the fields and words of the formats, each and no others.
#[test]
fn lines_are_as_the_formats_say() {
    let home = tempfile::tempdir().unwrap();
    let mut all = told();
    // Words taken over, a number that others had, and what nobody here has told.
    all.push(row("copy", "Norrwick Times", "16:00", all[0]["text"].as_str().unwrap()));
    all.push(row("number", "Telmar Radio", "17:00", "Ousk: the flood at Telmarouz killed 44 people there."));
    all.push(row(
        "away",
        "Telmar Radio",
        "18:00",
        "Flood of the Ousk at Telmarouz\n\nAbout 440 people were injured at Telmarouz, the army said, quoted by \
         Corvane Wire. The flood killed 12 people, the police said.",
    ));
    let path = rows(home.path(), "told.jsonl", &all);
    let (code, out, err) = run(home.path(), &["connect", &path, "--jsonl"]);
    assert_eq!(code, 0, "{err}");
    let lines = lines(&out);
    let reference = json!({ "report": "", "input": "" });
    let figure = json!({ "report": "", "input": "", "figure": "" });
    let range = json!({ "start": 0, "end": 0 });
    let why = json!({ "rule": "", "features": [""], "insteadOf": "" });
    let key = json!({ "unit": "", "event": "", "proposition": "", "place": "", "when": "" });
    let shapes = [
        json!({ "schema": "selon.link/1", "from": reference, "to": reference,
            "kind": "duplicate|abridged|excerpt|edited|shared_quote|revision|translation",
            "order": "from_first|to_first|unknown", "run": 0, "fromInTo": 0, "toInFrom": 0, "jaccard": 0,
            "pieces": [{ "from": range, "to": range }], "why": why }),
        json!({ "schema": "selon.chain/1", "story": "", "key": key,
            "occurrences": [{ "id": 0, "report": "", "input": "", "figure": "", "value": 0, "outlet": "",
                "time": "", "source": "", "sourceName": "", "sourceKey": "",
                "how": "own_contact|explicit_citation|cites_outlet_only|uncited_copy|no_attribution",
                "contact": "stated|not_stated|null" }],
            "stubs": [{ "id": "", "outlet": "" }],
            "edges": [{ "child": 0, "parent": "", "chosen": "", "p": 0, "strong": "",
                "evidence": ["explicit|reuse|fingerprint"], "order": "known|unknown",
                "mutations": [{ "kind": "operator_dropped|operator_added|value_x10|value_changed|unit_swapped|source_lost|source_changed|hedge_lost|window_lost",
                    "child": "", "parent": "" }], "why": why }],
            "independence": { "min": 0, "max": 0, "sources": [{ "name": "", "key": "", "occurrences": [0] }] },
            "circles": [[0]] }),
        json!({ "schema": "selon.series/1", "story": "", "key": key, "source": "",
            "steps": [{ "asOf": "", "quantity": { "op": "", "lower": "", "upper": "" }, "report": "", "input": "",
                "figure": "", "relation": "first|same|update|revision|order_unknown" }] }),
        json!({ "schema": "selon.pair/1", "story": "", "a": figure, "b": figure,
            "relation": "compatible|update|revision|scope_difference|conflict",
            "suspect": "factor_10|factor_100|other_unit|null", "why": why }),
    ];
    for shape in &shapes {
        let schema = shape["schema"].as_str().unwrap();
        let of_schema = of(&lines, schema);
        assert!(!of_schema.is_empty(), "no {schema} in {out}");
        of_schema.iter().for_each(|line| check_shape(line, shape, schema));
    }
    let chains = of(&lines, "selon.chain/1");
    let edges = || chains.iter().flat_map(|chain| chain["edges"].as_array().unwrap());
    let evidence =
        |word: &str| edges().any(|edge| edge["evidence"].as_array().unwrap().contains(&json!(word)));
    assert!(evidence("explicit") && evidence("fingerprint"), "{out}");
    assert!(edges().filter(|edge| edge["parent"].is_string()).count() <= 1, "{out}");
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

#[test]
fn coded_numbers_stand_beside_every_figure() {
    let home = tempfile::tempdir().unwrap();
    let told = [
        row(
            "one",
            "Corvane Wire",
            "08:00",
            "Flood in Telmarouz\n\nThe flood at Telmarouz killed dozens of people, the army said.",
        ),
        row(
            "two",
            "Querrick Report",
            "09:00",
            "Flood in Telmarouz\n\nThe flood at Telmarouz killed 44 people, the health ministry said.",
        ),
        row(
            "three",
            "Harrowmere Courier",
            "10:00",
            "Flood in Telmarouz\n\nThe flood at Telmarouz killed more than 50 people, the hospital said.",
        ),
        row(
            "four",
            "Ousk Tribune",
            "11:00",
            "The Ousk breaks its bank\n\nIn Telmarouz 44 people drowned when the river left its bed, the police said.",
        ),
    ];
    let path = rows(home.path(), "told.jsonl", &told);
    let coded = |rule: &str| {
        let (code, out, err) = run(home.path(), &["connect", &path, "--jsonl", "--rule", rule]);
        assert_eq!(code, 0, "{err}");
        let lines = lines(&out);
        let coded = of(&lines, "selon.coded/1");
        assert_eq!(coded.len(), 1, "{out}");
        coded[0].clone()
    };
    let number = |coded: &Value, name: &str| {
        let numbers = coded["numbers"].as_array().unwrap();
        let one = numbers.iter().find(|one| one["name"] == name).unwrap();
        let from = one["from"].as_array().unwrap().iter();
        let mut from: Vec<String> = from.map(|one| one["input"].as_str().unwrap().to_owned()).collect();
        from.sort();
        (one["value"].as_f64().unwrap(), from)
    };
    let acled = coded("acled-conservative");
    assert_eq!(number(&acled, "value"), (12.0, vec!["one".to_owned()]), "{acled:#}");
    let others = acled["others"].as_array().unwrap();
    assert!(others.len() == 3 && others.iter().all(|one| one["why"] == "differs"), "{acled:#}");
    let ucdp = coded("ucdp");
    assert_eq!(number(&ucdp, "best"), (44.0, vec!["four".to_owned(), "two".to_owned()]), "{ucdp:#}");
    assert_eq!((number(&ucdp, "low").0, number(&ucdp, "high").0), (24.0, 50.0), "{ucdp:#}");
    let (code, _, err) = run(home.path(), &["connect", &path, "--jsonl", "--rule", "mean"]);
    assert!(code == 2 && err.contains("acled-conservative, ucdp"), "{err}");
}
