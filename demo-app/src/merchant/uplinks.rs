//! What the operator posts: the callback check, uplinks, delivery reports.
//!
//! Its signature covers no body, so nothing about money rests on it: a tap only opens a step whose result
//! the payment platform signs. A post is believed once (window, nonce), a message served once (messageId).

use std::sync::{Arc, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State as Extract},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode};
use msgpay_messaging::{
    dialect_a::{self, DeliveryReport},
    gsma::Response as Tap,
    model::{Content, Inbound},
    postback::{PostbackRefused, Verb},
};

use super::{
    Shop,
    desk::{DeskError, Talk},
    store::Seen,
};

type TheShop = Extract<Arc<Shop>>;

pub(super) fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/notifyPath", get(check))
        .route("/messageNotification/{chatbot}/messages", post(uplink))
        .route("/deliveryNotification/{chatbot}/status", post(status))
}

/// Whether the operator signed this post, now and for the first time.
fn admitted(shop: &Shop, headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(signature), Some(timestamp), Some(nonce)) =
        (header("signature"), header("timestamp"), header("nonce"))
    else {
        return false;
    };
    let mut guard = shop.guard.lock().unwrap_or_else(PoisonError::into_inner);
    guard.admit(signature, timestamp, nonce, shop.now_s()).is_ok()
}

async fn check(Extract(shop): TheShop, headers: HeaderMap) -> Result<HeaderMap, StatusCode> {
    if !admitted(&shop, &headers) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let echo = headers.get("echoStr").ok_or(StatusCode::BAD_REQUEST)?;
    let app_id =
        HeaderValue::from_str(&shop.config.operator.app_id).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let mut answer = HeaderMap::new();
    answer.insert("echoStr", echo.clone());
    answer.insert("appId", app_id);
    Ok(answer)
}

async fn uplink(
    Extract(shop): TheShop,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if !admitted(&shop, &headers) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(message) = dialect_a::read_inbound(&body) else { return StatusCode::BAD_REQUEST };
    if chatbot != shop.config.chatbot.as_str() || message.to != shop.config.chatbot {
        return StatusCode::NOT_FOUND;
    }
    let name = format!("{}|{}", message.from.as_str(), message.ids.message_id);
    match shop.store.first_time(Seen::Uplink, &name).await {
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        Ok(false) => StatusCode::NO_CONTENT,
        Ok(true) => {
            let talk = Talk {
                tel: message.from.clone(),
                conversation: message.ids.conversation_id.clone(),
                contribution: message.ids.contribution_id.clone(),
            };
            shop.serve(talk.clone(), serve(Arc::clone(&shop), talk, message));
            StatusCode::NO_CONTENT
        }
    }
}

async fn serve(shop: Arc<Shop>, talk: Talk, message: Inbound) -> Result<(), DeskError> {
    let Some(content) = message.contents.first() else { return Ok(()) };
    match content {
        Content::Tap(Tap::Reply(tap) | Tap::Action(tap)) => match &tap.postback {
            Some(postback) => tapped(&shop, &talk, &postback.data).await,
            // A client may leave the postback out: a reply is then its words, an action only a notice.
            None if matches!(content, Content::Tap(Tap::Reply(_))) => {
                said(&shop, &talk, &tap.display_text).await
            }
            None => Ok(()),
        },
        Content::Text(words) => said(&shop, &talk, words).await,
        Content::Shared(_) | Content::File(_) => shop.show_goods(&talk).await,
    }
}

async fn tapped(shop: &Shop, talk: &Talk, data: &str) -> Result<(), DeskError> {
    let postback = match shop.postbacks.verify(data, &talk.tel, shop.now_s()) {
        Ok(postback) => postback,
        Err(PostbackRefused::Expired | PostbackRefused::UnknownKey) => {
            return shop.words(talk, "这个按钮已过期，请重新选择。", shop.shop_chips(talk)).await;
        }
        // Not ours, or not for this user: nobody to answer.
        Err(PostbackRefused::Malformed | PostbackRefused::Forged) => return Ok(()),
    };
    let about = postback.reference.as_str();
    match postback.verb {
        Verb::GoodsPick => shop.pick(talk, about).await,
        Verb::PayRetry => shop.pay_again(talk, Some(about)).await,
        Verb::SdkOpen => shop.opened(talk, about).await,
        Verb::OrderQuery => shop.how_is(talk, Some(about)).await,
        Verb::OrderCancel => shop.cancel(talk, about).await,
        Verb::OrderRecreate => shop.recreate(talk, about).await,
        _ => shop.show_goods(talk).await,
    }
}

async fn said(shop: &Shop, talk: &Talk, words: &str) -> Result<(), DeskError> {
    let words = words.trim();
    if words.len() == 6 && words.bytes().all(|b| b.is_ascii_digit()) {
        // Perhaps a password: it is neither kept nor looked at.
        return shop.words(talk, "请勿在聊天中发送密码或验证码，密码只在安全键盘页输入。", Vec::new()).await;
    }
    if ["付款", "支付"].iter().any(|word| words.contains(word)) {
        shop.pay_again(talk, None).await
    } else if words.contains("订单") {
        shop.how_is(talk, None).await
    } else {
        shop.show_goods(talk).await
    }
}

async fn status(
    Extract(shop): TheShop,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if !admitted(&shop, &headers) {
        return StatusCode::UNAUTHORIZED;
    }
    if chatbot != shop.config.chatbot.as_str() {
        return StatusCode::NOT_FOUND;
    }
    let Ok(report) = serde_json::from_slice::<DeliveryReport>(&body) else { return StatusCode::BAD_REQUEST };
    for info in report.delivery_info_list {
        let status = serde_json::to_value(info.status).ok();
        let Some(status) = status.as_ref().and_then(|status| status.as_str()) else { continue };
        if shop.store.card_delivery(&info.message_id, status).await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::NO_CONTENT
}
