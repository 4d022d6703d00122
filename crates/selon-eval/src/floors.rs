//! Floors: figures that must not fall (`cases/floors.toml`).
//!
//! `[task.set]` names a task and a folder of the data by its name; each `name = value` below is
//! a figure of that task and the least it may be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use selon_read::Packs;

use crate::TASKS;

type Floors = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

/// Runs every task that has a floor and says which figures fell below theirs. A set that is not
/// there is an error: a floor nobody measures holds nothing.
#[allow(clippy::print_stdout)]
pub fn hold(floors: &str, data: &Path, packs: &Packs) -> Result<bool> {
    let floors: Floors = toml::from_str(floors).context("floors")?;
    let mut held = 0;
    let mut fallen = 0;
    for (task, sets) in &floors {
        let Some((_, run)) = TASKS.iter().find(|(name, _)| name == task) else {
            bail!("there is no task \"{task}\"")
        };
        for (set, figures) in sets {
            let folder =
                find(data, set)?.with_context(|| format!("no folder \"{set}\" under {}", data.display()))?;
            let scores = run(&folder, packs).with_context(|| format!("{task} on {}", folder.display()))?;
            for (name, floor) in figures {
                let value = scores.iter().find_map(|scores| scores.figures.get(name));
                match value {
                    Some(value) if value >= floor => {
                        held += 1;
                        println!("ok    {task} {set} {name} {value:.4} >= {floor}");
                    }
                    Some(value) => {
                        fallen += 1;
                        println!("FELL  {task} {set} {name} {value:.4} < {floor}");
                    }
                    None => {
                        fallen += 1;
                        println!("GONE  {task} {set} {name}: the task gives no such figure");
                    }
                }
            }
        }
    }
    println!("floors: {held} passed, {fallen} failed");
    Ok(fallen == 0)
}

fn find(root: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read {}", folder.display()))?
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
