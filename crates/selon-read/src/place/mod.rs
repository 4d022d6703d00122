//! Where: place names, their reading and ranked candidates.

use selon_model::{Lang, Outlet, Place, Text};

use crate::lex::{LexPack, Lexed};
use crate::pack::{Pack, PackFiles, Packs, PacksError};

/// Place cues, stop words, demonyms and exonyms of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlacePack {}

impl PlacePack {
    pub(crate) fn load(
        _files: &PackFiles<'_>,
        _shared: &PackFiles<'_>,
        _lex: &LexPack,
    ) -> Result<Self, PacksError> {
        Ok(PlacePack {})
    }
}

/// Regions and abbreviations, the same in all languages.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedPlaces {}

impl SharedPlaces {
    pub(crate) fn load(_shared: &PackFiles<'_>) -> Result<Self, PacksError> {
        Ok(SharedPlaces {})
    }
}

/// What the place reader may look at.
pub(crate) struct PlaceContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) packs: &'a Packs,
    pub(crate) lang: &'a Lang,
    pub(crate) outlet: Option<&'a Outlet>,
}

/// Finds the place names of a text, in text order.
pub(crate) fn find_places(_context: &PlaceContext<'_>) -> Vec<Place> {
    Vec::new()
}
