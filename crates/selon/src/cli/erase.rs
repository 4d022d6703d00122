//! `selon erase ID… --why TEXT`

use anyhow::Result;
use jiff::Timestamp;
use selon_capture::{Affected, Order};

use super::exit::Usage;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};

/// Arguments of `erase`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon erase 4c19a0 --why 'asked for by the person shown' --by 'the keeper'
                                   says what would go, and erases nothing
  selon erase 4c19a0 --why 'asked for by the person shown' --by 'the keeper' --yes

First the order is logged for good: who, when, why. Then the content goes from records, manifests,
containers, catalogue and index; records of the same length stand in its place. A capture that
shares its payload with others takes them along, and one from a container the whole container: the
list says so. The log itself stays as it is, so every other proof, old checkpoint and timestamp
still verifies, and selon verify says 'erased on order', not 'damaged'. Copies that were handed out
are named, as they are out of reach. Erasing cannot be undone.")]
pub(crate) struct Args {
    /// Captures, or reports of them
    #[arg(required = true)]
    ids: Vec<String>,
    /// Why; it stays in the log for good
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Who orders it; it stays in the log for good
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The legal basis
    #[arg(long, value_name = "TEXT")]
    basis: Option<String>,
    /// Erase what the list names
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    if args.why.trim().is_empty() || args.by.trim().is_empty() {
        return Err(Usage(
            "an erasure needs a reason and somebody who orders it: --why TEXT --by NAME".into(),
        )
        .into());
    }
    let packs = overlay.packs()?;
    let wanted = args.place.open()?.leaves_of(&args.ids)?;
    let mut writer = args.place.open_to_write()?.finish_erasures(packs, Timestamp::now())?;
    let affected = writer.affected(&wanted)?;
    let mut out = output::open(None)?;
    list(&mut out, &affected)?;
    if !args.yes {
        writeln!(out, "nothing was erased; --yes erases this")?;
        out.flush()?;
        return Ok(Exit::Ok);
    }
    let order = Order { by: args.by.clone(), why: args.why.clone(), basis: args.basis.clone() };
    let erasure = writer.erase(affected, &order, packs, Timestamp::now())?;
    if erasure.traces.is_empty() {
        writeln!(
            out,
            "erased; the order is leaf {}, and no trace is left in the archive",
            erasure.tombstone.0
        )?;
        out.flush()?;
        return Ok(Exit::Ok);
    }
    for path in &erasure.traces {
        eprintln!("selon: {path} still holds traces of what was erased");
    }
    writeln!(out, "the order is leaf {}, but traces are left: it stays open", erasure.tombstone.0)?;
    out.flush()?;
    Ok(Exit::Partial)
}

fn list(out: &mut dyn std::io::Write, affected: &Affected) -> Result<()> {
    let leaves: Vec<String> = affected.leaves.iter().map(|leaf| leaf.0.to_string()).collect();
    writeln!(out, "leaves      {}", leaves.join(", "))?;
    for file in &affected.containers {
        writeln!(out, "container   {file}, with all that it holds")?;
    }
    for leaf in &affected.exports {
        writeln!(out, "handed out  in the export of leaf {}: those copies are out of reach", leaf.0)?;
    }
    Ok(())
}
