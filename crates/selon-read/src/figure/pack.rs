//! What the figure reader needs of a language: operators and grammar (`numbers.toml`), what is
//! counted (`units.tsv`), what happened to it (`events.tsv`).

use std::collections::{BTreeMap, HashSet};

use selon_model::Operator;
use serde::Deserialize;

use super::phrases::Phrases;
use crate::lex::{LexPack, Lexed};
use crate::number::NumberPack;
use crate::pack::{PackFiles, PacksError};

/// On which side of the number an operator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    Before,
    After,
}

/// Words that say how a number bounds what it counts (table B).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Approximator {
    pub(super) id: String,
    pub(super) words: Vec<String>,
    pub(super) side: Side,
    pub(super) op: Operator,
    pub(super) example: String,
}

/// Two numbers and the words around them: "entre 30 et 40".
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pair {
    pub(super) id: String,
    /// Words before the first number; empty: none are needed.
    #[serde(default)]
    pub(super) before: Vec<String>,
    pub(super) between: Vec<String>,
    /// Of a change: which number is the earlier value.
    #[serde(default)]
    pub(super) previous: Previous,
    /// Of a ratio: a noun may stand between ("trois enfants sur dix").
    #[serde(default)]
    pub(super) noun_between: bool,
    /// Of a ratio: the second number must be one that ratios are told in (two to ten, hundred …).
    #[serde(default)]
    pub(super) round: bool,
    /// Of a ratio: the first number is one, and nothing is counted ("one over three").
    #[serde(default)]
    pub(super) one: bool,
    pub(super) example: String,
}

/// A pair rule with its words, compiled.
#[derive(Clone, Debug)]
pub(super) struct PairRule {
    pub(super) rule: Pair,
    pub(super) before: Phrases,
    pub(super) between: Phrases,
}

impl PairRule {
    fn all(pairs: Vec<Pair>, lex: &LexPack) -> Vec<PairRule> {
        let phrases = |words: &[String]| {
            let mut phrases = Phrases::new(&[]);
            words.iter().for_each(|word| phrases.add(word, 0, lex));
            phrases
        };
        let compile =
            |rule: Pair| PairRule { before: phrases(&rule.before), between: phrases(&rule.between), rule };
        pairs.into_iter().map(compile).collect()
    }
}

/// Which number of a change is the earlier value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Previous {
    #[default]
    First,
    Second,
}

/// Words that make a number none of ours: an article of law, an age, a house number. Where both
/// sides are given, both must stand there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotFigure {
    pub(super) id: String,
    #[serde(default)]
    pub(super) before: Vec<String>,
    #[serde(default)]
    pub(super) after: Vec<String>,
    /// Only where what is counted is of this class.
    #[serde(default)]
    pub(super) class: Option<String>,
    /// Not where something happened to what is counted ("the mother of two soldiers killed in May").
    #[serde(default)]
    pub(super) unless_happened: bool,
    /// The words after it are of one person whose age it is ("the 12-year-old"), unless they are plural.
    #[serde(default)]
    pub(super) counts_one: bool,
    /// A sentence in which the rule alone keeps a number from being a figure.
    pub(super) example: String,
    /// Taken out, to see what it does.
    #[serde(skip)]
    pub(super) off: bool,
}

/// Words that open a window of time: "au cours des", "over the past".
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowRule {
    pub(super) id: String,
    pub(super) before: Vec<String>,
    /// The window ends at the anchor ("the past 24 hours"); else only its length is known
    /// ("in 24 hours").
    #[serde(default)]
    pub(super) ends_now: bool,
    /// It ends at the anchor only with an adjective of the past before the length ("in the last
    /// 24 hours", not "in the 24 hours after the truce").
    #[serde(default)]
    pub(super) adjective: bool,
    pub(super) example: String,
}

