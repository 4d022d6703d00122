//! The page lines of the acceptance cases S02 to S13 of the shared data: title, author, day,
//! language and body against the gold that lies beside each page. The texts belong to their
//! publishers and are no part of this repository: without them a test says so and is skipped.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use serde_json::Value;

mod common;
#[path = "common/records.rs"]
mod records;

use records::{list, report, shared};

/// The gold of a page in the file of a set: the object whose `file` it is.
fn trafilatura(page: &str) -> Option<(Value, Value)> {
    let record = report(&format!("pages/trafilatura/html/{page}"), &[])?;
    let gold = std::fs::read(shared("pages/trafilatura/gold.json")?).unwrap();
    let golds: serde_json::Map<String, Value> = serde_json::from_slice(&gold).unwrap();
    Some((record, golds.into_iter().find(|(_, gold)| gold["file"] == page).unwrap().1))
}

/// The gold of a page of fundus, by the version of its parser.
fn fundus(page: &str, gold: &str, version: &str) -> Option<(Value, Value)> {
    let record = report(&format!("pages/fundus/{page}"), &[])?;
    let gold: Value =
        serde_json::from_slice(&std::fs::read(shared(&format!("pages/fundus/{gold}"))?).unwrap()).unwrap();
    Some((record, gold[version].clone()))
}

