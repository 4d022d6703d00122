//! `selon add INPUT…`

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::fetch::{FetchArgs, is_address, read_list};
use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::{Place, finish_erasures};
use super::read::StatedArgs;
use super::{Exit, output};
use crate::archive::{Added, FetchTally, Progress};
use crate::input::unreadable;
use crate::view::columns::one_line;

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
  selon add https://news.example/story      fetch a page with its pictures and style sheets
  selon add --list urls.txt                 fetch a list, one address a line; run again to go on
  selon add https://news.example/feed.xml   fetch what a feed or a sitemap names
  selon add page.html --by 'Ana Ruo' --why 'removal expected'

Every file is kept byte for byte, also one that cannot be read (a photo, a video). The same bytes
twice add nothing, nor does a row or post that another file held before, so an interrupted run is
simply started again; with another --map the rows of a kept file are read anew. Lines that cannot be
read are kept with their file and told with number and bytes (exit 3). WARC, ARC and WACZ files are
kept whole, with how their own digests stand; what does not verify is told (exit 3). What `add` has
named as kept is durable and in the signed log.")]
pub(crate) struct Args {
    /// Files, folders, and addresses of pages, feeds and sitemaps
    #[arg(required_unless_present = "list")]
    inputs: Vec<PathBuf>,
    /// Fetch the addresses in this file, one a line (-: standard input); those kept are not asked again
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Fetch addresses of lists, feeds and sitemaps again that are kept already
    #[arg(long)]
    again: bool,
    /// Pages to take from feeds and sitemaps; run again for more
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    most: u64,
    /// Fetch pages without their pictures and style sheets
    #[arg(long)]
    no_requisites: bool,
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
    #[command(flatten)]
    fetch: FetchArgs,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let stated = args.stated.for_archive()?;
    let (named, files): (Vec<PathBuf>, Vec<PathBuf>) =
        args.inputs.iter().cloned().partition(|input| input.to_str().is_some_and(is_address));
    let listed = match &args.list {
        Some(path) => read_list(path)?,
        None => Vec::new(),
    };
    let errors: Vec<_> = files.iter().map(|path| (path, path.metadata().err())).collect();
    if named.is_empty() && listed.is_empty() && errors.iter().all(|(_, error)| error.is_some()) {
        // no archive is made, and none is opened, for nothing
        for (path, error) in errors {
            if let Some(error) = error {
                output::complain(&unreadable(&path.to_string_lossy(), &error));
            }
        }
        return Ok(Exit::Partial);
    }
    let packs = args.gazetteer.packs(overlay)?;
    let named: Vec<String> = named.iter().filter_map(|input| input.to_str().map(str::to_owned)).collect();
    let mut fetch = Fetching::new(args, &named, &listed)?;
    let now = jiff::Timestamp::now();
    let (mut writer, _) = finish_erasures(args.place.open_to_add()?, packs, now)?;
    let collector = serde_json::json!({ "name": args.by, "why": args.why });
    writer.set_collector((args.by.is_some() || args.why.is_some()).then_some(&collector))?;
    let mut bar = Bar::new();
    let fetched = fetch.run(&mut writer, &stated, &mut bar)?;
    let mut added = writer.add(&files, &stated, packs, now, &mut bar)?;
    bar.done();
    added.captures += fetched.captures;
    added.fetched = fetched.fetched;
    added.failures.splice(0..0, fetched.failures);
    for failure in &added.failures {
        output::complain(failure);
    }
    say_what_is_missing(&added);
    print(args.json, &added)?;
    Ok(if added.failures.is_empty() { Exit::Ok } else { Exit::Partial })
}

/// The addresses of a run, and what fetches them.
#[cfg(feature = "fetch")]
struct Fetching {
    addresses: Vec<crate::archive::Address>,
    fetcher: selon_capture::fetch::Fetcher,
    listed: crate::archive::Listed,
}

