//! Who may ask: the host, the origin and the key of every request, before anything is looked up;
//! and what every answer carries.
//!
//! Host: a foreign name that leads to 127.0.0.1 (DNS rebinding) is refused (421, RFC 9110,
//! section 15.5.20). Origin: no page of another site may ask (403). Key: 256 random bits in the
//! path, compared as digests, so that the time taken tells nothing about it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use selon_model::{Error, Kind, Result};
use sha2::{Digest, Sha256};

use super::{Shared, answer};

/// The key of one run of the desk.
pub(super) struct Key(String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A new key from the system's random numbers.
    pub(super) fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::new(Kind::Internal, format!("the system gives no random numbers: {error}"))
        })?;
        Ok(Key(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn opens(&self, path: &str) -> bool {
        let given = path.strip_prefix("/~").map_or("", |rest| rest.split('/').next().unwrap_or(rest));
        Sha256::digest(given.as_bytes()) == Sha256::digest(self.0.as_bytes())
    }
}

/// What every answer carries: nothing is stored, framed, guessed or told to others.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Refuses what may not be answered, and dresses what is.
pub(super) async fn check(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let refused = if !is(headers, &header::HOST, &shared.host) {
        Some((StatusCode::MISDIRECTED_REQUEST, "error-host"))
    } else if headers.contains_key(header::ORIGIN)
        && !is(headers, &header::ORIGIN, &format!("http://{}", shared.host))
    {
        Some((StatusCode::FORBIDDEN, "error-origin"))
    } else if !shared.key.opens(request.uri().path()) {
        Some((StatusCode::FORBIDDEN, "error-token"))
    } else {
        None
    };
    let mut response = match refused {
        Some((status, key)) => answer::refusal(headers, status, key),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page brings its own; what is no page may do nothing.
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// Whether a header is there once and says just this.
fn is(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    let mut all = headers.get_all(name).iter();
    all.next().is_some_and(|found| found.as_bytes() == value.as_bytes()) && all.next().is_none()
}
