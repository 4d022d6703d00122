//! The reading text and its blocks.

use serde::{Deserialize, Serialize};

use crate::{Lang, Span};

/// What a reader reads: one string, parted into blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The reading text; blocks parted by a blank line (in remnants: as in the input).
    pub string: String,
    /// Blocks in text order, without overlap.
    pub blocks: Vec<Block>,
}

/// One block of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
    /// Its language, where it differs from the report's.
    pub lang: Option<Lang>,
    /// Index of the live entry it belongs to.
    pub entry: Option<u32>,
    /// Byte range of the document it was read from, where known.
    pub source: Option<(u64, u64)>,
}

/// Kinds of blocks (record.md `blocks[].kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum BlockKind {
    Title,
    Deck,
    Paragraph,
    Heading,
    Quote,
    List,
    Table,
    Caption,
    Post,
    Byline,
    Dateline,
    Related,
    Boilerplate,
}

impl BlockKind {
    /// Whether statements and figures of the report itself are looked for here. Posts are read
    /// apart, each in its own language.
    pub fn is_prose(self) -> bool {
        use BlockKind::*;
        matches!(self, Title | Deck | Paragraph | Heading | Quote | List)
    }
}

impl Text {
    /// The words of `span`.
    pub fn words(&self, span: Span) -> &str {
        span.of(&self.string)
    }

    /// The block that holds the byte at `at`.
    pub fn block_at(&self, at: u32) -> Option<&Block> {
        let after = self.blocks.partition_point(|block| block.span.start <= at);
        let block = self.blocks.get(after.checked_sub(1)?)?;
        (at < block.span.end).then_some(block)
    }
}
