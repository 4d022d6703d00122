//! An archive: keeping, reading back, duplicates, damage, crashes.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

mod common;

use std::fs;

use common::{Sandbox, files, new, now, text};
use selon_capture::{Code, Content, Kind, Limits, NewCapture, verify_archive};
use selon_model::{LeafIndex, Origin};

#[test]
fn what_is_kept_is_read_back_and_verifies() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let stored =
        archive.append(&[text("premier"), text("second"), new(b"\xff\xd8 a photo", "image/jpeg")]).unwrap();
    assert_eq!(stored.iter().map(|stored| stored.capture.leaf.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(stored.iter().all(|stored| !stored.already_there));
    for (stored, bytes) in stored.iter().zip([&b"premier"[..], b"second", b"\xff\xd8 a photo"]) {
        let fetched = archive.fetch(&stored.capture).unwrap();
        assert_eq!(fetched.payload.bytes, bytes);
        assert_eq!(fetched.payload.media_type.as_deref(), Some(stored.capture.media_type.as_str()));
    }
    let again: Vec<_> = archive.captures().unwrap().map(Result::unwrap).collect();
    assert_eq!(again, stored.iter().map(|stored| stored.capture.clone()).collect::<Vec<_>>());

    let report = sandbox.verify();
    assert_eq!((report.exit.code(), report.size, report.captures, report.records), (0, 4, 3, 4));
    assert_eq!(report.findings, []);
    assert!(report.origin.unwrap().starts_with("selon.local/"));
}

#[test]
fn the_same_bytes_twice_add_nothing() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let first = archive.append(&[text("a"), text("b"), text("a")]).unwrap();
    assert_eq!(first.iter().map(|stored| stored.already_there).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(first[0].capture, first[2].capture);
    let before = files(&sandbox.folder());
    let second = archive.append(&[text("b"), text("a")]).unwrap();
    assert!(second.iter().all(|stored| stored.already_there));
    assert_eq!(second[0].capture, first[1].capture);
    assert_eq!(files(&sandbox.folder()), before);
    drop(archive);
    let mut archive = sandbox.open().unwrap();
    assert!(archive.append(&[text("a")]).unwrap()[0].already_there);
    assert_eq!(files(&sandbox.folder()), before);
}

#[test]
fn files_are_read_without_being_held_and_a_missing_one_adds_nothing() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let path = sandbox.path("big.bin");
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(&path, &bytes).unwrap();
    let capture = NewCapture { content: Content::File(path), ..new(b"", "application/octet-stream") };
    let stored = archive.append(std::slice::from_ref(&capture)).unwrap();
    assert_eq!(archive.fetch(&stored[0].capture).unwrap().payload.bytes, bytes);
    let missing = NewCapture { content: Content::File(sandbox.path("absent")), ..capture };
    let error = archive.append(&[text("x"), missing]).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    assert_eq!(archive.ledger().size(), 2);
    archive.append(&[text("x")]).unwrap();
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn files_roll_and_batches_go_across_bundles() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open_rolling(20_000).unwrap();
    for batch in 0..6 {
        let things: Vec<_> = (0..97).map(|n| text(&format!("text {n} of batch {batch}"))).collect();
        archive.append(&things).unwrap();
    }
    drop(archive);
    let mut archive = sandbox.open_rolling(20_000).unwrap();
    archive.append(&[text("after opening again")]).unwrap();
    let report = sandbox.verify();
    assert_eq!((report.exit.code(), report.findings.as_slice()), (0, &[][..]));
    assert_eq!(report.captures, 6 * 97 + 1);
    assert!(report.files > 3, "{} files", report.files);
    assert_eq!(report.records, report.captures + report.files);
    for leaf in [0, 1, 255, 256, 300, 583] {
        let proof = archive.evidence().prove(LeafIndex(leaf)).unwrap();
        let logged = archive.evidence().manifest(LeafIndex(leaf)).unwrap();
        let read = selon_capture::proof::LogProof::parse(&proof.text()).unwrap();
        assert_eq!(read, proof);
        let checkpoint = read.check(logged.json.as_bytes(), archive.ledger().key()).unwrap();
        assert_eq!(checkpoint.size, 584);
        assert!(read.check(b"{}", archive.ledger().key()).is_err());
    }
}

