//! Feeds of the shared data (S18): every entry as others read it, every encoding as its file says,
//! and no file that makes the reader stop.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

use std::path::{Path, PathBuf};

use selon_capture::fetch::{Feed, Sitemap};
use selon_capture::{charset, media_type};
use serde_json::Value;

fn feeds(folder: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/inputs/feeds");
    let found = shared.join(folder);
    if found.is_dir() {
        return Some(found);
    }
    println!("skipped: no {}", found.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A date as the gold has it, to the second.
fn second(value: &Value) -> Option<i64> {
    value.as_str().map(|text| text.parse::<jiff::Timestamp>().unwrap().as_second())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn entries_are_as_another_reader_has_them() {
    let Some(folder) = feeds("feed-rs") else { return };
    let (mut entries, mut faults) = (0, Vec::new());
    for gold in files(&folder).into_iter().filter(|path| path.to_string_lossy().ends_with(".serde.json")) {
        let stem = gold.to_string_lossy().replace(".serde.json", "");
        let source =
            [".xml", ".json"].iter().map(|end| PathBuf::from(format!("{stem}{end}"))).find(|it| it.exists());
        let bytes = std::fs::read(source.unwrap()).unwrap();
        let name = gold.file_name().unwrap().to_string_lossy().into_owned();
        let gold: Value = serde_json::from_slice(&std::fs::read(&gold).unwrap()).unwrap();
        let Some(feed) = Feed::parse(&bytes, None) else {
            faults.push(format!("{name}: no feed"));
            continue;
        };
        let golden = gold["entries"].as_array().unwrap();
        if feed.entries.len() != golden.len() {
            faults.push(format!("{name}: {} entries, not {}", feed.entries.len(), golden.len()));
        }
        let raw = String::from_utf8_lossy(&bytes);
        for (at, (found, gold)) in feed.entries.iter().zip(golden).enumerate() {
            entries += 1;
            let mut fault = |what: &str, found: String, gold: String| {
                faults.push(format!("{name} entry {at}: {what} is {found:?}, not {gold:?}"));
            };
            let title = gold["title"]["content"].as_str().map(squeezed);
            if found.title.as_deref().map(squeezed) != title {
                fault("title", format!("{:?}", found.title), format!("{title:?}"));
            }
            // An id that does not stand in the feed was made up by that reader.
            let id = gold["id"].as_str().unwrap_or("");
            let stated = raw.contains(id) || raw.contains(&id.replace('&', "&amp;"));
            if stated && found.id.as_deref() != Some(id) && found.link.as_deref() != Some(id) {
                fault("id", format!("{:?}", found.id), id.to_owned());
            }
            let links = gold["links"].as_array().unwrap();
            let page = links.iter().find(|link| matches!(link["rel"].as_str(), None | Some("alternate")));
            if let Some(href) = page.and_then(|link| link["href"].as_str())
                && found.link.as_deref().map(|link| link.trim_end_matches('/')) != Some(href.trim_end_matches('/'))
                // That reader resolves some of them.
                && !found.link.as_deref().is_some_and(|link| !link.is_empty() && href.ends_with(link.trim_start_matches('.')))
            {
                fault("link", format!("{:?}", found.link), href.to_owned());
            }
            let published = second(&gold["published"]);
            // A day without a time is no date to that reader.
            let is_day = found.published.is_some_and(|at| at.as_second() % 86_400 == 0);
            let differs = found.published.map(jiff::Timestamp::as_second) != published;
            if differs && !(is_day && published.is_none()) {
                fault("published", format!("{:?}", found.published), gold["published"].to_string());
            }
            // Where RSS has no date of change, that reader repeats the date of publication.
            let updated = found.updated.or(found.published).map(jiff::Timestamp::as_second);
            if second(&gold["updated"]).is_some() && updated != second(&gold["updated"]) {
                fault("updated", format!("{:?}", found.updated), gold["updated"].to_string());
            }
        }
    }
    println!("{entries} entries");
    assert!(faults.is_empty(), "{} faults of {entries}:\n{}", faults.len(), faults.join("\n"));
    assert!(entries > 45);
}

/// The value of a line in a file's head comment; the comment is ASCII in every encoding.
fn said<'t>(plain: &'t str, name: &str) -> Option<&'t str> {
    plain.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':').map(str::trim))
}

#[test]
fn encodings_are_as_each_file_says() {
    let Some(folder) = feeds("feedparser") else { return };
    let mut checked = 0;
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let plain = String::from_utf8_lossy(&bytes).replace('\0', "");
        let content_type = said(&plain, "Header").and_then(|header| header.strip_prefix("Content-type:"));
        let content_type = content_type.unwrap_or("").trim();
        assert!(content_type.is_empty() || media_type(content_type).is_some(), "{name}: {content_type}");
        let feed = Feed::parse(&bytes, charset(content_type).as_deref())
            .unwrap_or_else(|| panic!("{name}: no feed"));
        let expected = said(&plain, "Expect").unwrap();
        if let Some((_, encoding)) = expected.split_once("encoding == '") {
            checked += 1;
            let encoding = encoding.trim_end_matches('\'');
            let found = feed.encoding.to_ascii_lowercase();
            // The web reads both as windows-1252, which agrees with them where they are valid; and
            // text/xml is no longer ASCII by default (RFC 7303, section 3).
            let same = match encoding {
                "us-ascii" | "iso-8859-1" => matches!(found.as_str(), "windows-1252" | "utf-8"),
                "utf-8" => matches!(found.as_str(), "utf-8" | "windows-1252"),
                "gb18030" => matches!(found.as_str(), "gbk" | "gb18030"),
                other => found == other,
            };
            assert!(same, "{name}: {found}, not {encoding}");
        }
        let text = feed.entries.first().and_then(|entry| entry.text.clone());
        match name.as_str() {
            "euc-kr-attribute.xml" => assert_eq!(text.as_deref(), Some("<img alt=\"\u{b144}\" />")),
            "http_text_xml_charset_overrides_encoding_2.xml" => {
                assert_eq!(text.as_deref(), Some("This is a \u{a3}\u{201c}test.\u{201d}"));
            }
            "bozo_double-encoded-html.xml" => assert_eq!(text.unwrap().chars().next(), Some('\u{2026}')),
            "rss_item_link_corrupted_ampersands.xml" => {
                assert_eq!(feed.entries[0].link.as_deref(), Some("http://link/get?a=1&b=2"));
            }
            _ => {}
        }
    }
    assert!(checked > 25, "{checked}");
}

#[test]
fn no_file_makes_the_reader_stop() {
    let Some(folder) = feeds("") else { return };
    let (mut read, mut sitemaps) = (0, 0);
    for path in files(&folder) {
        let mut bytes = std::fs::read(&path).unwrap();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut plain)
                .unwrap();
            bytes = plain;
        }
        read += usize::from(Feed::parse(&bytes, None).is_some());
        sitemaps += usize::from(Sitemap::parse(&bytes, None, false).is_some_and(|it| !it.places.is_empty()));
        // Cut anywhere, they still end.
        for part in 1..8 {
            let cut = &bytes[..bytes.len() * part / 8];
            Feed::parse(cut, Some("utf-8"));
            Sitemap::parse(cut, None, true);
        }
    }
    println!("{read} feeds, {sitemaps} sitemaps");
    assert!(read > 80 && sitemaps >= 3, "{read} feeds, {sitemaps} sitemaps");
}
