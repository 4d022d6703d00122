//! Places: are the names found, are they put in the right spot, is a government told from a town.
//!
//! Recognition: strict (equal spans) and relaxed (one-to-one overlap) precision, recall, F1.
//! Resolution: over gold toponyms with coordinates, on strictly matched spans and end to end:
//! share within 161 km (100 miles), mean and median error, AUC = mean ln(1 + km) / ln(20,039)
//! (Gritta et al., LREV 2019). Sets differ in what they mark: where a set marks hardly any
//! adjective of place, or name inside a body's name, ours are left out of its count; the figures
//! `counts_demonyms` and `counts_parts_of_names` say so, and `strict_f1_all` and
//! `relaxed_f1_all` count all that was read. A matched name that is given no place is wrong within
//! 161 km, and has no error in kilometres.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;
use selon_gazetteer::Gazetteer;
use selon_model::{Candidate, GazetteerId, Lang, Place, PlaceRole, Reading, RuleId, Span};
use selon_read::Packs;
use serde::Deserialize;

use crate::place_time_gold;
use crate::progress::Progress;
use crate::rows::{name_of, stem, typed, with_keys};
use crate::scores::{f1, share};
use crate::{Scores, Worst};

/// Labels of GeoWebNews that mark no toponym.
const NO_TOPONYM: [&str; 3] = ["Non_Toponym", "Literal_Expression", "Non_Lit_Expression"];
/// Labels of GeoWebNews for names that do not stand for the place itself.
const ASSOCIATIVE: [&str; 6] =
    ["Metonymic", "Non_Literal_Modifier", "Embedded_Non_Lit", "Demonym", "Homonym", "Language"];
/// 100 miles.
const NEAR_KM: f64 = 161.0;
/// Half the circumference of the Earth.
const FARTHEST_KM: f64 = 20_039.0;
/// A kind of name counts in a set that marks at least this share of ours.
const MARKED: f64 = 0.3;

#[derive(Deserialize)]
struct Document {
    id: String,
    lang: String,
    text: String,
    toponyms: Vec<Toponym>,
}

#[derive(Deserialize)]
struct Toponym {
    start: usize,
    end: usize,
    #[serde(default)]
    phrase: String,
    lat: Option<f64>,
    lon: Option<f64>,
    geonameid: Option<String>,
    kind: Option<String>,
    meto: Option<String>,
    page: Option<String>,
}

impl Toponym {
    fn is_associative(&self) -> bool {
        self.meto.is_some() || self.kind.as_deref().is_some_and(|kind| ASSOCIATIVE.contains(&kind))
    }
}

/// One document with gold and reading in the same unit, bytes.
struct Pair {
    id: String,
    text: String,
    gold: Vec<(usize, usize, Toponym)>,
    read: Vec<Place>,
}

/// Scores every `*.jsonl` of a folder.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    if let Some(scores) = place_time_gold::places(folder, packs)? {
        return Ok(scores);
    }
    let sets = with_keys(folder, &["id", "lang", "text", "toponyms"])?;
    if sets.is_empty() {
        bail!("no *.jsonl in {} has rows with text and toponyms", folder.display());
    }
    let several = sets.len() > 1;
    let mut all = Vec::new();
    for (path, rows) in sets {
        let documents: Vec<Document> = typed(&path, rows)?;
        let progress = Progress::new(format!("places {}", name_of(folder)), documents.len());
        let pairs = documents.into_par_iter().map(|document| {
            let pair = read(document, packs);
            progress.step();
            pair
        });
        let pairs: Vec<Pair> = pairs.collect();
        let name = name_of(folder);
        all.push(count(if several { format!("{name}/{}", stem(&path)) } else { name }, pairs));
    }
    Ok(all)
}

/// A name as another tool read it; offsets in code points.
#[derive(Deserialize)]
struct OtherPlace {
    start: usize,
    end: usize,
    lat: Option<f64>,
    lon: Option<f64>,
    geonameid: Option<String>,
    #[serde(default)]
    feature: String,
}