#[test]
fn a_second_writer_and_a_wrong_key_are_refused() {
    let sandbox = Sandbox::new();
    let archive = sandbox.open().unwrap();
    assert_eq!(sandbox.open().err().unwrap().kind(), Kind::Unavailable);
    drop(archive);
    let key = fs::read(sandbox.key()).unwrap();
    fs::remove_file(sandbox.key()).unwrap();
    assert_eq!(sandbox.open().err().unwrap().kind(), Kind::Refused);
    fs::write(sandbox.key(), b"PRIVATE+KEY+nonsense").unwrap();
    assert!(sandbox.open().is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(sandbox.key(), key).unwrap();
        fs::set_permissions(sandbox.key(), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(sandbox.open().err().unwrap().kind(), Kind::Refused);
        fs::set_permissions(sandbox.key(), fs::Permissions::from_mode(0o600)).unwrap();
        sandbox.open().unwrap();
    }
}

#[test]
fn a_removed_checkpoint_is_not_taken_for_a_new_archive() {
    let sandbox = Sandbox::new();
    sandbox.open().unwrap().append(&[text("a")]).unwrap();
    fs::remove_file(sandbox.folder().join("ledger/checkpoint")).unwrap();
    assert_eq!(sandbox.open().err().unwrap().kind(), Kind::Corrupt);
    let report = sandbox.verify();
    assert_eq!(
        report.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        [Code::CheckpointMissing]
    );
}

#[test]
fn one_changed_byte_anywhere_is_found_and_named() {
    change_bytes(11);
}

#[test]
#[ignore = "takes minutes: every single byte"]
fn every_changed_byte_is_found_and_named() {
    change_bytes(1);
}

/// Every `step`-th byte of every file of evidence, changed one at a time, is found, and the file
/// is named.
fn change_bytes(step: usize) {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("un texte"), text("un autre texte")]).unwrap();
    archive.append(&[text("encore un")]).unwrap();
    archive
        .import_container(&Content::Bytes(common::foreign_warc()), &common::named("given.warc.gz"), now())
        .unwrap();
    drop(archive);
    assert_eq!(sandbox.verify().exit.code(), 0);
    let mut changed_bytes = 0;
    for (name, original) in files(&sandbox.folder()) {
        if name == "lock" {
            continue;
        }
        let path = sandbox.folder().join(&name);
        for at in (0..original.len()).step_by(step) {
            let mut changed = original.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, &changed).unwrap();
            let report = sandbox.verify();
            assert_eq!(report.exit.code(), 4, "{name} byte {at}");
            let named = report.findings.iter().any(|finding| {
                finding.file == name && finding.offset.is_none_or(|offset| offset <= at as u64)
            });
            assert!(named, "{name} byte {at}: {:?}", report.findings);
            assert!(report.findings.len() < 6, "{name} byte {at}: {:?}", report.findings);
            changed_bytes += 1;
        }
        fs::write(&path, &original).unwrap();
    }
    assert!(changed_bytes * step > 5_000, "{changed_bytes}");
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn files_removed_swapped_or_added_past_the_log_are_found() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open_rolling(1).unwrap();
    archive.append(&[text("a")]).unwrap();
    archive.append(&[text("b")]).unwrap();
    archive.append(&[text("c")]).unwrap();
    drop(archive);
    let all = files(&sandbox.folder());
    for (name, bytes) in &all {
        if name == "lock" {
            continue;
        }
        let path = sandbox.folder().join(name);
        fs::remove_file(&path).unwrap();
        let report = sandbox.verify();
        // An older partial tile may go: the newer one says the same.
        let expected = if name.contains(".p/") && !name.ends_with(".p/4") { 0 } else { 4 };
        assert_eq!(report.exit.code(), expected, "without {name}: {:?}", report.findings);
        fs::write(&path, bytes).unwrap();
    }
    let warcs: Vec<_> = all.iter().filter(|(name, _)| name.starts_with("warc/")).collect();
    assert_eq!(warcs.len(), 3);
    fs::write(sandbox.folder().join(&warcs[0].0), &warcs[1].1).unwrap();
    fs::write(sandbox.folder().join(&warcs[1].0), &warcs[0].1).unwrap();
    assert_eq!(sandbox.verify().exit.code(), 4);
    fs::write(sandbox.folder().join(&warcs[1].0), &warcs[1].1).unwrap();
    fs::write(sandbox.folder().join(&warcs[0].0), [warcs[0].1.as_slice(), &warcs[1].1].concat()).unwrap();
    let report = sandbox.verify();
    assert_eq!(report.findings[0].code, Code::Unlogged, "{:?}", report.findings);
}

