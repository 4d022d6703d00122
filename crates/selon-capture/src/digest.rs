//! Digests as WARC writes them: a label, a colon, and hexadecimal or base32 digits.
//!
//! WARC 1.1 (5.8, 5.9) names no fixed set of algorithms. Read are those that archives hold:
//! sha1, sha256, sha512 and md5, the label in any case and with or without a hyphen. A label that
//! is not known makes a record unverifiable; it never makes it pass.

use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

/// A hash function that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// MD5 (RFC 1321): shows damage, resists no one.
    Md5,
    /// SHA-1 (FIPS 180-4): what most archives hold; collisions can be made.
    Sha1,
    /// SHA-256 (FIPS 180-4): what Selon writes.
    Sha256,
    /// SHA-512 (FIPS 180-4).
    Sha512,
}

impl Algorithm {
    /// Its label in a WARC field.
    pub fn as_str(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        }
    }

    fn size(self) -> usize {
        match self {
            Algorithm::Md5 => 16,
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        }
    }
}

/// A digest read from a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The hash function.
    pub algorithm: Algorithm,
    /// The digest's bytes.
    pub value: Vec<u8>,
}

impl Labelled {
    /// Reads `algorithm:value`; `None` where the label is not known or the value does not fit it.
    pub fn parse(text: &str) -> Option<Labelled> {
        let (label, value) = text.split_once(':')?;
        let algorithm = match label.trim().to_ascii_lowercase().replace('-', "").as_str() {
            "md5" => Algorithm::Md5,
            "sha1" => Algorithm::Sha1,
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return None,
        };
        let value = value.trim();
        let bytes = if value.len() == algorithm.size() * 2 { from_hex(value) } else { from_base32(value) }?;
        (bytes.len() == algorithm.size()).then_some(Labelled { algorithm, value: bytes })
    }
}

/// A running hash of any known algorithm.
#[derive(Clone)]
pub(crate) enum Hasher {
    Md5(md5::Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Hasher::Md5(md5::Md5::new()),
            Algorithm::Sha1 => Hasher::Sha1(Sha1::new()),
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Md5(hasher) => hasher.update(bytes),
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Md5(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of hexadecimal digits in either case.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| {
            let high = (pair[0] as char).to_digit(16)?;
            let low = (pair[1] as char).to_digit(16)?;
            Some((high * 16 + low) as u8)
        })
        .collect()
}

/// Bytes of base32 digits (RFC 4648, section 6) in either case, padding allowed.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0u32, 0u32, Vec::with_capacity(text.len() * 5 / 8));
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            number @ b'2'..=b'7' => number - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    (bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Algorithm>) {
        assert_eq!(Labelled::parse(text).map(|digest| digest.algorithm), expected, "{text}");
    }

    #[test]
    fn reads_labels_and_both_notations() {
        check("sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL6", Some(Algorithm::Sha1));
        check("SHA-1:u3p55kr2issmklkefbeepvywbcjlial6", Some(Algorithm::Sha1));
        check("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", Some(Algorithm::Sha1));
        check(
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            Some(Algorithm::Sha256),
        );
        check("sha-256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====", Some(Algorithm::Sha256));
        check("md5:d41d8cd98f00b204e9800998ecf8427e", Some(Algorithm::Md5));
        check("whirlpool:abcd", None);
        check("sha1:short", None);
        check("sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL1", None);
        check("sha256", None);
    }

    #[test]
    fn hexadecimal_and_base32_say_the_same() {
        let hex = Labelled::parse("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let base32 = Labelled::parse("sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====");
        assert_eq!(hex, base32);
        assert_eq!(hex.unwrap().value, Hasher::new(Algorithm::Sha256).finish());
    }
}
