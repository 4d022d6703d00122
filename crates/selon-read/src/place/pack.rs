//! What the packs say about places: cue words, stop words, demonyms, further names.
//!
//! All forms of one language lie in one table by their first folded word, so that a text
//! is looked through with one look-up a word. Words are folded as the gazetteer folds them.

use foldhash::HashMap;
use selon_gazetteer::{Gazetteer, PlaceId, Words};
use selon_model::RuleId;

use crate::pack::{PackFiles, PacksError, Row};

/// What a cue word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CueKind {
    /// Stands before a place and hardly before anything else ("à", "near").
    PrepStrong,
    /// May stand before a place, and before much else ("de", "from").
    PrepWeak,
    /// Noun of a kind of place, name after a linking word ("ville de").
    HeadOf,
    /// Noun of a kind of place, name right after ("capitale Damas").
    HeadDirect,
    /// Noun of a kind of place, name before it ("Idlib province").
    HeadAfter,
    /// What governments do ("accuse").
    GovernmentVerb,
    /// The same in languages whose verb comes before its subject.
    GovernmentVerbFirst,
    /// What is done to governments ("presse").
    GovernmentObject,
    /// Makes what follows a passive ("was", "été").
    Passive,
    /// Links a noun of a place to the place that it is of ("of", "du").
    Of,
    /// What a town suffers ("shelled"): after a passive its subject is the town itself.
    Suffered,
    /// Before who did it, after a passive verb ("par").
    Agent,
    /// Between members of a list ("et").
    List,
    /// Inside the name of a person ("van").
    Particle,
    /// Before some names ("la").
    Article,
    /// What a country has ("officials"): the name before it stands for the state.
    Institution,
    /// A noun of a place ("border"): the name or adjective beside it is one too.
    Geographic,
    /// Stands between a subject and its verb ("a toujours").
    Aux,
    /// Who belongs to a place ("man"): the name before it tells where from.
    Member,
    /// What governments do, as a noun ("talks", "decision").
    Act,
    /// Before the other side of such an act ("between", "avec").
    Partner,
    /// Before a verb without a subject of its own ("to").
    Infinitive,
    /// Before the subject of such a verb ("for").
    Control,
    /// Stands between a subject and any verb ("should").
    Modal,
    /// What may follow an auxiliary and is no verb ("been", "no").
    NoVerb,
    /// Stands before the name of a person.
    Title,
    /// Makes the name after it a part of its own ("Bank of").
    OrganisationBefore,
    /// Makes the name before it a part of its own ("University").
    OrganisationAfter,
    /// A capital word before a name that leaves it a place ("Northern").
    Premodifier,
    /// Written on to the name, where it says "in" or "to" (Arabic ب).
    CliticStrong,
    /// Written on to the name, and says nothing of it (Arabic و).
    CliticWeak,
    /// Articles of a language whose common nouns have capitals too.
    CapitalNouns,
}

/// The kind of place a head noun gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadKind {
    Neighbourhood,
    /// A town beside a larger one, or a part of it.
    Suburb,
    Village,
    City,
    Admin1,
    Admin2,
    Country,
    Facility,
    /// Valleys, islands, forests: people may live there.
    Nature,
    /// Waters and mountains: never the town of the same name.
    Water,
}

/// One cue of the pack.
#[derive(Clone, Debug)]
pub(crate) struct Cue {
    pub(crate) rule: RuleId,
    pub(crate) kind: CueKind,
    pub(crate) head: Option<HeadKind>,
    /// A noun in the plural: a list of names may follow ("the towns of").
    pub(crate) many: bool,
    /// An article that no town takes ("la").
    pub(crate) no_town: bool,
}

/// What a name of the packs stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// A place of the embedded gazetteer.
    Gazetteer(PlaceId),
    /// A region of `regions.tsv`, by its position.
    Region(usize),
}

/// How a name of the packs is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// A further name of a place, or of a region.
    Name,
    /// An abbreviation, written exactly so.
    Abbreviation,
    /// An abbreviation that counts only after another place and a comma.
    AbbreviationAfterPlace,
    /// An adjective or people's name.
    Demonym,
}

/// A name of the packs.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) rule: RuleId,
    pub(crate) kind: NameKind,
    pub(crate) target: Target,
}

/// A region of `regions.tsv`: no borders, so no gazetteer has it.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) radius_km: f32,
}

/// Why a word needs a cue to be a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A common word: a place only with a cue.
    Common,
    /// A word of the calendar: a place only after a head noun.
    Never,
    /// A given name: a place only with a cue.
    GivenName,
}

/// A row of stop words.
#[derive(Clone, Debug)]
pub(crate) struct StopRow {
    pub(crate) rule: RuleId,
    pub(crate) stop: Stop,
}

