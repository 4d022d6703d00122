//! Which place of many a name means, decided for all names of a report together.
//!
//! Every distinct name is one choice (one sense a report, unless it is told of two countries). A choice starts from how well
//! known its candidates are; then, in three rounds in a fixed order, each takes the candidate that
//! fits the others best: a container named beside it, the countries and units the report
//! speaks of, what lies near. Ties go to the lower id, so the outcome is always the same.

use std::collections::{BTreeMap, BTreeSet};

use selon_gazetteer::{Gazetteer, PlaceId, PlaceKind, PlaceRef};

use super::pack::{HeadKind, PlacePack, Target};
use super::recognise::Mention;
use super::scan::Found;

/// A candidate with its score.
#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub(crate) place: PlaceRef<'static>,
    pub(crate) score: f32,
}

/// A distinct name and what it may mean, best first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) candidates: Vec<Ranked>,
    /// Set where the packs say what it is.
    pub(crate) region: Option<usize>,
    /// How much the rest of the report speaks for the best: 0 to 2.
    pub(crate) support: f32,
    /// A container named beside it holds it.
    pub(crate) contained: bool,
    /// The town has been set against the unit that bears its name.
    seated: bool,
    /// The name is told of more than one country.
    parted: bool,
    /// Kinds of place that head nouns asked for.
    kinds: Vec<HeadKind>,
}

// Swept by hand on geovirus; round on purpose.
const FEATURE_COUNTRY: f32 = 6.0;
const FEATURE_CAPITAL: f32 = 4.0;
const FEATURE_ADMIN1: f32 = 0.5;
const FEATURE_ADMIN2: f32 = -2.5;
const FEATURE_SEAT: f32 = 1.5;
const PREFERRED: f32 = 2.0;
const CONTAINED: f32 = 12.0;
const COUNTRY_SHARE: f32 = 5.0;
const UNIT_SHARE: f32 = 3.0;
const NEAR: f32 = 2.0;
const OF_KIND: f32 = 6.0;
/// People of a town that its name means before the unit of that name.
const SEAT_PEOPLE: u32 = 100_000;
const UNIT_OF_SEAT: f32 = 3.0;
/// "Ashgrove County" is in the state that the report names, of all that have one.
const COUNTY_OF_NAMED: f32 = 3.0;
const TOWN_OF_NAMED: f32 = 1.0;
const ROUNDS: usize = 3;
/// Candidates that stay after the first sorting.
const KEPT: usize = 24;

/// The choices of a report, and which one each mention takes.
pub(crate) struct Resolution {
    pub(crate) choices: Vec<Choice>,
    pub(crate) of_mention: Vec<usize>,
    /// Mentions that are said to lie, in brackets, where no candidate of theirs lies.
    pub(crate) contradicted: BTreeSet<usize>,
}

/// Ranks the candidates of all mentions.
pub(crate) fn resolve(mentions: &[Mention], pack: &PlacePack, home: Option<[u8; 2]>) -> Resolution {
    let gazetteer = pack.gazetteer;
    let (choices, of_mention) = group(mentions, pack, gazetteer);
    let mut resolution = Resolution { choices, of_mention, contradicted: BTreeSet::new() };
    let weights = weigh(mentions, &resolution);
    let containers = containers(mentions, &resolution);
    let priors: Vec<Vec<Ranked>> =
        resolution.choices.iter().map(|choice| choice.candidates.clone()).collect();
    let mut inside = vec![Vec::new(); containers.len()];
    for (index, others) in containers.iter().enumerate() {
        for &other in others {
            let list: &mut Vec<usize> = &mut inside[other];
            if list.len() < 64 {
                list.push(index);
            }
        }
    }
    settle_pairs(&mut resolution, &priors, &containers);
    for _ in 0..ROUNDS {
        let shares = Shares::of(&resolution, &weights, home);
        let around = Around { towns: towns(&resolution, &weights), containers: &containers, inside: &inside };
        for (index, prior) in priors.iter().enumerate() {
            if prior.len() > 1 || resolution.choices[index].region.is_none() {
                rank(&mut resolution, index, prior, &around, &shares, &weights);
            }
        }
    }
    contradict(mentions, &mut resolution);
    resolution
}

