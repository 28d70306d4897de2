//! Dialect A's calls of a Chatbot. Answers are HTTP 200 with a return code, as operators do.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State as Extract},
    routing::{get, post},
};
use http::HeaderMap;
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    dialect_a::{
        self, Code, DeliveryStatus, OutboundBody, RevokeRequest, SendAnswer, TokenAnswer, TokenRequest,
    },
    model::Traffic,
    rules,
};
use serde_json::{Value, json};

use super::{
    downlink,
    state::{Sent, Shared, TOKEN_SECONDS, refused},
};

type Operator = Extract<Arc<Shared>>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/accessToken", post(token))
        .route("/messages", post(send))
        .route("/revoke", post(revoke))
        .route("/find/chatBotInfo", get(find_info).post(needs_get))
        .route("/update/chatBotInfo/menu", post(update_menu))
}

async fn token(Extract(shared): Operator, Path(chatbot): Path<String>, body: Bytes) -> Json<TokenAnswer> {
    let refuse = |code: Code| {
        Json(TokenAnswer {
            access_token: None,
            expires: None,
            url: None,
            error_code: code.number(),
            error_message: code.words().to_owned(),
        })
    };
    if body.is_empty() {
        return refuse(Code::EmptyPost);
    }
    let Ok(fields) = serde_json::from_slice::<Value>(&body) else { return refuse(Code::BadJson) };
    if fields["appId"].as_str().is_none_or(str::is_empty) {
        return refuse(Code::AppIdMissing);
    }
    if fields["appKey"].as_str().is_none_or(str::is_empty) {
        return refuse(Code::AppKeyMissing);
    }
    let Ok(asked) = serde_json::from_value::<TokenRequest>(fields) else { return refuse(Code::Parameter) };
    let Ok(made) = crate::net::uuid() else { return refuse(Code::Internal) };
    let now = shared.now_s();
    let mut state = shared.state();
    let known = ChatbotUri::parse(&chatbot).ok().and_then(|uri| state.chatbots.get_mut(&uri));
    let Some(known) = known else { return refuse(Code::BadAppKey) };
    if known.contract.app_id != asked.app_id || known.contract.app_key != asked.app_key {
        return refuse(Code::BadAppKey);
    }
    known.token = Some((made.clone(), now.saturating_add(TOKEN_SECONDS)));
    Json(TokenAnswer {
        access_token: Some(made),
        expires: Some(TOKEN_SECONDS),
        url: None,
        error_code: Code::Ok.number(),
        error_message: Code::Ok.words().to_owned(),
    })
}

/// The Chatbot of the path, if the token in the headers is its own and alive.
fn authorised(shared: &Shared, chatbot: &str, headers: &HeaderMap) -> Result<ChatbotUri, Code> {
    let header = headers.get("authorization").ok_or(Code::TokenMissing)?;
    let token = dialect_a::token_in(header.to_str().map_err(|_| Code::BadToken)?);
    let uri = ChatbotUri::parse(chatbot).map_err(|_| Code::BadToken)?;
    let state = shared.state();
    let (current, until) = state.chatbots.get(&uri).and_then(|c| c.token.clone()).ok_or(Code::BadToken)?;
    if current != token {
        Err(Code::BadToken)
    } else if shared.now_s() > until {
        Err(Code::TokenExpired)
    } else {
        Ok(uri)
    }
}

