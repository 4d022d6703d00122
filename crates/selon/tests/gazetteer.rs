//! Gazetteers of one's own: made of a dump or a list, read with, named in reports.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::path::Path;

use common::run;
use serde_json::Value;

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Runs `selon` and wants it to succeed.
fn ok(home: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(home, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

/// Runs `selon` and gives what it complains of.
fn complaint(home: &Path, arguments: &[&str]) -> String {
    let (code, _, err) = run(home, arguments);
    assert_ne!(code, 0, "{arguments:?}");
    err
}

fn report(home: &Path, text: &str, gazetteer: Option<&str>) -> Value {
    let mut arguments = vec!["read", "--json", "--lang", "fr", text];
    arguments.extend(gazetteer.iter().flat_map(|path| ["--gazetteer", path]));
    serde_json::from_str(&ok(home, &arguments)).unwrap()
}

/// The chosen candidate of the place written so.
fn chosen<'r>(report: &'r Value, words: &str) -> &'r Value {
    let places = report["places"].as_array().unwrap();
    let place = places.iter().find(|place| place.to_string().contains(&format!("\"{words}\""))).unwrap();
    match place["chosen"].as_u64() {
        Some(at) => &place["candidates"][at as usize],
        None => &Value::Null,
    }
}

const TEXT: &str = "Des obus sont tombés dans le quartier de Vardelune, à Alep.\n\nUn convoi est parti de la ville de Telmarouz pour rejoindre Alep.\n";

#[test]
fn a_list_of_ones_own() {
    let home = tempfile::tempdir().unwrap();
    let text = file(home.path(), "a.txt", TEXT);
    let before = report(home.path(), &text, None);
    assert!(chosen(&before, "Vardelune").is_null(), "no gazetteer has it");
    let list = file(
        home.path(),
        "places.csv",
        "name,names,lat,lon,within,feature,id\nVardelune,Fardelun|فردلون,36.19,37.13,170063,PPLX,\nTelmarouz,,35.5,37.5,geonames:170063,,b1\n",
    );
    let gazetteer = home.path().join("mine.gaz").display().to_string();
    let shown = ok(home.path(), &["gazetteer", "add", &list, "-o", &gazetteer]);
    assert!(shown.contains("list: places.csv, 2 places") && shown.contains("CC BY 4.0"), "{shown}");
    let after = report(home.path(), &text, Some(&gazetteer));
    assert_eq!(chosen(&after, "Vardelune")["id"], "user:places:2");
    assert_eq!(chosen(&after, "Telmarouz")["id"], "user:places:b1");
    assert_eq!(chosen(&after, "Telmarouz")["country"], "SY");
    assert_eq!(chosen(&after, "Alep")["id"], "geonames:170063");
    // Another gazetteer is another reading, and it says so.
    let digest = |report: &Value| report["engine"]["gazetteer"].as_str().unwrap().to_owned();
    assert!(digest(&after).starts_with("sha256:") && digest(&after) != digest(&before));
    assert_ne!(after["id"], before["id"]);
    let doctor = ok(home.path(), &["doctor", "--gazetteer", &gazetteer]);
    assert!(doctor.contains(&digest(&after)[7..23]), "{doctor}");
    // The same list gives the same bytes, and a list may be laid over another.
    let again = home.path().join("again.gaz").display().to_string();
    ok(home.path(), &["gazetteer", "add", &list, "-o", &again]);
    assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(&gazetteer).unwrap());
    let json = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 170063,
        "geometry": {"type": "Point", "coordinates": [37.1612, 36.2012]}, "properties": {"names": ["Halabine"]}}]}"#;
    let geojson = file(home.path(), "more.geojson", json);
    ok(home.path(), &["gazetteer", "add", &geojson, "--to", &gazetteer, "-o", &again]);
    let more = file(home.path(), "b.txt", "La ville d'Halabine est loin de la ville de Telmarouz, dit-on.\n");
    let both = report(home.path(), &more, Some(&again));
    assert_eq!(chosen(&both, "Halabine")["id"], "geonames:170063");
    assert_eq!(chosen(&both, "Telmarouz")["id"], "user:places:b1");
}

