//! Word classes: what `time_words.tsv` can say of a form.
//!
//! The class names the role a form plays in a pattern; the value is what it contributes. Forms
//! are cut by the lexer, so a form of several words is a sequence of tokens.

use selon_model::{Decimal, Direction};

use super::calendar::Unit;
use crate::pack::{PacksError, Row};

/// Roles of a form in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    Month,
    Weekday,
    Part,
    /// Weekday and part of the day in one word: "Montagabend".
    WeekdayPart,
    Unit,
    Number,
    Ordinal,
    Deictic,
    Anaphor,
    Direction,
    Modifier,
    Bound,
    Season,
    Holiday,
    Zone,
    Glue,
    Set,
    Reference,
    Clock,
    Shift,
    AgeCue,
    Determiner,
    Demonstrative,
    Meridiem,
    Cue,
    /// A month of the Islamic calendar.
    HijriMonth,
    /// A month of a calendar that is not reckoned here.
    OtherMonth,
    /// Says that a date is in another calendar: "AH", "(Julian calendar)".
    Era,
    /// A noun for a person, out of `units.tsv` and `roles.tsv`.
    Person,
    /// People as they are counted, out of `units.tsv`: a number before them is no year.
    Counted,
    /// What else is counted, out of `units.tsv`, except time.
    Thing,
    /// 1 to 31, also written as an ordinal.
    Day,
    /// Four digits, 1000 to 2199.
    Year,
    /// Three digits, 100 to 999: a year only with its noun or its era.
    OldYear,
    /// Two digits that stand for a year.
    ShortYear,
    /// A word for the years of a century from a ten on: "fünfziger".
    Decade,
    /// 0 to 24.
    Hour,
    /// Two digits, 00 to 59.
    Minute,
    /// 1 to 12 in digits.
    MonthNumber,
    /// Four digits, 0000 to 2359.
    HourMinute,
}

impl Class {
    /// A class by the name packs give it.
    pub(crate) fn named(name: &str) -> Option<Class> {
        Some(match name {
            "month" => Class::Month,
            "weekday" => Class::Weekday,
            "part" => Class::Part,
            "unit" => Class::Unit,
            "number" => Class::Number,
            "ordinal" => Class::Ordinal,
            "deictic" => Class::Deictic,
            "anaphor" => Class::Anaphor,
            "direction" => Class::Direction,
            "modifier" => Class::Modifier,
            "bound" => Class::Bound,
            "season" => Class::Season,
            "holiday" => Class::Holiday,
            "zone" => Class::Zone,
            "glue" => Class::Glue,
            "set" => Class::Set,
            "reference" => Class::Reference,
            "clock" => Class::Clock,
            "shift" => Class::Shift,
            "age_cue" => Class::AgeCue,
            "det" => Class::Determiner,
            "dem" => Class::Demonstrative,
            "meridiem" => Class::Meridiem,
            "cue" => Class::Cue,
            "hijri_month" => Class::HijriMonth,
            "other_month" => Class::OtherMonth,
            "era" => Class::Era,
            "counted" => Class::Counted,
            "thing" => Class::Thing,
            "day" => Class::Day,
            "year" => Class::Year,
            "old_year" => Class::OldYear,
            "weekday_part" => Class::WeekdayPart,
            "short_year" => Class::ShortYear,
            "decade" => Class::Decade,
            "hour" => Class::Hour,
            "minute" => Class::Minute,
            "month_number" => Class::MonthNumber,
            "hour_minute" => Class::HourMinute,
            _ => return None,
        })
    }
}

/// Parts of the day, as TIMEX3 writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayPart {
    /// From midnight to dawn: "the early hours". TIMEX3 knows it as a morning.
    Early,
    /// Around sunrise, which TIMEX3 knows as a morning too.
    Dawn,
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
    Daytime,
}

