//! Asking an authority: one POST, one answer, over plain HTTP.
//!
//! A timestamp needs no secrecy: it is signed, and says nothing of what it stamps. HTTP/1.0 keeps
//! the answer in one piece, ended by its length or by the connection.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::http::HttpHead;
use crate::public_address::forbidden;

/// How a request is sent and its answer comes back.
pub trait Ask {
    /// Sends `body` and gives the answer's body, at most `most` bytes of it. `local`: addresses that
    /// are not public may be asked.
    ///
    /// # Errors
    /// `Unavailable` where it may work later; `Refused` or `Invalid` where it will not.
    fn ask(&self, url: &str, local: bool, body: &[u8], most: usize) -> Result<Vec<u8>>;
}

/// Plain HTTP, with an end to waiting.
#[derive(Clone, Copy, Debug)]
pub struct PlainHttp {
    /// For a connection.
    pub connect: Duration,
    /// For all of it.
    pub whole: Duration,
}

impl Default for PlainHttp {
    fn default() -> Self {
        PlainHttp { connect: Duration::from_secs(10), whole: Duration::from_secs(60) }
    }
}

/// Longest head of an answer.
const LONGEST_HEAD: usize = 64 * 1024;

impl Ask for PlainHttp {
    fn ask(&self, url: &str, local: bool, body: &[u8], most: usize) -> Result<Vec<u8>> {
        let address = Address::parse(url)?;
        let until = Instant::now() + self.whole;
        let mut stream = self.connect_to(&address, local)?;
        let head = format!(
            "POST {} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/timestamp-query\r\nAccept: application/timestamp-reply\r\nUser-Agent: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            address.path,
            address.host_and_port(),
            concat!("Selon/", env!("CARGO_PKG_VERSION")),
            body.len()
        );
        let failed =
            |error: io::Error| Error::because(Kind::Unavailable, format!("{url} did not answer"), error);
        stream.set_write_timeout(Some(self.connect)).map_err(failed)?;
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).map_err(failed)?;
        let answer = read_until(&mut stream, until, LONGEST_HEAD + most).map_err(failed)?;
        body_of(&answer, most).map_err(|why| Error::new(Kind::Unavailable, format!("{url} answered {why}")))
    }
}

impl PlainHttp {
    fn connect_to(&self, address: &Address<'_>, local: bool) -> Result<TcpStream> {
        let what = format!("{}:{}", address.host, address.port);
        let failed =
            |error: io::Error| Error::because(Kind::Unavailable, format!("cannot reach {what}"), error);
        let found: Vec<SocketAddr> =
            (address.host, address.port).to_socket_addrs().map_err(failed)?.collect();
        let public: Vec<SocketAddr> =
            found.iter().copied().filter(|found| local || forbidden(found.ip()).is_none()).collect();
        if public.is_empty() && !found.is_empty() {
            return Err(Error::new(
                Kind::Refused,
                format!(
                    "{what} is not a public address; an authority in your own network needs local = true"
                ),
            ));
        }
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in public {
            match TcpStream::connect_timeout(&address, self.connect) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(failed(last))
    }
}

/// Reads to the end of the connection, at most so much and so long.
fn read_until(stream: &mut TcpStream, until: Instant, most: usize) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut piece) {
            Ok(0) => return Ok(answer),
            Ok(read) => answer.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if answer.len() > most {
            return Err(io::Error::other("the answer is too long"));
        }
        if is_whole(&answer) {
            return Ok(answer);
        }
    }
}

/// Whether an answer that states its length is there in full.
fn is_whole(answer: &[u8]) -> bool {
    let Some((head, length)) = parts(answer) else { return false };
    let stated = head.get("Content-Length").and_then(|text| text.trim().parse::<usize>().ok());
    stated.is_some_and(|stated| answer.len() - length >= stated)
}

