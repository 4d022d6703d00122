//! Posts in text that lost its markup: a body, and the signature under or right behind it.
//!
//! ```text
//! post = body-line+ signature-line
//! ```
//! The body is the line above the signature; lines further up join only while they carry a mark
//! of their own, or are in the body's language and the text is in another. Where that is
//! doubtful a note says so.

use selon_model::{
    Damage, DamageKind, DateEvidence, EmbeddedPost, FoundAt, HandleFrom, Lang, Note, PostAuthor, PostState,
    PostedFrom, RuleId, Span, When,
};

use super::body::{truncation, words_without};
use super::repair::{Tokens, read_body};
use super::signature::{Signature, find_signatures};
use super::{PostPack, shared};

/// Characters a body can have: 280 of the platform's own count, with addresses at full length.
const LONGEST_BODY: usize = 600;
/// Characters of a body within one long line, where its beginning must be guessed.
const GUESSED_BODY: usize = 300;

/// Finds the posts of a remnant, in text order, without overlap. `hint` is the language of the
/// text around them, in which dates are likely, too.
pub(crate) fn find_posts(
    text: &str,
    pack: &PostPack,
    hint: Option<&str>,
    notes: &mut Vec<Note>,
) -> Vec<EmbeddedPost> {
    let mut posts = Vec::new();
    let mut from = 0;
    for signature in find_signatures(text, pack, hint) {
        let body = find_body(text, from, &signature, pack, hint);
        let post = post_of(text, &signature, &body, pack);
        notes.extend(body.note);
        if body.span.is_none() {
            let message = "a post's signature, but no body that belongs to it";
            notes.push(Note::at("post_signature_without_body", signature.span, message));
        }
        from = signature.span.to();
        posts.push(post);
    }
    let shared = shared::find_posts(text, &posts, pack, hint);
    if !shared.is_empty() {
        posts.extend(shared);
        posts.sort_by_key(|post| post.span);
    }
    note_lost_media(text, &posts, notes);
    posts
}

/// The body of a post, and how sure that is.
struct Body {
    span: Option<Span>,
    confidence: f32,
    note: Option<Note>,
}

fn find_body(text: &str, from: usize, signature: &Signature, pack: &PostPack, around: Option<&str>) -> Body {
    let end = signature.span.from();
    if !signature.own_line {
        return body_in_line(text, from, end, pack);
    }
    let mut lines = lines_above(text, from, end);
    let none = Body { span: None, confidence: 0.7, note: None };
    let Some(first) = lines.next() else { return none };
    let marked = |line: Span| carries_mark(text, line, pack);
    let (mut body, mut note) = (first, None);
    if first.is_empty() {
        // A blank line between body and signature: only a marked line is taken for the body.
        let Some(next) = lines.next().filter(|next| !next.is_empty() && marked(*next)) else { return none };
        body = next;
        note = Some("a blank line stands between this post's body and its signature");
    }
    if body.of(text).chars().count() > LONGEST_BODY {
        return none;
    }
    let own = language_of(text, body, pack).filter(|own| around.is_some_and(|around| around != own.as_str()));
    let foreign = |line: Span| own.is_some() && language_of(text, line, pack) == own;
    for line in lines {
        let hull = line.hull(body);
        if line.is_empty() || !(marked(line) || foreign(line)) || hull.of(text).chars().count() > LONGEST_BODY
        {
            break;
        }
        body = hull;
        note = Some("lines above joined this post by their tags, mentions or links, or by their language");
    }
    let note = note.map(|message| Note::at("post_body_doubtful", body, message));
    Body { span: Some(body), confidence: if note.is_some() { 0.8 } else { 0.95 }, note }
}

/// The lines before `end` and after `from`, from the nearest up, without white space at either
/// end. A line too long to be a body ends the walk.
fn lines_above(text: &str, from: usize, end: usize) -> impl Iterator<Item = Span> + '_ {
    let mut at = end;
    std::iter::from_fn(move || {
        // The newline before the line that begins at (or holds) `at`.
        let mut low = at.saturating_sub(LONGEST_BODY * 4 + 64).max(from);
        while !text.is_char_boundary(low) {
            low += 1;
        }
        let line_end = low + text[low..at].rfind('\n')?;
        let mut start = line_end.saturating_sub(LONGEST_BODY * 4 + 64).max(from);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let found = text[start..line_end].rfind('\n').map(|at| start + at + 1);
        let start = found.or((start == from).then_some(from))?;
        at = start;
        Some(Span::new(start, line_end).trimmed(text))
    })
}

