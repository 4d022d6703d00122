//! The seeds of the fuzz targets for reading, as plain tests: each as it is and cut.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[allow(unreachable_pub, reason = "shared with the fuzz targets")]
#[path = "../../../fuzz/src/reading.rs"]
mod reading;

use std::path::Path;

/// A reader that is given any bytes.
type Target = fn(&[u8]);

#[test]
fn seeds() {
    let targets: [(&str, Target); 6] = [
        ("page", reading::page),
        ("plain", reading::plain),
        ("message", reading::message),
        ("row", reading::row),
        ("pdf", reading::pdf),
        ("export", reading::export),
    ];
    for (name, target) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
        let mut seeds = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            (0..=bytes.len()).rev().step_by(37).for_each(|end| target(&bytes[..end]));
            seeds += 1;
        }
        assert!(seeds > 0, "{name} has no seeds");
    }
}
