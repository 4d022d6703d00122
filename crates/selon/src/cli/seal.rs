//! `selon seal`

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;
use selon_capture::{HowToSeal, Sealing, Trust};

use super::exit::Usage;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};

/// Arguments of `seal`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon seal --trust trust.toml    the first time: whom to ask, and how many of them must answer
  selon seal                       from then on; from a timer, every ten minutes
  selon seal --again               ask also those that failed and are not due yet

trust.toml names authorities for timestamps (RFC 3161) and their root certificates:

  k = 2
  [[authority]]
  name = \"north\"
  url = \"http://tsa.example/\"
  roots = [\"north.pem\"]

An address may be http:// or https://. What is sent is the digest of three lines: the log's name, its length, its root hash. An answer
over them shows that all captures below existed by then. An authority that does not answer, or
whose answer does not verify in all ten steps, waits in a queue and is asked again, later each
time. The archive keeps the list in its folder trust/; changing it is logged.

Exit codes: 0 sealed (k authorities have stamped the newest checkpoint), 3 not yet.")]
pub(crate) struct Args {
    /// Authorities and their roots; the archive's own list from the second time on
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Ask also authorities that are not due yet
    #[arg(long)]
    again: bool,
    /// Believe servers (https) whose certificates come from the authorities of this PEM file, too
    #[cfg(feature = "fetch")]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    let folder = args.place.folder()?;
    let trust = match &args.trust {
        Some(path) => Trust::read(path)?,
        None => Trust::of_archive(&folder)?.ok_or_else(|| {
            Usage(
                "this archive trusts no authority yet: name some with --trust FILE (selon seal --help)"
                    .to_owned(),
            )
        })?,
    };
    let packs = overlay.packs()?;
    let mut writer = args.place.open_and_finish(packs, Timestamp::now())?;
    let client = client(args)?;
    let how = HowToSeal {
        ask: &client,
        now: Timestamp::now(),
        again: args.again,
        pause: &|wait| std::thread::sleep(wait),
    };
    let sealing = writer.seal(&trust, &how, packs)?;
    for by in sealing.stamped.iter().filter(|by| by.skew.is_some()) {
        let seconds = by.skew.unwrap_or(0);
        eprintln!(
            "selon: the clock of {} is {seconds} s from this machine's: one of them is wrong",
            by.authority
        );
    }
    let mut out = output::open(None)?;
    if args.json {
        output::json_line(&mut out, &serde_json::json!({ "schema": "selon.sealing/1", "sealing": sealing }))?;
    } else {
        print(&mut out, &sealing)?;
    }
    out.flush()?;
    Ok(if sealing.sealed { Exit::Ok } else { Exit::Partial })
}

/// Asks over http and https.
#[cfg(feature = "fetch")]
fn client(args: &Args) -> Result<selon_capture::fetch::AuthorityClient> {
    use selon_capture::fetch::{AuthorityClient, FetchLimits, Settings};
    let limits = FetchLimits { whole: std::time::Duration::from_secs(60), ..FetchLimits::default() };
    let mut settings = Settings { limits, ..Settings::default() };
    if let Some(path) = &args.ca {
        settings.trust_file(path)?;
    }
    AuthorityClient::new(settings).map_err(|fault| Usage(format!("cannot ask: {}", fault.what)).into())
}

/// Asks over http.
#[cfg(not(feature = "fetch"))]
fn client(_: &Args) -> Result<selon_capture::PlainHttp> {
    Ok(selon_capture::PlainHttp::default())
}

fn print(out: &mut dyn std::io::Write, sealing: &Sealing) -> Result<()> {
    let Sealing { size, needed, stamped, waiting, sealed } = sealing;
    let of = stamped.len() + waiting.len();
    let state = if *sealed { "sealed" } else { "not sealed yet" };
    writeln!(
        out,
        "{state}: {} of {} stamped {}, {needed} {} needed",
        stamped.len(),
        output::count(of as u64, "authority has", "authorities have"),
        output::count(*size, "entry", "entries"),
        if *needed == 1 { "is" } else { "are" }
    )?;
    for by in stamped {
        let new = if by.new { "" } else { " (before)" };
        writeln!(out, "  {:<12} by {}{new}", by.authority, by.at)?;
    }
    for waiting in waiting {
        let next = waiting.next.map_or(String::new(), |next| {
            format!("; asked again from {} on", next.strftime("%Y-%m-%dT%H:%M:%SZ"))
        });
        writeln!(out, "  {:<12} waits: {}{next}", waiting.authority, waiting.why)?;
    }
    Ok(())
}
