//! Addresses: resolving, comparing, the domain behind one.

/// Parameters that name a visit, not a page.
const TRACKING: &[&str] =
    &["utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "ref_src", "cmpid", "xtor", "igshid", "yclid"];

/// `href` as seen from `base` (RFC 3986, section 5.2, for the web's schemes); `None` where it
/// leads nowhere (script, mail, fragment) or is no address.
pub(crate) fn resolve(base: Option<&str>, href: &str) -> Option<String> {
    let href: String = href.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    if href.is_empty() || href.starts_with('#') || href.len() > 8_000 {
        return None;
    }
    let scheme = href.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    });
    if let Some(scheme) = scheme {
        return matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https").then_some(href);
    }
    let base = base?;
    let (scheme, rest) = base.split_once("://")?;
    if let Some(rest) = href.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path = path.split(['?', '#']).next().unwrap_or("");
    if href.starts_with('?') {
        return Some(format!("{scheme}://{host}{path}{href}"));
    }
    let (relative, tail) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
    let full = match relative.strip_prefix('/') {
        Some(_) => relative.to_owned(),
        None => format!("{}/{relative}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    let mut segments: Vec<&str> = Vec::new();
    for segment in full.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    Some(format!("{scheme}://{host}/{}{tail}", segments.join("/")))
}

/// An address without fragment and tracking parameters.
pub(crate) fn clean(url: &str) -> String {
    let url = url.split('#').next().unwrap_or(url);
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| !TRACKING.iter().any(|name| part.to_ascii_lowercase().starts_with(name)))
        .collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Host of an address, in lower case.
pub(crate) fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.trim_end_matches('.');
    let fits = host.contains('.') && host.len() <= 253 && !host.contains(char::is_whitespace);
    fits.then(|| host.to_lowercase())
}

/// The domain that somebody registered: two labels, or three under a country's second level
/// (`co.uk`, `com.tr`).
pub(crate) fn domain(url: &str) -> Option<String> {
    let host = host(url)?;
    if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Some(host);
    }
    let labels: Vec<&str> = host.split('.').collect();
    let second = labels.len().checked_sub(2).and_then(|at| labels.get(at)).copied().unwrap_or("");
    let country = labels.last().is_some_and(|label| label.len() == 2);
    let under = matches!(
        second,
        "co" | "com"
            | "org"
            | "net"
            | "gov"
            | "gob"
            | "edu"
            | "ac"
            | "or"
            | "ne"
            | "go"
            | "in"
            | "gouv"
            | "asso"
            | "mil"
            | "info"
    );
    let wanted = if country && under && labels.len() > 2 { 3 } else { 2 };
    Some(labels[labels.len().saturating_sub(wanted)..].join("."))
}

/// Whether an address is the front page of its site.
pub(crate) fn is_root(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    matches!(path.trim_matches('/'), "" | "index.html" | "index.php" | "en" | "fr" | "ar" | "home")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves() {
        let base = Some("https://a.example/news/2016/x.html?y=1#z");
        let check = |href: &str, expected: Option<&str>| {
            assert_eq!(resolve(base, href).as_deref(), expected, "{href}")
        };
        check("https://b.example/1", Some("https://b.example/1"));
        check("//b.example/1", Some("https://b.example/1"));
        check("/1?q#f", Some("https://a.example/1?q#f"));
        check("../1", Some("https://a.example/news/1"));
        check("1", Some("https://a.example/news/2016/1"));
        check("?p=2", Some("https://a.example/news/2016/x.html?p=2"));
        check("javascript:void(0)", None);
        check("mailto:a@b.example", None);
        check("#top", None);
    }

    #[test]
    fn domains() {
        assert_eq!(domain("https://www.news.example.co.uk/a").as_deref(), Some("example.co.uk"));
        assert_eq!(domain("http://fr.example.com:80/").as_deref(), Some("example.com"));
        assert_eq!(domain("x"), None);
    }
}
