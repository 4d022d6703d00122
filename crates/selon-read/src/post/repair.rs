//! Tokens of a post's body in text that lost its spaces: where the glue is, and what it joined.
//!
//! Only bodies of remnants come here. The text is never rewritten: a cut is a position at which
//! a reader may put a space, and taking the spaces out gives the original back. The order of
//! the rules is that of the table "Text remnants" in docs/formats/posts.md.

use selon_model::{Damage, DamageKind, Span};

use super::PostPack;
use super::address::{address_at, find_addresses, scheme_length};
use super::token::{
    ends_mention, handle_length, has_letter, is_tag_character, may_precede_mention, tag_runs,
};

/// What a body holds. Words without their signs, in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) hashtags: Vec<String>,
    pub(crate) mentions: Vec<String>,
    pub(crate) links: Vec<String>,
    pub(crate) media: Vec<String>,
    /// One record for each cut token or doubtful mention.
    pub(crate) damage: Vec<Damage>,
    /// Spans of all tokens, in text order: what is left is words.
    pub(crate) spans: Vec<Span>,
}

/// Word characters of the key of a picture or a t.co address.
const KEY: usize = 10;
const MEDIA: &[&str] = &["pic.twitter.com/", "pic.x.com/"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Media,
    Link,
    Hashtag,
    Mention,
}

struct Found {
    kind: Kind,
    span: Span,
    sign: usize,
    cuts: Vec<u32>,
}

/// Reads the tokens of the body that stands at `body` in `text`.
pub(crate) fn read_body(text: &str, body: Span, pack: &PostPack) -> Tokens {
    let words = body.of(text);
    let mut found = find_media(words);
    let links = find_links(words, &found, pack);
    found.extend(links);
    found.sort_by_key(|token| token.span.start);
    let hashtags = find_tags(words, &found);
    found.extend(hashtags);
    found.sort_by_key(|token| token.span.start);
    let (mentions, doubtful) = find_mentions(words, &found, pack);
    found.extend(mentions);
    found.sort_by_key(|token| token.span.start);

    let mut tokens = Tokens::default();
    let base = body.start;
    let at = |span: Span| Span { start: base + span.start, end: base + span.end };
    let mut last_cut = None;
    for token in &mut found {
        // Two tokens that touch share one cut.
        token.cuts.retain(|cut| Some(*cut) != last_cut);
        last_cut = token.cuts.last().copied().or(last_cut);
        let value = token.span.of(words)[token.sign..].to_owned();
        match token.kind {
            Kind::Media => tokens.media.push(value),
            Kind::Link => tokens.links.push(value),
            Kind::Hashtag => tokens.hashtags.push(value),
            Kind::Mention => tokens.mentions.push(value),
        }
        tokens.spans.push(at(token.span));
        if !token.cuts.is_empty() {
            tokens.damage.push(Damage {
                kind: DamageKind::Glued,
                span: Some(at(token.span)),
                cuts: token.cuts.iter().map(|cut| base + cut).collect(),
                detail: None,
            });
        }
    }
    for span in doubtful {
        tokens.damage.push(Damage {
            kind: DamageKind::DoubtfulMention,
            span: Some(at(span)),
            cuts: Vec::new(),
            detail: None,
        });
    }
    tokens.damage.sort_by_key(|damage| damage.span);
    tokens
}

/// A boundary is missing at `at`: a letter, digit or underscore stands right before it.
fn is_glued(words: &str, at: usize) -> bool {
    words[..at].chars().next_back().is_some_and(|c| c == '_' || c.is_alphanumeric())
}

/// Rule 1: `pic.twitter.com/` and exactly ten word characters win over a handle or a tag.
fn find_media(words: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for host in MEDIA {
        for (at, _) in words.match_indices(host) {
            let key = at + host.len();
            if handle_length(&words[key..]) < KEY {
                continue;
            }
            let schemes = ["https://", "http://"];
            let start =
                schemes.iter().find(|scheme| words[..at].ends_with(**scheme)).map_or(at, |s| at - s.len());
            let end = key + KEY;
            let mut cuts = Vec::new();
            if is_glued(words, start) {
                cuts.push(start as u32);
            }
            if words[end..].starts_with(|c: char| c == '_' || c.is_alphanumeric()) {
                cuts.push(end as u32);
            }
            found.push(Found { kind: Kind::Media, span: Span::new(start, end), sign: at - start, cuts });
        }
    }
    found.sort_by_key(|token| token.span.start);
    found
}

