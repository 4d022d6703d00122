//! What a file is, from its first bytes: which check it is given to.
//!
//! The name decides nothing but the words of the answer for a file that holds no evidence at all.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Serialize;

use crate::error::{Result, io_error};
use crate::limits::Limits;
use crate::timestamp::is_stamp;
use crate::wacz;
use crate::zip::ends_like_zip;

/// Kinds of files that can be held against something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// WARC 1.0 or 1.1, plain or gzip.
    Warc,
    /// ARC 1 or 2, plain or gzip: the format before WARC.
    Arc,
    /// A WACZ package, or another ZIP container, which is none.
    Wacz,
    /// A signed note, such as the checkpoint of a log.
    Note,
    /// A timestamp: an authority's response, or its token.
    Timestamp,
    /// A log in tiles (a folder).
    Log,
    /// Captures handed out with their proofs (a folder).
    Kit,
    /// Compressed in a way that is not read here.
    Unsupported,
    /// Nothing that can be verified.
    #[default]
    Unknown,
}

impl FileKind {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            FileKind::Warc => "WARC",
            FileKind::Arc => "ARC",
            FileKind::Wacz => "WACZ",
            FileKind::Note => "signed note",
            FileKind::Timestamp => "timestamp",
            FileKind::Log => "log",
            FileKind::Kit => "kit",
            FileKind::Unsupported => "unsupported",
            FileKind::Unknown => "unknown",
        }
    }
}

/// Whether a file holds records that are taken in one by one: WARC, WET, ARC or WACZ.
///
/// # Errors
/// When it cannot be read.
pub fn is_container(path: &Path) -> Result<bool> {
    let mut file = File::open(path).map_err(|error| io_error("open", path, error))?;
    match kind_of(&mut file).map_err(|error| io_error("read", path, error))? {
        FileKind::Warc | FileKind::Arc => Ok(true),
        FileKind::Wacz => wacz::is_package(&mut file, &Limits::default()),
        _ => Ok(false),
    }
}

/// Looks at the first bytes, and at the last where these tell nothing; the input stands at its beginning afterwards.
pub(crate) fn kind_of(input: &mut (impl Read + Seek)) -> std::io::Result<FileKind> {
    input.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    input.by_ref().take(64 * 1024).read_to_end(&mut head)?;
    let kind = match kind_of_head(&head) {
        // A container behind other bytes is one to programs that look at its end first.
        FileKind::Unknown if ends_like_zip(input)? => FileKind::Wacz,
        kind => kind,
    };
    input.seek(SeekFrom::Start(0))?;
    Ok(kind)
}

fn kind_of_head(head: &[u8]) -> FileKind {
    if is_unsupported(head) {
        return FileKind::Unsupported;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return FileKind::Wacz;
    }
    if head.first() == Some(&0x30) && is_stamp(head) {
        return FileKind::Timestamp;
    }
    let mut inflated = Vec::new();
    let content = if head.starts_with(&[0x1f, 0x8b]) {
        // A damaged member still shows how it began.
        let _ = GzDecoder::new(head).take(64).read_to_end(&mut inflated);
        inflated.as_slice()
    } else {
        head
    };
    if content.starts_with(b"filedesc:") {
        return FileKind::Arc;
    }
    if content.starts_with(b"WARC/") || memchr::memmem::find(head, b"\nWARC/1.").is_some() {
        return FileKind::Warc;
    }
    let note = std::str::from_utf8(head).is_ok_and(|text| text.contains("\n\n\u{2014} "));
    if note { FileKind::Note } else { FileKind::Unknown }
}

/// LZ4 and Zstandard frames (RFC 8878, 3.1), with the skippable frames that may go before them.
fn is_unsupported(head: &[u8]) -> bool {
    let Some(magic) = head.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes)) else { return false };
    matches!(magic, 0x184d_2204 | 0xfd2f_b528 | 0x184d_2a50..=0x184d_2a5f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], kind: FileKind) {
        assert_eq!(kind_of(&mut std::io::Cursor::new(head)).unwrap(), kind, "{head:?}");
    }

    #[test]
    fn told_by_first_bytes() {
        check(b"WARC/1.1\r\n", FileKind::Warc);
        check(b"junk\nWARC/1.0\r\n", FileKind::Warc);
        check(b"filedesc://a.arc 0.0.0.0 20140216050221 text/plain 75\n", FileKind::Arc);
        check(&[0x04, 0x22, 0x4d, 0x18, 0x64], FileKind::Unsupported);
        check(&[0x28, 0xb5, 0x2f, 0xfd, 0x00], FileKind::Unsupported);
        check(&[0x5d, 0x2a, 0x4d, 0x18, 0x00], FileKind::Unsupported);
        check("log.test\n3\nAAAA\n\n\u{2014} log.test AAAAAAAA\n".as_bytes(), FileKind::Note);
        check(b"PK\x03\x04", FileKind::Wacz);
        check(b"# Notes\n", FileKind::Unknown);
        let end = [&b"PK\x05\x06"[..], &[0; 18]].concat();
        check(&[b"# Notes\n", &end[..]].concat(), FileKind::Wacz);
        check(&[b"# Notes\n", &end[..], b"more"].concat(), FileKind::Unknown);
        check(b"", FileKind::Unknown);
    }
}
