//! An archive as people use it: added twice, killed at random, damaged, rebuilt.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{Place, examples, run, selon};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn the_same_files_twice_add_nothing() {
    let place = Place::new();
    let examples = examples();
    let (code, first, err) = place.add(&examples);
    assert_eq!(code, 0, "{err}");
    assert!(first.contains(&format!("kept {} new", examples.len())), "{first}");
    let size = |files: Vec<PathBuf>| files.iter().map(|file| file.metadata().unwrap().len()).sum::<u64>();
    let before = size(files_below(&place.archive().join("warc")));
    let (code, second, _) = place.add(&examples);
    assert_eq!(code, 0);
    assert!(second.contains(&format!("kept 0 new captures, {} already there", examples.len())), "{second}");
    assert_eq!(size(files_below(&place.archive().join("warc"))), before);
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn what_cannot_be_read_is_kept() {
    let place = Place::new();
    let photo = place.home().join("photo.jpg");
    std::fs::write(&photo, b"\xFF\xD8\xFF\xE0 a picture").unwrap();
    let (code, out, err) = place.add(&[photo.display().to_string()]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("1 kept without reading"), "{out}");
    let missing = place.home().join("missing.html").display().to_string();
    let (code, out, err) = place.add(&[missing, examples()[0].clone()]);
    assert_eq!(code, 3);
    assert!(err.contains("missing.html") && out.contains("kept 1 new"), "{err}{out}");
}

#[test]
fn one_writer_at_a_time() {
    let place = Place::new();
    assert_eq!(place.add(&examples()[..1]).0, 0);
    let lock = std::fs::OpenOptions::new().write(true).open(place.archive().join("lock")).unwrap();
    lock.lock().unwrap();
    let (code, _, err) = place.add(&examples()[1..2]);
    assert_eq!(code, 1, "{err}");
    lock.unlock().unwrap();
    assert_eq!(place.add(&examples()[1..2]).0, 0);
}

#[test]
fn unknown_ids_and_missing_archives() {
    let place = Place::new();
    let (code, _, err) = place.run(&["stories"]);
    assert_eq!(code, 5);
    assert!(err.contains("selon add"), "{err}");
    assert!(!place.archive().exists(), "looking made an archive");
    assert_eq!(place.add(&examples()[..1]).0, 0);
    assert_eq!(place.run(&["show", "ffffffffffff"]).0, 5);
    assert_eq!(run(place.home(), &["verify", "nowhere"]).0, 5);
}

/// Killed at fifty moments: after each, the evidence verifies, and everything that an earlier
/// run had acknowledged is still there.
#[test]
#[cfg(unix)]
fn killed_at_any_moment() {
    let place = Place::new();
    let examples = examples();
    let archive = place.archive().display().to_string();
    // how long a whole run takes says over which moments to spread the kills
    let begun = std::time::Instant::now();
    assert_eq!(Place::new().add(&examples).0, 0);
    let whole = begun.elapsed();
    let mut kept = 0u64;
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    for round in 0..50u32 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (seed >> 33) as f64 / f64::from(u32::MAX >> 1);
        let file = place.home().join(format!("extra-{round}.txt"));
        std::fs::write(&file, format!("Texte {round}. Selon l'armée, {round} civils ont fui la vallée."))
            .unwrap();
        let mut child = selon(place.home())
            .args(["add", "--archive", &archive])
            .args(&examples)
            .arg(&file)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        let _ = child.kill();
        child.wait().unwrap();
        if !place.archive().join("ledger/checkpoint").exists() {
            continue;
        }
        let (code, out, err) = run(place.home(), &["verify", &archive, "--evidence"]);
        assert!(code == 0, "round {round}: {out}{err}");
        let size = log_size(&place.archive());
        assert!(size >= kept, "round {round}: {size} entries where {kept} were acknowledged");
        kept = size;
    }
    let mut all = examples.clone();
    all.extend((0..50).map(|round| place.home().join(format!("extra-{round}.txt")).display().to_string()));
    let (code, _, err) = place.add(&all);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = place.verify(&[]);
    assert_eq!(code, 0, "{out}{err}");
    let (_, out, _) = place.add(&all);
    assert!(out.contains(&format!("kept 0 new captures, {} already there", all.len())), "{out}");
}

