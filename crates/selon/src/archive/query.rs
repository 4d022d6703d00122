//! What is asked of an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use selon_capture::{Interval, Payload};
use selon_model::{
    Capture, CaptureId, Chain, Coded, CodingRule, Digest, Error, Judgment, Kind, Lang, Link, Pair, PartOf,
    Report, ReportId, Result, Series, Story, StoryId, Subject, When,
};
use selon_store::{Connected, Outcome};

use super::{Act, Archive};

/// Bytes of a record that are handed out at most.
const MOST_RECORD: u64 = 1 << 30;

/// A report in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportHead {
    /// Its id.
    pub id: ReportId,
    /// The capture it was read from.
    pub capture: CaptureId,
    /// Part of the capture.
    pub part: u32,
    /// Its title.
    pub title: Option<String>,
    /// Who publishes.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<When>,
    /// Its language.
    pub language: Option<Lang>,
    /// The file it came in.
    pub path: Option<String>,
    /// The row's own id, where it came as a row.
    pub input: Option<String>,
    /// Number of statements.
    pub statements: usize,
    /// Number of figures.
    pub figures: usize,
    /// Number of posts.
    pub posts: usize,
}

impl ReportHead {
    /// The head of a report.
    pub fn of(capture: CaptureId, report: &Report) -> Self {
        let outlet =
            report.outlet.as_ref().and_then(|outlet| outlet.name.clone().or_else(|| outlet.domain.clone()));
        ReportHead {
            id: report.id,
            capture,
            part: report.part,
            title: report.title.clone(),
            outlet,
            published: report.published.clone(),
            language: report.language.tag.clone(),
            path: report.input.path.clone(),
            input: report.input.id.clone(),
            statements: report.statements.len(),
            figures: report.figures.len(),
            posts: report.posts.len(),
        }
    }
}

/// A story with everything that is known between its reports.
#[derive(Clone, Debug)]
pub struct StoryView {
    /// The story.
    pub story: Story,
    /// Its reports, in the order of its members.
    pub heads: Vec<ReportHead>,
    /// Text reuse among them.
    pub links: Vec<Link>,
    /// Who took which figure from whom.
    pub chains: Vec<Chain>,
    /// What each source says over time.
    pub series: Vec<Series>,
    /// Figures side by side.
    pub pairs: Vec<Pair>,
}

impl StoryView {
    /// The views of all stories, in their order.
    pub(crate) fn all(heads: &BTreeMap<ReportId, ReportHead>, connected: &Connected) -> Vec<StoryView> {
        let mut views: Vec<StoryView> = Vec::with_capacity(connected.stories.len());
        let mut of_report: BTreeMap<ReportId, usize> = BTreeMap::new();
        let mut of_id: BTreeMap<StoryId, usize> = BTreeMap::new();
        for (at, story) in connected.stories.iter().enumerate() {
            of_report.extend(story.members.iter().map(|member| (member.report, at)));
            of_id.insert(story.id, at);
            let heads = story.members.iter().filter_map(|member| heads.get(&member.report).cloned());
            views.push(StoryView {
                story: story.clone(),
                heads: heads.collect(),
                links: Vec::new(),
                chains: Vec::new(),
                series: Vec::new(),
                pairs: Vec::new(),
            });
        }
        for link in &connected.links {
            if let (Some(from), Some(to)) = (of_report.get(&link.from), of_report.get(&link.to))
                && from == to
            {
                views[*from].links.push(link.clone());
            }
        }
        for chain in &connected.chains {
            of_id.get(&chain.story).into_iter().for_each(|at| views[*at].chains.push(chain.clone()));
        }
        for series in &connected.series {
            of_id.get(&series.story).into_iter().for_each(|at| views[*at].series.push(series.clone()));
        }
        for pair in &connected.pairs {
            of_id.get(&pair.story).into_iter().for_each(|at| views[*at].pairs.push(pair.clone()));
        }
        views
    }

    /// Original sources behind the story's claims, at least and at most: those of the claim that
    /// most reports make. `None` where no figure is told.
    pub fn sources(&self) -> Option<(u32, u32)> {
        let most = self.chains.iter().max_by_key(|chain| chain.occurrences.len())?;
        Some(most.independence)
    }

    /// The numbers that a rule derives from the story's figures; `reports` holds its members.
    pub fn coded(&self, rule: CodingRule, reports: &BTreeMap<ReportId, Report>) -> Vec<Coded> {
        selon_connect::coded(rule, &self.series, &self.pairs, |at| {
            reports.get(&at.report)?.figures.get(at.figure as usize)
        })
    }

