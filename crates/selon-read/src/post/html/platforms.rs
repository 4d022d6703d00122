//! Posts and videos of the other platforms: address and id, and the little text some embeds carry.
//!
//! A frame holds nothing to read: it gives an address and no words. Nothing is filled in from
//! what the platform is known to do.

use std::sync::OnceLock;

use regex::Regex;
use selon_model::{Damage, DamageKind, DateEvidence, HandleFrom, PostState, PostedFrom, RuleId, Span, When};

use super::claim::{Claim, damage};
use super::flow::Flow;
use crate::describe::date::parse_stamp;
use crate::extract::arena::{Arena, NodeId};
use crate::post::PostPack;
use crate::post::address::{address_at, scheme_length};
use crate::post::id::time_of_x;
use crate::post::status::{digits, percent_decoded, post_address, without_tracking};
use crate::post::token::{Token, find_hashtags, find_mentions};

/// Reads `node` as a post of a platform other than X; `None` where it is none.
pub(super) fn claim(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let attribute = |name| arena.attribute(node, name);
    match arena.name(node) {
        "blockquote" if arena.has_class(node, "instagram-media") => instagram(arena, node, pack),
        "blockquote" if arena.has_class(node, "tiktok-embed") => tiktok(arena, node, pack),
        "blockquote" if arena.has_class(node, "bluesky-embed") => bluesky(arena, node, pack),
        "blockquote" if arena.has_class(node, "text-post-media") => threads(arena, node, pack),
        "article" if attribute("data-testid") == Some("tweet") => super::timeline::claim(arena, node, pack),
        "blockquote" if arena.has_class(node, "mastodon-embed") => mastodon(attribute("data-embed-url")?),
        "blockquote" if arena.has_class(node, "reddit-embed-bq") || arena.has_class(node, "reddit-card") => {
            let flow = Flow::of(arena, node);
            let link = flow.anchors.iter().find(|anchor| {
                post_address(&anchor.href).is_some_and(|address| address.platform == "reddit")
            })?;
            linked(&link.href, "core.post.reddit")
        }
        "div" | "fb-post" | "fb-video" if is_facebook(arena, node) => facebook(arena, node, pack),
        "div" if attribute("id").is_some_and(|id| id.starts_with("vk_post_")) => vk(attribute("id")?),
        "div" if is_message(arena, node) => telegram_message(arena, node, pack),
        "script" => telegram_widget(attribute("data-telegram-post")?),
        "amp-instagram" => keyed("instagram", attribute("data-shortcode")?),
        "amp-youtube" => keyed("youtube", attribute("data-videoid")?),
        "lite-youtube" => keyed("youtube", attribute("videoid")?),
        "amp-tiktok" => {
            let stated = attribute("data-src")?;
            linked(stated, "core.post.widget").or_else(|| keyed("tiktok", digits(stated)?))
        }
        "div" | "span" if arena.has_class(node, "youtube-player") => {
            let id = ["data-id", "data-video-id", "data-videoid"].into_iter().find_map(attribute)?;
            keyed("youtube", id).filter(|_| id.len() == 11)
        }
        "amp-dailymotion" => keyed("dailymotion", attribute("data-videoid")?),
        "iframe" | "embed" => frame(arena, node),
        "object" => object(arena, node),
        _ => None,
    }
}

fn is_message(arena: &Arena<'_>, node: NodeId) -> bool {
    arena.has_class(node, "tgme_widget_message")
}

/// Whether reading `node` as a post looks at all that is below it, also where it is none.
pub(super) fn looks_below(arena: &Arena<'_>, node: NodeId) -> bool {
    match arena.name(node) {
        "blockquote" => true,
        "article" => arena.attribute(node, "data-testid").is_some(),
        "div" | "fb-post" | "fb-video" => is_message(arena, node) || is_facebook(arena, node),
        _ => false,
    }
}

/// A post of which only an id is there.
fn keyed(platform: &'static str, id: &str) -> Option<Claim> {
    let fits =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let mut claim = Claim::new(platform, PostState::LinkOnly, "core.post.widget");
    claim.post.status_id = fits.then(|| id.to_owned());
    claim.post.damage = vec![damage(DamageKind::ContentNotPresent), damage(DamageKind::AuthorUnknown)];
    fits.then_some(claim)
}

