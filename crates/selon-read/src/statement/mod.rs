//! Who said what, through whom, how firmly.

use selon_model::{EmbeddedPost, Lang, Note, Outlet, Place, Statement, Text, TimeMention};

use crate::lex::{LexPack, Lexed};
use crate::pack::{Pack, PackFiles, Packs, PacksError};

/// Cues, channels, roles and hedges of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatementPack {}

impl StatementPack {
    pub(crate) fn load(_files: &PackFiles<'_>, _lex: &LexPack) -> Result<Self, PacksError> {
        Ok(StatementPack {})
    }
}

/// What the statement reader may look at.
pub(crate) struct StatementContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) packs: &'a Packs,
    pub(crate) lang: &'a Lang,
    pub(crate) posts: &'a [EmbeddedPost],
    pub(crate) places: &'a [Place],
    pub(crate) times: &'a [TimeMention],
    pub(crate) outlet: Option<&'a Outlet>,
}

/// Finds who is said to have said what. Posts are statements of their authors.
pub(crate) fn find_statements(_context: &StatementContext<'_>, _notes: &mut Vec<Note>) -> Vec<Statement> {
    Vec::new()
}
