//! How fast documents are read, on one core: every HTML, text and JSON Lines file of a folder.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use flate2::read::MultiGzDecoder;
use selon_read::{Document, Media, Packs};

use crate::Scores;

/// Least time to measure over, so that a small folder is read often enough.
const LEAST: Duration = Duration::from_secs(3);
/// Bytes held in memory at a time.
const MOST: usize = 256 << 20;

/// Reads all documents of `folder` again and again on this thread and gives pages, bytes and
/// statements a second. Packs are loaded and files are in memory before the clock starts.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let documents = load(folder)?;
    let bytes: usize = documents.iter().map(|(_, bytes)| bytes.len()).sum();
    let (mut pages, mut statements, mut sentences, mut rounds) = (0usize, 0usize, 0usize, 0usize);
    let begun = Instant::now();
    while rounds == 0 || (begun.elapsed() < LEAST && !documents.is_empty()) {
        for (media, payload) in &documents {
            let document = Document { payload, media: *media, ..Document::default() };
            for report in selon_read::read(&document, packs) {
                statements += report.statements.len();
                sentences += report.text.string.matches(['.', '!', '?', '؟', '。']).count();
            }
            pages += 1;
        }
        rounds += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let mut scores = Scores {
        task: "speed".into(),
        data: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        selon: selon_read::ENGINE_VERSION.into(),
        n: documents.len(),
        ..Scores::default()
    };
    for (name, value) in [
        ("documents_per_second", pages as f64 / seconds),
        ("megabytes_per_second", (bytes * rounds) as f64 / 1e6 / seconds),
        ("statements_per_second", statements as f64 / seconds),
        ("sentence_ends_per_second", sentences as f64 / seconds),
    ] {
        scores.figures.insert(name.into(), value);
    }
    Ok(vec![scores])
}

fn load(folder: &Path) -> Result<Vec<(Media, Vec<u8>)>> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    let mut documents = Vec::new();
    let mut held = 0;
    for path in paths {
        let mut bytes = std::fs::read(&path)?;
        let mut name = path.to_string_lossy().to_ascii_lowercase();
        if let Some(inner) = name.strip_suffix(".gz") {
            let mut out = Vec::new();
            std::io::Read::read_to_end(&mut MultiGzDecoder::new(bytes.as_slice()), &mut out)?;
            bytes = out;
            name = inner.to_owned();
        }
        let mut put = |media, bytes: Vec<u8>| {
            held += bytes.len();
            if held <= MOST {
                documents.push((media, bytes));
            }
        };
        if name.ends_with(".html") || name.ends_with(".htm") {
            put(Media::Html, bytes);
        } else if name.ends_with(".jsonl") {
            for line in bytes.split(|byte| *byte == b'\n') {
                let value: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
                if let Some(text) = value.get("text").and_then(|text| text.as_str()) {
                    put(Media::Plain, text.as_bytes().to_vec());
                }
            }
        } else if name.ends_with(".txt") && !name.contains("license") {
            put(Media::Plain, bytes);
        }
    }
    Ok(documents)
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
