//! Statuses as the interface of Mastodon (and of servers that speak it) writes them.

use serde_json::Value;

use super::draft::{Draft, each, when};
use super::{Exported, id, list, text};
use crate::pack::Packs;

/// A status. A repost holds the other status and no words of its own.
pub(super) fn read(value: &Value, packs: &Packs, found: &mut Vec<Exported>) -> bool {
    let account = value.get("account").filter(|account| text(account, "acct").is_some());
    let (Some(account), Some(content)) = (account, value.get("content").and_then(Value::as_str)) else {
        return false;
    };
    if text(value, "created_at").is_none() {
        return false;
    }
    let mut draft = Draft::of("mastodon", "core.post.mastodon");
    let (words, links) = crate::post::html::words_of_fragment(content);
    draft.words = match text(value, "spoiler_text") {
        Some(warning) => format!("{warning}\n{words}"),
        None => words,
    };
    draft.id = text(value, "uri").map(str::to_owned).or_else(|| id(value, "id"));
    draft.url = text(value, "url").map(str::to_owned);
    draft.name = text(account, "display_name").map(str::to_owned);
    draft.handle = text(account, "acct").map(str::to_owned);
    draft.account = text(account, "uri").map(str::to_owned).or_else(|| id(account, "id"));
    draft.posted = when(text(value, "created_at"));
    draft.edited = when(text(value, "edited_at"));
    draft.claimed = text(value, "language").map(str::to_owned);
    let mentioned = each(list(value, "mentions"), "url");
    draft.hashtags = Some(each(list(value, "tags"), "name"));
    draft.mentions = Some(each(list(value, "mentions"), "acct"));
    let tagged = |link: &String| link.contains("/tags/") || link.contains("/tag/");
    draft.links = Some(links.into_iter().filter(|link| !mentioned.contains(link) && !tagged(link)).collect());
    draft.media = each(list(value, "media_attachments"), "url");
    if let Some(other) = id(value, "in_reply_to_id") {
        draft.relate("reply_to", other);
    }
    let reblog = value.get("reblog").filter(|reblog| reblog.is_object());
    if let Some(other) =
        reblog.and_then(|reblog| text(reblog, "uri").map(str::to_owned).or_else(|| id(reblog, "id")))
    {
        draft.words.clear();
        draft.links = None;
        draft.relate("reposts", other);
    }
    if let Some(reblog) = reblog {
        read(reblog, packs, found);
    }
    found.push(Exported::Post(Box::new(draft.finish(packs))));
    true
}
