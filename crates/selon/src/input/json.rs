//! JSON files that are no lines: exports as one object or list, and lists of rows.

use std::io::Read;

use selon_read::{Packs, unwrap_script};
use serde_json::Value;

use super::posts::Posts;
use super::rows::{bad_row, inflated};
use super::{Item, Stated, failure, unreadable};
use crate::record::Failure;

/// A JSON file longer than this is not read: it has to be in memory as a whole.
const LIMIT: u64 = 64 << 20;

/// The posts or rows of a file. Several values one after another are read like lines.
pub(super) fn read(
    path: &str,
    head: Vec<u8>,
    source: impl Read,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let mut bytes = Vec::new();
    let read = inflated(head, source).take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > LIMIT {
        let what = "is a JSON file longer than 64 MiB, which is not read as one";
        return Err(failure(path, "invalid", what, "write it as JSON Lines, for example with: jq -c '.[]'"));
    }
    let text = String::from_utf8_lossy(&bytes);
    let json = unwrap_script(text.trim_start_matches('\u{feff}'));
    let mut posts = Posts::new(path, stated, packs);
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
    for number in 0u64.. {
        let from = values.byte_offset();
        let Some(value) = values.next() else { break };
        let goes_on = match value {
            Ok(Value::Array(list)) => {
                (0u64..).zip(&list).all(|(number, element)| posts.or_row(number, element, emit))
            }
            Ok(value) => posts.or_row(number, &value, emit),
            Err(error) => {
                let what = format!("(from byte {from} on) cannot be read: not JSON: {error}");
                emit(bad_row(path, number, &what, "look at that place of the file"));
                break;
            }
        };
        if !goes_on {
            return Ok(());
        }
    }
    if let Some(lacking) = posts.columns.lacking(path) {
        emit(lacking);
    }
    Ok(())
}