/// "Cordoue (Argentine)", of which the gazetteer knows only the one in Spain: no place, rather than a
/// wrong one.
fn contradict(mentions: &[Mention], resolution: &mut Resolution) {
    for (index, mention) in mentions.iter().enumerate().filter(|(_, mention)| mention.bracketed) {
        let own = resolution.of_mention[index];
        let Some(outer) = mention.container.and_then(|at| resolution.of_mention.get(at)) else { continue };
        let outer = resolution.choices[*outer].candidates.first().map(|best| best.place);
        let Some(outer) = outer.filter(|outer| outer.kind == PlaceKind::Country) else { continue };
        // A capital of that name is known too well: "Cayenne (France)".
        let doubtful = |ranked: &Ranked| {
            ranked.place.kind == PlaceKind::Populated
                && ranked.place.feature != "PPLC"
                && !lies_in(&ranked.place, &outer)
        };
        let candidates = &resolution.choices[own].candidates;
        if !candidates.is_empty() && candidates.iter().all(doubtful) {
            resolution.contradicted.insert(index);
        }
    }
}

/// What stands around the choices of a report.
struct Around<'r> {
    /// The first choices that are towns.
    towns: Vec<usize>,
    /// Choices that stand as containers beside each choice, and the other way round.
    containers: &'r [Vec<usize>],
    inside: &'r [Vec<usize>],
}

/// Towns a report is measured by: the first so many keep a long list of names linear.
const TOWNS: usize = 40;

fn towns(resolution: &Resolution, weights: &[f32]) -> Vec<usize> {
    let is_town = |index: &usize| {
        let best = resolution.choices[*index].candidates.first();
        weights[*index] > 0.0 && best.is_some_and(|best| best.place.kind == PlaceKind::Populated)
    };
    (0..weights.len()).filter(is_town).take(TOWNS + 1).collect()
}

/// What a head noun makes of a name: "Donetsk" is not "the Donetsk region", nor the Kabir river Kabir.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Any,
    Unit,
    Water,
}

impl Sort {
    fn of(head: Option<HeadKind>) -> Sort {
        match head {
            Some(HeadKind::Admin1 | HeadKind::Admin2) => Sort::Unit,
            Some(HeadKind::Water) => Sort::Water,
            _ => Sort::Any,
        }
    }
}

fn is_town(place: &PlaceRef<'_>) -> bool {
    place.kind == PlaceKind::Populated && place.feature.starts_with("PPL")
}

/// What makes a choice of its own: the name, whether the gazetteer lacks it, what the packs say it is,
/// its sort, and its sense where there are several.
type Distinct<'m> = (&'m str, bool, Option<Target>, Sort, Option<u32>);

/// One choice for each distinct name and sort of place.
fn group(
    mentions: &[Mention],
    pack: &PlacePack,
    gazetteer: &'static Gazetteer<'static>,
) -> (Vec<Choice>, Vec<usize>) {
    let senses = senses(mentions, pack, gazetteer);
    let mut index: BTreeMap<Distinct<'_>, usize> = BTreeMap::new();
    let mut choices: Vec<Choice> = Vec::new();
    let mut of_mention = Vec::with_capacity(mentions.len());
    for (mention, sense) in mentions.iter().zip(senses) {
        let target = match mention.found {
            Some(Found::Pack(name)) => Some(pack.names[name].target),
            _ => None,
        };
        // Equal targets are one choice, however they are written.
        let key = if target.is_some() { "" } else { mention.key.as_str() };
        let sort = match Sort::of(mention.head) {
            Sort::Water if target.is_some() => Sort::Any,
            sort => sort,
        };
        let at = *index.entry((key, mention.found.is_none(), target, sort, sense)).or_insert_with(|| {
            let mut choice = open(mention, target, gazetteer);
            match (sort, mention.head) {
                (Sort::Unit, Some(HeadKind::Admin1)) => add_unit(&mut choice, gazetteer),
                (Sort::Water, _) => {
                    choice
                        .candidates
                        .retain(|ranked| !is_town(&ranked.place) && ranked.place.kind != PlaceKind::Country);
                }
                _ => {}
            }
            choices.push(choice);
            choices.len() - 1
        });
        choices[at].parted |= sense.is_some();
        if sort == Sort::Any {
            prefer_seat(&mut choices[at]);
        }
        prefer_kind(&mut choices[at], mention.head);
        of_mention.push(at);
    }
    for choice in &mut choices {
        sort(&mut choice.candidates);
        choice.candidates.truncate(KEPT);
    }
    (choices, of_mention)
}

