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
  selon search 'Zelensky published:2022-03 NOT lang:en'

Words are found as written (case, accents, Arabic letter variants aside) and by their stem; a name
also in other scripts, a place by all its names. \"Quoted\" words are found as written, in a row.
Fields: title, text, name, source (speaker), source.kind, via, cue, said, hedge, place, publisher
(outlet), lang, published, captured, happened (a day, 2016-07, 2016, >2016-07, [a TO b]), mode
(direct, indirect, mixed), figure.unit, figure.event, figure.value (>10000), story (an id),
is:wire-copy, has (post, statement, figure). Each can be negated: NOT lang:fr.")]
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