/// Scores what another tool read: a JSON object a line with `id` and `places` (start, end; lat,
/// lon, geonameid, feature where it puts the name somewhere).
pub(crate) fn score_readings(folder: &Path, readings: &Path) -> Result<Vec<Scores>> {
    #[derive(Deserialize)]
    struct Other {
        id: String,
        places: Vec<OtherPlace>,
    }
    let others: Vec<Other> = typed(readings, crate::rows::rows(readings)?)?;
    let mut of: BTreeMap<String, Vec<OtherPlace>> =
        others.into_iter().map(|other| (other.id, other.places)).collect();
    let mut all = Vec::new();
    for (path, rows) in with_keys(folder, &["id", "lang", "text", "toponyms"])? {
        let documents: Vec<Document> = typed(&path, rows)?;
        let pairs = documents.into_iter().map(|document| {
            let places = of.remove(&document.id).unwrap_or_default();
            pair(document, |_, at| places.iter().map(|place| other_place(place, at)).collect())
        });
        all.push(count(name_of(folder), pairs.collect()));
    }
    Ok(all)
}

fn other_place(place: &OtherPlace, at: &dyn Fn(usize) -> usize) -> Place {
    let candidate = place.lat.zip(place.lon).map(|(lat, lon)| Candidate {
        id: GazetteerId(format!("geonames:{}", place.geonameid.as_deref().unwrap_or(""))),
        name: String::new(),
        country: None,
        lat,
        lon,
        feature: place.feature.clone(),
        score: 1.0,
    });
    Place {
        span: Span::new(at(place.start), at(place.end)),
        role: PlaceRole::Place,
        reading: Reading::Literal,
        government: None,
        chosen: candidate.is_some().then_some(0),
        margin: None,
        candidates: candidate.into_iter().collect(),
        within: None,
        precision: None,
        radius_km: None,
        evidence: Vec::new(),
        rule: RuleId::core("eval.other"),
        confidence: 1.0,
    }
}

fn read(document: Document, packs: &Packs) -> Pair {
    let lang = Lang::new(&document.lang);
    pair(document, |text, _| {
        lang.map_or(Vec::new(), |lang| selon_read::read_text(text, &lang, None, packs).places)
    })
}

fn pair(document: Document, read: impl FnOnce(&str, &dyn Fn(usize) -> usize) -> Vec<Place>) -> Pair {
    let mut bytes: Vec<usize> = document.text.char_indices().map(|(at, _)| at).collect();
    bytes.push(document.text.len());
    let at = |index: usize| bytes.get(index).copied().unwrap_or(document.text.len());
    let toponyms = document.toponyms.into_iter();
    let kept = toponyms.filter(|t| t.kind.as_deref().is_none_or(|kind| !NO_TOPONYM.contains(&kind)));
    let gold = kept.map(|toponym| (at(toponym.start), at(toponym.end), toponym)).collect();
    let read = read(&document.text, &at);
    Pair { id: document.id, text: document.text, gold, read }
}

#[derive(Default)]
struct Tally {
    gold: usize,
    read: usize,
    strict: usize,
    relaxed: usize,
    placed: usize,
    errors_km: Vec<f64>,
    unplaced: usize,
    same_id: usize,
    with_id: usize,
    near_or_same_country: usize,
    associative_gold: usize,
    associative_read: usize,
    associative_both: usize,
    mistakes: BTreeMap<String, (usize, String)>,
}

fn count(data: String, mut pairs: Vec<Pair>) -> Scores {
    let demonyms = marked(&pairs, |place| place.role == PlaceRole::Demonym);
    let parts = marked(&pairs, |place| place.reading == Reading::PartOfName);
    let mut everything = Tally::default();
    pairs.iter().for_each(|pair| everything.add(pair));
    let mut tally = Tally::default();
    for pair in &mut pairs {
        pair.read.retain(|place| {
            (demonyms || place.role != PlaceRole::Demonym) && (parts || place.reading != Reading::PartOfName)
        });
        tally.add(pair);
    }
    let mut scores = Scores { n: tally.gold, ..Scores::new("places", data) };
    tally.write(&mut scores);
    scores.set("strict_f1_all", f1(everything.strict, everything.read, everything.gold));
    scores.set("relaxed_f1_all", f1(everything.relaxed, everything.read, everything.gold));
    let mut set = |name: &str, value: bool| scores.figures.insert(name.into(), f64::from(u8::from(value)));
    set("counts_demonyms", demonyms);
    set("counts_parts_of_names", parts);
    scores
}

/// Whether the set marks names of this kind: enough of ours are in its gold.
fn marked(pairs: &[Pair], kind: impl Fn(&Place) -> bool) -> bool {
    let (mut ours, mut theirs) = (0usize, 0usize);
    for pair in pairs {
        for place in pair.read.iter().filter(|place| kind(place)) {
            ours += 1;
            theirs += usize::from(pair.gold.iter().any(|(start, end, _)| overlaps(place, *start, *end)));
        }
    }
    ours > 0 && theirs as f64 >= MARKED * ours as f64
}

