//! Posts of X (Twitter) in a page: the embed code, what a CMS made of it, and the frame that the
//! platform's script leaves behind.

use std::sync::OnceLock;

use regex::Regex;
use selon_model::{
    Damage, DamageKind, DateEvidence, HandleFrom, PostAuthor, PostState, PostedFrom, RuleId, Span, When,
};

use super::claim::{Claim, damage};
use super::flow::{Anchor, Flow};
use super::platforms::addressed;
use crate::extract::arena::{Arena, NodeId};
use crate::post::PostPack;
use crate::post::address::find_addresses;
use crate::post::body::{truncation, words_without};
use crate::post::id::time_of_x;
use crate::post::signature::dash_before;
use crate::post::status::{digits, forwarded, post_address, without_tracking};
use crate::post::token::{find_hashtags, find_mentions};

/// Letters from which on a detected language outweighs what the markup claims.
const ENOUGH_LETTERS: usize = 40;

/// Reads `node` as a post of X; `None` where it is none.
pub(super) fn claim(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    match arena.name(node) {
        "blockquote" if is_embed(arena, node) => embed(arena, node, pack),
        "iframe" => frame(arena, node),
        "div" | "twitter-widget" | "twitter-tweet" | "figure" | "span"
            if arena.has_class(node, "twitter-tweet-rendered") || arena.has_class(node, "twitter-tweet") =>
        {
            let mut below = arena.descendants(node).take(64);
            below
                .find(|below| arena.name(below.to_owned()) == "iframe")
                .and_then(|iframe| frame(arena, iframe))
        }
        "amp-twitter" => {
            let stated = arena.attribute(node, "data-tweetid")?;
            addressed(stated, "core.post.x_amp")
                .or_else(|| by_id(digits(stated)?, PostState::LinkOnly, "core.post.x_amp"))
        }
        _ => None,
    }
}

/// The block quotation of the platform's embed code: by its class, or by what a page that waits
/// for consent keeps of it in another attribute.
fn is_embed(arena: &Arena<'_>, node: NodeId) -> bool {
    const CLASSES: &[&str] = &["twitter-tweet", "twitter-video"];
    arena
        .attributes(node)
        .filter(|(name, _)| *name == "class" || name.starts_with("data-"))
        .any(|(_, value)| value.split_ascii_whitespace().any(|word| CLASSES.contains(&word)))
}

/// The frame of the platform's script: an id and nothing else. Buttons carry no tweet id.
fn frame(arena: &Arena<'_>, node: NodeId) -> Option<Claim> {
    if let Some(id) = arena.attribute(node, "data-tweet-id").and_then(digits) {
        return by_id(id, PostState::Rendered, "core.post.x_rendered");
    }
    let source = arena.attribute(node, "src")?;
    let address = post_address(source).filter(|address| address.platform == "x")?;
    by_id(address.id?, PostState::Rendered, "core.post.x_frame")
}

/// A post of which only the id is there.
pub(super) fn by_id(id: &str, state: PostState, rule: &'static str) -> Option<Claim> {
    let mut claim = Claim::new("x", state, rule);
    claim.post.posted = time_of_x(id);
    claim.post.posted_from = claim.post.posted.is_some().then_some(PostedFrom::Id);
    claim.post.status_id = Some(id.to_owned());
    claim.post.damage = vec![damage(DamageKind::ContentNotPresent), damage(DamageKind::AuthorUnknown)];
    Some(claim)
}

/// What stands under the body: name, handle, and where it all begins.
struct Signed {
    start: usize,
    name: Option<Span>,
    handle: Span,
    /// Where the date may begin.
    date: usize,
}

