//! A writer killed at random moments: the archive verifies, and what was acknowledged is there. One
//! killed while it erases: what an order names goes, and nothing else does.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the child says what was acknowledged on stdout"
)]

mod common;

use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Sandbox, member, named, now, record, text};
use selon_capture::{Content, Evidence, EvidenceArchive, Order};
use selon_model::Digest;

/// Set in the child: the sandbox's folder and a number that makes its texts its own.
const CHILD: &str = "SELON_KILL_CHILD";

/// Folder and round of a child; `None` in the test itself.
fn child() -> Option<(EvidenceArchive, String)> {
    let child = std::env::var(CHILD).ok()?;
    let (folder, round) = child.split_once('|').unwrap();
    let folder = std::path::Path::new(folder);
    let archive = EvidenceArchive::open_or_init(&folder.join("archive"), &folder.join("key"), now()).unwrap();
    say("open");
    Some((archive, round.to_owned()))
}

fn say(line: &str) {
    println!("\n{line}");
    std::io::stdout().flush().unwrap();
}

/// How many kills, unless the environment says.
fn kills(usual: u32) -> u32 {
    std::env::var("SELON_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(usual)
}

/// Runs `test` as a child and kills it, not before it has opened the archive, then at a moment that
/// differs each time. Gives what it said.
fn run_and_kill(test: &str, sandbox: &Sandbox, round: u32) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, format!("{}|{round}", sandbox.path("").display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    while !said.windows(5).any(|word| word == b"\nopen") {
        let read = stdout.read(&mut piece).unwrap();
        assert!(read > 0, "the writer ended by itself: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&piece[..read]);
    }
    let moment = u64::from(Digest::of(&round.to_be_bytes()).as_bytes()[0]);
    std::thread::sleep(Duration::from_millis(moment));
    child.kill().unwrap();
    stdout.read_to_end(&mut said).unwrap();
    assert_ne!(child.wait().unwrap().code(), Some(101), "the writer ended by itself");
    String::from_utf8_lossy(&said).into_owned()
}

/// Digests on the lines that begin with a word.
fn said_of(said: &str, word: &str) -> HashSet<Digest> {
    said.lines().filter_map(|line| line.strip_prefix(word)?.trim().parse().ok()).collect()
}

/// Payloads of the archive's captures.
fn kept(sandbox: &Sandbox) -> HashSet<Digest> {
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    evidence.captures().unwrap().map(|capture| capture.unwrap().payload).collect()
}

/// Adds batches until it is killed; says each payload's digest once it is acknowledged.
fn add_until_killed(mut archive: EvidenceArchive, round: &str) {
    for batch in 0.. {
        let things: Vec<_> = (0..batch % 5 + 1)
            .map(|n| text(&format!("round {round} batch {batch} thing {n} ").repeat(n * 50 + 1)))
            .collect();
        let stored = archive.append(&things).unwrap();
        let said: Vec<String> =
            stored.iter().map(|stored| format!("ack {}", stored.capture.payload)).collect();
        say(&said.join("\n"));
    }
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged() {
    if let Some((archive, round)) = child() {
        return add_until_killed(archive, &round);
    }
    let kills = kills(12);
    let sandbox = Sandbox::new();
    let mut acknowledged = HashSet::new();
    for round in 0..kills {
        let said = run_and_kill("a_killed_writer_loses_nothing_acknowledged", &sandbox, round);
        acknowledged.extend(said_of(&said, "ack "));
        let report = sandbox.verify();
        assert_eq!(report.exit.code(), 0, "after kill {round}: {:?}", report.findings);
        let kept = kept(&sandbox);
        let missing: Vec<_> = acknowledged.difference(&kept).collect();
        assert!(missing.is_empty(), "after kill {round}: {missing:?}");
    }
    assert!(!acknowledged.is_empty());
    println!("{kills} kills, {} acknowledged captures, none missing", acknowledged.len());
}

/// Adds a batch, or a container, and erases one of its captures, until it is killed. Says what is
/// acknowledged, what is about to be ordered, and what is erased.
fn erase_until_killed(mut archive: EvidenceArchive, round: &str) {
    let order = Order { by: "the keeper".into(), why: "asked for".into(), basis: None };
    // What a round before was killed at comes first.
    for tombstone in archive.open_erasures() {
        assert!(archive.close_erasure(tombstone, now()).unwrap().is_empty());
    }
    for batch in 0.. {
        let name = |n: usize| format!("round {round} batch {batch} thing {n} ").repeat(40);
        let stored = if batch % 3 == 2 {
            let records: Vec<u8> = (0..2)
                .flat_map(|n| {
                    let id = format!("urn:{round}:{batch}:{n}");
                    member(&record("resource", &id, "text/plain", name(n).as_bytes()))
                })
                .collect();
            archive.import_container(&Content::Bytes(records), &named("c.warc.gz"), now()).unwrap().captures
        } else {
            archive.append(&[text(&name(0)), text(&name(1)), text(&name(2))]).unwrap()
        };
        let said: Vec<String> =
            stored.iter().map(|stored| format!("ack {}", stored.capture.payload)).collect();
        say(&said.join("\n"));
        let going = archive.affected(&[stored[0].capture.leaf].into()).unwrap().leaves;
        let names = |word: &str| {
            let gone = stored.iter().filter(|stored| going.contains(&stored.capture.leaf));
            gone.map(|stored| format!("{word} {}", stored.capture.payload)).collect::<Vec<_>>().join("\n")
        };
        say(&names("order"));
        let tombstone = archive.erase(&going, &order, now()).unwrap();
        assert!(archive.close_erasure(tombstone, now()).unwrap().is_empty());
        say(&names("erased"));
    }
}

#[test]
fn a_killed_erasure_takes_what_was_ordered_and_nothing_else() {
    if let Some((archive, round)) = child() {
        return erase_until_killed(archive, &round);
    }
    let kills = kills(8);
    let sandbox = Sandbox::new();
    let (mut acknowledged, mut ordered, mut erased) = (HashSet::new(), HashSet::new(), HashSet::new());
    // On a slow machine no erasure may come to its end in so many rounds.
    let mut round = 0;
    while round < kills || (erased.is_empty() && round < 20 * kills) {
        let said = run_and_kill("a_killed_erasure_takes_what_was_ordered_and_nothing_else", &sandbox, round);
        acknowledged.extend(said_of(&said, "ack "));
        ordered.extend(said_of(&said, "order "));
        erased.extend(said_of(&said, "erased "));
        let report = sandbox.verify();
        assert_eq!(report.exit.code(), 0, "after kill {round}: {:?}", report.findings);
        let kept = kept(&sandbox);
        let lost: Vec<_> =
            acknowledged.difference(&ordered).filter(|payload| !kept.contains(payload)).collect();
        assert!(lost.is_empty(), "after kill {round}: {lost:?}");
        assert!(erased.is_disjoint(&kept), "after kill {round}");
        round += 1;
    }
    let mut archive = EvidenceArchive::open_or_init(&sandbox.folder(), &sandbox.key(), now()).unwrap();
    for tombstone in archive.open_erasures() {
        assert!(archive.close_erasure(tombstone, now()).unwrap().is_empty());
    }
    drop(archive);
    let report = sandbox.verify();
    assert!(report.erased > 0 && report.findings.iter().all(|finding| finding.code.as_str() == "erased"));
    println!("{round} kills, {} leaves erased, {} captures kept", report.erased, kept(&sandbox).len());
}