fn overlaps(place: &Place, start: usize, end: usize) -> bool {
    place.span.from() < end && start < place.span.to()
}

fn is_associative(place: &Place) -> bool {
    place.reading != Reading::Literal
}

impl Tally {
    fn add(&mut self, pair: &Pair) {
        self.gold += pair.gold.len();
        self.read += pair.read.len();
        let mut taken = vec![false; pair.read.len()];
        // Equal spans first, so that an overlap never takes the partner of an equal one.
        let equal: Vec<Option<usize>> = pair
            .gold
            .iter()
            .map(|(start, end, _)| {
                let same = |place: &Place| place.span.from() == *start && place.span.to() == *end;
                let at = (0..pair.read.len()).find(|&at| !taken[at] && same(&pair.read[at]))?;
                taken[at] = true;
                Some(at)
            })
            .collect();
        for ((start, end, toponym), equal) in pair.gold.iter().zip(&equal) {
            let overlap =
                || (0..pair.read.len()).find(|&at| !taken[at] && overlaps(&pair.read[at], *start, *end));
            let matched = equal.or_else(overlap);
            if let Some(at) = matched {
                taken[at] = true;
                self.relaxed += 1;
            }
            self.strict += usize::from(equal.is_some());
            match (equal, matched) {
                (None, Some(at)) => {
                    let read = &pair.text[pair.read[at].span.range()];
                    self.mistake("span", &format!("“{}” read “{read}”", toponym.phrase), pair, *start);
                }
                (None, None) => self.mistake("missed", &toponym.phrase, pair, *start),
                _ => {}
            }
            let associative = toponym.is_associative();
            self.associative_gold += usize::from(associative);
            if let Some(at) = matched {
                let ours = is_associative(&pair.read[at]);
                self.associative_read += usize::from(ours);
                self.associative_both += usize::from(ours && associative);
                // Sets that do not mark readings say nothing of ours.
                if let Some(wanted) = toponym.kind.as_deref().filter(|_| ours != associative) {
                    let read = format!("{:?}", pair.read[at].reading);
                    self.mistake(&format!("{wanted} read {read}"), &toponym.phrase, pair, *start);
                }
            }
            self.resolve(pair, *start, toponym, equal.map(|at| &pair.read[at]));
        }
        for (place, _) in pair.read.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            self.mistake("spurious", &pair.text[place.span.range()], pair, place.span.from());
        }
    }

    fn resolve(&mut self, pair: &Pair, start: usize, toponym: &Toponym, place: Option<&Place>) {
        let (Some(lat), Some(lon)) = (toponym.lat, toponym.lon) else { return };
        self.placed += 1;
        let Some(place) = place else { return };
        let Some(choice) = place.choice() else {
            self.unplaced += 1;
            return self.mistake("no place", &toponym.phrase, pair, start);
        };
        let km = distance(lat, lon, choice.lat, choice.lon);
        let same = toponym.geonameid.as_ref().is_some_and(|id| choice.id.0 == format!("geonames:{id}"));
        self.with_id += usize::from(toponym.geonameid.is_some());
        self.same_id += usize::from(same);
        self.errors_km.push(km);
        let right =
            km <= NEAR_KM || (choice.feature == "PCLI" && (same || names_country(toponym, &choice.id.0)));
        self.near_or_same_country += usize::from(right);
        if !right {
            let what = format!("“{}” taken for {} {} ({km:.0} km)", toponym.phrase, choice.id, choice.name);
            self.mistake("wrong place", &what, pair, start);
        }
    }

    fn mistake(&mut self, kind: &str, what: &str, pair: &Pair, at: usize) {
        let entry = self.mistakes.entry(format!("{kind}: {what}")).or_default();
        entry.0 += 1;
        if entry.1.is_empty() {
            let mut from = at.saturating_sub(40);
            let mut to = (at + 60).min(pair.text.len());
            while !pair.text.is_char_boundary(from) {
                from -= 1;
            }
            while !pair.text.is_char_boundary(to) {
                to += 1;
            }
            entry.1 = format!("{} …{}…", pair.id, pair.text[from..to].replace('\n', " "));
        }
    }

    fn write(mut self, scores: &mut Scores) {
        let mut set = |name: &str, value: f64| scores.figures.insert(name.to_owned(), value);
        set("strict_precision", share(self.strict, self.read));
        set("strict_recall", share(self.strict, self.gold));
        set("strict_f1", f1(self.strict, self.read, self.gold));
        set("relaxed_precision", share(self.relaxed, self.read));
        set("relaxed_recall", share(self.relaxed, self.gold));
        set("relaxed_f1", f1(self.relaxed, self.read, self.gold));
        if self.placed > 0 {
            let near = self.errors_km.iter().filter(|km| **km <= NEAR_KM).count();
            let matched = self.errors_km.len() + self.unplaced;
            set("placed_gold", self.placed as f64);
            set("acc161_matched", share(near, matched));
            set("acc161_end_to_end", share(near, self.placed));
            set("acc161_matched_countries_by_id", share(self.near_or_same_country, matched));
            set("acc161_end_to_end_countries_by_id", share(self.near_or_same_country, self.placed));
            self.errors_km.sort_by(f64::total_cmp);
            let count = self.errors_km.len().max(1) as f64;
            set("mean_km", self.errors_km.iter().sum::<f64>() / count);
            set("median_km", self.errors_km.get(self.errors_km.len() / 2).copied().unwrap_or(0.0));
            set(
                "auc",
                self.errors_km.iter().map(|km| (1.0 + km).ln() / FARTHEST_KM.ln()).sum::<f64>() / count,
            );
            if self.with_id > 0 {
                set("exact_id_matched", share(self.same_id, self.with_id));
            }
        }
        if self.associative_gold > 0 {
            set("metonymy_precision", share(self.associative_both, self.associative_read));
            set("metonymy_recall", share(self.associative_both, self.associative_gold));
            set("metonymy_f1", f1(self.associative_both, self.associative_read, self.associative_gold));
        }
        let mut worst: Vec<_> = self.mistakes.into_iter().collect();
        worst.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
        scores.worst = worst
            .into_iter()
            .map(|(what, (times, context))| Worst {
                id: context,
                score: -(times as f64),
                what: format!("{times} × {what}"),
            })
            .collect();
    }
}

