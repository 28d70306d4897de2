//! The page's server: static files, a stream of what the phone shows, and a place to send taps to.
//!
//! It listens on loopback only and answers nobody but its own page. A page of another site that is open in
//! the same browser can reach loopback too, so three things stand in its way:
//! the `Host` header must name loopback (a rebound DNS name does not), `Origin` and `Sec-Fetch-Site` must be
//! the page's own, and every request but the page itself carries the run's [`Door`], which only the page can read.

mod assets;
mod door;
mod feed;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

pub use door::Door;

use crate::view::{Tap, View};

/// Largest body of a tap, in bytes. The longest tap is a chat message.
const TAP_BYTES_MAX: usize = 16 * 1024;

/// What every handler needs.
#[derive(Clone)]
struct Site {
    door: Arc<Door>,
    view: watch::Receiver<View>,
    taps: mpsc::Sender<Tap>,
}

/// Serves the page on `listener` until the sender of `view` is dropped.
///
/// # Errors
/// `InvalidInput` when `listener` is not bound to loopback: the page shows a wallet and must not be reachable
/// from the network. Otherwise what the socket says.
pub async fn serve(
    listener: TcpListener,
    door: Door,
    view: watch::Receiver<View>,
    taps: mpsc::Sender<Tap>,
) -> io::Result<()> {
    let addr = listener.local_addr()?;
    if !addr.ip().is_loopback() {
        let why = format!("the page is served on loopback only, {addr} is not: listen on 127.0.0.1");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let mut end = view.clone();
    let ended = async move { while end.changed().await.is_ok() {} };
    axum::serve(listener, router(door, view, taps)).with_graceful_shutdown(ended).await
}

fn router(door: Door, view: watch::Receiver<View>, taps: mpsc::Sender<Tap>) -> Router {
    let site = Site { door: Arc::new(door), view, taps };
    let behind_the_door = Router::new()
        .route("/events", get(feed::events))
        .route("/tap", post(tap))
        .layer(middleware::from_fn_with_state(site.clone(), door::with_key));
    Router::new()
        .route("/", get(assets::index))
        .route("/page/{*path}", get(assets::file))
        .merge(behind_the_door)
        .layer(DefaultBodyLimit::max(TAP_BYTES_MAX))
        .layer(middleware::from_fn(door::own_page_only))
        .with_state(site)
}

/// Hands one tap to the handset, in the order of arrival.
async fn tap(State(site): State<Site>, Json(tap): Json<Tap>) -> StatusCode {
    match site.taps.send(tap).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
