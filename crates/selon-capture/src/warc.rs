//! Reading WARC files, record by record, whatever their state (WARC 1.0 and 1.1, and ARC).
//!
//! The reader streams: it holds a buffer and one header, never a block. It keeps exact file
//! offsets, reads compressed and plain files alike, and goes on after damage: what lies between
//! the damage and the next record is reported as lost, so that nothing is skipped in silence.
//! It judges framing only; digests are the business of `check`.

use std::io::{Read, Seek, SeekFrom};

use selon_model::Digest;

use crate::arc;
use crate::code::Code;
use crate::error::{Result, stream_error};
use crate::gzip::{GzipFault, Inflater, starts_like_gzip};
use crate::input::Input;
use crate::limits::Limits;
use crate::record::{RecordHeader, empty_line};

/// What the reader met next.
#[derive(Debug)]
pub enum Step {
    /// A record; its block comes from [`WarcReader::block`].
    Record(Head),
    /// Bytes that belong to no readable record.
    Lost(Lost),
    /// Something worth saying at an offset of the file.
    Note(Code, u64),
}

/// A record's header and where it lies.
#[derive(Clone, Debug)]
pub struct Head {
    /// The parsed header.
    pub header: RecordHeader,
    /// The header's bytes, from `WARC/` to the empty line.
    pub raw: Vec<u8>,
    /// First stored byte: of the record, or of the gzip member that holds it.
    pub offset: u64,
    /// Offset inside the member's content; not 0 only where records share a member.
    pub inner: u64,
}

/// A range of the file without a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// First byte.
    pub from: u64,
    /// Byte after the last.
    pub to: u64,
    /// Why no record was read there.
    pub code: Code,
}

/// How a record ended.
#[derive(Clone, Debug)]
pub struct Tail {
    /// Block octets that were there.
    pub block_length: u64,
    /// Stored bytes of the record, where it has stored bytes of its own.
    pub stored_length: Option<u64>,
    /// SHA-256 of those bytes, if asked for.
    pub stored_digest: Option<Digest>,
    /// What is wrong with the record's framing.
    pub fault: Option<Code>,
    /// What is odd about it.
    pub notes: Vec<Code>,
}

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a gzip member.
    Boundary,
    /// Before a record in the content of a member or of a plain file.
    Stream,
    /// Before a block.
    Block { length: u64 },
    /// After a record whose framing was wrong: look for the next one from here.
    Damaged { from: u64 },
    /// After everything.
    End,
}

/// Bytes looked at together for the end of a header, so that a block is not copied with it.
const HEADER_STEP: usize = 2048;

/// Reads a WARC file.
pub struct WarcReader<R> {
    input: Input<R>,
    gzip: Option<Inflater>,
    limits: Limits,
    hash_stored: bool,
    /// Whether headers are ARC lines; told by the first.
    arc: Option<bool>,
    state: State,
    /// Offset of the open member, or of the record in a plain file.
    start: u64,
    /// Content bytes taken since `start`.
    inner: u64,
    records_in_member: u64,
    lost: Option<Lost>,
    waiting: Option<Head>,
    noted_empty: bool,
    noted_shared: bool,
    note: Option<(Code, u64)>,
    rescanned: u64,
}

impl<R: Read + Seek> WarcReader<R> {
    /// Opens a WARC file, compressed or not.
    ///
    /// # Errors
    /// When the input cannot be read. Damage is not an error but a [`Step`].
    pub fn new(inner: R, limits: Limits) -> Result<Self> {
        let mut input = Input::new(inner).map_err(stream_error)?;
        let compressed = starts_like_gzip(input.peek(3).map_err(stream_error)?);
        Ok(WarcReader {
            input,
            gzip: compressed.then(Inflater::new),
            limits,
            hash_stored: false,
            arc: None,
            state: if compressed { State::Boundary } else { State::Stream },
            start: 0,
            inner: 0,
            records_in_member: 0,
            lost: None,
            waiting: None,
            noted_empty: false,
            noted_shared: false,
            note: None,
            rescanned: 0,
        })
    }

