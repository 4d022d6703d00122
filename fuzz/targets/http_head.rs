//! HTTP heads, and what stands before a page.
#![no_main]

use selon_capture::HttpHead;
use selon_capture::fetch::wall;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(head) = HttpHead::parse(bytes) else { return };
    assert!(head.fields.iter().all(|(name, value)| !name.contains('\n') && !value.contains('\n')));
    let url = url::Url::parse("http://a.test/").expect("an address");
    wall(&url, &url, &head, &String::from_utf8_lossy(bytes));
});
