//! Where: place names, their reading and ranked candidates.
//!
//! Four steps: `scan` finds every name the gazetteer or the packs know; `recognise` keeps those
//! that are places here; `resolve` decides for all of them together which place is meant;
//! `reading` tells a government or a people from the place. A name of which nothing good enough is known
//! stays without a place: a wrong point on a map is worse than none.

mod judge;
mod pack;
mod prove;
mod reading;
mod recognise;
mod relate;
mod resolve;
mod scan;
mod unlisted;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use selon_gazetteer::{Gazetteer, PlaceId, PlaceKind, PlaceRef};
use selon_model::{
    Candidate, GazetteerId, Note, Outlet, Place, PlacePrecision, PlaceRole, Reading, RuleId, Statement, Text,
};

use crate::pack::{Pack, Packs};

pub(crate) use pack::PlacePack;
use pack::{HeadKind, Region};
pub(crate) use prove::prove;
use recognise::{Mention, find_mentions};
use resolve::{Choice, Ranked, Resolution, resolve};
use scan::{MOST_NAMES, Scan};

/// What the place reader may look at.
pub(crate) struct PlaceContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) pack: &'a Pack,
    pub(crate) packs: &'a Packs,
    pub(crate) outlet: Option<&'a Outlet>,
}

const CONTAINER: RuleId = RuleId::core("core.place.contained");
const CONTEXT: RuleId = RuleId::core("core.place.report_context");
const SPEAKS: RuleId = RuleId::core("core.place.government_speaks");
const RENOWN: RuleId = RuleId::core("core.place.renown");

/// A name under this is no place. Swept by hand on geovirus.
const THRESHOLD: f32 = 1.5;
/// What a well-supported mention of a name lends to the others.
const SHARED: f32 = 0.5;
/// Candidates that go into the record.
const SHOWN: usize = 5;
/// Radius within which a part of a town lies around the town's point.
const TOWN_RADIUS_KM: f32 = 10.0;
/// People a square kilometre of built-up land, by which a town's radius is reckoned: towns of the world have 3,000
/// to 10,000 (Angel et al., Atlas of Urban Expansion, 2016). A stated rule, no measured border.
const TOWN_DENSITY: f32 = 5000.0;
/// A village, or a town whose people nobody counted.
const TOWN_LEAST_KM: f32 = 0.5;
const TOWN_MOST_KM: f32 = 40.0;

/// Finds the place names of a text, in text order.
pub(crate) fn find_places(context: &PlaceContext<'_>, notes: &mut Vec<Note>) -> Vec<Place> {
    let (places, cut_at) = find_without(context, None);
    if let Some(at) = cut_at {
        let message =
            format!("more than {MOST_NAMES} names that may be places: places are read up to byte {at}");
        notes.push(Note::new("limit", message));
    }
    places
}

/// The same with a row of the pack left out, and where the first name stands that is one too many.
fn find_without(context: &PlaceContext<'_>, without: Option<pack::PlaceRow>) -> (Vec<Place>, Option<u32>) {
    let pack = &context.pack.place;
    let scan = Scan::of(context.text, pack, without);
    let mentions = find_mentions(&scan, pack);
    let resolution = resolve(&mentions, pack, home(context));
    let mut best = vec![f32::MIN; resolution.choices.len()];
    for (mention, &choice) in mentions.iter().zip(&resolution.of_mention) {
        best[choice] = best[choice].max(mention.score);
    }
    let mut places = Vec::new();
    let towns = Towns::of(&mentions, &resolution);
    for (index, mention) in mentions.iter().enumerate() {
        let choice = resolution.of_mention[index];
        let lent = SHARED * (best[choice] - mention.score).clamp(0.0, 3.0);
        let score = mention.score + resolution.choices[choice].support + lent;
        if score >= THRESHOLD && mention.score > -1.5 {
            places.push(write(&scan, pack, &mentions, &resolution, &towns, (index, score)));
        }
    }
    (places, scan.cut_at)
}

/// A country or capital that is the source of a statement stands for its government there.
pub(crate) fn mark_speakers(places: &mut [Place], statements: &[Statement]) {
    for source in statements.iter().filter_map(|statement| statement.source.as_ref()) {
        let (Some(at), Some(government)) = (source.place, &source.government) else { continue };
        let Some(place) = places.get_mut(at as usize).filter(|place| place.role == PlaceRole::Place) else {
            continue;
        };
        place.role = PlaceRole::Metonym;
        place.reading = Reading::Government;
        place.government = Some(government.clone());
        place.evidence.push(SPEAKS);
    }
}

