//! Erasure: content is gone from every file, the log stands, and verify says erased, not damaged.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{Sandbox, files, member, now, record, text};
use selon_capture::manifest::{Body, CustodyManifest};
use selon_capture::{Content, Evidence, Exit, Limits, Order, verify_archive_since};
use selon_model::LeafIndex;

fn order() -> Order {
    Order {
        by: "the keeper".into(),
        why: "asked for by the person shown".into(),
        basis: Some("GDPR 17".into()),
    }
}

fn leaves(numbers: &[u64]) -> BTreeSet<LeafIndex> {
    numbers.iter().copied().map(LeafIndex).collect()
}

fn codes(sandbox: &Sandbox) -> (Vec<&'static str>, Exit) {
    let report = sandbox.verify();
    (report.findings.iter().map(|finding| finding.code.as_str()).collect(), report.exit)
}

const SECRET: &str = "Le nom et l'adresse de la personne, qui doivent disparaître.";

#[test]
fn erased_content_is_gone_and_all_else_stands() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.set_collector(Some(&serde_json::json!({ "name": "Ana Ruo" }))).unwrap();
    let secret = SECRET.repeat(40);
    let stored = archive.append(&[text("Un."), text(&secret), text("Trois.")]).unwrap();
    let secret_leaf = stored[1].capture.leaf;
    let old = archive.ledger().signed_checkpoint().to_owned();
    let proof = archive.evidence().prove(LeafIndex(3)).unwrap();
    let (capture, payload) = (stored[1].capture.id.to_string(), stored[1].capture.payload.hex());

    let affected = archive.affected(&leaves(&[2])).unwrap();
    assert_eq!((affected.leaves, affected.containers.len()), (leaves(&[2]), 0));
    let tombstone = archive.erase(&leaves(&[2]), &order(), now()).unwrap();
    assert_eq!((tombstone, archive.unfinished_erasures()), (LeafIndex(4), vec![LeafIndex(4)]));
    assert_eq!(codes(&sandbox), (vec!["erased", "erasure-unfinished"], Exit::Verified));
    archive.close_erasure(tombstone, now()).unwrap();
    assert!(archive.unfinished_erasures().is_empty());
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
    let sentence = sandbox.verify().findings[0].sentence.clone();
    for word in ["tombstone leaf 4", "the keeper", "asked for by the person shown", "leaves 2"] {
        assert!(sentence.contains(word), "{sentence}");
    }

    // In no file, packed or not: not the words, not the ids.
    for (name, bytes) in files(&sandbox.folder()) {
        let mut plain = bytes.clone();
        if name.ends_with(".gz") {
            plain.clear();
            std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes.as_slice()), &mut plain)
                .unwrap();
        }
        let plain = String::from_utf8_lossy(&plain).into_owned();
        for gone in ["disparaître", capture.as_str(), payload.as_str()] {
            assert!(!plain.contains(gone), "{gone} in {name}");
        }
    }
    // The log is what it was: an old checkpoint and an old proof hold.
    let report = verify_archive_since(&sandbox.folder(), &Limits::default(), Some(old.as_bytes())).unwrap();
    assert_eq!(report.exit, Exit::Verified);
    assert_eq!(report.erased, 1);
    let evidence = Evidence::open(&sandbox.folder()).unwrap();
    let again = evidence.prove(LeafIndex(3)).unwrap();
    assert_eq!((again.salt, again.leaf), (proof.salt, proof.leaf));
    assert!(
        evidence.capture(secret_leaf).unwrap_err().to_string().contains("erased on order; tombstone leaf 4")
    );
    assert_eq!(evidence.captures().unwrap().count(), 2);
    assert!(evidence.fetch_capture(&evidence.capture(LeafIndex(3)).unwrap()).is_ok());
    assert_eq!(evidence.restricted_of(LeafIndex(3)).unwrap().as_deref(), Some("{\"name\":\"Ana Ruo\"}"));
    // Writing goes on, also after opening again.
    archive.append(&[text("Quatre.")]).unwrap();
    drop(archive);
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Cinq.")]).unwrap();
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
    assert!(archive.erase(&leaves(&[2]), &order(), now()).is_err(), "it is erased already");
}

#[test]
fn a_container_goes_as_a_whole() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un.")]).unwrap();
    let mut container = member(&record("resource", "urn:a", "text/plain", SECRET.as_bytes()));
    container.extend(member(&record("resource", "urn:b", "text/plain", b"Autre.")));
    let imported =
        archive.import_container(&Content::Bytes(container), &common::named("c.warc.gz"), now()).unwrap();
    assert_eq!(imported.captures.len(), 2);
    let affected = archive.affected(&leaves(&[imported.captures[0].capture.leaf.0])).unwrap();
    assert_eq!((affected.leaves.clone(), affected.containers.len()), (leaves(&[2, 3, 4]), 1));
    assert!(archive.erase(&leaves(&[3]), &order(), now()).is_err(), "not a part of it alone");
    let tombstone = archive.erase(&affected.leaves, &order(), now()).unwrap();
    archive.close_erasure(tombstone, now()).unwrap();
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
    assert!(files(&sandbox.folder()).iter().all(|(name, _)| !name.starts_with("imported/")));
}

