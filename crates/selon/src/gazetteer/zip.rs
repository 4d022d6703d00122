//! Finds the one text inside a zip archive (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.16).
//!
//! GeoNames hands its dumps out so: one deflated text, at times beside a readme. Entries over
//! 4 GB (zip64) and encrypted ones are refused.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use anyhow::{Result, bail};
use flate2::read::DeflateDecoder;

/// What stands beside the data in GeoNames' archives.
const BESIDE: [&str; 2] = ["readme.txt", "iso-languagecodes.txt"];
/// A central directory over this is none of GeoNames'.
const DIRECTORY: u64 = 1 << 20;

/// The text of the archive's one entry that is data.
pub(super) fn text(mut file: File) -> Result<Box<dyn Read>> {
    let (mut found, mut names) = (None, Vec::new());
    for entry in directory(&mut file)? {
        if entry.name.ends_with('/') || BESIDE.contains(&entry.name.to_ascii_lowercase().as_str()) {
            continue;
        }
        names.push(entry.name.clone());
        found = Some(entry);
    }
    let (Some(entry), 1) = (found, names.len()) else {
        bail!("the archive holds {} texts, expected one: {}", names.len(), names.join(", "));
    };
    let mut head = [0; 30];
    file.seek(SeekFrom::Start(entry.offset))?;
    file.read_exact(&mut head)?;
    if head[..4] != *b"PK\x03\x04" || head[6] & 1 != 0 {
        bail!("{} is damaged or encrypted in the archive", entry.name);
    }
    file.seek(SeekFrom::Current(i64::from(u16_at(&head, 26)) + i64::from(u16_at(&head, 28))))?;
    let packed = file.take(entry.packed);
    Ok(match entry.method {
        0 => Box::new(packed),
        8 => Box::new(DeflateDecoder::new(packed)),
        method => bail!("{} is packed by method {method}; unpack it and name the text", entry.name),
    })
}

struct Entry {
    name: String,
    method: u16,
    packed: u64,
    offset: u64,
}

fn directory(file: &mut File) -> Result<Vec<Entry>> {
    let length = file.metadata()?.len();
    // The end record is the last thing of the archive but for a comment of at most 65,535 bytes.
    let from = length.saturating_sub(22 + 65_535);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(22 + 65_535).read_to_end(&mut tail)?;
    let Some(end) =
        tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").filter(|at| at + 22 <= tail.len())
    else {
        bail!("it is no zip archive, or it is cut short");
    };
    let (size, offset) = (u64::from(u32_at(&tail, end + 12)), u64::from(u32_at(&tail, end + 16)));
    if size > DIRECTORY || offset + size > length {
        bail!("the archive's list of entries is damaged or too long");
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut list = Vec::new();
    file.take(size).read_to_end(&mut list)?;
    let mut entries = Vec::new();
    let mut rest = &list[..];
    while rest.len() >= 46 && rest.starts_with(b"PK\x01\x02") {
        let (name, extra, comment) = (u16_at(rest, 28), u16_at(rest, 30), u16_at(rest, 32));
        let name_end = 46 + usize::from(name);
        let Some(bytes) = rest.get(46..name_end) else { bail!("the archive's list of entries is damaged") };
        let (packed, at) = (u32_at(rest, 20), u32_at(rest, 42));
        if packed == u32::MAX || at == u32::MAX {
            bail!("an entry is over 4 GB; unpack the archive and name the text");
        }
        entries.push(Entry {
            name: String::from_utf8_lossy(bytes).into_owned(),
            method: u16_at(rest, 10),
            packed: u64::from(packed),
            offset: u64::from(at),
        });
        rest = rest.get(name_end + usize::from(extra) + usize::from(comment)..).unwrap_or(&[]);
    }
    Ok(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    /// A zip archive of these entries.
    pub(in super::super) fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
        let (mut out, mut list) = (Vec::new(), Vec::new());
        for (name, text) in entries {
            let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
            deflate.write_all(text.as_bytes()).expect("memory");
            let packed = deflate.finish().expect("memory");
            let offset = out.len() as u32;
            let sizes = [(packed.len() as u32).to_le_bytes(), (text.len() as u32).to_le_bytes()].concat();
            let name_length = (name.len() as u16).to_le_bytes();
            out.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0");
            out.extend(&sizes);
            out.extend(name_length);
            out.extend([0, 0]);
            out.extend(name.bytes());
            out.extend(&packed);
            list.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0");
            list.extend(&sizes);
            list.extend(name_length);
            list.extend([0; 12]);
            list.extend(offset.to_le_bytes());
            list.extend(name.bytes());
        }
        let offset = out.len() as u32;
        out.extend(&list);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([(entries.len() as u16).to_le_bytes(), (entries.len() as u16).to_le_bytes()].concat());
        out.extend((list.len() as u32).to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    fn read(archive: &[u8]) -> Result<String> {
        let mut file = tempfile::tempfile()?;
        file.write_all(archive)?;
        let mut out = String::new();
        text(file)?.read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn the_one_text_is_found() {
        let archive = zipped(&[("readme.txt", "about"), ("XX.txt", "a\tb\n")]);
        assert_eq!(read(&archive).expect("an archive"), "a\tb\n");
        let both = zipped(&[("a.txt", "1"), ("b.txt", "2")]);
        assert!(read(&both).expect_err("which of them?").to_string().contains("a.txt, b.txt"));
        assert!(read(b"a\tb\n").is_err());
        for cut in 0..archive.len() {
            let _ = read(&archive[..cut]);
            let mut damaged = archive.clone();
            damaged[cut] ^= 0x55;
            let _ = read(&damaged);
        }
    }
}
