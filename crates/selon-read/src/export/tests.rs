use serde_json::json;

use super::*;

/// The posts of a value, one a line.
fn shown(value: &Value) -> String {
    let Some(found) = read_export(value, Packs::embedded()) else { return "no export".to_owned() };
    found.iter().map(shown_one).collect::<Vec<_>>().join("\n")
}

fn shown_one(exported: &Exported) -> String {
    match exported {
        Exported::Fragment { html, url } => format!("fragment {} bytes of {url:?}", html.len()),
        Exported::Bad(why) => format!("bad: {why}"),
        Exported::Post(exported) => {
            let post = &exported.post;
            let relations: Vec<String> =
                post.relations.iter().map(|relation| format!("{} {}", relation.kind, relation.id)).collect();
            let damage: Vec<String> = post.damage.iter().map(|damage| format!("{:?}", damage.kind)).collect();
            format!(
                "{} {} by {}/{}/{} at {}: {} tags={:?} mentions={:?} links={:?} media={:?} {}{}",
                post.platform,
                post.status_id.as_deref().unwrap_or("-"),
                post.author.name.as_deref().unwrap_or("-"),
                post.author.handle.as_deref().unwrap_or("-"),
                post.author.id.as_deref().unwrap_or("-"),
                post.posted.as_ref().and_then(|when| when.edtf.as_deref()).unwrap_or("-"),
                exported.words,
                post.hashtags,
                post.mentions,
                post.links,
                post.media,
                relations.join(", "),
                if damage.is_empty() { String::new() } else { format!("[{}]", damage.join(" ")) },
            )
        }
    }
}

fn check(value: Value, expected: &str) {
    assert_eq!(shown(&value), expected, "{value}");
}

fn tweet(id: &str, text: &str) -> Value {
    json!({
        "created_at": "Wed Mar 11 10:00:05 +0000 2026", "id": 1, "id_str": id, "text": text,
        "user": { "id_str": "7", "name": "Ana Ruo", "screen_name": "anaruo" },
    })
}

#[test]
fn tweets_of_version_1() {
    let plain = "x 2031671054000000000 by Ana Ruo/anaruo/7 at 2026-03-11T10:00:05Z: La route rouvre #Vernak \
                 tags=[\"Vernak\"] mentions=[] links=[] media=[] ";
    let one = tweet("2031671054000000000", "La route rouvre #Vernak");
    check(one.clone(), plain);
    check(json!([{ "tweet": one.clone() }]), plain);
    check(json!({ "statuses": [one.clone()], "search_metadata": {} }), plain);
    check(json!({ "2031671054000000000": one.clone(), "3": null }), plain);
    let mut long = one;
    long["full_text"] = json!("La route rouvre #Vernak, dit @anaruo https://t.co/a");
    long["entities"] = json!({
        "hashtags": [{ "text": "Vernak" }], "user_mentions": [{ "screen_name": "anaruo" }],
        "urls": [{ "url": "https://t.co/a", "expanded_url": "https://vernak.example/1" }],
    });
    long["retweeted_status"] = json!({ "id_str": "99" });
    long["in_reply_to_status_id_str"] = json!("98");
    check(
        long,
        "x 2031671054000000000 by Ana Ruo/anaruo/7 at 2026-03-11T10:00:05Z: La route rouvre #Vernak, dit @anaruo \
         https://t.co/a tags=[\"Vernak\"] mentions=[\"anaruo\"] links=[\"https://vernak.example/1\"] media=[] \
         reply_to 98, reposts 99",
    );
}

#[test]
fn answers_of_version_2() {
    let version = |id: &str, text: &str| {
        json!({
            "id": id, "text": text, "author_id": "7", "created_at": "2026-03-11T10:00:05.000Z",
            "edit_history_tweet_ids": ["2031671054000000001", "2031671054000000002"],
        })
    };
    let answer = json!({
        "data": [version("2031671054000000002", "Trois blessés")],
        "includes": {
            "users": [{ "id": "7", "name": "Ana Ruo", "username": "anaruo" }],
            "tweets": [version("2031671054000000001", "Deux blessés"), version("2031671054000000002", "Trois blessés")],
        },
        "__twarc": {},
    });
    check(
        answer,
        "x 2031671054000000001 by Ana Ruo/anaruo/7 at 2026-03-11T10:00:05Z: Deux blessés tags=[] mentions=[] \
         links=[] media=[] \n\
         x 2031671054000000002 by Ana Ruo/anaruo/7 at 2026-03-11T10:00:05Z: Trois blessés tags=[] mentions=[] \
         links=[] media=[] edits 2031671054000000001",
    );
    check(json!({ "data": [{ "id": "7", "name": "Ana" }], "__twarc": {} }), "");
    check(json!({ "id": "1", "action": "delete", "created_at": "2026-03-11", "reason": "deleted" }), "");
}

