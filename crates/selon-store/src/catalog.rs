//! The catalogue: captures, reports and what connects them, as rows of SQLite.
//!
//! Every row is derived. Batches are all or nothing, and putting the same batch twice changes
//! nothing, so that a crash means doing the last batch again.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use selon_model::{
    Capture, CaptureId, Chain, Digest, Error, Kind, LeafIndex, Link, Pair, Report, ReportId, Result, Series,
    Story, StoryId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of the tables; another version is deleted and made again.
const FORMAT: i64 = 3;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS captures (
  leaf INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, outcome TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reports (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, capture TEXT NOT NULL, leaf INTEGER NOT NULL, json TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS reports_of_capture ON reports (capture);
CREATE INDEX IF NOT EXISTS reports_of_leaf ON reports (leaf);
CREATE TABLE IF NOT EXISTS links (position INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS stories (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chains (position INTEGER PRIMARY KEY, story TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS series (position INTEGER PRIMARY KEY, story TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pairs (position INTEGER PRIMARY KEY, story TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
";

/// What became of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was read into at least one report.
    Read,
    /// It is kept as evidence and cannot be read.
    NotRead,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Read => "read",
            Outcome::NotRead => "not_read",
        }
    }
}

/// One capture with the reports read from it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The capture.
    pub capture: Capture,
    /// What became of it.
    pub outcome: Outcome,
    /// Its reports.
    pub reports: Vec<Report>,
}

/// Everything between reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connected {
    /// Text reuse.
    pub links: Vec<Link>,
    /// Stories.
    pub stories: Vec<Story>,
    /// Who took which figure from whom.
    pub chains: Vec<Chain>,
    /// Figures over time.
    pub series: Vec<Series>,
    /// Figures side by side.
    pub pairs: Vec<Pair>,
}

/// The catalogue.
#[derive(Debug)]
pub struct Catalog {
    connection: Connection,
}

impl Catalog {
    /// Opens or makes the catalogue at `path`. One of another format is emptied: it is derived.
    pub fn open(path: &Path) -> Result<Self> {
        let what = || format!("cannot open catalogue {}", path.display());
        let connection = Connection::open(path).map_err(|error| failed(&what(), error))?;
        Catalog::prepare(connection).map_err(|error| failed(&what(), error))
    }

    /// A catalogue that is gone when it is dropped.
    pub fn in_memory() -> Result<Self> {
        let connection =
            Connection::open_in_memory().map_err(|error| failed("cannot open catalogue", error))?;
        Catalog::prepare(connection).map_err(|error| failed("cannot open catalogue", error))
    }

    fn prepare(connection: Connection) -> rusqlite::Result<Self> {
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version != FORMAT {
            connection.execute_batch(&drop_all())?;
            connection.pragma_update(None, "user_version", FORMAT)?;
        }
        connection.execute_batch(TABLES)?;
        Ok(Catalog { connection })
    }

    /// Puts captures with their reports, all or nothing. A capture that is there already, also under
    /// another leaf, is replaced with all its reports.
    pub fn put(&mut self, rows: &[Row]) -> Result<()> {
        self.write(rows, true)
    }

    /// Puts more reports of captures that were put, all or nothing: behind those that are there.
    pub fn put_more(&mut self, rows: &[Row]) -> Result<()> {
        self.write(rows, false)
    }

    fn write(&mut self, rows: &[Row], anew: bool) -> Result<()> {
        let mut work = || -> rusqlite::Result<()> {
            let transaction = self.connection.transaction()?;
            for row in rows {
                let (leaf, id) = (row.capture.leaf.0 as i64, row.capture.id.to_string());
                if anew {
                    transaction
                        .execute("DELETE FROM reports WHERE leaf = ?1 OR capture = ?2", params![leaf, id])?;
                }
                transaction.execute(
                    "INSERT OR REPLACE INTO captures (leaf, id, outcome, json) VALUES (?1, ?2, ?3, ?4)",
                    params![leaf, id, row.outcome.as_str(), json(&row.capture)?],
                )?;
                let mut put = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO reports (id, capture, leaf, json) VALUES (?1, ?2, ?3, ?4)",
                )?;
                for report in &row.reports {
                    put.execute(params![report.id.to_string(), id, leaf, json(report)?])?;
                }
            }
            transaction.commit()
        };
        work().map_err(|error| failed("cannot write to the catalogue", error))
    }

    /// Empties all tables.
    pub fn clear(&mut self) -> Result<()> {
        self.connection
            .execute_batch(&drop_all())
            .and_then(|()| self.connection.execute_batch(TABLES))
            .map_err(|error| failed("cannot write to the catalogue", error))
    }

    /// Leaves that are in the catalogue: the next one to be read.
    pub fn next_leaf(&self) -> Result<LeafIndex> {
        let last: Option<i64> = self
            .connection
            .query_row("SELECT max(leaf) FROM captures", [], |row| row.get(0))
            .map_err(|error| failed("cannot read the catalogue", error))?;
        Ok(LeafIndex(last.map_or(0, |leaf| leaf as u64 + 1)))
    }

    /// Every capture with its outcome, in the order of leaves.
    pub fn captures(&self) -> Result<Vec<(Capture, Outcome)>> {
        let mut statement = self
            .connection
            .prepare("SELECT outcome, json FROM captures ORDER BY leaf")
            .map_err(|error| failed("cannot read the catalogue", error))?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .map_err(|error| failed("cannot read the catalogue", error))?;
        let mut captures = Vec::new();
        for row in rows {
            let (outcome, text) = row.map_err(|error| failed("cannot read the catalogue", error))?;
            let outcome = if outcome == "read" { Outcome::Read } else { Outcome::NotRead };
            captures.push((parse(&text)?, outcome));
        }
        Ok(captures)
    }

    /// A capture by its id.
    pub fn capture(&self, id: &CaptureId) -> Result<Option<(Capture, Outcome)>> {
        let found: Option<(String, String)> = self
            .connection
            .query_row("SELECT outcome, json FROM captures WHERE id = ?1", [id.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|error| failed("cannot read the catalogue", error))?;
        let Some((outcome, text)) = found else { return Ok(None) };
        let outcome = if outcome == "read" { Outcome::Read } else { Outcome::NotRead };
        Ok(Some((parse(&text)?, outcome)))
    }

    /// The capture that a report was read from.
    pub fn capture_of(&self, id: &ReportId) -> Result<Option<Capture>> {
        let found: Vec<Capture> = self.all(
            "SELECT captures.json FROM captures JOIN reports ON captures.leaf = reports.leaf WHERE reports.id = ?1",
            [id.to_string()],
        )?;
        Ok(found.into_iter().next())
    }

    /// A report by its id.
    pub fn report(&self, id: &ReportId) -> Result<Option<Report>> {
        let found: Option<String> = self
            .connection
            .query_row("SELECT json FROM reports WHERE id = ?1", [id.to_string()], |row| row.get(0))
            .optional()
            .map_err(|error| failed("cannot read the catalogue", error))?;
        found.as_deref().map(parse).transpose()
    }

    /// Every report with its capture's id, in the order of captures, given to `visit` one by one.
    pub fn reports(&self, visit: &mut dyn FnMut(CaptureId, Report) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT capture, json FROM reports ORDER BY leaf, position")
            .map_err(|error| failed("cannot read the catalogue", error))?;
        let mut rows = statement.query([]).map_err(|error| failed("cannot read the catalogue", error))?;
        while let Some(row) = rows.next().map_err(|error| failed("cannot read the catalogue", error))? {
            let (capture, text): (String, String) = row
                .get(0)
                .and_then(|capture| Ok((capture, row.get(1)?)))
                .map_err(|error| failed("cannot read the catalogue", error))?;
            let capture: Digest =
                capture.parse().map_err(|error| failed("a capture id in the catalogue is damaged", error))?;
            visit(CaptureId(capture), parse(&text)?)?;
        }
        Ok(())
    }

    /// The reports of a capture, in their order.
    pub fn reports_of(&self, id: &CaptureId) -> Result<Vec<Report>> {
        self.all("SELECT json FROM reports WHERE capture = ?1 ORDER BY position", [id.to_string()])
    }

    /// Ids of reports (and of captures and stories) that begin with `prefix`.
    pub fn ids(&self, prefix: &str) -> Result<Vec<(&'static str, String)>> {
        let mut found = Vec::new();
        for (kind, query) in [
            ("report", "SELECT id FROM reports WHERE id LIKE ?1 ORDER BY id LIMIT 9"),
            ("capture", "SELECT id FROM captures WHERE id LIKE ?1 ORDER BY id LIMIT 9"),
            ("story", "SELECT id FROM stories WHERE id LIKE ?1 ORDER BY id LIMIT 9"),
        ] {
            let read = || -> rusqlite::Result<Vec<String>> {
                let mut statement = self.connection.prepare(query)?;
                statement.query_map([format!("{prefix}%")], |row| row.get(0))?.collect()
            };
            let ids = read().map_err(|error| failed("cannot read the catalogue", error))?;
            found.extend(ids.into_iter().map(|id| (kind, id)));
        }
        Ok(found)
    }

    /// Replaces everything between reports.
    pub fn connect(&mut self, connected: &Connected) -> Result<()> {
        let mut work = || -> rusqlite::Result<()> {
            let transaction = self.connection.transaction()?;
            for table in ["links", "stories", "chains", "series", "pairs"] {
                transaction.execute(&format!("DELETE FROM {table}"), [])?;
            }
            for link in &connected.links {
                transaction.execute("INSERT INTO links (json) VALUES (?1)", [json(link)?])?;
            }
            for story in &connected.stories {
                transaction.execute(
                    "INSERT INTO stories (id, json) VALUES (?1, ?2)",
                    params![story.id.to_string(), json(story)?],
                )?;
            }
            for chain in &connected.chains {
                transaction.execute(
                    "INSERT INTO chains (story, json) VALUES (?1, ?2)",
                    params![chain.story.to_string(), json(chain)?],
                )?;
            }
            for series in &connected.series {
                transaction.execute(
                    "INSERT INTO series (story, json) VALUES (?1, ?2)",
                    params![series.story.to_string(), json(series)?],
                )?;
            }
            for pair in &connected.pairs {
                transaction.execute(
                    "INSERT INTO pairs (story, json) VALUES (?1, ?2)",
                    params![pair.story.to_string(), json(pair)?],
                )?;
            }
            transaction.commit()
        };
        work().map_err(|error| failed("cannot write to the catalogue", error))
    }

    /// Everything between reports.
    pub fn connected(&self) -> Result<Connected> {
        Ok(Connected {
            links: self.all("SELECT json FROM links ORDER BY position", [])?,
            stories: self.all("SELECT json FROM stories ORDER BY position", [])?,
            chains: self.all("SELECT json FROM chains ORDER BY position", [])?,
            series: self.all("SELECT json FROM series ORDER BY position", [])?,
            pairs: self.all("SELECT json FROM pairs ORDER BY position", [])?,
        })
    }

    /// A story by its id.
    pub fn story(&self, id: &StoryId) -> Result<Option<Story>> {
        let found: Vec<Story> = self.all("SELECT json FROM stories WHERE id = ?1", [id.to_string()])?;
        Ok(found.into_iter().next())
    }

    /// How far a step has come: the first leaf it has not handled.
    pub fn watermark(&self, step: &str) -> Result<LeafIndex> {
        let value: Option<i64> = self
            .connection
            .query_row("SELECT value FROM state WHERE name = ?1", [step], |row| row.get(0))
            .optional()
            .map_err(|error| failed("cannot read the catalogue", error))?;
        Ok(LeafIndex(value.unwrap_or(0) as u64))
    }

    /// Notes how far a step has come.
    pub fn set_watermark(&self, step: &str, leaf: LeafIndex) -> Result<()> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO state (name, value) VALUES (?1, ?2)",
                params![step, leaf.0 as i64],
            )
            .map(|_| ())
            .map_err(|error| failed("cannot write to the catalogue", error))
    }

    fn all<T: DeserializeOwned, P: rusqlite::Params>(&self, query: &str, parameters: P) -> Result<Vec<T>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare(query)?;
            statement.query_map(parameters, |row| row.get(0))?.collect()
        };
        let rows = read().map_err(|error| failed("cannot read the catalogue", error))?;
        rows.iter().map(|text| parse(text)).collect()
    }
}

