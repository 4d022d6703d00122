//! gzip members, one at a time (RFC 1952), with exact offsets.
//!
//! A WARC file is a row of members, one per record, so that offset and stored length address a
//! record. General gzip readers glue members together and lose both; this one stops at each
//! member's end, checks its CRC-32 and length, and can be started again anywhere in the file.
//!
//! Most members are small and followed by another: such a one is inflated in one go by libdeflate,
//! which is twice as fast. Every other, and every one that fails there, is inflated piece by piece
//! by zlib-rs, so that what is said of damage is always said by the same code.

use std::io::{Read, Seek};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use libdeflater::Decompressor;

use crate::error::{Result, stream_error};
use crate::input::Input;

/// Why a member cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GzipFault {
    /// The two magic bytes and the method are not there.
    NotGzip,
    /// The file ends inside the member.
    Truncated,
    /// Reserved flags, or optional header fields beyond the limit.
    Header,
    /// The deflate data are damaged.
    Data,
    /// CRC-32 or length in the trailer differ from what was inflated.
    Checksum,
}

/// Inflates one member after another from an [`Input`].
pub(crate) struct Inflater {
    inflate: Decompress,
    at_once: Decompressor,
    /// At least [`OUT`] bytes.
    out: Vec<u8>,
    start: usize,
    end: usize,
    crc: Crc,
    open: bool,
}

/// Inflated bytes held at once, where a member is inflated piece by piece.
const OUT: usize = 128 * 1024;
/// Longest member that is inflated in one go, stored and inflated.
const WHOLE_STORED: usize = 512 * 1024;
const WHOLE_OUT: usize = 4 * 1024 * 1024;
/// Stored bytes in which most members end.
const NEAR: usize = 64 * 1024;
/// Bytes of a member's header without optional fields, and of its trailer.
const BARE_HEADER: usize = 10;
const TRAILER: usize = 8;

impl Inflater {
    pub(crate) fn new() -> Self {
        Inflater {
            inflate: Decompress::new(false),
            at_once: Decompressor::new(),
            out: vec![0; OUT],
            start: 0,
            end: 0,
            crc: Crc::new(),
            open: false,
        }
    }

    /// The same as [`Inflater::begin`], for a member that will be read to its end.
    pub(crate) fn begin_to_end<R: Read + Seek>(
        &mut self,
        input: &mut Input<R>,
        limit: usize,
    ) -> Result<std::result::Result<(), GzipFault>> {
        let is_last = input.length() <= input.position() + WHOLE_STORED as u64;
        // What is buffered is moved to look further only where the next member does not begin in it.
        let mut length = whole_member(input.peek(NEAR).map_err(stream_error)?, false);
        if length.is_none() {
            length = whole_member(input.peek(WHOLE_STORED).map_err(stream_error)?, is_last);
        }
        if let Some(length) = length
            && let Some(inflated) = self.inflate_at_once(&input.peek(0).map_err(stream_error)?[..length])
        {
            (self.start, self.end, self.open) = (0, inflated, false);
            input.consume(length);
            return Ok(Ok(()));
        }
        self.begin(input, limit)
    }

    /// Inflates what is one whole member if it is right; gives the inflated length.
    ///
    /// The library does not say where in the bytes the member ended, but it ended with the CRC-32 and the
    /// length of what was inflated. Where the length stands at the end of the bytes and nowhere before, the
    /// member ended there and nothing is left over; else the CRC-32 has to as well.
    fn inflate_at_once(&mut self, member: &[u8]) -> Option<usize> {
        let trailer = &member[member.len() - TRAILER..];
        let length = u32::from_le_bytes(trailer[4..].try_into().ok()?) as usize;
        if length > WHOLE_OUT {
            return None;
        }
        if self.out.len() < length {
            self.out.resize(length, 0);
        }
        let inflated = self.at_once.gzip_decompress(member, &mut self.out[..length]).ok()?;
        let before_end = &member[..member.len() - 1];
        let stands_before = |end: &[u8]| memchr::memmem::find(before_end, end).is_some();
        let ends_here = inflated == length
            && (!stands_before(&trailer[4..])
                || trailer[..4] == libdeflater::crc32(&self.out[..length]).to_le_bytes()
                    && !stands_before(trailer));
        ends_here.then_some(length)
    }

