//! Claim chains: which report took a figure from which, and how many sources are behind it.
//!
//! Three kinds of evidence. A report that names another outlet took the figure from that outlet's
//! report in the story whose figure is nearest, else from a report that is not here (a stub). A
//! report that has the words of an earlier one took it from there. A report that gives nobody and
//! has the exact number of an earlier one may have it from there: a weak edge, drawn but not
//! counted. Unknown order stays unknown; nothing is taken from a report that is provably later.
//!
//! Time grows with the claims of a story and those of the outlets that they cite, not with the
//! square of its claims.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selon_model::{
    Chain, ChainSource, Decimal, Edge, Evidence, FigureKey, How, Link, LinkKind, Occurrence, Order, Parent,
    ReportId, Span, Story, Why,
};

use crate::Input;
use crate::claim::{Claim, bare_claims, claims, is_unread};
use crate::directory::Directory;
use crate::mutation::{find_mutations, is_tenfold};
use crate::origin::{Origin, least, name_sources};
use crate::scope::{common_place, is_about_same};
use crate::sketch::Sketch;

/// What each kind of evidence says for an edge (connect, section 6; first values, not measured).
const EXPLICIT: f64 = 0.9;
const REUSE: f64 = 0.8;
const FINGERPRINT: f64 = 0.3;
/// Evidence from which an edge is taken.
const STRONG: f64 = 0.5;
/// What an hour between two reports leaves of the weight of a number: e^(-1/48).
const AN_HOUR: f64 = 0.979_382_5;
/// Hours after which a number weighs no less.
const MOST_HOURS: i64 = 480;

/// The claims of a story with what each was taken from.
pub(crate) struct Ways<'a> {
    /// In the order of reports, then of figures.
    pub(crate) claims: Vec<Claim<'a>>,
    /// What each was taken from, or may have been; the one taken comes first.
    edges: Vec<Vec<Way>>,
    /// The claim at the beginning of each one's way.
    roots: Vec<usize>,
    /// Who is behind each way, at the claim that begins it: as it says, else as one says that rests
    /// on it.
    origins: Vec<Option<Origin>>,
    /// Reports whose figures are not read and that have none of the numbers known.
    silent: u32,
}

struct Way {
    parent: Parent,
    p: f64,
    evidence: Vec<Evidence>,
    order: Order,
    why: Why,
}

impl Way {
    fn is_strong(&self) -> bool {
        self.p >= STRONG
    }
}

/// The claims of a story by what a parent is looked up with.
struct Index<'c> {
    by_outlet: HashMap<&'c str, Vec<usize>>,
    by_value: HashMap<Decimal, Vec<usize>>,
    by_report: HashMap<ReportId, Vec<usize>>,
    links: HashMap<ReportId, Vec<&'c Link>>,
}

impl<'c> Index<'c> {
    fn of(claims: &'c [Claim<'_>], links: &[&'c Link]) -> Self {
        let mut index = Index {
            by_outlet: HashMap::new(),
            by_value: HashMap::new(),
            by_report: HashMap::new(),
            links: HashMap::new(),
        };
        for (at, claim) in claims.iter().enumerate() {
            if let Some(outlet) = &claim.outlet {
                index.by_outlet.entry(outlet.as_str()).or_default().push(at);
            }
            index.by_value.entry(claim.value.normalize()).or_default().push(at);
            index.by_report.entry(claim.report.id).or_default().push(at);
        }
        let copies =
            links.iter().filter(|link| !matches!(link.kind, LinkKind::SharedQuote | LinkKind::Translation));
        for link in copies {
            index.links.entry(link.from).or_default().push(link);
            index.links.entry(link.to).or_default().push(link);
        }
        index
    }
}

