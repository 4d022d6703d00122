//! The time files of a language pack, compiled: words, rules, holidays and settings.

use std::collections::BTreeMap;

use foldhash::HashMap;

use serde::Deserialize;

use super::calendar::{self, Unit};
use super::pattern::{Automaton, PatternReader, Symbol};
use super::word::{Class, DayPart, Features, Value};
use super::zone;
use crate::lex::{LexPack, Lexed};
use crate::pack::{PackFiles, PacksError, Row};

/// `dates.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Two-digit years up to this belong to 20xx.
    pub(crate) two_digit_pivot: i32,
    /// First and last hour of each part of the day.
    pub(crate) parts: BTreeMap<String, [i8; 2]>,
    /// Endings that make an ordinal of digits or Roman numerals: "e", "th".
    pub(crate) ordinal_endings: Vec<String>,
    /// Units of measure: a number before one is no year ("1998 km").
    pub(crate) measures: Vec<String>,
    /// Clitics that stand in front of words marked `clitics`.
    pub(crate) clitics: Vec<String>,
    /// Words between a noun for a person and an age: "(un chauffeur) de (38 ans)".
    pub(crate) age_links: Vec<String>,
    /// Endings of nouns for persons, and nouns that only end so: "chauffeur", and not "longueur".
    pub(crate) person_endings: Vec<String>,
    pub(crate) no_persons: Vec<String>,
    /// Weekdays and parts of the day are written as one word: "Montagabend".
    pub(crate) joined_parts: bool,
    /// Words right before the place where something happened: "in", "near". Local time is that of
    /// such a place.
    pub(crate) locatives: Vec<String>,
    /// How the tense of a clause shows.
    pub(crate) tense: Tense,
}

/// Words and endings that show whether a clause looks back or ahead.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tense {
    pub(crate) future: Vec<String>,
    pub(crate) future_endings: Vec<String>,
    /// For words of five letters and more.
    pub(crate) future_beginnings: Vec<String>,
    pub(crate) past: Vec<String>,
    pub(crate) past_endings: Vec<String>,
    /// Words that look like one of these and are not.
    pub(crate) neither: Vec<String>,
    /// Pairs of words that look ahead: "is to".
    pub(crate) future_pairs: Vec<String>,
    /// Words that part two verbs: "and".
    pub(crate) parts: Vec<String>,
}

/// A row of `time_words.tsv`.
#[derive(Clone, Debug)]
pub(crate) struct WordRow {
    pub(crate) class: Class,
    pub(crate) value: Value,
    pub(crate) features: Features,
}

/// The example of a row and what it must give; `!` stands before what must give nothing.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) id: String,
    pub(crate) sentences: String,
    pub(crate) expect: String,
    /// The row is a rule and must have taken part.
    pub(crate) is_rule: bool,
}

/// What a rule makes of its captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    Date,
    Clock,
    Part,
    Period,
    Shift,
    Duration,
    Window,
    Ordinal,
    Decade,
    Century,
    Season,
    Set,
    Reference,
    Deictic,
    Anaphor,
    Night,
    /// The night before a day.
    Eve,
    Holiday,
    Bare,
    /// A date before the common era.
    BeforeEra,
    /// A day of the Islamic calendar.
    Hijri,
    /// Takes its words away: they mean no time.
    Nothing,
}

/// An argument of `emit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Argument {
    Label(u8),
    Constant(Value),
    Missing,
}

/// A row of `time_rules.tsv`.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) maker: Maker,
    pub(crate) arguments: Vec<Argument>,
    /// Reckoned from the text, not from publication.
    pub(crate) narrative: bool,
    pub(crate) unless_before: Vec<Symbol>,
    pub(crate) unless_after: Vec<Symbol>,
}

/// Classes of `units.tsv` that count people.
const PEOPLE: [&str; 13] = [
    "persons",
    "civilians",
    "children",
    "women",
    "fighters",
    "soldiers",
    "protesters",
    "refugees",
    "residents",
    "journalists",
    "displaced",
    "detainees",
    "hostages",
];

/// How a holiday falls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HolidayRule {
    Fixed(u8, u8),
    /// Month, weekday, which.
    Nth(u8, u8, i64),
    Easter(i64),
    /// Month and day of the Islamic calendar.
    Hijri(u8, u8),
}