/// One name in two countries: "Tripoli, Lebanon" and "Tripoli, Libya" are two choices. A mention that
/// names no container goes with the one most named, of equals the first. Numbers of senses, in the
/// order of `mentions`; `None` for a name of one sense.
fn senses(
    mentions: &[Mention],
    pack: &PlacePack,
    gazetteer: &'static Gazetteer<'static>,
) -> Vec<Option<u32>> {
    let country = |mention: &Mention| -> Option<[u8; 2]> {
        let outer = mentions.get(mention.container?).filter(|outer| outer.score >= 2.0)?;
        let target = match outer.found {
            Some(Found::Pack(name)) => Some(pack.names[name].target),
            _ => None,
        };
        let mut candidates = open(outer, target, gazetteer).candidates;
        sort(&mut candidates);
        let place = candidates.first()?.place;
        matches!(place.kind, PlaceKind::Country | PlaceKind::Admin1).then_some(place.country)
    };
    let mut named: BTreeMap<&str, Vec<([u8; 2], usize)>> = BTreeMap::new();
    let own: Vec<Option<[u8; 2]>> = mentions
        .iter()
        .map(|mention| if mention.found.is_some() { country(mention) } else { None })
        .collect();
    for (mention, country) in mentions.iter().zip(&own) {
        let Some(country) = country else { continue };
        let countries = named.entry(mention.key.as_str()).or_default();
        match countries.iter_mut().find(|(known, _)| known == country) {
            Some((_, count)) => *count += 1,
            None => countries.push((*country, 1)),
        }
    }
    let sense = |mention: &Mention, own: &Option<[u8; 2]>| {
        let countries = named.get(mention.key.as_str()).filter(|countries| countries.len() > 1)?;
        let most = countries.iter().map(|(_, count)| *count).max();
        let at = match own {
            Some(country) => countries.iter().position(|(known, _)| known == country),
            None => countries.iter().position(|(_, count)| Some(*count) == most),
        };
        at.map(|at| at as u32)
    };
    mentions.iter().zip(&own).map(|(mention, own)| sense(mention, own)).collect()
}

/// "The Donetsk region": the unit that is called by its seat, where the gazetteer has no unit of that name.
fn add_unit(choice: &mut Choice, gazetteer: &'static Gazetteer<'static>) {
    if choice.candidates.iter().any(|ranked| ranked.place.kind == PlaceKind::Admin1) {
        return;
    }
    let seats = choice.candidates.iter().filter(|ranked| matches!(ranked.place.feature, "PPLA" | "PPLC"));
    let best = seats.max_by(|a, b| a.score.total_cmp(&b.score).then(b.place.id.cmp(&a.place.id)));
    let unit = best.and_then(|seat| Some((gazetteer.place(seat.place.admin1?)?, seat.score)));
    if let Some((place, score)) = unit.filter(|(place, _)| place.point.is_some()) {
        choice.candidates.push(Ranked { place, score: prior(&place, true).max(score) });
    }
}

fn open(mention: &Mention, target: Option<Target>, gazetteer: &'static Gazetteer<'static>) -> Choice {
    let mut choice = Choice::default();
    match (target, mention.found) {
        (Some(Target::Region(region)), _) => choice.region = Some(region),
        (Some(Target::Gazetteer(at)), _) => {
            choice
                .candidates
                .extend(gazetteer.place(at).map(|place| Ranked { place, score: prior(&place, true) }));
        }
        (None, Some(Found::Gazetteer(named))) => {
            choice.candidates = gazetteer
                .places(named)
                .filter(|(place, _)| place.point.is_some())
                .map(|(place, preferred)| Ranked { place, score: prior(&place, preferred) })
                .collect();
        }
        _ => {}
    }
    choice
}

