//! Deriving: captures are read, put into catalogue and index, and connected.
//!
//! Each step remembers how far it has come, and doing a batch again changes nothing, so a crash
//! costs one batch. Nothing here is evidence: it can all be thrown away and made again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;
use selon_capture::{Evidence, Fetched, InOrder, Payload};
use selon_connect::Decisions;
use selon_model::{
    Capture, CaptureId, Digest, FoundAt, JudgmentId, LeafIndex, Origin, PartOf, Report, ReportId,
    ReportInput, Result, Subject, Text,
};
use selon_read::{FieldMap, Hints, Packs, parse_when};
use selon_store::{Catalog, Connected, Entry, Outcome, Row};

use super::Archive;
use super::add::Progress;
use crate::input::{self, Item, NOT_READ, OwnedDocument, Stated, warc};
use crate::record::Failure;

/// Captures read at a time.
const BATCH: usize = 64;

/// Bytes of rows read at a time: a row becomes a report of many times its size.
const LARGE: u64 = 512 << 10;

/// Rows of a large file that are read at a time, and the bytes of them.
const ROWS: usize = 2_048;
const ROW_BYTES: usize = 1 << 20;

/// Reports of one capture: a corpus file may hold many rows.
const MOST_REPORTS: usize = 200_000;

/// Lines of one capture that are told to be unreadable.
const MOST_FAILURES: usize = 1_000;

/// How much was derived.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) reports: u64,
    pub(super) not_read: u64,
    pub(super) stories: u64,
    /// Rows and posts that an earlier capture held already.
    pub(super) known_rows: u64,
    /// Lines and rows that could not be read.
    pub(super) failures: Vec<Failure>,
}

/// Rows and posts that were read before, by what they say: the same row in another file is no
/// second report. The files themselves are evidence, each kept whole.
#[derive(Debug, Default)]
pub(super) struct KnownRows(HashSet<Digest>);

impl KnownRows {
    /// Those of captures before a leaf.
    fn before(catalog: &Catalog, leaf: LeafIndex) -> Result<KnownRows> {
        let mut known = KnownRows::default();
        let rows: BTreeSet<CaptureId> = catalog
            .captures()?
            .into_iter()
            .filter(|(capture, _)| capture.leaf < leaf && holds_rows(capture))
            .map(|(capture, _)| capture.id)
            .collect();
        if !rows.is_empty() {
            catalog.reports(&mut |capture, report| {
                if rows.contains(&capture) {
                    known.0.extend(row_key(&report));
                }
                Ok(())
            })?;
        }
        Ok(known)
    }

    /// Forgets rows of a reading that another takes the place of.
    pub(super) fn forget(&mut self, reports: &[Report]) {
        for key in reports.iter().filter_map(row_key) {
            self.0.remove(&key);
        }
    }

    /// Leaves out what is known; gives how much that was.
    pub(super) fn leave_out(&mut self, row: &mut Row) -> u64 {
        if !holds_rows(&row.capture) {
            return 0;
        }
        let before = row.reports.len();
        row.reports.retain(|report| row_key(report).is_none_or(|key| self.0.insert(key)));
        (before - row.reports.len()) as u64
    }
}

/// Bytes of a capture as far as they may be rows, of which each gives a report; packed ones grow.
fn size_of_rows(capture: &Capture) -> u64 {
    match capture.media_type.as_str() {
        _ if !holds_rows(capture) || capture.origin != Origin::Imported => 0,
        "application/gzip" | "application/vnd.apache.parquet" => capture.payload_length.saturating_mul(8),
        _ => capture.payload_length,
    }
}

/// Whether a capture is a file as it was given, which may hold rows; records of containers are
/// captures of their own.
fn holds_rows(capture: &Capture) -> bool {
    capture.target.starts_with("urn:selon:")
}

