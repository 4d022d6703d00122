//! The offset from UTC of a clock time told in a named zone, or in local time.
//!
//! Offsets come from the IANA time zone database that is built in, never from the machine's:
//! the same text gives the same offset everywhere.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use selon_gazetteer::Gazetteer;
use selon_model::{Place, Reading, Span, TimeFlag, TimeMention};

use super::pack::TimePack;
use crate::lex::Lexed;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Whether the tables know a zone of this IANA name.
pub(super) fn is_known(name: &str) -> bool {
    ZONES.get(name).is_ok()
}

/// The offset of a zone at a time of its clocks, as `+03:00`; `None` where clocks show that time
/// twice or never.
pub(super) fn offset_at(name: &str, at: DateTime) -> Option<String> {
    let zone: TimeZone = ZONES.get(name).ok()?;
    let told = zone.to_ambiguous_timestamp(at);
    if told.is_ambiguous() {
        return None;
    }
    Some(offset_text(zone.to_offset(told.compatible().ok()?).seconds()))
}

/// Seconds east of UTC, as ISO 8601-1 section 5.3.4 writes them; minutes are its finest.
pub(super) fn offset_text(seconds: i32) -> String {
    if seconds == 0 {
        return String::from("Z");
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Zones of the places of a sentence that are compared.
const MOST_ZONES: usize = 8;

/// Gives clock times in local time the zone of the places in which their sentence says that
/// something was ("in Aleppo", not "from London" or "the Paris group"). Where those lie in zones
/// that differ, or none is known, the zone stays open. The value and the EDTF stay as said.
pub(crate) fn fill_local_zones(
    times: &mut [TimeMention],
    lexed: &Lexed,
    pack: &TimePack,
    places: &[Place],
    gazetteer: &Gazetteer<'_>,
) {
    if !times.iter().any(|time| time.flags.contains(&TimeFlag::LocalTime)) {
        return;
    }
    let sentences: Vec<Span> = lexed.sentences().map(|sentence| lexed.span(sentence)).collect();
    let mut zones: Vec<&str> = Vec::new();
    let mut zones_of = None;
    for time in times.iter_mut().filter(|time| time.flags.contains(&TimeFlag::LocalTime)) {
        let Some(at) = time.from.filter(|_| time.zone.is_none()) else { continue };
        let after = sentences.partition_point(|sentence| sentence.start <= time.span.start);
        let Some(index) = after.checked_sub(1) else { continue };
        if zones_of != Some(index) {
            let sentence = sentences[index];
            let from = places.partition_point(|place| place.span.end <= sentence.start);
            let named = places[from..].iter().take_while(|place| place.span.start < sentence.end);
            zones = named
                .filter(|place| place.reading == Reading::Literal && is_located(lexed, pack, place.span))
                .filter_map(|place| zone_of(place, gazetteer))
                .collect();
            zones.sort_unstable();
            zones.dedup();
            zones_of = Some(index);
        }
        // So many zones in one sentence never agree.
        if zones.len() > MOST_ZONES {
            continue;
        }
        let mut offsets = zones.iter().map(|zone| offset_at(zone, at));
        let Some(Some(offset)) = offsets.next() else { continue };
        if offsets.all(|other| other.as_ref() == Some(&offset)) {
            time.zone = Some(offset);
        }
    }
}

/// A locative of the language stands right before a name.
fn is_located(lexed: &Lexed, pack: &TimePack, name: Span) -> bool {
    let at = lexed.tokens().partition_point(|token| token.span.start < name.start);
    pack.settings.locatives.iter().any(|words| {
        let words: Vec<&str> = words.split(' ').collect();
        let from = at.checked_sub(words.len());
        from.is_some_and(|from| words.iter().zip(from..at).all(|(word, token)| lexed.folded(token) == *word))
    })
}

/// The IANA zone of a place, where the gazetteer has it.
fn zone_of<'a>(place: &Place, gazetteer: &'a Gazetteer<'_>) -> Option<&'a str> {
    let id = place.choice()?.id.0.strip_prefix("geonames:")?.parse().ok()?;
    Some(gazetteer.by_id(id)?.zone).filter(|zone| !zone.is_empty())
}
