//! What goes wrong with the outside world, sorted by what the caller does next.

use std::error::Error as StdError;
use std::fmt;

/// What the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such thing.
    NotFound,
    /// The input is at fault; the message says where.
    Invalid,
    /// Try again later.
    Unavailable,
    /// Evidence does not verify: stop and show.
    Corrupt,
    /// Policy, robots or permission say no.
    Refused,
    /// A fault of our own.
    Internal,
}

impl Kind {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::NotFound => "not_found",
            Kind::Invalid => "invalid",
            Kind::Unavailable => "unavailable",
            Kind::Corrupt => "corrupt",
            Kind::Refused => "refused",
            Kind::Internal => "internal",
        }
    }
}

/// What was tried on what, and why it did not work.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error; `what` says what was tried on what.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Error { kind, what: what.into(), source: None }
    }

    /// The same with its cause.
    pub fn because(
        kind: Kind,
        what: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Error { kind, what: what.into(), source: Some(source.into()) }
    }

    /// What the caller does next.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
