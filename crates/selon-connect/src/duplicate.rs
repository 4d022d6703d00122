//! Text reuse between reports: which passages stand in both, and what kind of copy that makes.

use std::collections::{BTreeMap, HashMap};

use selon_model::{Link, LinkKind, Order, Piece, Report, Span, Why};

use crate::Input;
use crate::key::TimeRange;
use crate::sketch::{GRAM, Sketch};

/// Documents kept under one gram; a gram in more of them tells nothing.
const MOST_DOCUMENTS: usize = 40;
/// Shared grams that make a pair worth a look.
const LEAST_HITS: usize = 3;
/// Grams between two matches that still belong to one run.
const MOST_GAP: usize = 8;
/// Grams of a run that counts for coverage.
const LEAST_RUN: u32 = 4;
/// Grams of the longest run that make a link (measured on newswire reprints: P .96, R .997).
const GATE: u32 = 16;
/// Tokens below which a text is short: there six grams and four fifths of it do.
const SHORT: usize = 40;

/// All links between `inputs`, in their order; `sketches` are theirs.
pub(crate) fn find_links(inputs: &[Input<'_>], sketches: &[Sketch]) -> Vec<Link> {
    let mut postings: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut links = Vec::new();
    for (index, sketch) in sketches.iter().enumerate() {
        let mut hits: BTreeMap<u32, usize> = BTreeMap::new();
        for at in sketch.winnowed() {
            let gram = sketch.grams[at];
            let documents = postings.entry(gram).or_default();
            for document in documents.iter() {
                *hits.entry(*document).or_default() += 1;
            }
            if documents.last() != Some(&(index as u32)) && documents.len() < MOST_DOCUMENTS {
                documents.push(index as u32);
            }
        }
        hits.remove(&(index as u32));
        for (other, count) in hits {
            if count < LEAST_HITS {
                continue;
            }
            let other = other as usize;
            let shared = align(&sketches[other], &sketches[index]);
            links.extend(name(&inputs[other], &inputs[index], &sketches[other], &sketches[index], &shared));
        }
    }
    links
}

/// What two texts share.
#[derive(Clone, Debug, Default)]
struct Shared {
    /// Runs of tokens: first token in one, first in the other, tokens in one, tokens in the other, grams.
    runs: Vec<Run>,
    /// Grams of the longest run.
    longest: u32,
    /// All grams chained.
    grams: u32,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    from: (usize, usize),
    to: (usize, usize),
    grams: u32,
}

/// Chains the grams of the shorter text to their partners in the longer one.
fn align(a: &Sketch, b: &Sketch) -> Shared {
    let swapped = a.grams.len() > b.grams.len();
    let (short, long) = if swapped { (b, a) } else { (a, b) };
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, gram) in long.grams.iter().enumerate() {
        let list = places.entry(*gram).or_default();
        if list.len() < MOST_DOCUMENTS {
            list.push(at);
        }
    }
    let mut shared = Shared::default();
    let mut run: Option<Run> = None;
    for (at, gram) in short.grams.iter().enumerate() {
        let Some(partners) = places.get(gram) else { continue };
        let expected = run.map(|run| run.to.1 + (at - run.from.1));
        let partner = match expected {
            Some(expected) => partners.iter().min_by_key(|partner| (partner.abs_diff(expected), **partner)),
            None => partners.first(),
        };
        let Some(&partner) = partner else { continue };
        match &mut run {
            Some(open)
                if at - open.from.1 <= MOST_GAP + 1
                    && partner > open.to.1
                    && partner - open.to.1 <= MOST_GAP + 1 =>
            {
                open.from.1 = at;
                open.to.1 = partner;
                open.grams += 1;
            }
            open => {
                if let Some(done) = open.take() {
                    shared.close(done, swapped);
                }
                *open = Some(Run { from: (at, at), to: (partner, partner), grams: 1 });
            }
        }
    }
    if let Some(done) = run {
        shared.close(done, swapped);
    }
    shared
}

impl Shared {
    fn close(&mut self, run: Run, swapped: bool) {
        if run.grams < LEAST_RUN {
            return;
        }
        let run = if swapped { Run { from: run.to, to: run.from, grams: run.grams } } else { run };
        self.longest = self.longest.max(run.grams);
        self.grams += run.grams;
        self.runs.push(run);
    }

    /// Share of `tokens` that stand in a run.
    fn coverage(&self, tokens: usize, side: impl Fn(&Run) -> (usize, usize)) -> f32 {
        let mut covered = vec![false; tokens];
        for run in &self.runs {
            let (first, last) = side(run);
            let end = (last + GRAM).min(tokens);
            covered[first.min(end)..end].fill(true);
        }
        covered.iter().filter(|token| **token).count() as f32 / tokens.max(1) as f32
    }
}

