//! `selon note ID TEXT`: a judgment. A new row, never an edit.

use std::env;

use anyhow::{Context, Result};
use selon_model::Subject;

use super::exit::Usage;
use super::place::Place;
use super::{Exit, output};
use crate::archive::AnyId;

/// Arguments of `note`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon note 4c19a0 'the second toll counts the missing' --by nadia
  selon note 4c19a0:s3 'the spokesman denied this the next day'

Writes down who says what about a report, its statement or figure (ID:s3, ID:f1), a capture or a
story. Notes are added, never changed: --replaces names the one that a new note stands in for.")]
pub(crate) struct Args {
    /// Id of a report, capture or story; :s3 or :f1 for a statement or figure of a report
    id: String,
    /// The words
    text: String,
    /// Who says so (else $SELON_USER, else $USER)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Id of the note that this one replaces
    #[arg(long, value_name = "ID")]
    replaces: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let archive = args.place.open()?;
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
    let replaces = match &args.replaces {
        None => None,
        Some(prefix) => {
            let all = archive.judgments().all()?;
            let found = all.iter().find(|judgment| judgment.id.to_string().starts_with(prefix.as_str()));
            Some(found.with_context(|| format!("there is no note {prefix}"))?.id)
        }
    };
    let judgment = archive.judgments().record(&by, jiff::Timestamp::now(), about, &args.text, replaces)?;
    let mut out = output::open(None)?;
    writeln!(out, "noted {}", judgment.id)?;
    out.flush()?;
    Ok(Exit::Ok)
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
