//! The words of a language that the statement reader knows: function words, verb forms, and the
//! phrases of the pack (prepositions, roles, channels, hedges).
//!
//! Every word has a number; a text is looked up once, word by word, and all rules then compare
//! numbers. Verb forms are made from lemma and paradigm, so that a verb is one word in a table
//! and its several dozen forms are not typed by hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashMap;

use serde::Deserialize;

use crate::lex::{LexPack, Lexed};
use crate::number::NumberPack;
use crate::pack::{PackFiles, PacksError};

/// What a word can do in a sentence; a word may have several.
pub(crate) mod class {
    pub(crate) const DETERMINER: u32 = 1;
    pub(crate) const PRONOUN: u32 = 1 << 1;
    pub(crate) const CLITIC: u32 = 1 << 2;
    pub(crate) const PREPOSITION: u32 = 1 << 3;
    /// A preposition that a noun phrase runs through ("de", "of").
    pub(crate) const LINK: u32 = 1 << 4;
    /// A preposition before the one spoken to ("à", "to").
    pub(crate) const TOWARDS: u32 = 1 << 5;
    pub(crate) const AND: u32 = 1 << 6;
    pub(crate) const BUT: u32 = 1 << 7;
    /// Opens a content clause ("que", "that").
    pub(crate) const COMPLEMENTISER: u32 = 1 << 8;
    /// Opens a question as content ("si", "whether").
    pub(crate) const WHETHER: u32 = 1 << 9;
    pub(crate) const RELATIVE: u32 = 1 << 10;
    pub(crate) const NEGATION: u32 = 1 << 11;
    pub(crate) const ADVERB: u32 = 1 << 12;
    /// Opens a clause that is not part of what was said ("tandis que", "while").
    pub(crate) const BREAK: u32 = 1 << 13;
    /// Opens another subordinate clause ("parce que", "because").
    pub(crate) const SUBORDINATOR: u32 = 1 << 14;
    /// Links to the text before, before a comma ("En outre", "However").
    pub(crate) const CONNECTIVE: u32 = 1 << 15;
    pub(crate) const TIME: u32 = 1 << 16;
    /// Stands before a person's name ("M.", "Mr").
    pub(crate) const TITLE: u32 = 1 << 17;
    pub(crate) const FIRST_PERSON: u32 = 1 << 18;
    /// Before an agent ("par", "by").
    pub(crate) const AGENT: u32 = 1 << 19;
    /// Before an infinitive ("de", "à", "to").
    pub(crate) const INFINITIVE_MARK: u32 = 1 << 20;
    /// "as", "comme": makes a clause of source and cue a parenthesis.
    pub(crate) const AS: u32 = 1 << 21;
    /// Opens a condition ("si", "if").
    pub(crate) const CONDITION: u32 = 1 << 22;

    /// Before the subject of an infinitive ("for" in "asked for it to be opened").
    pub(crate) const INFINITIVE_SUBJECT: u32 = 1 << 23;

    pub(crate) const FINITE: u32 = 1 << 24;
    pub(crate) const CONDITIONAL: u32 = 1 << 25;
    pub(crate) const PAST_PARTICIPLE: u32 = 1 << 26;
    pub(crate) const PRESENT_PARTICIPLE: u32 = 1 << 27;
    pub(crate) const INFINITIVE: u32 = 1 << 28;
    pub(crate) const HAVE: u32 = 1 << 29;
    pub(crate) const BE: u32 = 1 << 30;
    pub(crate) const MODAL: u32 = 1 << 31;

