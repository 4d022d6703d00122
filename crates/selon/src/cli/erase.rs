//! `selon erase ID… --why TEXT`

use std::collections::BTreeSet;

use anyhow::Result;
use jiff::Timestamp;
use selon_capture::{Affected, Order};
use selon_model::{Error, Kind, LeafIndex};

use super::exit::Usage;
use super::packs::Overlay;
use super::place::{Place, finish_erasures};
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
shares its payload with others takes them along, and one from a container, or that a container
holds too, the whole container: the list says so. Then every file is searched; where anything is
left, the order stays open, and each command that writes tries again; so does this one, given the
same ID. The log itself stays as it is, so every other proof, old checkpoint and timestamp still
verifies, and selon verify says 'erased on order', not 'damaged'. Copies that were handed out are
named, as they are out of reach. Erasing cannot be undone.")]
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
    let (packs, now) = (overlay.packs()?, Timestamp::now());
    let writer = args.place.open_to_write()?;
    // What an open order erases is in no catalogue any more: the order is what can be said of it.
    let (mut ordered, mut ids) = (BTreeSet::new(), Vec::new());
    for id in &args.ids {
        match writer.erasure_of(id)? {
            Some(tombstone) => drop(ordered.insert(tombstone)),
            None => ids.push(id.clone()),
        }
    }
    let (mut writer, open) = finish_erasures(writer, packs, now)?;
    let mut out = output::open(None)?;
    let mut exit = Exit::Ok;
    for tombstone in ordered {
        let is_open = open.iter().any(|open| open.tombstone == tombstone);
        say_order(&mut out, tombstone, is_open)?;
        exit = exit.max(if is_open { Exit::Partial } else { Exit::Ok });
    }
    if ids.is_empty() {
        out.flush()?;
        return Ok(exit);
    }
    let wanted = writer.archive().leaves_of(&ids).map_err(|error| match error.kind() {
        Kind::NotFound => {
            let what = format!("{error}; what was erased has no id any more: selon verify lists the orders");
            Error::new(Kind::NotFound, what)
        }
        _ => error,
    })?;
    let affected = writer.affected(&wanted)?;
    list(&mut out, &affected)?;
    if !args.yes {
        writeln!(out, "nothing was erased; --yes erases this")?;
        out.flush()?;
        return Ok(exit);
    }
    let order = Order { by: args.by.clone(), why: args.why.clone(), basis: args.basis.clone() };
    let erasure = writer.erase(affected, &order, packs, now)?;
    for trace in &erasure.traces {
        eprintln!("selon: {trace}");
    }
    say_order(&mut out, erasure.tombstone, !erasure.traces.is_empty())?;
    out.flush()?;
    Ok(exit.max(if erasure.traces.is_empty() { Exit::Ok } else { Exit::Partial }))
}

/// How an order stands.
fn say_order(out: &mut dyn std::io::Write, tombstone: LeafIndex, is_open: bool) -> Result<()> {
    let leaf = tombstone.0;
    if is_open {
        writeln!(out, "the order is leaf {leaf}, but traces are left: it stays open")?;
    } else {
        writeln!(out, "erased; the order is leaf {leaf}, and no trace is left in the archive")?;
    }
    Ok(())
}

fn list(out: &mut dyn std::io::Write, affected: &Affected) -> Result<()> {
    let leaves: Vec<String> = affected.leaves.iter().map(|leaf| leaf.0.to_string()).collect();
    writeln!(out, "leaves      {}", leaves.join(", "))?;
    for file in &affected.containers {
        writeln!(out, "container   {file}, with all that it holds")?;
    }
    for id in &affected.linked {
        writeln!(
            out,
            "stays       {}, which came by way of it and keeps its id and address; name it to erase it too",
            id.0.hex()
        )?;
    }
    for leaf in &affected.exports {
        writeln!(out, "handed out  in the export of leaf {}: those copies are out of reach", leaf.0)?;
    }
    Ok(())
}
