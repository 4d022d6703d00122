//! `selon show ID`: anything that has an id.

use anyhow::{Context, Result};

use super::place::Place;
use super::{Exit, output};
use crate::archive::{AnyId, Archive};
use crate::record::{self, CaptureOf, Options};
use crate::view;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon show 4c19a0               a report, a capture or a story, by the beginning of its id
  selon show 4c19a0 --json        the same as JSON
  selon show 4c19a0 --explain     a story with why each report is in it
  selon show CAPTURE --proof      proof of inclusion, to be checked without Selon
  selon show CAPTURE --payload    the captured bytes")]
pub(crate) struct Args {
    /// Id of a report, capture or story, or its beginning
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show all statements, figures and posts
    #[arg(long)]
    all: bool,
    /// Say why
    #[arg(long)]
    explain: bool,
    /// Of a capture: its proof of inclusion (c2sp.org/tlog-proof@v1)
    #[arg(long, conflicts_with_all = ["json", "payload"])]
    proof: bool,
    /// Of a capture: its payload, verified
    #[arg(long, conflicts_with = "json")]
    payload: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let archive = args.place.open()?;
    let mut out = output::open(None)?;
    let id = archive.resolve(&args.id)?;
    if args.proof || args.payload {
        let capture = match id {
            AnyId::Capture(id) => archive.capture(&id)?.map(|(capture, _)| capture),
            AnyId::Report(id) => archive.report(&id)?.map(|(_, capture)| capture),
            AnyId::Story(_) => anyhow::bail!("a story is derived and has no proof; its captures have"),
        };
        let capture = capture.context("the capture is not in the catalogue; selon rebuild makes it again")?;
        if args.proof {
            let receipt = archive.receipt(&capture.id)?.context("the capture has no leaf")?;
            out.write_all(receipt.proof.as_bytes())?;
        } else {
            out.write_all(&archive.payload(&capture)?.bytes)?;
        }
        out.flush()?;
        return Ok(Exit::Ok);
    }
    match id {
        AnyId::Report(report) => {
            let (report, capture) = archive.report(&report)?.context("the report is not in the catalogue")?;
            if args.json {
                let options = Options { explain: args.explain, ..Options::default() };
                output::json_line(&mut out, &record::record(&report, &CaptureOf::of(&capture), options))?;
            } else {
                out.write_all(view::report::report(&report, args.all).as_bytes())?;
                writeln!(
                    out,
                    "Evidence   capture {}, leaf {}",
                    &capture.id.to_string()[..16],
                    capture.leaf.0
                )?;
            }
        }
        AnyId::Capture(id) => {
            let receipt = archive.receipt(&id)?.context("the capture is not in the catalogue")?;
            if args.json {
                output::json_line(&mut out, &record::receipt(&receipt))?;
            } else {
                out.write_all(view::receipt::receipt(&receipt).as_bytes())?;
            }
        }
        AnyId::Story(id) => {
            let story = archive.story(&id)?.context("the story is not in the catalogue")?;
            if args.json {
                output::json_line(&mut out, &record::story(&story))?;
            } else {
                out.write_all(view::lists::story(&story, args.explain).as_bytes())?;
                out.write_all(view::chains::story(&story, &archive.members(&story)?).as_bytes())?;
                out.write_all(view::figures::story(&archive, &story, None)?.as_bytes())?;
            }
        }
    }
    judgments(&archive, id, &mut out)?;
    out.flush()?;
    Ok(Exit::Ok)
}

fn judgments(archive: &Archive, id: AnyId, out: &mut dyn std::io::Write) -> Result<()> {
    for judgment in archive.judgments_about(id)? {
        let at = judgment.at.strftime("%Y-%m-%d %H:%M UTC");
        writeln!(
            out,
            "Judgment   {} by {}, {at}: {}",
            &judgment.id.to_string()[..12],
            judgment.by,
            judgment.note
        )?;
    }
    Ok(())
}
