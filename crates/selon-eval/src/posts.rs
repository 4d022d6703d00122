//! Posts: is every post found, once, with the account, day, id and tokens that the page gives,
//! and is nothing given that it does not.
//!
//! Three kinds of folder. One with `CASES.md`: its cases S01 to S13, whose post lines stand here
//! as names, ids and days, and the gold of whole pages (`post_gold`, `post_remnant`). One with a `*.jsonl` that lists embed fragments: an independent
//! reading of each fragment's own signature (a few patterns) is the gold. A folder of `*.txt`
//! files: every post found is counted, so that a folder without posts shows the false ones.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use regex::Regex;
use selon_model::{EmbeddedPost, PostedFrom, Report};
use selon_read::{Document, Media, Packs, read};
use serde::Deserialize;

use crate::Scores;
use crate::rows::{name_of, typed, with_keys};
use crate::scores::share;

/// What a case says of one post. Empty: it does not say; "-": there must be none.
struct Expected {
    handle: &'static str,
    day: &'static str,
    id: &'static str,
    tags: &'static str,
    mentions: &'static str,
    links: &'static str,
    media: &'static str,
    language: &'static str,
}

/// A case: name, file, and its posts, parted by `|` in the order of [`Expected`].
type Case = (&'static str, &'static str, &'static [&'static str]);

/// The post lines of CASES.md. A field left empty is not stated there.
const CASES: &[Case] = &[
    (
        "S01",
        "inputs/plaintext/seed-aleppo-2016-12-12.fr.txt",
        &[
            "LizziePhelan|2016-12-12||Aleppo celebrations|RT_com|-|pic.twitter.com/t2SSSlAGuU|",
            "LizziePhelan|2016-12-12||Aleppo SyrianArmy victory|RT_com|-|pic.twitter.com/6LVJ2ovAF5|",
            "LizziePhelan|2016-12-12||Aleppo Syria|-|-|-|en",
            "BBassem7|2016-12-12||-|-|-|pic.twitter.com/0OZ81S3DeU|en",
            "IvanSidorenko1|2016-12-12||Syria Aleppo SyrianArmy SyrianArabarmy SAA AleppoVictory|-|-|pic.twitter.com/wBPkpLwMaQ|en",
            "sahouraxo|2016-12-12||Aleppo Syria|-|-|pic.twitter.com/145WdD4RcH|en",
            "MailOnline|2016-12-12||-|-|https://t.co/3xy9wX1tf1|pic.twitter.com/wheTukXg40|en",
            "RTenfrancais|2016-12-08||Syrie Alep|-|https://t.co/cXLtBeJBYx|pic.twitter.com/jmLUx3qQ3q|fr",
        ],
    ),
    (
        "S02",
        "pages/trafilatura/html/bondyblog.fr.paris-8.html.gz",
        &["SolidairesEtuP8|2020-02-17|1229380710575824898|-|UnivParis8|https://t.co/Iuc819izMj|-|fr"],
    ),
    (
        "S03",
        "pages/trafilatura/html/sciencesetavenir.fr.rumeur.html.gz",
        &[
            "elonmusk|2020-03-16|1239650597906898947|-|-|https://t.co/LEYob7Jofr|-|en",
            "realDonaldTrump|2020-03-21|1241367239900778501|-|-|-|-|en",
            "|2020-03-14||COVID\u{30FC}19||||fr",
        ],
    ),
    ("S09", "pages/fundus/es/ElDiario_2025_05_29.html.gz", &["-||1926719756263993519|-|-|-|-|-"]),
    (
        "S10",
        "pages/fundus/us/Reuters_2023_05_16.html.gz",
        &["||1650785681021759488||||pic.twitter.com/naoFp9QWOS|ne"],
    ),
    (
        "S11",
        "pages/trafilatura/html/fr.de.nordkorea.html.gz",
        &["realDonaldTrump|2020-05-02||||||", "robbystarbuck|2020-04-21||||||en"],
    ),
    (
        "S12",
        "pages/postlight/www.westernjournalism.com.html.gz",
        &[
            "nytimes|2016-12-23|812285165040963586||||-|",
            "WordSmithGuy|2016-12-23|812270822568198145||||pic.twitter.com/OZXI2TEj7D|",
        ],
    ),
    (
        "S13",
        "pages/trafilatura/html/eltiempo.com-candidatos.html.gz",
        &["-|2022-05-03|1521523341391282176|-|-|-|-|-", "-|2022-05-03|1521533628693499907|-|-|-|-|-"],
    ),
];