/// A crash at every step: an order without its work, work half done. Opening again does the rest.
#[test]
fn half_done_erasures_are_finished() {
    for step in 0..4 {
        let sandbox = Sandbox::new();
        let mut archive = sandbox.open().unwrap();
        archive.append(&[text("Un."), text(&SECRET.repeat(40)), text("Trois.")]).unwrap();
        let before = files(&sandbox.folder());
        let tombstone = archive.erase(&leaves(&[2]), &order(), now()).unwrap();
        drop(archive);
        let old = |name: &str| before.iter().find(|(known, _)| known == name).unwrap().1.clone();
        // Undo the last parts of the work, as if a crash had come before them.
        let manifests = sandbox.folder().join("manifests/000");
        let warc = before.iter().find(|(name, _)| name.starts_with("warc/")).unwrap().0.clone();
        if step > 0 {
            let now_there = fs::read(&manifests).unwrap();
            let lines: Vec<&[u8]> = now_there.split_inclusive(|&byte| byte == b'\n').collect();
            let mut bytes = old("manifests/000");
            bytes.extend_from_slice(lines[4]);
            fs::write(&manifests, bytes).unwrap();
        }
        if step > 1 {
            fs::write(sandbox.folder().join(&warc), old(&warc)).unwrap();
        }
        if step > 2 {
            fs::write(sandbox.folder().join(&warc).with_extension("erasing"), b"half").unwrap();
        }
        let (found, exit) = codes(&sandbox);
        assert_eq!(exit == Exit::Failed, step == 3, "step {step}: {found:?}");
        let mut archive = sandbox.open().unwrap();
        assert_eq!(archive.unfinished_erasures(), [tombstone]);
        archive.close_erasure(tombstone, now()).unwrap();
        assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified), "step {step}");
        for (name, bytes) in files(&sandbox.folder()) {
            if name.ends_with(".gz") {
                let mut plain = Vec::new();
                std::io::Read::read_to_end(
                    &mut flate2::read::MultiGzDecoder::new(bytes.as_slice()),
                    &mut plain,
                )
                .unwrap();
                assert!(!String::from_utf8_lossy(&plain).contains("disparaître"), "step {step}: {name}");
            }
        }
    }
}

#[test]
fn saying_erased_without_an_order_fails() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un."), text("Deux."), text("Trois.")]).unwrap();
    let tombstone = archive.erase(&leaves(&[1]), &order(), now()).unwrap();
    archive.close_erasure(tombstone, now()).unwrap();
    drop(archive);
    let path = sandbox.folder().join("manifests/000");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    // Another leaf under the same order; an order that does not exist.
    for (leaf, line) in [(2, "erased 4\n"), (3, "erased 4\n"), (2, "erased 77\n"), (2, "erased 0\n")] {
        let mut changed = lines.clone();
        changed[leaf] = line;
        fs::write(&path, changed.concat()).unwrap();
        let (found, exit) = codes(&sandbox);
        assert!(exit == Exit::Failed && found.contains(&"erased-without-order"), "{leaf} {line}: {found:?}");
    }
}

#[test]
fn custody_and_what_is_kept_apart() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un.")]).unwrap();
    let by = serde_json::json!({ "name": "Carl Elsk" });
    let custody = CustodyManifest {
        at: now(),
        what: "handed over".into(),
        leaves: vec![LeafIndex(1)],
        note: Some("to the court".into()),
        restricted: None,
    };
    let leaf = archive.log_custody_by(custody, Some(&by)).unwrap();
    archive.append(&[text("Deux.")]).unwrap();
    let evidence = archive.evidence().clone();
    let chain = evidence.custody_of(LeafIndex(1)).unwrap();
    assert_eq!(chain.len(), 1);
    assert!(!chain[0].json.contains("Carl"), "{}", chain[0].json);
    assert_eq!(evidence.restricted_of(leaf).unwrap().as_deref(), Some("{\"name\":\"Carl Elsk\"}"));
    let Body::Capture(after) = evidence.manifest(LeafIndex(3)).unwrap().manifest.body else { panic!() };
    assert_eq!(after.restricted, None, "said for that one act");
    assert_eq!(codes(&sandbox), (vec![], Exit::Verified));
    // Changed: it fails. Taken away, as for a copy that is handed out: said, and nothing fails.
    let path = sandbox.folder().join("restricted/000");
    let lines = fs::read_to_string(&path).unwrap();
    fs::write(&path, lines.replace("Carl", "Karl")).unwrap();
    assert_eq!(codes(&sandbox), (vec!["restricted-differs"], Exit::Failed));
    fs::remove_file(&path).unwrap();
    assert_eq!(codes(&sandbox), (vec!["restricted-absent"], Exit::Verified));
}
