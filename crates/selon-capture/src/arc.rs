//! ARC record headers: one line of words in place of WARC's named fields (Internet Archive, "ARC
//! File Format", 1996, versions 1 and 2).
//!
//! A line is given the fields that the same record would have in WARC, so that everything behind
//! the reader is the same for both. ARC knows no digests and no record ids: what it holds can be
//! read and cited, but nothing in it shows that it is unchanged.

use crate::code::Code;
use crate::record::{RecordHeader, RecordType};

/// Reads a header line, its line end included or not.
///
/// Addresses may hold spaces, so words are counted from the end. Version 1 ends in `IP date type
/// length`; version 2 in `IP date type status checksum location offset filename length`.
///
/// # Errors
/// [`Code::BadHeader`] where the words are no ARC header, [`Code::BadLength`] where only the
/// length is none, [`Code::NulInHeader`].
pub(crate) fn parse_line(line: &[u8]) -> Result<RecordHeader, Code> {
    if line.contains(&0) {
        return Err(Code::NulInHeader);
    }
    let text = String::from_utf8_lossy(line);
    let mut notes = Vec::new();
    if matches!(text, std::borrow::Cow::Owned(_)) {
        notes.push(Code::NotUtf8);
    }
    let text = text.trim_end_matches(['\r', '\n']);
    let words: Vec<&str> = text.split(' ').collect();
    let place = [3, 8].into_iter().find_map(|behind| {
        let at = words.len().checked_sub(behind)?;
        (at >= 2 && is_date(words[at]) && is_address(words[at - 1])).then_some(at)
    });
    let date_at = place.ok_or(Code::BadHeader)?;
    let uri = words[..date_at - 1].join(" ");
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let scheme = scheme.filter(|scheme| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let scheme = scheme.ok_or(Code::BadHeader)?;
    let length = words[words.len() - 1];
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Code::BadLength);
    }
    let length = length.parse().map_err(|_| Code::BadLength)?;
    let media = words[date_at + 1];
    let (record_type, content_type) = match scheme.as_str() {
        "filedesc" => (RecordType::Warcinfo, media),
        "http" | "https" => (RecordType::Response, "application/http;msgtype=response"),
        "dns" => (RecordType::Resource, "text/dns"),
        _ => (RecordType::Resource, media),
    };
    let mut fields = vec![("WARC-Type".to_owned(), record_type.as_str().to_owned())];
    if record_type != RecordType::Warcinfo {
        fields.push(("WARC-Target-URI".to_owned(), uri));
    }
    fields.push(("WARC-Date".to_owned(), warc_date(words[date_at])));
    fields.push(("WARC-IP-Address".to_owned(), words[date_at - 1].to_owned()));
    fields.push(("Content-Type".to_owned(), content_type.to_owned()));
    let mut header = RecordHeader { version: "ARC".to_owned(), fields, length, record_type, notes };
    header.note_oddities();
    Ok(header)
}

fn is_date(word: &str) -> bool {
    (8..=20).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// An IP address, or the stand-ins of crawlers that did not know it.
fn is_address(word: &str) -> bool {
    word.parse::<std::net::IpAddr>().is_ok() || matches!(word, "-" | "no-address" | "unknown")
}

/// Fourteen digits as a WARC-Date; anything else as it is, which is no date.
fn warc_date(digits: &str) -> String {
    if digits.len() != 14 {
        return digits.to_owned();
    }
    let part = |from: usize, to: usize| &digits[from..to];
    format!("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12), part(12, 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Type, address, length and date.
    type Seen<'a> = (&'a str, Option<&'a str>, u64, Option<&'a str>);

    #[track_caller]
    fn check(line: &str, expected: Result<Seen<'_>, Code>) {
        let parsed = parse_line(line.as_bytes());
        let seen = parsed
            .as_ref()
            .map(|header| {
                (header.record_type.as_str(), header.target_uri(), header.length, header.get("WARC-Date"))
            })
            .map_err(|code| *code);
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn reads_both_versions() {
        let date = Some("2014-02-16T05:02:21Z");
        check("filedesc://a.arc 127.0.0.1 20140216050221 text/plain 75\n", Ok(("warcinfo", None, 75, date)));
        check(
            "http://a.test/b 192.0.2.1 20140216050221 text/html 10\r\n",
            Ok(("response", Some("http://a.test/b"), 10, date)),
        );
        check(
            "http://a.test/?q=two words 192.0.2.1 20140216050221 text/html 10",
            Ok(("response", Some("http://a.test/?q=two words"), 10, date)),
        );
        check(
            "http://a.test/ 192.0.2.1 20140216050221 text/html 200 sum - 5 a.arc 10",
            Ok(("response", Some("http://a.test/"), 10, date)),
        );
        check(
            "dns:a.test 192.0.2.1 20140216050221 text/dns 3",
            Ok(("resource", Some("dns:a.test"), 3, date)),
        );
        check(
            "http://a.test/ 192.0.2.1 20140216 text/html 1",
            Ok(("response", Some("http://a.test/"), 1, Some("20140216"))),
        );
    }

    #[test]
    fn refuses_what_is_no_header() {
        check("http://a.test/ 192.0.2.1 20140216050221 text/html -1", Err(Code::BadLength));
        check("http://a.test/ 192.0.2.1 20140216050221 text/html x", Err(Code::BadLength));
        check("<p>words of a page 10</p>", Err(Code::BadHeader));
        check("no scheme 192.0.2.1 20140216050221 text/html 1", Err(Code::BadHeader));
        check("", Err(Code::BadHeader));
        check("http://a\0.test/ 192.0.2.1 20140216050221 text/html 1", Err(Code::NulInHeader));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(line in proptest::collection::vec(proptest::num::u8::ANY, 0..120)) {
            let _ = parse_line(&line);
            let _ = parse_line(&[b"http://a.test/ 192.0.2.1 20140216050221 ".as_slice(), &line].concat());
        }
    }
}