#[test]
fn chats_of_telegram() {
    let chat = json!({
        "name": "Vernak", "type": "public_channel", "id": 5, "messages": [
            { "id": 1, "type": "service", "date": "2026-03-11T10:00:00", "text": "" },
            { "id": 2, "type": "message", "date": "2026-03-11T11:00:05", "date_unixtime": "1773223205",
              "from": "Vernak", "from_id": "channel5", "reply_to_message_id": 1, "forwarded_from": "Elsk",
              "text": ["La route ", { "type": "hashtag", "text": "#Vernak" }, " ",
                       { "type": "text_link", "text": "ici", "href": "https://vernak.example/1" }],
              "photo": "photos/p1.jpg" },
            { "id": 3, "type": "message", "date": "2026-03-11T11:01:00", "text": "Sans heure sûre", "file": "(File not included.)" },
        ],
    });
    check(
        chat,
        "telegram 5/2 by Vernak/-/channel5 at 2026-03-11T10:00:05Z: La route #Vernak ici tags=[\"Vernak\"] \
         mentions=[] links=[\"https://vernak.example/1\"] media=[\"photos/p1.jpg\"] reply_to 5/1, forwards Elsk\n\
         telegram 5/3 by Vernak/-/- at 2026-03-11T11:01:00: Sans heure sûre tags=[] mentions=[] links=[] media=[] \
         [ZoneUnknown]",
    );
}

#[test]
fn posts_of_bluesky() {
    let view = json!({
        "uri": "at://did:plc:a/app.bsky.feed.post/k1", "author": { "did": "did:plc:a", "handle": "ana.example", "displayName": "Ana" },
        "record": {
            "$type": "app.bsky.feed.post", "text": "Été : voir ici", "createdAt": "2026-03-11T10:00:05Z",
            "facets": [{ "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": "https://vernak.example/1" }],
                         "index": { "byteStart": 9, "byteEnd": 13 } }],
            "reply": { "parent": { "uri": "at://did:plc:b/app.bsky.feed.post/k0" } },
        },
    });
    let plain = "bluesky at://did:plc:a/app.bsky.feed.post/k1 by Ana/ana.example/did:plc:a at 2026-03-11T10:00:05Z: \
                 Été : voir ici tags=[] mentions=[] links=[\"https://vernak.example/1\"] media=[] reply_to \
                 at://did:plc:b/app.bsky.feed.post/k0";
    check(json!({ "feed": [{ "post": view.clone() }] }), plain);
    let repost = json!({
        "$type": "app.bsky.feed.defs#feedViewPost", "post": view,
        "reason": { "$type": "app.bsky.feed.defs#reasonRepost", "by": { "did": "did:plc:c", "handle": "carl.example" },
                    "indexedAt": "2026-03-11T11:00:00Z" },
    });
    check(
        repost,
        &format!(
            "{plain}\nbluesky - by -/carl.example/did:plc:c at 2026-03-11T11:00:00Z:  tags=[] mentions=[] links=[] \
             media=[] reposts at://did:plc:a/app.bsky.feed.post/k1"
        ),
    );
    check(json!({ "$type": "app.bsky.graph.follow", "subject": "did:plc:a" }), "");
}

