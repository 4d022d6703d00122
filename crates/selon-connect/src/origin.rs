//! Who is behind a claim: one source under different words, and two sources under the same ones.
//!
//! A source is what its words tell: a body of the registry; a body or office by role, with the
//! field of a ministry, its place and its name; a person by name; somebody unnamed, of his report
//! alone. Two of them are one source where nothing they tell parts them, in any language. What
//! fits two sources of a story stays apart from both, and adds none to the least count.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::{Candidate, HopRole, Report, Source, SourceKind, Span, Statement};

use crate::sketch::fold;

/// Degrees of latitude and longitude within which two places are not told apart: a town and its
/// province, a district and its town. Our choice.
const NEAR: (f64, f64) = (0.5, 0.7);
/// Languages whose words do not show which are names: without capitals, or with every noun in its
/// capital. A body's name is not told there.
pub(crate) const NAMES_NOT_SHOWN: [&str; 5] = ["ar", "de", "fa", "he", "ur"];
/// The role of a government that is named by its country or capital, and the role it is.
const METONYM: (&str, &str) = ("metonym", "government");
/// The role that an official has of whom no more is told.
const OFFICIAL: &str = "government";
/// Bodies through which a government speaks: its officials may be theirs.
const OF_THE_STATE: [&str; 6] = ["ministry", "army", "police", "court", "parliament", "local_government"];
/// Vowels in skeletons: a name that keeps them is written in more than one way.
pub(crate) const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Who is behind a claim.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The same for all claims of one source in a story; before that, empty.
    pub(crate) key: String,
    /// As the report writes it.
    pub(crate) name: String,
    /// As the first report of the story writes it.
    pub(crate) shown: String,
    who: Who,
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.who == other.who && self.key == other.key
    }
}

/// What kind of somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Id in the registry.
    Registered(String),
    /// A body or an office: what it is told by is its role.
    Body,
    /// A person of a body, by name.
    Person,
    /// A name of which the words do not tell whether it is a person's.
    Name,
    /// Somebody in one report.
    Unnamed(String),
}

/// What words tell of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Who {
    kind: Kind,
    role: Option<String>,
    field: Option<String>,
    place: Option<Place>,
    /// Skeletons of the capitalised words that are no place.
    names: BTreeSet<String>,
    /// Folded, where there is neither role nor name.
    words: String,
    lang: Option<String>,
}

/// Where a body is: its country, and the place inside it in hundredths of a degree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    country: Option<String>,
    point: Option<(i32, i32)>,
}

impl Place {
    fn of(choice: &Candidate) -> Self {
        let whole = choice.feature.starts_with("PCL");
        let hundredths = |degrees: f64| (degrees * 100.0).round() as i32;
        Place {
            country: choice.country.clone(),
            point: (!whole).then(|| (hundredths(choice.lat), hundredths(choice.lon))),
        }
    }

    fn fits(&self, other: &Place) -> bool {
        let same_country = self.country.is_none() || other.country.is_none() || self.country == other.country;
        let near = match (self.point, other.point) {
            (Some(a), Some(b)) => {
                f64::from(a.0.abs_diff(b.0)) <= NEAR.0 * 100.0
                    && f64::from(a.1.abs_diff(b.1)) <= NEAR.1 * 100.0
            }
            _ => true,
        };
        same_country && near
    }
}

impl Origin {
    /// A body of the registry.
    pub(crate) fn registered(id: &str, name: &str) -> Self {
        let who = Who {
            kind: Kind::Registered(id.to_owned()),
            role: None,
            field: None,
            place: None,
            names: BTreeSet::new(),
            words: String::new(),
            lang: None,
        };
        Origin { key: String::new(), name: name.to_owned(), shown: name.to_owned(), who }
    }

    /// The source of a statement.
    pub(crate) fn of(report: &Report, source: &Source, statement: &Statement) -> Self {
        let first = statement.chain.iter().find(|hop| hop.role == HopRole::Origin);
        let name = source
            .resolved
            .clone()
            .or_else(|| first.and_then(|hop| hop.name.clone()))
            .unwrap_or_else(|| report.text.words(source.span).to_owned());
        let role = source.role.as_deref().map(|role| if role == METONYM.0 { METONYM.1 } else { role });
        // A document that nobody is named for is one of its report.
        let unnamed =
            matches!(source.kind, SourceKind::Unnamed | SourceKind::CollectiveUnnamed | SourceKind::Document);
        let spans = [Some(source.span), source.resolved_span];
        let places = places_in(report, &spans);
        let names = names_in(report, &spans);
        let vague =
            names.is_empty() && places.is_empty() && source.field.is_none() && source.government.is_none();
        let kind = match (role, source.body) {
            (None, _) if unnamed => Kind::Unnamed(report.id.to_string()),
            // "an official": of whatever body.
            (Some(OFFICIAL), _) if unnamed && vague => Kind::Unnamed(report.id.to_string()),
            _ if names.is_empty() && role.is_some() => Kind::Body,
            (Some(_), Some(true)) => Kind::Body,
            // "a source at the central hospital" is the hospital's.
            (Some(_), _) if unnamed => Kind::Body,
            (Some(_), _) => Kind::Person,
            (None, _) => Kind::Name,
        };
        let government = source.government.as_ref();
        let place = places
            .first()
            .cloned()
            .or_else(|| government.map(|country| Place { country: Some(country.clone()), point: None }));
        let lang = report.language.tag.as_ref().map(|tag| tag.to_string());
        let told = role.is_some() || !names.is_empty();
        let hidden = lang.as_deref().is_some_and(|lang| NAMES_NOT_SHOWN.contains(&lang));
        // The field of a ministry is its name.
        let names =
            if kind == Kind::Body && (hidden || source.field.is_some()) { BTreeSet::new() } else { names };
        let who = Who {
            kind,
            role: role.map(str::to_owned),
            field: source.field.clone(),
            place: place.filter(|_| role.is_some()),
            names,
            words: if told { String::new() } else { folded(&name) },
            lang,
        };
        Origin { key: String::new(), shown: name.clone(), name, who }
    }

