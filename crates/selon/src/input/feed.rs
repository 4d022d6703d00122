//! A saved feed as documents: one for each entry that carries text.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use selon_capture::fetch::{Entry, Feed};
use selon_model::{DateEvidence, Origin, ReportInput, When};
use selon_read::{Media, parse_when};

use super::{Item, OwnedDocument, Provenance, Stated, failure, unreadable};
use crate::record::Failure;

/// Bytes of a feed that are read.
const MOST: u64 = 50 << 20;

/// Whether a file may be a feed: it begins like one.
pub(super) fn may_be(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(4096)]).replace('\0', "").to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    if text.starts_with('{') {
        return text.contains("jsonfeed.org/version/");
    }
    // The root stands behind a declaration and comments.
    text.starts_with('<')
        && ["<rss", "<feed", "<rdf:rdf", ":feed"].iter().any(|root| text.contains(root))
        && !text.contains("<html")
}

/// The entries of a feed; `None` where the bytes are no feed after all, with the bytes.
pub(super) fn read(
    path: &str,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<Option<Vec<u8>>, Box<Failure>> {
    let zipped = head.starts_with(&[0x1f, 0x8b]);
    let given = std::io::Cursor::new(head).chain(source);
    let mut bytes = Vec::new();
    let read = match zipped {
        true => MultiGzDecoder::new(given).take(MOST).read_to_end(&mut bytes),
        false => given.take(MOST).read_to_end(&mut bytes),
    };
    read.map_err(|error| unreadable(path, &error))?;
    let Some(feed) = Feed::parse(&bytes, None) else { return Ok(Some(bytes)) };
    for (number, entry) in (0u64..).zip(&feed.entries) {
        let Some(document) = document(path, number, entry, &feed, stated) else { continue };
        if !emit(Item::Document(Box::new(document))) {
            return Ok(None);
        }
    }
    if feed.entries.iter().all(|entry| entry.text.is_none() && entry.title.is_none()) {
        return Err(failure(path, "not_read", "is a feed without entries", "fetch it again later"));
    }
    if feed.damaged {
        emit(Item::Failure(failure(
            path,
            "corrupt",
            format!("is a damaged feed: {} entries could be read", feed.entries.len()),
            "fetch or copy the file again",
        )));
    }
    Ok(None)
}

fn document(path: &str, number: u64, entry: &Entry, feed: &Feed, stated: &Stated) -> Option<OwnedDocument> {
    let all = &stated.hints;
    let mut hints = all.clone();
    hints.url = entry.link.clone().filter(|link| link.starts_with("http")).or_else(|| all.url.clone());
    let at = entry.published.or(entry.updated).and_then(|at| parse_when(&at.to_string()));
    let at = at.map(|when| When { evidence: Some(DateEvidence::Stated), ..when });
    hints.published = at.or_else(|| all.published.clone());
    hints.language = all.language.clone().or_else(|| feed.language.clone());
    hints.outlet = all.outlet.clone().or_else(|| feed.title.clone());
    hints.title = entry.title.clone();
    // An entry without text is its headline.
    let text = entry.text.clone().or_else(|| entry.title.clone())?;
    Some(OwnedDocument {
        payload: text.into_bytes(),
        media: if entry.is_html { Media::Html } else { Media::Plain },
        charset: Some("utf-8".to_owned()),
        hints,
        input: ReportInput { path: Some(path.to_owned()), record: Some(number), id: entry.id.clone() },
        provenance: Provenance { origin: Origin::Imported, uri: None, warc: None, payload: None, cut: None },
        zipped: false,
        post: None,
    })
}
