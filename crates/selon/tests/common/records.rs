//! Records of files of the shared data.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::run;

/// A file of the shared data; `None`, and said so, where that is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if !file.exists() {
        eprintln!("skipped: {} is not there", file.display());
        return None;
    }
    Some(file)
}

/// The records of a file, one for each report in it.
pub(crate) fn reports(file: &Path, more: &[&str]) -> Vec<Value> {
    let home = tempfile::tempdir().expect("a folder for it");
    let mut arguments = vec!["read", "--jsonl", file.to_str().expect("a name in UTF-8")];
    arguments.extend(more);
    let (code, out, errors) = run(home.path(), &arguments);
    assert!(code == 0 || code == 3, "{errors}");
    out.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

/// The record of the one report in a file of the shared data.
pub(crate) fn report(path: &str, more: &[&str]) -> Option<Value> {
    Some(reports(&shared(path)?, more).remove(0))
}

/// The items of a list of a record.
pub(crate) fn list<'v>(record: &'v Value, name: &str) -> &'v [Value] {
    record[name].as_array().map_or(&[], Vec::as_slice)
}
