//! Takes all of one gazetteer into another that is being built.

use std::collections::BTreeMap;

use super::error::Error;
use super::place::{PlaceId, PlaceKind};
use super::read::Gazetteer;
use super::write::{Builder, Row};

impl Builder {
    /// Adds every place of a gazetteer with all its names. What is added later replaces its places.
    ///
    /// # Errors
    /// As [`add`](Builder::add).
    pub fn extend(&mut self, base: &Gazetteer<'_>) -> Result<(), Error> {
        let id_of = |at: Option<PlaceId>| at.and_then(|at| base.place(at)).map(|place| place.id);
        let countries: BTreeMap<PlaceId, Vec<String>> = base
            .countries()
            .map(|(_, country)| {
                let near: Vec<String> = country
                    .neighbours
                    .iter()
                    .map(|code| String::from_utf8_lossy(code).into_owned())
                    .collect();
                let mut flags = vec![format!("near={}", near.join("+"))];
                flags.extend(id_of(country.capital).map(|id| format!("capital={id}")));
                flags.extend(country.wikidata.map(|number| format!("wd=Q{number}")));
                (country.place, flags)
            })
            .collect();
        for at in 0..u32::try_from(base.len()).unwrap_or(u32::MAX) {
            let Some(place) = base.place(PlaceId(at)) else { continue };
            let mut flags = countries.get(&place.at).cloned().unwrap_or_default();
            flags.extend(place.point_is_rough.then(|| "point=label".to_owned()));
            self.add(&Row {
                id: place.id,
                kind: kind_name(place.kind).to_owned(),
                country: place.country_code().to_owned(),
                admin1: id_of(place.admin1),
                admin2: id_of(place.admin2),
                point: place.point,
                population: place.population,
                feature: place.feature.to_owned(),
                zone: place.zone.to_owned(),
                name: place.name.to_owned(),
                alternates: Vec::new(),
                flags,
                own: place.own.map(str::to_owned),
            })?;
        }
        base.each_name(&mut |key, at, flags| {
            let Some(place) = base.place(at) else { return Ok(()) };
            self.name(key.to_owned(), place.id, flags)
        })
    }
}

pub(crate) fn kind_name(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Populated => "place",
        PlaceKind::Country => "country",
        PlaceKind::Admin1 => "admin1",
        PlaceKind::Admin2 => "admin2",
    }
}
