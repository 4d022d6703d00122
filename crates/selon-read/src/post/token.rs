//! Hashtags and mentions in the text of a post, by the rules of twitter-text (its conformance
//! file `extract.yml` is the measure). Addresses: `address.rs`.
//!
//! These rules hold for text that a platform wrote itself. Text that lost its spaces on the way
//! is cut by `repair.rs` first, and only inside a post.

use std::sync::OnceLock;

use regex::Regex;
use selon_model::Span;

/// One hashtag or mention: the whole token with its sign, and its value without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// From the sign to the last character.
    pub(crate) span: Span,
    /// Bytes of the sign.
    pub(crate) sign: u32,
}

impl Token {
    /// The token without its sign.
    pub(crate) fn value<'t>(&self, text: &'t str) -> &'t str {
        Span { start: self.span.start + self.sign, end: self.span.end }.of(text)
    }
}

/// What a hashtag is made of: letters, marks, digits and the joiners of some scripts.
const TAG: &str = r"\p{L}\p{M}\p{Nd}_\x{200c}\x{200d}\x{a67e}\x{05be}\x{05f3}\x{05f4}\x{ff5e}\x{301c}\x{309b}\x{309c}\x{30a0}\x{30fb}\x{3003}\x{0f0b}\x{0f0c}\x{b7}";

/// Runs that could be a hashtag, whatever stands around them.
pub(crate) fn tag_runs() -> &'static Regex {
    static RUN: OnceLock<Regex> = OnceLock::new();
    RUN.get_or_init(|| Regex::new(&format!("[#＃][{TAG}]+")).expect("a constant pattern"))
}

/// Whether a tag's characters include a letter or a mark: `#16` is none.
pub(crate) fn has_letter(tag: &str) -> bool {
    static LETTER: OnceLock<Regex> = OnceLock::new();
    LETTER.get_or_init(|| Regex::new(r"[\p{L}\p{M}]").expect("a constant pattern")).is_match(tag)
}

/// Whether `c` may stand inside a hashtag.
pub(crate) fn is_tag_character(c: char) -> bool {
    static ONE: OnceLock<Regex> = OnceLock::new();
    let one = ONE.get_or_init(|| Regex::new(&format!("^[{TAG}]$")).expect("a constant pattern"));
    one.is_match(c.encode_utf8(&mut [0; 4]))
}

/// Hashtags of `text`, outside the spans of `urls` (in text order).
pub(crate) fn find_hashtags(text: &str, urls: &[Span]) -> Vec<Token> {
    let mut tags = Vec::new();
    for run in tag_runs().find_iter(text) {
        let sign = if run.as_str().starts_with('#') { 1 } else { '＃'.len_utf8() };
        let before = text[..run.start()].chars().next_back();
        let free =
            before.is_none_or(|c| matches!(c, '\u{FE0E}' | '\u{FE0F}') || (c != '&' && !is_tag_character(c)));
        let after = &text[run.end()..];
        let cut_short = after.starts_with(['#', '＃']) || after.starts_with("://");
        let keycap = run.as_str()[sign..].starts_with(['\u{FE0F}', '\u{20E3}']);
        let span = Span::new(run.start(), run.end());
        if free && !cut_short && !keycap && has_letter(&run.as_str()[sign..]) && !inside(span, urls) {
            tags.push(Token { span, sign: sign as u32 });
        }
    }
    tags
}

/// Mentions of `text`, outside the spans of `urls` (in text order). A list (`@name/list`) gives
/// its owner.
pub(crate) fn find_mentions(text: &str, urls: &[Span]) -> Vec<Token> {
    let mut mentions = Vec::new();
    for (at, sign) in text.match_indices(['@', '＠']) {
        let name = at + sign.len();
        let mut length = handle_length(&text[name..]);
        if length == 0 || !may_precede_mention(&text[..at]) {
            continue;
        }
        length = length.min(20);
        let end = name + length;
        let span = Span::new(at, end);
        if ends_mention(&text[end..]) && !inside(span, urls) {
            mentions.push(Token { span, sign: sign.len() as u32 });
        }
    }
    mentions
}

/// Bytes of ASCII letters, digits and underscores at the beginning (at most 64 are counted).
pub(crate) fn handle_length(text: &str) -> usize {
    text.bytes().take(64).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

/// Whether what stands before an `@` lets it begin a mention.
pub(crate) fn may_precede_mention(before: &str) -> bool {
    let Some(c) = before.chars().next_back() else { return true };
    let blocks =
        c.is_ascii_alphanumeric() || matches!(c, '_' | '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠');
    !blocks || follows_retweet_sign(before)
}

/// "RT@name", "rt@name": the sign, and no word before it.
fn follows_retweet_sign(before: &str) -> bool {
    let sign = before.strip_suffix(':').unwrap_or(before);
    let Some(cut) = sign.len().checked_sub(2).filter(|cut| sign.is_char_boundary(*cut)) else { return false };
    sign[cut..].eq_ignore_ascii_case("rt")
        && sign[..cut]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '+' | '~' | '.' | '-'))
}

/// Whether what stands behind a name lets it be a mention.
pub(crate) fn ends_mention(after: &str) -> bool {
    let Some(c) = after.chars().next() else { return true };
    !(matches!(c, '@' | '＠') || is_accented_latin(c) || after.starts_with("://"))
}

/// Latin letters beyond ASCII, as twitter-text lists them.
pub(crate) fn is_accented_latin(c: char) -> bool {
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{253}' | '\u{254}' | '\u{256}'
        | '\u{257}' | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}' | '\u{26F}' | '\u{272}' | '\u{289}'
        | '\u{28B}' | '\u{2BB}' | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Whether `span` shares a byte with one of `others`, which stand in text order.
fn inside(span: Span, others: &[Span]) -> bool {
    let next = others.partition_point(|other| other.end <= span.start);
    others.get(next).is_some_and(|other| other.overlaps(span))
}
