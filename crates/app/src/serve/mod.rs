//! The region in the browser, from this one program: read-only, on this machine, by plain HTTP.
//!
//! An answer is a pure function of a snapshot of the region and of the address that was asked
//! ([`route`], [`snapshot`]); one place checks, runs, keeps, compresses and sends ([`wire`]).

pub(crate) mod assets;
mod ground;
mod layout;
mod memory;
mod openapi;
mod pages;
mod planning;
mod portal;
pub(crate) mod profiles;
pub(crate) mod reply;
pub(crate) mod route;
mod scale;
pub(crate) mod snapshot;
#[cfg(test)]
mod tests;
mod tiles;
mod watch;
mod wire;

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use liangshan_atlas::book::Options;
use liangshan_vocab::{Problem, Problems, text, words};

use portal::Portal;

/// How long answers under way have when the server is told to stop.
const LAST_ANSWERS: std::time::Duration = std::time::Duration::from_secs(3);

/// How the server is to run.
pub(crate) struct Serving {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Where the files of pages are read from while they are being made.
    pub(crate) ui_dir: Option<PathBuf>,
    /// Profile, weather and so on.
    pub(crate) options: Options,
}

/// Serves a region until it is told to stop (Ctrl-C, `SIGTERM`). `ready` hears the address once it is
/// open; the account may still be on its way then.
///
/// # Errors
/// What is wrong in `region.toml`; `serve.cannot_listen`.
pub(crate) fn serve(folder: &Path, serving: Serving, ready: impl FnOnce(SocketAddr)) -> Result<(), Problems> {
    let portal = Arc::new(Portal::open(folder, serving.options, serving.ui_dir)?);
    let cannot = |error: std::io::Error| {
        let listen = serving.listen;
        Problems::from(
            Problem::error("serve.cannot_listen", words!("无法在 {listen} 监听：{error}", "cannot listen on {listen}: {error}"))
                .expect(text("一个没有被占用的地址与端口", "an address and port that nobody else uses"))
                .fix(text("换一个端口，如 --listen 127.0.0.1:8081", "take another port, such as --listen 127.0.0.1:8081")),
        )
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(8).enable_all().build().map_err(cannot)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(serving.listen).await.map_err(cannot)?;
        let bound = listener.local_addr().map_err(cannot)?;
        ready(bound);
        portal.begin();
        let (ending, told) = (Arc::clone(&portal), Arc::new(tokio::sync::Notify::new()));
        let telling = Arc::clone(&told);
        let end = async move {
            told_to_stop().await;
            ending.stop();
            telling.notify_one();
        };
        let served = axum::serve(listener, wire::router(&portal, bound)).with_graceful_shutdown(end).into_future();
        tokio::select! {
            done = served => done.map_err(cannot),
            // Who has not read an answer to its end by then will not.
            () = async { told.notified().await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
        }
    })
}

/// Waits for Ctrl-C or a request to end.
async fn told_to_stop() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! { () = interrupted => {}, _ = ended.recv() => {} }
            return;
        }
    }
    interrupted.await;
}