/// A row of `holidays.tsv`.
#[derive(Clone, Debug)]
pub(crate) struct Holiday {
    pub(crate) rule: HolidayRule,
}

impl Holiday {
    /// Its day in a year.
    pub(crate) fn day(&self, year: i32) -> Option<jiff::civil::Date> {
        match self.rule {
            HolidayRule::Fixed(month, day) => calendar::day(year, month, day),
            HolidayRule::Nth(month, weekday, n) => calendar::nth_weekday(year, month, weekday, n),
            HolidayRule::Hijri(month, day) => calendar::hijri_in(year, month, day),
            HolidayRule::Easter(days) => calendar::moved(calendar::easter(year)?, Unit::Day, days),
        }
    }
}

/// A form of several tokens: the tokens after the first, and its row.
pub(crate) type Form = (Vec<String>, u16);

/// What may begin with a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) forms: Vec<Form>,
    pub(crate) literal: Option<u16>,
}

/// Words and rules of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimePack {
    pub(crate) settings: Settings,
    pub(crate) words: Vec<WordRow>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) holidays: Vec<Holiday>,
    /// IANA names of the zones that words name.
    pub(crate) zones: Vec<String>,
    pub(crate) entries: HashMap<String, Entry>,
    pub(crate) automaton: Automaton,
    pub(crate) examples: Vec<Example>,
}

impl TimePack {
    pub(crate) fn load(files: &PackFiles<'_>, lex: &LexPack) -> Result<Self, PacksError> {
        let mut pack = TimePack { settings: files.toml("dates.toml")?, ..TimePack::default() };
        for row in files.table("time_words.tsv")?.rows() {
            pack.add_word(&row, lex)?;
        }
        if pack.settings.joined_parts {
            pack.join_parts();
        }
        for row in files.table("holidays.tsv")?.rows() {
            pack.add_holiday(&row, lex)?;
        }
        for row in files.table("time_rules.tsv")?.rows() {
            pack.add_rule(&row, lex)?;
        }
        if !pack.rules.is_empty() {
            pack.add_nouns(files, lex)?;
        }
        Ok(pack)
    }

    fn add_word(&mut self, row: &Row<'_, '_>, lex: &LexPack) -> Result<(), PacksError> {
        let class = row.required("class")?;
        let class = Class::named(class).ok_or_else(|| row.error(format!("no class {class:?}")))?;
        let value = match row.get("value") {
            name if class == Class::Zone && name.contains('/') => self.add_zone(name, row)?,
            _ => Value::parse(class, row)?,
        };
        let word = WordRow { class, value, features: Features::parse(row)? };
        self.add_example(row, "expect", false)?;
        let clitics = word.features.clitics;
        let index = self.push_word(row, word)?;
        for form in row.list("forms") {
            self.add_form(row, &form, index, lex)?;
            if clitics {
                for clitic in self.settings.clitics.clone() {
                    self.add_form(row, &format!("{clitic}{form}"), index, lex)?;
                }
            }
        }
        Ok(())
    }

    /// A zone by its IANA name, which the tables of this build must know.
    fn add_zone(&mut self, name: &str, row: &Row<'_, '_>) -> Result<Value, PacksError> {
        if !zone::is_known(name) {
            return Err(row.error(format!("no time zone {name:?}")));
        }
        let index = u16::try_from(self.zones.len()).map_err(|_| row.error("too many zones"))?;
        self.zones.push(name.to_owned());
        Ok(Value::Zone(index))
    }

    /// Nouns of the figures and of the speakers: "un chauffeur de 38 ans", "1998 morts".
    fn add_nouns(&mut self, files: &PackFiles<'_>, lex: &LexPack) -> Result<(), PacksError> {
        let noun = |class| WordRow { class, value: Value::None, features: Features::default() };
        for row in files.table("units.tsv")?.rows() {
            if !PEOPLE.contains(&row.get("class")) {
                if row.get("class") != "duration" {
                    let thing = self.push_word(&row, noun(Class::Thing))?;
                    for form in row.list("forms") {
                        self.add_form(&row, &form, thing, lex)?;
                    }
                }
                continue;
            }
            let counted = self.push_word(&row, noun(Class::Counted))?;
            let person = self.push_word(&row, noun(Class::Person))?;
            for form in row.list("forms") {
                self.add_form(&row, &form, counted, lex)?;
                self.add_form(&row, &form, person, lex)?;
            }
        }
        for row in files.table("roles.tsv")?.rows().filter(|row| row.get("kind") == "noun") {
            let person = self.push_word(&row, noun(Class::Person))?;
            for form in row.list("forms") {
                self.add_form(&row, &form, person, lex)?;
            }
        }
        Ok(())
    }

