//! The acceptance cases S01 to S13 of the shared data: what they say of pages, dates, authors and
//! posts. The pages belong to their publishers and are no part of this repository: without them
//! the test says so and is skipped. Expected values are names, days, ids and single words.

use std::io::Read;
use std::path::{Path, PathBuf};

use selon_model::{AuthorKind, BlockKind, EmbeddedPost, PostState, Report};
use selon_read::{Document, Hints, Media, Packs, read_layout};

fn shared() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.join("CASES.md").exists() {
        eprintln!("skipped: no shared data beside the repository");
        return None;
    }
    Some(data)
}

fn page(path: &str, url: Option<&str>) -> Option<Report> {
    let bytes = std::fs::read(shared()?.join(path)).expect("a case of the shared data");
    let media = if path.ends_with(".txt") { Media::Plain } else { Media::Html };
    let hints = Hints { url: url.map(str::to_owned), ..Hints::default() };
    let document = Document { payload: &bytes, media, hints, ..Document::default() };
    Some(read_layout(&document, Packs::embedded()).remove(0))
}

fn json(path: &str) -> serde_json::Value {
    let bytes = std::fs::read(shared().expect("asked before").join(path)).expect("gold of the shared data");
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    serde_json::from_str(&text).expect("JSON")
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(report: &Report) -> Vec<&str> {
    report.authors.iter().map(|author| author.name.as_str()).collect()
}

fn language(report: &Report) -> &str {
    report.language.tag.as_ref().map_or("", |tag| tag.as_str())
}

fn day(report: &Report) -> String {
    report.published.as_ref().and_then(|when| when.date()).map_or_else(String::new, |day| day.to_string())
}

fn instant(report: &Report) -> &str {
    report.published.as_ref().and_then(|when| when.edtf.as_deref()).unwrap_or("")
}

fn x_posts(report: &Report) -> Vec<&EmbeddedPost> {
    report.posts.iter().filter(|post| post.platform == "x").collect()
}

fn posted(post: &EmbeddedPost) -> String {
    post.posted.as_ref().and_then(|when| when.date()).map_or_else(String::new, |day| day.to_string())
}

fn handles<'r>(posts: &[&'r EmbeddedPost]) -> Vec<&'r str> {
    posts.iter().map(|post| post.author.handle.as_deref().unwrap_or("")).collect()
}

/// Whether `words` stand in the body (captions are blocks of their own), white space aside.
fn holds(report: &Report, words: &str) -> bool {
    let blocks = report.text.blocks.iter().filter(|block| block.kind != BlockKind::Caption);
    let body: Vec<&str> = blocks.map(|block| block.span.of(&report.text.string)).collect();
    one_space(&body.join("\n")).contains(&one_space(words))
}

fn segments(report: &Report, gold: &str, file: &str) {
    let gold = json(gold);
    let entry = gold
        .as_object()
        .expect("an object")
        .values()
        .find(|entry| {
            entry.get("file").and_then(|name| name.as_str()).is_some_and(|name| name.contains(file))
        })
        .expect("gold of the page");
    for (key, expected) in [("with", true), ("without", false)] {
        for words in entry[key].as_array().into_iter().flatten().filter_map(|words| words.as_str()) {
            assert_eq!(holds(report, words), expected, "{file}: {key} \"{words}\"");
        }
    }
}

#[test]
fn s01_posts_of_the_remnant() {
    let Some(report) = page("inputs/plaintext/seed-aleppo-2016-12-12.fr.txt", None) else { return };
    let posts = x_posts(&report);
    let expected = [
        "LizziePhelan",
        "LizziePhelan",
        "LizziePhelan",
        "BBassem7",
        "IvanSidorenko1",
        "sahouraxo",
        "MailOnline",
        "RTenfrancais",
    ];
    assert_eq!(handles(&posts), expected);
    let days: Vec<String> = posts.iter().map(|post| posted(post)).collect();
    assert!(days[..7].iter().all(|day| day == "2016-12-12") && days[7] == "2016-12-08", "{days:?}");
    assert_eq!(language(&report), "fr");
    assert!(report.title_markers.iter().any(|marker| marker == "VIDEOS"), "{:?}", report.title_markers);
    assert!(names(&report).is_empty(), "no byline is invented");
}

