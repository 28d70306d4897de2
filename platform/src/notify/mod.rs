//! Notices to merchants (C.3): taken from the outbox by lease, sent behind the fence, again by the ladder,
//! laid aside as dead letters after the last rung.
//!
//! A notice is delivered when the merchant answers 2xx **and** its signed body says `noticeResult: SUCCESS`.
//! Each merchant has a queue of its own (the store's claim holds its limit), so one that is slow delays nobody
//! else.

pub mod fence;
pub mod ladder;
pub mod send;

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use msgpay_wire::{
    Fen, SuiteId,
    annex_c::{self, NoticeAnswer},
    httpsig::{self, Claims, Message, Refusal, Signed, Tag},
};
use tokio::task::JoinSet;

use crate::{
    domain::Order,
    http::merchant::check_time,
    ids,
    keys::BuiltIn,
    platform::Platform,
    store::{DeliveryResult, Merchant, Notice},
};
use fence::Target;
use ladder::Rung;
use send::{Answer, Courier};

/// Looked at this often even when nothing wakes the sender: another process may have written a notice.
const POLL: Duration = Duration::from_millis(200);
/// Notices under way at most.
const UNDER_WAY_MAX: usize = 64;
/// Longer than any try takes; a sender that died leaves its notices to others after this.
const LEASE_MS: i64 = 15_000;

/// How one try ended.
struct Tried {
    result: DeliveryResult,
    verdict: Verdict,
}

