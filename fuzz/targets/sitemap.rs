//! Sitemaps as XML and as text.
#![no_main]

use selon_capture::fetch::Sitemap;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for is_text in [false, true] {
        if let Some(sitemap) = Sitemap::parse(bytes, None, is_text) {
            assert!(sitemap.places.iter().all(|place| !place.address.is_empty()));
        }
    }
});
