//! What is written, held against implementations that are not ours: a Python script that knows
//! only the format pages, and warcio where it is installed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{Sandbox, files, new, now, text};
use selon_capture::{Content, Evidence};

/// An archive with several files, bundles and kinds.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open_rolling(40_000).unwrap();
    let batch: Vec<_> = (0..300).map(|n| text(&format!("Texte numéro {n}, reçu tel quel"))).collect();
    archive.append(&batch).unwrap();
    archive
        .append(&[
            new(b"", "text/plain"),
            new(b"<!DOCTYPE html><title>x</title>", "text/html; charset=windows-1256"),
            new(b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
            new(&[0; 300_000], "no media type"),
        ])
        .unwrap();
    archive
        .import_container(&Content::Bytes(common::foreign_warc()), &common::named("given.warc.gz"), now())
        .unwrap();
    assert_eq!(sandbox.verify().exit.code(), 0);
    sandbox
}

fn script() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_evidence.py")
}

#[test]
fn another_implementation_recomputes_the_log() {
    let sandbox = filled();
    let check = || Command::new("python3").arg(script()).arg(sandbox.folder()).output();
    let Ok(output) = check() else {
        println!("skipped: python3 is not there");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("308 entries"), "{said}");

    // It finds what was changed, too.
    for (name, bytes) in files(&sandbox.folder()).into_iter().filter(|(name, _)| name.starts_with("warc/")) {
        let mut changed = bytes.clone();
        let middle = bytes.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(sandbox.folder().join(&name), &changed).unwrap();
        assert_eq!(check().unwrap().status.code(), Some(4), "{name}");
        std::fs::write(sandbox.folder().join(&name), &bytes).unwrap();
    }
}

#[test]
fn warcio_finds_nothing_wrong() {
    let warcio = std::env::var("SELON_WARCIO").unwrap_or_else(|_| "warcio".to_owned());
    if Command::new(&warcio).arg("--version").output().is_err() {
        println!("skipped: warcio is not there (bench/peers/warcio_check.sh installs it)");
        return;
    }
    let sandbox = filled();
    let mut checked = 0;
    for (name, _) in files(&sandbox.folder()).into_iter().filter(|(name, _)| name.ends_with(".warc.gz")) {
        let output =
            Command::new(&warcio).args(["check", "-v"]).arg(sandbox.folder().join(&name)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}: {said}");
        assert!(!said.contains("no digest to check") || name.starts_with("imported/"), "{name}: {said}");
        checked += 1;
    }
    println!("warcio check: {checked} files, exit status 0");
    assert!(checked > 2);
}

/// A package of everything in an archive, and its folder.
fn exported() -> (Sandbox, std::path::PathBuf) {
    let sandbox = filled();
    let path = sandbox.path("all.wacz");
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    let exported = evidence.export_wacz(None, &path, "All", now()).unwrap();
    assert_eq!((exported.leaves.len(), exported.withheld.len()), (306, 0));
    (sandbox, path)
}

/// Output of a program that may not be installed; `NAME` in the environment says where it is.
fn ran(variable: &str, program: &str, arguments: &[&std::ffi::OsStr]) -> Option<std::process::Output> {
    let program = std::env::var(variable).unwrap_or_else(|_| program.to_owned());
    let output = Command::new(&program).args(arguments).output().ok();
    if output.is_none() {
        println!("skipped: {program} is not there (bench/peers/warcio_check.sh installs it)");
    }
    output
}