/// Signs of one meaning written alike.
fn plain(words: &str) -> String {
    let words = words.replace(['’', '‘'], "'").replace(['“', '”', '„'], "\"").replace(['–', '—'], "-");
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn same_title(record: &Value, gold: &Value) {
    assert_eq!(
        plain(record["title"].as_str().unwrap()),
        plain(gold["title"].as_str().unwrap()),
        "{}",
        record["titles"]
    );
}

/// Kind and name of each author.
fn authors(record: &Value) -> Vec<(&str, &str)> {
    list(record, "authors")
        .iter()
        .map(|author| (author["kind"].as_str().unwrap(), author["name"].as_str().unwrap()))
        .collect()
}

/// The words of the blocks that are the article's own: no posts, no captions.
fn body(record: &Value) -> String {
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let own =
        list(record, "blocks").iter().filter(|block| block["kind"] != "post" && block["kind"] != "caption");
    let words = own.map(|block| {
        let at = |end: &str| block[end].as_u64().unwrap() as usize;
        text[at("start")..at("end")].iter().collect::<String>()
    });
    plain(&words.collect::<Vec<_>>().join("\n"))
}

/// What must be in the text is, posts included; what must not is not, and no comment is body.
fn segments(record: &Value, gold: &Value) {
    let text = plain(record["text"].as_str().unwrap());
    for words in list(gold, "with") {
        assert!(text.contains(&plain(words.as_str().unwrap())), "not in: {words}");
    }
    let body = body(record);
    for words in list(gold, "without").iter().chain(gold["comments"].as_array().into_iter().flatten()) {
        assert!(!body.contains(&plain(words.as_str().unwrap())), "in: {words}");
    }
}

/// The share of the gold's paragraphs that stand in the body whole.
fn paragraphs(record: &Value, gold: &Value) -> f64 {
    let body = body(record);
    let mut all = 0.0;
    let mut held = 0.0;
    for section in list(&gold["body"], "sections") {
        for words in list(section, "paragraphs") {
            all += 1.0;
            held += f64::from(u8::from(body.contains(&plain(words.as_str().unwrap()))));
        }
    }
    held / all
}

fn published(record: &Value) -> &str {
    record["published"]["edtf"].as_str().unwrap()
}

#[test]
fn s02_a_page_beside_its_post() {
    let Some((record, gold)) = trafilatura("bondyblog.fr.paris-8.html.gz") else { return };
    same_title(&record, &gold);
    assert_eq!(authors(&record), [("person", "Kab Niang")]);
    assert_eq!(published(&record).get(..10), Some("2020-02-17"));
    assert_eq!(record["language"]["tag"], "fr");
    segments(&record, &gold);
    let post = &list(&record, "posts")[0];
    for statement in list(&record, "statements").iter().filter(|statement| statement["post"].is_null()) {
        let at = |value: &Value, end: &str| value[end].as_u64().unwrap();
        assert!(
            at(statement, "end") <= at(post, "start") || at(statement, "start") >= at(post, "end"),
            "the article says what the post says: {statement}"
        );
    }
}

#[test]
fn s03_day_and_author() {
    let Some((record, gold)) = trafilatura("sciencesetavenir.fr.rumeur.html.gz") else { return };
    same_title(&record, &gold);
    assert_eq!(authors(&record), [("person", "Nicolas Gutierrez C.")]);
    assert_eq!(published(&record).get(..10), Some("2020-09-14"));
    assert_eq!(record["language"]["tag"], "fr");
    segments(&record, &gold);
}

#[test]
fn s04_an_outlet_and_an_agency_are_no_persons() {
    let Some((record, gold)) = fundus("fr/LeFigaro_2024_11_22.html.gz", "fr/LeFigaro.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    assert_eq!(authors(&record), [("outlet", "Le Figaro"), ("agency", "AFP")]);
    assert_eq!(published(&record), "2024-11-22T07:22:44+01:00");
    // The address holds the headline of an earlier hour; both are told, each as what it is.
    let address = record["canonicalUrl"].as_str().unwrap();
    assert!(address.contains("deux-morts-dans-des-frappes"), "{address}");
    let titles: Vec<&str> = list(&record, "titles").iter().map(|title| title.as_str().unwrap()).collect();
    assert!(titles.iter().any(|title| plain(title) == plain(gold["title"].as_str().unwrap())), "{titles:?}");
    assert!(titles.iter().any(|title| title.to_lowercase().contains("deux morts")), "{titles:?}");
}

#[test]
fn s05_title_author_instant_and_body() {
    let Some((record, gold)) = fundus("fr/LeMonde_2023_09_01.html.gz", "fr/LeMonde.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    // 12:52:08 in UTC, as the page states it.
    assert_eq!(published(&record), "2023-08-30T14:52:08+02:00");
    assert!(paragraphs(&record, &gold) >= 0.95, "{}", paragraphs(&record, &gold));
    // The gold names the newspaper, which the page's data calls its publisher; the author is the
    // one whom the data and the line under the title name.
    assert_eq!(gold["authors"], serde_json::json!(["Le Monde"]));
    let outlet = record["outlet"]["name"].as_str().unwrap();
    assert!(outlet.starts_with(gold["authors"][0].as_str().unwrap()), "{outlet}");
    let [(kind, name)] = authors(&record)[..] else { panic!("{:?}", authors(&record)) };
    assert_eq!(kind, "person");
    let page = std::fs::read(shared("pages/fundus/fr/LeMonde_2023_09_01.html.gz").unwrap()).unwrap();
    let mut markup = String::new();
    std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(&page[..]), &mut markup).unwrap();
    assert!(markup.contains(name), "{name} stands on the page");
}

#[test]
fn s06_a_russian_page() {
    let Some((record, gold)) = fundus("ru/Kommersant_2025_05_14.html.gz", "ru/Kommersant.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    assert_eq!(record["language"]["tag"], "ru");
    assert_eq!(authors(&record), [("person", "Андрей Колесников")]);
    assert_eq!(published(&record), "2025-05-14T20:28:12+03:00");
    assert!(paragraphs(&record, &gold) >= 0.95, "{}", paragraphs(&record, &gold));
}

#[test]
fn s07_the_words_decide_the_language() {
    let Some((record, gold)) = fundus("ua/Pravda_2026_01_08.html.gz", "ua/Pravda.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    assert_eq!(record["language"]["tag"], "ru");
    let wanted = list(&gold, "authors").iter().map(|name| ("person", name.as_str().unwrap()));
    assert_eq!(authors(&record), wanted.collect::<Vec<_>>());
}

#[test]
fn s08_an_arabic_page() {
    let Some(record) = report("pages/goose3/content/test_cnn_arabic.html.gz", &[]) else { return };
    assert_eq!(record["language"]["tag"], "ar");
    let gold = std::fs::read(shared("pages/goose3/content/test_cnn_arabic.json").unwrap()).unwrap();
    let gold: Value = serde_json::from_slice(&gold).unwrap();
    let wanted = plain(gold["expected"]["cleaned_text"].as_str().unwrap());
    assert!(body(&record).contains(&wanted), "{wanted}");
    let file = shared("pages/goose3/content/test_cnn_arabic.html.gz").unwrap();
    let home = tempfile::tempdir().unwrap();
    let shown = home.path().join("page.html");
    let (code, _, errors) =
        common::run(home.path(), &["read", file.to_str().unwrap(), "--html", shown.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    assert!(std::fs::read_to_string(shown).unwrap().contains("<p dir=\"rtl\">"));
}

#[test]
fn s09_a_spanish_page() {
    let Some((record, gold)) = fundus("es/ElDiario_2025_05_29.html.gz", "es/ElDiario.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    assert_eq!(authors(&record), [("person", "Alberto Órfão")]);
    assert_eq!(published(&record), "2025-05-25T16:51:39+02:00");
}

#[test]
fn s10_title_and_day() {
    let Some((record, gold)) = fundus("us/Reuters_2023_05_16.html.gz", "us/Reuters.json", "V1") else {
        return;
    };
    same_title(&record, &gold);
    assert_eq!(published(&record).get(..10), Some("2023-04-25"));
}

#[test]
fn s11_comments_are_no_body() {
    let Some((record, gold)) = trafilatura("fr.de.nordkorea.html.gz") else { return };
    assert_eq!(published(&record).get(..10), Some("2020-05-04"));
    assert_eq!(authors(&record), [("outlet", "FR"), ("agency", "dpa")]);
    segments(&record, &gold);
}

#[test]
fn s13_a_spanish_page_of_rendered_posts() {
    let Some((record, gold)) = trafilatura("eltiempo.com-candidatos.html.gz") else { return };
    same_title(&record, &gold);
    assert_eq!(record["language"]["tag"], "es");
    segments(&record, &gold);
}
