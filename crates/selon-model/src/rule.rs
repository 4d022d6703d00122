//! The names of rules.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Which rule made a value: `fr.statement.selon` from a pack, `core.…` from a mechanism.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(Cow<'static, str>);

impl RuleId {
    /// A rule of a mechanism, known at compile time.
    pub const fn core(id: &'static str) -> Self {
        RuleId(Cow::Borrowed(id))
    }

    /// A rule of a pack.
    pub fn pack(id: impl Into<String>) -> Self {
        RuleId(Cow::Owned(id.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
