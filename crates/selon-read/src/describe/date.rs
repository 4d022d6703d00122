//! Dates as pages, rows and headers write them: ISO 8601, RFC 2822, HTTP dates, seconds since
//! 1970, and days in words or numbers.
//!
//! Nothing finer than was written, no zone that was not written. Times inside sentences are
//! read elsewhere.

use std::sync::OnceLock;

use foldhash::HashMap;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use regex::Regex;
use selon_model::{Precision, RuleId, When};

/// In which order a date in numbers is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// 31/12/2016
    #[default]
    DayMonthYear,
    /// 12/31/2016
    MonthDayYear,
    /// 16/12/31
    YearMonthDay,
}

impl DateOrder {
    /// The order that `dmy`, `mdy` or `ymd` names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "dmy" => Some(DateOrder::DayMonthYear),
            "mdy" => Some(DateOrder::MonthDayYear),
            "ymd" => Some(DateOrder::YearMonthDay),
            _ => None,
        }
    }
}

/// Month names of `months.tsv`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Months(pub(crate) HashMap<String, i8>);

/// A date found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundDate {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    /// Seconds were written.
    pub(crate) seconds: bool,
    /// Offset as `Z` or `+01:00`.
    pub(crate) zone: Option<String>,
    /// Bytes it was read from.
    pub(crate) range: std::ops::Range<usize>,
}

impl FoundDate {
    /// As an interval of the precision that was written.
    pub(crate) fn when(&self, rule: &'static str) -> When {
        let rule = RuleId::core(rule);
        let Some(time) = self.time else {
            return When { zone: None, ..When::day(self.date, rule) };
        };
        let from = self.date.to_datetime(time);
        let (precision, length, pattern) = if self.seconds {
            (Precision::Second, jiff::SignedDuration::from_secs(1), "%Y-%m-%dT%H:%M:%S")
        } else {
            (Precision::Minute, jiff::SignedDuration::from_mins(1), "%Y-%m-%dT%H:%M:%S")
        };
        let zone = self.zone.clone();
        When {
            edtf: Some(format!("{}{}", from.strftime(pattern), zone.as_deref().unwrap_or(""))),
            from: Some(from),
            until: from.checked_add(length).ok(),
            zone,
            precision,
            inferred: false,
            evidence: None,
            value: None,
            span: None,
            rule,
        }
    }
}

/// Reads a date that is all of `text` (white space aside): ISO 8601, RFC 2822, an HTTP date, a
/// plain day, or seconds since 1970. `None` where it is none. The evidence is left open. Names of
/// months are those of the packs that are part of this library.
pub fn parse_when(text: &str) -> Option<When> {
    parse_when_in(text, DateOrder::default(), &crate::pack::Packs::embedded().page.months)
}

/// A date that is all of `text`, in numbers alone: what machines write into attributes.
pub(crate) fn parse_stamp(text: &str) -> Option<When> {
    parse_when_in(text, DateOrder::default(), &Months::default())
}

/// [`parse_when`] with the order of days and months in numbers, and the names of months.
pub(crate) fn parse_when_in(text: &str, order: DateOrder, months: &Months) -> Option<When> {
    let text = text.trim();
    if text.len() > 100 {
        return None;
    }
    if let Some(partial) = year_or_month(text) {
        return Some(partial);
    }
    let found = find_date(text, months, order).or_else(|| seconds_since_1970(text))?;
    let rest = [&text[..found.range.start], &text[found.range.end..]].concat();
    let letters = rest.chars().filter(|c| c.is_alphanumeric()).count();
    (letters <= 12).then(|| found.when("core.date.whole"))
}