/// An ending of names in another case, folded, and that of the nominative ("Дамаском").
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) rule: RuleId,
    pub(crate) ending: String,
    pub(crate) nominative: String,
}

/// What a form of the packs means; the number is its position in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Cue(usize),
    Stop(usize),
    Name(usize),
}

/// What a row is to do, as the proof of the packs asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceRow {
    /// A cue, stop words or an ending: without it the example reads otherwise.
    Cue(usize),
    Stop(usize),
    Ending(usize),
    /// A name: a place of the example is found by it.
    Name(usize),
}

/// A row with its sentences, parted by `|`; in those after `!` it must do nothing.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) row: PlaceRow,
    pub(crate) sentences: String,
}

#[derive(Clone, Debug)]
struct Form {
    /// Folded words after the first.
    rest: Vec<String>,
    /// The very letters, where the form must be written so.
    exact: Option<String>,
    meaning: Meaning,
}

/// Place cues, stop words, demonyms and further names of a language.
#[derive(Clone)]
pub(crate) struct PlacePack {
    /// Where names are looked up.
    pub(crate) gazetteer: &'static Gazetteer<'static>,
    forms: HashMap<String, Vec<Form>>,
    pub(crate) cues: Vec<Cue>,
    pub(crate) stops: Vec<StopRow>,
    pub(crate) names: Vec<Name>,
    pub(crate) regions: Vec<Region>,
    /// Articles, folded: left out where they melt into a preposition ("du Havre").
    pub(crate) articles: Vec<String>,
    /// Names stand before nouns as adjectives do ("U.S. law", "Mexico's senate").
    pub(crate) names_modify: bool,
    pub(crate) endings: Vec<Ending>,
    /// What is written on to names in front, folded, with its cue (Arabic).
    pub(crate) clitics: Vec<(String, usize)>,
    /// Common nouns have capitals too (German): the cue that says so.
    pub(crate) capital_nouns: Option<usize>,
    /// Adjectives of places are written with a small letter (French).
    pub(crate) small_demonyms: bool,
    /// Rows of this language with their examples.
    pub(crate) examples: Vec<Example>,
}

impl PlacePack {
    pub(crate) fn load(
        files: &PackFiles<'_>,
        shared: &PackFiles<'_>,
        gazetteer: &'static Gazetteer<'static>,
    ) -> Result<Self, PacksError> {
        let mut pack = PlacePack {
            gazetteer,
            forms: HashMap::default(),
            cues: Vec::new(),
            stops: Vec::new(),
            names: Vec::new(),
            regions: Vec::new(),
            articles: Vec::new(),
            names_modify: false,
            endings: Vec::new(),
            clitics: Vec::new(),
            capital_nouns: None,
            small_demonyms: false,
            examples: Vec::new(),
        };
        pack.load_regions(files, shared)?;
        pack.load_names(shared, "abbreviations.tsv", NameKind::Abbreviation)?;
        pack.load_names(files, "places.tsv", NameKind::Name)?;
        pack.load_names(files, "demonyms.tsv", NameKind::Demonym)?;
        pack.load_cues(files)?;
        for row in files.table("place_endings.tsv")?.rows() {
            let fold = |column| selon_gazetteer::fold(row.get(column));
            let rule = RuleId::pack(row.required("id")?);
            pack.endings.push(Ending { rule, ending: fold("ending"), nominative: fold("nominative") });
            pack.example(PlaceRow::Ending(pack.endings.len() - 1), &row)?;
        }
        pack.stops.push(StopRow { rule: RuleId::core("core.place.agency"), stop: Stop::Common });
        for row in shared.table("agencies.tsv")?.rows() {
            for form in row.list("names") {
                pack.insert(&form, None, Meaning::Stop(0));
            }
        }
        for row in files.table("place_stop.tsv")?.rows() {
            let stop = match (row.required("why")?, row.required("needs")?) {
                (_, "never") => Stop::Never,
                ("given_name", "cue") => Stop::GivenName,
                ("common_word" | "surname" | "brand", "cue") => Stop::Common,
                (why, needs) => return Err(row.error(format!("unknown: {why}, {needs}"))),
            };
            pack.stops.push(StopRow { rule: RuleId::pack(row.required("id")?), stop });
            let at = pack.stops.len() - 1;
            for form in row.list("form") {
                pack.insert(&form, None, Meaning::Stop(at));
            }
            pack.example(PlaceRow::Stop(at), &row)?;
        }
        for forms in pack.forms.values_mut() {
            forms.sort_by_key(|form| std::cmp::Reverse(form.rest.len()));
        }
        Ok(pack)
    }

