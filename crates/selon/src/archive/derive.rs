//! Deriving: captures are read, put into catalogue and index, and connected.
//!
//! Each step remembers how far it has come, and doing a batch again changes nothing, so a crash
//! costs one batch. Nothing here is evidence: it can all be thrown away and made again.

use rayon::prelude::*;
use selon_capture::{Evidence, Payload};
use selon_model::{Capture, LeafIndex, Report, ReportInput, Result};
use selon_read::{Hints, Packs, parse_when};
use selon_store::{Connected, Outcome, Row};

use super::Archive;
use super::add::Progress;
use crate::input::{self, Item, OwnedDocument, Stated, warc};

/// Captures read at a time.
const BATCH: usize = 64;

/// Reports of one capture: a corpus file may hold many rows.
const MOST_REPORTS: usize = 200_000;

/// How much was derived.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) reports: u64,
    pub(super) not_read: u64,
    pub(super) stories: u64,
}

impl Archive {
    /// Reads and connects what is in the log and not yet in catalogue and index.
    pub(super) fn catch_up(&mut self, packs: &Packs, progress: &mut dyn Progress) -> Result<Tally> {
        let mut tally = Tally::default();
        let size = LeafIndex(self.evidence.ledger()?.size());
        let from = self.catalog.watermark("read")?.min(self.index.next_leaf()?);
        let total = size.0.saturating_sub(from.0);
        if total == 0 {
            tally.stories = self.catalog.connected()?.stories.len() as u64;
            return Ok(tally);
        }
        let mut waiting: Vec<Capture> = Vec::with_capacity(BATCH);
        let mut captures = self.evidence.captures()?;
        loop {
            let next = captures.next().transpose()?;
            let ended = next.is_none();
            waiting.extend(next.filter(|capture| capture.leaf >= from));
            if waiting.len() >= BATCH || (ended && !waiting.is_empty()) {
                let evidence = &self.evidence;
                let rows: Result<Vec<Row>> =
                    waiting.par_iter().map(|capture| read_again(evidence, capture, packs)).collect();
                let rows = rows?;
                let next = LeafIndex(waiting.last().map_or(0, |last| last.leaf.0 + 1));
                waiting.clear();
                self.catalog.put(&rows)?;
                let reports: Vec<Report> = rows.iter().flat_map(|row| row.reports.iter().cloned()).collect();
                self.index.add(&reports, next)?;
                self.catalog.set_watermark("read", next)?;
                tally.reports += reports.len() as u64;
                tally.not_read += rows.iter().filter(|row| row.outcome == Outcome::NotRead).count() as u64;
                progress.step("reading", next.0.saturating_sub(from.0), total);
            }
            if ended {
                break;
            }
        }
        self.index.add(&[], size)?;
        self.catalog.set_watermark("read", size)?;
        progress.step("connecting", 0, 1);
        let connected = self.connected_again(packs)?;
        tally.stories = connected.stories.len() as u64;
        self.catalog.connect(&connected)?;
        progress.step("connecting", 1, 1);
        Ok(tally)
    }

    /// Empties catalogue and index.
    pub(super) fn forget_derived(&mut self) -> Result<()> {
        self.catalog.clear()?;
        self.index.clear()
    }

    /// Everything between the reports of the catalogue, computed anew.
    pub(super) fn connected_again(&self, packs: &Packs) -> Result<Connected> {
        let mut reports: Vec<(Report, jiff::Timestamp)> = Vec::new();
        let captured: std::collections::BTreeMap<_, _> =
            self.catalog.captures()?.into_iter().map(|(capture, _)| (capture.id, capture.at)).collect();
        self.catalog.reports(&mut |capture, report| {
            let at = captured.get(&capture).copied().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
            reports.push((report, at));
            Ok(())
        })?;
        let inputs: Vec<selon_connect::Input<'_>> =
            reports.iter().map(|(report, at)| selon_connect::Input { report, captured: Some(*at) }).collect();
        Ok(connect(&inputs, packs))
    }
}

/// Connects reports with what the packs know.
pub(crate) fn connect(inputs: &[selon_connect::Input<'_>], packs: &Packs) -> Connected {
    let stop = packs
        .stop_words()
        .map(|(lang, words)| (lang.to_string(), words.iter().map(|word| selon_connect::fold(word)).collect()))
        .collect();
    let known = selon_connect::Known { stop: &stop, registry: packs.registry() };
    let selon_connect::Connected { links, stories, chains, series, pairs } =
        selon_connect::connect(inputs, &known);
    Connected { links, stories, chains, series, pairs }
}

/// A capture, read again from its record.
pub(super) fn read_again(evidence: &Evidence, capture: &Capture, packs: &Packs) -> Result<Row> {
    let fetched = evidence.fetch_capture(capture)?;
    let reports = read_capture(capture, fetched.payload, packs);
    let outcome = if reports.is_empty() { Outcome::NotRead } else { Outcome::Read };
    Ok(Row { capture: capture.clone(), outcome, reports })
}

/// The reports of a capture. A record that holds a page gives its reports; one that holds a file
/// is told apart by its content, as `selon read` does.
fn read_capture(capture: &Capture, payload: Payload, packs: &Packs) -> Vec<Report> {
    let stated = stated(capture);
    let name = capture.stated.name.clone();
    let mut reports: Vec<Report> = Vec::new();
    let mut take = |document: &OwnedDocument| {
        let named = Some((capture.id, capture.at));
        let mut read = document.read(packs, named, reports.len() as u32);
        for report in &mut read {
            report.payload = capture.payload;
        }
        reports.extend(read);
        reports.len() < MOST_REPORTS
    };
    if capture.target.starts_with("urn:selon:") {
        let path = name.clone().unwrap_or_else(|| capture.target.clone());
        input::documents_of(&payload.bytes, &path, &path, &stated, &mut |item| match item {
            Item::Document(document) => take(&document),
            Item::Failure(_) => true,
        });
    } else if let Some(media) = warc::media_of(&payload) {
        let path = name.or_else(|| Some(capture.record.file.clone()));
        let input = ReportInput { path, record: None, id: None };
        take(&warc::document(payload, media, input, &stated));
    }
    reports
}

/// What the supplier stated about a capture, as hints.
fn stated(capture: &Capture) -> Stated {
    let stated = &capture.stated;
    Stated {
        hints: Hints {
            url: stated.url.clone(),
            published: stated.published.as_deref().and_then(parse_when),
            language: stated.language.clone(),
            outlet: stated.outlet.clone(),
            title: None,
        },
        ..Stated::default()
    }
}
