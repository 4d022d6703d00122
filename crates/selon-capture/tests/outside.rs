//! What is written, held against implementations that are not ours: a Python script that knows
//! only the format pages, and warcio where it is installed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{Sandbox, files, new, now, text};
use selon_capture::manifest::ExportManifest;
use selon_capture::{Content, Evidence, Exit, Limits, Order, is_kit, verify_kit};
use selon_model::LeafIndex;

/// An archive with several files, bundles and kinds.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open_rolling(40_000).unwrap();
    let batch: Vec<_> = (0..300).map(|n| text(&format!("Texte numéro {n}, reçu tel quel"))).collect();
    archive.append(&batch).unwrap();
    archive
        .append(&[
            new(b"", "text/plain"),
            new(b"<!DOCTYPE html><title>x</title>", "text/html; charset=windows-1256"),
            new(b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
            new(&[0; 300_000], "no media type"),
        ])
        .unwrap();
    archive
        .import_container(&Content::Bytes(common::foreign_warc()), &common::named("given.warc.gz"), now())
        .unwrap();
    assert_eq!(sandbox.verify().exit.code(), 0);
    sandbox
}

fn script() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_evidence.py")
}

#[test]
fn another_implementation_recomputes_the_log() {
    let sandbox = filled();
    let check = || Command::new("python3").arg(script()).arg(sandbox.folder()).output();
    let Ok(output) = check() else {
        println!("skipped: python3 is not there");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("308 entries"), "{said}");

    // It finds what was changed, too.
    for (name, bytes) in files(&sandbox.folder()).into_iter().filter(|(name, _)| name.starts_with("warc/")) {
        let mut changed = bytes.clone();
        let middle = bytes.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(sandbox.folder().join(&name), &changed).unwrap();
        assert_eq!(check().unwrap().status.code(), Some(4), "{name}");
        std::fs::write(sandbox.folder().join(&name), &bytes).unwrap();
    }

    // What was erased on order is no damage, under way or done; what only says so is.
    let mut archive = sandbox.open_rolling(40_000).unwrap();
    let order = Order { by: "the keeper".into(), why: "asked for".into(), basis: None };
    let container = archive.affected(&[LeafIndex(307)].into()).unwrap().leaves;
    let first = archive.erase(&[LeafIndex(2)].into(), &order, now()).unwrap();
    let manifests = sandbox.folder().join("manifests/000");
    let begun = std::fs::read(&manifests).unwrap();
    let last = archive.erase(&[LeafIndex(260)].into(), &order, now()).unwrap();
    archive.erase(&container, &order, now()).unwrap();
    for tombstone in [first, last] {
        assert!(archive.close_erasure(tombstone, now()).unwrap().is_empty());
    }
    drop(archive);
    let said = || {
        let output = check().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &err)
    };
    let (code, out) = said();
    assert!(code == Some(0) && out.contains("5 erased on order"), "{out}");
    let lines: Vec<&[u8]> = begun.split_inclusive(|&byte| byte == b'\n').collect();
    for (line, named) in [
        ("erased 309\n".to_owned(), "leaf 5 is said to be erased"),
        ("erased 400\n".to_owned(), "leaf 5 is said to be erased"),
        ("junk\n".to_owned(), "manifest of leaf 5: is no line"),
        (format!("{} {{}}\n", "0".repeat(64)), "manifest of leaf 5"),
    ] {
        let mut changed = lines.clone();
        changed[5] = line.as_bytes();
        std::fs::write(&manifests, changed.concat()).unwrap();
        let (code, out) = said();
        assert!(code == Some(4) && out.contains(named) && !out.contains("Traceback"), "{line}: {out}");
    }
    std::fs::remove_file(&manifests).unwrap();
    let (code, out) = said();
    assert!(code == Some(4) && !out.contains("Traceback"), "{out}");
}

#[test]
fn warcio_finds_nothing_wrong() {
    let warcio = std::env::var("SELON_WARCIO").unwrap_or_else(|_| "warcio".to_owned());
    if Command::new(&warcio).arg("--version").output().is_err() {
        println!("skipped: warcio is not there (bench/peers/warcio_check.sh installs it)");
        return;
    }
    let sandbox = filled();
    let mut checked = 0;
    for (name, _) in files(&sandbox.folder()).into_iter().filter(|(name, _)| name.ends_with(".warc.gz")) {
        let output =
            Command::new(&warcio).args(["check", "-v"]).arg(sandbox.folder().join(&name)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}: {said}");
        assert!(!said.contains("no digest to check") || name.starts_with("imported/"), "{name}: {said}");
        checked += 1;
    }
    println!("warcio check: {checked} files, exit status 0");
    assert!(checked > 2);
}

