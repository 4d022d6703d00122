//! Running the program as people do.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program with its environment cleared of what could reach the user's own archive.
pub(crate) fn selon(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selon"));
    command.env_clear().env("HOME", home).env("SELON_KEYS", home.join("keys")).stdin(Stdio::null());
    command
}

/// Runs it with `arguments` and gives exit code, stdout and stderr.
pub(crate) fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = selon(home).args(arguments).output().expect("the program starts");
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// The example files, in the order of their names, without their README.
pub(crate) fn examples() -> Vec<String> {
    let mut files: Vec<String> = std::fs::read_dir(root().join("examples"))
        .expect("examples are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file() && !path.ends_with("README.md"))
        .map(|path| path.display().to_string())
        .collect();
    files.sort();
    files
}

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
