//! Chats as Telegram Desktop exports them to `result.json`.

use jiff::Timestamp;
use jiff::tz::Offset;
use selon_model::When;
use serde_json::Value;

use super::draft::{Draft, push_new, when};
use super::{Exported, ExportedPost, id, list, text};
use crate::pack::Packs;

/// One chat, or a whole export with its lists of chats.
pub(super) fn read(value: &Value, packs: &Packs, found: &mut Vec<Exported>) -> bool {
    if is_chat(value) {
        chat(value, packs, found);
        return true;
    }
    let lists: Vec<&Value> = ["chats", "left_chats"]
        .iter()
        .filter_map(|name| value.get(*name))
        .filter(|chats| chats.get("list").is_some_and(Value::is_array))
        .collect();
    for chats in &lists {
        list(chats, "list").iter().filter(|value| is_chat(value)).for_each(|value| chat(value, packs, found));
    }
    !lists.is_empty()
}

fn is_chat(value: &Value) -> bool {
    let messages = list(value, "messages");
    let is_message = |message: &Value| {
        matches!(text(message, "type"), Some("message" | "service")) && text(message, "date").is_some()
    };
    value.get("messages").is_some_and(Value::is_array)
        && (text(value, "type").is_some() || !messages.is_empty())
        && messages.first().is_none_or(is_message)
}

fn chat(value: &Value, packs: &Packs, found: &mut Vec<Exported>) {
    let chat = id(value, "id");
    let channel = text(value, "type").is_some_and(|kind| kind.ends_with("_channel"));
    for (index, message) in list(value, "messages").iter().enumerate() {
        match text(message, "type") {
            Some("message") => {
                let read = message_of(message, value, chat.as_deref(), channel, packs);
                found.push(Exported::Post(Box::new(read)));
            }
            // What the chat itself reports (joined, renamed) nobody posted.
            Some("service") => {}
            _ => found.push(Exported::Bad(format!("message {} is of no known type", index + 1))),
        }
    }
}

fn message_of(
    message: &Value,
    chat: &Value,
    chat_id: Option<&str>,
    channel: bool,
    packs: &Packs,
) -> ExportedPost {
    let mut draft = Draft::of("telegram", "core.post.telegram_export");
    let own = id(message, "id");
    let in_chat = |id: &str| chat_id.map_or_else(|| id.to_owned(), |chat| format!("{chat}/{id}"));
    draft.id = own.as_deref().map(in_chat);
    // Under a channel's post stands the channel; who wrote it is `author`, where it says so.
    draft.name =
        text(message, "from").or_else(|| channel.then(|| text(chat, "name")).flatten()).map(str::to_owned);
    draft.account = id(message, "from_id");
    draft.posted = time(message, "date_unixtime", "date");
    draft.edited = time(message, "edited_unixtime", "edited");
    words(message, &mut draft);
    for name in ["photo", "file"] {
        let path = text(message, name).filter(|path| !path.starts_with('('));
        path.into_iter().for_each(|path| push_new(&mut draft.media, path));
    }
    if let Some(other) = id(message, "reply_to_message_id") {
        draft.relate("reply_to", in_chat(&other));
    }
    if let Some(other) = text(message, "forwarded_from") {
        draft.relate("forwards", other);
    }
    draft.finish(packs)
}

/// Text and what it is marked as: one string, or pieces.
fn words(message: &Value, draft: &mut Draft) {
    let empty = Vec::new();
    let pieces = match message.get("text") {
        Some(Value::String(text)) => {
            draft.words.clone_from(text);
            message.get("text_entities").and_then(Value::as_array).unwrap_or(&empty)
        }
        Some(Value::Array(pieces)) => {
            for piece in pieces {
                draft.words.push_str(piece.as_str().or_else(|| text(piece, "text")).unwrap_or(""));
            }
            pieces
        }
        _ => return,
    };
    let (mut tags, mut names, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let mut marked = false;
    for piece in pieces.iter().filter(|piece| piece.is_object()) {
        marked = true;
        let words = text(piece, "text").unwrap_or("");
        match text(piece, "type") {
            Some("hashtag") => push_new(&mut tags, words.trim_start_matches('#')),
            Some("mention" | "mention_name") => push_new(&mut names, words.trim_start_matches('@')),
            Some("link") => push_new(&mut links, words),
            Some("text_link") => push_new(&mut links, text(piece, "href").unwrap_or(words)),
            _ => {}
        }
    }
    if marked {
        (draft.hashtags, draft.mentions, draft.links) = (Some(tags), Some(names), Some(links));
    }
}

/// The second since 1970 where there is one; else the exporting computer's own time, whose zone
/// nobody knows.
fn time(message: &Value, seconds: &str, local: &str) -> Option<When> {
    let at = id(message, seconds)
        .and_then(|text| text.parse().ok())
        .and_then(|at| Timestamp::from_second(at).ok());
    match at {
        Some(at) => when(Some(&Offset::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())),
        None => when(text(message, local)),
    }
}