/// A post of which only an address is there, with the time that an id of X holds.
pub(super) fn addressed(url: &str, rule: &'static str) -> Option<Claim> {
    let mut claim = linked(url, rule)?;
    if claim.post.platform == "x" {
        claim.post.posted = claim.post.status_id.as_deref().and_then(time_of_x);
        claim.post.posted_from = claim.post.posted.is_some().then_some(PostedFrom::Id);
    }
    Some(claim)
}

/// A post of which only an address is there.
pub(super) fn linked(url: &str, rule: &'static str) -> Option<Claim> {
    let address = post_address(url)?;
    let mut claim = Claim::new(address.platform, PostState::LinkOnly, rule);
    claim.post.status_id = address.id.map(str::to_owned);
    claim.post.url = Some(without_tracking(url));
    claim.post.author.id = account_id(url).map(str::to_owned);
    by_link(&mut claim, address.handle);
    if claim.post.author.id.is_some() {
        claim.post.damage.clear();
    }
    claim.post.damage.push(damage(DamageKind::ContentNotPresent));
    Some(claim)
}

/// The account of Bluesky that an address names by its identifier (did:plc:…).
fn account_id(url: &str) -> Option<&str> {
    url.split(['/', '?', '#']).find(|part| part.starts_with("did:") && part.len() <= 100)
}

fn by_link(claim: &mut Claim, handle: Option<&str>) {
    match handle {
        Some(handle) => {
            claim.post.author.handle = Some(handle.to_owned());
            claim.post.author.handle_from = Some(HandleFrom::Link);
        }
        None => claim.post.damage.push(damage(DamageKind::AuthorUnknown)),
    }
}

/// A frame by its address, which pages that load it later keep in an attribute of another name.
fn frame(arena: &Arena<'_>, node: NodeId) -> Option<Claim> {
    let source = arena.attribute(node, "src").into_iter();
    let others = arena.attributes(node).filter(|(name, _)| *name != "src").map(|(_, value)| value);
    source.chain(others).find_map(|value| {
        let value = value.trim();
        let is_address = value.contains("//") && !value.starts_with("data:") && !value.contains(['<', '\n']);
        is_address.then(|| framed(value)).flatten()
    })
}

fn framed(source: &str) -> Option<Claim> {
    if let Some(inner) = facebook_plugin(source) {
        let mut claim = Claim::new("facebook", PostState::LinkOnly, "core.post.facebook_frame");
        claim.post.status_id = post_address(&inner).and_then(|address| address.id.map(str::to_owned));
        claim.post.url = Some(inner);
        claim.post.damage = vec![damage(DamageKind::ContentNotPresent), damage(DamageKind::AuthorUnknown)];
        return Some(claim);
    }
    if without_query(source).trim_end_matches('/').ends_with("/embed")
        && let Some(claim) = mastodon(source)
    {
        return Some(claim);
    }
    linked(source, "core.post.frame").filter(|claim| claim.post.platform != "x")
}

/// A player of old: its address stands in `data`, in a parameter, or in the `embed` inside.
fn object(arena: &Arena<'_>, node: NodeId) -> Option<Claim> {
    let inside = arena.descendants(node).take(64).filter_map(|below| match arena.name(below) {
        "param" => arena.attribute(below, "value"),
        "embed" | "iframe" => arena.attribute(below, "src"),
        _ => None,
    });
    arena.attribute(node, "data").into_iter().chain(inside).find_map(|value| framed(value.trim()))
}

/// `facebook.com/plugins/post.php?href=…`: the address inside.
fn facebook_plugin(source: &str) -> Option<String> {
    let at = source.find("facebook.com/plugins/")? + "facebook.com/plugins/".len();
    let (page, query) = source[at..].split_once('?')?;
    matches!(page, "post.php" | "video.php").then_some(())?;
    let href = query.split('&').find_map(|pair| pair.strip_prefix("href="))?;
    let url = percent_decoded(href);
    url.starts_with("http").then_some(url)
}

fn is_facebook(arena: &Arena<'_>, node: NodeId) -> bool {
    (arena.has_class(node, "fb-post") || arena.has_class(node, "fb-video"))
        && arena.attribute(node, "data-href").is_some()
}

