//! The examples of the packs, the cases beside them, and what must never happen.

use proptest::prelude::*;
use selon_model::{Lang, RuleId, TimeFlag};

use super::prove::PUBLISHED;
use super::*;
use crate::pack::Packs;

/// All languages that have rules for times.
fn languages() -> impl Iterator<Item = &'static str> {
    let packs = Packs::embedded().all().filter(|pack| !pack.time.rules.is_empty());
    packs.map(|pack| pack.lang.as_str())
}

fn published(day: &str) -> When {
    When::day(day.parse().unwrap(), RuleId::core("core.stated"))
}

/// Mentions with the rules that took part.
fn read_in(lang: &str, sentence: &str, day: Option<&str>) -> Vec<(TimeMention, Vec<String>)> {
    let pack = Packs::embedded().pack(&Lang::new(lang).unwrap()).unwrap();
    prove::read(pack, sentence, day.map(published))
}

/// A post of a day, as the post reader leaves it.
fn post(day: &str) -> EmbeddedPost {
    use selon_model::{PostAuthor, PostState};
    EmbeddedPost {
        span: None,
        text: None,
        text_elsewhere: None,
        platform: String::from("x"),
        status_id: None,
        url: None,
        author: PostAuthor::default(),
        posted: Some(published(day)),
        posted_from: None,
        language: None,
        hashtags: Vec::new(),
        mentions: Vec::new(),
        links: Vec::new(),
        media: Vec::new(),
        relations: Vec::new(),
        state: PostState::Remnant,
        damage: Vec::new(),
        found_at: Vec::new(),
        rule: RuleId::core("core.post.test"),
        confidence: 1.0,
    }
}

#[test]
fn the_posts_settle_the_year() {
    let pack = Packs::embedded().pack(&Lang::new("fr").unwrap()).unwrap();
    let string = String::from("Des habitants ont défilé ce lundi 12 décembre dans la ville.");
    let text = Text { string, blocks: Vec::new() };
    let lexed = Lexed::of(&text, &pack.lex);
    let read = |posts: &[EmbeddedPost]| {
        find_times(&TimeContext { text: &text, lexed: &lexed, pack, published: None, posts })
    };
    let with_posts = read(&[post("2016-12-12"), post("2015-12-08")]);
    assert_eq!(with_posts[0].value, "2016-12-12");
    assert_eq!(with_posts[0].flags, [TimeFlag::YearInferred]);
    assert_eq!(with_posts[0].alternatives, ["2005-12-12", "2011-12-12", "2022-12-12"]);
    let without = read(&[]);
    assert_eq!((without[0].value.as_str(), &without[0].edtf), ("XXXX-12-12", &None));
}

#[test]
fn long_texts_take_linear_time() {
    for piece in ["9", "12 mai ", "de 10 h à ", "98 % ", "les 3, 4, ", "le premier de ", "1,000."] {
        let text = piece.repeat(200_000 / piece.len());
        let started = std::time::Instant::now();
        for lang in languages() {
            let _ = read_in(lang, &text, Some(PUBLISHED));
        }
        let took = started.elapsed();
        assert!(took.as_secs() < 120, "{piece:?} took {took:?}");
    }
}

