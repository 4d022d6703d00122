//! Number words of a language (`numbers.toml`), compiled for look-up by first word.

use std::collections::BTreeMap;

use foldhash::HashMap;
use selon_model::Decimal;
use serde::Deserialize;

use crate::lex::{LexPack, Lexed, TokenKind};
use crate::pack::{PackFiles, PacksError};

/// Words that are folded into one another at most.
const LONGEST_FORM: usize = 6;
/// The longest number that is written as one word, in bytes.
const LONGEST_COMPOUND: usize = 80;
/// Its most parts.
const MOST_PARTS: usize = 8;

/// What one word, or a form of several words, can mean in a number. A word can have several
/// meanings ("third" is an ordinal and a fraction); its neighbours choose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Meaning {
    /// Adds this much; the second number is the room it leaves to what follows.
    pub(super) add: Option<(u32, u32)>,
    /// Multiplies what stands before it; the flag says that it may stand alone ("mille").
    pub(super) magnitude: Option<(u64, bool)>,
    /// "dozen", "vingtaine".
    pub(super) collective: Option<Collective>,
    /// "dozens", "milliers".
    pub(super) plural: Option<Plural>,
    /// Numerator and denominator; the flag says that it may stand without an article.
    pub(super) fraction: Option<(u64, u64, bool)>,
    /// "third".
    pub(super) ordinal: Option<u64>,
    /// "several": makes a magnitude indefinite.
    pub(super) few: bool,
    /// "aucun".
    pub(super) none: bool,
    /// An article that can open a number: "a hundred".
    pub(super) article: bool,
    /// No number at all, though its words are: "pour cent", "no one".
    pub(super) skip: bool,
}

/// A noun that stands for a number of things.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(super) struct Collective {
    pub(super) value: u64,
    /// Approximate when one of them is meant ("une douzaine").
    #[serde(default)]
    pub(super) approximate: bool,
    /// Approximate however many are meant ("deux vingtaines").
    #[serde(default)]
    pub(super) always_approximate: bool,
    /// What "several" of them is, at least and at most.
    #[serde(default)]
    pub(super) several: Option<(u64, u64)>,
}

/// The plural of a collective or magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(super) struct Plural {
    pub(super) base: u64,
    pub(super) lower: u64,
    pub(super) upper: u64,
}

/// Number words and separators of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberPack {
    forms: HashMap<String, Vec<(Vec<String>, Meaning)>>,
    settings: Settings,
}

/// The settings of `numbers.toml` that the lexer itself needs; operators are the figure
/// reader's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Settings {
    group_space: bool,
    group_marks: Vec<String>,
    decimal_marks: Vec<String>,
    decimal_words: Vec<String>,
    and: Vec<String>,
    and_after_hundreds: bool,
    and_before: Vec<u32>,
    tens_after_units: bool,
    compounds: bool,
    attached_and: String,
    prefixes: Vec<String>,
    of: Vec<String>,
    minus: Vec<String>,
    articles: Vec<String>,
    ones: Vec<String>,
    few: Vec<String>,
    none: Vec<String>,
    skip: Vec<String>,
    suffixes: BTreeMap<String, u64>,
    spaced_suffixes: Vec<String>,
    ordinal_suffixes: Vec<String>,
    add: BTreeMap<String, u32>,
    room: BTreeMap<String, u32>,
    magnitude: BTreeMap<String, u64>,
    bare_magnitudes: Vec<String>,
    collective: BTreeMap<String, Collective>,
    plural: BTreeMap<String, Plural>,
    fraction: BTreeMap<String, (u64, u64)>,
    bare_fractions: Vec<String>,
    ordinal: BTreeMap<String, u64>,
}

