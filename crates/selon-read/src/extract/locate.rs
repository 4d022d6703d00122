//! Where the text of the tree stands in the page.
//!
//! The tokenizer says where each token stands. The tree builder keeps some text of tables back
//! until it knows where it belongs, and leaves some white space out; so what was handed out waits
//! here until the tree asks for it.

use selon_model::RunKind;

/// A stretch of the tree's text buffer and the bytes of the page it came from. It reaches to the
/// next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it begins in the text buffer.
    pub(crate) out: u32,
    /// Bytes of the page.
    pub(crate) source: (u32, u32),
    /// `Verbatim`, `Reference` or `Newline`; `Made` where no token was.
    pub(crate) kind: RunKind,
}

/// A token of text that the tree has not asked for yet.
#[derive(Clone, Copy, Debug)]
struct Given {
    source: (u32, u32),
    kind: RunKind,
    /// What stands for the bytes, where they are not the text themselves.
    character: char,
}

/// Follows the tokens through the page.
pub(super) struct Locator<'s> {
    page: &'s str,
    /// End of the last token of text.
    end: u32,
    given: Vec<Given>,
    /// What of `given` may still be asked for.
    waiting: usize,
    pieces: Vec<Piece>,
}

impl<'s> Locator<'s> {
    pub(super) fn new(page: &'s str) -> Self {
        Locator { page, end: 0, given: Vec::new(), waiting: 0, pieces: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Piece> {
        self.pieces
    }

    /// A token of text comes out of the tokenizer, for the bytes `source`. What was handed out
    /// before and not asked for is kept back for a table, or was left out.
    pub(super) fn give(&mut self, token: &str, source: (u32, u32)) {
        let own = &self.page.as_bytes()[source.0 as usize..source.1 as usize];
        let kind = match own {
            own if own == token.as_bytes() => RunKind::Verbatim,
            [b'\r', ..] => RunKind::Newline,
            _ => RunKind::Reference,
        };
        self.end = source.1;
        self.waiting = self.given.len();
        self.given.push(Given { source, kind, character: token.chars().next().unwrap_or('\0') });
    }

    /// Another token is about to be handed to the tree builder: it asks for all text it kept.
    pub(super) fn flush(&mut self) {
        self.waiting = 0;
    }

    /// It has been handed over: what was not asked for is left out.
    pub(super) fn clear(&mut self) {
        self.given.clear();
        self.waiting = 0;
    }

    /// The tree takes `text` into its buffer at `out`. Gives the bytes of the page.
    pub(super) fn place(&mut self, text: &str, out: u32) -> (u32, u32) {
        while let Some(given) = self.given.get_mut(self.waiting) {
            let own = match given.kind {
                RunKind::Verbatim => {
                    let own = &self.page.as_bytes()[given.source.0 as usize..given.source.1 as usize];
                    // Nearly always it is what comes next.
                    let next = own.starts_with(text.as_bytes()).then_some(0);
                    next.or_else(|| memchr::memmem::find(own, text.as_bytes()))
                }
                _ => text.chars().eq([given.character]).then_some(0),
            };
            let Some(at) = own else {
                self.waiting += 1;
                continue;
            };
            let mut source = given.source;
            if given.kind == RunKind::Verbatim {
                source = (source.0 + at as u32, source.0 + (at + text.len()) as u32);
                given.source.0 = source.1;
            } else {
                self.waiting += 1;
            }
            let kind = given.kind;
            self.push(Piece { out, source, kind });
            return source;
        }
        let source = (self.end, self.end);
        self.push(Piece { out, source, kind: RunKind::Made });
        source
    }

    fn push(&mut self, piece: Piece) {
        if let Some(last) = self.pieces.last_mut() {
            let same = last.kind == piece.kind;
            let joins = match piece.kind {
                RunKind::Verbatim => {
                    last.source.1 == piece.source.0 && last.source.1 - last.source.0 == piece.out - last.out
                }
                RunKind::Reference => last.source == piece.source,
                _ => false,
            };
            if same && joins {
                last.source.1 = piece.source.1;
                return;
            }
        }
        self.pieces.push(piece);
    }
}
