//! Verifying: every stored byte against the log, and every derived row against the evidence.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::{CaptureId, Report, ReportId, Result};
use selon_read::Packs;
use selon_store::{Connected, Row};

use super::Archive;
use super::derive::{KnownRows, read_in_order};

/// A derived row that evidence does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs, with its id.
    pub item: String,
    /// How.
    pub what: String,
}

/// What comparing gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows that evidence does not give, and those that it gives and are not there.
    pub differences: Vec<Difference>,
    /// Captures that are logged and were never read, as after an interrupted `add`.
    pub waiting: u64,
}

impl Archive {
    /// Reads every capture again and compares catalogue and connections with what that gives.
    /// Evidence that cannot be read again is left to the evidence's own verdict.
    ///
    /// # Errors
    /// Where the catalogue cannot be read at all.
    pub fn compare_derived(&self, packs: &Packs) -> Result<Compared> {
        let mut differences = Vec::new();
        let mut waiting = 0;
        let read = self.catalog.watermark("read")?;
        let rows = match self.catalogued() {
            Ok(rows) => rows,
            Err(error) => {
                let differences = vec![Difference { item: "catalogue".into(), what: error.to_string() }];
                return Ok(Compared { differences, waiting });
            }
        };
        let mut unread: BTreeSet<CaptureId> = rows.keys().copied().collect();
        let mut known = KnownRows::default();
        let mut readings: BTreeMap<CaptureId, Vec<Report>> = BTreeMap::new();
        let mut in_order = self.evidence.in_order();
        for capture in self.evidence.captures()? {
            let Ok(capture) = capture else { continue };
            unread.remove(&capture.id);
            if capture.leaf >= read {
                waiting += 1;
                continue;
            }
            let again = read_in_order(&self.evidence, &mut in_order, &capture, packs);
            let Ok((mut expected, _)) = again else { continue };
            if let Some(older) = readings.remove(&capture.id) {
                known.forget(&older);
            }
            known.leave_out(&mut expected);
            match rows.get(&capture.id) {
                // A later leaf states it anew.
                Some(found) if found.capture.leaf > capture.leaf => {
                    readings.insert(capture.id, expected.reports);
                }
                None => differences.push(Difference {
                    item: format!("capture {}", capture.id),
                    what: "is in the log and not in the catalogue".into(),
                }),
                Some(found) => compare(&expected, found, &mut differences),
            }
        }
        for id in unread {
            differences.push(Difference {
                item: format!("capture {id}"),
                what: "is in the catalogue and not in the log".into(),
            });
        }
        let indexed = self.index.count()?;
        let reports: u64 = rows.values().map(|row| row.reports.len() as u64).sum();
        if waiting == 0 && indexed != reports {
            differences.push(Difference {
                item: "search index".into(),
                what: format!("holds {indexed} reports of {reports}"),
            });
        }
        if differences.is_empty() && waiting == 0 {
            let expected = self.connected_again(packs)?;
            let found = self.catalog.connected();
            if found.as_ref().ok() != Some(&expected) {
                differences.push(Difference {
                    item: "stories, links and figures side by side".into(),
                    what: differing(&expected, found.ok().as_ref()),
                });
            }
        }
        Ok(Compared { differences, waiting })
    }

    fn catalogued(&self) -> Result<BTreeMap<CaptureId, Row>> {
        let mut rows: BTreeMap<CaptureId, Row> = BTreeMap::new();
        for (capture, outcome) in self.catalog.captures()? {
            rows.insert(capture.id, Row { capture, outcome, reports: Vec::new() });
        }
        self.catalog.reports(&mut |capture, report| {
            if let Some(row) = rows.get_mut(&capture) {
                row.reports.push(report);
            }
            Ok(())
        })?;
        Ok(rows)
    }
}

fn compare(expected: &Row, found: &Row, differences: &mut Vec<Difference>) {
    if expected.capture != found.capture || expected.outcome != found.outcome {
        differences.push(Difference {
            item: format!("capture {}", expected.capture.id),
            what: "the catalogue says of it what the evidence does not".into(),
        });
    }
    let by_id = |reports: &[Report]| -> BTreeMap<ReportId, Report> {
        reports.iter().map(|report| (report.id, report.clone())).collect()
    };
    let (expected, found) = (by_id(&expected.reports), by_id(&found.reports));
    for (id, report) in &expected {
        match found.get(id) {
            Some(other) if other == report => {}
            Some(_) => differences.push(Difference {
                item: format!("report {id}"),
                what: "the catalogue says of it what reading the evidence does not give".into(),
            }),
            None => differences.push(Difference {
                item: format!("report {id}"),
                what: "is not in the catalogue, or was read by another engine or other packs".into(),
            }),
        }
    }
    for id in found.keys().filter(|id| !expected.contains_key(id)) {
        differences.push(Difference {
            item: format!("report {id}"),
            what: "reading the evidence does not give it".into(),
        });
    }
}

fn differing(expected: &Connected, found: Option<&Connected>) -> String {
    let Some(found) = found else { return "cannot be read".into() };
    let mut parts = Vec::new();
    for (name, same) in [
        ("links", expected.links == found.links),
        ("stories", expected.stories == found.stories),
        ("chains", expected.chains == found.chains),
        ("series of figures", expected.series == found.series),
        ("pairs of figures", expected.pairs == found.pairs),
    ] {
        if !same {
            parts.push(name);
        }
    }
    format!("{} differ from what the reports give", parts.join(", "))
}
