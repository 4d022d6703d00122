//! What goes wrong with files and bytes, in the terms of the whole project.
//!
//! The type is `selon-model`'s: its kind tells the caller what to do next. Here stands only how
//! an operating-system error becomes one.

use std::io;
use std::path::Path;

pub use selon_model::{Error, Kind, Result};

/// `cannot <verb> <path>`, with the kind that the operating system's answer amounts to.
pub(crate) fn io_error(verb: &str, path: &Path, error: io::Error) -> Error {
    Error::because(kind_of(&error), format!("cannot {verb} {}", path.display()), error)
}

/// An unreadable stream that has no path.
pub(crate) fn stream_error(error: io::Error) -> Error {
    Error::because(kind_of(&error), "cannot read the input", error)
}

fn kind_of(error: &io::Error) -> Kind {
    match error.kind() {
        io::ErrorKind::NotFound => Kind::NotFound,
        io::ErrorKind::PermissionDenied => Kind::Refused,
        io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory => Kind::Invalid,
        io::ErrorKind::InvalidData => Kind::Corrupt,
        _ => Kind::Unavailable,
    }
}
