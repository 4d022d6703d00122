//! Sealing by authorities that the test itself starts: openssl behind a loopback server.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

mod common;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::authority::{Authority, openssl_in};
use common::{Sandbox, files, restore, text};
use jiff::Timestamp;
use selon_capture::{
    Against, Ask, EvidenceArchive, Exit, HowToSeal, Limits, PlainHttp, Trust, interval,
    verify_archive_against,
};
use selon_model::LeafIndex;

/// What an authority does with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Right,
    /// The connection is closed without an answer.
    Down,
    /// A right answer to another request.
    OtherRequest,
    /// Status 500.
    Sick,
}

/// An authority and a server of it on a loopback port.
struct Served {
    authority: Arc<Authority>,
    port: u16,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<AtomicU32>,
}

impl Served {
    /// `None`, said so, where openssl is not there.
    fn start() -> Option<Served> {
        let authority = Arc::new(Authority::start()?);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, asked) = (Arc::new(Mutex::new(Mood::Right)), Arc::new(AtomicU32::new(0)));
        let (served, said, signer) = (Arc::clone(&asked), Arc::clone(&mood), Arc::clone(&authority));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                served.fetch_add(1, Ordering::SeqCst);
                let mood = *said.lock().unwrap();
                serve(stream, &signer, mood);
            }
        });
        Some(Served { authority, port, mood, asked })
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Reads one request, answers, closes.
fn serve(mut stream: TcpStream, authority: &Authority, mood: Mood) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    let body = loop {
        let Ok(read) = stream.read(&mut piece) else { return };
        request.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            assert!(head.starts_with("POST /tsa HTTP/1.0\r\n"), "{head}");
            assert!(head.contains("Content-Type: application/timestamp-query"), "{head}");
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("Content-Length: "))
                .unwrap()
                .trim()
                .parse()
                .unwrap();
            if request.len() >= head.len() + 4 + length {
                break request[head.len() + 4..].to_vec();
            }
        }
        if read == 0 {
            return;
        }
    };
    let request = match mood {
        Mood::Down => return,
        Mood::Sick => {
            let _ = stream.write_all(b"HTTP/1.0 500 Sick\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        Mood::OtherRequest => authority.request(b"something else", "-sha256 -cert"),
        Mood::Right => body,
    };
    let answer = authority.answer(&request, "tsa1");
    let head = format!(
        "HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer));
}

/// Three authorities and the file that trusts them, two of three.
fn three(sandbox: &Sandbox) -> Option<(Vec<Served>, PathBuf)> {
    let authorities: Vec<Served> = (0..3).map(|_| Served::start()).collect::<Option<_>>()?;
    let mut file = "k = 2\n".to_owned();
    for (name, authority) in ["north", "east", "west"].iter().zip(&authorities) {
        fs::copy(authority.authority.path("ca.pem"), sandbox.path(&format!("{name}.pem"))).unwrap();
        file.push_str(&format!(
            "[[authority]]\nname = \"{name}\"\nurl = \"http://127.0.0.1:{}/tsa\"\nlocal = true\nroots = [\"{name}.pem\"]\n",
            authority.port
        ));
    }
    fs::write(sandbox.path("trust.toml"), file).unwrap();
    Some((authorities, sandbox.path("trust.toml")))
}

fn seal(archive: &mut EvidenceArchive, trust: &Trust, now: Timestamp, again: bool) -> selon_capture::Sealing {
    let ask = PlainHttp { connect: Duration::from_secs(5), whole: Duration::from_secs(20) };
    archive.seal(trust, &HowToSeal { ask: &ask, now, again, pause: &|_| () }).unwrap()
}

fn codes(sandbox: &Sandbox, trust: Option<&Trust>) -> (Vec<String>, Exit) {
    let against = Against { trust, ..Against::default() };
    let report = verify_archive_against(&sandbox.folder(), &Limits::default(), against).unwrap();
    (
        report.findings.iter().map(|finding| format!("{} {}", finding.code, finding.file)).collect(),
        report.exit,
    )
}

#[test]
fn two_of_three_seal_and_the_third_waits() {
    let sandbox = Sandbox::new();
    let Some((authorities, path)) = three(&sandbox) else { return };
    let trust = Trust::read(&path).unwrap();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un."), text("Deux.")]).unwrap();
    let now = Timestamp::now();

    // One is down, one lies: one stamp is not enough, and both wait.
    authorities[1].set(Mood::Down);
    authorities[2].set(Mood::OtherRequest);
    let sealing = seal(&mut archive, &trust, now, false);
    assert_eq!((sealing.size, sealing.stamped.len(), sealing.sealed), (4, 1, false), "{sealing:?}");
    assert_eq!(authorities[1].asked(), 3, "asked three times in one run");
    let why: Vec<&str> = sealing.waiting.iter().map(|waiting| waiting.why.as_str()).collect();
    assert!(
        why[0].contains("answered something that is not HTTP") && why[1].contains("stamp-imprint"),
        "{why:?}"
    );
    let (found, exit) = codes(&sandbox, Some(&trust));
    assert_eq!((found, exit), (vec!["not-sealed ledger/stamps".to_owned()], Exit::Verified));

    // At once, nobody is asked again: they are not due. Later one of them answers, one is sick.
    let asked = authorities[1].asked();
    let sealing = seal(&mut archive, &trust, now, false);
    assert!(!sealing.sealed && authorities[1].asked() == asked && sealing.waiting[0].next.unwrap() > now);
    authorities[1].set(Mood::Right);
    authorities[2].set(Mood::Sick);
    let later = now.checked_add(Duration::from_secs(3600)).unwrap();
    let sealing = seal(&mut archive, &trust, later, false);
    assert_eq!((sealing.stamped.len(), sealing.sealed), (2, true), "{sealing:?}");
    assert!(sealing.stamped[1].skew.is_some(), "the archive's clock is an hour ahead");
    assert!(sealing.waiting[0].why.contains("status 500"), "{sealing:?}");
    let report = verify_archive_against(
        &sandbox.folder(),
        &Limits::default(),
        Against { trust: Some(&trust), ..Against::default() },
    );
    let report = report.unwrap();
    assert!(report.findings.is_empty() && report.exit == Exit::Verified, "{:?}", report.findings);
    assert_eq!((report.seals.len(), report.seals[0].sealed, report.seals[0].size), (1, true, 4));

    // Again changes nothing but for the third, which now answers.
    authorities[2].set(Mood::Right);
    let sealing = seal(&mut archive, &trust, later, true);
    assert_eq!((sealing.size, sealing.stamped.len()), (4, 3));

    // openssl agrees, from the files alone.
    let stamps = sandbox.folder().join("ledger/stamps/4");
    for name in ["north", "east", "west"] {
        let root = sandbox.path(&format!("{name}.pem")).display().to_string();
        for held in ["-data checkpoint.txt".to_owned(), format!("-queryfile {name}.tsq")] {
            assert!(
                openssl_in(&stamps, &format!("ts -verify {held} -in {name}.tsr -CAfile {root}")),
                "{name} {held}"
            );
        }
    }

    // What is kept now is kept after the seal, and before the next one.
    archive.append(&[text("Trois.")]).unwrap();
    let log = archive.evidence().stamped(&trust).unwrap();
    let of = |leaf: u64| {
        let manifest = archive.evidence().manifest(LeafIndex(leaf)).unwrap().manifest;
        let selon_capture::manifest::Body::Capture(capture) = manifest.body else { panic!("leaf {leaf}") };
        interval(LeafIndex(leaf), capture.after.as_ref(), &log, &trust)
    };
    let first = of(1);
    assert!(
        first.not_before.is_none()
            && first.not_after.as_ref().is_some_and(|(at, by)| *at >= now && by.len() == 2)
    );
    let third = of(4);
    assert!(third.not_after.is_none() && third.not_before.as_ref().unwrap().0 < first.not_after.unwrap().0);
    let sealing = seal(&mut archive, &trust, later, false);
    assert_eq!((sealing.size, sealing.sealed), (5, true));
    let log = archive.evidence().stamped(&trust).unwrap();
    let manifest = archive.evidence().manifest(LeafIndex(4)).unwrap().manifest;
    let selon_capture::manifest::Body::Capture(capture) = manifest.body else { panic!() };
    let third = interval(LeafIndex(4), capture.after.as_ref(), &log, &trust);
    assert!(third.not_before.unwrap().0 < third.not_after.unwrap().0);

    // The own list says the same, and that it is its own; the archive opened again knows the seal.
    let (found, exit) = codes(&sandbox, None);
    assert_eq!((found, exit), (vec!["stamps-own-list trust/trust.toml".to_owned()], Exit::Verified));
    drop(archive);
    let mut archive = sandbox.open().unwrap();
    let asked: Vec<u32> = authorities.iter().map(Served::asked).collect();
    let sealing = seal(&mut archive, &trust, later, false);
    assert!(sealing.sealed && sealing.stamped.iter().all(|by| !by.new));
    assert_eq!(asked, authorities.iter().map(Served::asked).collect::<Vec<_>>());

    // Asking for less is logged.
    let weaker = fs::read_to_string(&path).unwrap().replace("k = 2", "k = 1");
    fs::write(&path, weaker).unwrap();
    let sealing = seal(&mut archive, &Trust::read(&path).unwrap(), later, false);
    assert_eq!((sealing.size, sealing.needed), (6, 1));
}

#[test]
fn what_was_done_to_stamps_is_found() {
    let sandbox = Sandbox::new();
    let Some((_authorities, path)) = three(&sandbox) else { return };
    let trust = Trust::read(&path).unwrap();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un.")]).unwrap();
    seal(&mut archive, &trust, Timestamp::now(), false);
    archive.append(&[text("Deux.")]).unwrap();
    seal(&mut archive, &trust, Timestamp::now(), false);
    drop(archive);
    let whole = files(&sandbox.folder());
    let check = |change: &dyn Fn(&Path), expected: &str, fails: bool| {
        change(&sandbox.folder().join("ledger/stamps"));
        let (found, exit) = codes(&sandbox, Some(&trust));
        assert!(found.iter().any(|code| code == expected), "{expected}: {found:?}");
        assert_eq!(exit == Exit::Failed, fails, "{expected}");
        fs::remove_dir_all(sandbox.folder()).unwrap();
        restore(&sandbox.folder(), &whole);
    };
    let flip = |path: PathBuf, at: usize| {
        let mut bytes = fs::read(&path).unwrap();
        let at = if at < bytes.len() { at } else { bytes.len() - 1 };
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    };
    check(
        &|stamps| flip(stamps.join("3/north.tsr"), 9_999),
        "stamp-signature ledger/stamps/3/north.tsr",
        true,
    );
    check(
        &|stamps| flip(stamps.join("3/checkpoint.txt"), 3),
        "checkpoint-bad ledger/stamps/3/checkpoint",
        true,
    );
    check(&|stamps| flip(stamps.join("3/checkpoint"), 3), "checkpoint-bad ledger/stamps/3/checkpoint", true);
    check(
        &|stamps| fs::remove_file(stamps.join("3/west.tsr")).unwrap(),
        "stamp-absent ledger/stamps/3",
        true,
    );
    check(
        &|stamps| assert!(fs::copy(stamps.join("3/north.tsr"), stamps.join("4/north.tsr")).is_ok()),
        "stamp-imprint ledger/stamps/4/north.tsr",
        true,
    );
    // An old folder put back under newer stamps: they say how long the log was.
    check(
        &|stamps| {
            let log = stamps.parent().unwrap();
            fs::rename(stamps.join("4"), stamps.join("9")).unwrap();
            assert!(log.is_dir());
        },
        "checkpoint-bad ledger/stamps/9/checkpoint",
        true,
    );
    // Somebody who trusts other authorities: the evidence stands, the time is not shown.
    fs::write(sandbox.path("other.toml"), "[[authority]]\nname = \"south\"\nroots = [\"south.pem\"]\n")
        .unwrap();
    let south = Served::start().unwrap();
    fs::copy(south.authority.path("ca.pem"), sandbox.path("south.pem")).unwrap();
    let strangers = Trust::read(&sandbox.path("other.toml")).unwrap();
    let (found, exit) = codes(&sandbox, Some(&strangers));
    assert!(
        exit == Exit::Verified && found.iter().any(|code| code == "not-sealed ledger/stamps"),
        "{found:?}"
    );
    assert!(found.iter().any(|code| code.starts_with("stamp-stranger ")), "{found:?}");
}

/// Two of three are two: whoever holds one root could stamp under every name that has it.
#[test]
fn one_authority_under_two_names_is_refused() {
    let sandbox = Sandbox::new();
    let Some((_authorities, path)) = three(&sandbox) else { return };
    assert_eq!(Trust::read(&path).unwrap().authorities.len(), 3);
    fs::copy(sandbox.path("north.pem"), sandbox.path("west.pem")).unwrap();
    let error = Trust::read(&path).unwrap_err().to_string();
    assert!(error.contains("authorities north and west have the same root certificate"), "{error}");
}

#[test]
fn lists_that_say_nothing_usable() {
    let sandbox = Sandbox::new();
    let check = |file: &str, expected: &str| {
        fs::write(sandbox.path("t.toml"), file).unwrap();
        let error = Trust::read(&sandbox.path("t.toml")).unwrap_err().to_string();
        assert!(error.contains(expected), "{file}: {error}");
    };
    check("", "0 authorities");
    check("[[authority]]\nname = \"a\"\nroots = []\n", "has no roots");
    check("[[authority]]\nname = \"../a\"\nroots = []\n", "names are small letters");
    check("k = 2\n[[authority]]\nname = \"a\"\nroots = []\n", "k = 2 of 1");
    check("k = 0\n[[authority]]\nname = \"a\"\nroots = []\n", "k = 0 of 1");
    check("[[authority]]\nname = \"a\"\nroots = [\"none.pem\"]\n", "cannot open");
    check("[[authority]]\nname = \"a\"\nroots = [\"t.toml\"]\n", "holds no certificate");
    check("colour = 1\n", "unknown field");
    // Private addresses are asked only where the list says so.
    let error = PlainHttp::default().ask("http://127.0.0.1:9/", false, b"", 10).unwrap_err();
    assert!(error.to_string().contains("local = true"), "{error}");
}