    /// Opens a file that is no WARC itself but holds records, such as a WACZ, at a record's offset.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub(crate) fn inside(mut inner: R, offset: u64, limits: Limits) -> Result<Self> {
        let mut magic = Vec::new();
        inner.seek(SeekFrom::Start(offset)).map_err(stream_error)?;
        inner.by_ref().take(3).read_to_end(&mut magic).map_err(stream_error)?;
        let mut reader = WarcReader::new(inner, limits)?;
        reader.gzip = starts_like_gzip(&magic).then(Inflater::new);
        reader.seek(offset)?;
        Ok(reader)
    }

    /// Reads headers as ARC lines from here on, also where the file was not read from its beginning.
    pub(crate) fn of_arc(mut self) -> Self {
        self.arc = Some(true);
        self
    }

    /// Also gives the SHA-256 of each record's stored bytes.
    pub fn with_stored_digests(mut self) -> Self {
        self.hash_stored = true;
        self
    }

    /// Whether the file is compressed.
    pub fn is_compressed(&self) -> bool {
        self.gzip.is_some()
    }

    /// Whether the file is an ARC, as far as it was read.
    pub fn is_arc(&self) -> bool {
        self.arc == Some(true)
    }

    /// Length of the file.
    pub fn length(&self) -> u64 {
        self.input.length()
    }

    /// Goes to a record: `offset` as of [`Head::offset`].
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn seek(&mut self, offset: u64) -> Result<()> {
        self.input.seek(offset).map_err(stream_error)?;
        self.state = if self.gzip.is_some() { State::Boundary } else { State::Stream };
        Ok(())
    }

    /// The next record, lost range or note; `None` at the end. A block not asked for is skipped.
    ///
    /// # Errors
    /// When the input cannot be read.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Step>> {
        if matches!(self.state, State::Block { .. }) && self.waiting.is_none() {
            self.block(&mut |_| ())?;
        }
        loop {
            if let Some((code, offset)) = self.note.take() {
                return Ok(Some(Step::Note(code, offset)));
            }
            match self.state {
                // A lost range is known to its end only here: it goes before the record.
                State::End => return Ok(self.lost.take().map(Step::Lost)),
                State::Block { .. } => {
                    if let Some(lost) = self.lost.take() {
                        return Ok(Some(Step::Lost(lost)));
                    }
                    return Ok(self.waiting.take().map(Step::Record));
                }
                State::Damaged { from } => self.resync(from)?,
                State::Boundary => self.begin_member()?,
                State::Stream => self.begin_record()?,
            }
        }
    }

    /// Hands the block of the record just met to `sink`, piece by piece, and reads the record's
    /// end. Called twice, the second call gives an empty block.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn block(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<Tail> {
        let mut tail = Tail {
            block_length: 0,
            stored_length: None,
            stored_digest: None,
            fault: None,
            notes: Vec::new(),
        };
        let State::Block { length } = self.state else { return Ok(tail) };
        let block_at = self.input.position();
        let readable = length.min(self.limits.block);
        while tail.block_length < readable {
            let taken = match fill(&mut self.input, &mut self.gzip)? {
                Err(fault) => {
                    tail.fault = Some(code_of(fault));
                    break;
                }
                Ok([]) => {
                    tail.fault = Some(Code::Truncated);
                    break;
                }
                Ok(bytes) => {
                    let left = (readable - tail.block_length).min(bytes.len() as u64) as usize;
                    sink(&bytes[..left]);
                    left
                }
            };
            self.consume(taken);
            tail.block_length += taken as u64;
        }
        if tail.fault.is_none() && readable < length {
            tail.fault = Some(Code::BlockLimit);
        }
        if tail.fault.is_none() {
            tail.fault = self.record_end(&mut tail.notes)?;
        }
        if tail.fault.is_none() {
            self.member_end(&mut tail)?;
        }
        match tail.fault {
            None => {}
            Some(_) if self.gzip.is_none() => self.state = State::Damaged { from: block_at },
            Some(Code::NoRecordEnd) => self.leave_member()?,
            Some(_) => self.state = State::Damaged { from: self.start + 1 },
        }
        Ok(tail)
    }

    /// The two line ends after a block. Some tools write one too few: then the next record, or
    /// the end, must follow at once.
    fn record_end(&mut self, notes: &mut Vec<Code>) -> Result<Option<Code>> {
        if self.is_arc() {
            // One line end, which a compressed record may go without.
            return Ok(match self.line_end()? {
                LineEnd::Here | LineEnd::Nothing => None,
                LineEnd::Other => Some(Code::NoRecordEnd),
                LineEnd::Fault(fault) => Some(code_of(fault)),
            });
        }
        for _ in 0..2 {
            match self.line_end()? {
                LineEnd::Here => {}
                LineEnd::Nothing => {
                    add(notes, Code::RecordEndShort);
                    return Ok(None);
                }
                LineEnd::Other => {
                    let next = fill(&mut self.input, &mut self.gzip)?;
                    if !matches!(next, Ok([b'W', ..])) {
                        return Ok(Some(Code::NoRecordEnd));
                    }
                    add(notes, Code::RecordEndShort);
                    return Ok(None);
                }
                LineEnd::Fault(fault) => return Ok(Some(code_of(fault))),
            }
        }
        Ok(None)
    }

    /// After a whole record: is the member over, or does another record share it?
    fn member_end(&mut self, tail: &mut Tail) -> Result<()> {
        if self.gzip.is_none() {
            tail.stored_length = Some(self.input.position() - self.start);
            tail.stored_digest = self.end_hash();
            self.state = State::Stream;
            return Ok(());
        }
        loop {
            match self.line_end()? {
                LineEnd::Here if self.is_arc() => {}
                LineEnd::Here => add(&mut tail.notes, Code::ExtraNewlines),
                LineEnd::Fault(fault) => {
                    tail.fault = Some(code_of(fault));
                    return Ok(());
                }
                LineEnd::Nothing => {
                    if self.records_in_member == 1 {
                        tail.stored_length = Some(self.input.position() - self.start);
                        tail.stored_digest = self.end_hash();
                    }
                    self.state = State::Boundary;
                    return Ok(());
                }
                LineEnd::Other => {
                    if !self.noted_shared {
                        self.noted_shared = true;
                        self.note = Some((Code::NotPerRecordGzip, self.start));
                    }
                    self.state = State::Stream;
                    return Ok(());
                }
            }
        }
    }

    fn end_hash(&mut self) -> Option<Digest> {
        self.input.end_hash().map(Digest::from_bytes)
    }

    /// CR LF, LF, nothing at all, or something else (of which at most a CR is taken).
    fn line_end(&mut self) -> Result<LineEnd> {
        let mut after_return = false;
        loop {
            let next = match fill(&mut self.input, &mut self.gzip)? {
                Err(fault) => return Ok(LineEnd::Fault(fault)),
                Ok([]) if after_return => return Ok(LineEnd::Other),
                Ok([]) => return Ok(LineEnd::Nothing),
                Ok([next, ..]) => *next,
            };
            match next {
                b'\n' => {
                    self.consume(1);
                    return Ok(LineEnd::Here);
                }
                b'\r' if !after_return => {
                    self.consume(1);
                    after_return = true;
                }
                _ => return Ok(LineEnd::Other),
            }
        }
    }

    fn consume(&mut self, count: usize) {
        self.inner += count as u64;
        match &mut self.gzip {
            Some(inflater) => inflater.consume(count),
            None => self.input.consume(count),
        }
    }

    /// At a member boundary: opens the next member, or ends.
    fn begin_member(&mut self) -> Result<()> {
        self.start = self.input.position();
        (self.inner, self.records_in_member) = (0, 0);
        let next = self.input.peek(3).map_err(stream_error)?;
        if next.is_empty() {
            self.state = State::End;
            return Ok(());
        }
        if next[0] == 0 && self.only_zeros()? {
            self.note = Some((Code::Padding, self.start));
            self.state = State::End;
            return Ok(());
        }
        if self.hash_stored {
            self.input.begin_hash();
        }
        let limit = self.limits.gzip_header;
        let Some(inflater) = &mut self.gzip else { return Ok(()) };
        if let Err(fault) = inflater.begin_to_end(&mut self.input, limit)? {
            return self.lose(code_of(fault));
        }
        match inflater.fill(&mut self.input)? {
            Err(fault) => self.lose(code_of(fault)),
            Ok([]) => {
                if !self.noted_empty {
                    self.noted_empty = true;
                    self.note = Some((Code::EmptyMember, self.start));
                }
                Ok(())
            }
            Ok(_) => {
                self.state = State::Stream;
                Ok(())
            }
        }
    }

    /// Whether nothing but zero bytes follows. Leaves the input at the end if so, and where it
    /// was if not.
    fn only_zeros(&mut self) -> Result<bool> {
        let from = self.input.position();
        loop {
            let bytes = self.input.fill().map_err(stream_error)?;
            if bytes.is_empty() {
                return Ok(true);
            }
            let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
            if zeros < bytes.len() {
                self.rescanned += self.input.position() - from;
                self.input.seek(from).map_err(stream_error)?;
                return Ok(false);
            }
            self.input.consume(zeros);
        }
    }

    /// Before a record in a stream: reads its header.
    fn begin_record(&mut self) -> Result<()> {
        if self.gzip.is_none() {
            let mut newlines = 0;
            while matches!(self.input.fill().map_err(stream_error)?.first(), Some(b'\r' | b'\n')) {
                self.input.consume(1);
                newlines += 1;
            }
            self.start = self.input.position();
            self.inner = 0;
            match self.input.fill().map_err(stream_error)?.first().copied() {
                None => {
                    self.state = State::End;
                    return Ok(());
                }
                Some(0) if self.only_zeros()? => {
                    self.note = Some((Code::Padding, self.start));
                    self.state = State::End;
                    return Ok(());
                }
                Some(_) => {}
            }
            if newlines > 0 && self.lost.is_none() && !self.is_arc() {
                self.note = Some((Code::ExtraNewlines, self.start - newlines));
            }
            if self.hash_stored {
                self.input.begin_hash();
            }
        }
        let inner = self.inner;
        if self.arc.is_none()
            && let Ok(bytes @ [_, ..]) = fill(&mut self.input, &mut self.gzip)?
        {
            let known = bytes.len().min(9);
            self.arc = Some(bytes[..known] == b"filedesc:"[..known]);
        }
        let raw = match if self.is_arc() { self.header_line()? } else { self.header_bytes()? } {
            Ok(raw) => raw,
            Err(code) => return self.lose(code),
        };
        let parsed =
            if self.is_arc() { arc::parse_line(&raw) } else { RecordHeader::parse(&raw, &self.limits) };
        match parsed {
            Ok(header) => {
                self.state = State::Block { length: header.length };
                self.records_in_member += 1;
                self.waiting = Some(Head { header, raw, offset: self.start, inner });
                Ok(())
            }
            Err(code) => self.lose(code),
        }
    }

    /// The bytes of an ARC header, to its line end.
    fn header_line(&mut self) -> Result<std::result::Result<Vec<u8>, Code>> {
        let mut raw: Vec<u8> = Vec::new();
        loop {
            let (taken, ended) = match fill(&mut self.input, &mut self.gzip)? {
                Err(fault) => return Ok(Err(code_of(fault))),
                Ok([]) => return Ok(Err(if raw.is_empty() { self.not_a_record() } else { Code::Truncated })),
                Ok(bytes) => {
                    let end = memchr::memchr(b'\n', bytes);
                    let taken = end.map_or(bytes.len(), |end| end + 1);
                    let kept = taken.min(self.limits.header + 1 - raw.len());
                    raw.extend_from_slice(&bytes[..kept]);
                    (taken, end.is_some())
                }
            };
            if raw.len() > self.limits.header {
                return Ok(Err(Code::HeaderLimit));
            }
            self.consume(taken);
            if ended {
                return Ok(Ok(raw));
            }
        }
    }

    /// The bytes of a header, to its empty line.
    fn header_bytes(&mut self) -> Result<std::result::Result<Vec<u8>, Code>> {
        let mut raw: Vec<u8> = Vec::with_capacity(1024);
        loop {
            let old = raw.len();
            let room = self.limits.header + 1 - old.min(self.limits.header);
            let taken = match fill(&mut self.input, &mut self.gzip)? {
                Err(fault) => return Ok(Err(code_of(fault))),
                Ok([]) if memchr::memmem::find(&raw, b"\r\r\n").is_some() => {
                    return Ok(Err(Code::BadLineEnds));
                }
                Ok([]) if raw.starts_with(b"WARC/") => return Ok(Err(Code::Truncated)),
                Ok([]) => return Ok(Err(self.not_a_record())),
                Ok(bytes) => {
                    let taken = bytes.len().min(room).min(HEADER_STEP);
                    raw.extend_from_slice(&bytes[..taken]);
                    taken
                }
            };
            let known = raw.len().min(5);
            if raw[..known] != b"WARC/"[..known] {
                return Ok(Err(self.not_a_record()));
            }
            if let Some(end) = empty_line(&raw, old.saturating_sub(2)) {
                raw.truncate(end);
                self.consume(end - old);
                return Ok(Ok(raw));
            }
            self.consume(taken);
            if raw.len() > self.limits.header {
                return Ok(Err(Code::HeaderLimit));
            }
        }
    }

    fn not_a_record(&self) -> Code {
        if self.gzip.is_some() { Code::NotARecord } else { Code::Garbage }
    }

    /// No record at `start`: marks the range to the next one as lost.
    fn lose(&mut self, code: Code) -> Result<()> {
        let from = self.start;
        let framed = !matches!(code, Code::NotARecord | Code::Garbage | Code::Truncated | Code::GzipDamaged);
        if self.gzip.is_some() && framed {
            self.leave_member()?;
            if let State::Damaged { from } = self.state {
                self.resync(from)?;
            }
        } else {
            self.resync(from + 1)?;
        }
        let to = if self.state == State::End { self.input.length() } else { self.input.position() };
        match &mut self.lost {
            Some(lost) if lost.to >= from => lost.to = to.max(lost.to),
            lost => *lost = Some(Lost { from, to, code }),
        }
        Ok(())
    }

    /// Reads the open member to its end, so that the next one is found where it is.
    fn leave_member(&mut self) -> Result<()> {
        let mut left = self.limits.block;
        loop {
            let taken = match fill(&mut self.input, &mut self.gzip)? {
                Ok([]) => {
                    self.state = State::Boundary;
                    return Ok(());
                }
                Ok(bytes) if (bytes.len() as u64) <= left => bytes.len(),
                _ => {
                    self.state = State::Damaged { from: self.start + 1 };
                    return Ok(());
                }
            };
            left -= taken as u64;
            self.consume(taken);
        }
    }

    /// Goes to the next place at or after `from` where a record can start.
    fn resync(&mut self, from: u64) -> Result<()> {
        let allowed = self.input.length().saturating_mul(2).saturating_add(self.limits.rescan);
        self.rescanned += self.input.position().saturating_sub(from);
        if self.rescanned > allowed {
            let from = self.input.position();
            self.lost.get_or_insert(Lost { from, to: self.input.length(), code: Code::RescanLimit });
            self.state = State::End;
            return Ok(());
        }
        self.input.seek(from.min(self.input.length())).map_err(stream_error)?;
        let found = if self.gzip.is_some() { self.find_member()? } else { self.find_line()? };
        self.state = match (found, self.gzip.is_some()) {
            (false, _) => State::End,
            (true, true) => State::Boundary,
            (true, false) => State::Stream,
        };
        Ok(())
    }

    /// Plain file: the next line that begins with `WARC/1.`.
    fn find_line(&mut self) -> Result<bool> {
        const MARK: &[u8] = b"\nWARC/1.";
        if self.is_arc() {
            return self.find_arc_line();
        }
        loop {
            let bytes = self.input.peek(32 * 1024).map_err(stream_error)?;
            if let Some(at) = memchr::memmem::find(bytes, MARK) {
                self.input.consume(at + 1);
                return Ok(true);
            }
            if bytes.len() < MARK.len() {
                let rest = bytes.len();
                self.input.consume(rest);
                return Ok(false);
            }
            let step = bytes.len() + 1 - MARK.len();
            self.input.consume(step);
        }
    }

    /// Plain ARC: the next line that is a record's header.
    fn find_arc_line(&mut self) -> Result<bool> {
        loop {
            let bytes = self.input.peek(32 * 1024).map_err(stream_error)?;
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                if bytes.is_empty() {
                    return Ok(false);
                }
                let passed = bytes.len();
                self.input.consume(passed);
                continue;
            };
            self.input.consume(end + 1);
            let bytes = self.input.peek(32 * 1024).map_err(stream_error)?;
            if starts_like_arc(bytes) {
                return Ok(true);
            }
        }
    }

    /// Compressed file: the next member whose content begins with `WARC/1.` or an ARC header.
    fn find_member(&mut self) -> Result<bool> {
        const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];
        let allowed = self.input.length().saturating_mul(2).saturating_add(self.limits.rescan);
        loop {
            let bytes = self.input.peek(32 * 1024).map_err(stream_error)?;
            let Some(at) = memchr::memmem::find(bytes, MAGIC) else {
                if bytes.len() < MAGIC.len() {
                    let rest = bytes.len();
                    self.input.consume(rest);
                    return Ok(false);
                }
                let step = bytes.len() + 1 - MAGIC.len();
                self.input.consume(step);
                continue;
            };
            self.input.consume(at);
            let candidate = self.input.position();
            self.input.peek(4096).map_err(stream_error)?;
            let is_arc = self.is_arc();
            let Some(inflater) = &mut self.gzip else { return Ok(false) };
            let starts = match inflater.begin(&mut self.input, 1024)? {
                Err(_) => false,
                Ok(()) => matches!(
                    inflater.fill(&mut self.input)?,
                    Ok(bytes) if bytes.starts_with(b"WARC/") || is_arc && starts_like_arc(bytes)
                ),
            };
            self.rescanned += self.input.position().saturating_sub(candidate);
            if starts {
                self.input.seek(candidate).map_err(stream_error)?;
                return Ok(true);
            }
            if self.rescanned > allowed {
                return Ok(false);
            }
            self.input.seek(candidate + 1).map_err(stream_error)?;
        }
    }
}