impl DayPart {
    /// Two letters of TIMEX3.
    pub(crate) fn timex(self) -> &'static str {
        match self {
            DayPart::Early | DayPart::Dawn | DayPart::Morning => "MO",
            DayPart::Midday => "MI",
            DayPart::Afternoon => "AF",
            DayPart::Evening => "EV",
            DayPart::Night => "NI",
            DayPart::Daytime => "DT",
        }
    }

    pub(crate) fn named(name: &str) -> Option<DayPart> {
        use DayPart::*;
        [Early, Dawn, Morning, Midday, Afternoon, Evening, Night, Daytime]
            .into_iter()
            .find(|part| part.code() == name)
    }

    /// The two letters that packs write.
    pub(crate) fn code(self) -> &'static str {
        match self {
            DayPart::Early => "EH",
            DayPart::Dawn => "DA",
            other => other.timex(),
        }
    }
}

/// What limits or loosens a time, as TIMEX3 `mod` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modifier {
    Start,
    Mid,
    End,
    Approx,
    MoreThan,
    LessThan,
    EqualOrMore,
    EqualOrLess,
}

impl Modifier {
    pub(crate) fn timex(self) -> &'static str {
        match self {
            Modifier::Start => "START",
            Modifier::Mid => "MID",
            Modifier::End => "END",
            Modifier::Approx => "APPROX",
            Modifier::MoreThan => "MORE_THAN",
            Modifier::LessThan => "LESS_THAN",
            Modifier::EqualOrMore => "EQUAL_OR_MORE",
            Modifier::EqualOrLess => "EQUAL_OR_LESS",
        }
    }

    fn named(name: &str) -> Option<Modifier> {
        use Modifier::*;
        [Start, Mid, End, Approx, MoreThan, LessThan, EqualOrMore, EqualOrLess]
            .into_iter()
            .find(|modifier| modifier.timex() == name)
    }
}

/// Which side of a time is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Since,
    /// From … on, which may be to come.
    From,
    Until,
    Before,
    After,
    By,
}

/// Small words between two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glue {
    /// and.
    List,
    /// A comma.
    Comma,
    /// or.
    Or,
    /// to, –.
    Range,
    /// of.
    Of,
    /// at, in, on.
    At,
    /// between.
    Between,
    /// from.
    From,
}

/// References that are no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Past,
    Present,
    Future,
}

impl Reference {
    pub(crate) fn timex(self) -> &'static str {
        match self {
            Reference::Past => "PAST_REF",
            Reference::Present => "PRESENT_REF",
            Reference::Future => "FUTURE_REF",
        }
    }

    pub(crate) fn direction(self) -> Option<Direction> {
        match self {
            Reference::Past => Some(Direction::Past),
            Reference::Present => None,
            Reference::Future => Some(Direction::Future),
        }
    }
}

/// What a form contributes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing but its class.
    None,
    /// Month, weekday, season, ordinal, direction, hour …
    Number(Decimal),
    /// "some", "several".
    Vague,
    /// So many units in one ("fortnight" is 2 weeks).
    Unit(i64, Unit),
    /// So many units from the anchor, with a part of the day.
    Offset(i64, Unit, Option<DayPart>),
    Part(DayPart),
    /// Weekday and part of the day in one word.
    WeekdayPart(u8, DayPart),
    Modifier(Modifier),
    Bound(Bound),
    Glue(Glue),
    Reference(Reference),
    /// Hour and minute.
    Clock(u8, u8),
    /// Index among the holidays of the language.
    Holiday(u16),
    /// Index among the time zones that the language's words name.
    Zone(u16),
}

impl Value {
    /// A whole number, where it is one and small enough.
    pub(crate) fn whole(self) -> Option<i64> {
        match self {
            Value::Number(number) if number.fract().is_zero() => i64::try_from(number).ok(),
            _ => None,
        }
    }

