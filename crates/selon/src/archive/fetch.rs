//! Addresses into the archive: pages with what they need, feeds and sitemaps with what they name.
//!
//! What is kept is durable address by address, so an interrupted run is simply started again:
//! addresses of a list that gave their page before are not asked again.

use std::collections::{HashSet, VecDeque};

use selon_capture::fetch::{Fetcher, Stop, Visit};
use selon_model::{CaptureId, Kind, Result, Stated};

use super::add::{Added, FetchTally, MissingPart, Progress, Writer};
use crate::input::failure;
use crate::record::Failure;

/// Lists inside lists inside lists.
const MOST_DEPTH: u8 = 3;

/// Missing parts that are named.
const MOST_MISSING: usize = 1000;

/// An address to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub url: String,
    /// Asked for by itself, so it is fetched though it was before.
    pub named: bool,
}

/// How far lists are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Addresses taken from feeds and sitemaps.
    pub most: u64,
    /// Fetch those of lists that are kept already, too.
    pub again: bool,
}

/// An address that waits.
struct Waiting {
    url: String,
    named: bool,
    is_list: bool,
    via: Option<(String, CaptureId)>,
    depth: u8,
}

impl Writer {
    /// Fetches addresses and keeps what comes. What is kept is not read yet: [`Writer::add`] does
    /// that, also with no files.
    ///
    /// # Errors
    /// Where the archive cannot be written. An address that cannot be fetched is a failure in the
    /// answer, and the rest goes on.
    pub fn fetch(
        &mut self,
        addresses: &[Address],
        fetcher: &mut Fetcher,
        listed: Listed,
        stated: &Stated,
        progress: &mut dyn Progress,
    ) -> Result<Added> {
        let mut added = Added::default();
        let mut tally = FetchTally::default();
        let mut seen = HashSet::new();
        let mut taken = 0;
        let before = self.evidence.ledger().size();
        let mut waiting: VecDeque<Waiting> = addresses
            .iter()
            .map(|address| Waiting {
                url: address.url.clone(),
                named: address.named,
                is_list: false,
                via: None,
                depth: 0,
            })
            .collect();
        let mut done = 0;
        while let Some(next) = waiting.pop_front() {
            done += 1;
            progress.step("fetching", done, done + waiting.len() as u64);
            if !seen.insert(next.url.clone()) {
                continue;
            }
            let is_page_of_list = next.via.is_some() && !next.is_list;
            if !next.named && !next.is_list && !listed.again && self.evidence.was_fetched(&next.url) {
                tally.kept_before += 1;
                continue;
            }
            if is_page_of_list && taken >= listed.most {
                tally.left += 1;
                continue;
            }
            taken += u64::from(is_page_of_list);
            match fetcher.visit(&next.url, next.via.clone(), stated, &mut self.evidence) {
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Fault(fault)) => {
                    let kind = fault.error_kind().as_str();
                    added.failures.push(*failure(&next.url, kind, fault.what.clone(), fault.advice()));
                }
                Ok(visit) => {
                    let leads = Self::take_visit(&next, visit, &mut tally, &mut added.failures);
                    waiting.extend(leads);
                }
            }
        }
        added.captures = self.evidence.ledger().size() - before;
        added.fetched = Some(tally);
        Ok(added)
    }

    /// Counts what came of an address; gives what it leads to.
    fn take_visit(
        asked: &Waiting,
        visit: Visit,
        tally: &mut FetchTally,
        failures: &mut Vec<Failure>,
    ) -> Vec<Waiting> {
        tally.requisites += visit.requisites as u64;
        let room = MOST_MISSING.saturating_sub(tally.missing.len());
        let missing = visit.missing.iter().take(room).map(|missing| MissingPart {
            page: asked.url.clone(),
            url: missing.url.clone(),
            what: missing.what.clone(),
        });
        tally.missing.extend(missing);
        if let Some(fault) = visit.fault() {
            let kind = fault.error_kind().as_str();
            failures.push(*failure(&asked.url, kind, fault.what.clone(), fault.advice()));
            return Vec::new();
        }
        tally.addresses += 1;
        tally.lists += u64::from(visit.leads.is_some() || visit.exchange.status() == 304);
        tally.unchanged += u64::from(visit.unchanged);
        if let Some(why) = visit.exchange.truncated {
            let why = match why {
                "length" => "it is longer than is taken",
                "time" => "the rest did not come in time",
                "disconnect" => "the connection broke off",
                _ => "its chunks are damaged",
            };
            let what = format!("is kept up to where it ends too early: {why}");
            let try_this = "fetch it again, or save it with your browser, then `selon add` the file";
            failures.push(*failure(&asked.url, Kind::Unavailable.as_str(), what, try_this));
        }
        let Some((leads, id)) = visit.leads.zip(visit.id) else { return Vec::new() };
        let via = visit.exchange.url.as_str().to_owned();
        if asked.depth >= MOST_DEPTH {
            let what = "names lists inside lists too deep: they are not followed";
            failures.push(*failure(
                &asked.url,
                Kind::Invalid.as_str(),
                what,
                "name the inner lists themselves",
            ));
            return Vec::new();
        }
        let lead = |lead: selon_capture::fetch::Lead| Waiting {
            url: lead.url.into(),
            named: false,
            is_list: lead.is_list,
            via: Some((via.clone(), id)),
            depth: asked.depth + 1,
        };
        leads.into_iter().map(lead).collect()
    }
}
