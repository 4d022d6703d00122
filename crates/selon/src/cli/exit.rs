//! How a command ends: its exit code, and what it says on stderr.

use std::io;

use selon_model::Error;

use crate::codes;

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
    error.downcast_ref::<Error>().map_or(Exit::Failed as u8, |error| codes::exit_code(error.kind()))
}
