//! Timestamps by an outside authority (RFC 3161, RFC 5652, RFC 5816), checked offline.
//!
//! A token says: these bytes existed at this time, says this authority. Whether it says so of
//! *our* bytes, whether the authority's own key signed it, and whether that key was one for
//! stamping and trusted at that time, are ten questions; each has a code of its own.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::certificate::{Certificate, Chain, Hash, Signed, chain, generalized};
use crate::code::{Code, Weight};
use crate::der::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, SET, context, oid_text, small,
};
use crate::error::{Result, io_error};
use crate::form::FileKind;
use crate::verify::FileReport;

/// What a token is held against.
#[derive(Clone, Debug, Default)]
pub struct StampCheck {
    /// The stamped bytes, or their digests.
    pub data: StampedData,
    /// The nonce of the request, as the content of its INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// Certificates that are trusted to begin a chain.
    pub roots: Vec<Certificate>,
    /// Certificates that may stand in a chain.
    pub others: Vec<Certificate>,
    /// Policies that are allowed, in digits and points; none: any.
    pub policies: Vec<String>,
}

/// What was stamped, as far as it is known.
#[derive(Clone, Debug, Default)]
pub enum StampedData {
    /// Nobody said.
    #[default]
    Unknown,
    /// The bytes.
    Bytes(Vec<u8>),
    /// Their digest by the token's own hash function.
    Digest(Vec<u8>),
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When, by the authority's clock.
    pub time: Timestamp,
    /// How exact it says that this is.
    pub accuracy: SignedDuration,
    /// Its policy.
    pub policy: String,
    /// Its serial number, in hexadecimal digits.
    pub serial: String,
    /// Who signed.
    pub signer: Option<String>,
}

/// How a token stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StampVerdict {
    /// What it says, where it can be read.
    pub stamp: Option<Stamp>,
    /// What is to be said of it, with details.
    pub codes: Vec<(Code, String)>,
}

impl StampVerdict {
    fn say(&mut self, code: Code, detail: impl Into<String>) {
        self.codes.push((code, detail.into()));
    }

    /// Whether every question was answered, and rightly.
    pub fn is_right(&self) -> bool {
        self.stamp.is_some() && self.codes.iter().all(|(code, _)| code.weight() == Weight::Note)
    }
}

/// Longest response that is looked at.
pub const LONGEST_RESPONSE: usize = 64 * 1024;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";

const RSA_PSS: &str = "1.2.840.113549.1.1.10";

/// Whether bytes begin as a response or a token does.
pub(crate) fn is_stamp(bytes: &[u8]) -> bool {
    let Some(mut outer) = Reader::new(bytes).inside(SEQUENCE) else { return false };
    let is_signed =
        |reader: &mut Reader<'_>| reader.take(OID).is_some_and(|oid| oid_text(oid.content) == SIGNED_DATA);
    let mut token = outer;
    if is_signed(&mut token) {
        return true;
    }
    // A response: its status, then the token, which a refusal leaves out.
    let Some(mut status) = outer.inside(SEQUENCE) else { return false };
    if status.take(INTEGER).and_then(small).is_none_or(|status| status > 5) {
        return false;
    }
    outer.is_empty() || outer.inside(SEQUENCE).is_some_and(|mut token| is_signed(&mut token))
}

/// Checks a response of an authority, or a token by itself.
pub fn check_stamp(bytes: &[u8], check: &StampCheck) -> StampVerdict {
    let mut verdict = StampVerdict::default();
    let Some(token) = granted(bytes, &mut verdict) else { return verdict };
    match Token::parse(token) {
        Some(token) => token.check(check, &mut verdict),
        None => verdict.say(Code::StampForm, ""),
    }
    verdict
}