/// Closed word classes around a counted noun.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    /// The head is the last noun of the run after the number ("aid trucks"), not the first.
    head_last: bool,
    /// How nouns of more than one look.
    plural_endings: Vec<String>,
    /// Words that end a noun phrase.
    stops: Vec<String>,
    /// Words that end the search for a verb.
    clause_stops: Vec<String>,
    determiners: Vec<String>,
    /// Adjectives before the noun.
    adjectives_before: Vec<String>,
    /// Adjectives after the noun.
    adjectives_after: Vec<String>,
    /// Forms of to be.
    passive: Vec<String>,
    /// Forms of to have that make an active perfect.
    active: Vec<String>,
    reflexive: Vec<String>,
    conjunctions: Vec<String>,
    negations: Vec<String>,
    /// "dont", "including".
    parts: Vec<String>,
    /// Right after the number of a part: "three of them".
    parts_after: Vec<String>,
    /// Elliptic: "30 others".
    others: Vec<String>,
    /// A number in commas after a name is an age ("Karim Odel, 34, was killed").
    age_in_commas: bool,
    /// Right before an age in years ("mort à 40 ans").
    #[serde(default)]
    age_cues: Vec<String>,
    percent: Vec<String>,
    /// "nombre de": what follows is counted by a number farther on.
    count_of: Vec<String>,
    window_adjectives: Vec<String>,
    window_ahead: Vec<String>,
    /// Articles that count one where a victim follows: "a man was shot dead".
    articles: Vec<String>,
    /// Between the counts of a list that add up ("three men and two women").
    #[serde(default)]
    adds: Vec<String>,
    /// Words for whose somebody is; after "and" they count one ("a woman and her son").
    #[serde(default)]
    possessives: Vec<String>,
    /// Words that stand for two people spoken of before.
    #[serde(default)]
    both: Vec<String>,
    /// Verbs whose particle is no operator: "handed over".
    phrasal: Vec<String>,
    /// Phrases in which a word of the event table tells nothing: "in return".
    idioms: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Settings {
    approximators: Vec<Approximator>,
    ranges: Vec<Pair>,
    changes: Vec<Pair>,
    ratios: Vec<Pair>,
    windows: Vec<WindowRule>,
    not_figures: Vec<NotFigure>,
    currencies: BTreeMap<String, String>,
    figure_words: Words,
}

/// A row of `units.tsv`.
#[derive(Clone, Debug)]
pub(super) struct UnitRow {
    pub(super) id: String,
    pub(super) class: String,
    pub(super) event: Option<String>,
    /// ISO 4217, unit of measure, or the designator of an ISO 8601 duration.
    pub(super) code: Option<String>,
    /// Kilometres, tonnes: measured, not counted.
    pub(super) measure: bool,
    pub(super) example: String,
}

/// Where the counted noun stands to an event word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Before it: "13 000 civils ont fui".
    Subject,
    /// After it, or before its passive: "a tué 12 civils", "12 civils ont été tués".
    Object,
    /// After its "of": "la mort de 12 civils".
    Of,
    /// The word stands for what is counted: "le bilan est de 12".
    Toll,
}

/// A row of `events.tsv`.
#[derive(Clone, Debug)]
pub(super) struct EventRow {
    pub(super) id: String,
    pub(super) event: String,
    pub(super) slot: Slot,
    pub(super) reflexive: bool,
    /// It does not say whether they lived ("shot"): an article counts nobody there.
    pub(super) open: bool,
    /// The only unit that it is said of: "claimed 20 lives".
    pub(super) unit: Option<String>,
    /// The event where people are counted: an aircraft shot down is destroyed, a man is killed.
    pub(super) of_people: Option<String>,
    pub(super) example: String,
}

