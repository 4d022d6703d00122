//! Furniture: words that a site prints under many reports ("share this article", "all rights
//! reserved"). They are no copy of anybody's report, so they are taken out before texts are compared.
//!
//! A gram is common where many reports of one site carry it that share nothing else: versions of one
//! page, and reports that took over one another's words, count once.
//! Of a known site every line of common grams is furniture, and every stretch of them inside a
//! line. Reports of unknown sites are looked at together, and there only the lines at the two
//! ends of a text: in the middle a paragraph that five texts share was taken over by them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use selon_model::Report;

use crate::Input;
use crate::sketch::{GRAM, Sketch};
use crate::union::unite;

/// Reports of one site that a gram is counted over: the newest.
const MOST_REPORTS: usize = 2000;
/// Reports that make a gram common, and the share of a known site's reports: one in so many.
const LEAST_REPORTS: usize = 5;
const ONE_IN: usize = 50;
/// Reports of one site that a gram is looked at in to find kin.
const MOST_HOLDERS: usize = 40;
/// Rarer grams that two reports share which are no strangers.
const KIN: usize = 8;
/// Common grams in a row that are furniture inside a line.
const STRETCH: usize = 6;
/// Parts of a text that may be furniture: above, the text itself is what is repeated.
const MOST_OF_KNOWN: f32 = 0.8;
const MOST_OF_UNKNOWN: f32 = 0.5;

/// Takes the furniture out of `sketches`, which are those of `inputs`.
pub(crate) fn remove_furniture(inputs: &[Input<'_>], sketches: &mut [Sketch]) {
    let mut sites: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (index, input) in inputs.iter().enumerate() {
        sites.entry(site_of(input.report)).or_default().push(index);
    }
    for (site, members) in sites {
        let least = match site {
            Some(_) => LEAST_REPORTS.max(members.len().min(MOST_REPORTS) / ONE_IN),
            None => LEAST_REPORTS,
        };
        if members.len() < least {
            continue;
        }
        let counts = count_strangers(inputs, sketches, &members);
        for index in members {
            let sketch = &sketches[index];
            let common: Vec<bool> = sketch
                .grams
                .iter()
                .map(|gram| counts.get(gram).is_some_and(|n| *n as usize >= least))
                .collect();
            let furniture = if site.is_some() { anywhere(sketch, &common) } else { at_ends(sketch, &common) };
            let most = if site.is_some() { MOST_OF_KNOWN } else { MOST_OF_UNKNOWN };
            let share =
                furniture.iter().filter(|token| **token).count() as f32 / furniture.len().max(1) as f32;
            if share > 0.0 && share <= most {
                sketches[index].remove(&furniture);
            }
        }
    }
}

fn site_of(report: &Report) -> Option<&str> {
    report.outlet.as_ref().and_then(|outlet| outlet.domain.as_deref().or(outlet.name.as_deref()))
}

/// In how many reports that are no kin each gram stands.
fn count_strangers(inputs: &[Input<'_>], sketches: &[Sketch], members: &[usize]) -> HashMap<u64, u32> {
    let members: Vec<usize> = members.iter().rev().take(MOST_REPORTS).copied().collect();
    let mut holders: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, index) in members.iter().enumerate() {
        for gram in &sketches[*index].grams {
            let list = holders.entry(*gram).or_default();
            if list.last() != Some(&(at as u32)) {
                list.push(at as u32);
            }
        }
    }
    let kin = kin(inputs, sketches, &members, &holders);
    holders
        .into_iter()
        .filter(|(_, list)| list.len() >= LEAST_REPORTS)
        .map(|(gram, list)| {
            let strangers: BTreeSet<usize> = list.iter().map(|at| kin[*at as usize]).collect();
            (gram, strangers.len() as u32)
        })
        .collect()
}

/// The first of each report's kin: captures of one address, and reports that share rarer grams, or
/// half of one's grams.
fn kin(
    inputs: &[Input<'_>],
    sketches: &[Sketch],
    members: &[usize],
    holders: &HashMap<u64, Vec<u32>>,
) -> Vec<usize> {
    let mut shared: HashMap<(u32, u32), (usize, usize)> = HashMap::new();
    for list in holders.values().filter(|list| list.len() <= MOST_HOLDERS) {
        let rare = usize::from(list.len() < LEAST_REPORTS);
        for (index, b) in list.iter().enumerate() {
            for a in &list[..index] {
                let counts = shared.entry((*a, *b)).or_default();
                counts.0 += rare;
                counts.1 += 1;
            }
        }
    }
    let length = |at: u32| sketches[members[at as usize]].grams.len();
    let mut pairs: Vec<(usize, usize)> = shared
        .into_iter()
        .filter(|((a, b), (rare, all))| *rare >= KIN || all * 2 >= length(*a).min(length(*b)))
        .map(|((a, b), _)| (a as usize, b as usize))
        .collect();
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, index) in members.iter().enumerate() {
        let report = inputs[*index].report;
        if let Some(address) = report.canonical_url.as_deref().or(report.url.as_deref()) {
            pairs.push((*pages.entry(address).or_insert(at), at));
        }
    }
    unite(members.len(), pairs.into_iter())
}

/// What a line is made of.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// Three of four of its grams are common.
    Common,
    /// Too short for a gram.
    Short,
    /// The report's own words.
    Own,
}

