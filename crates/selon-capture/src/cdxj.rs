//! CDXJ: an index line says where the record of an address and time lies.
//!
//! `SURT SP 14 digits SP JSON`, sorted by bytes. The SURT is the address with its host reversed,
//! so that all of a site sorts together: made as the tools of the field make it, for an index
//! that nobody finds anything in is none. An index is derived: it shows nothing by itself.

use serde::Deserialize;
use serde_json::Value;

/// What an index says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CdxjLine {
    pub(crate) surt: String,
    /// Fourteen digits.
    pub(crate) time: String,
    pub(crate) url: String,
    pub(crate) digest: Option<String>,
    pub(crate) mime: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) filename: String,
    pub(crate) offset: u64,
    pub(crate) length: Option<u64>,
    /// The request was no GET: its method stands in the SURT and a field of its own.
    pub(crate) has_method: bool,
}

/// The JSON of a line: numbers are written as strings by some and as numbers by others.
#[derive(Deserialize)]
struct Fields {
    url: String,
    digest: Option<String>,
    mime: Option<String>,
    status: Option<Value>,
    filename: String,
    offset: Value,
    length: Option<Value>,
    method: Option<Value>,
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

impl CdxjLine {
    /// Reads a line without its line end.
    pub(crate) fn parse(line: &[u8]) -> Option<CdxjLine> {
        let line = std::str::from_utf8(line).ok()?;
        let (surt, rest) = line.split_once(' ')?;
        let (time, json) = rest.split_once(' ')?;
        if surt.is_empty()
            || !(4..=17).contains(&time.len())
            || !time.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let fields: Fields = serde_json::from_str(json.trim()).ok()?;
        Some(CdxjLine {
            surt: surt.to_owned(),
            time: time.to_owned(),
            url: fields.url,
            digest: fields.digest,
            mime: fields.mime,
            status: fields.status.as_ref().and_then(number).and_then(|status| u16::try_from(status).ok()),
            filename: fields.filename,
            offset: number(&fields.offset)?,
            length: match &fields.length {
                None => None,
                Some(length) => Some(number(length)?),
            },
            has_method: fields.method.is_some() || surt.contains("__wb_method="),
        })
    }

    /// The line without its line end; keys in the order that the field's indexer writes them.
    pub(crate) fn text(&self) -> String {
        let mut json = serde_json::Map::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                json.insert(name.to_owned(), Value::String(value));
            }
        };
        put("url", Some(self.url.clone()));
        put("mime", self.mime.clone());
        put("status", self.status.map(|status| status.to_string()));
        put("digest", self.digest.clone());
        put("length", self.length.map(|length| length.to_string()));
        put("offset", Some(self.offset.to_string()));
        put("filename", Some(self.filename.clone()));
        format!("{} {} {}", self.surt, self.time, Value::Object(json))
    }
}

/// The sort key of an address.
///
/// Scheme, user and default port go; host in lower case without `www`, reversed; path and query
/// in lower case, escapes undone and made again where they are needed; arguments sorted; session
/// ids and empty queries go. Other schemes keep their form in lower case.
pub(crate) fn surt(url: &str) -> String {
    let url: String = url.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    let Some((scheme, rest)) = url.split_once(':') else { return surt(&format!("http://{url}")) };
    let scheme = scheme.to_ascii_lowercase();
    let hosted = rest.strip_prefix("//").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if !hosted && !scheme.starts_with("http") {
        return format!("{scheme}:{}", String::from_utf8_lossy(&escape(rest.as_bytes()))).to_lowercase();
    }
    let rest = rest.trim_start_matches('/');
    let rest = rest.split('#').next().unwrap_or("");
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(host_end);
    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    let authority = authority.rsplit('@').next().unwrap_or("");
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let default = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => "",
    };
    let host = String::from_utf8_lossy(&escape(&unescape(host.as_bytes()))).to_lowercase();
    let host = host.replace("..", ".");
    let host = without_www(host.trim_matches('.'));
    let mut key = host.split('.').rev().collect::<Vec<_>>().join(",");
    if !port.is_empty() && port != default {
        key.push(':');
        key.push_str(port);
    }
    key.push(')');
    key.push_str(&path_key(path));
    if let Some(query) = query.map(query_key).filter(|query| !query.is_empty()) {
        key.push('?');
        key.push_str(&query);
    }
    key
}

/// `www.`, `www2.` … at the beginning of a host say nothing.
fn without_www(host: &str) -> &str {
    let rest = host.strip_prefix("www").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(host)
}

fn path_key(path: &str) -> String {
    let path = unescape(path.as_bytes());
    let mut parts: Vec<&[u8]> = Vec::new();
    let pieces: Vec<&[u8]> = path.split(|&byte| byte == b'/').skip(1).collect();
    for (index, part) in pieces.iter().enumerate() {
        let last = index + 1 == pieces.len();
        match *part {
            b"." => {}
            b".." => {
                parts.pop();
            }
            b"" if !last => {}
            part => parts.push(part),
        }
    }
    let joined = [b"/".as_slice(), &parts.join(&b'/')].concat();
    let text = String::from_utf8_lossy(&escape(&joined)).to_lowercase();
    let text = strip_path_session(&text);
    if text.len() > 1 { text.strip_suffix('/').unwrap_or(&text).to_owned() } else { text }
}

