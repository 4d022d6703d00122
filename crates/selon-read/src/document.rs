//! One document to be read, and what the caller knows about it.

use jiff::Timestamp;
use selon_model::{CaptureId, Digest, ReportInput, When};

use crate::export::ExportedPost;

/// What kind of document the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Media {
    /// Told from the bytes themselves.
    #[default]
    Unknown,
    /// An HTML page or fragment.
    Html,
    /// Plain text.
    Plain,
    /// A PDF file.
    Pdf,
}

/// What the caller says about a document. Each value is used only where the document does not
/// say otherwise better, and keeps `stated` as its evidence.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Address it came from.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<When>,
    /// Language tag.
    pub language: Option<String>,
    /// Name of the outlet.
    pub outlet: Option<String>,
    /// Title.
    pub title: Option<String>,
}

/// One document: bytes as received, without transfer coding.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    /// The payload. Content-coding (gzip) is undone by the reader.
    pub payload: &'a [u8],
    /// What kind it is.
    pub media: Media,
    /// `charset` of the Content-Type it came with.
    pub charset: Option<String>,
    /// What the caller says.
    pub hints: Hints,
    /// Where the caller has it from.
    pub input: ReportInput,
    /// Number of its first report: not 0 where a capture holds several documents.
    pub first_part: u32,
    /// SHA-256 of the whole payload, where the caller has it (and `payload` may be cut short).
    pub digest: Option<Digest>,
    /// The capture it comes from, with the time it began: bounds its dates, names its report.
    pub capture: Option<(CaptureId, Timestamp)>,
    /// Whether its reports say where each character of their text stands.
    pub source_map: bool,
    /// A post of an export: then the payload is its words, and this is what is known of it.
    pub post: Option<&'a ExportedPost>,
}