/// Units, events and operators of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct FigurePack {
    pub(super) approximators: Vec<Approximator>,
    pub(super) before: Phrases,
    pub(super) after: Phrases,
    pub(super) ranges: Vec<PairRule>,
    pub(super) changes: Vec<PairRule>,
    pub(super) ratios: Vec<PairRule>,
    pub(super) windows: Vec<WindowRule>,
    pub(super) window_before: Phrases,
    pub(super) window_adjectives: Phrases,
    /// Adjectives of what is to come ("the next 24 hours").
    pub(super) window_ahead: Phrases,
    /// A number in commas after a name is an age.
    pub(super) age_in_commas: bool,
    pub(super) not_before: Phrases,
    pub(super) not_after: Phrases,
    pub(super) not_figures: Vec<NotFigure>,
    pub(super) currencies: BTreeMap<String, String>,
    pub(super) units: Vec<UnitRow>,
    pub(super) unit_forms: Phrases,
    pub(super) events: Vec<EventRow>,
    /// Participles and nouns; the row is an index into `events`.
    pub(super) event_forms: Phrases,
    /// Nouns whose "of" leads to the counted.
    pub(super) of_forms: Phrases,
    /// Finite forms that are active by themselves ("kills", "tuait").
    pub(super) finite_forms: Phrases,
    /// Articles that can count a victim.
    pub(super) articles: HashSet<String>,
    /// Words between counts that add up.
    pub(super) adds: Phrases,
    /// "his", "her", which count one of a list.
    pub(super) possessives: HashSet<String>,
    /// "both", which counts two.
    pub(super) both: HashSet<String>,
    pub(super) head_last: bool,
    pub(super) plural_endings: Vec<String>,
    pub(super) stops: Phrases,
    pub(super) clause_stops: Phrases,
    pub(super) determiners: Phrases,
    pub(super) adjectives_before: Phrases,
    pub(super) adjectives_after: Phrases,
    pub(super) passive: Phrases,
    pub(super) active: Phrases,
    pub(super) reflexive: Phrases,
    pub(super) conjunctions: Phrases,
    pub(super) negations: Phrases,
    pub(super) parts: Phrases,
    pub(super) parts_after: Phrases,
    pub(super) others: Phrases,
    pub(super) age_cues: Phrases,
    pub(super) percent: Phrases,
    pub(super) count_of: Phrases,
    pub(super) phrasal: Phrases,
    pub(super) idioms: Phrases,
    /// Capitalised words for the people of a country ("Syrians").
    pub(super) peoples: HashSet<String>,
}

impl FigurePack {
    pub(crate) fn load(
        files: &PackFiles<'_>,
        lex: &LexPack,
        number: &NumberPack,
    ) -> Result<Self, PacksError> {
        let settings: Settings = files.toml("numbers.toml")?;
        let prefixes = number.prefixes();
        let all = |words: &[String]| {
            let mut phrases = Phrases::new(prefixes);
            words.iter().for_each(|word| phrases.add(word, 0, lex));
            phrases
        };
        let words = &settings.figure_words;
        let mut pack = FigurePack {
            before: Phrases::new(prefixes),
            after: Phrases::new(prefixes),
            window_before: Phrases::new(prefixes),
            window_adjectives: all(&words.window_adjectives),
            window_ahead: all(&words.window_ahead),
            articles: words.articles.iter().cloned().collect(),
            adds: all(&words.adds),
            possessives: words.possessives.iter().cloned().collect(),
            both: words.both.iter().cloned().collect(),
            head_last: words.head_last,
            age_in_commas: words.age_in_commas,
            plural_endings: words.plural_endings.clone(),
            stops: all(&words.stops),
            clause_stops: all(&words.clause_stops),
            determiners: all(&words.determiners),
            adjectives_before: all(&words.adjectives_before),
            adjectives_after: all(&words.adjectives_after),
            passive: all(&words.passive),
            active: all(&words.active),
            reflexive: all(&words.reflexive),
            conjunctions: all(&words.conjunctions),
            negations: all(&words.negations),
            parts: all(&words.parts),
            parts_after: all(&words.parts_after),
            others: all(&words.others),
            age_cues: all(&words.age_cues),
            percent: all(&words.percent),
            count_of: all(&words.count_of),
            phrasal: all(&words.phrasal),
            idioms: all(&words.idioms),
            unit_forms: Phrases::new(prefixes),
            event_forms: Phrases::new(prefixes),
            of_forms: Phrases::new(prefixes),
            finite_forms: Phrases::new(prefixes),
            ..FigurePack::default()
        };
        for (row, approximator) in settings.approximators.iter().enumerate() {
            let side = if approximator.side == Side::Before { &mut pack.before } else { &mut pack.after };
            approximator.words.iter().for_each(|word| side.add(word, row, lex));
        }
        for (row, window) in settings.windows.iter().enumerate() {
            window.before.iter().for_each(|word| pack.window_before.add(word, row, lex));
        }
        for (row, rule) in settings.not_figures.iter().enumerate() {
            rule.before.iter().for_each(|word| pack.not_before.add(word, row, lex));
            rule.after.iter().for_each(|word| pack.not_after.add(word, row, lex));
        }
        for row in files.table("demonyms.tsv")?.rows() {
            let forms = row.list("forms");
            pack.peoples.extend(forms.iter().flat_map(|form| Lexed::form(form, lex)));
        }
        pack.load_units(files, lex)?;
        pack.load_events(files, lex)?;
        pack.approximators = settings.approximators;
        pack.ranges = PairRule::all(settings.ranges, lex);
        pack.changes = PairRule::all(settings.changes, lex);
        pack.ratios = PairRule::all(settings.ratios, lex);
        pack.windows = settings.windows;
        pack.not_figures = settings.not_figures;
        pack.currencies = settings.currencies;
        Ok(pack)
    }