    pub(super) fn named(name: &str) -> Option<u32> {
        Some(match name {
            "determiner" => DETERMINER,
            "pronoun" => PRONOUN,
            "clitic" => CLITIC,
            "preposition" => PREPOSITION,
            "link" => LINK | PREPOSITION,
            "towards" => TOWARDS | PREPOSITION,
            "and" => AND,
            "but" => BUT,
            "complementiser" => COMPLEMENTISER,
            "whether" => WHETHER,
            "relative" => RELATIVE,
            "negation" => NEGATION,
            "adverb" => ADVERB,
            "break" => BREAK | SUBORDINATOR,
            "subordinator" => SUBORDINATOR,
            "connective" => CONNECTIVE,
            "time" => TIME,
            "title" => TITLE,
            "first_person" => FIRST_PERSON | PRONOUN,
            "agent" => AGENT | PREPOSITION,
            "infinitive_mark" => INFINITIVE_MARK,
            "infinitive_subject" => INFINITIVE_SUBJECT | PREPOSITION,
            "as" => AS,
            "condition" => CONDITION,
            _ => return None,
        })
    }
}

/// Mood of a verb form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Indicative,
    Conditional,
    Subjunctive,
    Imperative,
    Infinitive,
    Participle,
}

/// Tense of a verb form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Present,
    Imperfect,
    Past,
    Future,
}

/// Number of a form or noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Singular,
    Plural,
}

/// Gender of a noun or pronoun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

/// One reading of a verb form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The verb.
    pub(crate) lemma: Arc<str>,
    /// Its mood.
    pub(crate) mood: Mood,
    /// Its tense.
    pub(crate) tense: Tense,
    /// 1, 2, 3; 0 where the form has none.
    pub(crate) person: u8,
    /// Its number, where it has one.
    pub(crate) number: Option<Number>,
    /// The particle that must end the clause ("teilte … mit"); 0 = none.
    pub(crate) particle: u32,
}

/// What a phrase of the pack stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A function phrase ("alors que"), by its classes.
    Function(u32),
    /// Index among the cues.
    Cue(u16),
    /// Index among the roles.
    Role(u16),
    /// Index among the channels.
    Channel(u16),
    /// Index among the hedges.
    Hedge(u16),
    /// Index in the registry; the name is written in capitals throughout ("AFP").
    Outlet(u16, bool),
    /// Words that open a quantity before its number ("at least").
    Bound,
}

/// A word: its classes, verb readings, grammar, and the phrases that begin with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    pub(crate) classes: u32,
    pub(crate) forms: Vec<Form>,
    pub(crate) person: u8,
    pub(crate) number: Option<Number>,
    pub(crate) gender: Option<Gender>,
    phrases: Vec<(Box<[u32]>, Meaning)>,
}

