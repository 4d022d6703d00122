//! The calendar: units, periods of it, and how TIMEX3 and EDTF write them.
//!
//! A [`Period`] is a grain and the day on which it starts; everything else (its end, its TIMEX3
//! value, its EDTF) follows from these two. Nothing here knows a language or an anchor.

use jiff::Span as Stretch;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use selon_model::Precision;

/// Units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// A unit by the name packs give it.
    pub(crate) fn named(name: &str) -> Option<Unit> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "weekend" => Unit::Weekend,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "season" => Unit::Season,
            "half" => Unit::Half,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            _ => return None,
        })
    }

    pub(crate) fn precision(self) -> Precision {
        match self {
            Unit::Second => Precision::Second,
            Unit::Minute => Precision::Minute,
            Unit::Hour => Precision::Hour,
            Unit::Day => Precision::Day,
            Unit::Weekend => Precision::Weekend,
            Unit::Week => Precision::Week,
            Unit::Month => Precision::Month,
            Unit::Quarter => Precision::Quarter,
            Unit::Season => Precision::Season,
            Unit::Half => Precision::Half,
            Unit::Year => Precision::Year,
            Unit::Decade => Precision::Decade,
            Unit::Century => Precision::Century,
        }
    }

    /// The unit a time was said in; a part of the day and what is unknown have none.
    pub(crate) fn of(precision: Precision) -> Option<Unit> {
        Some(match precision {
            Precision::Second => Unit::Second,
            Precision::Minute => Unit::Minute,
            Precision::Hour => Unit::Hour,
            Precision::Day => Unit::Day,
            Precision::Weekend => Unit::Weekend,
            Precision::Week => Unit::Week,
            Precision::Month => Unit::Month,
            Precision::Quarter => Unit::Quarter,
            Precision::Season => Unit::Season,
            Precision::Half => Unit::Half,
            Precision::Year => Unit::Year,
            Precision::Decade => Unit::Decade,
            Precision::Century => Unit::Century,
            Precision::Part | Precision::Unknown => return None,
        })
    }

    /// Factor and letter of a TIMEX3 length; `true` where it belongs after the `T`.
    pub(crate) fn timex(self) -> (i64, &'static str, bool) {
        match self {
            Unit::Second => (1, "S", true),
            Unit::Minute => (1, "M", true),
            Unit::Hour => (1, "H", true),
            Unit::Day => (1, "D", false),
            Unit::Weekend => (1, "WE", false),
            Unit::Week => (1, "W", false),
            Unit::Month => (1, "M", false),
            Unit::Quarter | Unit::Season => (3, "M", false),
            Unit::Half => (6, "M", false),
            Unit::Year => (1, "Y", false),
            Unit::Decade => (10, "Y", false),
            Unit::Century => (100, "Y", false),
        }
    }
}

/// `date` moved by `n` units; `None` outside the years that can be written.
pub(crate) fn moved(date: Date, unit: Unit, n: i64) -> Option<Date> {
    let stretch = Stretch::new();
    let stretch = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => return None,
        Unit::Day => stretch.try_days(n),
        Unit::Week | Unit::Weekend => stretch.try_weeks(n),
        Unit::Month => stretch.try_months(n),
        Unit::Quarter | Unit::Season => stretch.try_months(n.checked_mul(3)?),
        Unit::Half => stretch.try_months(n.checked_mul(6)?),
        Unit::Year => stretch.try_years(n),
        Unit::Decade => stretch.try_years(n.checked_mul(10)?),
        Unit::Century => stretch.try_years(n.checked_mul(100)?),
    };
    date.checked_add(stretch.ok()?).ok()
}

/// `at` moved by `n` units, clock units included.
pub(crate) fn moved_clock(at: DateTime, unit: Unit, n: i64) -> Option<DateTime> {
    let stretch = match unit {
        Unit::Second => Stretch::new().try_seconds(n),
        Unit::Minute => Stretch::new().try_minutes(n),
        Unit::Hour => Stretch::new().try_hours(n),
        _ => return Some(moved(at.date(), unit, n)?.to_datetime(at.time())),
    };
    at.checked_add(stretch.ok()?).ok()
}

/// A day of the calendar; `None` where there is none.
pub(crate) fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// ISO number of a weekday, Monday = 1.
pub(crate) fn weekday(date: Date) -> u8 {
    date.weekday().to_monday_one_offset().unsigned_abs()
}

/// Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus chapter 8).
pub(crate) fn easter(year: i32) -> Option<Date> {
    if !(1583..=9000).contains(&year) {
        return None;
    }
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    day(year, u8::try_from(sum / 31).ok()?, u8::try_from(sum % 31 + 1).ok()?)
}

