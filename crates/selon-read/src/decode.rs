//! From payload bytes to text: content-coding and encoding.
//!
//! The bytes decide before any label: a byte order mark, then UTF-8 that is valid as a whole,
//! then what the transport and the page say, then what the bytes look like. Labels follow the
//! WHATWG Encoding Standard, section 4.2 (iso-8859-1 is windows-1252). Nothing is mended
//! silently: what could not be decoded is U+FFFD and counted in a note.

use std::borrow::Cow;
use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use selon_model::{Digest, Note, SourceMap};

use crate::document::Document;
use crate::page::Page;

/// A document longer than this is read up to here.
pub(crate) const DOCUMENT_LIMIT: usize = 16 << 20;
/// Bytes of non-ASCII text, with their surroundings, that the guess looks at.
const GUESS_BYTES: usize = 4 << 10;
/// Bytes in which a page's own label is looked for, where the head has no end.
const HEAD_LIMIT: usize = 1 << 20;

/// A document as text.
pub(crate) struct Decoded {
    /// The text, valid UTF-8, without byte order mark.
    pub(crate) text: String,
    /// Name of the encoding (WHATWG).
    pub(crate) encoding: &'static str,
    /// Content-coding that was undone.
    pub(crate) coding: Option<&'static str>,
    /// Digest and length of the document's bytes; only where a source map is asked for.
    pub(crate) bytes: Option<(Digest, u64)>,
    /// What was found out on the way.
    pub(crate) notes: Vec<Note>,
    /// How offsets of `text` stand to bytes of the document.
    pub(crate) offsets: Offsets,
}

impl Decoded {
    fn of(
        text: String,
        encoding: &'static Encoding,
        coding: Option<&'static str>,
        notes: Vec<Note>,
        offsets: Offsets,
    ) -> Self {
        Decoded { text, encoding: encoding.name(), coding, bytes: None, notes, offsets }
    }

    /// Turns the byte ranges of a page from offsets of `text` into bytes of the document
    /// (content-coding removed).
    pub(crate) fn to_document_bytes(&self, page: &mut Page) {
        let blocks = page.text.blocks.iter_mut().map(|block| &mut block.source);
        let mut ranges: Vec<&mut (u64, u64)> = Vec::new();
        for source in blocks.chain(page.dropped.iter_mut().map(|dropped| &mut dropped.source)) {
            ranges.extend(source.as_mut());
        }
        ranges.extend(page.runs.iter_mut().flatten().map(|run| &mut run.source));
        let mut ends: Vec<&mut u64> = ranges.into_iter().flat_map(|(start, end)| [start, end]).collect();
        match &self.offsets {
            Offsets::Shifted(by) => ends.into_iter().for_each(|end| *end += by),
            Offsets::Characters => {
                ends.sort();
                let mut characters = self.text.char_indices().map(|(at, _)| at as u64);
                let (mut passed, mut at) = (0, characters.next());
                for end in ends {
                    while at.is_some_and(|at| at < *end) {
                        passed += 1;
                        at = characters.next();
                    }
                    *end = passed;
                }
            }
            Offsets::Again(again) => {
                ends.sort();
                again.find(&mut ends);
            }
        }
    }

    /// The source map of a page whose ranges count bytes of the document.
    pub(crate) fn source_map(&self, page: &mut Page) -> Option<SourceMap> {
        let (document, length) = self.bytes?;
        Some(SourceMap {
            document,
            length,
            coding: self.coding.map(str::to_owned),
            encoding: self.encoding.to_owned(),
            runs: page.runs.take()?,
        })
    }
}

/// What it takes to decode a document once more.
#[derive(Debug)]
pub(crate) struct Again {
    encoding: &'static Encoding,
    bytes: Vec<u8>,
    /// Bytes of a mark in front of them.
    skipped: u64,
}

