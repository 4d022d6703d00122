//! Local news of shootings: stories in the order of their dates, and tolls among our bounds.
//!
//! A toll is right where a figure of that event, in an article of the incident, has the registry's
//! number among its bounds; a toll of 0 is right where no such figure is above 0. Figures whose
//! window ends before the day of the incident, or is longer than a month ("eight children in the past
//! 17 months"), count others. The counts are the registry's final ones: an early article may say
//! another.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use jiff::civil::Date;
use selon_model::{Decimal, Figure};
use selon_read::Packs;
use serde::Deserialize;

use crate::Scores;
use crate::clusters;
use crate::connected::{Read, Text};
use crate::rows::{name_of, one};
use crate::scores::share;

#[derive(Deserialize)]
struct Article {
    gvc_event: String,
    doc_id: String,
    uri: String,
    dct: Option<String>,
    title: Option<String>,
    content: String,
}

#[derive(Deserialize)]
struct Incident {
    event_id: String,
    date: String,
    num_killed: Option<u32>,
    num_injured: Option<u32>,
}

/// Scores a folder with rows of articles and rows of incidents.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let articles: Vec<Article> = one(folder, &["gvc_event", "doc_id", "content"])?;
    let incidents: Vec<Incident> = one(folder, &["event_id", "num_killed", "num_injured"])?;
    let texts: Vec<Text> = articles
        .iter()
        .map(|article| Text {
            id: article.doc_id.clone(),
            lang: Some("en".into()),
            text: match &article.title {
                Some(title) => format!("{title}\n\n{}", article.content),
                None => article.content.clone(),
            },
            published: article.dct.clone(),
            url: Some(article.uri.clone()),
            ..Text::default()
        })
        .collect();
    let read = Read::of("gvc", &texts, packs);
    let mut out = Scores::new("gvc", name_of(folder));
    out.n = articles.len();
    let items: Vec<(usize, &str)> =
        read.stories().into_iter().zip(articles.iter().map(|article| article.gvc_event.as_str())).collect();
    clusters::write(&mut out, "story", &items);
    for (story, members) in clusters::purity(&items) {
        out.case(format!("event {story}"), members.0, members.1);
    }
    let mut by_event: BTreeMap<&str, Vec<&Figure>> = BTreeMap::new();
    for (article, report) in articles.iter().zip(&read.reports) {
        by_event.entry(&article.gvc_event).or_default().extend(&report.figures);
    }
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for incident in &incidents {
        let Some(figures) = by_event.get(incident.event_id.as_str()) else { continue };
        let day = Date::strptime("%B %d, %Y", &incident.date)?;
        let figures: Vec<&Figure> =
            figures.iter().copied().filter(|figure| !counts_others(figure, day)).collect();
        for (event, gold) in [("killed", incident.num_killed), ("injured", incident.num_injured)] {
            let Some(gold) = gold else { continue };
            let right = is_among(gold, event, &figures);
            let above = if event == "killed" { "killed_above_0" } else { "injured_above_0" };
            for name in [Some(event), Some("tolls"), (gold > 0).then_some(above)].into_iter().flatten() {
                let counts = counts.entry(name).or_default();
                counts.0 += usize::from(right);
                counts.1 += 1;
            }
            if !right {
                let read: Vec<String> = figures
                    .iter()
                    .filter(|figure| is_of(figure, event))
                    .map(|figure| {
                        figure.quantity.lower.or(figure.quantity.upper).map_or("?".into(), |n| n.to_string())
                    })
                    .collect();
                out.case(&incident.event_id, 0.5, format!("{event} {gold}, read {}", read.join(" ")));
            }
        }
    }
    for (name, (right, of)) in counts {
        out.set(name, share(right, of));
    }
    Ok(vec![out.sorted()])
}

/// Days of the longest window that may count one incident.
const LONGEST: i32 = 31;

/// Whether the window of a figure says that it does not count what happened on `day`.
fn counts_others(figure: &Figure, day: Date) -> bool {
    let Some(window) = &figure.window else { return false };
    let (from, until) = (window.from.map(|from| from.date()), window.until.map(|until| until.date()));
    let days = |from: Date, until: Date| until.since(from).map_or(0, |span| span.get_days());
    let is_long = from.zip(until).is_some_and(|(from, until)| days(from, until) > LONGEST);
    is_long || until.is_some_and(|until| until <= day && days(until, day) > 0)
}

fn is_of(figure: &Figure, event: &str) -> bool {
    figure.event.as_ref().is_some_and(|found| found.class == event)
}

fn is_among(gold: u32, event: &str, figures: &[&Figure]) -> bool {
    let gold = Decimal::from(gold);
    let mut bounds = figures.iter().filter(|figure| is_of(figure, event)).map(|figure| &figure.quantity);
    if gold == Decimal::from(0) {
        return bounds.all(|quantity| {
            [quantity.lower, quantity.upper].into_iter().flatten().all(|bound| bound <= gold)
        });
    }
    bounds.any(|quantity| quantity.lower == Some(gold) || quantity.upper == Some(gold))
}
