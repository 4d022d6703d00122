//! From an HTML tree to blocks: candidates for the body, a chooser, kept and dropped blocks.

pub(crate) mod arena;
pub(crate) mod parse;