/// Settings of `statements.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The subject commonly follows its verb.
    pub(crate) verb_first: bool,
    /// The verb of a main clause stands second, that of a subordinate clause last; participles
    /// and particles end the clause. A clause that is said may follow a comma alone.
    pub(crate) verb_second: bool,
    /// Nouns are written with a capital: a capital alone makes no name.
    pub(crate) capital_nouns: bool,
    /// Articles that are relative pronouns where they open a clause after a comma.
    pub(crate) relative_articles: Vec<String>,
    /// What stands between particle and verb in the infinitive of a verb that parts ("mit-zu-teilen").
    pub(crate) parted_infinitive: String,
    /// Letters that join the next word ("و").
    pub(crate) proclitics: Vec<String>,
    /// The script has no capitals: a word that nothing else explains may be a name.
    pub(crate) caseless: bool,
    /// Nouns that open what is announced, denied or demanded, right after the subject.
    pub(crate) announced: Vec<String>,
    /// Lemmas of the auxiliaries of the perfect.
    pub(crate) have: Vec<String>,
    /// Lemmas of the auxiliaries of the passive.
    pub(crate) be: Vec<String>,
    /// Lemmas of the verbs of duty and ability.
    pub(crate) modals: Vec<String>,
    /// Endings of adverbs ("ment").
    pub(crate) adverb_endings: Vec<String>,
    /// Endings of nouns of action, for hypothetical subjects ("tion").
    pub(crate) action_endings: Vec<String>,
    /// Endings by which a form of a verb that is not listed is told as conditional.
    pub(crate) conditional_endings: Vec<String>,
    /// Endings by which an infinitive after its mark is told.
    pub(crate) infinitive_endings: Vec<String>,
    /// Endings by which a present participle that is not listed is told.
    pub(crate) gerund_endings: Vec<String>,
    /// Endings by which a past form that is not listed is told.
    pub(crate) past_endings: Vec<String>,
    /// Endings by which a finite form that is not listed is told.
    pub(crate) finite_endings: Vec<String>,
    /// A verb form without ending is as often a noun: it needs a plural subject before it.
    pub(crate) bare_verbs: bool,
    /// Lemmas whose bare form is no noun ("say").
    pub(crate) never_nouns: Vec<String>,
    /// Lemmas that govern a bare object: without one their form in "s" is a noun ("forces on").
    pub(crate) object_verbs: Vec<String>,
    /// Plural nouns without an "s" that a bare verb may follow ("police", "people").
    pub(crate) plurals: Vec<String>,
    /// Reflexive pronouns ("se").
    pub(crate) reflexive: Vec<String>,
    /// Articles that mark one new thing ("un", "une").
    pub(crate) indefinite: Vec<String>,
    /// Determiners of an unnamed many ("plusieurs", "des").
    pub(crate) several: Vec<String>,
    /// Determiners that point back ("cette").
    pub(crate) pointing: Vec<String>,
    /// Words before a preposition cue that carry an attribution on ("toujours").
    pub(crate) continuing: Vec<String>,
    /// Pronouns that stand for nobody in particular ("on").
    pub(crate) impersonal: Vec<String>,
    /// Nouns that stand for whichever source spoke last ("cette source").
    pub(crate) any_source: Vec<String>,
    /// Pronouns that only stress the noun before them ("himself").
    pub(crate) emphatic: Vec<String>,
    /// Nouns that stand for whichever body spoke last ("the group", "l'organisation").
    pub(crate) generic_bodies: Vec<String>,
    /// "La trêve, a dit le maire, tient": verb and speaker stand in commas inside what is said,
    /// inside quotation marks too.
    pub(crate) incise: bool,
    /// Whoever speaks may close a sentence without a comma.
    pub(crate) closing_speakers: bool,
    /// Endings of plural nouns that are told from verbs by them ("s").
    pub(crate) plural_endings: Vec<String>,
    /// Words that stand before a noun of those who speak without article ("local residents").
    pub(crate) source_adjectives: Vec<String>,
    /// Prepositions before the subject of a participle ("with the police saying").
    pub(crate) accompanied_by: Vec<String>,
    /// Nouns of a toll ("bilan", "toll").
    pub(crate) tolls: Vec<String>,
    /// Determiners of what is somebody's ("their").
    pub(crate) possessives: Vec<String>,
    /// Words that open a time ("début mars"): they end who speaks.
    pub(crate) time_openers: Vec<String>,
    /// Nouns by which things are sorted ("type", "âge"): "according to type" names nobody.
    pub(crate) measures: Vec<String>,
    /// Words that begin a source which is nobody ("no group", "aucun responsable").
    pub(crate) nobody: Vec<String>,
    /// "he" and "she" stand for persons only: things and bodies have no gender.
    pub(crate) natural_gender: bool,
    /// Small words inside names ("de", "al").
    pub(crate) particles: Vec<String>,
    /// Lemmas that only carry another verb ("do", "will").
    pub(crate) support: Vec<String>,
    /// The last noun of a compound is its head ("military source").
    pub(crate) head_last: bool,
    /// Nouns that make a name beside them one of the press ("the Corvane agency").
    pub(crate) press_nouns: Vec<String>,
    /// Words of a question that belong to what is asked ("how", "where").
    pub(crate) questions: Vec<String>,
    /// Relative pronouns that are objects: their subject may follow the verb ("que propose X").
    pub(crate) object_relatives: Vec<String>,
    /// Lemmas of verbs whose subject is nobody ("il faut noter").
    pub(crate) impersonal_verbs: Vec<String>,
    /// An infinitive may tell what was said next ("Et d'ajouter : …").
    pub(crate) narrative_infinitive: bool,
    /// Words before the name or title of a thing in marks ("intitulé", "called").
    pub(crate) named_by: Vec<String>,
    /// Marks before which a name owns what follows ("s").
    pub(crate) possessive_marks: Vec<String>,
}

