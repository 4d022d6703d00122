//! One address, whole: the page with what it needs to be shown, or the list with what it names.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use selon_model::{CaptureId, Stated};
use url::Url;

use super::address::check_url;
use super::blocked::{Wall, wall};
use super::exchange::Exchange;
use super::fault::{Fault, FaultKind};
use super::feed::Feed;
use super::fetcher::{Fetcher, Judge, Judged, Keep, Stop, Wanted};
use super::refresh::refresh_of;
use super::requisite;
use super::robots::Robots;
use super::sitemap::Sitemap;
use super::xml::decode;
use crate::http::{charset, media_type};
use crate::manifest::Purpose;

/// What came of one address.
pub struct Visit {
    /// The exchange that ended it.
    pub exchange: Exchange,
    /// Its capture, where it was kept.
    pub id: Option<CaptureId>,
    /// The same came before: only its head was kept.
    pub unchanged: bool,
    /// Redirects on the way.
    pub redirects: usize,
    /// What stands before the page, if the answer is not the page.
    pub wall: Option<Wall>,
    /// Decoded body of a page that is to be read.
    pub body: Option<Vec<u8>>,
    /// A feed or a sitemap: what it names.
    pub leads: Option<Vec<Lead>>,
    /// Requisites that were kept with it.
    pub requisites: usize,
    /// Requisites that were not.
    pub missing: Vec<Missing>,
}

/// An address that a list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The address.
    pub url: Url,
    /// It is a list itself.
    pub is_list: bool,
}

/// A requisite that could not be kept, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its address.
    pub url: String,
    /// Why.
    pub what: String,
}

/// What a list may unpack to.
const MOST_LIST: u64 = 50 << 20;

impl Fetcher {
    /// Fetches an address and what belongs to it; every exchange is kept on the way.
    ///
    /// # Errors
    /// A fault of this address, or an error in keeping.
    pub fn visit(
        &mut self,
        address: &str,
        via: Option<(String, CaptureId)>,
        stated: &Stated,
        keep: &mut dyn Keep,
    ) -> Result<Visit, Stop> {
        let url = check_url(address, &self.settings.allowed)?;
        let wanted = Wanted { purpose: Purpose::Page, via, stated: stated.clone() };
        let got = self.get(&url, &wanted, &judge_page, keep)?;
        let mut visit = Visit {
            id: got.kept.map(|kept| kept.id),
            unchanged: got.kept.is_some_and(|kept| kept.unchanged),
            redirects: got.redirects,
            wall: got.verdict.blocked,
            body: got.verdict.body,
            leads: got.verdict.leads,
            exchange: got.exchange,
            requisites: 0,
            missing: Vec::new(),
        };
        let is_page = visit.wall.is_none() && visit.exchange.status() == 200 && is_html(&visit.exchange);
        if let (true, true, Some(id), Some(body)) = (self.settings.requisites, is_page, visit.id, &visit.body)
        {
            let base = visit.exchange.url.clone();
            let html = decode_text(body, &visit.exchange);
            let wanted = Wanted {
                purpose: Purpose::Requisite,
                via: Some((base.as_str().to_owned(), id)),
                stated: Stated::default(),
            };
            let (kept, missing) = self.requisites(requisite::of_html(&html, &base), &wanted, keep)?;
            (visit.requisites, visit.missing) = (kept, missing);
        }
        Ok(visit)
    }

    /// Fetches what a page needs, within its limits. A style sheet's own needs come after it.
    fn requisites(
        &mut self,
        named: Vec<Url>,
        wanted: &Wanted,
        keep: &mut dyn Keep,
    ) -> Result<(usize, Vec<Missing>), Stop> {
        let limits = self.settings.limits.clone();
        let (mut kept, mut tried, mut bytes) = (0, 0, 0u64);
        let mut missing = Vec::new();
        // Depth of style sheets that import each other.
        let mut waiting: std::collections::VecDeque<(Url, u8)> =
            named.into_iter().map(|url| (url, 0)).collect();
        while let Some((url, depth)) = waiting.pop_front() {
            if self.fetched.contains(url.as_str()) {
                continue;
            }
            let mut lacks = |what: String| {
                if missing.len() < 1000 {
                    missing.push(Missing { url: url.as_str().to_owned(), what });
                }
            };
            if tried >= limits.requisites || bytes >= limits.requisite_bytes {
                lacks(format!(
                    "is beyond the {} requests or {} MiB that a page may need",
                    limits.requisites,
                    limits.requisite_bytes >> 20
                ));
                continue;
            }
            tried += 1;
            self.fetched.insert(url.as_str().to_owned());
            let judge: &Judge<'_> = &|_, exchange| {
                let is_css = media_of(exchange).as_deref() == Some("text/css") && exchange.status() == 200;
                let body = if is_css { Some(exchange.body()?) } else { None };
                Ok(Judged { body, ..Judged::default() })
            };
            // None may pass what is left for all of them.
            self.room = limits.requisite_bytes - bytes;
            let got = check_url(url.as_str(), &self.settings.allowed)
                .map_err(Stop::from)
                .and_then(|url| self.get(&url, wanted, judge, keep));
            match got {
                Err(Stop::Error(error)) => return Err(error.into()),
                Err(Stop::Fault(fault)) => lacks(fault.what),
                Ok(got) if got.exchange.status() >= 400 => {
                    lacks(format!("answers with status {}", got.exchange.status()));
                }
                Ok(got) => {
                    kept += 1;
                    bytes += got.exchange.spool.length();
                    if let Some(css) = got.verdict.body.filter(|_| depth < 3) {
                        let css = String::from_utf8_lossy(&css).into_owned();
                        let needs = requisite::of_css(&css, &got.exchange.url);
                        waiting.extend(needs.into_iter().map(|url| (url, depth + 1)));
                    }
                }
            }
        }
        Ok((kept, missing))
    }
}

