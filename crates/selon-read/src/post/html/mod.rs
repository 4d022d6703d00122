//! Posts in pages: embed codes, frames, widgets, placeholders, and embed codes hidden in scripts.
//!
//! [`find_claims`] looks through the whole tree once. The walk that finds the blocks asks it for
//! each element and leaves claimed ones alone; then [`Claims::finish`] gives the posts with their
//! places in the text. The same post twice on a page is one post.

mod claim;
mod element;
mod escaped;
mod flow;
mod platforms;
mod twitter;

use std::collections::BTreeMap;

use selon_model::{Damage, DamageKind, EmbeddedPost, PostState};

use self::claim::Claim;
pub(crate) use self::flow::Flow;
use super::PostPack;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::parse::parse;

/// Most posts kept of one page.
const MOST: usize = 2_000;

/// The words of a fragment that is the whole body of a post, with the addresses of its links.
pub(crate) fn words_of_fragment(html: &str) -> (String, Vec<String>) {
    if !html.contains(['<', '&']) {
        return (html.to_owned(), Vec::new());
    }
    let arena = parse(html, true, &mut Vec::new());
    let flow = Flow::of(&arena, arena.root());
    let links =
        flow.anchors.into_iter().map(|anchor| anchor.href).filter(|href| href.contains("://")).collect();
    (flow.text, links)
}

/// The posts of a page that stand in its tree or its scripts.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    claims: Vec<Claim>,
    hidden: Vec<Claim>,
    numbers: BTreeMap<NodeId, u32>,
}

/// Finds the posts of a page.
pub(crate) fn find_claims(arena: &Arena<'_>, pack: &PostPack) -> Claims {
    let mut found = Claims { hidden: escaped::find(arena, pack), ..Claims::default() };
    for (node, claim) in claims_of(arena, pack) {
        found.numbers.insert(node, found.claims.len() as u32);
        found.claims.push(claim);
    }
    found
}

/// Claims in document order; nothing inside a claimed element is looked at again.
fn claims_of(arena: &Arena<'_>, pack: &PostPack) -> Vec<(NodeId, Claim)> {
    let mut claims = Vec::new();
    let root = arena.root();
    let mut next = arena.first_child(root);
    while let Some(node) = next {
        if claims.len() >= MOST {
            break;
        }
        let claim = twitter::claim(arena, node, pack)
            .or_else(|| platforms::claim(arena, node, pack))
            .or_else(|| element::claim(arena, node));
        next = match claim {
            Some(claim) => {
                claims.push((node, claim));
                arena.after(node, root)
            }
            None => arena.first_child(node).or_else(|| arena.after(node, root)),
        };
    }
    claims
}

impl Claims {
    /// Number of the post that `node` is the root of.
    pub(crate) fn number(&self, node: NodeId) -> Option<u32> {
        self.numbers.get(&node).copied()
    }

    /// What the post's block says: body, newline, signature; empty where nothing is to be read.
    pub(crate) fn words(&self, number: u32) -> &str {
        self.claims.get(number as usize).map_or("", |claim| claim.words.as_str())
    }

    /// The text below the element of a post, with where it stands in the text of the tree.
    pub(crate) fn text_below<'a>(&self, number: u32, arena: &'a Arena<'_>) -> Vec<(usize, &'a str)> {
        let node = self.numbers.iter().find(|(_, found)| **found == number).map(|(node, _)| *node);
        let texts = node.into_iter().flat_map(|node| arena.descendants(node));
        texts
            .filter(|node| arena.is_text(*node))
            .map(|node| (arena.text_start(node), arena.text(node)))
            .collect()
    }

    /// The posts, those with a place in the text first. `places`: number of a post and where its
    /// block begins.
    pub(crate) fn finish(&self, places: &[(u32, usize)]) -> Vec<EmbeddedPost> {
        let starts: BTreeMap<u32, usize> = places.iter().copied().collect();
        let mut posts: Vec<EmbeddedPost> = Vec::new();
        let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
        let shown = self.claims.iter().enumerate().map(|(number, claim)| {
            let start = starts.get(&(number as u32)).copied().filter(|_| !claim.words.is_empty());
            claim.placed(start)
        });
        let hidden = self.hidden.iter().map(|claim| claim.placed(None));
        // Placed posts first, so that what is read is what a reader sees.
        let mut all: Vec<EmbeddedPost> = shown.chain(hidden).collect();
        all.sort_by_key(|post| post.span.is_none());
        for post in all {
            let key = post.status_id.as_ref().or(post.url.as_ref());
            let key = key.map(|key| (post.platform.clone(), key.clone()));
            match key.as_ref().and_then(|key| known.get(key)).copied() {
                Some(at) => merge(&mut posts[at], post),
                None => {
                    if let Some(key) = key {
                        known.insert(key, posts.len());
                    }
                    posts.push(post);
                }
            }
        }
        posts
    }
}

/// Adds what another copy of the same post says to the first.
fn merge(post: &mut EmbeddedPost, other: EmbeddedPost) {
    for at in other.found_at {
        if !post.found_at.contains(&at) {
            post.found_at.push(at);
        }
    }
    let has_text = post.text.is_some() || post.text_elsewhere.is_some();
    let gains = !has_text && (other.text.is_some() || other.text_elsewhere.is_some());
    if gains {
        let (span, posted) = (post.span, post.posted.take());
        let keeps_day = other.posted.is_none();
        post.text_elsewhere = other.text_elsewhere;
        post.text = other.text;
        post.span = span.or(other.span);
        (post.hashtags, post.mentions) = (other.hashtags, other.mentions);
        (post.links, post.media) = (other.links, other.media);
        post.language = other.language;
        post.state = PostState::Full;
        post.posted = if keeps_day { posted } else { other.posted };
        post.posted_from = if keeps_day { post.posted_from } else { other.posted_from };
        post.damage.retain(|damage| damage.kind != DamageKind::ContentNotPresent);
        post.damage.extend(
            other
                .damage
                .into_iter()
                .filter(|damage| !post_has(&post.damage, damage.kind))
                .collect::<Vec<_>>(),
        );
    }
    post.url = post.url.take().or(other.url);
    if post.author.handle.is_none() && other.author.handle.is_some() {
        post.author = other.author;
        post.damage.retain(|damage| damage.kind != DamageKind::AuthorUnknown);
    }
    if !gains && other.span.is_some() && other.span != post.span {
        let note = Damage { kind: DamageKind::Duplicate, span: other.span, cuts: Vec::new(), detail: None };
        post.damage.push(note);
    }
}

fn post_has(damage: &[Damage], kind: DamageKind) -> bool {
    damage.iter().any(|found| found.kind == kind)
}
