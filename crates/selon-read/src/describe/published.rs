//! When the page was published and last changed: every place that says so is a witness; those
//! that agree on a day add up, and the most precise of them gives time and zone.

use jiff::civil::Date;
use selon_model::{DateEvidence, Note, RuleId, When};

use super::date_witness::{Dated, Witness, ask_urls};

/// The dates of a page.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    pub(crate) published: Option<When>,
    pub(crate) modified: Option<When>,
    /// 0 to 1, of the day of publication.
    pub(crate) confidence: f32,
    pub(crate) notes: Vec<Note>,
}

/// Where in the page the title and the first prose stand, by number of block.
pub(crate) struct Around {
    pub(crate) title: Option<usize>,
    pub(crate) first_prose: usize,
    pub(crate) last_prose: usize,
    /// The blocks of the article: beyond them stand others of the same page.
    pub(crate) within: std::ops::Range<usize>,
}

/// Finds the dates of a page; none after the day it was captured, where that is known.
pub(crate) fn find_dates(page: &Dated<'_, '_>, latest: Option<Date>) -> Dates {
    let mut witnesses = Vec::new();
    page.ask_data(&mut witnesses);
    page.ask_meta(&mut witnesses);
    page.ask_elements(&mut witnesses);
    ask_urls(page.urls, &mut witnesses);
    page.ask_text(&mut witnesses);
    if witnesses.iter().all(|witness| witness.modified) {
        page.ask_far_text(&mut witnesses);
        if witnesses.iter().all(|witness| witness.modified || witness.trust < 0.3) {
            page.ask_scripts(&mut witnesses);
        }
    }
    local_days(&mut witnesses);
    witnesses.retain(|witness| {
        let day = witness.when.date();
        day.is_some_and(|day| {
            day.year() >= 1995
                && latest.is_none_or(|latest| latest.tomorrow().is_ok_and(|limit| day <= limit))
        })
    });
    combine(&witnesses)
}

/// When each entry of a live page was published, as it says itself.
pub(crate) fn entry_times(page: &Dated<'_, '_>, entries: &[std::ops::Range<usize>]) -> Vec<Option<When>> {
    entries.iter().map(|entry| page.entry_time(entry)).collect()
}

fn combine(witnesses: &[Witness]) -> Dates {
    let mut dates = Dates::default();
    let published: Vec<&Witness> = witnesses.iter().filter(|witness| !witness.modified).collect();
    let modified: Vec<&Witness> = witnesses.iter().filter(|witness| witness.modified).collect();
    dates.modified = best(&modified).map(|(when, _, _)| when);
    match best(&published).filter(|_| !change_tells_more(&published, &modified)) {
        Some((when, trust, rival)) => {
            dates.confidence = trust;
            if let Some(rival) = rival {
                let what = format!("{} and {rival} are both given as day of publication", shown(&when));
                dates.notes.push(Note::new("date_conflict", what));
            }
            dates.published = Some(when);
        }
        None => {
            // Only a day of change is known: it is the best bound there is for publication.
            if let Some((when, trust, _)) = best(&modified) {
                dates.confidence = trust * 0.6;
                let what =
                    format!("only a day of change is known, {}: it is taken for publication", shown(&when));
                dates.notes.push(Note::new("published_unknown", what));
                let rule = RuleId::core("core.date.changed");
                dates.published = Some(When { inferred: true, rule, ..when });
            }
        }
    }
    if let (Some(published), Some(modified)) = (&dates.published, &dates.modified)
        && modified.date() < published.date()
    {
        let what = format!("changed {} before it was published {}", shown(modified), shown(published));
        dates.notes.push(Note::new("date_order", what));
    }
    dates
}

/// A day of change that the page shows is the better bound where all that says when it was
/// published is a guess, or a weak witness of a later day: that is the day it was served.
fn change_tells_more(published: &[&Witness], modified: &[&Witness]) -> bool {
    let (Some((day, trust, _)), Some((changed, shown, _))) = (best(published), best(modified)) else {
        return false;
    };
    let is_shown = matches!(changed.evidence, Some(DateEvidence::Text | DateEvidence::TimeElement));
    let earlier = changed.date() < day.date();
    is_shown && ((trust < 0.45 && shown >= 0.5) || (trust < 0.7 && shown >= 0.6 && earlier))
}