/// A body in front of a signature on the same line. A short line is the body; in a long one, or
/// behind another post, it begins with the first sentence that carries a mark.
fn body_in_line(text: &str, from: usize, end: usize, pack: &PostPack) -> Body {
    let mut low = end.saturating_sub(LONGEST_BODY * 4).max(from);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let line = text[low..end].rfind('\n').map(|at| low + at + 1);
    let begins_line = line.is_some() || low == 0 || text[..low].ends_with('\n');
    let whole = Span::new(line.unwrap_or(low), end).trimmed(text);
    let characters = whole.of(text).chars().count();
    if whole.is_empty() {
        return Body { span: None, confidence: 0.7, note: None };
    }
    if begins_line && characters <= GUESSED_BODY {
        // Where a sentence touches the one before it, a line of the post ended there, or the
        // paragraph above it.
        let glued = sentence_starts(whole.of(text)).iter().any(|(_, touches)| *touches);
        let message = "sentences touch in this post's line: what stands first may be the page's own";
        let note = glued.then(|| Note::at("post_body_doubtful", whole, message));
        return Body { span: Some(whole), confidence: if glued { 0.6 } else { 0.9 }, note };
    }
    let body = marked_sentences(text, whole, pack);
    let message = "where this post begins in its line is a guess";
    Body { span: Some(body), confidence: 0.6, note: Some(Note::at("post_body_doubtful", body, message)) }
}

/// From the last sentence that touches the one before it, since that is where another block
/// ended; else from the first of the last sentences that carries a mark; else the last sentence.
/// An address alone is no sentence: what stands before it belongs to it.
fn marked_sentences(text: &str, whole: Span, pack: &PostPack) -> Span {
    let words = whole.of(text);
    let far = words.chars().count().saturating_sub(GUESSED_BODY);
    let near = words.char_indices().nth(far).map_or(0, |(at, _)| at);
    let begins = sentence_starts(words);
    let glued = begins.iter().rev().filter(|(at, glued)| *glued && *at >= near);
    let from = |at: usize| Span::new(whole.from() + at, whole.to());
    if let Some((at, _)) = glued.into_iter().find(|(at, _)| says_anything(text, from(*at), pack)) {
        return from(*at).trimmed(text);
    }
    let mut starts: Vec<usize> = if near == 0 { vec![0] } else { Vec::new() };
    starts.extend(begins.iter().map(|(at, _)| *at).filter(|at| *at >= near.max(1)));
    starts.push(words.len());
    let sentences: Vec<Span> =
        starts.windows(2).map(|pair| Span::new(whole.from() + pair[0], whole.from() + pair[1])).collect();
    let first = sentences.iter().position(|sentence| carries_mark(text, *sentence, pack));
    let mut first = first.or(sentences.len().checked_sub(1)).unwrap_or(0);
    while first > 0 && sentences.get(first).is_some_and(|sentence| !says_anything(text, *sentence, pack)) {
        first -= 1;
    }
    let start = sentences.get(first).map_or(whole.from() + near, |sentence| sentence.from());
    Span::new(start, whole.to()).trimmed(text)
}

/// Where sentences begin: behind a stop and a space, or (`true`) where a capital touches the stop
/// of a word in small letters or its closing mark, since the space between two blocks got lost.
fn sentence_starts(words: &str) -> Vec<(usize, bool)> {
    let is_stop = |c: char| matches!(c, '.' | '!' | '?' | '…' | '؟');
    let closes = |c: char| matches!(c, '»' | '”' | '"' | ')');
    let mut starts = Vec::new();
    let (mut before, mut stopped, mut small) = (' ', false, false);
    for (at, c) in words.char_indices() {
        if is_stop(c) {
            small = (stopped && small) || before.is_lowercase();
            stopped = true;
        } else if stopped && !c.is_whitespace() && !closes(c) {
            let touches = small && (is_stop(before) || closes(before)) && c.is_uppercase();
            if before.is_whitespace() || touches {
                starts.push((at, touches));
            }
            stopped = false;
        }
        before = c;
    }
    starts
}