/// `/(24 letters and digits)/` before a page of ASP.NET is the visitor's, not the page's.
fn strip_path_session(path: &str) -> String {
    if let Some(open) = path.find("/(")
        && let Some(close) = path[open..].find(")/")
        && path[open + close + 2..].contains(".aspx")
    {
        let inner = &path[open + 2..open + close];
        let plain = inner.len() == 24 && inner.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let named = inner.len() == 27 && inner.as_bytes()[1] == b'(' && inner.ends_with(')');
        if plain || named {
            return format!("{}{}", &path[..open + 1], &path[open + close + 2..]);
        }
    }
    path.to_owned()
}

fn query_key(query: &str) -> String {
    let text = String::from_utf8_lossy(&escape(&unescape(query.as_bytes()))).into_owned();
    let mut arguments: Vec<String> =
        text.split('&').filter(|argument| !is_session(argument)).map(str::to_lowercase).collect();
    arguments.sort_by(|a, b| {
        let pair = |text: &str| {
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            (name.to_owned(), value.map(str::to_owned))
        };
        pair(a).cmp(&pair(b))
    });
    arguments.join("&")
}

fn is_session(argument: &str) -> bool {
    let Some((name, value)) = argument.split_once('=') else { return false };
    let name = name.to_ascii_lowercase();
    let alphanumeric = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name.as_str() {
        "jsessionid" | "phpsessid" | "sid" => value.len() == 32 && alphanumeric,
        _ => name.len() == 20 && name.starts_with("aspsessionid") && value.len() == 24 && alphanumeric,
    }
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut now = bytes.to_vec();
    // An escaped escape is undone too; each round is shorter, and a few are more than any real one.
    for _ in 0..8 {
        let mut next = Vec::with_capacity(now.len());
        let mut at = 0;
        while at < now.len() {
            let digits = (now[at] == b'%').then(|| now.get(at + 1..at + 3)).flatten();
            let value = digits
                .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            match value {
                Some(value) => {
                    next.push(value);
                    at += 3;
                }
                None => {
                    next.push(now[at]);
                    at += 1;
                }
            }
        }
        if next.len() == now.len() {
            break;
        }
        now = next;
    }
    now
}

/// Escapes what is not printable ASCII, and space, `#` and `%`.
fn escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_graphic() && !matches!(byte, b'#' | b'%') {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(surt(url), expected, "{url}");
    }

    #[test]
    fn addresses_sort_by_site() {
        check("http://example.com/", "com,example)/");
        check("http://example.com", "com,example)/");
        check("https://www.Example.com:443/A/B/?b=2&A=1#top", "com,example)/a/b?a=1&b=2");
        check("http://www2.example.com/", "com,example)/");
        check("http://wwwexample.com/", "com,wwwexample)/");
        check("http://user:secret@example.com:8080/x", "com,example:8080)/x");
        check("http://example.com/a/../b/./c//d", "com,example)/b/c/d");
        check("http://example.com/%7Ea%2520b", "com,example)/~a%20b");
        check("http://example.com/?", "com,example)/");
        check("http://example.com/?a&a=1&a=", "com,example)/?a&a=&a=1");
        check("http://example.com/?PHPSESSID=0123456789abcdef0123456789abcdef&a=1", "com,example)/?a=1");
        check("http://example.com?q=ç", "com,example)/?q=%c3%a7");
        check("urn:selon:00ff", "urn:selon:00ff");
        check("metadata://gnu.org/a/B.txt", "org,gnu)/a/b.txt");
        check("http:example.com", "com,example)/");
        check("example.com/x", "com,example)/x");
    }

    #[test]
    fn lines_round_trip_and_both_kinds_of_numbers_are_read() {
        let text = r#"com,example)/ 20140103030321 {"url":"http://example.com/","mime":"text/html","status":"200","digest":"sha1:X","length":"1043","offset":"333","filename":"a.warc.gz"}"#;
        let line = CdxjLine::parse(text.as_bytes()).unwrap();
        assert_eq!((line.offset, line.length, line.status), (333, Some(1043), Some(200)));
        let again = CdxjLine::parse(line.text().as_bytes()).unwrap();
        assert_eq!(again, line);
        let numbers = text.replace("\"333\"", "333").replace("\"1043\"", "1043");
        assert_eq!(CdxjLine::parse(numbers.as_bytes()).unwrap(), line);
        for bad in ["", "a b", "a 2014 {}", "a x {\"url\":\"\"}", &text.replace("\"333\"", "\"-1\"")] {
            assert_eq!(CdxjLine::parse(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), url in ".{0,80}") {
            let _ = CdxjLine::parse(&bytes);
            let _ = CdxjLine::parse(&[b"a 2014 {\"url\":\"x\",\"filename\":\"y\",\"offset\":".as_slice(), &bytes].concat());
            let key = surt(&url);
            proptest::prop_assert!(!key.contains(['\n', '\r', '\t']));
            let _ = surt(&format!("http://{url}"));
        }
    }
}
