//! Numbers as data: a text, and what must be read in it.

use proptest::prelude::*;
use selon_model::{Lang, Text};

use super::*;
use crate::lex::Lexed;
use crate::pack::Packs;

fn read(lang: &str, text: &str) -> Vec<(String, Number)> {
    let packs = Packs::embedded();
    let pack = packs.pack(&Lang::new(lang).expect("a language tag")).expect("a pack");
    let text = Text { string: text.to_owned(), blocks: Vec::new() };
    let lexed = Lexed::of(&text, &pack.lex);
    lexed
        .sentences()
        .flat_map(|sentence| find_numbers(&lexed, sentence, &pack.number))
        .map(|number| (text.words(number.span).to_owned(), number))
        .collect()
}

fn check(lang: &str, text: &str, expected: &str) {
    let found: Vec<String> = read(lang, text)
        .into_iter()
        .map(|(words, number)| {
            let about = if number.approximate { "~" } else { "" };
            let value = number.value.normalize().round_dp(6);
            match number.kind {
                NumberKind::Cardinal => format!("{words}={about}{value}"),
                NumberKind::Ordinal => format!("{words}=#{value}"),
                NumberKind::Fraction => format!("{words}=/{value}"),
                NumberKind::Indefinite { lower, upper } => format!("{words}={lower}..{upper}"),
                NumberKind::None => format!("{words}=none"),
            }
        })
        .collect();
    assert_eq!(found.join("; "), expected, "in {text:?}");
}

#[test]
fn digits() {
    check("fr", "13 000 civils et 1.500 hommes", "13 000=13000; 1.500=1500");
    check(
        "fr",
        "13\u{a0}000 puis 2\u{202f}500\u{202f}000",
        "13\u{a0}000=13000; 2\u{202f}500\u{202f}000=2500000",
    );
    check("fr", "3,5 millions, 1'250 francs, 12.5 km", "3,5 millions=3500000; 1'250=1250; 12.5=12.5");
    check("en", "1,234,567 and 1,234.56 and 0.123", "1,234,567=1234567; 1,234.56=1234.56; 0.123=0.123");
    check("en", "1.5m people, 10k, 3bn", "1.5m=1500000; 10k=10000; 3bn=3000000000");
    check("en", "an A380, a T-72, #22, covid-19", "");
    check("en", "a 3/4 majority, 2 1/4 miles", "3/4=/0.75; 2 1/4=2.25");
    check("en", "the 3rd and the 21st", "3rd=#3; 21st=#21");
    check("en", "it was -12 outside, 30-40 people", "-12=-12; 30=30; 40=40");
    check("fr", "le 1er et le 22e", "1er=#1; 22e=#22");
    check("fr", "12 mille et 3 millions", "12 mille=12000; 3 millions=3000000");
    check("fr", "en 2016 300 civils", "2016=2016; 300=300");
    check("ar", "١٢٬٥٠٠ و ٣٫٥ مليون", "١٢٬٥٠٠=12500; ٣٫٥ مليون=3500000");
    check("ar", "أصيب 16 جريحا و20 ألفا", "16=16; 20 ألفا=20000");
}

#[test]
fn far_too_many_digits() {
    check("en", "9999999999999999999999999999999999999999 people", "");
    check("en", "99999999999999999999 trillion quadrillion", "99999999999999999999=99999999999999999999");
    let long = "1,234".to_owned() + &",567".repeat(40);
    assert!(read("en", &long).len() < 20);
}

#[test]
fn spelled_french() {
    check("fr", "soixante et onze", "soixante et onze=71");
    check("fr", "quatre-vingt-dix-sept", "quatre-vingt-dix-sept=97");
    check("fr", "quatre vingt dix sept", "quatre vingt dix sept=97");
    check("fr", "septante-deux, huitante, nonante et un", "septante-deux=72; huitante=80; nonante et un=91");
    check("fr", "cent cinquante-trois", "cent cinquante-trois=153");
    check("fr", "deux cent mille tonnes", "deux cent mille=200000");
    check("fr", "mille cinq cents, mil neuf cent dix", "mille cinq cents=1500; mil neuf cent dix=1910");
    check("fr", "un million deux mille deux cent trois", "un million deux mille deux cent trois=1002203");
    check("fr", "vingt et un ou plus", "vingt et un=21");
    check("fr", "trois hommes et deux femmes", "trois=3; deux=2");
    check("fr", "douze virgule cinq", "douze virgule cinq=12.5");
    check("fr", "12 pour cent", "12=12");
    check("fr", "mille milliards", "mille milliards=1000000000000");
    check("fr", "vingt et unième, le dix-septième", "vingt et unième=#21; dix-septième=#17");
}

