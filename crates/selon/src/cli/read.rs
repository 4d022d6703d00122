//! `selon read INPUT…`: reads documents on all cores, in the order they came in.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::ValueEnum;
use rayon::prelude::*;
use selon_model::Report;
use selon_read::{FieldMap, Hints, Packs};

use super::exit::Usage;
use super::fetch::{FetchArgs, is_address};
use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::{Exit, output};
use crate::input::{self, Item, OwnedDocument, Stated};
use crate::record::{self, CaptureOf, Failure, Options};
use crate::{tables, view};

/// Documents read at a time; with their bytes below it bounds the memory of a run.
const BATCH: usize = 256;
/// Bytes read at a time.
const BATCH_BYTES: usize = 32 << 20;

/// Arguments of `read`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon read page.html                        in the terminal
  selon read - < remnant.txt                  from standard input
  selon read page.html --json | jq .figures   one JSON document
  selon read corpus.jsonl --jsonl > out.jsonl one JSON document a line
  selon read *.html --csv statements          a table of all statements
  selon read page.html --html report.html     one self-contained page, no script
  selon read result.json --csv posts          the posts of a Telegram export as a table
  selon read corpus.parquet --map text=body --jsonl
  selon read https://news.example/story       fetched once, kept nowhere

Takes HTML, plain text, PDF, MHTML, feeds, WARC and WET; rows (JSON Lines, CSV, TSV, Parquet); and exports
of social platforms: X (interface versions 1.1 and 2, twarc, archive), Bluesky, Mastodon and other
ActivityPub servers, Telegram, oEmbed. Text forms also gzipped.")]
pub(crate) struct Args {
    /// Files to read, addresses, or - for standard input
    #[arg(required = true)]
    inputs: Vec<String>,
    /// Print one JSON document (selon.report/1); wants exactly one report
    #[arg(long, group = "form")]
    json: bool,
    /// Print one JSON document a line
    #[arg(long, group = "form")]
    jsonl: bool,
    /// Print a table
    #[arg(long, group = "form", value_name = "TABLE")]
    csv: Option<Table>,
    /// Write one self-contained page
    #[arg(long, group = "form", value_name = "FILE")]
    html: Option<PathBuf>,
    /// Language of labels in that page
    #[arg(long, value_name = "LANG", default_value = "en", requires = "html")]
    ui: String,
    /// Show all statements, figures and posts
    #[arg(long)]
    all: bool,
    /// Name the evidence of each field, and list what was left out of a page, and why
    #[arg(long)]
    explain: bool,
    /// Add byteStart and byteEnd to code points
    #[arg(long)]
    byte_offsets: bool,
    /// Add where each character of the text stands in the document (--json, --jsonl)
    #[arg(long)]
    source_offsets: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    stated: StatedArgs,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
    /// Fetch nothing: addresses are refused
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    fetch: FetchArgs,
}

/// What the caller says about inputs that do not say it themselves.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct StatedArgs {
    /// Address the input is from
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// When it was published: anchors relative dates
    #[arg(long, value_name = "DATE")]
    published: Option<String>,
    /// Its language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Its outlet
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// For rows: which column holds what, as in --map text=body
    #[arg(long, value_name = "FIELD=NAME")]
    map: Vec<String>,
    /// For rows: order of day, month and year in numeric dates
    #[arg(long, value_name = "dmy|mdy|ymd")]
    date_order: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Table {
    Statements,
    Figures,
    Posts,
}

impl StatedArgs {
    /// The same as kept in an archive: as written.
    pub(crate) fn for_archive(&self) -> Result<selon_model::Stated> {
        // what cannot be read now could not be read later either
        self.stated()?;
        Ok(selon_model::Stated {
            name: None,
            url: self.url.clone(),
            published: self.published.clone(),
            language: self.lang.clone(),
            outlet: self.outlet.clone(),
            columns: self.columns()?.map(|(field, name)| (field.to_owned(), name.to_owned())).collect(),
            date_order: self.date_order.clone(),
        })
    }

    /// Fields with the columns that hold them.
    fn columns(&self) -> Result<impl Iterator<Item = (&str, &str)>> {
        let wrong = |pair: &String| Usage(format!("--map {pair}: write it as FIELD=NAME"));
        let pairs = self.map.iter().map(|pair| pair.split_once('=').ok_or_else(|| wrong(pair)));
        Ok(pairs.collect::<Result<Vec<_>, _>>()?.into_iter())
    }

