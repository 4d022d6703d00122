//! What a page needs to be shown: the addresses of its pictures, style sheets and posters.
//!
//! HTML is taken apart by html5ever's tokenizer, which reads what browsers read; CSS by a search
//! for `url()` and `@import`. Scripts are not fetched: a kept page is shown without them.

use std::cell::RefCell;
use std::collections::HashSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use url::Url;

/// Addresses taken of one page before limits are held; a page may name any number.
const MOST_NAMED: usize = 20_000;

/// Longest address.
const LONGEST: usize = 8192;

/// The addresses that a page needs, style sheets first, then pictures and posters, then other
/// sizes of pictures; each once, in the order of the page.
pub fn of_html(html: &str, base: &Url) -> Vec<Url> {
    let sink = Sink { found: RefCell::new(Found::at(base)) };
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let found = tokenizer.sink.found.into_inner();
    let mut seen = HashSet::new();
    let ranked = [found.sheets.urls, found.pictures.urls, found.sizes.urls];
    ranked.into_iter().flatten().filter(|url| seen.insert(url.as_str().to_owned())).collect()
}

/// The addresses that a style sheet needs.
pub fn of_css(css: &str, base: &Url) -> Vec<Url> {
    let mut found = Addresses::default();
    css_addresses(css, &mut |address| found.add(resolve(base, address)));
    found.urls
}

/// Addresses, each once, in the order in which they came.
#[derive(Default)]
struct Addresses {
    urls: Vec<Url>,
    seen: HashSet<Url>,
}

impl Addresses {
    /// Adds an address; whether there is room for more.
    fn add(&mut self, url: Option<Url>) -> bool {
        if let Some(url) = url.filter(|url| self.urls.len() < MOST_NAMED && !self.seen.contains(url)) {
            self.seen.insert(url.clone());
            self.urls.push(url);
        }
        self.urls.len() < MOST_NAMED
    }

    fn extend(&mut self, urls: impl IntoIterator<Item = Url>) {
        urls.into_iter().all(|url| self.add(Some(url)));
    }
}

struct Found {
    base: Url,
    has_base: bool,
    in_style: bool,
    sheets: Addresses,
    pictures: Addresses,
    sizes: Addresses,
}

impl Found {
    fn at(base: &Url) -> Self {
        Found {
            base: base.clone(),
            has_base: false,
            in_style: false,
            sheets: Addresses::default(),
            pictures: Addresses::default(),
            sizes: Addresses::default(),
        }
    }

    fn is_full(&self) -> bool {
        self.sheets.urls.len() + self.pictures.urls.len() + self.sizes.urls.len() >= MOST_NAMED
    }
}

struct Sink {
    found: RefCell<Found>,
}

/// An address of a page, if it is one to be fetched.
fn resolve(base: &Url, address: &str) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() || address.starts_with('#') || address.len() > LONGEST {
        return None;
    }
    let mut url = base.join(address).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut found = self.found.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                found.in_style = tag.kind == TagKind::StartTag && &*tag.name == "style";
                if tag.kind == TagKind::StartTag && !found.is_full() {
                    found.take(&tag);
                    if found.in_style {
                        return TokenSinkResult::RawData(html5ever::tokenizer::states::RawKind::Rawtext);
                    }
                    if &*tag.name == "script" {
                        return TokenSinkResult::RawData(html5ever::tokenizer::states::RawKind::ScriptData);
                    }
                }
            }
            Token::CharacterTokens(text) if found.in_style && !found.is_full() => {
                let base = found.base.clone();
                css_addresses(&text, &mut |address| found.pictures.add(resolve(&base, address)));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Found {
    fn take(&mut self, tag: &Tag) {
        let get = |name: &str| {
            tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
        };
        let base = self.base.clone();
        let one = |name: &str| get(name).and_then(|address| resolve(&base, &address));
        match &*tag.name {
            "base" => {
                if let (false, Some(href)) = (self.has_base, one("href")) {
                    self.has_base = true;
                    self.base = href;
                }
            }
            "link" => {
                let rel = get("rel").unwrap_or_default().to_ascii_lowercase();
                let rels: Vec<&str> = rel.split_ascii_whitespace().collect();
                if rels.contains(&"stylesheet") {
                    self.sheets.extend(one("href"));
                } else if rels.iter().any(|rel| matches!(*rel, "icon" | "apple-touch-icon")) {
                    self.sizes.extend(one("href"));
                }
            }
            "img" | "source" | "input" | "amp-img" => {
                // The source of a picture; that of a sound or a film is no part of the page here.
                let is_picture = match &*tag.name {
                    "source" => false,
                    "input" => get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")),
                    _ => true,
                };
                if is_picture {
                    for name in ["src", "data-src", "data-original", "data-lazy-src"] {
                        self.pictures.extend(one(name));
                    }
                }
                for name in ["srcset", "data-srcset"] {
                    let set = get(name).unwrap_or_default();
                    self.sizes.extend(candidates(&set).filter_map(|address| resolve(&base, address)));
                }
            }
            "video" => self.pictures.extend(one("poster")),
            "image" => {
                self.pictures.extend(one("href"));
                self.pictures.extend(one("xlink:href"));
            }
            "body" | "table" | "td" => self.pictures.extend(one("background")),
            _ => {}
        }
        if let Some(style) = get("style") {
            css_addresses(&style, &mut |address| self.pictures.add(resolve(&base, address)));
        }
    }
}

/// Addresses of a `srcset` (HTML, 4.8.4.2.1): parted by blanks from what describes them, by commas
/// from each other.
fn candidates(set: &str) -> impl Iterator<Item = &str> {
    let mut rest = set;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        let trimmed = address.trim_end_matches(',');
        // An address that ends with a comma has no description.
        rest =
            if trimmed.len() < address.len() { behind } else { behind.split_once(',').map_or("", |it| it.1) };
        Some(trimmed)
    })
}

