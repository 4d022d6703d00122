//! From markup to tokens (HTML, section 13.2.5), each with its bytes of the page.
//!
//! The whole page is there, so a token is found by searching for where it ends, and what it says
//! is a piece of the page wherever no reference or line break has to be undone. Comments are
//! passed over. The bodies of scripts, style sheets and the like are passed over too; the receiver
//! is told where they stand.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use html5ever::tendril::{StrTendril, Tendril};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, ns};

/// Attributes of one tag.
pub(super) const ATTRIBUTE_LIMIT: usize = 256;

/// Who takes the tokens.
pub(super) trait Receiver: TokenSink {
    /// The next token is what stands between `from` and `to`.
    fn locate(&self, from: usize, to: usize);

    /// Whether nothing more is to be read.
    fn is_full(&self) -> bool;

    /// The body of the element that was just opened: never markup.
    fn pass_raw(&self, from: usize, to: usize);

    /// A tag has more than [`ATTRIBUTE_LIMIT`] attributes.
    fn too_many_attributes(&self);
}

/// What the text of an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Data,
    /// References are read, tags are not.
    Rcdata,
    Raw,
    Plain,
}

/// Hands the tokens of `page` to `receiver`, and the end of the file.
pub(super) fn tokenize(page: &str, receiver: &impl Receiver) {
    let mut tokenizer = Tokenizer {
        page,
        bytes: page.as_bytes(),
        whole: Tendril::from_slice(page),
        receiver,
        names: vec![None; NAMES],
        mode: Mode::Data,
        opened: LocalName::from(""),
        at: 0,
    };
    while tokenizer.at < tokenizer.bytes.len() && !receiver.is_full() {
        match tokenizer.mode {
            Mode::Data => tokenizer.data(),
            Mode::Rcdata => tokenizer.rcdata(),
            Mode::Raw => tokenizer.raw(),
            Mode::Plain => {
                let from = tokenizer.at;
                tokenizer.at = tokenizer.bytes.len();
                tokenizer.text(from, tokenizer.at, Reading { references: false, null: '\u{fffd}' });
            }
        }
    }
    let _ = receiver.process_token(Token::EOFToken, 1);
}

/// Names kept at hand; pages repeat few of them many times.
const NAMES: usize = 256;

/// How text is read.
#[derive(Clone, Copy)]
struct Reading {
    references: bool,
    /// What U+0000 becomes: itself, for the tree builder to decide, or U+FFFD.
    null: char,
}

struct Tokenizer<'p, R> {
    page: &'p str,
    bytes: &'p [u8],
    whole: StrTendril,
    receiver: &'p R,
    names: Vec<Option<(&'p str, LocalName)>>,
    mode: Mode,
    /// Name of the last start tag.
    opened: LocalName,
    at: usize,
}

/// A tag as it was read.
struct Read {
    attributes: Vec<Attribute>,
    self_closing: bool,
    repeated: bool,
    end: usize,
}

