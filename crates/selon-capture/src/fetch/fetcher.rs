//! Asking politely: robots.txt, one request after the other to a host, waiting when asked to, and
//! following redirects, each hop judged and kept like the first.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use selon_model::{CaptureId, Stated};
use url::Url;

use super::address::check_url;
use super::exchange::{Exchange, exchange};
use super::fault::{Fault, FaultKind};
use super::feed::parse_date;
use super::robots::Robots;
use super::settings::Settings;
use super::tls::Trust;
use crate::archive::{EvidenceArchive, NewExchange, Validators};
use crate::error::{Error, Result};
use crate::manifest::{Purpose, REFRESH};

/// What became of an exchange that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub id: CaptureId,
    /// The same came before.
    pub unchanged: bool,
}

/// Where exchanges go.
pub trait Keep {
    /// Keeps one; gives its name.
    ///
    /// # Errors
    /// Where it cannot be written: fetching ends.
    fn keep(&mut self, exchange: NewExchange) -> Result<Option<Kept>>;

    /// What was said for asking again about a list that was fetched before.
    fn list_before(&self, url: &str) -> Option<Validators>;
}

impl Keep for EvidenceArchive {
    fn keep(&mut self, exchange: NewExchange) -> Result<Option<Kept>> {
        let stored = self.append_exchange(&exchange)?;
        Ok(Some(Kept { id: stored.capture.id, unchanged: stored.unchanged }))
    }

    fn list_before(&self, url: &str) -> Option<Validators> {
        self.list_fetched_before(url).cloned()
    }
}

/// Exchanges are looked at, and kept nowhere.
pub struct Nowhere;

impl Keep for Nowhere {
    fn keep(&mut self, _: NewExchange) -> Result<Option<Kept>> {
        Ok(None)
    }

    fn list_before(&self, _: &str) -> Option<Validators> {
        None
    }
}

/// Why fetching one address ended.
#[derive(Debug)]
pub enum Stop {
    /// That address cannot be fetched; others may be.
    Fault(Fault),
    /// Nothing can be kept any more.
    Error(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

/// What is known of the one exchange that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) purpose: Purpose,
    pub(super) via: Option<(String, CaptureId)>,
    pub(super) stated: Stated,
}

/// What came in the end.
pub(super) struct Got {
    pub(super) exchange: Exchange,
    pub(super) kept: Option<Kept>,
    pub(super) verdict: Judged,
    pub(super) redirects: usize,
}

/// What an answer turned out to be.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) purpose: Option<Purpose>,
    pub(super) blocked: Option<super::blocked::Wall>,
    /// Where the page sends on to by itself.
    pub(super) refresh: Option<Url>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) leads: Option<Vec<super::visit::Lead>>,
}

/// Looks at a final answer before it is kept: the address asked for, the answer.
pub(super) type Judge<'j> = dyn Fn(&Url, &Exchange) -> std::result::Result<Judged, Fault> + 'j;

/// Fetches addresses. One at a time; what it learns of a host lasts as long as it does.
pub struct Fetcher {
    pub(super) settings: Settings,
    /// Octets that the next requisite may have.
    pub(super) room: u64,
    trust: Trust,
    /// When each host may be asked again.
    hosts: HashMap<String, Instant>,
    robots: HashMap<String, Rc<Rules>>,
    /// Requisites that were fetched already.
    pub(super) fetched: HashSet<String>,
}

/// What robots.txt of a site comes to.
struct Rules {
    robots: Robots,
    /// As manifests state it.
    said: &'static str,
}

impl Fetcher {
    /// A fetcher.
    ///
    /// # Errors
    /// Where an authority of the settings cannot be used.
    pub fn new(settings: Settings) -> std::result::Result<Self, Fault> {
        let trust = Trust::new(&settings)?;
        Ok(Fetcher {
            room: settings.limits.requisite_bytes,
            settings,
            trust,
            hosts: HashMap::new(),
            robots: HashMap::new(),
            fetched: HashSet::new(),
        })
    }

