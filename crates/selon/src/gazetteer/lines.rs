//! The lines of a large text, plain, gzipped or the one text of a zip archive.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;

use super::zip;

/// A longer line is none of a gazetteer's.
const LONGEST: usize = 1 << 20;

/// Visits each line that is not empty; errors name file and line.
pub(super) fn each(path: &Path, visit: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
    let name = path.display();
    let mut reader =
        BufReader::with_capacity(1 << 20, open(path).with_context(|| format!("cannot read {name}"))?);
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let count = reader
            .by_ref()
            .take(LONGEST as u64 + 1)
            .read_until(b'\n', &mut line)
            .with_context(|| format!("{name}:{number}: cannot be read"))?;
        if count == 0 {
            break;
        }
        if line.len() > LONGEST {
            bail!("{name}:{number}: the line is longer than 1 MiB; is this the right file?");
        }
        let text = std::str::from_utf8(&line).with_context(|| format!("{name}:{number}: not UTF-8"))?;
        let text = text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        if !text.is_empty() {
            visit(text).with_context(|| format!("{name}:{number}"))?;
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut head = [0; 4];
    let mut got = 0;
    while got < head.len() {
        match file.read(&mut head[got..])? {
            0 => break,
            count => got += count,
        }
    }
    file.rewind()?;
    Ok(match head {
        [b'P', b'K', ..] => zip::text(file)?,
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(BufReader::new(file))),
        _ => Box::new(file),
    })
}
