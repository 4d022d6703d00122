//! Writes gazetteer files: rows of places in, one file out.
//!
//! Used by the build script for the embedded file, and for gazetteers of one's own.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use fst::MapBuilder;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::format::*;
use super::names::Names;
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
    /// What it is called in the list it comes from, where that is not GeoNames.
    pub own: Option<String>,
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
            own: None,
        })
    }
}

/// A place record before the indexes of its parents are known.
struct Record {
    id: u32,
    lat: i32,
    lon: i32,
    population: u32,
    label: u32,
    country: [u8; 2],
    feature: u8,
    flags: u8,
    admin1: Option<u32>,
    admin2: Option<u32>,
    zone: u16,
}

/// What a country has beyond its place: ids, not yet indexes.
struct CountryLine {
    place: u32,
    capital: Option<u32>,
    wikidata: String,
    neighbours: String,
}

/// Collects rows and writes the file.
///
/// Records are kept in memory (some 60 bytes a place, labels included); names are put away in
/// files where the caller has a place for them.
#[derive(Default)]
pub struct Builder {
    records: Vec<Record>,
    labels: Vec<u8>,
    label_of: HashMap<u64, u32>,
    features: Codes,
    zones: Codes,
    countries: BTreeMap<[u8; 2], CountryLine>,
    own: BTreeMap<u32, String>,
    names: Names,
    about: Vec<(String, String)>,
}

impl Builder {
    /// An empty gazetteer, held in memory until it is written.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// An empty gazetteer that puts names away in files made by `spill`, for millions of places.
    pub fn spilling(spill: impl Fn() -> io::Result<File> + 'static) -> Builder {
        Builder { names: Names::spilling(Box::new(spill)), ..Builder::default() }
    }

    /// Says something of the file as a whole: its source, date, attribution.
    pub fn about(&mut self, key: &str, value: &str) {
        self.about.push((key.replace(['\t', '\n'], " "), value.replace('\n', " ")));
    }

    /// Adds a place; a later one replaces an earlier one of the same id, the names of both stay.
    ///
    /// # Errors
    /// `Invalid` where there are more codes than the layout can count, `Storage` where names cannot be put
    /// away.
    pub fn add(&mut self, row: &Row) -> Result<(), Error> {
        self.name(fold(&row.name), row.id, PREFERRED)?;
        // "New York" is as good a name of New York City as the full one.
        let shown = fold(&row.name);
        let short = shown.strip_suffix(" city").unwrap_or(&shown);
        for name in &row.alternates {
            let key = fold(name);
            let flags = if key == short { PREFERRED } else { 0 };
            self.name(key, row.id, flags)?;
        }
        let country: [u8; 2] = row.country.as_bytes().try_into().unwrap_or(*b"  ");
        let (lat, lon) =
            row.point.map_or((NO_COORDINATE, NO_COORDINATE), |(lat, lon)| (scaled(lat), scaled(lon)));
        let label = self.label(cut(&row.name, 255))?;
        self.records.push(Record {
            id: row.id,
            lat,
            lon,
            population: row.population,
            label,
            country,
            feature: u8::try_from(self.features.number(&row.feature))
                .map_err(|_| Error::invalid("over 256 features"))?,
            flags: kind_and_flags(row),
            admin1: row.admin1,
            admin2: row.admin2,
            zone: u16::try_from(self.zones.number(&row.zone))
                .map_err(|_| Error::invalid("over 65536 zones"))?,
        });
        if let Some(own) = &row.own {
            self.own.insert(row.id, own.replace(['\t', '\n'], " "));
        }
        if row.kind == "country" {
            let flag = |name: &str| row.flags.iter().find_map(|f| f.strip_prefix(name)).unwrap_or("");
            let line = CountryLine {
                place: row.id,
                capital: flag("capital=").parse().ok(),
                wikidata: flag("wd=Q").to_owned(),
                neighbours: flag("near=").to_owned(),
            };
            self.countries.insert(country, line);
        }
        Ok(())
    }

    /// One more name, folded, of a place that is added before or later.
    pub(crate) fn name(&mut self, key: String, id: u32, flags: u8) -> Result<(), Error> {
        self.names.push(key, id, flags).map_err(|error| Error::storage(&error))
    }

