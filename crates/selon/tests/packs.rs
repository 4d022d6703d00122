//! `selon packs`, and packs of one's own: the example of docs/guide/packs.md works as it is told
//! there.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::path::Path;

use common::{examples, root, run};

/// The tables of the guide, by the file that the text before each names.
fn of_the_guide(folder: &Path) {
    let guide = std::fs::read_to_string(root().join("docs/guide/packs.md")).unwrap();
    let mut file = None;
    let mut tables = std::collections::BTreeMap::<String, String>::new();
    for line in guide.lines() {
        if let Some(named) =
            line.split('`').find(|words| words.starts_with("mine/") && words.ends_with(".add.tsv"))
        {
            file = Some(named.strip_prefix("mine/").unwrap().to_owned());
        } else if let (Some(row), Some(file)) = (line.strip_prefix("    "), &file)
            && row.contains('\t')
        {
            let table = tables.entry(file.clone()).or_default();
            table.push_str(row);
            table.push('\n');
        }
    }
    assert_eq!(tables.len(), 2, "{tables:?}");
    for (name, table) in tables {
        write(folder, &name, &table);
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn the_guide_adds_a_verb() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    of_the_guide(&mine);
    let mine = mine.display().to_string();
    let text = home.path().join("a.txt");
    std::fs::write(&text, "A bridge opens\nThe mayor vouched that the bridge is safe.\n").unwrap();
    let text = text.display().to_string();

    let (code, out, err) = run(home.path(), &["packs", "check", "en", "--packs", &mine]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("all hold"), "{out}");

    let read = |arguments: &[&str]| -> serde_json::Value {
        let (code, out, err) = run(home.path(), arguments);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let plain = read(&["read", "--json", "--lang", "en", &text]);
    let own = read(&["read", "--json", "--lang", "en", "--packs", &mine, &text]);
    assert_eq!(plain["statements"].as_array().unwrap().len(), 0);
    assert_eq!(own["statements"][0]["rule"], "en.statement.vouch");
    assert_ne!(plain["engine"]["packs"], own["engine"]["packs"]);
    assert_ne!(plain["id"], own["id"]);

    let (code, out, _) = run(home.path(), &["packs", "diff", "built-in", &mine]);
    assert_eq!(code, 0);
    assert!(out.starts_with("en/cues.add.tsv\n  + en.statement.vouch"), "{out}");
}

#[test]
fn an_empty_folder_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    let path = examples().into_iter().find(|path| path.ends_with(".txt")).unwrap();
    let plain = run(home.path(), &["read", "--json", &path]);
    assert_eq!(plain.0, 0, "{}", plain.2);
    assert_eq!(run(home.path(), &["read", "--json", "--packs", &mine.display().to_string(), &path]), plain);
}

#[test]
fn a_language_is_a_folder() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    for entry in std::fs::read_dir(root().join("packs/es")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let text = if name == "pack.toml" { text.replace("\"es\"", "\"gl\"") } else { text };
        write(&mine, &format!("gl/{name}"), &text);
    }
    let mine = mine.display().to_string();
    let (code, out, err) = run(home.path(), &["--packs", &mine, "packs", "list"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.lines().any(|line| line.starts_with("gl ") && line.ends_with("statements figures times")),
        "{out}"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    write(
        &mine,
        "en/cues.add.tsv",
        "id\tkind\tlemma\tclass\tframes\texample\nen.x\tverb\tglorp\tsay\tclause\tHe glorped that it rains.\n",
    );
    let shown = mine.display().to_string();
    let (code, out, err) = run(home.path(), &["packs", "check", "--packs", &shown]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err,
        format!(
            "selon: {shown}/en/cues.add.tsv:2: glorp is not in verbs.tsv or forms.tsv; mend it and try selon packs check, or leave this folder out\n"
        )
    );

    // a row that is silent on its example
    write(
        &mine,
        "en/cues.add.tsv",
        "id\tkind\tlemma\tclass\tframes\texample\nen.x\tpreposition\tin the mind of\tpreposition\tquote\tIt rains, says the mayor.\n",
    );
    let (code, out, _) = run(home.path(), &["packs", "check", "en", "--packs", &shown]);
    assert_eq!(code, 1);
    assert!(out.starts_with(&format!("{shown}/en/cues.add.tsv:2: en.x: has no part in this")), "{out}");

    let (code, _, err) = run(home.path(), &["packs", "check", "tlh"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no pack for tlh; there are: ar de en"), "{err}");
}
