//! Posts read out of real pages and remnants (../shared/data, CASES.md): handles, days, tokens.
//!
//! Nothing of those texts is copied here but names of accounts, tags and addresses. Where the
//! folder is missing the tests say so and pass.

use std::path::PathBuf;

use selon_model::{DamageKind, FoundAt, PostState, PostedFrom, Report};
use selon_read::{Document, Media, Packs, read};

/// Bytes of a file of the shared data, or `None` with a notice.
fn shared(path: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) => {
            eprintln!("skipped: {} is not there", path.display());
            None
        }
    }
}

fn read_one(bytes: &[u8], media: Media) -> Report {
    let document = Document { payload: bytes, media, ..Document::default() };
    read(&document, Packs::embedded()).remove(0)
}

/// One line a post: handle, day, tags, mentions, links, media, language.
fn show(report: &Report) -> Vec<String> {
    report
        .posts
        .iter()
        .map(|post| {
            format!(
                "{} {} #{} @{} {} {} {}",
                post.author.handle.as_deref().unwrap_or("-"),
                post.posted.as_ref().and_then(|when| when.edtf.as_deref()).unwrap_or("-"),
                post.hashtags.join(","),
                post.mentions.join(","),
                post.links.join(","),
                post.media.join(","),
                post.language.as_ref().map_or("-", |lang| lang.as_str()),
            )
        })
        .collect()
}

#[test]
fn s01_shows_its_eight_posts() {
    let Some(bytes) = shared("inputs/plaintext/seed-aleppo-2016-12-12.fr.txt") else { return };
    let report = read_one(&bytes, Media::Unknown);
    assert_eq!(
        show(&report),
        [
            "LizziePhelan 2016-12-12 #Aleppo,celebrations @RT_com  pic.twitter.com/t2SSSlAGuU en",
            "LizziePhelan 2016-12-12 #Aleppo,SyrianArmy,victory @RT_com  pic.twitter.com/6LVJ2ovAF5 en",
            "LizziePhelan 2016-12-12 #Aleppo,Syria @   en",
            "BBassem7 2016-12-12 # @  pic.twitter.com/0OZ81S3DeU en",
            "IvanSidorenko1 2016-12-12 #Syria,Aleppo,SyrianArmy,SyrianArabarmy,SAA,AleppoVictory @  pic.twitter.com/wBPkpLwMaQ en",
            "sahouraxo 2016-12-12 #Aleppo,Syria @  pic.twitter.com/145WdD4RcH en",
            "MailOnline 2016-12-12 # @ https://t.co/3xy9wX1tf1 pic.twitter.com/wheTukXg40 en",
            "RTenfrancais 2016-12-08 #Syrie,Alep @ https://t.co/cXLtBeJBYx pic.twitter.com/jmLUx3qQ3q fr",
        ]
    );
    assert_eq!(report.language.tag.as_ref().map(|tag| tag.as_str()), Some("fr"));
    assert_eq!(report.title_markers, ["VIDEOS"]);
    assert!(report.authors.is_empty(), "no byline is invented");
    let doubtful: Vec<&str> = report.posts[2]
        .damage
        .iter()
        .filter(|damage| damage.kind == DamageKind::DoubtfulMention)
        .filter_map(|damage| damage.span)
        .map(|span| report.text.words(span))
        .collect();
    assert_eq!(doubtful, ["al@Assad"]);
    let kinds: Vec<String> = report.text.blocks.iter().map(|block| format!("{:?}", block.kind)).collect();
    assert_eq!(kinds.first().map(String::as_str), Some("Title"));
    assert_eq!(kinds.last().map(String::as_str), Some("Related"));
    assert_eq!(report.text.string.as_bytes(), bytes, "the text is kept as it is");
}

/// `expected`: handle, day, id and language of each post of X; "-" where the page does not say.
fn check_page(path: &str, expected: &[&str]) -> Option<Report> {
    let report = read_one(&shared(path)?, Media::Html);
    let seen: Vec<String> = report
        .posts
        .iter()
        .filter(|post| post.platform == "x")
        .map(|post| {
            format!(
                "{} {} {} {}",
                post.author.handle.as_deref().unwrap_or("-"),
                post.posted
                    .as_ref()
                    .and_then(|when| when.date())
                    .map_or("-".to_owned(), |day| day.to_string()),
                post.status_id.as_deref().unwrap_or("-"),
                post.language.as_ref().map_or("-", |lang| lang.as_str()),
            )
        })
        .collect();
    assert_eq!(seen, expected, "{path}");
    for post in &report.posts {
        let block = post.span.and_then(|span| report.text.block_at(span.start));
        assert_eq!(block.map(|block| block.span), post.span, "a post with a place has a block");
        assert!(block.is_none_or(|block| block.kind == selon_model::BlockKind::Post));
    }
    Some(report)
}

