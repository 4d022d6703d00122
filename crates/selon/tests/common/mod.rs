//! Running the program as people do.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

/// A home of its own with an archive in it, which cleans up.
pub(crate) struct Place {
    home: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Place { home: tempfile::tempdir().expect("a folder for temporary files") }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.path("archive")
    }

    /// Runs the program on the archive.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let archive = self.archive().display().to_string();
        let mut all = arguments.to_vec();
        all.extend(["--archive", &archive]);
        run(self.home(), &all)
    }

    /// Adds files.
    pub(crate) fn add(&self, files: &[String]) -> (i32, String, String) {
        let mut arguments = vec!["add"];
        arguments.extend(files.iter().map(String::as_str));
        self.run(&arguments)
    }

    /// Writes a text to a file and adds it.
    pub(crate) fn add_text(&self, name: &str, text: &str, more: &[&str]) {
        let file = self.path(name);
        std::fs::write(&file, text).expect("the home can be written");
        let file = file.display().to_string();
        let mut arguments = vec!["add", file.as_str()];
        arguments.extend(more);
        let (code, _, err) = self.run(&arguments);
        assert_eq!(code, 0, "{err}");
    }

    /// Verifies the archive.
    pub(crate) fn verify(&self, more: &[&str]) -> (i32, String, String) {
        let archive = self.archive().display().to_string();
        let mut arguments = vec!["verify", archive.as_str()];
        arguments.extend(more);
        run(self.home(), &arguments)
    }
}
