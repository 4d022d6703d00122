//! Pages as browsers save them: MHTML, and the marks that other forms leave at their beginning.
//!
//! MHTML (RFC 2557) is a mail message with parts: the page is the first HTML part, or the one
//! whose address the message names. The page goes the same way as any other; offsets count bytes
//! of the part after its transfer encoding is undone, and a note says which part it was.
//! SingleFile pages and a page beside its folder of files are HTML already: only the address that
//! they were saved from is taken, as what a caller would state.

use std::borrow::Cow;

use selon_model::Note;

/// Bytes in which the head of a message and the marks of a saved page are looked for.
const HEAD: usize = 16 << 10;
/// Parts looked at.
const PARTS: usize = 2_000;

/// The page inside a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SavedPage<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) charset: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) note: Note,
}

/// The page of an MHTML message; `None` where the bytes are none.
pub(crate) fn page_of_message(message: &[u8]) -> Option<SavedPage<'_>> {
    let (head, body) = split_head(message)?;
    let kind = field(head, "content-type")?;
    field(head, "mime-version")?;
    let lower = kind.trim_start().to_ascii_lowercase();
    if lower.starts_with("text/html") {
        let content = &message[body..];
        let address = field(head, "content-location").or_else(|| field(head, "snapshot-content-location"));
        return Some(page_of_part(message, head, content, address));
    }
    if !lower.starts_with("multipart/") {
        return None;
    }
    let boundary = parameter(&kind, "boundary")?;
    let wanted = field(head, "snapshot-content-location");
    let mut first = None;
    for (head, content) in parts(&message[body..], &boundary).take(PARTS) {
        let is_page = field(head, "content-type")
            .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"));
        if !is_page {
            continue;
        }
        let address = field(head, "content-location");
        if wanted.is_some() && address == wanted {
            first = Some((head, content, address));
            break;
        }
        if first.is_none() {
            first = Some((head, content, address));
        }
    }
    let (head, content, address) = first?;
    Some(page_of_part(message, head, content, address))
}

/// The page in a part of a message, or in a message without parts.
fn page_of_part<'a>(
    message: &[u8],
    head: &[u8],
    content: &'a [u8],
    address: Option<String>,
) -> SavedPage<'a> {
    let coding = field(head, "content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = match coding.as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(content)),
        "base64" => Cow::Owned(base64(content)),
        _ => Cow::Borrowed(content),
    };
    let at = content.as_ptr() as usize - message.as_ptr() as usize;
    let coding = if coding.is_empty() { "as it is".to_owned() } else { coding };
    let what = format!(
        "a message as browsers save pages: the page is bytes {at} to {} ({coding}); offsets count bytes of the page",
        at + content.len()
    );
    let charset = field(head, "content-type").and_then(|kind| parameter(&kind, "charset"));
    SavedPage {
        bytes,
        charset,
        address: address.filter(|address| address.starts_with("http")),
        note: Note::new("saved_page", what),
    }
}

/// The address that a saved page names at its beginning: "saved from url=(0031)https://…" and
/// SingleFile's "url: https://…" in a comment.
pub(crate) fn saved_from(html: &str) -> Option<String> {
    let mut end = html.len().min(HEAD);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let head = &html[..end];
    let address = |rest: &str| {
        let at = rest.find("http")?;
        let lead = &rest[..at];
        let address = rest[at..].split(|c: char| c.is_whitespace() || matches!(c, '<' | '"')).next()?;
        let clean = lead.chars().all(|c| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '(' | ')'));
        (clean && address.contains("://")).then(|| address.trim_end_matches("-->").to_owned())
    };
    if let Some((_, rest)) = head.split_once("<!-- saved from url=") {
        return address(rest);
    }
    let comment = head.find("Page saved with SingleFile")?;
    let (_, rest) = head[comment..].split_once("url:")?;
    address(rest)
}

/// The lines above the first empty one, and where the rest begins.
fn split_head(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let window = &bytes[..bytes.len().min(HEAD)];
    let crlf = memchr::memmem::find(window, b"\r\n\r\n").map(|at| (at, at + 4));
    let lf = memchr::memmem::find(window, b"\n\n").map(|at| (at, at + 2));
    let (end, body) = [crlf, lf].into_iter().flatten().min()?;
    Some((&bytes[..end], body))
}