/// "2016-12" and "2016".
fn year_or_month(text: &str) -> Option<When> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| regex(r"^((?:19|20)\d\d)(?:-(\d\d))?$"));
    let captures = pattern.captures(text)?;
    let year: i16 = captures[1].parse().ok()?;
    let month: Option<i8> = captures.get(2).and_then(|month| month.as_str().parse().ok());
    let from = Date::new(year, month.unwrap_or(1), 1).ok()?;
    let until = match month {
        Some(_) => from.last_of_month().tomorrow().ok()?,
        None => Date::new(year + 1, 1, 1).ok()?,
    };
    let precision = if month.is_some() { Precision::Month } else { Precision::Year };
    let mut when = When::day(from, RuleId::core("core.date.whole"));
    (when.edtf, when.until, when.precision) = (Some(text.to_owned()), Some(until.at(0, 0, 0, 0)), precision);
    Some(when)
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant, and a test compiles it")
}

/// Ten or thirteen digits, as scripts and databases write times.
pub(crate) fn seconds_since_1970(text: &str) -> Option<FoundDate> {
    let digits = text.trim();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 10 | 13) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let seconds = if digits.len() == 13 { number / 1000 } else { number };
    let instant = jiff::Timestamp::from_second(seconds).ok()?;
    let local = Offset::UTC.to_datetime(instant);
    (1995..=2099).contains(&local.year()).then(|| FoundDate {
        date: local.date(),
        time: Some(local.time()),
        seconds: true,
        zone: Some("Z".to_owned()),
        range: 0..text.len(),
    })
}

/// The first date of `text`.
pub(crate) fn find_date(text: &str, months: &Months, order: DateOrder) -> Option<FoundDate> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) && !text.contains(is_eastern_digit) {
        return None;
    }
    if text.contains(is_eastern_digit) {
        let western: String = text.chars().map(western_digit).collect();
        // Eastern digits are two bytes each: the range of the copy says nothing about the text.
        let found = find_date(&western, months, order)?;
        return Some(FoundDate { range: 0..text.len(), ..found });
    }
    // All but days in numbers have a year of four digits.
    let has_year = text.as_bytes().windows(4).any(|four| {
        matches!(four, [b'1', b'9', ..] | [b'2', b'0', ..]) && four[2..].iter().all(u8::is_ascii_digit)
    });
    let with_year = has_year.then(|| [by_year(text), compact(text), in_words(text, months)]);
    let separators = text.bytes().filter(|byte| matches!(byte, b'.' | b'/' | b'|' | b'-')).count();
    let in_numbers = (separators >= 2).then(|| in_numbers(text, order)).flatten();
    let found = with_year.into_iter().flatten().chain([in_numbers]);
    let (date, range) =
        found.flatten().min_by_key(|(_, range)| (range.start, std::cmp::Reverse(range.end)))?;
    if !(1990..=2099).contains(&date.year()) {
        return None;
    }
    let mut found = FoundDate { date, time: None, seconds: false, zone: None, range };
    add_time(text, &mut found);
    Some(found)
}

fn is_eastern_digit(c: char) -> bool {
    matches!(c, '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}')
}

fn western_digit(c: char) -> char {
    let digit = match c {
        '\u{0660}'..='\u{0669}' => c as u32 - 0x0660,
        '\u{06F0}'..='\u{06F9}' => c as u32 - 0x06F0,
        _ => return c,
    };
    char::from_digit(digit, 10).unwrap_or(c)
}

type Day = (Date, std::ops::Range<usize>);

/// 2016-12-31, 2016/12/31, 2016.12.31, 2016年12月31日
fn by_year(text: &str) -> Option<Day> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        regex(r"(?:^|[^\d])((?:19|20)\d\d)(?:[-/.]| ?年 ?)(\d{1,2})(?:[-/.]| ?月 ?)(\d{1,2})(?:日|[^\d]|$)")
    });
    pattern.captures_iter(text).find_map(|captures| {
        let date = date(&captures[1], captures[2].parse().ok()?, &captures[3])?;
        Some((date, captures.get(1)?.start()..captures.get(3)?.end()))
    })
}

/// 20161231, also with a time glued to it
fn compact(text: &str) -> Option<Day> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        regex(r"(?:^|[^\d])((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:T|[^\d]|\d{4}(?:\d\d)?(?:[^\d]|$)|$)")
    });
    pattern.captures_iter(text).find_map(|captures| {
        let date = date(&captures[1], captures[2].parse().ok()?, &captures[3])?;
        Some((date, captures.get(1)?.start()..captures.get(3)?.end()))
    })
}

