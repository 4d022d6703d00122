//! Text reuse between reports: which passages stand in both, and what kind of copy that makes.

use rayon::prelude::*;
use selon_model::{Link, LinkKind, Order, Piece, Report, Span, Why};

use crate::Input;
use crate::key::TimeRange;
use crate::opening::openings;
use crate::reuse::{BATCH, Reuse, Shared};
use crate::sketch::{GRAM, Sketch};

/// Feature of a link between texts of one form that tell of something else.
const OTHER_NAMES: &str = "opens with other names";

/// Whether a link tells that two texts are one form filled in twice.
pub(crate) fn is_one_form(link: &Link) -> bool {
    link.why.features.iter().any(|(feature, _)| feature == OTHER_NAMES)
}

/// All links between `inputs`, in their order; `sketches` are theirs, `whole` with what stands on
/// every page of a site.
pub(crate) fn find_links(inputs: &[Input<'_>], sketches: &[Sketch], whole: &[Sketch]) -> Vec<Link> {
    let openings = &openings(inputs, whole);
    let mut reuse = Reuse::default();
    let mut links = Vec::new();
    for (number, batch) in sketches.chunks(BATCH).enumerate() {
        let found = reuse.add(&batch.iter().collect::<Vec<_>>());
        let of_batch = found.into_par_iter().enumerate().flat_map_iter(|(at, found)| {
            let at = number * BATCH + at;
            found.into_iter().map(move |(other, shared)| {
                let other = other as usize;
                let apart = openings[other].is_apart(&openings[at]);
                name(&inputs[other], &inputs[at], &sketches[other], &sketches[at], &shared, apart)
            })
        });
        links.par_extend(of_batch);
    }
    links
}

/// Names what two texts share (connect, section 4): the first test that applies. What opens with
/// other names (`apart`) is no copy, however many words it shares: one form filled in twice.
fn name(a: &Input<'_>, b: &Input<'_>, from: &Sketch, to: &Sketch, shared: &Shared, apart: bool) -> Link {
    let (from_in_to, to_in_from) = (shared.from_in_to, shared.to_in_from);
    let (least, most) = (from_in_to.min(to_in_from), from_in_to.max(to_in_from));
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
    } else if apart {
        LinkKind::Excerpt
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
    Link {
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
            features: [("run", f64::from(shared.longest)), ("grams", f64::from(shared.grams))]
                .into_iter()
                .chain(apart.then_some((OTHER_NAMES, 1.0)))
                .map(|(feature, value)| (feature.to_owned(), value))
                .collect(),
            instead_of: None,
        },
    }
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
pub(crate) fn direction(a: &Input<'_>, b: &Input<'_>) -> (Order, &'static str) {
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
                || credits_in(&child.text.string, name))
    };
    match (credits(a.report, b.report), credits(b.report, a.report)) {
        (true, false) => (Order::ToFirst, "credit"),
        (false, true) => (Order::FromFirst, "credit"),
        _ => (Order::Unknown, "order_unknown"),
    }
}

/// Lines at either end of a text in which a source line stands.
const CREDIT_LINES: usize = 2;

/// Whether a name stands as words of its own in the first or last lines of a text.
fn credits_in(text: &str, name: &str) -> bool {
    let stands = |line: &str| {
        line.match_indices(name).any(|(at, found)| {
            let before = line[..at].chars().next_back();
            let after = line[at + found.len()..].chars().next();
            [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric())
        })
    };
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    !name.is_empty()
        && (lines().take(CREDIT_LINES).any(stands) || lines().rev().take(CREDIT_LINES).any(stands))
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
        find_links(inputs, &sketches, &sketches)
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
    fn one_form_filled_in_twice_is_no_copy() {
        let bulletin = |town: &str| format!("In {town} people counted the damage. {WIRE}");
        assert_eq!(kinds(&[&bulletin("Varno"), &bulletin("Varno")]), [LinkKind::Duplicate]);
        assert_eq!(kinds(&[&bulletin("Varno"), &bulletin("Merek")]), [LinkKind::Excerpt]);
        assert_eq!(kinds(&[&bulletin("Varno"), WIRE]), [LinkKind::Duplicate], "no name to part them");
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