/// The token of a response that was granted (step 1); a token by itself was.
fn granted<'a>(bytes: &'a [u8], verdict: &mut StampVerdict) -> Option<&'a [u8]> {
    let form = |verdict: &mut StampVerdict| {
        verdict.say(Code::StampForm, "");
        None
    };
    if bytes.len() > LONGEST_RESPONSE {
        return form(verdict);
    }
    let Some(whole) = Reader::whole(bytes, SEQUENCE) else { return form(verdict) };
    let mut outer = Reader::new(whole.content);
    if outer.optional(OID).is_some() {
        return Some(bytes);
    }
    let Some(mut status) = outer.inside(SEQUENCE) else { return form(verdict) };
    match status.take(INTEGER).and_then(small) {
        Some(0 | 1) => {}
        Some(status) => {
            verdict.say(Code::StampRefused, format!("status {status}"));
            return None;
        }
        None => return form(verdict),
    }
    match outer.take(SEQUENCE) {
        Some(token) if outer.is_empty() => Some(token.raw),
        _ => form(verdict),
    }
}

/// A token's parts, as they lie in it.
struct Token<'a> {
    certificates: Vec<Certificate>,
    /// The signed text: a TSTInfo.
    content: &'a [u8],
    info: Info<'a>,
    digest: &'a [u8],
    /// Signed attributes, as sent.
    attributes: &'a [u8],
    /// Issuer and serial number, or key identifier, that name the signer.
    named: Option<(&'a [u8], &'a [u8])>,
    /// How the signature was made.
    algorithm: &'a [u8],
    signature: &'a [u8],
}

/// TSTInfo (RFC 3161, 2.4.2).
struct Info<'a> {
    policy: String,
    hash: &'a [u8],
    imprint: &'a [u8],
    serial: &'a [u8],
    time: Timestamp,
    accuracy: SignedDuration,
    nonce: Option<&'a [u8]>,
    /// An extension is marked critical; none is known here.
    has_critical: bool,
}

