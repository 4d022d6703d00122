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
    let places = find_places(&PlaceContext { text: &text, pack, packs, outlet: None }, &mut Vec::new());
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

/// Rings on a map: towns by their people, quarters as parts of a town, countries none.
#[test]
fn towns_reach_as_far_as_their_people_need() {
    let radii = |lang: &str, string: &str| -> Vec<Option<f32>> {
        let packs = Packs::embedded();
        let pack = packs.pack(&selon_model::Lang::new(lang).expect("a tag")).expect("a pack");
        let text = Text { string: string.to_owned(), blocks: Vec::new() };
        let places = find_places(&PlaceContext { text: &text, pack, packs, outlet: None }, &mut Vec::new());
        places.iter().map(|place| place.radius_km).collect()
    };
    let found = radii("en", "He left Aleppo in Syria for Manbij, then for London.");
    let [Some(aleppo), None, Some(manbij), Some(london)] = found[..] else { panic!("{found:?}") };
    assert!(manbij < 4.0 && aleppo > 8.0 && london > 20.0, "{found:?}");
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

/// Spans in bounds, on characters and in order; what is chosen is among the candidates.
fn holds(lang: &str, string: &str) -> Result<(), proptest::test_runner::TestCaseError> {
    use proptest::prop_assert;
    let packs = Packs::embedded();
    let pack = packs.pack(&selon_model::Lang::new(lang).expect("a tag")).expect("a pack");
    let text = Text { string: string.to_owned(), blocks: Vec::new() };
    let places = find_places(&PlaceContext { text: &text, pack, packs, outlet: None }, &mut Vec::new());
    let mut from = 0;
    for place in &places {
        let words = string.get(place.span.range());
        prop_assert!(
            words.is_some_and(|words| !words.trim().is_empty()),
            "{lang}: {string:?}: {:?}",
            place.span
        );
        prop_assert!(place.span.from() >= from, "{lang}: {string:?}: spans are out of order");
        from = place.span.from();
        prop_assert!(place.chosen.is_none_or(|at| usize::from(at) < place.candidates.len()));
        prop_assert!((0.0..=1.0).contains(&place.confidence));
        for candidate in &place.candidates {
            prop_assert!(candidate.lat.abs() <= 90.0 && candidate.lon.abs() <= 180.0);
        }
    }
    Ok(())
}

const LANGUAGES: [&str; 7] = ["fr", "en", "ar", "ru", "uk", "es", "de"];

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        for lang in LANGUAGES {
            holds(lang, &text)?;
        }
    }

    /// Texts made of what matters: names, heads, links, marks, in either direction.
    #[test]
    fn texts_of_names_are_read(text in "([A-Z][a-z]{0,9}|[a-z]{1,5}|[ ,.'’#(\\-]|Alep|Paris|Texas|quartier de|city of|suburb|'s|al-|حلب|مدينة|و|Київ|области|\u{202B}|\\n|\\PC){0,40}") {
        for lang in LANGUAGES {
            holds(lang, &text)?;
        }
    }
}

/// The shortest of three readings of a text, in seconds.
fn shortest(string: &str) -> f64 {
    let once = || {
        let started = std::time::Instant::now();
        let _ = read("en", string);
        started.elapsed().as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::MAX, f64::min)
}

/// Eight times the text takes about eight times the time (see the tests of times), of whatever names and heads it is made.
#[test]
fn eight_times_the_text_takes_about_eight_times_the_time() {
    for piece in [
        "Paris, ",
        "Springfield and ",
        "village of Telmarouz ",
        "The Telmarouz neighbourhood is calm. Aleppo is empty. ",
        "Mr Lincoln ",
        "1998 ",
        ", ",
        "Paris Texas ",
    ] {
        let text = |bytes: usize| piece.repeat(bytes / piece.len());
        let (one, eight) = (shortest(&text(15_000)), shortest(&text(120_000)));
        assert!(eight < 24.0 * one + 0.2, "{piece:?}: {one:.3} s, eight times as much {eight:.3} s");
    }
}

/// So many different names, known and unknown.
fn names(count: usize) -> String {
    let letters = |mut n: usize| {
        let mut name = String::from("X");
        for _ in 0..5 {
            name.push(char::from(b'a' + (n % 26) as u8));
            n /= 26;
        }
        name
    };
    let known = ["Paris", "Springfield", "Aleppo", "Moscow", "Georgia", "Clinton", "Salem", "Kyiv"];
    (0..count).map(|n| format!("village of {}, in {}, ", letters(n), known[n % known.len()])).collect()
}

#[test]
fn eight_times_the_names_take_about_eight_times_the_time() {
    let (one, eight) = (shortest(&names(750)), shortest(&names(6_000)));
    assert!(eight < 24.0 * one + 0.2, "{one:.3} s, eight times as many {eight:.3} s");
}

#[test]
fn ten_megabytes_are_read() {
    for piece in ["1998", "Springfield ", ", ", "Aaa Bbb "] {
        let started = std::time::Instant::now();
        let found = read("en", &piece.repeat(10_000_000 / piece.len()));
        let took = started.elapsed();
        assert!(took.as_secs() < 300, "{piece:?} took {took:?}");
        assert!(piece.starts_with('S') || found.is_empty(), "{piece:?} names no place");
    }
}

