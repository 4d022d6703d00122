//! Exit codes (desk page, section 2), from the kinds of error in one function.

use std::io;

use selon_model::{Error, Kind};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All done.
    Ok = 0,
    /// It failed.
    Failed = 1,
    /// It was called wrongly.
    Usage = 2,
    /// Part of the input could not be read.
    Partial = 3,
    /// Evidence does not verify.
    Corrupt = 4,
    /// There is no such thing.
    NotFound = 5,
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::NotFound => Exit::NotFound,
            Kind::Corrupt => Exit::Corrupt,
            Kind::Invalid | Kind::Unavailable | Kind::Refused | Kind::Internal => Exit::Failed,
        }
    }
}

/// A command called in a way that cannot work; says what to try.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Prints an error to stderr and gives its exit code. A broken pipe is quiet.
pub(crate) fn report(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return 0;
    }
    eprintln!("selon: {error:#}");
    if error.is::<Usage>() {
        return Exit::Usage as u8;
    }
    error.downcast_ref::<Error>().map_or(Exit::Failed, |error| error.kind().into()) as u8
}
