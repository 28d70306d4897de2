//! `POST {notifyURL}/deliveryNotification/{chatbotId}/status` (V1.0.4 p76): what became of messages.

use serde::{Deserialize, Serialize};

use crate::address::{ChatbotUri, TelUri};

/// A batch of states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryReport {
    /// The states.
    pub delivery_info_list: Vec<DeliveryInfo>,
}

/// State of one message for one subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryInfo {
    /// Which message.
    pub message_id: String,
    /// When, RFC 3339.
    pub date_time: String,
    /// What became of it.
    pub status: DeliveryStatus,
    /// Why it failed; with `failed` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i32>,
    /// Words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The Chatbot.
    pub destination_address: ChatbotUri,
    /// The subscriber.
    pub sender_address: TelUri,
}

/// State of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryStatus {
    /// Taken by the network.
    Sent,
    /// Could not be delivered.
    Failed,
    /// On the device.
    Delivered,
    /// Seen.
    Displayed,
    /// Went out as a short message.
    DeliveredToNetwork,
    /// Taken back.
    RevokeOk,
    /// Could not be taken back.
    RevokeFail,
}

/// Why a message failed (V1.0.4 p78).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCode {
    /// No such device.
    NoTerminal,
    /// A device without 5G messages.
    NotCapable,
    /// Content not allowed.
    Content,
    /// The device is offline.
    Offline,
    /// The user refuses messages of this Chatbot.
    Refused,
    /// Content that doesn't meet the requirements.
    Form,
}

impl FailureCode {
    /// The number on the wire, 1 to 6.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::NoTerminal => 1,
            Self::NotCapable => 2,
            Self::Content => 3,
            Self::Offline => 4,
            Self::Refused => 5,
            Self::Form => 6,
        }
    }

    /// Words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoTerminal => "terminal not found",
            Self::NotCapable => "not a 5G message terminal",
            Self::Content => "content not allowed",
            Self::Offline => "terminal offline",
            Self::Refused => "refused by the user",
            Self::Form => "content does not meet the requirements",
        }
    }
}
