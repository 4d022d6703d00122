//! ZIP containers read in place and strictly, and written without compression.
//!
//! A ZIP says twice what it holds: before each entry and in the directory at its end. Readers
//! that trust different halves see different contents in one file (CVE-2024-0406 and its kin),
//! so here both are read, every byte must belong to exactly one entry, and where they disagree
//! the file is refused. Nothing is ever unpacked to disk. (APPNOTE.TXT 6.3.10.)

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::code::Code;
use crate::error::{Result, stream_error};
use crate::limits::Limits;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;

/// An entry: name, place and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ZipEntry {
    pub(crate) name: String,
    /// Whether its bytes lie in the file as they are.
    pub(crate) is_stored: bool,
    crc: u32,
    /// Bytes in the file.
    pub(crate) stored: u64,
    /// Bytes unpacked, as stated.
    pub(crate) length: u64,
    /// First byte of its content in the file.
    pub(crate) data_at: u64,
}

/// What is wrong with a container, and where.
pub(crate) type Fault = (Code, String);

/// A container's entries in the order of its directory, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Zip {
    pub(crate) entries: Vec<ZipEntry>,
    pub(crate) faults: Vec<Fault>,
}

/// Where the directory lies and how many entries it has.
struct Directory {
    at: u64,
    length: u64,
    count: u64,
    /// Offset of the record that ends it.
    end: u64,
}

/// One entry as the directory tells it.
struct Listed {
    entry: ZipEntry,
    raw_name: Vec<u8>,
    method: u16,
    flags: u16,
    header_at: u64,
}

impl Zip {
    /// Reads the directory and holds every entry's own header against it.
    ///
    /// # Errors
    /// When the input cannot be read. What is wrong with the container is in `faults`.
    pub(crate) fn read(input: &mut (impl Read + Seek), limits: &Limits) -> Result<Zip> {
        let mut zip = Zip::default();
        match zip.read_all(input, limits) {
            Ok(()) => Ok(zip),
            Err(Stop::Fault(code, what)) => {
                zip.faults.push((code, what));
                Ok(zip)
            }
            Err(Stop::Io(error)) => Err(stream_error(error)),
        }
    }

    fn read_all(&mut self, input: &mut (impl Read + Seek), limits: &Limits) -> std::result::Result<(), Stop> {
        let length = input.seek(SeekFrom::End(0))?;
        let directory = find_directory(input, length, &mut self.faults)?;
        if directory.count > limits.zip_entries {
            let what = format!("{} entries are stated", directory.count);
            return Err(Stop::Fault(Code::ZipLimit, what));
        }
        let listed = read_directory(input, &directory, limits)?;
        let mut names = HashSet::new();
        for item in &listed {
            if let Some(what) = bad_name(&item.raw_name) {
                self.faults.push((Code::ZipName, format!("{:?} {what}", item.entry.name)));
            }
            if !names.insert(item.entry.name.clone()) {
                self.faults.push((Code::ZipDuplicate, format!("{:?}", item.entry.name)));
            }
            if is_bomb(&item.entry, limits) {
                let what = format!(
                    "{:?}: {} bytes would become {}",
                    item.entry.name, item.entry.stored, item.entry.length
                );
                self.faults.push((Code::ZipBomb, what));
            }
        }
        let mut extents = Vec::with_capacity(listed.len());
        for mut item in listed {
            let end = check_local(input, &mut item, &mut self.faults)?;
            extents.push((item.header_at, end, item.entry.name.clone()));
            self.entries.push(item.entry);
        }
        extents.sort();
        let mut at = 0;
        for (from, to, name) in extents {
            if from > at {
                self.faults.push((Code::ZipStrayBytes, format!("bytes {at} to {from}")));
            } else if from < at {
                self.faults.push((Code::ZipOverlap, format!("{name:?} at {from}")));
            }
            at = at.max(to);
        }
        if at < directory.at {
            self.faults.push((Code::ZipStrayBytes, format!("bytes {at} to {}", directory.at)));
        } else if at > directory.at {
            self.faults.push((Code::ZipOverlap, format!("directory at {}", directory.at)));
        }
        let behind = directory.at + directory.length;
        if behind < directory.end {
            self.faults.push((Code::ZipStrayBytes, format!("bytes {behind} to {}", directory.end)));
        }
        Ok(())
    }