/// Rules 2 and 3: a scheme starts a token; the key of a t.co address ends after ten characters.
/// Without a scheme only what has a path is an address: a full stop without a space is none.
fn find_links(words: &str, media: &[Found], pack: &PostPack) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, piece) in pieces(words, media) {
        let mut schemes: Vec<usize> = piece
            .match_indices("http")
            .map(|(at, _)| at)
            .filter(|at| scheme_length(&piece[*at..]).is_some())
            .collect();
        schemes.push(piece.len());
        let head = &piece[..schemes[0]];
        for span in find_addresses(head, &pack.endings) {
            let address = span.of(head);
            if address.contains('/') && !MEDIA.iter().any(|host| address.starts_with(host)) {
                let span = Span::new(start + span.from(), start + span.to());
                found.push(Found { kind: Kind::Link, span, sign: 0, cuts: Vec::new() });
            }
        }
        for pair in schemes.windows(2) {
            let segment = &piece[pair[0]..pair[1]];
            let Some(length) = link_length(segment, pack) else { continue };
            let at = start + pair[0];
            let end = at + length;
            let mut cuts = Vec::new();
            if is_glued(words, at) {
                cuts.push(at as u32);
            }
            if words[end..].starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric())
                && end < start + piece.len()
            {
                cuts.push(end as u32);
            }
            found.push(Found { kind: Kind::Link, span: Span::new(at, end), sign: 0, cuts });
        }
    }
    found
}

fn link_length(segment: &str, pack: &PostPack) -> Option<usize> {
    let scheme = scheme_length(segment)?;
    if let Some(key) = segment[scheme..].strip_prefix("t.co/") {
        let run = key.bytes().take(KEY).take_while(u8::is_ascii_alphanumeric).count();
        return (run > 0).then_some(scheme + "t.co/".len() + run);
    }
    address_at(segment, scheme, &pack.endings)
}

/// Rule 4, first half: `#` starts a token even behind a letter or digit.
fn find_tags(words: &str, taken: &[Found]) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, piece) in pieces(words, taken) {
        for run in tag_runs().find_iter(piece) {
            let sign = run.as_str().chars().next().map_or(0, char::len_utf8);
            let at = start + run.start();
            let before = words[..at].chars().next_back();
            let name = &run.as_str()[sign..];
            if before == Some('&') || !has_letter(name) || name.starts_with(['\u{FE0F}', '\u{20E3}']) {
                continue;
            }
            let glued =
                before.is_some_and(is_tag_character) && !matches!(before, Some('\u{FE0E}' | '\u{FE0F}'));
            let cuts = if glued { vec![at as u32] } else { Vec::new() };
            found.push(Found { kind: Kind::Hashtag, span: Span::new(at, start + run.end()), sign, cuts });
        }
    }
    found
}

/// Rule 4, second half, and rule 5: `@` starts a token behind a tag, a link, media or another
/// mention (unless both are the address of an account elsewhere); behind a
/// plain word it is a doubtful mention (nothing is cut), in an e-mail address it is nothing.
fn find_mentions(words: &str, taken: &[Found], pack: &PostPack) -> (Vec<Found>, Vec<Span>) {
    let (mut found, mut doubtful) = (Vec::new(), Vec::new());
    for (start, piece) in pieces(words, taken) {
        let mut done = 0;
        let mut last_mention = None;
        for (at, sign) in piece.match_indices(['@', '＠']) {
            if at < done {
                continue;
            }
            let name = at + sign.len();
            let length = handle_length(&piece[name..]);
            if length == 0 {
                continue;
            }
            let end = name + length;
            let span = Span::new(start + at, start + end);
            let follows_mention = last_mention == Some(at);
            let follows_token =
                follows_mention || (at == 0 && taken.iter().any(|token| token.span.to() == start));
            let next = piece[end..].strip_prefix(['@', '＠']);
            let next_is_mention =
                next.is_some_and(|next| handle_length(next) > 0 && !is_mail_host(next, pack));
            let ends_well = ends_mention(&piece[end..]) || next_is_mention;
            let before = piece[..at].chars().next_back();
            let behind_word =
                !follows_token && before.is_some_and(|c| c == '_' || c.is_alphanumeric() && !is_unspaced(c));
            let retweet = may_precede_mention(&piece[..at]);
            if !follows_token && behind_word && !(retweet && before.is_some_and(|c| c.is_ascii())) {
                let word = piece[..at].rfind(|c: char| !(c == '_' || c == '.' || c.is_alphanumeric()));
                let from = word.map_or(0, |at| at + piece[at..].chars().next().map_or(1, char::len_utf8));
                done = end;
                if !is_mail_host(&piece[name..], pack) {
                    doubtful.push(Span::new(start + from, start + end));
                }
                continue;
            }
            if !follows_token && !retweet {
                continue;
            }
            if length > 15 || !ends_well {
                doubtful.push(span);
                done = end;
                continue;
            }
            last_mention = Some(end);
            let cuts =
                if follows_token && is_glued(words, span.from()) { vec![span.start] } else { Vec::new() };
            found.push(Found { kind: Kind::Mention, span, sign: sign.len(), cuts });
        }
    }
    (found, doubtful)
}

/// Scripts that write words without spaces: a name may follow them directly.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..)
}

/// "example.com" at the beginning: what stands before the `@` is an e-mail address.
fn is_mail_host(text: &str, pack: &PostPack) -> bool {
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    let host = text[..end].trim_end_matches(['.', '-']);
    host.rsplit_once('.').is_some_and(|(_, ending)| pack.endings.contains(ending))
}

