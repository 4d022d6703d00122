//! Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), with Ed25519.
//!
//! A checkpoint is three lines of text: who, how many entries, which root. Signed, it commits the
//! archive to every entry below it. The format is that of Go's checksum database and of public
//! transparency logs, so their tools read ours.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use selon_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::digest::{from_hex, hex};

/// Signature type of Ed25519 over the note's text.
const ED25519: u8 = 0x01;
/// Signatures read of one note; the standard asks for at least 16.
const MOST_SIGNATURES: usize = 100;
/// Longest note read: checkpoints are below 1 KiB.
const LONGEST: usize = 64 * 1024;

/// What is wrong with a note, a key or a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteFault {
    /// The text is not a signed note.
    Form,
    /// The key text is not a key of a known kind.
    Key,
    /// The note carries no signature by the key.
    Unsigned,
    /// A signature that names the key is not the key's.
    Signature,
    /// The text is not a checkpoint.
    Checkpoint,
}

impl fmt::Display for NoteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoteFault::Form => "not a signed note",
            NoteFault::Key => "not an Ed25519 note key",
            NoteFault::Unsigned => "not signed by the key",
            NoteFault::Signature => "the signature is not the key's",
            NoteFault::Checkpoint => "not a checkpoint",
        })
    }
}

impl std::error::Error for NoteFault {}

/// A public key with its name: `name+hex(id)+base64(type || key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// The key's name: the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key for openssl and others: a SubjectPublicKeyInfo in PEM (RFC 8410, section 4).
    pub fn pem(&self) -> String {
        let mut info = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        info.extend_from_slice(self.key.as_bytes());
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(info))
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(&self.id), STANDARD.encode(typed))
    }
}

impl FromStr for VerifyingKey {
    type Err = NoteFault;

    fn from_str(text: &str) -> Result<Self, NoteFault> {
        let (name, id, typed) = key_parts(text)?;
        let key: [u8; 32] = typed.try_into().map_err(|_| NoteFault::Key)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| NoteFault::Key)?;
        let key = VerifyingKey { name: name.to_owned(), id: key_id(name, &key), key };
        if key.id != id { Err(NoteFault::Key) } else { Ok(key) }
    }
}

/// A private key with its name: `PRIVATE+KEY+name+hex(id)+base64(type || seed)`, as Go writes it.
pub struct SigningKey {
    public: VerifyingKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key from 32 random bytes.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteFault> {
        if !is_name(name) {
            return Err(NoteFault::Key);
        }
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = key.verifying_key();
        let public = VerifyingKey { name: name.to_owned(), id: key_id(name, &public), key: public };
        Ok(SigningKey { public, key })
    }

    /// Its public half.
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// The key as text, for its file. There is no `Display`, so that it is never printed by chance.
    pub fn secret_text(&self) -> String {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        format!("PRIVATE+KEY+{}+{}+{}", self.public.name, hex(&self.public.id), STANDARD.encode(typed))
    }

    /// Reads a key file's text.
    pub fn from_secret_text(text: &str) -> Result<Self, NoteFault> {
        let (name, id, typed) = key_parts(text.strip_prefix("PRIVATE+KEY+").ok_or(NoteFault::Key)?)?;
        let seed: [u8; 32] = typed.try_into().map_err(|_| NoteFault::Key)?;
        let key = SigningKey::from_seed(name, &seed)?;
        if key.public.id != id { Err(NoteFault::Key) } else { Ok(key) }
    }

    /// Signs a text that ends in LF.
    pub fn sign(&self, text: &str) -> String {
        let mut blob = self.public.id.to_vec();
        blob.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.public.name, STANDARD.encode(blob))
    }
}

fn key_parts(text: &str) -> Result<(&str, [u8; 4], Vec<u8>), NoteFault> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(typed)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteFault::Key);
    };
    // Lower case only: a key has one way of being written, so a changed byte cannot pass.
    if !is_name(name) || id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(NoteFault::Key);
    }
    let id = from_hex(id).and_then(|id| id.try_into().ok()).ok_or(NoteFault::Key)?;
    match STANDARD.decode(typed).map_err(|_| NoteFault::Key)?.split_first() {
        Some((&ED25519, key)) => Ok((name, id, key.to_vec())),
        _ => Err(NoteFault::Key),
    }
}

fn key_id(name: &str, key: &ed25519_dalek::VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new_with_prefix(name);
    hasher.update([b'\n', ED25519]);
    hasher.update(key.as_bytes());
    let mut id = [0; 4];
    id.copy_from_slice(&hasher.finalize()[..4]);
    id
}

/// A key name: not empty, without white space and plus signs.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// A note: text and the signatures under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, ending in LF.
    pub text: String,
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

