//! The SDK's own transport with a plaintext tee at the handset's end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use msgpay_sdk_core::{NetTransport, Request, Sending, Transport};

use crate::recorder::{Direction, Observed, Party, Recorder};

/// Called with the path of a request just before it leaves: where a fault switch arms the wire.
pub type BeforeSending = Arc<dyn Fn(&str) + Send + Sync>;

/// Sends through the SDK's pinned transport and records both directions.
pub struct TappedTransport {
    inner: NetTransport,
    recorder: Recorder,
    before: BeforeSending,
}

impl TappedTransport {
    /// Around a transport.
    #[must_use]
    pub fn new(inner: NetTransport, recorder: Recorder, before: BeforeSending) -> Self {
        Self { inner, recorder, before }
    }
}

impl Transport for TappedTransport {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let exchange = self.recorder.exchange();
            let path = path_of(&request.url).to_owned();
            let what = format!("{} {path}", request.method);
            let observed = |direction, status, headers, body| {
                let (from, to) = match direction {
                    Direction::Request => (Party::Handset, Party::Platform),
                    Direction::Response | Direction::Event => (Party::Platform, Party::Handset),
                };
                let (tap, what) = (Party::Handset, what.clone());
                Observed { from, to, tap, exchange, direction, what, status, headers, body }
            };
            let body = Bytes::from(request.body.clone());
            self.recorder.record(observed(Direction::Request, None, request.headers.clone(), body));
            (self.before)(&path);
            let answer = self.inner.send(request).await?;
            let headers = vec![("content-type".to_owned(), answer.content_type.clone())];
            let body = Bytes::from(answer.body.clone());
            self.recorder.record(observed(Direction::Response, Some(answer.status), headers, body));
            Ok(answer)
        })
    }

    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.inner.pause(ms)
    }
}

fn path_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    url[after_scheme..].find('/').map_or("/", |at| &url[after_scheme + at..])
}