/// The country of the outlet, where it is known: a nudge, no more.
fn home(context: &PlaceContext<'_>) -> Option<[u8; 2]> {
    let name = context.outlet?.name.as_deref()?;
    let agency =
        context.packs.registry().agencies.iter().find(|agency| agency.names.iter().any(|own| own == name))?;
    agency.country.as_deref()?.as_bytes().try_into().ok()
}

fn write(
    scan: &Scan<'_>,
    pack: &PlacePack,
    mentions: &[Mention],
    resolution: &Resolution,
    towns: &Towns,
    (index, score): (usize, f32),
) -> Place {
    let mention = &mentions[index];
    let choice = &resolution.choices[resolution.of_mention[index]];
    let contradicted = resolution.contradicted.contains(&index);
    let taken = choice.candidates.first().filter(|_| !contradicted);
    let region = choice.region.and_then(|region| pack.regions.get(region));
    let union = region.is_some_and(|region| region.kind == "union");
    let read = reading::read_mention(scan, pack, mention, taken.map(|best| &best.place), union);
    let mut evidence = mention.evidence.clone();
    evidence.extend(read.rule.clone());
    if choice.contained {
        evidence.push(CONTAINER);
    } else if choice.support > 0.5 {
        evidence.push(CONTEXT);
    } else if taken.is_some() {
        evidence.push(RENOWN);
    }
    evidence.dedup();
    let mut candidates = match region {
        Some(region) => vec![region_candidate(region)],
        None => shown(&choice.candidates),
    };
    // A town's police stand for no government.
    let whole = taken.is_some_and(|best| best.place.kind == PlaceKind::Country);
    let speaks = whole
        || read.reading == Reading::Government && taken.is_some_and(|best| best.place.feature == "PPLC");
    let government = match read.role {
        PlaceRole::Metonym | PlaceRole::Demonym if !speaks => None,
        PlaceRole::Place => None,
        _ => taken.map(|best| best.place.country_code().to_owned()).filter(|code| !code.is_empty()),
    };
    if government.is_some() && read.reading == Reading::Government {
        add_country(&mut candidates, taken, pack.gazetteer);
    }
    let margin = match candidates.as_slice() {
        [] => None,
        [_] => Some(1.0),
        [first, second, ..] => Some(first.score - second.score),
    };
    // A part of a town, or a name no gazetteer has: known only by what it lies in.
    let child = mention.found.is_none() || mention.head == Some(HeadKind::Neighbourhood) && !is_part(taken);
    if contradicted {
        candidates.clear();
    }
    let (precision, radius_km, within) = if contradicted {
        (None, None, None)
    } else if child {
        candidates.clear();
        let within = towns.around(mentions, index);
        let town = within.filter(|_| mention.head == Some(HeadKind::Neighbourhood));
        (town.map(|_| PlacePrecision::City), town.map(|_| TOWN_RADIUS_KM), within.map(|place| id_of(&place)))
    } else {
        let radius_km = region.map(|region| region.radius_km).or_else(|| town_radius(&taken?.place));
        (precision(taken, region), radius_km, None)
    };
    let confidence = confidence(score, margin.filter(|_| !candidates.is_empty()));
    Place {
        span: mention.span,
        role: read.role,
        reading: read.reading,
        government,
        chosen: (!candidates.is_empty()).then_some(0),
        margin: margin.filter(|_| !candidates.is_empty()),
        candidates,
        within,
        precision,
        radius_km,
        evidence,
        rule: mention.rule.clone(),
        confidence,
    }
}

fn is_part(taken: Option<&Ranked>) -> bool {
    taken.is_some_and(|best| best.place.feature == "PPLX")
}

/// The best candidates, their scores turned into shares that sum to 1 over all of them.
fn shown(candidates: &[Ranked]) -> Vec<Candidate> {
    let Some(best) = candidates.first() else { return Vec::new() };
    let total: f32 = candidates.iter().map(|ranked| (ranked.score - best.score).exp()).sum();
    let listed = candidates.iter().take(SHOWN);
    listed.filter_map(|ranked| candidate(&ranked.place, (ranked.score - best.score).exp() / total)).collect()
}

fn candidate(place: &PlaceRef<'_>, score: f32) -> Option<Candidate> {
    let (lat, lon) = place.point?;
    let code = place.country_code();
    Some(Candidate {
        id: id_of(place),
        name: place.name.to_owned(),
        country: (!code.is_empty()).then(|| code.to_owned()),
        lat,
        lon,
        feature: place.feature.to_owned(),
        score: (score * 1000.0).round() / 1000.0,
    })
}

fn region_candidate(region: &Region) -> Candidate {
    Candidate {
        id: GazetteerId(region.id.clone()),
        name: region.name.clone(),
        country: None,
        lat: region.lat,
        lon: region.lon,
        feature: region.kind.clone(),
        score: 1.0,
    }
}

