//! Dialect A: the JSON interface between Chatbot and MaaP of China Telecom and China Unicom (5G message
//! CSP access specification V1.0.4).
//!
//! Paths are `{root}/bot/{version}/{chatbotId}/…`, chatbotId being the percent-encoded `sip:` URI. Every
//! call but `accessToken` carries `authorization: accessToken <token>`. Answers are HTTP 200 with a return
//! [`Code`].

mod code;
mod delivery;
mod inbound;
mod outbound;

pub use code::Code;
pub use delivery::{DeliveryInfo, DeliveryReport, DeliveryStatus, FailureCode};
pub use inbound::{InboundBody, InboundError, inbound_body, read_inbound};
pub use outbound::{OutboundBody, WirePart, encode, read_outbound};

pub(crate) use outbound::body_of;

use serde::{Deserialize, Serialize};

/// Body of `POST …/accessToken` (p10).
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    /// The Chatbot's account.
    pub app_id: String,
    /// Its secret.
    pub app_key: String,
}

/// Answer to [`TokenRequest`]. A new token ends the one before.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAnswer {
    /// The token; absent when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// How long it lives, seconds (7200).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<u64>,
    /// Root of the further calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Return code; 0 is success.
    pub error_code: i32,
    /// Words for it.
    pub error_message: String,
}

/// Answer to a send (p36), always with HTTP 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendAnswer {
    /// The message that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Its contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution_id: Option<String>,
    /// Return code; 0 is success.
    pub error_code: i32,
    /// Words for it.
    pub error_message: String,
}

/// Body of `POST …/revoke` (p67); takes back what is not delivered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeRequest {
    /// The message.
    pub message_id: String,
    /// Its recipients.
    pub destination_address: Vec<String>,
    /// Always `RevokeRequested`.
    pub status: String,
}

/// The token in an `authorization` header: `accessToken <token>`, or bare as some live clients send it.
#[must_use]
pub fn token_in(header: &str) -> &str {
    let header = header.trim();
    header.strip_prefix("accessToken ").map_or(header, str::trim)
}

#[cfg(test)]
mod tests;
