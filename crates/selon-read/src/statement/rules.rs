//! The rules of a language, as its pack lists them: cues, channels, roles and hedges.

use foldhash::HashMap;
use selon_model::{Factuality, HedgeKind, RuleId, SourceKind};

use crate::lex::LexPack;
use crate::pack::{PackFiles, PacksError, Table};

use super::field::FieldRule;
use super::lexicon::{Gender, Lexicon, Meaning, Number, gender, number};

/// What kind of words a cue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CueKind {
    /// A reporting verb.
    Verb,
    /// Stands before the source ("selon").
    Preposition,
    /// Stands after the source ("zufolge").
    Postposition,
    /// A noun of saying with a clause ("l'annonce que").
    Noun,
    /// An adjective of conviction with a clause ("convaincu que").
    Adjective,
}

/// What may follow or surround a cue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frames {
    /// A clause after a complementiser.
    pub(crate) clause: bool,
    /// A clause without one.
    pub(crate) zero: bool,
    /// An infinitive.
    pub(crate) infinitive: bool,
    /// The one spoken to is the object ("told reporters that", "presse X de").
    pub(crate) object: bool,
    /// The object belongs to what is said ("accuse X de").
    pub(crate) object_inside: bool,
    /// A bare noun phrase.
    pub(crate) noun: bool,
    /// A quotation, or a clause before it.
    pub(crate) quote: bool,
    /// Only with a quotation.
    pub(crate) needs_quote: bool,
    /// A clause after "si", "whether".
    pub(crate) whether: bool,
    /// A participle or quotation after a preposition ("warned against doing").
    pub(crate) gerund: bool,
    /// With a reflexive pronoun ("s'est exclamé").
    pub(crate) reflexive: bool,
    /// Only with a subject that can speak: things show and suggest, too.
    pub(crate) speaker: bool,
    /// In the passive, the subject is the speaker ("was quoted as saying").
    pub(crate) passive_subject: bool,
    /// Only before its clause and a comma, and of one who is named or holds an office ("Pour le
    /// ministre, …"): else it says for whom something is.
    pub(crate) opinion: bool,
    /// The object spoke, and the subject passes his words on ("quoted X as saying").
    pub(crate) quoted: bool,
    /// What follows the verb is never its subject ("told journalists").
    pub(crate) uninverted: bool,
    /// With "on", "one" as its subject it is the narrator's ("on note que").
    pub(crate) personal: bool,
    /// Told only where nobody in particular has it from a source that is named ("a-t-on appris de
    /// source militaire").
    pub(crate) hearsay: bool,
    /// The last word of the cue is the noun of the source ("de source militaire").
    pub(crate) own_noun: bool,
    /// The possessive in the cue is the speaker ("à ses yeux", "in her view").
    pub(crate) own_speaker: bool,
    /// What the speaker says of himself ("s'est dit inquiet de la situation").
    pub(crate) attribute: bool,
    /// A quantity of its own ("counted 45 dead"), or the noun of a toll and its number.
    pub(crate) count: bool,
    /// The noun of a toll and its number ("put the toll at 20").
    pub(crate) toll: bool,
    /// Only right after a comma or closing mark, before a name or article ("…, so der Minister").
    pub(crate) after_mark: bool,
}

/// A cue.
#[derive(Clone, Debug)]
pub(crate) struct CueRule {
    pub(crate) id: RuleId,
    pub(crate) kind: CueKind,
    pub(crate) class: String,
    pub(crate) frames: Frames,
    /// Words that must follow the verb ("savoir" in "faire savoir").
    pub(crate) tail: Box<[u32]>,
    /// It is no cue after one of these words.
    pub(crate) reject_before: Vec<u32>,
    /// It is no cue before one of these phrases.
    pub(crate) reject_after: Vec<Box<[u32]>>,
    /// A sentence in which it fires; after " ! ", one in which it must not.
    pub(crate) example: String,
}

/// How the words of a channel meet its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A relay follows ("cité par X").
    Relay,
    /// The origin follows, or begins with the channel's own noun; the source so far is the relay
    /// ("citant X"), unless it is nobody ("dit-on de source militaire").
    Origin,
    /// One spoken to follows; a relay where he is an agency or outlet ("à l'agence X").
    Addressee,
    /// The words themselves name a platform ("sur Twitter").
    Platform,
    /// No name: the manner of speaking ("dans un communiqué").
    Manner,
}

/// A way by which words reach the report.
#[derive(Clone, Debug)]
pub(crate) struct ChannelRule {
    pub(crate) id: RuleId,
    pub(crate) how: String,
    pub(crate) slot: Slot,
    /// A sentence in which it fires; after " ! ", one in which it must not.
    pub(crate) example: String,
}

/// What kind of noun a role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoleKind {
    /// A noun of a person, body or document.
    Noun,
    /// A pronoun that points back.
    Pronoun,
    /// A name or noun that stands for a government.
    Metonym,
}

