//! X.509 certificates as far as a timestamp needs them (RFC 5280): whose key, for what, from when
//! to when, signed by whom.
//!
//! A chain is judged at the time that a timestamp states, not now. Nothing is fetched; whether a
//! certificate was revoked is said to be unchecked.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::DateTime;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::der::{
    BIT_STRING, BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, SET, UTC_TIME,
    context, octets_of_bits, oid_text, small,
};

const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const KNOWN: [&[u8]; 3] = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE];
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// Whether a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Right,
    Wrong,
    /// Key or algorithm are of a kind that is not checked here.
    Unknown,
}

/// A hash function of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By its object identifier.
    pub(crate) fn of_oid(oid: &[u8]) -> Option<Hash> {
        match oid {
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01] => Some(Hash::Sha256),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02] => Some(Hash::Sha384),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03] => Some(Hash::Sha512),
            _ => None,
        }
    }

    /// The hash of bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
            Hash::Sha384 => Sha384::digest(bytes).to_vec(),
            Hash::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// Of a signature algorithm that names it: RSA (RFC 4055) or ECDSA (RFC 5758) with SHA-2.
    pub(crate) fn of_signature(oid: &[u8]) -> Option<Hash> {
        match oid {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]
            | [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02] => Some(Hash::Sha256),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c]
            | [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03] => Some(Hash::Sha384),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d]
            | [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04] => Some(Hash::Sha512),
            _ => None,
        }
    }
}

/// A certificate; fields are slices of its DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parts: Parts,
}

/// Ranges of a certificate's DER, and what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    signed: Vec<u8>,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    from: Timestamp,
    to: Timestamp,
    key: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    is_authority: bool,
    path: Option<u64>,
    may_sign_certificates: bool,
    stamps_only: bool,
    has_unknown_critical: bool,
}

impl Certificate {
    /// Reads one certificate in DER.
    pub fn parse(der: &[u8]) -> Option<Certificate> {
        Some(Certificate { der: der.to_vec(), parts: parse(der)? })
    }

    /// All certificates of a PEM file, or the one of a DER file; `None` where there is none, or one
    /// that cannot be read.
    pub fn parse_all(bytes: &[u8]) -> Option<Vec<Certificate>> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        let text = String::from_utf8_lossy(bytes);
        if !text.contains(BEGIN) {
            return Certificate::parse(bytes).map(|certificate| vec![certificate]);
        }
        let certificates = text.split(BEGIN).skip(1).map(|part| {
            let body: String = part.split("-----END").next()?.split_whitespace().collect();
            Certificate::parse(&STANDARD.decode(body).ok()?)
        });
        certificates.collect()
    }

    /// Its DER.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether issuer and serial number, both as DER, name it.
    pub(crate) fn is_named(&self, issuer: &[u8], serial: &[u8]) -> bool {
        self.parts.issuer == issuer && self.parts.serial == serial
    }

    pub(crate) fn serial(&self) -> &[u8] {
        &self.parts.serial
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.parts.issuer
    }

    /// RFC 3161, 2.3: extended key usage is there, critical, and timeStamping alone.
    pub(crate) fn is_for_stamping_alone(&self) -> bool {
        self.parts.stamps_only
    }

    /// Whether it is valid at a time.
    pub(crate) fn is_valid_at(&self, at: Timestamp) -> bool {
        self.parts.from <= at && at <= self.parts.to
    }

    /// The common name of its holder, or all of the name.
    pub fn holder(&self) -> String {
        name_text(&self.parts.subject)
    }

    /// Whether it signed itself.
    fn is_root(&self) -> bool {
        self.parts.issuer == self.parts.subject && self.signed_by(self) == Signed::Right
    }

    /// Whether `issuer` signed it.
    fn signed_by(&self, issuer: &Certificate) -> Signed {
        match Hash::of_signature(&self.parts.algorithm) {
            Some(hash) => issuer.verify(hash, &hash.of(&self.parts.signed), &self.parts.signature),
            None => Signed::Unknown,
        }
    }

    /// Whether a signature over a hash is by its key.
    pub(crate) fn verify(&self, hash: Hash, hashed: &[u8], signature: &[u8]) -> Signed {
        verify(&self.parts.key, hash, hashed, signature).unwrap_or(Signed::Unknown)
    }

    /// Whether it may sign certificates with so many authorities between.
    fn may_issue(&self, between: u64) -> bool {
        let parts = &self.parts;
        parts.is_authority
            && parts.may_sign_certificates
            && !parts.has_unknown_critical
            && parts.path.is_none_or(|most| between <= most)
    }
}

/// How a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chain {
    /// At a root that is trusted, every certificate valid at the time.
    Trusted,
    /// At a trusted root, but a certificate was not valid at the time.
    NotValidThen,
    /// At none.
    Untrusted,
}

/// Certificates between a signer and its root that are followed.
const LONGEST: u64 = 8;