/// Whether a sentence holds a word that is no address.
fn says_anything(text: &str, sentence: Span, pack: &PostPack) -> bool {
    let tokens = read_body(text, sentence, pack);
    let base = sentence.start;
    let spans: Vec<Span> =
        tokens.spans.iter().map(|span| Span { start: span.start - base, end: span.end - base }).collect();
    words_without(sentence.of(text), &spans).chars().any(char::is_alphanumeric)
}

/// The language of a line of a post.
fn language_of(text: &str, line: Span, pack: &PostPack) -> Option<Lang> {
    let tokens = read_body(text, line, pack);
    let base = line.start;
    let spans: Vec<Span> =
        tokens.spans.iter().map(|span| Span { start: span.start - base, end: span.end - base }).collect();
    pack.small_words.identify(&words_without(line.of(text), &spans))
}

/// Whether a line holds a tag, a mention, a link or media.
fn carries_mark(text: &str, line: Span, pack: &PostPack) -> bool {
    let words = line.of(text);
    if !words.contains(['#', '＃', '@', '＠']) && !words.contains("://") && !words.contains("pic.") {
        return false;
    }
    let tokens = read_body(text, line, pack);
    !tokens.spans.is_empty()
}

fn post_of(text: &str, signature: &Signature, body: &Body, pack: &PostPack) -> EmbeddedPost {
    let tokens = body.span.map_or_else(Tokens::default, |body| read_body(text, body, pack));
    let words = body.span.map_or("", |body| body.of(text));
    let base = body.span.map_or(0, |body| body.start);
    let spans: Vec<Span> =
        tokens.spans.iter().map(|span| Span { start: span.start - base, end: span.end - base }).collect();
    let language = pack.small_words.identify(&words_without(words, &spans));
    let mut damage = tokens.damage;
    let note = |kind, span| Damage { kind, span, cuts: Vec::new(), detail: None };
    if body.span.is_none() {
        damage.push(note(DamageKind::ContentNotPresent, None));
    }
    if let Some(cut) = truncation(words, &spans) {
        let cut = Span { start: base + cut.start, end: base + cut.end };
        damage.push(note(DamageKind::Truncated, Some(cut)));
    }
    if signature.handle.of(text).contains('.') {
        damage.push(note(DamageKind::ZoneUnknown, None));
    }
    let posted = signature.date.map(|(date, span)| {
        damage.push(note(DamageKind::DateOnly, Some(span)));
        let mut when = When::day(date, RuleId::core("core.post.shown_date"));
        when.evidence = Some(DateEvidence::Text);
        when.span = Some(span);
        when
    });
    EmbeddedPost {
        span: Some(body.span.map_or(signature.span, |body| body.hull(signature.span))),
        text: body.span,
        text_elsewhere: None,
        platform: if signature.handle.of(text).contains('.') { "bluesky" } else { "x" }.to_owned(),
        status_id: None,
        url: None,
        author: PostAuthor {
            name: signature.name.map(|name| name.of(text).to_owned()),
            handle: Some(signature.handle.of(text).to_owned()),
            handle_from: Some(HandleFrom::Signature),
            id: None,
        },
        posted_from: posted.is_some().then_some(PostedFrom::Shown),
        posted,
        language,
        hashtags: tokens.hashtags,
        mentions: tokens.mentions,
        links: tokens.links,
        media: tokens.media,
        relations: Vec::new(),
        state: PostState::Remnant,
        damage,
        found_at: vec![FoundAt::Text],
        rule: RuleId::core("core.post.remnant"),
        confidence: body.confidence,
    }
}

