//! A Parquet table: rows or a failure, whatever the bytes. A panic of the library is caught by the
//! reader, so only what it cannot catch ends a run.
#![no_main]

use selon::input::{Stated, documents_of};
use selon_read::Packs;

libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| ())), |bytes: &[u8]| {
    if !bytes.starts_with(b"PAR1") {
        return;
    }
    let mut items = 0;
    documents_of(bytes, "t", "t", &Stated::default(), Packs::embedded(), &mut |_| {
        items += 1;
        items < 1_000
    });
});
