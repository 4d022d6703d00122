//! Rows of corpora (JSON Lines, CSV, TSV) through one field map (record.md, "Inputs").

/// Which column holds what, where the names differ from the usual ones.
#[derive(Clone, Debug, Default)]
pub struct FieldMap {}

/// One row: a document's bytes and what the row says about it.
#[derive(Clone, Debug, Default)]
pub struct Row {}