impl NumberPack {
    pub(crate) fn load(files: &PackFiles<'_>, lex: &LexPack) -> Result<Self, PacksError> {
        let settings: Settings = files.toml("numbers.toml")?;
        let wrong = |what: String| PacksError { file: files.path("numbers.toml"), line: 0, what };
        let mut pack = NumberPack { forms: HashMap::default(), settings: Settings::default() };
        for (form, value) in &settings.add {
            let room = settings.room.get(form).copied().unwrap_or(match value {
                0..=19 => 0,
                20..=99 => 10,
                _ => 100,
            });
            pack.meaning(form, lex).ok_or_else(|| wrong(format!("empty form {form:?}")))?.add =
                Some((*value, room));
        }
        for (form, value) in &settings.magnitude {
            if *value < 2 {
                return Err(wrong(format!("magnitude {form:?} must be more than one")));
            }
            let bare = settings.bare_magnitudes.contains(form);
            if let Some(meaning) = pack.meaning(form, lex) {
                meaning.magnitude = Some((*value, bare));
            }
        }
        for (form, value) in &settings.collective {
            if let Some(meaning) = pack.meaning(form, lex) {
                meaning.collective = Some(*value);
            }
        }
        for (form, value) in &settings.plural {
            if value.lower > value.upper {
                return Err(wrong(format!("plural {form:?}: lower is above upper")));
            }
            if let Some(meaning) = pack.meaning(form, lex) {
                meaning.plural = Some(*value);
            }
        }
        for (form, (numerator, denominator)) in &settings.fraction {
            if *denominator == 0 {
                return Err(wrong(format!("fraction {form:?} has the denominator zero")));
            }
            let bare = settings.bare_fractions.contains(form);
            if let Some(meaning) = pack.meaning(form, lex) {
                meaning.fraction = Some((*numerator, *denominator, bare));
            }
        }
        for (form, value) in &settings.ordinal {
            if let Some(meaning) = pack.meaning(form, lex) {
                meaning.ordinal = Some(*value);
            }
        }
        for (forms, set) in [
            (&settings.few, (|meaning| meaning.few = true) as fn(&mut Meaning)),
            (&settings.none, |meaning| meaning.none = true),
            (&settings.articles, |meaning| meaning.article = true),
            (&settings.skip, |meaning| meaning.skip = true),
        ] {
            for form in forms {
                if let Some(meaning) = pack.meaning(form, lex) {
                    set(meaning);
                }
            }
        }
        pack.forgive_accents();
        for forms in pack.forms.values_mut() {
            forms.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        pack.settings = settings;
        Ok(pack)
    }

    /// The meaning of a form, made where it is new. Hyphens between words may be left out in a
    /// text, so forms are kept without them.
    fn meaning(&mut self, form: &str, lex: &LexPack) -> Option<&mut Meaning> {
        let mut words: Vec<String> =
            Lexed::form(form, lex).into_iter().filter(|word| word != "-" && word != "‑").collect();
        if words.is_empty() || words.len() > LONGEST_FORM {
            return None;
        }
        let first = words.remove(0);
        let forms = self.forms.entry(first).or_default();
        let at = match forms.iter().position(|(rest, _)| *rest == words) {
            Some(at) => at,
            None => {
                forms.push((words, Meaning::default()));
                forms.len() - 1
            }
        };
        Some(&mut forms[at].1)
    }

    /// Whether an "and" that is written as one with its word may open `word`.
    pub(crate) fn opens_with_and(&self, word: &str) -> bool {
        let and = self.settings.attached_and.as_str();
        !and.is_empty() && word.strip_prefix(and).is_some_and(|rest| rest.chars().count() > 2)
    }

    /// "deuxieme" for "deuxième": ordinals and fractions are often typed without their accents.
    fn forgive_accents(&mut self) {
        let plain = |word: &str| word.replace(['è', 'é', 'ê'], "e");
        let mut more: Vec<(String, Vec<String>, Meaning)> = Vec::new();
        for (first, forms) in &self.forms {
            for (rest, meaning) in forms {
                let counts = meaning.ordinal.is_some() || meaning.fraction.is_some();
                let bare: Vec<String> = rest.iter().map(|word| plain(word)).collect();
                if counts && (plain(first) != *first || bare != *rest) {
                    more.push((plain(first), bare, meaning.clone()));
                }
            }
        }
        // in one order, whatever that of the map
        more.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        for (first, rest, meaning) in more {
            let forms = self.forms.entry(first).or_default();
            if !forms.iter().any(|(known, _)| *known == rest) {
                forms.push((rest, meaning));
            }
        }
    }

    /// The longest form at a token: its meaning, the token after it, and whether an attached
    /// "and" opens it.
    pub(super) fn look_up(&self, lexed: &Lexed, at: usize, end: usize) -> Option<(&Meaning, usize, bool)> {
        if at >= end || lexed.tokens()[at].kind != TokenKind::Word {
            return None;
        }
        let word = lexed.folded(at);
        if let Some((meaning, next)) = self.look_up_word(word, lexed, at, end) {
            return Some((meaning, next, false));
        }
        for prefix in &self.settings.prefixes {
            let Some(rest) = word.strip_prefix(prefix.as_str()) else { continue };
            if let Some((meaning, next)) = self.look_up_word(rest, lexed, at, end) {
                let and = !self.settings.attached_and.is_empty()
                    && prefix.starts_with(self.settings.attached_and.as_str());
                return Some((meaning, next, and));
            }
        }
        None
    }

    /// The parts of a word that is a number written as one, each with whether an "and" stands
    /// before it: "zwei-hundert-und-fünf"; `None` where it is none.
    pub(super) fn compound(&self, word: &str) -> Option<Vec<(&Meaning, bool)>> {
        if !self.settings.compounds || word.len() > LONGEST_COMPOUND {
            return None;
        }
        let mut parts = Vec::new();
        self.cut(word, &mut parts).then_some(parts).filter(|parts| parts.len() > 1)
    }

    fn cut<'a>(&'a self, word: &str, parts: &mut Vec<(&'a Meaning, bool)>) -> bool {
        if word.is_empty() {
            return true;
        }
        if parts.len() >= MOST_PARTS {
            return false;
        }
        let first = parts.is_empty();
        let ands = self.settings.and.iter().filter(|_| !first);
        let rests = ands.filter_map(|and| word.strip_prefix(and.as_str()).map(|rest| (rest, true)));
        for (rest, and) in std::iter::once((word, false)).chain(rests) {
            let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
            for end in ends.collect::<Vec<_>>().into_iter().rev() {
                let Some(forms) = self.forms.get(&rest[..end]) else { continue };
                let part = forms.iter().find(|(more, meaning)| {
                    more.is_empty() && (meaning.add.is_some() || meaning.magnitude.is_some())
                });
                let Some((_, meaning)) = part else { continue };
                parts.push((meaning, and));
                if self.cut(&rest[end..], parts) {
                    return true;
                }
                parts.pop();
            }
        }
        false
    }

    /// Whether a number word stands at a token.
    pub(crate) fn is_word(&self, lexed: &Lexed, at: usize, end: usize) -> bool {
        self.look_up(lexed, at, end).is_some_and(|(meaning, _, _)| {
            meaning.add.is_some() || meaning.magnitude.is_some() || meaning.collective.is_some()
        })
    }

    fn look_up_word(&self, word: &str, lexed: &Lexed, at: usize, end: usize) -> Option<(&Meaning, usize)> {
        let forms = self.forms.get(word)?;
        forms.iter().find_map(|(rest, meaning)| {
            let mut next = at + 1;
            for word in rest {
                if next < end && lexed.tokens()[next].kind == TokenKind::Dash && !lexed.tokens()[next].spaced
                {
                    next += 1;
                }
                if next >= end || lexed.folded(next) != word {
                    return None;
                }
                next += 1;
            }
            Some((meaning, next))
        })
    }

    /// Whether a digit group may be parted from the one before by a space.
    pub(super) fn groups_by_space(&self) -> bool {
        self.settings.group_space
    }

    pub(super) fn is_group_mark(&self, mark: &str) -> bool {
        self.settings.group_marks.iter().any(|known| known == mark)
    }

    pub(super) fn is_decimal_mark(&self, mark: &str) -> bool {
        self.settings.decimal_marks.iter().any(|known| known == mark)
    }

    /// The mark that decimals are written with first: ".5", ",5".
    pub(super) fn main_decimal_mark(&self) -> &str {
        self.settings.decimal_marks.first().map_or(".", String::as_str)
    }

    pub(super) fn is_decimal_word(&self, word: &str) -> bool {
        self.settings.decimal_words.iter().any(|known| known == word)
    }

    pub(super) fn is_and(&self, word: &str) -> bool {
        self.settings.and.iter().any(|known| known == word)
    }

    /// Whether "and" may join `value` to what leaves `room`: "hundred and five", "vingt et un".
    pub(super) fn and_joins(&self, value: u32, room: u32) -> bool {
        if room >= 100 { self.settings.and_after_hundreds } else { self.settings.and_before.contains(&value) }
    }

    /// Units stand before tens: "خمسة وعشرون".
    pub(super) fn tens_after_units(&self) -> bool {
        self.settings.tens_after_units
    }

    /// "de", "of".
    pub(crate) fn is_of(&self, word: &str) -> bool {
        self.settings.of.iter().any(|known| known == word)
    }

    pub(super) fn is_minus(&self, word: &str) -> bool {
        self.settings.minus.iter().any(|known| known == word)
    }

    /// A word for one that is an article or pronoun too.
    pub(crate) fn is_one(&self, word: &str) -> bool {
        self.settings.ones.iter().any(|known| known == word)
    }

    /// What may be written together with the word after it: "و", "ال".
    pub(crate) fn prefixes(&self) -> &[String] {
        &self.settings.prefixes
    }

    pub(super) fn is_prefix(&self, word: &str) -> bool {
        self.settings.prefixes.iter().any(|known| known == word)
    }

    pub(super) fn suffix(&self, word: &str) -> Option<Decimal> {
        self.settings.suffixes.get(word).map(|value| Decimal::from(*value))
    }

    pub(super) fn is_spaced_suffix(&self, word: &str) -> bool {
        self.settings.spaced_suffixes.iter().any(|known| known == word)
    }

    pub(super) fn is_ordinal_suffix(&self, word: &str) -> bool {
        self.settings.ordinal_suffixes.iter().any(|known| known == word)
    }
}