#[test]
fn s02_a_french_page_with_a_post() {
    let Some(report) = page("pages/trafilatura/html/bondyblog.fr.paris-8.html.gz", None) else { return };
    let title = report.title.as_deref().unwrap_or("").replace('’', "'");
    assert_eq!(title, "A Paris-8, un peu de tension, beaucoup d'actions");
    assert_eq!(
        (names(&report), day(&report).as_str(), language(&report)),
        (vec!["Kab Niang"], "2020-02-17", "fr")
    );
    segments(&report, "pages/trafilatura/gold.json", "bondyblog.fr.paris-8");
    let posts = x_posts(&report);
    assert_eq!(handles(&posts), ["SolidairesEtuP8"]);
    assert!(posts[0].text.is_some_and(|span| span.of(&report.text.string).contains("reconctible")));
}

#[test]
fn s03_posts_in_two_languages() {
    let Some(report) = page("pages/trafilatura/html/sciencesetavenir.fr.rumeur.html.gz", None) else {
        return;
    };
    assert_eq!((names(&report), day(&report).as_str()), (vec!["Nicolas Gutierrez C."], "2020-09-14"));
    let posts = x_posts(&report);
    let ids: Vec<&str> = posts.iter().filter_map(|post| post.status_id.as_deref()).collect();
    assert!(ids.contains(&"1239650597906898947") && ids.contains(&"1241367239900778501"), "{ids:?}");
    let languages: Vec<&str> =
        posts.iter().map(|post| post.language.as_ref().map_or("", |tag| tag.as_str())).collect();
    assert_eq!(languages, ["en", "en", "fr"]);
    assert!(posts[2].hashtags.iter().any(|tag| tag.contains("COVID\u{30FC}19")), "{:?}", posts[2].hashtags);
}

#[test]
fn s04_an_outlet_and_an_agency() {
    let url = "https://www.lefigaro.fr/international/guerre-en-ukraine";
    let Some(report) = page("pages/fundus/fr/LeFigaro_2024_11_22.html.gz", Some(url)) else { return };
    let gold = json("pages/fundus/fr/LeFigaro.json");
    assert_eq!(report.title.as_deref().map(one_space), gold["V1"]["title"].as_str().map(one_space));
    let kinds: Vec<AuthorKind> = report.authors.iter().map(|author| author.kind).collect();
    assert_eq!(kinds, [AuthorKind::Outlet, AuthorKind::Agency], "{:?}", report.authors);
    assert_eq!(instant(&report), "2024-11-22T07:22:44+01:00");
}

#[test]
fn s05_brackets_inside_guillemets() {
    let Some(report) = page("pages/fundus/fr/LeMonde_2023_09_01.html.gz", None) else { return };
    let gold = json("pages/fundus/fr/LeMonde.json");
    let gold = gold.as_object().expect("versions").values().next().expect("a version");
    assert_eq!(report.title.as_deref().map(one_space), gold["title"].as_str().map(one_space));
    let instant: jiff::Timestamp = instant(&report).parse().expect("a time with its zone");
    assert_eq!(instant.to_string(), "2023-08-30T12:52:08Z");
    assert!(holds(&report, "arrivée avec [s]on ordre du jour"));
}

#[test]
fn s06_and_s07_russian_pages() {
    let Some(report) = page("pages/fundus/ru/Kommersant_2025_05_14.html.gz", None) else { return };
    assert_eq!(language(&report), "ru");
    assert_eq!(report.title.as_deref(), Some("Легкий троннинг"));
    assert_eq!(names(&report), ["Андрей Колесников"]);
    assert_eq!(instant(&report), "2025-05-14T20:28:12+03:00");
    let gold = json("pages/fundus/ru/Kommersant.json");
    let gold = gold.as_object().expect("versions").values().next().expect("a version");
    let paragraphs: Vec<&str> = gold["body"]["sections"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|section| section["paragraphs"].as_array().into_iter().flatten())
        .filter_map(|words| words.as_str())
        .collect();
    let found = paragraphs.iter().filter(|words| holds(&report, words)).count();
    assert!(found * 100 >= paragraphs.len() * 95, "{found} of {}", paragraphs.len());

    let url = "https://www.pravda.com.ua/rus/news/";
    let Some(report) = page("pages/fundus/ua/Pravda_2026_01_08.html.gz", Some(url)) else { return };
    assert_eq!(language(&report), "ru");
    assert_eq!(report.authors.len(), 3, "{:?}", names(&report));
}

