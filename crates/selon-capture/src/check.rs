//! One record held against its own digests.
//!
//! The block runs through once; every hash that the header calls for is taken on the way. What
//! comes out is a verdict with its reasons, and the digests that a manifest lists.

use selon_model::Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::code::{Code, Weight};
use crate::decode::Decoder;
use crate::digest::{Algorithm, Hasher, Labelled};
use crate::http::{HttpHead, Part, Splitter};
use crate::limits::Limits;
use crate::record::{RecordHeader, RecordType};
use crate::warc::{Head, Tail, add};

/// How a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole block agrees with its digest.
    Verified,
    /// Only the payload agrees with a digest; message headers are unprotected.
    VerifiedPayloadOnly,
    /// Nothing to hold it against.
    Unverifiable,
    /// Something disagrees.
    Failed,
    /// Part of it is missing.
    Truncated,
}

impl Verdict {
    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::VerifiedPayloadOnly => "verified-payload-only",
            Verdict::Unverifiable => "unverifiable",
            Verdict::Failed => "failed",
            Verdict::Truncated => "truncated",
        }
    }
}

/// Which SHA-256 digests to take beyond those that the header declares.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    /// Of the block and of the payload.
    pub content: bool,
    /// Of header and block, which names a capture.
    pub record: bool,
    /// Those that an index may give: SHA-1 and SHA-256 of the payload, with and without transfer
    /// coding.
    pub index: bool,
}

/// A record after its block was read.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in order.
    pub codes: Vec<Code>,
    /// Octets of the block that were there.
    pub block_length: u64,
    /// SHA-256 of the block, if wanted or declared.
    pub block: Option<Digest>,
    /// SHA-256 of the payload, if wanted or declared.
    pub payload: Option<Digest>,
    /// Octets of the payload.
    pub payload_length: u64,
    /// SHA-256 of header and block, if wanted.
    pub record: Option<Digest>,
    /// The HTTP head, where the block is a message.
    pub http: Option<HttpHead>,
    /// Digests that an index may give, if wanted.
    pub index: Vec<Labelled>,
}

/// Running hashes, one for each algorithm that someone asks for.
#[derive(Default)]
struct Tap(Vec<(Algorithm, Hasher)>);

impl Tap {
    fn want(&mut self, algorithm: Algorithm) {
        if !self.0.iter().any(|(known, _)| *known == algorithm) {
            self.0.push((algorithm, Hasher::new(algorithm)));
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        for (_, hasher) in &mut self.0 {
            hasher.update(bytes);
        }
    }

    fn value(&self, algorithm: Algorithm) -> Option<Vec<u8>> {
        self.0.iter().find(|(known, _)| *known == algorithm).map(|(_, hasher)| hasher.clone().finish())
    }

    fn sha256(&self) -> Option<Digest> {
        let bytes: [u8; 32] = self.value(Algorithm::Sha256)?.try_into().ok()?;
        Some(Digest::from_bytes(bytes))
    }

    fn labelled(&self) -> impl Iterator<Item = Labelled> + '_ {
        self.0
            .iter()
            .map(|(algorithm, hasher)| Labelled { algorithm: *algorithm, value: hasher.clone().finish() })
    }

    fn agrees(&self, with: &Labelled) -> bool {
        self.value(with.algorithm).is_some_and(|value| value == with.value)
    }
}

/// Takes a block and judges it.
pub struct RecordCheck<'h> {
    header: &'h RecordHeader,
    limits: Limits,
    block_digest: Option<Result<Labelled, Code>>,
    payload_digest: Option<Result<Labelled, Code>>,
    block: Tap,
    payload: Tap,
    chunked: Tap,
    record: Option<Sha256>,
    splitter: Option<Splitter>,
    decoder: Option<Decoder>,
    payload_length: u64,
    index: bool,
}

impl<'h> RecordCheck<'h> {
    /// Begins with the header.
    pub fn new(head: &'h Head, wants: Wants, limits: &Limits) -> Self {
        let header = &head.header;
        let splitter = header.is_http().then(|| Splitter::new(limits));
        // The payload digest of a revisit, or of one segment, is that of a whole found elsewhere.
        let elsewhere =
            header.record_type == RecordType::Revisit || header.get("WARC-Segment-Number").is_some();
        let block_digest = header.block_digest();
        let payload_digest = header.payload_digest().filter(|_| !elsewhere);
        let (mut block, mut payload, mut chunked) = (Tap::default(), Tap::default(), Tap::default());
        if let Some(Ok(digest)) = &block_digest {
            block.want(digest.algorithm);
        }
        if let Some(Ok(digest)) = &payload_digest {
            if splitter.is_some() { &mut payload } else { &mut block }.want(digest.algorithm);
            chunked.want(digest.algorithm);
        }
        if wants.content {
            block.want(Algorithm::Sha256);
            payload.want(Algorithm::Sha256);
        }
        if wants.index {
            for algorithm in [Algorithm::Sha1, Algorithm::Sha256] {
                if splitter.is_some() {
                    payload.want(algorithm);
                    chunked.want(algorithm);
                } else {
                    block.want(algorithm);
                }
            }
        }
        let record = wants.record.then(|| Sha256::new_with_prefix(&head.raw));
        RecordCheck {
            header,
            limits: limits.clone(),
            block_digest,
            payload_digest,
            block,
            payload,
            chunked,
            record,
            splitter,
            decoder: None,
            payload_length: 0,
            index: wants.index,
        }
    }

