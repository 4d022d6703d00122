//! Dates as platforms show them: day, month in words, year, in the order of the language.
//!
//! Nothing is filled in: a date without a year, or one that no calendar has, is no date here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use selon_model::Lang;

use crate::pack::{PackFiles, PacksError};

/// Month names of all languages (`packs/page/post_dates.tsv`).
#[derive(Clone, Debug, Default)]
pub(crate) struct MonthNames {
    /// Form in lower case → language and month, in the order of the file.
    forms: BTreeMap<String, Vec<(Lang, i8)>>,
    /// Longest form, in words.
    words: usize,
}

/// A date read at the beginning of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShownDate {
    /// The day.
    pub(crate) date: Date,
    /// Bytes it takes.
    pub(crate) length: usize,
}

/// Bytes of the longest date looked at.
const LONGEST: usize = 96;

impl MonthNames {
    pub(crate) fn load(files: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut names = MonthNames::default();
        for row in files.table("post_dates.tsv")?.rows() {
            let month = row.required("month")?.parse::<i8>().ok().filter(|month| (1..=12).contains(month));
            let month = month.ok_or_else(|| row.error("month is not 1 to 12"))?;
            let lang =
                Lang::new(row.required("lang")?).ok_or_else(|| row.error("lang is no language tag"))?;
            for form in row.list("forms") {
                names.words = names.words.max(form.split(' ').count());
                names.forms.entry(form.to_lowercase()).or_default().push((lang.clone(), month));
            }
        }
        Ok(names)
    }

    /// The month that `form` (lower case) names: in `hint`'s language first, else where all
    /// languages that know the form agree.
    fn month(&self, form: &str, hint: Option<&str>) -> Option<i8> {
        let meanings = self.forms.get(form)?;
        let own = meanings.iter().find(|(lang, _)| Some(lang.as_str()) == hint);
        if let Some((_, month)) = own {
            return Some(*month);
        }
        let (_, month) = meanings.first()?;
        meanings.iter().all(|(_, other)| other == month).then_some(*month)
    }

    /// Month at the beginning of `words`, and the bytes its name takes: the longest form wins.
    fn month_at(&self, words: &str, hint: Option<&str>) -> Option<(i8, usize)> {
        let mut ends = Vec::with_capacity(self.words);
        let mut at = 0;
        for _ in 0..self.words {
            let word = words[at..].find(|c: char| !is_letter(c)).unwrap_or(words.len() - at);
            if word == 0 {
                break;
            }
            at += word;
            ends.push(at);
            let gap = words[at..].chars().take_while(|c| matches!(c, ' ' | '\u{A0}')).count();
            if gap != 1 {
                break;
            }
            at += words[at..].chars().next().map_or(0, char::len_utf8);
        }
        ends.into_iter().rev().find_map(|end| {
            let form = words[..end].to_lowercase().replace('\u{A0}', " ");
            self.month(&form, hint).map(|month| (month, end))
        })
    }

    /// Reads a date with a year that stands at the very beginning of `words`; `hint` is the
    /// language its month name is likely in.
    ///
    /// Orders: day month year, month day year, year month day, ISO 8601, 年月日. Between them may
    /// stand spaces, stops, commas, "de", "of" and their like.
    pub(crate) fn read(&self, words: &str, hint: Option<&str>) -> Option<ShownDate> {
        self.read_parts(words, hint, false)
    }

    /// The same in text that lost its spaces: the year may touch the number that comes next
    /// ("4 mars 20212. La ville"), so it ends after four digits.
    pub(crate) fn read_glued(&self, words: &str, hint: Option<&str>) -> Option<ShownDate> {
        self.read_parts(words, hint, true)
    }

    fn read_parts(&self, words: &str, hint: Option<&str>, glued: bool) -> Option<ShownDate> {
        let mut cut = words.len().min(LONGEST);
        while !words.is_char_boundary(cut) {
            cut -= 1;
        }
        let words = &words[..cut];
        let mut parts: Vec<Part> = Vec::with_capacity(3);
        let mut at = 0;
        while parts.len() < 3 {
            at += if parts.is_empty() { 0 } else { connectors(&words[at..]) };
            let rest = &words[at..];
            let has_year = parts.iter().any(|part| matches!(part, Part::Year(_)));
            let number = match rest.char_indices().nth(4) {
                Some((four, _)) if glued && parts.len() == 2 && !has_year => number(&rest[..four]),
                _ => number(rest),
            };
            if let Some((value, digits, end)) = number {
                let part = if digits == 4 { Part::Year(value) } else { Part::Number(value) };
                (1..=2).contains(&digits).then_some(()).or((digits == 4).then_some(()))?;
                at += end;
                at += if digits == 4 { cjk_unit(&words[at..]) } else { ordinal(&words[at..]) };
                parts.push(part);
            } else {
                let (month, end) = self.month_at(rest, hint)?;
                parts.push(Part::Month(month));
                at += end;
            }
        }
        let date = assemble(&parts)?;
        at += year_word(&words[at..]);
        Some(ShownDate { date, length: at })
    }
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Number(i16),
    Month(i8),
    Year(i16),
}

