//! The language of a text, told from the text itself.
//!
//! Script first; Latin, Cyrillic and Arabic by their letters (`ngrams`), the languages read
//! beside their neighbours, so that Portuguese is not called Spanish; other scripts, and other
//! languages from some length on, by whatlang.
//! What a page or a caller says of its language is a prior that loses to forty letters: pages
//! of a Ukrainian outlet may well be Russian.

use std::sync::OnceLock;

use selon_model::{Lang, LanguageOf};
use whatlang::{Detector, Lang as Guess};

use super::ngrams::Ngrams;

/// Characters looked at; more of them change nothing.
const ENOUGH: usize = 2_000;
/// From this many letters on the text decides alone.
const TEXT_DECIDES: usize = 40;
/// From this many letters on languages beyond the neighbours are considered too, where a letter of
/// the text surprises the likeliest neighbour by more than this: it is 2.1 for texts in the
/// language (2.5 for a twentieth of them), and from 2.44 on for others (the shared pages).
const ANY_LANGUAGE: usize = 160;
const SURPRISING: f32 = 2.4;
/// Characters that the search beyond them looks at.
const OTHERS: usize = 320;
/// What a page's word for its language is worth, in natural logarithms: a dozen letters say as
/// much.
const HINT: f32 = 3.0;
/// The same of the language of the page around a block: it may be a quotation.
const BESIDE: f32 = 1.5;
/// The languages read, and what their being read is worth.
const READ: &[&str] = &["fr", "en", "ar", "ru", "uk", "es", "de"];
const COMMON: f32 = 1.0;

/// Languages read, their neighbours, and those whose script names them.
const NEAR: &[Guess] = &[
    Guess::Fra,
    Guess::Eng,
    Guess::Ara,
    Guess::Rus,
    Guess::Ukr,
    Guess::Spa,
    Guess::Deu,
    Guess::Bel,
    Guess::Bul,
    Guess::Srp,
    Guess::Por,
    Guess::Ita,
    Guess::Cat,
    Guess::Nld,
    Guess::Pes,
    Guess::Urd,
    Guess::Ell,
    Guess::Cmn,
    Guess::Jpn,
    Guess::Kor,
    Guess::Heb,
    Guess::Hin,
    Guess::Kat,
    Guess::Hye,
    Guess::Tha,
    Guess::Amh,
    Guess::Ben,
];

/// The language of `text`, with `hint` (a tag) as a weak prior.
pub(crate) fn identify(text: &str, hint: Option<&str>) -> LanguageOf {
    let hint = hint.and_then(Lang::new);
    let text = beginning(text);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let Some((tag, confidence)) = (letters >= 3)
        .then(|| detect(text, letters, hint.as_ref().map(|hint| (hint.as_str(), HINT))))
        .flatten()
    else {
        return from_hint(hint);
    };
    let Some(hint) = hint else {
        let tag = (letters >= 8 || confidence >= 0.9).then_some(tag);
        return LanguageOf {
            confidence: if tag.is_some() { confidence } else { 0.0 },
            tag,
            from: "text".into(),
        };
    };
    let agrees = hint == tag;
    let fits = script_of(hint.as_str()).is_none_or(|script| Some(script) == script_of(tag.as_str()));
    if agrees || !fits || letters >= TEXT_DECIDES || confidence >= 0.97 {
        let confidence = if agrees { confidence.max(0.8) } else { confidence };
        return LanguageOf { tag: Some(tag), confidence, from: "text".into() };
    }
    from_hint(Some(hint))
}

/// The language of words that stand on a page in `page`, and how sure that is.
pub(super) fn tell_beside(words: &str, page: &Lang) -> Option<(Lang, f32)> {
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    detect(words, letters, Some((page.as_str(), BESIDE)))
}

/// Whether words of a page in `page` plainly are in its language.
pub(super) fn is_plainly(words: &str, page: &Lang) -> bool {
    main_script(words).is_some_and(|script| Ngrams::embedded().is_plainly(words, script, page.as_str()))
}

/// The script of most letters, by the code of ISO 15924, of those that [`script_of`] knows.
pub(super) fn script_of_text(text: &str) -> Option<&'static str> {
    Some(match main_script(text)? {
        "arabic" => "Arab",
        "cyrillic" => "Cyrl",
        _ => "Latn",
    })
}

fn from_hint(hint: Option<Lang>) -> LanguageOf {
    match hint {
        Some(tag) => LanguageOf { tag: Some(tag), confidence: 0.6, from: "hint".into() },
        None => LanguageOf { tag: None, confidence: 0.0, from: "text".into() },
    }
}