/// Names what two texts share (connect, section 4): the first test that applies.
fn name(a: &Input<'_>, b: &Input<'_>, from: &Sketch, to: &Sketch, shared: &Shared) -> Option<Link> {
    let from_in_to = shared.coverage(from.tokens.len(), |run| run.from);
    let to_in_from = shared.coverage(to.tokens.len(), |run| run.to);
    let (least, most) = (from_in_to.min(to_in_from), from_in_to.max(to_in_from));
    let short = from.tokens.len().min(to.tokens.len()) < SHORT;
    let passes = shared.longest >= GATE || (short && shared.grams >= 6 && most >= 0.8);
    if !passes {
        return None;
    }
    let quoted = |sketch: &Sketch, (first, last): (usize, usize)| {
        sketch.quoted[first..(last + GRAM).min(sketch.quoted.len())].iter().all(|quoted| *quoted)
    };
    let same_page = a.report.outlet.as_ref().map(|outlet| &outlet.domain)
        == b.report.outlet.as_ref().map(|outlet| &outlet.domain)
        && address(a.report).is_some()
        && address(a.report) == address(b.report);
    let kind = if same_page {
        LinkKind::Revision
    } else if shared.runs.iter().all(|run| quoted(from, run.from) && quoted(to, run.to)) {
        LinkKind::SharedQuote
    } else if least >= 0.8 {
        LinkKind::Duplicate
    } else if most >= 0.8 {
        LinkKind::Abridged
    } else if most >= 0.3 && shared.longest < 40 {
        LinkKind::Edited
    } else {
        LinkKind::Excerpt
    };
    let (order, how) = direction(a, b);
    let pieces =
        shared.runs.iter().map(|run| Piece { from: span(from, run.from), to: span(to, run.to) }).collect();
    let union = from.tokens.len() as f32 + to.tokens.len() as f32;
    let common = (from_in_to * from.tokens.len() as f32 + to_in_from * to.tokens.len() as f32) / 2.0;
    Some(Link {
        from: a.report.id,
        to: b.report.id,
        kind,
        order,
        run: shared.longest,
        from_in_to: round(from_in_to),
        to_in_from: round(to_in_from),
        jaccard: round(common / (union - common).max(1.0)),
        pieces,
        why: Why {
            rule: format!("core.reuse.{how}"),
            features: vec![
                ("run".into(), f64::from(shared.longest)),
                ("grams".into(), f64::from(shared.grams)),
            ],
            instead_of: None,
        },
    })
}

fn address(report: &Report) -> Option<&str> {
    report.canonical_url.as_deref().or(report.url.as_deref())
}

fn round(share: f32) -> f32 {
    (share * 1000.0).round() / 1000.0
}

fn span(sketch: &Sketch, (first, last): (usize, usize)) -> Span {
    let end = (last + GRAM - 1).min(sketch.spans.len() - 1);
    sketch.spans[first].hull(sketch.spans[end])
}

/// Times first; where they do not tell, a text whose byline or source line names the other's
/// outlet comes after it. Otherwise unknown.
fn direction(a: &Input<'_>, b: &Input<'_>) -> (Order, &'static str) {
    let order = TimeRange::of(a).order(&TimeRange::of(b));
    if order != Order::Unknown {
        return (order, "time");
    }
    let credits = |child: &Report, parent: &Report| {
        let Some(name) = parent.outlet.as_ref().and_then(|outlet| outlet.name.as_deref()) else {
            return false;
        };
        let own = child.outlet.as_ref().and_then(|outlet| outlet.name.as_deref());
        own != Some(name)
            && (child.authors.iter().any(|author| author.name.contains(name))
                || child.text.string.contains(name))
    };
    match (credits(a.report, b.report), credits(b.report, a.report)) {
        (true, false) => (Order::ToFirst, "credit"),
        (false, true) => (Order::FromFirst, "credit"),
        _ => (Order::Unknown, "order_unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Digest, ReportId, Text};

    const WIRE: &str = "The river rose during the night and the bridge at the mill was closed before dawn. \
        Officials said that at least nine people had died and that dozens of families were moved to the school on the hill. \
        Rescuers with boats searched the lower streets until noon, when the rain began again and the wind turned to the north.";

    fn report(number: u8, text: &str) -> Report {
        Report::of_text(ReportId(Digest::of(&[number])), Text { string: text.to_owned(), blocks: vec![] })
    }

    fn links(inputs: &[Input<'_>]) -> Vec<Link> {
        let sketches: Vec<Sketch> = inputs.iter().map(|input| Sketch::of(input.report)).collect();
        find_links(inputs, &sketches)
    }

    fn kinds(texts: &[&str]) -> Vec<LinkKind> {
        let reports: Vec<Report> =
            texts.iter().enumerate().map(|(index, text)| report(index as u8, text)).collect();
        let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
        links(&inputs).iter().map(|link| link.kind).collect()
    }

    #[test]
    fn names_copies() {
        assert_eq!(kinds(&[WIRE, WIRE]), [LinkKind::Duplicate]);
        let cut = &WIRE[..200];
        assert_eq!(kinds(&[WIRE, cut]), [LinkKind::Abridged]);
        let other = "A quite different text about the price of bread and the long queue at the bakery in the market \
            square, where nobody had heard of any river at all and everyone complained about the mayor and his plans.";
        assert_eq!(kinds(&[WIRE, other]), []);
        let quoting = format!("{other} Then: “{}” and nothing more.", &WIRE[84..200]);
        let also = format!(
            "Elsewhere one heard “{}” from the same man, who would not give his name.",
            &WIRE[84..200]
        );
        assert_eq!(kinds(&[&quoting, &also]), [LinkKind::SharedQuote]);
    }

    #[test]
    fn pieces_stand_in_both() {
        let reports = [report(1, WIRE), report(2, &format!("Update. {} The end.", &WIRE[..250]))];
        let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
        let links = links(&inputs);
        let piece = links[0].pieces[0];
        assert_eq!(reports[0].text.words(piece.from), reports[1].text.words(piece.to));
    }

    #[test]
    fn repeated_words_end() {
        let same = "na ".repeat(20_000);
        kinds(&[&same, &same]);
    }
}
