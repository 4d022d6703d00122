//! A line of a JSON Lines file.
#![no_main]

use selon_read::{FieldMap, Row};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(line) = std::str::from_utf8(bytes)
        && let Ok(row) = Row::parse_json_line(line, &FieldMap::default())
    {
        selon_fuzz::read(&row.payload, row.media);
    }
});