impl Again {
    /// Replaces offsets of the text, sorted, by bytes of the document: one pass, a byte at a
    /// time, as only the decoder knows which bytes made a character.
    fn find(&self, ends: &mut [&mut u64]) {
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut out = [0u8; 64];
        let (mut made, mut begun) = (0u64, 0usize);
        let mut ends = ends.iter_mut().peekable();
        for at in 0..=self.bytes.len() {
            // An offset is the byte at which its character begins.
            while let Some(end) = ends.next_if(|end| ***end <= made) {
                **end = self.skipped + begun as u64;
            }
            if ends.peek().is_none() || at == self.bytes.len() {
                break;
            }
            let (_, _, written, _) = decoder.decode_to_utf8(&self.bytes[at..=at], &mut out, false);
            // A byte that ends a faulty sequence may be a character of its own.
            let first = std::str::from_utf8(&out[..written]).ok().and_then(|out| out.chars().next());
            let first = first.map_or(0, char::len_utf8);
            if first < written {
                made += first as u64;
                while let Some(end) = ends.next_if(|end| ***end <= made) {
                    **end = self.skipped + at as u64;
                }
                made -= first as u64;
            }
            if written > 0 {
                made += written as u64;
                begun = at + 1;
            }
        }
        ends.for_each(|end| **end = self.skipped + self.bytes.len() as u64);
    }
}

/// How offsets of the text stand to bytes of the document.
#[derive(Debug)]
pub(crate) enum Offsets {
    /// The same, after so many bytes of a mark.
    Shifted(u64),
    /// A character is a byte.
    Characters,
    /// Known by decoding again.
    Again(Again),
}

/// Decodes the payload of `document`: never fails, never gives more than [`DOCUMENT_LIMIT`]
/// bytes of input a reading.
pub(crate) fn decode(document: &Document<'_>) -> Decoded {
    let mut notes = Vec::new();
    let (bytes, coding) = remove_coding(document.payload, &mut notes);
    let known = document.source_map.then(|| (Digest::of(&bytes), bytes.len() as u64));
    let decoded = decode_bytes(document, &bytes, coding, notes);
    Decoded { bytes: known, ..decoded }
}

fn decode_bytes(
    document: &Document<'_>,
    mut bytes: &[u8],
    coding: Option<&'static str>,
    mut notes: Vec<Note>,
) -> Decoded {
    if bytes.len() > DOCUMENT_LIMIT {
        bytes = &bytes[..DOCUMENT_LIMIT];
        notes.push(Note::new(
            "limit",
            format!("document longer than {DOCUMENT_LIMIT} bytes: read up to byte {DOCUMENT_LIMIT}"),
        ));
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let marked = &bytes[length..];
        let text = decode_with(encoding, marked, &mut notes);
        let offsets = if encoding == UTF_8 && std::str::from_utf8(marked).is_ok() {
            Offsets::Shifted(length as u64)
        } else {
            Offsets::Again(Again { encoding, bytes: marked.to_vec(), skipped: length as u64 })
        };
        return Decoded::of(text, encoding, coding, notes, offsets);
    }
    let cut = bytes.len() == DOCUMENT_LIMIT;
    if let Some(text) = whole_utf8(bytes, cut) {
        if is_iso_2022_jp(text.as_bytes()) {
            let text = decode_with(ISO_2022_JP, bytes, &mut notes);
            let offsets = again(ISO_2022_JP, bytes);
            return Decoded::of(text, ISO_2022_JP, coding, notes, offsets);
        }
        if !text.is_ascii() {
            note_difference(UTF_8, document.charset.as_deref(), bytes, &mut notes);
        }
        return Decoded::of(text.to_owned(), UTF_8, coding, notes, Offsets::Shifted(0));
    }
    let encoding = choose_encoding(document, bytes);
    note_difference(encoding, document.charset.as_deref(), bytes, &mut notes);
    let text = decode_with(encoding, bytes, &mut notes);
    let offsets = match encoding {
        encoding if encoding.is_single_byte() => Offsets::Characters,
        encoding if encoding == UTF_8 && !text.contains('\u{fffd}') => Offsets::Shifted(0),
        _ => again(encoding, bytes),
    };
    Decoded::of(text, encoding, coding, notes, offsets)
}

fn again(encoding: &'static Encoding, bytes: &[u8]) -> Offsets {
    Offsets::Again(Again { encoding, bytes: bytes.to_vec(), skipped: 0 })
}

