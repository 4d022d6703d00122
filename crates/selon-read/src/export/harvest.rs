//! What harvesting tools wrap around posts: snscrape, Zeeschuimer; and oEmbed answers. No sample of
//! the first two was at hand: their fields are those of their documentation.

use serde_json::Value;

use super::draft::{Draft, when};
use super::{Exported, id, read as read_any, text, x_v1};
use crate::pack::Packs;

/// A line of Zeeschuimer or of snscrape.
pub(super) fn read(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    if value.get("source_platform").is_some() && value.get("timestamp_collected").is_some() {
        return zeeschuimer(value, packs, depth, found);
    }
    if text(value, "_type").is_some_and(|kind| kind.starts_with("snscrape.modules.twitter.Tweet"))
        || (value.get("retweetCount").is_some()
            && value.get("replyCount").is_some()
            && text(value, "date").is_some())
    {
        return snscrape(value, packs, found);
    }
    false
}

fn zeeschuimer(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    let Some(data) = value.get("data").filter(|_| depth > 1) else { return false };
    let platform = text(value, "source_platform").unwrap_or("");
    // The page's own object of X: the tweet of version 1.1 under `legacy`, its author elsewhere.
    if let Some(legacy) = data.get("legacy").filter(|legacy| text(legacy, "full_text").is_some()) {
        let mut tweet = legacy.clone();
        let user = data.pointer("/core/user_results/result");
        if let (Some(fields), Some(user)) = (tweet.as_object_mut(), user) {
            let from = |name: &str| {
                user.pointer(&format!("/legacy/{name}"))
                    .or_else(|| user.pointer(&format!("/core/{name}")))
                    .cloned()
            };
            let user = serde_json::json!({
                "name": from("name"), "screen_name": from("screen_name"), "id_str": user.get("rest_id"),
            });
            fields.insert("user".to_owned(), user);
        }
        found.push(Exported::Post(Box::new(x_v1::tweet(&tweet, packs))));
        return true;
    }
    if !read_any(data, packs, depth - 1, found) {
        found.push(Exported::Bad(format!("an item of {platform} is in no form that is read")));
    }
    true
}

fn snscrape(value: &Value, packs: &Packs, found: &mut Vec<Exported>) -> bool {
    let words = text(value, "rawContent")
        .or_else(|| text(value, "content"))
        .or_else(|| text(value, "renderedContent"));
    let Some(words) = words else { return false };
    let mut draft = Draft::of("x", "core.post.snscrape");
    draft.words = words.to_owned();
    draft.id = id(value, "id");
    draft.url = text(value, "url").map(str::to_owned);
    if let Some(user) = value.get("user") {
        draft.name = text(user, "displayname").map(str::to_owned);
        draft.handle = text(user, "username").map(str::to_owned);
        draft.account = id(user, "id");
    }
    draft.posted = when(text(value, "date"));
    draft.claimed = text(value, "lang").map(str::to_owned);
    if let Some(other) = id(value, "inReplyToTweetId") {
        draft.relate("reply_to", other);
    }
    for (name, kind) in [("retweetedTweet", "reposts"), ("quotedTweet", "quotes")] {
        if let Some(other) = value.get(name).and_then(|other| id(other, "id")) {
            draft.relate(kind, other);
        }
    }
    found.push(Exported::Post(Box::new(draft.finish(packs))));
    true
}

/// An answer of an oEmbed interface: the fragment is read as a page that embeds the post.
pub(super) fn oembed(value: &Value, found: &mut Vec<Exported>) -> bool {
    let version =
        value.get("version").is_some_and(|version| version == "1.0" || version.as_f64() == Some(1.0));
    let kind = text(value, "type").filter(|kind| matches!(*kind, "rich" | "video" | "photo" | "link"));
    if !version || kind.is_none() {
        return false;
    }
    if let Some(html) = text(value, "html") {
        found.push(Exported::Fragment { html: html.to_owned(), url: text(value, "url").map(str::to_owned) });
    }
    true
}
