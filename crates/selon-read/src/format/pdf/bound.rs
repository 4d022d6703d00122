//! What a PDF file may cost, measured before it is parsed: its compressed streams are inflated and
//! counted one by one, and nothing is kept.

use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;
use selon_model::Note;

/// Bytes of a file at most.
const FILE: usize = 64 << 20;
/// Bytes that one stream may hold.
const STREAM: u64 = 32 << 20;
/// Bytes that all streams may hold.
const STREAMS: u64 = 256 << 20;
/// Streams inside streams that are looked into.
const NESTED: usize = 3;
/// Bytes before a stream in which its dictionary stands.
const DICTIONARY: usize = 1024;
/// Bytes of a stream whose coding cannot be measured.
const UNMEASURED: usize = 256 << 10;

/// Why a file is not read; `None` where it is within all limits.
pub(super) fn refuse(bytes: &[u8]) -> Option<Note> {
    if bytes.len() > FILE {
        return Some(limit(format!("the PDF has {} bytes; up to {FILE} are read", bytes.len())));
    }
    if memmem::find(bytes, b"/Encrypt").is_some() {
        return Some(encrypted());
    }
    let mut all = 0;
    for start in streams(bytes) {
        let dictionary = &bytes[start.saturating_sub(DICTIONARY)..start];
        let rest = &bytes[start..];
        if is_unmeasured(dictionary) && length(rest) > UNMEASURED {
            return Some(limit("a stream of the PDF has a coding whose size cannot be told".to_owned()));
        }
        let size = inflated(rest, NESTED);
        all += size;
        if size > STREAM || all > STREAMS {
            return Some(limit("the streams of the PDF hold more than is read".to_owned()));
        }
    }
    None
}

/// An encrypted file is refused: its streams cannot be measured.
pub(super) fn encrypted() -> Note {
    Note::new(
        "pdf_encrypted",
        "the PDF is encrypted: print it to a new PDF without a password, and read that",
    )
}

fn limit(message: String) -> Note {
    Note::new("limit", message)
}

/// Where the bytes of each stream begin.
fn streams(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memmem::find_iter(bytes, b"stream").filter_map(|at| {
        let after = at + b"stream".len();
        let ends = bytes[..at].ends_with(b"end");
        match bytes.get(after..after + 2) {
            _ if ends => None,
            Some(b"\r\n") => Some(after + 2),
            Some([b'\n' | b'\r', _]) => Some(after + 1),
            _ => None,
        }
    })
}

/// LZW, and text codings around a compressed stream.
fn is_unmeasured(dictionary: &[u8]) -> bool {
    let from = memmem::rfind(dictionary, b"obj").unwrap_or(0);
    let has = |name: &[u8]| memmem::find(&dictionary[from..], name).is_some();
    let wrapped = has(b"ASCII85Decode") || has(b"ASCIIHexDecode") || has(b"/A85") || has(b"/AHx");
    has(b"LZWDecode") || has(b"/LZW") || (wrapped && (has(b"FlateDecode") || has(b"/Fl")))
}

fn length(rest: &[u8]) -> usize {
    memmem::find(rest, b"endstream").unwrap_or(rest.len())
}

/// Bytes that a zlib stream at the beginning of `bytes` holds, at most one more than [`STREAM`];
/// 0 where there is none.
fn inflated(bytes: &[u8], nested: usize) -> u64 {
    // RFC 1950: method 8, and a check that makes the first two bytes a multiple of 31.
    let is_zlib = matches!(bytes, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    if !is_zlib || nested == 0 {
        return 0;
    }
    let mut decoder = ZlibDecoder::new(bytes).take(STREAM + 1);
    let mut head = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    while let Ok(read) = decoder.read(&mut buffer) {
        if read == 0 {
            break;
        }
        size += read as u64;
        if head.len() < 1 << 20 {
            head.extend_from_slice(&buffer[..read]);
        }
    }
    size.max(inflated(&head, nested - 1))
}
