//! Figures of one story: what each original source says over time, and how two sources stand to
//! each other. No figure is chosen.
//!
//! A report that took a figure from another gives the other's source a step, not a voice of its
//! own; a number that nobody is named for and that another report had before is no voice either.

use std::collections::{BTreeMap, HashMap, HashSet};

use selon_model::{
    FigureKey, GazetteerId, Operator, Order, Pair, Quantity, Relation, Series, Step, Story, Suspect, Why,
};

use crate::chain::Ways;
use crate::claim::Claim;
use crate::mutation::is_tenfold;
use crate::scope::{common_place, is_about_same, is_comparable, is_other_scale, scope_difference, scopes};

/// Hours after which a larger figure of another source is later news, not a contradiction.
const CURRENT_HOURS: i64 = 48;
/// Voices about one thing that are each set against every other: 19,900 pairs. Of more, each is
/// set against those next to it in size and against the two whose bounds reach least far up and
/// down: whatever contradicts anybody contradicts one of these. Every pair then says how many
/// were not made.
const MOST_VOICES: usize = 200;
/// How many voices next in size each of many is set against.
const NEXT: usize = 16;
/// The feature of a pair that tells how many others of the same thing were not made.
const NOT_MADE: &str = "pairs not made";

/// A claim that begins a way, with who is behind it.
#[derive(Clone, Copy)]
struct Voice<'c, 'a> {
    claim: &'c Claim<'a>,
    source: Option<&'c str>,
}

/// Series and pairs of a story.
pub(crate) fn compare_figures(story: &Story, ways: &Ways<'_>) -> (Vec<Series>, Vec<Pair>) {
    let (mut all_series, mut all_pairs) = (Vec::new(), Vec::new());
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, claim) in ways.claims.iter().enumerate().filter(|(_, claim)| claim.figure.is_some()) {
        groups.entry(&claim.event).or_default().push(at);
    }
    for group in groups.values() {
        let scope_of = scopes(&group.iter().map(|at| &ways.claims[*at]).collect::<Vec<_>>());
        let mut by_source: BTreeMap<OneSeries<'_>, Vec<usize>> = BTreeMap::new();
        for (at, scope) in group.iter().zip(scope_of) {
            let source = teller(ways, *at).map(|(key, _)| key);
            by_source.entry((ways.claims[*at].unit.as_str(), source, scope)).or_default().push(*at);
        }
        let mut voices: Vec<Voice<'_, '_>> = Vec::new();
        for ((unit, source, _), mut list) in by_source {
            list.sort_by(|a, b| {
                let (a, b) = (&ways.claims[*a], &ways.claims[*b]);
                (a.time.until, a.interval.size()).cmp(&(b.time.until, b.interval.size()))
            });
            let steps: Vec<&Claim<'_>> = list.iter().map(|at| &ways.claims[*at]).collect();
            let own: Vec<&Claim<'_>> = list
                .iter()
                .filter(|at| ways.root(**at) == **at && !ways.repeats(**at))
                .map(|at| &ways.claims[*at])
                .collect();
            all_series.push(Series {
                story: story.id,
                key: key(unit, steps[0], common_place(steps.iter().copied())),
                source: teller(ways, list[0]).map(|(_, name)| name.to_owned()),
                steps: describe(&steps, source.is_some()),
            });
            let own = match source {
                Some(_) => {
                    all_pairs.extend(changes(story, &own));
                    current(&own)
                }
                None => own,
            };
            voices.extend(own.into_iter().map(|claim| Voice { claim, source }));
        }
        let told: Vec<&Claim<'_>> = group.iter().map(|at| &ways.claims[*at]).collect();
        all_pairs.extend(pairs(story, &voices, &told));
    }
    (all_series, all_pairs)
}

/// Key and name of who tells a claim: its original source, or the outlet that it is from where the
/// report names nobody behind that one.
fn teller<'a>(ways: &'a Ways<'_>, at: usize) -> Option<(&'a str, &'a str)> {
    let outlet =
        || ways.claims[ways.root(at)].cited.as_ref().map(|(key, name)| (key.as_str(), name.as_str()));
    ways.origin(at).map(|origin| (origin.key.as_str(), origin.shown.as_str())).or_else(outlet)
}

fn key(unit: &str, claim: &Claim<'_>, place: Option<GazetteerId>) -> FigureKey {
    FigureKey { unit: unit.to_owned(), event: Some(claim.event.clone()), place, proposition: None }
}

/// A source's claims that no later one of it replaces; to say the same again replaces nothing.
fn current<'a, 'b>(own: &[&'a Claim<'b>]) -> Vec<&'a Claim<'b>> {
    let latest = own.iter().filter(|claim| claim.time.from.is_some()).max_by_key(|claim| claim.time.from);
    let replaced = |claim: &Claim<'_>| {
        latest.is_some_and(|later| {
            later.quantity() != claim.quantity() && claim.time.order(&later.time) == Order::FromFirst
        })
    };
    own.iter().filter(|claim| !replaced(claim)).copied().collect()
}

