//! Figures of a story side by side: per thing counted, each source's own line, then what cannot
//! both hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use selon_model::{Coded, CodingRule, NotCoded, Report, ReportId, Result, Series, Suspect};

use super::columns::{WIDTH, cut, one_line, pad, wrap};
use super::words;
use crate::archive::{Archive, StoryView};
use crate::disagreement::{Claim, disagreements};

/// The figures of one story, with the numbers that `rule` derives from them; empty where it has none.
pub fn story(archive: &Archive, view: &StoryView, rule: Option<CodingRule>) -> Result<String> {
    let reports = archive.members(view)?;
    let mut out = String::new();
    let mut groups: BTreeMap<(&str, &str), Vec<&Series>> = BTreeMap::new();
    for series in &view.series {
        let event = series.key.event.as_deref().unwrap_or("");
        groups.entry((event, &series.key.unit)).or_default().push(series);
    }
    for ((event, unit), list) in &groups {
        let _ = writeln!(out, "{} · {event} {unit}", super::lists::short(&view.story.id));
        for series in list {
            line(&mut out, series, &reports);
        }
    }
    for one in disagreements(view, &reports) {
        let _ = writeln!(out, "{} · {}: cannot all be so", super::lists::short(&view.story.id), one.event);
        for claim in &one.claims {
            self::claim(&mut out, claim);
        }
    }
    for one in rule.map(|rule| view.coded(rule, &reports)).unwrap_or_default() {
        coded(&mut out, &one, view, &reports);
    }
    if !out.is_empty() {
        out.push_str("No figure is chosen.\n");
    }
    Ok(out)
}

/// The numbers of a rule, and how many other figures there are.
fn coded(out: &mut String, coded: &Coded, view: &StoryView, reports: &BTreeMap<ReportId, Report>) {
    let name = format!("{}/{}", coded.rule.name(), coded.rule.version());
    let event = coded.key.event.as_deref().unwrap_or_default();
    let _ = writeln!(out, "{} · {event} {} · {name}", super::lists::short(&view.story.id), coded.key.unit);
    for number in &coded.numbers {
        let mut said: Vec<String> = Vec::new();
        for at in &number.from {
            let Some(report) = reports.get(&at.report) else { continue };
            let quantity = report.figures.get(at.figure as usize).map(|figure| figure.quantity);
            let quantity = quantity.as_ref().map(words::quantity).unwrap_or_default();
            let outlet = report.outlet.as_ref().and_then(|outlet| outlet.name.as_deref());
            let line = format!("{quantity} in {}", outlet.unwrap_or("outlet unknown"));
            if !said.contains(&line) {
                said.push(line);
            }
        }
        let value = words::number(number.value);
        let head = format!("  {} {} <- ", pad(&number.name, 6), pad(&value, 8));
        let room = WIDTH - super::columns::width(&head);
        let _ = writeln!(out, "{head}{}", cut(&said.join("; "), room));
    }
    let of = |why: NotCoded| coded.others.iter().filter(|other| other.why == why).count();
    let left: Vec<String> = [
        (NotCoded::Differs, "differ"),
        (NotCoded::Replaced, "replaced by later ones"),
        (NotCoded::Part, "parts of a larger number"),
        (NotCoded::OtherPeriod, "over a longer time"),
        (NotCoded::NoLowerBound, "without a least number"),
    ]
    .into_iter()
    .filter(|(why, _)| of(*why) > 0)
    .map(|(why, words)| format!("{} {words}", of(why)))
    .collect();
    if !left.is_empty() {
        let _ = writeln!(out, "  other figures: {}", left.join(", "));
    }
}

/// One source: its figures in their order, and where they stand.
fn line(out: &mut String, series: &Series, reports: &BTreeMap<ReportId, Report>) {
    let source = series.source.as_deref().map_or("attributed to nobody".to_owned(), one_line);
    // what is attributed to nobody has no order: one row a number
    let named = series.source.is_some();
    let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
    for step in &series.steps {
        let quantity = words::quantity(&step.quantity);
        let outlet = reports
            .get(&step.figure.report)
            .and_then(|report| report.outlet.as_ref())
            .and_then(|outlet| outlet.name.clone())
            .unwrap_or_else(|| "outlet unknown".to_owned());
        let from = if named { rows.len().saturating_sub(1) } else { 0 };
        match rows[from..].iter_mut().find(|row| row.0 == quantity) {
            Some((_, _, outlets)) => {
                if !outlets.contains(&outlet) {
                    outlets.push(outlet);
                }
            }
            None => {
                let relation = match step.relation.as_str() {
                    "update" => "raised",
                    "revision" => "lowered",
                    "order_unknown" if named => "order not known",
                    _ => "",
                };
                rows.push((quantity, relation.to_owned(), vec![outlet]));
            }
        }
    }
    for (index, (quantity, relation, outlets)) in rows.iter().enumerate() {
        let source = if index == 0 { cut(&source, 28) } else { String::new() };
        let head = format!("  {} {} ", pad(quantity, 14), pad(&source, 28));
        let relation = if relation.is_empty() { String::new() } else { format!("{relation}; ") };
        let room = WIDTH - super::columns::width(&head);
        let _ = writeln!(out, "{head}{}", cut(&format!("{relation}in {}", outlets.join(", ")), room));
    }
}

/// One claim: how many, who says so, and what it stands against.
fn claim(out: &mut String, claim: &Claim) {
    let source = claim.source.as_deref().map_or("attributed to nobody".to_owned(), one_line);
    let suspect = match claim.suspect {
        Some(Suspect::Factor10) => " (a factor of ten: a slip?)",
        Some(Suspect::Factor100) => " (a factor of a hundred: a slip?)",
        Some(Suspect::OtherUnit) => " (the same number of something else)",
        None => "",
    };
    let against: Vec<String> = claim
        .against
        .iter()
        .map(words::quantity)
        .map(|number| number.trim_start_matches("= ").to_owned())
        .collect();
    let head = format!("  {} {} ", pad(&words::quantity(&claim.quantity), 14), pad(&cut(&source, 28), 28));
    let room = WIDTH - super::columns::width(&head);
    for (index, line) in
        wrap(&format!("not with {}{suspect}", against.join(", ")), room).into_iter().enumerate()
    {
        let head = if index == 0 { head.clone() } else { " ".repeat(WIDTH - room) };
        let _ = writeln!(out, "{head}{line}");
    }
}