    /// The own id of a report's row, where it came as one.
    pub fn input(&self, id: &ReportId) -> Option<&str> {
        self.heads.iter().find(|head| head.id == *id)?.input.as_deref()
    }

    /// Number of independent texts: copies count once.
    pub fn texts(&self) -> usize {
        self.story.members.iter().map(|member| member.family).collect::<BTreeSet<_>>().len()
    }
}

/// What proves a capture.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The capture.
    pub capture: Capture,
    /// Its manifest, as logged.
    pub manifest: String,
    /// Its proof of inclusion, as a `.tlog-proof` file (c2sp.org/tlog-proof@v1).
    pub proof: String,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The log's public key.
    pub vkey: String,
    /// Reports read from it.
    pub reports: Vec<ReportHead>,
    /// Between which times it was received, as far as timestamps show it.
    pub interval: Option<Interval>,
    /// What was done with it since.
    pub custody: Vec<Act>,
}

/// An id that was looked up by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyId {
    /// A report.
    Report(ReportId),
    /// A capture.
    Capture(CaptureId),
    /// A story.
    Story(StoryId),
}

impl Archive {
    /// What an id, or its beginning (at least four digits), names.
    ///
    /// # Errors
    /// `NotFound` where it names nothing, `Invalid` where it names several things.
    pub fn resolve(&self, id: &str) -> Result<AnyId> {
        let prefix = id.trim().trim_start_matches("sha256:").to_ascii_lowercase();
        if prefix.len() < 4 || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::new(
                Kind::NotFound,
                format!("\"{id}\" is no id: at least four hexadecimal digits"),
            ));
        }
        let found = self.catalog.ids(&prefix)?;
        let digest = |text: &str| -> Result<Digest> {
            text.parse()
                .map_err(|error| Error::because(Kind::Corrupt, "an id in the catalogue is damaged", error))
        };
        match found.as_slice() {
            [] => self.story_that_was(&prefix)?.map(AnyId::Story).ok_or_else(|| {
                Error::new(Kind::NotFound, format!("nothing in this archive has the id {id}"))
            }),
            [(kind, id)] => Ok(match *kind {
                "report" => AnyId::Report(ReportId(digest(id)?)),
                "capture" => AnyId::Capture(CaptureId(digest(id)?)),
                _ => AnyId::Story(StoryId(digest(id)?)),
            }),
            several => {
                let list: Vec<String> =
                    several.iter().map(|(kind, id)| format!("{kind} {}", &id[..16])).collect();
                Err(Error::new(
                    Kind::Invalid,
                    format!("{id} is the beginning of several ids: {}", list.join(", ")),
                ))
            }
        }
    }

    /// The story that had an id beginning so before people joined or parted it.
    fn story_that_was(&self, prefix: &str) -> Result<Option<StoryId>> {
        let stories = self.catalog.connected()?.stories;
        let had = |story: &&Story| story.was.iter().any(|id| id.to_string().starts_with(prefix));
        Ok(stories.iter().find(had).map(|story| story.id))
    }

    /// A report with its capture.
    pub fn report(&self, id: &ReportId) -> Result<Option<(Report, Capture)>> {
        let Some(report) = self.catalog.report(id)? else { return Ok(None) };
        let Some(capture) = self.catalog.capture_of(id)? else {
            return Err(Error::new(
                Kind::Corrupt,
                format!("report {id} has no capture; selon rebuild makes it again"),
            ));
        };
        Ok(Some((report, capture)))
    }

    /// A capture with what became of it.
    pub fn capture(&self, id: &CaptureId) -> Result<Option<(Capture, Outcome)>> {
        self.catalog.capture(id)
    }

    /// All captures, in the order of the log.
    pub fn captures(&self) -> Result<Vec<(Capture, Outcome)>> {
        self.catalog.captures()
    }

    /// All reports as heads, in the order of the log.
    pub fn heads(&self) -> Result<Vec<ReportHead>> {
        let mut heads = Vec::new();
        self.catalog.reports(&mut |capture, report| {
            heads.push(ReportHead::of(capture, &report));
            Ok(())
        })?;
        Ok(heads)
    }

    /// All stories: those of several reports first, then by their number of reports, then in
    /// their own order.
    pub fn stories(&self) -> Result<Vec<StoryView>> {
        let heads: BTreeMap<ReportId, ReportHead> =
            self.heads()?.into_iter().map(|head| (head.id, head)).collect();
        let connected = self.catalog.connected()?;
        let mut views = StoryView::all(&heads, &connected);
        views.sort_by_key(|view| std::cmp::Reverse(view.story.members.len()));
        Ok(views)
    }

    /// A story by its id.
    pub fn story(&self, id: &StoryId) -> Result<Option<StoryView>> {
        Ok(self.stories()?.into_iter().find(|view| view.story.id == *id))
    }

    /// The reports of a story.
    pub fn members(&self, view: &StoryView) -> Result<BTreeMap<ReportId, Report>> {
        let ids = view.story.members.iter().map(|member| member.report);
        ids.filter_map(|id| {
            let found = self.catalog.report(&id).transpose()?;
            Some(found.map(|report| (id, report)))
        })
        .collect()
    }

    /// What proves a capture.
    pub fn receipt(&self, id: &CaptureId) -> Result<Option<Receipt>> {
        let Some((capture, _)) = self.capture(id)? else { return Ok(None) };
        let manifest = self.evidence.manifest(capture.leaf)?.json;
        let proof = self.evidence.prove(capture.leaf)?;
        let reports = self.heads()?.into_iter().filter(|head| head.capture == *id).collect();
        Ok(Some(Receipt {
            interval: self.interval(&capture)?,
            custody: self.custody(&capture)?,
            manifest,
            proof: proof.text(),
            checkpoint: proof.checkpoint,
            vkey: self.evidence.ledger()?.key().to_string(),
            capture,
            reports,
        }))
    }

    /// The payload of a capture, verified on this read.
    pub fn payload(&self, capture: &Capture) -> Result<Payload> {
        Ok(self.evidence.fetch_capture(capture)?.payload)
    }

    /// The stored bytes of a capture's record, as they lie in their file.
    ///
    /// # Errors
    /// `Corrupt` where the record does not verify; `Refused` above a gibibyte.
    pub fn record_bytes(&self, capture: &Capture) -> Result<Vec<u8>> {
        let file = capture.record.file.split('#').next().unwrap_or_default();
        if capture.record.length > MOST_RECORD {
            let what = format!("the record is {} bytes long; it lies in {file}", capture.record.length);
            return Err(Error::new(Kind::Refused, what));
        }
        self.evidence.fetch_capture(capture)?;
        let path = self.root.join(file);
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = std::fs::File::open(&path)?;
            file.seek(SeekFrom::Start(capture.record.offset))?;
            let mut bytes = Vec::new();
            file.take(capture.record.length).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error| {
            Error::because(Kind::Unavailable, format!("cannot read {}", path.display()), error)
        })
    }

    /// The log's signed checkpoint.
    pub fn checkpoint(&self) -> Result<String> {
        Ok(self.evidence.ledger()?.signed_checkpoint().to_owned())
    }

    /// Judgments about a capture, its words, a story, or which story a report belongs to.
    pub fn judgments_about(&self, id: AnyId) -> Result<Vec<Judgment>> {
        let captures: BTreeSet<CaptureId> = match id {
            AnyId::Report(report) => self.catalog.capture_of(&report)?.into_iter().map(|of| of.id).collect(),
            AnyId::Capture(capture) => BTreeSet::from([capture]),
            AnyId::Story(story) => match self.story(&story)? {
                Some(view) => view.heads.iter().map(|head| head.capture).collect(),
                None => BTreeSet::new(),
            },
        };
        let of_parts = |parts: &[PartOf]| parts.iter().any(|part| captures.contains(&part.capture));
        let about = |subject: &Subject| match (subject, id) {
            (Subject::Story { story }, AnyId::Story(id)) => *story == id,
            (Subject::Story { .. }, _) => false,
            (
                Subject::Capture { capture } | Subject::Passage { capture, .. },
                AnyId::Report(_) | AnyId::Capture(_),
            ) => captures.contains(capture),
            (Subject::Capture { .. } | Subject::Passage { .. }, AnyId::Story(_)) => false,
            (Subject::Together { reports }, _) => of_parts(reports),
            (Subject::Apart { reports, others }, _) => of_parts(reports) || of_parts(others),
        };
        Ok(self.judgments.all()?.into_iter().filter(|judgment| about(&judgment.about)).collect())
    }
}
