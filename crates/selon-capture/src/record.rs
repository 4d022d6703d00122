//! A WARC record's header: named fields and what they say (WARC 1.1, sections 4 to 6).
//!
//! Parsing is a function of the header's bytes, apart from finding them in a file, so that the
//! same code reads what we wrote, what others wrote and what a fuzzer wrote.

use jiff::Timestamp;

use crate::code::Code;
use crate::digest::Labelled;
use crate::limits::Limits;

/// WARC-Type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordType {
    /// About the file.
    Warcinfo,
    /// What a server answered.
    Response,
    /// A thing without a transfer protocol's message: a file, a DNS answer, a picture of a page.
    Resource,
    /// What was asked.
    Request,
    /// About another record.
    Metadata,
    /// The same content again.
    Revisit,
    /// Another record's content in another form, such as its text (WET).
    Conversion,
    /// The next part of a record that was split.
    Continuation,
    /// A type that the standard does not name.
    Other(String),
}

impl RecordType {
    /// Reads the field's value, in any case.
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "warcinfo" => RecordType::Warcinfo,
            "response" => RecordType::Response,
            "resource" => RecordType::Resource,
            "request" => RecordType::Request,
            "metadata" => RecordType::Metadata,
            "revisit" => RecordType::Revisit,
            "conversion" => RecordType::Conversion,
            "continuation" => RecordType::Continuation,
            _ => RecordType::Other(text.to_owned()),
        }
    }

    /// As written in the field.
    pub fn as_str(&self) -> &str {
        match self {
            RecordType::Warcinfo => "warcinfo",
            RecordType::Response => "response",
            RecordType::Resource => "resource",
            RecordType::Request => "request",
            RecordType::Metadata => "metadata",
            RecordType::Revisit => "revisit",
            RecordType::Conversion => "conversion",
            RecordType::Continuation => "continuation",
            RecordType::Other(name) => name,
        }
    }

    /// Whether it holds content of its own, so that a missing digest weighs.
    pub fn is_content(&self) -> bool {
        matches!(
            self,
            RecordType::Response
                | RecordType::Resource
                | RecordType::Revisit
                | RecordType::Conversion
                | RecordType::Continuation
        )
    }
}

impl RecordType {
    /// Whether WARC-Target-URI is mandatory for it (WARC 1.1, section 5.6).
    fn has_target(&self) -> bool {
        self.is_content() || *self == RecordType::Request
    }
}

/// A record's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    /// Version as written, such as `1.1`.
    pub version: String,
    /// Names and values in order, folded lines joined by one space.
    pub fields: Vec<(String, String)>,
    /// Octets of the block.
    pub length: u64,
    /// WARC-Type.
    pub record_type: RecordType,
    /// What is odd about the header though it can be read.
    pub notes: Vec<Code>,
}

impl RecordHeader {
    /// Parses a header: from `WARC/` to the empty line, which may be included.
    ///
    /// # Errors
    /// The code that names what is wrong with it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<RecordHeader, Code> {
        if bytes.len() > limits.header {
            return Err(Code::HeaderLimit);
        }
        if bytes.contains(&0) {
            return Err(Code::NulInHeader);
        }
        let text = String::from_utf8_lossy(bytes);
        let mut notes = Vec::new();
        if matches!(text, std::borrow::Cow::Owned(_)) {
            notes.push(Code::NotUtf8);
        }
        let mut lines = text.split_inclusive('\n');
        let (first, first_lf) = strip_line(lines.next().unwrap_or(""));
        let version = first.strip_prefix("WARC/").ok_or(Code::BadHeader)?;
        if !is_version(version) {
            return Err(Code::BadHeader);
        }
        if !matches!(version, "1.0" | "1.1") {
            notes.push(Code::UnknownVersion);
        }
        let mut lf_only = first_lf;
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in lines {
            let (line, lf) = strip_line(line);
            if line.is_empty() {
                lf_only |= lf;
                break;
            }
            lf_only |= lf;
            if line.starts_with([' ', '\t']) {
                let (_, value) = fields.last_mut().ok_or(Code::BadHeader)?;
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let (name, value) = line.split_once(':').ok_or(Code::BadHeader)?;
            if name.is_empty() || !name.trim_end().bytes().all(is_token) {
                return Err(Code::BadHeader);
            }
            if fields.len() == limits.header_fields {
                return Err(Code::HeaderLimit);
            }
            fields.push((name.trim_end().to_owned(), value.trim().to_owned()));
        }
        if lf_only {
            notes.push(Code::LfOnly);
        }
        let length = content_length(&fields, &mut notes)?;
        let record_type = find(&fields, "WARC-Type").map(RecordType::parse).ok_or(Code::BadHeader)?;
        let mut header = RecordHeader { version: version.to_owned(), fields, length, record_type, notes };
        header.note_oddities();
        Ok(header)
    }

