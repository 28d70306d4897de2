//! One notice, one connection: resolved once, connected to the cleared address, TLS with the registered name,
//! one POST, an answer of bounded size. No redirects, no proxies, nothing kept for the next notice.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{
    fence::{Cleared, Fence, FenceRefusal, Target},
    ladder::{CONNECT_WITHIN, Rung},
};

/// Bytes of an answer at the most.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The fence refused the address.
    #[error("fence: {0}")]
    Fence(#[from] FenceRefusal),
    /// Nobody listens, or not within a second.
    #[error("no connection")]
    Connect,
    /// The merchant's certificate does not hold, or it speaks no TLS that we accept.
    #[error("tls")]
    Tls,
    /// The whole try took too long.
    #[error("timeout")]
    Timeout,
    /// The connection broke, or the answer was no HTTP or too long.
    #[error("no answer")]
    Answer,
    /// The request can't be written down.
    #[error("request")]
    Request,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header fields that are plain text.
    pub fields: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

/// Sends notices.
#[derive(Clone)]
pub struct Courier {
    fence: Arc<Fence>,
    tls: TlsConnector,
}

impl Courier {
    /// `tls`: trust and client certificate towards merchants.
    pub fn new(fence: Fence, tls: rustls::ClientConfig) -> Self {
        Self { fence: Arc::new(fence), tls: TlsConnector::from(Arc::new(tls)) }
    }

    /// Send `body` with `fields` to `target` within the rung's time.
    pub async fn send(
        &self,
        target: &Target,
        fields: &[(String, String)],
        body: Bytes,
        rung: Rung,
    ) -> Result<Answer, SendError> {
        tokio::time::timeout(rung.within, self.try_once(target, fields, body))
            .await
            .unwrap_or(Err(SendError::Timeout))
    }

    async fn try_once(
        &self,
        target: &Target,
        fields: &[(String, String)],
        body: Bytes,
    ) -> Result<Answer, SendError> {
        let cleared = self.fence.clear(target).await?;
        let tcp = connect(cleared, CONNECT_WITHIN).await?;
        let name = ServerName::try_from(target.host().to_owned()).map_err(|_| SendError::Tls)?;
        let tls = self.tls.connect(name, tcp).await.map_err(|_| SendError::Tls)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(tls)).await.map_err(|_| SendError::Answer)?;
        let request = request(target, fields, body)?;
        // The connection ends with this try, however the try ends.
        let mut driver = tokio::task::JoinSet::new();
        driver.spawn(connection);
        let response = sender.send_request(request).await.map_err(|_| SendError::Answer)?;
        let (parts, body) = response.into_parts();
        let body =
            Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|_| SendError::Answer)?.to_bytes();
        let fields = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(Answer { status: parts.status.as_u16(), fields, body })
    }
}

async fn connect(cleared: Cleared, within: Duration) -> Result<TcpStream, SendError> {
    let tcp = tokio::time::timeout(within, TcpStream::connect(cleared.address())).await;
    tcp.ok().and_then(Result::ok).ok_or(SendError::Connect)
}

fn request(
    target: &Target,
    fields: &[(String, String)],
    body: Bytes,
) -> Result<http::Request<Full<Bytes>>, SendError> {
    let mut request = http::Request::post(target.path()).header(http::header::HOST, target.authority());
    for (name, value) in fields {
        request = request.header(name.as_str(), value.as_str());
    }
    request.body(Full::new(body)).map_err(|_| SendError::Request)
}
