//! `selon-eval TASK FOLDER…`: a table, and the same as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use selon_eval::{Scores, TASKS, floors};
use selon_read::Packs;

/// Scores what Selon reads against gold sets.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Examples:
  selon-eval figures data/figures/own-phrases --worst 20
  selon-eval times data/time/fr-timebank data/time/meantime-en --json times.json
  selon-eval floors data            hold every floor of cases/floors.toml"
)]
struct Args {
    /// A task, or floors
    task: String,
    /// Folders of data
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Write the scores to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print the N worst cases of each set
    #[arg(long, value_name = "N", default_value_t = 0)]
    worst: usize,
    /// Floors to hold
    #[arg(long, value_name = "FILE", default_value = "cases/floors.toml")]
    floors: PathBuf,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("selon-eval: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<bool> {
    let packs = Packs::embedded();
    if args.task == "floors" {
        let floors = std::fs::read_to_string(&args.floors)
            .with_context(|| format!("cannot read {}", args.floors.display()))?;
        return floors::hold(&floors, &args.folders[0], packs);
    }
    let Some((_, task)) = TASKS.iter().find(|(name, _)| *name == args.task) else {
        let names: Vec<&str> = TASKS.iter().map(|(name, _)| *name).collect();
        bail!("there is no task \"{}\"; there are: floors, {}", args.task, names.join(", "));
    };
    let mut all: Vec<Scores> = Vec::new();
    for folder in &args.folders {
        let mut scores =
            task(folder, packs).with_context(|| format!("{} on {}", args.task, folder.display()))?;
        for one in &mut scores {
            print(one, args.worst);
            one.worst.truncate(args.worst.max(20));
        }
        all.extend(scores);
    }
    if let Some(path) = &args.json {
        let mut text = serde_json::to_string_pretty(&all)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(true)
}

#[allow(clippy::print_stdout)]
fn print(scores: &Scores, worst: usize) {
    println!("{} {} (n = {})", scores.task, scores.data, scores.n);
    for (name, value) in &scores.figures {
        println!("  {name:<32} {value:>10.4}");
    }
    for case in scores.worst.iter().take(worst) {
        println!("  {:>6.3} {}: {}", case.score, case.id, case.what);
    }
}
