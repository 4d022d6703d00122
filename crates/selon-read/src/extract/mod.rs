//! From an HTML tree to blocks: candidates for the body, a chooser, kept and dropped blocks.

pub(crate) mod arena;
pub(crate) mod choose;
pub(crate) mod keep;
pub(crate) mod live;
pub(crate) mod locate;
pub(crate) mod marks;
pub(crate) mod parse;
pub(crate) mod script;
pub(crate) mod several;
mod sweep;
pub(crate) mod text;
mod tokenize;
pub(crate) mod trace;
pub(crate) mod vouch;
pub(crate) mod walk;