/// What tells a row or post from every other: its own id, its words and what it says about them.
fn row_key(report: &Report) -> Option<Digest> {
    report.input.record?;
    let day = report.published.as_ref().and_then(|when| when.edtf.as_deref());
    let platform = report.posts.first().filter(|post| post.found_at == [FoundAt::Json]);
    let parts = [
        report.input.id.as_deref(),
        platform.map(|post| post.platform.as_str()),
        Some(report.text.string.as_str()),
        report.title.as_deref(),
        report.url.as_deref(),
        day,
    ];
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.unwrap_or_default().as_bytes()).collect();
    Some(Digest::of_parts(&parts))
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
        let mut known = KnownRows::before(&self.catalog, from)?;
        let mut waiting: Vec<Capture> = Vec::with_capacity(BATCH);
        let mut rows_waiting = 0;
        let mut captures = self.evidence.captures()?;
        let mut in_order = self.evidence.in_order();
        loop {
            let next = captures.next().transpose()?;
            let ended = next.is_none();
            let next = next.filter(|capture| capture.leaf >= from);
            let is_large = |capture: &Capture| size_of_rows(capture) > LARGE;
            let (alone, among) = match next {
                Some(capture) if is_large(&capture) => (Some(capture), None),
                next => (None, next),
            };
            if let Some(capture) = among {
                rows_waiting += size_of_rows(&capture);
                waiting.push(capture);
            }
            let full = waiting.len() >= BATCH || rows_waiting > LARGE;
            if !waiting.is_empty() && (full || ended || alone.is_some()) {
                let next = LeafIndex(waiting.last().map_or(0, |last| last.leaf.0 + 1));
                self.read_together(&waiting, &mut in_order, &mut known, packs, &mut tally)?;
                waiting.clear();
                rows_waiting = 0;
                progress.step("reading", next.0.saturating_sub(from.0), total);
            }
            if let Some(capture) = alone {
                self.read_alone(&capture, &mut known, packs, &mut tally)?;
                progress.step("reading", (capture.leaf.0 + 1).saturating_sub(from.0), total);
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

    /// Reads captures on all cores and puts them into catalogue and index.
    fn read_together(
        &mut self,
        captures: &[Capture],
        in_order: &mut InOrder,
        known: &mut KnownRows,
        packs: &Packs,
        tally: &mut Tally,
    ) -> Result<()> {
        let next = LeafIndex(captures.last().map_or(0, |last| last.leaf.0 + 1));
        let read = read_batch(&self.evidence, in_order, captures, packs)?;
        let mut rows: Vec<Row> = Vec::with_capacity(captures.len());
        for (mut row, failures) in read {
            if let Some(before) = rows.iter().position(|other| other.capture.id == row.capture.id) {
                known.forget(&rows.remove(before).reports);
            } else {
                self.take_out_older(&row.capture, known)?;
            }
            tally.known_rows += known.leave_out(&mut row);
            tally.failures.extend(failures);
            rows.push(row);
        }
        self.catalog.put(&rows)?;
        let entries: Vec<Entry<'_>> = rows.iter().flat_map(entries_of).collect();
        self.index.add(&entries, next)?;
        self.catalog.set_watermark("read", next)?;
        tally.reports += entries.len() as u64;
        for row in rows.iter().filter(|row| row.outcome == Outcome::NotRead) {
            // Pictures, robots.txt and answers that are no page were never to be read.
            tally.not_read += u64::from(self.evidence.is_document(&row.capture)?);
        }
        Ok(())
    }

    /// Reads a capture of many rows: some at a time, each put away before the next are read.
    fn read_alone(
        &mut self,
        capture: &Capture,
        known: &mut KnownRows,
        packs: &Packs,
        tally: &mut Tally,
    ) -> Result<()> {
        self.take_out_older(capture, known)?;
        let fetched = self.evidence.fetch_capture(capture)?;
        let row = |outcome, reports| Row { capture: capture.clone(), outcome, reports };
        let (catalog, index) = (&mut self.catalog, &self.index);
        catalog.put(&[row(Outcome::NotRead, Vec::new())])?;
        let mut found = false;
        let failures = read_capture(capture, fetched.payload, packs, &mut |reports| {
            let mut row = row(Outcome::Read, reports);
            found = true;
            tally.known_rows += known.leave_out(&mut row);
            catalog.put_more(std::slice::from_ref(&row))?;
            let entries: Vec<Entry<'_>> = entries_of(&row).collect();
            index.add(&entries, capture.leaf)?;
            tally.reports += entries.len() as u64;
            Ok(())
        })?;
        tally.failures.extend(failures);
        tally.not_read += u64::from(!found);
        let next = LeafIndex(capture.leaf.0 + 1);
        self.index.add(&[], next)?;
        self.catalog.set_watermark("read", next)
    }

    /// Takes out what was read of a capture as an older leaf states it.
    fn take_out_older(&mut self, capture: &Capture, known: &mut KnownRows) -> Result<()> {
        let Some((older, _)) = self.catalog.capture(&capture.id)? else { return Ok(()) };
        if older.leaf == capture.leaf {
            return Ok(());
        }
        let reports = self.catalog.reports_of(&capture.id)?;
        known.forget(&reports);
        let ids: Vec<ReportId> = reports.iter().map(|report| report.id).collect();
        self.index.remove(&ids)
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
            reports.push((without_the_rest(report), at));
            Ok(())
        })?;
        let inputs: Vec<selon_connect::Input<'_>> =
            reports.iter().map(|(report, at)| selon_connect::Input { report, captured: Some(*at) }).collect();
        Ok(connect(&inputs, &self.decisions()?, packs))
    }

    /// Connects the reports of the catalogue anew, after a judgment about their stories.
    ///
    /// # Errors
    /// Where the catalogue cannot be read or written.
    pub fn connect_again(&mut self, packs: &Packs) -> Result<()> {
        let connected = self.connected_again(packs)?;
        self.catalog.connect(&connected)
    }

    /// What judgments decide about reports that are in the catalogue: of two about the same pair the
    /// newer one.
    fn decisions(&self) -> Result<Decisions> {
        let judgments = self.judgments.all()?;
        let replaced: BTreeSet<JudgmentId> = judgments.iter().filter_map(|one| one.replaces).collect();
        let standing: Vec<&Subject> =
            judgments.iter().filter(|one| !replaced.contains(&one.id)).map(|one| &one.about).collect();
        if !standing.iter().any(|about| matches!(about, Subject::Together { .. } | Subject::Apart { .. })) {
            return Ok(Decisions::default());
        }
        let reports: HashMap<PartOf, ReportId> = self
            .heads()?
            .into_iter()
            .map(|head| (PartOf { capture: head.capture, part: head.part }, head.id))
            .collect();
        let known = |parts: &[PartOf]| -> Vec<ReportId> {
            parts.iter().filter_map(|part| reports.get(part).copied()).collect()
        };
        let mut together: BTreeMap<(ReportId, ReportId), bool> = BTreeMap::new();
        for about in standing {
            let (ones, others, are) = match about {
                Subject::Together { reports } => (known(reports), known(reports), true),
                Subject::Apart { reports, others } => (known(reports), known(others), false),
                _ => continue,
            };
            for a in &ones {
                for b in others.iter().filter(|b| *b != a) {
                    together.insert((*a.min(b), *a.max(b)), are);
                }
            }
        }
        let pairs = |wanted| together.iter().filter(move |(_, are)| **are == wanted).map(|(pair, _)| *pair);
        Ok(Decisions { together: pairs(true).collect(), apart: pairs(false).collect() })
    }
}

