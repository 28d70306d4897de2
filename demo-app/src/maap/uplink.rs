//! From the operator to a Chatbot: signed posts, tried again until it answers 204.

use std::{sync::Arc, time::Duration};

use http::Method;
use msgpay_messaging::{address::ChatbotUri, callback};

use super::{MaapError, state::Shared};
use crate::{
    net::{Call, CallFailed},
    recorder::Party,
};

/// Waits before each try of an uplink, milliseconds.
pub(super) const UPLINK_WAITS: [u64; 8] = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/// Waits before each try of a delivery report.
pub(super) const REPORT_WAITS: [u64; 3] = [0, 1_000, 4_000];
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// The callback check of V1.0.4 p12: a signed `GET` whose `echoStr` must come back with the `appId`.
pub(super) async fn connect(shared: &Shared, uri: &ChatbotUri, notify_url: &str) -> Result<(), MaapError> {
    let app_id = {
        let state = shared.state();
        state.chatbots.get(uri).ok_or(MaapError::UnknownChatbot)?.contract.app_id.clone()
    };
    let echo = crate::net::uuid().map_err(|_| MaapError::CallbackCheck)?;
    let call = signed(shared, uri, Call::get(format!("{notify_url}/notifyPath")))
        .ok_or(MaapError::CallbackCheck)?
        .header("echoStr", echo.as_str())
        .header("chatbotId", uri.as_str());
    let answer = shared.caller.call(Party::Merchant, call).await.map_err(|_| MaapError::CallbackCheck)?;
    let passed = answer.status == 200
        && answer.header("echoStr") == Some(&echo)
        && answer.header("appId") == Some(&app_id);
    if !passed {
        return Err(MaapError::CallbackCheck);
    }
    if let Some(chatbot) = shared.state().chatbots.get_mut(uri) {
        chatbot.notify_url = Some(notify_url.to_owned());
    }
    Ok(())
}

/// The call with a fresh timestamp, nonce and signature; `None` without a contract or randomness.
fn signed(shared: &Shared, uri: &ChatbotUri, call: Call) -> Option<Call> {
    let (token, forge) = {
        let state = shared.state();
        (state.chatbots.get(uri)?.contract.callback_token.clone(), state.faults.forge_callbacks)
    };
    let token = if forge { "a stranger's guess".to_owned() } else { token };
    let timestamp = shared.now_s().to_string();
    let nonce = crate::net::uuid().ok()?;
    let signature = callback::sign(&token, &timestamp, &nonce);
    Some(call.header("signature", signature).header("timestamp", timestamp).header("nonce", nonce))
}

/// Posts a body to the Chatbot until it is taken; whether it was.
pub(super) async fn post_with_retries(
    shared: &Arc<Shared>,
    uri: &ChatbotUri,
    path: &str,
    body: Vec<u8>,
    waits_ms: &[u64],
) -> bool {
    let body = bytes::Bytes::from(body);
    for wait in waits_ms {
        tokio::time::sleep(Duration::from_millis(*wait)).await;
        match post_once(shared, uri, path, body.clone()).await {
            Ok(204) => return true,
            // Refused for what it is: the same again would be refused again.
            Ok(400 | 413) => return false,
            Ok(_) | Err(_) => {}
        }
    }
    false
}

async fn post_once(
    shared: &Arc<Shared>,
    uri: &ChatbotUri,
    path: &str,
    body: bytes::Bytes,
) -> Result<u16, CallFailed> {
    let root = shared.state().chatbots.get(uri).and_then(|chatbot| chatbot.notify_url.clone());
    let root = root.ok_or(CallFailed::Unreachable)?;
    let call = Call {
        method: Method::POST,
        url: format!("{root}/{path}"),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
        timeout: ANSWER_MAX,
    };
    let call = signed(shared, uri, call).ok_or(CallFailed::Refused)?;
    shared.caller.call(Party::Merchant, call).await.map(|answer| answer.status)
}
