//! `selon site FOLDER`: the read pages as files.

use std::path::PathBuf;

use anyhow::Result;

use super::exit::Usage;
use super::place::Place;
use super::{Exit, output};
use crate::page::Words;
use crate::site;

/// Arguments of `site`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon site public            start page, stories, reports and receipts as files
  selon site public --ui ar    the same with Arabic labels

The pages hold no script and ask nothing from outside; posters are shown by number.")]
pub(crate) struct Args {
    /// Folder to write into
    folder: PathBuf,
    /// Language of labels: en, fr or ar
    #[arg(long, value_name = "LANG", default_value = "en")]
    ui: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let words = Words::of(&args.ui).map_err(Usage)?;
    let archive = args.place.open()?;
    let written = site::write(&archive, &args.folder, words)?;
    eprintln!(
        "selon: {}, {}, {}",
        output::count(written.reports as u64, "report", "reports"),
        output::count(written.stories as u64, "story", "stories"),
        output::count(written.captures as u64, "receipt", "receipts"),
    );
    let mut out = output::open(None)?;
    writeln!(out, "{}", args.folder.join("index.html").display())?;
    out.flush()?;
    Ok(Exit::Ok)
}