#[test]
fn ten_megabytes_of_digits_are_no_time() {
    let digits = "1998".repeat(2_500_000);
    let started = std::time::Instant::now();
    assert!(read_in("fr", &digits, Some(PUBLISHED)).is_empty());
    let took = started.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

/// The shortest of three readings of a text, in seconds.
fn shortest(lang: &str, text: &str) -> f64 {
    let once = || {
        let started = std::time::Instant::now();
        let _ = read_in(lang, text, Some(PUBLISHED));
        started.elapsed().as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::MAX, f64::min)
}

/// Eight times the text takes about eight times the time (64 times where it is quadratic; a busy
/// machine is granted three times the share): no list, range or number makes it more.
#[test]
fn eight_times_the_text_takes_about_eight_times_the_time() {
    let pieces = [
        "1998, ",
        "mardi et ",
        "12 mai, ",
        "les 3, 4 et ",
        "de 10 h à ",
        "deux ans, trois mois, ",
        "Mardi ",
        ", ",
    ];
    for piece in pieces {
        let text = |bytes: usize| piece.repeat(bytes / piece.len());
        let (one, eight) = (shortest("fr", &text(15_000)), shortest("fr", &text(120_000)));
        assert!(eight < 24.0 * one + 0.2, "{piece:?}: {one:.3} s, eight times as much {eight:.3} s");
    }
}

#[test]
fn megabytes_of_words_and_commas_are_read() {
    for (piece, bytes) in [("Mardi Paris ", 1_000_000), ("1998 ", 1_000_000), (", ", 10_000_000)] {
        let started = std::time::Instant::now();
        let _ = read_in("fr", &piece.repeat(bytes / piece.len()), Some(PUBLISHED));
        let took = started.elapsed();
        assert!(took.as_secs() < 300, "{piece:?} took {took:?}");
    }
}

/// Years and days of other calendars are reckoned or left alone, and never taken for ours.
#[test]
fn other_calendars_are_not_ours() {
    let ours = |lang: &str, sentence: &str| -> Vec<String> {
        read_in(lang, sentence, Some(PUBLISHED)).into_iter().map(|(mention, _)| mention.value).collect()
    };
    for (lang, sentence, expected) in [
        ("fr", "Le conseil s'est réuni le 15 ramadan 1445.", vec!["2024-03-25"]),
        ("fr", "Le conseil s'est réuni en 1445 de l'hégire.", vec![]),
        ("fr", "Il est né le 13 Farvardin 1398 à Téhéran.", vec![]),
        ("fr", "La ville est tombée le 25 octobre 1917 (calendrier julien).", vec![]),
        ("fr", "La ville est tombée le 25 octobre (7 novembre) 1917.", vec!["1917-11-07"]),
        ("en", "The council met on Ramadan 15, 1445 AH.", vec!["2024-03-25"]),
        ("en", "The council met in 1445 AH and in the year 1403 in the Persian calendar.", vec![]),
        ("en", "He left on 1 Ramadan 2024.", vec!["2024-03-11"]),
        ("ar", "اجتمع المجلس في ٢٥ ربيع الأول ١٤٤٥.", vec!["2023-10-10"]),
        ("ar", "اجتمع المجلس عام 1402 هجري شمسي.", vec![]),
        ("ru", "Это было в 1402 году по иранскому календарю и в 7208 году от сотворения мира.", vec![]),
        ("uk", "Це було 25 жовтня 1917 року (за старим стилем).", vec![]),
    ] {
        assert_eq!(ours(lang, sentence), expected, "{lang}: {sentence}");
    }
}

/// A word that was taken into an expression is none of its own.
#[test]
fn expressions_do_not_overlap() {
    let sentence = "Il est parti deux jours auparavant.";
    let read = read_in("fr", sentence, Some(PUBLISHED));
    let words: Vec<&str> = read.iter().map(|(mention, _)| mention.span.of(sentence)).collect();
    assert_eq!(words, ["deux jours auparavant"]);
}

/// People are counted, things are numbered: four digits are no year there.
#[test]
fn counts_and_numbers_of_things_are_no_years() {
    for (lang, sentence) in [
        ("fr", "1998 morts et 2016 combattants sont comptés."),
        ("fr", "La résolution 1973 a été votée."),
        ("en", "1998 people died and 2016 fighters fled."),
        ("en", "Resolution 1973 was adopted after 1988 km."),
        ("ru", "1998 человек погибли, в плен взяты 2016 человек."),
        ("ar", "قتل 1998 شخصا بعد صدور القرار رقم 1973."),
        ("fr", "Un jeune chauffeur syrien de 38 ans est mort."),
        ("es", "Un conductor de 38 años murió."),
    ] {
        let read = read_in(lang, sentence, Some(PUBLISHED));
        assert!(read.is_empty(), "{lang}: {sentence}: {:?}", read[0].0.value);
    }
}

/// Days, months and years that the calendar does not have: flagged or left alone, never moved.
#[test]
fn impossible_dates_stay_impossible() {
    for lang in languages() {
        for text in
            ["31/02/2024", "31.04.2023", "00/00/2024", "13/13/2024", "32.01.2024", "2024-13-01", "2023-02-29"]
        {
            for (mention, _) in read_in(lang, text, Some(PUBLISHED)) {
                let whole = mention.grain <= selon_model::Precision::Day;
                let impossible = mention.flags.contains(&TimeFlag::ImpossibleDate);
                assert!(!whole || (impossible && mention.from.is_none()), "{lang}: {text}: {mention:?}");
            }
        }
    }
}

proptest! {
    /// A share, a sum of money or a count is no time, whatever the number: "98 %" is not 1998.
    #[test]
    fn counts_are_no_times(n in prop_oneof![0u32..120, 1900u32..2030, any::<u32>()], cents in 0u32..100) {
        for lang in languages() {
            for text in [
                format!("{n} %"), format!("{n}%"), format!("{n} €"), format!("€{n}"), format!("{n},{cents:02} %"),
                format!("{n}.{cents:02} %"), format!("${n}"), format!("№{n}"), format!("T-{}", n % 1000), format!("A{n}"),
            ] {
                let read = read_in(lang, &text, Some(PUBLISHED));
                prop_assert!(read.is_empty(), "{lang}: {text:?} gives {:?}", read[0].0.value);
            }
        }
    }

    /// Numeric dates of any numbers, in digits of either script and right to left: a day that is
    /// read is one of the calendar.
    #[test]
    fn numeric_dates_are_days_or_flagged(
        day in 0u32..40, month in 0u32..16, year in prop_oneof![1990u32..2030, 0u32..10_000],
        mark in prop::sample::select(vec!["/", ".", "-"]), eastern in any::<bool>(),
    ) {
        let mut text = format!("{day:02}{mark}{month:02}{mark}{year:04}");
        if eastern {
            let digit = |c: char| c.to_digit(10).and_then(|n| char::from_u32(0x0660 + n)).unwrap_or(c);
            text = format!("\u{202B}{}\u{202C}", text.chars().map(digit).collect::<String>());
        }
        holds(&text)?;
    }

    /// Any text: spans in bounds and on characters, intervals not reversed.
    #[test]
    fn never_panics(text in "\\PC{0,80}") {
        holds(&text)?;
    }

    /// Texts made of the words that matter, with numbers of any size.
    #[test]
    fn never_panics_on_its_own_words(words in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "le", "les", "dernières", "ans", "heures", "il y a", "plus tard", "mai", "mardi", "à", "h", "du", "au",
            "entre", "et", "de", "depuis", "jusqu'au", "fin", "siècle", "ago", "years", "last", "next", "the", "of",
            "Monday", "p.m.", "from", "to", "every", "،", "قبل", "أيام", "مايو", "الماضية", "-", ",", "/", ":", ".",
            "nuit", "premier", "29", "février", "century", "decades", "31", "%", "\n", "15", "марта", "года", "до",
            "н", "э", "в ночь на", "годину", "тому", "року", "с", "по", "Uhr", "vor", "Jahren", "Montagabend", "er",
            "hace", "el", "siglo", "años", "الساعة", "الثالثة", "ال24", "كانون الأول", "٣", "-го", "201", "XIX",
        ]).prop_map(String::from),
        any::<u64>().prop_map(|n| n.to_string()),
        (0u32..3000).prop_map(|n| n.to_string()),
    ], 0..24)) {
        holds(&words.join(" "))?;
        holds(&words.concat())?;
    }
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    for lang in languages() {
        for day in [Some(PUBLISHED), Some("9999-12-31"), Some("-009999-01-01"), None] {
            for (mention, _) in read_in(lang, text, day) {
                prop_assert!(text.get(mention.span.range()).is_some_and(|words| !words.is_empty()));
                for part in &mention.parts {
                    prop_assert!(text.get(part.span.range()).is_some());
                }
                if let (Some(from), Some(until)) = (mention.from, mention.until) {
                    prop_assert!(from <= until, "{mention:?}");
                }
                prop_assert!(!mention.value.is_empty());
            }
        }
    }
    Ok(())
}
