//! The client of the demo's own parties, with its tee.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Method;
use rustls::ClientConfig;

use crate::recorder::{Direction, Observed, Party, Recorder, headers_of};

const CONNECT_MAX: Duration = Duration::from_secs(2);
const BODY_BYTES_MAX: usize = 256 * 1024;

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Absolute URL.
    pub url: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body; empty for none.
    pub body: Bytes,
    /// Longest wait for the whole answer.
    pub timeout: Duration,
}

impl Call {
    /// A `POST` of JSON with five seconds to answer.
    #[must_use]
    pub fn post_json(url: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            url: url.into(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.into(),
            timeout: Duration::from_secs(5),
        }
    }

    /// A `GET` with five seconds to answer.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        let timeout = Duration::from_secs(5);
        Self { method: Method::GET, url: url.into(), headers: Vec::new(), body: Bytes::new(), timeout }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A header's first value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// Why there is no answer. Whether the other side acted on the request is unknown, except for
/// [`CallFailed::Unreachable`] and [`CallFailed::Refused`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallFailed {
    /// Never arrived: nobody listens, or TLS did not come about.
    #[error("the other side can't be reached; try again later")]
    Unreachable,
    /// No answer in time.
    #[error("the other side did not answer in time; ask before repeating")]
    TimedOut,
    /// The connection broke.
    #[error("the connection broke; ask before repeating")]
    Broken,
    /// An answer larger than we take.
    #[error("the answer is larger than 256 KiB")]
    TooLarge,
    /// The request could not be built: a header or URL is malformed.
    #[error("the request is malformed; mend the caller")]
    Refused,
}

/// Makes calls for one party and records both halves of each.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    recorder: Recorder,
    me: Party,
}

impl Caller {
    /// A caller for `me` over this TLS configuration.
    ///
    /// # Errors
    /// [`CallFailed::Refused`] if the configuration cannot be used.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the demo's own client builder that the rule asks for"
    )]
    pub fn new(tls: ClientConfig, recorder: Recorder, me: Party) -> Result<Self, CallFailed> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_MAX)
            .build()
            .map_err(|_| CallFailed::Refused)?;
        Ok(Self { http, recorder, me })
    }

    /// Calls `to`.
    ///
    /// # Errors
    /// [`CallFailed`]; any HTTP status is an answer.
    pub async fn call(&self, to: Party, call: Call) -> Result<Answer, CallFailed> {
        let timeout = call.timeout;
        let talk = async {
            let (exchange, what, mut response) = self.open(to, call).await?;
            let mut body = BytesMut::new();
            while let Some(piece) = response.chunk().await.map_err(failed)? {
                if body.len() + piece.len() > BODY_BYTES_MAX {
                    return Err(CallFailed::TooLarge);
                }
                body.extend_from_slice(&piece);
            }
            let answer = Answer {
                status: response.status().as_u16(),
                headers: headers_of(response.headers()),
                body: body.freeze(),
            };
            self.recorder.record(Observed {
                from: to,
                to: self.me,
                tap: self.me,
                exchange,
                direction: Direction::Response,
                what,
                status: Some(answer.status),
                headers: answer.headers.clone(),
                body: answer.body.clone(),
            });
            Ok(answer)
        };
        tokio::time::timeout(timeout, talk).await.unwrap_or(Err(CallFailed::TimedOut))
    }

    /// Calls `to` for a stream; its pieces are recorded as they are taken. The call's time-out is the one
    /// for the head of the answer.
    ///
    /// # Errors
    /// [`CallFailed`].
    pub async fn stream(&self, to: Party, call: Call) -> Result<Stream, CallFailed> {
        let timeout = call.timeout;
        let opened = tokio::time::timeout(timeout, self.open(to, call)).await;
        let (exchange, what, response) = opened.unwrap_or(Err(CallFailed::TimedOut))?;
        let seen = Observed {
            from: to,
            to: self.me,
            tap: self.me,
            exchange,
            direction: Direction::Response,
            what,
            status: Some(response.status().as_u16()),
            headers: headers_of(response.headers()),
            body: Bytes::new(),
        };
        self.recorder.record(seen.clone());
        Ok(Stream { recorder: self.recorder.clone(), seen, response })
    }

    async fn open(&self, to: Party, call: Call) -> Result<(u64, String, reqwest::Response), CallFailed> {
        let mut request = self.http.request(call.method, &call.url).body(call.body.clone());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let request = request.build().map_err(|_| CallFailed::Refused)?;
        let url = request.url();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let what = format!("{} {}{query}", request.method(), url.path());
        let exchange = self.recorder.exchange();
        self.recorder.record(Observed {
            from: self.me,
            to,
            tap: self.me,
            exchange,
            direction: Direction::Request,
            what: what.clone(),
            status: None,
            headers: headers_of(request.headers()),
            body: call.body,
        });
        let response = self.http.execute(request).await.map_err(failed)?;
        Ok((exchange, what, response))
    }
}

/// An open stream.
pub struct Stream {
    recorder: Recorder,
    seen: Observed,
    response: reqwest::Response,
}

impl Stream {
    /// HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`CallFailed::Broken`].
    pub async fn piece(&mut self) -> Result<Option<Bytes>, CallFailed> {
        let piece = self.response.chunk().await.map_err(failed)?;
        if let Some(body) = &piece
            && !body.starts_with(b":")
        {
            let seen = self.seen.clone();
            self.recorder.record(Observed { direction: Direction::Event, body: body.clone(), ..seen });
        }
        Ok(piece)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function value in map_err")]
fn failed(error: reqwest::Error) -> CallFailed {
    if error.is_timeout() {
        CallFailed::TimedOut
    } else if error.is_connect() {
        CallFailed::Unreachable
    } else {
        CallFailed::Broken
    }
}
