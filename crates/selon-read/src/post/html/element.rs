//! Elements of a page's own that stand for one post until a script fills them in: they hold its
//! address or id in an attribute, and no words of it.
//!
//! Such an element is empty, or calls itself an embed and holds little. Buttons that share or
//! follow are none, and what holds an embed code is left to the reader of that.

use selon_model::PostState;

use super::claim::Claim;
use super::platforms::addressed;
use super::twitter;
use crate::extract::arena::{Arena, NodeId};
use crate::post::status::{digits, parameter, percent_decoded, post_address};

/// Nodes below an element that are looked at.
const NODES: usize = 64;
/// Words of consent or a skeleton, in bytes.
const FEW: usize = 300;
/// The same with the white space between them as it stands.
const SOURCE: usize = 16_384;
/// Attributes with an id of X.
const IDS: &[&str] = &["data-tweet-id", "data-tweetid", "tweet-id", "tweetid"];
/// Attributes that say something else.
const NOT_ADDRESSES: &[&str] =
    &["class", "style", "id", "href", "cite", "title", "alt", "aria-label", "itemid"];
/// Parts of class names that say that an element is no embed.
const BUTTONS: &[&str] =
    &["share", "sharing", "follow", "like", "comments", "button", "btn", "timeline", "save", "send", "link"];

/// Whether elements of this name are used as placeholders.
pub(super) fn may_hold(name: &str) -> bool {
    matches!(name, "div" | "figure" | "section" | "span" | "p" | "aside" | "li") || name.contains('-')
}

/// Reads `node` as the placeholder of a post; `None` where it is none.
pub(super) fn claim(arena: &Arena<'_>, node: NodeId) -> Option<Claim> {
    if !may_hold(arena.name(node)) {
        return None;
    }
    let class = arena.attribute(node, "class").unwrap_or("");
    let is_button = || arena.name(node).contains("share") || is_button(&class.to_ascii_lowercase());
    let id = || IDS.iter().find_map(|name| digits(arena.attribute(node, name)?));
    let address = || {
        let values = arena.attributes(node).filter(|(name, _)| !NOT_ADDRESSES.contains(name));
        values.filter_map(|(name, value)| Some((name, stated_address(value.trim())?))).next()
    };
    if let Some(id) = id() {
        let claim = twitter::by_id(id, PostState::LinkOnly, "core.post.element");
        return claim.filter(|_| !is_button() && is_empty(arena, node));
    }
    if let Some((name, (address, nested))) = address() {
        let class = class.to_ascii_lowercase();
        let marked = nested || name.contains("embed") || class.contains("embed") || class.contains("tweet");
        let stands_for = is_empty(arena, node) || (marked && holds_little(arena, node));
        return addressed(&address, "core.post.element").filter(|_| stands_for && !is_button());
    }
    let platform = embedded_platform(class)?;
    if is_button() || !holds_little(arena, node) {
        return None;
    }
    addressed(&only_address(arena, node, platform)?, "core.post.element")
}

/// The address of a post that an attribute holds: as it is, or as what a service is asked to embed.
fn stated_address(value: &str) -> Option<(String, bool)> {
    let has_id = |address: &str| post_address(address).is_some_and(|found| found.id.is_some());
    if !(20..=2_000).contains(&value.len()) {
        return None;
    }
    if has_id(value) {
        return Some((value.to_owned(), false));
    }
    let (_, query) = value.split_once('?').filter(|(path, _)| path.contains("embed"))?;
    let address = percent_decoded(parameter(query, "url")?);
    has_id(&address).then_some((address, true))
}

fn is_button(class: &str) -> bool {
    class.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| BUTTONS.contains(&part))
}

/// The platform of a class like "instagram-embed" or "embed_twitter".
fn embedded_platform(class: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("twitter", "x"),
        ("tweet", "x"),
        ("instagram", "instagram"),
        ("facebook", "facebook"),
        ("tiktok", "tiktok"),
    ];
    if !class.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"embed")) {
        return None;
    }
    let class = class.to_ascii_lowercase();
    let letters: String = class.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let called =
        |name: &str| letters.contains(&format!("{name}embed")) || letters.contains(&format!("embed{name}"));
    NAMES.iter().find(|(name, _)| called(name)).map(|(_, platform)| *platform)
}

/// The one post that the links below name, or that the words are the address of.
fn only_address(arena: &Arena<'_>, node: NodeId, platform: &str) -> Option<String> {
    let words = arena.text_content(node);
    let links = arena.descendants(node).take(NODES).filter_map(|below| arena.attribute(below, "href"));
    let mut found: Option<String> = None;
    for address in links.chain([words.trim()]) {
        let Some(post) = post_address(address).filter(|post| post.platform == platform) else { continue };
        let other = found.as_deref().and_then(post_address);
        if other.is_some_and(|other| other.id != post.id) {
            return None;
        }
        if post.id.is_some() && found.is_none() {
            found = Some(address.trim().to_owned());
        }
    }
    found
}

fn is_empty(arena: &Arena<'_>, node: NodeId) -> bool {
    let mut below = arena.descendants(node);
    let nothing = |below: NodeId| {
        let name = arena.name(below);
        let blank = arena.is_text(below) && arena.text(below).trim().is_empty();
        let in_script = arena
            .parent(below)
            .is_some_and(|parent| matches!(arena.name(parent), "script" | "style" | "noscript"));
        blank || in_script || matches!(name, "div" | "span" | "script" | "style" | "noscript" | "br")
    };
    below.by_ref().take(NODES).all(nothing) && below.next().is_none()
}

/// Few words, and no embed code or player of its own.
fn holds_little(arena: &Arena<'_>, node: NodeId) -> bool {
    let mut below = arena.descendants(node);
    let plain = |below: NodeId| {
        let name = arena.name(below);
        let embed = name.starts_with("amp-") || arena.attribute(below, "data-telegram-post").is_some();
        !embed
            && !matches!(name, "blockquote" | "iframe" | "video" | "audio" | "article" | "object" | "table")
    };
    // Long texts are not put together, or elements inside each other would cost it each time.
    let mut left = SOURCE;
    let mut short = |below: NodeId| {
        let length = arena.text(below).len();
        left = left.saturating_sub(length);
        length == 0 || left > 0
    };
    below.by_ref().take(NODES).all(|below| plain(below) && short(below))
        && below.next().is_none()
        && arena.text_content(node).len() <= FEW
}
