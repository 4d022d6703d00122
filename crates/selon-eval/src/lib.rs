//! Scores what Selon reads against gold sets: the metrics of the data folders, one task a file.
//!
//! Development only: nothing else depends on it. It reads any folder laid out like the shared
//! ones, whatever its one `*.jsonl` or `*.csv` is called; a folder that a task cannot score is
//! refused, and the message says what was looked for.

mod chains;
mod clusters;
mod connected;
mod connections;
mod dates;
mod ecbplus;
mod evidence;
mod extraction;
mod fields;
mod figures;
pub mod floors;
mod generated;
mod gold;
mod gvc;
pub mod hostile;
mod judged;
mod language;
mod neardup;
mod ntrex7;
mod pages;
pub mod peers;
mod place_time_gold;
mod places;
mod post_gold;
mod post_remnant;
mod posts;
mod progress;
pub mod quality;
mod quotations;
pub mod reuse_scale;
mod rows;
mod scores;
pub mod sources;
mod speed;
mod statements;
pub mod stories_scale;
mod times;
mod verdicts;

use std::path::Path;

use anyhow::Result;
use selon_read::Packs;

pub use scores::{Scores, Worst};

/// A task: scores a folder.
pub type Task = fn(&Path, &Packs) -> Result<Vec<Scores>>;

/// The tasks by name.
pub const TASKS: &[(&str, Task)] = &[
    ("extraction", extraction::score),
    ("dates", dates::score),
    ("fields", fields::score),
    ("posts", posts::score),
    ("language", language::score),
    ("statements", statements::score),
    ("figures", figures::score),
    ("times", times::score),
    ("places", places::score),
    ("verdicts", verdicts::score),
    ("neardup", neardup::score),
    ("ecbplus", ecbplus::score),
    ("ntrex7", ntrex7::score),
    ("chains", chains::score),
    ("gvc", gvc::score),
    ("connections", connections::score),
    ("sources", sources::score),
    ("judged", judged::score),
    ("speed", speed::score),
    ("evidence", evidence::score),
];

/// Scores what another tool read of a folder, by the scorer of a task.
///
/// # Errors
/// Where the task takes no other tool's readings, or a file is not as the task wants it.
pub fn score_readings(task: &str, folder: &Path, readings: &Path) -> Result<Vec<Scores>> {
    match task {
        "times" => times::score_readings(folder, readings),
        "places" => places::score_readings(folder, readings),
        _ => anyhow::bail!("--readings goes with times and places"),
    }
}

/// The task of a name.
pub fn task(name: &str) -> Option<Task> {
    TASKS.iter().find(|(known, _)| *known == name).map(|(_, task)| *task)
}
