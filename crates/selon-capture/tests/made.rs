//! Verdicts on the good, malformed and hostile WARC and WACZ files made for this project.
//!
//! The table is `cases/verdicts.tsv`; the files lie outside the repository, so the
//! test says that it was skipped where they are not there.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use selon_capture::{Code, FileReport, Limits, RecordVerdict, verify_file};

fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/warc"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn verify(path: &Path) -> (FileReport, Vec<RecordVerdict>) {
    let mut records = Vec::new();
    let report = verify_file(path, &Limits::default(), &mut |record| records.push(record)).unwrap();
    (report, records)
}

/// File, records read, exit status, a code that must be said (`-` for none at all).
fn table() -> Vec<(&'static str, u64, u8, &'static str)> {
    include_str!("../../../cases/verdicts.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (columns[0], columns[1].parse().unwrap(), columns[2].parse().unwrap(), columns[3])
        })
        .collect()
}

#[test]
fn every_made_file_gets_its_verdict() {
    let Some(data) = data() else { return };
    let mut wrong = Vec::new();
    for (file, records, exit, code) in table() {
        let (report, verdicts) = verify(&data.join("made").join(file));
        let mut codes: BTreeSet<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        codes.extend(verdicts.iter().flat_map(|verdict| &verdict.codes).map(|code| code.as_str()));
        let seen = (report.records, report.exit.code());
        if seen != (records, exit)
            || (code == "-" && !codes.is_empty())
            || (code != "-" && !codes.contains(code))
        {
            wrong.push(format!("{file}: {seen:?} {codes:?}, expected {:?} {code:?}", (records, exit)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_made_file() {
    let Some(data) = data() else { return };
    let manifest = std::fs::read_to_string(data.join("made/MANIFEST.tsv")).unwrap();
    let listed: BTreeSet<&str> =
        manifest.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let tested: BTreeSet<&str> = table().iter().map(|row| row.0).collect();
    assert_eq!(listed, tested);
}

#[test]
fn the_record_before_the_damage_is_read() {
    let Some(data) = data() else { return };
    for file in ["truncated-member.warc.gz", "trailing-garbage.warc.gz", "gzip-bomb-256m.warc.gz"] {
        let (_, verdicts) = verify(&data.join("made").join(file));
        assert_eq!(verdicts[0].verdict.as_str(), "verified", "{file}");
    }
    let (_, verdicts) = verify(&data.join("made/content-length-too-short.warc"));
    assert_eq!(verdicts[1].verdict.as_str(), "verified", "the record after the damage");
    assert_eq!(verdicts[0].codes, [Code::NoRecordEnd, Code::BlockDigest]);
}

#[test]
fn every_sentence_is_for_people() {
    for code in Code::ALL {
        let sentence = code.sentence();
        assert!(sentence.ends_with('.') && sentence.len() > 30, "{code}: {sentence}");
    }
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), Code::ALL.len());
}
