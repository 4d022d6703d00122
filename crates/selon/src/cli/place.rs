//! Where the archive is, and its keys: flags before environment before the user's data folder.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use jiff::Timestamp;
use selon_read::Packs;

use crate::archive::{Archive, OpenErasure, Writer, key_path};

/// `--archive`, as every command that needs one has it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// Folder of the archive (else $SELON_ARCHIVE, else your data folder)
    #[arg(long, value_name = "FOLDER", env = "SELON_ARCHIVE")]
    archive: Option<PathBuf>,
}

impl Place {
    /// At a folder.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Place { archive: Some(folder) }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        match &self.archive {
            Some(folder) => Ok(folder.clone()),
            None => Ok(data_folder()?.join("archive")),
        }
    }

    /// Opens the archive to look things up.
    pub(crate) fn open(&self) -> Result<Archive> {
        let archive = Archive::open(&self.folder()?)?;
        let waiting = archive.not_yet_derived()?;
        if waiting > 0 {
            eprintln!("selon: {waiting} leaves of the log are not read yet; selon rebuild reads them");
        }
        Ok(archive)
    }

    /// Opens an archive that is there, to write to it.
    pub(crate) fn open_to_write(&self) -> Result<Writer> {
        let folder = self.folder()?;
        if !folder.join("ledger").is_dir() {
            Archive::open(&folder)?;
        }
        self.open_to_add()
    }

    /// Opens an archive that is there, also where what is derived cannot be read: that is then
    /// removed, to be made again.
    pub(crate) fn open_to_rebuild(&self) -> Result<Writer> {
        let folder = self.folder()?;
        if !folder.join("ledger").is_dir() {
            Archive::open(&folder)?;
        }
        let key = key_path(&folder, &keys_folder()?)?;
        Ok(Writer::open_to_rebuild(&folder, &key, Timestamp::now())?)
    }

    /// Opens an archive that is there, to write to it, and goes on with erasures that are open.
    pub(crate) fn open_and_finish(&self, packs: &Packs, now: Timestamp) -> Result<Writer> {
        finish_erasures(self.open_to_write()?, packs, now).map(|(writer, _)| writer)
    }

    /// Opens the archive to add to it, or makes one and says where.
    pub(crate) fn open_to_add(&self) -> Result<Writer> {
        let folder = self.folder()?;
        let key = key_path(&folder, &keys_folder()?)?;
        let is_new = !folder.join("ledger").is_dir();
        let writer = Writer::open(&folder, &key, Timestamp::now())?;
        if is_new {
            eprintln!("selon: made an archive at {}", folder.display());
            eprintln!(
                "selon: its signing key is {}; keep a copy of it apart from the archive",
                key.display()
            );
        }
        Ok(writer)
    }
}

/// Goes on with erasures that are open, and says which stay open and why.
pub(crate) fn finish_erasures(
    writer: Writer,
    packs: &Packs,
    now: Timestamp,
) -> Result<(Writer, Vec<OpenErasure>)> {
    let (writer, open) = writer.finish_erasures(packs, now)?;
    for OpenErasure { tombstone, traces } in &open {
        for trace in traces {
            eprintln!("selon: the erasure ordered in leaf {} stays open: {trace}", tombstone.0);
        }
    }
    Ok((writer, open))
}

/// Where signing keys are kept: outside the archive.
pub(crate) fn keys_folder() -> Result<PathBuf> {
    match env::var_os("SELON_KEYS") {
        Some(folder) => Ok(folder.into()),
        None => Ok(data_folder()?.join("keys")),
    }
}

/// The user's data folder (XDG Base Directory Specification, section 3).
fn data_folder() -> Result<PathBuf> {
    let base = match env::var_os("XDG_DATA_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => {
            let home = env::var_os("HOME").context("neither --archive nor XDG_DATA_HOME nor HOME is set")?;
            PathBuf::from(home).join(".local/share")
        }
    };
    Ok(base.join("selon"))
}
