//! Lists of one's own places: CSV and TSV under a header, or GeoJSON points.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use selon_gazetteer::{Gazetteer, PlaceKind, PlaceRef, Row};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A list is read whole; a larger one is a dump.
const LARGEST: u64 = 256 << 20;
/// Columns, and properties of GeoJSON features.
const COLUMNS: [&str; 10] =
    ["id", "name", "names", "lat", "lon", "country", "within", "feature", "population", "zone"];
/// Numbers from here on are not of GeoNames.
const OWN: u32 = 1 << 31;

/// Reads lists into rows whose ids do not clash.
pub(super) struct Lists<'a> {
    base: &'a Gazetteer<'a>,
    /// Numbers given so far, with what they stand for.
    given: BTreeMap<u32, String>,
}

impl<'a> Lists<'a> {
    pub(super) fn new(base: &'a Gazetteer<'a>) -> Self {
        Lists { base, given: BTreeMap::new() }
    }

    pub(super) fn read(&mut self, path: &Path) -> Result<Vec<Row>> {
        let name = path.display();
        let length = path.metadata().with_context(|| format!("cannot read {name}"))?.len();
        if length > LARGEST {
            bail!("{name}: over 256 MB; make a gazetteer of it with selon gazetteer build");
        }
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        let text = std::str::from_utf8(&bytes).with_context(|| format!("{name}: not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}');
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let cells = if text.trim_start().starts_with('{') { features(text) } else { cells(text) };
        let mut rows = Vec::new();
        for (number, cell) in cells.with_context(|| name.to_string())? {
            rows.push(self.row(&cell, &stem, number).with_context(|| format!("{name}:{number}"))?);
        }
        Ok(rows)
    }

    fn row(&mut self, cells: &BTreeMap<String, String>, stem: &str, number: usize) -> Result<Row> {
        let get = |column: &str| cells.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let known = match get("id").map(|id| id.strip_prefix("geonames:").unwrap_or(id)) {
            Some(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number = id.parse().ok().filter(|id| *id < OWN);
                Some(number.with_context(|| format!("id {id} is no GeoNames id"))?)
            }
            _ => None,
        };
        let before = known.and_then(|id| self.base.by_id(id));
        let name = get("name").or(before.map(|place| place.name)).context("it has no name")?;
        let point = match (get("lat"), get("lon")) {
            (None, None) => before.and_then(|place| place.point),
            (lat, lon) => Some(point(lat.unwrap_or(""), lon.unwrap_or(""))?),
        };
        if point.is_none() {
            bail!("it has no lat and lon");
        }
        let within = get("within").map(|id| self.within(id)).transpose()?;
        let unit = |kind| match within {
            Some(place) if place.kind == kind => Some(place.id),
            Some(place) => {
                let parent = if kind == PlaceKind::Admin1 { place.admin1 } else { place.admin2 };
                parent.and_then(|at| self.base.place(at)).map(|place| place.id)
            }
            None => {
                let parent = before.and_then(|p| if kind == PlaceKind::Admin1 { p.admin1 } else { p.admin2 });
                parent.and_then(|at| self.base.place(at)).map(|place| place.id)
            }
        };
        let (admin1, admin2) = (unit(PlaceKind::Admin1), unit(PlaceKind::Admin2));
        let country = match get("country") {
            Some(code) if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) => {
                code.to_ascii_uppercase()
            }
            Some(code) => bail!("country {code}: write a code of two letters (ISO 3166-1), as in SY"),
            None => within.or(before).map_or(String::new(), |place| place.country_code().to_owned()),
        };
        let population = match get("population") {
            None => before.map_or(0, |place| place.population),
            Some(people) => people.parse().map_err(|_| anyhow!("population {people} is no number"))?,
        };
        let own = known.is_none().then(|| {
            let id = get("id").map_or_else(|| number.to_string(), str::to_owned);
            format!("user:{stem}:{id}")
        });
        let kind = match before.map(|place| place.kind) {
            None | Some(PlaceKind::Populated) => "place",
            Some(PlaceKind::Admin1) => "admin1",
            Some(PlaceKind::Admin2) => "admin2",
            Some(PlaceKind::Country) => bail!("{name} is a country: a list adds places, towns and units"),
        };
        Ok(Row {
            id: match (&own, known) {
                (Some(own), _) => self.number(own)?,
                (None, Some(id)) => id,
                (None, None) => bail!("it has no id"),
            },
            kind: kind.to_owned(),
            country,
            admin1,
            admin2,
            point,
            population,
            feature: get("feature").or(before.map(|place| place.feature)).unwrap_or("PPL").to_owned(),
            zone: get("zone").or(within.or(before).map(|place| place.zone)).unwrap_or("").to_owned(),
            name: name.to_owned(),
            alternates: get("names").unwrap_or("").split('|').map(str::trim).map(str::to_owned).collect(),
            flags: Vec::new(),
            own,
        })
    }

    fn within(&self, id: &str) -> Result<PlaceRef<'a>> {
        let number = id.strip_prefix("geonames:").unwrap_or(id).parse().ok();
        number
            .and_then(|number| self.base.by_id(number))
            .with_context(|| format!("within {id}: no place of the gazetteer has this GeoNames id"))
    }

