//! One signed note as a file: a checkpoint of a log, or a proof that ends in one.
//!
//! A signature shows who said it only where the key is known. A key that lies beside the file is
//! used, and said to be no more than that: whoever could change the one could change the other.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::code::Code;
use crate::error::{Result, io_error};
use crate::note::{Checkpoint, Note, NoteFault, VerifyingKey};
use crate::proof::LogProof;
use crate::verify::FileReport;

/// Checks the note in a file of at most 64 KiB.
pub(crate) fn verify(path: &Path, report: &mut FileReport) -> Result<()> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| io_error("open", path, error))?;
    file.take(64 * 1024 + 1).read_to_end(&mut bytes).map_err(|error| io_error("read", path, error))?;
    // A proof ends in the checkpoint that it leads to; what it proves lies in another file.
    let proof = std::str::from_utf8(&bytes).ok().and_then(LogProof::parse);
    let bytes = proof.as_ref().map_or(bytes, |proof| proof.checkpoint.as_bytes().to_vec());
    if let Some(proof) = &proof {
        find(report, Code::ProofAlone, &format!("leaf {}", proof.leaf.0));
    }
    let checkpoint = Note::parse(&bytes).and_then(|note| Checkpoint::parse(&note.text));
    let checkpoint = match checkpoint {
        Ok(checkpoint) => checkpoint,
        Err(fault) => {
            find(report, Code::CheckpointBad, &fault.to_string());
            return Ok(());
        }
    };
    let what = format!(
        "{} states {} entries with the root {}",
        crate::record::escape_controls(&checkpoint.origin),
        checkpoint.size,
        checkpoint.root.hex()
    );
    let key = path.parent().and_then(key_in);
    match key.map(|key| Checkpoint::open(&bytes, &key)) {
        None | Some(Err(NoteFault::Unsigned)) => find(report, Code::KeyUnknown, &what),
        Some(Err(fault)) => find(report, Code::CheckpointBad, &fault.to_string()),
        Some(Ok(_)) => find(report, Code::KeyBesideIt, &what),
    }
    Ok(())
}

fn find(report: &mut FileReport, code: Code, detail: &str) {
    report.find(code, 0, "checkpoint".to_owned(), format!("{} ({detail})", code.sentence()));
}

/// The key in a folder's `vkey`, with or without a line end.
pub(crate) fn key_in(folder: &Path) -> Option<VerifyingKey> {
    let file = fs::File::open(folder.join("vkey")).ok()?;
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    text.trim_end_matches('\n').parse().ok()
}
