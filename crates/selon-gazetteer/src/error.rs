//! What can go wrong with a gazetteer file, told by what the caller does next.

use std::fmt;

/// What the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is of another format or version: build it again.
    Invalid,
    /// The file is of our format, but damaged: its digest or a section does not hold.
    Corrupt,
    /// A file could not be written: make room, or choose another folder.
    Storage,
}

/// A gazetteer file that cannot be used, or a table that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    what: String,
}

impl Error {
    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Error { kind: Kind::Invalid, what: what.into() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Error { kind: Kind::Corrupt, what: what.into() }
    }

    pub(crate) fn storage(error: &std::io::Error) -> Self {
        Error { kind: Kind::Storage, what: format!("cannot be written: {error}") }
    }

    /// What the caller does next.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot use gazetteer: {}", self.what)
    }
}

impl std::error::Error for Error {}