/// All words of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    ids: HashMap<Box<str>, u32>,
    words: Vec<Word>,
    lemmas: BTreeSet<Arc<str>>,
    /// Nouns that open a noun phrase which is said, right after the subject.
    announced: BTreeSet<u32>,
    /// Number words.
    pub(crate) numbers: NumberPack,
    pub(crate) settings: Settings,
}

/// A verb as the tables name it: "mit+teilen" parts from its particle.
struct Verb {
    name: Arc<str>,
    particle: String,
    bare: String,
}

impl Verb {
    fn of(lemma: &str) -> Self {
        let (particle, bare) = lemma.split_once('+').unwrap_or(("", lemma));
        Verb {
            name: Arc::from(format!("{particle}{bare}")),
            particle: particle.to_owned(),
            bare: bare.to_owned(),
        }
    }
}

/// A paradigm: how many letters to cut off the lemma, and what to put there.
struct Paradigm {
    cut: String,
    rows: Vec<(Mood, Tense, Vec<String>)>,
}

impl Lexicon {
    pub(crate) fn load(files: &PackFiles<'_>, lex: &LexPack) -> Result<Self, PacksError> {
        let mut lexicon = Lexicon { settings: files.toml("statements.toml")?, ..Lexicon::default() };
        lexicon.words.push(Word::default());
        let words = files.table("words.tsv")?;
        for row in words.rows() {
            let name = row.required("class")?;
            let Some(classes) = class::named(name) else {
                return Err(row.error(format!("no class of words is called {name}")));
            };
            for form in row.list("forms") {
                lexicon.add(&form, Meaning::Function(classes), lex);
                let ids = lexicon.ids_of(&form, lex);
                if let [id] = ids[..] {
                    let word = &mut lexicon.words[id as usize];
                    word.person = row.get("person").parse().unwrap_or(word.person);
                    word.number = number(row.get("number")).or(word.number);
                    word.gender = gender(row.get("gender")).or(word.gender);
                }
            }
        }
        for noun in lexicon.settings.announced.clone() {
            let ids = lexicon.ids_of(&noun, lex);
            lexicon.announced.extend(ids);
        }
        lexicon.load_verbs(files, lex)?;
        lexicon.mark_verbs();
        Ok(lexicon)
    }

