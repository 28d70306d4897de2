//! A request as both guards first see it: its body within the limits, its parts as they are signed.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
};
use bytes::Bytes;
use msgpay_wire::{
    SuiteId,
    httpsig::{self, Message, Refusal},
    problem::Code,
};

use super::{
    limits::{BodyRefusal, read_body},
    reply::Reply,
};
use crate::{config::Limits, keys::BuiltIn};

/// The header that traces one request through logs.
pub const TRACE: &str = "x-request-id";

/// The `Host` values that a listener answers for; part of what a signature covers (`@target-uri`).
#[derive(Debug, Clone)]
pub struct Authorities(Vec<String>);

impl Authorities {
    /// Names, or `name:port` pairs; a name without a port stands for every port.
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// `https://authority/path` of a request that is meant for this listener.
    fn target(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None, None) = (hosts.next(), hosts.next(), uri.scheme()) else { return None };
        let host = host.to_str().ok()?;
        let lower = host.to_ascii_lowercase();
        let known = self.0.iter().any(|name| {
            lower.strip_prefix(name.as_str()).is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix(':')
                        .is_some_and(|port| !name_has_port(name) && port.parse::<u16>().is_ok())
            })
        });
        known.then(|| format!("https://{host}{}", uri.path_and_query().map_or("/", |p| p.as_str())))
    }
}

fn name_has_port(name: &str) -> bool {
    name.rsplit_once(':').is_some_and(|(host, port)| !host.ends_with(':') && port.parse::<u16>().is_ok())
}

/// A request, read whole, not yet believed.
pub(super) struct Call {
    /// The rest of the request.
    pub(super) parts: Parts,
    /// The body, as received.
    pub(super) body: Bytes,
    /// Its parts as a signature covers them.
    pub(super) message: Message,
}

impl Call {
    /// Read it. On refusal the message comes along as far as it is known, so that the refusal can be signed.
    pub(super) async fn read(
        request: Request,
        limits: &Limits,
        authorities: &Authorities,
        content_type: &'static str,
    ) -> Result<Self, (Reply, Option<Message>)> {
        let (parts, body) = request.into_parts();
        let malformed = |why: &'static str| Reply::because(Code::Malformed, why);
        let Some(target) = authorities.target(&parts.uri, &parts.headers) else {
            return Err((malformed("The Host is not one of this listener, or is repeated.").closing(), None));
        };
        let Some(fields) = fields(&parts.headers) else {
            return Err((malformed("A header field is not plain ASCII text.").closing(), None));
        };
        let message = Message::request(parts.method.as_str(), &target, fields);
        match read_body(body, limits).await {
            Ok(body) if media_type(&parts.headers) == Some(content_type) => Ok(Self { parts, body, message }),
            Ok(_) => {
                let why = format!("The Content-Type of a request has to be {content_type}.");
                Err((Reply::because(Code::Malformed, why), Some(message)))
            }
            Err(BodyRefusal::TooLong) => Err((Reply::problem(Code::TooLarge).closing(), Some(message))),
            Err(BodyRefusal::TooSlow) => Err((Reply::problem(Code::TooSlow).closing(), Some(message))),
            Err(BodyRefusal::Broken) => {
                Err((malformed("The request ended before its body did.").closing(), Some(message)))
            }
        }
    }

    /// Check the digest of the body, by the suite of the key that signed.
    pub(super) fn check_digest(&self, suite: SuiteId) -> Result<(), Refusal> {
        httpsig::check_content_digest(&BuiltIn, suite, &self.message, &self.body)
    }
}

/// What a signature refusal means to the sender.
pub(super) fn refused(refusal: Refusal) -> Reply {
    let code = match refusal {
        Refusal::Window => Code::Replay,
        Refusal::Suite => Code::Suite,
        _ => Code::Signature,
    };
    // The refusal's words are ours and hold nothing of the message.
    Reply::because(code, format!("{} ({refusal})", code.detail()))
}

fn fields(headers: &HeaderMap) -> Option<Vec<(String, String)>> {
    headers
        .iter()
        .map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(whole), None) = (all.next(), all.next()) else { return None };
    let whole = whole.to_str().ok()?;
    Some(whole.split_once(';').map_or(whole, |(essence, _)| essence).trim())
}

/// The caller's trace number if it is a plain one, else a new one.
pub(super) fn trace(headers: &HeaderMap) -> String {
    let plain = |value: &HeaderValue| {
        let text = value.to_str().ok()?;
        let good = (8..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        good.then(|| text.to_owned())
    };
    headers.get(TRACE).and_then(plain).unwrap_or_else(|| {
        msgpay_crypto::random::make::<16>().map_or_else(|_| "untraced".to_owned(), hex::encode)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(names: &[&str], host: &[&str], uri: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        for host in host {
            headers.append(header::HOST, host.parse().unwrap());
        }
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        Authorities::new(&names).target(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn only_own_hosts_are_answered_for() {
        let own = ["localhost", "pay.example.cn:443"];
        let good = |host, uri| target(&own, &[host], uri).unwrap();
        assert_eq!(good("localhost:8443", "/v1/x"), "https://localhost:8443/v1/x");
        assert_eq!(good("localhost", "/v1/x?a=b"), "https://localhost/v1/x?a=b");
        assert_eq!(good("pay.example.cn:443", "/"), "https://pay.example.cn:443/");
        for host in [
            "evil.example",
            "localhost.evil.example",
            "localhost:x",
            "pay.example.cn:8443",
            "localhost@x",
            "",
        ] {
            assert_eq!(target(&own, &[host], "/v1/x"), None, "{host}");
        }
        assert_eq!(target(&own, &["localhost", "localhost"], "/"), None);
        assert_eq!(target(&own, &[], "/"), None);
        assert_eq!(target(&own, &["localhost"], "https://localhost/v1/x"), None);
    }
}