/// What goes into the index of a row.
fn entries_of(row: &Row) -> impl Iterator<Item = Entry<'_>> {
    let captured = Some(jiff::tz::Offset::UTC.to_datetime(row.capture.at).date());
    row.reports.iter().map(move |report| Entry { report, captured })
}

/// A report with what connecting looks at, in no more memory than that takes: all reports are there
/// at once.
fn without_the_rest(report: Report) -> Report {
    let mut kept = Report { text: report.text, ..Report::of_text(report.id, Text::default()) };
    kept.part = report.part;
    kept.payload = report.payload;
    kept.url = report.url;
    kept.canonical_url = report.canonical_url;
    kept.outlet = report.outlet;
    kept.language = report.language;
    kept.published = report.published;
    kept.authors = report.authors;
    kept.statements = report.statements;
    kept.figures = report.figures;
    kept.times = report.times;
    kept.places = report.places;
    kept.names = report.names;
    kept.notes = report.notes;
    kept.text.string.shrink_to_fit();
    kept.text.blocks.shrink_to_fit();
    kept.authors.shrink_to_fit();
    kept.figures.shrink_to_fit();
    kept.times.shrink_to_fit();
    kept.places.shrink_to_fit();
    kept.names.shrink_to_fit();
    kept.notes.shrink_to_fit();
    kept.statements.shrink_to_fit();
    for statement in &mut kept.statements {
        statement.content.shrink_to_fit();
        statement.chain.shrink_to_fit();
        statement.hedges.shrink_to_fit();
    }
    kept
}

