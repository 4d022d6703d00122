//! Scores what Selon reads against gold sets: the metrics of the data folders, one task a file.
//!
//! Development only: nothing else depends on it.

mod scores;

pub use scores::{Scores, Worst};