/// 31 December 2016, Dec. 31st, 2016, 31 de diciembre de 2016, 2016 December 31
fn in_words(text: &str, months: &Months) -> Option<Day> {
    static DAY_FIRST: OnceLock<Regex> = OnceLock::new();
    static MONTH_FIRST: OnceLock<Regex> = OnceLock::new();
    let day_first = DAY_FIRST.get_or_init(|| {
        regex(r"(?:^|[^\d])([0-3]?\d)(?:st|nd|rd|th|er|º|\.)?[\s\-/,]*(?:de |of |d['’])?\s*(\p{L}{3,12}(?: \p{L}{4,7})?)\.?(?:\s*/\s*\p{L}{3,12})?[\s\-/,.]*(?:de |del )?\s*((?:19|20)\d\d)")
    });
    let month_first = MONTH_FIRST.get_or_init(|| {
        regex(r"(\p{L}{3,12})\.?\s*([0-3]?\d)(?:st|nd|rd|th)?(?:\s*,\s*|\s+)((?:19|20)\d\d)")
    });
    let month = |name: &str| {
        let name = name.to_lowercase();
        months.0.get(&name).copied().or_else(|| months.0.get(name.split(' ').next()?).copied())
    };
    let first = day_first.captures_iter(text).find_map(|captures| {
        let date = date(&captures[3], month(&captures[2])?, &captures[1])?;
        Some((date, captures.get(1)?.start()..captures.get(3)?.end()))
    });
    let second = month_first.captures_iter(text).find_map(|captures| {
        let date = date(&captures[3], month(&captures[1])?, &captures[2])?;
        Some((date, captures.get(1)?.start()..captures.get(3)?.end()))
    });
    [first, second].into_iter().flatten().min_by_key(|(_, range)| range.start)
}

/// 31/12/2016, 31.12.16
fn in_numbers(text: &str, order: DateOrder) -> Option<Day> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        regex(r"(?:^|[^\d./-])(\d{1,2}) ?([./|-]) ?(\d{1,2}) ?[./|-] ?((?:19|20)\d\d|\d\d)(?:[^\d]|$)")
    });
    pattern.captures_iter(text).find_map(|captures| {
        let numbers: Vec<i8> = [1, 3].iter().filter_map(|group| captures[*group].parse().ok()).collect();
        let [first, second] = numbers[..] else { return None };
        let year = &captures[4];
        let dotted = &captures[2] == ".";
        let (day, month) = match order {
            DateOrder::MonthDayYear if !dotted && first <= 12 => (second, first),
            _ if second > 12 => (second, first),
            _ => (first, second),
        };
        let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
        let date = date(&year, month, &day.to_string())?;
        Some((date, captures.get(1)?.start()..captures.get(4)?.end()))
    })
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Adds the time of day that follows the date, and its zone.
fn add_time(text: &str, found: &mut FoundDate) {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    static COMPACT: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        regex(concat!(
            r"^(?:日)?(?:T|,?\s*(?:at|à|a las|às|um|kl\.?|o|в|об?|ore|om|u|г\.,?|р\.,?|(?:،\s*)?(?:في |على )?(?:تمام )?الساعة:?|،|[-–—|•·@/])?\s*)(\d{1,2})(?:[:hH]|\.)(\d\d)(?:[:.](\d\d?)(?:[.,]\d+)?)?",
            r"\s*((?i:[ap]\.?m\.?)|صباح[اً]+|مساء[اً]*|[صم]\b)?\s*(Z\b|[+-]\d\d(?::?\d\d)?\b|UTC\b|GMT\b|CET\b|CEST\b|EST\b|EDT\b|PST\b|PDT\b|MSK\b|BST\b)?"
        ))
    });
    let compact = COMPACT.get_or_init(|| regex(r"^T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?(?:[^\d]|$)"));
    let rest = &text[found.range.end..];
    let captures = pattern.captures(rest).or_else(|| {
        compact.captures(rest).filter(|_| rest.starts_with(|c: char| c == 'T' || c.is_ascii_digit()))
    });
    let Some(captures) = captures else { return };
    let number = |group: usize| captures.get(group).and_then(|found| found.as_str().parse::<i8>().ok());
    let (Some(mut hour), Some(minute)) = (number(1), number(2)) else { return };
    let colon = captures.len() == 6;
    let half = if colon { captures.get(4).map(|half| half.as_str().to_ascii_lowercase()) } else { None };
    match half.as_deref().and_then(|half| half.chars().next()) {
        Some('p' | 'م') if hour < 12 => hour += 12,
        Some('a' | 'ص') if hour == 12 => hour = 0,
        _ => {}
    }
    let Ok(time) = Time::new(hour, minute, number(3).unwrap_or(0), 0) else { return };
    found.time = Some(time);
    found.seconds = captures.get(3).is_some();
    found.zone = captures.get(if colon { 5 } else { 4 }).map(|zone| offset(zone.as_str()));
    found.range.end += captures.get(0).map_or(0, |whole| whole.end());
    found.range.end = found.range.end.min(text.len());
}

