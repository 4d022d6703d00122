//! The document at an address, fetched once and kept nowhere.

use selon_capture::fetch::{Fetcher, Nowhere, Stop};
use selon_capture::{charset, media_type};
use selon_model::{Digest, Origin, ReportInput};
use selon_read::Media;

use super::{DOCUMENT_LIMIT, Item, OwnedDocument, Provenance, Stated, failure};
use crate::record::Failure;

/// Fetches `url` and hands its document to `emit`; a wall, a list or an error is a failure.
pub fn document_at(url: &str, fetcher: &mut Fetcher, stated: &Stated, emit: &mut dyn FnMut(Item) -> bool) {
    match fetch(url, fetcher, stated) {
        Ok(document) => emit(Item::Document(document)),
        Err(failure) => emit(Item::Failure(failure)),
    };
}

fn fetch(url: &str, fetcher: &mut Fetcher, stated: &Stated) -> Result<Box<OwnedDocument>, Box<Failure>> {
    let visit = match fetcher.visit(url, None, &selon_model::Stated::default(), &mut Nowhere) {
        Ok(visit) => visit,
        Err(Stop::Fault(fault)) => {
            return Err(failure(url, fault.error_kind().as_str(), fault.what.clone(), fault.advice()));
        }
        Err(Stop::Error(error)) => {
            return Err(failure(url, error.kind().as_str(), error.to_string(), "try again"));
        }
    };
    if let Some(fault) = visit.fault() {
        // Nothing is kept here.
        let what = fault.what.replace("is kept, but ", "").replace("; the answer is kept", "");
        return Err(failure(url, fault.error_kind().as_str(), what, fault.advice()));
    }
    if let Some(leads) = &visit.leads {
        let what = format!("is a feed or sitemap that names {} addresses, and no page", leads.len());
        return Err(failure(
            url,
            "not_read",
            what,
            &format!("keep the pages it names with: selon add {url}"),
        ));
    }
    let content_type = visit.exchange.head.get("Content-Type").unwrap_or_default();
    let media = match media_type(content_type).as_deref() {
        Some("text/html" | "application/xhtml+xml") => Some(Media::Html),
        Some("text/plain") => Some(Media::Plain),
        Some("application/pdf") => Some(Media::Pdf),
        None => Some(Media::Unknown),
        Some(_) => None,
    };
    let Some((media, mut payload)) = media.zip(visit.body) else {
        let what = format!("is of type {content_type:?}, which is not read");
        return Err(failure(url, "not_read", what, &format!("keep it as evidence with: selon add {url}")));
    };
    let digest = Digest::of(&payload);
    let cut = match visit.exchange.truncated {
        Some(_) => Some("truncated"),
        None => (payload.len() > DOCUMENT_LIMIT).then_some("limit"),
    };
    payload.truncate(DOCUMENT_LIMIT);
    let target = visit.exchange.url.as_str().to_owned();
    let mut hints = stated.hints.clone();
    hints.url = hints.url.or_else(|| Some(target.clone()));
    Ok(Box::new(OwnedDocument {
        payload,
        media,
        charset: charset(content_type),
        hints,
        input: ReportInput { path: Some(url.to_owned()), record: None, id: None },
        provenance: Provenance {
            origin: Origin::Wire,
            uri: Some(target),
            warc: None,
            payload: Some(digest),
            cut,
        },
        zipped: false,
        post: None,
    }))
}
