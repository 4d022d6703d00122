//! The lines of a data folder, whatever its files are called.
//!
//! A file is known by what its first line holds, never by its name: a folder copied under other
//! names is scored alike.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Name of a data set: its folder.
pub(crate) fn name_of(folder: &Path) -> String {
    let known = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    known
        .or_else(|| {
            let whole = folder.canonicalize().ok()?;
            Some(whole.file_name()?.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| folder.to_string_lossy().into_owned())
}

/// Name of a file without its endings.
pub(crate) fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Files of a folder with one of `endings` (compressed or not), by name; licences are no data.
pub(crate) fn files(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let is_data = !["license", "readme"].iter().any(|word| name.starts_with(word));
        path.is_file() && is_data && endings.iter().any(|ending| name.ends_with(&format!(".{ending}")))
    });
    files.sort();
    Ok(files)
}

/// Bytes of a file, decompressed where they are compressed.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(&bytes[..])
        .read_to_end(&mut out)
        .with_context(|| format!("cannot decompress {}", path.display()))?;
    Ok(out)
}

/// Text of a file, decompressed where it is compressed. Bytes that are no UTF-8 become U+FFFD.
pub(crate) fn text(path: &Path) -> Result<String> {
    Ok(String::from_utf8_lossy(&bytes(path)?).into_owned())
}

/// The rows of a file of JSON Lines or of a table with a head.
pub(crate) fn rows(path: &Path) -> Result<Vec<Value>> {
    let text = text(path)?;
    if path.to_string_lossy().trim_end_matches(".gz").ends_with(".csv") {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let row = |row: csv::StringRecord| {
            let cells = head.iter().cloned().zip(row.iter().map(|cell| Value::String(cell.to_owned())));
            Value::Object(cells.collect::<Map<_, _>>())
        };
        return reader.records().map(|record| Ok(row(record?))).collect();
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("{}:{}: not JSON", path.display(), number + 1))
        })
        .collect()
}

/// The files of a folder whose first row has all of `keys`.
pub(crate) fn with_keys(folder: &Path, keys: &[&str]) -> Result<Vec<(PathBuf, Vec<Value>)>> {
    let mut found = Vec::new();
    for path in files(folder, &["jsonl", "csv"])? {
        let rows = rows(&path)?;
        if rows.first().is_some_and(|row| keys.iter().all(|key| row.get(key).is_some())) {
            found.push((path, rows));
        }
    }
    Ok(found)
}

/// The one file of a folder whose rows have all of `keys`, read as `T`; refused where there is
/// none, or more than one.
pub(crate) fn one<T: DeserializeOwned>(folder: &Path, keys: &[&str]) -> Result<Vec<T>> {
    let mut found = with_keys(folder, keys)?;
    let (path, rows) = match (found.pop(), found.pop()) {
        (Some(only), None) => only,
        (Some((a, _)), Some((b, _))) => bail!(
            "{} and {} both have rows with {}: keep one of them in the folder",
            b.display(),
            a.display(),
            keys.join(", ")
        ),
        _ => bail!("no *.jsonl or *.csv in {} has rows with {}", folder.display(), keys.join(", ")),
    };
    typed(&path, rows)
}

/// Rows as `T`; says which row is not one.
pub(crate) fn typed<T: DeserializeOwned>(path: &Path, rows: Vec<Value>) -> Result<Vec<T>> {
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| {
            serde_json::from_value(row).with_context(|| format!("{}, row {}", path.display(), index + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("selon-eval-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder of our own");
        for (name, text) in files {
            std::fs::write(folder.join(name), text).expect("a file of our own");
        }
        folder
    }

    #[test]
    fn a_file_is_known_by_its_first_row() {
        let folder = folder(
            "known",
            &[
                ("x.jsonl", "{\"id\": 1, \"text\": \"a\"}\n\n{\"id\": 2, \"text\": \"b\"}\n"),
                ("y.jsonl", "{\"pair\": 1}\n"),
                ("z.csv", "unit,body\r\n7,\"c, d\"\r\n"),
                ("LICENSE.txt", "words"),
            ],
        );
        let rows: Vec<Value> = one(&folder, &["id", "text"]).expect("one file has them");
        assert_eq!(rows[1]["text"], "b");
        let rows: Vec<Value> = one(&folder, &["unit"]).expect("one file has it");
        assert_eq!(rows[0]["body"], "c, d");
        let missing = one::<Value>(&folder, &["toponyms"]).expect_err("no file has them").to_string();
        assert!(missing.contains("has rows with toponyms"), "{missing}");
        assert!(files(&folder, &["txt"]).expect("a folder").is_empty());
        std::fs::copy(folder.join("x.jsonl"), folder.join("w.jsonl")).expect("a copy");
        let twice = one::<Value>(&folder, &["id"]).expect_err("two files have it").to_string();
        assert!(twice.contains("keep one of them"), "{twice}");
        std::fs::remove_dir_all(&folder).ok();
    }
}