/// A package of everything in an archive, and its folder.
fn exported() -> (Sandbox, std::path::PathBuf) {
    let sandbox = filled();
    let path = sandbox.path("all.wacz");
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    let exported = evidence.export_wacz(None, &path, "All", now()).unwrap();
    assert_eq!((exported.leaves.len(), exported.withheld.len()), (306, 0));
    (sandbox, path)
}

/// Output of a program that may not be installed; `NAME` in the environment says where it is.
fn ran(variable: &str, program: &str, arguments: &[&std::ffi::OsStr]) -> Option<std::process::Output> {
    let program = std::env::var(variable).unwrap_or_else(|_| program.to_owned());
    let output = Command::new(&program).args(arguments).output().ok();
    if output.is_none() {
        println!("skipped: {program} is not there (bench/peers/warcio_check.sh installs it)");
    }
    output
}

#[test]
fn py_wacz_finds_nothing_wrong_with_a_package() {
    let (_sandbox, path) = exported();
    let arguments = ["validate".as_ref(), "-f".as_ref(), path.as_os_str()];
    let Some(output) = ran("SELON_WACZ", "wacz", &arguments) else { return };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn our_index_is_that_of_the_fields_own_indexer() {
    let (sandbox, path) = exported();
    let mut zip = std::fs::read(&path).unwrap();
    // The entries are not compressed: each file of records lies in the package as it is.
    let mut theirs = Vec::new();
    let names: Vec<String> = files(&sandbox.folder())
        .into_iter()
        .filter(|(name, _)| name.starts_with("warc/"))
        .map(|(name, _)| name)
        .collect();
    for name in &names {
        let file = sandbox.folder().join(name);
        let Some(output) = ran("SELON_CDXJ_INDEXER", "cdxj-indexer", &[file.as_os_str()]) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        theirs.extend(String::from_utf8(output.stdout).unwrap().lines().map(fields));
    }
    // The last of the names is that in the directory, the one before it stands before the content.
    let name = b"indexes/index.cdx.gz";
    let places: Vec<usize> =
        zip.windows(name.len()).enumerate().filter(|(_, bytes)| bytes == name).map(|(at, _)| at).collect();
    let start = places[places.len() - 2] + name.len();
    let index = zip.split_off(start);
    let mut text = String::new();
    let mut input = flate2::read::MultiGzDecoder::new(index.as_slice());
    // What follows the index in the package is no gzip member.
    let _ = std::io::Read::read_to_string(&mut input, &mut text);
    let mut ours: Vec<_> = text.lines().map(fields).filter(|(key, _)| key.starts_with("urn:")).collect();
    theirs.sort();
    ours.sort();
    assert!(ours.len() > 300, "{}", ours.len());
    assert_eq!(ours, theirs);
}

/// Key and time, and the fields of the JSON, of an index line.
fn fields(line: &str) -> (String, Vec<(String, String)>) {
    let (key, json) = line.split_once(" {").unwrap();
    let json: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&format!("{{{json}")).unwrap();
    let fields = json.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned()));
    (key.to_owned(), fields.collect())
}

/// Runs a command of VERIFY.md in a kit: exit status and what it says; `None` where the program
/// is not there.
fn step(kit: &Path, command: &str) -> Option<(i32, String)> {
    let output = Command::new("sh").args(["-c", command]).current_dir(kit).output().ok()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(127) | None => {
            println!("skipped: {command}");
            None
        }
        Some(code) => Some((code, said)),
    }
}

/// Hands captures out as a kit, and logs that.
fn kit_of(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    let kit = sandbox.path(name);
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    let exported = evidence.export_kit(None, &kit, now()).unwrap();
    assert_eq!((exported.leaves.len(), exported.withheld.len()), (306, 0));
    assert!(evidence.export_kit(None, &kit, now()).is_err(), "nothing is overwritten");
    let handed_out = ExportManifest {
        form: "kit".to_owned(),
        sealed: exported.digest,
        at: now(),
        leaves: exported.leaves,
        withheld: exported.withheld,
    };
    let leaf = sandbox.open().unwrap().log_export(handed_out).unwrap();
    Evidence::open(&sandbox.folder()).unwrap().seal_kit(&kit, leaf).unwrap();
    kit
}

/// What our own check of a kit says: exit, codes, records that verify.
fn ours(kit: &Path) -> (Exit, Vec<&'static str>, u64) {
    assert!(is_kit(kit));
    let report = verify_kit(kit, &Limits::default(), &mut |_| {}).unwrap();
    let codes = report.findings.iter().map(|finding| finding.code.as_str()).collect();
    (report.exit, codes, report.verdicts[0])
}

/// The list of digests as whoever changed a kit would write it anew.
fn sum_again(kit: &Path) {
    let sums: String = files(kit)
        .into_iter()
        .filter(|(name, _)| name != "SHA256SUMS" && !name.starts_with("sealed/"))
        .map(|(name, bytes)| format!("{}  {name}\n", selon_model::Digest::of(&bytes).hex()))
        .collect();
    std::fs::write(kit.join("SHA256SUMS"), sums).unwrap();
}

