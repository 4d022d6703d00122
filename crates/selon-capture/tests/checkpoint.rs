//! An administrator with the signing key rewrites the log: found with an older checkpoint, and named
//! with an older copy of the log.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{Sandbox, files, restore, text};
use selon_capture::ledger::Ledger;
use selon_capture::manifest::ManifestLine;
use selon_capture::note::SigningKey;
use selon_capture::{Against, Exit, Limits, verify_archive, verify_archive_against};

struct Case {
    sandbox: Sandbox,
    /// The log as it was at nine entries.
    copy: PathBuf,
}

impl Case {
    /// Twelve entries, of which a copy holds the first nine.
    fn new() -> Case {
        let sandbox = Sandbox::new();
        let mut archive = sandbox.open().unwrap();
        let texts =
            |range: std::ops::Range<u32>| range.map(|n| text(&format!("Texte {n}."))).collect::<Vec<_>>();
        archive.append(&texts(1..9)).unwrap();
        let copy = sandbox.path("copy");
        let log = files(&sandbox.folder().join("ledger"));
        restore(&copy, &log);
        archive.append(&texts(9..12)).unwrap();
        Case { sandbox, copy }
    }

    /// Writes the log anew with the archive's own key, over these manifest lines.
    fn rewrite(&self, change: &dyn Fn(&mut Vec<String>)) {
        let path = self.sandbox.folder().join("manifests/000");
        let mut lines: Vec<String> =
            fs::read_to_string(&path).unwrap().split_inclusive('\n').map(str::to_owned).collect();
        change(&mut lines);
        fs::write(&path, lines.concat()).unwrap();
        let key = fs::read_to_string(self.sandbox.key()).unwrap();
        let key = SigningKey::from_secret_text(key.trim()).unwrap();
        let entries: Vec<Vec<u8>> = lines
            .iter()
            .map(|line| ManifestLine::parse(line.trim_end().as_bytes()).unwrap().entry().as_bytes().to_vec())
            .collect();
        let log = self.sandbox.folder().join("ledger");
        fs::remove_dir_all(&log).unwrap();
        fs::create_dir_all(&log).unwrap();
        Ledger::create(&log, &key, &entries).unwrap();
    }

    /// Codes about the log, without and with what was kept elsewhere.
    fn check(&self, alone: bool, with_checkpoint: &[&str], with_copy: &[&str]) {
        let about_log = |report: selon_capture::ArchiveReport| -> Vec<String> {
            let named = report.findings.iter().filter(|finding| finding.file.starts_with("older"));
            named.map(|finding| format!("{} {}", finding.code, finding.item)).collect()
        };
        let folder = self.sandbox.folder();
        let report = verify_archive(&folder, &Limits::default()).unwrap();
        assert_eq!(report.exit == Exit::Verified, alone, "{:?}", report.findings);
        let older = fs::read(self.copy.join("checkpoint")).unwrap();
        let against = Against { older: Some(&older), ..Against::default() };
        let report = verify_archive_against(&folder, &Limits::default(), against).unwrap();
        assert_eq!(report.exit == Exit::Failed, !with_checkpoint.is_empty());
        assert_eq!(about_log(report), with_checkpoint);
        let against = Against { older_log: Some(&self.copy), ..Against::default() };
        let report = verify_archive_against(&folder, &Limits::default(), against).unwrap();
        assert_eq!(about_log(report), with_copy);
    }
}

const ROOT: &str = "checkpoint-inconsistent root over the first 9 entries";

#[test]
fn a_log_that_only_grew_is_good() {
    Case::new().check(true, &[], &[]);
}

#[test]
fn rollback() {
    let case = Case::new();
    case.rewrite(&|lines| lines.truncate(6));
    case.check(
        true,
        &["rolled-back 9 entries then, 6 now"],
        &["entry-taken-out leaf 6", "entry-taken-out leaf 7", "entry-taken-out leaf 8"],
    );
}

#[test]
fn fork() {
    let case = Case::new();
    let before = files(&case.sandbox.folder());
    // From six entries on, the same archive goes another way: a backup is put back and written to.
    case.rewrite(&|lines| lines.truncate(6));
    let mut archive = case.sandbox.open().unwrap();
    archive.append(&(0..7).map(|n| text(&format!("Autre {n}."))).collect::<Vec<_>>()).unwrap();
    drop(archive);
    case.check(true, &[ROOT], &["forked the first 6 entries are the same; from leaf 6 on none is"]);
    assert!(before.len() > 3);
}

#[test]
fn omission() {
    let case = Case::new();
    case.rewrite(&|lines| drop(lines.remove(4)));
    // The record that nobody names any more is seen, too.
    case.check(false, &[ROOT], &["entry-taken-out leaf 4"]);
}

#[test]
fn change() {
    let case = Case::new();
    case.rewrite(&|lines| lines[4] = lines[4].replace("remnant.txt", "another.txt"));
    // Nothing in the folder itself contradicts it.
    case.check(true, &[ROOT], &["entry-replaced leaf 4"]);
}

#[test]
fn reorder() {
    let case = Case::new();
    case.rewrite(&|lines| lines.swap(4, 5));
    case.check(true, &[ROOT], &["entry-moved leaf 4, now leaf 5"]);
}
