//! A record's payload in memory, ready to be read: transfer-coding and content-coding removed.
//!
//! Bounded: a payload larger than the limit is cut there and says so. The bytes as stored stay
//! in the record; what is given here is a derived view of them.

use std::io::{Read, Seek};

use jiff::Timestamp;
use selon_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::code::Code;
use crate::decode::Decoder;
use crate::error::Result;
use crate::http::{self, HttpHead, Part, Splitter};
use crate::limits::Limits;
use crate::record::{RecordHeader, RecordType};
use crate::warc::{Head, Tail, WarcReader, add};

/// What a record holds.
#[derive(Clone, Debug)]
pub struct Payload {
    /// WARC-Type.
    pub record_type: RecordType,
    /// WARC-Target-URI.
    pub target: Option<String>,
    /// WARC-Date.
    pub date: Option<Timestamp>,
    /// Status of an HTTP response.
    pub status: Option<u16>,
    /// Media type: of the HTTP response, or of the record.
    pub media_type: Option<String>,
    /// Charset as stated with it.
    pub charset: Option<String>,
    /// Content-codings that were removed, in the order they had been applied.
    pub content_codings: Vec<String>,
    /// The bytes, decoded.
    pub bytes: Vec<u8>,
    /// SHA-256 of the payload: transfer-coding removed, content-coding kept.
    pub digest: Digest,
    /// Its length in octets.
    pub length: u64,
    /// What is odd about it: cut, damaged, not chunked …
    pub codes: Vec<Code>,
}

/// Takes a record's block and gives its payload.
pub(crate) struct PayloadTaker<'h> {
    header: &'h RecordHeader,
    collect: Collect<'h>,
    splitter: Option<Splitter>,
}

impl<'h> PayloadTaker<'h> {
    pub(crate) fn new(head: &'h Head, limits: &'h Limits) -> Self {
        let header = &head.header;
        let splitter = header.is_http().then(|| Splitter::new(limits));
        PayloadTaker { header, collect: Collect::new(limits), splitter }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let collect = &mut self.collect;
        match &mut self.splitter {
            Some(splitter) => splitter.feed(bytes, &mut |head, part| collect.part(head, part)),
            None => collect.take(None, bytes),
        }
    }

    pub(crate) fn finish(mut self, tail: &Tail) -> Payload {
        let (header, mut collect) = (self.header, self.collect);
        let mut codes = header.notes.clone();
        let mut message = None;
        if let Some(splitter) = &mut self.splitter {
            splitter.finish(&mut |head, part| collect.part(head, part));
            splitter.codes.iter().for_each(|code| add(&mut codes, *code));
            message = splitter.head().cloned();
        }
        tail.notes.iter().chain(&tail.fault).for_each(|code| add(&mut codes, *code));
        let content_type = match &message {
            Some(message) => message.get("Content-Type"),
            None if header.is_http() => None,
            None => header.content_type(),
        };
        let (media_type, charset) =
            (content_type.and_then(http::media_type), content_type.and_then(http::charset));
        let (bytes, digest, length, stopped) = collect.finish();
        stopped.iter().for_each(|code| add(&mut codes, *code));
        Payload {
            record_type: header.record_type.clone(),
            target: header.target_uri().map(str::to_owned),
            date: header.date(),
            status: message.as_ref().and_then(|message| message.status),
            media_type,
            charset,
            content_codings: message.map(|message| message.content_codings()).unwrap_or_default(),
            bytes,
            digest,
            length,
            codes,
        }
    }
}

impl<R: Read + Seek> WarcReader<R> {
    /// Reads the payload of the record just met.
    ///
    /// # Errors
    /// When the input cannot be read. Damage stands in [`Payload::codes`].
    pub fn payload(&mut self, head: &Head, limits: &Limits) -> Result<Payload> {
        let mut taker = PayloadTaker::new(head, limits);
        let tail = self.block(&mut |bytes| taker.feed(bytes))?;
        Ok(taker.finish(&tail))
    }
}

/// Hashes all of a payload and keeps what the limit allows of it, decoded.
struct Collect<'l> {
    limits: &'l Limits,
    hasher: Sha256,
    length: u64,
    plain: Vec<u8>,
    decoder: Option<Decoder>,
    cut: Option<Code>,
}

impl<'l> Collect<'l> {
    fn new(limits: &'l Limits) -> Self {
        Collect { limits, hasher: Sha256::new(), length: 0, plain: Vec::new(), decoder: None, cut: None }
    }

    fn part(&mut self, head: &Option<HttpHead>, part: Part<'_>) {
        if let Part::Payload(bytes) = part {
            self.take(head.as_ref(), bytes);
        }
    }

    fn take(&mut self, head: Option<&HttpHead>, bytes: &[u8]) {
        if self.length == 0
            && let Some(head) = head
        {
            let codings = head.content_codings();
            self.decoder = (!codings.is_empty()).then(|| Decoder::new(&codings, true, self.limits));
        }
        self.length += bytes.len() as u64;
        self.hasher.update(bytes);
        match &mut self.decoder {
            Some(decoder) => decoder.feed(bytes),
            None => {
                let room = self.limits.payload.saturating_sub(self.plain.len() as u64);
                let kept = room.min(bytes.len() as u64) as usize;
                self.plain.extend_from_slice(&bytes[..kept]);
                if kept < bytes.len() {
                    self.cut = Some(Code::DecodeLimit);
                }
            }
        }
    }

    fn finish(self) -> (Vec<u8>, Digest, u64, Option<Code>) {
        let digest = Digest::from_bytes(self.hasher.finalize().into());
        match self.decoder {
            Some(decoder) => {
                let (bytes, stopped) = decoder.finish();
                (bytes, digest, self.length, stopped)
            }
            None => (self.plain, digest, self.length, self.cut),
        }
    }
}
