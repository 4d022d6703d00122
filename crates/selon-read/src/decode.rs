//! From payload bytes to text: content-coding and encoding.

use selon_model::Note;

/// A document as text.
pub(crate) struct Decoded {
    /// The text, valid UTF-8, without byte order mark.
    pub(crate) text: String,
    /// What was found out on the way.
    pub(crate) notes: Vec<Note>,
}

/// Decodes `payload`.
pub(crate) fn decode(payload: &[u8], _charset: Option<&str>) -> Decoded {
    Decoded { text: String::from_utf8_lossy(payload).into_owned(), notes: Vec::new() }
}
