//! The desk as a browser, a stranger and a hostile page meet it.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use common::{examples, run, selon};

struct Desk {
    home: tempfile::TempDir,
    child: Child,
    host: String,
    base: String,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

impl Desk {
    fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let archive = home.path().join("archive").display().to_string();
        let mut add = vec!["add".to_owned(), "--archive".to_owned(), archive.clone()];
        add.extend(examples());
        let add: Vec<&str> = add.iter().map(String::as_str).collect();
        assert_eq!(run(home.path(), &add).0, 0);
        let mut child = selon(home.path())
            .args(["serve", "--port", "0", "--archive", &archive])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let rest = address.trim().strip_prefix("http://").expect("an address");
        let (host, base) = rest.split_once('/').expect("a path");
        Desk { home, child, host: host.to_owned(), base: format!("/{base}") }
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn get(&self, path: &str) -> Answer {
        self.asked("GET", path, &self.host, "")
    }

    fn asked(&self, method: &str, path: &str, host: &str, more: &str) -> Answer {
        self.send(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"))
    }

    /// A page below the key.
    fn page(&self, path: &str) -> Answer {
        self.get(&format!("{}{path}", self.base))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hrefs(html: &str) -> Vec<String> {
    html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// An address as a browser resolves it (RFC 3986, section 5.2), for relative paths.
fn resolve(page: &str, href: &str) -> String {
    let path = page.split(['?', '#']).next().unwrap_or(page);
    if href.is_empty() || href.starts_with('?') {
        return format!("{path}{href}");
    }
    let mut folder: Vec<&str> = path.split('/').collect();
    folder.pop();
    let (href, query) = href.split_once('?').map_or((href, None), |(href, query)| (href, Some(query)));
    for part in href.split('/') {
        match part {
            ".." => {
                folder.pop();
            }
            "." => {}
            part => folder.push(part),
        }
    }
    if href.ends_with("..") || href.ends_with('.') {
        folder.push("");
    }
    format!("{}{}", folder.join("/"), query.map_or(String::new(), |query| format!("?{query}")))
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let desk = Desk::open();
    for ui in ["en", "fr", "ar"] {
        let mut waiting =
            vec![format!("{}?ui={ui}", desk.base), format!("{}search?q=water&ui={ui}", desk.base)];
        let mut seen = std::collections::BTreeSet::new();
        let mut kinds = std::collections::BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) || path.contains("ui=") && !path.contains(&format!("ui={ui}")) {
                continue;
            }
            let answer = desk.get(&path);
            assert_eq!(answer.status, 200, "{path}");
            assert!(!answer.head.to_lowercase().contains("set-cookie"), "{path}");
            kinds.insert(path[desk.base.len()..].split(['/', '?']).next().unwrap_or("").to_owned());
            if answer.header("content-type").starts_with("application/warc") {
                continue;
            }
            let html = answer.text();
            assert!(html.contains(&format!("<html lang=\"{ui}\"")), "{path}");
            for policy in [answer.header("content-security-policy"), &html] {
                assert!(policy.contains("script-src 'none'"), "{path}");
            }
            for href in hrefs(&html) {
                let href = href.replace("&amp;", "&");
                assert!(!href.contains("//"), "{path}: {href} leads outside");
                let href = href.split('#').next().unwrap_or("").to_owned();
                if !href.is_empty() {
                    waiting.push(resolve(&path, &href));
                }
            }
        }
        let expected: Vec<&str> = ["", "compare", "record", "report", "search", "story", "verify"].into();
        assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{ui}");
    }
}

#[test]
fn strangers_are_refused() {
    let desk = Desk::open();
    let base = desk.base.clone();
    let key = base.trim_matches(['/', '~']);
    assert_eq!(key.len(), 43, "256 random bits");
    let other = format!("/~{}/", "A".repeat(43));
    for (path, host, more, status) in [
        ("/", desk.host.as_str(), "", 403),
        (&other, &desk.host, "", 403),
        ("/~/", &desk.host, "", 403),
        (&base, "rebound.example", "", 421),
        (&base, "localhost", "", 421),
        (&base, &desk.host, "Origin: http://evil.example\r\n", 403),
        (&base, &desk.host, "Origin: null\r\n", 403),
        (&base, &desk.host, "Origin: http://127.0.0.1:1\r\n", 403),
        (&base, &desk.host, "Host: rebound.example\r\n", 421),
    ] {
        let answer = desk.asked("GET", path, host, more);
        // hyper itself refuses a second Host
        let double = more.starts_with("Host");
        assert!(
            answer.status == status || double && answer.status == 400,
            "{path} {host} {more}: {}",
            answer.status
        );
        let html = answer.text();
        assert!(!html.contains("reservoir") && !html.contains(key), "{path} {host} {more} tells something");
        if answer.status == status {
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
        }
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = desk.asked(method, &base, &desk.host, "Content-Length: 0\r\n");
        assert_eq!(answer.status, 405, "{method}: nothing can be changed");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[test]
fn odd_addresses_get_an_answer() {
    let desk = Desk::open();
    let list = run(
        desk.home.path(),
        &["stories", "--jsonl", "--archive", &desk.home.path().join("archive").display().to_string()],
    );
    assert_eq!(list.0, 0, "{}", list.2);
    for part in ["\"selon.link/1\"", "\"input\":\"sandquay-1\""] {
        assert!(list.1.contains(part), "{part}");
    }
    let json: serde_json::Value = serde_json::from_str(list.1.lines().next().unwrap()).unwrap();
    let story = json["id"].as_str().expect("a story has an id");
    let short = desk.page(&format!("story/{}", &story[..12]));
    assert_eq!((short.status, short.header("location")), (303, format!("../story/{story}").as_str()));
    for (path, status) in [
        ("nothing-here", 404),
        ("report/", 404),
        ("report/zz", 404),
        ("report/0000000000000000000000000000000000000000000000000000000000000000", 404),
        ("record/0000", 404),
        ("verify/%FF%FE", 400),
        ("search?q=%28a%20OR", 400),
        ("search?q=", 200),
        ("search", 200),
        ("search?ui=xx", 200),
    ] {
        let answer = desk.page(path);
        assert_eq!(answer.status, status, "{path}");
    }
    assert!(desk.page("search?q=%28a%20OR").text().contains("cannot read the query"));
    let french = desk.asked("GET", &desk.base, &desk.host, "Accept-Language: fr-CA,fr;q=0.9,en;q=0.5\r\n");
    assert!(french.text().contains("<html lang=\"fr\""));
    let long = desk.page(&format!("search?q={}", "a".repeat(30_000)));
    assert!([200, 400, 414, 431].contains(&long.status), "{}", long.status);
}

/// Ctrl-C closes the desk, whoever still holds a request open.
#[test]
fn an_unfinished_request_does_not_keep_it_open() {
    let mut desk = Desk::open();
    let mut stream = TcpStream::connect(&desk.host).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let pid = desk.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    for _ in 0..80 {
        if let Some(status) = desk.child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the desk is still open after eight seconds");
}

/// What can be downloaded is the record as it lies in its file, and is a WARC of its own.
#[test]
fn a_record_leads_back_to_the_bytes() {
    let desk = Desk::open();
    let report = hrefs(&desk.page("").text()).into_iter().find(|href| href.starts_with("report/")).unwrap();
    let html = desk.page(&report).text();
    let receipt =
        hrefs(&html).into_iter().find(|href| href.contains("verify/")).expect("a receipt, one click away");
    let receipt = receipt.trim_start_matches("../").to_owned();
    let html = desk.page(&receipt).text();
    let record = hrefs(&html).into_iter().find(|href| href.contains("record/")).expect("its bytes, one more");
    let answer = desk.page(record.trim_start_matches("../"));
    let path = desk.home.path().join("one.warc.gz");
    std::fs::write(&path, &answer.body).unwrap();
    let (code, out, err) = run(desk.home.path(), &["verify", &path.display().to_string()]);
    assert_eq!(code, 0, "{out}{err}");

    // the command that the receipt prints gives the digest that it shows
    let command =
        html.split("<pre dir=\"ltr\">").find(|part| part.starts_with("tail -c")).expect("a command");
    let command = command.split("</pre>").next().unwrap_or("").replace("&#39;", "'").replace("&quot;", "\"");
    let ran = std::process::Command::new("sh")
        .args(["-c", &command])
        .current_dir(desk.home.path().join("archive"))
        .output()
        .unwrap();
    let digest = String::from_utf8_lossy(&ran.stdout).split(' ').next().unwrap_or("").to_owned();
    assert_eq!(digest.len(), 64, "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    assert!(html.contains(&digest), "{command} gives {digest}");
}