    pub(crate) fn note_oddities(&mut self) {
        if !self.has_date() {
            self.notes.push(Code::DateMissing);
        }
        // ARC knows no ids.
        if self.version != "ARC" && self.id().is_none_or(str::is_empty) {
            self.notes.push(Code::IdMissing);
        }
        if self.record_type.has_target() && self.target_uri().is_none_or(str::is_empty) {
            self.notes.push(Code::TargetMissing);
        }
        if self.target_uri().is_some_and(|uri| uri.chars().any(is_bidi_control)) {
            self.notes.push(Code::BidiInUri);
        }
        if matches!(self.record_type, RecordType::Other(_)) {
            self.notes.push(Code::TypeSkipped);
        }
        if self.get("WARC-Truncated").is_some() {
            self.notes.push(Code::CutByCollector);
        }
        if self.get("WARC-Segment-Number").is_some() {
            self.notes.push(Code::Segment);
        }
        self.note_repeated();
    }

    /// WARC 1.1, section 4: a field stands once, but for WARC-Concurrent-To; those of the protocol are met
    /// more than once. Two that agree are a note, and so are two of which nothing hangs.
    fn note_repeated(&mut self) {
        const REPEATABLE: [&str; 4] =
            ["warc-concurrent-to", "warc-protocol", "warc-cipher-suite", "content-length"];
        const TELLING: [&str; 12] = [
            "warc-type",
            "warc-record-id",
            "warc-date",
            "warc-target-uri",
            "warc-block-digest",
            "warc-payload-digest",
            "warc-refers-to",
            "warc-refers-to-target-uri",
            "warc-refers-to-date",
            "warc-profile",
            "warc-segment-number",
            "content-type",
        ];
        let mut fields: Vec<(String, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), unbracket(value)))
            .filter(|(name, _)| name.starts_with("warc-") || name == "content-type")
            .filter(|(name, _)| !REPEATABLE.contains(&name.as_str()))
            .collect();
        fields.sort_unstable();
        let repeated = |two: &&[(String, &str)]| two[0].0 == two[1].0;
        let differs = |two: &[(String, &str)]| two[0].1 != two[1].1 && TELLING.contains(&two[0].0.as_str());
        let code = match fields.windows(2).filter(repeated).map(differs).max() {
            None => return,
            Some(true) => Code::AmbiguousField,
            Some(false) => Code::RepeatedField,
        };
        self.notes.push(code);
    }

    /// Whether WARC-Date is one: an instant, or in WARC 1.1 a year, a month or a day (section 5.4, and the
    /// note on W3CDTF that it names).
    fn has_date(&self) -> bool {
        let Some(date) = self.get("WARC-Date").filter(|_| self.date().is_none()) else {
            return self.date().is_some();
        };
        let missing = match date.len() {
            4 => "-01-01",
            7 => "-01",
            10 => "",
            _ => return false,
        };
        let shape = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        self.version == "1.1"
            && date.bytes().enumerate().all(shape)
            && format!("{date}{missing}").parse::<jiff::civil::Date>().is_ok()
    }

    /// The first field of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        find(&self.fields, name)
    }

    /// WARC-Record-ID without angle brackets.
    pub fn id(&self) -> Option<&str> {
        self.get("WARC-Record-ID").map(unbracket)
    }

    /// WARC-Target-URI without the angle brackets that WARC 1.0 puts around it.
    pub fn target_uri(&self) -> Option<&str> {
        self.get("WARC-Target-URI").map(unbracket)
    }

    /// WARC-Date.
    pub fn date(&self) -> Option<Timestamp> {
        self.get("WARC-Date")?.parse().ok()
    }

    /// WARC-Block-Digest: absent, present and known, or present and not known.
    pub fn block_digest(&self) -> Option<Result<Labelled, Code>> {
        self.get("WARC-Block-Digest").map(|text| Labelled::parse(text).ok_or(Code::DigestUnknown))
    }

    /// WARC-Payload-Digest, likewise.
    pub fn payload_digest(&self) -> Option<Result<Labelled, Code>> {
        self.get("WARC-Payload-Digest").map(|text| Labelled::parse(text).ok_or(Code::DigestUnknown))
    }

    /// Content-Type.
    pub fn content_type(&self) -> Option<&str> {
        self.get("Content-Type")
    }

    /// Whether the block is an HTTP message, so that the payload is a part of it.
    pub fn is_http(&self) -> bool {
        let said = self.content_type().unwrap_or("").trim_start();
        said.get(.."application/http".len())
            .is_some_and(|start| start.eq_ignore_ascii_case("application/http"))
            && matches!(self.record_type, RecordType::Response | RecordType::Request | RecordType::Revisit)
    }

    /// What a person is shown of the target: control and direction-turning characters escaped.
    pub fn shown_target(&self) -> String {
        escape_controls(self.target_uri().unwrap_or("no address stated"))
    }
}

