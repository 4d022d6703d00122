//! Sealing, custody and erasing as people do them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use common::Place;

/// Id of the capture whose report holds these words.
fn capture(place: &Place, words: &str) -> String {
    let (_, out, _) = place.run(&["search", words, "--json"]);
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    found["hits"][0]["report"]["capture"].as_str().unwrap().trim_start_matches("sha256:").to_owned()
}

const SECRET: &str = "Selon la police, Madame Zyxwvutsrq habite au 7 rue du Port à Vernak.";

#[test]
fn a_capture_is_erased_on_order() {
    let place = Place::new();
    place.add_text("a.txt", "Selon l'armée, 12 civils ont fui la vallée.", &[]);
    place.add_text("b.txt", SECRET, &[]);
    let id = capture(&place, "Zyxwvutsrq");
    let checkpoint = fs::read(place.path("archive/ledger/checkpoint")).unwrap();
    fs::write(place.path("old"), checkpoint).unwrap();
    let order = ["erase", &id, "--why", "asked for by her", "--by", "the keeper"];
    let (code, out, err) = place.run(&order);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("leaves      2") && out.contains("nothing was erased"), "{out}");
    let mut yes = order.to_vec();
    yes.push("--yes");
    let (code, out, err) = place.run(&yes);
    assert!(code == 0 && out.contains("no trace is left"), "{out}{err}");
    let (code, out, err) = place.verify(&["--checkpoint", &place.path("old").display().to_string()]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("erased    1 leaf, on order") && out.contains("asked for by her"), "{out}");
    // Her name is in no file of the archive, not even packed.
    let mut folders = vec![place.path("archive")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let mut plain = Vec::new();
            if flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).is_err() {
                plain = bytes;
            }
            let plain = String::from_utf8_lossy(&plain).to_lowercase();
            assert!(!plain.contains("zyxwvutsrq") && !plain.contains(&id), "{}", path.display());
        }
    }
    assert_eq!(place.run(&["show", &id]).0, 5);
    assert_eq!(place.run(&yes).0, 5);
    place.add_text("c.txt", "La route rouvre.", &[]);
    assert_eq!(place.verify(&[]).0, 0);
}

/// As long as a trace is left, no command closes the order, and erasing again says how it stands.
#[test]
fn an_erasure_that_leaves_traces_stays_open() {
    let place = Place::new();
    place.add_text("a.txt", "Selon l'armée, 12 civils ont fui la vallée.", &[]);
    place.add_text("b.txt", SECRET, &[]);
    let id = capture(&place, "Zyxwvutsrq");
    // Somebody's copy of the records, among the older ones.
    let mut warc = place.path("archive/warc");
    while warc.is_dir() {
        warc = fs::read_dir(&warc).unwrap().next().unwrap().unwrap().path();
    }
    let copy = warc.with_file_name("selon-10000101-000001.warc.gz");
    fs::copy(&warc, &copy).unwrap();
    let erase = ["erase", &id, "--why", "asked for by her", "--by", "the keeper", "--yes"];
    let (code, out, err) = place.run(&erase);
    assert!(code == 3 && out.contains("leaf 3, but traces are left"), "{out}{err}");
    assert!(err.contains("selon-10000101-000001.warc.gz"), "{err}");
    for command in [&["custody", &capture(&place, "vallée"), "--did", "viewed"][..], &erase] {
        let (_, out, err) = place.run(command);
        assert!(err.contains("the erasure ordered in leaf 3 stays open"), "{out}{err}");
    }
    assert_eq!(place.run(&erase).0, 3, "said again");
    let (_, out, _) = place.verify(&[]);
    assert!(out.contains("erasure-unfinished"), "{out}");
    fs::remove_file(copy).unwrap();
    let (code, out, err) = place.run(&erase);
    assert!(code == 0 && out.contains("erased; the order is leaf 3"), "{out}{err}");
    let (code, _, err) = place.run(&erase);
    assert!(code == 5 && err.contains("selon verify lists the orders"), "{err}");
    let (code, out, err) = place.verify(&[]);
    assert!(code == 0 && !out.contains("erasure-unfinished"), "{out}{err}");
}

