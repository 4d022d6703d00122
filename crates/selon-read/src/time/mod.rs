//! When: time expressions as intervals.

use selon_model::{EmbeddedPost, Text, TimeMention, When};

use crate::lex::{LexPack, Lexed};
use crate::number::NumberPack;
use crate::pack::{Pack, PackFiles, PacksError};

/// Words and rules of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimePack {}

impl TimePack {
    pub(crate) fn load(
        _files: &PackFiles<'_>,
        _lex: &LexPack,
        _number: &NumberPack,
    ) -> Result<Self, PacksError> {
        Ok(TimePack {})
    }
}

/// What the time reader may look at.
pub(crate) struct TimeContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) published: Option<&'a When>,
    pub(crate) posts: &'a [EmbeddedPost],
}

/// Finds the time expressions of a text, in text order.
pub(crate) fn find_times(_context: &TimeContext<'_>) -> Vec<TimeMention> {
    Vec::new()
}