/// The day of a year on which a day of the Islamic calendar first falls, by the tabular calendar:
/// within a day of what is sighted or announced. Leap years of 30 and epoch after Reingold and
/// Dershowitz, Calendrical Calculations, chapter 7.
pub(crate) fn hijri_in(year: i32, month: u8, of_month: u8) -> Option<Date> {
    let near = (i64::from(year) - 622) * 33 / 32;
    (near - 1..=near + 2)
        .find_map(|hijri_year| hijri(hijri_year, month, of_month).filter(|day| i32::from(day.year()) == year))
}

/// A day of the Islamic calendar, reckoned as in [`hijri_in`]. `None` where it has no such day.
pub(crate) fn hijri(year: i64, month: u8, of_month: u8) -> Option<Date> {
    if !(1..=12).contains(&month) || !(1..=30).contains(&of_month) {
        return None;
    }
    let unix = day(1970, 1, 1)?;
    let months = (59 * (i64::from(month) - 1) + 1) / 2;
    let leaps = (3 + 11 * year).div_euclid(30);
    // Day number of 1970-01-01, and of the day before 1 Muharram 1.
    let number = i64::from(of_month) + months + (year - 1) * 354 + leaps + 1_948_439 - 2_440_588;
    moved(unix, Unit::Day, number)
}

/// The `n`th weekday of a month; −1 is the last.
pub(crate) fn nth_weekday(year: i32, month: u8, weekday: u8, n: i64) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    day(year, month, 1)?.nth_weekday_of_month(i8::try_from(n).ok()?, weekday).ok()
}

/// One unit of the calendar: a day, a week, a quarter …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// How long.
    pub(crate) unit: Unit,
    /// Its first day.
    pub(crate) start: Date,
}

impl Period {
    /// The period of `unit` that holds `date`.
    pub(crate) fn holding(unit: Unit, date: Date) -> Option<Period> {
        let (year, month) = (i32::from(date.year()), date.month().unsigned_abs());
        let start = match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => date,
            Unit::Week => moved(date, Unit::Day, 1 - i64::from(weekday(date)))?,
            Unit::Weekend => moved(date, Unit::Day, 6 - i64::from(weekday(date)))?,
            Unit::Month => day(year, month, 1)?,
            Unit::Quarter => day(year, (month - 1) / 3 * 3 + 1, 1)?,
            Unit::Half => day(year, if month <= 6 { 1 } else { 7 }, 1)?,
            Unit::Season => {
                return (0..=4).rev().find_map(|season| {
                    let (of, season) = if season == 0 { (year - 1, 4) } else { (year, season) };
                    Period::season(of, season).filter(|period| period.start <= date)
                });
            }
            Unit::Year => day(year, 1, 1)?,
            Unit::Decade => day(year.div_euclid(10) * 10, 1, 1)?,
            Unit::Century => day(year.div_euclid(100) * 100, 1, 1)?,
        };
        Some(Period { unit, start })
    }

    /// A season of a year, 1 spring to 4 winter, as the sun gives them in the north; winter begins
    /// in the year it is named after.
    pub(crate) fn season(year: i32, season: u8) -> Option<Period> {
        let (month, first) =
            [(3, 20), (6, 21), (9, 22), (12, 21)].get(usize::from(season).checked_sub(1)?)?;
        Some(Period { unit: Unit::Season, start: day(year, *month, *first)? })
    }

    /// The same, `n` periods later.
    pub(crate) fn later(self, n: i64) -> Option<Period> {
        Period::holding(self.unit, moved(self.start, self.unit, n)?)
    }

    /// The first day after it.
    pub(crate) fn end(self) -> Option<Date> {
        match self.unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => moved(self.start, Unit::Day, 1),
            Unit::Weekend => moved(self.start, Unit::Day, 2),
            Unit::Season => match self.season_number() {
                4 => Period::season(i32::from(self.start.year()) + 1, 1).map(|next| next.start),
                season => Period::season(i32::from(self.start.year()), season + 1).map(|next| next.start),
            },
            unit => moved(self.start, unit, 1),
        }
    }

    /// 1 spring to 4 winter.
    pub(crate) fn season_number(self) -> u8 {
        match self.start.month() {
            3..=5 => 1,
            6..=8 => 2,
            9..=11 => 3,
            _ => 4,
        }
    }

    /// TIMEX3 value: `2024-03-06`, `2024-W10`, `2024-W10-WE`, `2024-Q1`, `2024-SP`, `202X`, `20XX`.
    pub(crate) fn timex(self) -> String {
        let (year, month) = (i32::from(self.start.year()), self.start.month());
        let shown = year_text(year);
        match self.unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
                format!("{shown}-{month:02}-{:02}", self.start.day())
            }
            Unit::Week | Unit::Weekend => {
                let week: ISOWeekDate = self.start.iso_week_date();
                let tail = if self.unit == Unit::Weekend { "-WE" } else { "" };
                format!("{}-W{:02}{tail}", year_text(i32::from(week.year())), week.week())
            }
            Unit::Month => format!("{shown}-{month:02}"),
            Unit::Quarter => format!("{shown}-Q{}", (month - 1) / 3 + 1),
            Unit::Half => format!("{shown}-H{}", if month <= 6 { 1 } else { 2 }),
            Unit::Season => {
                format!("{shown}-{}", ["SP", "SU", "FA", "WI"][usize::from(self.season_number() - 1)])
            }
            Unit::Year => shown,
            Unit::Decade => format!("{}X", &shown[..shown.len() - 1]),
            Unit::Century => format!("{}XX", &shown[..shown.len() - 2]),
        }
    }

    /// EDTF: seasons 21–24 and quarters 33–36 (ISO 8601-2, 4.8); weeks, weekends and halves, for
    /// which level 1 has no form, as intervals of days or months.
    pub(crate) fn edtf(self) -> String {
        let shown = edtf_year(i32::from(self.start.year()));
        match self.unit {
            Unit::Week | Unit::Weekend => {
                let last = self.end().and_then(|end| moved(end, Unit::Day, -1));
                format!("{}/{}", self.start, last.map_or(String::from(".."), |last| last.to_string()))
            }
            Unit::Quarter => format!("{shown}-{}", 33 + (self.start.month() - 1) / 3),
            Unit::Half if self.start.month() <= 6 => format!("{shown}-01/{shown}-06"),
            Unit::Half => format!("{shown}-07/{shown}-12"),
            Unit::Season => format!("{shown}-{}", 20 + self.season_number()),
            Unit::Year => shown,
            Unit::Month => format!("{shown}-{:02}", self.start.month()),
            Unit::Decade | Unit::Century if self.start.year() > 0 => self.timex(),
            Unit::Decade | Unit::Century => {
                let last = self.end().and_then(|end| moved(end, Unit::Day, -1));
                let last = last.map_or(String::new(), |last| edtf_year(i32::from(last.year())));
                format!("{shown}/{last}")
            }
            _ => format!("{shown}-{:02}-{:02}", self.start.month(), self.start.day()),
        }
    }

    pub(crate) fn from(self) -> DateTime {
        self.start.at(0, 0, 0, 0)
    }

    pub(crate) fn until(self) -> Option<DateTime> {
        self.end().map(|end| end.at(0, 0, 0, 0))
    }
}