    fn load_verbs(&mut self, files: &PackFiles<'_>, lex: &LexPack) -> Result<(), PacksError> {
        let mut paradigms: HashMap<String, Paradigm> = HashMap::default();
        for row in files.table("paradigms.tsv")?.rows() {
            let name = row.required("paradigm")?.to_owned();
            let (mood, tense) = mood_and_tense(row.required("tense")?).ok_or_else(|| {
                row.error("tense is not one of ind.pres ind.imp ind.past ind.fut cond subj inf pp ger imper")
            })?;
            let endings = row.get("endings").split('|').map(str::to_owned).collect();
            let paradigm = paradigms
                .entry(name)
                .or_insert_with(|| Paradigm { cut: row.get("cut").to_owned(), rows: Vec::new() });
            paradigm.rows.push((mood, tense, endings));
        }
        for row in files.table("verbs.tsv")?.rows() {
            let name = row.required("paradigm")?;
            let Some(paradigm) = paradigms.get(name) else {
                return Err(row.error(format!("no paradigm is called {name}")));
            };
            for lemma in row.list("lemma") {
                let Some(stem) = lemma.strip_suffix(paradigm.cut.as_str()) else {
                    return Err(row.error(format!("{lemma} does not end in {}", paradigm.cut)));
                };
                let verb = Verb::of(&lemma);
                let stem = stem.rsplit('+').next().unwrap_or(stem);
                self.add_infinitive(&verb, lex);
                for (mood, tense, endings) in &paradigm.rows {
                    let persons = endings.len() == 6;
                    for (index, ending) in endings.iter().enumerate() {
                        if ending == "-" {
                            continue;
                        }
                        let (person, number) = match (persons, index) {
                            (false, _) => (0, None),
                            (true, 0..=2) => (index as u8 + 1, Some(Number::Singular)),
                            (true, _) => (index as u8 - 2, Some(Number::Plural)),
                        };
                        self.add_form(&joined(stem, ending), &verb, *mood, *tense, person, number, lex);
                    }
                }
            }
        }
        for row in files.table("forms.tsv")?.rows() {
            let verb = Verb::of(row.required("lemma")?);
            let (mood, tense) = mood_and_tense(row.required("tense")?).ok_or_else(|| {
                row.error("tense is not one of ind.pres ind.imp ind.past ind.fut cond subj inf pp ger imper")
            })?;
            let forms: Vec<&str> = row.required("forms")?.split('|').map(str::trim).collect();
            for (index, form) in forms.iter().enumerate() {
                if form.is_empty() || *form == "-" {
                    continue;
                }
                let (person, number) = match (forms.len() == 6, index) {
                    (false, _) => (row.get("person").parse().unwrap_or(0), number(row.get("number"))),
                    (true, 0..=2) => (index as u8 + 1, Some(Number::Singular)),
                    (true, _) => (index as u8 - 2, Some(Number::Plural)),
                };
                self.add_form(form, &verb, mood, tense, person, number, lex);
            }
        }
        Ok(())
    }

