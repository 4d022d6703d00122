//! Verdicts on samples made by others.
//!
//! `cases/samples.tsv` says what is right and why; the files lie outside the repository, so the
//! test says that it was skipped where they are not there.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use selon_capture::{FileReport, Limits, is_log, verify_file, verify_log};

fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/warc"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn verify(path: &Path) -> (FileReport, BTreeSet<String>) {
    let mut codes = BTreeSet::new();
    let report = if is_log(path) {
        verify_log(path).unwrap()
    } else {
        verify_file(path, &Limits::default(), &mut |record| {
            codes.extend(record.codes.iter().map(|code| code.to_string()));
        })
        .unwrap()
    };
    codes.extend(report.findings.iter().map(|finding| finding.code.to_string()));
    (report, codes)
}

/// File, records, exit status, codes.
fn table() -> Vec<(&'static str, u64, u8, Vec<&'static str>)> {
    include_str!("../../../cases/samples.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 5, "{line}");
            let codes = columns[3].split(' ').filter(|code| *code != "-").collect();
            (columns[0], columns[1].parse().unwrap(), columns[2].parse().unwrap(), codes)
        })
        .collect()
}

#[test]
fn every_sample_gets_its_verdict() {
    let Some(data) = data() else { return };
    let mut wrong = Vec::new();
    for (file, records, exit, expected) in table() {
        let (report, codes) = verify(&data.join(file));
        let said = if expected.is_empty() {
            codes.is_empty()
        } else {
            expected.iter().all(|code| codes.contains(*code))
        };
        if (report.records, report.exit.code()) != (records, exit) || !said {
            let seen = (report.records, report.exit.code());
            wrong.push(format!("{file}: {seen:?} {codes:?}, expected {:?} {expected:?}", (records, exit)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Everything that other tools were asked about is in the table.
#[test]
fn the_table_names_every_sample() {
    let Some(data) = data() else { return };
    let listed = std::fs::read_to_string(data.join("EXPECTED.tsv")).unwrap();
    let tested: BTreeSet<&str> = table().iter().map(|row| row.0).collect();
    let missing: Vec<&str> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .filter(|file| !file.starts_with("made/") && !tested.contains(file))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
