//! What is asked of an archive.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use selon_capture::{Interval, Payload};
use selon_model::{
    Capture, CaptureId, Chain, Digest, Error, Judgment, Kind, Lang, Link, Pair, Report, ReportId, Result,
    Series, Span, Story, StoryId, When,
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
    /// The view of a story.
    pub(crate) fn of(
        story: &Story,
        heads: &BTreeMap<ReportId, ReportHead>,
        connected: &Connected,
    ) -> StoryView {
        let has = |id: &ReportId| story.members.iter().any(|member| member.report == *id);
        let links = connected.links.iter().filter(|link| has(&link.from) && has(&link.to));
        StoryView {
            story: story.clone(),
            heads: story.members.iter().filter_map(|member| heads.get(&member.report).cloned()).collect(),
            links: links.cloned().collect(),
            chains: connected.chains.iter().filter(|chain| chain.story == story.id).cloned().collect(),
            series: connected.series.iter().filter(|series| series.story == story.id).cloned().collect(),
            pairs: connected.pairs.iter().filter(|pair| pair.story == story.id).cloned().collect(),
        }
    }

    /// Original sources behind the story's claims, at least and at most: those of the claim that
    /// most reports make. `None` where no figure is told.
    pub fn sources(&self) -> Option<(u32, u32)> {
        let most = self.chains.iter().max_by_key(|chain| chain.occurrences.len())?;
        Some(most.independence)
    }

    /// The own id of a report's row, where it came as one.
    pub fn input(&self, id: &ReportId) -> Option<&str> {
        self.heads.iter().find(|head| head.id == *id)?.input.as_deref()
    }

    /// Number of independent texts: copies count once.
    pub fn texts(&self) -> usize {
        self.story.members.iter().map(|member| member.family).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// A report that matches a query.
#[derive(Clone, Debug)]
pub struct Found {
    /// The report.
    pub head: ReportHead,
    /// How well the words match (BM25), nothing else.
    pub score: f32,
    /// The first statement that holds one of the words.
    pub statement: Option<u32>,
    /// Words around the match.
    pub snippet: Option<Span>,
    /// Those words.
    pub words: String,
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
            [] => Err(Error::new(Kind::NotFound, format!("nothing in this archive has the id {id}"))),
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
        let mut views: Vec<StoryView> =
            connected.stories.iter().map(|story| StoryView::of(story, &heads, &connected)).collect();
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

    /// Reports that match a query, best first.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Found>> {
        let words = query_words(query);
        let mut found = Vec::new();
        for hit in self.index.search(query, limit)? {
            let Some((report, capture)) = self.report(&hit.report)? else { continue };
            let (statement, snippet) = matching(&report, &words);
            let words = snippet.map_or(String::new(), |span| report.text.words(span).to_owned());
            let head = ReportHead::of(capture.id, &report);
            found.push(Found { head, score: hit.score, statement, snippet, words });
        }
        Ok(found)
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

    /// Judgments about a capture, its words or a story.
    pub fn judgments_about(&self, id: AnyId) -> Result<Vec<Judgment>> {
        use selon_model::Subject;
        let capture = match id {
            AnyId::Report(report) => self.catalog.capture_of(&report)?.map(|capture| capture.id),
            AnyId::Capture(capture) => Some(capture),
            AnyId::Story(_) => None,
        };
        let about = |subject: &Subject| match (subject, id) {
            (Subject::Story { story }, AnyId::Story(id)) => *story == id,
            (Subject::Capture { capture: about } | Subject::Passage { capture: about, .. }, _) => {
                Some(*about) == capture
            }
            _ => false,
        };
        Ok(self.judgments.all()?.into_iter().filter(|judgment| about(&judgment.about)).collect())
    }
}

/// The plain words of a query, folded: without operators and fields.
fn query_words(query: &str) -> Vec<String> {
    query
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')'))
        .map(|word| word.rsplit(':').next().unwrap_or(word))
        .filter(|word| !matches!(*word, "AND" | "OR" | "NOT" | "") && !word.starts_with('-'))
        .map(selon_connect::fold)
        .filter(|word| word.chars().count() > 1)
        .collect()
}

/// The statement that holds most of the words, and the sentence around the first of them.
fn matching(report: &Report, words: &[String]) -> (Option<u32>, Option<Span>) {
    let stem = |word: &str| word.chars().take(6).collect::<String>();
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    let count = |span: Span| {
        let folded = selon_connect::fold(report.text.words(span));
        stems.iter().filter(|stem| folded.contains(stem.as_str())).count()
    };
    let best = report
        .statements
        .iter()
        .enumerate()
        .map(|(index, statement)| (count(statement.span), index))
        .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
        .filter(|(count, _)| *count > 0);
    if let Some((_, index)) = best {
        return (Some(index as u32), Some(report.statements[index].span));
    }
    let block = report.text.blocks.iter().find(|block| count(block.span) > 0);
    (None, block.map(|block| clip(report, block.span)))
}

/// At most 240 bytes of a block, on a character boundary.
fn clip(report: &Report, span: Span) -> Span {
    let words = report.text.words(span);
    let end = words.char_indices().map(|(at, _)| at).take_while(|at| *at <= 240).last().unwrap_or(0);
    if words.len() <= 240 { span } else { Span::new(span.from(), span.from() + end) }
}