/// First token and token after the last of each line, and what it is made of.
fn lines(sketch: &Sketch, common: &[bool]) -> Vec<(usize, usize, Line)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in sketch.lines.chunk_by(|a, b| a == b) {
        let end = start + line.len();
        let grams = (end + 1).saturating_sub(GRAM).max(start) - start;
        let of_common = common.iter().skip(start).take(grams).filter(|common| **common).count();
        let made_of = match grams {
            0 => Line::Short,
            _ if of_common * 4 >= grams * 3 => Line::Common,
            _ => Line::Own,
        };
        lines.push((start, end, made_of));
        start = end;
    }
    lines
}

fn anywhere(sketch: &Sketch, common: &[bool]) -> Vec<bool> {
    let mut furniture = vec![false; sketch.tokens.len()];
    for (start, end, made_of) in lines(sketch, common) {
        if made_of == Line::Common {
            furniture[start..end].fill(true);
        }
    }
    let mut start = 0;
    for stretch in common.chunk_by(|a, b| a == b) {
        if stretch[0] && stretch.len() >= STRETCH {
            furniture[start..start + stretch.len() + GRAM - 1].fill(true);
        }
        start += stretch.len();
    }
    furniture
}

fn at_ends(sketch: &Sketch, common: &[bool]) -> Vec<bool> {
    let lines = lines(sketch, common);
    let mut furniture = vec![false; sketch.tokens.len()];
    // A title may stand above the first line of furniture, a short line anywhere in it.
    let before = |made_of: &Line| *made_of != Line::Own;
    let head = lines.iter().take_while(|(_, _, made_of)| before(made_of)).count();
    let tail = lines.iter().rev().take_while(|(_, _, made_of)| before(made_of)).count();
    let first = lines[..head].iter().rposition(|line| line.2 == Line::Common).map(|at| lines[at].1);
    let from = lines.len() - tail;
    let last = lines[from..].iter().position(|line| line.2 == Line::Common).map(|at| lines[from + at].0);
    furniture[..first.unwrap_or(0)].fill(true);
    furniture[last.unwrap_or(sketch.tokens.len())..].fill(true);
    furniture
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Digest, Outlet, ReportId, RuleId, Text};

    fn left(texts: &[&str], site: Option<&str>) -> Vec<usize> {
        let reports: Vec<Report> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let text = Text { string: (*text).to_owned(), blocks: vec![] };
                let mut report = Report::of_text(ReportId(Digest::of(&[index as u8])), text);
                report.outlet = site.map(|site| Outlet {
                    name: None,
                    domain: Some(site.to_owned()),
                    from: "url".into(),
                    rule: RuleId::core("core.test"),
                });
                report
            })
            .collect();
        let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
        let mut sketches: Vec<Sketch> = reports.iter().map(Sketch::of).collect();
        remove_furniture(&inputs, &mut sketches);
        sketches.iter().map(|sketch| sketch.tokens.len()).collect()
    }

    const OWN: [&str; 6] = [
        "The mill by the upper bridge burned down before the engines came",
        "Nobody at the harbour had seen the two grey boats since Monday",
        "A goat walked into the council chamber and ate the minutes there",
        "Rain is expected over the plain until the end of the week",
        "Prices of bread fell again while those of salt rose a little",
        "Three students won the prize for their map of the old wells",
    ];
    const LINE: &str = "Share this story with your friends and family";

    #[test]
    fn a_line_under_many_reports_is_furniture() {
        let under: Vec<String> = OWN.iter().map(|own| format!("{own}\n{LINE}")).collect();
        let under: Vec<&str> = under.iter().map(String::as_str).collect();
        assert!(left(&under, None).iter().all(|tokens| *tokens < 15));
        assert!(left(&under[..4], None).iter().all(|tokens| *tokens > 18), "four are not many");
        let inside: Vec<String> = OWN.iter().map(|own| format!("{own}\n{LINE}\n{own} too")).collect();
        let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
        assert!(left(&inside, None).iter().all(|tokens| *tokens > 28), "in the middle it was taken over");
        assert!(left(&inside, Some("example.org")).iter().all(|tokens| *tokens < 28));
    }

    #[test]
    fn a_text_that_many_print_is_no_furniture() {
        let same = [OWN[0]; 6];
        let whole = left(&same[..1], None)[0];
        assert_eq!(left(&same, None), vec![whole; 6]);
    }
}
