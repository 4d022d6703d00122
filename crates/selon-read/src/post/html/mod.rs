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
mod timeline;
mod twitter;

use std::collections::BTreeMap;

use selon_model::{Damage, DamageKind, EmbeddedPost, Note, PostState};

use self::claim::Claim;
pub(crate) use self::flow::Flow;
use super::PostPack;
use crate::extract::arena::{Arena, NodeId};
use crate::extract::parse::parse;

/// Most posts kept of one page.
const MOST: usize = 2_000;
/// Elements inside each other that are looked through without a post in them.
const MOST_NESTED: usize = 8;

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
    // Where elements end that were looked through and are no post. What stands in many of them is
    // not looked through once more, or nested ones would cost their depth each.
    let mut failed: Vec<Option<NodeId>> = Vec::new();
    while let Some(node) = next {
        if claims.len() >= MOST {
            break;
        }
        failed.retain(|end| *end != Some(node));
        let looks_below = platforms::looks_below(arena, node);
        if looks_below && failed.len() >= MOST_NESTED {
            next = arena.first_child(node).or_else(|| arena.after(node, root));
            continue;
        }
        let claim = twitter::claim(arena, node, pack)
            .or_else(|| platforms::claim(arena, node, pack))
            .or_else(|| element::claim(arena, node));
        next = match claim {
            Some(claim) => {
                claims.push((node, claim));
                arena.after(node, root)
            }
            None => {
                if looks_below {
                    failed.push(arena.after(node, root));
                }
                arena.first_child(node).or_else(|| arena.after(node, root))
            }
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
    /// block begins. `own`: whether a post of the tree is one of this report's; `hidden`: with those
    /// of scripts.
    pub(crate) fn finish(
        &self,
        places: &[(u32, usize)],
        own: impl Fn(u32) -> bool,
        hidden: bool,
        notes: &mut Vec<Note>,
    ) -> Vec<EmbeddedPost> {
        let starts: BTreeMap<u32, usize> = places.iter().copied().collect();
        let mut posts: Vec<EmbeddedPost> = Vec::new();
        // The first of each id, with its words.
        let mut known: BTreeMap<(String, String), Vec<(usize, String)>> = BTreeMap::new();
        let numbered = self.claims.iter().enumerate().map(|(number, claim)| (number as u32, claim));
        let shown = numbered.filter(|(number, _)| own(*number)).map(|(number, claim)| {
            let start = starts.get(&number).copied().filter(|_| !claim.words.is_empty());
            (claim.placed(start), said(claim))
        });
        let hidden = self.hidden.iter().filter(|_| hidden).map(|claim| (claim.placed(None), said(claim)));
        // Placed posts first, so that what is read is what a reader sees.
        let mut all: Vec<(EmbeddedPost, String)> = shown.chain(hidden).collect();
        all.sort_by_key(|(post, _)| post.span.is_none());
        for (post, words) in all {
            let key = post.status_id.as_ref().or(post.url.as_ref());
            let Some(key) = key.map(|key| (post.platform.clone(), key.clone())) else {
                posts.push(post);
                continue;
            };
            let copies = known.entry(key).or_default();
            let same = copies
                .iter_mut()
                .find(|(at, other)| are_one(&words, other) && handles_agree(&post, &posts[*at]));
            match same {
                Some((at, other)) => {
                    if other.is_empty() {
                        *other = words;
                    }
                    merge(&mut posts[*at], post);
                }
                None => {
                    if !copies.is_empty() {
                        let id = post.status_id.as_deref().unwrap_or("");
                        let what = format!("posts under the one id {id} do not say the same: all are kept");
                        notes.push(match post.span {
                            Some(span) => Note::at("post_conflict", span, what),
                            None => Note::new("post_conflict", what),
                        });
                    }
                    if copies.len() < MOST_COPIES {
                        copies.push((posts.len(), words));
                    }
                    posts.push(post);
                }
            }
        }
        posts
    }
}

/// Posts under one id that are compared with each other.
const MOST_COPIES: usize = 8;

/// The letters and digits of a post's body.
fn said(claim: &Claim) -> String {
    claim.words[..claim.body].chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two bodies can be those of one post: one of them may be missing, cut or glued to more.
fn are_one(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = short.chars().zip(long.chars()).take_while(|(a, b)| a == b).count();
    long.contains(short) || common * 10 >= short.chars().count() * 8
}

fn handles_agree(a: &EmbeddedPost, b: &EmbeddedPost) -> bool {
    match (&a.author.handle, &b.author.handle) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => true,
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
