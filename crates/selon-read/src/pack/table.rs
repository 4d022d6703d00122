//! TSV files of packs: UTF-8, a header row, `#` comments, `|` between alternatives, empty = none.
//! A second file may add rows to a table; a row with an id that is known takes its place.

use std::collections::HashMap;

use super::PacksError;

/// A TSV file, cut into cells.
pub(crate) struct Table<'a> {
    /// The table's own file, then one that adds rows.
    files: Vec<String>,
    columns: Vec<&'a str>,
    rows: Vec<Cells<'a>>,
}

/// The cells of a row, and where it stands.
struct Cells<'a> {
    file: usize,
    line: usize,
    cells: Vec<&'a str>,
}

/// One row with its column names.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t, 'a> {
    table: &'t Table<'a>,
    row: &'t Cells<'a>,
}

impl<'a> Table<'a> {
    /// Cuts `text` into rows. A row with more cells than the header is an error; missing cells at
    /// the end are empty.
    pub(crate) fn parse(file: String, text: &'a str) -> Result<Self, PacksError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let columns: Vec<&str> =
            lines.next().map_or(Vec::new(), |(_, line)| line.split('\t').map(str::trim).collect());
        let mut rows = Vec::new();
        let id = columns.iter().position(|column| *column == "id");
        let mut lines_of: HashMap<&str, usize> = HashMap::new();
        for (line, content) in lines {
            let cells: Vec<&str> = content.split('\t').map(str::trim).collect();
            if cells.len() > columns.len() {
                let what = format!("{} cells under {} columns", cells.len(), columns.len());
                return Err(PacksError { file, line, what });
            }
            let own = id.and_then(|id| cells.get(id)).copied().filter(|own| !own.is_empty());
            if let Some(own) = own
                && let Some(first) = lines_of.insert(own, line)
            {
                return Err(PacksError {
                    file,
                    line,
                    what: format!("id {own} stands in line {first} already"),
                });
            }
            rows.push(Cells { file: 0, line, cells });
        }
        Ok(Table { files: vec![file], columns, rows })
    }

    /// Adds the rows of another table, whose columns may be fewer and in any order. A row whose id
    /// is known takes that row's place.
    pub(crate) fn add(&mut self, more: Table<'a>) -> Result<(), PacksError> {
        let Some(file) = more.files.into_iter().next() else { return Ok(()) };
        if self.columns.is_empty() {
            self.columns.clone_from(&more.columns);
        }
        for column in &more.columns {
            if !self.columns.contains(column) {
                let what = format!("there is no column \"{column}\"; there are: {}", self.columns.join(", "));
                return Err(PacksError { file, line: 0, what });
            }
        }
        let number = self.files.len();
        self.files.push(file);
        let id = self.columns.iter().position(|column| *column == "id");
        for row in more.rows {
            let cell = |name: &&str| {
                let at = more.columns.iter().position(|column| column == name);
                at.and_then(|at| row.cells.get(at)).copied().unwrap_or("")
            };
            let cells: Vec<&str> = self.columns.iter().map(cell).collect();
            let known = id.map(|id| cells[id]).filter(|id| !id.is_empty()).and_then(|own| {
                let id = id?;
                self.rows.iter().position(|row| row.cells.get(id) == Some(&own))
            });
            let row = Cells { file: number, line: row.line, cells };
            match known {
                Some(known) => self.rows[known] = row,
                None => self.rows.push(row),
            }
        }
        Ok(())
    }

    /// The rows.
    pub(crate) fn rows<'t>(&'t self) -> impl Iterator<Item = Row<'t, 'a>> {
        self.rows.iter().map(move |row| Row { table: self, row })
    }
}

impl<'a> Row<'_, 'a> {
    /// A cell; empty where the table has no such column or the row no such cell.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.row.cells.get(index)).copied().unwrap_or("")
    }

    /// A cell that must not be empty.
    pub(crate) fn required(&self, column: &str) -> Result<&'a str, PacksError> {
        let cell = self.get(column);
        if cell.is_empty() { Err(self.error(format!("column \"{column}\" is empty"))) } else { Ok(cell) }
    }

    /// The alternatives of a cell, parted by `|`; empty ones left out.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        self.get(column)
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// An error that names file and line.
    pub(crate) fn error(&self, what: impl Into<String>) -> PacksError {
        PacksError { file: self.table.files[self.row.file].clone(), line: self.row.line, what: what.into() }
    }
}
