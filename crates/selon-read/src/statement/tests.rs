//! The rows and cases of the packs.

use crate::pack::{Packs, cases};

/// Every row proves itself: it fires on its example, and not on the one after `!`; whole sentences
/// give the statements written below them.
#[test]
fn rows_and_cases_of_the_packs_hold() {
    let packs = Packs::embedded();
    let mut faults = Vec::new();
    for pack in packs.all() {
        let mut proof = Default::default();
        super::prove(packs, pack, &mut proof);
        let told =
            proof.faults.iter().map(|fault| format!("{}: {}\n  {}", fault.id, fault.sentence, fault.what));
        faults.extend(told.map(|fault| format!("{} {fault}", pack.lang)));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

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
