//! `selon verify [FILE|ARCHIVE]`

use std::path::PathBuf;

use anyhow::Result;
use selon_capture::timestamp::{StampCheck, StampedData, nonce_of_request, verify_stamp};
use selon_capture::{
    Against, ArchiveReport, Certificate, FileKind, FileReport, Finding, Limits, RecordVerdict, Trust, Weight,
    is_kit, is_log, verify_archive_against, verify_file, verify_kit, verify_log,
};
use selon_read::Packs;

use super::exit::Usage;
use super::gazetteer::GazetteerArgs;
use super::packs::Overlay;
use super::place::Place;
use super::{Exit, output};
use crate::archive::{Archive, Compared, Difference};
use crate::view::columns::one_line;

/// Findings printed of one archive or file, beside the count of all.
const SHOWN: usize = 50;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon verify                     the archive: every byte against the signed log, and every
                                   derived row against the evidence
  selon verify ARCHIVE --evidence  only the evidence
  selon verify --checkpoint OLD    also that nothing logged by then was changed or taken out since
  selon verify --trust trust.toml  also its timestamps, by authorities that you trust
  selon verify file.warc.gz        anybody's WARC, ARC or WACZ file, record by record
  selon verify LOG                 anybody's log: a folder with checkpoint, vkey and tile/
  selon verify KIT                 a kit that was handed out: all that its VERIFY.md asks for
  selon verify a.tsr --data FILE --roots ca.pem
                                   an RFC 3161 timestamp: of this content, by a trusted authority

Exit codes: 0 verified, 4 something fails, 3 nothing fails but something cannot be verified, or what
is derived differs from what the evidence gives.")]
pub(crate) struct Args {
    /// A WARC, ARC or WACZ file, a signed checkpoint, the folder of a log, a kit or an archive; without one, the archive
    target: Option<PathBuf>,
    /// An older checkpoint of the archive, as it was saved then, or an older copy of its log: the copy
    /// also says which entries were taken out, changed or moved
    #[arg(long, value_name = "OLD")]
    checkpoint: Option<PathBuf>,
    /// Of an archive: authorities for timestamps that you trust, as selon seal takes them
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    #[command(flatten)]
    stamp: StampArgs,
    /// Leave out what is derived
    #[arg(long)]
    evidence: bool,
    /// List every record of a file, also those that verify
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    gazetteer: GazetteerArgs,
}

/// What a timestamp is held against.
#[derive(Debug, clap::Args)]
struct StampArgs {
    /// Timestamp: the file that was stamped
    #[arg(long, value_name = "FILE", conflicts_with = "digest")]
    data: Option<PathBuf>,
    /// Timestamp: the digest that was stamped, in hexadecimal digits
    #[arg(long, value_name = "HEX")]
    digest: Option<String>,
    /// Timestamp: certificates that are trusted, as PEM or DER
    #[arg(long, value_name = "FILE")]
    roots: Vec<PathBuf>,
    /// Timestamp: further certificates, where it does not carry them
    #[arg(long, value_name = "FILE")]
    untrusted: Vec<PathBuf>,
    /// Timestamp: the request that it answers
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
}

impl StampArgs {
    fn is_given(&self) -> bool {
        self.data.is_some()
            || self.digest.is_some()
            || self.request.is_some()
            || !self.roots.is_empty()
            || !self.untrusted.is_empty()
    }

    fn check(&self) -> Result<StampCheck> {
        let data = match (&self.data, &self.digest) {
            (Some(path), _) => StampedData::Bytes(read_small(path, STAMPED)?),
            (None, Some(hex)) => StampedData::Digest(digest_of(hex)?),
            (None, None) => StampedData::Unknown,
        };
        let nonce =
            match &self.request {
                None => None,
                Some(path) => Some(nonce_of_request(&read_small(path, 1 << 16)?).ok_or_else(|| {
                    Usage(format!("{} is no timestamp request with a nonce", path.display()))
                })?),
            };
        let (roots, others) = (certificates(&self.roots)?, certificates(&self.untrusted)?);
        Ok(StampCheck { data, nonce, roots, others, policies: Vec::new() })
    }
}

/// A stamped file is held in memory up to this; what is longer is named by its digest.
const STAMPED: u64 = 1 << 28;

fn read_small(path: &std::path::Path, most: u64) -> Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| {
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => selon_model::Kind::NotFound,
            _ => selon_model::Kind::Unavailable,
        };
        selon_model::Error::because(kind, format!("cannot read {}", path.display()), error)
    })?;
    if bytes.len() as u64 > most {
        let what =
            format!("{} is longer than {most} bytes; for stamped content, try --digest", path.display());
        return Err(Usage(what).into());
    }
    Ok(bytes)
}

fn digest_of(hex: &str) -> Result<Vec<u8>> {
    let byte = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    let bytes = bytes.filter(|bytes| matches!(bytes.len(), 32 | 48 | 64));
    Ok(bytes.ok_or_else(|| Usage("--digest takes 64, 96 or 128 hexadecimal digits".to_owned()))?)
}

fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>> {
    let mut all = Vec::new();
    for path in paths {
        let found = Certificate::parse_all(&read_small(path, 1 << 22)?);
        all.extend(found.ok_or_else(|| {
            Usage(format!("{} holds no certificate, or one that cannot be read", path.display()))
        })?);
    }
    Ok(all)
}

pub(crate) fn run(args: &Args, overlay: &Overlay) -> Result<Exit> {
    match &args.target {
        Some(path) if path.is_file() && args.stamp.is_given() => {
            print_file(path, args, &verify_stamp(path, &args.stamp.check()?)?, &[], 0)
        }
        Some(path) if path.is_file() => records_of(args, path, verify_file),
        Some(path) if is_log(path) => print_file(path, args, &verify_log(path)?, &[], 0),
        Some(path) if is_kit(path) => records_of(args, path, verify_kit),
        Some(path) if path.is_dir() => archive(&Place::at(path.clone()), args, overlay),
        Some(path) => {
            let what = format!("cannot open {}: there is no such file or folder", path.display());
            Err(selon_model::Error::new(selon_model::Kind::NotFound, what).into())
        }
        None => archive(&args.place, args, overlay),
    }
}

fn exit_of(exit: selon_capture::Exit) -> Exit {
    match exit {
        selon_capture::Exit::Verified => Exit::Ok,
        selon_capture::Exit::Unverifiable => Exit::Partial,
        selon_capture::Exit::Failed => Exit::Corrupt,
    }
}

/// Checks something that holds records.
type Check = fn(&std::path::Path, &Limits, &mut dyn FnMut(RecordVerdict)) -> selon_model::Result<FileReport>;

fn records_of(args: &Args, path: &std::path::Path, check: Check) -> Result<Exit> {
    let mut records: Vec<RecordVerdict> = Vec::new();
    let mut left_out = 0u64;
    let report = check(path, &Limits::default(), &mut |record| {
        let good = record.verdict == selon_capture::Verdict::Verified && record.codes.is_empty();
        if (args.all || !good) && records.len() < 100_000 {
            records.push(record);
        } else {
            left_out += 1;
        }
    })?;
    print_file(path, args, &report, &records, left_out)
}

/// How a file or a log stands, in words or as JSON.
fn print_file(
    path: &std::path::Path,
    args: &Args,
    report: &FileReport,
    records: &[RecordVerdict],
    left_out: u64,
) -> Result<Exit> {
    let mut out = output::open(None)?;
    if args.json {
        let value = serde_json::json!({
            "schema": "selon.verdict/1", "report": report, "records": records, "recordsLeftOut": left_out,
        });
        output::json_line(&mut out, &value)?;
    } else if report.kind == FileKind::Log {
        let entries = output::count(report.records, "entry", "entries");
        writeln!(out, "{}: {entries}, {} bytes", path.display(), report.bytes)?;
        print_findings(&mut out, &report.findings)?;
        writeln!(out, "{}", conclusion(report.exit))?;
    } else if report.verdicts == [0; 5] {
        writeln!(out, "{}: {}", path.display(), report.kind.as_str())?;
        print_findings(&mut out, &report.findings)?;
        writeln!(out, "{}", conclusion(report.exit))?;
    } else {
        let [verified, payload, unverifiable, failed, truncated] = report.verdicts;
        writeln!(
            out,
            "{}: {}, {verified} verified, {payload} by payload only, {unverifiable} unverifiable, \
             {failed} failed, {truncated} truncated",
            path.display(),
            output::count(report.records, "record", "records")
        )?;
        for record in records {
            let entry = if matches!(report.kind, FileKind::Wacz | FileKind::Kit) {
                one_line(&record.file) + " "
            } else {
                String::new()
            };
            writeln!(out, "  {entry}at {}: {}", record.offset, one_line(&record.sentence))?;
        }
        print_findings(&mut out, &report.findings)?;
        writeln!(out, "{}", conclusion(report.exit))?;
    }
    out.flush()?;
    Ok(exit_of(report.exit))
}

