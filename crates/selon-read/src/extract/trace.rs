//! How a text was written out of the text of the tree: what stands behind each of its characters.
//!
//! Kept only where somebody asks for the way back to the document.

use selon_model::{RunKind, SourceRun, Span};

use super::arena::Arena;

/// What a stretch of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Text of the tree as it is.
    Text,
    /// White space of the tree, collapsed.
    Space,
    /// Characters of the tree that were left out.
    Removed,
    /// Nothing of the tree.
    Made,
}

/// A stretch of a text. It reaches to the next one.
#[derive(Clone, Copy, Debug)]
struct Mark {
    out: usize,
    /// Bytes of the tree's text.
    from: usize,
    to: usize,
    what: What,
}

/// The stretches of a text, from its beginning on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace(Vec<Mark>);

impl Trace {
    /// At `out` a character of `length` bytes is written that stands at `from` of the tree's text.
    pub(crate) fn text(&mut self, out: usize, from: usize, length: usize) {
        let to = from + length;
        if let Some(last) = self.0.last_mut()
            && last.what == What::Text
            && last.to == from
            && last.out + (last.to - last.from) == out
        {
            last.to = to;
            return;
        }
        self.0.push(Mark { out, from, to, what: What::Text });
    }

    /// At `out` a space is written for the white space at `range` of the tree's text; without a
    /// range, for the border of elements.
    pub(crate) fn space(&mut self, out: usize, range: Option<(usize, usize)>, arena: &Arena<'_>) {
        match range {
            Some((from, to)) if to == from + 1 && arena.buffer(from, to) == " " => self.text(out, from, 1),
            Some((from, to)) => self.0.push(Mark { out, from, to, what: What::Space }),
            None => self.made(out),
        }
    }

    /// A character of the tree's text is left out.
    pub(crate) fn removed(&mut self, out: usize, from: usize, length: usize) {
        self.0.push(Mark { out, from, to: from + length, what: What::Removed });
    }

    /// From `out` on, what is written is not in the page.
    pub(crate) fn made(&mut self, out: usize) {
        self.0.push(Mark { out, from: 0, to: 0, what: What::Made });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds the stretches of `span` of another text, of `length` bytes, which is written at `out`.
    pub(crate) fn extend(&mut self, other: &Trace, span: Span, out: usize) {
        self.0
            .extend(other.within(span).map(|(mark, from, _)| Mark { out: from - span.from() + out, ..mark }));
    }

    /// The stretches inside `span`, cut to it, each with its beginning and end in the text.
    fn within(&self, span: Span) -> impl Iterator<Item = (Mark, usize, usize)> + '_ {
        let first = self.0.partition_point(|mark| mark.out <= span.from()).saturating_sub(1);
        self.0[first..].iter().enumerate().filter_map(move |(index, mark)| {
            let next = self.0.get(first + index + 1).map_or(usize::MAX, |next| next.out);
            let (from, to) = (mark.out.max(span.from()), next.min(span.to()));
            let kept = from < to || (mark.what == What::Removed && from == to && span.from() <= mark.out);
            let mut cut = *mark;
            if mark.what == What::Text {
                cut.from += from - mark.out;
                cut.to = cut.from + to.saturating_sub(from);
            }
            kept.then_some((cut, from, to))
        })
    }

    /// The stretches of `span` as runs; the words of `span` stand at `out` of the reading text.
    pub(crate) fn runs(&self, span: Span, out: usize, arena: &Arena<'_>, runs: &mut Vec<SourceRun>) {
        for (mark, from, to) in self.within(span) {
            let text = (from - span.from() + out, to - span.from() + out);
            match mark.what {
                What::Text => {
                    for (piece, from, to) in arena.pieces(mark.from, mark.to) {
                        let start = text.0 + (from - mark.from);
                        let mut source = (u64::from(piece.source.0), u64::from(piece.source.1));
                        if piece.kind == RunKind::Verbatim {
                            source.0 += (from - piece.out as usize) as u64;
                            source.1 = source.0 + (to - from) as u64;
                        }
                        push(
                            runs,
                            SourceRun {
                                text: Span::new(start, start + (to - from)),
                                source,
                                kind: piece.kind,
                            },
                        );
                    }
                }
                What::Space | What::Removed => {
                    let source = arena.range_of(mark.from, mark.to);
                    let kind = if mark.what == What::Space { RunKind::Space } else { RunKind::Removed };
                    push(runs, SourceRun { text: Span::new(text.0, text.1), source, kind });
                }
                What::Made => push_made(runs, text.0, text.1),
            }
        }
    }
}

/// Adds a run, joined to the one before where both are one.
pub(crate) fn push(runs: &mut Vec<SourceRun>, run: SourceRun) {
    if let Some(last) = runs.last_mut()
        && last.kind == run.kind
        && last.text.end == run.text.start
    {
        let verbatim = run.kind == RunKind::Verbatim && last.source.1 == run.source.0;
        let same = matches!(run.kind, RunKind::Reference | RunKind::Made) && last.source == run.source;
        if verbatim || same {
            last.text.end = run.text.end;
            last.source.1 = run.source.1;
            return;
        }
    }
    runs.push(run);
}

/// Adds what the reader puts in; it has no bytes, and stands where the run before ends.
pub(crate) fn push_made(runs: &mut Vec<SourceRun>, from: usize, to: usize) {
    let at = runs.last().map_or(0, |last| last.source.1);
    push(runs, SourceRun { text: Span::new(from, to), source: (at, at), kind: RunKind::Made });
}

/// The runs of words that were put together out of the text below an element, line by line: each
/// line stands there as a whole, white space aside.
pub(crate) fn runs_of_words(
    words: &str,
    below: &[(usize, &str)],
    out: usize,
    arena: &Arena<'_>,
    runs: &mut Vec<SourceRun>,
) {
    let mut solid = String::new();
    let mut places: Vec<usize> = Vec::new();
    for (start, text) in below {
        for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii_whitespace()) {
            solid.push(c);
            places.extend((0..c.len_utf8()).map(|byte| start + at + byte));
        }
    }
    let mut trace = Trace::default();
    let mut done = 0;
    let mut line_start = 0;
    for line in words.split_inclusive('\n') {
        let wanted: String = line.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let found = memchr::memmem::find(&solid.as_bytes()[done..], wanted.as_bytes()).map(|at| at + done);
        let found = found.or_else(|| memchr::memmem::find(solid.as_bytes(), wanted.as_bytes()));
        let mut next = found;
        for (at, c) in line.char_indices() {
            let at = line_start + at;
            match next {
                Some(place) if !c.is_ascii_whitespace() => {
                    trace.text(at, places[place], c.len_utf8());
                    next = Some(place + c.len_utf8());
                }
                Some(place) => {
                    // White space: what stands between the letters before and after it.
                    let before = place.checked_sub(1).and_then(|before| places.get(before));
                    let range = before.zip(places.get(place)).map(|(before, after)| (before + 1, *after));
                    let range = range.filter(|(from, to)| {
                        c == ' '
                            && from < to
                            && arena.buffer(*from, *to).bytes().all(|byte| byte.is_ascii_whitespace())
                    });
                    match range {
                        Some((from, to)) if arena.buffer(from, to).starts_with(c) && c != ' ' => {
                            trace.text(at, from, c.len_utf8().min(to - from));
                        }
                        range => trace.space(at, range, arena),
                    }
                }
                None => trace.made(at),
            }
        }
        done = next.unwrap_or(done);
        line_start += line.len();
    }
    trace.runs(Span::new(0, words.len()), out, arena, runs);
}
