//! Clock times told in local time: the zone of the place in which the sentence says it was.

use selon_model::{Lang, RuleId, TimeFlag, When};
use selon_read::{Packs, read_text};

/// The zone and the flag of the one clock time of a sentence.
fn zone(lang: &str, sentence: &str) -> (Option<String>, bool) {
    let lang = Lang::new(lang).expect("a tag");
    let published = When::day("2024-03-06".parse().expect("a day"), RuleId::core("core.stated"));
    let report = read_text(sentence, &lang, Some(&published), Packs::embedded());
    let clocks: Vec<_> = report.times.iter().filter(|time| time.value.contains('T')).collect();
    let [clock] = clocks[..] else { panic!("{} clock times in {sentence:?}", clocks.len()) };
    (clock.zone.clone(), clock.flags.contains(&TimeFlag::LocalTime))
}

#[test]
fn local_time_is_that_of_the_place() {
    let cases = [
        ("en", "A shot was fired in Aleppo at 15:30 local time on Tuesday.", Some("+03:00")),
        ("fr", "Un tir a eu lieu mardi à 15h30 heure locale à Lviv.", Some("+02:00")),
        ("ru", "Выстрел раздался во вторник в 15:30 по местному времени в Харькове.", Some("+02:00")),
        // Two zones, no place, a place that is no place of it.
        ("en", "Shots were fired in Aleppo and in Lviv at 15:30 local time on Tuesday.", None),
        ("en", "A shot was fired at 15:30 local time on Tuesday.", None),
        ("en", "Speaking from London, he said a shot was fired at 15:30 local time on Tuesday.", None),
    ];
    for (lang, sentence, expected) in cases {
        assert_eq!(zone(lang, sentence), (expected.map(str::to_owned), true), "{sentence}");
    }
}

#[test]
fn a_named_zone_is_that_of_its_day() {
    // Moscow was four hours east of UTC until October 2014.
    let in_2012 = "The shot was fired at 15:30 Moscow time on 12 July 2012.";
    assert_eq!(zone("en", in_2012), (Some("+04:00".to_owned()), false));
    assert_eq!(
        zone("en", "The shot was fired at 15:30 Moscow time on Tuesday."),
        (Some("+03:00".to_owned()), false)
    );
    // No place lends its zone to a time that is not said to be local.
    assert_eq!(zone("en", "A shot was fired in Aleppo at 15:30 on Tuesday."), (None, false));
}
