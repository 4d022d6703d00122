//! Claim chains: which report took a figure from which, and how many sources are behind it.
//!
//! Three kinds of evidence. A report that names another outlet took the figure from that outlet's
//! report in the story whose figure is nearest, else from a report that is not here (a stub). A
//! report that has the words of an earlier one took it from there. A report that gives nobody and
//! has the exact number of an earlier one may have it from there: a weak edge, drawn but not
//! counted. Unknown order stays unknown; nothing is taken from a report that is provably later.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selon_model::{
    Chain, Decimal, Edge, FigureKey, How, Link, LinkKind, Occurrence, Order, Parent, ReportId, Span, Story,
    Why,
};

use crate::Input;
use crate::claim::{Claim, Origin, bare_claims, claims, is_unread};
use crate::directory::Directory;
use crate::mutation::{find_mutations, is_tenfold};
use crate::sketch::Sketch;

/// The claims of a story with what each was taken from.
pub(crate) struct Ways<'a> {
    /// In the order of reports, then of figures.
    pub(crate) claims: Vec<Claim<'a>>,
    /// What each was taken from; weak parents come after strong ones.
    edges: Vec<Vec<Way>>,
    /// Who is behind each way, at the claim that begins it: as it says, else as one says that rests
    /// on it.
    origins: Vec<Option<Origin>>,
    /// Reports whose figures are not read and that have none of the numbers known.
    silent: u32,
}

