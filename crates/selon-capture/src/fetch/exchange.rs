//! One exchange: connect, send, take what comes, byte for byte.
//!
//! HTTP/1.1, one request a connection, written here and read here, so that what is kept is what
//! crossed the connection. A server may lie about everything: every loop ends by a count or a
//! clock, and a limit cuts the response, which is kept as far as it came.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustls::StreamOwned;
use url::Url;

use super::address::{addresses, may_connect};
use super::fault::{Fault, FaultKind};
use super::settings::Settings;
use super::socks;
use super::spool::Spool;
use super::tls::{Trust, facts};
use crate::archive::{Content, NewTls, Validators};
use crate::decode::Decoder;
use crate::http::{Dechunker, HttpHead, Part, Splitter};
use crate::limits::Limits;
use crate::record::empty_line;

/// A response with how it came.
pub struct Exchange {
    /// The address asked for.
    pub url: Url,
    /// When it began, to the microsecond.
    pub began: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The request as sent.
    pub request: Vec<u8>,
    /// Its head.
    pub head: HttpHead,
    pub(super) head_length: u64,
    pub(super) spool: Spool,
    pub(super) interim: Vec<u8>,
    pub(super) behind: Vec<u8>,
    /// The address connected to.
    pub peer: Option<IpAddr>,
    pub(super) dns: Vec<IpAddr>,
    pub(super) tls: Option<NewTls>,
    /// Why it ends too early: a value of WARC-Truncated.
    pub truncated: Option<&'static str>,
}

/// Bytes of a decoded body that are looked at.
const LOOKED_AT: u64 = 16 << 20;

/// Heads with status 1xx that are taken before the answer.
const MOST_INTERIM: usize = 8;

/// Bytes behind the end of a response that are kept.
const MOST_BEHIND: usize = 4096;

impl Exchange {
    /// Status of the response.
    pub fn status(&self) -> u16 {
        self.head.status.unwrap_or(0)
    }

    /// Head and body as received.
    pub fn response(&self) -> Content {
        self.spool.content()
    }

    /// The body with its codings removed, as far as the limit allows.
    ///
    /// # Errors
    /// Where the spool cannot be read.
    pub fn body(&self) -> Result<Vec<u8>, Fault> {
        let limits = Limits { payload: LOOKED_AT, decoded: LOOKED_AT, ..Limits::default() };
        let mut splitter = Splitter::new(&limits);
        let codings = self.head.content_codings();
        let mut decoder = Decoder::new(&codings, true, &limits);
        let mut part = |_: &Option<HttpHead>, part: Part<'_>| {
            if let Part::Payload(bytes) = part {
                decoder.feed(bytes);
            }
        };
        let mut source = self.spool.read().map_err(spool_fault)?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            match source.read(&mut piece).map_err(spool_fault)? {
                0 => break,
                read => splitter.feed(&piece[..read], &mut part),
            }
        }
        splitter.finish(&mut part);
        Ok(decoder.finish().0)
    }
}

pub(super) fn spool_fault(error: io::Error) -> Fault {
    Fault::new(FaultKind::Spool, format!("cannot be held in the folder for temporary files: {error}"))
}

/// A socket with two clocks: one for each wait, one for the whole.
struct Timed {
    socket: TcpStream,
    until: Instant,
    idle: Duration,
}

impl Timed {
    fn room(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left.min(self.idle)) }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.room()?))?;
        self.socket.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.room()?))?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// A connection that is open.
enum Line {
    Plain(Timed),
    Tls(Box<StreamOwned<rustls::ClientConnection, Timed>>),
}

impl Line {
    fn stream(&mut self) -> &mut dyn Stream {
        match self {
            Line::Plain(timed) => timed,
            Line::Tls(stream) => stream.as_mut(),
        }
    }
}

trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// What an I/O error before the answer amounts to.
fn broken(error: &io::Error, settings: &Settings) -> Fault {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(why)) => Fault::new(
            FaultKind::Tls,
            format!(
                "shows a certificate that does not verify ({}), so it is not fetched",
                certificate_words(why)
            ),
        ),
        Some(other) => Fault::new(FaultKind::Tls, format!("does not come to terms over TLS: {other}")),
        None if is_timeout(error) => Fault::new(
            FaultKind::Time,
            format!("does not answer within {} s", settings.limits.idle.as_secs_f32()),
        ),
        None => Fault::new(FaultKind::Connect, format!("breaks the connection off: {error}")),
    }
}

fn certificate_words(error: &rustls::CertificateError) -> String {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "it has expired".to_owned(),
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet".to_owned(),
        E::UnknownIssuer => "nobody who is trusted issued it".to_owned(),
        E::NotValidForName | E::NotValidForNameContext { .. } => "it is for another name".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Asks for an address and takes the answer.
///
/// # Errors
/// Where no answer with a head came. What came with one is an exchange, however it ended.
pub(super) fn exchange(
    url: &Url,
    settings: &Settings,
    trust: &Trust,
    again: Option<&Validators>,
) -> Result<Exchange, Fault> {
    send(url, settings, trust, request(url, settings, again))
}

/// Sends a request that is written out, and takes the answer.
///
/// # Errors
/// As [`exchange`].
pub(super) fn send(
    url: &Url,
    settings: &Settings,
    trust: &Trust,
    request: Vec<u8>,
) -> Result<Exchange, Fault> {
    let limits = &settings.limits;
    let now = Timestamp::now();
    // Records state six digits; nothing that refers to them may differ from that.
    let began = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
    let started = Instant::now();
    let until = started + limits.whole;
    let (socket, dns) = connect(url, settings)?;
    let peer = match settings.proxy {
        Some(_) => None,
        None => {
            let peer = socket
                .peer_addr()
                .map_err(|error| Fault::new(FaultKind::Connect, format!("is gone at once: {error}")))?;
            if !may_connect(peer, &settings.allowed) {
                return Err(Fault::new(
                    FaultKind::Address,
                    format!("ended at {}, which is not allowed", peer.ip()),
                ));
            }
            Some(peer.ip())
        }
    };
    let mut timed = Timed { socket, until, idle: limits.idle };
    let host = url.host_str().unwrap_or("");
    if let Some(proxy) = &settings.proxy {
        socks::connect(&mut timed, proxy, host, url.port_or_known_default().unwrap_or(0))?;
    }
    let (mut line, tls) = if url.scheme() == "https" {
        let (mut connection, judge) = trust.connection(host)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut timed).map_err(|error| broken(&error, settings))?;
        }
        let tls = facts(&connection, &judge);
        (Line::Tls(Box::new(StreamOwned::new(connection, timed))), Some(tls))
    } else {
        (Line::Plain(timed), None)
    };
    let stream = line.stream();
    stream.write_all(&request).and_then(|()| stream.flush()).map_err(|error| broken(&error, settings))?;
    let received = receive(stream, settings)?;
    Ok(Exchange {
        url: url.clone(),
        began,
        took: started.elapsed(),
        request,
        head: received.head,
        head_length: received.head_length,
        spool: received.spool,
        interim: received.interim,
        behind: received.behind,
        peer,
        dns,
        tls,
        truncated: received.truncated,
    })
}