/// A noun of somebody who speaks.
#[derive(Clone, Debug)]
pub(crate) struct RoleRule {
    pub(crate) id: RuleId,
    pub(crate) lemma: String,
    pub(crate) kind: RoleKind,
    pub(crate) role: Option<String>,
    pub(crate) class: Option<SourceKind>,
    pub(crate) gender: Option<Gender>,
    pub(crate) number: Option<Number>,
    pub(crate) many: bool,
    /// A sentence in which it fires; after " ! ", one in which it must not.
    pub(crate) example: String,
}

/// How a hedge is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HedgeRuleKind {
    /// A verb form of a mood, with the test of the table of conditionals.
    Mood,
    /// A verb of duty or ability in that mood.
    Modal,
    /// That mood after a past cue.
    FuturePast,
    /// That mood under a condition or a hypothetical subject.
    Hypothesis,
    /// Words.
    Words,
}

/// A hedge.
#[derive(Clone, Debug)]
pub(crate) struct HedgeRule {
    pub(crate) id: RuleId,
    pub(crate) found: HedgeRuleKind,
    pub(crate) kind: HedgeKind,
    pub(crate) factuality: Factuality,
    /// Lemmas (moods) that are no hedge ("vouloir": polite).
    pub(crate) unless: Vec<String>,
    /// Lemmas it is about; all where empty.
    pub(crate) lemmas: Vec<String>,
    /// A sentence in which it fires; after " ! ", one in which it must not.
    pub(crate) example: String,
}

/// All rules of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) cues: Vec<CueRule>,
    /// Lemma of a verb → its cues.
    pub(crate) verbs: HashMap<String, Vec<u16>>,
    pub(crate) channels: Vec<ChannelRule>,
    pub(crate) roles: Vec<RoleRule>,
    /// What ministries are in charge of.
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) hedges: Vec<HedgeRule>,
}

impl Rules {
    pub(crate) fn load(
        files: &PackFiles<'_>,
        lexicon: &mut Lexicon,
        lex: &LexPack,
    ) -> Result<Self, PacksError> {
        let mut rules = Rules::default();
        rules.load_cues(&files.table("cues.tsv")?, lexicon, lex)?;
        rules.load_channels(&files.table("channels.tsv")?, lexicon, lex)?;
        rules.load_roles(&files.table("roles.tsv")?, lexicon, lex)?;
        rules.fields = FieldRule::load(files, lex)?;
        rules.load_hedges(&files.table("hedges.tsv")?, lexicon, lex)?;
        Ok(rules)
    }

    fn load_cues(
        &mut self,
        table: &Table<'_>,
        lexicon: &mut Lexicon,
        lex: &LexPack,
    ) -> Result<(), PacksError> {
        for row in table.rows() {
            let kind = match row.required("kind")? {
                "verb" => CueKind::Verb,
                "preposition" => CueKind::Preposition,
                "postposition" => CueKind::Postposition,
                "noun" => CueKind::Noun,
                "adjective" => CueKind::Adjective,
                other => return Err(row.error(format!("no kind of cue is called {other}"))),
            };
            let mut frames = Frames::default();
            for frame in row.list("frames") {
                match frame.as_str() {
                    "clause" => frames.clause = true,
                    "zero" => frames.zero = true,
                    "inf" => frames.infinitive = true,
                    "object" => frames.object = true,
                    "object_inside" => frames.object_inside = true,
                    "np" => frames.noun = true,
                    "quote" => frames.quote = true,
                    "needs_quote" => {
                        frames.quote = true;
                        frames.needs_quote = true;
                    }
                    "whether" => frames.whether = true,
                    "gerund" => frames.gerund = true,
                    "reflexive" => frames.reflexive = true,
                    "speaker" => frames.speaker = true,
                    "passive_subject" => frames.passive_subject = true,
                    "opinion" => frames.opinion = true,
                    "quoted" => frames.quoted = true,
                    "uninverted" => frames.uninverted = true,
                    "personal" => frames.personal = true,
                    "hearsay" => frames.hearsay = true,
                    "own_noun" => frames.own_noun = true,
                    "own_speaker" => frames.own_speaker = true,
                    "count" => frames.count = true,
                    "attribute" => frames.attribute = true,
                    "toll" => frames.toll = true,
                    "after_mark" => frames.after_mark = true,
                    other => return Err(row.error(format!("no frame is called {other}"))),
                }
            }
            let index = self.cues.len() as u16;
            let mut tail: Box<[u32]> = Box::default();
            for form in row.list("lemma") {
                if kind == CueKind::Verb {
                    let (head, rest) = form.split_once(' ').unwrap_or((form.as_str(), ""));
                    if !rest.is_empty() {
                        if !tail.is_empty() {
                            return Err(row.error("a verb of several words has a row of its own"));
                        }
                        tail = lexicon.known(rest, lex).into_boxed_slice();
                    }
                    if !lexicon.has_lemma(head) {
                        return Err(row.error(format!("{head} is not in verbs.tsv or forms.tsv")));
                    }
                    self.verbs.entry(head.to_owned()).or_default().push(index);
                } else {
                    lexicon.add(&form, Meaning::Cue(index), lex);
                }
            }
            self.cues.push(CueRule {
                id: RuleId::pack(row.required("id")?),
                kind,
                class: row.required("class")?.to_owned(),
                frames,
                tail,
                reject_before: row
                    .list("reject_before")
                    .iter()
                    .flat_map(|words| lexicon.known(words, lex))
                    .collect(),
                reject_after: row
                    .list("reject_after")
                    .iter()
                    .map(|words| lexicon.known(words, lex).into_boxed_slice())
                    .collect(),
                example: row.required("example")?.to_owned(),
            });
        }
        // A cue of several words is tried before the bare verb.
        for indexes in self.verbs.values_mut() {
            indexes.sort_by_key(|index| std::cmp::Reverse(self.cues[usize::from(*index)].tail.len()));
        }
        Ok(())
    }

