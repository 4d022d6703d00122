//! What a figure is about besides the number: where, who is counted, over which time. Figures whose
//! scopes differ do not contradict each other, whatever their numbers.

use jiff::civil::DateTime;
use selon_model::{Candidate, Decimal, GazetteerId, Place, TimeKind};

use crate::claim::Claim;

/// Hours of a window that is no more than the event itself; hours by which one window must go
/// beyond another, or be over before a report, to count something else. Our choice.
const EVENT_HOURS: i64 = 72;
/// Degrees of latitude and longitude inside which a point and the area around it are one place:
/// what a province is wide. Our choice.
const AREA: (f64, f64) = (1.5, 2.0);

/// Classes contained in "persons".
const PERSONS: &[&str] = &[
    "civilians",
    "children",
    "women",
    "fighters",
    "soldiers",
    "police",
    "refugees",
    "displaced",
    "residents",
    "detainees",
    "hostages",
    "journalists",
    "protesters",
    "bodies",
];

/// Whether two classes of unit count the same, or one a part of the other.
pub(crate) fn is_comparable(a: &str, b: &str) -> bool {
    a == b || contains(a, b) || contains(b, a)
}

fn contains(whole: &str, part: &str) -> bool {
    whole == "persons" && PERSONS.contains(&part)
        || whole == "civilians" && matches!(part, "children" | "women")
}

/// The rule by which two claims are about different things, by the first that applies; `None`
/// where nothing tells them apart. A scope that is not told is not another one.
pub(crate) fn scope_difference(a: &Claim<'_>, b: &Claim<'_>) -> Option<&'static str> {
    if a.unit != b.unit {
        return Some("core.figure.part_of_persons");
    }
    elsewhere(a, b)
}

/// Whether one number is more than fifty times another, and no slip by digits: no two counts of one
/// event are that far apart; the larger is of a war. Our choice.
pub(crate) fn is_other_scale(a: Decimal, b: Decimal) -> bool {
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    small > Decimal::ZERO
        && small.checked_mul(Decimal::from(50)).is_some_and(|fifty| fifty < large)
        && !large
            .checked_div(small)
            .is_some_and(|ratio| [Decimal::ONE_HUNDRED, Decimal::ONE_THOUSAND].contains(&ratio))
}

/// Whether two claims may count the same thing, by place, time and scale as far as they are told.
pub(crate) fn is_about_same(a: &Claim<'_>, b: &Claim<'_>) -> bool {
    elsewhere(a, b).is_none() && !is_other_scale(a.value, b.value)
}

fn elsewhere(a: &Claim<'_>, b: &Claim<'_>) -> Option<&'static str> {
    if let (Some(one), Some(other)) = (place(a), place(b))
        && let Some(differ) = places_differ(one, other)
    {
        let rule = match differ {
            PlacesDiffer::Apart => Some("core.figure.other_place"),
            PlacesDiffer::Holds => may_hold(a, b).then_some("core.figure.place_in_place"),
            PlacesDiffer::Held => may_hold(b, a).then_some("core.figure.place_in_place"),
        };
        if rule.is_some() {
            return rule;
        }
    }
    periods_differ(a, b)
}

/// Where a figure is about, as a place of its report.
fn place<'a>(claim: &Claim<'a>) -> Option<&'a Place> {
    let place = claim.report.places.get(claim.figure?.1.place? as usize)?;
    place.choice().map(|_| place)
}

/// The place that all claims that tell one agree on.
pub(crate) fn common_place<'c, 'a: 'c>(claims: impl Iterator<Item = &'c Claim<'a>>) -> Option<GazetteerId> {
    let mut common: Option<&Candidate> = None;
    for choice in claims.filter_map(place).filter_map(Place::choice) {
        match common {
            Some(known) if known.id != choice.id && !is_same(known, choice) => return None,
            Some(_) => {}
            None => common = Some(choice),
        }
    }
    common.map(|choice| choice.id.clone())
}