    /// Reads the `value` cell of a row of `class`.
    pub(crate) fn parse(class: Class, row: &Row<'_, '_>) -> Result<Value, PacksError> {
        let cell = row.get("value");
        let wrong = || row.error(format!("value {cell:?} does not fit its class"));
        Ok(match class {
            Class::Number if cell == "X" => Value::Vague,
            Class::Month
            | Class::HijriMonth
            | Class::Weekday
            | Class::Number
            | Class::Ordinal
            | Class::Direction
            | Class::Season
            | Class::Shift
            | Class::Meridiem
            | Class::Decade
            | Class::Day => Value::Number(cell.parse().map_err(|_| wrong())?),
            // Minutes from UTC; empty for local time. Names are kept by the pack.
            Class::Zone if cell.is_empty() => Value::None,
            Class::Zone => Value::Number(cell.parse().map_err(|_| wrong())?),
            Class::Unit | Class::Deictic | Class::Anaphor | Class::Set => {
                let mut words = cell.split_whitespace();
                let n = words.next().and_then(|n| n.parse().ok()).ok_or_else(wrong)?;
                let unit = words.next().and_then(Unit::named).ok_or_else(wrong)?;
                let part = words.next().map(|part| DayPart::named(part).ok_or_else(wrong)).transpose()?;
                if class == Class::Unit || class == Class::Set {
                    Value::Unit(n, unit)
                } else {
                    Value::Offset(n, unit, part)
                }
            }
            Class::Part => Value::Part(DayPart::named(cell).ok_or_else(wrong)?),
            Class::Modifier => Value::Modifier(Modifier::named(cell).ok_or_else(wrong)?),
            Class::Bound => Value::Bound(match cell {
                "since" => Bound::Since,
                "from" => Bound::From,
                "until" => Bound::Until,
                "before" => Bound::Before,
                "after" => Bound::After,
                "by" => Bound::By,
                _ => return Err(wrong()),
            }),
            Class::Glue => Value::Glue(match cell {
                "list" => Glue::List,
                "comma" => Glue::Comma,
                "or" => Glue::Or,
                "range" => Glue::Range,
                "of" => Glue::Of,
                "at" => Glue::At,
                "between" => Glue::Between,
                "from" => Glue::From,
                _ => return Err(wrong()),
            }),
            Class::Reference => Value::Reference(match cell {
                "past" => Reference::Past,
                "present" => Reference::Present,
                "future" => Reference::Future,
                _ => return Err(wrong()),
            }),
            Class::Clock => {
                let (h, m) = cell.split_once(':').ok_or_else(wrong)?;
                Value::Clock(h.parse().map_err(|_| wrong())?, m.parse().map_err(|_| wrong())?)
            }
            Class::AgeCue
            | Class::Determiner
            | Class::Demonstrative
            | Class::Cue
            | Class::Era
            | Class::OtherMonth => Value::None,
            Class::Holiday
            | Class::Person
            | Class::Counted
            | Class::Thing
            | Class::Year
            | Class::OldYear
            | Class::ShortYear
            | Class::Hour
            | Class::WeekdayPart
            | Class::Minute
            | Class::HourMinute
            | Class::MonthNumber => return Err(row.error("this class has no words of its own")),
        })
    }
}

/// What the `features` cell of a word says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// Only with a capital.
    pub(crate) capital: bool,
    /// Only without one.
    pub(crate) small: bool,
    /// Alone it means a time only after a preposition or with a year.
    pub(crate) cue: bool,
    /// Stands after what it belongs to.
    pub(crate) post: bool,
    /// Not part of the expression's own words.
    pub(crate) out: bool,
    /// Takes the clitics of `dates.toml` in front.
    pub(crate) clitics: bool,
    /// Only at the end of a clause.
    pub(crate) last: bool,
    /// Reckoned from the text, not from publication.
    pub(crate) narrative: bool,
    /// A shift only where the clause does not look back: "in three days".
    pub(crate) ahead: bool,
    /// From now on, or from the day told of where the clause looks back ("через три дня"); of a night,
    /// the one to come or, told as past, the one gone by ("heute Nacht").
    pub(crate) either: bool,
    /// The number itself is approximate: "vingtaine".
    pub(crate) approx: bool,
}

impl Features {
    pub(crate) fn parse(row: &Row<'_, '_>) -> Result<Features, PacksError> {
        let mut features = Features::default();
        for name in row.get("features").split_whitespace() {
            match name {
                "capital" => features.capital = true,
                "small" => features.small = true,
                "cue" => features.cue = true,
                "post" => features.post = true,
                "out" => features.out = true,
                "clitics" => features.clitics = true,
                "final" => features.last = true,
                "narrative" => features.narrative = true,
                "ahead" => features.ahead = true,
                "either" => features.either = true,
                _ => return Err(row.error(format!("unknown feature {name:?}"))),
            }
        }
        Ok(features)
    }
}
