//! Keeping an exchange with a server: response, request, metadata and certificates as records.
//!
//! The response is kept as it crossed the connection. A response with a transfer-coding gets no
//! payload digest in its record, since the tools of the field hash the coded bytes there; the
//! right one stands in the manifest. The same body from the same address again is a revisit.

use std::io::{Cursor, Read};
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use selon_model::{Capture, CaptureId, Digest, LeafIndex, Origin, Stated};
use sha2::{Digest as _, Sha256};

use super::{Content, EvidenceArchive, name_of, open};
use crate::error::{Error, Kind, Result, io_error};
use crate::http::{HttpHead, Part, Splitter, media_type};
use crate::limits::Limits;
use crate::manifest::{Body, CaptureManifest, Manifest, Measured, Purpose, REFRESH, Wire, WireTls};
use crate::write::{header, record_id, warc_date};

/// An exchange to keep.
#[derive(Clone, Debug)]
pub struct NewExchange {
    /// The address asked for: ASCII, without fragment.
    pub url: String,
    /// When it began, by the caller's clock.
    pub began: Timestamp,
    /// How long it took, by a clock that is not set.
    pub took: Duration,
    /// The request as sent.
    pub request: Vec<u8>,
    /// Head and body of the response as received.
    pub response: Content,
    /// Octets of its head, with the empty line.
    pub head_length: u64,
    /// Heads that came before it (status 1xx), as received.
    pub interim: Vec<u8>,
    /// What came behind its end, as far as it was read.
    pub behind: Vec<u8>,
    /// Why it was fetched.
    pub purpose: Purpose,
    /// The address that was connected to.
    pub peer: Option<IpAddr>,
    /// Every address of the host's name.
    pub dns: Vec<IpAddr>,
    /// The kind of proxy, where one chose the address.
    pub proxy: Option<String>,
    /// The TLS connection.
    pub tls: Option<NewTls>,
    /// The capture whose redirect led here.
    pub redirect_of: Option<CaptureId>,
    /// Address and capture that name this one.
    pub via: Option<(String, CaptureId)>,
    /// What robots.txt said.
    pub robots: String,
    /// Why the response ends too early: a value of WARC-Truncated.
    pub truncated: Option<&'static str>,
    /// What stands before the page, if the response is not the page.
    pub blocked: Option<&'static str>,
    /// What the one who asked states.
    pub stated: Stated,
}

/// A TLS connection, as its exchange has it.
#[derive(Clone, Debug)]
pub struct NewTls {
    /// Version.
    pub version: String,
    /// Cipher suite.
    pub cipher: String,
    /// Certificates as received, DER, the server's own first.
    pub chain: Vec<Vec<u8>>,
    /// Why they do not verify, where the fetch was forced.
    pub fault: Option<String>,
}

/// An exchange that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExchange {
    /// Where and as what.
    pub capture: Capture,
    /// The same came before: only the head was added.
    pub unchanged: bool,
}

/// An earlier response that a revisit refers to.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    leaf: LeafIndex,
    record: String,
    date: Timestamp,
}

/// What a server said for asking again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl super::Known {
    /// Takes down an exchange of the log.
    pub(super) fn add_exchange(&mut self, leaf: LeafIndex, capture: &CaptureManifest, wire: &Wire) {
        let Some(record) = capture.records.first() else { return };
        let whole = wire.truncated.is_none() && capture.status == Some(200);
        if whole && record.record_type == "response" {
            let original = Original { leaf, record: record.id.clone(), date: capture.began };
            self.bodies.insert((capture.target_uri.clone(), wire.body_as_sent), original);
        }
        if let Some(tls) = &wire.tls
            && capture.records.iter().any(|record| record.block.digest == tls.chain)
        {
            self.chains.insert(tls.chain);
        }
        if whole && wire.blocked_page.is_none() {
            if wire.purpose == Purpose::List && record.record_type == "response" {
                let validators =
                    Validators { etag: wire.etag.clone(), last_modified: wire.last_modified.clone() };
                let original = Original { leaf, record: record.id.clone(), date: capture.began };
                self.lists.insert(capture.target_uri.clone(), (validators, original));
            }
            self.pages.insert(capture.target_uri.clone());
            self.pages.extend(wire.redirect_of.and_then(|id| self.redirects.get(&id).cloned()));
        } else if capture.status.is_some_and(|status| (300..400).contains(&status))
            || wire.blocked_page.as_deref() == Some(REFRESH)
        {
            let first = wire.redirect_of.and_then(|id| self.redirects.get(&id).cloned());
            let first = first.unwrap_or_else(|| capture.target_uri.clone());
            self.redirects.insert(capture.capture, first);
        }
    }
}