/// Undoes gzip and zlib, told by their first bytes. What a damaged stream gave before its fault
/// is kept, with a note.
fn remove_coding<'a>(payload: &'a [u8], notes: &mut Vec<Note>) -> (Cow<'a, [u8]>, Option<&'static str>) {
    let gzip = payload.starts_with(&[0x1f, 0x8b, 0x08]);
    let zlib = matches!(payload, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..])
        && std::str::from_utf8(&payload[..payload.len().min(64)]).is_err();
    if !gzip && !zlib {
        return (Cow::Borrowed(payload), None);
    }
    let mut out = Vec::new();
    let limit = DOCUMENT_LIMIT as u64 + 1;
    let result = if gzip {
        flate2::read::MultiGzDecoder::new(payload).take(limit).read_to_end(&mut out)
    } else {
        flate2::read::ZlibDecoder::new(payload).take(limit).read_to_end(&mut out)
    };
    let coding = if gzip { "gzip" } else { "deflate" };
    match result {
        Ok(_) => (Cow::Owned(out), Some(coding)),
        Err(_) if out.is_empty() && zlib => (Cow::Borrowed(payload), None),
        Err(error) => {
            let what =
                format!("{coding} stream damaged after {} bytes ({error}): read up to there", out.len());
            notes.push(Note::new("truncated", what));
            (Cow::Owned(out), Some(coding))
        }
    }
}

/// The bytes as UTF-8 where all of them are; a character that the limit cut in two is left out.
fn whole_utf8(bytes: &[u8], cut: bool) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

/// ISO-2022-JP is ASCII with escapes, so it is valid UTF-8 too.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.is_ascii()
        && [&b"\x1b$B"[..], b"\x1b$@", b"\x1b(J"]
            .iter()
            .any(|escape| memchr::memmem::find(bytes, escape).is_some())
}

/// The encoding of bytes that are not UTF-8 as a whole.
fn choose_encoding(document: &Document<'_>, bytes: &[u8]) -> &'static Encoding {
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    let labels = [document.charset.as_deref().and_then(label), page_label(bytes)];
    for encoding in labels.into_iter().flatten() {
        if encoding == UTF_8 {
            continue;
        }
        if encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
            || !encoding.is_single_byte()
        {
            return other_script(encoding, document, bytes).unwrap_or(encoding);
        }
    }
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    if let Some(encoding) = labels.into_iter().flatten().find(|encoding| *encoding != UTF_8) {
        // Where it cannot be what it says, another of its script may read all of it.
        let found = guess(bytes, document.hints.url.as_deref());
        let same = script_of(found).is_some() && script_of(found) == script_of(encoding);
        let whole = || found.decode_without_bom_handling_and_without_replacement(bytes).is_some();
        return if same && whole() { found } else { encoding };
    }
    guess(bytes, document.hints.url.as_deref())
}

/// The encoding of another script that the bytes speak for, whatever the label says: Latin letters
/// beyond ASCII stand alone among others, and those of another script make up words.
fn other_script(
    encoding: &'static Encoding,
    document: &Document<'_>,
    bytes: &[u8],
) -> Option<&'static Encoding> {
    let own = script_of(encoding)?;
    let (mut letters, mut in_words, mut run) = (0usize, 0usize, 0usize);
    for byte in bytes.iter().copied().chain([b' ']) {
        if byte >= 0xc0 {
            run += 1;
            continue;
        }
        letters += run;
        in_words += if run >= 3 { run } else { 0 };
        run = 0;
    }
    if letters < LEAST_OF_SCRIPT || in_words * 10 < letters * 7 {
        return None;
    }
    let found = guess(bytes, document.hints.url.as_deref());
    script_of(found).is_some_and(|script| script != own && script != "latin").then_some(found)
}

