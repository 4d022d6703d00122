//! `selon schema NAME`.

use anyhow::Result;

use super::exit::Usage;
use super::{Exit, output};

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// report or error
    name: String,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let Some(schema) = crate::record::schema(&args.name) else {
        return Err(Usage(format!("there is no schema \"{}\"; there are: report, error", args.name)).into());
    };
    let mut out = output::open(None)?;
    serde_json::to_writer_pretty(&mut out, &schema).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(Exit::Ok)
}