#[test]
fn names_lie_in_the_town_beside_them() {
    check(
        "en",
        "A bomb exploded in Mogadishu's Telmarouz neighbourhood.",
        &["Mogadishu place geonames:53654", "Telmarouz place - within=geonames:53654"],
    );
    check(
        "en",
        "Residents of the Telmarouz suburb of Damascus fled.",
        &["Telmarouz place - within=geonames:170654", "Damascus place geonames:170654"],
    );
    check(
        "en",
        "In the city the Syrian Observatory said so.",
        &["Syrian demonym geonames:163843 government=SY"],
    );
    check("en", "They took a stronghold of the Telmarouz group.", &[]);
    check("en", "They say that Mr Lincoln Washington spoke there.", &[]);
    check("fr", "Kiev dit avoir gagné.", &["Kiev metonym geonames:703448 government=UA"]);
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

/// "the Salaheddine district of Aleppo" is a part of Aleppo; "the Damascus suburb of Daraya" is Daraya.
#[test]
fn the_noun_of_a_part_belongs_to_the_name_that_is_no_city() {
    check(
        "en",
        "Shelling hit the Salaheddine district of Aleppo on Monday.",
        &["Salaheddine place - within=geonames:170063", "Aleppo place geonames:170063"],
    );
    check(
        "en",
        "Drones hit the Saltivka district of Kharkiv.",
        &["Saltivka place geonames:6722148", "Kharkiv place geonames:706483"],
    );
    check(
        "en",
        "Clashes in the Damascus suburb of Daraya went on.",
        &["Damascus place geonames:170654", "Daraya place geonames:170892"],
    );
}

#[test]
fn towns_of_one_name_in_two_countries() {
    check(
        "en",
        "Three died in Tripoli, Lebanon. Fighting raged south of Tripoli, the capital of Libya.",
        &[
            "Tripoli place geonames:266826",
            "Lebanon place geonames:272103",
            "Tripoli place geonames:2210247",
            "Libya place geonames:2215636",
        ],
    );
    check(
        "fr",
        "Ils sont morts à Tripoli, au Liban.",
        &["Tripoli place geonames:266826", "Liban place geonames:272103"],
    );
    check(
        "fr",
        "Ils sont morts à Tripoli, dans le nord du Liban.",
        &["Tripoli place geonames:266826", "Liban place geonames:272103"],
    );
    check(
        "en",
        "A car bomb exploded in Tripoli, northern Lebanon.",
        &["Tripoli place geonames:266826", "Lebanon place geonames:272103"],
    );
    // What stands after the comma need not hold the town.
    check(
        "en",
        "They fled from Tripoli, to Lebanon.",
        &["Tripoli place geonames:2210247", "Lebanon place geonames:272103"],
    );
    check(
        "fr",
        "Il travaille à Londres (France 2).",
        &["Londres place geonames:2643743", "France place geonames:3017382"],
    );
    // The gazetteer knows no Cordoue but the one in Spain: no place, rather than a wrong one.
    check(
        "fr",
        "Le groupe est né à Cordoue (Argentine).",
        &["Cordoue place -", "Argentine place geonames:3865483"],
    );
}

#[test]
fn what_a_town_suffers_is_no_act_of_a_government() {
    check("en", "They fled when Damascus was shelled.", &["Damascus place geonames:170654"]);
    check("en", "Moscow was accused of it.", &["Moscow metonym geonames:524901 government=RU"]);
}

#[test]
fn persons_with_names_of_places() {
    for text in ["They praised George Washington.", "They say Chad Smith left.", "They say Israel Katz left."]
    {
        check("en", text, &[]);
    }
    check("fr", "Ils disent que Jean-Luc Marseille parle.", &[]);
    check("fr", "Ils disent que France Gall est morte.", &[]);
}

#[test]
fn names_that_go_on() {
    check(
        "fr",
        "Des tirs dans le quartier de Bab al-Tabbaneh à Tripoli.",
        &["Bab al-Tabbaneh place - within=geonames:2210247", "Tripoli place geonames:2210247"],
    );
    check(
        "fr",
        "Des tirs dans le quartier d'Achrafieh de Beyrouth.",
        &["Achrafieh place - within=geonames:276781", "Beyrouth place geonames:276781"],
    );
}

#[test]
fn units_and_countries_of_one_name() {
    check(
        "en",
        "Wildfires spread in Georgia, near Atlanta.",
        &["Georgia place geonames:4197000", "Atlanta place geonames:4180439"],
    );
    check("en", "Wildfires spread in Georgia.", &["Georgia place geonames:614540"]);
}

#[test]
fn countries_by_their_common_names() {
    check("fr", "Ils vivent en Arabie saoudite.", &["Arabie saoudite place geonames:102358"]);
    check("fr", "Une lettre du Canada est arrivée.", &["Canada place geonames:6251999"]);
    check("es", "Una carta de Francia llegó.", &["Francia place geonames:3017382"]);
    check("en", "They fled to Jordan.", &["Jordan place geonames:248816"]);
}

#[test]
fn the_town_of_a_title_is_no_person() {
    check("ru", "Мэр Харькова Игорь Терехов сообщил о взрыве.", &["Харькова place geonames:706483"]);
    check("fr", "Jean Marseille parle. Il vit à Marseille.", &["Marseille place geonames:2995469"]);
}

#[test]
fn more_names_than_a_book_has_are_cut_with_a_note() {
    let packs = Packs::embedded();
    let pack = packs.pack(&selon_model::Lang::new("en").expect("a tag")).expect("a pack");
    let text = Text { string: "in Paris, ".repeat(super::scan::MOST_NAMES + 1), blocks: Vec::new() };
    let mut notes = Vec::new();
    let places = find_places(&PlaceContext { text: &text, pack, packs, outlet: None }, &mut notes);
    assert_eq!(places.len(), super::scan::MOST_NAMES);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].code, "limit");
}
