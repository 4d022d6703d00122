//! Where data goes: stdout or a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use crate::record::Failure;

/// Standard output, or the file named by `-o`.
pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Box<dyn Write>> {
    Ok(match path {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        _ => Box::new(BufWriter::new(io::stdout().lock())),
    })
}

/// One line on stderr: what, where, why, what to try.
pub(crate) fn complain(failure: &Failure) {
    let path = failure.input.path.as_deref().unwrap_or("-");
    eprintln!("selon: {path}: {}; {}", failure.what, failure.r#try);
}

/// A value as one JSON line.
pub(crate) fn json_line(out: &mut dyn Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// "1 story", "2 stories".
pub(crate) fn count(number: u64, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}