async fn send(
    Extract(shared): Operator,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<SendAnswer> {
    let uri = match authorised(&shared, &chatbot, &headers) {
        Ok(uri) => uri,
        Err(code) => return Json(refused(code, code.words())),
    };
    let message = match dialect_a::read_outbound(&body) {
        Ok(message) => message,
        Err((code, words)) => return Json(refused(code, words)),
    };
    Json(match accept(&shared, uri, message) {
        Ok(answer) => answer,
        Err(code) => refused(code, code.words()),
    })
}

/// Takes a message that met the schema, once per `messageId`.
fn accept(shared: &Arc<Shared>, uri: ChatbotUri, message: OutboundBody) -> Result<SendAnswer, Code> {
    let now = shared.now_s();
    let mut state = shared.state();
    if let Some(code) = state.faults.refuse_sends {
        return Err(code);
    }
    if message.sender_address != uri {
        return Err(Code::SenderMismatch);
    }
    let payment = message.traffic_type == Some(Traffic::Payment);
    let may_pay = state.chatbots.get(&uri).is_some_and(|c| c.contract.info.may_send_payments(now));
    if payment && !may_pay {
        return Err(Code::NotAuthorised);
    }
    if message.destination_address.iter().any(|to| !state.lines.contains_key(to)) {
        return Err(Code::UserUnknown);
    }
    let key = (uri, message.ids.message_id.clone());
    if let Some(sent) = state.sent.get(&key) {
        return Ok(sent.answer.clone());
    }
    let answer = SendAnswer {
        message_id: Some(message.ids.message_id.clone()),
        conversation_id: Some(message.ids.conversation_id.clone()),
        contribution_id: Some(message.ids.contribution_id.clone()),
        error_code: Code::Ok.number(),
        error_message: Code::Ok.words().to_owned(),
    };
    let sent = Sent {
        answer: answer.clone(),
        to: message.destination_address.clone(),
        reports: message.report_request.clone(),
    };
    state.sent.insert(key, sent);
    let lost = super::faults::strike(&mut state.faults.lose_downlinks);
    drop(state);
    if !lost {
        downlink::deliver(Arc::clone(shared), message);
    }
    Ok(answer)
}

async fn revoke(
    Extract(shared): Operator,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<SendAnswer> {
    let uri = match authorised(&shared, &chatbot, &headers) {
        Ok(uri) => uri,
        Err(code) => return Json(refused(code, code.words())),
    };
    let Ok(asked) = serde_json::from_slice::<RevokeRequest>(&body) else {
        return Json(refused(Code::BadJson, Code::BadJson.words()));
    };
    if asked.status != "RevokeRequested" {
        return Json(refused(Code::Parameter, Code::Parameter.words()));
    }
    let mut told = Vec::new();
    let mut state = shared.state();
    for to in asked.destination_address.iter().filter_map(|to| TelUri::parse(to).ok()) {
        let pending = state.lines.get_mut(&to).and_then(|line| {
            let mut messages = line.events.iter_mut().filter_map(|event| event.message.as_mut());
            messages.find(|m| m.chatbot == uri && m.message_id == asked.message_id)
        });
        let status = match pending {
            Some(pending) if !pending.delivered => {
                pending.revoked = true;
                DeliveryStatus::RevokeOk
            }
            _ => DeliveryStatus::RevokeFail,
        };
        told.push((to, status));
    }
    drop(state);
    for (to, status) in told {
        downlink::report(&shared, &uri, &asked.message_id, &to, status, None);
    }
    Json(refused(Code::Ok, Code::Ok.words()))
}

async fn find_info(
    Extract(shared): Operator,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
) -> Json<Value> {
    match authorised(&shared, &chatbot, &headers) {
        Err(code) => Json(json!({"errorCode": code.number(), "errorMessage": code.words()})),
        Ok(uri) => {
            let state = shared.state();
            let Some(known) = state.chatbots.get(&uri) else { return Json(Value::Null) };
            let mut view = known.contract.info.operator_view(&uri, &shared.name);
            if let Some(menu) = &known.menu {
                view["menu"] = menu.clone();
            }
            Json(view)
        }
    }
}

async fn needs_get() -> Json<Value> {
    Json(json!({"errorCode": Code::NeedsGet.number(), "errorMessage": Code::NeedsGet.words()}))
}

async fn update_menu(
    Extract(shared): Operator,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<SendAnswer> {
    let uri = match authorised(&shared, &chatbot, &headers) {
        Ok(uri) => uri,
        Err(code) => return Json(refused(code, code.words())),
    };
    let Ok(menu) = serde_json::from_slice::<Value>(&body) else {
        return Json(refused(Code::BadJson, Code::BadJson.words()));
    };
    if let Err(defects) = rules::check_menu(&menu) {
        return Json(refused(Code::refusing(&defects), defects.to_string()));
    }
    if let Some(known) = shared.state().chatbots.get_mut(&uri) {
        known.menu = Some(menu);
    }
    Json(refused(Code::Ok, Code::Ok.words()))
}
