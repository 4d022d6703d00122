//! Telling the page from what stands before it: a check for robots, a wall of consent, a log-in.
//!
//! Such an answer often comes with status 200. Filed as the page, it would say that the site said
//! so; so it is kept, marked, and not read. The marks are data (`blocked.tsv`), and one in a page
//! with much text says nothing: comment forms carry captchas too.

use url::Url;

use crate::http::HttpHead;

/// What stands before a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// A check whether a person asks.
    Challenge,
    /// Consent to cookies is demanded first.
    Consent,
    /// One must log in or pay.
    Login,
}

/// `kind TAB place TAB mark`, one a line; `#` begins a comment.
const MARKS: &str = include_str!("blocked.tsv");

/// A page with more text than this is a page, whatever else it carries.
const MUCH_TEXT: usize = 1200;

impl Wall {
    /// Its name in a manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Wall::Challenge => "challenge",
            Wall::Consent => "consent",
            Wall::Login => "login",
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Wall::Challenge => "a check for robots came instead of the page",
            Wall::Consent => "a wall that demands consent came instead of the page",
            Wall::Login => "a log-in came instead of the page",
        }
    }

    fn named(name: &str) -> Option<Wall> {
        [Wall::Challenge, Wall::Consent, Wall::Login].into_iter().find(|wall| wall.as_str() == name)
    }
}

/// What stands before the page that was asked for; `None` where the answer is the page.
pub fn wall(asked: &Url, url: &Url, head: &HttpHead, html: &str) -> Option<Wall> {
    let lower = html.to_ascii_lowercase();
    let little = text_length(&lower) < MUCH_TEXT;
    let refused = matches!(head.status, Some(401 | 402 | 403 | 407 | 429 | 503));
    let moved = (asked.host_str(), asked.path()) != (url.host_str(), url.path());
    let title = between(&lower, "<title", "</title").map(|title| title.trim_start_matches('>').trim());
    for line in MARKS.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(kind), Some(place), Some(mark)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let met = match place {
            "header" => mark.split_once(": ").is_some_and(|(name, value)| {
                head.get(name).is_some_and(|it| it.to_ascii_lowercase().contains(value))
            }),
            "body" => (little || refused) && lower.contains(mark),
            "title" => little && title.is_some_and(|title| title.starts_with(mark)),
            "host" => moved && url.host_str().is_some_and(|host| host.starts_with(mark)),
            "path" => moved && url.path().to_ascii_lowercase().split('/').any(|part| part == mark),
            _ => false,
        };
        if met {
            return Wall::named(kind);
        }
    }
    match head.status {
        Some(401 | 402) => Some(Wall::Login),
        _ => (little && lower.contains("type=\"password\"")).then_some(Wall::Login),
    }
}

/// Letters of a page outside tags, scripts and styles, roughly.
fn text_length(html: &str) -> usize {
    let mut length = 0;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        length += letters(&rest[..at]);
        rest = &rest[at..];
        let skipped = ["script", "style"].iter().find_map(|name| {
            let inside = rest[1..].starts_with(name);
            inside.then(|| rest.find(&format!("</{name}")).unwrap_or(rest.len()))
        });
        let from = skipped.filter(|from| *from > 0).unwrap_or(1);
        rest = &rest[from.min(rest.len())..];
        rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
    }
    length + letters(rest)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let from = text.find(open)? + open.len();
    let length = text[from..].find(close)?;
    Some(&text[from..from + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, head: &str, html: &str, expected: Option<Wall>) {
        let asked = Url::parse("https://news.test/story").unwrap();
        let head = HttpHead::parse(head.as_bytes()).unwrap();
        assert_eq!(wall(&asked, &Url::parse(url).unwrap(), &head, html), expected, "{url} {html}");
    }

    #[test]
    fn walls_are_told_from_pages() {
        const OK: &str = "HTTP/1.1 200 OK\r\n\r\n";
        let story = format!("<title>Alep</title><p>{}", "Les combats ont repris. ".repeat(90));
        let same = "https://news.test/story";
        check(same, OK, &story, None);
        check(same, OK, "<title>Alep</title><p>En bref.", None);
        let captcha =
            "<script src=\"https://www.google.com/recaptcha/api.js\"></script><div class=\"g-recaptcha\">";
        check(same, OK, captcha, Some(Wall::Challenge));
        check(same, OK, &format!("{story}{captcha}"), None);
        check(same, "HTTP/1.1 403 Forbidden\r\nCf-Mitigated: challenge\r\n\r\n", "", Some(Wall::Challenge));
        check(same, OK, "<title>Just a moment...</title>", Some(Wall::Challenge));
        check("https://consent.news.test/x", OK, &story, Some(Wall::Consent));
        check("https://news.test/login?back=story", OK, "<title>x</title>", Some(Wall::Login));
        check(same, OK, "<form><input type=\"password\"></form>", Some(Wall::Login));
        check(same, OK, &format!("{story}<input type=\"password\">"), None);
        check(same, "HTTP/1.1 401 Unauthorized\r\n\r\n", "x", Some(Wall::Login));
        check(same, "HTTP/1.1 403 Forbidden\r\n\r\n", "<p>Forbidden", None);
    }
}