impl<'p, R: Receiver> Tokenizer<'p, R> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Where `needle` stands next; the end of the page where it does not.
    fn find(&self, needle: u8, from: usize) -> Option<usize> {
        memchr::memchr(needle, self.bytes.get(from..)?).map(|length| from + length)
    }

    fn data(&mut self) {
        let from = self.at;
        let text = Reading { references: true, null: '\0' };
        if self.bytes[from] != b'<' {
            self.at = self.find(b'<', from).unwrap_or(self.bytes.len());
            return self.text(from, self.at, text);
        }
        match (self.byte(from + 1), self.byte(from + 2)) {
            (Some(byte), _) if byte.is_ascii_alphabetic() => self.tag(from + 1, TagKind::StartTag),
            (Some(b'/'), Some(byte)) if byte.is_ascii_alphabetic() => self.tag(from + 2, TagKind::EndTag),
            (Some(b'/'), Some(b'>')) => self.at = from + 3,
            (Some(b'/'), None) => {
                self.at = self.bytes.len();
                self.text(from, self.at, text);
            }
            (Some(b'!'), _) => self.declaration(),
            (Some(b'/' | b'?'), _) => self.pass_to(b'>'),
            _ => {
                self.at = self.find(b'<', from + 1).unwrap_or(self.bytes.len());
                self.text(from, self.at, text);
            }
        }
    }

    /// A comment that is none: it ends at the first `>`.
    fn pass_to(&mut self, end: u8) {
        self.at = self.find(end, self.at).map_or(self.bytes.len(), |at| at + 1);
    }

    fn declaration(&mut self) {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"<!--") {
            self.at = comment_end(self.bytes, self.at);
        } else if rest.len() >= 9 && rest[2..9].eq_ignore_ascii_case(b"doctype") {
            let from = self.at + 9;
            let end = self.find(b'>', from);
            let mut doctype = doctype(&self.page[from..end.unwrap_or(self.bytes.len())]);
            doctype.force_quirks |= end.is_none();
            let to = end.map_or(self.bytes.len(), |at| at + 1);
            self.give(Token::DoctypeToken(doctype), self.at, to);
            self.pass_to(b'>');
        } else if rest.starts_with(b"<![CDATA[")
            && self.receiver.adjusted_current_node_present_but_not_in_html_namespace()
        {
            let from = self.at + 9;
            let end = memchr::memmem::find(&self.bytes[from..], b"]]>").map(|length| from + length);
            self.text(from, end.unwrap_or(self.bytes.len()), Reading { references: false, null: '\0' });
            self.at = end.map_or(self.bytes.len(), |at| at + 3);
        } else {
            self.pass_to(b'>');
        }
    }

    /// Text up to the end tag of the element; references are read.
    fn rcdata(&mut self) {
        let from = self.at;
        let end = raw_end(self.bytes, from, &self.opened);
        let text = Reading { references: true, null: '\u{fffd}' };
        self.at = end;
        self.text(from, end, text);
        self.close_raw();
    }

    /// The body of a script or style sheet.
    fn raw(&mut self) {
        let from = self.at;
        let end = raw_end(self.bytes, from, &self.opened);
        if end < self.bytes.len() {
            self.receiver.pass_raw(from, end);
        }
        self.at = end;
        self.close_raw();
    }

    fn close_raw(&mut self) {
        self.mode = Mode::Data;
        if self.at < self.bytes.len() {
            self.tag(self.at + 2, TagKind::EndTag);
        }
    }

    /// A tag whose name begins at `name`. One that the page ends in is no tag, and nothing else.
    fn tag(&mut self, name: usize, kind: TagKind) {
        let from = self.at;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let Some(length) = self.bytes[name..].iter().position(ends) else {
            self.at = self.bytes.len();
            return;
        };
        let Some(read) = self.attributes(name + length, kind == TagKind::StartTag) else {
            self.at = self.bytes.len();
            return;
        };
        let name = self.name(name, name + length);
        self.at = read.end;
        if kind == TagKind::StartTag {
            self.opened = name.clone();
        }
        let tag = Tag {
            kind,
            name,
            self_closing: read.self_closing,
            attrs: read.attributes,
            had_duplicate_attributes: read.repeated,
        };
        self.give(Token::TagToken(tag), from, read.end);
    }

    fn give(&mut self, token: Token, from: usize, to: usize) {
        self.receiver.locate(from, to);
        match self.receiver.process_token(token, 1) {
            TokenSinkResult::Plaintext => self.mode = Mode::Plain,
            TokenSinkResult::RawData(RawKind::Rcdata) => self.mode = Mode::Rcdata,
            TokenSinkResult::RawData(_) => self.mode = Mode::Raw,
            TokenSinkResult::Continue
            | TokenSinkResult::Script(_)
            | TokenSinkResult::EncodingIndicator(_) => {}
        }
    }

    /// Everything from the end of a tag's name to behind its `>`; `None` where it has none. The
    /// attributes themselves are kept where `kept`.
    fn attributes(&mut self, from: usize, kept: bool) -> Option<Read> {
        let mut read = Read { attributes: Vec::new(), self_closing: false, repeated: false, end: 0 };
        let mut at = from;
        loop {
            match self.byte(at)? {
                b'>' => {
                    read.end = at + 1;
                    return Some(read);
                }
                b'/' => {
                    at += 1;
                    read.self_closing = self.byte(at)? == b'>';
                }
                byte if byte.is_ascii_whitespace() => at += 1,
                _ => at = self.attribute(at, kept, &mut read)?,
            }
        }
    }

    /// The attribute whose name begins at `from`. Gives where it ends.
    fn attribute(&mut self, from: usize, kept: bool, read: &mut Read) -> Option<usize> {
        // An equals sign at the beginning is part of the name.
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=');
        let name_end = from + 1 + self.bytes[from + 1..].iter().position(ends)?;
        let mut at = self.after_space(name_end)?;
        let mut value = (name_end, name_end);
        if self.bytes[at] == b'=' {
            at = self.after_space(at + 1)?;
            value = match self.bytes[at] {
                quote @ (b'"' | b'\'') => {
                    let end = self.find(quote, at + 1)?;
                    let value = (at + 1, end);
                    at = end + 1;
                    value
                }
                b'>' => (at, at),
                _ => {
                    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
                    let end = at + self.bytes[at..].iter().position(ends)?;
                    let value = (at, end);
                    at = end;
                    value
                }
            };
        }
        if !kept {
            return Some(at);
        }
        if read.attributes.len() >= ATTRIBUTE_LIMIT {
            self.receiver.too_many_attributes();
            return Some(at);
        }
        let name = self.name(from, name_end);
        if read.attributes.iter().any(|known| known.name.local == name) {
            read.repeated = true;
        } else {
            let name = QualName::new(None, ns!(), name);
            read.attributes.push(Attribute { name, value: self.value(value.0, value.1) });
        }
        Some(at)
    }

    fn after_space(&self, from: usize) -> Option<usize> {
        self.bytes[from..].iter().position(|byte| !byte.is_ascii_whitespace()).map(|length| from + length)
    }

    /// A piece of the page, without a copy.
    fn piece(&self, from: usize, to: usize) -> StrTendril {
        self.whole.subtendril(from as u32, (to - from) as u32)
    }

    fn value(&self, from: usize, to: usize) -> StrTendril {
        let value = &self.page[from..to];
        if memchr::memchr3(b'&', b'\r', b'\0', value.as_bytes()).is_none() {
            return self.piece(from, to);
        }
        let mut out = String::with_capacity(value.len());
        let mut at = 0;
        while let Some(found) = memchr::memchr3(b'&', b'\r', b'\0', &value.as_bytes()[at..]) {
            out.push_str(&value[at..at + found]);
            at += found;
            let (characters, length) = undo(&value[at..], true, '\u{fffd}');
            out.extend(characters.into_iter().flatten());
            at += length;
        }
        out.push_str(&value[at..]);
        StrTendril::from(out)
    }

    /// A name in lower case.
    fn name(&mut self, from: usize, to: usize) -> LocalName {
        let name = &self.page[from..to];
        if name.bytes().any(|byte| byte.is_ascii_uppercase() || byte == 0) {
            return LocalName::from(name.to_ascii_lowercase().replace('\0', "\u{fffd}"));
        }
        let slot = name.bytes().fold(name.len(), |slot, byte| slot.wrapping_mul(31) ^ usize::from(byte));
        let slot = &mut self.names[slot % NAMES];
        match slot {
            Some((known, found)) if *known == name => found.clone(),
            _ => slot.insert((name, LocalName::from(name))).1.clone(),
        }
    }

    /// Gives the text between two places of the page: what stands there as it is in one token, and
    /// one for each character that something else stands for.
    fn text(&mut self, from: usize, to: usize, reading: Reading) {
        let mut at = from;
        while at < to {
            let rest = &self.bytes[at..to];
            let next = match reading.references {
                true => memchr::memchr3(b'&', b'\r', b'\0', rest),
                false => memchr::memchr2(b'\r', b'\0', rest),
            };
            let next = next.map_or(to, |length| at + length);
            if at < next {
                self.give(Token::CharacterTokens(self.piece(at, next)), at, next);
            }
            at = next;
            if at == to {
                break;
            }
            let (characters, length) = undo(&self.page[at..to], false, reading.null);
            for character in characters.into_iter().flatten() {
                let token = match character {
                    '\0' => Token::NullCharacterToken,
                    character => Token::CharacterTokens(StrTendril::from_char(character)),
                };
                self.give(token, at, at + length);
            }
            at += length;
        }
    }
}