    /// Whether the source has neither name nor role.
    pub(crate) fn is_unnamed(&self) -> bool {
        matches!(self.who.kind, Kind::Unnamed(_))
    }

    /// Whether two sources of one report may be one: nothing parts them, or one is told by words that
    /// only lead back to somebody named before ("the group", "the head of the group").
    pub(crate) fn may_be(&self, other: &Origin) -> bool {
        self.key == other.key || self.who.fits(&other.who) || self.who.leads_back() || other.who.leads_back()
    }
}

/// Gives all claims of one source in a story one key and one name to show.
pub(crate) fn name_sources<'a>(origins: impl Iterator<Item = &'a mut Origin>) {
    let mut origins: Vec<&mut Origin> = origins.collect();
    let keys = keys(&origins.iter().map(|origin| &origin.who).collect());
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    for origin in &mut origins {
        origin.key = keys.get(&origin.who).cloned().unwrap_or_default();
        origin.shown = shown.entry(origin.key.clone()).or_insert_with(|| origin.name.clone()).clone();
    }
}

/// One source.
struct Group<'a> {
    members: Vec<&'a Who>,
    /// It may be one of two others.
    vague: bool,
}

/// A key for each: those that tell most come first, and whoever fits one group joins it.
fn keys(all: &BTreeSet<&Who>) -> BTreeMap<Who, String> {
    let mut order: Vec<&Who> = all.iter().copied().collect();
    let told =
        |who: &Who| usize::from(who.field.is_some()) + usize::from(who.place.is_some()) + who.names.len();
    order.sort_by_key(|who| std::cmp::Reverse(told(who)));
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut of_group: Vec<(&Who, usize)> = Vec::new();
    for who in order {
        let fitting: Vec<usize> =
            (0..groups.len()).filter(|at| groups[*at].members.iter().all(|one| one.fits(who))).collect();
        let at = match fitting[..] {
            [only] => Some(only),
            _ => fitting.iter().copied().find(|at| groups[*at].vague),
        };
        let at = at.unwrap_or_else(|| {
            groups.push(Group { members: Vec::new(), vague: !fitting.is_empty() });
            groups.len() - 1
        });
        groups[at].members.push(who);
        of_group.push((who, at));
    }
    of_group.into_iter().map(|(who, at)| (who.clone(), groups[at].members[0].key())).collect()
}

impl Who {
    /// Whether nothing parts the two.
    fn fits(&self, other: &Who) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Body, Kind::Body) => self.same_body(other) && self.names_fit(other),
            (Kind::Person | Kind::Name, Kind::Person | Kind::Name) => self.same_person(other),
            (Kind::Registered(a), Kind::Registered(b)) => a == b,
            (Kind::Unnamed(a), Kind::Unnamed(b)) => a == b && self.words == other.words,
            _ => false,
        }
    }

    /// Role, field and place agree as far as both are told.
    fn same_body(&self, other: &Who) -> bool {
        let field = self.field.is_none() || other.field.is_none() || self.field == other.field;
        let place = match (&self.place, &other.place) {
            (Some(a), Some(b)) => a.fits(b),
            _ => true,
        };
        self.role == other.role && field && place
    }

    /// Names of bodies are translated: only those of one language part two.
    fn names_fit(&self, other: &Who) -> bool {
        self.lang != other.lang || self.names.is_subset(&other.names) || other.names.is_subset(&self.names)
    }

    /// One name holds the other; no name fits only the same words.
    fn same_person(&self, other: &Who) -> bool {
        if self.names.is_empty() || other.names.is_empty() {
            return self.names == other.names && self.words == other.words;
        }
        self.names.is_subset(&other.names) || other.names.is_subset(&self.names)
    }

    /// Whether it is a body that watches and counts, by its role.
    fn watches(&self) -> bool {
        matches!(self.role.as_deref(), Some("monitor" | "ngo"))
    }

    /// Whether its words name nobody and tell no office: they mean somebody who was named.
    fn leads_back(&self) -> bool {
        let registered = matches!(self.kind, Kind::Registered(_));
        !registered && self.names.is_empty() && (self.role.is_none() || self.watches())
    }

    fn key(&self) -> String {
        let names = || self.names.iter().cloned().collect::<Vec<_>>().join(" ");
        match &self.kind {
            Kind::Registered(id) => format!("name:{id}"),
            Kind::Unnamed(report) => format!("unnamed:{report}:{}", self.words),
            Kind::Person | Kind::Name if self.names.is_empty() => format!("name:{}", self.words),
            Kind::Person | Kind::Name => format!("name:{}", names()),
            Kind::Body => {
                let mut key = format!("role:{}", self.role.as_deref().unwrap_or_default());
                if let Some(field) = &self.field {
                    key.push_str(&format!(":{field}"));
                }
                if let Some(place) = &self.place {
                    key.push_str(&format!("@{}", place.country.as_deref().unwrap_or_default()));
                    if let Some((north, east)) = place.point {
                        key.push_str(&format!("{:+}{:+}", north, east));
                    }
                }
                if !self.names.is_empty() {
                    key.push_str(&format!("#{}", names()));
                }
                key
            }
        }
    }
}