    /// Reads a member's header at the input's position (RFC 1952, section 2.3).
    /// `limit` bounds the optional fields.
    pub(crate) fn begin<R: Read + Seek>(
        &mut self,
        input: &mut Input<R>,
        limit: usize,
    ) -> Result<std::result::Result<(), GzipFault>> {
        self.inflate.reset(false);
        (self.start, self.end, self.open) = (0, 0, false);
        self.crc = Crc::new();
        let fixed = input.peek(10).map_err(stream_error)?;
        if !starts_like_gzip(fixed) {
            return Ok(Err(GzipFault::NotGzip));
        }
        if fixed.len() < 10 {
            return Ok(Err(GzipFault::Truncated));
        }
        let flags = fixed[3];
        input.consume(10);
        if flags & 0xe0 != 0 {
            return Ok(Err(GzipFault::Header));
        }
        let mut left = limit;
        if flags & 0x04 != 0 {
            let length = input.peek(2).map_err(stream_error)?;
            if length.len() < 2 {
                return Ok(Err(GzipFault::Truncated));
            }
            let extra = u16::from_le_bytes([length[0], length[1]]) as usize;
            input.consume(2);
            if extra > left {
                return Ok(Err(GzipFault::Header));
            }
            left -= extra;
            if let Err(fault) = skip(input, extra)? {
                return Ok(Err(fault));
            }
        }
        for flag in [0x08, 0x10] {
            if flags & flag != 0 {
                match skip_text(input, left)? {
                    Ok(used) => left -= used,
                    Err(fault) => return Ok(Err(fault)),
                }
            }
        }
        if flags & 0x02 != 0
            && let Err(fault) = skip(input, 2)?
        {
            return Ok(Err(fault));
        }
        self.open = true;
        Ok(Ok(()))
    }

    /// Inflated bytes of the open member; none at its end, when its trailer has been checked
    /// and the input stands behind it.
    pub(crate) fn fill<R: Read + Seek>(
        &mut self,
        input: &mut Input<R>,
    ) -> Result<std::result::Result<&[u8], GzipFault>> {
        while self.start == self.end && self.open {
            let stored = input.fill().map_err(stream_error)?;
            let finished_input = stored.is_empty();
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(stored, &mut self.out[..OUT], FlushDecompress::None);
            let used = (self.inflate.total_in() - before_in) as usize;
            let made = (self.inflate.total_out() - before_out) as usize;
            input.consume(used);
            (self.start, self.end) = (0, made);
            self.crc.update(&self.out[..made]);
            match status {
                Err(_) => {
                    self.open = false;
                    return Ok(Err(GzipFault::Data));
                }
                Ok(Status::StreamEnd) => {
                    self.open = false;
                    if let Err(fault) = self.check_trailer(input)? {
                        (self.start, self.end) = (0, 0);
                        return Ok(Err(fault));
                    }
                }
                Ok(Status::Ok | Status::BufError) if used == 0 && made == 0 => {
                    self.open = false;
                    let fault = if finished_input { GzipFault::Truncated } else { GzipFault::Data };
                    return Ok(Err(fault));
                }
                Ok(_) => {}
            }
        }
        Ok(Ok(&self.out[self.start..self.end]))
    }

    pub(crate) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    fn check_trailer<R: Read + Seek>(
        &mut self,
        input: &mut Input<R>,
    ) -> Result<std::result::Result<(), GzipFault>> {
        let trailer = input.peek(8).map_err(stream_error)?;
        if trailer.len() < 8 {
            return Ok(Err(GzipFault::Truncated));
        }
        let crc = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
        let length = u32::from_le_bytes([trailer[4], trailer[5], trailer[6], trailer[7]]);
        input.consume(8);
        let right = crc == self.crc.sum() && length == self.inflate.total_out() as u32;
        Ok(if right { Ok(()) } else { Err(GzipFault::Checksum) })
    }
}

/// Two magic bytes, and deflate.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// Whether the bytes can be the start of a member, as far as they go.
pub(crate) fn starts_like_gzip(bytes: &[u8]) -> bool {
    let shared = bytes.len().min(MAGIC.len());
    shared > 0 && bytes[..shared] == MAGIC[..shared]
}

/// Length of the member at the beginning, if it has no optional fields and goes to where the next one
/// seems to begin, or to the end of the file.
fn whole_member(stored: &[u8], is_last: bool) -> Option<usize> {
    if stored.len() < BARE_HEADER + TRAILER || !starts_like_gzip(stored) || stored[3] != 0 {
        return None;
    }
    let next = memchr::memmem::find(&stored[BARE_HEADER..], &MAGIC).map(|at| BARE_HEADER + at);
    next.or(is_last.then_some(stored.len())).filter(|length| *length >= BARE_HEADER + TRAILER)
}

fn skip<R: Read + Seek>(input: &mut Input<R>, count: usize) -> Result<std::result::Result<(), GzipFault>> {
    let mut left = count;
    while left > 0 {
        let available = input.fill().map_err(stream_error)?.len();
        if available == 0 {
            return Ok(Err(GzipFault::Truncated));
        }
        let step = available.min(left);
        input.consume(step);
        left -= step;
    }
    Ok(Ok(()))
}