    /// The entry of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&ZipEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

/// Why reading stopped.
enum Stop {
    Fault(Code, String),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => bad("the file ends inside it"),
            // Only an offset that is no place of any file can be invalid here.
            io::ErrorKind::InvalidInput => bad("it leads to a place that no file has"),
            _ => Stop::Io(error),
        }
    }
}

fn bad(what: &str) -> Stop {
    Stop::Fault(Code::ZipBad, what.to_owned())
}

fn bytes_at<const N: usize>(input: &mut (impl Read + Seek), at: u64) -> io::Result<[u8; N]> {
    input.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// Whether a file ends as a container does, whatever it begins with.
pub(crate) fn ends_like_zip(input: &mut (impl Read + Seek)) -> io::Result<bool> {
    let length = input.seek(SeekFrom::End(0))?;
    let tail_length = length.min(22 + 65_535);
    let mut tail = Vec::new();
    input.seek(SeekFrom::Start(length - tail_length))?;
    input.by_ref().take(tail_length).read_to_end(&mut tail)?;
    Ok((0..tail.len().saturating_sub(21))
        .any(|at| u32_at(&tail, at) == END && tail.len() == at + 22 + usize::from(u16_at(&tail, at + 20))))
}

/// The end record: the last place whose signature and comment length fit the end of the file.
fn find_directory(
    input: &mut (impl Read + Seek),
    length: u64,
    faults: &mut Vec<Fault>,
) -> std::result::Result<Directory, Stop> {
    let tail_length = length.min(22 + 65_535);
    let mut tail = vec![0; tail_length as usize];
    input.seek(SeekFrom::Start(length - tail_length))?;
    input.read_exact(&mut tail)?;
    let place = (0..tail.len().saturating_sub(21)).rev().find(|&at| u32_at(&tail, at) == END);
    let place = place.ok_or_else(|| bad("it has no directory"))?;
    let end = length - tail_length + place as u64;
    let record = &tail[place..];
    let comment = usize::from(u16_at(record, 20));
    if record.len() > 22 + comment {
        faults.push((Code::ZipStrayBytes, format!("{} bytes behind the end", record.len() - 22 - comment)));
    } else if record.len() < 22 + comment {
        return Err(bad("its end is cut off"));
    }
    if comment > 0 {
        faults.push((Code::ZipComment, format!("{comment} bytes")));
    }
    let (disk, count, size, at) =
        (u16_at(record, 4), u16_at(record, 10), u32_at(record, 12), u32_at(record, 16));
    let mut directory =
        Directory { at: u64::from(at), length: u64::from(size), count: u64::from(count), end };
    let located = end >= 20 && u32_at(&bytes_at::<20>(input, end - 20)?, 0) == LOCATOR64;
    if located {
        let locator: [u8; 20] = bytes_at(input, end - 20)?;
        let at = u64_at(&locator, 8);
        let record: [u8; 56] = bytes_at(input, at)?;
        let fits = u32_at(&record, 0) == END64
            && u64_at(&record, 4).checked_add(at).and_then(|to| to.checked_add(12)) == Some(end - 20);
        if !fits {
            return Err(bad("its 64-bit end record is not where it says"));
        }
        directory = Directory {
            count: u64_at(&record, 32),
            length: u64_at(&record, 40),
            at: u64_at(&record, 48),
            end: at,
        };
        let agrees = (count == u16::MAX || u64::from(count) == directory.count)
            && (size == u32::MAX || u64::from(size) == directory.length);
        if !agrees {
            faults.push((Code::ZipDisagrees, "the two records at its end".to_owned()));
        }
    } else if count == u16::MAX || size == u32::MAX || at == u32::MAX {
        return Err(bad("its 64-bit end record is missing"));
    }
    if disk != 0 && disk != u16::MAX {
        return Err(bad("it is one part of several"));
    }
    let fits = directory.at.checked_add(directory.length).is_some_and(|to| to <= directory.end);
    if fits { Ok(directory) } else { Err(bad("its directory does not lie where it says")) }
}

fn read_directory(
    input: &mut (impl Read + Seek),
    directory: &Directory,
    limits: &Limits,
) -> std::result::Result<Vec<Listed>, Stop> {
    // An entry takes at least 46 bytes, so that the number stated is no more than a hint.
    if directory.length > limits.zip_directory || directory.count > directory.length / 46 {
        return Err(bad("its directory is larger than any real one, or too small for its entries"));
    }
    input.seek(SeekFrom::Start(directory.at))?;
    let mut bytes = Vec::new();
    input.by_ref().take(directory.length).read_to_end(&mut bytes)?;
    let mut listed = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        if rest.len() < 46 || u32_at(rest, 0) != CENTRAL {
            return Err(bad("its directory is damaged"));
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(rest, at)));
        let Some((record, behind)) = rest.split_at_checked(46 + name + extra + comment) else {
            return Err(bad("its directory is damaged"));
        };
        listed.push(read_listed(record, name, extra)?);
        rest = behind;
    }
    if listed.len() as u64 != directory.count {
        return Err(bad("its directory holds another number of entries than it states"));
    }
    Ok(listed)
}

