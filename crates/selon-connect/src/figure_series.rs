//! Figures of one story: what each source says over time, and how two sources stand to each
//! other. No figure is chosen.

use std::collections::{BTreeMap, HashMap};

use selon_model::{
    Figure, FigureKey, FigureRef, HopRole, Operator, Order, Pair, Relation, Report, Series, Source,
    SourceKind, Step, Story, Suspect, When, Why,
};

use crate::Input;
use crate::interval::Interval;
use crate::key::TimeRange;
use crate::sketch::fold;

/// Unit classes that are no counts of what an event did.
const NO_COUNT: &[&str] = &["duration", "money", "percent", "area", "mass", "other"];

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

/// A figure with who says it, when.
#[derive(Clone)]
struct Occurrence<'a> {
    at: FigureRef,
    figure: &'a Figure,
    source: Option<(String, String)>,
    time: TimeRange,
    as_of: Option<When>,
    interval: Interval,
}

/// Series and pairs of every story, in the order of stories.
pub(crate) fn compare_figures(inputs: &[Input<'_>], stories: &[Story]) -> (Vec<Series>, Vec<Pair>) {
    let by_id: HashMap<_, _> = inputs.iter().map(|input| (input.report.id, input)).collect();
    let (mut all_series, mut all_pairs) = (Vec::new(), Vec::new());
    for story in stories {
        let mut groups: BTreeMap<String, Vec<Occurrence<'_>>> = BTreeMap::new();
        for member in &story.members {
            let Some(input) = by_id.get(&member.report) else { continue };
            for occurrence in occurrences(input) {
                let event = occurrence.figure.event.as_ref().map_or("", |event| event.class.as_str());
                groups.entry(event.to_owned()).or_default().push(occurrence);
            }
        }
        for group in groups.values() {
            let mut by_source: BTreeMap<(String, Option<String>), Vec<Occurrence<'_>>> = BTreeMap::new();
            for occurrence in group {
                let class = class_of(occurrence.figure).to_owned();
                let source = occurrence.source.as_ref().map(|(key, _)| key.clone());
                by_source.entry((class, source)).or_default().push(occurrence.clone());
            }
            let mut latest: Vec<Occurrence<'_>> = Vec::new();
            for ((class, source), mut list) in by_source {
                list.sort_by(|a, b| {
                    (a.time.until, a.interval.size()).cmp(&(b.time.until, b.interval.size()))
                });
                let steps = steps(&list, source.is_some());
                all_pairs.extend(changes(story, &list, source.is_some()));
                all_series.push(Series {
                    story: story.id,
                    key: key(class, list[0].figure),
                    source: list[0].source.as_ref().map(|(_, name)| name.clone()),
                    steps,
                });
                match source {
                    Some(_) => latest.extend(list.last().cloned()),
                    None => latest.extend(list),
                }
            }
            all_pairs.extend(pairs(story, &latest));
        }
    }
    (all_series, all_pairs)
}

fn key(unit: String, figure: &Figure) -> FigureKey {
    FigureKey {
        unit,
        event: figure.event.as_ref().map(|event| event.class.clone()),
        place: None,
        proposition: None,
    }
}

fn class_of(figure: &Figure) -> &str {
    figure.unit.as_ref().map_or("", |unit| unit.class.as_str())
}

fn occurrences<'a>(input: &Input<'a>) -> Vec<Occurrence<'a>> {
    let report = input.report;
    let time = TimeRange::of(input);
    let mut found = Vec::new();
    for (index, figure) in report.figures.iter().enumerate() {
        let counts = figure.event.is_some() && figure.unit.is_some() && !NO_COUNT.contains(&class_of(figure));
        let is_part = figure.share_of.is_some();
        if !counts || is_part || matches!(figure.quantity.op, Operator::Percent | Operator::Ratio) {
            continue;
        }
        let said = figure.said_in.and_then(|said| report.statements.get(said as usize));
        let as_of = figure
            .window
            .clone()
            .filter(|window| window.until.is_some())
            .or_else(|| said.and_then(|statement| statement.said.clone()))
            .or_else(|| report.published.clone());
        found.push(Occurrence {
            at: FigureRef { report: report.id, figure: index as u32 },
            figure,
            source: said.and_then(|statement| source_key(report, statement.source.as_ref()?, statement)),
            time,
            as_of,
            interval: Interval::of(&figure.quantity),
        });
    }
    found
}