#[test]
fn names_are_kept_apart_and_in_no_export() {
    let place = Place::new();
    place.add_text(
        "a.txt",
        "Selon l'armée, 12 civils ont fui la vallée.",
        &["--by", "Ana Ruo", "--why", "removal expected"],
    );
    let id = capture(&place, "vallée");
    let (code, out, err) =
        place.run(&["custody", &id, "--did", "handed over", "--note", "to the court", "--by", "Carl Elsk"]);
    assert!(code == 0 && out.contains("handed over: to the court"), "{out}{err}");
    assert!(!out.contains("Carl"), "{out}");
    let (_, out, _) = place.run(&["custody", &id, "--names"]);
    assert!(
        out.contains("Carl Elsk") && out.contains("Ana Ruo") && out.contains("removal expected"),
        "{out}"
    );
    for (form, name) in [("kit", "kit"), ("wacz", "a.wacz")] {
        let out = place.path(name).display().to_string();
        let (code, _, err) = place.run(&["export", &out, "--as", form]);
        assert_eq!(code, 0, "{err}");
    }
    let (_, out, _) = place.run(&["custody", &id]);
    assert!(out.contains("exported as kit") && out.contains("exported as wacz"), "{out}");
    let mut handed_out = vec![place.path("a.wacz"), place.path("a.wacz.manifest.json")];
    let mut folders = vec![place.path("kit")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { handed_out.push(path) }
        }
    }
    assert!(handed_out.len() > 8);
    for path in handed_out {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for name in ["Ana Ruo", "Carl Elsk", "removal expected"] {
            assert!(!text.contains(name), "{name} in {}", path.display());
        }
    }
    assert_eq!(place.verify(&[]).0, 0);
}

fn openssl(folder: &Path, arguments: &str) -> bool {
    Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// An authority behind a loopback port, run by openssl; `None` where that is not there.
fn authority(folder: &Path) -> Option<u16> {
    fs::create_dir_all(folder).unwrap();
    if !openssl(folder, "version") {
        eprintln!("skipped: openssl is not there");
        return None;
    }
    fs::write(folder.join("tsa.cnf"), include_str!("../../selon-capture/tests/common/tsa.cnf")).unwrap();
    fs::write(folder.join("serial"), "01\n").unwrap();
    let key = "ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for step in [
        format!("req -x509 -newkey {key} -keyout ca.key -out ca.pem -days 99 -subj /CN=Root -config tsa.cnf -extensions ca"),
        format!("req -new -newkey {key} -keyout tsa.key -out tsa.csr -subj /CN=Signer -config tsa.cnf"),
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 99 -extfile tsa.cnf -extensions stamping".to_owned(),
    ] {
        assert!(openssl(folder, &step), "{step}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, folder) = (listener.local_addr().unwrap().port(), folder.to_owned());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut request, mut piece) = (Vec::new(), [0; 2048]);
            // The body is the 69 octets of a request of ours.
            while !request.windows(4).any(|end| end == b"\r\n\r\n")
                || request.len() < 100
                || !request.ends_with(&[1, 1, 0xff])
            {
                match stream.read(&mut piece) {
                    Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            fs::write(folder.join("q.tsq"), &request[request.len().saturating_sub(69)..]).unwrap();
            openssl(&folder, "ts -reply -config tsa.cnf -section tsa1 -queryfile q.tsq -out r.tsr");
            let answer = fs::read(folder.join("r.tsr")).unwrap();
            let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer));
        }
    });
    Some(port)
}

#[test]
fn an_archive_is_sealed_and_a_capture_has_its_interval() {
    let place = Place::new();
    let Some(port) = authority(&place.path("tsa")) else { return };
    place.add_text("a.txt", "Selon l'armée, 12 civils ont fui la vallée.", &[]);
    assert_eq!(place.run(&["seal"]).0, 2, "no list of authorities yet");
    let trust = place.path("tsa/trust.toml").display().to_string();
    let list = |port: u16| {
        format!(
            "[[authority]]\nname = \"north\"\nurl = \"http://127.0.0.1:{port}/\"\nlocal = true\nroots = [\"ca.pem\"]\n"
        )
    };
    fs::write(&trust, list(1)).unwrap();
    let (code, out, _) = place.run(&["seal", "--trust", &trust]);
    assert!(code == 3 && out.contains("not sealed yet") && out.contains("north"), "{out}");
    fs::write(&trust, list(port)).unwrap();
    let (code, out, err) = place.run(&["seal", "--trust", &trust, "--again"]);
    assert!(code == 0 && out.contains("sealed: 1 of 1"), "{out}{err}");
    assert_eq!(place.run(&["seal"]).0, 0, "the list is the archive's own now");
    let (code, out, _) = place.verify(&["--trust", &trust]);
    assert!(code == 0 && out.contains("sealed") && out.contains("everything verifies"), "{out}");
    let kit = place.path("kit").display().to_string();
    assert_eq!(place.run(&["export", &kit, "--as", "kit"]).0, 0);
    assert!(openssl(
        &place.path("kit"),
        "ts -verify -data checkpoint.txt -in stamps/north.tsr -CAfile ../tsa/ca.pem"
    ));
    assert!(fs::read_to_string(place.path("kit/VERIFY.md")).unwrap().contains("1 authority has stamped it"));

    place.add_text("b.txt", "La route rouvre à Vernak.", &[]);
    assert_eq!(place.run(&["seal"]).0, 0);
    let shown = |words: &str| place.run(&["show", &capture(&place, words)]).1;
    let (first, second) = (shown("vallée"), shown("Vernak"));
    assert!(first.contains("Not after  20") && first.contains("Not before unknown"), "{first}");
    assert!(second.contains("Not after  20") && second.contains("Not before 20"), "{second}");
    assert!(second.contains("not when it was") && second.contains("published"), "{second}");
}
