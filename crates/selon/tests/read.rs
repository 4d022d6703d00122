//! `selon read` as people call it: forms of output, exit codes, bad input, the same bytes twice.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use common::{examples, root, run, selon};

fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const REMNANT: &str = "Une ville attend\nSelon l'armée, plus de 300 familles ont fui la vallée.\n";

#[test]
fn fits_eighty_columns() {
    let home = tempfile::tempdir().unwrap();
    for path in examples() {
        let (_, out, _) = run(home.path(), &["read", "--all", &path]);
        for line in out.lines().filter(|line| !line.starts_with("──") && !line.contains("selon read")) {
            assert!(selon::view::columns::width(line) <= 80, "{path}: {line}");
        }
    }
}

#[test]
fn standard_input_is_a_file() {
    let home = tempfile::tempdir().unwrap();
    let path = file(home.path(), "a.txt", REMNANT.as_bytes());
    let (_, from_file, _) = run(home.path(), &["read", "--json", &path]);
    let mut child = selon(home.path())
        .args(["read", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(REMNANT.as_bytes()).unwrap();
    let from_stdin = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(from_stdin.replace("\"path\": \"-\"", &format!("\"path\": \"{path}\"")), from_file);
}

/// A page, the same as MHTML, by SingleFile, beside its folder of files, and printed: one reading,
/// kinds of blanks aside.
#[test]
fn a_page_saved_in_any_form_says_the_same() {
    let home = tempfile::tempdir().unwrap();
    let read = |path: &str| -> serde_json::Value {
        let path = root().join("examples").join(path).display().to_string();
        let (code, out, err) = run(home.path(), &["read", "--json", &path]);
        assert_eq!(code, 0, "{path}: {err}");
        serde_json::from_str(&out).unwrap()
    };
    let said = |report: &serde_json::Value| -> Vec<String> {
        let statements = report["statements"].as_array().unwrap().iter();
        statements
            .map(|statement| {
                let spans = statement["content"].as_array().unwrap().iter();
                let words = spans.flat_map(|span| span["text"].as_str().unwrap().split_whitespace());
                words.collect::<Vec<_>>().join(" ")
            })
            .collect()
    };
    let page = read("05-relais-du-soir-army.fr.html");
    assert!(said(&page).len() >= 5);
    for (form, media, published) in [
        ("mhtml", "text/html", "2026-03-12T17:10:00+01:00"),
        ("singlefile.html", "text/html", "2026-03-12T17:10:00+01:00"),
        ("html", "text/html", "2026-03-12T17:10:00+01:00"),
        ("pdf", "application/pdf", "2026-03-12"),
    ] {
        let other = read(&format!("saved/05-relais-du-soir-army.fr.{form}"));
        assert_eq!(other["capture"]["mediaType"], media, "{form}");
        assert_eq!(other["title"], page["title"], "{form}");
        assert_eq!(said(&other), said(&page), "{form}");
        assert_eq!(other["published"]["edtf"], published, "{form}");
        let figures = |report: &serde_json::Value| report["figures"].as_array().unwrap().len();
        assert_eq!(figures(&other), figures(&page), "{form}");
    }
}

/// The record agrees with the schema that the program prints: names, types, nothing beside.
#[test]
fn records_follow_the_schema() {
    let home = tempfile::tempdir().unwrap();
    let (code, schema, _) = run(home.path(), &["schema", "report"]);
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    for path in examples() {
        let (_, out, _) = run(home.path(), &["read", "--jsonl", &path]);
        for line in out.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            follow(&schema, &schema, &record, &path);
        }
    }
}

/// Enough of JSON Schema for what the program prints: $ref, type, anyOf, properties, required, items.
fn follow(root: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return follow(root, &root["$defs"][name], value, at);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let fits = options.iter().any(|option| option["type"] == "null" && value.is_null())
            || options.iter().filter(|option| option["type"] != "null").any(|option| {
                if !value.is_null() {
                    follow(root, option, value, at);
                }
                !value.is_null()
            });
        assert!(fits, "{at}: {value} fits none of {schema}");
        return;
    }
    let kind = match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "boolean",
        serde_json::Value::Number(number) if number.is_f64() => "number",
        serde_json::Value::Number(_) => "integer",
        serde_json::Value::String(_) => "string",
        serde_json::Value::Array(_) => "array",
        serde_json::Value::Object(_) => "object",
    };
    let allowed: Vec<&str> = match &schema["type"] {
        serde_json::Value::String(one) => vec![one],
        serde_json::Value::Array(several) => several.iter().filter_map(|one| one.as_str()).collect(),
        _ => vec![kind],
    };
    assert!(
        allowed.contains(&kind) || (kind == "integer" && allowed.contains(&"number")),
        "{at}: {value} is {kind}, not {allowed:?}"
    );
    if let Some(fields) = value.as_object() {
        for (name, inner) in fields {
            let property = &schema["properties"][name];
            assert!(!property.is_null(), "{at}.{name}: is not in the schema");
            follow(root, property, inner, &format!("{at}.{name}"));
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(fields.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        follow(root, &schema["items"], item, &format!("{at}[{index}]"));
    }
}

/// Spans are code points of the text, and the words given beside them stand there.
#[test]
fn spans_hold_their_words() {
    let home = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for path in examples() {
        let (_, out, _) = run(home.path(), &["read", "--jsonl", &path]);
        for line in out.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
            seen += words_stand(&record, &text, &path);
        }
    }
    assert!(seen > 100, "only {seen} spans were looked at");
}

