//! Who may speak to the page's server.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Site;

/// Header in which the page shows the door's key.
const KEY_HEADER: &str = "msgpay-door";

/// What the browser may load and do on the page: its own files, its own server, nothing else.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The key of one run. The page carries it; another site cannot read the page and so does not know it.
pub struct Door {
    key: String,
}

impl Door {
    /// A door with this key. Make the bytes at random, afresh for every run.
    pub fn from_bytes(key: [u8; 16]) -> Self {
        Self { key: hex::encode(key) }
    }

    /// Where a person opens the page of a server bound to `addr`.
    pub fn url(addr: SocketAddr) -> String {
        format!("http://{addr}/")
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

/// Lets requests through that come from the page itself, and tells the browser to keep to the page's own files.
pub(super) async fn own_page_only(request: Request, next: Next) -> Response {
    let mut response = match judge(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Asks for the key, in the header (a tap) or in the query (an event stream, which cannot set headers).
pub(super) async fn with_key(State(site): State<Site>, request: Request, next: Next) -> Response {
    let in_header = request.headers().get(KEY_HEADER).and_then(|value| value.to_str().ok());
    let in_query = request.uri().query().and_then(|query| query.strip_prefix("door="));
    if in_header.or(in_query) == Some(site.door.key()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "this page belongs to an earlier run: reload it").into_response()
    }
}

fn judge(headers: &HeaderMap) -> Result<(), &'static str> {
    let host = one(headers, HOST).ok_or("a Host header is missing")?;
    if !is_loopback(host) {
        return Err("the Host header must name loopback: open the address that the program printed");
    }
    if let Some(origin) = headers.get(ORIGIN)
        && origin.as_bytes() != format!("http://{host}").as_bytes()
    {
        return Err("only the program's own page may ask");
    }
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err("only the program's own page may ask"),
    }
}

/// The only value of a header that may occur once.
fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Any port will do: a forwarded port is still this page.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