/// Whether the gold's encyclopedia page has the name of this country: the set without ids.
fn names_country(toponym: &Toponym, id: &str) -> bool {
    let gazetteer = Gazetteer::embedded();
    let title =
        toponym.page.as_deref().and_then(|page| page.rsplit('/').next()).unwrap_or("").replace('_', " ");
    let named = gazetteer.lookup(&selon_gazetteer::fold(&title));
    named
        .is_some_and(|named| gazetteer.places(named).any(|(place, _)| format!("geonames:{}", place.id) == id))
}

/// Great-circle distance in kilometres.
fn distance(lat_a: f64, lon_a: f64, lat_b: f64, lon_b: f64) -> f64 {
    let (phi_a, phi_b) = (lat_a.to_radians(), lat_b.to_radians());
    let half = ((phi_b - phi_a) / 2.0).sin().powi(2)
        + phi_a.cos() * phi_b.cos() * ((lon_b - lon_a).to_radians() / 2.0).sin().powi(2);
    2.0 * 6371.0 * half.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilometres() {
        // Paris to London, and a quarter of the way round.
        assert!((distance(48.8566, 2.3522, 51.5074, -0.1278) - 343.6).abs() < 1.0);
        assert!((distance(0.0, 0.0, 0.0, 90.0) - 10_007.5).abs() < 1.0);
        assert_eq!(distance(10.0, 20.0, 10.0, 20.0), 0.0);
    }

    #[test]
    fn labels() {
        let toponym = |json: &str| serde_json::from_str::<Toponym>(json).expect("a toponym");
        assert!(toponym(r#"{"start": 0, "end": 1, "kind": "Demonym"}"#).is_associative());
        assert!(toponym(r#"{"start": 0, "end": 1, "meto": "org"}"#).is_associative());
        assert!(!toponym(r#"{"start": 0, "end": 1, "kind": "Literal"}"#).is_associative());
    }

    #[test]
    fn counts_of_one_sentence() {
        let line = r#"{"id": "a", "lang": "en", "text": "He flew from Paris to Qqqqx.", "toponyms": [
            {"start": 13, "end": 18, "lat": 48.85, "lon": 2.35}, {"start": 22, "end": 27}]}"#;
        let document = serde_json::from_str(line).expect("a document");
        let scores = count("set".into(), vec![read(document, Packs::embedded())]);
        assert_eq!(scores.n, 2);
        let figure = |name: &str| scores.figures[name];
        assert_eq!(figure("placed_gold"), 1.0);
        assert!((figure("strict_f1") - 2.0 / 3.0).abs() < 1e-12, "{:?}", scores.figures);
        assert_eq!(figure("acc161_end_to_end"), 1.0);
    }
}
