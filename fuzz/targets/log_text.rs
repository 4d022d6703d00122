//! Notes, checkpoints and proofs of a log: what is read is written the same.
#![no_main]

use selon_capture::note::{Checkpoint, Note};
use selon_capture::proof::LogProof;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        let _ = Checkpoint::parse(&note.text);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(proof) = LogProof::parse(text)
    {
        assert_eq!(LogProof::parse(&proof.text()), Some(proof));
    }
});
