//! The text of PDF files (ISO 32000-2): the glyphs that a page draws, in lines and paragraphs.
//!
//! What comes out is plain text, which goes the way of any other remnant. A file is refused whole,
//! with a note, where it would cost more than its limits: streams that inflate too far, encryption
//! (whose streams cannot be measured before they are inflated), too many drawing operations.

mod bound;
mod glyphs;
mod lines;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use selon_model::Note;

use glyphs::Glyph;

/// Bytes in which the mark of a PDF file is looked for (ISO 32000-2, 7.5.2; readers allow for
/// some bytes before it).
const HEAD: usize = 1024;
/// Pages read; the rest is left out with a note.
const PAGES: usize = 1_000;

/// What was taken out of a PDF file.
#[derive(Debug, Default)]
pub(crate) struct PdfText {
    /// Paragraphs, an empty line between them.
    pub(crate) text: String,
    /// The paragraph that is set as its title.
    pub(crate) title: Option<String>,
    pub(crate) notes: Vec<Note>,
}

/// Whether bytes are a PDF file.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    memchr::memmem::find(&bytes[..bytes.len().min(HEAD)], b"%PDF-").is_some()
}

/// The text of a PDF file. A file that cannot be read gives no text and a note that says why.
pub(crate) fn text_of(bytes: &[u8]) -> PdfText {
    if let Some(note) = bound::refuse(bytes) {
        return PdfText { notes: vec![note], ..PdfText::default() };
    }
    // The library is made to stop on damage, not to be stopped: a count of what it draws ends it,
    // and what it has drawn so far is kept.
    let mut pages: Vec<Vec<Glyph>> = Vec::new();
    let mut notes = Vec::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| draw(bytes, &mut pages, &mut notes)));
    if let Err(stopped) = outcome {
        notes.push(match stopped.is::<glyphs::TooMuch>() {
            true => Note::new("limit", "the PDF draws more than is read: read up to there"),
            false => Note::new("pdf_damaged", "the PDF is damaged: what could be read of it is here"),
        });
    }
    let drawn = pages.len();
    let lines::Laid { text, title, left_out } = lines::lay_out(&pages);
    if left_out > 0 {
        let what =
            format!("{left_out} lines that stand on many pages (heads, feet, page numbers) were left out");
        notes.push(Note::new("pdf_furniture", what));
    }
    if text.trim().is_empty() && notes.is_empty() && drawn > 0 {
        notes.push(Note::new(
            "pdf_no_text",
            "the PDF holds no text, only pictures of it: run it through character recognition first",
        ));
    }
    PdfText { text, title, notes }
}

fn draw(bytes: &[u8], pages: &mut Vec<Vec<Glyph>>, notes: &mut Vec<Note>) {
    let pdf = match Pdf::new(bytes.to_vec()) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(_)) => return notes.push(bound::encrypted()),
        Err(LoadPdfError::Invalid) => {
            return notes.push(Note::new("pdf_damaged", "the PDF is damaged: no page of it can be found"));
        }
    };
    let all = pdf.pages();
    if all.len() > PAGES {
        notes.push(Note::new("limit", format!("{} pages: read up to page {PAGES}", all.len())));
    }
    glyphs::draw(&pdf, PAGES, pages);
}

#[cfg(test)]
mod tests;