    /// The same as values.
    pub(crate) fn stated(&self) -> Result<Stated> {
        let published = match &self.published {
            None => None,
            Some(text) => {
                let when = selon_read::parse_when(text).ok_or_else(|| {
                    Usage(format!(
                        "--published {text}: not a date; write it like 2016-12-12 or 2016-12-12T10:00:00+01:00"
                    ))
                })?;
                Some(selon_model::When { evidence: Some(selon_model::DateEvidence::Stated), ..when })
            }
        };
        let hints = Hints {
            url: self.url.clone(),
            published,
            language: self.lang.clone(),
            outlet: self.outlet.clone(),
            title: None,
        };
        let mut map = FieldMap::default();
        for (field, name) in self.columns()? {
            map.set(field, name).map_err(|what| Usage(format!("--map {field}={name}: {what}")))?;
        }
        if let Some(order) = &self.date_order {
            map.set_date_order(order).map_err(|what| Usage(format!("--date-order {order}: {what}")))?;
        }
        Ok(Stated { hints, map })
    }
}

/// A report with what is known about its bytes and, where asked for, how it was read; or a failure.
enum Outcome {
    Report(Box<Report>, Box<CaptureOf>, Option<String>),
    Failure(Box<Failure>),
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let stated = args.stated.stated()?;
    let packs = args.gazetteer.packs(overlay)?;
    let mut addresses = Addresses::new(args)?;
    let mut printer = Printer::new(args)?;
    let mut exit = Exit::Ok;
    let mut stopped = None;
    for path in &args.inputs {
        let mut batch: Vec<Item> = Vec::new();
        let mut bytes = 0;
        let mut take = |batch: &mut Vec<Item>| -> bool {
            let outcomes: Vec<Vec<Outcome>> =
                batch.par_drain(..).map(|item| outcome(item, packs, args)).collect();
            for outcome in outcomes.into_iter().flatten() {
                match printer.take(outcome) {
                    Ok(one) => exit = exit.max(one),
                    Err(error) => {
                        stopped = Some(error);
                        return false;
                    }
                }
            }
            true
        };
        addresses.documents(path, args, &stated, packs, &mut |item| {
            bytes += match &item {
                Item::Document(document) => document.payload.len(),
                Item::Failure(_) => 0,
            };
            batch.push(item);
            if batch.len() < BATCH && bytes < BATCH_BYTES {
                return true;
            }
            bytes = 0;
            take(&mut batch)
        });
        take(&mut batch);
        if let Some(error) = stopped {
            return Err(error);
        }
    }
    printer.finish()?;
    Ok(exit)
}

/// What fetches the addresses among the inputs.
struct Addresses {
    #[cfg(feature = "fetch")]
    fetcher: Option<selon_capture::fetch::Fetcher>,
}

impl Addresses {
    #[cfg(feature = "fetch")]
    fn new(args: &Args) -> Result<Self> {
        let wanted = !args.offline && args.inputs.iter().any(|input| is_address(input));
        Ok(Addresses { fetcher: if wanted { Some(args.fetch.fetcher(false)?) } else { None } })
    }

    #[cfg(not(feature = "fetch"))]
    fn new(_: &Args) -> Result<Self> {
        Ok(Addresses {})
    }

    /// The documents of an input: of a file, or of what an address gives.
    fn documents(
        &mut self,
        path: &str,
        args: &Args,
        stated: &Stated,
        packs: &Packs,
        emit: &mut dyn FnMut(Item) -> bool,
    ) {
        if !is_address(path) {
            return input::documents(path, stated, packs, emit);
        }
        if args.offline {
            let try_this = "leave --offline out, or save the page with your browser and name the file";
            let what = "is an address, and --offline was given";
            emit(Item::Failure(input::failure(path, "refused", what, try_this)));
            return;
        }
        #[cfg(feature = "fetch")]
        if let Some(fetcher) = &mut self.fetcher {
            eprintln!("selon: {path}: fetched once and kept nowhere; selon add keeps it as evidence");
            return input::document_at(path, fetcher, stated, emit);
        }
        input::documents(path, stated, packs, emit);
    }
}

fn outcome(item: Item, packs: &Packs, args: &Args) -> Vec<Outcome> {
    match item {
        Item::Failure(failure) => vec![Outcome::Failure(failure)],
        Item::Document(document) => reports(&document, packs, args),
    }
}

fn reports(document: &OwnedDocument, packs: &Packs, args: &Args) -> Vec<Outcome> {
    let capture = document.capture();
    let reports =
        if args.source_offsets { document.read_with_sources(packs) } else { document.read(packs, None, 0) };
    let explained = |report: &Report| args.explain.then(|| view::explain::explain(report, &document.payload));
    let outcome = |report: Report| {
        let explained = explained(&report);
        Outcome::Report(Box::new(report), Box::new(capture.clone()), explained)
    };
    reports.into_iter().map(outcome).collect()
}

