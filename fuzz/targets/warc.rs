//! WARC and ARC files: every verdict adds up, whatever the bytes.
#![no_main]

use std::io::Cursor;

use selon_capture::{Limits, verify_warc};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut given = 0;
    if let Ok(report) = verify_warc(Cursor::new(bytes), "x", &Limits::default(), &mut |_| given += 1) {
        assert_eq!(report.verdicts.iter().sum::<u64>(), given);
        assert!(report.records <= given);
    }
});
