//! C.3: the platform tells a result. Verified first (digest, key, tag, coverage, window, signature, nonce),
//! then held against our own order, then written with its card in one transaction; the answer is signed and
//! the card goes out behind it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State as Extract,
    response::{IntoResponse as _, Response},
    routing::post,
};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use msgpay_wire::{
    annex_c::{Notice, NoticeAnswer},
    httpsig::{Message, Refusal, Tag},
    problem::{self, Code, Problem},
};

use super::{
    Shop, china,
    desk::DeskError,
    signed::verify,
    store::{Order, Seen, Settled},
};
use crate::recorder::headers_of;

pub(super) fn routes() -> Router<Arc<Shop>> {
    Router::new().route("/notify", post(notify))
}

async fn notify(Extract(shop): Extract<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    let now_s = shop.config.clock.now_s();
    let message = Message::request("POST", &shop.return_url, headers_of(&headers));
    let verified = match verify(&shop.platform.keys(), &message, &body, Tag::Notify, now_s) {
        Ok(verified) => verified,
        Err(Refusal::Window) => return refuse(Code::Replay),
        Err(Refusal::Suite) => return refuse(Code::Suite),
        Err(_) => return refuse(Code::Signature),
    };
    let nonce = format!("{}|{}", verified.keyid, verified.nonce);
    match shop.store.first_time(Seen::Nonce, &nonce).await {
        Ok(true) => {}
        Ok(false) => return refuse(Code::Replay),
        Err(_) => return refuse(Code::Unavailable),
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(id), Some("PAY")) = (header("msgpay-notify-id"), header("msgpay-notify-type")) else {
        return refuse(Code::Malformed);
    };
    let taken = match Notice::read(&body) {
        Ok(notice) => take(&shop, id, &notice).await,
        Err(_) => return refuse(Code::Malformed),
    };
    let answer = match taken {
        Ok(true) => NoticeAnswer::success(),
        Ok(false) => NoticeAnswer { notice_result: "FAIL".to_owned() },
        // Not written: the platform shall tell it again.
        Err(_) => return refuse(Code::Unavailable),
    };
    let answer = answer.encode();
    match shop.config.signing.notice_answer(message, &answer, now_s) {
        Ok(fields) => {
            let mut response = Response::builder().status(StatusCode::OK);
            for (name, value) in fields {
                response = response.header(name, value);
            }
            response.body(Body::from(answer)).unwrap_or_else(|_| refuse(Code::Internal))
        }
        Err(_) => refuse(Code::Internal),
    }
}

/// Takes a notice once; whether it was about our order and agrees with it.
async fn take(shop: &Shop, id: &str, notice: &Notice) -> Result<bool, DeskError> {
    if shop.store.was_seen(Seen::Notice, id).await? {
        return Ok(true);
    }
    let Some(order) = shop.store.order(&notice.merchant_order_no).await? else { return Ok(false) };
    if notice.merchant_id != shop.config.id || !agrees(notice, &order) {
        return Ok(false);
    }
    if order.pay_order_no.is_none() {
        // The answer to C.1 was lost: the notice, signed by the same platform, brings the number.
        shop.store.accepted(&order.order_no, &notice.pay_order_no, &order.order_date).await?;
    }
    let paid_at = china::unix(&notice.payment_date, &notice.payment_time);
    if shop.learn(&order.order_no, notice.order_status, paid_at).await? == Some(Settled::Otherwise) {
        return Ok(false);
    }
    shop.store.first_time(Seen::Notice, id).await?;
    Ok(true)
}

fn agrees(notice: &Notice, order: &Order) -> bool {
    notice.order_amount.get() == order.amount_fen
        && notice.order_date == order.order_date
        && Some(notice.mobile_no.as_str()) == order.tel.mobile()
        && order.pay_order_no.as_ref().is_none_or(|number| *number == notice.pay_order_no)
}

fn refuse(code: Code) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, problem::CONTENT_TYPE)], Problem::new(code).encode()).into_response()
}