/// Calls `found` with each address in a style sheet, until it wants no more.
fn css_addresses(css: &str, found: &mut dyn FnMut(&str) -> bool) {
    let lower = css.to_ascii_lowercase();
    for (at, word) in lower.match_indices("url(") {
        let Some(rest) = near(css, at + word.len()) else { continue };
        let address = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next(),
            _ => rest.split([')', '\n', '"', '\'']).next(),
        };
        // What is written into the sheet itself is there already.
        if let Some(address) = address.map(str::trim).filter(|address| !address.starts_with("data:"))
            && !found(address)
        {
            return;
        }
    }
    for (at, word) in lower.match_indices("@import") {
        let Some(rest) = near(css, at + word.len()) else { continue };
        if let Some(quote @ ('"' | '\'')) = rest.chars().next()
            && let Some(address) = rest[1..].split(quote).next()
            && !found(address)
        {
            return;
        }
    }
}

/// What follows a place, as far as an address and the blanks before it go: what is not closed there is
/// none, and looking further would take every place of a sheet to its end.
fn near(css: &str, at: usize) -> Option<&str> {
    let end = css.floor_char_boundary((at + LONGEST + 256).min(css.len()));
    let rest = css.get(at..end)?.trim_start();
    let is_closed =
        end == css.len() || rest.bytes().skip(1).any(|byte| matches!(byte, b')' | b'\n' | b'"' | b'\''));
    is_closed.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let base = Url::parse("https://a.test/dir/page").unwrap();
        let found: Vec<String> = of_html(html, &base).iter().map(|url| url.as_str().to_owned()).collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|it| {
                it.strip_prefix('/').map_or_else(|| (*it).to_owned(), |it| format!("https://a.test/{it}"))
            })
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn what_a_page_needs() {
        check("<p>none", &[]);
        check("<img src=a.jpg><img src='/b.png#x'><img src=a.jpg>", &["/dir/a.jpg", "/b.png"]);
        check("<img src=a><link rel='preload stylesheet' href=s.css>", &["/dir/s.css", "/dir/a"]);
        check(
            "<picture><source srcset='a.webp 1x, b.webp 2x,c,w.webp 3x'><img src=d></picture>",
            &["/dir/d", "/dir/a.webp", "/dir/b.webp", "/dir/c,w.webp"],
        );
        check("<img srcset='a, b'>", &["/dir/a", "/dir/b"]);
        check("<video poster=p.jpg src=film.mp4><source src=film.webm></video>", &["/dir/p.jpg"]);
        check("<base href='https://cdn.test/x/'><img src=a>", &["https://cdn.test/x/a"]);
        check("<div style=\"background: URL( 'a.png' )\">", &["/dir/a.png"]);
        check("<style>@import \"b.css\"; p{background:url(a.png)}</style>", &["/dir/a.png", "/dir/b.css"]);
        check("<img src='data:image/png;base64,AA'><img src='javascript:x'><img src='file:///etc/x'>", &[]);
        check(
            "<script>var x = '<img src=no>';</script><!-- <img src=no> --><img data-src=lazy>",
            &["/dir/lazy"],
        );
        check("<img src=a><style>url(", &["/dir/a"]);
    }

    #[test]
    fn a_sheet_costs_what_its_length_costs() {
        let base = Url::parse("https://a.test/").unwrap();
        let started = std::time::Instant::now();
        assert!(of_css(&"url(".repeat(20_000), &base).len() <= 3000);
        assert!(of_css(&"url('".repeat(20_000), &base).len() <= 3000);
        assert_eq!(of_css(&"url(a)".repeat(60_000), &base).len(), 1);
        let many: String = (0..20_000).map(|n| format!("url({n})")).collect();
        assert_eq!(of_css(&many, &base).len(), MOST_NAMED);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
