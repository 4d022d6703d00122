//! What a task gives back.

use std::collections::BTreeMap;

use serde::Serialize;

/// The figures of one task on one data set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scores {
    /// Task name.
    pub task: String,
    /// Name of the data set: its folder, with the file where a folder holds several.
    pub data: String,
    /// Version of the engine.
    pub selon: String,
    /// Name of a figure → its value. Shares are 0 to 1.
    pub figures: BTreeMap<String, f64>,
    /// Number of gold items.
    pub n: usize,
    /// The worst cases, worst first.
    pub worst: Vec<Worst>,
}

/// One bad case.
#[derive(Clone, Debug, Serialize)]
pub struct Worst {
    /// Id of the document or sentence.
    pub id: String,
    /// Its score, lower is worse.
    pub score: f64,
    /// What was expected and what was read, short.
    pub what: String,
}