/// How likely a place is meant, before anything of the report is known.
fn prior(place: &PlaceRef<'_>, preferred: bool) -> f32 {
    let people = (place.population as f32 + 1.0).ln();
    let feature = match (place.kind, place.feature) {
        (PlaceKind::Country, _) => FEATURE_COUNTRY,
        (PlaceKind::Admin1, _) => FEATURE_ADMIN1,
        (PlaceKind::Admin2, _) => FEATURE_ADMIN2,
        (_, "PPLC") => FEATURE_CAPITAL,
        (_, "PPLA") => FEATURE_SEAT,
        (_, "PPLX") => -1.0,
        (_, "PPLH" | "PPLQ" | "PPLW" | "PPLCH") => -2.0,
        _ => 0.0,
    };
    people + feature + if preferred { PREFERRED } else { 0.0 }
}

/// "New York", "Genève": without a noun of units, the town rather than the unit that bears its name.
fn prefer_seat(choice: &mut Choice) {
    if std::mem::replace(&mut choice.seated, true) {
        return;
    }
    let seats: Vec<PlaceId> = choice
        .candidates
        .iter()
        .filter(|ranked| ranked.place.kind == PlaceKind::Populated && ranked.place.population >= SEAT_PEOPLE)
        .filter_map(|ranked| ranked.place.admin1)
        .collect();
    for ranked in &mut choice.candidates {
        if ranked.place.kind == PlaceKind::Admin1 && seats.contains(&ranked.place.at) {
            ranked.score -= UNIT_OF_SEAT;
        }
    }
}

fn prefer_kind(choice: &mut Choice, head: Option<HeadKind>) {
    let Some(head) = head.filter(|head| !choice.kinds.contains(head)) else { return };
    choice.kinds.push(head);
    for ranked in &mut choice.candidates {
        let fits = match head {
            HeadKind::City | HeadKind::Suburb | HeadKind::Village => {
                ranked.place.kind == PlaceKind::Populated
            }
            HeadKind::Admin1 => ranked.place.kind == PlaceKind::Admin1,
            HeadKind::Admin2 => ranked.place.kind == PlaceKind::Admin2,
            HeadKind::Country => ranked.place.kind == PlaceKind::Country,
            HeadKind::Neighbourhood => ranked.place.feature == "PPLX",
            HeadKind::Facility | HeadKind::Nature | HeadKind::Water => false,
        };
        if fits {
            ranked.score += OF_KIND;
        }
    }
}

fn sort(candidates: &mut [Ranked]) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.id.cmp(&b.place.id)));
}

/// How much each choice counts in the report: its mentions, with a ceiling.
fn weigh(mentions: &[Mention], resolution: &Resolution) -> Vec<f32> {
    let mut weights = vec![0.0f32; resolution.choices.len()];
    for (mention, &choice) in mentions.iter().zip(&resolution.of_mention) {
        if mention.score > 1.0 && !mention.part_of_name {
            weights[choice] += if mention.demonym { 0.5 } else { 1.0 };
        }
    }
    weights.iter().map(|weight| weight.min(4.0)).collect()
}

/// Choices that stand as containers beside each choice.
fn containers(mentions: &[Mention], resolution: &Resolution) -> Vec<Vec<usize>> {
    let mut containers = vec![Vec::new(); resolution.choices.len()];
    for (index, mention) in mentions.iter().enumerate() {
        let Some(container) = mention.container.and_then(|at| resolution.of_mention.get(at)) else {
            continue;
        };
        let list: &mut Vec<usize> = &mut containers[resolution.of_mention[index]];
        if !list.contains(container) && *container != resolution.of_mention[index] && list.len() < 8 {
            list.push(*container);
        }
    }
    containers
}