/// What one pass over a response gives.
struct Taken {
    block: Measured,
    payload: Measured,
    body_as_sent: Digest,
    head: Option<HttpHead>,
}

impl EvidenceArchive {
    /// Whether an address gave its page before, by itself or through redirects.
    pub fn was_fetched(&self, url: &str) -> bool {
        self.known.pages.contains(url)
    }

    /// What was said for asking again about a list that was fetched whole before.
    pub fn list_fetched_before(&self, url: &str) -> Option<&Validators> {
        self.known.lists.get(url).map(|(validators, _)| validators)
    }

    /// Keeps an exchange. When this returns, it is durable and in the signed log.
    ///
    /// # Errors
    /// `Invalid` where its parts do not fit together; else as [`EvidenceArchive::append`].
    pub fn append_exchange(&mut self, new: &NewExchange) -> Result<StoredExchange> {
        self.refuse_if_broken()?;
        let taken = take(new)?;
        self.broken = true;
        let manifest = self.write_exchange(new, &taken)?;
        self.broken = false;
        let leaf = self.commit(std::slice::from_ref(&manifest))?;
        let capture = manifest
            .capture(leaf)
            .ok_or_else(|| Error::new(Kind::Internal, "an exchange without a record was logged"))?;
        let unchanged = match &manifest.body {
            Body::Capture(capture) => capture.wire.as_ref().is_some_and(|wire| wire.revisit_of.is_some()),
            _ => false,
        };
        Ok(StoredExchange { capture, unchanged })
    }

