//! Embed codes of our own writing: each form of post a page can hold, and what is none.

use proptest::prelude::*;
use selon_model::Report;
use selon_read::{Document, Media, Packs, read};

fn read_page(html: &str) -> Report {
    let document = Document { payload: html.as_bytes(), media: Media::Html, ..Document::default() };
    read(&document, Packs::embedded()).remove(0)
}

/// A page with enough prose around `embed` to have a body.
fn page(embed: &str) -> String {
    let prose = "<p>The harbour reopened on Monday after a week of storms, and the first boats left at dawn, the harbour master said.</p>";
    format!(
        "<!doctype html><html lang=en><body><article><h1>Harbour reopens</h1>{prose}{prose}{embed}{prose}</article></body></html>"
    )
}

/// `expected`: platform, id, handle, name, day, state and body of each post.
fn check(embed: &str, expected: &[&str]) -> Report {
    let report = read_page(&page(embed));
    let seen: Vec<String> = report
        .posts
        .iter()
        .map(|post| {
            let body = post.text.map(|body| report.text.words(body)).or(post.text_elsewhere.as_deref());
            let or = |text: Option<&str>| text.unwrap_or("-").to_owned();
            format!(
                "{} {} {} {} {} {:?} {}",
                post.platform,
                or(post.status_id.as_deref()),
                or(post.author.handle.as_deref()),
                or(post.author.name.as_deref()),
                post.posted
                    .as_ref()
                    .and_then(|when| when.date())
                    .map_or("-".to_owned(), |day| day.to_string()),
                post.state,
                or(body),
            )
        })
        .collect();
    assert_eq!(seen, expected, "{embed}");
    report
}

const LINK: &str = "https://twitter.com/ana_ruo/status/804286336471597056";

#[test]
fn embeds_of_x_in_their_variants() {
    let expected = ["x 804286336471597056 ana_ruo Ana Ruo 2016-12-01 Full Les bateaux sont là"];
    for dash in ["—", "&mdash;", "&#x2014;", "&#8212;"] {
        check(
            &format!(
                r#"<blockquote class="twitter-tweet" data-lang="fr"><p lang="fr" dir="ltr">Les bateaux sont là</p>{dash} Ana Ruo (@ana_ruo) <a href="{LINK}?ref_src=twsrc%5Etfw">1 décembre 2016</a></blockquote>"#
            ),
            &expected,
        );
    }
    check(
        &format!(
            r#"<blockquote class="twitter-tweet"><p>Les bateaux<br>sont là</p><p>Tous</p><p>— Ana Ruo (@ana_ruo) <a href="{LINK}">December 1, 2016</a></p></blockquote>"#
        ),
        &["x 804286336471597056 ana_ruo Ana Ruo 2016-12-01 Full Les bateaux\nsont là\nTous"],
    );
}

#[test]
fn a_post_stands_in_the_text_with_its_signature() {
    let report = check(
        &format!(
            r#"<blockquote class="twitter-tweet"><p>They are in <a href="https://twitter.com/hashtag/Orvey?src=hash">#Orvey</a><a href="https://twitter.com/Quay">@Quay</a> <a href="https://t.co/EfgbySDm69">pic.twitter.com/EfgbySDm69</a></p>— Ana (@ana_ruo) <a href="{LINK}">December 1, 2016</a></blockquote>"#
        ),
        &[
            "x 804286336471597056 ana_ruo Ana 2016-12-01 Full They are in #Orvey@Quay pic.twitter.com/EfgbySDm69",
        ],
    );
    let post = &report.posts[0];
    assert_eq!(
        (post.hashtags.join(" "), post.mentions.join(" "), post.links.join(" "), post.media.join(" ")),
        ("Orvey".into(), "Quay".into(), String::new(), "pic.twitter.com/EfgbySDm69".into())
    );
    let block = post.span.map_or("", |span| report.text.words(span));
    assert_eq!(
        block,
        "They are in #Orvey@Quay pic.twitter.com/EfgbySDm69\n— Ana (@ana_ruo) December 1, 2016"
    );
    let day = post.posted.as_ref().and_then(|when| when.span).map_or("", |span| report.text.words(span));
    assert_eq!(day, "December 1, 2016");
    assert_eq!(post.url.as_deref(), Some(LINK));
}