impl<'a> Token<'a> {
    /// Step 2: CMS SignedData, version 3, around a TSTInfo of version 1, with one signer.
    fn parse(token: &'a [u8]) -> Option<Token<'a>> {
        let mut info = Reader::new(Reader::whole(token, SEQUENCE)?.content);
        if oid_text(info.take(OID)?.content) != SIGNED_DATA {
            return None;
        }
        let mut signed = info.inside(context(0))?.inside(SEQUENCE)?;
        if small(signed.take(INTEGER)?)? != 3 {
            return None;
        }
        signed.take(SET)?;
        let mut encapsulated = signed.inside(SEQUENCE)?;
        if oid_text(encapsulated.take(OID)?.content) != TST_INFO {
            return None;
        }
        let content = encapsulated.inside(context(0))?.take(OCTET_STRING)?.content;
        let mut certificates = Vec::new();
        if let Some(set) = signed.optional(context(0)) {
            let mut set = Reader::new(set.content);
            while let Some(element) = set.any() {
                certificates.extend(Certificate::parse(element.raw));
            }
        }
        signed.optional(context(1));
        let mut signers = signed.inside(SET)?;
        let mut signer = signers.inside(SEQUENCE)?;
        if !signers.is_empty() || !signed.is_empty() {
            return None;
        }
        let version = small(signer.take(INTEGER)?)?;
        let named = match version {
            1 => {
                let mut name = signer.inside(SEQUENCE)?;
                Some((name.take(SEQUENCE)?.raw, name.take(INTEGER)?.raw))
            }
            3 => {
                signer.any()?;
                None
            }
            _ => return None,
        };
        let digest = signer.inside(SEQUENCE)?.take(OID)?.content;
        let attributes = signer.take(context(0))?.raw;
        let algorithm = signer.inside(SEQUENCE)?.take(OID)?.content;
        let signature = signer.take(OCTET_STRING)?.content;
        Some(Token {
            certificates,
            content,
            info: Info::parse(content)?,
            digest,
            attributes,
            named,
            algorithm,
            signature,
        })
    }

    fn check(&self, check: &StampCheck, verdict: &mut StampVerdict) {
        let info = &self.info;
        verdict.stamp = Some(Stamp {
            time: info.time,
            accuracy: info.accuracy,
            policy: info.policy.clone(),
            serial: crate::digest::hex(info.serial),
            signer: None,
        });
        self.imprint(&check.data, verdict);
        if info.has_critical {
            verdict.say(Code::StampExtension, "");
        }
        if check.nonce.as_deref().is_some_and(|nonce| info.nonce != Some(nonce)) {
            verdict.say(Code::StampNonce, "");
        }
        let Some(hash) = Hash::of_oid(self.digest) else {
            return verdict.say(Code::StampAlgorithm, oid_text(self.digest));
        };
        self.attributes(hash, verdict);
        let candidates: Vec<&Certificate> =
            self.certificates.iter().chain(&check.others).chain(&check.roots).collect();
        let Some(signer) = self.signer(&candidates, verdict) else { return };
        if let Some(stamp) = &mut verdict.stamp {
            stamp.signer = Some(signer.holder());
        }
        // Step 6: over the attributes as a SET OF, whose tag is not the one they are sent under.
        let mut signed = self.attributes.to_vec();
        signed[0] = SET;
        // The algorithm may name its hash function; plain RSA and ECDSA take that of the digest.
        let hash = Hash::of_signature(self.algorithm).unwrap_or(hash);
        match signer.verify(hash, &hash.of(&signed), self.signature) {
            _ if oid_text(self.algorithm) == RSA_PSS => verdict.say(Code::StampAlgorithm, "RSASSA-PSS"),
            Signed::Right => {}
            Signed::Wrong => verdict.say(Code::StampSignature, signer.holder()),
            Signed::Unknown => verdict.say(Code::StampAlgorithm, signer.holder()),
        }
        if !signer.is_for_stamping_alone() {
            verdict.say(Code::StampPurpose, signer.holder());
        }
        self.trust(signer, check, verdict);
        if !check.policies.is_empty() && !check.policies.contains(&info.policy) {
            verdict.say(Code::StampPolicy, info.policy.clone());
        }
    }

    /// Step 3.
    fn imprint(&self, data: &StampedData, verdict: &mut StampVerdict) {
        let Some(hash) = Hash::of_oid(self.info.hash) else {
            return verdict.say(Code::StampAlgorithm, oid_text(self.info.hash));
        };
        let same = match data {
            StampedData::Unknown => return verdict.say(Code::StampDataAbsent, ""),
            StampedData::Digest(digest) => digest == self.info.imprint,
            StampedData::Bytes(bytes) => hash.of(bytes) == self.info.imprint,
        };
        if !same {
            verdict.say(Code::StampImprint, "");
        }
    }

    /// The value of a signed attribute that stands once.
    fn attribute(&self, wanted: &str) -> Option<Reader<'a>> {
        let mut list = Reader::new(Reader::new(self.attributes).any()?.content);
        let mut found = None;
        while let Some(mut attribute) = list.inside(SEQUENCE) {
            if oid_text(attribute.take(OID)?.content) == wanted {
                if found.is_some() {
                    return None;
                }
                found = Some(attribute.inside(SET)?);
            }
        }
        found
    }

    /// Step 5.
    fn attributes(&self, hash: Hash, verdict: &mut StampVerdict) {
        let content_type = self.attribute(CONTENT_TYPE).and_then(|mut value| value.take(OID));
        let digest = self.attribute(MESSAGE_DIGEST).and_then(|mut value| value.take(OCTET_STRING));
        if content_type.is_none_or(|oid| oid_text(oid.content) != TST_INFO) {
            verdict.say(Code::StampAttributes, "content type");
        }
        if digest.is_none_or(|digest| digest.content != hash.of(self.content)) {
            verdict.say(Code::StampAttributes, "digest of what was signed");
        }
    }