    /// One more name of a place that is added before or later.
    ///
    /// # Errors
    /// `Storage` where names cannot be put away.
    pub fn alternate(&mut self, id: u32, name: &str) -> Result<(), Error> {
        self.name(fold(name), id, 0)
    }

    /// How many rows were added.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn label(&mut self, name: &str) -> Result<u32, Error> {
        let mut hasher = std::hash::DefaultHasher::new();
        name.hash(&mut hasher);
        let hash = hasher.finish();
        let here = |labels: &[u8], at: u32| {
            let at = at as usize;
            labels.get(at + 1..at + 1 + name.len()) == Some(name.as_bytes())
                && labels[at] as usize == name.len()
        };
        if let Some(&at) = self.label_of.get(&hash).filter(|&&at| here(&self.labels, at)) {
            return Ok(at);
        }
        let at = u32::try_from(self.labels.len()).map_err(|_| Error::invalid("over 4 GB of labels"))?;
        self.labels.push(name.len() as u8);
        self.labels.extend(name.bytes());
        self.label_of.insert(hash, at);
        Ok(at)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// As [`write`](Builder::write).
    pub fn build(self) -> Result<Vec<u8>, Error> {
        let mut file = Vec::new();
        self.write(&mut file)?;
        Ok(file)
    }

    /// Writes the file to `out`.
    ///
    /// # Errors
    /// `Invalid` where there are more places than the layout can count, `Storage` where it cannot be
    /// written.
    pub fn write(mut self, out: &mut dyn Write) -> Result<(), Error> {
        self.label_of = HashMap::new();
        // The sort keeps the order of equal ids: the last of them is the one that stays.
        self.records.sort_by_key(|record| record.id);
        self.records.reverse();
        self.records.dedup_by_key(|record| record.id);
        self.records.reverse();
        if self.records.len() >= NO_PLACE as usize {
            let count = self.records.len();
            return Err(Error::invalid(format!("{count} places are more than the format holds")));
        }
        let mut sections: [Section; SECTIONS] = Default::default();
        for (key, value) in &self.about {
            sections[ABOUT].memory().extend(format!("{key}\t{value}\n").bytes());
        }
        let (names, postings) = self.write_names()?;
        sections[NAMES] = names;
        sections[POSTINGS] = Section::Memory(postings);
        let index = |id: u32| {
            let at = self.records.binary_search_by_key(&id, |record| record.id).ok()?;
            u32::try_from(at).ok()
        };
        let places = sections[PLACES].memory();
        places.reserve(self.records.len() * RECORD);
        for record in &self.records {
            let parent = |id: Option<u32>| id.and_then(index).unwrap_or(NO_PLACE);
            places.extend(record.id.to_le_bytes());
            places.extend(&record.lat.to_le_bytes()[..3]);
            places.extend(&record.lon.to_le_bytes()[..3]);
            places.extend(record.population.to_le_bytes());
            places.extend(record.label.to_le_bytes());
            places.extend(record.country);
            places.extend([record.feature, record.flags]);
            places.extend(&parent(record.admin1).to_le_bytes()[..3]);
            places.extend(&parent(record.admin2).to_le_bytes()[..3]);
            places.extend(record.zone.to_le_bytes());
        }
        for (code, line) in &self.countries {
            let Some(place) = index(line.place) else { continue };
            let capital = line.capital.and_then(index).map(|at| at.to_string()).unwrap_or_default();
            let code = String::from_utf8_lossy(code);
            let text = format!("{code}\t{place}\t{capital}\t{}\t{}\n", line.wikidata, line.neighbours);
            sections[COUNTRIES].memory().extend(text.bytes());
        }
        for (id, own) in &self.own {
            sections[OWN].memory().extend(format!("{id}\t{own}\n").bytes());
        }
        let codes = format!("{}\n{}\n", self.features.list.join("\t"), self.zones.list.join("\t"));
        sections[CODES] = Section::Memory(codes.into_bytes());
        sections[LABELS] = Section::Memory(std::mem::take(&mut self.labels));
        assemble(&mut sections, out).map_err(|error| Error::storage(&error))
    }