/// Value of a header field, its continuation lines joined.
fn field(head: &[u8], name: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let mut value: Option<String> = None;
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some(value) = &mut value {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        if value.is_some() {
            break;
        }
        if let Some((found, rest)) = line.split_once(':')
            && found.trim().eq_ignore_ascii_case(name)
        {
            value = Some(rest.trim().to_owned());
        }
    }
    value
}

/// A parameter of a field: `boundary="…"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (found, rest) = part.split_once('=')?;
        let plain = rest.trim().trim_matches('"');
        (found.trim().eq_ignore_ascii_case(name) && !plain.is_empty()).then(|| plain.to_owned())
    })
}

/// Head and content of each part.
fn parts<'a>(body: &'a [u8], boundary: &str) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let mark = format!("--{boundary}").into_bytes();
    let mut at = memchr::memmem::find(body, &mark);
    std::iter::from_fn(move || {
        loop {
            let start = at? + mark.len();
            let next = memchr::memmem::find(&body[start..], &mark).map(|next| start + next);
            let end = next.unwrap_or(body.len());
            at = next;
            let part = &body[start..end];
            // A mark inside a line, or the last one.
            if !part.starts_with(b"\r\n") && !part.starts_with(b"\n") {
                continue;
            }
            let part = part.strip_prefix(b"\r").unwrap_or(part);
            let part = part.strip_prefix(b"\n").unwrap_or(part);
            if let Some((head, content)) = split_head(part) {
                let content = &part[content..];
                let content = content.strip_suffix(b"\n").unwrap_or(content);
                let content = content.strip_suffix(b"\r").unwrap_or(content);
                return Some((head, content));
            }
        }
    })
}

/// RFC 2045, section 6.7; what is damaged stays as it stands.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'=', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + found]);
        at += found;
        let rest = &bytes[at..];
        let hex = |at: usize| rest.get(at).and_then(|digit| (*digit as char).to_digit(16));
        match rest {
            [b'=', b'\r', b'\n', ..] => at += 3,
            [b'=', b'\n', ..] => at += 2,
            _ => match (hex(1), hex(2)) {
                (Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    at += 3;
                }
                _ => {
                    out.push(b'=');
                    at += 1;
                }
            },
        }
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// RFC 4648; other characters are passed over.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_message_is_found() {
        let message = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://valley.example/a\r\n\
            MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--=_b--\"\r\n\r\n\r\n\
            ----=_b--\r\nContent-Type: text/css\r\n\r\np {}\r\n\
            ----=_b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Location: https://valley.example/a\r\n\r\n<p>caf=C3=A9 =\r\nopen</p>\r\n----=_b------\r\n";
        let page = page_of_message(message.as_bytes()).expect("it is a message");
        assert_eq!(String::from_utf8_lossy(&page.bytes), "<p>café open</p>");
        assert_eq!(page.address.as_deref(), Some("https://valley.example/a"));
        let single = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://valley.example/b\r\n\r\n\
            <p>caf=C3=A9</p>";
        let page = page_of_message(single.as_bytes()).expect("it is a message");
        assert_eq!(String::from_utf8_lossy(&page.bytes), "<p>café</p>");
        assert_eq!(page.address.as_deref(), Some("https://valley.example/b"));
        assert_eq!(page_of_message(b"<p>no message</p>\n\n"), None);
        assert_eq!(page_of_message(b""), None);
    }

    #[test]
    fn base64_and_damage() {
        assert_eq!(base64(b"PHA+\r\nYTwvcD4="), b"<p>a</p>");
        assert_eq!(quoted_printable(b"a=ZZ=4"), b"a=ZZ=4");
    }

    #[test]
    fn saved_pages_name_their_address() {
        let check =
            |html: &str, expected: Option<&str>| assert_eq!(saved_from(html).as_deref(), expected, "{html}");
        check(
            "<!DOCTYPE html>\n<!-- saved from url=(0024)https://valley.example/a -->",
            Some("https://valley.example/a"),
        );
        check(
            "<html><!--\n Page saved with SingleFile \n url: https://valley.example/b \n saved date: x--><p>",
            Some("https://valley.example/b"),
        );
        check("<!-- saved from url=(0014)about:internet -->", None);
        check("<p>url: https://valley.example/c", None);
    }
}
