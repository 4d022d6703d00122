//! Posts of Instagram in text that lost its markup: the line that the platform writes under a post
//! ("A post shared by Name (@name)"), the line above it that names the platform, and the caption
//! where one stands between the two.

use selon_model::{
    Damage, DamageKind, DateEvidence, EmbeddedPost, FoundAt, HandleFrom, Lang, PostAuthor, PostState,
    PostedFrom, RuleId, Span, When,
};

use super::PostPack;
use super::address::find_addresses;
use super::body::words_without;
use super::token::{find_hashtags, find_mentions};

/// Longest line that is a byline, in bytes.
const LONGEST: usize = 300;
/// Lines of a caption, and its bytes.
const LINES: usize = 4;
const CAPTION: usize = 2_200;

/// Finds the posts outside those that were found already, in text order. `hint`: the language of
/// the text around them, in which dates are likely.
pub(super) fn find_posts(
    text: &str,
    others: &[EmbeddedPost],
    pack: &PostPack,
    hint: Option<&str>,
) -> Vec<EmbeddedPost> {
    if !text.contains('@') {
        return Vec::new();
    }
    let mut posts = Vec::new();
    let mut above: Vec<Span> = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len() + 1;
        if span.is_empty() {
            continue;
        }
        let words = span.of(text);
        let signed = if words.len() <= LONGEST && words.contains('@') { signed(words, pack) } else { None };
        match signed.filter(|_| !taken(others, span)) {
            Some((name, handle)) => {
                posts.push(post_of(text, span, &above, (name, handle), pack, hint));
                above.clear();
            }
            None => above.push(span),
        }
    }
    posts
}

/// Whether a place is part of a post that was found already. Posts are in text order.
fn taken(others: &[EmbeddedPost], span: Span) -> bool {
    let next = others.partition_point(|post| post.span.is_some_and(|other| other.end <= span.start));
    others.get(next).and_then(|post| post.span).is_some_and(|other| other.overlaps(span))
}

/// Name and handle of a byline that a platform writes.
fn signed<'t>(line: &'t str, pack: &PostPack) -> Option<(Option<&'t str>, &'t str)> {
    if let Some(handle) = pack.bylines.handle(line) {
        return Some((None, handle));
    }
    let name = pack.bylines.name(line)?;
    let (_, rest) = line.rsplit_once("(@")?;
    let (handle, _) = rest.split_once(')')?;
    let fits = (1..=64).contains(&handle.len())
        && handle.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    fits.then_some((Some(name), handle))
}

fn post_of(
    text: &str,
    line: Span,
    above: &[Span],
    (name, handle): (Option<&str>, &str),
    pack: &PostPack,
    hint: Option<&str>,
) -> EmbeddedPost {
    // The line that names the platform opens the post: what stands between is its caption.
    let near = above.iter().rev().take(LINES + 1);
    let opening = near.enumerate().find(|(_, span)| names_only_platform(span.of(text)));
    let caption = opening.and_then(|(lines, _)| {
        let first = above.get(above.len().checked_sub(lines)?).filter(|_| lines > 0)?;
        let caption = first.hull(*above.last()?);
        (caption.len() <= CAPTION).then_some(caption)
    });
    let span = opening.map_or(line, |(_, opening)| opening.hull(line));
    let mut damage = Vec::new();
    let mut note = |kind, span| damage.push(Damage { kind, span, cuts: Vec::new(), detail: None });
    if caption.is_none() {
        note(DamageKind::ContentNotPresent, None);
    }
    let behind = line.of(text).rfind(handle).map_or(line.to(), |at| line.from() + at + handle.len());
    let posted = day_behind(text, Span::new(behind, line.to()), pack, hint);
    if let Some(when) = &posted {
        note(DamageKind::DateOnly, when.span);
    }
    let words = caption.map_or("", |caption| caption.of(text));
    let addresses = find_addresses(words, &pack.endings);
    let (tags, mentions) = (find_hashtags(words, &addresses), find_mentions(words, &addresses));
    let mut spans: Vec<Span> =
        tags.iter().chain(&mentions).map(|token| token.span).chain(addresses).collect();
    spans.sort();
    let language: Option<Lang> = pack.small_words.identify(&words_without(words, &spans));
    EmbeddedPost {
        span: Some(span),
        text: caption,
        text_elsewhere: None,
        platform: "instagram".to_owned(),
        status_id: None,
        url: None,
        author: PostAuthor {
            name: name.map(str::to_owned),
            handle: Some(handle.to_owned()),
            handle_from: Some(HandleFrom::Signature),
            id: None,
        },
        posted_from: posted.is_some().then_some(PostedFrom::Shown),
        posted,
        language,
        hashtags: tags.iter().map(|tag| tag.value(words).to_owned()).collect(),
        mentions: mentions.iter().map(|mention| mention.value(words).to_owned()).collect(),
        links: Vec::new(),
        media: Vec::new(),
        relations: Vec::new(),
        state: PostState::Remnant,
        damage,
        found_at: vec![FoundAt::Text],
        rule: RuleId::core("core.post.shared"),
        confidence: 0.9,
    }
}