/// What stands at the beginning of `text` instead of characters, and how many bytes it takes: a
/// reference, a line break that is no line feed, U+0000.
fn undo(text: &str, in_attribute: bool, null: char) -> ([Option<char>; 2], usize) {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => ([Some('\n'), None], 2),
        [b'\r', ..] => ([Some('\n'), None], 1),
        [b'\0', ..] => ([Some(null), None], 1),
        _ => reference(text, in_attribute).unwrap_or(([Some('&'), None], 1)),
    }
}

/// The characters that the reference at the beginning of `text` stands for, and its length;
/// `None` where it is none (13.2.5.72 and after).
fn reference(text: &str, in_attribute: bool) -> Option<([Option<char>; 2], usize)> {
    if let Some(number) = text.strip_prefix("&#") {
        return numeric(number).map(|(c, length)| ([Some(c), None], 2 + length));
    }
    // The table holds the beginnings of all names too, with nothing behind them.
    let mut found = None;
    for end in 2..=text.len() {
        if !text.is_char_boundary(end) {
            break;
        }
        match NAMED_ENTITIES.get(&text[1..end]) {
            Some((0, _)) => {}
            Some(chars) => found = Some((*chars, end)),
            None => break,
        }
    }
    let ((first, second), length) = found?;
    let next = text.as_bytes().get(length);
    let goes_on = next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric());
    if in_attribute && goes_on && !text[..length].ends_with(';') {
        return None;
    }
    let second = if second == 0 { None } else { char::from_u32(second) };
    Some(([char::from_u32(first), second], length))
}

