//! `selon custody ID…`: what was done with captures, and writing down more of it.

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::exit::Usage;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};

/// Arguments of `custody`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon custody 4c19a0                          what was done with a capture: exports, handovers
  selon custody 4c19a0 --did 'handed over' --note 'to the court, on a disk' --by 'Ana Ruo'
  selon custody 4c19a0 --names                  with the names that are kept apart

Each act is a leaf of the log, dated by the archive's own clock. Names (--by here and with selon
add) are kept apart from it, in restricted/: the log holds a salted digest of them, and no export
holds them.")]
pub(crate) struct Args {
    /// Captures, or reports of them
    #[arg(required = true)]
    ids: Vec<String>,
    /// Log that this was done: collected, viewed, copied, handed over …
    #[arg(long, value_name = "WHAT")]
    did: Option<String>,
    /// More, in words; it is part of the log
    #[arg(long, value_name = "TEXT", requires = "did")]
    note: Option<String>,
    /// Who did it: kept apart, in no export
    #[arg(long, value_name = "NAME", requires = "did")]
    by: Option<String>,
    /// Show names that are kept apart
    #[arg(long)]
    names: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let leaves = args.place.open()?.leaves_of(&args.ids)?;
    if let Some(did) = &args.did {
        if did.trim().is_empty() || did.trim() == "erased" {
            return Err(Usage("--did needs a word of its own; erasing is done by selon erase".into()).into());
        }
        let by = args.by.as_ref().map(|name| serde_json::json!({ "name": name }));
        let (note, packs) = (args.note.as_deref(), overlay.packs()?);
        let mut writer = args.place.open_and_finish(packs, Timestamp::now())?;
        writer.log_custody(&leaves, did.trim(), note, by.as_ref(), packs, Timestamp::now())?;
    }
    let archive = args.place.open()?;
    let mut out = output::open(None)?;
    for (capture, _) in archive.captures()?.iter().filter(|(capture, _)| leaves.contains(&capture.leaf)) {
        let id = capture.id.to_string();
        writeln!(out, "capture {}", id.get(..16).context("an id is too short")?)?;
        writeln!(out, "  {} received, leaf {}", capture.at, capture.leaf.0)?;
        for act in archive.custody(capture)? {
            let note = act.note.map_or(String::new(), |note| format!(": {note}"));
            writeln!(out, "  {} {}{note}, leaf {}", act.at, act.what, act.leaf.0)?;
        }
        if args.names {
            for (leaf, json) in archive.restricted(capture)? {
                writeln!(out, "  leaf {}, kept apart: {json}", leaf.0)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}