    /// The FST over folded names, and the lists of those that several places bear.
    fn write_names(&mut self) -> Result<(Section, Vec<u8>), Error> {
        let storage = |error: io::Error| Error::storage(&error);
        let broken = |error: fst::Error| Error::invalid(format!("cannot build the names: {error}"));
        let file = self.names.file().map_err(storage)?;
        let mut merged = self.names.merged().map_err(storage)?;
        let memory = Shared::default();
        let sink: Box<dyn Write> = match &file {
            Some(file) => Box::new(BufWriter::new(file.try_clone().map_err(storage)?)),
            None => Box::new(memory.clone()),
        };
        let mut names = MapBuilder::new(sink).map_err(broken)?;
        let mut postings = Vec::new();
        let mut group: Vec<(u32, u8)> = Vec::new();
        let mut key = String::new();
        loop {
            let next = merged.next().map_err(storage)?;
            let same = next.as_ref().is_some_and(|next| next.0 == key);
            if !same && !group.is_empty() {
                names.insert(&key, posting(&group, &mut postings)).map_err(broken)?;
                group.clear();
            }
            let Some((name, id, flags)) = next else { break };
            if !same {
                key = name;
            }
            // A name of a place that was never added is dropped.
            if let Ok(at) = self.records.binary_search_by_key(&id, |record| record.id) {
                group.push((at as u32, flags));
            }
        }
        let mut sink = names.into_inner().map_err(broken)?;
        sink.flush().map_err(storage)?;
        drop(sink);
        let section = match file {
            Some(file) => Section::File(file),
            None => Section::Memory(memory.take()),
        };
        Ok((section, postings))
    }
}

/// Bytes that are written to in one place and taken out in another.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Shared {
    fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The value of a name: its one place, or where the list of them begins.
fn posting(group: &[(u32, u8)], postings: &mut Vec<u8>) -> u64 {
    if let [(place, flags)] = group {
        return INLINE | (u64::from(*flags) << 24) | u64::from(*place);
    }
    let at = postings.len() as u64;
    put_varint(postings, group.len() as u32);
    let mut last = 0;
    for (place, flags) in group {
        put_varint(postings, place - last);
        postings.push(*flags);
        last = *place;
    }
    at
}

/// A section before it is written.
enum Section {
    Memory(Vec<u8>),
    File(File),
}

impl Default for Section {
    fn default() -> Self {
        Section::Memory(Vec::new())
    }
}

impl Section {
    fn memory(&mut self) -> &mut Vec<u8> {
        if let Section::File(_) = self {
            *self = Section::default();
        }
        match self {
            Section::Memory(bytes) => bytes,
            Section::File(_) => unreachable!("replaced above"),
        }
    }

    fn len(&self) -> io::Result<u64> {
        match self {
            Section::Memory(bytes) => Ok(bytes.len() as u64),
            Section::File(file) => Ok(file.metadata()?.len()),
        }
    }

    fn copy(&mut self, to: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let file = match self {
            Section::Memory(bytes) => return to(bytes),
            Section::File(file) => file,
        };
        file.seek(SeekFrom::Start(0))?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            to(&buffer[..count])?;
        }
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

fn assemble(sections: &mut [Section; SECTIONS], out: &mut dyn Write) -> io::Result<()> {
    let mut head = [0; HEADER];
    let mut offset = HEADER as u64;
    for (index, section) in sections.iter().enumerate() {
        let entry = DIGEST + 32 + index * 16;
        let length = section.len()?;
        head[entry..entry + 8].copy_from_slice(&offset.to_le_bytes());
        head[entry + 8..entry + 16].copy_from_slice(&length.to_le_bytes());
        offset += length;
    }
    head[..8].copy_from_slice(MAGIC);
    head[8..12].copy_from_slice(&VERSION.to_le_bytes());
    let mut digest = Sha256::new();
    digest.update(&head[DIGEST + 32..]);
    for section in sections.iter_mut() {
        section.copy(&mut |bytes| {
            digest.update(bytes);
            Ok(())
        })?;
    }
    head[DIGEST..DIGEST + 32].copy_from_slice(&digest.finalize());
    out.write_all(&head)?;
    for section in sections {
        section.copy(&mut |bytes| out.write_all(bytes))?;
    }
    out.flush()
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
