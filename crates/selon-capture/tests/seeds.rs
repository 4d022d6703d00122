//! The seeds of the fuzz targets for evidence, as plain tests: each as it is, cut, and with bytes
//! changed. Nothing panics, and what the targets hold holds.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[allow(unreachable_pub, reason = "shared with the fuzz targets")]
#[path = "../../../fuzz/src/evidence.rs"]
mod evidence;

use std::path::Path;

/// Calls a target with every seed of its own, and with damaged ones.
fn replay(name: &str, target: fn(&[u8]), changes: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut seeds: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{name} has no seeds");
    // Fixed, so that a failing case comes again.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for seed in seeds {
        let bytes = std::fs::read(&seed).unwrap();
        target(&bytes);
        for _ in 0..changes {
            let mut changed = bytes.clone();
            match next(3) {
                0 => changed.truncate(next(bytes.len())),
                1 => (0..=next(4)).for_each(|_| {
                    let at = next(bytes.len());
                    changed.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << next(8));
                }),
                _ => {
                    let at = next(bytes.len());
                    let piece = bytes[at..(at + next(40)).min(bytes.len())].to_vec();
                    changed.splice(at..at, piece);
                }
            }
            target(&changed);
        }
    }
}

#[test]
fn containers() {
    replay("warc", evidence::warc, 100);
    replay("gzip", evidence::gzip, 100);
    replay("wacz", evidence::wacz, 100);
    replay("cdxj", evidence::cdxj, 100);
}

#[test]
fn logs_and_stamps() {
    replay("log_text", evidence::log_text, 100);
    replay("tile", evidence::tile, 100);
    replay("manifest", evidence::manifest, 100);
    replay("stamp", evidence::stamp, 50);
    replay("answer", evidence::answer, 100);
}

#[test]
fn what_servers_send() {
    replay("http_head", evidence::http_head, 100);
    replay("feed", evidence::feed, 100);
    replay("sitemap", evidence::sitemap, 100);
    replay("robots", evidence::robots, 100);
}

#[test]
fn archives_with_a_changed_file() {
    replay("archive", evidence::archive, 20);
    std::fs::remove_dir_all(std::env::temp_dir().join(format!("selon-fuzz-{}", std::process::id()))).unwrap();
}
