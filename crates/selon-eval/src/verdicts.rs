//! Verdicts on good, malformed and hostile WARC and WACZ files, held against `cases/verdicts.tsv`.
//!
//! The folder is one with `made/MANIFEST.tsv` (or `MANIFEST.tsv` itself), which says in words what
//! a right reader does; the table says the same as records, exit status and code.
//! `records_of_manifest` holds the number of records to the manifest's own "read N", where the
//! table says it too. A file that does not have the bytes of the manifest's digest is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use selon_capture::{Limits, verify_file};
use selon_model::Digest;
use selon_read::Packs;

use crate::Scores;
use crate::rows::name_of;
use crate::scores::share;

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
                bail!("cases/verdicts.tsv: {line:?} has not four columns");
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
    let rows: Vec<Vec<&str>> = listed.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let files: Vec<_> = rows.into_iter().filter(|row| row.len() > 2).collect();
    if files.is_empty() {
        bail!("{} names no file", manifest.display());
    }
    let table = table()?;
    let (mut exits, mut codes, mut records) = (0usize, 0usize, 0usize);
    let (mut manifest_right, mut manifest_of) = (0usize, 0usize);
    let mut out = Scores::new("verdicts", name_of(&made));
    out.n = files.len();
    for row in &files {
        let file = row[0];
        let path = made.join(file);
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if row
            .get(2)
            .is_some_and(|digest| Digest::of(&bytes).to_string().trim_start_matches("sha256:") != *digest)
        {
            bail!("{} is not the file that {} means: its digest differs", path.display(), manifest.display());
        }
        let mut seen = BTreeSet::new();
        let answer = verify_file(&path, &Limits::default(), &mut |record| {
            seen.extend(record.codes.iter().map(|code| code.as_str()));
        });
        let answer = answer.map(|report| {
            seen.extend(report.findings.iter().map(|finding| finding.code.as_str()));
            (report.exit.code(), report.records)
        });
        let stated = row.get(3).and_then(|words| stated_records(words));
        if let Some(stated) = stated {
            let equal = answer.as_ref().is_ok_and(|(_, records)| *records == stated);
            manifest_of += 1;
            manifest_right += usize::from(equal);
            if !equal {
                out.case(file, 0.9, format!("the manifest says \"{}\"; got {answer:?}", row[3]));
            }
        }
        let Some(expected) = table.get(file) else {
            out.case(file, 0.0, "no row in cases/verdicts.tsv");
            continue;
        };
        let right = [
            answer.as_ref().is_ok_and(|(exit, _)| *exit == expected.exit),
            answer.as_ref().is_ok_and(|(_, records)| *records == expected.records),
            if expected.code == "-" { seen.is_empty() } else { seen.contains(expected.code) },
        ];
        exits += usize::from(right[0]);
        records += usize::from(right[1]);
        codes += usize::from(right[2]);
        if right.contains(&false) {
            let what = format!(
                "expected exit {}, {} records, {}; got {answer:?} {seen:?}; {}",
                expected.exit,
                expected.records,
                expected.code,
                row.get(3).unwrap_or(&"")
            );
            out.case(file, share(right.iter().filter(|right| **right).count(), 3), what);
        }
    }
    out.set("exit", share(exits, out.n));
    out.set("records", share(records, out.n));
    out.set("code", share(codes, out.n));
    out.set("records_of_manifest", share(manifest_right, manifest_of));
    Ok(vec![out.sorted()])
}

/// The number in "read 2, digests pass".
fn stated_records(words: &str) -> Option<u64> {
    let number = words.strip_prefix("read ")?.split(|c: char| !c.is_ascii_digit()).next()?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_in_words() {
        assert_eq!(stated_records("read 2, digests pass"), Some(2));
        assert_eq!(stated_records("read 1; report garbage"), Some(1));
        assert_eq!(stated_records("read; resolve fails"), None);
        assert_eq!(stated_records("rejected"), None);
    }

    #[test]
    fn the_table_is_whole() {
        let table = table().expect("the table is ours");
        assert_eq!(table.len(), 33);
        assert_eq!(table["digest-none.warc"].exit, 3);
    }
}
