//! The answers: an address in, a page or bytes out. The archive is opened for each request, so
//! that what a running `selon add` has kept meanwhile is shown, and no lock is held.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use selon_model::{CaptureId, Digest, Kind, ReportId, Result, StoryId};
use serde::Deserialize;

use super::{Shared, language};
use crate::archive::{AnyId, Archive};
use crate::codes;
use crate::page::pages::Pages;
use crate::page::{Frame, Linking, Page, Words, error_page};

/// What an address may hold after its `?`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    q: Option<String>,
    ui: Option<String>,
}

/// An answer before it is one of HTTP.
enum Found {
    Page(Page),
    /// A page that says what is wrong with the request.
    Wrong(Page),
    /// Another address, relative to this one.
    Elsewhere(String),
    /// A WARC record as it lies in its file.
    Record(CaptureId, Vec<u8>),
    Nothing,
}

type Shares = State<Arc<Shared>>;

pub(super) async fn start(State(shared): Shares, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    answer(shared, asked, headers, 0, |pages, _| Ok(Found::Page(pages.start()?))).await
}

pub(super) async fn search(
    State(shared): Shares,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answer(shared, asked, headers, 0, |pages, asked| {
        let (page, understood) = pages.search(asked.q.as_deref().unwrap_or(""))?;
        Ok(if understood { Found::Page(page) } else { Found::Wrong(page) })
    })
    .await
}

pub(super) async fn report(
    State(shared): Shares,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    by_id(shared, id, asked, headers, |pages, id| pages.report(&ReportId(id))).await
}

pub(super) async fn story(
    State(shared): Shares,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    by_id(shared, id, asked, headers, |pages, id| pages.story(&StoryId(id))).await
}

pub(super) async fn compare(
    State(shared): Shares,
    Path(ids): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answer(shared, asked, headers, 1, move |pages, _| {
        let digest = |id: &str| id.parse::<Digest>().ok().map(ReportId);
        let ids = ids.split_once('-').and_then(|(a, b)| Some([digest(a)?, digest(b)?]));
        let Some(ids) = ids else { return Ok(Found::Nothing) };
        Ok(pages.compare(ids)?.map_or(Found::Nothing, Found::Page))
    })
    .await
}

pub(super) async fn evidence(
    State(shared): Shares,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    by_id(shared, id, asked, headers, |pages, id| pages.evidence(&CaptureId(id))).await
}

pub(super) async fn record(
    State(shared): Shares,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answer(shared, asked, headers, 1, move |pages, _| {
        let Ok(id) = id.parse::<Digest>().map(CaptureId) else { return Ok(Found::Nothing) };
        let Some((capture, _)) = pages.archive.capture(&id)? else { return Ok(Found::Nothing) };
        Ok(Found::Record(id, pages.archive.record_bytes(&capture)?))
    })
    .await
}

pub(super) async fn nothing(Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    html(error(words(&asked, &headers), Linking::Alone, 0, "error-not-found"), StatusCode::NOT_FOUND)
}

/// An answer to a request that may not be answered.
pub(super) fn refusal(headers: &HeaderMap, status: StatusCode, key: &str) -> Response {
    html(error(words(&Asked::default(), headers), Linking::Alone, 0, key), status)
}

/// A page by its id; the beginning of an id leads to the whole one.
async fn by_id(
    shared: Arc<Shared>,
    id: String,
    asked: Asked,
    headers: HeaderMap,
    find: fn(&Pages<'_>, Digest) -> Result<Option<Page>>,
) -> Response {
    answer(shared, asked, headers, 1, move |pages, asked| match id.parse::<Digest>() {
        Ok(id) => Ok(find(pages, id)?.map_or(Found::Nothing, Found::Page)),
        Err(_) => elsewhere(pages, asked, &id),
    })
    .await
}

/// Where the beginning of an id leads.
fn elsewhere(pages: &Pages<'_>, asked: &Asked, id: &str) -> Result<Found> {
    let (noun, id) = match pages.archive.resolve(id)? {
        AnyId::Report(id) => ("report", id.to_string()),
        AnyId::Capture(id) => ("verify", id.to_string()),
        AnyId::Story(id) => ("story", id.to_string()),
    };
    let ui = asked.ui.as_ref().map_or(String::new(), |_| format!("?ui={}", pages.words.lang()));
    Ok(Found::Elsewhere(format!("../{noun}/{id}{ui}")))
}

/// Looks up on a thread that may block, and says it in HTTP. `depth`: folders below the start.
async fn answer(
    shared: Arc<Shared>,
    asked: Asked,
    headers: HeaderMap,
    depth: usize,
    look_up: impl FnOnce(&Pages<'_>, &Asked) -> Result<Found> + Send + 'static,
) -> Response {
    let words = words(&asked, &headers);
    let found = tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&shared.archive)?;
        look_up(&Pages { archive: &archive, words, linking: Linking::Served }, &asked)
    })
    .await;
    let failed = |status, key| html(error(words, Linking::Served, depth, key), status);
    match found {
        Ok(Ok(Found::Page(page))) => html(page, StatusCode::OK),
        Ok(Ok(Found::Wrong(page))) => html(page, StatusCode::BAD_REQUEST),
        Ok(Ok(Found::Elsewhere(address))) => moved(&address),
        Ok(Ok(Found::Record(id, bytes))) => download(&id, bytes),
        Ok(Ok(Found::Nothing)) => failed(StatusCode::NOT_FOUND, "error-not-found"),
        Ok(Err(error)) => {
            if error.kind() != Kind::NotFound {
                eprintln!("selon: {error}");
            }
            let status = StatusCode::from_u16(codes::http_status(error.kind()))
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let key = match error.kind() {
                Kind::NotFound => "error-not-found",
                Kind::Corrupt => "error-corrupt",
                Kind::Invalid => "error-several",
                _ => "error-other",
            };
            failed(status, key)
        }
        Err(_) => failed(StatusCode::INTERNAL_SERVER_ERROR, "error-other"),
    }
}

fn words(asked: &Asked, headers: &HeaderMap) -> &'static Words {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    language::words(asked.ui.as_deref(), accept)
}

fn error(words: &'static Words, linking: Linking, depth: usize, key: &str) -> Page {
    error_page(&Frame { words, linking, depth }, key)
}

fn html(page: Page, status: StatusCode) -> Response {
    let policy = format!(
        "default-src 'none'; style-src '{}'; img-src data:; script-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'",
        page.style
    );
    let mut response = Response::new(Body::from(page.html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn moved(address: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

fn download(id: &CaptureId, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/warc"));
    let name = format!("attachment; filename=\"{}.warc.gz\"", &id.to_string()[..16]);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
