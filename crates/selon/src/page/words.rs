//! The words of the pages in the reader's language: messages, numbers, days, bounds.
//!
//! One source, `web/messages/*.ftl` (Project Fluent), so that plural forms and word order belong
//! to whoever writes the language and not to the code. What a report says is never translated
//! here; only labels are.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::Date;
use selon_model::{Decimal, Operator, Precision, Quantity, When};

const MESSAGES: [(&str, &str); 3] = [
    ("en", include_str!("../../../../web/messages/en.ftl")),
    ("fr", include_str!("../../../../web/messages/fr.ftl")),
    ("ar", include_str!("../../../../web/messages/ar.ftl")),
];

/// Languages in which pages exist, the default first.
pub const LANGUAGES: [&str; 3] = ["en", "fr", "ar"];

static ALL: LazyLock<Vec<Words>> =
    LazyLock::new(|| MESSAGES.iter().map(|(lang, text)| Words::load(lang, text)).collect());

/// The words of one language.
pub struct Words {
    lang: &'static str,
    plain: FluentBundle<FluentResource>,
    /// The same with bidi isolates (U+2068, U+2069) around values.
    isolating: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang)
    }
}

impl Words {
    /// The words of `ui`.
    ///
    /// # Errors
    /// There are no pages in that language; the message names those there are.
    pub fn of(ui: &str) -> Result<&'static Words, String> {
        let wanted = ui.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        ALL.iter()
            .find(|words| words.lang == wanted)
            .ok_or_else(|| format!("no pages in \"{ui}\"; there are {}", LANGUAGES.join(", ")))
    }

    fn load(lang: &'static str, text: &str) -> Words {
        let bundle = |isolating: bool| {
            let id = lang.parse().expect("tags of LANGUAGES are language tags");
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(isolating);
            // A message that does not parse is left out here and named by a test.
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
            bundle
        };
        Words { lang, plain: bundle(false), isolating: bundle(true) }
    }

    /// Language tag.
    pub fn lang(&self) -> &'static str {
        self.lang
    }

    /// `ltr` or `rtl`.
    pub fn dir(&self) -> &'static str {
        if self.lang == "ar" { "rtl" } else { "ltr" }
    }

    /// Whether this language runs from right to left.
    pub fn is_rtl(&self) -> bool {
        self.dir() == "rtl"
    }

    /// An arrow from one hop to the next, in reading direction.
    pub fn arrow(&self) -> &'static str {
        if self.is_rtl() { "◀─" } else { "─▶" }
    }

    /// A message without values; its key where there is none.
    pub fn say(&self, key: &str) -> String {
        self.known(key).unwrap_or_else(|| key.to_owned())
    }

    /// A message, if there is one.
    pub fn known(&self, key: &str) -> Option<String> {
        self.format(key, &FluentArgs::new(), false)
    }

    /// A message with values, each already written for this reader.
    pub fn say_with(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let isolate = self.is_rtl() || values.iter().any(|(_, value)| value.chars().any(is_rtl));
        let args = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.format(key, &args, isolate).unwrap_or_else(|| key.to_owned())
    }

    /// A message with a bare number, which runs with the words around it: no marks are put in.
    pub fn numbered(&self, key: &str, number: usize) -> String {
        let args = [("n", FluentValue::from(number.to_string()))].into_iter().collect();
        self.format(key, &args, false).unwrap_or_else(|| key.to_owned())
    }

    /// A message that counts: `$count` chooses the form, `$n` is the number as written.
    pub fn count(&self, key: &str, count: u64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        args.set("n", FluentValue::from(self.whole(count)));
        self.format(key, &args, false).unwrap_or_else(|| key.to_owned())
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>, isolate: bool) -> Option<String> {
        let bundle = if isolate { &self.isolating } else { &self.plain };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
    }

    /// The name of a class of the packs ("civilians"); the class itself where no name is known.
    pub fn class(&self, family: &str, class: &str) -> String {
        self.known(&format!("{family}-{class}")).unwrap_or_else(|| class.replace('_', " "))
    }

    /// The name of a language, in full.
    pub fn language(&self, tag: &str) -> String {
        self.known(&format!("lang-{tag}")).unwrap_or_else(|| tag.to_owned())
    }

    /// A whole number.
    pub fn whole(&self, value: u64) -> String {
        self.number(Decimal::from(value))
    }

    /// A number with groups of three: U+202F in French, a comma in English and Arabic; digits are
    /// Western in all three.
    pub fn number(&self, value: Decimal) -> String {
        let (group, point) = if self.lang == "fr" { ('\u{202f}', ',') } else { (',', '.') };
        let text = value.normalize().to_string();
        let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mut out = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }

    /// A quantity with its bounds in words: "more than 13,000".
    pub fn quantity(&self, quantity: &Quantity) -> String {
        let lower = quantity.lower.map(|value| self.number(value));
        let upper = quantity.upper.map(|value| self.number(value));
        let either = lower.as_deref().or(upper.as_deref());
        let one = |key: &str| match either {
            Some(value) => self.say_with(key, &[("value", value)]),
            None => self.say("bound-none"),
        };
        let both = |key: &str, alone: &str| match (&lower, &upper) {
            (Some(lower), Some(upper)) => self.say_with(key, &[("lower", lower), ("upper", upper)]),
            _ => one(alone),
        };
        match quantity.op {
            Operator::Equal => one("bound-equal"),
            Operator::More => one("bound-more"),
            Operator::AtLeast => one("bound-at-least"),
            Operator::Less => one("bound-less"),
            Operator::AtMost => one("bound-at-most"),
            Operator::About => one("bound-about"),
            Operator::Nearly => one("bound-nearly"),
            Operator::Percent => one("bound-percent"),
            Operator::Range => both("bound-between", "bound-about"),
            Operator::Ratio => {
                let share = crate::view::words::quantity_share(quantity).map(|share| self.number(share));
                share.map_or_else(
                    || self.say("bound-none"),
                    |share| self.say_with("bound-ratio", &[("value", &share)]),
                )
            }
            Operator::Indefinite if either.is_none() => self.say("bound-vague"),
            Operator::Indefinite => both("bound-vague-between", "bound-vague-from"),
        }
    }

    /// A day with its weekday.
    pub fn day(&self, date: Date) -> String {
        let weekday = self.say(&format!("weekday-{}", date.weekday().to_monday_one_offset()));
        let day = date.day().to_string();
        let year = date.year().to_string();
        self.say_plain(
            "date-day",
            &[("weekday", &weekday), ("day", &day), ("month", &self.month(date)), ("year", &year)],
        )
    }

    fn month(&self, date: Date) -> String {
        self.say(&format!("month-{}", date.month()))
    }

    /// Values in the language of the message itself need no isolates.
    fn say_plain(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let args = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.format(key, &args, false).unwrap_or_else(|| key.to_owned())
    }

    /// A time, no finer than it was said.
    pub fn when(&self, when: &When) -> String {
        // the end of an interval is exclusive: its last day is that of the moment before
        let last = when.until.and_then(|until| until.checked_sub(jiff::Span::new().seconds(1)).ok());
        let last = last.map(|last| last.date());
        let Some(from) = when.from else {
            if let Some(last) = last {
                return self.say_plain("date-until", &[("until", &self.day(last))]);
            }
            return match (&when.edtf, &when.value) {
                (Some(edtf), _) => edtf.clone(),
                (None, Some(value)) => self.window_length(value),
                (None, None) => self.say("not-stated"),
            };
        };
        let shown = self.start(when, from, last);
        // "Since March" is no month.
        if when.until.is_none() {
            return self.say_plain("date-from", &[("from", &shown)]);
        }
        shown
    }

    /// Where a time begins, or all of it where it is closed.
    fn start(&self, when: &When, from: jiff::civil::DateTime, last: Option<jiff::civil::Date>) -> String {
        let date = from.date();
        match when.precision {
            Precision::Second | Precision::Minute | Precision::Hour => {
                let zone = match when.zone.as_deref() {
                    Some("Z") => " UTC".to_owned(),
                    Some(zone) => format!(" UTC{zone}"),
                    None => String::new(),
                };
                let time = format!("{:02}:{:02}{zone}", from.hour(), from.minute());
                self.say_with("date-minute", &[("date", &self.day(date)), ("time", &time)])
            }
            Precision::Day => self.day(date),
            Precision::Month => {
                let year = date.year().to_string();
                self.say_plain("date-month", &[("month", &self.month(date)), ("year", &year)])
            }
            Precision::Year => date.year().to_string(),
            _ => match last {
                Some(last) if last > date => self
                    .say_plain("date-from-until", &[("from", &self.day(date)), ("until", &self.day(last))]),
                _ => self.day(date),
            },
        }
    }

    /// A window: its length where only that is known, else its days.
    pub fn window(&self, when: &When) -> String {
        match &when.value {
            Some(value) => self.say_plain("window-last", &[("length", &self.window_length(value))]),
            None => self.when(when),
        }
    }

    /// A TIMEX3 length in words: "PT24H" is 24 hours. Others stay as they are.
    fn window_length(&self, value: &str) -> String {
        let rest = value.strip_prefix("PT").map(|rest| (rest, true));
        let Some((rest, clock)) = rest.or_else(|| value.strip_prefix('P').map(|rest| (rest, false))) else {
            return value.to_owned();
        };
        let Some(unit) = rest.chars().last() else { return value.to_owned() };
        let key = match (unit, clock) {
            ('H', true) => "length-hours",
            ('M', true) => "length-minutes",
            ('D', false) => "length-days",
            ('W', false) => "length-weeks",
            ('M', false) => "length-months",
            ('Y', false) => "length-years",
            _ => return value.to_owned(),
        };
        match rest[..rest.len() - unit.len_utf8()].parse::<u64>() {
            Ok(count) => self.count(key, count),
            Err(_) => value.to_owned(),
        }
    }
}