fn drop_all() -> String {
    ["captures", "reports", "links", "stories", "chains", "series", "pairs", "state"]
        .map(|table| format!("DROP TABLE IF EXISTS {table};"))
        .concat()
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        Error::because(
            Kind::Corrupt,
            "a row of the catalogue is damaged (selon rebuild makes it again)",
            error,
        )
    })
}

fn failed(what: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(Kind::Unavailable, what, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Locator, Origin, Text};

    fn row(leaf: u64) -> Row {
        let id = CaptureId(Digest::of(&leaf.to_be_bytes()));
        let capture = Capture {
            id,
            target: format!("urn:selon:{leaf}"),
            stated: Default::default(),
            at: jiff::Timestamp::UNIX_EPOCH,
            origin: Origin::Remnant,
            media_type: "text/plain".into(),
            payload: id.0,
            payload_length: 1,
            record: Locator { file: "warc/a".into(), offset: leaf, length: 1 },
            leaf: LeafIndex(leaf),
        };
        let text = Text { string: "Oui.".into(), blocks: vec![] };
        Row { capture, outcome: Outcome::Read, reports: vec![Report::of_text(ReportId(id.0), text)] }
    }

    fn check(mut catalog: Catalog) {
        let rows = [row(0), row(1)];
        catalog.put(&rows).unwrap();
        catalog.put(&rows).unwrap();
        assert_eq!(catalog.next_leaf().unwrap(), LeafIndex(2));
        assert_eq!(catalog.captures().unwrap().len(), 2);
        assert_eq!(catalog.report(&rows[1].reports[0].id).unwrap().as_ref(), Some(&rows[1].reports[0]));
        let mut seen = Vec::new();
        catalog
            .reports(&mut |capture, report| {
                seen.push((capture, report.id));
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, rows.iter().map(|row| (row.capture.id, row.reports[0].id)).collect::<Vec<_>>());
        let prefix = &rows[0].capture.id.to_string()[..10];
        assert_eq!(catalog.ids(prefix).unwrap().len(), 2);
        assert_eq!(catalog.connected().unwrap(), Connected::default());
    }

    #[test]
    fn in_memory_and_in_files() {
        check(Catalog::in_memory().unwrap());
        let folder = tempfile::tempdir().unwrap();
        check(Catalog::open(&folder.path().join("catalogue.sqlite")).unwrap());
    }
}