/// Makes control characters and bidirectional controls visible, so that no address shows as
/// another (Unicode UTR 36, section 2.5).
pub fn escape_controls(text: &str) -> String {
    use std::fmt::Write;
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if c.is_control() || is_bidi_control(c) {
            let _ = write!(shown, "\\u{{{:04x}}}", c as u32);
        } else {
            shown.push(c);
        }
        shown
    })
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Content-Length: one value, decimal digits only. Two that agree are a note.
fn content_length(fields: &[(String, String)], notes: &mut Vec<Code>) -> Result<u64, Code> {
    let mut lengths =
        fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Content-Length")).map(|(_, value)| value);
    let first = lengths.next().ok_or(Code::BadLength)?;
    for other in lengths {
        if other != first {
            return Err(Code::AmbiguousLength);
        }
        notes.push(Code::RepeatedField);
    }
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(Code::BadLength);
    }
    first.parse().map_err(|_| Code::BadLength)
}

fn find<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn unbracket(text: &str) -> &str {
    text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text)
}

/// The line without its end, and whether that was LF alone.
fn strip_line(line: &str) -> (&str, bool) {
    match line.strip_suffix('\n') {
        Some(line) => match line.strip_suffix('\r') {
            Some(line) => (line, false),
            None => (line, true),
        },
        None => (line, false),
    }
}