/// The stretches of `words` between `taken` (in text order), with where they begin.
fn pieces<'w>(words: &'w str, taken: &[Found]) -> Vec<(usize, &'w str)> {
    let mut pieces = Vec::with_capacity(taken.len() + 1);
    let mut at = 0;
    for token in taken {
        if at < token.span.from() {
            pieces.push((at, &words[at..token.span.from()]));
        }
        at = at.max(token.span.to());
    }
    if at < words.len() {
        pieces.push((at, &words[at..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    /// `expected`: tags, mentions, links, media; then the body with `|` at its cuts and the
    /// doubtful mentions.
    fn check(body: &str, expected: [&str; 4], cut: &str, doubtful: &[&str]) {
        let text = format!("é {body}");
        let tokens = read_body(&text, Span::new(3, text.len()), &Packs::embedded().post);
        let seen =
            [&tokens.hashtags, &tokens.mentions, &tokens.links, &tokens.media].map(|list| list.join(" "));
        assert_eq!(seen, expected, "{body}");
        let mut cuts: Vec<usize> =
            tokens.damage.iter().flat_map(|damage| damage.cuts.iter().map(|cut| *cut as usize - 3)).collect();
        cuts.sort_unstable();
        let mut shown = body.to_owned();
        for at in cuts.into_iter().rev() {
            shown.insert(at, '|');
        }
        assert_eq!(shown, cut, "{body}");
        let seen: Vec<&str> = tokens
            .damage
            .iter()
            .filter(|damage| damage.kind == DamageKind::DoubtfulMention)
            .filter_map(|damage| damage.span)
            .map(|span| span.of(&text))
            .collect();
        assert_eq!(seen, doubtful, "{body}");
    }

    #[test]
    fn media_wins_over_names() {
        check(
            "Go @Ondes_libpic.twitter.com/zXkcVunvvY",
            ["", "Ondes_lib", "", "pic.twitter.com/zXkcVunvvY"],
            "Go @Ondes_lib|pic.twitter.com/zXkcVunvvY",
            &[],
        );
        check(
            "#Quaipic.twitter.com/zXkcVunvvY",
            ["Quai", "", "", "pic.twitter.com/zXkcVunvvY"],
            "#Quai|pic.twitter.com/zXkcVunvvY",
            &[],
        );
        check(
            "vu pic.twitter.com/zXkcVunvvYpic.twitter.com/AAkcVunvvZ",
            ["", "", "", "pic.twitter.com/zXkcVunvvY pic.twitter.com/AAkcVunvvZ"],
            "vu pic.twitter.com/zXkcVunvvY|pic.twitter.com/AAkcVunvvZ",
            &[],
        );
        check("pic.twitter.com/zXkc", ["", "", "", ""], "pic.twitter.com/zXkc", &[]);
    }

    #[test]
    fn addresses_are_cut_on_both_sides() {
        check(
            "un dronehttps://t.co/QFaenMtoF7pic.twitter.com/cw1eaK4ZRd",
            ["", "", "https://t.co/QFaenMtoF7", "pic.twitter.com/cw1eaK4ZRd"],
            "un drone|https://t.co/QFaenMtoF7|pic.twitter.com/cw1eaK4ZRd",
            &[],
        );
        check(
            "voir :https://t.co/QFaenMtoF7.",
            ["", "", "https://t.co/QFaenMtoF7", ""],
            "voir :https://t.co/QFaenMtoF7.",
            &[],
        );
        check(
            "https://t.co/QFaenMtoF7Suite",
            ["", "", "https://t.co/QFaenMtoF7", ""],
            "https://t.co/QFaenMtoF7|Suite",
            &[],
        );
        check(
            "#فيرناكhttps://t.co/eFmaL2VcCu",
            ["فيرناك", "", "https://t.co/eFmaL2VcCu", ""],
            "#فيرناك|https://t.co/eFmaL2VcCu",
            &[],
        );
        check(
            "Fin.Il dort, voir youtu.be/abc",
            ["", "", "youtu.be/abc", ""],
            "Fin.Il dort, voir youtu.be/abc",
            &[],
        );
    }

    #[test]
    fn tags_and_mentions_are_parted() {
        check(
            "#Vernak#Occupy@CampusTV_ ici",
            ["Vernak Occupy", "CampusTV_", "", ""],
            "#Vernak|#Occupy|@CampusTV_ ici",
            &[],
        );
        check(
            "Ici.@Quai@Port_1@Ondespic.twitter.com/zXkcVunvvY et @ana@ondes.example.org",
            ["", "Quai Port_1 Ondes", "", "pic.twitter.com/zXkcVunvvY"],
            "Ici.@Quai|@Port_1|@Ondes|pic.twitter.com/zXkcVunvvY et @ana@ondes.example.org",
            &["@ana"],
        );
        check("fin#Vernak d’#Armance", ["Vernak Armance", "", "", ""], "fin|#Vernak d’#Armance", &[]);
        check(
            "On ira al@Recteur. Voir a.b@exemple.org et RT@ana",
            ["", "ana", "", ""],
            "On ira al@Recteur. Voir a.b@exemple.org et RT@ana",
            &["al@Recteur"],
        );
        check("le n°#12 &#39; C", ["", "", "", ""], "le n°#12 &#39; C", &[]);
    }
}
