//! C.1 and C.2 at the payment platform, and its keys: signed, over mutual TLS; only a signed answer is believed.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use msgpay_wire::{
    annex_c::{BodyError, NewOrder, OrderAccepted, Query, QueryAnswer},
    http_keys::{HttpKeys, KeysQuery},
    httpsig::{Message, Refusal, Tag},
    problem::{Code, Problem},
};
use rustls::ClientConfig;

use super::{
    keys::KnownKeys,
    signed::{CannotSign, PlatformKey, Signing, Verified, verify},
};
use crate::{
    clock::SharedClock,
    net::{Answer, Call, CallFailed, Caller},
    recorder::Party,
};

/// The payment platform as the merchant reaches and knows it.
#[derive(Clone)]
pub struct PlatformPeer {
    /// `https://localhost:8443`, without a trailing slash.
    pub base_url: String,
    /// TLS with the merchant's client certificate.
    pub client_tls: ClientConfig,
    /// Keys that sign answers and notices, as they were handed over. A key of another suite is not believed; later
    /// ones are announced by the platform.
    pub keys: Vec<PlatformKey>,
}

/// Why a call brought no believable answer. Money may or may not have moved: only a later C.2 or C.3 says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PlatformFailed {
    /// No answer. The same request may be repeated: C.1 is repeatable by its order number, C.2 reads.
    #[error("the payment platform did not answer")]
    NoAnswer(#[from] CallFailed),
    /// A problem that the platform names.
    #[error("the payment platform refused: {}", .0.code())]
    Problem(Code),
    /// An answer that is not the platform's, or doesn't fit the request: treated as forged.
    #[error("the answer is not believable: {0}")]
    Forged(Refusal),
    /// Signed, but not the body of this interface or about another order.
    #[error("the answer is not about this order")]
    Unfit,
    /// We could not sign or write the request.
    #[error("the request could not be made")]
    Request,
}

impl From<CannotSign> for PlatformFailed {
    fn from(_: CannotSign) -> Self {
        Self::Request
    }
}

impl From<BodyError> for PlatformFailed {
    fn from(_: BodyError) -> Self {
        Self::Unfit
    }
}

impl PlatformFailed {
    /// Whether the same request may be sent again at once.
    fn again(&self) -> bool {
        use msgpay_wire::problem::Retry;
        match self {
            Self::NoAnswer(_) => true,
            Self::Problem(code) => matches!(code.retry(), Retry::Yes | Retry::QueryFirst),
            _ => false,
        }
    }
}

/// Waits before each try of a call, milliseconds.
const WAITS_MS: [u64; 3] = [0, 300, 1_000];
const ANSWER_MAX: Duration = Duration::from_secs(5);

pub(super) struct Platform {
    caller: Caller,
    base_url: String,
    known: KnownKeys,
    signing: Signing,
    clock: SharedClock,
}

impl Platform {
    pub(super) fn new(caller: Caller, peer: PlatformPeer, signing: Signing, clock: SharedClock) -> Self {
        Self { caller, base_url: peer.base_url, known: KnownKeys::of(peer.keys), signing, clock }
    }

    /// Keys of the platform that may sign now.
    pub(super) fn keys(&self) -> Vec<PlatformKey> {
        self.known.good(self.clock.now_s())
    }

    /// Asks which keys sign answers and notices, and which will.
    pub(super) async fn learn_keys(&self, merchant_id: &str) -> Result<(), PlatformFailed> {
        let query = KeysQuery { merchant_id: merchant_id.to_owned() };
        let (body, by) = self.call_once("/v1/keys/query", query.encode().into(), Vec::new()).await?;
        let announced = HttpKeys::read(&body)?;
        if self.known.learn(by.suite, &announced) { Ok(()) } else { Err(PlatformFailed::Unfit) }
    }

    /// C.1. `expire`: `Msgpay-Expire`, RFC 3339. Repeating the same order gives the same `payOrderNo` and a
    /// fresh link.
    pub(super) async fn order(
        &self,
        order: &NewOrder,
        expire: Option<String>,
    ) -> Result<(OrderAccepted, String), PlatformFailed> {
        let extra = expire.map(|at| ("msgpay-expire".to_owned(), at)).into_iter().collect();
        let body = self.call("/v1/pay/orders", order.encode(), extra).await?;
        let accepted = OrderAccepted::read(&body)?;
        let fits = accepted.merchant_id == order.merchant_id
            && accepted.merchant_order_no == order.merchant_order_no
            && accepted.order_amount == order.order_amount
            && accepted.result == "SUCCESS";
        // The link is opaque here; it must only be the payment scheme's and name this order.
        let head = format!("msgpay://v1/pay?o={}&tk=", accepted.pay_order_no);
        match accepted.pay_url.clone().filter(|url| fits && url.starts_with(&head)) {
            Some(url) => Ok((accepted, url)),
            None => Err(PlatformFailed::Unfit),
        }
    }

    /// C.2.
    pub(super) async fn query(&self, query: &Query) -> Result<QueryAnswer, PlatformFailed> {
        let body = self.call("/v1/pay/orders/query", query.encode()?, Vec::new()).await?;
        let answer = QueryAnswer::read(&body)?;
        let fits = answer.merchant_id == query.merchant_id
            && answer.merchant_order_no == query.merchant_order_no
            && answer.pay_order_no == query.pay_order_no
            && answer.mobile_no == query.mobile_no;
        if fits { Ok(answer) } else { Err(PlatformFailed::Unfit) }
    }

    /// The verified body of a call, after up to three tries with the same content, each newly signed.
    async fn call(
        &self,
        path: &str,
        body: Vec<u8>,
        extra: Vec<(String, String)>,
    ) -> Result<Bytes, PlatformFailed> {
        let body = Bytes::from(body);
        let mut last = PlatformFailed::Request;
        for wait in WAITS_MS {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            match self.call_once(path, body.clone(), extra.clone()).await {
                Err(failed) if failed.again() => last = failed,
                done => return done.map(|(body, _)| body),
            }
        }
        Err(last)
    }

    async fn call_once(
        &self,
        path: &str,
        body: Bytes,
        extra: Vec<(String, String)>,
    ) -> Result<(Bytes, Verified), PlatformFailed> {
        let url = format!("{}{path}", self.base_url);
        let request = self.signing.request(&url, &body, extra, self.clock.now_s())?;
        let headers = request.fields.clone();
        let call = Call { method: Method::POST, url, headers, body, timeout: ANSWER_MAX };
        let answer = self.caller.call(Party::Platform, call).await?;
        self.believe(answer, request)
    }

    fn believe(&self, answer: Answer, request: Message) -> Result<(Bytes, Verified), PlatformFailed> {
        if answer.status != 200 {
            // A problem need not be signed: nothing is settled by it, a signed C.2 is.
            let problem = Problem::read(&answer.body).and_then(|problem| Code::from_code(&problem.code));
            return Err(PlatformFailed::Problem(problem.unwrap_or(Code::Internal)));
        }
        let message = Message::answer(answer.status, answer.headers, request);
        let by = verify(&self.keys(), &message, &answer.body, Tag::Response, self.clock.now_s())
            .map_err(PlatformFailed::Forged)?;
        Ok((answer.body, by))
    }
}
