//! A writer killed at random moments: the archive verifies, and what was acknowledged is there.
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

use common::{Sandbox, now, text};
use selon_capture::EvidenceArchive;
use selon_model::Digest;

/// Set in the child: the sandbox's folder and a number that makes its texts its own.
const CHILD: &str = "SELON_KILL_CHILD";

/// Adds batches until it is killed; says each payload's digest once it is acknowledged.
fn add_until_killed(folder: &str, round: &str) {
    let folder = std::path::Path::new(folder);
    let mut archive =
        EvidenceArchive::open_or_init(&folder.join("archive"), &folder.join("key"), now()).unwrap();
    println!("\nopen");
    for batch in 0.. {
        let things: Vec<_> = (0..batch % 5 + 1)
            .map(|n| text(&format!("round {round} batch {batch} thing {n} ").repeat(n * 50 + 1)))
            .collect();
        let stored = archive.append(&things).unwrap();
        let said: String = stored.iter().map(|stored| format!("\nack {}", stored.capture.payload)).collect();
        println!("{said}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged() {
    if let Ok(child) = std::env::var(CHILD) {
        let (folder, round) = child.split_once('|').unwrap();
        return add_until_killed(folder, round);
    }
    let kills: u32 = std::env::var("SELON_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let sandbox = Sandbox::new();
    let mut acknowledged = HashSet::new();
    for round in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_killed_writer_loses_nothing_acknowledged", "--nocapture"])
            .env(CHILD, format!("{}|{round}", sandbox.path("").display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        // Not before it has opened the archive, then at a moment that differs each time.
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
        child.wait().unwrap();
        let said = String::from_utf8_lossy(&said);
        acknowledged
            .extend(said.lines().filter_map(|line| line.strip_prefix("ack ")?.parse::<Digest>().ok()));

        let report = sandbox.verify();
        assert_eq!(report.exit.code(), 0, "after kill {round}: {:?}", report.findings);
        let kept: HashSet<Digest> = selon_capture::Evidence::open(&sandbox.folder())
            .unwrap()
            .captures()
            .unwrap()
            .map(|capture| capture.unwrap().payload)
            .collect();
        let missing: Vec<_> = acknowledged.difference(&kept).collect();
        assert!(missing.is_empty(), "after kill {round}: {missing:?}");
    }
    assert!(!acknowledged.is_empty());
    println!("{kills} kills, {} acknowledged captures, none missing", acknowledged.len());
}