#[test]
fn what_is_wrong_with_a_list_is_said() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("x.gaz").display().to_string();
    for (text, said) in [
        ("title,lat\nA,1\n", "names no column \"name\""),
        ("name,lat,lon,height\nA,1,1,3\n", "there is no column height"),
        ("name,lat,lon\nA,91,1\n", "places.csv:2: lat \"91\" and lon \"1\" are no point"),
        ("name,lat,lon\nA,1,1\nB,,\n", "places.csv:3: it has no lat and lon"),
        ("name,lat,lon,country\nA,1,1,Syria\n", "country Syria: write a code of two letters"),
        ("name,lat,lon,within\nA,1,1,4294000000\n", "no place of the gazetteer has this GeoNames id"),
        ("name,lat,lon,id\nA,1,1,z\nB,1,1,z\n", "stands twice"),
        ("name,lat,lon\n", "it has no place"),
        ("{\"type\": \"Point\"}", "it is no FeatureCollection"),
    ] {
        let list = file(home.path(), "places.csv", text);
        let err = complaint(home.path(), &["gazetteer", "add", &list, "-o", &out]);
        assert!(err.contains(said), "{text}\n{err}");
        assert!(!Path::new(&out).exists(), "nothing is written for {text}");
    }
    let other = file(home.path(), "no.gaz", "no gazetteer");
    let text = file(home.path(), "a.txt", TEXT);
    let err = complaint(home.path(), &["read", &text, "--gazetteer", &other]);
    assert!(err.contains("no.gaz") && err.contains("it is no gazetteer file"), "{err}");
}

/// Rows in the form of a GeoNames dump, about places that do not exist.
const DUMP: &str = "\
99000001\tVardeland\tVardeland\tVardélande\t1.0\t2.0\tA\tADM1\tSY\t\t77\t\t\t\t500\t\t1\tAsia/Damascus\t2024-01-01
99000002\tQuorzum\tQuorzum\tKworzoum\t35.9\t37.9\tP\tPPL\tSY\t\t77\t\t\t\t900\t\t1\tAsia/Damascus\t2024-01-01
99000003\tElsewhere Hill\tElsewhere Hill\t\t1.0\t2.0\tT\tHLL\tSY\t\t77\t\t\t\t0\t\t1\tAsia/Damascus\t2024-01-01
";

#[test]
fn a_dump() {
    let home = tempfile::tempdir().unwrap();
    let dump = file(home.path(), "SY.txt", DUMP);
    let names =
        file(home.path(), "names.txt", "1\t99000002\tfr\tCorzomme\t\t\t\t\t\t\n2\t5\tfr\tX\t\t\t\t\t\t\n");
    let out = home.path().join("sy.gaz").display().to_string();
    let shown = ok(home.path(), &["gazetteer", "build", &dump, "--alternates", &names, "-o", &out]);
    assert!(shown.contains("dump: SY.txt, 2 places"), "{shown}");
    let text =
        file(home.path(), "a.txt", "Un convoi a quitté la ville de Corzomme pour la ville de Damas.\n");
    let read = report(home.path(), &text, Some(&out));
    assert_eq!(chosen(&read, "Corzomme")["id"], "geonames:99000002");
    assert_eq!(chosen(&read, "Damas")["id"], "geonames:170654", "the embedded places stay");
    let err = complaint(home.path(), &["gazetteer", "build", &dump, "--countries", "FR", "-o", &out]);
    assert!(err.contains("no place in it is of the countries and features asked for"), "{err}");
    let bad = file(home.path(), "bad.txt", &format!("{DUMP}12\tcut short\n"));
    let err = complaint(home.path(), &["gazetteer", "build", &bad, "-o", &out]);
    assert!(err.contains("bad.txt:4") && err.contains("2 columns, expected 19"), "{err}");
}