/// The head, and its length with the empty line.
fn parts(answer: &[u8]) -> Option<(HttpHead, usize)> {
    let end = memchr::memmem::find(answer, b"\r\n\r\n")? + 4;
    Some((HttpHead::parse(&answer[..end])?, end))
}

/// The body of an answer that says yes.
pub fn body_of(answer: &[u8], most: usize) -> std::result::Result<Vec<u8>, String> {
    let Some((head, end)) = parts(answer) else { return Err("something that is not HTTP".to_owned()) };
    if head.status != Some(200) {
        return Err(head
            .status
            .map_or("without a status".to_owned(), |status| format!("with status {status}")));
    }
    if head.is_chunked() {
        return Err("in pieces, which it was not asked for".to_owned());
    }
    let body = &answer[end..];
    let stated = head.get("Content-Length").map(|text| text.trim().parse::<usize>());
    let body = match stated {
        None => body,
        Some(Ok(length)) if length <= body.len() => &body[..length],
        Some(_) => return Err("with less than it stated".to_owned()),
    };
    if body.len() > most { Err("with too much".to_owned()) } else { Ok(body.to_vec()) }
}

/// Parts of an address.
struct Address<'u> {
    host: &'u str,
    port: u16,
    path: &'u str,
}

impl<'u> Address<'u> {
    fn parse(url: &'u str) -> Result<Address<'u>> {
        let wrong = |why: &str| Error::new(Kind::Invalid, format!("{url:?} cannot be asked: {why}"));
        if url.starts_with("https://") {
            return Err(wrong("this build speaks http:// only; one with fetching speaks https:// too"));
        }
        let rest =
            url.strip_prefix("http://").ok_or_else(|| wrong("write it like http://tsa.example/path"))?;
        if url.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'#') {
            return Err(wrong("it holds a character that no address has"));
        }
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (place, path) = rest.split_at(at);
        let path = if path.is_empty() { "/" } else { path };
        if place.contains('@') || path.starts_with('?') {
            return Err(wrong("it holds a user name, or no path"));
        }
        let (host, port) = match place.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or_else(|| wrong("a bracket is open"))?;
                (host, port.strip_prefix(':'))
            }
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            None => 80,
            Some(port) => port.parse().map_err(|_| wrong("its port is no number"))?,
        };
        if host.is_empty() {
            return Err(wrong("it names no host"));
        }
        Ok(Address { host, port, path })
    }

    fn host_and_port(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.to_owned() };
        if self.port == 80 { host } else { format!("{host}:{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |url: &str, expected: Option<(&str, u16, &str)>| {
            let found = Address::parse(url).ok();
            assert_eq!(found.map(|found| (found.host, found.port, found.path)), expected, "{url}");
        };
        check("http://tsa.example", Some(("tsa.example", 80, "/")));
        check("http://tsa.example:8080/a?b", Some(("tsa.example", 8080, "/a?b")));
        check("http://[::1]:3/a", Some(("::1", 3, "/a")));
        check("https://tsa.example/", None);
        check("http://u@tsa.example/", None);
        check("http://tsa.example/a\r\nX: 1", None);
        check("ftp://tsa.example/", None);
        check("http://tsa.example:99999/", None);
        check("http:///", None);
    }

    #[test]
    fn answers() {
        let check = |answer: &[u8], expected: std::result::Result<&[u8], &str>| {
            let found = body_of(answer, 10);
            assert_eq!(found.as_deref().map_err(String::as_str), expected);
        };
        check(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabcd", Ok(b"abc"));
        check(b"HTTP/1.1 200 OK\r\n\r\nabc", Ok(b"abc"));
        check(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", Err("with less than it stated"));
        check(b"HTTP/1.1 500 No\r\n\r\nabc", Err("with status 500"));
        check(b"HTTP/1.1 200 OK\r\n\r\nabcabcabcabc", Err("with too much"));
        check(b"SSH-2.0\r\n", Err("something that is not HTTP"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), url in ".{0,40}") {
            let _ = body_of(&bytes, 64);
            let _ = Address::parse(&url);
        }
    }
}