fn read_listed(record: &[u8], name: usize, extra: usize) -> std::result::Result<Listed, Stop> {
    let (flags, method) = (u16_at(record, 8), u16_at(record, 10));
    let raw_name = record[46..46 + name].to_vec();
    let shown = String::from_utf8_lossy(&raw_name).into_owned();
    let mut sizes = [24, 20, 42].map(|at| u64::from(u32_at(record, at)));
    read_extra(&record[46 + name..46 + name + extra], &mut sizes)
        .map_err(|what| Stop::Fault(Code::ZipDisagrees, format!("{shown:?}: {what}")))?;
    let [length, stored, header_at] = sizes;
    let attributes = u32_at(record, 38) >> 16;
    if attributes & 0o170_000 == 0o120_000 {
        return Err(Stop::Fault(Code::ZipName, format!("{shown:?} is a link")));
    }
    if flags & 1 != 0 || !matches!(method, 0 | 8) {
        let what = format!("{shown:?} is encrypted, or packed by method {method}");
        return Err(Stop::Fault(Code::ZipMethod, what));
    }
    let crc = u32_at(record, 16);
    let entry = ZipEntry { name: shown, is_stored: method == 0, crc, stored, length, data_at: 0 };
    if entry.is_stored && stored != length {
        return Err(Stop::Fault(Code::ZipDisagrees, format!("{:?}: two sizes", entry.name)));
    }
    Ok(Listed { entry, raw_name, method, flags, header_at })
}

/// 64-bit sizes (4.5.3) take the place of those that are all ones. A second name (4.6.9) could
/// be another one.
fn read_extra(mut extra: &[u8], sizes: &mut [u64; 3]) -> std::result::Result<(), &'static str> {
    while extra.len() >= 4 {
        let (id, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some(field) = extra.get(4..4 + length) else { return Err("a damaged extra field") };
        match id {
            0x0001 => {
                let mut at = 0;
                for size in sizes.iter_mut().filter(|size| **size == u64::from(u32::MAX)) {
                    if field.len() < at + 8 {
                        return Err("64-bit sizes are missing");
                    }
                    *size = u64_at(field, at);
                    at += 8;
                }
            }
            0x7075 => return Err("a second name in an extra field"),
            _ => {}
        }
        extra = &extra[4 + length..];
    }
    Ok(())
}

