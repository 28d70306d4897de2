//! The handset's interface: the simulator's own, in place of SIP and MSRP.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State as Extract},
    response::{
        IntoResponse, Response,
        sse::{Event as SseEvent, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::{Stream, stream};
use http::{HeaderMap, StatusCode};
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    dialect_a::{self, DeliveryStatus},
    gsma::{Response as Tap, SharedData},
    model::{Content, Inbound, MessageIds},
    rules,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    downlink, faults,
    info::rfc3339,
    state::{Event, Shared},
    uplink,
};

type Operator = Extract<Arc<Shared>>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/registrations", post(register))
        .route("/messages", get(listen).post(say))
        .route("/reports", post(seen))
        .route("/chatbots", get(directory))
        .route("/chatbots/{id}", get(info))
}

fn problem(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({"error": words}))).into_response()
}

fn unknown_sim() -> Response {
    problem(StatusCode::UNAUTHORIZED, "the SIM token is unknown")
}

async fn register(Extract(shared): Operator, headers: HeaderMap, body: Bytes) -> Response {
    let mut state = shared.state();
    let Some(tel) = state.subscriber(&headers) else { return unknown_sim() };
    let claimed = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    if claimed["tel"] != tel.as_str() {
        return problem(StatusCode::FORBIDDEN, "the SIM belongs to another number");
    }
    if let Some(line) = state.lines.get_mut(&tel) {
        line.registered = true;
    }
    Json(json!({"tel": tel, "operator": shared.name})).into_response()
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: usize,
}

async fn listen(Extract(shared): Operator, headers: HeaderMap, Query(query): Query<After>) -> Response {
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let mut state = shared.state();
    let Some(tel) = state.subscriber(&headers) else { return unknown_sim() };
    let Some(line) = state.lines.get_mut(&tel) else { return unknown_sim() };
    if !line.registered {
        return problem(StatusCode::CONFLICT, "register first");
    }
    line.streams += 1;
    let changed = line.changed.subscribe();
    drop(state);
    let listening = Listening { shared, tel, next: last_id.unwrap_or(query.after), changed };
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events(listening)).keep_alive(alive).into_response()
}

/// An open stream of one handset; while it lives the handset is in reach.
struct Listening {
    shared: Arc<Shared>,
    tel: TelUri,
    next: usize,
    changed: watch::Receiver<usize>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(line) = self.shared.state().lines.get_mut(&self.tel) {
            line.streams = line.streams.saturating_sub(1);
        }
    }
}

fn events(listening: Listening) -> impl Stream<Item = Result<SseEvent, Infallible>> {
    stream::unfold(listening, |mut listening| async move {
        loop {
            if let Some((number, event)) = listening.take() {
                let sent = SseEvent::default().id(number.to_string()).event(event.kind);
                return Some((Ok(sent.data(event.data.to_string())), listening));
            }
            // The line lives as long as the operator: an error here is its end.
            listening.changed.changed().await.ok()?;
        }
    })
}