    /// A number for a place that GeoNames does not have: the same for the same id, whatever else is in the list.
    fn number(&mut self, own: &str) -> Result<u32> {
        let digest = Sha256::digest(own);
        let mut number = OWN | u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]);
        loop {
            let in_base = self.base.by_id(number).is_some_and(|place| place.own != Some(own));
            match self.given.get(&number) {
                Some(other) if other == own => bail!("id {own} stands twice in the list"),
                None if !in_base => break,
                _ => number = OWN | number.wrapping_add(1),
            }
        }
        self.given.insert(number, own.to_owned());
        Ok(number)
    }
}

fn point(lat: &str, lon: &str) -> Result<(f64, f64)> {
    match (lat.parse::<f64>(), lon.parse::<f64>()) {
        (Ok(lat), Ok(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok((lat, lon)),
        _ => bail!("lat {lat:?} and lon {lon:?} are no point; write degrees, as in 36.2 and 37.16"),
    }
}

type Numbered = Vec<(usize, BTreeMap<String, String>)>;

/// Rows under a header, separated by tabs where the header has one, else by commas.
fn cells(text: &str) -> Result<Numbered> {
    let head = text.lines().next().unwrap_or("");
    let separator = if head.contains('\t') {
        b'\t'
    } else if head.contains(';') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers()?.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let strange: Vec<&str> =
        head.iter().map(String::as_str).filter(|column| !COLUMNS.contains(column)).collect();
    if !head.iter().any(|column| column == "name" || column == "id") {
        bail!("the first line names no column \"name\"; columns are {}", COLUMNS.join(", "));
    }
    if !strange.is_empty() {
        bail!("there is no column {}; columns are {}", strange.join(", "), COLUMNS.join(", "));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, |position| position.line() as usize);
        rows.push((line, head.iter().cloned().zip(record.iter().map(str::to_owned)).collect()));
    }
    Ok(rows)
}

/// The point features of a GeoJSON text (RFC 7946), numbered from 1.
fn features(text: &str) -> Result<Numbered> {
    let json: Value = serde_json::from_str(text).context("not JSON")?;
    let Some(features) = json["features"].as_array() else {
        bail!("it is no FeatureCollection (RFC 7946)");
    };
    let mut rows = Vec::new();
    for (index, feature) in features.iter().enumerate() {
        let geometry = &feature["geometry"];
        if geometry["type"] != "Point" {
            bail!("feature {}: its geometry is {}, only points are taken", index + 1, geometry["type"]);
        }
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(list) => Some(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")),
            _ => None,
        };
        let mut cells = BTreeMap::new();
        for column in COLUMNS {
            cells.extend(text(&feature["properties"][column]).map(|cell| (column.to_owned(), cell)));
        }
        cells.extend(text(&feature["id"]).map(|id| ("id".to_owned(), id)));
        let at = |index: usize| text(&geometry["coordinates"][index]).unwrap_or_default();
        cells.insert("lon".to_owned(), at(0));
        cells.insert("lat".to_owned(), at(1));
        rows.push((index + 1, cells));
    }
    Ok(rows)
}