    fn write_exchange(&mut self, new: &NewExchange, taken: &Taken) -> Result<Manifest> {
        let info = self.make_room(new.began)?;
        let (id, request_id, metadata_id) =
            (record_id(self.random()?), record_id(self.random()?), record_id(self.random()?));
        let chain_id = record_id(self.random()?);
        let status = taken.head.as_ref().and_then(|head| head.status);
        let original = self.known.bodies.get(&(new.url.clone(), taken.body_as_sent)).cloned();
        let unchanged =
            status == Some(200) && new.truncated.is_none() && taken.block.length > new.head_length;
        let unmodified = || self.known.lists.get(&new.url).map(|(_, original)| original.clone());
        let original = match status {
            Some(304) => unmodified(),
            _ => original.filter(|_| unchanged),
        };
        let profile = match status {
            Some(304) => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            _ => "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        };
        let Some(warc) = &mut self.current else {
            return Err(Error::new(Kind::Internal, "no WARC file is open"));
        };

        let field = |name: &str| taken.head.as_ref().and_then(|head| head.get(name)).map(str::to_owned);
        let content_type = field("Content-Type");
        let media = content_type.as_deref().and_then(media_type);
        let date = warc_date(new.began);
        let warcinfo = format!("<{}>", warc.info);
        let name = |id: &str| format!("<{id}>");
        let peer = new.peer.map(|peer| peer.to_string());
        let own = name(&id);
        let common =
            [("WARC-Date", date.as_str()), ("WARC-Target-URI", &new.url), ("WARC-Warcinfo-ID", &warcinfo)];
        let is_coded = taken.head.as_ref().is_some_and(|head| head.get("Transfer-Encoding").is_some());
        let payload_digest = taken.payload.digest.to_string();
        let tls = new
            .tls
            .as_ref()
            .map(|tls| format!("tls/{}", tls.version.trim_start_matches("TLSv").replace('_', ".")));

        // The response, or its head alone where the body is kept already.
        let head_digest;
        let (block, length, mut bytes): (&Digest, u64, Box<dyn Read + '_>) = match &original {
            None => (&taken.block.digest, taken.block.length, open(&new.response)?),
            Some(_) => {
                let head = read_head(new)?;
                head_digest = Digest::of(&head);
                (&head_digest, new.head_length, Box::new(Cursor::new(head)))
            }
        };
        let (block_digest, block_length) = (block.to_string(), length.to_string());
        let (refers_id, refers_date) =
            original.as_ref().map(|it| (name(&it.record), warc_date(it.date))).unwrap_or_default();
        let kind = if original.is_some() { "revisit" } else { "response" };
        let mut fields = vec![("WARC-Type", kind), ("WARC-Record-ID", own.as_str())];
        fields.extend(common);
        fields.extend(peer.as_deref().map(|peer| ("WARC-IP-Address", peer)));
        fields.push(("WARC-Protocol", "http/1.1"));
        fields.extend(tls.as_deref().map(|tls| ("WARC-Protocol", tls)));
        if original.is_some() {
            fields.extend([
                ("WARC-Profile", profile),
                ("WARC-Refers-To", &refers_id),
                ("WARC-Refers-To-Target-URI", &new.url),
                ("WARC-Refers-To-Date", &refers_date),
            ]);
        }
        if original.is_some() && status != Some(304) {
            fields.push(("WARC-Truncated", "length"));
        }
        fields.extend(new.truncated.map(|why| ("WARC-Truncated", why)));
        fields.push(("WARC-Block-Digest", &block_digest));
        if status != Some(304) && (!is_coded || original.is_some()) {
            fields.push(("WARC-Payload-Digest", &payload_digest));
        }
        fields.push(("Content-Type", "application/http;msgtype=response"));
        fields.push(("Content-Length", &block_length));
        let (record, written) = warc.write(&self.folder, &id, kind, &header(&fields), &mut bytes)?;
        drop(bytes);
        if written.block != *block || written.block_length != length {
            let what = format!("{} changed while it was read", name_of(&new.response));
            return Err(Error::new(Kind::Unavailable, what));
        }
        let mut records = vec![record];

        let mut beside = |id: &str, kind: &str, target: &str, media: &str, block: &[u8], joined: bool| {
            let digest = Digest::of(block).to_string();
            let (own_id, length) = (name(id), block.len().to_string());
            let mut fields = vec![
                ("WARC-Type", kind),
                ("WARC-Record-ID", &own_id),
                ("WARC-Date", &date),
                ("WARC-Target-URI", target),
                ("WARC-Warcinfo-ID", &warcinfo),
            ];
            if joined {
                fields.push(("WARC-Concurrent-To", &own));
            }
            fields.push(("WARC-Block-Digest", &digest));
            fields.push(("Content-Type", media));
            fields.push(("Content-Length", &length));
            let (record, _) = warc.write(&self.folder, id, kind, &header(&fields), &mut &*block)?;
            records.push(record);
            Ok::<(), Error>(())
        };
        let request_media = "application/http;msgtype=request";
        beside(&request_id, "request", &new.url, request_media, &new.request, true)?;
        let metadata = metadata(new);
        beside(&metadata_id, "metadata", &new.url, "application/warc-fields", &metadata, true)?;
        let tls = match &new.tls {
            None => None,
            Some(tls) => {
                let chain = pem(&tls.chain);
                let digest = Digest::of(&chain);
                // A picture's chain is mostly that of its page, which is kept with the page.
                if new.purpose != Purpose::Requisite || !self.known.chains.contains(&digest) {
                    let target = format!("urn:selon:{}", digest.hex());
                    beside(
                        &chain_id,
                        "resource",
                        &target,
                        "application/pem-certificate-chain",
                        &chain,
                        false,
                    )?;
                }
                Some(WireTls {
                    version: tls.version.clone(),
                    cipher: tls.cipher.clone(),
                    chain: digest,
                    fault: tls.fault.clone(),
                })
            }
        };
        records.extend(info);

        Ok(Manifest::new(Body::Capture(Box::new(CaptureManifest {
            capture: CaptureId(written.record),
            class: Origin::Wire,
            target_uri: new.url.clone(),
            stated: new.stated.clone(),
            records,
            payload: taken.payload.clone(),
            status,
            media_type: media.unwrap_or_else(|| "application/octet-stream".to_owned()),
            began: new.began,
            ended: new.began.checked_add(new.took).unwrap_or(new.began),
            claimed_date: None,
            container: None,
            after: self.newest_sealed.clone(),
            restricted: None,
            wire: Some(Box::new(Wire {
                purpose: new.purpose,
                body_as_sent: taken.body_as_sent,
                peer: new.peer,
                dns: new.dns.clone(),
                address_unchecked: new.proxy.clone(),
                tls,
                http_date: field("Date"),
                etag: field("ETag"),
                last_modified: field("Last-Modified"),
                redirect_of: new.redirect_of,
                via: new.via.as_ref().map(|(_, id)| *id),
                robots: new.robots.clone(),
                consent_state: "no-cookies".to_owned(),
                truncated: new.truncated.map(str::to_owned),
                blocked_page: new.blocked.map(str::to_owned),
                revisit_of: original.map(|original| original.leaf),
                took_ms: new.took.as_millis().try_into().unwrap_or(u64::MAX),
            })),
            restates: None,
        }))))
    }
}

/// One pass over a response: every digest that its records and its manifest state.
fn take(new: &NewExchange) -> Result<Taken> {
    let limits = Limits::default();
    let mut splitter = Splitter::new(&limits);
    let (mut block, mut payload, mut body) = (Sha256::new(), Sha256::new(), Sha256::new());
    let (mut length, mut payload_length) = (0u64, 0u64);
    let mut response = open(&new.response)?;
    let mut piece = vec![0; 64 * 1024];
    let mut part = |_: &Option<HttpHead>, part: Part<'_>| {
        if let Part::Payload(bytes) = part {
            payload.update(bytes);
            payload_length += bytes.len() as u64;
        }
    };
    loop {
        let read = match response.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(io_error("read", std::path::Path::new(&name_of(&new.response)), error));
            }
        };
        let bytes = &piece[..read];
        block.update(bytes);
        let of_head = new.head_length.saturating_sub(length).min(read as u64) as usize;
        body.update(&bytes[of_head..]);
        splitter.feed(bytes, &mut part);
        length += read as u64;
    }
    splitter.finish(&mut part);
    if length < new.head_length {
        return Err(Error::new(Kind::Invalid, "a response is shorter than its head"));
    }
    Ok(Taken {
        block: Measured { digest: Digest::from_bytes(block.finalize().into()), length },
        body_as_sent: Digest::from_bytes(body.finalize().into()),
        head: splitter.head().cloned(),
        payload: Measured { digest: Digest::from_bytes(payload.finalize().into()), length: payload_length },
    })
}

fn read_head(new: &NewExchange) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = open(&new.response)?.take(new.head_length).read_to_end(&mut head);
    read.map_err(|error| io_error("read", std::path::Path::new(&name_of(&new.response)), error))?;
    Ok(head)
}

/// The metadata record: how the address was come by, and what else crossed the connection.
fn metadata(new: &NewExchange) -> Vec<u8> {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        text.push_str(name);
        text.push_str(": ");
        text.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
        text.push_str("\r\n");
    };
    if let Some((url, _)) = &new.via {
        line("via", url);
    }
    line("fetchTimeMs", &new.took.as_millis().to_string());
    if !new.interim.is_empty() {
        line("interimHeadsBase64", &STANDARD.encode(&new.interim));
    }
    if !new.behind.is_empty() {
        line("behindTheEndBase64", &STANDARD.encode(&new.behind));
    }
    text.into_bytes()
}

/// Certificates as one text (RFC 7468, RFC 8555 section 9.1).
fn pem(chain: &[Vec<u8>]) -> Vec<u8> {
    let mut text = String::new();
    for certificate in chain {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        for line in STANDARD.encode(certificate).as_bytes().chunks(64) {
            text.extend(line.iter().map(|&byte| char::from(byte)));
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text.into_bytes()
}