/// The character that the digits at the beginning of `text` number, and their length.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (base, start) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let mut number = 0u32;
    let mut at = start;
    while let Some(digit) = text.as_bytes().get(at).and_then(|byte| char::from(*byte).to_digit(base)) {
        number = number.saturating_mul(base).saturating_add(digit).min(0x11_0000);
        at += 1;
    }
    if at == start {
        return None;
    }
    at += usize::from(text.as_bytes().get(at) == Some(&b';'));
    let c = match number {
        0 => None,
        0x80..=0x9f => C1_REPLACEMENTS[number as usize - 0x80].or(char::from_u32(number)),
        number => char::from_u32(number),
    };
    Some((c.unwrap_or('\u{fffd}'), at))
}

/// One past the end of the comment at `at` (13.2.5.43 and after); of one that never ends, the end
/// of the page.
fn comment_end(bytes: &[u8], at: usize) -> usize {
    let body = &bytes[at + 4..];
    if body.starts_with(b">") {
        return at + 5;
    }
    if body.starts_with(b"->") {
        return at + 6;
    }
    let mut from = 0;
    while let Some(length) = memchr::memmem::find(&body[from..], b"--") {
        let found = from + length;
        match (body.get(found + 2), body.get(found + 3)) {
            (Some(b'>'), _) => return at + 4 + found + 3,
            (Some(b'!'), Some(b'>')) => return at + 4 + found + 4,
            _ => from = found + 1,
        }
    }
    bytes.len()
}

/// Where the text of the element `name` ends: at the `<` of its first end tag.
fn raw_end(bytes: &[u8], at: usize, name: &str) -> usize {
    let mut from = at;
    while let Some(found) = memchr::memmem::find(&bytes[from..], b"</") {
        let start = from + found + 2;
        let matches = bytes
            .get(start..start + name.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()));
        let next = bytes.get(start + name.len());
        if matches && next.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')) {
            return start - 2;
        }
        from = start;
    }
    bytes.len()
}

/// What stands between `<!doctype` and `>` (13.2.5.53 and after).
fn doctype(text: &str) -> Doctype {
    let space = |c: char| c.is_ascii_whitespace();
    let mut doctype = Doctype::default();
    let text = text.trim_start_matches(space);
    let length = text.find(space).unwrap_or(text.len());
    if length == 0 {
        doctype.force_quirks = true;
        return doctype;
    }
    let name = text[..length].to_ascii_lowercase().replace('\0', "\u{fffd}");
    doctype.name = Some(StrTendril::from(name));
    let rest = text[length..].trim_start_matches(space);
    if rest.is_empty() {
        return doctype;
    }
    let keyword = rest.get(..6).map(str::to_ascii_lowercase);
    let after = rest.get(6..).unwrap_or("").trim_start_matches(space);
    match keyword.as_deref() {
        Some("public") => {
            let Some((id, rest)) = quoted(after, &mut doctype) else { return doctype };
            doctype.public_id = Some(id);
            let rest = rest.trim_start_matches(space);
            if !doctype.force_quirks
                && !rest.is_empty()
                && let Some((id, _)) = quoted(rest, &mut doctype)
            {
                doctype.system_id = Some(id);
            }
        }
        Some("system") => doctype.system_id = quoted(after, &mut doctype).map(|(id, _)| id),
        _ => doctype.force_quirks = true,
    }
    doctype
}

