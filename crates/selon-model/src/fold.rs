//! One form for words that are the same to a reader: what texts are compared and searched by.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The character that stretches Arabic words; it says nothing.
const TATWEEL: char = '\u{640}';

/// A word without case, marks and letter variants: compatibility forms decomposed (UAX #15, NFKD),
/// combining marks off, alef with hamza or madda as alef, alef maqsura as yeh, teh marbuta as heh,
/// no tatweel, digits as ASCII.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            TATWEEL => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ى' => out.push('ي'),
            'ة' => out.push('ه'),
            c => match arabic_digit(c) {
                Some(digit) => out.push(digit),
                None => out.extend(c.to_lowercase()),
            },
        }
    }
    out
}

/// Whether a character is part of a word: a letter, a digit, a mark on one, or tatweel.
pub fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || c == TATWEEL
}

fn arabic_digit(c: char) -> Option<char> {
    let value = match c {
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6F0}'..='\u{6F9}' => c as u32 - 0x6F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_scripts() {
        assert_eq!(fold("Évacués"), "evacues");
        assert_eq!(fold("الإجلاءُ"), "الاجلاء");
        assert_eq!(fold("مُحَمَّـــد"), "محمد");
        assert_eq!(fold("مستشفى المدينة"), "مستشفي المدينه");
        assert_eq!(fold("٤٨"), "48");
        assert_eq!(fold("Йордан"), fold("йордан"));
    }
}
