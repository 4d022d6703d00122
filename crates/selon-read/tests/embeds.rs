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

#[test]
fn elements_that_wait_for_a_script() {
    let expected = ["x 804286336471597056 ana_ruo - 2016-12-01 LinkOnly -"];
    check(
        r#"<div class="widget__post" data-tweet-id="804286336471597056"><span></span></div>"#,
        &["x 804286336471597056 - - 2016-12-01 LinkOnly -"],
    );
    check(&format!(r#"<figure><div class="post" data-url=" {LINK}"></div></figure>"#), &expected);
    check(
        &format!(r#"<div class="c-oembed" data-oembed-url="{LINK}"><h3>Allow this content?</h3></div>"#),
        &expected,
    );
    check(
        &format!(
            r#"<p data-path="/extras/embed?url=https%3A%2F%2Fx.com%2Fana_ruo%2Fstatus%2F804286336471597056"><a href="{LINK}">{LINK}</a></p>"#
        ),
        &expected,
    );
    check(&format!(r#"<amp-twitter data-tweetid="{LINK}"></amp-twitter>"#), &expected);
    check(
        &format!(r#"<blockquote class="lazy" data-kind="twitter-tweet"><a href="{LINK}"></a></blockquote>"#),
        &expected,
    );
    check(
        r#"<div data-type="instagram" data-url="https://graph.example/instagram_oembed?url=https://www.instagram.com/p/BNpLF8LD0GD/"></div>"#,
        &["instagram BNpLF8LD0GD - - - LinkOnly -"],
    );
    check(
        r#"<div class="InstagramEmbedContainer-a1"><h4>A post</h4><p>See it where it <a href="https://www.instagram.com/p/BNpLF8LD0GD">comes from</a>.</p></div>"#,
        &["instagram BNpLF8LD0GD - - - LinkOnly -"],
    );
    // What wraps an embed code leaves it to the reader of that.
    check(
        &format!(
            r#"<div class="embed" data-oembed-url="{LINK}"><blockquote class="twitter-tweet"><p>The boats are in now</p>— Ana (@ana_ruo) <a href="{LINK}">December 1, 2016</a></blockquote></div>"#
        ),
        &["x 804286336471597056 ana_ruo Ana 2016-12-01 Full The boats are in now"],
    );
}

#[test]
fn elements_that_wait_for_nothing() {
    check(&format!(r#"<div class="share-box" data-url="{LINK}"></div>"#), &[]);
    check(&format!(r#"<div class="slide" data-through="{LINK}"><img src="a.jpg"></div>"#), &[]);
    check(r#"<div class="profile" data-url="https://twitter.com/ana_ruo"></div>"#, &[]);
    check(r#"<!-- <iframe src="https://www.youtube.com/embed/mnTKiyVYYCs"></iframe> -->"#, &[]);
    check(
        r#"<script>var t = '<div class="fb-post" data-href="//www.facebook.com/vernak/posts/{{ id }}"></div>';</script>"#,
        &[],
    );
    check(
        r#"<script>f('<iframe src="https://www.youtube.com/embed/' + id + '"></iframe>'); g("embed");</script>"#,
        &[],
    );
}

#[test]
fn frames_that_come_later_or_are_old() {
    let expected = ["youtube mnTKiyVYYCs - - - LinkOnly -"];
    check(
        r#"<iframe src="" title="a" data-consent-src="https://www.youtube.com/embed/mnTKiyVYYCs"></iframe>"#,
        &expected,
    );
    check(
        r#"<object width="425"><param name="movie" value="http://www.youtube.com/v/mnTKiyVYYCs&hl=en"><embed src="http://www.youtube.com/v/mnTKiyVYYCs&hl=en"></object>"#,
        &expected,
    );
    check(r#"<script>writeFrame("https://www.youtube.com/embed/mnTKiyVYYCs?fs=1")</script>"#, &expected);
    check(
        r#"<div class="lazy-player"></div><noscript><iframe src="https://www.youtube.com/embed/mnTKiyVYYCs"></iframe></noscript>"#,
        &expected,
    );
    check(
        r#"<script type="application/json">{"html":"\u003ciframe width=\"5\" src=\"https:\/\/www.youtube.com\/embed\/mnTKiyVYYCs\"\u003e\u003c\/iframe\u003e"}</script>"#,
        &expected,
    );
    check(
        r#"<iframe data-src="https://truthsocial.com/@ana/109683757201594015/embed"></iframe>"#,
        &["truthsocial 109683757201594015 ana - - LinkOnly -"],
    );
}

#[test]
fn embed_codes_inside_strings() {
    check(
        &format!(
            r#"<script>{{"body":"<p>a<\/p><div t-embed-src=\"{LINK}\" t-size=\"1\"><\/div>"}}</script>"#
        ),
        &["x 804286336471597056 ana_ruo - 2016-12-01 LinkOnly -"],
    );
    check(
        r#"<script>{"body":"<div t-embed-src=\"<blockquote class=&quot;tiktok-embed&quot; cite=&quot;https://www.tiktok.com/@ana/video/6718335390845095173&quot;> <section> <a href=&quot;https://www.tiktok.com/@ana&quot;>@ana<\/a> Boats at dawn <a href=&quot;https://www.tiktok.com/music/1&quot;>♬ Wind<\/a> <\/section> <\/blockquote>\"><\/div>"}</script>"#,
        &["tiktok 6718335390845095173 ana - - Full Boats at dawn"],
    );
    let report = check(
        &format!(
            r#"<textarea hidden><blockquote class="twitter-tweet"><p>The boats are in now</p>— Ana (@ana_ruo) <a href="{LINK}">December 1, 2016</a></blockquote></textarea>"#
        ),
        &["x 804286336471597056 ana_ruo Ana 2016-12-01 Full The boats are in now"],
    );
    assert!(!report.text.string.contains("The boats are in now"));
}

#[test]
fn signatures_of_all_kinds() {
    check(
        &format!(
            r#"<blockquote class="twitter-tweet"><p>The boats are in now</p>— Ana (@ana_ruo) <a href="https://go.example.com/?id=1&amp;url={LINK}?ref_src=a&amp;x=2">December 1, 2016</a></blockquote>"#
        ),
        &["x 804286336471597056 ana_ruo Ana 2016-12-01 Full The boats are in now"],
    );
    let report = check(
        r#"<div class="fb-post" data-href="https://www.facebook.com/vernak/posts/456"><blockquote cite="https://www.facebook.com/vernak/posts/456"><p>Les bateaux #Orvey sont là, voir icihttps://vernak.example.com/a</p>Publiée par <a href="https://www.facebook.com/vernak">Port de Vernak</a> sur&nbsp;<a href="https://www.facebook.com/vernak/posts/456">Jeudi 1 décembre 2016</a></blockquote></div>"#,
        &[
            "facebook 456 - Port de Vernak 2016-12-01 Full Les bateaux #Orvey sont là, voir icihttps://vernak.example.com/a",
        ],
    );
    let day = report.posts[0].posted.as_ref().and_then(|when| when.span);
    assert_eq!(day.map_or("", |span| report.text.words(span)), "1 décembre 2016");
    assert_eq!(report.posts[0].links, ["https://vernak.example.com/a"]);
    let instagram = |paragraphs: &str| {
        format!(
            r#"<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-permalink="https://www.instagram.com/p/BNpLF8LD0GD/">{paragraphs}</blockquote>"#
        )
    };
    check(
        &instagram("<p>Boats</p><p>A post shared by Ana Ruo (@ana.ruo) on Dec 5, 2016 at 9:10am PST</p>"),
        &["instagram BNpLF8LD0GD ana.ruo Ana Ruo 2016-12-05 Full Boats"],
    );
    check(&instagram("<p>A post shared by @ana.ruo</p>"), &["instagram BNpLF8LD0GD ana.ruo - - LinkOnly -"]);
    check(&instagram("<p>Instagram post</p>"), &["instagram BNpLF8LD0GD - - - LinkOnly -"]);
    let report = check(
        &instagram("<p>With @quay.side, @otto.</p>"),
        &["instagram BNpLF8LD0GD - - - Full With @quay.side, @otto."],
    );
    assert_eq!(report.posts[0].mentions, ["quay.side", "otto"]);
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
        Just("<div data-tweet-id=\"12\">"), Just("<script>\"\\u003ciframe src=\\\"é embed"), Just("<textarea>"),
        Just("<div embed=\"https://x.com/a/status/804286336471597056\">"), Just("<noscript>"), Just("</div>"),
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

#[test]
fn times_of_a_post_are_reckoned_from_its_own_day() {
    let embed = format!(
        r#"<blockquote class="twitter-tweet"><p lang="fr" dir="ltr">Il y a trois jours, 12 civils ont été tués.</p>&mdash; Ana Ruo (@ana_ruo) <a href="{LINK}">1 décembre 2016</a></blockquote>"#
    );
    let report = read_page(&page(&embed));
    let body = report.posts[0].text.expect("a text");
    let mut times = report.times.iter().filter(|time| body.contains(time.span));
    let time = times.next().map(|time| (report.text.words(time.span), time.value.as_str()));
    assert_eq!(time, Some(("Il y a trois jours", "2016-11-28")));
    assert_eq!(times.next(), None);
    let figure = report.figures.iter().find(|figure| body.contains(figure.span)).expect("a figure");
    assert_eq!(figure.window.as_ref().and_then(|when| when.edtf.as_deref()), Some("2016-11-28"));
}

#[test]
fn what_a_body_says_is_no_signature() {
    check(
        &format!(
            r#"<blockquote class="twitter-tweet"><p>Well said by my friend Bob (@bob) today</p><a href="{LINK}">Post</a></blockquote>"#
        ),
        &["x 804286336471597056 ana_ruo - 2016-12-01 Full Well said by my friend Bob (@bob) today"],
    );
    let report = read_page(&page(
        r#"<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc/app.bsky.feed.post/3k"><p>Thanks to Bob (@bob.example.com) for this</p></blockquote>"#,
    ));
    assert_eq!((&report.posts[0].author.handle, &report.posts[0].author.name), (&None, &None));
    let report = read_page(&page(
        r#"<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/CabcdefGhij/"><p>View this post on Instagram</p></blockquote>"#,
    ));
    assert!(report.posts[0].text.is_none(), "{:?}", report.posts[0]);
}

/// An embed code of X.
fn embedded(words: &str, handle: &str, id: &str) -> String {
    format!(
        "<blockquote class=\"twitter-tweet\"><p lang=\"en\" dir=\"ltr\">{words}</p>&mdash; Ana Ruo (@{handle}) \
         <a href=\"https://twitter.com/{handle}/status/{id}?ref_src=twsrc%5Etfw\">December 1, 2016</a></blockquote>"
    )
}

#[test]
fn what_differs_under_one_id_is_kept_and_told() {
    let id = "804286336471597056";
    let codes = |report: &Report| -> Vec<String> {
        report.notes.iter().map(|note| note.code.clone()).filter(|code| code == "post_conflict").collect()
    };
    let first = embedded("The boats are leaving the harbour now", "ana_ruo", id);
    let other = embedded("Nobody is leaving, the storm is back", "ana_ruo", id);
    let report = read_page(&page(&format!("{first}<p>Later she wrote:</p>{other}")));
    let bodies: Vec<&str> =
        report.posts.iter().filter_map(|post| Some(report.text.words(post.text?))).collect();
    assert_eq!(bodies, ["The boats are leaving the harbour now", "Nobody is leaving, the storm is back"]);
    assert_eq!(codes(&report).len(), 1);
    // Two accounts under one id are a conflict, too.
    let foreign = embedded("The boats are leaving the harbour now", "leo_1", id);
    assert_eq!(read_page(&page(&format!("{first}{foreign}"))).posts.len(), 2);
    // A copy, a shorter copy and a frame are one post.
    let short = embedded("The boats are leaving", "ana_ruo", id);
    let frame =
        format!("<div class=\"twitter-tweet-rendered\"><iframe data-tweet-id=\"{id}\"></iframe></div>");
    let report = read_page(&page(&format!("{first}{first}{short}{frame}")));
    assert_eq!((report.posts.len(), codes(&report).len()), (1, 0));
}

#[test]
fn embeds_inside_each_other_that_are_none_cost_their_length() {
    let started = std::time::Instant::now();
    let open = "<blockquote class=\"twitter-tweet\">words of it ".repeat(200);
    let html = page(&format!("{open}{}", "</blockquote>".repeat(200)).repeat(400));
    let report = read_page(&html);
    assert!(report.posts.is_empty());
    // A debug build on a busy machine; each word read once for each element around it takes minutes.
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn newer_platforms_and_players() {
    check(
        "<iframe src=\"https://embed.bsky.app/embed/did:plc:abc123/app.bsky.feed.post/3kabcdefgh2x?id=1\"></iframe>",
        &["bluesky 3kabcdefgh2x - - - LinkOnly -"],
    );
    check(
        "<blockquote class=\"text-post-media\" data-text-post-permalink=\"https://www.threads.net/@ana_ruo/post/C3abcDEf_gh\">\
         <a href=\"https://www.threads.net/@ana_ruo/post/C3abcDEf_gh\"><div>Post by @ana_ruo</div><div>View on Threads</div></a></blockquote>",
        &["threads C3abcDEf_gh ana_ruo - - LinkOnly -"],
    );
    check(
        "<amp-tiktok data-src=\"6718335390845095173\"></amp-tiktok>",
        &["tiktok 6718335390845095173 - - - LinkOnly -"],
    );
    check(
        "<div class=\"youtube-player\" data-id=\"mnTKiyVYYCs\"></div>",
        &["youtube mnTKiyVYYCs - - - LinkOnly -"],
    );
    check("<div class=\"youtube-player\" data-id=\"about\"></div>", &[]);
    check(
        "<article data-testid=\"tweet\"><div data-testid=\"User-Name\"><div>Ana Ruo</div><div>@ana_ruo</div></div>\
         <a href=\"/ana_ruo/status/804286336471597056\"><time datetime=\"2016-12-01T11:22:33.000Z\">Dec 1</time></a>\
         <div data-testid=\"tweetText\"><span>The boats are leaving the harbour now</span></div></article>",
        &["x 804286336471597056 ana_ruo Ana Ruo 2016-12-01 Full The boats are leaving the harbour now"],
    );
}

#[test]
fn remnants_of_bluesky_and_instagram() {
    let text = "The harbour reopened on Monday after a week of storms, the harbour master said.\n\n\
        The boats are leaving now\n— Ana Ruo (@ana.bsky.social) March 4, 2024 at 7:49 AM\n\n\
        View this post on Instagram\n\nA post shared by Leo Ras (@leo.ras)\n\nNobody was hurt, she said.\n";
    let document = Document { payload: text.as_bytes(), media: Media::Plain, ..Document::default() };
    let report = read(&document, Packs::embedded()).remove(0);
    let seen: Vec<(&str, &str, &str)> = report
        .posts
        .iter()
        .map(|post| {
            (
                post.platform.as_str(),
                post.author.handle.as_deref().unwrap_or(""),
                post.text.map_or("", |body| report.text.words(body)),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("bluesky", "ana.bsky.social", "The boats are leaving now"), ("instagram", "leo.ras", "")]
    );
    assert!(report.text.blocks.iter().all(|block| {
        block.kind == selon_model::BlockKind::Post
            || !block.span.of(&report.text.string).contains("Instagram")
    }));
}
