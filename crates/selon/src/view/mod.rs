//! What people see in a terminal.

pub mod columns;
pub mod report;
pub mod words;
