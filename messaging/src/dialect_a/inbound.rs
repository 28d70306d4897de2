//! `POST {notifyURL}/messageNotification/{chatbotId}/messages` (V1.0.4 p70): operator to Chatbot.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WirePart;
use crate::{
    address::{ChatbotUri, TelUri},
    gsma,
    model::{Content, Inbound, MessageIds},
};

/// The uplink body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboundBody {
    /// Names of the message.
    #[serde(flatten)]
    pub ids: MessageIds,
    /// Its parts.
    pub message_list: Vec<WirePart>,
    /// When the operator took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_time: Option<String>,
    /// From whom.
    pub sender_address: TelUri,
    /// To which Chatbot.
    pub destination_address: ChatbotUri,
    /// The contribution that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
}

/// Why an uplink can't be read. The operator is at fault; answer 400 and do nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InboundError {
    /// Not the JSON of an uplink.
    #[error("the uplink is not the JSON of V1.0.4 p70")]
    Form,
    /// A part that its content type doesn't fit.
    #[error("part {index} is not what its contentType says")]
    Part {
        /// Position of the part, from 0.
        index: usize,
    },
    /// No part that this build understands.
    #[error("the uplink has no part that a Chatbot understands")]
    Nothing,
}

/// Reads an uplink liberally: unknown members and unknown parts are skipped, limits of `sharedData` are
/// not enforced, base64 and plain JSON are both taken. Nothing in it is believed beyond its form.
///
/// # Errors
/// [`InboundError`].
pub fn read_inbound(bytes: &[u8]) -> Result<Inbound, InboundError> {
    let body: InboundBody = serde_json::from_slice(bytes).map_err(|_| InboundError::Form)?;
    let mut contents = Vec::new();
    for (index, part) in body.message_list.iter().enumerate() {
        contents.extend(content_of(part).ok_or(InboundError::Part { index })?);
    }
    if contents.is_empty() {
        return Err(InboundError::Nothing);
    }
    Ok(Inbound {
        ids: body.ids,
        in_reply_to: body.in_reply_to.filter(|id| !id.is_empty()),
        from: body.sender_address,
        to: body.destination_address,
        date_time: body.date_time,
        contents,
    })
}

/// The uplink body of a message; what an operator sends.
#[must_use]
pub fn inbound_body(message: &Inbound) -> InboundBody {
    let json = |value: Result<Value, serde_json::Error>| value.unwrap_or_default();
    let parts = message.contents.iter().map(|content| {
        let (content_type, content_text) = match content {
            Content::Text(text) => (gsma::TEXT, Value::from(text.as_str())),
            Content::Tap(tap) => {
                (gsma::BOT_RESPONSE, json(serde_json::to_value(gsma::Root::Response(tap.clone()))))
            }
            Content::Shared(data) => {
                (gsma::BOT_SHARED_DATA, json(serde_json::to_value(gsma::Root::SharedData(data.clone()))))
            }
            Content::File(file) => (gsma::FILE_TRANSFER, file.clone()),
        };
        WirePart {
            content_type: content_type.to_owned(),
            content_encoding: Some("utf8".to_owned()),
            content_text,
        }
    });
    InboundBody {
        ids: message.ids.clone(),
        message_list: parts.collect(),
        date_time: message.date_time.clone(),
        sender_address: message.from.clone(),
        destination_address: message.to.clone(),
        in_reply_to: message.in_reply_to.clone(),
    }
}

/// `None`: wrong form. `Some(None)`: a content type of no interest.
fn content_of(part: &WirePart) -> Option<Option<Content>> {
    let decoded = match (&part.content_text, part.content_encoding.as_deref()) {
        (Value::String(text), Some("base64")) => {
            let compact: String = text.split_ascii_whitespace().collect();
            Some(String::from_utf8(STANDARD.decode(compact).ok()?).ok()?)
        }
        (Value::String(text), _) => Some(text.clone()),
        _ => None,
    };
    if part.content_type == gsma::TEXT {
        return decoded.map(|text| Some(Content::Text(text)));
    }
    let json = || match &decoded {
        Some(text) => serde_json::from_str(text).ok(),
        None => Some(part.content_text.clone()),
    };
    match part.content_type.as_str() {
        gsma::BOT_RESPONSE => match serde_json::from_value(json()?).ok()? {
            gsma::Root::Response(tap) => Some(Some(Content::Tap(tap))),
            _ => None,
        },
        gsma::BOT_SHARED_DATA => match serde_json::from_value(json()?).ok()? {
            gsma::Root::SharedData(data) => Some(Some(Content::Shared(data))),
            _ => None,
        },
        gsma::FILE_TRANSFER => Some(Some(Content::File(json()?))),
        _ => Some(None),
    }
}