impl<'a> Ways<'a> {
    /// The claims of a story's reports.
    pub(crate) fn of(
        story: &Story,
        inputs: &[Input<'a>],
        position: &HashMap<ReportId, usize>,
        sketches: &[Sketch],
        links: &[&Link],
        directory: &Directory,
    ) -> Self {
        let members: Vec<usize> =
            story.members.iter().filter_map(|member| position.get(&member.report)).copied().collect();
        let named: BTreeSet<&str> =
            members.iter().flat_map(|at| directory.monitors_named(&sketches[*at])).collect();
        let named: Vec<&str> = named.into_iter().collect();
        let mut all: Vec<Claim<'a>> = Vec::new();
        for at in &members {
            all.extend(claims(*at, &inputs[*at], &sketches[*at], directory, &named));
        }
        let mut known: BTreeMap<Decimal, (String, String)> = BTreeMap::new();
        for claim in &all {
            known.entry(claim.value).or_insert_with(|| (claim.event.clone(), claim.unit.clone()));
        }
        let read: BTreeSet<usize> = all.iter().map(|claim| claim.input).collect();
        let mut silent = 0;
        for at in members.iter().filter(|at| !read.contains(at)) {
            let bare = bare_claims(*at, &inputs[*at], &sketches[*at], directory, &named, &known);
            silent += u32::from(bare.is_empty() && is_unread(inputs[*at].report));
            all.extend(bare);
        }
        all.sort_by_key(|claim| (claim.input, claim.span));
        name_sources(all.iter_mut().filter_map(|claim| claim.origin.as_mut()));
        let index = Index::of(&all, links);
        let edges: Vec<Vec<Way>> =
            (0..all.len()).map(|child| edges_of(&all, child, &index, directory)).collect();
        for (claim, ways) in all.iter_mut().zip(&edges) {
            if ways.first().is_some_and(|way| way.is_strong() && way.evidence == [Evidence::Reuse]) {
                claim.how = How::UncitedCopy;
            }
        }
        let parents: Vec<Option<usize>> = edges.iter().map(|ways| parent_of(ways)).collect();
        let roots = roots(&parents);
        let mut origins: Vec<Option<Origin>> = all.iter().map(|claim| claim.origin.clone()).collect();
        for (at, root) in roots.iter().enumerate() {
            if origins[*root].is_none() {
                origins[*root] = all[at].origin.clone();
            }
        }
        Ways { claims: all, edges, roots, origins, silent }
    }

    /// The claim that a claim was taken from, where the report says so or has its words.
    fn parent(&self, child: usize) -> Option<usize> {
        parent_of(&self.edges[child])
    }

    /// The outlet that a claim was taken from and that has no report here.
    fn stub(&self, child: usize) -> Option<&str> {
        self.edges[child].iter().find_map(|edge| match &edge.parent {
            Parent::Stub(name) if edge.is_strong() => Some(name.as_str()),
            _ => None,
        })
    }

    /// The claim at the beginning of a claim's way; of a ring, which unknown order may close, the
    /// first in the order of reports.
    pub(crate) fn root(&self, at: usize) -> usize {
        self.roots[at]
    }

    /// Who is behind a claim: whoever is behind the beginning of its way.
    pub(crate) fn origin(&self, at: usize) -> Option<&Origin> {
        self.origins[self.root(at)].as_ref()
    }

    /// Whether a claim only repeats a number that another report had before.
    pub(crate) fn repeats(&self, at: usize) -> bool {
        self.edges[at].first().is_some_and(|edge| !edge.is_strong())
    }

    /// Chains of the story: one for each class of event, taken from the beginning of each way.
    pub(crate) fn chains(&self, story: &Story, directory: &Directory) -> Vec<Chain> {
        let mut by_event: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in 0..self.claims.len() {
            by_event.entry(self.claims[self.root(at)].event.as_str()).or_default().push(at);
        }
        by_event.into_values().map(|members| self.chain(story, &members, directory)).collect()
    }

    fn chain(&self, story: &Story, members: &[usize], directory: &Directory) -> Chain {
        let index: BTreeMap<usize, u32> = members.iter().copied().zip(0..).collect();
        let occurrences = members.iter().map(|at| occurrence(&self.claims[*at], directory)).collect();
        let mut edges = Vec::new();
        for at in members {
            for (rank, way) in self.edges[*at].iter().enumerate() {
                let (parent, mutations) = match &way.parent {
                    Parent::Stub(name) => (Parent::Stub(name.clone()), Vec::new()),
                    Parent::Occurrence(parent) => {
                        let Some(of_chain) = index.get(&(*parent as usize)) else { continue };
                        let changes = if way.is_strong() {
                            find_mutations(&self.claims[*parent as usize], &self.claims[*at])
                        } else {
                            Vec::new()
                        };
                        (Parent::Occurrence(*of_chain), changes)
                    }
                };
                edges.push(Edge {
                    child: index[at],
                    parent,
                    chosen: rank == 0 && way.is_strong(),
                    p: thousandths(way.p) as f32,
                    strong: way.is_strong(),
                    evidence: way.evidence.clone(),
                    order: way.order,
                    mutations,
                    why: way.why.clone(),
                });
            }
        }
        let first = &self.claims[self.root(members[0])];
        let key = FigureKey {
            unit: first.unit.clone(),
            event: Some(first.event.clone()),
            place: common_place(members.iter().map(|at| &self.claims[*at])),
            proposition: None,
        };
        let circles = members
            .iter()
            .filter_map(|at| self.circle(*at))
            .map(|circle| circle.iter().filter_map(|at| index.get(at)).copied().collect())
            .collect();
        let (independence, sources) = self.independence(members, &index);
        Chain { story: story.id, key, occurrences, edges, independence, sources, circles }
    }

    /// The way from a claim back to an earlier one of its own outlet, through another outlet.
    fn circle(&self, at: usize) -> Option<Vec<usize>> {
        let own = self.claims[at].outlet.as_ref()?;
        let (mut way, mut away) = (vec![at], false);
        while let Some(parent) = self.parent(way[way.len() - 1]) {
            // Unknown order may close a ring.
            if parent == at || way.len() > self.claims.len() {
                return None;
            }
            way.push(parent);
            match self.claims[parent].outlet.as_ref() == Some(own) {
                true if away => return Some(way),
                is_own => away |= !is_own,
            }
        }
        None
    }

    /// At least and at most how many original sources are behind some claims, and those that the
    /// most are.
    ///
    /// At most, every source with a name or a role counts once, however many outlets it told; so
    /// does an outlet that is only cited; each unnamed source of a report, and each report that
    /// names nobody, counts by itself; a report whose figures are not read may hold one as well.
    /// At least, the unnamed are among the known ones, a person speaks for the body whose role he
    /// has, and who counts something else than what most rests on is left out.
    fn independence(
        &self,
        members: &[usize],
        index: &BTreeMap<usize, u32>,
    ) -> ((u32, u32), Vec<ChainSource>) {
        let mut sources: Vec<ChainSource> = Vec::new();
        let mut at_key: HashMap<String, usize> = HashMap::new();
        for at in members {
            let root = self.root(*at);
            let origin = self.origins[root].as_ref();
            let stub = self.stub(root);
            let (key, name) = match (origin, stub) {
                (Some(origin), _) => (origin.key.clone(), Some(origin.shown.clone())),
                (None, Some(stub)) => (format!("outlet:{stub}"), Some(stub.to_owned())),
                (None, None) => (format!("report:{}", self.claims[root].report.id), None),
            };
            let place = *at_key.entry(key).or_insert_with_key(|key| {
                let key = origin.filter(|origin| !origin.is_unnamed()).map(|_| key.clone());
                sources.push(ChainSource { key, name, occurrences: Vec::new() });
                sources.len() - 1
            });
            sources[place].occurrences.extend(index.get(at));
        }
        let most = sources.len() as u32 + self.silent;
        // Those who only count something else, as the dead of the war, are behind other numbers.
        let mut resting: BTreeMap<usize, usize> = BTreeMap::new();
        members.iter().for_each(|at| *resting.entry(self.root(*at)).or_default() += 1);
        let most_told = resting.iter().max_by_key(|(at, count)| (**count, std::cmp::Reverse(**at)));
        let about = most_told.map(|(at, _)| &self.claims[*at]);
        let same = |at: &usize| about.is_none_or(|about| is_about_same(about, &self.claims[*at]));
        let behind = resting.keys().copied().filter(same);
        let least = least(behind.filter_map(|at| self.origins[at].as_ref()));
        ((least.clamp(1, most.max(1)), most), sources)
    }
}

/// What a claim was taken from, or may have been.
fn edges_of(claims: &[Claim<'_>], child: usize, index: &Index<'_>, directory: &Directory) -> Vec<Way> {
    let claim = &claims[child];
    if let Some((cited, name)) = &claim.cited {
        return vec![from_cited(claims, child, (cited, name), index, directory)];
    }
    if claim.how != How::OwnContact
        && let Some(way) = from_words(claims, child, index)
    {
        return vec![way];
    }
    if claim.how == How::NoAttribution {
        with_number(claims, child, index).into_iter().collect()
    } else {
        Vec::new()
    }
}

/// The order of a claim and another, where that is another report's and not provably later.
fn order_before(claims: &[Claim<'_>], child: usize, other: usize) -> Option<Order> {
    let (claim, other) = (&claims[child], &claims[other]);
    let order = other.time.order(&claim.time);
    (other.input != claim.input && order != Order::ToFirst).then_some(order)
}

/// How well a claim fits as the one that was cited, best first: distance of the numbers, other source,
/// other operator, order not known, and the latest.
type Rank = (u8, bool, bool, bool, std::cmp::Reverse<usize>);

/// The cited outlet's claim that is nearest; the latest of several.
fn from_cited(
    claims: &[Claim<'_>],
    child: usize,
    (cited, name): (&str, &str),
    index: &Index<'_>,
    directory: &Directory,
) -> Way {
    let claim = &claims[child];
    let key = |claim: &Claim<'_>| claim.origin.as_ref().map(|origin| origin.key.clone());
    let own = key(claim);
    let mut candidates: Vec<(Rank, Order)> = Vec::new();
    for at in index.by_outlet.get(cited).into_iter().flatten() {
        let Some(order) = order_before(claims, child, *at) else { continue };
        let other = &claims[*at];
        let Some(distance) = distance(claim, other) else { continue };
        let theirs = key(other);
        let rank = (
            distance,
            order == Order::Unknown,
            theirs.is_some() && own.is_some() && theirs != own,
            other.quantity().map(|one| one.op) != claim.quantity().map(|one| one.op),
            std::cmp::Reverse(*at),
        );
        candidates.push((rank, order));
    }
    candidates.sort_by_key(|(rank, _)| *rank);
    let other = candidates.get(1).map(|(rank, _)| format!("report {}", claims[rank.4.0].report.id));
    let Some(((distance, _, _, _, at), order)) = candidates.first() else {
        return Way {
            parent: Parent::Stub(directory.known_as(cited).unwrap_or(name).to_owned()),
            p: EXPLICIT,
            evidence: vec![Evidence::Explicit],
            order: Order::FromFirst,
            why: Why { rule: "core.chain.stub".into(), ..Why::default() },
        };
    };
    let (mut p, mut evidence) = (EXPLICIT, vec![Evidence::Explicit]);
    let mut features = vec![("figure apart".into(), f64::from(*distance))];
    if let Some(share) =
        index.links.get(&claim.report.id).and_then(|links| copied(links, claim, &claims[at.0]))
    {
        evidence.push(Evidence::Reuse);
        p = 1.0 - (1.0 - p) * (1.0 - REUSE * share);
        features.push(("share of sentence".into(), share));
    }
    Way {
        parent: Parent::Occurrence(at.0 as u32),
        p,
        evidence,
        order: *order,
        why: Why { rule: "core.chain.cited".into(), features, instead_of: other },
    }
}

/// The earliest claim of another outlet whose words around the number the report has.
fn from_words(claims: &[Claim<'_>], child: usize, index: &Index<'_>) -> Option<Way> {
    let claim = &claims[child];
    let links = index.links.get(&claim.report.id)?;
    let mut candidates: Vec<usize> = links
        .iter()
        .map(|link| if link.from == claim.report.id { link.to } else { link.from })
        .filter_map(|report| index.by_report.get(&report))
        .flatten()
        .copied()
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    candidates.into_iter().find_map(|at| {
        let other = &claims[at];
        let elsewhere = other.outlet.is_some() && claim.outlet.is_some() && other.outlet != claim.outlet;
        let order = order_before(claims, child, at)?;
        if !elsewhere || order != Order::FromFirst || distance(claim, other) != Some(0) {
            return None;
        }
        let share = copied(links, claim, other)?;
        Some(Way {
            parent: Parent::Occurrence(at as u32),
            p: REUSE * share,
            evidence: vec![Evidence::Reuse],
            order,
            why: Why {
                rule: "core.chain.reuse".into(),
                features: vec![("share of sentence".into(), thousandths(share))],
                instead_of: None,
            },
        })
    })
}

/// The latest earlier claim of another outlet with the same number of the same kind.
fn with_number(claims: &[Claim<'_>], child: usize, index: &Index<'_>) -> Option<Way> {
    let claim = &claims[child];
    let same = index.by_value.get(&claim.value.normalize())?;
    let at = *same.iter().rev().find(|at| {
        let other = &claims[**at];
        **at < child
            && order_before(claims, child, **at) == Some(Order::FromFirst)
            && distance(claim, other) == Some(0)
            && (other.outlet.is_none() || other.outlet != claim.outlet)
    })?;
    let hours = match (claims[at].time.until, claim.time.from) {
        (Some(until), Some(from)) => from.duration_since(until).as_hours().clamp(0, MOST_HOURS),
        _ => 0,
    };
    let fade = (0..hours).fold(1.0, |left, _| left * AN_HOUR);
    Some(Way {
        parent: Parent::Occurrence(at as u32),
        p: FINGERPRINT * fade,
        evidence: vec![Evidence::Fingerprint],
        order: Order::FromFirst,
        why: Why {
            rule: "core.chain.same_number".into(),
            features: vec![("hours apart".into(), hours as f64)],
            instead_of: None,
        },
    })
}

/// Three decimals: no digit that says nothing, and the same number when it is read back.
fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn parent_of(ways: &[Way]) -> Option<usize> {
    ways.iter().find(|way| way.is_strong()).and_then(|way| match way.parent {
        Parent::Occurrence(at) => Some(at as usize),
        Parent::Stub(_) => None,
    })
}

/// The beginning of each way; of a ring and all that hangs on it, the ring's first member.
fn roots(parents: &[Option<usize>]) -> Vec<usize> {
    let mut roots: Vec<Option<usize>> = vec![None; parents.len()];
    let mut on_way = vec![false; parents.len()];
    for start in 0..parents.len() {
        let (mut way, mut at) = (Vec::new(), start);
        let root = loop {
            if let Some(root) = roots[at] {
                break root;
            }
            if on_way[at] {
                let ring = way.iter().position(|one| *one == at).unwrap_or(0);
                break way[ring..].iter().copied().min().unwrap_or(at);
            }
            on_way[at] = true;
            way.push(at);
            match parents[at] {
                Some(parent) => at = parent,
                None => break at,
            }
        };
        for one in way {
            roots[one] = Some(root);
        }
    }
    roots.into_iter().enumerate().map(|(at, root)| root.unwrap_or(at)).collect()
}

fn occurrence(claim: &Claim<'_>, directory: &Directory) -> Occurrence {
    Occurrence {
        report: claim.report.id,
        figure: claim.figure.map(|(index, _)| index),
        value: claim.value,
        outlet: claim.outlet.as_ref().map(|key| directory.shown(key).to_owned()),
        time: claim.report.published.clone(),
        source: claim.origin.as_ref().map(|origin| origin.key.clone()),
        source_name: claim.origin.as_ref().map(|origin| origin.name.clone()),
        source_shown: claim.origin.as_ref().map(|origin| origin.shown.clone()),
        how: claim.how,
    }
}

/// How far a claim is from another that it may have been taken from: the same number of the same
/// kind, the same number, ten times it or a tenth, bounds that can both hold; else it was not.
fn distance(child: &Claim<'_>, parent: &Claim<'_>) -> Option<u8> {
    let (a, b) = (child.value, parent.value);
    let same_kind = child.event == parent.event;
    if a == b {
        Some(if same_kind { 0 } else { 1 })
    } else if is_tenfold(a, b) || is_tenfold(b, a) {
        Some(2)
    } else {
        (same_kind && child.interval.meets(&parent.interval)).then_some(3)
    }
}

/// The share of the sentence of `child` that links have in common with the report of `parent`,
/// where one passage of them holds both numbers.
fn copied(links: &[&Link], child: &Claim<'_>, parent: &Claim<'_>) -> Option<f64> {
    let holds = |piece: Span, span: Span| piece.start <= span.start && span.end <= piece.end;
    let mut share = None;
    for link in links {
        let turned = link.to == parent.report.id && link.from == child.report.id;
        let straight = link.from == parent.report.id && link.to == child.report.id;
        if !turned && !straight {
            continue;
        }
        let pieces = || {
            link.pieces
                .iter()
                .map(|piece| if turned { (piece.from, piece.to) } else { (piece.to, piece.from) })
        };
        if !pieces().any(|(own, other)| holds(own, child.span) && holds(other, parent.span)) {
            continue;
        }
        let common: u32 = pieces()
            .map(|(own, _)| {
                own.end.min(child.sentence.end).saturating_sub(own.start.max(child.sentence.start))
            })
            .sum();
        let of_link = (f64::from(common) / f64::from(child.sentence.len().max(1) as u32)).min(1.0);
        share = Some(share.unwrap_or(0.0f64).max(of_link));
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_have_one_beginning() {
        assert_eq!(
            roots(&[None, Some(0), Some(1), Some(4), Some(5), Some(3), Some(4)]),
            [0, 0, 0, 3, 3, 3, 3]
        );
        assert_eq!(roots(&[Some(1), Some(0)]), [0, 0]);
        assert_eq!(roots(&[]), Vec::<usize>::new());
    }
}
