//! Fetching from a site on this machine that the test starts itself: what is kept is what was
//! sent, and a site that means harm costs what a limit says.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "common/tls.rs"]
mod chain;
mod common;
#[path = "common/site.rs"]
mod site;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use common::{Sandbox, files};
use selon_capture::fetch::{FaultKind, FetchLimits, Fetcher, Nowhere, Settings, Stop, Visit, Wall};
use selon_capture::manifest::{Body, CaptureManifest, Purpose, Wire as WireFacts};
use selon_capture::{EvidenceArchive, Limits, Step, WarcReader};
use selon_model::{Digest, Stated};
use site::{HTML, Site, Wire, send};

/// Settings that admit these addresses and wait for nothing.
fn settings(admitted: &[SocketAddr]) -> Settings {
    Settings {
        allowed: admitted.iter().map(|address| address.to_string().parse().unwrap()).collect(),
        delay: Duration::ZERO,
        limits: FetchLimits {
            idle: Duration::from_millis(600),
            whole: Duration::from_millis(1500),
            connect: Duration::from_secs(2),
            body: 3 << 20,
            most_wait: Duration::from_secs(3),
            tries: 2,
            ..FetchLimits::default()
        },
        ..Settings::default()
    }
}

fn fetcher(site: &Site) -> Fetcher {
    Fetcher::new(settings(&[site.address])).unwrap()
}

fn visit(fetcher: &mut Fetcher, url: &str, archive: &mut EvidenceArchive) -> Result<Visit, Stop> {
    fetcher.visit(url, None, &Stated::default(), archive)
}

/// Why an address is not fetched.
#[track_caller]
fn fault(fetcher: &mut Fetcher, url: &str) -> (FaultKind, String) {
    match fetcher.visit(url, None, &Stated::default(), &mut Nowhere) {
        Ok(visit) => panic!("{url} was fetched with status {}", visit.exchange.status()),
        Err(Stop::Fault(fault)) => (fault.kind, fault.what),
        Err(Stop::Error(error)) => panic!("{error}"),
    }
}

/// Every capture of class `wire`, in order.
fn captures(archive: &EvidenceArchive) -> Vec<(CaptureManifest, WireFacts)> {
    let manifests = archive.evidence().manifests().unwrap();
    manifests
        .filter_map(|logged| match logged.unwrap().manifest.body {
            Body::Capture(capture) => capture.wire.clone().map(|wire| (*capture, *wire)),
            _ => None,
        })
        .collect()
}

/// Type, target, header fields and block of every record of the archive.
fn records(sandbox: &Sandbox) -> Vec<(String, String, String, Vec<u8>)> {
    let mut found = Vec::new();
    for (name, bytes) in files(&sandbox.folder()) {
        if !name.ends_with(".warc.gz") {
            continue;
        }
        let mut reader = WarcReader::new(std::io::Cursor::new(bytes), Limits::default()).unwrap();
        while let Some(step) = reader.next().unwrap() {
            let Step::Record(head) = step else { panic!("{name}: not only records") };
            let mut block = Vec::new();
            let tail = reader.block(&mut |bytes| block.extend_from_slice(bytes)).unwrap();
            assert_eq!((tail.fault, tail.notes.len()), (None, 0), "{name}");
            found.push((
                head.header.record_type.as_str().to_owned(),
                head.header.target_uri().unwrap_or("").to_owned(),
                String::from_utf8(head.raw.clone()).unwrap(),
                block,
            ));
        }
    }
    found
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    common::member(bytes)
}

const STORY: &str = "<!doctype html><title>Alep</title><link rel=stylesheet href=/style.css>\
    <p>Les combats ont repris dans le nord.<img src=/photo.png><video poster='/poster.jpg'></video>";

