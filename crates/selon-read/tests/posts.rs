//! Posts read out of real pages and remnants (../shared/data, CASES.md): handles, days, tokens.
//!
//! Nothing of those texts is copied here but names of accounts, tags and addresses. Where the
//! folder is missing the tests say so and pass.

use std::path::PathBuf;

use selon_model::{DamageKind, Report};
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
