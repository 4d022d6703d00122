//! Writes gazetteer files: rows of places in, one file out.
//!
//! Used by the build script for the embedded file, and for gazetteers of one's
//! own. Everything is held in memory, which does for a million places.

use std::collections::{BTreeMap, HashMap};

use fst::MapBuilder;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::format::*;
use super::words::fold;

/// One place, as a row of the table gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// GeoNames id, or one's own number.
    pub id: u32,
    /// `country`, `admin1`, `admin2` or `place`.
    pub kind: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    /// Id of the first-order unit it lies in.
    pub admin1: Option<u32>,
    /// Id of the second-order unit it lies in.
    pub admin2: Option<u32>,
    /// Latitude and longitude in degrees, WGS 84.
    pub point: Option<(f64, f64)>,
    /// People, 0 where unknown.
    pub population: u32,
    /// GeoNames feature code.
    pub feature: String,
    /// IANA time zone, or empty.
    pub zone: String,
    /// Name for display.
    pub name: String,
    /// Further names.
    pub alternates: Vec<String>,
    /// `point=label`, `point=box`, `capital=ID`, `wd=Q…`, `near=XX+YY`.
    pub flags: Vec<String>,
}

impl Row {
    /// Reads one line of the table (`tools/gazetteer` names its columns).
    ///
    /// # Errors
    /// `Invalid` where a column is missing or is not what it should be.
    pub fn parse(line: &str) -> Result<Row, Error> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, kind, country, admin1, admin2, lat, lon, population, feature, zone, name, alternates, flags] =
            columns[..]
        else {
            return Err(Error::invalid(format!(
                "a row has {} columns, expected 13: {line:.60}",
                columns.len()
            )));
        };
        let number = |text: &str, what: &str| {
            text.parse::<u32>()
                .map_err(|_| Error::invalid(format!("{what} is no number: {text:?} in {line:.60}")))
        };
        let parent = |text: &str| if text.is_empty() { Ok(None) } else { number(text, "parent").map(Some) };
        let split =
            |text: &str, by: char| text.split(by).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let point = match (lat.parse::<f64>(), lon.parse::<f64>()) {
            (Ok(lat), Ok(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Some((lat, lon)),
            _ if lat.is_empty() && lon.is_empty() => None,
            _ => return Err(Error::invalid(format!("no coordinate: {lat} {lon} in {line:.60}"))),
        };
        Ok(Row {
            id: number(id, "id")?,
            kind: kind.to_owned(),
            country: country.to_owned(),
            admin1: parent(admin1)?,
            admin2: parent(admin2)?,
            point,
            population: number(population, "population").unwrap_or(u32::MAX),
            feature: feature.to_owned(),
            zone: zone.to_owned(),
            name: name.to_owned(),
            alternates: split(alternates, '|'),
            flags: split(flags, ','),
        })
    }
}

/// Collects rows and writes the file.
#[derive(Debug, Default)]
pub struct Builder {
    rows: BTreeMap<u32, Row>,
    about: Vec<(String, String)>,
}

impl Builder {
    /// An empty gazetteer.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Says something of the file as a whole: its source, date, attribution.
    pub fn about(&mut self, key: &str, value: &str) {
        self.about.push((key.replace(['\t', '\n'], " "), value.replace('\n', " ")));
    }

    /// Adds a place; a later one replaces an earlier one of the same id.
    pub fn add(&mut self, row: Row) {
        self.rows.insert(row.id, row);
    }