fn facebook(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let href = arena.attribute(node, "data-href")?.trim();
    let mut claim = Claim::new("facebook", PostState::LinkOnly, "core.post.facebook");
    claim.post.status_id = post_address(href).and_then(|address| address.id.map(str::to_owned));
    claim.post.url = Some(href.to_owned());
    claim.post.damage.push(damage(DamageKind::AuthorUnknown));
    let quote = arena.descendants(node).take(64).find(|below| arena.name(*below) == "blockquote");
    let flow = quote.map(|quote| Flow::of(arena, quote)).unwrap_or_default();
    let Some(paragraph) = flow.paragraphs.first().copied().filter(|paragraph| !paragraph.is_empty()) else {
        claim.post.damage.push(damage(DamageKind::ContentNotPresent));
        return Some(claim);
    };
    // Under it "Posted by NAME on DATE", in the page's language: two links.
    let signature = Span::new(paragraph.to(), flow.text.len()).trimmed(&flow.text);
    let signature = Some(signature.of(&flow.text)).filter(|line| !line.is_empty());
    set_body(&mut claim, paragraph.of(&flow.text), signature, pack);
    let body = &claim.words[..claim.body];
    claim.post.links = find_links(body, pack);
    let links: Vec<_> = flow.anchors.iter().filter(|anchor| anchor.span.start >= paragraph.end).collect();
    if let [name, .., date] = links.as_slice() {
        let date = date.span.of(&flow.text);
        set_shown_date(&mut claim, date, pack);
        // Two links of another kind, "See more and less", name nobody.
        let name = name.span.of(&flow.text);
        if !name.is_empty() && date.contains(char::is_numeric) {
            claim.post.author.name = Some(name.to_owned());
            claim.post.damage.retain(|damage| damage.kind != DamageKind::AuthorUnknown);
        }
    }
    Some(claim)
}

/// Addresses with a scheme in a body, also where no space stands before them.
fn find_links(body: &str, pack: &PostPack) -> Vec<String> {
    let starts = body.match_indices("http").filter(|(at, _)| scheme_length(&body[*at..]).is_some());
    starts
        .filter_map(|(at, _)| {
            let length = address_at(&body[at..], scheme_length(&body[at..])?, &pack.endings)?;
            Some(body[at..at + length].to_owned())
        })
        .collect()
}

