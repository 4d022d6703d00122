//! WARC and WET files as documents: responses, resources and conversions that hold text.

use std::io::{Read, Seek};

use selon_capture::payload::Payload;
use selon_capture::{Code, Limits, RecordType, Step, WarcReader};
use selon_model::{Error, Origin, ReportInput};
use selon_read::Media;

use super::{DOCUMENT_LIMIT, Item, OwnedDocument, Provenance, Stated};
use crate::record::{Failure, Input, Warc};

/// The documents of a WARC file, one record after another. Lost ranges and records whose bytes
/// are damaged are told in their place; the rest goes on.
pub(super) fn read(
    path: &str,
    source: impl Read + Seek,
    stated: &Stated,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let limits = Limits::default();
    let broken = |error: Error| {
        let input = Input { path: Some(path.to_owned()), record: None, id: None };
        Box::new(Failure::new(input, error.kind().as_str(), error.to_string(), None, "copy the file again"))
    };
    let mut reader = WarcReader::new(source, limits.clone()).map_err(broken)?;
    let mut number = 0u64;
    while let Some(step) = reader.next().map_err(broken)? {
        let item = match step {
            Step::Note(..) => continue,
            Step::Lost(lost) => {
                let input = Input { path: Some(path.to_owned()), record: None, id: None };
                let what =
                    format!("bytes {} to {} hold no readable record ({})", lost.from, lost.to, lost.code);
                let failure =
                    Failure::new(input, "corrupt", what, Some(lost.from), "selon verify FILE says more");
                Item::Failure(Box::new(failure))
            }
            Step::Record(head) => {
                let record = number;
                number += 1;
                if !holds_document(&head.header.record_type) {
                    continue;
                }
                let id = head.header.id().map(str::to_owned);
                let offset = head.offset;
                let payload = reader.payload(&head, &limits).map_err(broken)?;
                let Some(media) = media_of(&payload) else { continue };
                let input = ReportInput { path: Some(path.to_owned()), record: Some(record), id };
                let mut document = document(payload, media, input, stated);
                document.provenance.warc =
                    Some(Warc { file: path.to_owned(), entry: Some(record), offset, length: 0 });
                Item::Document(Box::new(document))
            }
        };
        if !emit(item) {
            break;
        }
    }
    Ok(())
}

fn holds_document(kind: &RecordType) -> bool {
    matches!(kind, RecordType::Response | RecordType::Resource | RecordType::Conversion)
}

/// What kind of text a payload is; `None` for pictures, scripts, redirects and errors.
pub(crate) fn media_of(payload: &Payload) -> Option<Media> {
    if payload.status.is_some_and(|status| !(200..300).contains(&status)) || payload.bytes.is_empty() {
        return None;
    }
    match payload.media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Some(Media::Html),
        Some("text/plain") => Some(Media::Plain),
        Some("application/pdf") => Some(Media::Pdf),
        _ => None,
    }
}

/// A payload as a document.
pub(crate) fn document(payload: Payload, media: Media, input: ReportInput, stated: &Stated) -> OwnedDocument {
    let mut hints = stated.hints.clone();
    let target = payload.target.filter(|target| target.starts_with("http"));
    hints.url = target.clone().or(hints.url);
    let cut = match payload.codes.contains(&Code::Segment) {
        true => Some("segment"),
        false => (payload.bytes.len() > DOCUMENT_LIMIT).then_some("limit"),
    };
    let mut bytes = payload.bytes;
    bytes.truncate(DOCUMENT_LIMIT);
    OwnedDocument {
        payload: bytes,
        media,
        charset: payload.charset,
        hints,
        input,
        provenance: Provenance {
            origin: Origin::Imported,
            uri: target,
            warc: None,
            payload: Some(payload.digest),
            cut,
        },
        zipped: false,
        post: None,
    }
}