    /// Every weekday with every part of the day, as one word.
    fn join_parts(&mut self) {
        let single = |class: Class| -> Vec<(String, Value)> {
            let mut all = Vec::new();
            for (form, entry) in &self.entries {
                for (_, row) in entry.forms.iter().filter(|(rest, _)| rest.is_empty()) {
                    let word = &self.words[usize::from(*row)];
                    if word.class == class {
                        all.push((form.clone(), word.value));
                    }
                }
            }
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        let mut joined = Vec::new();
        let parts = single(Class::Part);
        for (day, weekday) in single(Class::Weekday) {
            for (name, part) in &parts {
                if let (Some(weekday @ 1..=7), Value::Part(part)) = (weekday.whole(), part) {
                    joined.push((format!("{day}{name}"), Value::WeekdayPart(weekday as u8, *part)));
                }
            }
        }
        for (form, value) in joined {
            let Ok(index) = u16::try_from(self.words.len()) else { return };
            self.words.push(WordRow { class: Class::WeekdayPart, value, features: Features::default() });
            self.entries.entry(form).or_default().forms.push((Vec::new(), index));
        }
    }

    /// Every row has an id and an example, by which it is proven.
    fn add_example(&mut self, row: &Row<'_, '_>, expect: &str, is_rule: bool) -> Result<(), PacksError> {
        self.examples.push(Example {
            id: row.required("id")?.to_owned(),
            sentences: row.required("example")?.to_owned(),
            expect: row.get(expect).to_owned(),
            is_rule,
        });
        Ok(())
    }

    fn push_word(&mut self, row: &Row<'_, '_>, word: WordRow) -> Result<u16, PacksError> {
        let index = u16::try_from(self.words.len()).map_err(|_| row.error("too many words"))?;
        self.words.push(word);
        Ok(index)
    }

    fn add_form(
        &mut self,
        row: &Row<'_, '_>,
        form: &str,
        index: u16,
        lex: &LexPack,
    ) -> Result<(), PacksError> {
        let mut tokens = Lexed::form(form, lex).into_iter();
        let first = tokens.next().ok_or_else(|| row.error("empty form"))?;
        let rest: Vec<String> = tokens.collect();
        if rest.len() > 7 {
            return Err(row.error(format!("form {form:?} is too long")));
        }
        self.entries.entry(first).or_default().forms.push((rest, index));
        Ok(())
    }

    fn add_holiday(&mut self, row: &Row<'_, '_>, lex: &LexPack) -> Result<(), PacksError> {
        let words: Vec<&str> = row.required("rule")?.split_whitespace().collect();
        let number = |index: usize| words.get(index).and_then(|word| word.parse::<i64>().ok());
        let small = |index: usize| number(index).and_then(|n| u8::try_from(n).ok());
        let rule = match words.first() {
            Some(&"fixed") => small(1).zip(small(2)).map(|(month, day)| HolidayRule::Fixed(month, day)),
            Some(&"nth") => {
                small(1).zip(small(2)).zip(number(3)).map(|((month, day), n)| HolidayRule::Nth(month, day, n))
            }
            Some(&"hijri") => small(1)
                .zip(small(2))
                .filter(|(month, day)| (1..=12).contains(month) && (1..=30).contains(day))
                .map(|(month, day)| HolidayRule::Hijri(month, day)),
            Some(&"easter") => number(1).map(HolidayRule::Easter),
            _ => None,
        };
        let rule = rule.ok_or_else(|| row.error("no such rule for a holiday"))?;
        let holiday = u16::try_from(self.holidays.len()).map_err(|_| row.error("too many holidays"))?;
        self.holidays.push(Holiday { rule });
        self.add_example(row, "value", false)?;
        let features = Features { capital: row.get("features") == "capital", ..Features::default() };
        let word = WordRow { class: Class::Holiday, value: Value::Holiday(holiday), features };
        let index = self.push_word(row, word)?;
        for form in row.list("forms") {
            self.add_form(row, &form, index, lex)?;
        }
        Ok(())
    }

    fn literals(&mut self, words: &str, lex: &LexPack) -> Vec<u16> {
        let mut known = self.entries.values().filter(|entry| entry.literal.is_some()).count() as u16;
        let mut literals = Vec::new();
        for token in Lexed::form(words, lex) {
            let entry = self.entries.entry(token).or_default();
            literals.push(*entry.literal.get_or_insert_with(|| {
                known += 1;
                known
            }));
        }
        literals
    }

    fn add_rule(&mut self, row: &Row<'_, '_>, lex: &LexPack) -> Result<(), PacksError> {
        let index = u16::try_from(self.rules.len()).map_err(|_| row.error("too many rules"))?;
        let pattern = row.required("pattern")?;
        let mut automaton = std::mem::take(&mut self.automaton);
        let (sequences, labels) = {
            let mut literal = |words: &str| self.literals(words, lex);
            let mut reader = PatternReader { literal: &mut literal, labels: Vec::new() };
            let sequences = reader.read(pattern).map_err(|what| row.error(format!("pattern: {what}")))?;
            (sequences, reader.labels)
        };
        automaton.add(index, &sequences);
        self.automaton = automaton;
        let (maker, arguments) = emit(row.required("emit")?, &labels)
            .ok_or_else(|| row.error(format!("emit {:?} cannot be read", row.get("emit"))))?;
        let rule = Rule {
            id: row.required("id")?.to_owned(),
            maker,
            arguments,
            narrative: row.get("anchor") == "narrative",
            unless_before: self.symbols(row, "unless_before", lex)?,
            unless_after: self.symbols(row, "unless_after", lex)?,
        };
        self.rules.push(rule);
        self.add_example(row, "value", true)?;
        Ok(())
    }

    /// A list of classes and quoted words, parted by white space.
    fn symbols(&mut self, row: &Row<'_, '_>, column: &str, lex: &LexPack) -> Result<Vec<Symbol>, PacksError> {
        let mut symbols = Vec::new();
        for word in row.get(column).split_whitespace() {
            match word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(word) => symbols.extend(self.literals(word, lex).into_iter().map(Symbol::Literal)),
                None => {
                    let class = Class::named(word).ok_or_else(|| row.error(format!("no class {word:?}")))?;
                    symbols.push(Symbol::Class(class));
                }
            }
        }
        Ok(symbols)
    }

