//! Inputs: what `read` and `add` take in, told apart by content and not by name alone.
//!
//! An input gives documents one after another, so that a corpus of any size is read in bounded
//! memory; what cannot be read gives a failure in its place, and the rest goes on.

#[cfg(feature = "fetch")]
mod address;
mod columns;
mod detect;
mod document;
#[cfg(feature = "fetch")]
mod feed;
mod json;
mod parquet;
mod posts;
mod rows;
mod saved_posts;
pub(crate) mod warc;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, Write};
use std::path::Path;

use selon_model::{Digest, Kind, Origin};
#[cfg(feature = "fetch")]
use selon_read::Media;
use selon_read::{FieldMap, Hints, Packs};

use crate::record::{Failure, Input, Warc};

#[cfg(feature = "fetch")]
pub use address::document_at;
pub use columns::NO_COLUMN;
pub use detect::{Form, detect, packed};
pub use document::OwnedDocument;

/// Bytes of a document that are kept in memory; what is beyond is hashed but not read.
pub const DOCUMENT_LIMIT: usize = 16 << 20;

/// Bytes looked at to tell what an input is.
const HEAD: usize = 64 << 10;

/// Kind of the failure that says that an input holds no text for us.
pub const NOT_READ: &str = "not_read";

/// What the caller says about all inputs.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    /// Address, date, language, outlet.
    pub hints: Hints,
    /// Names of columns, for rows.
    pub map: FieldMap,
}

impl Stated {
    /// The same, with days in rows told by the names of months of these packs.
    fn read_with(&self, packs: &Packs) -> Stated {
        let mut stated = self.clone();
        stated.map.use_packs(packs);
        stated
    }
}

/// What comes out of an input.
#[derive(Debug)]
pub enum Item {
    /// A document to be read.
    Document(Box<OwnedDocument>),
    /// Something that cannot be read.
    Failure(Box<Failure>),
}

/// Reads the documents of `path` (`-`: standard input) into `emit`, until it answers false.
pub fn documents(path: &str, stated: &Stated, packs: &Packs, emit: &mut dyn FnMut(Item) -> bool) {
    if let Err(failure) = open(path, &stated.read_with(packs), packs, emit) {
        emit(Item::Failure(failure));
    }
}

fn open(
    path: &str,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    if path == "-" {
        return stream(path, "", io::stdin().lock(), &spooled, stated, packs, emit);
    }
    let meta = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if meta.is_dir() {
        return Err(failure(
            path,
            Kind::Invalid.as_str(),
            "is a folder",
            &format!(
                "name its files, for example {}/*, or take the whole folder in with: selon add {path}",
                path.trim_end_matches('/')
            ),
        ));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let name =
        Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let reopen = |_, _: BufReader<File>| {
        Ok(Box::new(BufReader::with_capacity(HEAD, File::open(path)?)) as Box<dyn Seekable>)
    };
    stream(path, &name, BufReader::with_capacity(HEAD, file), &reopen, stated, packs, emit)
}

/// Why a file cannot be read with a map: it lacks a column that the map names.
pub fn lacking_column(path: &str, stated: &Stated, packs: &Packs) -> Option<Box<Failure>> {
    let mut lacking = None;
    documents(path, stated, packs, &mut |item| {
        if let Item::Failure(failure) = item
            && failure.kind == NO_COLUMN
        {
            lacking = Some(failure);
        }
        lacking.is_none()
    });
    lacking
}

/// Reads the documents of bytes that are in memory; `name` helps to tell what they are.
pub fn documents_of(
    bytes: &[u8],
    path: &str,
    name: &str,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) {
    let again = |_, _: &[u8]| Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn Seekable>);
    if let Err(failure) = stream(path, name, bytes, &again, &stated.read_with(packs), packs, emit) {
        emit(Item::Failure(failure));
    }
}

/// A source that can be read from any offset, as WARC files must be.
trait Seekable: Read + Seek + Send {}

impl<T: Read + Seek + Send> Seekable for T {}

/// What was read and what remains of a stream, in a file that is gone when it is closed.
fn spooled(head: Vec<u8>, mut rest: impl Read) -> io::Result<Box<dyn Seekable>> {
    let mut file = tempfile::tempfile()?;
    file.write_all(&head)?;
    io::copy(&mut rest, &mut file)?;
    file.rewind()?;
    Ok(Box::new(BufReader::with_capacity(HEAD, file)))
}

fn stream<R: Read>(
    path: &str,
    name: &str,
    mut source: R,
    seekable: &dyn Fn(Vec<u8>, R) -> io::Result<Box<dyn Seekable>>,
    stated: &Stated,
    packs: &Packs,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    if head.is_empty() {
        return Err(failure(path, Kind::Invalid.as_str(), "is empty", "check where it was saved from"));
    }
    match detect(&head, name) {
        Form::Unreadable(what) => Err(failure(
            path,
            NOT_READ,
            format!("is {what}, which is not read"),
            "keep it as evidence with: selon add FILE",
        )),
        Form::Warc => {
            let source = seekable(head, source).map_err(|error| unreadable(path, &error))?;
            warc::read(path, source, stated, emit)
        }
        #[cfg(feature = "fetch")]
        Form::Feed => match feed::read(path, head, source, stated, emit)? {
            None => Ok(()),
            Some(bytes) => {
                let document = document::read(path, Media::Unknown, bytes, io::empty(), stated)?;
                emit(Item::Document(Box::new(document)));
                Ok(())
            }
        },
        Form::Parquet => {
            let source = seekable(head, source).map_err(|error| unreadable(path, &error))?;
            parquet::read(path, source, stated, emit)
        }
        Form::JsonLines => rows::json_lines(path, head, source, stated, packs, emit),
        Form::Json => json::read(path, head, source, stated, packs, emit),
        Form::SavedPosts => saved_posts::read(path, head, source, stated, packs, emit),
        Form::Cells(separator) => rows::cells(path, separator, head, source, stated, emit),
        Form::Document(media) => {
            let document = document::read(path, media, head, source, stated)?;
            emit(Item::Document(Box::new(document)));
            Ok(())
        }
    }
}

/// A failure that names its input.
pub(crate) fn failure(path: &str, kind: &str, what: impl Into<String>, try_this: &str) -> Box<Failure> {
    let input = Input { path: Some(path.to_owned()), record: None, id: None };
    Box::new(Failure::new(input, kind, what, None, try_this))
}

/// Why a file cannot be opened, and what to try.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> Box<Failure> {
    if path.starts_with("http://") || path.starts_with("https://") {
        return failure(
            path,
            Kind::Refused.as_str(),
            "is an address, and is not fetched here",
            "save the page with your browser, then name the file; --url states where it is from",
        );
    }
    let (kind, try_this) = match error.kind() {
        io::ErrorKind::NotFound => (Kind::NotFound, "check the name; names with spaces need quotes"),
        io::ErrorKind::PermissionDenied => (Kind::Refused, "check who may read the file"),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            (Kind::Corrupt, "fetch or copy the file again")
        }
        _ => (Kind::Unavailable, "try again"),
    };
    failure(path, kind.as_str(), format!("cannot be opened: {error}"), try_this)
}

/// Where a document comes from, beside its bytes.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// Provenance class.
    pub origin: Origin,
    /// WARC-Target-URI.
    pub uri: Option<String>,
    /// Where its WARC record lies, outside an archive.
    pub warc: Option<Warc>,
    /// SHA-256 of the whole payload, also of what was too long to be read.
    pub payload: Option<Digest>,
    /// The bytes end before the document does.
    pub cut: Option<&'static str>,
}