    /// Writes the file.
    ///
    /// # Errors
    /// `Invalid` where there are more places or codes than the layout can count.
    pub fn build(&self) -> Result<Vec<u8>, Error> {
        if self.rows.len() >= NO_PLACE as usize {
            return Err(Error::invalid(format!("{} places are more than the format holds", self.rows.len())));
        }
        let index: HashMap<u32, u32> = self.rows.keys().copied().zip(0..).collect();
        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        for (key, value) in &self.about {
            sections[ABOUT].extend(format!("{key}\t{value}\n").bytes());
        }
        let (names, postings) = self.names(&index)?;
        sections[NAMES] = names;
        sections[POSTINGS] = postings;

        let mut features = Codes::default();
        let mut zones = Codes::default();
        let mut labels: HashMap<&str, u32> = HashMap::new();
        for row in self.rows.values() {
            let name = cut(&row.name, 255);
            let label = *labels.entry(name).or_insert_with(|| {
                let at = sections[LABELS].len() as u32;
                sections[LABELS].push(name.len() as u8);
                sections[LABELS].extend(name.bytes());
                at
            });
            let (lat, lon) =
                row.point.map_or((NO_COORDINATE, NO_COORDINATE), |(lat, lon)| (scaled(lat), scaled(lon)));
            let parent = |id: Option<u32>| id.and_then(|id| index.get(&id)).copied().unwrap_or(NO_PLACE);
            let country: [u8; 2] = row.country.as_bytes().try_into().unwrap_or(*b"  ");
            let record = &mut sections[PLACES];
            record.extend(row.id.to_le_bytes());
            record.extend(&lat.to_le_bytes()[..3]);
            record.extend(&lon.to_le_bytes()[..3]);
            record.extend(row.population.to_le_bytes());
            record.extend(label.to_le_bytes());
            record.extend(country);
            record.push(
                u8::try_from(features.number(&row.feature))
                    .map_err(|_| Error::invalid("over 256 features"))?,
            );
            record.push(kind_and_flags(row));
            record.extend(&parent(row.admin1).to_le_bytes()[..3]);
            record.extend(&parent(row.admin2).to_le_bytes()[..3]);
            record.extend(
                u16::try_from(zones.number(&row.zone))
                    .map_err(|_| Error::invalid("over 65536 zones"))?
                    .to_le_bytes(),
            );
            if row.kind == "country" {
                let flag = |name: &str| row.flags.iter().find_map(|f| f.strip_prefix(name)).unwrap_or("");
                let capital = flag("capital=").parse().ok().and_then(|id: u32| index.get(&id)).copied();
                sections[COUNTRIES].extend(
                    format!(
                        "{}\t{}\t{}\t{}\t{}\n",
                        row.country,
                        index[&row.id],
                        capital.map(|c| c.to_string()).unwrap_or_default(),
                        flag("wd=Q"),
                        flag("near=")
                    )
                    .bytes(),
                );
            }
        }
        sections[CODES] = format!("{}\n{}\n", features.list.join("\t"), zones.list.join("\t")).into_bytes();
        Ok(assemble(&sections))
    }

    /// The FST over folded names, and the lists of those that several places bear.
    fn names(&self, index: &HashMap<u32, u32>) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let mut keys: Vec<(String, u32, u8)> = Vec::new();
        for row in self.rows.values() {
            let place = index[&row.id];
            let mut push = |name: &str, flags: u8| {
                let key = fold(name);
                if !key.is_empty() {
                    keys.push((key, place, flags));
                }
            };
            push(&row.name, PREFERRED);
            // "New York" is as good a name of New York City as the full one.
            let shown = fold(&row.name);
            let short = shown.strip_suffix(" city").unwrap_or(&shown);
            for name in &row.alternates {
                push(name, if fold(name) == short { PREFERRED } else { 0 });
            }
        }
        // The preferred of two equal names comes first and is the one that stays.
        keys.sort_unstable_by(|a, b| (&a.0, a.1, b.2).cmp(&(&b.0, b.1, a.2)));
        keys.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);

        let broken = |error: fst::Error| Error::invalid(format!("cannot build the names: {error}"));
        let mut names = MapBuilder::memory();
        let mut postings = Vec::new();
        for group in keys.chunk_by(|a, b| a.0 == b.0) {
            let (key, place, flags) = &group[0];
            let value = if group.len() == 1 {
                INLINE | (u64::from(*flags) << 24) | u64::from(*place)
            } else {
                let at = postings.len() as u64;
                put_varint(&mut postings, group.len() as u32);
                let mut last = 0;
                for (_, place, flags) in group {
                    put_varint(&mut postings, place - last);
                    postings.push(*flags);
                    last = *place;
                }
                at
            };
            names.insert(key, value).map_err(broken)?;
        }
        Ok((names.into_inner().map_err(broken)?, postings))
    }
}

#[derive(Default)]
struct Codes {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Codes {
    fn number(&mut self, code: &str) -> usize {
        if let Some(&number) = self.numbers.get(code) {
            return number;
        }
        self.list.push(code.to_owned());
        self.numbers.insert(code.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }
}

fn assemble(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut file = vec![0; HEADER];
    for (index, section) in sections.iter().enumerate() {
        let entry = DIGEST + 32 + index * 16;
        let offset = file.len() as u64;
        file[entry..entry + 8].copy_from_slice(&offset.to_le_bytes());
        file[entry + 8..entry + 16].copy_from_slice(&(section.len() as u64).to_le_bytes());
        file.extend_from_slice(section);
    }
    file[..8].copy_from_slice(MAGIC);
    file[8..12].copy_from_slice(&VERSION.to_le_bytes());
    let digest: [u8; 32] = Sha256::digest(&file[DIGEST + 32..]).into();
    file[DIGEST..DIGEST + 32].copy_from_slice(&digest);
    file
}

fn kind_and_flags(row: &Row) -> u8 {
    let kind = match row.kind.as_str() {
        "country" => 1,
        "admin1" => 2,
        "admin2" => 3,
        _ => 0,
    };
    let mut flags = kind;
    for flag in &row.flags {
        match flag.as_str() {
            "point=label" => flags |= POINT_LABEL,
            "point=box" => flags |= POINT_BOX,
            _ => {}
        }
    }
    flags
}

fn scaled(degrees: f64) -> i32 {
    (degrees * 10_000.0).round() as i32
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
