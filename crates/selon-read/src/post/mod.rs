//! Posts of social platforms: found first and masked, so that their words never count as the
//! report's.

pub(crate) mod address;
pub(crate) mod body;
mod byline;
#[cfg(test)]
mod conformance;
pub(crate) mod date;
pub(crate) mod html;
pub(crate) mod id;
pub(crate) mod language;
pub(crate) mod remnant;
pub(crate) mod repair;
mod shared;
pub(crate) mod signature;
pub(crate) mod status;
pub(crate) mod token;

use crate::pack::{PackFiles, PacksError};

/// The time that the address of a post holds in its id.
pub(crate) fn time_of_address(url: &str) -> Option<selon_model::When> {
    let address = status::post_address(url).filter(|address| address.platform == "x")?;
    id::time_of_x(address.id?)
}

/// What the post readers need: months of shown dates, endings of addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct PostPack {
    /// Month names of all languages.
    pub(crate) months: date::MonthNames,
    /// Last labels of host names.
    pub(crate) endings: address::Endings,
    /// Small words of short posts.
    pub(crate) small_words: language::SmallWords,
    /// Words before a name under an embedded post.
    pub(crate) bylines: byline::Bylines,
}

impl PostPack {
    pub(crate) fn load(page: &PackFiles<'_>) -> Result<Self, PacksError> {
        Ok(PostPack {
            months: date::MonthNames::load(page)?,
            endings: address::Endings::load(page)?,
            small_words: language::SmallWords::load(page)?,
            bylines: byline::Bylines::load(page)?,
        })
    }
}