/// Scores the posts of a folder.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    if folder.join("CASES.md").exists() {
        let mut out = vec![score_cases(folder, packs)?];
        out.extend(crate::post_gold::score(folder, packs)?);
        out.extend(crate::post_remnant::score(folder, packs)?);
        return Ok(out);
    }
    if let Some((path, rows)) = with_keys(folder, &["file", "page", "offset"])?.pop() {
        return score_fragments(folder, typed(&path, rows)?, packs);
    }
    Ok(vec![count_in_texts(folder, packs)?])
}

pub(crate) fn read_one(bytes: &[u8], media: Media, packs: &Packs) -> Result<Report> {
    let document = Document { payload: bytes, media, ..Document::default() };
    read(&document, packs).into_iter().next().context("a document gave no report")
}

fn parse(line: &'static str) -> Expected {
    let mut cells = line.split('|');
    let mut next = || cells.next().unwrap_or("");
    Expected {
        handle: next(),
        day: next(),
        id: next(),
        tags: next(),
        mentions: next(),
        links: next(),
        media: next(),
        language: next(),
    }
}

fn score_cases(folder: &Path, packs: &Packs) -> Result<Scores> {
    let mut out = Scores::new("posts", "cases");
    let (mut found, mut hits, mut right, mut fields, mut fields_right, mut cases) = (0, 0, 0, 0, 0, 0);
    for (case, file, lines) in CASES {
        let path = folder.join(file);
        if !path.exists() {
            continue;
        }
        cases += 1;
        let media = if file.ends_with(".txt") { Media::Plain } else { Media::Html };
        let report = read_one(&std::fs::read(&path)?, media, packs)?;
        // Videos of other platforms are not in these lines.
        let posts: Vec<&EmbeddedPost> = report.posts.iter().filter(|post| post.platform == "x").collect();
        let wanted: Vec<Expected> = lines.iter().map(|line| parse(line)).collect();
        out.n += wanted.len();
        found += posts.len();
        let pairs = pair(&wanted, &posts);
        for (index, (wanted, post)) in wanted.iter().zip(&pairs).enumerate() {
            hits += usize::from(post.is_some());
            let results = compare(wanted, post.map(|at| posts[at]));
            fields += results.len();
            fields_right += results.iter().filter(|(_, right)| *right).count();
            let wrong: Vec<&str> =
                results.iter().filter(|(_, right)| !right).map(|(name, _)| *name).collect();
            right += usize::from(wrong.is_empty() && post.is_some());
            if !wrong.is_empty() {
                let read = post.map_or_else(|| "nothing".to_owned(), |at| shown(posts[at]));
                let score = 1.0 - share(wrong.len(), results.len());
                let what = format!("wrong: {}; read: {read}", wrong.join(", "));
                out.case(format!("{case} post {}", index + 1), score, what);
            }
        }
        for (at, post) in posts.iter().enumerate().filter(|(at, _)| !pairs.contains(&Some(*at))) {
            out.case(*case, 0.0, format!("post {} is none of the case's: {}", at + 1, shown(post)));
        }
    }
    if out.n == 0 {
        bail!("{} has a CASES.md, but none of the files of its cases S01 to S13", folder.display());
    }
    out.set("cases", f64::from(cases));
    out.set("recall", share(hits, out.n));
    out.set("precision", share(hits, found));
    out.set("posts_right", share(right, out.n));
    out.set("fields_right", share(fields_right, fields));
    Ok(out.sorted())
}

/// The post that each line is about, no post twice: by id where the line has one, else the next
/// post with its account and day.
fn pair(wanted: &[Expected], posts: &[&EmbeddedPost]) -> Vec<Option<usize>> {
    let mut taken = vec![false; posts.len()];
    let fits = |wanted: &Expected, post: &EmbeddedPost| {
        if wanted.id.is_empty() {
            let named = compare(wanted, Some(post));
            named.iter().all(|(name, right)| *right || !matches!(*name, "handle" | "day"))
        } else {
            post.status_id.as_deref() == Some(wanted.id)
        }
    };
    wanted
        .iter()
        .map(|wanted| {
            let at = (0..posts.len()).find(|&at| !taken[at] && fits(wanted, posts[at]))?;
            taken[at] = true;
            Some(at)
        })
        .collect()
}

