//! `selon note ID TEXT`: a judgment. A new row, never an edit.

use std::env;

use anyhow::{Context, Result};
use selon_model::{PartOf, Subject};

use super::exit::Usage;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};
use crate::archive::{AnyId, Archive, ReportHead};

/// Arguments of `note`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon note 4c19a0 'the second toll counts the missing' --by nadia
  selon note 4c19a0:s3 'the spokesman denied this the next day'
  selon note 4c19a0 --with 91b2e7 'both tell of the fire at the mill'
  selon note 4c19a0 --not-with 91b2e7 'another fire, a week later'

Writes down who says what about a report, its statement or figure (ID:s3, ID:f1), a capture or a
story. Notes are added, never changed: --replaces names the one that a new note stands in for.

--with joins two stories, or a report and a story; --not-with parts them. Such a note holds against
every likeness, also after selon rebuild, until another note replaces it.")]
pub(crate) struct Args {
    /// Id of a report, capture or story; :s3 or :f1 for a statement or figure of a report
    id: String,
    /// The words
    text: String,
    /// Who says so (else $SELON_USER, else $USER)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Id of a report or story that tells of the same event
    #[arg(long, value_name = "ID", conflicts_with = "not_with")]
    with: Option<String>,
    /// Id of a report or story that tells of another event
    #[arg(long, value_name = "ID")]
    not_with: Option<String>,
    /// Id of the note that this one replaces
    #[arg(long, value_name = "ID")]
    replaces: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let mut archive = args.place.open()?;
    let by = match &args.by {
        Some(by) => by.clone(),
        None => env::var("SELON_USER")
            .or_else(|_| env::var("USER"))
            .map_err(|_| Usage("say who: --by NAME".into()))?,
    };
    if by.trim().is_empty() || args.text.trim().is_empty() {
        return Err(Usage("a note needs words, and somebody who says them".into()).into());
    }
    let (id, part) = match args.id.split_once(':') {
        Some((id, part)) => (id, Some(part)),
        None => (args.id.as_str(), None),
    };
    let about = match (archive.resolve(id)?, part) {
        (id, None) if args.with.is_some() || args.not_with.is_some() => about_stories(&archive, id, args)?,
        (AnyId::Report(id), part) => {
            let (report, capture) = archive.report(&id)?.context("the report is not in the catalogue")?;
            match part {
                None => Subject::Capture { capture: capture.id },
                Some(part) => {
                    let span = span(&report, part)
                        .ok_or_else(|| Usage(format!("this report has no {part}; write :s1 or :f1")))?;
                    passage(&report, capture.id, span)
                }
            }
        }
        (AnyId::Capture(capture), None) => Subject::Capture { capture },
        (AnyId::Story(story), None) => Subject::Story { story },
        (_, Some(part)) => return Err(Usage(format!(":{part} goes with the id of a report")).into()),
    };
    let replaced = match &args.replaces {
        None => None,
        Some(prefix) => {
            let all = archive.judgments().all()?;
            let found = all.into_iter().find(|judgment| judgment.id.to_string().starts_with(prefix.as_str()));
            Some(found.with_context(|| format!("there is no note {prefix}"))?)
        }
    };
    let moves = |about: &Subject| matches!(about, Subject::Together { .. } | Subject::Apart { .. });
    let is_moving = moves(&about) || replaced.as_ref().is_some_and(|replaced| moves(&replaced.about));
    let replaces = replaced.map(|replaced| replaced.id);
    let judgment = archive.judgments().record(&by, jiff::Timestamp::now(), about, &args.text, replaces)?;
    if is_moving {
        archive.connect_again(overlay.packs()?)?;
    }
    let mut out = output::open(None)?;
    writeln!(out, "noted {}", judgment.id)?;
    out.flush()?;
    Ok(Exit::Ok)
}

/// That the reports of `id` tell of the event of others, or of another one.
fn about_stories(archive: &Archive, id: AnyId, args: &Args) -> Result<Subject> {
    let other = args.with.as_ref().or(args.not_with.as_ref()).context("--with or --not-with")?;
    let other = archive.resolve(other)?;
    let (mut reports, others) = (parts(archive, id)?, parts(archive, other)?);
    if args.with.is_none() {
        return apart(reports, others);
    }
    reports.extend(others);
    reports.sort_unstable();
    reports.dedup();
    Ok(Subject::Together { reports })
}

/// That some reports tell of another event than others. A report that is named and stands in the
/// story of the other side is parted from the rest of that story.
fn apart(mut reports: Vec<PartOf>, mut others: Vec<PartOf>) -> Result<Subject> {
    if let [one] = reports[..] {
        others.retain(|part| *part != one);
    } else if let [one] = others[..] {
        reports.retain(|part| *part != one);
    }
    if let Some(both) = reports.iter().find(|part| others.contains(part)) {
        let what = format!("capture {} is in both stories; name a report", both.capture);
        return Err(Usage(what).into());
    }
    if reports.is_empty() || others.is_empty() {
        return Err(Usage("there is nothing to part it from".into()).into());
    }
    Ok(Subject::Apart { reports, others })
}

/// The reports that an id names.
fn parts(archive: &Archive, id: AnyId) -> Result<Vec<PartOf>> {
    match id {
        AnyId::Report(id) => {
            let (report, capture) = archive.report(&id)?.context("the report is not in the catalogue")?;
            Ok(vec![PartOf { capture: capture.id, part: report.part }])
        }
        AnyId::Story(id) => {
            let story = archive.story(&id)?.context("the story is not in the catalogue")?;
            let part = |head: &ReportHead| PartOf { capture: head.capture, part: head.part };
            Ok(story.heads.iter().map(part).collect())
        }
        AnyId::Capture(_) => {
            Err(Usage("a capture may hold several reports; name the report or the story".into()).into())
        }
    }
}

fn span(report: &selon_model::Report, part: &str) -> Option<selon_model::Span> {
    let index = |rest: &str| rest.parse::<usize>().ok()?.checked_sub(1);
    if let Some(rest) = part.strip_prefix('s') {
        report.statements.get(index(rest)?).map(|statement| statement.span)
    } else {
        report.figures.get(index(part.strip_prefix('f')?)?).map(|figure| figure.span)
    }
}

/// Words with up to 32 characters on either side, so that they are found again in a new reading.
fn passage(
    report: &selon_model::Report,
    capture: selon_model::CaptureId,
    span: selon_model::Span,
) -> Subject {
    let text = report.text.string.as_str();
    let before: Vec<char> = text.get(..span.from()).unwrap_or("").chars().rev().take(32).collect();
    let after: String = text.get(span.to()..).unwrap_or("").chars().take(32).collect();
    Subject::Passage {
        capture,
        part: report.part,
        span,
        quote: report.text.words(span).to_owned(),
        prefix: before.into_iter().rev().collect(),
        suffix: after,
    }
}