    fn add_infinitive(&mut self, verb: &Verb, lex: &LexPack) {
        self.add_form(&verb.bare, verb, Mood::Infinitive, Tense::Present, 0, None, lex);
        if !verb.particle.is_empty() && !self.settings.parted_infinitive.is_empty() {
            let between = format!("{}{}", self.settings.parted_infinitive, verb.bare);
            self.add_form(&between, verb, Mood::Infinitive, Tense::Present, 0, None, lex);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn add_form(
        &mut self,
        form: &str,
        verb: &Verb,
        mood: Mood,
        tense: Tense,
        person: u8,
        number: Option<Number>,
        lex: &LexPack,
    ) {
        self.lemmas.insert(verb.name.clone());
        let particle = match self.ids_of(&verb.particle, lex)[..] {
            [id] => id,
            _ => 0,
        };
        let parts = particle != 0 && !matches!(mood, Mood::Infinitive | Mood::Participle);
        let whole = (format!("{}{form}", verb.particle), 0);
        let parted = parts.then(|| (form.to_owned(), particle));
        for (form, particle) in std::iter::once(whole).chain(parted) {
            let [id] = self.ids_of(&form, lex)[..] else { continue };
            let form = Form { lemma: verb.name.clone(), mood, tense, person, number, particle };
            let forms = &mut self.words[id as usize].forms;
            if !forms.contains(&form) {
                // A reading that asks for a particle is tried before the bare verb.
                let at = if particle == 0 { forms.len() } else { 0 };
                forms.insert(at, form);
            }
        }
    }

    /// Classes that follow from the verb readings.
    fn mark_verbs(&mut self) {
        let settings = &self.settings;
        for word in &mut self.words {
            for form in &word.forms {
                word.classes |= match form.mood {
                    Mood::Indicative | Mood::Subjunctive => class::FINITE,
                    Mood::Conditional => class::FINITE | class::CONDITIONAL,
                    Mood::Imperative => 0,
                    Mood::Infinitive => class::INFINITIVE,
                    Mood::Participle if form.tense == Tense::Past => class::PAST_PARTICIPLE,
                    Mood::Participle => class::PRESENT_PARTICIPLE,
                };
                let is = |lemmas: &[String]| lemmas.iter().any(|lemma| **lemma == *form.lemma);
                if is(&settings.have) {
                    word.classes |= class::HAVE;
                }
                if is(&settings.be) {
                    word.classes |= class::BE;
                }
                if is(&settings.modals) {
                    word.classes |= class::MODAL;
                }
            }
        }
    }

    /// Numbers of the words of a phrase, new ones where needed.
    fn ids_of(&mut self, phrase: &str, lex: &LexPack) -> Vec<u32> {
        Lexed::form(phrase, lex)
            .into_iter()
            .map(|word| {
                if let Some(id) = self.ids.get(word.as_str()) {
                    return *id;
                }
                let id = self.words.len() as u32;
                self.ids.insert(word.into_boxed_str(), id);
                self.words.push(Word::default());
                id
            })
            .collect()
    }

    /// Numbers of the words of a phrase of a rule.
    pub(crate) fn known(&mut self, phrase: &str, lex: &LexPack) -> Vec<u32> {
        self.ids_of(phrase, lex)
    }

    /// Whether any form of this verb is listed.
    pub(crate) fn has_lemma(&self, lemma: &str) -> bool {
        self.lemmas.contains(lemma)
    }

    /// Adds a phrase. A function phrase of one word becomes classes of that word.
    pub(crate) fn add(&mut self, phrase: &str, meaning: Meaning, lex: &LexPack) {
        let ids = self.ids_of(phrase, lex);
        let Some((first, rest)) = ids.split_first() else { return };
        let word = &mut self.words[*first as usize];
        match meaning {
            Meaning::Function(classes) if rest.is_empty() => word.classes |= classes,
            Meaning::Function(classes)
                if word
                    .phrases
                    .iter()
                    .any(|(other, is)| **other == *rest && matches!(is, Meaning::Function(_))) =>
            {
                for (other, is) in &mut word.phrases {
                    if let (true, Meaning::Function(own)) = (**other == *rest, is) {
                        *own |= classes;
                    }
                }
            }
            _ => {
                let entry = (rest.to_vec().into_boxed_slice(), meaning);
                let at = word.phrases.partition_point(|(other, _)| other.len() >= entry.0.len());
                word.phrases.insert(at, entry);
            }
        }
    }

    /// Number of a folded word; 0 where it is not known. A joined particle is looked through.
    pub(crate) fn id(&self, folded: &str) -> u32 {
        if let Some(id) = self.ids.get(folded) {
            return *id;
        }
        if folded.contains(is_vowel_mark) {
            return self.id(&folded.replace(is_vowel_mark, ""));
        }
        for particle in &self.settings.proclitics {
            if let Some(id) = folded.strip_prefix(particle.as_str()).and_then(|rest| self.ids.get(rest)) {
                return *id;
            }
        }
        0
    }

    /// Whether a word is known only without a particle joined to its front.
    pub(crate) fn joined(&self, folded: &str) -> bool {
        let bare = folded.replace(is_vowel_mark, "");
        !self.settings.proclitics.is_empty() && !self.ids.contains_key(bare.as_str()) && self.id(&bare) != 0
    }

    /// Whether a word opens a noun phrase that is announced, denied or demanded.
    pub(crate) fn is_announced(&self, id: u32) -> bool {
        self.announced.contains(&id)
    }

    /// The word of a number.
    pub(crate) fn word(&self, id: u32) -> &Word {
        &self.words[(id as usize).min(self.words.len().saturating_sub(1))]
    }

    /// Classes of a word that is not listed, told from its ending.
    pub(crate) fn guess(&self, folded: &str) -> u32 {
        let ends = |endings: &[String]| {
            endings.iter().any(|ending| folded.len() > ending.len() + 2 && folded.ends_with(ending.as_str()))
        };
        if ends(&self.settings.conditional_endings) {
            class::FINITE | class::CONDITIONAL
        } else if ends(&self.settings.gerund_endings) {
            class::PRESENT_PARTICIPLE
        } else if ends(&self.settings.past_endings) {
            class::FINITE | class::PAST_PARTICIPLE
        } else if ends(&self.settings.finite_endings) {
            class::FINITE
        } else if ends(&self.settings.adverb_endings) {
            class::ADVERB
        } else {
            0
        }
    }

    /// Whether a word that is not listed may be an infinitive, by its ending.
    pub(crate) fn is_infinitive_like(&self, folded: &str) -> bool {
        let endings = &self.settings.infinitive_endings;
        endings.iter().any(|ending| folded.len() > ending.len() + 1 && folded.ends_with(ending.as_str()))
    }

    /// The phrases that begin at `at`, longest first: their meaning and length in words.
    pub(crate) fn phrases<'a>(
        &'a self,
        ids: &'a [u32],
        at: usize,
    ) -> impl Iterator<Item = (Meaning, usize)> + 'a {
        let word = ids.get(at).map_or(&self.words[0], |id| self.word(*id));
        word.phrases.iter().filter_map(move |(rest, meaning)| {
            ids.get(at + 1..at + 1 + rest.len())
                .is_some_and(|next| next == &**rest)
                .then_some((*meaning, rest.len() + 1))
        })
    }
}

