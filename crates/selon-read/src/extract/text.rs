//! The reading text: kept blocks one after the other, parted by a blank line.

use selon_model::{Block, BlockKind, SourceRun, Span, Text};

use super::arena::Arena;
use super::keep::Kept;
use super::trace;
use super::walk::{RawLink, Shape, Walked};

/// The reading text with the way back to the walk.
#[derive(Debug, Default)]
pub(crate) struct Assembled {
    pub(crate) text: Text,
    /// For each kept block with words: where its words stood in the walk, and where they stand
    /// now.
    moved: Vec<(Span, usize)>,
    /// Blocks in the place of claimed posts: number of the post, index of the block.
    pub(crate) posts: Vec<(u32, usize)>,
    /// Where each character stands in the page; only where the walk kept it.
    pub(crate) runs: Option<Vec<SourceRun>>,
}

impl Assembled {
    /// A link of the walk as a span of the text; `None` where its block was not kept.
    pub(crate) fn span_of(&self, link: &RawLink) -> Option<Span> {
        let after = self.moved.partition_point(|(old, _)| old.start <= link.span.start);
        let (old, new) = self.moved.get(after.checked_sub(1)?)?;
        (old.contains(link.span) && !link.span.is_empty()).then(|| {
            let start = link.span.from() - old.from() + new;
            Span::new(start, start + link.span.len())
        })
    }
}

/// Writes the text. `post` gives the words of a claimed post, `below` the text below its element.
/// `entries`: the blocks of each entry of a live page.
pub(crate) fn assemble<'p>(
    walked: &Walked,
    kept: &[Kept],
    entries: &[std::ops::Range<usize>],
    post: impl Fn(u32) -> &'p str,
    arena: &Arena<'_>,
    below: impl Fn(u32) -> Vec<(usize, &'p str)>,
) -> Assembled {
    let mut out = Assembled { runs: walked.trace.as_ref().map(|_| Vec::new()), ..Assembled::default() };
    let mut last: Option<Shape> = None;
    for kept in kept {
        let raw = &walked.blocks[kept.block];
        let words = match raw.shape {
            Shape::Post(number) => post(number),
            _ => raw.text(walked),
        };
        if words.is_empty() {
            continue;
        }
        let source = (u64::from(raw.source.0), u64::from(raw.source.1));
        let after = entries.partition_point(|entry| entry.start <= kept.block);
        let entry = after.checked_sub(1).filter(|number| entries[*number].contains(&kept.block));
        let entry = entry.map(|number| number as u32);
        let same = out.text.blocks.last().is_some_and(|before: &Block| before.entry == entry);
        let joins = match (raw.shape, last) {
            (Shape::Item(list), Some(Shape::Item(before))) => list == before && kept.kind == BlockKind::List,
            (Shape::Row(table), Some(Shape::Row(before))) => table == before && kept.kind == BlockKind::Table,
            _ => false,
        };
        let joins = joins && same;
        last = Some(raw.shape);
        let string = &mut out.text.string;
        if joins {
            string.push('\n');
        } else if !string.is_empty() {
            string.push_str("\n\n");
        }
        let start = string.len();
        string.push_str(words);
        let end = string.len();
        if let (Some(runs), Some(walk)) = (&mut out.runs, &walked.trace) {
            let before = runs.last().map_or(0, |run| run.text.to());
            if before < start {
                trace::push_made(runs, before, start);
            }
            match raw.shape {
                Shape::Post(number) => trace::runs_of_words(words, &below(number), start, arena, runs),
                _ => walk.runs(raw.span, start, arena, runs),
            }
        }
        if let Shape::Post(number) = raw.shape {
            out.posts.push((number, out.text.blocks.len()));
        } else {
            out.moved.push((raw.span, start));
        }
        match out.text.blocks.last_mut().filter(|_| joins) {
            Some(block) => {
                block.span = block.span.hull(Span::new(start, end));
                block.source = block.source.map(|old| (old.0.min(source.0), old.1.max(source.1)));
            }
            None => out.text.blocks.push(Block {
                kind: kept.kind,
                span: Span::new(start, end),
                lang: None,
                entry,
                source: Some(source),
            }),
        }
    }
    out
}
