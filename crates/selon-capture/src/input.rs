//! A buffered, seekable input that knows where it is and can hash what it hands out.
//!
//! WARC evidence is addressed by file offsets, and recovery after damage goes back to an offset:
//! both need a position that is exact whatever lies in the buffer.

use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest as _, Sha256};

/// Bytes held, so that half of them can be looked at in one piece.
const BUFFER: usize = 1024 * 1024;

pub(crate) struct Input<R> {
    inner: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// File offset of `buffer[0]`.
    base: u64,
    length: u64,
    hasher: Option<Sha256>,
}

impl<R: Read + Seek> Input<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(Input {
            inner,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            base: 0,
            length,
            hasher: None,
        })
    }

    /// Length of the file when it was opened.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Offset of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Buffered bytes, never none before the end of the file.
    pub(crate) fn fill(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.base += self.end as u64;
            (self.start, self.end) = (0, 0);
            self.end = read_some(&mut self.inner, &mut self.buffer)?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// At least `count` bytes (at most half a buffer), fewer only before the end of the file.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        debug_assert!(count <= BUFFER / 2);
        if self.end - self.start < count {
            self.buffer.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            (self.start, self.end) = (0, self.end - self.start);
            while self.end < count {
                let read = read_some(&mut self.inner, &mut self.buffer[self.end..])?;
                if read == 0 {
                    break;
                }
                self.end += read;
            }
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Takes bytes that `fill` or `peek` showed.
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&self.buffer[self.start..self.start + count]);
        }
        self.start += count;
    }

    pub(crate) fn seek(&mut self, offset: u64) -> io::Result<()> {
        if (self.base..=self.base + self.end as u64).contains(&offset) {
            self.start = (offset - self.base) as usize;
        } else {
            self.inner.seek(SeekFrom::Start(offset))?;
            self.base = offset;
            (self.start, self.end) = (0, 0);
        }
        Ok(())
    }

    /// Hashes everything consumed from here on.
    pub(crate) fn begin_hash(&mut self) {
        self.hasher = Some(Sha256::new());
    }

    /// SHA-256 of what was consumed since `begin_hash`.
    pub(crate) fn end_hash(&mut self) -> Option<[u8; 32]> {
        self.hasher.take().map(|hasher| hasher.finalize().into())
    }
}

fn read_some(inner: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn keeps_its_position_across_fills_peeks_and_seeks() {
        let bytes: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
        let mut input = Input::new(Cursor::new(bytes.clone())).unwrap();
        assert_eq!(input.length(), 3_000_000);
        input.fill().unwrap();
        input.consume(1_048_000);
        assert_eq!(input.peek(1000).unwrap()[..1000], bytes[1_048_000..1_049_000]);
        assert_eq!(input.position(), 1_048_000);
        input.seek(2_999_999).unwrap();
        assert_eq!(input.peek(10).unwrap(), &bytes[2_999_999..]);
        input.consume(1);
        assert!(input.fill().unwrap().is_empty());
        input.seek(7).unwrap();
        input.begin_hash();
        let shown = input.peek(3).unwrap()[..3].to_vec();
        input.consume(3);
        assert_eq!(input.end_hash().unwrap(), <[u8; 32]>::from(Sha256::digest(&shown)));
        assert_eq!(shown, bytes[7..10]);
    }
}