/// Which stated fields are right; of no post, none.
fn compare(wanted: &Expected, post: Option<&EmbeddedPost>) -> Vec<(&'static str, bool)> {
    let Some(post) = post else {
        let lines = [
            ("handle", wanted.handle),
            ("day", wanted.day),
            ("id", wanted.id),
            ("tags", wanted.tags),
            ("mentions", wanted.mentions),
            ("links", wanted.links),
            ("media", wanted.media),
            ("language", wanted.language),
        ];
        return lines.iter().filter(|(_, line)| !line.is_empty()).map(|(name, _)| (*name, false)).collect();
    };
    let day = post.posted.as_ref().and_then(|when| when.date()).map(|day| day.to_string());
    let language = post.language.as_ref().map(|lang| lang.as_str().to_owned());
    let pairs: [(&'static str, &str, String); 8] = [
        ("handle", wanted.handle, post.author.handle.clone().unwrap_or_default()),
        ("day", wanted.day, day.unwrap_or_default()),
        ("id", wanted.id, post.status_id.clone().unwrap_or_default()),
        ("tags", wanted.tags, post.hashtags.join(" ")),
        ("mentions", wanted.mentions, post.mentions.join(" ")),
        ("links", wanted.links, post.links.join(" ")),
        ("media", wanted.media, post.media.join(" ")),
        ("language", wanted.language, language.unwrap_or_default()),
    ];
    let stated = pairs.into_iter().filter(|(_, wanted, _)| !wanted.is_empty());
    stated
        .map(|(name, wanted, read)| (name, if wanted == "-" { read.is_empty() } else { read == wanted }))
        .collect()
}

fn shown(post: &EmbeddedPost) -> String {
    format!(
        "{} {} {} #{} @{} {} {} {}",
        post.author.handle.as_deref().unwrap_or("-"),
        post.posted.as_ref().and_then(|when| when.edtf.as_deref()).unwrap_or("-"),
        post.status_id.as_deref().unwrap_or("-"),
        post.hashtags.join(" "),
        post.mentions.join(" "),
        post.links.join(" "),
        post.media.join(" "),
        post.language.as_ref().map_or("-", |lang| lang.as_str()),
    )
}

#[derive(Deserialize)]
struct Fragment {
    file: String,
}

/// What a fragment's own signature says, read with patterns that know nothing of the reader.
#[derive(Default)]
struct Signature {
    handle: Option<String>,
    name: Option<String>,
    id: Option<String>,
    date: Option<String>,
    link: Option<String>,
    body: Option<String>,
}

fn score_fragments(folder: &Path, fragments: Vec<Fragment>, packs: &Packs) -> Result<Vec<Scores>> {
    /// Right and all, by what is compared.
    type Counts = BTreeMap<&'static str, (usize, usize)>;
    let name = name_of(folder);
    let mut all = Scores::new("posts", name.clone());
    let mut all_right = 0;
    let mut sets: BTreeMap<String, (Scores, Counts)> = BTreeMap::new();
    for fragment in fragments {
        // Files are named from the folder's parent, with the folder's first name.
        let inner = fragment.file.split_once('/').map_or(fragment.file.as_str(), |(_, inner)| inner);
        let path = folder.join(inner);
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let html = String::from_utf8_lossy(&bytes);
        let platform = fragment.file.split('/').nth_back(1).unwrap_or("").to_owned();
        let report = read_one(&bytes, Media::Html, packs)?;
        let (out, counts) = sets
            .entry(platform.clone())
            .or_insert_with(|| (Scores::new("posts", format!("{name}/{platform}")), BTreeMap::new()));
        out.n += 1;
        let results = if platform == "twitter" {
            compare_embed(&signature_of(&html)?, &report)
        } else {
            compare_other(&html, &platform, &report)?
        };
        let mut wrong = Vec::new();
        for (name, right) in results {
            let count = counts.entry(name).or_default();
            count.1 += 1;
            count.0 += usize::from(right);
            if !right {
                wrong.push(name);
            }
        }
        all.n += 1;
        all_right += usize::from(wrong.is_empty());
        if !wrong.is_empty() {
            let read = report.posts.first().map_or_else(String::new, shown);
            let what = format!("wrong: {}; read: {read}", wrong.join(", "));
            out.case(fragment.file, -(wrong.len() as f64), what);
        }
    }
    all.set("fragments_right", share(all_right, all.n));
    let sets = sets.into_values().map(|(mut out, counts)| {
        for (name, (right, of)) in counts {
            out.set(name, share(right, of));
        }
        all.worst.extend(out.worst.iter().cloned());
        out.sorted()
    });
    let mut sets: Vec<Scores> = sets.collect();
    sets.insert(0, all.sorted());
    Ok(sets)
}

fn pattern(pattern: &str) -> Result<Regex> {
    Ok(Regex::new(pattern)?)
}

fn signature_of(html: &str) -> Result<Signature> {
    let link = pattern(
        r#"href="(https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)/status(?:es)?/(\d+))[^"]*"[^>]*>([^<]*)</a>\s*(?:</p>)?\s*</blockquote>"#,
    )?;
    let signed = pattern(r"(?s)(?:—|–|&mdash;|&#x2014;|&#8212;)\s*([^<>]*?)\s*\(@(\w+)\)")?;
    let any = pattern(r"/status(?:es)?/(\d+)")?;
    let mut found = Signature::default();
    if let Some(captures) = link.captures(html) {
        found.link = Some(captures[1].to_owned());
        found.id = Some(captures[3].to_owned());
        found.date = Some(captures[4].trim().to_owned());
    }
    found.id = found.id.or_else(|| any.captures_iter(html).last().map(|captures| captures[1].to_owned()));
    if let Some(captures) = signed.captures_iter(html).last() {
        found.name = Some(plain(&captures[1]));
        found.handle = Some(captures[2].to_owned());
        let start = captures.get(0).map_or(0, |whole| whole.start());
        found.body = Some(html[..start].to_owned()).map(|body| without_tags(&body));
    }
    Ok(found)
}

/// Letters and digits of ASCII only: enough to tell that no word was lost or added.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut reference = false;
    for (at, c) in text.char_indices() {
        if c == '&' && text[at..].chars().take(12).any(|c| c == ';') {
            reference = true;
        }
        if !reference && c.is_ascii_alphanumeric() {
            out.push(c);
        }
        if c == ';' {
            reference = false;
        }
    }
    out
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    plain(&out)
}