/// `geonames:N`, or what the place is called in a list of one's own.
fn id_of(place: &PlaceRef<'_>) -> GazetteerId {
    GazetteerId(place.own.map_or_else(|| format!("geonames:{}", place.id), str::to_owned))
}

/// A government's country stands among its candidates, after the capital that was named.
fn add_country(
    candidates: &mut Vec<Candidate>,
    taken: Option<&Ranked>,
    gazetteer: &'static Gazetteer<'static>,
) {
    let country =
        taken.and_then(|best| gazetteer.country(best.place.country)).and_then(|c| gazetteer.place(c.place));
    let Some(country) = country else { return };
    let id = id_of(&country);
    if !candidates.iter().any(|candidate| candidate.id == id) {
        candidates.truncate(SHOWN - 1);
        candidates.extend(candidate(&country, 0.0));
    }
}

/// The towns that a report names, each once.
struct Towns {
    /// Town of each mention that surely is one.
    of_mention: Vec<Option<PlaceRef<'static>>>,
    /// The most named first, of equals the one with the smaller id.
    ranked: Vec<(PlaceRef<'static>, usize)>,
}

impl Towns {
    fn of(mentions: &[Mention], resolution: &Resolution) -> Towns {
        let town = |(at, mention): (usize, &Mention)| -> Option<PlaceRef<'static>> {
            let choice: &Choice = &resolution.choices[resolution.of_mention[at]];
            let place = choice.candidates.first()?.place;
            let sure = mention.found.is_some()
                && !resolution.contradicted.contains(&at)
                && !mention.demonym
                && !mention.part_of_name
                && mention.score >= THRESHOLD;
            (sure && place.kind == PlaceKind::Populated && place.feature != "PPLX").then_some(place)
        };
        let of_mention: Vec<_> = mentions.iter().enumerate().map(town).collect();
        let mut counts: BTreeMap<PlaceId, (PlaceRef<'static>, usize)> = BTreeMap::new();
        for place in of_mention.iter().flatten() {
            counts.entry(place.at).or_insert((*place, 0)).1 += 1;
        }
        let mut ranked: Vec<_> = counts.into_values().collect();
        ranked.sort_by_key(|(place, count)| (Reverse(*count), place.id));
        Towns { of_mention, ranked }
    }

    /// The town a name without a place of its own lies in: the one named beside it, else, for a
    /// quarter, the one the report names most, its own mention aside.
    fn around(&self, mentions: &[Mention], index: usize) -> Option<PlaceRef<'static>> {
        if let Some(place) = mentions[index].container.and_then(|at| self.of_mention[at]) {
            return Some(place);
        }
        if mentions[index].head != Some(HeadKind::Neighbourhood) {
            return None;
        }
        let own = self.of_mention[index].map(|place| place.at);
        let without_own = |(place, count): &(PlaceRef<'static>, usize)| {
            (*place, count - usize::from(Some(place.at) == own))
        };
        // Taking one away can bring no town before the second.
        let first = self.ranked.iter().take(2).map(without_own).filter(|(_, count)| *count > 0);
        first.max_by_key(|(place, count)| (*count, Reverse(place.id))).map(|(place, _)| place)
    }
}

/// How far a town reaches from its point, in km to one decimal: the radius of the disc on which its
/// people would live as densely as in towns of the world on the whole. Nothing for what is no town.
fn town_radius(place: &PlaceRef<'_>) -> Option<f32> {
    if place.kind != PlaceKind::Populated {
        return None;
    }
    let radius = (place.population as f32 / (std::f32::consts::PI * TOWN_DENSITY)).sqrt();
    Some((radius.clamp(TOWN_LEAST_KM, TOWN_MOST_KM) * 10.0).round() / 10.0)
}

fn precision(taken: Option<&Ranked>, region: Option<&Region>) -> Option<PlacePrecision> {
    if region.is_some() {
        return Some(PlacePrecision::Region);
    }
    Some(match taken?.place.kind {
        PlaceKind::Country => PlacePrecision::Country,
        PlaceKind::Admin1 | PlaceKind::Admin2 => PlacePrecision::Admin,
        PlaceKind::Populated => PlacePrecision::City,
    })
}

fn confidence(score: f32, margin: Option<f32>) -> f32 {
    let sure = 0.5 + 0.08 * (score - THRESHOLD).clamp(0.0, 4.0);
    let settled = margin.map_or(-0.1, |margin| 0.15 * margin.clamp(0.0, 1.0));
    ((sure + settled).clamp(0.05, 0.97) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
