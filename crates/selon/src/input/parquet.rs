//! Parquet tables as rows, through the same field map as JSON Lines.

use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::{Field, Row as Record};
use selon_read::Row;
use serde_json::{Map, Value};

use super::columns::Columns;
use super::rows::row_item;
use super::{Item, Seekable, Stated, failure, unreadable};
use crate::record::Failure;

/// Levels of nesting that are looked at.
const DEPTH: usize = 4;
/// Elements of a list that are looked at: sentences of a text, not numbers of a vector.
const ELEMENTS: usize = 100_000;

/// The rows of a table, in its order.
pub(super) fn read(
    path: &str,
    mut source: Box<dyn Seekable>,
    stated: &Stated,
    emit: &mut dyn FnMut(Item) -> bool,
) -> Result<(), Box<Failure>> {
    let length = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(path, &error))?;
    let table = Table { source: Arc::new(Mutex::new(source)), length };
    let damaged = |what: String| failure(path, "corrupt", what, "copy or write the file again");
    // The library checks less than a hostile file asks for: where it gives up, the file is damaged.
    let read = catch_unwind(AssertUnwindSafe(|| rows(path, table, stated, emit)));
    match read {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(damaged(format!("is a Parquet table that cannot be read: {error}"))),
        Err(_) => Err(damaged("is a damaged Parquet table".to_owned())),
    }
}

fn rows(path: &str, table: Table, stated: &Stated, emit: &mut dyn FnMut(Item) -> bool) -> ParquetResult<()> {
    let reader = SerializedFileReader::new(table)?;
    for (number, record) in (0u64..).zip(reader.get_row_iter(None)?) {
        let value = object(&record?, DEPTH);
        if number == 0 {
            let mut columns = Columns::of(&stated.map);
            columns.see(&value);
            if let Some(lacking) = columns.lacking(path) {
                emit(lacking);
                break;
            }
        }
        if !emit(row_item(path, number, Row::from_json(&value, &stated.map), stated)) {
            break;
        }
    }
    Ok(())
}

fn object(record: &Record, depth: usize) -> Value {
    let fields = record.get_column_iter().map(|(name, field)| (name.clone(), value(field, depth)));
    Value::Object(fields.collect::<Map<String, Value>>())
}

/// A cell as JSON. Times are written as ISO 8601; bytes that are no text are left out.
fn value(field: &Field, depth: usize) -> Value {
    let seconds = |at: i64, per_second: i64| {
        let at = jiff::Timestamp::from_second(at.div_euclid(per_second)).ok();
        at.map_or(Value::Null, |at| Value::from(at.to_string()))
    };
    match field {
        Field::Bool(value) => Value::from(*value),
        Field::Byte(value) => Value::from(*value),
        Field::Short(value) => Value::from(*value),
        Field::Int(value) => Value::from(*value),
        Field::Long(value) => Value::from(*value),
        Field::UByte(value) => Value::from(*value),
        Field::UShort(value) => Value::from(*value),
        Field::UInt(value) => Value::from(*value),
        Field::ULong(value) => Value::from(*value),
        Field::Float(value) => Value::from(*value),
        Field::Double(value) => Value::from(*value),
        Field::Str(text) => Value::from(text.as_str()),
        Field::Bytes(bytes) => bytes.as_utf8().map_or(Value::Null, Value::from),
        Field::Date(days) => {
            let seconds = jiff::Timestamp::from_second(i64::from(*days) * 86_400).ok();
            seconds.map_or(Value::Null, |at| Value::from(at.strftime("%Y-%m-%d").to_string()))
        }
        Field::TimestampMillis(at) => seconds(*at, 1_000),
        Field::TimestampMicros(at) => seconds(*at, 1_000_000),
        Field::Group(record) if depth > 0 => object(record, depth - 1),
        Field::ListInternal(list) if depth > 0 => {
            Value::Array(list.elements().iter().take(ELEMENTS).map(|field| value(field, depth - 1)).collect())
        }
        _ => Value::Null,
    }
}

/// A file that is read in pieces from any place.
struct Table {
    source: Arc<Mutex<Box<dyn Seekable>>>,
    length: u64,
}

impl Length for Table {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Table {
    type T = Piece;

    fn get_read(&self, start: u64) -> ParquetResult<Piece> {
        Ok(Piece { source: Arc::clone(&self.source), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A length that the file states is believed only as far as the file goes.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!("bytes {start} and {length} more are not in the file")));
        }
        let mut bytes = vec![0; length];
        Piece { source: Arc::clone(&self.source), at: start }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A place in the file from which on it is read.
struct Piece {
    source: Arc<Mutex<Box<dyn Seekable>>>,
    at: u64,
}

impl Read for Piece {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(self.at))?;
        let read = source.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
