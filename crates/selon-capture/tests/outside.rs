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
use selon_capture::Content;

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
        .import_warc(&Content::Bytes(common::foreign_warc()), &common::named("given.warc.gz"), now())
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