#[test]
fn activities_and_statuses() {
    let note = json!({
        "type": "Note", "id": "https://m.example/1", "published": "2026-03-11T10:00:05Z", "attributedTo": "https://m.example/ana",
        "content": "<p>La route <a href=\"https://m.example/tags/vernak\">#<span>Vernak</span></a><br>rouvre</p>",
        "tag": [{ "type": "Hashtag", "href": "https://m.example/tags/vernak", "name": "#Vernak" }],
        "inReplyTo": "https://m.example/0",
    });
    check(
        json!({ "@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": [
            { "type": "Create", "actor": "https://m.example/ana", "object": note },
            { "type": "Announce", "id": "https://m.example/2", "actor": "https://m.example/ana", "object": "https://m.example/9" },
            { "type": "Like", "actor": "https://m.example/ana", "object": "https://m.example/9" },
            { "type": "Dance" },
        ] }),
        "fediverse https://m.example/1 by -/-/https://m.example/ana at 2026-03-11T10:00:05Z: La route #Vernak\nrouvre \
         tags=[\"Vernak\"] mentions=[] links=[] media=[] reply_to https://m.example/0\n\
         fediverse https://m.example/2 by -/-/https://m.example/ana at -:  tags=[] mentions=[] links=[] media=[] \
         reposts https://m.example/9\n\
         bad: item 4 of the collection is of no known kind",
    );
    check(
        json!({
            "id": "12", "uri": "https://m.example/12", "created_at": "2026-03-11T10:00:05.000Z", "content": "<p>Oui.</p>",
            "account": { "id": "7", "acct": "ana", "display_name": "Ana" }, "language": "fr", "tags": [], "mentions": [],
        }),
        "mastodon https://m.example/12 by Ana/ana/7 at 2026-03-11T10:00:05Z: Oui. tags=[] mentions=[] links=[] media=[] ",
    );
}

#[test]
fn tools_and_other_json() {
    check(
        json!({ "_type": "snscrape.modules.twitter.Tweet", "date": "2026-03-11T10:00:05+00:00", "rawContent": "Oui.", "id": 5,
                "user": { "username": "anaruo", "displayname": "Ana Ruo", "id": 7 } }),
        "x 5 by Ana Ruo/anaruo/7 at 2026-03-11T10:00:05Z: Oui. tags=[] mentions=[] links=[] media=[] ",
    );
    check(
        json!({ "nav_index": "1", "source_platform": "twitter.com", "timestamp_collected": 1,
                "data": { "rest_id": "5", "legacy": { "id_str": "5", "full_text": "Oui.", "created_at": "Wed Mar 11 10:00:05 +0000 2026" },
                          "core": { "user_results": { "result": { "rest_id": "7", "legacy": { "name": "Ana", "screen_name": "ana" } } } } } }),
        "x 5 by Ana/ana/7 at 2026-03-11T10:00:05Z: Oui. tags=[] mentions=[] links=[] media=[] ",
    );
    check(
        json!({ "version": "1.0", "type": "rich", "html": "<p>a", "url": "https://a.example" }),
        "fragment 4 bytes of Some(\"https://a.example\")",
    );
    for row in [
        json!({ "text": "Oui.", "id": "7" }),
        json!([1, 2]),
        json!({}),
        json!([]),
        json!("a"),
        json!({ "a": 1 }),
    ] {
        check(row, "no export");
    }
}

#[test]
fn archives_wrapped_in_a_script() {
    assert_eq!(unwrap_script("\u{feff}window.YTD.tweets.part0 = [1];\n"), "[1]");
    assert_eq!(unwrap_script("[1]"), "[1]");
}

/// JSON with the names that exports use, in any shape.
fn any_json() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let names = [
        "text",
        "id",
        "created_at",
        "data",
        "includes",
        "tweets",
        "messages",
        "type",
        "record",
        "post",
        "$type",
        "object",
        "orderedItems",
        "content",
        "account",
        "acct",
        "statuses",
        "user",
        "entities",
        "tweet",
        "thread",
        "feed",
        "actor",
        "facets",
        "index",
        "byteStart",
        "byteEnd",
        "features",
        "edit_history_tweet_ids",
        "date",
        "uri",
        "embed",
    ];
    let words = [
        "message",
        "Note",
        "Create",
        "app.bsky.feed.post",
        "Wed Mar 11 10:00:05 +0000 2026",
        "7",
        "é",
        "2026-03-11",
        "https://www.w3.org/ns/activitystreams",
        "app.bsky.feed.defs#feedViewPost",
        "<p>a<b>",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(names.to_vec()), inner), 0..6).prop_map(|fields| {
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()
            }),
        ]
    })
}

proptest::proptest! {
    #[test]
    fn never_panics(value in any_json()) {
        for exported in read_export(&value, Packs::embedded()).into_iter().flatten() {
            if let Exported::Post(exported) = exported {
                let span = exported.post.text.map_or(0..0, |span| span.range());
                proptest::prop_assert!(exported.words.get(span).is_some());
            }
        }
    }
}

/// The posts of a page, one a line.
fn shown_page(page: &str) -> String {
    assert!(is_export_page(page.as_bytes()), "{page}");
    read_export_page(page, Packs::embedded()).iter().map(shown_one).collect::<Vec<_>>().join("\n")
}

