//! Sentences of our own, and what they name.

use selon_model::{PlaceRole, Text};

use super::{PlaceContext, find_places};
use crate::pack::Packs;

/// `words role id [government] [within]`, one line a place.
fn read(lang: &str, string: &str) -> String {
    let packs = Packs::embedded();
    let lang = selon_model::Lang::new(lang).expect("a tag");
    let pack = packs.pack(&lang).expect("a pack");
    let text = Text { string: string.to_owned(), blocks: Vec::new() };
    let places = find_places(&PlaceContext { text: &text, pack, packs, outlet: None });
    let mut lines = Vec::new();
    for place in &places {
        let role = match place.role {
            PlaceRole::Place => "place",
            PlaceRole::Metonym => "metonym",
            PlaceRole::Demonym => "demonym",
        };
        let id = place.choice().map_or("-", |choice| choice.id.0.as_str());
        let mut line = format!("{} {role} {id}", text.words(place.span));
        if let Some(government) = &place.government {
            line.push_str(&format!(" government={government}"));
        }
        if let Some(within) = &place.within {
            line.push_str(&format!(" within={within}"));
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn check(lang: &str, text: &str, expected: &[&str]) {
    assert_eq!(read(lang, text), expected.join("\n"), "{text}");
}

#[test]
fn french() {
    check("fr", "Les rues d'Alep sont vides.", &["Alep place geonames:170063"]);
    check(
        "fr",
        "Des tirs dans le quartier de Salaheddine, à Alep.",
        &["Salaheddine place - within=geonames:170063", "Alep place geonames:170063"],
    );
    check(
        "fr",
        "Alors que Washington presse depuis plusieurs jours Moscou de céder, la Russie a refusé.",
        &[
            "Washington metonym geonames:4140963 government=US",
            "Moscou metonym geonames:524901 government=RU",
            "Russie metonym geonames:2017370 government=RU",
        ],
    );
    check(
        "fr",
        "L'armée syrienne est à Homs.",
        &["syrienne demonym geonames:163843 government=SY", "Homs place geonames:169577"],
    );
    check(
        "fr",
        "Un projet rejeté par les Etats-Unis.",
        &["Etats-Unis metonym geonames:6252001 government=US"],
    );
    check(
        "fr",
        "La ville de Telmarouz est sous les eaux. Rien ne va plus à Telmarouz.",
        &["Telmarouz place -", "Telmarouz place -"],
    );
    check("fr", "M. Paris et Mme Florence Nice ont voté.", &[]);
    check("fr", "Tours et détours.", &[]);
    check("fr", "Il vit à Tours.", &["Tours place geonames:2972191"]);
}

#[test]
fn english() {
    check(
        "en",
        "He flew from Athens, Georgia, to Paris, Texas.",
        &[
            "Athens place geonames:4180386",
            "Georgia place geonames:4197000",
            "Paris place geonames:4717560",
            "Texas place geonames:4736286",
        ],
    );
    check("en", "Moscow has repeatedly denied it.", &["Moscow metonym geonames:524901 government=RU"]);
    check("en", "They say that Mr Washington met Paris Hilton and President Lincoln there.", &[]);
    check("en", "Civilians fled Idlib province.", &["Idlib place geonames:169387"]);
    check("en", "U.S. officials denied it.", &["U.S. metonym geonames:6252001 government=US"]);
    check("en", "#Aleppo is quiet", &["Aleppo place geonames:170063"]);
}

#[test]
fn arabic() {
    check("ar", "قصفت الطائرات مدينة حلب.", &["حلب place geonames:170063"]);
    check("ar", "قال الرئيس إن الجيش دخل إلى دمشق.", &["دمشق place geonames:170654"]);
}

#[test]
fn one_place_for_the_spellings_of_a_name() {
    for name in ["Qamishli", "al-Qameshli", "al-Qamishli"] {
        assert!(
            read("en", &format!("A blast in {name} on Wednesday.")).ends_with("place geonames:173377"),
            "{name}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "([A-Z][a-z]{0,9}|[a-z]{1,5}|[ ,.'#-]|Alep|quartier de|حلب|\\PC){0,40}") {
        for lang in ["fr", "en", "ar"] {
            let _ = read(lang, &text);
        }
    }
}

/// Every row of a table of names has an example in which it is found.
#[test]
fn examples_of_the_packs_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let mut wrong = Vec::new();
    for (file, lang) in [
        ("abbreviations.tsv", "en"),
        ("regions.tsv", "en"),
        ("en/demonyms.tsv", "en"),
        ("en/places.tsv", "en"),
        ("fr/demonyms.tsv", "fr"),
        ("fr/places.tsv", "fr"),
        ("ar/demonyms.tsv", "ar"),
        ("ar/places.tsv", "ar"),
        ("uk/places.tsv", "uk"),
    ] {
        let table = std::fs::read_to_string(format!("{folder}/{file}")).expect("a table");
        let mut rows = table.lines().filter(|line| !line.starts_with('#'));
        let header: Vec<&str> = rows.next().expect("a header").split('\t').collect();
        let column = |name: &str| header.iter().position(|column| *column == name);
        let (id, place, example) = (column("id"), column("place"), column("example"));
        for row in rows {
            let cells: Vec<&str> = row.split('\t').collect();
            let id = id.and_then(|at| cells.get(at)).expect("an id");
            let example = example.and_then(|at| cells.get(at)).expect("an example");
            let found = read(lang, example);
            let expected = match place.and_then(|at| cells.get(at)) {
                Some(place) if place.len() == 2 => String::new(),
                Some(place) => (*place).to_owned(),
                None => (*id).to_owned(),
            };
            if found.is_empty() || !found.contains(expected.as_str()) {
                wrong.push(format!("{id}: {example} -> {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}
