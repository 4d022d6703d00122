//! ActivityStreams 2: what Mastodon and other servers of the fediverse export (`outbox.json`).

use serde_json::Value;

use super::draft::{Draft, push_new, when};
use super::{Exported, ExportedPost, list, read as read_any, text};
use crate::pack::Packs;

/// Types that are posts.
const POSTS: &[&str] = &["Note", "Article", "Question", "Video", "Page"];
/// Types that are something else.
const OTHERS: &[&str] = &[
    "Accept",
    "Add",
    "Block",
    "Delete",
    "Dislike",
    "Flag",
    "Follow",
    "Invite",
    "Join",
    "Leave",
    "Like",
    "Listen",
    "Move",
    "Offer",
    "Read",
    "Reject",
    "Remove",
    "Undo",
    "View",
    "Application",
    "Group",
    "Organization",
    "Person",
    "Service",
    "Event",
    "Place",
    "Tombstone",
];

/// An object, an activity around one, or a collection of them.
pub(super) fn read(value: &Value, packs: &Packs, depth: usize, found: &mut Vec<Exported>) -> bool {
    if depth == 0 {
        return false;
    }
    let Some(kind) = text(value, "type") else { return false };
    let known =
        value.get("@context").is_some_and(is_context) || is_object(value) || value.get("actor").is_some();
    match kind {
        "OrderedCollection" | "OrderedCollectionPage" | "Collection" | "CollectionPage" => {
            let items = if value.get("orderedItems").is_some() { "orderedItems" } else { "items" };
            for (index, item) in list(value, items).iter().enumerate() {
                if !read_any(item, packs, depth - 1, found) {
                    found.push(Exported::Bad(format!(
                        "item {} of the collection is of no known kind",
                        index + 1
                    )));
                }
            }
            known || value.get(items).is_some()
        }
        "Create" | "Update" if known => match value.get("object") {
            Some(object) if object.is_object() => {
                if text(object, "type").is_some_and(|kind| POSTS.contains(&kind)) {
                    found.push(Exported::Post(Box::new(post(object, Some(value), packs))));
                }
                true
            }
            _ => true,
        },
        "Announce" if known => {
            announce(value, packs, found);
            true
        }
        kind if POSTS.contains(&kind) && known => {
            found.push(Exported::Post(Box::new(post(value, None, packs))));
            true
        }
        kind => known && OTHERS.contains(&kind),
    }
}

fn is_context(value: &Value) -> bool {
    let names = |value: &Value| value.as_str().is_some_and(|name| name.contains("activitystreams"));
    names(value) || value.as_array().is_some_and(|list| list.iter().any(names))
}

/// An object without a context, as it stands inside an activity or a list.
fn is_object(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some();
    (has("attributedTo") && has("id")) || (has("content") && (has("inReplyTo") || has("attachment")))
}

/// A repost, and the post itself where its words are in the file.
fn announce(value: &Value, packs: &Packs, found: &mut Vec<Exported>) {
    let object = value.get("object");
    if let Some(inner) = object.filter(|inner| text(inner, "content").is_some()) {
        found.push(Exported::Post(Box::new(post(inner, None, packs))));
    }
    let mut draft = Draft::of("fediverse", "core.post.activity_announce");
    draft.id = text(value, "id").map(str::to_owned);
    draft.url = address(value.get("url"));
    actor(value.get("actor").or_else(|| value.get("attributedTo")), &mut draft);
    draft.posted = when(text(value, "published"));
    if let Some(other) = object.and_then(reference) {
        draft.relate("reposts", other);
    }
    found.push(Exported::Post(Box::new(draft.finish(packs))));
}

fn post(object: &Value, activity: Option<&Value>, packs: &Packs) -> ExportedPost {
    let mut draft = Draft::of("fediverse", "core.post.activity");
    let (words, links) = match text(object, "mediaType") {
        Some("text/markdown" | "text/plain") => {
            (text(object, "content").unwrap_or("").to_owned(), Vec::new())
        }
        _ => crate::post::html::words_of_fragment(text(object, "content").unwrap_or("")),
    };
    draft.words =
        match text(object, "summary").filter(|_| object.get("sensitive") == Some(&Value::Bool(true))) {
            // The warning before sensitive words is the author's, too.
            Some(warning) => format!("{warning}\n{words}"),
            None => words,
        };
    draft.title = text(object, "name").map(str::to_owned);
    draft.id = text(object, "id").map(str::to_owned);
    draft.url = address(object.get("url"));
    let by = object.get("attributedTo").or_else(|| object.get("actor"));
    actor(by.or_else(|| activity.and_then(|activity| activity.get("actor"))), &mut draft);
    draft.posted =
        when(text(object, "published").or_else(|| activity.and_then(|activity| text(activity, "published"))));
    draft.edited = when(text(object, "updated"));
    let tags: Vec<&Value> = list(object, "tag").iter().collect();
    if !tags.is_empty() {
        let (mut hashtags, mut mentions) = (Vec::new(), Vec::new());
        for tag in &tags {
            let name = text(tag, "name").unwrap_or("");
            match text(tag, "type") {
                Some("Hashtag" | "Tag") => push_new(&mut hashtags, name.trim_start_matches('#')),
                Some("Mention") => push_new(&mut mentions, name.trim_start_matches('@')),
                _ => {}
            }
        }
        let own = |link: &String| !tags.iter().any(|tag| text(tag, "href") == Some(link.as_str()));
        draft.links = Some(links.into_iter().filter(|link| own(link)).collect());
        (draft.hashtags, draft.mentions) = (Some(hashtags), Some(mentions));
    } else if !links.is_empty() {
        draft.links = Some(links);
    }
    if let Some(claimed) = object.get("contentMap").and_then(Value::as_object) {
        draft.claimed = claimed.keys().next().filter(|_| claimed.len() == 1).cloned();
    }
    let single = object.get("image").filter(|image| image.is_object() || image.is_string());
    for media in list(object, "attachment").iter().chain(list(object, "image")).chain(single) {
        if let Some(address) = address(Some(media)).or_else(|| address(media.get("url"))) {
            push_new(&mut draft.media, &address);
        }
    }
    if let Some(other) = object.get("inReplyTo").and_then(reference) {
        draft.relate("reply_to", other);
    }
    for name in ["quote", "quoteUrl", "_misskey_quote"] {
        if let Some(other) = object.get(name).and_then(reference) {
            draft.relate("quotes", other);
        }
    }
    draft.finish(packs)
}

/// Name, handle and id of whoever acted: an address, an object, or a list of which the first counts.
fn actor(value: Option<&Value>, draft: &mut Draft) {
    match value {
        Some(Value::String(address)) => draft.account = Some(address.clone()),
        Some(Value::Array(list)) => actor(list.first(), draft),
        Some(object) => {
            draft.name = text(object, "name").map(str::to_owned);
            draft.handle = text(object, "preferredUsername").map(str::to_owned);
            draft.account = text(object, "id").map(str::to_owned).or_else(|| address(object.get("url")));
        }
        None => {}
    }
}

/// Id or address of an object, or the string that stands for it.
fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Array(list) => list.first().and_then(reference),
        object => text(object, "id").map(str::to_owned).or_else(|| address(object.get("url"))),
    }
}

/// An address: a string, a link object, or the first of a list.
fn address(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(address) if address.contains("://") => Some(address.clone()),
        Value::Array(list) => list.iter().find_map(|value| address(Some(value))),
        object => text(object, "href").map(str::to_owned),
    }
}