fn media_of(exchange: &Exchange) -> Option<String> {
    exchange.head.get("Content-Type").and_then(media_type)
}

fn is_html(exchange: &Exchange) -> bool {
    matches!(media_of(exchange).as_deref(), Some("text/html" | "application/xhtml+xml"))
}

/// Text as far as looking for addresses and marks needs it.
fn decode_text(body: &[u8], exchange: &Exchange) -> String {
    let charset = exchange.head.get("Content-Type").and_then(charset);
    decode(body, charset.as_deref()).text
}

/// Tells a page from a list and from what stands before it.
fn judge_page(asked: &Url, exchange: &Exchange) -> Result<Judged, Fault> {
    let media = media_of(exchange).unwrap_or_default();
    let is_text = media.starts_with("text/") || media.contains("xml") || media.contains("json");
    let is_packed = media.contains("gzip") || exchange.url.path().ends_with(".gz");
    let is_document = is_text || media.is_empty() || is_packed || media == "application/pdf";
    if !is_document || exchange.status() == 304 {
        return Ok(Judged::default());
    }
    let mut body = exchange.body()?;
    if is_html(exchange) {
        let html = decode_text(&body, exchange);
        let blocked = wall(asked, &exchange.url, &exchange.head, &html);
        let goes_on = blocked.is_none() && exchange.status() == 200 && exchange.truncated.is_none();
        let refresh = if goes_on { refresh_of(&html, &exchange.url) } else { None };
        return Ok(Judged { blocked, refresh, body: Some(body), ..Judged::default() });
    }
    if exchange.status() == 200 && media != "application/pdf" {
        if body.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            // A damaged list still names what it names.
            let _ = MultiGzDecoder::new(body.as_slice()).take(MOST_LIST).read_to_end(&mut unpacked);
            body = unpacked;
        }
        let charset = exchange.head.get("Content-Type").and_then(charset);
        if let Some(leads) = leads(&body, charset.as_deref(), &exchange.url, &media) {
            return Ok(Judged { purpose: Some(Purpose::List), leads: Some(leads), ..Judged::default() });
        }
    }
    let blocked = match exchange.status() {
        401 | 402 => Some(Wall::Login),
        _ => None,
    };
    Ok(Judged { blocked, body: Some(body), ..Judged::default() })
}

/// What a feed or a sitemap names; `None` where the bytes are neither.
fn leads(body: &[u8], charset: Option<&str>, base: &Url, media: &str) -> Option<Vec<Lead>> {
    let lead = |address: &str, is_list: bool| {
        let url = base.join(address.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(Lead { url, is_list })
    };
    if let Some(feed) = Feed::parse(body, charset) {
        let links = feed.entries.iter().filter_map(|entry| entry.link.as_deref());
        return Some(links.filter_map(|link| lead(link, false)).collect());
    }
    if base.path() == "/robots.txt" {
        let sitemaps = Robots::parse(body).sitemaps;
        return (!sitemaps.is_empty()).then(|| sitemaps.iter().filter_map(|it| lead(it, true)).collect());
    }
    let is_list = base.path().contains("sitemap") && media == "text/plain";
    let sitemap = Sitemap::parse(body, charset, is_list)?;
    Some(sitemap.places.iter().filter_map(|place| lead(&place.address, sitemap.is_index)).collect())
}

impl Visit {
    /// Why the answer is no page to be read, if it is none; else `None`.
    pub fn fault(&self) -> Option<Fault> {
        let status = self.exchange.status();
        if let Some(wall) = self.wall {
            return Some(Fault::new(FaultKind::Answer, format!("is kept, but {}", wall.words())));
        }
        let what = match status {
            200..=299 | 304 => return None,
            404 => "is not there any more (status 404); the answer is kept".to_owned(),
            410 => "was taken away for good (status 410); the answer is kept".to_owned(),
            451 => "is withheld for legal reasons (status 451); the answer is kept".to_owned(),
            status => format!("answers with status {status}; the answer is kept"),
        };
        let kind = match status {
            404 | 410 => FaultKind::Name,
            500.. => FaultKind::Connect,
            _ => FaultKind::Answer,
        };
        Some(Fault::new(kind, what))
    }
}