    fn load_regions(&mut self, files: &PackFiles<'_>, shared: &PackFiles<'_>) -> Result<(), PacksError> {
        let language = files.path("").trim_end_matches('/').to_owned();
        for row in shared.table("regions.tsv")?.rows() {
            let id = row.required("id")?;
            let number = |column: &str| {
                row.get(column)
                    .parse::<f64>()
                    .map_err(|_| row.error(format!("column \"{column}\" is no number")))
            };
            let mut own = Vec::new();
            let mut display = "";
            let listed = row.list("forms_by_language");
            for part in &listed {
                let (lang, forms) = part.split_once(':').ok_or_else(|| row.error("forms need a language"))?;
                if lang == "en" {
                    display = forms.split(';').next().unwrap_or(forms);
                }
                if lang == language {
                    own.extend(forms.split(';').map(str::trim));
                }
            }
            self.regions.push(Region {
                id: id.to_owned(),
                name: display.to_owned(),
                kind: row.required("kind")?.to_owned(),
                lat: number("lat")?,
                lon: number("lon")?,
                radius_km: number("radius_km")? as f32,
            });
            let target = Target::Region(self.regions.len() - 1);
            let meaning =
                self.name(RuleId::pack(id.replacen("selon:region:", "region.", 1)), NameKind::Name, target);
            // The example is in one language; it proves the row in those that write the name as it does.
            let example = Words::of(row.get("example"));
            let said: Vec<&str> = example.all().iter().map(|word| example.folded(word)).collect();
            let is_said = |form: &&str| {
                let words = Words::of(form);
                let form: Vec<&str> = words.all().iter().map(|word| words.folded(word)).collect();
                said.windows(form.len().max(1)).any(|part| part == form)
            };
            if own.iter().any(is_said) {
                self.example(PlaceRow::Name(self.names.len() - 1), &row)?;
            }
            for form in own {
                self.insert(form, None, meaning);
            }
        }
        Ok(())
    }

    fn load_names(&mut self, files: &PackFiles<'_>, file: &str, kind: NameKind) -> Result<(), PacksError> {
        for row in files.table(file)?.rows() {
            let place = row.required("place")?;
            let Some(target) = self.target(place) else {
                return Err(row.error(format!("\"{place}\" is no place of the gazetteer or of regions.tsv")));
            };
            let kind = match (kind, row.get("needs")) {
                (NameKind::Abbreviation, "place") => NameKind::AbbreviationAfterPlace,
                _ => kind,
            };
            let meaning = self.name(RuleId::pack(row.required("id")?), kind, target);
            for form in row.list("forms") {
                let exact = matches!(kind, NameKind::Abbreviation | NameKind::AbbreviationAfterPlace);
                self.small_demonyms |=
                    kind == NameKind::Demonym && form.chars().next().is_some_and(char::is_lowercase);
                self.insert(&form, exact.then(|| form.clone()), meaning);
            }
            self.example(PlaceRow::Name(self.names.len() - 1), &row)?;
        }
        Ok(())
    }

    fn example(&mut self, row: PlaceRow, of: &Row<'_, '_>) -> Result<(), PacksError> {
        self.examples.push(Example { row, sentences: of.required("example")?.to_owned() });
        Ok(())
    }

