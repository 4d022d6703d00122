//! `selon serve`: the desk.

use anyhow::Result;

use super::place::Place;
use super::{Exit, output};
use crate::desk::{self, Desk};

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon serve                       print the desk's address and answer until Ctrl-C
  selon serve --port 0              on any port that is free
  selon serve --archive demo/archive

The desk listens on 127.0.0.1 only. Its address holds a key that is new at every start: who has
the address can read the archive. Add ?ui=fr or ?ui=ar for French or Arabic labels; without it
the browser's language is taken.")]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8016)]
    port: u16,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let desk = Desk::bind(&args.place.folder()?, args.port)?;
    eprintln!("selon: the desk is open until Ctrl-C; keep its address to yourself");
    let mut out = output::open(None)?;
    writeln!(out, "{}", desk.address())?;
    out.flush()?;
    // stdout is free again for whoever reads the address
    drop(out);
    desk.run(desk::interrupted())?;
    Ok(Exit::Ok)
}
