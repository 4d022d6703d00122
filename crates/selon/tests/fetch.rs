//! Addresses as people give them: pages, lists, feeds and sitemaps of a site on this machine.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;
#[path = "../../selon-capture/tests/common/site.rs"]
mod site;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::run;
use serde_json::Value;
use site::{HTML, Site, send};

fn page(number: u32) -> String {
    format!(
        "<!doctype html><html lang=fr><title>Dépêche {number}</title><link rel=stylesheet href=/s.css>\
         <article><h1>Dépêche {number} : les combats ont repris</h1><p>Selon l'armée, plus de {number} 000 civils \
         ont fui la ville d'Alep ce lundi. Les secours sont arrivés dans la soirée, et les routes sont coupées.</p>\
         <img src=/photo-{number}.png></article></html>"
    )
}

/// News, with a page that fails until it is told not to.
fn news(fails: Arc<AtomicBool>) -> Site {
    Site::new(move |target, head, wire| {
        let host = head.lines().find_map(|line| line.strip_prefix("Host: ")).unwrap_or("");
        match target {
            "/robots.txt" => send(
                wire,
                "200 OK",
                "Content-Type: text/plain\r\n",
                format!("User-agent: *\nDisallow: /secret\nSitemap: http://{host}/sitemap.xml\n").as_bytes(),
            ),
            "/feed.xml" => send(
                wire,
                "200 OK",
                "Content-Type: text/xml\r\n",
                format!(
                    "<rss><channel><title>Nouvelles</title>{}</channel></rss>",
                    (1..=5).map(|n| format!("<item><link>/p/{n}</link></item>")).collect::<String>()
                )
                .as_bytes(),
            ),
            "/sitemap.xml" => send(
                wire,
                "200 OK",
                "Content-Type: text/xml\r\n",
                format!("<sitemapindex><sitemap><loc>http://{host}/more.xml</loc></sitemap></sitemapindex>")
                    .as_bytes(),
            ),
            "/more.xml" => send(
                wire,
                "200 OK",
                "Content-Type: text/xml\r\n",
                format!("<urlset><url><loc>http://{host}/p/6</loc></url></urlset>").as_bytes(),
            ),
            "/p/3" if fails.load(Ordering::SeqCst) => send(wire, "500 Oh", HTML, b"<p>Oh"),
            "/wall" => send(wire, "200 OK", HTML, b"<title>Just a moment...</title>"),
            "/s.css" => send(wire, "200 OK", "Content-Type: text/css\r\n", b"p { margin: 0 }"),
            _ if target.starts_with("/photo") => {
                send(wire, "200 OK", "Content-Type: image/png\r\n", target.as_bytes())
            }
            _ => match target.strip_prefix("/p/").and_then(|number| number.parse().ok()) {
                Some(number) => send(wire, "200 OK", HTML, page(number).as_bytes()),
                None => send(wire, "404 Not Found", HTML, b"<p>Rien"),
            },
        }
    })
}

struct Place {
    home: tempfile::TempDir,
    site: Site,
    fails: Arc<AtomicBool>,
}

