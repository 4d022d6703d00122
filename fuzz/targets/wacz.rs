//! WACZ packages, with the ZIP container and the index in them.
#![no_main]

use std::io::Cursor;

use selon_capture::{Limits, verify_wacz};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut given = 0;
    let report = verify_wacz(Cursor::new(bytes), "x", &Limits::default(), &mut |_| given += 1);
    assert_eq!(report.map(|report| report.verdicts.iter().sum::<u64>()).ok(), Some(given));
});
