//! The accept loop: TLS, HTTP/1.1, limits on what one peer may hold, and a drain that lets answers finish.
//!
//! HTTP/1.1 only, by choice: every call is one small request, and multiplexing would bring its own ways to
//! exhaust a server (rapid reset) without need.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use rustls::pki_types::CertificateDer;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::config::Limits;

/// Longest header section; a signed request needs about 1 KiB.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Most header fields.
const HEADERS_MAX: usize = 64;
/// Pause after a failed `accept` (out of file descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The client certificate that the TLS handshake verified, leaf only. Put into each request's extensions.
#[derive(Clone)]
pub struct PeerCertificate(pub CertificateDer<'static>);

/// One running listener.
pub struct Listener {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Start to serve `app` behind a bound socket.
    pub fn start(
        listener: TcpListener,
        tls: rustls::ServerConfig,
        app: Router,
        limits: Limits,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let room = Room { acceptor: TlsAcceptor::from(Arc::new(tls)), app, limits };
        let task = tokio::spawn(accept_all(listener, room, stopped));
        Ok(Self { address, stop, task })
    }

    /// The bound address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stop accepting, let answers under way finish (up to `drain_ms_max`), then cut the rest.
    pub async fn drain(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Room {
    acceptor: TlsAcceptor,
    app: Router,
    limits: Limits,
}

async fn accept_all(listener: TcpListener, room: Room, mut stopped: watch::Receiver<bool>) {
    let seats = Arc::new(Semaphore::new(room.limits.connections_max));
    let graceful = GracefulShutdown::new();
    let drain_within = Duration::from_millis(room.limits.drain_ms_max);
    let mut connections = tokio::task::JoinSet::new();
    loop {
        // A seat first: above the cap the kernel's backlog queues, this process holds nothing more.
        let accepted = tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => continue,
            accepted = async {
                let seat = Arc::clone(&seats).acquire_owned().await;
                (seat, listener.accept().await)
            } => accepted,
        };
        match accepted {
            (Ok(seat), Ok((tcp, _))) => {
                let (room, watcher) = (room.clone(), graceful.watcher());
                connections.spawn(async move {
                    serve_connection(tcp, room, watcher).await;
                    drop(seat);
                });
            }
            (Err(_closed), _) => break,
            (_, Err(_)) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    // A connection still in its handshake holds a watcher too, so the drain has an end of its own.
    let _ = tokio::time::timeout(drain_within, graceful.shutdown()).await;
    connections.shutdown().await;
}

async fn serve_connection(tcp: TcpStream, room: Room, watcher: Watcher) {
    let header_within = Duration::from_millis(room.limits.header_ms_max);
    let _ = tcp.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(header_within, room.acceptor.accept(tcp)).await else {
        tracing::debug!(event = "tls_refused");
        return;
    };
    let peer = tls
        .get_ref()
        .1
        .peer_certificates()
        .and_then(|chain| chain.first())
        .map(|leaf| PeerCertificate(leaf.clone().into_owned()));
    let service =
        room.app.into_service::<axum::body::Body>().map_request(move |request: Request<Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            if let Some(peer) = &peer {
                request.extensions_mut().insert(peer.clone());
            }
            request
        });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_within)
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(tls), TowerToHyperService::new(service));
    let ended: Result<(), hyper::Error> = watcher.watch(connection).await;
    if ended.is_err() {
        tracing::debug!(event = "connection_ended_early");
    }
}
