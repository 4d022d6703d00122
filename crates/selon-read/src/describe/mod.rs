//! What a page says about itself: title, authors, outlet, dates, language, links.

pub(crate) mod language;

use std::collections::BTreeMap;

use crate::pack::{PackFiles, PacksError};

/// Class words, cues, date keys, byline words, title markers (`packs/page/`).
#[derive(Clone, Debug, Default)]
pub(crate) struct PagePack {}

impl PagePack {
    pub(crate) fn load(_page: &PackFiles<'_>, _all: &BTreeMap<&str, &str>) -> Result<Self, PacksError> {
        Ok(PagePack {})
    }
}
