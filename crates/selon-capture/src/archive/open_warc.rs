//! The WARC file that is written to.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::durable::{create_folder, sync_folder};
use crate::error::{Result, io_error};
use crate::manifest::{Measured, StoredRecord};
use crate::write::{Written, write_member};

/// The WARC file that is written to.
pub(super) struct OpenWarc {
    /// Path in the archive.
    pub(super) name: String,
    pub(super) file: File,
    pub(super) length: u64,
    /// WARC-Record-ID of its warcinfo.
    pub(super) info: String,
    pub(super) touched: bool,
}

impl OpenWarc {
    pub(super) fn create(folder: &Path, name: String, info: String) -> Result<Self> {
        let path = folder.join(&name);
        if let Some(parent) = path.parent() {
            create_folder(parent)?;
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| io_error("create", &path, error))?;
        Ok(OpenWarc { name, file, length: 0, info, touched: false })
    }

    /// Opens a file to go on writing at `end`; what lies behind is cut.
    pub(super) fn reopen(folder: &Path, name: String, end: u64, info: String) -> Result<Self> {
        let path = folder.join(&name);
        let opened = OpenOptions::new().write(true).open(&path).and_then(|mut file| {
            file.set_len(end)?;
            file.seek(SeekFrom::Start(end))?;
            Ok(file)
        });
        let file = opened.map_err(|error| io_error("open", &path, error))?;
        Ok(OpenWarc { name, file, length: end, info, touched: false })
    }

    pub(super) fn write(
        &mut self,
        folder: &Path,
        id: &str,
        record_type: &str,
        head: &[u8],
        block: &mut dyn Read,
    ) -> Result<(StoredRecord, Written)> {
        self.touched = true;
        let mut out = io::BufWriter::with_capacity(128 * 1024, &self.file);
        let written = write_member(&mut out, head, block).and_then(|written| {
            out.flush()?;
            Ok(written)
        });
        drop(out);
        let written = written.map_err(|error| io_error("write", &folder.join(&self.name), error))?;
        let record = StoredRecord {
            id: id.to_owned(),
            record_type: record_type.to_owned(),
            block: Measured { digest: written.block, length: written.block_length },
            file: self.name.clone(),
            offset: self.length,
            stored: Some(Measured { digest: written.stored, length: written.stored_length }),
        };
        self.length += written.stored_length;
        Ok((record, written))
    }

    pub(super) fn sync(&self, folder: &Path) -> Result<()> {
        let path = folder.join(&self.name);
        self.file.sync_all().map_err(|error| io_error("sync", &path, error))?;
        path.parent().map_or(Ok(()), sync_folder)
    }
}

/// Day and number in `…/selon-20261122-000001.warc.gz`.
pub(crate) fn day_and_number(name: &str) -> Option<(String, u64)> {
    let stem = name.rsplit('/').next()?.strip_prefix("selon-")?.strip_suffix(".warc.gz")?;
    let (day, number) = stem.split_once('-')?;
    let digits = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((day.to_owned(), number.parse().ok()?))
}
