//! The pages of an archive: looks up what a page needs and hands it to the drawing functions.
//! The server and the site of files both ask here, so they cannot differ.

use std::collections::BTreeSet;

use selon_model::{CaptureId, Relation, ReportId, Result, StoryId};

use super::layout::{Frame, Linking, Page};
use super::story::Reports;
use crate::archive::{AnyId, Archive, ReportHead, StoryView};
use crate::record::CaptureOf;

/// Results of a search on one page.
const RESULTS: usize = 50;

/// The pages of one archive for one reader.
#[derive(Clone, Copy, Debug)]
pub struct Pages<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The reader's language.
    pub words: &'static super::Words,
    /// How pages reach one another.
    pub linking: Linking,
}

impl Pages<'_> {
    fn frame(&self, depth: usize) -> Frame {
        Frame { words: self.words, linking: self.linking, depth }
    }

    fn reports<'i>(&self, ids: impl IntoIterator<Item = &'i ReportId>) -> Result<Reports> {
        let wanted: BTreeSet<&ReportId> = ids.into_iter().collect();
        let mut reports = Reports::new();
        for id in wanted {
            if let Some((report, _)) = self.archive.report(id)? {
                reports.insert(*id, report);
            }
        }
        Ok(reports)
    }

    /// The start page.
    pub fn start(&self) -> Result<Page> {
        self.start_of(&self.archive.stories()?)
    }

    /// The start page of these stories.
    pub fn start_of(&self, views: &[StoryView]) -> Result<Page> {
        let pairs = views.iter().flat_map(|view| &view.pairs);
        let conflicts = pairs.filter(|pair| pair.relation == Relation::Conflict);
        let reports = self.reports(conflicts.flat_map(|pair| [&pair.a.report, &pair.b.report]))?;
        Ok(super::stories_page(&self.frame(0), views, &reports))
    }

    /// The page of a story; `None` where there is no such story.
    pub fn story(&self, id: &StoryId) -> Result<Option<Page>> {
        self.archive.story(id)?.map(|view| self.story_of(&view)).transpose()
    }

    /// The page of this story.
    pub fn story_of(&self, view: &StoryView) -> Result<Page> {
        let reports = self.archive.members(view)?;
        Ok(super::story_page(&self.frame(1), view, &reports))
    }

    /// Two reports side by side; `None` where one of them is not there.
    pub fn compare(&self, ids: [ReportId; 2]) -> Result<Option<Page>> {
        let views = self.archive.stories()?;
        let of_both = |view: &&StoryView| ids.iter().all(|id| view.heads.iter().any(|head| head.id == *id));
        self.compare_in(ids, views.iter().find(of_both))
    }

    /// Two reports of a story side by side.
    pub fn compare_in(&self, ids: [ReportId; 2], view: Option<&StoryView>) -> Result<Option<Page>> {
        let mut reports = Reports::new();
        let mut heads = Vec::new();
        for id in ids {
            let Some((report, capture)) = self.archive.report(&id)? else { return Ok(None) };
            heads.push(ReportHead::of(capture.id, &report));
            reports.insert(id, report);
        }
        let page = super::compare_page(&self.frame(1), [&heads[0], &heads[1]], view, &reports);
        Ok(Some(page))
    }

    /// The pairs of a story's reports that its page leads to.
    pub fn compared(view: &StoryView) -> Vec<[ReportId; 2]> {
        super::story::shown_links(view).into_iter().map(|link| [link.from, link.to]).collect()
    }

    /// The page of a report.
    pub fn report(&self, id: &ReportId) -> Result<Option<Page>> {
        let Some((report, capture)) = self.archive.report(id)? else { return Ok(None) };
        let of = CaptureOf::of(&capture);
        Ok(Some(super::report_page(&self.frame(1), &report, &of, Some(&capture.id))))
    }

    /// The receipt of a capture. The stored bytes are read and checked for it.
    pub fn evidence(&self, id: &CaptureId) -> Result<Option<Page>> {
        let Some(receipt) = self.archive.receipt(id)? else { return Ok(None) };
        let checked = self.archive.payload(&receipt.capture).map(|_| ()).map_err(|error| error.to_string());
        let judgments = self.archive.judgments_about(AnyId::Capture(*id))?;
        let record = (self.linking == Linking::Served).then(|| format!("../record/{id}"));
        let checked = checked.as_ref().copied().map_err(String::as_str);
        let frame = self.frame(1);
        Ok(Some(super::evidence_page(&frame, &receipt, checked, &judgments, record.as_deref())))
    }

    /// What a search found, and whether the query could be read; where not, the page says why.
    pub fn search(&self, query: &str) -> Result<(Page, bool)> {
        let (found, problem) = match query.trim().is_empty() {
            true => (Vec::new(), None),
            false => match self.archive.search(query, RESULTS) {
                Err(error) if error.kind() == selon_model::Kind::Invalid => {
                    (Vec::new(), Some(error.to_string()))
                }
                other => (other?, None),
            },
        };
        let reports = self.reports(found.iter().map(|hit| &hit.head.id))?;
        let page = super::search_page(&self.frame(0), query, &found, &reports, problem.as_deref());
        Ok((page, problem.is_none()))
    }
}
