//! Removing content-codings (gzip, deflate, br, zstd) under limits.
//!
//! What a server sent is kept as it was; decoding is only for reading. A small body that unpacks
//! to more than any page is stopped at a size or a ratio, and said so. A coding that is not known
//! is named as such.

use std::cell::RefCell;
use std::io::{self, Read as _, Write};
use std::rc::Rc;

use brotli_decompressor::DecompressorWriter;
use ruzstd::decoding::StreamingDecoder;

use crate::code::Code;
use crate::limits::Limits;

/// Streams bytes through the inverse of a list of codings.
pub(crate) struct Decoder {
    chain: Box<dyn Write>,
    state: Rc<RefCell<State>>,
    stopped: Option<Code>,
}

struct State {
    stored: u64,
    decoded: u64,
    limits: Limits,
    keep: Option<Vec<u8>>,
    over: bool,
}

/// The end of the chain: counts, keeps, and refuses what is too much.
struct Sink(Rc<RefCell<State>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.borrow_mut();
        state.decoded += bytes.len() as u64;
        let ratio = state.decoded / state.stored.max(1);
        if state.decoded > state.limits.decoded
            || (state.decoded > state.limits.decoded_free && ratio > state.limits.decoded_ratio)
        {
            state.over = true;
            return Err(io::Error::other("decode limit"));
        }
        if let Some(keep) = &mut state.keep {
            keep.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `deflate` is zlib by the standard (RFC 9110, 8.4.1.2) and raw deflate by habit: the first two
/// bytes tell.
enum Deflate {
    Start(Vec<u8>, Option<Box<dyn Write>>),
    Open(Box<dyn Write>),
}

impl Write for Deflate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Deflate::Open(inner) => inner.write(bytes),
            Deflate::Start(first, next) => {
                let taken = bytes.len().min(2 - first.len());
                first.extend_from_slice(&bytes[..taken]);
                if first.len() == 2
                    && let Some(next) = next.take()
                {
                    let zlib = first[0] & 0x0f == 8 && u16::from_be_bytes([first[0], first[1]]) % 31 == 0;
                    let mut inner: Box<dyn Write> = if zlib {
                        Box::new(flate2::write::ZlibDecoder::new(next))
                    } else {
                        Box::new(flate2::write::DeflateDecoder::new(next))
                    };
                    inner.write_all(first)?;
                    *self = Deflate::Open(inner);
                }
                Ok(taken)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Deflate::Open(inner) => inner.flush(),
            Deflate::Start(..) => Ok(()),
        }
    }
}

/// Zstandard (RFC 8878) is read from a source, not written to: what is stored is held, up to a
/// limit, and decoded at the end.
struct Zstd {
    stored: Vec<u8>,
    most: u64,
    next: Box<dyn Write>,
}

/// Brotli with the windows that HTTP knows. The first seven bits 0010001 stand for none of them (RFC 7932,
/// section 9.1); the library takes them for one of up to a gigabyte.
struct Brotli<W: Write> {
    begun: bool,
    next: DecompressorWriter<W>,
}

impl<W: Write> Write for Brotli<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let first = bytes.first().filter(|_| !self.begun);
        if first.is_some_and(|first| first & 0x7f == 0x11) {
            return Err(io::Error::other("a window beyond those of RFC 7932"));
        }
        self.begun |= first.is_some();
        self.next.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.next.flush()
    }
}

/// Largest window of the coding in HTTP (RFC 9659, section 3).
const ZSTD_WINDOW: u64 = 8 << 20;

impl Write for Zstd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stored.len() as u64 + bytes.len() as u64 > self.most {
            return Err(io::Error::other("stored limit"));
        }
        self.stored.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let stored = std::mem::take(&mut self.stored);
        let mut rest = stored.as_slice();
        // Frames may follow each other.
        while !rest.is_empty() {
            let mut decoder = StreamingDecoder::new_with_max_window_size(&mut rest, ZSTD_WINDOW)
                .map_err(|error| io::Error::other(error.to_string()))?;
            let mut piece = [0; 16 * 1024];
            loop {
                match decoder.read(&mut piece)? {
                    0 => break,
                    read => self.next.write_all(&piece[..read])?,
                }
            }
        }
        self.next.flush()
    }
}