/// Short vowels and doublings over and under letters, which most texts leave out.
fn is_vowel_mark(c: char) -> bool {
    matches!(c, '\u{064B}'..='\u{0652}' | '\u{0670}')
}

/// Stem and ending: `^` opens the stem's last e ("répèt-e"), `*` doubles its last letter
/// ("admitt-ed"), `~` stands for the stem in what surrounds it ("ge~t"), `0` is no ending at all.
fn joined(stem: &str, ending: &str) -> String {
    if let Some((before, after)) = ending.split_once('~') {
        return format!("{before}{stem}{after}");
    }
    if let Some(rest) = ending.strip_prefix('^') {
        let mut letters: Vec<char> = stem.chars().collect();
        if let Some(at) = letters.iter().rposition(|letter| matches!(letter, 'é' | 'e')) {
            letters[at] = 'è';
        }
        return letters.into_iter().collect::<String>() + rest;
    }
    if let Some(rest) = ending.strip_prefix('*') {
        let last = stem.chars().next_back().map(String::from).unwrap_or_default();
        return format!("{stem}{last}{rest}");
    }
    if ending == "0" { stem.to_owned() } else { format!("{stem}{ending}") }
}

fn mood_and_tense(name: &str) -> Option<(Mood, Tense)> {
    Some(match name {
        "ind.pres" => (Mood::Indicative, Tense::Present),
        "ind.imp" => (Mood::Indicative, Tense::Imperfect),
        "ind.past" => (Mood::Indicative, Tense::Past),
        "ind.fut" => (Mood::Indicative, Tense::Future),
        "cond" => (Mood::Conditional, Tense::Present),
        "subj" => (Mood::Subjunctive, Tense::Present),
        "inf" => (Mood::Infinitive, Tense::Present),
        "imper" => (Mood::Imperative, Tense::Present),
        "pp" => (Mood::Participle, Tense::Past),
        "ger" => (Mood::Participle, Tense::Present),
        _ => return None,
    })
}

pub(crate) fn number(name: &str) -> Option<Number> {
    match name {
        "sing" => Some(Number::Singular),
        "plur" => Some(Number::Plural),
        _ => None,
    }
}

pub(crate) fn gender(name: &str) -> Option<Gender> {
    match name {
        "m" => Some(Gender::Masculine),
        "f" => Some(Gender::Feminine),
        "n" => Some(Gender::Neuter),
        _ => None,
    }
}
