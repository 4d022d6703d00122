//! Gazetteers beside the embedded one: made from a GeoNames dump or a list of one's own, and opened.

mod build;
mod lines;
mod list;
mod zip;

use std::path::Path;

use anyhow::{Context, Result};
use selon_gazetteer::Gazetteer;

pub use build::{Wanted, add_lists, build_dump};

/// Opens a gazetteer file after checking all of it. It is read whole, and stays for the life of the program.
///
/// # Errors
/// Where it cannot be read, is of another version, or is damaged.
pub fn open(path: &Path) -> Result<&'static Gazetteer<'static>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let gazetteer = Gazetteer::from_bytes(Vec::leak(bytes)).with_context(|| {
        format!("{}: make it with selon gazetteer build or selon gazetteer add", path.display())
    })?;
    Ok(Box::leak(Box::new(gazetteer)))
}

/// First 16 digits of a gazetteer's digest.
pub fn short_digest(gazetteer: &Gazetteer<'_>) -> String {
    gazetteer.digest().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
