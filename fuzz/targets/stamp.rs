//! Timestamps, requests and certificates. What is held against no root never passes.
#![no_main]

use selon_capture::Certificate;
use selon_capture::timestamp::{StampCheck, check_stamp, nonce_of_request};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let roots = Certificate::parse_all(bytes).unwrap_or_default();
    let _ = check_stamp(bytes, &StampCheck { others: roots, ..StampCheck::default() });
    assert!(!check_stamp(bytes, &StampCheck::default()).is_right());
    let _ = nonce_of_request(bytes);
});
