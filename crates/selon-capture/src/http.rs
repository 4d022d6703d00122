//! HTTP messages as they lie in WARC blocks: the head, and the body without its transfer coding.
//!
//! The payload of a response is its body with transfer-coding removed and content-coding kept
//! (WARC 1.1, 5.9 and RFC 9112, section 6). Stored messages are older, odder and more often cut
//! than live ones, so the splitter streams, never fails, and says what it met.

use crate::code::Code;
use crate::limits::Limits;
use crate::record::{empty_line, is_token};
use crate::warc::add;

/// The head of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpHead {
    /// Request or status line.
    pub start: String,
    /// Status code of a response.
    pub status: Option<u16>,
    /// Fields in order, folded lines joined.
    pub fields: Vec<(String, String)>,
}

impl HttpHead {
    /// Parses a head; the empty line at its end may be missing. `None` where the bytes are not an
    /// HTTP message.
    pub fn parse(bytes: &[u8]) -> Option<HttpHead> {
        // Field values are bytes; those above ASCII are shown as Latin-1 was meant (RFC 9110, 5.5).
        let text: String = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&byte| byte as char).collect(),
        };
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let start = lines.next()?.to_owned();
        let status = if let Some(rest) = start.strip_prefix("HTTP/") {
            rest.split_ascii_whitespace().nth(1).and_then(|code| code.parse().ok())
        } else {
            // Browser extensions store requests without a version: `GET /`.
            let (method, target) = start.split_once(' ')?;
            let is_method =
                (1..=32).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_uppercase());
            if !is_method || target.is_empty() {
                return None;
            }
            None
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in lines {
            if line.is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                continue;
            }
            // A line without a colon is skipped, as browsers do; the bytes stay in the record.
            if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Some(HttpHead { start, status, fields })
    }

    /// The first field of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether the body is chunked.
    pub fn is_chunked(&self) -> bool {
        self.fields.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("Transfer-Encoding")
                && value.split(',').any(|coding| coding.trim().eq_ignore_ascii_case("chunked"))
        })
    }

    /// Content-codings in the order they were applied, lower case, without `identity`.
    pub fn content_codings(&self) -> Vec<String> {
        self.fields
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Content-Encoding"))
            .flat_map(|(_, value)| value.split(','))
            .map(|coding| coding.trim().to_ascii_lowercase())
            .filter(|coding| !coding.is_empty() && coding != "identity")
            .take(64)
            .collect()
    }
}

/// The media type of a Content-Type value, lower case, without parameters.
pub fn media_type(content_type: &str) -> Option<String> {
    let essence = content_type.split(';').next()?.trim().to_ascii_lowercase();
    let (kind, rest) = essence.split_once('/')?;
    let valid =
        !kind.is_empty() && !rest.is_empty() && kind.bytes().all(is_token) && rest.bytes().all(is_token);
    valid.then_some(essence)
}