    /// Step 7: the certificate that the signed attributes name, not any that is there.
    fn signer<'c>(
        &self,
        candidates: &[&'c Certificate],
        verdict: &mut StampVerdict,
    ) -> Option<&'c Certificate> {
        let Some(id) = self.certificate_id() else {
            verdict.say(Code::StampSigner, "no certificate is named");
            return None;
        };
        let matches = |certificate: &&&Certificate| match id.hash {
            Some(hash) => hash.of(certificate.der()) == id.value,
            // SigningCertificate of RFC 2634 knows SHA-1 only.
            None => {
                use sha1::Digest as _;
                sha1::Sha1::digest(certificate.der()).as_slice() == id.value
            }
        };
        let found = candidates.iter().find(matches).copied();
        let Some(certificate) = found else {
            let code = if self.certificates.is_empty() { Code::StampSignerAbsent } else { Code::StampSigner };
            verdict.say(code, "");
            return None;
        };
        let other = self.named.is_some_and(|(issuer, serial)| !certificate.is_named(issuer, serial))
            || id.serial.is_some_and(|serial| serial != certificate.serial())
            || id.issuer.is_some_and(|issuer| issuer != certificate.issuer());
        if other {
            verdict.say(Code::StampSigner, certificate.holder());
        }
        Some(certificate)
    }

    /// The first ESSCertID (RFC 2634, 5.4.1) or ESSCertIDv2 (RFC 5035, 4).
    fn certificate_id(&self) -> Option<CertificateId<'a>> {
        let (mut list, is_new) = match self.attribute(SIGNING_CERTIFICATE_V2) {
            Some(value) => (value, true),
            None => (self.attribute(SIGNING_CERTIFICATE)?, false),
        };
        let mut id = list.inside(SEQUENCE)?.inside(SEQUENCE)?.inside(SEQUENCE)?;
        let hash = match id.optional(SEQUENCE) {
            Some(algorithm) => Some(Hash::of_oid(Reader::new(algorithm.content).take(OID)?.content)?),
            None => is_new.then_some(Hash::Sha256),
        };
        let value = id.take(OCTET_STRING)?.content;
        let (mut issuer, mut serial) = (None, None);
        if let Some(mut name) = id.inside(SEQUENCE) {
            // GeneralNames: the one that is a directory name.
            issuer =
                name.inside(SEQUENCE).and_then(|mut names| names.take(context(4))).map(|name| name.content);
            serial = name.take(INTEGER).map(|serial| serial.raw);
        }
        Some(CertificateId { hash, value, issuer, serial })
    }

    /// Step 9.
    fn trust(&self, signer: &Certificate, check: &StampCheck, verdict: &mut StampVerdict) {
        if check.roots.is_empty() {
            return verdict.say(Code::StampNoRoot, signer.holder());
        }
        let others: Vec<Certificate> = self.certificates.iter().chain(&check.others).cloned().collect();
        match chain(signer, &others, &check.roots, self.info.time) {
            Chain::Trusted => verdict.say(Code::StampRevocation, ""),
            Chain::NotValidThen => verdict.say(Code::StampExpired, signer.holder()),
            Chain::Untrusted => verdict.say(Code::StampChain, signer.holder()),
        }
    }
}

/// What names the signer's certificate.
struct CertificateId<'a> {
    /// `None`: SHA-1.
    hash: Option<Hash>,
    value: &'a [u8],
    issuer: Option<&'a [u8]>,
    serial: Option<&'a [u8]>,
}