impl Place {
    fn new() -> Self {
        let fails = Arc::new(AtomicBool::new(false));
        Place { home: tempfile::tempdir().unwrap(), site: news(Arc::clone(&fails)), fails }
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    /// `selon add` of these, with what the site needs.
    fn add(&self, arguments: &[&str]) -> (i32, Value, String) {
        let allow = self.site.address.to_string();
        let mut all = vec!["add", "--json", "--delay", "0", "--allow", &allow];
        all.extend(arguments);
        let (code, out, err) = run(self.home(), &all);
        (code, serde_json::from_str(&out).unwrap_or_default(), err)
    }
}

#[test]
fn a_page_is_kept_with_what_it_needs_and_read() {
    let place = Place::new();
    let url = place.site.url("/p/1");
    let (code, added, err) = place.add(&[&url]);
    assert_eq!(
        (code, &added["fetched"]["requisites"], &added["reports"]),
        (0, &2.into(), &1.into()),
        "{added} {err}"
    );
    // robots.txt, page, style sheet, picture
    assert_eq!(added["captures"], 4);
    let (_, out, _) = run(place.home(), &["search", "combats"]);
    assert!(out.contains("Dépêche 1"), "{out}");
    assert_eq!(run(place.home(), &["verify"]).0, 0);

    let (code, again, _) = place.add(&[&url]);
    assert_eq!(
        (code, &again["fetched"]["unchanged"], &again["reports"]),
        (0, &1.into(), &0.into()),
        "{again}"
    );
    assert_eq!(run(place.home(), &["verify"]).0, 0);
    let (code, bare, _) = place.add(&["--no-requisites", &place.site.url("/p/2")]);
    assert_eq!((code, &bare["fetched"]["requisites"]), (0, &0.into()));
}

/// A page is erased alone; its pictures stay and are named.
#[test]
fn a_page_with_pictures_is_erased() {
    let place = Place::new();
    assert_eq!(place.add(&[&place.site.url("/p/1")]).0, 0);
    let (_, out, _) = run(place.home(), &["search", "combats", "--json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    let id = found["hits"][0]["report"]["capture"].as_str().unwrap().trim_start_matches("sha256:").to_owned();
    let (code, out, err) =
        run(place.home(), &["erase", &id, "--why", "asked for", "--by", "the keeper", "--yes"]);
    assert!(code == 0 && out.contains("no trace is left"), "{out}{err}");
    assert_eq!(out.matches("stays       ").count(), 2, "{out}");
    let (code, out, err) = run(place.home(), &["verify"]);
    assert!(code == 0 && !out.contains("erasure-unfinished"), "{out}{err}");
}

#[test]
fn a_list_goes_on_where_it_stopped() {
    let place = Place::new();
    place.fails.store(true, Ordering::SeqCst);
    let list = place.home().join("urls.txt");
    let lines: Vec<String> = (1..=4).map(|n| place.site.url(&format!("/p/{n}"))).collect();
    std::fs::write(&list, format!("# list\n\n{}\n", lines.join("\n"))).unwrap();
    let list = list.display().to_string();
    let (code, added, err) = place.add(&["--list", &list]);
    assert_eq!(
        (code, &added["fetched"]["addresses"], &added["reports"]),
        (3, &3.into(), &3.into()),
        "{added}"
    );
    assert!(err.contains("/p/3: answers with status 500") && err.contains("selon add"), "{err}");
    place.fails.store(false, Ordering::SeqCst);
    let asked = place.site.asked().len();
    let (code, added, _) = place.add(&["--list", &list]);
    assert_eq!(
        (code, &added["fetched"]["addresses"], &added["fetched"]["keptBefore"]),
        (0, &1.into(), &3.into())
    );
    assert_eq!(place.site.asked()[asked..], ["/robots.txt", "/p/3", "/s.css", "/photo-3.png"]);
    assert_eq!(place.add(&["--list", &list, "--again"]).1["fetched"]["unchanged"], 4);
    assert_eq!(run(place.home(), &["verify"]).0, 0);
}

#[test]
fn feeds_and_sitemaps_are_followed() {
    let place = Place::new();
    let (code, added, err) = place.add(&[&place.site.url("/feed.xml"), "--most", "3"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        (&added["reports"], &added["fetched"]["left"], &added["fetched"]["lists"]),
        (&3.into(), &2.into(), &1.into())
    );
    assert!(err.contains("lists name 2 pages more"), "{err}");
    let (_, added, _) = place.add(&[&place.site.url("/feed.xml")]);
    assert_eq!((&added["reports"], &added["fetched"]["keptBefore"]), (&2.into(), &3.into()), "{added}");
    // By robots.txt to the sitemaps that it names.
    let (code, added, _) = place.add(&[&place.site.url("/robots.txt")]);
    assert_eq!((code, &added["reports"], &added["fetched"]["lists"]), (0, &1.into(), &3.into()), "{added}");
}

#[test]
fn what_is_not_the_page_is_not_filed_as_the_page() {
    let place = Place::new();
    let (code, added, err) = place.add(&[&place.site.url("/wall")]);
    assert_eq!((code, &added["reports"]), (3, &0.into()));
    assert!(err.contains("a check for robots came instead of the page"), "{err}");
    assert!(err.contains("save it there, then `selon add` the file"), "{err}");
    let (code, added, err) = place.add(&[&place.site.url("/secret/x")]);
    // robots.txt alone is asked for, and is what it was.
    assert_eq!((code, &added["captures"]), (3, &1.into()), "{added}");
    assert!(err.contains("robots.txt does not allow /secret/x") && err.contains("--ignore-robots"), "{err}");
    let (code, _, err) = place.add(&[&place.site.url("/gone")]);
    assert_eq!((code, err.contains("status 404")), (3, true), "{err}");
    // An inner address is not fetched unless that is allowed.
    let (code, _, err) = run(place.home(), &["add", &place.site.url("/p/1")]);
    assert!(code == 3 && err.contains("has port") && err.contains("--allow"), "{err}");
    let (code, _, err) = run(place.home(), &["add", "http://127.0.0.1/"]);
    assert!(code == 3 && err.contains("127.0.0.1, this machine"), "{err}");
    for wrong in
        [&["add", "--proxy", "http://127.0.0.1:1", "http://a.test/"][..], &["add", "--list", "absent.txt"]]
    {
        assert!(matches!(run(place.home(), wrong).0, 1 | 2), "{wrong:?}");
    }
}

#[test]
fn an_address_is_read_without_an_archive() {
    let place = Place::new();
    let allow = place.site.address.to_string();
    let url = place.site.url("/p/7");
    let (code, out, err) = run(place.home(), &["read", "--allow", &allow, "--json", &url]);
    let record: Value = serde_json::from_str(&out).unwrap_or_default();
    assert_eq!((code, record["url"].as_str()), (0, Some(url.as_str())), "{err}");
    assert_eq!(record["capture"]["origin"], "wire", "{}", record["capture"]);
    assert!(err.contains("kept nowhere"), "{err}");
    assert!(!place.home().join(".local").exists());
    // Only the page is asked for.
    assert_eq!(place.site.asked(), ["/robots.txt", "/p/7"]);
    let (code, _, err) = run(place.home(), &["read", "--allow", &allow, &place.site.url("/wall")]);
    assert!(code == 3 && err.contains("came instead of the page") && !err.contains("is kept"), "{err}");
    let (code, _, err) = run(place.home(), &["read", "--allow", &allow, &place.site.url("/feed.xml")]);
    assert!(code == 3 && err.contains("names 5 addresses") && err.contains("selon add"), "{err}");
}
