//! The guard before Annex C: who calls is known by two things at once, the TLS client certificate and the
//! message signature, and both must belong to the same registered key. Every answer is signed in turn.
//!
//! Order of checks: size → key → window and coverage → digest and signature → nonce. The nonce is spent where
//! the effect is: with the order in one transaction, or on its own for a query.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Response, header},
    middleware::Next,
    response::IntoResponse as _,
};
use bytes::Bytes;
use msgpay_wire::{
    Primitives as _, SuiteId,
    httpsig::{self, Claims, Message, Refusal, Signed, Tag},
    problem::Code,
};

use super::{
    call::{Call, refused, trace},
    reply::{Announces, JSON, ProblemCode, Reply, bytes_of, traced},
    server::PeerCertificate,
};
use crate::{
    keys::BuiltIn,
    platform::Platform,
    store::{HttpNonce, Merchant, MerchantKey},
};

/// A merchant's call that passed the guard. Only the guard makes one.
#[derive(Clone)]
pub struct MerchantCall {
    merchant: Merchant,
    suite: SuiteId,
    nonce: HttpNonce,
    headers: HeaderMap,
    body: Bytes,
}

impl MerchantCall {
    /// Who calls.
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }
    /// The suite of the key that signed.
    pub fn suite(&self) -> SuiteId {
        self.suite
    }
    /// The signature's nonce, not yet spent.
    pub fn nonce(&self) -> &HttpNonce {
        &self.nonce
    }
    /// All values of a header; money headers among them are under the signature.
    pub fn headers(&self, name: &str) -> Vec<&HeaderValue> {
        self.headers.get_all(name).iter().collect()
    }
    /// The body, as signed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// The middleware.
pub async fn guard(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response<Body> {
    let began_ms = platform.clock().now_ms();
    let trace = trace(request.headers());
    let (method, route) = (super::method(request.method()), super::route(request.uri().path()));
    let Admitted { message, registered, merchant, response } = admit(&platform, request, next).await;
    let response = traced(response, &trace).await;
    let response = seal(&platform, response, message, registered).await;
    tracing::info!(
        event = "call",
        listener = "merchant",
        method,
        route,
        status = u64::from(response.status().as_u16()),
        code = response.extensions().get::<ProblemCode>().map_or("", |code| code.0),
        merchant = merchant.as_deref().unwrap_or(""),
        ms = platform.clock().now_ms() - began_ms,
        trace = trace.as_str(),
    );
    response
}

/// What became of a call, and what its answer is tied to.
struct Admitted {
    message: Option<Message>,
    /// The suite of the registered key that it names, once that is found.
    registered: Option<SuiteId>,
    merchant: Option<String>,
    response: Response<Body>,
}

async fn admit(platform: &Platform, request: Request, next: Next) -> Admitted {
    let refused = |message, registered, reply: Reply| Admitted {
        message,
        registered,
        merchant: None,
        response: reply.into_response(),
    };
    let rules = platform.merchant_rules();
    let call = match Call::read(request, &rules.limits, &rules.authorities, JSON).await {
        Ok(call) => call,
        Err((reply, message)) => return refused(message, None, reply),
    };
    let mut registered = None;
    let (merchant, suite, nonce) = match judge(platform, &call, &mut registered).await {
        Ok(known) => known,
        Err(reply) => return refused(Some(call.message), registered, reply),
    };
    let Call { parts, body, message } = call;
    let who = merchant.id.clone();
    let admitted = MerchantCall { merchant, suite, nonce, headers: parts.headers.clone(), body };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(admitted);
    Admitted { message: Some(message), registered, merchant: Some(who), response: next.run(request).await }
}

/// Everything but the nonce's novelty. `registered` becomes the suite of the key once that is found.
async fn judge(
    platform: &Platform,
    call: &Call,
    registered: &mut Option<SuiteId>,
) -> Result<(Merchant, SuiteId, HttpNonce), Reply> {
    let signed = Signed::read(&call.message).map_err(refused)?;
    let certificate = call
        .parts
        .extensions
        .get::<PeerCertificate>()
        .map(|peer| BuiltIn.hash(SuiteId::International, &peer.0))
        .ok_or_else(|| Reply::problem(Code::Key))?;
    let store = platform.store();
    let key = store
        .merchant_key(&signed.keyid)
        .await
        .map_err(|_| Reply::internal("store"))?
        .filter(|key| key.cert_sha256 == certificate)
        .ok_or_else(|| {
            Reply::because(
                Code::Key,
                "This key is not registered together with the client certificate presented.",
            )
        })?;
    *registered = Some(key.suite);
    let now_ms = platform.clock().now_ms();
    check_time(&key, now_ms)?;
    if !platform.policy().allows(key.suite) {
        return Err(Reply::problem(Code::Suite));
    }
    call.check_digest(key.suite).map_err(refused)?;
    let now_s = now_ms.div_euclid(1000);
    signed
        .verify(&BuiltIn, &call.message, Tag::Request, (key.suite, &key.public_key), now_s)
        .map_err(refused)?;
    let merchant = store
        .merchant(&key.merchant_id)
        .await
        .map_err(|_| Reply::internal("store"))?
        .filter(|merchant| merchant.active)
        .ok_or_else(|| Reply::because(Code::NotAllowed, "This merchant is stopped; ask the institution."))?;
    Ok((merchant, key.suite, HttpNonce { key_id: signed.keyid, nonce: signed.nonce }))
}

/// A key speaks for its merchant within its time and until it is withdrawn.
pub(crate) fn check_time(key: &MerchantKey, now_ms: i64) -> Result<(), Reply> {
    let good = key.revoked_at_ms.is_none() && (key.not_before_ms..key.not_after_ms).contains(&now_ms);
    if good { Ok(()) } else { Err(Reply::problem(Code::Key)) }
}

/// Sign an answer so that it fits this one request. A request that carries no signature of its own gets an
/// unsigned refusal: there is nothing to tie it to, and an unsigned answer is never a success.
async fn seal(
    platform: &Platform,
    response: Response<Body>,
    request: Option<Message>,
    registered: Option<SuiteId>,
) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = bytes_of(body).await;
    let suite = answered_in(platform, request.as_ref(), registered);
    let digest = httpsig::content_digest(&BuiltIn, suite, &body);
    if let Ok(value) = HeaderValue::from_str(&digest) {
        parts.headers.insert("content-digest", value);
    }
    let signed = request.map(|request| sign(platform, &parts, suite, &digest, request));
    match signed {
        Some(Ok((input, signature))) => {
            parts.headers.insert("signature-input", input);
            parts.headers.insert("signature", signature);
        }
        // An effect may have happened, but an answer that cannot be signed must not look like one.
        _ if parts.status.is_success() => return Reply::internal("answer not signed").into_response(),
        _ => {}
    }
    Response::from_parts(parts, Body::from(body))
}

