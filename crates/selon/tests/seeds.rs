//! The seeds of the fuzz targets for exports and tables, as plain tests: each as it is, cut, and with
//! bytes changed. Whatever comes out holds together, and nothing panics.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use common::root;
use selon::input::{Item, Stated, documents_of};
use selon_read::Packs;

/// Reads bytes to the end; gives how many reports and failures came.
fn read(bytes: &[u8], whole: bool) -> (usize, usize) {
    let (packs, stated) = (Packs::embedded(), Stated::default());
    let (mut reports, mut failures) = (0, 0);
    documents_of(bytes, "seed.json", "seed.json", &stated, packs, &mut |item| {
        match item {
            Item::Failure(_) => failures += 1,
            Item::Document(document) if whole => {
                for report in document.read(packs, None, 0) {
                    let text = &report.text.string;
                    let spans = report.posts.iter().flat_map(|post| [post.span, post.text]).flatten();
                    spans.for_each(|span| assert!(text.get(span.range()).is_some(), "{span:?}"));
                    report.statements.iter().for_each(|statement| {
                        assert!(text.get(statement.span.range()).is_some());
                    });
                    reports += 1;
                }
            }
            Item::Document(document) => {
                let words = document.post.as_ref().map(|post| post.words.as_bytes());
                assert!(words.is_none_or(|words| words == document.payload));
                reports += 1;
            }
        }
        reports + failures < 10_000
    });
    (reports, failures)
}

#[test]
fn seeds_of_exports() {
    let expected = [
        ("bluesky.json", (2, 0)),
        ("harvest.json", (4, 1)),
        ("mastodon.json", (2, 0)),
        ("messages.html", (3, 0)),
        ("outbox.json", (3, 0)),
        ("story.html", (1, 0)),
        ("telegram.json", (1, 0)),
        ("x_v1.json", (1, 0)),
        ("x_v2.json", (2, 0)),
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for (name, counts) in expected {
        let bytes = std::fs::read(root().join("fuzz/seeds/export").join(name)).unwrap();
        assert_eq!(read(&bytes, true), counts, "{name}");
        for cut in (1..bytes.len()).step_by(61) {
            read(&bytes[..cut], false);
        }
        for _ in 0..150 {
            let mut changed = bytes.clone();
            for _ in 0..=next(3) {
                let at = next(changed.len());
                match next(4) {
                    0 => changed[at] = next(256) as u8,
                    1 => drop(changed.remove(at)),
                    2 => changed.insert(at, b"{}[]\",:0"[next(8)]),
                    _ => {
                        let end = (at + next(40)).min(changed.len());
                        let piece = changed[at..end].to_vec();
                        changed.extend(piece);
                    }
                }
            }
            read(&changed, false);
        }
    }
}

/// Tables of columns, as `fuzz/seeds/parquet.py` writes them: each as it is, cut, and with a byte
/// changed.
#[test]
fn seeds_of_tables() {
    let expected = [
        ("days", (2, 1)),
        ("dictionary", (40, 0)),
        ("empty", (0, 0)),
        ("groups", (8, 0)),
        ("gzip", (2, 1)),
        ("lz4", (2, 1)),
        ("nested", (2, 0)),
        ("no_text", (0, 2)),
        ("none", (2, 1)),
        ("numbers", (2, 1)),
        ("plain", (2, 1)),
        ("sentences", (1, 2)),
        ("snappy", (2, 1)),
        ("times", (2, 1)),
        ("zstd", (2, 1)),
    ];
    for (name, counts) in expected {
        let bytes = std::fs::read(root().join(format!("fuzz/seeds/parquet/{name}.parquet"))).unwrap();
        assert_eq!(read(&bytes, true), counts, "{name}");
        for at in (4..bytes.len()).step_by(37) {
            read(&bytes[..at], false);
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            read(&changed, false);
        }
    }
}
