//! robots.txt (RFC 9309): what a site asks programs to leave alone.
//!
//! The most specific rule decides, allowing wins a tie, `*` and `$` are patterns, and only the
//! first 500 KiB count. `Crawl-delay` is no part of the standard, but widely meant.

use std::time::Duration;

/// Our name in robots.txt.
pub(super) const PRODUCT: &str = "selon";

/// Octets of a file that are read (RFC 9309, section 2.5).
const MOST: usize = 500 << 10;

/// Rules of one file; matching is bounded by it.
const MOST_RULES: usize = 5_000;

/// The rules of a site that apply to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// Seconds between requests that the site asks for.
    pub crawl_delay: Option<Duration>,
    /// Sitemaps that it names.
    pub sitemaps: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Pattern, percent-escapes made uniform.
    path: Vec<u8>,
}

impl Robots {
    /// Reads a file. Lines that are none of it are skipped.
    pub fn parse(bytes: &[u8]) -> Robots {
        let bytes = &bytes[..bytes.len().min(MOST)];
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes);
        let (mut own, mut general) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // A group begins with one or more user-agent lines; groups of one name are one.
        let (mut for_us, mut for_all, mut naming) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or("").trim();
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "user-agent" | "useragent" => {
                    if !naming {
                        (for_us, for_all) = (false, false);
                    }
                    naming = true;
                    let product: String = value
                        .chars()
                        .take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
                        .collect();
                    for_us |= product.eq_ignore_ascii_case(PRODUCT);
                    for_all |= value.starts_with('*');
                    own.named |= for_us;
                }
                "sitemap" if sitemaps.len() < 100 => sitemaps.push(value.to_owned()),
                rule @ ("allow" | "disallow") => {
                    naming = false;
                    // An empty rule says nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allow: rule == "allow", path: uniform(value.as_bytes()) };
                    for (applies, group) in [(for_us, &mut own), (for_all, &mut general)] {
                        if applies && group.rules.len() < MOST_RULES {
                            group.rules.push(rule.clone());
                        }
                    }
                }
                "crawl-delay" => {
                    naming = false;
                    let seconds =
                        value.parse::<f64>().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
                    for (applies, group) in [(for_us, &mut own), (for_all, &mut general)] {
                        if applies {
                            group.crawl_delay = seconds.map(Duration::from_secs_f64).or(group.crawl_delay);
                        }
                    }
                }
                _ => {}
            }
        }
        let group = if own.named { own } else { general };
        Robots { rules: group.rules, crawl_delay: group.crawl_delay, sitemaps }
    }

    /// Nobody may fetch anything: the file cannot be had (RFC 9309, section 2.3.1.4).
    pub fn unreachable() -> Robots {
        Robots { rules: vec![Rule { allow: false, path: b"/".to_vec() }], ..Robots::default() }
    }

    /// Whether a path (with its query) may be fetched.
    pub fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = uniform(path.as_bytes());
        let mut best: Option<(usize, bool)> = None;
        for rule in &self.rules {
            let weight = rule.path.len();
            let better = best.is_none_or(|(length, allow)| weight > length || (weight == length && !allow));
            if better && matches(&rule.path, &path) {
                best = Some((weight, rule.allow));
            }
        }
        best.is_none_or(|(_, allow)| allow)
    }
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

/// Percent-escapes of unreserved characters undone, all others in upper case, bytes above ASCII
/// escaped: so that a rule and a path are held against each other in one form.
fn uniform(path: &[u8]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(path.len());
    let escape = |out: &mut Vec<u8>, byte: u8| {
        out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    };
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while at < path.len() {
        let byte = path[at];
        if byte == b'%'
            && let (Some(high), Some(low)) = (digit(path.get(at + 1)), digit(path.get(at + 2)))
        {
            let value = (high * 16 + low) as u8;
            if value.is_ascii_alphanumeric() || b"-._~".contains(&value) {
                out.push(value);
            } else {
                escape(&mut out, value);
            }
            at += 3;
            continue;
        }
        if byte.is_ascii_graphic() {
            out.push(byte)
        } else {
            escape(&mut out, byte)
        }
        at += 1;
    }
    out
}

/// Whether a pattern matches the beginning of a path. Linear in pattern times path at worst.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split(|&byte| byte == b'*');
    let first = parts.next().unwrap_or(&[]);
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !anchored || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() && anchored {
            return rest.ends_with(part);
        }
        match memchr::memmem::find(rest, part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, path: &str, allowed: bool) {
        assert_eq!(Robots::parse(file.as_bytes()).allows(path), allowed, "{file:?} {path}");
    }

    #[test]
    fn examples_of_the_standard() {
        check("", "/", true);
        check("User-agent: *\nDisallow: /", "/a", false);
        check("User-agent: *\nDisallow:", "/a", true);
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
        check("User-agent: *\nDisallow: /\nUser-agent: selon\nAllow: /", "/a", true);
        check("User-Agent: SELON/2.0\nDisallow: /a", "/a/b", false);
        check("User-agent: selon\n\nUser-agent: *\nDisallow: /", "/a", false);
        check("User-agent: other\nDisallow: /\n", "/a", true);
        check("User-agent: selon\nDisallow: /a\n\nUser-agent: selon\nDisallow: /b", "/b", false);
        check("User-agent: *\nDisallow: /p\nAllow: /page", "/page", true);
        check("User-agent: *\nAllow: /page\nDisallow: /page", "/page", true);
        check("User-agent: *\nAllow: /\nDisallow: /*.php", "/a.php?x", false);
        check("User-agent: *\nDisallow: /*.gif$", "/a.gif", false);
        check("User-agent: *\nDisallow: /*.gif$", "/a.gif?x", true);
        check("User-agent: *\nDisallow: /a*b*c", "/axxbyyc", false);
        check("User-agent: *\nDisallow: /a/%7Ejoe", "/a/~joe/x", false);
        check("User-agent: *\nDisallow: /é", "/%c3%a9", false);
        check("\u{feff}User-agent: *\r\nDisallow: /x # why\r\n", "/x", false);
        check("Disallow: /", "/", true);
        check("User-agent: *\nCrawl-delay: 2\nDisallow: /x", "/x", false);
        assert!(!Robots::unreachable().allows("/"));
        let robots = Robots::parse(b"Sitemap: https://a.test/s.xml\nUser-agent: *\nCrawl-delay: 2.5");
        assert_eq!(robots.sitemaps, ["https://a.test/s.xml"]);
        assert_eq!(robots.crawl_delay, Some(Duration::from_millis(2500)));
    }

    #[test]
    fn patterns_made_to_cost_do_not() {
        let file = format!("User-agent: *\n{}", format!("Disallow: /{}\n", "*a".repeat(200)).repeat(2000));
        let started = std::time::Instant::now();
        let robots = Robots::parse(file.as_bytes());
        robots.allows(&format!("/{}", "a".repeat(8000)));
        robots.allows(&format!("/{}", "b".repeat(8000)));
        assert!(started.elapsed().as_secs() < 10);
    }
}
