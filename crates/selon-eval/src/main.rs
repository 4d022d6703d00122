//! `selon-eval TASK FOLDER…`: a table, and the same as JSON.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use selon_eval::{
    Scores, TASKS, floors, hostile, peers, quality, reuse_scale, score_readings, stories_scale, task,
};
use selon_read::Packs;

/// Scores what Selon reads against gold sets.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Tasks: extraction dates fields posts language statements figures times places verdicts
       neardup ecbplus ntrex7 chains gvc connections judged sources speed evidence
Also:  floors   hold every floor of cases/floors.toml; the exit code is 1 where one fell
       quality  run every task on every set and print the page docs/quality.md
       hostile  size against time for input made to cost (no folder)
       reuse-scale N     speed and memory of text reuse over N generated texts
       stories-scale N   speed of connecting up to N generated reports
       pages    print the pages of a folder as JSON lines, for other tools

Examples:
  selon-eval figures data/figures/own-phrases --worst 20
  selon-eval times data/time/fr-timebank data/time/meantime-en --json times.json
  selon-eval extraction data               the pages of cases/gold
  selon-eval posts data                    the cases of data/CASES.md
  selon-eval speed examples
  selon-eval reuse-scale 1000000
  selon-eval floors data --floors cases/floors.toml
  selon-eval quality data > quality.md

A folder is scored by what its files hold, whatever its *.jsonl or *.csv is called.
--json writes {task, data, selon, figures: {name: value}, n, worst: [{id, score, what}]},
one set a line where there are several. Progress goes to stderr."
)]
struct Args {
    /// A task, floors, or quality
    task: String,
    /// Folders of data
    folders: Vec<PathBuf>,
    /// For hostile: the traps whose name holds this; "" for all
    #[arg(long, value_name = "NAME")]
    trap: Option<String>,
    /// For hostile: the largest size, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = hostile::LARGEST)]
    largest: usize,
    /// Write the scores to a file, an object a line
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print the N worst cases of each set: score, id, expected and read
    #[arg(long, value_name = "N", default_value_t = 0)]
    worst: usize,
    /// Score what another tool read, a JSON line {id, text, title, date} a page
    #[arg(long, value_name = "FILE")]
    peer: Option<PathBuf>,
    /// times, places: score what another tool read, instead of Selon
    #[arg(long, value_name = "FILE")]
    readings: Option<PathBuf>,
    /// Lay the packs of a folder over the embedded ones: tries a change without a build
    #[arg(long, value_name = "FOLDER")]
    packs: Option<PathBuf>,
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
            ExitCode::from(2)
        }
    }
}

#[allow(clippy::print_stdout)]
fn run(args: &Args) -> Result<bool> {
    let overlaid;
    let packs = match &args.packs {
        None => Packs::embedded(),
        Some(folder) => {
            let mut files = Vec::new();
            collect(folder, "", &mut files)?;
            overlaid = Packs::with_overlay(&files)?;
            &overlaid
        }
    };
    if let Some(readings) = &args.peer {
        peers::take_readings(readings)?;
    }
    match (args.task.as_str(), &args.folders[..]) {
        ("floors", [data]) => {
            let floors = std::fs::read_to_string(&args.floors)
                .with_context(|| format!("cannot read {}", args.floors.display()))?;
            return floors::hold(&floors, data, packs);
        }
        ("quality", [data]) => {
            print!("{}", quality::page(data, packs)?);
            return Ok(true);
        }
        ("hostile", _) => {
            let wanted = args.trap.as_deref().unwrap_or("");
            hostile::table(wanted, args.largest, packs, &mut |row| print!("{row}"));
            return Ok(true);
        }
        (scale @ ("reuse-scale" | "stories-scale"), [count]) => {
            let count = count.to_str().and_then(|count| count.parse().ok());
            let count = count.with_context(|| format!("{scale} takes a number: {scale} 100000"))?;
            // Each row takes longer than the one before: none waits for the next.
            let mut print = |row: &str| {
                print!("{row}");
                let _ = std::io::stdout().flush();
            };
            match scale {
                "reuse-scale" => reuse_scale::table(count, &mut print),
                _ => stories_scale::table(count, packs, &mut print),
            }
            return Ok(true);
        }
        ("pages", [folder]) => {
            peers::write_pages(folder, &mut std::io::stdout().lock())?;
            return Ok(true);
        }
        (scale @ ("reuse-scale" | "stories-scale"), _) => bail!("{scale} takes a number: {scale} 100000"),
        ("floors" | "quality" | "pages", _) => bail!("{} takes one folder: that of all sets", args.task),
        (_, []) => bail!("name a folder of data"),
        _ => {}
    }
    let Some(task) = task(&args.task) else {
        let names: Vec<&str> = TASKS.iter().map(|(name, _)| *name).collect();
        bail!("there is no task \"{}\"; there are: {}, floors, quality, pages", args.task, names.join(", "));
    };
    let mut lines = String::new();
    for (index, folder) in args.folders.iter().enumerate() {
        if args.folders.len() > 1 {
            eprintln!("{} of {}: {}", index + 1, args.folders.len(), folder.display());
        }
        if !folder.is_dir() {
            bail!("{} is no folder", folder.display());
        }
        let scored = match &args.readings {
            Some(file) => score_readings(&args.task, folder, file),
            None => task(folder, packs),
        };
        let mut scores = scored.with_context(|| format!("{} on {}", args.task, folder.display()))?;
        for one in &mut scores {
            print(one, args.worst);
            one.worst.truncate(args.worst.max(20));
            lines.push_str(&serde_json::to_string(one)?);
            lines.push('\n');
        }
    }
    if let Some(path) = &args.json {
        std::fs::write(path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(true)
}

/// All files of a folder with their paths inside it.
fn collect(folder: &Path, inside: &str, files: &mut Vec<(String, String)>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            let text = std::fs::read_to_string(&path);
            files.push((name, text.with_context(|| format!("cannot read {}", path.display()))?));
        }
    }
    Ok(())
}

#[allow(clippy::print_stdout)]
fn print(scores: &Scores, worst: usize) {
    println!("{} {} (n = {})", scores.task, scores.data, scores.n);
    for (name, value) in &scores.figures {
        println!("  {name:<32} {value:>10.4}");
    }
    for case in scores.worst.iter().take(worst) {
        println!("  {:>6.3} {}: {}", case.score, short(&case.id), short(&case.what));
    }
}

/// A line that can be read: no line breaks, at most 400 characters.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