fn compare_embed(gold: &Signature, report: &Report) -> Vec<(&'static str, bool)> {
    let mut results = vec![("one_post", report.posts.len() == 1)];
    let Some(post) = report.posts.first() else { return results };
    results.push(("id", gold.id.is_none() || post.status_id == gold.id));
    let Some(handle) = &gold.handle else {
        results.push(("no_text_without_text", post.text.is_none() && post.text_elsewhere.is_none()));
        results.push(("time_from_id", post.posted_from == Some(PostedFrom::Id)));
        return results;
    };
    results.push(("handle", post.author.handle.as_ref() == Some(handle)));
    let name = post.author.name.as_deref().map(plain);
    results.push(("name", name == gold.name));
    results.push(("link", post.url == gold.link));
    let dated = gold.date.as_deref().is_some_and(|date| same_day(date, post));
    results.push(("day", dated && post.posted_from == Some(PostedFrom::Shown)));
    let body = post.text.map(|body| report.text.words(body)).or(post.text_elsewhere.as_deref());
    results.push(("text", body.map(plain) == gold.body));
    results
}

/// Year and day of the month in the words are those that were read, and the day is the id's.
fn same_day(words: &str, post: &EmbeddedPost) -> bool {
    let Some(day) = post.posted.as_ref().and_then(|when| when.date()) else { return false };
    let numbers: Vec<i16> =
        words.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
    let id: u64 = post.status_id.as_deref().and_then(|id| id.parse().ok()).unwrap_or(0);
    let seconds = ((id >> 22) + 1_288_834_974_657) / 1000;
    let days = (seconds / 86_400) as i64;
    let since = day.to_datetime(jiff::civil::Time::midnight());
    let epoch = jiff::civil::date(1970, 1, 1).to_datetime(jiff::civil::Time::midnight());
    let read = since.duration_since(epoch).as_hours() / 24;
    numbers.contains(&day.year()) && numbers.contains(&i16::from(day.day())) && (read - days).abs() <= 1
}

