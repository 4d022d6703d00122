//! Bytes of a thing to keep, in memory or in a file.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use selon_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::{Result, io_error};
use crate::evidence::HashWriter;
use crate::manifest::Measured;

/// Bytes of a thing to keep.
#[derive(Clone, Debug)]
pub enum Content {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file, which is read and never held. It must not change while it is read.
    File(PathBuf),
}

/// Digest and length of a content.
pub(crate) fn measure(content: &Content) -> Result<Measured> {
    if let Content::Bytes(bytes) = content {
        return Ok(Measured { digest: Digest::of(bytes), length: bytes.len() as u64 });
    }
    let mut hasher = Sha256::new();
    let length = io::copy(&mut *open(content)?, &mut HashWriter(&mut hasher))
        .map_err(|error| io_error("read", Path::new(&name_of(content)), error))?;
    Ok(Measured { digest: Digest::from_bytes(hasher.finalize().into()), length })
}

pub(crate) fn open(content: &Content) -> Result<Box<dyn Read + '_>> {
    match content {
        Content::Bytes(bytes) => Ok(Box::new(Cursor::new(bytes))),
        Content::File(path) => File::open(path)
            .map(|file| Box::new(file) as Box<dyn Read>)
            .map_err(|error| io_error("open", path, error)),
    }
}

pub(crate) fn name_of(content: &Content) -> String {
    match content {
        Content::Bytes(_) => "the input".to_owned(),
        Content::File(path) => path.display().to_string(),
    }
}
