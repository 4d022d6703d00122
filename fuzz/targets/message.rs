//! A message of several parts: the head is given, so that most inputs are ones.
#![no_main]

const HEAD: &[u8] = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    selon_fuzz::read(&[HEAD, bytes].concat(), selon_read::Media::Unknown);
    selon_fuzz::read(bytes, selon_read::Media::Unknown);
});