fn compare_other(html: &str, platform: &str, report: &Report) -> Result<Vec<(&'static str, bool)>> {
    let key = match platform {
        "instagram" => r"instagram\.com/(?:p|reel|tv)/([\w-]+)",
        "youtube" => r"youtube(?:-nocookie)?\.com/embed/([\w-]{11})",
        "dailymotion" => r"dailymotion\.com/embed/video/(\w+)",
        "facebook" => r"fbid%3D(\d+)|/(\d+)\x22",
        _ => return Ok(Vec::new()),
    };
    let wanted = pattern(key)?
        .captures(html)
        .and_then(|captures| captures.get(1).or(captures.get(2)))
        .map(|key| key.as_str().to_owned());
    let Some(wanted) = wanted else {
        return Ok(vec![("no_post_where_none_is", report.posts.is_empty())]);
    };
    let mut results = vec![("one_post", report.posts.len() == 1)];
    let Some(post) = report.posts.first() else { return Ok(results) };
    results.push(("id", post.status_id.as_ref() == Some(&wanted)));
    if platform == "instagram" {
        let handle = pattern(r"\(@([\w.]+)\)")?.captures(html).map(|captures| captures[1].to_owned());
        results.push(("handle", post.author.handle == handle));
        let name = pattern(r"(?:shared by|geteilt von)\s+(?:<[^>]*>)?([^<(]+?)\s*(?:\([^@)]*\)\s*)?\(@")?;
        let name = name.captures(html).map(|captures| plain(&captures[1]));
        let read = post.author.name.as_deref().map(plain);
        let fits = match (&name, &read) {
            (Some(name), Some(read)) => read.starts_with(name.as_str()),
            (name, read) => name.is_none() && read.is_none(),
        };
        results.push(("name", fits));
        let time = pattern(r#"datetime="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"#)?;
        let time = time.captures(html).map(|captures| captures[1].to_owned());
        let read = post.posted.as_ref().and_then(|when| when.from).map(|from| from.to_string());
        results.push(("time", read == time));
    }
    Ok(results)
}

/// Counts posts in plain texts: where there are none, each one found is false.
fn count_in_texts(folder: &Path, packs: &Packs) -> Result<Scores> {
    let mut out = Scores::new("posts", name_of(folder));
    let mut found = 0;
    for path in crate::rows::files(folder, &["txt"])? {
        let report = read_one(&crate::rows::bytes(&path)?, Media::Plain, packs)?;
        out.n += 1;
        found += report.posts.len();
        if let Some(post) = report.posts.first() {
            let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            out.case(id, -(report.posts.len() as f64), shown(post));
        }
    }
    if out.n == 0 {
        bail!(
            "{} holds no CASES.md, no *.jsonl that lists fragments (file, page, offset) and no *.txt",
            folder.display()
        );
    }
    out.set("posts_found", found as f64);
    Ok(out.sorted())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_posts(html: &str) -> Report {
        read_one(html.as_bytes(), Media::Html, Packs::embedded()).expect("a report")
    }

    const POST: &str = r#"<p>Before.</p><blockquote class="twitter-tweet"><p lang="en">Words</p>&mdash; A Name (@a_name)
        <a href="https://twitter.com/a_name/status/812285165040963586">December 23, 2016</a></blockquote>"#;

    #[test]
    fn lines_are_paired_once() {
        let report = read_posts(POST);
        let posts: Vec<&EmbeddedPost> = report.posts.iter().collect();
        assert_eq!(posts.len(), 1);
        let by_id = parse("||812285165040963586|||||");
        let by_account = parse("a_name|2016-12-23||||||");
        let other = parse("a_name|2016-12-22||||||");
        assert_eq!(pair(&[other, by_account], &posts), [None, Some(0)]);
        assert_eq!(pair(&[by_id, parse("a_name|2016-12-23||||||")], &posts), [Some(0), None]);
    }

    #[test]
    fn signatures_are_read_without_the_reader() {
        let gold = signature_of(POST).expect("fixed patterns");
        assert_eq!(gold.handle.as_deref(), Some("a_name"));
        assert_eq!(gold.name.as_deref(), Some("AName"));
        assert_eq!(gold.id.as_deref(), Some("812285165040963586"));
        assert_eq!(gold.body.as_deref(), Some("BeforeWords"));
        assert_eq!(plain("a&amp;b é & c"), "abc");
    }
}