#[test]
fn a_forged_kit_is_found_out() {
    let sandbox = filled();
    let forged = |name: &str, forge: &dyn Fn(&Path), said: &str| {
        let kit = kit_of(&sandbox, name);
        forge(&kit);
        sum_again(&kit);
        assert_eq!(ours(&kit).0, Exit::Failed, "{name}");
        let Some((code, words)) = step(&kit, "python3 verify.py") else { return };
        assert_eq!(code, 4, "{name}: {words}");
        assert!(words.contains(said), "{name}: {words}");
    };
    let rows = |kit: &Path| std::fs::read_to_string(kit.join("records.tsv")).unwrap();
    let write_rows = |kit: &Path, rows: &str| std::fs::write(kit.join("records.tsv"), rows).unwrap();
    forged(
        "smuggled",
        &|kit| {
            let (name, mut bytes) =
                files(&kit.join("records")).into_iter().find(|(name, _)| name.ends_with(".warc.gz")).unwrap();
            let (at, record) = (bytes.len(), bytes[..60].to_vec());
            bytes.extend(&record);
            std::fs::write(kit.join("records").join(&name), bytes).unwrap();
            write_rows(kit, &format!("{}-\t{name}\t{at}\t60\n", rows(kit)));
        },
        "SHA256SUMS: not the list that was logged",
    );
    forged(
        "left_out",
        &|kit| {
            let lone = files(&kit.join("records"))
                .into_iter()
                .find(|(name, _)| rows(kit).lines().filter(|row| row.contains(name.as_str())).count() == 2);
            let (name, _) = lone.unwrap();
            std::fs::remove_file(kit.join("records").join(&name)).unwrap();
            let left: String = rows(kit).split_inclusive('\n').filter(|row| !row.contains(&name)).collect();
            write_rows(kit, &left);
        },
        "is not here",
    );
    forged(
        "shortened",
        &|kit| {
            for name in ["manifests/7.json", "proofs/7.tlog-proof"] {
                std::fs::remove_file(kit.join(name)).unwrap();
            }
            let left: String = rows(kit).replace("\n7\t", "\n-\t");
            write_rows(kit, &left);
        },
        "SHA256SUMS: not the list that was logged",
    );
    forged(
        "resigned",
        &|kit| {
            // The last digits of the key stand before the padding.
            let pem = std::fs::read_to_string(kit.join("log.pem")).unwrap();
            let at = pem.find("\n-----END").unwrap() - 5;
            let other = if &pem[at..=at] == "A" { "B" } else { "A" };
            std::fs::write(kit.join("log.pem"), format!("{}{other}{}", &pem[..at], &pem[at + 1..])).unwrap();
        },
        "not the key of vkey",
    );
}

#[test]
fn a_kit_is_checked_as_it_says_itself() {
    let sandbox = filled();
    let kit = kit_of(&sandbox, "kit");
    let (exit, codes, verified) = ours(&kit);
    assert_eq!((exit, codes, verified > 306), (Exit::Verified, vec!["key-beside-it"], true));
    let words = std::fs::read_to_string(kit.join("VERIFY.md")).unwrap();
    assert!(!words.contains("{{") && words.contains("306 captures"), "{words}");
    let warcio = std::env::var("SELON_WARCIO").unwrap_or_else(|_| "warcio".to_owned());
    // The commands are those of the page: a line that is indented further than its step.
    let commands: Vec<String> = words
        .lines()
        .filter_map(|line| line.strip_prefix("       "))
        .map(|line| line.trim().replace("warcio check", &format!("{warcio} check")))
        .collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in &commands {
        if let Some((code, said)) = step(&kit, command) {
            assert_eq!(code, 0, "{command}: {said}");
        }
    }
    let [sums, signature, later, script, _] = &commands[..] else { unreachable!() };
    assert!(
        step(&kit, script).is_none_or(|(_, said)| said.ends_with("records as logged; nothing is missing\n"))
    );

    // Whatever is changed, one of the steps finds it; the script finds it in records, manifests,
    // proofs and checkpoint without the list of digests.
    let names: Vec<String> = files(&kit).into_iter().map(|(name, _)| name).collect();
    for name in names
        .iter()
        .filter(|name| name.contains("records/") || name.contains("s/7.") || name.contains("checkpoint"))
    {
        let path = kit.join(name);
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let found = |command: &String| step(&kit, command).is_none_or(|(code, _)| code != 0);
        assert!(found(sums) || name.starts_with("sealed/"), "{name}");
        let found = [script, signature, later].map(found);
        assert_eq!(ours(&kit).0, Exit::Failed, "{name}");
        assert!(found.contains(&true), "{name}");
        std::fs::write(&path, whole).unwrap();
    }
    assert!(include_str!("../kit/verify.py").lines().count() <= 60);
}