enum Verdict {
    Taken,
    Again,
    Never(&'static str),
}

/// Send what the outbox holds until `stop`; tries under way are finished.
pub async fn run(platform: Arc<Platform>, courier: Courier, stop: impl Future<Output = ()>) {
    let mut under_way = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let room = UNDER_WAY_MAX.saturating_sub(under_way.len());
        let claimed = match u32::try_from(room) {
            Ok(most) if most > 0 => {
                platform.store().claim_outbox(most, LEASE_MS).await.unwrap_or_else(|_| {
                    tracing::error!(event = "outbox_unreadable");
                    Vec::new()
                })
            }
            _ => Vec::new(),
        };
        for notice in claimed {
            under_way.spawn(deliver(Arc::clone(&platform), courier.clone(), notice));
        }
        tokio::select! {
            () = &mut stop => break,
            () = platform.store().outbox_ready().notified() => {}
            // A finished try may have freed its merchant's place.
            Some(_) = under_way.join_next() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn deliver(platform: Arc<Platform>, courier: Courier, notice: Notice) {
    let began_ms = platform.clock().now_ms();
    let mut tried = attempt(&platform, &courier, &notice).await;
    tried.result.ms = platform.clock().now_ms() - began_ms;
    let attempt = i64::from(notice.attempt);
    let [die] = msgpay_crypto::random::make::<1>().unwrap_or([128]);
    let next = ladder::wait_ms(attempt + 1, die);
    let store = platform.store();
    let (event, stored) = match (tried.verdict, next) {
        (Verdict::Taken, _) => ("notice_taken", store.notice_done(&notice, &tried.result).await),
        (Verdict::Never(why), _) => ("notice_dead", store.notice_dead(&notice, &tried.result, why).await),
        (Verdict::Again, None) => {
            ("notice_dead", store.notice_dead(&notice, &tried.result, "all tries used").await)
        }
        (Verdict::Again, Some(wait_ms)) => {
            let next_at_ms = platform.clock().now_ms() + wait_ms;
            ("notice_again", store.notice_retry(&notice, &tried.result, next_at_ms).await)
        }
    };
    tracing::info!(
        event,
        notice = notice.notify_id.as_str(),
        order = notice.pay_order_no.as_str(),
        merchant = notice.merchant_id.as_str(),
        attempt,
        status = u64::from(tried.result.http.unwrap_or_default()),
        reason = tried.result.err.as_deref().unwrap_or(""),
        ms = tried.result.ms,
    );
    if stored.is_err() {
        // The lease runs out and the notice goes again under the same id.
        tracing::error!(event = "notice_not_recorded", notice = notice.notify_id.as_str());
    }
}

async fn attempt(platform: &Platform, courier: &Courier, notice: &Notice) -> Tried {
    let failed = |err: &str| Tried {
        result: DeliveryResult { err: Some(err.to_owned()), ..DeliveryResult::default() },
        verdict: Verdict::Again,
    };
    let Some(rung) = ladder::rung(i64::from(notice.attempt)) else { return failed("all tries used") };
    let (order, merchant) = match facts(platform, notice).await {
        Ok(Some(facts)) => facts,
        Ok(None) => return Tried { verdict: Verdict::Never("order or merchant is gone"), ..failed("gone") },
        Err(()) => return failed("store"),
    };
    let target = match Target::judge(&order.bank_return_url, &merchant.notify_host_allow) {
        Ok(target) => target,
        Err(refusal) => return failed(&format!("fence: {refusal}")),
    };
    // In the suite of the merchant's own key, which is the one that it can verify.
    let suite = match platform.store().merchant_suite(&merchant.id, &platform.policy().suites).await {
        Ok(suite) => suite,
        Err(_) => return failed("store"),
    };
    let Some(suite) = suite else { return failed("no live key of an allowed suite") };
    let Some((request, body)) = compose(platform, notice, &order, &target, suite) else {
        return failed("compose");
    };
    carry(platform, courier, &target, request, body, rung, &merchant).await.unwrap_or_else(failed_send)
}

fn failed_send(error: send::SendError) -> Tried {
    Tried {
        result: DeliveryResult { err: Some(error.to_string()), ..DeliveryResult::default() },
        verdict: Verdict::Again,
    }
}

async fn facts(platform: &Platform, notice: &Notice) -> Result<Option<(Order, Merchant)>, ()> {
    let store = platform.store();
    let order = store.order(&notice.pay_order_no).await.map_err(|_| ())?;
    let merchant = store.merchant(&notice.merchant_id).await.map_err(|_| ())?;
    Ok(order.zip(merchant))
}

/// Body exactly Table C.3; everything else in headers, all of it under the signature.
fn compose(
    platform: &Platform,
    notice: &Notice,
    order: &Order,
    target: &Target,
    suite: SuiteId,
) -> Option<(Message, Bytes)> {
    let now_s = platform.clock().now_s();
    let paid_at_ms = order.paid_at_ms.unwrap_or(order.created_at_ms);
    let body = annex_c::Notice {
        merchant_order_no: order.merchant_order_no.clone(),
        merchant_name: order.merchant_name.clone(),
        order_date: order.order_date.clone(),
        order_amount: Fen::new(order.amount_fen).ok()?,
        merchant_id: order.merchant_id.clone(),
        mobile_no: order.mobile_no.clone(),
        payment_date: ids::china_date(paid_at_ms),
        payment_time: ids::china_time(paid_at_ms),
        pay_order_no: order.pay_order_no.clone(),
        order_status: order.status,
    }
    .encode();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = vec![
        field("content-type", "application/json"),
        field("content-digest", &httpsig::content_digest(&BuiltIn, suite, &body)),
        field("msgpay-notify-id", &notice.notify_id),
        // One result per order so far; later kinds count on from here.
        field("msgpay-notify-seq", "1"),
        field("msgpay-notify-type", &notice.topic),
    ];
    let mut message = Message::request("POST", target.url(), fields);
    let keys = platform.keys();
    let key = keys.http(suite, now_s).ok()?;
    let nonce = msgpay_crypto::random::make().ok()?;
    let claims = Claims { tag: Tag::Notify, keyid: &key.key_id, suite, created: now_s, nonce };
    let signed =
        httpsig::sign_request(&message, &claims, |base| key.sign(base).map_err(|_| Unsignable)).ok()?;
    message.fields.push(field("signature-input", &signed.signature_input));
    message.fields.push(field("signature", &signed.signature));
    Some((message, Bytes::from(body)))
}

async fn carry(
    platform: &Platform,
    courier: &Courier,
    target: &Target,
    request: Message,
    body: Bytes,
    rung: Rung,
    merchant: &Merchant,
) -> Result<Tried, send::SendError> {
    let answer = courier.send(target, &request.fields, body, rung).await?;
    let http = Some(answer.status);
    let tried = |notice_result: Option<&str>, err: Option<&str>, verdict| Tried {
        result: DeliveryResult {
            http,
            notice_result: notice_result.map(str::to_owned),
            err: err.map(str::to_owned),
            ms: 0,
        },
        verdict,
    };
    Ok(match answer.status {
        200..=299 => match judge(platform, request, &answer, merchant).await {
            Ok(said) if said.is_success() => tried(Some("SUCCESS"), None, Verdict::Taken),
            Ok(_) => tried(Some("other"), Some("noticeResult is not SUCCESS"), Verdict::Again),
            Err(why) => tried(None, Some(why), Verdict::Again),
        },
        410 => tried(None, Some("gone"), Verdict::Never("the merchant's endpoint is gone (410)")),
        _ => tried(None, Some("status is not 2xx"), Verdict::Again),
    })
}

/// A 2xx counts only with the merchant's signature over the answer to this very notice.
async fn judge(
    platform: &Platform,
    request: Message,
    answer: &Answer,
    merchant: &Merchant,
) -> Result<NoticeAnswer, &'static str> {
    if !merchant.lenient {
        let message = Message::answer(answer.status, answer.fields.clone(), request);
        let signed = Signed::read(&message).map_err(|_| "answer is not signed")?;
        let key = platform
            .store()
            .merchant_key(&signed.keyid)
            .await
            .map_err(|_| "store")?
            .filter(|key| key.merchant_id == merchant.id)
            .filter(|key| check_time(key, platform.clock().now_ms()).is_ok())
            .ok_or("answer's key is not this merchant's")?;
        if !platform.policy().allows(key.suite) {
            return Err("answer's key is of a suite that is not allowed");
        }
        httpsig::check_content_digest(&BuiltIn, key.suite, &message, &answer.body)
            .map_err(|_| "answer's digest does not fit")?;
        let (now_s, by) = (platform.clock().now_s(), (key.suite, key.public_key.as_slice()));
        signed
            .verify(&BuiltIn, &message, Tag::NotifyAnswer, by, now_s)
            .map_err(|_| "answer's signature does not fit")?;
    }
    NoticeAnswer::read(&answer.body).map_err(|_| "answer is not a noticeResult")
}

/// The notice could not be signed; it is tried again.
struct Unsignable;

impl From<Refusal> for Unsignable {
    fn from(_: Refusal) -> Self {
        Self
    }
}
