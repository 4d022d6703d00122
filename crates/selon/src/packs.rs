//! Packs of the user's own: a folder laid over those that are built in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use selon_gazetteer::Gazetteer;
use selon_read::{Packs, PacksError, embedded_files};

/// A folder with more files than this is no folder of packs.
const MOST_FILES: usize = 2_000;
/// A file that is longer is no pack.
const MOST_BYTES: u64 = 16 << 20;

/// Files of packs by their path inside `packs/`.
pub type Files = BTreeMap<String, String>;

/// A folder of packs that cannot be used: where it is wrong, and what to try.
#[derive(Debug)]
pub struct Broken {
    folder: PathBuf,
    error: PacksError,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = self.folder.join(&self.error.file);
        write!(f, "{}", file.display())?;
        if self.error.line > 0 {
            write!(f, ":{}", self.error.line)?;
        }
        write!(f, ": {}; mend it and try selon packs check, or leave this folder out", self.error.what)
    }
}

impl std::error::Error for Broken {}

/// The built-in files.
pub fn built_in() -> Files {
    embedded_files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// The files of a folder: tables, settings and cases, however deep; what begins with a dot and
/// README.md are not looked at.
pub fn files_of(folder: &Path) -> Result<Files> {
    if !folder.is_dir() {
        bail!("{} is no folder of packs", folder.display());
    }
    let mut files = Files::new();
    walk(folder, "", &mut files)?;
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    let cannot = || format!("cannot read the packs in {}", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().with_context(cannot)?.is_dir() {
            if path.matches('/').count() < 2 {
                walk(&entry.path(), &path, files)?;
            }
            continue;
        }
        if !matches!(entry.path().extension().and_then(|end| end.to_str()), Some("tsv" | "toml" | "md")) {
            continue;
        }
        let length = entry.metadata().with_context(cannot)?.len();
        if files.len() >= MOST_FILES || length > MOST_BYTES {
            bail!("{}: too large for a folder of packs", entry.path().display());
        }
        let text = fs::read_to_string(entry.path())
            .with_context(|| format!("cannot read {}", entry.path().display()))?;
        files.insert(path, text);
    }
    Ok(())
}

/// The built-in packs with a folder laid over them.
pub fn overlaid(folder: &Path, gazetteer: &'static Gazetteer<'static>) -> Result<Packs> {
    let files: Vec<(String, String)> = files_of(folder)?.into_iter().collect();
    Packs::with_overlay_and_gazetteer(&files, gazetteer)
        .map_err(|error| Broken { folder: folder.to_owned(), error }.into())
}
