//! An authority's answer over HTTP, a list of authorities, and the token in it.
#![no_main]

use selon_capture::timestamp::{StampCheck, check_stamp};
use selon_capture::{answer_body, request_of};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(body) = answer_body(bytes, 1 << 16) {
        assert!(body.len() <= bytes.len());
        assert!(!check_stamp(&body, &StampCheck::default()).is_right());
    }
    let mut random = [0; 8];
    random.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    let request = request_of(bytes, random);
    assert_eq!(request.len(), 69);
    assert!(selon_capture::timestamp::nonce_of_request(&request).is_some());
});
