//! The date and place lines of the acceptance cases S01, S04, S06 to S10 and S19 of the shared
//! data, in the record as anybody gets it. The texts belong to their publishers and are no part of
//! this repository: without them a test says so and is skipped. Expected values are days, ids of
//! GeoNames and the few words that the cases themselves name.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use serde_json::Value;

mod common;
#[path = "common/records.rs"]
mod records;

use records::{list, report, reports, shared};

/// Each expression with these words.
fn times<'v>(record: &'v Value, words: &str) -> Vec<&'v Value> {
    let of: Vec<&Value> = list(record, "times").iter().filter(|time| time["text"] == words).collect();
    assert!(!of.is_empty(), "no time {words:?}");
    of
}

/// What a place was taken for: an id, or nothing.
fn chosen(place: &Value) -> Option<&str> {
    let at = place["chosen"].as_u64()? as usize;
    place["candidates"][at]["id"].as_str()
}

fn places<'v>(record: &'v Value, words: &str) -> Vec<&'v Value> {
    let of: Vec<&Value> = list(record, "places").iter().filter(|place| place["text"] == words).collect();
    assert!(!of.is_empty(), "no place {words:?}");
    of
}

const ALEPPO: &str = "geonames:170063";
const SUMY: &str = "geonames:692194";
const QAMISHLI: &str = "geonames:173377";

#[test]
fn s01_the_year_comes_from_the_posts() {
    let Some(record) = report("inputs/plaintext/seed-aleppo-2016-12-12.fr.txt", &[]) else { return };
    let day = times(&record, "ce lundi 12 décembre")[0];
    assert_eq!(day["value"], "2016-12-12");
    assert_eq!(day["flags"], serde_json::json!(["year_inferred"]));
    assert_eq!(
        (&record["published"]["edtf"], &record["published"]["inferred"]),
        (&"2016-12-12".into(), &true.into())
    );
    let lengths = times(&record, "plus de cinq ans");
    assert_eq!(lengths.len(), 2);
    for length in lengths {
        assert_eq!(
            (&length["type"], &length["value"], &length["mod"]),
            (&"DURATION".into(), &"P5Y".into(), &"MORE_THAN".into())
        );
    }
    assert!(list(&record, "figures").iter().all(|figure| figure["text"] != "plus de cinq ans"));
    for name in ["Alep", "Aleppo"] {
        assert!(places(&record, name).into_iter().all(|place| chosen(place) == Some(ALEPPO)), "{name}");
    }
    for quarter in places(&record, "Salaheddine") {
        assert_eq!(
            (chosen(quarter), quarter["within"].as_str()),
            (None, Some(ALEPPO)),
            "never another Salaheddine"
        );
    }
}

#[test]
fn s04_two_dead_at_sumy_on_that_friday() {
    let Some(record) = report("pages/fundus/fr/LeFigaro_2024_11_22.html.gz", &[]) else { return };
    assert_eq!(record["published"]["edtf"], "2024-11-22T07:22:44+01:00");
    assert_eq!(times(&record, "ce vendredi 22 novembre")[0]["value"], "2024-11-22");
    assert!(places(&record, "Soumy").into_iter().all(|place| chosen(place) == Some(SUMY)));
    let figure =
        list(&record, "figures").iter().find(|figure| figure["text"] == "au moins deux morts").unwrap();
    assert_eq!((&figure["quantity"]["op"], figure["quantity"]["lower"].as_f64()), (&">=".into(), Some(2.0)));
    assert_eq!(figure["window"]["edtf"], "2024-11-22");
    let place = &list(&record, "places")[figure["place"].as_u64().unwrap() as usize];
    assert_eq!(chosen(place), Some(SUMY));
}

#[test]
fn s06_a_day_without_its_year() {
    let Some(record) = report("pages/fundus/ru/Kommersant_2025_05_14.html.gz", &[]) else { return };
    assert_eq!(record["published"]["edtf"], "2025-05-14T20:28:12+03:00");
    assert!(times(&record, "14 мая").into_iter().all(|time| time["value"] == "2025-05-14"));
}

#[test]
fn s07_a_day_with_its_year() {
    let Some(record) = report("pages/fundus/ua/Pravda_2026_01_08.html.gz", &[]) else { return };
    let day = times(&record, "13 декабря 2022 года")[0];
    assert_eq!((&day["value"], &day["from"]), (&"2022-12-13".into(), &"2022-12-13T00:00:00".into()));
}

#[test]
fn s08_the_day_is_in_the_address() {
    let url = "http://arabic.cnn.com/2013/middle_east/8/3/syria.clashes/index.html";
    let Some(record) = report("pages/goose3/content/test_cnn_arabic.html.gz", &["--url", url]) else {
        return;
    };
    assert_eq!(record["published"]["edtf"], "2013-08-03");
    for place in list(&record, "places") {
        let country = &place["candidates"][0]["country"];
        assert!(matches!(country.as_str(), None | Some("SY" | "IQ" | "GB")), "{place}");
    }
}

#[test]
fn s09_the_time_of_a_post_comes_from_its_id() {
    let Some(record) = report("pages/fundus/es/ElDiario_2025_05_29.html.gz", &[]) else { return };
    assert_eq!(record["published"]["edtf"], "2025-05-25T16:51:39+02:00");
    let post = &record["posts"][0];
    assert_eq!(post["statusId"], "1926719756263993519");
    assert_eq!((&post["postedFrom"], &post["posted"]["inferred"]), (&"id".into(), &true.into()));
    assert_eq!(post["posted"]["edtf"], "2025-05-25T19:19:21Z");
}

#[test]
fn s10_the_day_of_the_gold() {
    let Some(record) = report("pages/fundus/us/Reuters_2023_05_16.html.gz", &[]) else { return };
    assert!(record["published"]["edtf"].as_str().unwrap().starts_with("2023-04-25"));
}

#[test]
fn s19_three_spellings_are_one_place() {
    let Some(file) = shared("events/fa-kes/FA-KES-shared.csv") else { return };
    let units = ["1923848165", "1923848164", "1924058172", "1965511170", "1919191742"];
    let records = reports(&file, &[]);
    let mut spellings = std::collections::BTreeSet::new();
    for unit in units {
        let record = records.iter().find(|record| record["input"]["id"] == unit).unwrap();
        let day = record["published"]["edtf"].as_str();
        assert_eq!(day, Some("2016-07-27"), "{unit}");
        let mut named = 0;
        for place in list(record, "places") {
            let words = place["text"].as_str().unwrap();
            if words.contains("mishli") || words.contains("meshli") {
                assert_eq!(chosen(place), Some(QAMISHLI), "{unit}: {words}");
                spellings.insert(words);
                named += 1;
            }
        }
        assert!(named > 0, "{unit}: the town is not found");
    }
    assert!(spellings.is_superset(&["Qamishli", "al-Qameshli", "al-Qamishli"].into()), "{spellings:?}");
}