fn shown(when: &When) -> String {
    when.edtf.clone().unwrap_or_default()
}

/// The day with most trust; its most precise witness; the trust; and a day that says otherwise
/// with some weight.
fn best(witnesses: &[&Witness]) -> Option<(When, f32, Option<String>)> {
    let mut days: Vec<(Date, f32)> = Vec::new();
    for witness in witnesses {
        let Some(day) = witness.when.date() else { continue };
        if days.iter().any(|(known, _)| *known == day) {
            continue;
        }
        // Each kind of evidence counts once for a day, with its best witness.
        let of_kind = |kind: DateEvidence| {
            witnesses
                .iter()
                .filter(|other| other.when.evidence == Some(kind) && other.when.date() == Some(day))
                .max_by(|a, b| a.trust.total_cmp(&b.trust))
        };
        let trust_of = |kind: DateEvidence| of_kind(kind).map_or(0.0, |witness| witness.trust);
        let in_utc = |kind: DateEvidence| {
            of_kind(kind).is_some_and(|witness| witness.when.zone.as_deref() == Some("Z"))
        };
        let (data, meta) = (trust_of(DateEvidence::JsonLd), trust_of(DateEvidence::Meta));
        // One machine wrote both, in its own zone: they are one witness of the reader's day.
        let mut doubt = if in_utc(DateEvidence::JsonLd) && in_utc(DateEvidence::Meta) {
            1.0 - data.max(meta)
        } else {
            (1.0 - data) * (1.0 - meta)
        };
        for kind in [
            DateEvidence::TimeElement,
            DateEvidence::Url,
            DateEvidence::Id,
            DateEvidence::Text,
            DateEvidence::Script,
        ] {
            doubt *= 1.0 - trust_of(kind);
        }
        days.push((day, 1.0 - doubt));
    }
    let mut order: Vec<&(Date, f32)> = days.iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (day, trust) = *order.first()?;
    let precision =
        |witness: &Witness| (witness.when.zone.is_some(), std::cmp::Reverse(witness.when.precision));
    let chosen = witnesses
        .iter()
        .filter(|witness| witness.when.date() == Some(*day))
        .max_by(|a, b| precision(a).cmp(&precision(b)).then(a.trust.total_cmp(&b.trust)))?;
    let rival = order.get(1).filter(|(other, weight)| *weight > 0.6 && days_apart(*other, *day) > 1);
    let trust = if rival.is_some() { trust * 0.8 } else { *trust };
    Some((chosen.when.clone(), trust, rival.map(|(day, _)| day.to_string())))
}

fn days_apart(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days().abs())
}

/// Where a machine's clock in UTC says one day and the page or its address shows the next to it,
/// the reader's day is the one that is shown. A whole hour late in the evening is a reader's midnight: a day
/// without a time, and what is shown anywhere decides.
fn local_days(witnesses: &mut [Witness]) {
    let in_utc = |witness: &Witness| witness.when.zone.as_deref() == Some("Z");
    let shown: Vec<(Date, f32)> = witnesses
        .iter()
        .filter(|witness| {
            matches!(
                witness.when.evidence,
                Some(DateEvidence::Text | DateEvidence::TimeElement | DateEvidence::Url)
            ) && !in_utc(witness)
                && !witness.modified
        })
        .filter_map(|witness| Some((witness.when.date()?, witness.trust)))
        .collect();
    for witness in witnesses.iter_mut().filter(|witness| in_utc(witness)) {
        let (Some(from), Some(day)) = (witness.when.from, witness.when.date()) else { continue };
        let other = match from.hour() {
            14.. => day.tomorrow(),
            ..=11 => day.yesterday(),
            _ => continue,
        };
        let Ok(other) = other else { continue };
        let midnight = from.hour() >= 21 && from.minute() == 0 && from.second() == 0;
        let (least, share) = if midnight { (0.15, 0.15) } else { (0.55, 0.5) };
        let shows = |wanted: Date| shown.iter().any(|(day, trust)| *day == wanted && *trust >= least);
        if witness.when.evidence != Some(DateEvidence::Id) && shows(other) && !shows(day) {
            witness.trust *= share;
        }
    }
}