fn words_stand(value: &serde_json::Value, text: &[char], path: &str) -> usize {
    let mut seen = 0;
    match value {
        serde_json::Value::Object(fields) => {
            let range = (
                fields.get("start").and_then(|at| at.as_u64()),
                fields.get("end").and_then(|at| at.as_u64()),
            );
            if let (Some(start), Some(end)) = range {
                let words = text.get(start as usize..end as usize);
                assert!(words.is_some(), "{path}: {start}..{end} is no range of the text");
                if let (Some(words), Some(said)) = (words, fields.get("text").and_then(|text| text.as_str()))
                {
                    assert_eq!(words.iter().collect::<String>(), said, "{path}");
                    seen += 1;
                }
            }
            seen += fields.values().map(|inner| words_stand(inner, text, path)).sum::<usize>();
        }
        serde_json::Value::Array(items) => {
            seen += items.iter().map(|inner| words_stand(inner, text, path)).sum::<usize>();
        }
        _ => {}
    }
    seen
}

#[test]
fn same_input_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let examples = examples();
    let bytes = |threads: &str| {
        let output = selon(home.path())
            .env("RAYON_NUM_THREADS", threads)
            .args(["read", "--jsonl"])
            .args(&examples)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let one = bytes("1");
    assert!(one == bytes("1") && one == bytes("4"), "the same files gave other bytes");
}

#[test]
fn json_wants_one_report() {
    let home = tempfile::tempdir().unwrap();
    let examples = examples();
    let (code, _, err) = run(home.path(), &["read", "--json", &examples[0], &examples[1]]);
    assert_eq!(code, 2);
    assert!(err.contains("--jsonl"), "{err}");
}

#[test]
fn tables_have_a_header_and_no_formulas() {
    let home = tempfile::tempdir().unwrap();
    let rows = "text,id\n\"=1+1 Selon l'armée, 3 civils sont morts.\",=cmd\n";
    let path = file(home.path(), "rows.csv", rows.as_bytes());
    for table in ["statements", "figures", "posts"] {
        let (code, out, _) = run(home.path(), &["read", "--csv", table, &path]);
        assert_eq!(code, 0);
        assert!(out.starts_with("report,input,"), "{out}");
        assert!(!out.contains(",=cmd"), "{out}");
    }
}

