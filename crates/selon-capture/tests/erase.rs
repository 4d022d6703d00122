//! Erasure: content is gone from every file, the log stands, and verify says erased, not damaged.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{Sandbox, files, member, now, record, text};
use selon_capture::manifest::{Body, CustodyManifest, Purpose};
use selon_capture::{
    Content, Evidence, EvidenceArchive, Exit, Limits, NewExchange, NewTls, Order, verify_archive_since,
};
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

/// Closes an erasure that leaves nothing behind.
fn close(archive: &mut EvidenceArchive, tombstone: LeafIndex) {
    assert_eq!(archive.close_erasure(tombstone, now()).unwrap(), Vec::<String>::new());
}

/// An answer of a server, with a status line and further head lines.
fn exchange(url: &str, status: &str, body: &str) -> NewExchange {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\r\n");
    NewExchange {
        url: url.to_owned(),
        began: now(),
        took: std::time::Duration::from_millis(5),
        request: b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        head_length: head.len() as u64,
        response: Content::Bytes((head + body).into_bytes()),
        interim: Vec::new(),
        behind: Vec::new(),
        purpose: Purpose::Page,
        peer: None,
        dns: Vec::new(),
        proxy: None,
        tls: None,
        redirect_of: None,
        via: None,
        robots: "none".to_owned(),
        truncated: None,
        blocked: None,
        stated: selon_model::Stated::default(),
    }
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
    assert_eq!((tombstone, archive.open_erasures()), (LeafIndex(4), leaves(&[4])));
    assert_eq!(codes(&sandbox), (vec!["erased", "erasure-unfinished"], Exit::Verified));
    assert_eq!(archive.erasure_of(&capture).unwrap(), Some(tombstone));
    close(&mut archive, tombstone);
    assert!(archive.open_erasures().is_empty());
    assert_eq!(archive.erasure_of(&capture).unwrap(), None);
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
    close(&mut archive, tombstone);
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
            fs::write(sandbox.folder().join("erasing/writing"), b"half").unwrap();
        }
        assert_eq!(
            codes(&sandbox),
            (vec!["erased", "erasure-unfinished"], Exit::Verified),
            "step {step}: nothing is damaged"
        );
        let mut archive = sandbox.open().unwrap();
        assert_eq!(archive.open_erasures(), BTreeSet::from([tombstone]));
        close(&mut archive, tombstone);
        assert!(files(&sandbox.folder()).iter().all(|(name, _)| !name.starts_with("erasing/")));
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
    close(&mut archive, tombstone);
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

/// After a crash in an erasure the same page comes again: it is kept whole, and does not refer to what
/// is gone.
#[test]
fn what_comes_again_after_a_broken_erasure_is_kept_whole() {
    let sandbox = Sandbox::new();
    let page = exchange("http://a.test/p", "200 OK", &SECRET.repeat(40));
    let list = NewExchange {
        purpose: Purpose::List,
        ..exchange("http://a.test/feed", "200 OK", &"<rss/> Une liste. ".repeat(40))
    };
    let mut archive = sandbox.open().unwrap();
    for kept in [&page, &list] {
        assert!(!archive.append_exchange(kept).unwrap().unchanged);
    }
    let before = files(&sandbox.folder());
    let tombstone = archive.erase(&leaves(&[1, 2]), &order(), now()).unwrap();
    drop(archive);
    // The order is logged; of its work only the list of what goes is done.
    for (name, bytes) in &before {
        let path = sandbox.folder().join(name);
        if name.starts_with("warc/") {
            fs::write(path, bytes).unwrap();
        } else if name == "manifests/000" {
            let there = fs::read(&path).unwrap();
            let last = there.split_inclusive(|&byte| byte == b'\n').next_back().unwrap().to_vec();
            fs::write(path, [bytes.clone(), last].concat()).unwrap();
        }
    }
    let mut archive = sandbox.open().unwrap();
    assert!(
        !archive.was_fetched("http://a.test/p")
            && archive.list_fetched_before("http://a.test/feed").is_none()
    );
    let again = archive.append_exchange(&page).unwrap();
    assert!(!again.unchanged, "it refers to what is erased");
    let unmodified = exchange("http://a.test/feed", "304 Not Modified", "");
    assert!(!archive.append_exchange(&unmodified).unwrap().unchanged);
    let fetched = archive.fetch(&again.capture).unwrap();
    assert!(String::from_utf8_lossy(&fetched.payload.bytes).starts_with(SECRET));
    // What came again is what the order was about: it is found, and the order stays open.
    assert_eq!(archive.close_erasure(tombstone, now()).unwrap().len(), 1);
    assert_eq!(codes(&sandbox), (vec!["erased", "erasure-unfinished"], Exit::Verified));
}