/// The first [`ENOUGH`] characters.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(ENOUGH).map_or(text, |(end, _)| &text[..end])
}

fn detect(text: &str, letters: usize, hint: Option<(&str, f32)>) -> Option<(Lang, f32)> {
    static NEIGHBOURS: OnceLock<Detector> = OnceLock::new();
    let script = main_script(text);
    // Two letters of a quotation say nothing of a text in another script.
    if let Some(sure) = by_letters(text).filter(|_| script == Some("cyrillic")) {
        return Some((Lang::new(sure)?, 0.97));
    }
    let table = Ngrams::embedded();
    // What is known beforehand: the page's hint, and that texts here are in the languages read
    // more often than in their neighbours.
    let favour = |tag: &str| {
        let hinted = hint.filter(|(hint, _)| *hint == tag).map_or(0.0, |(_, worth)| worth);
        hinted + if READ.contains(&tag) { COMMON } else { 0.0 }
    };
    let told = script.and_then(|script| table.tell(text, script, favour));
    if told.is_none_or(|told| letters >= ANY_LANGUAGE && told.surprise > SURPRISING) {
        let any = whatlang::detect(text.char_indices().nth(OTHERS).map_or(text, |(end, _)| &text[..end]));
        if let Some(any) = any.filter(|any| any.confidence() > 0.5 && !table.knows(tag_of(any.lang()))) {
            return Some((Lang::new(tag_of(any.lang()))?, any.confidence().min(0.9) as f32));
        }
    }
    if let Some(told) = told {
        return Some((Lang::new(told.language)?, told.confidence.clamp(0.0, 0.99)));
    }
    let guess = NEIGHBOURS.get_or_init(|| Detector::with_allowlist(NEAR.to_vec())).detect(text)?;
    let length = (letters as f32 / TEXT_DECIDES as f32).min(1.0);
    let confidence = (guess.confidence() as f32).max(0.5 * length);
    Some((Lang::new(tag_of(guess.lang()))?, confidence.clamp(0.0, 0.99)))
}

/// The script of most letters, where it has a table.
fn main_script(text: &str) -> Option<&'static str> {
    let (mut latin, mut cyrillic, mut arabic, mut other) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => latin += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' => arabic += 1,
            _ => other += 1,
        }
    }
    // A few Latin names in a text of another script do not make it Latin.
    match latin.max(cyrillic).max(arabic) {
        most if other * 2 > most => None,
        _ if arabic * 2 > latin => Some("arabic"),
        _ if cyrillic * 2 > latin => Some("cyrillic"),
        0 => None,
        _ => Some("latin"),
    }
}

/// Letters that only one language of a script has. Two of them are enough, and nothing that
/// speaks against it.
fn by_letters(text: &str) -> Option<&'static str> {
    let mut ukrainian = 0;
    let mut russian = 0;
    let mut belarusian = 0;
    let mut serbian = 0;
    for c in text.chars().filter(|c| !c.is_ascii()) {
        match c.to_lowercase().next().unwrap_or(c) {
            'ї' | 'є' | 'ґ' => ukrainian += 1,
            'ы' | 'э' | 'ё' => russian += 1,
            'ў' => belarusian += 1,
            'љ' | 'њ' | 'ћ' | 'ђ' | 'џ' | 'ј' => serbian += 1,
            _ => {}
        }
    }
    let found = [ukrainian, russian, belarusian, serbian];
    match found {
        [n, 0, 0, 0] if n >= 2 => Some("uk"),
        [0, n, 0, 0] if n >= 2 && !text.contains(['і', 'І']) => Some("ru"),
        [0, _, n, 0] if n >= 2 => Some("be"),
        [0, 0, 0, n] if n >= 2 => Some("sr"),
        _ => None,
    }
}

/// A script for the languages a hint is likely to name; `None` where several are in use or it
/// is not known here.
pub(super) fn script_of(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "fr" | "en" | "es" | "de" | "pt" | "it" | "ca" | "nl" | "pl" | "tr" | "sv" | "da" | "fi" | "cs"
        | "ro" | "hu" | "no" | "nb" | "hr" | "sk" | "sl" | "id" | "vi" | "et" | "lv" | "lt" => "Latn",
        "ru" | "uk" | "be" | "bg" | "mk" => "Cyrl",
        "ar" | "fa" | "ur" => "Arab",
        "el" => "Grek",
        "he" => "Hebr",
        "zh" => "Hani",
        "ja" => "Jpan",
        "ko" => "Kore",
        "ka" => "Geor",
        "hy" => "Armn",
        "hi" => "Deva",
        "th" => "Thai",
        _ => return None,
    })
}