fn connect(url: &Url, settings: &Settings) -> Result<(TcpStream, Vec<IpAddr>), Fault> {
    let limits = &settings.limits;
    let (tried, dns): (Vec<SocketAddr>, Vec<IpAddr>) = match &settings.proxy {
        Some(proxy) => {
            // The proxy looks the name up: only an address that is written out can be judged.
            if !matches!(url.host(), Some(url::Host::Domain(_)) | None) {
                addresses(url, &settings.allowed, &*settings.resolve)?;
            }
            let found = (proxy.host.as_str(), proxy.port).to_socket_addrs().map_err(|error| {
                Fault::new(FaultKind::Connect, format!("the proxy {} is not found: {error}", proxy.host))
            })?;
            (found.collect(), Vec::new())
        }
        None => {
            let found = addresses(url, &settings.allowed, &*settings.resolve)?;
            let dns = found.iter().map(SocketAddr::ip).collect();
            (found, dns)
        }
    };
    let mut last = None;
    for address in tried.iter().take(4) {
        match TcpStream::connect_timeout(address, limits.connect) {
            Ok(socket) => return Ok((socket, dns)),
            Err(error) => last = Some(error),
        }
    }
    let why = match last {
        Some(error) if is_timeout(&error) => {
            format!("cannot be connected to within {} s", limits.connect.as_secs_f32())
        }
        Some(error) => format!("cannot be connected to: {error}"),
        None => "has no address".to_owned(),
    };
    let through = settings.proxy.as_ref().map(|proxy| format!("the proxy {}:{} ", proxy.host, proxy.port));
    Err(Fault::new(FaultKind::Connect, format!("{}{why}", through.unwrap_or_default())))
}

/// The request: written here, so that it is known to the byte. A URL in its serialised form holds
/// neither blanks nor line ends.
fn request(url: &Url, settings: &Settings, again: Option<&Validators>) -> Vec<u8> {
    let mut text = first_lines("GET", url, settings);
    text.push_str("Accept: */*\r\nAccept-Encoding: gzip\r\nConnection: close\r\n");
    if let Some(etag) = again.and_then(|again| again.etag.as_deref()) {
        text.push_str(&format!("If-None-Match: {}\r\n", clean(etag)));
    }
    if let Some(date) = again.and_then(|again| again.last_modified.as_deref()) {
        text.push_str(&format!("If-Modified-Since: {}\r\n", clean(date)));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Request line, `Host` and `User-Agent`.
pub(super) fn first_lines(method: &str, url: &Url, settings: &Settings) -> String {
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or("")),
        None => url.host_str().unwrap_or("").to_owned(),
    };
    format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {}\r\n", clean(&settings.user_agent))
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// What came.
struct Received {
    head: HttpHead,
    head_length: u64,
    spool: Spool,
    interim: Vec<u8>,
    behind: Vec<u8>,
    truncated: Option<&'static str>,
}

/// How a body ends (RFC 9112, section 6.3).
enum Ending {
    Length(u64),
    Chunks(Box<Dechunker>),
    Close,
}

fn ending(head: &HttpHead, line_limit: usize) -> Ending {
    if matches!(head.status, Some(100..=199 | 204 | 304)) {
        return Ending::Length(0);
    }
    if head.is_chunked() {
        return Ending::Chunks(Box::new(Dechunker::new(line_limit)));
    }
    if head.get("Transfer-Encoding").is_some() {
        return Ending::Close;
    }
    let mut lengths = head
        .fields
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("Content-Length"))
        .flat_map(|(_, value)| value.split(','))
        .map(|value| {
            let value = value.trim();
            let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| value.parse::<u64>().ok()).flatten()
        });
    match lengths.next() {
        // Lengths that are none, or contradict each other: only the close can be believed.
        Some(Some(first)) if lengths.all(|other| other == Some(first)) => Ending::Length(first),
        _ => Ending::Close,
    }
}

