//! What a task gives back, and the few sums that every metric is made of.

use std::collections::BTreeMap;

use selon_read::ENGINE_VERSION;
use serde::Serialize;

/// The figures of one task on one data set.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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

impl Scores {
    /// Empty scores of a task on a set.
    pub(crate) fn new(task: &str, data: impl Into<String>) -> Self {
        Scores {
            task: task.to_owned(),
            data: data.into(),
            selon: ENGINE_VERSION.to_owned(),
            ..Scores::default()
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: f64) {
        self.figures.insert(name.to_owned(), value);
    }

    pub(crate) fn case(&mut self, id: impl Into<String>, score: f64, what: impl Into<String>) {
        self.worst.push(Worst { id: id.into(), score, what: what.into() });
    }

    /// The same scores with the worst cases first.
    pub(crate) fn sorted(mut self) -> Self {
        self.worst.sort_by(|a, b| a.score.total_cmp(&b.score).then_with(|| a.id.cmp(&b.id)));
        self
    }
}

/// One bad case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// Id of the document or sentence.
    pub id: String,
    /// Its score, lower is worse.
    pub score: f64,
    /// What was expected and what was read, short.
    pub what: String,
}

/// A part of a whole; of nothing, none.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// F1 of `right` among what was read and what is in the gold.
pub(crate) fn f1(right: usize, read: usize, gold: usize) -> f64 {
    share(2 * right, read + gold)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

pub(crate) fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        assert_eq!(share(1, 4), 0.25);
        assert_eq!(share(0, 0), 0.0);
        // 3 right of 4 read and 6 in the gold: P 3/4, R 1/2, F1 3/5
        assert!((f1(3, 4, 6) - 0.6).abs() < 1e-12);
        assert!((harmonic(0.75, 0.5) - 0.6).abs() < 1e-12);
        assert_eq!(mean(&[1.0, 0.0]), 0.5);
    }

    #[test]
    fn one_object_of_the_stated_shape() {
        let mut scores = Scores::new("times", "fr");
        scores.set("value", 0.5);
        scores.case("a", 0.0, "missed");
        let json = serde_json::to_value(&scores).expect("plain data");
        let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["data", "figures", "n", "selon", "task", "worst"]);
        assert_eq!(json["figures"]["value"], 0.5);
        assert_eq!(json["worst"][0]["what"], "missed");
    }
}