/// Everything a crash can leave behind while a batch is written: any beginning of what goes into
/// the WARC file, then of the manifest lines, then tiles one after another, then the checkpoint.
#[test]
fn after_any_crash_nothing_acknowledged_is_missing() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("avant")]).unwrap();
    drop(archive);
    let before = files(&sandbox.folder());
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("pendant un"), text("pendant deux")]).unwrap();
    drop(archive);
    let after = files(&sandbox.folder());
    let length_before = |name: &str| before.iter().find(|file| file.0 == name).map_or(0, |file| file.1.len());
    let changed: Vec<&(String, Vec<u8>)> = after.iter().filter(|file| !before.contains(file)).collect();
    let of =
        |start: &str| changed.iter().filter(|file| file.0.starts_with(start)).copied().collect::<Vec<_>>();
    let (warcs, manifests, tiles) = (of("warc/"), of("manifests/"), of("ledger/tile/"));
    assert_eq!((warcs.len(), manifests.len(), tiles.len()), (1, 1, 2));

    // A state is how much of each changed file is there.
    let mut states: Vec<Vec<(&str, &[u8])>> = Vec::new();
    let mut done: Vec<(&str, &[u8])> = Vec::new();
    for group in [&warcs, &manifests] {
        for (name, bytes) in group.iter() {
            for end in (length_before(name)..=bytes.len()).step_by(29).chain([bytes.len()]) {
                let mut state = done.clone();
                state.push((name, &bytes[..end]));
                states.push(state);
            }
            done.push((name, bytes));
        }
    }
    for (name, bytes) in &tiles {
        let mut torn = done.clone();
        torn.push(("ledger/writing", &bytes[..bytes.len() / 2]));
        states.push(torn);
        done.push((name, bytes));
        states.push(done.clone());
    }
    assert!(states.len() > 50, "{} states", states.len());

    for state in states {
        fs::remove_dir_all(sandbox.folder()).unwrap();
        common::restore(&sandbox.folder(), &before);
        common::restore(
            &sandbox.folder(),
            &state.iter().map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect::<Vec<_>>(),
        );
        let what: Vec<_> = state.iter().map(|(name, bytes)| format!("{name}[..{}]", bytes.len())).collect();
        // Clean before anyone has opened it again, and after.
        let report = sandbox.verify();
        assert_eq!((report.exit.code(), report.captures), (0, 1), "{what:?}: {:?}", report.findings);
        let mut archive = sandbox.open().unwrap_or_else(|error| panic!("{what:?}: {error}"));
        assert_eq!(archive.captures().unwrap().count(), 1, "{what:?}");
        let stored = archive.append(&[text("pendant deux"), text("après")]).unwrap();
        assert!(stored.iter().all(|stored| !stored.already_there && archive.fetch(&stored.capture).is_ok()));
        drop(archive);
        let report = sandbox.verify();
        assert_eq!(
            (report.exit.code(), report.captures, report.findings.as_slice()),
            (0, 3, &[][..]),
            "{what:?}"
        );
    }
}

