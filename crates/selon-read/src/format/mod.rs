//! The forms a document comes in. Each gives pages; from there the path is one.

pub(crate) mod exported;
pub(crate) mod html;
pub(crate) mod line;
pub(crate) mod pdf;
pub(crate) mod plain;
pub(crate) mod row;
pub(crate) mod saved;
