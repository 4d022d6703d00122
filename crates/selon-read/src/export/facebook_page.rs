//! Facebook's pages for simple telephones, as people saved them: a post, a timeline, a feed.
//!
//! Nothing documents them; what they have shared over the years is a story with the name in its
//! heading, paragraphs, and a time in `abbr`, mostly without a year. Name, words and address are
//! taken, a day only where the page gives its year.

use selon_model::{DamageKind, DateEvidence, HandleFrom, PostedFrom, RuleId, When};

use super::draft::{Draft, new_damage, push_new};
use super::{Exported, ExportedPost};
use crate::extract::arena::{Arena, NodeId};
use crate::pack::Packs;
use crate::post::html::Flow;
use crate::post::status::{parameter, percent_decoded};

/// Whether a page begins as such a page does.
pub(super) fn begins(head: &str) -> bool {
    head.contains("data-ft=")
        && (head.contains("story_fbid=") || head.contains("id=\"m_story_permalink_view\""))
}

/// The stories of a page, in its order; comments are none.
pub(super) fn read(arena: &Arena<'_>, packs: &Packs, found: &mut Vec<Exported>) {
    let top = arena.root();
    let mut next = arena.first_child(top);
    while let Some(node) = next {
        let story = is_framed(arena, node).then(|| story(arena, node, packs)).flatten();
        next = match story {
            Some(story) => {
                found.push(Exported::Post(Box::new(story)));
                arena.after(node, top)
            }
            None => arena.first_child(node).or_else(|| arena.after(node, top)),
        };
    }
}

/// Whether an element is what stories are kept in.
fn is_framed(arena: &Arena<'_>, node: NodeId) -> bool {
    arena.name(node) == "article"
        || arena.attribute(node, "role") == Some("article")
        || arena.name(node) == "div" && arena.attribute(node, "data-ft").is_some()
}

/// Nodes below a story without those of a story that it shares.
fn own<'a>(arena: &'a Arena<'_>, story: NodeId) -> impl Iterator<Item = NodeId> + 'a {
    let shared =
        move |node: NodeId| arena.name(node) == "article" || arena.attribute(node, "role") == Some("article");
    let step = move |at: NodeId| {
        let inside = arena.first_child(at).filter(|_| !shared(at));
        inside.or_else(|| arena.after(at, story))
    };
    std::iter::successors(arena.first_child(story), move |at| step(*at)).filter(move |at| !shared(*at))
}

/// An element as a story: one name in its heading and one time; a list of stories has more.
fn story(arena: &Arena<'_>, node: NodeId, packs: &Packs) -> Option<ExportedPost> {
    let mut times = own(arena, node).filter(|below| arena.name(*below) == "abbr");
    let time = times.next().filter(|_| times.next().is_none())?;
    let heading = own(arena, node).find(|below| arena.name(*below) == "h3")?;
    let heading = Flow::of(arena, heading);
    let name = heading.anchors.first().filter(|anchor| !anchor.span.is_empty())?;

    let mut draft = Draft::of("facebook", "core.post.facebook_page");
    draft.name = Some(name.span.of(&heading.text).to_owned());
    (draft.handle, draft.account) = account(&name.href);
    let links = own(arena, node).filter(|below| arena.name(*below) == "a");
    let address = links
        .filter_map(|link| arena.attribute(link, "href"))
        .find(|href| href.contains("/story.php?") && href.contains("story_fbid="));
    if let Some((_, query)) = address.and_then(|address| address.split_once('?')) {
        draft.id = parameter(query, "story_fbid").map(str::to_owned);
        if let (Some(story), Some(owner)) = (&draft.id, parameter(query, "id")) {
            draft.url = Some(format!("https://m.facebook.com/story.php?story_fbid={story}&id={owner}"));
        }
    }
    draft.posted = day(arena.text_content(time).trim(), packs);
    let paragraph = own(arena, node).find(|below| arena.name(*below) == "p");
    let text = paragraph.and_then(|paragraph| {
        std::iter::successors(arena.parent(paragraph), |above| arena.parent(*above))
            .take_while(|above| *above != node)
            .find(|above| arena.attribute(*above, "data-ft").is_some())
            .or(Some(paragraph))
    });
    if let Some(text) = text {
        let flow = Flow::of(arena, text);
        let mut links = Vec::new();
        flow.anchors
            .iter()
            .filter_map(|anchor| outward(&anchor.href))
            .for_each(|to| push_new(&mut links, &to));
        draft.links = Some(links);
        draft.words = flow.text;
    }
    let mut story = draft.finish(packs);
    let post = &mut story.post;
    post.author.handle_from = post.author.handle.as_ref().map(|_| HandleFrom::Link);
    if post.posted.is_some() {
        post.posted_from = Some(PostedFrom::Shown);
        post.damage.push(new_damage(DamageKind::DateOnly));
    }
    Some(story)
}

/// Account name or number in the address of a profile.
fn account(href: &str) -> (Option<String>, Option<String>) {
    let path = href.rsplit_once("facebook.com").map_or(href, |(_, path)| path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match path.trim_matches('/') {
        "profile.php" => (None, parameter(query, "id").map(str::to_owned)),
        name if !name.is_empty() && !name.contains('/') && !name.ends_with(".php") => {
            (Some(name.to_owned()), None)
        }
        _ => (None, None),
    }
}

/// Where a link leads outside: `https://lm.facebook.com/l.php?u=…` says so itself.
fn outward(href: &str) -> Option<String> {
    match href.split_once("facebook.com/l.php?") {
        Some((_, query)) => parameter(query, "u").map(percent_decoded),
        None => href.contains("://").then(|| href.to_owned()),
    }
}

/// The day that a time as shown names with its year.
fn day(shown: &str, packs: &Packs) -> Option<When> {
    let found = packs.post.months.read(shown, None)?;
    let mut when = When::day(found.date, RuleId::core("core.post.shown_date"));
    when.evidence = Some(DateEvidence::Text);
    Some(when)
}
