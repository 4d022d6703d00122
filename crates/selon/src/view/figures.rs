//! Figures of a story side by side: per thing counted, each source's own line, then what cannot
//! both hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use selon_model::{FigureRef, Relation, Report, Result, Series, Suspect};

use super::columns::{WIDTH, cut, one_line, pad, wrap};
use super::words;
use crate::archive::{Archive, StoryView};

/// The figures of one story; empty where it has none.
pub fn story(archive: &Archive, view: &StoryView) -> Result<String> {
    let mut reports: BTreeMap<_, Report> = BTreeMap::new();
    for head in &view.heads {
        if let Some((report, _)) = archive.report(&head.id)? {
            reports.insert(head.id, report);
        }
    }
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
    let mut said: BTreeSet<String> = BTreeSet::new();
    for pair in &view.pairs {
        let (Some(a), Some(b)) = (speak(&reports, pair.a), speak(&reports, pair.b)) else { continue };
        let what = match pair.relation {
            Relation::Conflict => "cannot both hold",
            Relation::ScopeDifference => "count different groups",
            Relation::Update => "was raised",
            Relation::Revision => "was lowered",
            Relation::Compatible => continue,
        };
        let suspect = match pair.suspect {
            Some(Suspect::Factor10) => " (a factor of ten: a slip?)",
            Some(Suspect::Factor100) => " (a factor of a hundred: a slip?)",
            Some(Suspect::OtherUnit) => " (the same number of something else)",
            None => "",
        };
        said.insert(format!("{a} and {b}: {what}{suspect}"));
    }
    for one in said {
        for (index, line) in wrap(&one, WIDTH - 4).into_iter().enumerate() {
            let _ = writeln!(out, "{}{line}", if index == 0 { "  ≠ " } else { "    " });
        }
    }
    if !out.is_empty() {
        out.push_str("No figure is chosen.\n");
    }
    Ok(out)
}

/// One source: its figures in their order, and where they stand.
fn line(out: &mut String, series: &Series, reports: &BTreeMap<selon_model::ReportId, Report>) {
    let source = series.source.as_deref().map_or("attributed to nobody".to_owned(), one_line);
    let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
    for step in &series.steps {
        let quantity = words::quantity(&step.quantity);
        let outlet = reports
            .get(&step.figure.report)
            .and_then(|report| report.outlet.as_ref())
            .and_then(|outlet| outlet.name.clone())
            .unwrap_or_else(|| "outlet unknown".to_owned());
        match rows.last_mut() {
            Some((last, _, outlets)) if *last == quantity => {
                if !outlets.contains(&outlet) {
                    outlets.push(outlet);
                }
            }
            _ => {
                let relation = match step.relation.as_str() {
                    "update" => "raised",
                    "revision" => "lowered",
                    "order_unknown" => "order not known",
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

fn speak(reports: &BTreeMap<selon_model::ReportId, Report>, at: FigureRef) -> Option<String> {
    let report = reports.get(&at.report)?;
    let figure = report.figures.get(at.figure as usize)?;
    let speaker = report.speaker_of(figure).map_or("nobody named".to_owned(), one_line);
    let unit = figure.unit.as_ref().map_or("", |unit| unit.class.as_str());
    Some(format!("{} {unit} ({})", words::quantity(&figure.quantity), cut(&speaker, 40)))
}