fn embed(arena: &Arena<'_>, node: NodeId, pack: &PostPack) -> Option<Claim> {
    let mut flow = Flow::of(arena, node);
    let first = flow.paragraphs.first().filter(|paragraph| !paragraph.is_empty());
    let signed = signature(&flow.text, first.map_or(0, |paragraph| paragraph.to()));
    // A link that goes through a counting service says where it leads to.
    for anchor in &mut flow.anchors {
        if signed.as_ref().is_some_and(|signed| anchor.span.from() >= signed.date)
            && let Some(address) = forwarded(&anchor.href)
        {
            anchor.href = address;
        }
    }
    let from = signed.as_ref().map_or(0, |signed| signed.start as u32);
    let status = |anchor: &&Anchor| post_address(&anchor.href).is_some_and(|address| address.platform == "x");
    let link = flow.anchors.iter().rev().filter(status).find(|anchor| anchor.span.start >= from);
    let link = link.or_else(|| flow.anchors.iter().rev().find(status));
    let address = link.and_then(|anchor| post_address(&anchor.href));
    let id = address
        .as_ref()
        .and_then(|address| address.id)
        .or_else(|| arena.attribute(node, "data-tweet-id").and_then(digits));
    if id.is_none() && signed.is_none() {
        return None;
    }
    let hint = arena.attribute(node, "data-lang").or_else(|| arena.attribute(node, "lang"));
    let mut claim = Claim::new("x", PostState::Full, "core.post.x_embed");
    let post = &mut claim.post;
    post.status_id = id.map(str::to_owned);
    post.url = link.map(|anchor| without_tracking(&anchor.href));
    let by_link = address.and_then(|address| address.handle);
    post.author = author(&flow.text, signed.as_ref(), by_link);
    if let (Some(signed), Some(linked)) = (&signed, by_link)
        && !signed.handle.of(&flow.text).eq_ignore_ascii_case(linked)
    {
        let detail = Some(format!("the link names {linked}"));
        post.damage.push(Damage { detail, ..damage(DamageKind::HandleDiffers) });
    }
    if post.author.handle.is_none() {
        post.damage.push(damage(DamageKind::AuthorUnknown));
    }

    // Without a signature, what the link to the post itself says is the page's, not the post's.
    let end = signed.as_ref().map(|signed| signed.start).or_else(|| link.map(|anchor| anchor.span.from()));
    let body = Span::new(0, end.unwrap_or(flow.text.len())).trimmed(&flow.text);
    let has_body = body.of(&flow.text).chars().any(|c| !c.is_whitespace());
    let tail = Span::new(end.unwrap_or(flow.text.len()), flow.text.len()).trimmed(&flow.text);
    let mut dated = None;
    if let Some(signed) = &signed {
        dated = shown_date(&flow.text, signed.date, hint, pack);
    } else if let Some(anchor) = link {
        dated = shown_date(&flow.text, anchor.span.from(), hint, pack);
        let is_date = dated.as_ref().is_some_and(|when| when.span.is_some());
        if !has_body && !is_date && !anchor.span.is_empty() {
            post.damage.push(damage(DamageKind::Placeholder));
        }
    }
    if has_body {
        read_body(&mut claim, &flow, body, pack);
    } else {
        post.state = PostState::LinkOnly;
        post.damage.push(damage(DamageKind::ContentNotPresent));
    }
    let written = has_body.then_some(body);
    // The signature stands under the body, as it does on the page.
    let (words, tail_shift) = compose(&flow.text, written, signed.as_ref().map(|_| tail));
    claim.words = words;
    let moved = tail.start;
    let place = |span: Span| Span {
        start: span.start.saturating_sub(moved) + tail_shift,
        end: span.end.saturating_sub(moved) + tail_shift,
    };
    set_time(&mut claim, id, dated, |span| signed.is_some().then(|| place(span)));
    Some(claim)
}

/// Body, newline, signature; and where the signature begins.
fn compose(text: &str, body: Option<Span>, signature: Option<Span>) -> (String, u32) {
    let mut words = body.map_or(String::new(), |body| body.of(text).to_owned());
    let Some(signature) = signature else { return (words, 0) };
    if !words.is_empty() {
        words.push('\n');
    }
    let start = words.len() as u32;
    words.push_str(signature.of(text));
    (words, start)
}

/// The last "— Name (@handle)" that only a date may follow; without its dash only below the first
/// paragraph, which ends at `below`: words inside the post name accounts too.
fn signature(text: &str, below: usize) -> Option<Signed> {
    static HANDLE: OnceLock<Regex> = OnceLock::new();
    let handle =
        HANDLE.get_or_init(|| Regex::new(r"\([@＠]([A-Za-z0-9_]{1,20})\)").expect("a constant pattern"));
    let captures = handle.captures_iter(text).last()?;
    let (whole, handle) = (captures.get(0)?, captures.get(1)?);
    let after = text[whole.end()..].trim();
    if after.chars().count() > 80 || !(after.is_empty() || after.contains(char::is_numeric)) {
        return None;
    }
    let (start, name, _) = dash_before(text, 0, whole.start()).or_else(|| {
        // A CMS may drop the dash: then the line of the handle is the signature.
        let line = text[..whole.start()].rfind('\n').map_or(0, |at| at + 1);
        let name = Span::new(line, whole.start()).trimmed(text);
        (line >= below && !name.is_empty() && name.len() <= 220).then_some((line, Some(name), true))
    })?;
    Some(Signed { start, name, handle: Span::new(handle.start(), handle.end()), date: whole.end() })
}

fn author(text: &str, signed: Option<&Signed>, by_link: Option<&str>) -> PostAuthor {
    match signed {
        Some(signed) => PostAuthor {
            name: signed.name.map(|name| name.of(text).to_owned()),
            handle: Some(signed.handle.of(text).to_owned()),
            handle_from: Some(HandleFrom::Signature),
            id: None,
        },
        None => PostAuthor {
            name: None,
            handle: by_link.map(str::to_owned),
            handle_from: by_link.map(|_| HandleFrom::Link),
            id: None,
        },
    }
}

/// The date that stands at `at`, white space aside.
fn shown_date(text: &str, at: usize, hint: Option<&str>, pack: &PostPack) -> Option<When> {
    let rest = text.get(at..)?;
    let gap = rest.len() - rest.trim_start().len();
    let hint = hint.and_then(selon_model::Lang::new);
    let shown = pack.months.read(&rest[gap..], hint.as_ref().map(|lang| lang.as_str()))?;
    let mut when = When::day(shown.date, RuleId::core("core.post.shown_date"));
    when.evidence = Some(DateEvidence::Text);
    when.span = Some(Span::new(at + gap, at + gap + shown.length));
    Some(when)
}

