//! Layout of a gazetteer file: the numbers that reader and writer share.
//!
//! All numbers are little-endian. Described in `docs/formats/gazetteer.md`;
//! a change here raises [`VERSION`].

/// First eight bytes of every gazetteer file.
pub(crate) const MAGIC: &[u8; 8] = b"SELONGAZ";

/// Version of the layout and of the folding of names.
pub(crate) const VERSION: u32 = 2;

/// What must stand beside anything that shows data of the embedded gazetteer.
pub const ATTRIBUTION: &str =
    "Contains data from GeoNames (geonames.org), CC BY 4.0, changed. Made with Natural Earth.";

/// Sections, in file order.
pub(crate) const SECTIONS: usize = 8;
/// Key, tab, value lines: what the file was made from.
pub(crate) const ABOUT: usize = 0;
/// FST: key of a name to a posting (see [`INLINE`]).
pub(crate) const NAMES: usize = 1;
/// Posting lists of names that several places bear.
pub(crate) const POSTINGS: usize = 2;
/// Fixed records, sorted by id.
pub(crate) const PLACES: usize = 3;
/// Names for display: one length byte, then UTF-8.
pub(crate) const LABELS: usize = 4;
/// Lines: country, place index, capital's place index, Wikidata number, neighbours.
pub(crate) const COUNTRIES: usize = 5;
/// Two lines: feature codes, time zones; tab separated, referred to by position.
pub(crate) const CODES: usize = 6;
/// Lines: id, tab, what the place is called in the list of one's own that it comes from.
pub(crate) const OWN: usize = 7;

/// Magic, version, digest of all that follows the header, then (offset, length) of each section.
pub(crate) const HEADER: usize = 8 + 4 + 4 + 32 + SECTIONS * 16;
/// Where the digest stands.
pub(crate) const DIGEST: usize = 16;

/// Bytes of a place record: id 4, latitude 3, longitude 3, population 4, label 4, country 2,
/// feature 1, kind and flags 1, admin1 3, admin2 3, zone 2.
pub(crate) const RECORD: usize = 30;

/// A coordinate that is not known. Coordinates count in 1/10,000 of a degree (11 m).
pub(crate) const NO_COORDINATE: i32 = -(1 << 23);
/// A place index that is not there.
pub(crate) const NO_PLACE: u32 = (1 << 24) - 1;

/// FST value: this bit set = one place, its index in the low 24 bits, the posting flags above;
/// not set = offset of a posting list.
pub(crate) const INLINE: u64 = 1 << 40;

/// Posting flag: the name is the one for display.
pub(crate) const PREFERRED: u8 = 1;

/// Kinds, in the low two bits of the record's flag byte; the bits above say where the point is from.
pub(crate) const KIND_MASK: u8 = 3;
/// The coordinate is a label point.
pub(crate) const POINT_LABEL: u8 = 4;
/// The coordinate is the middle of a box.
pub(crate) const POINT_BOX: u8 = 8;