impl Note {
    /// Reads a signed note.
    ///
    /// # Errors
    /// [`NoteFault::Form`].
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteFault> {
        if bytes.len() > LONGEST {
            return Err(NoteFault::Form);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteFault::Form)?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteFault::Form);
        }
        let split = note.rfind("\n\n").ok_or(NoteFault::Form)?;
        let (text, lines) = (&note[..split + 1], &note[split + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteFault::Form)?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            let (name, blob) = line
                .strip_prefix("\u{2014} ")
                .and_then(|line| line.split_once(' '))
                .ok_or(NoteFault::Form)?;
            let blob = STANDARD.decode(blob).map_err(|_| NoteFault::Form)?;
            if !is_name(name) || blob.len() < 5 || signatures.len() == MOST_SIGNATURES {
                return Err(NoteFault::Form);
            }
            let id = [blob[0], blob[1], blob[2], blob[3]];
            signatures.push((name.to_owned(), id, blob[4..].to_vec()));
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// The signature that names a key, unchecked.
    pub(crate) fn signature_of(&self, key: &VerifyingKey) -> Option<[u8; 64]> {
        let named = self.signatures.iter().find(|(name, id, _)| *name == key.name && *id == key.id);
        named.and_then(|(_, _, signature)| signature.as_slice().try_into().ok())
    }

    /// Checks the note against a key. Signatures by others are ignored; one that names this key
    /// and is wrong rejects the note.
    ///
    /// # Errors
    /// [`NoteFault::Unsigned`] or [`NoteFault::Signature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), NoteFault> {
        let mut signed = false;
        for (name, id, signature) in &self.signatures {
            if *name == key.name && *id == key.id {
                let signature: [u8; 64] =
                    signature.as_slice().try_into().map_err(|_| NoteFault::Signature)?;
                let signature = ed25519_dalek::Signature::from_bytes(&signature);
                key.key.verify_strict(self.text.as_bytes(), &signature).map_err(|_| NoteFault::Signature)?;
                signed = true;
            }
        }
        if signed { Ok(()) } else { Err(NoteFault::Unsigned) }
    }
}

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Digest,
}

impl Checkpoint {
    /// Reads the three lines of a checkpoint's text; further lines, none of them empty, are
    /// extensions, not read.
    ///
    /// # Errors
    /// [`NoteFault::Checkpoint`].
    pub fn parse(text: &str) -> Result<Checkpoint, NoteFault> {
        let fault = NoteFault::Checkpoint;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(fault);
        };
        let behind: Vec<&str> = lines.collect();
        let whole = behind.split_last().is_some_and(|(last, extensions)| {
            last.is_empty() && extensions.iter().all(|line| !line.is_empty())
        });
        if !whole {
            return Err(fault);
        }
        let decimal = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
        if origin.is_empty() || !decimal || (size.len() > 1 && size.starts_with('0')) {
            return Err(fault);
        }
        let size = size.parse().map_err(|_| fault)?;
        let root: [u8; 32] = STANDARD.decode(root).map_err(|_| fault)?.try_into().map_err(|_| fault)?;
        Ok(Checkpoint { origin: origin.to_owned(), size, root: Digest::from_bytes(root) })
    }

    /// The text to sign.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }

    /// Reads a signed checkpoint and checks its signature and origin.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(bytes: &[u8], key: &VerifyingKey) -> Result<Checkpoint, NoteFault> {
        let note = Note::parse(bytes)?;
        note.verify(key)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin == key.name { Ok(checkpoint) } else { Err(NoteFault::Checkpoint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed("selon.local/test", &[7; 32]).unwrap()
    }

    #[test]
    fn lines_of_a_checkpoint() {
        let root = STANDARD.encode([7; 32]);
        let check =
            |text: String, expected: bool| assert_eq!(Checkpoint::parse(&text).is_ok(), expected, "{text:?}");
        check(format!("a.test\n3\n{root}\n"), true);
        check(format!("a.test\n3\n{root}\nan extension\n"), true);
        // A note inside a note: what is signed is not the checkpoint that one sees first.
        check(format!("a.test\n3\n{root}\n\n— a.test AQIDBA==\n"), false);
        check(format!("a.test\n3\n{root}\n\n"), false);
        check(format!("a.test\n3\n{root}"), false);
        check(format!("a.test\n03\n{root}\n"), false);
        check("a.test\n3\n".to_owned(), false);
    }

    #[test]
    fn keys_and_notes_round_trip() {
        let key = key();
        assert_eq!(key.public().to_string().parse::<VerifyingKey>().as_ref(), Ok(key.public()));
        let again = SigningKey::from_secret_text(&key.secret_text()).unwrap();
        assert_eq!(again.public(), key.public());
        let checkpoint = Checkpoint { origin: "selon.local/test".into(), size: 3, root: Digest::of(b"") };
        let signed = key.sign(&checkpoint.text());
        assert_eq!(Checkpoint::open(signed.as_bytes(), key.public()), Ok(checkpoint));
    }

    #[test]
    fn every_changed_bit_of_a_signed_checkpoint_or_key_is_found() {
        let key = key();
        let checkpoint = Checkpoint { origin: "selon.local/test".into(), size: 300, root: Digest::of(b"r") };
        let signed = key.sign(&checkpoint.text()).into_bytes();
        for at in 0..signed.len() {
            for bit in 0..8 {
                let mut changed = signed.clone();
                changed[at] ^= 1 << bit;
                assert!(Checkpoint::open(&changed, key.public()).is_err(), "byte {at} bit {bit}");
            }
        }
        let text = key.public().to_string().into_bytes();
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone();
                changed[at] ^= 1 << bit;
                let read = std::str::from_utf8(&changed).map(VerifyingKey::from_str);
                assert!(!matches!(read, Ok(Ok(_))), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn refuses_sizes_that_can_be_written_two_ways() {
        let root = STANDARD.encode([0; 32]);
        for size in ["03", "+3", "-3", "", "3 ", "18446744073709551616"] {
            assert!(Checkpoint::parse(&format!("o\n{size}\n{root}\n")).is_err(), "{size}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), text in ".{0,80}") {
            let _ = Note::parse(&bytes);
            let _ = Checkpoint::parse(&text);
            let _ = VerifyingKey::from_str(&text);
            let _ = Note::parse(format!("{text}\n\n\u{2014} {text}\n").as_bytes());
        }
    }
}
