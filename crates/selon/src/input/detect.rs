//! Telling what an input is from its first bytes.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use selon_read::{Media, is_export_page};

/// Forms of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// WARC, WET or ARC, plain or gzipped.
    Warc,
    /// A feed: RSS, Atom or JSON Feed.
    #[cfg(feature = "fetch")]
    Feed,
    /// One JSON object a line.
    JsonLines,
    /// JSON over several lines, or wrapped in a script as archives of X are.
    Json,
    /// A page that is an export of posts.
    SavedPosts,
    /// A table of columns.
    Parquet,
    /// Rows with a header line, cells parted by this byte.
    Cells(u8),
    /// One document.
    Document(Media),
    /// Something that holds no text for us: what it is, in words.
    Unreadable(&'static str),
}

impl Form {
    /// The media type that a file of this form is kept under.
    pub fn media_type(self, head: &[u8]) -> &'static str {
        match self {
            Form::Warc => "application/warc",
            _ if head.starts_with(&[0x1f, 0x8b]) => "application/gzip",
            #[cfg(feature = "fetch")]
            Form::Feed if head.trim_ascii_start().starts_with(b"{") => "application/feed+json",
            #[cfg(feature = "fetch")]
            Form::Feed => "application/xml",
            Form::JsonLines => "application/x-ndjson",
            Form::Json if head.starts_with(b"window.YTD.") => "text/javascript",
            Form::Json => "application/json",
            Form::Parquet => "application/vnd.apache.parquet",
            Form::Cells(b'\t') => "text/tab-separated-values",
            Form::Cells(_) => "text/csv",
            Form::SavedPosts | Form::Document(Media::Html) => "text/html",
            Form::Document(Media::Plain) => "text/plain",
            Form::Document(Media::Pdf) => "application/pdf",
            Form::Document(Media::Unknown) => {
                let text = String::from_utf8_lossy(head).to_ascii_lowercase();
                if text.contains("<html") || text.contains("<!doctype html") {
                    "text/html"
                } else {
                    "text/plain"
                }
            }
            Form::Unreadable(_) if head.starts_with(b"\xFF\xD8\xFF") => "image/jpeg",
            Form::Unreadable(_) if head.starts_with(b"\x89PNG") => "image/png",
            Form::Unreadable(_) if head.starts_with(b"GIF8") => "image/gif",
            Form::Unreadable(_) if head.starts_with(b"PK\x03\x04") => "application/zip",
            Form::Unreadable(_) if head.get(4..8) == Some(b"ftyp") => "video/mp4",
            Form::Unreadable(_) => "application/octet-stream",
        }
    }
}

/// Column names that make a first line a header of rows (record.md, "Inputs").
const COLUMNS: &[&str] = &[
    "html",
    "text",
    "content",
    "raw_content",
    "article_content",
    "sentences",
    "title",
    "article_title",
    "url",
    "uri",
    "published",
    "date",
    "timestamp",
    "outlet",
    "source",
    "id",
    "doc_id",
    "unit_id",
    "lang",
    "language",
];

const BINARY: &[(&[u8], &str)] = &[
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP container (WACZ, docx, …)"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or video file"),
    (b"\x1aE\xdf\xa3", "a video file"),
];

/// Compressed files that are not unpacked here.
const PACKED: &[(&[u8], &str)] = &[
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"\x04\x22\x4d\x18", "compressed with LZ4"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
];

/// How a file is compressed that is not unpacked here, in words; `None` for any other.
pub fn packed(head: &[u8]) -> Option<&'static str> {
    PACKED.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what)
}

/// What an input is, from its first bytes and, where these leave it open, its name.
pub fn detect(head: &[u8], name: &str) -> Form {
    let inflated;
    let (bytes, name) = if head.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        // a cut or damaged member still shows its beginning
        let _ = MultiGzDecoder::new(head).take(super::HEAD as u64).read_to_end(&mut out);
        inflated = out;
        (inflated.as_slice(), name.strip_suffix(".gz").unwrap_or(name))
    } else {
        (head, name)
    };
    if bytes.starts_with(b"WARC/") || bytes.starts_with(b"filedesc:") {
        return Form::Warc;
    }
    if head.starts_with(b"PAR1") {
        return Form::Parquet;
    }
    if bytes.starts_with(b"%PDF-") {
        return Form::Document(Media::Pdf);
    }
    if let Some((_, what)) = BINARY.iter().chain(PACKED).find(|(magic, _)| bytes.starts_with(magic)) {
        return Form::Unreadable(what);
    }
    if bytes.len() > 11 && &bytes[4..8] == b"ftyp" {
        return Form::Unreadable("a video or picture file");
    }
    if bytes.len() > 11 && bytes.starts_with(b"RIFF") {
        return Form::Unreadable("a sound, video or picture file");
    }
    #[cfg(feature = "fetch")]
    if super::feed::may_be(bytes) {
        return Form::Feed;
    }
    let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || utf16_without_mark(bytes);
    if !wide && bytes.iter().take(4096).filter(|byte| **byte == 0).count() > 0 && !looks_like_markup(bytes) {
        return Form::Unreadable("a binary file");
    }
    if is_export_page(bytes) {
        return Form::SavedPosts;
    }
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(".html") || lower.ends_with(".htm") || lower.ends_with(".xhtml") {
        return Form::Document(Media::Html);
    }
    if let Some(form) = json(bytes, &lower) {
        return form;
    }
    if let Some(separator) = cells(bytes, &lower) {
        return Form::Cells(separator);
    }
    Form::Document(if lower.ends_with(".txt") { Media::Plain } else { Media::Unknown })
}