#[test]
fn py_wacz_finds_nothing_wrong_with_a_package() {
    let (_sandbox, path) = exported();
    let arguments = ["validate".as_ref(), "-f".as_ref(), path.as_os_str()];
    let Some(output) = ran("SELON_WACZ", "wacz", &arguments) else { return };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn our_index_is_that_of_the_fields_own_indexer() {
    let (sandbox, path) = exported();
    let mut zip = std::fs::read(&path).unwrap();
    // The entries are not compressed: each file of records lies in the package as it is.
    let mut theirs = Vec::new();
    let names: Vec<String> = files(&sandbox.folder())
        .into_iter()
        .filter(|(name, _)| name.starts_with("warc/"))
        .map(|(name, _)| name)
        .collect();
    for name in &names {
        let file = sandbox.folder().join(name);
        let Some(output) = ran("SELON_CDXJ_INDEXER", "cdxj-indexer", &[file.as_os_str()]) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        theirs.extend(String::from_utf8(output.stdout).unwrap().lines().map(fields));
    }
    // The last of the names is that in the directory, the one before it stands before the content.
    let name = b"indexes/index.cdx.gz";
    let places: Vec<usize> =
        zip.windows(name.len()).enumerate().filter(|(_, bytes)| bytes == name).map(|(at, _)| at).collect();
    let start = places[places.len() - 2] + name.len();
    let index = zip.split_off(start);
    let mut text = String::new();
    let mut input = flate2::read::MultiGzDecoder::new(index.as_slice());
    // What follows the index in the package is no gzip member.
    let _ = std::io::Read::read_to_string(&mut input, &mut text);
    let mut ours: Vec<_> = text.lines().map(fields).filter(|(key, _)| key.starts_with("urn:")).collect();
    theirs.sort();
    ours.sort();
    assert!(ours.len() > 300, "{}", ours.len());
    assert_eq!(ours, theirs);
}

/// Key and time, and the fields of the JSON, of an index line.
fn fields(line: &str) -> (String, Vec<(String, String)>) {
    let (key, json) = line.split_once(" {").unwrap();
    let json: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&format!("{{{json}")).unwrap();
    let fields = json.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned()));
    (key.to_owned(), fields.collect())
}

/// Runs a command of VERIFY.md in a kit: exit status and what it says; `None` where the program
/// is not there.
fn step(kit: &Path, command: &str) -> Option<(i32, String)> {
    let output = Command::new("sh").args(["-c", command]).current_dir(kit).output().ok()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(127) | None => {
            println!("skipped: {command}");
            None
        }
        Some(code) => Some((code, said)),
    }
}

#[test]
fn a_kit_is_checked_as_it_says_itself() {
    let sandbox = filled();
    let kit = sandbox.path("kit");
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    let exported = evidence.export_kit(None, &kit, now()).unwrap();
    assert_eq!((exported.leaves.len(), exported.withheld.len()), (306, 0));
    assert!(evidence.export_kit(None, &kit, now()).is_err(), "nothing is overwritten");
    let words = std::fs::read_to_string(kit.join("VERIFY.md")).unwrap();
    assert!(!words.contains("{{") && words.contains("306 captures"), "{words}");
    let warcio = std::env::var("SELON_WARCIO").unwrap_or_else(|_| "warcio".to_owned());
    // The commands are those of the page: a line that is indented further than its step.
    let commands: Vec<String> = words
        .lines()
        .filter_map(|line| line.strip_prefix("       "))
        .map(|line| line.trim().replace("warcio check", &format!("{warcio} check")))
        .collect();
    assert_eq!(commands.len(), 4, "{commands:?}");
    for command in &commands {
        if let Some((code, said)) = step(&kit, command) {
            assert_eq!(code, 0, "{command}: {said}");
        }
    }
    let [sums, signature, script, _] = &commands[..] else { unreachable!() };
    assert!(step(&kit, script).is_none_or(|(_, said)| said.starts_with("306 captures")));

    // Whatever is changed, one of the steps finds it; the script finds it in records, manifests,
    // proofs and checkpoint without the list of digests.
    let names: Vec<String> = files(&kit).into_iter().map(|(name, _)| name).collect();
    for name in names
        .iter()
        .filter(|name| name.contains("records/") || name.contains("s/7") || name.starts_with("checkpoint"))
    {
        let path = kit.join(name);
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert!(step(&kit, sums).is_none_or(|(code, _)| code != 0), "{name}");
        let found = [script, signature].map(|command| step(&kit, command).is_none_or(|(code, _)| code != 0));
        assert!(found.contains(&true), "{name}");
        std::fs::write(&path, whole).unwrap();
    }
    assert!(include_str!("../kit/verify.py").lines().count() <= 60);
}
