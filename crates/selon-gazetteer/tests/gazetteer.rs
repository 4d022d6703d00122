//! The embedded gazetteer finds what it should; damaged files are refused or harmless.

use proptest::prelude::*;
use selon_gazetteer::{Alternate, Builder, Dump, Gazetteer, Kind, PlaceKind, Row, fold};

/// The name stands for this place (`ID NAME COUNTRY FEATURE`), perhaps among others.
fn check(name: &str, expected: &str) {
    let gazetteer = Gazetteer::embedded();
    let mut shown: Vec<_> = match gazetteer.lookup(&fold(name)) {
        Some(named) => gazetteer.places(named).map(|(place, _)| format!("{place:?}")).collect(),
        None => vec!["none".to_owned()],
    };
    shown.retain(|place| place == expected);
    assert_eq!(shown, [expected], "{name}");
}

#[test]
fn finds_places_by_names_in_three_scripts() {
    check("Damas", "170654 Damascus SY PPLC");
    check("دمشق", "170654 Damascus SY PPLC");
    check("Дамаск", "170654 Damascus SY PPLC");
    check("Syrie", "163843 Syria SY PCLI");
    check("Etats-Unis", "6252001 United States US PCLI");
    check("Ukraine", "690791 Ukraine UA PCLI");
    check("Украина", "690791 Ukraine UA PCLI");
    check("العراق", "99237 Iraq IQ PCLI");
    check("Saint-Étienne", "2980291 Saint-Étienne FR PPLA2");
    check("Zzyzxville", "none");
}

#[test]
fn knows_parents_points_and_countries() {
    let gazetteer = Gazetteer::embedded();
    let aleppo = gazetteer.by_id(170063).expect("Aleppo is in the core");
    assert_eq!((aleppo.kind, aleppo.zone), (PlaceKind::Populated, "Asia/Damascus"));
    let (lat, lon) = aleppo.point.expect("a place has a point");
    assert!((lat - 36.2012).abs() < 1e-3 && (lon - 37.1612).abs() < 1e-3, "{lat} {lon}");
    let parent = aleppo.admin1.and_then(|at| gazetteer.place(at)).map(|p| p.id);
    assert_eq!(parent, Some(170062));
    let syria = gazetteer.country(*b"SY").expect("Syria is a country");
    assert_eq!(syria.capital.and_then(|at| gazetteer.place(at)).map(|p| p.name), Some("Damascus"));
    assert_eq!(syria.wikidata, Some(858));
    assert!(syria.neighbours.contains(b"TR"));
    assert!(gazetteer.len() > 280_000);
}

fn small() -> Vec<u8> {
    let mut builder = Builder::new();
    builder.about("source", "test");
    for line in [
        "1\tcountry\tXX\t\t\t1.0\t2.0\t1000\tPCLI\t\tXland\tXlande|Ixland\tcapital=3,near=YY",
        "2\tadmin1\tXX\t\t\t\t\t500\tADM1\t\tNorth\t\t",
        "3\tplace\tXX\t2\t\t-1.5\t179.99999\t400\tPPLC\tEurope/Paris\tTown\tVille\t",
        "4\tplace\tXX\t2\t\t-1.5\t-180\t40\tPPL\tEurope/Paris\tVille\t\t",
    ] {
        builder.add(&Row::parse(line).expect("a good row")).expect("room");
    }
    builder.build().expect("a small file")
}

#[test]
fn reads_back_what_was_written() {
    let file = small();
    let gazetteer = Gazetteer::from_bytes(&file).expect("a sound file");
    let named = gazetteer.lookup("ville").expect("two places bear it");
    let found: Vec<_> = gazetteer.places(named).map(|(p, preferred)| (p.id, preferred, p.point)).collect();
    assert_eq!(found, [(3, false, Some((-1.5, 180.0))), (4, true, Some((-1.5, -180.0)))]);
    assert_eq!(gazetteer.by_id(2).and_then(|p| p.point), None);
    assert_eq!(gazetteer.about().collect::<Vec<_>>(), [("source", "test")]);
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let mut file = small();
    assert_eq!(Gazetteer::from_bytes(b"PK..").err().map(|e| e.kind()), Some(Kind::Invalid));
    assert_eq!(Gazetteer::from_bytes(&file[..40]).err().map(|e| e.kind()), Some(Kind::Corrupt));
    let last = file.len() - 1;
    file[last] ^= 1;
    assert_eq!(Gazetteer::from_bytes(&file).err().map(|e| e.kind()), Some(Kind::Corrupt));
    file[8] = 9;
    assert_eq!(Gazetteer::from_bytes(&file).err().map(|e| e.kind()), Some(Kind::Invalid));
}