    /// Words that open a quantity before its number: "at least", "entre".
    pub(crate) fn opening_words(&self) -> impl Iterator<Item = &str> {
        let operators = self.approximators.iter().filter(|row| row.side == Side::Before);
        let ranges = self.ranges.iter().flat_map(|row| &row.rule.before);
        operators.flat_map(|row| &row.words).chain(ranges).map(String::as_str)
    }

    fn load_units(&mut self, files: &PackFiles<'_>, lex: &LexPack) -> Result<(), PacksError> {
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        for row in files.table("units.tsv")?.rows() {
            let index = self.units.len();
            for form in row.list("forms").iter().flat_map(|form| expand(form)) {
                self.unit_forms.add(&form, index, lex);
            }
            self.units.push(UnitRow {
                id: row.required("id")?.to_owned(),
                class: row.required("class")?.to_owned(),
                event: optional(row.get("event")),
                code: optional(row.get("code")),
                measure: row.get("countable") == "no",
                example: row.get("example").to_owned(),
            });
        }
        Ok(())
    }

    fn load_events(&mut self, files: &PackFiles<'_>, lex: &LexPack) -> Result<(), PacksError> {
        for row in files.table("events.tsv")?.rows() {
            let index = self.events.len();
            let forms =
                if row.get("counted_slot") == "of" { &mut self.of_forms } else { &mut self.event_forms };
            for form in row.list("forms").iter().flat_map(|form| expand(form)) {
                forms.add(&form, index, lex);
            }
            for form in row.list("finite").iter().flat_map(|form| expand(form)) {
                self.finite_forms.add(&form, index, lex);
            }
            let slot = match row.required("counted_slot")? {
                "subject" => Slot::Subject,
                "object" => Slot::Object,
                "of" => Slot::Of,
                "toll" => Slot::Toll,
                other => return Err(row.error(format!("unknown counted_slot {other:?}"))),
            };
            self.events.push(EventRow {
                id: row.required("id")?.to_owned(),
                event: row.required("event")?.to_owned(),
                slot,
                reflexive: row.get("kind") == "reflexive",
                open: row.get("kind") == "open",
                unit: (!row.get("unit").is_empty()).then(|| row.get("unit").to_owned()),
                of_people: (!row.get("of_people").is_empty()).then(|| row.get("of_people").to_owned()),
                example: row.get("example").to_owned(),
            });
        }
        Ok(())
    }

    /// Whether a word looks like a noun of more than one.
    pub(super) fn looks_plural(&self, word: &str) -> bool {
        self.plural_endings
            .iter()
            .any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending.as_str()))
    }
}

/// "tu{er,é}" is "tuer" and "tué": endings of one stem, as the tables list them.
pub(super) fn expand(form: &str) -> Vec<String> {
    let Some((stem, rest)) = form.split_once('{') else { return vec![form.to_owned()] };
    let Some((endings, after)) = rest.split_once('}') else { return vec![form.to_owned()] };
    endings.split(',').map(|ending| format!("{stem}{}{after}", ending.trim())).collect()
}