/// Holds an entry's own header against the directory; gives the byte behind the entry.
fn check_local(
    input: &mut (impl Read + Seek),
    item: &mut Listed,
    faults: &mut Vec<Fault>,
) -> std::result::Result<u64, Stop> {
    let name = item.entry.name.clone();
    let header: [u8; 30] = bytes_at(input, item.header_at)?;
    if u32_at(&header, 0) != LOCAL {
        return Err(Stop::Fault(Code::ZipDisagrees, format!("{name:?} is not where the directory says")));
    }
    let mut local_name = vec![0; usize::from(u16_at(&header, 26))];
    input.read_exact(&mut local_name)?;
    let mut extra = vec![0; usize::from(u16_at(&header, 28))];
    input.read_exact(&mut extra)?;
    let mut sizes = [u64::from(u32_at(&header, 22)), u64::from(u32_at(&header, 18)), 0];
    if let Err(what) = read_extra(&extra, &mut sizes) {
        faults.push((Code::ZipDisagrees, format!("{name:?}: {what}")));
    }
    let later = item.flags & 8 != 0;
    let [length, stored, _] = sizes;
    let crc = u32_at(&header, 14);
    let same_sizes = (length, stored, crc) == (item.entry.length, item.entry.stored, item.entry.crc)
        || later && (length, stored, crc) == (0, 0, 0);
    if local_name != item.raw_name
        || u16_at(&header, 8) != item.method
        || (u16_at(&header, 6) ^ item.flags) & 0b1001 != 0
        || !same_sizes
    {
        faults.push((Code::ZipDisagrees, format!("{name:?}: its header and the directory")));
    }
    item.entry.data_at = item.header_at + 30 + (local_name.len() + extra.len()) as u64;
    let end =
        item.entry.data_at.checked_add(item.entry.stored).ok_or_else(|| bad("sizes beyond any file"))?;
    if !later {
        return Ok(end);
    }
    // The descriptor behind the content: with or without signature, sizes of 4 or 8 bytes.
    input.seek(SeekFrom::Start(end))?;
    let mut bytes = Vec::new();
    input.by_ref().take(24).read_to_end(&mut bytes)?;
    let entry = &item.entry;
    for signature in [4, 0] {
        if signature == 4 && u32_at(&bytes, 0) != DESCRIPTOR || u32_at(&bytes, signature) != entry.crc {
            continue;
        }
        let narrow = (u64::from(u32_at(&bytes, signature + 4)), u64::from(u32_at(&bytes, signature + 8)));
        let wide = (u64_at(&bytes, signature + 4), u64_at(&bytes, signature + 12));
        for (sizes, size) in [(narrow, 12), (wide, 20)] {
            if sizes == (entry.stored, entry.length) && bytes.len() >= signature + size {
                return Ok(end + (signature + size) as u64);
            }
        }
    }
    faults.push((Code::ZipDisagrees, format!("{name:?}: its descriptor and the directory")));
    Ok(end)
}

/// What makes a name lead elsewhere or mean two things.
fn bad_name(raw: &[u8]) -> Option<&'static str> {
    let Ok(name) = std::str::from_utf8(raw) else { return Some("is not UTF-8") };
    if name.is_empty() || name.starts_with('/') || name.as_bytes().get(1) == Some(&b':') {
        return Some("is absolute or empty");
    }
    if name.split('/').any(|part| part == "..") {
        return Some("leads out of the container");
    }
    // A folder's name ends with a slash.
    let parts = name.strip_suffix('/').unwrap_or(name);
    if parts.split('/').any(|part| part.is_empty() || part == ".") {
        return Some("holds a part that is empty or a dot, which programs leave out");
    }
    name.chars().any(|c| c == '\\' || c.is_control()).then_some("holds a backslash or control character")
}

fn is_bomb(entry: &ZipEntry, limits: &Limits) -> bool {
    !entry.is_stored
        && entry.length > limits.decoded_free
        && entry.length / entry.stored.max(1) > limits.decoded_ratio
}

/// Reads an entry's content to its end, checking size and CRC-32; `sink` answers false to stop.
/// Gives false where the content is not what is stated.
pub(crate) fn read_entry(
    input: &mut (impl Read + Seek),
    entry: &ZipEntry,
    sink: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<bool> {
    input.seek(SeekFrom::Start(entry.data_at)).map_err(stream_error)?;
    let section = input.by_ref().take(entry.stored);
    if entry.is_stored {
        copy_entry(section, entry, sink)
    } else {
        copy_entry(DeflateDecoder::new(io::BufReader::new(section)), entry, sink)
    }
}

fn copy_entry(mut from: impl Read, entry: &ZipEntry, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<bool> {
    let (mut crc, mut left) = (Crc::new(), entry.length);
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if entry.is_stored => return Err(stream_error(error)),
            // Deflate data that cannot be inflated: the content is not there.
            Err(_) => return Ok(false),
        };
        let Some(rest) = left.checked_sub(read as u64) else { return Ok(false) };
        left = rest;
        crc.update(&piece[..read]);
        if !sink(&piece[..read]) {
            return Ok(true);
        }
    }
    Ok(left == 0 && crc.sum() == entry.crc)
}

/// A stored entry as a file of its own.
pub(crate) struct Section<R> {
    inner: R,
    from: u64,
    length: u64,
    at: u64,
}

impl<R: Read + Seek> Section<R> {
    pub(crate) fn new(mut inner: R, entry: &ZipEntry) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(entry.data_at))?;
        Ok(Section { inner, from: entry.data_at, length: entry.stored, at: 0 })
    }
}

