//! The number lexer: digits and spelled numbers of a language, as quantities with spans.

use crate::lex::LexPack;
use crate::pack::{PackFiles, PacksError};

/// Number words, separators and operators of a language (`numbers.toml`).
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberPack {}

impl NumberPack {
    pub(crate) fn load(_files: &PackFiles<'_>, _lex: &LexPack) -> Result<Self, PacksError> {
        Ok(NumberPack {})
    }
}
