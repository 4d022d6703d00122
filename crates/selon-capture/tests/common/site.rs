//! A site on this machine that answers as the test says: also one that means harm.

#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses its part")]

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A connection, plain or TLS.
pub(crate) trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// What a site does with a request: its target and head, the connection.
pub(crate) type Answer = dyn Fn(&str, &str, &mut dyn Wire) + Send + Sync;

/// A site that runs until the test ends.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    /// Targets asked for, in order.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(crate) fn new(answer: impl Fn(&str, &str, &mut dyn Wire) + Send + Sync + 'static) -> Site {
        Site::with_tls(None, answer)
    }

    pub(crate) fn with_tls(
        tls: Option<Arc<rustls::ServerConfig>>,
        answer: impl Fn(&str, &str, &mut dyn Wire) + Send + Sync + 'static,
    ) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let Ok(socket) = socket else { continue };
                let (seen, answer, tls) = (Arc::clone(&seen), Arc::clone(&answer), tls.clone());
                std::thread::spawn(move || {
                    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                    socket.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
                    match tls {
                        None => serve(socket, &seen, &*answer),
                        Some(config) => {
                            let connection = rustls::ServerConnection::new(config).unwrap();
                            serve(rustls::StreamOwned::new(connection, socket), &seen, &*answer);
                        }
                    }
                });
            }
        });
        Site { address, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A connection whose request head was read: what stands behind it is still there to be read.
struct Opened<W>(BufReader<W>);

impl<W: Wire> Read for Opened<W> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl<W: Wire> Write for Opened<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.get_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.get_mut().flush()
    }
}

fn serve(wire: impl Wire, seen: &Mutex<Vec<String>>, answer: &Answer) {
    let mut head = String::new();
    let mut wire = Opened(BufReader::new(wire));
    loop {
        let mut line = String::new();
        match wire.0.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => head.push_str(&line),
        }
        if line == "\r\n" {
            break;
        }
    }
    let target = head.split(' ').nth(1).unwrap_or("").to_owned();
    seen.lock().unwrap().push(target.clone());
    answer(&target, &head, &mut wire);
    let _ = wire.flush();
}

/// Sends a whole answer with its length.
pub(crate) fn send(wire: &mut dyn Wire, status: &str, fields: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n", body.len());
    // Who asked may have gone.
    let _ = wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body));
}

pub(crate) const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