/// A small site of news.
fn news() -> Site {
    Site::new(|target, head, wire| {
        match target {
        "/robots.txt" => send(wire, "200 OK", "Content-Type: text/plain\r\n", b"User-agent: *\nDisallow: /no\n"),
        "/old" => send(wire, "301 Moved Permanently", "Location: /moved#part\r\n", b"gone"),
        "/moved" => send(wire, "302 Found", "Location: story?a=1\r\n", b""),
        "/story?a=1" => send(wire, "200 OK", HTML, STORY.as_bytes()),
        "/style.css" => send(
            wire,
            "200 OK",
            "Content-Type: text/css\r\n",
            b"@import 'more.css'; body { background: url(\"back.gif\") }",
        ),
        "/more.css" => send(wire, "200 OK", "Content-Type: text/css\r\n", b"p { color: red }"),
        "/photo.png" => send(wire, "200 OK", "Content-Type: image/png\r\n", b"\x89PNG\r\n\x1a\n photo"),
        "/poster.jpg" => send(wire, "404 Not Found", "", b"no"),
        "/back.gif" => send(wire, "200 OK", "Content-Type: image/gif\r\n", b"GIF89a back"),
        "/chunked" => {
            let gz = gzip(STORY.as_bytes());
            let (one, two) = gz.split_at(20);
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.write_all(head.as_bytes()).unwrap();
            for part in [one, two] {
                wire.write_all(format!("{:x};x=y\r\n", part.len()).as_bytes()).unwrap();
                wire.write_all(part).unwrap();
                wire.write_all(b"\r\n").unwrap();
            }
            wire.write_all(b"0\r\nTrailer: z\r\n\r\nbehind").unwrap();
        }
        "/early" => {
            wire.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n").unwrap();
            send(wire, "200 OK", HTML, b"<p>after");
        }
        "/feed" if head.contains("If-None-Match: \"v1\"") => {
            wire.write_all(b"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n").unwrap();
        }
        "/feed" => send(
            wire,
            "200 OK",
            "Content-Type: application/rss+xml\r\nETag: \"v1\"\r\n",
            b"<rss><channel><item><link>/story?a=1</link></item><item><link>http://127.0.0.1/x</link></item></channel></rss>",
        ),
        "/sitemap.xml.gz" => send(
            wire,
            "200 OK",
            "Content-Type: application/x-gzip\r\n",
            &gzip(b"<sitemapindex><sitemap><loc>https://a.test/s.xml</loc></sitemap></sitemapindex>"),
        ),
        _ => send(wire, "404 Not Found", HTML, b"<p>Rien ici"),
    }
    })
}

#[test]
fn a_page_that_sends_on_is_followed_and_not_filed() {
    let site = Site::new(|target, _, wire| {
        let refresh = |content: &str| format!("<meta http-equiv=refresh content='{content}'><p>Un instant");
        match target {
            "/robots.txt" => send(wire, "404 Not Found", "", b""),
            "/goes" => send(wire, "200 OK", HTML, refresh("0;url=/page").as_bytes()),
            "/inside" => send(wire, "200 OK", HTML, refresh("0;url=http://127.0.0.1:1/").as_bytes()),
            "/round" => send(wire, "200 OK", HTML, refresh("1;url=/turn").as_bytes()),
            "/turn" => send(wire, "200 OK", HTML, refresh("1;url=/round").as_bytes()),
            _ => send(wire, "200 OK", HTML, STORY.as_bytes()),
        }
    });
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = Fetcher::new(Settings { requisites: false, ..settings(&[site.address]) }).unwrap();
    let seen = visit(&mut fetcher, &site.url("/goes"), &mut archive).unwrap();
    assert_eq!((seen.exchange.url.path(), seen.redirects), ("/page", 1));
    assert!(archive.was_fetched(&site.url("/goes")) && archive.was_fetched(&site.url("/page")));
    let kept = captures(&archive);
    let [.., (first, wire), (_, page)] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(wire.blocked_page.as_deref(), Some("refresh"));
    assert_eq!((page.redirect_of, page.blocked_page.as_deref()), (Some(first.capture), None));
    // Where it would lead to an inner network it is not followed.
    let seen = visit(&mut fetcher, &site.url("/inside"), &mut archive).unwrap();
    assert_eq!((seen.exchange.url.path(), seen.redirects), ("/inside", 0));
    let (kind, _) = fault(&mut fetcher, &site.url("/round"));
    assert_eq!(kind, FaultKind::Redirects);
}

