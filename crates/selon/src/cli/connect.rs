//! `selon connect INPUT…`: what stands between reports, without an archive.
//!
//! Rows in, rows out: nothing is kept, and the same inputs in any order give the same lines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use rayon::prelude::*;
use selon_connect::{Decisions, Input};
use selon_model::{CaptureId, CodingRule, Report, ReportId};

use super::packs::Overlay;
use super::read::StatedArgs;
use super::{Exit, output};
use crate::archive::{ReportHead, StoryView, connect};
use crate::input::{self, Item, OwnedDocument};
use crate::{record, view};

/// Arguments of `connect`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon connect *.html                         the stories that these pages tell
  selon connect corpus.jsonl --jsonl           one JSON document a line
  selon read *.html --jsonl | selon connect - --jsonl

Takes what selon read takes, and the records that selon read --jsonl writes. With --jsonl, first
all links (selon.link/1); then for each story the story, its chains, series and pairs
(selon.story/1, selon.chain/1, selon.series/1, selon.pair/1; with --rule selon.coded/1). Rows are named by their own ids
beside the report's.")]
pub(crate) struct Args {
    /// Files to connect, or - for standard input
    #[arg(required = true)]
    inputs: Vec<String>,
    /// Print one JSON document a line
    #[arg(long)]
    jsonl: bool,
    /// Add the numbers that a rule derives for people killed: acled-conservative or ucdp
    #[arg(long, value_name = "RULE", value_parser = super::figures::coding_rule, requires = "jsonl")]
    rule: Option<CodingRule>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    stated: StatedArgs,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let stated = args.stated.stated()?;
    let packs = overlay.packs()?;
    let (mut exit, mut documents) = (Exit::Ok, Vec::<Box<OwnedDocument>>::new());
    let mut out = output::open(args.output.as_deref())?;
    for path in &args.inputs {
        input::documents(path, &stated, packs, &mut |item| {
            match item {
                Item::Document(document) => documents.push(document),
                Item::Failure(failure) => {
                    output::complain(&failure);
                    exit = Exit::Partial;
                }
            }
            true
        });
    }
    let read: Vec<Vec<Report>> =
        documents.into_par_iter().map(|document| document.read(packs, None, 0)).collect();
    let reports: BTreeMap<ReportId, Report> =
        read.into_iter().flatten().map(|report| (report.id, report)).collect();
    let inputs: Vec<Input<'_>> = reports.values().map(|report| Input { report, captured: None }).collect();
    let connected = connect(&inputs, &Decisions::default(), packs);
    let heads: BTreeMap<ReportId, ReportHead> = reports
        .values()
        .map(|report| (report.id, ReportHead::of(CaptureId(report.payload), report)))
        .collect();
    let views = StoryView::all(&heads, &connected);
    if args.jsonl {
        for link in &connected.links {
            let (Some(from), Some(to)) = (reports.get(&link.from), reports.get(&link.to)) else { continue };
            output::json_line(&mut out, &record::link(link, from, to))?;
        }
        for view in &views {
            output::json_line(&mut out, &record::story(view))?;
            for chain in &view.chains {
                output::json_line(&mut out, &record::chain(view, chain, &reports))?;
            }
            for series in &view.series {
                output::json_line(&mut out, &record::series(view, series))?;
            }
            for pair in &view.pairs {
                output::json_line(&mut out, &record::pair(view, pair))?;
            }
            for coded in args.rule.map(|rule| view.coded(rule, &reports)).unwrap_or_default() {
                output::json_line(&mut out, &record::coded(view, &coded))?;
            }
        }
    } else {
        let of_several = views.iter().filter(|view| view.story.members.len() > 1);
        for (index, view) in of_several.enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            out.write_all(view::lists::story(view, false).as_bytes())?;
            out.write_all(view::chains::story(view, &reports).as_bytes())?;
        }
    }
    out.flush()?;
    Ok(exit)
}