impl Listening {
    /// The next event that is still to be shown, with its number (from 1).
    fn take(&mut self) -> Option<(usize, Event)> {
        let mut delivered = None;
        let found = {
            let mut state = self.shared.state();
            let line = state.lines.get_mut(&self.tel)?;
            self.changed.borrow_and_update();
            loop {
                let event = line.events.get_mut(self.next)?;
                self.next += 1;
                if let Some(message) = &mut event.message {
                    if message.revoked {
                        continue;
                    }
                    if !message.delivered {
                        message.delivered = true;
                        delivered = Some((message.chatbot.clone(), message.message_id.clone()));
                    }
                }
                let mut event = event.clone();
                event.data["seq"] = json!(self.next);
                break (self.next, event);
            }
        };
        if let Some((chatbot, id)) = delivered {
            downlink::report(&self.shared, &chatbot, &id, &self.tel, DeliveryStatus::Delivered, None);
        }
        Some(found)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Uplink {
    #[serde(default)]
    message_id: Option<String>,
    chatbot: ChatbotUri,
    conversation_id: String,
    #[serde(default)]
    in_reply_to: Option<String>,
    content: UplinkContent,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum UplinkContent {
    Text(String),
    Response(Tap),
    SharedData(SharedData),
}

async fn say(Extract(shared): Operator, headers: HeaderMap, body: Bytes) -> Response {
    let Some(tel) = shared.state().subscriber(&headers) else { return unknown_sim() };
    let Ok(uplink) = serde_json::from_slice::<Uplink>(&body) else {
        return problem(StatusCode::BAD_REQUEST, "not an uplink of this interface");
    };
    let (Ok(fresh_id), Ok(contribution_id)) = (crate::net::uuid(), crate::net::uuid()) else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no randomness");
    };
    let message = Inbound {
        ids: MessageIds {
            message_id: uplink.message_id.unwrap_or(fresh_id),
            conversation_id: uplink.conversation_id,
            contribution_id,
        },
        in_reply_to: uplink.in_reply_to,
        from: tel.clone(),
        to: uplink.chatbot,
        date_time: Some(rfc3339(shared.now_s())),
        contents: vec![match uplink.content {
            UplinkContent::Text(text) => Content::Text(text),
            UplinkContent::Response(tap) => Content::Tap(tap),
            UplinkContent::SharedData(data) => Content::Shared(data),
        }],
    };
    let wire = serde_json::to_value(dialect_a::inbound_body(&message)).unwrap_or_default();
    if let Err(defects) = rules::check_inbound(&wire) {
        return problem(StatusCode::UNPROCESSABLE_ENTITY, &defects.to_string());
    }
    let answer = json!({
        "messageId": message.ids.message_id,
        "conversationId": message.ids.conversation_id,
        "contributionId": message.ids.contribution_id,
    });
    let taken = (tel.clone(), message.ids.message_id.clone());
    let (lost, twice, delay) = {
        let mut state = shared.state();
        if !state.chatbots.contains_key(&message.to) {
            return problem(StatusCode::NOT_FOUND, "no such Chatbot");
        }
        if let Some(before) = state.taken.get(&taken) {
            return (StatusCode::ACCEPTED, Json(before.clone())).into_response();
        }
        state.taken.insert(taken, answer.clone());
        let lost = faults::strike(&mut state.faults.lose_uplinks);
        let twice = !lost && faults::strike(&mut state.faults.repeat_uplinks);
        (lost, twice, state.faults.delay_uplinks_ms)
    };
    if !lost {
        tokio::spawn(carry(shared, message, wire, twice, delay));
    }
    (StatusCode::ACCEPTED, Json(answer)).into_response()
}

/// Brings an uplink to its Chatbot and tells the handset what became of it.
async fn carry(shared: Arc<Shared>, message: Inbound, wire: Value, twice: bool, delay_ms: u64) {
    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    let path = format!("messageNotification/{}/messages", message.to.path_segment());
    let body = wire.to_string().into_bytes();
    let taken =
        uplink::post_with_retries(&shared, &message.to, &path, body.clone(), &uplink::UPLINK_WAITS).await;
    if twice {
        uplink::post_with_retries(&shared, &message.to, &path, body, &uplink::UPLINK_WAITS).await;
    }
    let status = if taken { "delivered" } else { "failed" };
    let data = json!({"messageId": message.ids.message_id, "chatbot": message.to, "status": status});
    shared.state().push(&message.from, Event { kind: "status", data, message: None });
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    message_id: String,
    status: DeliveryStatus,
}

async fn seen(Extract(shared): Operator, headers: HeaderMap, body: Bytes) -> Response {
    let Some(tel) = shared.state().subscriber(&headers) else { return unknown_sim() };
    let Ok(Seen { message_id, status: DeliveryStatus::Displayed }) = serde_json::from_slice(&body) else {
        return problem(StatusCode::BAD_REQUEST, "only displayed can be reported");
    };
    let chatbot = {
        let state = shared.state();
        let mine = state.sent.iter().find(|((_, id), sent)| *id == message_id && sent.to.contains(&tel));
        mine.map(|((chatbot, _), _)| chatbot.clone())
    };
    let Some(chatbot) = chatbot else { return problem(StatusCode::NOT_FOUND, "no such message") };
    downlink::report(&shared, &chatbot, &message_id, &tel, DeliveryStatus::Displayed, None);
    StatusCode::NO_CONTENT.into_response()
}

async fn directory(Extract(shared): Operator, headers: HeaderMap) -> Response {
    let state = shared.state();
    if state.subscriber(&headers).is_none() {
        return unknown_sim();
    }
    let mut bots: Vec<Value> = state
        .chatbots
        .iter()
        .map(|(uri, chatbot)| {
            let info = &chatbot.contract.info;
            json!({"id": uri, "name": info.name, "verified": info.verified})
        })
        .collect();
    bots.sort_by_key(|bot| bot["id"].to_string());
    Json(json!({"itemsReturned": bots.len(), "startIndex": 0, "totalItems": bots.len(), "bots": bots}))
        .into_response()
}

async fn info(Extract(shared): Operator, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let state = shared.state();
    if state.subscriber(&headers).is_none() {
        return unknown_sim();
    }
    let known = ChatbotUri::parse(&id).ok().and_then(|uri| Some((state.chatbots.get(&uri)?, uri)));
    let Some((chatbot, uri)) = known else { return problem(StatusCode::NOT_FOUND, "no such Chatbot") };
    let mut answer = chatbot.contract.info.rcc07(&uri, &shared.name);
    if let Some(menu) = &chatbot.menu {
        answer["menu"] = menu["menu"].clone();
    }
    Json(answer).into_response()
}
