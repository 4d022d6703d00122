//! The table of docs/quality.md: every task on every set of the data, written as a page.
//!
//! Which sets there are, the bars and the targets are rows of `quality/table.tsv`; peers that were
//! run apart and the worst cases, read and classed, are pages beside it and stand after the table.
//! The page has no date and is the same for the same data, speed apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use selon_read::Packs;

use crate::{Scores, task};

const SETS: &str = include_str!("../quality/table.tsv");
const HEAD: &str = include_str!("../quality/head.md");
const FOOT: &str = include_str!("../quality/foot.md");
const AFTER: [&str; 4] = [
    include_str!("../quality/peers-times-places.md"),
    include_str!("../quality/worst-pages.md"),
    include_str!("../quality/worst-fields.md"),
    include_str!("../quality/worst-times-places.md"),
];

/// A row of the table.
struct Row {
    task: &'static str,
    folder: &'static str,
    set: &'static str,
    figure: &'static str,
    bar: &'static str,
    target: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    SETS.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next();
        Some(Row {
            task: next()?,
            folder: next()?,
            set: next()?,
            figure: next()?,
            bar: next().unwrap_or(""),
            target: next().unwrap_or(""),
        })
    })
}

/// The folder of a set under `data`, if the table names it.
pub(crate) fn folder_of(task: &str, set: &str, data: &Path) -> Option<PathBuf> {
    rows().find(|row| row.task == task && row.set == set).map(|row| place_of(row.folder, data))
}

/// Where the folder of a row lies: sets of our own writing in this repository, the others in `data`.
fn place_of(folder: &str, data: &Path) -> PathBuf {
    if folder.starts_with("cases/") { PathBuf::from(folder) } else { data.join(folder) }
}

/// Runs every task on its sets under `data` and gives the page.
pub fn page(data: &Path, packs: &Packs) -> Result<String> {
    let mut runs: Vec<(&str, &str)> = Vec::new();
    for row in rows() {
        if !runs.contains(&(row.task, row.folder)) {
            runs.push((row.task, row.folder));
        }
    }
    let mut scores: BTreeMap<(&str, &str), Vec<Scores>> = BTreeMap::new();
    for (index, (name, folder)) in runs.iter().enumerate() {
        eprintln!("{} of {}: {name} {folder}", index + 1, runs.len());
        let run = task(name).with_context(|| format!("table.tsv: there is no task \"{name}\""))?;
        let of_run = run(&place_of(folder, data), packs).with_context(|| format!("{name} on {folder}"))?;
        scores.insert((name, folder), of_run);
    }
    let mut page = HEAD.to_owned();
    let mut last = "";
    for row in rows() {
        let of_run = &scores[&(row.task, row.folder)];
        let found = of_run.iter().find(|scores| scores.data == row.set);
        let value = found.and_then(|found| found.figures.get(row.figure));
        let value = value.with_context(|| {
            format!("table.tsv: {} on {} gives no {} of {}", row.task, row.folder, row.figure, row.set)
        })?;
        if row.task != last {
            last = row.task;
            write!(page, "\n### {}\n\n", row.task)?;
            page.push_str("| set | n | metric | ours | bar, measured earlier | target |\n");
            page.push_str("|---|--:|---|--:|---|--:|\n");
        }
        let n = found.map_or(0, |found| found.n);
        writeln!(
            page,
            "| {} | {n} | {} | {} | {} | {} |",
            row.set,
            row.figure,
            written(row.task, *value),
            row.bar,
            row.target
        )?;
    }
    page.push_str("\n## Repeating a set\n\n");
    page.push_str(
        "`selon-eval` is `cargo run --release -p selon-eval --`, `DATA` the folder of gold data.\n\n",
    );
    page.push_str("| sets | command |\n|---|---|\n");
    for (name, folder) in &runs {
        let mut sets: Vec<&str> =
            rows().filter(|row| row.task == *name && row.folder == *folder).map(|row| row.set).collect();
        sets.dedup();
        let folder = match *folder {
            "." => "DATA".to_owned(),
            own if own.starts_with("cases/") => own.to_owned(),
            folder => format!("DATA/{folder}"),
        };
        writeln!(page, "| {} | `selon-eval {name} {folder} --worst 20` |", sets.join(", "))?;
    }
    page.push_str(FOOT);
    for part in AFTER {
        page.push('\n');
        for line in part.lines() {
            // Headings go one level down.
            page.push_str(if line.starts_with('#') { "#" } else { "" });
            page.push_str(line);
            page.push('\n');
        }
    }
    Ok(page)
}

/// A share with three digits; a speed, which differs from run to run, with two that count.
fn written(task: &str, value: f64) -> String {
    if task == "speed" && value > 0.0 {
        let unit = 10f64.powi(value.log10().floor() as i32 - 1);
        let rounded = (value / unit).round() * unit;
        return if rounded < 10.0 { format!("{rounded:.1}") } else { format!("{rounded:.0}") };
    }
    if value > 1.0 && value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_tasks() {
        for row in rows() {
            assert!(task(row.task).is_some(), "no task {}", row.task);
            assert!(!row.figure.is_empty(), "{} {} has no figure", row.task, row.set);
        }
        assert!(rows().count() > 50);
    }

    #[test]
    fn values_as_written() {
        assert_eq!(written("times", 0.86034), "0.860");
        assert_eq!(written("posts", 8.0), "8");
        assert_eq!(written("posts", 1.0), "1.000");
        assert_eq!(written("speed", 74.3973), "74");
        assert_eq!(written("speed", 2995.8), "3000");
        assert_eq!(written("speed", 1.198), "1.2");
    }
}
