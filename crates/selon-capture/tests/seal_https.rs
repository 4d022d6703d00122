//! Sealing over https: the server's certificate is held against those that are trusted, and its
//! address is judged like any other.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "common/tls.rs"]
mod chain;
mod common;
#[path = "common/site.rs"]
mod site;

use std::fs;
use std::sync::Arc;

use common::authority::Authority;
use common::{Sandbox, text};
use jiff::Timestamp;
use selon_capture::fetch::{AuthorityClient, Settings};
use selon_capture::{Ask as _, HowToSeal, Sealing, Trust};
use site::{Site, send};

/// Answers with stamps at `/tsa`, with something else at every other target.
fn serve(authority: &Arc<Authority>, tls: Arc<rustls::ServerConfig>) -> Site {
    let authority = Arc::clone(authority);
    Site::with_tls(Some(tls), move |target, head, wire| {
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        let mut request = vec![0; length.parse().unwrap()];
        wire.read_exact(&mut request).unwrap();
        match target {
            "/tsa" => send(wire, "200 OK", "", &authority.answer(&request, "tsa1")),
            "/long" => send(wire, "200 OK", "", &[0; 70_000]),
            "/chunked" => {
                let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
                wire.write_all(head).unwrap();
            }
            "/short" => wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").unwrap(),
            _ => send(wire, "503 Later", "", b""),
        }
    })
}

#[test]
fn an_authority_is_asked_over_https() {
    let Some(authority) = Authority::start() else { return };
    let authority = Arc::new(authority);
    let (root, config) = chain::chain();
    let site = serve(&authority, config);
    let sandbox = Sandbox::new();
    fs::copy(authority.path("ca.pem"), sandbox.path("ca.pem")).unwrap();
    let address = site.address;
    let list = format!(
        "[[authority]]\nname = \"north\"\nurl = \"https://{address}/tsa\"\nlocal = true\nroots = [\"ca.pem\"]\n"
    );
    fs::write(sandbox.path("trust.toml"), list).unwrap();
    let trust = Trust::read(&sandbox.path("trust.toml")).unwrap();
    let mut archive = sandbox.open().unwrap();
    archive.append(&[text("Un.")]).unwrap();

    let mut seal = |settings: Settings| -> Sealing {
        let ask = AuthorityClient::new(settings).unwrap();
        let how = HowToSeal { ask: &ask, now: Timestamp::now(), again: true, pause: &|_| () };
        archive.seal(&trust, &how).unwrap()
    };
    // Nobody who is trusted vouches for the server.
    let sealing = seal(Settings::default());
    assert!(!sealing.sealed && sealing.waiting[0].why.contains("does not verify"), "{sealing:?}");
    let trusting = Settings { authorities: vec![root], ..Settings::default() };
    let sealing = seal(trusting.clone());
    assert!(sealing.sealed && sealing.stamped[0].authority == "north", "{sealing:?}");

    let ask = AuthorityClient::new(trusting).unwrap();
    let fault = |target: &str, local: bool| {
        let error = ask.ask(&format!("https://{address}{target}"), local, b"x", 65_536).unwrap_err();
        format!("{:?} {error}", error.kind())
    };
    assert!(fault("/tsa", false).contains("local = true"), "{}", fault("/tsa", false));
    assert!(fault("/tsa", false).starts_with("Refused"));
    assert!(fault("/long", true).contains("too much"));
    assert!(fault("/short", true).contains("less than it stated"));
    assert!(fault("/sick", true).contains("status 503"));
    assert_eq!(ask.ask(&format!("https://{address}/chunked"), true, b"x", 10).unwrap(), b"abc");
}