fn describe(list: &[&Claim<'_>], named: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, claim) in list.iter().enumerate() {
        let (Some(quantity), Some(figure)) = (claim.quantity(), claim.at()) else { continue };
        let relation = match index.checked_sub(1).map(|before| list[before]) {
            None => "first",
            Some(_) if !named => "order_unknown",
            Some(before) if before.quantity() == Some(quantity) => "same",
            Some(before) if before.time.order(&claim.time) != Order::FromFirst => "order_unknown",
            Some(before) if before.interval.size() <= claim.interval.size() => "update",
            Some(_) => "revision",
        };
        steps.push(Step { as_of: claim.as_of.clone(), quantity, figure, relation: relation.to_owned() });
    }
    steps
}

/// A named source's own changes, as pairs.
fn changes(story: &Story, list: &[&Claim<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for window in list.windows(2) {
        let [a, b] = window else { continue };
        if a.quantity() == b.quantity() || a.time.order(&b.time) != Order::FromFirst {
            continue;
        }
        let grows = a.interval.size() <= b.interval.size();
        let relation = if grows { Relation::Update } else { Relation::Revision };
        pairs.extend(pair(story, a, b, relation, "core.figure.same_source"));
    }
    pairs
}

/// What makes a voice another: source, quantity, unit, place, and the report where it has a place or
/// window of its own.
type OneVoice<'a> = (Option<&'a str>, Option<Quantity>, &'a str, Option<u32>, usize);

/// What makes a series another: unit, source and scope.
type OneSeries<'a> = (&'a str, Option<&'a str>, (usize, bool));

/// Every source's current figures against every other's. `told` holds all figures, those too that only
/// repeat another's number.
fn pairs<'c>(story: &Story, voices: &[Voice<'_, '_>], told: &[&'c Claim<'c>]) -> Vec<Pair> {
    let mut seen: HashSet<OneVoice<'_>> = HashSet::new();
    let mut distinct: Vec<Voice<'_, '_>> = Vec::new();
    for voice in voices {
        let claim = voice.claim;
        // What one source says twice is one voice; a place or window makes it another.
        let place = claim.figure.and_then(|(_, figure)| figure.place);
        let scoped = place.is_some() || claim.window().is_some();
        let report = if scoped { claim.input } else { usize::MAX };
        if seen.insert((voice.source, claim.quantity(), claim.unit.as_str(), place, report)) {
            distinct.push(*voice);
        }
    }
    let mut of_report: HashMap<usize, Vec<&Claim<'_>>> = HashMap::new();
    for claim in told {
        of_report.entry(claim.input).or_default().push(claim);
    }
    let (chosen, left_out) = compared(&distinct);
    let mut pairs = Vec::new();
    for (a, b) in chosen {
        let (a, b) = (distinct[a], distinct[b]);
        if let Some((relation, rule)) = relation(a, b, &of_report) {
            pairs.extend(pair(story, a.claim, b.claim, relation, rule));
        }
    }
    if left_out > 0 {
        for pair in &mut pairs {
            pair.why.features.push((NOT_MADE.to_owned(), left_out as f64));
        }
    }
    pairs
}

/// Which voices are set against each other, and how many pairs are left out.
fn compared(voices: &[Voice<'_, '_>]) -> (Vec<(usize, usize)>, usize) {
    let count = voices.len();
    if count <= MOST_VOICES {
        let all = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        return (all.collect(), 0);
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (voices[*at].claim.interval.size(), *at));
    let highest = order.iter().copied().max_by_key(|at| voices[*at].claim.interval.lower);
    let lowest = order
        .iter()
        .copied()
        .filter(|at| voices[*at].claim.interval.upper.is_some())
        .min_by_key(|at| voices[*at].claim.interval.upper);
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for (rank, at) in order.iter().enumerate() {
        let next = order[rank + 1..].iter().take(NEXT).copied();
        let ends = [highest, lowest].into_iter().flatten().filter(|end| end != at);
        chosen.extend(next.chain(ends).map(|other| (other.min(*at), other.max(*at))));
    }
    chosen.sort_unstable();
    chosen.dedup();
    let left_out = count * (count - 1) / 2 - chosen.len();
    (chosen, left_out)
}