/// Four digits; before the common era as TIMEX3 has it, counted from 1 ("BC0201").
fn year_text(year: i32) -> String {
    if year <= 0 { format!("BC{:04}", 1 - i64::from(year)) } else { format!("{year:04}") }
}

/// Four digits, with a sign before year 0, which is 1 BC (ISO 8601-1, 4.3.2).
fn edtf_year(year: i32) -> String {
    if year < 0 { format!("-{:04}", year.unsigned_abs()) } else { format!("{year:04}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(unit: Unit, date: &str, timex: &str, edtf: &str) {
        let period = Period::holding(unit, date.parse().unwrap()).unwrap();
        assert_eq!((period.timex().as_str(), period.edtf().as_str()), (timex, edtf));
        assert!(period.until().unwrap() > period.from());
    }

    #[test]
    fn periods_are_written() {
        check(Unit::Day, "2024-03-06", "2024-03-06", "2024-03-06");
        check(Unit::Week, "2024-03-06", "2024-W10", "2024-03-04/2024-03-10");
        check(Unit::Weekend, "2024-03-06", "2024-W10-WE", "2024-03-09/2024-03-10");
        check(Unit::Quarter, "2024-03-06", "2024-Q1", "2024-33");
        check(Unit::Season, "2024-03-06", "2023-WI", "2023-24");
        check(Unit::Season, "2024-10-06", "2024-FA", "2024-23");
        check(Unit::Decade, "1968-10-06", "196X", "196X");
        check(Unit::Century, "1868-10-06", "18XX", "18XX");
    }

    #[test]
    fn easter_is_right() {
        for (year, date) in [(1999, "1999-04-04"), (2016, "2016-03-27"), (2024, "2024-03-31")] {
            assert_eq!(easter(year).unwrap().to_string(), date);
        }
    }

    #[test]
    fn islamic_days_are_within_a_day() {
        // Days as kept in Saudi Arabia.
        for (year, month, of_month, kept) in
            [(2018, 10, 1, "2018-06-15"), (2013, 12, 10, "2013-10-15"), (2019, 1, 1, "2019-08-31")]
        {
            let kept: Date = kept.parse().unwrap();
            let read = hijri_in(year, month, of_month).unwrap();
            assert!(read.until(kept).unwrap().get_days().abs() <= 1, "{read} {kept}");
        }
    }

    #[test]
    fn far_moves_give_nothing() {
        let date: Date = "2024-03-06".parse().unwrap();
        for n in [i64::MAX, i64::MIN, 10_000_000_000] {
            for unit in [Unit::Day, Unit::Month, Unit::Quarter, Unit::Year, Unit::Century] {
                assert_eq!(moved(date, unit, n), None);
            }
        }
    }
}
