//! `selon packs`: what the packs hold, whether they hold what they say, how two sets differ.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use selon_gazetteer::Gazetteer;
use selon_model::Lang;
use selon_read::Packs;

use super::exit::Usage;
use super::{Exit, output};
use crate::packs::{self, Broken, Files};

/// How the built-in packs are called on the command line.
const BUILT_IN: &str = "built-in";

/// `--packs`, as every command has it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Overlay {
    /// Folder of packs of your own, laid over those built in
    #[arg(long = "packs", value_name = "FOLDER", env = "SELON_PACKS", global = true, id = "overlay")]
    folder: Option<PathBuf>,
}

impl Overlay {
    /// The packs to read with.
    pub(crate) fn packs(&self) -> Result<&'static Packs> {
        match &self.folder {
            None => Ok(Packs::embedded()),
            Some(_) => self.packs_with(Gazetteer::embedded()),
        }
    }

    /// The packs to read with, and a gazetteer.
    pub(crate) fn packs_with(&self, gazetteer: &'static Gazetteer<'static>) -> Result<&'static Packs> {
        let Some(folder) = &self.folder else {
            return Ok(Box::leak(Box::new(Packs::with_gazetteer(gazetteer)?)));
        };
        let packs = packs::overlaid(folder, gazetteer).map_err(|error| match error.downcast::<Broken>() {
            Ok(broken) => Usage(broken.to_string()).into(),
            Err(error) => error,
        })?;
        Ok(Box::leak(Box::new(packs)))
    }

    /// The files of the packs to read with, and where each one is, for messages.
    fn files(&self) -> Result<BTreeMap<String, (PathBuf, String)>> {
        let place = |folder: &str, files: Files| {
            let folder = PathBuf::from(folder);
            files.into_iter().map(move |(path, text)| (path.clone(), (folder.join(path), text)))
        };
        let mut files: BTreeMap<_, _> = place("packs", packs::built_in()).collect();
        if let Some(folder) = &self.folder {
            files.extend(place(&folder.to_string_lossy(), packs::files_of(folder)?));
        }
        Ok(files)
    }
}

/// Arguments of `packs`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon packs list                     the languages, and what is read in each
  selon packs check fr                 read every example of the French pack
  selon --packs mine packs check       the same with packs of your own over them
  selon packs diff built-in mine       rows that your packs add, drop or change

A row in FOLDER/fr/cues.add.tsv is added to fr/cues.tsv; FOLDER/fr/cues.tsv takes its place.")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the languages and what is read in each
    List,
    /// Read every example and case: each row must do what its example says
    Check {
        /// Language; all where none is named
        lang: Option<String>,
    },
    /// Show how two sets of packs differ, row by row
    Diff {
        /// A folder of packs, or built-in
        a: PathBuf,
        /// A folder of packs, or built-in
        b: PathBuf,
    },
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    match &args.command {
        Command::List => list(overlay),
        Command::Check { lang } => check(overlay, lang.as_deref()),
        Command::Diff { a, b } => diff(a, b),
    }
}

fn list(overlay: &Overlay) -> Result<Exit> {
    let packs = overlay.packs()?;
    let files = overlay.files()?;
    let mut out = output::open(None)?;
    for lang in packs.languages() {
        let lacks = packs.lacks(lang).unwrap_or_default();
        let reads: Vec<&str> =
            ["statements", "figures", "times"].into_iter().filter(|list| !lacks.contains(list)).collect();
        let own = format!("{lang}/");
        let rows: usize = files
            .iter()
            .filter(|(path, _)| path.starts_with(&own) && path.ends_with(".tsv"))
            .map(|(_, (_, text))| rows_of(text).len())
            .sum();
        writeln!(out, "{lang:<4} {rows:>5} rows   {}", reads.join(" "))?;
    }
    writeln!(out, "packs {}", packs.digest().hex())?;
    out.flush()?;
    Ok(Exit::Ok)
}