#[test]
fn spelled_english() {
    check("en", "One hundred and fifty-three people", "One hundred and fifty-three=153");
    check("en", "a thousand soldiers, a million", "a thousand=1000; a million=1000000");
    check("en", "two hundred and three hundred", "two hundred=200; three hundred=300");
    check("en", "two thousand and three thousand men", "two thousand=2000; three thousand=3000");
    check("en", "two hundred and three thousand", "two hundred and three thousand=203000");
    check("en", "five and six", "five=5; six=6");
    check("en", "twenty-first, forty second", "twenty-first=#21; forty second=#42");
    check("en", "three point one four", "three point one four=3.14");
    check("en", "two and a half million", "two and a half million=2500000");
    check("en", "a million and a half", "a million and a half=1500000");
    check("en", "no one came", "");
    check("en", "a man and a woman", "");
}

#[test]
fn spelled_arabic() {
    check("ar", "ثلاثة وعشرون شخصا", "ثلاثة وعشرون=23");
    check("ar", "مئة وخمسون", "مئة وخمسون=150");
    check("ar", "ثلاثة آلاف", "ثلاثة آلاف=3000");
    check("ar", "مئتان وخمسة وأربعون", "مئتان وخمسة وأربعون=245");
    check("ar", "ألفان", "ألفان=2000");
    check("ar", "عشرات الآلاف", "عشرات الآلاف=20000..99999");
}

#[test]
fn collectives_and_plurals() {
    check("fr", "Une vingtaine de blessés", "vingtaine=~20");
    check("fr", "deux douzaines, une douzaine", "deux douzaines=24; douzaine=~12");
    check("fr", "un millier, une dizaine de milliers", "millier=~1000; dizaine de milliers=~10000");
    check(
        "fr",
        "des centaines, des dizaines de milliers",
        "centaines=200..999; dizaines de milliers=20000..99999",
    );
    check("fr", "plusieurs centaines de morts", "plusieurs centaines=200..999");
    check("fr", "plusieurs morts", "");
    check("en", "two dozen tanks, dozens of houses", "two dozen=24; dozens=24..99");
    check(
        "en",
        "Tens of thousands, hundreds of thousands",
        "Tens of thousands=20000..99999; hundreds of thousands=200000..999999",
    );
    check("en", "a couple of hundred rebels", "couple of hundred=~200");
    check("en", "several hundred men, a few dozen", "several hundred=200..999; a few dozen=24..99");
    check("en", "half a dozen, half a million", "half a dozen=6; half a million=500000");
    check("fr", "une demi-douzaine, un demi-million", "demi-douzaine=~6; un demi-million=500000");
}

#[test]
fn fractions() {
    check("fr", "La moitié des habitants, les deux tiers", "moitié=/0.5; deux tiers=/0.666667");
    check("fr", "un quart de la ville, trois quarts", "un quart=/0.25; trois quarts=/0.75");
    check("fr", "un cinquième de l'eau, un cinquième blessé", "un cinquième=/0.2; un=1; cinquième=#5");
    check("en", "a third of them, two thirds, half", "a third=/0.333333; two thirds=/0.666667; half=/0.5");
    check("en", "a third man", "third=#3");
    check("fr", "deux heures et demie, trois et demi", "deux=2; demie=/0.5; trois et demi=3.5");
    check("fr", "aucun blessé", "aucun=none");
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,200}") {
        for lang in ["fr", "en", "ar"] {
            for (_, number) in read(lang, &text) {
                prop_assert!(number.tokens.start < number.tokens.end);
            }
        }
    }

    #[test]
    fn never_panics_on_number_words(words in prop::collection::vec(prop::sample::select(vec![
        "two", "hundred", "and", "a", "half", "of", "thousand", "million", "dozen", "dozens", "third", "point",
        "-", ",", ".", "9999999999999", "1", "000", "/", "several", "no", "k", "twenty", "quadrillion", "first",
    ]), 0..40), gap in prop::sample::select(vec![" ", ""])) {
        read("en", &words.join(gap));
    }

    #[test]
    fn never_panics_on_other_number_words(words in prop::collection::vec(prop::sample::select(vec![
        "deux", "cent", "et", "un", "demi", "de", "mille", "millions", "dizaine", "dizaines", "tiers", "virgule",
        "-", "quatre", "vingts", "dix", "ثلاثة", "وعشرون", "مئة", "آلاف", "و", "نصف", "milliard", "trillion",
    ]), 0..40)) {
        read("fr", &words.join(" "));
        read("ar", &words.join(" "));
    }
}
