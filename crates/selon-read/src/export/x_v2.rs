//! Posts of X (Twitter) as version 2 of its interface writes them, one answer a value; twarc2
//! keeps them so.

use std::collections::HashMap;

use serde_json::Value;

use super::draft::{Draft, push_new, when};
use super::x_v1::before;
use super::{Exported, ExportedPost, id, list, text};
use crate::pack::Packs;

/// An answer, or a tweet alone (a flattened answer).
pub(super) fn read(value: &Value, packs: &Packs, found: &mut Vec<Exported>) -> bool {
    if is_tweet(value) {
        found.push(Exported::Post(Box::new(tweet(value, &Includes::default(), packs))));
        return true;
    }
    if value.get("data").is_none()
        && (value.get("__twarc").is_some() || is_error(value) || is_compliance(value))
    {
        return true;
    }
    let Some(data) = value.get("data") else { return false };
    let own: Vec<&Value> = match data {
        Value::Array(list) => list.iter().collect(),
        object => vec![object],
    };
    let known = value.get("__twarc").is_some()
        || value.get("includes").is_some_and(Value::is_object)
        || own.iter().any(|element| is_tweet(element));
    if !known || !own.iter().all(|element| element.is_object()) {
        return false;
    }
    let includes = Includes::of(value);
    for (index, element) in own.into_iter().enumerate() {
        if is_tweet(element) {
            versions(element, &includes, packs, found);
            found.push(Exported::Post(Box::new(tweet(element, &includes, packs))));
        } else if element.get("text").is_some() {
            found.push(Exported::Bad(format!("element {} of the answer is no whole post", index + 1)));
        }
    }
    true
}

/// Earlier versions of a post that the answer holds as well: each is kept, none is replaced.
fn versions(element: &Value, includes: &Includes<'_>, packs: &Packs, found: &mut Vec<Exported>) {
    let own = id(element, "id");
    for version in list(element, "edit_history_tweet_ids").iter().filter_map(Value::as_str) {
        if own.as_deref() == Some(version) {
            break;
        }
        if let Some(earlier) = includes.tweets.get(version) {
            found.push(Exported::Post(Box::new(tweet(earlier, includes, packs))));
        }
    }
}

/// A text and an id that is a string of digits; lists and accounts have no text.
fn is_tweet(value: &Value) -> bool {
    let digits = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
    let by_interface = ["author_id", "edit_history_tweet_ids", "conversation_id", "public_metrics"];
    value.get("text").is_some_and(Value::is_string)
        && text(value, "id").is_some_and(digits)
        && by_interface.iter().any(|name| value.get(*name).is_some())
}

fn is_error(value: &Value) -> bool {
    value.get("errors").is_some_and(Value::is_array) && value.get("title").is_some()
}

/// A line that says what became of a post, and is none.
fn is_compliance(value: &Value) -> bool {
    ["id", "action", "created_at", "reason"].iter().all(|name| text(value, name).is_some())
}

/// What an answer includes beside its posts.
#[derive(Default)]
struct Includes<'v> {
    users: HashMap<String, &'v Value>,
    tweets: HashMap<String, &'v Value>,
    media: HashMap<String, &'v Value>,
}

impl<'v> Includes<'v> {
    fn of(answer: &'v Value) -> Self {
        let Some(includes) = answer.get("includes") else { return Includes::default() };
        let by = |name: &str, key: &str| -> HashMap<String, &'v Value> {
            let list = includes.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            list.iter().filter_map(|value| Some((id(value, key)?, value))).collect()
        };
        Includes { users: by("users", "id"), tweets: by("tweets", "id"), media: by("media", "media_key") }
    }
}

fn tweet(value: &Value, includes: &Includes<'_>, packs: &Packs) -> ExportedPost {
    let mut draft = Draft::of("x", "core.post.x_v2");
    let long = value.get("note_tweet").filter(|long| text(long, "text").is_some());
    draft.words =
        long.and_then(|long| text(long, "text")).or_else(|| text(value, "text")).unwrap_or("").to_owned();
    draft.id = id(value, "id");
    draft.account = id(value, "author_id");
    let user = draft.account.as_ref().and_then(|account| includes.users.get(account).copied());
    if let Some(user) = user.or_else(|| value.get("author")) {
        draft.name = text(user, "name").map(str::to_owned);
        draft.handle = text(user, "username").map(str::to_owned);
    }
    draft.posted = when(text(value, "created_at"));
    draft.claimed = text(value, "lang").map(str::to_owned);
    let entities = long.and_then(|long| long.get("entities")).or_else(|| value.get("entities"));
    let (mut tags, mut names, mut links) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(entities) = entities {
        list(entities, "hashtags")
            .iter()
            .filter_map(|tag| text(tag, "tag"))
            .for_each(|tag| push_new(&mut tags, tag));
        list(entities, "mentions")
            .iter()
            .filter_map(|user| text(user, "username"))
            .for_each(|name| push_new(&mut names, name));
        for url in list(entities, "urls") {
            let shown = text(url, "display_url").unwrap_or("");
            if url.get("media_key").is_some()
                || shown.starts_with("pic.twitter.com/")
                || shown.starts_with("pic.x.com/")
            {
                push_new(&mut draft.media, shown);
            } else if let Some(address) = text(url, "expanded_url").or_else(|| text(url, "url")) {
                push_new(&mut links, address);
            }
        }
    }
    // An answer of this version always lists what a post holds: no list, nothing held.
    (draft.hashtags, draft.mentions, draft.links) = (Some(tags), Some(names), Some(links));
    for key in value.get("attachments").map_or(&[][..], |attachments| list(attachments, "media_keys")) {
        let media = key.as_str().and_then(|key| includes.media.get(key));
        if let Some(address) =
            media.and_then(|media| text(media, "url").or_else(|| text(media, "preview_image_url")))
        {
            push_new(&mut draft.media, address);
        }
    }
    for other in list(value, "referenced_tweets") {
        let kind = match text(other, "type") {
            Some("replied_to") => "reply_to",
            Some("quoted") => "quotes",
            Some("retweeted") => "reposts",
            _ => continue,
        };
        if let Some(other) = id(other, "id") {
            draft.relate(kind, other);
        }
    }
    if let Some(before) = before(list(value, "edit_history_tweet_ids"), draft.id.as_deref()) {
        draft.relate("edits", before);
    }
    draft.finish(packs)
}