impl<R: Read> Read for Section<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = (self.length.saturating_sub(self.at)).min(into.len() as u64) as usize;
        let read = self.inner.read(&mut into[..room])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Section<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.inner.seek(SeekFrom::Start(self.from + at))?;
        self.at = at;
        Ok(at)
    }
}

/// Writes entries one after another, none of them compressed, all with one fixed time, so that
/// the same entries give the same bytes.
pub(crate) struct ZipWriter<W> {
    out: W,
    at: u64,
    directory: Vec<u8>,
    count: u64,
}

/// Counts what passes.
struct Counted<'o, W> {
    out: &'o mut W,
    count: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// 1 January 1980, the first day that the format knows.
const DAY: u16 = 0x0021;

impl<W: Write> ZipWriter<W> {
    pub(crate) fn new(out: W) -> Self {
        ZipWriter { out, at: 0, directory: Vec::new(), count: 0 }
    }

    /// Adds an entry whose length and CRC-32 are known; `content` writes it.
    pub(crate) fn add_with(
        &mut self,
        name: &str,
        length: u64,
        crc: u32,
        content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let wide = length >= u64::from(u32::MAX);
        let header_at = self.at;
        let far = header_at >= u64::from(u32::MAX);
        let version: u16 = if wide || far { 45 } else { 20 };
        let size = if wide { u32::MAX } else { length as u32 };
        let mut local_extra = Vec::new();
        if wide {
            local_extra.extend_from_slice(&[1, 0, 16, 0]);
            local_extra.extend_from_slice(&length.to_le_bytes());
            local_extra.extend_from_slice(&length.to_le_bytes());
        }
        // From here on local header and directory say the same: flags (UTF-8), method, time, sizes.
        let mut shared = Vec::new();
        for half in [version, 0x0800, 0, 0, DAY] {
            shared.extend_from_slice(&half.to_le_bytes());
        }
        for word in [crc, size, size] {
            shared.extend_from_slice(&word.to_le_bytes());
        }
        shared.extend_from_slice(&(name.len() as u16).to_le_bytes());
        let mut header = LOCAL.to_le_bytes().to_vec();
        header.extend_from_slice(&shared);
        header.extend_from_slice(&(local_extra.len() as u16).to_le_bytes());
        header.extend_from_slice(name.as_bytes());
        header.extend_from_slice(&local_extra);
        self.out.write_all(&header)?;
        let mut counted = Counted { out: &mut self.out, count: 0 };
        content(&mut counted)?;
        if counted.count != length {
            return Err(io::Error::other("an entry changed while it was read"));
        }
        self.at += header.len() as u64 + length;

        let mut extra = Vec::new();
        if wide {
            extra.extend_from_slice(&length.to_le_bytes());
            extra.extend_from_slice(&length.to_le_bytes());
        }
        if far {
            extra.extend_from_slice(&header_at.to_le_bytes());
        }
        if !extra.is_empty() {
            let length = extra.len() as u16;
            extra.splice(0..0, [1, 0].into_iter().chain(length.to_le_bytes()));
        }
        self.directory.extend_from_slice(&CENTRAL.to_le_bytes());
        self.directory.extend_from_slice(&version.to_le_bytes());
        self.directory.extend_from_slice(&shared);
        self.directory.extend_from_slice(&(extra.len() as u16).to_le_bytes());
        self.directory.extend_from_slice(&[0; 10]);
        let place = if far { u32::MAX } else { header_at as u32 };
        self.directory.extend_from_slice(&place.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.directory.extend_from_slice(&extra);
        self.count += 1;
        Ok(())
    }

    /// Adds an entry from memory.
    pub(crate) fn add_bytes(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(content);
        self.add_with(name, content.len() as u64, crc.sum(), &mut |out| out.write_all(content))
    }

    /// Writes the directory and gives the output back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        let (at, length) = (self.at, self.directory.len() as u64);
        let mut end = std::mem::take(&mut self.directory);
        let wide = self.count >= u64::from(u16::MAX) || at.max(length) >= u64::from(u32::MAX);
        if wide {
            end.extend_from_slice(&END64.to_le_bytes());
            end.extend_from_slice(&44u64.to_le_bytes());
            end.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for word in [self.count, self.count, length, at] {
                end.extend_from_slice(&word.to_le_bytes());
            }
            end.extend_from_slice(&LOCATOR64.to_le_bytes());
            end.extend_from_slice(&[0; 4]);
            end.extend_from_slice(&(at + length).to_le_bytes());
            end.extend_from_slice(&1u32.to_le_bytes());
        }
        let count = self.count.min(u64::from(u16::MAX)) as u16;
        end.extend_from_slice(&END.to_le_bytes());
        end.extend_from_slice(&[0; 4]);
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&count.to_le_bytes());
        for word in [length, at] {
            end.extend_from_slice(&(word.min(u64::from(u32::MAX)) as u32).to_le_bytes());
        }
        end.extend_from_slice(&[0; 2]);
        self.out.write_all(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn written(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Vec::new());
        for (name, content) in entries {
            zip.add_bytes(name, content).unwrap();
        }
        zip.finish().unwrap()
    }