enum LineEnd {
    Here,
    Nothing,
    Other,
    Fault(GzipFault),
}

/// Content bytes of the open member, or of the plain file.
fn fill<'a, R: Read + Seek>(
    input: &'a mut Input<R>,
    gzip: &'a mut Option<Inflater>,
) -> Result<std::result::Result<&'a [u8], GzipFault>> {
    match gzip {
        Some(inflater) => inflater.fill(input),
        None => Ok(Ok(input.fill().map_err(stream_error)?)),
    }
}

/// Whether a record can begin here: its whole header line is there and is one.
fn starts_like_arc(bytes: &[u8]) -> bool {
    memchr::memchr(b'\n', bytes).is_some_and(|end| arc::parse_line(&bytes[..end]).is_ok())
}

fn code_of(fault: GzipFault) -> Code {
    match fault {
        GzipFault::NotGzip => Code::Garbage,
        GzipFault::Truncated => Code::Truncated,
        GzipFault::Header | GzipFault::Data | GzipFault::Checksum => Code::GzipDamaged,
    }
}

pub(crate) fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// What a file reads as: one word a step, with block lengths and faults.
    fn read(file: &[u8]) -> Vec<String> {
        let mut reader = WarcReader::new(Cursor::new(file), Limits::default()).unwrap().with_stored_digests();
        let mut seen = Vec::new();
        while let Some(step) = reader.next().unwrap() {
            seen.push(match step {
                Step::Note(code, offset) => format!("{code}@{offset}"),
                Step::Lost(lost) => format!("lost {}..{} {}", lost.from, lost.to, lost.code),
                Step::Record(head) => {
                    let tail = reader.block(&mut |_| ()).unwrap();
                    let codes: String =
                        tail.fault.iter().chain(&tail.notes).map(|code| format!(" {code}")).collect();
                    let stored = tail.stored_length.map_or("?".to_owned(), |length| length.to_string());
                    format!("record {}+{stored} block {}{codes}", head.offset, tail.block_length)
                }
            });
        }
        seen
    }

    fn record(block: &str) -> String {
        format!(
            "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Date: 2016-12-12T10:00:00Z\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn member(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_files() {
        let (one, two) = (record("one"), record("three"));
        let n = one.len();
        assert_eq!(
            read(format!("{one}{two}").as_bytes()),
            [format!("record 0+{n} block 3"), format!("record {n}+{} block 5", two.len())]
        );
        assert_eq!(read(b""), [""; 0]);
        assert_eq!(read(format!("{one}\r\n{one}").as_bytes())[1], format!("extra-newlines@{n}"));
        let short = one.trim_end();
        assert_eq!(read(short.as_bytes()), [format!("record 0+{} block 3 record-end-short", n - 4)]);
        assert_eq!(read(format!("{short}\r\n{one}").as_bytes()).len(), 2);
        assert_eq!(
            read(format!("{short}x\r\n{one}").as_bytes()),
            ["record 0+? block 3 no-record-end".to_owned(), format!("record {}+{n} block 3", n - 1)]
        );
        let garbage = format!("{one}junk\r\nmore{one}\r\nx: y\r\n\r\n");
        assert_eq!(
            read(garbage.as_bytes()),
            [format!("record 0+{n} block 3"), format!("lost {n}..{} garbage", garbage.len())]
        );
        let garbage = format!("{one}junk\r\n{one}");
        assert_eq!(
            read(garbage.as_bytes())[1..],
            [format!("lost {n}..{} garbage", n + 6), format!("record {}+{n} block 3", n + 6)]
        );
    }

    #[test]
    fn compressed_files() {
        let (one, two) = (member(record("one").as_bytes()), member(record("three").as_bytes()));
        let n = one.len();
        let good = [one.as_slice(), &two].concat();
        assert_eq!(
            read(&good),
            [format!("record 0+{n} block 3"), format!("record {n}+{} block 5", two.len())]
        );
        let shared = member(format!("{}{}", record("one"), record("three")).as_bytes());
        assert_eq!(read(&shared), ["record 0+? block 3", "not-per-record-gzip@0", "record 0+? block 5"]);
        let with_empty = [one.as_slice(), &member(b""), &two].concat();
        assert_eq!(read(&with_empty)[1], format!("empty-member@{n}"));
        let mut damaged = good.clone();
        damaged[30] ^= 0xff;
        let seen = read(&damaged);
        assert_eq!(seen.last().unwrap(), &format!("record {n}+{} block 5", two.len()), "{seen:?}");
        let text = [one.as_slice(), &member(b"no record"), &two].concat();
        let end = text.len() - two.len();
        assert_eq!(read(&text)[1], format!("lost {n}..{end} not-a-record"));
    }

    #[test]
    fn arc_files() {
        let line = |uri: &str, length: &str| format!("{uri} 192.0.2.1 20140216050221 text/html {length}\n");
        let first = line("filedesc://a.arc", "6") + "1 0 x\n";
        let one = line("http://a.test/", "3") + "one";
        let two = line("http://a.test/b", "5") + "three";
        let (n, m) = (first.len() + 1, one.len() + 1);
        let whole = format!("{first}\n{one}\n{two}\n");
        let last = format!("record {}+{} block 5", n + m, two.len() + 1);
        assert_eq!(
            read(whole.as_bytes()),
            [format!("record 0+{n} block 6"), format!("record {n}+{m} block 3"), last.clone()]
        );
        let members = [&first, &one, &two].map(|part| member(part.as_bytes()));
        let seen = read(&members.concat());
        assert_eq!(seen.len(), 3);
        assert_eq!(
            seen[2],
            format!("record {}+{} block 5", members[0].len() + members[1].len(), members[2].len())
        );

        let lying = whole.replacen("text/html 3", "text/html 2", 1);
        assert_eq!(
            read(lying.as_bytes()),
            [format!("record 0+{n} block 6"), format!("record {n}+? block 2 no-record-end"), last.clone()]
        );
        let negative = whole.replacen("text/html 3", "text/html -", 1);
        assert_eq!(
            read(negative.as_bytes()),
            [format!("record 0+{n} block 6"), format!("lost {n}..{} bad-length", n + m), last]
        );
        let cut = &whole[..whole.len() - 3];
        assert_eq!(read(cut.as_bytes())[2], format!("record {}+? block 3 truncated", n + m));
    }

    #[test]
    fn line_ends_of_text_mode_are_named() {
        let doubled = record("one").replace('\n', "\r\n");
        assert_eq!(read(doubled.as_bytes()), [format!("lost 0..{} bad-line-ends", doubled.len())]);
    }

    #[test]
    fn many_places_of_damage_cost_what_the_file_costs() {
        // Every record says that it is longer than the file: each would be read to the end.
        let lying = "WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 4000000000\r\n\r\n".repeat(20_000);
        let started = std::time::Instant::now();
        let mut reader =
            WarcReader::new(Cursor::new(lying.as_bytes()), Limits { rescan: 1 << 20, ..Limits::default() })
                .unwrap();
        let mut steps = 0;
        while reader.next().unwrap().is_some() {
            steps += 1;
        }
        assert!(steps < 20_000, "{steps}");
        assert!(started.elapsed().as_secs() < 20);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(
            cuts in proptest::collection::vec((0usize..600, 0usize..8), 0..6),
            noise in proptest::collection::vec(proptest::num::u8::ANY, 0..40), at in 0usize..600, gzip: bool, end in 0usize..700,
        ) {
            let parts = ["one", "", "three"].map(|block| record(block).into_bytes());
            let mut file: Vec<u8> = if gzip { parts.iter().flat_map(|part| member(part)).collect() } else { parts.concat() };
            let at = at % file.len();
            file.splice(at..at, noise);
            for (place, bit) in cuts {
                let place = place % file.len();
                file[place] ^= 1 << bit;
            }
            file.truncate(end);
            read(&file);
        }

        #[test]
        fn arbitrary_bytes_never_panic(mut bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), gzip: bool) {
            if gzip {
                bytes.splice(0..0, [0x1f, 0x8b, 0x08]);
            }
            read(&bytes);
        }
    }
}