/// Second line of the checkpoint: how many entries the log has.
fn log_size(archive: &Path) -> u64 {
    let checkpoint = std::fs::read_to_string(archive.join("ledger/checkpoint")).unwrap();
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

/// One flipped byte, in any file of evidence, is found, and its file is named.
#[test]
fn a_flipped_byte_is_found_and_named() {
    let place = Place::new();
    assert_eq!(place.add(&examples()).0, 0);
    let archive = place.archive();
    for folder in ["warc", "ledger", "manifests"] {
        for path in files_below(&archive.join(folder)) {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&archive).unwrap().display().to_string();
            for part in [0, 1, 2, 3, 4] {
                let at = (bytes.len() - 1) * part / 4;
                let mut damaged = bytes.clone();
                damaged[at] ^= 0x01;
                std::fs::write(&path, &damaged).unwrap();
                let (code, out, err) = place.verify(&[]);
                assert!(code == 4, "{name} at {at}: {code} {out}{err}");
                assert!(out.contains(&name), "{name} at {at} is not named: {out}");
            }
            std::fs::write(&path, &bytes).unwrap();
        }
    }
    assert_eq!(place.verify(&[]).0, 0);
}

/// A changed row is found by comparison with evidence and mended by `rebuild`.
#[test]
fn a_changed_row_is_found_and_mended() {
    let place = Place::new();
    assert_eq!(place.add(&examples()).0, 0);
    let database = place.archive().join("derived/catalogue.sqlite");
    for change in [
        "UPDATE reports SET json = replace(json, 'killed', 'injured') WHERE json LIKE '%killed%'",
        "DELETE FROM reports WHERE position = (SELECT min(position) FROM reports)",
        "UPDATE captures SET json = replace(json, 'text/html', 'text/plain') WHERE leaf = 1",
        "DELETE FROM stories",
    ] {
        let connection = rusqlite::Connection::open(&database).unwrap();
        assert!(connection.execute(change, []).unwrap() > 0, "{change}");
        drop(connection);
        let (code, out, err) = place.verify(&[]);
        assert_eq!(code, 3, "the evidence stands; {change}: {out}{err}");
        assert!(out.contains("selon rebuild") && out.contains("everything verifies"), "{change}: {out}");
        assert_eq!(place.run(&["rebuild"]).0, 0);
        assert_eq!(place.verify(&[]).0, 0, "{change}: not mended");
    }
}