/// The shown date, else the time of the id. Where they disagree by more than a day, both are
/// told.
fn set_time(claim: &mut Claim, id: Option<&str>, shown: Option<When>, place: impl Fn(Span) -> Option<Span>) {
    let derived = id.and_then(time_of_x);
    let post = &mut claim.post;
    let Some(mut shown) = shown else {
        post.posted_from = derived.is_some().then_some(PostedFrom::Id);
        post.posted = derived;
        return;
    };
    shown.span = shown.span.and_then(place);
    let mut note = damage(DamageKind::DateOnly);
    note.span = shown.span;
    if let (Some(day), Some(other)) = (shown.date(), derived.as_ref().and_then(When::date)) {
        let apart = (other - day).get_days().abs();
        if apart > 1 {
            note.detail = Some(format!("the id says {other}"));
        }
    }
    post.damage.push(note);
    post.posted = Some(shown);
    post.posted_from = Some(PostedFrom::Shown);
}

/// Text, tokens and language of the body. Boundaries come from the markup; twitter-text's rules
/// read what the markup does not link.
fn read_body(claim: &mut Claim, flow: &Flow, body: Span, pack: &PostPack) {
    let words = body.of(&flow.text);
    let shift = |span: Span| Span { start: span.start - body.start, end: span.end - body.start };
    let anchors: Vec<(Span, &str)> = flow
        .anchors
        .iter()
        .filter(|anchor| body.contains(anchor.span) && !anchor.span.is_empty())
        .map(|anchor| (shift(anchor.span), anchor.href.as_str()))
        .collect();
    let linked: Vec<Span> = anchors.iter().map(|(span, _)| *span).collect();
    let mut tokens: Vec<(Span, Token)> =
        anchors.iter().filter_map(|(span, href)| Some((*span, of_anchor(span.of(words), href)?))).collect();
    let free = |span: Span| !linked.iter().any(|other| other.overlaps(span));
    let addresses = find_addresses(words, &pack.endings);
    for span in addresses.iter().copied().filter(|span| free(*span)) {
        let address = span.of(words);
        let media = address.starts_with("pic.twitter.com/") || address.starts_with("pic.x.com/");
        if media || address.contains("://") {
            let kind = if media { Token::Media } else { Token::Link };
            tokens.push((span, kind(address.to_owned())));
        }
    }
    let tags = find_hashtags(words, &addresses).into_iter().filter(|token| free(token.span));
    tokens.extend(tags.map(|token| (token.span, Token::Hashtag(token.value(words).to_owned()))));
    let mentions = find_mentions(words, &addresses).into_iter().filter(|token| free(token.span));
    tokens.extend(mentions.map(|token| (token.span, Token::Mention(token.value(words).to_owned()))));
    tokens.sort_by_key(|(span, _)| *span);
    let spans: Vec<Span> = tokens.iter().map(|(span, _)| *span).collect();
    let plain = words_without(words, &spans);
    let post = &mut claim.post;
    for (_, token) in tokens {
        match token {
            Token::Hashtag(tag) => post.hashtags.push(tag),
            Token::Mention(name) => post.mentions.push(name),
            Token::Link(link) => post.links.push(link),
            Token::Media(media) => post.media.push(media),
        }
    }
    claim.body = words.len();
    post.language = pack.small_words.identify(&plain);
    if let Some(cut) = truncation(words, &spans) {
        post.damage.push(Damage { span: Some(cut), ..damage(DamageKind::Truncated) });
    }
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    let claimed = flow.lang.as_deref().and_then(selon_model::Lang::new);
    if let (Some(found), Some(claimed)) = (&post.language, claimed)
        && *found != claimed
        && letters >= ENOUGH_LETTERS
        && !is_no_language(claimed.as_str())
    {
        let detail = Some(format!("the markup says {claimed}"));
        post.damage.push(Damage { detail, ..damage(DamageKind::LangHintWrong) });
    }
}

/// Codes the platform gives where it could not tell.
fn is_no_language(code: &str) -> bool {
    matches!(code, "und" | "zxx" | "art") || code.starts_with('q')
}

enum Token {
    Hashtag(String),
    Mention(String),
    Link(String),
    Media(String),
}

/// What a link inside a body is, by its words first.
fn of_anchor(words: &str, href: &str) -> Option<Token> {
    let words = words.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
    });
    if let Some(tag) = words.strip_prefix(['#', '＃']) {
        return Some(Token::Hashtag(tag.to_owned()));
    }
    if let Some(name) = words.strip_prefix(['@', '＠']) {
        return Some(Token::Mention(name.to_owned()));
    }
    if words.starts_with("pic.twitter.com/") || words.starts_with("pic.x.com/") {
        return Some(Token::Media(words.to_owned()));
    }
    let scheme = href.starts_with("http://") || href.starts_with("https://");
    (scheme && !words.starts_with('$')).then(|| Token::Link(href.to_owned()))
}