#[test]
fn s02_keeps_the_misspelling_inside_the_post() {
    let page = "pages/trafilatura/html/bondyblog.fr.paris-8.html.gz";
    let Some(report) = check_page(page, &["SolidairesEtuP8 2020-02-17 1229380710575824898 fr"]) else {
        return;
    };
    let post = &report.posts[0];
    assert_eq!(
        (post.state, post.links.as_slice()),
        (PostState::Full, &["https://t.co/Iuc819izMj".to_owned()][..])
    );
    assert!(report.text.words(post.text.expect("a body")).contains("reconctible"));
}

#[test]
fn s03_posts_have_their_own_languages() {
    let page = "pages/trafilatura/html/sciencesetavenir.fr.rumeur.html.gz";
    let expected = [
        "elonmusk 2020-03-16 1239650597906898947 en",
        "realDonaldTrump 2020-03-21 1241367239900778501 en",
        "olivierveran 2020-03-14 1238776545398923264 fr",
    ];
    let Some(report) = check_page(page, &expected) else { return };
    assert_eq!(report.posts[2].hashtags, ["COVID\u{30FC}19"]);
}

#[test]
fn s09_an_empty_embed_invents_nothing() {
    let page = "pages/fundus/es/ElDiario_2025_05_29.html.gz";
    let Some(report) = check_page(page, &["- 2025-05-25 1926719756263993519 -"]) else { return };
    let post = report.posts.iter().find(|post| post.platform == "x").expect("checked above");
    assert_eq!((post.state, post.posted_from), (PostState::LinkOnly, Some(PostedFrom::Id)));
    assert!(post.text.is_none() && post.text_elsewhere.is_none() && post.author.name.is_none());
    assert!(post.damage.iter().any(|damage| damage.kind == DamageKind::ContentNotPresent));
    assert!(post.posted.as_ref().is_some_and(|when| when.inferred));
}

#[test]
fn s10_words_in_a_script_belong_to_the_frame() {
    let page = "pages/fundus/us/Reuters_2023_05_16.html.gz";
    let Some(report) = check_page(page, &["hello_CAANepal 2023-04-25 1650785681021759488 ne"]) else {
        return;
    };
    let post = report.posts.iter().find(|post| post.platform == "x").expect("checked above");
    assert_eq!(post.found_at, [FoundAt::Dom, FoundAt::Json]);
    assert!(post.text_elsewhere.as_deref().is_some_and(|text| text.contains("bird strike")));
    assert_eq!(post.media, ["pic.twitter.com/naoFp9QWOS"]);
}

#[test]
fn s11_and_s12_posts_are_told_apart() {
    check_page(
        "pages/trafilatura/html/fr.de.nordkorea.html.gz",
        &[
            "realDonaldTrump 2020-05-02 1256696015702425601 en",
            "robbystarbuck 2020-04-21 1252498652507123713 en",
        ],
    );
    let page = "pages/postlight/www.westernjournalism.com.html.gz";
    let expected =
        ["nytimes 2016-12-23 812285165040963586 en", "WordSmithGuy 2016-12-23 812270822568198145 en"];
    let Some(report) = check_page(page, &expected) else { return };
    assert!(report.posts[0].media.is_empty());
    assert_eq!(report.posts[1].media, ["pic.twitter.com/OZXI2TEj7D"]);
}

#[test]
fn s13_frames_give_ids_and_derived_times() {
    let page = "pages/trafilatura/html/eltiempo.com-candidatos.html.gz";
    let expected = ["- 2022-05-03 1521523341391282176 -", "- 2022-05-03 1521533628693499907 -"];
    let Some(report) = check_page(page, &expected) else { return };
    let frames = report.posts.iter().filter(|post| post.platform == "x");
    for post in frames {
        assert_eq!((post.state, post.posted_from), (PostState::Rendered, Some(PostedFrom::Id)));
        assert!(post.text.is_none() && post.text_elsewhere.is_none());
    }
}