/// The two-letter tag (ISO 639-1) where there is one, else the three-letter one.
fn tag_of(guess: Guess) -> &'static str {
    match guess {
        Guess::Epo => "eo",
        Guess::Eng => "en",
        Guess::Rus => "ru",
        Guess::Cmn => "zh",
        Guess::Spa => "es",
        Guess::Por => "pt",
        Guess::Ita => "it",
        Guess::Ben => "bn",
        Guess::Fra => "fr",
        Guess::Deu => "de",
        Guess::Ukr => "uk",
        Guess::Kat => "ka",
        Guess::Ara => "ar",
        Guess::Hin => "hi",
        Guess::Jpn => "ja",
        Guess::Heb => "he",
        Guess::Yid => "yi",
        Guess::Pol => "pl",
        Guess::Amh => "am",
        Guess::Jav => "jv",
        Guess::Kor => "ko",
        Guess::Nob => "nb",
        Guess::Dan => "da",
        Guess::Swe => "sv",
        Guess::Fin => "fi",
        Guess::Tur => "tr",
        Guess::Nld => "nl",
        Guess::Hun => "hu",
        Guess::Ces => "cs",
        Guess::Ell => "el",
        Guess::Bul => "bg",
        Guess::Bel => "be",
        Guess::Mar => "mr",
        Guess::Kan => "kn",
        Guess::Ron => "ro",
        Guess::Slv => "sl",
        Guess::Hrv => "hr",
        Guess::Srp => "sr",
        Guess::Mkd => "mk",
        Guess::Lit => "lt",
        Guess::Lav => "lv",
        Guess::Est => "et",
        Guess::Tam => "ta",
        Guess::Vie => "vi",
        Guess::Urd => "ur",
        Guess::Tha => "th",
        Guess::Guj => "gu",
        Guess::Uzb => "uz",
        Guess::Pan => "pa",
        Guess::Aze => "az",
        Guess::Ind => "id",
        Guess::Tel => "te",
        Guess::Pes => "fa",
        Guess::Mal => "ml",
        Guess::Ori => "or",
        Guess::Mya => "my",
        Guess::Nep => "ne",
        Guess::Sin => "si",
        Guess::Khm => "km",
        Guess::Tuk => "tk",
        Guess::Aka => "ak",
        Guess::Zul => "zu",
        Guess::Sna => "sn",
        Guess::Afr => "af",
        Guess::Lat => "la",
        Guess::Slk => "sk",
        Guess::Cat => "ca",
        Guess::Tgl => "tl",
        Guess::Hye => "hy",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, hint: Option<&str>, expected: Option<&str>) {
        let found = identify(text, hint);
        assert_eq!(found.tag.as_ref().map(Lang::as_str), expected, "{text} {found:?}");
    }

    #[test]
    fn tells_the_language() {
        check("L'armée a commencé l'assaut des derniers quartiers de la ville.", None, Some("fr"));
        check("The army has begun its assault on the last districts of the city.", None, Some("en"));
        check("بدأ الجيش هجومه على آخر أحياء المدينة صباح اليوم", None, Some("ar"));
        check("Армия начала штурм последних кварталов города, сообщили вчера.", None, Some("ru"));
        check("Армія почала штурм останніх кварталів міста, повідомили її речники.", None, Some("uk"));
        check("El ejército comenzó el asalto a los últimos barrios de la ciudad.", None, Some("es"));
        check("Die Armee hat mit dem Sturm auf die letzten Viertel der Stadt begonnen.", None, Some("de"));
        check("O exército começou o ataque aos últimos bairros da cidade, não há água.", None, Some("pt"));
        check("Ο στρατός άρχισε την έφοδο στις τελευταίες συνοικίες της πόλης.", None, Some("el"));
    }

    #[test]
    fn a_hint_helps_short_texts_and_loses_to_long_ones() {
        check("OK", Some("fr-FR"), Some("fr"));
        check("", None, None);
        check("12 345", None, None);
        check("Video", Some("es"), Some("es"));
        check("Армия начала штурм последних кварталов города, сообщили вчера.", Some("uk"), Some("ru"));
        check("Привет всем", Some("fr"), Some("ru"));
        check("بيان", Some("ar"), Some("ar"));
        let quotes = "قال رئيس البلدية إن الجسر القديم أغلق يوم الاثنين وإن قريتين انقطعتا عن المدينة: «Що стосується її церков»";
        check(quotes, None, Some("ar"));
    }

    #[test]
    fn an_arabic_text_with_latin_names_is_arabic() {
        check("دمشق، سوريا (CNN) -- أكدت جهات سورية معارضة أن الاشتباكات مستمرة", Some("en"), Some("ar"));
    }
}