/// What cannot be read: one clear line each, exit code 3, and the rest is done.
#[test]
fn bad_input_is_told_and_the_rest_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let good = file(home.path(), "good.txt", REMNANT.as_bytes());
    let mut damaged = gzip(REMNANT.repeat(400).as_bytes());
    damaged.truncate(damaged.len() - 20);
    let deep = format!("<html><body>{}<p>Selon l'armée, trois civils sont morts.", "<div>".repeat(60_000));
    let bad: &[(&str, Vec<u8>, &str, i32)] = &[
        ("empty.txt", vec![], "is empty", 3),
        ("truncated.html.gz", damaged, "end too early", 3),
        ("long-line.txt", "a ".repeat(10 << 20).into_bytes(), "longer than 16 MiB", 3),
        ("invalid-utf8.txt", b"Selon l'arm\xe9e, \xff\xfe trois civils sont morts.".to_vec(), "", 0),
        ("deep.html", deep.into_bytes(), "", 3),
        ("photo.jpg", b"\xFF\xD8\xFF\xE0 and so on".to_vec(), "JPEG", 3),
        ("bad-rows.jsonl", b"{\"text\":\"Oui.\"}\n{broken\n{\"text\":\"Non.\"}\n".to_vec(), "row 2", 3),
        (
            "long-row.jsonl",
            [b"{\"text\":\"".as_slice(), &vec![b'a'; 17 << 20], b"\"}\n"].concat(),
            "row 1",
            3,
        ),
        ("no-text.csv", b"title,url\na,b\n".to_vec(), "--map", 3),
    ];
    for (name, bytes, says, exit) in bad {
        let path = file(home.path(), name, bytes);
        let (code, out, err) = run(home.path(), &["read", "--jsonl", &path, &good]);
        assert_eq!(code, *exit, "{name}: {err}");
        assert!(err.contains(says), "{name}: {err}");
        assert!(!err.contains("panicked"), "{name}: {err}");
        assert!(
            out.lines().last().is_some_and(|last| last.contains("good.txt")),
            "{name}: the rest was not done"
        );
    }
    let (code, out, err) = run(home.path(), &["read", "--jsonl", "missing.txt", &good]);
    assert_eq!(code, 3);
    assert!(err.contains("missing.txt") && out.contains("selon.error/1"), "{err}{out}");
    let (code, _, err) = run(home.path(), &["read", &home.path().display().to_string()]);
    assert_eq!(code, 3);
    assert!(err.contains("selon add"), "{err}");
    let (code, _, err) = run(home.path(), &["read", "--offline", "https://news.example/page"]);
    assert_eq!(code, 3);
    assert!(err.contains("--offline was given"), "{err}");
    assert_eq!(run(home.path(), &["read"]).0, 2);
    assert_eq!(run(home.path(), &["read", "--published", "soon", &good]).0, 2);
}

/// A line of 100 MB costs no more memory than a long document, and no more than some seconds.
#[test]
#[cfg(target_os = "linux")]
fn a_huge_line_is_bounded() {
    let home = tempfile::tempdir().unwrap();
    let path = file(home.path(), "huge.txt", &vec![b'a'; 100 << 20]);
    let mut child = selon(home.path())
        .args(["read", "--jsonl", &path])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut most = 0u64;
    let status = loop {
        let memory = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        most = most.max(peak.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(3));
    assert!(most < 512 << 10, "{most} kB");
}

/// Reading works where there is no network at all.
#[test]
#[cfg(target_os = "linux")]
fn no_network() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_selon");
    let path = &examples()[0];
    let output =
        std::process::Command::new("unshare").args(["-rn", program, "read", "--json", path]).output();
    match output {
        Ok(output) if output.status.success() => {
            let (_, outside, _) = run(home.path(), &["read", "--json", path]);
            assert_eq!(String::from_utf8_lossy(&output.stdout), outside);
        }
        _ => eprintln!("skipped: this machine gives no empty network namespace"),
    }
}

#[test]
fn warc_records_are_documents() {
    let home = tempfile::tempdir().unwrap();
    let examples = examples();
    let html: Vec<&str> =
        examples.iter().filter(|path| path.ends_with(".html")).map(String::as_str).collect();
    let archive = home.path().join("archive").display().to_string();
    let mut add = vec!["add", "--archive", &archive];
    add.extend(&html);
    assert_eq!(run(home.path(), &add).0, 0);
    let mut warcs = Vec::new();
    let mut folders = vec![home.path().join("archive/warc")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { warcs.push(path.display().to_string()) }
        }
    }
    let (code, out, err) = run(home.path(), &["read", "--jsonl", &warcs[0]]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), html.len());
    let (_, piped, _) = {
        let output = selon(home.path())
            .args(["read", "--jsonl", "-"])
            .stdin(std::fs::File::open(&warcs[0]).unwrap())
            .output()
            .unwrap();
        (0, String::from_utf8_lossy(&output.stdout).into_owned(), 0)
    };
    assert_eq!(piped.lines().count(), html.len());
    assert!(root().join("examples").is_dir());
}