#[test]
fn what_is_kept_is_what_was_sent() {
    let (site, sandbox) = (news(), Sandbox::new());
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = fetcher(&site);
    let seen = visit(&mut fetcher, &site.url("/old"), &mut archive).unwrap();
    assert_eq!((seen.exchange.status(), seen.redirects, seen.requisites), (200, 2, 4));
    assert_eq!(seen.missing.len(), 1);
    assert!(seen.missing[0].url.ends_with("/poster.jpg") && seen.missing[0].what.contains("404"));
    assert_eq!(
        site.asked(),
        [
            "/robots.txt",
            "/old",
            "/moved",
            "/story?a=1",
            "/style.css",
            "/photo.png",
            "/poster.jpg",
            "/back.gif",
            "/more.css"
        ]
    );

    let captures = captures(&archive);
    let said: Vec<(String, Option<u16>, Purpose)> = captures
        .iter()
        .map(|(capture, wire)| (capture.target_uri.replace(&site.url(""), ""), capture.status, wire.purpose))
        .collect();
    let page = |path: &str, status| (path.to_owned(), Some(status), Purpose::Page);
    let requisite = |path: &str| (path.to_owned(), Some(200), Purpose::Requisite);
    assert_eq!(
        said,
        [
            ("/robots.txt".to_owned(), Some(200), Purpose::Robots),
            page("/old", 301),
            page("/moved", 302),
            page("/story?a=1", 200),
            requisite("/style.css"),
            requisite("/photo.png"),
            requisite("/back.gif"),
            requisite("/more.css"),
        ]
    );
    // Each hop names the one before it, each requisite its page.
    assert_eq!(captures[1].1.redirect_of, None);
    assert_eq!(captures[2].1.redirect_of, Some(captures[1].0.capture));
    assert_eq!(captures[3].1.redirect_of, Some(captures[2].0.capture));
    assert!(captures[4..].iter().all(|(_, wire)| wire.via == Some(captures[3].0.capture)));
    assert!(captures.iter().all(|(_, wire)| wire.peer == Some(site.address.ip()) && wire.dns.len() == 1));
    assert_eq!(captures[3].1.robots, "allowed");

    // The records hold the bytes, head and all, and the request.
    let records = records(&sandbox);
    let story =
        records.iter().find(|(kind, uri, ..)| kind == "response" && uri.ends_with("/story?a=1")).unwrap();
    let head = format!("HTTP/1.1 200 OK\r\n{HTML}Content-Length: {}\r\n\r\n", STORY.len());
    assert_eq!(String::from_utf8(story.3.clone()).unwrap(), format!("{head}{STORY}"));
    assert!(story.2.contains("WARC-IP-Address: 127.0.0.1\r\n"));
    assert!(story.2.contains(&format!("WARC-Payload-Digest: {}\r\n", Digest::of(STORY.as_bytes()))));
    let request =
        records.iter().find(|(kind, uri, ..)| kind == "request" && uri.ends_with("/story?a=1")).unwrap();
    assert!(request.3.starts_with(b"GET /story?a=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
    let id = story.2.lines().find_map(|line| line.strip_prefix("WARC-Record-ID: ")).unwrap();
    assert!(request.2.contains(&format!("WARC-Concurrent-To: {id}")));
    let via =
        records.iter().find(|(kind, uri, ..)| kind == "metadata" && uri.ends_with("/photo.png")).unwrap();
    assert!(String::from_utf8_lossy(&via.3).starts_with(&format!("via: {}", site.url("/story?a=1"))));

    drop(archive);
    let report = sandbox.verify();
    assert_eq!((report.exit.code(), report.captures), (0, 8), "{:?}", report.findings);

    // What is handed over carries requests and metadata, too.
    let package = sandbox.path("all.wacz");
    let evidence = selon_capture::Evidence::open(&sandbox.folder()).unwrap();
    evidence.export_wacz(None, &package, "All", common::now()).unwrap();
    let report = selon_capture::verify_file(&package, &Limits::default(), &mut |_| ()).unwrap();
    assert_eq!((report.exit.code(), report.records), (0, 8 * 2 + 1), "{:?}", report.findings);
}

#[test]
fn chunks_stay_as_they_came_and_interim_heads_are_kept_apart() {
    let (site, sandbox) = (news(), Sandbox::new());
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = fetcher(&site);
    let seen = visit(&mut fetcher, &site.url("/chunked"), &mut archive).unwrap();
    assert_eq!(seen.body.as_deref(), Some(STORY.as_bytes()));
    visit(&mut fetcher, &site.url("/early"), &mut archive).unwrap();
    let captures = captures(&archive);
    let gz = gzip(STORY.as_bytes());
    let chunked = &captures.iter().find(|(capture, _)| capture.target_uri.ends_with("/chunked")).unwrap();
    assert_eq!(chunked.0.payload.digest, Digest::of(&gz));
    let body = [
        b"14;x=y\r\n".as_slice(),
        &gz[..20],
        b"\r\n",
        format!("{:x};x=y\r\n", gz.len() - 20).as_bytes(),
        &gz[20..],
        b"\r\n0\r\nTrailer: z\r\n\r\n",
    ]
    .concat();
    assert_eq!(chunked.1.body_as_sent, Digest::of(&body));
    let records = records(&sandbox);
    let of = |kind: &str, path: &str| records.iter().find(|it| it.0 == kind && it.1.ends_with(path)).unwrap();
    let response = of("response", "/chunked");
    assert!(response.3.ends_with(&body) && !response.2.contains("Payload-Digest"), "{}", response.2);
    assert!(of("response", "/early").3.starts_with(b"HTTP/1.1 200 OK"));
    assert!(
        String::from_utf8_lossy(&of("metadata", "/early").3).contains("interimHeadsBase64: SFRUUC8xLjEgMTAz")
    );
    drop(archive);
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn a_page_fetched_again_is_a_revisit() {
    let (site, sandbox) = (news(), Sandbox::new());
    for round in 0..3 {
        // A new process each time: what is known comes from the log.
        let mut archive = sandbox.open().unwrap();
        assert_eq!(archive.was_fetched(&site.url("/old")), round > 0);
        assert_eq!(archive.was_fetched(&site.url("/story?a=1")), round > 0);
        visit(&mut fetcher(&site), &site.url("/old"), &mut archive).unwrap();
        visit(&mut fetcher(&site), &site.url("/chunked"), &mut archive).unwrap();
    }
    let archive = sandbox.open().unwrap();
    let captures = captures(&archive);
    let stories: Vec<_> =
        captures.iter().filter(|(capture, _)| capture.target_uri.ends_with("/story?a=1")).collect();
    assert_eq!(stories.len(), 3);
    assert_eq!(stories[0].1.revisit_of, None);
    let first =
        captures.iter().position(|(capture, _)| capture.capture == stories[0].0.capture).unwrap() as u64 + 1;
    assert_eq!(stories[1].1.revisit_of.map(|leaf| leaf.0), Some(first));
    assert_eq!(stories[1].0.payload, stories[0].0.payload);
    let records = records(&sandbox);
    let revisits: Vec<_> = records.iter().filter(|(kind, ..)| kind == "revisit").collect();
    assert!(revisits.iter().any(|(_, uri, ..)| uri.ends_with("/chunked")));
    let revisit = revisits.iter().find(|(_, uri, ..)| uri.ends_with("/story?a=1")).unwrap();
    assert!(revisit.3.starts_with(b"HTTP/1.1 200 OK\r\n") && revisit.3.ends_with(b"\r\n\r\n"));
    assert!(revisit.2.contains(&format!("WARC-Refers-To: <{}>\r\n", stories[0].0.records[0].id)));
    drop(archive);
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn lists_name_pages_and_are_asked_whether_they_changed() {
    let (site, sandbox) = (news(), Sandbox::new());
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = fetcher(&site);
    let feed = visit(&mut fetcher, &site.url("/feed"), &mut archive).unwrap();
    let leads = feed.leads.unwrap();
    let named: Vec<&str> = leads.iter().map(|lead| lead.url.as_str()).collect();
    assert_eq!(named, [&site.url("/story?a=1"), "http://127.0.0.1/x"]);
    let again = visit(&mut fetcher, &site.url("/feed"), &mut archive).unwrap();
    assert_eq!((again.exchange.status(), again.leads, again.body), (304, None, None));
    let sitemap = visit(&mut fetcher, &site.url("/sitemap.xml.gz"), &mut archive).unwrap();
    let leads = sitemap.leads.unwrap();
    assert!(leads.len() == 1 && leads[0].is_list && leads[0].url.as_str() == "https://a.test/s.xml");
    let said: Vec<Purpose> = captures(&archive).iter().map(|(_, wire)| wire.purpose).collect();
    assert_eq!(said, [Purpose::Robots, Purpose::List, Purpose::List, Purpose::List]);
    assert!(
        records(&sandbox)
            .iter()
            .any(|(kind, _, head, _)| kind == "revisit" && head.contains("server-not-modified"))
    );
    drop(archive);
    assert_eq!(sandbox.verify().exit.code(), 0);
}

#[test]
fn robots_txt_decides() {
    let site = news();
    let mut fetcher_of_news = fetcher(&site);
    let (kind, what) = fault(&mut fetcher_of_news, &site.url("/no/page"));
    assert_eq!(
        (kind, what.contains("robots.txt does not allow /no/page")),
        (FaultKind::Robots, true),
        "{what}"
    );
    assert_eq!(site.asked(), ["/robots.txt"]);

    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let reason = Some("removal is expected".to_owned());
    let mut forced = Fetcher::new(Settings { ignore_robots: reason, ..settings(&[site.address]) }).unwrap();
    visit(&mut forced, &site.url("/no/page"), &mut archive).unwrap();
    assert_eq!(captures(&archive)[0].1.robots, "overridden: removal is expected");

    let broken = Site::new(|target, _, wire| match target {
        "/robots.txt" => send(wire, "500 Oh", "", b""),
        _ => send(wire, "200 OK", HTML, b"<p>x"),
    });
    let (kind, what) = fault(&mut fetcher(&broken), &broken.url("/a"));
    assert!(kind == FaultKind::Robots && what.contains("cannot be had now"), "{what}");

    // What is no HTTP, and a file that is broken off, may have forbidden anything.
    for answer in ["220 ready\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nUser-agent: *\n"] {
        let broken = Site::new(move |target, _, wire| match target {
            "/robots.txt" => drop(wire.write_all(answer.as_bytes())),
            _ => send(wire, "200 OK", HTML, b"<p>x"),
        });
        let (kind, what) = fault(&mut fetcher(&broken), &broken.url("/a"));
        assert!(kind == FaultKind::Robots && what.contains("cannot be had now"), "{answer}: {what}");
    }

    let none = Site::new(|_, _, wire| send(wire, "404 Not Found", HTML, b"<p>Rien"));
    let seen = fetcher(&none).visit(&none.url("/a"), None, &Stated::default(), &mut Nowhere).unwrap();
    assert_eq!(seen.fault().map(|fault| fault.kind), Some(FaultKind::Name));
}

#[test]
fn what_a_page_needs_stays_within_what_it_may_need() {
    let site = Site::new(|target, _, wire| match target {
        "/page" => send(wire, "200 OK", HTML, b"<img src=/1><img src=/2><img src=/3>"),
        "/robots.txt" => send(wire, "200 OK", "", b"User-agent: *\nCrawl-delay: 0.4\n"),
        _ => send(wire, "200 OK", "Content-Type: image/png\r\n", &[7; 40_000]),
    });
    let mut modest = settings(&[site.address]);
    modest.limits.requisite_bytes = 50_000;
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let started = Instant::now();
    let seen = visit(&mut Fetcher::new(modest).unwrap(), &site.url("/page"), &mut archive).unwrap();
    assert_eq!((seen.requisites, seen.missing.len()), (2, 1));
    // Between requests lies what the site asks for, also where they are for pictures.
    assert!(started.elapsed() >= Duration::from_millis(1200), "{:?}", started.elapsed());
    drop(archive);
    let pictures: Vec<usize> = records(&sandbox)
        .iter()
        .filter(|(kind, uri, _, _)| kind == "response" && uri.ends_with(['1', '2']))
        .map(|(_, _, _, block)| block.len())
        .collect();
    assert_eq!(pictures.len(), 2);
    assert!(pictures[0] > 40_000 && pictures[1] < 11_000, "{pictures:?}");
}

#[test]
fn a_site_that_asks_to_wait_is_waited_for() {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let site = Site::new(move |target, _, wire| match target {
        "/busy" if seen.fetch_add(1, Ordering::SeqCst) == 0 => {
            send(wire, "429 Too Many Requests", "Retry-After: 1\r\n", b"");
        }
        "/later" => send(wire, "503 Unavailable", "Retry-After: 3600\r\n", b""),
        "/robots.txt" => send(wire, "404 Not Found", "", b""),
        _ => send(wire, "200 OK", HTML, b"<p>x"),
    });
    let mut fetcher = fetcher(&site);
    let started = Instant::now();
    let seen = fetcher.visit(&site.url("/busy"), None, &Stated::default(), &mut Nowhere).unwrap();
    assert_eq!(seen.exchange.status(), 200);
    assert!(started.elapsed() >= Duration::from_secs(1));
    let (kind, what) = fault(&mut fetcher, &site.url("/later"));
    assert_eq!((kind, what.as_str()), (FaultKind::Later, "asks to come back in 3600 s"));

    let mut patient =
        Fetcher::new(Settings { delay: Duration::from_millis(300), ..settings(&[site.address]) }).unwrap();
    let started = Instant::now();
    for _ in 0..3 {
        patient.visit(&site.url("/a"), None, &Stated::default(), &mut Nowhere).unwrap();
    }
    assert!(started.elapsed() >= Duration::from_millis(900));
}

/// 20 MiB of blanks in a few hundred bytes.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&gzip(&vec![b' '; 20 << 20])));

/// What harm a site may mean, by path.
fn hostile(target: &str, wire: &mut dyn Wire) {
    let mut drip = |bytes: &[u8], times: usize, pause: u64| {
        for _ in 0..times {
            if wire.write_all(bytes).and_then(|()| wire.flush()).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(pause));
        }
    };
    match target {
        "/silent" => std::thread::sleep(Duration::from_secs(3)),
        "/slow-head" => drip(b"H", 100, 100),
        "/slow-head-fields" => {
            drip(b"HTTP/1.1 200 OK\r\n", 1, 0);
            drip(b"X: y\r\n", 100, 100);
        }
        "/slow-body" => {
            drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>Alep", 1, 0);
            drip(b".", 100, 100);
        }
        "/stalled-body" => {
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<p>Alep", 1, 5000);
        }
        "/endless" => {
            drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", 1, 0);
            drip(&[b'a'; 65536], 100_000, 0);
        }
        "/endless-chunks" => {
            drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1, 0);
            drip(b"4\r\naaaa\r\n", 10_000_000, 0);
        }
        "/flood" => {
            drip(b"HTTP/1.1 200 OK\r\n", 1, 0);
            drip("X-Flood: y\r\n".repeat(1000).as_bytes(), 1000, 0);
        }
        "/interim" => drip(b"HTTP/1.1 100 Continue\r\n\r\n", 1000, 0),
        "/huge-chunk" => {
            drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\naa", 1, 0)
        }
        "/long-chunk-line" => {
            drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;", 1, 0);
            drip(&[b'x'; 9000], 1, 0);
        }
        "/cut-chunks" => drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", 1, 0),
        "/no-chunks" => drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>no chunk\nhere", 1, 0),
        "/length-too-long" => drip(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<p>short", 1, 0),
        "/length-too-short" => drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p>a and more", 1, 0),
        "/length-huge" => drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n<p>a", 1, 0),
        "/length-twice" => {
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 7\r\n\r\n<p>a and more", 1, 0)
        }
        "/length-negative" => drip(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<p>a", 1, 0),
        "/bad-gzip" => {
            send(
                wire,
                "200 OK",
                "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
                b"\x1f\x8b\x08\0 nothing",
            );
        }
        "/bomb" => {
            send(wire, "200 OK", &format!("{HTML}Content-Encoding: gzip, gzip\r\n"), &BOMB);
        }
        "/no-http" => drip(b"SSH-2.0-OpenSSH_9.2\r\n", 1, 0),
        "/empty" => {}
        "/half-head" => drip(b"HTTP/1.1 200 OK\r\nX: y", 1, 0),
        "/nul" => drip(b"HTTP/1.1 200 OK\r\nX\0: y\r\nContent-Type: text/html\0\r\n\r\n<p>a", 1, 0),
        "/status" => drip(b"HTTP/1.1 999999 OK\r\n\r\n<p>a", 1, 0),
        "/upgrade" => drip(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nraw", 1, 0),
        "/circle" => send(wire, "302 Found", "Location: /circle?\r\n", b""),
        "/circle?" => send(wire, "302 Found", "Location: /circle\r\n", b""),
        "/metadata" => send(wire, "302 Found", "Location: http://169.254.169.254/latest/\r\n", b""),
        "/other-port" => send(wire, "302 Found", "Location: http://127.0.0.1:1/\r\n", b""),
        "/inside" => send(wire, "302 Found", "Location: http://[::ffff:10.0.0.1]/\r\n", b""),
        "/octal" => send(wire, "302 Found", "Location: http://0177.1/\r\n", b""),
        "/file" => send(wire, "302 Found", "Location: file:///etc/passwd\r\n", b""),
        "/user" => send(wire, "302 Found", "Location: http://a:b@a.test/\r\n", b""),
        "/crlf" => send(wire, "302 Found", "Location: /x%0d%0aHost:%20evil\r\n folded\r\n", b""),
        "/nowhere" => send(wire, "302 Found", "Location: http://\r\n", b""),
        "/robots.txt" => send(wire, "404 Not Found", "", b""),
        _ => match target.strip_prefix("/hop/").and_then(|hop| hop.parse::<u64>().ok()) {
            Some(hop) => send(wire, "302 Found", &format!("Location: /hop/{}\r\n", hop + 1), b""),
            None => send(wire, "200 OK", HTML, b"<p>fine"),
        },
    }
}

#[test]
fn a_site_that_means_harm_costs_what_a_limit_says() {
    LazyLock::force(&BOMB);
    let site = Site::new(|target, _, wire| hostile(target, wire));
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = fetcher(&site);
    // What comes with a head is kept as far as it came, and marked.
    for (path, truncated, length) in [
        ("/slow-body", Some("time"), None),
        ("/stalled-body", Some("time"), Some(7)),
        ("/endless", Some("length"), Some(3 << 20)),
        ("/endless-chunks", Some("length"), Some(3 << 20)),
        ("/huge-chunk", Some("unspecified"), Some(21)),
        ("/long-chunk-line", Some("unspecified"), None),
        ("/cut-chunks", Some("disconnect"), Some(6)),
        ("/no-chunks", None, Some(16)),
        ("/length-too-long", Some("disconnect"), Some(8)),
        ("/length-too-short", None, Some(4)),
        ("/length-huge", None, Some(4)),
        ("/length-twice", None, Some(13)),
        ("/length-negative", None, Some(4)),
        ("/bad-gzip", None, None),
        ("/bomb", None, None),
        ("/nul", None, Some(4)),
        ("/fine", None, Some(7)),
    ] {
        let started = Instant::now();
        let seen = visit(&mut fetcher, &site.url(path), &mut archive)
            .map_err(|stop| format!("{path}: {stop:?}"))
            .unwrap();
        assert!(started.elapsed() < Duration::from_secs(8), "{path}: {:?}", started.elapsed());
        assert_eq!(seen.exchange.truncated, truncated, "{path}");
        let (capture, wire) = captures(&archive).pop().unwrap();
        assert!(capture.target_uri.ends_with(path));
        assert_eq!(wire.truncated.as_deref(), truncated, "{path}");
        let head = seen.exchange.response();
        let bytes = match head {
            selon_capture::Content::Bytes(bytes) => bytes,
            selon_capture::Content::File(path) => std::fs::read(path).unwrap(),
        };
        assert_eq!(capture.records[0].block.digest, Digest::of(&bytes), "{path}");
        if let Some(length) = length {
            let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
            assert_eq!(bytes.len() - head, length, "{path}");
        }
    }
    drop(archive);
    let report = sandbox.verify();
    assert_eq!(report.exit.code(), 0, "{:?}", report.findings);

    // What comes without one is not.
    for (path, kind) in [
        ("/silent", FaultKind::Time),
        ("/slow-head", FaultKind::Answer),
        ("/slow-head-fields", FaultKind::Time),
        ("/flood", FaultKind::Answer),
        ("/interim", FaultKind::Answer),
        ("/no-http", FaultKind::Answer),
        ("/empty", FaultKind::Connect),
        ("/half-head", FaultKind::Answer),
        ("/status", FaultKind::Answer),
        ("/upgrade", FaultKind::Answer),
        ("/hop/0", FaultKind::Redirects),
        ("/circle", FaultKind::Redirects),
        ("/metadata", FaultKind::Address),
        ("/other-port", FaultKind::Redirect),
        ("/inside", FaultKind::Address),
        ("/octal", FaultKind::Address),
        ("/file", FaultKind::Redirect),
        ("/user", FaultKind::Redirect),
        ("/nowhere", FaultKind::Redirect),
    ] {
        let started = Instant::now();
        let (found, what) = fault(&mut fetcher, &site.url(path));
        assert_eq!(found, kind, "{path}: {what}");
        assert!(started.elapsed() < Duration::from_secs(8), "{path}");
        assert!(!what.contains(['\r', '\n']), "{path}: {what:?}");
    }
    // A line end that a redirect smuggles in stays a part of the path.
    fetcher.visit(&site.url("/crlf"), None, &Stated::default(), &mut Nowhere).unwrap();
    assert_eq!(site.asked().pop().unwrap(), "/x%0d%0aHost:%20evil%20folded");
}

#[test]
fn a_name_that_changes_between_two_look_ups_gains_nothing() {
    let secret = Site::new(|_, _, wire| send(wire, "200 OK", HTML, b"<p>secret"));
    let count = Arc::new(AtomicUsize::new(0));
    let (port, looked_up) = (secret.address.port(), Arc::clone(&count));
    let resolve = move |_: &str, port: u16| {
        // Public at the first look, this machine at the second.
        let first = looked_up.fetch_add(1, Ordering::SeqCst) == 0;
        let ip = if first { [192, 0, 2, 1] } else { [127, 0, 0, 1] };
        Ok(vec![SocketAddr::from((ip, port))])
    };
    let with = |resolve: Arc<selon_capture::fetch::Resolve>| {
        let mut settings = settings(&[]);
        settings.allowed = vec![format!(":{port}").parse().unwrap(), "192.0.2.1".parse().unwrap()];
        settings.limits.connect = Duration::from_millis(300);
        settings.ignore_robots = Some("none to ask".to_owned());
        Fetcher::new(Settings { resolve, ..settings }).unwrap()
    };
    let url = format!("http://rebind.test:{port}/");
    let (kind, _) = fault(&mut with(Arc::new(resolve)), &url);
    // The first try goes to the address that was judged; the second look-up is judged anew.
    assert_eq!(kind, FaultKind::Address);
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let both = |_: &str, port: u16| Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]);
    let (kind, what) = fault(&mut with(Arc::new(both)), &url);
    assert!(kind == FaultKind::Address && what.contains("127.0.0.1, this machine"), "{what}");
    assert!(secret.asked().is_empty());
}

#[test]
fn a_wall_is_kept_and_named() {
    let site = Site::new(|target, _, wire| match target {
        "/captcha" => send(wire, "200 OK", HTML, b"<title>Just a moment...</title><p>Checking your browser"),
        "/story" => send(wire, "302 Found", "Location: /login?next=story\r\n", b""),
        "/login?next=story" => send(wire, "200 OK", HTML, b"<form>"),
        "/paid" => send(wire, "402 Payment Required", HTML, b"<p>Subscribe"),
        _ => send(wire, "404 Not Found", "", b""),
    });
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let mut fetcher = fetcher(&site);
    for (path, wall) in [("/captcha", Wall::Challenge), ("/story", Wall::Login), ("/paid", Wall::Login)] {
        let seen = visit(&mut fetcher, &site.url(path), &mut archive).unwrap();
        assert_eq!(seen.wall, Some(wall), "{path}");
        assert!(seen.fault().unwrap().advice().contains("save it there, then `selon add` the file"));
        assert_eq!(captures(&archive).pop().unwrap().1.blocked_page.as_deref(), Some(wall.as_str()));
        assert!(!archive.was_fetched(&site.url(path)));
    }
}

mod tls {
    use super::*;
    use crate::chain::chain;

    fn answer(target: &str, _: &str, wire: &mut dyn Wire) {
        match target {
            "/robots.txt" => send(wire, "404 Not Found", "", b""),
            "/until-close" => {
                drop(wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>until"))
            }
            _ => send(wire, "200 OK", HTML, b"<p>sealed"),
        }
    }

    #[test]
    fn certificates_are_checked_and_kept() {
        let (root, config) = chain();
        let site = Site::with_tls(Some(config), answer);
        let url = |path: &str| format!("https://{}{path}", site.address);

        let (kind, what) = fault(&mut fetcher(&site), &url("/a"));
        assert_eq!((kind, what.contains("nobody who is trusted")), (FaultKind::Tls, true), "{what}");

        let sandbox = Sandbox::new();
        let mut archive = sandbox.open().unwrap();
        let trusting = Settings { authorities: vec![root], ..settings(&[site.address]) };
        let mut fetcher = Fetcher::new(trusting.clone()).unwrap();
        visit(&mut fetcher, &url("/a"), &mut archive).unwrap();
        // Bytes until the close, without the close of TLS: it may have been cut.
        let seen = visit(&mut fetcher, &url("/until-close"), &mut archive).unwrap();
        assert_eq!(seen.exchange.truncated, Some("disconnect"));
        let facts = captures(&archive).pop().unwrap().1.tls.unwrap();
        assert_eq!((facts.version.as_str(), facts.fault), ("TLSv1_3", None));
        let chain = records(&sandbox).into_iter().find(|(kind, ..)| kind == "resource").unwrap();
        assert!(chain.3.starts_with(b"-----BEGIN CERTIFICATE-----\n"));
        assert_eq!(facts.chain, Digest::of(&chain.3));

        // Another name than the certificate is for.
        let address = site.address;
        let mut elsewhere = trusting;
        elsewhere.resolve = Arc::new(move |_, _| Ok(vec![address]));
        let (kind, what) =
            fault(&mut Fetcher::new(elsewhere).unwrap(), &format!("https://other.test:{}/", address.port()));
        assert!(kind == FaultKind::Tls && what.contains("for another name"), "{what}");

        let forced = Settings { accept_bad_certificate: true, ..settings(&[site.address]) };
        visit(&mut Fetcher::new(forced).unwrap(), &url("/a"), &mut archive).unwrap();
        let fault = captures(&archive).pop().unwrap().1.tls.unwrap().fault.unwrap();
        assert!(fault.contains("UnknownIssuer"), "{fault}");
        drop(archive);
        assert_eq!(sandbox.verify().exit.code(), 0);

        // A site that speaks no TLS.
        let plain = news();
        let (kind, _) = super::fault(&mut super::fetcher(&plain), &format!("https://{}/", plain.address));
        assert!(matches!(kind, FaultKind::Tls | FaultKind::Connect), "{kind:?}");
    }
}

#[test]
fn through_a_proxy_that_looks_names_up() {
    use std::io::Read as _;
    let site = news();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = listener.local_addr().unwrap();
    let target = site.address;
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut greeting = [0; 3];
            socket.read_exact(&mut greeting).unwrap();
            assert_eq!(greeting, [5, 1, 2]);
            socket.write_all(&[5, 2]).unwrap();
            let mut login = [0; 5];
            socket.read_exact(&mut login).unwrap();
            assert_eq!(&login, b"\x01\x01u\x01p");
            socket.write_all(&[1, 0]).unwrap();
            let mut head = [0; 5];
            socket.read_exact(&mut head).unwrap();
            assert_eq!(&head[..4], [5, 1, 0, 3]);
            let mut rest = vec![0; usize::from(head[4]) + 2];
            socket.read_exact(&mut rest).unwrap();
            if &rest[..rest.len() - 2] != b"news.test" {
                socket.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
                continue;
            }
            socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            let mut server = std::net::TcpStream::connect(target).unwrap();
            let (mut up, mut down) = (socket.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut up, &mut down));
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut server, &mut socket);
                let _ = socket.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    let sandbox = Sandbox::new();
    let mut archive = sandbox.open().unwrap();
    let mut settings = settings(&[]);
    settings.proxy = Some(format!("socks5h://u:p@{proxy}").parse().unwrap());
    settings.resolve = Arc::new(|name, _| panic!("{name} was looked up here"));
    let mut fetcher = Fetcher::new(settings).unwrap();
    let seen = visit(&mut fetcher, "http://news.test/old", &mut archive).unwrap();
    assert_eq!((seen.exchange.status(), seen.requisites), (200, 4));
    let facts = captures(&archive).pop().unwrap().1;
    assert_eq!((facts.address_unchecked.as_deref(), facts.peer), (Some("socks5h"), None));
    assert!(fault(&mut fetcher, "http://absent.test/").1.contains("does not find the host"));
    // What is written out is judged all the same.
    assert_eq!(fault(&mut fetcher, "http://169.254.169.254/").0, FaultKind::Address);
    assert!("http://127.0.0.1:1".parse::<selon_capture::fetch::Proxy>().is_err());
}