/// How many sources some origins are at least, all foldable ones folded: persons into a body of
/// their role, names into whatever body there is, a body that watches and has no name into one of
/// the registry, and what fits two into one of them.
pub(crate) fn least<'a>(origins: impl Iterator<Item = &'a Origin>) -> u32 {
    let all: BTreeSet<&Who> = origins.map(|origin| &origin.who).collect();
    let mut bodies: Vec<&Who> = Vec::new();
    let mut registered = 0;
    let mut names: Vec<&Who> = Vec::new();
    let told = |who: &&Who| std::cmp::Reverse((who.field.is_some(), who.place.is_some(), who.names.len()));
    let mut order: Vec<&Who> = all.into_iter().collect();
    order.sort_by_key(told);
    let counted = order.iter().any(|who| matches!(who.kind, Kind::Registered(_)));
    // "a monitor", "a monitoring group": a body of the registry that counts, where there is one.
    let counts = |who: &Who| who.watches() && who.names.is_empty();
    for who in order.iter().filter(|who| who.kind == Kind::Body && !(counted && counts(who))) {
        if !bodies.iter().any(|body| body.same_body(who) && body.names_fit(who)) {
            bodies.push(who);
        }
    }
    for who in &order {
        match who.kind {
            Kind::Registered(_) => registered += 1,
            // "Odel, who heads the Observatory": of the registered body that counts.
            Kind::Person if counted && who.role.as_deref() == Some("monitor") => {}
            Kind::Person if !bodies.iter().any(|body| body.same_body(who)) => bodies.push(who),
            Kind::Name if !names.iter().any(|name| name.same_person(who)) => names.push(who),
            _ => {}
        }
    }
    // "officials of the country": of its ministry, army or police, where one of them speaks.
    let speaks_for = |official: &Who, body: &Who| {
        let place = official.place.as_ref().zip(body.place.as_ref()).is_none_or(|(a, b)| a.fits(b));
        place && body.role.as_deref().is_some_and(|role| OF_THE_STATE.contains(&role))
    };
    let (officials, others): (Vec<&Who>, Vec<&Who>) =
        bodies.into_iter().partition(|who| who.kind == Kind::Body && who.role.as_deref() == Some(OFFICIAL));
    let apart = |official: &&&Who| !others.iter().any(|body| speaks_for(official, body));
    let bodies = officials.iter().filter(apart).count() + others.len();
    ((bodies + registered) as u32).max(names.len() as u32)
}

/// Places named in some spans, first come first.
fn places_in(report: &Report, spans: &[Option<Span>]) -> Vec<Place> {
    let mut found = Vec::new();
    for span in spans.iter().flatten() {
        let first = report.places.partition_point(|place| place.span.end <= span.start);
        let inside = report.places[first..].iter().take_while(|place| place.span.start < span.end);
        found.extend(inside.filter_map(|place| place.choice()).map(Place::of));
    }
    found
}

/// Names in some spans that are no places.
fn names_in(report: &Report, spans: &[Option<Span>]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for span in spans.iter().flatten() {
        let first = report.names.partition_point(|name| name.span.end <= span.start);
        for name in report.names[first..].iter().take_while(|name| name.span.start < span.end) {
            let at = report.places.partition_point(|place| place.span.end <= name.span.start);
            let place = report.places.get(at).filter(|place| place.span.start < name.span.end);
            if place.is_none_or(|place| place.choice().is_none()) {
                // "Mohammed", "Muhammad": by their consonants, however few.
                found.insert(name.skeleton.replace(VOWELS, ""));
            }
        }
    }
    found
}

fn folded(words: &str) -> String {
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(fold).collect::<Vec<_>>().join(" ")
}
