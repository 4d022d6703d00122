//! The command line: one file a command. Each parses, calls the library, prints; none holds
//! logic of its own. stdout is data, stderr is messages.

mod add;
mod connect;
mod custody;
mod doctor;
mod erase;
mod exit;
mod export;
mod fetch;
mod figures;
mod gazetteer;
mod note;
mod output;
mod packs;
mod place;
mod read;
mod rebuild;
mod schema;
mod seal;
mod search;
mod serve;
mod show;
mod site;
mod stories;
mod verify;

use clap::{Parser, Subcommand};

pub(crate) use exit::Exit;

/// Takes reports of a conflict in and makes them usable as evidence: who says so, through whom,
/// how firmly, how many.
#[derive(Debug, Parser)]
#[command(name = "selon", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    overlay: packs::Overlay,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  selon read page.html                 what a saved page says, and who says so
  selon read page.html --html out.html the same as one self-contained page
  selon add page.html corpus.warc.gz   keep it as evidence
  selon verify                         check every stored byte

Exit codes: 0 ok, 1 failed, 2 usage, 3 part of the input could not be read,
4 evidence does not verify, 5 not found.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Read files and print what they say; needs no archive
    Read(read::Args),
    /// Read files and print what stands between them: copies, stories, claim chains, figures; needs no archive
    Connect(connect::Args),
    /// Keep files as evidence, read them and connect them
    Add(add::Args),
    /// Find reports by words and fields
    Search(search::Args),
    /// Show a report, a capture or a story
    Show(show::Args),
    /// List the stories that reports tell
    Stories(stories::Args),
    /// Set the figures of a story side by side
    Figures(figures::Args),
    /// Check evidence: an archive, or anybody's WARC, ARC or WACZ file or log
    Verify(verify::Args),
    /// Have outside authorities stamp the log, so that nothing in it can be dated back
    Seal(seal::Args),
    /// Show what was done with captures, and write down more of it
    Custody(custody::Args),
    /// Erase captures on order; the log keeps that and why
    Erase(erase::Args),
    /// Hand captures out in a form that others check without Selon
    Export(export::Args),
    /// Write down what you say about a report, a statement or a story
    Note(note::Args),
    /// Open the desk: the read pages over HTTP, on this machine only
    Serve(serve::Args),
    /// Write the read pages as files that need no server and no script
    Site(site::Args),
    /// Make everything that is derived again from evidence
    Rebuild(rebuild::Args),
    /// Make a gazetteer of a GeoNames dump, or of a list of your own
    Gazetteer(gazetteer::Args),
    /// Say what this program brings and whether it can work here
    Doctor(doctor::Args),
    /// List, prove and compare the packs by which languages are read
    Packs(packs::Args),
    /// Print a JSON Schema
    Schema(schema::Args),
}

/// Runs the command line and gives the exit code.
pub fn run() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    let overlay = &cli.overlay;
    let done = match cli.command {
        Command::Read(args) => read::run(&args, overlay),
        Command::Connect(args) => connect::run(&args, overlay),
        Command::Add(args) => add::run(&args, overlay),
        Command::Search(args) => search::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Stories(args) => stories::run(&args),
        Command::Figures(args) => figures::run(&args),
        Command::Verify(args) => verify::run(&args, overlay),
        Command::Seal(args) => seal::run(&args, overlay),
        Command::Custody(args) => custody::run(&args, overlay),
        Command::Erase(args) => erase::run(&args, overlay),
        Command::Export(args) => export::run(&args, overlay),
        Command::Note(args) => note::run(&args, overlay),
        Command::Serve(args) => serve::run(&args),
        Command::Site(args) => site::run(&args),
        Command::Rebuild(args) => rebuild::run(&args, overlay),
        Command::Gazetteer(args) => gazetteer::run(&args),
        Command::Doctor(args) => doctor::run(&args, overlay),
        Command::Packs(args) => packs::run(&args, overlay),
        Command::Schema(args) => schema::run(&args),
    };
    match done {
        Ok(exit) => exit as u8,
        Err(error) => exit::report(&error),
    }
}