/// Skips a text ended by NUL; gives its length.
fn skip_text<R: Read + Seek>(
    input: &mut Input<R>,
    limit: usize,
) -> Result<std::result::Result<usize, GzipFault>> {
    let mut used = 0;
    loop {
        let available = input.fill().map_err(stream_error)?;
        if available.is_empty() {
            return Ok(Err(GzipFault::Truncated));
        }
        let end = available.iter().position(|&byte| byte == 0);
        let step = end.map_or(available.len(), |end| end + 1);
        input.consume(step);
        used += step;
        if used > limit {
            return Ok(Err(GzipFault::Header));
        }
        if end.is_some() {
            return Ok(Ok(used));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, GzBuilder};
    use std::io::{Cursor, Write};

    pub(super) fn member(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzBuilder::new().write(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Offset, stored length and content of each member, and how it ended.
    type Members = (Vec<(u64, u64, Vec<u8>)>, Option<GzipFault>);

    fn members(file: Vec<u8>) -> Members {
        let found = members_so(file.clone(), false);
        assert_eq!(members_so(file, true), found, "in one go, and piece by piece");
        found
    }

    fn members_so(file: Vec<u8>, to_end: bool) -> Members {
        let mut input = Input::new(Cursor::new(file)).unwrap();
        let mut inflater = Inflater::new();
        let mut found = Vec::new();
        loop {
            let offset = input.position();
            if input.fill().unwrap().is_empty() {
                return (found, None);
            }
            let begun = match to_end {
                true => inflater.begin_to_end(&mut input, 1000),
                false => inflater.begin(&mut input, 1000),
            };
            if let Err(fault) = begun.unwrap() {
                return (found, Some(fault));
            }
            let mut content = Vec::new();
            loop {
                match inflater.fill(&mut input).unwrap() {
                    Err(fault) => return (found, Some(fault)),
                    Ok([]) => break,
                    Ok(bytes) => {
                        content.extend_from_slice(bytes);
                        let taken = bytes.len();
                        inflater.consume(taken);
                    }
                }
            }
            found.push((offset, input.position() - offset, content));
        }
    }

    #[test]
    fn finds_each_member_with_its_offsets() {
        let (first, empty) = (member(b"one"), member(b""));
        let mut named = GzBuilder::new()
            .filename("a")
            .comment("b")
            .extra(vec![1, 2])
            .write(Vec::new(), Compression::fast());
        named.write_all(&[7; 500_000]).unwrap();
        let named = named.finish().unwrap();
        let (found, fault) = members([first.clone(), empty.clone(), named.clone()].concat());
        assert_eq!(fault, None);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], (0, first.len() as u64, b"one".to_vec()));
        assert_eq!(found[1], (first.len() as u64, empty.len() as u64, Vec::new()));
        assert_eq!((found[2].1, found[2].2.len()), (named.len() as u64, 500_000));
    }

    #[test]
    fn names_the_damage() {
        let good = member(b"some bytes of a record");
        assert_eq!(members(b"WARC/1.1".to_vec()).1, Some(GzipFault::NotGzip));
        for cut in 1..good.len() {
            assert_eq!(members(good[..cut].to_vec()).1, Some(GzipFault::Truncated), "cut at {cut}");
        }
        let mut wrong_crc = good.clone();
        *wrong_crc.iter_mut().nth_back(7).unwrap() ^= 1;
        assert_eq!(members(wrong_crc).1, Some(GzipFault::Checksum));
        let mut reserved = good.clone();
        reserved[3] = 0x80;
        assert_eq!(members(reserved).1, Some(GzipFault::Header));
        let mut long_name = good;
        long_name[3] = 0x08;
        long_name.splice(10..10, [b'x'; 2000]);
        assert_eq!(members(long_name).1, Some(GzipFault::Header));
    }

    #[test]
    fn a_member_ends_where_it_ends() {
        let one = member(b"some bytes of a record");
        let trailer = &one[one.len() - TRAILER..];
        // Bytes between two members, which end as the first does.
        let (found, fault) = members([&one[..], b"between", trailer, &member(b"two")].concat());
        assert_eq!((found.len(), fault), (1, Some(GzipFault::NotGzip)));
        // Which state the same length, and no more.
        for behind in [member(b"two"), Vec::new()] {
            let (found, fault) = members([&one[..], b"between", &trailer[4..], &behind].concat());
            assert_eq!((found.len(), fault), (1, Some(GzipFault::NotGzip)));
        }
        // The sign of a member inside one: stored blocks keep it as it is.
        let mut stored = GzBuilder::new().write(Vec::new(), Compression::none());
        stored.write_all(&[&MAGIC[..], &[0; 30], &MAGIC].concat()).unwrap();
        let stored = stored.finish().unwrap();
        let (found, fault) = members([stored.clone(), one.clone(), stored.clone()].concat());
        assert_eq!((found.len(), fault), (3, None));
        assert_eq!(found[1].0, stored.len() as u64);
        // Longer than is inflated in one go.
        let long = member(&[7; WHOLE_OUT + 1]);
        assert_eq!(members([long.clone(), one].concat()).0[1].0, long.len() as u64);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), gz: bool) {
            if gz {
                bytes.splice(0..0, [0x1f, 0x8b, 0x08]);
            }
            members(bytes);
        }
    }
}
