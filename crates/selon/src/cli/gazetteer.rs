//! `selon gazetteer build|add|show`, and the option that makes other commands read with one.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use selon_gazetteer::Gazetteer;
use selon_read::Packs;

use super::add::Bar;
use super::packs::Overlay;
use super::{Exit, output};
use crate::gazetteer::{Wanted, add_lists, build_dump, open, short_digest};

/// `--gazetteer`, as every command that reads has it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct GazetteerArgs {
    /// Gazetteer file to look places up in (else $SELON_GAZETTEER, else the embedded one)
    #[arg(long, value_name = "FILE", env = "SELON_GAZETTEER")]
    gazetteer: Option<PathBuf>,
}

impl GazetteerArgs {
    /// The packs asked for, with the gazetteer asked for.
    pub(crate) fn packs(&self, overlay: &Overlay) -> Result<&'static Packs> {
        let Some(path) = &self.gazetteer else { return overlay.packs() };
        overlay.packs_with(open(path)?).with_context(|| format!("{} cannot be read with", path.display()))
    }
}

/// Arguments of `gazetteer`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a gazetteer of a GeoNames dump, laid over the embedded one
    Build(Build),
    /// Make a gazetteer of the embedded one and lists of your own
    Add(Add),
    /// Say what a gazetteer file holds
    Show {
        /// The file; the embedded one where none is named
        file: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon gazetteer build allCountries.zip --alternates alternateNamesV2.zip -o world.gaz
  selon gazetteer build SY.zip --features A,P,L/AREA -o syria.gaz
  selon read page.html --gazetteer syria.gaz

A dump is a text of 19 columns as geonames.org hands it out, zipped, gzipped or plain.
Its data is under CC BY 4.0: name GeoNames where you show it.")]
struct Build {
    /// The dump
    dump: PathBuf,
    /// alternateNamesV2: more names of the same places
    #[arg(long, value_name = "FILE")]
    alternates: Option<PathBuf>,
    /// Only these countries, by their codes of two letters
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    countries: Vec<String>,
    /// Feature classes and codes to take [default: countries, units, populated places]
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    features: Vec<String>,
    #[command(flatten)]
    base: Base,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon gazetteer add places.csv -o mine.gaz
  selon gazetteer add villages.geojson --to world.gaz -o mine.gaz
  SELON_GAZETTEER=mine.gaz selon add corpus/

A list is CSV or TSV under a header, or GeoJSON points whose properties are named so:
  name        for display                     names       further ones, with | between
  lat, lon    degrees, WGS 84                 country     code of two letters
  id          your own, or a GeoNames id: then the names are added to that place
  within      GeoNames id of the unit or town it lies in
  feature     GeoNames code; PPLX is a part of a town     population, zone")]
struct Add {
    /// The lists
    #[arg(required = true)]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    base: Base,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Base {
    /// Gazetteer file to lay it over, instead of the embedded one
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Base {
    fn open(&self) -> Result<&'static Gazetteer<'static>> {
        self.to.as_ref().map_or_else(|| Ok(Gazetteer::embedded()), |path| open(path))
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    match &args.command {
        Command::Build(build) => {
            let wanted = Wanted { countries: build.countries.clone(), features: build.features.clone() };
            let mut bar = Bar::new();
            let base = build.base.open()?;
            let done =
                build_dump(&build.dump, build.alternates.as_deref(), &wanted, base, &build.output, &mut bar);
            bar.done();
            eprintln!("selon: {} of the dump", output::count(done?, "place", "places"));
            show(Some(&build.output))?;
        }
        Command::Add(add) => {
            let counts = add_lists(add.base.open()?, &add.lists, &add.output)?;
            for (list, count) in add.lists.iter().zip(counts) {
                eprintln!("selon: {}: {}", list.display(), output::count(count as u64, "place", "places"));
            }
            show(Some(&add.output))?;
        }
        Command::Show { file } => show(file.as_ref())?,
    }
    Ok(Exit::Ok)
}

fn show(file: Option<&PathBuf>) -> Result<()> {
    let gazetteer = file.map_or_else(|| Ok(Gazetteer::embedded()), |path| open(path))?;
    let mut out = output::open(None)?;
    let name = file.map_or("embedded".to_owned(), |path| path.display().to_string());
    writeln!(out, "{name}: {} places ({})", gazetteer.len(), short_digest(gazetteer))?;
    for (key, value) in gazetteer.about() {
        writeln!(out, "  {key}: {value}")?;
    }
    Ok(out.flush()?)
}
