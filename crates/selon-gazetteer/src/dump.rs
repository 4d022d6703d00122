//! Reads the lines of GeoNames dumps (geonames.org/export, readme.txt): tab separated, UTF-8, no
//! header, no quoting.
//!
//! Units are named by codes there ("SY", "12"), so a dump is gone through twice: once for
//! the ids of countries and units, once for the places.

use std::collections::{BTreeSet, HashMap};

use super::error::Error;
use super::write::Row;

/// Which rows of a dump are taken, and what its codes stand for.
#[derive(Debug, Default)]
pub struct Dump {
    /// Countries to take; empty: all.
    countries: BTreeSet<String>,
    /// Feature classes ("P") and codes ("L/AREA") to take; empty: countries, units and populated places.
    features: BTreeSet<String>,
    /// "SY", "SY.12", "SY.12.345" → GeoNames id.
    units: HashMap<String, u32>,
    /// Country → id of its capital.
    capitals: HashMap<String, u32>,
}

/// One row of `alternateNamesV2.txt` that is a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate<'a> {
    /// GeoNames id of the place.
    pub id: u32,
    /// The name.
    pub name: &'a str,
}

/// Languages of `alternateNamesV2.txt` that mark no name in a language.
const NO_NAMES: [&str; 10] = ["link", "wkdt", "post", "unlc", "icao", "iata", "faac", "tcid", "phon", "abbr"];

impl Dump {
    /// A dump of which these countries and features are taken; where none is named, all countries, and
    /// the usual features.
    pub fn of(countries: BTreeSet<String>, features: BTreeSet<String>) -> Dump {
        Dump { countries, features, ..Dump::default() }
    }

    /// First time through: remembers the ids of countries, units and capitals.
    ///
    /// # Errors
    /// `Invalid` where the line is no row of a dump.
    pub fn note_unit(&mut self, line: &str) -> Result<(), Error> {
        let columns = columns(line)?;
        let (country, admin1, admin2) = (columns[8], columns[10], columns[11]);
        let key = match columns[7] {
            code if is_country(code) => country.to_owned(),
            "ADM1" => format!("{country}.{admin1}"),
            "ADM2" => format!("{country}.{admin1}.{admin2}"),
            "PPLC" => {
                self.capitals.insert(country.to_owned(), number(columns[0], "geonameid", line)?);
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.units.insert(key, number(columns[0], "geonameid", line)?);
        Ok(())
    }

    /// Second time through: the row of a place; `None` where it is not among what is to be taken.
    ///
    /// # Errors
    /// `Invalid` where the line is no row of a dump.
    pub fn row(&self, line: &str) -> Result<Option<Row>, Error> {
        let columns = columns(line)?;
        let (class, code, country) = (columns[6], columns[7], columns[8]);
        if !(self.countries.is_empty() || self.countries.contains(country)) || !self.takes(class, code) {
            return Ok(None);
        }
        let kind = match code {
            code if is_country(code) => "country",
            "ADM1" => "admin1",
            "ADM2" => "admin2",
            _ => "place",
        };
        let degrees = |text: &str, most: f64| {
            text.parse::<f64>()
                .ok()
                .filter(|degrees| degrees.abs() <= most)
                .ok_or_else(|| Error::invalid(format!("no coordinate: {text:?} in {line:.60}")))
        };
        let unit = |key: String| self.units.get(&key).copied();
        let mut flags = Vec::new();
        if kind == "country" {
            flags.extend(self.capitals.get(country).map(|id| format!("capital={id}")));
        }
        Ok(Some(Row {
            id: number(columns[0], "geonameid", line)?,
            kind: kind.to_owned(),
            country: country.to_owned(),
            admin1: unit(format!("{country}.{}", columns[10])).filter(|_| matches!(kind, "admin2" | "place")),
            admin2: unit(format!("{country}.{}.{}", columns[10], columns[11])).filter(|_| kind == "place"),
            point: Some((degrees(columns[4], 90.0)?, degrees(columns[5], 180.0)?)),
            // Empty and "0" both mean that it is not known; some regions have more people than fit.
            population: columns[14].parse::<u64>().map_or(0, |people| people.try_into().unwrap_or(u32::MAX)),
            feature: code.to_owned(),
            zone: columns[17].to_owned(),
            name: columns[1].to_owned(),
            alternates: columns[3].split(',').filter(|name| is_read(name)).map(str::to_owned).collect(),
            flags,
            own: None,
        }))
    }

    /// A name out of a line of `alternateNamesV2.txt`; `None` for links, codes, abbreviations, and
    /// names in scripts that no pack reads.
    ///
    /// # Errors
    /// `Invalid` where the line is no row of that file.
    pub fn alternate(line: &str) -> Result<Option<Alternate<'_>>, Error> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, id, language, name, ..] = columns[..] else {
            return Err(Error::invalid(format!(
                "a row has {} columns, not 4 or more: {line:.60}",
                columns.len()
            )));
        };
        if NO_NAMES.contains(&language) || !is_read(name) {
            return Ok(None);
        }
        Ok(Some(Alternate { id: number(id, "geonameid", line)?, name }))
    }

    fn takes(&self, class: &str, code: &str) -> bool {
        if self.features.is_empty() {
            return is_country(code) || matches!(code, "ADM1" | "ADM2") || class == "P";
        }
        self.features.contains(class) || self.features.contains(&format!("{class}/{code}"))
    }
}

/// Political entities (GeoNames feature codes), former ones left out.
fn is_country(code: &str) -> bool {
    matches!(code, "PCL" | "PCLD" | "PCLF" | "PCLI" | "PCLIX" | "PCLS" | "TERR")
}

fn columns(line: &str) -> Result<[&str; 19], Error> {
    let mut all = [""; 19];
    let mut count = 0;
    for column in line.split('\t') {
        if let Some(slot) = all.get_mut(count) {
            *slot = column;
        }
        count += 1;
    }
    if count == 19 {
        return Ok(all);
    }
    Err(Error::invalid(format!("a row has {count} columns, expected 19: {line:.60}")))
}

fn number(text: &str, what: &str, line: &str) -> Result<u32, Error> {
    text.parse().map_err(|_| Error::invalid(format!("{what} is no number: {text:?} in {line:.60}")))
}

/// A name in a script that some pack reads: Latin, Greek, Cyrillic, Hebrew, Arabic.
fn is_read(name: &str) -> bool {
    let mut letters = name.chars().filter(|letter| letter.is_alphabetic()).peekable();
    letters.peek().is_some()
        && letters.all(|letter| letter < '\u{780}' || ('\u{1e00}'..'\u{2000}').contains(&letter))
}