/// ASCII with every second byte zero.
fn utf16_without_mark(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    head.len() >= 8 && (zeros(0) * 4 > head.len() || zeros(1) * 4 > head.len())
}

fn looks_like_markup(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    head.contains("<html") || head.contains("<!doctype")
}

/// One object a line, where the first line is one or the name says so; else JSON as a whole, where
/// it begins as a list or an object of names does. Prose may begin with a bracket, too.
fn json(bytes: &[u8], name: &str) -> Option<Form> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("window.YTD.") {
        return Some(Form::Json);
    }
    let inside = text.get(1..).unwrap_or("").trim_start();
    if text.starts_with('[') {
        return inside.starts_with(['{', '[']).then_some(Form::Json);
    }
    if !text.starts_with('{') {
        return None;
    }
    let lines = name.ends_with(".jsonl") || name.ends_with(".ndjson");
    let line = text.lines().next().unwrap_or("");
    if lines || serde_json::from_str::<serde_json::Value>(line).is_ok() {
        return Some(Form::JsonLines);
    }
    (name.ends_with(".json") || inside.starts_with('"')).then_some(Form::Json)
}

fn cells(bytes: &[u8], name: &str) -> Option<u8> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or("").to_ascii_lowercase();
    let known = |separator: char| {
        let names: Vec<&str> = line.split(separator).map(|cell| cell.trim().trim_matches('"')).collect();
        names.len() > 1 && names.iter().filter(|name| COLUMNS.contains(name)).count() >= 2
    };
    if name.ends_with(".tsv") || (!name.ends_with(".csv") && known('\t')) {
        return Some(b'\t');
    }
    if name.ends_with(".csv") {
        let best = [',', ';', '\t'].into_iter().max_by_key(|separator| line.matches(*separator).count());
        return best.map(|separator| separator as u8);
    }
    known(',').then_some(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_apart_by_content() {
        let check = |bytes: &[u8], name: &str, form: Form| assert_eq!(detect(bytes, name), form, "{name}");
        check(b"WARC/1.1\r\n", "x", Form::Warc);
        check(b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "x.txt", Form::JsonLines);
        check(b"{\"text\":\"a\"\n", "x.jsonl", Form::JsonLines);
        check(b"{\n \"name\": \"a\",\n", "x", Form::Json);
        check(b"[\n {\"id\": 1}]", "x", Form::Json);
        check(b"[VIDEO] La route rouvre", "x", Form::Document(Media::Unknown));
        check(b"window.YTD.tweets.part0 = [", "tweets.js", Form::Json);
        check(b"PAR1\x15\0", "x", Form::Parquet);
        check(
            b"<div class=\"page_wrap\"><div class=\"message default clearfix\">",
            "messages2.html",
            Form::SavedPosts,
        );
        check(b"<div data-ft=\"1\"><a href=\"/story.php?story_fbid=1&amp;id=2\">", "x", Form::SavedPosts);
        check(b"id,title,text\n1,a,b\n", "x", Form::Cells(b','));
        check(b"id\ttitle\ttext\n", "rows.tsv", Form::Cells(b'\t'));
        check(b"<!doctype html><p>a", "x", Form::Document(Media::Unknown));
        check(b"\xFF\xD8\xFF\xE0", "photo.html", Form::Unreadable("a JPEG picture"));
        check("{ « dit-il »".as_bytes(), "x", Form::Document(Media::Unknown));
        check(b"\xFF\xFEh\0i\0", "x.txt", Form::Document(Media::Plain));
        #[cfg(feature = "fetch")]
        check(b"<?xml version='1.0'?><rss><channel>", "x.html", Form::Feed);
        check(b"<svg>", "x", Form::Document(Media::Unknown));
        check(b"ab\0cd\x01\x02", "x", Form::Unreadable("a binary file"));
    }
}