/// How two claims stand, by the first rule that applies; `None` where they are not about the same.
fn relation(
    a: Voice<'_, '_>,
    b: Voice<'_, '_>,
    of_report: &HashMap<usize, Vec<&Claim<'_>>>,
) -> Option<(Relation, &'static str)> {
    let one_source = a.source.is_some() && a.source == b.source;
    let (a, b) = (a.claim, b.claim);
    if !is_comparable(&a.unit, &b.unit) {
        return None;
    }
    // "30" and "more than 30" are one number, told with and without its bound.
    if a.interval.meets(&b.interval) || a.value == b.value {
        return Some((Relation::Compatible, "core.figure.bounds_meet"));
    }
    let own = |claim: &Claim<'_>| claim.origin.as_ref().map(|origin| origin.key.clone());
    if let Some(rule) = scope_difference(a, b) {
        Some((Relation::ScopeDifference, rule))
    } else if a.input == b.input && own(a) == own(b) {
        Some((Relation::ScopeDifference, "core.figure.one_speaker"))
    } else if a.input == b.input && may_be_one(a, b) {
        Some((Relation::ScopeDifference, "core.figure.one_report"))
    } else if is_other_scale(a.value, b.value) {
        Some((Relation::ScopeDifference, "core.figure.other_scale"))
    } else if one_source {
        None
    } else if has_counterpart(a, b, of_report) || has_counterpart(b, a, of_report) {
        Some((Relation::ScopeDifference, "core.figure.other_counterpart"))
    } else if is_later_news(a, b) || is_later_news(b, a) {
        Some((Relation::Update, "core.figure.later_and_more"))
    } else {
        Some((Relation::Conflict, "core.figure.bounds_apart"))
    }
}

/// Whether the report of `b` has another figure of the kind that is nearer to `a`: one that can hold
/// together with it, unless the report sets the two against each other by naming who tells which; or one
/// of the same thing, told by whoever tells `b` or by nobody. Then that one is about the same as `a`, and
/// `b` about something else: another attack of the day, a part.
fn has_counterpart(a: &Claim<'_>, b: &Claim<'_>, of_report: &HashMap<usize, Vec<&Claim<'_>>>) -> bool {
    let others = of_report.get(&b.input).map_or(&[][..], Vec::as_slice);
    let apart = |claim: &Claim<'_>| claim.value.saturating_sub(a.value).abs();
    let of_teller = |other: &Claim<'_>| match (&other.origin, &b.origin) {
        (None, _) => true,
        (Some(one), Some(other)) => one.key == other.key,
        _ => false,
    };
    let set_against = |other: &Claim<'_>| !may_be_one(other, b);
    a.input != b.input
        && others.iter().any(|other| {
            let told = other.quantity().is_some_and(|quantity| quantity.op != Operator::Indefinite);
            other.span != b.span
                && told
                && is_comparable(&other.unit, &a.unit)
                && apart(other) < apart(b)
                && (other.interval.meets(&a.interval) && !set_against(other)
                    || of_teller(other) && is_about_same(other, a))
        })
}

/// Whether two claims of one report may be one voice's: in its own words, and in those of people it
/// does not name, a report does not contradict itself.
fn may_be_one(a: &Claim<'_>, b: &Claim<'_>) -> bool {
    match (&a.origin, &b.origin) {
        (Some(a), Some(b)) => a.is_unnamed() || b.is_unnamed() || a.may_be(b),
        _ => true,
    }
}

/// Whether `b` is larger and at least two days later than `a`: tolls rise.
fn is_later_news(a: &Claim<'_>, b: &Claim<'_>) -> bool {
    let (Some(until), Some(from)) = (a.time.until, b.time.from) else { return false };
    a.interval.size() < b.interval.size()
        && until.checked_add(jiff::Span::new().hours(CURRENT_HOURS)).is_ok_and(|after| after <= from)
}

fn pair(story: &Story, a: &Claim<'_>, b: &Claim<'_>, relation: Relation, rule: &str) -> Option<Pair> {
    let suspect = (relation == Relation::Conflict).then(|| suspect(a, b)).flatten();
    let bound = |claim: &Claim<'_>| claim.interval.size().and_then(|size| f64::try_from(size).ok());
    let mut features = Vec::new();
    features.extend(bound(a).map(|value| ("a".to_owned(), value)));
    features.extend(bound(b).map(|value| ("b".to_owned(), value)));
    let why = Why { rule: rule.to_owned(), features, instead_of: None };
    Some(Pair { story: story.id, a: a.at()?, b: b.at()?, relation, suspect, why })
}

fn suspect(a: &Claim<'_>, b: &Claim<'_>) -> Option<Suspect> {
    let (a, b) = (a.value, b.value);
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    if is_tenfold(small, large) {
        Some(Suspect::Factor10)
    } else if small.checked_mul(selon_model::Decimal::TEN).is_some_and(|ten| is_tenfold(ten, large)) {
        Some(Suspect::Factor100)
    } else {
        None
    }
}
