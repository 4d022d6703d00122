//! Days of publication against gold: exact day; wrong and missing told apart.

use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use selon_model::When;
use selon_read::{ENGINE_VERSION, Packs};

use crate::extraction::name_of;
use crate::pages::load;
use crate::{Scores, Worst};

/// Scores a folder of pages: `accuracy` (exact day), `wrong`, `none`, and `instant` where the
/// gold has a time with a zone.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let pages = load(folder)?;
    let mut out = Scores {
        task: "dates".into(),
        data: name_of(folder),
        selon: ENGINE_VERSION.into(),
        ..Scores::default()
    };
    let read: Vec<(&str, String, Option<When>)> = pages
        .par_iter()
        .filter_map(|page| {
            let gold = page.date.clone()?;
            let found = page.read(packs).and_then(|report| report.published);
            Some((page.id.as_str(), gold, found))
        })
        .collect();
    let (mut right, mut wrong, mut none) = (0usize, 0usize, 0usize);
    let (mut timed, mut instants) = (0usize, 0usize);
    for (id, gold, found) in &read {
        let gold_when = selon_read::parse_when(gold);
        let day = found.as_ref().and_then(When::date).map(|day| day.to_string());
        let gold_day: String = gold.chars().take(10).collect();
        let outcome = match &day {
            Some(day) if *day == gold_day => &mut right,
            Some(_) => &mut wrong,
            None => &mut none,
        };
        *outcome += 1;
        if let Some(gold) = gold_when.as_ref().filter(|gold| gold.zone.is_some()) {
            timed += 1;
            instants += usize::from(
                found.as_ref().is_some_and(|found| found.from == gold.from && found.zone == gold.zone),
            );
        }
        let equal = day.as_ref() == Some(&gold_day);
        let evidence = found
            .as_ref()
            .and_then(|found| found.evidence)
            .map_or(String::new(), |evidence| format!(" ({evidence:?})"));
        let what = format!("expected {gold_day}, read {}{evidence}", day.as_deref().unwrap_or("none"));
        out.worst.push(Worst { id: (*id).to_owned(), score: f64::from(u8::from(equal)), what });
    }
    out.n = read.len();
    let n = out.n.max(1) as f64;
    out.figures.insert("accuracy".into(), right as f64 / n);
    out.figures.insert("right".into(), right as f64);
    out.figures.insert("wrong".into(), wrong as f64);
    out.figures.insert("none".into(), none as f64);
    if timed > 0 {
        out.figures.insert("instant".into(), instants as f64 / timed as f64);
    }
    out.worst.sort_by(|a, b| a.score.total_cmp(&b.score).then_with(|| a.id.cmp(&b.id)));
    Ok(vec![out])
}
