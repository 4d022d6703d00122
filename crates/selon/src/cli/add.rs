//! `selon add INPUT…`

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::Place;
use super::read::StatedArgs;
use super::{Exit, output};
use crate::archive::{Added, Progress};
use crate::input::unreadable;

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon add page.html                       keep one page
  selon add saved-pages/ corpus.warc.gz     a folder and a WARC file
  selon add crawl.wacz old.arc.gz           a WACZ package and an ARC file
  selon add page.html --url https://…       say where it is from: kept as stated, not as shown
  selon add tweets.jsonl result.json        exports of X, Telegram, Bluesky, Mastodon: their posts
  selon add corpus.parquet --map text=body  rows of a corpus, each a report
  selon add page.html --by 'Ana Ruo' --why 'removal expected'

Every file is kept byte for byte, also one that cannot be read (a photo, a video). The same bytes
twice add nothing, nor does a row or post that another file held before, so an interrupted run is
simply started again. Lines that cannot be read are kept with their file and told with number and
bytes (exit 3). What `add` has named as kept is
durable and in the signed log.")]
pub(crate) struct Args {
    /// Files and folders
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    stated: StatedArgs,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
    /// Who collected it: kept apart from the log, in no export
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why it was collected: kept apart, too
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let stated = args.stated.for_archive()?;
    let errors: Vec<_> = args.inputs.iter().map(|path| (path, path.metadata().err())).collect();
    if errors.iter().all(|(_, error)| error.is_some()) {
        // no archive is made, and none is opened, for nothing
        for (path, error) in errors {
            if let Some(error) = error {
                output::complain(&unreadable(&path.to_string_lossy(), &error));
            }
        }
        return Ok(Exit::Partial);
    }
    let packs = args.gazetteer.packs(overlay)?;
    let now = jiff::Timestamp::now();
    let mut writer = args.place.open_to_add()?.finish_erasures(packs, now)?;
    let collector = serde_json::json!({ "name": args.by, "why": args.why });
    writer.set_collector((args.by.is_some() || args.why.is_some()).then_some(&collector))?;
    let mut bar = Bar::new();
    let added = writer.add(&args.inputs, &stated, packs, now, &mut bar)?;
    bar.done();
    for failure in &added.failures {
        output::complain(failure);
    }
    print(args.json, &added)?;
    Ok(if added.failures.is_empty() { Exit::Ok } else { Exit::Partial })
}

/// What was done, in words or as JSON.
pub(crate) fn print(json: bool, added: &Added) -> Result<()> {
    let mut out = output::open(None)?;
    if json {
        let value = serde_json::json!({
            "schema": "selon.added/1",
            "captures": added.captures,
            "alreadyThere": added.already_there,
            "notRead": added.not_read,
            "reports": added.reports,
            "knownRows": added.known_rows,
            "stories": added.stories,
            "failed": added.failures,
        });
        output::json_line(&mut out, &value)?;
    } else {
        let known = match added.known_rows {
            0 => String::new(),
            rows => format!(" ({} known already)", output::count(rows, "row", "rows")),
        };
        writeln!(
            out,
            "kept {} new {}, {} already there; read {}{known}, {} kept without reading; {}",
            added.captures,
            if added.captures == 1 { "capture" } else { "captures" },
            added.already_there,
            output::count(added.reports, "report", "reports"),
            added.not_read,
            output::count(added.stories, "story", "stories"),
        )?;
    }
    Ok(out.flush()?)
}

/// A progress bar on stderr, where that is a terminal.
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(crate) fn new() -> Self {
        Bar(std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg:10} {wide_bar} {pos}/{len} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        }))
    }

    pub(crate) fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn step(&mut self, stage: &'static str, done: u64, of: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(of);
            bar.set_position(done);
            bar.set_message(stage);
        }
    }
}
