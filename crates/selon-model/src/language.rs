//! Language tags.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language tag (BCP 47), primary subtag only: `fr`, `en`, `ar` …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(String);

impl Lang {
    /// The primary subtag of `tag`, in lower case (`fr-FR` gives `fr`); `None` where it is not
    /// two or three ASCII letters.
    pub fn new(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        let fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        fits.then(|| Lang(primary.to_ascii_lowercase()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
