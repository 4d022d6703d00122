//! How fast things are kept as evidence, and evidence is checked, on one core.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use selon_capture::{Content, EvidenceArchive, Exit, Limits, NewCapture, verify_archive, verify_file};
use selon_model::{Digest, Origin, Stated};
use selon_read::Packs;

use crate::Scores;
use crate::rows::name_of;
use crate::speed::{cpu_seconds, load, worked_since};

/// Captures that are acknowledged together.
const BATCH: usize = 64;

/// Keeps all documents of `folder` in an archive in the folder for temporary files, and checks its
/// files of records and then all of it: megabytes of content a second of this thread's work, and of
/// keeping also a second of the clock, in which the disk has a part.
pub(crate) fn score(folder: &Path, _: &Packs) -> Result<Vec<Scores>> {
    let mut documents: Vec<Vec<u8>> = load(folder)?.into_iter().map(|(_, bytes)| bytes).collect();
    // What is kept twice costs a hash.
    documents.sort_by_cached_key(|bytes| Digest::of(bytes));
    documents.dedup();
    if documents.is_empty() {
        bail!("{} holds no *.html, *.txt, *.jsonl or *.csv to keep", folder.display());
    }
    let place = std::env::temp_dir().join(format!("selon-eval-evidence-{}", std::process::id()));
    let scored = measure(&documents, &place, name_of(folder));
    std::fs::remove_dir_all(&place).with_context(|| format!("cannot remove {}", place.display()))?;
    Ok(vec![scored?])
}

fn measure(documents: &[Vec<u8>], place: &Path, name: String) -> Result<Scores> {
    let megabytes = documents.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    let archive = place.join("archive");
    let began = Timestamp::now();
    let mut writer = EvidenceArchive::open_or_init(&archive, &place.join("key"), began)?;
    let (from, worked) = (Instant::now(), cpu_seconds());
    for batch in documents.chunks(BATCH) {
        let batch: Vec<NewCapture> = batch
            .iter()
            .map(|bytes| NewCapture {
                content: Content::Bytes(bytes.clone()),
                origin: Origin::Remnant,
                media_type: "text/html".to_owned(),
                stated: Stated::default(),
                began,
            })
            .collect();
        writer.append(&batch)?;
    }
    let (kept, by_the_clock) = (worked_since(from, worked), from.elapsed().as_secs_f64());
    drop(writer);

    let mut files = Vec::new();
    crate::speed::walk(&archive.join("warc"), &mut files)?;
    let (from, worked) = (Instant::now(), cpu_seconds());
    for file in &files {
        if verify_file(file, &Limits::default(), &mut |_| ())?.exit != Exit::Verified {
            bail!("{} does not verify", file.display());
        }
    }
    let checked = worked_since(from, worked);
    let (from, worked) = (Instant::now(), cpu_seconds());
    if verify_archive(&archive, &Limits::default())?.exit != Exit::Verified {
        bail!("the archive does not verify");
    }
    let whole = worked_since(from, worked);

    let mut scores = Scores::new("evidence", name);
    scores.n = documents.len();
    scores.set("megabytes_per_second_kept", megabytes / kept);
    scores.set("megabytes_per_second_kept_by_the_clock", megabytes / by_the_clock);
    scores.set("megabytes_per_second_records_checked", megabytes / checked);
    scores.set("megabytes_per_second_archive_checked", megabytes / whole);
    Ok(scores)
}
