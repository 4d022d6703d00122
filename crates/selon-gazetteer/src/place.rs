//! What a gazetteer knows of one place.

use std::fmt;

/// Position of a place in its gazetteer; good only there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub(crate) u32);

/// What kind of thing a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A town, village or part of one.
    Populated,
    /// A country or dependent territory.
    Country,
    /// A first-order unit: state, province, governorate, oblast, region.
    Admin1,
    /// A second-order unit: county, district, department.
    Admin2,
}

/// One place, borrowed from its gazetteer.
#[derive(Clone, Copy, PartialEq)]
pub struct PlaceRef<'a> {
    /// Where it stands in this gazetteer.
    pub at: PlaceId,
    /// GeoNames id.
    pub id: u32,
    /// Name for display.
    pub name: &'a str,
    /// ISO 3166-1 alpha-2; two spaces where none is given.
    pub country: [u8; 2],
    /// Latitude and longitude in degrees, WGS 84, to 0.0001; `None` where not known.
    pub point: Option<(f64, f64)>,
    /// People, 0 where unknown.
    pub population: u32,
    /// GeoNames feature code.
    pub feature: &'a str,
    /// What kind of thing it is.
    pub kind: PlaceKind,
    /// The first-order unit it lies in.
    pub admin1: Option<PlaceId>,
    /// The second-order unit it lies in.
    pub admin2: Option<PlaceId>,
    /// IANA time zone, or empty.
    pub zone: &'a str,
    /// What it is called in the list of one's own that it comes from.
    pub own: Option<&'a str>,
    /// Whether the point is where a map writes the name, or the middle of a box, and not of the place itself.
    pub point_is_rough: bool,
}

impl PlaceRef<'_> {
    /// Country code as text; empty where none is given.
    pub fn country_code(&self) -> &str {
        std::str::from_utf8(&self.country).map_or("", str::trim)
    }
}

impl fmt::Debug for PlaceRef<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {} {}", self.id, self.name, self.country_code(), self.feature)
    }
}

/// What a gazetteer knows of one country beyond its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// The country as a place.
    pub place: PlaceId,
    /// Its capital.
    pub capital: Option<PlaceId>,
    /// Number of its Wikidata item (142 for Q142).
    pub wikidata: Option<u32>,
    /// Codes of its neighbours.
    pub neighbours: Vec<[u8; 2]>,
}
