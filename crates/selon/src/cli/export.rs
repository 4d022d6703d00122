//! `selon export OUT --as FORM [ID…]`

use std::path::PathBuf;

use anyhow::Result;

use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};
use crate::archive::{ExportForm, HandedOut};

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon export all.wacz --as wacz              every capture as one WACZ package
  selon export one.wacz --as wacz 3fa9c1d2     the captures of a report, a capture or a story
  selon export kit --as kit 3fa9c1d2           a folder for whoever doubts it: VERIFY.md in it says
                                               how to check it with openssl, sha256sum, warcio and
                                               a page of Python, without Selon

Records go out byte for byte as they are stored, each verified on the way: of a fetched page its
redirects, pictures and style sheets too, of no capture its request, which says who asked. A package
opens in any WACZ reader; its folder selon/ holds manifest and proof of each capture. That captures
were handed out is logged; OUT.manifest.json and OUT.tlog-proof show that, in a kit the folder
sealed/. Nothing is overwritten.

Exit codes: 0 all exported, 3 some captures stay behind (they are named), 4 a record does not
verify, 5 an id names nothing.")]
pub(crate) struct Args {
    /// File or folder to write; it must not exist
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
    /// A folder with what is needed to check it
    Kit,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let wanted = match args.ids.as_slice() {
        [] => None,
        ids => Some(args.place.open()?.leaves_of(ids)?),
    };
    let packs = args.gazetteer.packs(overlay)?;
    let now = jiff::Timestamp::now();
    let mut writer = args.place.open_and_finish(packs, now)?;
    let form = match args.form {
        Form::Wacz => ExportForm::Wacz { title: args.title.clone() },
        Form::Kit => ExportForm::Kit,
    };
    let HandedOut { exported, leaf } = writer.export(&form, wanted.as_ref(), &args.out, packs, now)?;
    for withheld in &exported.withheld {
        eprintln!("selon: leaf {} stays behind: {}", withheld.leaf.0, withheld.why);
    }
    let mut out = output::open(None)?;
    if args.json {
        let value = serde_json::json!({
            "schema": "selon.exported/1",
            "path": args.out.display().to_string(),
            "sealed": exported.digest,
            "captures": exported.leaves,
            "withheld": exported.withheld,
            "leaf": leaf,
        });
        output::json_line(&mut out, &value)?;
    } else {
        writeln!(
            out,
            "{}: {}; logged as leaf {}",
            args.out.display(),
            output::count(exported.leaves.len() as u64, "capture", "captures"),
            leaf.0
        )?;
    }
    out.flush()?;
    Ok(if exported.withheld.is_empty() { Exit::Ok } else { Exit::Partial })
}