/// An answer is made in the suite of the key that the caller is registered with; while that is not known, in the one
/// that its request claims. Either has to be one of ours.
fn answered_in(platform: &Platform, request: Option<&Message>, registered: Option<SuiteId>) -> SuiteId {
    let claimed = || request.and_then(|request| Signed::read(request).ok()?.suite());
    registered
        .or_else(claimed)
        .filter(|suite| platform.policy().allows(*suite))
        .unwrap_or(platform.policy().preferred())
}

fn sign(
    platform: &Platform,
    parts: &axum::http::response::Parts,
    suite: SuiteId,
    digest: &str,
    request: Message,
) -> Result<(HeaderValue, HeaderValue), Unsigned> {
    let now_s = platform.clock().now_s();
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).ok_or(Unsigned)?;
    let fields = vec![
        ("content-type".to_owned(), content_type.to_owned()),
        ("content-digest".to_owned(), digest.to_owned()),
    ];
    let answer = Message::answer(parts.status.as_u16(), fields, request);
    let keys = platform.keys();
    let key = match parts.extensions.get::<Announces>() {
        Some(Announces) => keys.http_known(suite, now_s),
        None => keys.http(suite, now_s),
    }
    .map_err(|_| Unsigned)?;
    let nonce = msgpay_crypto::random::make().map_err(|_| Unsigned)?;
    let claims = Claims { tag: Tag::Response, keyid: &key.key_id, suite, created: now_s, nonce };
    let headers = httpsig::sign_answer(&answer, &claims, |base| key.sign(base).map_err(|_| Unsigned))?;
    Ok((
        HeaderValue::from_str(&headers.signature_input).map_err(|_| Unsigned)?,
        HeaderValue::from_str(&headers.signature).map_err(|_| Unsigned)?,
    ))
}

/// The answer could not be signed: the request has no signature to answer, or the key is unusable.
struct Unsigned;

impl From<Refusal> for Unsigned {
    fn from(_: Refusal) -> Self {
        Self
    }
}