/// The script of an encoding of single bytes.
fn script_of(encoding: &'static Encoding) -> Option<&'static str> {
    Some(match encoding.name() {
        "windows-1250" | "windows-1252" | "windows-1254" | "windows-1257" | "windows-1258" | "ISO-8859-2"
        | "ISO-8859-3" | "ISO-8859-4" | "ISO-8859-10" | "ISO-8859-13" | "ISO-8859-14" | "ISO-8859-15"
        | "ISO-8859-16" | "macintosh" => "latin",
        "windows-1251" | "ISO-8859-5" | "KOI8-R" | "KOI8-U" | "IBM866" | "x-mac-cyrillic" => "cyrillic",
        "windows-1256" | "ISO-8859-6" => "arabic",
        "windows-1253" | "ISO-8859-7" => "greek",
        "windows-1255" | "ISO-8859-8" | "ISO-8859-8-I" => "hebrew",
        _ => return None,
    })
}

/// Letters beyond ASCII from which on they tell a script.
const LEAST_OF_SCRIPT: usize = 60;

fn label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// Text in which every other byte is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    if head.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if odd * 10 > half * 8 && even * 10 < half => Some(UTF_16LE),
        () if even * 10 > half * 8 && odd * 10 < half => Some(UTF_16BE),
        () => None,
    }
}

/// The label that the page gives itself: `charset` of a meta element (in the whole head) or of
/// an XML declaration.
fn page_label(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD_LIMIT)];
    let end = find_ignoring_case(head, b"</head")
        .or_else(|| find_ignoring_case(head, b"<body"))
        .unwrap_or(head.len());
    let head = &head[..end];
    let mut at = 0;
    while let Some(found) = find_ignoring_case(&head[at..], b"<meta") {
        let from = at + found;
        let to =
            head[from..].iter().position(|byte| *byte == b'>').map_or(head.len(), |length| from + length);
        if let Some(encoding) = charset_in(&head[from..to], b"charset") {
            return Some(encoding);
        }
        at = to;
    }
    if head.starts_with(b"<?xml") {
        let to = head.iter().position(|byte| *byte == b'>')?;
        return charset_in(&head[..to], b"encoding");
    }
    None
}