/// Follows issuers from a certificate to a root among `roots`; `others` may stand between.
/// A certificate given as a root that was issued by another only stands between. What signed a root
/// that is trusted is not looked at (RFC 5280, 6.1): it is trusted because it was named.
pub(crate) fn chain(
    leaf: &Certificate,
    others: &[Certificate],
    roots: &[Certificate],
    at: Timestamp,
) -> Chain {
    let mut best = Chain::Untrusted;
    if leaf.parts.has_unknown_critical {
        return best;
    }
    // The shortest way first, as a certificate may limit how many follow it.
    let mut open = VecDeque::from([(leaf, leaf.is_valid_at(at), 0)]);
    // Every certificate is followed once, so that a ring of them ends; again where the way to it was
    // not valid and another is.
    let mut seen: Vec<(&[u8], bool)> = vec![(&leaf.der, true)];
    while let Some((certificate, valid, between)) = open.pop_front() {
        for issuer in roots.iter().chain(others) {
            if issuer.parts.subject != certificate.parts.issuer
                || !issuer.may_issue(between)
                || certificate.signed_by(issuer) != Signed::Right
            {
                continue;
            }
            let valid = valid && issuer.is_valid_at(at);
            let is_anchor = issuer.parts.issuer == issuer.parts.subject && roots.contains(issuer);
            if is_anchor && issuer.signed_by(issuer) != Signed::Wrong {
                if valid {
                    return Chain::Trusted;
                }
                best = Chain::NotValidThen;
            } else if between < LONGEST
                && !issuer.is_root()
                && !seen.iter().any(|(der, was)| *der == issuer.der && (*was || !valid))
            {
                seen.push((&issuer.der, valid));
                open.push_back((issuer, valid, between + 1));
            }
        }
    }
    best
}

fn parse(der: &[u8]) -> Option<Parts> {
    let mut whole = Reader::new(Reader::whole(der, SEQUENCE)?.content);
    let signed = whole.take(SEQUENCE)?;
    let algorithm = whole.inside(SEQUENCE)?.take(OID)?.content;
    let signature = octets_of_bits(whole.take(BIT_STRING)?)?;

    let mut tbs = Reader::new(signed.content);
    tbs.optional(context(0));
    let serial = tbs.take(INTEGER)?.raw;
    tbs.take(SEQUENCE)?;
    let issuer = tbs.take(SEQUENCE)?.raw;
    let mut validity = tbs.inside(SEQUENCE)?;
    let (from, to) = (time(validity.any()?)?, time(validity.any()?)?);
    let subject = tbs.take(SEQUENCE)?.raw;
    let key = tbs.take(SEQUENCE)?.raw;
    let mut parts = Parts {
        signed: signed.raw.to_vec(),
        serial: serial.to_vec(),
        issuer: issuer.to_vec(),
        subject: subject.to_vec(),
        from,
        to,
        key: key.to_vec(),
        algorithm: algorithm.to_vec(),
        signature: signature.to_vec(),
        is_authority: false,
        path: None,
        may_sign_certificates: true,
        stamps_only: false,
        has_unknown_critical: false,
    };
    while let Some(element) = tbs.any() {
        if element.tag == context(3) {
            let mut list = Reader::new(Reader::whole(element.content, SEQUENCE)?.content);
            while !list.is_empty() {
                extension(&mut list.inside(SEQUENCE)?, &mut parts)?;
            }
        }
    }
    Some(parts)
}

fn extension(extension: &mut Reader<'_>, parts: &mut Parts) -> Option<()> {
    let oid = extension.take(OID)?.content;
    let critical = extension.optional(BOOLEAN).is_some_and(|value| value.content != [0]);
    let value = extension.take(OCTET_STRING)?.content;
    if oid == BASIC_CONSTRAINTS {
        let mut constraints = Reader::new(Reader::whole(value, SEQUENCE)?.content);
        parts.is_authority = constraints.optional(BOOLEAN).is_some_and(|value| value.content != [0]);
        parts.path = constraints.optional(INTEGER).and_then(small);
    } else if oid == KEY_USAGE {
        let bits = Reader::whole(value, BIT_STRING)?.content;
        // keyCertSign is the sixth bit.
        parts.may_sign_certificates = bits.get(1).is_some_and(|first| first & 0x04 != 0);
    } else if oid == EXTENDED_KEY_USAGE {
        let mut uses = Reader::new(Reader::whole(value, SEQUENCE)?.content);
        parts.stamps_only = critical && uses.take(OID)?.content == TIME_STAMPING && uses.is_empty();
    }
    parts.has_unknown_critical |= critical && !KNOWN.contains(&oid);
    Some(())
}

/// A time of a certificate (RFC 5280, 4.1.2.5).
fn time(element: crate::der::Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.content).ok()?;
    match element.tag {
        UTC_TIME => {
            let year: u32 = text.get(..2)?.parse().ok()?;
            generalized(&format!("{}{text}", if year < 50 { "20" } else { "19" }))
        }
        GENERALIZED_TIME => generalized(text),
        _ => None,
    }
}

