//! XML as it is in the wild: any encoding, damaged, made to cost.
//!
//! A feed is often not well formed, and a reader that stops at the first fault loses all entries.
//! So elements are balanced here, unknown references stay as they stand, nothing is expanded, and
//! a fault ends the walk with what came before it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// A text with the name of the encoding that it was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The text.
    pub(super) text: String,
    /// Name of its encoding (WHATWG, or `UTF-32BE`, `UTF-32LE`).
    pub(super) encoding: &'static str,
}

/// Elements inside each other that are told apart.
const MOST_DEPTH: usize = 200;

/// Text of one element that is kept.
pub(super) const MOST_TEXT: usize = 1 << 20;

/// Decodes by byte-order mark, then by what the transport says, then by the first bytes, then by
/// the declaration (RFC 7303, section 3; XML 1.0, appendix F). Labels that name no encoding count
/// for nothing, and neither does UTF-8 where the bytes are not: then windows-1252 is taken.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => return utf_32(rest, u32::from_be_bytes, "UTF-32BE"),
        [0xff, 0xfe, 0, 0, rest @ ..] => return utf_32(rest, u32::from_le_bytes, "UTF-32LE"),
        _ => {}
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return by(encoding, &bytes[length..]);
    }
    let stated = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // A wide encoding shows in the first bytes, so a label that denies it is wrong.
    match bytes {
        [0, 0, 0, b'<', ..] => return utf_32(bytes, u32::from_be_bytes, "UTF-32BE"),
        [b'<', 0, 0, 0, ..] => return utf_32(bytes, u32::from_le_bytes, "UTF-32LE"),
        [0, b'<', ..] => return by(UTF_16BE, bytes),
        [b'<', 0, ..] => return by(UTF_16LE, bytes),
        _ => {}
    }
    let narrow = |encoding: &&'static Encoding| *encoding != UTF_16BE && *encoding != UTF_16LE;
    let encoding = stated.filter(narrow).or_else(|| declared(bytes).filter(narrow)).unwrap_or(UTF_8);
    let valid = encoding != UTF_8 || std::str::from_utf8(bytes).is_ok();
    by(if valid { encoding } else { WINDOWS_1252 }, bytes)
}

fn by(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name() }
}

fn utf_32(bytes: &[u8], join: fn([u8; 4]) -> u32, encoding: &'static str) -> Decoded {
    let unit = |piece: &[u8]| piece.try_into().ok().map(join).and_then(char::from_u32).unwrap_or('\u{fffd}');
    Decoded { text: bytes.chunks(4).map(unit).collect(), encoding }
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

/// Families of names that feeds and sitemaps use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// RSS of any age, Atom, sitemaps, or no namespace.
    Own,
    /// Dublin Core.
    Dublin,
    /// `content:encoded`.
    Content,
    /// Google's news sitemaps.
    News,
    /// Anything else.
    Other,
}

/// What a walk meets.
pub(super) enum Step<'s> {
    /// An element begins.
    Open { family: Family, name: &'s str, attributes: &'s [(String, String)] },
    /// Text, references resolved.
    Text(&'s str),
    /// The innermost open element ends.
    Close,
}

/// Walks a document; every element that is opened is closed. Whether it ended without a fault.
pub(super) fn walk(text: &str, step: &mut dyn FnMut(Step<'_>)) -> bool {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    // Names of open elements; beyond the limit they are only counted.
    let mut open: Vec<String> = Vec::new();
    let mut deeper = 0usize;
    let sound = loop {
        let (family, event) = match reader.read_resolved_event() {
            Ok((namespace, event)) => (family(&namespace), event),
            Err(_) => break false,
        };
        match event {
            Event::Eof => break open.is_empty() && deeper == 0,
            Event::Start(start) if open.len() < MOST_DEPTH && deeper == 0 => {
                begin(&start, family, step);
                open.push(start.name().as_ref().to_owned());
            }
            Event::Start(_) => deeper += 1,
            Event::Empty(start) if deeper == 0 => {
                begin(&start, family, step);
                step(Step::Close);
            }
            Event::End(_) if deeper > 0 => deeper -= 1,
            Event::End(end) => {
                // An end without a beginning is nothing; one that closes an outer element closes
                // those inside.
                if let Some(at) = open.iter().rposition(|name| name == end.name().as_ref()) {
                    while open.len() > at {
                        open.pop();
                        step(Step::Close);
                    }
                }
            }
            Event::Text(text) => step(Step::Text(&text)),
            Event::CData(text) => step(Step::Text(&text)),
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                match reference.resolve_char_ref() {
                    Ok(Some(c)) => step(Step::Text(c.encode_utf8(&mut [0; 4]))),
                    _ => match quick_xml::escape::resolve_html5_entity(&name) {
                        Some(text) => step(Step::Text(text)),
                        None => step(Step::Text(&format!("&{name};"))),
                    },
                }
            }
            _ => {}
        }
    };
    for _ in open {
        step(Step::Close);
    }
    sound
}

fn begin(start: &BytesStart<'_>, family: Family, step: &mut dyn FnMut(Step<'_>)) {
    let mut attributes = Vec::new();
    for attribute in start.html_attributes().with_checks(false).flatten().take(64) {
        let name = attribute.key.as_ref().to_owned();
        let raw = &attribute.value;
        let value = quick_xml::escape::unescape_with(raw, quick_xml::escape::resolve_html5_entity);
        attributes.push((name, value.map_or_else(|_| raw.to_string(), std::borrow::Cow::into_owned)));
    }
    let name = start.local_name().as_ref().to_ascii_lowercase();
    step(Step::Open { family, name: &name, attributes: &attributes });
}

fn family(namespace: &ResolveResult<'_>) -> Family {
    let name = match namespace {
        ResolveResult::Unbound => return Family::Own,
        ResolveResult::Unknown(prefix) => {
            // A prefix that nobody declared still means what it always means.
            return match prefix.as_str() {
                "dc" => Family::Dublin,
                "content" => Family::Content,
                "news" => Family::News,
                "atom" => Family::Own,
                _ => Family::Other,
            };
        }
        ResolveResult::Bound(namespace) => namespace.as_ref().to_ascii_lowercase(),
    };
    const OWN: &[&str] = &[
        "www.w3.org/2005/atom",
        "purl.org/atom/",
        "purl.org/rss/",
        "my.netscape.com/rdf/simple",
        "my.netscape.com/publish/formats/rss",
        "backend.userland.com/rss",
        "blogs.law.harvard.edu/tech/rss",
        "www.sitemaps.org/schemas/sitemap",
        "www.google.com/schemas/sitemap/0",
        "www.w3.org/1999/02/22-rdf-syntax-ns",
    ];
    let bare = name.split_once("://").map_or(name.as_str(), |(_, bare)| bare);
    if OWN.iter().any(|own| bare.starts_with(own)) && !bare.contains("/modules/") {
        Family::Own
    } else if bare.starts_with("purl.org/dc/") {
        Family::Dublin
    } else if bare.starts_with("purl.org/rss/1.0/modules/content") {
        Family::Content
    } else if bare.starts_with("www.google.com/schemas/sitemap-news") {
        Family::News
    } else {
        Family::Other
    }
}