/// The charset parameter of a Content-Type value, as stated.
pub fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').trim_matches('\'').trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// What a splitter hands out.
pub(crate) enum Part<'a> {
    /// Body bytes as stored, where a transfer coding was removed.
    Chunked(&'a [u8]),
    /// Payload bytes.
    Payload(&'a [u8]),
}

/// Bytes looked at together for the end of a head, so that a body is not copied with it.
const HEAD_STEP: usize = 2048;

/// Splits a message into head and payload, streaming.
pub(crate) struct Splitter {
    head_bytes: Vec<u8>,
    head: Option<HttpHead>,
    in_head: bool,
    chunks: Option<Dechunker>,
    head_limit: usize,
    line_limit: usize,
    pub(crate) codes: Vec<Code>,
}

impl Splitter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Splitter {
            head_bytes: Vec::new(),
            head: None,
            in_head: true,
            chunks: None,
            head_limit: limits.http_head,
            line_limit: limits.chunk_line,
            codes: Vec::new(),
        }
    }

    /// The head, once it is complete.
    pub(crate) fn head(&self) -> Option<&HttpHead> {
        self.head.as_ref()
    }

    pub(crate) fn feed(&mut self, mut bytes: &[u8], out: &mut dyn FnMut(&Option<HttpHead>, Part<'_>)) {
        while self.in_head && !bytes.is_empty() {
            let old = self.head_bytes.len();
            let room = self.head_limit + 1 - old.min(self.head_limit);
            let taken = bytes.len().min(room).min(HEAD_STEP);
            self.head_bytes.extend_from_slice(&bytes[..taken]);
            match empty_line(&self.head_bytes, old.saturating_sub(2)) {
                Some(end) => {
                    let head = HttpHead::parse(&self.head_bytes[..end]);
                    self.end_head(head, end, out);
                    // Bytes of the head buffer beyond the head came from `bytes`.
                    bytes = &bytes[end.saturating_sub(old).min(bytes.len())..];
                }
                None => {
                    if self.head_bytes.len() > self.head_limit {
                        self.end_head(None, 0, out);
                    }
                    bytes = &bytes[taken..];
                }
            }
        }
        self.body(bytes, out);
    }

    /// Ends the head; where there was none, the bytes held are payload.
    fn end_head(
        &mut self,
        head: Option<HttpHead>,
        end: usize,
        out: &mut dyn FnMut(&Option<HttpHead>, Part<'_>),
    ) {
        self.in_head = false;
        let held = std::mem::take(&mut self.head_bytes);
        match head {
            Some(head) => {
                self.chunks = head.is_chunked().then(|| Dechunker::new(self.line_limit));
                self.head = Some(head);
                debug_assert!(end <= held.len());
            }
            None => {
                add(&mut self.codes, Code::NotHttp);
                // On a failed parse at `end`, `feed` passes on what lies behind it.
                let upto = if end == 0 { held.len() } else { end };
                out(&self.head, Part::Payload(&held[..upto]));
            }
        }
    }

    fn body(&mut self, bytes: &[u8], out: &mut dyn FnMut(&Option<HttpHead>, Part<'_>)) {
        if bytes.is_empty() {
            return;
        }
        let head = &self.head;
        match &mut self.chunks {
            Some(chunks) => {
                out(head, Part::Chunked(bytes));
                chunks.feed(bytes, &mut |payload| out(head, Part::Payload(payload)));
            }
            None => out(head, Part::Payload(bytes)),
        }
    }

    /// Ends the message and settles its codes.
    pub(crate) fn finish(&mut self, out: &mut dyn FnMut(&Option<HttpHead>, Part<'_>)) {
        if self.in_head && !self.head_bytes.is_empty() {
            // No empty line: a head alone (as in some revisits), or no message.
            let head = HttpHead::parse(&self.head_bytes);
            let end = self.head_bytes.len();
            self.end_head(head, end, out);
        }
        if let Some(chunks) = &mut self.chunks {
            let head = &self.head;
            chunks.finish(&mut |payload| out(head, Part::Payload(payload)));
            match chunks.state {
                Chunk::Broken => add(&mut self.codes, Code::Payload),
                Chunk::Plain => add(&mut self.codes, Code::NotChunked),
                Chunk::Done => {}
                _ => add(&mut self.codes, Code::PayloadCut),
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Chunk {
    Size,
    Content(u64),
    /// The line end after a chunk; whether its CR was seen.
    ContentEnd(bool),
    Trailer,
    Done,
    /// Not chunked at all: everything is payload.
    Plain,
    Broken,
}

/// Removes chunked transfer coding (RFC 9112, section 7.1).
pub(crate) struct Dechunker {
    state: Chunk,
    line: Vec<u8>,
    first: bool,
    line_limit: usize,
}

impl Dechunker {
    pub(crate) fn new(line_limit: usize) -> Self {
        Dechunker { state: Chunk::Size, line: Vec::new(), first: true, line_limit }
    }

    /// Takes bytes; gives how many lie behind the end.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], payload: &mut dyn FnMut(&[u8])) -> usize {
        while !bytes.is_empty() {
            match self.state {
                Chunk::Done | Chunk::Broken => return bytes.len(),
                Chunk::Plain => {
                    payload(bytes);
                    return 0;
                }
                Chunk::Content(left) => {
                    let taken = left.min(bytes.len() as u64) as usize;
                    payload(&bytes[..taken]);
                    bytes = &bytes[taken..];
                    self.state = if taken as u64 == left {
                        Chunk::ContentEnd(false)
                    } else {
                        Chunk::Content(left - taken as u64)
                    };
                }
                Chunk::ContentEnd(returned) => {
                    self.state = match bytes[0] {
                        b'\n' => Chunk::Size,
                        b'\r' if !returned => Chunk::ContentEnd(true),
                        _ => Chunk::Broken,
                    };
                    bytes = &bytes[1..];
                }
                Chunk::Size | Chunk::Trailer => {
                    let room = self.line_limit + 1 - self.line.len();
                    let piece = &bytes[..bytes.len().min(room)];
                    let end = memchr::memchr(b'\n', piece);
                    let taken = end.map_or(piece.len(), |end| end + 1);
                    self.line.extend_from_slice(&piece[..taken]);
                    bytes = &bytes[taken..];
                    if self.line.len() > self.line_limit {
                        self.not_a_size(payload);
                    } else if end.is_some() {
                        self.end_line(payload);
                    }
                }
            }
        }
        0
    }

    /// The last chunk and the trailer were there.
    pub(crate) fn is_done(&self) -> bool {
        self.state == Chunk::Done
    }

    /// What came is no chunk: nothing after it can be told apart.
    pub(crate) fn is_broken(&self) -> bool {
        self.state == Chunk::Broken
    }

    /// There are no chunks, whatever the head says.
    pub(crate) fn is_plain(&self) -> bool {
        self.state == Chunk::Plain
    }

    fn end_line(&mut self, payload: &mut dyn FnMut(&[u8])) {
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if self.state == Chunk::Trailer {
            if line.is_empty() {
                self.state = Chunk::Done;
            }
            self.line.clear();
            return;
        }
        let size = line.split(|&byte| byte == b';').next().unwrap_or(&[]).trim_ascii();
        if size.is_empty() || !size.iter().all(u8::is_ascii_hexdigit) {
            return self.not_a_size(payload);
        }
        let value = std::str::from_utf8(size).ok().and_then(|size| u64::from_str_radix(size, 16).ok());
        self.state = match value {
            Some(0) => Chunk::Trailer,
            Some(size) => Chunk::Content(size),
            None => Chunk::Broken,
        };
        self.first = false;
        self.line.clear();
    }

    /// The line is no chunk size: at the start that means no chunks, later damage.
    fn not_a_size(&mut self, payload: &mut dyn FnMut(&[u8])) {
        if self.first {
            self.state = Chunk::Plain;
            payload(&self.line);
        } else {
            self.state = Chunk::Broken;
        }
        self.line.clear();
    }

    fn finish(&mut self, payload: &mut dyn FnMut(&[u8])) {
        match self.state {
            // "0" CR LF without the last empty line is common and loses nothing.
            Chunk::Trailer if self.line.is_empty() => self.state = Chunk::Done,
            Chunk::Size if self.first && !self.line.is_empty() => self.not_a_size(payload),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(message: &[u8], piece: usize) -> (Option<u16>, Vec<u8>, Vec<Code>) {
        let mut splitter = Splitter::new(&Limits::default());
        let mut payload = Vec::new();
        let mut take = |_: &Option<HttpHead>, part: Part<'_>| {
            if let Part::Payload(bytes) = part {
                payload.extend_from_slice(bytes);
            }
        };
        for bytes in message.chunks(piece.max(1)) {
            splitter.feed(bytes, &mut take);
        }
        splitter.finish(&mut take);
        (splitter.head().and_then(|head| head.status), payload, splitter.codes)
    }

    #[track_caller]
    fn check(message: &str, status: Option<u16>, payload: &str, codes: &[Code]) {
        for piece in [1, 2, 3, 5, 1000] {
            let seen = split(message.as_bytes(), piece);
            assert_eq!(
                (seen.0, String::from_utf8_lossy(&seen.1).as_ref(), seen.2.as_slice()),
                (status, payload, codes),
                "{message:?} in pieces of {piece}"
            );
        }
    }

    #[test]
    fn splits_messages() {
        check("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", Some(200), "body", &[]);
        check("HTTP/1.1 200 OK\nA: b\n\nbody", Some(200), "body", &[]);
        check("HTTP/1.1 304 Not Modified\r\n\r\n", Some(304), "", &[]);
        check("HTTP/1.1 200 OK\r\nA: b", Some(200), "", &[]);
        check("POST /a HTTP/1.1\r\nA: b\r\n\r\nbody", None, "body", &[]);
        check("<p>no head\n\nbody", None, "<p>no head\n\nbody", &[Code::NotHttp]);
        check("", None, "", &[]);
    }

    #[test]
    fn removes_chunks() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let case = |body: &str, payload: &str, codes: &[Code]| {
            check(&format!("{head}{body}"), Some(200), payload, codes)
        };
        case("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", &[]);
        case("5;ext=1\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", "hello", &[]);
        case("5\nhello\n0\n", "hello", &[]);
        case("5\r\nhel", "hel", &[Code::PayloadCut]);
        case("5\r\nhello\r\n", "hello", &[Code::PayloadCut]);
        case("5\r\nhelloXX", "hello", &[Code::Payload]);
        case("ffffffffffffffffff\r\nx\r\n", "", &[Code::Payload]);
        case("<p>not chunked</p>", "<p>not chunked</p>", &[Code::NotChunked]);
        case("<p>not\nchunked</p>", "<p>not\nchunked</p>", &[Code::NotChunked]);
        case("5\r\nhello\r\nzz\r\n", "hello", &[Code::Payload]);
    }

    #[test]
    fn reads_types_and_codings() {
        assert_eq!(media_type("Text/HTML; charset=x"), Some("text/html".to_owned()));
        assert_eq!(media_type("nonsense"), None);
        assert_eq!(charset("text/html; Charset=\"windows-1256\""), Some("windows-1256".to_owned()));
        let head = HttpHead::parse(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: GZIP, identity\r\nContent-Encoding: br\r\n",
        )
        .unwrap();
        assert_eq!(head.content_codings(), ["gzip", "br"]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_pieces_do_not_matter(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), chunked: bool, piece in 1usize..20,
        ) {
            let mut message = if chunked { b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n".to_vec() } else { Vec::new() };
            message.extend_from_slice(&bytes);
            proptest::prop_assert_eq!(split(&message, piece), split(&message, message.len()));
        }
    }
}
