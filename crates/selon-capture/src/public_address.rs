//! Which addresses are of the public network: one table for all that is asked, pages and authorities.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ranges that no public site stands in (IANA special-purpose registries, RFC 6890), and what
/// each is.
const V4: &[([u8; 4], u32, &str)] = &[
    ([0, 0, 0, 0], 8, "this very network"),
    ([10, 0, 0, 0], 8, "a private network"),
    ([100, 64, 0, 0], 10, "a provider's inner network"),
    ([127, 0, 0, 0], 8, "this machine"),
    ([169, 254, 0, 0], 16, "the local link, where clouds keep their secrets"),
    ([172, 16, 0, 0], 12, "a private network"),
    ([192, 0, 0, 0], 24, "reserved for protocols"),
    ([192, 0, 2, 0], 24, "reserved for examples"),
    ([192, 88, 99, 0], 24, "a relay of old"),
    ([192, 168, 0, 0], 16, "a private network"),
    ([198, 18, 0, 0], 15, "reserved for measuring"),
    ([198, 51, 100, 0], 24, "reserved for examples"),
    ([203, 0, 113, 0], 24, "reserved for examples"),
    ([224, 0, 0, 0], 4, "for many receivers"),
    ([240, 0, 0, 0], 4, "reserved"),
];

const V6: &[(&str, u32, &str)] = &[
    ("::", 128, "no address"),
    ("::1", 128, "this machine"),
    ("100::", 64, "a place where everything is thrown away"),
    ("64:ff9b::", 96, "a translation of IPv4"),
    ("64:ff9b:1::", 48, "a translation of IPv4"),
    ("2001::", 32, "a tunnel of old"),
    ("2001:10::", 28, "no place"),
    ("2001:20::", 28, "no place"),
    ("2001:db8::", 32, "reserved for examples"),
    ("2002::", 16, "a tunnel of old"),
    ("3fff::", 20, "reserved for examples"),
    ("5f00::", 16, "reserved for routing"),
    ("fc00::", 7, "a private network"),
    ("fe80::", 10, "the local link"),
    ("fec0::", 10, "a private network"),
    ("ff00::", 8, "for many receivers"),
];

/// What an address is, where it is no public one.
pub(crate) fn forbidden(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => forbidden_v4(ip),
        IpAddr::V6(ip) => forbidden_v6(ip),
    }
}

fn forbidden_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let value = u32::from(ip);
    V4.iter()
        .find(|(base, bits, _)| (value ^ u32::from_be_bytes(*base)) >> (32 - bits) == 0)
        .map(|(_, _, what)| *what)
}

fn forbidden_v6(ip: Ipv6Addr) -> Option<&'static str> {
    // IPv4 written as IPv6 (`::ffff:0:0/96`, and `::a.b.c.d` of old) is IPv4.
    if let Some(inner) = ip.to_ipv4() {
        return forbidden_v4(inner).or((ip.to_ipv4_mapped().is_none()).then_some("written as of old"));
    }
    let value = u128::from(ip);
    V6.iter()
        .find(|(base, bits, _)| {
            base.parse::<Ipv6Addr>().is_ok_and(|base| (value ^ u128::from(base)) >> (128 - bits) == 0)
        })
        .map(|(_, _, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_inner_network_is_reached() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "192.88.99.1",
            "::ffff:10.0.0.1",
        ] {
            assert!(forbidden(inside.parse().unwrap()).is_some(), "{inside}");
        }
        for outside in
            ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8"]
        {
            assert_eq!(forbidden(outside.parse().unwrap()), None, "{outside}");
        }
    }
}
