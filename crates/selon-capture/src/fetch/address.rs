//! Which addresses may be connected to.
//!
//! A page may redirect to, or name, any host; a fetcher that follows blindly reaches machines of
//! the network it stands in (server-side request forgery). So every address is judged, on every
//! hop, as the number it resolves to; and the connection goes to the very number that was judged,
//! so that a name that changes between two look-ups gains nothing.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use std::sync::mpsc;
use std::time::Duration;

use url::{Host, Url};

use super::fault::{Fault, FaultKind};
use crate::public_address::forbidden;

/// An exception that the caller grants: `IP`, `IP:PORT`, `[IPv6]:PORT` or `:PORT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// This address, though it is not public; `None`: any public one.
    pub ip: Option<IpAddr>,
    /// This port; `None`: the usual ones.
    pub port: Option<u16>,
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Allowed { ip: Some(address.ip()), port: Some(address.port()) });
        }
        if let Ok(ip) = text.trim_matches(['[', ']']).parse() {
            return Ok(Allowed { ip: Some(ip), port: None });
        }
        match text.strip_prefix(':').and_then(|port| port.parse().ok()) {
            Some(port) => Ok(Allowed { ip: None, port: Some(port) }),
            None => Err(format!("{text:?} is no address: write 10.0.0.5, 127.0.0.1:8080, [::1]:80 or :8080")),
        }
    }
}

/// Finds the addresses of a name. The system's, but for tests of names that change.
pub type Resolve = dyn Fn(&str, u16) -> std::io::Result<Vec<SocketAddr>> + Send + Sync;

/// Looks a name up in the system's way, and gives up after `patience`.
pub(crate) fn look_up(host: &str, port: u16, patience: Duration) -> std::io::Result<Vec<SocketAddr>> {
    let (send, receive) = mpsc::channel();
    let name = host.to_owned();
    // The system's resolver has no time limit of its own; a look-up that hangs ends by itself.
    std::thread::spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let _ = send.send(found);
    });
    receive.recv_timeout(patience).unwrap_or_else(|_| {
        Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "the name server does not answer"))
    })
}

/// Reads an address that may be fetched: http or https, a host, no user, a usual or granted port.
///
/// # Errors
/// `Refused`, with the reason.
pub(crate) fn check_url(text: &str, allowed: &[Allowed]) -> Result<Url, Fault> {
    let refuse = |what: String| Fault::new(FaultKind::Address, what);
    let mut url = Url::parse(text.trim())
        .map_err(|error| refuse(format!("is no address that can be read: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse(format!("has scheme {:?}: only http and https are fetched", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("carries a user name or password, which would be kept with it".to_owned()));
    }
    let Some(host) = url.host() else { return Err(refuse("names no host".to_owned())) };
    if let Host::Domain(name) = host
        && is_local_name(name)
        && !allowed.iter().any(|allowed| allowed.ip.is_some())
    {
        return Err(refuse(format!("names the local host {name:?}")));
    }
    let port = url.port_or_known_default().unwrap_or(0);
    if !matches!(port, 80 | 443) && !allowed.iter().any(|allowed| allowed.port.is_none_or(|it| it == port)) {
        return Err(refuse(format!(
            "has port {port}: only 80 and 443 are fetched unless another is allowed"
        )));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Names that never stand for a public host (RFC 6761, RFC 6762, RFC 8375, draft-davies-internal-tld).
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or("");
    matches!(last, "localhost" | "local" | "internal" | "localdomain" | "lan") || name.ends_with("home.arpa")
}

/// The addresses of a URL's host that may be connected to, each the literal to connect to.
///
/// # Errors
/// `Refused` where there are none, with what was found.
pub(crate) fn addresses(url: &Url, allowed: &[Allowed], resolve: &Resolve) -> Result<Vec<SocketAddr>, Fault> {
    let port = url.port_or_known_default().unwrap_or(0);
    let found = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Domain(name)) => resolve(name, port)
            .map_err(|error| Fault::new(FaultKind::Name, format!("its host {name} is not found: {error}")))?,
        None => Vec::new(),
    };
    let (good, bad): (Vec<SocketAddr>, Vec<SocketAddr>) =
        found.into_iter().partition(|address| may_connect(*address, allowed));
    match (good.is_empty(), bad.first()) {
        (false, _) => Ok(good),
        (true, Some(bad)) => Err(Fault::new(
            FaultKind::Address,
            format!(
                "leads to {}, {}: such addresses are fetched only where they are allowed",
                bad.ip(),
                forbidden(bad.ip()).unwrap_or("on a port that is not allowed")
            ),
        )),
        (true, None) => Err(Fault::new(FaultKind::Name, "its host has no address".to_owned())),
    }
}

/// Whether an address may be connected to.
pub(crate) fn may_connect(address: SocketAddr, allowed: &[Allowed]) -> bool {
    let granted = allowed.iter().any(|allowed| {
        let port = allowed.port.is_none_or(|port| port == address.port());
        match allowed.ip {
            Some(ip) => canonical(ip) == canonical(address.ip()) && port,
            None => port && forbidden(address.ip()).is_none(),
        }
    });
    granted || (matches!(address.port(), 80 | 443) && forbidden(address.ip()).is_none())
}

fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_spellings_of_an_address_are_that_address() {
        let nobody: &Resolve = &|_, _| Ok(Vec::new());
        for text in [
            "http://0x7f.1/",
            "http://127.1/",
            "http://0/",
            "http://2130706433/",
            "http://017700000001/",
            "http://[::ffff:127.0.0.1]/",
            "http://１２７.０.０.１/",
            "http://[::]/",
            "http://169.254.169.254/",
        ] {
            let fault = check_url(text, &[]).and_then(|url| addresses(&url, &[], nobody)).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Address, "{text}: {fault:?}");
        }
        for text in [
            "file:///etc/passwd",
            "gopher://a.test/",
            "data:text/html,x",
            "http://a:b@a.test/",
            "ftp://a.test/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.internal/",
            "http://a.test:22/",
            "//a.test/",
            "http://good.test@127.0.0.1/",
            "javascript:alert(1)",
            "http:///",
            "",
        ] {
            assert!(check_url(text, &[]).is_err(), "{text}");
        }
        assert_eq!(check_url("HTTP://A.test/b c#d", &[]).unwrap().as_str(), "http://a.test/b%20c");
    }

    #[test]
    fn what_is_allowed_is_exactly_that() {
        let allowed = ["127.0.0.1:8080".parse().unwrap(), ":8443".parse().unwrap()];
        let may = |address: &str| may_connect(address.parse().unwrap(), &allowed);
        assert!(may("127.0.0.1:8080") && may("[::ffff:127.0.0.1]:8080") && may("8.8.8.8:8443"));
        assert!(
            !may("127.0.0.1:80") && !may("127.0.0.2:8080") && !may("127.0.0.1:8443") && !may("8.8.8.8:22")
        );
        assert!("localhost".parse::<Allowed>().is_err() && ":x".parse::<Allowed>().is_err());
    }
}
