//! A wire that can be cut: a TCP relay between the handset and the platform. It sees only TLS records.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A burst of this many bytes from the handset is a request that carries an envelope; handshakes and launches are
/// smaller within the time that the relay is armed.
const ENVELOPE_BURST_BYTES: usize = 1500;

/// What the relay does with the next request that carries an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Passes everything.
    None,
    /// Passes the request, swallows its answer, then breaks the connection.
    Answer,
    /// Swallows the request, then breaks the connection.
    Request,
    /// Passes nothing and takes no connection: the handset has no network.
    All,
}

struct Shared {
    cut: AtomicU8,
    upstream: std::sync::Mutex<SocketAddr>,
    cuts_made: AtomicUsize,
    broken: watch::Sender<u64>,
}

/// A running relay. Ends when dropped.
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Listens on loopback and passes connections on to `upstream`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(upstream: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            cut: AtomicU8::new(0),
            upstream: std::sync::Mutex::new(upstream),
            cuts_made: AtomicUsize::new(0),
            broken: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listener, shared.clone()));
        Ok(Self { address, shared, task })
    }

    /// Where the handset connects.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Says what to do from now on; connections that are open stay open.
    pub fn cut(&self, cut: Cut) {
        self.shared.cut.store(cut as u8, Ordering::SeqCst);
    }

    /// How often an answer or request has been swallowed.
    #[must_use]
    pub fn cuts_made(&self) -> usize {
        self.shared.cuts_made.load(Ordering::SeqCst)
    }

    /// Breaks every open connection.
    pub fn break_connections(&self) {
        self.shared.broken.send_modify(|n| *n += 1);
    }

    /// Passes new connections on to another address: the platform came back elsewhere.
    pub fn redirect(&self, upstream: SocketAddr) {
        if let Ok(mut held) = self.shared.upstream.lock() {
            *held = upstream;
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.break_connections();
        self.task.abort();
    }
}

impl Shared {
    fn now(&self) -> Cut {
        match self.cut.load(Ordering::SeqCst) {
            0 => Cut::None,
            1 => Cut::Answer,
            2 => Cut::Request,
            _ => Cut::All,
        }
    }
    /// One cut was made: the wire is whole again.
    fn done(&self) {
        self.cuts_made.fetch_add(1, Ordering::SeqCst);
        self.cut.store(Cut::None as u8, Ordering::SeqCst);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((near, _)) = listener.accept().await {
        if shared.now() == Cut::All {
            continue;
        }
        let shared = shared.clone();
        tokio::spawn(async move {
            let Ok(upstream) = shared.upstream.lock().map(|held| *held) else { return };
            let Ok(far) = TcpStream::connect(upstream).await else { return };
            carry(near, far, shared).await;
        });
    }
}

/// What one connection's two directions tell each other.
#[derive(Default)]
struct Line {
    swallow_answers: std::sync::atomic::AtomicBool,
}

async fn carry(near: TcpStream, far: TcpStream, shared: Arc<Shared>) {
    let mut broken = shared.broken.subscribe();
    let line = Arc::new(Line::default());
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    let up = outward(near_read, far_write, shared.clone(), line.clone());
    let down = inward(far_read, near_write, shared.clone(), line);
    tokio::select! {
        () = up => (),
        () = down => (),
        _ = broken.changed() => (),
    }
}

async fn outward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>, line: Arc<Line>) {
    let mut buffer = vec![0; 64 * 1024];
    let mut burst = 0;
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let cut = shared.now();
        burst = if cut == Cut::None { 0 } else { burst + read };
        let envelope = burst >= ENVELOPE_BURST_BYTES;
        match cut {
            Cut::All => return,
            Cut::Request if envelope => {
                shared.done();
                return;
            }
            Cut::Answer if envelope => line.swallow_answers.store(true, Ordering::SeqCst),
            _ => (),
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn inward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>, line: Arc<Line>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        // A small record (HTTP/2 settings or window) may come before the answer proper; the answer is larger.
        if line.swallow_answers.load(Ordering::SeqCst) {
            if read >= 200 {
                shared.done();
                return;
            }
            continue;
        }
        if shared.now() == Cut::All || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
