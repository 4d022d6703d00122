//! Judgments: one JSON line each, appended and never changed. They are neither evidence nor
//! derived, so they lie in a file of their own that `rebuild` does not touch.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use selon_model::{Digest, Error, Judgment, JudgmentId, Kind, Result, Subject};

/// The file of judgments.
#[derive(Debug)]
pub struct Judgments {
    path: PathBuf,
}

impl Judgments {
    /// The judgments of the archive whose judgments file is `path`; it need not exist yet.
    pub fn at(path: &Path) -> Self {
        Judgments { path: path.to_owned() }
    }

    /// Appends a judgment; durable when it returns.
    pub fn record(
        &self,
        by: &str,
        at: Timestamp,
        about: Subject,
        note: &str,
        replaces: Option<JudgmentId>,
    ) -> Result<Judgment> {
        let mut judgment = Judgment {
            id: JudgmentId(Digest::of(b"")),
            by: by.to_owned(),
            at,
            about,
            note: note.to_owned(),
            replaces,
        };
        let body = serde_json::to_vec(&(
            &judgment.by,
            &judgment.at,
            &judgment.about,
            &judgment.note,
            &judgment.replaces,
        ))
        .map_err(|error| Error::because(Kind::Internal, "cannot write a judgment", error))?;
        judgment.id = JudgmentId(Digest::of(&body));
        let mut line = serde_json::to_vec(&judgment)
            .map_err(|error| Error::because(Kind::Internal, "cannot write a judgment", error))?;
        line.push(b'\n');
        let failed =
            |error| Error::because(Kind::Unavailable, format!("cannot write {}", self.path.display()), error);
        let torn = self.ends_torn().map_err(failed)?;
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path).map_err(failed)?;
        if torn {
            line.insert(0, b'\n');
        }
        file.write_all(&line).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(judgment)
    }

    /// All judgments, oldest first. A line torn by a crash is left out.
    pub fn all(&self) -> Result<Vec<Judgment>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(Error::because(
                    Kind::Unavailable,
                    format!("cannot read {}", self.path.display()),
                    error,
                ));
            }
        };
        let mut judgments = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| {
                Error::because(Kind::Unavailable, format!("cannot read {}", self.path.display()), error)
            })?;
            if let Ok(judgment) = serde_json::from_str(&line) {
                judgments.push(judgment);
            }
        }
        Ok(judgments)
    }

    fn ends_torn(&self) -> std::io::Result<bool> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(bytes.last().is_some_and(|last| *last != b'\n')),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}
