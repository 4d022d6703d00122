//! What is asked of words in every layer: are they the same, does a sentence end with them.

/// Lower case, one space between words, straight marks and dashes: what two copies of a text share.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            match c {
                c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
                '’' | '‘' | 'ʼ' => out.push('\''),
                '“' | '”' | '„' => out.push('"'),
                '–' | '—' => out.push('-'),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether `text` ends as a sentence does, closing marks aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let closes = |c: char| c.is_whitespace() || matches!(c, '"' | '”' | '»' | '’' | '\'' | ')' | ']' | '~');
    text.trim_end_matches(closes).ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।'])
}

/// Whether a sentence ends there, or a part of one that stands by itself.
pub(crate) fn ends_clause(text: &str) -> bool {
    let closes = |c: char| c.is_whitespace() || matches!(c, '"' | '”' | '»' | '’' | '\'' | ')' | ']');
    ends_sentence(text) || text.trim_end_matches(closes).ends_with([':', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_fold_alike() {
        for (a, b) in [("L’Été  – «a»", "l'été - «a»"), (" “A”\n b ", "\"a\" b"), ("", " ")] {
            assert_eq!(fold(a), fold(b), "{a}");
        }
    }

    #[test]
    fn sentences_end() {
        for (text, sentence, clause) in [
            ("It fell.", true, true),
            ("“It fell.”", true, true),
            ("هل سقط؟", true, true),
            ("He said:", false, true),
            ("It fell", false, false),
            ("", false, false),
        ] {
            assert_eq!((ends_sentence(text), ends_clause(text)), (sentence, clause), "{text}");
        }
    }
}