#[test]
fn nothing_is_invented_where_nothing_stands() {
    let empty = format!(r#"<blockquote class="twitter-tweet"><a href="{LINK}"></a></blockquote>"#);
    check(&empty, &["x 804286336471597056 ana_ruo - 2016-12-01 LinkOnly -"]);
    let nobody = r#"<blockquote class="twitter-tweet"><p>&nbsp;</p><a href="https://twitter.com/X/status/804286336471597056"></a></blockquote>"#;
    check(nobody, &["x 804286336471597056 - - 2016-12-01 LinkOnly -"]);
    let placeholder = format!(
        r#"<blockquote class="twitter-tweet"><a href="{LINK}">This may be gone <span>(opens elsewhere)</span></a></blockquote>"#
    );
    check(&placeholder, &["x 804286336471597056 ana_ruo - 2016-12-01 LinkOnly -"]);
    let frame = r#"<div class="twitter-tweet twitter-tweet-rendered"><iframe id="twitter-widget-0" data-tweet-id="804286336471597056"></iframe></div>"#;
    check(frame, &["x 804286336471597056 - - 2016-12-01 Rendered -"]);
}

#[test]
fn buttons_timelines_and_links_are_no_posts() {
    check(
        r#"<iframe id="twitter-widget-1" class="twitter-share-button" src="https://platform.twitter.com/widgets/tweet_button.html"></iframe>"#,
        &[],
    );
    check(r#"<a class="twitter-timeline" href="https://twitter.com/ana_ruo">Posts by Ana</a>"#, &[]);
    check(
        &format!(
            r#"<p>As <a href="{LINK}">Ana wrote</a>, the harbour is open again for the small boats.</p>"#
        ),
        &[],
    );
    check(
        r#"<script async src="https://www.tiktok.com/embed.js"></script><script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-discussion="vernak/1"></script>"#,
        &[],
    );
    check(
        r#"<iframe src="https://www.dailymotion.com/badge/user/vernak"></iframe><iframe src="https://www.youtube.com/embed/videoseries?list=PL1"></iframe>"#,
        &[],
    );
}

#[test]
fn other_platforms() {
    check(
        r#"<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-version="7"><div><p><a href="https://www.instagram.com/p/BNpLF8LD0GD/">Boats at dawn #orvey</a></p><p>A post shared by Ana Ruo (@ana.ruo) on <time datetime="2016-12-05T17:10:10+00:00">Dec 5, 2016 at 9:10am PST</time></p></div></blockquote>"#,
        &["instagram BNpLF8LD0GD ana.ruo Ana Ruo 2016-12-05 Full Boats at dawn #orvey"],
    );
    check(
        r#"<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fvernak%2Fposts%2F123&width=500"></iframe><div class="fb-post" data-href="https://www.facebook.com/vernak/posts/456"></div>"#,
        &["facebook 123 - - - LinkOnly -", "facebook 456 - - - LinkOnly -"],
    );
    check(
        r#"<iframe src="//www.youtube.com/embed/mnTKiyVYYCs?rel=0"></iframe><iframe src="https://www.dailymotion.com/embed/video/x130bpf"></iframe>"#,
        &["youtube mnTKiyVYYCs - - - LinkOnly -", "dailymotion x130bpf - - - LinkOnly -"],
    );
    check(
        r#"<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="vernak_news/1352"></script><div id="vk_post_-2112_60"></div>"#,
        &["telegram 1352 vernak_news - - LinkOnly -", "vk 60 - - - LinkOnly -"],
    );
    check(
        r#"<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc/app.bsky.feed.post/3lbru"><p lang="">The boats are in</p>&mdash; Ana Ruo (<a href="https://bsky.app/profile/did:plc:abc">@ana.example.com</a>) <a href="https://bsky.app/profile/did:plc:abc/post/3lbru?ref_src=embed">November 25, 2024 at 7:49 AM</a></blockquote>"#,
        &["bluesky 3lbru ana.example.com Ana Ruo 2024-11-25 Full The boats are in"],
    );
    check(
        r#"<iframe src="https://social.example/@ana/109683757201594015/embed" class="mastodon-embed"></iframe>"#,
        &["mastodon 109683757201594015 ana - - LinkOnly -"],
    );
    check(
        r#"<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@ana/video/6718335390845095173" data-video-id="6718335390845095173"><section><a href="https://www.tiktok.com/@ana">@ana</a><p>Boats at dawn</p></section></blockquote>"#,
        &["tiktok 6718335390845095173 ana - - Full Boats at dawn"],
    );
}

#[test]
fn a_post_in_a_script_is_found_once() {
    let json = format!(
        r#"<script type="application/json">{{"html":"\u003Cblockquote class=\"twitter-tweet\"\u003E\u003Cp lang=\"en\"\u003EThe boats are in now\u003C\/p\u003E&mdash; Ana (@ana_ruo) \u003Ca href=\"{LINK}\"\u003EDecember 1, 2016\u003C\/a\u003E\u003C\/blockquote\u003E"}}</script>"#
    );
    check(
        &format!("{json}{json}"),
        &["x 804286336471597056 ana_ruo Ana 2016-12-01 Full The boats are in now"],
    );
    let frame =
        r#"<div class="twitter-tweet-rendered"><iframe data-tweet-id="804286336471597056"></iframe></div>"#;
    check(
        &format!("{frame}{json}"),
        &["x 804286336471597056 ana_ruo Ana 2016-12-01 Full The boats are in now"],
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_embed_is_read(pieces in proptest::collection::vec(prop_oneof![
        Just("<blockquote class=\"twitter-tweet\">"), Just("</blockquote>"), Just("<p lang=\"ar\">"), Just("</p>"),
        Just("— Ana (@ana_ruo) "), Just("<a href=\"https://twitter.com/X/status/804286336471597056\">"), Just("</a>"),
        Just("1 décembre 2016"), Just("#tag "), Just("@name"), Just("…"), Just("<br>"), Just("\u{a0}"), Just("&amp;"),
        Just("<iframe data-tweet-id=\"12\">"), Just("<blockquote class=\"instagram-media\">"), Just("(@é) "),
        Just("<script>\"\\u003cblockquote class=\\\"twitter-tweet\\\"\\ud83d"), Just("</script>"), Just("💥"),
        Just("<a href=\"https://www.instagram.com/p/abc/\">"), Just("<div class=\"fb-post\" data-href=\"//\">"),
    ], 0..40)) {
        let report = read_page(&page(&pieces.concat()));
        for post in &report.posts {
            let spans = [post.span, post.text, post.posted.as_ref().and_then(|when| when.span)];
            for span in spans.into_iter().flatten().chain(post.damage.iter().filter_map(|damage| damage.span)) {
                prop_assert!(report.text.string.get(span.range()).is_some());
            }
        }
    }
}
