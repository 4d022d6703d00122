//! Posts of X (Twitter) as version 1.1 of its interface and its archives write them.

use serde_json::Value;

use super::draft::{Draft, push_new, when};
use super::{Exported, id, list, text};
use crate::pack::Packs;

/// A tweet, an answer to a search, a map of tweets by id, or an entry of an archive.
pub(super) fn read(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    if is_tweet(value) {
        found.push(Exported::Post(Box::new(tweet(value, packs))));
        return true;
    }
    if let Some(inner) = value.get("tweet").filter(|inner| is_tweet(inner)) {
        return read(inner, packs, depth, found);
    }
    if let Some(statuses) = value.get("statuses").and_then(Value::as_array) {
        for (index, status) in statuses.iter().enumerate() {
            if !read(status, packs, depth, found) {
                found.push(Exported::Bad(format!("status {} is no post", index + 1)));
            }
        }
        return true;
    }
    by_id(value, packs, depth, found)
}

/// `{"id": {"20": {…}, "21": null}}`, or the inner map alone.
fn by_id(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    let Some(map) = value.as_object() else { return false };
    if let (1, Some(inner)) = (map.len(), map.get("id").filter(|inner| inner.is_object())) {
        return by_id(inner, packs, depth, found);
    }
    let ids = map.keys().all(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()));
    let tweets = map.values().all(|value| value.is_null() || is_tweet(value));
    if map.is_empty() || !ids || !tweets {
        return false;
    }
    for status in map.values().filter(|value| !value.is_null()) {
        read(status, packs, depth, found);
    }
    true
}

/// Told by the interface's own way of writing times.
pub(super) fn is_tweet(value: &Value) -> bool {
    let words = ["full_text", "text"].iter().any(|name| value.get(*name).is_some_and(Value::is_string));
    let named = ["id_str", "id"].iter().any(|name| id(value, name).is_some());
    words && named && text(value, "created_at").is_some_and(is_time)
}

/// "Mon Dec 12 10:00:00 +0000 2016".
fn is_time(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    matches!(words.as_slice(), [day, _, _, time, zone, year]
        if day.len() == 3 && time.contains(':') && zone.starts_with(['+', '-']) && year.len() == 4)
}

/// The time, as one that [`when`] reads.
pub(super) fn time(value: &Value) -> Option<selon_model::When> {
    let field = text(value, "created_at")?;
    let words: Vec<&str> = field.split_ascii_whitespace().collect();
    match words.as_slice() {
        [_, month, day, time, zone, year] if is_time(field) => {
            when(Some(&format!("{day} {month} {year} {time} {zone}")))
        }
        _ => when(Some(field)),
    }
}

pub(super) fn tweet(value: &Value, packs: &Packs) -> super::ExportedPost {
    let mut draft = Draft::of("x", "core.post.x_v1");
    let long = value.get("extended_tweet").filter(|long| text(long, "full_text").is_some());
    let body = long.unwrap_or(value);
    draft.words = text(body, "full_text").or_else(|| text(value, "text")).unwrap_or("").to_owned();
    draft.id = id(value, "id_str").or_else(|| id(value, "id"));
    if let Some(user) = value.get("user") {
        draft.name = text(user, "name").map(str::to_owned);
        draft.handle = text(user, "screen_name").map(str::to_owned);
        draft.account = id(user, "id_str").or_else(|| id(user, "id"));
    }
    draft.posted = time(value);
    draft.claimed = text(value, "lang").map(str::to_owned);
    draft.truncated = long.is_none() && value.get("truncated") == Some(&Value::Bool(true));
    if let Some(entities) = body.get("entities").filter(|entities| entities.is_object()) {
        let (mut tags, mut names, mut links) = (Vec::new(), Vec::new(), Vec::new());
        list(entities, "hashtags")
            .iter()
            .filter_map(|tag| text(tag, "text"))
            .for_each(|tag| push_new(&mut tags, tag));
        list(entities, "user_mentions")
            .iter()
            .filter_map(|user| text(user, "screen_name"))
            .for_each(|name| push_new(&mut names, name));
        list(entities, "urls")
            .iter()
            .filter_map(|url| text(url, "expanded_url").or_else(|| text(url, "url")))
            .for_each(|url| push_new(&mut links, url));
        (draft.hashtags, draft.mentions, draft.links) = (Some(tags), Some(names), Some(links));
        let extended = body.get("extended_entities").map_or(&[][..], |entities| list(entities, "media"));
        for media in list(entities, "media").iter().chain(extended) {
            let address = text(media, "media_url_https").or_else(|| text(media, "media_url"));
            if let Some(address) = address.or_else(|| text(media, "display_url")) {
                push_new(&mut draft.media, address);
            }
        }
    }
    if let Some(other) = id(value, "in_reply_to_status_id_str").or_else(|| id(value, "in_reply_to_status_id"))
    {
        draft.relate("reply_to", other);
    }
    let nested =
        |name: &str| value.get(name).and_then(|status| id(status, "id_str").or_else(|| id(status, "id")));
    if let Some(other) = nested("retweeted_status") {
        draft.relate("reposts", other);
    } else if let Some(other) = id(value, "quoted_status_id_str")
        .or_else(|| id(value, "quoted_status_id"))
        .or_else(|| nested("quoted_status"))
    {
        draft.relate("quotes", other);
    }
    if let Some(before) = value
        .pointer("/edit_info/initial/editTweetIds")
        .or_else(|| value.pointer("/edit_info/edit/editControlInitial/editTweetIds"))
        .and_then(Value::as_array)
        .and_then(|history| before(history, draft.id.as_deref()))
    {
        draft.relate("edits", before);
    }
    draft.finish(packs)
}

/// The version before `own` in a history of ids.
pub(super) fn before(history: &[Value], own: Option<&str>) -> Option<String> {
    let ids: Vec<&str> = history.iter().filter_map(Value::as_str).collect();
    let at = ids.iter().position(|id| Some(*id) == own)?;
    at.checked_sub(1).map(|at| ids[at].to_owned())
}