/// Takes the day out of `words`, which stand in the signature: "Sunday, 7 March 2021", "on Mar 7,
/// 2021 at …".
fn set_shown_date(claim: &mut Claim, words: &str, pack: &PostPack) {
    let begins = |at: usize| !words[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    let starts = words.char_indices().filter(|(at, c)| c.is_alphanumeric() && begins(*at)).take(8);
    let Some((at, shown)) =
        starts.filter_map(|(at, _)| Some((at, pack.months.read(&words[at..], None)?))).next()
    else {
        return;
    };
    let mut when = When::day(shown.date, RuleId::core("core.post.shown_date"));
    when.evidence = Some(DateEvidence::Text);
    let date = &words[at..at + shown.length];
    let placed = claim.words.rfind(date).filter(|at| *at >= claim.body);
    when.span = placed.map(|at| Span::new(at, at + date.len()));
    claim.post.damage.push(Damage { span: when.span, ..damage(DamageKind::DateOnly) });
    claim.post.posted = Some(when);
    claim.post.posted_from = Some(PostedFrom::Shown);
}

/// "(@name)" in a byline below `from`, in any language.
fn byline(text: &str, from: usize) -> Option<(Span, &str)> {
    static HANDLE: OnceLock<Regex> = OnceLock::new();
    let handle =
        HANDLE.get_or_init(|| Regex::new(r"\(@([A-Za-z0-9_.]{1,64})\)").expect("a constant pattern"));
    let captures = handle.captures_iter(text).last()?;
    let (whole, handle) = (captures.get(0).filter(|whole| whole.start() >= from)?, captures.get(1)?);
    let line = text[..whole.start()].rfind('\n').map_or(0, |at| at + 1);
    let end = text[whole.end()..].find('\n').map_or(text.len(), |at| whole.end() + at);
    Some((Span::new(line, end), handle.as_str()))
}

fn instagram(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let flow = Flow::of(arena, node);
    let is_post = |url: &str| post_address(url).is_some_and(|address| address.platform == "instagram");
    let inner = flow.anchors.iter().map(|anchor| anchor.href.as_str()).find(|href| is_post(href));
    let permalink = arena.attribute(node, "data-instgrm-permalink").filter(|url| is_post(url)).or(inner)?;
    let mut claim = linked(permalink, "core.post.instagram")?;
    claim.post.damage.clear();
    let signed = byline(&flow.text, 0).or_else(|| nameless_byline(&flow.text, pack));
    match signed {
        Some((line, handle)) => {
            claim.post.author.handle = Some(handle.to_owned());
            claim.post.author.handle_from = Some(HandleFrom::Signature);
            claim.post.author.name = pack.bylines.name(line.of(&flow.text)).map(str::to_owned);
        }
        None => claim.post.damage.push(damage(DamageKind::AuthorUnknown)),
    }
    let signature = signed.map(|(line, _)| line);
    let captioned = arena.attribute(node, "data-instgrm-captioned").is_some();
    let caption = flow.paragraphs.iter().copied().find(|paragraph| {
        let words = paragraph.of(&flow.text);
        !words.trim().is_empty()
            && !names_only_platform(words)
            && signature.is_none_or(|line| !line.overlaps(*paragraph))
    });
    match caption.filter(|_| captioned) {
        Some(caption) => {
            set_body(&mut claim, caption.of(&flow.text), signature.map(|line| line.of(&flow.text)), pack)
        }
        None => {
            claim.words = signature.map_or("", |line| line.of(&flow.text)).to_owned();
            claim.post.damage.push(damage(DamageKind::ContentNotPresent));
        }
    }
    if let Some(when) = flow.time.as_deref().and_then(parse_stamp) {
        claim.post.posted = Some(from_field(when));
        claim.post.posted_from = Some(PostedFrom::Field);
    } else if let Some((line, handle)) = signed {
        let words = line.of(&flow.text);
        let behind = words.rfind(handle).map_or("", |at| &words[at + handle.len()..]);
        set_shown_date(&mut claim, behind, pack);
    }
    Some(claim)
}

/// A known byline with a handle and no name: "A post shared by @name".
fn nameless_byline<'t>(text: &'t str, pack: &PostPack) -> Option<(Span, &'t str)> {
    let mut at = 0;
    for line in text.split('\n') {
        if let Some(handle) = pack.bylines.handle(line) {
            return Some((Span::new(at, at + line.len()), handle));
        }
        at += line.len() + 1;
    }
    None
}

/// "Instagram post", "View this post on Instagram": what a page puts where the caption or the account was.
fn names_only_platform(words: &str) -> bool {
    words.split_whitespace().count() <= 7
        && words.split_whitespace().any(|word| word.eq_ignore_ascii_case("instagram"))
}

/// A time with its zone, from an attribute.
pub(super) fn from_field(mut when: When) -> When {
    when.evidence = Some(DateEvidence::TimeElement);
    when.rule = RuleId::core("core.post.time_field");
    when
}

fn tiktok(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let cite = arena.attribute(node, "cite").unwrap_or("");
    let id = arena.attribute(node, "data-video-id").and_then(digits);
    let mut claim = linked(cite, "core.post.tiktok").or_else(|| keyed("tiktok", id?))?;
    claim.post.status_id = claim.post.status_id.take().or(id.map(str::to_owned));
    let flow = Flow::of(arena, node);
    // Older codes have no paragraph: account, caption and music stand in one line.
    let caption = flow.paragraphs.iter().copied().find(|paragraph| !paragraph.is_empty());
    let caption = caption.unwrap_or_else(|| {
        let is_account = |words: &str| words.starts_with('@');
        let account = flow.anchors.first().filter(|anchor| is_account(anchor.span.of(&flow.text)));
        let music = flow.anchors.last().filter(|anchor| anchor.span.of(&flow.text).starts_with('♬'));
        let start = account.map_or(0, |anchor| anchor.span.to());
        let end = music.map_or(flow.text.len(), |anchor| anchor.span.from());
        Span::new(start, end.max(start)).trimmed(&flow.text)
    });
    if !caption.is_empty() {
        claim.post.damage.retain(|damage| damage.kind != DamageKind::ContentNotPresent);
        set_body(&mut claim, caption.of(&flow.text), None, pack);
    }
    Some(claim)
}

