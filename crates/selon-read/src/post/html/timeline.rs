//! Posts of X in a page of X that a browser saved: the platform's own markup, by the names that it
//! gives its parts for tests (`data-testid`).

use selon_model::{DamageKind, HandleFrom, PostState, PostedFrom};

use super::claim::{Claim, damage};
use super::flow::Flow;
use super::platforms::{from_field, set_body};
use crate::describe::date::parse_stamp;
use crate::extract::arena::{Arena, NodeId};
use crate::post::PostPack;
use crate::post::id::time_of_x;
use crate::post::status::{digits, post_address, without_tracking};

/// Nodes below a post that are looked at.
const NODES: usize = 2_000;

/// Reads a post: its address is the link around its time, its author the account in that address.
pub(super) fn claim(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let part = |name: &str| {
        arena
            .descendants(node)
            .take(NODES)
            .find(|below| arena.attribute(below.to_owned(), "data-testid") == Some(name))
    };
    let time = arena.descendants(node).take(NODES).find(|below| arena.name(*below) == "time")?;
    let link = std::iter::successors(Some(time), |at| arena.parent(*at)).take(4);
    let href = link.filter_map(|at| arena.attribute(at, "href")).next()?;
    let whole = if href.starts_with('/') { format!("https://x.com{href}") } else { href.to_owned() };
    let address = post_address(&whole).filter(|address| address.platform == "x")?;
    let id = digits(address.id?)?;
    let mut claim = Claim::new("x", PostState::LinkOnly, "core.post.x_page");
    claim.post.status_id = Some(id.to_owned());
    claim.post.url = Some(without_tracking(&whole));
    match address.handle {
        Some(handle) => {
            claim.post.author.handle = Some(handle.to_owned());
            claim.post.author.handle_from = Some(HandleFrom::Link);
        }
        None => claim.post.damage.push(damage(DamageKind::AuthorUnknown)),
    }
    // The name stands above the handle.
    if let Some(name) = part("User-Name").map(|name| Flow::of(arena, name).text) {
        let name = name.split('\n').next().unwrap_or("").split('@').next().unwrap_or("").trim();
        claim.post.author.name = (!name.is_empty()).then(|| name.to_owned());
    }
    match part("tweetText").map(|text| Flow::of(arena, text)).filter(|flow| !flow.text.is_empty()) {
        Some(flow) => {
            set_body(&mut claim, &flow.text, None, pack);
            let links = flow.anchors.iter().map(|anchor| anchor.href.clone());
            claim.post.links = links.filter(|href| href.contains("//t.co/")).collect();
        }
        None => claim.post.damage.push(damage(DamageKind::ContentNotPresent)),
    }
    match arena.attribute(time, "datetime").and_then(parse_stamp) {
        Some(when) => {
            claim.post.posted = Some(from_field(when));
            claim.post.posted_from = Some(PostedFrom::Field);
        }
        None => {
            claim.post.posted = time_of_x(id);
            claim.post.posted_from = claim.post.posted.is_some().then_some(PostedFrom::Id);
        }
    }
    Some(claim)
}
