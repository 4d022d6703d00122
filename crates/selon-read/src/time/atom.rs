//! Atoms: what one rule makes of the words it matched, before anything is reckoned.

use std::ops::Range;

use selon_model::Decimal;

use super::calendar::Unit;
use super::word::{Bound, DayPart, Modifier, Reference};

/// How many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    Exactly(Decimal),
    /// "some", or only a plural.
    Vague,
}

/// A clock time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    pub(crate) hour: u8,
    pub(crate) minute: Option<u8>,
    /// The zone, where one is stated.
    pub(crate) zone: Option<ClockZone>,
}

/// The zone that a clock time is told in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ClockZone {
    /// Minutes from UTC ("GMT").
    Offset(i16),
    /// Index among the zones that the language's words name ("Moscow time").
    Named(u16),
    /// "Local time": that of the place.
    Local,
}

/// A day, month or year, as far as it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct DateWords {
    pub(crate) year: Option<i32>,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
    pub(crate) weekday: Option<u8>,
    /// −1 last, 1 next, 0 this.
    pub(crate) direction: Option<i8>,
    /// The year, counted from the year of the anchor: "June last year".
    pub(crate) years: Option<i64>,
    /// That anchor is the text: "in May of that year".
    pub(crate) told_years: bool,
    /// The night that leads to the day is meant: "в ночь на вторник".
    pub(crate) eve: bool,
    /// So may be the night that leads to it: "overnight on Saturday".
    pub(crate) or_eve: bool,
    /// The next after the day told of: "the following May".
    pub(crate) narrative: bool,
    /// Day and month could be exchanged.
    pub(crate) numeric: bool,
}

/// What repeats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Repeated {
    Each(Decimal, i64, Unit),
    Weekday(u8),
    Part(DayPart),
}

/// What was said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Date(DateWords),
    /// So many units from the anchor: "yesterday", "this week", "last year".
    Period {
        unit: Unit,
        n: i64,
        narrative: bool,
    },
    /// A length before or after the anchor: "three days ago".
    Shift {
        amount: Amount,
        factor: i64,
        unit: Unit,
        sign: i64,
        narrative: bool,
    },
    Length {
        amount: Amount,
        factor: i64,
        unit: Unit,
    },
    /// The last or next so many units.
    Window {
        amount: Amount,
        factor: i64,
        unit: Unit,
        sign: i64,
    },
    /// The `n`th unit or weekday of something.
    Nth {
        n: i64,
        unit: Unit,
        weekday: Option<u8>,
        of: Option<Box<Expression>>,
    },
    Decade(i32),
    Century(i32),
    Season {
        season: u8,
        year: Option<i32>,
        direction: Option<i8>,
    },
    Holiday {
        index: u16,
        year: Option<i32>,
        direction: Option<i8>,
    },
    /// A day of another calendar, within a day of what is meant.
    About(jiff::civil::Date),
    /// A clock time without a day.
    Clock,
    /// A part of the day without a day.
    Part,
    Set(Repeated),
    Reference(Reference),
    /// So many days from a day that is named: "la veille de Noël".
    Moved {
        days: i64,
        of: Box<Expression>,
    },
    /// Beside an event that no date is known of: "au lendemain d'un discours".
    Open(Unit),
    /// A unit alone ("the year"): means something only with a modifier.
    Bare(Unit),
    /// No time: "the under-16s".
    Nothing,
    /// Two ends.
    Range(Box<Atom>, Box<Atom>),
}

/// An expression with its words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Atom {
    pub(crate) expression: Expression,
    pub(crate) part: Option<DayPart>,
    pub(crate) clock: Option<Clock>,
    pub(crate) modifier: Option<Modifier>,
    pub(crate) bound: Option<Bound>,
    /// Tokens of the whole expression.
    pub(crate) tokens: Range<usize>,
    /// Tokens of date and clock, where they were joined over a small word; `true` for the clock.
    pub(crate) pieces: Vec<(Range<usize>, bool)>,
    /// Rules that took part, the leading one first.
    pub(crate) rules: Vec<u16>,
    /// What a length has besides its first unit: "two years and three months".
    pub(crate) rest: Vec<(Decimal, i64, Unit)>,
    /// A length from now on where the clause does not look back: "in three days".
    pub(crate) ahead: bool,
    /// A shift from now, or where the clause looks back from the day told of: "через три дня".
    pub(crate) either: bool,
    /// The form needs a preposition to be a time ("May").
    pub(crate) needs_cue: bool,
}

impl Atom {
    pub(crate) fn new(expression: Expression, tokens: Range<usize>, rule: u16) -> Atom {
        Atom {
            expression,
            part: None,
            clock: None,
            modifier: None,
            bound: None,
            tokens,
            pieces: Vec::new(),
            rules: vec![rule],
            rest: Vec::new(),
            ahead: false,
            either: false,
            needs_cue: false,
        }
    }

    /// Whether it names a day.
    pub(crate) fn is_day(&self) -> bool {
        match &self.expression {
            Expression::Date(date) => date.day.is_some() || date.weekday.is_some(),
            Expression::Period { unit, .. } | Expression::Shift { unit, .. } => *unit == Unit::Day,
            Expression::Nth { unit, weekday, .. } => *unit == Unit::Day || weekday.is_some(),
            Expression::Holiday { .. } | Expression::Moved { .. } => true,
            _ => false,
        }
    }

    /// Whether it has neither clock nor part of the day yet.
    pub(crate) fn is_plain(&self) -> bool {
        self.clock.is_none() && self.part.is_none()
    }
}