/// The quoted string at the beginning of `text`, and what follows. One that has no end, or is
/// none, makes a page of the old kind.
fn quoted<'t>(text: &'t str, doctype: &mut Doctype) -> Option<(StrTendril, &'t str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        doctype.force_quirks = true;
        return None;
    };
    let inside = &text[1..];
    let end = inside.find(quote);
    doctype.force_quirks |= end.is_none();
    let (id, rest) = inside.split_at(end.unwrap_or(inside.len()));
    let id = id.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
    Some((StrTendril::from(id), rest.get(1..).unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};

    use super::*;

    /// Writes tokens down, and says of some elements what their text is, as the tree builder does.
    #[derive(Default)]
    struct Written {
        out: RefCell<String>,
        text: RefCell<String>,
        foreign: Cell<bool>,
    }

    impl Written {
        fn flush(&self) {
            let text = self.text.take();
            if !text.is_empty() {
                self.out.borrow_mut().push_str(&format!("{text:?}\n"));
            }
        }
    }

    impl TokenSink for Written {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            match &token {
                Token::CharacterTokens(text) => self.text.borrow_mut().push_str(text),
                Token::NullCharacterToken => self.text.borrow_mut().push('\0'),
                Token::CommentToken(_) | Token::ParseError(_) => {}
                Token::TagToken(tag) => {
                    self.flush();
                    let attributes = if tag.kind == TagKind::StartTag { &tag.attrs[..] } else { &[] };
                    let closing = tag.self_closing && tag.kind == TagKind::StartTag;
                    let line = format!("{:?} {} {closing} {attributes:?}\n", tag.kind, tag.name);
                    self.out.borrow_mut().push_str(&line);
                    let start = tag.kind == TagKind::StartTag;
                    match &*tag.name {
                        "svg" => self.foreign.set(start),
                        "title" | "textarea" if start => return TokenSinkResult::RawData(RawKind::Rcdata),
                        "plaintext" if start => return TokenSinkResult::Plaintext,
                        _ => {}
                    }
                }
                token => {
                    self.flush();
                    self.out.borrow_mut().push_str(&format!("{token:?}\n"));
                }
            }
            TokenSinkResult::Continue
        }

        fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
            self.foreign.get()
        }
    }

    impl Receiver for Written {
        fn locate(&self, from: usize, to: usize) {
            assert!(from < to);
        }

        fn is_full(&self) -> bool {
            false
        }

        fn pass_raw(&self, _from: usize, _to: usize) {}

        fn too_many_attributes(&self) {}
    }

    /// Both tokenizers read the same.
    fn check(page: &str) {
        let own = Written::default();
        tokenize(page, &own);
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(page));
        let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
        let other = Tokenizer::new(Written::default(), options);
        let _ = other.feed(&queue);
        other.end();
        assert_eq!(own.out.take(), other.sink.out.take(), "{page:?}");
    }

    #[test]
    fn reads_as_the_standard_says() {
        for page in [
            "<!DOCTYPE html><p class=a id='b' data-x=\"c&amp;d\" e>One &lt; two</p>",
            "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\">",
            "<!doctype html PUBLIC '-//W3C//DTD HTML 3.2 Final//EN'>",
            "<!doctype html system 'about:legacy-compat'>",
            "<!doctype><!doctype html x><!doctype html public><!doctype html public \"a><!doctype html system",
            "<!doctype html public \"a\"\"b\"><!doctype html public \"a\" b>",
            "a<b<c< d<1</><//x></ y></p x=y/><P/><br/><a/b/><a / b>",
            "<a b=c d = e f= 'g' h=i/j k=\"l\"m n=>o<a =x==y ==z>",
            "<a b b=c B=d é=É É='É'>",
            "&amp &ampx; &notit; &notin; &not &#65;&#x41;&#x;&#;&#0;&#x80;&#xD800;&#x110000;&#99999999999;&;&é",
            "<a b='&copy&copy;&copyx&copy=&copy'>&copyx&copy=&NotEqualTilde;",
            "a\r\nb\rc\0d<a\0b\rc\0='\r\n\0'>",
            "<!-- a --><!--><!---><!-- b --!>c<!-- -- --> d <!-- --->e<!--",
            "<!x>a<?php b ?>c<![CDATA[d]]>e<svg><![CDATA[f<g>&amp;]]>h</svg><![CDATA[i",
            "<title>a <!-- b --> &amp; <b> </titl> </title >c<textarea>\0</textareax></TEXTAREA",
            "<plaintext>a</plaintext>&amp;\0",
            "<a b='c",
            "<a b",
            "<",
            "</",
            "<!",
            "&",
            "",
        ] {
            check(page);
        }
    }

    proptest::proptest! {
        #[test]
        fn reads_like_another(page in "(<[!/?]?(p|B|title|/title|svg|-|\\[CDATA\\[|doctype)?|[a&;#x>=/'\"\\-! \r\n\0\\]é]{1,3}|&(amp|lt|not|notin|copy|#|#x)?;?){0,24}") {
            check(&page);
        }
    }
}
