//! What a handler answers with.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Collected};
use msgpay_wire::{
    Defect, FormatError,
    problem::{self, Code, Problem},
};

/// JSON bodies of Annex C.
pub const JSON: &str = "application/json";
/// CBOR bodies of the SDK interface.
pub const CBOR: &str = "application/cbor";

/// A complete answer, before it is signed and sent.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    code: Option<&'static str>,
    announces: bool,
    extra: Vec<(HeaderName, HeaderValue)>,
}

/// The code of a problem reply, for the log; travels in the response's extensions.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProblemCode(pub(super) &'static str);

/// The reply announces keys: it is signed with the one that its reader knows longest. Travels as the code does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Announces;

/// Put the request's trace number into the answer's header and, for a problem, into its `instance`.
pub(super) async fn traced(response: Response<Body>, trace: &str) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    if let Ok(value) = HeaderValue::from_str(trace) {
        parts.headers.insert(super::call::TRACE, value);
    }
    if parts.extensions.get::<ProblemCode>().is_none() {
        return Response::from_parts(parts, body);
    }
    let body = bytes_of(body).await;
    let body = match Problem::read(&body) {
        Some(problem) => Problem { instance: Some(trace.to_owned()), ..problem }.encode().into(),
        None => body,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

/// The whole of an answer's body. Handlers answer from memory, so this neither waits nor fails.
pub(super) async fn bytes_of(body: Body) -> Bytes {
    body.collect().await.map(Collected::to_bytes).unwrap_or_default()
}

impl Reply {
    /// 200 with a JSON body.
    pub fn json(body: Vec<u8>) -> Self {
        Self::new(StatusCode::OK, JSON, body)
    }

    /// 200 with a CBOR body.
    pub fn cbor(body: Vec<u8>) -> Self {
        Self::new(StatusCode::OK, CBOR, body)
    }

    /// 202 with a CBOR body: taken, result not known yet.
    pub fn working(body: Vec<u8>) -> Self {
        Self::new(StatusCode::ACCEPTED, CBOR, body)
    }

    fn new(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, content_type, body, code: None, announces: false, extra: Vec::new() }
    }

    /// A problem with the words of its code.
    pub fn problem(code: Code) -> Self {
        Self::of(code, &Problem::new(code))
    }

    /// A problem with more exact words. They hold nothing of the sender's.
    pub fn because(code: Code, detail: impl Into<String>) -> Self {
        Self::of(code, &Problem::new(code).with_detail(detail))
    }

    /// A message that cannot be read: malformed, or of a suite that is not known here.
    pub fn unreadable(refused: FormatError) -> Self {
        let code = match refused.defect {
            Defect::Suite(_) => Code::Suite,
            _ => Code::Malformed,
        };
        Self::because(code, refused.to_string())
    }

    /// A problem as it stands.
    pub fn of(code: Code, problem: &Problem) -> Self {
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { code: Some(code.code()), ..Self::new(status, problem::CONTENT_TYPE, problem.encode()) }
    }

    /// The platform's own failure. What happened goes to the log by its kind only.
    pub fn internal(reason: &'static str) -> Self {
        tracing::error!(event = "internal", reason);
        Self::problem(Code::Internal)
    }

    /// Announces keys of the platform.
    #[must_use]
    pub fn announcing(mut self) -> Self {
        self.announces = true;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.extra.push((name, value));
        self
    }

    /// Tells the peer when to come back, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after_ms(self, ms: u64) -> Self {
        self.with(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)))
    }

    /// Closes the connection after the answer: the rest of the request was not read.
    #[must_use]
    pub fn closing(self) -> Self {
        self.with(header::CONNECTION, HeaderValue::from_static("close"))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.extra.into_iter().map(|(name, value)| (Some(name), value)));
        if let Some(code) = self.code {
            response.extensions_mut().insert(ProblemCode(code));
        }
        if self.announces {
            response.extensions_mut().insert(Announces);
        }
        response
    }
}