fn archive(place: &Place, args: &Args, overlay: &Overlay) -> Result<Exit> {
    let folder = place.folder()?;
    // A copy of the log says more than its checkpoint: which entries were changed.
    let older_log = args.checkpoint.as_deref().filter(|path| path.is_dir());
    let older_log = older_log.map(|path| if is_log(path) { path.to_owned() } else { path.join("ledger") });
    let checkpoint = match &older_log {
        Some(log) => Some(log.join("checkpoint")),
        None => args.checkpoint.clone(),
    };
    let older = checkpoint.map(|path| read_small(&path, 1 << 16)).transpose()?;
    let trust = args.trust.as_deref().map(Trust::read).transpose()?;
    let against = Against { older: older.as_deref(), older_log: older_log.as_deref(), trust: trust.as_ref() };
    let report = verify_archive_against(&folder, &Limits::default(), against)?;
    let compared = match args.evidence || report.exit == selon_capture::Exit::Failed {
        true => Compared::default(),
        false => compare(&folder, args.gazetteer.packs(overlay)?),
    };
    let Compared { differences, waiting } = compared;
    // What is derived can be made again: that it differs says nothing of the evidence.
    let derived = if differences.is_empty() { Exit::Ok } else { Exit::Partial };
    let exit = exit_of(report.exit).max(derived);
    let mut out = output::open(None)?;
    if args.json {
        let list: Vec<serde_json::Value> = differences
            .iter()
            .map(|difference| serde_json::json!({ "item": difference.item, "what": difference.what }))
            .collect();
        let value = serde_json::json!({ "schema": "selon.verdict/1", "report": report, "derived": list, "notYetRead": waiting });
        output::json_line(&mut out, &value)?;
    } else {
        print_archive(&mut out, &report)?;
        print_differences(
            &mut out,
            &differences,
            waiting,
            args.evidence || report.exit == selon_capture::Exit::Failed,
        )?;
    }
    out.flush()?;
    Ok(exit)
}

/// What is derived, held against the evidence. That it cannot be read is a difference like others.
fn compare(folder: &std::path::Path, packs: &Packs) -> Compared {
    let compared = Archive::open(folder).and_then(|archive| archive.compare_derived(packs));
    compared.unwrap_or_else(|error| {
        let item = "catalogue and search index".to_owned();
        let mut what = format!("cannot be read: {error}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            what = format!("{what}: {error}");
            cause = error.source();
        }
        Compared { differences: vec![Difference { item, what }], waiting: 0 }
    })
}

fn print_archive(out: &mut dyn std::io::Write, report: &ArchiveReport) -> Result<()> {
    writeln!(out, "archive   {}", report.folder)?;
    writeln!(out, "log       {}", report.vkey.as_deref().unwrap_or("no key"))?;
    writeln!(
        out,
        "          {}, root {}",
        output::count(report.size, "entry", "entries"),
        report.root.map_or("unknown".to_owned(), |root| root.hex())
    )?;
    writeln!(
        out,
        "evidence  {}, {}, {} in {}, {} bytes",
        output::count(report.captures, "capture", "captures"),
        output::count(report.imports, "container", "containers"),
        output::count(report.records, "record", "records"),
        output::count(report.files, "file", "files"),
        report.bytes
    )?;
    if report.erased > 0 {
        writeln!(out, "erased    {}, on order", output::count(report.erased, "leaf", "leaves"))?;
    }
    for seal in report.seals.iter().filter(|seal| seal.sealed) {
        let by: Vec<String> =
            seal.stamps.iter().map(|stamp| format!("{} {}", stamp.authority, stamp.latest)).collect();
        writeln!(out, "sealed    {}: {}", output::count(seal.size, "entry", "entries"), by.join(", "))?;
    }
    print_findings(out, &report.findings)?;
    writeln!(out, "          {}", conclusion(report.exit))?;
    Ok(())
}

fn print_differences(
    out: &mut dyn std::io::Write,
    differences: &[Difference],
    waiting: u64,
    left_out: bool,
) -> Result<()> {
    if waiting > 0 {
        writeln!(out, "derived   {waiting} captures are not read yet; selon rebuild reads them")?;
    }
    if left_out {
        writeln!(out, "derived   not looked at")?;
    } else if differences.is_empty() && waiting > 0 {
        writeln!(out, "          what is read is what the evidence gives")?;
    } else if differences.is_empty() {
        writeln!(out, "derived   every report and connection is what the evidence gives")?;
    } else {
        for difference in differences.iter().take(SHOWN) {
            writeln!(out, "derived   {}: {}", difference.item, difference.what)?;
        }
        writeln!(
            out,
            "          {} difference(s); selon rebuild makes it again from evidence",
            differences.len()
        )?;
    }
    Ok(())
}

fn print_findings(out: &mut dyn std::io::Write, findings: &[Finding]) -> Result<()> {
    for finding in findings.iter().take(SHOWN) {
        let at = finding.offset.map_or(String::new(), |offset| format!(" at {offset}"));
        let weight = match finding.weight {
            Weight::Note => "note",
            Weight::Unverifiable => "unverifiable",
            Weight::Failure => "FAILS",
        };
        writeln!(
            out,
            "  {weight}: {}{at}, {}: {} [{}]",
            finding.file,
            finding.item,
            one_line(&finding.sentence),
            finding.code
        )?;
    }
    if findings.len() > SHOWN {
        writeln!(out, "  {} more: --json lists them", findings.len() - SHOWN)?;
    }
    Ok(())
}

fn conclusion(exit: selon_capture::Exit) -> &'static str {
    match exit {
        selon_capture::Exit::Verified => "everything verifies",
        selon_capture::Exit::Unverifiable => "nothing fails, but not everything can be verified",
        selon_capture::Exit::Failed => "this does not verify",
    }
}