/// A catalogue that cannot be read leaves the evidence its verdict, and is made again.
#[test]
fn an_unreadable_catalogue_is_said_and_mended() {
    let place = Place::new();
    assert_eq!(place.add(&examples()[..2]).0, 0);
    let stories = place.run(&["stories", "--all"]);
    let database = place.archive().join("derived/catalogue.sqlite");
    std::fs::write(&database, vec![0x5a; 30_000]).unwrap();
    let (code, out, err) = place.verify(&[]);
    assert_eq!(code, 3, "{out}{err}");
    for said in ["everything verifies", "cannot be read", "not a database", "selon rebuild"] {
        assert!(out.contains(said), "{said}: {out}");
    }
    assert_eq!(place.verify(&["--evidence"]).0, 0);
    // Not while the evidence is damaged.
    let manifests = place.archive().join("manifests/000");
    let whole = std::fs::read(&manifests).unwrap();
    std::fs::write(&manifests, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(place.verify(&[]).0, 4);
    assert_eq!(place.run(&["rebuild"]).0, 4);
    assert!(std::fs::read(&database).unwrap().starts_with(b"ZZZ"));
    std::fs::write(&manifests, whole).unwrap();
    let (code, out, err) = place.run(&["rebuild"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(place.verify(&[]).0, 0);
    assert_eq!(place.run(&["stories", "--all"]), stories);
}

/// What was derived is the same after a rebuild, to the byte.
#[test]
fn rebuild_gives_the_same() {
    let place = Place::new();
    assert_eq!(place.add(&examples()).0, 0);
    let stories = |place: &Place| place.run(&["stories", "--all", "--jsonl"]).1;
    let figures = |place: &Place| place.run(&["figures", "--jsonl"]).1;
    let before = (stories(&place), figures(&place));
    std::fs::remove_dir_all(place.archive().join("derived")).unwrap();
    assert_eq!(place.run(&["rebuild"]).0, 0);
    assert!(before == (stories(&place), figures(&place)));
}

#[test]
fn judgments_are_kept_and_survive_a_rebuild() {
    let place = Place::new();
    assert_eq!(place.add(&examples()).0, 0);
    let (_, stories, _) = place.run(&["stories", "--jsonl"]);
    let story: serde_json::Value = serde_json::from_str(stories.lines().next().unwrap()).unwrap();
    let report = story["members"][0]["report"].as_str().unwrap().to_owned();
    let id = format!("{report}:s1");
    let (code, _, err) = place.run(&["note", &id, "the spokesman denied it", "--by", "nadia"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(place.run(&["note", &format!("{report}:s9999"), "x", "--by", "nadia"]).0, 2);
    assert_eq!(place.run(&["rebuild"]).0, 0);
    let (_, shown, _) = place.run(&["show", &report]);
    assert!(shown.contains("by nadia") && shown.contains("the spokesman denied it"), "{shown}");
}

/// The pages as files: beside what else lies in the folder, again over themselves, never over
/// what somebody else put there.
#[test]
fn a_site_keeps_off_what_is_not_its_own() {
    let place = Place::new();
    assert_eq!(place.add(&examples()[..2]).0, 0);
    let folder = place.home().display().to_string();
    let (code, out, err) = place.run(&["site", &folder]);
    assert_eq!(code, 0, "{err}");
    let index = place.home().join("index.html");
    assert_eq!(out.trim(), index.display().to_string());
    let first = std::fs::read(&index).unwrap();
    let reports = place.home().join("report");
    let pages = std::fs::read_dir(&reports).unwrap().count();
    assert_eq!(place.run(&["site", &folder]).0, 0, "again over itself");
    assert_eq!(std::fs::read(&index).unwrap(), first);
    assert_eq!(std::fs::read_dir(&reports).unwrap().count(), pages);
    assert_eq!(place.verify(&[]).0, 0, "the archive beside it is untouched");

    std::fs::write(reports.join("mine.txt"), "mine").unwrap();
    assert_eq!(place.run(&["site", &folder]).0, 1);
    assert!(index.exists() && reports.join("mine.txt").exists());
    std::fs::remove_file(reports.join("mine.txt")).unwrap();
    std::fs::write(&index, "<p>somebody else's page").unwrap();
    let (code, _, err) = place.run(&["site", &folder]);
    assert_eq!(code, 1);
    assert!(err.contains("index.html is no page of Selon"), "{err}");
}

/// What is derived outlives evidence that is damaged: nothing is thrown away for it.
#[test]
fn damaged_evidence_costs_no_reading() {
    let place = Place::new();
    assert_eq!(place.add(&examples()[..2]).0, 0);
    let stories = place.run(&["stories", "--all"]);
    let warc = files_below(&place.archive().join("warc"))
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with(".warc.gz"))
        .unwrap();
    let mut bytes = std::fs::read(&warc).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&warc, &bytes).unwrap();
    let (code, _, err) = place.run(&["rebuild"]);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("left as it is"), "{err}");
    assert_eq!(place.run(&["stories", "--all"]), stories);
    bytes[middle] ^= 1;
    std::fs::write(&warc, &bytes).unwrap();
    assert_eq!(place.run(&["rebuild"]).0, 0);

    // an index that lost its reports is found, and mended
    std::fs::remove_dir_all(place.archive().join("derived/index")).unwrap();
    let (code, out, _) = place.verify(&[]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("search index"), "{out}");
    assert_eq!(place.run(&["rebuild"]).0, 0);
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn what_is_exported_comes_back_in_another_archive() {
    let place = Place::new();
    assert_eq!(place.add(&examples()).0, 0);
    let package = place.home().join("all.wacz").display().to_string();
    let (code, said, err) = place.run(&["export", &package, "--as", "wacz"]);
    assert_eq!(code, 0, "{said}{err}");
    assert_eq!(run(place.home(), &["verify", &package]).0, 0);
    let (code, said, err) = place.verify(&[]);
    assert_eq!(code, 0, "{said}{err}");
    let (code, _, err) = place.run(&["export", &package, "--as", "wacz"]);
    assert!(code == 1 && err.contains("exists already"), "{code} {err}");
    let kit = place.home().join("kit").display().to_string();
    let (code, said, err) = place.run(&["export", &kit, "--as", "kit", "--json"]);
    assert!(code == 0 && said.contains("selon.exported/1"), "{said}{err}");
    assert!(Path::new(&kit).join("VERIFY.md").is_file());
    assert_eq!(place.verify(&[]).0, 0);
    assert_eq!(place.run(&["export", &format!("{package}2"), "--as", "wacz", "ffff"]).0, 5);

    let other = Place::new();
    let (code, said, err) = other.add(std::slice::from_ref(&package));
    assert!(code == 0 && said.contains(&format!("kept {} new", examples().len())), "{said}{err}");
    assert_eq!(other.verify(&[]).0, 0);
    assert!(other.add(&[package]).1.contains("kept 0 new captures, 1 already there"));
}

/// A WARC record of a page, with the digest of another one where that is asked for.
fn page_record(number: u8, digest_of: &[u8]) -> Vec<u8> {
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>The road is open, the mayor said.";
    let digest = selon_model::Digest::of(if digest_of.is_empty() { page } else { digest_of });
    let head = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:08}-0000-4000-8000-000000000000>\r\n\
         WARC-Date: 2026-03-11T10:00:00Z\r\nWARC-Target-URI: https://a.example/{number}\r\n\
         WARC-Block-Digest: {digest}\r\nContent-Type: application/http;msgtype=response\r\n\
         Content-Length: {}\r\n\r\n",
        page.len()
    );
    [head.as_bytes(), page, b"\r\n\r\n"].concat()
}

#[test]
fn damaged_containers_are_told() {
    let place = Place::new();
    let file = |name: &str, bytes: &[u8]| {
        let path = place.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let add = |path: &str| {
        let (code, out, err) = place.run(&["add", path, "--json"]);
        let added: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        (code, added, err)
    };
    let good = file("good.warc", &page_record(1, b""));
    let (code, added, err) = add(&good);
    assert_eq!((code, &added["containers"][0]["exit"]), (0, &0.into()), "{added}{err}");
    assert_eq!(place.verify(&[]).0, 0);

    let mixed = [page_record(2, b""), b"words of nobody\r\n".to_vec(), page_record(3, b"another")].concat();
    let (code, added, err) = add(&file("mixed.warc", &mixed));
    let container = &added["containers"][0];
    assert_eq!(
        (code, &container["exit"], &container["cited"], &container["notCited"]),
        (3, &4.into(), &1.into(), &1.into()),
        "{added}"
    );
    assert!(container["reason"].as_str().unwrap().contains("belong to no record"), "{added}");
    assert_eq!(added["failed"][0]["kind"], "corrupt", "{added}");
    assert!(err.contains("does not verify by its own digests") && err.contains("1 record cited"), "{err}");

    let (code, out, _) = place.run(&["add", &file("wrong.warc", &page_record(4, b"another"))]);
    assert_eq!(code, 3);
    assert!(out.contains("this does not verify. The answer stored for https://a.example/4"), "{out}");
    let (code, out, _) = place.run(&["add", &place.path("wrong.warc").display().to_string()]);
    assert_eq!(code, 3, "again, it is no better");
    assert!(out.contains("when it came, this does not verify"), "{out}");

    // A beginning of a record, and no record.
    let (code, added, err) = add(&file("cut.warc", b"WARC/1.1\r\nWARC-Type: response\r\n\r\nx"));
    assert_eq!((code, added["failed"].as_array().unwrap().is_empty()), (3, false), "{added}{err}");
    for packed in [&b"\x28\xb5\x2f\xfd0000"[..], b"\x04\x22\x4d\x180000"] {
        let (code, added, err) = add(&file("packed.warc.x", packed));
        assert_eq!(
            (code, &added["captures"], &added["failed"][0]["kind"]),
            (3, &1.into(), &"not_read".into())
        );
        assert!(err.contains("unpack it"), "{err}");
    }
    let (code, out, err) = place.verify(&[]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(out.matches("[import-failed]").count(), 3 - usize::from(!out.contains("cut.warc")), "{out}");
}