    /// Fetches an address and keeps every exchange on the way.
    pub(super) fn get(
        &mut self,
        asked: &Url,
        wanted: &Wanted,
        judge: &Judge<'_>,
        keep: &mut dyn Keep,
    ) -> std::result::Result<Got, Stop> {
        let mut url = asked.clone();
        let mut redirect_of = None;
        let mut passed = HashSet::new();
        loop {
            let robots = self.permission(&url, wanted, keep)?;
            let again = (wanted.purpose == Purpose::Page).then(|| keep.list_before(url.as_str())).flatten();
            let exchange = self.ask(&url, wanted.purpose, again.as_ref())?;
            let mut next = self.next_address(&exchange)?;
            let mut verdict = match &next {
                Some(_) => Judged::default(),
                None => judge(asked, &exchange)?,
            };
            if let Some(refresh) = &verdict.refresh {
                // Where it cannot be followed, the page is all there is.
                next = check_url(refresh.as_str(), &self.settings.allowed).ok();
                if next.is_none() {
                    verdict.refresh = None;
                }
            }
            let purpose = verdict.purpose.unwrap_or(match (exchange.status(), &again) {
                (304, Some(_)) => Purpose::List,
                _ => wanted.purpose,
            });
            // A picture that is not there is no part of the page.
            let worth = wanted.purpose != Purpose::Requisite || exchange.status() < 400;
            let kept = if worth {
                keep.keep(self.to_keep(&exchange, wanted, purpose, &verdict, redirect_of, robots))?
            } else {
                None
            };
            let Some(next) = next else {
                return Ok(Got { exchange, kept, verdict, redirects: passed.len() });
            };
            passed.insert(url.as_str().to_owned());
            if passed.contains(next.as_str()) {
                return Err(Fault::new(FaultKind::Redirects, "redirects in a circle").into());
            }
            if passed.len() > self.settings.limits.redirects {
                let what = format!("redirects more than {} times", self.settings.limits.redirects);
                return Err(Fault::new(FaultKind::Redirects, what).into());
            }
            redirect_of = kept.map(|kept| kept.id).or(redirect_of);
            url = next;
        }
    }

    fn to_keep(
        &self,
        exchange: &Exchange,
        wanted: &Wanted,
        purpose: Purpose,
        verdict: &Judged,
        redirect_of: Option<CaptureId>,
        robots: String,
    ) -> NewExchange {
        NewExchange {
            url: exchange.url.as_str().to_owned(),
            began: exchange.began,
            took: exchange.took,
            request: exchange.request.clone(),
            response: exchange.response(),
            head_length: exchange.head_length,
            interim: exchange.interim.clone(),
            behind: exchange.behind.clone(),
            purpose,
            peer: exchange.peer,
            dns: exchange.dns.clone(),
            proxy: self.settings.proxy.as_ref().map(|_| "socks5h".to_owned()),
            tls: exchange.tls.clone(),
            redirect_of,
            via: wanted.via.clone(),
            robots,
            truncated: exchange.truncated,
            blocked: verdict
                .blocked
                .map(super::blocked::Wall::as_str)
                .or(verdict.refresh.is_some().then_some(REFRESH)),
            stated: wanted.stated.clone(),
        }
    }

