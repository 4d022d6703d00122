//! Feeds of all kinds in all encodings, and the addresses in pages and style sheets.
#![no_main]

use selon_capture::fetch::{Feed, of_css, of_html};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for charset in [None, Some("utf-16le"), Some("gb2312")] {
        if let Some(feed) = Feed::parse(bytes, charset) {
            assert!(feed.entries.len() <= bytes.len());
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let base = url::Url::parse("http://a.test/").expect("an address");
    for url in of_html(&text, &base).into_iter().chain(of_css(&text, &base)) {
        assert!(matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    }
});
