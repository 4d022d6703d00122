//! What every reader of posts asks of a body: its words without tokens, and where it breaks off.

use selon_model::Span;

/// `words` without the spans of `tokens` (in text order): what tells the language. The words of
/// tags count where little else is left.
pub(crate) fn words_without(words: &str, tokens: &[Span]) -> String {
    let mut plain = String::with_capacity(words.len());
    let mut at = 0;
    for token in tokens {
        plain.push_str(words.get(at..token.from().max(at)).unwrap_or(""));
        plain.push(' ');
        at = token.to().max(at);
    }
    plain.push_str(words.get(at..).unwrap_or(""));
    if plain.chars().filter(|c| c.is_alphabetic()).count() >= 12 {
        return plain;
    }
    for token in tokens {
        if let Some(tag) = token.of(words).strip_prefix(['#', '＃']) {
            plain.push(' ');
            plain.push_str(tag);
        }
    }
    plain
}

/// The "…" at which a body breaks off, addresses behind it aside.
pub(crate) fn truncation(words: &str, tokens: &[Span]) -> Option<Span> {
    let mut end = words.len();
    for token in tokens.iter().rev() {
        let between = words.get(token.to().min(end)..end).unwrap_or("");
        if !between.trim().is_empty() || !token.of(words).contains('/') {
            break;
        }
        end = token.from();
    }
    let rest = words.get(..end)?.trim_end();
    let at = rest.strip_suffix('…')?.len();
    Some(Span::new(at, at + '…'.len_utf8()))
}