/// Who says it, as a key that is the same in all languages where the source has a role, and as a
/// name to show. Unnamed sources are kept apart by report: two "sources" are not one.
fn source_key(
    report: &Report,
    source: &Source,
    statement: &selon_model::Statement,
) -> Option<(String, String)> {
    let origin = statement.chain.iter().find(|hop| hop.role == HopRole::Origin);
    let name = origin
        .and_then(|hop| hop.name.clone())
        .or_else(|| source.resolved.clone())
        .unwrap_or_else(|| report.text.words(source.span).to_owned());
    let unnamed = matches!(source.kind, SourceKind::Unnamed | SourceKind::CollectiveUnnamed);
    let key = match &source.role {
        Some(role) => format!("role:{role}"),
        None if unnamed => format!("unnamed:{}:{}", report.id, fold(&name)),
        None => format!("name:{}", fold(&name)),
    };
    Some((key, name))
}

fn steps(list: &[Occurrence<'_>], named: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, occurrence) in list.iter().enumerate() {
        let relation = match index.checked_sub(1).map(|before| &list[before]) {
            None => "first",
            Some(_) if !named => "order_unknown",
            Some(before) if before.figure.quantity == occurrence.figure.quantity => "same",
            Some(before) if before.time.order(&occurrence.time) != Order::FromFirst => "order_unknown",
            Some(before) if before.interval.size() <= occurrence.interval.size() => "update",
            Some(_) => "revision",
        };
        steps.push(Step {
            as_of: occurrence.as_of.clone(),
            quantity: occurrence.figure.quantity,
            figure: occurrence.at,
            relation: relation.to_owned(),
        });
    }
    steps
}

/// A named source's own changes, as pairs.
fn changes(story: &Story, list: &[Occurrence<'_>], named: bool) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for window in list.windows(2).filter(|_| named) {
        let [a, b] = window else { continue };
        if a.figure.quantity == b.figure.quantity || a.time.order(&b.time) != Order::FromFirst {
            continue;
        }
        let grows = a.interval.size() <= b.interval.size();
        let relation = if grows { Relation::Update } else { Relation::Revision };
        pairs.push(pair(story, a, b, relation, "core.figure.same_source"));
    }
    pairs
}

/// Every source's latest figure against every other's.
fn pairs(story: &Story, latest: &[Occurrence<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut distinct: Vec<&Occurrence<'_>> = Vec::new();
    for occurrence in latest {
        let same = |other: &&Occurrence<'_>| {
            other.source == occurrence.source
                && other.figure.quantity == occurrence.figure.quantity
                && class_of(other.figure) == class_of(occurrence.figure)
        };
        if !distinct.iter().any(same) {
            distinct.push(occurrence);
        }
    }
    for (index, a) in distinct.iter().enumerate() {
        for b in &distinct[index + 1..] {
            let (first, second) = (class_of(a.figure), class_of(b.figure));
            let related = first == second || contains(first, second) || contains(second, first);
            if !related {
                continue;
            }
            let same_source = a.source.is_some() && a.source == b.source;
            let (relation, rule) = if a.interval.meets(&b.interval) {
                (Relation::Compatible, "core.figure.bounds_meet")
            } else if first != second {
                (Relation::ScopeDifference, "core.figure.part_of_persons")
            } else if same_source {
                continue;
            } else {
                (Relation::Conflict, "core.figure.bounds_apart")
            };
            pairs.push(pair(story, a, b, relation, rule));
        }
    }
    pairs
}

fn contains(whole: &str, part: &str) -> bool {
    whole == "persons" && PERSONS.contains(&part)
        || whole == "civilians" && matches!(part, "children" | "women")
}

fn pair(story: &Story, a: &Occurrence<'_>, b: &Occurrence<'_>, relation: Relation, rule: &str) -> Pair {
    let suspect = (relation == Relation::Conflict).then(|| suspect(a, b)).flatten();
    let bound = |interval: &Interval| interval.size().and_then(|size| f64::try_from(size).ok());
    let mut features = Vec::new();
    features.extend(bound(&a.interval).map(|value| ("a".to_owned(), value)));
    features.extend(bound(&b.interval).map(|value| ("b".to_owned(), value)));
    let why = Why { rule: rule.to_owned(), features, instead_of: None };
    Pair { story: story.id, a: a.at, b: b.at, relation, suspect, why }
}

fn suspect(a: &Occurrence<'_>, b: &Occurrence<'_>) -> Option<Suspect> {
    let value =
        |occurrence: &Occurrence<'_>| occurrence.figure.quantity.lower.or(occurrence.figure.quantity.upper);
    let (a, b) = (value(a)?, value(b)?);
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    let ten = selon_model::Decimal::TEN;
    if small.is_zero() {
        None
    } else if small.checked_mul(ten) == Some(large) {
        Some(Suspect::Factor10)
    } else if small.checked_mul(ten * ten) == Some(large) {
        Some(Suspect::Factor100)
    } else {
        None
    }
}