fn bluesky(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let uri = arena.attribute(node, "data-bluesky-uri")?;
    let mut parts = uri.strip_prefix("at://")?.split('/');
    let (account, _, key) = (parts.next()?, parts.next()?, parts.next()?);
    let mut claim = Claim::new("bluesky", PostState::LinkOnly, "core.post.bluesky");
    claim.post.status_id = Some(key.to_owned());
    claim.post.author.id = account.starts_with("did:").then(|| account.to_owned());
    let flow = Flow::of(arena, node);
    let link = flow.anchors.iter().rev().find(|anchor| anchor.href.contains("/post/"));
    claim.post.url = link.map(|anchor| without_query(&anchor.href));
    let first = flow.paragraphs.first().filter(|paragraph| !paragraph.is_empty());
    let signed = byline(&flow.text, first.map_or(0, |paragraph| paragraph.to()));
    match signed {
        Some((line, handle)) => {
            let words = line.of(&flow.text);
            let name = words.split_once(&format!("(@{handle})")).map_or("", |(before, _)| before);
            let name = name.trim().trim_start_matches(['—', '–', '-']).trim();
            claim.post.author.name = (!name.is_empty()).then(|| name.to_owned());
            claim.post.author.handle = Some(handle.to_owned());
            claim.post.author.handle_from = Some(HandleFrom::Signature);
        }
        None => claim.post.damage.push(damage(DamageKind::AuthorUnknown)),
    }
    let signature = signed.map(|(line, _)| line);
    let body = flow.paragraphs.first().copied().filter(|body| !body.is_empty());
    match body {
        Some(body) => {
            set_body(&mut claim, body.of(&flow.text), signature.map(|line| line.of(&flow.text)), pack)
        }
        None => {
            claim.words = signature.map_or("", |line| line.of(&flow.text)).to_owned();
            claim.post.damage.push(damage(DamageKind::ContentNotPresent));
        }
    }
    // The clock beside the day is in no stated zone: the day is taken, the clock is not.
    let shown = link.and_then(|anchor| pack.months.read(anchor.span.of(&flow.text), None));
    if let Some(shown) = shown {
        let mut when = When::day(shown.date, RuleId::core("core.post.shown_date"));
        when.evidence = Some(DateEvidence::Text);
        claim.post.posted = Some(when);
        claim.post.posted_from = Some(PostedFrom::Shown);
        claim.post.damage.push(damage(DamageKind::ZoneUnknown));
    }
    Some(claim)
}

/// The embed code of Threads: an address, and below it the platform's own words.
fn threads(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let flow = Flow::of(arena, node);
    let is_post = |url: &str| post_address(url).is_some_and(|address| address.platform == "threads");
    let inner = flow.anchors.iter().map(|anchor| anchor.href.as_str()).find(|href| is_post(href));
    let permalink = arena.attribute(node, "data-text-post-permalink").filter(|url| is_post(url)).or(inner)?;
    let mut claim = linked(permalink, "core.post.threads")?;
    // A paragraph outside of links is the post's; what the links say is the platform's.
    let linked = |span: Span| flow.anchors.iter().any(|anchor| anchor.span.overlaps(span));
    let body = flow.paragraphs.iter().copied().find(|span| !span.is_empty() && !linked(*span));
    if let Some(body) = body {
        claim.post.damage.retain(|damage| damage.kind != DamageKind::ContentNotPresent);
        set_body(&mut claim, body.of(&flow.text), None, pack);
    }
    Some(claim)
}

/// `https://HOST/@name/ID/embed`, which Mastodon and what was made of it have in common.
fn mastodon(url: &str) -> Option<Claim> {
    let rest = url.split_once("//")?.1;
    let mut parts = rest.split(['/', '?', '#']).skip(1);
    let account = parts.next()?.strip_prefix('@').filter(|name| !name.is_empty() && name.len() <= 100)?;
    let id = parts.next().and_then(digits)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let own = host == "truthsocial.com" || host.ends_with(".truthsocial.com");
    let platform = if own { "truthsocial" } else { "mastodon" };
    let mut claim = Claim::new(platform, PostState::LinkOnly, "core.post.mastodon");
    claim.post.status_id = Some(id.to_owned());
    claim.post.url = Some(without_query(url).trim_end_matches("/embed").to_owned());
    by_link(&mut claim, Some(account));
    claim.post.damage.push(damage(DamageKind::ContentNotPresent));
    Some(claim)
}

