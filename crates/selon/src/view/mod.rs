//! What people see in a terminal.

pub mod chains;
pub mod columns;
pub mod explain;
pub mod figures;
pub mod lists;
pub mod receipt;
pub mod report;
pub mod words;
