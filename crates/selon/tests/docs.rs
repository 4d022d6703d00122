//! What the documents show is what the program prints: console blocks of README.md, and the
//! tables of docs/guide/aleppo-2016.md where the article is there.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use common::{root, run};
use serde_json::Value;

/// Runs `command` (its first word is `selon`) in the repository, against an archive of the
/// examples where it asks for one.
fn output(home: &std::path::Path, command: &str) -> String {
    let arguments: Vec<String> = command
        .split_whitespace()
        .skip(1)
        .map(|word| {
            if word.starts_with("examples/") {
                root().join(word).display().to_string()
            } else {
                word.to_owned()
            }
        })
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, out, err) = run(home, &arguments);
    assert_eq!(code, 0, "{command}: {err}");
    out.replace(&format!("{}/", root().display()), "")
}

/// Every line of a console block stands in the output of its command, in order; `…` alone skips.
#[test]
fn the_readme_shows_what_is_printed() {
    let home = tempfile::tempdir().unwrap();
    let mut add = vec!["add".to_owned()];
    add.extend(common::examples());
    assert_eq!(run(home.path(), &add.iter().map(String::as_str).collect::<Vec<_>>()).0, 0);
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut blocks = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or("");
        for shown in block.split("$ ").skip(1) {
            let mut lines = shown.lines();
            let command = lines.next().unwrap_or("");
            if !command.starts_with("selon ") {
                continue;
            }
            blocks += 1;
            let printed = output(home.path(), command);
            let mut rest = printed.lines();
            for line in lines.filter(|line| !line.trim().is_empty() && line.trim() != "…") {
                assert!(
                    rest.any(|printed| printed.trim_end() == line.trim_end()),
                    "{command}: README.md shows\n{line}\nwhich is not, or not there, in\n{printed}"
                );
            }
        }
    }
    assert!(blocks > 0, "README.md shows the program at work");
}

/// The rows of the guide's tables, as the article is read now.
fn guide_rows(record: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let or_dash = |value: String| if value.is_empty() { "–".to_owned() } else { value };
    let mut rows = Vec::new();
    for statement in list(&record["statements"]) {
        if statement["kind"] == "post" {
            continue;
        }
        let hops: Vec<String> = list(&statement["chain"])
            .iter()
            .filter(|hop| hop["role"] == "relay")
            .map(|hop| text(&hop["name"]))
            .collect();
        let source = text(&statement["source"]["resolved"]);
        let source = if source.is_empty() { text(&statement["source"]["text"]) } else { source };
        rows.push(format!(
            "| {} | {}..{} | {} | {} | {} | {} |",
            text(&statement["id"]),
            statement["start"],
            statement["end"],
            text(&statement["mode"]),
            or_dash(source),
            or_dash(hops.join(", ")),
            text(&statement["factuality"]),
        ));
    }
    for figure in list(&record["figures"]) {
        let bound = |name: &str| match &figure["quantity"][name] {
            Value::Null => "open".to_owned(),
            number => number.to_string(),
        };
        rows.push(format!(
            "| {} | {}..{} | {} | {} | {} | {} | {} | {} | {} |",
            text(&figure["id"]),
            figure["start"],
            figure["end"],
            text(&figure["quantity"]["op"]).replace('|', "\\|"),
            bound("lower"),
            bound("upper"),
            or_dash(text(&figure["unit"]["class"])),
            or_dash(text(&figure["event"]["class"])),
            or_dash(text(&figure["window"]["value"])),
            or_dash(text(&figure["statement"])),
        ));
    }
    for (index, post) in list(&record["posts"]).iter().enumerate() {
        let damage: Vec<String> = list(&post["damage"]).iter().map(|damage| text(&damage["kind"])).collect();
        rows.push(format!(
            "| {} | poster {} | {}..{} | {} | {} | {} | {} |",
            text(&post["id"]),
            index + 1,
            post["start"],
            post["end"],
            text(&post["posted"]["edtf"]),
            or_dash(text(&post["language"])),
            list(&post["hashtags"]).len(),
            or_dash(damage.join(", ")),
        ));
    }
    rows
}

#[test]
fn the_guide_shows_the_true_result() {
    let seed = root().join("../shared/data/inputs/plaintext/seed-aleppo-2016-12-12.fr.txt");
    if !seed.is_file() {
        println!("skipped: the article of docs/guide/aleppo-2016.md is not here");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (code, out, err) = run(home.path(), &["read", "--json", &seed.display().to_string()]);
    assert_eq!(code, 0, "{err}");
    let record: Value = serde_json::from_str(&out).unwrap();
    let guide = std::fs::read_to_string(root().join("docs/guide/aleppo-2016.md")).unwrap();
    assert!(
        guide.contains(record["capture"]["payloadSha256"].as_str().unwrap().trim_start_matches("sha256:"))
    );
    let rows = guide_rows(&record);
    let shown: Vec<&str> = guide.lines().filter(|line| is_row(line)).collect();
    assert_eq!(shown, rows, "docs/guide/aleppo-2016.md is to show\n{}", rows.join("\n"));
    // none of its sentences
    for line in record["text"].as_str().unwrap().lines().filter(|line| line.chars().count() > 60) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for run in words.windows(8) {
            assert!(!guide.contains(&run.join(" ")), "the guide holds words of the article");
        }
    }
    for post in record["posts"].as_array().unwrap() {
        for name in ["handle", "name"] {
            let name = post["author"][name].as_str().unwrap_or("\0");
            assert!(!guide.contains(name), "the guide names a poster");
        }
    }
}

fn is_row(line: &str) -> bool {
    let id = line.strip_prefix("| ").and_then(|rest| rest.split(' ').next()).unwrap_or("");
    let mut chars = id.chars();
    matches!(chars.next(), Some('s' | 'f' | 'p')) && id.len() > 1 && chars.all(|c| c.is_ascii_digit())
}