/// "Athens, Georgia": the pair that fits best together is taken together, before anything else.
fn settle_pairs(resolution: &mut Resolution, priors: &[Vec<Ranked>], containers: &[Vec<usize>]) {
    for (index, others) in containers.iter().enumerate() {
        for &other in others {
            let mut best: Option<(f32, usize, usize)> = None;
            for (a, inner) in priors[index].iter().enumerate() {
                for (b, outer) in priors[other].iter().enumerate() {
                    if lies_in(&inner.place, &outer.place) {
                        let score = inner.score + outer.score;
                        if best.is_none_or(|(other, ..)| score > other) {
                            best = Some((score, a, b));
                        }
                    }
                }
            }
            let apart =
                priors[index].first().zip(priors[other].first()).map_or(0.0, |(a, b)| a.score + b.score);
            let Some((score, a, b)) = best else { continue };
            if score + CONTAINED >= apart {
                let (inner, outer) = (priors[index][a].place.at, priors[other][b].place.at);
                take(&mut resolution.choices[index], inner);
                take(&mut resolution.choices[other], outer);
            }
        }
    }
}

fn take(choice: &mut Choice, at: PlaceId) {
    if let Some(position) = choice.candidates.iter().position(|ranked| ranked.place.at == at) {
        choice.candidates[..=position].rotate_right(1);
    }
}

/// Whether one place lies in another, by country and units.
fn lies_in(inner: &PlaceRef<'_>, outer: &PlaceRef<'_>) -> bool {
    match outer.kind {
        PlaceKind::Country => inner.country == outer.country && inner.kind != PlaceKind::Country,
        PlaceKind::Admin1 => inner.admin1 == Some(outer.at),
        PlaceKind::Admin2 => inner.admin2 == Some(outer.at),
        PlaceKind::Populated => {
            inner.kind == PlaceKind::Populated
                && inner.population < outer.population
                && inner.at != outer.at
                && inner.admin1 == outer.admin1
                && inner.admin1.is_some()
                && distance(inner, outer).is_some_and(|km| km < 40.0)
        }
    }
}

/// Shares of countries and units in what the report names.
struct Shares {
    countries: BTreeMap<[u8; 2], f32>,
    units: BTreeMap<PlaceId, f32>,
    /// Units of the first order that the report names themselves.
    named: BTreeSet<PlaceId>,
    total: f32,
}

impl Shares {
    fn of(resolution: &Resolution, weights: &[f32], home: Option<[u8; 2]>) -> Shares {
        let mut shares =
            Shares { countries: BTreeMap::new(), units: BTreeMap::new(), named: BTreeSet::new(), total: 2.0 };
        for (choice, weight) in resolution.choices.iter().zip(weights) {
            let Some(best) = choice.candidates.first() else { continue };
            shares.total += weight;
            *shares.countries.entry(best.place.country).or_default() += weight;
            if best.place.kind == PlaceKind::Admin1 && *weight >= 1.0 {
                shares.named.insert(best.place.at);
            }
            if let Some(unit) = unit_of(&best.place) {
                *shares.units.entry(unit).or_default() += weight;
            }
        }
        if let Some(home) = home {
            *shares.countries.entry(home).or_default() += 0.5;
        }
        for share in shares.countries.values_mut() {
            *share /= shares.total;
        }
        for share in shares.units.values_mut() {
            *share /= shares.total;
        }
        shares
    }
}

fn unit_of(place: &PlaceRef<'_>) -> Option<PlaceId> {
    if place.kind == PlaceKind::Admin1 { Some(place.at) } else { place.admin1 }
}

