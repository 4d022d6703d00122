//! `selon stories`

use anyhow::Result;

use super::place::Place;
use super::{Exit, output};
use crate::disagreement::disagreements;
use crate::{record, view};

/// Arguments of `stories`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon stories                stories that several reports tell
  selon stories --all          also those of one report
  selon stories --jsonl        one JSON document a line (selon.story/1)

selon show STORY prints one of them whole.")]
pub(crate) struct Args {
    /// Also stories of one report
    #[arg(long)]
    all: bool,
    /// Print one JSON document a line
    #[arg(long)]
    jsonl: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let archive = args.place.open()?;
    let stories = archive.stories()?;
    let single = stories.iter().filter(|view| view.story.members.len() < 2).count();
    let shown: Vec<_> = stories.into_iter().filter(|view| args.all || view.story.members.len() > 1).collect();
    let mut out = output::open(None)?;
    if args.jsonl {
        for view in &shown {
            output::json_line(&mut out, &record::story(view))?;
            let reports = archive.members(view)?;
            for link in &view.links {
                if let (Some(from), Some(to)) = (reports.get(&link.from), reports.get(&link.to)) {
                    output::json_line(&mut out, &record::link(link, from, to))?;
                }
            }
        }
    } else {
        let mut listed = Vec::new();
        for view in shown {
            let differing = disagreements(&view, &archive.members(&view)?);
            listed.push((view, differing));
        }
        out.write_all(view::lists::stories(&listed).as_bytes())?;
        if single > 0 && !args.all {
            let alone = output::count(single as u64, "report stands", "reports stand");
            writeln!(out, "{alone} alone: --all")?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}
