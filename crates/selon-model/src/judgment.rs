//! Judgments: what people say about what was read. A new row, never an edit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CaptureId, JudgmentId, Span, StoryId};

/// What a judgment is about. It points to captured bytes and quoted words, so it survives a new
/// reading of the same evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Subject {
    /// A whole capture.
    Capture {
        /// Which.
        capture: CaptureId,
    },
    /// Words of a capture's text.
    Passage {
        /// Which capture.
        capture: CaptureId,
        /// Part of the page.
        part: u32,
        /// Where in the text as it was read then.
        span: Span,
        /// The exact words.
        quote: String,
        /// Up to 32 characters before them.
        prefix: String,
        /// Up to 32 characters after them.
        suffix: String,
    },
    /// A story.
    Story {
        /// Which.
        story: StoryId,
    },
    /// Reports that tell of one event, whatever their texts say.
    Together {
        /// Which.
        reports: Vec<PartOf>,
    },
    /// Reports that tell of another event than others do.
    Apart {
        /// Which.
        reports: Vec<PartOf>,
        /// The others.
        others: Vec<PartOf>,
    },
}

/// A report, by what it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartOf {
    /// The capture.
    pub capture: CaptureId,
    /// Part of the page.
    pub part: u32,
}

/// Who, about what, which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgment {
    /// Digest of the stored line without this field.
    pub id: JudgmentId,
    /// Who says so.
    pub by: String,
    /// When, by the archive's own clock.
    pub at: Timestamp,
    /// About what.
    pub about: Subject,
    /// The words.
    pub note: String,
    /// The judgment this one replaces.
    pub replaces: Option<JudgmentId>,
}
