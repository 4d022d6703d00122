//! Writing WARC 1.1: one gzip member a record, a SHA-256 block digest on every record.
//!
//! The member's header carries neither name nor time, so the same record gives the same bytes.
//! Everything that a manifest lists of a record is taken while it is written.

use std::io::{self, Read, Write};

use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use selon_model::Digest;
use sha2::{Digest as _, Sha256};

/// What was written.
pub(crate) struct Written {
    /// Bytes of the member.
    pub(crate) stored_length: u64,
    /// SHA-256 of the member.
    pub(crate) stored: Digest,
    /// SHA-256 of the block.
    pub(crate) block: Digest,
    /// Octets of the block.
    pub(crate) block_length: u64,
    /// SHA-256 of header and block.
    pub(crate) record: Digest,
}

/// Writes a record with this header (its empty line included) and this block as one member.
///
/// The header states digest and length of the block; the caller compares them with what is given
/// back, since a file may change while it is read.
pub(crate) fn write_member(out: &mut dyn Write, header: &[u8], block: &mut dyn Read) -> io::Result<Written> {
    let mut encoder =
        GzBuilder::new().write(Tee { out, hasher: Sha256::new(), length: 0 }, Compression::default());
    encoder.write_all(header)?;
    let mut record = Sha256::new_with_prefix(header);
    let (mut hasher, mut block_length) = (Sha256::new(), 0);
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = match block.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        encoder.write_all(&piece[..read])?;
        hasher.update(&piece[..read]);
        record.update(&piece[..read]);
        block_length += read as u64;
    }
    encoder.write_all(b"\r\n\r\n")?;
    let tee = encoder.finish()?;
    Ok(Written {
        stored_length: tee.length,
        stored: Digest::from_bytes(tee.hasher.finalize().into()),
        block: Digest::from_bytes(hasher.finalize().into()),
        block_length,
        record: Digest::from_bytes(record.finalize().into()),
    })
}

/// Hashes and counts what passes.
struct Tee<'o> {
    out: &'o mut dyn Write,
    hasher: Sha256,
    length: u64,
}

impl Write for Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A record's header from its fields. Values hold no line ends: they are ids, dates, digests and
/// media types that were checked where they came in.
pub(crate) fn header(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from("WARC/1.1\r\n");
    for (name, value) in fields {
        debug_assert!(!value.contains(['\r', '\n']));
        text.push_str(name);
        text.push_str(": ");
        text.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// WARC-Date with six fraction digits.
pub(crate) fn warc_date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A random `urn:uuid:` (RFC 9562, version 4) from 16 random bytes.
pub(crate) fn record_id(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let hex = crate::digest::hex(&random);
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The block of the warcinfo record that opens a file.
pub(crate) fn warcinfo_block(software: &str) -> Vec<u8> {
    format!(
        "software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    )
    .into_bytes()
}