/// `YYYYMMDDhhmmss[.fraction]Z`.
pub(crate) fn generalized(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || fraction.len() > 9 || !digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole[from..to].parse::<i16>().ok();
    let part = |from: usize| number(from, from + 2).and_then(|value| i8::try_from(value).ok());
    let nanoseconds: i32 = format!("{fraction:0<9}").parse().ok()?;
    let date = DateTime::new(number(0, 4)?, part(4)?, part(6)?, part(8)?, part(10)?, part(12)?, nanoseconds);
    jiff::tz::Offset::UTC.to_timestamp(date.ok()?).ok()
}

/// The common name in a name, else its parts in a row.
fn name_text(name: &[u8]) -> String {
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    let mut all = Vec::new();
    let mut sets = Reader::new(Reader::whole(name, SEQUENCE).map_or(&[], |element| element.content));
    while let Some(mut set) = sets.inside(SET) {
        while let Some(mut pair) = set.inside(SEQUENCE) {
            let (Some(oid), Some(value)) = (pair.take(OID), pair.any()) else { break };
            let text = crate::record::escape_controls(&String::from_utf8_lossy(value.content));
            if oid.content == COMMON_NAME {
                return text;
            }
            all.push(text);
        }
    }
    all.join(", ")
}

/// Whether a signature over a hash is by a key (SubjectPublicKeyInfo, DER).
pub(crate) fn verify_with_key(key: &[u8], hash: Hash, hashed: &[u8], signature: &[u8]) -> Signed {
    verify(key, hash, hashed, signature).unwrap_or(Signed::Unknown)
}

/// Whether bytes are a key of some kind (SubjectPublicKeyInfo, DER).
pub(crate) fn is_key(key: &[u8]) -> bool {
    let parts = || {
        let mut info = Reader::new(Reader::whole(key, SEQUENCE)?.content);
        info.inside(SEQUENCE)?.take(OID)?;
        octets_of_bits(info.take(BIT_STRING)?)
    };
    parts().is_some()
}

/// Checks a signature over a hash by a subjectPublicKeyInfo; `None` for kinds not known here.
fn verify(key: &[u8], hash: Hash, hashed: &[u8], signature: &[u8]) -> Option<Signed> {
    let mut info = Reader::new(Reader::whole(key, SEQUENCE)?.content);
    let mut algorithm = info.inside(SEQUENCE)?;
    let oid = algorithm.take(OID)?.content;
    let bits = octets_of_bits(info.take(BIT_STRING)?)?;
    let right = match oid_text(oid).as_str() {
        "1.2.840.113549.1.1.1" => {
            let key = rsa::PublicKey::from_pkcs1_der(bits).ok()?;
            let scheme = match hash {
                Hash::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
                Hash::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
                Hash::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
            };
            key.verify(scheme, hashed, signature).is_ok()
        }
        "1.2.840.10045.2.1" => match oid_text(algorithm.take(OID)?.content).as_str() {
            "1.2.840.10045.3.1.7" => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok()?;
                let signature =
                    scalars(signature, 32).and_then(|bytes| p256::ecdsa::Signature::from_slice(&bytes).ok());
                signature.is_some_and(|signature| key.verify_prehash(hashed, &signature).is_ok())
            }
            "1.3.132.0.34" => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok()?;
                let signature =
                    scalars(signature, 48).and_then(|bytes| p384::ecdsa::Signature::from_slice(&bytes).ok());
                signature.is_some_and(|signature| key.verify_prehash(hashed, &signature).is_ok())
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(if right { Signed::Right } else { Signed::Wrong })
}

/// The two numbers of an ECDSA signature (RFC 3279, 2.2.3), each in so many octets.
fn scalars(signature: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut pair = Reader::new(Reader::whole(signature, SEQUENCE)?.content);
    let mut bytes = Vec::with_capacity(2 * width);
    for _ in 0..2 {
        let number = pair.take(INTEGER)?.content;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        bytes.resize(bytes.len() + width.checked_sub(number.len())?, 0);
        bytes.extend_from_slice(number);
    }
    pair.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_both_kinds() {
        let at = |text: &str| generalized(text).map(|at| at.to_string());
        assert_eq!(at("20230201120000Z").as_deref(), Some("2023-02-01T12:00:00Z"));
        assert_eq!(at("20230201120000.25Z").as_deref(), Some("2023-02-01T12:00:00.25Z"));
        for bad in ["", "20230201120000", "20231301120000Z", "2023020112000Z", "20230201120000.x0Z", "é"] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Certificate::parse(&bytes);
            let _ = Certificate::parse_all(&bytes);
            let _ = verify(&bytes, Hash::Sha256, &[0; 32], &bytes);
        }
    }
}
