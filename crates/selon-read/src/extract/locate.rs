//! Where the text of the tree stands in the page.
//!
//! The tokenizer hands out text in page order, so each token is found again at a cursor that only
//! moves forward: as it stands there, as a character reference, as CR or CR LF, or as NUL. The
//! tree builder keeps some text of tables back until it knows where it belongs, and leaves some
//! white space out; so what was handed out waits here until the tree asks for it.

use html5ever::data::NAMED_ENTITIES;
use selon_model::RunKind;

/// A stretch of the tree's text buffer and the bytes of the page it came from. It reaches to the
/// next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it begins in the text buffer.
    pub(crate) out: u32,
    /// Bytes of the page.
    pub(crate) source: (u32, u32),
    /// `Verbatim`, `Reference` or `Newline`; `Made` where it was not found again.
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
    cursor: usize,
    /// Second character of a reference that stands for two, with the reference.
    second: Option<(char, (u32, u32))>,
    given: Vec<Given>,
    /// What of `given` may still be asked for.
    waiting: usize,
    pieces: Vec<Piece>,
}

impl<'s> Locator<'s> {
    pub(super) fn new(page: &'s str) -> Self {
        Locator { page, cursor: 0, second: None, given: Vec::new(), waiting: 0, pieces: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Piece> {
        self.pieces
    }

    /// The next token of text will stand at `at` or later.
    pub(super) fn move_to(&mut self, at: usize) {
        self.cursor = at;
    }

    /// A token of text comes out of the tokenizer. What was handed out before and not asked for
    /// is kept back for a table, or was left out.
    pub(super) fn give(&mut self, token: &str) {
        let given = self.find(token);
        self.cursor = self.cursor.max(given.source.1 as usize);
        self.waiting = self.given.len();
        self.given.push(given);
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

    /// Finds a token at the cursor.
    fn find(&mut self, token: &str) -> Given {
        let mut characters = token.chars();
        let character = characters.next().unwrap_or('\0');
        let single = characters.next().is_none();
        let one = |source, kind| Given { source, kind, character };
        if let Some((second, source)) = self.second.take()
            && single
            && second == character
        {
            return one(source, RunKind::Reference);
        }
        let bytes = self.page.as_bytes();
        loop {
            let at = self.cursor;
            let rest = &bytes[at.min(bytes.len())..];
            let to = |length: usize| (at as u32, (at + length) as u32);
            if single {
                match rest {
                    [b'&', ..] => {
                        if let Some((length, second)) = reference(rest) {
                            self.second = second.map(|second| (second, to(length)));
                            return one(to(length), RunKind::Reference);
                        }
                    }
                    [b'\r', b'\n', ..] if character == '\n' => return one(to(2), RunKind::Newline),
                    [b'\r', ..] if character == '\n' => return one(to(1), RunKind::Newline),
                    [b'\0', ..] if character == '\u{fffd}' => return one(to(1), RunKind::Reference),
                    _ => {}
                }
            }
            if rest.starts_with(token.as_bytes()) {
                return one(to(token.len()), RunKind::Verbatim);
            }
            // Marks of a section of character data, which give no text.
            match rest {
                [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => self.cursor += 9,
                [b']', b']', b'>', ..] => self.cursor += 3,
                _ => return Given { source: to(0), kind: RunKind::Made, character },
            }
        }
    }

    /// The tree takes `text` into its buffer at `out`. Gives the bytes of the page.
    pub(super) fn place(&mut self, text: &str, out: u32) -> (u32, u32) {
        while let Some(given) = self.given.get_mut(self.waiting) {
            let own = match given.kind {
                RunKind::Verbatim => {
                    let own = &self.page.as_bytes()[given.source.0 as usize..given.source.1 as usize];
                    memchr::memmem::find(own, text.as_bytes())
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
        let at = self.cursor as u32;
        self.push(Piece { out, source: (at, at), kind: RunKind::Made });
        (at, at)
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

/// Bytes of the character reference that `bytes` begin with (HTML, section 13.2.5.72), and its
/// second character where it stands for two; `None` where the ampersand stands for itself.
fn reference(bytes: &[u8]) -> Option<(usize, Option<char>)> {
    if bytes.get(1) == Some(&b'#') {
        let hex = matches!(bytes.get(2), Some(b'x' | b'X'));
        let digits = if hex { 3 } else { 2 };
        let is_digit = |byte: &&u8| if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
        let length = bytes.get(digits..)?.iter().take_while(is_digit).count();
        let end = digits + length;
        return (length > 0).then(|| (end + usize::from(bytes.get(end) == Some(&b';')), None));
    }
    let mut best = None;
    for end in 2..=bytes.len() {
        let Ok(name) = std::str::from_utf8(&bytes[1..end]) else { break };
        // Beginnings of names are in the table too, as (0, 0).
        match NAMED_ENTITIES.get(name) {
            None => break,
            Some((0, _)) => {}
            Some((_, second)) => best = Some((end, char::from_u32(*second).filter(|c| *c != '\0'))),
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_length() {
        let length = |text: &str| reference(text.as_bytes()).map(|(length, _)| length);
        assert_eq!(length("&amp; b"), Some(5));
        assert_eq!(length("&ampere"), Some(4));
        assert_eq!(length("&notit;"), Some(4));
        assert_eq!(length("&notin;"), Some(7));
        assert_eq!(length("&#233;x"), Some(6));
        assert_eq!(length("&#xe9x"), Some(5));
        assert_eq!(length("&#x;"), None);
        assert_eq!(length("&quot;é"), Some(6));
        assert_eq!(length("& b"), None);
        assert_eq!(length("&é"), None);
        assert_eq!(reference(b"&NotEqualTilde;"), Some((15, Some('\u{338}'))));
    }
}
