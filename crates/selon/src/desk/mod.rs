//! The desk: the read pages of an archive over HTTP, on this machine, for one person.
//!
//! It listens on 127.0.0.1 only. There is no cookie: a page of another local server can read the
//! cookies of 127.0.0.1 and send them along, so the key, made anew at every start, stands in the
//! path (`/~KEY/…`), every link is relative, and no referrer is sent. It only shows; nothing
//! that is asked of it changes anything.

mod answer;
mod guard;
mod language;

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use selon_model::{Error, Kind, Result};

use crate::archive::Archive;
use guard::Key;

/// A desk that listens and is not answering yet.
#[derive(Debug)]
pub struct Desk {
    listener: TcpListener,
    port: u16,
    key: Key,
    archive: PathBuf,
}

/// What every request needs.
#[derive(Debug)]
struct Shared {
    archive: PathBuf,
    key: Key,
    /// `127.0.0.1:PORT`, the only name this desk answers to.
    host: String,
}

impl Desk {
    /// Listens on 127.0.0.1; port 0 takes any that is free.
    ///
    /// # Errors
    /// `NotFound` where there is no archive, `Unavailable` where the port is taken.
    pub fn bind(archive: &Path, port: u16) -> Result<Self> {
        Archive::open(archive)?;
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|error| {
            let what = format!("cannot listen on 127.0.0.1:{port}; --port 0 takes any port that is free");
            Error::because(Kind::Unavailable, what, error)
        })?;
        let failed = |error| Error::because(Kind::Internal, "cannot set up the listener", error);
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Desk { listener, port, key: Key::random()?, archive: archive.to_owned() })
    }

    /// The address of its start page, with the key.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/~{}/", self.port, self.key.as_str())
    }

    /// Answers until `until` is done. The runtime exists here only: pages are made by threads
    /// that may block.
    ///
    /// # Errors
    /// Where the runtime or the listener fails.
    pub fn run(self, until: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let failed = |error| Error::because(Kind::Internal, "the desk failed", error);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .max_blocking_threads(4)
            .build()
            .map_err(failed)?;
        let router = router(Arc::new(Shared {
            archive: self.archive,
            host: format!("127.0.0.1:{}", self.port),
            key: self.key,
        }));
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(self.listener).map_err(failed)?
        };
        runtime.spawn(async move { axum::serve(listener, router).await });
        runtime.block_on(until);
        // Answers that are on their way get a moment; a request that never ends does not.
        runtime.shutdown_timeout(LAST_ANSWERS);
        Ok(())
    }
}

/// What answers on their way may take once the desk is closed.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Done at the first Ctrl-C.
pub async fn interrupted() {
    // Without a signal handler the desk is ended by the signal itself, which is as well.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let at = |path: &str| format!("/~{}{path}", shared.key.as_str());
    Router::new()
        .route(&at("/"), get(answer::start))
        .route(&at("/search"), get(answer::search))
        .route(&at("/report/{id}"), get(answer::report))
        .route(&at("/story/{id}"), get(answer::story))
        .route(&at("/compare/{ids}"), get(answer::compare))
        .route(&at("/verify/{id}"), get(answer::evidence))
        .route(&at("/record/{id}"), get(answer::record))
        .fallback(answer::nothing)
        .layer(from_fn_with_state(Arc::clone(&shared), guard::check))
        .with_state(shared)
}