/// The label after `name` and `=` in a tag.
fn charset_in(tag: &[u8], name: &[u8]) -> Option<&'static Encoding> {
    let at = find_ignoring_case(tag, name)? + name.len();
    let rest = &tag[at..];
    let from = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let rest = rest[from..].strip_prefix(b"=")?;
    let from = rest.iter().position(|byte| !(byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'')))?;
    let rest = &rest[from..];
    let to = rest
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.')))
        .unwrap_or(rest.len());
    let encoding = Encoding::for_label(&rest[..to])?;
    // A meta element that can be read as bytes cannot be UTF-16 (HTML, section 13.2.3.2).
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn find_ignoring_case(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    while let Some(found) =
        memchr::memchr2(first.to_ascii_lowercase(), first.to_ascii_uppercase(), &bytes[at..])
    {
        at += found;
        let candidate = bytes.get(at..at + needle.len())?;
        if candidate.eq_ignore_ascii_case(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// UTF-8 with a few damaged places: at least twenty well-formed sequences for each fault.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let mut faults = 0usize;
    let mut good = 0usize;
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    good >= 20 * faults
}

/// The encoding that the non-ASCII text looks like, tags and scripts left out.
fn guess(bytes: &[u8], url: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut fed = 0;
    let mut at = 0;
    while fed < GUESS_BYTES && at < bytes.len() {
        let Some(found) = bytes[at..].iter().position(|byte| *byte >= 0x80) else { break };
        let middle = at + found;
        let from =
            bytes[at..middle].iter().rposition(|byte| matches!(byte, b'>' | b'<')).map_or(at, |n| at + n + 1);
        let to = bytes[middle..].iter().position(|byte| *byte == b'<').map_or(bytes.len(), |n| middle + n);
        let to = to.min(middle + GUESS_BYTES);
        let from = from.max(middle.saturating_sub(256));
        detector.feed(&bytes[from..to], false);
        detector.feed(b" ", false);
        fed += to - from;
        at = to.max(middle + 1);
    }
    detector.feed(b"", true);
    let host =
        url.and_then(|url| url.split("://").nth(1)).and_then(|rest| rest.split(['/', '?', '#', ':']).next());
    let domain = host.and_then(|host| host.rsplit('.').next()).map(str::to_ascii_lowercase);
    let domain =
        domain.filter(|domain| !domain.is_empty() && domain.bytes().all(|byte| byte.is_ascii_lowercase()));
    detector.guess(domain.as_deref().map(str::as_bytes), Utf8Detection::Deny)
}

/// Decodes, and notes what could not be.
fn decode_with(encoding: &'static Encoding, bytes: &[u8], notes: &mut Vec<Note>) -> String {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    let control = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    let is_fault = |c: char| c == '\u{fffd}' || (encoding.is_single_byte() && control(c));
    if faulty || (encoding.is_single_byte() && text.contains(control)) {
        let count = text.chars().filter(|c| is_fault(*c)).count();
        let first = text.chars().position(is_fault).unwrap_or(0);
        if count > 0 {
            let what = format!(
                "{count} characters could not be decoded from {}; the first is character {first}",
                encoding.name()
            );
            notes.push(Note::new("undecodable", what));
        }
    }
    text.into_owned()
}

/// Notes a label that the bytes contradict.
fn note_difference(found: &'static Encoding, charset: Option<&str>, bytes: &[u8], notes: &mut Vec<Note>) {
    let stated = [("transport", charset.and_then(label)), ("page", page_label(bytes))];
    for (who, encoding) in stated {
        let Some(encoding) = encoding.filter(|encoding| *encoding != found) else { continue };
        let what = format!("the {who} says {}, the bytes are {}", encoding.name(), found.name());
        notes.push(Note::new("encoding_differs", what));
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn decoded(payload: &[u8], charset: Option<&str>) -> Decoded {
        decode(&Document { payload, charset: charset.map(str::to_owned), ..Document::default() })
    }

    fn check(payload: &[u8], charset: Option<&str>, text: &str, encoding: &str, notes: &[&str]) {
        let found = decoded(payload, charset);
        let codes: Vec<&str> = found.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!((found.text.as_str(), found.encoding, &codes[..]), (text, encoding, notes));
    }

    #[test]
    fn the_bytes_decide() {
        check("déjà".as_bytes(), None, "déjà", "UTF-8", &[]);
        check("\u{feff}déjà".as_bytes(), Some("latin1"), "déjà", "UTF-8", &[]);
        check("déjà".as_bytes(), Some("iso-8859-1"), "déjà", "UTF-8", &["encoding_differs"]);
        check(b"d\xe9j\xe0", Some("iso-8859-1"), "déjà", "windows-1252", &[]);
        check(b"\xff\xfea\x00b\x00", None, "ab", "UTF-16LE", &[]);
        check(b"a\x00b\x00c\x00d\x00\xe9\x00", None, "abcdé", "UTF-16LE", &[]);
        check(b"\x1b$B%F%9%H\x1b(B", None, "テスト", "ISO-2022-JP", &[]);
    }

    #[test]
    fn the_page_says_it_itself() {
        let page = b"<head><title>x</title><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>";
        let found = decoded(page, None);
        assert!(found.text.contains("Привет"), "{}", found.text);
        assert_eq!(found.encoding, "windows-1251");
    }

    #[test]
    fn unlabelled_text_is_guessed() {
        let words = encoding_rs::WINDOWS_1251
            .encode("<p>Армия начала штурм последних кварталов города</p>")
            .0
            .into_owned();
        let found = decoded(&words, None);
        assert_eq!(found.encoding, "windows-1251");
    }

    #[test]
    fn damage_is_counted() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.push(0xff);
        let found = decoded(&bytes, None);
        assert_eq!(found.encoding, "UTF-8");
        assert_eq!(found.notes[0].code, "undecodable");
        assert!(found.notes[0].message.starts_with("1 char"));
    }

    #[test]
    fn content_coding_is_undone() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all("déjà vu ".repeat(2000).as_bytes()).unwrap();
        let whole = gzip.finish().unwrap();
        assert_eq!(decoded(&whole, None).coding, Some("gzip"));
        assert_eq!(decoded(&whole, None).text.len(), 20_000);
        let cut = decoded(&whole[..whole.len() - 12], None);
        assert_eq!(cut.notes[0].code, "truncated");
    }

    #[test]
    fn a_long_document_is_cut() {
        let long = vec![b'a'; DOCUMENT_LIMIT + 10];
        let found = decoded(&long, None);
        assert_eq!(found.text.len(), DOCUMENT_LIMIT);
        assert_eq!(found.notes[0].code, "limit");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600), label in "[a-z0-9-]{0,12}") {
            let _ = decoded(&bytes, Some(&label));
        }
    }
}