impl Decoder {
    /// A decoder for `codings` in the order of Content-Encoding; keeps what it decodes if asked.
    pub(crate) fn new(codings: &[String], keep: bool, limits: &Limits) -> Self {
        let state = Rc::new(RefCell::new(State {
            stored: 0,
            decoded: 0,
            limits: limits.clone(),
            keep: keep.then(Vec::new),
            over: false,
        }));
        let mut stopped = (codings.len() > limits.layers).then_some(Code::DecodeLimit);
        let mut chain: Box<dyn Write> = Box::new(Sink(Rc::clone(&state)));
        for coding in codings.iter().take(limits.layers) {
            chain = match coding.as_str() {
                "gzip" | "x-gzip" => Box::new(flate2::write::MultiGzDecoder::new(chain)),
                "deflate" => Box::new(Deflate::Start(Vec::new(), Some(chain))),
                "br" => Box::new(Brotli { begun: false, next: DecompressorWriter::new(chain, 16 * 1024) }),
                "zstd" => Box::new(Zstd { stored: Vec::new(), most: limits.payload, next: chain }),
                _ => {
                    stopped = Some(Code::DecodeFault);
                    break;
                }
            };
        }
        Decoder { chain, state, stopped }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(4096) {
            if self.stopped.is_some() {
                return;
            }
            self.state.borrow_mut().stored += piece.len() as u64;
            if self.chain.write_all(piece).is_err() {
                let over = self.state.borrow().over;
                self.stopped = Some(if over { Code::DecodeLimit } else { Code::DecodeFault });
            }
        }
    }

    /// What was kept, and what stopped it.
    pub(crate) fn finish(mut self) -> (Vec<u8>, Option<Code>) {
        if self.stopped.is_none() && self.chain.flush().is_err() {
            let over = self.state.borrow().over;
            self.stopped = Some(if over { Code::DecodeLimit } else { Code::DecodeFault });
        }
        // The last bytes of a chain come out when its writers are dropped; an error there can
        // only be one of those above.
        drop(self.chain);
        let mut state = self.state.borrow_mut();
        let stopped = self.stopped.or(state.over.then_some(Code::DecodeLimit));
        (state.keep.take().unwrap_or_default(), stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(codings: &[&str], stored: &[u8], expected: &[u8], code: Option<Code>) {
        let codings: Vec<String> = codings.iter().map(|coding| coding.to_string()).collect();
        let mut decoder = Decoder::new(&codings, true, &Limits::default());
        for piece in stored.chunks(7) {
            decoder.feed(piece);
        }
        let (decoded, stopped) = decoder.finish();
        assert_eq!(stopped, code, "{codings:?}");
        if code.is_none() {
            assert_eq!(decoded, expected);
        }
    }

    #[test]
    fn removes_codings_in_order() {
        let text = b"Alep, ce lundi 12".repeat(900);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text).unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&text).unwrap();
        check(&[], &text, &text, None);
        check(&["gzip"], &gz(&text), &text, None);
        check(&["gzip", "x-gzip"], &gz(&gz(&text)), &text, None);
        check(&["deflate"], &zlib.finish().unwrap(), &text, None);
        check(&["deflate"], &raw.finish().unwrap(), &text, None);
        check(&["br"], BROTLI, &text, None);
        check(&["br", "gzip"], &gz(BROTLI), &text, None);
        let zstd = compress_to_vec(text.as_slice(), CompressionLevel::Fastest);
        check(&["zstd"], &zstd, &text, None);
        check(&["zstd", "gzip"], &gz(&zstd), &text, None);
        check(
            &["gzip", "zstd"],
            &compress_to_vec(gz(&text).as_slice(), CompressionLevel::Fastest),
            &text,
            None,
        );
        check(&["br"], &text, &[], Some(Code::DecodeFault));
        check(&["br"], LARGE_WINDOW, &[], Some(Code::DecodeFault));
        check(&["zstd"], &text, &[], Some(Code::DecodeFault));
        check(&["zstd"], &zstd[..zstd.len() / 2], &[], Some(Code::DecodeFault));
        check(&["compress"], &text, &[], Some(Code::DecodeFault));
        check(&["gzip"], b"not gzip at all", &[], Some(Code::DecodeFault));
        check(&["gzip"; 4], &gz(&text), &[], Some(Code::DecodeLimit));
    }

    /// The text of the test below, as a server sends it.
    const BROTLI: &[u8] = &[
        27, 195, 59, 0, 44, 14, 204, 211, 151, 7, 233, 116, 79, 96, 138, 188, 248, 146, 45, 40, 166, 100,
        198, 18, 196, 13, 174, 202, 234, 146, 133, 44, 45, 30, 12, 234, 182, 25, 128, 153, 88, 11, 1,
    ];

    /// Nothing, with a window of 2^30 octets, which only the coding's other form has.
    const LARGE_WINDOW: &[u8] = &[0x11, 0xde];

    #[test]
    fn a_bomb_is_stopped_by_ratio() {
        let zeros = vec![0; 30_000_000];
        let zstd = compress_to_vec(zeros.as_slice(), CompressionLevel::Fastest);
        check(&["zstd"], &zstd, &[], Some(Code::DecodeLimit));
        check(&["gzip"], &gz(&vec![0; 30_000_000]), &[], Some(Code::DecodeLimit));
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), which in 0usize..4) {
            let codings = [["br"], ["zstd"], ["gzip"], ["deflate"]][which].map(str::to_owned);
            let mut decoder = Decoder::new(&codings, true, &Limits::default());
            decoder.feed(&bytes);
            decoder.finish();
        }
    }
}
