//! Through a SOCKS 5 proxy (RFC 1928, RFC 1929) that looks the name up itself.

use std::io::{Read, Write};

use super::fault::{Fault, FaultKind};
use super::settings::Proxy;

/// Asks the proxy at the other end of `stream` to connect to a host.
pub(super) fn connect(
    stream: &mut (impl Read + Write),
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<(), Fault> {
    let io = |error: std::io::Error| {
        Fault::new(FaultKind::Connect, format!("the proxy {}:{} broke off: {error}", proxy.host, proxy.port))
    };
    let refuse = |what: &str| {
        Fault::new(FaultKind::Connect, format!("the proxy {}:{} {what}", proxy.host, proxy.port))
    };
    // 0: no login; 2: user and password.
    let method = if proxy.login.is_some() { 2 } else { 0 };
    stream.write_all(&[5, 1, method]).map_err(io)?;
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).map_err(io)?;
    if answer != [5, method] {
        return Err(refuse("speaks no SOCKS 5, or wants a login that was not given"));
    }
    if let Some((user, password)) = &proxy.login {
        let mut message = vec![1, user.len() as u8];
        message.extend(user.as_bytes());
        message.push(password.len() as u8);
        message.extend(password.as_bytes());
        stream.write_all(&message).map_err(io)?;
        stream.read_exact(&mut answer).map_err(io)?;
        if answer[1] != 0 {
            return Err(refuse("does not accept the login"));
        }
    }
    let host = host.trim_matches(['[', ']']);
    let mut message = vec![5, 1, 0];
    match host.parse() {
        Ok(std::net::IpAddr::V4(ip)) => {
            message.push(1);
            message.extend(ip.octets());
        }
        Ok(std::net::IpAddr::V6(ip)) => {
            message.push(4);
            message.extend(ip.octets());
        }
        Err(_) => {
            let length =
                u8::try_from(host.len()).map_err(|_| refuse("takes no host name as long as this"))?;
            message.extend([3, length]);
            message.extend(host.as_bytes());
        }
    }
    message.extend(port.to_be_bytes());
    stream.write_all(&message).map_err(io)?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).map_err(io)?;
    if head[0] != 5 || head[1] != 0 {
        return Err(refuse(match head[1] {
            2 => "does not allow it",
            3 => "says that the network cannot be reached",
            4 => "does not find the host, or cannot reach it",
            5 => "says that the host refuses the connection",
            6 => "gave up waiting",
            _ => "cannot connect",
        }));
    }
    let rest = match head[3] {
        1 => 4,
        4 => 16,
        3 => {
            let mut length = [0];
            stream.read_exact(&mut length).map_err(io)?;
            usize::from(length[0])
        }
        _ => return Err(refuse("answers with what is no SOCKS 5")),
    };
    let mut bound = vec![0; rest + 2];
    stream.read_exact(&mut bound).map_err(io)
}
