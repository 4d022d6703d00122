//! Posts of Bluesky as its repositories and its interface write them.

use selon_model::When;
use serde_json::Value;

use super::draft::{Draft, push_new, when};
use super::{Exported, ExportedPost, list, read as read_any, text};
use crate::pack::Packs;

const POST: &str = "app.bsky.feed.post";

/// A record, a view of a post, an item of a feed, a thread, or an answer that lists them.
pub(super) fn read(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    match text(value, "$type") {
        Some(POST) => {
            found.push(Exported::Post(Box::new(post(value, value, packs))));
            return true;
        }
        Some(kind) if kind.ends_with("#postView") => return view(value, packs, found),
        Some(kind) if kind.ends_with("#feedViewPost") || kind.ends_with("#threadViewPost") => {
            return item(value, packs, depth, found);
        }
        // Follows, likes, lists, profiles: no posts. A repost record says which post.
        Some("app.bsky.feed.repost") => {
            found.push(Exported::Post(Box::new(repost_record(value, packs))));
            return true;
        }
        Some(kind) if kind.starts_with("app.bsky.") => return true,
        _ => {}
    }
    if is_view(value) {
        return view(value, packs, found);
    }
    if value.get("post").is_some_and(is_view) {
        return item(value, packs, depth, found);
    }
    if let Some(thread) = value.get("thread").filter(|thread| thread.get("post").is_some()) {
        return depth > 1 && item(thread, packs, depth - 1, found);
    }
    // A record of a repository, as its exports list them.
    if let Some(inner) = value.get("value").filter(|inner| text(inner, "$type") == Some(POST)) {
        found.push(Exported::Post(Box::new(post(value, inner, packs))));
        return true;
    }
    let lists = ["feed", "posts", "records"];
    let answer = lists.iter().find_map(|name| value.get(*name)?.as_array());
    match answer {
        Some(items) if items.first().is_some_and(|item| is_view(item) || is_item(item)) => {
            for (index, item) in items.iter().enumerate() {
                if depth < 2 || !read_any(item, packs, depth - 1, found) {
                    found.push(Exported::Bad(format!("item {} of the answer is no post", index + 1)));
                }
            }
            true
        }
        _ => false,
    }
}

fn is_item(value: &Value) -> bool {
    value.get("post").is_some_and(is_view)
        || value.get("value").is_some_and(|inner| text(inner, "$type") == Some(POST))
}

fn is_view(value: &Value) -> bool {
    value.get("record").is_some_and(|record| text(record, "$type") == Some(POST))
}

fn view(value: &Value, packs: &Packs, found: &mut Vec<Exported>) -> bool {
    let Some(record) = value.get("record") else { return false };
    found.push(Exported::Post(Box::new(post(value, record, packs))));
    true
}

/// An item: its post, who reposted it, and in a thread what stands above and below.
fn item(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    let Some(inner) = value.get("post") else { return false };
    if depth > 1
        && let Some(parent) = value.get("parent").filter(|parent| parent.get("post").is_some())
    {
        item(parent, packs, depth - 1, found);
    }
    if !view(inner, packs, found) {
        return false;
    }
    let reason = value.get("reason").filter(|reason| reason.get("by").is_some());
    if let Some(reason) = reason
        && let Some(uri) = text(inner, "uri")
    {
        let mut draft = Draft::of("bluesky", "core.post.bluesky_repost");
        author(reason.get("by"), &mut draft);
        draft.posted = when(text(reason, "indexedAt"));
        draft.relate("reposts", uri);
        draft.id = text(reason, "uri").map(str::to_owned);
        found.push(Exported::Post(Box::new(draft.finish(packs))));
    }
    if depth > 1 {
        for reply in list(value, "replies") {
            item(reply, packs, depth - 1, found);
        }
    }
    true
}

fn author(value: Option<&Value>, draft: &mut Draft) {
    let Some(value) = value else { return };
    draft.name = text(value, "displayName").map(str::to_owned);
    draft.handle = text(value, "handle").map(str::to_owned);
    draft.account = text(value, "did").map(str::to_owned);
}

