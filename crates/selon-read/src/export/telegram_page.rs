//! Chats as Telegram Desktop exports them to pages: `messages.html`, `messages2.html` and so on.
//!
//! A message stands in an element of its own. One that follows another of the same sender does not
//! name him again. The page names the chat and not its id, so messages have their number alone.

use selon_model::When;

use super::draft::{Draft, push_new, when};
use super::{Exported, ExportedPost};
use crate::extract::arena::{Arena, NodeId};
use crate::pack::Packs;
use crate::post::html::Flow;

/// Whether a page begins as such an export does.
pub(super) fn begins(head: &str) -> bool {
    head.contains("class=\"page_wrap\"")
        && ["default", "service"].iter().any(|kind| head.contains(&format!("class=\"message {kind}")))
}

/// The messages of a page, in its order.
pub(super) fn read(arena: &Arena<'_>, packs: &Packs, found: &mut Vec<Exported>) {
    let mut sender: Option<String> = None;
    for node in arena.descendants(arena.root()) {
        // What the chat itself reports (joined, renamed, a new day) nobody posted.
        if !arena.has_class(node, "message") || !arena.has_class(node, "default") {
            continue;
        }
        let Some(body) = child(arena, node, "body") else { continue };
        let named = child(arena, body, "from_name").map(|name| own_words(arena, name));
        if named.is_some() || !arena.has_class(node, "joined") {
            sender = named.filter(|name| !name.is_empty());
        }
        let message = message(arena, node, body, sender.clone(), packs);
        found.push(Exported::Post(Box::new(message)));
    }
}

fn message(
    arena: &Arena<'_>,
    node: NodeId,
    body: NodeId,
    sender: Option<String>,
    packs: &Packs,
) -> ExportedPost {
    let mut draft = Draft::of("telegram", "core.post.telegram_page");
    let number = |text: &str| Some(text.to_owned()).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    draft.id = arena.attribute(node, "id").and_then(|id| number(id.strip_prefix("message")?));
    draft.name = sender;
    let date = child(arena, body, "date");
    draft.posted = date.and_then(|date| arena.attribute(date, "title")).and_then(time);
    if let Some(reply) = child(arena, body, "reply_to")
        && let Some(other) = Flow::of(arena, reply)
            .anchors
            .iter()
            .find_map(|anchor| anchor.href.split_once("#go_to_message").and_then(|(_, other)| number(other)))
    {
        draft.relate("reply_to", other);
    }
    let forwarded = arena
        .children(body)
        .find(|inner| arena.has_class(*inner, "forwarded") && arena.has_class(*inner, "body"));
    if let Some(from) = forwarded.and_then(|forwarded| child(arena, forwarded, "from_name")) {
        draft.relate("forwards", own_words(arena, from));
    }
    let inside = forwarded.unwrap_or(body);
    if let Some(text) = child(arena, inside, "text") {
        words(&Flow::of(arena, text), &mut draft);
    }
    if let Some(media) = child(arena, inside, "media_wrap") {
        for link in arena.descendants(media).filter(|below| arena.name(*below) == "a") {
            let path = arena.attribute(link, "href").unwrap_or("");
            if !path.contains("://") && !path.starts_with('#') {
                push_new(&mut draft.media, path);
            }
        }
    }
    draft.finish(packs)
}

/// Text and what its links are: tags and accounts are links to nowhere, or to a profile.
fn words(flow: &Flow, draft: &mut Draft) {
    let (mut tags, mut names, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for anchor in &flow.anchors {
        let shown = anchor.span.of(&flow.text);
        if let Some(tag) = shown.strip_prefix('#') {
            push_new(&mut tags, tag);
        } else if let Some(name) = shown.strip_prefix('@') {
            push_new(&mut names, name);
        } else if anchor.href.contains("://") {
            push_new(&mut links, &anchor.href);
        } else if anchor.href.is_empty() && !shown.starts_with(['/', '$']) {
            push_new(&mut names, shown);
        }
    }
    if !flow.anchors.is_empty() {
        (draft.hashtags, draft.mentions, draft.links) = (Some(tags), Some(names), Some(links));
    }
    draft.words.clone_from(&flow.text);
}

/// `21.09.2016 16:35:02 UTC+03:00`; older exports name no zone.
fn time(title: &str) -> Option<When> {
    let mut parts = title.split_ascii_whitespace();
    let (day, clock, zone) = (parts.next()?, parts.next()?, parts.next());
    let mut numbers = day.split('.');
    let (day, month, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let zone = match zone.and_then(|zone| zone.strip_prefix("UTC")) {
        Some("") => "Z",
        offset => offset.unwrap_or(""),
    };
    when(Some(&format!("{year}-{month}-{day}T{clock}{zone}")))
}

/// The first element right below with a class.
fn child(arena: &Arena<'_>, node: NodeId, class: &str) -> Option<NodeId> {
    arena.children(node).find(|child| arena.has_class(*child, class))
}

/// The words of an element without those of elements in it, as a date beside a name.
fn own_words(arena: &Arena<'_>, node: NodeId) -> String {
    let texts: Vec<&str> = arena
        .children(node)
        .filter(|child| arena.is_text(*child))
        .map(|child| arena.text(child).trim())
        .collect();
    texts.join(" ").trim().to_owned()
}
