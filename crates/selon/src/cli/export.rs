//! `selon export OUT --as FORM [ID…]`

use std::path::PathBuf;

use anyhow::Result;

use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon export all.wacz --as wacz              every capture as one WACZ package
  selon export one.wacz --as wacz 3fa9c1d2     the captures of a report, a capture or a story

Records go out byte for byte as they are stored, each verified on the way. The package opens in
any WACZ reader; its folder selon/ holds manifest and proof of each capture. That it was handed out
is logged; OUT.manifest.json and OUT.tlog-proof show that. Nothing is overwritten.

Exit codes: 0 all exported, 3 some captures stay behind (they are named), 4 a record does not
verify, 5 an id names nothing.")]
pub(crate) struct Args {
    /// File to write; it must not exist
    out: PathBuf,
    /// Form of the export
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// Captures, reports or stories; without any, everything
    ids: Vec<String>,
    /// Title of the package
    #[arg(long, value_name = "TEXT", default_value = "Captures")]
    title: String,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
}

/// Forms of an export.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// WACZ 1.1.1
    Wacz,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let wanted = match args.ids.as_slice() {
        [] => None,
        ids => Some(args.place.open()?.leaves_of(ids)?),
    };
    let packs = args.gazetteer.packs(overlay)?;
    let mut writer = args.place.open_to_write()?;
    let now = jiff::Timestamp::now();
    let exported = match args.form {
        Form::Wacz => writer.export_wacz(wanted.as_ref(), &args.out, &args.title, packs, now)?,
    };
    for withheld in &exported.withheld {
        eprintln!("selon: leaf {} stays behind: {}", withheld.leaf.0, withheld.why);
    }
    let mut out = output::open(None)?;
    if args.json {
        let value = serde_json::json!({
            "schema": "selon.exported/1",
            "path": exported.path.display().to_string(),
            "captures": exported.captures,
            "withheld": exported.withheld,
            "leaf": exported.leaf,
        });
        output::json_line(&mut out, &value)?;
    } else {
        writeln!(
            out,
            "{}: {}; logged as leaf {}",
            exported.path.display(),
            output::count(exported.captures, "capture", "captures"),
            exported.leaf.0
        )?;
    }
    out.flush()?;
    Ok(if exported.withheld.is_empty() { Exit::Ok } else { Exit::Partial })
}
