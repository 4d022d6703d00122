//! Floors: figures that must not fall (`cases/floors.toml`).
//!
//! `[task.set]` names a task and a set as the task prints it (`"pud-news/fr"` in quotes); each
//! `name = value` below is a figure of that set and the least it may be; `at_most_name` is the
//! most, for figures of what is wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use selon_read::Packs;

use crate::{Scores, quality, task};

/// Before the name of a figure that has a most instead of a least value.
const AT_MOST: &str = "at_most_";

/// Task → set → figure → least value.
type Floors = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

/// How a figure stands to its floor.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Held(f64),
    Fell(f64),
    Gone,
}

/// Runs every task that has a floor and says which figures fell below theirs, and by how much. A
/// set that is not there is an error: a floor nobody measures holds nothing.
#[allow(clippy::print_stdout)]
pub fn hold(floors: &str, data: &Path, packs: &Packs) -> Result<bool> {
    let floors: Floors = toml::from_str(floors).context("floors")?;
    let mut runs: BTreeMap<(String, PathBuf), Vec<Scores>> = BTreeMap::new();
    let (mut held, mut failed) = (0, Vec::new());
    for (name, sets) in &floors {
        let Some(run) = task(name) else { bail!("there is no task \"{name}\"") };
        for (set, figures) in sets {
            let folder = folder_of(name, set, data)?;
            let key = (name.clone(), folder.clone());
            if !runs.contains_key(&key) {
                eprintln!("{name} {}", folder.display());
                let scores =
                    run(&folder, packs).with_context(|| format!("{name} on {}", folder.display()))?;
                runs.insert(key.clone(), scores);
            }
            for (figure, floor) in figures {
                match outcome(&runs[&key], set, figure, *floor) {
                    Outcome::Held(value) => {
                        held += 1;
                        println!("ok    {name} {set} {figure} {value:.4}, held at {floor}");
                    }
                    Outcome::Fell(value) => {
                        let by = (floor - value).abs();
                        let sign = if value < *floor { '<' } else { '>' };
                        failed.push(format!(
                            "FELL  {name} {set} {figure} {value:.4} {sign} {floor}, by {by:.4}"
                        ));
                    }
                    Outcome::Gone => {
                        failed.push(format!("GONE  {name} {set} {figure}: the task gives no such figure"));
                    }
                }
            }
        }
    }
    for line in &failed {
        println!("{line}");
    }
    println!("floors: {held} held, {} failed", failed.len());
    Ok(failed.is_empty())
}

fn outcome(scores: &[Scores], set: &str, figure: &str, floor: f64) -> Outcome {
    let of_set = scores.iter().find(|scores| scores.data == set);
    let (name, most) = match figure.strip_prefix(AT_MOST) {
        Some(name) => (name, true),
        None => (figure, false),
    };
    match of_set.and_then(|scores| scores.figures.get(name)) {
        Some(value) if if most { *value <= floor } else { *value >= floor } => Outcome::Held(*value),
        Some(value) => Outcome::Fell(*value),
        None => Outcome::Gone,
    }
}

/// Where a set lies: as the table of sets says, else the folder with its name.
fn folder_of(task: &str, set: &str, data: &Path) -> Result<PathBuf> {
    if let Some(folder) = quality::folder_of(task, set, data).filter(|folder| folder.is_dir()) {
        return Ok(folder);
    }
    let name = set.split('/').next().unwrap_or(set);
    // Sets of our own writing lie in this repository.
    let own = Path::new("cases").join(name);
    let found = if own.is_dir() { Some(own) } else { find(data, name)? };
    found.with_context(|| format!("no folder \"{name}\" under {}", data.display()))
}

fn find(root: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot list {}", folder.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_dir())
            .collect();
        inside.sort();
        if let Some(found) = inside.iter().find(|path| path.file_name().is_some_and(|last| last == name)) {
            return Ok(Some(found.clone()));
        }
        folders.extend(inside.into_iter().rev());
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_has_its_own_floor() {
        let mut fr = Scores::new("statements", "pud-news/fr");
        fr.set("c80", 0.9);
        let mut en = Scores::new("statements", "pud-news/en");
        en.set("c80", 0.7);
        let both = [fr, en];
        assert_eq!(outcome(&both, "pud-news/fr", "c80", 0.9), Outcome::Held(0.9));
        assert_eq!(outcome(&both, "pud-news/en", "c80", 0.8), Outcome::Fell(0.7));
        assert_eq!(outcome(&both, "pud-news/de", "c80", 0.8), Outcome::Gone);
        assert_eq!(outcome(&both, "pud-news/en", "c81", 0.8), Outcome::Gone);
        assert_eq!(outcome(&both, "pud-news/en", "at_most_c80", 0.7), Outcome::Held(0.7));
        assert_eq!(outcome(&both, "pud-news/en", "at_most_c80", 0.6), Outcome::Fell(0.7));
    }
}