/// Connects reports with what the packs know and people decided.
pub(crate) fn connect(
    inputs: &[selon_connect::Input<'_>],
    decisions: &Decisions,
    packs: &Packs,
) -> Connected {
    let stop = packs
        .stop_words()
        .map(|(lang, words)| (lang.to_string(), words.iter().map(|word| selon_connect::fold(word)).collect()))
        .collect();
    let known = selon_connect::Known { stop: &stop, registry: packs.registry(), decisions };
    let selon_connect::Connected { links, stories, chains, series, pairs } =
        selon_connect::connect(inputs, &known);
    Connected { links, stories, chains, series, pairs }
}

/// Captures, read again from their records, on all cores. Those whose record shares a compressed member
/// with others are taken out of it in their order and one at a time, so that it is unpacked once.
fn read_batch(
    evidence: &Evidence,
    in_order: &mut InOrder,
    captures: &[Capture],
    packs: &Packs,
) -> Result<Vec<(Row, Vec<Failure>)>> {
    let shares = |capture: &Capture| capture.record.file.contains('#');
    let mut read = Vec::with_capacity(captures.len());
    for run in captures.chunk_by(|a, b| shares(a) == shares(b)) {
        if !run.first().is_some_and(shares) {
            let here: Result<Vec<_>> =
                run.par_iter().map(|capture| read_again(evidence, capture, packs)).collect();
            read.extend(here?);
            continue;
        }
        for capture in run {
            read.push(read_in_order(evidence, in_order, capture, packs)?);
        }
    }
    Ok(read)
}

/// A capture, read again from its record; best in the order of their records.
pub(super) fn read_in_order(
    evidence: &Evidence,
    in_order: &mut InOrder,
    capture: &Capture,
    packs: &Packs,
) -> Result<(Row, Vec<Failure>)> {
    read_fetched(evidence, capture, in_order.fetch_capture(capture)?, packs)
}

/// A capture, read again from its record.
fn read_again(evidence: &Evidence, capture: &Capture, packs: &Packs) -> Result<(Row, Vec<Failure>)> {
    read_fetched(evidence, capture, evidence.fetch_capture(capture)?, packs)
}

fn read_fetched(
    evidence: &Evidence,
    capture: &Capture,
    fetched: Fetched,
    packs: &Packs,
) -> Result<(Row, Vec<Failure>)> {
    let mut reports = Vec::new();
    let mut failures = Vec::new();
    if evidence.is_document(capture)? {
        failures = read_capture(capture, fetched.payload, packs, &mut |some| {
            reports.extend(some);
            Ok(())
        })?;
    }
    let outcome = if reports.is_empty() { Outcome::NotRead } else { Outcome::Read };
    Ok((Row { capture: capture.clone(), outcome, reports }, failures))
}

/// Gives the reports of a capture, some at a time and in their order. A record that holds a page gives
/// its reports; one that holds a file is told apart by its content, as `selon read` does. The answer
/// is what of it cannot be read.
fn read_capture(
    capture: &Capture,
    payload: Payload,
    packs: &Packs,
    give: &mut dyn FnMut(Vec<Report>) -> Result<()>,
) -> Result<Vec<Failure>> {
    let stated = stated(&capture.stated);
    let name = capture.stated.name.clone();
    let mut failures: Vec<Failure> = Vec::new();
    let mut reader = Reader { capture, packs, waiting: Vec::new(), bytes: 0, given: 0, give };
    if capture.target.starts_with("urn:selon:") {
        let path = name.clone().unwrap_or_else(|| capture.target.clone());
        let mut taken = Ok(());
        let mut stopped = false;
        input::documents_of(&payload.bytes, &path, &path, &stated, packs, &mut |item| match item {
            Item::Document(document) => {
                taken = reader.take(*document);
                stopped = reader.given >= MOST_REPORTS;
                taken.is_ok() && !stopped
            }
            Item::Failure(failure) => {
                // That a picture or a film holds no text is no fault of it.
                if failure.kind != NOT_READ && failures.len() < MOST_FAILURES {
                    failures.push(*failure);
                }
                true
            }
        });
        taken?;
        reader.read()?;
        if stopped {
            let what = format!("holds more than {MOST_REPORTS} rows or posts: the others are not read");
            failures.push(*input::failure(&path, "invalid", what, "split the file"));
        } else if size_of_rows(capture) > 0 && payload.length > payload.bytes.len() as u64 {
            let what =
                format!("is longer than {} MiB: what is behind is not read", payload.bytes.len() >> 20);
            failures.push(*input::failure(&path, "invalid", what, "split the file"));
        }
    } else if let Some(media) = warc::media_of(&payload) {
        let path = match capture.origin {
            Origin::Wire => name.or_else(|| Some(capture.target.clone())),
            _ => name.or_else(|| Some(capture.record.file.clone())),
        };
        let input = ReportInput { path, record: None, id: None };
        reader.take(warc::document(payload, media, input, &stated))?;
        reader.read()?;
    }
    Ok(failures)
}

/// Reads the documents of a capture, some at a time.
struct Reader<'r> {
    capture: &'r Capture,
    packs: &'r Packs,
    waiting: Vec<OwnedDocument>,
    bytes: usize,
    /// Reports that were given: the number of the next one.
    given: usize,
    give: &'r mut dyn FnMut(Vec<Report>) -> Result<()>,
}

