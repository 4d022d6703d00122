//! Scores readings against gold sets.
fn main() {}