/// How a text of this language runs: `rtl` where it is written so, also where a Latin name comes
/// first; else as its first letter says (HTML, `dir`).
pub(super) fn text_direction(lang: Option<&str>) -> &'static str {
    let language = lang.and_then(|lang| lang.split('-').next());
    match language {
        Some("ar" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi") => "rtl",
        _ => "auto",
    }
}

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<String> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn all_languages_have_the_same_messages_and_all_parse() {
        let english = keys(MESSAGES[0].1);
        assert!(english.len() > 300);
        for (lang, text) in MESSAGES {
            assert_eq!(keys(text), english, "{lang}");
            let resource = FluentResource::try_new(text.to_owned());
            assert!(resource.is_ok(), "{lang}: {:?}", resource.err().map(|(_, errors)| errors));
            let words = Words::of(lang).unwrap();
            for key in &english {
                let message = words.plain.get_message(key).and_then(|message| message.value());
                assert!(message.is_some(), "{lang}: {key}");
            }
        }
    }

    #[test]
    fn every_message_takes_the_same_values_everywhere() {
        let values = |text: &str| -> Vec<(String, BTreeSet<String>)> {
            let mut all: Vec<(String, BTreeSet<String>)> = Vec::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((key, _)) = line.split_once(" =")
                    && key.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    all.push((key.to_owned(), BTreeSet::new()));
                }
                let Some((_, found)) = all.last_mut() else { continue };
                for piece in line.split('$').skip(1) {
                    let name: String = piece.chars().take_while(char::is_ascii_alphanumeric).collect();
                    if name != "n" {
                        found.insert(name);
                    }
                }
            }
            all.sort();
            all
        };
        for (lang, text) in MESSAGES {
            assert_eq!(values(text), values(MESSAGES[0].1), "{lang}");
        }
    }

    /// Selon gives no score of truth, bias or credibility: not in any label either.
    #[test]
    fn no_word_of_a_score() {
        const FORBIDDEN: &[&str] = &[
            "truth",
            "true",
            "false",
            "fake",
            "credib",
            "reliab",
            "trustworth",
            "bias",
            "score",
            "rating",
            "vérité",
            "véridique",
            "fiab",
            "crédib",
            "mensong",
            "partial",
            "حقيق",
            "مصداق",
            "كاذب",
            "صحيح",
            "موثوق",
        ];
        for (lang, text) in MESSAGES {
            let low = text.to_lowercase();
            for word in FORBIDDEN {
                assert!(!low.contains(word), "{lang}: {word}");
            }
        }
    }

    fn check(ui: &str, quantity: Quantity, expected: &str) {
        let said = Words::of(ui).unwrap().quantity(&quantity);
        let bare: String = said.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        assert_eq!(bare, expected, "{ui}");
    }

    #[test]
    fn bounds_in_words() {
        let more = Quantity::with(Operator::More, Decimal::from(13_000));
        check("en", more, "more than 13,000");
        check("fr", more, "plus de 13\u{202f}000");
        check("ar", more, "أكثر من 13,000");
        check("fr", Quantity::exactly("1234.5".parse().unwrap()), "1\u{202f}234,5");
        let range =
            Quantity { op: Operator::Range, lower: Some(Decimal::from(30)), upper: Some(Decimal::from(40)) };
        check("en", range, "between 30 and 40");
        check("en", Quantity { op: Operator::Indefinite, lower: None, upper: None }, "an indefinite number");
        check("en", Quantity { op: Operator::More, lower: None, upper: None }, "number not understood");
    }

    #[test]
    fn plural_forms() {
        let fr = Words::of("fr").unwrap();
        assert_eq!(fr.count("reports-count", 0), "0 article");
        assert_eq!(fr.count("reports-count", 1200), "1\u{202f}200 articles");
        let ar = Words::of("ar").unwrap();
        assert_eq!(ar.count("reports-count", 2), "تقريران");
        assert_eq!(ar.count("reports-count", 7), "7 تقارير");
        assert_eq!(ar.count("reports-count", 11), "11 تقريرًا");
        assert_eq!(ar.count("reports-count", 100), "100 تقرير");
        assert_eq!(Words::of("en").unwrap().window_length("PT24H"), "24 hours");
    }

    #[test]
    fn days() {
        let date = jiff::civil::date(2016, 12, 12);
        assert_eq!(Words::of("en").unwrap().day(date), "Monday 12 December 2016");
        assert_eq!(Words::of("fr").unwrap().day(date), "lundi 12 décembre 2016");
        assert_eq!(Words::of("ar").unwrap().day(date), "الاثنين 12 ديسمبر 2016");
    }

    #[test]
    fn unknown_languages_are_refused_with_those_there_are() {
        let said = Words::of("tlh").unwrap_err();
        assert!(said.contains("en, fr, ar"), "{said}");
        assert_eq!(Words::of("fr-CA").unwrap().lang(), "fr");
    }
}