impl Reader<'_> {
    fn take(&mut self, document: OwnedDocument) -> Result<()> {
        self.bytes += document.payload.len();
        self.waiting.push(document);
        let full = self.waiting.len() >= ROWS || self.bytes >= ROW_BYTES;
        if full { self.read() } else { Ok(()) }
    }

    /// Reads what waits, on all cores. A document is numbered by the reports before it: nearly always
    /// one of each document, else it is read once more with its number.
    fn read(&mut self) -> Result<()> {
        let named = Some((self.capture.id, self.capture.at));
        let (packs, first) = (self.packs, self.given);
        let documents = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let guessed: Vec<Vec<Report>> = documents
            .par_iter()
            .enumerate()
            .map(|(at, document)| document.read(packs, named, (first + at) as u32))
            .collect();
        let mut reports: Vec<Report> = Vec::with_capacity(documents.len());
        for ((at, document), guess) in documents.iter().enumerate().zip(guessed) {
            let right = reports.len() == at;
            let part = (first + reports.len()) as u32;
            reports.extend(if right { guess } else { document.read(packs, named, part) });
        }
        for report in &mut reports {
            report.payload = self.capture.payload;
        }
        self.given += reports.len();
        if reports.is_empty() { Ok(()) } else { (self.give)(reports) }
    }
}

/// What the supplier stated about a capture, as hints.
pub(super) fn stated(stated: &selon_model::Stated) -> Stated {
    // What was stated could be read when it was; another version that cannot leaves it out.
    let mut map = FieldMap::default();
    for (field, name) in &stated.columns {
        let _ = map.set(field, name);
    }
    if let Some(order) = &stated.date_order {
        let _ = map.set_date_order(order);
    }
    Stated {
        hints: Hints {
            url: stated.url.clone(),
            published: stated.published.as_deref().and_then(parse_when),
            language: stated.language.clone(),
            outlet: stated.outlet.clone(),
            title: None,
        },
        map,
    }
}
