//! Asking a timestamp authority with the client that fetches pages: http and https, the address
//! judged before and after the connection, the certificate held against those that are trusted.

use url::Url;

use super::address::{Allowed, check_url};
use super::exchange::{first_lines, send};
use super::fault::{Fault, FaultKind};
use super::settings::Settings;
use super::tls::Trust;
use crate::ask::Ask;
use crate::error::{Error, Kind, Result};

/// Asks authorities over http and https.
pub struct AuthorityClient {
    settings: Settings,
    trust: Trust,
}

impl AuthorityClient {
    /// A client. Of the settings it heeds limits of time, user agent, trusted certificates, proxy and
    /// allowed addresses.
    ///
    /// # Errors
    /// Where an authority of the settings cannot be used.
    pub fn new(settings: Settings) -> std::result::Result<Self, Fault> {
        let trust = Trust::new(&settings)?;
        Ok(AuthorityClient { settings, trust })
    }

    fn post(&self, url: &str, local: bool, body: &[u8], most: usize) -> std::result::Result<Vec<u8>, Fault> {
        let mut settings = self.settings.clone();
        // Chunks have sizes between them.
        settings.limits.body = most as u64 + 4096;
        // Whoever writes an authority down means its port too.
        let port = Url::parse(url).ok().and_then(|url| url.port());
        settings.allowed.extend(port.map(|port| Allowed { ip: None, port: Some(port) }));
        if local {
            settings.allowed.extend(own_addresses(url, &settings)?);
        }
        let url = check_url(url, &settings.allowed)?;
        let mut request = first_lines("POST", &url, &settings).into_bytes();
        let fields = format!(
            "Content-Type: application/timestamp-query\r\nAccept: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        request.extend_from_slice(fields.as_bytes());
        request.extend_from_slice(body);
        let exchange = send(&url, &settings, &self.trust, request)?;
        let unusable = |what: String| Fault::new(FaultKind::Time, what);
        match (exchange.status(), exchange.truncated) {
            (200, None) => {}
            (200, Some("length")) => return Err(unusable("answered with too much".to_owned())),
            (200, Some(_)) => return Err(unusable("answered with less than it stated".to_owned())),
            (status, _) => return Err(unusable(format!("answered with status {status}"))),
        }
        let body = exchange.body()?;
        if body.len() > most { Err(unusable("answered with too much".to_owned())) } else { Ok(body) }
    }
}

/// The addresses of a host that may stand in one's own network.
fn own_addresses(url: &str, settings: &Settings) -> std::result::Result<Vec<Allowed>, Fault> {
    let wrong = |error: url::ParseError| Fault::new(FaultKind::Address, format!("is no address: {error}"));
    let url = Url::parse(url).map_err(wrong)?;
    let port = url.port_or_known_default().unwrap_or(0);
    let found = match url.host() {
        Some(url::Host::Ipv4(ip)) => vec![ip.into()],
        Some(url::Host::Ipv6(ip)) => vec![ip.into()],
        Some(url::Host::Domain(name)) => {
            let found = (settings.resolve)(name, port).map_err(|error| {
                Fault::new(FaultKind::Name, format!("has a host that is not found: {error}"))
            })?;
            found.iter().map(std::net::SocketAddr::ip).collect()
        }
        None => Vec::new(),
    };
    Ok(found.into_iter().map(|ip| Allowed { ip: Some(ip), port: Some(port) }).collect())
}

impl Ask for AuthorityClient {
    fn ask(&self, url: &str, local: bool, body: &[u8], most: usize) -> Result<Vec<u8>> {
        self.post(url, local, body, most).map_err(|fault| {
            let own = fault.kind == FaultKind::Address && !local;
            let hint = if own { "; an authority in your own network needs local = true" } else { "" };
            // A name that is not found now may be found later; what is no address never is.
            let kind = match fault.error_kind() {
                Kind::Refused => Kind::Refused,
                _ => Kind::Unavailable,
            };
            Error::new(kind, format!("{url} {}{hint}", fault.what))
        })
    }
}