struct Way {
    parent: Parent,
    strong: bool,
    order: Order,
    why: Why,
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
        let mut all: Vec<Claim<'a>> = Vec::new();
        for member in &story.members {
            if let Some(at) = position.get(&member.report) {
                all.extend(claims(*at, &inputs[*at], &sketches[*at], directory));
            }
        }
        let mut known: BTreeMap<Decimal, (String, String)> = BTreeMap::new();
        for claim in &all {
            known.entry(claim.value).or_insert_with(|| (claim.event.clone(), claim.unit.clone()));
        }
        let mut silent = 0;
        for at in story.members.iter().filter_map(|member| position.get(&member.report)) {
            let read = all.iter().any(|claim| claim.input == *at);
            if !read {
                let bare = bare_claims(*at, &inputs[*at], &sketches[*at], directory, &known);
                silent += u32::from(bare.is_empty() && is_unread(inputs[*at].report));
                all.extend(bare);
            }
        }
        all.sort_by_key(|claim| (claim.input, claim.span));
        let mut ways = Ways { edges: Vec::new(), origins: vec![None; all.len()], claims: all, silent };
        for child in 0..ways.claims.len() {
            let edges = ways.edges_of(child, links, directory);
            if edges.iter().any(|edge| edge.why.rule == "core.chain.reuse") {
                ways.claims[child].how = How::UncitedCopy;
            }
            ways.edges.push(edges);
        }
        for at in 0..ways.claims.len() {
            ways.origins[at] = ways.claims[at].origin.clone();
        }
        for at in 0..ways.claims.len() {
            let root = ways.root(at);
            if ways.origins[root].is_none() {
                ways.origins[root] = ways.claims[at].origin.clone();
            }
        }
        ways
    }

    fn edges_of(&self, child: usize, links: &[&Link], directory: &Directory) -> Vec<Way> {
        let claim = &self.claims[child];
        if let Some((cited, name)) = &claim.cited {
            return vec![self.cited(child, cited, name, directory)];
        }
        if claim.how != How::OwnContact
            && let Some(way) = self.copied(child, links)
        {
            return vec![way];
        }
        if claim.how == How::NoAttribution { self.repeated(child).into_iter().collect() } else { Vec::new() }
    }

    /// Claims of other reports that are not provably later, with the order of the two.
    fn earlier(&self, child: usize) -> impl Iterator<Item = (usize, Order)> {
        let claim = &self.claims[child];
        self.claims.iter().enumerate().filter_map(move |(at, other)| {
            let order = other.time.order(&claim.time);
            (other.input != claim.input && order != Order::ToFirst).then_some((at, order))
        })
    }

    /// The cited outlet's claim that is nearest; the latest of several.
    fn cited(&self, child: usize, cited: &str, name: &str, directory: &Directory) -> Way {
        let claim = &self.claims[child];
        let mut candidates: Vec<(usize, Order, u8)> = self
            .earlier(child)
            .filter(|(at, _)| self.claims[*at].outlet.as_deref() == Some(cited))
            .filter_map(|(at, order)| Some((at, order, distance(claim, &self.claims[at])?)))
            .collect();
        let rank = |(at, order, distance): &(usize, Order, u8)| {
            let other = &self.claims[*at];
            let key = |claim: &Claim<'_>| claim.origin.as_ref().map(|origin| origin.key.clone());
            (
                *distance,
                *order == Order::Unknown,
                key(other).is_some() && key(claim).is_some() && key(other) != key(claim),
                other.quantity().map(|one| one.op) != claim.quantity().map(|one| one.op),
                std::cmp::Reverse(*at),
            )
        };
        candidates.sort_by_key(rank);
        let other = candidates.get(1).map(|(at, _, _)| format!("report {}", self.claims[*at].report.id));
        match candidates.first() {
            Some((at, order, distance)) => Way {
                parent: Parent::Occurrence(*at as u32),
                strong: true,
                order: *order,
                why: Why {
                    rule: "core.chain.cited".into(),
                    features: vec![("figure apart".into(), f64::from(*distance))],
                    instead_of: other,
                },
            },
            None => Way {
                parent: Parent::Stub(directory.known_as(cited).unwrap_or(name).to_owned()),
                strong: true,
                order: Order::FromFirst,
                why: Why { rule: "core.chain.stub".into(), ..Why::default() },
            },
        }
    }

    /// The earliest report that has the words around the figure.
    fn copied(&self, child: usize, links: &[&Link]) -> Option<Way> {
        let claim = &self.claims[child];
        let (at, order, link) = self.earlier(child).find_map(|(at, order)| {
            let other = &self.claims[at];
            let elsewhere = other.outlet.is_some() && claim.outlet.is_some() && other.outlet != claim.outlet;
            if !elsewhere || order != Order::FromFirst || distance(claim, other) != Some(0) {
                return None;
            }
            let link = links.iter().find(|link| {
                link.kind != LinkKind::SharedQuote
                    && link.kind != LinkKind::Translation
                    && covers(link, other.report.id, other.span, claim.report.id, claim.span)
            })?;
            Some((at, order, link))
        })?;
        let shares = [f64::from(link.from_in_to), f64::from(link.to_in_from)];
        Some(Way {
            parent: Parent::Occurrence(at as u32),
            strong: true,
            order,
            why: Why {
                rule: "core.chain.reuse".into(),
                features: vec![("share of text".into(), shares[0].max(shares[1]))],
                instead_of: None,
            },
        })
    }

    /// The latest earlier report of another outlet with the same exact number.
    fn repeated(&self, child: usize) -> Option<Way> {
        let claim = &self.claims[child];
        let (at, order) = self
            .earlier(child)
            .filter(|(at, order)| {
                let other = &self.claims[*at];
                *order == Order::FromFirst
                    && distance(claim, other) == Some(0)
                    && (other.outlet.is_none() || other.outlet != claim.outlet)
            })
            .last()?;
        Some(Way {
            parent: Parent::Occurrence(at as u32),
            strong: false,
            order,
            why: Why { rule: "core.chain.same_number".into(), ..Why::default() },
        })
    }

    /// The claim that a claim was taken from, where the report says so or has its words.
    fn parent(&self, child: usize) -> Option<usize> {
        self.edges[child].iter().find(|edge| edge.strong).and_then(|edge| match edge.parent {
            Parent::Occurrence(at) => Some(at as usize),
            Parent::Stub(_) => None,
        })
    }

    /// The outlet that a claim was taken from and that has no report here.
    fn stub(&self, child: usize) -> Option<&str> {
        self.edges[child].iter().find_map(|edge| match &edge.parent {
            Parent::Stub(name) if edge.strong => Some(name.as_str()),
            _ => None,
        })
    }

    /// The way back along strong edges, the claim itself first. Unknown order may close a ring: it
    /// ends where it would come back.
    fn way_back(&self, from: usize) -> Vec<usize> {
        let mut way = vec![from];
        while let Some(parent) = self.parent(way[way.len() - 1]) {
            if way.contains(&parent) {
                break;
            }
            way.push(parent);
        }
        way
    }

    /// The claim at the beginning of a claim's way.
    pub(crate) fn root(&self, at: usize) -> usize {
        self.way_back(at).pop().unwrap_or(at)
    }

    /// Who is behind a claim: whoever is behind the beginning of its way.
    pub(crate) fn origin(&self, at: usize) -> Option<&Origin> {
        self.origins[self.root(at)].as_ref()
    }

    /// Whether a claim only repeats a number that another report had before.
    pub(crate) fn repeats(&self, at: usize) -> bool {
        self.edges[at].iter().any(|edge| !edge.strong)
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
            for way in &self.edges[*at] {
                let (parent, mutations) = match &way.parent {
                    Parent::Stub(name) => (Parent::Stub(name.clone()), Vec::new()),
                    Parent::Occurrence(parent) => {
                        let Some(of_chain) = index.get(&(*parent as usize)) else { continue };
                        let changes = if way.strong {
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
                    strong: way.strong,
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
            place: None,
            proposition: None,
        };
        let circles = members
            .iter()
            .filter_map(|at| self.circle(*at))
            .map(|circle| circle.iter().filter_map(|at| index.get(at)).copied().collect())
            .collect();
        Chain { story: story.id, key, occurrences, edges, independence: self.independence(members), circles }
    }

    /// The way from a claim back to an earlier one of its own outlet, through another outlet.
    fn circle(&self, at: usize) -> Option<Vec<usize>> {
        let own = self.claims[at].outlet.as_ref()?;
        let way = self.way_back(at);
        let is_own = |at: &usize| self.claims[*at].outlet.as_ref() == Some(own);
        let away = way.iter().position(|at| !is_own(at))?;
        let back = away + way[away..].iter().position(is_own)?;
        Some(way[..=back].to_vec())
    }

    /// At least and at most how many original sources are behind some claims.
    ///
    /// Sources with a name or a role count once each, however many outlets they told. At most,
    /// everybody else who begins a way counts as one more, and an outlet that is only cited as one. At
    /// A report whose figures are not read may hold one as well. At
    /// least, all of those are among the known ones, and whoever has a name may be the one whose
    /// role is named.
    fn independence(&self, members: &[usize]) -> (u32, u32) {
        let (mut roles, mut names) = (BTreeSet::new(), BTreeSet::new());
        let (mut stubs, mut unknown) = (BTreeSet::new(), 0u32);
        for at in members.iter().filter(|at| self.parent(**at).is_none()) {
            match self.origins[*at].as_ref().map(|origin| origin.key.as_str()) {
                Some(key) if key.starts_with("role:") => _ = roles.insert(key),
                Some(key) if key.starts_with("name:") => _ = names.insert(key),
                Some(_) => unknown += 1,
                None => match self.stub(*at) {
                    Some(stub) => _ = stubs.insert(stub),
                    None => unknown += 1,
                },
            }
        }
        let (roles, names) = (roles.len() as u32, names.len() as u32);
        (roles.max(names).max(1), roles + names + stubs.len() as u32 + unknown + self.silent)
    }
}

fn occurrence(claim: &Claim<'_>, directory: &Directory) -> Occurrence {
    Occurrence {
        report: claim.report.id,
        figure: claim.figure.map(|(index, _)| index),
        value: claim.value,
        outlet: claim.outlet.as_ref().map(|key| directory.shown(key).to_owned()),
        source: claim.origin.as_ref().map(|origin| origin.key.clone()),
        source_name: claim.origin.as_ref().map(|origin| origin.name.clone()),
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

/// Whether a piece of a link holds both spans.
fn covers(link: &Link, a: ReportId, of_a: Span, b: ReportId, of_b: Span) -> bool {
    let holds = |piece: Span, span: Span| piece.start <= span.start && span.end <= piece.end;
    link.pieces.iter().any(|piece| {
        (link.from == a && link.to == b && holds(piece.from, of_a) && holds(piece.to, of_b))
            || (link.from == b && link.to == a && holds(piece.from, of_b) && holds(piece.to, of_a))
    })
}
