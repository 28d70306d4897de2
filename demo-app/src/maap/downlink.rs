//! From a Chatbot to a handset, and the reports of it.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    dialect_a::{DeliveryInfo, DeliveryReport, DeliveryStatus, FailureCode, OutboundBody, WirePart},
    gsma,
};
use serde_json::{Value, json};

use super::{
    info::rfc3339,
    state::{Event, Pending, Shared, wanted},
    uplink,
};

/// Carries a message to its recipients, after the delay that a fault may ask for.
pub(super) fn deliver(shared: Arc<Shared>, message: OutboundBody) {
    let delay = shared.state().faults.delay_downlinks_ms;
    if delay == 0 {
        return place(&shared, &message);
    }
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(delay)).await;
        place(&shared, &message);
    });
}

fn place(shared: &Arc<Shared>, message: &OutboundBody) {
    let chatbot = &message.sender_address;
    let id = &message.ids.message_id;
    for to in &message.destination_address {
        report(shared, chatbot, id, to, DeliveryStatus::Sent, None);
        let mut state = shared.state();
        let reachable = state.lines.get(to).is_some_and(|line| line.streams > 0);
        if !reachable && !message.store_supported {
            drop(state);
            report(shared, chatbot, id, to, DeliveryStatus::Failed, Some(FailureCode::Offline));
            continue;
        }
        let pending =
            Pending { chatbot: chatbot.clone(), message_id: id.clone(), delivered: false, revoked: false };
        let data = for_handset(message, shared.clock.now_ms());
        state.push(to, Event { kind: "message", data, message: Some(pending) });
    }
}

fn for_handset(message: &OutboundBody, now_ms: i64) -> Value {
    let parts: Vec<Value> = message
        .message_list
        .iter()
        .map(|part| json!({"contentType": part.content_type, "content": decoded(part)}))
        .collect();
    let mut data = json!({
        "chatbot": message.sender_address,
        "messageId": message.ids.message_id,
        "conversationId": message.ids.conversation_id,
        "contributionId": message.ids.contribution_id,
        "receivedAtMs": now_ms,
        "parts": parts,
    });
    if let Some(traffic) = message.traffic_type {
        data["trafficType"] = json!(traffic);
    }
    if let Some(answered) = &message.in_reply_to {
        data["inReplyTo"] = json!(answered);
    }
    data
}

/// The handset gets plain JSON whatever encoding the Chatbot chose; the rules saw to it that this works.
fn decoded(part: &WirePart) -> Value {
    match (&part.content_text, part.content_encoding.as_deref()) {
        (Value::String(text), Some("base64")) => {
            let compact: String = text.split_ascii_whitespace().collect();
            let bytes = STANDARD.decode(compact).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if part.content_type == gsma::TEXT {
                Value::String(text)
            } else {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
        }
        (content, _) => content.clone(),
    }
}

/// Tells the Chatbot what became of a message, if it asked to hear of that.
pub(super) fn report(
    shared: &Arc<Shared>,
    chatbot: &ChatbotUri,
    message_id: &str,
    to: &TelUri,
    status: DeliveryStatus,
    failure: Option<FailureCode>,
) {
    let known = shared.state().sent.get(&(chatbot.clone(), message_id.to_owned())).map(|s| s.reports.clone());
    if !wanted(&known.unwrap_or_default(), status) {
        return;
    }
    let report = DeliveryReport {
        delivery_info_list: vec![DeliveryInfo {
            message_id: message_id.to_owned(),
            date_time: rfc3339(shared.now_s()),
            status,
            error_code: failure.map(FailureCode::number),
            error_message: failure.map(|failure| failure.words().to_owned()),
            destination_address: chatbot.clone(),
            sender_address: to.clone(),
        }],
    };
    let path = format!("deliveryNotification/{}/status", chatbot.path_segment());
    let (shared, chatbot) = (Arc::clone(shared), chatbot.clone());
    tokio::spawn(async move {
        let body = serde_json::to_vec(&report).unwrap_or_default();
        uplink::post_with_retries(&shared, &chatbot, &path, body, &uplink::REPORT_WAITS).await;
    });
}
