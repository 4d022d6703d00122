//! Scores what Selon reads against gold sets: the metrics of the data folders, one task a file.
//!
//! Development only: nothing else depends on it. It reads any folder laid out like the shared
//! ones, whatever its one `*.jsonl` or `*.csv` is called.

mod dates;
mod extraction;
mod fields;
mod figures;
pub mod floors;
mod language;
mod pages;
mod places;
mod posts;
mod scores;
mod speed;
mod statements;
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
    ("figures", figures::score),
    ("language", language::score),
    ("places", places::score),
    ("posts", posts::score),
    ("speed", speed::score),
    ("statements", statements::score),
    ("times", times::score),
    ("verdicts", verdicts::score),
];
