//! The signature that a package may carry (wacz-auth 0.1.0): over the text of its hash, by a key that
//! lies beside it; and a timestamp over the text of the signature.
//!
//! A right signature says that whoever holds the key signed this one package. Whose key it is would
//! take a root that is trusted here, and there is none; a wrong one shows that something was changed.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::certificate::{Certificate, Hash, Signed, is_key, verify_with_key};
use crate::code::{Code, Weight};
use crate::timestamp::{StampCheck, StampedData, check_stamp};

/// Base64 with or without its padding: both are met.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is to be said of a signature whose hash is that of the package.
pub(crate) fn judge(signed: &Value) -> Vec<(Code, String)> {
    let text = |name: &str| signed.get(name).and_then(Value::as_str).unwrap_or("");
    let decoded = |name: &str| BASE64.decode(text(name).trim()).ok().filter(|bytes| !bytes.is_empty());
    let mut found = Vec::new();
    let wrong = |why: &str| (Code::WaczSignatureWrong, why.to_owned());
    let Some(signature) = decoded("signature") else { return vec![wrong("it cannot be read")] };
    let hash = text("hash").as_bytes();
    let chain = Certificate::parse_all(text("domainCert").as_bytes()).unwrap_or_default();
    let (by, right) = match (chain.first(), decoded("publicKey")) {
        (Some(certificate), _) => {
            let right =
                [Hash::Sha256, Hash::Sha384].map(|kind| certificate.verify(kind, &kind.of(hash), &signature));
            (format!("by a certificate for {}", certificate.holder()), right)
        }
        (None, Some(key)) if !is_key(&key) => return vec![wrong("its key cannot be read")],
        (None, Some(key)) => {
            let right = [Hash::Sha256, Hash::Sha384]
                .map(|kind| verify_with_key(&key, kind, &kind.of(hash), &signature));
            ("by a key without a name".to_owned(), right)
        }
        (None, None) => return vec![wrong("neither certificate nor key is beside it")],
    };
    if right.contains(&Signed::Right) {
        found.push((Code::WaczSignature, by));
    } else if right.contains(&Signed::Wrong) {
        found.push(wrong(&by));
    } else {
        found.push((Code::WaczSignatureKind, by));
    }
    if let Some(stamp) = decoded("timeSignature") {
        let check = StampCheck {
            data: StampedData::Bytes(text("signature").as_bytes().to_vec()),
            others: Certificate::parse_all(text("timestampCert").as_bytes()).unwrap_or_default(),
            ..StampCheck::default()
        };
        let verdict = check_stamp(&stamp, &check);
        found.extend(verdict.codes.into_iter().filter(|(code, _)| code.weight() == Weight::Failure));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(signed: &Value) -> Vec<&'static str> {
        judge(signed).iter().map(|(code, _)| code.as_str()).collect()
    }

    #[test]
    fn a_signature_is_of_this_hash_by_this_key() {
        use p256::ecdsa::signature::Signer as _;
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let hash = "sha256:00";
        let signature: p256::ecdsa::Signature = key.sign(hash.as_bytes());
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes);
        // SubjectPublicKeyInfo of a point on P-256 (RFC 5480).
        let mut public = vec![0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        public.extend([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00]);
        public.extend(key.verifying_key().to_sec1_point(false).as_bytes());
        let signed = json!({
            "hash": hash, "signature": encode(signature.to_der().as_bytes()), "publicKey": encode(&public),
        });
        assert_eq!(codes(&signed), ["wacz-signature"]);
        let mut other = signed.clone();
        other["hash"] = json!("sha256:01");
        assert_eq!(codes(&other), ["wacz-signature-wrong"]);
        let mut keyless = signed.clone();
        keyless["publicKey"] = json!("");
        assert_eq!(codes(&keyless), ["wacz-signature-wrong"]);
        for key in ["bm90IGEga2V5", "not a key"] {
            let mut garbage = signed.clone();
            garbage["publicKey"] = json!(key);
            assert_eq!(codes(&garbage), ["wacz-signature-wrong"], "{key}");
        }
        // A key for Ed25519 (RFC 8410).
        let mut other_kind = signed.clone();
        let ed25519 =
            [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], &[7; 32][..]];
        other_kind["publicKey"] = json!(encode(&ed25519.concat()));
        assert_eq!(codes(&other_kind), ["wacz-signature-kind"]);
        let mut stamped = signed;
        stamped["timeSignature"] = json!("AAAA");
        assert_eq!(codes(&stamped), ["wacz-signature", "stamp-form"]);
    }
}
