//! A JSON value that may be of an export: its posts, read to the end.
#![no_main]

use selon_model::ReportInput;
use selon_read::{Document, Exported, Packs, read_export, unwrap_script};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(value) = serde_json::from_str(unwrap_script(text)) else { return };
    for exported in read_export(&value, Packs::embedded()).into_iter().flatten() {
        if let Exported::Post(post) = exported {
            let payload = post.words.as_bytes();
            let input = ReportInput::default();
            let document = Document { payload, post: Some(&*post), input, ..Document::default() };
            for report in selon_read::read(&document, Packs::embedded()) {
                selon_fuzz::check(&report, payload);
            }
        }
    }
});
