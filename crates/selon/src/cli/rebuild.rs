//! `selon rebuild`: catalogue, index and connections again from evidence.

use anyhow::Result;

use super::Exit;
use super::add::{self, Bar};
use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::Place;

/// Arguments of `rebuild`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Throws away everything that is derived (never evidence, never judgments) and makes it again from
the stored records, with this engine and its packs.")]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let packs = args.gazetteer.packs(overlay)?;
    let writer = args.place.open_to_rebuild()?;
    let mut bar = Bar::new();
    let added = writer.rebuild(packs, &mut bar)?;
    bar.done();
    add::print(args.json, &added)?;
    Ok(Exit::Ok)
}