/// "View this post on Instagram", in any language.
fn names_only_platform(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=7).contains(&words.len()) && words.iter().any(|word| word.eq_ignore_ascii_case("instagram"))
}

/// The day in what stands behind the handle: ") on Mar 4, 2021 at 7:49am PST".
fn day_behind(text: &str, rest: Span, pack: &PostPack, hint: Option<&str>) -> Option<When> {
    let words = rest.of(text);
    let begins = |at: usize| !words[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    let starts = words.char_indices().filter(|(at, c)| c.is_alphanumeric() && begins(*at)).take(8);
    let (at, shown) =
        starts.filter_map(|(at, _)| Some((at, pack.months.read(&words[at..], hint)?))).next()?;
    let mut when = When::day(shown.date, RuleId::core("core.post.shown_date"));
    when.evidence = Some(DateEvidence::Text);
    when.span = Some(Span::new(rest.from() + at, rest.from() + at + shown.length));
    Some(when)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    /// `expected`: handle, name, day, caption and the whole of each post.
    fn check(text: &str, expected: &[(&str, &str, &str, &str, &str)]) {
        let posts = find_posts(text, &[], &Packs::embedded().post, Some("en"));
        let seen: Vec<(&str, &str, &str, &str, &str)> = posts
            .iter()
            .map(|post| {
                (
                    post.author.handle.as_deref().unwrap_or(""),
                    post.author.name.as_deref().unwrap_or(""),
                    post.posted.as_ref().and_then(|when| when.edtf.as_deref()).unwrap_or(""),
                    post.text.map_or("", |caption| caption.of(text)),
                    post.span.map_or("", |span| span.of(text)),
                )
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn the_platforms_line_is_a_post() {
        let line = "A post shared by Ana Ruo (@ana.ruo) on Mar 4, 2021 at 7:49am PST";
        check(line, &[("ana.ruo", "Ana Ruo", "2021-03-04", "", line)]);
        let whole =
            "View this post on Instagram\n\nThe boats of #Vernak\n\nA post shared by Ana Ruo (@ana_ruo)";
        check(
            &format!("The report goes on.\n{whole}\nIt ends."),
            &[("ana_ruo", "Ana Ruo", "", "The boats of #Vernak", whole)],
        );
        check("A post shared by @ana_ruo", &[("ana_ruo", "", "", "", "A post shared by @ana_ruo")]);
    }

    #[test]
    fn what_only_speaks_of_a_post_is_none() {
        check("A post shared by the mayor showed the bridge.", &[]);
        check("View this post on Instagram", &[]);
        check("Write to ana@vernak.example.", &[]);
    }
}