fn check(overlay: &Overlay, wanted: Option<&str>) -> Result<Exit> {
    let packs = overlay.packs()?;
    let files = overlay.files()?;
    let languages: Vec<Lang> = packs
        .languages()
        .filter(|lang| wanted.is_none_or(|wanted| lang.as_str() == wanted))
        .cloned()
        .collect();
    if languages.is_empty() {
        let known: Vec<&str> = packs.languages().map(Lang::as_str).collect();
        return Err(Usage(format!(
            "there is no pack for {}; there are: {}",
            wanted.unwrap_or("any language"),
            known.join(" ")
        ))
        .into());
    }
    let mut out = output::open(None)?;
    let mut exit = Exit::Ok;
    for lang in &languages {
        let Some(proof) = packs.prove(lang) else { continue };
        for fault in &proof.faults {
            exit = Exit::Failed;
            let place = place_of(&files, lang, &fault.id, &fault.sentence);
            writeln!(out, "{place}: {}: {}\n    {}", fault.id, fault.what, fault.sentence)?;
        }
        let faults = match proof.faults.len() {
            0 => "all hold".to_owned(),
            count => format!("{count} do not hold"),
        };
        writeln!(out, "{lang:<4} {} rows, {} cases: {faults}", proof.rows, proof.cases)?;
    }
    out.flush()?;
    Ok(exit)
}

/// Where a row stands: the line of its id in the files of its language, or else of its sentence.
fn place_of(files: &BTreeMap<String, (PathBuf, String)>, lang: &Lang, id: &str, sentence: &str) -> String {
    let own = format!("{lang}/");
    let find = |fits: &dyn Fn(&str) -> bool| {
        files.iter().rev().filter(|(path, _)| path.starts_with(&own)).find_map(|(_, (path, text))| {
            let line = text.lines().position(fits)?;
            Some(format!("{}:{}", path.display(), line + 1))
        })
    };
    let quoted = format!("\"{id}\"");
    find(&|line| line.split('\t').next() == Some(id) || line.starts_with("id") && line.ends_with(&quoted))
        .or_else(|| find(&|line| line.contains(sentence)))
        .unwrap_or_else(|| format!("packs/{lang}"))
}

fn diff(a: &Path, b: &Path) -> Result<Exit> {
    let (a, b) = (side(a)?, side(b)?);
    let mut out = output::open(None)?;
    let paths: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    for path in paths {
        let (old, new) = (a.get(path).map_or("", String::as_str), b.get(path).map_or("", String::as_str));
        let changes = changes(old, new);
        if changes.is_empty() {
            continue;
        }
        writeln!(out, "{path}")?;
        for change in changes {
            writeln!(out, "  {change}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// All files of a side: the built-in ones, with a folder over them.
fn side(path: &Path) -> Result<Files> {
    let mut files = packs::built_in();
    if path.as_os_str() != BUILT_IN {
        files.extend(packs::files_of(path)?);
    }
    Ok(files)
}

/// The rows of a table, or the lines of another file, without comments.
fn rows_of(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.skip(usize::from(text.contains('\t'))).collect()
}

/// Rows by what names them: the first cell, numbered where several begin alike.
fn by_name(text: &str) -> BTreeMap<(&str, usize), &str> {
    let mut rows = BTreeMap::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows_of(text) {
        let name = row.split('\t').next().unwrap_or(row);
        let count = seen.entry(name).or_default();
        rows.insert((name, *count), row);
        *count += 1;
    }
    rows
}

fn changes(old: &str, new: &str) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    let (old, new) = (by_name(old), by_name(new));
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let show = |row: &str| row.split('\t').filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("  ");
    names
        .into_iter()
        .flat_map(|name| match (old.get(name), new.get(name)) {
            (Some(old), None) => vec![format!("- {}", show(old))],
            (None, Some(new)) => vec![format!("+ {}", show(new))],
            (Some(old), Some(new)) if old != new => {
                vec![format!("- {}", show(old)), format!("+ {}", show(new))]
            }
            _ => Vec::new(),
        })
        .collect()
}
