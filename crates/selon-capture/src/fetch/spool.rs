//! Bytes on their way in: in memory while they are few, then in a file that is gone with them.

use std::fs::File;
use std::io::{self, Cursor, Read, Write};

use tempfile::NamedTempFile;

use crate::archive::Content;

/// Bytes held in memory.
const IN_MEMORY: usize = 1 << 20;

/// What was received so far.
pub(super) struct Spool {
    memory: Vec<u8>,
    file: Option<NamedTempFile>,
    length: u64,
}

impl Spool {
    pub(super) fn new() -> Self {
        Spool { memory: Vec::new(), file: None, length: 0 }
    }

    /// Octets in it.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None if self.memory.len() + bytes.len() <= IN_MEMORY => {
                self.memory.extend_from_slice(bytes);
                Ok(())
            }
            None => {
                let mut file = NamedTempFile::new()?;
                file.write_all(&std::mem::take(&mut self.memory))?;
                file.write_all(bytes)?;
                self.file = Some(file);
                Ok(())
            }
        }
    }

    pub(super) fn read(&self) -> io::Result<Box<dyn Read + '_>> {
        match &self.file {
            Some(file) => Ok(Box::new(File::open(file.path())?)),
            None => Ok(Box::new(Cursor::new(&self.memory))),
        }
    }

    /// The bytes as something to keep. A file lasts as long as the spool.
    pub(super) fn content(&self) -> Content {
        match &self.file {
            Some(file) => Content::File(file.path().to_owned()),
            None => Content::Bytes(self.memory.clone()),
        }
    }
}