#[test]
fn a_container_that_was_erased_is_taken_in_anew() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let container = Content::Bytes(common::foreign_warc());
    let stated = common::named("c.warc.gz");
    let first = archive.import_container(&container, &stated, now()).unwrap();
    let going = archive.affected(&leaves(&[first.captures[0].capture.leaf.0])).unwrap();
    let tombstone = archive.erase(&going.leaves, &order(), now()).unwrap();
    close(&mut archive, tombstone);
    let second = archive.import_container(&container, &stated, now()).unwrap();
    assert_eq!((second.already_there, second.captures.len()), (false, first.captures.len()));
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
}

/// A picture's certificates are those of its page; with the page gone, the next one brings its own.
#[test]
fn certificates_are_kept_again_where_their_only_record_went() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let tls = Some(NewTls {
        version: "TLSv1_3".into(),
        cipher: "TLS13_AES_128_GCM_SHA256".into(),
        chain: vec![vec![7; 300]],
        fault: None,
    });
    let page = NewExchange { tls: tls.clone(), ..exchange("https://a.test/p", "200 OK", "Une page.") };
    let picture = |name: &str| NewExchange {
        purpose: Purpose::Requisite,
        tls: tls.clone(),
        ..exchange(&format!("https://a.test/{name}"), "200 OK", name)
    };
    let chains = |archive: &EvidenceArchive, leaf: LeafIndex| {
        let Body::Capture(capture) = archive.evidence().manifest(leaf).unwrap().manifest.body else {
            panic!()
        };
        capture.records.iter().filter(|record| record.record_type == "resource").count()
    };
    let page = archive.append_exchange(&page).unwrap().capture.leaf;
    let first = archive.append_exchange(&picture("1.png")).unwrap().capture.leaf;
    assert_eq!((chains(&archive, page), chains(&archive, first)), (1, 0));
    let tombstone = archive.erase(&BTreeSet::from([page]), &order(), now()).unwrap();
    close(&mut archive, tombstone);
    for (name, expected) in [("2.png", 1), ("3.png", 0)] {
        let leaf = archive.append_exchange(&picture(name)).unwrap().capture.leaf;
        assert_eq!(chains(&archive, leaf), expected, "{name}");
        drop(archive);
        archive = sandbox.open().unwrap();
    }
}

/// Redirects have the same, empty, payload: that makes them nobody's copies. What a page's pictures
/// and a redirect's page keep is its id, which is no trace.
#[test]
fn a_redirect_and_a_page_with_pictures_are_erased_alone() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let moved = |url: &str| exchange(url, "301 Moved Permanently", "");
    let hop = archive.append_exchange(&moved("http://a.test/1")).unwrap().capture;
    archive.append_exchange(&moved("http://a.test/2")).unwrap();
    let page =
        NewExchange { redirect_of: Some(hop.id), ..exchange("http://a.test/p", "200 OK", "Une page.") };
    let page = archive.append_exchange(&page).unwrap().capture;
    let picture = NewExchange {
        purpose: Purpose::Requisite,
        via: Some(("http://a.test/p".into(), page.id)),
        ..exchange("http://a.test/i.png", "200 OK", "picture")
    };
    let picture = archive.append_exchange(&picture).unwrap().capture;
    for (gone, stays) in [(&hop, page.id), (&page, picture.id)] {
        let going = archive.affected(&BTreeSet::from([gone.leaf])).unwrap();
        assert_eq!(going.leaves, BTreeSet::from([gone.leaf]));
        assert_eq!(going.linked, [stays]);
        let tombstone = archive.erase(&going.leaves, &order(), now()).unwrap();
        close(&mut archive, tombstone);
    }
    assert_eq!(codes(&sandbox), (vec!["erased", "erased"], Exit::Verified));
}

