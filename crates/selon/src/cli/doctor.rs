//! `selon doctor`: what this program brings, and whether it can work here.

use anyhow::Result;
use selon_read::ENGINE_VERSION;

use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::{Place, keys_folder};
use super::{Exit, output};

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let packs = args.gazetteer.packs(overlay)?;
    let gazetteer = packs.gazetteer();
    let mut out = output::open(None)?;
    let mut exit = Exit::Ok;
    let languages: Vec<&str> = packs.languages().map(|lang| lang.as_str()).collect();
    writeln!(out, "engine     {ENGINE_VERSION}")?;
    writeln!(out, "packs      {} ({})", languages.join(" "), &packs.digest().hex()[..16])?;
    let digest = crate::gazetteer::short_digest(gazetteer);
    writeln!(out, "gazetteer  {} places ({digest})", gazetteer.len())?;
    for (name, value) in gazetteer.about() {
        writeln!(out, "           {name}: {value}")?;
    }
    let folder = args.place.folder()?;
    let state = if !folder.join("ledger").is_dir() {
        "none yet; the first selon add makes one".to_owned()
    } else {
        match args.place.open().and_then(|archive| Ok(archive.captures()?.len())) {
            Ok(count) => format!("{count} captures"),
            Err(error) => {
                exit = Exit::Failed;
                format!("cannot be opened: {error:#}")
            }
        }
    };
    writeln!(out, "archive    {}: {state}", folder.display())?;
    let keys = keys_folder()?;
    match writable(&folder).and_then(|()| writable(&keys)) {
        Ok(()) => writeln!(out, "writing    ok")?,
        Err(error) => {
            exit = Exit::Failed;
            writeln!(out, "writing    {error}; choose another folder with --archive or SELON_ARCHIVE")?;
        }
    }
    writeln!(out, "network    not used")?;
    out.flush()?;
    Ok(exit)
}

/// Whether a folder, or the nearest one above it that is there, may be written to.
fn writable(folder: &std::path::Path) -> Result<()> {
    let absolute = std::path::absolute(folder)?;
    let there = absolute.ancestors().find(|folder| folder.is_dir()).unwrap_or(&absolute);
    let test = there.join(format!(".selon-doctor-{}", std::process::id()));
    std::fs::write(&test, b"")
        .map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", there.display()))?;
    std::fs::remove_file(&test)?;
    Ok(())
}