    fn codes(bytes: &[u8]) -> Vec<&'static str> {
        let zip = Zip::read(&mut Cursor::new(bytes), &Limits::default()).unwrap();
        zip.faults.iter().map(|(code, _)| code.as_str()).collect()
    }

    #[test]
    fn reads_what_it_writes() {
        let bytes = written(&[("a", b"one"), ("b/ç", b""), ("c", &[7; 100_000])]);
        let mut input = Cursor::new(&bytes);
        let zip = Zip::read(&mut input, &Limits::default()).unwrap();
        assert!(zip.faults.is_empty(), "{:?}", zip.faults);
        let names: Vec<&str> = zip.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a", "b/ç", "c"]);
        let mut content = Vec::new();
        let right = read_entry(&mut input, &zip.entries[2], &mut |piece| {
            content.extend_from_slice(piece);
            true
        });
        assert!(right.unwrap() && content == [7; 100_000]);
        let mut section = Section::new(input, &zip.entries[0]).unwrap();
        let mut text = String::new();
        section.read_to_string(&mut text).unwrap();
        assert_eq!(text, "one");
        assert_eq!(written(&[("a", b"one")]), written(&[("a", b"one")]));
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        let good = written(&[("a", b"one"), ("b", b"two")]);
        assert_eq!(codes(&good), [""; 0]);
        assert_eq!(codes(b""), ["zip-bad"]);
        assert_eq!(codes(&good[..good.len() - 1]), ["zip-bad"]);
        assert_eq!(codes(&[b"junk".as_slice(), &good].concat()), ["zip-bad"]);
        assert_eq!(codes(&[good.as_slice(), b"junk"].concat()), ["zip-stray-bytes"]);
        assert_eq!(codes(&written(&[("a", b"one"), ("a", b"two")])), ["zip-duplicate"]);
        for name in ["../a", "/a", "a\\b", "c:a", "a/../../b", "a\0b", ""] {
            assert_eq!(codes(&written(&[(name, b"x")])), ["zip-name"], "{name:?}");
        }
        // The name in the entry's own header, then its size.
        let mut other = good.clone();
        other[30] = b'z';
        assert_eq!(codes(&other), ["zip-disagrees"]);
        let mut other = good.clone();
        other[18] = 2;
        assert_eq!(codes(&other), ["zip-disagrees"]);
        // Two entries that share one place.
        let at = good.windows(4).rposition(|four| four == CENTRAL.to_le_bytes()).unwrap();
        let mut other = good.clone();
        other[at + 42..at + 46].copy_from_slice(&0u32.to_le_bytes());
        assert!(codes(&other).contains(&"zip-disagrees") || codes(&other).contains(&"zip-overlap"));
    }

    #[test]
    fn a_changed_byte_in_an_entry_is_found() {
        let mut bytes = written(&[("a", b"one")]);
        bytes[31] ^= 1;
        let mut input = Cursor::new(&bytes);
        let zip = Zip::read(&mut input, &Limits::default()).unwrap();
        assert!(!read_entry(&mut input, &zip.entries[0], &mut |_| true).unwrap());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(cuts in proptest::collection::vec((0usize..400, proptest::num::u8::ANY), 0..6), end in 0usize..500) {
            let mut bytes = written(&[("archive/a", b"one"), ("b", b"two"), ("c", b"")]);
            for (at, byte) in cuts {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(end);
            let mut input = Cursor::new(&bytes);
            let zip = Zip::read(&mut input, &Limits::default()).unwrap();
            for entry in &zip.entries {
                let _ = read_entry(&mut input, entry, &mut |_| true);
            }
        }
    }
}