/// `vk_post_OWNER_ID`; a negative owner is a community.
fn vk(element_id: &str) -> Option<Claim> {
    let (owner, id) = element_id.strip_prefix("vk_post_")?.split_once('_')?;
    let number = |text: &str| digits(text).is_some_and(|found| found.len() == text.len());
    (number(owner.trim_start_matches('-')) && number(id)).then_some(())?;
    let mut claim = keyed("vk", id)?;
    claim.post.author.id = Some(owner.to_owned());
    claim.post.damage.retain(|damage| damage.kind != DamageKind::AuthorUnknown);
    Some(claim)
}

/// `CHANNEL/N` of the platform's script.
fn telegram_widget(post: &str) -> Option<Claim> {
    let (channel, id) = post.split_once('/')?;
    let id = digits(id)?;
    let mut claim = keyed("telegram", id)?;
    claim.post.author.handle = Some(channel.to_owned());
    claim.post.author.handle_from = Some(HandleFrom::Field);
    claim.post.damage.retain(|damage| damage.kind != DamageKind::AuthorUnknown);
    Some(claim)
}

/// A message of a channel's public page.
fn telegram_message(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let mut claim = telegram_widget(arena.attribute(node, "data-post")?)?;
    let below =
        |class: &str| arena.descendants(node).take(2_000).find(|below| arena.has_class(*below, class));
    if let Some(text) = below("tgme_widget_message_text") {
        let flow = Flow::of(arena, text);
        if !flow.text.is_empty() {
            claim.post.damage.retain(|damage| damage.kind != DamageKind::ContentNotPresent);
            set_body(&mut claim, &flow.text, None, pack);
            claim.post.links =
                flow.anchors.iter().map(|a| a.href.clone()).filter(|h| h.starts_with("http")).collect();
        }
    }
    let time = arena.descendants(node).take(2_000).find(|below| arena.name(*below) == "time");
    if let Some(when) = time.and_then(|time| arena.attribute(time, "datetime")).and_then(parse_stamp) {
        claim.post.posted = Some(from_field(when));
        claim.post.posted_from = Some(PostedFrom::Field);
    }
    claim.post.author.name = below("tgme_widget_message_owner_name")
        .map(|owner| Flow::of(arena, owner).text)
        .filter(|name| !name.is_empty());
    let date = below("tgme_widget_message_date").and_then(|date| arena.attribute(date, "href"));
    claim.post.url = date.map(str::to_owned);
    Some(claim)
}

/// Puts a body in, and the line under it; reads its tags, mentions and language.
pub(super) fn set_body(claim: &mut Claim, body: &str, signature: Option<&str>, pack: &PostPack) {
    let body = body.trim();
    claim.words = body.to_owned();
    claim.body = body.len();
    if let Some(signature) = signature {
        claim.words.push('\n');
        claim.words.push_str(signature);
    }
    let addresses = crate::post::address::find_addresses(body, &pack.endings);
    let (tags, mut mentions) = (find_hashtags(body, &addresses), find_mentions(body, &addresses));
    if matches!(claim.post.platform.as_str(), "instagram" | "tiktok") {
        mentions.iter_mut().for_each(|mention| lengthen(mention, body));
    }
    let mut spans: Vec<Span> =
        tags.iter().chain(&mentions).map(|token| token.span).chain(addresses).collect();
    spans.sort();
    let post = &mut claim.post;
    post.state = PostState::Full;
    post.hashtags = tags.iter().map(|tag| tag.value(body).to_owned()).collect();
    post.mentions = mentions.iter().map(|mention| mention.value(body).to_owned()).collect();
    post.language = pack.small_words.identify(&crate::post::body::words_without(body, &spans));
    if let Some(cut) = crate::post::body::truncation(body, &spans) {
        post.damage.push(Damage { span: Some(cut), ..damage(DamageKind::Truncated) });
    }
}

/// Names of these platforms may hold full stops, though not at their end.
fn lengthen(mention: &mut Token, body: &str) {
    let rest = &body[mention.span.to()..];
    let name =
        rest.bytes().take(30).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
    let more = rest[..name].trim_end_matches('.').len();
    mention.span = Span::new(mention.span.from(), mention.span.to() + more);
}

fn without_query(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or("").to_owned()
}
