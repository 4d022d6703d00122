//! One document in memory.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use selon_model::{CaptureId, Digest, Note, Origin, Report, ReportInput};
use selon_read::{Document, ExportedPost, Hints, Media, Packs};

use super::{DOCUMENT_LIMIT, Provenance, Stated, failure, unreadable};
use crate::record::{CaptureOf, Failure};

/// One document with its bytes, ready to be read on any thread.
#[derive(Clone, Debug)]
pub struct OwnedDocument {
    /// The bytes, at most [`DOCUMENT_LIMIT`] of them and one.
    pub payload: Vec<u8>,
    /// What kind it is.
    pub media: Media,
    /// `charset` it came with.
    pub charset: Option<String>,
    /// What is stated about it.
    pub hints: Hints,
    /// Where it was given.
    pub input: ReportInput,
    /// Where it comes from.
    pub provenance: Provenance,
    /// It was given gzipped.
    pub zipped: bool,
    /// A post of an export, whose words the payload is.
    pub post: Option<Box<ExportedPost>>,
}

impl OwnedDocument {
    /// Reads it. With a capture, reports are named by it and numbered from `first_part`.
    pub fn read(
        &self,
        packs: &Packs,
        capture: Option<(CaptureId, jiff::Timestamp)>,
        first_part: u32,
    ) -> Vec<Report> {
        self.reports(&Document { capture, first_part, ..self.document() }, packs)
    }

    /// Reads it, with the way from each character of the text back to its bytes.
    pub fn read_with_sources(&self, packs: &Packs) -> Vec<Report> {
        let mut reports = self.reports(&Document { source_map: true, ..self.document() }, packs);
        if self.zipped {
            for map in reports.iter_mut().filter_map(|report| report.source_map.as_mut()) {
                map.coding.get_or_insert_with(|| "gzip".to_owned());
            }
        }
        reports
    }

    fn document(&self) -> Document<'_> {
        Document {
            payload: &self.payload,
            media: self.media,
            charset: self.charset.clone(),
            hints: self.hints.clone(),
            input: self.input.clone(),
            digest: self.provenance.payload,
            post: self.post.as_deref(),
            ..Document::default()
        }
    }

    fn reports(&self, document: &Document<'_>, packs: &Packs) -> Vec<Report> {
        let mut reports = selon_read::read(document, packs);
        if let Some(cut) = self.provenance.cut {
            for report in &mut reports {
                report.notes.insert(0, Note::new(cut, cut_message(cut)));
            }
        }
        reports
    }

    /// What the record says about its bytes, outside an archive.
    pub fn capture(&self) -> CaptureOf {
        CaptureOf {
            uri: self.provenance.uri.clone(),
            warc: self.provenance.warc.clone(),
            ..CaptureOf::outside(self.provenance.origin)
        }
    }
}

fn cut_message(code: &str) -> &'static str {
    match code {
        "truncated" => "the compressed data end too early or are damaged: read up to there",
        "segment" => "one part of a document that was kept in several records: read is this part",
        _ => "longer than 16 MiB: read up to there",
    }
}

/// The rest of `source` behind `head` as one document. Gzip is undone; the digest is that of
/// the bytes as given.
pub(super) fn read(
    path: &str,
    media: Media,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
) -> Result<OwnedDocument, Box<Failure>> {
    let zipped = head.starts_with(&[0x1f, 0x8b]);
    let mut given = Hashing { source: head.as_slice().chain(source), hash: Digest::hasher() };
    let mut payload = Vec::new();
    let limit = DOCUMENT_LIMIT as u64 + 1;
    let mut cut = None;
    if zipped {
        if let Err(error) = MultiGzDecoder::new(&mut given).take(limit).read_to_end(&mut payload) {
            if payload.is_empty() {
                return Err(failure(
                    path,
                    "corrupt",
                    format!("is gzip that cannot be undone: {error}"),
                    "fetch or copy the file again",
                ));
            }
            cut = Some("truncated");
        }
    } else {
        given.by_ref().take(limit).read_to_end(&mut payload).map_err(|error| unreadable(path, &error))?;
    }
    if payload.len() > DOCUMENT_LIMIT {
        payload.truncate(DOCUMENT_LIMIT);
        cut = Some("limit");
    }
    std::io::copy(&mut given, &mut std::io::sink()).map_err(|error| unreadable(path, &error))?;
    Ok(OwnedDocument {
        payload,
        media,
        charset: None,
        hints: stated.hints.clone(),
        input: ReportInput { path: Some(path.to_owned()), record: None, id: None },
        provenance: Provenance {
            origin: Origin::Remnant,
            uri: None,
            warc: None,
            payload: Some(given.hash.finish()),
            cut,
        },
        zipped,
        post: None,
    })
}

/// A reader that hashes what it hands on.
struct Hashing<R> {
    source: R,
    hash: selon_model::Hasher,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}