/// Prints outcomes in the form asked for.
struct Printer<'a> {
    args: &'a Args,
    out: Box<dyn Write>,
    table: Option<tables::Writer>,
    kept: Vec<(Box<Report>, Box<CaptureOf>)>,
    shown: usize,
}

impl<'a> Printer<'a> {
    fn new(args: &'a Args) -> Result<Self> {
        let out = output::open(args.output.as_deref())?;
        let table = args.csv.map(|table| match table {
            Table::Statements => tables::Writer::statements(),
            Table::Figures => tables::Writer::figures(),
            Table::Posts => tables::Writer::posts(),
        });
        Ok(Printer { args, out, table, kept: Vec::new(), shown: 0 })
    }

    fn options(&self) -> Options {
        Options {
            byte_offsets: self.args.byte_offsets,
            explain: self.args.explain,
            source_offsets: self.args.source_offsets,
        }
    }

    fn take(&mut self, outcome: Outcome) -> Result<Exit> {
        let (report, capture, explained) = match outcome {
            Outcome::Failure(failure) => {
                output::complain(&failure);
                if self.args.jsonl {
                    output::json_line(&mut self.out, &failure)?;
                }
                return Ok(Exit::Partial);
            }
            Outcome::Report(report, capture, explained) => (report, capture, explained),
        };
        let cut = report.notes.iter().find(|note| matches!(note.code.as_str(), "limit" | "truncated"));
        if let Some(note) = cut {
            let path = report.input.path.as_deref().unwrap_or("-");
            eprintln!("selon: {path}: {}", note.message);
        }
        let exit = if cut.is_some() { Exit::Partial } else { Exit::Ok };
        let options = self.options();
        if self.args.jsonl {
            output::json_line(&mut self.out, &record::record(&report, &capture, options))?;
        } else if let Some(table) = &mut self.table {
            table.add(&mut self.out, &record::record(&report, &capture, options))?;
        } else if self.args.json || self.args.html.is_some() {
            // Further articles of one page: the page's own is what is asked for.
            let further = self.kept.first().is_some_and(|(first, _)| {
                report.part > first.part && report.payload == first.payload && report.input == first.input
            });
            if further {
                let path = report.input.path.as_deref().unwrap_or("-");
                let title = report.title.as_deref().unwrap_or("-");
                eprintln!(
                    "selon: {path}: a further article on this page, left out: {title} (--jsonl prints it)"
                );
                return Ok(exit);
            }
            self.kept.push((report, capture));
            if self.kept.len() > 1 {
                let flag = if self.args.json { "--json" } else { "--html" };
                let what = format!("{flag} wants an input with exactly one report; for several use --jsonl");
                return Err(Usage(what).into());
            }
        } else {
            if self.shown > 0 {
                writeln!(self.out)?;
            }
            if self.args.inputs.len() > 1 || report.input.record.is_some() {
                let record = report.input.record.map_or(String::new(), |record| format!(" record {record}"));
                writeln!(self.out, "── {}{record}", report.input.path.as_deref().unwrap_or("-"))?;
            }
            self.out.write_all(view::report::report(&report, self.args.all).as_bytes())?;
            if let Some(explained) = explained {
                self.out.write_all(explained.as_bytes())?;
            }
            self.next_steps(&report)?;
        }
        self.shown += 1;
        Ok(exit)
    }

    /// What a newcomer may want next, on stderr-free plain output of a single file only.
    fn next_steps(&mut self, report: &Report) -> Result<()> {
        let [path] = self.args.inputs.as_slice() else { return Ok(()) };
        if report.input.record.is_some() {
            return Ok(());
        }
        let path = if path == "-" { "FILE" } else { path };
        if view::columns::width(path) <= 30 {
            let html = view::columns::pad(&format!("selon read {path} --html report.html"), 50);
            writeln!(self.out, "Next   {html} the same as a page")?;
            let add = view::columns::pad(&format!("selon add {path}"), 50);
            writeln!(self.out, "       {add} keep it as evidence")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let options = self.options();
        if let Some((report, capture)) = self.kept.pop() {
            if self.args.json {
                let record = record::record(&report, &capture, options);
                serde_json::to_writer_pretty(&mut self.out, &record).map_err(std::io::Error::from)?;
                self.out.write_all(b"\n")?;
            } else if let Some(path) = &self.args.html {
                let page = crate::page::report_file(&report, &capture, &self.args.ui).map_err(Usage)?;
                std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
                eprintln!("selon: wrote {}", path.display());
            }
        } else if self.args.json {
            anyhow::bail!("there is no report to print: nothing could be read");
        }
        if let Some(table) = &mut self.table {
            table.finish(&mut self.out)?;
        }
        Ok(self.out.flush()?)
    }
}
