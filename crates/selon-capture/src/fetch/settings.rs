//! How to fetch: what is allowed, how much is taken, how long is waited.

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::address::{Allowed, Resolve, look_up};
use crate::error::{Error, Kind, Result};

/// How to fetch.
#[derive(Clone)]
pub struct Settings {
    /// Addresses and ports that may be connected to though they are not public or not usual.
    pub allowed: Vec<Allowed>,
    /// Everything goes through this.
    pub proxy: Option<Proxy>,
    /// Authorities trusted besides those built in.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Fetch though the certificate does not verify, and write down why it does not.
    pub accept_bad_certificate: bool,
    /// Who asks: program and contact.
    pub user_agent: String,
    /// Fetch against robots.txt, for this reason.
    pub ignore_robots: Option<String>,
    /// Pictures, style sheets and posters of a page are fetched with it.
    pub requisites: bool,
    /// Between two requests to one host.
    pub delay: Duration,
    /// Limits.
    pub limits: FetchLimits,
    /// Finds addresses of names.
    pub resolve: Arc<Resolve>,
}

/// How much is taken and how long is waited. A limit that is met cuts the response, which is kept
/// as far as it came and marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// Head of a response, octets.
    pub head: usize,
    /// Body of a response as sent, octets.
    pub body: u64,
    /// For the connection.
    pub connect: Duration,
    /// Until the first octet of an answer, and between any two.
    pub idle: Duration,
    /// For a whole exchange.
    pub whole: Duration,
    /// Redirects in a row.
    pub redirects: usize,
    /// Times that one address is tried where it may work a moment later.
    pub tries: u32,
    /// The longest wait that a site may ask for and get (`Retry-After`, `Crawl-delay`).
    pub most_wait: Duration,
    /// Requisites of a page.
    pub requisites: usize,
    /// Octets of all requisites of a page.
    pub requisite_bytes: u64,
    /// Addresses taken from a list, a feed or a sitemap.
    pub listed: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        FetchLimits {
            head: 256 << 10,
            body: 200 << 20,
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            redirects: 10,
            tries: 3,
            most_wait: Duration::from_secs(120),
            requisites: 200,
            requisite_bytes: 50 << 20,
            listed: 10_000,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        let patience = Duration::from_secs(15);
        Settings {
            allowed: Vec::new(),
            proxy: None,
            authorities: Vec::new(),
            accept_bad_certificate: false,
            user_agent: format!("Selon/{} (keeps news pages as evidence)", env!("CARGO_PKG_VERSION")),
            ignore_robots: None,
            requisites: true,
            delay: Duration::from_secs(1),
            limits: FetchLimits::default(),
            resolve: Arc::new(move |host, port| look_up(host, port, patience)),
        }
    }
}

impl Settings {
    /// Trusts the authorities of a PEM file, too.
    ///
    /// # Errors
    /// `Invalid` where it holds no certificate.
    pub fn trust_file(&mut self, path: &Path) -> Result<()> {
        let invalid = |what: String| Error::new(Kind::Invalid, format!("{}: {what}", path.display()));
        let before = self.authorities.len();
        let found = CertificateDer::pem_file_iter(path).map_err(|error| invalid(error.to_string()))?;
        for certificate in found {
            self.authorities.push(certificate.map_err(|error| invalid(error.to_string()))?);
        }
        if self.authorities.len() == before {
            return Err(invalid("holds no certificate in PEM form".to_owned()));
        }
        Ok(())
    }
}

/// Undoes percent-encoding; `None` where what comes out is no text.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

/// A SOCKS 5 proxy that looks names up itself (`socks5h`), such as Tor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Host name or address of the proxy.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// User and password for it.
    pub login: Option<(String, String)>,
}

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let form = || format!("{text:?}: write a proxy as socks5h://HOST:PORT");
        let url = url::Url::parse(text).map_err(|_| form())?;
        if url.scheme() != "socks5h" {
            return Err(format!(
                "{}; only socks5h is used, where the proxy looks names up and no name leaves this machine",
                form()
            ));
        }
        let host = url.host_str().ok_or_else(form)?.trim_matches(['[', ']']).to_owned();
        // In an address a login stands percent-encoded (RFC 3986, 3.2.1); the proxy wants what it stands for.
        let login = (!url.username().is_empty())
            .then(|| unescape(url.username()).zip(unescape(url.password().unwrap_or(""))).ok_or_else(form))
            .transpose()?;
        if login.as_ref().is_some_and(|(user, password)| user.len() > 255 || password.len() > 255) {
            return Err(form());
        }
        let usable = host.parse::<IpAddr>().is_ok() || !host.is_empty();
        usable.then(|| Proxy { host, port: url.port().unwrap_or(1080), login }).ok_or_else(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_what_its_escapes_stand_for() {
        let login = |text: &str| text.parse::<Proxy>().ok().and_then(|proxy| proxy.login);
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(login("socks5h://u:p@127.0.0.1:9050"), pair("u", "p"));
        assert_eq!(login("socks5h://a%40b:p%3Aq%25%2F@127.0.0.1"), pair("a@b", "p:q%/"));
        assert_eq!(login("socks5h://u:%C3%A9%@127.0.0.1"), pair("u", "é%"));
        assert!("socks5h://u:%ff@127.0.0.1".parse::<Proxy>().is_err());
        assert_eq!(login("socks5h://127.0.0.1"), None);
    }
}
