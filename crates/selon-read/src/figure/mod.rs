//! How many, of what, says who.

use selon_model::{Figure, Note, Place, Statement, Text, TimeMention, When};

use crate::lex::{LexPack, Lexed};
use crate::number::NumberPack;
use crate::pack::{Pack, PackFiles, PacksError};

/// Units and events of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct FigurePack {}

impl FigurePack {
    pub(crate) fn load(
        _files: &PackFiles<'_>,
        _lex: &LexPack,
        _number: &NumberPack,
    ) -> Result<Self, PacksError> {
        Ok(FigurePack {})
    }
}

/// What the figure reader may look at.
pub(crate) struct FigureContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) times: &'a [TimeMention],
    pub(crate) places: &'a [Place],
    pub(crate) statements: &'a [Statement],
    pub(crate) published: Option<&'a When>,
}

/// Finds the figures of a text.
pub(crate) fn find_figures(_context: &FigureContext<'_>, _notes: &mut Vec<Note>) -> Vec<Figure> {
    Vec::new()
}
