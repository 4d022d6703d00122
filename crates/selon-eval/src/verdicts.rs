//! Verdicts on good, malformed and hostile WARC files, held against `cases/verdicts.tsv`.
//!
//! The folder is one with `made/MANIFEST.tsv` (or `MANIFEST.tsv` itself). WACZ files are not
//! scored yet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use selon_capture::{Limits, verify_file};
use selon_read::{ENGINE_VERSION, Packs};

use crate::extraction::name_of;
use crate::{Scores, Worst};

const TABLE: &str = include_str!("../../../cases/verdicts.tsv");

/// What a file must be answered: records, exit status, a code (`-` for none at all).
struct Expected {
    records: u64,
    exit: u8,
    code: &'static str,
}

fn table() -> Result<BTreeMap<&'static str, Expected>> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [file, records, exit, code] = columns[..] else {
                anyhow::bail!("cases/verdicts.tsv: {line:?} has not four columns");
            };
            Ok((file, Expected { records: records.parse()?, exit: exit.parse()?, code }))
        })
        .collect()
}

/// Scores a folder.
pub(crate) fn score(folder: &Path, _packs: &Packs) -> Result<Vec<Scores>> {
    let made = if folder.join("made").is_dir() { folder.join("made") } else { folder.to_owned() };
    let manifest = made.join("MANIFEST.tsv");
    let listed =
        std::fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let files: Vec<&str> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .filter(|file| file.contains(".warc"))
        .collect();
    let table = table()?;
    let (mut exits, mut codes, mut records) = (0usize, 0usize, 0usize);
    let mut out = Scores {
        task: "verdicts".into(),
        data: name_of(folder),
        selon: ENGINE_VERSION.into(),
        n: files.len(),
        ..Scores::default()
    };
    for file in &files {
        let mut seen = BTreeSet::new();
        let answer = verify_file(&made.join(file), &Limits::default(), &mut |record| {
            seen.extend(record.codes.iter().map(|code| code.as_str()));
        });
        let answer = answer.map(|report| {
            seen.extend(report.findings.iter().map(|finding| finding.code.as_str()));
            (report.exit.code(), report.records)
        });
        let Some(expected) = table.get(file) else {
            out.worst.push(Worst {
                id: (*file).into(),
                score: 0.0,
                what: "no row in cases/verdicts.tsv".into(),
            });
            continue;
        };
        let right_exit = answer.as_ref().is_ok_and(|(exit, _)| *exit == expected.exit);
        let right_records = answer.as_ref().is_ok_and(|(_, records)| *records == expected.records);
        let right_code = if expected.code == "-" { seen.is_empty() } else { seen.contains(expected.code) };
        exits += usize::from(right_exit);
        records += usize::from(right_records);
        codes += usize::from(right_code);
        if !(right_exit && right_records && right_code) {
            let what = format!(
                "expected exit {}, {} records, {}; got {answer:?} {seen:?}",
                expected.exit, expected.records, expected.code
            );
            let score = (f64::from(u8::from(right_exit)) + f64::from(u8::from(right_code))) / 3.0;
            out.worst.push(Worst { id: (*file).into(), score, what });
        }
    }
    let share = |right: usize| right as f64 / files.len().max(1) as f64;
    out.figures.insert("exit".into(), share(exits));
    out.figures.insert("records".into(), share(records));
    out.figures.insert("code".into(), share(codes));
    Ok(vec![out])
}