#[test]
fn an_interrupted_first_start_is_taken_up() {
    let sandbox = Sandbox::new();
    drop(sandbox.open().unwrap());
    let after = files(&sandbox.folder());
    let order = ["manifests/000", "ledger/vkey", "ledger/tile/entries/000.p/1", "ledger/tile/0/000.p/1"];
    for done in 0..=order.len() {
        fs::remove_dir_all(sandbox.folder()).unwrap();
        for name in &order[..done] {
            let bytes = after.iter().find(|file| file.0 == *name).unwrap().1.clone();
            common::restore(&sandbox.folder(), &[(name.to_string(), bytes)]);
        }
        let mut archive = sandbox.open().unwrap_or_else(|error| panic!("{done}: {error}"));
        archive.append(&[text("a")]).unwrap();
        assert_eq!(sandbox.verify().exit.code(), 0);
    }
}

#[test]
fn a_container_is_kept_whole_and_its_records_are_captures() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let bytes = common::foreign_warc();
    let import = archive
        .import_container(&Content::Bytes(bytes.clone()), &common::named("http://given.test/x"), now())
        .unwrap();
    assert_eq!(import.report.as_ref().unwrap().exit.code(), 0);
    assert_eq!(import.captures.len(), 2);
    let page = &import.captures[0].capture;
    assert_eq!(
        (page.origin, page.target.as_str(), page.media_type.as_str()),
        (Origin::Imported, "http://a.test/", "text/html")
    );
    assert_eq!(archive.fetch(page).unwrap().payload.bytes, b"<p>Alep</p>");
    let name = &page.record.file;
    assert_eq!(fs::read(sandbox.folder().join(name)).unwrap(), bytes);
    let again = archive.import_container(&Content::Bytes(bytes), &Default::default(), now()).unwrap();
    assert!(again.already_there);
    assert_eq!(
        again.captures.iter().map(|stored| &stored.capture).collect::<Vec<_>>(),
        import.captures.iter().map(|stored| &stored.capture).collect::<Vec<_>>()
    );
    let error = archive
        .import_container(&Content::Bytes(b"no warc".to_vec()), &Default::default(), now())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    archive.append(&[text("still works")]).unwrap();
    let report = sandbox.verify();
    assert_eq!((report.exit.code(), report.imports, report.findings.as_slice()), (0, 1, &[][..]));
}

#[test]
fn records_that_share_a_member_can_be_cited() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let import = archive
        .import_container(&Content::Bytes(common::shared_member()), &Default::default(), now())
        .unwrap();
    let bodies: Vec<_> =
        import.captures.iter().map(|stored| archive.fetch(&stored.capture).unwrap().payload.bytes).collect();
    assert_eq!(bodies, [&b"one"[..], b"two"]);
}

#[test]
fn a_locator_cannot_lead_out_of_the_archive() {
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let stored = archive.append(&[text("a")]).unwrap().remove(0);
    for file in ["/etc/passwd", "warc/../../key", "ledger/vkey", "../key", ""] {
        let mut capture = stored.capture.clone();
        capture.record.file = file.to_owned();
        assert_eq!(archive.fetch(&capture).unwrap_err().kind(), Kind::Invalid, "{file}");
    }
    let mut capture = stored.capture.clone();
    capture.record.offset += 1;
    assert_eq!(archive.fetch(&capture).unwrap_err().kind(), Kind::Corrupt);
}

#[test]
fn a_folder_without_an_archive_is_said_to_be_one() {
    let sandbox = Sandbox::new();
    assert_eq!(verify_archive(&sandbox.folder(), &Limits::default()).unwrap_err().kind(), Kind::NotFound);
}
