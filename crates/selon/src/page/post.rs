//! Embedded posts as cards: who (by pseudonym), when, what was there to read, what the way here
//! cost it. What is not on the page is said to be missing, never filled in.

use maud::{Markup, html};
use selon_model::{DamageKind, EmbeddedPost, PostState};

use super::layout::{bdi, name_of, shown};
use super::report::Sheet;
use super::words::text_direction;

/// The section of all posts.
pub(super) fn section(sheet: &Sheet<'_>) -> Markup {
    let words = sheet.frame.words;
    let posts = &sheet.report.posts;
    html! {
        @if !posts.is_empty() {
            section id="posts" {
                h2 { (words.say("posts")) }
                ol.cards {
                    @for (index, post) in posts.iter().enumerate() { li { (card(sheet, index, post)) } }
                }
            }
        }
    }
}

fn card(sheet: &Sheet<'_>, index: usize, post: &EmbeddedPost) -> Markup {
    let words = sheet.frame.words;
    let number = index + 1;
    let state = name_of(post.state);
    let body = post.text.or(post.span);
    let absent = post.state == PostState::LinkOnly
        || post.damage.iter().any(|damage| damage.kind == DamageKind::ContentNotPresent);
    html! {
        article.card.post-card id={ "p" (number) } aria-labelledby={ "p" (number) "-who" } {
            p.top {
                @if post.span.or(post.text).is_some() {
                    a.id href={ "#w-p" (number) } aria-label=(words.say_with("post-at", &[("id", &format!("p{number}"))])) { "p" (number) }
                } @else {
                    span.id { "p" (number) }
                }
                b id={ "p" (number) "-who" } { (poster(sheet, index, post)) }
                span { (words.say_with("on-platform", &[("platform", &platform(&post.platform))])) }
                span.tag.remnant[post.state == PostState::Remnant] { (words.class("state", &state)) }
            }
            p.small { (words.known(&format!("state-{state}-why")).unwrap_or_default()) }
            @if let Some(span) = body.filter(|span| !span.is_empty()) {
                blockquote.said dir=(text_direction(post.language.as_ref().map(|lang| lang.as_str()))) lang=[post.language.as_ref().map(|lang| lang.as_str())] {
                    (sheet.words(span))
                }
            } @else if let Some(elsewhere) = &post.text_elsewhere {
                blockquote.said dir=(text_direction(post.language.as_ref().map(|lang| lang.as_str()))) lang=[post.language.as_ref().map(|lang| lang.as_str())] {
                    (sheet.name(elsewhere))
                }
            }
            @if absent { p.unsure { (words.say("damage-content_not_present")) } }
            ul.facts {
                @match &post.posted {
                    Some(posted) => li { (words.say("posted")) " " bdi { (words.when(posted)) } },
                    None => li.unsure { (words.say("posted")) ": " (words.say("not-stated")) },
                }
                @if let Some(language) = &post.language {
                    li { (words.say("language")) ": " (words.language(language.as_str())) }
                }
                @if !post.hashtags.is_empty() {
                    li { (words.say("hashtags")) ": " @for tag in &post.hashtags { bdi { "#" (shown(tag)) } " " } }
                }
                @if !post.mentions.is_empty() {
                    li { (words.say("mentions")) ": " @for mention in &post.mentions { (bdi(&mentioned(sheet, mention))) " " } }
                }
                @if !post.links.is_empty() {
                    li { (words.say("links")) ": " @for link in &post.links { bdi.url dir="ltr" { (sheet.name(link)) } " " } }
                }
                @if !post.media.is_empty() { li { (words.count("media-count", post.media.len() as u64)) } }
                @if post.url.is_some() || post.status_id.is_some() {
                    li {
                        @match (&post.url, sheet.mask.poster(index)) {
                            (Some(url), None) => { (words.say("address")) ": " bdi.url dir="ltr" { (sheet.name(url)) } }
                            _ => (words.say("post-address-kept")),
                        }
                    }
                }
                @for damage in &post.damage {
                    @if damage.kind != DamageKind::ContentNotPresent {
                        li.unsure {
                            (words.class("damage", &name_of(damage.kind)))
                            @if damage.kind == DamageKind::DoubtfulMention && let Some(span) = damage.span {
                                ": " q dir="auto" { (sheet.words(span)) }
                            }
                        }
                    }
                }
            }
            p.small {
                @if let Some(span) = post.span.or(post.text) {
                    (sheet.at(span, &format!("w-p{number}"))) " · "
                }
                (words.say("rule")) " " code dir="ltr" { (post.rule) }
            }
        }
    }
}

fn poster(sheet: &Sheet<'_>, index: usize, post: &EmbeddedPost) -> Markup {
    let words = sheet.frame.words;
    match sheet.mask.poster(index) {
        Some(pseudonym) => html! { (pseudonym.say(words)) },
        None => match (&post.author.handle, &post.author.name) {
            (Some(handle), _) => html! { bdi dir="ltr" { "@" (shown(handle)) } },
            (None, Some(name)) => bdi(name),
            (None, None) => html! { span.unsure { (words.say("poster-unknown")) } },
        },
    }
}

fn mentioned(sheet: &Sheet<'_>, handle: &str) -> String {
    sheet.name(&format!("@{}", handle.trim_start_matches('@')))
}

/// A platform's own spelling.
fn platform(name: &str) -> String {
    let own = match name {
        "x" => "X",
        "facebook" => "Facebook",
        "instagram" => "Instagram",
        "telegram" => "Telegram",
        "tiktok" => "TikTok",
        "youtube" => "YouTube",
        "dailymotion" => "Dailymotion",
        "vimeo" => "Vimeo",
        "vk" => "VK",
        "bluesky" => "Bluesky",
        "mastodon" => "Mastodon",
        "reddit" => "Reddit",
        other => other,
    };
    own.to_owned()
}