impl<'a> Info<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Info<'a>> {
        let mut info = Reader::new(Reader::whole(bytes, SEQUENCE)?.content);
        if small(info.take(INTEGER)?)? != 1 {
            return None;
        }
        let policy = oid_text(info.take(OID)?.content);
        let mut imprint = info.inside(SEQUENCE)?;
        let hash = imprint.inside(SEQUENCE)?.take(OID)?.content;
        let imprint = imprint.take(OCTET_STRING)?.content;
        let serial = info.take(INTEGER)?.content;
        let time = generalized(std::str::from_utf8(info.take(GENERALIZED_TIME)?.content).ok()?)?;
        let accuracy = info.optional(SEQUENCE).map_or(Some(SignedDuration::ZERO), |accuracy| {
            let mut accuracy = Reader::new(accuracy.content);
            let mut part = |tag: u8| accuracy.optional(tag).map_or(Some(0), small);
            let (seconds, millis, micros) = (part(INTEGER)?, part(0x80)?, part(0x81)?);
            let nanoseconds = (millis.checked_mul(1000)?.checked_add(micros)?).checked_mul(1000)?;
            SignedDuration::from_secs(i64::try_from(seconds).ok()?)
                .checked_add(SignedDuration::from_nanos(i64::try_from(nanoseconds).ok()?))
        })?;
        info.optional(BOOLEAN);
        let nonce = info.optional(INTEGER).map(|nonce| nonce.content);
        info.optional(context(0));
        let mut has_critical = false;
        if let Some(list) = info.optional(context(1)) {
            let mut list = Reader::new(list.content);
            while !list.is_empty() {
                let mut extension = list.inside(SEQUENCE)?;
                extension.take(OID)?;
                has_critical |= extension.optional(BOOLEAN).is_some_and(|value| value.content != [0]);
            }
        }
        if !info.is_empty() {
            return None;
        }
        Some(Info { policy, hash, imprint, serial, time, accuracy, nonce, has_critical })
    }
}

/// The nonce in a request (RFC 3161, 2.4.1), as the content of its INTEGER.
pub fn nonce_of_request(request: &[u8]) -> Option<Vec<u8>> {
    let mut request = Reader::new(Reader::whole(request, SEQUENCE)?.content);
    request.take(INTEGER)?;
    request.take(SEQUENCE)?;
    request.optional(OID);
    request.optional(INTEGER).map(|nonce| nonce.content.to_vec())
}

/// Checks the response or token in a file.
///
/// # Errors
/// `NotFound`, `Refused` or `Unavailable` where it cannot be read.
pub fn verify_stamp(path: &Path, check: &StampCheck) -> Result<FileReport> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| io_error("open", path, error))?;
    let read = file.take(LONGEST_RESPONSE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| io_error("read", path, error))?;
    let mut report = FileReport {
        file: path.to_string_lossy().into_owned(),
        kind: FileKind::Timestamp,
        bytes: bytes.len() as u64,
        ..FileReport::default()
    };
    let verdict = check_stamp(&bytes, check);
    let item = match &verdict.stamp {
        Some(Stamp { time, accuracy, signer, .. }) => {
            let by = signer.as_deref().unwrap_or("someone unknown");
            format!("timestamp of {time} ± {} s by {by}", accuracy.as_secs_f64())
        }
        None => "timestamp".to_owned(),
    };
    for (code, detail) in &verdict.codes {
        let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        report.find(*code, 0, item.clone(), format!("{}{detail}", code.sentence()));
    }
    if verdict.is_right() {
        report.find(Code::Stamped, 0, item, Code::Stamped.sentence().to_owned());
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_token_is_said_to_be_none() {
        for bytes in [&b""[..], b"text", &[0x30, 0x00], &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00]] {
            let verdict = check_stamp(bytes, &StampCheck::default());
            assert_eq!(verdict.codes, [(Code::StampForm, String::new())], "{bytes:?}");
        }
        let refused = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
        assert!(is_stamp(&refused));
        assert_eq!(check_stamp(&refused, &StampCheck::default()).codes[0].0, Code::StampRefused);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = is_stamp(&bytes);
            let _ = check_stamp(&bytes, &StampCheck::default());
            let _ = nonce_of_request(&bytes);
        }
    }
}