fn rank(
    resolution: &mut Resolution,
    index: usize,
    priors: &[Ranked],
    around: &Around<'_>,
    shares: &Shares,
    weights: &[f32],
) {
    let own = resolution.choices[index].candidates.first().map(|best| best.place);
    let best_of = |other: usize| resolution.choices[other].candidates.first().map(|best| best.place);
    let outers: Vec<PlaceRef<'static>> =
        around.containers[index].iter().filter_map(|&other| best_of(other)).collect();
    let inners: Vec<PlaceRef<'static>> =
        around.inside[index].iter().filter_map(|&other| best_of(other)).collect();
    let points: Vec<PlaceRef<'static>> = if priors.len() > 1 {
        let others = around.towns.iter().filter(|&&other| other != index);
        let best = others.filter_map(|&other| best_of(other));
        best.filter(|place| place.kind == PlaceKind::Populated).take(TOWNS).collect()
    } else {
        Vec::new()
    };
    // "Wildfires in Georgia, near Atlanta": the unit of a town that is named, where nothing speaks for
    // the country of that name.
    let unit_named = priors.iter().any(|candidate| {
        let at = candidate.place.at;
        candidate.place.kind == PlaceKind::Admin1
            && points.iter().any(|town| town.admin1 == Some(at))
            && !points.iter().any(|town| {
                priors.iter().any(|other| {
                    other.place.kind == PlaceKind::Country && other.place.country == town.country
                })
            })
    });
    let mut ranked = Vec::with_capacity(priors.len());
    let mut support = Vec::with_capacity(priors.len());
    for candidate in priors {
        let place = candidate.place;
        // What this choice itself gave to the shares does not speak for it.
        let given = |here: bool| if here { weights[index] / shares.total } else { 0.0 };
        let country = shares.countries.get(&place.country).copied().unwrap_or(0.0)
            - given(own.is_some_and(|own| own.country == place.country));
        let unit = unit_of(&place).and_then(|unit| shares.units.get(&unit)).copied().unwrap_or(0.0)
            - given(own.is_some_and(|own| unit_of(&own).is_some() && unit_of(&own) == unit_of(&place)));
        let contained = outers.iter().any(|outer| lies_in(&place, outer))
            || inners.iter().any(|inner| lies_in(inner, &place));
        let near = points.iter().filter(|other| distance(&place, other).is_some_and(|km| km < 150.0)).count();
        let near = (near as f32 / 2.0).min(1.0);
        let named = match (place.kind, place.admin1) {
            (PlaceKind::Admin2, Some(unit)) if shares.named.contains(&unit) => COUNTY_OF_NAMED,
            (PlaceKind::Populated, Some(unit)) if shares.named.contains(&unit) => TOWN_OF_NAMED,
            _ => 0.0,
        };
        let speaks = COUNTRY_SHARE * country.max(0.0) + UNIT_SHARE * unit.max(0.0) + NEAR * near + named;
        let unlikely = if unit_named && place.kind == PlaceKind::Country { FEATURE_COUNTRY } else { 0.0 };
        // Of two towns of one name, the words beside each tell which it is.
        let holds = if resolution.choices[index].parted { 2.0 * CONTAINED } else { CONTAINED };
        let score = candidate.score - unlikely + speaks + if contained { holds } else { 0.0 };
        ranked.push(Ranked { place, score });
        support.push((place.at, speaks.min(4.0) / 2.0, contained));
    }
    sort(&mut ranked);
    let choice = &mut resolution.choices[index];
    let best = ranked.first().and_then(|best| support.iter().find(|(at, ..)| *at == best.place.at));
    if let Some((_, speaks, contained)) = best {
        (choice.support, choice.contained) = (*speaks, *contained);
    }
    choice.candidates = ranked;
}

/// Great-circle distance in kilometres (haversine, mean radius 6,371 km); `None` where a point is missing.
pub(crate) fn distance(a: &PlaceRef<'_>, b: &PlaceRef<'_>) -> Option<f64> {
    let ((lat_a, lon_a), (lat_b, lon_b)) = (a.point?, b.point?);
    // Far apart in latitude alone: no need for trigonometry.
    if (lat_a - lat_b).abs() > 3.0 {
        return Some(((lat_a - lat_b).abs()) * 111.2);
    }
    let (phi_a, phi_b) = (lat_a.to_radians(), lat_b.to_radians());
    let half = ((phi_b - phi_a) / 2.0).sin().powi(2)
        + phi_a.cos() * phi_b.cos() * ((lon_b - lon_a).to_radians() / 2.0).sin().powi(2);
    Some(2.0 * 6371.0 * half.sqrt().min(1.0).asin())
}