fn receive(stream: &mut dyn Stream, settings: &Settings) -> Result<Received, Fault> {
    let limits = &settings.limits;
    let no_http = |what: &str| Fault::new(FaultKind::Answer, what.to_owned());
    let mut piece = vec![0; 64 * 1024];
    let mut held: Vec<u8> = Vec::new();
    let mut interim = Vec::new();
    let mut interim_heads = 0;
    let mut scanned = 0;
    // The head.
    let (head, mut rest) = loop {
        if let Some(end) = empty_line(&held, scanned) {
            let head = HttpHead::parse(&held[..end])
                .filter(|head| {
                    head.status.is_some_and(|status| (100..1000).contains(&status) && status != 101)
                })
                .ok_or_else(|| no_http("answers with what is no HTTP"))?;
            if end > limits.head {
                return Err(no_http("answers with a head that is longer than is taken"));
            }
            let rest = held.split_off(end);
            if matches!(head.status, Some(100..=199)) {
                interim_heads += 1;
                interim.append(&mut held);
                held = rest;
                scanned = 0;
                if interim_heads > MOST_INTERIM || interim.len() > limits.head {
                    return Err(no_http("answers with one interim head after the other"));
                }
                continue;
            }
            break (head, rest);
        }
        if held.len() > limits.head {
            return Err(no_http("answers with a head that is longer than is taken"));
        }
        let shown = held.len().min(5);
        if held[..shown] != b"HTTP/"[..shown] {
            return Err(no_http("answers with what is no HTTP"));
        }
        scanned = held.len().saturating_sub(2);
        match stream.read(&mut piece) {
            Ok(0) if held.is_empty() && interim.is_empty() => {
                return Err(Fault::new(FaultKind::Connect, "closes the connection without an answer"));
            }
            Ok(0) => return Err(no_http("breaks off within the head of its answer")),
            Ok(read) => held.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(no_http("breaks off within the head of its answer"));
            }
            Err(error) => return Err(broken(&error, settings)),
        }
    };
    let mut spool = Spool::new();
    spool.write(&held).map_err(spool_fault)?;
    let head_length = held.len() as u64;
    let mut ending = ending(&head, Limits::default().chunk_line);
    let mut body = 0u64;
    let mut behind = Vec::new();
    let mut truncated = None;
    // The body.
    loop {
        let mut taken = rest.len();
        let mut ended = false;
        match &mut ending {
            Ending::Length(length) => {
                taken = (*length - body).min(rest.len() as u64) as usize;
                ended = body + taken as u64 == *length;
            }
            Ending::Chunks(chunks) => {
                taken -= chunks.feed(&rest, &mut |_| ());
                if chunks.is_broken() {
                    // Where chunks are broken nothing more can be told apart: what came is kept.
                    taken = rest.len();
                    truncated = Some("unspecified");
                }
                ended = chunks.is_done() || chunks.is_broken();
            }
            Ending::Close => {}
        }
        let room = limits.body - body;
        if taken as u64 > room {
            taken = room as usize;
            truncated = Some("length");
            ended = true;
        } else if ended {
            behind.extend_from_slice(&rest[taken..rest.len().min(taken + MOST_BEHIND)]);
        }
        spool.write(&rest[..taken]).map_err(spool_fault)?;
        body += taken as u64;
        if ended {
            break;
        }
        rest.clear();
        match stream.read(&mut piece) {
            Ok(0) => {
                let whole = match &ending {
                    Ending::Close => true,
                    Ending::Chunks(chunks) => chunks.is_plain(),
                    Ending::Length(_) => false,
                };
                truncated = (!whole).then_some("disconnect");
                break;
            }
            Ok(read) => rest.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                truncated = Some(if is_timeout(&error) { "time" } else { "disconnect" });
                break;
            }
        }
    }
    Ok(Received { head, head_length, spool, interim, behind, truncated })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_to_the_byte() {
        let url = Url::parse("http://a.test:8080/b%0d%0aX: y?q=é\r\nHost: evil").unwrap();
        let settings = Settings { user_agent: "Me\r\nX: y".to_owned(), ..Settings::default() };
        let text = String::from_utf8(request(&url, &settings, None)).unwrap();
        assert_eq!(
            text,
            "GET /b%0d%0aX:%20y?q=%C3%A9Host:%20evil HTTP/1.1\r\nHost: a.test:8080\r\nUser-Agent: MeX: y\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        );
    }
}
