//! The accept loop: TLS by tokio-rustls (or none), HTTP/1.1 and HTTP/2 by hyper-util, an axum router on top.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use rustls::{ServerConfig, pki_types::CertificateDer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::Tee;

const HANDSHAKE_MAX: Duration = Duration::from_secs(5);
const HEADERS_MAX: Duration = Duration::from_secs(5);
const DRAIN_MAX: Duration = Duration::from_millis(500);

/// The peer's certificate, as a request extension; absent when it showed none.
#[derive(Debug, Clone)]
pub struct PeerCertificate(pub CertificateDer<'static>);

/// A running server. Dropping it stops it at once; [`Served::stop`] lets running requests end first.
pub struct Served {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Served {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, gives running requests half a second, then cuts. The port is free afterwards.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.task).await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves `router` on `listener`, behind TLS if `tls` is given, recording through `tee` if one is given.
///
/// # Errors
/// The listener has no local address.
pub fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    tee: Option<Tee>,
) -> io::Result<Served> {
    let address = listener.local_addr()?;
    let router = match tee {
        Some(tee) => tee.around(router),
        None => router,
    };
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(accept(listener, tls.map(TlsAcceptor::from), router, stopped));
    Ok(Served { address, stop, task })
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        while connections.try_join_next().is_some() {}
        // A failed accept is about one connection (reset, or out of descriptors): go on with the next.
        let Ok((tcp, _)) = accepted else {
            tokio::task::yield_now().await;
            continue;
        };
        let (tls, router, stopped) = (tls.clone(), router.clone(), stopped.clone());
        connections.spawn(async move {
            let _ = tcp.set_nodelay(true);
            match tls {
                None => talk(tcp, None, router, stopped).await,
                Some(tls) => {
                    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_MAX, tls.accept(tcp)).await else {
                        return;
                    };
                    let peer = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                    let peer = peer.map(|leaf| PeerCertificate(leaf.clone().into_owned()));
                    talk(stream, peer, router, stopped).await;
                }
            }
        });
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(DRAIN_MAX, drained).await;
    connections.shutdown().await;
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: Option<PeerCertificate>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let service = router.into_service::<hyper::body::Incoming>().map_request(
        move |mut request: http::Request<hyper::body::Incoming>| {
            if let Some(peer) = &peer {
                request.extensions_mut().insert(peer.clone());
            }
            request
        },
    );
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_MAX);
    let connection =
        builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    tokio::select! {
        // A connection that breaks off is the peer's business; its requests ended with it.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