/// The offset that a zone's letters stand for.
fn offset(zone: &str) -> String {
    match zone {
        "Z" | "UTC" | "GMT" | "+00:00" | "+0000" | "-00:00" => "Z".to_owned(),
        "CET" | "BST" => "+01:00".to_owned(),
        "CEST" => "+02:00".to_owned(),
        "MSK" => "+03:00".to_owned(),
        "EST" => "-05:00".to_owned(),
        "EDT" => "-04:00".to_owned(),
        "PST" => "-08:00".to_owned(),
        "PDT" => "-07:00".to_owned(),
        zone => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let minutes = digits.get(2..4).unwrap_or("00");
            format!("{}{}:{minutes}", &zone[..1], digits.get(..2).unwrap_or("00"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = parse_when(text).and_then(|when| when.edtf);
        assert_eq!(found.as_deref().unwrap_or("-"), expected, "{text}");
    }

    #[test]
    fn reads_dates() {
        check("2016-12-12", "2016-12-12");
        check("2016-12", "2016-12");
        check("2016-12-12T10:30:00+01:00", "2016-12-12T10:30:00+01:00");
        check("2016-12-12T10:30:00.123Z", "2016-12-12T10:30:00Z");
        check("2016-12-12 10:30", "2016-12-12T10:30:00");
        check("Mon, 12 Dec 2016 10:30:05 GMT", "2016-12-12T10:30:05Z");
        check("12 Dec 2016 10:30:05 +0100", "2016-12-12T10:30:05+01:00");
        check("December 12, 2016 at 3:05 p.m.", "2016-12-12T15:05:00");
        check("12 décembre 2016 à 15h05", "2016-12-12T15:05:00");
        check("12.12.2016", "2016-12-12");
        check("20161212", "2016-12-12");
        check("20161212T103005Z", "2016-12-12T10:30:05Z");
        check("12 de diciembre de 2016", "2016-12-12");
        check("12 декабря 2016", "2016-12-12");
        check("2016年12月12日", "2016-12-12");
        check("1481538605", "2016-12-12T10:30:05Z");
        check("١٢ ديسمبر ٢٠١٦", "2016-12-12");
        check("12 كانون الأول / ديسمبر 2016", "2016-12-12");
        check("12 ديسمبر 2016 الساعة 10:30", "2016-12-12T10:30:00");
        check("١٢ ديسمبر ٢٠١٦، الساعة ٣:٠٥ مساءً", "2016-12-12T15:05:00");
        check("12 ديسمبر 2016 في الساعة 11:05 ص", "2016-12-12T11:05:00");
        check("2016-12-12T23:15:0Z", "2016-12-12T23:15:00Z");
        check("31/12/2016", "2016-12-31");
        check("12/31/2016", "2016-12-31");
        check("2016-13-45", "-");
        check("", "-");
        check("soon", "-");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9a-zA-Z.:/ ,+\\-é年月日٣]{0,40}") {
            let _ = parse_when(&text);
        }
    }
}