    /// Where a redirect leads, judged like any address.
    fn next_address(&self, exchange: &Exchange) -> std::result::Result<Option<Url>, Fault> {
        if !matches!(exchange.status(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = exchange.head.get("Location") else { return Ok(None) };
        let shown: String = location.chars().take(200).filter(|c| !c.is_control()).collect();
        let refuse =
            |what: String| Fault::new(FaultKind::Redirect, format!("redirects to {shown:?}, which {what}"));
        let joined = exchange.url.join(location).map_err(|error| refuse(error.to_string()))?;
        check_url(joined.as_str(), &self.settings.allowed).map(Some).map_err(|fault| refuse(fault.what))
    }

    /// One exchange, tried again where that may help.
    fn ask(
        &mut self,
        url: &Url,
        purpose: Purpose,
        again: Option<&Validators>,
    ) -> std::result::Result<Exchange, Fault> {
        let mut tried = 0;
        loop {
            self.wait_for(url, purpose);
            let most = self.settings.limits.body;
            if purpose == Purpose::Requisite {
                self.settings.limits.body = most.min(self.room);
            }
            let came = exchange(url, &self.settings, &self.trust, again);
            self.settings.limits.body = most;
            self.hosts.insert(host_of(url), Instant::now());
            tried += 1;
            let last = tried >= self.settings.limits.tries || purpose == Purpose::Requisite;
            let back_off = self.settings.delay * 2u32.saturating_pow(tried);
            match came {
                Ok(exchange) if matches!(exchange.status(), 429 | 503) => {
                    let asked = exchange.head.get("Retry-After").and_then(retry_after);
                    if let Some(asked) = asked.filter(|asked| *asked > self.settings.limits.most_wait) {
                        let what = format!("asks to come back in {} s", asked.as_secs());
                        return Err(Fault::new(FaultKind::Later, what));
                    }
                    if last {
                        return Ok(exchange);
                    }
                    std::thread::sleep(asked.unwrap_or(back_off).min(self.settings.limits.most_wait));
                }
                Err(fault) if fault.is_passing() && !last => std::thread::sleep(back_off),
                came => return came,
            }
        }
    }

    /// Waits until the host may be asked again.
    fn wait_for(&self, url: &Url, purpose: Purpose) {
        let host = host_of(url);
        let asked = self.robots.get(&host).and_then(|rules| rules.robots.crawl_delay).unwrap_or_default();
        // What belongs to a page a browser asks for all at once: a quarter of the wait is polite, where the
        // site asks for no more.
        let own = if purpose == Purpose::Requisite { self.settings.delay / 4 } else { self.settings.delay };
        let delay = own.max(asked).min(self.settings.limits.most_wait);
        if let Some(last) = self.hosts.get(&host) {
            std::thread::sleep((*last + delay).saturating_duration_since(Instant::now()));
        }
    }

    /// What robots.txt says of an address, as a manifest states it; a fault where it forbids it.
    fn permission(
        &mut self,
        url: &Url,
        wanted: &Wanted,
        keep: &mut dyn Keep,
    ) -> std::result::Result<String, Stop> {
        if wanted.purpose == Purpose::Robots {
            return Ok("not-asked".to_owned());
        }
        if let Some(reason) = &self.settings.ignore_robots {
            return Ok(format!("overridden: {reason}"));
        }
        let rules = self.rules_of(url, keep)?;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        if rules.robots.allows(&path) {
            return Ok(rules.said.to_owned());
        }
        let what = match rules.said {
            "unreachable" => {
                "has a robots.txt that cannot be had now, which forbids all until it can".to_owned()
            }
            _ => format!("is on a site whose robots.txt does not allow {path}"),
        };
        Err(Fault::new(FaultKind::Robots, what).into())
    }

    fn rules_of(&mut self, url: &Url, keep: &mut dyn Keep) -> std::result::Result<Rc<Rules>, Stop> {
        let host = host_of(url);
        if let Some(rules) = self.robots.get(&host) {
            return Ok(Rc::clone(rules));
        }
        let place =
            url.join("/robots.txt").map_err(|error| Fault::new(FaultKind::Address, error.to_string()))?;
        let wanted = Wanted { purpose: Purpose::Robots, via: None, stated: Stated::default() };
        let judge: &Judge<'_> = &|_, exchange| {
            let body = if exchange.status() == 200 { Some(exchange.body()?) } else { None };
            Ok(Judged { body, ..Judged::default() })
        };
        let rules = match self.get(&place, &wanted, judge, keep) {
            // Broken off: what it forbids may be in the rest. One beyond our own limit is read to there.
            Ok(got) if got.exchange.truncated.is_some_and(|why| why != "length") => {
                Rules { robots: Robots::unreachable(), said: "unreachable" }
            }
            Ok(got) => match (got.exchange.status(), got.verdict.body) {
                (200, Some(body)) => Rules { robots: Robots::parse(&body), said: "allowed" },
                (429 | 500.., _) => Rules { robots: Robots::unreachable(), said: "unreachable" },
                _ => Rules { robots: Robots::default(), said: "none" },
            },
            // Who redirects without an end has no robots.txt (RFC 9309, section 2.3.1.2).
            Err(Stop::Fault(fault)) if matches!(fault.kind, FaultKind::Redirects | FaultKind::Redirect) => {
                Rules { robots: Robots::default(), said: "none" }
            }
            // Who does not answer, or what is no HTTP, forbids all (section 2.3.1.4).
            Err(Stop::Fault(fault)) if matches!(fault.kind, FaultKind::Time | FaultKind::Answer) => {
                Rules { robots: Robots::unreachable(), said: "unreachable" }
            }
            // The site cannot be had at all: that is the reason to give.
            Err(stop) => return Err(stop),
        };
        let rules = Rc::new(rules);
        self.robots.insert(host, Rc::clone(&rules));
        Ok(rules)
    }
}

/// Scheme, host and port: what has a robots.txt of its own.
fn host_of(url: &Url) -> String {
    url[..url::Position::BeforePath].to_owned()
}

/// `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(Duration::from_secs(u64::from(seconds)));
    }
    let left = parse_date(value)?.duration_since(jiff::Timestamp::now());
    Some(Duration::try_from(left).unwrap_or_default())
}