#[test]
fn one_gazetteer_is_taken_into_another() {
    let file = small();
    let base = Gazetteer::from_bytes(&file).expect("a sound file");
    let mut builder = Builder::spilling(tempfile::tempfile);
    builder.extend(&base).expect("room");
    let mut row = Row::parse("4\tplace\tXX\t2\t\t-1.5\t-170\t50\tPPL\t\tNewtown\tNeuville\t").expect("a row");
    row.own = Some("user:list:a".to_owned());
    builder.add(&row).expect("room");
    let mut both = Vec::new();
    builder.write(&mut both).expect("room");
    let both = Gazetteer::from_bytes(&both).expect("a sound file");
    let bearers = |name: &str| -> Vec<(u32, bool)> {
        both.lookup(name).into_iter().flat_map(|named| both.places(named)).map(|(p, is)| (p.id, is)).collect()
    };
    // The later row has the place, both have given names.
    let place = both.by_id(4).expect("it is there");
    assert_eq!((place.name, place.own, place.population), ("Newtown", Some("user:list:a"), 50));
    assert_eq!(bearers("ville"), [(3, false), (4, true)]);
    assert_eq!((bearers("neuville"), bearers("newtown")), (vec![(4, false)], vec![(4, true)]));
    let country = both.country(*b"XX").expect("a country");
    assert_eq!(country.capital.and_then(|at| both.place(at)).map(|p| p.id), Some(3));
    assert_eq!(country.neighbours, [*b"YY"]);
    // What is built twice from the same is the same.
    let again = || {
        let mut builder = Builder::new();
        builder.extend(&base).expect("room");
        builder.build().expect("room")
    };
    assert_eq!(again(), again());
}

/// Rows in the form of a GeoNames dump, about places that do not exist.
const DUMP: [&str; 6] = [
    "11\tXland\tXland\tIxland,Иксланд\t1.0\t2.0\tA\tPCLI\tXX\t\t00\t\t\t\t5000000000\t\t1\t\t2024-01-01",
    "12\tNorth\tNorth\t\t1.5\t2.5\tA\tADM1\tXX\t\t01\t\t\t\t500\t\t1\tEurope/Paris\t2024-01-01",
    "13\tOuter\tOuter\t\t1.5\t2.5\tA\tADM2\tXX\t\t01\t7\t\t\t50\t\t1\tEurope/Paris\t2024-01-01",
    "14\tTelmar\tTelmar\tتلمار,テルマル\t1.6\t2.6\tP\tPPLC\tXX\t\t01\t7\t\t\t40\t\t1\tEurope/Paris\t2024-01-01",
    "15\tGreen Mount\tGreen Mount\t\t1.6\t2.6\tT\tMT\tXX\t\t01\t7\t\t\t0\t\t1\tEurope/Paris\t2024-01-01",
    "16\tElsewhere\tElsewhere\t\t1.6\t2.6\tP\tPPL\tYY\t\t01\t7\t\t\t0\t\t1\tEurope/Paris\t2024-01-01",
];

#[test]
fn rows_of_a_dump() {
    let mut dump = Dump::of(["XX".to_owned()].into(), [].into());
    DUMP.iter().for_each(|line| dump.note_unit(line).expect("a row"));
    let rows: Vec<Row> = DUMP.iter().filter_map(|line| dump.row(line).expect("a row")).collect();
    let ids: Vec<u32> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [11, 12, 13, 14], "a mountain and another country are left out");
    assert_eq!(rows[0].population, u32::MAX);
    assert_eq!(rows[0].flags, ["capital=14"]);
    assert_eq!((rows[3].admin1, rows[3].admin2), (Some(12), Some(13)));
    assert_eq!(rows[3].alternates, ["تلمار"], "no pack reads the other script");
    let mountains = Dump::of([].into(), ["T/MT".to_owned()].into());
    assert_eq!(DUMP.iter().filter(|line| mountains.row(line).expect("a row").is_some()).count(), 1);
    let wrong = dump.row("14\tTelmar").expect_err("too few columns");
    assert!(wrong.to_string().contains("2 columns, expected 19"), "{wrong}");
    let far = DUMP[3].replace("\t1.6\t", "\t91\t");
    assert!(dump.row(&far).expect_err("no such latitude").to_string().contains("91"));
}

#[test]
fn alternate_names_of_a_dump() {
    let read = |line| Dump::alternate(line).expect("a row");
    assert_eq!(read("1\t14\tfr\tTelmare\t\t\t\t\t\t"), Some(Alternate { id: 14, name: "Telmare" }));
    assert_eq!(read("2\t14\tlink\thttps://example.org/Telmar\t\t\t\t\t\t"), None);
    assert_eq!(read("3\t14\tabbr\tTM\t\t\t\t\t\t"), None);
    assert!(Dump::alternate("4\tx\tfr\tTelmare").is_err() && Dump::alternate("").is_err());
}

/// Makes the digest right again, as a hostile file would have it.
fn sign(file: &mut [u8]) {
    use sha2::{Digest, Sha256};
    let digest: [u8; 32] = Sha256::digest(&file[48..]).into();
    file[16..48].copy_from_slice(&digest);
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
                              cut in any::<prop::sample::Index>(), key in "[a-z ]{0,8}") {
        let mut file = small();
        for (index, byte) in &changes {
            let at = index.index(file.len());
            file[at] = *byte;
        }
        if changes.len() > 4 {
            file.truncate(cut.index(file.len()));
        }
        if file.len() > 48 {
            sign(&mut file);
        }
        if let Ok(gazetteer) = Gazetteer::from_bytes(&file) {
            for key in [key.as_str(), "ville", "town", "xland"] {
                if let Some(named) = gazetteer.lookup(key) {
                    let _ = gazetteer.places(named).count();
                }
            }
            let _ = (gazetteer.by_id(3), gazetteer.country(*b"XX"), gazetteer.about().count());
        }
    }
}