fn assemble(parts: &[Part]) -> Option<Date> {
    let (day, month, year) = match *parts {
        [Part::Number(day), Part::Month(month), Part::Year(year)]
        | [Part::Month(month), Part::Number(day), Part::Year(year)]
        | [Part::Year(year), Part::Month(month), Part::Number(day)] => (day, month, year),
        [Part::Year(year), Part::Number(month), Part::Number(day)] => (day, i8::try_from(month).ok()?, year),
        _ => return None,
    };
    (1900..=2100).contains(&year).then_some(())?;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// Digits at the beginning: value, how many, bytes.
fn number(words: &str) -> Option<(i16, usize, usize)> {
    let (mut value, mut digits, mut end) = (0i16, 0, 0);
    for c in words.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '\u{0660}'..='\u{0669}' => c as u32 - 0x0660,
            '\u{06F0}'..='\u{06F9}' => c as u32 - 0x06F0,
            _ => break,
        };
        digits += 1;
        if digits > 4 {
            return None;
        }
        value = value * 10 + digit as i16;
        end += c.len_utf8();
    }
    (digits > 0).then_some((value, digits, end))
}

/// Bytes of what may stand between the parts of a date.
fn connectors(words: &str) -> usize {
    let mut at = 0;
    for _ in 0..6 {
        let rest = &words[at..];
        let Some(c) = rest.chars().next() else { break };
        if matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\u{200F}' | '.' | ',' | '،' | '-') {
            at += c.len_utf8();
            continue;
        }
        let word = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        if !matches!(&rest[..word], "de" | "del" | "of" | "di") {
            break;
        }
        at += word;
    }
    at
}

/// Bytes of "st", "er", "º", "月", "日" behind a number.
fn ordinal(words: &str) -> usize {
    const ENDINGS: &[&str] =
        &["st", "nd", "rd", "th", "er", "ère", "º", "ª", "°", "-го", "月", "日", "월", "일"];
    ENDINGS
        .iter()
        .find(|ending| {
            words.starts_with(**ending)
                && !words[ending.len()..].starts_with(|c: char| c.is_ascii_alphabetic())
        })
        .map_or(0, |ending| ending.len())
}

fn cjk_unit(words: &str) -> usize {
    words.chars().next().filter(|c| matches!(c, '年' | '년')).map_or(0, char::len_utf8)
}

/// Bytes of " г.", " р." behind the year.
fn year_word(words: &str) -> usize {
    const FORMS: &[&str] =
        &[" г.", " р.", "\u{A0}г.", "\u{A0}р.", "\u{202F}г.", "\u{202F}р.", " года", " року"];
    FORMS.iter().find(|form| words.starts_with(**form)).map_or(0, |form| form.len())
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
        || matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{0652}')
}

#[cfg(test)]
mod tests {
    use crate::pack::Packs;

    fn check(words: &str, hint: Option<&str>, expected: Option<&str>) {
        let found = Packs::embedded().post.months.read(words, hint);
        assert_eq!(found.map(|found| found.date.to_string()).as_deref(), expected, "{words}");
    }

    #[test]
    fn reads_shown_dates() {
        check("12 décembre 2016", Some("fr"), Some("2016-12-12"));
        check("1er juillet 2016", Some("fr"), Some("2016-07-01"));
        check("12 de diciembre de 2016", None, Some("2016-12-12"));
        check("25. September 2018", Some("de"), Some("2018-09-25"));
        check("January 23, 2024", Some("en"), Some("2024-01-23"));
        check("23 January 2024", None, Some("2024-01-23"));
        check("12 ديسمبر، 2016", Some("ar"), Some("2016-12-12"));
        check("١٢ كانون الأول ٢٠١٦", Some("ar"), Some("2016-12-12"));
        check("12 декабря 2016 г.", None, Some("2016-12-12"));
        check("12 грудня 2016 р.", None, Some("2016-12-12"));
        check("2016-12-12", None, Some("2016-12-12"));
        check("2016年12月12日", None, Some("2016-12-12"));
    }

    #[test]
    fn reads_no_date_that_is_not_there() {
        check("12 décembre", Some("fr"), None);
        check("31 février 2016", Some("fr"), None);
        check("12 2016 décembre", Some("fr"), None);
        check("décembre 2016", Some("fr"), None);
        check("12 20160 décembre", Some("fr"), None);
        check("", None, None);
    }

    #[test]
    fn the_date_ends_where_it_ends() {
        let months = &Packs::embedded().post.months;
        let words = "12 décembre 20163. Plus tôt";
        assert_eq!(months.read(words, Some("fr")), None);
        let found = months.read_glued(words, Some("fr")).expect("a date");
        assert_eq!(&words[..found.length], "12 décembre 2016");
        let words = "12 décembre 2016Plus tôt";
        let found = months.read(words, Some("fr")).expect("a date");
        assert_eq!(&words[..found.length], "12 décembre 2016");
        let words = "12 декабря 2016 г. В городе";
        let found = months.read(words, None).expect("a date");
        assert_eq!(&words[..found.length], "12 декабря 2016 г.");
    }
}