    fn load_cues(&mut self, files: &PackFiles<'_>) -> Result<(), PacksError> {
        for row in files.table("place_cues.tsv")?.rows() {
            let (kind, takes, gives) = (row.required("kind")?, row.get("takes"), row.get("gives"));
            let kind = match (kind, takes, gives) {
                ("prep", _, "strong") => CueKind::PrepStrong,
                ("prep", _, "weak") => CueKind::PrepWeak,
                ("head", "of" | "of_many", _) => CueKind::HeadOf,
                ("head", "direct" | "direct_many", _) => CueKind::HeadDirect,
                ("head", "after", _) => CueKind::HeadAfter,
                ("government_verb", "object", _) => CueKind::GovernmentObject,
                ("government_verb", "subject", _) => CueKind::GovernmentVerbFirst,
                ("government_verb", ..) => CueKind::GovernmentVerb,
                ("passive", ..) => CueKind::Passive,
                ("suffered", ..) => CueKind::Suffered,
                ("of", ..) => CueKind::Of,
                ("agent", ..) => CueKind::Agent,
                ("list", ..) => CueKind::List,
                ("particle", ..) => CueKind::Particle,
                ("article", ..) => CueKind::Article,
                ("institution", ..) => CueKind::Institution,
                ("geographic", ..) => CueKind::Geographic,
                ("aux", ..) => CueKind::Aux,
                ("member", ..) => CueKind::Member,
                ("act", ..) => CueKind::Act,
                ("partner", ..) => CueKind::Partner,
                ("infinitive", ..) => CueKind::Infinitive,
                ("control", ..) => CueKind::Control,
                ("modal", ..) => CueKind::Modal,
                ("no_verb", ..) => CueKind::NoVerb,
                ("title", ..) => CueKind::Title,
                ("organisation", "before", _) => CueKind::OrganisationBefore,
                ("organisation", "after", _) => CueKind::OrganisationAfter,
                ("premodifier", ..) => CueKind::Premodifier,
                ("clitic", _, "strong") => CueKind::CliticStrong,
                ("clitic", ..) => CueKind::CliticWeak,
                ("capital_nouns", ..) => CueKind::CapitalNouns,
                _ => return Err(row.error(format!("unknown cue {kind} {takes} {gives}"))),
            };
            let head = match gives {
                "neighbourhood" => Some(HeadKind::Neighbourhood),
                "suburb" => Some(HeadKind::Suburb),
                "village" => Some(HeadKind::Village),
                "city" => Some(HeadKind::City),
                "admin1" => Some(HeadKind::Admin1),
                "admin2" => Some(HeadKind::Admin2),
                "country" => Some(HeadKind::Country),
                "facility" => Some(HeadKind::Facility),
                "nature" => Some(HeadKind::Nature),
                "water" => Some(HeadKind::Water),
                _ => None,
            };
            self.names_modify |= kind == CueKind::Institution && takes == "after";
            let many = takes.ends_with("_many");
            let no_town = kind == CueKind::Article && gives == "no_town";
            self.cues.push(Cue { rule: RuleId::pack(row.required("id")?), kind, head, many, no_town });
            let at = self.cues.len() - 1;
            self.example(PlaceRow::Cue(at), &row)?;
            let folded = |form: &String| selon_gazetteer::fold(form);
            match kind {
                CueKind::Article => self.articles.extend(row.list("forms").iter().map(folded)),
                CueKind::CapitalNouns => self.capital_nouns = Some(at),
                CueKind::CliticStrong | CueKind::CliticWeak => {
                    self.clitics.extend(row.list("forms").iter().map(|form| (folded(form), at)));
                    continue;
                }
                _ => {}
            }
            for form in row.list("forms") {
                self.insert(&form, None, Meaning::Cue(at));
            }
        }
        Ok(())
    }

    fn name(&mut self, rule: RuleId, kind: NameKind, target: Target) -> Meaning {
        self.names.push(Name { rule, kind, target });
        Meaning::Name(self.names.len() - 1)
    }

    fn target(&self, place: &str) -> Option<Target> {
        let gazetteer = self.gazetteer;
        if place.starts_with("selon:region:") {
            return self.regions.iter().position(|region| region.id == place).map(Target::Region);
        }
        if let Some(id) = place.strip_prefix("geonames:") {
            return gazetteer.by_id(id.parse().ok()?).map(|place| Target::Gazetteer(place.at));
        }
        let code: [u8; 2] = place.as_bytes().try_into().ok()?;
        gazetteer.country(code).map(|country| Target::Gazetteer(country.place))
    }

    fn insert(&mut self, form: &str, exact: Option<String>, meaning: Meaning) {
        let words = Words::of(form);
        let mut folded = words.all().iter().map(|word| words.folded(word).to_owned());
        let Some(first) = folded.next() else { return };
        let rest = folded.collect();
        self.forms.entry(first).or_default().push(Form { rest, exact, meaning });
    }

    /// Visits every form that begins at a word: its last word's position and what it means,
    /// longest first. An exact form also says where its letters end in `text`.
    pub(crate) fn forms_at(
        &self,
        words: &Words,
        at: usize,
        text: &str,
        visit: &mut dyn FnMut(usize, Option<usize>, Meaning),
    ) {
        let all = words.all();
        let Some(first) = all.get(at) else { return };
        let Some(forms) = self.forms.get(words.folded(first)) else { return };
        for form in forms {
            let last = at + form.rest.len();
            if last >= all.len() {
                continue;
            }
            let same =
                form.rest.iter().zip(&all[at + 1..=last]).all(|(rest, word)| rest == words.folded(word));
            if !same {
                continue;
            }
            if let Some(exact) = &form.exact {
                let start = first.start as usize;
                if text.get(start..).is_some_and(|rest| rest.starts_with(exact.as_str())) {
                    let end = start + exact.len();
                    if end >= all[last].end as usize {
                        visit(last, Some(end), form.meaning);
                    }
                }
            } else if all[at..last].iter().all(|word| word.joint != selon_gazetteer::Joint::Break) {
                visit(last, None, form.meaning);
            }
        }
    }
}
