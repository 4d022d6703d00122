//! The cases of the packs.

use crate::pack::{Packs, cases};

/// Each language that is read has cases; the two that are read best have them by the hundred.
#[test]
fn languages_have_cases() {
    for pack in Packs::embedded().all().filter(|pack| !pack.lacks.contains(&"statements")) {
        let least = match pack.lang.as_str() {
            "en" | "fr" => 150,
            "ar" => 15,
            _ => 20,
        };
        let count = cases(&pack.statement_cases, "statement ").len();
        assert!(count >= least, "{} sentences in {}", count, pack.lang);
    }
}
