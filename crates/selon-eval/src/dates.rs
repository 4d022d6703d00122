//! Days of publication against gold: exact day; wrong and missing told apart.
//!
//! `f1` is that of htmldate's table: an equal day is right, another day is false, no day is
//! missed. A page whose gold says that there is no date is counted apart.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use selon_model::When;
use selon_read::Packs;

use crate::Scores;
use crate::pages::read_all;
use crate::rows::name_of;
use crate::scores::{f1, share};

/// Days counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Days {
    right: usize,
    wrong: usize,
    none: usize,
}

impl Days {
    fn add(&mut self, gold: &str, found: Option<&str>) {
        match found {
            Some(day) if day == gold => self.right += 1,
            Some(_) => self.wrong += 1,
            None => self.none += 1,
        }
    }

    fn all(&self) -> usize {
        self.right + self.wrong + self.none
    }

    fn f1(&self) -> f64 {
        f1(self.right, self.right + self.wrong, self.all())
    }
}

/// Scores a folder of pages: `accuracy` (exact day), `wrong`, `none`, `instant` where the gold
/// has a time with a zone, and `undated_found`, days given to pages that have none.
pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let mut out = Scores::new("dates", name_of(folder));
    let mut all = Days::default();
    let mut groups: BTreeMap<String, Days> = BTreeMap::new();
    let (mut timed, mut instants) = (0usize, 0usize);
    let (mut undated, mut invented) = (0usize, 0usize);
    for (page, report) in read_all("dates", folder, packs)? {
        let found = report.and_then(|report| report.published);
        let day = found.as_ref().and_then(When::date).map(|day| day.to_string());
        if page.undated {
            undated += 1;
            invented += usize::from(day.is_some());
        }
        let Some(gold) = &page.date else { continue };
        let gold_day: String = gold.chars().take(10).collect();
        all.add(&gold_day, day.as_deref());
        if let Some(group) = &page.group {
            groups.entry(group.clone()).or_default().add(&gold_day, day.as_deref());
        }
        if let Some(gold) = selon_read::parse_when(gold).filter(|gold| gold.zone.is_some()) {
            timed += 1;
            let same = |found: &When| found.from == gold.from && found.zone == gold.zone;
            instants += usize::from(found.as_ref().is_some_and(same));
        }
        let evidence = found.as_ref().and_then(|found| found.evidence);
        let evidence = evidence.map_or(String::new(), |evidence| format!(" ({evidence:?})"));
        let what = format!("expected {gold_day}, read {}{evidence}", day.as_deref().unwrap_or("none"));
        out.case(&page.id, f64::from(u8::from(day.as_ref() == Some(&gold_day))), what);
    }
    out.n = all.all();
    if out.n == 0 {
        bail!("the gold of {} has no date", folder.display());
    }
    out.set("accuracy", share(all.right, out.n));
    out.set("f1", all.f1());
    out.set("right", all.right as f64);
    out.set("wrong", all.wrong as f64);
    out.set("none", all.none as f64);
    for (group, days) in groups.iter().filter(|_| groups.len() > 1) {
        out.set(&format!("accuracy_{group}"), share(days.right, days.all()));
        out.set(&format!("right_{group}"), days.right as f64);
    }
    if timed > 0 {
        out.set("instant", share(instants, timed));
    }
    if undated > 0 {
        out.set("undated", undated as f64);
        out.set("undated_found", invented as f64);
    }
    Ok(vec![out.sorted()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let mut days = Days::default();
        for found in [Some("2016-12-12"), Some("2016-12-12"), Some("2016-12-13"), None] {
            days.add("2016-12-12", found);
        }
        assert_eq!(days, Days { right: 2, wrong: 1, none: 1 });
        // P 2/3, R 2/4
        assert!((days.f1() - 4.0 / 7.0).abs() < 1e-12);
    }
}
