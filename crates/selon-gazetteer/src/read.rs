//! Reads gazetteer files where they lie.
//!
//! Nothing is decoded on opening but the header and a few hundred country lines;
//! sections are used as they stand in memory, and paged in on demand. Every offset
//! out of a file is checked, so that a damaged or hostile file yields an error or
//! no place, never a panic.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fst::Streamer;
use fst::raw::Fst;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::format::*;
use super::place::{Country, PlaceId, PlaceKind, PlaceRef};
use super::walk::Walk;

static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/core.gaz"));

/// What a name stands for: one place, or a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named(pub(crate) u64);

/// A table of places and of their names.
pub struct Gazetteer<'a> {
    names: Fst<&'a [u8]>,
    sections: [&'a [u8]; SECTIONS],
    digest: [u8; 32],
    countries: BTreeMap<[u8; 2], Country>,
    features: Vec<&'a str>,
    zones: Vec<&'a str>,
    own: BTreeMap<u32, &'a str>,
}

impl Gazetteer<'static> {
    /// The gazetteer inside this program: places of 500 people and more, countries and their units.
    pub fn embedded() -> &'static Gazetteer<'static> {
        static OPEN: OnceLock<Gazetteer<'static>> = OnceLock::new();
        OPEN.get_or_init(|| Gazetteer::open(EMBEDDED).expect("the build script wrote this file"))
    }
}

impl<'a> Gazetteer<'a> {
    /// Opens a gazetteer file that may come from anywhere, after checking all of it.
    ///
    /// # Errors
    /// `Invalid` for another format or version, `Corrupt` where the digest or a section does not hold.
    pub fn from_bytes(file: &'a [u8]) -> Result<Gazetteer<'a>, Error> {
        let gazetteer = Gazetteer::open(file)?;
        let digest: [u8; 32] = Sha256::digest(&file[DIGEST + 32..]).into();
        if digest != gazetteer.digest {
            return Err(Error::corrupt("its digest differs"));
        }
        check_names(&gazetteer.names)?;
        Ok(gazetteer)
    }

    fn open(file: &'a [u8]) -> Result<Gazetteer<'a>, Error> {
        if file.get(..8) != Some(MAGIC) {
            return Err(Error::invalid("it is no gazetteer file"));
        }
        let head = file.get(..HEADER).ok_or_else(|| Error::corrupt("its header is cut short"))?;
        let version = u32_at(head, 8).unwrap_or(0);
        if version != VERSION {
            return Err(Error::invalid(format!("its version is {version}, this program reads {VERSION}")));
        }
        let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let entry = DIGEST + 32 + index * 16;
            *section = u64_at(head, entry)
                .zip(u64_at(head, entry + 8))
                .and_then(|(from, length)| {
                    Some(usize::try_from(from).ok()?..usize::try_from(from.checked_add(length)?).ok()?)
                })
                .and_then(|range| file.get(range))
                .ok_or_else(|| Error::corrupt(format!("section {index} lies outside the file")))?;
        }
        let text = |index: usize| {
            std::str::from_utf8(sections[index])
                .map_err(|_| Error::corrupt(format!("section {index} is not UTF-8")))
        };
        let mut codes = text(CODES)?.lines();
        let mut next = || codes.next().unwrap_or("").split('\t').collect();
        let (features, zones) = (next(), next());
        text(ABOUT)?;
        let countries = text(COUNTRIES)?.lines().filter_map(read_country).collect();
        let own = text(OWN)?
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(id, own)| Some((id.parse().ok()?, own)))
            .collect();
        let names = Fst::new(sections[NAMES])
            .map_err(|error| Error::corrupt(format!("its names do not open: {error}")))?;
        let digest =
            head[DIGEST..DIGEST + 32].try_into().map_err(|_| Error::corrupt("its header is cut short"))?;
        Ok(Gazetteer { names, sections, digest, countries, features, zones, own })
    }

    /// What the file says of itself: source, attribution.
    pub fn about(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        std::str::from_utf8(self.sections[ABOUT])
            .unwrap_or("")
            .lines()
            .filter_map(|line| line.split_once('\t'))
    }

    /// Version of the file format.
    pub fn version(&self) -> u32 {
        VERSION
    }

