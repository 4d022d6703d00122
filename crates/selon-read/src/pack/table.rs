//! TSV files of packs: UTF-8, a header row, `#` comments, `|` between alternatives, empty = none.

use super::PacksError;

/// A TSV file, cut into cells.
pub(crate) struct Table<'a> {
    file: String,
    columns: Vec<&'a str>,
    rows: Vec<(usize, Vec<&'a str>)>,
}

/// One row with its column names.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t, 'a> {
    table: &'t Table<'a>,
    line: usize,
    cells: &'t [&'a str],
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
        for (line, content) in lines {
            let cells: Vec<&str> = content.split('\t').map(str::trim).collect();
            if cells.len() > columns.len() {
                let what = format!("{} cells under {} columns", cells.len(), columns.len());
                return Err(PacksError { file, line, what });
            }
            rows.push((line, cells));
        }
        Ok(Table { file, columns, rows })
    }

    /// The rows.
    pub(crate) fn rows<'t>(&'t self) -> impl Iterator<Item = Row<'t, 'a>> {
        self.rows.iter().map(move |(line, cells)| Row { table: self, line: *line, cells })
    }
}

impl<'a> Row<'_, 'a> {
    /// A cell; empty where the table has no such column or the row no such cell.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or("")
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
        PacksError { file: self.table.file.clone(), line: self.line, what: what.into() }
    }
}