/// Numbers for the scopes of claims: the same for claims that one source may update. A claim
/// without a place is about the only place that others name, if there is only one.
pub(crate) fn scopes(claims: &[&Claim<'_>]) -> Vec<(usize, bool)> {
    let mut places: Vec<&Candidate> = Vec::new();
    let told: Vec<Option<usize>> = claims
        .iter()
        .map(|claim| {
            let choice = place(claim)?.choice()?;
            let known = places.iter().position(|known| known.id == choice.id || is_same(known, choice));
            Some(known.unwrap_or_else(|| {
                places.push(choice);
                places.len() - 1
            }))
        })
        .collect();
    let without = if places.len() == 1 { 0 } else { places.len() };
    let long = |claim: &Claim<'_>| window(claim).is_some_and(|window| is_long(claim, window));
    claims.iter().zip(told).map(|(claim, place)| (place.unwrap_or(without), long(claim))).collect()
}

/// Whether one claim's number may be that of a whole and the other's that of a part of it.
fn may_hold(whole: &Claim<'_>, part: &Claim<'_>) -> bool {
    match (whole.interval.upper, part.interval.lower) {
        (Some(most), Some(least)) => most >= least,
        _ => true,
    }
}

/// How two places differ.
enum PlacesDiffer {
    Apart,
    /// The first holds the second.
    Holds,
    /// It lies in it.
    Held,
}

fn places_differ(a: &Place, b: &Place) -> Option<PlacesDiffer> {
    let (one, other) = (a.choice()?, b.choice()?);
    if one.id == other.id || is_same(one, other) {
        return None;
    }
    let holds = |area: &Candidate, part: &Candidate| {
        let same_country = area.country.is_some() && area.country == part.country;
        let near = (area.lat - part.lat).abs() <= AREA.0 && (area.lon - part.lon).abs() <= AREA.1;
        same_country && (is_country(area) || area.feature.starts_with("ADM") && near)
    };
    Some(match (holds(one, other), holds(other, one)) {
        (true, _) => PlacesDiffer::Holds,
        (_, true) => PlacesDiffer::Held,
        _ => PlacesDiffer::Apart,
    })
}

fn is_country(place: &Candidate) -> bool {
    place.feature.starts_with("PCL")
}

/// The same place under two entries: a town, and the district that has its name.
fn is_same(a: &Candidate, b: &Candidate) -> bool {
    let close = (a.lat - b.lat).abs() <= 0.2 && (a.lon - b.lon).abs() <= 0.3;
    !is_country(a) && !is_country(b) && a.country == b.country && close
}

/// The stretch of time that a claim tells of; open ends stay open. Where the figure has none, the
/// dates of its sentence, if all of them lie days before the report: "in April a blast killed six".
fn window(claim: &Claim<'_>) -> Option<(Option<DateTime>, Option<DateTime>)> {
    match claim.window() {
        Some(window) => {
            (window.from.is_some() || window.until.is_some()).then_some((window.from, window.until))
        }
        None => past_dates(claim).map(|(from, until)| (Some(from), Some(until))),
    }
}

fn past_dates(claim: &Claim<'_>) -> Option<(DateTime, DateTime)> {
    let told = claim.time.from?;
    let times = &claim.report.times;
    let first = times.partition_point(|time| time.span.end <= claim.sentence.start);
    let inside = times[first..].iter().take_while(|time| time.span.start < claim.sentence.end);
    let dates = inside.filter(|time| matches!(time.kind, TimeKind::Date | TimeKind::Time));
    let mut hull: Option<(DateTime, DateTime)> = None;
    for (from, until) in dates.filter_map(|time| time.from.zip(time.until)) {
        if hours(until, told) < EVENT_HOURS {
            return None;
        }
        hull = Some(hull.map_or((from, until), |(first, last)| (first.min(from), last.max(until))));
    }
    hull
}

fn hours(from: DateTime, until: DateTime) -> i64 {
    until.duration_since(from).as_hours()
}

/// Two windows that lie apart, one that goes far beyond the other, or one that goes far beyond
/// the event that the other claim has no window for.
fn periods_differ(a: &Claim<'_>, b: &Claim<'_>) -> Option<&'static str> {
    match (window(a), window(b)) {
        (Some(one), Some(other)) => {
            let apart = |(_, until): (_, Option<DateTime>), (from, _): (Option<DateTime>, _)| matches!((until, from), (Some(until), Some(from)) if until <= from);
            if apart(one, other) || apart(other, one) {
                return Some("core.figure.other_period");
            }
            let begins = one.0.zip(other.0).map_or(0, |(a, b)| hours(a, b).abs());
            let open = one.0.is_some() != other.0.is_some();
            (begins > EVENT_HOURS || open).then_some("core.figure.period_in_period")
        }
        (Some(only), None) => is_longer(a, only, b).then_some("core.figure.period_in_period"),
        (None, Some(only)) => is_longer(b, only, a).then_some("core.figure.period_in_period"),
        (None, None) => None,
    }
}

/// Whether a window is longer than an event, or over before what the other claim is about: a
/// report without a window is about what is new in it.
fn is_longer(claim: &Claim<'_>, window: (Option<DateTime>, Option<DateTime>), other: &Claim<'_>) -> bool {
    let before =
        |until: DateTime, told: Option<DateTime>| told.is_some_and(|told| hours(until, told) >= EVENT_HOURS);
    let over = window.1.is_some_and(|until| before(until, other.time.from) && before(until, claim.time.from));
    over || is_long(claim, window)
}

fn is_long(claim: &Claim<'_>, (from, until): (Option<DateTime>, Option<DateTime>)) -> bool {
    from.zip(until.or(claim.time.until)).is_some_and(|(from, end)| hours(from, end) > EVENT_HOURS)
}
