//! `POST …/messages` (V1.0.4 p34): Chatbot to operator.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    address::{ChatbotUri, TelUri},
    dialect_a::Code,
    gsma,
    model::{MessageIds, Outbound, Part, Report, Traffic, Validated},
    rules,
};

/// One part on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WirePart {
    /// MIME type.
    pub content_type: String,
    /// `utf8` or `base64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    /// Text for `text/plain`, an object otherwise, base64 text when so encoded.
    pub content_text: Value,
}

/// The send body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboundBody {
    /// Names of the message.
    #[serde(flatten)]
    pub ids: MessageIds,
    /// Its parts.
    pub message_list: Vec<WirePart>,
    /// To whom.
    pub destination_address: Vec<TelUri>,
    /// From which Chatbot.
    pub sender_address: ChatbotUri,
    /// `ChatbotSA` with its version.
    pub service_capability: Vec<ServiceCapability>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic_type: Option<Traffic>,
    /// Whether a short message stands in.
    pub sms_supported: bool,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_content: Option<String>,
    /// The contribution that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// Which reports are wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub report_request: Vec<Report>,
    /// Whether it is kept for a device that is offline.
    pub store_supported: bool,
}

/// `serviceCapability[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCapability {
    /// Always `ChatbotSA`.
    pub capability_id: String,
    /// The version tag.
    pub version: String,
}

/// The body to post; the proof in, the bytes out.
#[must_use]
pub fn encode(message: &Validated) -> Vec<u8> {
    message.body().to_string().into_bytes()
}

/// Reads a send body as an operator does: strictly, with the code that refuses it.
///
/// # Errors
/// [`Code::EmptyPost`], [`Code::BadJson`], or the code of the first defect that has one of its own, else
/// [`Code::Parameter`]; with words that name the place.
pub fn read_outbound(bytes: &[u8]) -> Result<OutboundBody, (Code, String)> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err((Code::EmptyPost, Code::EmptyPost.words().to_owned()));
    }
    let bad_json = |_| (Code::BadJson, Code::BadJson.words().to_owned());
    let body: Value = serde_json::from_slice(bytes).map_err(bad_json)?;
    rules::check_outbound(&body).map_err(|defects| (Code::refusing(&defects), defects.to_string()))?;
    serde_json::from_value(body).map_err(|_| (Code::Parameter, Code::Parameter.words().to_owned()))
}

pub(crate) fn body_of(message: &Outbound) -> Value {
    let body = OutboundBody {
        ids: message.ids.clone(),
        message_list: message.parts.iter().map(part_of).collect(),
        destination_address: message.to.clone(),
        sender_address: message.from.clone(),
        service_capability: vec![ServiceCapability {
            capability_id: "ChatbotSA".to_owned(),
            version: message.bot_version.clone(),
        }],
        traffic_type: message.traffic,
        sms_supported: message.sms.is_some(),
        sms_content: message.sms.clone(),
        in_reply_to: message.in_reply_to.clone(),
        report_request: message.reports.clone(),
        store_supported: message.store,
    };
    // These types hold only texts, numbers and lists: their conversion can't fail. If it ever did, `null`
    // meets the schema and is refused.
    serde_json::to_value(body).unwrap_or_default()
}

fn part_of(part: &Part) -> WirePart {
    let (content_type, content_text) = match part {
        Part::Text(text) => (gsma::TEXT, Value::from(text.as_str())),
        Part::Card(card) => (gsma::BOT_MESSAGE, root(&gsma::Root::Message((**card).clone()))),
        Part::Chips(chips) => (gsma::BOT_SUGGESTION, root(&gsma::Root::Suggestions(chips.clone()))),
        Part::File(file) => (gsma::FILE_TRANSFER, file.clone()),
    };
    WirePart {
        content_type: content_type.to_owned(),
        content_encoding: Some("utf8".to_owned()),
        content_text,
    }
}

fn root(root: &gsma::Root) -> Value {
    serde_json::to_value(root).unwrap_or_default()
}