    /// Takes a piece of the block.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.block.update(bytes);
        if let Some(record) = &mut self.record {
            record.update(bytes);
        }
        match self.splitter.take() {
            None => self.payload_length += bytes.len() as u64,
            Some(mut splitter) => {
                splitter.feed(bytes, &mut |head, part| self.part(head, part));
                self.splitter = Some(splitter);
            }
        }
    }

    fn part(&mut self, head: &Option<HttpHead>, part: Part<'_>) {
        match part {
            Part::Chunked(bytes) => self.chunked.update(bytes),
            Part::Payload(bytes) => {
                if self.payload_length == 0
                    && let Some(head) = head
                {
                    let codings = head.content_codings();
                    self.decoder = (!codings.is_empty()).then(|| Decoder::new(&codings, false, &self.limits));
                }
                self.payload_length += bytes.len() as u64;
                self.payload.update(bytes);
                if let Some(decoder) = &mut self.decoder {
                    decoder.feed(bytes);
                }
            }
        }
    }

    /// Judges the record, given how it ended.
    pub fn finish(mut self, tail: &Tail) -> Checked {
        let mut codes = self.header.notes.clone();
        let mut http = None;
        let is_http = self.splitter.is_some();
        if let Some(mut splitter) = self.splitter.take() {
            splitter.finish(&mut |head, part| self.part(head, part));
            for code in &splitter.codes {
                // A block that is cut short cannot be blamed for its chunks as well; one that says
                // so of itself is as it was received.
                let declared = self.header.get("WARC-Truncated").is_some();
                let code = if declared && *code == Code::Payload { Code::PayloadCut } else { *code };
                if tail.fault.is_none() || code.weight() == Weight::Note {
                    add(&mut codes, code);
                }
            }
            http = splitter.head().cloned();
        }
        if let Some((_, Some(code))) = self.decoder.take().map(Decoder::finish) {
            add(&mut codes, code);
        }
        tail.notes.iter().for_each(|code| add(&mut codes, *code));
        if let Some(fault) = tail.fault {
            add(&mut codes, fault);
        }
        let is_chunked = http.as_ref().is_some_and(HttpHead::is_chunked);
        let verdict = self.judge(tail, is_http, is_chunked, &mut codes);
        let block = self.block.sha256();
        let index = match (self.index, is_http) {
            (false, _) => Vec::new(),
            (true, true) => self.payload.labelled().chain(self.chunked.labelled()).collect(),
            (true, false) => self.block.labelled().collect(),
        };
        Checked {
            verdict,
            codes,
            block_length: tail.block_length,
            block,
            payload: if is_http { self.payload.sha256() } else { block },
            payload_length: self.payload_length,
            record: self.record.map(|record| Digest::from_bytes(record.finalize().into())),
            http,
            index,
        }
    }

    fn judge(&self, tail: &Tail, is_http: bool, is_chunked: bool, codes: &mut Vec<Code>) -> Verdict {
        if tail.fault == Some(Code::Truncated) {
            return Verdict::Truncated;
        }
        let block =
            self.block_digest.as_ref().map(|digest| digest.as_ref().map(|digest| self.block.agrees(digest)));
        let payload = self.payload_digest.as_ref().map(|digest| {
            digest.as_ref().map(|digest| {
                let direct = if is_http { &self.payload } else { &self.block };
                if direct.agrees(digest) {
                    return true;
                }
                let chunked = is_chunked && self.chunked.agrees(digest);
                if chunked {
                    add(codes, Code::DigestOverChunked);
                }
                chunked
            })
        });
        if block == Some(Ok(false)) {
            add(codes, Code::BlockDigest);
        }
        if payload == Some(Ok(false)) {
            if block == Some(Ok(true)) && self.payload_digest == self.block_digest {
                add(codes, Code::DigestOfBlock);
            }
            add(codes, Code::PayloadDigest);
        }
        if codes.iter().any(|code| code.weight() == Weight::Failure) {
            return Verdict::Failed;
        }
        match (block, payload) {
            (Some(Ok(true)), _) => Verdict::Verified,
            (_, Some(Ok(true))) if is_http => {
                add(codes, Code::PayloadOnly);
                Verdict::VerifiedPayloadOnly
            }
            (_, Some(Ok(true))) => Verdict::Verified,
            (Some(Err(_)), _) | (_, Some(Err(_))) => {
                add(codes, Code::DigestUnknown);
                Verdict::Unverifiable
            }
            _ => {
                let content = self.header.record_type.is_content();
                add(codes, if content { Code::DigestNone } else { Code::SupportNoDigest });
                Verdict::Unverifiable
            }
        }
    }
}
