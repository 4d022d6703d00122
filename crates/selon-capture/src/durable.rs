//! Files that are there after a power cut: written aside, synced, renamed, folder synced.
//!
//! A name in the archive either has its whole content or does not exist. What is appended to
//! (WARC files, manifest files) is synced by its owner; this module is for what is replaced, and for
//! reading it back within a limit.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Result, io_error};

/// Creates a folder and all above it, and makes their names durable.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(_) if folder.is_dir() => {}
        Err(error) => return Err(io_error("create folder", folder, error)),
    }
    sync_folder(parent.unwrap_or(Path::new(".")))
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Windows cannot open folders as files; there names are durable with the file.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| io_error("sync folder", folder, error))
}

/// Writes several files so that each is whole or absent, and all are durable when this returns.
/// `aside` is a folder on the same file system for what is being written.
pub(crate) fn write_files(aside: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<()> {
    let mut folders = BTreeSet::new();
    for (path, bytes) in files {
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
            folders.insert(folder.to_owned());
        }
        let temporary = aside.join("writing");
        let written = File::create(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| io_error("write", &temporary, error))?;
        fs::rename(&temporary, path).map_err(|error| io_error("put in place", path, error))?;
    }
    for folder in folders {
        sync_folder(&folder)?;
    }
    Ok(())
}

/// Opens what is a file. Whoever can write into the folder could put a pipe or a device there, and waiting
/// for it to speak would have no end: these count as not there.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "it is no file"));
    }
    File::open(path)
}

/// The first bytes of a file, at most `most`.
pub(crate) fn read_start(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_file(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file of at most `most` bytes.
pub(crate) fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let bytes = read_start(path, most.saturating_add(1))?;
    if bytes.len() as u64 > most {
        let what = format!("it is larger than {most} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    Ok(bytes)
}

/// All files below a folder, as paths relative to it with `/`, sorted. Links are not followed.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<String>> {
    fn walk(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<String>) -> Result<()> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io_error("list", folder, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| io_error("list", folder, error))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|error| io_error("look at", &entry.path(), error))?;
            if kind.is_dir() && depth > 0 {
                walk(&entry.path(), &format!("{name}/"), depth - 1, found)?;
            } else {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, "", 16, &mut found)?;
    found.sort();
    Ok(found)
}