fn is_version(text: &str) -> bool {
    let mut parts = text.splitn(2, '.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    number(parts.next()) && number(parts.next())
}

/// RFC 7230, section 3.2.6.
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Byte after the first empty line, searched from `from` on.
pub(crate) fn empty_line(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'\n', &bytes[at..]) {
        let after = at + found + 1;
        match bytes[after..] {
            [b'\n', ..] => return Some(after + 1),
            [b'\r', b'\n', ..] => return Some(after + 2),
            _ => at = after,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expected: Result<(u64, &[Code]), Code>) {
        let bytes = format!("{}\r\n\r\n", lines.join("\r\n"));
        let parsed = RecordHeader::parse(bytes.as_bytes(), &Limits::default());
        let seen =
            parsed.as_ref().map(|header| (header.length, header.notes.as_slice())).map_err(|code| *code);
        assert_eq!(seen, expected, "{lines:?}");
    }

    #[test]
    fn what_must_stand_and_what_may_stand_once() {
        let notes = |version: &str, lines: &[&str]| {
            let text = format!("WARC/{version}\r\n{}\r\nContent-Length: 0\r\n\r\n", lines.join("\r\n"));
            RecordHeader::parse(text.as_bytes(), &Limits::default()).unwrap().notes
        };
        const ID: &str = "WARC-Record-ID: <urn:x:1>";
        const DATE: &str = "WARC-Date: 2016-12-12T10:00:00Z";
        const URI: &str = "WARC-Target-URI: http://a.test/";
        const TYPE: &str = "WARC-Type: resource";
        let whole = [TYPE, ID, DATE, URI];
        assert_eq!(notes("1.1", &whole), []);
        assert_eq!(notes("1.1", &[TYPE, DATE, URI]), [Code::IdMissing]);
        assert_eq!(notes("1.1", &[TYPE, ID, DATE]), [Code::TargetMissing]);
        assert_eq!(notes("1.1", &["WARC-Type: warcinfo", ID, DATE]), []);
        for (twice, code) in [
            (URI, Code::RepeatedField),
            ("WARC-Target-URI: <http://a.test/>", Code::RepeatedField),
            ("WARC-Target-URI: http://b.test/", Code::AmbiguousField),
            ("WARC-Type: response", Code::AmbiguousField),
            ("WARC-Date: 2016-12-12T10:00:01Z", Code::AmbiguousField),
            ("warc-record-id: <urn:x:2>", Code::AmbiguousField),
        ] {
            assert_eq!(notes("1.1", &[&whole[..], &[twice]].concat()), [code], "{twice}");
        }
        let digests = ["WARC-Block-Digest: sha1:A", "WARC-Block-Digest: sha1:B"];
        assert_eq!(notes("1.1", &[&whole[..], &digests].concat()), [Code::AmbiguousField]);
        let addresses = ["WARC-IP-Address: 192.0.2.1", "WARC-IP-Address: 192.0.2.2"];
        assert_eq!(notes("1.1", &[&whole[..], &addresses].concat()), [Code::RepeatedField]);
        for (date, in_1_0, in_1_1) in [
            ("2016", false, true),
            ("2016-12", false, true),
            ("2016-12-12", false, true),
            ("2016-12-12T10:00Z", true, true),
            ("2016-13", false, false),
            ("2016-02-30", false, false),
            ("20161212", false, false),
        ] {
            let dated = format!("WARC-Date: {date}");
            for (version, right) in [("1.0", in_1_0), ("1.1", in_1_1)] {
                let said = notes(version, &[TYPE, ID, &dated, URI]);
                assert_eq!(!said.contains(&Code::DateMissing), right, "{date} in {version}");
            }
        }
    }

    #[test]
    fn reads_and_refuses() {
        const DATE: &str = "WARC-Date: 2016-12-12T10:00:00Z\r\nWARC-Record-ID: <urn:x:1>";
        const TYPE: &str = "WARC-Type: response\r\nWARC-Target-URI: http://a.test/";
        check(&["WARC/1.1", TYPE, DATE, "Content-Length: 3"], Ok((3, &[])));
        check(
            &["WARC/1.1", TYPE, DATE, "WARC-Segment-Number: 1", "Content-Length: 3"],
            Ok((3, &[Code::Segment])),
        );
        check(&["WARC/1.1", TYPE, DATE, "content-length:3"], Ok((3, &[])));
        check(&["WARC/0.18", TYPE, DATE, "Content-Length: 3"], Ok((3, &[Code::UnknownVersion])));
        check(&["WARC/1.1", TYPE, "Content-Length: 3"], Ok((3, &[Code::DateMissing, Code::IdMissing])));
        check(
            &["WARC/1.1", TYPE, DATE, "Content-Length: 3", "Content-Length: 3"],
            Ok((3, &[Code::RepeatedField])),
        );
        check(
            &["WARC/1.1", TYPE, DATE, "Content-Length: 3", "Content-Length: 4"],
            Err(Code::AmbiguousLength),
        );
        check(&["WARC/1.1", TYPE, DATE, "Content-Length: -3"], Err(Code::BadLength));
        check(&["WARC/1.1", TYPE, DATE, "Content-Length: +3"], Err(Code::BadLength));
        check(&["WARC/1.1", TYPE, DATE, "Content-Length: 99999999999999999999"], Err(Code::BadLength));
        check(&["WARC/1.1", TYPE, DATE], Err(Code::BadLength));
        check(&["WARC/1.1", DATE, "Content-Length: 3"], Err(Code::BadHeader));
        check(&["WARC/1.1", TYPE, "no colon", "Content-Length: 3"], Err(Code::BadHeader));
        check(&["WARC/1.1", " folded", TYPE, "Content-Length: 3"], Err(Code::BadHeader));
        check(&["WARC/1.1", TYPE, "X: a\0b", "Content-Length: 3"], Err(Code::NulInHeader));
        check(&["WARC/1.x", TYPE, "Content-Length: 3"], Err(Code::BadHeader));
    }

    #[test]
    fn joins_folded_lines_and_strips_brackets() {
        let bytes = b"WARC/1.0\r\nWARC-Type: resource\r\nX-Folded: one\r\n two\r\nWARC-Target-URI: <http://a.test/>\r\nContent-Length: 0\r\n\r\n";
        let header = RecordHeader::parse(bytes, &Limits::default()).unwrap();
        assert_eq!(header.get("x-folded"), Some("one two"));
        assert_eq!(header.target_uri(), Some("http://a.test/"));
    }

    #[test]
    fn shows_no_address_as_another() {
        assert_eq!(escape_controls("http://a.test/?q=\u{202e}gpj.exe"), "http://a.test/?q=\\u{202e}gpj.exe");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let mut header = b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 1\r\n".to_vec();
            let _ = RecordHeader::parse(&bytes, &Limits::default());
            header.extend_from_slice(&bytes);
            let _ = RecordHeader::parse(&header, &Limits::default());
        }
    }
}