#[test]
fn pages_of_telegram_desktop() {
    let date = |zone: &str| {
        format!(
            r#"<div class="pull_right date details" title="11.03.2026 10:00:05{zone}">
10:00
</div>"#
        )
    };
    let from = r#"<div class="from_name">
Ana Ruo 
</div>"#;
    let message = |classes: &str, number: u32, body: &str| {
        format!(r#"<div class="message {classes}" id="message{number}"><div class="body">{body}</div></div>"#)
    };
    let page = [
        r#"<!DOCTYPE html><html><body><div class="page_wrap"><div class="page_body"><div class="history">"#.to_owned(),
        r#"<div class="message service" id="message-1"><div class="body details">11 March 2026</div></div>"#.to_owned(),
        message("default clearfix", 7, &format!(r#"{}{from}<div class="text">
La route <strong>rouvre</strong><br>à <a href="" onclick="return ShowHashtag(&quot;Vernak&quot;)">#Vernak</a>, dit <a href="https://t.me/bora">@bora</a>: <a href="https://a.test/">ici</a>
</div>"#, date(" UTC+03:00"))),
        message("default clearfix joined", 8, &format!(r##"{}<div class="reply_to details">In reply to <a href="#go_to_message7" onclick="return GoToMessage(7)">this message</a></div>
<div class="media_wrap clearfix"><a class="photo_wrap" href="photos/photo_1.jpg"><img class="photo" src="photos/photo_1_thumb.jpg"></a></div>"##, date(""))),
        message("default clearfix", 9, &format!(r#"{}<div class="from_name">Bora</div><div class="forwarded body"><div class="from_name">Port de Vernak <span class="date details" title="01.03.2026 08:00:00"> 01.03.2026 08:00:00</span></div><div class="text">Le port ferme</div></div>"#, date(" UTC"))),
        "</div></div></div></body></html>".to_owned(),
    ]
    .concat();
    assert_eq!(
        shown_page(&page),
        "telegram 7 by Ana Ruo/-/- at 2026-03-11T10:00:05+03:00: La route rouvre\nà #Vernak, dit @bora: ici \
         tags=[\"Vernak\"] mentions=[\"bora\"] links=[\"https://a.test/\"] media=[] \n\
         telegram 8 by Ana Ruo/-/- at 2026-03-11T10:00:05:  tags=[] mentions=[] links=[] \
         media=[\"photos/photo_1.jpg\"] reply_to 7[ZoneUnknown]\n\
         telegram 9 by Bora/-/- at 2026-03-11T10:00:05Z: Le port ferme tags=[] mentions=[] links=[] media=[] \
         forwards Port de Vernak"
    );
    let page = page.replace("title=\"11.03.2026", "title=\"99.03.2026");
    let found = shown_page(&page);
    assert!(found.contains("telegram 7 by Ana Ruo/-/- at -:"), "{found}");
}

#[test]
fn pages_of_facebook() {
    let story = |number: u32, time: &str, inside: &str| {
        format!(
            r#"<div role="article" data-ft="1"><div><h3><strong><a href="/ana.ruo?refid=1">Ana
            Ruo</a></strong></h3></div>{inside}<div data-ft="2"><abbr>{time}</abbr>
            <a href="/story.php?story_fbid={number}&amp;id=7&amp;refid=1">Full Story</a></div></div>"#
        )
    };
    let words = r#"<div data-ft="3"><p>La route rouvre, dit <a href="/bora">Bora</a>.</p>
        <p><a href="https://lm.facebook.com/l.php?u=https%3A%2F%2Fa.test%2Fb">a.test/b</a></p></div>"#;
    let shared = r#"<div role="article"><h3><a href="/c">Cem</a></h3><div data-ft="4"><p>Le port ferme</p></div></div>"#;
    let page = format!(
        r#"<html><body><div data-ft="0" id="root">{}{}</div><div><h3><a href="/x">Dal</a></h3><div>un commentaire</div><abbr>1 h</abbr></div></body></html>"#,
        story(3, "11 mars 2026, 10:00", words),
        story(4, "June 13 at 4:50 PM", &format!("{words}{shared}")),
    );
    let text =
        "La route rouvre, dit Bora.\na.test/b tags=[] mentions=[] links=[\"https://a.test/b\"] media=[] ";
    assert_eq!(
        shown_page(&page),
        format!(
            "facebook 3 by Ana Ruo/ana.ruo/- at 2026-03-11: {text}[ZoneUnknown DateOnly]\nfacebook 4 by Ana Ruo/ana.ruo/- at -: {text}"
        )
    );
}