fn repost_record(value: &Value, packs: &Packs) -> ExportedPost {
    let mut draft = Draft::of("bluesky", "core.post.bluesky_repost");
    draft.posted = when(text(value, "createdAt"));
    if let Some(uri) = value.pointer("/subject/uri").and_then(Value::as_str) {
        draft.relate("reposts", uri);
    }
    draft.finish(packs)
}

/// A post: what its view says around it, and the record itself.
fn post(view: &Value, record: &Value, packs: &Packs) -> ExportedPost {
    let mut draft = Draft::of("bluesky", "core.post.bluesky");
    draft.words = text(record, "text").unwrap_or("").to_owned();
    let uri = text(view, "uri");
    draft.id = uri.map(str::to_owned);
    author(view.get("author"), &mut draft);
    if draft.account.is_none() {
        // The address of a post begins with its author's id.
        let did = uri.and_then(|uri| uri.strip_prefix("at://")?.split('/').next());
        draft.account = did.filter(|did| did.starts_with("did:")).map(str::to_owned);
    }
    draft.posted = posted(record);
    draft.claimed = list(record, "langs").first().and_then(Value::as_str).map(str::to_owned);
    facets(record, &mut draft);
    for embed in [record.get("embed"), view.get("embed")].into_iter().flatten() {
        embedded(embed, &mut draft);
    }
    if let Some(parent) = record.pointer("/reply/parent/uri").and_then(Value::as_str) {
        draft.relate("reply_to", parent);
    }
    draft.finish(packs)
}

fn posted(record: &Value) -> Option<When> {
    when(text(record, "createdAt"))
}

/// Links, mentions and tags; their places count bytes of UTF-8.
fn facets(record: &Value, draft: &mut Draft) {
    let Some(facets) = record.get("facets").and_then(Value::as_array) else { return };
    let (mut tags, mut names, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for facet in facets {
        let place = |name: &str| facet.pointer(&format!("/index/{name}")).and_then(Value::as_u64);
        let words = place("byteStart").zip(place("byteEnd")).and_then(|(start, end)| {
            draft.words.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
        });
        for feature in list(facet, "features") {
            match text(feature, "$type").and_then(|kind| kind.split_once('#')).map(|kind| kind.1) {
                Some("link") => links.extend(text(feature, "uri").map(str::to_owned)),
                Some("tag") => tags.extend(text(feature, "tag").map(str::to_owned)),
                Some("mention") => {
                    let shown =
                        words.map(|words| words.trim_start_matches('@')).filter(|words| !words.is_empty());
                    names.extend(shown.or_else(|| text(feature, "did")).map(str::to_owned));
                }
                _ => {}
            }
        }
    }
    (draft.hashtags, draft.mentions, draft.links) = (Some(tags), Some(names), Some(links));
}

/// Pictures, a card, a quoted post; in a record or in a view.
fn embedded(embed: &Value, draft: &mut Draft) {
    let kind = text(embed, "$type").unwrap_or("");
    if kind.starts_with("app.bsky.embed.images") {
        for image in list(embed, "images") {
            if let Some(address) = text(image, "fullsize").or_else(|| text(image, "thumb")) {
                push_new(&mut draft.media, address);
            }
        }
    } else if kind.starts_with("app.bsky.embed.video") {
        let address = text(embed, "playlist").or_else(|| text(embed, "thumbnail"));
        address.into_iter().for_each(|address| push_new(&mut draft.media, address));
    } else if kind.starts_with("app.bsky.embed.external") {
        if let Some(address) = embed.pointer("/external/uri").and_then(Value::as_str) {
            push_new(draft.links.get_or_insert_with(Vec::new), address);
        }
    } else if kind.starts_with("app.bsky.embed.recordWithMedia") {
        if let Some(media) = embed.get("media") {
            embedded(media, draft);
        }
        quoted(embed.get("record").and_then(|inner| inner.get("record").or(Some(inner))), draft);
    } else if kind.starts_with("app.bsky.embed.record") {
        quoted(embed.get("record"), draft);
    }
}

fn quoted(record: Option<&Value>, draft: &mut Draft) {
    let uri = record.and_then(|record| text(record, "uri"));
    if let Some(uri) = uri.filter(|uri| uri.contains("/app.bsky.feed.post/")) {
        draft.relate("quotes", uri);
    }
}
