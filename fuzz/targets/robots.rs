//! robots.txt: the file before the first empty line against the path behind it.
#![no_main]

use selon_capture::fetch::Robots;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let robots = Robots::parse(bytes);
    assert!(robots.allows("/robots.txt"));
    let path = bytes.split(|&byte| byte == 0).next_back().unwrap_or(&[]);
    robots.allows(&format!("/{}", String::from_utf8_lossy(path)));
});
