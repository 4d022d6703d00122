//! Makes gazetteer files: from a GeoNames dump, or from a gazetteer and lists of one's own.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use selon_gazetteer::{ATTRIBUTION, Builder, Dump, Gazetteer};

use super::{lines, list};
use crate::archive::Progress;

/// Lines between two reports of progress.
const STEP: u64 = 100_000;

/// What of a dump is taken.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// ISO 3166-1 alpha-2 codes; empty: all countries.
    pub countries: Vec<String>,
    /// Feature classes and codes, "P", "L/AREA"; empty: countries, units and populated places.
    pub features: Vec<String>,
}

/// Builds a gazetteer from a dump laid over `base`, and gives how many places of the dump went in.
///
/// # Errors
/// Where a file cannot be read or written, or a line is no row of a dump: the message names it.
pub fn build_dump(
    from: &Path,
    alternates: Option<&Path>,
    wanted: &Wanted,
    base: &Gazetteer<'_>,
    out: &Path,
    progress: &mut dyn Progress,
) -> Result<u64> {
    let features = wanted.features.iter().map(|code| code.trim().to_uppercase()).collect();
    let mut dump = Dump::of(codes(&wanted.countries)?, features);
    let mut units = Counter::default();
    lines::each(from, &mut |line| {
        units.step(progress, "units", 0);
        Ok(dump.note_unit(line)?)
    })?;
    let mut builder = spilling(out);
    builder.extend(base)?;
    let mut places = Counter::default();
    let mut taken = Vec::new();
    lines::each(from, &mut |line| {
        places.step(progress, "places", units.0);
        if let Some(mut row) = dump.row(line)? {
            // What a dump does not say of a country is kept from the base.
            if row.kind == "country" {
                row.flags.extend(country_flags(base, &row.country));
            }
            taken.push(row.id);
            builder.add(&row)?;
        }
        Ok(())
    })?;
    if taken.is_empty() {
        bail!("{}: no place in it is of the countries and features asked for", from.display());
    }
    taken.sort_unstable();
    if let Some(path) = alternates {
        let mut names = Counter::default();
        lines::each(path, &mut |line| {
            names.step(progress, "names", 0);
            if let Some(name) = Dump::alternate(line)?.filter(|name| taken.binary_search(&name.id).is_ok()) {
                builder.alternate(name.id, name.name)?;
            }
            Ok(())
        })?;
    }
    about(&mut builder, base);
    builder.about("dump", &format!("{}, {} places", file_name(from), taken.len()));
    write(builder, out)?;
    Ok(taken.len() as u64)
}

/// Writes a gazetteer of `base` and lists of one's own; gives how many places each list has.
///
/// # Errors
/// Where a list cannot be read, a row says no place, or the file cannot be written.
pub fn add_lists(base: &Gazetteer<'_>, lists: &[impl AsRef<Path>], out: &Path) -> Result<Vec<usize>> {
    let mut builder = spilling(out);
    builder.extend(base)?;
    let mut rows = list::Lists::new(base);
    let mut counts = Vec::new();
    let mut said = Vec::new();
    for path in lists {
        let path = path.as_ref();
        let read = rows.read(path)?;
        if read.is_empty() {
            bail!("{}: it has no place", path.display());
        }
        for row in &read {
            builder.add(row)?;
        }
        counts.push(read.len());
        said.push(format!("{}, {} places", file_name(path), read.len()));
    }
    about(&mut builder, base);
    for list in said {
        builder.about("list", &list);
    }
    write(builder, out)?;
    Ok(counts)
}

/// A builder that puts names away beside the file it makes.
fn spilling(out: &Path) -> Builder {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.to_owned();
    Builder::spilling(move || tempfile::tempfile_in(&folder))
}

fn about(builder: &mut Builder, base: &Gazetteer<'_>) {
    for (key, value) in base.about().filter(|(key, _)| *key != "attribution") {
        builder.about(key, value);
    }
    builder.about("attribution", ATTRIBUTION);
}

/// The file is there whole or not at all.
fn write(builder: Builder, out: &Path) -> Result<()> {
    let what = || format!("cannot write {}", out.display());
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).with_context(what)?;
    let mut buffered = BufWriter::with_capacity(1 << 20, file);
    builder.write(&mut buffered).with_context(what)?;
    let file = buffered.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(what)?;
    sync(file.as_file()).with_context(what)?;
    file.persist(out).with_context(what)?;
    Ok(())
}

fn sync(mut file: &File) -> std::io::Result<()> {
    file.flush()?;
    file.sync_all()
}

fn country_flags(base: &Gazetteer<'_>, code: &str) -> Vec<String> {
    let Some(country) = code.as_bytes().try_into().ok().and_then(|code| base.country(code)) else {
        return Vec::new();
    };
    let near: Vec<String> =
        country.neighbours.iter().map(|code| String::from_utf8_lossy(code).into_owned()).collect();
    let mut flags = vec![format!("near={}", near.join("+"))];
    flags.extend(country.wikidata.map(|number| format!("wd=Q{number}")));
    flags
}

fn codes(countries: &[String]) -> Result<std::collections::BTreeSet<String>> {
    let mut codes = std::collections::BTreeSet::new();
    for code in countries {
        let code = code.trim().to_uppercase();
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            bail!("--countries {code}: write codes of two letters (ISO 3166-1), as in SY,IQ");
        }
        codes.insert(code);
    }
    Ok(codes)
}

/// Counts lines and reports every so many of them.
#[derive(Default)]
struct Counter(u64);

impl Counter {
    fn step(&mut self, progress: &mut dyn Progress, stage: &'static str, of: u64) {
        self.0 += 1;
        if self.0.is_multiple_of(STEP) {
            progress.step(stage, self.0, of.max(self.0));
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