#[test]
fn s08_an_arabic_page() {
    let url = "http://arabic.cnn.com/2013/middle_east/8/3/syria.clashes/index.html";
    let Some(report) = page("pages/goose3/content/test_cnn_arabic.html.gz", Some(url)) else { return };
    assert_eq!((language(&report), day(&report).as_str()), ("ar", "2013-08-03"));
    let gold = json("pages/goose3/content/test_cnn_arabic.json");
    let gold = gold["expected"]["cleaned_text"].as_str().expect("a text");
    let first: String = gold.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    assert!(holds(&report, &first), "{first}");
}

#[test]
fn s09_a_post_without_words() {
    let Some(report) = page("pages/fundus/es/ElDiario_2025_05_29.html.gz", None) else { return };
    assert_eq!((names(&report), instant(&report)), (vec!["Alberto Órfão"], "2025-05-25T16:51:39+02:00"));
    let posts = x_posts(&report);
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].status_id.as_deref(), Some("1926719756263993519"));
    assert_eq!((posts[0].text, posts[0].author.handle.as_deref()), (None, None));
}

#[test]
fn s10_words_in_a_script() {
    let Some(report) = page("pages/fundus/us/Reuters_2023_05_16.html.gz", None) else { return };
    let gold = json("pages/fundus/us/Reuters.json");
    let titles: Vec<&str> =
        gold.as_object().expect("versions").values().filter_map(|gold| gold["title"].as_str()).collect();
    assert!(titles.contains(&report.title.as_deref().unwrap_or("")), "{:?}", report.title);
    assert_eq!(day(&report), "2023-04-25");
    let posts = x_posts(&report);
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].status_id.as_deref(), Some("1650785681021759488"));
    assert_eq!(posts[0].language.as_ref().map(|tag| tag.as_str()), Some("ne"));
}

#[test]
fn s11_a_german_page_without_its_comments() {
    let Some(report) = page("pages/trafilatura/html/fr.de.nordkorea.html.gz", None) else { return };
    let kinds: Vec<AuthorKind> = report.authors.iter().map(|author| author.kind).collect();
    assert_eq!(names(&report), ["FR", "dpa"]);
    assert_eq!(kinds, [AuthorKind::Outlet, AuthorKind::Agency]);
    assert_eq!(day(&report), "2020-05-04");
    let posts = x_posts(&report);
    assert_eq!(handles(&posts), ["realDonaldTrump", "robbystarbuck"]);
    assert_eq!((posted(posts[0]), posted(posts[1])), ("2020-05-02".into(), "2020-04-21".into()));
    let gold = json("pages/trafilatura/gold.json");
    for entry in gold.as_object().expect("an object").values() {
        if entry["file"].as_str().is_some_and(|file| file.contains("fr.de.nordkorea")) {
            let comments =
                entry["comments"].as_array().into_iter().flatten().filter_map(|words| words.as_str());
            comments.for_each(|words| assert!(!holds(&report, words), "{words}"));
        }
    }
}

#[test]
fn s12_and_s13_posts_with_and_without_words() {
    let Some(report) = page("pages/postlight/www.westernjournalism.com.html.gz", None) else { return };
    let posts = x_posts(&report);
    let ids: Vec<&str> = posts.iter().filter_map(|post| post.status_id.as_deref()).collect();
    assert_eq!(ids, ["812285165040963586", "812270822568198145"]);
    assert!(posts.iter().all(|post| posted(post) == "2016-12-23"));
    assert!(posts[0].media.is_empty() && !posts[1].media.is_empty());

    let Some(report) = page("pages/trafilatura/html/eltiempo.com-candidatos.html.gz", None) else { return };
    assert_eq!(language(&report), "es");
    let posts = x_posts(&report);
    let ids: Vec<&str> = posts.iter().filter_map(|post| post.status_id.as_deref()).collect();
    assert_eq!(ids, ["1521523341391282176", "1521533628693499907"]);
    for post in posts {
        assert_eq!((post.text, post.author.handle.as_deref(), post.state), (None, None, PostState::Rendered));
        assert_eq!(posted(post), "2022-05-03");
    }
}