    /// Hours of a part of the day, `(from, until)`; night runs past midnight.
    pub(crate) fn part_hours(&self, part: DayPart) -> Option<(i8, i8)> {
        self.settings.parts.get(part.code()).map(|[from, until]| (*from, *until))
    }
}

/// Reads `maker(argument, …)`.
fn emit(cell: &str, labels: &[String]) -> Option<(Maker, Vec<Argument>)> {
    let (name, rest) = cell.split_once('(')?;
    let maker = match name.trim() {
        "date" => Maker::Date,
        "clock" => Maker::Clock,
        "part" => Maker::Part,
        "period" => Maker::Period,
        "shift" => Maker::Shift,
        "duration" => Maker::Duration,
        "window" => Maker::Window,
        "ordinal" => Maker::Ordinal,
        "decade" => Maker::Decade,
        "century" => Maker::Century,
        "season" => Maker::Season,
        "set" => Maker::Set,
        "ref" => Maker::Reference,
        "deictic" => Maker::Deictic,
        "anaphor" => Maker::Anaphor,
        "night" => Maker::Night,
        "eve" => Maker::Eve,
        "holiday" => Maker::Holiday,
        "bare" => Maker::Bare,
        "bc" => Maker::BeforeEra,
        "hijri" => Maker::Hijri,
        "nothing" => Maker::Nothing,
        _ => return None,
    };
    let rest = rest.trim_end().strip_suffix(')')?;
    let mut arguments = Vec::new();
    for word in rest.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        arguments.push(if word == "_" {
            Argument::Missing
        } else if let Some(label) = labels.iter().position(|label| label == word) {
            Argument::Label(label as u8)
        } else if let Ok(number) = word.parse() {
            Argument::Constant(Value::Number(number))
        } else if word == "X" {
            Argument::Constant(Value::Vague)
        } else if let Some(part) = DayPart::named(word) {
            Argument::Constant(Value::Part(part))
        } else {
            Argument::Constant(Value::Unit(1, Unit::named(word)?))
        });
    }
    Some((maker, arguments))
}