    fn load_channels(
        &mut self,
        table: &Table<'_>,
        lexicon: &mut Lexicon,
        lex: &LexPack,
    ) -> Result<(), PacksError> {
        for row in table.rows() {
            let slot = match row.required("slot")? {
                "relay" => Slot::Relay,
                "origin" => Slot::Origin,
                "addressee" => Slot::Addressee,
                "platform" => Slot::Platform,
                "manner" => Slot::Manner,
                other => return Err(row.error(format!("no slot is called {other}"))),
            };
            let index = self.channels.len() as u16;
            for form in row.list("pattern") {
                lexicon.add(&form, Meaning::Channel(index), lex);
            }
            self.channels.push(ChannelRule {
                id: RuleId::pack(row.required("id")?),
                how: row.required("how")?.to_owned(),
                slot,
                example: row.required("example")?.to_owned(),
            });
        }
        Ok(())
    }

    fn load_roles(
        &mut self,
        table: &Table<'_>,
        lexicon: &mut Lexicon,
        lex: &LexPack,
    ) -> Result<(), PacksError> {
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        for row in table.rows() {
            let kind = match row.required("kind")? {
                "noun" => RoleKind::Noun,
                "pronoun" => RoleKind::Pronoun,
                "metonym" => RoleKind::Metonym,
                other => return Err(row.error(format!("no kind of role is called {other}"))),
            };
            let class = match row.get("speaker_class") {
                "" => None,
                "named" => Some(SourceKind::Named),
                "office" => Some(SourceKind::Office),
                "agency" => Some(SourceKind::Agency),
                "outlet" => Some(SourceKind::Outlet),
                "document" => Some(SourceKind::Document),
                "unnamed" => Some(SourceKind::Unnamed),
                "collective_unnamed" => Some(SourceKind::CollectiveUnnamed),
                other => return Err(row.error(format!("no class of speaker is called {other}"))),
            };
            let index = self.roles.len() as u16;
            for form in row.list("forms") {
                lexicon.add(&form, Meaning::Role(index), lex);
            }
            self.roles.push(RoleRule {
                id: RuleId::pack(row.required("id")?),
                lemma: row.required("lemma")?.to_owned(),
                kind,
                role: optional(row.get("role")),
                class,
                gender: gender(row.get("gender")),
                number: number(row.get("number")),
                many: row.get("cardinality") == "many",
                example: row.required("example")?.to_owned(),
            });
        }
        Ok(())
    }

    fn load_hedges(
        &mut self,
        table: &Table<'_>,
        lexicon: &mut Lexicon,
        lex: &LexPack,
    ) -> Result<(), PacksError> {
        for row in table.rows() {
            let found = match row.required("kind")? {
                "mood" => HedgeRuleKind::Mood,
                "modal" => HedgeRuleKind::Modal,
                "future_past" => HedgeRuleKind::FuturePast,
                "hypothesis" => HedgeRuleKind::Hypothesis,
                "words" => HedgeRuleKind::Words,
                other => return Err(row.error(format!("no kind of hedge is called {other}"))),
            };
            let (kind, factuality) = match row.required("factuality")? {
                "expected" => (HedgeKind::Prospective, Factuality::Expected),
                "hypothetical" => (HedgeKind::Hypothetical, Factuality::Hypothetical),
                "reported_unverified" => (HedgeKind::Reportative, Factuality::ReportedUnverified),
                "denied" => (HedgeKind::Denial, Factuality::Denied),
                other => return Err(row.error(format!("a hedge makes nothing {other}"))),
            };
            let kind = if found == HedgeRuleKind::Words && kind == HedgeKind::Reportative {
                HedgeKind::Lexical
            } else {
                kind
            };
            let index = self.hedges.len() as u16;
            if found == HedgeRuleKind::Words {
                for form in row.list("pattern") {
                    lexicon.add(&form, Meaning::Hedge(index), lex);
                }
            }
            self.hedges.push(HedgeRule {
                id: RuleId::pack(row.required("id")?),
                found,
                kind,
                factuality,
                unless: row.list("unless"),
                lemmas: if found == HedgeRuleKind::Words { Vec::new() } else { row.list("pattern") },
                example: row.required("example")?.to_owned(),
            });
        }
        Ok(())
    }
}