/// A 304 says nothing of its own: it goes with the answer that it says is unchanged.
#[test]
fn what_refers_to_the_erased_goes_with_it() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let list = NewExchange { purpose: Purpose::List, ..exchange("http://a.test/feed", "200 OK", "<rss/>") };
    archive.append_exchange(&list).unwrap();
    let unmodified = exchange("http://a.test/feed", "304 Not Modified", "");
    assert!(archive.append_exchange(&unmodified).unwrap().unchanged);
    archive.append_exchange(&exchange("http://a.test/2", "301 Moved", "")).unwrap();
    for asked in [1, 2] {
        assert_eq!(archive.affected(&leaves(&[asked])).unwrap().leaves, leaves(&[1, 2]));
    }
}

/// A container holds the same text in a record that does not verify, so nothing cites it: it is
/// found before, and goes.
#[test]
fn a_container_that_hides_the_same_goes_too() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let secret = SECRET.repeat(3);
    archive.append(&[text(&secret)]).unwrap();
    let right = selon_model::Digest::of(secret.as_bytes()).to_string();
    let hidden = String::from_utf8(record("resource", "urn:a", "text/plain", secret.as_bytes()))
        .unwrap()
        .replace(&right, &selon_model::Digest::of(b"other").to_string());
    let container =
        [member(hidden.as_bytes()), member(&record("resource", "urn:b", "text/plain", b"Autre."))];
    let imported = archive
        .import_container(&Content::Bytes(container.concat()), &common::named("c.warc.gz"), now())
        .unwrap();
    assert_eq!(imported.captures.len(), 1);
    let going = archive.affected(&leaves(&[1])).unwrap();
    assert_eq!((going.leaves.clone(), going.containers.len()), (leaves(&[1, 2, 3]), 1));
    let tombstone = archive.erase(&going.leaves, &order(), now()).unwrap();
    close(&mut archive, tombstone);
}

/// As long as traces are left, the order stays open, also over openings: only a search closes it.
#[test]
fn an_order_is_closed_by_a_search_alone() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un."), text(SECRET)]).unwrap();
    // Somebody's copy of the file, among the older ones.
    let (name, bytes) =
        files(&sandbox.folder()).into_iter().find(|(name, _)| name.starts_with("warc/")).unwrap();
    let copy = sandbox.folder().join(name.replace("-20", "-10"));
    fs::write(&copy, bytes).unwrap();
    let tombstone = archive.erase(&leaves(&[2]), &order(), now()).unwrap();
    for _ in 0..2 {
        let left = archive.close_erasure(tombstone, now()).unwrap();
        assert!(left.len() == 1 && left[0].contains("selon-10"), "{left:?}");
        archive.append(&[text("Trois.")]).unwrap();
        drop(archive);
        archive = sandbox.open().unwrap();
    }
    assert!(codes(&sandbox).0.contains(&"erasure-unfinished"));
    fs::remove_file(copy).unwrap();
    // Without what it would be known by, nothing can be searched for.
    let kept = sandbox.folder().join(format!("erasing/{}", tombstone.0));
    let bytes = fs::read(&kept).unwrap();
    fs::remove_file(&kept).unwrap();
    assert!(archive.close_erasure(tombstone, now()).unwrap()[0].contains("is gone"));
    fs::write(&kept, bytes).unwrap();
    close(&mut archive, tombstone);
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
    assert!(archive.close_erasure(tombstone, now()).is_err(), "it is closed");
}

/// A crash came after the container was removed and before its manifests were.
#[test]
fn a_container_under_erasure_is_not_missing() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let imported = archive
        .import_container(&Content::Bytes(common::foreign_warc()), &common::named("c.warc.gz"), now())
        .unwrap();
    let going = archive.affected(&leaves(&[imported.captures[0].capture.leaf.0])).unwrap().leaves;
    let manifests = sandbox.folder().join("manifests/000");
    let before = fs::read(&manifests).unwrap();
    let tombstone = archive.erase(&going, &order(), now()).unwrap();
    drop(archive);
    let there = fs::read(&manifests).unwrap();
    let last = there.split_inclusive(|&byte| byte == b'\n').next_back().unwrap();
    fs::write(&manifests, [before.as_slice(), last].concat()).unwrap();
    assert_eq!(codes(&sandbox), (vec!["erased", "erasure-unfinished"], Exit::Verified));
    let mut archive = sandbox.open().unwrap();
    close(&mut archive, tombstone);
    assert_eq!(codes(&sandbox), (vec!["erased"], Exit::Verified));
}