#[cfg(feature = "fetch")]
impl Fetching {
    fn new(args: &Args, named: &[String], listed: &[String]) -> Result<Self> {
        let of = |urls: &[String], named: bool| -> Vec<crate::archive::Address> {
            urls.iter().map(|url| crate::archive::Address { url: url.clone(), named }).collect()
        };
        Ok(Fetching {
            addresses: [of(named, true), of(listed, false)].concat(),
            fetcher: args.fetch.fetcher(!args.no_requisites)?,
            listed: crate::archive::Listed { most: args.most, again: args.again },
        })
    }

    fn run(
        &mut self,
        writer: &mut crate::archive::Writer,
        stated: &selon_model::Stated,
        bar: &mut Bar,
    ) -> Result<Added> {
        if self.addresses.is_empty() {
            return Ok(Added::default());
        }
        Ok(writer.fetch(&self.addresses, &mut self.fetcher, self.listed, stated, bar)?)
    }
}

/// Stands in where fetching was left out of the program.
#[cfg(not(feature = "fetch"))]
struct Fetching;

#[cfg(not(feature = "fetch"))]
impl Fetching {
    fn new(_: &Args, named: &[String], listed: &[String]) -> Result<Self> {
        if named.is_empty() && listed.is_empty() {
            return Ok(Fetching);
        }
        let what =
            "this program was built without fetching: save the page with your browser, then name the file";
        Err(super::exit::Usage(what.to_owned()).into())
    }

    fn run(&mut self, _: &mut crate::archive::Writer, _: &selon_model::Stated, _: &mut Bar) -> Result<Added> {
        Ok(Added::default())
    }
}

/// Parts of pages that are not kept: a note, since the page is.
fn say_what_is_missing(added: &Added) {
    let Some(fetched) = &added.fetched else { return };
    let mut missing = fetched.missing.iter().peekable();
    while let Some(first) = missing.next() {
        let mut more = 0;
        while missing.next_if(|next| next.page == first.page).is_some() {
            more += 1;
        }
        let others = if more == 0 { String::new() } else { format!(", and {more} more like it") };
        eprintln!("selon: {}: kept without {} ({}){others}", first.page, first.url, first.what);
    }
    if fetched.left > 0 {
        eprintln!(
            "selon: lists name {} more; run the same again to go on, or take more at once with --most",
            output::count(fetched.left, "page", "pages")
        );
    }
}

/// What was fetched, in words.
fn fetched_words(fetched: &FetchTally) -> String {
    let mut words = format!("fetched {}", output::count(fetched.addresses, "address", "addresses"));
    let mut more = Vec::new();
    if fetched.lists > 0 {
        more.push(output::count(fetched.lists, "list", "lists"));
    }
    if fetched.unchanged > 0 {
        more.push(format!("{} the same as before", fetched.unchanged));
    }
    if !more.is_empty() {
        words.push_str(&format!(" ({})", more.join(", ")));
    }
    if fetched.requisites > 0 {
        let parts = output::count(fetched.requisites, "picture or style sheet", "pictures and style sheets");
        words.push_str(&format!(" with {parts}"));
    }
    if fetched.kept_before > 0 {
        words.push_str(&format!(", {} kept before", fetched.kept_before));
    }
    words
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
            "readAnew": added.restated,
            "containers": added.containers,
            "fetched": added.fetched,
            "failed": added.failures,
        });
        output::json_line(&mut out, &value)?;
    } else {
        if let Some(fetched) = &added.fetched {
            writeln!(out, "{}", fetched_words(fetched))?;
        }
        for container in &added.containers {
            let verdict = match container.exit {
                0 => "everything verifies",
                3 => "nothing fails, but not everything can be verified",
                _ => "this does not verify",
            };
            let verdict =
                if container.already_there { format!("when it came, {verdict}") } else { verdict.to_owned() };
            writeln!(out, "{}: {verdict}. {}", container.path, one_line(&container.in_words()))?;
        }
        let anew = match added.restated {
            0 => String::new(),
            files => format!(", {files} there and read with another map"),
        };
        let known = match added.known_rows {
            0 => String::new(),
            rows => format!(" ({} known already)", output::count(rows, "row", "rows")),
        };
        writeln!(
            out,
            "kept {} new {}, {} already there{anew}; read {}{known}, {} kept without reading; {}",
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