/// Media addresses in lines that belong to no post: traces of a post whose signature is lost.
fn note_lost_media(text: &str, posts: &[EmbeddedPost], notes: &mut Vec<Note>) {
    for (at, host) in text.match_indices("pic.twitter.com/").take(64) {
        let span = Span::new(at, at + host.len());
        let next = posts.partition_point(|post| post.span.is_some_and(|post| post.end <= span.start));
        if posts.get(next).and_then(|post| post.span).is_some_and(|post| post.overlaps(span)) {
            continue;
        }
        notes.push(Note::at(
            "post_media_without_signature",
            span,
            "an address of a post's picture, but no post",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    fn posts_of(text: &str) -> (Vec<EmbeddedPost>, Vec<Note>) {
        let mut notes = Vec::new();
        let posts = find_posts(text, &Packs::embedded().post, Some("fr"), &mut notes);
        (posts, notes)
    }

    /// `expected`: handle and body of each post; `codes`: codes of the notes.
    fn check(text: &str, expected: &[(&str, &str)], codes: &[&str]) {
        let (posts, notes) = posts_of(text);
        let seen: Vec<(&str, &str)> = posts
            .iter()
            .map(|post| {
                (post.author.handle.as_deref().unwrap_or(""), post.text.map_or("", |body| body.of(text)))
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
        let seen: Vec<&str> = notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(seen, codes, "{text}");
    }

    #[test]
    fn the_line_above_is_the_body() {
        check(
            "Titre\nUn long récit de la ville.\nOn y est #Vernak\n— Ana (@ana) 4 mars 2021\nLa suite.",
            &[("ana", "On y est #Vernak")],
            &[],
        );
        check(
            "On y est\n— Ana (@ana) 4 mars 2021\nEncore\n– Léo (@leo_1) 5 mars 2021",
            &[("ana", "On y est"), ("leo_1", "Encore")],
            &[],
        );
    }

    #[test]
    fn marked_lines_join() {
        check(
            "Le récit.\n#Vernak ce matin\nOn chante\n— Ana (@ana) 4 mars 2021",
            &[("ana", "#Vernak ce matin\nOn chante")],
            &["post_body_doubtful"],
        );
        check(
            "Le récit.\n\nOn chante #Vernak\n\n— Ana (@ana) 4 mars 2021",
            &[("ana", "On chante #Vernak")],
            &["post_body_doubtful"],
        );
    }

    #[test]
    fn lines_in_another_language_than_the_text_join() {
        check(
            "Un long récit de la ville et du port.\nWe are here now with all our boats.\nThey will be here with us today\n— Ana (@ana) 4 mars 2021",
            &[("ana", "We are here now with all our boats.\nThey will be here with us today")],
            &["post_body_doubtful"],
        );
        check(
            "Un long récit de la ville.\nOn est ici avec les bateaux\n— Ana (@ana) 4 mars 2021",
            &[("ana", "On est ici avec les bateaux")],
            &[],
        );
    }

    #[test]
    fn a_signature_alone_is_a_note() {
        check("Le récit.\n\n— Ana (@ana) 4 mars 2021", &[("ana", "")], &["post_signature_without_body"]);
        check("Voir pic.twitter.com/zXkcVunvvY ici.", &[], &["post_media_without_signature"]);
    }

    #[test]
    fn a_signature_behind_its_body() {
        check(
            "Le récit.\nOn chante #Vernakpic.twitter.com/viQBkfGaq6— Ana (@ana) 4 mars 2021\nSuite.",
            &[("ana", "On chante #Vernakpic.twitter.com/viQBkfGaq6")],
            &[],
        );
        let prose =
            "Le conseil a voté hier soir, après un long débat sur les comptes de la ville. ".repeat(6);
        check(
            &format!("{prose}On chante #Vernak! Tous ici. — Ana (@ana) 4 mars 2021 La suite du récit."),
            &[("ana", "On chante #Vernak! Tous ici.")],
            &["post_body_doubtful"],
        );
    }

    #[test]
    fn an_address_is_no_body_where_words_stand_before_it() {
        let prose =
            "Le conseil a voté hier soir, après un long débat sur les comptes de la ville. ".repeat(6);
        check(
            &format!(
                "{prose}Il pleut.On chante ici. pic.twitter.com/viQBkfGaq6— Ana (@ana) 4 mars 2021 La suite."
            ),
            &[("ana", "On chante ici. pic.twitter.com/viQBkfGaq6")],
            &["post_body_doubtful"],
        );
    }

    #[test]
    fn a_post_knows_its_day_and_its_language() {
        let (posts, _) = posts_of("They are leaving and they are singing now\n— Ana (@ana) 4 mars 2021");
        let post = &posts[0];
        assert_eq!(post.posted.as_ref().and_then(|when| when.edtf.as_deref()), Some("2021-03-04"));
        assert_eq!(post.posted_from, Some(PostedFrom::Shown));
        assert_eq!(post.language.as_ref().map(|tag| tag.as_str()), Some("en"));
        assert!(post.damage.iter().any(|damage| damage.kind == DamageKind::DateOnly));
    }
}