    /// SHA-256 of the file's contents, as it states it.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.sections[PLACES].len() / RECORD
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins a walk through the names.
    pub fn walk(&'a self) -> Walk<'a> {
        Walk::new(&self.names)
    }

    /// What a folded name ([`fold`](crate::fold)) stands for.
    pub fn lookup(&'a self, key: &str) -> Option<Named> {
        let mut walk = self.walk();
        walk.push(key).then(|| walk.name()).flatten()
    }

    /// The places a name stands for, in order of id, and whether it is their name for display.
    pub fn places(&self, named: Named) -> impl Iterator<Item = (PlaceRef<'a>, bool)> + '_ {
        self.postings(named).filter_map(|(place, flags)| Some((self.place(place)?, flags & PREFERRED != 0)))
    }

    /// One place.
    pub fn place(&self, at: PlaceId) -> Option<PlaceRef<'a>> {
        let from = usize::try_from(at.0).ok()?.checked_mul(RECORD)?;
        let record = self.sections[PLACES].get(from..from + RECORD)?;
        let (lat, lon) = (i24_at(record, 4)?, i24_at(record, 7)?);
        let parent = |offset| u24_at(record, offset).filter(|&p| p != NO_PLACE).map(PlaceId);
        let flags = record[21];
        let label = usize::try_from(u32_at(record, 14)?).ok()?;
        let labels = self.sections[LABELS];
        let length = usize::from(*labels.get(label)?);
        let name = std::str::from_utf8(labels.get(label + 1..label + 1 + length)?).ok()?;
        let zone = usize::from(u16::from_le_bytes([record[28], record[29]]));
        let id = u32_at(record, 0)?;
        Some(PlaceRef {
            at,
            id,
            name,
            country: [record[18], record[19]],
            point: (lat != NO_COORDINATE && lon != NO_COORDINATE)
                .then(|| (f64::from(lat) / 10_000.0, f64::from(lon) / 10_000.0)),
            population: u32_at(record, 10)?,
            feature: self.features.get(usize::from(record[20])).copied().unwrap_or(""),
            kind: match flags & KIND_MASK {
                1 => PlaceKind::Country,
                2 => PlaceKind::Admin1,
                3 => PlaceKind::Admin2,
                _ => PlaceKind::Populated,
            },
            admin1: parent(22),
            admin2: parent(25),
            zone: self.zones.get(zone).copied().unwrap_or(""),
            own: self.own.get(&id).copied(),
            point_is_rough: flags & (POINT_LABEL | POINT_BOX) != 0,
        })
    }

    /// The place of a GeoNames id.
    pub fn by_id(&self, id: u32) -> Option<PlaceRef<'a>> {
        let records = self.sections[PLACES];
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let here = u32_at(records, middle * RECORD)?;
            match here.cmp(&id) {
                std::cmp::Ordering::Equal => return self.place(PlaceId(u32::try_from(middle).ok()?)),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// All countries, by their code.
    pub(crate) fn countries(&self) -> impl Iterator<Item = ([u8; 2], &Country)> {
        self.countries.iter().map(|(code, country)| (*code, country))
    }

    /// A country by its ISO 3166-1 alpha-2 code, upper case.
    pub fn country(&self, code: [u8; 2]) -> Option<&Country> {
        self.countries.get(&code)
    }

    /// Every folded name, with its places and their posting flags, in the order of the names.
    pub(crate) fn each_name(
        &self,
        visit: &mut dyn FnMut(&str, PlaceId, u8) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut stream = self.names.stream();
        while let Some((key, value)) = stream.next() {
            let Ok(key) = std::str::from_utf8(key) else { continue };
            for (place, flags) in self.postings(Named(value.value())) {
                visit(key, place, flags)?;
            }
        }
        Ok(())
    }

    fn postings(&self, named: Named) -> Postings<'a> {
        if named.0 & INLINE != 0 {
            let one = (PlaceId((named.0 & 0xFF_FFFF) as u32), (named.0 >> 24) as u8);
            return Postings { one: Some(one), rest: &[], left: 0, last: 0 };
        }
        let from = usize::try_from(named.0).unwrap_or(usize::MAX);
        let mut rest = self.sections[POSTINGS].get(from..).unwrap_or(&[]);
        let left = take_varint(&mut rest).unwrap_or(0);
        Postings { one: None, rest, left, last: 0 }
    }
}

struct Postings<'a> {
    one: Option<(PlaceId, u8)>,
    rest: &'a [u8],
    left: u32,
    last: u32,
}

impl Iterator for Postings<'_> {
    type Item = (PlaceId, u8);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(one) = self.one.take() {
            return Some(one);
        }
        self.left = self.left.checked_sub(1)?;
        self.last = self.last.checked_add(take_varint(&mut self.rest)?)?;
        let (&flags, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some((PlaceId(self.last), flags))
    }
}

/// Visits every node of the names once, so that later walks meet none that was not seen to be sound.
///
/// The `fst` crate indexes its bytes without checks of its own and panics on nodes that
/// point outside; here such a panic is caught and told as damage.
fn check_names(names: &Fst<&[u8]>) -> Result<(), Error> {
    let corrupt = || Error::corrupt("its names are damaged");
    names.verify().map_err(|_| corrupt())?;
    let sound = std::panic::catch_unwind(|| {
        let mut seen = vec![false; names.as_bytes().len() + 1];
        let mut open = vec![names.root().addr()];
        while let Some(at) = open.pop() {
            let Some(first) = seen.get_mut(at) else { return false };
            if std::mem::replace(first, true) {
                continue;
            }
            let node = names.node(at);
            let _ = node.final_output();
            for index in 0..node.len() {
                let to = node.transition(index).addr;
                // Nodes are written children first: an address that does not fall would be a circle.
                if to >= at && at != 0 {
                    return false;
                }
                open.push(to);
            }
        }
        true
    });
    if matches!(sound, Ok(true)) { Ok(()) } else { Err(corrupt()) }
}

fn read_country(line: &str) -> Option<([u8; 2], Country)> {
    let mut columns = line.split('\t');
    let code: [u8; 2] = columns.next()?.as_bytes().try_into().ok()?;
    let place = PlaceId(columns.next()?.parse().ok()?);
    let capital = columns.next()?.parse().ok().map(PlaceId);
    let wikidata = columns.next()?.parse().ok();
    let neighbours = columns.next()?.split('+').filter_map(|code| code.as_bytes().try_into().ok()).collect();
    Some((code, Country { place, capital, wikidata, neighbours }))
}

fn take_varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u24_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 3)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]))
}

fn i24_at(bytes: &[u8], at: usize) -> Option<i32> {
    Some((u24_at(bytes, at)? << 8) as i32 >> 8)
}
