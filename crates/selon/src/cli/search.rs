//! `selon search QUERY`

use anyhow::Result;

use super::place::Place;
use super::{Exit, output};
use crate::view;

/// Arguments of `search`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon search flood
  selon search '\"at least nine\" AND NOT lang:fr'
  selon search 'source:ministry figure.unit:persons'

Words are found as written and by their stem, diacritics off. Fields: title, text, source
(speaker), via, said, place, publisher (outlet), lang, published (a day), mode (direct, indirect,
mixed), figure.unit, figure.event, has (post, statement, figure).")]
pub(crate) struct Args {
    /// Words, "phrases", AND OR NOT ( ), field:value
    #[arg(required = true)]
    query: Vec<String>,
    /// Reports at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let archive = args.place.open()?;
    let query = args.query.join(" ");
    let found = archive.search(&query, args.limit)?;
    let mut out = output::open(None)?;
    if args.json {
        output::json_line(&mut out, &crate::record::found(&query, &found))?;
    } else if found.is_empty() {
        writeln!(out, "nothing in this archive matches {query}")?;
    } else {
        out.write_all(view::lists::found(&found).as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}
