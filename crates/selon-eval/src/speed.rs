//! How fast documents are read, on one core: every HTML, text, JSON Lines and CSV file of a folder.
//!
//! Rates are by the CPU time of the reading thread where the system tells it, so that other work
//! on the machine does not count; by the clock elsewhere.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use selon_read::{Document, Media, Packs, Step};

use crate::Scores;
use crate::rows::{bytes, name_of, rows};

/// Least time to measure over, so that a small folder is read often enough.
const LEAST: Duration = Duration::from_secs(3);
/// Bytes held in memory at a time.
const MOST: usize = 256 << 20;

/// Reads all documents of `folder` again and again on this thread and gives documents, bytes and
/// statements a second, the time of the slowest hundredth, and the most memory held; and each step
/// by itself: layouts (text, blocks, posts and what is said about the page), and how many sentences
/// a second times, places, and statements with figures are found in. Packs are loaded and files are
/// in memory before the clock starts.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let documents = load(folder)?;
    if documents.is_empty() {
        bail!("{} holds no *.html, *.txt, *.jsonl or *.csv to read", folder.display());
    }
    // The first reading opens packs and gazetteer.
    selon_read::read(&document(&documents[0]), packs);
    let size: usize = documents.iter().map(|(_, bytes)| bytes.len()).sum();
    let (mut statements, mut sentences, mut rounds) = (0usize, 0usize, 0usize);
    let mut times: Vec<f64> = Vec::new();
    let begun = Instant::now();
    let worked = cpu_seconds();
    while rounds == 0 || begun.elapsed() < LEAST {
        for one in &documents {
            let from = Instant::now();
            let reports = selon_read::read(&document(one), packs);
            times.push(from.elapsed().as_secs_f64() * 1000.0);
            for report in reports {
                statements += report.statements.len();
                sentences += report.text.string.matches(['.', '!', '?', '؟', '。']).count();
            }
        }
        rounds += 1;
    }
    let seconds = worked_since(begun, worked);
    let [layout, times_too, places_too, all] = [Step::Layout, Step::Times, Step::Places, Step::Claims]
        .map(|last| seconds_a_round(&documents, packs, last));
    let in_a_round = sentences as f64 / rounds as f64;
    let mut scores = Scores::new("speed", name_of(folder));
    scores.n = documents.len();
    scores.set("documents_per_second", times.len() as f64 / seconds);
    scores.set("layouts_per_second", documents.len() as f64 / layout);
    scores.set("megabytes_per_second", (size * rounds) as f64 / 1e6 / seconds);
    scores.set("statements_per_second", statements as f64 / seconds);
    scores.set("sentence_ends_per_second", sentences as f64 / seconds);
    for (name, from, to) in [
        ("times", layout, times_too),
        ("places", times_too, places_too),
        ("statements_and_figures", places_too, all),
    ] {
        let name = format!("sentences_per_second_{name}");
        scores.set(&name, in_a_round / (to - from).max(f64::MIN_POSITIVE));
    }
    scores.set("milliseconds_99th_of_100", hundredth(&mut times, 99));
    if let Some(held) = most_memory() {
        scores.set("megabytes_held", held - size as f64 / 1e6);
    }
    Ok(vec![scores])
}

/// The shortest time that reading all documents up to a step takes.
fn seconds_a_round(documents: &[(Media, Vec<u8>)], packs: &Packs, last: Step) -> f64 {
    let begun = Instant::now();
    let mut shortest = f64::INFINITY;
    while shortest.is_infinite() || begun.elapsed() < LEAST {
        let (from, worked) = (Instant::now(), cpu_seconds());
        for one in documents {
            selon_read::read_to(&document(one), packs, last);
        }
        shortest = shortest.min(worked_since(from, worked));
    }
    shortest
}

/// CPU seconds of this thread since `worked`, else seconds by the clock since `begun`.
pub(crate) fn worked_since(begun: Instant, worked: Option<f64>) -> f64 {
    let elapsed = begun.elapsed().as_secs_f64();
    cpu_seconds().zip(worked).map_or(elapsed, |(now, then)| now - then)
}

fn document((media, payload): &(Media, Vec<u8>)) -> Document<'_> {
    Document { payload, media: *media, ..Document::default() }
}

/// The value below which `part` of a hundred are.
fn hundredth(values: &mut [f64], part: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * part).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(0.0)
}

/// Seconds this thread has run.
pub(crate) fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(stat.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Most memory this process has held, in megabytes, where the system tells.
pub(crate) fn most_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

/// Documents of a folder, unpacked, at most so many bytes.
pub(crate) fn load(folder: &Path) -> Result<Vec<(Media, Vec<u8>)>> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    let mut documents = Vec::new();
    let mut held = 0;
    for path in paths {
        let name = path.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let mut put = |media, bytes: Vec<u8>| {
            held += bytes.len();
            if held <= MOST {
                documents.push((media, bytes));
            }
        };
        if name.ends_with(".html") || name.ends_with(".htm") {
            put(Media::Html, bytes(&path)?);
        } else if name.ends_with(".jsonl") || name.ends_with(".csv") {
            for row in rows(&path).unwrap_or_default() {
                let text =
                    ["text", "content", "article_content"].iter().find_map(|key| row.get(*key)?.as_str());
                if let Some(text) = text {
                    put(Media::Plain, text.as_bytes().to_vec());
                }
            }
        } else if name.ends_with(".txt") && !name.contains("license") {
            put(Media::Plain, bytes(&path)?);
        }
    }
    Ok(documents)
}

/// All files below a folder.
pub(crate) fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(hundredth(&mut values, 99), 198.0);
        assert_eq!(hundredth(&mut [7.0], 99), 7.0);
        assert_eq!(hundredth(&mut [], 99), 0.0);
    }
}
